"""A release: every format holds what the database holds, cell for cell; it is complete or not there; one build gives the same bytes."""

from __future__ import annotations

import csv
import fcntl
import gzip
import hashlib
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import RawFolder
from distribution import releasing
from distribution.contents import Contents, DescribedColumn, DescribedTable, Type, read_contents
from distribution.fitness import check_fitness, find_misfit
from distribution.formats import write_csv, write_jsonl, write_parquet
from distribution.notes import EXAMPLE, find_section, render_readme
from distribution.releasing import write_release
from distribution.stopped import ReleaseStopped
from distribution.workbook import in_reading_order, write_workbook
from hypothesis import given, settings
from hypothesis import strategies as st
from leadership import paths
from leadership.building import build

ROWS = dict[str, list[tuple]]
WRITERS = ["write_gzip", "write_csv", "write_zip", "write_jsonl", "write_parquet", "write_workbook", "_write_notes", "sums"]
# Texts that programs like to take for something else, and numbers that are not whole; they stand in the database `odd`.
ODD_TEXTS = ["=1+1", "007", "https://example.org/a", '奥特曼, "Sam"', "NULL", " padded ", "@sum", "2023-11-17", "two\nlines", "1e5"]
ODD_NUMBERS = (74.5, 2**53 + 2)
INTEGERS = st.integers(-(2**63), 2**63 - 1)  # those that SQLite holds


@pytest.fixture(scope="module")
def release(little: Path) -> Path:
    """A release with every table and few rows: what a format does to a cell does not depend on how many there are."""
    return little


@pytest.fixture(scope="module")
def contents(release: Path) -> Contents:
    return read_contents(release / "leadership.db", paths.METADATA)


@pytest.fixture(scope="module")
def rows(release: Path) -> ROWS:
    """The rows of every table and view, asked of the database without the code under test."""
    return all_rows(release / "leadership.db")


@pytest.fixture(scope="module")
def real_readme(release: Path, database: Path) -> str:
    """What the README of a release of the real data says."""
    return render_readme(read_contents(database, paths.METADATA), sorted(digests(release)))


