"""What a row is in short, at the head of its page, before its evidence: holder and dates of a tenure, holders of a
post, participants of an event, facts of an exit, number and day of a figure, speaker and day of a remark.

A gist has the name of its template, `_gist_<kind>.html`, and what that lays out. Only rows of the tables of `LOADERS` have one.
"""

from __future__ import annotations

import json
from typing import Any

from leadership.amounts import join_amount, parse_amount
from leadership.schema import KINDS
from leadership.when import parse_when

from .amount_words import say_amount
from .rows import Ask, asking
from .spans import apart
from .speaking import code_words, is_chinese, say
from .telling import EXITS, REASONS, TENURES, doubt_of, left_part, mark_of, next_part, post_part, reasons
from .wording import date_label, property_title

MOST = 500
BEFORE_AND_AFTER = 2  # dated events of the same story on either side
MOST_TOGETHER = 12

TAKING_PART = """SELECT p.id, p.asserted_as, p.certainty, p.standing, p.origin_count, p.part, c.label AS part_words,
 c.label_zh AS part_words_zh, c.position,
 s.id AS subject_id, s.label, s.table_name, b.id AS behalf_id, b.label AS behalf, b.table_name AS behalf_table
 FROM event_participants p JOIN codes c ON c.list = 'part' AND c.code = p.part JOIN subjects s ON s.id = p.subject_id
 LEFT JOIN subjects b ON b.id = p.on_behalf_of_id
 WHERE p.event_id = :id AND p.standing <> 'refuted' ORDER BY c.position, p.origin_count DESC, s.label LIMIT :most"""
EVENT = """SELECT e.*, s.label AS story_words, k.label AS kind_words, u.label AS parent FROM events e
 LEFT JOIN codes s ON s.list = 'story' AND s.code = e.story LEFT JOIN codes k ON k.list = 'event_kind' AND k.code = e.kind
 LEFT JOIN events u ON u.id = e.parent_id WHERE e.id = :id"""
SHOWN_EVENT = "o.id, o.label, o.started, o.asserted_as, o.certainty, o.standing, o.origin_count"
DATED = """o.story = e.story AND o.id NOT IN (e.id, COALESCE(e.parent_id, '')) AND COALESCE(o.parent_id, '') <> e.id
 AND o.standing <> 'refuted' AND o.asserted_as = 'fact' AND o.started IS NOT NULL"""
EARLIER = f"""SELECT {SHOWN_EVENT} FROM events e JOIN events o ON {DATED} AND o.started_latest <= e.started_earliest
 WHERE e.id = :id AND e.started IS NOT NULL ORDER BY o.started_latest DESC, o.started_earliest DESC, o.label LIMIT :most"""
LATER = f"""SELECT {SHOWN_EVENT} FROM events e JOIN events o ON {DATED} AND o.started_earliest >= e.started_latest
 AND NOT (o.started_latest <= e.started_earliest)
 WHERE e.id = :id AND e.started IS NOT NULL ORDER BY o.started_earliest, o.started_latest, o.label LIMIT :most"""
TOLD = f"""SELECT a.property, {SHOWN_EVENT} FROM accepted a JOIN events o ON o.id = a.value
 WHERE a.subject_id = :id AND a.property IN ('after', 'before') ORDER BY o.started_earliest, o.label LIMIT :most"""
PARTS = f"""SELECT {SHOWN_EVENT} FROM events o WHERE o.parent_id = :id AND o.standing <> 'refuted'
 ORDER BY COALESCE(o.started_earliest, o.started_latest, '9999'), o.label LIMIT :most"""
LEFT_POSTS = """SELECT o.id, o.label, a.asserted_as, a.certainty, NULL AS standing FROM accepted a JOIN posts o ON o.id = a.value
 WHERE a.subject_id = :id AND a.property = 'posts' ORDER BY o.label LIMIT :most"""
FIGURE = """SELECT f.*, o.label AS organisation, m.label AS metric_words, u.label AS unit_words, e.label AS event FROM figures f
 JOIN organisations o ON o.id = f.organisation_id LEFT JOIN codes m ON m.list = 'metric' AND m.code = f.metric
 LEFT JOIN codes u ON u.list = 'unit' AND u.code = f.unit LEFT JOIN events e ON e.id = f.event_id WHERE f.id = :id"""
