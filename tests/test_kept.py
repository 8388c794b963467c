"""What was made of catalogue and sheets is kept for the next build, which must come out as if nothing had been kept."""

import os

import pytest
from conftest import RawFolder
from leadership import catalogue
from leadership.batches import batch
from leadership.faults import InputFaults
from leadership.pipeline import run


@pytest.fixture
def kept(tmp_path):
    return tmp_path / "kept"


@pytest.fixture
def read(monkeypatch):
    """The sheets that were really read, by name."""
    names = []
    read_sheet = batch.read_sheet
    monkeypatch.setattr(batch, "read_sheet", lambda path: (names.append(path.stem), read_sheet(path))[1])
    return names


@pytest.fixture
def read_parts(monkeypatch):
    """The files of the catalogue that were really read, by name; those that are never kept are left out."""
    names = []
    read_part = catalogue.read_part
    monkeypatch.setattr(catalogue, "read_part", lambda raw, name: (names.append(name), read_part(raw, name))[1])
    return names


def rows(raw: RawFolder, kept) -> dict[str, list]:
    tables = run(raw.folder, keep_in=kept).tables
    return {name: [*map(dict, table)] for name, table in tables.items()}


def test_a_second_build_reads_no_sheet_and_makes_the_same_rows(raw, kept, read):
    first = rows(raw, kept)
    assert read == ["alpha", "beta"]
    assert rows(raw, kept) == first == rows(raw, None)
    assert read == ["alpha", "beta"] * 2  # the second time by the build that keeps nothing


def test_a_changed_sheet_is_read_anew_with_its_batch_and_nothing_old_remains(raw, kept, read, monkeypatch):
    monkeypatch.setattr(batch, "SHEETS_A_BATCH", 1)
    rows(raw, kept)
    raw.change("sources/beta.yml", 'value: "800"', 'value: "770"')
    raw.change("sources/beta.yml", 'find: "800"', 'find: "770"')
    raw.change("decisions.yml", '  expect: ["770", "800"]\n  deprecate: {"800": secondary}\n', '  expect: ["770"]\n')
    changed = rows(raw, kept)
    assert read == ["alpha", "beta", "beta"]
    assert changed == rows(raw, None)
    assert len(list((kept / "sheets").iterdir())) == 2


def test_a_second_build_reads_no_file_of_the_catalogue_but_one_after_a_change_reads_it(raw, kept, read_parts):
    first = rows(raw, kept)
    assert {"codes.yml", "people.yml", "decisions.yml"} < set(read_parts)
    files = len(read_parts)
    read_parts.clear()
    assert rows(raw, kept) == first
    assert read_parts == []
    raw.change("people.yml", "name: Mira Murati", "name: Mira M. Murati")
    changed = rows(raw, kept)
    assert read_parts == ["people.yml"]
    assert "Mira M. Murati" in [person["name"] for person in changed["people"]]
    assert changed == rows(raw, None)
    assert len(list((kept / "catalogue").iterdir())) == files


def test_a_change_of_words_in_the_catalogue_reads_no_sheet(raw, kept, read):
    rows(raw, kept)
    read.clear()
    raw.change("people.yml", "name: Mira Murati", "name: Mira M. Murati")
    changed = rows(raw, kept)
    assert read == []
    assert "Mira M. Murati" in [person["name"] for person in changed["people"]]


def test_a_tenure_that_gets_another_post_has_the_sheets_read_anew_that_name_it_and_no_others(raw, kept, read, monkeypatch):
    monkeypatch.setattr(batch, "SHEETS_A_BATCH", 1)
    naming = [path.stem for path in sorted((raw.folder / "sources").iterdir()) if "murati-ceo" in path.read_text(encoding="utf-8")]
    (raw.folder / "posts").mkdir()
    raw.replace("posts/more.yml", "- {id: openai-cto, organisation: openai, title: CTO, title_zh: 首席技术官, category: executive}\n")
    raw.change("sources/beta.yml", "names:\n", "names:\n  openai-cto: {CTO: 1:3}\n")
    rows(raw, kept)
    read.clear()
    raw.change("tenures.yml", "person: mira-murati, post: openai-ceo", "person: mira-murati, post: openai-cto")
    changed = rows(raw, kept)
    assert read == naming == ["alpha"]
    assert changed == rows(raw, None)


def test_a_sheet_that_names_somebody_who_is_declared_later_is_sound_from_then_on(raw, kept):
    raw.change("sources/beta.yml", "names:\n", "names:\n  greg-brockman: {Greg Brockman: 1:3}\n")
    with pytest.raises(InputFaults, match="there is no greg-brockman"):
        rows(raw, kept)
    (raw.folder / "people").mkdir()
    raw.replace("people/more.yml", "- {id: greg-brockman, name: Greg Brockman}\n")
    assert "Greg Brockman" in [person["name"] for person in rows(raw, kept)["people"]]


