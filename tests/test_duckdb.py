"""DuckDB reads the dataset too: each view's SQL runs there over the same rows and gives the same ones.

Its extension for SQLite files is not at hand without a network, so the tables are made there natively, from the rows of ours.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest
from leadership.tables import TABLES
from leadership.writing import VIEWS

TYPES = {"TEXT": "VARCHAR", "INTEGER": "BIGINT", "REAL": "DOUBLE"}
STATEMENTS = [part.strip() for part in VIEWS.read_text(encoding="utf-8").split(";\n") if part.strip()]
NAMES = [part.partition("CREATE VIEW ")[2].split()[0] for part in STATEMENTS]


@pytest.fixture(scope="module")
def ours(database: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
        yield connection


@pytest.fixture(scope="module")
def theirs(ours: sqlite3.Connection) -> Iterator[duckdb.DuckDBPyConnection]:
    import pandas  # here, because it takes time that no other process of the tests need spend

    with closing(duckdb.connect(config={"autoinstall_known_extensions": "false", "threads": "1"})) as connection:
        for table in TABLES.values():
            columns = ", ".join(f'"{column.name}" {TYPES[column.type]}' for column in table.columns)
            connection.execute(f'CREATE TABLE "{table.name}" ({columns})')
            rows = ours.execute(f'SELECT * FROM "{table.name}"').fetchall()
            connection.register("rows", pandas.DataFrame(rows, columns=[column.name for column in table.columns], dtype=object))
            connection.execute(f'INSERT INTO "{table.name}" SELECT * FROM rows')
        for statement in STATEMENTS:
            connection.execute(statement)
        yield connection


def rows_of(connection: Any, name: str) -> Counter[tuple[Any, ...]]:
    """Return how often a view has each of its rows; JSON is compared without its spaces."""
    found = connection.execute(f'SELECT * FROM "{name}"').fetchall()
    return Counter(tuple(cell.replace('", "', '","') if isinstance(cell, str) else cell for cell in row) for row in found)


def test_there_are_no_columns_of_any_type() -> None:
    assert {column.type for table in TABLES.values() for column in table.columns} == set(TYPES)


@pytest.mark.parametrize("name", NAMES)
def test_a_view_gives_the_same_rows_there(name: str, ours: sqlite3.Connection, theirs: duckdb.DuckDBPyConnection) -> None:
    expected, found = rows_of(ours, name), rows_of(theirs, name)
    assert found.total() == expected.total()
    assert list(expected - found)[:3] == list(found - expected)[:3] == []
