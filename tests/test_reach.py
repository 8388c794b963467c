"""The database says how far the record reaches: to its latest source, not to what is dated ahead."""

from __future__ import annotations

from typing import Any

import pytest
from leadership.reach import describe_reach
from leadership.schema import HAPPENINGS, PROPERTIES

NOTHING: dict[str, list[dict[str, Any]]] = {"sources": [], **{table: [] for table, _ in HAPPENINGS}}


def source(day: str | None, earliest: str | None = None, read_on: str | None = None, access: str = "read") -> dict[str, Any]:
    return {"access": access, "published_day": day, "published_earliest": earliest, "read_on": read_on}


def happening(column: str, day: str | None, asserted_as: str = "fact", standing: str = "agreed") -> dict[str, Any]:
    days = dict.fromkeys(f"{name}_day" for _, name in HAPPENINGS)
    return {**days, column: day, "held_on": None, "asserted_as": asserted_as, "standing": standing}


def test_the_record_covers_what_happened_until_its_latest_source():
    tables = NOTHING | {"sources": [source("2026-09-30", read_on="2026-11-25"), source("2024-12-01", read_on="2026-11-26")]}
    assert describe_reach(tables) == {"covers_to": "2026-09-30", "pages_last_read_on": "2026-11-26"}


def test_a_source_of_which_only_the_month_is_known_reaches_to_its_first_day():
    assert describe_reach(NOTHING | {"sources": [source(None, "2024-12-01T08:00Z", access="held")]}) == {"covers_to": "2024-12-01"}


def test_a_cited_document_that_nobody_read_does_not_count():
    assert describe_reach(NOTHING | {"sources": [source("2026-10-01", access="cited")]}) == {}


def test_the_latest_fact_is_none_that_is_planned_refuted_or_dated_ahead():
    tables = NOTHING | {
        "sources": [source("2026-09-30")],
        "events": [
            happening("started_day", "2026-09-01"),
            happening("started_day", "2026-09-20", asserted_as="plan"),
            happening("started_day", "2027-04-27"),
            happening("started_day", None),
        ],
        "departures": [happening("announced_day", "2026-09-21", standing="refuted"), happening("effective_day", "2026-09-12")],
        "tenures": [happening("started_day", "2026-09-11")],
    }
    assert describe_reach(tables)["latest_fact_on"] == "2026-09-12"


def test_the_latest_fact_may_be_that_somebody_is_shown_in_post_or_that_a_post_ended():
    shown = happening("started_day", "2026-09-09") | {"held_on": '["2026-09-16", "2026-09", "2026-11-02"]'}
    tables = NOTHING | {"sources": [source("2026-10-07")], "tenures": [shown]}
    assert describe_reach(tables)["latest_fact_on"] == "2026-09-16"
    tables["tenures"] = [shown, happening("ended_day", "2026-09-20")]
    assert describe_reach(tables)["latest_fact_on"] == "2026-09-20"


@pytest.mark.parametrize(("table", "name"), HAPPENINGS)
def test_the_latest_fact_is_of_any_kind_and_any_date_on_which_something_happened(table: str, name: str) -> None:
    tables = NOTHING | {"sources": [source("2026-10-07")], table: [happening(f"{name}_day", "2026-09-20")]}
    assert describe_reach(tables)["latest_fact_on"] == "2026-09-20"


def test_what_a_number_holds_for_what_is_planned_and_what_shows_something_are_no_happenings():
    dates = {prop.name for prop in PROPERTIES if prop.type == "date"}
    assert dates - {name for _, name in HAPPENINGS} == {"held_on", "planned_return", "as_of", "published"}
