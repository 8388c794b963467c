"""The data dictionary: every table, view, column and code in words.

In: a `Contents`. Out: the text of `DICTIONARY.md`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from leadership import tables as declared

from .contents import Contents, DescribedCode, DescribedColumn, DescribedTable

FORMS = {
    "edtf": "date, as precise as its source (EDTF with clock and zone)",
    "instant": "instant in UTC, to the minute",
    "day": "day",
    "array": "JSON array of text",
}
INTRODUCTION = """\
Every table and reading view with its columns, and every closed list of codes. A column that is *required* is never empty. What
stands under *refers to* is the table whose `id` the column holds, or the list from which its codes come; of an array, each item.
"""


def render_dictionary(contents: Contents) -> str:
    """Return `DICTIONARY.md`."""
    facts = [table for table in contents.base_tables if is_fact(table)]
    evidence = [table for table in contents.base_tables if not is_fact(table)]
    views = [table for table in contents.tables if table.is_view]
    lines = [f"# {contents.title}: data dictionary", "", *INTRODUCTION.splitlines(), ""]
    groups = (("What happened", facts), ("How we know", evidence), ("Reading views", views))
    for heading, tables in groups:
        links = ", ".join(f"[`{table.name}`](#{table.name})" for table in tables)
        lines.append(f"- {heading}: {links}")
    lines += ["- Codes: " + ", ".join(f"[`{name}`](#list-{name})" for name in contents.codes), ""]
    for heading, tables in groups:
        lines += [f"## {heading}", ""]
        for table in tables:
            lines += _table(table, contents.codes)
    lines += ["## Codes", ""]
    for name, codes in contents.codes.items():
        lines += _codes(name, codes, contents.tables)
    return "\n".join(lines).rstrip("\n") + "\n"


def is_fact(table: DescribedTable) -> bool:
    """Tell whether a table holds what happened; the others hold how we know, or make it searchable."""
    return table.name in declared.TABLES and declared.TABLES[table.name].fact


def _table(table: DescribedTable, lists: Iterable[str]) -> Iterator[str]:
    yield from (f"### {table.name}", "", f"**{_escape(table.title)}.** {_escape(table.description)}", "")
    yield from ("| column | type | required | refers to | meaning |", "|---|---|---|---|---|")
    for column in table.columns:
        required = "key" if column.name == table.key else "yes" if column.required else ""
        cells = (f"`{column.name}`", FORMS.get(column.form, column.type), required, _target(column, lists), _escape(column.description))
        yield f"| {' | '.join(cells)} |"
    yield ""


def _target(column: DescribedColumn, lists: Iterable[str]) -> str:
    if column.references:
        return f"[`{column.references}`](#{column.references})"
    return f"list [`{column.codes}`](#list-{column.codes})" if column.codes in lists else ""


def _codes(name: str, codes: Sequence[DescribedCode], tables: Iterable[DescribedTable]) -> Iterator[str]:
    """Return a closed list, with the columns that draw on it."""
    users = ", ".join(f"`{table.name}.{column.name}`" for table in tables for column in table.columns if column.codes == name)
    yield from (f"### List {name}", "", f"Used by {users}." if users else "Used by no column.", "")
    yield from ("| code | English | Chinese | meaning |", "|---|---|---|---|")
    for code in codes:
        yield f"| `{code.code}` | {_escape(code.label)} | {_escape(code.label_zh)} | {_escape(code.definition)} |"
    yield ""


def _escape(text: str) -> str:
    """Return text so that it stands in one cell of a table as it is."""
    for sign, written in (
        ("\\", "\\\\"),
        ("&", "&amp;"),
        ("<", "&lt;"),
        ("|", "\\|"),
        ("*", "\\*"),
        ("_", "\\_"),
        ("`", "\\`"),
        ("[", "\\["),
    ):
        text = text.replace(sign, written)
    return " ".join(text.split())
