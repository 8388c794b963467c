"""What independent tools say of descriptors. Run by the validators' Python; prints one line of JSON, an object a task.

Nothing is fetched: the context of web annotations, which they name by its address, is given here with the terms that are used.
"""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path

ANNOTATION_TERMS = {
    "oa": "http://www.w3.org/ns/oa#",
    "as": "http://www.w3.org/ns/activitystreams#",
    "dcterms": "http://purl.org/dc/terms/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "http://schema.org/",
    "id": "@id",
    "type": "@type",
    **{name: f"oa:{name}" for name in ("Annotation", "SpecificResource", "FragmentSelector", "TextPositionSelector", "TextQuoteSelector")},
    "AnnotationCollection": "as:OrderedCollection",
    "AnnotationPage": "as:OrderedCollectionPage",
    "describing": "oa:describing",
    "motivation": {"@id": "oa:motivatedBy", "@type": "@vocab"},
    "body": {"@id": "oa:hasBody", "@type": "@id"},
    "target": {"@id": "oa:hasTarget", "@type": "@id"},
    "source": {"@id": "oa:hasSource", "@type": "@id"},
    "selector": {"@id": "oa:hasSelector", "@type": "@id"},
    "refinedBy": {"@id": "oa:refinedBy", "@type": "@id"},
    "scope": {"@id": "oa:hasScope", "@type": "@id"},
    "via": {"@id": "oa:via", "@type": "@id"},
    "conformsTo": {"@id": "dcterms:conformsTo", "@type": "@id"},
    "rights": {"@id": "dcterms:rights", "@type": "@id"},
    "first": {"@id": "as:first", "@type": "@id"},
    "partOf": {"@id": "as:partOf", "@type": "@id"},
    "items": {"@id": "as:items", "@type": "@id", "@container": "@list"},
    "total": "as:totalItems",
    "startIndex": "as:startIndex",
    "label": "rdfs:label",
    "value": "rdf:value",
    "start": "oa:start",
    "end": "oa:end",
    "exact": "oa:exact",
}
ANNOTATIONS = """
PREFIX oa: <http://www.w3.org/ns/oa#> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
SELECT ?annotation ?document ?line ?start ?end ?exact WHERE {
  ?annotation a oa:Annotation ; oa:motivatedBy oa:describing ; oa:hasTarget ?target .
  ?target oa:hasSource ?document ; oa:hasSelector ?one , ?other .
  ?one rdf:value ?line ; oa:refinedBy [ oa:start ?start ; oa:end ?end ] .
  ?other rdf:value ?line ; oa:refinedBy [ oa:exact ?exact ] }
"""
CLAIMS = """
PREFIX oa: <http://www.w3.org/ns/oa#> PREFIX schema: <http://schema.org/>
SELECT (COUNT(?claim) AS ?n) WHERE { ?annotation oa:hasBody ?claim . ?claim a schema:Claim ; schema:about ?subject }
"""
PREFIXES = """
PREFIX dcat: <http://www.w3.org/ns/dcat#> PREFIX dct: <http://purl.org/dc/terms/> PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX prov: <http://www.w3.org/ns/prov#> PREFIX spdx: <http://spdx.org/rdf/terms#> PREFIX schema: <https://schema.org/>
"""
CATALOGUE = {  # what DCAT-AP makes mandatory or recommends, and what a reader wants besides
    "catalogues": "?x a dcat:Catalog ; dct:title ?t ; dct:description ?d ; dct:publisher [ foaf:name ?p ] ; dcat:dataset ?s .",
    "datasets": """?x a dcat:Dataset ; dct:title ?t ; dct:description ?d ; dct:publisher [ a foaf:Agent ; foaf:name ?p ] ; dct:license ?l ;
      dct:language ?g ; dcat:theme ?h ; dct:temporal [ a dct:PeriodOfTime ; dcat:startDate ?b ; dcat:endDate ?e ] ;
      dct:provenance [ a dct:ProvenanceStatement ] ; prov:wasGeneratedBy [ a prov:Activity ] ; dcat:version ?v .""",
    "distributions": """?s a dcat:Dataset ; dcat:distribution ?x . ?x a dcat:Distribution ; dcat:accessURL ?a ; dct:license ?l ;
      dct:format ?f ; dcat:byteSize ?b ; spdx:checksum [ spdx:algorithm spdx:checksumAlgorithm_sha256 ; spdx:checksumValue ?c ] .""",
    "sources": "?s a dcat:Dataset ; dct:source ?x . ?x a prov:Entity ; dct:title ?t .",
    "addresses": "?s dcat:accessURL ?x .",
    "identifiers": "?s a dcat:Dataset . BIND(?s AS ?x)",
}
PROVENANCE = """
SELECT ?x WHERE { ?s a schema:Dataset ; prov:wasGeneratedBy ?activity ; prov:wasDerivedFrom ?x . ?activity a prov:Activity ; prov:used ?x .
  ?x a prov:Entity ; schema:name ?name }
"""


