"""The rows of how we know, one function a table: sources, statements, decisions, names, codes. Claims and passages are ready in batches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from .accepted import Accepted
from .batches.batch import SpelledName
from .catalogue import Catalogue, Subject, code_id
from .claims import digest
from .folding import has_cjk, is_traditional
from .happened import date_cells
from .labels import Labels
from .placing import PlaceInTime
from .rows import Row, by_id, to_json
from .schema import HEADERS, KINDS
from .settling import Statement
from .sheets import access, cell_of
from .standing import standing_of_one
from .typography import set_apostrophes
from .when import parse_when


def source_rows(accepted: Accepted, labels: Labels, blank_counts: dict[str, int]) -> Iterator[Row]:
    """Yield a row for each source; `blank_counts` tells, by source, how many lines of a held text are blank."""
    return (_source_row(subject, accepted, labels, blank_counts) for subject in accepted.catalogue.of_kind("source"))


def _source_row(subject: Subject, accepted: Accepted, labels: Labels, blank_counts: dict[str, int]) -> Row:
    header = subject.declared
    told: Row = {}
    for key in HEADERS:
        value = header.get(key.key)
        told |= date_cells(key.property, value, PlaceInTime()) if key.type == "date" else {key.name: cell_of(key, value)}
    label, label_zh = labels[subject.id]
    return told | {
        "label": label,
        "label_zh": label_zh,
        # `cited.yml` does not weigh what is not at hand
        "access": access({"source": header}) if "reliability" in header else "cited",
        "blank_count": blank_counts.get(subject.id) if "document" in header else None,
        "cites": to_json([s.value for s in accepted.stated(subject.id, "cites")]),
        "origin_id": accepted.origins.of(subject.id),
    }


def statement_rows(accepted: Accepted) -> Iterator[Row]:
    """Yield a row for each statement, in order of their ids."""
    return (_statement_row(statement, accepted) for statement in accepted.statements)


def _statement_row(statement: Statement, accepted: Accepted) -> Row:
    prop = KINDS[statement.kind].property(statement.property)
    when = parse_when(statement.value) if prop and prop.type == "date" else None
    affirming = statement.affirming
    asserted_as, certainty = statement.surety
    return {
        "id": statement.id,
        "label": f"{statement.property}: {statement.value}",
        "subject_id": statement.subject,
        "property": statement.property,
        "value": statement.value,
        "earliest": when and when.earliest,
        "latest": when and when.latest,
        "rank": statement.rank,
        "rule": statement.rule,
        "deprecated_reason": statement.deprecated_reason,
        "standing": standing_of_one(statement, accepted.origins.agree),
        "asserted_as": asserted_as,
        "certainty": certainty,
        "decision_id": statement.decision,
        "claim_count": len(affirming),
        "denial_count": len(statement.claims) - len(affirming),
        "source_count": len({c.source for c in affirming}),
        "origin_count": len(accepted.origins.of_claims(affirming)),
    }


def decision_rows(catalogue: Catalogue) -> list[Row]:
    """Return the rows of `decisions`, in order of their ids."""
    rows = []
    for (subject, prop), decision in catalogue.decisions.items():
        accept = decision.get("accept") or []
        rows.append(
            {
                "id": decision["id"],
                "subject_id": subject,
                "property": prop,
                "rule": decision["rule"],
                "accepted": to_json([accept] if isinstance(accept, str) else accept),
                "candidates": to_json(decision["expect"]),
                "accepted_as": decision.get("as"),
                "rationale": set_apostrophes(decision["rationale"]),
                "basis": set_apostrophes(decision.get("basis")),
                "decided_on": decision["decided_on"],
                "raw_file": decision["file"],
                "raw_line": decision["line"],
            }
        )
    return sorted(rows, key=by_id)


class NameRow(NamedTuple):
    """A row of `names`; its fields are the columns of that table."""

    id: str
    subject_id: str
    text: str
    lang: str
    kind: str
    source_id: str | None
    passage_id: str | None


def name_rows(catalogue: Catalogue, spelled: Iterable[SpelledName]) -> Iterator[NameRow]:
    """Yield the names that the catalogue declares and then those that sources use, in the order of `spelled`."""
    for subject in catalogue.subjects.values():
        for text, kind in subject.names.items():
            yield _name_row(subject.id, text, kind, None, None, None)
    for name in spelled:
        lang = catalogue.subjects[name.source].declared["lang"]
        kind = name.kind or _name_kind(catalogue.subjects[name.subject], name.text)
        yield _name_row(name.subject, name.text, kind, name.source, name.passage, lang)


def _name_kind(subject: Subject, text: str) -> str:
    usual = "transliteration" if subject.kind == "person" and has_cjk(text) else "alias"
    return subject.names.get(text, usual)


def _name_row(subject: str, text: str, kind: str, source: str | None, passage: str | None, lang: str | None) -> NameRow:
    return NameRow(f"{subject}-n{digest(text, source)[:8]}", subject, text, _script(text, lang), kind, source, passage)


def _script(text: str, lang: str | None) -> str:
    if not has_cjk(text):
        return "en"
    if is_traditional(text):
        return "zh-Hant"
    return lang if lang and lang != "en" else "zh-Hans"


def code_rows(catalogue: Catalogue) -> list[Row]:
    """Return the rows of `codes`, in order of their ids."""
    rows = []
    for list_name, codes in catalogue.codes.items():
        for position, (code, entry) in enumerate(codes.items(), start=1):
            rows.append(
                {
                    "id": code_id(list_name, code, entry),
                    "list": list_name,
                    "code": code,
                    "label": set_apostrophes(entry["label"]),
                    "label_zh": entry["zh"],
                    "definition": set_apostrophes(entry["means"]),
                    "since": entry.get("since"),
                    "until": entry.get("until"),
                    "position": position,
                }
            )
    return sorted(rows, key=by_id)
