"""What is read of a folder of facts, and what must not lie there: files of other names, and folders."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import MINIMAL, RawFolder
from leadership.catalogue import ENTRIES, SPLIT
from leadership.listing import is_left_behind
from leadership.pipeline import inputs_digest

DECISION, PEOPLE, EVENTS = MINIMAL["decisions.yml"], MINIMAL["people.yml"], MINIMAL["events.yml"]
SECOND_DECISION = DECISION.replace("headcount-by-alpha", "another")


def put(raw: RawFolder, name: str, text: str = "x") -> None:
    """Write a file, with the folders that it needs."""
    (raw.folder / name).parent.mkdir(parents=True, exist_ok=True)
    raw.replace(name, text)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("people.yaml", "only *.yml is read; rename it to people.yml"),
        ("people.YML", "only *.yml is read; rename it to people.yml"),
        ("peeple.yml", "nothing is read from a file of this name; did you mean people.yml? Else move it out of raw/"),
        ("notes.txt", "nothing is read from a file of this name; rename it as raw/README.md shows, or move it out of raw/"),
        ("sources/beta.yaml", "only *.yml is read; rename it to beta.yml"),
        ("sources/gamma.YAML", "only *.yml is read; rename it to gamma.yml"),
        ("sources/article.txt", "only *.yml is read here; move the file out of raw/"),
        ("events/2024.Yml", "only *.yml is read; rename it to 2024.yml"),
    ],
)
def test_a_file_that_nobody_reads_is_a_fault(raw: RawFolder, name: str, message: str):
    put(raw, name)
    assert raw.faults() == [f"raw/{name}: {message}"]


@pytest.mark.parametrize(
    ("name", "folder", "message"),
    [
        ("sources/2024/delta.yml", "sources/2024", "nothing is read from a folder within raw/sources; move its files up into raw/sources"),
        ("events/2024/05.yml", "events/2024", "nothing is read from a folder within raw/events; move its files up into raw/events"),
        ("event/a.yml", "event", "nothing is read from a folder of this name; did you mean events? Else move it out of raw/"),
        ("codes/a.yml", "codes", "nothing is read from a folder of this name; rename it as raw/README.md shows, or move it out of raw/"),
        (
            "texts/deep/a.txt",
            "texts",
            "nothing is read from a folder of this name; rename it as raw/README.md shows, or move it out of raw/",
        ),
    ],
)
def test_a_folder_that_nobody_reads_is_one_fault(raw: RawFolder, name: str, folder: str, message: str):
    put(raw, name)
    put(raw, str(Path(name).with_name("second.yml")))
    assert raw.faults() == [f"raw/{folder}: {message}"]


@pytest.mark.parametrize(
    "name",
    [".DS_Store", "people.yml~", ".people.yml.swp", "#people.yml#", "sources/.beta.yml.swp", "sources/._beta.yml", "events/.DS_Store",
     "sources/beta.yml~", "sources/Thumbs.db", ".idea/x.yml", "sources/.hidden.yml", "old/.DS_Store"],
)  # fmt: skip
def test_what_an_editor_or_a_system_left_behind_is_passed_over(raw: RawFolder, name: str):
    put(raw, name, "[")
    assert raw.faults() == []


def test_a_link_that_an_editor_leaves_while_a_sheet_is_open_is_passed_over(raw: RawFolder):
    (raw.folder / "sources" / ".#beta.yml").symlink_to("somebody@somewhere.1234")
    assert raw.faults() == []


def test_an_empty_folder_hides_nothing(raw: RawFolder):
    (raw.folder / "sources" / "2024").mkdir()
    (raw.folder / "old").mkdir()
    assert raw.faults() == []


def test_what_was_left_behind_makes_no_other_digest_of_the_inputs(raw: RawFolder):
    before = inputs_digest([raw.folder])
    put(raw, "sources/.DS_Store")
    put(raw, "people.yml~")
    assert inputs_digest([raw.folder]) == before
    put(raw, "sources/2024.yml")
    assert inputs_digest([raw.folder]) != before


@pytest.mark.parametrize("name", SPLIT)
def test_each_catalogue_may_stand_in_a_folder_instead_of_its_file(raw: RawFolder, name: str):
    whole = raw.run().tables
    put(raw, f"{Path(name).stem}/a.yml", MINIMAL[name])
    raw.remove(name)
    split = raw.run().tables
    for table in whole:
        kept = [
            [{key: cell for key, cell in row.items() if key not in ("raw_file", "raw_line")} for row in result[table]]
            for result in (whole, split)
        ]
        assert kept[0] == kept[1], table


@pytest.mark.parametrize("name", [name for name in ENTRIES if MINIMAL[name].count("\n") > 1])
def test_each_catalogue_may_stand_in_its_file_and_a_folder(raw: RawFolder, name: str):
    first, *others = MINIMAL[name].splitlines(keepends=True)
    raw.replace(name, first)
    for number, line in enumerate(others):
        put(raw, f"{Path(name).stem}/part-{number}.yml", line)
    assert raw.faults() == []


def test_a_fault_in_a_part_of_a_catalogue_names_that_part(raw: RawFolder):
    first, second = EVENTS.splitlines(keepends=True)
    raw.replace("events.yml", first)
    put(
        raw,
        "events/2023.yml",
        second.replace("kind: reinstatement", "kind: reinstatment").replace("parent: altman-removed", "parent: nobody"),
    )
    put(raw, "events/2024.yml", "- {id: x}\n")
    faults = raw.faults()
    assert "raw/events/2023.yml:1:70: reinstatment is not a code of event_kind; did you mean reinstatement? (raw/codes.yml)" in faults
    assert "raw/events/2023.yml:1:118: there is no nobody; declare it in raw/events.yml (or a file of raw/events/) or correct it" in faults
    assert {fault.split(":")[0] for fault in faults} == {"raw/events/2023.yml", "raw/events/2024.yml"}


def test_an_id_stands_in_one_file_of_a_folder_only(raw: RawFolder):
    put(raw, "people/more.yml", PEOPLE.splitlines()[1])
    assert raw.faults() == ["raw/people/more.yml:1:8: id mira-murati is taken by raw/people.yml:2; choose another, ids are never shared"]


def test_an_id_is_not_taken_twice_by_writing_it_with_capitals(raw: RawFolder):
    put(raw, "people/more.yml", "- {id: Mira-Murati, name: Mira Murati}\n")
    assert raw.faults() == ["raw/people/more.yml:1:8: id must be an id of small letters, digits and hyphens"]


def test_files_that_differ_only_in_capitals_are_a_fault(raw: RawFolder):
    put(raw, "people/M.yml", "[]\n")
    put(raw, "people/m.yml", "[]\n")
    assert raw.faults() == [
        "raw/people/m.yml: differs from M.yml in nothing but capitals, which some systems do not tell apart; rename one of the two"
    ]


def test_the_same_is_decided_in_one_file_of_the_folder_only(raw: RawFolder):
    put(raw, "decisions/more.yml", SECOND_DECISION)
    assert raw.faults() == [
        "raw/decisions/more.yml:1:7: this id or this subject and property is decided at raw/decisions.yml:1 already; keep one decision"
    ]


def test_a_row_of_a_decision_says_in_which_file_it_stands(raw: RawFolder):
    put(raw, "decisions/beta.yml", DECISION)
    raw.remove("decisions.yml")
    (row,) = raw.run().tables["decisions"]
    assert (row["raw_file"], row["raw_line"]) == ("raw/decisions/beta.yml", 1)


def test_a_decision_of_a_folder_whose_shape_is_wrong_can_still_be_named_by_a_release(raw: RawFolder):
    raw.add_history()
    put(raw, "decisions/beta.yml", DECISION.replace("rationale:", "rationals:"))
    raw.remove("decisions.yml")
    assert {fault.split(":")[0] for fault in raw.faults()} == {"raw/decisions/beta.yml"}


def test_a_catalogue_that_stands_neither_in_a_file_nor_in_a_folder_is_a_fault(raw: RawFolder):
    raw.remove("cited.yml")
    put(raw, "cited/.DS_Store")
    assert "raw/cited.yml: cannot be read (No such file or directory); check that it is there and yours to read" in raw.faults()


def test_a_folder_must_be_no_link(raw: RawFolder, tmp_path: Path):
    put(raw, "people/a.yml", PEOPLE)
    (raw.folder / "people").rename(tmp_path / "elsewhere")
    (raw.folder / "people").symlink_to(tmp_path / "elsewhere")
    raw.remove("people.yml")
    assert raw.faults() == ["raw/people: is a symbolic link; put the folder itself in its place"]


@pytest.mark.parametrize("name", ["people.yml", "x~.yml", "a#b.yml", "swp.yml"])
def test_a_file_of_the_dataset_is_not_taken_for_one_that_was_left_behind(name: str):
    assert not is_left_behind(name)
