"""From rows to a database file that replaces the old one only when every check has passed.

Rows go, sorted, into a scratch file in one transaction; once checked it takes the place of the published file in one
step. The same rows give the same bytes (with one version of SQLite) because nothing depends on the clock or on the order
of arrival; and because they arrive sorted in a file that is new, the file is compact as it is. The digest and the CSV
files are made of the same rows by a process beside, where there are so many that this pays.
"""

from __future__ import annotations

import csv
import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from .batches.cores import WorkerLost, beside, cores
from .faults import Fault, InputFaults
from .opening import open_database
from .projecting import Tables
from .replacing import locked
from .rows import Row, Rows
from .tables import TABLES, Table

VIEWS = Path(__file__).with_name("views.sql")
SCRATCH = ".leadership-{}.tmp"
DATA_TABLES = [name for name in TABLES if name != "build_info"]
ROWS_TO_FORK_FOR = 50_000
ROWS_AT_ONCE = 1_000
JOURNALS = ("-journal", "-wal", "-shm")


class BuildStopped(Exception):  # noqa: N818 (it says what happened)
    """The database was not written; the message says why and what to do. What was there before is untouched."""


@contextmanager
def scratch_file(folder: Path) -> Iterator[Path]:
    """Lock `folder` for one build and yield the scratch file's path; leftovers of a killed build are removed first.

    Raises BuildStopped if another build runs there or the folder cannot be written.
    """
    with locked(folder / ".build.lock", BuildStopped, f"another build is at work in {folder}; wait for it to end"):
        remove_leftovers(folder)
        try:
            yield folder / SCRATCH.format("rows")
        except (OSError, sqlite3.OperationalError) as error:
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR:  # no space would help
                raise BuildStopped(f"SQLite refused a statement of the build ({error}); correct it in scripts/leadership/") from None
            raise BuildStopped(f"the database could not be written ({error}); free some space or make {folder} writable") from None
        except sqlite3.DatabaseError as error:
            raise BuildStopped(f"the rows do not fit their tables ({error}); correct in raw/ what they are made from") from None
        finally:
            remove_leftovers(folder)


def remove_leftovers(folder: Path) -> None:
    """Remove scratch files, also those of a build that was killed."""
    for path in folder.glob(SCRATCH.format("*") + "*"):
        with suppress(OSError):
            path.unlink()


Check = Callable[[sqlite3.Connection], Iterable[Fault]]


def write_database(
    tables: Tables,
    scratch: Path,
    target: Path,
    build_info: dict[str, str],
    checks: Iterable[Check] = (),
    csv_folder: Path | None = None,
) -> str:
    """Write all rows, check the result and put it in the place of `target`, with CSV files if a folder is given.

    Returns the logical digest. `checks` are run on the finished tables. Raises InputFaults with what they find, and
    BuildStopped if a foreign key is broken, the file is not sound or a published cell lacks a claim; then `target` and
    the CSV files stay as they were. The CSV files take their places before the
    database does: a build that dies on the way leaves the old database, is seen to be unfinished by it, and is made up for by the next.
    """
    fork = cores() > 1 and sum(map(len, tables.values())) >= ROWS_TO_FORK_FOR
    connection = sqlite3.connect(scratch, isolation_level=None)
    try:
        with beside(partial(_record, tables, csv_folder), fork) as recorded:
            write_tables(connection, tables)
            try:
                logical = recorded()
            except WorkerLost as error:
                raise BuildStopped(str(error)) from None
        counts = {f"rows_{name}": str(len(tables.get(name, ()))) for name in DATA_TABLES}
        info = {**build_info, "logical_digest": logical, **counts}
        connection.executemany('INSERT INTO "build_info" VALUES (?, ?)', sorted(info.items()))
        connection.execute("COMMIT")
        _check_database(connection, scratch, checks)
        connection.close()
        if csv_folder:
            _publish_csv(csv_folder)
        for mark in JOURNALS:  # left by somebody who wrote into the old file: SQLite would play it into the new one
            target.with_name(target.name + mark).unlink(missing_ok=True)
        os.replace(scratch, target)
    finally:
        connection.close()
        for waiting in csv_folder.glob("*.tmp") if csv_folder else ():
            waiting.unlink(missing_ok=True)
    return logical


def write_tables(connection: sqlite3.Connection, tables: Tables) -> None:
    """Write tables, search index, indexes and views, and leave the transaction open."""
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "secure_delete=ON", "foreign_keys=OFF", "page_size=4096", "cache_size=-16000"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("BEGIN")
    for name, table in TABLES.items():
        connection.execute(table.create_sql())
        connection.executemany(table.insert_sql(), _cells(tables.get(name, []), table))
    _write_search_index(connection, tables["subjects"])
    _write_indexes(connection)
    for view in VIEWS.read_text(encoding="utf-8").split(";\n"):
        connection.execute(view)


def _record(tables: Tables, csv_folder: Path | None) -> str:
    """Return the logical digest of the rows; write them into CSV files that wait to be published, if a folder is given."""
    if csv_folder:
        csv_folder.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    for name in DATA_TABLES:
        table = TABLES[name]
        digest.update(table.create_sql().encode())
        with _waiting_csv(csv_folder, name, table.column_names) as write_rows:
            cells = iter(_cells(tables.get(name, []), table))
            while rows := list(islice(cells, ROWS_AT_ONCE)):
                digest.update("".join(map(repr, rows)).encode())
                write_rows(rows)
    return digest.hexdigest()


