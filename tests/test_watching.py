"""The curator's loop: what changes is built, open pages show it, faults stand on them, and no other server has anything of it."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Coroutine, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from commands import serving
from commands.watching import ADDRESS, MOST_SHOWN, SETTINGS, Instance, News, PageScript, Watched, keep_building
from conftest import RawFolder
from datasette.plugins import pm
from leadership import paths
from served import _free_port, _wait_for
from site_client import Site, in_a_thread_of_its_own
from test_site_one_state import FORMER, LATER, replace, states  # noqa: F401 (a fixture)

TRACES = ("watch.json", "watched")


# What builds


@pytest.fixture
def project(raw: RawFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RawFolder:
    """A `raw/` that is taken for the project's, and a place of its own for all that is made of it."""
    for name, place in {
        "RAW": raw.folder,
        "ROOT": tmp_path,
        "DATABASE": tmp_path / "curated" / "leadership.db",
        "CSV": tmp_path / "curated" / "csv",
        "KEPT": tmp_path / "kept",
    }.items():
        monkeypatch.setattr(paths, name, place)
    monkeypatch.setattr("commands.watching.SECONDS", 0.01)
    monkeypatch.setattr("distribution.descriptors.write_kept", lambda *arguments: [])
    return raw


def news_after(*changes: Callable[[], object]) -> list[list[News]]:
    """Let the builder look, make the changes one after the other, and return what it sends after each; nothing was built before."""
    sent: list[list[News]] = [[]]
    left = list(changes)

    def is_wanted() -> bool:
        if sent[-1] and sent[-1][-1].what == "ended":
            if not left:
                return False
            sent.append([])
            left.pop(0)()
        return True

    keep_building(lambda news: sent[-1].append(news), None, is_wanted)
    return sent


def test_what_changes_is_built_and_what_is_wrong_is_told_while_the_former_database_stays(project: RawFolder):
    first = (project.folder / "people.yml").read_text(encoding="utf-8")
    digests: list[bytes] = []

    def change(text: str) -> None:
        digests.append(paths.DATABASE.read_bytes())
        project.replace("people.yml", text)

    faulty = first + "- {id: nobody}\n"
    renamed = partial(change, first.replace("Mira Murati", "M. Murati"))
    told = news_after(renamed, partial(change, faulty), partial(change, first))
    digests.append(paths.DATABASE.read_bytes())
    assert [[news.what for news in each] for each in told] == [["built", "ended"], ["built", "ended"], ["ended"], ["built", "ended"]]
    assert [each[-1].total for each in told] == [0, 0, 1, 0]
    assert told[2][0].faults == ("raw/people.yml:3:3: key name is missing; add it",)
    assert digests[0] != digests[1] == digests[2] != digests[3] == digests[0]


def test_what_was_undone_needs_no_build(project: RawFolder):
    first = (project.folder / "people.yml").read_text(encoding="utf-8")
    told = news_after(lambda: project.replace("people.yml", first + "- {id: nobody}\n"), lambda: project.replace("people.yml", first))
    assert [[news.what for news in each] for each in told] == [["built", "ended"], ["ended"], ["ended"]]
    assert told[2] == [News("ended")]


def test_of_many_faults_the_first_are_sent_and_all_are_counted(project: RawFolder):
    more = MOST_SHOWN + 3
    faults = "".join(f"- {{id: nobody-{number}}}\n" for number in range(more))
    (told,) = (news_after()[:1],)
    text = (project.folder / "people.yml").read_text(encoding="utf-8")
    _, (told,) = news_after(lambda: project.replace("people.yml", text + faults))
    assert (len(told.faults), told.total) == (MOST_SHOWN, more)
    assert told.faults[0].startswith("raw/people.yml:3:3: ")


# What serves


class Loop:
    """A watched site over a database, asked in this process; `tell` is the builder's end of the pipe."""

    def __init__(self, database: Path):
        self.database = database
        receiver, self.pipe = multiprocessing.Pipe(duplex=False)
        arguments = [*serving.datasette_arguments("127.0.0.1", 8001)[1:], *SETTINGS]
        arguments[arguments.index(str(paths.DATABASE))] = str(database)
        self.app = Watched(partial(serving.make_datasette, arguments), receiver)

    async def tell(self, news: News) -> None:
        before = self.app.said, self.app.states
        self.pipe.send(news)
        async with asyncio.timeout(20):
            while (self.app.said, self.app.states) == before or self.app.instance.number != f"{os.getpid()}-{self.app.states}":
                await asyncio.sleep(0.02)

    def run(self, work: Callable[[httpx.AsyncClient], Coroutine[Any, Any, Any]]) -> Any:
        """Return the result of some work with a client, between start and stop of the site."""

        async def live() -> Any:
            asked: asyncio.Queue[dict[str, str]] = asyncio.Queue()
            answered: asyncio.Queue[dict[str, str]] = asyncio.Queue()
            life = asyncio.create_task(self.app({"type": "lifespan"}, asked.get, answered.put))
            asked.put_nowait({"type": "lifespan.startup"})
            assert await answered.get() == {"type": "lifespan.startup.complete"}
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
                result = await work(client)
            asked.put_nowait({"type": "lifespan.shutdown"})
            await life
            return result

        return in_a_thread_of_its_own(live())


