"""The tables of the published database: columns, types and foreign keys, in the order in which they are filled.

This is the one list of what there is, together with `schema`, from which the tables of what happened are made. Whoever needs to know
which columns hold dates, ids, arrays or codes, or which rows have ids of their own, asks `roles`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from .schema import AUDITS, HEADERS, KINDS, MANY, PARTICIPANT, PROVENANCE_COLUMNS, VERIFICATIONS, FileKey, Kind, Property

Form = Literal["", "edtf", "instant", "day", "array", "number", "id"]
Sort = Literal["value", "standing", "derived", "place"]
Keeps = Literal["own", "copies", "history", "withdrawn"]
Row = dict[str, Any]  # of a table, by column
IS_FACT = "asserted_as = 'fact' AND standing <> 'refuted'"  # in SQL, as `rows.is_fact` tells it of a row


@dataclass(frozen=True)
class Column:
    """A column: `references` is the table that it points to, `required` cells are never NULL.

    `codes` is the list of `codes` from which its values come. `form` is what its text is made of: a date as precise as its
    source (EDTF with clock and zone), an instant in UTC to the minute, a day, or a JSON array (then `references` and `codes`
    are those of its items, and no foreign key is declared); `number` marks an amount, which may have decimals; `id` an id of a
    row of any table, or of one that is no more, for which no foreign key can be declared. `items` is the form of an array's items.

    `sort` tells a value from what is worked out from others, a standing, or a place in raw/. `of` names the property that a column
    belongs to where its name is another.
    """

    name: str
    type: str = "TEXT"
    references: str = ""
    required: bool = False
    codes: str = ""
    form: Form = ""
    items: Form = ""
    sort: Sort = "value"
    of: str = ""

    @property
    def is_foreign_key(self) -> bool:
        """Whether the database itself declares the reference, which it does for no array."""
        return bool(self.references) and self.form != "array"


@dataclass(frozen=True)
class Table:
    """A table; its first column is its primary key. `fact` tables hold what happened, the others how we know.

    Where ids are made of what rows say, `about` names the columns that say what a row is about; another row about the same thing then
    takes the place of one that is gone. It is empty where rows are about nothing that stays. Ids that are given by hand have None.
    `keeps` tells rows of a table's own from copies of others, the history of releases, and ids that were withdrawn.
    """

    name: str
    columns: tuple[Column, ...]
    fact: bool = False
    about: tuple[str, ...] | None = None
    keeps: Keeps = "own"

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of the columns, in their order."""
        return tuple(column.name for column in self.columns)

    def create_sql(self) -> str:
        """Return the CREATE TABLE statement, STRICT and with its foreign keys."""
        parts = []
        for index, column in enumerate(self.columns):
            constraint = " PRIMARY KEY NOT NULL" if index == 0 else " NOT NULL" if column.required else ""
            references = f' REFERENCES "{column.references}"("id")' if column.is_foreign_key else ""
            parts.append(f'  "{column.name}" {column.type}{constraint}{references}')
        return f'CREATE TABLE "{self.name}" (\n' + ",\n".join(parts) + "\n) STRICT"

    def insert_sql(self) -> str:
        """Return the INSERT statement with one parameter for each column."""
        names = ", ".join(f'"{column.name}"' for column in self.columns)
        return f'INSERT INTO "{self.name}" ({names}) VALUES ({", ".join("?" * len(self.columns))})'


BOUNDS = ("earliest", "latest")
DERIVED_FORMS: dict[str, Form] = {
    **dict.fromkeys(("certain_from", "certain_to", "possible_from", "possible_to"), "instant"),
    **dict.fromkeys(("first_shown", "last_shown"), "edtf"),
    **dict.fromkeys(("argued_by", "disputed_by", "days_unknown"), "array"),
}
PROVENANCE_FORMS: dict[str, Any] = {
    "asserted_as": {"codes": "mode"},
    "certainty": {"codes": "certainty"},
    "unsure": {"form": "array", "sort": "derived"},
    "standing": {"codes": "standing", "sort": "standing"},
    "source_count": {"sort": "derived"},
    "origin_count": {"sort": "derived"},
    "sources": {"references": "sources", "form": "array", "sort": "derived"},
    "first_reported": {"form": "edtf", "sort": "derived"},
    "last_reported": {"form": "edtf", "sort": "derived"},
}
RAW_PLACE = (Column("raw_file", required=True, sort="place"), Column("raw_line", "INTEGER", required=True, sort="place"))