RIVALS = """SELECT value FROM statements WHERE subject_id = :id AND property = 'value' AND rule = 'open'
 ORDER BY origin_count DESC, value LIMIT :most"""
REMARK = """SELECT r.*, s.label AS speaker, s.table_name AS speaker_table, c.label AS medium_words FROM remarks r
 JOIN subjects s ON s.id = r.speaker_id LEFT JOIN codes c ON c.list = 'medium' AND c.code = r.medium WHERE r.id = :id"""
NAMED = """SELECT s.id, s.label, s.table_name FROM json_each(:ids) j JOIN subjects s ON s.id = j.value ORDER BY j.key LIMIT :most"""
DATES = tuple(prop.name for prop in KINDS["departure"].properties if prop.type == "date")
DOUBTS = (
    "SELECT property, MAX(asserted_as) AS asserted_as, MAX(certainty) AS certainty FROM accepted WHERE subject_id = :id GROUP BY property"
)
STANDING_OF = """SELECT property, MAX(decision_id) AS decision_id, MAX(rule = 'open') AS is_open FROM statements
 WHERE subject_id = :id GROUP BY property LIMIT :most"""


async def read_gist(datasette: Any, table: str, row_id: str) -> dict[str, Any] | None:
    """Return what a row is in short; None for rows of other tables, and where there is nothing to say."""
    load = LOADERS.get(table)
    return await load(asking(datasette, id=row_id, most=MOST)) if load else None


async def post_gist(rows: Ask) -> dict[str, Any] | None:
    """Return the holders of a post in order, drawn on one axis."""
    tenures = await rows(TENURES.format("t.post_id = :id"))
    return {"template": "_gist_post.html", "posts": apart(tenures, "person")} if tenures else None


async def event_gist(rows: Ask) -> dict[str, Any] | None:
    """Return who took part and how, what came before and after, and what it is a part of."""
    found = await rows(EVENT)
    if not found:
        return None
    event = found[0]
    doubts = {one["property"]: one for one in await rows(DOUBTS)}
    people = [one | {"mark": mark_of(one)} for one in await rows(TAKING_PART)]
    parts: dict[Any, Any] = {}
    for one in people:
        parts.setdefault(one["part_words_zh"] if is_chinese() else one["part_words"], []).append(one)
    told = await rows(TOLD)
    before = await rows(EARLIER, most=BEFORE_AND_AFTER)
    after = await rows(LATER, most=BEFORE_AND_AFTER)
    return {
        "template": "_gist_event.html",
        "event": event
        | {
            "when": date_label(event["started"]) if event["started"] else "",
            "when_mark": _date_mark(event, doubts),
            "mark": mark_of(event),
        },
        "parts": list(parts.items()),
        "before": [_shown(one) for one in before[::-1]],
        "after": [_shown(one) for one in after],
        "told_after": [_shown(one) for one in told if one["property"] == "after"],
        "told_before": [_shown(one) for one in told if one["property"] == "before"],
        "within": [_shown(one) for one in await rows(PARTS)][:MOST_TOGETHER],
    }


def _date_mark(event: Any, doubts: Any) -> str:
    """Return what keeps the date of an event from being as sure as the event itself, "" if nothing."""
    told = doubt_of(doubts.get("started", {}))
    return "" if told == doubt_of(event) else told


def _shown(event: Any) -> Any:
    return event | {"when": date_label(event["started"]) if event["started"] else say("undated"), "mark": mark_of(event)}


async def departure_gist(rows: Ask) -> dict[str, Any] | None:
    """Return the facts of an exit: who, from where, how, when, for where, why by whose word, and whether it was reversed."""
    found = await rows(EXITS.format("d.id = :id"))
    if not found:
        return None
    exit_row = found[0]
    doubts = {one["property"]: one for one in await rows(DOUBTS)}
    settled = {one["property"]: one for one in await rows(STANDING_OF)}
    dates = [
        {
            "title": property_title("departures", name),
            "when": date_label(exit_row[name]),
            "mark": mark_of({"standing": None, **doubts.get(name, {})}),
        }
        for name in DATES
        if exit_row[name]
    ]
    posts = [one | {"mark": mark_of(one)} for one in await rows(LEFT_POSTS)]
    voices = reasons(await rows(REASONS, ids=json.dumps([exit_row["id"]])), exit_row["person_id"])
    # What is left open is named below, and no such value stands in the sentence: there the mark would be taken for the exit's.
    sentence_row = exit_row | {"standing": None} if exit_row["standing"] == "open" else exit_row
    return {
        "template": "_gist_departure.html",
        "exit": exit_row | {"mark": mark_of(sentence_row)},
        "sentence": [left_part(sentence_row), *filter(None, [next_part(exit_row)])],
        "dates": dates,
        "open": sorted(property_title("departures", name).lower() for name, one in settled.items() if one["is_open"]),
        "posts": posts,
        "voices": voices,
        "next": next_part(exit_row),
    }


