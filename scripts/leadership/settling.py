"""From claims to ranked statements: what sources say side by side, what is accepted, by which rule.

A statement is one candidate value of one property of one subject, with all the claims for and against it. The rules are
numbered in `codes.yml` (list `rule`). Rules 2 and 3, rule 1 where values overlap without contradiction, the later of two
states and the trivial cases are applied here, and so are rules 4, 5 and 7 where the sheets say enough of their sources;
whatever they leave undecided, and every denial, needs an entry in `decisions.yml`, and without one the build stops and
says which. A decision overrides every rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from math import inf, nextafter
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from .amounts import parse_amount
from .catalogue import Catalogue
from .claims import Claim, digest
from .faults import Fault
from .schema import CERTAINTIES, KINDS, MODES, OCCURS, Property
from .when import EASTERNMOST, WESTERNMOST, minutes_of, parse_when

NOT_STATED = "not_stated"
CALENDARS = (EASTERNMOST, WESTERNMOST)
FIRST_HAND = ("report", "official", "filing", "testimony", "letter", "post", "interview")  # kinds of sources that tell what they found out


class Said(NamedTuple):
    """Who makes a claim, and how: all that settling and provenance need to know of it."""

    source: str
    polarity: str
    mode: str
    certainty: str
    attribution: str
    by: str | None
    via: str | None
    speaker: str

    @classmethod
    def of(cls, claim: Claim) -> Said:
        """Return the voice of a claim."""
        return cls(
            claim.passage.source,
            claim.polarity,
            claim.mode,
            claim.certainty,
            claim.attribution,
            claim.by,
            claim.via,
            claim.speaker,
        )

    @property
    def is_plain(self) -> bool:
        """Whether it is said as a fact and without reservation."""
        return self.mode == MODES[0] and self.certainty == CERTAINTIES[0]


class Voiced(NamedTuple):
    """All claims of some sheets for one statement: where the first stands, or the first denial, and who made them."""

    subject: str
    kind: str
    property: str
    value: str
    raw_file: str
    raw_line: int
    is_denial: bool
    said: list[Said]


def statement_id(subject: str, prop: str, value: str) -> str:
    """Return the id of a statement, made of what is stated."""
    return f"{subject}-{prop.replace('_', '-')}-{digest(value)[:8]}"


@dataclass(slots=True)
class Statement:
    """One candidate value of one property of one subject, with its claims, its rank and the rule that gave it.

    `raw_file` and `raw_line` are the place of its first denial, or else of its first claim. `as_mode` is what a decision
    takes an accepted value for, whatever the claims say: a plan, a joke.
    """

    subject: str
    kind: str
    property: str
    value: str
    claims: list[Said] = field(default_factory=list)
    rank: str = "normal"
    rule: str = "open"
    deprecated_reason: str | None = None
    decision: str | None = None
    as_mode: str | None = None
    raw_file: str = ""
    raw_line: int = 0
    _id: str = ""
    _affirming: list[Said] | None = None
    _said_as: tuple[str | None, str | None] | None = None

    @property  # type: ignore[operator]  # mypy takes it for the field of that name
    def id(self) -> str:
        """An id made of what is stated."""
        if not self._id:
            self._id = statement_id(self.subject, self.property, self.value)
        return self._id

    @property  # type: ignore[operator]
    def affirming(self) -> list[Said]:
        """The claims that say it is so; asked for when all claims are there."""
        if self._affirming is None:
            self._affirming = [claim for claim in self.claims if claim.polarity == "affirms"]
        return self._affirming

    @property  # type: ignore[operator]
    def denied(self) -> bool:
        """Whether any claim says that it is not so."""
        return any(claim.polarity == "denies" for claim in self.claims)

    @property  # type: ignore[operator]
    def said_as(self) -> tuple[str | None, str | None]:
        """Mode and certainty of the claim that asserts most; both are None where nobody affirms it. Asked for as `affirming` is."""
        if self._said_as is None:
            kinds = {(c.mode, c.certainty) for c in self.affirming}  # few, however many the claims
            said = min(((MODES.index(mode), CERTAINTIES.index(certainty)) for mode, certainty in kinds), default=None)
            self._said_as = (None, None) if said is None else (MODES[said[0]], CERTAINTIES[said[1]])
        return self._said_as

    @property  # type: ignore[operator]
    def surety(self) -> tuple[str | None, str | None]:
        """As what the statement stands, and how surely: as it is said, unless a decision takes it for something less."""
        mode, certainty = self.said_as
        return (self.as_mode or mode) if mode else None, certainty

    @property  # type: ignore[operator]
    def is_plain(self) -> bool:
        """Whether somebody affirms it as a fact and without reservation, and no decision takes it for less."""
        return self.surety == (MODES[0], CERTAINTIES[0])


Span = tuple[float, float]  # from where to where, ends included
Groups = dict[tuple[str, str, str], Statement]  # by subject, property and value


class Origins:
    """Who is behind a claim: the outlet it cites, else whom its document has it from, else the document itself.

    A translation and its original are one origin, and so are two articles that both retell one newsroom's report, or a
    repost and the report. Who first reported or said what a document tells stands in its header as `origin`.
    """

    def __init__(self, catalogue: Catalogue):
        self.subjects = catalogue.subjects
        self._of_source: dict[str, str] = {}

    def of_claims(self, claims: Iterable[Said]) -> set[str]:
        """Return the ids of the organisations, persons or sources from which some claims come in the end."""
        return set(map(self.of, {claim.speaker for claim in claims}))

    def agree(self, statement: Statement) -> bool:
        """Tell whether two sources of different origin say a statement as surely as it is accepted.

        One source with two origins is one voice, and who only supposes what another tells as a fact does not back it.
        """
        if len(statement.affirming) < 2:
            return False
        best = statement.said_as
        claims = [claim for claim in statement.affirming if (claim.mode, claim.certainty) == best]
        return len({claim.source for claim in claims}) > 1 and len(self.of_claims(claims)) > 1

    def of(self, subject_id: str) -> str:
        """Return the origin of a source: whoever its header names, else the publisher at the end of the chain, else the last document."""
        if subject_id not in self._of_source:
            seen = {subject_id}
            current = subject_id
            while (parent := self._declared(current).get("origin") or self._declared(current).get("derived_from")) and parent not in seen:
                current = parent
                seen.add(current)
            self._of_source[subject_id] = self._declared(current).get("publisher_id") or current
        return self._of_source[subject_id]

    def is_primary(self, claim: Said) -> bool:
        """Tell whether a claim is the word of a primary document itself."""
        return claim.speaker == claim.source and self._declared(claim.source).get("primary") == "true"

    def is_first_hand(self, claim: Said) -> bool:
        """Tell whether a claim is the own reporting of its document, which retells no other and cites nobody for it."""
        header = self._declared(claim.source)
        own = self.of(claim.source) in (claim.source, header.get("publisher_id"))
        return claim.speaker == claim.source and own and header.get("kind") in FIRST_HAND

    def _declared(self, subject_id: str) -> dict[str, Any]:
        subject = self.subjects.get(subject_id)
        return subject.declared if subject and subject.kind == "source" else {}


def voices_of(claims: Iterable[Claim]) -> Iterator[Voiced]:
    """Yield some claims by statement; equal voices are one value, so that a million claims need little room."""
    voices: dict[Said, Said] = {}
    groups: dict[tuple[str, str, str], list[Claim]] = {}
    for claim in claims:
        groups.setdefault((claim.subject, claim.property, claim.value), []).append(claim)
    for (subject, prop, value), group in groups.items():
        denial = next((claim for claim in group if claim.polarity == "denies"), None)
        shown = denial or next(iter(group))
        said = [voices.setdefault(voice, voice) for voice in map(Said.of, group)]
        yield Voiced(subject, shown.kind, prop, value, shown.raw_file, shown.raw_line, denial is not None, said)


def add_voices(groups: Groups, voices: Iterable[Voiced]) -> None:
    """Add claims to the statements that they are for or against, the first of which make the statement."""
    for voiced in voices:
        key = (voiced.subject, voiced.property, voiced.value)
        statement = groups.get(key)
        if statement is None:
            statement = groups[key] = Statement(
                voiced.subject, voiced.kind, voiced.property, voiced.value, raw_file=voiced.raw_file, raw_line=voiced.raw_line
            )
        elif voiced.is_denial and not statement.denied:
            statement.raw_file, statement.raw_line = voiced.raw_file, voiced.raw_line
        statement.claims += voiced.said


def settle(groups: Groups, catalogue: Catalogue) -> tuple[list[Statement], list[Fault]]:
    """Rank the statements of each property of each subject; return them in order of their ids, and what needs a decision."""
    origins = Origins(catalogue)
    published = {s.id: _published_between(s.declared) for s in catalogue.of_kind("source")}
    faults: list[Fault] = []
    statements: list[Statement] = []
    unused = dict(catalogue.decisions)
    for point, keys in groupby(sorted(groups), key=itemgetter(0, 1)):
        rivals = [groups[key] for key in keys]
        faults.extend(_settle_property(rivals, unused.pop(point, None), origins, published))
        statements.extend(rivals)
    faults.extend(
        Fault(d["file"], d["line"], 1, f"nothing is claimed of {d['property']} of {d['subject']}; remove the decision or correct it")
        for d in unused.values()
    )
    return statements, faults


def _published_between(header: dict[str, Any]) -> Span:
    """Return the minutes between which a source was published; one without a date counts as older than any."""
    text = header.get("published")
    try:
        return _span_of(text) if text else (-inf, -inf)
    except ValueError:
        return -inf, -inf


def _settle_property(rivals: list[Statement], decision: dict[str, Any] | None, origins: Origins, published: dict[str, Span]) -> list[Fault]:
    """Rank the statements of one property of one subject; return a fault where a decision is missing or out of date."""
    if decision:
        return _apply_decision(rivals, decision)
    first = rivals[0]
    prop = KINDS[first.kind].property(first.property)
    undecided = [s for s in rivals if s.denied]
    if undecided:
        return [_missing_decision(rivals, f"{first.property} {undecided[0].value} is denied")]
    if len(rivals) == 1:
        _prefer(rivals, first, "only_value")
    elif _side_by_side(first):
        for statement in rivals:
            statement.rank, statement.rule = "preferred", "side_by_side"
    elif prop and prop.state and (latest := _latest(rivals, published)):
        _prefer(rivals, latest, "later_state")
    elif finest := _finest(rivals, prop, origins):
        same = all(_contains(finest, other, prop) for other in rivals)
        _prefer(rivals, finest, "same_moment" if same else "finer")
    elif narrowest := _narrowest(rivals, prop, origins):
        _prefer(rivals, narrowest, "compatible")
    elif found := _by_evidence(rivals, origins):
        _prefer_over(rivals, *found, prop)
    else:
        values = ", ".join(s.value for s in rivals)
        return [_missing_decision(rivals, f"sources give {first.property} as {values}")]
    return []


def _by_evidence(rivals: list[Statement], origins: Origins) -> tuple[Statement, str, str] | None:
    """Return the rival that rule 4, 5 or 7 chooses, the rule, and why the others are not accepted; None if none of them does."""
    for accepts, rule in ((origins.is_primary, "primary_document"), (origins.is_first_hand, "first_hand")):
        backed = [s for s in rivals if any(claim.is_plain and accepts(claim) for claim in s.affirming)]
        if len(backed) == 1:
            return backed[0], rule, "secondary"
    of_each = {s.value: origins.of_claims(s.affirming) for s in rivals}
    all_origins = set().union(*of_each.values())
    for statement in rivals:
        backers = of_each[statement.value]
        if origins.agree(statement) and 2 * len(backers) > len(all_origins):
            others = set().union(*(of_each[s.value] for s in rivals if s is not statement))
            if len(backers) > len(others):
                return statement, "majority", "outvoted"
    return None


def _prefer_over(rivals: list[Statement], chosen: Statement, rule: str, reason: str, prop: Property | None) -> None:
    """Accept one of several that cannot all be true; what is only coarser than it stays true, the others are deprecated."""
    _prefer(rivals, chosen, rule)
    for statement in rivals:
        if statement is not chosen and not _contains(statement, chosen, prop):
            statement.rank, statement.deprecated_reason = "deprecated", reason


def _side_by_side(statement: Statement) -> bool:
    """Tell whether several values of its property may be true at once."""
    prop = KINDS[statement.kind].property(statement.property)
    return statement.property == OCCURS or statement.kind == "source" or bool(prop and prop.many)


def _prefer(rivals: list[Statement], chosen: Statement, rule: str) -> None:
    for statement in rivals:
        statement.rule = rule
    chosen.rank = "preferred"


def _latest(rivals: list[Statement], published: dict[str, Span]) -> Statement | None:
    """Return the state that the latest source tells, None if it may be older than one that tells another or only one state is told."""
    stated = [s for s in rivals if s.value != NOT_STATED]
    if len(stated) < 2:
        return None
    surely_since = {s.value: max(published[c.source][0] for c in s.claims) for s in stated}
    latest = max(stated, key=lambda s: surely_since[s.value])
    others = max(published[c.source][1] for s in stated if s is not latest for c in s.claims)
    return latest if surely_since[latest.value] > others else None


def _finest(rivals: list[Statement], prop: Property | None, origins: Origins) -> Statement | None:
    """Return the rival that every other contains (rules 2 and 3); of several alike the one with the most origins."""
    candidates = [s for s in rivals if all(_contains(other, s, prop) for other in rivals)]
    return max(candidates, key=lambda s: (len(origins.of_claims(s.claims)), s.value), default=None)


def _narrowest(rivals: list[Statement], prop: Property | None, origins: Origins) -> Statement | None:
    """Return the rival that allows least, if one date or number satisfies all of them (rule 1); None if they contradict each other."""
    stated = [s for s in rivals if s.value != NOT_STATED]
    if prop is None or prop.type not in SPANS or not _may_all_be_true([s.value for s in stated], prop):
        return None
    spans = {s.value: SPANS[prop.type](s.value) for s in stated}
    return min(stated, key=lambda s: (spans[s.value][1] - spans[s.value][0], -len(origins.of_claims(s.claims)), s.value))


def _may_all_be_true(values: list[str], prop: Property) -> bool:
    """Tell whether one date or number satisfies all values.

    A month or a year and what is beside it must meet on one calendar, whichever: the hours between Beijing and California
    do not make a month meet the next one.
    """
    if not _meet([SPANS[prop.type](value) for value in values]):
        return False
    coarse = [value for value in values if prop.type == "date" and parse_when(value).is_coarse]
    return not coarse or any(_meet(*([_span_of(value, zone) for value in some] for some in (values, coarse))) for zone in CALENDARS)


def _meet(spans: list[Span], each: list[Span] | None = None) -> bool:
    """Tell whether all spans share something, or with `each` whether each of these shares something with every span."""
    each = spans if each is None else each
    return max(low for low, _ in each) <= min(high for _, high in spans) and max(low for low, _ in spans) <= min(high for _, high in each)


def _span_of(date: str, zone: ZoneInfo | None = None) -> Span:
    """Return the first and the last minute that a date allows, of a period just before its end; `zone`: where it names none, told there."""
    when = parse_when(date)
    first, last = when.bounds_in(zone) if zone else (when.earliest, when.latest)
    end = minutes_of(last, inf)
    return minutes_of(first, -inf), end if when.has_last_instant or end == inf else nextafter(end, -inf)


def _reach_of(number: str) -> Span:
    """Return the least and the greatest number that a number with its comparator allows."""
    amount = parse_amount(number)
    return (nextafter(amount.low, inf), nextafter(amount.high, -inf)) if amount.strict else (amount.low, amount.high)


SPANS: dict[str, Callable[[str], Span]] = {"date": _span_of, "amount": _reach_of}  # by the type of a property


def _contains(outer: Statement, inner: Statement, prop: Property | None) -> bool:
    """Tell whether `outer` says less than `inner` or the same: a coarser date, a wider number, "not stated"."""
    if outer.value == inner.value or outer.value == NOT_STATED:
        return True
    parse: Callable[[str], Any] | None = {"date": parse_when, "amount": parse_amount}.get(prop.type if prop else "")
    return bool(parse and parse(outer.value).contains(parse(inner.value)))


def _missing_decision(rivals: list[Statement], problem: str) -> Fault:
    first = rivals[0]
    shown = next((s for s in rivals if s.denied), rivals[-1])
    expect = ", ".join(f'"{s.value}"' for s in rivals)
    return Fault(
        shown.raw_file,
        shown.raw_line,
        1,
        f"{problem} for {first.subject}; decide in raw/decisions.yml with subject: {first.subject}, "
        f"property: {first.property}, expect: [{expect}]",
    )


def _apply_decision(rivals: list[Statement], decision: dict[str, Any]) -> list[Fault]:
    """Rank rivals as a recorded decision says, or return a fault for each reason for which it cannot be applied to them."""
    if problems := list(_objections(rivals, decision)):
        return [Fault(decision["file"], decision["line"], 1, f"decision {decision['id']} {problem}") for problem in problems]
    accepted = _as_set(decision.get("accept"))
    deprecated = decision.get("deprecate") or {}
    for statement in rivals:
        statement.rule, statement.decision = decision["rule"], decision["id"]
        statement.as_mode = decision.get("as") if statement.value in accepted else None
        if statement.value in deprecated:
            statement.rank, statement.deprecated_reason = "deprecated", deprecated[statement.value]
        elif statement.value in accepted:
            statement.rank = "preferred"
    return []


def _anew(rivals: list[Statement], decision: dict[str, Any]) -> str:
    """Say what to change in a decision so that it fits the statements, and which sheet it is that says something new."""
    expected = decision["expect"]
    new = ", ".join(f"{s.value} ({s.raw_file}:{s.raw_line})" for s in sorted(rivals, key=attrgetter("value")) if s.value not in expected)
    gone = ", ".join(sorted(set(expected) - {s.value for s in rivals}))
    steps = (new and f"add {new} to expect, and to accept, also_true or deprecate", gone and f"take {gone} out of it")
    return "; ".join(filter(None, steps))


def _objections(rivals: list[Statement], decision: dict[str, Any]) -> Iterator[str]:
    """Yield what is wrong with a decision in view of the statements that it is about."""
    values = {s.value for s in rivals}
    if values != set(decision["expect"]):
        changed = f"was taken about {sorted(decision['expect'])} and the claims now are {sorted(values)}"
        yield f"{changed}; take it anew: {_anew(rivals, decision)}"
        return
    accepted, also_true, deprecated = (_as_set(decision.get(key)) for key in ("accept", "also_true", "deprecate"))
    named = accepted | also_true | deprecated
    for value in sorted(named - values):
        yield f"speaks of {value}, which nobody claims; correct it"
    for value in sorted(accepted & deprecated | accepted & also_true | also_true & deprecated):
        yield f"says two things of {value}; leave it under one of accept, also_true and deprecate"
    if decision["rule"] != "open":
        for value in sorted(values - named):
            yield f"does not say what becomes of {value}; put it under also_true or deprecate"
    chosen = [s for s in rivals if s.value in accepted - deprecated]
    if len(chosen) > 1 and not _side_by_side(rivals[0]):
        yield f"accepts {len(chosen)} values of {rivals[0].property}, which has one; put the others under also_true or deprecate"
    for statement in chosen:
        if not statement.affirming:
            yield f"accepts {statement.value}, which is only denied; accept what somebody affirms or write rule: open"


def _as_set(values: Iterable[str] | str | None) -> set[str]:
    """Return what a decision lists under one of its keys, where a single value may stand without a list."""
    return {values} if isinstance(values, str) else set(values or ())
