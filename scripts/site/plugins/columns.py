"""The main columns first: pages of wide tables show those that metadata.yml names, in that order, and a link to all of them.

It is the page alone that is shortened, after the rows have been read: JSON, CSV and the links to them have all columns. What a
reader asks for by `_col` is shown as asked. On a telephone a row is a card of its first columns, or of those named for it; what
makes a row less than an undisputed fact stands on each card.
"""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from datasette import hookimpl
from leadership.roles import column_in
from markupsafe import Markup
from presentation.headings import heading
from presentation.rows import DATABASE
from presentation.speaking import N_, code_words, is_chinese, say
from presentation.telling import doubt_of
from presentation.wording import lower_first

# Of the plugins of a table in metadata.yml: {columns: [...], card: [what a telephone shows of them], view: a reading view of the same}.
SETTING = "main-columns"
ALL = "_columns"  # ?_columns=all
FIXED_CRUMBS = {"home": N_("home"), DATABASE: N_("tables"), "dashboards": N_("charts")}
DATES = ("edtf", "instant", "day")  # forms of columns
PARTS_OF_DATES = ("month", "year")
NAMES = ("label", "what")  # columns in which a row is called by its name
ON_A_CARD = 4
# What these columns say of most rows; a card has them where they say anything else.
USUAL = {
    **dict.fromkeys(("asserted_as", "mode"), ("fact",)),
    "certainty": ("certain",),
    "polarity": ("affirms",),
    "comparator": ("=",),
    **dict.fromkeys(("standing", "destination_standing"), ("agreed", "settled")),
}
SORTED = re.compile(r"sorted by (?P<column>\w+)(?P<descending> descending)?$")


@hookimpl
def extra_template_vars(datasette: Any, request: Any, database: str | None, table: str | None, view_name: str | None) -> dict[str, Any]:
    """Give table pages the function `main_columns`, with which table.html shortens what it was given."""
    if view_name != "table" or database != DATABASE:
        return {}

    def main_columns(columns: Any, rows: Any) -> dict[str, Any]:
        setting = datasette.plugin_config(SETTING, database=database, table=table) or {}
        view = setting.get("view")
        title = datasette.table_metadata(DATABASE, view).get("title", view) if view else None
        shown = shorten(columns, rows, request.args, setting.get("columns", ()))
        return {**shown, "card": setting.get("card", ()), "view": view, "view_title": title}

    return {"main_columns": main_columns, "choice_in_words": partial(choice_in_words, table)}


@hookimpl
def prepare_jinja2_environment(env: Any, datasette: Any) -> None:
    """Let the line above each page call tables as readers do."""

    def crumb_words(label: str) -> str:
        if label in FIXED_CRUMBS:
            return say(FIXED_CRUMBS[label])
        title = datasette.table_metadata(DATABASE, label).get("title")
        return lower_first(say(title)) if title else label

    env.globals["crumb_words"] = crumb_words
    env.globals.update(is_on_card=is_on_card, is_long_heading=is_long_heading)
    env.filters["lower_first"] = lower_first


def choice_in_words(table: str | None, told: str | None) -> str | None:
    """Return what Datasette says of the rows of a table that are shown, with the column by which they are sorted as readers call it."""
    if told and (found := SORTED.search(told)):
        column = re.sub(r"_(?:earliest|latest)$", "", found["column"])
        known = column_in(table, found["column"])
        is_date = found["column"] in PARTS_OF_DATES or (known is not None and known.form in DATES)
        down = N_("sorted by %(column)s, latest first") if is_date else N_("sorted by %(column)s, descending")
        phrase = down if found["descending"] else N_("sorted by %(column)s")
        return f"{told[: found.start()]}{say(phrase, column=lower_first(heading(column)))}"
    return told


def is_on_card(column: str, value: Any, place: int, card: Any = ()) -> bool:
    """Tell whether a telephone shows a cell at once: `value` as it is shown, `place` counted from one, `card` the columns named for it."""
    if column in USUAL:
        return str(value) not in ("", "&nbsp;", "None", *USUAL[column], *map(code_words, USUAL[column]))
    return column in card if card else place <= ON_A_CARD


def is_long_heading(column: str) -> bool:
    """Tell whether what a column is called takes two lines beside the cell on a card."""
    return len(heading(column)) > (8 if is_chinese() else 17)


def shorten(columns: Any, rows: Any, asked: Any, main: Any) -> Any:
    """Return the columns and rows that a page shows, how many there would be, and whether it is `short` or `could` be.

    A row's label takes over the link to the row from its identifier, which is left out, and what makes it less than a fact from the
    columns that say so; to readers of Chinese it is the Chinese one. Columns by which the reader has sorted are shown too.
    """
    whole = {"columns": columns, "rows": rows, "total": len(columns), "short": False, "could": False}
    names = [column["name"] for column in columns]
    wanted = [name for name in main if name in names]
    if not wanted or "_col" in asked:
        return whole
    if asked.get(ALL) == "all":
        return {**whole, "could": True}
    wanted += [name for name in (asked.get("_sort"), asked.get("_sort_desc")) if name in names and name not in wanted]
    places = [names.index(name) for name in wanted]
    return {
        **whole,
        "columns": [columns[place] for place in places],
        "rows": [_shown([cells[place] for place in places], cells) for cells in map(list, rows)],
        "short": True,
        "could": True,
    }


def _shown(cells: Any, row: Any) -> Any:
    """Return the cells that are shown of a row."""
    return _mark_label(_link_label(_in_chinese(cells, row), row[0]), row)


def _in_chinese(cells: Any, row: Any) -> Any:
    """Return the cells that are shown with the label in Chinese, if that is spoken and the label has no column of its own for it."""
    if not is_chinese() or any(cell["column"] == "label_zh" for cell in cells):
        return cells
    said = next((cell["raw"] for cell in row if cell["column"] == "label_zh"), None)
    return [{**cell, "value": said} if said and cell["column"] == "label" else cell for cell in cells]


def _link_label(cells: Any, key: Any) -> Any:
    """Return the cells of a row with its label as the link to its page; `key` is the cell that had that link."""
    if key["value_type"] != "pk" or key in cells:
        return cells
    english = Markup(' lang="en"') if is_chinese() else ""  # labels in Chinese stand in a column of their own
    address = str(key["value"]).partition('href="')[2].partition('"')[0]
    return [
        {**cell, "value": Markup('<a href="{}"{}>{}</a>').format(Markup(address), english, cell["value"])}
        if cell["column"] == "label"
        else cell
        for cell in cells
    ]


def _mark_label(cells: Any, row: Any) -> Any:
    """Return the cells that are shown of a row with a `mark` at its label where the row is only planned, alleged, probable …"""
    said = {cell["column"]: cell["raw"] for cell in row if cell["column"] in ("asserted_as", "certainty")}
    shown = {cell["column"] for cell in cells}
    doubt = doubt_of({column: code for column, code in said.items() if column not in shown})
    return [{**cell, "mark": doubt} if doubt and cell["column"] in NAMES else cell for cell in cells]
