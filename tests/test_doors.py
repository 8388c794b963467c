"""At the door of the site and of its database: what keeps them shut is one sentence, and no name of a folder opens another file."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from multiprocessing import Pipe
from pathlib import Path

import pytest
from commands import main, serving
from conftest import RawFolder
from distribution.contents import read_contents
from distribution.difference import compare_databases
from distribution.formats import write_csv
from distribution.versions import VersionStep
from leadership import paths
from leadership.building import build, is_current
from leadership.opening import open_database, refuse_sqlite
from leadership.writing import _soundness
from served import _free_port, _wait_for

FOLDERS = ("my%20data", "c#1", "what?", "a b", "x?mode=memory", "50%", "数据")
OLD = "this Python has SQLite 3.31.1, and STRICT tables need 3.37 or newer; use a newer Python"


@pytest.fixture(params=FOLDERS)
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A folder whose name holds signs that mean something in an address."""
    made = tmp_path / "world" / request.param
    made.mkdir(parents=True)
    return made


@pytest.fixture
def listener() -> Iterator[int]:
    """A port at which somebody listens already."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        yield taken.getsockname()[1]


def names(folder: Path) -> list[str]:
    """Return what lies beside a folder and in it, so that a stray file is seen."""
    return sorted(path.relative_to(folder.parent).as_posix() for path in folder.parent.rglob("*") if path.name != ".build.lock")


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Call `serve` with arguments that it must refuse; return the only line that it says."""
    assert main(["serve", *arguments]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    return line


# Folders


def test_a_database_is_built_and_known_as_current_in_any_folder(raw: RawFolder, folder: Path, monkeypatch: pytest.MonkeyPatch):
    database = folder / "leadership.db"
    build(raw.folder, paths.METADATA, database)
    assert not is_current(database)  # it was made of another raw/ than the project's
    monkeypatch.setattr(paths, "RAW", raw.folder)
    assert is_current(database)
    assert names(folder) == [folder.name, f"{folder.name}/leadership.db"]


def test_every_command_reads_the_database_of_any_folder(raw: RawFolder, folder: Path, tmp_path: Path):
    database = folder / "leadership.db"
    build(raw.folder, paths.METADATA, database)
    with closing(open_database(database)) as connection:
        assert connection.execute("SELECT count(*) FROM people").fetchone() == (2,)
    assert write_csv(read_contents(database, paths.METADATA), tmp_path / "csv")
    assert compare_databases(database, database).step is VersionStep.NONE
    assert serving.refuse_database(database) is None
    assert names(folder) == [folder.name, f"{folder.name}/leadership.db"]


def test_a_malformed_file_is_called_sound_in_no_folder(folder: Path):
    (folder / "leadership.db").write_bytes(b"SQLite format 3\0" + b"x" * 5000)
    with pytest.raises(sqlite3.DatabaseError):
        _soundness(folder / "leadership.db")
    assert not is_current(folder / "leadership.db")
    assert names(folder) == [folder.name, f"{folder.name}/leadership.db"]


def test_one_module_alone_makes_the_address_of_a_database():
    making = re.compile(r"as_uri\(\)|\?(?:immutable=1|mode=ro)")
    modules = [path for path in (paths.ROOT / "scripts").rglob("*.py") if making.search(path.read_text(encoding="utf-8"))]
    assert [path.name for path in modules] == ["opening.py"]


def test_a_database_that_is_missing_is_made_in_no_folder(folder: Path):
    with pytest.raises(sqlite3.OperationalError):
        open_database(folder / "leadership.db", "mode=ro").execute("SELECT 1 FROM sqlite_master")
    assert names(folder) == [folder.name]


def test_the_site_serves_the_database_of_a_folder_with_such_a_name_on_ipv6_and_says_where(little: Path, tmp_path: Path):
    if not has_ipv6():
        pytest.skip("this machine has no IPv6")
    folder = tmp_path / "world" / "c#1" / "my%20data" / "what?"
    folder.mkdir(parents=True)
    shutil.copyfile(little / "leadership.db", folder / "leadership.db")
    port = _free_port()
    command = [
        sys.executable,
        "-m",
        "leadership",
        "serve",
        "--host",
        "::1",
        "--port",
        str(port),
        "--database",
        "world/c#1/my%20data/what?/leadership.db",
    ]
    environment = {**os.environ, "PYTHONPATH": str(paths.ROOT / "scripts")}
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            _wait_for(f"http://[::1]:{port}", process)
            with urllib.request.urlopen(f"http://[::1]:{port}/leadership/people.json?_shape=array&_size=2") as response:
                assert len(json.load(response)) == 2
            with urllib.request.urlopen(f"http://[::1]:{port}/leadership.db") as response:
                assert response.read() == (little / "leadership.db").read_bytes()
        finally:
            process.terminate()
        assert process.stdout is not None
        assert process.stdout.readline() == f"Serving on http://[::1]:{port}\n"
    assert [path.name for path in (tmp_path / "world").rglob("*")] == ["c#1", "my%20data", "what?", "leadership.db"]


def has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


# The address


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("127.0.0.1", "http://127.0.0.1:8001"),
        ("localhost", "http://localhost:8001"),
        ("::1", "http://[::1]:8001"),
        ("2001:db8::1", "http://[2001:db8::1]:8001"),
        ("fe80::1%eth0", "http://[fe80::1%25eth0]:8001"),
        ("0.0.0.0", "http://127.0.0.1:8001"),
        ("::", "http://[::1]:8001"),
    ],
)
def test_the_address_that_is_printed_can_be_opened(host: str, shown: str):
    assert serving.address(host, 8001) == shown


