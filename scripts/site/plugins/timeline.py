"""The timeline page: everything in order of time, November 2023 to the hour, in US Pacific or Beijing time.

What no source dates stands where the order of the telling, or the day of the telling, puts it, under a heading of its own, so
that it takes no date from what stands above it. All entries are in the page; filters are links and a form that work without a
script, and /static/timeline.js makes them instant.
"""

import json
from datetime import timedelta

from datasette import Response, hookimpl
from leadership.showing import MONTHS, ZONES, local_time, show_when

DATABASE = "leadership"
FILTERS = ("story", "entry", "who", "standing")
MOST_ENTRIES = 5000
UNDATED = "Undated, in the place that the telling gives it"
ENTRIES = "SELECT * FROM timeline WHERE standing <> 'refuted' LIMIT :most"


async def timeline_page(request, datasette):
    """Show the entries that the query string asks for, grouped by day in November 2023 and by month elsewhere."""
    zone = request.args.get("zone", "pacific")
    zone = zone if zone in ZONES else "pacific"
    chosen = {name: request.args.get(name, "") for name in FILTERS}
    entries = [dict(row) for row in (await datasette.execute(DATABASE, ENTRIES, {"most": MOST_ENTRIES})).rows]
    for entry in entries:
        entry["people"] = json.loads(entry["who"] or "[]")
    choices = {
        "story": sorted({e["story"] for e in entries}),
        "entry": sorted({e["entry"] for e in entries}),
        "who": sorted({name for e in entries for name in e["people"]}),
        "standing": sorted({e["standing"] for e in entries}),
    }
    labels = {
        row["code"]: row["label"] for row in (await datasette.execute(DATABASE, "SELECT code, label FROM codes WHERE list = 'story'")).rows
    }
    shown = [entry for entry in entries if _matches(entry, chosen)]
    context = {
        "zone": zone,
        "chosen": chosen,
        "choices": choices,
        "story_labels": labels,
        "groups": _group(shown, zone),
        "count": len(shown),
        "undated": sum(entry["dated"] != "stated" for entry in shown),
        "total": len(entries),
    }
    return Response.html(await datasette.render_template("timeline.html", context, request=request, view_name="timeline"))


def _matches(entry, chosen):
    return all(not value or (value in entry["people"] if name == "who" else entry[name] == value) for name, value in chosen.items())


def _group(entries, zone):
    """Return (heading, entries) in order: a day where the crisis is told, else a month or year; what is undated has its own."""
    groups = []
    for entry in entries:
        is_dated = entry["dated"] == "stated"
        entry["shown"] = show_when(entry["when"], zone) if is_dated else None
        entry["told"] = None if is_dated else _told(entry, zone)
        heading = _heading(entry, zone) if is_dated else UNDATED
        if not groups or groups[-1][0] != heading:
            groups.append((heading, []))
        groups[-1][1].append(entry)
    return groups


def _told(entry, zone):
    """Say where an undated entry belongs: after and before what it is told, or by when it was told."""
    order = [f"{word} “{name}”" for word in ("after", "before") for name in json.loads(entry[f"told_{word}"] or "[]")]
    if order:
        return "undated, told " + ", ".join(order)
    if entry["latest"]:
        moment = local_time(entry["latest"], zone)
        return f"undated, told by {moment.day} {MONTHS[moment.month - 1]} {moment.year}"
    return "undated"


def _heading(entry, zone):
    date = entry["when"].lstrip("./")
    moment = local_time(entry["earliest"], zone) or local_time(entry["latest"], zone) - timedelta(minutes=1)
    if len(date.split("/")[0].rstrip("~")) == 4 or moment.year < 2023:
        return date[:4]
    if date.startswith("2023-11-"):
        return f"{moment:%A}, {moment.day} November 2023"
    number = date[5:7]
    return f"{MONTHS[int(number) - 1]} {date[:4]}" if number.isdigit() and 1 <= int(number) <= 12 else date[:4]


@hookimpl
def register_routes():
    """The page stands at /timeline."""
    return [(r"^/timeline$", timeline_page)]
