"""Pages of one person and one organisation: what the tables hold of them, brought together and drawn."""

import json
import re

from datasette import NotFound, Response, hookimpl
from leadership.showing import hours_between, show_when
from leadership.when import parse_when

DATABASE = "leadership"
MOST = 500
TONES = {"executive": "tone-0", "board": "tone-1", "founder": "tone-2"}

NAMES = """SELECT text, lang, kind, GROUP_CONCAT(DISTINCT source_id) AS sources FROM names WHERE subject_id = :id
 GROUP BY text, lang, kind ORDER BY kind <> 'preferred', lang, text LIMIT :most"""
TENURES = """SELECT t.*, o.label AS post, o.category, p.label AS person, p.id AS person_key, g.label AS organisation
 FROM tenures t JOIN posts o ON o.id = t.post_id JOIN people p ON p.id = t.person_id JOIN organisations g ON g.id = t.organisation_id
 WHERE {} AND t.standing <> 'refuted' ORDER BY COALESCE(t.possible_from, t.certain_from, t.possible_to, '9999'), t.label LIMIT :most"""
EXITS = """SELECT d.*, p.label AS person, g.label AS organisation, x.label AS destination, e.label AS reversed FROM departures d
 LEFT JOIN people p ON p.id = d.person_id JOIN organisations g ON g.id = d.organisation_id
 LEFT JOIN organisations x ON x.id = d.destination_id
 LEFT JOIN events e ON e.id = d.reversed_by WHERE {}
 ORDER BY COALESCE(d.effective_earliest, d.announced_earliest, '9999'), d.label LIMIT :most"""
EVENTS = """SELECT e.id, e.label, e.started, e.started_latest, e.started_latest_basis, e.summary,
 e.asserted_as, e.certainty, e.standing, e.origin_count, GROUP_CONCAT(LOWER(c.label) || COALESCE(' for ' || b.label, ''), ', ') AS parts
 FROM event_participants p JOIN events e ON e.id = p.event_id JOIN codes c ON c.list = 'part' AND c.code = p.part
 LEFT JOIN subjects b ON b.id = p.on_behalf_of_id
 WHERE p.subject_id = :id GROUP BY e.id
 ORDER BY COALESCE(e.started_earliest, e.started_latest, '9999'), e.started IS NULL, e.label LIMIT :most"""
REMARKS = """SELECT r.*, s.label AS speaker FROM remarks r JOIN subjects s ON s.id = r.speaker_id
 WHERE {} ORDER BY COALESCE(r.said_earliest, r.said_latest, '9999'), r.said IS NULL, r.label LIMIT :most"""
ABOUT = "r.speaker_id <> :id AND EXISTS (SELECT 1 FROM json_each(r.about) a WHERE a.value = :id)"
ARGUES = """SELECT i.id, i.label, i.position, i.standing, i.origin_count, i.disputed_by FROM interpretations i
 WHERE EXISTS (SELECT 1 FROM json_each(i.argued_by) a WHERE a.value = :id) ORDER BY i.label LIMIT :most"""
FIGURES = """SELECT f.*, c.label AS unit_label FROM figures f JOIN codes c ON c.list = 'unit' AND c.code = f.unit
 WHERE f.organisation_id = :id ORDER BY f.metric, COALESCE(f.as_of_earliest, '9999'), f.label LIMIT :most"""
PRODUCTS = "SELECT * FROM products WHERE organisation_id = :id ORDER BY label LIMIT :most"
PARTS = "SELECT id, label, kind FROM organisations WHERE parent_id = :id ORDER BY label LIMIT :most"
CITED = """SELECT COUNT(*) AS claims, COUNT(DISTINCT source_id) AS sources FROM claims WHERE via_source = :id"""


async def person_page(request, datasette):
    """Show one person: tenures drawn over time, exits, remarks, events, names in every language."""
    rows, row = await _subject(request, datasette, "people")
    context = {
        "row": row,
        "kind": "person",
        "names": await rows(NAMES),
        "tenures": _drawn(await rows(TENURES.format("t.person_id = :id")), "post"),
        "exits": await rows(EXITS.format("d.person_id = :id")),
        "events": await rows(EVENTS),
        "remarks": await rows(REMARKS.format("r.speaker_id = :id")),
        "about": await rows(REMARKS.format(ABOUT)),
        "argues": await rows(ARGUES),
        "figures": [],
        "products": [],
        "parts": [],
        "cited": None,
    }
    return await _render(datasette, request, context)


