"""The timeline: each entry under its own date, in order, from years to hours; filters in the address; feeds of a person and a search."""

from __future__ import annotations

import html
import json
import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
from presentation.chronology import BY_DAY, BY_MONTH, BY_YEAR, Period, order, place_entry, read_period
from presentation.showing import end_in_words, show_when
from presentation.telling import standing_words
from site_client import Site

PACIFIC = ZoneInfo("America/Los_Angeles")
ATOM = "{http://www.w3.org/2005/Atom}"
SECTION = re.compile(r'<details class="group(?P<undated> group-undated)?".*?<summary><h2>(?P<heading>[^<]*)</h2> <small>(?P<count>\d+)')
MOMENT = re.compile(r'<li class="moment[^"]*">(?:<p class="when">(?P<words>[^<]*))?')
ENTRY = re.compile(
    r'<li class="entry(?P<marks>[^"]*)">\n<h3>(?P<before>.*?)<a href="(?P<path>[^"]*)">(?P<title>[^<]*)</a></h3>(?P<rest>.*?)</li>', re.S
)
REST = re.compile(r'<details class="rest">')


@pytest.fixture(scope="module")
def site(asked_within: Site) -> Site:
    return asked_within


@pytest.fixture(scope="module")
def rows(database: Path) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(f"file:{database}?immutable=1", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute("SELECT * FROM timeline WHERE standing <> 'refuted'")]


def shown(site: Site, **asked: str) -> list[dict[str, Any]]:
    """Return the entries of a page in their order, each with its section and the date that stands beside it."""
    page = site.get(f"/timeline?{urlencode(asked)}").text
    found: list[tuple[int, str, dict[str, Any]]] = []
    for kind, pattern in (("section", SECTION), ("moment", MOMENT), ("entry", ENTRY)):
        found += [(match.start(), kind, match.groupdict()) for match in pattern.finditer(page)]
    entries, section, moment = [], {}, {}
    for _, kind, groups in sorted(found, key=lambda part: part[0]):
        if kind == "section":
            section = groups
        elif kind == "moment":
            moment = groups
        else:
            table, subject = groups["path"].rsplit("/", 2)[1:]
            entries.append(
                {**groups, "id": subject, "table": table, "section": section["heading"], "when": html.unescape(moment["words"] or "")}
            )
    return entries


def identity(row: dict[str, Any]) -> tuple[str, str]:
    return row["table_name"], row["subject_id"]


# ---------------------------------------------------------------------- nothing lost, nothing twice
def test_every_entry_stands_once_on_the_page_of_all_years(site: Site, rows: list[dict[str, Any]]) -> None:
    entries = [(entry["table"], entry["id"]) for entry in shown(site, year="all")]
    assert sorted(entries) == sorted(identity(row) for row in rows)


def test_every_entry_with_a_place_stands_on_the_page_of_some_year_of_the_rail(site: Site, rows: list[dict[str, Any]]) -> None:
    page = site.get("/timeline").text
    years = re.findall(r'<a href="([^"]*)" data-period="\d{4}"[^>]*aria-label="(?:\d{4}|before 2015): (\d+) ', page)
    before = re.search(r'<a href="([^"]*)"[^>]*aria-label="before 2015: (\d+) ', page)
    assert before
    total = sum(int(number) for _, number in years if _ != before[1]) + int(before[2])
    assert total == sum(row["place"] is not None for row in rows)
    address, number = years[-1]
    assert site.get(html.unescape(address)).text.count('<li class="entry') == int(number)


def test_a_section_says_how_many_entries_it_has(site: Site) -> None:
    page = site.get("/timeline?from=2023-11&to=2023-11").text
    counted = [int(match["count"]) for match in SECTION.finditer(page)]
    stated = re.search(r'id="count">(\d+) ', page)
    assert stated
    assert sum(counted) == int(stated[1]) == page.count('<li class="entry')


# ---------------------------------------------------------------------- under its own date
def test_what_no_source_dates_stands_in_sections_that_name_no_date(site: Site, rows: list[dict[str, Any]]) -> None:
    undated = {identity(row) for row in rows if row["when"] is None}
    for asked in ({"year": "all"}, {"year": "2023"}, {"from": "2023-11", "to": "2023-11"}, {"from": "2023-11-17", "to": "2023-11-17"}):
        entries = shown(site, **asked)
        for entry in entries:
            is_undated = (entry["table"], entry["id"]) in undated
            assert is_undated == entry["section"].startswith("Undated") == ("entry-undated" in entry["marks"])
            assert not is_undated or (entry["when"] == "" and "undated" in entry["rest"])


