"""What /who-went-where shows: exits from OpenAI as a flow from the year to where people went and back, and the same rows below it.

The query string chooses a year (`year=2024`; `by-2024` where sources say only by when; `unknown`) and a place (`to=meta`); each
band of the flow is such an address. Only what is told as a fact is drawn. What was told and is not accepted, planned, said in
jest, or reversed stands apart, marked as such.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any
from urllib.parse import urlencode

from .pictures import text_width
from .rows import Ask, Row, asking
from .sankey import Flow, lay_out
from .showing import say_year, show_when, year_of_exit
from .speaking import N_, code_words, named, say

UNKNOWN = "unknown"
MOST_NAMED = 12  # nodes; beyond them firms with a single exit are put together
MOST_LISTED = 400  # rows of the list at once; beyond them one place must be chosen
FEW_ROWS = 30  # so many need not be unfolded
MOST_SOURCES = 3  # named in one row
WIDTH, PLACES, BAR = 1080, (138, 500, 915), 9.0
LETTERS, BESIDE, ROOM = 14.5, 7, 110  # size of a label, how far it stands from its node, and what room bands have at least
TALL = 520  # what all bands together are to measure, about
OTHERS, UNNAMED, UNSTATED, STAYED, REVERSED, LEAVE, BACK = "others", "unnamed", "not-stated", "stayed", "reversed", "leave", "back"
LAST = (OTHERS, UNNAMED, STAYED, REVERSED, LEAVE, UNSTATED)  # in this order below the firms
GROUPS = {
    OTHERS: N_("Others"),
    UNNAMED: N_("Told without a firm’s name"),
    UNSTATED: N_("Not stated"),
    STAYED: N_("OpenAI, in another role"),
    REVERSED: N_("Exit reversed"),
    LEAVE: N_("Leave of absence"),
    BACK: N_("Back at OpenAI"),
}
STATES = {
    "agreed": N_("several independent origins, or settled by a decision"),
    "single": N_("a single origin says where to"),
    "doubt": N_("only probable or possible, open, or against a rival destination"),
    "planned": N_("only planned or said"),
    "reversed": N_("reversed, or back at OpenAI"),
    "leave": N_("a leave, no exit"),
    "unstated": N_("not stated in what was read"),
}

EXITS = """
SELECT w.departure_id AS id, w.person, w.person_id, w.posts_left, w.announced, w.effective, w.manner, m.label AS manner_label,
       w.destination, d.destination_id, w.destination_kind, k.label AS kind_label, w.destination_planned_or_said AS planned,
       w.destination_certainty AS certainty, w.destination_joined AS joined, w.reversed_by, d.reversed_by AS reversed_id, w.standing,
       w.origin_count, w.year, d.announced_earliest, d.announced_latest, d.effective_latest, s.standing AS to_standing,
       s.origin_count AS to_origins, n.standing AS kind_standing, n.origin_count AS kind_origins, n.asserted_as AS kind_asserted_as,
       n.certainty AS kind_certainty,
       (SELECT MIN(t.id) FROM tenures t WHERE t.person_id = d.person_id AND t.organisation_id = d.destination_id AND t.capacity = 'founding'
         AND d.destination_kind <> 'founded' AND t.asserted_as = 'fact' AND t.standing <> 'refuted') AS founder_tenure
  FROM who_left w JOIN departures d ON d.id = w.departure_id
  LEFT JOIN codes m ON m.list = 'manner' AND m.code = w.manner
  LEFT JOIN codes k ON k.list = 'destination_kind' AND k.code = w.destination_kind
  LEFT JOIN statements s ON s.subject_id = d.id AND s.property = 'destination_id' AND s.rank = 'preferred'
  LEFT JOIN statements n ON n.subject_id = d.id AND n.property = 'destination_kind' AND n.rank = 'preferred'
 WHERE d.organisation_id = 'openai'
 ORDER BY COALESCE(d.effective_earliest, d.announced_earliest, d.effective_latest, d.announced_latest, '9999'), w.person
