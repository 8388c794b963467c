"""What the dataset was made from and when: the documents that descriptors cite, the years covered, the last change.

In: a `Contents`. Out: one `Source` a row of the table `sources`, and a `Coverage`.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass

from leadership.opening import open_database
from leadership.when import sure_part

from .contents import Contents


@dataclass(frozen=True)
class Source:
    """A document; what is not known of it is None."""

    id: str
    title: str
    publisher: str | None
    published: str | None
    language: str | None
    url: str | None
    text_sha256: str | None
    read_at: str | None = None
    read_how: str | None = None

    @property
    def day(self) -> str | None:
        """The day, month or year of publication, without clock and zone: as much of it as is sure."""
        return sure_part(self.published) if self.published else None

    @property
    def text(self) -> str | None:
        """Identifier of the very text that was read: its digest."""
        return f"urn:sha256:{self.text_sha256}" if self.text_sha256 else None


def read_sources(contents: Contents) -> list[Source]:
    """Return all sources in order of their ids."""
    return _read(contents, "1")


def read_used_sources(contents: Contents) -> list[Source]:
    """Return the sources that were read, be they held or not: what the dataset is derived from."""
    return _read(contents, "s.access <> 'cited'")


def _read(contents: Contents, condition: str) -> list[Source]:
    with closing(open_database(contents.database)) as connection:
        rows = connection.execute(
            "SELECT s.id, coalesce(s.title, s.title_en, s.label), o.label, s.published, s.lang, s.url, s.text_sha256,"
            " s.read_at, s.read_how"
            f" FROM sources s LEFT JOIN organisations o ON o.id = s.publisher_id WHERE {condition} ORDER BY s.id"
        ).fetchall()
    return [Source(*row) for row in rows]


@dataclass(frozen=True)
class Coverage:
    """The years of the first and the last thing that happened, and the day of the last decision of the editors."""

    first_year: int
    last_year: int
    changed: str | None


def read_coverage(contents: Contents) -> Coverage:
    """Return the years of the events and exits told as facts and not refuted, and when the dataset was last decided on.

    What is told for comparison only, such as another founder's return to another firm, is not counted.
    """
    with closing(open_database(contents.database)) as connection:
        row = connection.execute(
            "SELECT min(year), max(year), (SELECT max(decided_on) FROM decisions) FROM"
            " (SELECT year FROM events WHERE asserted_as = 'fact' AND standing <> 'refuted' AND story <> 'background'"
            " UNION ALL SELECT year FROM departures WHERE asserted_as = 'fact' AND standing <> 'refuted')"
        ).fetchone()
    return Coverage(*row)


def latest(*days: str | None) -> str | None:
    """Return the last of some days, of which any may be unknown: what is published was last changed on that day or before."""
    return max(filter(None, days), default=None)
