"""The methods page: how a claim becomes a cell, what the marks mean, what was read, how right it was found to be, what it cannot tell.

Every number and every meaning of a code is read from the database; the template `methods.html` has the words between them. The
measures are those of distribution.measuring, taken by the same function.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from datasette import Response, hookimpl
from datasette.utils.asgi import NotFound
from distribution.measuring import take_measures
from leadership.schema import AUDIT_FINDINGS
from leadership.tables import IS_FACT
from presentation.citing import FORMS, as_text, cite_dataset
from presentation.rows import DATABASE, Row, read_once
from presentation.speaking import N_

EXAMPLE = {"subject": "openai-letter-signatories", "property": "value"}  # a disputed value that a decision settles
NONE_GIVEN = """reason = '["not_told"]'"""  # a source that says that no reason was given gives none

# Every figure of the page, by name; those that go together stand in one query.
NUMBERS = (
    "SELECT id, value FROM build_info WHERE id NOT LIKE 'rows_%'",
    "SELECT 'held', COUNT(*) FROM sources WHERE access = 'held'",
    "SELECT 'read', COUNT(*) FROM sources WHERE access = 'read'",
    "SELECT 'cited', COUNT(*) FROM sources WHERE access = 'cited'",
    "SELECT 'only_copy', COUNT(*) FROM sources WHERE access = 'read' AND read_how <> 'original' AND url IS NULL",
    "SELECT 'excerpts', COUNT(*) FROM sources WHERE access = 'read' AND text_kind IN ('excerpt', 'part')",
    "SELECT 'beginnings', COUNT(*) FROM sources WHERE access = 'read' AND text_kind = 'excerpt'",
    "SELECT 'not_original', COUNT(*) FROM sources WHERE access = 'read' AND read_how <> 'original'",
    "SELECT 'not_english', COUNT(*) FROM sources WHERE access <> 'cited' AND lang <> 'en'",
    """WITH read AS MATERIALIZED (SELECT SUM(lines - blank) AS lines, SUM(unaccounted) AS unaccounted FROM line_coverage)
       SELECT 'lines', lines FROM read UNION ALL SELECT 'unaccounted', unaccounted FROM read""",
    "SELECT 'private_lines', COUNT(*) FROM set_aside WHERE reason = 'private_life'",
    "SELECT 'passages', COUNT(*) FROM passages",
    "SELECT 'claims', COUNT(*) FROM claims",
    "SELECT 'denials', COUNT(*) FROM claims WHERE polarity = 'denies'",
    "SELECT 'checked_' || checked, COUNT(*) FROM claims GROUP BY checked",
    "SELECT 'statements', COUNT(*) FROM statements",
    "SELECT 'accepted', COUNT(*) FROM statements WHERE rank = 'preferred'",
    "SELECT 'accepted_single', COUNT(*) FROM statements WHERE rank = 'preferred' AND origin_count = 1",
    """SELECT 'accepted_from_notes', COUNT(*) FROM statements st WHERE rank = 'preferred' AND claim_count > 0 AND NOT EXISTS (
       SELECT 1 FROM claims c WHERE c.statement_id = st.id AND c.polarity = 'affirms' AND c.checked = 'page')""",
    "SELECT 'rows', COUNT(*) FROM subjects WHERE standing IS NOT NULL",
    "SELECT 'decisions', COUNT(*) FROM decisions",
    "SELECT 'settled_' || settled, COUNT(*) FROM (SELECT DISTINCT subject_id, property, settled FROM disagreements) GROUP BY settled",
    "SELECT 'disagreements', COUNT(*) FROM (SELECT DISTINCT subject_id, property FROM disagreements)",
    f"SELECT 'events', COUNT(*) FROM events WHERE {IS_FACT}",
    f"SELECT 'undated', COUNT(*) FROM events WHERE {IS_FACT} AND started IS NULL",
    f"SELECT 'exits', COUNT(*) FROM departures WHERE {IS_FACT} AND same_as IS NULL",
    f"SELECT 'exits_no_reason', COUNT(*) FROM departures WHERE {IS_FACT} AND same_as IS NULL AND (reason IS NULL OR {NONE_GIVEN})",
    f"SELECT 'exits_no_destination', COUNT(*) FROM departures WHERE {IS_FACT} AND same_as IS NULL AND destination_id IS NULL",
    "SELECT 'findings', COUNT(*) FROM findings",
)
SOURCES_BY = """
SELECT COALESCE(k.label, 'Whole text, line by line') AS label, k.definition, COUNT(*) AS sources, SUM(COALESCE(c.claims, 0)) AS claims
  FROM sources s LEFT JOIN codes k ON k.list = '{list}' AND k.code = s.{column}
  LEFT JOIN (SELECT source_id, COUNT(*) AS claims FROM claims GROUP BY 1) c ON c.source_id = s.id
 WHERE s.access <> 'cited' GROUP BY s.{column} ORDER BY sources DESC, 1
