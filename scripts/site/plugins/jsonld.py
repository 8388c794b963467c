"""A description of the dataset in the words of schema.org, for search engines: `dataset_jsonld` in the template of the home page.

It is made of metadata.yml and the database, so that it says what they say. The template puts it, as it is, between
<script type="application/ld+json"> and </script>.
"""

from __future__ import annotations

import re
import sqlite3
from typing import Any

from datasette import hookimpl
from distribution.identity import CREATOR, KEYWORDS
from leadership.roles import is_claimed
from presentation.citing import as_text, cite_dataset
from presentation.replies import to_script
from presentation.rows import DATABASE, row_of, rows_of

LANGUAGES = ("en", "zh-Hans")
SOURCES = """
SELECT s.id, s.title_en, s.label, s.title, s.lang, s.published, s.url, s.byline, o.label AS publisher
  FROM sources s LEFT JOIN organisations o ON o.id = s.publisher_id WHERE s.access = 'held' ORDER BY s.published_latest, s.id LIMIT 100
"""
STATE = """
SELECT (SELECT value FROM build_info WHERE id = 'dataset_version') AS version, (SELECT MAX(released_on) FROM releases) AS released,
       MIN(year) AS first, MAX(year) AS last
  FROM (SELECT year FROM events WHERE asserted_as = 'fact' AND standing <> 'refuted' AND story <> 'background'
        UNION ALL SELECT year FROM departures WHERE asserted_as = 'fact' AND standing <> 'refuted')
"""


@hookimpl
def extra_template_vars(datasette: Any, request: Any, view_name: str | None) -> Any:
    """Give the home page `dataset_jsonld`; it is empty where another database is served."""
    if view_name != "index":
        return {}

    async def describe() -> Any:
        try:
            return {"dataset_jsonld": to_script(await dataset(datasette, request))}
        except (sqlite3.Error, KeyError):
            return {"dataset_jsonld": ""}

    return describe


async def dataset(datasette: Any, request: Any) -> dict[str, Any]:
    """Return the description as a dictionary."""
    site = datasette.metadata() or {}
    described = ((site.get("databases") or {}).get(DATABASE) or {}).get("tables") or {}
    state = await row_of(datasette, STATE)
    tables = [name for name in await datasette.get_database(DATABASE).table_names() if name in described]
    title = site.get("title") or DATABASE

    def address(path: str) -> Any:
        return datasette.absolute_url(request, datasette.urls.path(path))

    held = [_work(row) for row in await rows_of(datasette, SOURCES)]
    read = {  # a thousand pages would be most of the home page; the list of them is one address
        "@type": "Collection",
        "name": "Public pages that were read for facts",
        "collectionSize": (await row_of(datasette, "SELECT COUNT(*) AS n FROM sources WHERE access = 'read'"))["n"],
        "url": address(f"/{DATABASE}/sources?access=read"),
    }

    return {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": address("/"),
        "name": title,
        "alternateName": "OpenAI 领导层变动（开放数据集）",
        "description": _plain(site.get("description") or site.get("description_html") or ""),
        "url": address("/"),
        "license": site.get("license_url"),
        "version": state["version"],
        "dateModified": state["released"],
        "temporalCoverage": f"{state['first']}/{state['last']}",
        "keywords": list(KEYWORDS),
        "inLanguage": list(LANGUAGES),
        "isAccessibleForFree": True,
        "creator": {"@type": "Organization", "name": CREATOR, "url": address("/")},
        "citation": as_text(await cite_dataset(datasette, request)),
        "variableMeasured": _variables(described),
        "distribution": await _distribution(datasette, address, tables, described),
        "isBasedOn": [*held, read] if read["collectionSize"] else held,
    }


def _variables(described: Any) -> list[Any]:
    """Return each column that sources make claims about, with its description."""
    return [
        {"@type": "PropertyValue", "name": f"{table}.{column}", "description": text}
        for table, about in described.items()
        for column, text in (about.get("columns") or {}).items()
        if is_claimed(table, column)
    ]


async def _distribution(datasette: Any, address: Any, tables: Any, described: Any) -> Any:
    """Return the downloads: the database, each table as CSV, and as JSON where one answer holds all of its rows."""
    database = datasette.get_database(DATABASE)
    found = [
        {
            "@type": "DataDownload",
            "name": "The whole database (SQLite)",
            "encodingFormat": "application/vnd.sqlite3",
            "contentUrl": address(f"/{DATABASE}.db"),
            "contentSize": f"{database.size} B",
        }
    ]
    counts = await database.table_counts(limit=1000)
    for table in tables:
        name = described[table].get("title") or table
        path = f"/{DATABASE}/{table}"
        found.append(
            {
                "@type": "DataDownload",
                "name": f"{name} (CSV)",
                "encodingFormat": "text/csv",
                "contentUrl": address(f"{path}.csv?_stream=on"),
            }
        )
        if counts.get(table) is not None and counts[table] <= datasette.setting("max_returned_rows"):
            found.append(
                {
                    "@type": "DataDownload",
                    "name": f"{name} (JSON)",
                    "encodingFormat": "application/json",
                    "contentUrl": address(f"{path}.json?_shape=array&_size=max"),
                }
            )
    return found


def _work(source: Any) -> dict[str, Any]:
    """Return a source that is held, as a creative work; what is not known of it is left out."""
    published = (source["published"] or "").partition("T")[0]
    work = {
        "@type": "CreativeWork",
        "name": source["title"] or source["title_en"] or source["label"],
        "inLanguage": source["lang"],
        "datePublished": published if published.replace("-", "").isdigit() else "",  # schema.org knows no span of days
        "url": source["url"],
    }
    if source["title_en"] and source["title_en"] != work["name"]:
        work["alternateName"] = source["title_en"]
    if source["publisher"]:
        work["publisher"] = {"@type": "Organization", "name": source["publisher"]}
    return {key: value for key, value in work.items() if value}


def _plain(text: str) -> str:
    """Return a text without the tags of HTML."""
    return " ".join(re.sub(r"<[^>]*>", " ", text).split())
