"""Pages of one person and one organisation: a sentence in words, posts drawn on one axis, and what the tables hold besides.

A page shows the most reported entries of each kind; `?section=events` shows all of one kind, a hundred at a time.
What has no date stands apart, and so does what was only planned or said: neither is drawn nor told as if it had happened.
"""

from __future__ import annotations

import json
from collections import Counter
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from datasette import NotFound, Response, hookimpl
from leadership.amounts import join_amount
from presentation.amount_words import say_amount
from presentation.chronology import BY_DAY, order, place_entry
from presentation.rows import Ask, Row, asking
from presentation.showing import in_words, say_year, year_of_exit
from presentation.spans import apart
from presentation.speaking import N_, count_of, is_chinese, joined_last, named, say
from presentation.telling import EXITS, HIGH_POSTS, REASONS, TENURES, choose, is_principal, left_part, mark_of, next_part, reasons

MOST = 2000
PAGE = 100  # entries of one kind at a time
FIRST = {"events": 8, "remarks": 5, "about": 5, "argues": 5, "figures": 8, "exits": 8, "products": 8, "parts": 8, "names": 24}
TITLES = {
    "events": N_("Events"),
    "exits": N_("Exits and leaves"),
    "remarks": N_("Said"),
    "about": N_("Said by others of them"),
    "argues": N_("Argues"),
    "figures": N_("Figures"),
    "products": N_("Products and projects"),
    "parts": N_("Parts of it"),
    "names": N_("Names"),
}
SECTIONS = {
    "people": ("exits", "events", "remarks", "about", "argues", "names"),
    "organisations": ("figures", "events", "remarks", "argues", "products", "parts", "exits", "names"),
}
IN_LEAD, ELSEWHERE_IN_LEAD, VOICES_IN_LEAD = 3, 2, 2
DRAWN_POSTS, DRAWN_HOLDERS = 6, 14
WHERE = {"people": N_("people"), "organisations": N_("organisations")}
EVENTS = """SELECT e.id, e.label, e.story, e.summary, e.started, e.started_day, e.started_earliest, e.started_latest,
 e.started_latest_basis, e.asserted_as, e.certainty, e.standing, e.origin_count,
 (SELECT GROUP_CONCAT(words, ', ') FROM (SELECT LOWER(c.label) || COALESCE(' for ' || b.label, '')
   || CASE WHEN p.asserted_as <> 'fact' OR p.certainty <> 'certain' THEN ' (not certain)' ELSE '' END AS words
   FROM event_participants p JOIN codes c ON c.list = 'part' AND c.code = p.part LEFT JOIN subjects b ON b.id = p.on_behalf_of_id
   WHERE p.event_id = e.id AND p.subject_id = :id AND p.standing <> 'refuted' ORDER BY words)) AS parts
 FROM events e WHERE e.standing <> 'refuted' AND EXISTS (SELECT 1 FROM event_participants p
   WHERE p.event_id = e.id AND p.subject_id = :id AND p.standing <> 'refuted')
 ORDER BY COALESCE(e.started_earliest, e.started_latest, '9999'), e.started IS NULL, e.label LIMIT :most"""
REMARKS = """SELECT r.*, s.label AS speaker FROM remarks r JOIN subjects s ON s.id = r.speaker_id
 WHERE {} AND r.standing <> 'refuted' ORDER BY COALESCE(r.said_earliest, r.said_latest, '9999'), r.said IS NULL, r.label LIMIT :most"""
