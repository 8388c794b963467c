"""What a link to a page shows where it is pasted: a description in words and a picture of 1200 by 630 points, drawn from the same rows.

The picture of /people/mira-murati is /preview/people/mira-murati.png, with the parameters of the page that choose what it shows. A line of
it that is less than a certain, borne out fact has a hollow point and says what keeps it from being one.
"""

from __future__ import annotations

import re
import sqlite3
from typing import Any, NamedTuple
from urllib.parse import urlencode

from datasette import NotFound, Response, hookimpl
from datasette.database import QueryInterrupted
from datasette.utils.asgi import BadRequest
from leadership.schema import FOR_A_TIME
from presentation import incumbents, offices
from presentation.charting import PAINTER, STATE, NotDrawnError, draw_vega, make_dashboard, make_question, picture_language, to_png
from presentation.gisting import read_gist
from presentation.home import home_of
from presentation.pictures import Card, Fact, Span, draw_card
from presentation.replies import answer_with
from presentation.rows import DATABASE, NAME, Row, asking, row_of
from presentation.showing import in_words, show_when
from presentation.spans import apart
from presentation.speaking import N_, SPOKEN, code_words, count_of, is_chinese, joined, named, say
from presentation.speaking import gettext as spoken
from presentation.telling import CATEGORIES, EXITS, TENURES, capacity_of, choose, left_part, next_part, post_part, with_capacity
from presentation.timeline import view_of as show_timeline
from presentation.who_went_where import view_of as show_exits
from presentation.wording import lower_first

MOST = 500
TALL = 120  # of a chart within a picture, before it is enlarged
LONGEST = 280  # letters of a description
ONE = "SELECT label FROM {} WHERE id = :id LIMIT :most"
ORGANISATION = """
SELECT o.label, o.founded, o.unsure, o.kind, (SELECT COUNT(DISTINCT post_id) FROM tenures t WHERE t.organisation_id = o.id
       AND t.asserted_as = 'fact' AND t.standing <> 'refuted') AS posts FROM organisations o WHERE o.id = :id LIMIT :most
"""
CAME = """
SELECT person FROM who_left w JOIN departures d ON d.id = w.departure_id WHERE d.destination_id = :id AND :id <> 'openai'
   AND d.organisation_id = 'openai'
   AND w.destination IS NOT NULL AND w.destination_certainty = 'certain' AND w.for_good
 ORDER BY COALESCE(d.effective_earliest, d.announced_earliest, '9999'), person LIMIT :most
"""
LEFT = """
SELECT COUNT(*) AS exits FROM who_left w JOIN departures d ON d.id = w.departure_id
 WHERE d.organisation_id = :id AND w.for_good LIMIT :most
"""
OF_LAST = N_("The last %(n)s of %(all)s lines; the page has all")
IN_TIME = ("valuation",)  # questions whose lines stand in order of time without being called by it
KEEP_FIRST = ("destinations", "origins")  # charts whose first lines weigh most; of the others the latest do


class Asked(NamedTuple):
    """What a picture is of: the parts of the address of its page, and a function that reads rows."""

    datasette: object
    request: object
    parts: dict
    rows: object


def mark_text(*marks: Any) -> str:
    return ", ".join(dict.fromkeys(part for mark in marks if mark for part in mark.split(", ")))


def part_text(part: Any) -> Any:
    """Return a part of a sentence as telling.py makes it, as text."""
    pieces = [named(piece) for piece in (part.get("before"), part["text"], part.get("after")) if piece]
    return "".join(map(str.strip, pieces)) if is_chinese() else " ".join(pieces).replace(" ,", ",")


def _held(row: Row, words: Any) -> Any:
    """Return how a line over time is called, with the capacity in which a post is held where that is not as usual."""
    capacity = capacity_of(row)
    return say("%(words)s (%(capacity)s)", words=words, capacity=code_words(capacity)) if capacity else named(words)


