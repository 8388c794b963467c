"""What differs between two releases: tables, columns, ids, values and standings, and which step of the version it asks for.

In: two finished databases. Out: a `Difference`. The rule is in `versions`; what counts as which step is decided here:

- *Given* ids are written by hand, and others write them down: of subjects, sources, decisions, codes, releases, withdrawn ids.
  If one is gone, links and joins of others break: MAJOR. That it is redirected helps those who follow links and nobody
  who joins tables, so a redirected id counts as renamed.
- *Made* ids are made of what their row says: of passages, statements, claims, names, lines set aside, parts in an event, findings,
  recorded changes. Another content is another row there, and nobody has renamed the old one. Were their going MAJOR, each corrected
  value would be, for it brings another statement and other claims, and no step would ever be a PATCH. So they are evidence: what
  is gone or came in the place of something is PATCH, and only what stands in a place of its own is a new row, MINOR. A place
  is what the row is about: of a statement its subject and property, of a claim these and its source (`Table.about`).
- `build_info` and the hub `subjects` are copies and counts; findings are worked out. They never ask for more than a PATCH.
  New rows of `releases` and `changes` are the record of the step and no part of it.
- Cells that are worked out from others (bounds of dates, counts, lists of sources) and places in `raw/` count as corrected values,
  because a version names one content to the byte; they are told apart, because no reader wants them between the values.
- A view that is made otherwise is PATCH, a column of another type MAJOR, and so is a code that changed under its id.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, NamedTuple

from leadership.opening import address_of, open_database
from leadership.roles import has_made_ids, property_behind, sort_of, tables_that_keep
from leadership.tables import TABLES, Sort
from presentation.speaking import count_of

from .versions import Version, VersionStep, parse_version, refuse_version, smallest_version

NEEDED = {"build_info", "subjects", "statements", "decisions"}
COPIES, HISTORY = tables_that_keep("copies"), tables_that_keep("history")
CODE_COLUMNS = ("list", "code")
LABELS = {
    "names": "{0}.subject_id || ': ' || {0}.text",
    "statements": "{0}.subject_id || ' ' || {0}.label",
    "decisions": "{0}.subject_id || ' ' || {0}.property",
    "set_aside": "{0}.source_id || ' line ' || {0}.line",
    "findings": "{0}.message",
    "releases": "{0}.version",
}
CLAIM_LABEL = "{0}.source_id || ': ' || (SELECT s.subject_id || ' ' || s.label FROM {1}.statements s WHERE s.id = {0}.statement_id)"


class CannotCompare(Exception):  # noqa: N818 (it says what happened)
    """One of the files is no release of this dataset; the message says which and why."""


class RowChange(NamedTuple):
    """A row that is new or gone. `successor` is the id that took the place of a withdrawn one, if any."""

    table: str
    id: str
    label: str | None
    successor: str | None = None


class CellChange(NamedTuple):
    """A cell of a row that both releases have. `decisions` are the ids of those that did it; `sort` says what kind of cell it is."""

    table: str
    id: str
    label: str | None
    column: str
    before: Any
    after: Any
    sort: Sort
    decisions: tuple[str, ...] = ()


class Decision(NamedTuple):
    """A decision on which a change rests; its state is that in the newer release against the older one."""

    id: str
    rule: str
    rationale: str
    decided_on: str
    state: Literal["new", "taken anew", "as before", "withdrawn"]


class Reason(NamedTuple):
    """Why the step is what it is."""

    step: VersionStep
    text: str


@dataclass
class Difference:
    """What differs between two releases. Columns are written `table.column`; views count as tables."""

    old: Version
    new: Version
    tables_added: list[str] = field(default_factory=list)
    tables_removed: list[str] = field(default_factory=list)
    views_changed: list[str] = field(default_factory=list)
    columns_added: list[str] = field(default_factory=list)
    columns_removed: list[str] = field(default_factory=list)
    columns_retyped: list[str] = field(default_factory=list)
    ids_added: list[RowChange] = field(default_factory=list)
    ids_removed: list[RowChange] = field(default_factory=list)
    evidence_added: list[RowChange] = field(default_factory=list)
    evidence_removed: list[RowChange] = field(default_factory=list)
    evidence_new: dict[str, int] = field(default_factory=dict)
    history_added: list[RowChange] = field(default_factory=list)
    cells: list[CellChange] = field(default_factory=list)
    decisions: dict[str, Decision] = field(default_factory=dict)

    def cells_of(self, *sorts: Sort) -> list[CellChange]:
        """Return the changed cells of some sorts."""
        return [cell for cell in self.cells if cell.sort in sorts]

    @cached_property
    def reasons(self) -> list[Reason]:
        """Every reason for a step, the greatest first."""
        return sorted(_reasons(self), key=lambda reason: -reason.step)

    @property
    def step(self) -> VersionStep:
        """The step that the rule asks for."""
        return max((reason.step for reason in self.reasons), default=VersionStep.NONE)

    @property
    def smallest(self) -> Version:
        """The smallest version that the newer release may bear."""
        return smallest_version(self.old, self.step)

    @property
    def refusal(self) -> str | None:
        """What is wrong with the version of the newer release, None if it follows the rule."""
        return refuse_version(self.old, self.new, self.step)


def compare_databases(old: Path, new: Path) -> Difference:
    """Return what differs between two databases; nothing is written beside them.

    Raises CannotCompare where one of them is missing, no database, none of this dataset, or damaged.
    """
    difference = Difference(_read_version(old), _read_version(new))
    with closing(sqlite3.connect(":memory:", uri=True)) as connection:
        for name, path in (("old", old), ("new", new)):
            connection.execute(f"ATTACH ? AS {name}", (address_of(path),))
        try:
            return _Comparison(connection, difference).run()
        except sqlite3.DatabaseError as error:
            raise CannotCompare(f"{old} and {new} cannot be compared ({error}); build or fetch them anew") from None


def _read_version(path: Path) -> Version:
    if not path.is_file():
        raise CannotCompare(f"{path} is no file; name a database such as leadership.db of a release")
    try:
        with closing(open_database(path)) as connection:
            names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
            if NEEDED - names:
                missing = ", ".join(sorted(NEEDED - names))
                raise CannotCompare(f"{path} is no database of this dataset: it has no table {missing}")
            row = connection.execute("SELECT value FROM build_info WHERE id = 'dataset_version'").fetchone()
    except sqlite3.DatabaseError as error:
        raise CannotCompare(f"{path} cannot be read as an SQLite database ({error}); if it is packed, unpack it first") from None
    try:
        return parse_version(str(row[0]) if row else "nothing")
    except ValueError as error:
        raise CannotCompare(f"{path} does not say which version it is: {error}") from None


Columns = dict[str, str]  # the declared type by name


class Relation(NamedTuple):
    """A table or view of a release: which of the two it is, its columns, and its SQL in one form."""

    kind: Literal["table", "view"]
    columns: Columns
    sql: str


class _Comparison:
    """Goes through two attached databases, `old` and `new`, and fills a `Difference`."""

    def __init__(self, connection: sqlite3.Connection, difference: Difference):
        self.connection = connection
        self.found = difference
        self.tables = {name: self._tables(name) for name in ("old", "new")}
        self.decided = {name: self._decisions(name) for name in ("old", "new")}
        self.successors = dict(connection.execute("SELECT id, to_id FROM new.redirects")) if "redirects" in self.tables["new"] else {}

    def run(self) -> Difference:
        old, new = self.tables["old"], self.tables["new"]
        self.found.tables_added = sorted(new.keys() - old.keys())
        self.found.tables_removed = sorted(old.keys() - new.keys())
        for table in (name for name in new if name in old):
            self._compare_columns(table)
            if new[table].kind == "table" == old[table].kind and table not in COPIES and "id" in self._common(table):
                self._compare_ids(table)
                self.found.cells.extend(self._changed_cells(table))
        self.found.views_changed = sorted(
            name for name in old.keys() & new.keys() if new[name].kind == "view" and old[name].sql != new[name].sql
        )
        used = sorted({key for cell in self.found.cells for key in cell.decisions})
        self.found.decisions = {key: self._decision(key) for key in used}
        return self.found

    # what there is

    def _tables(self, schema: str) -> dict[str, Relation]:
        """Return each table and view, but for the search index."""
        rows = self.connection.execute(
            f"SELECT name, type, sql FROM {schema}.sqlite_master WHERE type IN ('table', 'view')"
            r" AND name NOT LIKE 'sqlite\_%' ESCAPE '\' AND name NOT LIKE '%\_fts%' ESCAPE '\' ORDER BY name"
        ).fetchall()
        return {name: Relation(kind, self._columns(schema, name), re.sub(r"\s+", " ", sql)) for name, kind, sql in rows}

    def _columns(self, schema: str, table: str) -> Columns:
        return dict(self.connection.execute("SELECT name, type FROM pragma_table_info(?, ?)", (table, schema)))

    def _common(self, table: str) -> list[str]:
        old, new = (self.tables[name][table].columns for name in ("old", "new"))
        return [column for column in new if column in old]

    def _decisions(self, schema: str) -> dict[str, dict[str, Any]]:
        cursor = self.connection.execute(f"SELECT * FROM {schema}.decisions")
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor]
        return {row["id"]: {key: value for key, value in row.items() if sort_of("decisions", key) != "place"} for row in rows}

    def _decision(self, key: str) -> Decision:
        old, new = (self.decided[name].get(key) for name in ("old", "new"))
        row = new or old or {}
        state: Any = "withdrawn" if not new else "new" if not old else "as before" if new == old else "taken anew"
        return Decision(key, row["rule"], row["rationale"], row["decided_on"], state)

    # what differs

    def _compare_columns(self, table: str) -> None:
        old, new = (self.tables[name][table].columns for name in ("old", "new"))
        self.found.columns_added += [f"{table}.{column}" for column in new if column not in old]
        self.found.columns_removed += [f"{table}.{column}" for column in old if column not in new]
        if self.tables["old"][table].kind == "table":  # the type of a view's column follows from its making
            self.found.columns_retyped += [f"{table}.{column}" for column in new if old.get(column, new[column]) != new[column]]

    def _compare_ids(self, table: str) -> None:
        added, removed = list(self._missing(table, "new", "old")), list(self._missing(table, "old", "new"))
        if table in HISTORY:
            self.found.history_added += added
        elif has_made_ids(table):
            self.found.evidence_added += added
        else:
            self.found.ids_added += added
        if has_made_ids(table):
            self.found.evidence_removed += removed
            if _place(table) and (count := self._count_new(table, len(added), len(removed))):
                self.found.evidence_new[table] = count
        else:
            self.found.ids_removed += [row._replace(successor=self.successors.get(row.id)) for row in removed]

    def _missing(self, table: str, here: str, there: str) -> Iterator[RowChange]:
        """Yield the rows of a table that one of the two has and the other has not, in order of their ids."""
        query = (
            f'SELECT h.id, {self._label(table, "h", here)} FROM {here}."{table}" h'
            f' WHERE NOT EXISTS (SELECT 1 FROM {there}."{table}" t WHERE t.id = h.id) ORDER BY h.id'
        )
        return (RowChange(table, *row) for row in self.connection.execute(query))

    def _label(self, table: str, alias: str, schema: str) -> str:
        """Return the SQL of what readers call a row; NULL where nothing is known of the table."""
        columns = self.tables[schema][table].columns
        if table == "claims" and {"source_id", "statement_id"} <= columns.keys():
            return CLAIM_LABEL.format(alias, schema)
        wanted = LABELS.get(table, "")
        if wanted and set(re.findall(r"\{0\}\.(\w+)", wanted)) <= columns.keys():
            return wanted.format(alias)
        return f"{alias}.label" if "label" in columns else "NULL"

    def _count_new(self, table: str, added: int, removed: int) -> int:
        """Return how many rows of a table with made ids are new and not in the place of others that are gone."""
        if not added or not removed or not set(_place(table)) <= set(self._common(table)):
            return added
        sides = " UNION ALL ".join(self._placed(table, *side) for side in (("new", "old", 1), ("old", "new", -1)))
        places = ", ".join(f"place{number}" for number in range(1, (3 if table == "claims" else len(_place(table))) + 1))
        query = f"SELECT COALESCE(SUM(n), 0) FROM (SELECT SUM(n) AS n FROM ({sides}) GROUP BY {places} HAVING SUM(n) > 0)"
        (count,) = self.connection.execute(query).fetchone()
        return int(count)

    def _placed(self, table: str, here: str, there: str, sign: int) -> str:
        """Return the SQL of the places of those rows that the other has not, each counted with a sign."""
        columns = [f"h.{column}" for column in _place(table)]
        join = ""
        if table == "claims":
            columns = ["h.source_id", "s.subject_id", "s.property"]
            join = f" JOIN {here}.statements s ON s.id = h.statement_id"
        places = "".join(f"{column} AS place{number}, " for number, column in enumerate(columns, 1))
        return (
            f'SELECT {places}{sign} AS n FROM {here}."{table}" h{join}'
            f' WHERE NOT EXISTS (SELECT 1 FROM {there}."{table}" t WHERE t.id = h.id)'
        )

    def _changed_cells(self, table: str) -> Iterator[CellChange]:
        """Yield the cells that differ in rows that both have, in order of their ids."""
        columns = [column for column in self._common(table) if column != "id"]
        differ = [f'n."{column}" IS NOT o."{column}"' for column in columns]
        if not differ:
            return
        cells = ", ".join(f'o."{column}", n."{column}"' for column in columns)
        through = "COALESCE(n.decision_id, o.decision_id)" if "decision_id" in columns else "NULL"
        if table == "event_participants":
            through = "(SELECT s.decision_id FROM new.statements s WHERE s.id = n.id)"
        query = (
            f'SELECT n.id, {self._label(table, "n", "new")}, {through}, {cells} FROM new."{table}" n'
            f' JOIN old."{table}" o ON o.id = n.id WHERE {" OR ".join(differ)} ORDER BY n.id'
        )
        for row_id, label, decision, *pairs in self.connection.execute(query):
            for column, before, after in zip(columns, pairs[::2], pairs[1::2], strict=True):
                if before != after or type(before) is not type(after):
                    decisions = self._decisions_on(table, row_id, column, decision)
                    yield CellChange(table, row_id, label, column, before, after, sort_of(table, column), decisions)

    @cached_property
    def _by_subject(self) -> dict[str, list[str]]:
        """Decisions of either release by what they are about."""
        found: dict[str, list[str]] = {}
        for row in {**self.decided["old"], **self.decided["new"]}.values():
            found.setdefault(row["subject_id"], []).append(row["id"])
        return found

    def _decisions_on(self, table: str, row_id: str, column: str, through: str | None) -> tuple[str, ...]:
        """Return the decisions behind a changed cell.

        Of a row that names its decision it is that one; of a value, those on its property; of a standing, those on the subject
        that are new, taken anew or withdrawn.
        """
        behind = property_behind(table, column)
        if sort_of(table, column) == "place" or not (behind or column == "standing"):
            return ()
        if through or table == "decisions":
            return (through or row_id,)
        decisions = [self.decided["new"].get(key) or self.decided["old"][key] for key in sorted(self._by_subject.get(row_id, ()))]
        if column == "standing":
            return tuple(d["id"] for d in decisions if self._decision(d["id"]).state != "as before")
        return tuple(d["id"] for d in decisions if d["property"] == behind)


def _place(table: str) -> tuple[str, ...]:
    """Return the columns that say what a row with a made id is about."""
    return TABLES[table].about or ()


def _reasons(found: Difference) -> Iterator[Reason]:
    renamed = [row for row in found.ids_removed if row.successor]
    recoded = [cell for cell in found.cells if cell.table == "codes" and cell.column in CODE_COLUMNS]
    new_sources = [row for row in found.ids_added if row.table == "sources"]
    new_rows = len(found.ids_added) - len(new_sources)
    counted: tuple[tuple[VersionStep, int, str, str], ...] = (
        (VersionStep.MAJOR, len(found.tables_removed), "table", "removed or renamed"),
        (VersionStep.MAJOR, len(found.columns_removed), "column", "removed or renamed"),
        (VersionStep.MAJOR, len(found.columns_retyped), "column", "of another type"),
        (VersionStep.MAJOR, len(found.ids_removed) - len(renamed), "id", "removed"),
        (VersionStep.MAJOR, len(renamed), "id", "renamed (redirected)"),
        (VersionStep.MAJOR, len(recoded), "code", "renamed under the same id"),
        (VersionStep.MINOR, len(found.tables_added), "table", "added"),
        (VersionStep.MINOR, len(found.columns_added), "column", "added"),
        (VersionStep.MINOR, len(new_sources), "source", "added"),
        (VersionStep.MINOR, new_rows, "row", "added"),
        (VersionStep.MINOR, sum(found.evidence_new.values()), "row", "of evidence added, in places of their own"),
        (VersionStep.PATCH, len(found.cells_of("value", "standing")), "value", "corrected"),
        (VersionStep.PATCH, len(found.cells_of("derived")), "value", "worked out anew"),
        (VersionStep.PATCH, len(found.cells_of("place")), "place", "in raw/ moved"),
        (VersionStep.PATCH, len(found.evidence_added) - sum(found.evidence_new.values()), "row", "of evidence in the place of others"),
        (VersionStep.PATCH, len(found.evidence_removed), "row", "of evidence gone"),
        (VersionStep.PATCH, len(found.views_changed), "view", "made otherwise"),
    )
    return (Reason(step, f"{count_of(number, noun)} {what}") for step, number, noun, what in counted if number)