def test_an_ipv6_host_may_be_written_with_its_brackets():
    assert serving.read_host("[::1]") == "::1"


def test_an_answer_waits_for_no_reader_to_confirm_its_first_part():
    (door,) = serving.open_doors("127.0.0.1", 0)
    with door, socket.create_connection(door.getsockname()), door.accept()[0] as reader:
        assert reader.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_localhost_is_opened_at_every_address_that_it_has():
    doors = serving.open_doors("localhost", _free_port())
    try:
        assert "127.0.0.1" in {door.getsockname()[0] for door in doors}
    finally:
        for door in doors:
            door.close()


def test_a_port_that_is_taken_is_one_sentence(listener: int, capsys: pytest.CaptureFixture[str]):
    assert refused(capsys, "--port", str(listener)) == (
        f"Not served: port {listener} of 127.0.0.1 is taken, perhaps by this site; end what listens there,"
        " or call make serve PORT=<another port>."
    )


def test_a_port_that_is_taken_is_one_sentence_too_where_nothing_is_built(listener: int, little: Path, capsys: pytest.CaptureFixture[str]):
    said = refused(capsys, "--port", str(listener), "--database", str(little / "leadership.db"))
    assert said.startswith(f"Not served: port {listener} of 127.0.0.1 is taken")


def test_a_port_of_localhost_that_is_taken_at_one_of_its_addresses_is_taken(listener: int):
    with pytest.raises(serving.CannotServe, match="is taken"):
        serving.open_doors("localhost", listener)


@pytest.mark.parametrize("host", ["192.0.2.1", "nowhere.invalid", "é…é", "a" * 300])
def test_a_host_that_is_no_address_of_this_machine_is_one_sentence(host: str, capsys: pytest.CaptureFixture[str]):
    said = refused(capsys, "--host", host)
    assert said.startswith(f"Not served: {host} is no address of this machine (")
    assert said.endswith("); call make serve HOST=127.0.0.1 or another that is.")


def test_a_port_that_is_not_ours_to_open_is_one_sentence(monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: object, **__: object) -> socket.socket:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket, "create_server", refuse)
    with pytest.raises(serving.CannotServe, match=r"^port 80 is not yours to listen at; call make serve PORT=<a port above 1023>$"):
        serving.open_doors("127.0.0.1", 80)


@pytest.mark.parametrize("port", ["http", "-1", "65536", "8001.5", "٣"])
def test_a_port_that_is_none_is_one_sentence(port: str, capsys: pytest.CaptureFixture[str]):
    assert main(["serve", f"--port={port}"]) == 2
    assert capsys.readouterr().err == f"{port} is no port; name a number up to 65535, such as 8001.\n"


# The database


def test_a_database_that_is_missing_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "leadership.db"
    assert refused(capsys, "--database", str(path)) == (
        f"Not served: there is no database {path}; call make build, or name another with --database."
    )


