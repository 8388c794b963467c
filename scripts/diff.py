"""Compare two releases: say what differs and which version the newer one may bear. Exit status 1 if it bears another, or if
one of the files is no release of this dataset."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from distribution.diffing import CannotCompare, compare_databases
from distribution.telling import as_data, draft_release, tell_in_words
from leadership import paths
from leadership.opening import refuse_sqlite


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Compare two databases of this dataset.")
    parser.add_argument("old", nargs="?", type=Path, help="database of the older release")
    parser.add_argument("new", nargs="?", type=Path, default=paths.DATABASE, help="database of the newer one (curated/leadership.db)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything that differs into a file as JSON")
    parser.add_argument("--yaml", action="store_true", help="print a draft for raw/releases.yml instead of the words")
    options = parser.parse_args(arguments)
    try:
        if refusal := refuse_sqlite():
            raise CannotCompare(refusal)
        if options.old is None:
            raise CannotCompare("no database was named to compare with; call make diff OLD=<older database> NEW=<newer database>")
        found = compare_databases(options.old, options.new)
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


if __name__ == "__main__":
    sys.exit(main())
