"""What the timeline shows: everything in order of time, from years to hours, in US Pacific or Beijing time.

The address says what is shown: `from` and `to` (a year, month or day), `story`, `entry`, `who`, `standing`, `dated` and `zone`; `year`
stands for both ends, `year=all` for everything. Without any of them the page shows the latest year. What is shown stands in sections,
by year, month or day as the stretch asked for is long or short; of many entries the sections fold, none is left out. Each thing stands
where `presentation.chronology` puts it. What no source dates has a section of its own, with the bounds that the telling gives it. All of it
works without a script; /static/timeline.js only saves loading the page anew.
"""

from __future__ import annotations

import json
from collections import Counter
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from .chronology import (
    BY_DAY,
    BY_YEAR,
    Period,
    bound_words,
    moment_words,
    order,
    period_words,
    place_entry,
    read_period,
    section_of,
    section_words,
    short_words,
    write_period,
)
from .rows import DATABASE, asking, read_once, rows_of, rows_without_limit
from .showing import ZONES
from .speaking import N_, code_words, is_chinese, named, original, say
from .telling import MODE_WORDS, date_doubt_of, retell

FILTERS = ("story", "entry", "who", "standing", "dated")
MOST_ENTRIES = 5000
FIRST_YEAR = 2015  # OpenAI's first; what was before stands in the rail as one
OPEN_AT_FIRST, OPEN_OF_ASKED = 40, 50  # entries that stand open, and of a matter that is asked for; the sections of the rest fold
LONG_MOMENT, OPEN_OF_STORY = 6, 3  # of one moment with more entries, each story shows so many and folds the rest, if none is asked for
ALL_YEARS = "all"
NOTHING = "nothing"
KINDS = {
    "event": N_("events"),
    "exit": N_("exits"),
    "leave": N_("leaves of absence"),
    "start": N_("starts of tenures"),
    "end": N_("ends of tenures"),
}
DATED = {
    "stated": N_("a source"),
    "order": N_("the order of the telling"),
    "publication": N_("the day it was told"),
    NOTHING: N_("nothing: no place in time"),
}
BASES = {"stated": N_("stated"), "order": N_("by order"), "publication": N_("by publication")}
KIND_LISTS = {
    "event": "event_kind",
    "exit": "manner",
    "leave": "manner",
    "start": "capacity",
    "end": "end_reason",
}  # of each entry, the list of its kind
CAPACITIES = ("interim", "joint", "observer", "part_time")
STORIES_LABELS = "SELECT code, label, label_zh FROM codes WHERE list = 'story'"
ENTRIES = "SELECT * FROM timeline WHERE standing <> 'refuted' LIMIT :most"
TOLD = """SELECT a.subject_id, a.property, e.id, e.label FROM accepted a JOIN events e ON e.id = a.value
 WHERE a.property IN ('after', 'before') ORDER BY e.label LIMIT :most"""
SCOPE = """SELECT (SELECT COUNT(*) FROM sources WHERE access IN ('held', 'read')) AS sources,
 (SELECT value FROM build_info WHERE id = 'covers_to') AS covers_to LIMIT :most"""


@read_once
async def _entries(datasette: Any, zone: str) -> list[dict[str, Any]]:
    """Return all entries with what is shown of them by a clock."""
    told = await rows_of(datasette, TOLD, most=MOST_ENTRIES)
    return [_prepare(entry, zone, told) for entry in await rows_without_limit(datasette, ENTRIES, most=MOST_ENTRIES)]


async def view_of(request: Any, datasette: Any) -> dict[str, Any]:
    """Return what page and picture share: the entries that the query string asks for, in sections, and what is around them."""
    rows = asking(datasette, most=MOST_ENTRIES)
    zone, chosen = _read_choice(request.args)
    stories = {row["code"]: row["label_zh"] if is_chinese() else row["label"] for row in await rows(f"{STORIES_LABELS} LIMIT :most")}
    entries = await _entries(datasette, zone)
    years = sorted({entry["place"].at[0] for entry in entries if entry["place"].at})
    scope = (await rows(SCOPE))[0]
    span, fault, is_default = _read_span(request.args, years, any(chosen.values()), scope["covers_to"])
    fitting = [entry for entry in entries if _matches(entry, chosen)]
    step = _step(span, fitting) if chosen["story"] else span.step
    shown = sorted((e for e in fitting if span.holds(e["place"].at)), key=lambda e: (order(e["place"], step), e["story"], e["what"]))
    address = _Address(datasette.urls.path("/timeline"), chosen, zone)
    name = _name(chosen, stories, span)
    return {
        "zone": zone,
        "chosen": chosen,
        "choices": _choices(entries, stories),
        "names": sorted({named(name) for e in entries for name in e["people"]}),
        "story_labels": stories,
        "span": span,
        "ends": {"from": write_period(span.first), "to": write_period(span.last)},
        "fault": fault,
        "name": name,
        "sections": _sections(shown, span, step, address, newest_first=is_default),
        "count": len(shown),
        "undated": sum(not entry["place"].is_stated for entry in shown),
        "outside": _outside(fitting, span, address),
        "rail": _rail(fitting, span, years, address),
        "steps": _steps(fitting, span, address),
        "everything": address(Period((), ())),
        "scope": scope,
        "modes": MODE_WORDS,
        "feed": _feed(datasette, chosen),
    }


