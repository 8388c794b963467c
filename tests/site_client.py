"""The site without a network: Datasette with the arguments of `make serve`, over the real data, asked in this very process."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import serve
from datasette.cli import serve as serve_command
from leadership import paths


class Site:
    """Answers requests as the server would. All run in one event loop, as they do there."""

    def __init__(self, database: Path):
        arguments = serve.datasette_arguments("127.0.0.1", 8001)[1:]
        arguments[arguments.index(str(paths.DATABASE))] = str(database)
        context = serve_command.make_context("serve", arguments)
        self.datasette = serve_command.callback(**context.params, return_instance=True)
        self.loop = asyncio.new_event_loop()
        self.loop.run_until_complete(self.datasette.invoke_startup())

    def get(self, path: str, **options: Any) -> Any:
        """Return the response to a GET request; redirects are not followed."""
        return self.loop.run_until_complete(self.datasette.client.get(path, **options))

    def rows(self, sql: str, **parameters: Any) -> list[dict[str, Any]]:
        """Return the rows of a query as dictionaries."""
        result = self.loop.run_until_complete(self.datasette.execute("leadership", sql, parameters))
        return [dict(row) for row in result.rows]

    def close(self) -> None:
        """End the event loop."""
        self.loop.close()
