"""What one request may cost: bytes of its address and body, bytes of its answer, threads, and a second chance for the clock.

Datasette limits the time and the rows of a query. A query can be quick and small in rows and still ask for a gigabyte, or keep
SQLite within one function call for minutes, where the clock is not looked at; and so many slow ones can come at once that
every other reader waits behind them. The figures stand in `scripts/presentation/settings.py`, with their reasons.
"""

from __future__ import annotations

import asyncio
import re
import sqlite3
import sys
import threading
import time
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl

from datasette import hookimpl
from datasette.utils import sqlite_timelimit
from presentation import patches, settings

LIMITS, FILES = settings.LIMITS, settings.FILES
METHODS = ("GET", "HEAD", "OPTIONS")  # nothing can be changed here …
MACHINE_METHODS = (*METHODS, "POST", "DELETE")  # … but the MCP endpoint is asked by POST
LONGEST_NAME = 255  # bytes of a file's name; longer ones are an error of the file system and not a missing file
WIDE = re.compile(r"%[^a-zA-Z%]*(\*|[0-9]{4})")
GRACE = 0.25  # seconds after which a query that has not noticed the time is interrupted from outside
TYPE = (b"content-type", b"text/plain; charset=utf-8")
PLAIN = [TYPE, (b"x-content-type-options", b"nosniff"), (b"access-control-allow-origin", b"*")]
ROW_BYTES = sys.getsizeof(()) + sys.getsizeof(0) + 64  # of a row without its values: without it, rows of small numbers come without end
OWN_SQL = frozenset(("sql", "_where"))  # names of parameters in which a reader writes SQL

Scope = dict[str, Any]  # what ASGI says of a request


@hookimpl(trylast=True)
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Bound what SQLite may make in one value, one statement and one answer. `:memory:` and `_internal` are bounded too."""
    for name, most in LIMITS["sqlite"].items():
        conn.setlimit(getattr(sqlite3, f"SQLITE_LIMIT_{name}"), most)
    conn.row_factory = _bounded_rows(LIMITS["answer_bytes"])
    plain = sqlite3.connect(":memory:", check_same_thread=False)

    def printf(form: Any = None, *values: Any) -> Any:
        if WIDE.search(str(form)):
            raise ValueError("widths of four digits or from a value are not allowed")  # printf('%.*c', 1e9, 'x') takes 14 seconds
        return plain.execute(f"SELECT printf({', '.join('?' * (len(values) + 1))})", (form, *values)).fetchone()[0]

    for name in ("printf", "format"):
        conn.create_function(name, -1, printf, deterministic=True)


@hookimpl
def startup() -> None:
    """Let a thread look at the clock for queries that do not: SQLite asks between its steps, and one step may be long."""
    patches.limit_time_by(_Watch().timelimit)


class _Watch:
    """Interrupts queries that go on after their time."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.deadlines: dict[Any, Any] = {}
        self.something = threading.Event()
        threading.Thread(target=self._run, daemon=True).start()

    @contextmanager
    def timelimit(self, conn: sqlite3.Connection, ms: Any) -> Any:
        with sqlite_timelimit(conn, ms):
            with self.lock:
                self.deadlines[conn] = time.monotonic() + ms / 1000 + GRACE
            self.something.set()
            try:
                yield
            finally:
                with self.lock:
                    del self.deadlines[conn]

    def _run(self) -> None:
        while True:
            self.something.wait()
            time.sleep(GRACE)
            with self.lock:
                now = time.monotonic()
                for conn, deadline in self.deadlines.items():
                    if now > deadline:
                        conn.interrupt()
                if not self.deadlines:
                    self.something.clear()


def _bounded_rows(most: Any) -> Any:
    """Return a row factory that stops a query whose rows grow beyond so many bytes."""
    last, left = None, most

    def row(cursor: Any, values: Any) -> Any:
        nonlocal last, left
        if cursor is not last:
            last, left = cursor, most
        left -= ROW_BYTES + sum(map(sys.getsizeof, values))
        if left < 0:
            last = None
            raise sqlite3.OperationalError(f"the answer is larger than {most // 1_000_000} MB; ask for fewer rows or columns")
        return sqlite3.Row(cursor, values)

    return row


