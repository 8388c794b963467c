"""The data dictionary: every table, view, column and code in words.

In: a `Contents`. Out: the text of `DICTIONARY.md`.
"""

from __future__ import annotations

from leadership import tables as declared

from .contents import Contents, DescribedTable
from .markdown import render_page

FORMS = {
    "edtf": "date, as precise as its source (EDTF with clock and zone)",
    "instant": "instant in UTC, to the minute",
    "day": "day",
    "array": "JSON array of text",
}


def render_dictionary(contents: Contents) -> str:
    """Return `DICTIONARY.md`."""
    groups = {
        "What happened": [table for table in contents.base_tables if is_fact(table)],
        "How we know": [table for table in contents.base_tables if not is_fact(table)],
        "Reading views": [table for table in contents.tables if table.is_view],
    }
    users: dict[str, list[str]] = {name: [] for name in contents.codes}
    for table in contents.tables:
        for column in table.columns:
            users.setdefault(column.codes, []).append(f"`{table.name}.{column.name}`")
    return render_page("DICTIONARY.md", contents=contents, groups=groups.items(), users=users, forms=FORMS)


def is_fact(table: DescribedTable) -> bool:
    """Tell whether a table holds what happened; the others hold how we know, or make it searchable."""
    return table.name in declared.TABLES and declared.TABLES[table.name].fact
