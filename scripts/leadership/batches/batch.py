"""Reading and flattening all sheets, in batches that may be spread over the cores.

Of each batch remains what is needed later and no more: the sheets' headers and faults, who said what of which statement,
and, packed, the finished rows of its sheets. Sheets are flattened on the assumption that each bears the id of its file;
where one does not, which is a fault, all are flattened once more with the ids as they are, so that no fault follows from
another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

from ..catalogue import Catalogue, Subject
from ..claims import Claim, LineSetAside, Passage, Reading, flatten_sheet
from ..listing import name_of, sheet_files
from ..locating import compare, read_text
from ..reading import Document, read_file
from ..schema import LINKS
from ..settling import Groups, Voiced, add_voices, statement_id, voices_of
from ..sheets import SHEET, check_shape
from ..tables import TABLES, Row
from ..unwritten import complete_draft
from .cores import map_forked
from .kept import KeptFiles
from .packs import pack

SHEETS_A_BATCH = 20


class SpelledName(NamedTuple):
    """A spelling that a source uses for a subject, with the id of the passage where it stands."""

    subject: str
    text: str
    kind: str | None
    source: str
    passage: str


@dataclass
class Batch:
    """What remains of some sheets. `packed` holds rows by table.

    The ids of packed rows begin with their source's, so that whole batches need no sorting. `referred` tells of each subject that the
    sheets name what was needed of it, as `links_of_subjects` does.
    """

    sheets: list[Document]
    voiced: list[Voiced] = field(default_factory=list)
    packed: dict[str, bytes] = field(default_factory=dict)
    names: list[SpelledName] = field(default_factory=list)
    blank_counts: dict[str, int] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    compared: int = 0  # texts that were at hand
    fitting: int = 0  # anchors found in them
    referred: dict[str, str] = field(default_factory=dict)


class Referred(dict[str, Subject]):
    """Subjects by id, which notes of which ids it was asked."""

    def __init__(self, subjects: dict[str, Subject]):
        super().__init__(subjects)
        self.asked: set[str] = set()

    def __getitem__(self, key: str) -> Subject:
        self.asked.add(key)
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        """Return a subject, or `default` where there is none of that id."""
        self.asked.add(key)
        return super().get(key, default)


def read_sheet(path: Path) -> Document:
    """Read a sheet and check its shape; `data` is None if the sheet cannot be used."""
    document = read_file(path, name_of(path))
    if document.data is None or not complete_draft(document) or not check_shape(document, SHEET):
        document.data = None
    elif path.stem != (source_id := document.data["source"]["id"]):
        document.fault(("source", "id"), f"the file must bear the name of its source; rename it to {source_id}.yml")
    return document


def source_id(document: Document) -> str:
    """Return the id of a sheet's source; of a sheet that cannot be used, the name of its file."""
    return document.data["source"]["id"] if document.data else Path(document.file).stem


def gather(
    raw: Path,
    catalogue: Catalogue,
    texts: Path | None = None,
    jobs: int = 1,
    keep_in: Path | None = None,
    tell: Callable[[str, int, int], object] = lambda stage, done, of: None,
) -> tuple[list[Batch], Groups]:
    """Read and flatten every sheet below `raw`; hold anchors against `texts` where given. Faults stand in the batches' sheets.

    Batches that a folder `keep_in` has from earlier are taken from there, and new ones are kept in it. Returns the batches, and
    what they say put together by statement. `tell` hears how many sheets of how many are done.
    """
    families = _families(raw)
    known = {path.stem for batch in families for path in batch}
    while True:
        everything = _as_referred(catalogue, known)
        make = partial(_read_batch, catalogue=everything, texts=texts)
        batches = []
        groups: Groups = {}
        kept = KeptFiles(keep_in, _way(catalogue, texts)) if keep_in else None
        for batch in _made_or_kept(make, families, jobs, kept, links_of_subjects(everything.subjects)):
            add_voices(groups, batch.voiced)
            batch.voiced = []
            batches.append(batch)
            tell("sheets", sum(len(made.sheets) for made in batches), len(known))
        actual = {source_id(document) for batch in batches for document in batch.sheets}
        if actual == known:
            return batches, groups
        known = actual


