"""One W3C Web Annotation for each passage: where in which document it stands, and what is claimed there.

In: a `Contents`. Out: `annotations.jsonld` as text, one annotation a line.

A text at hand is named by its digest, so that places can be checked by whoever has that text; a page by its address.
A place is a line (RFC 5147 counts the gaps between lines, hence line N is `line=N-1,N`) and within it, in code points, what
stands from `start` to `end`; the key word itself is given beside it, so that a place is found again where lines differ.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import Any

from leadership.opening import open_database
from presentation.pages import page_links

from .contents import Contents
from .identity import Identity
from .sources import Source, read_sources

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
PLAIN_TEXT = "http://tools.ietf.org/rfc/rfc5147"
CLAIMS = """
SELECT c.passage_id, c.id, s.subject_id, s.property, s.value, c.polarity, c.mode, c.certainty, c.attribution, s.rank FROM claims c
  JOIN statements s ON s.id = c.statement_id ORDER BY c.passage_id, c.id
"""
VOICE = ("polarity", "mode", "certainty", "attribution")  # without these a plan or an opinion would read as a fact
PASSAGES = 'SELECT id, source_id, line, find, start, "end" FROM passages ORDER BY id'


def render_annotations(contents: Contents, identity: Identity) -> str:
    """Return `annotations.jsonld`: a collection that is one page, with the annotations in order of their passages' ids."""
    sources = {source.id: source for source in read_sources(contents)}
    with closing(open_database(contents.database)) as connection:
        connection.row_factory = sqlite3.Row
        bodies: dict[str, list[dict[str, Any]]] = {}
        for claim in connection.execute(CLAIMS):
            bodies.setdefault(claim["passage_id"], []).append(_describe_claim(identity, claim))
        tables = {row["id"]: row["table_name"] for row in connection.execute("SELECT id, table_name FROM subjects")}
        for claims in bodies.values():
            for claim in claims:
                claim["about"] = identity.row(tables[claim["about"]], claim["about"])
        items = [
            annotate(identity, passage, sources[passage["source_id"]], bodies.get(passage["id"], []))
            for passage in connection.execute(PASSAGES)
        ]
    head = {
        "@context": [CONTEXT, describe_terms(identity)],
        "id": identity.part("annotations", identity.digest),
        "type": "AnnotationCollection",
        "label": f"{contents.title}, version {contents.version}: passages",
        "rights": contents.licence_url,
        "total": len(items),
    }
    page = {"id": identity.part("annotations", f"{identity.digest}-1"), "type": "AnnotationPage", "partOf": head["id"], "startIndex": 0}
    opened = (json.dumps(part, ensure_ascii=False)[:-1] for part in (head, page))
    lines = ",\n".join(json.dumps(item, ensure_ascii=False) for item in items)
    return ',\n"first": '.join(opened) + f',\n"items": [\n{lines}\n]}}}}\n'


def describe_terms(identity: Identity) -> dict[str, Any]:
    """Return the terms of claims, which the standard's own context does not have."""
    return {
        "Claim": "schema:Claim",
        "about": {"@id": "schema:about", "@type": "@id"},
        "property": identity.column("statements", "property"),
        **{name: identity.column("claims", name) for name in VOICE},
        "rank": identity.column("statements", "rank"),
    }


def annotate(identity: Identity, passage: Any, source: Source, bodies: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the annotation of one passage; `passage` has the columns of its table, `bodies` are the claims made there."""
    return {
        "id": identity.row("passages", passage["id"]),
        "type": "Annotation",
        "motivation": "describing",
        "target": _locate(identity, passage, source),
        "body": bodies,
    }


def _describe_claim(identity: Identity, claim: Any) -> dict[str, Any]:
    return {
        "id": identity.row("claims", claim["id"]),
        "type": "Claim",
        "about": claim["subject_id"],
        "property": claim["property"],
        "value": claim["value"],
        **{name: claim[name] for name in VOICE},
        "rank": claim["rank"],  # of the statement: a deprecated one is claimed here, and not accepted
    }


def _locate(identity: Identity, passage: Any, source: Source) -> dict[str, Any]:
    """Return the place of a passage: in a text at hand two selectors that choose the same characters, one by number and one by quote.

    Of a page that was read there is the quote alone, and the page itself is what it is a place of.
    """
    quotation = {"type": "TextQuoteSelector", "exact": passage["find"]}
    links = page_links(source.url, source.read_at, source.read_how, passage["find"])
    target: dict[str, Any] = {"type": "SpecificResource", "scope": identity.row("sources", source.id)}
    if passage["line"] is None:
        page = source.read_at or source.url or identity.row("sources", source.id)
        target |= {"source": page, "selector": quotation}
    else:
        line = {"type": "FragmentSelector", "conformsTo": PLAIN_TEXT, "value": f"line={passage['line'] - 1},{passage['line']}"}
        position = {"type": "TextPositionSelector", "start": passage["start"], "end": passage["end"]}
        selectors = [{**line, "refinedBy": position}, {**line, "refinedBy": quotation}]
        target |= {"source": source.text or identity.row("sources", source.id), "selector": selectors}
    return target | ({"via": links[0].href} if links else {})
