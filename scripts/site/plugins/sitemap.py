"""/sitemap.xml, every page worth finding, and /robots.txt, which keeps crawlers out of the endless combinations."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

from datasette import Response, hookimpl
from leadership.schema import PROFILES
from presentation.rows import DATABASE, rows_of

PAGES = (
    "/",
    "/timeline",
    "/succession",
    "/who-went-where",
    "/disagreements",
    "/sources-record",
    "/methods",
    f"/{DATABASE}",
    "/llms.txt",
)
MOST_ROWS = 24_000  # a sitemap may hold 50,000 addresses, and some rows have two
ROWS = "SELECT table_name, id FROM subjects ORDER BY table_name, id LIMIT :most"
# Searches, queries of a reader's own, facets and filters are combinations without number; the pages behind them are in the sitemap.
ROBOTS = """\
User-agent: *
Disallow: {find}?
Disallow: {find_zh}?
Disallow: {mcp}
Disallow: /*?*sql=
Disallow: /*?*_facet
Disallow: /*?*_sort
Disallow: /*?*_search=
Allow: /

Sitemap: {sitemap}
"""


async def sitemap(request: Any, datasette: Any) -> Any:
    """List the pages, charts, tables, views, canned queries and rows by their absolute addresses."""
    database = datasette.get_database(DATABASE)
    hidden = set(await database.hidden_table_names())
    paths = [datasette.urls.path(page) for page in PAGES]
    paths += [datasette.urls.path(f"/-/dashboards/{slug}") for slug in datasette.plugin_config("datasette-dashboards") or {}]
    tables = [name for name in (*await database.table_names(), *await database.view_names()) if name not in hidden]
    paths += [datasette.urls.table(DATABASE, name) for name in tables]
    paths += [datasette.urls.query(DATABASE, name) for name in sorted(await datasette.get_canned_queries(DATABASE, None))]
    for table, row_id in map(dict.values, await rows_of(datasette, ROWS, most=MOST_ROWS)):
        paths += [datasette.urls.path(PROFILES[table] + row_id)] if table in PROFILES else []
        paths.append(datasette.urls.row(DATABASE, table, row_id))
    places = "".join(f"<url><loc>{escape(datasette.absolute_url(request, path))}</loc></url>\n" for path in paths)
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{places}</urlset>\n'
    return Response(body, content_type="application/xml; charset=utf-8")


async def robots(request: Any, datasette: Any) -> Any:
    """Name the sitemap, and what is not worth crawling."""
    path = datasette.urls.path
    return Response.text(
        ROBOTS.format(
            find=path("/-/find"),
            find_zh=path("/zh/-/find"),
            mcp=path("/-/mcp"),
            sitemap=datasette.absolute_url(request, path("/sitemap.xml")),
        )
    )


@hookimpl
def register_routes() -> list[Any]:
    """Both stand where crawlers look for them."""
    return [(r"^/sitemap\.xml$", sitemap), (r"^/robots\.txt$", robots)]
