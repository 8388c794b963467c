"""What a newcomer looks for, found from the home page within three clicks; and that pages say no more than their rows."""

from __future__ import annotations

import csv
import io
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from datasette.plugins import pm
from presentation.answering import answer
from presentation.chronology import BY_DAY, BY_MONTH, BY_YEAR, order, place_entry
from presentation.evidence import CLAIMS_ON_A_PAGE
from site_client import Site

THREE = 3
MANY = "organisations/openai"  # the row with the most claims


@pytest.fixture(scope="module")
def pages(asked_within: Site) -> Site:
    return asked_within


def ask(pages: Site, question: str, **asked: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pages.get(f"/leadership/{question}.json", params={**asked, "_shape": "objects"}).json()["rows"]
    return rows


# ---------------------------------------------------------------------- from the home page, in a browser
class Visit:
    """A newcomer's way from the home page: clicks are counted, typing is not."""

    def __init__(self, page: Any, site: str):
        self.page, self.clicks = page, 0
        page.goto(f"{site}/")

    def click(self, name: str, role: str = "link", within: str = "main, body") -> Visit:
        self.page.locator(within).first.get_by_role(role, name=name).first.click()
        self.clicks += 1
        assert self.clicks <= THREE
        return self

    def type(self, label: str, text: str) -> Visit:
        self.page.get_by_label(label).first.fill(text)
        return self

    def sees(self, *texts: str) -> None:
        for text in texts:
            self.page.get_by_text(text).first.wait_for(state="attached", timeout=20_000)  # the page may still be on its way


def test_a_newcomer_finds_each_answer_within_three_clicks(site: str, page: Any, database: Path) -> None:
    with closing(sqlite3.connect(f"file:{database}?immutable=1", uri=True)) as rows:
        (chief,) = rows.execute(
            "SELECT person, standing FROM tenures_flat WHERE post_id = 'openai-ceo' AND certain_from <= '2023-11-20T20:00Z'"
            " AND certain_to > '2023-11-20T20:00Z'"
        ).fetchall()
        directors = [
            name
            for (name,) in rows.execute(
                "SELECT person FROM tenures_flat WHERE organisation_id = 'openai-foundation-board' AND category = 'board'"
                " AND possible_to IS NULL"
                " AND end_state = 'ongoing'"
            )
        ]
        (left,) = rows.execute("SELECT COUNT(*) FROM founders_now WHERE state = 'left'").fetchone()
        (decided,) = rows.execute(
            "SELECT rationale FROM decisions WHERE subject_id = 'anthropic-founded' AND property = 'started'"
        ).fetchone()
        latest = rows.execute(
            "SELECT value FROM figures WHERE metric = 'headcount' AND organisation_id = 'openai' AND asserted_as = 'fact'"
            " ORDER BY as_of_latest DESC"
        ).fetchone()[0]
    visit = Visit(page, site)
    visit.sees(*directors)  # who sits on the board today
    visit.click("Who led when").type("Day and hour", "2023-11-20T12:00").click("Show", "button")
    visit.sees(f"{chief[0]}", chief[1], "20 November 2023, 12:00")
    Visit(page, site).click("by whose count who remained").sees(f"{left} left", "No source tells an exit of", "Sources count")
    visit = Visit(page, site).type("Search people", "Schulman").click("Search", "button").click("John Schulman")
    visit.sees("Why, by their own account")
    visit = Visit(page, site).click("points").type("About", "Anthropic founded").click("Show", "button")
    visit.sees("Anthropic is founded", "We accept 2021", decided[:60])
    Visit(page, site).click("How many people did OpenAI employ?").sees(
        f"{latest / 1000:.4g},{latest % 1000:03.0f}".replace(".5,", ","), "By whose word"
    )
    visit = Visit(page, site).click("Who went where").click("2026")
    visit.sees("2026", "Not stated")
    Visit(page, site).click("How do I cite one row?").click("/cite/").sees("CC BY 4.0", "/id/")
    Visit(page, site).click("Correct us").type("Id of the row", "john-schulman-openai-2024").click("Go on", "button").sees(
        "John Schulman leaves OpenAI"
    )
    visit = Visit(page, site)
    with page.expect_download() as download:
        visit.click("who left")
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert text.startswith("person,")


def test_the_search_box_of_the_home_page_suggests_while_one_types(site: str, page: Any) -> None:
    page.goto(f"{site}/")
    page.locator("#q").press_sequentially("Schul")
    page.locator(".find-suggestions li", has_text="John Schulman").first.wait_for(timeout=5000)


# ---------------------------------------------------------------------- no surer than the rows
def test_of_whom_no_source_tells_an_exit_it_is_not_said_that_they_are_there(pages: Site) -> None:
    rows = ask(pages, "founders")
    people = [row for row in rows if row["what"] == "founder"]
    assert {row["value"] for row in people} <= {"left", "no exit told", "on leave", "is to leave"}
    assert all(row["detail"].startswith("last shown ") for row in people if row["value"] == "no exit told")
    assert " there" not in answer("founders", rows, {})
    counts = [row for row in rows if row["what"] == "count"]
    assert counts
    assert all(row["said_by"] for row in counts)


def test_a_holder_after_the_last_source_is_said_to_be_in_post_when_last_shown_wherever_it_is_asked(pages: Site) -> None:
    (ceo,) = ask(pages, "who_led", moment="", post="openai-ceo")
    (now,) = [held for held in pages.get("/succession.json").json()["holders"] if held["post_id"] == "openai-ceo"]
    assert (ceo["certainly"], ceo["possibly"], ceo["in_post_when_last_shown"]) == (None, None, now["person"])
    shown = re.search(r"in post when last shown, [^;]+; no source tells an end", now["why"])
    assert shown
    assert shown[0] in ceo["why"]
    assert shown[0] in answer("who_led", [ceo], {})
    board = ask(pages, "board_on_day", day="")
    assert {row["basis"] for row in board if row["held"] == "possibly"} <= {"in post when last shown", "last shown earlier, end not told"}
    assert "possibly" not in answer("board_on_day", board, {})


def test_the_chair_that_is_named_is_that_of_a_board_that_has_one(pages: Site) -> None:
    rows = ask(pages, "who_led", moment="", post="")
    chairs = [row for row in rows if row["post_id"].endswith("board-chair") and row["in_post_when_last_shown"]]
    assert chairs
    sentence = answer("who_led", rows, {})
    assert "no source says" not in sentence
    assert all(row["in_post_when_last_shown"] in sentence for row in chairs)


def test_headcounts_stand_in_order_of_the_middle_of_their_dates_each_with_who_says_it(pages: Site) -> None:
    rows = ask(pages, "headcount")
    middles = {
        row["id"]: row["middle"]
        for row in pages.rows(
            "SELECT id, julianday(as_of_earliest) + julianday(as_of_latest) AS middle FROM figures WHERE metric = 'headcount'"
        )
    }
    assert [middles[row["id"]] for row in rows] == sorted(middles[row["id"]] for row in rows)
    assert all(row["said_by"] for row in rows)


def test_only_executives_are_said_to_have_held_a_post_one_after_another(pages: Site) -> None:
    found = pages.get("/-/find?q=founder+Anthropic").text
    held = re.findall(r"Held by [^<]*", found)
    assert any("Dario Amodei" in text for text in held)
    assert not any(", then " in text for text in held if "Daniela" in text)


def test_who_stays_in_the_firm_is_not_said_to_leave_it(pages: Site) -> None:
    rows = pages.rows(
        "SELECT t.what FROM timeline t JOIN departures d ON d.id = t.subject_id WHERE d.destination_id = d.organisation_id"
        " AND d.destination_kind <> 'returned'"
    )
    assert rows
    assert not any(" leaves " in row["what"] or "(next: " in row["what"] for row in rows)


# ---------------------------------------------------------------------- a span of days
SPAN = re.compile(r"(\d{4}-\d\d-\d\d)/\d{4}-\d\d-\d\d")


@pytest.mark.parametrize("step", [BY_DAY, BY_MONTH, BY_YEAR])
def test_what_is_known_only_within_a_span_stands_after_all_that_its_first_day_dates(pages: Site, step: int) -> None:
    rows = pages.rows('SELECT * FROM timeline WHERE "when" IS NOT NULL')
    placed = sorted(((row, place_entry(row, "pacific")) for row in rows), key=lambda pair: order(pair[1], step))
    dated = [(number, place.at) for number, (_, place) in enumerate(placed) if place.has_day]
    spans = [(number, days) for number, (row, _) in enumerate(placed) if (days := SPAN.fullmatch(row["when"]))]
    assert spans
    for span, days in spans:
        first = tuple(int(part) for part in days[1].split("-"))
        assert all(number < span for number, at in dated if at == first)
        assert all(number > span for number, at in dated if at > first)


# ---------------------------------------------------------------------- pages of what is long
def test_the_evidence_of_the_busiest_row_comes_by_pages_each_under_300_kilobytes_and_none_twice(pages: Site) -> None:
    most = CLAIMS_ON_A_PAGE
    ((claims,),) = [
        tuple(row.values())
        for row in pages.rows("SELECT COUNT(*) AS n FROM claims c JOIN statements s ON s.id = c.statement_id WHERE s.subject_id = 'openai'")
    ]
    sources: list[str] = []
    for number in range(1, -(-claims // most) + 1):
        page = pages.get(f"/leadership/{MANY}?_evidence=all&_page={number}").text
        assert len(page.encode()) < 300_000
        sources += re.findall(r">(raw/sources/[^<]+:\d+)</code>", page)
    wanted = pages.rows(
        "SELECT DISTINCT c.raw_file || ':' || c.raw_line AS place FROM claims c JOIN statements s ON s.id = c.statement_id"
        " WHERE s.subject_id = 'openai'"
    )
    assert {row["place"] for row in wanted} <= set(sources)


def test_the_csv_of_a_view_of_many_pages_is_one_query_and_has_its_rows_in_their_order(pages: Site) -> None:
    answered = pages.get("/leadership/evidence.csv?_col=claim_id&source_id=newgeek-2023-11-23&_size=max")
    rows = [row[0] for row in csv.reader(io.StringIO(answered.text))][1:]
    assert rows == [
        row["claim_id"] for row in pages.rows("SELECT claim_id FROM evidence WHERE source_id = 'newgeek-2023-11-23' LIMIT 5000")
    ]
    further = pm.get_plugin("whole_answers.py")._Further(pages.datasette)
    database = pages.datasette.get_database("leadership")
    by_offset = pm.get_plugin("whole_answers.py").BY_OFFSET
    whole = [row["label"] for row in pages.rows("SELECT label FROM timeline LIMIT 61")]
    found = []
    for offset in (20, 40):
        sql = f"select label from timeline  limit 21 offset {offset}"
        found.append([row["label"] for row in pages.run(further.page(database, by_offset.fullmatch(sql), {}, {})).rows])
    again = pages.run(further.page(database, by_offset.fullmatch("select label from timeline  limit 21 offset 0"), {}, {})).rows
    further.close()
    assert found == [whole[20:41], whole[40:61]]
    assert [row["label"] for row in again] == whole[:21]


def test_disagreements_can_be_looked_for_by_what_they_are_about_in_either_language(pages: Site) -> None:
    subject = pages.rows(
        "SELECT DISTINCT s.label, s.label_zh FROM disagreements d JOIN subjects s ON s.id = d.subject_id"
        " WHERE d.subject_id = 'anthropic-founded'"
    )[0]
    for words in subject.values():
        found = pages.get("/disagreements", params={"about": words}).text
        assert re.findall(r'<h2><a href="[^"]*">([^:<]*):', found)
        assert set(re.findall(r'<h2><a href="[^"]*">([^:<]*):', found)) == {subject["label"]}


def test_the_list_of_exits_shows_when_and_where_to_before_anything_else(pages: Site) -> None:
    page = pages.get("/leadership/who_left?organisation=OpenAI").text
    names = re.findall(r'<th [^>]*data-column="(\w+)"', page)
    assert names[:4] == ["person", "announced", "effective", "destination"]
    assert len(page.encode()) < 300_000


def test_a_director_whose_beginning_no_source_dates_is_on_no_board_before_a_source_shows_it(pages: Site) -> None:
    undated = pages.rows("SELECT tenure_id FROM tenures_flat WHERE category = 'board' AND possible_from IS NULL AND certain_from > '2016'")
    early = {row["tenure_id"] for row in ask(pages, "board_on_day", day="2016-01-01")}
    assert not early & {row["tenure_id"] for row in undated}
