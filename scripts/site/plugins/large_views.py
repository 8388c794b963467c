"""Reading views of tens of thousands of rows, as quick as small tables: what is known of them is not counted for each reader anew.

How many rows tables have is counted once, when the server starts; views that have a row for each row of a table have as many as it.
Facets of these views are counted when a reader asks for one: `facets-on-request` in metadata.yml names them.
"""

from __future__ import annotations

from typing import Any

from datasette import hookimpl
from datasette.utils import path_with_added_args
from presentation.patches import know_rows
from presentation.rows import DATABASE

SETTING = "facets-on-request"  # of the plugins of a view in metadata.yml: {columns: [...]}
ROWS_OF = {"claims_flat": "claims", "evidence": "claims"}  # a view: the table with as many rows
LONG = 60_000  # milliseconds


@hookimpl(trylast=True)  # after all have opened the file
def startup(datasette: Any) -> Any:
    """Tell Datasette how many rows there are."""

    async def count() -> None:
        database = datasette.databases.get(DATABASE)
        if database is None or database.is_mutable or datasette.inspect_data:
            return
        counts = await database.table_counts(limit=LONG)
        counts = {**counts, **{view: counts[table] for view, table in ROWS_OF.items() if table in counts}}
        know_rows(datasette, DATABASE, {name: number for name, number in counts.items() if number is not None})

    return count


@hookimpl
def extra_template_vars(datasette: Any, request: Any, database: str | None, table: str | None, view_name: str) -> dict[str, Any]:
    """Give table pages the facets that can be asked for and were not, as Datasette has those that it suggests."""
    if view_name != "table" or database != DATABASE:
        return {}
    columns = (datasette.plugin_config(SETTING, database=database, table=table) or {}).get("columns", ())
    asked = request.args.getlist("_facet")
    return {
        "facets_on_request": [
            {"name": name, "toggle_url": datasette.urls.path(path_with_added_args(request, {"_facet": name})), "type": "column"}
            for name in columns
            if name not in asked
        ]
    }
