"""What of Datasette, of its dashboards, of its assistants' server and of uvicorn is replaced while the site runs, because no hook and no
setting reaches it.

Nothing is replaced but what `PATCHES` names, with the reason, the package and a digest of the source as it stood in the version that
requirements.txt pins and `VERSIONS` repeats. `COPIES` names the templates of Datasette of which ours are copies with changes that no
block of theirs would take. A test holds all of it against what is installed: who takes a newer version reads what became of each and
mends ours. No plugin replaces anything by itself, which a test sees too.
"""

from __future__ import annotations

import asyncio
import contextvars
import socket
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from types import ModuleType
from typing import Any, NamedTuple

import uvicorn
from datasette import app, database
from jinja2.ext import Extension


class Patch(NamedTuple):
    """Of which package something is replaced and why, and the beginning of the SHA-256 of its source.

    `source` is whose source that is, where what is replaced has none of its own or is another thing once a site runs in this process.
    """

    package: str
    reason: str
    digest: str
    source: str = ""


VERSIONS = {"datasette": "0.65.5", "datasette-dashboards": "0.8.0", "mcp": "2.3.0", "uvicorn": "0.54.0"}
PATCHES = {
    "datasette.database.sqlite_timelimit": Patch(
        "datasette",
        "a query within one long step of SQLite does not look at the clock (limits.py)",
        "4b6a09eec37b",
        "datasette.utils.sqlite_timelimit",
    ),
    "datasette.app.Urls": Patch(
        "datasette",
        "a path that has the prefix gets it a second time, and files get a language (prefix.py)",
        "e5c6a2f35dfd",
        "datasette.url_builder.Urls.path",
    ),
    "datasette.app.Datasette.setting": Patch(
        "datasette", "the language of a request is a part of its base_url (prefix.py)", "735b02fd6999"
    ),
    "datasette.app.Datasette._metadata_sources": Patch("datasette", "links in metadata.yml have no prefix (prefix.py)", "d6effe857dde"),
    "datasette.app.Datasette.plugin_config": Patch(
        "datasette", "it merges all metadata anew for each cell (steady_metadata.py)", "0bb1adc02a8a"
    ),
    "datasette.app.Datasette._table_permission_allows": Patch(
        "datasette", "it copies all metadata for each table (steady_metadata.py)", "b165e240f8c4"
    ),
    "datasette.app.Datasette.expand_foreign_keys": Patch(
        "datasette", "labels of rows have no hook that could translate them (language.py)", "2e287d35cf69"
    ),
    "datasette.app.Datasette.execute": Patch("datasette", "CSV and bare lists lose rows without a sign (whole_answers.py)", "13daf35c1b2c"),
    "datasette.database.Database.execute": Patch(
        "datasette", "each page of a view's CSV sorts all of it anew (whole_answers.py)", "ca06bc52502e"
    ),
    "datasette.app.Datasette.executor": Patch(
        "datasette",
        "a query runs in a thread that does not know its request's language (prefix.py)",
        "61975ff13b90",
        "datasette.database.Database.execute_fn",
    ),
    "datasette.app.Datasette.inspect_data": Patch(
        "datasette",
        "rows of large views are counted anew for each page (large_views.py)",
        "1aa4a28bd8ab",
        "datasette.database.Database.__init__",
    ),
    "datasette.app.Datasette._prepare_connection": Patch(
        "datasette", "a view's CSV needs a connection of its own (whole_answers.py)", "25c2228fb03f"
    ),
    "mcp.server.mcpserver.server.MCPServer.streamable_http_app": Patch(
        "mcp", "who makes the server gives no way to have it without sessions (assistants.py)", "4bdf22716810"
    ),
    "uvicorn.Server.shutdown": Patch("uvicorn", "it hangs up on those whose request it has not read", "9b33c5056299"),
}
COPIES: dict[str, str] = {
    "base.html": "bb22df33caea",
    "table.html": "81cec4b0f794",
    "row.html": "ff5dde41541c",
    "_crumbs.html": "882c9d69e133",
    "_close_open_menus.html": "eda6b9dbf39a",
    "_codemirror_foot.html": "57f0251b9c1f",
    "_description_source_license.html": "13fcf73b733d",
    "_facet_results.html": "622d3c764aa1",
    "_suggested_facets.html": "da43051a548a",
    "_footer.html": "d190d9e7dc50",
}


