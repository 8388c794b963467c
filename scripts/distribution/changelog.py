"""The changelog: what each release brought, for readers, made of the tables `releases` and `changes`.

In: a finished database. Out: Markdown, the newest release first.
"""

from __future__ import annotations

from contextlib import closing
from itertools import groupby
from pathlib import Path
from typing import Any

from leadership.opening import open_database

from .markdown import render_page

RELEASES = "SELECT id, version, released_on, summary FROM releases ORDER BY position DESC"
CHANGES = """
SELECT k.label AS kind, s.label, c.row_id, c.subject_id, c.table_name, c.property, c.value_before, c.value_after, c.decision_id, c.note
  FROM changes c JOIN codes k ON k.list = 'change_kind' AND k.code = c.kind LEFT JOIN subjects s ON s.id = c.subject_id
 WHERE c.release_id = ? ORDER BY k.position, c.position
"""


def render_changelog(database: Path) -> str:
    """Return the changelog of a database as Markdown."""
    with closing(open_database(database)) as connection:
        connection.row_factory = lambda cursor, row: dict(zip((column[0] for column in cursor.description), row, strict=True))
        releases = connection.execute(RELEASES).fetchall()
        for release in releases:
            changes = groupby(connection.execute(CHANGES, (release["id"],)), key=lambda change: change["kind"])
            release["changes"] = [(kind, [describe_change(change) for change in group]) for kind, group in changes]
        return render_page("CHANGELOG.md", releases=releases)


def describe_change(change: dict[str, Any]) -> str:
    """Say in one line what changed: of which row or table, which column, from what to what, by which decision."""
    what = f"{change['label']} (`{change['row_id']}`)" if change["label"] else f"`{change['row_id']}`" if change["row_id"] else ""
    what = what or (f"table `{change['table_name']}`" if change["table_name"] else "")
    if change["property"]:
        what += f", `{change['property']}`"
    if change["value_before"] is not None or change["value_after"] is not None:
        before, after = (change[key] if change[key] is not None else "nothing" for key in ("value_before", "value_after"))
        what += f": {before} → {after}"
    decided = f"By decision `{change['decision_id']}`." if change["decision_id"] else ""
    note = change["note"] or ""
    if not what:
        return note
    return " ".join(filter(None, (f"{what}.", decided, note)))
