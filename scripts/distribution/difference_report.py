"""A difference of two releases in words for readers, as data for programs, and as a draft for `raw/releases.yml`.

In: a `Difference`. Out: Markdown in which long lists are cut and counted; a dictionary that is complete; YAML.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any, TypeVar

from leadership.amounts import write_number
from leadership.roles import has_made_ids
from presentation.speaking import count_of

from .difference import CellChange, Decision, Difference, RowChange
from .versions import VersionStep

MOST = 20  # items of a list that are told in words
LONGEST = 160  # characters of a value or reason that are told in words
STEPS = {VersionStep.MAJOR: "MAJOR", VersionStep.MINOR: "MINOR", VersionStep.PATCH: "PATCH", VersionStep.NONE: "no step"}
Item = TypeVar("Item")


def tell_in_words(found: Difference) -> str:
    """Return the difference as Markdown."""
    return "\n".join(_lines(found)) + "\n"


def as_data(found: Difference) -> dict[str, Any]:
    """Return everything that differs, ready for JSON."""
    return {
        "old_version": str(found.old),
        "new_version": str(found.new),
        "step": found.step.name.lower(),
        "smallest_version": str(found.smallest),
        "refusal": found.refusal,
        "reasons": [{"step": reason.step.name.lower(), "what": reason.text} for reason in found.reasons],
        **{
            name: getattr(found, name)
            for name in ("tables_added", "tables_removed", "views_changed", "columns_added", "columns_removed", "columns_retyped")
        },
        "ids_added": [_row(row) for row in found.ids_added],
        "ids_removed": [row._asdict() for row in found.ids_removed],
        "evidence_added": [_row(row) for row in found.evidence_added],
        "evidence_removed": [_row(row) for row in found.evidence_removed],
        "evidence_new": found.evidence_new,
        "history_added": [_row(row) for row in found.history_added],
        "cells": [cell._asdict() for cell in found.cells],
        "decisions": [decision._asdict() for decision in found.decisions.values()],
    }


def draft_release(found: Difference) -> str:
    """Return an entry for `raw/releases.yml`: what a person may tell of the difference, to be cut and completed by hand."""
    entries: list[dict[str, Any]] = [{"kind": "added", "table": table} for table in found.tables_added]
    entries += [_column_entry("added", column) for column in found.columns_added]
    entries += [{"kind": "removed", "table": table} for table in found.tables_removed]
    entries += [_column_entry("removed", column) for column in found.columns_removed]
    entries += [{"kind": "added", "subject": row.id} for row in found.ids_added if row.table not in ("redirects", "releases")]
    entries += [{"kind": "removed", "subject": row.id} for row in found.ids_removed if row.table not in ("redirects", "releases")]
    told = [cell for cell in found.cells_of("value", "standing") if not has_made_ids(cell.table)]  # the others follow from these
    entries += [_cell_entry(cell) for cell in told]
    version = found.new if found.new >= found.smallest else found.smallest
    lines = [f"- version: {version}", '  date: "YYYY-MM-DD"', "  summary: ", *(["  changes:"] if entries else [])]
    return "\n".join([*lines, *(f"    - {_flow(entry)}" for entry in entries)]) + "\n"


def _row(row: RowChange) -> dict[str, Any]:
    return {"table": row.table, "id": row.id, "label": row.label}


def _column_entry(kind: str, column: str) -> dict[str, Any]:
    table, _, name = column.partition(".")
    return {"kind": kind, "table": table, "property": name}


def _cell_entry(cell: CellChange) -> dict[str, Any]:
    entry: dict[str, Any] = {"kind": "standing" if cell.sort == "standing" else "corrected", "subject": cell.id, "property": cell.column}
    values = {"from": cell.before, "to": cell.after}
    entry |= {key: _text(value) for key, value in values.items() if value is not None}
    return entry | ({"decision": cell.decisions[0]} if cell.decisions else {})


def _text(value: Any) -> str:
    """Return a cell as text, a number as a sheet would have it."""
    return write_number(value) if isinstance(value, int | float) else str(value)


def _flow(entry: dict[str, Any]) -> str:
    """Write a map on one line; text that somebody else wrote stands in quotes, which JSON and YAML have in common."""
    plain = ("kind", "subject", "table", "property", "decision")
    return "{" + ", ".join(f"{k}: {v if k in plain else json.dumps(v, ensure_ascii=False)}" for k, v in entry.items()) + "}"


def _lines(found: Difference) -> Iterator[str]:
    yield f"# From {found.old} to {found.new}"
    yield ""
    if not found.reasons:
        yield "Nothing differs."
    else:
        yield f"The smallest version that the rule allows after {found.old} is **{found.smallest}**, a {STEPS[found.step]} step:"
        yield ""
        yield from (f"- {STEPS[reason.step]}: {reason.text}" for reason in found.reasons)
    yield from _section("Tables and columns", _schema(found))
    yield from _section("Rows that are new", _by_table(found.ids_added, _row_line))
    yield from _section("Ids that are gone", _by_table(found.ids_removed, _row_line))
    yield from _section("Values", _by_row(found.cells_of("value"), found.decisions))
    yield from _section("Standings", _by_row(found.cells_of("standing"), found.decisions))
    yield from _section("Evidence", _evidence(found))
    yield from _section("What follows from these", _counts(found.cells_of("derived")))
    yield from _section("Places in raw/ that moved", _counts(found.cells_of("place")))
    yield from _section("Record of the releases", (f"- `{row.id}`" for row in _first(found.history_added)))


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    told = list(lines)
    if told:
        yield from ("", f"## {title}", "", *told)


def _schema(found: Difference) -> Iterator[str]:
    groups = (
        ("table", "added", found.tables_added),
        ("table", "removed or renamed", found.tables_removed),
        ("view", "made otherwise", found.views_changed),
        ("column", "added", found.columns_added),
        ("column", "removed or renamed", found.columns_removed),
        ("column", "of another type", found.columns_retyped),
    )
    return (f"- {count_of(len(names), noun)} {what}: {', '.join(f'`{name}`' for name in names)}" for noun, what, names in groups if names)


def _by_table(rows: list[RowChange], line: Callable[[RowChange], str]) -> Iterator[str]:
    for table, group in groupby(rows, key=lambda row: row.table):
        members = list(group)
        yield f"- `{table}`: {count_of(len(members), 'row')}"
        yield from (f"  {text}" for text in _listed(members, line))


def _row_line(row: RowChange) -> str:
    label = f" – {_short(row.label)}" if row.label else ""
    return f"- `{row.id}`{label}" + (f"; its place was taken by `{row.successor}`" if row.successor else "")


def _by_row(cells: list[CellChange], decisions: dict[str, Decision]) -> Iterator[str]:
    rows = [list(group) for _, group in groupby(cells, key=lambda cell: (cell.table, cell.id))]
    for table, group in groupby(rows, key=lambda row: row[0].table):
        members = list(group)
        yield f"- `{table}`: {count_of(len(members), 'row')}"
        for row in members[:MOST]:
            yield f"  - {_short(row[0].label)} (`{row[0].id}`)" if row[0].label else f"  - `{row[0].id}`"
            yield from (f"    - {_cell_line(cell)}" for cell in row)
            keys = dict.fromkeys(key for cell in row for key in cell.decisions)
            yield from (f"    - {_decision_line(decisions[key])}" for key in keys)
        if len(members) > MOST:
            yield f"  - and {len(members) - MOST:,} more rows"


def _cell_line(cell: CellChange) -> str:
    before, after = ("nothing" if value is None else _short(_text(value)) for value in (cell.before, cell.after))
    return f"`{cell.column}`: {before} → {after}"


def _decision_line(decision: Decision) -> str:
    state = "" if decision.state == "as before" else f", {decision.state}"
    return f"decision `{decision.id}` ({decision.rule}, {decision.decided_on}{state}): {_short(decision.rationale)}"


def _evidence(found: Difference) -> Iterator[str]:
    tables = dict.fromkeys(row.table for row in (*found.evidence_added, *found.evidence_removed))
    for table in tables:
        added = [row for row in found.evidence_added if row.table == table]
        removed = [row for row in found.evidence_removed if row.table == table]
        new = f" ({found.evidence_new[table]:,} in places of their own)" if table in found.evidence_new else ""
        yield f"- `{table}`: {len(added):,} came{new}, {len(removed):,} went"
        if table in ("statements", "names", "event_participants", "findings"):
            yield from (f"  {text}" for text in _listed(added, lambda row: f"- came: {_short(row.label or row.id)}"))
            yield from (f"  {text}" for text in _listed(removed, lambda row: f"- went: {_short(row.label or row.id)}"))


def _counts(cells: list[CellChange]) -> Iterator[str]:
    for table, group in groupby(cells, key=lambda cell: cell.table):
        members = list(group)
        columns = ", ".join(f"`{name}`" for name in dict.fromkeys(cell.column for cell in members))
        yield f"- `{table}`: {count_of(len(members), 'cell')} of {columns}"


def _listed(items: list[Item], line: Callable[[Item], str]) -> Iterator[str]:
    yield from map(line, items[:MOST])
    if len(items) > MOST:
        yield f"- and {len(items) - MOST:,} more"


def _first(items: list[Item]) -> list[Item]:
    return items[:MOST]


def _short(text: str | None) -> str:
    text = " ".join((text or "").split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 2].rstrip()} …"
