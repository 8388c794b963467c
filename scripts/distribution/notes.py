"""What a release says of itself to those who read: README.md, and RELEASE.md, the note on this version.

In: what the database holds, the files of the release, and the change log if there is one. Out: text in Markdown. Figures and
the example come from the database.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from .contents import Contents, DescribedTable, connect
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
    files = list(files)
    parts: list[Iterable[str]] = [_introduction(contents), _file_list(files), _table_list(contents, files), _source_list(contents)]
    parts += [_reading(), _counting(), _following(contents), _citing(contents)]
    return "\n".join(line for part in parts for line in part)


def render_release_note(contents: Contents, changelog: str | None, made_with: str) -> str:
    """Return RELEASE.md; `changelog` is the text of CHANGELOG.md, None if there is none.

    Raises ReleaseStopped if the change log has no section for this version.
    """
    lines = [
        f"# {contents.title}, version {contents.version}",
        "",
        f"Logical digest: `{contents.digest}`",
        "",
        "The digest is a SHA-256 over the schema and every row: two databases with one digest hold the same, whatever wrote them.",
        f"With the same versions of what made them the files, too, are the same byte for byte; these were made with {made_with}.",
        "",
    ]
    if changelog is not None:
        lines += ["## What has changed", "", find_section(changelog, contents.version), ""]
    return "\n".join([*lines, "## What it holds", "", *_counts(contents.tables)])


def find_section(changelog: str, version: str) -> str:
    """Return what a change log says of a version, without the heading. Raises ReleaseStopped if it says nothing."""
    heading = rf"^## \[?v?{re.escape(version)}(?![\w.]).*\n"
    found = re.search(heading + r"((?:(?!## |\[[^\]]+\]: ).*\n?)*)", changelog, re.MULTILINE)
    if not found or not found[1].strip():
        raise ReleaseStopped(f"CHANGELOG.md says nothing under “## {version}”; write there what has changed")
    return found[1].strip()


def _introduction(contents: Contents) -> Iterator[str]:
    rows = sum(table.row_count for table in contents.base_tables)
    views = len(contents.tables) - len(contents.base_tables)
    yield from (
        f"# {contents.title}",
        "",
        contents.description,
        "",
        f"Version {contents.version}: {len(contents.base_tables)} tables with {rows:,} rows, and {views} views with names joined in.",
        "Every format holds all of them, cell for cell; take the one that you like to work with.",
        "",
    )


def _file_list(files: Iterable[str]) -> Iterator[str]:
    counts: dict[str, int] = {}
    for file in files:
        name = file if file in FILES else f"{Path(file).parent}/*{Path(file).suffix}"
        if name not in FILES:
            raise ReleaseStopped(f"nothing is said in README.md of the file {file}; describe it in distribution/notes.py")
        counts[name] = counts.get(name, 0) + 1
    yield from ("## What is here", "", "| file | what it is |", "|---|---|")
    for name, purpose in FILES.items():
        if name in counts:
            yield f"| `{name}`{f' ({counts[name]} files)' if '*' in name else ''} | {purpose} |"
    yield ""


def _table_list(contents: Contents, files: list[str]) -> Iterator[str]:
    yield from ("## What the tables hold", "")
    rows = [(f"`{table.name}`", f"{table.row_count:,}", table.description) for table in contents.tables]
    yield from _markdown_table(["table or view", "rows", "what it holds"], rows)
    where = "in `DICTIONARY.md`, " if "DICTIONARY.md" in files else ""
    yield from (
        f"What each column means is told {where}in the sheet “Columns” of the workbook and in the metadata of each Parquet file.",
        "",
    )


def _reading() -> Iterator[str]:
    yield """\
## How to read a cell

**NULL** means that no source read so far says it, that it does not apply, or that sources differ and nothing decides (then the row's
`standing` is `open`, and `statements` has the rivals). That a source was read for it and does not say is no NULL but the code `not_stated`.
No cell holds an empty text, so nothing can be taken for NULL that is not.

| format | how NULL is written | text | integers | other numbers | dates |
|---|---|---|---|---|---|
| SQLite | `NULL` | `TEXT` | `INTEGER` | `ANY`: an integer or a real | `TEXT` |
| CSV | an empty field | as it is | digits | digits | as text |
| JSON Lines | `null` | string | number | number | string |
| Parquet | null | string | int64 | double | string |
| Excel | an empty cell | text, also where it looks like a formula, an address or a number | number | number | text |

- A **date** is text, because it is as precise as its source: `2023`, `2023-11`, `2023-11-17T12:00[America/Los_Angeles]` (EDTF with
  clock and zone, and parts of the day such as `Tevening`). Beside it `…_earliest` and `…_latest` bound it in UTC and sort and compare as
  they are: a day lasts from the one up to, but not with, the other; at a clock time both are the same. A day without a zone begins
  in Shanghai and ends in California; `~` (about) widens a date by its own length on either side.
