"""Compare two releases: say what differs and which version the newer one may bear."""

from __future__ import annotations

import argparse
import json

from distribution.difference import CannotCompare, compare_databases
from distribution.difference_report import as_data, draft_release, tell_in_words
from leadership import paths
from leadership.opening import refuse_sqlite
from leadership.replacing import replace_text

from . import Failed, WrongUse


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
        raise Failed(error) from None
    except OSError as error:
        raise Failed(f"{options.json} cannot be written ({error.strerror}); make its folder writable or name another.") from None
    print(draft_release(found) if options.yaml else tell_in_words(found), end="")
    if found.refusal and not options.yaml:
        raise Failed(f"Refused: {found.refusal}.")
    return 0
