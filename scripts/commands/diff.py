"""Compare two databases: say what differs and which version the newer one may bear.

Refuses (1) if the newer one bears a version that is too small for what differs.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from . import Failed
from .progress import Progress


def add_options(option: Callable[..., object]) -> None:
    """Add the options of the command."""
    option("old", type=Path, help="database of the older release")
    option("new", nargs="?", type=Path, help="database of the newer one (curated/leadership.db)")
    option("--json", type=Path, metavar="FILE", help="write everything that differs into a file as JSON")
    option("--yaml", action="store_true", help="print a draft for raw/releases.yml instead of the words")


def run(options: argparse.Namespace) -> int:
    """Say what differs; return the exit status, 1 also where the newer one bears another version than it may."""
    from distribution.difference import CannotCompare, compare_databases
    from distribution.difference_report import as_data, draft_release, tell_in_words
    from leadership import paths
    from leadership.opening import refuse_sqlite
    from leadership.replacing import replace_text

    try:
        if refusal := refuse_sqlite():
            raise CannotCompare(refusal)
        with Progress() as progress:
            progress("compare")
            found = compare_databases(options.old, options.new or paths.DATABASE)
        if options.json:
            replace_text(options.json, json.dumps(as_data(found), ensure_ascii=False, indent=1) + "\n")
            print(f"wrote {options.json}", file=sys.stderr)
    except CannotCompare as error:
        raise Failed(error) from None
    except OSError as error:
        raise Failed(f"{options.json} cannot be written ({error.strerror}); make its folder writable or name another.") from None
    print(draft_release(found) if options.yaml else tell_in_words(found), end="")
    if found.refusal and not options.yaml:
        raise Failed(f"Refused: {found.refusal}.")
    return 0
