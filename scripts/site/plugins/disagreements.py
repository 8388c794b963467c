"""The page /disagreements: where sources give more than one value or one denies what another says, as cards.

Each card says who gives which value and where, what is accepted, by which rule or decision, and why. The address chooses: `kind` of
subject, `settled` (open, by decision, by rule), `rule`, `about` (words of the subject's name), `page`. All of it
comes from the view `disagreements` and the claims behind it.
"""

from __future__ import annotations

import json
from collections import Counter
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from datasette import Response, hookimpl
from leadership.folding import simplify
from leadership.schema import KINDS, OCCURS
from leadership.standing import RANKS
from presentation.rows import DATABASE, Ask, asking, line_address, read_once, rows_without_limit
from presentation.speaking import N_, code_words, say
from presentation.wording import RESTS_ON, RESTS_ON_COLUMNS, point_in_words, read_words, rests_on

PATH = "/disagreements"
MOST = 20_000
LONGEST_ABOUT = 100
CARDS = 12  # on one page
VALUES_AT_ONCE, PLACES_AT_ONCE = 4, 3  # of one card and of one value; the rest unfolds
SETTLED = {"open": N_("left open"), "by decision": N_("settled by a decision"), "by rule": N_("settled by a rule")}

DISPUTES = """
SELECT d.subject_id, d.property, d.kind, d.subject, s.label_zh, s.table_name, s.summary, MAX(d.decision_id) AS decision_id,
       CASE WHEN SUM(d.settled = 'open') THEN 'open' WHEN SUM(d.settled = 'by decision') THEN 'by decision' ELSE 'by rule' END AS settled,
       COALESCE(MAX(x.rule), MAX(d.rule)) AS rule
  FROM disagreements d JOIN subjects s ON s.id = d.subject_id LEFT JOIN decisions x ON x.id = d.decision_id
 GROUP BY d.subject_id, d.property
 ORDER BY CASE settled WHEN 'open' THEN 1 WHEN 'by decision' THEN 2 ELSE 3 END, d.subject, d.property LIMIT :most
"""
STATEMENTS = """
SELECT st.id, st.subject_id, st.property, st.value, st.rank, st.rule, st.deprecated_reason, st.asserted_as, st.certainty, st.origin_count,
       st.claim_count, st.denial_count
  FROM json_each(:keys) k
  JOIN statements st ON st.subject_id = json_extract(k.value, '$[0]') AND st.property = json_extract(k.value, '$[1]')
 ORDER BY st.value LIMIT :most
"""
PLACES = """
SELECT c.statement_id, c.polarity, c.source_id, COALESCE(o.label, s.byline, s.label) AS voice, s.label AS source, s.published, pa.line,
       pa.id AS passage_id
  FROM json_each(:ids) k JOIN claims c ON c.statement_id = k.value
  JOIN passages pa ON pa.id = c.passage_id JOIN sources s ON s.id = c.source_id
  LEFT JOIN organisations o ON o.id = s.publisher_id
 ORDER BY s.published_latest, c.source_id, pa.line, pa.start LIMIT :most
"""
DECISIONS = f"""SELECT d.id, d.rationale, d.basis, d.decided_on, {RESTS_ON_COLUMNS} FROM decisions d {RESTS_ON}
 WHERE d.id IN (SELECT value FROM json_each(:ids)) LIMIT :most"""


@hookimpl
def register_routes() -> list[Any]:
    """The page stands at /disagreements."""
    return [(rf"^{PATH}$", disagreements_page)]


@read_once
async def _disputes(datasette: Any) -> list[dict[str, Any]]:
    return await rows_without_limit(datasette, DISPUTES, most=MOST)


