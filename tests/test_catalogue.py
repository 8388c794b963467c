"""The catalogue: what there is to speak of, and how references to it are checked."""

from __future__ import annotations

import pytest
from conftest import SHEET, RawFolder
from leadership import catalogue as catalogue_module
from leadership.catalogue import Catalogue, load_catalogue, read_parts
from leadership.pipeline import read_sheets


@pytest.fixture
def catalogue(raw: RawFolder) -> Catalogue:
    return read_sheets(raw.folder)[0]


def test_subjects_of_every_file_are_known_by_kind_and_place(catalogue: Catalogue):
    murati = catalogue.subjects["mira-murati"]
    assert (murati.kind, murati.file, murati.line) == ("person", "raw/people.yml", 2)
    assert catalogue.subjects["gamma-original"].kind == "source"


def test_a_sheet_s_source_is_a_subject_at_the_head_of_its_sheet(catalogue: Catalogue):
    alpha = catalogue.subjects["alpha"]
    assert (alpha.kind, alpha.file, alpha.line) == ("source", "raw/sources/alpha.yml", 1)


def test_subjects_of_a_kind_come_in_order_of_their_ids(catalogue: Catalogue):
    assert [subject.id for subject in catalogue.of_kind("source")] == ["alpha", "beta", "gamma-original"]


def test_a_decision_is_found_by_subject_and_property_and_knows_its_line(catalogue: Catalogue):
    decision = catalogue.decisions["openai-headcount", "value"]
    assert (decision["id"], decision["file"], decision["line"]) == ("headcount-by-alpha", "raw/decisions.yml", 1)


def test_a_sound_reference_is_not_refused(catalogue: Catalogue):
    assert catalogue.refusal("openai", "organisations") is None
    assert catalogue.refusal("openai", "subjects") is None


def test_a_reference_to_another_kind_is_refused(catalogue: Catalogue):
    assert catalogue.refusal("sam-altman", "organisations") == "sam-altman is a person and not one of the organisations; name one of those"


def test_a_near_miss_is_suggested_from_the_right_table_only(catalogue: Catalogue):
    assert (
        catalogue.refusal("opena", "organisations")
        == "there is no opena; did you mean openai? Else declare it in raw/organisations.yml (or a file of raw/organisations/)"
    )
    assert (
        catalogue.refusal("sam-altmann", "organisations")
        == "there is no sam-altmann; declare it in raw/organisations.yml (or a file of raw/organisations/) or correct it"
    )
    assert catalogue.refusal("sam-altmann", "subjects") == "there is no sam-altmann; did you mean sam-altman?"


def test_a_code_is_looked_up_in_its_own_list(catalogue: Catalogue):
    assert catalogue.code_refusal("resigned", "manner") is None
    assert (
        catalogue.code_refusal("own_voice", "manner") == "own_voice is not a code of manner; declare it first or correct it (raw/codes.yml)"
    )


def test_codes_that_are_words_of_yaml_stay_text(raw: RawFolder):
    raw.replace("codes.yml", "answer:\n  no: {label: No, zh: 否, means: Not so.}\n")
    assert list(load_catalogue(raw.folder, read_parts(raw.folder)).codes["answer"]) == ["no"]


def test_an_entry_whose_shape_is_wrong_can_still_be_referred_to(raw: RawFolder):
    raw.change("posts.yml", ", category: executive", "")
    assert raw.faults() == ["raw/posts.yml:1:3: key category is missing; add it"]


def test_a_code_whose_shape_is_wrong_can_still_be_used(raw: RawFolder):
    raw.change("codes.yml", "  loss_of_board_confidence: {", "  loss_of_board_confidence: {colour: red, ")
    assert [fault.split(": ", 1)[1] for fault in raw.faults()] == ["key colour is not known here; see raw/README.md for the keys that are"]


@pytest.mark.parametrize("sheet", ["source: beta", "["])
def test_a_sheet_that_cannot_be_used_can_still_be_referred_to(raw: RawFolder, sheet: str):
    raw.change("sources/alpha.yml", "  rights: None.\n", "  rights: None.\n  derived_from: beta\n  derived_how: summary\n")
    raw.replace("sources/beta.yml", sheet)
    assert {fault.split(":")[0] for fault in raw.faults()} == {"raw/sources/beta.yml"}


def test_an_id_is_shared_by_no_two_files(raw: RawFolder):
    raw.replace(
        "cited.yml", "- {id: gamma-original, kind: report, title_en: A, lang: en}\n- {id: alpha, kind: report, title_en: B, lang: en}\n"
    )
    assert raw.faults() == ["raw/sources/alpha.yml:2:7: id alpha is taken by raw/cited.yml:2; choose another, ids are never shared"]


def test_a_reference_in_a_list_is_reported_at_the_list(raw: RawFolder):
    raw.change("remarks.yml", "about: [openai]", "about: [openai, openal]")
    assert raw.faults() == ["raw/remarks.yml:1:116: there is no openal; did you mean openai?"]


def test_a_document_from_which_a_sheet_is_derived_need_not_be_cited(raw: RawFolder):
    raw.change("sources/alpha.yml", "      - {source: alpha, cites: gamma-original}\n", "")
    raw.change("sources/alpha.yml", "  rights: None.\n", "  rights: None.\n  derived_from: gamma-original\n  derived_how: summary\n")
    assert raw.faults() == []