def _read_choice(args: Any) -> tuple[str, dict[str, str]]:
    """Return the clock and what is asked for by each filter; whoever is named in Chinese is looked for by the name of the record."""
    zone = args.get("zone", "")
    chosen = {name: args.get(name, "").strip() for name in FILTERS}
    return zone if zone in ZONES else "pacific", chosen | {"who": original(chosen["who"])}


def _choices(entries: Any, stories: Any) -> dict[str, dict[str, str]]:
    """Return what each filter may ask for, in words."""
    return {
        "story": {code: stories.get(code, code) for code in sorted({e["story"] for e in entries}, key=lambda c: stories.get(c, c))},
        "entry": KINDS,
        "standing": {code: code_words(code) for code in sorted({e["standing"] for e in entries})},
        "dated": DATED,
    }


def _prepare(entry: Any, zone: Any, told: Any) -> Any:
    """Give a row of the view its place, its people and the words that are shown of it, and what keeps its date from being as sure as it."""
    people = json.loads(entry["who"] or "[]")
    is_event = entry["entry"] == "event"
    title = entry["label"] if is_event else retell(entry["what"])
    if entry["entry"] == "start" and entry["kind"] in CAPACITIES:  # else it would say more than is so
        title = f"{named(title)}（{code_words(entry['kind'])}）" if is_chinese() else f"{title} ({code_words(entry['kind'])})"
    text = entry["what"] if is_event and _plain(entry["what"]) != _plain(entry["label"]) else ""
    order_told = {
        word: [(t["id"], t["label"]) for t in told if t["subject_id"] == entry["subject_id"] and t["property"] == word]
        for word in ("after", "before")
        if entry["when"] is None
    }
    return {**entry, **order_told} | {
        "date_doubt": date_doubt_of(entry),
        "place": place_entry(entry, zone),
        "bounds": _bounds(entry, zone),
        "people": people,
        "others": [name for name in people if name not in f"{title} {text}"] if is_event else [],
        "title": title,
        "text": text,
        "kind_list": KIND_LISTS.get(entry["entry"], ""),
        "shows_kind": entry["kind"] not in ("not_stated", "other", *CAPACITIES),
    }


def _plain(text: str) -> Any:
    return text.rstrip(".").casefold()


def _bounds(entry: Any, zone: Any) -> str:
    """Say between which days, or hours, something undated lies, and on what each bound rests; "" if nothing bounds it."""
    if entry["when"] is not None:
        return ""
    words = []
    for sign, name in ((N_("not before %(day)s (%(basis)s)"), "earliest"), (N_("not after %(day)s (%(basis)s)"), "latest")):
        if entry[name]:
            words.append(say(sign, day=bound_words(entry[name], zone, is_end=name == "latest"), basis=BASES[entry[f"{name}_basis"]]))
    return say(", ").join(words)


def _read_span(args: Any, years: Any, is_filtered: Any, covers_to: Any) -> tuple[Any, ...]:
    """Return the stretch that is asked for, a sentence about what could not be read, and whether it is the page's own choice.

    Unasked it is the latest year to which the sources reach: what is only planned may bear a later one.
    """
    asked = {"from": args.get("from", ""), "to": args.get("to", "")}
    year = args.get("year", "")
    if year and year != ALL_YEARS:
        asked = {name: text or year for name, text in asked.items()}
    fault = ""
    first: tuple[int, ...] = ()
    last: tuple[int, ...] = ()
    try:
        first, last = (read_period(text) if text.strip() else () for text in asked.values())
    except ValueError as error:
        fault = str(error)
    if first and last and first[: len(last)] > last[: len(first)]:
        first, last = last, first
    if first or last or year == ALL_YEARS or is_filtered or not years:
        return Period(first, last), fault, False
    covered = [year for year in years if f"{year}" <= (covers_to or "9999")[:4]] or years
    return Period((covered[-1],), (covered[-1],)), fault, True


