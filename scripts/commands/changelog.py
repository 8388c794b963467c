"""Write CHANGELOG.md from the releases in curated/leadership.db."""

from __future__ import annotations

import argparse
import os
import sys

from distribution.changelog import render_changelog
from leadership import paths


def run(options: argparse.Namespace) -> int:
    """Write it; return the exit status."""
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
