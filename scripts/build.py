"""Build curated/leadership.db and curated/csv/ from raw/. Exit status 1 if anything is wrong; then nothing has changed."""

from __future__ import annotations

import sys

from leadership import paths
from leadership.building import build
from leadership.faults import InputFaults
from leadership.writing import BuildStopped


def main() -> int:
    try:
        report = build(paths.RAW, paths.METADATA, paths.DATABASE, paths.CSV)
    except InputFaults as error:
        print(error, file=sys.stderr)
        print(f"{len(error.faults)} faults; the database was left as it is.", file=sys.stderr)
        return 1
    except BuildStopped as error:
        print(f"Build stopped: {error}. The database was left as it is.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted; the database was left as it is.", file=sys.stderr)
        return 130
    print(report)
    return 0


if __name__ == "__main__":
    sys.exit(main())
