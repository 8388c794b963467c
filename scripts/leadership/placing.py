"""A place in time for what no source dates: bounds from the order in which things are told, and from the day of the telling.

In: the events and other dated subjects with what is accepted of them. Out: for each main date its earliest and latest
instant, each with the basis on which it rests (codes of the list `bound_basis`):

- `stated`: a source gives the date;
- `order`: a source tells it after, or before, something that is bounded itself;
- `publication`: a source tells it as having happened, so it had happened when the source was published.

A stated bound is never replaced, and of the two others the narrower one counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple

AFTER = "after"
STATED, ORDER, PUBLICATION = "stated", "order", "publication"
Links = Mapping[str, set[str]]


class Bound(NamedTuple):
    """An instant in UTC and on what it rests; both are None where nothing is known."""

    instant: str | None = None
    basis: str | None = None


class PlaceInTime(NamedTuple):
    """From when at the earliest to when at the latest."""

    earliest: Bound = Bound()
    latest: Bound = Bound()


def place(stated: Mapping[str, tuple[str | None, str | None]], told_by: Mapping[str, str], after: Links) -> dict[str, PlaceInTime]:
    """Return a place for each key of `stated`, which gives the bounds of its date where a source states one.

    `told_by` is the instant by which a source had told it as having happened; `after` gives, for some, what they came
    after, and must be free of circles. Where the order contradicts the dates, the dates stand.
    """
    places = {key: _first_place(bounds, told_by.get(key)) for key, bounds in stated.items()}
    in_order = list(TopologicalSorter(after).static_order())
    links = [(later, earlier) for later in in_order for earlier in sorted(after.get(later, ())) if later in places and earlier in places]
    for later, earlier in links:
        places[later] = _not_before(places[later], places[earlier].earliest.instant)
    for later, earlier in reversed(links):
        places[earlier] = _not_after(places[earlier], places[later].latest.instant)
    return places


def _first_place(bounds: tuple[str | None, str | None], told_by: str | None) -> PlaceInTime:
    earliest, latest = (Bound(instant, STATED) if instant else Bound() for instant in bounds)
    if latest.instant is None and told_by and not (earliest.instant and earliest.instant > told_by):
        latest = Bound(told_by, PUBLICATION)
    return PlaceInTime(earliest, latest)


def _not_before(place: PlaceInTime, start: str | None) -> PlaceInTime:
    """Narrow a place to what comes after an instant, as far as no stated bound and no other end speaks against it."""
    known, end = place.earliest, place.latest.instant
    if start is None or known.basis == STATED or (known.instant and known.instant >= start) or (end and start > end):
        return place
    return place._replace(earliest=Bound(start, ORDER))


def _not_after(place: PlaceInTime, end: str | None) -> PlaceInTime:
    """Narrow a place to what comes before an instant, likewise."""
    known, start = place.latest, place.earliest.instant
    if end is None or known.basis == STATED or (known.instant and known.instant <= end) or (start and start > end):
        return place
    return place._replace(latest=Bound(end, ORDER))


def links_of(told: Iterable[tuple[str, str, str]]) -> dict[str, set[str]]:
    """Return, for each event, what it came after; `told` are (event, `after` or `before`, other event)."""
    after: dict[str, set[str]] = {}
    for event, relation, other in told:
        later, earlier = (event, other) if relation == AFTER else (other, event)
        after.setdefault(later, set()).add(earlier)
    return after


def circle(after: Links) -> list[str]:
    """Return events of which each came after the one before it, and the first after the last; none where the order is sound."""
    try:
        TopologicalSorter(after).prepare()
    except CycleError as error:
        return list(error.args[1])[1:]
    return []
