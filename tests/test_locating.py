"""Holding sheets against texts: where they differ, and what is filled in."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from commands import main
from conftest import MINIMAL, SHEET, RawFolder
from leadership.locating import SourceText, compare, locate, read_text, to_ranges
from leadership.reading import read_document
from leadership.sheets import SHEET as SHEET_SHAPE
from leadership.sheets import check_shape

TEXT = SourceText("ab" * 32, ["OpenAI 奥特曼 and OpenAI", "", "On Nov. 17, Nov. 17"])
PLAIN = """\
source:
  id: x
  document: x.txt
  kind: article
names:
  openai: {OpenAI: 1, 奥特曼: [1, alias]}
passages:
  - line: 3
    find: Nov. 17
    says: []
  - {line: 1, find: "and", says: []}
"""


def located(sheet: str, text: SourceText = TEXT) -> str:
    return locate(sheet, read_document(sheet, "x.yml"), text)


def differences(sheet: str, text: SourceText = TEXT) -> list[str]:
    document = read_document(sheet, "x.yml")
    compare(document, text)
    return [str(fault) for fault in document.faults]


def test_a_text_is_read_with_its_digest_and_lines(tmp_path: Path):
    (tmp_path / "x.txt").write_bytes("a\r\n\n奥\n".encode())
    text = read_text(tmp_path, "x.txt")
    assert text is not None
    assert (text.lines, text.blank_lines) == (["a", "", "奥"], "2")
    assert text.sha256 == hashlib.sha256("a\r\n\n奥\n".encode()).hexdigest()


def test_a_text_that_is_not_there_is_none_and_no_path_leads_out_of_the_folder(tmp_path: Path):
    (tmp_path / "texts").mkdir()
    (tmp_path / "secret.txt").write_text("x")
    assert read_text(tmp_path / "texts", "x.txt") is None
    assert read_text(tmp_path / "texts", "../secret.txt") is None


def test_the_last_of_lines_with_windows_ends_has_no_carriage_return(tmp_path: Path):
    (tmp_path / "x.txt").write_bytes(b"a\r\nb\r\n")
    text = read_text(tmp_path, "x.txt")
    assert text is not None
    assert text.lines == ["a", "b"]


def test_unusual_line_separators_do_not_end_a_line(tmp_path: Path):
    (tmp_path / "x.txt").write_text("a\u2028b\x0cc\x85d\n", encoding="utf-8")
    text = read_text(tmp_path, "x.txt")
    assert text is not None
    assert len(text.lines) == 1


def test_numbers_are_joined_to_ranges():
    assert to_ranges([1, 3, 4, 5, 9, 10]) == "1, 3-5, 9-10"
    assert to_ranges([]) == ""


def test_everything_is_filled_in():
    assert (
        located(PLAIN)
        == f"""\
source:
  id: x
  document: x.txt
  blank_lines: "2"
  line_count: 3
  text_sha256: {"ab" * 32}
  kind: article
names:
  openai: {{OpenAI: 1:0, 奥特曼: [1:7, alias]}}
passages:
  - line: 3
    find: Nov. 17
    start: 3
    says: []
  - {{line: 1, find: "and", start: 11, says: []}}