def _weight(tenure: Any) -> tuple[Any, ...]:
    category = CATEGORIES.index(tenure["category"]) if tenure["category"] in CATEGORIES else len(CATEGORIES)
    return tenure["standing"] == "single_origin", category, -tenure["origin_count"]


def _doubt(mark: Any) -> str:
    """Return of a mark what keeps a row from being a fact, without how many tell it."""
    apart = re.split(r", |，|、", mark or "")
    return joined(
        word for word in apart if word and word not in (say("single origin"), say("left open"), say("sources disagree, left open"))
    )


def _marked(label: Any, mark: Any) -> Any:
    """Return what something is called, with what keeps it from being a plain fact."""
    return say("%(words)s (%(capacity)s)", words=named(label), capacity=mark) if mark else named(label)


def _spans(drawn: Any, most: int = 4) -> tuple[Any, ...]:
    """Return spans and ticks of tenures that are laid out on one axis."""
    rows = drawn["rows"][:most]
    spans = [
        Span(
            _held(row, row["words"]),
            row["mark"],
            [(row["p0"], row["p1"], False, 0), *([(row["c0"], row["c1"], True, 0)] if row["c0"] is not None else [])],
        )
        for row in rows
    ]
    return spans, drawn["ticks"]


def _exit_fact(name: str, exit_row: Any) -> Any:
    onward = next_part(exit_row)
    between = "" if is_chinese() else " "
    text = between.join(filter(None, (named(name), part_text(left_part(exit_row)), part_text(onward) if onward else "")))
    if exit_row["reversed_by"]:
        text += say("; it was reversed")
    return Fact(text[0].upper() + text[1:], mark_text(left_part(exit_row)["mark"], onward["mark"] if onward else ""))


async def person(asked: Any) -> Any:
    """Return the card of a person: posts that say most, the last exit, and the posts drawn."""
    found = await asked.rows(ONE.format("people"), id=asked.parts["id"])
    if not found:
        return None
    tenures = await asked.rows(TENURES.format("t.person_id = :id"), id=asked.parts["id"])
    exits = await asked.rows(EXITS.format("d.person_id = :id"), id=asked.parts["id"])
    told = [t for t in tenures if t["asserted_as"] == "fact"]
    here = [t for t in told if t["is_openai"]] or told
    facts = []
    now = [t for t in here if t["end_state"] == "ongoing" and not t["ended"] and "end_state" not in (t["unsure"] or "")]
    for part in [*choose(now, 1), *choose([t for t in here if t not in now], 1)] if now else choose(here, 2):
        text = part_text(part)
        facts.append(Fact(text[0].upper() + text[1:], part["mark"]))
    last = [e for e in exits if e["asserted_as"] == "fact" and e["organisation_id"] == "openai"][-1:] or [
        e for e in exits if e["asserted_as"] == "fact"
    ][-1:]
    facts += [_exit_fact("", one) for one in last]
    if not facts:
        said = [t for t in tenures if t["asserted_as"] != "fact"]
        facts = [Fact(part_text(post_part(t)), post_part(t)["mark"]) for t in said[:2]]
    drawn = apart(here, "post")["drawn"]
    weightiest = sorted(drawn["rows"], key=_weight)[:3]
    spans, ticks = _spans({**drawn, "rows": sorted(weightiest, key=lambda row: row["p0"])})
    if len(spans) > 1 and len(facts) > 2:
        del facts[1]  # it is drawn
    return Card(say("Person"), named(found[0]["label"]), facts or [Fact(say("Named in sources; no post or exit is told"))], spans, ticks)


