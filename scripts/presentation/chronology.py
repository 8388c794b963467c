"""Where the entries of a timeline stand, and under which heading: each under its own date, never under that of another.

`place_entry` takes a row of the view `timeline` and says where it stands. What a source dates stands at its date. What is known only to
lie within a stretch of days stands after all that is dated within the first of them, or, if only its end is known, within that day.
What no source dates stands at the bound that the order of the telling, or the day of publication, gives it, under a heading of its
own. `Period` reads what a reader asks for: from a year, month or day to another.
"""

from __future__ import annotations

import re
from calendar import day_name, monthrange
from collections.abc import Mapping
from datetime import UTC, date, timedelta
from typing import Any, NamedTuple

from leadership.when import DATE, HALF_STARTS, INSTANT, PARTS_OF_DAY, SEASON_STARTS

from .showing import MONTHS, PARTS, ZONES, local_time, say_day, say_month, say_year, show_when
from .speaking import is_chinese, say

PERIOD = re.compile(r"([12][0-9]{3})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12][0-9]|3[01]))?)?")
NO_HOUR = 24 * 60  # what has no hour comes after what has one of the same day
MOST_MONTHS_BY_DAY, MOST_MONTHS_BY_MONTH = 2, 24
WEEKDAYS_ZH = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
BY_YEAR, BY_MONTH, BY_DAY = 1, 2, 3
BEGINNINGS = ("16:00Z", "07:00Z", "08:00Z")  # of a day in Beijing, and in US Pacific in summer and in winter


class Place(NamedTuple):
    """Where an entry stands: `at` is (year, month, day), 0 where not known; `when` its date in words; `clock` the hour of a known day."""

    at: tuple[int, int, int] | None
    minute: int
    when: str
    clock: str
    doubt: str
    has_day: bool
    is_stated: bool


def place_entry(entry: Mapping[str, Any], zone: str) -> Place:
    """Return the place of a row of the timeline, on the clock of `zone` (pacific or beijing)."""
    if entry["when"] is None:
        return Place(_bound(entry, zone), NO_HOUR, "", "", "", has_day=False, is_stated=False)
    shown = show_when(entry["when"], zone)
    match = DATE.fullmatch(entry["when"])
    if match and match["day"] and not (match["about"] and not match["time"]):
        own = ZONES[zone].key
        is_clock = ":" in (match["time"] or "")
        if is_clock and match["zone"] not in (None, own):
            moment = local_time(_middle(entry) if match["about"] else entry["earliest"], zone)
            assert moment
            return _on_day((moment.year, moment.month, moment.day), f"{moment:%H:%M}", match["about"], "")
        if match["zone"] in (None, own):
            day = (int(match["year"]), int(match["month"]), int(match["day"]))
            return _on_day(day, match["time"] or "", match["about"], "" if match["zone"] == own else shown.doubt)
    if match and (not match["day"] or match["zone"] in (None, ZONES[zone].key)):
        month = int(match["month"] or 0)
        starts = SEASON_STARTS.get(month) or HALF_STARTS.get(month) or 0
        at = (int(match["year"]), 0 if starts else month, int(match["day"] or 0))
        return Place(at, starts, shown.label, "", shown.doubt, has_day=False, is_stated=True)
    stands_at = read_day(entry["day"]) if entry["day"] and zone == "pacific" else _bound(entry, zone)
    return Place(stands_at, NO_HOUR, shown.label, "", shown.doubt, has_day=False, is_stated=True)


def read_day(text: str) -> tuple[int, int, int]:
    """Return the parts of a plain day such as 2023-11-17."""
    day = date.fromisoformat(text)
    return day.year, day.month, day.day


def _on_day(at: tuple[int, int, int], time: str, about: str | None, doubt: str) -> Place:
    minute = NO_HOUR
    if ":" in time:
        minute = int(time[:2]) * 60 + int(time[3:])
    elif time in PARTS_OF_DAY:
        minute = sum(PARTS_OF_DAY[time]) * 30  # the middle: some hours of it are before, some after
    clock = (say("about ") if about else "") + say(PARTS.get(time, time))
    return Place(at, minute, say_day(*at), clock, doubt, has_day=True, is_stated=True)


def _middle(entry: Mapping[str, Any]) -> str:
    """Return the instant in the middle between the bounds of an entry, which "about" sets as far before as after it."""
    first, last = local_time(entry["earliest"]), local_time(entry["latest"])
    assert first
    assert last
    return (first + (last - first) / 2).astimezone(UTC).strftime(INSTANT)


def _bound(entry: Mapping[str, Any], zone: str) -> tuple[int, int, int] | None:
    """Return the day at which something stands that has only bounds: as its date is written, else by the clock of the zone."""
    ends = [DATE.fullmatch(end) for end in re.split(r"/(?![^\[]*\])", entry["when"] or "")]
    written = next((end for end in ends if end), None)
    if written and not written["zone"]:
        month = int(written["month"] or 0)
        return int(written["year"]), month if month <= len(MONTHS) else 0, int(written["day"] or 0)
    first, last = local_time(entry["earliest"], zone), local_time(entry["latest"], zone)
    moment = first or (last and last - timedelta(minutes=1))  # the end of a day is the beginning of the next
    return (moment.year, moment.month, moment.day) if moment else None


