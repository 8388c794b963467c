"""The pages of the ready-made questions: a title, an answer in words, pickers, a chart drawn without a script, rows by the page.

Only the page is cut into pages; JSON, CSV and feeds have every row. A field shows what runs when nothing is given: that is read from
the question's own SQL, so that the two cannot part.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from datasette import hookimpl
from datasette.utils import path_with_replaced_args
from presentation.answering import answer, explain_nothing
from presentation.asking import DAYS as DAY_FIELDS
from presentation.asking import find_unread
from presentation.bars import make_chart
from presentation.charting import FIELDS, REACH, defaults, names_of
from presentation.headings import heading, is_plain
from presentation.moments import says_now
from presentation.naming import load_names
from presentation.rows import DATABASE, asking
from presentation.speaking import say

PAGE, ROWS_ON_A_PAGE = "_page", 30
SAID_ABOVE = ("asked_from", "asked_to")  # columns that the answer above the rows says in words
MOST_CHOICES = 300
HINT = re.compile(r"(?:\(empty: |（留空：)([^;)；）]*)")
PEOPLE = """
SELECT p.label AS value, '' AS said FROM people p LEFT JOIN statements s ON s.subject_id = p.id GROUP BY p.id
 ORDER BY SUM(s.claim_count) DESC, p.label LIMIT :most
"""
DAYS = """
SELECT day AS value, GROUP_CONCAT(said, '; ') AS said FROM (
  SELECT started_day AS day, person || ': ' || post || ' from' AS said FROM tenures_flat
   WHERE organisation_id LIKE 'openai%' AND category IN ('executive', 'board') AND started_day IS NOT NULL
  UNION SELECT ended_day, person || ': ' || post || ' until' FROM tenures_flat
   WHERE organisation_id LIKE 'openai%' AND category IN ('executive', 'board') AND ended_day IS NOT NULL ORDER BY 2
) GROUP BY day ORDER BY day DESC LIMIT :most
"""
CHOICES = {
    "person": PEOPLE,
    "name": PEOPLE,
    "word": PEOPLE,
    "day": DAYS,
    "moment": DAYS,
    "post": """
SELECT p.label AS value, p.label_zh AS said FROM posts p LEFT JOIN tenures_flat t ON t.post_id = p.id WHERE p.organisation_id LIKE 'openai%'
 GROUP BY p.id ORDER BY p.id <> 'openai-ceo', p.category NOT IN ('executive', 'board'), COUNT(t.tenure_id) DESC, p.label LIMIT :most
""",
    "topic": "SELECT label AS value, label_zh AS said FROM codes WHERE list = 'topic' ORDER BY label LIMIT :most",
    "firm": """
SELECT o.label AS value, o.label_zh AS said FROM organisations o
  JOIN (SELECT destination_id AS id FROM departures UNION ALL SELECT organisation_id FROM departures) d ON d.id = o.id
 GROUP BY o.id ORDER BY COUNT(*) DESC, o.label LIMIT :most
""",
    "source": """
SELECT s.id AS value, s.label AS said FROM sources s JOIN claims c ON c.source_id = s.id WHERE s.access = 'held' GROUP BY s.id
 ORDER BY COUNT(*) DESC LIMIT :most
""",
    "subject": """
SELECT label AS value, '' AS said FROM people UNION SELECT label, '' FROM departures WHERE organisation_id = 'openai' ORDER BY 1 LIMIT :most
""",
}


@hookimpl
def extra_template_vars(datasette: Any, request: Any, database: str | None, view_name: str | None, columns: Any) -> dict[str, Any]:
    """Give the pages of questions and of readers' own SQL the functions with which their template is filled."""
    if database != DATABASE or view_name not in ("database", "query", "table", "row"):
        return {}
    shared = {"heading": heading, "is_plain": is_plain}
    ask = asking(datasette)

    async def question(name: str, setting: Any, sql: str, rows: Any, query_columns: Any, shown: Any) -> dict[str, Any]:
        """Return what the page of a question shows besides its rows."""
        reach = {row["id"]: row["value"] for row in await ask(REACH)}
        given = {key: (request.args.get(key) or "").strip() for key in setting.get("params") or ()}
        said = {
            key: reach.get("covers_to", value) if key in DAY_FIELDS and says_now(value) else value for key, value in given.items() if value
        }
        ran = {**defaults(sql, reach), **said}
        found = [dict(zip(query_columns, row, strict=True)) for row in rows]
        return {
            "answer": answer(name, found, ran) if found else explain_nothing(find_unread(given, _names(datasette)), given, FIELDS),
            "fields": [
                {
                    "name": key,
                    "label": FIELDS.get(key) or key.capitalize(),
                    "value": ran.get(key, ""),
                    "hint": hint,
                    "choices": await ask(CHOICES[key], most=MOST_CHOICES) if key in CHOICES else [],
                }
                for key, hint in zip(given, hints(setting, given), strict=True)
            ],
            "chart": make_chart(found, setting["fragment"], await names_of(ask, found, setting["fragment"]))
            if setting.get("fragment")
            else None,
            "reach": reach.get("covers_to"),
            "asked": urlencode({key: value for key, value in given.items() if value}),
            **_without(SAID_ABOVE, query_columns, pages(request, shown)),
        }

    return {**shared, "question": question}


def _names(datasette: Any) -> Any:
    return load_names(Path(datasette.databases[DATABASE].path))


def _without(left_out: Any, columns: Any, page: Any) -> dict[str, Any]:
    """Return a page of rows without some columns."""
    places = [place for place, column in enumerate(columns) if column not in left_out]
    return {**page, "columns": [columns[place] for place in places], "rows": [[row[place] for place in places] for row in page["rows"]]}


def hints(setting: Any, names: Any) -> Any:
    """Return what the description of a question says of each parameter that is left empty."""
    said = HINT.findall(say(setting.get("description", "")))
    return (said + [""] * len(names))[: len(names)]


def pages(request: Any, rows: Any) -> dict[str, Any]:
    """Return the rows of the page that is asked for, from which to which they are, and the addresses of the pages beside it."""
    asked = request.args.get(PAGE) or "1"
    last = max(1, -(-len(rows) // ROWS_ON_A_PAGE))
    number = min(max(int(asked), 1), last) if asked.isdecimal() and len(asked) < 6 else 1
    start = (number - 1) * ROWS_ON_A_PAGE

    def at(page: Any) -> Any:
        return path_with_replaced_args(request, {PAGE: page if page > 1 else None}) + "#rows"

    return {
        "rows": rows[start : start + ROWS_ON_A_PAGE],
        "first": start + 1,
        "last": min(start + ROWS_ON_A_PAGE, len(rows)),
        "previous": at(number - 1) if number > 1 else None,
        "next": at(number + 1) if number < last else None,
    }