def _way(catalogue: Catalogue, texts: Path | None) -> str:
    """Return all that what is made of any sheet depends on beside the sheet."""
    files = sorted(path for path in texts.iterdir() if path.is_file()) if texts else []
    at_hand = [(path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in files]
    return repr((catalogue.codes, texts is not None, at_hand))


def _made_or_kept(
    make: Callable[[list[Path]], Batch], families: list[list[Path]], jobs: int, kept: KeptFiles | None, links: dict[str, str]
) -> Iterator[Batch]:
    """Yield what is made of each family of sheets, in order; what is kept of an earlier time is not made again.

    It counts for as long as the subjects that its sheets name have the `links` that they had: then a change of the catalogue costs no more
    than the sheets that it bears on.
    """
    if kept is None:
        yield from map_forked(make, families, jobs)
        return
    keys = [kept.key_of(family) for family in families]
    missing = [(key, family) for key, family in zip(keys, families, strict=True) if not kept.has(key)]
    made = map_forked(partial(_make_and_keep, make, kept), missing, jobs)
    new = {key for key, _ in missing}
    for key, family in zip(keys, families, strict=True):
        batch: Batch | None = next(made) if key in new else kept.load(key)
        if batch is None or not batch.referred.items() <= links.items():
            batch = _make_and_keep(make, kept, (key, family))
        yield batch
    kept.forget_the_rest()


def _make_and_keep(make: Callable[[list[Path]], Batch], kept: KeptFiles, keyed: tuple[str, list[Path]]) -> Batch:
    """Make a batch, and keep it if it is sound: a fault may speak of subjects that are not there, and goes when they are declared."""
    key, family = keyed
    batch = make(family)
    if not any(document.faults for document in batch.sheets):
        kept.save(key, batch, family)
    return batch


def _families(raw: Path) -> list[list[Path]]:
    """Return the sheets in batches, in such an order that the ids of one batch's rows all come before the next one's.

    For that, a source stays with all whose ids begin with its own: the ids of their rows may alternate.
    """
    batches: list[list[Path]] = [[]]
    root = None
    for path in sorted(sheet_files(raw), key=lambda path: f"{path.stem}-"):
        if root is None or not path.stem.startswith(f"{root}-"):
            root = path.stem
            if len(batches[-1]) >= SHEETS_A_BATCH:
                batches.append([])
        batches[-1].append(path)
    return [batch for batch in batches if batch]


def _as_referred(catalogue: Catalogue, ids: set[str]) -> Catalogue:
    """Return the catalogue with what a sheet may need of subjects, their kinds and links, and with the sheets' sources, of which only the
    ids need be known yet.
    """
    sources = {key: Subject(key, "source", {}, "", 0) for key in ids}
    subjects = {
        key: Subject(key, subject.kind, {name: subject.declared[name] for name in LINKS if name in subject.declared}, "", 0)
        for key, subject in catalogue.subjects.items()
    }
    return replace(catalogue, subjects=sources | subjects)


def links_of_subjects(subjects: dict[str, Subject]) -> dict[str, str]:
    """Return by the id of each subject its kind and what it is declared to belong to, in one text."""
    return {key: " ".join((subject.kind, *map("=".join, subject.declared.items()))) for key, subject in subjects.items()}


def _read_batch(paths: list[Path], catalogue: Catalogue, texts: Path | None) -> Batch:
    batch = Batch([])
    readings = []
    subjects = Referred(catalogue.subjects)
    catalogue = replace(catalogue, subjects=subjects)
    for path in paths:
        document = read_sheet(path)
        if document.data:
            readings.append(flatten_sheet(document, catalogue))
            name = document.data["source"].get("document")
            if texts and name and (text := read_text(texts, name)):
                batch.compared += 1
                batch.fitting += compare(document, text)
            document.forget({"source": document.data["source"]})
        batch.sheets.append(document)
    _fill(batch, readings)
    batch.referred = links_of_subjects({key: subjects[key] for key in subjects.asked & subjects.keys()})
    return batch


def _fill(batch: Batch, readings: list[Reading]) -> None:
    """Put into a batch what is needed of its readings."""
    ids = _Ids()
    claims = [claim for reading in readings for claim in reading.claims]
    tables = {
        "claims": (_claim_row(claim, ids) for claim in claims),
        "passages": (_passage_row(passage, ids) for reading in readings for passage in reading.passages),
        "set_aside": (_set_aside_row(entry) for reading in readings for entry in reading.set_aside),
    }
    for name, rows in tables.items():
        cells = sorted(map(itemgetter(*TABLES[name].column_names), rows))
        batch.packed[name], batch.counts[name] = pack(cells), len(cells)
    batch.names = [
        SpelledName(name.subject, name.text, name.kind, reading.source, ids.passage(name.passage))
        for reading in readings
        for name in reading.names
    ]
    batch.blank_counts = {reading.source: len(reading.blank_lines) for reading in readings}
    batch.voiced = list(voices_of(claims))


class _Ids:
    """Ids of passages and statements, each worked out once and kept as one text."""

    def __init__(self) -> None:
        self.passages: dict[Passage, str] = {}
        self.statements: dict[tuple[str, str, str], str] = {}

    def passage(self, passage: Passage) -> str:
        if passage not in self.passages:
            self.passages[passage] = passage.id
        return self.passages[passage]

    def statement(self, claim: Claim) -> str:
        key = (claim.subject, claim.property, claim.value)
        if key not in self.statements:
            self.statements[key] = statement_id(*key)
        return self.statements[key]


def _claim_row(claim: Claim, ids: _Ids) -> Row:
    """Return the row of a claim, with its speaker in the place of its origin, which follows from the headers of all sheets."""
    passage = ids.passage(claim.passage)
    return {
        "id": claim.id_at(passage),
        "statement_id": ids.statement(claim),
        "passage_id": passage,
        "source_id": claim.passage.source,
        "polarity": claim.polarity,
        "certainty": claim.certainty,
        "mode": claim.mode,
        "attribution": claim.attribution,
        "attributed_to_id": claim.by,
        "via_source": claim.via,
        "origin_id": claim.speaker,
        "as_named": claim.as_named,
        "note": claim.note,
        "checked": claim.checked,
        "raw_file": claim.raw_file,
        "raw_line": claim.raw_line,
    }


def _passage_row(passage: Passage, ids: _Ids) -> Row:
    place = "" if passage.line is None else f"line {passage.line}: "
    return {
        "id": ids.passage(passage),
        "label": f"{place}“{passage.find}”",
        "source_id": passage.source,
        "line": passage.line,
        "find": passage.find,
        "start": passage.start,
        "end": None if passage.start is None else passage.start + len(passage.find),
    }


def _set_aside_row(entry: LineSetAside) -> Row:
    return {
        "id": f"{entry.source}-{entry.line}-{entry.why.replace('_', '-')}",
        "source_id": entry.source,
        "line": entry.line,
        "reason": entry.why,
        "repeats_line": entry.of,
        "note": entry.note,
    }
