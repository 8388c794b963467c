"""What the home page shows, all of it from the database: numbers, the 106 hours, the founders, exits by quarter, questions."""

import json
import sqlite3

from datasette import hookimpl
from leadership.amounts import show_number
from leadership.showing import hours_between, local_time, show_when

DATABASE = "leadership"
MOST_HOURS = 36  # what is known no more closely stands on no single day
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
QUARTERS = 4
EXITS = """
SELECT substr(month, 1, 4) AS year, (CAST(substr(month, 6, 2) AS INTEGER) + 2) / 3 AS quarter, COALESCE(manner, 'not_stated') AS manner,
       COUNT(*) AS exits, GROUP_CONCAT(person, ', ') AS people
  FROM who_left WHERE organisation = 'OpenAI' AND month IS NOT NULL GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
AUDITS = """
SELECT a.audited_on, k.label AS kind, h.label AS how, a.drawn_count AS drawn, a.right_count AS "right", a.debatable_count AS debatable,
       a.incomplete_count AS incomplete, a.wrong_count AS wrong, a.missing_count AS missing, a.mended_count AS mended, a.id
  FROM audits a JOIN codes k ON k.list = 'audit_kind' AND k.code = a.kind JOIN codes h ON h.list = 'audit_how' AND h.code = a.how
 ORDER BY a.audited_on, a.id
"""
QUESTIONS = (
    ("November 2023", ("november_2023", "signatures", "undated_november_2023")),
    (
        "Who left, and why",
        (
            "exits_by_quarter",
            "exits_by_month",
            "destinations",
            "from_and_to",
            "reasons_given",
            "first_to_report",
            "founders",
            "about_person",
        ),
    ),
    (
        "Who held what",
        ("who_led", "who_held_post", "succession", "board_on_day", "board_before_and_after", "interim_leaders", "tenure_lengths"),
    ),
    ("Money and people", ("headcount", "valuation", "money")),
    (
        "How we know",
        (
            "where_sources_disagree",
            "known_on_day",
            "evidence_for",
            "line",
            "who_cites_whom",
            "origins",
            "single_origin",
            "weighty_single_origin",
            "later_contradicted",
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
        "quarters": _quarters(await rows(EXITS)),
        "questions": [
            (title, [(name, queries[name]["title"], queries[name].get("fragment")) for name in names if name in queries])
            for title, names in QUESTIONS
        ],
        "sources": await rows("SELECT id, label, published, lang, kind FROM sources WHERE access = 'held' ORDER BY published_latest"),
        "pages_read": (await rows("SELECT COUNT(*) AS n FROM sources WHERE access = 'read'"))[0]["n"],
        "audits": await rows(AUDITS),
        "built": {row["id"]: row["value"] for row in await rows("SELECT id, value FROM build_info WHERE id NOT LIKE 'rows_%'")},
        "released": (await rows("SELECT MAX(released_on) AS day FROM releases"))[0]["day"],
        "undated": (await rows("SELECT COUNT(*) AS n FROM events WHERE story = 'board-crisis-2023' AND started IS NULL"))[0]["n"],
        "open": await rows("SELECT COUNT(DISTINCT subject_id || property) AS n FROM disagreements WHERE settled = 'open'"),
        "disputed": await rows("SELECT COUNT(DISTINCT subject_id || property) AS n FROM disagreements"),
    }


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
    events = [event for event in events if hours_between(event["earliest"], event["latest"]) <= MOST_HOURS]
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


def _quarters(rows):
    """Return exits by quarter, with every quarter from the first to the last."""
    manners = []
    by_quarter = {}
    for row in rows:
        if row["manner"] not in manners:
            manners.append(row["manner"])
        by_quarter.setdefault((int(row["year"]), int(row["quarter"])), []).append(row)
    quarters, (year, quarter) = [], min(by_quarter, default=(0, 0))
    while by_quarter and (year, quarter) <= max(by_quarter):
        quarters.append((year, quarter, by_quarter.get((year, quarter), [])))
        year, quarter = (year, quarter + 1) if quarter < QUARTERS else (year + 1, 1)
    most = max((sum(row["exits"] for row in found) for _, _, found in quarters), default=1)
    return {"quarters": quarters, "most": most, "manners": manners}


@hookimpl
def prepare_jinja2_environment(env):
    """Filters that templates of this site share."""
    env.filters["from_json"] = lambda text: json.loads(text) if text else []
    env.filters["show_when"] = lambda text, zone="pacific": show_when(text, zone) if text else None
    env.filters["number"] = show_number
    env.filters["words"] = lambda text: (text or "").replace("_", " ")
