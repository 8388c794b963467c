"""Who holds which office at an instant, how surely, when that changes, and where its bars stand on an axis of time.

In: spells, rows as SPELLS gives them (accepted facts only; what is planned, alleged or refuted is not among them). Out: plain
values for pages and JSON. Instants are UTC as the tables write them; words are in US Pacific time.

Certain: a source shows it then. Possible: within the bounds of its beginning and end, or later than the last source that shows the
holder in post, where none tells an end. `basis` says which. A spell whose beginning no source dates counts from where it is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from leadership.schema import FOR_A_TIME
from leadership.when import INSTANT, When, parse_when, precision_of

from .moments import instant_from, instant_to, read_moment
from .showing import amid, end_in_words, hours_between, in_words, local_time, show_when, start_in_words
from .speaking import N_, code_words, is_chinese, joined, named, say
from .telling import doubt_of, doubted, doubts

Spell = dict[str, Any]
# Those of the view board_by_date.
BOARDS = ("openai-board", "openai-foundation-board", "openai-group-board")
EXECUTIVES = "openai"
CHIEF = "openai-ceo"
LOCAL = "%Y-%m-%dT%H:%M"
FIRST, STEP = "2015-10-01T07:00Z", 2  # of the axis of the whole succession; years between two of its ticks
LONGEST_MOMENT = 25  # hours; a day on which the clock is put back

# Executives of OpenAI, those of the whole before those of a part, and all who sit on or with its boards, with the words for capacity
# and standing that pages need.
SPELLS = f"""
SELECT t.tenure_id, t.person, t.person_id, t.post, t.post_id, t.organisation, t.organisation_id, t.category, t.capacity, t.started, t.ended,
       t.end_state, t.certain_from, t.certain_to, t.possible_from, t.possible_to, t.first_shown, t.last_shown,
       t.certainty, t.standing, t.origin_count, {doubts("t.tenure_id", "started", "ended")},
       (SELECT o.title_zh FROM posts o WHERE o.id = t.post_id) AS post_zh
  FROM tenures_flat t
 WHERE (t.organisation_id = '{EXECUTIVES}' AND t.category = 'executive')
    OR (t.organisation_id IN {BOARDS} AND t.category IN ('board', 'observer'))
 ORDER BY CASE WHEN t.post_id = '{CHIEF}' THEN 1 WHEN t.category = 'executive' THEN 2 WHEN t.post_id LIKE '%chair' THEN 3
               WHEN t.category = 'board' THEN 4 ELSE 5 END,
          CASE WHEN t.category = 'executive' THEN t.post NOT LIKE 'Chief %' AND t.post NOT IN ('President', 'General counsel') END,
          CASE WHEN t.category = 'executive' THEN t.post END, t.person, COALESCE(t.possible_from, t.certain_from, ''), t.tenure_id
