"""What the record amounts to is counted from the database, and each number counts what its name says."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest
from distribution.measuring import QUERIES, Measure, render_measures, take_measures
from leadership import paths
from leadership.tables import TABLES

PROVENANCE = {"asserted_as": "fact", "certainty": "certain", "standing": "agreed", "source_count": 2, "origin_count": 2, "sources": "[]"}


class Record:
    """A database of a few rows; what a row leaves out is filled in."""

    def __init__(self) -> None:
        self.connection = sqlite3.connect(":memory:")
        for table in TABLES.values():
            self.connection.execute(table.create_sql())
        for statement in (paths.ROOT / "scripts" / "leadership" / "views.sql").read_text(encoding="utf-8").split(";\n"):
            self.connection.execute(statement)
        self.add("posts", "openai-ceo", organisation_id="openai", category="executive")
        self.add("posts", "openai-director", organisation_id="openai-board", category="board")
        self.add("posts", "openai-engineer", organisation_id="openai", category="staff")

    def add(self, table: str, row_id: str, **cells: Any) -> None:
        """Add a row; other required cells hold their own names, or nought."""
        row = {}
        for column in TABLES[table].columns:
            filler = (0 if column.type == "INTEGER" else column.name) if column.required else None
            row[column.name] = cells.get(column.name, PROVENANCE.get(column.name, filler))
        row["id"] = row_id
        self.connection.execute(TABLES[table].insert_sql(), tuple(row.values()))

    def measure(self, name: str) -> Measure:
        """Return the measure of that name."""
        return next(measure for measure in take_measures(self.connection) if measure.name == name)

    def counted(self, name: str) -> tuple[int, int | None]:
        """Return a measure's number, and of how many."""
        measure = self.measure(name)
        return measure.value, measure.of


def add_event(record: Record, row_id: str, earliest: str | None, latest: str | None, **cells: Any) -> None:
    """Add an event with its bounds."""
    record.add("events", row_id, started_earliest=earliest, started_latest=latest, **cells)


@pytest.fixture
def record() -> Record:
    return Record()


def test_only_read_sources_that_have_an_address_are_counted_as_such(record: Record):
    record.add("sources", "a", access="read", url="https://example.org/a")
    record.add("sources", "b", access="read", read_at="https://example.org/b")
    record.add("sources", "c", access="read")
    record.add("sources", "d", access="held", url="https://example.org/d")
    assert record.counted("sources read, with an address") == (2, None)


def test_departures_and_returns_are_counted_once_each_and_only_as_facts(record: Record):
    record.add("departures", "a", organisation_id="openai")
    record.add("departures", "b", organisation_id="openai", same_as="a")
    record.add("departures", "c", organisation_id="openai", asserted_as="plan")
    record.add("departures", "d", organisation_id="openai", standing="refuted")
    record.add("events", "e", kind="return")
    record.add("events", "f", kind="meeting")
    assert record.counted("departures and returns") == (2, None)


def test_tenures_of_executives_and_directors_say_how_many_have_a_start_and_an_end(record: Record):
    record.add("tenures", "a", post_id="openai-ceo", started="2019", ended="2023-11-17")
    record.add("tenures", "b", post_id="openai-ceo", started="2023-11-29", end_state="ongoing")
    record.add("tenures", "c", post_id="openai-director", end_state="ended")
    record.add("tenures", "d", post_id="openai-engineer", started="2019", ended="2020")
    record.add("tenures", "e", post_id="openai-ceo", started="2019", asserted_as="joke")
    assert record.counted("executive and board tenures") == (3, None)
    assert record.counted("… whose start is known") == (2, 3)
    assert record.counted("… whose end is known, or that go on") == (2, 3)


def test_rows_on_two_origins_are_counted_by_kind_and_in_all(record: Record):
    record.add("departures", "a", organisation_id="openai")
    record.add("departures", "b", organisation_id="openai", origin_count=1)
    record.add("tenures", "c", post_id="openai-director", origin_count=3)
    record.add("figures", "d", metric="valuation", origin_count=1)
    record.add("figures", "e", metric="headcount")
    record.add("figures", "f", metric="users")
    record.add("events", "g", story="board-crisis-2023", origin_count=1)
    record.add("events", "h", story="aftermath")
    assert record.counted("… departures") == (1, 2)
    assert record.counted("… board tenures") == (1, 1)
    assert record.counted("… executive tenures") == (0, 0)
    assert record.counted("… funding figures") == (0, 1)
    assert record.counted("… headcount figures") == (1, 1)
    assert record.counted("… events of the crisis") == (0, 1)
    assert record.counted("rows on two or more origins") == (3, 6)


