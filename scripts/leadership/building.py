"""One build from beginning to end, and what it reports: counts, findings, and the time of each stage."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path

from . import paths
from .batches.cores import WorkerLost, without_collector
from .batches.kept import CODE_DIGEST
from .descriptions import find_undescribed
from .history import dataset_version
from .opening import open_database, refuse_sqlite
from .pipeline import Result, Stages, Tell, inputs_digest, run, source_texts, untold
from .reach import describe_reach
from .tables import TABLES
from .writing import BuildStopped, check_codes, scratch_file, write_database


@dataclass(frozen=True)
class Report:
    """What a build did; its text is what `make build` prints."""

    result: Result
    stages: Stages
    digest: str

    def __str__(self) -> str:
        tables = self.result.tables
        own = [table for table in TABLES.values() if table.keeps == "own" and table.name in tables]
        counts, how = (", ".join(f"{len(tables[t.name])} {t.name}" for t in own if t.fact == fact) for fact in (True, False))
        times = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in self.stages.seconds.items())
        return (
            f"What happened: {counts}.\nHow we know: {how}; {len(tables['set_aside'])} lines set aside, all others cited or blank.\n"
            f"Time: {times}; {sum(self.stages.seconds.values()):.2f} s in all.\nLogical digest: {self.digest}"
        )


@without_collector()  # to its end: else it would look through all that was read while the rows are written
def build(
    raw: Path,
    metadata: Path,
    database: Path,
    csv_folder: Path | None = None,
    keep_in: Path | None = None,
    tell: Tell = untold,
    inputs: str | None = None,
) -> Report:
    """Build `database` from `raw` and describe it by `metadata`; write CSV files too if a folder is given.

    What is made of catalogue and sheets is kept in the folder `keep_in`, so that the next build reads only those that have changed. `tell`
    hears how far it is. `inputs` is the digest of raw and metadata where it is known.

    Raises InputFaults or BuildStopped; in both cases the old database is still there, untouched.
    """
    if refusal := refuse_sqlite():
        raise BuildStopped(refusal)
    stages = Stages(tell=tell)
    inputs = inputs or digest_inputs(raw, metadata)  # before they are read: what changes later is built anew
    try:
        result = run(raw, source_texts(), stages, keep_in=keep_in)
    except WorkerLost as error:
        raise BuildStopped(str(error)) from None
    info = {"dataset_version": dataset_version(result.tables["releases"]), "inputs_sha256": inputs, **describe_reach(result.tables)}
    checks = (check_codes, partial(find_undescribed, metadata))
    with scratch_file(database.parent) as scratch, stages.stage("write"):
        digest = write_database(result.tables, scratch, database, info, checks, csv_folder)
    return Report(result, stages, digest)


def digest_inputs(raw: Path, metadata: Path) -> str:
    """Return a SHA-256 over everything a database is made from, this code with it; the site's templates and plugins are not among it."""
    return sha256(f"{inputs_digest([raw, metadata])}{CODE_DIGEST}".encode()).hexdigest()


def is_current(database: Path, inputs: str | None = None) -> bool:
    """Tell whether `database` exists and was made from inputs of that digest, else from those of the project as they are now."""
    if not database.is_file():
        return False
    try:
        connection = open_database(database, "mode=ro")
        try:
            row = connection.execute("SELECT value FROM build_info WHERE id = 'inputs_sha256'").fetchone()
        finally:
            connection.close()
    except sqlite3.DatabaseError:
        return False
    return bool(row) and row[0] == (inputs or digest_inputs(paths.RAW, paths.METADATA))
