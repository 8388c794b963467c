"""The pages whose content presentation/ reads: home, timeline, offices and exits with addresses of their own, evidence and gist of a row.

What they show is read there because the previews and pictures of these pages, and citations, are made of the same.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from typing import Any

from datasette import Response, hookimpl
from datasette.database import QueryInterrupted
from datasette.utils import tilde_decode
from leadership.amounts import show_number
from leadership.schema import FOR_A_TIME
from presentation import offices, timeline, who_went_where
from presentation.evidence import read_evidence
from presentation.gisting import read_gist
from presentation.home import home_of
from presentation.replies import cors_headers
from presentation.rows import DATABASE
from presentation.showing import show_when
from presentation.telling import standing_words

FAILED = (QueryInterrupted, sqlite3.Error)  # too slow, or another database of that name


@hookimpl
def extra_template_vars(datasette: Any, request: Any, database: str | None, table: str | None, view_name: str | None) -> Any:
    """Give the home page a function that reads everything it shows, row pages `evidence` and `gist`: None where there is none to show."""
    if view_name == "index":
        return {"home": lambda: _unless(sqlite3.Error, home_of(datasette))}
    pks = request.url_vars.get("pks") if request and view_name == "row" else None
    if not pks or not table or database != DATABASE:
        return {}
    row_id = tilde_decode(pks)

    async def load() -> dict[str, Any]:
        evidence = await _unless(FAILED, read_evidence(datasette, request, table, row_id))
        return {"evidence": evidence, "gist": await _unless(FAILED, read_gist(datasette, table, row_id))}

    return load()


async def _unless(failed: type[Exception] | tuple[type[Exception], ...], reading: Awaitable[Any]) -> Any:
    """Return what is read, None where that failed: the page then shows what Datasette has for it."""
    try:
        return await reading
    except failed:
        return None


def _page(template: str, read: Callable[[Any, Any], Awaitable[dict[str, Any]]]) -> Callable[..., Awaitable[Any]]:
    """Return what answers with a page: its template, filled with what is read for a request."""

    async def page(request: Any, datasette: Any) -> Any:
        context = await read(request, datasette)
        return Response.html(await datasette.render_template(f"{template}.html", context, request=request, view_name=template))

    return page


async def succession_json(request: Any, datasette: Any) -> Any:
    """Tell programs what the page of offices shows; pages of other hosts may read it."""
    return Response.json(await offices.told_to_programs(request, datasette), headers=cors_headers(datasette))


@hookimpl
def register_routes() -> list[Any]:
    """Each page stands at its own name; the JSON of offices beside it."""
    return [
        (r"^/timeline$", _page("timeline", timeline.view_of)),
        (r"^/who-went-where$", _page("who_went_where", who_went_where.view_of)),
        (r"^/succession$", _page("succession", offices.page_of)),
        (r"^/succession\.json$", succession_json),
    ]


@hookimpl
def prepare_jinja2_environment(env: Any) -> None:
    """Filters that templates of this site share."""
    env.filters["show_when"] = lambda text, zone="pacific": show_when(text, zone) if text else None
    env.filters["number"] = show_number
    env.filters["standing_words"] = standing_words
    env.globals["for_a_time"] = FOR_A_TIME
