"""Short links that stay: /id/<id> leads to the row that has the identifier, whatever its table; /id/<id>.json to its JSON.

An identifier that was withdrawn leads to the one that took its place, or to a sentence that says why none did (table `redirects`).
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from datasette import Response, hookimpl
from datasette.views.base import DatasetteError
from leadership.roles import tables_beside_the_hub
from markupsafe import escape
from presentation.rows import DATABASE, first_of
from presentation.speaking import say

# A part in an event has the id of the statement that it is; its own row comes first, which shows that statement as evidence.
LOOK_UP = (
    " UNION ALL ".join(
        (
            "SELECT table_name, 0 AS position FROM subjects WHERE id = :id",
            *(f"SELECT '{table}', {position} FROM {table} WHERE id = :id" for position, table in enumerate(tables_beside_the_hub(), 1)),
        )
    )
    + " ORDER BY position LIMIT 1"
)
REDIRECT = """
SELECT w.to_id, w.reason, r.version FROM redirects w JOIN releases r ON r.id = w.release_id WHERE w.id = :id LIMIT 1
"""


async def open_row(request: Any, datasette: Any) -> Any:
    """Redirect to the page of the row that has the identifier or took its place, or say that there is none."""
    asked, form = request.url_vars["id"], request.url_vars["form"] or ""
    form += f"?{request.query_string}" if request.query_string else ""  # such as _shape, by which programs say what they want
    if path := await _path(datasette, asked):
        return Response.redirect(path + form)
    withdrawn = await first_of(datasette, REDIRECT, id=asked)
    if withdrawn and (path := withdrawn["to_id"] and await _path(datasette, withdrawn["to_id"])):
        return Response.redirect(path + form, status=301)  # for good: a withdrawn identifier is never used again
    raise _gone(datasette, asked, withdrawn) if withdrawn else _unknown(datasette, asked)


async def _path(datasette: Any, row_id: str) -> Any:
    """Return the path of the page of a row, None if no row has the identifier."""
    found = await first_of(datasette, LOOK_UP, id=row_id)
    return datasette.urls.path(f"/{DATABASE}/{found['table_name']}/{row_id}") if found else None


def _gone(datasette: Any, asked: Any, withdrawn: Any) -> Any:
    """Return the answer for an identifier that was withdrawn and that no other one took the place of."""
    page = datasette.urls.row(DATABASE, "redirects", asked)
    return DatasetteError(
        say(
            "The identifier “%(id)s” was withdrawn with version %(version)s, and no row took its place."
            ' The reason: %(reason)s (<a href="%(page)s">its entry</a> among the withdrawn identifiers)',
            id=escape(asked),
            version=escape(withdrawn["version"]),
            reason=escape(withdrawn["reason"]),
            page=escape(page),
        ),
        title=say("Withdrawn"),
        status=410,
        message_is_html=True,
    )


def _unknown(datasette: Any, asked: Any) -> Any:
    words = quote(" ".join(asked.replace("-", " ").split())[:100])
    search = datasette.urls.path("/-/find")
    return DatasetteError(
        say(
            "No row has the identifier “%(id)s”. Identifiers stay the same for ever, so it was probably mistyped or cut short:"
            ' <a href="%(search)s">search for its words</a>.',
            id=escape(asked[:200]),
            search=f"{search}?q={words}",
        ),
        title=say("No such row"),
        status=404,
        message_is_html=True,
    )


@hookimpl
def register_routes() -> list[Any]:
    """Every identifier has its place under /id/."""
    return [(r"^/id/(?P<id>[^/]+?)(?P<form>\.json)?$", open_row)]
