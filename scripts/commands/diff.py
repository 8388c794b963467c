"""Compare two releases: say what differs and which version the newer one may bear."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from distribution.difference import CannotCompare, compare_databases
from distribution.difference_report import as_data, draft_release, tell_in_words
from leadership import paths
from leadership.opening import refuse_sqlite

from . import WrongUse


def run(options: argparse.Namespace) -> int:
    """Say what differs; return the exit status, 1 also where the newer one bears another version than it may."""
    if options.old is None:
        raise WrongUse("no database was named to compare with; call make diff OLD=<older database> NEW=<newer database>")
    try:
        if refusal := refuse_sqlite():
            raise CannotCompare(refusal)
        found = compare_databases(options.old, options.new or paths.DATABASE)
        if options.json:
            _write(options.json, json.dumps(as_data(found), ensure_ascii=False, indent=1) + "\n")
    except CannotCompare as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{options.json} cannot be written ({error.strerror}); make its folder writable or name another.", file=sys.stderr)
        return 1
    print(draft_release(found) if options.yaml else tell_in_words(found), end="")
    if found.refusal and not options.yaml:
        print(f"Refused: {found.refusal}.", file=sys.stderr)
        return 1
    return 0


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    scratch = path.with_name(f".{path.name}.tmp")
    try:
        scratch.write_text(text, encoding="utf-8")
        os.replace(scratch, path)
    finally:
        scratch.unlink(missing_ok=True)
