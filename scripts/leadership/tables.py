"""The tables of the published database: columns, types and foreign keys, in the order in which they are filled."""

from __future__ import annotations

from dataclasses import dataclass

from .schema import KINDS, PROVENANCE_COLUMNS, Kind, Property


@dataclass(frozen=True)
class Column:
    """A column: `references` is the table that it points to, `required` cells are never NULL."""

    name: str
    type: str = "TEXT"
    references: str = ""
    required: bool = False


@dataclass(frozen=True)
class Table:
    """A table; its first column is its primary key. `fact` tables hold what happened, the others how we know."""

    name: str
    columns: tuple[Column, ...]
    fact: bool = False

    def create_sql(self) -> str:
        """Return the CREATE TABLE statement, STRICT and with its foreign keys."""
        parts = []
        for index, column in enumerate(self.columns):
            constraint = " PRIMARY KEY NOT NULL" if index == 0 else " NOT NULL" if column.required else ""
            references = f' REFERENCES "{column.references}"("id")' if column.references else ""
            parts.append(f'  "{column.name}" {column.type}{constraint}{references}')
        return f'CREATE TABLE "{self.name}" (\n' + ",\n".join(parts) + "\n) STRICT"

    def insert_sql(self) -> str:
        """Return the INSERT statement with one named parameter for each column."""
        names = ", ".join(f'"{column.name}"' for column in self.columns)
        return f'INSERT INTO "{self.name}" ({names}) VALUES ({", ".join("?" * len(self.columns))})'


def _property_columns(prop: Property) -> list[Column]:
    if prop.type == "participants":
        return []
    if prop.type == "amount":
        return [Column("comparator"), Column("value", "ANY"), Column("value_high", "ANY")]
    if prop.many:
        return [Column(prop.name)]
    if prop.type == "date":
        return [Column(prop.name), Column(f"{prop.name}_earliest"), Column(f"{prop.name}_latest")]
    return [Column(prop.name, references=prop.target if prop.type == "reference" else "")]


def _kind_table(kind: Kind) -> Table:
    columns = [Column("id"), Column("label", required=True), Column("label_zh", required=True)]
    for declared in kind.declared:
        if declared.key in ("label", "label_zh"):
            continue
        target = declared.target if declared.type == "reference" else "subjects" if declared.type == "subject" else ""
        columns.append(Column(declared.name, references=target, required=declared.required))
    for prop in kind.properties:
        columns.extend(_property_columns(prop))
    columns.extend(Column(name, sql_type, target) for name, sql_type, target in kind.derived)
    columns.extend(_provenance())
    return Table(kind.table, tuple(columns), fact=True)


def _provenance() -> list[Column]:
    return [Column(name, sql_type) for name, sql_type in PROVENANCE_COLUMNS]


def _text(*names: str) -> list[Column]:
    return [Column(name) for name in names]


SUBJECTS = Table(
    "subjects",
    (
        Column("id"),
        Column("kind", required=True),
        Column("label", required=True),
        Column("label_zh", required=True),
        Column("summary"),
        Column("table_name", required=True),
        Column("standing"),
    ),
)

SOURCES = Table(
    "sources",
    (
        Column("id"),
        Column("label", required=True),
        Column("label_zh", required=True),
        Column("kind", required=True),
        *_text("title", "title_en"),
        Column("publisher_id", references="organisations"),
        *_text("byline", "lang"),
        *_text("published", "published_earliest", "published_latest", "published_basis", "url"),
        Column("held", "INTEGER", required=True),
        *_text("document", "text_sha256"),
        Column("line_count", "INTEGER"),
        Column("blank_count", "INTEGER"),
        Column("derived_from", references="sources"),
        *_text("derived_how", "cites"),
        Column("origin_id", references="subjects"),
        *_text("reliability", "rights", "note"),
    ),
)

EVENT_PARTICIPANTS = Table(
    "event_participants",
    (
        Column("id"),
        Column("label", required=True),
        Column("label_zh", required=True),
        Column("event_id", references="events", required=True),
        Column("subject_id", references="subjects", required=True),
        Column("part", required=True),
        *_provenance(),
    ),
    fact=True,
)

EVIDENCE_TABLES = (
    Table(
        "passages",
        (
            Column("id"),
            Column("label", required=True),
            Column("source_id", references="sources", required=True),
            Column("line", "INTEGER", required=True),
            Column("find", required=True),
            Column("start", "INTEGER", required=True),
            Column("end", "INTEGER", required=True),
        ),
    ),
    Table(
        "decisions",
        (
            Column("id"),
            Column("subject_id", references="subjects", required=True),
            Column("property", required=True),
            Column("rule", required=True),
            *_text("accepted", "candidates"),
            Column("rationale", required=True),
            Column("basis"),
            Column("decided_on", required=True),
            Column("raw_file", required=True),
            Column("raw_line", "INTEGER", required=True),
        ),
    ),
    Table(
        "statements",
        (
            Column("id"),
            Column("label", required=True),
            Column("subject_id", references="subjects", required=True),
            Column("property", required=True),
            Column("value", required=True),
            *_text("earliest", "latest"),
            Column("rank", required=True),
            Column("rule", required=True),
            Column("deprecated_reason"),
            Column("decision_id", references="decisions"),
            *(Column(name, "INTEGER", required=True) for name in ("claim_count", "denial_count", "source_count", "origin_count")),
        ),
    ),
    Table(
        "claims",
        (
            Column("id"),
            Column("statement_id", references="statements", required=True),
            Column("passage_id", references="passages", required=True),
            Column("source_id", references="sources", required=True),
            *(Column(name, required=True) for name in ("polarity", "certainty", "mode", "attribution")),
            Column("attributed_to_id", references="subjects"),
            Column("via_source", references="subjects"),
            Column("origin_id", references="subjects", required=True),
            *_text("as_named", "note"),
            Column("raw_file", required=True),
            Column("raw_line", "INTEGER", required=True),
        ),
    ),
    Table(
        "names",
        (
            Column("id"),
            Column("subject_id", references="subjects", required=True),
            Column("text", required=True),
            Column("lang", required=True),
            Column("kind", required=True),
            Column("source_id", references="sources"),
            Column("passage_id", references="passages"),
        ),
    ),
    Table(
        "codes",
        (
            Column("id"),
            Column("list", required=True),
            Column("code", required=True),
            Column("label", required=True),
            Column("label_zh", required=True),
            Column("definition", required=True),
            Column("position", "INTEGER", required=True),
        ),
    ),
    Table(
        "set_aside",
        (
            Column("id"),
            Column("source_id", references="sources", required=True),
            Column("line", "INTEGER", required=True),
            Column("reason", required=True),
            Column("repeats_line", "INTEGER"),
            Column("note"),
        ),
    ),
    Table(
        "findings",
        (
            Column("id"),
            Column("rule", required=True),
            Column("severity", required=True),
            Column("subject_id", references="subjects", required=True),
            Column("message", required=True),
        ),
    ),
    Table("build_info", (Column("id"), Column("value"))),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (SUBJECTS, *(_kind_table(k) for k in KINDS.values() if k.name != "source"), EVENT_PARTICIPANTS, SOURCES, *EVIDENCE_TABLES)
}
