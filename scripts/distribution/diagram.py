"""How the tables hang together, as two entity-relation diagrams in Mermaid: what happened, and how we know.

In: a `Contents`. Out: the text of `DIAGRAM.md`. Of each table only its keys are drawn; the data dictionary has the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing

from leadership.opening import open_database
from leadership.schema import PROVENANCE_COLUMNS

from .contents import Contents, DescribedColumn, DescribedTable
from .dictionary import is_fact
from .markdown import render_page

PROVENANCE = {name for name, *_ in PROVENANCE_COLUMNS}


def render_diagram(contents: Contents) -> str:
    """Return `DIAGRAM.md`."""
    facts = [table for table in contents.base_tables if is_fact(table)]
    evidence = [table for table in contents.base_tables if not is_fact(table)]
    return render_page(
        "DIAGRAM.md",
        contents=contents,
        facts=_diagram(facts, contents),
        evidence=_diagram(evidence, contents),
        claimable=_claimable(contents),
    )


def _diagram(tables: Sequence[DescribedTable], contents: Contents) -> dict[str, list[str]]:
    """Return the lines of a diagram of these tables, and the names of those that no line would lead to."""
    alone = [table.name for table in tables if not _is_linked(table, tables)]
    return {"lines": list(_draw([table for table in tables if table.name not in alone], contents)), "alone": alone}


def _draw(drawn: Sequence[DescribedTable], contents: Contents) -> Iterator[str]:
    """Return a diagram of these tables, and of others only as far as they are referred to."""
    names = {table.name for table in drawn}
    others = sorted({column.references for table in drawn for column in _references(table)} - names)
    for table in drawn:
        yield from _entity(table.name, [_attribute(column, table) for column in (*_key(table), *_references(table))])
    for name in others:
        yield from _entity(name, [_attribute(column, contents.by_name[name]) for column in _key(contents.by_name[name])])
    for table in drawn:
        for column in _references(table):
            yield f"  {column.references} {_relation(column)} {table.name} : {column.name}"


def _claimable(contents: Contents) -> list[str]:
    """Return the tables of which each row stands in the hub as well, with the same id."""
    with closing(open_database(contents.database)) as connection:
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
