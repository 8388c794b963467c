"""The whole way from `raw/` to rows, step by step, with the time that each step took. Writes nothing."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from .catalogue import Catalogue, add_source, add_unsound_source, check_references, load_catalogue, load_decisions
from .claims import Reading, flatten_sheet
from .faults import Fault, InputFaults
from .locating import compare, read_text
from .projecting import Row, project
from .reading import Document, read_file
from .schema import OCCURS
from .settling import Statement, settle
from .sheets import SHEET, check_shape
from .succession import check_succession


@dataclass
class Stages:
    """Seconds spent on each stage, in the order in which they ran."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the time of the block under `name`."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - began


@dataclass
class Result:
    """What was made of `raw/`."""

    catalogue: Catalogue
    readings: list[Reading]
    statements: list[Statement]
    tables: dict[str, list[Row]]


def source_texts() -> Path | None:
    """The folder of the sources' texts, if the environment variable SOURCE_TEXTS names one."""
    folder = os.environ.get("SOURCE_TEXTS")
    return Path(folder) if folder and Path(folder).is_dir() else None


def read_sheets(raw: Path) -> tuple[Catalogue, list[Document]]:
    """Read the catalogue and every sheet, checking their shape only; faults stand in the documents."""
    catalogue = load_catalogue(raw)
    sheets = []
    if (raw / "sources").is_symlink():
        linked = Fault("raw/sources", 0, 0, "is a symbolic link; put the folder itself in its place")
        catalogue.documents.append(Document("raw/sources", faults=[linked]))
    for path in sorted((raw / "sources").glob("*.yml")):
        document = read_file(path, f"raw/sources/{path.name}")
        sheets.append(document)
        if document.data is not None and check_shape(document, SHEET):
            if path.stem != (source_id := document.data["source"]["id"]):
                document.fault(("source", "id"), f"the file must bear the name of its source; rename it to {source_id}.yml")
            add_source(catalogue, document)
        else:
            document.data = None
            add_unsound_source(catalogue, document, path.stem)
    if not sheets:
        nothing = Fault("raw/sources", 0, 0, "holds no fact sheet; write one as raw/README.md shows")
        catalogue.documents.append(Document("raw/sources", faults=[nothing]))
    catalogue.documents.extend(sheets)
    load_decisions(catalogue, raw)
    check_references(catalogue)
    return catalogue, [document for document in sheets if document.data is not None]


def run(raw: Path, texts: Path | None = None, stages: Stages | None = None) -> Result:
    """Read, flatten, settle and project everything below `raw`; hold anchors against `texts` where given.

    Raises InputFaults with every fault that was found.
    """
    stages = stages or Stages()
    with stages.stage("read"):
        catalogue, sheets = read_sheets(raw)
    with stages.stage("flatten"):
        readings = [flatten_sheet(document, catalogue) for document in sheets]
        if texts:
            for document in sheets:
                if text := read_text(texts, document.data["source"]["document"]):
                    compare(document, text)
    if faults := catalogue.faults():
        raise InputFaults(faults)
    with stages.stage("settle"):
        statements, faults = settle((claim for reading in readings for claim in reading.claims), catalogue)
        faults += unclaimed_subjects(catalogue, statements)
    if faults:
        raise InputFaults(faults)
    with stages.stage("project"):
        tables = project(catalogue, readings, statements)
        findings = check_succession(tables)
        tables["findings"] = sorted((finding.row() for finding in findings), key=lambda row: row["id"])
    errors = [(catalogue.subjects[finding.subject], finding.message) for finding in findings if finding.severity == "error"]
    if errors:
        raise InputFaults(Fault(s.file, s.line, 1, f"{message} Correct a claim or write a decision.") for s, message in errors)
    return Result(catalogue, readings, statements, tables)


def unclaimed_subjects(catalogue: Catalogue, statements: list[Statement]) -> list[Fault]:
    """Return a fault for each subject that the catalogue declares and no sheet speaks of.

    Of a document that is not at hand it is enough that another is derived from it, cites it or has a claim by way of it.
    """
    claimed = {s.subject for s in statements if s.property == OCCURS}
    referred = {s.declared.get("derived_from") for s in catalogue.of_kind("source")}
    referred |= {s.value for s in statements if s.property == "cites"} | {claim.via for s in statements for claim in s.claims}
    return [
        Fault(subject.file, subject.line, 1, f"no sheet says that there is {subject.id}; claim it, name it under names, or remove it")
        for subject in catalogue.subjects.values()
        if subject.id not in (referred if subject.kind == "source" else claimed) and "document" not in subject.declared
    ]


def inputs_digest(paths: list[Path], root: Path) -> str:
    """Return a SHA-256 over the names and contents of all files below `paths`, so that a change of any is noticed."""
    digest = hashlib.sha256()
    for path in paths:
        files = sorted(p for p in path.rglob("*") if p.is_file() and "__pycache__" not in p.parts) if path.is_dir() else [path]
        for file in files:
            try:
                content = file.read_bytes()
            except OSError:  # it vanished, or is not ours to read
                content = b""
            digest.update(os.fsencode(file.relative_to(root)) + b"\0" + hashlib.sha256(content).digest())
    return digest.hexdigest()
