"""What machines ask for: permalinks, sitemap, feeds, JSON-LD, llms.txt, and data for pages of other hosts."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import urllib.robotparser
import xml.etree.ElementTree as ElementTree
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from leadership.schema import KIND_OF_TABLE
from leadership.tables import TABLES
from presentation.citing import FORMS
from presentation.telling import date_doubt_of, doubt_of, feed_mark, feed_text
from site_client import Site

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
HOST = "http://localhost"
IN_FEEDS = "SELECT *, CASE WHEN entry IN ('start', 'end') THEN ':' || entry ELSE '' END AS part FROM timeline"
FACT_TABLES = (
    "people",
    "organisations",
    "posts",
    "tenures",
    "departures",
    "events",
    "products",
    "figures",
    "remarks",
    "interpretations",
)


@pytest.fixture(scope="module")
def site(asked_within: Site) -> Site:
    return asked_within


# ---------------------------------------------------------------------- permalinks
@pytest.mark.parametrize(
    ("row_id", "path"),
    [
        ("sam-altman", "/leadership/people/sam-altman"),
        ("openai", "/leadership/organisations/openai"),
        ("altman-dismissal", "/leadership/events/altman-dismissal"),
        ("newgeek-2023-11-23", "/leadership/sources/newgeek-2023-11-23"),
        ("sam-altman.json", "/leadership/people/sam-altman.json"),
    ],
)
def test_a_permalink_leads_to_the_row(site: Site, row_id: str, path: str) -> None:
    response = site.get(f"/id/{row_id}")
    assert (response.status_code, response.headers["location"]) == (302, path)
    assert site.get(path).status_code == 200


def test_a_permalink_hands_on_what_else_is_asked_for(site: Site) -> None:
    assert (
        site.get("/id/sam-altman.json?_shape=array&_nl=on").headers["location"] == "/leadership/people/sam-altman.json?_shape=array&_nl=on"
    )


@pytest.mark.parametrize("table", ["statements", "claims", "passages", "decisions", "event_participants", "names", "releases"])
def test_rows_of_evidence_have_permalinks_too(site: Site, table: str) -> None:
    row_id = site.rows(f"SELECT id FROM {table} ORDER BY id LIMIT 1")[0]["id"]
    assert site.get(f"/id/{row_id}").headers["location"] == f"/leadership/{table}/{row_id}"


def test_no_identifier_stands_for_two_rows(site: Site) -> None:
    tables = [table for table in TABLES if table not in KIND_OF_TABLE and table != "event_participants"]
    every = " UNION ALL ".join(f"SELECT id FROM {table}" for table in tables)
    assert site.rows(f"SELECT id FROM ({every}) GROUP BY id HAVING COUNT(*) > 1") == []
    # A part in an event is one statement and has its identifier.
    assert site.rows("SELECT p.id FROM event_participants p LEFT JOIN statements s USING (id) WHERE s.id IS NULL") == []


@pytest.mark.parametrize("row_id", ["no-such-row", "%3Cscript%3Ealert(1)", "a%00b", "%27 OR 1", "x" * 3000, "~2F"])
def test_an_unknown_identifier_is_answered_with_help(site: Site, row_id: str) -> None:
    response = site.get(f"/id/{row_id}")
    response = site.get(response.headers["location"]) if response.status_code == 302 else response
    assert response.status_code == 404
    assert "No row has the identifier" in response.text
    assert "/-/find?q=" in response.text
    assert "<script>alert" not in response.text


def test_a_withdrawn_identifier_leads_to_its_successor_or_to_the_reason_why_there_is_none(database: Path, tmp_path: Path) -> None:
    later = tmp_path / "leadership.db"
    shutil.copy(database, later)
    with sqlite3.connect(later) as connection:
        connection.executemany(
            "INSERT INTO redirects VALUES (?, ?, ?, ?, 'release-1-0-0')",
            [
                ("samuel-altman", "sam-altman", "people", "The same person."),
                ("a-rumour", None, None, "Nobody <says> so any more."),
                ("the-void", "void", None, "An unsound entry."),
            ],
        )
    connection.close()
    site = Site(later)
    moved, gone = site.get("/id/samuel-altman"), site.get("/id/a-rumour")
    assert (moved.status_code, moved.headers["location"]) == (301, "/leadership/people/sam-altman")
    assert site.get("/id/samuel-altman.json").headers["location"] == "/leadership/people/sam-altman.json"
    assert gone.status_code == 410
    assert "The identifier “a-rumour” was withdrawn with version 1.0.0, and no row took its place." in gone.text
    assert "The reason: Nobody &lt;says&gt; so any more." in gone.text
    assert 'href="/leadership/redirects/a-rumour"' in gone.text
    assert site.get("/leadership/redirects/a-rumour").status_code == 200
    assert site.get("/id/the-void").status_code == 410
    site.close()


# ---------------------------------------------------------------------- sitemap and robots
def sitemap(site: Site) -> list[str]:
    response = site.get("/sitemap.xml")
    assert response.headers["content-type"].startswith("application/xml")
    return [place.text or "" for place in ElementTree.fromstring(response.text).iter(f"{SITEMAP}loc")]


def test_the_sitemap_lists_pages_tables_queries_and_every_row(site: Site) -> None:
    places = sitemap(site)
    for path in (
        "/",
        "/timeline",
        "/leadership/claims",
        "/leadership/who_left",
        "/leadership/headcount",
        "/people/sam-altman",
        "/-/dashboards/overview",
    ):
        assert HOST + path in places
    for table in (*FACT_TABLES, "sources"):
        rows = {f"{HOST}/leadership/{table}/{row['id']}" for row in site.rows(f"SELECT id FROM {table}")}
        assert rows <= set(places), table
    assert len(places) == len(set(places)) <= 50_000
    assert not [place for place in places if "subjects_fts" in place]


def test_what_the_sitemap_lists_is_there(site: Site) -> None:
    places = sitemap(site)
    kinds: dict[str, list[str]] = {}
    for place in places:
        kinds.setdefault(place.removeprefix(HOST).rpartition("/")[0], []).append(place)
    sample = [place for of_a_kind in kinds.values() for place in of_a_kind[:: max(1, len(of_a_kind) // 3)]]
    status = {place: site.status(place.removeprefix(HOST)) for place in sample}
    assert {place: code for place, code in status.items() if code != 200} == {}
    assert len(sample) > 3 * len(FACT_TABLES)


def test_robots_may_read_rows_but_not_every_combination(site: Site) -> None:
    text = site.get("/robots.txt").text
    assert f"Sitemap: {HOST}/sitemap.xml" in text
    assert "Disallow: /*?*sql=" in text
    parser = urllib.robotparser.RobotFileParser()
    parser.parse(text.splitlines())
    assert parser.can_fetch("*", f"{HOST}/leadership/people/sam-altman")
    assert not parser.can_fetch("*", f"{HOST}/-/find?q=Altman")


# ---------------------------------------------------------------------- feeds
def query_rows(site: Site, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = site.get(f"/leadership/{name}.json?_shape=array").json()
    return rows


@pytest.mark.parametrize(("name", "least"), [("feed_timeline", 20), ("feed_decisions", 10), ("feed_changes", 1)])
def test_a_feed_has_an_entry_for_each_row(site: Site, name: str, least: int) -> None:
    response = site.get(f"/leadership/{name}.atom")
    rows = query_rows(site, name)
    feed = ElementTree.fromstring(response.content)
    entries = feed.findall(f"{ATOM}entry")
    assert response.headers["content-type"] == "application/atom+xml; charset=utf-8"
    assert len(entries) == len(rows) >= least
    assert [entry.find(f"{ATOM}id").text for entry in entries] == [row["atom_id"] for row in rows]
    assert len({row["atom_id"] for row in rows}) == len(rows)
    for entry, row in zip(entries, rows, strict=True):
        moment = datetime.fromisoformat(entry.find(f"{ATOM}updated").text)
        assert moment == datetime.fromisoformat(row["atom_updated"].replace("Z", "+00:00"))
        assert entry.find(f"{ATOM}link").get("href") == HOST + row["atom_link"]
        assert entry.find(f"{ATOM}author/{ATOM}name").text == "OpenAI leadership changes"


def test_links_of_feeds_lead_to_rows(site: Site) -> None:
    links = [row["atom_link"] for name in ("feed_timeline", "feed_decisions", "feed_changes") for row in query_rows(site, name)]
    assert {link: site.status(link) for link in links[::8]} == dict.fromkeys(links[::8], 200)


def test_the_feed_of_events_has_every_event_and_exit_that_has_a_date_or_an_order(site: Site) -> None:
    listed = {row["atom_id"].rpartition(":")[2] for row in query_rows(site, "feed_timeline")}
    placed = site.rows("""
        SELECT id FROM events WHERE standing <> 'refuted' AND COALESCE(started_earliest, started_latest) IS NOT NULL
        UNION ALL SELECT id FROM departures WHERE standing <> 'refuted' AND same_as IS NULL
           AND COALESCE(announced_earliest, announced_latest, effective_earliest, effective_latest) IS NOT NULL
    """)
    told_later = {row["subject_id"] for row in site.rows("SELECT subject_id FROM timeline WHERE dated = 'publication'")}
    assert told_later
    assert listed == {row["id"] for row in placed} - told_later


def test_what_is_dated_by_nothing_but_the_day_of_its_telling_is_no_news_of_that_day(site: Site) -> None:
    newest = query_rows(site, "feed_timeline")[0]
    assert "When: not dated" not in newest["atom_content"]
    assert "fraser-kelton-openai" not in newest["atom_id"]


@pytest.mark.parametrize(
    ("feed", "title", "content"),
    [
        ("feed_timeline", "atom_title", "atom_content"),
        ("feed_search", "atom_title", "atom_content"),
        ("calendar", "event_name", "event_description"),
    ],
)
def test_what_is_no_certain_fact_says_so_in_its_title_wherever_it_is_sent(site: Site, feed: str, title: str, content: str) -> None:
    """A reader of feeds and a calendar show the title alone."""
    rows = query_rows(site, feed)
    key = "event_uid" if feed == "calendar" else "atom_id"
    between = "-" if feed == "calendar" else ":"
    told = {f"{row['table_name']}{between}{row['subject_id']}{row['part']}": row for row in site.rows(IN_FEEDS)}
    marked = 0
    for row in rows:
        entry = told.get(row[key].removeprefix("urn:x-openai-leadership-changes:"), {})  # a remark is none
        doubt, date = doubt_of(entry), date_doubt_of(entry)
        if not (doubt or date):
            assert not row[title].startswith("["), row
            continue
        marked += 1
        assert row[title].startswith(f"[{doubt}{'; ' if doubt and date else ''}{f'date {date}' if date else ''}] "), row
        assert not doubt or row[content].endswith(f"; only told as {doubt}."), row
        assert not date or f"date {date})" in row[content], row
    assert marked or feed == "feed_search"


@pytest.mark.parametrize(
    ("when", "date", "told"),
    [
        ("2026-06-25[America/Los_Angeles]", ("fact", "probable"), "25 June 2026 (date probable)"),
        ("../2026-06-25", ("plan", "possible"), "by 25 June 2026 (date planned, possible)"),
        ("2026-06-25", ("fact", "certain"), "25 June 2026 (zone not stated: may be a day either side)"),
        ("2023-11-17T12:28[America/Los_Angeles]", ("fact", "certain"), "17 November 2023, 12:28 US Pacific"),
    ],
)
def test_an_entry_says_what_is_not_plain_of_its_date(when: str, date: tuple[str, str], told: str) -> None:
    text = feed_text("It happens.", when, "stated", "agreed", 2, "fact", "certain", *date)
    assert text == f"It happens. When: {told}. Standing: agreed · 2 origins."


def test_what_the_entry_itself_is_told_as_is_not_said_of_its_date_again() -> None:
    assert feed_mark("plan", "probable", "plan", "certain") == "[planned, probable] "
    assert feed_mark("plan", "certain", "plan", "possible") == "[planned; date possible] "
    assert feed_mark("fact", "certain", None, None) == feed_mark("fact", "certain", "fact", "certain") == ""


def test_feeds_and_calendar_say_dates_as_the_pages_do(site: Site) -> None:
    told = [row["atom_content"] for row in query_rows(site, "feed_timeline")] + [
        row["event_description"] for row in query_rows(site, "calendar")
    ]
    assert not [text for text in told if re.search(r"When: (\.\./|\d{4}-|.*\[[A-Z])", text)]
    assert any("When: 17 November 2023, 12:28 US Pacific." in text for text in told)
    assert any("When: by " in text for text in told)


def test_the_feed_of_decisions_has_every_decision_with_its_reason(site: Site) -> None:
    rows = query_rows(site, "feed_decisions")
    assert len(rows) == site.rows("SELECT COUNT(*) AS n FROM decisions")[0]["n"]
    year = next(row for row in rows if row["atom_id"].endswith(":anthropic-founded-year"))
    assert year["atom_title"] == "Anthropic – founded: 2021"
    assert "2020" in year["atom_content"]


@pytest.mark.parametrize(
    "select",
    [
        "1 AS atom_id, 'yesterday' AS atom_updated, 'x' AS atom_title",
        "1 AS atom_id, NULL AS atom_updated, 'x' AS atom_title",
        "1 AS atom_id, '2024-01-01' AS atom_updated, 'x' AS atom_title",
        "1 AS atom_id, '2024-01-01T00:00Z' AS atom_updated, char(1) AS atom_title",
        "1 AS atom_id, '2024-01-01T00:00Z' AS atom_updated, 'x' AS atom_title WHERE 0",
    ],
)
def test_what_is_no_feed_is_answered_with_a_sentence(site: Site, select: str) -> None:
    response = site.get(f"/leadership.atom?sql={quote(f'SELECT {select}')}")
    assert response.status_code == 400
    assert "feed" in response.text


def calendar_entries(text: str) -> list[dict[str, str]]:
    """Read an iCalendar file: unfold its lines, return the properties of each entry, parameters in the name."""
    entries: list[dict[str, str]] = []
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    for line in text.replace("\r\n ", "").split("\r\n"):
        if line == "BEGIN:VEVENT":
            entries.append({})
        elif ":" in line and entries:
            name, value = line.split(":", 1)
            entries[-1][name] = value
    return entries


def test_the_calendar_has_an_entry_for_each_row(site: Site) -> None:
    response = site.get("/leadership/calendar.ics")
    rows = query_rows(site, "calendar")
    entries = calendar_entries(response.content.decode())
    assert response.headers["content-type"] == "text/calendar; charset=utf-8"
    assert response.text.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert response.text.endswith("END:VCALENDAR\r\n")
    assert len(entries) == len(rows) > 20
    assert [entry["UID"] for entry in entries] == [f"{row['event_uid']}@openai-leadership-changes" for row in rows]
    assert len({entry["UID"] for entry in entries}) == len(entries)
    released = site.rows("SELECT MAX(released_on) AS day FROM releases")[0]["day"]
    assert {entry["DTSTAMP"] for entry in entries} == {released.replace("-", "") + "T000000Z"}
    for entry in entries:
        assert ("DTSTART;VALUE=DATE" in entry) != ("DTSTART" in entry)


def test_a_day_is_a_whole_day_and_a_clock_time_an_instant(site: Site) -> None:
    entries = {entry["UID"].split("@")[0]: entry for entry in calendar_entries(site.get("/leadership/calendar.ics").text)}
    day = entries["departures-dave-willner-openai-2023"]
    assert (day["DTSTART;VALUE=DATE"], day["DTEND;VALUE=DATE"]) == ("20230720", "20230721")
    clock = entries["events-altman-dismissal"]
    assert clock["DTSTART"] == "20231117T200000Z"
    assert "DTEND" not in clock
    evening = entries["events-sutskever-calls-altman-to-meeting"]
    assert (evening["DTSTART"], evening["DTEND"]) == ("20231117T020000Z", "20231117T080000Z")
    assert clock["URL"] == f"{HOST}/leadership/events/altman-dismissal"
    assert clock["SUMMARY"] == "The board removes Altman"
    assert "\\;" in clock["DESCRIPTION"]


def test_what_is_less_exact_than_a_day_is_not_in_the_calendar(site: Site) -> None:
    coarse = site.rows("SELECT table_name || '-' || subject_id AS uid FROM timeline WHERE length(\"when\") <= 7 OR \"when\" LIKE '%/..'")
    assert len(coarse) > 10
    assert not {row["uid"] for row in coarse} & {row["event_uid"] for row in query_rows(site, "calendar")}


def test_no_whole_day_reaches_beyond_what_the_sources_allow(site: Site) -> None:
    bounds = {row["uid"]: row for row in site.rows("SELECT table_name || '-' || subject_id AS uid, earliest, latest FROM timeline")}
    rows = query_rows(site, "calendar")
    assert rows
    for row in rows:
        start = datetime.fromisoformat(row["event_dtstart"].replace("Z", "+00:00")).replace(tzinfo=None)
        earliest, latest = (datetime.fromisoformat(bounds[row["event_uid"]][name].rstrip("Z")) for name in ("earliest", "latest"))
        assert earliest - timedelta(days=1) < start <= latest, row["event_uid"]


@pytest.mark.parametrize(
    "select",
    [
        "'x' AS event_name, 'soon' AS event_dtstart",
        "'x' AS event_name, NULL AS event_dtstart",
        "'x' AS event_name, '2024-13-40' AS event_dtstart",
        "'x' AS event_name, '2024-01-01' AS event_dtstart, '2024-01-02T00:00Z' AS event_dtend",
        "1 AS other",
    ],
)
def test_what_is_no_calendar_is_answered_with_a_sentence(site: Site, select: str) -> None:
    response = site.get(f"/leadership.ics?sql={quote(f'SELECT {select}')}")
    assert response.status_code == 400
    assert "calendar" in response.text


def test_text_cannot_add_lines_to_a_calendar(site: Site) -> None:
    name = "'a' || char(13, 10) || 'END:VEVENT' || char(10) || 'BEGIN:VEVENT,;\\' || replace(hex(zeroblob(50)), '00', '董')"
    response = site.get("/leadership.ics?sql=" + quote(f"SELECT {name} AS event_name, '2024-01-01' AS event_dtstart"))
    entries = calendar_entries(response.content.decode())
    assert len(entries) == 1
    assert entries[0]["SUMMARY"] == "a\\nEND:VEVENT\\nBEGIN:VEVENT\\,\\;\\\\" + "董" * 50


# ---------------------------------------------------------------------- JSON-LD
def described_dataset(site: Site) -> dict[str, Any]:
    page = site.get("/").text
    found = re.findall(r'<script[^>]*type="application/ld\+json"[^>]*>(.*?)</script>', page, re.S)
    assert len(found) == 1
    described: dict[str, Any] = json.loads(found[0])
    return described


def test_the_home_page_describes_the_dataset_for_search_engines(site: Site) -> None:
    described = described_dataset(site)
    assert (described["@context"], described["@type"]) == ("https://schema.org/", "Dataset")
    assert described["name"] == "OpenAI leadership changes"
    assert 50 <= len(described["description"]) <= 5000
    assert "<" not in described["description"]
    assert described["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert described["version"] == site.rows("SELECT value FROM build_info WHERE id = 'dataset_version'")[0]["value"]
    assert described["dateModified"] == site.rows("SELECT MAX(released_on) AS d FROM releases")[0]["d"]
    assert re.fullmatch(r"2015/20\d\d", described["temporalCoverage"])
    assert described["url"] == f"{HOST}/"
    *held, read = described["isBasedOn"]
    days = [row["published"].partition("T")[0] for row in site.rows("SELECT published FROM sources WHERE access = 'held'")]
    assert sorted(work.get("datePublished", "") for work in held) == sorted("" if "/" in day else day for day in days)
    assert "2024-08/20" not in {work.get("datePublished") for work in held}  # half of a span is no day
    assert read["collectionSize"] == site.rows("SELECT COUNT(*) AS n FROM sources WHERE access = 'read'")[0]["n"]
    assert site.get(read["url"].removeprefix(HOST)).status_code == 200
    assert "departures.manner" in {variable["name"] for variable in described["variableMeasured"]}


def test_downloads_that_are_described_hold_every_row(site: Site) -> None:
    downloads = {item["contentUrl"].removeprefix(HOST): item["encodingFormat"] for item in described_dataset(site)["distribution"]}
    assert downloads["/leadership.db"] == "application/vnd.sqlite3"
    assert site.get("/leadership.db").content[:15] == b"SQLite format 3"
    for table in FACT_TABLES:
        count = site.rows(f"SELECT COUNT(*) AS n FROM {table}")[0]["n"]
        assert downloads[f"/leadership/{table}.csv?_stream=on"] == "text/csv"
        assert len(site.get(f"/leadership/{table}.json?_shape=array&_size=max").json()) == count
    for path, form in downloads.items():
        if form == "application/json":
            table = path.split("/")[2].split(".")[0]
            assert len(site.get(path).json()) == site.rows(f"SELECT COUNT(*) AS n FROM {table}")[0]["n"], path


def test_no_text_can_end_the_script(site: Site) -> None:
    plugin = next(p["plugin"] for p in _plugins() if p["name"] == "jsonld.py")
    value = {"name": "</script><!-- & \u2028 >", "zh": "奥特曼"}
    text = str(plugin.to_script(value))
    assert not re.search("[<>&\u2028\u2029]", text)
    assert json.loads(text) == value


def _plugins() -> list[dict[str, Any]]:
    from datasette.plugins import pm

    return [{"name": name, "plugin": plugin} for name, plugin in pm.list_name_plugin() if plugin]


# ---------------------------------------------------------------------- llms.txt, MCP, other hosts
def test_llms_txt_names_every_table(site: Site) -> None:
    text = site.get("/llms.txt").text
    assert text.startswith("# OpenAI leadership changes\n")
    for table in (*FACT_TABLES, "sources", "passages", "statements", "claims", "decisions", "names", "codes", "set_aside"):
        count = site.rows(f"SELECT COUNT(*) AS n FROM {table}")[0]["n"]
        assert f"- [leadership/{table}](/leadership/{table}.md): {count} rows; " in text


def test_what_llms_txt_links_to_is_there_and_describes_columns(site: Site) -> None:
    links = re.findall(r"\]\((/leadership[^)]*\.md)\)", site.get("/llms.txt").text)
    assert len(links) > 15
    assert {link: site.get(link).status_code for link in links} == dict.fromkeys(links, 200)
    assert "- `manner` — How it came about" in site.get("/leadership/departures.md").text


@pytest.mark.parametrize(
    "path",
    [
        "/leadership/people.json",
        "/leadership/people.csv",
        "/leadership/people.csv?_stream=on",
        "/leadership/people/sam-altman.json",
        "/leadership/timeline.json?_shape=array",
        "/leadership.json?sql=select+1",
        "/leadership/headcount.json",
        "/leadership.db",
        "/leadership/feed_timeline.atom",
        "/leadership/calendar.ics",
    ],
)
def test_pages_of_other_hosts_may_read_the_data(site: Site, path: str) -> None:
    response = site.get(path)
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/id/sam-altman", 302),
        ("/id/sam-altman.json", 302),
        ("/id/no-such-row.json", 404),
        ("/succession.json", 200),
        ("/-/suggest.json?q=murati", 200),
        *((f"/cite/sam-altman.{form}", 200) for form in FORMS),
        *((f"/cite.{form}", 200) for form in FORMS),
        ("/cite/no-such-row.bib", 404),
    ],
)
def test_pages_of_other_hosts_may_follow_permalinks_and_read_citations(site: Site, path: str, status: int) -> None:
    response = site.get(path)
    assert (response.status_code, response.headers.get_list("access-control-allow-origin")) == (status, ["*"])
