"""An answer is whole, or it says that it is not.

Datasette's HTML and its JSON with a frame tell of rows that were left out. CSV, bare lists (`_shape=array`) and feeds have no place for
that, and Datasette gives them the first rows without a sign. Here they hold every row, or are refused with a sentence:

- CSV of a table or view is the whole of it, page after page, unless a reader asks for a number of rows by `_size` or for a page.
- CSV of a query has every row up to LIMITS["answer_bytes"]; a query that fails is an error and no empty table.
- The pages of a view after its first come from one query that is kept going: asked for each by OFFSET, all would be sorted anew.
- Bare JSON and feeds of a query have every row up to LIMITS["bare_rows"].

**What fails midway.** Datasette streams CSV under status 200 and, where a later page fails, writes the error as if it were a row. A sign
within the body (a last line, a comment) would be read as data by every parser. So the beginning, up to LIMITS["held_bytes"], is held
back until the table is complete; if it is not, the answer is an error with a sentence. Of a longer one some is out already: its
connection is closed without the final chunk, which every HTTP client reports as an incomplete answer. Neither is ever kept.
"""

from __future__ import annotations

import asyncio
import re
import sqlite3
from contextvars import ContextVar
from functools import partial
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode

from datasette import database as datasette_database
from datasette import hookimpl
from datasette.database import Results
from datasette.views.base import DatasetteError
from presentation import settings
from presentation.patches import replace
from presentation.speaking import N_, say

CSV, BARE = ".csv", (".json", ".atom", ".ics")
FRAMED_SHAPES = {"arrays", "objects"}  # of JSON, with a member `truncated`
FORM: ContextVar[str] = ContextVar("form_without_a_sign", default="")  # of the answer that is being made
FURTHER: ContextVar[_Further | None] = ContextVar("further_pages", default=None)  # of the view whose CSV is being made
BY_OFFSET = re.compile(r"(?P<whole>select .*) limit (?P<most>[0-9]+) offset (?P<offset>[0-9]+)", re.S)  # how Datasette pages through a view
ROW_ENDS = (b"\r\n", b"</html>")  # the second ends what `_trace` shows
TOGETHER = 64 * 1024  # bytes: rows come one by one, and each would be a packet of its own
ROWS_AT_A_TIME = 500  # after so many others get their turn
TYPE = [(b"content-type", b"text/plain; charset=utf-8"), (b"access-control-allow-origin", b"*"), (b"cache-control", b"no-store")]
OWN_SQL = ("sql", "_where")


@hookimpl
def startup(datasette: Any) -> None:
    """Have queries give all of their rows to answers that have no place to say that some are missing."""
    replace(datasette, "execute", _give_all)
    for database in datasette.databases.values():
        replace(database, "execute", partial(_keep_going, database))


def _give_all(ask: Any) -> Any:
    async def execute(db_name: Any, sql: str, params: Any = None, truncate: bool = False, **options: Any) -> Any:
        form = FORM.get()
        if not form or not truncate:
            return await ask(db_name, sql, params, truncate=truncate, **options)
        try:
            results = await ask(db_name, sql, params, truncate=False, **options)
        except sqlite3.DatabaseError as error:
            if form != CSV:
                raise  # JSON tells it
            raise DatasetteError(str(error), title=N_("Invalid SQL"), status=400) from None
        most = settings.LIMITS["bare_rows"]
        if form in BARE and len(results.rows) > most:
            raise DatasetteError(
                say("This answer has more than %(n)s rows; ask for fewer, or for CSV.", n=f"{most:,}"),
                title=N_("Too many rows"),
                status=400,
            )
        return results

    return execute


def _keep_going(database: Any, ask: Any) -> Any:
    """Have a database answer the further pages of a view's CSV from the query that gave the one before."""

    async def execute(sql: str, params: Any = None, truncate: bool = False, **options: Any) -> Any:
        further = FURTHER.get()
        page = BY_OFFSET.fullmatch(sql) if further and "page_size" in options else None
        return await (further.page(database, page, params, options) if further and page else ask(sql, params, truncate=truncate, **options))

    return execute


@hookimpl(tryfirst=True)  # the innermost layer: it sees what Datasette sends, row by row
def asgi_wrapper(datasette: Any) -> Any:
    """Ask Datasette for whole answers, and let no part of one pass for the whole."""

    def wrap(app: Any) -> Any:
        async def whole(scope: dict[str, Any], receive: Any, send: Any) -> None:
            form = _form(scope) if scope["type"] == "http" else ""
            if not form:
                await app(scope, receive, send)
                return
            token = FORM.set(form)
            further = _Further(datasette)
            FURTHER.set(further if form == CSV else None)
            try:
                if form == CSV:
                    guard = _Guard(send, scope["query_string"])
                    await app({**scope, "query_string": _streamed(scope["query_string"])}, receive, guard)
                else:
                    await app(scope, receive, send)
            finally:
                FORM.reset(token)
                FURTHER.set(None)
                further.close()

        return whole

    return wrap


