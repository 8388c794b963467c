"""The curator's loop: what the database is made from changes, a process beside builds anew, open pages show it, or what is wrong.

`serve --watch` alone imports this module. A process forked from the server looks at `raw/` and `metadata.yml` twenty times a second
and builds when they have changed; it sends what comes of it through a pipe. The server then opens the new database in an instance of its
own, as `one_state.py` wants it, and puts it in the place of the former one; after a fault the former one stays. Every page has a script
that asks the server which state it is in, shows faults in a banner, and loads the page anew when the state is another than its own.
Answers are not kept, neither here nor in browsers. Changes of code, of templates too, need a restart.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

from datasette import hookimpl
from datasette.app import Datasette
from distribution.stopped import ReleaseStopped
from leadership import paths
from leadership.building import digest_inputs, is_current
from leadership.faults import InputFaults
from leadership.writing import BuildStopped

from .build import build_and_describe

ADDRESS = "/-/watch.json"
SETTINGS = ("--setting", "default_cache_ttl", "0")  # a browser that keeps a page would show the former state
SECONDS = 0.05  # between two looks, which take a tenth of it
MOST_SHOWN = 8  # faults in the banner; the terminal has all
SCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
FAREWELL = 5.0  # seconds after which nobody reads the former database any more: more than twice what a query may take

Inputs = dict[str, tuple[int, int, int]]


class News(NamedTuple):
    """What the builder has to say: that a new database is there (“built”), or that it is at rest, and what is wrong (“ended”)."""

    what: str
    faults: tuple[str, ...] = ()
    total: int = 0


def look() -> Inputs:
    """Return by which signs a change is seen of everything in raw/ and of metadata.yml."""
    found: Inputs = {}
    _note(found, paths.METADATA)
    folders = [str(paths.RAW)]
    while folders:
        with suppress(OSError), os.scandir(folders.pop()) as entries:  # a tenth of the time of Path.rglob, and it is called all the time
            for entry in entries:
                _note(found, entry)
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
    return found


def _note(found: Inputs, path: os.DirEntry[str] | Path) -> None:
    with suppress(OSError):  # it vanished just now
        state = path.stat()
        found[os.fspath(path)] = (state.st_mtime_ns, state.st_size, state.st_ino)


def keep_building(send: Callable[[News], None], seen: Inputs | None, is_wanted: Callable[[], bool]) -> None:
    """Build whenever the inputs differ from those that were `seen`, and send what comes of it, for as long as it is wanted."""
    while is_wanted():
        now = look()
        if now == seen:
            time.sleep(SECONDS)
            continue
        seen = now
        inputs = digest_inputs(paths.RAW, paths.METADATA)
        send(News("ended") if is_current(paths.DATABASE, inputs) else _build(send, inputs))  # what was undone needs no build


def _build(send: Callable[[News], None], inputs: str) -> News:
    """Build, send word as soon as the new database is there, and return how it ended; the terminal is told too."""
    began = time.perf_counter()

    def say_built() -> None:
        print(f"Built in {time.perf_counter() - began:.1f} s.", flush=True)
        send(News("built"))

    try:
        build_and_describe(say_built, inputs)
    except InputFaults as error:
        print(error, f"{error.count}; the former database is served.", sep="\n", file=sys.stderr, flush=True)
        return News("ended", tuple(map(str, error.faults[:MOST_SHOWN])), len(error.faults))
    except (BuildStopped, ReleaseStopped) as error:
        print(f"Stopped: {error}.", file=sys.stderr, flush=True)
        return News("ended", (f"{error}.",), 1)
    return News("ended")


@contextmanager
def builder() -> Iterator[Connection]:
    """Yield what a process beside sends, which builds until the block ends. It must begin before this process has threads."""
    seen = look() if is_current(paths.DATABASE) else None
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    parent = os.getpid()

    def work() -> None:
        receiver.close()
        import_module("sqlite_utils")  # which a build imports late, because most commands do without; here nobody waits for it yet
        with suppress(KeyboardInterrupt, BrokenPipeError):
            keep_building(sender.send, seen, lambda: os.getppid() == parent)

    process = context.Process(target=work)
    process.start()
    sender.close()
    try:
        yield receiver
    finally:
        process.terminate()
        process.join()


class Instance:
    """One state of the data: a Datasette that has it open, and a number by which pages know it."""

    def __init__(self, datasette: Datasette, number: str):
        self.datasette, self.number = datasette, number
        self.app = datasette.app()
        self._asked: asyncio.Queue[dict[str, str]] = asyncio.Queue()
        self._answered: asyncio.Queue[dict[str, str]] = asyncio.Queue()

    async def start(self) -> None:
        """Have it open its database and do all that it does before it answers. Raises what went wrong."""
        self._life = asyncio.create_task(self.app({"type": "lifespan"}, self._asked.get, self._answered.put))
        self._asked.put_nowait({"type": "lifespan.startup"})
        answered = asyncio.create_task(self._answered.get())
        await asyncio.wait((self._life, answered), return_when=asyncio.FIRST_COMPLETED)
        if self._life.done():
            answered.cancel()
            await self._life

    async def end(self, patience: float) -> None:
        """Let go of everything after so many seconds, within which answers that have begun are finished."""
        await asyncio.sleep(patience)
        self._asked.put_nowait({"type": "lifespan.shutdown"})
        await self._life
        for database in self.datasette.databases.values():
            database.close()
        self.datasette.executor.shutdown(wait=False)


class Watched:
    """The application: the newest state of the site, and what there is to say of the next."""

    def __init__(self, make: Callable[[], Datasette], news: Connection):
        self.make, self.news = make, news
        self.states = 0
        self.said = News("ended")
        self._renewing = asyncio.Lock()
        self._farewells: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http" and scope["path"].endswith(ADDRESS):
            await self._answer(send)
        else:
            await self.instance.app(scope, receive, send)

    async def _live(self, receive: Any, send: Any) -> None:
        await receive()
        self.instance = await self._open()
        asyncio.get_running_loop().add_reader(self.news.fileno(), self._hear)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        asyncio.get_running_loop().remove_reader(self.news.fileno())
        await self.instance.end(0)
        await send({"type": "lifespan.shutdown.complete"})

    async def _open(self) -> Instance:
        """Return the state that the path of the database leads to now, under a number that no state had before."""
        datasette = self.make()
        self.states += 1
        datasette.watched_state = f"{os.getpid()}-{self.states}"
        instance = Instance(datasette, datasette.watched_state)
        await instance.start()
        return instance

    def _hear(self) -> None:
        try:
            news: News = self.news.recv()
        except (EOFError, OSError):
            asyncio.get_running_loop().remove_reader(self.news.fileno())
            self.said = News("ended", ("the process that builds has ended; start the server again",), 1)
            return
        if news.what == "built":
            task = asyncio.ensure_future(self._renew())
            self._farewells.add(task)
            task.add_done_callback(self._farewells.discard)
        else:
            self.said = news

    async def _renew(self) -> None:
        async with self._renewing:
            try:
                former, self.instance = self.instance, await self._open()
            except Exception as error:  # the former state stays, whatever it was
                print(f"The new database could not be opened: {error!r}", file=sys.stderr, flush=True)
                self.said = News("ended", (f"the new database could not be opened: {error}",), 1)
                return
        await former.end(FAREWELL)

    async def _answer(self, send: Any) -> None:
        told = {"state": self.instance.number, "faults": self.said.faults, "count": self.said.total}
        headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": json.dumps(told).encode()})


class PageScript:
    """The plugin that gives every page its script; it is registered by `serve --watch` and by nothing else."""

    @staticmethod
    @hookimpl
    def extra_body_script(datasette: Any) -> str:
        """Return the script, with the address to ask and the state that the page shows."""
        known = {"address": datasette.urls.path(ADDRESS), "state": datasette.watched_state}
        return f"const watched = {json.dumps(known)};\n{SCRIPT}"
