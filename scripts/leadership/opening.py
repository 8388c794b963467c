"""Opening a finished database for reading, wherever it lies, and what SQLite must be able to do for it."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Literal

OLDEST = (3, 37, 0)  # the first that knows STRICT tables


How = Literal["immutable=1", "mode=ro"]


def open_database(path: Path, how: How = "immutable=1") -> sqlite3.Connection:
    """Open a database for reading; as immutable if nobody writes into it, so that nothing is written beside it either."""
    return sqlite3.connect(address_of(path, how), uri=True)


def address_of(path: Path, how: How = "immutable=1") -> str:
    """Return the address by which SQLite opens or attaches a database for reading.

    It is escaped: in a folder named `c#1`, `what?` or `my%20data` SQLite would take it for that of another file, and make one.
    """
    return f"{path.resolve().as_uri()}?{how}"


def refuse_sqlite(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> str | None:
    """Say why a version of SQLite cannot be used here, None if it can."""
    if version >= OLDEST:
        return None
    found, needed = (".".join(map(str, numbers)) for numbers in (version, OLDEST[:2]))
    return f"this Python has SQLite {found}, and STRICT tables need {needed} or newer; use a newer Python"