def test_a_document_that_a_claim_comes_through_need_not_be_cited(raw: RawFolder):
    raw.change(
        "sources/alpha.yml", "      - {source: alpha, cites: gamma-original}\n", "      - {event: altman-removed, via: gamma-original}\n"
    )
    assert raw.faults() == []


@pytest.mark.parametrize("original", ["alpha", "beta"])
def test_a_source_that_is_its_own_original_is_a_fault(raw: RawFolder, original: str):
    for name, parent in (("alpha", original), ("beta", "alpha")):
        raw.change(f"sources/{name}.yml", "  rights: None.\n", f"  rights: None.\n  derived_from: {parent}\n  derived_how: summary\n")
    assert any("derived" in fault for fault in raw.faults())


def test_an_organisation_that_a_claim_comes_through_must_be_named(raw: RawFolder):
    organisations = (raw.folder / "organisations.yml").read_text()
    raw.replace("organisations.yml", organisations + "- {id: delta-news, name: Delta News, kind: outlet}\n")
    raw.change("sources/alpha.yml", "via: beta-news", "via: delta-news")
    assert raw.faults() == [
        "raw/organisations.yml:4:1: no sheet says that there is delta-news; claim it, name it under names, or remove it"
    ]


def test_an_event_that_is_its_own_parent_is_a_fault(raw: RawFolder):
    raw.change("events.yml", "parent: altman-removed", "parent: altman-returns")
    assert len(raw.faults()) == 1


def test_events_that_are_each_other_s_parents_are_one_fault(raw: RawFolder):
    raw.change("events.yml", "summary: The board removes him.", "parent: altman-returns, summary: The board removes him.")
    assert raw.faults() == ["raw/events.yml:1:115: parent leads from altman-removed to altman-returns and back; correct it in one of them"]


def test_read_on_several_cores_the_catalogue_is_the_same_and_so_are_the_places_of_its_faults(raw: RawFolder, monkeypatch):
    people = raw.folder / "people.yml"
    people.write_text(people.read_text(encoding="utf-8") + "- {id: jane-doe, nome: Jane Doe}\n", encoding="utf-8")
    alone = load_catalogue(raw.folder, read_parts(raw.folder))
    monkeypatch.setattr(catalogue_module, "BYTES_TO_FORK_FOR", -1)
    monkeypatch.setattr(catalogue_module, "cores", lambda: 2)
    together = load_catalogue(raw.folder, read_parts(raw.folder))
    assert together.subjects == alone.subjects
    assert list(together.subjects) == list(alone.subjects)
    assert together.codes == alone.codes
    line = len(people.read_text(encoding="utf-8").splitlines())
    assert [(fault.file, fault.line) for fault in together.faults()] == [("raw/people.yml", line)] * 2  # a key too much, a key too few
    assert together.faults() == alone.faults()


def test_a_list_of_codes_that_is_missing_is_one_fault_and_its_codes_are_none(raw: RawFolder):
    raw.change("codes.yml", "\nmanner:\n", "\nmannr:\n")
    assert raw.faults() == ["raw/codes.yml:3:1: there is no list manner; did you mean mannr?"]


def test_a_list_of_codes_that_only_a_column_names_must_be_there_too(raw: RawFolder):
    raw.change("codes.yml", "\nstanding:\n", "\nsomething_else:\n")
    assert raw.faults() == ["raw/codes.yml:3:1: there is no list standing; declare it first or correct it"]


def test_codes_that_cannot_be_read_are_one_fault(raw: RawFolder):
    raw.remove("codes.yml")
    assert raw.faults() == ["raw/codes.yml: cannot be read (No such file or directory); check that it is there and yours to read"]


def test_codes_that_differ_only_in_case_or_hyphens_have_one_id_which_is_a_fault(raw: RawFolder):
    raw.change(
        "codes.yml",
        "  loss_of_board_confidence: {",
        "  Loss-of-board_confidence: {label: A, zh: 一, means: A.}\n  loss_of_board_confidence: {",
    )
    (fault,) = raw.faults()
    assert fault.endswith(
        "its id, departure-reason-loss-of-board-confidence, is that of departure_reason: Loss-of-board_confidence too;"
        " give one of the two another word or an id"
    )


def test_a_code_does_not_take_the_id_of_a_subject(raw: RawFolder):
    organisations = (raw.folder / "organisations.yml").read_text()
    raw.replace("organisations.yml", organisations + "- {id: manner-resigned, name: A band, kind: company}\n")
    assert any(
        fault.endswith("id manner-resigned is taken by raw/organisations.yml:4; choose another, ids are never shared")
        for fault in raw.faults()
    )


def test_of_a_sheet_that_cannot_be_read_nothing_is_told_but_where_it_breaks_off(raw: RawFolder):
    raw.change("events.yml", "id: altman-returns,", "id: alpha,")
    raw.replace(SHEET, "source:\n  id: [alpha\n")
    of_the_sheet = [fault for fault in raw.faults() if fault.startswith("raw/sources/alpha.yml")]
    assert of_the_sheet == [
        "raw/sources/alpha.yml:3:1: not valid YAML: did not find expected ',' or ']'; check quotes, commas and indentation here"
    ]
