"""The dataset as an entry of a data catalogue: DCAT 3 with what DCAT-AP wants, in JSON-LD.

In: a `Contents` and the folder with the data files. Out: `dcat.jsonld` as plain data: a catalogue, its one dataset, and a
distribution for each data file. Where DATASET_URL is unset, addresses of files are relative to the place of the description.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .contents import Contents
from .identity import CREATOR, KEYWORDS, LANGUAGES, NAME, Identity
from .inventory import File, list_files
from .sources import Source, latest, read_coverage, read_used_sources

FILE_TYPES = "http://publications.europa.eu/resource/authority/file-type/"
LANGUAGE_CODES = {"en": "ENG", "zh": "ZHO"}
LANGUAGE_IDS = "http://publications.europa.eu/resource/authority/language/"
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
THEMES = tuple(f"http://publications.europa.eu/resource/authority/data-theme/{code}" for code in ("ECON", "TECH"))
PUBLIC = "http://publications.europa.eu/resource/authority/access-right/PUBLIC"
CONTEXT: dict[str, Any] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "prov": "http://www.w3.org/ns/prov#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def describe_catalogue(contents: Contents, folder: Path, identity: Identity) -> dict[str, Any]:
    """Return `dcat.jsonld`."""
    files = list_files(folder)
    sources = read_used_sources(contents)
    catalogue = {
        "@id": identity.part("catalogue", NAME),
        "@type": "dcat:Catalog",
        **_common(contents, identity),
        "dcat:dataset": {"@id": identity.dataset},
    }
    return {
        "@context": CONTEXT,
        "@graph": [
            catalogue,
            _describe_dataset(contents, identity, files, sources),
            {"@id": _publisher(identity), "@type": "foaf:Agent", "foaf:name": CREATOR},
            *(_describe_file(contents, identity, file) for file in files),
            *(_describe_source(identity, source) for source in sources),
        ],
    }


def _publisher(identity: Identity) -> str:
    return identity.part("agent", "publisher")


def _common(contents: Contents, identity: Identity) -> dict[str, Any]:
    """Return what catalogue and dataset have in common."""
    return {
        "dct:title": {"@value": contents.title, "@language": "en"},
        "dct:description": {"@value": contents.description, "@language": "en"},
        "dct:publisher": {"@id": _publisher(identity)},
        "dct:license": {"@id": contents.licence_url},
        "dct:language": [{"@id": LANGUAGE_IDS + LANGUAGE_CODES[language]} for language in LANGUAGES],
    }


def _describe_dataset(contents: Contents, identity: Identity, files: list[File], sources: list[Source]) -> dict[str, Any]:
    coverage = read_coverage(contents)
    return {
        "@id": identity.dataset,
        "@type": "dcat:Dataset",
        **_common(contents, identity),
        "dct:creator": {"@id": _publisher(identity)},
        "dct:identifier": identity.dataset,
        "dct:accessRights": {"@id": PUBLIC},
        "dcat:version": contents.version,
        "dcat:keyword": [{"@value": keyword, "@language": "en"} for keyword in KEYWORDS],
        "dcat:theme": [{"@id": theme} for theme in THEMES],
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": {"@value": str(coverage.first_year), "@type": "xsd:gYear"},
            "dcat:endDate": {"@value": str(coverage.last_year), "@type": "xsd:gYear"},
        },
        "dct:provenance": {
            "@type": "dct:ProvenanceStatement",
            "rdfs:label": {
                "@value": f"Every value is a claim that one of {len(sources)} articles makes at a given line; where they differ, both"
                f" values are kept. Logical digest (SHA-256) of the rows: {contents.digest}",
                "@language": "en",
            },
        },
        **({"dct:issued": {"@value": identity.day, "@type": "xsd:date"}} if identity.day else {}),
        **({"dct:modified": {"@value": changed, "@type": "xsd:date"}} if (changed := latest(coverage.changed, identity.day)) else {}),
        **({"dcat:landingPage": {"@id": identity.address}} if identity.address else {}),
        "dct:source": [{"@id": identity.row("sources", source.id)} for source in sources],
        "prov:wasGeneratedBy": {
            "@id": identity.part("build", identity.digest),
            "@type": "prov:Activity",
            "rdfs:label": f"Build of version {contents.version}",
        },
        "dcat:distribution": [{"@id": _distribution(identity, file)} for file in files],
    }


def _distribution(identity: Identity, file: File) -> str:
    return identity.part("distribution", file.path)


def _describe_file(contents: Contents, identity: Identity, file: File) -> dict[str, Any]:
    address = {"@id": identity.file(file.path)}
    return {
        "@id": _distribution(identity, file),
        "@type": "dcat:Distribution",
        "dct:title": {"@value": f"{file.table or contents.title} ({file.format.name})", "@language": "en"},
        "dcat:accessURL": address,
        "dcat:downloadURL": address,
        "dct:license": {"@id": contents.licence_url},
        **({"dcat:mediaType": {"@id": MEDIA_TYPES + file.format.media_type}} if file.format.registered else {}),
        "dct:format": {"@id": FILE_TYPES + file.format.file_type}
        if file.format.file_type
        else {"@type": "dct:MediaTypeOrExtent", "rdfs:label": {"@value": file.format.name, "@language": "en"}},
        "dcat:byteSize": {"@value": str(file.size), "@type": "xsd:nonNegativeInteger"},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": {"@value": file.sha256, "@type": "xsd:hexBinary"},
        },
    }


def _describe_source(identity: Identity, source: Source) -> dict[str, Any]:
    described: dict[str, Any] = {"@id": identity.row("sources", source.id), "@type": "prov:Entity", "dct:title": source.title}
    if source.publisher:
        described["dct:publisher"] = {"@type": "foaf:Agent", "foaf:name": source.publisher}
    if source.day:
        described["dct:issued"] = source.day
    if source.url:
        described["foaf:page"] = {"@id": source.url}
    return described
