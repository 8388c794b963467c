"""Checks on who followed whom. Each asks one question of the finished rows and answers with a sentence for each problem.

An error stops the build: the accepted facts cannot all be true. A warning is published in the table `findings`: the facts
leave a question open that a reader should know of.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any

from .amounts import join_amount
from .claims import digest
from .projecting import Tables
from .rows import Row, is_fact, stands
from .schema import FOR_A_TIME
from .when import INSTANT, parse_when

TEMPORARY = (*FOR_A_TIME, "observer", "founding")
ONE_HOLDER = ("executive",)
HOURS = {"minutes": 1 / 60, "hours": 1, "days": 24, "weeks": 168}
HALF = 0.5  # a whole number of units is taken to be rounded
OPEN = "9999"  # later than every instant


@dataclass(frozen=True, order=True)
class Finding:
    """What a check found: the rule, how grave it is, the subject it concerns, and a sentence."""

    rule: str
    severity: str
    subject: str
    message: str

    def row(self) -> Row:
        """Return the finding as a row of the table `findings`."""
        return {
            "id": f"{self.rule.replace('_', '-')}-{digest(self.subject, self.message)[:8]}",
            "rule": self.rule,
            "severity": self.severity,
            "subject_id": self.subject,
            "message": self.message,
        }


def check_succession(tables: Tables) -> list[Finding]:
    """Run every check over the rows; return what they found, in a stable order."""
    return sorted(finding for check in CHECKS for finding in check(tables))


def starts_after_end(tables: Tables) -> Iterator[Finding]:
    """Does a spell start only after it has ended?"""
    for table, first, last in (("tenures", "started", "ended"), ("events", "started", "ended")):
        for row in tables[table]:
            if stands(row) and _after(row[f"{first}_earliest"], row[f"{last}_latest"]):
                yield Finding("starts_after_end", "error", row["id"], f"{row['label']}: starts {row[first]}, after its end {row[last]}.")


def held_outside_bounds(tables: Tables) -> Iterator[Finding]:
    """Does a source show the holder in a post before the spell began or after it ended?"""
    for row in filter(stands, tables["tenures"]):
        for text in json.loads(row["held_on"] or "[]"):
            shown = parse_when(text)
            if _after(row["started_earliest"], shown.latest):
                message = f"{row['label']}: held on {text}, before it began {row['started']}."
                yield Finding("held_outside_bounds", "error", row["id"], message)
            if _after(shown.earliest, row["ended_latest"]):
                message = f"{row['label']}: held on {text}, after it ended {row['ended']}."
                yield Finding("held_outside_bounds", "error", row["id"], message)


def order_against_dates(tables: Tables) -> Iterator[Finding]:
    """Is something told after what, by the accepted dates, came later?"""
    events = {row["id"]: row for row in tables["events"]}
    for row in events.values():
        told = [(row, events[other]) for other in json.loads(row["after"] or "[]")]
        told += [(events[other], row) for other in json.loads(row["before"] or "[]")]
        for later, earlier in told:
            if _after(earlier["started_earliest"], later["started_latest"]):
                message = f"{later['label']} ({later['started']}) is told after {earlier['label']} ({earlier['started']})."
                yield Finding("order_against_dates", "warning", row["id"], message)


def effective_before_announced(tables: Tables) -> Iterator[Finding]:
    """Did somebody leave before the exit was announced?"""
    for row in tables["departures"]:
        if stands(row) and _after(row["announced_earliest"], row["effective_latest"]):
            yield Finding(
                "effective_before_announced",
                "warning",
                row["id"],
                f"{row['label']}: took effect {row['effective']}, before it was announced {row['announced']}.",
            )


def permanent_holders_overlap(tables: Tables) -> Iterator[Finding]:
    """Did two people hold a post that one person holds, both without a time limit, at the same time?"""
    pairs = (pair for holders in _holders_by_post(tables) for pair in combinations(holders, 2))
    for earlier, later in pairs:
        if earlier["person_id"] == later["person_id"] or {earlier["capacity"], later["capacity"]} & set(TEMPORARY):
            continue
        if not earlier["certain_to"] or not later["certain_from"]:
            continue
        # Both may be shown in the post on the day of the change, so only more than a day counts.
        if _after(earlier["certain_to"], _a_day_after(later["certain_from"])):
            message = f"{later['label']} holds the post from {later['certain_from']}, while {earlier['label']} still does"
            yield Finding("permanent_holders_overlap", "error", later["id"], f"{message} until {earlier['certain_to']}.")


def gap_between_holders(tables: Tables) -> Iterator[Finding]:
    """Was a post that one person holds empty between two of them?"""
    for holders in _holders_by_post(tables):
        first, *others = sorted(holders, key=lambda t: t["possible_from"] or "")
        last = first  # whoever may have held the post longest so far
        for later in others:
            if _after(later["possible_from"], last["possible_to"]):
                until = last["ended"] or f"{last['possible_to'][:10]} at the latest"  # with the exit
                between = f"{last['label']} (until {until}) and {later['label']} (from {later['started']})"
                yield Finding("gap_between_holders", "warning", later["id"], f"Nobody is known to hold the post between {between}.")
            last = max(last, later, key=lambda t: t["possible_to"] or OPEN)


def exit_without_tenure(tables: Tables) -> Iterator[Finding]:
    """Did somebody leave an organisation without any post there, and without one that the exit itself names?"""
    family = _family(tables)
    held: dict[str, set[str]] = defaultdict(set)
    for tenure in tables["tenures"]:
        held[tenure["person_id"]] |= family(tenure["organisation_id"]) | {tenure["post_id"]}
    for row in tables["departures"]:
        where = {row["organisation_id"], *json.loads(row["posts"] or "[]")}
        if stands(row) and row["person_id"] and not where & held[row["person_id"]]:
            yield Finding("exit_without_tenure", "warning", row["id"], f"{row['label']}: no source at hand says what post they held there.")


def tenure_outlives_exit(tables: Tables) -> Iterator[Finding]:
    """Does a tenure go on after its holder has left the organisation for good?"""
    tenures = defaultdict(list)
    for tenure in filter(is_fact, tables["tenures"]):
        tenures[tenure["person_id"], tenure["organisation_id"]].append(tenure)
    for row in filter(is_fact, tables["departures"]):
        if row["manner"] == "leave_of_absence" or row["reversed_by"] or not row["effective_latest"]:
            continue
        kept = row["destination_id"] == row["organisation_id"]  # who left a post, and stayed
        for tenure in tenures[row["person_id"], row["organisation_id"]]:
            if kept and tenure["post_id"] not in json.loads(row["posts"] or "[]"):
                continue
            if tenure["capacity"] == "founding" or not _after(row["effective_latest"], tenure["certain_from"]):
                continue
            if _after(tenure["certain_to"], row["effective_latest"]):
                yield Finding(
                    "tenure_outlives_exit",
                    "error",
                    tenure["id"],
                    f"{tenure['label']} is held until {tenure['certain_to']}, after the exit of {row['effective']}.",
                )
            elif not tenure["ended"] and tenure["end_state"] == "ongoing":
                yield Finding(
                    "tenure_outlives_exit",
                    "warning",
                    tenure["id"],
                    f"{tenure['label']} is called ongoing, though its holder left on {row['effective']}.",
                )


def interim_without_reason(tables: Tables) -> Iterator[Finding]:
    """Is somebody interim without a source that says how it ended?"""
    for tenure in tables["tenures"]:
        if is_fact(tenure) and tenure["capacity"] in FOR_A_TIME and not tenure["end_reason"]:
            message = f"{tenure['label']}: no source at hand says how the interim ended."
            yield Finding("interim_without_reason", "warning", tenure["id"], message)


def duration_against_dates(tables: Tables) -> Iterator[Finding]:
    """Does a stated length fit the accepted dates of its beginning and its end?"""
    dates = _dates_of_subjects(tables)
    for row in tables["figures"]:
        hours = HOURS.get(row["unit"])
        begin, end = dates.get(row["from_id"]), dates.get(row["to_id"])
        if not (hours and begin and end) or row["value"] is None:
            continue
        shortest, longest = ((_parse(end[i]) - _parse(begin[1 - i])).total_seconds() / 3600 / hours for i in (0, 1))
        amount = join_amount(row["comparator"], row["value"], row["value_high"])
        if amount.high + HALF < shortest or longest < amount.low - HALF:
            span = f"{shortest:.1f}" if longest - shortest < 0.1 else f"{shortest:.1f} to {longest:.1f}"
            yield Finding(
                "duration_against_dates",
                "warning",
                row["id"],
                f"{row['label']}: stated as {amount.text} {row['unit']}, while the accepted dates give {span}.",
            )


CHECKS: tuple[Callable[[Tables], Iterator[Finding]], ...] = (
    starts_after_end,
    held_outside_bounds,
    order_against_dates,
    effective_before_announced,
    permanent_holders_overlap,
    gap_between_holders,
    exit_without_tenure,
    tenure_outlives_exit,
    interim_without_reason,
    duration_against_dates,
)


def _after(one: str | None, other: str | None) -> bool:
    """Tell whether the first instant is certainly later than the second; an unknown one never is."""
    return bool(one and other and one > other)


def _parse(instant: str) -> datetime:
    return datetime.strptime(instant, INSTANT)


def _a_day_after(instant: str) -> str:
    return (_parse(instant) + timedelta(days=1)).strftime(INSTANT)


def _dates_of_subjects(tables: Tables) -> dict[Any, tuple[str, str]]:
    """Return earliest and latest instant of the events, exits and remarks whose date is bounded on both sides."""
    dates: dict[Any, tuple[str, str]] = {}
    for table, columns in (("events", ("started",)), ("departures", ("effective", "announced")), ("remarks", ("said",))):
        for row in tables[table]:
            for column in columns:
                earliest, latest = row[f"{column}_earliest"], row[f"{column}_latest"]
                if earliest and latest:
                    dates.setdefault(row["id"], (earliest, latest))
    return dates


def _holders_by_post(tables: Tables) -> Iterator[list[Row]]:
    """Yield, for each post that one person holds, its tenures in order of their beginnings, as far as known the certain ones."""
    single = {post["id"] for post in tables["posts"] if post["category"] in ONE_HOLDER}
    by_post: dict[str, list[Row]] = defaultdict(list)
    for tenure in tables["tenures"]:
        if tenure["post_id"] in single and is_fact(tenure) and _begins(tenure):
            by_post[tenure["post_id"]].append(tenure)
    for post in sorted(by_post):
        yield sorted(by_post[post], key=lambda t: (_begins(t), t["certain_to"] or ""))


def _begins(tenure: Row) -> str:
    """Return from when a tenure was certainly or else possibly held, "" if that is not known."""
    return tenure["certain_from"] or tenure["possible_from"] or ""


def _family(tables: Tables) -> Callable[[str], set[str]]:
    """Return a function from an organisation to itself and everything it is a part of."""
    parent: dict[str, Any] = {row["id"]: row["parent_id"] for row in tables["organisations"]}

    def ancestors(organisation: str | None) -> set[str]:
        seen: set[str] = set()
        while organisation and organisation not in seen:
            seen.add(organisation)
            organisation = parent.get(organisation)
        return seen

    return ancestors
