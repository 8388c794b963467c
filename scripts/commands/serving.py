"""What `serve` does: see that the door can be opened, build if need be, and serve with Datasette until told to stop."""

from __future__ import annotations

import argparse
import asyncio
import errno
import io
import json
import os
import socket
import sqlite3
import sys
from contextlib import closing
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import IO, Any, NoReturn

import uvicorn
import yaml
from datasette.cli import serve as datasette_serve
from datasette.plugins import pm
from leadership import paths
from leadership.opening import open_database, refuse_sqlite
from presentation.patches import PatientServer
from presentation.settings import LIMITS, SETTINGS


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
                door = socket.create_server(address[:2] if family == socket.AF_INET else address, family=family)
                # What is accepted there inherits it. asyncio sets it only on sockets that it made itself; without it, head and body of an
                # answer go out apart, and a reader who keeps the connection waits 40 ms for each.
                door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                doors.append(door)
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


def try_doors(host: str, port: int) -> None:
    """See before any long work whether one could listen; nobody is let in before the work is done. Raises CannotServe."""
    for door in open_doors(host, port):
        door.close()


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


def serve(host: str, port: int, database: Path, base_url: str = "/", news: Connection | None = None) -> None:
    """Serve a database until told to stop; with `news` of builds, always the newest one. Raises CannotServe."""
    if refusal := refuse_sqlite() or refuse_database(database):
        raise CannotServe(refusal)
    try_doors(host, port)
    os.chdir(database.parent)  # Datasette puts the path into a URI as it is, and the name alone holds no sign that means something there
    arguments = datasette_arguments(host, port, base_url)[1:]
    arguments[arguments.index(str(paths.DATABASE))] = database.name
    if news:
        from . import watching  # no other server has anything of it

        with paths.METADATA.open(encoding="utf-8") as file:
            read_metadata(file)  # else it would be read when there is a server, which would tell of it in a traceback

        arguments += watching.SETTINGS
        pm.register(watching.PageScript)
        app: Any = watching.Watched(partial(make_datasette, arguments), news)
    else:
        datasette = make_datasette(arguments)
        asyncio.run(datasette.invoke_startup())
        app = datasette.app()
    stop = LIMITS["stop_seconds"]
    options: dict[str, Any] = {"log_level": "info", "lifespan": "on", "timeout_graceful_shutdown": stop}
    options["access_log"] = False  # who read what is nobody's business, and a line takes a fifth of the time of an answer that is kept
    doors = open_doors(host, port)
    print(f"Serving on {address(host, doors[0].getsockname()[1])}{base_url.rstrip('/')}", flush=True)
    PatientServer(uvicorn.Config(app, host=host, port=port, **options)).run(doors)


def make_datasette(arguments: list[str]) -> Any:
    """Return a Datasette as `datasette serve` would make it of these arguments. Raises CannotServe if the metadata cannot be read."""
    context = datasette_serve.make_context("serve", list(arguments))
    with context.params["metadata"] as file:
        context.params["metadata"] = io.StringIO(read_metadata(file))
    if all(pm.has_plugin(path.name) for path in (paths.SITE / "plugins").glob("*.py")):
        context.params["plugins_dir"] = None  # Datasette would compile them all again, and keep those that it has
    return datasette_serve.callback(**context.params, return_instance=True)


def read_metadata(file: IO[str]) -> str:
    """Return the metadata as JSON. Raises CannotServe if they cannot be read.

    Datasette reads YAML without the C parser, which takes two thirds of the time of its start.
    """
    try:
        return json.dumps(yaml.load(file, yaml.CSafeLoader))
    except (yaml.YAMLError, ValueError, TypeError) as error:  # ValueError, TypeError: a date, which must stand in quotes
        raise CannotServe(f"metadata.yml cannot be used ({' '.join(str(error).split())}); make check says what to mend") from None


def read_port(text: str) -> int:
    """Return a port that was written by hand. Raises ArgumentTypeError."""
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text} is no port; name a number up to 65535, such as 8001")
    return int(text)


def read_host(text: str) -> str:
    """Return a host that was written by hand, without the brackets that it has in an address."""
    return text.removeprefix("[").removesuffix("]")


def prepare(host: str, port: int) -> None:
    """Build the database if its inputs have changed. Raises CannotServe, also if nobody could listen afterwards, which is seen first."""
    from leadership.building import is_current  # here, because a server of a finished database needs nothing of it

    from .build import build_and_report

    if refusal := refuse_sqlite():
        raise CannotServe(refusal)
    try_doors(host, port)
    if not is_current(paths.DATABASE) and build_and_report() != 0:
        if not paths.DATABASE.is_file():
            raise CannotServe("there is no former database either; mend what is said above")
        print("Serving the former database.", file=sys.stderr)


def watch(host: str, port: int, base_url: str) -> None:
    """Serve, and build whenever the inputs change. Raises CannotServe, also where there is no database yet and none can be built."""
    from .watching import builder

    if not paths.DATABASE.is_file():
        prepare(host, port)
    with builder() as news:
        serve(host, port, paths.DATABASE.absolute(), base_url, news)


def serve_anew(host: str, port: int, base_url: str) -> NoReturn:
    """Serve in the place of this process, so that the server does not keep the memory that the build took."""
    os.environ["PYTHONPATH"] = str(paths.CODE)
    arguments = ["--host", host, "--port", str(port), "--database", str(paths.DATABASE), "--base-url", base_url]
    os.execv(sys.executable, [sys.executable, "-m", "leadership", "serve", *arguments])
