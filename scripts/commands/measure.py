"""Print what the record amounts to, in numbers, from curated/leadership.db, so build first."""

from __future__ import annotations

import argparse
from contextlib import closing

from . import Failed


def run(options: argparse.Namespace) -> int:
    """Print them; return the exit status."""
    from distribution.measuring import render_measures, take_measures
    from leadership import paths
    from leadership.opening import open_database

    if not paths.DATABASE.is_file():
        raise Failed("There is no curated/leadership.db; run make build first.")
    with closing(open_database(paths.DATABASE, "mode=ro")) as connection:
        print(render_measures(take_measures(connection)))
    return 0
