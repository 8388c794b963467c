"""The timeline page: everything in order of time, crowded months day by day, in US Pacific or Beijing time.

What no source dates stands where the order of the telling, or the day of the telling, puts it, under a heading of its own, so
that it takes no date from what stands above it. Where there are many entries the page shows one year, the latest unless another is
asked for; a filter without a year looks through all of them. Filters are links and a form that work without a
script, and /static/timeline.js makes them instant.
"""

import json
from collections import Counter
from datetime import timedelta
from urllib.parse import urlencode

from datasette import Response, hookimpl
from leadership.showing import MONTHS, ZONES, local_time, show_when

DATABASE = "leadership"
FILTERS = ("story", "entry", "who", "standing")
MOST_ENTRIES = 5000
MOST_AT_ONCE = 300  # on one page, unless all years are asked for
FIRST_BY_MONTH = 2015  # OpenAI's first year; what was before it stands by year
CROWDED = 20  # entries with a day of their own in one month: from then on each day has a heading
ALL_YEARS = "all"
UNDATED = "Undated, in the place that the telling gives it"
ENTRIES = "SELECT * FROM timeline WHERE standing <> 'refuted' LIMIT :most"


async def timeline_page(request, datasette):
    """Show the entries that the query string asks for, grouped by day in crowded months and by month elsewhere."""
    zone = request.args.get("zone", "pacific")
    zone = zone if zone in ZONES else "pacific"
    chosen = {name: request.args.get(name, "") for name in FILTERS}
    entries = [dict(row) for row in (await datasette.execute(DATABASE, ENTRIES, {"most": MOST_ENTRIES})).rows]
    for entry in entries:
        entry["people"] = json.loads(entry["who"] or "[]")
        entry["year"] = _year(entry)
    choices = {
        "story": sorted({e["story"] for e in entries}),
        "entry": sorted({e["entry"] for e in entries}),
        "who": sorted({name for e in entries for name in e["people"]}),
        "standing": sorted({e["standing"] for e in entries}),
    }
    years = sorted({e["year"] for e in entries if e["year"]}, reverse=True)
    year = _choose_year(request.args.get("year", ""), years, any(chosen.values()) or len(entries) <= MOST_AT_ONCE)
    labels = {
        row["code"]: row["label"] for row in (await datasette.execute(DATABASE, "SELECT code, label FROM codes WHERE list = 'story'")).rows
    }
    of_year = entries if year == ALL_YEARS else [entry for entry in entries if entry["year"] == year]
    shown = [entry for entry in of_year if _matches(entry, chosen)]
    context = {
        "zone": zone,
        "chosen": chosen,
        "choices": choices,
        "story_labels": labels,
        "year": year,
        "years": years,
        "groups": _group(shown, zone, _crowded_months(entries)),
        "count": len(shown),
        "undated": sum(entry["dated"] != "stated" for entry in shown),
        "total": len(of_year),
        "elsewhere": sum(_matches(entry, chosen) for entry in entries) - len(shown) if any(chosen.values()) else 0,
        "filters": urlencode({name: value for name, value in chosen.items() if value}),
    }
    return Response.html(await datasette.render_template("timeline.html", context, request=request, view_name="timeline"))


def _choose_year(asked, years, all_at_once):
    """Return the year to show: the one that is asked for, else all where that is little, else the latest."""
    if asked in years or asked == ALL_YEARS:
        return asked
    return ALL_YEARS if all_at_once or not years else years[0]


def _year(entry):
    """Return the year under which an entry stands, "" where nothing places it."""
    return f"{local_time(entry['place']).year}" if entry["place"] else ""


def _crowded_months(entries):
    """Return the months in which so many entries have a day that each day needs a heading."""
    months = Counter(entry["when"][:7] for entry in entries if entry["dated"] == "stated" and _has_day(entry))
    return {month for month, count in months.items() if count >= CROWDED}


def _has_day(entry):
    return len(entry["when"]) >= len("2023-11-17") and entry["when"][4] == entry["when"][7] == "-"


def _matches(entry, chosen):
    return all(not value or (value in entry["people"] if name == "who" else entry[name] == value) for name, value in chosen.items())


def _group(entries, zone, crowded):
    """Return (heading, entries) in order: a day in a crowded month, else a month or year; what is undated has its own."""
    groups = []
    for entry in entries:
        is_dated = entry["dated"] == "stated"
        entry["shown"] = show_when(entry["when"], zone) if is_dated else None
        entry["told"] = None if is_dated else _told(entry, zone)
        heading = _heading(entry, zone, crowded) if is_dated else UNDATED
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


def _heading(entry, zone, crowded):
    date = entry["when"].lstrip("./")
    moment = local_time(entry["earliest"], zone) or local_time(entry["latest"], zone) - timedelta(minutes=1)
    if len(date.split("/")[0].rstrip("~")) == 4 or moment.year < FIRST_BY_MONTH:
        return date[:4]
    if date[:7] in crowded and date[7:8] == "-":
        return f"{moment:%A}, {moment.day} {MONTHS[moment.month - 1]} {moment.year}"
    number = date[5:7]
    return f"{MONTHS[int(number) - 1]} {date[:4]}" if number.isdigit() and 1 <= int(number) <= 12 else date[:4]


@hookimpl
def register_routes():
    """The page stands at /timeline."""
    return [(r"^/timeline$", timeline_page)]
