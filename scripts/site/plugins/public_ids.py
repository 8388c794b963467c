"""The ids that people and organisations have in public lists, for their pages: as links, and in the words of schema.org.

`public_ids(row)` gives every template the ids of a row, each with the list's name, the address there and the address at which the id was
seen. `subject_jsonld(row, table)` describes the person or organisation, with those addresses as `sameAs`.
"""

from __future__ import annotations

import json
from typing import Any

from datasette import hookimpl
from leadership.schema import PROFILES, PUBLIC_IDS, SEEN_AT
from presentation.replies import to_script

TYPES = {"people": "Person", "organisations": "Organization"}


def public_ids(row: dict[str, Any]) -> list[Any]:
    """Return the ids of a row of people or organisations, in the order of the lists."""
    known = [(public, row[key]) for key, public in PUBLIC_IDS.items() if row.get(key)]
    seen = json.loads(row.get(SEEN_AT) or "[]")
    return [
        {"title": public.title, "value": value, "href": public.address_of(value), "seen_at": address}
        for (public, value), address in zip(known, seen, strict=True)
    ]


def describe(row: dict[str, Any], table: str, address: Any) -> Any:
    """Return a person or organisation as schema.org has it; `address` is that of its page."""
    ids = public_ids(row)
    described = {"@context": "https://schema.org/", "@type": TYPES[table], "@id": address, "url": address, "name": row["label"]}
    if row["label_zh"] != row["label"]:
        described["alternateName"] = row["label_zh"]
    if ids:
        described["identifier"] = [{"@type": "PropertyValue", "propertyID": one["title"], "value": one["value"]} for one in ids]
        described["sameAs"] = [one["href"] for one in ids]
    return described


@hookimpl
def extra_template_vars(datasette: Any, request: Any, view_name: str | None) -> dict[str, Any]:
    """Give the pages of people and organisations both functions."""
    if view_name != "profile":
        return {}

    def subject_jsonld(row: dict[str, Any], table: str) -> Any:
        address = datasette.absolute_url(request, datasette.urls.path(f"{PROFILES[table]}{row['id']}"))
        return to_script(describe(row, table, address))

    return {"public_ids": public_ids, "subject_jsonld": subject_jsonld}