ABOUT = "r.speaker_id <> :id AND EXISTS (SELECT 1 FROM json_each(r.about) a WHERE a.value = :id)"
QUERIES = {
    "events": EVENTS,
    "remarks": REMARKS.format("r.speaker_id = :id"),
    "about": REMARKS.format(ABOUT),
    "argues": """SELECT i.id, i.label, i.position, i.asserted_as, i.certainty, i.standing, i.origin_count, i.disputed_by
 FROM interpretations i
 WHERE EXISTS (SELECT 1 FROM json_each(i.argued_by) a WHERE a.value = :id) ORDER BY i.origin_count DESC, i.label LIMIT :most""",
    "figures": """SELECT f.*, c.label AS unit_label FROM figures f JOIN codes c ON c.list = 'unit' AND c.code = f.unit
 WHERE f.organisation_id = :id AND f.standing <> 'refuted' ORDER BY f.metric, COALESCE(f.as_of_earliest, '9999'), f.label LIMIT :most""",
    "products": "SELECT * FROM products WHERE organisation_id = :id AND standing <> 'refuted' ORDER BY label LIMIT :most",
    "parts": "SELECT * FROM organisations WHERE parent_id = :id AND standing <> 'refuted' ORDER BY label LIMIT :most",
    "names": """SELECT text, lang, kind, COUNT(DISTINCT source_id) AS source_count FROM names WHERE subject_id = :id
 GROUP BY text, lang, kind ORDER BY kind <> 'preferred', source_count DESC, lang, text LIMIT :most""",
}
EXITS_OF = {"people": EXITS.format("d.person_id = :id"), "organisations": EXITS.format("d.organisation_id = :id")}
CAME = EXITS.format("d.destination_id = :id")
BOARDS = """t.organisation_id IN (SELECT id FROM organisations WHERE kind = 'board' AND id <> :id
 AND (parent_id = :id OR substr(id, 1, length(:id) + 1) = :id || '-')) AND o.category = 'board'"""
BOARD_BY_DATE = "SELECT moment, person, post, held FROM board_by_date WHERE organisation_id = 'openai-board' ORDER BY moment LIMIT :most"
PARENT = "SELECT p.id, p.label FROM organisations o JOIN organisations p ON p.id = o.parent_id WHERE o.id = :id LIMIT :most"
CITED = "SELECT COUNT(*) AS claims, COUNT(DISTINCT source_id) AS sources FROM claims WHERE via_source = :id"


async def person_page(request: Any, datasette: Any) -> Any:
    """Show one person: a sentence, posts drawn over time, exits, events, remarks, names in every language."""
    return await _page(request, datasette, "people")


async def organisation_page(request: Any, datasette: Any) -> Any:
    """Show one organisation: the succession in its posts, its board, who came from and went where, figures, events, remarks."""
    return await _page(request, datasette, "organisations")


async def _page(request: Any, datasette: Any, table: str) -> Any:
    rows, row = await _subject(request, datasette, table)
    chosen = request.args.get("section", "")
    sections = {name: _in_order(name, await rows(EXITS_OF[table] if name == "exits" else QUERIES[name])) for name in SECTIONS[table]}
    context = {"row": row, "kind": "person" if table == "people" else "organisation", "table": table, "titles": TITLES}
    context["reasons"] = await _reasons(rows, sections["exits"])
    if chosen in sections:
        shown, around = _one_page(request, sections[chosen])
        context |= {"chosen": chosen, "sections": [_section(chosen, shown, len(sections[chosen]))], "around": around}
        context["reached"] = await _reached(rows)
        return await _render(datasette, request, context)
    context["sections"] = [_section(name, _first(name, found), len(found)) for name, found in sections.items() if found]
    context["reached"] = await _reached(rows)
    if table == "people":
        tenures = await rows(TENURES.format("t.person_id = :id"))
        context["lead"] = _lead(row, tenures, sections["exits"], context["reasons"], sections)
        context["posts"] = apart(tenures, "post")
    else:
        tenures = await rows(TENURES.format("t.organisation_id = :id"))
        context |= _succession(tenures)
        boards = await rows(TENURES.format(BOARDS))
        context["board"] = apart(boards, "holder")
        seats = {tenure["organisation_id"] for tenure in (*boards, *tenures)}
        context["board_by_date"] = _board_by_date(await rows(BOARD_BY_DATE)) if "openai-board" in seats else []
        context["went"], context["came"] = _flows(sections["exits"], "destination"), _flows(await rows(CAME), "organisation")
        context["cited"] = (await rows(CITED))[0]
        context["parent"] = (await rows(PARENT))[:1]
    return await _render(datasette, request, context)


