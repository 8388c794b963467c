"""From rows to a database file that replaces the old one only when every check has passed.

Rows go, sorted, into a scratch file in one transaction; the checked result is copied by `VACUUM INTO` to a second file,
which takes the place of the published one in one step. The same rows give the same bytes (with one version of SQLite)
because nothing depends on the clock or on the order of arrival.
"""

from __future__ import annotations

import csv
import fcntl
import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from .faults import Fault, InputFaults
from .projecting import Row
from .tables import TABLES

VIEWS = Path(__file__).with_name("views.sql")
SCRATCH = ".leadership-{}.tmp"
JOURNALS = ("-journal", "-wal", "-shm")


class BuildStopped(Exception):  # noqa: N818 (it says what happened)
    """The database was not written; the message says why and what to do. What was there before is untouched."""


@contextmanager
def building(folder: Path) -> Iterator[Path]:
    """Lock `folder` for one build and yield the scratch file's path; leftovers of a killed build are removed first.

    Raises BuildStopped if another build runs there or the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = open(folder / ".build.lock", "w")  # noqa: SIM115 (held until the end of the build)
    except OSError as error:
        raise BuildStopped(f"{folder} cannot be written ({error.strerror}); make it writable or free some space") from None
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise BuildStopped(f"another build is at work in {folder}; wait for it to end") from None
        remove_leftovers(folder)
        try:
            yield folder / SCRATCH.format("rows")
        except (OSError, sqlite3.OperationalError) as error:
            raise BuildStopped(f"the database could not be written ({error}); free some space or make {folder} writable") from None
        except sqlite3.DatabaseError as error:
            raise BuildStopped(f"the rows do not fit their tables ({error}); correct in raw/ what they are made from") from None
        finally:
            remove_leftovers(folder)
    finally:
        lock.close()


def remove_leftovers(folder: Path) -> None:
    """Remove scratch files, also those of a build that was killed."""
    for path in folder.glob(SCRATCH.format("*") + "*"):
        with suppress(OSError):
            path.unlink()


Check = Callable[[sqlite3.Connection], Iterable[Fault]]


def write_database(
    tables: dict[str, list[Row]],
    scratch: Path,
    target: Path,
    build_info: dict[str, str],
    checks: Iterable[Check] = (),
    before: Callable[[Path], None] = lambda finished: None,
) -> str:
    """Write all rows, check the result and put it in the place of `target`. Returns the logical digest.

    `before` is called with the finished file before it takes its place: what is made from the database is written first, so
    that a build which dies on the way leaves the old database, is seen to be unfinished by it, and is made up for by the next.
    `checks` are run on the finished tables. Raises InputFaults with what they find, and BuildStopped if a foreign key is
    broken, the file is not sound or a published cell lacks a claim; then `target` stays as it was.
    """
    connection = sqlite3.connect(scratch, isolation_level=None)
    try:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "secure_delete=ON", "foreign_keys=OFF", "page_size=4096"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN")
        for name, table in TABLES.items():
            connection.execute(table.create_sql())
            names = [column.name for column in table.columns]
            connection.executemany(table.insert_sql(), ([row.get(n) for n in names] for row in tables.get(name, ())))
        _write_search_index(connection, tables["subjects"])
        _write_indexes(connection)
        connection.executescript(VIEWS.read_text(encoding="utf-8"))
        logical = logical_digest(connection)
        counts = {f"rows_{name}": str(len(tables.get(name, ()))) for name in TABLES if name != "build_info"}
        info = {**build_info, "logical_digest": logical, **counts}
        connection.executemany('INSERT INTO "build_info" VALUES (?, ?)', sorted(info.items()))
        if connection.in_transaction:
            connection.execute("COMMIT")
        _check_database(connection)
        if faults := [fault for check in checks for fault in check(connection)]:
            raise InputFaults(faults)
        finished = scratch.with_name(SCRATCH.format("finished"))
        connection.execute("VACUUM INTO ?", (str(finished),))
    finally:
        connection.close()
    _flush(finished)
    before(finished)
    for mark in JOURNALS:  # left by somebody who wrote into the old file: SQLite would play it into the new one
        target.with_name(target.name + mark).unlink(missing_ok=True)
    os.replace(finished, target)
    return logical


def _write_search_index(connection: sqlite3.Connection, hub: list[Row]) -> None:
    """Index the hub's folded text. Rowids are given, so that they agree with those of `subjects` for ever."""
    connection.execute("CREATE VIRTUAL TABLE subjects_fts USING fts5(text, content='', tokenize='unicode61 remove_diacritics 2')")
    rowids = dict(connection.execute("SELECT id, rowid FROM subjects"))
    connection.executemany("INSERT INTO subjects_fts (rowid, text) VALUES (?, ?)", ((rowids[row["id"]], row["search_text"]) for row in hub))
    connection.execute("INSERT INTO subjects_fts (subjects_fts) VALUES ('optimize')")


