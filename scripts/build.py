"""Build curated/ from raw/: leadership.db, csv/ and what describes them. Exit status 1 if anything is wrong; then nothing has changed."""

from __future__ import annotations

import sys

from distribution.contents import read_contents
from distribution.descriptors import write_kept
from distribution.stopped import ReleaseStopped
from leadership import paths
from leadership.building import Report, build
from leadership.faults import InputFaults
from leadership.writing import BuildStopped


def main() -> int:
    try:
        report = build_and_describe()
    except InputFaults as error:
        print(error, file=sys.stderr)
        print(f"{len(error.faults)} faults; the database was left as it is.", file=sys.stderr)
        return 1
    except BuildStopped as error:
        print(f"Build stopped: {error}. The database was left as it is.", file=sys.stderr)
        return 1
    except ReleaseStopped as error:
        print(f"The database was built, but {error}. Then build again.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted; the database was left as it is.", file=sys.stderr)
        return 130
    print(report)
    return 0


def build_and_describe() -> Report:
    """Build the database, its CSV files and the descriptors that are kept with them; return what `make build` prints.

    Raises InputFaults or BuildStopped; then all is as it was. Raises ReleaseStopped if only the descriptors could not be written.
    """
    report = build(paths.RAW, paths.METADATA, paths.DATABASE, paths.CSV, paths.KEPT)
    write_kept(read_contents(paths.DATABASE, paths.METADATA), paths.ROOT)
    return report


if __name__ == "__main__":
    sys.exit(main())