"""
ACCESS = """
SELECT s.access AS code, k.label, k.definition, COUNT(*) AS sources, SUM(COALESCE(c.claims, 0)) AS claims
  FROM sources s JOIN codes k ON k.list = 'access' AND k.code = s.access
  LEFT JOIN (SELECT source_id, COUNT(*) AS claims FROM claims GROUP BY 1) c ON c.source_id = s.id
 GROUP BY s.access ORDER BY k.position
"""
WHOLE_TEXT = N_("Whole text, line by line")  # as SOURCES_BY calls it
BY = (
    (N_("Language"), "lang", "lang"),
    (N_("How much of it was read"), "text_kind", "text_kind"),
    (N_("Where it was read"), "read_how", "read_how"),
)
PART_WORDS = {
    "right": N_("right"),
    "debatable": N_("debatable"),
    "incomplete": N_("incomplete"),
    "wrong": N_("wrong"),
    "missing": N_("missing"),
}
YEARS = """
SELECT COALESCE(substr(ltrim(published, './['), 1, 4), 'undated') AS year, COUNT(*) AS sources FROM sources
 WHERE access <> 'cited' GROUP BY 1 ORDER BY 1
"""
MARKS = """
SELECT id, code, label, definition FROM codes WHERE list = :list AND until IS NULL ORDER BY position
"""
# (list of codes, heading, what it is of, the counts by code)
PILLS = (
    (
        "standing",
        N_("Standing of a row"),
        "rows",
        "SELECT standing AS code, COUNT(*) AS n FROM subjects WHERE standing IS NOT NULL GROUP BY 1",
    ),
    ("mode", N_("As what it is put forward"), "rows", "SELECT asserted_as AS code, COUNT(*) AS n FROM standings GROUP BY 1"),
    ("certainty", N_("How surely it is said"), "rows", "SELECT certainty AS code, COUNT(*) AS n FROM standings GROUP BY 1"),
    ("rank", N_("Rank of a value"), "values", "SELECT rank AS code, COUNT(*) AS n FROM statements GROUP BY 1"),
    (
        "deprecated_reason",
        N_("Why a value is not accepted"),
        "values",
        "SELECT deprecated_reason AS code, COUNT(*) AS n FROM statements WHERE deprecated_reason IS NOT NULL GROUP BY 1",
    ),
)
RULES = """
SELECT k.id, k.code, k.label, k.definition, COUNT(st.rule) AS points,
       (SELECT COUNT(*) FROM decisions d WHERE d.rule = k.code) AS decisions
  FROM codes k LEFT JOIN (SELECT DISTINCT rule, subject_id, property FROM statements) st ON st.rule = k.code
 WHERE k.list = 'rule' AND k.until IS NULL GROUP BY k.code ORDER BY k.position
"""
AUDITS = """
SELECT a.*, k.label AS what, k.definition AS what_means, h.definition AS how_means
  FROM audits a JOIN codes k ON k.list = 'audit_kind' AND k.code = a.kind JOIN codes h ON h.list = 'audit_how' AND h.code = a.how
 ORDER BY a.audited_on, a.id