@hookimpl(trylast=True)  # so that it is the first to see a request
def asgi_wrapper(datasette: Any) -> Any:
    """Refuse addresses and bodies that are too long, and let only so many queries of readers' own run at once."""

    def wrap(app: Any) -> Any:
        queries = _Queue(LIMITS["own_queries_at_once"], LIMITS["own_queries_waiting"])

        async def limited(scope: Scope, receive: Any, send: Any) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            try:
                _check_address(scope)
                receive = await _take_body(scope, receive)
            except _Refused as refused:
                await _refuse(send, *refused.args)
                return
            if not (_is_for_machines(scope) and scope["method"] == "POST") and not _writes_sql(scope.get("query_string", b"")):
                await app(scope, receive, send)
            elif queries.is_full():
                await _refuse(send, 429, "Too many queries are waiting; try again in a minute.", (b"retry-after", b"60"))
            else:
                async with queries:
                    await app(scope, receive, send)

        return limited

    return wrap


class _Refused(Exception):  # noqa: N818 (it says what happened)
    """A request is not let in; its arguments are the status and the words of the answer."""


def _is_for_machines(scope: Scope) -> bool:
    return bool(scope.get("site_path", scope["path"]) == "/-/mcp")


def _check_address(scope: Scope) -> None:
    """Raise _Refused for a request that is refused by its method or its address alone."""
    path, query = str(scope.get("site_path", scope["path"])), scope.get("query_string", b"")
    if scope["method"] not in (MACHINE_METHODS if _is_for_machines(scope) else METHODS):
        raise _Refused(405, "There is no such method here.")
    is_long_name = path.startswith(FILES) and any(len(part.encode()) > LONGEST_NAME for part in path.split("/"))
    if is_long_name or path.startswith(("//", "/\\")):  # the latter would be redirected to another host
        raise _Refused(404, "There is nothing here.")
    if len(scope.get("raw_path") or b"") + len(query) > LIMITS["address_bytes"]:
        raise _Refused(414, f"This address is longer than {LIMITS['address_bytes']} bytes.")
    if query.count(b"&") >= LIMITS["parameters"]:
        raise _Refused(400, f"This address has more than {LIMITS['parameters']} parameters.")


async def _take_body(scope: Scope, receive: Any) -> Any:
    """Return a `receive` that gives the whole body of a request, if it has one. Raises _Refused if it is too long or too slow."""
    if not any(name in (b"content-length", b"transfer-encoding") for name, _ in scope["headers"]):
        return receive
    try:
        return await _read_body(receive, LIMITS["body_bytes"], LIMITS["body_seconds"])
    except TimeoutError:
        raise _Refused(408, f"The body did not arrive within {LIMITS['body_seconds']} seconds.") from None


def _writes_sql(query: bytes) -> bool:
    """Tell whether a reader wrote SQL, by the names as Datasette reads them: `%73ql` is `sql`, too."""
    return any(name in OWN_SQL for name, _ in parse_qsl(query.decode("latin-1"), keep_blank_values=True))


class _Queue:
    """A semaphore that knows how many are waiting for it."""

    def __init__(self, at_once: Any, waiting: Any) -> None:
        self.semaphore, self.room, self.inside = asyncio.Semaphore(at_once), at_once + waiting, 0

    def is_full(self) -> bool:
        return self.inside >= self.room

    async def __aenter__(self) -> None:
        self.inside += 1
        try:
            await self.semaphore.acquire()
        except BaseException:
            self.inside -= 1
            raise

    async def __aexit__(self, *error: Any) -> None:
        self.inside -= 1
        self.semaphore.release()


async def _read_body(receive: Any, most: Any, seconds: Any) -> Any:
    """Read a whole body and return a `receive` that gives it again. Raises _Refused if it is too long, TimeoutError if it is slow."""
    messages, size = [], 0
    async with asyncio.timeout(seconds):
        while True:
            message = await receive()
            messages.append(message)
            size += len(message.get("body", b""))
            if size > most:
                raise _Refused(413, f"This body is longer than {most} bytes.")
            if message["type"] != "http.request" or not message.get("more_body"):
                break
    messages.reverse()

    async def again() -> Any:
        return messages.pop() if messages else await receive()

    return again


async def _refuse(send: Any, status: Any, message: str, *headers: Any) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [*PLAIN, *headers, (b"connection", b"close")]})
    await send({"type": "http.response.body", "body": message.encode()})