def _matches(entry: Any, chosen: Any) -> bool:
    """Tell whether an entry has what is chosen; a person is found by any part of the name."""
    who = chosen["who"].casefold()
    if who and not any(who == name.casefold() for name in entry["people"]) and not any(who in name.casefold() for name in entry["people"]):
        return False
    if chosen["dated"] and chosen["dated"] != (entry["dated"] or NOTHING):
        return False
    return all(not chosen[name] or entry[name] == chosen[name] for name in ("story", "entry", "standing"))


def _name(chosen: Any, stories: Any, span: Any) -> Any:
    """Say in words what is chosen, "" for everything."""
    words = [
        say(KINDS.get(chosen["entry"], chosen["entry"])),
        named(chosen["who"]),
        stories.get(chosen["story"], chosen["story"]),
        code_words(chosen["standing"]),
        say("dated by %(what)s", what=DATED.get(chosen["dated"], chosen["dated"])) if chosen["dated"] else "",
        span.words,
    ]
    said = say(", ").join(word for word in words if word)
    return said[:1].upper() + said[1:]


class _Address:
    """Makes addresses of the page that keep the filters and the clock."""

    def __init__(self, path: str, chosen: Any, zone: Any) -> None:
        self.path, self.chosen = path, chosen
        self.kept = {name: value for name, value in {**chosen, "zone": zone if zone != "pacific" else ""}.items() if value}

    def __call__(self, span: Any, **changed: Any) -> str:
        ends = {"from": write_period(span.first), "to": write_period(span.last)}
        ends = {name: end for name, end in ends.items() if end} or {"year": ALL_YEARS}
        return f"{self.path}?{urlencode({**ends, **self.kept, **changed})}"

    def one(self, period: Any) -> Any:
        return self(Period(period, period))


def _step(span: Any, entries: Any) -> Any:
    """Return by what the entries of one matter are sectioned where its own time is shorter than the stretch that is asked for."""
    months = sorted(entry["place"].at[:2] for entry in entries if entry["place"].at and entry["place"].at[1] and entry["place"].is_stated)
    return max(span.step, Period(months[0], months[-1]).step) if months else span.step


