"""What is declared of each column holds of every cell: codes stand in their list, arrays are arrays, dates have their form."""

from __future__ import annotations

import json
import re
import sqlite3

import pytest
from leadership.schema import Property
from leadership.tables import TABLES, Column
from leadership.when import parse_when

FORMS = {"instant": r"\d{4}-\d\d-\d\dT\d\d:\d\dZ", "day": r"\d{4}-\d\d-\d\d"}


def columns(form: str = "", codes: bool = False) -> list[tuple[str, Column]]:
    return [(t.name, c) for t in TABLES.values() for c in t.columns if (codes and c.codes) or (form and c.form == form)]


def name(value: object) -> str:
    return value.name if isinstance(value, Column) else str(value)


@pytest.fixture(scope="module")
def connection(database):
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    yield connection
    connection.close()


def cells(connection: sqlite3.Connection, table: str, column: Column) -> list[object]:
    return [cell for (cell,) in connection.execute(f'SELECT "{column.name}" FROM "{table}" WHERE "{column.name}" IS NOT NULL')]


@pytest.mark.parametrize(("table", "column"), columns(codes=True), ids=name)
def test_every_value_of_a_coded_column_stands_in_its_list(connection, table, column):
    known = {code for (code,) in connection.execute("SELECT code FROM codes WHERE list = ?", (column.codes,))}
    assert known, f"there is no list {column.codes}"
    found = cells(connection, table, column)
    values = {item for cell in found for item in json.loads(cell)} if column.form == "array" else set(found)
    assert values <= known


@pytest.mark.parametrize(("table", "column"), columns("array"), ids=name)
def test_every_value_of_an_array_column_is_a_json_array_whose_items_exist(connection, table, column):
    items = [item for cell in cells(connection, table, column) for item in json.loads(cell)]
    assert all(isinstance(item, str) for item in items)
    if column.references:
        known = {key for (key,) in connection.execute(f'SELECT id FROM "{column.references}"')}
        assert set(items) <= known


@pytest.mark.parametrize(("table", "column"), columns("edtf"), ids=name)
def test_every_date_can_be_read_and_has_bounds(connection, table, column):
    assert all(parse_when(cell).text == cell for cell in cells(connection, table, column))


@pytest.mark.parametrize("form", FORMS)
def test_every_instant_and_day_has_its_form(connection, form):
    found = [cell for table, column in columns(form) for cell in cells(connection, table, column)]
    assert len(found) > 10
    assert [cell for cell in found if not re.fullmatch(FORMS[form], cell)] == []


def test_number_columns_hold_numbers_only(connection):
    found = [cell for table, column in columns("number") for cell in cells(connection, table, column)]
    assert len(found) > 50
    assert {type(cell) for cell in found} <= {int, float}


def test_an_amount_by_another_name_than_value_is_refused_because_its_columns_would_be_those_of_value():
    assert Property("value", "amount").type == "amount"
    with pytest.raises(ValueError, match="notice_days needs a type of its own"):
        Property("notice_days", "amount")