async def organisation(asked: Any) -> Any:
    """Return the card of an organisation: founding, who came there from OpenAI, who left it, as facts."""
    found = await asked.rows(ORGANISATION, id=asked.parts["id"])
    if not found:
        return None
    row = found[0]
    facts = []
    if row["founded"]:
        doubt = say("not certain") if "founded" in (row["unsure"] or "") else ""
        facts.append(Fact(say("Founded %(day)s", day=show_when(row["founded"]).label), doubt))
    came = list(dict.fromkeys(one["person"] for one in await asked.rows(CAME, id=asked.parts["id"]) if one["person"]))
    if came:
        names = joined(map(named, came[:5])) + (say(" and %(n)s more", n=len(came) - 5) if len(came) > 5 else "")
        facts.append(Fact(say("Came from OpenAI: %(names)s", names=names)))
    left = (await asked.rows(LEFT, id=asked.parts["id"]))[0]["exits"]
    facts += [Fact(say("%(exits)s from it in the record", exits=count_of(left, "exit")))] if left else []
    facts += [Fact(say("%(posts)s with somebody named to them", posts=count_of(row["posts"], "post")))] if row["posts"] else []
    kind = code_words(row["kind"] or "organisation", "organisation_kind")
    return Card(kind[:1].upper() + kind[1:], named(row["label"]), facts or [Fact(say("Named in sources"))])


async def event(asked: Any) -> Any:
    """Return the card of an event: when, what, who took part."""
    gist = await read_gist(asked.datasette, "events", asked.parts["id"])
    if not gist:
        return None
    row = gist["event"]
    facts = [Fact(row["when"] or say("Undated"), mark_text(row["when_mark"], row["mark"]))]
    facts += [Fact(row["summary"])] if row["summary"] and row["summary"].rstrip(".") != row["label"] else []
    for words, people in gist["parts"][:2]:
        names = joined(_marked(one["label"], one["mark"]) for one in people[:4])
        names += say(" and %(n)s more", n=len(people) - 4) if len(people) > 4 else ""
        facts.append(Fact(say("%(what)s: %(names)s", what=words, names=names)))
    if row["mark"]:  # what is said of a plan or an allegation is one itself
        facts = [facts[0], *(Fact(fact.text, fact.mark or row["mark"].split(", ")[0]) for fact in facts[1:])]
    doubt = _doubt(row["mark"])
    return Card(say("Event, %(doubt)s", doubt=doubt) if doubt else say("Event"), named(row["label"]), facts)


async def figure(asked: Any) -> Any:
    """Return the card of a figure: the number, of what, as of when."""
    gist = await read_gist(asked.datasette, "figures", asked.parts["id"])
    if not gist:
        return None
    row, doubt = gist["figure"], _doubt(gist["amount_mark"])
    if gist["amount"]:
        facts = [Fact(gist["amount"], gist["amount_mark"])]
    elif gist["rivals"]:
        facts = [Fact(say("Sources give: %(what)s", what=say("; ").join(gist["rivals"])), say("left open"))]
    else:
        facts = [Fact(say("No number is accepted"), say("left open"))]
    facts.append(
        Fact(say("%(what)s: %(names)s", what=named(row["organisation"]), names=f"{code_words(row['metric_words'])}, {row['scope']}"), doubt)
    )
    dated = say("As of: %(day)s", day=gist["as_of"]) if gist["as_of"] else say("Not dated by any source")
    facts.append(Fact(dated, gist["as_of_mark"] or doubt))
    return Card(say("Figure, %(doubt)s", doubt=doubt) if doubt else say("Figure"), named(row["label"]), facts)


async def remark(asked: Any) -> Any:
    """Return the card of a remark: who said what, in our words, when and where."""
    gist = await read_gist(asked.datasette, "remarks", asked.parts["id"])
    if not gist:
        return None
    row, doubt = gist["remark"], _doubt(gist["mark"])
    where = "" if row["medium"] in (None, "not_stated") else f" ({code_words(row['medium_words'])})"
    facts = [Fact(say("%(what)s: %(names)s", what=named(row["speaker"]), names=row["gist"]), gist["mark"])]
    facts.append(Fact((gist["said"] or say("Not dated by any source")) + where, gist["said_mark"] or doubt))
    return Card(say("Remark, %(doubt)s", doubt=doubt) if doubt else say("Remark, in our words"), named(row["label"]), facts)


