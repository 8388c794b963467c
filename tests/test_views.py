"""The reading views over rows made for the purpose: what each of them counts, and what it leaves out."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from leadership.schema import KINDS, SOURCES
from leadership.tables import TABLES
from leadership.writing import VIEWS


class Rows:
    """A database without rows but those that a test adds; cells that must not be empty and that it does not name hold a word."""

    def __init__(self, connection: sqlite3.Connection):
        self.connection = connection
        for table in TABLES.values():
            connection.execute(table.create_sql())
        for view in VIEWS.read_text(encoding="utf-8").split(";\n"):
            connection.execute(view)

    def add(self, table: str, id: str, **cells: Any) -> None:
        """Add a row that is told as a certain fact by one origin, unless its cells say otherwise."""
        known = {"label": id, "asserted_as": "fact", "certainty": "certain", "standing": "single_origin", "origin_count": 1}
        row = {c.name: {"INTEGER": 0}.get(c.type, "word") for c in TABLES[table].columns if c.required}
        row |= {name: cell for name, cell in known.items() if name in TABLES[table].column_names} | {"id": id} | cells
        self.connection.execute(TABLES[table].insert_sql(), [row.get(name) for name in TABLES[table].column_names])

    def of(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Return the rows that a query finds."""
        return self.connection.execute(sql, parameters).fetchall()


@pytest.fixture
def rows() -> Iterator[Rows]:
    with closing(sqlite3.connect(":memory:")) as connection:
        yield Rows(connection)


# who left for good


@pytest.fixture
def firm(rows: Rows) -> Rows:
    """A firm with a board, another one, and somebody who may leave them."""
    for organisation in ("openai", "openai-board", "rival"):
        rows.add("organisations", organisation)
    rows.add("people", "somebody")
    rows.add("events", "return")
    return rows


@pytest.mark.parametrize(
    ("cells", "for_good"),
    [
        ({"manner": "resigned"}, 1),
        ({"manner": "resigned", "destination_kind": "not_stated"}, 1),
        ({"manner": "poached", "destination_id": "rival", "destination_kind": "joined"}, 1),
        ({"manner": "stepped_down", "destination_id": "openai", "destination_kind": "adviser"}, 1),
        ({"manner": "removed", "organisation_id": "openai-board", "destination_id": "openai", "destination_kind": "stayed"}, 1),
        ({"manner": "leave_of_absence"}, 0),
        ({"manner": "removed", "reversed_by": "return"}, 0),
        ({"manner": "stepped_down", "destination_id": "openai", "destination_kind": "stayed"}, 0),
        ({"manner": "stepped_down", "destination_kind": "stayed"}, 0),
        ({"manner": "resigned", "destination_id": "openai", "destination_kind": "returned"}, 0),
    ],
)
def test_for_good_has_left_who_neither_came_back_nor_stayed_in_another_role(firm: Rows, cells: dict[str, Any], for_good: int) -> None:
    firm.add("departures", "exit", **{"person_id": "somebody", "organisation_id": "openai"} | cells)
    assert firm.of("SELECT for_good FROM who_left") == [(for_good,)]


@pytest.mark.parametrize(
    ("cells", "state"),
    [
        ({"manner": "resigned"}, "left"),
        ({"manner": "leave_of_absence"}, "on leave"),
        ({"manner": "resigned", "asserted_as": "plan"}, "is to leave"),
        ({"manner": "resigned", "asserted_as": "joke"}, "no exit told"),
        ({"manner": "stepped_down", "destination_id": "openai", "destination_kind": "stayed"}, "no exit told"),
        ({"manner": "removed", "reversed_by": "return"}, "no exit told"),
    ],
)
def test_a_founder_has_left_who_is_told_to_have_left_for_good(firm: Rows, cells: dict[str, Any], state: str) -> None:
    firm.add("posts", "openai-founder", organisation_id="openai", category="founder")
    firm.add("tenures", "founding", person_id="somebody", post_id="openai-founder", organisation_id="openai")
    firm.add("departures", "exit", **{"person_id": "somebody", "organisation_id": "openai"} | cells)
    assert firm.of("SELECT founder, state FROM founders_now") == [("somebody", state)]


# how well each thing stands


KIND_TABLES = {kind.table: kind.name for kind in KINDS.values() if kind.table != SOURCES}


def test_things_of_every_kind_stand_among_the_standings(rows: Rows) -> None:
    for table in KIND_TABLES:
        rows.add(table, f"one-of-{table}", certainty="probable", origin_count=3)
    found = rows.of("SELECT kind, table_name, subject_id, certainty, origin_count FROM standings")
    assert found == [(kind, table, f"one-of-{table}", "probable", 3) for table, kind in KIND_TABLES.items()]


@pytest.mark.parametrize("table", [table for table in KIND_TABLES if table != "interpretations"])
def test_what_is_no_fact_or_refuted_is_only_planned_or_said_whatever_its_kind(table: str, rows: Rows) -> None:
    rows.add(table, "a-fact")
    rows.add(table, "a-plan", asserted_as="plan")
    rows.add(table, "b-refuted", standing="refuted")
    assert rows.of("SELECT subject_id FROM planned_or_said") == [("a-plan",), ("b-refuted",)]


def test_what_somebody_argues_is_no_plan(rows: Rows) -> None:
    rows.add("interpretations", "an-opinion", asserted_as="opinion")
    assert rows.of("SELECT * FROM planned_or_said") == []
