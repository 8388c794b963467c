"""The main columns first: pages of wide tables show those that metadata.yml names, in that order, and a link to all of them.

It is the page alone that is shortened, after the rows have been read: JSON, CSV and the links to them have all columns. What a
reader asks for by `_col` is shown as asked.
"""

from __future__ import annotations

import re
from typing import Any

from datasette import hookimpl
from markupsafe import Markup
from presentation.headings import heading
from presentation.rows import DATABASE
from presentation.speaking import N_, is_chinese, say
from presentation.wording import lower_first

SETTING = "main-columns"  # of the plugins of a table in metadata.yml: {columns: [...], view: a reading view of the same}
ALL = "_columns"  # ?_columns=all
FIXED_CRUMBS = {"home": N_("home"), DATABASE: N_("tables"), "dashboards": N_("charts")}
DATES = ("month", "year", "when", "published", "started", "ended", "announced", "effective", "said", "as_of")
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
        return {**shorten(columns, rows, request.args, setting.get("columns", ())), "view": view, "view_title": title}

    return {"main_columns": main_columns, "choice_in_words": choice_in_words}


@hookimpl
def prepare_jinja2_environment(env: Any, datasette: Any) -> None:
    """Let the line above each page call tables as readers do."""

    def crumb_words(label: str) -> str:
        if label in FIXED_CRUMBS:
            return say(FIXED_CRUMBS[label])
        title = datasette.table_metadata(DATABASE, label).get("title")
        return lower_first(say(title)) if title else label

    env.globals["crumb_words"] = crumb_words
    env.filters["lower_first"] = lower_first


def choice_in_words(told: str | None) -> str | None:
    """Return what Datasette says of the rows that are shown, with the column by which they are sorted as readers call it."""
    if told and (found := SORTED.search(told)):
        column = re.sub(r"_(?:earliest|latest)$", "", found["column"])
        is_date = column != found["column"] or column in DATES
        down = N_("sorted by %(column)s, latest first") if is_date else N_("sorted by %(column)s, descending")
        phrase = down if found["descending"] else N_("sorted by %(column)s")
        return f"{told[: found.start()]}{say(phrase, column=lower_first(heading(column)))}"
    return told


def shorten(columns: Any, rows: Any, asked: Any, main: Any) -> Any:
    """Return the columns and rows that a page shows, how many there would be, and whether it is `short` or `could` be.

    A row's label takes over the link to the row from its identifier, which is left out. Columns by which the reader has sorted
    are shown too.
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
        "rows": [_link_label([cells[place] for place in places], cells[0]) for cells in map(list, rows)],
        "short": True,
        "could": True,
    }


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
