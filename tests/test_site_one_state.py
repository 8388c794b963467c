"""A build while the site runs: readers get one state of the data, are told that a newer one is waiting, and get it after a restart."""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from datasette.plugins import pm
from served import serving
from site_client import Site

FORMER, LATER = "Former name", "Later name"


@pytest.fixture(scope="module")
def states(little: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two databases of which the second is what a build makes of changed data."""
    folder = tmp_path_factory.mktemp("states")
    made = []
    for name in (FORMER, LATER):
        path = folder / f"{name}.db"
        shutil.copy(little / "leadership.db", path)
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("UPDATE people SET label = ?", (name,))
        made.append(path)
    return made[0], made[1]


@pytest.fixture
def served_one(states: tuple[Path, Path], tmp_path: Path) -> Path:
    """The former state, where it is served."""
    return Path(shutil.copy(states[0], tmp_path / "leadership.db"))


def replace(database: Path, by: Path) -> None:
    """Put another file in the place of one, as the build does."""
    beside = database.with_suffix(".new")
    shutil.copy(by, beside)
    os.replace(beside, database)


@pytest.fixture
def running(served_one: Path) -> Iterator[Site]:
    running = Site(served_one)
    yield running
    running.close()


def ask_at_once(site: Site, count: int) -> set[str]:
    """Ask so many questions at once, so that every thread has to answer; return the names that they give."""

    async def both() -> list[Any]:
        slow = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000) SELECT max(i) AS m, "
        sql = slow + "(SELECT label FROM people LIMIT 1) AS label FROM n"
        asked = (site.datasette.client.get("/leadership.json", params={"sql": sql, "_shape": "array", "n": n}) for n in range(count))
        return await asyncio.gather(*asked, *(site.datasette.client.get(f"/leadership/people.json?_size={n + 1}") for n in range(count)))

    names = set()
    for answer in site.run(both()):
        rows = answer.json()
        names.update(row["label"] for row in rows if "label" in row) if isinstance(rows, list) else names.update(
            row[rows["columns"].index("label")] for row in rows["rows"]
        )
    return names


def test_after_a_build_every_thread_answers_from_the_same_state(running: Site, served_one: Path, states: tuple[Path, Path]) -> None:
    assert running.get("/leadership/people.json?_size=1").status_code == 200
    replace(served_one, states[1])
    assert ask_at_once(running, 24) == {FORMER}


def test_the_download_and_its_etag_are_of_the_state_that_is_served(running: Site, served_one: Path, states: tuple[Path, Path]) -> None:
    replace(served_one, states[1])
    answer = running.get("/leadership.db")
    assert answer.content == states[0].read_bytes()
    assert answer.headers["etag"] == f'"{hashlib.sha256(answer.content).hexdigest()}"'
    assert answer.headers["content-disposition"] == 'attachment; filename="leadership.db"'
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert running.get("/leadership.db", headers={"if-none-match": answer.headers["etag"]}).status_code == 304
    assert running.get("/-/databases.json").json()[0]["hash"] in answer.headers["etag"]


@pytest.mark.parametrize("asked", ['"{}"', 'W/"{}"', '"other", "{}"', '"other",W/"{}"', "*"])
def test_who_has_the_database_already_is_told_so_in_every_form_of_asking(little_site: Site, asked: str) -> None:
    tag = little_site.get("/leadership.db", headers={"range": "bytes=0-0"}).headers["etag"].strip('"')
    answer = little_site.get("/leadership.db", headers={"if-none-match": asked.format(tag)})
    assert (answer.status_code, answer.content) == (304, b"")
    assert little_site.get("/leadership.db", headers={"if-none-match": '"other", W/"another"', "range": "bytes=0-0"}).status_code == 206


def test_one_range_of_the_database_is_given_and_anything_else_is_the_whole(little_site: Site, little: Path) -> None:
    whole = (little / "leadership.db").read_bytes()
    size = len(whole)

    def ask(asked: str, **headers: str) -> tuple[int, bytes, str | None]:
        answer = little_site.get("/leadership.db", headers={"range": asked, **headers})
        assert answer.headers["accept-ranges"] == "bytes"
        assert answer.headers["cache-control"].startswith("public, max-age=")
        assert int(answer.headers.get("content-length", 0)) == len(answer.content)
        return answer.status_code, answer.content, answer.headers.get("content-range")

    assert ask("bytes=0-15") == (206, b"SQLite format 3\0", f"bytes 0-15/{size}")
    assert ask(f"bytes={size - 300_000}-") == (206, whole[-300_000:], f"bytes {size - 300_000}-{size - 1}/{size}")
    assert ask("bytes=-10") == (206, whole[-10:], f"bytes {size - 10}-{size - 1}/{size}")
    assert ask(f"bytes=5-{size * 2}") == (206, whole[5:], f"bytes 5-{size - 1}/{size}")
    assert ask(f"bytes={size}-") == (416, b"", f"bytes */{size}")
    for unread in ("bytes=9-5", "bytes=-", "bytes=0-1,4-5", "lines=0-1", "bytes=x-1"):
        assert ask(unread) == (200, whole, None)
    assert ask("bytes=0-15", **{"if-range": '"of another state"'}) == (200, whole, None)


def test_kept_and_new_answers_say_that_a_newer_database_waits_and_only_then(
    running: Site, served_one: Path, states: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(pm.get_plugin("one_state.py"), "SECONDS", 0)
    paths = ("/", "/leadership/people.json", "/static/site.css", "/no-such-page")
    assert not any("x-newer-database" in running.get(path).headers for path in paths)
    replace(served_one, states[1])
    assert all(running.get(path).headers["x-newer-database"] == "waits for a restart of this server" for path in paths)
    assert capfd.readouterr().err.count("was replaced; the former one is served until this server is restarted.") == 1
    replace(served_one, states[0])
    served_one.unlink()
    assert "x-newer-database" not in running.get("/").headers


def test_a_database_that_is_replaced_while_the_server_opens_it_is_told(
    served_one: Path, states: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    plugin = pm.get_plugin("one_state.py")
    opened = os.open

    def open_and_replace(path: Any, *arguments: Any) -> int:
        file = opened(path, *arguments)
        if str(path) == str(served_one):
            replace(served_one, states[1])
        return file

    monkeypatch.setattr(plugin.os, "open", open_and_replace)
    with pytest.raises(plugin.StartupError, match="was replaced while the server opened it; start it again"):
        Site(served_one)


def test_an_instance_that_has_ended_has_its_file_open_no_more(served_one: Path) -> None:
    site, held = Site(served_one), pm.get_plugin("one_state.py").HELD
    file = held[site.datasette]["leadership"].file
    assert os.fstat(file).st_size == served_one.stat().st_size
    asked = iter(("lifespan.startup", "lifespan.shutdown"))

    async def receive() -> dict[str, str]:
        return {"type": next(asked)}

    async def send(_: dict[str, Any]) -> None:
        pass

    site.run(site.datasette.app()({"type": "lifespan"}, receive, send))
    assert site.datasette not in held
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(file)
    site.close()


def test_a_restart_serves_the_newer_state(served_one: Path, states: tuple[Path, Path]) -> None:
    path, found = "/leadership/people.json?_shape=array&_size=3", []
    for _ in range(2):
        with serving(served_one) as address:
            found.append({row["label"] for row in httpx.get(address + path, trust_env=False).json()})
            replace(served_one, states[1])
            found.append({row["label"] for row in httpx.get(f"{address}{path}&_ttl=9", trust_env=False).json()})
    assert found == [{FORMER}, {FORMER}, {LATER}, {LATER}]


def test_a_second_instance_in_a_process_compiles_neither_templates_nor_plugins_again(
    served_one: Path, running: Site, monkeypatch: pytest.MonkeyPatch
):
    assert FORMER in running.page("/leadership/people")

    def refuse(*_: object, **__: object) -> object:
        raise AssertionError("compiled again")

    monkeypatch.setattr("jinja2.Environment._generate", refuse)
    monkeypatch.setattr("datasette.app.module_from_path", refuse)
    second = Site(served_one)
    try:
        answer = second.get("/leadership/people")
    finally:
        second.close()
    assert answer.status_code == 200
    assert FORMER in answer.text
