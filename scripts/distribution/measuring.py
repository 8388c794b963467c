"""What the record amounts to, in numbers: how much was read, how complete it is, how well borne out, how exactly dated.

In: a connection to a finished database. Out: a list of `Measure`, the same for the same database, and a table of them as
text. Each measure is one query that gives a number, or a number and of how many.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from leadership.tables import IS_FACT

LEADING = """(SELECT t.* FROM tenures t JOIN posts p ON p.id = t.post_id
 WHERE p.category IN ('executive', 'board') AND t.asserted_as = 'fact' AND t.standing <> 'refuted')"""
BORNE_OUT = "SELECT COALESCE(SUM(origin_count > 1), 0), COUNT(*) FROM"
# Rows that ought to rest on more than one origin, by kind.
WEIGHTY = {
    "departures": f"(SELECT origin_count FROM departures WHERE {IS_FACT} AND same_as IS NULL)",
    "executive tenures": f"(SELECT t.origin_count FROM {LEADING} t JOIN posts p ON p.id = t.post_id WHERE p.category = 'executive')",
    "board tenures": f"(SELECT t.origin_count FROM {LEADING} t JOIN posts p ON p.id = t.post_id WHERE p.category = 'board')",
    "funding figures": f"""(SELECT origin_count FROM figures WHERE {IS_FACT}
      AND metric IN ('investment', 'funding_raised', 'tender_size', 'valuation'))""",
    "headcount figures": f"(SELECT origin_count FROM figures WHERE {IS_FACT} AND metric = 'headcount')",
    "events of the crisis": f"(SELECT origin_count FROM events WHERE {IS_FACT} AND story = 'board-crisis-2023')",
}
# An event belongs to these years if all that bounds it lies within them, wherever on Earth the day is counted; one of which
# only the latest is known may be older, and counts all the same, against the share.
RECENT = f"""(SELECT started, started_day FROM events WHERE {IS_FACT}
 AND started_latest BETWEEN '2023' AND '2027-01-02' AND COALESCE(started_earliest, started_latest) >= '2022-12-31')"""


class Query(NamedTuple):
    """A measure as it is taken: `least` and `most` bound what is wanted of it, in per cent where it is a share."""

    name: str
    sql: str
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True)
class Measure:
    """A number, of how many (None where it is no share), what is wanted of it, and whether it is so (None: nothing is wanted)."""

    name: str
    value: int
    of: int | None
    wanted: str
    holds: bool | None

    @property
    def per_cent(self) -> float | None:
        """The share in per cent, None if there is none, or of nothing."""
        return round(100 * self.value / self.of, 1) if self.of else None


QUERIES = (
    Query(
        "sources read, with an address",
        "SELECT COUNT(*) FROM sources WHERE access = 'read' AND COALESCE(url, read_at) IS NOT NULL",
        250,
    ),
    Query("people", "SELECT COUNT(*) FROM people", 150),
    Query(
        "departures and returns",
        f"SELECT (SELECT COUNT(*) FROM departures WHERE {IS_FACT} AND same_as IS NULL)"
        f" + (SELECT COUNT(*) FROM events WHERE {IS_FACT} AND kind IN ('return', 'reinstatement'))",
        150,
    ),
    Query("executive and board tenures", f"SELECT COUNT(*) FROM {LEADING}", 150),
    Query("… whose start is known", f"SELECT COALESCE(SUM(started IS NOT NULL), 0), COUNT(*) FROM {LEADING}", 85),
    Query(
        "… whose end is known, or that go on",
        f"SELECT COALESCE(SUM(ended IS NOT NULL OR end_state IS 'ongoing'), 0), COUNT(*) FROM {LEADING}",
        90,
    ),
    Query("rows on two or more origins", f"{BORNE_OUT} ({' UNION ALL '.join(f'SELECT * FROM {rows}' for rows in WEIGHTY.values())})", 65),
    *(Query(f"… {kind}", f"{BORNE_OUT} {rows}") for kind, rows in WEIGHTY.items()),
    Query("errors of succession", "SELECT COUNT(*) FROM findings WHERE severity = 'error'", most=0),
    Query("warnings of succession", "SELECT COUNT(*) FROM findings WHERE severity = 'warning'"),
    Query("disagreements", "SELECT COUNT(*) FROM (SELECT DISTINCT subject_id, property FROM disagreements)", 120),
    Query(
        "… settled by a decision",
        "SELECT COUNT(*), (SELECT COUNT(*) FROM (SELECT DISTINCT subject_id, property FROM disagreements))"
        " FROM (SELECT DISTINCT subject_id, property FROM disagreements WHERE settled = 'by decision')",
    ),
    Query(
        "… left open with a reason",
        "SELECT COUNT(*), (SELECT COUNT(*) FROM (SELECT DISTINCT subject_id, property FROM disagreements))"
        " FROM (SELECT DISTINCT subject_id, property FROM disagreements WHERE settled = 'open' AND rationale IS NOT NULL)",
    ),
    Query(
        "… undecided without a reason",
        "SELECT COUNT(*) FROM (SELECT DISTINCT subject_id, property FROM disagreements WHERE settled = 'open' AND rationale IS NULL)",
        most=0,
    ),
    Query("claims of primary sources", "SELECT COUNT(*) FROM claims c JOIN sources s ON s.id = c.source_id WHERE s.is_primary = 1", 600),
    Query("events of 2023 to 2026, dated to a day", f"SELECT COALESCE(SUM(started_day IS NOT NULL), 0), COUNT(*) FROM {RECENT}", 85),
    Query(
        "… of those that a source dates at all",
        f"SELECT COALESCE(SUM(started_day IS NOT NULL), 0), COUNT(*) FROM {RECENT} WHERE started IS NOT NULL",
    ),
    Query("claims checked at the page or text", "SELECT COALESCE(SUM(checked = 'page'), 0), COUNT(*) FROM claims"),
    Query("claims checked against notes only", "SELECT COALESCE(SUM(checked = 'notes'), 0), COUNT(*) FROM claims"),
)


def take_measures(connection: sqlite3.Connection) -> list[Measure]:
    """Return every measure of the database, in a fixed order."""
    return [_measure(query, connection.execute(query.sql).fetchone()) for query in QUERIES]


def render_measures(measures: Iterable[Measure]) -> str:
    """Return the measures as a table in Markdown, readable as it stands."""
    rows = [("measure", "value", "of", "per cent", "wanted", "holds"), *map(_cells, measures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [_line(row, widths) for row in rows]
    rule = "|" + "|".join("-" * (width + 1) + (":" if column else "-") for column, width in enumerate(widths)) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])


def _measure(query: Query, found: tuple[int, ...]) -> Measure:
    value, of = found if len(found) == 2 else (found[0], None)
    unit = "" if of is None else " %"
    compared = value if of is None else 100 * value / of if of else None
    if query.least is not None:
        return Measure(query.name, value, of, f"≥ {query.least:g}{unit}", compared is not None and compared >= query.least)
    if query.most is not None:
        return Measure(query.name, value, of, f"≤ {query.most:g}{unit}", compared is not None and compared <= query.most)
    return Measure(query.name, value, of, "", None)


def _cells(measure: Measure) -> tuple[str, ...]:
    share = "" if measure.per_cent is None else f"{measure.per_cent:.1f}"
    of = "" if measure.of is None else f"{measure.of:,}"
    return (measure.name, f"{measure.value:,}", of, share, measure.wanted, {True: "yes", False: "no", None: ""}[measure.holds])


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    return f"| {row[0]:<{widths[0]}} | " + " | ".join(f"{cell:>{width}}" for cell, width in zip(row[1:], widths[1:], strict=True)) + " |"