async def organisation_page(request, datasette):
    """Show one organisation: who held what there, who left it, its figures, products, events and remarks."""
    rows, row = await _subject(request, datasette, "organisations")
    context = {
        "row": row,
        "kind": "organisation",
        "names": await rows(NAMES),
        "tenures": _drawn(await rows(TENURES.format("t.organisation_id = :id")), "person"),
        "exits": await rows(EXITS.format("d.organisation_id = :id")),
        "events": await rows(EVENTS),
        "remarks": await rows(REMARKS.format("r.speaker_id = :id")),
        "about": [],
        "argues": await rows(ARGUES),
        "figures": await rows(FIGURES),
        "products": await rows(PRODUCTS),
        "parts": await rows(PARTS),
        "cited": (await rows(CITED))[0],
    }
    return await _render(datasette, request, context)


async def _subject(request, datasette, table):
    """Return a function that reads rows about the subject of the address, and the subject's own row; 404 if there is none."""
    subject_id = request.url_vars["id"]

    async def rows(sql):
        result = await datasette.execute(DATABASE, sql, {"id": subject_id, "most": MOST})
        return [dict(row) for row in result.rows]

    found = await rows(f'SELECT * FROM "{table}" WHERE id = :id LIMIT :most')  # the table is one of our two
    if not found:
        raise NotFound(f"There is no {subject_id} among the {table}; the search finds people and organisations by any of their names")
    return rows, found[0]


async def _render(datasette, request, context):
    return Response.html(await datasette.render_template("profile.html", context, request=request, view_name="profile"))


def _drawn(tenures, text_of):
    """Give tenures the places of their bars on a common axis, and the axis its ticks."""
    for tenure in tenures:
        if tenure["asserted_as"] != "fact":  # a post that was only planned, or held in jest, is told and not drawn
            tenure.update(dict.fromkeys(("certain_from", "certain_to", "possible_from", "possible_to")))
    instants = [t[name] for t in tenures for name in ("certain_from", "certain_to", "possible_from", "possible_to") if t[name]]
    if not instants:
        return {"rows": [{**t, **_text(t, text_of), "p0": None, "c0": None} for t in tenures], "ticks": []}
    first, last = min(instants), max(instants)
    if hours_between(first, last) < 48:  # one known day: leave room to see it
        first, last = f"{int(first[:4])}-01-01T00:00Z", f"{int(first[:4]) + 1}-01-01T00:00Z"
    span = hours_between(first, last)

    def place(instant):
        return round(hours_between(first, instant) / span * 100, 2)

    rows = []
    for t in tenures:
        known = [t[name] for name in ("possible_from", "certain_from", "certain_to", "possible_to") if t[name]]
        bounds = (place(t["possible_from"] or min(known)), place(t["possible_to"] or max(known))) if known else (None, None)
        certain = (place(t["certain_from"]), place(t["certain_to"])) if t["certain_from"] else (None, None)
        rows.append({**t, **_text(t, text_of), "p0": bounds[0], "p1": bounds[1], "c0": certain[0], "c1": certain[1]})
    return {"rows": rows, "ticks": _ticks(first, last, place)}


def _text(tenure, text_of):
    """Return what stands beside a bar: post or person, and from when to when in words."""
    start, end = (show_when(tenure[name]).label if tenure[name] else None for name in ("started", "ended"))
    shown = sorted(json.loads(tenure["held_on"] or "[]"), key=lambda day: parse_when(day).earliest or "")
    dates = " – ".join(filter(None, (start and f"from {start}", end and f"to {end}")))
    if not dates and shown:
        dates = "shown in post " + ", ".join(dict.fromkeys(show_when(day).label for day in shown[:3]))
    extra = [word.replace("_", " ") for word in (tenure["capacity"], tenure["end_reason"]) if word]
    if tenure["asserted_as"] not in (None, "fact"):
        extra.append(f"as a {tenure['asserted_as']}")
    dates = "; ".join(filter(None, (dates or "no date in any source", ", ".join(extra))))
    return {
        "text": tenure[text_of] if text_of == "post" else f"{tenure['person']}, {re.sub(', [^,]*$', '', tenure['post'])}",
        "dates": dates,
        "tone": TONES.get(tenure["category"], "tone-3"),
    }


def _ticks(first, last, place):
    """Return at most a dozen years or months between two instants, with their places."""
    years = list(range(int(first[:4]) + 1, int(last[:4]) + 1))
    if len(years) >= 2:
        step = -(-len(years) // 12)
        return [(place(f"{year}-01-01T00:00Z"), str(year)) for year in years[::step]]
    months = [(year, month) for year in range(int(first[:4]), int(last[:4]) + 1) for month in range(1, 13)]
    inside = [f"{year}-{month:02}" for year, month in months if first[:7] < f"{year}-{month:02}" <= last[:7]]
    step = max(1, -(-len(inside) // 8))
    return [(place(f"{month}-01T00:00Z"), month) for month in inside[::step]]


@hookimpl
def register_routes():
    """People stand at /people/<id>, organisations at /organisations/<id>."""
    return [(r"^/people/(?P<id>[a-z0-9-]{1,100})$", person_page), (r"^/organisations/(?P<id>[a-z0-9-]{1,100})$", organisation_page)]
