"""Metadata stays as it is while the server runs, so what Datasette derives from it again and again is derived once.

For each table that a page names, Datasette copies all of the metadata to see who may look at the table: three quarters of the time
of its home page. And for each cell it looks up whether a plugin is configured for that table. Where some plugin makes metadata of
its own, which may change, nothing is done here.

A table is given the licence of the whole when its page is first read, and the pages of its rows show it only from then on: of two
servers of one database one would show it and the other not. So every table is given it at the start.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from datasette import hookimpl
from datasette.plugins import pm
from presentation.patches import replace

MOST_ANSWERS = 1024  # names of tables may come from addresses


@hookimpl
def startup(datasette: Any) -> None:
    """Let tables inherit, and remember the answers of the two methods for as long as the server runs."""
    if pm.hook.get_metadata.get_hookimpls():
        return
    for database in (datasette.metadata("databases") or {}).values():
        for described in (database.get("tables") or {}).values():
            datasette.update_with_inherited_metadata(described)
    replace(datasette, "plugin_config", _remember_nothing)
    replace(datasette, "_table_permission_allows", _remember_rules)


def _remember_nothing(look_up: Any) -> Any:
    @lru_cache(maxsize=MOST_ANSWERS)
    def is_unconfigured(*asked: Any) -> bool:
        return look_up(*asked) is None

    def plugin_config(plugin_name: Any, database: str | None = None, table: str | None = None, fallback: bool = True) -> Any:
        # Only that there is nothing is remembered: what there is, some plugins change for the request at hand.
        asked = (plugin_name, database, table, fallback)
        return None if is_unconfigured(*asked) else look_up(*asked)

    return plugin_config


def _remember_rules(look_up: Any) -> Any:
    remembered = lru_cache(maxsize=MOST_ANSWERS)(look_up)
    return lambda database, table: list(remembered(database, table))
