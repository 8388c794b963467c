"""The catalogue: every subject that claims may be about, every code, every cited document.

In: the files of `raw/` but for the sheets; those of subjects and decisions may each be split into a folder of its name.
Out: a `Catalogue`, and the faults of each file in its `Document`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import Any

from .batches.cores import cores, map_forked
from .batches.kept import KeptFiles
from .faults import Fault, suggest, with_article
from .listing import part_files, unread_files
from .reading import Bare, Document, Location, Map, read_file
from .schema import HEADERS, KIND_OF_TABLE, KINDS, NAME_KEYS, NAMED_KINDS, PUBLIC_IDS, SEEN_AT, Kind
from .sheets import (
    AUDITS,
    CATALOGUES,
    CITED,
    CODE_LISTS,
    CODES,
    DECISIONS,
    REDIRECTS,
    RELEASES,
    is_id,
    shape_faults,
)
from .tables import TABLES
from .when import UNKNOWN_ZONE, parse_when

ENTRIES: dict[str, Any] = {**{f"{table}.yml": adapter for table, adapter in CATALOGUES.items()}, "cited.yml": CITED}
SHAPES: dict[str, Any] = {
    "codes.yml": CODES,
    **ENTRIES,
    "decisions.yml": DECISIONS,
    "releases.yml": RELEASES,
    "redirects.yml": REDIRECTS,
    "audits.yml": AUDITS,
}
SPLIT = (*ENTRIES, "decisions.yml")  # may stand in a folder each, so that several people can work side by side
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*|[<>=~]{1,2}")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
BYTES_TO_FORK_FOR = 1_000_000
Part = tuple[Document, set[Location]]
Parts = dict[str, Part]
LIKE_AN_ID = 0.75  # how like a known id another must be to be taken for it misspelt: ids share many words, and most unknown ones are new


@dataclass(frozen=True)
class Subject:
    """Something that claims can be about: its kind, what the catalogue declares of it, and where."""

    id: str
    kind: str
    declared: dict[str, Any]
    file: str
    line: int

    @property
    def names(self) -> dict[str, str]:
        """The names that the catalogue gives it, each with its kind; none of what has a label instead."""
        keys = NAME_KEYS if self.kind in NAMED_KINDS else ()
        found: dict[str, str] = {}
        for key in keys:
            if text := self.declared.get(key):
                found.setdefault(text, NAME_KEYS[key])  # one that is the same in both languages is one name
        return found


@dataclass
class Catalogue:
    """All subjects by id, all codes by list, all decisions by (subject, property), and the documents they came from.

    `releases` (the oldest first) and `redirects` are the history of the dataset itself, as its files have it; `verifications`
    is what was found at the addresses of read sources, `audits` what was found when samples were read a second time.
    """

    subjects: dict[str, Subject] = field(default_factory=dict)
    codes: dict[str, dict[str, Any]] = field(default_factory=dict)
    decisions: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    documents: list[Document] = field(default_factory=list)
    releases: list[Map] = field(default_factory=list)
    redirects: list[Map] = field(default_factory=list)
    verifications: list[Map] = field(default_factory=list)
    audits: list[Map] = field(default_factory=list)

    def of_kind(self, kind: str) -> Iterator[Subject]:
        """Yield the subjects of one kind, in order of their ids."""
        return iter(sorted((subject for subject in self.subjects.values() if subject.kind == kind), key=attrgetter("id")))

    def refusal(self, value: str, *tables: str) -> str | None:
        """Say what is wrong with a reference to a row of one of `tables` (`subjects`: any), None if it is sound."""
        subject = self.subjects.get(value)
        if subject is None:
            same = (s.id for s in self.subjects.values() if "subjects" in tables or KINDS[s.kind].table in tables)
            return f"there is no {value}; {suggest(value, same, _where_to_declare(*tables), LIKE_AN_ID)}"
        if "subjects" not in tables and KINDS[subject.kind].table not in tables:
            return f"{value} is {with_article(subject.kind)} and not one of the {' or '.join(tables)}; name one of those"
        return None

    def code_refusal(self, value: str, list_name: str) -> str | None:
        """Say what is wrong with a code of `list_name`, None if it stands there, or there is no list, which is said elsewhere."""
        codes = self.codes.get(list_name)
        return None if codes is None or value in codes else f"{value} is not a code of {list_name}; {suggest(value, codes)} (raw/codes.yml)"

    def tables_of_ids(self) -> dict[str, str]:
        """Return every id that is given by hand, with the table in which it stands: of subjects, decisions, codes and audits."""
        ids = {code_id(name, code, entry): "codes" for name, codes in self.codes.items() for code, entry in codes.items()}
        ids |= {decision["id"]: "decisions" for decision in self.decisions.values()}
        ids |= {audit["id"]: "audits" for audit in self.audits}
        return ids | {subject.id: KINDS[subject.kind].table for subject in self.subjects.values()}

    def faults(self) -> list[Fault]:
        """All faults of the catalogue's own files."""
        return [fault for document in self.documents for fault in document.faults]


