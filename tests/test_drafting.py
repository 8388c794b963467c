"""Drafting sheets: what a script can tell of a source stands in the draft, and what is left is said in one message."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from commands import main
from conftest import RawFolder
from leadership.drafting import KnownSpelling, find_anchors, find_names
from leadership.reading import read_document
from leadership.sheets import HELD_ANCHOR, READ_ANCHOR

TEXT = """\
OpenAI: what happened on Nov. 17, 2023

Sam Altman, its CEO, was removed; Altman and Mira Murati spoke.
Of 770 people, 95% signed. 微軟 took 2人.
"""
LEFT = "write what belongs in the place of TODO at kind, title_en, reliability; "


@pytest.fixture
def texts(raw: RawFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the texts, with one in it; drafts go into the small `raw/` of the test."""
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "new.txt").write_text(TEXT, encoding="utf-8")
    monkeypatch.setattr("leadership.paths.RAW", raw.folder)
    monkeypatch.setenv("SOURCE_TEXTS", str(tmp_path / "texts"))
    return tmp_path / "texts"


def drafted(raw: RawFolder, name: str = "alpha-news-2023-11-24") -> str:
    return (raw.folder / "sources" / f"{name}.yml").read_text(encoding="utf-8")


def draft_held(*more: str) -> int:
    return main(["draft", "--text", "new.txt", "--publisher", "Alpha News", "--date", "2023-11-24", *more])


def draft_read(*more: str) -> int:
    return main(["draft", "--url", "https://example.org/a?b=1#c", "--publisher", "alpha-news", "--date", "2023-11-24", *more])


def test_a_draft_of_a_text_has_its_header_names_with_places_and_anchors(raw: RawFolder, texts: Path):
    raw.replace("organisations.yml", (raw.folder / "organisations.yml").read_text("utf-8") + "- {id: msft, name: 微软, kind: company}\n")
    assert draft_held() == 0
    sheet = drafted(raw)
    header = read_document(sheet, "x.yml").data["source"]
    assert {key: header[key] for key in ("id", "document", "line_count", "blank_lines", "lang", "publisher_id", "published")} == {
        "id": "alpha-news-2023-11-24",
        "document": "new.txt",
        "line_count": "4",
        "blank_lines": "2",
        "lang": "en",
        "publisher_id": "alpha-news",
        "published": "2023-11-24",
    }
    assert "  sam-altman: {Sam Altman: 3:0, Altman: 3:34}\n" in sheet
    assert "  msft: {微軟: 4:27}\n" in sheet
    assert '  #- {line: 1, find: "Nov. 17, 2023", start: 25, says: [TODO]}\n' in sheet
    for anchor, start in (("770", 3), ("95%", 15), ("2人", 35)):
        assert f'  #- {{line: 4, find: "{anchor}", start: {start}, says: [TODO]}}\n' in sheet


def test_a_publisher_that_the_record_does_not_know_is_named_where_it_is_to_be_added(raw: RawFolder, texts: Path):
    assert main(["draft", "--url", "https://example.org/a", "--publisher", "The\n Gazette", "--date", "2023-11-24"]) == 0
    line = "publisher_id: TODO  # an organisation of organisations.yml: add The Gazette there and under names, or remove the key\n"
    assert f"  {line}" in drafted(raw, "the-gazette-2023-11-24")


def test_what_is_left_of_a_new_draft_is_said_in_one_message(raw: RawFolder, texts: Path):
    draft_held()
    assert raw.faults(texts) == [
        f"raw/sources/alpha-news-2023-11-24.yml:7:3: the sheet is still a draft; {LEFT}"
        "write its passages and set_aside, which account for lines 1, 3-4"
    ]


def test_a_draft_with_three_claims_written_by_hand_passes_at_the_first_check(raw: RawFolder, texts: Path):
    draft_held()
    sheet = drafted(raw)
    for old, new in (
        ("kind: TODO", "kind: article"),
        ("title_en: TODO", "title_en: What happened"),
        ("reliability: TODO", "reliability: A trial."),
        ('#- {line: 1, find: "Nov. 17, 2023", start: 25, says: [TODO]}',
         '- {line: 1, find: "Nov. 17, 2023", start: 25, says: [{event: altman-removed, started: "2023-11-17"}]}'),
        ('#- {line: 4, find: "770", start: 3, says: [TODO]}',
         '- {line: 4, find: "770", start: 3, says: [{figure: openai-headcount, value: "770"}]}\n'
         '  - {line: 3, find: removed, start: 25, says: [{departure: altman-openai-2023, manner: removed}]}'),
    ):  # fmt: skip
        assert sheet.count(old) == 1
        sheet = sheet.replace(old, new)
    raw.replace("sources/alpha-news-2023-11-24.yml", sheet)
    assert raw.faults(texts) == []


