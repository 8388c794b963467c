"""Functions for the SQL of readers and of the ready-made questions: names and dates as people write them, words as the index has them.

| function | gives |
|---|---|
| `search_words(text)` | the expression for `subjects_fts MATCH …`: every word must occur, text in double quotes as it stands |
| `fold(text)` | the text as the index has it: plain characters, simplified, a space around every Chinese one |
| `simplified(text)` | the text in plain and simplified characters, so that both scripts compare equal |
| `named(text, kind)` | a JSON array of the ids that a name means, the best match first; `kind` one or several, empty for all |
| `named_nearly(text)` | the same of all kinds; where nothing is called so, the ids that the most nearly spelt name means |
| `unless_now(text)` | a date as it is written; NULL where there is none, or where it says today or now |
| `in_words(text)` | a date of the dataset, or an instant, in plain words, US Pacific |
| `clock_of(text)` | the clock of a date of the dataset, or that at which its part of the day begins; NULL where it has neither |
| `start_in_words(text)`, `end_in_words(text)` | the same behind “from” or “to”: `January 2026 or earlier`, `May 2026 at the latest` |
| `feed_mark(…)`, `feed_text(…)` | what stands before the title of an entry in a feed, and its text (`presentation/telling.py`) |
| `instant_from(text)`, `instant_to(text)` | the earliest and latest UTC instant of a date, US Pacific if it names no zone |

None raises an error for what it does not understand: it gives NULL, or an empty array. None asks the database: the names are read
once, over a connection of their own, so a function that SQLite calls in the midst of a query never waits for another query.
"""

from __future__ import annotations

import json
import sqlite3
from functools import lru_cache
from pathlib import Path
from threading import Thread
from typing import Any

from datasette import hookimpl
from leadership.folding import fold, search_words, simplify
from leadership.when import clock_of
from presentation.moments import instant_from, instant_to, unless_now
from presentation.naming import LONGEST_NAME, load_names, read_kinds
from presentation.showing import end_in_words, in_words, start_in_words
from presentation.telling import FEED_COLUMNS, feed_mark, feed_text

MOST_ANSWERS = 512  # of named(), kept for each connection: a query may ask for each row of a table
LONGEST_KIND = 200


@hookimpl
def prepare_connection(conn: sqlite3.Connection, database: str | None, datasette: Any) -> None:
    """Register the functions; on a database without names, such as `_internal`, nothing is named."""

    @lru_cache(maxsize=MOST_ANSWERS)
    def find(text: str, kind: Any, nearly: bool = False) -> Any:
        source = datasette.databases.get(database)
        kinds = read_kinds(kind)
        if kinds is None or source is None or not source.path:
            return "[]"
        names = load_names(Path(source.path))
        return json.dumps(names.find_nearly(text, kinds) if nearly else names.find(text, kinds))

    def named(text: str, kind: Any = None, nearly: bool = False) -> Any:
        kind = kind if isinstance(kind, str) else ""
        too_long = not isinstance(text, str) or len(text) > LONGEST_NAME or len(kind) > LONGEST_KIND  # and never kept as a key
        return "[]" if too_long else find(text, kind, nearly)

    def named_nearly(text: str) -> Any:
        return named(text, nearly=True)

    for name, arguments, function in (
        ("search_words", 1, search_words),
        ("fold", 1, _of_text(fold)),
        ("simplified", 1, _of_text(simplify)),
        ("named", 1, named),
        ("named", 2, named),
        ("named_nearly", 1, named_nearly),
        ("unless_now", 1, unless_now),
        ("in_words", 1, _of_text(in_words)),
        ("start_in_words", 1, _of_text(start_in_words)),
        ("end_in_words", 1, _of_text(end_in_words)),
        ("clock_of", 1, _of_text(clock_of)),
        ("feed_mark", len(FEED_COLUMNS), feed_mark),
        ("feed_text", 5 + len(FEED_COLUMNS), feed_text),
        ("instant_from", 1, instant_from),
        ("instant_to", 1, instant_to),
    ):
        conn.create_function(name, arguments, function, deterministic=True)


def _of_text(function: Any) -> Any:
    """Return a function of text that gives back as it is what is no text."""
    return lambda value: function(value) if isinstance(value, str) else value


@hookimpl
def startup(datasette: Any) -> None:
    """Begin to read the names, so that the first reader need not wait for it and all get those of one state of the file."""
    for database in datasette.databases.values():
        if database.path:
            Thread(target=_read_ahead, args=(Path(database.path),), daemon=True).start()


def _read_ahead(path: Path) -> None:
    try:
        load_names(path)
    except sqlite3.Error:
        return  # whoever asks for a name is told of it