def _where_to_declare(*tables: str) -> str:
    """Say in which file a row of one of `tables` is declared, nothing where it may be any."""
    if "subjects" in tables:
        return ""
    return " or ".join("in raw/cited.yml" if table == "sources" else f"in raw/{table}.yml (or a file of raw/{table}/)" for table in tables)


def code_id(list_name: str, code: str, entry: Any) -> str:
    """Return the id of a code: of its list and itself, or with the word that the entry gives where the code makes no id."""
    slug = (entry.get("id") if isinstance(entry, dict) else None) or code.lower().replace("_", "-")
    return f"{list_name.replace('_', '-')}-{slug}"


def read_parts(raw: Path, keep_in: Path | None = None) -> Parts:
    """Read the files of codes, subjects, cited documents and decisions below `raw`, and return each as `read_part` does, by its name.

    One that has not changed since it was kept in the folder `keep_in` is taken from there; the others are kept in it.
    """
    names = ["codes.yml", *(file for name in SPLIT for file in part_files(raw, name))]
    if keep_in is None:
        return _read_parts(raw, names)
    kept = KeptFiles(keep_in, "catalogue")
    keys = {name: kept.key_of([raw / name], name) for name in names}
    found: Parts = {name: part for name, key in keys.items() if (part := kept.load(key)) is not None}
    made = _read_parts(raw, [name for name in names if name not in found])
    for name, part in made.items():
        kept.save(keys[name], part, [raw / name], name)
    kept.forget_the_rest()
    return found | made


def _read_parts(raw: Path, names: list[str]) -> Parts:
    sizes = {name: path.stat().st_size for name in names if (path := raw / name).is_file()}
    jobs = cores() if sum(sizes.values()) > BYTES_TO_FORK_FOR else 1  # small files are read sooner than processes are forked
    by_size = sorted(names, key=lambda name: sizes.get(name, 0), reverse=True)
    return dict(zip(by_size, map_forked(partial(read_part, raw), by_size, jobs), strict=True))


def load_catalogue(raw: Path, parts: Parts) -> Catalogue:
    """Make the catalogue of the files below `raw` that `read_parts` has read. What nobody reads is a fault too."""
    catalogue = Catalogue()
    catalogue.documents.append(Document("raw", faults=unread_files(raw, SHAPES, SPLIT)))
    kinds = {file: KINDS[KIND_OF_TABLE.get(Path(name).stem, "source")] for name in ENTRIES for file in part_files(raw, name)}
    codes, _ = parts["codes.yml"]
    if isinstance(codes.data, dict):
        catalogue.codes = {name: entries for name, entries in codes.data.items() if isinstance(entries, dict)}
    catalogue.documents.append(codes)
    for name, kind in kinds.items():
        document, unsound = parts[name]
        catalogue.documents.append(document)
        keep_sound(document, unsound)
        _add_subjects(catalogue, document, kind)
    return catalogue


