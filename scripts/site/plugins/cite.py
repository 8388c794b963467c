"""/cite/<id>.txt, .bib, .ris and .csl.json: the citation of a row in a form of its own, as its page shows it.

/cite.txt and so on are the citation of the whole dataset, which the home page has as `dataset_citation`.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from datasette import Response, hookimpl
from datasette.utils.asgi import NotFound
from presentation.citing import FORMS, as_text, cite_dataset
from presentation.evidence import read_evidence
from presentation.rows import first_of
from presentation.speaking import say

# Rows that have evidence, and so a citation; facts come before statements, whose ids they may share.
PLACE = """
SELECT table_name, 0 AS position FROM subjects WHERE id = :id
UNION ALL SELECT 'event_participants', 1 FROM event_participants WHERE id = :id
UNION ALL SELECT 'statements', 2 FROM statements WHERE id = :id
UNION ALL SELECT 'decisions', 3 FROM decisions WHERE id = :id ORDER BY position LIMIT 1
"""


async def cite(request: Any, datasette: Any) -> Any:
    """Answer with the citation of the dataset, or of the row that the address names."""
    row_id = request.url_vars["id"]
    if row_id is None:
        cited = await cite_dataset(datasette, request)
    else:
        place = await first_of(datasette, PLACE, id=row_id)
        page = await read_evidence(datasette, request, place["table_name"], row_id) if place else None
        if not page:
            raise NotFound(say("There is no row with the id %(id)s that could be cited; the page of a row has its citation.", id=row_id))
        cited = page["cited"]
    form = FORMS[request.url_vars["form"]]
    return Response(form.write(cited), content_type=f"{form.media_type}; charset=utf-8")


@hookimpl
def extra_template_vars(datasette: Any, request: Any, view_name: str | None) -> Any:
    """Give the home page the citation of the whole dataset, empty where another database is served."""
    if view_name != "index":
        return {}

    async def load() -> Any:
        try:
            return {"dataset_citation": as_text(await cite_dataset(datasette, request))}
        except (sqlite3.Error, KeyError, TypeError):
            return {"dataset_citation": ""}

    return load


@hookimpl
def register_routes() -> list[Any]:
    """Every row has its place under /cite/."""
    forms = "|".join(ending.replace(".", r"\.") for ending in FORMS)
    return [(rf"^/cite(?:/(?P<id>[a-z0-9-]{{1,200}}))?\.(?P<form>{forms})$", cite)]