def replace(owner: Any, name: str, by: Callable[[Any], Any]) -> None:
    """Have `by` make of what a module or an instance has under a name what stands in its place. Raises KeyError if `PATCHES` has it not."""
    kind = type(owner)
    PATCHES[f"{owner.__name__ if isinstance(owner, ModuleType) else f'{kind.__module__}.{kind.__qualname__}'}.{name}"]
    setattr(owner, name, by(getattr(owner, name)))


def make_addresses_by(urls: type) -> None:
    """Have every Datasette of this process make its addresses by another class."""
    replace(app, "Urls", lambda _: urls)


def limit_time_by(timelimit: Callable[..., Any]) -> None:
    """Have every query of this process run within another context than Datasette's limit of time."""
    replace(database, "sqlite_timelimit", lambda _: timelimit)


def know_rows(datasette: Any, name: str, counts: dict[str, int]) -> None:
    """Tell an instance how many rows the tables and views of a database have, as a file of `datasette inspect` would."""
    database = datasette.databases[name]
    tables = {table: {"count": number} for table, number in counts.items()}
    known = {name: {"hash": database.hash, "size": database.size, "file": database.path, "tables": tables}}
    replace(datasette, "inspect_data", lambda _: known)


def keep_context_in_threads(datasette: Any) -> None:
    """Have the queries of an instance run in the context of their request, which says the language. Call it before the first query."""
    if datasette.executor:
        datasette.executor.shutdown(wait=False)
        replace(datasette, "executor", lambda _: _InContext(datasette.setting("num_sql_threads")))


def hold_no_sessions(mcp: Any) -> None:
    """Have a server for assistants be made without sessions."""
    replace(mcp, "streamable_http_app", lambda make: partial(make, stateless_http=True))


class _InContext(ThreadPoolExecutor):
    def submit(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        return super().submit(contextvars.copy_context().run, function, *arguments, **named)


class PatientServer(uvicorn.Server):
    """A server that hears out whoever has knocked before it stops; by itself it hangs up on those whose request it has not read."""

    PATCH = PATCHES["uvicorn.Server.shutdown"]

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Accept who is waiting, close the door, read what they ask, and only then stop as usual."""
        await asyncio.sleep(0.05)
        for server in self.servers:
            server.close()
        await asyncio.sleep(0.5)
        await super().shutdown(sockets)


# The dashboards' templates have no blocks where these stand, and most of them is script: (template, piece of its source, what it becomes).
_HEAD = "<link href=\"{{ urls.static_plugins('datasette_dashboards', 'dashboards.css') }}\" rel=\"stylesheet\"/>"
_STYLE = '<link rel="stylesheet" href="{{ urls.path(\'/static/charts.css\') }}">'
_FOOT = '{% include "_chart_foot.html" %}'
_EXTENDS = '{% extends "base.html" %}'
_SAY_DASHBOARD = "{% set dashboard = say_dashboard(dashboard) %}"
MENDS = (
    ("dashboard_view.html", _EXTENDS, _EXTENDS + _SAY_DASHBOARD),
    ("dashboard_chart.html", _EXTENDS, _EXTENDS + _SAY_DASHBOARD + "{% set chart = say_chart(chart) %}"),
    ("dashboard_view.html", "{{ chart|tojson }}", "{{ for_browser(chart)|tojson }}"),
    ("dashboard_chart.html", "{{ chart|tojson }}", "{{ for_browser(chart)|tojson }}"),
    ("dashboard_chart.html", "View and edit SQL", '{{ _("View and edit SQL") }}'),
    ("dashboard_view.html", '">home</a>', '">{{ _("home") }}</a>'),
    ("dashboard_chart.html", '">home</a>', '">{{ _("home") }}</a>'),
    ("dashboard_view.html", '">dashboards</a>', '">{{ _("Charts") }}</a>'),
    ("dashboard_chart.html", '">dashboards</a>', '">{{ _("Charts") }}</a>'),
    ("dashboard_view.html", _HEAD, _HEAD + _STYLE),
    ("dashboard_chart.html", _HEAD, _HEAD + _STYLE),
    (
        "dashboard_view.html",
        "        </div>\n      </div>\n      {% endfor %}",
        f"        </div>\n{_FOOT}      </div>\n      {{% endfor %}}",
    ),
    (
        "dashboard_chart.html",
        "        {% endif %}\n      </div>\n    </div>\n  </div>",
        f"        {{% endif %}}\n      </div>\n{_FOOT}    </div>\n  </div>",
    ),
)


class Mends(Extension):
    """Puts into the dashboards' templates, before they are compiled, what stands below every chart of ours."""

    priority = 90

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Return the source of a template with its pieces replaced."""
        for template, old, new in MENDS:
            if name == template:
                source = source.replace(old, new)
        return source