def add_source(catalogue: Catalogue, document: Document) -> None:
    """Add the source that a fact sheet describes, so that claims and other sheets can name it."""
    header = document.data["source"]
    _declare(catalogue, document, ("source", "id"), Subject(header["id"], "source", header, document.file, 1))


def add_unsound_source(catalogue: Catalogue, document: Document, source_id: str) -> None:
    """Add the source of a sheet that cannot be used, so that not every reference to it becomes a fault of its own.

    Whether its id is taken is seen when the sheet can be read; until then it has no line to tell it of.
    """
    catalogue.subjects.setdefault(source_id, Subject(source_id, "source", {}, document.file, 1))


def load_decisions(catalogue: Catalogue, raw: Path, parts: Parts) -> None:
    """Add the decisions; needs the sheets' sources in the catalogue, because decisions may name them."""
    known: dict[str | tuple[str, str], str] = {}
    for file in part_files(raw, "decisions.yml"):
        document, unsound = parts[file]
        catalogue.documents.append(document)
        keep_sound(document, unsound)
        _add_decisions(catalogue, document, known)


def _add_decisions(catalogue: Catalogue, document: Document, known: dict[str | tuple[str, str], str]) -> None:
    """Check the decisions of a file and add them. `known` are the places of those before, by id and by subject and property."""
    for index, decision in enumerate(document.data):
        if "rule" not in decision:
            continue  # its shape is wrong
        key = (decision["subject"], decision["property"])
        if refusal := catalogue.refusal(decision["subject"], "subjects"):
            document.fault((index, "subject"), refusal)
        if refusal := catalogue.code_refusal(decision["rule"], "rule"):
            document.fault((index, "rule"), refusal)
        if (mode := decision.get("as")) and (refusal := catalogue.code_refusal(mode, "mode")):
            document.fault((index, "as"), refusal)
        for value, reason in (decision.get("deprecate") or {}).items():
            if refusal := catalogue.code_refusal(reason, "deprecated_reason"):
                document.fault((index, "deprecate", value), refusal)
        if "as" in decision and not decision.get("accept"):
            document.fault((index, "as"), "as says for what the accepted value is taken, and none is accepted; remove it or write accept")
        if decision["rule"] == "open" and decision.get("accept"):
            document.fault((index, "accept"), "an open question has no accepted value; remove accept or name another rule")
        if decision["rule"] != "open" and not (decision.get("accept") or decision.get("deprecate")):
            document.fault((index, "rule"), "the decision decides nothing; write what it accepts or deprecates, or rule: open")
        line = decision.line
        if place := known.get(decision["id"]) or known.get(key):
            document.fault((index, "id"), f"this id or this subject and property is decided at {place} already; keep one decision")
        if subject := catalogue.subjects.get(decision["id"]):
            document.fault((index, "id"), _refuse_taken(subject))
        check_day(document, (index, "decided_on"), decision["decided_on"])
        known[decision["id"]] = known[key] = f"{document.file}:{line}"
        catalogue.decisions[key] = {**decision, "file": document.file, "line": line}