async def _subject(request: Any, datasette: Any, table: str) -> tuple[Any, ...]:
    """Return a function that reads rows about the subject of the address, and the subject's own row; 404 if there is none."""
    subject_id = request.url_vars["id"]
    rows = asking(datasette, id=subject_id, most=MOST)

    found = await rows(f'SELECT * FROM "{table}" WHERE id = :id LIMIT :most')  # the table is one of our two
    if not found:
        raise NotFound(
            say(
                "There is no %(id)s among the %(table)s; the search finds people and organisations by any of their names",
                id=subject_id,
                table=WHERE[table],
            )
        )
    return rows, found[0]


async def _render(datasette: Any, request: Any, context: Any) -> Any:
    return Response.html(await datasette.render_template("profile.html", context, request=request, view_name="profile"))


async def _reached(rows: Ask) -> Any:
    """Return until which day the sources reach that speak of anything, in words."""
    found = await rows("SELECT MAX(published_day) AS day FROM sources WHERE access <> 'cited'")
    return in_words(found[0]["day"]) if found[0]["day"] else ""


async def _reasons(rows: Ask, exits: Any) -> dict[str, Any]:
    """Return by whose word which reasons are given, by the id of the exit."""
    ids = json.dumps([one["id"] for one in exits])
    people = {one["id"]: one["person_id"] for one in exits}
    claims = sorted(await rows(REASONS, ids=ids), key=lambda claim: claim["subject_id"])
    return {exit_id: reasons(found, people[exit_id]) for exit_id, found in groupby(claims, key=lambda claim: claim["subject_id"])}


# sections


def _in_order(name: str, found: Any) -> Any:
    """Return entries with dates in the order of the timeline, what has no date last; others as they came."""
    date = DATE_OF.get(name)
    if not date:
        return found

    def place(entry: Any) -> Any:
        parts = {part: entry[f"{date}_{part}"] for part in ("day", "earliest", "latest")}
        at = order(place_entry({"when": entry[date], **parts}, "pacific"), BY_DAY)
        return not entry[date], at, entry.get("story") or "", entry.get("summary") or ""

    return sorted(found, key=place)


def _first(name: str, found: Any) -> Any:
    """Return the entries that the page shows at first, in their order: the most reported where they are many."""
    if len(found) <= FIRST[name] or name == "names":
        return found[: FIRST[name]]
    most = sorted(found, key=lambda entry: -(entry.get("origin_count") or 0))[: FIRST[name]]
    chosen = {entry["id"] for entry in most}
    return [entry for entry in found if entry["id"] in chosen]


