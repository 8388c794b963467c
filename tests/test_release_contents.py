"""What a release says of its columns holds of every cell, in views as in tables."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from distribution.contents import Contents, DescribedColumn, DescribedTable, read_contents
from leadership import paths
from leadership.opening import open_database
from leadership.when import parse_when

Cells = dict[tuple[str, str], set[Any]]


@pytest.fixture(scope="module")
def contents(database: Path) -> Contents:
    return read_contents(database, paths.METADATA)


@pytest.fixture(scope="module")
def cells(contents: Contents) -> Cells:
    """The cells of each column that are not empty, each value once, the items of arrays singly; tables and views read once."""
    found: Cells = {}
    with closing(open_database(contents.database)) as connection:
        for table in contents.tables:
            columns = [set(column) - {None} for column in zip(*connection.execute(f'SELECT * FROM "{table.name}"'), strict=True)]
            for column, values in zip(table.columns, columns or [set()] * len(table.columns), strict=True):
                listed = (item for value in values for item in json.loads(value)) if column.form == "array" else values
                found[table.name, column.name] = set(listed)
    return found


def columns(contents: Contents) -> Iterator[tuple[DescribedTable, DescribedColumn]]:
    return ((table, column) for table in contents.tables for column in table.columns)


def test_a_view_s_columns_inherit_what_their_names_mean_in_every_table(contents: Contents):
    known = {column.name: column for column in contents.by_name["who_left"].columns}
    assert known["manner"].codes == "manner"
    assert known["person_id"].references == "people"
    assert (known["effective"].form, known["sources"].form) == ("edtf", "array")
    assert known["reversed_by"].references == ""  # the view shows the event's label
    assert {column.name: column for column in contents.by_name["timeline"].columns}["kind"].codes == ""  # it means many things


def test_every_code_of_every_table_and_view_stands_in_its_list(contents: Contents, cells: Cells):
    strange = {
        (table.name, column.name): cells[table.name, column.name] - {code.code for code in contents.codes[column.codes]}
        for table, column in columns(contents)
        if column.codes
    }
    assert {place for place, values in strange.items() if values} == set()


def test_every_reference_of_every_table_and_view_leads_to_a_row(contents: Contents, cells: Cells):
    ids = {table.name: cells[table.name, table.columns[0].name] for table in contents.base_tables}
    lost = {
        (table.name, column.name): cells[table.name, column.name] - ids[column.references]
        for table, column in columns(contents)
        if column.references
    }
    assert {place for place, values in lost.items() if values} == set()


def test_every_date_of_every_table_and_view_can_be_read(contents: Contents, cells: Cells):
    dates = [cell for table, column in columns(contents) if column.form == "edtf" for cell in cells[table.name, column.name]]
    assert len(dates) > 500
    assert all(parse_when(date) for date in dates)


def test_the_cells_of_every_column_have_its_type(contents: Contents, cells: Cells):
    types = {"text": str, "integer": int, "number": (int, float)}
    wrong = [
        (table.name, column.name)
        for table, column in columns(contents)
        if column.form != "array" and not all(isinstance(cell, types[column.type]) for cell in cells[table.name, column.name])
    ]
    assert wrong == []