"""
FINDINGS = "SELECT rule, COUNT(*) AS n FROM findings GROUP BY rule ORDER BY n DESC, rule"
EXAMPLE_VALUES = """
SELECT st.id, st.value, st.rank, k.label AS reason, st.claim_count, s.label, s.table_name, s.id AS subject_id, d.id AS decision_id,
       d.rationale, c.id AS claim_id, c.raw_file || ':' || c.raw_line AS raw
  FROM statements st JOIN subjects s ON s.id = st.subject_id JOIN decisions d ON d.id = st.decision_id
  LEFT JOIN codes k ON k.list = 'deprecated_reason' AND k.code = st.deprecated_reason
  LEFT JOIN claims c ON c.id = (SELECT MIN(id) FROM claims WHERE statement_id = st.id AND polarity = 'affirms')
 WHERE st.subject_id = :subject AND st.property = :property ORDER BY st.rank = 'preferred' DESC, st.value
"""
MOST_YEARS = 40


async def methods_page(request: Any, datasette: Any) -> Any:
    """Show the page; it is not there where another database is served."""
    try:
        found = await _found(datasette)
    except sqlite3.Error:
        raise NotFound("The methods page tells of the database leadership.db, which is not served here.") from None
    cited = await cite_dataset(datasette, request)
    forms = [
        {"name": form.name, "text": form.write(cited), "href": datasette.urls.path(f"/cite.{ending}")}
        for ending, form in FORMS.items()
        if ending != "txt"
    ]
    context = found | {"cite": as_text(cited), "forms": forms, "part_words": PART_WORDS}
    return Response.html(await datasette.render_template("methods.html", context, request=request, view_name="methods"))


@read_once
async def _found(datasette: Any) -> Any:
    """Return what the page shows, read in one go without the time limit of each query: they take a third of a second together."""
    return await datasette.get_database(DATABASE).execute_fn(read_methods)


def read_methods(connection: sqlite3.Connection) -> dict[str, Any]:
    """Return all that the page shows of the database."""

    def rows(sql: str, values: Any = ()) -> list[Any]:
        cursor = connection.execute(sql, values)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]

    numbers: dict[Any, Any] = {}
    for sql in NUMBERS:
        numbers |= dict(tuple(row.values()) for row in rows(sql))
    return {
        "n": numbers,
        "access": rows(ACCESS),
        "sources_by": [(title, rows(SOURCES_BY.format(list=code_list, column=column))) for title, code_list, column in BY],
        "years": rows(YEARS)[-MOST_YEARS:],
        "pills": [_pills(rows, *pill) for pill in PILLS],
        "rules": rows(RULES),
        "audits": [_audit(row) for row in rows(AUDITS)],
        "measures": take_measures(connection),
        "findings": rows(FINDINGS),
        "example": rows(EXAMPLE_VALUES, EXAMPLE),
    }


def _pills(rows: Any, code_list: Any, title: Any, of: Any, counts: Any) -> dict[str, Any]:
    """Return the codes of a list with their meanings, and how many rows or values have each."""
    count = {row["code"]: row["n"] for row in rows(counts)}
    codes = [code | {"count": count.get(code["code"], 0)} for code in rows(MARKS, {"list": code_list})]
    return {"list": code_list, "title": title, "of": of, "codes": codes}


def _audit(row: Row) -> Any:
    """Return an audit with the share of each finding of what was drawn; a finding that it does not tell of is left out."""
    parts = [
        {"name": name, "count": row[f"{name}_count"], "share": 100 * row[f"{name}_count"] / row["drawn_count"]}
        for name in AUDIT_FINDINGS
        if row[f"{name}_count"]
    ]
    untold = row["drawn_count"] - sum(part["count"] for part in parts)
    return row | {"parts": parts, "untold": untold, "right_share": 100 * (row["right_count"] or 0) / row["drawn_count"]}


@hookimpl
def register_routes() -> list[Any]:
    """The page stands at /methods."""
    return [(r"^/methods$", methods_page)]