async def disagreements_page(request: Any, datasette: Any) -> Any:
    """Show the disputes that the query string asks for, a page of cards at a time."""
    disputes = await _disputes(datasette)
    chosen = {name: request.args.get(name, "") for name in ("kind", "settled", "rule")}
    about = " ".join((request.args.get("about") or "").split())[:LONGEST_ABOUT]
    fitting = _fitting(disputes, chosen, about)
    pages = max(1, -(-len(fitting) // CARDS))
    asked = request.args.get("page", "1")
    page = min(max(int(asked), 1), pages) if asked.isdecimal() and len(asked) < len(str(MOST)) else 1

    def address(**changed: Any) -> Any:
        query = {name: value for name, value in {**chosen, "about": about, **changed}.items() if value}
        return datasette.urls.path(PATH) + (f"?{urlencode(query)}" if query else "")

    cards, codes = await _cards(fitting[(page - 1) * CARDS : page * CARDS], asking(datasette, most=MOST), datasette)
    context = {
        "cards": cards,
        "count": len(fitting),
        "total": len(disputes),
        "first": (page - 1) * CARDS + 1,
        "chosen": chosen,
        "about": about,
        "name": ", ".join(part for part in (_name(chosen, codes), f"“{about}”" if about else "") if part),
        "choices": _choices(disputes, codes),
        "summary": _summary(disputes, address),
        "ways": list(SETTLED),
        "way_words": SETTLED,
        "totals": Counter(d["settled"] for d in disputes),
        "page": page,
        "pages": pages,
        "before": address(page=page - 1) if page > 1 else "",
        "after": address(page=page + 1) if page < pages else "",
        "values_at_once": VALUES_AT_ONCE,
        "places_at_once": PLACES_AT_ONCE,
    }
    return Response.html(await datasette.render_template("disagreements.html", context, request=request, view_name="disagreements"))


def _fitting(disputes: list[dict[str, Any]], chosen: dict[str, str], about: str) -> list[dict[str, Any]]:
    """Return the disputes that are as chosen and have all words of `about` in the subject's name."""
    words = simplify(about).casefold().split()
    return [
        d
        for d in disputes
        if all(not value or d[name] == value for name, value in chosen.items())
        and all(word in simplify(f"{d['subject']} {d['label_zh'] or ''}").casefold() for word in words)
    ]


def _choices(disputes: list[dict[str, Any]], codes: Any) -> dict[str, Any]:
    """Return what can be chosen, in words."""
    return {
        "kind": {kind: say(KINDS[kind].title) for kind in sorted({d["kind"] for d in disputes}) if kind in KINDS},
        "settled": SETTLED,
        "rule": {rule: codes.get(("rule", rule), {}).get("label", rule) for rule in sorted({d["rule"] for d in disputes})},
    }


def _name(chosen: Any, codes: Any) -> str:
    """Say in words what is chosen."""
    kind = say(KINDS[chosen["kind"]].title) if chosen["kind"] in KINDS else chosen["kind"]
    rule = codes.get(("rule", chosen["rule"]), {}).get("label", chosen["rule"])
    return say(", ").join(word for word in (kind, say(SETTLED.get(chosen["settled"], chosen["settled"])), rule) if word)


def _summary(disputes: Any, address: Any) -> list[Any]:
    """Return for each kind of subject how many disputes there are, by how they were settled, with their addresses."""
    counts = Counter((d["kind"], d["settled"]) for d in disputes)
    kinds = Counter(d["kind"] for d in disputes)
    return [
        {
            "title": say(KINDS[kind].title) if kind in KINDS else kind,
            "href": address(kind=kind, settled="", rule="", about=""),
            "all": number,
            "cells": [(counts[kind, way], address(kind=kind, settled=way, rule="", about="")) for way in SETTLED],
        }
        for kind, number in kinds.most_common()
    ]


async def _cards(disputes: Any, rows: Ask, datasette: Any) -> tuple[Any, ...]:
    """Return what the cards of some disputes show, and the codes in words."""

    def row_href(table: str, row_id: str) -> str:
        return str(datasette.urls.row(DATABASE, table, row_id))

    statements = await rows(STATEMENTS, keys=json.dumps([(d["subject_id"], d["property"]) for d in disputes]))
    places = await rows(PLACES, ids=json.dumps([s["id"] for s in statements]))
    decisions = {
        d["id"]: rests_on(d) for d in await rows(DECISIONS, ids=json.dumps([d["decision_id"] for d in disputes if d["decision_id"]]))
    }
    words = await read_words(rows, statements, row_href)
    said: dict[Any, Any] = {}
    for place in places:
        said.setdefault((place["statement_id"], place["polarity"]), []).append(place)
    cards = []
    for dispute in disputes:
        own = [s for s in statements if (s["subject_id"], s["property"]) == (dispute["subject_id"], dispute["property"])]
        own.sort(key=lambda s: (RANKS.index(s["rank"]), -s["origin_count"], -s["claim_count"], s["value"]))
        values = [_value(words, dispute["table_name"], statement, said, datasette) for statement in own]
        href = row_href(dispute["table_name"], dispute["subject_id"])
        decision = decisions.get(dispute["decision_id"])
        cards.append(
            {
                **dispute,
                "kind_words": code_words(dispute["kind"], "subject_kind"),
                "settled_words": SETTLED[dispute["settled"]],
                "point": point_in_words(dispute["table_name"], dispute["property"]),
                "href": href,
                "evidence": f"{href}#evidence-{dispute['property'].replace('_', '-')}",
                "values": values,
                "accepted": [value for value in values if value["rank"] == "preferred"],
                "rule": words.codes.get(("rule", dispute["rule"])) or {"label": dispute["rule"], "definition": ""},
                "decision": decision and {**decision, "href": row_href("decisions", decision["id"])},
            }
        )
    return cards, words.codes


def _value(words: Any, table: str, statement: Any, said: Any, datasette: Any) -> Any:
    """Return one value of a dispute: in words, how it ranks and why, who says it and who denies it."""
    reason = words.codes.get(("deprecated_reason", statement["deprecated_reason"] or ""))
    shown = words.value(table, statement)
    return shown | {
        "text": say("so it is") if statement["property"] == OCCURS else shown["text"],
        "doubt": "" if shown["href"] else shown["aside"],
        "rank": statement["rank"],
        "rank_words": words.rank(statement),
        "marks": words.marks(statement, asserted_as="mode", certainty="certainty"),
        "origins": statement["origin_count"],
        "reason": reason["label"] if reason else "",
        "for": _voices(said.get((statement["id"], "affirms"), []), datasette),
        "against": _voices(said.get((statement["id"], "denies"), []), datasette),
    }


def _voices(places: Any, datasette: Any) -> Any:
    """Return who speaks, each source once: its outlet, the day, and the lines of a text, or the places of a page."""
    voices = []
    for source_id, found in groupby(places, key=lambda place: place["source_id"]):
        same = list(found)
        links: dict[Any, Any] = {}
        for place in same:
            if place["line"] is None:
                links.setdefault(str(datasette.urls.row(DATABASE, "passages", place["passage_id"])), say("read there"))
            else:
                links.setdefault(line_address(datasette, source_id, place["line"]), say("line %(n)s", n=place["line"]))
        numbered = [
            (href, text if text != say("read there") or len(links) == 1 else say("place %(n)s", n=number))
            for number, (href, text) in enumerate(links.items(), 1)
        ]
        voices.append(
            {
                "voice": same[0]["voice"],
                "source": same[0]["source"],
                "href": str(datasette.urls.row(DATABASE, "sources", source_id)),
                "published": (same[0]["published"] or "").partition("T")[0],
                "links": numbered[:PLACES_AT_ONCE],
                "more": len(numbered) - PLACES_AT_ONCE,
            }
        )
    return voices
