"""The whole way from `raw/` to rows, step by step, with the time that each step took. Writes nothing."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from .audits import audit_rows, load_audits
from .batches.batch import gather, read_sheet, source_id
from .batches.cores import cores, without_collector
from .catalogue import Catalogue, Parts, add_source, add_unsound_source, check_references, load_catalogue, load_decisions, read_parts
from .faults import Fault, InputFaults
from .history import load_history
from .listing import NAMED, is_left_behind, sheet_files
from .placing import circle, links_of
from .projecting import Tables, project
from .reading import Document
from .schema import OCCURS
from .settling import Statement, settle
from .succession import check_succession
from .verified import load_verified, verification_rows

SHEETS_TO_FORK_FOR = 100

Tell = Callable[[str, int, int], object]  # is told a stage, how much of it is done, and how much there is (0 where that is not counted)


def untold(stage: str, done: int, of: int) -> None:
    """Tell nobody."""


@dataclass
class Stages:
    """Seconds spent on each stage, in the order in which they ran; `tell` hears of each when it begins."""

    seconds: dict[str, float] = field(default_factory=dict)
    tell: Tell = untold

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the time of the block under `name`."""
        began = time.perf_counter()
        self.tell(name, 0, 0)
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - began


@dataclass
class Result:
    """What was made of `raw/`.

    Of the `sheets`, the texts of `held` are at somebody's hand; `compared` were at hand here, and `fitting` anchors were found in them.
    """

    sheets: int
    held: int
    compared: int
    fitting: int
    tables: Tables


def source_texts() -> Path | None:
    """The folder of the sources' texts, if the environment variable SOURCE_TEXTS is set. Raises InputFaults if it names no folder."""
    folder = os.environ.get("SOURCE_TEXTS")
    if folder and not Path(folder).is_dir():
        raise InputFaults([Fault(folder, 0, 0, "is no folder; let SOURCE_TEXTS name the folder of the texts, or unset it")])
    return Path(folder) if folder else None


def read_sheets(raw: Path, tell: Tell = untold) -> tuple[Catalogue, list[Document]]:
    """Read the catalogue and every sheet, checking their shape only; faults stand in the documents. `tell` hears how many are read."""
    parts = read_parts(raw)
    catalogue = load_catalogue(raw, parts)
    files = sheet_files(raw)
    sheets: list[Document] = []
    for path in files:
        tell("sheets", len(sheets), len(files))
        sheets.append(read_sheet(path))
    _add_sheets(catalogue, sheets, raw, parts)
    return catalogue, [document for document in sheets if document.data is not None]


def _add_sheets(catalogue: Catalogue, sheets: list[Document], raw: Path, parts: Parts) -> None:
    """Add the sheets' sources, decisions, audits, history and what was verified to the catalogue, and check what its entries refer to."""
    for document in sheets:
        if document.data is not None:
            add_source(catalogue, document)
        else:
            add_unsound_source(catalogue, document, source_id(document))
    if not sheets:
        nothing = Fault(NAMED, 0, 0, "holds no fact sheet; write one as raw/README.md shows")
        catalogue.documents.append(Document(NAMED, faults=[nothing]))
    catalogue.documents.extend(sheets)
    load_decisions(catalogue, raw, parts)
    check_references(catalogue)
    load_audits(catalogue, raw)
    load_history(catalogue, raw)
    load_verified(catalogue, raw)


def jobs_for(raw: Path) -> int:
    """Return on how many cores to read the sheets: on one where they are so few that forking costs more than it gains."""
    return cores() if len(sheet_files(raw)) >= SHEETS_TO_FORK_FOR else 1


def run(raw: Path, texts: Path | None = None, stages: Stages | None = None, keep_in: Path | None = None) -> Result:
    """Read, flatten, settle and project everything below `raw`; hold anchors against `texts` where given.

    What is made of catalogue and sheets is kept in the folder `keep_in`, and taken from there next time.

    Raises InputFaults with every fault that was found.
    """
    with without_collector():
        return _run(raw, texts, stages or Stages(), keep_in)


