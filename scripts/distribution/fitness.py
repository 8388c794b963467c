"""Whether every cell can be written into every format without loss.

In: what the database holds. Out: nothing, or ReleaseStopped, which names the first cell that a format would change. So a file
that was written is known to hold what the database holds.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from typing import Any

from leadership.opening import open_database

from .contents import Contents, DescribedTable, Type, read_rows
from .stopped import ReleaseStopped

EXCEL_TEXT = 32_767
EXCEL_ROWS = 1_048_576
EXCEL_SHEET_NAME = 31
# XML, and with it Excel, knows no control characters but these two, and turns a carriage return into a line feed.
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ufffe\uffff]")
ALLOWED_CONTROL = re.compile(r"[\t\n]")
# Excel's own way to write a control character: a reader may take such a text for one.
EXCEL_ESCAPE = re.compile(r"_x[0-9A-Fa-f]{4}_")


def check_fitness(contents: Contents) -> None:
    """Raise ReleaseStopped if a table or a cell does not fit into one of the formats."""
    with closing(open_database(contents.database)) as connection:
        for table in contents.tables:
            _check_table(connection, table)


def find_misfit(value: Any, type_: Type) -> str:
    """Return what is wrong with a cell of a column of type `type_`; an empty text if it fits everywhere."""
    if value is None:
        return ""
    if type_ == "text":
        return _find_misfit_in_text(value) if isinstance(value, str) else "is no text"
    if isinstance(value, int) or (type_ == "number" and isinstance(value, float)):
        return _find_misfit_in_number(value)
    return f"is no {type_}"


def _check_table(connection: sqlite3.Connection, table: DescribedTable) -> None:
    if table.row_count >= EXCEL_ROWS:  # one is the header's
        raise ReleaseStopped(f"{table.name} has {table.row_count} rows, and a sheet of Excel holds {EXCEL_ROWS - 1}; publish it in parts")
    if len(table.name) > EXCEL_SHEET_NAME:
        raise ReleaseStopped(f"the name {table.name} is too long for a sheet of Excel ({EXCEL_SHEET_NAME} characters); shorten it")
    for row in read_rows(connection, table):
        for column, value in zip(table.columns, row, strict=True):
            if misfit := find_misfit(value, column.type):
                raise ReleaseStopped(f"{table.name}.{column.name} of {row[0]!r} {misfit}; correct it in raw/")


def _find_misfit_in_text(text: str) -> str:
    if not text:
        return "is an empty text, which CSV and Excel cannot tell from NULL"
    if len(text) <= EXCEL_TEXT // 2 and text.isprintable() and "_x" not in text:  # nearly every cell, at a tenth of the time
        return ""
    if len(text.encode("utf-16-le")) // 2 > EXCEL_TEXT:
        return f"is longer than the {EXCEL_TEXT} characters of a cell of Excel"
    if CONTROL.search(ALLOWED_CONTROL.sub("", text)):
        return "holds a control character, which Excel cannot keep"
    return "holds what Excel reads as an escaped character" if EXCEL_ESCAPE.search(text) else ""


def _find_misfit_in_number(number: int | float) -> str:
    """Parquet keeps a number as a double, Excel as one with 16 digits."""
    try:
        kept = float(f"{float(number):.16G}") == number and abs(number) != float("inf")
    except OverflowError:
        kept = False
    return "" if kept else "is a number that a double of 16 digits does not hold"
