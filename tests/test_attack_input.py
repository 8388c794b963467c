"""Hostile and broken input: whatever stands in `raw/`, the build ends in faults with file and place, or in a sound database.

`make fuzz` does with 100,000 damaged files what is done here with 2,000.
"""

from __future__ import annotations

import os
import re
import shutil
import threading
import time
from pathlib import Path

import pytest
from conftest import SHEET, RawFolder
from leadership import catalogue, paths
from leadership.batches import batch
from leadership.building import build
from leadership.descriptions import load_metadata
from leadership.faults import LONGEST_LINE, Fault, InputFaults
from leadership.pipeline import inputs_digest, read_sheets
from leadership.reading import MAX_BYTES, MAX_VALUES, MOST_FAULTS, read_document, read_file
from trials import fuzz

HIDDEN = [
    "\u200e",
    "\u200f",
    "\u202a",
    "\u202e",
    "\u2066",
    "\u2069",
    "\u061c",
    "\u200b",
    "\u2060",
    "\u00ad",
    "\u2028",
    "\u0085",
    "\U000e0041",
]
UNSEEN = "cannot be seen here and is not allowed; remove it"


def texts(document) -> list[str]:
    return [str(fault) for fault in document.faults]


# ---------------------------------------------------------------------- at random
def test_damaged_files_end_in_faults_with_a_place_or_in_a_sound_database(tmp_path: Path):
    outcomes = fuzz.attack(tmp_path, seed=20231117, first=0, count=200, write_every=10)
    assert sum(outcomes.values()) == 200
    assert outcomes["faults"] > 100
    assert outcomes["built"] > 1


def test_the_same_seed_gives_the_same_damage():
    corpus = {"codes.yml": b"a: b\n", "decisions.yml": b"c: d\n", SHEET: "e: 奥特曼\n".encode()}
    assert fuzz.Damage(corpus, "7/11").files() == fuzz.Damage(corpus, "7/11").files()
    assert fuzz.Damage(corpus, "7/11").files() != fuzz.Damage(corpus, "7/12").files()


# Otherwise the fuzzer could say that all is well because it notices nothing.
@pytest.mark.parametrize(
    "answer", ["no place at all", "raw/people.yml: wrong", "raw/people.yml:999:1: wrong", "raw/people.yml:1:1: \x1b[2J"]
)
def test_the_fuzzer_notices_a_fault_that_says_too_little(tmp_path: Path, answer: str):
    with pytest.raises(fuzz.Broken):
        fuzz.World(tmp_path)._hold(answer)


def test_the_fuzzer_notices_a_traceback_and_a_database_that_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    world = fuzz.World(tmp_path)

    def fails(*arguments: object) -> None:
        raise KeyError("x")

    monkeypatch.setattr(fuzz, "run", fails)
    with pytest.raises(fuzz.Broken, match="KeyError"):
        world.round({})

    def touches(*arguments: object) -> None:
        world.database.write_bytes(b"half")
        raise InputFaults([Fault("raw/people.yml", 1, 1, "wrong")])

    monkeypatch.setattr(fuzz, "run", touches)
    with pytest.raises(fuzz.Broken, match="database in place was changed"):
        world.round({})


# ---------------------------------------------------------------------- what cannot be seen
@pytest.mark.parametrize("sign", HIDDEN)
def test_a_sign_that_cannot_be_seen_is_refused_at_its_line_and_column(sign: str):
    assert texts(read_document(f"a: 1\nb: Sam{sign} Altman\n", "x.yml")) == [f"x.yml:2:7: character U+{ord(sign):04X} {UNSEEN}"]


def test_a_sign_that_cannot_be_seen_is_refused_in_a_comment_and_in_every_file(raw: RawFolder):
    for name in ("people.yml", "decisions.yml", "codes.yml", SHEET):
        text = (raw.folder / name).read_text(encoding="utf-8")
        raw.replace(name, f"{text}# \u202etxt.\n")
        line = text.count("\n") + 1
        assert f"raw/{name}:{line}:3: character U+202E {UNSEEN}" in raw.faults()


@pytest.mark.parametrize("escape", [r"\u202e", r"\u200b", r"\0", r"\e", r"\a", r"\x9b", r"\N", r"\r"])
def test_an_escape_brings_in_no_sign_that_cannot_be_seen(escape: str):
    (fault,) = read_document(f'a: 1\nb: ["x", "Sam{escape} Altman"]\n', "x.yml").faults
    assert (fault.line, fault.column) == (2, 10)
    assert fault.message.endswith(UNSEEN)