@pytest.fixture(scope="module")
def workbook(release: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(release / "leadership.xlsx")


@pytest.fixture(scope="module")
def odd_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small database with odd texts and numbers, in which some tables have no row."""
    folder = tmp_path_factory.mktemp("odd")
    database = folder / "leadership.db"
    build(RawFolder(folder / "raw").folder, paths.METADATA, database)
    with closing(sqlite3.connect(database)) as connection, connection:
        ids = [found for (found,) in connection.execute("SELECT id FROM codes ORDER BY id")]
        connection.executemany("UPDATE codes SET definition = ? WHERE id = ?", zip(ODD_TEXTS, ids, strict=False))
        connection.execute("UPDATE figures SET value = ?, value_high = ?", ODD_NUMBERS)
    assert not all_rows(database)["findings"]
    return database


@pytest.fixture(scope="module")
def odd(odd_database: Path) -> Path:
    """A release of that database."""
    write_release(odd_database, paths.METADATA, odd_database.parent / "release")
    return odd_database.parent / "release"


def all_rows(database: Path) -> ROWS:
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
        found = connection.execute("SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'subjects_fts%'")
        return {
            name: connection.execute(f'SELECT * FROM "{name}"{" ORDER BY 1" if kind == "table" else ""}').fetchall()
            for name, kind in found.fetchall()
        }


def digests(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def data_of(folder: Path) -> dict[str, str]:
    """The digests of the tables, without that of the build, which depends on where its input lay."""
    return {name: digest for name, digest in digests(folder).items() if name.endswith(".parquet") and "build_info" not in name}


def names_of(folder: Path) -> set[str]:
    return {path.stem for path in folder.iterdir() if path.name != "csv-metadata.json"}


def exactly(cells: Iterable[object]) -> list[tuple[type, object]]:
    """Cells with their types, because 1 == 1.0 == True."""
    return [(type(cell), cell) for cell in cells]


def as_in_a_workbook(cell: object) -> object:
    """A cell as Excel has it, to which 747.0 is the number 747."""
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell


def run_release(*arguments: str, root: Path) -> subprocess.CompletedProcess[str]:
    known = {name: value for name, value in os.environ.items() if name != "SOURCE_TEXTS"}  # it may be named from where the tests run
    return subprocess.run(
        [sys.executable, "-m", "leadership", "release", *arguments],
        cwd=root,
        env={**known, "PYTHONPATH": str(root / "scripts")},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def start_release(database: Path, target: Path, **environment: str) -> subprocess.Popen[bytes]:
    """Start another process that writes a release."""
    code = "import sys; from pathlib import Path; from distribution.releasing import write_release; write_release(*map(Path, sys.argv[1:]))"
    return subprocess.Popen(
        [sys.executable, "-c", code, database, paths.METADATA, target],
        env={**os.environ, "PYTHONPATH": str(paths.ROOT / "scripts"), **environment},
    )


def copy_of(release: Path, folder: Path) -> Path:
    return Path(shutil.copytree(release, folder / "release"))


# Formats


def test_the_database_is_the_one_that_was_built(release):
    assert (release / "leadership.db").read_bytes() == (release.parent / "leadership.db").read_bytes()


def test_the_compressed_database_unpacks_to_the_same_bytes(release):
    packed = (release / "leadership.db.gz").read_bytes()
    assert gzip.decompress(packed) == (release / "leadership.db").read_bytes()
    assert len(packed) < (release / "leadership.db").stat().st_size / 3
    assert packed[3:8] == bytes(5), "no name and no time in its header"


def test_the_zip_unpacks_to_the_csv_files_and_their_licence(release):
    with zipfile.ZipFile(release / "leadership-csv.zip") as packed:
        assert packed.testzip() is None
        found = {entry.filename: packed.read(entry) for entry in packed.infolist()}
        assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    licence = found.pop("LICENSE-DATA")
    assert licence == (release / "LICENSE-DATA").read_bytes()
    assert found == {path.name: path.read_bytes() for path in (release / "csv").glob("*.csv")}


@pytest.mark.parametrize("folder", ["csv", "jsonl", "parquet"])
def test_there_is_a_file_for_each_table_and_view(release, rows, folder):
    assert names_of(release / folder) == rows.keys()
    assert {"people", "claims", "build_info", "timeline", "evidence"} <= rows.keys()


def read_csv(path: Path, types: list[str]) -> list[tuple]:
    """Read a CSV file by its rule: an empty field is NULL, columns of numbers hold numbers, all else is text."""
    convert = {"text": str, "integer": int, "number": lambda text: float(text) if set(text) & set(".eE") else int(text)}
    with path.open(encoding="utf-8", newline="") as file:
        lines = csv.reader(file, strict=True)
        next(lines)
        return [tuple(convert[kind](text) if text else None for text, kind in zip(line, types, strict=True)) for line in lines]


@pytest.mark.parametrize("folder", ["release", "odd"])
def test_csv_holds_every_cell_of_the_database(request, folder):
    folder = request.getfixturevalue(folder)
    known = read_contents(folder / "leadership.db", paths.METADATA).by_name
    for name, expected in all_rows(folder / "leadership.db").items():
        found = read_csv(folder / "csv" / f"{name}.csv", [column.type for column in known[name].columns])
        assert list(map(exactly, found)) == list(map(exactly, expected)), name


def test_csv_has_a_header_and_line_feeds_and_no_byte_order_mark(release, contents):
    for table in contents.tables:
        text = (release / "csv" / f"{table.name}.csv").read_bytes()
        assert text.startswith(",".join(column.name for column in table.columns).encode() + b"\n")
        assert b"\r" not in text
        assert text.endswith(b"\n")


def test_csv_files_of_a_release_are_those_that_the_build_publishes(release, contents):
    published = {path.stem: path.read_bytes() for path in (release.parent / "csv").glob("*.csv")}
    assert published.keys() == {table.name for table in contents.base_tables} - {"build_info"}
    assert {name: (release / "csv" / f"{name}.csv").read_bytes() for name in published} == published


@pytest.mark.parametrize("folder", ["release", "odd"])
def test_json_lines_hold_every_cell_of_the_database(request, folder):
    folder = request.getfixturevalue(folder)
    known = read_contents(folder / "leadership.db", paths.METADATA).by_name
    for name, expected in all_rows(folder / "leadership.db").items():
        objects = [json.loads(line) for line in (folder / "jsonl" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
        columns = [column.name for column in known[name].columns]
        assert all(list(found) == columns for found in objects), name
        assert [exactly(tuple(found.values())) for found in objects] == list(map(exactly, expected)), name


def test_json_lines_keep_chinese_readable_and_arrays_as_text(release):
    text = (release / "jsonl" / "people.jsonl").read_text(encoding="utf-8")
    assert "奥特曼" in text
    assert "\\u" not in text
    assert all(isinstance(json.loads(line)["sources"], str) for line in text.splitlines())


def with_doubles(contents: Contents, name: str, expected: list[tuple]) -> list[tuple]:
    """Rows as Parquet keeps them: of the columns of numbers a double each."""
    numbers = [column.type == "number" for column in contents.by_name[name].columns]
    return [
        tuple(float(cell) if cell is not None and number else cell for cell, number in zip(row, numbers, strict=True)) for row in expected
    ]


@pytest.mark.parametrize("folder", ["release", "odd"])
def test_parquet_holds_every_cell_of_the_database(request, folder):
    folder = request.getfixturevalue(folder)
    known = read_contents(folder / "leadership.db", paths.METADATA)
    for name, expected in all_rows(folder / "leadership.db").items():
        found = [tuple(row.values()) for row in pq.read_table(folder / "parquet" / f"{name}.parquet").to_pylist()]
        assert list(map(exactly, found)) == list(map(exactly, with_doubles(known, name, expected))), name


def test_duckdb_reads_the_same_from_parquet(release, contents, rows):
    with duckdb.connect() as connection:
        for name, expected in rows.items():
            found = connection.execute("SELECT * FROM read_parquet(?)", [str(release / "parquet" / f"{name}.parquet")]).fetchall()
            assert list(map(exactly, found)) == list(map(exactly, with_doubles(contents, name, expected))), name


def test_parquet_says_the_type_of_each_column_and_whether_it_may_be_empty(release):
    figures = pq.read_schema(release / "parquet" / "figures.parquet")
    assert figures.field("id").type == figures.field("as_of").type == figures.field("as_of_earliest").type == pa.string()
    assert figures.field("value").type == pa.float64()
    assert figures.field("origin_count").type == pa.int64()
    assert [field.name for field in figures if not field.nullable][:3] == ["id", "label", "label_zh"]
    assert figures.field("value_high").nullable


def test_parquet_holds_the_description_of_the_table_and_of_every_column(release, contents):
    for table in contents.tables:
        schema = pq.read_schema(release / "parquet" / f"{table.name}.parquet")
        assert schema.metadata[b"title"].decode() == table.title
        assert schema.metadata[b"description"].decode() == table.description
        assert schema.metadata[b"logical_digest"].decode() == contents.digest
        assert [field.metadata[b"description"].decode() for field in schema] == [column.description for column in table.columns]
        assert schema.metadata.get(b"primary_key", b"").decode() == table.key
    departures = pq.read_schema(release / "parquet" / "departures.parquet")
    assert departures.field("manner").metadata[b"codes"] == b"manner"
    assert departures.field("person_id").metadata[b"references"] == b"people"


# Excel


def test_the_workbook_has_one_sheet_for_each_table_and_view(workbook, contents):
    filled = [table for table in contents.tables if table.row_count]
    assert workbook.sheetnames == [
        *("About", "Columns"),
        *(table.name for table in filled if table.is_view),  # what people read first
        *(table.name for table in filled if not table.is_view),
        *(table.name for table in sorted(contents.tables, key=lambda table: not table.is_view) if not table.row_count),
    ]
    assert all(len(name) <= 31 for name in workbook.sheetnames)


def test_the_first_sheet_says_what_the_workbook_is(workbook, contents):
    lines = [[cell for cell in row if cell is not None] for row in workbook["About"].iter_rows(values_only=True)]
    about = dict(line for line in lines if len(line) == 2)
    assert about["Title"] == contents.title
    assert about["Version"] == contents.version
    assert about["Logical digest"] == contents.digest
    assert about["Licence"].startswith(contents.licence)
    assert contents.title in about["Cite as"]
    assert contents.version in about["Cite as"]
    start = lines.index(["sheet", "title", "kind", "rows", "what it holds"]) + 1
    kinds = {True: "view", False: "table"}
    assert lines[start:] == [[t.name, t.title, kinds[t.is_view], t.row_count, t.description] for t in in_reading_order(contents)]
    first = workbook["About"].cell(start + 1, 1)
    assert first.hyperlink.location == f"'{in_reading_order(contents)[0].name}'!A1"


def test_the_second_sheet_says_what_each_column_means(workbook, contents):
    header, *lines = workbook["Columns"].iter_rows(values_only=True)
    assert header == ("sheet", "column", "description", "type", "form", "codes", "references", "required")
    assert [line[:4] for line in lines] == [(t.name, c.name, c.description, c.type) for t in in_reading_order(contents) for c in t.columns]
    assert ("departures", "manner") in {line[:2] for line in lines if line[5] == "manner"}


@pytest.mark.parametrize("folder", ["release", "odd"])
def test_the_workbook_holds_every_cell_of_the_database(request, folder):
    folder = request.getfixturevalue(folder)
    book = openpyxl.load_workbook(folder / "leadership.xlsx")
    known = read_contents(folder / "leadership.db", paths.METADATA).by_name
    for name, expected in all_rows(folder / "leadership.db").items():
        header, *found = book[name].iter_rows(max_col=len(known[name].columns))
        assert [cell.value for cell in header] == [column.name for column in known[name].columns]
        cells = [exactly(tuple(cell.value for cell in row)) for row in found]
        assert cells == [exactly(map(as_in_a_workbook, row)) for row in expected], name
        kinds = {str: "s", int: "n", float: "n", type(None): "n"}
        assert all(cell.data_type == kinds[type(cell.value)] for row in found for cell in row), name


def test_a_text_that_looks_like_a_formula_an_address_or_a_number_stays_text(odd, workbook):
    sheet = openpyxl.load_workbook(odd / "leadership.xlsx")["codes"]
    cells = {cell.value: cell for row in sheet.iter_rows() for cell in row if cell.value in ODD_TEXTS}
    assert cells.keys() == set(ODD_TEXTS)
    assert {cell.data_type for cell in cells.values()} == {"s"}
    assert not any(cell.hyperlink for cell in cells.values())
    (column,) = [column for column in workbook["figures"].iter_cols() if column[0].value == "comparator"]
    comparators = [cell for cell in column if cell.value == "="]
    assert comparators
    assert {cell.data_type for cell in comparators} == {"s"}


def test_each_sheet_keeps_its_header_in_sight_and_can_be_filtered(workbook, contents):
    for table in contents.tables:
        sheet = workbook[table.name]
        corner = sheet.cell(table.row_count + 1, len(table.columns)).coordinate
        assert sheet.freeze_panes == "B2", table.name
        assert sheet.auto_filter.ref == f"A1:{corner}", table.name


def test_columns_are_as_wide_as_their_text_within_bounds(workbook):
    def width(sheet, column):
        return workbook[sheet].column_dimensions[column].width

    assert all(6 <= dimension.width <= 62 for sheet in workbook.sheetnames[1:] for dimension in workbook[sheet].column_dimensions.values())
    longest = max(len(cell.value) for cell in workbook["people"]["A"])
    assert longest <= width("people", "A") <= longest + 12
    assert max(dimension.width for dimension in workbook["codes"].column_dimensions.values()) > 60  # of the definitions


def test_chinese_arrives_in_the_workbook(workbook):
    names = {cell.value for row in workbook["people"].iter_rows() for cell in row}
    assert "奥特曼" in "".join(name for name in names if isinstance(name, str))


def test_the_readme_lists_each_source_that_was_read_and_no_other(release: Path, contents: Contents):
    text = (release / "README.md").read_text(encoding="utf-8")
    section = text.partition("## What has been read")[2].partition("## How to read a cell")[0]
    with closing(sqlite3.connect(contents.database)) as connection:
        read = dict(
            connection.execute(
                "SELECT s.id, count(*) FROM sources s JOIN claims c ON c.source_id = s.id WHERE s.access <> 'cited' GROUP BY s.id"
            )
        )
    listed = re.findall(r"^\| `([a-z0-9-]+)` \|.*\| (\d[\d,]*) \|$", section, re.MULTILINE)
    assert {source: int(claims.replace(",", "")) for source, claims in listed} == read != {}


def test_the_readme_cites_a_row_by_a_source_and_a_line_that_affirm_it(real_readme: str, database: Path):
    place, sources = re.search(r"\((departures/[a-z0-9-]+), [a-z ]+\), after ([^.]+)\.", real_readme).groups()
    source, line = re.search(r"([a-z0-9-]+) line (\d+)", sources).groups()  # of a source that was only read no line is known
    query = """SELECT count(*) FROM claims c JOIN statements s ON s.id = c.statement_id JOIN passages p ON p.id = c.passage_id
        WHERE s.subject_id = ? AND c.source_id = ? AND p.line = ? AND c.polarity = 'affirms'"""
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute(query, (place.partition("/")[2], source, int(line))).fetchone()[0] > 0


# What LibreOffice is told: every sheet, UTF-8, commas, quotes where needed, cells as they are and not as they are shown.
EVERY_SHEET = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_an_office_program_opens_the_workbook_and_gives_back_every_sheet_as_the_csv_file_has_it(release: Path, tmp_path: Path):
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"  # so that it minds no other that runs
    command = ["soffice", profile, "--headless", "--convert-to", EVERY_SHEET, "--outdir", str(tmp_path), str(release / "leadership.xlsx")]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    sheets = {path.stem: path for path in (release / "csv").glob("*.csv")}
    assert len(sheets) > 30
    for name, path in sheets.items():
        saved = tmp_path / f"leadership-{name}.csv"
        assert fields(saved) == fields(path), name


def fields(path: Path) -> list[list[str]]:
    """The cells of a CSV file; whole numbers without the decimals that a column of numbers gives them, and Excel does not."""
    with path.open(encoding="utf-8", newline="") as file:
        return [[re.sub(r"^(\d+)\.0$", r"\1", cell) for cell in row] for row in csv.reader(file)]


def test_the_workbook_holds_no_time_but_a_fixed_one(release, workbook):
    assert workbook.properties.created.isoformat() == "1980-01-01T00:00:00"
    assert workbook.properties.modified.isoformat() == "1980-01-01T00:00:00"
    with zipfile.ZipFile(release / "leadership.xlsx") as packed:
        assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}


# What a format cannot hold


@pytest.mark.parametrize(
    ("value", "kind", "misfit"),
    [
        ("", "text", "is an empty text, which CSV and Excel cannot tell from NULL"),
        ("x" * 32_768, "text", "is longer than the 32767 characters of a cell of Excel"),
        ("😀" * 16_384, "text", "is longer than the 32767 characters of a cell of Excel"),
        ("a\rb", "text", "holds a control character, which Excel cannot keep"),
        ("a\x00b", "text", "holds a control character, which Excel cannot keep"),
        ("_x0041_", "text", "holds what Excel reads as an escaped character"),
        (1, "text", "is no text"),
        ("1", "integer", "is no integer"),
        (1.5, "integer", "is no integer"),
        (2**53 + 1, "integer", "is a number that a double of 16 digits does not hold"),
        (10**400, "number", "is a number that a double of 16 digits does not hold"),
        (0.1 + 0.2, "number", "is a number that a double of 16 digits does not hold"),
        (float("inf"), "number", "is a number that a double of 16 digits does not hold"),
        (float("nan"), "number", "is a number that a double of 16 digits does not hold"),
    ],
)
def test_a_cell_that_a_format_would_change_is_found(value, kind, misfit):
    assert find_misfit(value, kind) == misfit


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (None, "text"),
        (None, "integer"),
        ("x" * 32_767, "text"),
        ("a\nb\tc", "text"),
        ("=1+1", "text"),
        (2**53, "integer"),
        (0.1, "number"),
        (7, "number"),
    ],
)
def test_a_cell_that_every_format_keeps_passes(value, kind):
    assert find_misfit(value, kind) == ""


@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(st.text(min_size=1), INTEGERS, INTEGERS | st.floats(allow_nan=False)), min_size=1, max_size=60))
def test_whatever_passes_arrives_the_same_in_every_format(rows):
    kinds: tuple[Type, ...] = ("text", "integer", "number")
    rows = [tuple(None if find_misfit(cell, kind) else cell for cell, kind in zip(row, kinds, strict=True)) for row in rows]
    rows = [(f"{position:03}", *row) for position, row in enumerate(rows)]
    columns = tuple(DescribedColumn(name, kind, name, name == "id") for name, kind in zip(("id", *kinds), ("text", *kinds), strict=True))
    with TemporaryDirectory() as scratch:
        folder = Path(scratch)
        with closing(sqlite3.connect(folder / "things.db")) as connection, connection:
            connection.execute("CREATE TABLE things (id TEXT PRIMARY KEY, text TEXT, integer INTEGER, number ANY) STRICT")
            connection.executemany("INSERT INTO things VALUES (?, ?, ?, ?)", rows)
        table = DescribedTable("things", "Things", "Things.", columns, "id", folder / "things.db")
        things = Contents(folder / "things.db", "Things", "Things.", "CC BY 4.0", "", "1", "0", (table,), {})
        check_fitness(things)
        for write, name in ((write_csv, "csv"), (write_jsonl, "jsonl"), (write_parquet, "parquet")):
            write(things, folder / name)
        write_workbook(things, "Things.", folder / "things.xlsx")
        expected = list(map(exactly, rows))
        assert list(map(exactly, read_csv(folder / "csv" / "things.csv", ["text", *kinds]))) == expected
        lines = (folder / "jsonl" / "things.jsonl").read_text(encoding="utf-8").split("\n")[:-1]
        assert [exactly(tuple(json.loads(line).values())) for line in lines] == expected
        parquet = [tuple(row.values()) for row in pq.read_table(folder / "parquet" / "things.parquet").to_pylist()]
        assert list(map(exactly, parquet)) == list(map(exactly, with_doubles(things, "things", rows)))
        sheet = openpyxl.load_workbook(folder / "things.xlsx")["things"]
        assert list(sheet.iter_rows(min_row=2, values_only=True)) == rows


def test_an_empty_text_stops_the_release_and_is_named(odd, tmp_path):
    changed = shutil.copyfile(odd / "leadership.db", tmp_path / "leadership.db")
    with closing(sqlite3.connect(changed)) as connection, connection:
        connection.execute("UPDATE people SET name_zh = '' WHERE id = 'sam-altman'")
    with pytest.raises(
        ReleaseStopped, match=r"^people\.name_zh of 'sam-altman' is an empty text, which CSV and Excel cannot tell from NULL"
    ):
        write_release(changed, paths.METADATA, tmp_path / "release")
    assert not (tmp_path / "release").exists()


def test_the_data_as_they_are_fit_every_format(database):
    check_fitness(read_contents(database, paths.METADATA))


# The folder


def test_nothing_is_in_the_folder_but_what_belongs_there(release, rows):
    tables = {f"{folder}/{name}.{folder}" for folder in ("csv", "jsonl", "parquet") for name in rows}
    whole = {"leadership.db", "leadership.db.gz", "leadership-csv.zip", "leadership.xlsx"}
    texts = {"README.md", "RELEASE.md", "LICENSE", "LICENSE-DATA", "CHANGELOG.md", "SHA256SUMS"}
    texts |= {"datapackage.json", "croissant.json", "dcat.jsonld", "csv/csv-metadata.json", "annotations.jsonld"}
    texts |= {"CITATION.cff", "DICTIONARY.md", "DIAGRAM.md"}
    assert digests(release).keys() == tables | whole | texts
    assert [path for path in release.rglob("*") if path.is_symlink()] == []
    assert {path.name for path in release.iterdir() if path.is_dir()} == {"csv", "jsonl", "parquet"}


def test_every_sum_is_right_and_every_file_has_one(release):
    lines = [line.split("  ", 1) for line in (release / "SHA256SUMS").read_text(encoding="utf-8").splitlines()]
    found = digests(release)
    del found["SHA256SUMS"]
    assert {name: digest for digest, name in lines} == found
    assert [name for _, name in lines] == sorted(found, key=lambda name: Path(name))


@pytest.mark.parametrize("damaged", ["leadership.db", "csv/people.csv", "README.md"])
def test_sha256sum_finds_a_damaged_file(odd, tmp_path, damaged):
    folder = copy_of(odd, tmp_path)
    command = ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"]
    assert subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode == 0
    content = bytearray((folder / damaged).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / damaged).write_bytes(content)
    checked = subprocess.run(command, cwd=folder, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"}, check=False)
    assert checked.returncode == 1
    assert checked.stdout == f"{damaged}: FAILED\n"


def test_two_releases_of_one_build_are_equal_byte_for_byte(odd_database, odd, tmp_path):
    """The second is written by another process, with another seed, zone and language."""
    with start_release(odd_database, tmp_path / "release", PYTHONHASHSEED="7", TZ="Asia/Tokyo", LC_ALL="C") as process:
        assert process.wait() == 0
    assert digests(tmp_path / "release") == digests(odd)


# Complete or not at all


@pytest.mark.parametrize("writer", WRITERS)
def test_a_release_that_fails_on_the_way_leaves_the_old_one(odd_database, odd, tmp_path, monkeypatch, writer):
    old = copy_of(odd, tmp_path)
    before = digests(old)

    def fail(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(releasing, writer, fail)
    with pytest.raises(ReleaseStopped, match="No space left on device; free some space"):
        write_release(odd_database, paths.METADATA, old)
    assert digests(old) == before
    assert {path.name for path in tmp_path.iterdir()} == {"release", ".release.lock"}


def test_an_interrupted_release_leaves_the_old_one(odd_database, odd, tmp_path, monkeypatch):
    old = copy_of(odd, tmp_path)

    def interrupt(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(releasing, "write_parquet", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_release(odd_database, paths.METADATA, old)
    assert digests(old) == digests(odd)
    assert {path.name for path in tmp_path.iterdir()} == {"release", ".release.lock"}


def test_the_old_release_comes_back_if_the_new_one_cannot_take_its_place(odd_database, odd, tmp_path, monkeypatch):
    old = copy_of(odd, tmp_path)
    (old / "README.md").write_text("old")
    rename = Path.rename

    def refuse_the_new(self: Path, target: Path) -> Path:
        if self.name == ".release.new":
            raise OSError(13, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse_the_new)
    with pytest.raises(ReleaseStopped, match="could not be replaced \\(Permission denied\\)"):
        write_release(odd_database, paths.METADATA, old)
    assert (old / "README.md").read_text() == "old"
    assert {path.name for path in tmp_path.iterdir()} == {"release", ".release.lock"}


def test_a_release_takes_the_place_of_an_older_one_and_of_what_a_killed_one_has_left(odd_database, odd, tmp_path):
    old = copy_of(odd, tmp_path)
    (old / "csv" / "stale.csv").write_text("id\n")
    with (old / "SHA256SUMS").open("a") as listed:
        listed.write(f"{'0' * 64}  csv/stale.csv\n")
    (tmp_path / ".release.new" / "csv").mkdir(parents=True)
    files = write_release(odd_database, paths.METADATA, old)
    assert digests(old) == digests(odd)
    assert {path.name for path in tmp_path.iterdir()} == {"release", ".release.lock"}
    assert sorted(path.relative_to(old).as_posix() for path in files) == sorted(digests(old))
    assert files[-1].name == "SHA256SUMS"


def test_a_release_that_was_killed_between_its_two_renamings_is_made_up_for(odd_database, odd, tmp_path, monkeypatch):
    copy_of(odd, tmp_path).rename(tmp_path / ".release.old")

    def fail(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(releasing, "write_csv", fail)
    with pytest.raises(ReleaseStopped):
        write_release(odd_database, paths.METADATA, tmp_path / "release")
    assert digests(tmp_path / "release") == digests(odd)


@pytest.mark.parametrize("reached", ["leadership.db", "jsonl", "parquet"])
def test_a_release_that_is_killed_leaves_the_old_one_and_the_next_clears_up(odd_database, odd, tmp_path, reached):
    old = copy_of(odd, tmp_path)
    new = tmp_path / ".release.new"
    with start_release(odd_database, old) as process:
        while not (new / reached).exists() and process.poll() is None:
            time.sleep(0.001)
        process.kill()
    assert process.returncode == -signal.SIGKILL
    assert new.exists()
    assert digests(old) == digests(odd)
    write_release(odd_database, paths.METADATA, old)
    assert digests(old) == digests(odd)
    assert {path.name for path in tmp_path.iterdir()} == {"release", ".release.lock"}


def test_what_is_no_release_is_never_replaced(odd_database, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    (tmp_path / "mine" / "SHA256SUMS").write_text("0  letter.txt\n")
    (tmp_path / "link").symlink_to(tmp_path / "mine")
    with pytest.raises(ReleaseStopped, match="holds something else than a release"):
        write_release(odd_database, paths.METADATA, tmp_path / "mine")
    for place in ("link", "mine/letter.txt"):
        with pytest.raises(ReleaseStopped, match="is no folder; name another place or remove it"):
            write_release(odd_database, paths.METADATA, tmp_path / place)
    assert (tmp_path / "mine" / "letter.txt").read_text() == "dear"


@pytest.mark.parametrize("name", ["my-notes.txt", "csv/my-notes.csv"])
def test_what_somebody_put_into_a_release_is_named_and_never_removed(odd_database, odd, tmp_path, name):
    old = copy_of(odd, tmp_path)
    (old / name).write_text("mine")
    before = digests(old)
    with pytest.raises(ReleaseStopped, match=f"also holds {name}, which no release has put there"):
        write_release(odd_database, paths.METADATA, old)
    assert digests(old) == before


def test_two_releases_at_one_place_do_not_meet(odd_database, tmp_path):
    with (tmp_path / ".release.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(ReleaseStopped, match="another release is being written"):
            write_release(odd_database, paths.METADATA, tmp_path / "release")
    assert not (tmp_path / "release").exists()


def test_a_damaged_database_stops_the_release(tmp_path):
    (tmp_path / "leadership.db").write_bytes(b"no database" * 1000)
    with pytest.raises(ReleaseStopped, match=r"file is not a database; .*build the database anew"):
        write_release(tmp_path / "leadership.db", paths.METADATA, tmp_path / "release")


# The command


@pytest.fixture(scope="module")
def project(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what of this project a release is made from, with little data and without a database."""
    root = tmp_path_factory.mktemp("project")
    shutil.copytree(paths.ROOT / "scripts", root / "scripts", ignore=shutil.ignore_patterns("site", "__pycache__"))
    shutil.copytree(release.parent / "raw", root / "raw")
    for path in (*paths.ROOT.glob("LICENSE*"), paths.METADATA):
        shutil.copyfile(path, root / path.name)
    return root


def test_the_command_builds_writes_the_release_and_says_what_it_wrote(release, project):
    shutil.rmtree(project / "curated", ignore_errors=True)
    done = run_release(root=project)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("What happened: ")
    written = project / "dist" / "release"
    assert digests(written).keys() == digests(release).keys()
    assert data_of(written) == data_of(release)
    sizes = {name: int(size.replace(",", "")) for size, name in re.findall(r"^ *([\d,]+)  (\S+)$", done.stdout, re.MULTILINE)}
    assert sizes == {name: (written / name).stat().st_size for name in digests(written)}
    assert done.stdout.splitlines()[-1] == f"{sum(sizes.values()):>12,}  bytes in {len(sizes)} files in {written}"


def test_a_fault_of_the_input_stops_the_command_and_leaves_the_old_release(odd, project, tmp_path):
    old = copy_of(odd, tmp_path)
    posts = project / "raw" / "posts.yml"
    text = posts.read_text(encoding="utf-8")
    posts.write_text(text + "- {id: 7}\n", encoding="utf-8")
    done = run_release("--out", str(old), root=project)
    posts.write_text(text, encoding="utf-8")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("raw/posts.yml:")
    assert done.stderr.endswith("faults; the database was left as it is.\nAn earlier release was left as it is.\n")
    assert digests(old) == digests(odd)


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("/", "/ is no place for a release; name a folder"),
        ("/dev/null/release", "/dev/null cannot be written (File exists); make it writable or free some space"),
        ("/proc/release", "/proc cannot be written (No such file or directory); make it writable or free some space"),
    ],
)
def test_a_place_that_cannot_be_written_stops_the_release(odd_database, place, message):
    with pytest.raises(ReleaseStopped) as stopped:
        write_release(odd_database, paths.METADATA, Path(place))
    assert str(stopped.value) == message