def judge_package(path: Path) -> dict:
    """Return the errors that frictionless finds in a Data Package and its data, each as [type, resource, message]."""
    import frictionless

    report = frictionless.validate(str(path))
    errors = [[error.type, "package", error.message] for error in report.errors]
    errors += [[error.type, task.name, error.message] for task in report.tasks for error in task.errors]
    return {"errors": errors, "warnings": list(report.warnings), "rows": sum(task.stats.get("rows", 0) for task in report.tasks)}


def judge_csvw(path: Path) -> dict:
    """Return whether csvw finds metadata and tables valid, in its strict mode, and why not."""
    from csvw import CSVW

    try:
        group = CSVW(str(path), validate=True, strict=True)
        valid = group.is_valid
    except ValueError as error:
        return {"valid": False, "warnings": [str(error)]}
    return {"valid": valid, "warnings": [str(w.message) for w in group.warnings], "tables": len(group.tables)}


def judge_croissant(path: Path) -> dict:
    """Return what mlcroissant says of a description; errors prevent that it is loaded."""
    import mlcroissant

    try:
        return _issues(mlcroissant.Dataset(str(path)))
    except mlcroissant.ValidationError as error:
        return {"errors": [str(error)], "warnings": []}


def read_croissant(path: Path) -> dict:
    """Return the same, with the records of a table and of a list of codes as mlcroissant reads them from the files."""
    import mlcroissant

    dataset = mlcroissant.Dataset(str(path))
    records: dict[str, list[dict]] = {}
    judged = {**_issues(dataset), "records": records}
    for name in ("departures", "codes-standing"):
        try:
            records[name] = [{key: _plain(value) for key, value in record.items()} for record in dataset.records(name)]
        except Exception as error:  # of whatever kind: the test wants to see which
            judged["errors"].append(f"{error}: {error.__cause__}")
    return judged


def _issues(dataset) -> dict:
    issues = dataset.metadata.issues
    version = dataset.metadata.ctx.conforms_to.value
    names = [record_set.id for record_set in dataset.metadata.record_sets]
    return {"errors": sorted(issues.errors), "warnings": sorted(issues.warnings), "version": version, "record_sets": names}


def _plain(value: object) -> object:
    if value is None or value != value:  # what is missing among numbers comes as NaN
        return None
    return value.decode() if isinstance(value, bytes) else getattr(value, "item", lambda: value)()


def judge_catalogue(path: Path) -> dict:
    """Return what of a DCAT description can be found by its mandatory properties."""
    import rdflib

    graph = rdflib.Graph().parse(data=path.read_text(encoding="utf-8"), format="json-ld", publicID="file:///release/")
    return {
        name: sorted({str(row.x) for row in graph.query(f"{PREFIXES} SELECT ?x WHERE {{ {part} }}")}) for name, part in CATALOGUE.items()
    }


def judge_provenance(path: Path) -> dict:
    """Return the sources from which a Croissant description says that the dataset is derived."""
    import rdflib

    graph = rdflib.Graph().parse(data=path.read_text(encoding="utf-8"), format="json-ld", publicID="file:///release/")
    return {"sources": sorted(str(row.x) for row in graph.query(PREFIXES + PROVENANCE))}


def judge_annotations(path: Path) -> dict:
    """Return annotations as RDF tells them, and the number of claims in their bodies."""
    import rdflib

    document = json.loads(path.read_text(encoding="utf-8"))
    document["@context"] = [ANNOTATION_TERMS if part == "http://www.w3.org/ns/anno.jsonld" else part for part in document["@context"]]
    graph = rdflib.Graph().parse(data=json.dumps(document), format="json-ld")
    rows = sorted([str(a), str(d), str(n), int(s), int(e), str(x)] for a, d, n, s, e, x in graph.query(ANNOTATIONS))
    (claims,) = (int(row.n) for row in graph.query(CLAIMS))
    return {"annotations": rows, "claims": claims}


def main() -> None:
    logging.disable(logging.WARNING)  # what mlcroissant logs is returned as well
    judged = [globals()[name](Path(path)) for name, path in json.loads(sys.argv[1])]
    print(json.dumps(judged))


if __name__ == "__main__":
    main()
