"""The rows of what happened: one a subject, whose cells are the accepted values of its properties, and one a part in an event."""

from __future__ import annotations

import re
from collections.abc import Iterator
from operator import attrgetter

from .accepted import Accepted
from .amounts import parse_amount
from .catalogue import Subject
from .claims import OWN_VOICE
from .labels import Labels
from .participation import Participation, parse_participation
from .placing import PlaceInTime, links_of, place
from .rows import Row, to_json
from .schema import EXIT_DAYS, KINDS, MANY, OCCURS, PARTICIPANT, Kind, Property
from .settling import Said
from .spells import Exits, exits_of, held_cells
from .standing import standing_of
from .tables import BOUNDS
from .typography import set_apostrophes
from .when import day_of, parse_when, precision_of

Places = dict[str, PlaceInTime]  # by the id of what has a main date


def subject_rows(accepted: Accepted, labels: Labels) -> Iterator[tuple[Kind, Iterator[Row]]]:
    """Yield, for each kind but sources, the rows of its subjects."""
    places, exits = _places(accepted), exits_of(accepted)
    for kind in KINDS.values():
        if kind.name != "source":
            yield kind, (_subject_row(kind, subject, accepted, labels, places, exits) for subject in accepted.catalogue.of_kind(kind.name))


def participant_rows(accepted: Accepted, labels: Labels) -> Iterator[Row]:
    """Yield a row for each accepted part in an event."""
    for statement in accepted.statements:
        if statement.property != PARTICIPANT or statement.rank != "preferred":
            continue
        who = parse_participation(statement.value)
        part = accepted.catalogue.codes["part"][who.part]
        asserted_as, certainty = statement.surety
        yield {
            "id": statement.id,
            "label": _participant_label(who, labels, 0, "{} ({}{})", part["label"].lower(), " for {}"),
            "label_zh": _participant_label(who, labels, 1, "{}（{}{}）", part["zh"], "，代表{}"),
            "event_id": statement.subject,
            "subject_id": who.subject,
            "part": who.part,
            "on_behalf_of_id": who.on_behalf_of,
            "asserted_as": asserted_as,
            "certainty": certainty,
            "unsure": None,
            "standing": standing_of([statement], accepted.origins.agree),
            **accepted.counts(statement.affirming),
        }


def _participant_label(who: Participation, labels: Labels, language: int, form: str, part: str, behalf: str) -> str:
    for_whom = behalf.format(labels[who.on_behalf_of][language]) if who.on_behalf_of else ""
    return form.format(labels[who.subject][language], part, for_whom)


def _subject_row(kind: Kind, subject: Subject, accepted: Accepted, labels: Labels, places: Places, exits: Exits) -> Row:
    label, label_zh = labels[subject.id]
    row: Row = {"id": subject.id, "label": label, "label_zh": label_zh}
    for declared in kind.declared:
        value = subject.declared.get(declared.key)
        if declared.key not in ("label", "label_zh"):
            many = declared.type in MANY
            row[declared.name] = to_json([value] if isinstance(value, str) else value or []) if many else set_apostrophes(value)
    for prop in kind.properties:
        if prop.type != "participants":
            row |= _property_cells(accepted, places, subject.id, prop)
    row |= _derived_cells(kind, subject, row, accepted, exits)
    return row | accepted.provenance(kind, subject.id)


def _property_cells(accepted: Accepted, places: Places, subject_id: str, prop: Property) -> Row:
    values = sorted(s.value for s in accepted.preferred(subject_id, prop.name))
    if prop.many:
        return {prop.name: to_json(values)}
    value = next(iter(values), None)
    if prop.type == "date":
        return date_cells(prop, value, places.get(subject_id, PlaceInTime()))
    if prop.type == "amount":
        amount = parse_amount(value) if value else None
        low, high = (amount.value, amount.value_high) if amount else (None, None)
        return {"comparator": amount and amount.comparator, "value": _real(low), "value_high": _real(high)}
    return {prop.name: value}


def date_cells(prop: Property, value: str | None, place: PlaceInTime) -> Row:
    """Return the cells of a date; the bounds of a main date may rest on order or publication where no source states them."""
    when = parse_when(value) if value else None
    row: Row = {prop.name: value, f"{prop.name}_day": when and day_of(when), f"{prop.name}_precision": when and precision_of(when)}
    if prop.main:
        for name, bound in zip(BOUNDS, place, strict=True):
            row[f"{prop.name}_{name}"], row[f"{prop.name}_{name}_basis"] = bound
    else:
        row |= {f"{prop.name}_{name}": when and getattr(when, name) for name in BOUNDS}
    return row