"""
# Who came back: an exit to OpenAI from the firm for which they had left it, unless its dates say that it was earlier, or from another
# on a later day. The day of the return is that of joining OpenAI, or of a spell there that begins within it; the day of leaving the
# other firm is not. Where no source tells a return, a post there in which a source shows them after the exit.
RETURNS = """
SELECT r.id AS return_id, x.id AS id, o.label AS organisation, COALESCE(r.effective, r.announced) AS left_on, r.standing, r.origin_count,
       COALESCE((SELECT t.started FROM tenures t WHERE t.person_id = r.person_id AND t.organisation_id = 'openai' AND t.asserted_as = 'fact'
         AND t.standing <> 'refuted' AND t.started_earliest >= r.destination_joined_earliest
         AND t.started_latest <= r.destination_joined_latest
         ORDER BY t.started_earliest LIMIT 1), r.destination_joined) AS joined, NULL AS shown, 'departures' AS return_table
  FROM departures r JOIN departures x ON x.person_id = r.person_id AND x.organisation_id = 'openai' AND x.same_as IS NULL
   AND x.asserted_as = 'fact' AND x.standing <> 'refuted' AND COALESCE(x.manner, '') <> 'leave_of_absence'
  JOIN organisations o ON o.id = r.organisation_id
 WHERE r.destination_id = 'openai' AND r.organisation_id NOT LIKE 'openai%' AND r.destination_kind IS NOT 'stayed' AND r.same_as IS NULL
   AND r.asserted_as = 'fact' AND r.standing <> 'refuted'
   AND EXISTS (SELECT 1 FROM accepted a WHERE a.subject_id = r.id AND a.property = 'destination_id' AND a.asserted_as = 'fact')
   AND (r.organisation_id = x.destination_id
        AND COALESCE(r.effective_latest, r.announced_latest, '9999') >= COALESCE(x.effective_latest, x.announced_earliest, '')
        OR COALESCE(r.effective_earliest, r.announced_earliest) > COALESCE(x.effective_latest, x.announced_latest))
UNION ALL
SELECT t.id, x.id, o.label, NULL, t.standing, t.origin_count, NULL, t.first_shown, 'tenures'
  FROM departures x JOIN tenures t ON t.person_id = x.person_id JOIN organisations o ON o.id = t.organisation_id
 WHERE x.organisation_id = 'openai' AND x.same_as IS NULL AND x.asserted_as = 'fact' AND x.standing <> 'refuted' AND x.reversed_by IS NULL
   AND COALESCE(x.manner, '') <> 'leave_of_absence' AND x.destination_id IS NOT 'openai' AND (o.id = 'openai' OR o.parent_id = 'openai')
   AND t.asserted_as = 'fact' AND t.certainty = 'certain' AND t.standing <> 'refuted' AND t.first_shown IS NOT NULL
   AND t.certain_from > COALESCE(x.effective_latest, x.announced_latest)
   AND NOT EXISTS (SELECT 1 FROM departures r WHERE r.person_id = x.person_id AND r.destination_id = 'openai' AND r.asserted_as = 'fact'
     AND r.organisation_id NOT LIKE 'openai%' AND r.manner IS NOT 'leave_of_absence')
 GROUP BY x.id HAVING t.certain_from = MIN(t.certain_from)
 ORDER BY 2, 1
"""
RIVALS = """
SELECT s.subject_id AS id, COALESCE(o.label, s.value) AS told, s.rank, c.label AS why, v.rationale, s.source_count
  FROM statements s JOIN departures d ON d.id = s.subject_id AND d.organisation_id = 'openai'
  LEFT JOIN organisations o ON o.id = s.value LEFT JOIN decisions v ON v.id = s.decision_id
  LEFT JOIN codes c ON c.list = 'deprecated_reason' AND c.code = s.deprecated_reason
 WHERE s.property = 'destination_id' AND (s.rank = 'deprecated' OR s.rule = 'open')
 ORDER BY s.subject_id, s.value