def test_a_file_of_the_catalogue_that_moves_to_another_folder_is_read_as_what_it_has_become(raw, kept):
    (raw.folder / "people").mkdir()
    (raw.folder / "products").mkdir()
    raw.replace("people/more.yml", "- {id: greg-brockman, name: Greg Brockman}\n")
    rows_of_names = "sam-altman: {Sam Altman: 3:0,"
    raw.change("sources/alpha.yml", rows_of_names, "greg-brockman: {Greg Brockman: 3:0}\n  " + rows_of_names)
    assert "greg-brockman" in [person["id"] for person in rows(raw, kept)["people"]]
    (raw.folder / "people/more.yml").rename(raw.folder / "products/more.yml")
    with pytest.raises(InputFaults) as moved:
        run(raw.folder, keep_in=kept)
    with pytest.raises(InputFaults) as afresh:
        run(raw.folder)
    assert list(map(str, moved.value.faults)) == list(map(str, afresh.value.faults)) != []


@pytest.mark.parametrize("spoil", [lambda content: content[:-1], lambda content: content + b"x", lambda content: b""])
@pytest.mark.parametrize("folder", ["sheets", "catalogue"])
def test_what_is_spoiled_is_made_anew(raw, kept, read, read_parts, folder, spoil):
    first = rows(raw, kept)
    of_catalogue = len(read_parts)
    before = sorted((kept / folder).iterdir())
    before[0].write_bytes(spoil(before[0].read_bytes()))
    (kept / folder / "half.123.tmp").write_bytes(b"written by a build that was killed")
    assert rows(raw, kept) == first
    assert len(read) == (4 if folder == "sheets" else 2)
    assert len(read_parts) == (of_catalogue if folder == "sheets" else of_catalogue + 1)
    assert sorted((kept / folder).iterdir()) == before


def test_what_a_sheet_refers_to_counts_as_part_of_it(raw, kept):
    rows(raw, kept)
    raw.change("people.yml", "{id: mira-murati, name: Mira Murati}", "{id: ermira-murati, name: Mira Murati}")
    with pytest.raises(InputFaults) as error:
        run(raw.folder, keep_in=kept)
    assert any("mira-murati" in fault.message and fault.file == "raw/sources/alpha.yml" for fault in error.value.faults)


def test_faults_of_kept_sheets_are_told_every_time(raw, kept):
    raw.change("sources/alpha.yml", "reason: loss_of_board_confidence", "reason: bad_weather")
    told = []
    for _ in range(2):
        with pytest.raises(InputFaults) as error:
            run(raw.folder, keep_in=kept)
        told.append([str(fault) for fault in error.value.faults])
    assert told[0] == told[1] != []


def test_texts_that_were_not_compared_are_compared(raw, kept, tmp_path):
    run(raw.folder, keep_in=kept)
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "alpha.txt").write_text("another text\n", encoding="utf-8")
    with pytest.raises(InputFaults) as error:
        run(raw.folder, texts, keep_in=kept)
    assert any("alpha" in str(fault) for fault in error.value.faults)


def test_a_folder_that_cannot_be_written_keeps_nothing_and_stops_nothing(raw, tmp_path):
    (tmp_path / "file").write_text("no folder")
    assert rows(raw, tmp_path / "file" / "kept") == rows(raw, None)


def test_a_sheet_that_is_saved_while_it_is_read_is_read_again(raw, kept, monkeypatch):
    read_sheet = batch.read_sheet

    def read_what_is_saved_just_now(path):
        if path.stem == "beta":
            path.write_bytes(path.read_bytes().replace(b"Beta on the affair", b"Beta, saved in between"))
        return read_sheet(path)

    before = (raw.folder / "sources" / "beta.yml").read_bytes()
    monkeypatch.setattr(batch, "read_sheet", read_what_is_saved_just_now)
    rows(raw, kept)
    monkeypatch.setattr(batch, "read_sheet", read_sheet)
    raw.replace("sources/beta.yml", before)
    assert rows(raw, kept) == rows(raw, None)


def test_a_sheet_that_became_a_link_or_a_pipe_is_refused_and_not_waited_for(raw, kept, tmp_path):
    rows(raw, kept)
    sheet = raw.folder / "sources" / "beta.yml"
    sheet.rename(tmp_path / "beta.yml")
    for replace in (lambda: sheet.symlink_to(tmp_path / "beta.yml"), lambda: os.mkfifo(sheet)):
        sheet.unlink(missing_ok=True)
        replace()
        with pytest.raises(InputFaults) as error:
            run(raw.folder, keep_in=kept)
        assert any(fault.file == "raw/sources/beta.yml" for fault in error.value.faults)