async def departure(asked: Any) -> Any:
    """Return the card of an exit: the sentence, where to, why by whose word."""
    gist = await read_gist(asked.datasette, "departures", asked.parts["id"])
    if not gist:
        return None
    row = gist["exit"]
    facts = [_exit_fact(row["person"] or say("Somebody not named"), row)]
    facts += [Fact(say("Post left: %(post)s", post=one["label"]), one["mark"]) for one in gist["posts"][:1]]
    if not gist["next"]:
        facts.append(Fact(say("Where to: not stated in what was read")))
    if gist["open"]:
        facts.append(Fact(say("Sources disagree on: %(what)s", what=joined(gist["open"])), say("left open")))
    for voice in [voice for voice in gist["voices"] if voice["given"]][:2]:
        given = joined(_marked(one["text"], one["mark"]) for one in voice["given"][:3])
        facts.append(Fact(say("Why, by the word of %(voice)s: %(reasons)s", voice=voice["voice"], reasons=given)))
    if doubt := _doubt(row["mark"]):  # what is told of a jest or a plan is one itself
        facts = [Fact(fact.text, fact.mark or doubt) for fact in facts]
    kind = say("Leave") if row["manner"] == "leave_of_absence" else say("Exit")
    return Card(f"{kind}{say(', ')}{doubt}" if doubt else kind, named(row["label"]), facts)


async def post(asked: Any) -> Any:
    """Return the card of a post: its holders, the latest last, drawn."""
    found = await asked.rows(ONE.format("posts"), id=asked.parts["id"])
    if not found:
        return None
    tenures = await asked.rows(TENURES.format("t.post_id = :id"), id=asked.parts["id"])
    posts = apart(tenures, "person")
    rows = posts["drawn"]["rows"]
    told = [t for t in tenures if t["asserted_as"] == "fact"]
    people = len({t["person_id"] for t in told})
    facts = [Fact(say("%(holders)s told of", holders=count_of(people, "holder")) if people else say("Nobody is told as having held it"))]
    said = len(tenures) - len(told)
    facts += [Fact(say("%(n)s more only planned or said", n=said), say("not drawn"))] if said else []
    spans, ticks = _spans({"rows": rows[-4:], "ticks": posts["drawn"]["ticks"]})
    return Card(say("Post"), named(found[0]["label"]), facts, spans, ticks)


async def home(asked: Any) -> Any:
    """Return the card of the dataset: who leads, who left last, what is disputed, and the chief executives drawn."""
    data = await home_of(asked.datasette)
    facts = []
    for spell in data["leaders"]:
        since = say(", since %(day)s", day=spell["since"]) if spell["since"] else ""
        mark = code_words(spell["standing"]) if spell["standing"] in ("open", "single_origin") else ""
        leads = {"person": spell["person"], "post": incumbents.title(spell), "since": since, "day": spell["shown"]}
        facts.append(Fact(say("%(person)s is %(post)s%(since)s; last shown %(day)s", **leads), mark))
    facts += [Fact(say("Sources disagree on %(n)s points; each says what was decided", n=data["disputed"]))]
    spans, ticks = [], []
    if data["succession"]:
        spans = _rows_drawn(data["succession"]["sections"][0][1])
        ticks = data["succession"]["ticks"]
    return Card(say("Who led OpenAI, who left, and how we know"), say(NAME), facts[:2], spans, ticks)


def _rows_drawn(rows: Any) -> list[Any]:
    return [
        Span(
            with_capacity(name, bars[0]["capacity"] if all(bar["capacity"] in FOR_A_TIME for bar in bars) else None),
            "",
            [
                part
                for bar in bars
                for part in ((bar["p0"], bar["p1"], False, 0), *([(bar["c0"], bar["c1"], True, 0)] if bar["c0"] is not None else []))
            ],
        )
        for name, _, bars in rows
    ]


