"""The history of the dataset itself: which releases there were, what changed with each, which ids were withdrawn.

In: `raw/releases.yml` and `raw/redirects.yml`, which are both written by hand and may both be missing. Out: `releases` and
`redirects` of the catalogue with the faults of both files in their documents, and the rows of three tables. The last
release in the file is the one that is being built: its version is the dataset's, and stands nowhere else.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from functools import partial
from itertools import pairwise
from pathlib import Path

from .catalogue import DAY, Catalogue, check_day, keep_sound, read_part
from .faults import suggest
from .listing import is_part
from .reading import Document, Location, Map
from .schema import KINDS, OCCURS, PARTICIPANT
from .tables import TABLES, Row

UNRELEASED = "0.0.0"
WITHDRAWN = "removed"
VIEWS = set(re.findall(r"CREATE VIEW (\w+)", Path(__file__).with_name("views.sql").read_text(encoding="utf-8")))
SUBJECT_TABLES = {kind.table for kind in KINDS.values()}


def load_history(catalogue: Catalogue, raw: Path) -> None:
    """Read releases and redirects and check them; needs subjects, codes, decisions and audits in the catalogue."""
    releases, redirects = _read(catalogue, raw, "releases.yml"), _read(catalogue, raw, "redirects.yml")
    catalogue.releases, catalogue.redirects = _sound(releases, "version"), _sound(redirects, "since")
    known = catalogue.tables_of_ids()
    _check_redirects(redirects, known, None if releases.faults else {release["version"] for release in catalogue.releases})
    _check_order(releases)
    check_change = partial(_check_change, catalogue, releases, known, _ids_that_were(catalogue, redirects))
    for index, release in enumerate(releases.data):
        for number, change in enumerate(release.get("changes", ())):
            check_change((index, "changes", number), change, is_last=index == len(releases.data) - 1)


def dataset_version(releases: Iterable[Row]) -> str:
    """Return the version of the dataset, which is that of the last of its releases; 0.0.0 where there is none."""
    return str(max(releases, key=lambda row: row["position"], default={"version": UNRELEASED})["version"])


def order_of(version: str) -> tuple[int, ...]:
    """Return what versions are ordered by: their three numbers."""
    return tuple(map(int, version.split(".")))


def history_rows(catalogue: Catalogue) -> dict[str, list[Row]]:
    """Return the rows of `releases`, `changes` and `redirects`, in order of their ids."""
    known = catalogue.tables_of_ids()
    successors = {redirect["id"]: redirect.get("to") for redirect in catalogue.redirects}
    releases, changes = [], []
    for position, release in enumerate(catalogue.releases, start=1):
        releases.append(
            {
                "id": release_id(release["version"]),
                "version": release["version"],
                "released_on": release["date"],
                "summary": release["summary"],
                "position": position,
            }
        )
        for number, change in enumerate(release.get("changes", ()), start=1):
            changes.append(_change_row(change, release_id(release["version"]), number, known, successors))
    redirects = [
        {
            "id": redirect["id"],
            "to_id": redirect.get("to"),
            "table_name": known.get(redirect.get("to", "")),
            "reason": redirect["reason"],
            "release_id": release_id(redirect["since"]),
        }
        for redirect in catalogue.redirects
    ]
    return {name: sorted(rows, key=lambda row: str(row["id"])) for name, rows in _named(releases, changes, redirects)}


def release_id(version: str) -> str:
    """Return the id of a release."""
    return f"release-{version.replace('.', '-')}"


def _named(*tables: list[Row]) -> Iterable[tuple[str, list[Row]]]:
    return zip(("releases", "changes", "redirects"), tables, strict=True)


def _change_row(change: Map, release: str, number: int, known: dict[str, str], successors: dict[str, str | None]) -> Row:
    """Make a row of a change. It keeps the id of its day, and refers to the row that has taken that one's place since."""
    row_id, decision = (change.get(key) for key in ("subject", "decision"))
    now, decided = (successors.get(key, key) if key else None for key in (row_id, decision))
    table = known.get(now or "")
    return {
        "id": f"{release}-{number:03}",
        "release_id": release,
        "kind": change["kind"],
        "table_name": change.get("table") or table,
        "row_id": row_id,
        "subject_id": now if table in SUBJECT_TABLES else None,
        "property": change.get("property"),
        "value_before": change.get("from"),
        "value_after": change.get("to"),
        "decision_id": decided if known.get(decided or "") == "decisions" else None,
        "note": change.get("note"),
        "position": number,
    }


def _read(catalogue: Catalogue, raw: Path, name: str) -> Document:
    """Read a file that need not be there; a dangling link counts as there, and is a fault."""
    if not os.path.lexists(raw / name):
        return Document(f"raw/{name}", data=[])
    document, unsound = read_part(raw, name)
    catalogue.documents.append(document)
    keep_sound(document, unsound)
    return document


def _sound(document: Document, key: str) -> list[Map]:
    """Return the entries whose shape is right; `key` is one that only these have."""
    return [entry for entry in document.data if key in entry]


