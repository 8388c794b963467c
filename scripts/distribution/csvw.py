"""The metadata of the CSV files after the W3C's standard for CSV on the Web (CSVW): one table group.

In: a `Contents` and the tables to describe. Out: `csv-metadata.json`, which stands beside the CSV files, as plain data.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from .contents import Contents, DescribedColumn, DescribedTable
from .datapackage import EDTF
from .identity import CREATOR, KEYWORDS, Identity
from .sources import read_used_sources

FILE = "csv-metadata.json"
CONTEXT = ["http://www.w3.org/ns/csvw", {"@language": "en"}]
FORMS: dict[str, Any] = {
    "instant": {"base": "dateTime", "format": "yyyy-MM-ddTHH:mmX"},
    "day": "date",
    "array": "json",
    "edtf": {"base": "string", "@id": EDTF},
}
TYPES = {"text": "string", "integer": "integer", "number": "decimal"}


def describe_group(contents: Contents, tables: Sequence[DescribedTable], identity: Identity) -> dict[str, Any]:
    """Return the table group of the CSV files of `tables`."""
    described = {table.name for table in tables}
    return {
        "@context": CONTEXT,
        "dc:identifier": identity.dataset,
        "dc:title": contents.title,
        "dc:description": contents.description,
        "dc:creator": CREATOR,
        "dc:license": {"@id": contents.licence_url},
        "dc:subject": list(KEYWORDS),
        **({"dc:issued": identity.day} if identity.day else {}),
        "dc:source": [source.title for source in read_used_sources(contents)],
        "schema:version": contents.version,
        "dialect": {"encoding": "utf-8", "lineTerminators": ["\n"], "commentPrefix": None},
        "tables": [_describe_table(contents, table, described) for table in tables],
    }


def _describe_table(contents: Contents, table: DescribedTable, described: set[str]) -> dict[str, Any]:
    schema: dict[str, Any] = {"columns": [_describe_column(contents, column, described) for column in table.columns]}
    if table.key:
        schema["primaryKey"] = table.key
    # CSVW has no foreign keys that may be empty: such a column names its table as what it relates to.
    keys = [_refer(column) for column in table.columns if _leads_to(column, described) and column.required]
    if keys:
        schema["foreignKeys"] = keys
    return {"url": f"{table.name}.csv", "dc:title": table.title, "dc:description": table.description, "tableSchema": schema}


def _leads_to(column: DescribedColumn, described: set[str]) -> bool:
    return column.is_foreign_key and column.references in described


def _refer(column: DescribedColumn) -> dict[str, Any]:
    return {"columnReference": column.name, "reference": {"resource": f"{column.references}.csv", "columnReference": "id"}}


def _describe_column(contents: Contents, column: DescribedColumn, described: set[str]) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "name": column.name,
        "titles": column.name,
        "datatype": _datatype(contents, column),
        "null": "",
        "dc:description": column.description,
    }
    if column.required:
        entry["required"] = True
    elif _leads_to(column, described):
        entry["dc:relation"] = {"@id": f"{column.references}.csv"}
    return entry


def _datatype(contents: Contents, column: DescribedColumn) -> Any:
    """Return the datatype of a column; that of a closed list is text of which the format is a choice of its codes."""
    codes = contents.codes.get(column.codes, ())
    if codes and column.form != "array":
        return {"base": "string", "format": "|".join(re.escape(code.code) for code in codes)}
    return FORMS.get(column.form) or TYPES[column.type]
