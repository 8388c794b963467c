"""What the home page shows, all of it from the database: answers in words, the crisis hour by hour, succession, exits, what is newest.

The database does not change while the server runs, so it is read once. Times are US Pacific.
"""

from __future__ import annotations

import json
import re
from typing import Any

from leadership.when import clock_of
from markupsafe import Markup

from . import incumbents
from .rows import DATABASE, Ask, Row, asking, read_once
from .showing import MONTHS, hours_between, local_time, show_when, start_in_words
from .speaking import N_, is_chinese, named, say, speaking_english
from .telling import retell
from .wording import point_in_words

MOST_HOURS = 36  # what is known no more closely stands on no single day
STRIP_FROM, STRIP_TO = "2023-11-17T00:00Z", "2023-11-22T12:00Z"  # 16 November, 16:00, to 22 November, 04:00, US Pacific
NARROWEST = 0.35  # per cent of the strip; an instant has no width of its own
GAP = 0.15
COUNTED = (
    (N_("people"), "people", "SELECT COUNT(*) FROM people"),
    (N_("exits and leaves"), "who_left", "SELECT COUNT(*) FROM who_left"),
    (N_("events"), "events", "SELECT COUNT(*) FROM events"),
    (N_("texts read line by line"), "sources?access=held", "SELECT COUNT(*) FROM sources WHERE access = 'held'"),
    (N_("pages read"), "sources?access=read", "SELECT COUNT(*) FROM sources WHERE access = 'read'"),
    (N_("claims"), "claims_flat", "SELECT COUNT(*) FROM claims"),
)
QUARTERS = 4
# How an exit came about, in the few kinds that a chart can tell apart; what was undone, or led to another post at OpenAI, is no loss.
MANNER = """CASE WHEN manner = 'leave_of_absence' AND reversed_by IS NULL THEN 'leave of absence'
       WHEN NOT for_good THEN 'taken back or stayed at OpenAI' WHEN manner IN ('removed', 'laid_off') THEN 'removed or laid off'
       WHEN manner IN ('resigned', 'stepped_down', 'poached', 'retired', 'left_board') THEN 'resigned or hired away'
       ELSE 'not stated' END"""
MANNERS = (
    N_("resigned or hired away"),
    N_("removed or laid off"),
    N_("not stated"),
    N_("leave of absence"),
    N_("taken back or stayed at OpenAI"),
)
WENT_WORDS = {"founded": N_("founded"), "joined": N_("joined"), "planned": N_("planned")}
EXITS = f"""
SELECT substr(month, 1, 4) AS year, (CAST(substr(month, 6, 2) AS INTEGER) + 2) / 3 AS quarter, {MANNER} AS manner,
       COUNT(*) AS exits, GROUP_CONCAT(person, ', ') AS people
  FROM who_left WHERE organisation = 'OpenAI' AND month IS NOT NULL GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
GONE = "organisation = 'OpenAI' AND for_good"
# Where those went who left for good; a destination that was only planned or said counts apart.
WENT = f"""
SELECT COALESCE(destination, destination_planned_or_said) AS place,
       SUM(destination IS NOT NULL AND destination_kind = 'founded') AS founded,
       SUM(destination IS NOT NULL AND destination_kind IS NOT 'founded') AS joined,
       SUM(destination IS NULL) AS planned, COUNT(*) AS all_of_them, GROUP_CONCAT(person, ', ') AS people
  FROM who_left WHERE {GONE} AND COALESCE(destination, destination_planned_or_said, 'OpenAI') <> 'OpenAI' GROUP BY 1 ORDER BY 5 DESC, 1
"""
WENT_TOTALS = f"""
SELECT COUNT(*) AS gone,
       SUM(COALESCE(destination, destination_planned_or_said) IS NULL
           AND COALESCE(destination_kind, 'not_stated') = 'not_stated') AS not_stated,
       SUM(COALESCE(destination, destination_planned_or_said) IS NULL AND destination_kind <> 'not_stated') AS unnamed,
       SUM(COALESCE(destination, destination_planned_or_said) = 'OpenAI') AS back FROM who_left WHERE {GONE}
