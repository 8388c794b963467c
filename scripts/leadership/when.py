"""Dates as sources give them: no finer than written, with the earliest and latest instant that they allow.

The notation is EDTF (ISO 8601-2) as far as it goes: `2020`, `2023-11`, `2023-11-17`, seasons `2024-21`…`24`, half-years
`2023-40` and `-41`, `~` for about, intervals with open ends. Three things are added, because news needs them and EDTF
lacks them: a clock (`T12:00`), a part of the day (`Tevening`) and a time zone in brackets, as RFC 9557 writes it.
A day whose zone is unknown may be a day in Beijing or in US Pacific, and its bounds reach from the one to the other; `[unknown]`
says that of a day in a sheet whose dates have a zone, and is not kept in the text of the date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from itertools import takewhile
from zoneinfo import ZoneInfo, available_timezones

INSTANT = "%Y-%m-%dT%H:%MZ"  # as tables write instants, for strptime and strftime
UNKNOWN_ZONE = "unknown"
EASTERNMOST = ZoneInfo("Asia/Shanghai")  # where the articles were published …
WESTERNMOST = ZoneInfo("America/Los_Angeles")  # … and where most of it happened
PARTS_OF_DAY = {"early_morning": (0, 6), "morning": (6, 12), "afternoon": (12, 18), "evening": (18, 24)}
SEASON_STARTS = {21: 3, 22: 6, 23: 9, 24: 12}  # meteorological, northern hemisphere
HALF_STARTS = {40: 1, 41: 7}

DATE = re.compile(
    r"(?P<year>[12][0-9]{3})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2})(?:T(?P<time>[0-9]{2}:[0-9]{2}|[a-z_]+))?)?)?"
    r"(?:\[(?P<zone>[A-Za-z0-9_/+-]+)\])?(?P<about>~)?"
)
END = r"((?:[^/\[\]]|\[[^\[\]]*\])+)"  # a slash within brackets belongs to the name of a zone
INTERVAL = re.compile(f"{END}/{END}")


@dataclass(frozen=True)
class When:
    """A date: `text` as published, `earliest` and `latest` as UTC instants (`2023-11-17T20:00Z`), None where open."""

    text: str
    earliest: str | None
    latest: str | None

    def contains(self, other: When) -> bool:
        """Tell whether every instant that `other` allows is allowed here too."""
        starts = self.earliest is None or (other.earliest is not None and self.earliest <= other.earliest)
        if self.latest is None or other.latest is None:
            return starts and self.latest is None
        if other.latest != self.latest:
            return starts and other.latest < self.latest
        return starts and (self.has_last_instant or not other.has_last_instant)

    @property
    def has_last_instant(self) -> bool:
        """Whether `latest` is allowed itself, as a clock time is; a period ends before it, where the next one begins."""
        last = _ends_of(self.text)[-1]
        return bool(last and ":" in (last["time"] or "") and not last["about"])

    @property
    def is_coarse(self) -> bool:
        """Whether an end of it is a month, a year or another period of the calendar that is longer than a day."""
        return any(end and not end["day"] for end in _ends_of(self.text))

    def bounds_in(self, zone: ZoneInfo) -> tuple[str | None, str | None]:
        """Return the bounds that it would have if each of its ends that names no zone were told in that one."""
        ends = _ends_of(self.text)
        (first, *_), (*_, last) = ends, ends
        earliest = _instant(_local_bounds(first)[0], zone) if first and not first["zone"] else self.earliest
        return earliest, _instant(_local_bounds(last)[1], zone, fold=1) if last and not last["zone"] else self.latest


@lru_cache(maxsize=65536)
def parse_when(text: str, zone: str = UNKNOWN_ZONE) -> When:
    """Read a date; `zone` applies to a day that names none. Raises ValueError with a sentence that says what is wrong."""
    ends = INTERVAL.fullmatch(text)
    if not ends:
        return _parse_single(text, zone)
    start, end = (None if end == ".." else _parse_single(end, zone) for end in ends.groups())
    if start is None and end is None:
        raise ValueError(f"{text} says nothing; give the interval at least one end")
    if start and end and is_after(start, end):
        raise ValueError(f"{text} ends before it starts; swap the two")
    shown = f"{start.text if start else '..'}/{end.text if end else '..'}"
    return When(shown, start.earliest if start else None, end.latest if end else None)


def _ends_of(text: str) -> list[re.Match[str] | None]:
    """Return the two ends of an interval, None for an open one; of a single date itself alone."""
    interval = INTERVAL.fullmatch(text)
    return [DATE.fullmatch(end) for end in (interval.groups() if interval else (text,))]


def is_after(start: When, end: When) -> bool:
    """Tell whether the start of an interval is later than its end: a year and a month of it may be the ends in either order."""
    return str(start.earliest) > str(end.earliest) and str(start.latest) > str(end.latest)


def _parse_single(text: str, zone: str) -> When:
    match = DATE.fullmatch(text)
    if not match:
        raise ValueError(f"{text} is not a date; write YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDTHH:MM[Zone], in quotes")
    zone = match["zone"] or (zone if match["day"] else UNKNOWN_ZONE)
    east, west = (EASTERNMOST, WESTERNMOST) if zone == UNKNOWN_ZONE else (read_zone(zone),) * 2
    try:
        first, last = _local_bounds(match)
        if east is west and first == last and not _exists(first, east):
            raise _SkippedError(text)
        earliest, latest = _instant(first, east), _instant(last, west, fold=1)
    except (ValueError, OverflowError) as error:
        reason = error.reason if isinstance(error, _NoneSuchError) else "there is no such day"
        raise ValueError(f"{text} is not a date: {reason}; look it up in the source") from None
    shown = text
    if match["zone"] == UNKNOWN_ZONE:
        shown = text.replace(f"[{UNKNOWN_ZONE}]", "")
    elif match["day"] and not match["zone"] and zone != UNKNOWN_ZONE:
        shown = f"{text.removesuffix('~')}[{zone}]{match['about'] or ''}"
    return When(shown, earliest, latest)


def read_zone(name: str) -> ZoneInfo:
    """Return the time zone of that name. Raises ValueError with a sentence that says what to write."""
    if name not in _zone_names():
        raise ValueError(f"{name} is not a time zone; write a name such as America/Los_Angeles")
    return ZoneInfo(name)


@cache
def _zone_names() -> set[str]:
    """Return the names of places, and UTC: what has no slash is old, as EST5EDT, or that of the machine, as localtime."""
    return {name for name in available_timezones() if "/" in name} | {"UTC"}


class _NoneSuchError(ValueError):
    reason = ""


class _UnknownPartError(_NoneSuchError):
    reason = "its clock time must name a part of the day"


class _NoClockError(_NoneSuchError):
    reason = "there is no such time of day"


class _NoMonthError(_NoneSuchError):
    reason = "there is no such month"


class _SkippedError(_NoneSuchError):
    reason = "the clocks of its zone skip that time, when summer time begins"


def _local_bounds(match: re.Match[str]) -> tuple[datetime, datetime]:
    """Return the first instant and the first instant after the period, on the local clock; a clock time is one instant."""
    year, month, day, time = int(match["year"]), match["month"], match["day"], match["time"]
    first, last = _calendar_bounds(year, int(month) if month else None, int(day) if day else None)
    if time and ":" in time:
        hour, minute = map(int, time.split(":"))
        if hour > 23 or minute > 59:
            raise _NoClockError(time)
        first = last = first.replace(hour=hour, minute=minute)
    elif time:
        if time not in PARTS_OF_DAY:
            raise _UnknownPartError(time)
        start, end = PARTS_OF_DAY[time]
        first, last = first + timedelta(hours=start), first + timedelta(hours=end)
    if match["about"]:
        # EDTF leaves open how wide "about" is; here it is one period of the same length either side.
        width = max(last - first, timedelta(minutes=30))
        first, last = first - width, last + width
    return first, last


def _calendar_bounds(year: int, month: int | None, day: int | None) -> tuple[datetime, datetime]:
    """Return the beginning of a year, month or day and that of the next; what is not given is None. Raises ValueError."""
    if month is not None and day is not None:
        _check_month(month)
        first = datetime(year, month, day)
        return first, first + timedelta(days=1)
    if month is None:
        start, months = 1, 12
    elif month in SEASON_STARTS:
        start, months = SEASON_STARTS[month], 3
    elif month in HALF_STARTS:
        start, months = HALF_STARTS[month], 6
    else:
        _check_month(month)
        start, months = month, 1
    first = datetime(year, start, 1)
    past, index = divmod(start - 1 + months, 12)
    return first, datetime(year + past, index + 1, 1)


def _check_month(month: int) -> None:
    if not 1 <= month <= 12:
        raise _NoMonthError(month)


def _instant(local: datetime, zone: ZoneInfo, fold: int = 0) -> str:
    """Return a local time as a UTC instant; of a time that comes twice, when summer time ends, the first or (`fold`) the second."""
    utc = local.replace(tzinfo=zone, fold=fold).astimezone(UTC).replace(tzinfo=None)
    return f"{utc.isoformat(timespec='minutes')}Z"


def _exists(local: datetime, zone: ZoneInfo) -> bool:
    """Tell whether the clocks of a zone ever show a local time."""
    return local.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) == local


def sure_part(text: str) -> str | None:
    """Return as much of year, month and day as a date leaves no doubt about, on its own calendar; None where not even the year is sure.

    The year of a season that is within one, of `2025-11~` too; None of winter, and of an interval with an open end.
    """
    ends = _ends_of(text)
    start, end = ends[0], ends[-1]
    if not start or not end:
        return None
    first, last = _local_bounds(start)[0], _local_bounds(end)[1]
    last = max(first, last - timedelta(minutes=1))
    same = takewhile(lambda pair: pair[0] == pair[1], zip(str(first.date()).split("-"), str(last.date()).split("-"), strict=True))
    return "-".join(part for part, _ in same) or None


def clock_of(text: str) -> str | None:
    """Return the clock of a date, or that at which its part of the day begins, as its words put it; None where it has neither.

    Of an interval that of its first end counts.
    """
    first = _ends_of(text)[0]
    time = first["time"] if first else None
    return f"{PARTS_OF_DAY[time][0]:02}:00" if time in PARTS_OF_DAY else time


FINE = ("minute", "part_of_day", "day")


@lru_cache(maxsize=65536)
def precision_of(when: When) -> str:
    """Return how precise a date is: a code of the list `precision`."""
    match = DATE.fullmatch(when.text)
    if not match:
        return "interval"
    if match["about"]:
        return "approximate"
    if match["time"]:
        return "minute" if ":" in match["time"] else "part_of_day"
    if match["day"]:
        return "day"
    month = int(match["month"]) if match["month"] else None
    return "year" if month is None else "season" if month in SEASON_STARTS else "half_year" if month in HALF_STARTS else "month"


@lru_cache(maxsize=65536)
def day_of(when: When) -> str | None:
    """Return the day to compute with (ISO, US Pacific) of a date that is precise to a day or finer, None of any other.

    A day whose zone is not known is taken as written; of a period that two Pacific days share, the one with more of it.
    """
    precision = precision_of(when)
    if precision not in (*FINE, "interval") or not (when.earliest and when.latest):
        return None
    match = DATE.fullmatch(when.text)
    if match and not match["zone"]:
        return when.text[:10]
    first, last = _read_instant(when.earliest), _read_instant(when.latest)
    if precision == "interval":
        within = first.astimezone(WESTERNMOST).date() == last.astimezone(WESTERNMOST).date()
        return str(first.astimezone(WESTERNMOST).date()) if within else None
    return str((first + (last - first) / 2).astimezone(WESTERNMOST).date())


def holding_bounds(when: When) -> tuple[str, str] | None:
    """Return from when to when somebody who is seen to hold a post at a date holds it for certain, None where it says nothing.

    A day is held whole; where its zone is not known, that is the part which the day shares in every zone. Of a longer
    period it is only known that the post was held at some time in it: then the first instant comes after the second, and
    what is certain lies between two such dates.
    """
    if not (when.earliest and when.latest):
        return None
    match = DATE.fullmatch(when.text)
    if not match or match["about"] or not match["day"]:
        return when.latest, when.earliest
    if match["zone"]:
        return when.earliest, when.latest
    first, last = _local_bounds(match)
    shared = _instant(first, WESTERNMOST), _instant(last, EASTERNMOST)
    return shared if shared[0] < shared[1] else (when.latest, when.earliest)


def minutes_of(instant: str | None, unknown: float) -> float:
    """Return a UTC instant as minutes since 1970, `unknown` for None."""
    return _read_instant(instant).timestamp() / 60 if instant else unknown


def _read_instant(text: str) -> datetime:
    return datetime.strptime(text, INSTANT).replace(tzinfo=UTC)
