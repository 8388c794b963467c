"""Write raw/sheet.schema.json, by which an editor completes the keys and codes of fact sheets, and the tables of keys in raw/README.md."""

from __future__ import annotations

import argparse
import json

from leadership import paths
from leadership.keytables import with_tables
from leadership.reading import read_file
from leadership.replacing import replace_text
from leadership.sheets import sheet_schema

from . import Failed


def render() -> str:
    """Return the JSON Schema of a fact sheet as text, with the codes as they are now."""
    codes = read_file(paths.RAW / "codes.yml", "raw/codes.yml").data
    return json.dumps(sheet_schema(codes), ensure_ascii=False, indent=1) + "\n"


def run(options: argparse.Namespace) -> int:
    """Write both; return the exit status."""
    guide = paths.RAW / "README.md"
    for path, text in ((paths.SHEET_SCHEMA, render()), (guide, with_tables(guide.read_text(encoding="utf-8")))):
        name = path.relative_to(paths.ROOT)
        try:
            replace_text(path, text)
        except OSError as error:
            raise Failed(f"{name} cannot be written ({error.strerror}); make it and its folder writable or free some space.") from None
        print(f"wrote {name}")
    return 0