def check_references(catalogue: Catalogue) -> None:
    """Check what the catalogue's entries refer to: codes, ids of other subjects, and ids in public lists."""
    _check_code_lists(catalogue)
    public: dict[tuple[str, str], Subject] = {}
    by_file = {document.file: document for document in catalogue.documents}
    for subject in catalogue.subjects.values():
        document = by_file.get(subject.file)
        if document is None or document.data is None:
            continue
        fields = HEADER_REFERENCES if subject.kind == "source" else _reference_fields(KINDS[subject.kind])
        for key, kind, target in fields:
            for value in _as_list(subject.declared.get(key)):
                refusal = catalogue.code_refusal(value, target) if kind == "code" else catalogue.refusal(value, target)
                if value == subject.id and kind != "code" and key != _ancestor(subject):
                    refusal = f"{value} leads to itself; name another"
                if refusal:
                    document.fault(_entry_location(document, subject, key), refusal)
        for key, refusal in _refuse_public_ids(subject, public):
            document.fault(_entry_location(document, subject, key), refusal)
        if subject.kind == "source" and ("derived_from" in subject.declared) != ("derived_how" in subject.declared):
            key = "derived_from" if "derived_from" in subject.declared else "derived_how"
            document.fault(_entry_location(document, subject, key), "derived_from says of what it is made, and derived_how how; write both")
        is_departure = subject.kind == "departure" and "organisation" in subject.declared
        if is_departure and "person" not in subject.declared and not {"label", "label_zh"} <= subject.declared.keys():
            document.fault(_entry_location(document, subject, "id"), "names nobody who leaves; write person, or label and label_zh")
        circle = _circle(catalogue, subject)
        if circle and subject.id == min(circle):
            key = _ancestor(subject)
            message = f"{key} leads from {' to '.join(circle)} and back; correct it in one of them"
            document.fault(_entry_location(document, subject, key), message)


def _check_code_lists(catalogue: Catalogue) -> None:
    """Note each list of codes that is named and does not exist (its codes are not refused one by one), and ids that codes share."""
    document = next(document for document in catalogue.documents if document.file == "raw/codes.yml")
    if not isinstance(document.data, dict):
        return  # that the file is not what it should be is said already
    named = CODE_LISTS | {column.codes for table in TABLES.values() for column in table.columns if column.codes}
    for name in sorted(named - document.data.keys()):
        document.fault((), f"there is no list {name}; {suggest(name, document.data.keys() - named)}")
    seen: dict[str, str] = {}
    for name, codes in catalogue.codes.items():
        for code, entry in codes.items():
            key = code_id(name, code, entry)
            other = seen.setdefault(key, f"{name}: {code}")
            if other != f"{name}: {code}":
                document.fault(
                    (name, code), f"its id, {key}, is that of {other} too; give one of the two another word or an id", at_key=True
                )
            if subject := catalogue.subjects.get(key):
                document.fault((name, code), _refuse_taken(subject), at_key=True)
            if not CODE.fullmatch(code):
                message = f"{code} is no code; write letters, digits, _ and - without spaces, and what readers see as its label"
                document.fault((name, code), message, at_key=True)
            _check_days(document, (name, code), entry)


def _check_days(document: Document, location: Location, entry: Any) -> None:
    """Note days of a code that are none, or of which the last comes before the first."""
    days = [(key, entry[key]) for key in ("since", "until") if isinstance(entry, dict) and isinstance(entry.get(key), str)]
    before = len(document.faults)
    for key, day in days:
        check_day(document, (*location, key), day)
    if len(days) == 2 and before == len(document.faults) and days[0][1] > days[1][1]:
        document.fault((*location, "until"), f"{days[1][1]} is before {days[0][1]}; swap the two")