"""
MOST_PLACES = 8
LAST_EXITS = """
SELECT w.person, w.person_id, w.announced, w.effective, w.unsure, w.destination, w.standing, w.origin_count, w.departure_id,
       COALESCE(w.posts_left, (SELECT json_array(o.label) FROM tenures t JOIN posts o ON o.id = t.post_id -- the post in which last shown
         WHERE EXISTS (SELECT 1 FROM statements s WHERE s.subject_id = d.id AND s.property = 'posts')
           AND t.person_id = d.person_id AND t.organisation_id = d.organisation_id AND o.category <> 'staff'
           AND t.asserted_as = 'fact' AND t.standing <> 'refuted' AND t.certain_from <= COALESCE(d.effective_earliest, d.announced_earliest)
           AND COALESCE(t.possible_to, '9999') > COALESCE(d.effective_earliest, d.announced_earliest)
         ORDER BY t.certain_to DESC LIMIT 1)) AS posts_left
  FROM who_left w JOIN departures d ON d.id = w.departure_id
 WHERE w.organisation = 'OpenAI' AND w.for_good
   AND COALESCE(d.effective_earliest, d.announced_earliest) <= :reach
 ORDER BY COALESCE(d.effective_earliest, d.announced_earliest) DESC, w.person LIMIT 3
"""
OPEN = """
SELECT s.subject_id, u.label, u.table_name, s.property, COUNT(*) AS "values" FROM statements s JOIN subjects u ON u.id = s.subject_id
 WHERE s.rule = 'open' GROUP BY s.subject_id, s.property ORDER BY s.property = 'occurs', u.label, s.property
"""
MOST_OPEN = 4
DISPUTED = (
    "SELECT COUNT(*) AS n FROM (SELECT DISTINCT subject_id, property FROM statements WHERE rule NOT IN ('only_value', 'side_by_side'))"
)
# What happened last, of what is told as a fact and for certain: events, exits, and who came to which post.
NEWEST = """
WITH told AS (
  SELECT started_day AS "day", label AS what, 'events' AS table_name, id, asserted_as, certainty, standing, origin_count FROM events
  UNION ALL
  SELECT COALESCE(announced_day, effective_day), label, 'departures', id, asserted_as, certainty, standing, origin_count FROM departures
   WHERE COALESCE(unsure, '') NOT LIKE CASE WHEN announced_day IS NULL THEN '%"effective"%' ELSE '%"announced"%' END AND same_as IS NULL
  UNION ALL
  SELECT t.started_day, p.label || ' becomes ' || o.label, 'tenures', t.id, t.asserted_as, t.certainty, t.standing, t.origin_count
    FROM tenures t JOIN people p ON p.id = t.person_id JOIN posts o ON o.id = t.post_id WHERE COALESCE(t.unsure, '') NOT LIKE '%"started"%'
)
SELECT * FROM told WHERE "day" <= :day AND asserted_as = 'fact' AND certainty = 'certain' AND standing <> 'refuted'
 ORDER BY "day" DESC, table_name, what LIMIT 6
"""
AUDITS = """
SELECT a.audited_on, k.label AS kind, h.label AS how, COUNT(*) AS readings, MIN(a.id) AS id, a.kind AS kind_code, a.how AS how_code,
       SUM(a.drawn_count) AS drawn, SUM(a.right_count) AS "right", SUM(a.debatable_count) AS debatable,
       SUM(a.incomplete_count) AS incomplete, SUM(a.wrong_count) AS wrong, SUM(a.missing_count) AS missing
  FROM audits a JOIN codes k ON k.list = 'audit_kind' AND k.code = a.kind JOIN codes h ON h.list = 'audit_how' AND h.code = a.how
 WHERE a.audited_on = (SELECT MAX(b.audited_on) FROM audits b WHERE b.kind = a.kind AND b.how = a.how)
 GROUP BY a.kind, a.how ORDER BY a.audited_on DESC, MIN(a.id)
