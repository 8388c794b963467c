"""Write dist/release/: the data in every format, with what describes them.

Builds first if raw/ or metadata.yml has changed. If anything is wrong, an earlier release is left as it is.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from . import Failed
from .progress import Progress

READS_TEXTS = True
LIBRARIES = ("pyarrow", "xlsxwriter")  # which only releases need; pyproject.toml names them as `release`


def add_options(option: Callable[..., object]) -> None:
    """Add the option of the command."""
    option("--out", type=Path, metavar="FOLDER", help="the folder of the release (dist/release)")


def run(options: argparse.Namespace) -> int:
    """Write the release; return the exit status."""
    from distribution.stopped import ReleaseStopped
    from leadership import paths
    from leadership.building import is_current
    from leadership.faults import InputFaults

    from .build import build_and_report

    try:
        from distribution.releasing import write_release  # here, because its libraries may be missing
    except ModuleNotFoundError as error:
        if error.name not in LIBRARIES:
            raise
        raise Failed(
            f"A release needs {' and '.join(LIBRARIES)}; install them with pip install '.[release]', or call make release."
        ) from None
    target = (options.out or paths.ROOT / "dist" / "release").resolve()
    if not is_current(paths.DATABASE) and (status := build_and_report()):
        print("An earlier release was left as it is.", file=sys.stderr)
        return status
    try:
        with Progress() as progress:
            files = write_release(paths.DATABASE, paths.METADATA, target, progress)
    except InputFaults as error:
        raise Failed(f"{error}\n{error.count}; an earlier release was left as it is.") from None
    except ReleaseStopped as error:
        raise Failed(f"Release stopped: {error}. An earlier release was left as it is.") from None
    except KeyboardInterrupt:
        print("Interrupted; an earlier release was left as it is.", file=sys.stderr)
        return 130
    print(report(target, files))
    return 0


def report(folder: Path, files: list[Path]) -> str:
    """Return what was written: a line for each file with its size, and the sum."""
    sizes = {path.relative_to(folder).as_posix(): path.stat().st_size for path in files}
    lines = [f"{size:>12,}  {name}" for name, size in sizes.items()]
    return "\n".join([*lines, f"{sum(sizes.values()):>12,}  bytes in {len(sizes)} files in {folder}"])
