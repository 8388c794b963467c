"""Downloads for spreadsheets: what the dataset says is what a spreadsheet shows, and nothing of it is computed."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any
from urllib.parse import quote

import openpyxl
import pytest
from datasette.plugins import pm
from site_client import Site


@pytest.fixture(scope="module", autouse=True)  # it loads the plugins
def pages(asked_within: Site) -> Site:
    return asked_within


def cell(text: str) -> str:
    written: str = pm.get_plugin("spreadsheet.py").write_cell(text)
    return written


def sheet(answer: Any) -> list[list[str]]:
    """Return the rows as a spreadsheet reads them: as UTF-8, because the mark says so."""
    assert answer.status_code == 200
    assert answer.content[:3] == b"\xef\xbb\xbf"
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"].startswith("attachment")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ('["wsj-zh-2024-09", "huxiu-2024-12"]', "wsj-zh-2024-09; huxiu-2024-12"),
        ("[]", ""),
        ("[" * 5000, "[" * 5000),  # deeper than lists can be read
        ("[not a list]", "[not a list]"),
        ('[{"a": 1}]', '[{"a": 1}]'),
        ("2023-11-17", "2023-11-17"),
        ("2023-11-17[America/Los_Angeles]", "2023-11-17"),
        ("2023-11-18T04:00[Asia/Shanghai]", "2023-11-17"),
        ("2023-11-17T12:00[America/Los_Angeles]", "2023-11-17"),
        ("2023-11-17T20:00Z", "2023-11-17 20:00"),
        ("2023-11", "2023-11-XX"),
        ("2023-11-17~", "2023-11-17~"),
        ("2024-21", "2024-21"),
        ("2023-11-17/2023-11-20", "2023-11-17/2023-11-20"),
        ("2023-99-99T12:00[Nowhere/None]", "2023-99-99T12:00[Nowhere/None]"),
        ("2023", "2023"),
        ("奥特曼", "奥特曼"),
        ("", ""),
    ],
)
def test_lists_and_dates_are_written_as_a_spreadsheet_reads_them(said: str, written: str) -> None:
    assert cell(said) == written


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_a_text_that_begins_like_a_formula_stays_text(sign: str) -> None:
    for text in (f"{sign}1+1", f'{sign}HYPERLINK("http://x")', sign, f'["{sign}x"]'.encode("unicode_escape").decode()):
        assert cell(text)[:1] == "'"


@pytest.mark.parametrize("number", ["-5", "-2.5", "0", "1e-05", "-1.5E+10"])
def test_a_number_stays_a_number(number: str) -> None:
    assert cell(number) == number


def test_the_download_of_a_table_holds_every_row_and_names_in_chinese(pages: Site) -> None:
    header, *rows = sheet(pages.get("/leadership/people.spreadsheet"))
    expected = {row["id"]: row for row in pages.rows("SELECT id, label_zh, sources FROM people")}
    assert [row[header.index("id")] for row in rows] != []
    assert {row[header.index("id")] for row in rows} == set(expected)
    for row in rows:
        said = dict(zip(header, row, strict=True))
        assert said["label_zh"] == expected[said["id"]]["label_zh"]
        assert "[" not in said["sources"]


def test_no_cell_of_any_table_would_be_computed_or_holds_a_json_list(pages: Site) -> None:
    for table in ("departures", "timeline", "interpretations", "people"):
        rows = sheet(pages.get(f"/leadership/{table}.spreadsheet?_labels=on"))
        for text in (text for row in rows for text in row):
            assert not text.startswith(('["', "=", "+", "@")), (table, text)


def test_a_query_s_download_is_guarded_and_complete(pages: Site) -> None:
    text = 'SELECT \'=cmd|x\' AS a, -1 AS b, \'["x","y"]\' AS c, \'two\nlines, "quoted"\' AS d, NULL AS "=e"'
    assert sheet(pages.get(f"/leadership.spreadsheet?sql={quote(text)}")) == [
        ["a", "b", "c", "d", "'=e"],
        ["'=cmd|x", "-1", "x; y", 'two\nlines, "quoted"', ""],
    ]


def test_a_query_that_fails_is_told_and_no_file(pages: Site) -> None:
    answer = pages.get("/leadership.spreadsheet?sql=SELECT+nope")
    assert answer.status_code == 400
    assert "content-disposition" not in answer.headers


@pytest.mark.parametrize(
    "path",
    ["/leadership/people", "/leadership/timeline", "/leadership/headcount", "/leadership/people/sam-altman", "/leadership?sql=SELECT+1"],
)
def test_pages_of_tables_views_questions_and_rows_link_to_it(pages: Site, path: str) -> None:
    page = pages.get(path).text
    link = page.split('">CSV for spreadsheets</a>')[0].rsplit('href="', 1)[1].replace("&amp;", "&")
    assert len(sheet(pages.get(link))) >= 2


def lay_release(folder: Path, site: Site, monkeypatch: pytest.MonkeyPatch, digest: str | None = None) -> None:
    """Put a release with a workbook where the site looks for one; by default of the database that it serves."""
    folder.mkdir(exist_ok=True)
    openpyxl.Workbook().save(folder / "leadership.xlsx")
    digest = digest or site.datasette.get_database("leadership").hash
    (folder / "SHA256SUMS").write_text(f"{'0' * 64}  README.md\n{digest}  leadership.db\n", encoding="utf-8")
    monkeypatch.setattr(pm.get_plugin("workbook.py"), "RELEASE", folder)


def ask_for_pages(pages: Site) -> list[str]:
    """Return the pages that offer the workbook, not as they are kept."""
    return [pages.get(path, headers={"cache-control": "no-cache"}).text for path in ("/", "/leadership")]


def test_the_workbook_of_a_release_is_offered_where_the_database_is(pages: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay_release(tmp_path, pages, monkeypatch)
    assert all('href="/downloads/leadership.xlsx"' in page for page in ask_for_pages(pages))
    answer = pages.get("/downloads/leadership.xlsx")
    assert answer.headers["content-disposition"] == 'attachment; filename="leadership.xlsx"'
    assert openpyxl.load_workbook(io.BytesIO(answer.content)).sheetnames == ["Sheet"]


@pytest.mark.parametrize("digest", ["f" * 64, None])
def test_a_workbook_of_another_database_or_none_is_not_offered(
    pages: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, digest: str | None
) -> None:
    lay_release(tmp_path, pages, monkeypatch, digest)
    if digest is None:
        (tmp_path / "SHA256SUMS").unlink()
    assert not any("leadership.xlsx" in page for page in ask_for_pages(pages))
    assert pages.get("/downloads/leadership.xlsx", headers={"cache-control": "no-cache"}).status_code == 404
