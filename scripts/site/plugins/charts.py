"""What stands at the foot of every chart of the dashboard: what it leaves out, what was read, and until when; and its look.

`what_was_read()` is there for every template, so that other pages say the same.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from datasette import hookimpl
from presentation.patches import Mends
from presentation.rows import row_of
from presentation.showing import show_when
from presentation.speaking import say
from presentation.vega import for_browser, say_chart, say_dashboard

REACH = """
SELECT (SELECT COUNT(*) FROM sources WHERE access <> 'cited') AS read, MAX(CASE id WHEN 'covers_to' THEN value END) AS covers_to,
       MAX(CASE id WHEN 'pages_last_read_on' THEN value END) AS last_read
  FROM build_info
"""


@hookimpl
def extra_template_vars(datasette: Any) -> dict[str, Any]:
    """Give every template a sentence on what was read, and until when."""

    async def describe() -> Any:
        try:
            row = await row_of(datasette, REACH)
        except (KeyError, sqlite3.Error):  # another database is being served
            return ""
        parts = [say("Scope: %(n)s texts and public pages", n=f"{row['read']:,}")]
        parts += [say("published until %(day)s", day=show_when(row["covers_to"]).label)] if row["covers_to"] else []
        parts += [say("last read on %(day)s", day=show_when(row["last_read"]).label)] if row["last_read"] else []
        return say(", ").join(parts) + say("; whom or what they do not name is missing.")

    return {"what_was_read": describe, "say_dashboard": say_dashboard, "say_chart": say_chart, "for_browser": for_browser}


@hookimpl
def prepare_jinja2_environment(env: Any) -> None:
    """Compile the dashboard's templates with the foot."""
    env.add_extension(Mends)
