"""Cells as readers want them: dates in words, ids as links with the names of their rows, sources by outlet and day.

JSON and CSV stay as they are.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from datasette import hookimpl
from leadership.amounts import show_number
from leadership.roles import column_in
from leadership.schema import PUBLIC_IDS, SEEN_AT
from leadership.tables import TABLES, Column
from markupsafe import Markup, escape
from presentation.headings import in_cell
from presentation.pages import known_by
from presentation.rows import DATABASE, Row
from presentation.showing import show_when
from presentation.speaking import code_words, joined, named, say, vocabulary

HUB = "subjects"
VOICES = ("argued_by", "disputed_by")
FIRST_IN_CELL, MOST_IN_CELL = 3, 6
IS_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
IS_ADDRESS = re.compile(r"/(?:cite|leadership)/[a-z0-9_./-]+")  # of this site, in the answer to a question
IS_MONTH = re.compile(r"[12][0-9]{3}-[01][0-9]")
IS_DATE = re.compile(r"(?:\.\./)?[12][0-9]{3}[-0-9T:a-zA-Z_\[\]/.~+]*")

LABELS = """SELECT u.id, u.label, o.label AS outlet, s.byline, s.url, s.read_at, s.published FROM subjects u
 LEFT JOIN sources s ON s.id = u.id LEFT JOIN organisations o ON o.id = s.publisher_id"""
Known = tuple[str, tuple[str | None, ...], str]  # what has an id: its label; of a source also by what it is known, and its day
NAMED: WeakKeyDictionary[object, dict[str, Known]] = WeakKeyDictionary()


@hookimpl
def startup(datasette: Any) -> Any:
    """Read once what the rows are called to which cells lead."""

    async def read() -> None:
        try:
            found = await datasette.get_database(DATABASE).execute_fn(lambda connection: connection.execute(LABELS).fetchall())
        except (KeyError, sqlite3.Error):  # another database, or none
            found = []
        NAMED[datasette] = {one: (label, tuple(known), (published or "").partition("T")[0]) for one, label, *known, published in found}

    return read


@hookimpl
def render_cell(row: Any, value: Any, column: Any, table: str | None, database: str | None, datasette: Any) -> Any:
    """Show one cell; None leaves it to Datasette, which links the foreign keys of tables itself."""
    if database != DATABASE or value is None:
        return None
    if column == "line" and isinstance(value, int):
        return _line(row, value, datasette)
    if column in PUBLIC_IDS:
        return Markup('<a href="{}" rel="noopener">{}</a>').format(PUBLIC_IDS[column].address_of(str(value)), value)
    known = column_in(table, column)
    if isinstance(value, int | float) and (known.form == "number" if known else isinstance(value, float)):
        return show_number(value)
    if not isinstance(value, str):
        return None
    if column == SEEN_AT:
        return _hosts(value)
    if column == "month" and IS_MONTH.fullmatch(value):
        return _dates(value)
    if known is None:
        return _unknown(value, column, table, datasette)
    show = OF_FORM.get(_form_of(known))
    return show(value, known, table, datasette) if show else None


def _form_of(column: Column) -> str:
    """Return as what the texts of a column are shown."""
    if "edtf" in (column.form, column.items):
        return "edtf"
    return column.form or ("code" if column.codes else "reference" if column.references else "")


@hookimpl
def extra_template_vars(datasette: Any, database: str | None, table: str | None, view_name: str | None) -> dict[str, Any]:
    """Give pages of rows the function `field`, which links the id of another row by its name, as Datasette does on pages of tables
    only, and pages of tables `choice`, which names it where it stands in a list and Datasette does not.
    """
    if view_name not in ("row", "table") or database != DATABASE:
        return {}
    names = NAMED.get(datasette, {})

    def refers(column: str, value: Any) -> str:
        """Return the table to whose row a value of a column refers, "" if it is no id."""
        known = column_in(table, column)
        return known.references if known and type(value) is str and value in names else ""

    def field(column: str, value: Any) -> Any:
        target = refers(column, value)
        return _link(value, datasette.urls.path("/id/" if target == HUB else f"/{DATABASE}/{target}/"), names) if target else value

    def choice(column: str, value: Any) -> Any:
        return _name(value, names) if refers(column, value) else value

    return {"field": field, "choice": choice}


def _line(row: Row, line: Any, datasette: Any) -> Any:
    """Link a line of a source to everything that is said there."""
    try:
        source = row["source_id"]
    except (IndexError, KeyError):
        return None
    if not isinstance(source, str):
        return None
    return Markup('<a href="{}?source={}&amp;line={}">{}</a>').format(datasette.urls.path(f"/{DATABASE}/line"), source, line, line)


def _hosts(value: str) -> Any:
    """Show a list of addresses as links by their hosts."""
    links = [Markup('<a href="{}" rel="noopener">{}</a>').format(one, host) for one in _list(value) or [] if (host := _host_of(one))]
    return _folded(links, ", ") if links else None


def _unknown(value: str, column: str, table: str | None, datasette: Any) -> Any:
    """Show a text in a column with a name of a question's own, or of several meanings."""
    if table is None and IS_ADDRESS.fullmatch(value):
        return Markup('<a href="{}">{}</a>').format(datasette.urls.path(value), value)
    if table is not None and table not in TABLES and "_" in value and value in vocabulary().codes:  # `kind`, of the timeline
        return code_words(value)
    return _words(value, column) if table not in TABLES and value.startswith('["') else None


