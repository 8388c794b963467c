"""What a column or a table is for: which hold dates, ids, arrays, codes; which rows are subjects; which ids are given by hand.

All of it follows from `schema` and `tables`, so that a column which is added there is known to whatever shows, links, compares or
describes it.
"""

from __future__ import annotations

from .schema import KIND_OF_TABLE, PARTICIPANT, PROPERTIES, property_of
from .tables import IN_VIEWS, TABLES, Column, Sort


def tables_beside_the_hub() -> tuple[str, ...]:
    """Return the tables of rows with ids that are not in the hub `subjects`; facts come first, whose rows may share an id with evidence."""
    beside = [t for t in TABLES.values() if t.name not in KIND_OF_TABLE and t.keeps in ("own", "history")]
    return tuple(table.name for table in sorted(beside, key=lambda table: not table.fact))


def tables_that_keep(*what: str) -> frozenset[str]:
    """Return the tables whose rows are their own, copies of others, history, or withdrawn ids."""
    return frozenset(table.name for table in TABLES.values() if table.keeps in what)


def has_made_ids(table: str) -> bool:
    """Tell whether the ids of a table are made of what its rows say. Those of an unknown table are taken for given ones."""
    return table in TABLES and TABLES[table].about is not None


def column_in(table: str | None, name: str) -> Column | None:
    """Return what is declared of a column of a table, or what the name of a column means in a view or the answer to a question.

    None if nothing is known of it.
    """
    if table in TABLES:
        return next((column for column in TABLES[table].columns if column.name == name), None)
    return meaning_of(name)


def meaning_of(name: str) -> Column | None:
    """Return what a name means wherever it stands, None if it means nothing or different things in different tables.

    A name that means the same in every table that has it means that in a view too; `<one>_id` is the id of a row of that
    table, also where no table refers to it.
    """
    if name in IN_VIEWS:
        return IN_VIEWS[name]
    found = {_meaning(column): column for table in TABLES.values() for column in table.columns if column.name == name}
    if found:
        return next(iter(found.values())) if len(found) == 1 else None
    table = next((table for table in TABLES if name == f"{one_of(table)}_id"), "")
    return Column(name, references=table) if table else None


def _meaning(column: Column) -> tuple[str, ...]:
    return column.references, column.codes, column.form, column.items


def one_of(table: str) -> str:
    """Return what one row of a table is called: of `people` it is `person`."""
    return KIND_OF_TABLE.get(table) or table.removesuffix("s")


def sort_of(table: str, name: str) -> Sort:
    """Tell whether a column holds values, standings, what is worked out from others, or places in raw/; of an unknown one: values."""
    column = column_in(table, name) if table in TABLES else None
    return column.sort if column else "value"


def property_behind(table: str, name: str) -> str:
    """Return the property whose accepted value a cell shows or follows from, "" if there is none. An unknown column is its own."""
    column = column_in(table, name) if table in TABLES else None
    if column is None:
        return name
    if column.of:
        return column.of
    return name if property_of(table, name) else ""


def is_claimed(table: str, name: str) -> bool:
    """Tell whether the cells of a column are values that sources claim, and not declared or worked out."""
    column = column_in(table, name) if table in TABLES else None
    return bool(column and column.sort == "value" and property_behind(table, name))


def properties_with_codes(code_list: str) -> list[tuple[str, bool]]:
    """Return the properties whose claimed values come from a list of codes, and whether the code is a participant's part."""
    found = {p.name for p in PROPERTIES if p.type == "code" and p.target == code_list}
    return [*((name, False) for name in sorted(found)), *([(PARTICIPANT, True)] if code_list == "part" else [])]


def columns_with_codes(code_list: str) -> list[tuple[str, Column]]:
    """Return the tables and columns whose values come from a list of codes."""
    return [(table.name, column) for table in TABLES.values() for column in table.columns if column.codes == code_list]
