"""Describes on the site the columns whose descriptions follow from the schema; metadata.yml says the rest."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from datasette import hookimpl
from leadership.describing import derived_descriptions


@hookimpl
def get_metadata(datasette: Any, key: Any, database: Any, table: Any) -> dict[str, Any]:
    return _derived()


@lru_cache(maxsize=1)
def _derived() -> dict[str, Any]:
    return {"databases": {"leadership": {"tables": {name: {"columns": columns} for name, columns in derived_descriptions().items()}}}}
