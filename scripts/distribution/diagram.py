"""How the tables hang together, as two entity-relation diagrams in Mermaid: what happened, and how we know.

In: a `Contents`. Out: the text of `DIAGRAM.md`. Of each table only its keys are drawn; the data dictionary has the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing

from leadership.schema import PROVENANCE_COLUMNS

from .contents import Contents, DescribedColumn, DescribedTable, connect
from .dictionary import is_fact

PROVENANCE = {name for name, *_ in PROVENANCE_COLUMNS}
INTRODUCTION = """\
Only keys and references are drawn; the [data dictionary](DICTIONARY.md) has every column. A solid line is a foreign key: at its
one end stands the table that is referred to (a bar: always one; a circle: one or none). A broken line is a column that holds a
JSON array of ids. A table of which only the `id` is shown belongs to the other diagram.
"""


def render_diagram(contents: Contents) -> str:
    """Return `DIAGRAM.md`."""
    facts = [table for table in contents.base_tables if is_fact(table)]
    evidence = [table for table in contents.base_tables if not is_fact(table)]
    lines = [f"# {contents.title}: how the tables hang together", "", *INTRODUCTION.splitlines(), ""]
    lines += ["## What happened", "", *_draw(facts, contents)]
    lines += [
        *_say_alone(facts),
        "Each table of what happened has, besides, an array `sources` of ids of [`sources`](DICTIONARY.md#sources).",
        "",
    ]
    lines += ["## How we know", "", *_draw(evidence, contents)]
    lines += [
        *_say_alone(evidence),
        f"In [`subjects`](DICTIONARY.md#subjects) stands every row of {_join(_claimable(contents))} once more.",
        "",
    ]
    return "\n".join(lines).rstrip("\n") + "\n"


def _draw(tables: Sequence[DescribedTable], contents: Contents) -> Iterator[str]:
    """Return a diagram of these tables, and of others only as far as they are referred to."""
    drawn = [table for table in tables if _is_linked(table, tables)]
    names = {table.name for table in drawn}
    others = sorted({column.references for table in drawn for column in _references(table)} - names)
    yield from ("```mermaid", "erDiagram")
    for table in drawn:
        yield from _entity(table.name, [_attribute(column, table) for column in (*_key(table), *_references(table))])
    for name in others:
        yield from _entity(name, [_attribute(column, contents.by_name[name]) for column in _key(contents.by_name[name])])
    for table in drawn:
        for column in _references(table):
            yield f"  {column.references} {_relation(column)} {table.name} : {column.name}"
    yield from ("```", "")


def _say_alone(tables: Sequence[DescribedTable]) -> Iterator[str]:
    if alone := [table.name for table in tables if not _is_linked(table, tables)]:
        verb = "is" if len(alone) == 1 else "are"
        yield from (f"No foreign key leads from or to {_join(alone)}, which {verb} not drawn.", "")


def _join(names: Sequence[str]) -> str:
    linked = [f"[`{name}`](DICTIONARY.md#{name})" for name in names]
    return " and ".join(filter(None, (", ".join(linked[:-1]), linked[-1])))


def _claimable(contents: Contents) -> list[str]:
    """Return the tables of which each row stands in the hub as well, with the same id."""
    with closing(connect(contents.database)) as connection:
        found = {name for (name,) in connection.execute("SELECT DISTINCT table_name FROM subjects")}
    return [table.name for table in contents.base_tables if table.name in found]


def _is_linked(table: DescribedTable, tables: Iterable[DescribedTable]) -> bool:
    return bool(_references(table)) or any(column.references == table.name for other in tables for column in _references(other))


def _references(table: DescribedTable) -> list[DescribedColumn]:
    """Return the columns that lead to other tables, without those that every table has."""
    return [column for column in table.columns if column.references and column.name not in PROVENANCE]


def _key(table: DescribedTable) -> list[DescribedColumn]:
    return [column for column in table.columns if column.name == table.key]


def _entity(name: str, attributes: Iterable[str]) -> Iterator[str]:
    yield from (f"  {name} {{", *(f"    {attribute}" for attribute in attributes), "  }")


def _attribute(column: DescribedColumn, table: DescribedTable) -> str:
    if column.name == table.key:
        return f"{column.type} {column.name} PK"
    return f"{column.type} {column.name} FK" if column.is_foreign_key else f"array {column.name}"


def _relation(column: DescribedColumn) -> str:
    """Return the line from the table referred to: one or none to many, or many to many."""
    if not column.is_foreign_key:
        return "}o..o{"
    return "||--o{" if column.required else "|o--o{"