def test_scripts_that_need_joiners_accents_and_signs_beyond_the_basic_plane_are_read():
    name = "\u0646\u0645\u06cc\u200c\u062f\u0627\u0646\u0645 \U0001f469\u200d\U0001f52c e\u0301 \U00020bb7"
    assert read_document(f'a: {name}\nb: "x\\ty\\nz"\n', "x.yml").data == {"a": name, "b": "x\ty\nz"}


def test_a_fault_is_one_printable_line_whatever_it_quotes():
    shown = str(Fault("raw/sources/a\nb.yml", 1, 2, "key \x1b[2J\u202e\ud800 " + "x" * 5000 + " is not known; remove it"))
    assert shown.isprintable()
    assert len(shown) <= LONGEST_LINE + 60
    assert shown.startswith(r"raw/sources/a\nb.yml:1:2: key \x1b[2J\u202e\ud800")
    assert shown.endswith("is not known; remove it")


# ---------------------------------------------------------------------- ids
@pytest.mark.parametrize(
    "other", ["sam-аltman", "ｓam-altman", "sam\u2010altman", "奥特曼", "sam-altman\u0301", "SAM-ALTMAN", "sam-altman²", "٣"]
)
def test_an_id_in_another_script_is_refused_at_its_place(raw: RawFolder, other: str):
    raw.change("people.yml", "sam-altman", other)
    assert "raw/people.yml:1:8: id must be an id of small letters, digits and hyphens" in raw.faults()


@pytest.mark.parametrize("number", ["٧", "７", "²", "1_0", "1e3", "+1", "0x1", "१"])
def test_digits_of_other_scripts_are_no_numbers(raw: RawFolder, number: str):
    raw.change("sources/beta.yml", "line_count: 1", f'line_count: "{number}"')
    assert "raw/sources/beta.yml:5:15: line_count must be a whole number" in raw.faults()


# ---------------------------------------------------------------------- encodings
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "gb18030", "big5", "latin-1"])
@pytest.mark.parametrize("half", [False, True])
def test_another_encoding_of_a_file_or_of_its_end_is_a_fault_with_a_place(raw: RawFolder, encoding: str, half: bool):
    data = (raw.folder / "people.yml").read_text(encoding="utf-8") + "# café 奥特曼\n" * (encoding != "latin-1") + "# é\n"
    place = len(data) // 2 if half else 0
    raw.replace("people.yml", data[:place].encode() + data[place:].encode(encoding, "replace"))
    first = next(fault for fault in raw.faults() if fault.startswith("raw/people.yml"))
    assert re.match(r"raw/people\.yml:\d+:\d+: (is not UTF-8 here|character U\+|not valid YAML)", first)


@pytest.mark.parametrize("change", [lambda data: b"\xef\xbb\xbf" + data, lambda data: data.replace(b"\n", b"\r\n")])
def test_a_byte_order_mark_or_windows_line_ends_change_nothing_of_what_is_read(raw: RawFolder, change):
    before = {name: list(rows) for name, rows in raw.run().tables.items()}
    for path in raw.folder.rglob("*.yml"):
        path.write_bytes(change(path.read_bytes()))
    assert {name: list(rows) for name, rows in raw.run().tables.items()} == before


def test_a_byte_order_mark_within_a_file_is_a_fault():
    assert texts(read_document("a: 1\n\ufeffb: 2\n", "x.yml")) == [f"x.yml:2:1: character U+FEFF {UNSEEN}"]


def test_a_nul_byte_is_a_fault_in_every_file(raw: RawFolder):
    for name in ("codes.yml", "decisions.yml", "cited.yml", "sources/beta.yml"):
        content = (raw.folder / name).read_bytes()
        raw.replace(name, b"\0" + content)
        assert any(fault.startswith(f"raw/{name}:1:1: not valid YAML: character U+0000") for fault in raw.faults())
        raw.replace(name, content)


