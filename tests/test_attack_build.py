"""A build that is killed, starved, locked out or doubled: the database in place is the old one or the new one, whole.

`KILLS=200 pytest tests/test_attack_build.py` kills two hundred builds instead of a few.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from commands import main
from conftest import RawFolder
from leadership import paths
from leadership.building import build
from leadership.writing import JOURNALS, BuildStopped

KILLS = int(os.environ.get("KILLS", "9"))
FORK = multiprocessing.get_context("fork")


class Project:
    """Two states of a small raw folder, `old` and `new`, the database and CSV files that each gives, and a place to build in."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.raw = {name: RawFolder(folder / f"raw-{name}").folder for name in ("old", "new")}
        people = self.raw["new"] / "people.yml"
        people.write_text(people.read_text(encoding="utf-8").replace("name: Mira Murati", "name: M. Murati"), encoding="utf-8")
        self.files = {name: self._clean(name) for name in self.raw}
        assert self.files["old"] != self.files["new"]

    def _clean(self, name: str) -> dict[str, str]:
        place = self.folder / f"clean-{name}"
        self.build(name, place)
        return digests(place)

    def build(self, name: str, place: Path) -> None:
        """Build from one of the two states into a folder."""
        build(self.raw[name], paths.METADATA, place / "leadership.db", place / "csv")

    def child(self, name: str, place: Path, prepare: Callable[[], object] = lambda: None) -> Any:
        """Start the build in a process of its own; it ends with 0 if it built, with 3 if it was stopped with a message."""

        def run() -> None:
            os.setpgrp()
            prepare()
            try:
                self.build(name, place)
            except BuildStopped as error:
                with suppress(OSError):  # where files may not grow, no message can be left in one
                    (place.parent / f"{place.name}-said-{os.getpid()}").write_text(str(error))
                os._exit(3)
            os._exit(0)

        process = FORK.Process(target=run)
        process.start()
        return process


def digests(place: Path) -> dict[str, str]:
    """Return the digest of every file of a folder of results, the lock apart."""
    files = (path for path in place.rglob("*") if path.is_file() and path.name != ".build.lock")
    return {str(path.relative_to(place)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def leftovers(place: Path) -> list[str]:
    return [str(path) for path in place.rglob("*") if path.suffix == ".tmp" or path.name.endswith(JOURNALS)]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return Project(tmp_path_factory.mktemp("project"))


@pytest.fixture
def place(project: Project, tmp_path: Path) -> Path:
    """A folder with the old database and its CSV files."""
    return Path(shutil.copytree(project.folder / "clean-old", tmp_path / "curated"))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[int], Path]]:
    """A function that mounts a disk of so many bytes; skips where this user may not mount one."""
    place = tmp_path / "disk"
    place.mkdir()

    def mount(size: int) -> Path:
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(place)], capture_output=True, check=False)
        if done.returncode:
            pytest.skip("this user may not mount a small disk")
        return place

    yield mount
    subprocess.run(["umount", str(place)], capture_output=True, check=False)


# ---------------------------------------------------------------------- killed
def test_a_build_killed_at_any_moment_leaves_the_old_or_the_new_database_and_the_next_makes_up_for_it(project: Project, place: Path):
    began = time.monotonic()
    process = project.child("new", place)
    process.join()
    takes = time.monotonic() - began
    chance = random.Random(20231117)
    found = {"old": 0, "new": 0}
    now = "new"
    for number in range(KILLS):
        state = "old" if now == "new" else "new"
        process = project.child(state, place)
        time.sleep(chance.uniform(0, 1.1) * takes)
        process.kill()
        process.join()
        whole = digests(place)
        database = next(name for name in project.files if project.files[name]["leadership.db"] == whole["leadership.db"])
        found["new" if database == state else "old"] += 1
        # Each CSV file is whole too; and where the database is the new one, so are all of them.
        assert all(whole[name] in (project.files["old"][name], project.files["new"][name]) for name in project.files["old"])
        if database == state:
            assert {name: whole[name] for name in project.files[state]} == project.files[state]
        if number % 3 == 0:
            project.build(state, place)
            assert digests(place) == project.files[state]
            assert leftovers(place) == []
            database = state
        now = database
    assert sum(found.values()) == KILLS
    print(f"{KILLS} builds killed: {found}")