"""
# In which order groups of questions stand; `group` of each in metadata.yml says to which it belongs, and others come last.
GROUPS = ("November 2023", "Who left, and why", "Who held what", "Money and people", "How we know")


@read_once
async def home_of(datasette: Any) -> dict[str, Any]:
    """Return what the home page shows, in the language that is spoken."""
    rows = asking(datasette)

    queries = await datasette.get_canned_queries(DATABASE, None)
    built = {row["id"]: row["value"] for row in await rows("SELECT id, value FROM build_info WHERE id NOT LIKE 'rows_%'")}
    reach = incumbents.read_now(built.get("covers_to") or "9999-01-01")
    spells = await rows(incumbents.SPELLS)
    found = {
        "numbers": [(label, path, (await rows(sql))[0]) for label, path, sql in COUNTED],
        "leaders": _leaders(spells, reach),
        "boards": _boards(incumbents.holders_at(spells, reach)),
        "last_exits": [_told_exit(row) for row in await rows(LAST_EXITS, reach=reach)],
        "open": [{**row, "point": point_in_words(row["table_name"], row["property"])} for row in await rows(OPEN)],
        "most_open": MOST_OPEN,
        "disputed": (await rows(DISPUTED))[0]["n"],
        "strip": await _strip(rows, spells),
        "succession": incumbents.draw_succession(spells, reach) if spells and built.get("covers_to") else None,
        "founders": await rows("SELECT founder, state, last_shown, person_id FROM founders_now"),
        "quarters": _quarters(await rows(EXITS)),
        "without_quarter": (await rows("SELECT COUNT(*) AS n FROM who_left WHERE organisation = 'OpenAI' AND month IS NULL"))[0]["n"],
        "went": _places(await rows(WENT), (await rows(WENT_TOTALS))[0]),
        "newest": [{**row, "what": retell(row["what"])} for row in await rows(NEWEST, day=reach[:10])],
        "questions": _questions(queries),
        "sources": await rows("SELECT id, label, published, lang, kind FROM sources WHERE access = 'held' ORDER BY published_latest"),
        "pages_read": (await rows("SELECT COUNT(*) AS n FROM sources WHERE access = 'read'"))[0]["n"],
        "audits": await rows(AUDITS),
        "built": built,
        "released": (await rows("SELECT MAX(released_on) AS day FROM releases"))[0]["day"],
        "undated": (await rows("SELECT COUNT(*) AS n FROM events WHERE story = 'board-crisis-2023' AND started IS NULL"))[0]["n"],
    }
    template = datasette.jinja_env.get_template("_home.html")
    return {
        **found,
        "rendered": Markup(await template.render_async(data=found, urls=datasette.urls, went_words=WENT_WORDS)),
    }


def _questions(queries: dict[str, Any]) -> list[Any]:
    """Return (group, questions) for each group that has any; a question is (name, title, fragment of its chart)."""
    groups: dict[str, list[Any]] = {title: [] for title in GROUPS}
    for name, query in queries.items():
        if "group" in query:
            groups.setdefault(query["group"], []).append((name, query["title"], query.get("fragment")))
    return [(say(title), listed) for title, listed in groups.items() if listed]


def _leaders(spells: Any, reach: Any) -> Any:
    """Return who holds the chief post at the end of the record, each with the start in words, and whom each followed."""
    chiefs = sorted((s for s in spells if s["post_id"] == incumbents.CHIEF), key=lambda s: s["possible_from"] or s["certain_from"] or "")
    found = []
    for spell in incumbents.holders_at(chiefs, reach):
        before = [s for s in chiefs if (s["certain_from"] or "") < (spell["certain_from"] or "")]
        found.append(
            {
                **spell,
                "since": start_in_words(spell["started"]) if spell["started"] else "",
                "shown": incumbents.day_in_words(spell["last_shown"]),
                "before": before[-1] if before else None,
            }
        )
    return found


def _boards(holders: Any) -> Any:
    """Return (board, members, observers) for each board that has members told to go on.

    A member is (person, person_id, whether in the chair, when last shown); an observer is one without the third. When somebody was
    last shown is said only where no source tells whether that went on.
    """
    found = []
    for board in incumbents.BOARDS:
        seats = [s for s in holders if s["organisation_id"] == board]
        if not any(s["category"] == "board" and s["basis"] != incumbents.NOT_TOLD for s in seats):
            continue
        chairs = {s["person_id"] for s in seats if s["post_id"].endswith("chair")}
        sitting, watching = (_last_shown(s for s in seats if (s["category"] == "board") == is_seat) for is_seat in (True, False))
        members = [(name, key, key in chairs, shown) for name, key, shown in sorted(sitting, key=lambda one: (one[1] not in chairs, one))]
        board_name = seats[0]["organisation"]
        found.append((named(board_name) if is_chinese() else board_name.removesuffix(" board of directors"), members, sorted(watching)))
    return found


def _last_shown(seats: Any) -> set[Any]:
    """Return (person, person_id, when last shown) once a person; the last is "" for whom a source tells to go on."""
    people: dict[str, Any] = {}
    for spell in seats:
        shown = incumbents.day_in_words(spell["last_shown"]) if spell["basis"] == incumbents.NOT_TOLD else ""
        if spell["person_id"] not in people or not shown:
            people[spell["person_id"]] = (spell["person"], spell["person_id"], shown)
    return set(people.values())


def _told_exit(row: Row) -> dict[str, Any]:
    """Add to an exit the post that was left, and in words when."""
    posts = [re.sub(r", [^,]*$", "", post) for post in json.loads(row["posts_left"] or "[]")]
    planned = "effective" in (row["unsure"] or "") or not row["effective"]
    announced = planned and row["announced"]
    when = say("announced %(day)s", day=show_when(row["announced"]).label) if announced else show_when(row["effective"]).label
    if is_chinese():
        posts = [named(post) for post in json.loads(row["posts_left"] or "[]")]
    return {**row, "post": "" if not posts else posts[0] if is_chinese() else posts[0][:1].lower() + posts[0][1:], "when": when}


async def _strip(rows: Ask, spells: Any) -> dict[str, Any]:
    """Return chief executives and dated events of the crisis, with their places on a strip from 0 to 100, and by day."""
    place = incumbents.placer(STRIP_FROM, STRIP_TO)
    bars = incumbents.draw_spells((s for s in spells if s["post_id"] == incumbents.CHIEF), STRIP_FROM, STRIP_TO)
    leaders = [bar for bar in bars if bar["p0"] is not None and bar["p0"] < 100 and bar["p1"] > 0]
    events = await rows(
        "SELECT id, label, started, started_day, started_earliest AS earliest, started_latest AS latest, standing, asserted_as FROM events"
        " WHERE story = 'board-crisis-2023' AND started IS NOT NULL AND id <> 'openai-board-crisis-2023' AND standing <> 'refuted'"
        " AND started_earliest >= :first AND started_latest <= :last"
        " ORDER BY started_earliest, started_latest, label",
        first=STRIP_FROM,
        last=STRIP_TO,
    )
    close = [event for event in events if hours_between(event["earliest"], event["latest"]) <= MOST_HOURS]
    looser, events = len(events) - len(close), close
    days: dict[Any, Any] = {}
    for event in events:
        event["left"], event["right"] = place(event["earliest"]), place(event["latest"])
        event["shown"] = show_when(event["started"])
        event["clock"] = _clock(event, local_time(event["earliest"]))
        days.setdefault(event["started_day"] or f"{local_time(event['earliest']):%Y-%m-%d}", []).append(event)
    ends = {event["id"]: event["earliest"] for event in events}
    known = "altman-dismissal" in ends and "altman-reinstated" in ends
    return {
        "leaders": sorted(leaders, key=lambda bar: (bar["p0"], bar["p1"])),
        "events": events,
        "looser": looser,
        "lanes": _pack(events),
        "days": [(_say_day(day), sorted(found, key=_hour)) for day, found in sorted(days.items())],
        "ticks": [(place(f"2023-11-{day:02}T08:00Z"), str(day)) for day in range(17, 23)],
        "hours": round(hours_between(ends["altman-dismissal"], ends["altman-reinstated"])) if known else None,
    }


def _pack(events: Any) -> int:
    """Give each event the first lane in which it touches no other; return how many lanes there are."""
    ends: list[Any] = []
    for event in events:
        free = next((lane for lane, end in enumerate(ends) if end + GAP < event["left"]), len(ends))
        ends[free : free + 1] = [max(event["right"], event["left"] + NARROWEST)]
        event["lane"] = free
    return len(ends)


def _hour(event: Any) -> tuple[float, str]:
    """Return where a step stands among those of its day: its clock, else the hour at which its part of the day begins, else behind all.

    A part of a day in no stated zone is bounded by hours of the day before and the day after; it stands where its words put it.
    """
    if event["earliest"] == event["latest"]:
        return _hours(event["clock"]), ""
    clock = clock_of(event["started"]) if event["clock"] else None
    return (_hours(clock) if clock else 24.0), event["label"]


def _hours(clock: str) -> float:
    hour, minute = clock.split(":")
    return int(hour) + int(minute) / 60


def _say_day(day: Any) -> str:
    return f"{int(day[5:7])}月{int(day[8:])}日" if is_chinese() else f"{int(day[8:])} {MONTHS[int(day[5:7]) - 1]}"


def _clock(event: Any, moment: Any) -> Any:
    """Return the time within the day: a clock, a part of the day, or nothing where only the day is known."""
    if event["earliest"] == event["latest"]:
        return moment.strftime("%H:%M")
    with speaking_english():
        label = show_when(event["started"]).label
    part = label.rsplit(", ", 1)[1] if ", " in label and " to " not in label else ""
    return say(part)


def _places(found: Any, totals: Any) -> dict[str, Any]:
    """Return the places to which most went, how many went to others, and the totals."""
    shown = found[:MOST_PLACES]
    others = found[MOST_PLACES:]
    most = max((row["all_of_them"] for row in shown), default=1)
    return {"places": shown, "most": most, "others": len(others), "to_others": sum(row["all_of_them"] for row in others), **totals}


def _quarters(rows: Any) -> dict[str, Any]:
    """Return exits by quarter, with every quarter from the first to the last, each with the months that bound it."""
    by_quarter: dict[Any, Any] = {}
    for row in rows:
        by_quarter.setdefault((int(row["year"]), int(row["quarter"])), []).append(row)
    for found in by_quarter.values():
        found.sort(key=lambda row: MANNERS.index(row["manner"]))
    quarters, (year, quarter) = [], min(by_quarter, default=(0, 0))
    while by_quarter and (year, quarter) <= max(by_quarter):
        months = f"{year}-{quarter * 3 - 2:02}", f"{year}-{quarter * 3:02}"
        quarters.append((year, quarter, by_quarter.get((year, quarter), []), months))
        year, quarter = (year, quarter + 1) if quarter < QUARTERS else (year + 1, 1)
    most = max((sum(row["exits"] for row in found) for _, _, found, _ in quarters), default=1)
    told = {row["manner"] for row in rows}
    return {"quarters": quarters, "most": most, "manners": [manner for manner in MANNERS if manner in told], "all_manners": MANNERS}