def _one_page(request: Any, found: Any) -> tuple[Any, ...]:
    """Return the entries of the page that is asked for, and links to those before and after it."""
    asked = request.args.get("page", "")
    last = max(1, -(-len(found) // PAGE))
    number = min(max(int(asked), 1), last) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    section = request.args.get("section")
    around = [
        {"words": words, "rel": rel, "href": f"?{urlencode({'section': section, 'page': page})}"}
        for words, rel, page in ((N_("Earlier entries"), "prev", number - 1), (N_("Later entries"), "next", number + 1))
        if 1 <= page <= last
    ]
    return found[(number - 1) * PAGE : number * PAGE], around


DATE_OF = {"events": "started", "remarks": "said", "about": "said"}


def _section(name: str, shown: Any, total: Any) -> dict[str, Any]:
    """Return a section as the template shows it: entries with a date, and apart those without; of exits their sentences."""
    date = DATE_OF.get(name)
    for entry in shown:
        entry["mark"] = mark_of(entry) if "standing" in entry else ""
        if name == "exits":
            entry["parts"] = [left_part(entry), *filter(None, [next_part(entry)])]
    dated = [entry for entry in shown if not date or entry[date]]
    undated = [entry for entry in shown if date and not entry[date]]
    return {"name": name, "title": TITLES[name], "dated": dated, "undated": undated, "shown": len(shown), "total": total}


# a person in words


def _lead(row: Row, tenures: Any, exits: Any, by_exit: Any, sections: Any) -> Any:
    """Return the sentences that introduce a person: posts, exits, reasons by whose word, and posts elsewhere; nothing planned."""
    held = [t for t in tenures if t["asserted_as"] == "fact"]
    here, elsewhere = ([t for t in held if bool(t["is_openai"]) == wanted] for wanted in (True, False))
    facts = [d for d in exits if d["asserted_as"] == "fact"]
    left = {d["organisation_id"]: d for d in facts if not d["reversed_by"] and d["manner"] != "leave_of_absence"}
    now = [t for t in here if _holds(t, left)]
    before = [t for t in here if t not in now]
    name = row["label"]
    sentences: list[dict[str, Any]] = []
    posts = [
        (now, say("%(name)s has been", name=name), say("Still held when last told:")),
        (before, say("%(name)s was", name=name), say("Also at OpenAI:")),
    ]
    posts.sort(key=lambda told: not any(map(is_principal, told[0])))  # what somebody was comes first where it weighs more
    for place, (told, first, also) in enumerate(group for group in posts if group[0]):
        parts = choose(told, IN_LEAD)
        sentences.append({"before": also if place else first, "parts": parts, "more": len(told) - len(parts)})
    if not here:
        sentences.append({"before": say("No source at hand says that %(name)s held a post at OpenAI", name=name), "parts": []})
    gone = _exits_in_lead(facts, bool(now))
    for one in gone:
        parts = [left_part(one), *filter(None, [next_part(one)])]
        reversed_by = {"id": one["reversed_by"], "text": one["reversed"]} if one["reversed_by"] else None
        sentences.append({"before": name, "exit": parts, "reversed": reversed_by, "parts": []})
        if one is gone[-1] and by_exit.get(one["id"]):
            sentences.append({"before": "", "parts": [], "reasons": by_exit[one["id"]][:VOICES_IN_LEAD], "of": one,
                              "voices": max(0, len(by_exit[one["id"]]) - VOICES_IN_LEAD)})  # fmt: skip
    if elsewhere:
        more = max(0, len(elsewhere) - ELSEWHERE_IN_LEAD)
        sentences.append({"before": say("Elsewhere:"), "parts": choose(elsewhere, ELSEWHERE_IN_LEAD), "more": more})
    if not held and not gone:
        counts = [count_of(len(sections["events"]), "event")] if sections.get("events") else []
        counts += [count_of(len(sections["remarks"]), "remark")] if sections.get("remarks") else []
        known = joined_last(counts) if counts else say("no post, exit, event or remark")
        sentences.append({"before": say("The record has %(told)s of %(name)s", told=known, name=name), "parts": []})
    return sentences


def _holds(tenure: Any, left: Any) -> Any:
    """Tell whether a source says that a post is still held, and no exit from there came after it was taken up."""
    unsure = json.loads(tenure["unsure"] or "[]")
    if tenure["end_state"] != "ongoing" or tenure["ended"] or "end_state" in unsure:
        return False
    gone = left.get(tenure["organisation_id"])
    return not gone or (tenure["certain_from"] or "") > (gone["effective_earliest"] or gone["announced_earliest"] or "")


def _exits_in_lead(exits: Any, is_there: Any) -> list[Any]:
    """Return the exits that the introduction tells: what was reversed, and the last from OpenAI that was not, else the last of all."""
    openai = [d for d in exits if d["organisation_id"].startswith("openai")]
    reversed_ones = [d for d in openai if d["reversed_by"]][:1]
    final = [d for d in openai if not d["reversed_by"] and d["organisation_id"] == "openai"] or [d for d in openai if not d["reversed_by"]]
    if is_there:  # who still holds a post has left no more than a part of the firm
        final = [d for d in final if d["organisation_id"] == "openai"]
    return [*reversed_ones, *final[-1:]]


# posts drawn


def _succession(tenures: Any) -> dict[str, Any]:
    """Return the posts of an organisation: the highest drawn with their holders on one axis, the others by name with their number."""
    by_post: dict[Any, Any] = {}
    for tenure in tenures:
        by_post.setdefault(tenure["post_id"], []).append(tenure)
    facts = {post: [t for t in found if t["asserted_as"] == "fact"] for post, found in by_post.items()}
    dated = {post: [t for t in found if t["possible_from"] or t["certain_from"] or t["possible_to"]] for post, found in facts.items()}
    high = [post for post, found in dated.items() if found and found[0]["category"] in HIGH_POSTS and len(facts[post]) <= DRAWN_HOLDERS]
    high.sort(key=lambda post: (-min(len(facts[post]), 2), -max(t["origin_count"] for t in facts[post]), post))
    drawn = high[:DRAWN_POSTS]
    shown = [tenure for post in drawn for tenure in by_post[post]]
    posts = apart(shown, "person")
    for bar in posts["drawn"]["rows"]:
        bar["group"] = bar["post"]
    order = {post: position for position, post in enumerate(drawn)}
    posts["drawn"]["rows"].sort(key=lambda bar: (order[bar["post_id"]], bar["possible_from"] or bar["certain_from"] or ""))
    others = [
        {"id": post, "label": found[0]["title"], "holders": len(facts[post]), "said": len(found) - len(facts[post])}
        for post, found in sorted(by_post.items(), key=lambda item: (-len(item[1]), item[1][0]["title"]))
        if post not in drawn
    ]
    return {"posts": posts, "others": others}


def _board_by_date(seats: Any) -> Any:
    """Return the members at each moment at which the board certainly changed, the latest first; who possibly sat is set apart."""
    found: list[dict[str, Any]] = []
    before = None
    for moment, grouped in groupby(seats, key=lambda seat: seat["moment"]):
        members = list(grouped)
        certain = sorted({seat["person"] for seat in members if seat["held"] == "certainly"})
        possible = sorted({seat["person"] for seat in members} - set(certain))
        if before is not None and certain == before:
            continue
        found.append({"moment": in_words(moment), "certain": [named(one) for one in certain], "possible": [named(one) for one in possible]})
        before = certain
    between = " " if is_chinese() else ","
    days = Counter(state["moment"].partition(between)[0] for state in found)
    for state in found:  # the hour is told where a day has several states, else it is only the bound of a day
        day = state["moment"].partition(between)[0]
        state["moment"] = state["moment"] if days[day] > 1 else day
    return found[::-1]


def _flows(exits: Any, side: Any) -> list[Any]:
    """Return exits by where they lead to or come from: facts by organisation, most first; not stated and reversed ones last."""
    groups: dict[Any, Any] = {}
    for one in exits:
        if one["asserted_as"] != "fact" or one["manner"] == "leave_of_absence" or (side == "organisation" and one["reversed_by"]):
            continue
        unsure = {"destination_id", "destination_kind"} & set(json.loads(one["unsure"] or "[]"))
        where = (one["destination_id"], one["destination"]) if side == "destination" else (one["organisation_id"], one["organisation"])
        if one["reversed_by"]:
            key = ("", say("Reversed"))
        elif side == "destination" and not where[0]:
            key = ("", say("No organisation stated"))
        else:
            key = where
        year, is_known = year_of_exit(one)
        groups.setdefault(key, []).append(
            {
                "id": one["id"],
                "person": one["person"] or say("somebody not named"),
                "person_id": one["person_id"],
                "year": "" if not year else year if is_known else say("by %(day)s", day=say_year(year)),
                "mark": ", ".join(filter(None, (mark_of(one), say("planned or said") if unsure and where[0] else ""))),
            }
        )
    ordered = sorted(groups.items(), key=lambda item: (not item[0][0], -len(item[1]), item[0][1]))
    return [{"id": key[0], "label": key[1], "exits": found} for key, found in ordered]


@hookimpl
def prepare_jinja2_environment(env: Any) -> None:
    """Let the pages write large numbers, and numbers of claims, in words."""
    env.filters["amount"] = lambda row: say_amount(
        join_amount(row["comparator"], row["value"], row["value_high"]), row["unit"], row["unit_label"] or ""
    )
    env.filters["counted_claims"] = lambda number: count_of(number, "claim")


@hookimpl
def register_routes() -> list[Any]:
    """People stand at /people/<id>, organisations at /organisations/<id>."""
    return [(r"^/people/(?P<id>[a-z0-9-]{1,100})$", person_page), (r"^/organisations/(?P<id>[a-z0-9-]{1,100})$", organisation_page)]
