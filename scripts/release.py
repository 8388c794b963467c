"""Write dist/release/: the data in every format, with what describes them. Exit status 1 if anything is wrong; then nothing has changed."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from build import build_and_describe
from distribution.releasing import write_release
from distribution.stopped import ReleaseStopped
from leadership import paths
from leadership.building import is_current
from leadership.faults import InputFaults
from leadership.writing import BuildStopped

RELEASE = paths.ROOT / "dist" / "release"


def main() -> int:
    target = parse_arguments().out
    try:
        if not is_current(paths.DATABASE):
            print(build_and_describe())
        files = write_release(paths.DATABASE, paths.METADATA, target)
    except InputFaults as error:
        print(error, file=sys.stderr)
        print(f"{len(error.faults)} faults; an earlier release was left as it is.", file=sys.stderr)
        return 1
    except (BuildStopped, ReleaseStopped) as error:
        print(f"Release stopped: {error}. An earlier release was left as it is.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted; an earlier release was left as it is.", file=sys.stderr)
        return 130
    print(report(target, files))
    return 0


def parse_arguments() -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=RELEASE, help="the folder of the release (dist/release)")
    arguments = parser.parse_args()
    arguments.out = arguments.out.resolve()
    return arguments


def report(folder: Path, files: list[Path]) -> str:
    """Return what was written: a line for each file with its size, and the sum."""
    sizes = {path.relative_to(folder).as_posix(): path.stat().st_size for path in files}
    lines = [f"{size:>12,}  {name}" for name, size in sizes.items()]
    return "\n".join([*lines, f"{sum(sizes.values()):>12,}  bytes in {len(sizes)} files in {folder}"])


if __name__ == "__main__":
    sys.exit(main())
