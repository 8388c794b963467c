"""The Data Package (version 2) of the CSV files: types, constraints, keys and foreign keys of every table.

In: a `Contents`, the folder with the CSV files, and the tables to describe. Out: the descriptor as plain data.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .contents import Contents, DescribedColumn, DescribedTable
from .identity import CREATOR, KEYWORDS, LICENCE_ID, NAME, Identity
from .inventory import CSV, File
from .sources import Source, read_used_sources

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"
# What a form adds to a type. Dates that are only as precise as their source stay text.
FORMS: dict[str, dict[str, Any]] = {
    "instant": {"type": "datetime", "format": "%Y-%m-%dT%H:%MZ"},
    "day": {"type": "date"},
    "array": {"type": "array"},
    "edtf": {"type": "string", "rdfType": EDTF},
}
TYPES = {"text": "string", "integer": "integer", "number": "number"}


def describe_package(contents: Contents, folder: Path, tables: Sequence[DescribedTable], identity: Identity) -> dict[str, Any]:
    """Return `datapackage.json`. Each table's CSV file stands in `folder` under `csv/`."""
    described = {table.name for table in tables}
    return {
        "$schema": PROFILE,
        "name": NAME,
        "id": identity.dataset,
        "title": contents.title,
        "description": contents.description,
        "version": contents.version,
        **({"homepage": identity.address} if identity.address else {}),
        **({"created": f"{identity.day}T00:00:00Z"} if identity.day else {}),
        "keywords": list(KEYWORDS),
        "licenses": [{"name": LICENCE_ID, "path": contents.licence_url}],
        "contributors": [{"title": CREATOR, "roles": ["creator"]}],
        "sources": [_describe_source(source) for source in read_used_sources(contents)],
        "resources": [_describe_table(contents, folder, table, described) for table in tables],
    }


def _describe_source(source: Source) -> dict[str, Any]:
    known = {"title": source.title, "path": source.url, "publisher": source.publisher, "date": source.day}
    return {key: value for key, value in known.items() if value}


def _describe_table(contents: Contents, folder: Path, table: DescribedTable, described: set[str]) -> dict[str, Any]:
    file = File(folder, f"csv/{table.name}.csv", CSV)
    return {
        "name": table.name,
        "type": "table",
        "path": file.path,
        "title": table.title,
        "description": table.description,
        "format": "csv",
        "mediatype": CSV.media_type,
        "encoding": "utf-8",
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True},
        "schema": _describe_schema(contents, table, described),
    }


def _describe_schema(contents: Contents, table: DescribedTable, described: set[str]) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [describe_field(contents, column, column.name == table.key) for column in table.columns],
        "missingValues": [""],
    }
    if table.key:
        schema["primaryKey"] = [table.key]
    keys = [_refer(column, table) for column in table.columns if column.is_foreign_key and column.references in described]
    if keys:
        schema["foreignKeys"] = keys
    return schema


def _refer(column: DescribedColumn, table: DescribedTable) -> dict[str, Any]:
    """Return a foreign key; one to the table itself has no name of a resource."""
    resource = "" if column.references == table.name else column.references
    return {"fields": [column.name], "reference": {"resource": resource, "fields": ["id"]}}


def describe_field(contents: Contents, column: DescribedColumn, is_key: bool) -> dict[str, Any]:
    """Return the Table Schema field of a column, with the codes that it may hold and their labels."""
    field: dict[str, Any] = {"name": column.name, "type": TYPES[column.type], **FORMS.get(column.form, {})}
    field["description"] = column.description
    codes = contents.codes.get(column.codes, ())
    constraints: dict[str, Any] = {"required": True} if column.required else {}
    if is_key:
        constraints["unique"] = True
    if codes and column.form == "array":
        field["arrayItem"] = {"type": "string", "constraints": {"enum": [code.code for code in codes]}}
    elif codes:
        constraints["enum"] = [code.code for code in codes]
        field["categories"] = [{"value": code.code, "label": code.label} for code in codes]
    if constraints:
        field["constraints"] = constraints
    return field