def _run(raw: Path, texts: Path | None, stages: Stages, keep_in: Path | None) -> Result:
    with stages.stage("catalogue"):
        parts = read_parts(raw, keep_in and keep_in / "catalogue")
        catalogue = load_catalogue(raw, parts)
    with stages.stage("sheets"):
        batches, groups = gather(raw, catalogue, texts, jobs_for(raw), keep_in and keep_in / "sheets", stages.tell)
        sheets = sorted((document for batch in batches for document in batch.sheets), key=lambda document: document.file)
        _add_sheets(catalogue, sheets, raw, parts)
    if faults := catalogue.faults():
        raise InputFaults(faults)
    with stages.stage("settle"):
        statements, faults = settle(groups, catalogue)
        faults += unclaimed_subjects(catalogue, statements)
        faults += [*circular_order(statements), *circular_parents(statements)]
    if faults:
        raise InputFaults(faults)
    with stages.stage("project"):
        tables = project(catalogue, batches, statements)
        tables["verifications"] = verification_rows(catalogue)
        tables["audits"] = audit_rows(catalogue)
        findings = check_succession(tables)
        tables["findings"] = sorted((finding.row() for finding in findings), key=lambda row: row["id"])
    errors = [(catalogue.subjects[finding.subject], finding.message) for finding in findings if finding.severity == "error"]
    if errors:
        raise InputFaults(Fault(s.file, s.line, 1, f"{message} Correct a claim or write a decision.") for s, message in errors)
    held = sum("document" in document.data["source"] for document in sheets)
    compared, fitting = (sum(getattr(batch, name) for batch in batches) for name in ("compared", "fitting"))
    return Result(len(sheets), held, compared, fitting, tables)


def unclaimed_subjects(catalogue: Catalogue, statements: list[Statement]) -> list[Fault]:
    """Return a fault for each subject that the catalogue declares and no sheet speaks of.

    Of a document that has no sheet it is enough that another is derived from it, cites it or has a claim by way of it.
    """
    claimed = {s.subject for s in statements if s.property == OCCURS}
    referred = {s.declared.get("derived_from") for s in catalogue.of_kind("source")}
    referred |= {s.value for s in statements if s.property == "cites"} | {claim.via for s in statements for claim in s.claims}
    return [
        Fault(subject.file, subject.line, 1, f"no sheet says that there is {subject.id}; claim it, name it under names, or remove it")
        for subject in catalogue.subjects.values()
        if subject.id not in (referred if subject.kind == "source" else claimed) and "reliability" not in subject.declared
    ]


def circular_order(statements: list[Statement]) -> list[Fault]:
    """Return a fault where sources tell events in an order that leads back to itself."""
    told = {(s.subject, s.property, s.value): s for s in statements if s.property in ("after", "before") and s.rank == "preferred"}
    way = circle(links_of(told))
    if not way:
        return []
    place = next(s for key, s in sorted(told.items()) if key[0] in way and key[2] in way)
    message = f"the order leads from {' to '.join([*way, way[0]])}; correct one of its after or before"
    return [Fault(place.raw_file, place.raw_line, 1, message)]


def circular_parents(statements: list[Statement]) -> list[Fault]:
    """Return a fault where organisations are each a part of the next and the last a part of the first."""
    told = {s.subject: s for s in statements if s.property == "parent_id" and s.rank == "preferred"}
    way = circle({part: {s.value} for part, s in told.items()})
    if not way:
        return []
    place = told[min(way)]
    message = f"{' and '.join(sorted(way))} are parts of one another; correct one parent_id or write a decision"
    return [Fault(place.raw_file, place.raw_line, 1, message)]


def inputs_digest(paths: list[Path]) -> str:
    """Return a SHA-256 over the names and contents of all files below `paths`, so that a change of any is noticed."""
    digest = hashlib.sha256()
    for path in paths:
        for file in sorted(_inputs_below(str(path))) if path.is_dir() else [str(path)]:
            try:
                with open(file, "rb") as opened:
                    content = opened.read()
            except OSError:  # it vanished, or is not ours to read
                content = b""
            digest.update(os.fsencode(os.path.relpath(file, path.parent)) + b"\0" + hashlib.sha256(content).digest())
    return digest.hexdigest()


def _inputs_below(folder: str) -> Iterator[str]:
    """Yield the files of a folder that count: not what Python or an editor put there, which would make equal inputs differ."""
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != "__pycache__" and not is_left_behind(name)]
        files = (os.path.join(place, name) for name in names if not is_left_behind(name))
        yield from filter(os.path.isfile, files)
