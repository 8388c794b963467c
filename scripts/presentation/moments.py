"""Dates as readers write them in a question: "20 Nov 2023", "2023-11-20 12:00 PST", "2023年11月20日下午3点", or as the tables have them.

A day or a clock without a zone is one of US Pacific. What is not wholly understood is no date: nothing is guessed, so `11/12/2023`
and `CST`, which mean different things to different people, are none; `20/11/2023` can be but one day. "Today" and "now" are no dates
either: what they mean is for whoever asks (`says_now`), and for the site the last day that the record covers.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from leadership.folding import normalize, simplify
from leadership.when import INSTANT, PARTS_OF_DAY, When, is_after, parse_when, read_zone

PACIFIC, EASTERN, BEIJING = "America/Los_Angeles", "America/New_York", "Asia/Shanghai"
LONGEST = 100  # characters of a date
MONTHS = {name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}  # noqa: SIM905
MONTH = "(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
MONTH_END = r"(?:[a-z]*)\.?"
DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
YEAR = r"(?P<year>[12]\d{3})"
# Chinese writes no space between a date and what stands before and behind it.
STARTS, STOPS = r"(?<![a-z\d_])", r"(?![a-z\d_])"
DATES = tuple(
    re.compile(form)
    for form in (
        rf"{STARTS}{YEAR}([-/.])(?P<month>\d{{1,2}})\2(?P<day>\d{{1,2}})(?:t(?=\d)|{STOPS})",
        rf"\b{YEAR}(?P<month>\d{{2}})(?P<day>\d{{2}})(?:t(?=\d)|\b)",
        rf"{STARTS}{YEAR} ?年 ?(?P<month>\d{{1,2}}) ?月 ?(?P<day>\d{{1,2}}) ?[日号]",
        rf"\b(?P<one>\d{{1,2}})([-/.])(?P<other>\d{{1,2}})\2{YEAR}\b",
        rf"\b{DAY}(?: of)? {MONTH}{MONTH_END},? {YEAR}\b",
        rf"\b{MONTH}{MONTH_END} {DAY},? {YEAR}\b",
        rf"{STARTS}{YEAR} ?年 ?(?P<month>\d{{1,2}}) ?月",
        rf"\b{MONTH}{MONTH_END},? {YEAR}\b",
        rf"{STARTS}{YEAR}-(?P<month>\d{{2}}){STOPS}",
        rf"{STARTS}{YEAR}(?: ?年|{STOPS})",
    )
)
# Of these two numbers one is the day and one the month; which is which differs from country to country.
EITHER_WAY = re.compile(r"(?<![\d/.-])(\d{1,2})([-/.])(\d{1,2})\2[12]\d{3}(?!\d)")
MONTHS_OF_YEAR = 12
NOW = frozenset(("today", "now", "今天", "今日", "现在", "目前"))
MONTH_NAMES = re.compile(
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.?"
)
WEEKDAY = re.compile(r"\b(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?\b\.?,?|(?:星期|周|礼拜)[一二三四五六日天]")

# What a zone is called, with its name and, where the letters say which of two clocks is meant, the hours from UTC.
ZONES: dict[str, tuple[str, int | None]] = {
    "us pacific": (PACIFIC, None),
    "pacific": (PACIFIC, None),
    "pt": (PACIFIC, None),
    "pst": (PACIFIC, -8),
    "pdt": (PACIFIC, -7),
    "太平洋": (PACIFIC, None),
    "us eastern": (EASTERN, None),
    "eastern": (EASTERN, None),
    "et": (EASTERN, None),
    "est": (EASTERN, -5),
    "edt": (EASTERN, -4),
    "beijing": (BEIJING, None),
    "北京": (BEIJING, None),
    "utc": ("UTC", None),
    "gmt": ("UTC", None),
    "z": ("UTC", None),
}
OFFSET = re.compile(r"(?:\b(?:utc|gmt) ?|(?<=\d) ?|(?<=[ap]m) ?)(?P<sign>[+-])(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?(?![\d:])")
BRACKETS = re.compile(r"\[([A-Za-z0-9_/+-]+)\]")
REGION = re.compile(r"\b[A-Z][A-Za-z_]+/[A-Z][A-Za-z_/-]+\b")
ZONE = re.compile(rf"(?<![a-z])(?:{'|'.join(sorted(ZONES, key=len, reverse=True))})(?: ?(?:time|时间))?(?![a-z])")

CLOCKS = (
    re.compile(r"(?<![\d:])(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::\d{2}(?:\.\d+)?)?(?: ?(?P<half>[ap])\.?m\b\.?)?(?!:?\d)"),
    re.compile(r"(?<![\d:])(?P<hour>\d{1,2}) ?(?P<half>[ap])\.?m\b\.?"),
    re.compile(
        r"(?P<part>凌晨|早上|上午|中午|下午|晚上|晚)? ?(?<!\d)(?P<hour>\d{1,2}) ?[点时](?:(?P<minute>\d{1,2}) ?分|(?P<thirty>半)|整)?"
    ),
)
NAMED_CLOCKS = {"noon": "12:00", "midday": "12:00", "midnight": "00:00", "正午": "12:00", "中午": "12:00", "午夜": "00:00"}
PARTS = {
    **{part.replace("_", " "): part for part in PARTS_OF_DAY},
    "凌晨": "early_morning",
    "早上": "morning",
    "上午": "morning",
    "下午": "afternoon",
    "晚上": "evening",
}
AFTERNOON = {"下午", "晚上", "晚"}
FILLERS = re.compile(r"\b(?:on|at|in|the|of|in the)\b|[,，、的]")
BETWEEN = re.compile(r" (?:to|until|till|through) | ?[至到] ?| – |–(?=\d{4})")


@lru_cache(maxsize=1024)
def read_moment(text: str) -> When | None:
    """Return the date that a reader wrote, None if it is none. Bounds are those of the tables, so a day ends where the next begins."""
    written = " ".join(normalize(text).split())
    if not written or len(written) > LONGEST:
        return None
    try:
        return parse_when(written, PACIFIC)  # as the tables have it
    except ValueError:
        pass
    ends = BETWEEN.split(written)
    if len(ends) == 2:
        first, last = (read_moment(end) for end in ends)
        if not first or not last or None in (first.earliest, first.latest, last.earliest, last.latest) or is_after(first, last):
            return None
        return When(f"{first.text}/{last.text}", first.earliest, last.latest)
    try:
        return _read_parts(written)
    except (ValueError, OverflowError):
        return None


def _read_parts(written: str) -> When | None:
    """Take day, clock and zone out of a text; if anything else is left, it is no date. Raises ValueError for what there is not."""
    zone, hours, rest = _take_zone(written)
    rest = simplify(rest.lower())
    day, rest = _take_date(rest)
    if not day:
        return None
    clock, rest = _take_clock(WEEKDAY.sub(" ", rest))
    if FILLERS.sub(" ", rest).strip() or (clock and day.count("-") < 2):
        return None
    notation = f"{day}T{clock}" if clock else day
    if hours is None:
        return parse_when(f"{notation}[{zone}]" if day.count("-") == 2 and zone else notation, PACIFIC)
    return _shift(parse_when(f"{notation}[UTC]", PACIFIC), hours, zone, notation) if day.count("-") == 2 else None


def _shift(there: When, hours: float, zone: str, notation: str) -> When:
    """Return the instants of a clock that is so many hours from UTC; if its zone has another one on that day, those of the zone.

    In summer many write PST for the clock on the wall of California.
    """
    earliest, latest = (datetime.strptime(str(end), INSTANT) - timedelta(hours=hours) for end in (there.earliest, there.latest))
    if zone and earliest.replace(tzinfo=UTC).astimezone(read_zone(zone)).utcoffset() != timedelta(hours=hours):
        return parse_when(f"{notation}[{zone}]")
    return When(there.text, earliest.strftime(INSTANT), latest.strftime(INSTANT))


def _take_zone(text: str) -> tuple[str, float | None, str]:
    """Return the name of the zone, hours from UTC if the text gives them, and the text without either."""
    for form in (BRACKETS, REGION):
        if found := form.search(text):
            name = found[1] if form is BRACKETS else found[0]
            read_zone(name)
            return name, None, text[: found.start()] + " " + text[found.end() :]
    lower = text.lower()
    if found := next((sign for sign in OFFSET.finditer(lower) if _is_after_clock(lower[: sign.start()], sign[0])), None):
        hours = int(found["hours"]) + int(found["minutes"] or 0) / 60
        if hours > 14 or int(found["minutes"] or 0) > 59:
            raise ValueError(f"{found[0]} is no zone; the farthest is 14 hours away")
        return "", -hours if found["sign"] == "-" else hours, lower[: found.start()] + " " + lower[found.end() :]
    if found := ZONE.search(simplify(lower)):
        name, hours_given = ZONES[re.sub(r" ?(?:time|时间)$", "", found[0])]
        return name, hours_given, lower[: found.start()] + " " + lower[found.end() :]
    return "", None, text


def _is_after_clock(before: str, sign: str) -> bool:
    """Tell whether a signed number is a zone and not a part of a date: it names UTC, or a clock stands before it."""
    return "utc" in sign or "gmt" in sign or bool(re.search(r"\d:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[ap]\.?m\.?)? ?$|\d ?[ap]m ?$", before))


def _take_date(text: str) -> tuple[str, str]:
    """Return the day, month or year in a text as YYYY-MM-DD, YYYY-MM or YYYY, "" if there is none, and the text without it."""
    for form in DATES:
        found = form.search(text)
        if not found:
            continue
        parts = found.groupdict()
        month, day = _tell_apart(parts["one"], parts["other"]) if "one" in parts else (parts.get("month"), parts.get("day"))
        if month and not month.isdigit():
            if not MONTH_NAMES.fullmatch(re.search(r"[a-z]+\.?", text[found.start("month") :])[0]):  # type: ignore[index]
                return "", text
            month = str(MONTHS[month])
        pieces = [parts["year"], *(f"{int(part):02}" for part in (month, day) if part)]
        return "-".join(pieces), text[: found.start()] + " " + text[found.end() :]
    return "", text


def _tell_apart(one: str, other: str) -> tuple[str, str]:
    """Return which of two numbers is the month and which the day. Raises ValueError where it may be either way."""
    if int(one) == int(other) or int(other) > MONTHS_OF_YEAR:
        return one, other
    if int(one) > MONTHS_OF_YEAR:
        return other, one
    raise ValueError(f"{one} and {other}: either may be the month")


def is_ambiguous(text: str) -> bool:
    """Tell whether a text has a date of which day and month may each be the other, such as 11/12/2023."""
    found = EITHER_WAY.search(normalize(text))
    return found is not None and int(found[1]) != int(found[3]) and max(int(found[1]), int(found[3])) <= MONTHS_OF_YEAR


def says_now(text: str) -> bool:
    """Tell whether a text says "today" or "now" and nothing else."""
    return simplify(normalize(text)).strip().lower() in NOW


def unless_now(text: Any) -> Any:
    """Return a date as it was written, without spaces around it; None for nothing, and for what says today or now."""
    if not isinstance(text, str):
        return text
    return None if not text.strip() or says_now(text) else text.strip()


def _take_clock(text: str) -> tuple[str, str]:
    """Return the clock time or part of the day in a text, "" if it has none, and the text without it."""
    for form in CLOCKS:
        if not (found := form.search(text)):
            continue
        parts = found.groupdict()
        hour, minute = int(parts["hour"]), 30 if parts.get("thirty") else int(parts.get("minute") or 0)
        if parts.get("half"):
            if not 1 <= hour <= 12:
                raise ValueError(f"{found[0]} is no clock time; write 1 to 12 before am and pm")
            hour = hour % 12 + (12 if parts["half"] == "p" else 0)
        elif (parts.get("part") in AFTERNOON and 1 <= hour < 12) or (parts.get("part") == "中午" and hour < 3):
            hour += 12
        return f"{hour:02}:{minute:02}", text[: found.start()] + " " + text[found.end() :]
    for names in (NAMED_CLOCKS, PARTS):
        for name, value in names.items():
            if found := re.search(rf"\b{name}\b" if name.isascii() else name, text):
                return value, text[: found.start()] + " " + text[found.end() :]
    return "", text


def instant_from(text: object) -> str | None:
    """Return the earliest UTC instant that a date allows, as the tables write it; None for what is no date or is open to the past."""
    moment = read_any(text)
    return moment.earliest if moment else None


def instant_to(text: object) -> str | None:
    """Return the latest UTC instant that a date allows; None for what is no date or is open to the future."""
    moment = read_any(text)
    return moment.latest if moment else None


def read_any(text: object) -> When | None:
    """Return the date that anything is, None if it is none; what is too long is refused before it is kept as a question."""
    return read_moment(text) if isinstance(text, str) and len(text) <= LONGEST else None