def test_an_undated_entry_names_what_it_is_told_after_and_before_and_on_what_its_bounds_rest(
    site: Site, rows: list[dict[str, Any]]
) -> None:
    entries = {entry["id"]: html.unescape(entry["rest"]) for entry in shown(site, year="all", zone="pacific")}
    basis = {"order": "by order", "publication": "by publication", "stated": "stated"}
    undated = [row for row in rows if row["when"] is None]
    assert undated
    for row in undated:
        rest = entries[row["subject_id"]]
        for word in ("after", "before"):
            for label in json.loads(row[f"told_{word}"] or "[]"):
                assert re.search(rf"told.*{word} .*“{re.escape(label)}”", rest, re.S), row["subject_id"]
        for sign, name in (("not before", "earliest"), ("not after", "latest")):
            assert (sign in rest) == (row[name] is not None), row["subject_id"]
            if row[name]:
                assert re.search(rf"{sign} [^(]*\({basis[row[f'{name}_basis']]}\)", rest)


def test_a_bound_at_the_end_of_a_day_names_that_day_and_one_at_an_hour_the_hour(site: Site, rows: list[dict[str, Any]]) -> None:
    entries = {entry["id"]: html.unescape(entry["rest"]) for entry in shown(site, year="all")}
    bounded = [row for row in rows if row["when"] is None and row["latest"]]
    assert bounded
    for row in bounded:
        moment = datetime.strptime(row["latest"], "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC).astimezone(PACIFIC)
        if row["latest"][11:] in ("07:00Z", "08:00Z"):
            expected = f"{(moment - timedelta(minutes=1)).day} {(moment - timedelta(minutes=1)):%B %Y} ("
        elif row["latest"][11:] != "16:00Z":
            expected = f"{moment.day} {moment:%B %Y, %H:%M} ("
        else:
            continue
        assert f"not after {expected}" in entries[row["subject_id"]]


def test_a_dated_entry_stands_beside_its_date_as_precise_as_it_is_given(site: Site, rows: list[dict[str, Any]]) -> None:
    by_id = {(*identity(row), row["entry"]): row for row in rows}
    for entry in shown(site, year="2024"):
        kind = entry["marks"].split()[0].removeprefix("entry-").removeprefix("-")
        row = by_id[entry["table"], entry["id"], kind]
        if row["when"] is None:
            continue
        label = show_when(row["when"]).label
        if row["precision"] in ("day", "minute", "part_of_day") and "[" not in row["when"].replace("[America/Los_Angeles]", ""):
            assert label.startswith(f"{entry['when']} 2024"), row
        elif "[" not in row["when"]:
            assert entry["when"] == label


def test_the_day_of_a_page_is_the_us_pacific_day_of_the_row(site: Site, rows: list[dict[str, Any]]) -> None:
    entries = {entry["id"] for entry in shown(site, **{"from": "2023-11-17", "to": "2023-11-17"})}
    assert {row["subject_id"] for row in rows if row["day"] == "2023-11-17"} <= entries


def test_the_removal_stands_at_noon_in_california_and_at_four_in_beijing(site: Site) -> None:
    for zone, day, hour in (("pacific", "2023-11-17", "12:00"), ("beijing", "2023-11-18", "04:00")):
        (entry,) = [e for e in shown(site, **{"from": day, "to": day, "zone": zone}) if e["id"] == "altman-dismissal"]
        assert entry["when"] == hour


def test_a_day_without_a_zone_is_marked_and_one_with_a_zone_is_not(site: Site, rows: list[dict[str, Any]]) -> None:
    whens = {(*identity(row), row["entry"]): row["when"] for row in rows}
    for entry in shown(site, year="2024"):
        when = whens[entry["table"], entry["id"], entry["marks"].split()[0].removeprefix("entry-").removeprefix("-")]
        if when and re.fullmatch(r"\d{4}-\d\d-\d\d", when):
            assert "± a day" in entry["rest"]
        if when and "[America/Los_Angeles]" in when:
            assert "± a day" not in entry["rest"]


# ---------------------------------------------------------------------- in order
def test_days_and_hours_stand_in_order_whether_their_zone_is_stated_or_not(rows: list[dict[str, Any]]) -> None:
    places = [place for row in rows if (place := place_entry(row, "pacific")).at]
    for step in (BY_YEAR, BY_MONTH, BY_DAY):
        days = [place.at for place in sorted(places, key=lambda place: order(place, step)) if place.has_day]
        assert days == sorted(days)
    clocked = [p for p in sorted(places, key=lambda p: order(p, BY_DAY)) if re.fullmatch(r"\d\d:\d\d", p.clock)]
    assert [(p.at, p.clock) for p in clocked] == sorted((p.at, p.clock) for p in clocked)


def test_no_heading_comes_twice(site: Site) -> None:
    for asked in ({"year": "all"}, {"year": "2023"}, {"from": "2023-11", "to": "2023-11"}):
        headings = list(dict.fromkeys(entry["section"] for entry in shown(site, **asked) if not entry["section"].startswith("Undated")))
        page = site.get(f"/timeline?{urlencode(asked)}").text
        assert [m["heading"] for m in SECTION.finditer(page) if not m["undated"]] == headings


# ---------------------------------------------------------------------- no surer than its evidence, no line twice
def test_what_is_only_planned_alleged_or_probable_is_marked_before_its_title(site: Site, rows: list[dict[str, Any]]) -> None:
    words = {"plan": "planned", "allegation": "alleged", "joke": "in jest", "prediction": "predicted", "opinion": "an opinion"}
    by_id = {(*identity(row), row["entry"]): row for row in rows}
    for entry in shown(site, year="all"):
        row = by_id[entry["table"], entry["id"], entry["marks"].split()[0].removeprefix("entry-").removeprefix("-")]
        sure = row["asserted_as"] == "fact" and row["certainty"] == "certain"
        assert ("entry-unsure" in entry["marks"]) != sure
        assert row["asserted_as"] == "fact" or words[row["asserted_as"]] in entry["before"]
        assert row["certainty"] == "certain" or row["certainty"] in entry["before"]


def test_an_interim_holder_is_said_to_be_one(site: Site, rows: list[dict[str, Any]]) -> None:
    interim = {row["subject_id"] for row in rows if row["entry"] == "start" and row["kind"] == "interim"}
    titles = [entry["title"] for entry in shown(site, entry="start", year="all") if entry["id"] in interim]
    assert titles
    assert all(title.endswith("(interim)") for title in titles)


def test_no_line_only_repeats_its_title(site: Site) -> None:
    for entry in shown(site, year="all"):
        texts = [html.unescape(text).rstrip(".").casefold() for text in re.findall(r"<p>([^<]*)</p>", entry["rest"])]
        assert html.unescape(entry["title"]).rstrip(".").casefold() not in texts


# ---------------------------------------------------------------------- asked for by its address
def test_filters_are_said_in_the_title_and_hold_for_each_entry(site: Site, rows: list[dict[str, Any]]) -> None:
    response = site.get("/timeline?entry=exit&from=2024&to=2024&standing=agreed")
    assert "<title>Exits, agreed, 2024 – Timeline: OpenAI leadership changes</title>" in response.text
    entries = {entry["id"] for entry in shown(site, entry="exit", standing="agreed", **{"from": "2024", "to": "2024"})}
    agreed = {row["subject_id"] for row in rows if row["entry"] == "exit" and row["standing"] == "agreed"}
    assert {row["subject_id"] for row in rows if row["subject_id"] in agreed and (row["day"] or "").startswith("2024")} <= entries <= agreed


def test_a_person_is_found_by_part_of_the_name(site: Site, rows: list[dict[str, Any]]) -> None:
    entries = {(entry["table"], entry["id"]) for entry in shown(site, who="emmett", year="all")}
    assert entries == {identity(row) for row in rows if "Emmett Shear" in json.loads(row["who"] or "[]")}


def test_entries_can_be_chosen_by_what_their_place_rests_on(site: Site, rows: list[dict[str, Any]]) -> None:
    for basis in ("order", "publication", "nothing"):
        entries = {entry["id"] for entry in shown(site, dated=basis)}
        assert entries == {row["subject_id"] for row in rows if (row["dated"] or "nothing") == basis}


def test_a_range_given_backwards_is_turned_and_what_is_no_date_is_told(site: Site) -> None:
    assert "2020 to 2021" in site.get("/timeline?from=2021&to=2020").text
    response = site.get("/timeline?from=<b>yesterday</b>")
    assert response.status_code == 200
    assert "“&lt;b&gt;yesterday&lt;/b&gt;” is no year, month or day" in response.text
    assert "There is no day 2023-02-30." in site.get("/timeline?from=2023-02-30").text


def test_a_span_holds_what_is_known_to_fall_in_it() -> None:
    november = Period(read_period("2023-11"), read_period("2023-11"))
    assert november.holds((2023, 11, 17))
    assert november.holds((2023, 11, 0))
    assert not november.holds((2023, 0, 0))
    assert not november.holds((2023, 12, 1))
    assert november.step == BY_DAY
    assert Period((2022,), (2023,)).step == BY_MONTH
    assert Period((), ()).holds(None)


@pytest.mark.parametrize("path", ["/timeline", "/timeline?year=2023", "/timeline?year=2024", "/timeline?from=2023-11&to=2023-11"])
def test_a_page_is_under_300_kilobytes(site: Site, path: str) -> None:
    assert len(site.get(path).content) < 300_000


# ---------------------------------------------------------------------- feeds
def feed_of(site: Site, path: str) -> tuple[str, list[str]]:
    feed = ElementTree.fromstring(site.get(path).content)
    title = feed.find(f"{ATOM}title")
    assert title is not None
    return title.text or "", [entry.findtext(f"{ATOM}id", "") for entry in feed.findall(f"{ATOM}entry")]


def test_the_feed_of_a_person_has_what_that_person_takes_part_in_and_says_and_no_more(site: Site) -> None:
    title, ids = feed_of(site, "/leadership/feed_person.atom?person=穆拉提")
    assert title == "Mira Murati – OpenAI leadership changes"
    assert len(ids) == len(set(ids))
    expected = site.rows("""
        SELECT 'departures' AS t, id FROM departures WHERE person_id = 'mira-murati' AND same_as IS NULL AND standing <> 'refuted'
           AND COALESCE(announced_earliest, announced_latest, effective_earliest, effective_latest) IS NOT NULL
        UNION SELECT 'events', e.id FROM events e JOIN event_participants p ON p.event_id = e.id
         WHERE p.subject_id = 'mira-murati' AND e.standing <> 'refuted' AND COALESCE(e.started_earliest, e.started_latest) IS NOT NULL
        UNION SELECT 'remarks', id FROM remarks WHERE speaker_id = 'mira-murati' AND standing <> 'refuted'
           AND COALESCE(said_earliest, said_latest) IS NOT NULL
        UNION SELECT 'tenures', id FROM tenures WHERE person_id = 'mira-murati' AND standing <> 'refuted'
           AND COALESCE(started, ended) IS NOT NULL
    """)
    assert {tuple(one.split(":")[2:4]) for one in ids} == {(row["t"], row["id"]) for row in expected}


def test_the_feed_of_a_search_has_what_the_search_finds(site: Site) -> None:
    title, ids = feed_of(site, "/leadership/feed_search.atom?word=Shear")
    assert title == "“Shear” – OpenAI leadership changes"
    assert "urn:x-openai-leadership-changes:events:shear-appointed" in ids or any("shear" in one for one in ids)
    assert 'href="/leadership/feed_search.atom?word=Shear"' in site.get("/-/find?q=Shear").text
    assert 'href="/leadership/feed_person.atom?person=Emmett+Shear"' in site.get("/timeline?who=Emmett+Shear").text


def test_a_date_that_is_less_sure_than_its_event_says_so_on_the_timeline(site: Site) -> None:
    page = site.page("/timeline?from=2026-06&to=2026-06")
    entry = re.search(r"OpenAI is reported to put off its listing</a>.*?</li>", page, re.S)
    assert entry
    assert '<span class="asserted">date planned, possible</span>' in entry[0]
    doubted = site.rows("SELECT COUNT(*) AS n FROM events WHERE unsure LIKE '%started%' AND asserted_as = 'fact' AND certainty = 'certain'")
    shown = site.page("/timeline?year=all&entry=event")
    assert len(re.findall(r'<span class="asserted">date [a-z]', shown)) == doubted[0]["n"] > 20


@pytest.mark.parametrize(
    ("standing", "origins", "said"),
    [
        ("single_origin", 1, "single origin"),
        ("single_origin", 3, "one origin fully, 2 more in part"),
        ("agreed", 5, "agreed · 5 origins"),
        ("settled", 1, "settled · 1 origin"),
        ("open", None, "open"),
    ],
)
def test_a_standing_says_of_what_its_number_is(standing: str, origins: int | None, said: str) -> None:
    assert standing_words(standing, origins) == said


def test_no_single_origin_is_counted_as_several_on_a_page(site: Site, rows: list[dict[str, Any]]) -> None:
    several = [row for row in rows if row["standing"] == "single_origin" and row["origin_count"] > 1]
    for path, said in (
        ("/timeline?year=all", r"one origin fully, \d more in part"),
        ("/zh/timeline?year=all", r"一个来源说全，另\d个说到部分"),
    ):
        badges = re.findall(r'<span class="standing standing-single_origin"[^>]*>([^<]*)</span>', site.page(path))
        assert not [badge for badge in badges if "·" in badge], path
        assert len([badge for badge in badges if re.fullmatch(said, badge)]) == len(several) > 0, path


@pytest.mark.parametrize(
    ("date", "pacific", "beijing"),
    [
        ("../2026-08-11[UTC]", "by 11 August 2026, 17:00", "by 12 August 2026, 08:00"),
        ("2026-08-11[UTC]/..", "not before 10 August 2026, 17:00", "not before 11 August 2026, 08:00"),
        ("../2023-11-18[America/Los_Angeles]", "by 18 November 2023", "by 19 November 2023, 16:00"),
        ("../2026-10-07", "by 7 October 2026", "by 7 October 2026"),
    ],
)
def test_by_a_day_of_another_zone_is_by_the_hour_at_which_that_day_ends(date: str, pacific: str, beijing: str) -> None:
    assert (show_when(date).label, show_when(date, "beijing").label) == (pacific, beijing)
    assert " to " not in end_in_words(date)