@pytest.fixture
def watched(states: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Loop]:  # noqa: F811
    monkeypatch.setattr("commands.watching.FAREWELL", 0.0)
    pm.register(PageScript)
    try:
        yield Loop(Path(shutil.copy(states[0], tmp_path / "leadership.db")))
    finally:
        pm.unregister(PageScript)


def test_a_new_database_takes_the_place_of_the_former_one_which_stays_after_a_fault(watched: Loop, states: tuple[Path, Path]):  # noqa: F811
    fault = "raw/people.yml:3:3: <b>wrong</b>"

    async def work(client: httpx.AsyncClient) -> list[Any]:
        async def seen() -> tuple[str, dict[str, Any], bool]:
            page = await client.get("/people/sam-altman")
            told = json.loads((await client.get(ADDRESS)).text)
            known = re.search(r"const watched = (\{.*?\});", page.text)
            assert known
            assert json.loads(known[1]) == {"address": ADDRESS, "state": told["state"]}
            assert re.search("max-age=0$|no-cache", page.headers["cache-control"])
            nonces = set(re.findall(r'<script nonce="([^"]+)"', page.text))
            assert len(nonces) == 1
            assert f"'nonce-{nonces.pop()}'" in page.headers["content-security-policy"]
            assert "<script>" not in page.text
            return ((await client.get("/leadership/people.json?_shape=array")).json()[0]["label"], told, "x-newer-database" in page.headers)

        found = [await seen()]
        await watched.tell(News("ended", (fault,), 12))
        found.append(await seen())
        replace(watched.database, states[1])
        await watched.tell(News("built"))
        await watched.tell(News("ended"))
        found.append(await seen())
        return found

    (first, before, _), (second, faulty, _), (third, after, is_newer_waiting) = watched.run(work)
    assert (first, second, third) == (FORMER, FORMER, LATER)
    assert before == {"state": before["state"], "faults": [], "count": 0}
    assert faulty == {"state": before["state"], "faults": [fault], "count": 12}
    assert after == {"state": after["state"], "faults": [], "count": 0}
    assert after["state"] != before["state"]
    assert not is_newer_waiting


def test_a_database_that_cannot_be_opened_is_told_and_the_former_one_stays(watched: Loop, monkeypatch: pytest.MonkeyPatch):
    async def work(client: httpx.AsyncClient) -> tuple[Any, Any]:
        async def refuse(instance: Instance) -> None:
            raise OSError("no room")

        monkeypatch.setattr(Instance, "start", refuse)
        watched.pipe.send(News("built"))
        async with asyncio.timeout(20):
            while not watched.app.said.total:
                await asyncio.sleep(0.02)
        return (await client.get(ADDRESS)).json(), (await client.get("/leadership/people.json?_shape=array")).json()

    told, rows = watched.run(work)
    assert told["faults"] == ["the new database could not be opened: no room"]
    assert rows[0]["label"] == FORMER


def test_the_site_of_everyone_else_has_no_trace_of_it(little_site: Site):
    for path in ("/", "/people/sam-altman", "/leadership/people", "/timeline", "/nowhere"):
        answer = little_site.get(path)
        assert not [trace for trace in TRACES if trace in answer.text], path
    assert little_site.get(ADDRESS).status_code == 404
    assert pm.get_plugin(pm.get_canonical_name(PageScript)) is None


# The whole of it


def test_an_open_page_shows_what_is_saved_and_what_is_wrong_with_it(tmp_path: Path, page):
    folder = tmp_path / "mine"
    raw = RawFolder(folder / "raw")
    shutil.copy(paths.METADATA, folder)
    port = _free_port()
    command = [sys.executable, "-m", "leadership", "--project", str(folder), "serve", "--watch", "--port", str(port)]
    environment = {**os.environ, "PYTHONPATH": str(paths.CODE)}
    heard = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)  # where the tests run in the background, a shell has it ignored
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, env=environment, stdout=quiet, stderr=quiet, preexec_fn=heard) as process:
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(address, process)
            page.goto(f"{address}/people/mira-murati")
            raw.change("people.yml", "name: Mira Murati", "name: Mira M. Murati")
            page.get_by_role("heading", name="Mira M. Murati", level=1).wait_for()
            raw.replace("tenures.yml", "- {id: altman-ceo, '<b id=bold>x</b>': 1}\n")
            page.get_by_role("alert").wait_for()
            said = page.get_by_role("alert").inner_text()
            assert re.match(r"\d+ faults?; this page shows the former state\.", said)
            assert "raw/tenures.yml:1:" in said
            assert "<b id=bold>x</b>" in said
            assert page.locator("#bold").count() == 0
            assert page.get_by_role("heading", name="Mira M. Murati", level=1).is_visible()
        finally:
            process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130