def _property_columns(prop: Property) -> list[Column]:
    if prop.type == "participants":
        return []
    if prop.type == "amount":
        values = (Column(name, "REAL", form="number", of=prop.name) for name in ("value", "value_high"))
        return [Column("comparator", codes="comparator", of=prop.name), *values]
    references = prop.target if prop.type == "reference" else ""
    codes = prop.target if prop.type == "code" else ""
    if prop.many:
        return [Column(prop.name, references=references, codes=codes, form="array", items="edtf" if prop.type == "date" else "")]
    if prop.type == "date":
        return [*_date(prop.name), *(_basis(prop.name) if prop.main else ())]
    return [Column(prop.name, references=references, codes=codes)]


def _date(name: str) -> list[Column]:
    """Return the columns of a date: as its source gives it, the earliest and latest instant that it allows, and a plain day."""
    return [
        Column(name, form="edtf"),
        *(Column(f"{name}_{bound}", form="instant", sort="derived", of=name) for bound in BOUNDS),
        Column(f"{name}_day", form="day", sort="derived", of=name),
        Column(f"{name}_precision", codes="precision", sort="derived", of=name),
    ]


def _basis(name: str) -> list[Column]:
    """Return the columns that say on what the bounds of a main date rest."""
    return [Column(f"{name}_{bound}_basis", codes="bound_basis", sort="derived", of=name) for bound in BOUNDS]


def _kind_table(kind: Kind) -> Table:
    columns = [Column("id"), Column("label", required=True), Column("label_zh", required=True)]
    for declared in kind.declared:
        if declared.key in ("label", "label_zh"):
            continue
        target = declared.target if declared.type in ("reference", "references") else ""
        target = "subjects" if declared.type in ("subject", "subjects") else target
        codes = declared.target if declared.type == "code" else ""
        form: Form = "array" if declared.type in MANY else ""
        columns.append(Column(declared.name, "TEXT", target, declared.required, codes, form))
    for prop in kind.properties:
        columns.extend(_property_columns(prop))
    columns.extend(
        Column(name, sql_type, target, form=DERIVED_FORMS.get(name, ""), sort="derived") for name, sql_type, target in kind.derived
    )
    columns.extend(_provenance())
    return Table(kind.table, tuple(columns), fact=True)


def _provenance() -> list[Column]:
    return [Column(name, sql_type, **PROVENANCE_FORMS.get(name, {})) for name, sql_type in PROVENANCE_COLUMNS]


def _text(*names: str) -> list[Column]:
    return [Column(name) for name in names]


SUBJECTS = Table(
    "subjects",
    (
        Column("id"),
        Column("kind", required=True, codes="subject_kind"),
        Column("label", required=True),
        Column("label_zh", required=True),
        Column("summary"),
        Column("table_name", required=True),
        Column("standing", codes="standing", sort="standing"),
    ),
    keeps="copies",
)


def _key_columns(key: FileKey) -> list[Column]:
    if key.type == "date":
        return _date(key.name)
    sql_type = "INTEGER" if key.type in ("flag", "count", "status", "ranges") else "TEXT"
    form: Form = "array" if key.type in MANY else "day" if key.type == "day" else ""
    references, codes = ("", key.target) if key.type == "code" else (key.target, "")
    return [Column(key.name, sql_type, references, key.filled, codes, form)]


def _columns_of(keys: tuple[FileKey, ...]) -> tuple[Column, ...]:
    return tuple(column for key in keys if key.column != "-" for column in _key_columns(key))


_ID, *_OTHERS = _columns_of(HEADERS)
SOURCES = Table("sources", (_ID, Column("label", required=True), *_OTHERS))

EVENT_PARTICIPANTS = Table(
    "event_participants",
    (
        Column("id"),
        Column("label", required=True),
        Column("label_zh", required=True),
        Column("event_id", references="events", required=True),
        Column("subject_id", references="subjects", required=True, of=PARTICIPANT),
        Column("part", required=True, codes="part", of=PARTICIPANT),
        Column("on_behalf_of_id", references="subjects", of=PARTICIPANT),
        *_provenance(),
    ),
    fact=True,
    about=("event_id", "subject_id"),
)