def _sections(entries: Any, span: Any, step: Any, address: Any, *, newest_first: Any) -> Any:
    """Return the sections in order; those are open that hold the first entries, or the last where the newest are looked for."""
    is_asked = bool(address.chosen["story"])
    whole_day = span.is_one and len(span.first) == BY_DAY
    sections = []
    for key, found in groupby(entries, key=lambda entry: section_of(entry["place"], step)):
        grouped = list(found)
        has_hours = any(entry["place"].clock for entry in grouped)
        moments = [
            _moment(words, list(same), step, is_whole=whole_day or is_asked)
            for words, same in groupby(grouped, key=lambda e: moment_words(e["place"], step, has_hours=has_hours))
        ]
        at = key[1:]
        closer = address.one(at) if key[0] and step < BY_DAY and 0 not in at else ""
        closer_words = "" if not closer else say("month by month") if step == BY_YEAR else say("day by day, to the hour")
        sections.append(
            {
                "heading": section_words(key),
                "is_stated": key[0],
                "period": write_period(at) if key[0] and 0 not in at else "",
                "count": len(grouped),
                "at_once": sum(len(block["first"]) for moment in moments for block in moment["blocks"]),
                "moments": moments,
                "closer": closer if len(grouped) > 1 else "",
                "closer_words": closer_words,
            }
        )
    left = OPEN_OF_ASKED if is_asked else OPEN_AT_FIRST
    is_short = sum(section["at_once"] for section in sections) <= left
    for section in reversed(sections) if newest_first else sections:
        section["open"] = is_short or whole_day or (left > 0 and section["at_once"] <= max(left, OPEN_AT_FIRST // 2))
        left -= section["at_once"] if section["open"] else 0
    return sections


def _moment(words: Any, entries: Any, step: Any, *, is_whole: Any) -> dict[str, Any]:
    """Return what stands beside one date or hour: if it is much, by story, each with its first entries and the rest to unfold."""
    is_long = len(entries) > LONG_MOMENT and not is_whole and entries[0]["place"].has_day
    stories = dict.fromkeys(entry["story"] for entry in entries) if is_long else {"": None}
    blocks = []
    for story in stories:
        found = [entry for entry in entries if not story or entry["story"] == story]
        cut = OPEN_OF_STORY if is_long and len(found) > OPEN_OF_STORY + 1 else len(found)
        blocks.append({"story": story, "count": len(found), "first": found[:cut], "rest": found[cut:]})
    clocked = step != BY_DAY
    return {
        "words": words,
        "doubt": entries[0]["place"].doubt,
        "blocks": blocks,
        "has_clocks": clocked,
        "is_stated": entries[0]["place"].is_stated,
    }


def _outside(fitting: Any, span: Any, address: Any) -> Any:
    """Return (how many, words, address) of what fits the filters and is not within the span: looser dates of it, no place, the rest."""
    found: list[Any] = []
    if not span.first and not span.last:
        return found
    for size in range(len(span.first) - 1, 0, -1) if span.is_one else ():
        wider = span.first[:size]
        number = sum(
            entry["place"].at is not None and entry["place"].at[:size] == wider and entry["place"].at[size] == 0 for entry in fitting
        )
        if number:
            phrase = N_("of %(period)s without a month") if size == 1 else N_("of %(period)s without a day")
            words = say(phrase, period=period_words(wider))
            found.append((number, words, address.one(wider)))
    unplaced = sum(entry["place"].at is None for entry in fitting)
    if unplaced and len(span.first) == 1:
        found.append((unplaced, say("with no place in time at all"), address(Period((), ()), dated=NOTHING)))
    elsewhere = sum(entry["place"].at is not None and not span.holds(entry["place"].at) for entry in fitting)
    if elsewhere and any(address.chosen.values()):
        found.append((elsewhere, say("in other years") if len(span.first) == 1 else say("at other times"), address(Period((), ()))))
    return found


def _rail(fitting: Any, span: Any, years: Any, address: Any) -> Any:
    """Return rows of (name, periods), each with its count: years, months of the year and days of the month that is looked at."""
    counts = Counter(entry["place"].at[:size] for entry in fitting if entry["place"].at for size in (1, 2, 3))
    focus = span.first if span.first and span.last and span.first[0] == span.last[0] else ()

    def row(name: str, periods: Any) -> tuple[Any, ...]:
        most = max((counts[period] for period in periods), default=0) or 1
        return name, [
            {
                "words": short_words(period),
                "label": period_words(period),
                "period": write_period(period),
                "count": counts[period],
                "share": round(100 * counts[period] / most),
                "href": address.one(period) if counts[period] else "",
                "is_here": span.is_one and period == span.first,
                "holds_it": period == focus[: len(period)],
            }
            for period in periods
        ]

    rail = [row(say("Years"), [(year,) for year in range(FIRST_YEAR, (years[-1] if years else FIRST_YEAR) + 1)])]
    before = sum(counts[(year,)] for year in years if year < FIRST_YEAR)
    if before:
        until = Period((), (FIRST_YEAR - 1,))
        words = say("before %(year)s", year=FIRST_YEAR)
        here = {"is_here": span == until, "holds_it": False}
        rail[0][1].insert(0, {"words": words, "label": words, "count": before, "share": 0, "href": address(until), **here})
    if focus:
        rail.append(row(say("Months of %(year)s", year=focus[0]), [(focus[0], number) for number in range(1, 13)]))
    if len(focus) > 1 and span.last[:2] == focus[:2]:
        days = sorted(period for period in counts if len(period) == BY_DAY and period[:2] == focus[:2] and period[2])
        rail.append(row(say("Days of %(month)s", month=period_words(focus[:2])), days))
    return rail


def _steps(fitting: Any, span: Any, address: Any) -> Any:
    """Return the nearest year, month or day before and after the one shown that has entries, each as (words, address) or None."""
    if not span.is_one:
        return None, None
    size = len(span.first)
    there = sorted({entry["place"].at[:size] for entry in fitting if entry["place"].at and 0 not in entry["place"].at[:size]})
    before = [period for period in there if period < span.first]
    after = [period for period in there if period > span.first]
    return tuple((period_words(p), address.one(p)) if p else None for p in (before[-1] if before else (), after[0] if after else ()))


def _feed(datasette: Any, chosen: Any) -> Any:
    """Return the address of the feed of what is chosen: of the person, else of everything."""
    if chosen["who"]:
        return f"{datasette.urls.path(f'/{DATABASE}/feed_person.atom')}?{urlencode({'person': chosen['who']})}"
    return datasette.urls.path(f"/{DATABASE}/feed_timeline.atom")
