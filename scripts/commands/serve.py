"""Build the database if raw/ or metadata.yml has changed, then serve it read-only with Datasette."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from . import Failed, WrongUse

READS_TEXTS = True


def add_options(option: Callable[..., object]) -> None:
    """Add the options of the command."""
    option("--host", default="127.0.0.1", help="the address to listen at (127.0.0.1)")
    option("--port", default="8001", help="the port to listen at (8001)")
    option("--database", type=Path, metavar="FILE", help="serve this file as it is, and build nothing")
    option("--base-url", default="/", help="the path below which the site stands, such as /data/")
    option("--watch", action="store_true", help="build whenever raw/ or metadata.yml changes, and have open pages show it, or the faults")


def run(options: argparse.Namespace) -> int:
    """Serve until told to stop; return the exit status."""
    from presentation.settings import read_base_url

    from .serving import CannotServe, prepare, read_host, read_port, serve, serve_anew, watch

    if options.watch and options.database:
        raise WrongUse("--database serves a file as it is, and --watch builds; give one of them")
    try:
        host, port, base_url = read_host(options.host), read_port(options.port), read_base_url(options.base_url)
    except argparse.ArgumentTypeError as error:
        raise WrongUse(f"{error}.") from None
    try:
        if options.watch:
            watch(host, port, base_url)
            return 0
        if not options.database:
            prepare(host, port)
            serve_anew(host, port, base_url)
        serve(host, port, options.database.absolute(), base_url)
    except CannotServe as error:
        raise Failed(f"Not served: {error}.") from None
    return 0
