"""From when to when a post was held: for certain, and at the most.

In: what is accepted, and the dates of a tenure's row. Out: four cells of that row.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from operator import itemgetter
from typing import NamedTuple

from .accepted import Accepted
from .catalogue import Subject
from .rows import Row
from .schema import OCCURS
from .settling import Statement
from .when import When, holding_bounds, parse_when


class Exit(NamedTuple):
    """That a person left an organisation, some of the posts there by name; since when that was known, and by when they were gone.

    Who `stays` left no more than these posts.
    """

    organisation: str
    known: str
    gone: str
    posts: Collection[str] = ()
    stays: bool = False


PART_OF_DAY = re.compile(r"T(?:early_morning|morning|afternoon|evening)")
Exits = dict[str, list[Exit]]  # by person


def exits_of(accepted: Accepted) -> Exits:
    """Return all exits for good that are told without reservation; who leaves a board leaves the offices that it gave, too."""
    exits: Exits = defaultdict(list)
    for subject in accepted.catalogue.of_kind("departure"):
        if left := _exit_told(accepted, subject):
            exits[subject.declared.get("person", "")].append(left)
    for subject in accepted.catalogue.of_kind("tenure"):
        post = accepted.catalogue.subjects[subject.declared["post"]]
        board = post.declared["organisation"]
        if post.id == f"{board}-seat":
            over = [parse_when(s.value).latest for s in accepted.preferred(subject.id, "ended")]
            exits[subject.declared["person"]] += [Exit(board, day, day) for day in over if day]
    return exits


def _exit_told(accepted: Accepted, departure: Subject) -> Exit | None:
    """Return what is told of one exit; None if it is no exit for good, or nothing says when it was over.

    Of an exit that is told to be from some day on, without a last one, that is not known. One whose day is told with reservation was
    over when the first source after that day told it as having happened, or by a wider date that is told plainly and holds that day,
    one whose day is not told when the last source did. Who is shown in a post before that day, though after the exit was made known,
    had not come back to it.
    """
    tellers = {source for s in accepted.preferred(departure.id, OCCURS) if s.is_plain for source in accepted.tellers(s)}
    if not tellers or accepted.preferred(departure.id, "reversed_by"):
        return None
    if any(s.value == "leave_of_absence" for s in accepted.preferred(departure.id, "manner")):
        return None
    organisation = departure.declared["organisation"]
    stays = any(s.value == organisation for s in accepted.preferred(departure.id, "destination_id"))
    posts = {s.value for s in accepted.preferred(departure.id, "posts")}
    effective = accepted.preferred(departure.id, "effective")
    if plain := _latest_of(s for s in effective if s.is_plain):
        return Exit(organisation, plain, plain, posts, stays)
    unsure = _latest_of(effective)
    if effective and not unsure:
        return None  # it is told to be from some day on, whichever that will be
    told = sorted(day for source in tellers if (day := accepted.published_by(source)))
    known = _latest_of(s for s in accepted.preferred(departure.id, "announced") if s.is_plain) or (told[0] if told else None)
    if not known or not told:
        return None
    later = [day for day in told if unsure and day >= unsure]
    wider = _first(when.latest for when in _wider(accepted, departure.id, "effective"))
    gone = min(filter(None, (later[0] if later else max(told[-1], unsure or ""), wider)))
    return Exit(organisation, min(max(known, unsure or ""), gone), gone, posts, stays)


def _latest_of(dates: Iterable[Statement]) -> str | None:
    """Return the earliest of the latest instants that some dates allow, None if none has one."""
    return min((day for s in dates if (day := parse_when(s.value).latest)), default=None)


def held_cells(accepted: Accepted, tenure: Subject, row: Row, exits: Iterable[Exit]) -> Row:
    """Work out from when to when a tenure was held for certain, from when to when at the most, and when it is first and last shown.

    Certain: from its start, or else the first date at which a source shows the holder in the post – or, when it appeared,
    told that it goes on –, to its end, or else the last such date or the day of its start (`holding_bounds` says what a date makes
    certain). What is told as having begun had begun when the source appeared. A start or an end that is told with reservation
    bounds only what is possible: then the wider dates beside it count that are told plainly. What itself is told with reservation
    is certain at no moment.
    Possible: from the earliest start to the latest end, or else to when a source told that it had ended, or to the holder's exit
    from the organisation or the post; of several exits the first after the start counts, and none where no start is known. Nothing
    known leaves a side open; who has founded an organisation remains its founder after an exit.
    """
    dates = [s.value for s in accepted.preferred(tenure.id, "held_on") if s.is_plain] + _told_to_be(accepted, tenure.id, "ongoing")
    begun, over = _surely_begun(accepted, tenure.id, row), _surely_over(accepted, tenure.id, row)
    may_begin = _first((begun, row["started_latest"]))
    is_day = row["started_day"] and _is_plain(accepted, tenure.id, "started")
    starts, ends = [begun], [over or (begun if is_day else None)]  # within a longer period it may have ended, too
    since = [may_begin]  # by when it had begun; of a long period in which it is shown that may have been its first day
    for date in dates:
        if bounds := holding_bounds(parse_when(date)):
            a, z = bounds
            since.append(min(bounds))
            # A day within which it may have begun or ended, or a part of a day while it may still have, does not show that it was
            # held all that time: only its last or first moment does.
            is_part = PART_OF_DAY.search(date)
            begins = may_begin and a < may_begin and (may_begin <= z or (is_part and _is_before(row["started_earliest"], z)))
            stops = _is_before(row["ended_earliest"], z) and (a <= row["ended_earliest"] or is_part)
            starts.append(z if begins else a)
            ends.append(a if stops else z)
    first, last = _first(starts), _last(ends)
    if first:
        first = _last((first, row["started_earliest"]))  # of a day on which it was held only what lies within the spell
    if last:
        last = _first((last, row["ended_latest"]))
    certain = first and last and first <= last and _is_plain(accepted, tenure.id, OCCURS)
    if certain and row["ended_latest"]:
        certain = first < row["ended_latest"]
    first_shown, last_shown = _ends_of(dates)
    return {
        "certain_from": first if certain else None,
        "certain_to": last if certain else None,
        "possible_from": row["started_earliest"],
        "possible_to": _earlier(row, _gone_by(accepted, tenure, row, _first(since), () if row["capacity"] == "founding" else exits)),
        "first_shown": first_shown,
        "last_shown": last_shown,
    }


def _surely_begun(accepted: Accepted, tenure_id: str, row: Row) -> str | None:
    """Return by when a tenure had begun by what is told plainly of it; None if it has no start, or nothing is told plainly.

    What a source tells as a fact had begun when the source appeared, unless that is told ahead of the start. Of a start that is told
    with reservation it is not told ahead once the last moment of that start is over.
    """
    known, told = row["started_latest"], accepted.told_when(tenure_id)
    if not known:
        return None
    if _is_plain(accepted, tenure_id, "started"):
        return _first((known, *(day for day in told[:1] if day > (row["started_earliest"] or ""))))
    wider = [day for when in _wider(accepted, tenure_id, "started") if (day := when.latest)]
    return _first((*(max(known, day) for day in wider), *(day for day in told if day >= known)))


def _surely_over(accepted: Accepted, tenure_id: str, row: Row) -> str | None:
    """Return until when at the least a tenure went on by a plain date of its end, None if it has none."""
    known = row["ended_earliest"]
    if _is_plain(accepted, tenure_id, "ended"):
        return str(known) if known else None
    wider = _last(when.earliest for when in _wider(accepted, tenure_id, "ended"))
    return _first((known, wider)) if wider else None


def _is_plain(accepted: Accepted, subject_id: str, name: str) -> bool:
    """Tell whether what is accepted of a property of a subject, if anything is, is told as a fact and without reservation."""
    return all(s.is_plain for s in accepted.preferred(subject_id, name))


def _wider(accepted: Accepted, subject_id: str, name: str) -> list[When]:
    """Return the dates told plainly beside the accepted one that are as true as that: what contradicts it is deprecated."""
    beside = [s for s in accepted.stated(subject_id, name) if s.rank == "normal" and s.rule != "open"]
    return [parse_when(s.value) for s in beside if s.is_plain]


def _is_before(one: str | None, other: str | None) -> bool:
    """Tell whether the first of two instants comes before the second; an unknown one does not."""
    return bool(one and other and one < other)


def _first(instants: Iterable[str | None]) -> str | None:
    return min(filter(None, instants), default=None)


def _last(instants: Iterable[str | None]) -> str | None:
    return max(filter(None, instants), default=None)


def _earlier(row: Row, gone: str | None) -> str | None:
    """Return the latest end of a tenure, or by when its holder was gone where that is within the time in which it may have ended."""
    latest = row["ended_latest"]
    return gone if gone and (not latest or (row["ended_earliest"] or "") < gone < latest) else latest


def _gone_by(accepted: Accepted, tenure: Subject, row: Row, since: str | None, exits: Iterable[Exit]) -> str | None:
    """Return by when a tenure was over of which no end is dated, None if nothing says so.

    What is only known to have begun by the day of an exit had begun before it.
    """
    post = tenure.declared["post"]
    organisation = accepted.catalogue.subjects[post].declared["organisation"]
    within = {organisation, *(s.value for s in accepted.preferred(organisation, "parent_id") if s.is_plain)}
    concerning = [left for left in exits if post in left.posts or (left.organisation in within and not left.stays)]
    if since:
        is_bound = not row["started_earliest"] and since == row["started_latest"]
        after = [left.gone for left in concerning if left.known > since or (is_bound and left.known == since)]
    else:
        after = [left.gone for left in concerning] if len(concerning) == 1 else []
    ended = [day for text in _told_to_be(accepted, tenure.id, "ended") if (day := parse_when(text).latest)]
    return min(ended + after, default=None)


def _told_to_be(accepted: Accepted, tenure_id: str, state: str) -> list[str]:
    """Return the days of the sources that tell without reservation that a spell goes on, or has ended: so it was when they appeared."""
    told = [s for s in accepted.preferred(tenure_id, "end_state") if s.value == state and s.is_plain]
    return sorted(filter(None, map(accepted.published, {source for s in told for source in accepted.tellers(s)})))


def _ends_of(dates: list[str]) -> tuple[str | None, str | None]:
    """Return the first and the last of some dates, as they are written; of one beginning the finer date counts."""
    bounded = [(when.earliest, when.latest, date) for date in dates if (when := parse_when(date)).earliest and when.latest]
    if not bounded:
        return None, None
    return min(bounded, key=itemgetter(1, 0))[2], max(bounded, key=itemgetter(0, 1))[2]
