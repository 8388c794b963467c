"""Feeds out of any query with the right columns: .atom by datasette-atom, .ics written here.

Atom: columns as datasette-atom asks for them. A link may be a path of this site: readers get the absolute address. A column
atom_feed_title names the feed, where it is about what is asked for. What is no feed (a date that is none, no rows) is answered
with a sentence.

Calendar: columns event_name and event_dtstart, and if wanted event_dtend, event_description, event_uid, event_dtstamp (of the
state of the data; iCalendar demands one) and event_path (a path of this site). A date without a clock is a whole day; its end
is the first day after it. With a clock it is an instant in UTC.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any
from xml.sax.saxutils import escape

from datasette import Response, hookimpl
from datasette.views.base import DatasetteError
from datasette_atom import can_render_atom, render_atom
from presentation.rows import NAME

ATOM_TYPE, ICS_TYPE = "application/atom+xml; charset=utf-8", "text/calendar; charset=utf-8"
CALENDAR_COLUMNS = {"event_name", "event_dtstart"}
DAY = re.compile(r"\d{4}-\d\d-\d\d")
FEED_TITLE = re.compile(r"(<title>)(.*?)(</title>)", re.S)
LONGEST_LINE = 75  # octets, by RFC 5545
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
PRODUCT = f"-//{NAME}//Calendar//EN"
UID_SCOPE = "openai-leadership-changes"  # not the host: an entry stays the same entry wherever it is served


@hookimpl(trylast=True)  # after datasette-atom, so that this one stays
def register_output_renderer() -> list[Any]:
    """Offer .atom and .ics wherever the columns are there."""
    return [
        {"extension": "atom", "render": atom, "can_render": can_render_atom},
        {"extension": "ics", "render": calendar, "can_render": lambda columns: CALENDAR_COLUMNS.issubset(columns)},
    ]


def atom(
    datasette: Any, request: Any, sql: str, columns: Any, rows: Any, database: str, table: str, query_name: Any, view_name: str, data: Any
) -> Any:
    """Return the rows as an Atom feed, with absolute links."""
    entries = [dict(row) for row in rows]
    for entry in entries:
        if entry.get("atom_link"):
            entry["atom_link"] = datasette.absolute_url(request, _prefixed(datasette, entry["atom_link"]))
    if not entries and can_render_atom(columns):
        raise DatasetteError("A feed needs at least one row.", status=400)
    try:
        response = render_atom(datasette, request, sql, columns, entries, database, table, query_name, view_name, data)
    except (TypeError, ValueError) as error:
        message = f"These rows make no feed: {error}. The column atom_updated must hold a date with a time and a zone."
        raise DatasetteError(message, status=400) from None
    body = response.body if isinstance(response.body, str) else response.body.decode("utf-8")
    if title := entries[0].get("atom_feed_title"):  # the first title of a feed is its own
        body = FEED_TITLE.sub(lambda found: f"{found[1]}{escape(str(title))}{found[3]}", body, count=1)
    return Response(body, response.status, response.headers, ATOM_TYPE)


def _prefixed(datasette: Any, link: Any) -> Any:
    """Return a link; a path of this site as it is called from outside, where the site stands below another path."""
    return datasette.urls.path(link) if link.startswith("/") else link


def calendar(datasette: Any, request: Any, columns: Any, rows: Any, database: str, query_name: Any) -> Any:
    """Return the rows as an iCalendar file."""
    if not CALENDAR_COLUMNS.issubset(columns):
        raise DatasetteError(f"A calendar needs the columns {' and '.join(sorted(CALENDAR_COLUMNS))}.", status=400)
    queries = datasette.metadata("queries", database=database) or {}
    title = (queries.get(query_name) or {}).get("title") or "Calendar"
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH", f"X-WR-CALNAME:{_text(title)}"]
    for number, row in enumerate(rows):
        try:
            lines += _event(dict(row), number, lambda path: datasette.absolute_url(request, _prefixed(datasette, path)))
        except ValueError as error:
            raise DatasetteError(f"Row {number + 1} makes no calendar entry: {error}", status=400) from None
    lines.append("END:VCALENDAR")
    return Response("".join(_fold(line) + "\r\n" for line in lines), content_type=ICS_TYPE)


def _event(row: dict[str, Any], number: Any, absolute: Any) -> list[Any]:
    """Return the lines of one entry."""
    uid = row.get("event_uid") or f"{number}-{row['event_dtstart']}"
    stamp = row.get("event_dtstamp") or row["event_dtstart"]
    start, end = row["event_dtstart"], row.get("event_dtend")
    if end and bool(DAY.fullmatch(str(start))) != bool(DAY.fullmatch(str(end))):
        raise ValueError("its start and its end are not both days or both instants")
    lines = ["BEGIN:VEVENT", f"UID:{_text(uid)}@{UID_SCOPE}", f"DTSTAMP:{_instant(stamp)}", f"DTSTART{_moment(start)}"]
    if end and end != start:
        lines.append(f"DTEND{_moment(end)}")
    lines += [f"SUMMARY:{_text(row['event_name'])}", "TRANSP:TRANSPARENT"]
    if row.get("event_description"):
        lines.append(f"DESCRIPTION:{_text(row['event_description'])}")
    if row.get("event_path"):
        lines.append(f"URL:{absolute(str(row['event_path']))}")
    return [*lines, "END:VEVENT"]


def _moment(value: Any) -> str:
    """Return the part after the property's name: a day as a day, an instant in UTC."""
    value = str(value)
    return f";VALUE=DATE:{date.fromisoformat(value):%Y%m%d}" if DAY.fullmatch(value) else f":{_instant(value)}"


def _instant(value: Any) -> str:
    moment = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    return f"{moment.astimezone(UTC) if moment.tzinfo else moment:%Y%m%dT%H%M%SZ}"


def _text(value: Any) -> Any:
    """Escape a text as iCalendar asks for it."""
    escaped = CONTROL.sub(" ", str(value).replace("\r\n", "\n").replace("\r", "\n"))
    return escaped.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _fold(line: Any) -> str:
    """Break a line so that no part is longer than 75 octets, never within a character."""
    parts, part, size = [], "", 0
    for sign in line:
        octets = len(sign.encode("utf-8", "replace"))
        if size + octets > LONGEST_LINE:
            parts.append(part)
            part, size = " ", 1
        part += sign
        size += octets
    return "\r\n".join([*parts, part])
