"""Each file of tests/bad/ breaks one rule; put into a minimal valid folder it gives exactly the fault that expected.yml names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import HISTORY, MINIMAL, RawFolder
from leadership.sheets import PATTERNS, SENTENCES
from written import read_yaml

BAD = Path(__file__).with_name("bad")
EXPECTED = read_yaml((BAD / "expected.yml").read_text(encoding="utf-8"))
CANNOT_OCCUR = {"model_attributes_type"}  # pydantic's word for objects with attributes; sheets hold plain data only


def test_the_minimal_folder_has_no_fault(raw: RawFolder):
    assert raw.faults() == []


@pytest.mark.parametrize("name", EXPECTED)
def test_a_bad_file_gives_exactly_its_fault(raw: RawFolder, name: str):
    expected = EXPECTED[name]
    if expected["replaces"] in HISTORY:
        raw.add_history()
    raw.replace(expected["replaces"], (BAD / name).read_bytes())
    assert raw.faults() == [f"{expected['at']}: {expected['message']}"]


def test_every_bad_file_has_a_row_and_every_row_a_file():
    assert {path.name for path in BAD.iterdir()} - {"expected.yml"} == set(EXPECTED)


def test_every_bad_file_takes_the_place_of_a_file_that_there_is():
    assert {row["replaces"] for row in EXPECTED.values()} <= {*MINIMAL, *HISTORY}


@pytest.mark.parametrize("sentence", [*(text for key, text in SENTENCES.items() if key not in CANNOT_OCCUR), *PATTERNS.values()])
def test_every_sentence_about_shape_is_said_of_some_bad_file(sentence: str):
    parts = re.split(r"(?<!\{)\{\w+\}(?!\})", sentence)
    pattern = ".+".join(re.escape(part.replace("{{", "{").replace("}}", "}")) for part in parts)
    assert any(re.fullmatch(pattern, row["message"]) for row in EXPECTED.values())


def test_all_faults_are_told_in_one_run(raw: RawFolder):
    raw.change("sources/beta.yml", "kind: recap", "kind: recaps")
    raw.change("sources/alpha.yml", "lang: en", "lang: tlh")
    raw.change("people.yml", "sam-altman", "Sam Altman")
    assert {fault.split(": ", 1)[0] for fault in raw.faults()} >= {
        "raw/sources/beta.yml:6:9",
        "raw/sources/alpha.yml:9:9",
        "raw/people.yml:1:8",
    }


def test_a_folder_without_sheets_says_what_to_do(raw: RawFolder):
    raw.remove("sources/alpha.yml")
    raw.remove("sources/beta.yml")
    raw.remove("decisions.yml")
    assert raw.faults() == [
        "raw/decisions.yml: cannot be read (No such file or directory); check that it is there and yours to read",
        "raw/sources: holds no fact sheet; write one as raw/README.md shows",
    ]


def test_a_missing_catalogue_file_is_a_fault(raw: RawFolder):
    raw.remove("cited.yml")
    assert "raw/cited.yml: cannot be read (No such file or directory); check that it is there and yours to read" in raw.faults()