"""
    )


def test_what_is_filled_in_fits_the_text_and_stays():
    assert differences(located(PLAIN)) == []
    assert located(located(PLAIN)) == located(PLAIN)


def test_a_start_that_fits_a_second_occurrence_is_kept():
    assert "start: 12\n" in located(PLAIN.replace("    find: Nov. 17\n", "    find: Nov. 17\n    start: 12\n"))
    assert "{OpenAI: 1:15," in located(PLAIN.replace("OpenAI: 1,", "OpenAI: 1:15,"))


def test_a_start_that_does_not_fit_is_replaced():
    assert "start: 3\n" in located(PLAIN.replace("    find: Nov. 17\n", "    find: Nov. 17\n    start: 4\n"))


def test_a_digest_that_is_out_of_date_is_replaced():
    assert located(located(PLAIN), SourceText("cd" * 32, TEXT.lines)) == located(PLAIN).replace("ab" * 32, "cd" * 32)


def test_an_anchor_that_does_not_stand_on_its_line_is_a_fault():
    assert differences(located(PLAIN).replace("find: Nov. 17", "find: Nov. 18")) == [
        "x.yml:12:11: “Nov. 18” does not stand on line 3 of the text; correct the line or the anchor"
    ]
    assert differences(located(PLAIN).replace("OpenAI: 1:0", "OpenAI: 2:0")) == [
        "x.yml:9:20: “OpenAI” does not stand on line 2 of the text; correct the line or the anchor"
    ]
    assert differences(located(PLAIN).replace("OpenAI: 1:0", "OpenAI: 99:0"))[0].endswith("correct the line or the anchor")


def test_an_anchor_that_begins_elsewhere_is_a_fault():
    assert differences(located(PLAIN).replace("start: 3\n", "start: 4\n")) == [
        "x.yml:12:11: “Nov. 17” does not begin at character 4 of line 3; run make locate"
    ]


@pytest.mark.parametrize(
    ("old", "new", "key", "gives"),
    [
        ("line_count: 3", "line_count: 4", "line_count", "3"),
        ("ab" * 32, "cd" * 32, "text_sha256", "ab" * 32),
        ('blank_lines: "2"', 'blank_lines: "1-2"', "blank_lines", "2"),
    ],
)
def test_a_header_that_does_not_fit_the_text_is_a_fault(old: str, new: str, key: str, gives: str):
    (fault,) = differences(located(PLAIN).replace(old, new))
    assert fault.endswith(f": {key} does not fit the text, which gives {gives}; run make locate and read the sheet again")


def test_a_run_with_texts_holds_every_sheet_against_its_text(raw: RawFolder, tmp_path: Path):
    (tmp_path / "beta.txt").write_text("OpenAI 800\n")
    raw.change("sources/beta.yml", "1" * 64, hashlib.sha256(b"OpenAI 800\n").hexdigest())
    assert raw.faults(tmp_path) == []
    raw.change("sources/beta.yml", "start: 7", "start: 8")
    assert raw.faults(tmp_path) == ["raw/sources/beta.yml:20:11: “800” does not begin at character 8 of line 1; run make locate"]


def test_names_whose_start_is_not_filled_in_are_one_fault():
    sheet = located(PLAIN).replace("OpenAI: 1:0, 奥特曼: [1:7, alias]", "OpenAI: 1, 奥特曼: [1, alias]")
    assert differences(sheet) == ["x.yml:9:20: the start of 2 anchors is not filled in yet; run make locate once"]


def test_each_place_that_fits_is_counted_once():
    sheet = located(PLAIN)
    document = read_document(
        sheet + "  - {line: 1, find: OpenAI, start: 0, says: []}\n  - {line: 1, find: none, start: 0, says: []}\n", "x.yml"
    )
    assert compare(document, TEXT) == 4


# An empty value would be refused as such, so the key goes.
def test_a_text_without_blank_lines_leaves_a_sheet_that_can_be_read():
    text = SourceText("ab" * 32, ["Sam Altman"] * 6)
    assert check_shape(read_document(located(MINIMAL[SHEET], text), "x.yml"), SHEET_SHAPE)


@pytest.mark.parametrize("header", ['source: {blank_lines: "2", document: x.txt}', 'source: {document: x.txt, blank_lines: "2"}'])
def test_a_header_in_braces_is_filled_in_too(header: str):
    sheet = f"{header}\nnames: {{}}\npassages: []\n"
    text = SourceText("ab" * 32, ["Sam Altman"])
    assert located(sheet, text).split("\n")[0] == f"source: {{document: x.txt, line_count: 1, text_sha256: {'ab' * 32}}}"


def test_a_line_that_is_added_has_the_line_end_of_its_file():
    assert located(PLAIN.replace("\n", "\r\n")) == located(PLAIN).replace("\n", "\r\n")


@pytest.fixture
def sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A sheet that `make locate` will fill in, beside its text."""
    (tmp_path / "sources").mkdir()
    (tmp_path / "x.txt").write_bytes("\n".join(TEXT.lines).encode())
    monkeypatch.setattr("leadership.paths.RAW", tmp_path)
    monkeypatch.setenv("SOURCE_TEXTS", str(tmp_path))
    return tmp_path / "sources" / "x.yml"