def test_findings_are_counted_by_how_grave_they_are(record: Record):
    record.add("findings", "a", severity="warning")
    record.add("findings", "b", severity="error")
    record.add("findings", "c", severity="warning")
    assert record.measure("errors of succession") == Measure("errors of succession", 1, None, "≤ 0", holds=False)
    assert record.counted("warnings of succession") == (2, None)


def test_a_disagreement_is_counted_once_however_many_values_it_has(record: Record):
    record.add("subjects", "a", kind="figure")
    record.add("decisions", "why", subject_id="a", rationale="Nothing decides.")
    for number, (prop, rule, decision) in enumerate(
        [
            ("value", "majority", "why"),
            ("value", "majority", "why"),
            ("as_of", "open", "why"),
            ("as_of", "open", "why"),
            ("members", "open", None),
            ("event", "only_value", None),
        ]
    ):
        record.add("statements", f"s{number}", subject_id="a", property=prop, value=str(number), rule=rule, decision_id=decision)
    assert record.counted("disagreements") == (3, None)
    assert record.counted("… settled by a decision") == (1, 3)
    assert record.counted("… left open with a reason") == (1, 3)
    assert record.counted("… undecided without a reason") == (1, None)


def test_claims_of_primary_sources_and_claims_checked_at_the_page_are_counted(record: Record):
    record.add("sources", "post", access="read", is_primary=1)
    record.add("sources", "report", access="read", is_primary=0)
    record.add("claims", "a", source_id="post", checked="page")
    record.add("claims", "b", source_id="post", checked="notes")
    record.add("claims", "c", source_id="report", checked="notes")
    assert record.counted("claims of primary sources") == (2, None)
    assert record.counted("claims checked at the page or text") == (1, 3)
    assert record.counted("claims checked against notes only") == (2, 3)


def test_an_undated_event_counts_among_recent_ones_only_if_its_bounds_lie_there(record: Record):
    add_event(record, "dated", "2024-05-14T07:00Z", "2024-05-15T07:00Z", started="2024-05-14", started_day="2024-05-14")
    add_event(record, "month", "2024-05-01T07:00Z", "2024-06-01T07:00Z", started="2024-05")
    add_event(record, "last year", "2026-01-01T08:00Z", "2027-01-01T08:00Z", started="2026")
    add_event(record, "between", "2023-11-17T20:00Z", "2023-11-22T07:00Z")
    add_event(record, "by then", None, "2024-06-01T07:00Z")
    add_event(record, "old", "2015-12-11T08:00Z", "2015-12-12T08:00Z", started="2015-12-11", started_day="2015-12-11")
    add_event(record, "since long", "2015-12-11T08:00Z", "2024-06-01T07:00Z")
    add_event(record, "nowhere", None, None)
    assert record.counted("events of 2023 to 2026, dated to a day") == (1, 5)
    assert record.counted("… of those that a source dates at all") == (1, 3)


def test_what_is_wanted_holds_or_not_and_of_nothing_it_does_not(record: Record):
    assert record.measure("people") == Measure("people", 0, None, "≥ 150", holds=False)
    assert record.measure("… whose start is known") == Measure("… whose start is known", 0, 0, "≥ 85 %", holds=False)
    record.add("tenures", "a", post_id="openai-ceo", started="2019")
    assert record.measure("… whose start is known").holds
    assert record.measure("… whose start is known").per_cent == 100.0
    assert record.measure("errors of succession").holds


def test_measures_are_printed_as_a_table():
    measures = [
        Measure("people", 1200, None, "≥ 150", holds=True),
        Measure("… dated", 2, 3, "≥ 85 %", holds=False),
        Measure("all", 1, 1, "", None),
    ]
    assert render_measures(measures).splitlines() == [
        "| measure | value | of | per cent | wanted | holds |",
        "|---------|------:|---:|---------:|-------:|------:|",
        "| people  | 1,200 |    |          |  ≥ 150 |   yes |",
        "| … dated |     2 |  3 |     66.7 | ≥ 85 % |    no |",
        "| all     |     1 |  1 |    100.0 |        |       |",
    ]


def test_no_two_measures_have_one_name():
    names = [query.name for query in QUERIES]
    assert len(set(names)) == len(names)
