"""From when to when a post was held: for certain, and at the most.

In: what is accepted, and the dates of a tenure's row. Out: four cells of that row.
"""

from __future__ import annotations

from collections import defaultdict

from .accepted import Accepted
from .rows import Row
from .schema import OCCURS
from .when import holding_bounds, parse_when

Exits = dict[tuple[str, str], list[str]]  # by person and organisation, by when at the latest the person was gone for good


def exits_of(accepted: Accepted) -> Exits:
    """Return all exits for good that are told without reservation; those without a date are no help."""
    exits: Exits = defaultdict(list)
    for subject in accepted.catalogue.of_kind("departure"):
        manner = {s.value for s in accepted.preferred(subject.id, "manner")}
        gone = [parse_when(s.value).latest for s in accepted.preferred(subject.id, "effective") if s.is_plain]
        is_plain = any(s.is_plain for s in accepted.preferred(subject.id, OCCURS))
        if "leave_of_absence" in manner or accepted.preferred(subject.id, "reversed_by") or not is_plain:
            continue
        exits[subject.declared.get("person", ""), subject.declared["organisation"]] += filter(None, gone)
    return exits


def held_cells(accepted: Accepted, tenure_id: str, row: Row, exits: list[str]) -> Row:
    """Work out from when to when a tenure was held for certain, and from when to when at the most.

    Certain: from its start, or else the first date at which a source shows the holder in the post – or, when it appeared,
    told that it goes on –, to its end, or else the last such date (`holding_bounds` says what a date makes certain).
    Possible: from the earliest start to the latest end, or else to the holder's exit from the organisation; of several
    exits the first after that start counts, and none where no start is known. Nothing known leaves a side open; who has
    founded an organisation remains its founder after an exit.
    """
    dates = [s.value for s in accepted.preferred(tenure_id, "held_on") if s.is_plain] + _told_to_go_on(accepted, tenure_id)
    shown = [bounds for date in dates if (bounds := holding_bounds(parse_when(date)))]
    begun, over = row["started_latest"], row["ended_earliest"]
    # A day within which it may have begun or ended does not show that it was held all that day.
    first = min(filter(None, [begun, *(a for a, z in shown if not (begun and a < begun <= z))]), default=None)
    last = max(filter(None, [over or begun, *(z for a, z in shown if not (over and a <= over < z))]), default=None)
    if first and row["started_earliest"]:
        first = max(first, row["started_earliest"])  # of a day on which it was held only what lies within the spell
    if last and row["ended_latest"]:
        last = min(last, row["ended_latest"])
    certain = first is not None and last is not None and first <= last
    after = sorted(gone for gone in exits if first and gone > first) if first or len(exits) > 1 else exits
    return {
        "certain_from": first if certain else None,
        "certain_to": last if certain else None,
        "possible_from": row["started_earliest"],
        "possible_to": row["ended_latest"] or next(iter(after), None),
    }


def _told_to_go_on(accepted: Accepted, tenure_id: str) -> list[str]:
    """Return the days of the sources that tell without reservation that a spell goes on: it was held when they appeared."""
    ongoing = [s for s in accepted.preferred(tenure_id, "end_state") if s.value == "ongoing" and s.is_plain]
    tellers = {claim.source for s in ongoing for claim in s.affirming if claim.is_plain}
    return sorted(filter(None, map(accepted.published, tellers)))