def _form(scope: dict[str, Any]) -> Any:
    """Return the ending of an address whose answer has no place for a sign, else nothing."""
    path = scope["path"]
    if path.endswith(CSV):
        return CSV
    form = next((ending for ending in BARE if path.endswith(ending)), "")
    shape = parse_qs(scope["query_string"].decode("latin-1")).get("_shape", ["arrays"])[0]
    return "" if form == ".json" and shape in FRAMED_SHAPES else form


def _streamed(query: Any) -> Any:
    """Return the query string of a CSV with what makes a table whole, unless a reader asks for a page or a number of rows.

    A condition of the reader's own gets brackets: Datasette adds its page to it by AND, and an OR would begin each page anew without end.
    """
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    asked = dict(pairs)
    if "_next" not in asked and asked.get("_size", "max") == "max":
        pairs += [(name, value) for name, value in {"_stream": "on", "_size": "max"}.items() if name not in asked]
    return urlencode([(name, f"({value})" if name == "_where" else value) for name, value in pairs]).encode()


class _Further:
    """The pages of one view after the first, out of one query over a connection of its own; the time that each may take is the same."""

    def __init__(self, datasette: Any) -> None:
        self.datasette, self.at = datasette, 0
        self.connection: Any = None
        self.cursor: Any = None
        self.ahead: list[Any] = []

    async def page(self, database: Any, page: Any, params: Any, options: Any) -> Any:
        """Return the rows that a query `… limit … offset …` would give; the pages come in their order."""
        return await asyncio.get_running_loop().run_in_executor(self.datasette.executor, self._read, database, page, params, options)

    def _read(self, database: Any, page: Any, params: Any, options: Any) -> Any:
        most, offset = int(page["most"]), int(page["offset"])
        limit = min(self.datasette.sql_time_limit_ms, options.get("custom_time_limit") or self.datasette.sql_time_limit_ms)
        if self.connection is None:
            self.connection = database.connect()
            self.datasette._prepare_connection(self.connection, database.name)
        with datasette_database.sqlite_timelimit(self.connection, limit):
            if self.cursor is None or offset < self.at:
                self.cursor, self.at, self.ahead = self.connection.cursor(), 0, []
                self.cursor.row_factory = sqlite3.Row
                self.cursor.execute(page["whole"], params or {})
            while self.at + len(self.ahead) < offset and (skipped := self.cursor.fetchmany(offset - self.at - len(self.ahead))):
                self.at, self.ahead = self.at + len(self.ahead) + len(skipped), []
            self.at, self.ahead = offset, self.ahead[max(0, offset - self.at) :]
            rows = self.ahead + self.cursor.fetchmany(most - len(self.ahead))
        # Datasette asks for one row more than a page has, to see whether there is another page.
        self.at, self.ahead = offset + len(rows[: most - 1]), rows[most - 1 :]
        return Results(rows, False, self.cursor.description)

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()


class _Guard:
    """Holds back the beginning of a CSV until it is complete, hands on what is longer, and ends neither as whole if it was cut."""

    def __init__(self, send: Any, query: Any) -> None:
        self.send, self.own_sql = send, any(name in parse_qs(query.decode("latin-1")) for name in OWN_SQL)
        self.start: dict[str, Any] | None = None
        self.last = b""
        self.rows, self.size, self.begun = 0, 0, False
        self.waiting: list[bytes] = []

    async def __call__(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start" and message["status"] == 200:
            self.start = message
        elif self.start is None or message["type"] != "http.response.body":
            await self.send(message)
        elif message.get("more_body"):
            await self.take(message["body"])
        elif not self.last or self.last.endswith(ROW_ENDS):
            await self.hand_on(more=False)
        elif not self.begun:
            await self.refuse()
        # else nothing: the server closes a connection whose answer has no end

    async def take(self, row: bytes) -> None:
        """Take a row, or what Datasette writes instead of one."""
        self.last = row or self.last
        self.waiting.append(row)
        self.size += len(row)
        self.rows += 1
        if self.rows % ROWS_AT_A_TIME == 0:
            await asyncio.sleep(0)
        if self.size > (TOGETHER if self.begun else settings.LIMITS["held_bytes"]) and row.endswith(ROW_ENDS):
            await self.hand_on(more=True)

    async def hand_on(self, more: Any) -> None:
        """Send what is waiting, whole rows."""
        if not self.begun:
            await self.send(self.start)
            self.begun = True
        await self.send({"type": "http.response.body", "body": b"".join(self.waiting), "more_body": more})
        self.waiting, self.size = [], 0

    async def refuse(self) -> None:
        """Answer with the reason instead of a part of the table."""
        reason = self.last.decode(errors="replace")[:500]
        advice = "Ask for fewer rows or columns." if self.own_sql else "Try again in a moment."
        status, further = (400, []) if self.own_sql else (503, [(b"retry-after", b"5")])
        await self.send({"type": "http.response.start", "status": status, "headers": [*TYPE, *further]})
        body = f"This table could not be given whole, so nothing of it is given: {reason}. {advice}\n"
        await self.send({"type": "http.response.body", "body": body.encode()})
