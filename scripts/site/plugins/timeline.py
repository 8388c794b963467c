"""The timeline page: everything in order of time, November 2023 to the hour, in US Pacific or Beijing time.

All entries are in the page; filters are links and a form that work without a script, and /static/timeline.js makes them instant.
"""

import json

from datasette import Response, hookimpl
from leadership.showing import MONTHS, ZONES, local_time, show_when

DATABASE = "leadership"
FILTERS = ("story", "entry", "who", "standing")
MOST_ENTRIES = 5000
ENTRIES = "SELECT * FROM timeline ORDER BY earliest IS NULL, earliest, latest, label LIMIT :most"
# Steps that no source dates stand in the order in which their source tells them.
UNDATED = """
SELECT e.id AS subject_id, e.label, e.label_zh, e.summary AS what, e.kind, e.story, e.standing, e.origin_count, e.sources, e.asserted_as,
       (SELECT json_group_array(label) FROM (SELECT DISTINCT s.label FROM event_participants p JOIN subjects s ON s.id = p.subject_id
         WHERE p.event_id = e.id ORDER BY s.label)) AS who, MIN(c.source_id || '/' || printf('%05d', pa.line)) AS told
  FROM events e JOIN statements s ON s.subject_id = e.id JOIN claims c ON c.statement_id = s.id JOIN passages pa ON pa.id = c.passage_id
 WHERE e.started IS NULL AND e.standing <> 'refuted' GROUP BY e.id ORDER BY told LIMIT :most
"""


async def timeline_page(request, datasette):
    """Show the entries that the query string asks for, grouped by day in November 2023 and by month elsewhere."""
    zone = request.args.get("zone", "pacific")
    zone = zone if zone in ZONES else "pacific"
    chosen = {name: request.args.get(name, "") for name in FILTERS}
    dated = [dict(row) for row in (await datasette.execute(DATABASE, ENTRIES, {"most": MOST_ENTRIES})).rows]
    undated = [
        {**dict(row), "entry": "event", "table_name": "events"}
        for row in (await datasette.execute(DATABASE, UNDATED, {"most": MOST_ENTRIES})).rows
    ]
    for entry in dated + undated:
        entry["people"] = json.loads(entry["who"] or "[]")
    choices = {
        "story": sorted({e["story"] for e in dated + undated}),
        "entry": sorted({e["entry"] for e in dated}),
        "who": sorted({name for e in dated + undated for name in e["people"]}),
        "standing": sorted({e["standing"] for e in dated + undated}),
    }
    labels = {
        row["code"]: row["label"] for row in (await datasette.execute(DATABASE, "SELECT code, label FROM codes WHERE list = 'story'")).rows
    }
    bounded = [entry for entry in dated if entry["earliest"] and entry["latest"]]
    partly = [entry for entry in dated if not (entry["earliest"] and entry["latest"])]
    shown = [entry for entry in bounded if _matches(entry, chosen)]
    half_shown = [entry for entry in partly if _matches(entry, chosen)]
    context = {
        "zone": zone,
        "chosen": chosen,
        "choices": choices,
        "story_labels": labels,
        "groups": _group(shown, zone),
        "undated": [entry for entry in undated if _matches(entry, chosen)],
        "partly": _group(half_shown, zone),
        "count": len(shown) + len(half_shown),
        "total": len(dated),
    }
    return Response.html(await datasette.render_template("timeline.html", context, request=request, view_name="timeline"))


def _matches(entry, chosen):
    return all(not value or (value in entry["people"] if name == "who" else entry[name] == value) for name, value in chosen.items())


def _group(entries, zone):
    """Return (heading, entries) in order: a day where the crisis is told, else a month or year."""
    groups = []
    for entry in entries:
        entry["shown"] = show_when(entry["when"], zone)
        heading = _heading(entry, zone)
        if not groups or groups[-1][0] != heading:
            groups.append((heading, []))
        groups[-1][1].append(entry)
    return groups


def _heading(entry, zone):
    moment = local_time(entry["earliest"] or entry["latest"], zone)
    year_only = len(entry["when"].lstrip("./").split("/")[0].rstrip("~")) == 4
    if year_only or moment.year < 2023:
        return entry["when"].lstrip("./")[:4]
    if entry["when"].startswith("2023-11-"):
        return f"{moment:%A}, {moment.day} November 2023"
    number = entry["when"].lstrip("./")[5:7]
    return (
        f"{MONTHS[int(number) - 1]} {entry['when'].lstrip('./')[:4]}"
        if number.isdigit() and 1 <= int(number) <= 12
        else entry["when"].lstrip("./")[:4]
    )


@hookimpl
def register_routes():
    """The page stands at /timeline."""
    return [(r"^/timeline$", timeline_page)]
