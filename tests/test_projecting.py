"""From statements to rows: labels, cells, provenance, names, and the dates between which a post was held."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from conftest import RawFolder, rows_by_id
from leadership import projecting
from leadership.batches.cores import beside
from leadership.catalogue import Subject
from leadership.pipeline import Result
from leadership.rows import to_json
from leadership.schema import KINDS, NAME_KEYS
from leadership.tables import TABLES

BETA = "sources/beta.yml"


def row(result: Result, table: str, key: str) -> dict[str, Any]:
    return rows_by_id(result, table)[key]


def add_to_beta(raw: RawFolder, *entries: str) -> None:
    raw.change(BETA, "    says:\n", "    says:\n" + "".join(f"      - {entry}\n" for entry in entries))


def held(raw: RawFolder, *properties: str, person: str = "mira-murati") -> tuple[str | None, ...]:
    """Return the bounds of a tenure of which beta says nothing but `properties`, one entry each; of Mira Murati no exit is told."""
    raw.change("tenures.yml", "- {id: murati", f"- {{id: some-tenure, person: {person}, post: openai-ceo}}\n- {{id: murati")
    raw.change("posts.yml", "category: executive", "category: board")  # no check on succession
    add_to_beta(raw, *(f"{{tenure: some-tenure, {text}}}" for text in properties))
    tenure = row(raw.run(), "tenures", "some-tenure")
    return tuple(tenure[column] for column in ("certain_from", "certain_to", "possible_from", "possible_to"))


EXIT = '{departure: altman-openai-2023, effective: "2023-11-17T12:00[America/Los_Angeles]"}'
AFTER_EXIT = "2023-11-17T20:00Z"
LAST_TOLD = "2024-01-01T08:00Z"  # beta is of December 2023


def last_possible(raw: RawFolder, tenure: str, departure: str) -> str | None:
    """Return until when at the most a tenure was held of which nothing is said but `tenure`, given an exit."""
    add_to_beta(raw, departure)
    return held(raw, tenure, person="sam-altman")[3]


def test_a_post_without_an_end_is_held_until_the_exit_from_its_organisation_at_the_most(raw: RawFolder):
    assert last_possible(raw, "capacity: permanent", EXIT) == AFTER_EXIT


@pytest.mark.parametrize(
    ("tenure", "departure", "expected"),
    [
        ('ended: "2023-10-05[America/Los_Angeles]"', EXIT, "2023-10-06T07:00Z"),  # its own end goes before
        ('started: "2023-11-21"', EXIT, None),  # it began after that exit
        ("capacity: founding", EXIT, None),
        ("capacity: permanent", EXIT.replace("}", ", reversed_by: altman-returns}"), None),
    ],
)
def test_an_exit_bounds_no_post_that_it_cannot_have_ended(raw: RawFolder, tenure: str, departure: str, expected: str | None):
    assert last_possible(raw, tenure, departure) == expected


def test_an_exit_of_which_no_day_is_told_was_over_when_it_was_told_last(raw: RawFolder):
    assert last_possible(raw, "capacity: permanent", "{departure: altman-openai-2023, manner: removed}") == LAST_TOLD


def test_an_exit_that_was_only_planned_for_a_day_bounds_by_that_day_no_sooner_than_it_was_told(raw: RawFolder):
    planned = '{departure: altman-openai-2023, effective: "2024-03-01[UTC]", mode: plan}'
    assert last_possible(raw, "capacity: permanent", planned) == "2024-03-02T00:00Z"


def test_an_exit_from_some_day_on_without_a_last_one_bounds_nothing(raw: RawFolder):
    assert last_possible(raw, "capacity: permanent", '{departure: altman-openai-2023, effective: "2023-11-20[UTC]/..", mode: plan}') is None


# Alpha tells it announced on 17 November.
LATER = '{departure: altman-openai-2023, effective: "2023-11-20[UTC]", mode: plan}'
FIRST_TOLD_AFTER_IT = "2023-11-24T08:00Z"  # by alpha


@pytest.mark.parametrize(
    ("shown", "expected"),
    [('"2023-11-19[UTC]"', FIRST_TOLD_AFTER_IT), ('"2023-11"', FIRST_TOLD_AFTER_IT), ('"2023-11-22[UTC]"', None)],  # the last had come back
)
def test_who_is_shown_in_a_post_between_the_announcement_of_an_exit_and_its_day_left_it_with_that(
    raw: RawFolder, shown: str, expected: str | None
):
    assert last_possible(raw, f"held_on: {shown}", LATER) == expected


def test_an_exit_whose_day_is_told_with_reservation_was_over_by_the_wider_date_that_is_told_plainly(raw: RawFolder):
    add_to_beta(raw, '{departure: altman-openai-2023, effective: "2023-11-28", certainty: probable}')
    assert last_possible(raw, "capacity: permanent", '{departure: altman-openai-2023, effective: "2023-11"}') == "2023-12-01T08:00Z"


def test_what_is_only_known_to_have_begun_by_the_day_of_an_exit_had_begun_before_it(raw: RawFolder):
    exit_ = '{departure: altman-openai-2023, effective: "2023-11-17[UTC]"}'
    assert last_possible(raw, 'started: "../2023-11-17[UTC]"', exit_) == "2023-11-18T00:00Z"


def test_who_stays_gives_up_no_other_post_than_those_that_are_named(raw: RawFolder):
    stays = "{departure: altman-openai-2023, destination_id: openai, posts: %s}"
    assert last_possible(raw, "capacity: permanent", stays % "openai-ceo") == LAST_TOLD


def test_who_stays_and_gives_up_no_post_that_is_named_bounds_nothing(raw: RawFolder):
    assert last_possible(raw, "capacity: permanent", "{departure: altman-openai-2023, destination_id: openai}") is None


def test_an_exit_within_the_time_in_which_a_post_may_have_ended_bounds_it(raw: RawFolder):
    assert last_possible(raw, 'ended: "2023-11[UTC]"', EXIT) == AFTER_EXIT


def test_what_is_told_to_have_ended_had_ended_when_it_was_told(raw: RawFolder):
    assert held(raw, "end_state: ended") == (None, None, None, LAST_TOLD)


def test_what_is_told_to_have_begun_in_a_long_while_had_begun_when_it_was_told(raw: RawFolder):
    assert held(raw, 'started: "2023/2024"', 'held_on: "2025-01-01[UTC]"')[:2] == (LAST_TOLD, "2025-01-02T00:00Z")


def test_who_began_at_some_time_in_a_year_is_certain_on_no_day_of_which_nothing_else_is_told(raw: RawFolder):
    assert held(raw, 'started: "2020[UTC]"')[:2] == (None, None)


def test_a_tenure_says_when_it_is_first_and_last_shown_as_finely_as_sources_do(raw: RawFolder):
    held(raw, 'held_on: ["2021-05", "2022", "2021-05-03[UTC]"]')
    tenure = row(raw.run(), "tenures", "some-tenure")
    assert (tenure["first_shown"], tenure["last_shown"]) == ("2021-05-03[UTC]", "2022")


def test_every_row_has_the_columns_of_its_table_and_no_others(minimal: Result):
    for name, rows in minimal.tables.items():
        expected = {column.name for column in TABLES[name].columns} | ({"search_text"} if name == "subjects" else set())
        assert all(set(cells) == expected for cells in rows), name


def test_rows_come_in_order_of_their_ids_and_no_id_stands_twice(minimal: Result):
    for name, rows in minimal.tables.items():
        ids = [cells["id"] for cells in rows]
        assert ids == sorted(set(ids)), name


def test_every_subject_stands_in_the_hub_with_its_table(minimal: Result):
    assert row(minimal, "subjects", "altman-ceo")["table_name"] == "tenures"
    hub = {cells["id"] for cells in minimal.tables["subjects"]}
    declared = {cells["id"] for kind in KINDS.values() for cells in minimal.tables[kind.table]}
    assert hub == declared
    assert hub >= {"sam-altman", "openai", "openai-ceo", "chatgpt", "altman-openai-2023", "altman-removed", "openai-headcount", "alpha"}


def test_labels_are_made_of_the_names_of_what_they_join(minimal: Result):
    labels = {key: (cells["label"], cells["label_zh"]) for key, cells in rows_by_id(minimal, "subjects").items()}
    assert labels["openai-ceo"] == ("CEO, OpenAI", "OpenAI首席执行官")
    assert labels["altman-ceo"] == ("Sam Altman – CEO, OpenAI", "奥特曼：OpenAI首席执行官")
    assert labels["altman-openai-2023"] == ("Sam Altman leaves OpenAI", "奥特曼离开OpenAI")
    assert labels["mira-murati"] == ("Mira Murati", "Mira Murati")
    assert labels["alpha"] == ("Alpha on the affair", "Alpha on the affair")


def test_a_label_of_one_s_own_goes_before_a_made_one(raw: RawFolder):
    raw.change("tenures.yml", "{id: altman-ceo,", "{id: altman-ceo, label: The first spell,")
    assert (row(raw.run(), "tenures", "altman-ceo")["label"], row(raw.run(), "tenures", "altman-ceo")["label_zh"]) == (
        "The first spell",
    ) * 2


def test_a_date_has_its_text_and_its_bounds(minimal: Result):
    event = row(minimal, "events", "altman-removed")
    assert [event[c] for c in ("started", "started_earliest", "started_latest", "year", "month")] == [
        "2023-11-17T12:00[America/Los_Angeles]",
        "2023-11-17T20:00Z",
        "2023-11-17T20:00Z",
        2023,
        "2023-11",
    ]


def test_an_amount_has_its_comparator_and_its_values(raw: RawFolder):
    assert [row(raw.run(), "figures", "openai-headcount")[c] for c in ("comparator", "value", "value_high")] == ["=", 770, None]
    raw.change("decisions.yml", 'expect: ["770", "800"]', 'expect: ["750-790", "800"]')
    raw.change("decisions.yml", 'accept: "770"', 'accept: "750-790"')
    raw.change("sources/alpha.yml", 'value: "770"', 'value: "750-790"')
    assert [row(raw.run(), "figures", "openai-headcount")[c] for c in ("comparator", "value", "value_high")] == ["between", 750, 790]


def test_several_values_are_a_json_array_and_none_is_null(minimal: Result):
    assert row(minimal, "departures", "altman-openai-2023")["reason"] == '["loss_of_board_confidence"]'
    assert row(minimal, "tenures", "altman-ceo")["held_on"] is None
    assert row(minimal, "remarks", "murati-to-staff")["about"] == '["openai"]'
    assert to_json(["奥特曼"]) == '["奥特曼"]'


def test_what_nobody_says_is_null(minimal: Result):
    assert row(minimal, "events", "altman-removed")["ended"] is None


def test_the_coarser_date_does_not_reach_the_cell(raw: RawFolder):
    add_to_beta(raw, '{event: altman-returns, started: "2023-11"}')
    assert row(raw.run(), "events", "altman-returns")["started"] == "2023-11-21[America/Los_Angeles]"


@pytest.mark.parametrize(
    ("date", "year", "month"),
    [
        ("2024", 2024, None),
        ("2024-22", 2024, None),
        ("2024-40", 2024, None),
        ("2024-05", 2024, "2024-05"),
        ("2016~", 2016, None),
        ("2024-05-01/2024-05-20", 2024, "2024-05"),
        ("2024-05/2024-06", 2024, None),
        ("2023-12/2024-01", None, None),
    ],
)
def test_year_and_month_are_given_where_the_date_allows_one_only(raw: RawFolder, date: str, year: int | None, month: str | None):
    raw.change("sources/alpha.yml", 'started: "2023-11-21"', f'started: "{date}"')
    event = row(raw.run(), "events", "altman-returns")
    assert (event["year"], event["month"]) == (year, month)


@pytest.mark.parametrize(
    ("effective", "announced", "expected"),
    [
        ("2024-05-15", "2024-04-30", (2024, "2024-05", "effective")),
        (None, "2024-04-30", (2024, "2024-04", "announced")),
        ("../2024-08", "2024-04-30", (2024, "2024-04", "announced")),  # by when it was so says less
        ("2024-08-14/..", "2024-08-13", (2024, "2024-08", "announced")),
        ("2024", "2024-06-20", (2024, "2024-06", "announced")),
        ("2025", "2024-12-20", (2025, None, "effective")),  # the year in which it took effect stands
        ("2024", "../2024-06", (2024, None, "effective")),
        ("../2024", "../2024-06", (None, None, None)),
    ],
)
def test_an_exit_without_a_month_of_its_own_has_that_of_its_announcement(
    raw: RawFolder, effective: str | None, announced: str, expected: tuple[int | None, str | None, str | None]
):
    told = f'announced: "{announced}"' + (f', effective: "{effective}"' if effective else "")
    raw.change("sources/alpha.yml", 'departure: altman-openai-2023, announced: "2023-11-17"', f"departure: altman-openai-2023, {told}")
    exit_ = row(raw.run(), "departures", "altman-openai-2023")
    assert (exit_["year"], exit_["month"], exit_["placed_by"]) == expected


# provenance


def test_a_row_counts_its_sources_and_origins_and_the_dates_of_its_reports(raw: RawFolder):
    add_to_beta(raw, "{event: altman-returns}")
    event = row(raw.run(), "events", "altman-returns")
    assert [event[c] for c in ("standing", "source_count", "origin_count", "sources", "first_reported", "last_reported")] == [
        "agreed",
        2,
        2,
        '["alpha", "beta"]',
        "2023-11-23",
        "2023-12",
    ]


def test_one_source_is_a_single_origin_and_a_decision_makes_it_settled(minimal: Result):
    assert row(minimal, "events", "altman-returns")["standing"] == "single_origin"
    assert row(minimal, "figures", "openai-headcount")["standing"] == "settled"


def test_a_subject_is_asserted_as_the_strongest_mode_in_which_it_is_said_to_occur(raw: RawFolder):
    assert row(raw.run(), "interpretations", "board-lost-trust")["asserted_as"] == "opinion"
    add_to_beta(raw, "{interpretation: board-lost-trust, mode: plan}")
    assert row(raw.run(), "interpretations", "board-lost-trust")["asserted_as"] == "plan"


def test_an_account_is_argued_by_its_named_voice_or_else_the_outlet_it_is_taken_from(raw: RawFolder):
    add_to_beta(raw, "{interpretation: board-lost-trust, by: openai}", "{interpretation: board-lost-trust, attribution: unnamed}")
    raw.change(BETA, "{interpretation: board-lost-trust, attribution: unnamed}", "{interpretation: board-lost-trust, by: openai-ceo}")
    assert row(raw.run(), "interpretations", "board-lost-trust")["argued_by"] == '["beta-news", "openai", "openai-ceo"]'


def test_an_account_that_nobody_else_is_named_for_is_argued_by_the_source_or_by_people_not_named(raw: RawFolder):
    add_to_beta(raw, "{interpretation: board-lost-trust}", "{interpretation: board-lost-trust, attribution: unnamed}")
    assert row(raw.run(), "interpretations", "board-lost-trust")["argued_by"] == '["beta", "beta-news"]'


def test_participants_are_rows_with_a_label_of_name_and_part(minimal: Result):
    rows = [cells for cells in minimal.tables["event_participants"] if cells["part"] == "removed"]
    assert [(cells["event_id"], cells["subject_id"], cells["label"], cells["label_zh"]) for cells in rows] == [
        ("altman-removed", "sam-altman", "Sam Altman (removed)", "奥特曼（被免者）"),
    ]


def test_an_accepted_participant_whom_all_deny_does_not_end_the_build(raw: RawFolder):
    add_to_beta(raw, "{event: altman-returns, participant: {openai: decider}, denies: true}")
    raw.replace(
        "decisions.yml",
        (raw.folder / "decisions.yml").read_text()
        + (
            '- {id: who, subject: altman-returns, property: participant, rule: first_hand, accept: ["openai:decider"],'
            ' expect: ["openai:decider"], rationale: X., decided_on: "2024-01-01"}\n'
        ),
    )
    raw.faults()


# holding a post


def test_a_tenure_is_certain_from_its_latest_start_to_its_earliest_end(raw: RawFolder):
    assert held(raw, 'started: "2020[UTC]"', 'ended: "2022[UTC]"') == (
        "2021-01-01T00:00Z",
        "2022-01-01T00:00Z",
        "2020-01-01T00:00Z",
        "2023-01-01T00:00Z",
    )


def test_days_on_which_a_holder_is_shown_are_certain(raw: RawFolder):
    assert held(raw, 'held_on: ["2021-05-01[UTC]", "2021-06-01[UTC]"]') == ("2021-05-01T00:00Z", "2021-06-02T00:00Z", None, None)


def test_a_day_on_which_the_end_may_lie_is_certain_to_the_earliest_end_only(raw: RawFolder):
    dates = 'held_on: "2021-06-01[UTC]"', 'ended: "2021-06-01Tevening[UTC]"'
    assert held(raw, 'started: "2020-01-01[UTC]"', *dates)[:2] == ("2020-01-02T00:00Z", "2021-06-01T18:00Z")


def test_a_part_of_a_day_within_which_it_may_have_begun_makes_it_certain_from_its_end_only(raw: RawFolder):
    """Who is seen in the post on a morning, and may have begun in the night before or that morning, holds it by noon at the latest."""
    dates = 'held_on: "2021-06-02Tmorning[UTC]"', 'started: "2021-06-01Tevening[UTC]/2021-06-02Tafternoon[UTC]"'
    assert held(raw, *dates, 'ended: "2022-01-01[UTC]"')[:2] == ("2021-06-02T12:00Z", "2022-01-01T00:00Z")


def test_an_unknown_end_leaves_that_side_open(raw: RawFolder):
    assert held(raw, 'started: "2020-01-01[UTC]"', 'held_on: "2021-05-01[UTC]"') == (
        "2020-01-02T00:00Z",
        "2021-05-02T00:00Z",
        "2020-01-01T00:00Z",
        None,
    )


@pytest.mark.parametrize(
    "date", ["2021", "2021-05", "2021-05-01[UTC]/2021-09-01[UTC]", "2021-05-01T12:00[UTC]/2021-09-01[UTC]", "2021-05-01[UTC]~"]
)
def test_a_longer_period_or_about_a_day_proves_no_day(raw: RawFolder, date: str):
    assert held(raw, f'held_on: "{date}"') == (None, None, None, None)


# what is told of it with reservation


PLAIN_START = 'started: "2020-01-01[UTC]"'
PROBABLE_END = 'ended: "2022-03-01[UTC]", certainty: probable'


@pytest.mark.parametrize("reservation", ["certainty: probable", "certainty: possible", "mode: plan"])
def test_an_end_that_is_told_with_reservation_bounds_what_is_possible_only(raw: RawFolder, reservation: str):
    assert held(raw, PLAIN_START, 'held_on: "2021-05-01[UTC]"', f'ended: "2022-03-01[UTC]", {reservation}') == (
        "2020-01-02T00:00Z",
        "2021-05-02T00:00Z",
        "2020-01-01T00:00Z",
        "2022-03-02T00:00Z",
    )


def test_a_tenure_that_no_source_shows_after_its_start_and_that_probably_ended_is_certain_at_its_start_only(raw: RawFolder):
    assert held(raw, PLAIN_START, PROBABLE_END)[:2] == ("2020-01-02T00:00Z", "2020-01-02T00:00Z")


def test_a_wider_end_that_is_told_plainly_bounds_what_is_certain(raw: RawFolder):
    assert held(raw, PLAIN_START, PROBABLE_END, 'ended: "2022[UTC]"')[:2] == ("2020-01-02T00:00Z", "2022-01-01T00:00Z")


def test_who_was_removed_at_a_probable_hour_of_a_plain_day_holds_the_post_until_that_day(raw: RawFolder):
    hour = 'ended: "2022-03-01T12:00[UTC]~", certainty: probable'
    assert held(raw, PLAIN_START, hour, 'ended: "2022-03-01[UTC]"')[:2] == ("2020-01-02T00:00Z", "2022-03-01T00:00Z")


def test_a_wider_end_makes_nothing_certain_within_the_time_in_which_it_may_have_ended(raw: RawFolder):
    hours = 'ended: "2022-03-01T12:00[UTC]/2022-03-01T15:00[UTC]"'
    assert (
        held(raw, PLAIN_START, 'ended: "2022-03-01T11:00[UTC]/2022-03-01T13:00[UTC]", certainty: probable', hours)[1] == "2022-03-01T11:00Z"
    )


def test_an_end_by_a_day_says_nothing_of_the_time_before(raw: RawFolder):
    by_then = 'ended: "../2022-06-01[UTC]"'
    assert held(raw, PLAIN_START, 'held_on: "2021-05-01[UTC]"', PROBABLE_END, by_then)[1] == "2021-05-02T00:00Z"


def test_a_day_on_which_it_may_have_ended_shows_it_at_its_first_moment_only(raw: RawFolder):
    assert held(raw, PLAIN_START, 'held_on: "2022-03-01[UTC]"', PROBABLE_END)[1] == "2022-03-01T00:00Z"


def test_a_start_that_is_told_with_reservation_bounds_what_is_possible_only(raw: RawFolder):
    """Nothing is told of it after that start but what beta tells in December 2023."""
    start = 'started: "2020-01-01[UTC]", certainty: probable'
    assert held(raw, start, 'held_on: "2021-05-01[UTC]"', 'ended: "2022-03-01[UTC]"') == (
        "2021-05-01T00:00Z",
        "2022-03-01T00:00Z",
        "2020-01-01T00:00Z",
        "2022-03-02T00:00Z",
    )


def test_a_wider_start_that_is_told_plainly_bounds_what_is_certain(raw: RawFolder):
    start = 'started: "2020-05-01[UTC]", certainty: probable'
    assert held(raw, start, 'started: "2020[UTC]"', 'ended: "2022[UTC]"')[:2] == ("2021-01-01T00:00Z", "2022-01-01T00:00Z")


def test_of_a_probable_start_who_tells_the_tenure_after_it_shows_that_it_had_begun(raw: RawFolder):
    dates = 'started: "2023-10-01[UTC]", certainty: probable', 'ended: "2025[UTC]"'
    assert held(raw, *dates)[:2] == (LAST_TOLD, "2025-01-01T00:00Z")


def test_a_planned_start_is_no_beginning_for_who_told_it_ahead(raw: RawFolder):
    assert held(raw, 'started: "2024-03-01[UTC]", mode: plan', 'ended: "2025[UTC]"')[:2] == (None, None)


def test_what_only_may_have_been_held_is_certain_at_no_moment(raw: RawFolder):
    supposed = 'started: "2020-01-01[UTC]", ended: "2022-03-01[UTC]", certainty: possible, qualifies: all'
    assert held(raw, supposed)[:2] == (None, None)


def test_a_tenure_that_may_have_ended_before_it_surely_began_is_certain_on_no_day(raw: RawFolder):
    assert held(raw, 'started: "2020[UTC]"', 'ended: "2020[UTC]"') == (None, None, "2020-01-01T00:00Z", "2021-01-01T00:00Z")


# names and sources


def test_names_know_their_kind_and_their_script(raw: RawFolder):
    raw.change(
        "sources/alpha.yml",
        "{Sam Altman: 3:0, Sam: [3:0, alias]}",
        "{Sam Altman: 3:0, Sam: 3:0, 奥尔特曼: 3:1, 阿爾特曼: 3:2, sama: [3:3, handle]}",
    )
    names = {(n["text"], n["kind"], n["lang"]) for n in raw.run().tables["names"] if n["subject_id"] == "sam-altman" and n["source_id"]}
    assert names == {
        ("Sam Altman", "preferred", "en"),
        ("Sam", "alias", "en"),
        ("奥尔特曼", "transliteration", "zh-Hans"),
        ("阿爾特曼", "transliteration", "zh-Hant"),
        ("sama", "handle", "en"),
    }


def test_a_chinese_name_of_an_organisation_is_an_alias(raw: RawFolder):
    raw.change(BETA, "{OpenAI: 1:0}", "{开放人工智能: 1:0}")
    assert [n["kind"] for n in raw.run().tables["names"] if n["text"] == "开放人工智能"] == ["alias"]


def test_a_title_that_is_the_same_in_both_languages_is_one_name(raw: RawFolder):
    raw.change("posts.yml", "title_zh: 首席执行官", "title_zh: CEO")
    ids = [n["id"] for n in raw.run().tables["names"]]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("title", ["CEO", "首席执行官"])
def test_a_title_by_which_a_source_calls_a_post_is_its_preferred_name_in_either_language(title: str, raw: RawFolder):
    raw.change("sources/alpha.yml", "{chief executive: 3:20}", f"{{{title}: 3:20}}")
    assert {n["kind"] for n in raw.run().tables["names"] if n["text"] == title} == {"preferred"}


def test_each_name_that_a_catalogue_may_declare_is_one_by_which_the_subject_is_called():
    declared = {key: key for key in NAME_KEYS}
    assert Subject("somebody", "person", declared, "raw/people.yml", 1).names == NAME_KEYS
    assert Subject("something", "source", declared, "raw/cited.yml", 1).names == {}


def test_a_passage_ends_where_its_anchor_does(minimal: Result):
    passage = next(p for p in minimal.tables["passages"] if p["find"] == "Nov. 17")
    assert (passage["source_id"], passage["line"], passage["start"], passage["end"]) == ("alpha", 3, 30, 37)


def test_a_source_that_is_not_held_has_no_lines(minimal: Result):
    assert [row(minimal, "sources", "gamma-original")[c] for c in ("access", "line_count", "document", "origin_id")] == [
        "cited",
        None,
        None,
        "gamma-original",
    ]
    assert [row(minimal, "sources", "alpha")[c] for c in ("access", "line_count", "blank_count", "cites", "origin_id")] == [
        "held",
        6,
        1,
        '["gamma-original"]',
        "alpha-news",
    ]


def test_a_decision_keeps_what_it_was_taken_about(minimal: Result):
    decision = row(minimal, "decisions", "headcount-by-alpha")
    assert [decision[c] for c in ("accepted", "candidates", "rule", "raw_file", "raw_line")] == [
        '["770"]',
        '["770", "800"]',
        "first_hand",
        "raw/decisions.yml",
        1,
    ]


def test_the_hub_s_text_holds_every_spelling_of_a_subject_and_of_its_person(minimal: Result):
    assert row(minimal, "subjects", "sam-altman")["search_text"].split(" \n") == ["Sam Altman 奥 特 曼 Sam"]
    assert "Sam Altman" in row(minimal, "subjects", "altman-farewell")["search_text"]


def test_tables_made_by_a_process_beside_are_those_made_here(raw: RawFolder, monkeypatch: pytest.MonkeyPatch):
    here = raw.run().tables
    forked: list[bool] = []

    def beside_and_told(function: Callable[[], Any], fork: bool) -> Any:
        forked.append(fork)
        return beside(function, fork)

    monkeypatch.setattr(projecting, "STATEMENTS_TO_FORK_FOR", 0)
    monkeypatch.setattr(projecting, "cores", lambda: 2)
    monkeypatch.setattr(projecting, "beside", beside_and_told)
    there = raw.run().tables
    assert forked == [True]
    assert {name: list(rows) for name, rows in there.items()} == {name: list(rows) for name, rows in here.items()}
    assert [row["id"] for row in there["names"]] == sorted(row["id"] for row in there["names"])