def _cells(rows: list[Row] | Rows, table: Table) -> Iterable[Sequence[Any]]:
    """Return the cells of a table's rows in the order of its columns."""
    names = table.column_names
    if not isinstance(rows, Rows):
        return (tuple(row.get(name) for name in names) for row in rows)
    return rows.cells() if rows.columns == names else (cells[: len(names)] for cells in rows.cells())


def _write_search_index(connection: sqlite3.Connection, hub: list[Row] | Rows) -> None:
    """Index the hub's folded text. Rowids are given, so that they agree with those of `subjects`, which came in this order."""
    connection.execute("CREATE VIRTUAL TABLE subjects_fts USING fts5(text, content='', tokenize='unicode61 remove_diacritics 2')")
    texts = ((rowid, row["search_text"]) for rowid, row in enumerate(hub, start=1))
    connection.executemany("INSERT INTO subjects_fts (rowid, text) VALUES (?, ?)", texts)
    connection.execute("INSERT INTO subjects_fts (subjects_fts) VALUES ('optimize')")


def _write_indexes(connection: sqlite3.Connection) -> None:
    from sqlite_utils import Database  # here, because it loads pandas where that is installed, and only a build needs it

    Database(connection).index_foreign_keys()
    for name, columns in (("statements", '"subject_id", "property"'), ("passages", '"source_id", "line"'), ("codes", '"list", "code"')):
        connection.execute(f'CREATE INDEX "idx_{name}_lookup" ON "{name}" ({columns})')


def _check_database(connection: sqlite3.Connection, path: Path, checks: Iterable[Check]) -> None:
    """Stop the build on a broken foreign key, an unsound file, a cell without a claim, or what `checks` find.

    Meanwhile SQLite looks through the file, and the disk takes it.
    """
    with ThreadPoolExecutor(2) as executor:
        soundness, flushed = executor.submit(_soundness, path), executor.submit(_flush, path)
        _check_rows(connection)
        if faults := [fault for check in checks for fault in check(connection)]:
            raise InputFaults(faults)
        sound, _ = soundness.result(), flushed.result()
    if sound != "ok":
        raise BuildStopped(f"the database file is not sound: {sound}")


def _check_rows(connection: sqlite3.Connection) -> None:
    """Stop the build on a broken foreign key or a cell without a claim."""
    broken = connection.execute("PRAGMA foreign_key_check").fetchall()
    if broken:
        rows = "; ".join(f"{table} row {rowid} points to no {parent}" for table, rowid, parent, _ in broken[:5])
        raise BuildStopped(f"{len(broken)} foreign keys lead nowhere: {rows}")
    orphans = connection.execute(
        "SELECT subject_id || ' ' || property FROM statements"
        " WHERE claim_count = 0 AND (rank = 'preferred' OR (rank <> 'deprecated' AND denial_count = 0))"
    ).fetchall()
    unclaimed = connection.execute(
        "SELECT id FROM subjects WHERE kind <> 'source' AND id NOT IN (SELECT subject_id FROM statements WHERE property = 'occurs')"
    ).fetchall()
    for name in (table.name for table in TABLES.values() if table.fact):
        alone = connection.execute(f"SELECT id FROM {name} WHERE standing = 'agreed' AND (source_count < 2 OR origin_count < 2)").fetchall()
        if alone:
            raise BuildStopped(f"called agreed on one source or origin: {', '.join(key for (key,) in alone[:10])} in {name}")
    if orphans or unclaimed:
        raise BuildStopped(f"published without a claim: {', '.join(what for (what,) in (orphans + unclaimed)[:10])}")


def check_codes(connection: sqlite3.Connection) -> Iterator[Fault]:
    """Yield a fault for each code in the tables that its list has not: sheets are held to the lists, and here the build itself is."""
    for table in TABLES.values():
        for column in (column for column in table.columns if column.codes):
            items = f', json_each("{table.name}"."{column.name}") AS item' if column.form == "array" else ""
            value = "item.value" if items else f'"{column.name}"'
            known = "SELECT code FROM codes WHERE list = ?"
            query = f'SELECT DISTINCT {value} FROM "{table.name}"{items} WHERE {value} IS NOT NULL AND {value} NOT IN ({known})'
            for (code,) in connection.execute(query, (column.codes,)):
                message = f"the list {column.codes} has no {code}, which the build gives as {column.name} of {table.name}; bring it back"
                yield Fault("raw/codes.yml", 0, 0, message)


def _soundness(path: Path) -> str:
    """Return `ok` if the file is sound, else the first thing that is wrong with it."""
    connection = open_database(path, "mode=ro")
    try:
        return str(connection.execute("PRAGMA integrity_check").fetchone()[0])
    finally:
        connection.close()


@contextmanager
def _waiting_csv(folder: Path | None, table: str, header: Sequence[str]) -> Iterator[Callable[[Iterable[Sequence[Any]]], None]]:
    """Yield what writes rows into a CSV file that waits beside its place until `_publish_csv`; without a folder, nowhere."""
    if folder is None:
        yield lambda rows: None
        return
    with (folder / f"{table}.tmp").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        yield writer.writerows


def _publish_csv(folder: Path) -> None:
    """Put the files that wait in the place of the old ones, and remove the files of tables that are no more."""
    for name in DATA_TABLES:
        os.replace(folder / f"{name}.tmp", folder / f"{name}.csv")
    for stale in {*folder.glob("*.csv"), *folder.glob("*.tmp")} - {folder / f"{name}.csv" for name in DATA_TABLES}:
        stale.unlink()


def _flush(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
