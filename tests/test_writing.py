"""Writing: the same rows give the same bytes, and the old database stays until a sound one takes its place."""

from __future__ import annotations

import csv
import hashlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import RawFolder
from leadership import paths, writing
from leadership.faults import Fault, InputFaults
from leadership.pipeline import Result
from leadership.replacing import in_place_of
from leadership.tables import TABLES
from leadership.writing import BuildStopped, check_codes, scratch_file, write_database

OLD = b"the old database"


def write(tables: dict[str, list[Any]], folder: Path, **options: Any) -> str:
    with scratch_file(folder) as scratch:
        return write_database(tables, scratch, folder / "leadership.db", {"dataset_version": "1"}, **options)


def query(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(folder / "leadership.db")
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def tables(minimal: Result) -> dict[str, list[Any]]:
    return {name: [dict(row) for row in rows] for name, rows in minimal.tables.items()}


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Path]:
    """A folder with an old database, which must still be there when the test ends."""
    (tmp_path / "leadership.db").write_bytes(OLD)
    yield tmp_path
    assert (tmp_path / "leadership.db").read_bytes() == OLD
    assert scratch_files(tmp_path) == []


def scratch_files(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.endswith(".tmp") or "journal" in path.name]


def test_the_same_rows_give_the_same_bytes_twice(tables: dict[str, list[Any]], tmp_path: Path):
    assert write(tables, tmp_path / "a") == write(tables, tmp_path / "b")
    assert digest(tmp_path / "a" / "leadership.db") == digest(tmp_path / "b" / "leadership.db")


def test_the_same_folder_read_twice_gives_the_same_bytes(raw: RawFolder, tmp_path: Path):
    write(raw.run().tables, tmp_path / "a")
    write(raw.run().tables, tmp_path / "b")
    assert digest(tmp_path / "a" / "leadership.db") == digest(tmp_path / "b" / "leadership.db")


def test_another_cell_gives_another_digest(tables: dict[str, list[Any]], tmp_path: Path):
    first = write(tables, tmp_path / "a")
    tables["people"][0]["label"] = "Somebody"
    assert write(tables, tmp_path / "b") != first


def test_every_table_is_strict_and_has_all_its_rows(tables: dict[str, list[Any]], tmp_path: Path):
    write(tables, tmp_path)
    strict = dict(query(tmp_path, "SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"))
    for name in TABLES:
        assert strict[name] == 1, name
        if name != "build_info":
            assert query(tmp_path, f'SELECT COUNT(*) FROM "{name}"') == [(len(tables[name]),)], name


def test_build_info_holds_digest_and_counts_and_no_clock_time(tables: dict[str, list[Any]], tmp_path: Path):
    logical = write(tables, tmp_path)
    info = dict(query(tmp_path, "SELECT id, value FROM build_info"))
    assert (info["dataset_version"], info["logical_digest"], info["rows_people"]) == ("1", logical, "2")
    assert set(info) == {"dataset_version", "logical_digest", *(f"rows_{name}" for name in TABLES if name != "build_info")}


def test_the_search_index_finds_a_subject_by_any_spelling(tables: dict[str, list[Any]], tmp_path: Path):
    write(tables, tmp_path)
    sql = "SELECT id FROM subjects WHERE rowid IN (SELECT rowid FROM subjects_fts WHERE subjects_fts MATCH '\"特 曼\"') AND kind = 'person'"
    assert query(tmp_path, sql) == [("sam-altman",)]


def test_every_view_can_be_read(tables: dict[str, list[Any]], tmp_path: Path):
    write(tables, tmp_path)
    names = [row[0] for row in query(tmp_path, "SELECT name FROM sqlite_master WHERE type = 'view'")]
    assert len(names) >= 9
    for name in names:
        query(tmp_path, f'SELECT * FROM "{name}"')


def test_no_line_of_a_source_is_unaccounted_for(tables: dict[str, list[Any]], tmp_path: Path):
    write(tables, tmp_path)
    assert query(tmp_path, "SELECT source_id, lines, blank, cited, set_aside, unaccounted FROM line_coverage") == [
        ("alpha", 6, 1, 3, 2, 0),  # names are anchored at lines 1 and 6, but that does not account for them
        ("beta", 1, 0, 1, 0, 0),
    ]


def test_the_old_database_stays_when_a_foreign_key_is_broken(tables: dict[str, list[Any]], old: Path):
    tables["tenures"][0]["person_id"] = "nobody"
    with pytest.raises(BuildStopped, match=r"^1 foreign keys lead nowhere: tenures row 1 points to no people$"):
        write(tables, old)