def _write_indexes(connection: sqlite3.Connection) -> None:
    Database(connection).index_foreign_keys()
    for table, columns in (("statements", '"subject_id", "property"'), ("passages", '"source_id", "line"')):
        connection.execute(f'CREATE INDEX "idx_{table}_lookup" ON "{table}" ({columns})')


def _check_database(connection: sqlite3.Connection) -> None:
    """Stop the build on a broken foreign key, an unsound file or a cell without a claim."""
    broken = connection.execute("PRAGMA foreign_key_check").fetchall()
    if broken:
        rows = "; ".join(f"{table} row {rowid} points to no {parent}" for table, rowid, parent, _ in broken[:5])
        raise BuildStopped(f"{len(broken)} foreign keys lead nowhere: {rows}")
    sound = connection.execute("PRAGMA integrity_check").fetchone()[0]
    if sound != "ok":
        raise BuildStopped(f"the database file is not sound: {sound}")
    orphans = connection.execute(
        "SELECT subject_id || ' ' || property FROM statements"
        " WHERE claim_count = 0 AND (rank = 'preferred' OR (rank <> 'deprecated' AND denial_count = 0))"
    ).fetchall()
    unclaimed = connection.execute(
        "SELECT id FROM subjects WHERE kind <> 'source' AND id NOT IN (SELECT subject_id FROM statements WHERE property = 'occurs')"
    ).fetchall()
    if orphans or unclaimed:
        raise BuildStopped(f"published without a claim: {', '.join(row[0] for row in (orphans + unclaimed)[:10])}")


def logical_digest(connection: sqlite3.Connection) -> str:
    """Return a SHA-256 over schema and sorted rows: equal for equal content whatever the version of SQLite."""
    digest = hashlib.sha256()
    for name, table in TABLES.items():
        if name == "build_info":
            continue
        digest.update(table.create_sql().encode())
        for row in connection.execute(f'SELECT * FROM "{name}" ORDER BY 1'):
            digest.update(repr(row).encode())
    return digest.hexdigest()


def write_csv(database: Path, folder: Path) -> int:
    """Write each table (but `build_info`) as CSV, UTF-8 with a header, sorted by id; return the number of files."""
    folder.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(f"{database.resolve().as_uri()}?immutable=1", uri=True)
    try:
        names = [name for name in TABLES if name != "build_info"]
        for name in names:
            cursor = connection.execute(f'SELECT * FROM "{name}" ORDER BY 1')
            _replace_text(folder / f"{name}.csv", [[column[0] for column in cursor.description], *cursor])
    finally:
        connection.close()
    for stale in {*folder.glob("*.csv"), *folder.glob("*.tmp")} - {folder / f"{name}.csv" for name in names}:
        stale.unlink()
    return len(names)


def _replace_text(path: Path, rows: list[Any]) -> None:
    scratch = path.with_suffix(".tmp")
    with scratch.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    os.replace(scratch, path)


def _flush(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
