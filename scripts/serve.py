"""Build the database if its inputs have changed, then serve it read-only with Datasette."""

from __future__ import annotations

import argparse
import asyncio
import errno
import os
import re
import socket
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any, NoReturn

import build
import uvicorn
from datasette.cli import serve as datasette_serve
from leadership import paths
from leadership.building import is_current
from leadership.opening import open_database, refuse_sqlite

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
OWN_PATHS = (
    "leadership",
    "people",
    "organisations",
    "id",
    "static",
    "downloads",
    "timeline",
    "disagreements",
    "methods",
    "correct",
    "cite",
    "succession",
    "who-went-where",
    "sources-record",
    "history",
    "zh",
    "preview",
)  # with which addresses of the site begin


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


class CannotServe(Exception):  # noqa: N818 (it says what happened)
    """The site was not served; the message says why and what to do."""


def open_doors(host: str, port: int) -> list[socket.socket]:
    """Return a socket that listens at each address that `host` stands for on this machine. Raises CannotServe."""
    doors: list[socket.socket] = []
    failed: OSError | None = None
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, _, _, _, address in sorted(set(found)):
            try:
                doors.append(socket.create_server(address[:2] if family == socket.AF_INET else address, family=family))
            except OSError as error:
                failed = error
                if error.errno == errno.EADDRINUSE:
                    break
    except (OSError, UnicodeError) as error:  # no such host
        failed = error if isinstance(error, OSError) else OSError(str(error))
    if failed and (not doors or failed.errno == errno.EADDRINUSE):  # of localhost one address may be missing, but no other may answer there
        for door in doors:
            door.close()
        raise CannotServe(_refuse_door(host, port, failed)) from None
    return doors


def _refuse_door(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} of {host} is taken, perhaps by this site; end what listens there, or call make serve PORT=<another port>"
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"port {port} is not yours to listen at; call make serve PORT=<a port above 1023>"
    reason = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror or error  # negative: of the look-up of names
    return f"{host} is no address of this machine ({reason}); call make serve HOST=127.0.0.1 or another that is"


def address(host: str, port: int) -> str:
    """Return what to open in a browser on this machine; a server that listens everywhere is found at home, too."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{host.replace('%', '%25')}]:{port}" if ":" in host else f"http://{host}:{port}"


def refuse_database(path: Path) -> str | None:
    """Say why a file cannot be served, None if it can."""
    if not path.is_file():
        return f"there is no database {path}; call make build, or name another with --database"
    if path.name != paths.DATABASE.name:
        return f"{path} must be named {paths.DATABASE.name}, because the addresses of the site begin with its name; rename it"
    try:
        with closing(open_database(path)) as connection:
            row = connection.execute("SELECT value FROM build_info WHERE id = 'logical_digest'").fetchone()
    except sqlite3.DatabaseError as error:
        return f"{path} is no database of this dataset ({error}); call make build, or name another with --database"
    return None if row else f"{path} was not built to its end; call make build"


def serve(host: str, port: int, database: Path, base_url: str = "/") -> None:
    """Serve a database until told to stop. Raises CannotServe."""
    if refusal := refuse_sqlite() or refuse_database(database):
        raise CannotServe(refusal)
    os.chdir(database.parent)  # Datasette puts the path into a URI as it is, and the name alone holds no sign that means something there
    arguments = datasette_arguments(host, port, base_url)[1:]
    arguments[arguments.index(str(paths.DATABASE))] = database.name
    context = datasette_serve.make_context("serve", arguments)
    datasette = datasette_serve.callback(**context.params, return_instance=True)
    asyncio.run(datasette.invoke_startup())
    stop = LIMITS["stop_seconds"]
    options: dict[str, Any] = {"log_level": "info", "lifespan": "on", "timeout_graceful_shutdown": stop}
    options["access_log"] = False  # who read what is nobody's business, and a line takes a fifth of the time of an answer that is kept
    doors = open_doors(host, port)
    print(f"Serving on {address(host, doors[0].getsockname()[1])}{base_url.rstrip('/')}", flush=True)
    PatientServer(uvicorn.Config(datasette.app(), host=host, port=port, **options)).run(doors)


def read_port(text: str) -> int:
    """Return a port that was written by hand. Raises ArgumentTypeError."""
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text} is no port; name a number up to 65535, such as 8001")
    return int(text)


def read_host(text: str) -> str:
    """Return a host that was written by hand, without the brackets that it has in an address."""
    return text.removeprefix("[").removesuffix("]")


def main() -> None:
    options = parse_arguments()
    try:
        if not options.database:
            prepare(options.host, options.port)
            serve_anew(options.host, options.port, options.base_url)
        serve(options.host, options.port, options.database.absolute(), options.base_url)
    except CannotServe as error:
        print(f"Not served: {error}.", file=sys.stderr)
        sys.exit(1)


def parse_arguments() -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", type=read_host, default="127.0.0.1")
    parser.add_argument("--port", type=read_port, default=8001)
    parser.add_argument("--database", type=Path, help="serve this file as it is, and build nothing")
    parser.add_argument("--base-url", type=read_base_url, default="/", help="the path below which the site stands, such as /data/")
    return parser.parse_args()


def prepare(host: str, port: int) -> None:
    """Build the database if its inputs have changed. Raises CannotServe, also if nobody could listen afterwards, which is seen first."""
    if refusal := refuse_sqlite():
        raise CannotServe(refusal)
    for door in open_doors(host, port):
        door.close()
    if not is_current(paths.DATABASE) and build.main() != 0:
        if not paths.DATABASE.is_file():
            raise CannotServe("there is no former database either; mend what is said above")
        print("Serving the former database.", file=sys.stderr)


def serve_anew(host: str, port: int, base_url: str) -> NoReturn:
    """Serve in the place of this process, so that the server does not keep the memory that the build took."""
    os.environ["PYTHONPATH"] = str(paths.ROOT / "scripts")
    arguments = ["--host", host, "--port", str(port), "--database", str(paths.DATABASE), "--base-url", base_url]
    os.execv(sys.executable, [sys.executable, __file__, *arguments])


if __name__ == "__main__":
    main()