def test_the_old_database_stays_when_a_check_fails(tables: dict[str, list[Any]], old: Path):
    fault = Fault("metadata.yml", 1, 1, "wrong")
    with pytest.raises(InputFaults) as error:
        write(tables, old, checks=[lambda connection: [fault]])
    assert error.value.faults == [fault]


def test_the_old_database_stays_when_a_code_of_the_build_itself_has_no_meaning(tables: dict[str, list[Any]], old: Path):
    gone = ("precision-month", "departure-reason-loss-of-board-confidence")  # of a cell, and of the items of one
    tables["codes"] = [row for row in tables["codes"] if row["id"] not in gone]
    with pytest.raises(InputFaults) as error:
        write(tables, old, checks=[check_codes])
    assert [str(fault) for fault in error.value.faults] == [
        f"raw/codes.yml: the list {name} has no {code}, which the build gives as {column}; bring it back"
        for name, code, column in (
            ("departure_reason", "loss_of_board_confidence", "reason of departures"),
            ("precision", "month", "as_of_precision of figures"),
            ("precision", "month", "published_precision of sources"),
        )
    ]


def test_the_old_database_stays_when_a_subject_is_not_claimed(tables: dict[str, list[Any]], old: Path):
    gone = {row["id"] for row in tables["statements"] if (row["subject_id"], row["property"]) == ("altman-returns", "occurs")}
    tables["statements"] = [row for row in tables["statements"] if row["id"] not in gone]
    tables["claims"] = [row for row in tables["claims"] if row["statement_id"] not in gone]
    with pytest.raises(BuildStopped, match=r"^published without a claim: altman-returns$"):
        write(tables, old)


def test_the_old_database_stays_when_a_statement_has_no_claim(tables: dict[str, list[Any]], old: Path):
    statement = next(row for row in tables["statements"] if row["property"] == "manner")
    statement.update(claim_count=0, denial_count=0)
    with pytest.raises(BuildStopped, match=r"^published without a claim: altman-openai-2023 manner$"):
        write(tables, old)


# A denial is no claim for a value.
def test_the_old_database_stays_when_an_accepted_value_is_only_denied(tables: dict[str, list[Any]], tmp_path: Path):
    statement = next(row for row in tables["statements"] if row["property"] == "manner")
    statement.update(claim_count=0, denial_count=1)
    with pytest.raises(BuildStopped, match=r"^published without a claim: altman-openai-2023 manner$"):
        write(tables, tmp_path)


def test_the_old_database_stays_when_a_row_does_not_fit_its_table(tables: dict[str, list[Any]], old: Path):
    tables["people"].append(tables["people"][0])
    with pytest.raises(BuildStopped):
        write(tables, old)


def test_the_old_database_stays_when_a_build_is_interrupted(tables: dict[str, list[Any]], old: Path):
    with pytest.raises(KeyboardInterrupt), scratch_file(old) as scratch:  # noqa: PT012
        scratch.write_bytes(b"half")
        raise KeyboardInterrupt


def test_a_sound_database_takes_the_place_of_the_old_one_and_leaves_no_scratch(tables: dict[str, list[Any]], tmp_path: Path):
    (tmp_path / "leadership.db").write_bytes(OLD)
    write(tables, tmp_path)
    assert query(tmp_path, "PRAGMA integrity_check") == [("ok",)]
    assert scratch_files(tmp_path) == []


def test_what_a_killed_build_left_is_removed(tables: dict[str, list[Any]], tmp_path: Path):
    for name in (".leadership-rows.tmp", ".leadership-rows.tmp-journal", ".leadership-finished.tmp"):
        (tmp_path / name).write_bytes(b"left")
    with scratch_file(tmp_path):
        assert scratch_files(tmp_path) == []
    write(tables, tmp_path)
    assert query(tmp_path, "SELECT COUNT(*) FROM people") == [(2,)]


def test_a_second_build_at_the_same_time_says_so_and_leaves_the_first_alone(tmp_path: Path):
    with scratch_file(tmp_path) as scratch:
        scratch.write_bytes(b"at work")
        with pytest.raises(BuildStopped, match=r"^another build is at work in .*; wait for it to end$"), scratch_file(tmp_path):
            pass
        assert scratch.read_bytes() == b"at work"


def test_a_build_may_follow_another(tmp_path: Path):
    for _ in range(2):
        with scratch_file(tmp_path):
            pass


def test_what_is_broken_off_takes_no_place_and_leaves_nothing_beside(old: Path):
    with pytest.raises(TypeError), in_place_of(old / "leadership.db") as waiting:
        waiting.write_text(waiting.write_text("half"))  # type: ignore[arg-type]


