"""A place in time for what no source dates: what it is told after and before, and by when it had been told."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import RawFolder, rows_by_id
from leadership.placing import Bound, PlaceInTime, circle, links_of, place

ALPHA, BETA = "sources/alpha.yml", "sources/beta.yml"
MORNING, NOON, EVENING, NEXT = "2023-11-17T16:00Z", "2023-11-17T20:00Z", "2023-11-18T02:00Z", "2023-11-20T00:00Z"
UNDATED = (None, None)


def placed(stated: dict[str, tuple[str | None, str | None]], told: str = "", after: str = "") -> dict[str, PlaceInTime]:
    """PlaceInTime things by `after`, written "b>a c>b": b came after a, and c after b; all were told by the instant `told`."""
    links = links_of((later, "after", earlier) for later, earlier in (pair.split(">") for pair in after.split()))
    return place(stated, dict.fromkeys(stated, told) if told else {}, links)


# bounds


def test_what_a_source_dates_is_bounded_by_that_date():
    assert placed({"a": (MORNING, NOON)}, told=EVENING) == {"a": PlaceInTime(Bound(MORNING, "stated"), Bound(NOON, "stated"))}


def test_what_nobody_dates_had_happened_by_the_day_on_which_it_was_told():
    assert placed({"a": UNDATED}, told=EVENING) == {"a": PlaceInTime(Bound(), Bound(EVENING, "publication"))}


def test_what_nobody_dates_or_tells_as_having_happened_has_no_place():
    assert placed({"a": UNDATED}) == {"a": PlaceInTime()}


def test_what_came_after_a_dated_thing_came_no_earlier_and_what_came_before_it_no_later():
    places = placed({"a": UNDATED, "b": (NOON, NOON), "c": UNDATED}, told=NEXT, after="b>a c>b")
    assert places["a"] == PlaceInTime(Bound(), Bound(NOON, "order"))
    assert places["c"] == PlaceInTime(Bound(NOON, "order"), Bound(NEXT, "publication"))


def test_bounds_go_on_along_a_chain_of_undated_things_in_both_directions():
    places = placed({"a": (MORNING, MORNING), "b": UNDATED, "c": UNDATED, "d": (EVENING, EVENING)}, after="b>a c>b d>c")
    assert {key: (p.earliest.instant, p.latest.instant) for key, p in places.items() if key in "bc"} == {
        "b": (MORNING, EVENING),
        "c": (MORNING, EVENING),
    }
    assert {bound.basis for key in "bc" for bound in places[key]} == {"order"}


def test_the_narrowest_of_several_neighbours_counts():
    places = placed({"a": (MORNING, MORNING), "b": (NOON, NOON), "c": UNDATED}, after="c>a c>b")
    assert places["c"].earliest == Bound(NOON, "order")


def test_where_order_contradicts_the_dates_the_dates_stand():
    places = placed({"a": (NOON, NOON), "b": (MORNING, MORNING)}, after="b>a")
    assert (places["a"].earliest.instant, places["b"].latest.instant) == (NOON, MORNING)


def test_a_source_that_tells_of_the_future_bounds_nothing():
    assert placed({"a": (NEXT, None)}, told=NOON)["a"] == PlaceInTime(Bound(NEXT, "stated"), Bound())


def test_before_is_after_the_other_way_round():
    assert links_of([("a", "before", "b"), ("c", "after", "b")]) == {"b": {"a"}, "c": {"b"}}


# circles


def test_a_circle_is_found_and_named_in_order():
    way = circle(links_of([("a", "after", "c"), ("b", "after", "a"), ("c", "after", "b"), ("d", "after", "c")]))
    assert sorted(way) == ["a", "b", "c"]
    assert circle(links_of([("b", "after", "a"), ("c", "after", "a")])) == []


def tell(raw: RawFolder, *entries: str) -> None:
    raw.change(BETA, "    says:\n", "    says:\n" + "".join(f"      - {entry}\n" for entry in entries))


def add_events(raw: RawFolder, *ids: str) -> None:
    rest = "kind: meeting, story: board-crisis-2023, summary: Told.}"
    text = (raw.folder / "events.yml").read_text(encoding="utf-8")
    raw.replace("events.yml", text + "".join(f"- {{id: {key}, label: {key}, label_zh: {key}, {rest}\n" for key in ids))


def test_an_order_that_leads_back_to_itself_is_one_fault_with_its_place(raw: RawFolder):
    add_events(raw, "first", "second")
    tell(raw, "{event: first, after: second}", "{event: second, after: first}")
    (fault,) = raw.faults()
    assert fault.startswith("raw/sources/beta.yml:2")
    assert fault.endswith("correct one of its after or before")
    assert "the order leads from" in fault


# rows


def dates(raw: RawFolder, key: str) -> list[Any]:
    row = rows_by_id(raw.run(), "events")[key]
    return [row[f"started{suffix}"] for suffix in ("", "_earliest", "_earliest_basis", "_latest", "_latest_basis", "_day")]


def test_an_undated_event_has_a_place_and_no_date(raw: RawFolder):
    add_events(raw, "meeting")
    tell(raw, "{event: meeting, after: altman-removed, before: altman-returns}")
    assert dates(raw, "meeting") == [None, "2023-11-17T20:00Z", "order", "2023-11-22T08:00Z", "order", None]


def test_an_event_that_is_told_without_order_had_happened_by_the_day_of_publication(raw: RawFolder):
    add_events(raw, "meeting")
    tell(raw, "{event: meeting}")
    assert dates(raw, "meeting") == [None, None, None, "2024-01-01T08:00Z", "publication", None]


@pytest.mark.parametrize("how", ["mode: plan", "mode: prediction", "certainty: possible", "mode: allegation"])
def test_what_is_only_planned_or_supposed_is_not_bounded_by_the_day_of_its_telling(raw: RawFolder, how: str):
    add_events(raw, "meeting")
    tell(raw, f"{{event: meeting, {how}}}")
    assert dates(raw, "meeting")[1:5] == [None] * 4


def test_an_order_that_is_told_with_reservation_bounds_nothing(raw: RawFolder):
    add_events(raw, "meeting")
    tell(raw, "{event: meeting, after: altman-removed, certainty: possible}")
    assert dates(raw, "meeting")[1:3] == [None, None]