@pytest.mark.parametrize("name", ["leadership.writing._publish_csv", "leadership.writing.os.replace", "leadership.writing._flush"])
def test_a_build_killed_between_its_last_steps_is_made_up_for_by_the_next(project: Project, place: Path, name: str):
    module, attribute = name.rsplit(".", 1)

    def die(*arguments: object, **options: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def prepare() -> None:
        import leadership.writing

        target: Any = leadership.writing.os if module.endswith("os") else leadership.writing
        setattr(target, attribute, die)

    process = project.child("new", place, prepare)
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert digests(place)["leadership.db"] == project.files["old"]["leadership.db"]
    assert leftovers(place) != []
    project.build("new", place)
    assert digests(place) == project.files["new"]
    assert leftovers(place) == []


# What is in place is not taken for current unless everything that is made from it was written.
def test_the_database_takes_its_place_after_the_csv_files(project: Project, place: Path):
    order: list[str] = []
    real = os.replace

    def noting(source: Any, target: Any) -> None:
        order.append(Path(target).suffix)
        real(source, target)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "replace", noting)
        project.build("new", place)
    assert order[-1] == ".db"
    assert set(order[:-1]) == {".csv"}


def test_an_interrupted_build_says_so_and_leaves_everything(
    project: Project, place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def interrupted(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("leadership.building.build", interrupted)
    assert main(["build"]) == 130
    assert capsys.readouterr().err == "Interrupted; the database was left as it is.\n"


def test_a_build_that_is_interrupted_behind_its_database_says_that_it_is_new(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def interrupted(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("leadership.building.build", lambda *arguments: None)
    monkeypatch.setattr("distribution.contents.read_contents", interrupted)
    assert main(["build"]) == 130
    assert capsys.readouterr().err == "Interrupted; the database is new, and not all that describes it is; build again.\n"


# ---------------------------------------------------------------------- no room, no right
def said(place: Path) -> str:
    return "".join(path.read_text() for path in place.parent.glob(f"{place.name}-said-*"))


@pytest.mark.parametrize("limit", [0, 4096, 100_000, 300_000])
def test_a_limit_on_the_size_of_files_stops_the_build_and_leaves_the_old_database(project: Project, place: Path, limit: int):
    process = project.child("new", place, lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
    process.join()
    assert process.exitcode == 3
    assert digests(place)["leadership.db"] == project.files["old"]["leadership.db"]
    assert [path for path in leftovers(place) if "csv" not in path] == []
    project.build("new", place)
    assert digests(place) == project.files["new"]


@pytest.mark.parametrize("room", [0.0, 0.3, 0.7, 1.1])
def test_a_full_disk_stops_the_build_says_what_to_do_and_leaves_the_old_database(
    project: Project, small_disk: Callable[[int], Path], room: float
):
    size = (project.folder / "clean-old" / "leadership.db").stat().st_size
    disk = small_disk(size * 6)
    place = disk / "curated"
    project.build("old", place)
    before = digests(place)
    free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
    (disk / "ballast").write_bytes(b"x" * max(0, free - int(size * room)))
    with pytest.raises(BuildStopped, match=r"^(the database could not be written|.* cannot be written) \(.*\); .*(free some space|make )"):
        project.build("new", place)
    assert digests(place)["leadership.db"] == before["leadership.db"]
    assert leftovers(place) == []
    (disk / "ballast").unlink()
    project.build("new", place)
    assert digests(place) == project.files["new"]


def test_a_folder_that_may_not_be_written_stops_the_build_and_says_so(project: Project, small_disk: Callable[[int], Path]):
    disk = small_disk(20_000_000)
    project.build("old", disk / "curated")
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    with pytest.raises(BuildStopped, match=r"curated cannot be written \(Read-only file system\); make it writable or free some space$"):
        project.build("new", disk / "curated")
    assert digests(disk / "curated") == project.files["old"]


def test_a_build_that_is_stopped_tells_it_without_a_traceback(
    project: Project, place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(paths, "RAW", project.raw["new"])
    monkeypatch.setattr(paths, "DATABASE", place / "leadership.db" / "leadership.db")  # a file in the place of a folder
    monkeypatch.setattr(paths, "CSV", place / "csv")
    assert main(["build"]) == 1
    message = capsys.readouterr().err
    assert "cannot be written" in message
    assert message.endswith("The database was left as it is.\n")
    assert "Traceback" not in message
    assert digests(place) == project.files["old"]


# ---------------------------------------------------------------------- two at once, and what others left
def test_of_two_builds_at_once_each_builds_or_says_that_another_is_at_work(project: Project, place: Path):
    codes = []
    for _ in range(6):
        pair = [project.child(name, place) for name in ("old", "new")]
        for process in pair:
            process.join()
        codes += [process.exitcode for process in pair]
        assert 0 in codes[-2:]
        whole = digests(place)
        assert whole in project.files.values()
        assert leftovers(place) == []
    assert set(codes) <= {0, 3}
    assert 3 not in codes or "another build is at work" in said(place)


@pytest.mark.parametrize("mark", JOURNALS)
def test_a_journal_of_the_old_file_is_not_played_into_the_new_one(project: Project, place: Path, mark: str):
    old = place / "leadership.db"
    # Somebody opened the old file for writing and died with the journal on the disk.
    subprocess.run(
        [
            "python3",
            "-c",
            "import sqlite3, sys, os\nc = sqlite3.connect(sys.argv[1])\nc.execute('PRAGMA cache_size = 1')\n"
            f"c.execute('PRAGMA journal_mode = {'DELETE' if mark == '-journal' else 'WAL'}')\nc.execute('BEGIN')\n"
            "c.execute('UPDATE codes SET label = label || zeroblob(2000)')\nc.execute('UPDATE claims SET note = \"x\"')\n"
            "if 'WAL' in sys.argv[2]: c.execute('COMMIT')\nos._exit(0)",
            str(old),
            "WAL" if mark != "-journal" else "",
        ],
        check=False,
        capture_output=True,
    )
    (place / f"leadership.db{mark}").touch()
    project.build("new", place)
    assert leftovers(place) == []
    assert digests(place) == project.files["new"]
    connection = sqlite3.connect(old)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()


def test_a_folder_with_signs_that_addresses_read_otherwise_can_be_built_in(project: Project, tmp_path: Path):
    for name in ("100%25 ?mode=memory#x", "奥特曼", "a b"):
        project.build("new", tmp_path / name)
        assert digests(tmp_path / name) == project.files["new"]


# ---------------------------------------------------------------------- the clock
@pytest.mark.parametrize("moment", [1, 1_000_000_000, 4_000_000_000])
def test_neither_the_clock_nor_the_age_of_files_changes_a_byte(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: int
):
    for path in project.raw["new"].rglob("*"):
        os.utime(path, (moment, moment))
    monkeypatch.setattr(time, "time", lambda: float(moment))
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    time.tzset()
    project.build("new", tmp_path / "curated")
    monkeypatch.delenv("TZ")
    time.tzset()
    assert digests(tmp_path / "curated") == project.files["new"]


def test_a_clock_that_runs_backwards_while_it_builds_changes_nothing(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    moments = iter(range(10**9, 0, -3600))
    for name in ("time", "monotonic", "perf_counter"):
        monkeypatch.setattr(time, name, lambda: float(next(moments)))
    project.build("new", tmp_path / "curated")
    monkeypatch.undo()
    assert digests(tmp_path / "curated") == project.files["new"]