def test_the_command_says_in_one_line_what_stopped_the_release(project):
    done = run_release("--out", "/", root=project)
    assert done.returncode == 1
    assert done.stderr == "Release stopped: / is no place for a release; name a folder. An earlier release was left as it is.\n"


# What it says of itself


def test_the_readme_names_every_file(release):
    text = (release / "README.md").read_text(encoding="utf-8")
    named = re.findall(
        r"^\| `([^`]+\.[a-z]+|LICENSE|LICENSE-DATA|SHA256SUMS)`(?: \(\d+ files\))? \|",
        text.split("## What the tables hold")[0],
        re.MULTILINE,
    )
    found = {path for pattern in named for path in release.glob(pattern) if path.is_file()}
    assert {path.relative_to(release).as_posix() for path in found} == digests(release).keys()


def test_a_file_of_which_the_readme_says_nothing_stops_the_release(contents):
    with pytest.raises(ReleaseStopped, match=r"nothing is said in README\.md of the file csv/notes\.txt"):
        render_readme(contents, ["README.md", "csv/notes.txt"])


def test_the_readme_names_every_table_with_its_rows(release, rows):
    text = (release / "README.md").read_text(encoding="utf-8")
    for name, found in rows.items():
        assert f"| `{name}` | {len(found):,} | " in text


