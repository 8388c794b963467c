"""What is to be looked up where: the addresses of the sources that were read, and the anchors that their sheets took from there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from leadership.reading import Document
from leadership.sheets import access
from leadership.verified import READ, addresses_of

IN_OTHER_WORDS = ("translation", "summary")  # codes of read_how: the anchors are those of the copy, and the original has others


@dataclass(frozen=True)
class Target:
    """One address of one source, and the anchors that should stand on its page."""

    source: str
    address_kind: str
    address: str
    anchors: tuple[str, ...]

    @property
    def key(self) -> tuple[str, str]:
        """What there is one verification of: the source and the kind of its address."""
        return self.source, self.address_kind

    @property
    def digest(self) -> str:
        """A short digest of the anchors: while it stays the same, the same was looked up."""
        return hashlib.sha256("\n".join(self.anchors).encode()).hexdigest()[:12]


def targets_of(sheets: Iterable[Document]) -> list[Target]:
    """Return every address of the sources that were read, in order of their ids; texts at hand have none."""
    found = []
    for sheet in sheets:
        header = sheet.data["source"]
        if access(sheet.data) == "read":
            anchors = tuple(sorted(set(anchors_of(sheet.data))))
            for kind, address in addresses_of(header).items():
                comparable = kind == READ or header.get("read_how") not in IN_OTHER_WORDS
                found.append(Target(header["id"], kind, address, anchors if comparable else ()))
    return sorted(found, key=lambda target: (target.source, target.address_kind))


def anchors_of(sheet: dict[str, Any]) -> Iterator[str]:
    """Yield the anchors of a sheet: the spellings of names, and what its passages find."""
    for spellings in (sheet.get("names") or {}).values():
        for spelling in [spellings] if isinstance(spellings, str) else spellings:
            yield spelling if isinstance(spelling, str) else spelling[0]
    for passage in sheet["passages"]:
        yield passage["find"]