async def tenure_gist(rows: Ask) -> Any:
    """Return who held which post, from when to when and how surely, and who else held it."""
    found = await rows(TENURES.format("t.id = :id"))
    if not found:
        return None
    tenure = found[0]
    others = [
        one | {"mark": mark_of(one)} for one in await rows(TENURES.format("t.post_id = (SELECT post_id FROM tenures WHERE id = :id)"))
    ]
    others = [one for one in others if one["id"] != tenure["id"]]
    return {
        "template": "_gist_tenure.html",
        "tenure": tenure,
        "part": post_part(tenure),
        "began": date_label(tenure["started"]) if tenure["started"] else "",
        "began_mark": doubt_of(tenure, "started_"),
        "ended": date_label(tenure["ended"]) if tenure["ended"] else "",
        "ended_mark": doubt_of(tenure, "ended_"),
        "reason": code_words(tenure["end_reason"], "end_reason") if tenure["end_reason"] else "",
        "shown": _shown_days(tenure),
        "others": others[:MOST_TOGETHER],
        "more": len(others) - MOST_TOGETHER if len(others) > MOST_TOGETHER else 0,
    }


def _shown_days(tenure: Any) -> str:
    """Return the first and last day (else month or year) on which a source shows the holder in the post, "" if none does."""
    held = json.loads(tenure["held_on"] or "[]")
    days = sorted([day for day in held if len(day) >= len("2023-11-17")] or held, key=lambda day: parse_when(day).earliest or "")
    ends = list(dict.fromkeys(date_label(day) for day in (days[:1] + days[-1:])))
    if len(ends) < 2:
        return "".join(ends)
    return say("first on %(first)s, last on %(last)s", first=ends[0], last=ends[1])


async def figure_gist(rows: Ask) -> dict[str, Any] | None:
    """Return the number of a figure in words, of what and as of when it is, and how surely each is said; of an open one the rivals."""
    found = await rows(FIGURE)
    if not found:
        return None
    figure = found[0]
    doubts = {one["property"]: one for one in await rows(DOUBTS)}
    number = None if figure["value"] is None else join_amount(figure["comparator"], figure["value"], figure["value_high"])
    rivals = [] if number else await rows(RIVALS)
    value, as_of = ({"standing": None, **doubts.get(name, {})} for name in ("value", "as_of"))
    return {
        "template": "_gist_figure.html",
        "figure": figure,
        "amount": say_amount(number, figure["unit"], figure["unit_words"] or "") if number else "",
        "amount_mark": mark_of((value if doubt_of(value) else figure) | {"standing": figure["standing"]}),
        "rivals": [say_amount(parse_amount(one["value"]), figure["unit"], figure["unit_words"] or "") for one in rivals],
        "as_of": date_label(figure["as_of"]) if figure["as_of"] else "",
        "as_of_mark": mark_of(as_of),
        "members": await rows(NAMED, ids=figure["members"]) if figure["members"] else [],
    }


async def remark_gist(rows: Ask) -> dict[str, Any] | None:
    """Return who said something, when, where and of whom, and how surely each is told."""
    found = await rows(REMARK)
    if not found:
        return None
    remark = found[0]
    doubts = {one["property"]: {"standing": None, **one} for one in await rows(DOUBTS)}
    plain = {"standing": None}
    return {
        "template": "_gist_remark.html",
        "remark": remark,
        "mark": mark_of(remark),
        "said": date_label(remark["said"]) if remark["said"] else "",
        "said_mark": mark_of(doubts.get("said", plain)),
        "medium_mark": mark_of(doubts.get("medium", plain)),
        "about": await rows(NAMED, ids=remark["about"]) if remark["about"] else [],
    }


LOADERS = {
    "tenures": tenure_gist,
    "posts": post_gist,
    "events": event_gist,
    "departures": departure_gist,
    "figures": figure_gist,
    "remarks": remark_gist,
}
