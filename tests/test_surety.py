"""Nothing is surer than its evidence: no view, question, chart or search result shows a plan, an allegation or a jest as a fact."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from leadership import paths
from leadership.schema import KIND_OF_TABLE, MODES
from leadership.tables import TABLES
from site_client import Site
from written import METADATA

VIEWS = re.findall(r"CREATE VIEW (\w+)", (paths.ROOT / "scripts" / "leadership" / "views.sql").read_text(encoding="utf-8"))
QUERIES = METADATA["databases"]["leadership"]["queries"]
CHARTS = METADATA["plugins"]["datasette-dashboards"]["overview"]["charts"]
# Who held or left what, who sits on the board, who remains: there nothing but facts has a place, however it is marked.
FACTS_ONLY = ("who_left", "tenures_flat", "board_by_date", "founders_now")
# Columns in which a row says how it is put forward; words by which a sentence says it.
SAYS_HOW = ("asserted_as", "mode", "put_forward_as", "accepted_as")
IN_WORDS = re.compile(r"put forward as|only planned|only as|planned_or_said|is to |refuted|\b(" + "|".join(MODES[1:]) + r")\b")


@pytest.fixture(scope="module")
def site(asked_within: Site) -> Site:
    return asked_within


def read_unless_marked(site: Site, sql: str, **parameters: str) -> list[dict[str, Any]]:
    """Return the rows of a query, none if each of them says in a column of its own how it is put forward.

    Columns come first: lists of all claims are larger than an answer may be, and have such a column.
    """
    columns = site.columns(sql, **parameters)
    assert columns
    return [] if set(columns) & set(SAYS_HOW) else site.rows(sql, **parameters)


@pytest.fixture(scope="module")
def unsure(site: Site) -> dict[str, str]:
    """Names and identifiers of everything that is no fact, with what it is."""
    said = [name for name, table in TABLES.items() if name in KIND_OF_TABLE and "asserted_as" in (column.name for column in table.columns)]
    said.remove("interpretations")  # of which everybody knows that somebody argues them
    found = "SELECT id, label, asserted_as FROM {} WHERE asserted_as <> 'fact' OR standing = 'refuted'"
    rows = [row for name in said for row in site.rows(found.format(name))]
    return {row[key]: row["asserted_as"] for row in rows for key in ("id", "label")}


def shown_unmarked(rows: list[dict[str, Any]], unsure: dict[str, str]) -> list[str]:
    """Return what rows show of things that are no facts without saying so."""
    return [name for row in rows for name in sorted(named_in(row) & unsure.keys()) if not says_how(row)]


def named_in(row: dict[str, Any]) -> set[str]:
    """Return the cells of a row, and the items of its lists."""
    names = set()
    for cell in row.values():
        names |= set(json.loads(cell)) if isinstance(cell, str) and cell.startswith('["') else {cell}
    return {name for name in names if isinstance(name, str)}


def says_how(row: dict[str, Any]) -> bool:
    if any(name in row for name in SAYS_HOW):
        return True
    return any(isinstance(cell, str) and IN_WORDS.search(cell) for cell in row.values())


def test_there_is_something_that_is_no_fact(unsure: dict[str, str]) -> None:
    assert {"plan", "allegation", "joke"} <= {*unsure.values()}


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_marks_what_is_no_fact_or_leaves_it_out(view: str, site: Site, unsure: dict[str, str]) -> None:
    assert site.rows(f"SELECT 1 FROM {view} LIMIT 1")
    assert shown_unmarked(read_unless_marked(site, f"SELECT * FROM {view}"), unsure) == []


@pytest.mark.parametrize("view", FACTS_ONLY)
def test_lists_of_who_held_or_left_what_hold_facts_only(view: str, site: Site, unsure: dict[str, str]) -> None:
    names = {name for row in site.rows(f"SELECT * FROM {view}") for name in named_in(row)}
    assert names & unsure.keys() == set()


@pytest.mark.parametrize("name", sorted(QUERIES))
def test_a_question_marks_what_is_no_fact_or_leaves_it_out(name: str, site: Site, unsure: dict[str, str]) -> None:
    query = QUERIES[name]
    rows = read_unless_marked(site, query["sql"], **dict.fromkeys(query.get("params", ()), ""))
    assert shown_unmarked(rows, unsure) == []


@pytest.mark.parametrize("name", sorted(CHARTS))
def test_a_chart_leaves_out_what_is_no_fact(name: str, site: Site, unsure: dict[str, str]) -> None:
    names = {name for row in site.rows(CHARTS[name]["query"]) for name in named_in(row)}
    assert names & unsure.keys() == set()


def test_a_planned_move_is_no_destination(site: Site) -> None:
    both = "SELECT person FROM who_left WHERE destination IS NOT NULL AND destination_planned_or_said IS NOT NULL"
    assert site.rows(both) == []


def test_a_denial_counts_against_a_reason(site: Site) -> None:
    rows = site.rows(QUERIES["reasons_given"]["sql"])
    assert {row["put_forward_as"] for row in rows if row["balance"] < 0} == {"denied"}


def test_nobody_is_named_with_an_event_who_is_only_supposed_to_have_taken_part(site: Site) -> None:
    supposed = site.rows(
        "SELECT p.event_id, s.label FROM event_participants p JOIN subjects s ON s.id = p.subject_id JOIN events e ON e.id = p.event_id"
        " GROUP BY p.event_id, s.label HAVING max(p.asserted_as IN ('fact', e.asserted_as) AND p.certainty IN ('certain', e.certainty)"
        " AND p.standing <> 'refuted') = 0"
    )
    told = {row["subject_id"]: row["who"] or "" for row in site.rows("SELECT subject_id, who FROM timeline WHERE entry = 'event'")}
    assert ("altman-dismissal", "Elon Musk") in {(row["event_id"], row["label"]) for row in supposed}
    assert [row for row in supposed if f'"{row["label"]}"' in told[row["event_id"]]] == []


def test_no_exit_without_a_date_is_placed_before_a_day_on_which_its_post_is_certainly_held(site: Site) -> None:
    """What a page got added to it later does not stand under the day of the page: Shear’s post does not tell his exit."""
    early = site.rows(
        """SELECT d.id FROM departures d JOIN json_each(d.posts) p JOIN tenures t ON t.person_id = d.person_id AND t.post_id = p.value
        WHERE d.announced_latest_basis = 'publication' AND d.effective_latest IS NULL AND d.reversed_by IS NULL AND d.standing <> 'refuted'
        AND d.manner IS NOT 'leave_of_absence' AND t.certain_from < d.announced_latest AND t.certain_to > d.announced_latest"""
    )
    assert early == []
    bound = site.rows("SELECT announced_latest FROM departures WHERE id = 'emmett-shear-openai-2023'")[0]["announced_latest"]
    assert bound > "2023-11-22T06:01Z"  # when Altman’s return was announced


def test_nobody_is_certainly_in_post_past_what_is_told_plainly(site: Site) -> None:
    """Of 2025’s directors the page of the new structure says only with reservation until when they sat on the board of before."""
    past = site.rows(
        """SELECT t.id, t.certain_to FROM tenures t JOIN accepted a ON a.subject_id = t.id AND a.property = 'ended'
        WHERE (a.asserted_as <> 'fact' OR a.certainty <> 'certain') AND t.certain_to > COALESCE((SELECT MAX(shown) FROM (
          SELECT CASE s.property WHEN 'ended' THEN s.earliest ELSE s.latest END AS shown FROM statements s
           WHERE s.subject_id = t.id AND s.property IN ('started', 'held_on', 'ended') AND s.rank <> 'deprecated' AND s.asserted_as = 'fact'
             AND s.certainty = 'certain'
          UNION ALL SELECT o.published_latest FROM statements s JOIN claims c ON c.statement_id = s.id JOIN sources o ON o.id = c.source_id
           WHERE s.subject_id = t.id AND s.property = 'end_state' AND s.value = 'ongoing' AND c.mode = 'fact'
             AND c.certainty = 'certain')), '')"""
    )
    assert past == []
    row = site.rows("SELECT certain_to, last_shown, possible_to FROM tenures WHERE id = 'bret-taylor-openai-board-chair'")[0]
    assert row == {"certain_to": "2025-09-11T16:00Z", "last_shown": "2025-09-11", "possible_to": "2025-10-29T07:00Z"}


def test_altman_is_chief_until_the_hour_of_his_removal_which_is_told_with_reservation_of_a_plain_day(site: Site) -> None:
    row = site.rows("SELECT certain_to, possible_to, unsure FROM tenures WHERE id = 'sam-altman-openai-ceo-1'")[0]
    assert row == {"certain_to": "2023-11-17T19:30Z", "possible_to": "2023-11-17T20:30Z", "unsure": '["ended"]'}


def test_a_sum_that_a_sale_is_meant_to_bring_is_no_size_of_a_sale(site: Site) -> None:
    told = {row["asserted_as"] for row in site.rows("SELECT asserted_as FROM figures WHERE id LIKE 'openai-tender-sought-%'")}
    assert told == {"plan"}


def test_the_price_of_a_sale_that_was_only_planned_is_no_valuation_on_a_chart(site: Site) -> None:
    drawn = {row["id"] for row in site.get("/leadership/valuation.json?_shape=array").json()}
    assert "openai-valuation-2024-02" in drawn
    assert "openai-valuation-2023-10" not in drawn


def test_where_several_origins_tell_of_it_single_origin_does_not_say_that_all_goes_back_to_one(site: Site) -> None:
    told = site.rows("SELECT id FROM tenures WHERE standing = 'single_origin' AND origin_count > 2 ORDER BY id LIMIT 1")
    page = site.page(f"/leadership/tenures/{told[0]['id']}")
    assert "goes back to one origin" not in page
    assert "One origin alone says it as surely as it stands here" in page


def test_shear_leads_for_certain_by_the_morning_on_which_he_says_so_not_from_its_first_hour(site: Site) -> None:
    """The sources have him begin between the evening of the 19th and the early morning; he confirms it on a morning in London."""
    row = site.rows("SELECT certain_from, possible_from, started_latest FROM tenures WHERE id = 'emmett-shear-openai-ceo'")[0]
    assert row["possible_from"] == "2023-11-20T02:00Z"
    assert row["certain_from"] == "2023-11-20T12:00Z" < row["started_latest"]


def test_nobody_may_still_hold_a_post_in_a_team_of_a_firm_that_they_left(site: Site) -> None:
    rows = site.rows(
        """SELECT t.id FROM tenures t JOIN organisations o ON o.id = t.organisation_id JOIN posts p ON p.id = t.post_id
        JOIN departures d ON d.person_id = t.person_id AND d.organisation_id = 'openai'
        WHERE t.possible_to IS NULL AND (o.id = 'openai' OR o.parent_id = 'openai') AND p.category <> 'founder' AND t.asserted_as = 'fact'
        AND t.standing <> 'refuted' AND d.asserted_as = 'fact' AND d.standing <> 'refuted' AND d.reversed_by IS NULL
        AND d.manner IS NOT 'leave_of_absence' AND d.destination_id IS NOT 'openai' AND d.effective_latest > COALESCE(t.certain_to, '')"""
    )
    assert rows == []
    page = site.page("/-/find?q=openai+head+of+safety")
    assert "Lilian Weng" not in page.partition('class="find-answer-words"')[2].partition("</p>")[0]


@pytest.mark.parametrize("departure", ["emmett-shear-twitch", "sue-yoon-openai-board-left", "fidji-simo-openai-board-exit"])
def test_an_exit_is_over_when_the_post_that_it_left_is_known_to_be_over(site: Site, departure: str) -> None:
    """Each stood months or years later on the timeline than the end of its post, under the day of whoever told of it last."""
    row = site.rows(
        """SELECT MIN(t.ended_latest) AS over, (SELECT latest FROM timeline WHERE subject_id = :departure) AS latest
        FROM departures d JOIN tenures t ON t.person_id = d.person_id AND t.organisation_id = d.organisation_id WHERE d.id = :departure""",
        departure=departure,
    )[0]
    assert row["latest"] <= row["over"]