def _refuse_public_ids(subject: Subject, known: dict[tuple[str, str], Subject]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the ids that a subject has in public lists: the key, and what to do. `known` are those seen before."""
    ids = {key: subject.declared[key] for key in PUBLIC_IDS if subject.declared.get(key)}
    for key, value in ids.items():
        public = PUBLIC_IDS[key]
        first = known.setdefault((key, value), subject)
        if not re.fullmatch(public.form, value):
            yield key, f"{value} is no id of the list {public.title}; write {public.example}"
        elif first is not subject:
            yield key, f"{value} is {first.id} already ({first.file}:{first.line}); one id is one subject, so correct one of the two"
    seen = _as_list(subject.declared.get(SEEN_AT))
    if len(seen) != len(ids):
        counts = f"ids in public lists: {len(ids)}, addresses at which they were seen: {len(seen)}"
        yield (SEEN_AT if seen else min(ids)), f"{counts}; write for each id, in their order, where it stands beside the name"


def check_date(document: Document, location: Location, value: str, zone: str = UNKNOWN_ZONE) -> str | None:
    """Return a date in the form in which it is kept; note what is wrong with it, and then return None."""
    if isinstance(value, Bare):
        document.fault(location, f'date {value} is not quoted; write "{value}"')
    try:
        return parse_when(str(value), zone).text
    except ValueError as error:
        document.fault(location, str(error))
        return None


def check_day(document: Document, location: Location, value: str) -> None:
    """Note what is wrong with a day of our own work, which is a plain day without clock, zone or doubt."""
    date = check_date(document, location, value)
    if date and not DAY.fullmatch(date):
        document.fault(location, f"{date} is not a day; write it as YYYY-MM-DD")


# By kind, the keys of which the first that a subject has leads to what it belongs to or comes from.
ANCESTRY = {"event": ("parent",), "source": ("origin", "derived_from")}


# Keys of a source's header whose values are codes or ids, with their lists and tables.
HEADER_REFERENCES = tuple((k.key, k.type, k.target) for k in HEADERS if k.type in ("code", "reference") and (k.must or k.may))


def _reference_fields(kind: Kind) -> list[tuple[str, str, str]]:
    return [(d.key, d.type, d.target or "subjects") for d in kind.declared if d.type not in ("text", "addresses")]


def _entry_location(document: Document, subject: Subject, key: str) -> tuple[str | int, ...]:
    if isinstance(document.data, dict):
        return ("source", key)
    index = next(i for i, entry in enumerate(document.data) if entry.get("id") == subject.id)
    return (index, key)


def _ancestor(subject: Subject) -> str:
    """Return the key that leads to what a subject belongs to or comes from, "" if none does."""
    return next((key for key in ANCESTRY.get(subject.kind, ()) if key in subject.declared), "")


def _circle(catalogue: Catalogue, subject: Subject) -> list[str]:
    """Return the ids on the way by which ancestors lead from a subject back to itself, none if they do not lead there."""
    way = [subject]
    while (parent := catalogue.subjects.get(way[-1].declared.get(_ancestor(way[-1]), ""))) and parent not in way:
        way.append(parent)
    return [one.id for one in way] if parent is subject else []


def _as_list(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def read_part(raw: Path, name: str) -> Part:
    """Read a file and check its shape; return it with the parts whose shape is wrong, as `shape_faults` gives them.

    Files of a folder (`events/2024.yml`) have the shape of the file that bears its name.
    """
    document = read_file(raw / name, f"raw/{name}")
    folder, _, file = name.rpartition("/")
    unsound = shape_faults(document, SHAPES[f"{folder}.yml" if folder else file]) if document.data is not None else set()
    document.forget(document.data)  # the text of all files together would take as much room as what was made of them
    return document, unsound


def keep_sound(document: Document, unsound: set[Location]) -> None:
    """Make a list of a document. An entry whose shape is wrong keeps nothing but its id, so that it can still be referred to."""
    entries = document.data if isinstance(document.data, list) else []
    document.data = [_only_id(entry) if (index,) in unsound else entry for index, entry in enumerate(entries)]


def _only_id(entry: Any) -> Map:
    subject_id = entry.get("id") if isinstance(entry, dict) else None
    only = Map(entry.line if isinstance(entry, Map) else 1)
    if is_id(subject_id):
        only["id"] = subject_id
    return only


def _add_subjects(catalogue: Catalogue, document: Document, kind: Kind) -> None:
    for index, entry in enumerate(document.data):
        if "id" in entry:
            line = entry.line
            _declare(catalogue, document, (index, "id"), Subject(entry["id"], kind.name, entry, document.file, line))


def _declare(catalogue: Catalogue, document: Document, location: tuple[str | int, ...], subject: Subject) -> None:
    if known := catalogue.subjects.get(subject.id):
        document.fault(location, _refuse_taken(known))
    else:
        catalogue.subjects[subject.id] = subject


def _refuse_taken(known: Subject) -> str:
    return f"id {known.id} is taken by {known.file}:{known.line}; choose another, ids are never shared"
