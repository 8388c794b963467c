"""Short links that stay: /id/<id> leads to the row that has the identifier, whatever its table; /id/<id>.json to its JSON.

An identifier that was withdrawn leads to the one that took its place, if the database has a table `redirects` (id, to_id).
"""

from urllib.parse import quote

from datasette import Response, hookimpl
from datasette.views.base import DatasetteError
from markupsafe import escape

DATABASE = "leadership"
# A part in an event has the id of the statement that it is; its own row comes first, which shows that statement as evidence.
TABLES = ("event_participants", "statements", "claims", "passages", "decisions", "names", "codes", "set_aside", "findings")
LOOK_UP = (
    " UNION ALL ".join(
        (
            "SELECT table_name, 0 AS position FROM subjects WHERE id = :id",
            *(f"SELECT '{table}', {position} FROM {table} WHERE id = :id" for position, table in enumerate(TABLES, 1)),
        )
    )
    + " ORDER BY position LIMIT 1"
)
HAS_REDIRECTS = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'redirects' LIMIT 1"
REDIRECT = "SELECT to_id FROM redirects WHERE id = :id LIMIT 1"
LONGEST_CHAIN = 5  # a withdrawn id may lead to one that was withdrawn later; more steps than this are a circle


async def open_row(request, datasette):
    """Redirect to the page of the row that has the identifier, or say that there is none."""
    asked, form = request.url_vars["id"], request.url_vars["form"] or ""
    row_id = asked
    for _ in range(LONGEST_CHAIN):
        found = (await datasette.execute(DATABASE, LOOK_UP, {"id": row_id})).first()
        if found:
            return Response.redirect(datasette.urls.path(f"/{DATABASE}/{found[0]}/{row_id}{form}"))
        row_id = await _successor(datasette, row_id)
        if row_id is None:
            break
    words = quote(" ".join(asked.replace("-", " ").split())[:100])
    search = datasette.urls.path("/-/find")
    raise DatasetteError(
        f"No row has the identifier “{escape(asked[:200])}”. Identifiers stay the same for ever, so it was probably mistyped or cut short:"
        f' <a href="{search}?q={words}">search for its words</a>.',
        title="No such row",
        status=404,
        message_is_html=True,
    )


async def _successor(datasette, row_id):
    """Return the identifier that took the place of a withdrawn one, None if there is none."""
    if not (await datasette.execute(DATABASE, HAS_REDIRECTS)).rows:
        return None
    row = (await datasette.execute(DATABASE, REDIRECT, {"id": row_id})).first()
    return row[0] if row else None


@hookimpl
def register_routes():
    """Every identifier has its place under /id/."""
    return [(r"^/id/(?P<id>[^/]+?)(?P<form>\.json)?$", open_row)]