def test_other_faults_of_a_draft_are_told_in_the_same_run(raw: RawFolder, texts: Path):
    draft_held()
    written = "- {line: 3, find: removed, start: 25, says: [{departure: altman-openai-2024}]}\n"
    written += "  - {line: 1, find: Nov, start: 1, says: [TODO]}"
    sheet = drafted(raw).replace('#- {line: 4, find: "770", start: 3, says: [TODO]}', written)
    raw.replace("sources/alpha-news-2023-11-24.yml", sheet)
    assert [fault.split(": ", 1)[1] for fault in raw.faults(texts)] == [
        "line 4 of the source is unaccounted for; cite it or set it aside",
        f"the sheet is still a draft; {LEFT}write what the passage says",
        "there is no altman-openai-2024; did you mean altman-openai-2023? "
        "Else declare it in raw/departures.yml (or a file of raw/departures/)",
        "“Nov” does not begin at character 1 of line 1; run make locate",
    ]


def test_a_draft_of_a_page_has_its_address_and_names_without_places(raw: RawFolder, texts: Path):
    assert draft_read("--title", 'He said: "no"', "--page", "new.txt") == 0
    sheet = drafted(raw)
    header = read_document(sheet, "x.yml").data["source"]
    assert {key: header[key] for key in ("url", "read_how", "title", "title_en", "lang")} == {
        "url": "https://example.org/a?b=1#c",
        "read_how": "original",
        "title": 'He said: "no"',
        "title_en": 'He said: "no"',
        "lang": "en",
    }
    assert not {"document", "text_sha256", "line_count", "blank_lines"} & header.keys()
    assert "  sam-altman: [Sam Altman, Altman]\n" in sheet
    assert '  #- {find: "Nov. 17, 2023", says: [TODO]}\n' in sheet


def test_what_is_left_of_a_draft_of_a_page_is_said_in_one_message(raw: RawFolder, texts: Path):
    draft_read()
    (fault,) = raw.faults()
    assert fault.endswith(
        "the sheet is still a draft; write what belongs in the place of TODO at kind, title_en, lang, text_kind, reliability; "
        "write its passages"
    )


def test_a_draft_of_a_page_with_a_claim_written_by_hand_passes_at_the_first_check(raw: RawFolder, texts: Path):
    draft_read("--title", "What happened", "--page", "new.txt")
    sheet = drafted(raw)
    for old, new in (
        ("kind: TODO  # source_kind", "kind: article  #"),
        ("text_kind: TODO", "text_kind: full"),
        ("reliability: TODO", "reliability: A trial."),
        ('#- {find: "770", says: [TODO]}', '- {find: "770", says: [{figure: openai-headcount, value: "770"}]}'),
    ):
        assert sheet.count(old) == 1
        sheet = sheet.replace(old, new)
    raw.replace("sources/alpha-news-2023-11-24.yml", sheet)
    assert raw.faults(texts) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "give --text for a text at hand, or --url (or --read-at) for a page that was read"),
        (["--text", "new.txt", "--url", "https://example.org/"],
         "give --text for a text at hand, or --url (or --read-at) for a page that was read"),
        (["--text", "old.txt", "--id", "x"], "old.txt is not there; give a path, or set SOURCE_TEXTS to the folder of the texts"),
        (["--text", "new.txt"], "--id: it is made of publisher and date; give both of them, or an id"),
        (["--text", "new.txt", "--id", "A B"], "--id: A B is no id of small letters, digits and hyphens; give one that is"),
        (["--text", "new.txt", "--id", "openai"], "--id: openai is taken by raw/organisations.yml:1; give another"),
        (["--text", "new.txt", "--id", "x", "--date", "24.11.2023"],
         "--date: 24.11.2023 is not a date; write YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDTHH:MM[Zone], in quotes"),
        (["--url", "news.example/a", "--id", "x"], "--url: news.example/a is no web address; give one such as https://example.org/page"),
        (["--read-at", "file:///a", "--id", "x"], "--read-at: file:///a is no web address; give one such as https://example.org/page"),
    ],
)  # fmt: skip
def test_what_cannot_be_drafted_is_said_in_one_sentence(
    raw: RawFolder, texts: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
):
    assert main(["draft", *arguments]) == 2
    assert capsys.readouterr().err == f"Nothing was drafted: {message}.\n"


def test_a_sheet_is_never_overwritten(raw: RawFolder, texts: Path):
    assert draft_held() == 0
    raw.replace("sources/alpha-news-2023-11-24.yml", "written by hand")
    assert draft_held() == 2
    assert drafted(raw) == "written by hand"


def test_nor_is_one_whose_file_bears_another_name_than_its_source(raw: RawFolder, texts: Path, capsys: pytest.CaptureFixture[str]):
    shutil.copy(raw.folder / "sources" / "beta.yml", raw.folder / "sources" / "other.yml")
    assert draft_held("--id", "other") == 2
    said = "Nothing was drafted: --id: raw/sources/other.yml is there already and is never overwritten; give another.\n"
    assert capsys.readouterr().err == said