def _code(value: str, known: Column, table: str | None, datasette: Any) -> Any:
    words = code_words(value, known.codes)
    return words if words != value else None


def _array(value: str, known: Column, table: str | None, datasette: Any) -> Any:
    if known.references:
        return _links(value, known.references, datasette)
    return _voices(value, datasette) if known.name in VOICES else _words(value, known.name)


def _reference(value: str, known: Column, table: str | None, datasette: Any) -> Any:
    """Link a row by its name, where Datasette does not."""
    if table in TABLES or not IS_ID.fullmatch(value):
        return None
    return _link(value, datasette.urls.path("/id/"), NAMED.get(datasette, {}))


def _id(value: str, known: Column, table: str | None, datasette: Any) -> Any:
    return Markup('<a href="{}">{}</a>').format(datasette.urls.path(f"/id/{value}"), value) if IS_ID.fullmatch(value) else None


def _dates(value: Any) -> Any:
    """Show a date, or a JSON list of dates, in words; the notation of the dataset stays as its title."""
    dates = _list(value) or ([value] if IS_DATE.fullmatch(value) else [])
    if not dates:
        return None
    shown = [(date, show_when(date)) for date in dates if isinstance(date, str)]
    spans = [
        Markup('<span title="{}{}">{}</span>').format(date, f" ({when.doubt})" if when.doubt else "", when.label) for date, when in shown
    ]
    return _folded(spans, joined(("", "")))


def _links(value: Any, table: str, datasette: Any) -> Any:
    """Show a list of ids as links to their rows."""
    ids = _list(value) or value.split(",")
    if not all(isinstance(one, str) and IS_ID.fullmatch(one) for one in ids):
        return None
    path = datasette.urls.path("/id/" if table == HUB else f"/{DATABASE}/{table}/")
    names = NAMED.get(datasette, {})
    return _folded([_link(one, path, names) for one in ids], Markup("<br>"))


def _link(row_id: str, path: str, names: dict[str, Known]) -> Markup:
    """Link a row, whose id has nothing to escape."""
    return Markup(f'<a href="{escape(path)}{row_id}">{escape(_name(row_id, names))}</a>')


def _name(row_id: str, names: dict[str, Known]) -> str:
    """Return what a row is called, a source by its outlet, author or host, and its day."""
    label, known, day = names.get(row_id, (row_id, (), ""))
    name = named(label)
    if any(known) and (outlet := known_by(*known)):
        name = joined([named(outlet), show_when(day).label]) if day and "/" not in day else named(outlet)
    return name


def _folded(items: Any, between: Any) -> Any:
    """Show the first items of a long list, and the others on demand, so that a row stays one."""
    between = escape(between)
    if len(items) <= MOST_IN_CELL:
        return between.join(items)
    first, rest = items[:FIRST_IN_CELL], items[FIRST_IN_CELL:]
    return Markup("{}<details><summary>{}</summary>{}</details>").format(
        between.join(first), say("%(n)s more", n=len(rest)), between.join(rest)
    )


def _voices(value: Any, datasette: Any) -> Any:
    """Show a JSON list of who argues something: links to those who have a row, words for who is not named."""
    names = NAMED.get(datasette, {})
    voices = [str(voice) for voice in _list(value) or []]
    path = datasette.urls.path("/id/")
    return _folded([_link(voice, path, names) if voice in names else escape(code_words(voice)) for voice in voices], Markup("<br>")) or None


def _words(value: Any, column: str) -> Any:
    """Show a JSON list of codes, names or columns as words; lists of anything else stay as they are."""
    items = _list(value)
    if not items or any(isinstance(item, list | dict) for item in items):
        return None
    return escape(joined(in_cell(str(item), column) or named(code_words(str(item))) for item in items))


def _host_of(address: Any) -> str:
    """Return the host of an address of the web, "" of what is none."""
    try:
        parts = urlsplit(address) if isinstance(address, str) else None
    except ValueError:
        return ""
    return parts.netloc if parts and parts.scheme in ("http", "https") else ""


def _list(value: Any) -> Any:
    try:
        items = json.loads(value) if value.startswith("[") else None
    except (ValueError, RecursionError):  # the second where lists stand thousands deep
        return None
    return items if isinstance(items, list) else None


# How texts of each form are shown; those of others Datasette shows.
OF_FORM: dict[str, Callable[[str, Column, str | None, Any], Any]] = {
    "edtf": lambda value, *_: _dates(value),
    "array": _array,
    "code": _code,
    "reference": _reference,
    "id": _id,
}
