"""Keeping what was found in `raw/verified.yml`: sorted, a key a line, so that a person can read it and a diff shows only what changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import yaml
from leadership.replacing import replace_text
from leadership.verified import FILE

NUMBERS = ("status", "anchor_count")
HEAD = """\
# What `make verify` found at the addresses of read sources, and on which day it last asked. Written by that command alone.
"""


@dataclass(frozen=True)
class Verification:
    """What was found at one address of one source; the fields are the keys of the file and stand in their order."""

    source: str
    address_kind: str
    address: str
    checked_on: str
    outcome: str
    status: int | None = None
    moved_to: str | None = None
    archived_at: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    anchor_count: int = 0
    anchors_digest: str | None = None
    missing: list[str] = field(default_factory=list)
    note: str | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What there is one verification of: the source and the kind of its address."""
        return self.source, self.address_kind


def verifications_of(entries: Iterable[dict[str, Any]]) -> dict[tuple[str, str], Verification]:
    """Return the verifications that the entries of the file hold; those whose shape is wrong, which have lost their keys, are left out."""
    found = (_verification(entry) for entry in entries if "source" in entry)
    return {verification.key: verification for verification in found}


def write_verifications(verifications: Iterable[Verification], raw: Path) -> bool:
    """Write the file if it changes, all at once; return whether it did. Nothing to keep leaves no file where there was none."""
    entries = [_entry(verification) for verification in sorted(verifications, key=lambda verification: verification.key)]
    path = raw / FILE
    if not entries and not path.exists():
        return False
    text = HEAD + yaml.safe_dump(entries, allow_unicode=True, sort_keys=False, default_flow_style=False, width=1_000_000)
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    replace_text(path, text)
    return True


def _entry(verification: Verification) -> dict[str, Any]:
    return {key: value for key, value in asdict(verification).items() if value is not None and value != []}


def _verification(entry: dict[str, Any]) -> Verification:
    values: dict[str, Any] = {key: int(value) if key in NUMBERS else _text(value) for key, value in entry.items()}
    return Verification(**values)


def _text(value: str | list[str]) -> str | list[str]:
    """Return texts as plain `str`: what looks like a date and bears no quotes is read as another class, which cannot be written."""
    return str(value) if isinstance(value, str) else [str(item) for item in value]
