"""Print what the record amounts to, in numbers, from curated/leadership.db. Exit status 1 if the database has not been built."""

from __future__ import annotations

import sys
from contextlib import closing

from distribution.measuring import render_measures, take_measures
from leadership import paths
from leadership.opening import open_database


def main() -> int:
    if not paths.DATABASE.is_file():
        print("There is no curated/leadership.db; run make build first.", file=sys.stderr)
        return 1
    with closing(open_database(paths.DATABASE, "mode=ro")) as connection:
        print(render_measures(take_measures(connection)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
