"""The Excel workbook of a release, offered on the home page and the database's page where it was made of the very file that is served.

It is not made on demand: that takes seconds in which every reader would wait, and a library that the site needs for nothing else. A
release makes it (`make release`), with the digest of its database beside it; where that is another database, nothing is offered.
Behind nginx the same address is answered from the disk.
"""

import asyncio

from datasette import hookimpl
from datasette.utils.asgi import NotFound, Response
from leadership import paths

RELEASE = paths.ROOT / "dist" / "release"
NAME, SUMS = "leadership.xlsx", "SHA256SUMS"
DATABASE = "leadership"
PATH = f"/downloads/{NAME}"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def find_workbook(datasette):
    """Return the path of the workbook of the database that is served, None if there is none."""
    if DATABASE not in datasette.databases:
        return None
    try:
        sums = (RELEASE / SUMS).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return None
    made_of_it = f"{datasette.get_database(DATABASE).hash}  {DATABASE}.db" in sums
    return RELEASE / NAME if made_of_it and (RELEASE / NAME).is_file() else None


@hookimpl
def extra_template_vars(datasette, view_name):
    """Give pages that offer downloads the workbook's address, empty if there is none."""
    if view_name not in ("index", "database"):
        return {}
    return {"workbook": datasette.urls.path(PATH) if find_workbook(datasette) else ""}


async def send_workbook(datasette):
    """Answer with the workbook."""
    path = find_workbook(datasette)
    if path is None:
        raise NotFound("No workbook was made of this database; take the tables one by one, as spreadsheet or CSV.")
    headers = {"content-disposition": f'attachment; filename="{NAME}"', "access-control-allow-origin": "*"}
    return Response(await asyncio.to_thread(path.read_bytes), content_type=TYPE, headers=headers)


@hookimpl
def register_routes():
    """The address under which a proxy offers the files of a release too."""
    return [(rf"^{PATH}$".replace(".", r"\."), send_workbook)]
