"""Build curated/ from raw/: leadership.db, csv/ and what describes them.

If anything of raw/ or metadata.yml is wrong, nothing changes.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from .progress import Progress

if TYPE_CHECKING:
    from leadership.building import Report

READS_TEXTS = True


def run(options: argparse.Namespace) -> int:
    """Build; return the exit status."""
    return build_and_report()


def build_and_report() -> int:
    """Build, say what was done or what is wrong, and return the exit status."""
    from distribution.stopped import ReleaseStopped
    from leadership.faults import InputFaults
    from leadership.writing import BuildStopped

    built: list[bool] = []
    try:
        report = build_and_describe(lambda: built.append(True))
    except InputFaults as error:
        print(error, file=sys.stderr)
        print(f"{error.count}; {_left(bool(built))}.", file=sys.stderr)
        return 1
    except BuildStopped as error:
        print(f"Build stopped: {error}. The database was left as it is.", file=sys.stderr)
        return 1
    except ReleaseStopped as error:
        print(f"The database was built, but {error}. Then build again.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"Interrupted; {_left(bool(built))}.", file=sys.stderr)
        return 130
    print(report)
    return 0


def _left(is_built: bool) -> str:
    """Say how a build that was broken off has left the database."""
    return "the database is new, and not all that describes it is; build again" if is_built else "the database was left as it is"


def build_and_describe(built: Callable[[], object] = lambda: None, inputs: str | None = None) -> Report:
    """Build the database, its CSV files and the descriptors that are kept with them; return what `make build` prints.

    `built` is called when the database is there, before it is described. `inputs` is the digest of what it is built from where it is known.

    Raises InputFaults or BuildStopped; then all is as it was. Raises ReleaseStopped if only the descriptors could not be written.
    """
    from distribution.contents import read_contents
    from distribution.descriptors import write_kept
    from leadership import paths
    from leadership.building import build

    with Progress() as progress:
        report = build(paths.RAW, paths.METADATA, paths.DATABASE, paths.CSV, paths.KEPT, progress, inputs)
        built()
        progress("descriptors")
        write_kept(read_contents(paths.DATABASE, paths.METADATA), paths.ROOT)
    return report
