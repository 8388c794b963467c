"""What stands beside the SQL editor: the tables and their columns, queries to begin with, and what a mistaken name may have meant.

In: the error of SQLite and the SQL that was asked. Out: names that are close, each with the SQL in which it stands.
"""

from __future__ import annotations

import difflib
import re
from typing import Any

from datasette import hookimpl
from leadership.schema import KINDS
from presentation.rows import DATABASE, rows_of
from presentation.speaking import N_

MISSING = re.compile(r"no such (table|column|function): (?:(?:\w+)\.)?\"?(\w+)")
ALIKE, MOST_MEANT = 0.6, 3
HIDDEN = "subjects_fts"
FUNCTIONS = {
    "named(text, kind)": "ids that a name means, as a JSON array",
    "named_nearly(text)": "the same, also of names misspelt",
    "search_words(text)": "for subjects_fts MATCH",
    "in_words(date)": "a date in plain words, US Pacific",
    "start_in_words(date)": "the same behind “from”: January 2026 or earlier",
    "end_in_words(date)": "the same behind “to”: 26 November 2026 at the latest",
    "instant_from(date)": "its earliest UTC instant",
    "instant_to(date)": "its latest UTC instant",
    "unless_now(date)": "NULL for nothing, today or now",
    "fold(text)": "the text as subjects_fts has it",
    "simplified(text)": "both Chinese scripts made equal",
}
SAMPLES = (
    (
        N_("Who left in 2024, and for where"),
        "SELECT person, announced, destination, standing, sources\n  FROM who_left\n"
        " WHERE organisation = 'OpenAI' AND month LIKE '2024-%'\n ORDER BY month, person",
    ),
    (
        N_("Executives in order of time"),
        "SELECT person, post, capacity, started, ended, standing\n  FROM tenures_flat\n"
        " WHERE organisation_id = 'openai' AND category = 'executive'\n ORDER BY possible_from",
    ),
    (
        N_("All that is said for and against one fact"),
        "SELECT property, value, rank, polarity, source, line\n  FROM evidence\n"
        " WHERE subject_id = 'altman-dismissal'\n ORDER BY property, value",
    ),
    (
        N_("Exits that rest on one origin"),
        "SELECT label, announced, manner, sources\n  FROM departures\n"
        " WHERE origin_count = 1 AND asserted_as = 'fact' AND standing <> 'refuted'\n ORDER BY announced",
    ),
    (
        N_("A word in either language"),
        "SELECT s.kind, s.label, s.label_zh\n  FROM subjects_fts JOIN subjects s ON s.rowid = subjects_fts.rowid\n"
        " WHERE subjects_fts MATCH search_words('超级对齐')\n ORDER BY rank LIMIT 50",
    ),
)
TABLES = """
SELECT m.name, m.type AS kind, p.name AS column_name, p.type AS column_type
  FROM sqlite_master m JOIN pragma_table_info(m.name) p
 WHERE m.type IN ('table', 'view') AND m.name NOT LIKE 'subjects_fts_%' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.type, m.name, p.cid
"""


@hookimpl
def extra_template_vars(datasette: Any, database: str | None, view_name: str | None) -> dict[str, Any]:
    """Give pages with an editor the function that says what stands beside it."""
    if database != DATABASE or view_name not in ("database", "query", "table"):
        return {}

    async def sql_help(sql: str = "", error: Any = None) -> dict[str, Any]:
        """Return the tables, the samples and what may have been meant."""
        described = (datasette.metadata("databases") or {}).get(DATABASE, {}).get("tables", {})
        tables: dict[Any, Any] = {}
        for row in await rows_of(datasette, TABLES):
            table = tables.setdefault(row["name"], {"name": row["name"], "is_view": row["kind"] == "view", "columns": []})
            table["title"] = described.get(row["name"], {}).get("title", row["name"])
            table["columns"].append((row["column_name"], row["column_type"].lower()))
        columns = {name: [column for column, _ in table["columns"]] for name, table in tables.items()}
        return {
            "tables": [table for name, table in tables.items() if name != HIDDEN],
            "samples": SAMPLES,
            "functions": FUNCTIONS,
            "meant": what_was_meant(error, sql, columns),
        }

    return {"sql_help": sql_help}


def what_was_meant(error: Any, sql: str, columns: Any) -> Any:
    """Return (what kind of name, the name, the SQL with it) for each name that is close to the one that an error misses.

    `columns` has the columns of each table; of a missing column those of the tables come first that the SQL names.
    """
    missing = MISSING.search(str(error or ""))
    if not missing:
        return []
    kind, wrong = missing[1], missing[2]
    if kind == "table":
        known, first = list(columns), [KINDS[wrong.lower()].table] if wrong.lower() in KINDS else []
    elif kind == "function":
        known, first = [name.partition("(")[0] for name in FUNCTIONS], []
    else:
        named = [table for table in columns if re.search(rf"\b{table}\b", sql)]
        known = list(dict.fromkeys(column for table in named or columns for column in columns[table]))
        first = [column for column in (f"{wrong.lower()}_id", f"{wrong.lower()}s") if column in known]
    close = [*first, *difflib.get_close_matches(wrong.lower(), known, MOST_MEANT, ALIKE)]
    return [(kind, name, re.sub(rf"\b{re.escape(wrong)}\b", name, sql)) for name in dict.fromkeys(close)][:MOST_MEANT]
