"""Dates in words, for pages: as precise as the source, in the reader's zone, with the uncertainty said.

`show_when` takes a date in the notation of `when` and returns a short label and, where there is one, the doubt about it.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from .when import DATE, parse_when

ZONES = {"pacific": ZoneInfo("America/Los_Angeles"), "beijing": ZoneInfo("Asia/Shanghai")}
ZONE_NAMES = {"pacific": "US Pacific", "beijing": "Beijing"}
PARTS = {"early_morning": "early morning", "morning": "morning", "afternoon": "afternoon", "evening": "evening"}
SEASONS = {"21": "spring", "22": "summer", "23": "autumn", "24": "winter", "40": "first half of", "41": "second half of"}
INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}Z")
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")


class Shown(NamedTuple):
    """A date for readers: `label` is short, `doubt` says what is not known about it ("" if nothing)."""

    label: str
    doubt: str


@lru_cache(maxsize=4096)
def show_when(text: str, zone: str = "pacific") -> Shown:
    """Return label and doubt of a date; clock times and days with a known zone are shown in `zone` (pacific or beijing)."""
    if "/" in re.sub(r"\[[^\]]*\]", "", text):
        return _show_interval(text, zone)
    match = DATE.fullmatch(text)
    if not match:
        return Shown(text, "")
    about = "about " if match["about"] else ""
    if not match["day"]:
        month = match["month"]
        if month in SEASONS:
            return Shown(f"{about}{SEASONS[month]} {match['year']}", "")
        return Shown(f"{about}{MONTHS[int(month) - 1]} {match['year']}" if month else f"{about}{match['year']}", "")
    day = f"{int(match['day'])} {MONTHS[int(match['month']) - 1]} {match['year']}"
    if not match["zone"]:
        part = f", {PARTS[match['time']]}" if match["time"] in PARTS else ""
        return Shown(f"{about}{day}{part}", "zone not stated: may be a day either side")
    if match["zone"] == ZONES[zone].key and ":" not in (match["time"] or ""):
        part = f", {PARTS[match['time']]}" if match["time"] else ""
        return Shown(f"{about}{day}{part}", "")
    return _show_instants(text, zone, about)


def _show_instants(text: str, zone: str, about: str) -> Shown:
    """Show a date by its bounds, converted to the zone: one clock time, or from when to when."""
    when = parse_when(text)
    first, last = (local_time(instant, zone) for instant in (when.earliest, when.latest))
    assert first
    assert last
    if first == last:
        return Shown(f"{about}{_day(first)}, {first:%H:%M}", "")
    end = f"{_day(last)}, " if last.date() != first.date() else ""
    return Shown(f"{about}{_day(first)}, {first:%H:%M} to {end}{last:%H:%M}", f"a day or part of it, seen from {ZONE_NAMES[zone]}")


def _show_interval(text: str, zone: str) -> Shown:
    start, end = re.split(r"/(?![^\[]*\])", text, maxsplit=1)
    if start == "..":
        return Shown(f"by {show_when(end, zone).label}", "no earlier bound is known")
    if end == "..":
        return Shown(f"not before {show_when(start, zone).label}", "no later bound is known")
    return Shown(f"between {show_when(start, zone).label} and {show_when(end, zone).label}", "only the bounds are known")


def local_time(instant: str | None, zone: str = "pacific") -> datetime | None:
    """Return a UTC instant (`2023-11-17T20:00Z`) as local time of the zone, None for None."""
    if not instant:
        return None
    return datetime.strptime(instant, "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC).astimezone(ZONES[zone])


def in_words(text: str) -> str:
    """Say a date in the notation of `when`, or a UTC instant, in plain words, US Pacific; what is neither stays as it is."""
    if not INSTANT.fullmatch(text):
        return show_when(text).label
    moment = local_time(text)
    return f"{_day(moment)}, {moment:%H:%M}" if moment else text


def hours_between(first: str, last: str) -> float:
    """Return the hours from one UTC instant to another."""
    begin, end = (datetime.strptime(instant, "%Y-%m-%dT%H:%MZ") for instant in (first, last))
    return (end - begin) / timedelta(hours=1)


def _day(moment: datetime) -> str:
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"
