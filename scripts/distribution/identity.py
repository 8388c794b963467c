"""What the dataset is called, who makes it, and by which addresses it and its parts go.

In: what the database holds, and one setting of the environment: DATASET_URL, the address at which a release folder is published.
Out: an `Identity`. Where the setting is missing no address is made up: files go by their place in the release, the dataset by
the digest of its rows, and a row by a name that stays the same in every version.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from .contents import Contents
from .stopped import ReleaseStopped

NAME = "openai-leadership-changes"
CREATOR = "OpenAI leadership changes contributors"
LICENCE_ID = "CC-BY-4.0"  # of the data, in the spelling of SPDX
LANGUAGES = ("en", "zh")
KEYWORDS = (
    "OpenAI",
    "leadership changes",
    "executive departures",
    "board of directors",
    "corporate governance",
    "AI governance",
    "AI safety",
    "Sam Altman",
    "November 2023",
    "provenance",
    "claims",
    "open data",
)


class BadSetting(ReleaseStopped):
    """A setting in the environment cannot be used; the message says which, why and what to do."""


@dataclass(frozen=True)
class Identity:
    """What identifies one version: the logical digest of its rows, and if known the address of its folder, ending in "/", and the
    day of publication.
    """

    digest: str
    address: str = ""
    day: str = ""

    @property
    def dataset(self) -> str:
        """Identifier of this version of the dataset, always absolute."""
        return self.address or f"urn:sha256:{self.digest}"

    def file(self, path: str) -> str:
        """Return the address of a file of the release; relative where the release has none."""
        return self.address + quote(path)

    def row(self, table: str, row_id: str) -> str:
        """Return the identifier of a row, always absolute; without an address it is the same in every version."""
        return self.part(table, row_id)

    def column(self, table: str, column: str) -> str:
        """Return the identifier of a column, to serve as a property, always absolute."""
        return self.part("column", f"{table}.{column}")

    def part(self, kind: str, name: str) -> str:
        """Return the identifier of anything else that belongs to the dataset, always absolute."""
        return f"{self.address}#{kind}/{quote(name)}" if self.address else f"urn:{NAME}:{kind}:{quote(name)}"


def identify(contents: Contents) -> Identity:
    """Return what identifies this version, with its address where the environment sets one. Raises BadSetting."""
    address = os.environ.get("DATASET_URL", "").strip()
    return Identity(contents.digest, check_address(address) if address else "", contents.released_on)


def identify_anywhere(contents: Contents) -> Identity:
    """Return what identifies this version wherever it is published: what stands in the repository says no more."""
    return Identity(contents.digest, day=contents.released_on)


def check_address(text: str) -> str:
    """Return an absolute web address so that it ends in "/". Raises BadSetting if it is none."""
    try:
        parts = urlsplit(text)
        port_is_a_number = parts.port is None or parts.port > 0
    except ValueError:
        parts, port_is_a_number = urlsplit(""), False
    printable = text.isascii() and text.isprintable() and not set(text) & set(' "<>\\^`{|}')
    plain = printable and port_is_a_number and not (parts.query or parts.fragment or "?" in text or "#" in text or "@" in parts.netloc)
    if parts.scheme not in ("http", "https") or not parts.hostname or not plain:
        raise BadSetting(
            f"DATASET_URL is {text!r}, which is no address of a folder; give one like https://example.org/data/ or leave it unset"
        )
    return text if text.endswith("/") else text + "/"
