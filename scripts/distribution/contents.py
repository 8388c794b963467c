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
from leadership.descriptions import described_tables, load_metadata
from leadership.faults import InputFaults
from leadership.opening import open_database
from leadership.roles import column_in, meaning_of

Type = Literal["text", "integer", "number"]
Row = tuple[Any, ...]
FORMS = ("edtf", "instant", "day", "array")  # what descriptors know of; the others are plain text and numbers
SQL_TYPES: dict[str, Type] = {"TEXT": "text", "INTEGER": "integer", "REAL": "number"}
DECLARED = ("TEXT", "INTEGER", "REAL")
WIDEST = "max(CASE typeof(\"{0}\") WHEN 'null' THEN 0 WHEN 'integer' THEN 1 WHEN 'real' THEN 2 ELSE 3 END)"
TYPES_BY_WIDTH: dict[int, Type] = {1: "integer", 2: "number"}


@dataclass(frozen=True)
class DescribedCode:
    """A code of a closed list, with its label in English and Chinese and what it means."""

    code: str
    label: str
    label_zh: str
    definition: str


@dataclass(frozen=True)
class DescribedColumn:
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
class DescribedTable:
    """A table or view. `key` is the name of its primary key, empty for a view."""

    name: str
    title: str
    description: str
    columns: tuple[DescribedColumn, ...]
    key: str
    database: Path

    @property
    def is_view(self) -> bool:
        """Whether it is a reading view, made of the tables."""
        return not self.key

    @cached_property
    def row_count(self) -> int:
        """How many rows there are; counted when it is asked for, because to count a large view takes as long as to make it."""
        with closing(open_database(self.database)) as connection:
            (count,) = connection.execute(f'SELECT count(*) FROM "{self.name}"').fetchone()
        return int(count)


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
    tables: tuple[DescribedTable, ...]
    codes: dict[str, tuple[DescribedCode, ...]]
    released_on: str = ""  # the day of this version; empty where no release is recorded

    @cached_property
    def by_name(self) -> dict[str, DescribedTable]:
        """Tables and views by name."""
        return {table.name: table for table in self.tables}

    @property
    def base_tables(self) -> tuple[DescribedTable, ...]:
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
    with closing(open_database(database)) as connection:
        connection.row_factory = sqlite3.Row
        names = [name for name in declared.TABLES if _exists(connection, name)]
        names += [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'view' ORDER BY name")]
        tables = tuple(_read_table(connection, database, name, described[name]) for name in names)
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


def read_rows(connection: sqlite3.Connection, table: DescribedTable) -> Iterator[Row]:
    """Return the rows of a table one by one in order of their ids, those of a view in the view's own order."""
    order = f' ORDER BY "{table.key}"' if table.key else ""
    return connection.execute(f'SELECT * FROM "{table.name}"{order}')


def _exists(connection: sqlite3.Connection, name: str) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (name,)).fetchone() is not None


def _read_table(connection: sqlite3.Connection, database: Path, name: str, described: dict[str, Any]) -> DescribedTable:
    info = connection.execute(f'PRAGMA table_info("{name}")').fetchall()
    if name in declared.TABLES:
        columns = [_table_column(name, column, described["columns"][column["name"]]) for column in info]
    else:
        columns = _view_columns(connection, name, info, described["columns"])
    key = next((column["name"] for column in info if column["pk"]), "")
    return DescribedTable(name, described["title"], described["description"], tuple(columns), key, database)


def _table_column(table: str, info: sqlite3.Row, description: str) -> DescribedColumn:
    """Make a column of a row of PRAGMA table_info."""
    known = column_in(table, info["name"]) or declared.Column(info["name"])
    return DescribedColumn(
        info["name"],
        "number" if known.form == "number" else SQL_TYPES[info["type"]],
        description,
        bool(info["notnull"] or info["pk"]),
        known.references,
        known.codes,
        known.form if known.form in FORMS else "",
        known.is_foreign_key,
    )


def _view_columns(
    connection: sqlite3.Connection, view: str, info: list[sqlite3.Row], descriptions: dict[str, str]
) -> list[DescribedColumn]:
    """Describe a view's columns: SQLite tells the type of those only that it takes over from a table, and never from which.

    What a name means is inherited from the tables (`leadership.roles`): its codes, reference and form, but for a reference where
    the view shows labels in the place of ids.
    """
    types = {column["name"]: SQL_TYPES[column["type"]] for column in info if column["type"] in DECLARED}
    untyped = [column["name"] for column in info if column["name"] not in types]
    if untyped:  # all are asked of one reading of the view, because to make it takes time
        widest = connection.execute(f'SELECT {", ".join(map(WIDEST.format, untyped))} FROM "{view}"').fetchone()
        types |= {name: TYPES_BY_WIDTH.get(width, "text") for name, width in zip(untyped, widest, strict=True)}
    return [_view_column(connection, view, column["name"], types[column["name"]], descriptions[column["name"]]) for column in info]


def _view_column(connection: sqlite3.Connection, view: str, name: str, column_type: Type, description: str) -> DescribedColumn:
    known = (meaning_of(name) if column_type == "text" else None) or declared.Column(name)
    labels = known.is_foreign_key and _shows_labels(connection, view, name, known.references)
    references, form = "" if labels else known.references, known.form if known.form in FORMS else ""
    return DescribedColumn(name, column_type, description, False, references, known.codes, form)


def _shows_labels(connection: sqlite3.Connection, view: str, column: str, references: str) -> bool:
    query = f'SELECT 1 FROM "{view}" WHERE "{column}" NOT IN (SELECT id FROM "{references}") LIMIT 1'
    return connection.execute(query).fetchone() is not None


def _read_codes(connection: sqlite3.Connection) -> dict[str, tuple[DescribedCode, ...]]:
    lists: dict[str, list[DescribedCode]] = {}
    for name, *code in connection.execute("SELECT list, code, label, label_zh, definition FROM codes ORDER BY list, position"):
        lists.setdefault(name, []).append(DescribedCode(*code))
    return {name: tuple(codes) for name, codes in lists.items()}
