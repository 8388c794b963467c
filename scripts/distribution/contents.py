"""What the database holds: every table, view and column with its description, type, key, reference and codes.

In: a finished database and `metadata.yml`. Out: a `Contents`, from which files, descriptors, the dictionary and the diagram
are made. The live schema says what there is; `metadata.yml` says what it means; `leadership.tables` says of which codes and
in which form; no descriptor says anything of its own.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from leadership import tables as declared
from leadership.describing import described_tables, load_metadata
from leadership.faults import InputFaults
from leadership.opening import open_database

Type = Literal["text", "integer", "number"]
Row = tuple[Any, ...]
SQL_TYPES: dict[str, Type] = {"TEXT": "text", "INTEGER": "integer", "REAL": "number", "ANY": "text"}


@dataclass(frozen=True)
class Code:
    """A code of a closed list, with its label in English and Chinese and what it means."""

    code: str
    label: str
    label_zh: str
    definition: str


@dataclass(frozen=True)
class Column:
    """A column. `references` names a table whose `id` it holds, `codes` a closed list; of an array they are those of its items.

    `form` is "" or one of: `edtf`, `instant`, `day` (dates, kept as text), `array` (a JSON array of text).
    """

    name: str
    type: Type
    description: str
    required: bool = False
    references: str = ""
    codes: str = ""
    form: str = ""
    is_foreign_key: bool = False  # whether the database itself declares the reference, which it does for no view and no array


@dataclass(frozen=True)
class Table:
    """A table or view. `key` is the name of its primary key, empty for a view."""

    name: str
    title: str
    description: str
    columns: tuple[Column, ...]
    key: str
    row_count: int

    @property
    def is_view(self) -> bool:
        """Whether it is a reading view, made of the tables."""
        return not self.key


@dataclass(frozen=True)
class Contents:
    """Everything that a release describes: the dataset's own title and licence, its tables, views and codes, its build."""

    database: Path
    title: str
    description: str
    licence: str
    licence_url: str
    version: str
    digest: str
    tables: tuple[Table, ...]
    codes: dict[str, tuple[Code, ...]]
    released_on: str = ""  # the day of this version; empty where no release is recorded

    @cached_property
    def by_name(self) -> dict[str, Table]:
        """Tables and views by name."""
        return {table.name: table for table in self.tables}

    @property
    def base_tables(self) -> tuple[Table, ...]:
        """Those that are no views, in the order in which they can be filled."""
        return tuple(table for table in self.tables if not table.is_view)


def read_contents(database: Path, metadata: Path) -> Contents:
    """Return what `database` holds and `metadata` says of it.

    Raises InputFaults if `metadata` cannot be read, sqlite3.DatabaseError if `database` cannot.
    """
    document = load_metadata(metadata)
    if document.faults:
        raise InputFaults(document.faults)
    described = described_tables(document.data)
    with closing(connect(database)) as connection:
        names = [name for name in declared.TABLES if _exists(connection, name)]
        names += [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'view' ORDER BY name")]
        tables = tuple(_read_table(connection, name, described[name]) for name in names)
        info = dict(connection.execute("SELECT id, value FROM build_info"))
        codes = _read_codes(connection)
        day = connection.execute("SELECT released_on FROM releases WHERE version = ?", (info["dataset_version"],)).fetchone()
    about = document.data
    return Contents(
        database,
        about["title"],
        about["description"],
        about["license"],
        about["license_url"],
        info["dataset_version"],
        info["logical_digest"],
        tables,
        codes,
        day[0] if day else "",
    )


def connect(database: Path) -> sqlite3.Connection:
    """Open a finished database for reading; nothing is written beside it."""
    return open_database(database)


def read_rows(connection: sqlite3.Connection, table: Table) -> Iterator[Row]:
    """Return the rows of a table one by one in order of their ids, those of a view in the view's own order."""
    order = f' ORDER BY "{table.key}"' if table.key else ""
    return connection.execute(f'SELECT * FROM "{table.name}"{order}')


def _exists(connection: sqlite3.Connection, name: str) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (name,)).fetchone() is not None


def _read_table(connection: sqlite3.Connection, name: str, described: dict[str, Any]) -> Table:
    info = connection.execute(f'PRAGMA table_info("{name}")').fetchall()
    columns = tuple(_read_column(connection, name, row, described["columns"][row[1]]) for row in info)
    key = next((row[1] for row in info if row[5]), "")
    (count,) = connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()
    return Table(name, described["title"], described["description"], columns, key, count)


def _read_column(connection: sqlite3.Connection, table: str, info: tuple[Any, ...], description: str) -> Column:
    """Make a column of a row of PRAGMA table_info: (position, name, type, not null, default, part of the key)."""
    _, name, sql_type, not_null, _, in_key = info
    if table not in declared.TABLES:
        return _view_column(connection, table, name, sql_type, description)
    known = next(c for c in declared.TABLES[table].columns if c.name == name)
    is_number = known.form == "number"
    return Column(
        name,
        "number" if is_number else SQL_TYPES[sql_type],
        description,
        bool(not_null or in_key),
        known.references,
        known.codes,
        "" if is_number else known.form,
        bool(known.references) and known.form != "array",
    )


def _view_column(connection: sqlite3.Connection, view: str, name: str, sql_type: str, description: str) -> Column:
    """Describe a view's column: SQLite tells the type of those only that it takes over from a table, and never from which.

    A name that means the same in every table that has it means that in a view too: its codes, reference and form are inherited,
    but for a reference where the view shows labels in the place of ids.
    """
    column_type = _type_of_cells(connection, view, name, sql_type)
    meanings = {(c.references, c.codes, c.form) for table in declared.TABLES.values() for c in table.columns if c.name == name}
    references, codes, form = meanings.pop() if len(meanings) == 1 and column_type == "text" else ("", "", "")
    if references and form != "array" and _shows_labels(connection, view, name, references):
        references = ""
    return Column(name, column_type, description, False, references, codes, form)


def _shows_labels(connection: sqlite3.Connection, view: str, column: str, references: str) -> bool:
    query = f'SELECT 1 FROM "{view}" WHERE "{column}" NOT IN (SELECT id FROM "{references}") LIMIT 1'
    return connection.execute(query).fetchone() is not None


def _type_of_cells(connection: sqlite3.Connection, view: str, column: str, sql_type: str) -> Type:
    if sql_type in ("TEXT", "INTEGER", "REAL"):
        return SQL_TYPES[sql_type]
    found = {kind for (kind,) in connection.execute(f'SELECT DISTINCT typeof("{column}") FROM "{view}"')} - {"null"}
    return "integer" if found == {"integer"} else "number" if found and found <= {"integer", "real"} else "text"


def _read_codes(connection: sqlite3.Connection) -> dict[str, tuple[Code, ...]]:
    lists: dict[str, list[Code]] = {}
    for name, *code in connection.execute("SELECT list, code, label, label_zh, definition FROM codes ORDER BY list, position"):
        lists.setdefault(name, []).append(Code(*code))
    return {name: tuple(codes) for name, codes in lists.items()}