def test_what_is_whole_takes_the_place_of_what_was_there(tmp_path: Path):
    (tmp_path / "what").write_text("old")
    with in_place_of(tmp_path / "what") as waiting:
        waiting.write_text("new")
        assert (tmp_path / "what").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["what"]
    assert (tmp_path / "what").read_text() == "new"


def test_locks_are_taken_in_one_module_alone():
    modules = [path for path in (paths.ROOT / "scripts").rglob("*.py") if "flock(" in path.read_text(encoding="utf-8")]
    assert [path.name for path in modules] == ["replacing.py"]


def test_a_folder_that_cannot_be_made_says_what_to_do(tmp_path: Path):
    (tmp_path / "file").write_text("x")
    said = r"^.*/file/curated cannot be written \(Not a directory\); make it writable or free some space$"
    with pytest.raises(BuildStopped, match=said), scratch_file(tmp_path / "file" / "curated"):
        pass


def test_a_full_disk_says_what_to_do(tmp_path: Path):
    with pytest.raises(BuildStopped, match=r"could not be written \(\[Errno 28\] No space left\); free some space"), scratch_file(tmp_path):
        raise OSError(28, "No space left")


def test_each_table_but_build_info_becomes_a_csv_file_sorted_by_id(tables: dict[str, list[Any]], tmp_path: Path):
    (tmp_path / "csv").mkdir()
    (tmp_path / "csv" / "stale.csv").write_text("x")
    write(tables, tmp_path, csv_folder=tmp_path / "csv")
    assert {path.name for path in (tmp_path / "csv").iterdir()} == {f"{name}.csv" for name in TABLES if name != "build_info"}
    with (tmp_path / "csv" / "people.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["id"], row["name_zh"]) for row in rows] == [("mira-murati", ""), ("sam-altman", "奥特曼")]


def test_csv_files_are_the_same_twice(tables: dict[str, list[Any]], tmp_path: Path):
    for folder in ("a", "b"):
        write(tables, tmp_path, csv_folder=tmp_path / folder)
    assert [digest(path) for path in sorted((tmp_path / "a").iterdir())] == [digest(path) for path in sorted((tmp_path / "b").iterdir())]


def test_the_digest_of_the_rows_is_that_of_the_database(tables: dict[str, list[Any]], tmp_path: Path):
    logical = write(tables, tmp_path)
    found = hashlib.sha256()
    for name in TABLES:
        if name != "build_info":
            found.update(TABLES[name].create_sql().encode())
            for row in query(tmp_path, f'SELECT * FROM "{name}" ORDER BY 1'):
                found.update(repr(row).encode())
    assert found.hexdigest() == logical


def test_csv_files_hold_the_cells_of_the_database(tables: dict[str, list[Any]], tmp_path: Path):
    write(tables, tmp_path, csv_folder=tmp_path / "csv")
    for path in (tmp_path / "csv").iterdir():
        with path.open(encoding="utf-8", newline="") as file:
            _, *rows = csv.reader(file)
        cells = query(tmp_path, f'SELECT * FROM "{path.stem}" ORDER BY 1')
        assert rows == [["" if cell is None else str(cell) for cell in row] for row in cells], path.stem


def test_a_process_beside_writes_the_same(tables: dict[str, list[Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    first = write(tables, tmp_path / "alone")
    monkeypatch.setattr(writing, "ROWS_TO_FORK_FOR", 0)
    assert write(tables, tmp_path / "beside", csv_folder=tmp_path / "csv") == first
    assert digest(tmp_path / "alone" / "leadership.db") == digest(tmp_path / "beside" / "leadership.db")


def test_csv_files_stay_as_they_were_when_the_build_stops(tables: dict[str, list[Any]], tmp_path: Path):
    tables["tenures"][0]["person_id"] = "nobody"
    with pytest.raises(BuildStopped):
        write(tables, tmp_path, csv_folder=tmp_path / "csv")
    assert list((tmp_path / "csv").iterdir()) == []


def test_a_process_beside_that_fails_stops_the_build(tables: dict[str, list[Any]], old: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(writing, "ROWS_TO_FORK_FOR", 0)
    monkeypatch.setattr(writing, "_record", lambda *_: os._exit(1))
    with pytest.raises(BuildStopped, match="ended too early; see whether memory ran out"):
        write(tables, old)


def test_a_statement_that_sqlite_refuses_is_not_taken_for_want_of_space(tmp_path: Path):
    said = r"^SQLite refused a statement of the build \(no such table: absent\); correct it in scripts/leadership/$"
    with pytest.raises(BuildStopped, match=said), scratch_file(tmp_path) as scratch:
        sqlite3.connect(scratch).execute("SELECT 1 FROM absent")