def test_an_anchor_of_a_page_may_be_as_long_as_a_sheet_of_one_allows(raw: RawFolder, texts: Path):
    figure = "123,456,789,012,345 million"
    assert HELD_ANCHOR < len(figure) <= READ_ANCHOR
    (texts / "new.txt").write_text(f"{figure} and {'1' * READ_ANCHOR}2\n", encoding="utf-8")
    assert draft_read("--page", "new.txt") == 0
    sheet = drafted(raw)
    assert sheet.count("says: [TODO]") == 1
    assert f'  #- {{find: "{figure}", says: [TODO]}}\n' in sheet


def test_a_publisher_that_nobody_has_declared_is_left_to_be_written(raw: RawFolder, texts: Path):
    assert main(["draft", "--text", "new.txt", "--publisher", "The Harbour Times", "--date", "2025"]) == 0
    assert "  publisher_id: TODO  # an organisation" in drafted(raw, "the-harbour-times-2025")


# names


def spelled(**subjects: str) -> list[KnownSpelling]:
    """Make spellings: `sam_altman="Sam Altman|Altman"`."""
    pairs = [(text, name.replace("_", "-")) for name, texts in subjects.items() for text in texts.split("|")]
    return [KnownSpelling(text, tuple(sorted({n for t, n in pairs if t == text})), None, True) for text in {text for text, _ in pairs}]


def places(line: str, known: list[KnownSpelling]) -> list[tuple[int, str]]:
    return [(found.start, found.text) for found in find_names([line], known)]


def test_the_longest_name_is_meant():
    known = spelled(sam_altman="Altman|Sam Altman|奥特曼|山姆·奥特曼")
    assert places("Sam Altman; Altman; Altmans", known) == [(0, "Sam Altman"), (12, "Altman")]
    assert places("山姆·奥特曼和奥特曼", known) == [(0, "山姆·奥特曼"), (7, "奥特曼")]


def test_a_version_is_not_taken_for_the_one_that_its_number_begins_with():
    assert places("GPT-4.5 comes after GPT-4.", spelled(gpt_4="GPT-4")) == [(20, "GPT-4")]


def test_a_chinese_name_is_found_in_either_script_and_kept_as_it_stands():
    assert places("馬斯克與马斯克", spelled(elon_musk="马斯克")) == [(0, "馬斯克"), (4, "马斯克")]


def test_a_surname_is_found_where_the_full_name_stands_in_the_text_as_well():
    known = spelled(jakub_pachocki="Jakub Pachocki")
    assert places("Jakub Pachocki leads; Pachocki said", known) == [(0, "Jakub Pachocki"), (22, "Pachocki")]
    assert places("Pachocki said", known) == []


def test_a_name_of_several_and_a_name_of_one_letter_are_left_to_a_person(raw: RawFolder, texts: Path):
    raw.replace("people.yml", (raw.folder / "people.yml").read_text("utf-8") + "- {id: sam-too, name: Altman}\n- {id: x, name: X}\n")
    raw.replace("products.yml", (raw.folder / "products.yml").read_text("utf-8") + "- {id: altman-bot, name: Altman, kind: product}\n")
    (texts / "new.txt").write_text("Sam Altman, Altman and X\n", encoding="utf-8")
    draft_held()
    sheet = drafted(raw)
    assert "  # Altman (1:12): altman-bot or sam-too\n" in sheet
    assert "  # X (1:23): x\n" in sheet
    assert read_document(sheet, "x.yml").data["names"] == {"sam-altman": {"Sam Altman": "1:0"}}


def test_a_kind_of_spelling_that_another_sheet_gives_is_kept(raw: RawFolder, texts: Path):
    raw.change("sources/alpha.yml", "Sam: [3:0, alias]", "Altmann: [3:0, misspelling]")
    (texts / "new.txt").write_text("So Altmann said\n", encoding="utf-8")
    draft_held()
    assert "  sam-altman: {Altmann: [1:3, misspelling]}\n" in drafted(raw)


# anchors


@pytest.mark.parametrize(
    ("line", "anchors"),
    [
        ("2023年11月17日,11月18日和5月", ["2023年11月17日", "11月18日", "5月"]),
        ("on 17 November 2023, Nov. 18, 2023 and in May 2024", ["17 November 2023", "Nov. 18, 2023", "May 2024"]),
        ("$6.6 billion, 97%, 3,000 and 12:30", ["$6.6 billion", "97%", "3,000", "12:30"]),
        ("约1000亿美元、三位、十一名、一个", ["1000亿美元", "三位", "十一名"]),
        ("GPT-4o, v2, https://example.org/2023/a1?n=5", []),
        ("770 of 770", ["770"]),
        ("123456789012345678 people", []),
    ],
)
def test_numbers_and_dates_become_anchors(line: str, anchors: list[str]):
    assert [anchor.text for anchor in find_anchors([line])] == anchors


def test_the_place_of_an_anchor_is_where_it_stands():
    line = "GPT-4o, 97% and 11月18日"
    assert [line[anchor.start :].startswith(anchor.text) for anchor in find_anchors([line])] == [True, True]
