"""Compares the tables with `metadata.yml`: every table, view and column is described, and nothing else is. Its form is for `metadata`.

`metadata.yml` is the one place where tables and columns are described for readers; descriptors and the data dictionary
are made from it. What follows from the schema – the columns that go with a date – is described here, and the site's plugin
`derived_columns` shows it too.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import yaml

from .faults import Fault
from .metadata import check_form, check_names, columns_of, unquoted_dates
from .reading import WRITTEN_OUT, Document, read_file
from .tables import TABLES
from .writing import write_tables

FILE = "metadata.yml"
OF_A_DATE = {
    "earliest": "The earliest instant that {} allows, in UTC.",
    "latest": "The latest instant that {} allows, in UTC.",
    "day": "The day to compute with (ISO, US Pacific), where {} is precise to a day or finer; a day without a zone as it is written.",
    "precision": "How precise {} is (list precision of codes).",
}
OF_A_MAIN_DATE = {
    "earliest": "The earliest instant of {}, in UTC; where no source states it, by the order in which it is told.",
    "latest": "The latest instant of {}, in UTC; where no source states it, by the order or by the day on which it was told.",
    "earliest_basis": "On what {}_earliest rests: stated, order or publication (list bound_basis of codes).",
    "latest_basis": "On what {}_latest rests, likewise.",
}


def load_metadata(path: Path) -> Document:
    """Read `metadata.yml`. Unlike a sheet it may use anchors and merge keys, so that what tables share stands once."""
    document = read_file(path, FILE)
    if document.is_yaml:
        document.faults = [fault for fault in document.faults if fault.message != WRITTEN_OUT]
        unquoted_dates(document)
    if document.is_yaml and not document.faults:
        document.data = yaml.load(document.text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        check_form(document)
        if not document.faults:
            add_derived_descriptions(described_tables(document.data))
    return document


def derived_descriptions() -> dict[str, dict[str, str]]:
    """Return, by table, the descriptions of the columns that go with each date."""
    return {table.name: found for table in TABLES.values() if (found := dict(_of_dates([column.name for column in table.columns])))}


def _of_dates(names: list[str]) -> Iterator[tuple[str, str]]:
    for name in names:
        if f"{name}_precision" in names:
            sentences = OF_A_DATE | (OF_A_MAIN_DATE if f"{name}_latest_basis" in names else {})
            yield from ((f"{name}_{suffix}", sentence.format(name)) for suffix, sentence in sentences.items())


def add_derived_descriptions(tables: dict[str, Any]) -> None:
    """Add to what metadata says of tables the descriptions that follow from the schema; what it says itself stays."""
    for name, columns in derived_descriptions().items():
        if isinstance(entry := tables.get(name), dict):
            entry["columns"] = columns | (entry.get("columns") or {})


def described_tables(metadata: Any) -> dict[str, Any]:
    """Return what metadata says of each table and view of the database `leadership`."""
    return metadata["databases"]["leadership"]["tables"]


def check_metadata(path: Path) -> list[Fault]:
    """Return the faults of `metadata.yml`, and what of the tables as they would be built it does not describe."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        write_tables(connection, {"subjects": []})
        return find_undescribed(path, connection)


def find_undescribed(path: Path, connection: sqlite3.Connection) -> list[Fault]:
    """Return the faults of `metadata.yml`, or, where it has none, those of what it describes of a database's tables."""
    document = load_metadata(path)
    return document.faults or check_descriptions(connection, document)


def check_descriptions(connection: sqlite3.Connection, document: Document) -> list[Fault]:
    """Return a fault for each table, view or column without a description and each description without its thing."""
    tables = described_tables(document.data)
    location: tuple[str, ...] = ("databases", "leadership", "tables")
    faults = []

    def fault(path: tuple[str, ...], message: str) -> None:
        faults.append(Fault(FILE, *document.place((*location, *path)), message))

    existing = columns_of(connection)
    for name, columns in existing.items():
        entry = tables.get(name)
        if entry is None:
            fault((), f"table {name} is not described; add it under tables")
        elif not entry.get("hidden"):
            described = entry.get("columns") or {}
            for key in ("title", "description"):
                if not entry.get(key):
                    fault((name,), f"table {name} has no {key}; write one")
            for column in columns:
                if not described.get(column):
                    fault((name, "columns"), f"column {column} of {name} has no description; write one")
            for column in described.keys() - set(columns):
                fault((name, "columns", column), f"{name} has no column {column}; remove its description")
    for name in tables.keys() - existing.keys():
        fault((name,), f"there is no table {name}; remove its description")
    check_names(document, connection, existing)
    return faults + document.faults
