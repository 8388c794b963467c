"""Who holds an office at an instant: what is certain, what is possible and why, and when that changes."""

from __future__ import annotations

from typing import Any

import pytest
from presentation import incumbents
from presentation.incumbents import Held, changes, draw_spells, explain, held_at, holders_at, placer, read_instant
from presentation.moments import read_moment


def spell(certain: tuple[str, str] | None = None, possible: tuple[str | None, str | None] = (None, None), **cells: Any) -> incumbents.Spell:
    """Make a spell; days are written short and mean midnight, UTC."""
    first, last = (f"{day}T00:00Z" for day in certain) if certain else (None, None)
    since, until = (day and f"{day}T00:00Z" for day in possible)
    row = dict.fromkeys(("started", "ended", "end_state", "capacity", "first_shown", "last_shown"))
    bounds = {"certain_from": first, "certain_to": last, "possible_from": since, "possible_to": until}
    named = {"person": "Ann", "person_id": "ann", "post": "Chief", "post_id": "chief", "organisation": "OpenAI"}
    return {**row, **bounds, **named, "organisation_id": "openai", "certainty": "certain", "tenure_id": "ann-chief", **cells}


@pytest.mark.parametrize(
    ("day", "held"),
    [
        ("2019-12-31", None),
        ("2020-01-01", Held("possibly", "may_have_begun")),
        ("2020-02-01", Held("certainly", "shown")),
        ("2020-05-01", Held("certainly", "shown")),
        ("2020-06-01", Held("possibly", "may_have_ended")),
        ("2020-07-01", None),
    ],
)
def test_between_its_bounds_a_spell_is_possible_and_within_them_certain(day: str, held: Held | None):
    assert held_at(spell(("2020-02-01", "2020-06-01"), ("2020-01-01", "2020-07-01")), f"{day}T00:00Z") == held


def test_after_it_was_last_shown_a_spell_that_goes_on_is_possible_and_says_so():
    going = spell(("2020-02-01", "2020-06-01"), ("2020-01-01", None), end_state="ongoing", started="2020-01", last_shown="2020-06")
    held = held_at(going, "2026-01-01T00:00Z")
    assert held == Held("possibly", "ongoing_when_last_shown")
    assert explain(going, held) == "began January 2020; in post when last shown, June 2020; no source tells an end"


def test_of_what_was_once_shown_nothing_is_known_later():
    once = spell(("2020-02-01", "2020-02-01"))
    assert held_at(once, "2020-02-01T00:00Z") == Held("certainly", "shown")
    assert held_at(once, "2020-02-01T00:01Z") == Held("possibly", "end_not_told")
    assert held_at(once, "2020-01-31T23:59Z") is None


def test_who_is_shown_at_some_time_in_a_month_is_possible_from_its_beginning_and_in_post_after_it():
    shown = spell(first_shown="2020-05", last_shown="2020-05", end_state="ongoing")
    assert held_at(shown, "2020-04-30T12:00Z") is None
    assert held_at(shown, "2020-05-15T12:00Z") == Held("possibly", "end_not_told")
    later = held_at(shown, "2020-07-01T00:00Z")
    assert later == Held("possibly", "ongoing_when_last_shown")
    assert explain(shown, later) == "in post when last shown, May 2020; no source tells an end"


def test_who_had_begun_by_a_day_is_told_of_from_that_day_and_not_at_any_time_before():
    begun = spell(started="../2020-05")
    assert held_at(begun, "2017-01-01T00:00Z") is None
    later = held_at(begun, "2020-07-01T00:00Z")
    assert later == Held("possibly", "end_not_told")
    assert explain(begun, later) == "began May 2020 or earlier; nothing else of it is dated"


def test_a_spell_without_any_date_is_never_held():
    assert held_at(spell(), "2020-02-01T00:00Z") is None


def test_an_end_that_is_told_with_reservation_is_said_to_be_told_so():
    doubted = spell(
        ("2020-02-01", "2020-06-01"), ("2020-01-01", "2021-07-01"), ended="2021-06", last_shown="2020-06", ended_certainty="probable"
    )
    held = held_at(doubted, "2021-01-01T00:00Z")
    assert held == Held("possibly", "may_have_ended")
    assert explain(doubted, held) == "may have ended by then: last shown June 2020; the sources put the end at June 2021 (probable)"
    assert changes([doubted])[-1].texts == ("Ann, chief: ended (probable)",)


def test_the_surer_holder_comes_first():
    found = holders_at(
        [spell(("2021-01-01", "2021-06-01"), ("2020-01-01", "2022-01-01"), person="Bob"), spell(("2020-02-01", "2020-06-01"))],
        "2020-03-01T00:00Z",
    )
    assert [(row["person"], row["held"]) for row in found] == [("Ann", "certainly"), ("Bob", "possibly")]


def test_each_bound_is_a_change_and_that_somebody_was_last_shown_is_none():
    going = spell(("2020-02-01", "2020-06-01"), ("2020-01-01", None), end_state="ongoing")
    gone = spell(("2020-02-01", "2020-06-01"), ("2020-02-01", "2020-07-01"), person="Bob")
    assert [(step.instant[:10], step.texts) for step in changes([going, gone])] == [
        ("2020-01-01", ("Ann, chief: may begin",)),
        ("2020-02-01", ("Ann, chief: in post for certain", "Bob, chief: begins")),
        ("2020-06-01", ("Bob, chief: may end",)),
        ("2020-07-01", ("Bob, chief: ended",)),
    ]


def test_bars_stand_where_their_bounds_are():
    (bar,) = draw_spells([spell(("2020-01-03", "2020-01-05"), ("2020-01-02", "2020-01-06"))], "2020-01-01T00:00Z", "2020-01-11T00:00Z")
    assert [bar[name] for name in ("p0", "c0", "c1", "p1")] == [10, 20, 40, 50]
    assert placer("2020-01-01T00:00Z", "2020-01-11T00:00Z")("2021-01-01T00:00Z") == 100


def test_what_no_source_dates_and_what_is_not_certain_has_no_bar_that_says_otherwise():
    (undated,) = draw_spells([spell(None, (None, "2020-01-06"))], "2020-01-01T00:00Z", "2020-01-11T00:00Z")
    (unsure,) = draw_spells([spell(None, ("2020-01-02", "2020-01-06"))], "2020-01-01T00:00Z", "2020-01-11T00:00Z")
    assert (undated["p0"], unsure["p0"], unsure["c0"]) == (None, 10, None)


@pytest.mark.parametrize(
    ("asked", "instant"),
    [
        ("2023-11-20T12:00", "2023-11-20T20:00Z"),
        ("2023-11-20T12:00~", "2023-11-20T20:00Z"),
        ("2023-11-20", "2023-11-20T20:00Z"),
        ("2023-11-05", "2023-11-05T20:00Z"),
        ("2023-11-05T01:30", "2023-11-05T08:30Z"),
        ("2023-11", None),
        ("../2023-11", None),
    ],
    ids=["an hour", "about an hour", "a day is its noon", "a day of 25 hours", "an hour that comes twice", "a month", "an open end"],
)
def test_a_moment_is_an_hour_or_the_noon_of_a_day(asked: str, instant: str | None):
    assert read_instant(read_moment(asked)) == instant
    assert read_instant(None) is None