async def succession(asked: Any) -> Any:
    """Return the card of who led at a moment: chief executive and board, each as sure as it is."""
    view = await offices.view_of(asked.request, asked.datasette)
    holders = [spell for spell in view["holders"] if spell["basis"] != incumbents.NOT_TOLD]
    facts = [
        Fact(
            f"{named(spell['person'])}{say(', ')}{incumbents.title(spell)}",
            "" if offices.how_sure(spell) == offices.SURE[0] else say(offices.how_sure(spell)),
        )
        for spell in holders
        if spell["post_id"] == incumbents.CHIEF
    ]
    for name, spells in offices.by_body(holders)[2:]:
        sure: dict[Any, Any] = {}
        for spell in spells:
            sure.setdefault(offices.how_sure(spell), []).append(spell["person"])
        body = named(name) if is_chinese() else name.removesuffix(" of directors").removesuffix(" board") + " board"
        for how, people in sure.items():
            names = joined(map(named, dict.fromkeys(people)))
            facts.append(Fact(say("%(what)s: %(names)s", what=body, names=names), "" if how == offices.SURE[0] else say(how)))
    if view["is_beyond"]:
        facts.append(Fact(say("The record reaches to %(day)s", day=show_when(view["reach"][:10]).label), say("beyond the record")))
    return Card(say("Who led OpenAI, US Pacific"), in_words(view["instant"]), facts or [Fact(say("Nobody is told to have led it then"))])


async def timeline(asked: Any) -> Any:
    """Return the card of a stretch of the timeline: how many entries, and the first of them."""
    view = await show_timeline(asked.request, asked.datasette)
    undated = say(", %(n)s of them undated", n=view["undated"]) if view["undated"] else ""
    facts = [Fact(count_of(view["count"], "entry", "entries") + undated)]
    modes, entries = view["modes"], []
    for section in view["sections"]:
        for moment in section["moments"]:
            for block in moment["blocks"]:
                entries += [(moment["words"] or section["heading"], entry) for entry in block["first"]]
    for words, entry in entries[:4]:
        marks = [modes.get(entry["asserted_as"], entry["asserted_as"]) if entry["asserted_as"] != "fact" else ""]
        marks += [code_words(entry["certainty"]) if entry["certainty"] != "certain" else ""]
        doubts = {"single_origin": say("single origin"), "open": say("sources disagree")}
        marks += [doubts.get(entry["standing"], "")]
        dated = f"{words[:1].upper()}{words[1:]}" if entry["place"].is_stated and words else say("Undated")
        facts.append(Fact(f"{dated}{say(': ')}{named(entry['title'])}", mark_text(*marks)))
    return Card(say("Timeline"), view["name"] or say("OpenAI’s leadership, event by event"), facts)


async def who_went_where(asked: Any) -> Any:
    """Return the card of the flow: the places to which most went; what is planned, doubtful or not stated says so."""
    view = await show_exits(asked.request, asked.datasette)
    most = max((group["count"] for group in view["groups"]), default=1)
    bars = []
    for group in view["groups"]:
        unsure = sum(number for state, number in group["states"] if state in ("planned", "doubt"))
        said = f"{group['count']}" + (say(" (%(n)s planned or doubtful)", n=unsure) if unsure else "")
        bars.append(
            (
                named(spoken(group["label"])),
                group["count"] / most,
                said,
                not unsure and group["key"] not in ("not-stated", "reversed", "leave"),
            )
        )
    title = say("Who went where from OpenAI") + (f"{say(', ')}{view['year_label']}" if view["year"] else "")
    told = say(
        "%(exits)s and leaves told as facts; where to is not stated for %(n)s", exits=count_of(view["count"], "exit"), n=view["unstated"]
    )
    return Card(say("Exits"), title, [Fact(told)], bars=bars)


