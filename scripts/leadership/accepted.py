"""What is accepted of each subject, and what it is borne out by: the ranked statements, as the tables of rows ask for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from operator import attrgetter

from .catalogue import Catalogue
from .rows import Row, to_json
from .schema import CERTAINTIES, MODES, OCCURS, PARTICIPANT, Kind
from .settling import Origins, Said, Statement
from .standing import standing_of
from .when import parse_when

NO_COLUMN_OF_ITS_OWN = {OCCURS, PARTICIPANT, "after", "before"}  # of which a row's `unsure` says nothing: order is only told


class Accepted:
    """The statements in order of their ids, by subject and by property, with the catalogue that they are about and their origins."""

    def __init__(self, catalogue: Catalogue, statements: Iterable[Statement]):
        self.catalogue = catalogue
        self.origins = Origins(catalogue)
        self.statements = sorted(statements, key=attrgetter("id"))
        self._of_subject: dict[str, list[Statement]] = defaultdict(list)
        self._of_property: dict[tuple[str, str], list[Statement]] = defaultdict(list)
        for statement in self.statements:
            self._of_subject[statement.subject].append(statement)
            self._of_property[statement.subject, statement.property].append(statement)

    def stated(self, subject_id: str, name: str) -> Sequence[Statement]:
        """Return all statements of a property of a subject."""
        return self._of_property.get((subject_id, name), ())

    def preferred(self, subject_id: str, name: str) -> list[Statement]:
        """Return the accepted ones among them."""
        return [s for s in self.stated(subject_id, name) if s.rank == "preferred"]

    def published(self, source: str) -> str | None:
        """Return when a source was published, None where that is not known."""
        return self.catalogue.subjects[source].declared.get("published")

    def published_by(self, source: str) -> str | None:
        """Return the last instant at which a source may have been published – nobody read it before –, None where no day is known."""
        declared = self.catalogue.subjects[source].declared
        days = filter(None, (declared.get("published"), declared.get("read_on")))
        return min(filter(None, (parse_when(day).latest for day in days)), default=None)

    def tellers(self, statement: Statement) -> set[str]:
        """Return the sources that tell a statement as a fact and without reservation."""
        return {claim.source for claim in statement.affirming if claim.is_plain}

    def told_when(self, subject_id: str) -> list[str]:
        """Return, in order, by when each source had appeared that tells plainly that something happened, as far as that is known."""
        tellers = {source for s in self.preferred(subject_id, OCCURS) if s.is_plain for source in self.tellers(s)}
        return sorted(filter(None, map(self.published_by, tellers)))

    def told_by(self, subject_id: str) -> str | None:
        """Return by when a source had told something as having happened, None if none does so plainly."""
        return next(iter(self.told_when(subject_id)), None)

    def provenance(self, kind: Kind, subject_id: str) -> Row:
        """Return the cells that say how well a row stands: by its existence, its core properties, and all that is said of it."""
        statements = self._of_subject.get(subject_id, [])
        backing = [self.stated(subject_id, name) for name in (OCCURS, *(p.name for p in kind.properties if p.core))]
        accepted = [[s for s in group if s.rank == "preferred"] or group for group in backing if group]
        asserted_as, certainty = _weakest(s.surety for group in accepted for s in group)
        unsure = {s.property for s in statements if s.rank == "preferred" and not s.is_plain} - NO_COLUMN_OF_ITS_OWN
        return {
            "asserted_as": asserted_as,
            "certainty": certainty,
            "unsure": to_json(sorted(unsure)),
            "standing": standing_of(statements, self.origins.agree, existence=backing[0], core=accepted[-1]),
            **self.counts([claim for s in statements for claim in s.affirming]),
        }

    def counts(self, claims: list[Said]) -> Row:
        """Return the cells that say who makes some claims, and when that was first and last reported."""
        sources = sorted({c.source for c in claims})
        dates = sorted((d for s in sources if (d := self.published(s))), key=lambda d: parse_when(d).latest or "")
        return {
            "source_count": len(sources),
            "origin_count": len(self.origins.of_claims(claims)),
            "sources": to_json(sources),
            "first_reported": dates[0] if dates else None,
            "last_reported": dates[-1] if dates else None,
        }


def _weakest(sureties: Iterable[tuple[str | None, str | None]]) -> tuple[str | None, str | None]:
    """Return the mode that asserts least and the least certainty of some; a row is no surer than what it is made of."""
    known = [(mode, certainty) for mode, certainty in sureties if mode and certainty]
    if not known:
        return None, None
    return max((mode for mode, _ in known), key=MODES.index), max((certainty for _, certainty in known), key=CERTAINTIES.index)
