"""How pages ask the database: a query goes in, and its rows come out as dictionaries.

What is read once before the first request, or must say whether it was cut, asks the connection itself.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from weakref import WeakKeyDictionary

from .speaking import SPOKEN

DATABASE = "leadership"  # by this name Datasette knows the dataset, and its addresses begin with it
NAME = "OpenAI leadership changes"  # by this name readers know it
LINE_QUERY = "line"  # the canned query that shows what one line of a text says

Row = dict[str, Any]
Ask = Callable[..., Awaitable[list[Row]]]  # of a query and its parameters by name


async def rows_of(datasette: Any, sql: str, **parameters: Any) -> list[Row]:
    """Return the rows of a query. Raises QueryInterrupted, sqlite3.Error, and KeyError where another database is served."""
    found = await datasette.execute(DATABASE, sql, parameters)
    return [dict(zip(found.columns, row, strict=True)) for row in found.rows]


async def row_of(datasette: Any, sql: str, **parameters: Any) -> Row:
    """Return the row of a query that always has one. Raises as `rows_of` does."""
    return (await rows_of(datasette, sql, **parameters))[0]


async def first_of(datasette: Any, sql: str, **parameters: Any) -> Row | None:
    """Return the first row of a query, None if there is none. Raises as `rows_of` does."""
    return next(iter(await rows_of(datasette, sql, **parameters)), None)


def asking(datasette: Any, **given: Any) -> Ask:
    """Return `rows_of` for one instance, with parameters that every query of a page has, unless it is called with others."""

    async def rows(sql: str, **parameters: Any) -> list[Row]:
        return await rows_of(datasette, sql, **{**given, **parameters})

    return rows


def line_address(datasette: Any, source_id: str, line: int) -> str:
    """Return the address of the page of a line."""
    return f"{datasette.urls.query(DATABASE, LINE_QUERY)}?{urlencode({'source': source_id, 'line': line})}"


async def rows_without_limit(datasette: Any, sql: str, **parameters: Any) -> list[Row]:
    """Return the rows of a query of ours that is asked once only, without the time limit of readers' queries."""

    def read(connection: Any) -> list[Row]:
        return [dict(row) for row in connection.execute(sql, parameters)]

    found: list[Row] = await datasette.get_database(DATABASE).execute_fn(read)
    return found


def read_once(read: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """Have a function of an instance work once in each language and for each further argument: the database stays as it is."""
    kept: WeakKeyDictionary[Any, dict[tuple[Any, ...], Any]] = WeakKeyDictionary()

    @wraps(read)
    async def once(datasette: Any, *further: Any) -> Any:
        found = kept.setdefault(datasette, {})
        asked = SPOKEN.get(), *further
        if asked not in found:
            found[asked] = await read(datasette, *further)
        return found[asked]

    return once
