"""Answers with 400 what Datasette answers with 500 though the reader's address is wrong: a column that is not there, broken JSON.

Datasette reads parameters such as `_sort`, `_where`, `_through`, `_timelimit` and `id__in` without expecting mistakes in them.
What fails on a table's or a query's page with such a parameter is told as the reader's mistake; all else stays an error of ours.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from datasette import hookimpl
from datasette.database import QueryInterrupted
from datasette.handle_exception import handle_exception as tell
from datasette.views.base import DatasetteError
from presentation.speaking import N_, say

TOO_SLOW = N_("This query took longer than it may.")
MISTAKES = (ValueError, TypeError, LookupError, AttributeError, AssertionError, OverflowError, sqlite3.Error)


@hookimpl(tryfirst=True)
def handle_exception(datasette: Any, request: Any, exception: Any) -> Any:
    """Tell a mistaken parameter as one."""
    if isinstance(exception, DatasetteError):
        if exception.status == 500:  # what it is by default, and it is raised for nothing but mistakes of readers
            exception.status = 400
        return None
    if isinstance(exception, QueryInterrupted):  # HTML and JSON have a page for it, CSV has not
        return tell(datasette, request, DatasetteError(TOO_SLOW, title="SQL Interrupted", status=400))
    if isinstance(exception, MISTAKES) and _has_datasettes_parameters(request):
        message = say("A parameter of this address cannot be read: %(why)s", why=str(exception))
        return tell(datasette, request, DatasetteError(message[:500], title=N_("Mistaken address"), status=400))
    return None


def _has_datasettes_parameters(request: Any) -> bool:
    return bool(request) and any(name.startswith("_") or "__" in name or name == "sql" for name in request.args)
