"""What `make verify` found at the addresses of read sources: which still answer, and which anchors still stand there.

In: `raw/verified.yml`, which that command writes and which may be missing, and the sources in the catalogue. Out:
`verifications` of the catalogue with the file's faults in its document, and the rows of the table of that name. Nothing is
fetched here, and a build needs no network.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from .catalogue import Catalogue, Subject, check_day, keep_sound
from .faults import with_article
from .listing import NAMED
from .reading import Document, read_file
from .schema import VERIFICATIONS
from .sheets import VERIFIED, access, cell_of, shape_faults

FILE = "verified.yml"
READ, ORIGINAL = "read", "original"  # codes of address_kind


def addresses_of(header: dict[str, Any]) -> dict[str, str]:
    """Return the addresses of a source by their kind: where it was read, and the original's own where that is another."""
    read, own = header.get("read_at") or header.get("url"), header.get("url")
    return {kind: address for kind, address in ((READ, read), (ORIGINAL, own if own != read else None)) if address}


def read_verified(raw: Path) -> Document:
    """Read the file and check its shape; a missing file is an empty list. Entries of wrong shape keep nothing but faults."""
    if not os.path.lexists(raw / FILE):
        return Document(f"raw/{FILE}", data=[])
    document = read_file(raw / FILE, f"raw/{FILE}")
    unsound = shape_faults(document, VERIFIED) if document.data is not None else set()
    keep_sound(document, unsound)
    return document


def load_verified(catalogue: Catalogue, raw: Path) -> None:
    """Read what was verified and check it; needs sources and codes in the catalogue."""
    document = read_verified(raw)
    catalogue.documents.append(document)
    seen: set[tuple[str, str]] = set()
    for index, entry in enumerate(document.data):
        if "source" not in entry:
            continue  # its shape is wrong
        if refusal := _stale(catalogue, entry["source"]):
            document.fault((index, "source"), f"{refusal}; run make verify, or remove the entry")
        if (entry["source"], entry["address_kind"]) in seen:
            document.fault((index, "source"), f"{entry['source']} stands twice with this address_kind; remove one of the two")
        seen.add((entry["source"], entry["address_kind"]))
        for key in ("address_kind", "outcome"):
            if refusal := catalogue.code_refusal(entry[key], key):
                document.fault((index, key), refusal)
        check_day(document, (index, "checked_on"), entry["checked_on"])
    catalogue.verifications = [entry for entry in document.data if "source" in entry]


def verification_rows(catalogue: Catalogue) -> list[dict[str, Any]]:
    """Return the rows of `verifications`, in order of their ids.

    What was found at an address that the sheet names no longer says nothing of the one that it names now, and has no row.
    """
    rows = []
    for entry in catalogue.verifications:
        if addresses_of(catalogue.subjects[entry["source"]].declared).get(entry["address_kind"]) != entry["address"]:
            continue
        row = {"id": f"verification-{entry['source']}-{entry['address_kind']}"}
        rows.append(row | {key.name: cell_of(key, entry.get(key.key)) for key in VERIFICATIONS if key.column != "-"})
    return sorted(rows, key=lambda row: str(row["id"]))


def _stale(catalogue: Catalogue, source: str) -> str | None:
    """Say why nothing can be verified of a source, None if something can, or if its sheet is faulty and so does not tell."""
    subject = catalogue.subjects.get(source)
    if subject is None:
        return f"there is no source {source}"
    if subject.kind != "source":
        return f"{source} is {with_article(subject.kind)} and no source"
    if not _has_sheet(subject):
        return f"{source} is a cited source, of which nothing was read"
    if subject.declared and access({"source": subject.declared}) != "read":
        return f"{source} is a text at hand and is read at no address"
    return None


def _has_sheet(subject: Subject) -> bool:
    return subject.file.startswith(f"{NAMED}/")