def _check_order(document: Document) -> None:
    """Note versions that do not rise, days that are none, and releases that are dated before the one above them."""
    sound = [(index, entry) for index, entry in enumerate(document.data) if "version" in entry]
    for (_, before), (index, release) in pairwise(sound):
        if order_of(release["version"]) <= order_of(before["version"]):
            message = f"version {release['version']} does not come after {before['version']}; write the oldest release first"
            document.fault((index, "version"), message)
        if DAY.fullmatch(release["date"]) and DAY.fullmatch(before["date"]) and release["date"] < before["date"]:
            message = f"{release['date']} is before {before['date']}, the day of release {before['version']}; correct one of the two"
            document.fault((index, "date"), message)
    for index, release in sound:
        check_day(document, (index, "date"), release["date"])


def _ids_that_were(catalogue: Catalogue, redirects: Document) -> set[str]:
    """Return the ids that were withdrawn, and those of entries whose shape is wrong, which have faults of their own already."""
    decisions = [entry for document in catalogue.documents if is_part(document.file, "decisions.yml") for entry in document.data]
    return {entry["id"] for entry in [*redirects.data, *decisions] if "id" in entry}


def _check_redirects(document: Document, known: dict[str, str], versions: set[str] | None) -> None:
    """Note ids that still stand or are withdrawn twice, successors that there are not, and releases that nobody knows."""
    seen: set[str] = set()
    withdrawn = {entry["id"] for entry in document.data if "since" in entry}
    for index, entry in enumerate(document.data):
        if "since" not in entry:
            continue  # its shape is wrong
        old, new = entry["id"], entry.get("to")
        if old in known:
            document.fault((index, "id"), f"{old} stands in {known[old]}; a withdrawn id is never used again, so choose another id there")
        if old in seen:
            document.fault((index, "id"), f"{old} is withdrawn twice; keep one of the two")
        seen.add(old)
        if new in withdrawn:
            document.fault((index, "to"), f"{new} is withdrawn itself; name the row that there is now")
        elif new and new not in known:
            document.fault((index, "to"), f"there is no {new}; {suggest(new, known)}")
        if versions is not None and entry["since"] not in versions:
            document.fault(
                (index, "since"), f"there is no release {entry['since']}; {suggest(entry['since'], versions)} (raw/releases.yml)"
            )


def _check_change(
    catalogue: Catalogue, document: Document, known: dict[str, str], former: set[str], location: Location, change: Map, is_last: bool
) -> None:
    """Check what a change refers to. What an earlier release says of tables and columns is history, and they may be gone."""
    if refusal := catalogue.code_refusal(change["kind"], "change_kind"):
        document.fault((*location, "kind"), refusal)
    if not {"subject", "table", "note"} & change.keys():
        document.fault(location, "says of nothing that it changed; write its subject, its table or a note")
    if "from" in change and change["from"] == change.get("to"):
        document.fault((*location, "to"), f"{change['to']} is what it was before; correct from or to")
    if change["kind"] == WITHDRAWN and not {"table", "property"} & change.keys() and (table := known.get(change.get("subject", ""))):
        message = f"{change['subject']} stands in {table} and is not removed; name what was, or withdraw the id in raw/redirects.yml"
        document.fault((*location, "subject"), message)
    for key, kind in (("subject", "row"), ("decision", "decision")):
        value = change.get(key)
        if value is None or value in former or (known.get(value) == "decisions" if kind == "decision" else value in known):
            continue
        ids = (known_id for known_id, table in known.items() if kind == "row" or table == "decisions")
        document.fault(
            (*location, key), f"there is no {kind} {value}; {suggest(value, ids)} (one that was withdrawn stands in raw/redirects.yml)"
        )
    if is_last and change["kind"] != WITHDRAWN:
        _check_column(document, location, change, known)
        _check_agreement(catalogue, document, location, change, known)


def _check_agreement(catalogue: Catalogue, document: Document, location: Location, change: Map, known: dict[str, str]) -> None:
    """Note a table in which the row does not stand, and a decision that is about another row."""
    subject, table = change.get("subject"), change.get("table")
    stands_in = known.get(subject or "")
    if stands_in and table in TABLES and table != stands_in:
        document.fault((*location, "table"), f"{subject} stands in {stands_in} and not in {table}; leave out table")
    about = next((decision["subject"] for decision in catalogue.decisions.values() if decision["id"] == change.get("decision")), None)
    if about and stands_in in SUBJECT_TABLES and about != subject:
        document.fault((*location, "decision"), f"{change['decision']} is a decision about {about} and not about {subject}; name that one")


def _check_column(document: Document, location: Location, change: Map, known: dict[str, str]) -> None:
    table, name = change.get("table") or known.get(change.get("subject", "")), change.get("property")
    if table in VIEWS:
        return
    if table and table not in TABLES:
        document.fault((*location, "table"), f"there is no table {table}; {suggest(table, [*TABLES, *VIEWS])}")
    elif table and name:
        columns = {column.name for column in TABLES[table].columns} | {OCCURS, PARTICIPANT}
        if name not in columns:
            document.fault((*location, "property"), f"{table} has no column {name}; {suggest(name, columns)}")
