"""Looks, in a copy of the package to which the schema alone was changed, at all that must know of it; prints what it found as JSON.

Run by test_roles.py: `python one_list.py <folder of raw> <metadata> <working folder>`.
"""

from __future__ import annotations

import importlib.util
import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from distribution.contents import read_contents
from distribution.datapackage import describe_field
from distribution.difference import compare_databases
from leadership import paths, roles
from leadership.building import build
from leadership.descriptions import derived_descriptions
from leadership.sheets import ENTRY_MODELS, HeldHeader
from presentation.wording import phrase, property_order, property_title

OLD, NEW = '"2023-11-15"', '"2023-11-16"'


def main(raw: Path, metadata: Path, folder: Path) -> dict[str, Any]:
    sheet = raw / "sources" / "alpha.yml"
    before = build(raw, metadata, folder / "old.db")
    sheet.write_text(sheet.read_text(encoding="utf-8").replace(OLD, NEW), encoding="utf-8")
    build(raw, metadata, folder / "new.db")
    with closing(sqlite3.connect(folder / "new.db")) as connection:
        connection.row_factory = sqlite3.Row
        row = dict(connection.execute("SELECT * FROM departures").fetchone())
        seen = dict(connection.execute("SELECT * FROM sources WHERE id = 'alpha'").fetchone())["seen_on"]
    contents = read_contents(folder / "new.db", metadata)
    described = {c.name: c for c in contents.by_name["departures"].columns}
    changed = {
        cell.column: cell.sort for cell in compare_databases(folder / "old.db", folder / "new.db").cells if cell.table == "departures"
    }
    return {
        "row": {name: row[name] for name in row if name.startswith(("offered", "advisers"))},
        "report": str(before),
        "columns": list(row),
        "header": [
            *(key for key in HeldHeader.model_fields if key == "seen_on"),
            seen,
            next(column.form for column in contents.by_name["sources"].columns if column.name == "seen_on"),
            phrase("sources", "seen_on"),
        ],
        "sheet keys": list(ENTRY_MODELS["departure"].model_fields),
        "titles": [property_title("departures", "offered"), phrase("departures", "offered")],
        "order": property_order("departures"),
        "claimed": [roles.is_claimed("departures", name) for name in ("offered", "advisers", "offered_day")],
        "cells": [shown(name, row[name]) for name in ("offered", "advisers")],
        "diff": changed,
        "derived": sorted(name for name in derived_descriptions()["departures"] if name.startswith("offered")),
        "forms": [described["offered"].form, described["offered_day"].form, described["advisers"].form, described["advisers"].references],
        "fields": [describe_field(contents, described[name], False)["type"] for name in ("offered", "offered_earliest", "advisers")],
        "coded": [place for place, _ in roles.columns_with_codes("venue")],
        "claimed codes": roles.properties_with_codes("venue"),
    }


class Site:
    """What a cell asks of a site."""

    urls = SimpleNamespace(path=lambda path: path)


def shown(column: str, value: str) -> str:
    """Return a cell of a view as the site shows it."""
    spec = importlib.util.spec_from_file_location("cells", paths.SITE / "plugins" / "cells.py")
    assert spec
    assert spec.loader
    cells = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(cells)
    site = Site()
    return str(cells.render_cell(None, value, column, "who_left", "leadership", site))


if __name__ == "__main__":
    print(json.dumps(main(*map(Path, sys.argv[1:4]))))
