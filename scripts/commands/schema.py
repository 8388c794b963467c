"""Write raw/sheet.schema.json, by which an editor completes the keys and codes of fact sheets, and the tables of keys in raw/README.md."""

from __future__ import annotations

import argparse
import json

from . import Failed


def render() -> str:
    """Return the JSON Schema of a fact sheet as text, with the codes as they are now. Raises InputFaults if those cannot be used."""
    from leadership import paths
    from leadership.catalogue import read_part
    from leadership.faults import InputFaults
    from leadership.sheets import sheet_schema

    codes, _ = read_part(paths.RAW, "codes.yml")
    if codes.faults:
        raise InputFaults(codes.faults)
    return json.dumps(sheet_schema(codes.data), ensure_ascii=False, indent=1) + "\n"


def run(options: argparse.Namespace) -> int:
    """Write both; return the exit status."""
    from leadership import paths
    from leadership.keytables import with_tables
    from leadership.replacing import replace_text

    schema, guide = render(), paths.RAW / "README.md"
    try:
        told = with_tables(guide.read_text(encoding="utf-8"))
    except OSError as error:
        raise Failed(f"raw/README.md cannot be read ({error.strerror}); bring it back, because the tables of keys stand in it.") from None
    except ValueError as error:
        raise Failed(f"raw/README.md: {error}.") from None
    for path, text in ((paths.SHEET_SCHEMA, schema), (guide, told)):
        name = path.relative_to(paths.ROOT)
        try:
            replace_text(path, text)
        except OSError as error:
            raise Failed(f"{name} cannot be written ({error.strerror}); make it and its folder writable or free some space.") from None
        print(f"wrote {name}")
    return 0