EVIDENCE_TABLES = (
    Table(
        "passages",
        (
            Column("id"),
            Column("label", required=True),
            Column("source_id", references="sources", required=True),
            Column("line", "INTEGER"),
            Column("find", required=True),
            Column("start", "INTEGER"),
            Column("end", "INTEGER"),
        ),
        about=("source_id",),
    ),
    Table(
        "decisions",
        (
            Column("id"),
            Column("subject_id", references="subjects", required=True),
            Column("property", required=True),
            Column("rule", required=True, codes="rule"),
            *(Column(name, form="array") for name in ("accepted", "candidates")),
            Column("accepted_as", codes="mode"),
            Column("rationale", required=True),
            Column("basis"),
            Column("decided_on", required=True, form="day"),
            *RAW_PLACE,
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
            *(Column(name, form="instant", sort="derived", of="value") for name in BOUNDS),
            Column("rank", required=True, codes="rank"),
            Column("rule", required=True, codes="rule"),
            Column("deprecated_reason", codes="deprecated_reason"),
            Column("standing", codes="standing", sort="standing"),
            Column("asserted_as", codes="mode"),
            Column("certainty", codes="certainty"),
            Column("decision_id", references="decisions"),
            *(
                Column(name, "INTEGER", required=True, sort="derived")
                for name in ("claim_count", "denial_count", "source_count", "origin_count")
            ),
        ),
        about=("subject_id", "property"),
    ),
    Table(
        "claims",
        (
            Column("id"),
            Column("statement_id", references="statements", required=True),
            Column("passage_id", references="passages", required=True),
            Column("source_id", references="sources", required=True),
            *(Column(name, required=True, codes=name) for name in ("polarity", "certainty", "mode", "attribution")),
            Column("attributed_to_id", references="subjects"),
            Column("via_source", references="subjects"),
            Column("origin_id", references="subjects", required=True),
            *_text("as_named", "note"),
            Column("checked", required=True, codes="checked"),
            *RAW_PLACE,
        ),
        about=("source_id", "statement_id"),
    ),
    Table(
        "names",
        (
            Column("id"),
            Column("subject_id", references="subjects", required=True),
            Column("text", required=True),
            Column("lang", required=True, codes="lang"),
            Column("kind", required=True, codes="name_kind"),
            Column("source_id", references="sources"),
            Column("passage_id", references="passages"),
        ),
        about=("subject_id", "source_id"),
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
            Column("since", form="day"),
            Column("until", form="day"),
            Column("position", "INTEGER", required=True),
        ),
    ),
    Table(
        "set_aside",
        (
            Column("id"),
            Column("source_id", references="sources", required=True),
            Column("line", "INTEGER", required=True),
            Column("reason", required=True, codes="set_aside_reason"),
            Column("repeats_line", "INTEGER"),
            Column("note"),
        ),
        about=("source_id",),
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
        about=(),
    ),
    Table(
        "releases",
        (
            Column("id"),
            Column("version", required=True),
            Column("released_on", required=True, form="day"),
            Column("summary", required=True),
            Column("position", "INTEGER", required=True),
        ),
        keeps="history",
    ),
    Table(
        "changes",
        (
            Column("id"),
            Column("release_id", references="releases", required=True),
            Column("kind", required=True, codes="change_kind"),
            Column("note"),  # here, because of many changes there is nothing else to say
            Column("table_name"),
            Column("row_id", form="id"),
            Column("subject_id", references="subjects"),
            *_text("property", "value_before", "value_after"),
            Column("decision_id", references="decisions"),
            Column("position", "INTEGER", required=True),
        ),
        about=(),
        keeps="history",
    ),
    Table(
        "redirects",
        (
            Column("id"),
            Column("to_id", form="id"),
            Column("table_name"),
            Column("reason", required=True),
            Column("release_id", references="releases", required=True),
        ),
        keeps="withdrawn",
    ),
    Table("verifications", (Column("id"), *_columns_of(VERIFICATIONS)), about=()),
    Table("audits", _columns_of(AUDITS)),
    Table("build_info", (Column("id"), Column("value")), keeps="copies"),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (SUBJECTS, *(_kind_table(k) for k in KINDS.values() if k.name != "source"), EVENT_PARTICIPANTS, SOURCES, *EVIDENCE_TABLES)
}

# Names that only views and questions use for what they take from the tables; every other name means there what it means here.
IN_VIEWS: dict[str, Column] = {
    column.name: column
    for column in (
        *(Column(name, form="edtf") for name in ("when", "as_told")),
        Column("last_shown", form="edtf"),
        *(Column(name, form="instant") for name in ("moment", "place")),
        Column("day", form="day"),
        Column("stands_for_id", references="posts"),
        Column("precision", codes="precision"),
        Column("rule", codes="rule"),
        Column("destination_standing", codes="standing"),
        Column("destination_certainty", codes="certainty"),
        *(Column(name, codes="bound_basis") for name in ("dated", "earliest_basis", "latest_basis")),
        *(Column(name, form="array") for name in ("told_after", "told_before", "who", "posts_left")),
        Column("through", references="sources", form="array"),
    )
}
