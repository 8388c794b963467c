"""Write CHANGELOG.md from the releases in curated/leadership.db, so build first."""

from __future__ import annotations

import argparse

from . import Failed


def run(options: argparse.Namespace) -> int:
    """Write it; return the exit status."""
    from distribution.changelog import render_changelog
    from leadership import paths
    from leadership.replacing import replace_text

    if not paths.DATABASE.is_file():
        raise Failed("There is no curated/leadership.db; run make build first.")
    try:
        replace_text(paths.CHANGELOG, render_changelog(paths.DATABASE))
    except OSError as error:
        raise Failed(f"CHANGELOG.md cannot be written ({error.strerror}); make its folder writable or free some space.") from None
    print("CHANGELOG.md written.")
    return 0
