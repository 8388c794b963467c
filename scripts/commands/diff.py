"""Compare two releases: say what differs and which version the newer one may bear."""

from __future__ import annotations

import argparse
import json
import sys

from distribution.difference import CannotCompare, compare_databases
from distribution.difference_report import as_data, draft_release, tell_in_words
from leadership import paths
from leadership.opening import refuse_sqlite
from leadership.replacing import replace_text

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
            replace_text(options.json, json.dumps(as_data(found), ensure_ascii=False, indent=1) + "\n")
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
