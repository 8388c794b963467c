"""What was made of sheets is kept for the next build, which must come out as if nothing had been kept."""

import os

import pytest
from conftest import RawFolder
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
    assert len(list(kept.iterdir())) == 2


@pytest.mark.parametrize("spoil", [lambda content: content[:-1], lambda content: content + b"x", lambda content: b""])
def test_what_is_spoiled_is_made_anew(raw, kept, read, spoil):
    first = rows(raw, kept)
    (file,) = kept.iterdir()
    file.write_bytes(spoil(file.read_bytes()))
    (kept / "half.123.tmp").write_bytes(b"written by a build that was killed")
    assert rows(raw, kept) == first
    assert read == ["alpha", "beta"] * 2
    assert list(kept.iterdir()) == [file]


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
