"""One state of the data for as long as the server runs, also where a build puts a newer file in the place of the one it serves.

Each thread that asks the database opens it by its path, and only when it is first needed: after a build the threads that were there
already would answer from the former file and the later ones from the new file. So all of them open it before the first reader comes.
A file that was replaced lives on for those who have it open; the download is read from it too. Size and digest, which Datasette takes
when somebody first asks, are taken at the same time.

Once the path leads to another file, every answer has a header that says so, and a line goes to the log. A restart serves the new one.
"""

from __future__ import annotations

import asyncio
import os
import re
import sqlite3
import sys
import threading
import time
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from datasette import hookimpl
from datasette.utils import StartupError
from datasette.utils.asgi import Forbidden, NotFound, Response
from presentation.replies import cors_headers, names_any
from presentation.speaking import say

NEWER = (b"x-newer-database", b"waits for a restart of this server")
SECONDS = 1.0  # between two looks at the path
PIECE = 256 * 1024  # bytes of a download
RANGE = re.compile(r"bytes\s*=\s*([0-9]{0,18})-([0-9]{0,18})")
SLOW = 60  # seconds within which the threads must have opened the file


class HeldFile(NamedTuple):
    """A database file that is held open: where it was found, by which number, and what it was then."""

    path: str
    file: int
    state: tuple[int, int, int, int]


HELD: WeakKeyDictionary[object, dict[str, HeldFile]] = WeakKeyDictionary()  # for each instance by the database's name


def _state(found: Any) -> tuple[Any, ...]:
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


@hookimpl
def startup(datasette: Any) -> Any:
    """Open every immutable file once for each thread."""

    async def hold() -> None:
        held = HELD.setdefault(datasette, {})
        for name, database in datasette.databases.items():
            if database.path and not database.is_mutable and name not in held:
                held[name] = await _hold(database, max(1, datasette.setting("num_sql_threads")))

    return hold


async def _hold(database: Any, threads: Any) -> Any:
    """Return the file of a database once all threads have it open. Raises StartupError if it was replaced meanwhile."""
    file = os.open(database.path, os.O_RDONLY)
    met = threading.Barrier(threads, timeout=SLOW)  # else one quick thread would open it once and serve all the others

    def open_and_wait(connection: sqlite3.Connection) -> None:
        met.wait()

    await asyncio.gather(*(database.execute_fn(open_and_wait) for _ in range(threads)))
    state = _state(os.fstat(file))
    if not (database.hash and database.size) or _state(os.stat(database.path)) != state:
        raise StartupError(f"{database.path} was replaced while the server opened it; start it again")
    return HeldFile(database.path, file, state)


@hookimpl
def register_routes() -> list[Any]:
    """The download comes before Datasette's own, which would open whatever file is there by then."""
    return [(r"^/(?P<database>[^/.]+)\.db$", download)]


async def download(request: Any, datasette: Any, send: Any) -> Any:
    """Send the file that is served."""
    name = request.url_vars["database"]
    permissions = [("view-database-download", name), ("view-database", name), "view-instance"]
    held = HELD.get(datasette, {}).get(name)
    if held is None:
        raise NotFound(say("There is no such database to download."))
    await datasette.ensure_permissions(request.actor, permissions)
    if not datasette.setting("allow_download"):
        raise Forbidden(say("Database download is forbidden"))
    tag = f'"{datasette.get_database(name).hash}"'
    headers = {"etag": tag, "cache-control": f"public, max-age={datasette.setting('default_cache_ttl')}", "accept-ranges": "bytes"}
    headers |= cors_headers(datasette)
    if names_any(request.headers.get("if-none-match", "").encode("latin-1"), {tag.encode()}):
        return Response("", status=304, headers=headers)
    size = held.state[2]
    status, first, end = 200, 0, size
    if request.headers.get("if-range", tag) == tag and (asked := read_range(request.headers.get("range", ""), size)):
        status, (first, end) = 206, asked
        if first == end:
            return Response("", status=416, headers=headers | {"content-range": f"bytes */{size}"})
        headers["content-range"] = f"bytes {first}-{end - 1}/{size}"
    headers |= {
        "content-type": "application/octet-stream",
        "content-disposition": f'attachment; filename="{name}.db"',
        "content-length": str(end - first),
    }
    await send({"type": "http.response.start", "status": status, "headers": [(k.lower().encode(), v.encode()) for k, v in headers.items()]})
    for offset in range(first, end, PIECE):
        piece = await asyncio.to_thread(os.pread, held.file, min(PIECE, end - offset), offset)
        await send({"type": "http.response.body", "body": piece, "more_body": offset + PIECE < end})
    return None


def read_range(asked: str, size: int) -> tuple[int, int] | None:
    """Return the first byte of the one range that a reader asks for and the one after its last, equal if there is none of it; None if the
    whole is meant: where no range, several or something else is asked for.
    """
    found = RANGE.fullmatch(asked.strip())
    if not found or not any(found.groups()):
        return None
    first, last = found.groups()
    if not first:
        return max(0, size - int(last)), size
    if last and int(last) < int(first):
        return None
    return min(int(first), size), min(int(last) + 1, size) if last else size


@hookimpl(hookwrapper=True)  # after all others, whatever their order: the header is on kept answers, and is not kept with them
def asgi_wrapper(datasette: Any) -> Any:
    """Tell with every answer of a newer file that is waiting; close the files when an instance has ended, and answers no more."""

    def wrap(app: Any) -> Any:
        looked, waiting = -SECONDS, False

        def is_newer_waiting() -> Any:
            nonlocal looked, waiting
            now = time.monotonic()
            if now - looked >= SECONDS:
                looked, was = now, waiting
                replaced = [held.path for held in HELD.get(datasette, {}).values() if _is_replaced(held)]
                waiting = bool(replaced)
                if waiting and not was:
                    print(
                        f"{replaced[0]} was replaced; the former one is served until this server is restarted.", file=sys.stderr, flush=True
                    )
            return waiting

        async def with_state(scope: dict[str, Any], receive: Any, send: Any) -> None:
            if scope["type"] == "lifespan":
                await app(scope, receive, send)
                for held in HELD.pop(datasette, {}).values():
                    os.close(held.file)
                return
            if scope["type"] != "http" or not is_newer_waiting():
                await app(scope, receive, send)
                return

            async def tell(message: dict[str, Any]) -> None:
                if message["type"] == "http.response.start":
                    message = {**message, "headers": [*message.get("headers", []), NEWER]}
                await send(message)

            await app(scope, receive, tell)

        return with_state

    outcome = yield
    outcome.force_result([*outcome.get_result(), wrap])


def _is_replaced(held: Any) -> Any:
    """Tell whether the path leads to another file than the one that is served; one that is gone is none."""
    try:
        return _state(os.stat(held.path)) != held.state
    except FileNotFoundError:
        return False