# ---------------------------------------------------------------------- size
LAUGHS = "a0: &a0 [ha, ha]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 40))
ENDLESS = {
    "sources/beta.yml": LAUGHS,
    "codes.yml": LAUGHS,
    "decisions.yml": "- &d [*d, *d, *d]\n",
    "people.yml": f"[{'a,' * 100_000}]",
    "cited.yml": f"[{'a,' * (MAX_VALUES + 1)}]",
    "events.yml": "x" * (MAX_BYTES - 1),
    "posts.yml": "".join(f"k{number}: v\n" for number in range(50_000)),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_no_file_makes_the_check_endless(raw: RawFolder, name: str):
    raw.replace(name, ENDLESS[name])
    began = time.process_time()
    faults = [fault for fault in raw.faults() if fault.startswith(f"raw/{name}:")]
    assert 1 <= len(faults) <= MOST_FAULTS + 400
    assert time.process_time() - began < 30


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("line_count: 6", 'line_count: "9999999"'),
        ('lines: "1"', f'lines: "{", ".join(["1-9999999"] * 500)}"'),
        ('blank_lines: "2"', f'blank_lines: "{", ".join(["1-9999999"] * 500)}"'),
    ],
)
def test_no_number_of_lines_makes_the_check_endless(raw: RawFolder, old: str, new: str):
    raw.change(SHEET, old, new)
    began = time.process_time()
    assert 1 <= len(raw.faults()) <= 2 * MOST_FAULTS
    assert time.process_time() - began < 20


def test_what_a_file_has_more_faults_than_anybody_reads_is_said_after_the_first_thousand():
    document = read_document("a: 1\n", "x.yml")
    for number in range(MOST_FAULTS + 50):
        document.fault(("a",), f"wrong {number}")
    assert len(document.faults) == MOST_FAULTS + 1
    assert str(document.faults[-1]) == f"x.yml:1:1: has more faults than these {MOST_FAULTS}; mend them first"


