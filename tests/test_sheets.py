"""The shape of sheets and catalogue files. What is said of each fault of shape stands in tests/bad/; here is what is allowed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import jsonschema
import pytest
import yaml
from conftest import MINIMAL, SHEET
from leadership import paths
from leadership.reading import read_document, read_file
from leadership.schema import KINDS, VOICE_KEYS
from leadership.sheets import CATALOGUES, ENTRY_MODELS, check_shape, sheet_schema
from leadership.sheets import SHEET as SHEET_SHAPE


def faults_of_sheet(text: str) -> list[str]:
    document = read_document(text, "x.yml")
    sound = check_shape(document, SHEET_SHAPE)
    assert sound == (not document.faults)
    return [fault.message for fault in document.faults]


def schema() -> dict[str, Any]:
    return sheet_schema(read_file(paths.RAW / "codes.yml", "raw/codes.yml").data)


def test_a_sheet_with_every_part_is_sound():
    assert faults_of_sheet(MINIMAL[SHEET]) == []


def test_a_sheet_without_defaults_and_set_aside_is_sound():
    assert faults_of_sheet(MINIMAL["sources/beta.yml"]) == []


@pytest.mark.parametrize("table", CATALOGUES)
def test_every_catalogue_file_of_the_minimal_folder_is_sound(table: str):
    assert check_shape(read_document(MINIMAL[f"{table}.yml"], "x.yml"), CATALOGUES[table])


def test_two_faults_of_one_sheet_are_both_told():
    text = MINIMAL["sources/beta.yml"].replace("kind: recap", "colour: red").replace("line: 1", "line: one")
    assert faults_of_sheet(text) == [
        "key kind is missing; add it",
        "key colour is not known here; see raw/README.md for the keys that are",
        "line must be a whole number",
    ]


def test_two_missing_keys_of_one_map_are_two_faults():
    text = MINIMAL["sources/beta.yml"].replace("  rights: None.\n", "").replace("  lang: en\n", "")
    assert faults_of_sheet(text) == ["key lang is missing; add it", "key rights is missing; add it"]


@pytest.mark.parametrize("ranges", ["4", "1, 3-5", "1,3-5", "1-2, 3-4, 9"])
def test_line_numbers_and_ranges_may_be_mixed(ranges: str):
    assert faults_of_sheet(MINIMAL[SHEET].replace('blank_lines: "2"', f'blank_lines: "{ranges}"')) == []


@pytest.mark.parametrize("ranges", ["4-", "-4", "1;3", "1 - 3", "1,,3", "1,"])
def test_other_marks_between_line_numbers_are_refused(ranges: str):
    assert faults_of_sheet(MINIMAL[SHEET].replace('blank_lines: "2"', f'blank_lines: "{ranges}"')) == [
        'blank_lines must be line numbers such as 4, or ranges such as "1, 3-5"'
    ]


@pytest.mark.parametrize("value", ["sam_altman", "-sam", "sam-", "sam--altman", "Sam", "sam altman", "奥特曼"])
def test_an_id_is_made_of_small_letters_digits_and_single_hyphens(value: str):
    document = read_document(f'- {{id: "{value}", name: Sam}}', "x.yml")
    assert not check_shape(document, CATALOGUES["people"])
    assert [fault.message for fault in document.faults] == ["id must be an id of small letters, digits and hyphens"]


def test_an_anchor_may_have_sixteen_characters_of_any_script():
    text = MINIMAL["sources/beta.yml"]
    assert faults_of_sheet(text.replace('find: "800"', f"find: {'董' * 16}")) == []
    assert faults_of_sheet(text.replace('find: "800"', f"find: {'董' * 17}")) == ["find is longer than 16 characters; shorten it"]


def test_every_kind_has_an_entry_with_its_properties_and_the_keys_of_voice():
    for name, kind in KINDS.items():
        assert set(ENTRY_MODELS[name].model_fields) == {name, *(p.name for p in kind.properties), *VOICE_KEYS}


def test_a_property_with_one_value_takes_no_list():
    text = MINIMAL["sources/beta.yml"].replace('value: "800"', 'value: ["800", "900"]')
    assert faults_of_sheet(text) == ["value must be a single value, not a list or a map"]


def test_an_empty_list_for_a_name_is_refused():
    assert len(faults_of_sheet(MINIMAL["sources/beta.yml"].replace("OpenAI: 1:0", "OpenAI: []"))) == 1


def test_the_published_schema_is_a_schema_and_accepts_the_minimal_sheet():
    jsonschema.Draft202012Validator.check_schema(schema())
    jsonschema.validate(yaml.load(MINIMAL["sources/beta.yml"], Loader=yaml.BaseLoader), schema())


def messages(refusals: Iterable[jsonschema.ValidationError]) -> Iterator[str]:
    """Yield what a validator says, also of each form that a sheet may have: of a text at hand or of a page."""
    for refusal in refusals:
        yield refusal.message
        yield from messages(refusal.context or ())


def test_the_published_schema_refuses_an_unknown_code():
    sheet = yaml.load(MINIMAL["sources/beta.yml"].replace("kind: recap", "kind: recaps"), Loader=yaml.BaseLoader)
    refusals = list(jsonschema.Draft202012Validator(schema()).iter_errors(sheet))
    assert any("'recaps' is not one of" in message for message in messages(refusals))


def test_the_published_schema_has_the_codes_of_every_list_filled_in():
    assert "x-codes" not in str(schema())
