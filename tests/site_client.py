"""The site without a network: Datasette with the arguments of `make serve`, over the real data, asked in this very process."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Thread
from typing import Any

from commands import serving
from leadership import paths

ROW = re.compile(r"(/[a-z]+)?/leadership/[a-z_]+/[A-Za-z0-9~.-]+")


class Site:
    """Answers requests as the server would. All run in one event loop, as they do there.

    The loop has a thread of its own, because a browser that another test opened keeps a loop running in the main one.
    """

    def __init__(self, database: Path, base_url: str = "/"):
        arguments = serving.datasette_arguments("127.0.0.1", 8001, base_url)[1:]
        arguments[arguments.index(str(paths.DATABASE))] = str(database)
        self.loop = asyncio.new_event_loop()
        self.thread = Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.datasette = self.run(_make_datasette(arguments))

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Return the result of some work in the loop of the site."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(timeout=60)

    def get(self, path: str, **options: Any) -> Any:
        """Return the response to a GET request; redirects are not followed."""
        return self.run(self.datasette.client.get(path, **options))

    def page(self, path: str) -> str:
        """Return the HTML of a page that is there, its character references resolved."""
        response = self.get(path)
        assert response.status_code == 200, path
        return html.unescape(str(response.text))

    def status(self, link: str) -> int:
        """Return the status of what a link leads to. A row is asked for as JSON: it is there if its page is, for a tenth of the work."""
        status: int = self.get(f"{link}.json" if ROW.fullmatch(link) else link).status_code
        return status

    def rows(self, sql: str, **parameters: Any) -> list[dict[str, Any]]:
        """Return the rows of a query as dictionaries."""
        return [dict(row) for row in self.run(self.datasette.execute("leadership", sql, parameters)).rows]

    def columns(self, sql: str, **parameters: Any) -> list[str]:
        """Return the names of the columns of a query, which need not be run to its end for it."""
        found = self.run(self.datasette.execute("leadership", f"SELECT * FROM ({sql}) LIMIT 0", parameters)).description
        return [name for name, *_ in found]

    def close(self) -> None:
        """End the event loop and its thread."""
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()


async def _make_datasette(arguments: list[str]) -> Any:
    datasette = serving.make_datasette(arguments)
    await datasette.invoke_startup()
    return datasette


def in_a_thread_of_its_own(work: Coroutine[Any, Any, Any]) -> Any:
    """Return the result of some work in a loop and thread of its own, whatever loop runs in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
