"""The form of `metadata.yml`: which keys stand where, of what kind their values are, and that what they name is there.

Datasette takes any metadata and passes over what it does not understand, and a descriptor needs its words when the database has been
replaced already. So both is said before anything is written: `check_form` knows the file alone, `check_names` the tables as well.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any

from .reading import Document, Location, scalars

Columns = Mapping[str, Collection[str]]  # by table or view
Kinds = Mapping[str, str]  # by key, the kind of its value
VALUES: dict[str, tuple[type, str]] = {
    "text": (str, "text; put it into quotes"),
    "map": (dict, "a map of keys and values"),
    "list": (list, "a list; start each entry with a dash"),
    "number": (int, "a whole number"),
    "flag": (bool, "true or false"),
}


def _kinds(**keys: str) -> Kinds:
    return {key: kind for kind, names in keys.items() for key in names.split()}


LEADERSHIP: Location = ("databases", "leadership")
TABLES: Location = (*LEADERSHIP, "tables")
QUERIES: Location = (*LEADERSHIP, "queries")
DASHBOARDS: Location = ("plugins", "datasette-dashboards")
CORRECTIONS: Location = ("plugins", "corrections")

ABOUT = "title description description_html source source_url license license_url about about_url"
OF_THE_WHOLE = _kinds(text=ABOUT, map="plugins databases")
OF_A_TABLE = _kinds(
    text=f"{ABOUT} label_column sort sort_desc fts_table fts_pk searchmode",
    map="columns units plugins allow",
    list="facets sortable_columns",
    number="size facet_size",
    flag="hidden",
)
OF_A_QUERY = _kinds(text="title group description description_html sql fragment", list="params", flag="hide_sql", map="allow")
OF_A_DASHBOARD = _kinds(text="title description", list="layout", map="charts")
OF_A_CHART = _kinds(text="title note rows_at db query library", map="display")
NEEDS_WHOLE = ("title", "description", "license", "license_url")  # without which a release cannot be described
NEEDS_QUERY = ("title", "sql")
NEEDS_CHART = ("title", "query", "library", "display")
COLUMN_KEYS = ("label_column", "sort", "sort_desc")
COLUMN_PLUGINS = ("main-columns", "facets-on-request")  # of ours, which name columns
EMPTY_CELL = "."  # of the layout of a dashboard

DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt \t].*)?")  # what YAML takes for a date, or tries to
MAIL = re.compile(r"[^\s@<>?&]+@[^\s@<>?&]+")
TRACKER = re.compile(r"https?://[^\s/]\S*")
QUESTION = re.compile(r"(?:\s|--[^\n]*\n)*(?:SELECT|WITH)\b", re.IGNORECASE)
NO_FUNCTION = re.compile(r"no such function: (\w+)")


def check_form(document: Document) -> None:
    """Note what of the file has not the form that it must have, whatever tables there are."""
    form = _Form(document)
    whole = form.map((), OF_THE_WHOLE, NEEDS_WHOLE, only_these=False)
    if not whole or form.map(TABLES) is None:
        return
    for name in form.keys(TABLES):
        columns = (*TABLES, name, "columns")
        if form.map(columns[:-1], OF_A_TABLE) and form.get(columns) is not None:
            form.texts(columns)
    for name in form.keys(QUERIES):
        form.map((*QUERIES, name), OF_A_QUERY, NEEDS_QUERY)
    for name in form.keys(DASHBOARDS):
        _check_dashboard(form, (*DASHBOARDS, name))
    if form.get(CORRECTIONS) is not None and form.map(CORRECTIONS):
        _check_corrections(form)


def unquoted_dates(document: Document) -> None:
    """Note each date without quotes, of which YAML makes something else than text, or nothing where there is no such day."""
    for node in scalars(document.root):
        if not node.style and DATE.fullmatch(node.value):
            document.fault_at(node, f'date {node.value} is not quoted; write "{node.value}"')


def check_names(document: Document, connection: sqlite3.Connection, existing: Columns) -> None:
    """Note what the file names and is not there: columns of tables and charts, and whatever SQLite misses in its questions."""
    form = _Form(document)
    for name in form.keys(TABLES):
        if name in existing:
            _check_columns(form, (*TABLES, name), existing)
    for name in form.keys(QUERIES):
        _check_sql(form, (*QUERIES, name, "sql"), connection)
    for board in form.keys(DASHBOARDS):
        for name in form.keys((*DASHBOARDS, board, "charts")):
            _check_sql(form, (*DASHBOARDS, board, "charts", name, "query"), connection)


class _Form:
    """What stands where in the file, and where what is wrong with it is noted."""

    def __init__(self, document: Document):
        self.document = document

    def get(self, way: Location) -> Any:
        """Return what stands at a place, None for nothing."""
        data = self.document.data
        for step in way:
            data = data.get(step) if isinstance(data, dict) else None
        return data

    def keys(self, way: Location) -> list[str]:
        """Return the keys of the map at a place, which may be missing; note if it is none."""
        return list(self.map(way) or ()) if self.get(way) is not None else []

    def fault(self, way: Location, message: str, at_key: bool = False) -> None:
        self.document.fault(way, message, at_key)

    def map(
        self, way: Location, kinds: Kinds = MappingProxyType({}), needs: Collection[str] = (), only_these: bool = True
    ) -> dict[str, Any] | None:
        """Return the map at a place, None if there is none; note what of its keys and values cannot be used."""
        data = self.get(way)
        name = ".".join(map(str, way)) or "the file"
        if not isinstance(data, dict):
            self.fault(way, f"{name} must be a map of keys and values")
            return None
        for key, value in data.items() if kinds else ():
            if kind := kinds.get(key):
                self.value((*way, key), value, kind)
            elif only_these:
                self.fault((*way, key), f"key {key} is not known here; {_advise(key, kinds)}", at_key=True)
        for key in needs:
            if key not in data:
                self.fault((*way, key), f"key {key} of {name} is missing; add it")
        return data

    def texts(self, way: Location) -> None:
        """Note each value of the map at a place that is no text."""
        for key, value in (self.map(way) or {}).items():
            self.value((*way, key), value, "text")

    def value(self, way: Location, value: Any, kind: str) -> None:
        """Note if a value is not of a kind, or says nothing."""
        type_of_it, called = VALUES[kind]
        if value is None or value == "":
            self.fault(way, f"{way[-1]} has no value; write one or remove the key")
        elif type(value) is not type_of_it:
            self.fault(way, f"{way[-1]} must be {called}")


def _advise(name: Any, known: Collection[str]) -> str:
    near = get_close_matches(str(name), known, n=1)
    return f"did you mean {near[0]}?" if near else "remove it"


def _check_dashboard(form: _Form, way: Location) -> None:
    """Note charts that cannot be drawn, and places of the layout for which there is no chart."""
    board = form.map(way, OF_A_DASHBOARD, ("title", "charts"), only_these=False)
    charts = form.keys((*way, "charts"))
    for name in charts:
        form.map((*way, "charts", name), OF_A_CHART, NEEDS_CHART, only_these=False)
    layout = board.get("layout") if board else None
    for line, cells in enumerate(layout if isinstance(layout, list) else ()):
        for place, cell in enumerate(cells if isinstance(cells, list) else (cells,)):
            if cell not in (*charts, EMPTY_CELL):
                way_to = (*way, "layout", line, place) if isinstance(cells, list) else (*way, "layout", line)
                form.fault(way_to, f"there is no chart {cell}; {_advise(cell, charts)}")


def _check_corrections(form: _Form) -> None:
    """Note an address for corrections at which nothing could arrive; where it is empty, none is offered."""
    mail, tracker = form.get((*CORRECTIONS, "mail")), form.get((*CORRECTIONS, "tracker"))
    if mail and not MAIL.fullmatch(str(mail)):
        form.fault((*CORRECTIONS, "mail"), f"{mail} is no address for mail; write one such as data@example.org, or leave it empty")
    if tracker and not (TRACKER.fullmatch(str(tracker)) and "{text}" in tracker):
        message = "is no address with {text} in it; write one such as https://example.org/new?title={title}&body={text}, or leave it empty"
        form.fault((*CORRECTIONS, "tracker"), f"{tracker} {message}")


def _check_columns(form: _Form, way: Location, existing: Columns) -> None:
    """Note what the entry of a table calls a column of it, or a view, and is none."""
    table = str(way[-1])
    columns = existing[table]

    def check(place: Location, name: Any) -> None:
        if name not in columns:
            form.fault(place, f"{table} has no column {name}; {_advise(name, columns)}")

    for key in COLUMN_KEYS:
        if (name := form.get((*way, key))) is not None:
            check((*way, key), name)
    for index, facet in enumerate(form.get((*way, "facets")) or ()):
        for name in facet.values() if isinstance(facet, dict) else (facet,):
            check((*way, "facets", index), name)
    for plugin in COLUMN_PLUGINS:
        setting = (*way, "plugins", plugin)
        named = form.get((*setting, "columns"))
        for index, name in enumerate(named if isinstance(named, list) else ()):
            check((*setting, "columns", index), name)
        if (view := form.get((*setting, "view"))) is not None and view not in existing:
            form.fault((*setting, "view"), f"there is no view {view}; {_advise(view, existing)}")


def _check_sql(form: _Form, way: Location, connection: sqlite3.Connection) -> None:
    """Note what SQLite has against a question. That a function of the site is called as it should be is for the site to say."""
    sql = form.get(way)
    if not isinstance(sql, str):
        return
    if not QUESTION.match(sql):
        form.fault(way, f"{way[-1]} must be one SELECT; the database is only read")
    elif refusal := _refuse_sql(sql, connection):
        form.fault(way, f"SQLite refuses this: {refusal}; correct it")


def _refuse_sql(sql: str, connection: sqlite3.Connection) -> str | None:
    lacked: set[str] = set()
    while True:
        try:
            connection.execute(f"EXPLAIN {sql}", _AnyParameters())
        except (sqlite3.Error, sqlite3.Warning) as error:
            function = NO_FUNCTION.search(str(error))
            if not function or function[1] in lacked:
                return str(error)
            lacked.add(function[1])
            connection.create_function(function[1], -1, _stand_in)  # for one that the site registers
        else:
            return None


class _AnyParameters(dict[str, None]):
    """A value for whatever parameter a question asks a reader for."""

    def __missing__(self, name: str) -> None:
        return None


def _stand_in(*_: Any) -> None:
    return None


def columns_of(connection: sqlite3.Connection) -> dict[str, list[str]]:
    """Return the columns of each table and view, in the order of the names of these."""
    names: Iterator[tuple[str]] = connection.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY name")
    return {name: [column for (column,) in connection.execute("SELECT name FROM pragma_table_info(?)", (name,))] for (name,) in names}
