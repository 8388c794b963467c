"""Audits: samples of the data that were read a second time, and how many of them were right.

In: `raw/audits.yml`, which is written by hand and may be missing, and the codes of the catalogue. Out: `audits` of the
catalogue with the file's faults in its document, and the rows of the table of that name.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from .catalogue import Catalogue, check_day, keep_sound, read_part
from .reading import Document, Map
from .schema import AUDIT_FINDINGS, AUDITS
from .sheets import cell_of

FILE = "audits.yml"


def load_audits(catalogue: Catalogue, raw: Path) -> None:
    """Read the audits and check them; needs subjects, decisions and codes in the catalogue. A missing file is an empty list."""
    if not os.path.lexists(raw / FILE):
        return
    document, unsound = read_part(raw, FILE)
    catalogue.documents.append(document)
    keep_sound(document, unsound)
    taken = catalogue.tables_of_ids()
    for index, entry in enumerate(document.data):
        if "drawn" not in entry:
            continue  # its shape is wrong
        if table := taken.get(entry["id"]):
            document.fault((index, "id"), f"id {entry['id']} stands in {table} already; choose another, ids are never shared")
        taken[entry["id"]] = "audits"
        for key, list_name in (("kind", "audit_kind"), ("how", "audit_how")):
            if refusal := catalogue.code_refusal(entry[key], list_name):
                document.fault((index, key), refusal)
        check_day(document, (index, "day"), entry["day"])
        _check_counts(document, index, entry)
    catalogue.audits = [entry for entry in document.data if "drawn" in entry]


def audit_rows(catalogue: Catalogue) -> list[dict[str, Any]]:
    """Return the rows of `audits`, in order of their ids. What an audit does not tell is NULL, not nought."""
    rows = [{key.name: cell_of(key, entry.get(key.key)) for key in AUDITS} for entry in catalogue.audits]
    return sorted(rows, key=lambda row: str(row["id"]))


def _check_counts(document: Document, index: int, entry: Map) -> None:
    """Note more findings than there were things drawn, and more mended than was found to be anything but right."""
    drawn, found = int(entry["drawn"]), sum(int(entry[key]) for key in AUDIT_FINDINGS if key in entry)
    if drawn == 0:
        document.fault((index, "drawn"), "nothing was drawn; write how much was, or remove the audit")
    elif found > drawn:
        named = ", ".join(key for key in AUDIT_FINDINGS if key in entry)
        document.fault((index, "drawn"), f"{named} make {found} together, more than the {drawn} drawn; correct one of them")
    elif (mended := int(entry.get("mended", "0"))) > drawn - int(entry["right"]):
        message = f"{mended} were mended, more than the {drawn - int(entry['right'])} that were not right; correct one of the two"
        document.fault((index, "mended"), message)