async def chart(asked: Any) -> Any:
    """Return the card of a chart of a question: its answer, and its first or latest bars."""
    queries = await asked.datasette.get_canned_queries(DATABASE, None)
    setting = queries.get(asked.parts["query"])
    if not setting:
        return None
    if not setting.get("fragment"):
        return Card(say("Question"), spoken(setting.get("title") or asked.parts["query"]), [Fact(spoken(setting.get("description") or ""))])
    made = await make_question(asked.datasette, asked.request, asked.parts["query"])
    group = made.chart.groups[0]
    latest = bool(group.earlier) or _in_order(group.shown) or asked.parts["query"] in IN_TIME
    shown = group.shown[-6:] if latest else group.shown[:6]
    widest = max(sum(mark.width for mark in bar.marks) for bar in shown) or 1
    bars = [(bar.label, sum(mark.width for mark in bar.marks) / widest, bar.text, all(mark.sure for mark in bar.marks)) for bar in shown]
    facts = [Fact(made.notes[0])] if made.answered else []
    lines = sum(len(part) for one in made.chart.groups for part in (one.earlier, one.shown, one.folded))
    facts += (
        [
            Fact(
                say("Some of %(all)s lines, the last; the page has all", all=lines)
                if latest
                else say("Some of %(all)s lines, the first; the page has all", all=lines)
            )
        ]
        if lines > len(shown)
        else []
    )
    return Card(say("Chart: %(measure)s", measure=lower_first(spoken(made.chart.measure))), made.title, facts, bars=bars, latest=latest)


def _in_order(bars: Any) -> bool:
    return all(bar.label[-4:].isdecimal() or bar.label[:4].isdecimal() for bar in bars)


async def dashboard(asked: Any) -> Any:
    """Return the card of a chart of the dashboard; of the dashboard itself that of its exits. The picture adds the chart."""
    name = asked.parts["chart"] or "exits"
    made = await make_dashboard(asked.datasette, asked.request, asked.parts["slug"], name)
    return Card(say("Chart"), made.title, [Fact(made.notes[0])], drawing=made)


def _with_chart(card: Any) -> Any:
    """Return a card of a chart of the dashboard with the chart drawn: of many lines as many as there is room for."""
    display, rows = card.drawing.chart
    lines = list(dict.fromkeys(row[display["encoding"]["y"]["field"]] for row in rows))
    height, facts = display.get("height"), []
    if isinstance(height, dict):
        most = int(TALL / height["step"])
        kept = lines[:most] if card.drawing.path.endswith(KEEP_FIRST) else lines[-most:]
        if len(kept) < len(lines):
            which = N_("The first %(n)s of %(all)s lines; the page has all") if kept[0] == lines[0] else OF_LAST
            facts = [Fact(say(which, n=len(kept), all=len(lines)))]
        rows = [row for row in rows if row[display["encoding"]["y"]["field"]] in kept]
    return card._replace(facts=facts, drawing=draw_vega(display, rows, 670, "light", TALL))


ID = "(?P<id>[a-z0-9-]{1,200})"
# Which pages have a picture: the pattern of the path, the parameters that choose what it shows, and who makes it.
PAGES = [
    (re.compile(r"(?:home)?"), (), home),
    (re.compile("timeline"), ("from", "to", "year", "who", "entry", "story", "standing", "dated", "zone"), timeline),
    (re.compile("succession"), ("at",), succession),
    (re.compile("who-went-where"), ("year", "to"), who_went_where),
    (re.compile(f"(?:{DATABASE}/)?people/{ID}"), (), person),
    (re.compile(f"(?:{DATABASE}/)?organisations/{ID}"), (), organisation),
    (re.compile(f"{DATABASE}/events/{ID}"), (), event),
    (re.compile(f"{DATABASE}/departures/{ID}"), (), departure),
    (re.compile(f"{DATABASE}/posts/{ID}"), (), post),
    (re.compile(f"{DATABASE}/figures/{ID}"), (), figure),
    (re.compile(f"{DATABASE}/remarks/{ID}"), (), remark),
    (re.compile(f"{DATABASE}/(?P<query>[a-z0-9_]{{1,60}})"), None, chart),
    (re.compile("-/dashboards/(?P<slug>[a-z0-9_-]{1,60})(?:/(?P<chart>[a-z0-9_-]{1,60}))?"), (), dashboard),
]


