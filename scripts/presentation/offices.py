"""What /succession shows: who led OpenAI and who sat on its boards on a day and hour, in words and for programs.

The moment stands in the address (`?at=2023-11-20T12:00`, US Pacific; a day means its noon, nothing or "now" the last day that the
record covers, as everywhere on the site), so each view can be sent on. Steps lead to the moments at which somebody comes or goes;
/static/succession.js adds a slider over these.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from datasette.utils.asgi import BadRequest
from markupsafe import Markup

from . import incumbents
from .moments import read_any, unless_now
from .rows import DATABASE, read_once, rows_of
from .showing import in_words
from .speaking import N_, say

REACH = "SELECT value AS day FROM build_info WHERE id = 'covers_to'"
# Moments that many ask for, each with the hour after which it is certain.
LANDMARKS = """
SELECT label, started_latest AS instant FROM events
 WHERE id IN ('openai-founded', 'altman-dismissal', 'shear-named-ceo', 'altman-reinstated', 'openai-recapitalisation-2025')
   AND started_latest IS NOT NULL ORDER BY started_latest
"""
SURE = (N_("certain"), N_("in post when last shown"), N_("possible"))
MOST_TEXTS = 3  # of a step; boards change by many at once
DRAWN = '{% import "_succession.html" as succession with context %}{{ succession.drawn(chart) }}'
COLUMNS = (
    *("held", "basis", "why", "person", "person_id", "post", "post_id", "organisation", "organisation_id", "capacity"),
    *("started", "ended", "certain_from", "certain_to", "possible_from", "possible_to", "standing", "origin_count", "tenure_id"),
)


async def page_of(request: Any, datasette: Any) -> dict[str, Any]:
    """Return what the page shows: who held which office at the moment that the address names."""
    view = await view_of(request, datasette)
    holders = [spell for spell in view["holders"] if spell["basis"] != incumbents.NOT_TOLD]
    return {
        **view,
        "bodies": [(name, _by_person(spells)) for name, spells in by_body(holders)],
        "earlier": [spell for spell in view["holders"] if spell not in holders],
        "how_sure": how_sure,
        "answer": _answer(holders, in_words(view["instant"])),
        "left": incumbents.placer(incumbents.FIRST, view["reach"])(view["instant"]),
        "shown": in_words(view["instant"]),
        "position": sum(step.instant <= view["instant"] for step in view["steps"]) - 1,
        "to_local": incumbents.to_local,
        "in_words": in_words,
        "say_change": say_change,
    }


async def told_to_programs(request: Any, datasette: Any) -> dict[str, Any]:
    """Return the same as plain values."""
    view = await view_of(request, datasette)
    path = datasette.urls.path
    return {
        "at": view["at"],
        "at_utc": view["instant"],
        "zone": "America/Los_Angeles",
        "record_covers_to": view["reach"][:10],
        "beyond_the_record": view["is_beyond"],
        "previous_change": _told(view["previous"]),
        "next_change": _told(view["next"]),
        "holders": [
            {name: spell[name] for name in COLUMNS}
            | {"url": datasette.absolute_url(request, path(f"/{DATABASE}/tenures/{spell['tenure_id']}"))}
            for spell in view["holders"]
        ],
    }


async def view_of(request: Any, datasette: Any) -> dict[str, Any]:
    """Return what page and JSON share: the moment, who held what then, the changes before and after."""
    asked = request.args.get("at", "").strip()
    known = await what_is_known(datasette)
    instant = incumbents.read_instant(read_any(asked)) if unless_now(asked) else known["reach"]
    if not instant:
        raise BadRequest(
            say(
                "“%(asked)s” is no day or hour; write 2023-11-20T12:00, 2023-11-20 or 20 November 2023, noon (US Pacific time)",
                asked=asked[:40],
            )
        )
    steps = known["steps"]
    return {
        **known,
        "asked": asked,
        "instant": instant,
        "at": incumbents.to_local(instant),
        "is_beyond": incumbents.to_local(instant)[:10] > incumbents.to_local(known["reach"])[:10],
        "holders": incumbents.holders_at(known["spells"], instant),
        "previous": next((step for step in reversed(steps) if step.instant < instant), None),
        "next": next((step for step in steps if step.instant > instant), None),
    }


@read_once
async def what_is_known(datasette: Any) -> dict[str, Any]:
    """Return what does not depend on the moment: spells, changes, the drawing."""
    spells = await rows_of(datasette, incumbents.SPELLS)
    reach = incumbents.read_now((await rows_of(datasette, REACH))[0]["day"])
    steps = [step for step in incumbents.changes(spells) if step.instant <= reach]
    chart = incumbents.draw_succession(spells, reach)
    return {
        "spells": spells,
        "reach": reach,
        "steps": steps,
        "slides": [
            {"at": incumbents.to_local(step.instant), "text": f"{in_words(step.instant)}{say(': ')}{say_change(step)}"} for step in steps
        ],
        "landmarks": await rows_of(datasette, LANDMARKS),
        "drawn": Markup(await datasette.jinja_env.from_string(DRAWN).render_async(chart=chart, urls=datasette.urls)),
    }


def by_body(holders: Any) -> Any:
    """Return (name, holders) for the chief executive, the other executives and each board that has any."""
    executives = [spell for spell in holders if spell["organisation_id"] == incumbents.EXECUTIVES]
    found = [
        (N_("Chief executive"), [spell for spell in executives if spell["post_id"] == incumbents.CHIEF]),
        (N_("Other executives"), [spell for spell in executives if spell["post_id"] != incumbents.CHIEF]),
    ]
    for board in incumbents.BOARDS:
        seats = [spell for spell in holders if spell["organisation_id"] == board]
        found += [(seats[0]["organisation"], seats)] if seats else []
    return found


def _answer(holders: Any, shown: Any) -> Any:
    """Say in a sentence who was chief executive then and how sure that is."""
    chiefs = [spell for spell in holders if spell["post_id"] == incumbents.CHIEF]
    if not chiefs:
        return say("On %(day)s, US Pacific: no source says who was chief executive.", day=shown)
    names = [say("%(who)s, %(post)s (%(sure)s)", who=s["person"], post=incumbents.title(s), sure=_in_answer(s)) for s in chiefs]
    return say("On %(day)s, US Pacific: %(who)s.", day=shown, who=say("; ").join(names))


def _in_answer(spell: Any) -> Any:
    """Say in the answer how surely a spell is held."""
    sure = how_sure(spell)
    if sure == SURE[0]:
        return say("certain: a source shows it then")
    return say("in post when last shown, %(day)s", day=incumbents.day_in_words(spell["last_shown"])) if sure == SURE[1] else say(sure)


def _by_person(spells: Any) -> dict[str, Any]:
    """Return lists of spells, one a person, whoever's spell is surest first, and how many are held how surely, in words."""
    people: dict[Any, Any] = {}
    for spell in spells:
        people.setdefault(spell["person_id"], []).append(spell)
    kinds = Counter(how_sure(found[0]) for found in people.values())
    return {"people": list(people.values()), "counts": say(", ").join(f"{kinds[kind]} {say(kind)}" for kind in SURE if kinds[kind])}


def how_sure(spell: Any) -> Any:
    """Say in a few words how surely a spell is held."""
    if spell["basis"] == incumbents.GOES_ON:
        return SURE[1]
    return SURE[0] if spell["held"] == incumbents.CERTAIN else SURE[2]


def say_change(step: Any) -> Any:
    """Say a change in a line."""
    more = len(step.texts) - MOST_TEXTS
    return say("; ").join(step.texts[:MOST_TEXTS]) + (say("; and %(rest)s more", rest=more) if more > 0 else "")


def _told(step: Any) -> dict[str, Any] | None:
    return {"at": incumbents.to_local(step.instant), "at_utc": step.instant, "changes": list(step.texts)} if step else None
