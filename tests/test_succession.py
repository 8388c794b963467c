"""Checks on who followed whom: what each finds, and what it must not find."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import RawFolder
from leadership.rows import Row
from leadership.succession import check_succession
from leadership.tables import TABLES

EMPTY: dict[str, list[Row]] = {name: [] for name in TABLES}
ORGANISATIONS = [row | {"label": row["id"]} for row in ({"id": "openai", "parent_id": None}, {"id": "openai-board", "parent_id": "openai"})]
POSTS = [{"id": "ceo", "category": "executive"}, {"id": "seat", "category": "board"}]


def row_of(table: str, **cells: Any) -> Row:
    """Make a row of a table that has nothing but the given cells."""
    row = {column.name: None for column in TABLES[table].columns}
    return row | {"label": cells["id"], "standing": "agreed", "asserted_as": "fact"} | cells


def tenure(
    person: str, certain: tuple[str, str] | None = None, possible: tuple[str | None, str | None] = (None, None), **cells: Any
) -> Row:
    """Make a tenure as CEO of OpenAI; days are written short and mean midnight, UTC."""
    certain_from, certain_to = (instant(day) for day in certain or (None, None))
    return row_of(
        "tenures",
        **{
            "id": f"{person}-ceo",
            "person_id": person,
            "post_id": "ceo",
            "organisation_id": "openai",
            "certain_from": certain_from,
            "certain_to": certain_to,
            "possible_from": instant(possible[0]),
            "possible_to": instant(possible[1]),
            **cells,
        },
    )


def departure(person: str = "ann", announced: str | None = None, effective: str | None = None, **cells: Any) -> Row:
    return row_of(
        "departures",
        **{
            "id": f"{person}-leaves",
            "person_id": person,
            "organisation_id": "openai",
            "announced": announced,
            "effective": effective,
            **day("announced", announced),
            **day("effective", effective),
            **cells,
        },
    )


def event(identifier: str, started: str, ended: str | None = None) -> Row:
    return row_of("events", id=identifier, started=started, ended=ended, **day("started", started), **day("ended", ended))


def instant(text: str | None) -> str | None:
    return text and f"{text}T00:00Z"


def day(column: str, text: str | None) -> Row:
    return {f"{column}_earliest": instant(text), f"{column}_latest": text and f"{text}T23:59Z"}


def findings(**tables: list[Row]) -> list[tuple[str, str, str]]:
    """Return rule, severity and subject of each finding, but for exits without tenure, which most fixtures would give."""
    found = check_succession({**EMPTY, "organisations": ORGANISATIONS, "posts": POSTS, **tables})
    return [(f.rule, f.severity, f.subject) for f in found if f.rule != "exit_without_tenure"]


def exits_without_tenure(*tenures: Row, **cells: Any) -> list[str]:
    found = check_succession(
        {**EMPTY, "organisations": ORGANISATIONS, "posts": POSTS, "tenures": list(tenures), "departures": [departure(**cells)]}
    )
    return [f.subject for f in found if f.rule == "exit_without_tenure"]


# starts_after_end


def test_an_event_that_starts_after_its_end_is_an_error():
    assert findings(events=[event("e", "2023-11-18", "2023-11-17")]) == [("starts_after_end", "error", "e")]


def test_a_tenure_that_starts_after_its_end_is_an_error():
    row = tenure("ann", started="2023", ended="2022", **day("started", "2023-01-01"), **day("ended", "2022-12-31"))
    assert findings(tenures=[row]) == [("starts_after_end", "error", "ann-ceo")]


def test_what_starts_and_ends_on_one_day_or_has_no_end_is_sound():
    assert findings(events=[event("e", "2023-11-17", "2023-11-17"), event("f", "2023-11-17")]) == []


# held_outside_bounds


def test_a_holder_shown_before_the_start_or_after_the_end_of_the_tenure_is_an_error():
    early = tenure("ann", started="2023-11-17", **day("started", "2023-11-17"), held_on='["2023-11-10"]')
    late = tenure("bob", ended="2023-11-17", **day("ended", "2023-11-17"), held_on='["2023-11-17", "2023-11-25"]')
    assert findings(tenures=[early, late]) == [("held_outside_bounds", "error", "ann-ceo"), ("held_outside_bounds", "error", "bob-ceo")]


def test_a_holder_shown_on_the_first_or_the_last_day_is_sound():
    row = tenure("ann", **day("started", "2023-11-17"), **day("ended", "2023-11-20"), held_on='["2023-11-17", "2023-11-20", "2023-11"]')
    assert findings(tenures=[row]) == []


def test_a_refuted_tenure_may_be_shown_at_any_time():
    row = tenure("ann", **day("started", "2023-11-17"), held_on='["2023-11-10"]', standing="refuted")
    assert findings(tenures=[row]) == []


# order_against_dates


def told(identifier: str, started: str, **order: str) -> Row:
    return event(identifier, started) | order


def test_an_order_that_contradicts_the_dates_is_a_warning():
    first, second = told("first", "2023-11-17"), told("second", "2023-11-20", before='["first"]')
    assert findings(events=[first, second]) == [("order_against_dates", "warning", "second")]
    first, second = told("first", "2023-11-20"), told("second", "2023-11-17", after='["first"]')
    assert findings(events=[first, second]) == [("order_against_dates", "warning", "second")]


def test_an_order_that_the_dates_allow_is_sound():
    first, second = told("first", "2023-11-17"), told("second", "2023-11-17", after='["first"]')
    assert findings(events=[first, second]) == []


# effective_before_announced


def test_an_exit_that_took_effect_before_it_was_announced_is_a_warning():
    assert findings(departures=[departure(announced="2024-08-06", effective="2024-08-05")]) == [
        ("effective_before_announced", "warning", "ann-leaves")
    ]


@pytest.mark.parametrize("effective", ["2024-08-06", "2024-09-01", None])
def test_an_exit_that_took_effect_on_the_day_or_later_is_sound(effective: str | None):
    assert findings(departures=[departure(announced="2024-08-06", effective=effective)]) == []


# permanent_holders_overlap


def test_two_permanent_holders_at_one_time_are_an_error():
    assert findings(
        tenures=[tenure("ann", ("2020-01-01", "2023-06-01")), tenure("bob", ("2023-01-01", "2024-01-01"), capacity="permanent")]
    ) == [("permanent_holders_overlap", "error", "bob-ceo")]


@pytest.mark.parametrize("capacity", ["interim", "acting", "observer", "founding"])
def test_a_holder_for_a_time_may_overlap_a_permanent_one(capacity: str):
    rows = [
        tenure("ann", ("2020-01-01", "2023-06-01")),
        tenure("bob", ("2023-01-01", "2024-01-01"), capacity=capacity, end_reason="replaced"),
    ]
    assert findings(tenures=rows) == []


def test_two_holders_shown_on_the_day_of_the_change_do_not_overlap():
    assert findings(tenures=[tenure("ann", ("2020-01-01", "2023-01-02")), tenure("bob", ("2023-01-01", "2024-01-01"))]) == []


@pytest.mark.parametrize("cells", [{"person_id": "ann"}, {"post_id": "seat"}, {"standing": "refuted"}, {"asserted_as": "plan"}])
def test_one_person_a_board_seat_a_refuted_and_a_planned_tenure_do_not_overlap(cells: dict[str, str]):
    rows = [
        tenure("ann", ("2020-01-01", "2023-06-01"), **{k: v for k, v in cells.items() if k == "post_id"}),
        tenure("bob", ("2023-01-01", "2024-01-01"), **cells),
    ]
    assert findings(tenures=rows) == []


def test_an_interim_holder_between_them_does_not_hide_an_overlap():
    rows = [
        tenure("ann", ("2020-01-01", "2024-06-01")),
        tenure("bob", ("2023-01-01", "2023-02-01"), capacity="interim", end_reason="replaced"),
        tenure("cem", ("2024-01-01", "2024-03-01")),
    ]
    assert findings(tenures=rows) == [("permanent_holders_overlap", "error", "cem-ceo")]


# gap_between_holders


def test_a_gap_between_two_holders_is_a_warning():
    rows = [
        tenure("ann", ("2020-01-01", "2021-01-01"), ("2019-01-01", "2022-01-01")),
        tenure("bob", ("2023-01-01", "2024-01-01"), ("2022-06-01", None)),
    ]
    assert findings(tenures=rows) == [("gap_between_holders", "warning", "bob-ceo")]


def test_a_gap_after_a_holder_whose_end_no_source_dates_is_told_from_when_the_holder_was_gone():
    rows = [
        tenure("ann", ("2020-01-01", "2021-01-01"), ("2019-01-01", "2022-01-01")),
        tenure("bob", ("2023-01-01", "2024-01-01"), ("2022-06-01", None), started="2022-06"),
    ]
    (gap,) = check_succession({**EMPTY, "organisations": ORGANISATIONS, "posts": POSTS, "tenures": rows})
    assert "(until 2022-01-01 at the latest) and " in gap.message
    assert gap.message.endswith("(from 2022-06).")


@pytest.mark.parametrize(
    ("end", "start"), [("2022-07-01", "2022-06-01"), ("2022-06-01", "2022-06-01"), (None, "2022-06-01"), ("2022-01-01", None)]
)
def test_holders_that_may_touch_or_whose_dates_are_open_leave_no_gap(end: str | None, start: str | None):
    rows = [tenure("ann", ("2020-01-01", "2021-01-01"), ("2019-01-01", end)), tenure("bob", ("2023-01-01", "2024-01-01"), (start, None))]
    assert findings(tenures=rows) == []


def test_a_longer_tenure_bridges_a_gap_between_two_interim_holders():
    rows = [
        tenure("ann", ("2020-01-01", "2024-01-01"), ("2020-01-01", "2024-01-01")),
        tenure("bob", ("2021-01-01", "2021-02-01"), ("2021-01-01", "2021-02-01"), capacity="acting", end_reason="replaced"),
        tenure("cem", ("2022-01-01", "2022-02-01"), ("2022-01-01", "2022-02-01"), capacity="acting", end_reason="replaced"),
    ]
    assert findings(tenures=rows) == []


def test_somebody_who_may_have_come_earlier_bridges_a_gap():
    rows = [
        tenure("ann", ("2020-01-01", "2021-01-01"), ("2020-01-01", "2021-01-01")),
        tenure("bob", ("2023-01-01", "2024-01-01"), ("2022-01-01", None)),
        tenure("cem", ("2024-01-02", "2024-02-01"), ("2020-06-01", None), capacity="acting", end_reason="replaced"),
    ]
    assert findings(tenures=rows) == []


# exit_without_tenure


def test_an_exit_of_somebody_without_any_post_there_is_a_warning():
    assert exits_without_tenure() == ["ann-leaves"]
    assert exits_without_tenure(tenure("bob")) == ["ann-leaves"]
    assert exits_without_tenure(tenure("ann", organisation_id="microsoft")) == ["ann-leaves"]


def test_a_post_in_the_organisation_or_in_a_part_of_it_is_enough():
    assert exits_without_tenure(tenure("ann")) == []
    assert exits_without_tenure(tenure("ann", organisation_id="openai-board")) == []


def test_a_post_that_the_exit_names_is_enough_wherever_it_is():
    lead = tenure("ann", post_id="team-lead", organisation_id="team")
    assert exits_without_tenure(lead) == ["ann-leaves"]
    assert exits_without_tenure(lead, posts='["team-lead"]') == []


def test_a_post_in_the_whole_is_not_a_post_in_its_part():
    assert exits_without_tenure(tenure("ann"), organisation_id="openai-board") == ["ann-leaves"]


def test_a_refuted_exit_needs_no_post():
    assert exits_without_tenure(standing="refuted") == []


def test_organisations_that_are_each_other_s_parents_do_not_hang():
    loop = [{"id": "openai", "parent_id": "openai-board"}, {"id": "openai-board", "parent_id": "openai"}]
    assert findings(organisations=loop, tenures=[tenure("ann")], departures=[departure()]) == []


# tenure_outlives_exit


def test_a_tenure_held_after_the_exit_is_an_error():
    assert findings(tenures=[tenure("ann", ("2020-01-01", "2024-01-01"))], departures=[departure(effective="2023-01-01")]) == [
        ("tenure_outlives_exit", "error", "ann-ceo")
    ]


def test_a_tenure_called_ongoing_after_the_exit_is_a_warning():
    rows = [tenure("ann", ("2020-01-01", "2022-01-01"), end_state="ongoing")]
    assert findings(tenures=rows, departures=[departure(effective="2023-01-01")]) == [("tenure_outlives_exit", "warning", "ann-ceo")]


@pytest.mark.parametrize(
    "cells", [{"manner": "leave_of_absence"}, {"reversed_by": "return"}, {"effective_latest": None}, {"organisation_id": "microsoft"}]
)
def test_a_leave_a_reversed_exit_an_undated_one_and_one_from_elsewhere_end_no_tenure(cells: dict[str, str | None]):
    assert (
        findings(tenures=[tenure("ann", ("2020-01-01", "2024-01-01"))], departures=[departure(**{"effective": "2023-01-01", **cells})])
        == []
    )


@pytest.mark.parametrize(
    "row",
    [
        tenure("ann", ("2020-01-01", "2022-01-01")),
        tenure("ann", ("2023-06-01", "2024-01-01")),
        tenure("ann"),
        tenure("ann", ("2020-01-01", "2024-01-01"), capacity="founding"),
        tenure("bob", ("2020-01-01", "2024-01-01")),
    ],
    ids=["ended before", "began after", "undated", "founding", "another's"],
)
def test_a_tenure_that_ended_or_began_anew_or_is_a_founder_s_is_sound(row: Row):
    assert findings(tenures=[row], departures=[departure(effective="2023-01-01")]) == []


# A joke taken for news, for example.
def test_a_refuted_exit_ends_no_tenure():
    assert (
        findings(tenures=[tenure("ann", ("2020-01-01", "2024-01-01"))], departures=[departure(effective="2023-01-01", standing="refuted")])
        == []
    )


def test_a_predicted_exit_ends_no_tenure():
    assert (
        findings(
            tenures=[tenure("ann", ("2020-01-01", "2024-01-01"))], departures=[departure(effective="2023-01-01", asserted_as="prediction")]
        )
        == []
    )


@pytest.mark.parametrize("cells", [{"standing": "refuted"}, {"asserted_as": "plan"}])
def test_a_tenure_that_is_refuted_or_only_planned_outlives_no_exit(cells: dict[str, str]):
    assert findings(tenures=[tenure("ann", ("2020-01-01", "2024-01-01"), **cells)], departures=[departure(effective="2023-01-01")]) == []


def test_what_is_refuted_needs_no_sound_dates_and_no_reason():
    joke = event("e", "2023-11-18", "2023-11-17") | {"standing": "refuted"}
    exit_ = departure(announced="2024-08-06", effective="2024-08-05", standing="refuted")
    assert findings(events=[joke], departures=[exit_], tenures=[tenure("ann", capacity="interim", standing="refuted")]) == []


# interim_without_reason


@pytest.mark.parametrize("capacity", ["interim", "acting"])
def test_an_interim_without_a_reason_for_its_end_is_a_warning(capacity: str):
    assert findings(tenures=[tenure("ann", capacity=capacity)]) == [("interim_without_reason", "warning", "ann-ceo")]


def test_an_interim_that_is_only_planned_has_no_end_to_give_a_reason_for():
    assert findings(tenures=[tenure("ann", capacity="interim", asserted_as="plan")]) == []


def test_an_interim_with_a_reason_and_a_permanent_tenure_are_sound():
    assert findings(tenures=[tenure("ann", capacity="interim", end_reason="replaced"), tenure("bob", capacity="permanent")]) == []


# duration_against_dates


def duration(value: float, comparator: str = "=", unit: str = "days", **cells: Any) -> list[tuple[str, str, str]]:
    figure = row_of("figures", id="f", unit=unit, comparator=comparator, value=value, from_id="a", to_id="b", **cells)
    return findings(figures=[figure], events=[event("a", "2023-11-17"), event("b", "2023-11-22")])


def test_a_stated_length_that_the_dates_exclude_is_a_warning():
    assert duration(7) == [("duration_against_dates", "warning", "f")]
    assert duration(72, unit="hours") == [("duration_against_dates", "warning", "f")]
    assert duration(10, comparator=">") == [("duration_against_dates", "warning", "f")]


def test_a_stated_length_that_the_dates_allow_is_sound():
    assert [duration(value) for value in (4, 5, 6)] == [[], [], []]
    assert duration(106, unit="hours") == []
    assert duration(3, comparator=">") == []


@pytest.mark.parametrize("cells", [{"unit": "usd"}, {"unit": "months"}])
def test_what_is_no_length_in_hours_is_not_held_against_dates(cells: dict[str, str]):
    assert duration(700, **cells) == []


def test_a_range_of_lengths_is_held_against_dates_too():
    assert duration(4, comparator="between", value_high=5) == []
    assert duration(7, comparator="between", value_high=9) == [("duration_against_dates", "warning", "f")]


# all together


def test_findings_come_in_a_stable_order_and_become_rows():
    rows = [tenure("bob", capacity="interim"), tenure("ann", capacity="interim")]
    found = check_succession({**EMPTY, "organisations": ORGANISATIONS, "posts": POSTS, "tenures": rows})
    assert [f.subject for f in found] == ["ann-ceo", "bob-ceo"]
    assert found[0].row() == {
        "id": found[0].row()["id"],
        "rule": "interim_without_reason",
        "severity": "warning",
        "subject_id": "ann-ceo",
        "message": "ann-ceo: no source at hand says how the interim ended.",
    }
    assert found[0].row()["id"].startswith("interim-without-reason-")


def test_a_warning_is_published_and_an_error_stops_the_build(raw: RawFolder):
    raw.change("sources/alpha.yml", ", end_reason: replaced}", "}")
    assert [row["rule"] for row in raw.run().tables["findings"]] == ["interim_without_reason"]
    raw.change("sources/beta.yml", "    says:\n", '    says:\n      - {event: altman-returns, ended: "2023-10"}\n')
    assert raw.faults() == [
        "raw/events.yml:2:1: Altman returns: starts 2023-11-21[America/Los_Angeles], after its end 2023-10. "
        "Correct a claim or write a decision."
    ]
