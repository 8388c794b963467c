"""Build the database if its inputs have changed, then serve it read-only with Datasette."""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import socket
import sys
from pathlib import Path
from typing import Any

import build
import uvicorn
from datasette.cli import serve as datasette_serve
from leadership import paths
from leadership.building import is_current

# Every limit of the server stands here and nowhere else. These are Datasette's own …
SETTINGS = {
    "sql_time_limit_ms": 2000,  # a query of a reader's own may take this long; all of ours take milliseconds
    "facet_time_limit_ms": 500,  # one facet; a page may have several, and shows those that were counted in time
    "facet_suggest_time_limit_ms": 50,
    "default_facet_size": 20,
    "default_page_size": 100,
    "max_returned_rows": 2000,
    "max_csv_mb": 50,  # of one stream: every table is far below it, a join without end is cut
    "num_sql_threads": 6,  # three times `own_queries_at_once`, so that pages never wait for what readers wrote
    "allow_download": 1,
    "suggest_facets": 0,  # the useful facets of each table are named in metadata.yml
    "default_cache_ttl": 300,
}

# … and these are kept by the plugin limits.py.
LIMITS: dict[str, Any] = {
    "address_bytes": 16_000,  # the longest query that anybody wrote by hand is a tenth of this
    "parameters": 100,  # each may be a filter, and SQLite nests the conditions
    "body_bytes": 200_000,  # only the MCP endpoint reads bodies, and a question is short
    "body_seconds": 20,
    "answer_bytes": 32_000_000,  # of one query, as Python holds it; the largest table is a tenth of this
    "bare_rows": 20_000,  # of a query as a bare list or a feed, which is made at once while all others wait
    "held_bytes": 2_000_000,  # of a CSV, until it is known to be whole; as much as is kept of one answer
    "own_queries_at_once": 2,  # queries that readers wrote, by address or MCP; as many as a small machine has cores
    "own_queries_waiting": 60,  # with two at once and two seconds each, whoever comes later would wait for a minute
    "stop_seconds": 30,  # how long answers that have begun may take when the server is told to stop
    "sqlite": {
        "LENGTH": 100_000,  # bytes of one value: without it zeroblob(1000000000) ends the server, and instr() takes its square
        "SQL_LENGTH": 10_000,
        "LIKE_PATTERN_LENGTH": 500,  # LIKE compares every place with the whole pattern and does not look at the clock
        "COLUMN": 200,
        "EXPR_DEPTH": 200,
        "COMPOUND_SELECT": 50,
        "ATTACHED": 0,
    },
}


PREFIX_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*")
OWN_PATHS = ("leadership", "people", "organisations", "id", "static", "downloads", "timeline")  # with which addresses of the site begin


def datasette_arguments(host: str, port: int, base_url: str = "/") -> list[str]:
    """Return the arguments with which `datasette` serves the database, below the path `base_url` of its host."""
    arguments = [
        "serve",
        "--immutable",
        str(paths.DATABASE),
        "--metadata",
        str(paths.METADATA),
        "--host",
        host,
        "--port",
        str(port),
        "--cors",
        "--plugins-dir",
        str(paths.SITE / "plugins"),
        "--template-dir",
        str(paths.SITE / "templates"),
        "--static",
        f"static:{paths.SITE / 'static'}",
    ]
    for name, value in {**SETTINGS, "base_url": base_url}.items():
        arguments += ["--setting", name, str(value)]
    return arguments


def read_base_url(text: str) -> str:
    """Return the path below which the site stands, with a slash at both ends. Raises ArgumentTypeError."""
    parts = [part for part in text.split("/") if part]
    if not all(PREFIX_PART.fullmatch(part) for part in parts):
        raise argparse.ArgumentTypeError(f"{text!r} is no path of letters, digits, - and _; give one such as /data/")
    if parts and parts[0] in OWN_PATHS:
        raise argparse.ArgumentTypeError(f"addresses of the site itself begin with /{parts[0]}/; give another path, such as /data/")
    return f"/{'/'.join(parts)}/" if parts else "/"


class PatientServer(uvicorn.Server):
    """A server that hears out whoever has knocked before it stops; by itself it hangs up on those whose request it has not read."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Accept who is waiting, close the door, read what they ask, and only then stop as usual."""
        await asyncio.sleep(0.05)
        for server in self.servers:
            server.close()
        await asyncio.sleep(0.5)
        await super().shutdown(sockets)


def serve(host: str, port: int, database: Path, base_url: str = "/") -> None:
    """Serve a database until told to stop."""
    arguments = datasette_arguments(host, port, base_url)[1:]
    arguments[arguments.index(str(paths.DATABASE))] = str(database)
    context = datasette_serve.make_context("serve", arguments)
    datasette = datasette_serve.callback(**context.params, return_instance=True)
    asyncio.run(datasette.invoke_startup())
    stop = LIMITS["stop_seconds"]
    options: dict[str, Any] = {"log_level": "info", "lifespan": "on", "timeout_graceful_shutdown": stop}
    options["access_log"] = False  # who read what is nobody's business, and a line takes a fifth of the time of an answer that is kept
    config = uvicorn.Config(datasette.app(), host=host, port=port, **options)
    PatientServer(config).run()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8001)
    parser.add_argument("--database", type=Path, help="serve this file as it is, and build nothing")
    parser.add_argument("--base-url", type=read_base_url, default="/", help="the path below which the site stands, such as /data/")
    options = parser.parse_args()
    if options.database:
        serve(options.host, options.port, options.database, options.base_url)
        return
    if not is_current(paths.DATABASE) and build.main() != 0:
        if not paths.DATABASE.is_file():
            sys.exit(1)
        print("Serving the former database.", file=sys.stderr)
    print(f"Serving on http://{options.host}:{options.port}{options.base_url.rstrip('/')}", flush=True)
    os.environ["PYTHONPATH"] = str(paths.ROOT / "scripts")
    # Anew, so that the server does not keep the memory that the build took.
    arguments = ["--host", options.host, "--port", str(options.port), "--database", str(paths.DATABASE), "--base-url", options.base_url]
    os.execv(sys.executable, [sys.executable, __file__, *arguments])


if __name__ == "__main__":
    main()
