"""The data as an Excel workbook: what it is, what each column means, then one sheet a table or view.

In: what the database holds, and how it is cited. Out: a workbook in which numbers are numbers and text is text, also where it
looks like a formula, an address or a number. The same database gives the same bytes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter
from leadership.opening import open_database
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from .contents import Contents, DescribedTable, read_rows
from .identity import CREATOR

# Excel asks for a time of creation. Ours is the one that its own zip format takes for none, so that it is the same for ever.
CREATED = datetime(1980, 1, 1)
ABOUT, COLUMNS = "About", "Columns"
NARROWEST, WIDEST = 6, 60
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def write_workbook(contents: Contents, citation: str, path: Path) -> list[Path]:
    """Write the workbook and return its path. It is made in memory, so that a full disk is an OSError like any other."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        book.set_properties(
            {"title": contents.title, "subject": contents.description, "comments": citation, "author": CREATOR, "created": CREATED}
        )
        header = book.add_format({"bold": True, "bg_color": "#E8EEF4", "bottom": 1})
        _write_about(book, contents, citation, header)
        _write_columns(book, contents, header)
        with closing(open_database(contents.database)) as connection:
            for table in in_reading_order(contents):
                names = [column.name for column in table.columns]
                _write_table(book.add_worksheet(table.name), header, names, list(read_rows(connection, table)))
    path.write_bytes(buffer.getbuffer())
    return [path]


def in_reading_order(contents: Contents) -> list[DescribedTable]:
    """Return what there is as people read it: the views with names joined in first, then the tables, those without rows last."""
    return sorted(contents.tables, key=lambda table: (table.row_count == 0, not table.is_view))


def _write_about(book: xlsxwriter.Workbook, contents: Contents, citation: str, header: Format) -> None:
    sheet = book.add_worksheet(ABOUT)
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    top = book.add_format({"valign": "top"})
    link = book.add_format({"hyperlink": True, "valign": "top"})
    facts = {
        "Title": contents.title,
        "Description": contents.description,
        "Version": contents.version,
        "Logical digest": contents.digest,
        "Licence": f"{contents.licence}, {contents.licence_url}",
        "Cite as": citation,
        "Empty cells": "An empty cell is NULL: no source read so far says it, or it does not apply."
        " Where a source leaves it open stands not_stated.",
        "Before you count": "For facts keep asserted_as = fact and leave out standing = refuted and open."
        " Exits may have been taken back, or be leaves.",
        "Dates": "Dates are text: as precise as the source that gives them (EDTF), or an instant in UTC.",
        "Columns": f"The sheet “{COLUMNS}” says what each column means.",
    }
    for line, (name, text) in enumerate(facts.items()):
        sheet.write_string(line, 0, name, header)
        sheet.merge_range(line, 1, line, 4, "", wrap)
        sheet.write_string(line, 1, text, wrap)
    for line in (1, 5, 7):
        sheet.set_row(line, 32)
    start = len(facts) + 1
    for position, name in enumerate(("sheet", "title", "kind", "rows", "what it holds")):
        sheet.write_string(start, position, name, header)
    for line, table in enumerate(in_reading_order(contents), start=start + 1):
        sheet.write_url(line, 0, f"internal:'{table.name}'!A1", link, table.name)
        sheet.write_string(line, 1, table.title, wrap)
        sheet.write_string(line, 2, "view" if table.is_view else "table", top)
        sheet.write_number(line, 3, table.row_count, top)
        sheet.write_string(line, 4, table.description, wrap)
    for position, width in enumerate((20, 28, 8, 8, 100)):
        sheet.set_column(position, position, width)


def _write_columns(book: xlsxwriter.Workbook, contents: Contents, header: Format) -> None:
    names = ["sheet", "column", "description", "type", "form", "codes", "references", "required"]
    rows = [
        (t.name, c.name, c.description, c.type, c.form or None, c.codes or None, c.references or None, "yes" if c.required else "no")
        for t in in_reading_order(contents)
        for c in t.columns
    ]
    _write_table(book.add_worksheet(COLUMNS), header, names, rows)


def _write_table(sheet: Worksheet, header: Format, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Write a header that stays in sight and can be filtered by, and the rows below it; NULL is a cell without anything."""
    for position, name in enumerate(names):
        sheet.write_string(0, position, name, header)
    for line, row in enumerate(rows, start=1):
        for position, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(line, position, value)
            elif value is not None:
                sheet.write_number(line, position, value)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(rows), len(names) - 1)
    sheet.ignore_errors({"number_stored_as_text": f"A1:{xlsxwriter.utility.xl_rowcol_to_cell(max(len(rows), 1), len(names) - 1)}"})
    for position, name in enumerate(names):
        sheet.set_column(position, position, _width([f"{name}  ▾", *(row[position] for row in rows)]))


def _width(cells: Iterable[Any]) -> int:
    """Return how wide a column must be to show its widest cell, within bounds."""
    return min(WIDEST, max(NARROWEST, 1 + max(_places(str(cell)) for cell in cells if cell is not None)))


def _places(text: str) -> int:
    """Return how many places a text takes: a Chinese character takes two. What is beyond the widest column does not count."""
    if text.isascii():
        return min(WIDEST, len(text))
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text[:WIDEST])
