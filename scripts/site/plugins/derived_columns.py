"""Describes on the site the columns whose descriptions follow from the schema; metadata.yml says the rest.

They are put into the server's metadata once, when it starts: metadata that a plugin makes anew for each request may change, so
nothing could be derived from it but for that request.
"""

from __future__ import annotations

from typing import Any

from datasette import hookimpl
from leadership.descriptions import add_derived_descriptions


@hookimpl(tryfirst=True)
def startup(datasette: Any) -> None:
    """Add the descriptions that follow from the schema to those of metadata.yml."""
    leadership = (datasette.metadata("databases") or {}).get("leadership") or {}
    add_derived_descriptions(leadership.get("tables") or {})
