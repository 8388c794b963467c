"""Cells as readers want them: dates in words, ids as links, lists of sources by their titles. JSON and CSV stay as they are."""

import json
import re

from datasette import hookimpl
from leadership.showing import show_when
from markupsafe import Markup, escape

DATABASE = "leadership"
DATES = frozenset(
    (
        "started",
        "ended",
        "announced",
        "effective",
        "planned_return",
        "said",
        "as_of",
        "founded",
        "published",
        "first_reported",
        "last_reported",
        "when",
        "held_on",
    )
)
# Columns of views and questions that hold the id of a row; in tables Datasette links foreign keys itself.
IDS = frozenset(
    (
        "subject_id",
        "row_id",
        "person_id",
        "tenure_id",
        "departure_id",
        "post_id",
        "statement_id",
        "claim_id",
        "decision_id",
        "passage_id",
    )
)
# In tables, ids that are no foreign keys: they may be of several tables, or withdrawn.
LOOSE_IDS = frozenset((("redirects", "to_id"), ("changes", "row_id")))
SOURCE_LISTS = frozenset(("sources", "through"))
IS_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
IS_DATE = re.compile(r"(?:\.\./)?[12][0-9]{3}[-0-9T:a-zA-Z_\[\]/.~+]*")


@hookimpl
def render_cell(row, value, column, table, database, datasette):
    """Show one cell; None leaves it to Datasette."""
    if database != DATABASE or value is None or table in ("statements", "build_info"):
        return None
    if column == "line" and isinstance(value, int):
        return _line(row, value, datasette)
    if not isinstance(value, str):
        return None
    if column in DATES:
        return _dates(value)
    if column in SOURCE_LISTS:
        return _sources(value, datasette)
    if IS_ID.fullmatch(value) and ((table, column) in LOOSE_IDS or (column in IDS and (table is None or not _is_table(table)))):
        return Markup('<a href="{}">{}</a>').format(datasette.urls.path(f"/id/{value}"), value)
    if value.startswith('["'):
        return _words(value)
    return None


def _is_table(name):
    """Tell whether Datasette links the ids of this table itself, being a table and not a view."""
    return name not in ("timeline", "who_left", "tenures_flat", "board_by_date", "founders_now", "claims_flat", "disagreements", "evidence")


def _line(row, line, datasette):
    """Link a line of a source to everything that is said there."""
    try:
        source = row["source_id"]
    except (IndexError, KeyError):
        return None
    if not isinstance(source, str):
        return None
    return Markup('<a href="{}?source={}&amp;line={}">{}</a>').format(datasette.urls.path(f"/{DATABASE}/line"), source, line, line)


def _dates(value):
    """Show a date, or a JSON list of dates, in words; the notation of the dataset stays as its title."""
    dates = _list(value) or ([value] if IS_DATE.fullmatch(value) else [])
    if not dates:
        return None
    shown = [(date, show_when(date)) for date in dates if isinstance(date, str)]
    return Markup(", ").join(
        Markup('<span title="{}{}">{}</span>').format(date, f" ({when.doubt})" if when.doubt else "", when.label) for date, when in shown
    )


def _sources(value, datasette):
    """Show a list of sources as links to their rows."""
    ids = _list(value) or value.split(",")
    if not all(isinstance(source, str) and IS_ID.fullmatch(source) for source in ids):
        return None
    return Markup("<br>").join(Markup('<a href="{}">{}</a>').format(datasette.urls.path(f"/{DATABASE}/sources/{s}"), s) for s in ids)


def _words(value):
    """Show a JSON list of codes or names as words."""
    items = _list(value)
    return escape(", ".join(str(item).replace("_", " ") for item in items)) if items else None


def _list(value):
    try:
        items = json.loads(value) if value.startswith("[") else None
    except ValueError:
        return None
    return items if isinstance(items, list) else None