"""

CERTAIN, POSSIBLE = "certainly", "possibly"
# On what it rests that a spell is held at an instant.
SHOWN, BEGINNING, ENDING, BETWEEN = "shown", "may_have_begun", "may_have_ended", "between_bounds"
GOES_ON, NOT_TOLD = "ongoing_when_last_shown", "end_not_told"


class Held(NamedTuple):
    """That a spell is held at an instant: certainly or possibly, and on what that rests."""

    held: str
    basis: str


class Change(NamedTuple):
    """What begins or ends at an instant: spells, each with what becomes of it."""

    instant: str
    texts: tuple[str, ...]


def held_at(spell: Spell, instant: str) -> Held | None:
    """Return how surely a spell is held at an instant, None if it is not, as far as anything is known of it."""
    first, last = spell["certain_from"], spell["certain_to"]
    since = spell["possible_from"] or first_known(spell)
    until = spell["possible_to"]
    if (not since and not until) or since > instant or (until and until <= instant):
        return None
    if first is None or last is None:
        shown = instant_to(spell["last_shown"]) if spell["last_shown"] else None
        goes_on = shown and shown <= instant and spell["end_state"] == "ongoing"
        return Held(POSSIBLE, BETWEEN if until else GOES_ON if goes_on else NOT_TOLD)
    if first <= instant and (instant < last or instant == first):
        return Held(CERTAIN, SHOWN)
    if instant < first:
        return Held(POSSIBLE, BEGINNING)
    if until:
        return Held(POSSIBLE, ENDING)
    return Held(POSSIBLE, GOES_ON if spell["end_state"] == "ongoing" else NOT_TOLD)


def first_known(spell: Spell) -> str:
    """Return the earliest instant from which something is told of a spell whose beginning is not bounded, "" for none.

    Who is told to have begun by a day is told of from that day.
    """
    begun_by = (spell["started"] or "").partition("../")[2]
    return min(filter(None, (spell["certain_from"], *(instant_from(day) for day in (spell["first_shown"], begun_by) if day))), default="")


def holders_at(spells: Iterable[Spell], instant: str) -> list[Spell]:
    """Return the spells that are held at an instant, each with `held`, `basis` and `why`, the surer first within their order."""
    found = [{**spell, **held._asdict(), "why": explain(spell, held)} for spell in spells if (held := held_at(spell, instant))]
    return sorted(found, key=lambda spell: spell["held"] != CERTAIN)


def explain(spell: Spell, held: Held) -> str:
    """Say in words on what it rests that a spell is held."""
    with_doubt = held.basis in (BEGINNING, ENDING)
    start, end = _dated(spell, "started", start_in_words, with_doubt), _dated(spell, "ended", end_in_words, with_doubt)
    shown = day_in_words(spell["last_shown"])
    began = say("began %(start)s", start=start) if start else ""
    if held.basis == BEGINNING:
        if start:
            return say("may have begun by then: the sources put the beginning at %(start)s", start=start)
        return say("may have held it by then: first shown %(shown)s", shown=day_in_words(spell["first_shown"]))
    if held.basis == ENDING:
        may = say("may have ended by then: last shown %(shown)s; ", shown=shown) if shown else say("may have ended by then: ")
        return may + (say("the sources put the end at %(end)s", end=end) if end else _gone(spell))
    if held.basis == GOES_ON:
        return say("; ").join(filter(None, (began, _in_post(shown))))
    if held.basis == NOT_TOLD:
        return (
            say("last shown %(shown)s; whether it went on is not told", shown=shown)
            if shown
            else say("%(began)s; nothing else of it is dated", began=began)
        )
    if held.basis == BETWEEN:
        return say(", ").join(
            filter(None, (began or say("its beginning is not dated"), say("ended %(end)s", end=end) if end else _gone(spell)))
        )
    began = began or say("first shown in post %(day)s", day=day_in_words(spell["first_shown"]))
    then = say("ended %(end)s", end=end) if end else say("last shown %(shown)s", shown=shown) if shown else say("its end is not dated")
    return f"{began}{say(', ')}{then}"


def changes(spells: Iterable[Spell]) -> list[Change]:
    """Return every instant at which somebody comes or goes, or comes to be held or gone for certain, in order of time."""
    found: dict[str, list[str]] = {}
    for spell in spells:
        name = f"{named(spell['person'])}{say(', ')}{title(spell)}"
        first, last, until = spell["certain_from"], spell["certain_to"], spell["possible_to"]
        since = spell["possible_from"]
        bounds = [
            (since, say("%(name)s: may begin", name=name) if first != since else say("%(name)s: begins", name=name)),
            (
                first if first != since else None,
                say("%(name)s: in post for certain", name=name) if since else say("%(name)s: first shown in post", name=name),
            ),
            (last if until and last and last != first and last < until else None, say("%(name)s: may end", name=name)),
            (until, doubted(say("%(name)s: ended", name=name), doubt_of(spell, "ended_") if spell["ended"] else "")),
        ]
        for instant, text in bounds:
            if instant:
                found.setdefault(instant, []).append(text)
    return [Change(instant, tuple(texts)) for instant, texts in sorted(found.items())]


def title(spell: Spell) -> str:
    """Say which post a spell is of, with its capacity and, on a board, the board."""
    if is_chinese():
        return str(spell["post_zh"]) + (f"（{code_words(spell['capacity'])}）" if spell["capacity"] in FOR_A_TIME else "")
    post = spell["post"][:1].lower() + spell["post"][1:]
    for_time = f"{spell['capacity']} " if spell["capacity"] in FOR_A_TIME else ""
    says_where = spell["organisation_id"] == EXECUTIVES or "OpenAI" in post
    return for_time + post + ("" if says_where else f", {short_name(spell)}")


def short_name(spell: Spell) -> str:
    """Return the name of a board in few words."""
    name: str = spell["organisation"].removesuffix(" board of directors")
    return say("%(name)s board", name=name)


def placer(first: str, last: str) -> Callable[[str], float]:
    """Return a function that gives the place of an instant on an axis, in per cent; what lies beyond is at its end."""
    span = hours_between(first, last)
    return lambda instant: round(min(max(hours_between(first, instant) / span * 100, 0), 100), 3)


def draw_spells(spells: Iterable[Spell], first: str, last: str) -> list[Spell]:
    """Give spells the places of their bars on an axis from `first` to `last`, in per cent; what no source dates has none.

    p0 to p1 is where it is possible, c0 to c1 where it is certain. A spell that goes on when last shown is possible to the end of
    the axis; one whose end is not told is drawn as far as it is shown.
    """
    place = placer(first, last)
    drawn = []
    for spell in spells:
        since = spell["possible_from"] or spell["certain_from"]
        until = spell["possible_to"] or (last if spell["end_state"] == "ongoing" else spell["certain_to"] or since)
        drawn.append(
            {
                **spell,
                "p0": place(since) if since and until else None,
                "p1": place(until) if since and until else None,
                "c0": place(spell["certain_from"]) if spell["certain_from"] else None,
                "c1": place(spell["certain_to"]) if spell["certain_to"] else None,
                "dates": dates_in_words(spell),
                "title": title(spell),
            }
        )
    return drawn


def draw_succession(spells: Iterable[Spell], last: str) -> dict[str, Any]:
    """Draw chief executives and boards from 2015 to `last`: sections of rows, one a person in order of the first bar, and the ticks."""
    drawn = draw_spells((s for s in spells if s["post_id"] == CHIEF or s["organisation_id"] in BOARDS), FIRST, last)
    place = placer(FIRST, last)
    years = range(int(FIRST[:4]) + 1, int(last[:4]) + 1)
    return {
        "sections": [
            (N_("Chief executive"), _rows_of([spell for spell in drawn if spell["post_id"] == CHIEF])),
            (N_("Boards of directors"), _rows_of([spell for spell in drawn if spell["post_id"] != CHIEF])),
        ],
        "ticks": [(place(f"{year}-01-01T08:00Z"), str(year)) for year in years if not (year - years[0]) % STEP],
        "undrawn": [spell for spell in drawn if spell["p0"] is None],
        "place": place,
    }


def _rows_of(drawn: list[Spell]) -> list[tuple[str, str, list[Spell]]]:
    """Return (person, person_id, bars) in order of the first bar."""
    bars = sorted((bar for bar in drawn if bar["p0"] is not None), key=lambda bar: (bar["person_id"], bar["p0"]))
    rows = [(person, person_id, list(found)) for (person_id, person), found in groupby(bars, key=itemgetter("person_id", "person"))]
    return sorted(rows, key=lambda row: (min(bar["p0"] for bar in row[2]), row[0]))


def dates_in_words(spell: Spell) -> str:
    """Say from when to when a spell is told, in words."""
    start, end = _dated(spell, "started", start_in_words), _dated(spell, "ended", end_in_words)
    start = (
        say("began %(start)s", start=start)
        if start
        else (say("first shown %(day)s", day=day_in_words(spell["first_shown"])) if spell["first_shown"] else say("beginning not dated"))
    )
    if end:
        return say("%(start)s, ended %(end)s", start=start, end=end)
    if spell["possible_to"]:
        return f"{start}{say(', ')}{_gone(spell)}"
    if not spell["last_shown"]:
        return start
    if spell["end_state"] == "ongoing":
        return say("%(start)s, in post when last shown, %(day)s", start=start, day=day_in_words(spell["last_shown"]))
    return say("%(start)s, last shown, %(day)s", start=start, day=day_in_words(spell["last_shown"]))


def read_instant(moment: When | None) -> str | None:
    """Return the instant that a day or an hour stands for, None for what is longer or has no bounds.

    Of a day that is its noon, US Pacific, of an hour that comes twice, when summer time ends, the first.
    """
    if not moment or not moment.earliest or not moment.latest or hours_between(moment.earliest, moment.latest) > LONGEST_MOMENT:
        return None
    length = hours_between(moment.earliest, moment.latest)
    if length == 1 and precision_of(moment) == "minute":
        return moment.earliest
    middle = local_time((datetime.strptime(moment.earliest, INSTANT) + timedelta(hours=length / 2)).strftime(INSTANT))
    assert middle
    return to_instant(middle.replace(hour=12, minute=0) if length >= LONGEST_MOMENT - 2 else middle)


def read_now(covers_to: str) -> str:
    """Return the moment at which pages show the present: the noon of the last day that the record covers, US Pacific."""
    now = read_instant(read_moment(covers_to))
    assert now
    return now


def to_instant(moment: datetime) -> str:
    """Return a moment of any zone as the tables write instants."""
    return moment.astimezone(UTC).strftime(INSTANT)


def to_local(instant: str) -> str:
    """Return an instant as `at` has it in addresses: US Pacific, to the minute."""
    moment = local_time(instant)
    assert moment
    return moment.strftime(LOCAL)


def _dated(spell: Spell, name: str, say_bound: Callable[[str], str], with_zone: bool = False) -> str:
    """Say the beginning or the end of a spell in words, with its surety and, if asked, the doubt about its zone; "" for none."""
    text = spell[name]
    if not text:
        return ""
    zone = say("zone not stated: may be a day either side")
    said = [doubt_of(spell, f"{name}_"), zone if with_zone and show_when(text).doubt == zone else ""]
    return doubted(say_bound(text), joined(filter(None, said)))


def _in_post(shown: str) -> str:
    """Say that somebody was in the post when a source showed them last, if any shows them on a known day, and that no end is told."""
    return say("in post when last shown, %(shown)s; no source tells an end", shown=shown) if shown else say("no source tells an end")


def day_in_words(shown: str | None) -> str:
    """Say in words when a source shows somebody in a post: as finely as it tells, but no clock; "" for none."""
    if not shown:
        return ""
    return _day(parse_when(shown).earliest or "") if "T" in shown and "/" not in shown else amid(show_when(shown).label)


def _gone(spell: Spell) -> str:
    """Say when at the latest a spell ended of which no source dates the end: with the exit from the organisation."""
    return say("ended %(last_day)s at the latest, with the exit", last_day=last_day(spell["possible_to"]))


def _day(instant: str) -> str:
    """Return the day of an instant in words, US Pacific."""
    return in_words(instant).rsplit(" " if is_chinese() else ", ", 1)[0]


def last_day(instant: str | None) -> str:
    """Return the day that ends with an instant, or in which it lies, in words; "" for none."""
    if not instant:
        return ""
    before = datetime.strptime(instant, INSTANT) - timedelta(minutes=1)
    return _day(before.strftime(INSTANT))