def test_the_way_that_the_readme_shows_leads_to_the_line(real_readme, database):
    with closing(sqlite3.connect(database)) as connection:
        found = connection.execute(EXAMPLE).fetchall()
    assert ("747", "preferred", "later_correction", "newgeek-2023-11-23", 131, "747") in found
    for row in found:
        assert f"| {' | '.join('' if cell is None else str(cell) for cell in row)} |" in real_readme


def test_columns_that_the_readme_says_share_the_statements_of_another_have_none_of_their_own(release):
    with closing(sqlite3.connect(release / "leadership.db")) as connection:
        properties = {name for (name,) in connection.execute("SELECT DISTINCT property FROM statements")}
    assert {"value", "occurs", "participant"} <= properties
    assert not {name for name in properties if name.endswith(("_earliest", "_latest")) or name in ("comparator", "value_high")}


def test_the_note_gives_version_digest_and_counts(release, contents):
    text = (release / "RELEASE.md").read_text(encoding="utf-8")
    assert f"# {contents.title}, version {contents.version}\n" in text
    assert f"`{contents.digest}`" in text
    for table in contents.tables:
        assert f"| `{table.name}` | {'view' if table.is_view else 'table'} | {table.row_count:,} | {len(table.columns)} |" in text


CHANGELOG = """\
# Changes

## [Unreleased]

- Something.

## 0.1.0 – first

- One.

### Data

- Two.

## 0.1.0.1

- Three.

[0.1.0]: compare
"""


def test_the_note_takes_its_version_s_section_of_the_change_log():
    assert find_section(CHANGELOG, "0.1.0") == "- One.\n\n### Data\n\n- Two."
    assert find_section(CHANGELOG.replace("## 0.1.0 ", "## [0.1.0] "), "0.1.0") == "- One.\n\n### Data\n\n- Two."
    assert find_section(CHANGELOG, "0.1.0.1") == "- Three."


@pytest.mark.parametrize("version", ["0.1", "0.1.00", "1.0.0"])
def test_a_version_that_the_change_log_does_not_know_stops_the_release(version):
    with pytest.raises(ReleaseStopped, match=rf"CHANGELOG\.md says nothing under “## {re.escape(version)}”"):
        find_section(CHANGELOG, version)


def test_no_place_of_this_machine_is_in_a_release(release):
    homes = [str(paths.ROOT).encode(), str(release.parent).encode()]
    for path in release.rglob("*"):
        if path.is_file():
            assert not any(home in path.read_bytes() for home in homes), path
