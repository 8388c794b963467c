"""The data files of a release, with size, digest and kind.

In: a folder. Out: one `File` for each file that holds data; what describes the data is left out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path


@dataclass(frozen=True)
class Format:
    """A file format: its name for people, its media type, and its name in the European list of file types if that has it."""

    name: str
    media_type: str
    file_type: str = ""
    registered: bool = True  # the media type stands in the public register of media types


CSV = Format("CSV", "text/csv", "CSV")
JSON_LINES = Format("JSON Lines", "application/jsonl", registered=False)
PARQUET = Format("Parquet", "application/vnd.apache.parquet")
EXCEL = Format("Excel workbook", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "XLSX")
SQLITE = Format("SQLite database", "application/vnd.sqlite3")
SQLITE_GZ = Format("SQLite database, gzipped", "application/gzip", "GZIP")
CSV_ZIP = Format("CSV files, zipped", "application/zip", "ZIP")

# Where data files stand in a release, in the order in which a reader is offered them.
PLACES = (
    ("leadership.db", SQLITE),
    ("leadership.db.gz", SQLITE_GZ),
    ("leadership-csv.zip", CSV_ZIP),
    ("leadership.xlsx", EXCEL),
    ("csv/*.csv", CSV),
    ("jsonl/*.jsonl", JSON_LINES),
    ("parquet/*.parquet", PARQUET),
)


@dataclass(frozen=True)
class File:
    """A data file: its path within the folder, with slashes, and its format."""

    folder: Path
    path: str
    format: Format

    @property
    def table(self) -> str:
        """The table or view that it holds, "" if it holds all of them."""
        return Path(self.path).stem if "/" in self.path else ""

    @cached_property
    def size(self) -> int:
        """Its length in bytes."""
        return (self.folder / self.path).stat().st_size

    @cached_property
    def sha256(self) -> str:
        """Its SHA-256 in hexadecimal."""
        return sha256_of(self.folder / self.path)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def list_files(folder: Path) -> list[File]:
    """Return the data files that stand in `folder`."""
    return list(_find(folder))


def _find(folder: Path) -> Iterator[File]:
    for pattern, file_format in PLACES:
        for path in sorted(folder.glob(pattern)):
            yield File(folder, path.relative_to(folder).as_posix(), file_format)
