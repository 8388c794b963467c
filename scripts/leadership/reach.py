"""How far the record reaches in time: to the day of its latest source, and to the latest day on which something is told to have happened.

In: the finished tables. Out: entries of `build_info`, all of them days; what nothing tells is left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from .projecting import Tables
from .rows import is_fact
from .schema import HAPPENINGS
from .when import day_of, parse_when


def describe_reach(tables: Tables) -> dict[str, str]:
    """Return until when the record covers what happened, the day of the latest fact in it, and when pages were last read.

    A source of which only a month or year is known is taken to be of its first day. What is dated after the latest source – a
    term that begins next year – is no sign that the record reaches so far.
    """
    sources = [row for row in tables["sources"] if row["access"] != "cited"]
    published = max((row["published_day"] or (row["published_earliest"] or "")[:10] for row in sources), default="")
    found = {
        "covers_to": published,
        "latest_fact_on": max((day for day in _days_of_facts(tables) if day <= published), default=""),
        "pages_last_read_on": max((row["read_on"] or "" for row in sources), default=""),
    }
    return {name: day for name, day in found.items() if day}


def _days_of_facts(tables: Tables) -> Iterator[str]:
    """Yield the days on which something is told to have happened, or to have been so: that somebody is shown in post is a fact too."""
    for table, name in HAPPENINGS:
        yield from (day for row in tables[table] if (day := row[f"{name}_day"]) and is_fact(row))
    for row in filter(is_fact, tables["tenures"]):
        yield from filter(None, (day_of(parse_when(text)) for text in json.loads(row["held_on"] or "[]")))