@pytest.mark.parametrize("fill", [b"x", b"#", b"[", b"- ", b"'"])
def test_a_line_of_fifty_megabytes_is_not_read_to_its_end(tmp_path: Path, fill: bytes):
    (tmp_path / "x.yml").write_bytes(fill * (50_000_000 // len(fill)))
    assert texts(read_file(tmp_path / "x.yml", "x.yml")) == ["x.yml: is larger than 8 MB; split the sheet"]


def test_a_file_that_claims_terabytes_is_not_read_into_memory(tmp_path: Path):
    with open(tmp_path / "x.yml", "wb") as file:
        file.truncate(2**40)
    assert texts(read_file(tmp_path / "x.yml", "x.yml")) == ["x.yml: is larger than 8 MB; split the sheet"]


# ---------------------------------------------------------------------- what is no file
def test_a_sheet_that_is_a_link_is_refused_wherever_it_leads(raw: RawFolder, tmp_path: Path):
    (tmp_path / "outside.yml").write_bytes((raw.folder / "sources/beta.yml").read_bytes())
    for target in (
        tmp_path / "outside.yml",
        Path("alpha.yml"),
        tmp_path / "nowhere",
        Path("beta.yml"),
        Path("/etc/passwd"),
        Path("/dev/zero"),
    ):
        (raw.folder / "sources/beta.yml").unlink()
        (raw.folder / "sources/beta.yml").symlink_to(target)
        assert "raw/sources/beta.yml: is a symbolic link; put the file itself in its place" in raw.faults()
        assert not any("root:" in fault for fault in raw.faults())


@pytest.mark.parametrize("name", ["people.yml", "codes.yml", "decisions.yml", "cited.yml"])
def test_a_catalogue_that_is_a_link_is_refused(raw: RawFolder, tmp_path: Path, name: str):
    shutil.move(raw.folder / name, tmp_path / name)
    (raw.folder / name).symlink_to(tmp_path / name)
    assert f"raw/{name}: is a symbolic link; put the file itself in its place" in raw.faults()


def test_a_folder_of_sheets_that_is_a_link_is_refused(raw: RawFolder, tmp_path: Path):
    shutil.move(raw.folder / "sources", tmp_path / "elsewhere")
    (raw.folder / "sources").symlink_to(tmp_path / "elsewhere")
    assert raw.faults() == ["raw/sources: is a symbolic link; put the folder itself in its place"]


def test_a_pipe_in_the_place_of_a_sheet_is_a_fault_and_nobody_waits_for_it(raw: RawFolder):
    os.mkfifo(raw.folder / "sources/pipe.yml")
    assert "raw/sources/pipe.yml: is no ordinary file; put a text file in its place" in raw.faults()


def test_names_of_files_that_are_no_text_or_hold_line_ends_are_told_on_one_line(raw: RawFolder):
    for name in (b"\xff\xfe.yml", b"a\nb.yml", "\u202elmy.yml".encode(), b"'; rm -rf .yml"):
        Path(os.fsdecode(os.fsencode(raw.folder) + b"/sources/" + name)).write_bytes(b"x")
    faults = raw.faults()
    assert len([fault for fault in faults if fault.startswith("raw/sources/")]) >= 4
    assert all(fault.isprintable() for fault in faults)
    assert re.fullmatch("[0-9a-f]{64}", inputs_digest([raw.folder]))


# ---------------------------------------------------------------------- what changes while it is read
def test_a_sheet_that_vanishes_while_the_folder_is_read_is_a_fault(raw: RawFolder, monkeypatch: pytest.MonkeyPatch):
    def vanishing(path: Path, name: str):
        if path.name == "beta.yml":
            path.unlink()
        return read_file(path, name)

    monkeypatch.setattr(batch, "read_file", vanishing)
    assert "raw/sources/beta.yml: cannot be read (No such file or directory); check that it is there and yours to read" in raw.faults()


def test_a_catalogue_that_vanishes_while_it_is_read_is_a_fault(raw: RawFolder, monkeypatch: pytest.MonkeyPatch):
    def vanishing(path: Path, name: str):
        path.unlink(missing_ok=path.name == "people.yml") if path.name == "people.yml" else None
        return read_file(path, name)

    monkeypatch.setattr(catalogue, "read_file", vanishing)
    assert "raw/people.yml: cannot be read (No such file or directory); check that it is there and yours to read" in raw.faults()


# A fault is placed after the file was read; by then the file may be gone.
def test_a_sheet_that_vanishes_after_it_was_read_still_gets_its_faults_placed(raw: RawFolder):
    raw.change("sources/beta.yml", "kind: recap", "kind: recaps")
    catalogue, _ = read_sheets(raw.folder)
    (raw.folder / "sources/beta.yml").unlink()
    assert any(str(fault).startswith("raw/sources/beta.yml:6:9:") for fault in catalogue.faults())


def test_files_that_come_and_go_while_everything_is_read_end_in_no_traceback(raw: RawFolder):
    stop = threading.Event()

    def churn() -> None:
        content = (raw.folder / "sources/beta.yml").read_bytes()
        number = 0
        while not stop.is_set():
            number += 1
            path = raw.folder / "sources" / f"gamma-{number % 5}.yml"
            path.write_bytes(content[: number % len(content)])
            inputs_digest([raw.folder])
            path.unlink()

    thread = threading.Thread(target=churn)
    thread.start()
    try:
        for _ in range(40):
            assert all(fault.startswith("raw/") for fault in raw.faults())
            inputs_digest([raw.folder])
    finally:
        stop.set()
        thread.join()


# ---------------------------------------------------------------------- texts and metadata
@pytest.mark.parametrize("name", ["x" * 2000, "..", ".", "/", "\\0", "../../../etc/passwd", "alpha.txt/..", "NUL"])
def test_a_document_name_leads_to_no_file_outside_the_texts_and_to_no_traceback(raw: RawFolder, tmp_path: Path, name: str):
    (tmp_path / "texts").mkdir()
    raw.change(SHEET, "document: alpha.txt", f'document: "{name}"')
    assert [fault for fault in raw.faults(tmp_path / "texts") if "does not fit the text" in fault] == []


def test_a_text_that_is_not_utf_8_is_told_like_one_that_was_changed(raw: RawFolder, tmp_path: Path):
    (tmp_path / "beta.txt").write_bytes(b"\xff\xfe800\n")
    assert any("beta.yml:4" in fault or "text_sha256 does not fit" in fault for fault in raw.faults(tmp_path))


@pytest.mark.parametrize(
    "text",
    [
        *("", "x", "[]", "databases: x", "databases: {leadership: []}", "databases: {leadership: {tables: {people: x}}}", "a: 2023-02-30"),
        *(
            "databases: {leadership: {tables: {people: {columns: [x]}}}}",
            "? [a]\n: b",
            "a: !!python/name:os.system x",
            "a: *x",
            "a: \0",
            "\udcff",
        ),
    ],
)
def test_metadata_of_another_shape_is_a_fault_and_the_database_stays(raw: RawFolder, tmp_path: Path, text: str):
    (tmp_path / "metadata.yml").write_bytes(text.encode("utf-8", "surrogateescape"))
    (tmp_path / "leadership.db").write_bytes(b"old")
    with pytest.raises(InputFaults) as error:
        build(raw.folder, tmp_path / "metadata.yml", tmp_path / "leadership.db")
    assert all(re.match(r"metadata\.yml:\d+:\d+: \S", str(fault)) for fault in error.value.faults)
    assert (tmp_path / "leadership.db").read_bytes() == b"old"


def test_the_project_s_own_metadata_has_the_right_shape():
    assert load_metadata(paths.METADATA).faults == []