async def find_card(datasette: Any, request: Any, path: str) -> tuple[Any, ...] | None:
    """Return (who makes the card, parts of the path, parameters that choose what is shown) of a page; None for pages without one."""
    for pattern, names, make in PAGES:
        found = pattern.fullmatch(path)
        if not found:
            continue
        if names is None:
            queries = await datasette.get_canned_queries(DATABASE, None)
            if found["query"] not in queries:
                return None
            names = queries[found["query"]].get("params") or ()
        kept = [(name, request.args[name].strip()) for name in names if (request.args.get(name) or "").strip()]
        return make, found.groupdict(), kept
    return None


def asked_of(datasette: Any, request: Any, parts: Any) -> Any:
    """Return what a card is made of."""
    return Asked(datasette, request, parts, asking(datasette, most=MOST))


async def describe_page(datasette: Any, make: Any, asked: Any) -> Any:
    """Return the description of a page in words, "" if there is no such page. What would be read twice for it is said in general."""
    if make is timeline:
        return say("Events, exits and leaves, starts and ends of tenures at OpenAI in order, each with its evidence and how sure it is.")
    if make is chart:
        return spoken((await datasette.get_canned_queries(DATABASE, None))[asked.parts["query"]].get("description") or NAME)
    if make is dashboard:
        board = (datasette.plugin_config("datasette-dashboards") or {}).get(asked.parts["slug"]) or {}
        shown = board.get("charts", {}).get(asked.parts["chart"], {}) if asked.parts["chart"] else board
        return spoken(shown.get("note") or shown.get("description") or shown.get("title") or "")
    card = await make(asked)
    return describe(card) if card else ""


def describe(card: Any) -> Any:
    """Return the description of a link in words; what is not plain says so."""
    told = [f"[{fact.mark}] {fact.text.rstrip('.。')}" if fact.mark else fact.text.rstrip(".。") for fact in card.facts if fact.text]
    said = say(". ").join(told) + say(".") if told else card.title
    return said if len(said) <= LONGEST else said[: LONGEST - 1].rsplit(" ", 1)[0] + "…"


async def picture(request: Any, datasette: Any) -> Any:
    """Answer with the picture of a page."""
    try:
        SPOKEN.set(await picture_language())
        found = await find_card(datasette, request, request.url_vars["path"])
        card = await found[0](asked_of(datasette, request, found[1])) if found else None
        if not card:
            raise NotFound(say("This page has no picture."))
        state = await row_of(datasette, STATE)
        values = {
            "name": say(NAME),
            "version": state["version"],
            "day": show_when(state["covers_to"] or "").label,
            "n": f"{state['sources']:,}",
        }
        foot = say("%(name)s %(version)s · as of %(day)s · %(n)s sources read", **values)
        return answer_with(datasette, await PAINTER.run(_paint, card, foot), "image/png")
    except NotDrawnError as error:
        return Response.text(f"{error}\n", status=error.status)


def _paint(card: Any, foot: Any) -> Any:
    if card.drawing:
        card = _with_chart(card)
    return to_png(draw_card(card, foot), 1)


@hookimpl
def extra_template_vars(datasette: Any, request: Any) -> dict[str, Any]:
    """Give every page the function `link_preview()`: description and absolute address of the picture, None where there is none."""

    async def link_preview() -> dict[str, Any] | None:
        if not request:
            return None
        path = request.scope.get("site_path", request.path).lstrip("/")
        try:
            found = await find_card(datasette, request, path)
            if not found:
                return None
            said = await describe_page(datasette, found[0], asked_of(datasette, request, found[1]))
        except (sqlite3.Error, QueryInterrupted, KeyError, NotFound, BadRequest):
            return None  # the page itself says what is wrong
        if not said:
            return None
        query = f"?{urlencode(found[2])}" if found[2] else ""
        image = datasette.absolute_url(request, datasette.urls.path(f"/preview/{path or 'home'}.png") + query)
        address = datasette.absolute_url(request, datasette.urls.path(f"/{path}") + query)
        return {"description": said, "image": image, "address": address}

    return {"link_preview": link_preview}


@hookimpl
def register_routes() -> list[Any]:
    """The picture of a page stands below /preview/."""
    return [(r"^/preview/(?P<path>[A-Za-z0-9/_-]{1,300})\.png$", picture)]