class Period(NamedTuple):
    """From when to when a reader asks: each end (year,), (year, month) or (year, month, day), () where open."""

    first: tuple[int, ...]
    last: tuple[int, ...]

    def holds(self, at: tuple[int, int, int] | None) -> bool:
        """Tell whether a place is within; a place without a month is not within part of a year."""
        if at is None:
            return not self.first and not self.last
        return at[: len(self.first)] >= self.first and at[: len(self.last)] <= self.last

    @property
    def step(self) -> int:
        """Return by what the entries are to be sectioned: BY_YEAR, BY_MONTH or BY_DAY."""
        if not self.first or not self.last:
            return BY_YEAR
        months = (
            (self.last[0] - self.first[0]) * 12 + (self.last[1] if self.last[1:] else 12) - (self.first[1] if self.first[1:] else 1) + 1
        )
        return BY_DAY if months <= MOST_MONTHS_BY_DAY else BY_MONTH if months <= MOST_MONTHS_BY_MONTH else BY_YEAR

    @property
    def is_one(self) -> bool:
        """Tell whether it is one year, month or day."""
        return bool(self.first) and self.first == self.last

    @property
    def words(self) -> str:
        """Say it in words, "" if it is open at both ends."""
        if self.is_one:
            return period_words(self.first)
        if self.first and self.last:
            return say("%(first)s to %(last)s", first=period_words(self.first), last=period_words(self.last))
        if self.first:
            return say("from %(day)s on", day=period_words(self.first))
        return say("up to %(day)s", day=period_words(self.last)) if self.last else ""


def read_period(text: str) -> tuple[int, ...]:
    """Read a year, month or day such as 2023, 2023-11 or 2023-11-17. Raises ValueError with a sentence."""
    match = PERIOD.fullmatch(text.strip())
    if not match:
        raise ValueError(say("“%(asked)s” is no year, month or day; write 2023, 2023-11 or 2023-11-17.", asked=text))
    period = tuple(int(part) for part in match.groups() if part)
    if len(period) == BY_DAY and period[2] > monthrange(period[0], period[1])[1]:
        raise ValueError(say("There is no day %(day)s.", day=text))
    return period


def write_period(period: tuple[int, ...]) -> str:
    """Return a year, month or day as `read_period` reads it."""
    return "-".join(f"{part:02}" for part in period)


def period_words(period: tuple[int, ...], *, long: bool = False) -> str:
    """Say a year, month or day in words; a long day has its day of the week."""
    if len(period) == BY_DAY:
        day, weekday = say_day(*period), date(*period).weekday()
        if is_chinese():
            return f"{day}（{WEEKDAYS_ZH[weekday]}）" if long else day
        return f"{day_name[weekday]}, {day}" if long else day
    return say_month(*period) if len(period) == BY_MONTH else say_year(period[0])


def short_words(period: tuple[int, ...]) -> str:
    """Say a year, month or day in one short word, for a list of such."""
    if len(period) == BY_MONTH:
        return f"{period[1]}月" if is_chinese() else MONTHS[period[1] - 1][:3]
    return str(period[-1])


def order(place: Place, step: int) -> tuple[Any, ...]:
    """Return the key by which entries stand in order: what is undated after the year or day of its bound, not within it; a stretch of
    days after all that has its first day for date."""
    at = place.at or (9999, 0, 0)
    is_stretch = not place.has_day and at[2] > 0
    cut = _cut(step)
    return (*at[:cut], not place.is_stated, *at[cut:], is_stretch, place.minute, place.clock or place.when)


def _cut(step: int) -> int:
    """Return after how many parts of the date what is undated follows: after its year where the sections are months, not after each."""
    return BY_YEAR if step == BY_MONTH else step


def section_of(place: Place, step: int) -> tuple[Any, ...]:
    """Return what an entry shares with all others of its section: whether a source dates it, and the year, month or day."""
    return (place.is_stated, *(place.at or ())[: step if place.is_stated else _cut(step)])


def section_words(section: tuple[Any, ...]) -> str:
    """Return the heading of a section; that of undated entries names no date."""
    is_stated, *at = section
    if not is_stated:
        return say("Undated, in the place that the telling gives it") if at else say("Undated, and nothing places it")
    known = tuple(at[: at.index(0)] if 0 in at else at)
    words = period_words(known, long=True)
    if known == tuple(at):
        return words
    return say("%(period)s, month not stated", period=words) if len(known) == 1 else say("%(period)s, day not stated", period=words)


def moment_words(place: Place, step: int, *, has_hours: bool) -> str:
    """Return what stands beside an entry: in the section of a day its hour, if any there has one; elsewhere its day or what is known."""
    if not place.is_stated:
        return ""
    if not place.has_day:
        return place.when
    if step == BY_DAY:
        return place.clock or (say("hour not stated") if has_hours else "")
    assert place.at
    return f"{place.at[1]}月{place.at[2]}日" if is_chinese() else f"{place.at[2]} {MONTHS[place.at[1] - 1]}"


def bound_words(instant: str, zone: str, *, is_end: bool) -> str:
    """Say a bound, a UTC instant, in words: its hour only where it is that of an event, not where a day begins or ends."""
    moment = local_time(instant, zone)
    assert moment
    if instant[11:] in BEGINNINGS:
        moment -= timedelta(minutes=is_end)
        return say_day(moment.year, moment.month, moment.day)
    day = say_day(moment.year, moment.month, moment.day)
    return f"{day} {moment:%H:%M}" if is_chinese() else f"{day}, {moment:%H:%M}"
