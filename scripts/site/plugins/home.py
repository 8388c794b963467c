"""What the home page shows, all of it from the database: numbers, the 106 hours, the founders, exits by month, questions."""

import json
import sqlite3

from datasette import hookimpl
from leadership.showing import hours_between, local_time, show_when

DATABASE = "leadership"
STRIP_FROM, STRIP_TO = "2023-11-17T00:00Z", "2023-11-22T12:00Z"  # 16 November, 16:00, to 22 November, 04:00, US Pacific
COUNTED = (
    ("people", "people", "SELECT COUNT(*) FROM people"),
    ("exits and leaves", "departures", "SELECT COUNT(*) FROM departures"),
    ("events", "events", "SELECT COUNT(*) FROM events"),
    ("texts read line by line", "sources?access=held", "SELECT COUNT(*) FROM sources WHERE access = 'held'"),
    ("pages read", "sources?access=read", "SELECT COUNT(*) FROM sources WHERE access = 'read'"),
    ("claims", "claims_flat", "SELECT COUNT(*) FROM claims"),
    ("lines accounted for", "line_coverage", "SELECT SUM(lines - blank - unaccounted) FROM line_coverage"),
)
QUESTIONS = (
    ("November 2023", ("november_2023", "board_before_and_after", "signatures", "interim_leaders", "undated_november_2023")),
    ("Who left, and why", ("exits_by_month", "destinations", "reasons_given", "founders", "about_person")),
    ("Who held what", ("who_led", "who_held_post", "board_on_day", "tenure_lengths")),
    ("Money and people", ("headcount", "valuation", "money")),
    (
        "How we know",
        (
            "where_sources_disagree",
            "settled_by_rule",
            "known_on_day",
            "evidence_for",
            "line",
            "who_cites_whom",
            "origins",
            "single_origin",
            "denied",
            "not_fact",
            "who_argues_what",
            "cite_row",
        ),
    ),
)


@hookimpl
def extra_template_vars(datasette, view_name):
    """Give the home page a function that reads everything it shows."""
    if view_name != "index":
        return {}

    async def home():
        try:
            return await _home(datasette)
        except sqlite3.Error:  # another database is being served; the page then shows Datasette's own list
            return None

    return {"home": home}


async def _home(datasette):
    async def rows(sql, params=None):
        return [dict(row) for row in (await datasette.execute(DATABASE, sql, params or {})).rows]

    queries = await datasette.get_canned_queries(DATABASE, None)
    return {
        "numbers": [(label, path, (await rows(sql))[0]) for label, path, sql in COUNTED],
        "strip": await _strip(rows),
        "founders": await rows("SELECT founder, state, exits_and_leaves, person_id FROM founders_now"),
        "months": _months(await rows(datasette_sql(queries, "exits_by_month"))),
        "questions": [
            (title, [(name, queries[name]["title"], queries[name].get("fragment")) for name in names if name in queries])
            for title, names in QUESTIONS
        ],
        "sources": await rows("SELECT id, label, published, lang, kind FROM sources WHERE access = 'held' ORDER BY published_latest"),
        "version": (await rows("SELECT value FROM build_info WHERE id = 'dataset_version'"))[0]["value"],
        "released": (await rows("SELECT MAX(released_on) AS day FROM releases"))[0]["day"],
        "undated": (await rows("SELECT COUNT(*) AS n FROM events WHERE story = 'board-crisis-2023' AND started IS NULL"))[0]["n"],
        "open": await rows("SELECT COUNT(DISTINCT subject_id || property) AS n FROM disagreements WHERE settled = 'open'"),
        "disputed": await rows("SELECT COUNT(DISTINCT subject_id || property) AS n FROM disagreements"),
    }


def datasette_sql(queries, name):
    """Return the SQL of a canned query, so that a page and its query never differ."""
    return queries[name]["sql"]


async def _strip(rows):
    """Return chief executives and dated events of the crisis, with their places on a strip from 0 to 100."""
    span = hours_between(STRIP_FROM, STRIP_TO)

    def place(instant):
        return round(min(max(hours_between(STRIP_FROM, instant) / span * 100, 0), 100), 2)

    leaders = await rows(
        "SELECT t.id, p.label AS person, t.capacity, t.started, t.ended, t.standing,"
        " t.started_earliest, t.started_latest, t.ended_earliest, t.ended_latest"
        " FROM tenures t JOIN people p ON p.id = t.person_id"
        " WHERE t.post_id = 'openai-ceo' AND t.standing <> 'refuted' AND t.asserted_as = 'fact'"
        " ORDER BY COALESCE(t.started_latest, ''), t.id"
    )
    for leader in leaders:
        leader["from_possible"] = place(leader["started_earliest"] or STRIP_FROM)
        leader["from_certain"] = place(leader["started_latest"] or STRIP_FROM)
        leader["to_certain"] = place(leader["ended_earliest"] or STRIP_TO)
        leader["to_possible"] = place(leader["ended_latest"] or STRIP_TO)
    events = await rows(
        "SELECT id, label, started, started_earliest AS earliest, started_latest AS latest, standing, origin_count, kind FROM events"
        " WHERE story = 'board-crisis-2023' AND started IS NOT NULL AND id <> 'openai-board-crisis-2023'"
        " AND started_earliest >= :first AND started_latest <= :last"
        " ORDER BY started_earliest, started_latest, label",
        {"first": "2023-11-16T20:00Z", "last": "2023-11-23T00:00Z"},
    )
    days = {}
    for event in events:
        moment = local_time(event["earliest"])
        event["left"], event["right"] = place(event["earliest"]), place(event["latest"])
        event["shown"] = show_when(event["started"])
        event["clock"] = _clock(event, moment)
        days.setdefault(moment.strftime("%a %-d Nov"), []).append(event)
    ticks = [(place(f"2023-11-{day:02}T08:00Z"), f"{day} Nov") for day in range(17, 23)]
    return {"leaders": leaders, "events": events, "days": list(days.items()), "ticks": ticks}


def _clock(event, moment):
    """Return the time within the day: a clock, a part of the day, or nothing where only the day is known."""
    if event["earliest"] == event["latest"]:
        return moment.strftime("%H:%M")
    label = event["shown"].label
    return label.rsplit(", ", 1)[1] if ", " in label and " to " not in label else ""


def _months(rows):
    """Return exits by month with every month from the first to the last, and those before as one list."""
    manners = []
    by_month = {}
    for row in rows:
        if row["manner"] not in manners:
            manners.append(row["manner"])
        by_month.setdefault(row["month"], []).append(row)
    recent = sorted(month for month in by_month if month >= "2023-11")
    months, month = [], recent[0] if recent else None
    while month and month <= recent[-1]:
        months.append((month, by_month.get(month, [])))
        year, number = int(month[:4]), int(month[5:])
        month = f"{year + number // 12}-{number % 12 + 1:02}"
    most = max((sum(row["exits"] for row in found) for _, found in months), default=1)
    return {"months": months, "most": most, "manners": manners}


@hookimpl
def prepare_jinja2_environment(env):
    """Filters that templates of this site share."""
    env.filters["from_json"] = lambda text: json.loads(text) if text else []
    env.filters["show_when"] = lambda text, zone="pacific": show_when(text, zone) if text else None
    env.filters["words"] = lambda text: (text or "").replace("_", " ")
