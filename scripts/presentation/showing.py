"""Dates in words, for pages: as precise as the source, in the reader's zone, with the uncertainty said.

`show_when` takes a date in the notation of `when` and returns a short label and, where there is one, the doubt about it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from leadership.when import DATE, INSTANT, parse_when

from .speaking import N_, SPOKEN, is_chinese, say

ZONES = {"pacific": ZoneInfo("America/Los_Angeles"), "beijing": ZoneInfo("Asia/Shanghai")}
ZONE_NAMES = {"pacific": N_("US Pacific"), "beijing": N_("Beijing")}
PARTS = {"early_morning": N_("early morning"), "morning": N_("morning"), "afternoon": N_("afternoon"), "evening": N_("evening")}
SEASONS = {
    "21": N_("spring %(year)s"),
    "22": N_("summer %(year)s"),
    "23": N_("autumn %(year)s"),
    "24": N_("winter %(year)s"),
    "40": N_("first half of %(year)s"),
    "41": N_("second half of %(year)s"),
}
PART_OF_DAY = re.compile(r"((?:about )?)(\d{1,2} [A-Z][a-z]+ \d{4}), (" + "|".join(PARTS.values()) + ")")
HALF = re.compile(r"(?:about )?(?:first|second) half of ")
ENGLISH_ENDS = re.compile(r"(?P<day>\d{1,2} )?(?P<month>[A-Z][a-z]+ )(?P<year>\d{4})")
CHINESE_ENDS = re.compile(r"(?P<year>\d{4}年)(?P<month>\d{1,2}月)(?P<day>\d{1,2}日)?")
IS_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}Z")
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")


class Shown(NamedTuple):
    """A date for readers: `label` is short, `doubt` says what is not known about it ("" if nothing)."""

    label: str
    doubt: str


def show_when(text: str, zone: str = "pacific") -> Shown:
    """Return label and doubt of a date; clock times and days with a known zone are shown in `zone` (pacific or beijing).

    What is no date, such as a month 13 in the answer to a reader's own question, stays as it is.
    """
    return _show_when(text, zone, SPOKEN.get())


@lru_cache(maxsize=8192)
def _show_when(text: str, zone: str, language: str) -> Shown:
    try:
        parse_when(text)
    except ValueError:
        return Shown(text, "")
    if "/" in re.sub(r"\[[^\]]*\]", "", text):
        return _show_interval(text, zone)
    match = DATE.fullmatch(text)
    assert match
    about = say("about ") if match["about"] else ""
    if not match["day"]:
        month = match["month"]
        if month in SEASONS:
            return Shown(f"{about}{say(SEASONS[month], year=match['year'])}", "")
        return Shown(about + (say_month(int(match["year"]), int(month)) if month else say_year(match["year"])), "")
    day = say_day(int(match["year"]), int(match["month"]), int(match["day"]))
    if not match["zone"]:
        return Shown(
            about + (_within(day, match["time"]) if match["time"] in PARTS else day), say("zone not stated: may be a day either side")
        )
    if match["zone"] == ZONES[zone].key and ":" not in (match["time"] or ""):
        return Shown(about + (_within(day, match["time"]) if match["time"] else day), "")
    return _show_instants(text, zone, about)


def say_year(year: str | int) -> str:
    """Say a year."""
    return f"{year}年" if is_chinese() else f"{year}"


def say_month(year: int, month: int) -> str:
    """Say a month: November 2023, 2023年11月."""
    return f"{year}年{month}月" if is_chinese() else f"{MONTHS[month - 1]} {year}"


def say_day(year: int, month: int, day: int) -> str:
    """Say a day: 17 November 2023, 2023年11月17日."""
    return f"{year}年{month}月{day}日" if is_chinese() else f"{day} {MONTHS[month - 1]} {year}"


def _within(day: str, part: str) -> str:
    return f"{day}{say(PARTS[part])}" if is_chinese() else f"{day}, {PARTS[part]}"


def _show_instants(text: str, zone: str, about: str) -> Shown:
    """Show a date by its bounds, converted to the zone: one clock time, or from when to when."""
    when = parse_when(text)
    first, last = (local_time(instant, zone) for instant in (when.earliest, when.latest))
    assert first
    assert last
    if about and last - first <= timedelta(hours=1):  # about a clock time, which stands in the middle of the bounds that it is given
        first = last = first + (last - first) / 2
    if first == last:
        return Shown(about + _moment(first), "")
    end = f"{last:%H:%M}" if last.date() == first.date() else _moment(last)
    doubt = say("a day or part of it, seen from %(place)s", place=say(ZONE_NAMES[zone]))
    return Shown(about + say("%(first)s to %(last)s", first=_moment(first), last=end), doubt)


def _show_interval(text: str, zone: str) -> Shown:
    start, end = re.split(r"/(?![^\[]*\])", text, maxsplit=1)
    if start == "..":
        return Shown(say("by %(day)s", day=_bound(end, zone, is_end=True)), say("no earlier bound is known"))
    if end == "..":
        return Shown(say("not before %(day)s", day=_bound(start, zone, is_end=False)), say("no later bound is known"))
    first, last = _once(amid(show_when(start, zone).label), amid(show_when(end, zone).label))
    return Shown(say("between %(first)s and %(last)s", first=first, last=last), say("only the bounds are known"))


def _bound(text: str, zone: str, *, is_end: bool) -> str:
    """Return the label of the one known end of an interval; of a day of another zone that is the instant at which it ends or begins."""
    match = DATE.fullmatch(text)
    if not match or not match["day"] or not match["zone"] or match["about"] or match["zone"] == ZONES[zone].key:
        return show_when(text, zone).label
    when = parse_when(text)
    instant = local_time(when.latest if is_end else when.earliest, zone)
    assert instant
    return _moment(instant)


def amid(label: str) -> str:
    """Return the label of a date for the midst of a sentence: “the evening of 19 November 2023”, “the second half of 2017”."""
    if is_chinese():
        return label
    return f"the {label}" if HALF.match(label) else PART_OF_DAY.sub(r"\1the \3 of \2", label)


def start_in_words(text: str) -> str:
    """Say a date of the dataset behind “since”, “from” or “began”: “the evening of 21 November 2023”, “January 2026 or earlier”."""
    return _bounded(text, N_("%(day)s or earlier"))


def end_in_words(text: str) -> str:
    """Say a date of the dataset behind “to”, “until” or “ended”: “29 March 2024 at the latest”."""
    return _bounded(text, N_("%(day)s at the latest"))


def _bounded(text: str, latest: str) -> str:
    """Say a date that stands behind a preposition or a verb, so that one of which only a bound is known has no preposition of its own."""
    if "/" not in re.sub(r"\[[^\]]*\]", "", text):  # that of a zone's name is none
        return amid(in_words(text))
    if text.startswith("../"):
        return say(latest, day=amid(_bound(text.removeprefix("../"), "pacific", is_end=True)))
    if text.endswith("/.."):
        return say("%(day)s at the earliest", day=amid(_bound(text.removesuffix("/.."), "pacific", is_end=False)))
    label = in_words(text)
    return f"some time {label}" if label.startswith("between ") else label


def _once(first: str, last: str) -> tuple[str, str]:
    """Return the ends of an interval, what both have of month and year said once: “16” and “23 August 2026”."""
    form = CHINESE_ENDS if is_chinese() else ENGLISH_ENDS
    begins, ends = form.fullmatch(first), form.fullmatch(last)
    if not begins or not ends or begins["year"] != ends["year"] or bool(begins["day"]) != bool(ends["day"]):
        return first, last
    same_month = begins["month"] == ends["month"] and begins["day"]
    if is_chinese():
        return first, (ends["day"] if same_month else f"{ends['month']}{ends['day'] or ''}")
    return (begins["day"] or "").strip() if same_month else first.removesuffix(f" {begins['year']}"), last


def local_time(instant: str | None, zone: str = "pacific") -> datetime | None:
    """Return a UTC instant (`2023-11-17T20:00Z`) as local time of the zone, None for None."""
    if not instant:
        return None
    return datetime.strptime(instant, INSTANT).replace(tzinfo=UTC).astimezone(ZONES[zone])


def year_of_exit(row: Mapping[str, Any]) -> tuple[int | None, bool]:
    """Return the year of an exit, else of its announcement, and whether it is known; otherwise only that it was over by then."""
    if row["year"]:
        return int(row["year"]), True
    earliest, until, last = (local_time(row[name]) for name in ("announced_earliest", "announced_latest", "effective_latest"))
    if earliest and until and earliest.year == (until - timedelta(minutes=1)).year:
        return earliest.year, True
    last = last or until
    return ((last - timedelta(minutes=1)).year if last else None), False


def in_words(text: str) -> str:
    """Say a date in the notation of `when`, or a UTC instant, in plain words, US Pacific; what is neither stays as it is."""
    if not IS_INSTANT.fullmatch(text):
        return show_when(text).label
    moment = local_time(text)
    return _moment(moment) if moment else text


def hours_between(first: str, last: str) -> float:
    """Return the hours from one UTC instant to another."""
    begin, end = (datetime.strptime(instant, INSTANT) for instant in (first, last))
    return (end - begin) / timedelta(hours=1)


def _moment(moment: datetime) -> str:
    day = say_day(moment.year, moment.month, moment.day)
    return f"{day} {moment:%H:%M}" if is_chinese() else f"{day}, {moment:%H:%M}"