def _derived_cells(kind: Kind, subject: Subject, row: Row, accepted: Accepted, exits: Exits) -> Row:
    """Return the cells that follow from others of the row, and from what is accepted of others."""
    if kind.name == "tenure":
        organisation = accepted.catalogue.subjects[subject.declared["post"]].declared["organisation"]
        return {"organisation_id": organisation, **held_cells(accepted, subject, row, exits.get(subject.declared["person"], []))}
    if kind.name == "event":
        return _year_and_month(row["started"])
    if kind.name == "departure":
        unknown = [name for name in EXIT_DAYS if row[name] is None]
        person = _person_who_left(accepted, subject)
        return {"person_id": person, "days_unknown": to_json(unknown), **_placed_exit(row["effective"], row["announced"])}
    if kind.name == "interpretation":
        occurs = accepted.stated(subject.id, OCCURS)
        return {
            "argued_by": to_json(sorted({_voice(c) for s in occurs for c in s.affirming})),
            "disputed_by": to_json(sorted({_voice(c) for s in occurs for c in s.claims if c.polarity == "denies"})),
        }
    return {}


def _person_who_left(accepted: Accepted, departure: Subject) -> str | None:
    """Return who left; where a source does not name them, whom another source names for the same exit, if any does."""
    same = [s.value for s in accepted.preferred(departure.id, "same_as")]
    named = [accepted.catalogue.subjects[key].declared.get("person") for key in (departure.id, *same)]
    return next(filter(None, named), None)


def _voice(claim: Said) -> str:
    """Who argues: the named voice, else the outlet that is cited, else unnamed people, else the source itself."""
    return claim.by or claim.via or (claim.source if claim.attribution == OWN_VOICE else "unnamed")


def _placed_exit(effective: str | None, announced: str | None) -> Row:
    """Return year and month of an exit, and of which date they are.

    The month of the effective day goes first. A year or a bound says less than the day on which the exit was made known, which then
    gives the month; but a year in which it took effect is never replaced by another.
    """
    went, said = _year_and_month(effective), _year_and_month(announced)
    is_said = not went["month"] and said["year"] and (said["month"] if went["year"] == said["year"] else not went["year"])
    placed = said if is_said else went
    return {**placed, "placed_by": None if not placed["year"] else "announced" if is_said else "effective"}


def _year_and_month(date: str | None) -> Row:
    """Return year and month for facets; a season has no month, and an interval neither unless both its ends agree."""
    ends = re.sub(r"\[[^\]]*\]", "", date or "").split("/")
    years = {end[:4] for end in ends}
    months = {end[:7] for end in ends}
    year, month = next(iter(years)), next(iter(months))
    is_month = len(months) == 1 and len(month) == 7 and month[5:].isdigit() and int(month[5:]) <= 12
    return {"year": int(year) if len(years) == 1 and year.isdigit() else None, "month": month if is_month else None}


def _real(number: int | float | None) -> float | None:
    """Return a number as its column has it, so that the digest of the rows is that of the database."""
    return None if number is None else float(number)


def _places(accepted: Accepted) -> Places:
    """Return the places in time of everything that has a main date."""
    stated: dict[str, tuple[str | None, str | None]] = {}
    told_by: dict[str, str] = {}
    order: list[tuple[str, str, str]] = []
    for kind in KINDS.values():
        for prop in filter(attrgetter("main"), kind.properties):
            for subject in accepted.catalogue.of_kind(kind.name):
                when = next((parse_when(s.value) for s in accepted.preferred(subject.id, prop.name)), None)
                stated[subject.id] = (when.earliest, when.latest) if when else (None, None)
                if told := accepted.told_by(subject.id):
                    told_by[subject.id] = told
                order += _order_told(accepted, subject.id)
    return place(stated, told_by, links_of(order))


def _order_told(accepted: Accepted, subject_id: str) -> list[tuple[str, str, str]]:
    """Return after and before what something is told, where that is told without reservation."""
    told = (s for name in ("after", "before") for s in accepted.preferred(subject_id, name))
    return [(subject_id, s.property, s.value) for s in told if s.is_plain]
