"""What a release says of itself to those who read: README.md, and RELEASE.md, the note on this version.

In: what the database holds, the files of the release, and the change log if there is one. Out: text in Markdown. Figures and
the example come from the database.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from leadership.opening import open_database

from .contents import Contents
from .markdown import render_page
from .stopped import ReleaseStopped

# Every file that a release may hold, in the order in which README.md names them; a pattern stands for the files of a folder.
FILES = {
    "README.md": "This page.",
    "RELEASE.md": "The note on this version: its digest, its counts, what has changed.",
    "CHANGELOG.md": "What has changed from version to version.",
    "DICTIONARY.md": "Every table, column and code with its meaning.",
    "DIAGRAM.md": "How the tables hang together, as a diagram (Mermaid).",
    "leadership.db": "Everything in one SQLite database: tables, reading views, foreign keys, search index.",
    "leadership.db.gz": "The same database, compressed with gzip.",
    "leadership.xlsx": "An Excel workbook: a sheet “About”, a sheet “Columns” with what each column means, then one sheet a table or view.",
    "csv/*.csv": "CSV, one file a table or view: UTF-8, a header, commas, line feeds (RFC 4180 but for the line ends).",
    "leadership-csv.zip": "All CSV files and their licence in one zip.",
    "jsonl/*.jsonl": "JSON Lines, one file a table or view: one object a row, with every column.",
    "parquet/*.parquet": "Parquet, one file a table or view; descriptions of tables and columns are in its metadata.",
    "datapackage.json": "Frictionless Data Package: files, columns, types, keys and references.",
    "csv/csv-metadata.json": "The CSV files described for CSV on the Web (W3C).",
    "croissant.json": "Croissant metadata, by which tools for machine learning load the data.",
    "dcat.jsonld": "DCAT metadata, by which catalogues of datasets take it in.",
    "annotations.jsonld": "Each passage as a web annotation (W3C).",
    "CITATION.cff": "How to cite, for machines.",
    "LICENSE-DATA": "The licence of the data: CC BY 4.0.",
    "LICENSE": "The licence of the code that made them: Apache-2.0.",
    "SHA256SUMS": "The SHA-256 of every other file; `sha256sum -c SHA256SUMS` holds them against it.",
}
EXAMPLE = """\
SELECT s.value, s.rank, s.rule, c.source_id, p.line, p.find
  FROM statements s
  JOIN claims c ON c.statement_id = s.id
  JOIN passages p ON p.id = c.passage_id
 WHERE s.subject_id = 'openai-letter-signatories' AND s.property = 'value'
 ORDER BY c.source_id, p.line"""


READ_SOURCES = """\
SELECT '`' || s.id || '`',
       s.title_en || COALESCE(' (' || s.title || ')', '') || COALESCE(', ' || o.label, '') || COALESCE(', ' || s.byline, ''),
       s.published || CASE s.published_basis WHEN 'inferred' THEN ' (inferred)' ELSE '' END, s.kind, s.access, s.line_count,
       (SELECT count(*) FROM claims c WHERE c.source_id = s.id)
  FROM sources s LEFT JOIN organisations o ON o.id = s.publisher_id WHERE s.access <> 'cited' ORDER BY s.access, s.id"""
CITED_ROW = """\
SELECT 'departures/' || d.id, d.label, replace(d.standing, '_', ' '),
       replace(group_concat(DISTINCT c.source_id || COALESCE(' line ' || p.line, '')), ',', ', ')
  FROM departures d JOIN statements s ON s.subject_id = d.id AND s.property = 'effective' AND s.rank = 'preferred'
  JOIN claims c ON c.statement_id = s.id AND c.polarity = 'affirms' JOIN passages p ON p.id = c.passage_id
 GROUP BY d.id ORDER BY d.origin_count DESC, d.id LIMIT 1"""


def citation(contents: Contents) -> str:
    """Return how the dataset is cited in a text."""
    return f"{contents.title} (open dataset), version {contents.version}. {contents.licence.split(' (')[0]}."


def render_readme(contents: Contents, files: Iterable[str]) -> str:
    """Return README.md for a release of these files, given by their paths within it.

    Raises ReleaseStopped if there is a file that nothing is said of: each must be known to who takes it home.
    """
    counts = _count_files(files)
    with closing(open_database(contents.database)) as connection:
        cited = connection.execute(CITED_ROW).fetchone()
        return render_page(
            "README.md",
            contents=contents,
            files=[(name, purpose, counts[name]) for name, purpose in FILES.items() if name in counts],
            sources=connection.execute(READ_SOURCES).fetchall(),
            example=EXAMPLE,
            example_rows=connection.execute(EXAMPLE).fetchall(),
            citation=citation(contents),
            cited=cited and dict(zip(("place", "label", "standing", "lines"), cited, strict=True)),
        )


def render_release_note(contents: Contents, changelog: str | None, made_with: str) -> str:
    """Return RELEASE.md; `changelog` is the text of CHANGELOG.md, None if there is none.

    Raises ReleaseStopped if the change log has no section for this version.
    """
    changes = None if changelog is None else find_section(changelog, contents.version)
    return render_page("RELEASE.md", contents=contents, changes=changes, made_with=made_with)


def find_section(changelog: str, version: str) -> str:
    """Return what a change log says of a version, without the heading. Raises ReleaseStopped if it says nothing."""
    heading = rf"^## \[?v?{re.escape(version)}(?![\w.]).*\n"
    found = re.search(heading + r"((?:(?!## |\[[^\]]+\]: ).*\n?)*)", changelog, re.MULTILINE)
    if not found or not found[1].strip():
        raise ReleaseStopped(f"CHANGELOG.md says nothing under “## {version}”; write there what has changed")
    return found[1].strip()


def _count_files(files: Iterable[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for file in files:
        name = file if file in FILES else f"{Path(file).parent}/*{Path(file).suffix}"
        if name not in FILES:
            raise ReleaseStopped(f"nothing is said in README.md of the file {file}; describe it in distribution/notes.py")
        counts[name] += 1
    return counts
