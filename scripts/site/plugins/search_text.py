"""Makes Datasette's own search box look for words as the index keeps them: see leadership.folding."""

from __future__ import annotations

import sqlite3

from datasette import hookimpl
from leadership.folding import search_words


@hookimpl(trylast=True)  # after Datasette's own function of that name, so that this one stays
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Register `escape_fts`, which Datasette calls on what a reader types."""
    conn.create_function("escape_fts", 1, search_words, deterministic=True)
