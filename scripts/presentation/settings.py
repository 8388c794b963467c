"""What the site allows and how long it waits: every figure of the server, for the command that starts it, the plugins that keep the
limits, the proxy before it and what tries them out.
"""

from __future__ import annotations

import argparse
import re
from typing import Any

# These are Datasette's own …
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


FILES = ("/static/", "/-/static/", "/-/static-plugins/")  # below which files are given as they are
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


def read_base_url(text: str) -> str:
    """Return the path below which the site stands, with a slash at both ends. Raises ArgumentTypeError."""
    parts = [part for part in text.split("/") if part]
    if not all(PREFIX_PART.fullmatch(part) for part in parts):
        raise argparse.ArgumentTypeError(f"{text!r} is no path of letters, digits, - and _; give one such as /data/")
    if parts and parts[0] in OWN_PATHS:
        raise argparse.ArgumentTypeError(f"addresses of the site itself begin with /{parts[0]}/; give another path, such as /data/")
    return f"/{'/'.join(parts)}/" if parts else "/"
