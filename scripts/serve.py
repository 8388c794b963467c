"""Build the database if its inputs have changed, then serve it read-only with Datasette."""

from __future__ import annotations

import argparse
import os
import sys

import build
from leadership import paths
from leadership.building import is_current

# Every limit of the server stands here and nowhere else.
SETTINGS = {
    "sql_time_limit_ms": 2000,  # a query of a reader's own may take this long; all of ours take milliseconds
    "facet_time_limit_ms": 500,
    "facet_suggest_time_limit_ms": 50,
    "default_facet_size": 20,
    "default_page_size": 100,
    "max_returned_rows": 2000,
    "max_csv_mb": 50,
    "num_sql_threads": 4,
    "allow_download": 1,
    "suggest_facets": 0,  # the useful facets of each table are named in metadata.yml
    "default_cache_ttl": 300,
}


def datasette_arguments(host: str, port: int) -> list[str]:
    """Return the arguments with which `datasette` serves the database."""
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
    for name, value in SETTINGS.items():
        arguments += ["--setting", name, str(value)]
    return arguments


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8001)
    options = parser.parse_args()
    if not is_current(paths.DATABASE) and build.main() != 0:
        if not paths.DATABASE.is_file():
            sys.exit(1)
        print("Serving the former database.", file=sys.stderr)
    print(f"Serving on http://{options.host}:{options.port}", flush=True)
    os.environ["PYTHONPATH"] = str(paths.ROOT / "scripts")
    os.execv(sys.executable, [sys.executable, "-m", "datasette", *datasette_arguments(options.host, options.port)])


if __name__ == "__main__":
    main()
