"""Write CHANGELOG.md from the releases in curated/leadership.db. Exit status 1 if the database has not been built."""

from __future__ import annotations

import os
import sys

from distribution.changes import render_changelog
from leadership import paths


def main() -> int:
    if not paths.DATABASE.is_file():
        print("There is no curated/leadership.db; run make build first.", file=sys.stderr)
        return 1
    scratch = paths.CHANGELOG.with_suffix(".tmp")
    try:
        scratch.write_text(render_changelog(paths.DATABASE), encoding="utf-8")
        os.replace(scratch, paths.CHANGELOG)
    except OSError as error:
        print(f"CHANGELOG.md cannot be written ({error.strerror}); make its folder writable or free some space.", file=sys.stderr)
        return 1
    print("CHANGELOG.md written.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
