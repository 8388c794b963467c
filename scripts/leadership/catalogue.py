"""The catalogue: every subject that claims may be about, every code, every cited document.

In: the files of `raw/` but for the sheets. Out: a `Catalogue`, and the faults of each file in its `Document`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .faults import Fault, suggest
from .reading import Document, read_file
from .schema import KIND_OF_TABLE, KINDS, Kind
from .sheets import CATALOGUES, CITED, CODES, DECISIONS, check_shape

VOICES = ("person", "organisation", "post")


@dataclass(frozen=True)
class Subject:
    """Something that claims can be about: its kind, what the catalogue declares of it, and where."""

    id: str
    kind: str
    declared: dict[str, Any]
    file: str
    line: int


@dataclass
class Catalogue:
    """All subjects by id, all codes by list, all decisions by (subject, property), and the documents they came from."""

    subjects: dict[str, Subject] = field(default_factory=dict)
    codes: dict[str, dict[str, Any]] = field(default_factory=dict)
    decisions: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    documents: list[Document] = field(default_factory=list)

    def of_kind(self, kind: str) -> Iterator[Subject]:
        """Yield the subjects of one kind, in order of their ids."""
        return (self.subjects[key] for key in sorted(self.subjects) if self.subjects[key].kind == kind)

    def refusal(self, value: str, table: str) -> str | None:
        """Say what is wrong with a reference to a row of `table` (`subjects`: any), None if it is sound."""
        subject = self.subjects.get(value)
        if subject is None:
            same = (s.id for s in self.subjects.values() if table == "subjects" or KINDS[s.kind].table == table)
            return f"there is no {value}; {suggest(value, same)}"
        if table != "subjects" and KINDS[subject.kind].table != table:
            return f"{value} is a {subject.kind} and not one of the {table}; name one of those"
        return None

    def code_refusal(self, value: str, list_name: str) -> str | None:
        """Say what is wrong with a code of `list_name`, None if it stands in the list."""
        codes = self.codes.get(list_name, {})
        return None if value in codes else f"{value} is not a code of {list_name}; {suggest(value, codes)} (raw/codes.yml)"

    def faults(self) -> list[Fault]:
        """All faults of the catalogue's own files."""
        return [fault for document in self.documents for fault in document.faults]


def load_catalogue(raw: Path) -> Catalogue:
    """Read codes, catalogue files, cited documents and decisions below `raw`."""
    catalogue = Catalogue()
    codes = _load(catalogue, raw, "codes.yml", CODES)
    catalogue.codes = codes.data if codes else {}
    for table in CATALOGUES:
        if document := _load(catalogue, raw, f"{table}.yml", CATALOGUES[table]):
            _add_subjects(catalogue, document, KINDS[KIND_OF_TABLE[table]])
    if cited := _load(catalogue, raw, "cited.yml", CITED):
        _add_subjects(catalogue, cited, KINDS["source"])
    return catalogue


def add_source(catalogue: Catalogue, document: Document) -> None:
    """Add the source that a fact sheet describes, so that claims and other sheets can name it."""
    header = document.data["source"]
    _declare(catalogue, document, ("source", "id"), Subject(header["id"], "source", header, document.file, 1))


def load_decisions(catalogue: Catalogue, raw: Path) -> None:
    """Read `decisions.yml`; needs the sheets' sources in the catalogue, because decisions may name them."""
    document = _load(catalogue, raw, "decisions.yml", DECISIONS)
    ids: set[str] = set()
    for index, decision in enumerate(document.data if document else []):
        key = (decision["subject"], decision["property"])
        if refusal := catalogue.refusal(decision["subject"], "subjects"):
            document.fault((index, "subject"), refusal)
        if refusal := catalogue.code_refusal(decision["rule"], "rule"):
            document.fault((index, "rule"), refusal)
        for value, reason in (decision.get("deprecate") or {}).items():
            if refusal := catalogue.code_refusal(reason, "deprecated_reason"):
                document.fault((index, "deprecate", value), refusal)
        if decision["rule"] == "open" and decision.get("accept"):
            document.fault((index, "accept"), "an open question has no accepted value; remove accept or name another rule")
        if decision["rule"] != "open" and not (decision.get("accept") or decision.get("deprecate")):
            document.fault((index, "rule"), "the decision decides nothing; write what it accepts or deprecates, or rule: open")
        if decision["id"] in ids or key in catalogue.decisions:
            document.fault((index, "id"), "this id or this subject and property is decided twice; keep one decision")
        ids.add(decision["id"])
        line = document.place((index,))[0]
        catalogue.decisions[key] = {**decision, "file": document.file, "line": line}


def check_references(catalogue: Catalogue) -> None:
    """Check what the catalogue's entries refer to: codes, and ids of other subjects."""
    by_file = {document.file: document for document in catalogue.documents}
    for subject in catalogue.subjects.values():
        document = by_file.get(subject.file)
        if document is None or document.data is None:
            continue
        fields = HEADER_REFERENCES if subject.kind == "source" else _reference_fields(KINDS[subject.kind])
        for key, kind, target in fields:
            for value in _as_list(subject.declared.get(key)):
                refusal = catalogue.code_refusal(value, target) if kind == "code" else catalogue.refusal(value, target)
                if refusal:
                    document.fault(_entry_location(document, subject, key), refusal)


HEADER_REFERENCES = (
    ("kind", "code", "source_kind"), ("lang", "code", "lang"), ("published_basis", "code", "published_basis"),
    ("derived_how", "code", "derived_how"), ("publisher_id", "reference", "organisations"), ("derived_from", "reference", "sources"),
)


def _reference_fields(kind: Kind) -> list[tuple[str, str, str]]:
    return [(d.key, d.type, d.target or "subjects") for d in kind.declared if d.type != "text"]


def _entry_location(document: Document, subject: Subject, key: str) -> tuple[str | int, ...]:
    if isinstance(document.data, dict):
        return ("source", key)
    index = next(i for i, entry in enumerate(document.data) if entry.get("id") == subject.id)
    return (index, key)


def _as_list(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _load(catalogue: Catalogue, raw: Path, name: str, adapter: Any) -> Document | None:
    document = read_file(raw / name, f"raw/{name}")
    catalogue.documents.append(document)
    return document if document.data is not None and check_shape(document, adapter) else None


def _add_subjects(catalogue: Catalogue, document: Document, kind: Kind) -> None:
    nodes = document.root.value if document.root else []
    for index, entry in enumerate(document.data):
        line = nodes[index].start_mark.line + 1
        _declare(catalogue, document, (index, "id"), Subject(entry["id"], kind.name, entry, document.file, line))


def _declare(catalogue: Catalogue, document: Document, location: tuple[str | int, ...], subject: Subject) -> None:
    if known := catalogue.subjects.get(subject.id):
        document.fault(location, f"id {subject.id} is taken by {known.file}:{known.line}; choose another, ids are never shared")
    else:
        catalogue.subjects[subject.id] = subject