- A **list** (`sources`, `posts` …) is a JSON array in a text, in every format.
- A **code** (`manner`, `standing` …) is explained in the table `codes`; the label is there in English and Chinese.
- pandas takes texts such as `NA` for missing unless told otherwise: `read_csv(…, keep_default_na=False, na_values=[""])`.
- The rows of a table come in order of their ids, those of a view in the view's own order.
"""


def _counting() -> Iterator[str]:
    yield """\
## Before you count

- `asserted_as` says whether a row is told as a fact, a plan, a joke …, `standing` how well it is borne out. For facts alone:
  `WHERE asserted_as = 'fact' AND standing NOT IN ('refuted', 'open')`. Both are the row's; how many origins stand behind one value
  of it is `statements.origin_count`.
- `year` and `month` are empty where a date is only bounded, such as `../2024-12` (by then): choose by `…_earliest` and `…_latest`.
- An exit may have been taken back (`departures.reversed_by`) or be a leave (`manner = 'leave_of_absence'`): say whether you count those.
- The sources date few beginnings and ends. `certain_from` and `certain_to` bound what is sure of a tenure; where the two are equal, only
  one instant is; neither is the end of the tenure. `possible_from` and `possible_to` bound what may be; empty means that nothing bounds it.
- A translation and its original are one origin: `origin_count` counts voices that are independent of each other, `source_count` documents.
"""


def _source_list(contents: Contents) -> Iterator[str]:
    yield from ("## What has been read", "")
    with closing(connect(contents.database)) as connection:
        rows = connection.execute(READ_SOURCES).fetchall()
    yield from _markdown_table(["source", "what it is", "published", "kind", "lines", "claims"], rows)
    yield """\
The texts themselves are not part of the dataset. Who has one can hold it against `sources.text_sha256`, and then finds every claim on its
line. `raw_file` and `raw_line`, in `claims` and `decisions`, are places in the fact sheets from which the database is built; those are in
the project's repository, not here.
"""


def _following(contents: Contents) -> Iterator[str]:
    yield f"""\
## How to follow a value to its line

    a cell of a table ──▶ statements ──▶ claims ──▶ passages ──▶ sources

1. The row's `id` is `statements.subject_id`, the column's name is `statements.property`. Columns that come of one property share its
   statements: `…_earliest` and `…_latest` those of their date, `comparator` and `value_high` those of `value`. That a thing exists or
   happened is the property `occurs`; who took part in an event is its property `participant`.
2. Every candidate value is a row of `statements`: `rank` says whether it is the one that is published (`preferred`), true as far as it goes
   or an open rival (`normal`), or known to be wrong (`deprecated`); `rule` and `decision_id` say why.
3. `claims.statement_id` leads to who says so or denies it: in which source, as fact, plan or allegation, in whose voice.
4. `claims.passage_id` leads to the place: the line of the source, and in it the characters from `start` to `end`, where the key word
   `find` stands.

The view `evidence` has all of it in one flat table. Labels, summaries, kinds and topics are editorial: ours, marked so in the column's
description, and without claims.

```sql
{EXAMPLE};
```
"""
    with closing(connect(contents.database)) as connection:
        cursor = connection.execute(EXAMPLE)
        names, rows = [column[0] for column in cursor.description], cursor.fetchall()
    if rows:
        yield from _markdown_table(names, rows)


def _cited_row(contents: Contents) -> str:
    """Return an example of a row that is cited, or nothing where there is none."""
    with closing(connect(contents.database)) as connection:
        row = connection.execute(CITED_ROW).fetchone()
    if not row:
        return "."
    place, label, standing, lines = row
    return f":\n\n> {contents.title}, version {contents.version}: “{label}” ({place}, {standing}), after {lines}. CC BY 4.0."


def _citing(contents: Contents) -> Iterator[str]:
    yield f"""\
## How to cite, and what is allowed

> {citation(contents)}

Name the version: a later one may say otherwise. To cite one value, add the row and the source with its line{_cited_row(contents)}

The data are licensed under CC BY 4.0 ({contents.licence_url}): share and adapt them for any purpose, and give credit. The code that
made them is licensed under Apache-2.0. The texts of the sources are not part of the dataset and stay with their owners;
`passages.find` holds at most 16 characters of a line.
"""


def _counts(tables: Iterable[DescribedTable]) -> Iterator[str]:
    rows = [(f"`{t.name}`", "view" if t.is_view else "table", f"{t.row_count:,}", len(t.columns)) for t in tables]
    yield from _markdown_table(["name", "kind", "rows", "columns"], rows)


def _markdown_table(names: list[str], rows: Iterable[tuple[object, ...]]) -> Iterator[str]:
    for cells in (names, ["---"] * len(names), *rows):
        yield "| " + " | ".join(str("" if cell is None else cell).replace("|", "\\|") for cell in cells) + " |"
    yield ""