@pytest.mark.parametrize(
    ("content", "reason"), [(b"Not a database at all", "file is not a database"), (b"", "no such table: build_info")], ids=["text", "empty"]
)
def test_a_file_that_is_no_database_of_ours_is_one_sentence(tmp_path: Path, content: bytes, reason: str):
    path = tmp_path / "leadership.db"
    path.write_bytes(content)
    said = serving.refuse_database(path)
    assert said == f"{path} is no database of this dataset ({reason}); call make build, or name another with --database"


@pytest.mark.parametrize("content", ["a: [", "title: 2023-02-30", "title: 2023-02-28"], ids=["no YAML", "no such day", "a date"])
@pytest.mark.parametrize("watched", [False, True], ids=["a finished database", "a watched site"])
def test_metadata_that_cannot_be_read_are_one_sentence(
    little: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, watched: bool
):
    monkeypatch.setattr(paths, "METADATA", tmp_path / "metadata.yml")
    monkeypatch.chdir(tmp_path)  # `serve` goes to the folder of the database
    paths.METADATA.write_text(content)
    reader, _ = Pipe(duplex=False)
    with pytest.raises(serving.CannotServe, match=r"^metadata\.yml cannot be used \(.+\); make check says what to mend$"):
        serving.serve("127.0.0.1", _free_port(), little / "leadership.db", news=reader if watched else None)


def test_a_database_of_another_name_is_one_sentence(little: Path, tmp_path: Path):
    path = tmp_path / "what?.db"
    shutil.copyfile(little / "leadership.db", path)
    said = serving.refuse_database(path)
    assert said == f"{path} must be named leadership.db, because the addresses of the site begin with its name; rename it"


def test_a_build_that_fails_where_there_is_no_former_database_is_told_and_not_served(
    raw: RawFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "file").write_text("here no folder can be made")
    for name, place in {"RAW": raw.folder, "DATABASE": tmp_path / "file" / "leadership.db", "KEPT": tmp_path / "kept"}.items():
        monkeypatch.setattr(paths, name, place)
    assert main(["serve", "--port", str(_free_port())]) == 1
    built, served = capsys.readouterr().err.splitlines()
    reason = f"{tmp_path}/file cannot be written (File exists); make it writable or free some space"
    assert built == f"Build stopped: {reason}. The database was left as it is."
    assert served == "Not served: there is no former database either; mend what is said above."


def test_a_schema_that_cannot_be_written_is_one_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    def refuse(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Path, "write_text", refuse)
    assert main(["schema"]) == 1
    assert capsys.readouterr().err == (
        "raw/sheet.schema.json cannot be written (Read-only file system); make it and its folder writable or free some space.\n"
    )


# SQLite


def test_an_sqlite_without_strict_tables_is_told_by_its_version():
    assert refuse_sqlite((3, 31, 1)) == OLD
    assert refuse_sqlite((3, 37, 0)) is None
    assert refuse_sqlite((4, 0, 0)) is None


@pytest.mark.parametrize("arguments", [(), ("--database", "leadership.db")], ids=["make serve", "a finished database"])
def test_the_site_says_at_its_start_that_sqlite_is_too_old(
    arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(serving, "refuse_sqlite", lambda: refuse_sqlite((3, 31, 1)))
    assert refused(capsys, *arguments) == f"Not served: {OLD}."


def test_a_build_says_at_its_start_that_sqlite_is_too_old(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setattr("leadership.building.refuse_sqlite", lambda: refuse_sqlite((3, 31, 1)))
    assert main(["build"]) == 1
    assert capsys.readouterr().err == f"Build stopped: {OLD}. The database was left as it is.\n"


def test_a_check_says_so_too(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setattr("leadership.opening.refuse_sqlite", lambda: refuse_sqlite((3, 31, 1)))
    assert main(["check"]) == 1
    assert capsys.readouterr().err == f"Check stopped: {OLD}.\n"


def test_a_view_that_asks_for_what_no_table_has_is_one_sentence_of_the_check(
    raw: RawFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    views = tmp_path / "views.sql"
    views.write_text('CREATE VIEW "who_left" AS SELECT no_such_column FROM departures;\n', encoding="utf-8")
    monkeypatch.setattr("leadership.writing.VIEWS", views)
    monkeypatch.setattr(paths, "RAW", raw.folder)
    monkeypatch.setattr(paths, "KEPT", tmp_path / "kept")
    assert main(["check"]) == 1
    said = capsys.readouterr().err
    assert said == (
        "Check stopped: SQLite refused a statement of the build (no such column: no_such_column); correct it in scripts/leadership/.\n"
    )
