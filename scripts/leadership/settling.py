"""From claims to ranked statements: what sources say side by side, what is accepted, by which rule.

A statement is one candidate value of one property of one subject, with all the claims for and against it. The rules are
numbered in `codes.yml` (list `rule`). Rules 2 and 3 and the trivial cases are applied here; whatever they leave undecided
needs an entry in `decisions.yml`, and without one the build stops and says which.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from .amounts import parse_amount
from .catalogue import Catalogue
from .claims import Claim, digest
from .faults import Fault
from .schema import KINDS, OCCURS, Property
from .when import parse_when

NOT_STATED = "not_stated"


class Said(NamedTuple):
    """Who makes a claim, and how: all that settling and provenance need to know of it."""

    source: str
    polarity: str
    mode: str
    attribution: str
    by: str | None
    via: str | None

    @classmethod
    def of(cls, claim: Claim) -> Said:
        """Return the voice of a claim."""
        return cls(claim.passage.source, claim.polarity, claim.mode, claim.attribution, claim.by, claim.via)


def statement_id(subject: str, prop: str, value: str) -> str:
    """Return the id of a statement, made of what is stated."""
    return f"{subject}-{prop.replace('_', '-')}-{digest(value)[:8]}"


@dataclass(slots=True)
class Statement:
    """One candidate value of one property of one subject, with its claims, its rank and the rule that gave it.

    `raw_file` and `raw_line` are the place of its first denial, or else of its first claim.
    """

    subject: str
    kind: str
    property: str
    value: str
    claims: list[Claim | Said] = field(default_factory=list)
    rank: str = "normal"
    rule: str = "open"
    deprecated_reason: str | None = None
    decision: str | None = None
    raw_file: str = ""
    raw_line: int = 0
    _id: str = ""

    @property  # type: ignore[operator]  # mypy takes it for the field of that name
    def id(self) -> str:
        """An id made of what is stated."""
        if not self._id:
            self._id = statement_id(self.subject, self.property, self.value)
        return self._id

    @property  # type: ignore[operator]
    def affirming(self) -> list[Any]:
        """The claims that say it is so."""
        return [claim for claim in self.claims if claim.polarity == "affirms"]

    @property  # type: ignore[operator]
    def denied(self) -> bool:
        """Whether any claim says that it is not so."""
        return any(claim.polarity == "denies" for claim in self.claims)


Groups = dict[tuple[str, str, str], Statement]  # by subject, property and value


class Origins:
    """Who is behind a claim: the outlet it cites, else the original of the document, else the document itself.

    A translation and its original are one origin, and so are two articles that both retell one newsroom's report.
    """

    def __init__(self, catalogue: Catalogue):
        self.subjects = catalogue.subjects
        self._of_source: dict[str, str] = {}

    def of_claim(self, claim: Claim | Said) -> str:
        """Return the id of the organisation or source from which a claim comes in the end."""
        return self.of(claim.via or claim.source)

    def of_claims(self, claims: Iterable[Claim | Said]) -> set[str]:
        """Return the origins of some claims, each source looked up once."""
        return set(map(self.of, {claim.via or claim.source for claim in claims}))

    def of(self, subject_id: str) -> str:
        """Return the origin of a source: its publisher where the chain ends with one, else the last document of the chain."""
        if subject_id not in self._of_source:
            seen = {subject_id}
            current = subject_id
            while (parent := self._declared(current).get("derived_from")) and parent not in seen:
                current = parent
                seen.add(current)
            self._of_source[subject_id] = self._declared(current).get("publisher_id") or current
        return self._of_source[subject_id]

    def _declared(self, subject_id: str) -> dict[str, Any]:
        subject = self.subjects.get(subject_id)
        return subject.declared if subject and subject.kind == "source" else {}


def settle(claims: Iterable[Claim], catalogue: Catalogue) -> tuple[list[Statement], list[Fault]]:
    """Group claims into statements and rank them; return them in order of their ids, and what needs a decision."""
    groups: Groups = {}
    for claim in claims:
        key = (claim.subject, claim.property, claim.value)
        if key not in groups:
            groups[key] = Statement(claim.subject, claim.kind, claim.property, claim.value)
        statement: Any = groups[key]
        if not statement.claims or (claim.polarity == "denies" and not statement.denied):
            statement.raw_file, statement.raw_line = claim.raw_file, claim.raw_line
        statement.claims.append(claim)
    return settle_groups(groups, catalogue)


def settle_groups(groups: Groups, catalogue: Catalogue) -> tuple[list[Statement], list[Fault]]:
    """Rank the statements of each property of each subject; return what `settle` does."""
    origins = Origins(catalogue)
    published = {s.id: _published(s.declared) for s in catalogue.of_kind("source")}
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


def _published(header: dict[str, Any]) -> str:
    text = header.get("published")
    try:
        return (parse_when(text).latest if text else "") or ""
    except ValueError:
        return ""


def _settle_property(rivals: list[Statement], decision: dict[str, Any] | None, origins: Origins, published: dict[str, str]) -> list[Fault]:
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
    else:
        values = ", ".join(s.value for s in rivals)
        return [_missing_decision(rivals, f"sources give {first.property} as {values}")]
    return []


def _side_by_side(statement: Statement) -> bool:
    """Tell whether several values of its property may be true at once."""
    prop = KINDS[statement.kind].property(statement.property)
    return statement.property == OCCURS or statement.kind == "source" or bool(prop and prop.many)


def _prefer(rivals: list[Statement], chosen: Statement, rule: str) -> None:
    for statement in rivals:
        statement.rule = rule
    chosen.rank = "preferred"


def _latest(rivals: list[Statement], published: dict[str, str]) -> Statement | None:
    """Return the state that the latest source tells, None if sources of one day tell several or only one state is told."""
    stated = [s for s in rivals if s.value != NOT_STATED]
    told = {s.value: max(published[c.source] for c in s.claims) for s in stated}
    latest = [s for s in stated if told[s.value] == max(told.values())]
    return latest[0] if len(stated) > 1 and len(latest) == 1 else None


def _finest(rivals: list[Statement], prop: Property | None, origins: Origins) -> Statement | None:
    """Return the rival that every other contains (rules 2 and 3); of several alike the one with the most origins."""
    candidates = [s for s in rivals if all(_contains(other, s, prop) for other in rivals)]
    return max(candidates, key=lambda s: (len(origins.of_claims(s.claims)), s.value), default=None)


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
        if statement.value in deprecated:
            statement.rank, statement.deprecated_reason = "deprecated", deprecated[statement.value]
        elif statement.value in accepted:
            statement.rank = "preferred"
    return []


def _objections(rivals: list[Statement], decision: dict[str, Any]) -> Iterator[str]:
    """Yield what is wrong with a decision in view of the statements that it is about."""
    values = {s.value for s in rivals}
    if values != set(decision["expect"]):
        yield f"was taken about {sorted(decision['expect'])} and the claims now are {sorted(values)}; take it anew"
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
