"""The dataset after Croissant 1.1 (schema.org/Dataset): files, record sets with typed fields, code lists, and provenance in PROV-O.

In: a `Contents`, the folder with the data files, and the tables to describe. Out: `croissant.json` as plain data.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .contents import Contents, DescribedCode, DescribedColumn, DescribedTable
from .identity import CREATOR, KEYWORDS, LANGUAGES, NAME, Identity
from .inventory import File, list_files
from .notes import citation
from .sources import Source, latest, read_coverage, read_used_sources

CONFORMS_TO = "http://mlcommons.org/croissant/1.1"
CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "name": {"@container": "@language"},
    "parentField": "cr:parentField",
    "path": "cr:path",
    "prov": "http://www.w3.org/ns/prov#",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
TYPES = {"text": "sc:Text", "integer": "sc:Integer", "number": "sc:Float"}


def describe_croissant(contents: Contents, folder: Path, tables: Sequence[DescribedTable], identity: Identity) -> dict[str, Any]:
    """Return `croissant.json`. Record sets read the CSV files; every other data file of `folder` is listed beside them."""
    coverage = read_coverage(contents)
    sources = read_used_sources(contents)
    used = {column.codes for table in tables for column in table.columns if column.codes}
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "@id": identity.dataset,
        "conformsTo": CONFORMS_TO,
        "name": contents.title,
        "alternateName": NAME,
        "identifier": identity.dataset,
        "description": contents.description,
        "version": contents.version,
        "license": contents.licence_url,
        **({"url": identity.address} if identity.address else {}),
        **({"datePublished": identity.day} if identity.day else {}),
        **({"dateModified": changed} if (changed := latest(coverage.changed, identity.day)) else {}),
        "temporalCoverage": f"{coverage.first_year}/{coverage.last_year}",
        "inLanguage": list(LANGUAGES),
        "keywords": list(KEYWORDS),
        "creator": {"@type": "sc:Organization", "name": CREATOR},
        "citeAs": citation(contents),
        "isLiveDataset": False,
        "prov:wasDerivedFrom": [_describe_source(source, identity) for source in sources],
        "prov:wasGeneratedBy": _describe_build(contents, identity, sources),
        "distribution": [_describe_file(file, identity) for file in list_files(folder)],
        "recordSet": [
            *(_describe_codes(name, codes) for name, codes in contents.codes.items() if name in used),
            *(_describe_table(contents, table, tables) for table in tables),
        ],
    }


def _describe_source(source: Source, identity: Identity) -> dict[str, Any]:
    described: dict[str, Any] = {
        "@id": identity.row("sources", source.id),
        "@type": ["prov:Entity", "sc:CreativeWork"],
        "name": source.title,
    }
    if source.publisher:
        described["publisher"] = {"@type": "sc:Organization", "name": source.publisher}
    if source.day:
        described["datePublished"] = source.day
    if source.language:
        described["inLanguage"] = source.language
    if source.url:
        described["url"] = source.url
    return described


def _describe_build(contents: Contents, identity: Identity, sources: Sequence[Source]) -> dict[str, Any]:
    return {
        "@id": identity.part("build", identity.digest),
        "@type": "prov:Activity",
        "name": f"Build of version {contents.version}",
        "description": "Claims are read from fact sheets of the sources, settled where they differ, and written as tables."
        f" Logical digest (SHA-256) of the rows: {contents.digest}",
        "identifier": contents.digest,
        "prov:used": [{"@id": identity.row("sources", source.id)} for source in sources],
    }


def _describe_file(file: File, identity: Identity) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": file.path,
        "name": file.path,
        "description": f"{file.table}: {file.format.name}" if file.table else f"All tables: {file.format.name}",
        "contentUrl": identity.file(file.path),
        "contentSize": f"{file.size} B",
        "encodingFormat": file.format.media_type,
        "sha256": file.sha256,
    }


def _describe_codes(name: str, codes: Sequence[DescribedCode]) -> dict[str, Any]:
    """Return a closed list as an enumeration whose records stand in the description itself."""
    record_set = f"codes-{name}"
    parts = {
        "code": ("The code as it stands in cells.", "code"),
        "name": ("Its name in English.", "label"),
        "name_zh": ("Its name in Chinese.", "label_zh"),
        "description": ("What it means.", "definition"),
    }
    return {
        "@type": "cr:RecordSet",
        "@id": record_set,
        "name": record_set,
        "description": f"The closed list {name}.",
        "dataType": "sc:Enumeration",
        "key": {"@id": f"{record_set}/code"},
        "field": [
            {"@type": "cr:Field", "@id": f"{record_set}/{part}", "name": part, "description": text, "dataType": "sc:Text"}
            for part, (text, _) in parts.items()
        ],
        "data": [{f"{record_set}/{part}": getattr(code, attribute) for part, (_, attribute) in parts.items()} for code in codes],
    }


def _describe_table(contents: Contents, table: DescribedTable, tables: Sequence[DescribedTable]) -> dict[str, Any]:
    described = {other.name for other in tables}
    record_set: dict[str, Any] = {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": f"{table.title}: {table.description}",
        "field": [_describe_field(contents, table, column, described) for column in table.columns],
    }
    if table.key:
        record_set["key"] = {"@id": f"{table.name}/{table.key}"}
    return record_set


def _describe_field(contents: Contents, table: DescribedTable, column: DescribedColumn, described: set[str]) -> dict[str, Any]:
    field: dict[str, Any] = {
        "@type": "cr:Field",
        "@id": f"{table.name}/{column.name}",
        "name": column.name,
        "description": column.description,
        "dataType": TYPES[column.type],
        "source": _extract(table.name, column.name),
    }
    if column.is_foreign_key and column.references in described:
        # The column of the file and not the field of the other record set: mlcroissant joins what a field refers to, and cannot
        # where that is joined in its turn or is the record set itself.
        field["references"] = _extract(column.references, "id")
    elif column.codes in contents.codes and column.form != "array":
        field["references"] = {"field": {"@id": f"codes-{column.codes}/code"}}
    return field


def _extract(table: str, column: str) -> dict[str, Any]:
    return {"fileObject": {"@id": f"csv/{table}.csv"}, "extract": {"column": column}}
