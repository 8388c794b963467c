"""The Excel workbook of a release and its Parquet files, offered where they were made of the very file that is served.

They are not made on demand: that takes seconds in which every reader would wait, and libraries that the site needs for nothing else. A
release makes them (`make release`), with the digest of its database beside them; where that is another database, nothing is offered.
Behind nginx the same addresses are answered from the disk.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from datasette import hookimpl
from datasette.utils.asgi import NotFound, Response
from leadership import paths
from presentation.rows import DATABASE
from presentation.speaking import say

RELEASE = paths.ROOT / "dist" / "release"
NAME, SUMS = "leadership.xlsx", "SHA256SUMS"
PATH = f"/downloads/{NAME}"
PARQUET = "parquet"  # the folder with a file for each table and view
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PARQUET_TYPE = "application/vnd.apache.parquet"


def find_file(datasette: Any, name: str) -> Any:
    """Return the path of a file of the release of the database that is served, None if there is none."""
    if DATABASE not in datasette.databases:
        return None
    try:
        sums = (RELEASE / SUMS).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return None
    made_of_it = f"{datasette.get_database(DATABASE).hash}  {DATABASE}.db" in sums
    return RELEASE / name if made_of_it and (RELEASE / name).is_file() else None


def find_workbook(datasette: Any) -> Any:
    """Return the path of the workbook of the database that is served, None if there is none."""
    return find_file(datasette, NAME)


@hookimpl
def extra_template_vars(datasette: Any, view_name: str | None, table: str | None) -> dict[str, Any]:
    """Give pages that offer downloads the addresses of the workbook and of the table's Parquet file, empty if there is none."""
    if view_name not in ("index", "database", "table"):
        return {}
    parquet = f"{PARQUET}/{table}.parquet" if table else ""
    return {
        "workbook": datasette.urls.path(PATH) if find_workbook(datasette) else "",
        "parquet": datasette.urls.path(f"/downloads/{parquet}") if parquet and find_file(datasette, parquet) else "",
    }


async def send_workbook(datasette: Any) -> Any:
    """Answer with the workbook."""
    return await _send(find_workbook(datasette), NAME, TYPE)


async def send_parquet(datasette: Any, request: Any) -> Any:
    """Answer with the Parquet file of a table or view."""
    name = f"{request.url_vars['table']}.parquet"
    return await _send(find_file(datasette, f"{PARQUET}/{name}"), name, PARQUET_TYPE)


async def _send(path: Path | None, name: str, content_type: str) -> Any:
    if path is None:
        raise NotFound(
            say("No %(file)s was made of this database; take the tables one by one, as CSV, CSV for spreadsheets or JSON.", file=name)
        )
    headers = {"content-disposition": f'attachment; filename="{name}"', "access-control-allow-origin": "*"}
    return Response(await asyncio.to_thread(path.read_bytes), content_type=content_type, headers=headers)


@hookimpl
def register_routes() -> list[Any]:
    """The addresses under which a proxy offers the files of a release too."""
    return [
        (rf"^{PATH}$".replace(".", r"\."), send_workbook),
        (rf"^/downloads/{PARQUET}/(?P<table>\w+)\.parquet$", send_parquet),
    ]