def test_the_command_fills_in_a_sheet(sheet: Path, capsys: pytest.CaptureFixture[str]):
    sheet.write_text(PLAIN, encoding="utf-8")
    assert main(["locate"]) == 0
    assert capsys.readouterr() == ("x.yml: filled in\n", "")
    assert "{OpenAI: 1:0, 奥特曼: [1:7, alias]}" in sheet.read_text(encoding="utf-8")


# The edits are counted in what was parsed: without byte order mark, with the file's own line ends.
@pytest.mark.parametrize(
    "change", [lambda raw: raw.replace(b"\n", b"\r\n"), lambda raw: b"\xef\xbb\xbf" + raw], ids=["windows line ends", "byte order mark"]
)
def test_the_command_fills_in_a_sheet_from_windows(sheet: Path, change):
    sheet.write_bytes(change(PLAIN.encode()))
    assert main(["locate"]) == 0
    assert "{OpenAI: 1:0, 奥特曼: [1:7, alias]}" in sheet.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "faulty", [PLAIN.split("passages:")[0], PLAIN.replace("OpenAI: 1,", "OpenAI: first,")], ids=["no passages", "no line"]
)
def test_the_command_leaves_a_sheet_with_faults_as_it_is(sheet: Path, faulty: str):
    sheet.write_text(faulty, encoding="utf-8")
    assert main(["locate"]) == 1
    assert sheet.read_text(encoding="utf-8") == faulty


def test_the_command_leaves_a_sheet_that_was_only_read_to_its_page(sheet: Path):
    read = PLAIN.replace("  document: x.txt\n", "  url: https://example.org/x\n")
    sheet.write_text(read, encoding="utf-8")
    assert main(["locate"]) == 0
    assert sheet.read_text(encoding="utf-8") == read


def test_the_command_passes_over_what_an_editor_left_behind(sheet: Path):
    sheet.write_text(PLAIN, encoding="utf-8")
    sheet.with_name(".x.yml.swp").write_bytes(b"\0")
    sheet.with_name("._x.yml").write_bytes(b"\0")
    assert main(["locate"]) == 0


def test_a_sheet_that_cannot_be_written_stays_as_it_is_and_is_one_sentence(sheet: Path, monkeypatch: pytest.MonkeyPatch, capsys):
    sheet.write_text(PLAIN, encoding="utf-8")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.replace", refuse)
    assert main(["locate"]) == 1
    assert capsys.readouterr().err == (
        "raw/sources/x.yml: cannot be written (Permission denied); make its folder writable or free some space\n"
    )
    assert [path.name for path in sheet.parent.iterdir()] == ["x.yml"]
    assert sheet.read_text(encoding="utf-8") == PLAIN


@pytest.mark.parametrize("name", ["", "nowhere", "x.txt"])
def test_the_command_says_that_it_needs_the_folder_of_the_texts(sheet: Path, monkeypatch: pytest.MonkeyPatch, capsys, name: str):
    folder = str(sheet.parent.parent / name) if name else ""
    monkeypatch.setenv("SOURCE_TEXTS", folder)
    assert main(["locate"]) == 2
    message = f"{folder}: is no folder; let SOURCE_TEXTS name the folder of the texts, or unset it"
    assert capsys.readouterr().err.strip() == (
        message if name else "SOURCE_TEXTS must name the folder of the texts, for example SOURCE_TEXTS=../texts"
    )