"""
SAID = """
SELECT d.id, d.label, d.asserted_as, d.standing, o.label AS destination
  FROM departures d LEFT JOIN organisations o ON o.id = d.destination_id
 WHERE d.organisation_id = 'openai' AND d.same_as IS NULL AND (d.asserted_as <> 'fact' OR d.standing = 'refuted') ORDER BY d.label
"""
TOLD_BY = """
SELECT s.subject_id AS id, s.property, src.id AS source_id, src.label, COALESCE(p.label, src.byline) AS publisher
  FROM statements s JOIN claims c ON c.statement_id = s.id AND c.polarity = 'affirms' JOIN sources src ON src.id = c.source_id
  LEFT JOIN organisations p ON p.id = src.publisher_id
 WHERE s.rank = 'preferred' AND s.property IN ('destination_id', 'destination_kind', 'occurs')
   AND s.subject_id IN (SELECT value FROM json_each(:ids))
 GROUP BY s.subject_id, s.property, src.id ORDER BY s.subject_id, s.property, src.published_latest, src.id
"""
REACH = "SELECT id, value FROM build_info WHERE id IN ('covers_to', 'pages_last_read_on')"
READ = "SELECT COUNT(*) AS n FROM sources WHERE access <> 'cited'"


async def view_of(request: Any, datasette: Any) -> dict[str, Any]:
    """Return what page, preview and picture share, which is read once for a request."""
    kept: dict[str, Any] = request.scope.setdefault("who_went_where", {})
    if not kept:
        kept.update(await _read_view(request, datasette))
    return kept


async def _read_view(request: Any, datasette: Any) -> dict[str, Any]:
    """Return the exits that the query string asks for, by where they lead."""
    rows = asking(datasette)
    exits = _joined(await rows(EXITS), await rows(RETURNS), await rows(RIVALS))
    years = Counter(row["in"] for row in exits)
    year = request.args.get("year", "")
    year = year if year in years else ""
    shown = [row for row in exits if not year or row["in"] == year]
    groups = _groups(shown)
    to = request.args.get("to", "")
    back = _came_back(shown)
    chosen = [group for group in [*groups, *back] if group["key"] == to]
    listed = chosen or (groups if len(shown) <= MOST_LISTED else [])
    await _name_sources(rows, [row for group in listed for row in group["rows"]])
    reach = {row["id"]: row["value"] for row in await rows(REACH)}
    return {
        "year": year,
        "year_label": _year_label(year) if year else "",
        "years": [(key, years[key], _year_label(key)) for key in sorted(years, key=_year_order)],
        "total": len(exits),
        "count": len(shown),
        "groups": groups,
        "all_open": bool(chosen) or len(shown) <= FEW_ROWS,
        "most": max((group["count"] for group in [*groups, *back]), default=1),
        "back": back[0] if back else None,
        "chosen": chosen[0] if chosen else None,
        "listed": listed,
        "drawing": _draw(shown, groups, year, to) if shown else None,
        "width": WIDTH,
        "went_x": PLACES[1],
        "state_labels": _state_labels(shown, back),
        "unstated": sum(row["group"] == UNSTATED for row in shown),
        "leaves": sum(row["group"] == LEAVE for row in shown),
        "rivals": [row for row in shown if row["rivals"] or row["reversed_by"]],
        "said": [] if year else await rows(SAID),
        "reach": reach,
        "read": (await rows(READ))[0]["n"],
        "address": _address,
        "when": show_when,
        "words": code_words,
    }


def _address(year: str = "", to: str = "") -> str:
    """Return the query string of a choice, with the place on the page that shows it."""
    query = urlencode({name: value for name, value in (("year", year), ("to", to)) if value})
    return f"/who-went-where{'?' if query else ''}{query}{'#rows' if to else ''}"


def _year(row: Row) -> Any:
    """Return the year of an exit, else of its announcement; `by-2024` where only a bound is known, `unknown` without one."""
    year, is_known = year_of_exit(row)
    return (str(year) if is_known else f"by-{year}") if year else UNKNOWN


def _year_order(key: Any) -> tuple[Any, ...]:
    return (key[-4:], key) if key != UNKNOWN else ("9999", key)


def _year_label(key: Any) -> Any:
    if key == UNKNOWN:
        return say("year not known")
    return say("by %(day)s", day=say_year(key.removeprefix("by-"))) if key.startswith("by-") else say_year(key)


def _state_labels(shown: Any, back: Any) -> dict[str, str]:
    """Return the states that are drawn, in words."""
    drawn = {row["state"] for row in shown} | ({"reversed"} if back else set())
    return {state: text for state, text in STATES.items() if state in drawn}


def _joined(exits: Any, returns: Any, rivals: Any) -> Any:
    """Return exits, each with the returns and rival destinations that belong to it, and what it is drawn as."""
    for row in exits:
        row["returns"] = [r for r in returns if r["id"] == row["id"]]
        row["rivals"] = [r for r in rivals if r["id"] == row["id"]]
        row["posts"] = json.loads(row["posts_left"] or "[]")
        row["in"], row["state"], row["group"] = _year(row), _state(row), _group(row)
    return exits


def _group(row: Row) -> Any:
    """Return the key of the place to which an exit leads."""
    if row["manner"] == "leave_of_absence":
        return LEAVE
    if row["reversed_by"]:
        return REVERSED
    if row["destination_id"] == "openai":
        return STAYED
    if row["destination_id"]:
        return row["destination_id"]
    return UNNAMED if row["destination_kind"] not in (None, "not_stated") else UNSTATED


def _state(row: Row) -> str:
    """Return how sure it is where an exit leads (a key of STATES)."""
    if row["manner"] == "leave_of_absence":
        return "leave"
    if row["reversed_by"]:
        return "reversed"
    if row["planned"]:
        return "planned"
    is_named = bool(row["destination"])
    if not is_named and row["destination_kind"] in (None, "not_stated"):
        return "unstated"
    certainty, standing = (row["certainty"], row["to_standing"]) if is_named else (row["kind_certainty"], row["kind_standing"])
    if not is_named and row["kind_asserted_as"] != "fact":
        return "planned"
    if row["rivals"] or standing == "open" or certainty != "certain":
        return "doubt"
    return "single" if standing == "single_origin" else "agreed"


def _put_together(shown: Any) -> Any:
    """Return the firms that are put together as others: those with one exit, if there are too many to name each."""
    counts = Counter(row["group"] for row in shown if row["group"] not in GROUPS)
    return {key for key, count in counts.items() if count == 1} if len(counts) > MOST_NAMED else set()


def _groups(shown: Any) -> list[Any]:
    """Return the places with their rows, the greatest first and what is no firm last."""
    others = _put_together(shown)
    by_key: dict[Any, Any] = {}
    for row in shown:
        row["node"] = OTHERS if row["group"] in others else row["group"]
        by_key.setdefault(row["node"], []).append(row)
    keys = sorted(by_key, key=lambda key: (LAST.index(key) + 1 if key in LAST else 0, -len(by_key[key]), _label(key, by_key[key])))
    return [_described(key, _label(key, by_key[key]), by_key[key]) for key in keys]


def _came_back(shown: Any) -> list[Any]:
    """Return all who came back, as a place of its own; none if nobody did."""
    rows = [row for row in shown if row["returns"] or row["group"] == REVERSED or (row["group"] == LEAVE and row["reversed_by"])]
    return [_described(BACK, GROUPS[BACK], rows)] if rows else []


def _described(key: Any, label: Any, rows: Any) -> dict[str, Any]:
    firms = sorted({row["destination"] or row["planned"] for row in rows if row["destination"] or row["planned"]})
    return {
        "key": key,
        "label": label,
        "rows": rows,
        "count": len(rows),
        "states": [(state, sum(row["state"] == state for row in rows)) for state in STATES if any(row["state"] == state for row in rows)],
        "firms": firms if key == OTHERS else [],
        "organisation": rows[0]["destination_id"] if key not in GROUPS else None,
        "people": ", ".join(row["person"] for row in rows),
    }


def _label(key: Any, rows: Any) -> Any:
    return GROUPS.get(key) or rows[0]["destination"] or rows[0]["planned"]


def _draw(shown: Any, groups: Any, year: Any, to: Any) -> dict[str, Any]:
    """Return the flow: years, places, and back; of one year the first column is that year alone."""
    flows: dict[Any, Any] = {}
    for row in shown:
        flows.setdefault((row["in"], row["node"], row["state"]), []).append(row)
        if row["returns"] or row["reversed_by"]:
            flows.setdefault((row["node"], BACK, "reversed"), []).append(row)
    order = list(STATES)
    people = {tuple(row["id"] for row in rows): rows for rows in flows.values()}
    made = [
        Flow(left, right, state, tuple(row["id"] for row in rows))
        for (left, right, state), rows in sorted(flows.items(), key=lambda f: order.index(f[0][2]))
    ]
    left = sorted({row["in"] for row in shown}, key=_year_order)
    back = [BACK] if any(flow.right == BACK for flow in made) else []
    scale = min(14.0, TALL / len(shown))
    labels = {group["key"]: group["label"] for group in groups} | {BACK: GROUPS[BACK]} | {key: _year_label(key) for key in left}
    drawing = lay_out((left, [group["key"] for group in groups], back), made, PLACES, scale, BAR, _label_ends(groups))
    bands = [
        {
            "path": band.path,
            "state": band.flow.state,
            "is_chosen": to and to in (band.flow.right, band.flow.left),
            "says": f"{named(say(labels[band.flow.left]))} → {named(say(labels[band.flow.right]))}: {len(band.flow.ids)}"
            f" ({say(', ').join(_named(row) for row in people[band.flow.ids])}); {say(STATES[band.flow.state])}",
            "href": _address(year, band.flow.right) if band.flow.right == BACK else _address(band.flow.left, band.flow.right),
        }
        for band in sorted(drawing.bands, key=lambda band: band.flow.state != "unstated")  # what is not known lies behind the rest
    ]
    nodes = [
        {
            "node": node,
            "label": labels[node.key],
            "count": max(node.coming, node.going),
            "href": _address(node.key) if node.column == 0 else _address(year, node.key),
        }
        for node in drawing.nodes
    ]
    return {"bands": bands, "nodes": nodes, "height": drawing.height, "bar": drawing.bar}


def _label_ends(groups: Any) -> Any:
    """Return for each place where its label ends, and where all of them have ended."""
    ends = {
        group["key"]: PLACES[1] + BAR + 2 * BESIDE + text_width(f"{named(say(group['label']))}  {group['count']}", LETTERS)
        for group in groups
    }
    after = min(max(ends.values(), default=0), PLACES[2] - ROOM)
    return {key: (min(end, after), after + BESIDE) for key, end in ends.items()}


def _named(row: Row) -> Any:
    """Return who left, with the destinations that were told and are not accepted."""
    rivals = say(" or ").join(named(rival["told"]) for rival in row["rivals"])
    return say("%(person)s, for %(rivals)s as first told", person=row["person"], rivals=rivals) if rivals else named(row["person"])


async def _name_sources(rows: Ask, listed: Any) -> None:
    """Give each exit the sources that say where it led, or if none does, that it was one."""
    told: dict[Any, Any] = {}
    for row in await rows(TOLD_BY, ids=json.dumps([row["id"] for row in listed])):
        told.setdefault((row["id"], row["property"]), []).append(row)
    for row in listed:
        names = ("destination_id", "destination_kind", "occurs")
        found: list[Any] = next((told[row["id"], name] for name in names if (row["id"], name) in told), [])
        outlets = {one["publisher"] or one["label"]: one for one in reversed(found)}  # the first of each
        shown = [one for one in found if one in outlets.values()][:MOST_SOURCES]
        row["told_by"], row["told_more"] = shown, len(found) - len(shown)
