"""Rows packed away and taken out again."""

from __future__ import annotations

from leadership.batches.packs import ROWS_A_PACK, pack, pack_all, unpack, unpack_all
from leadership.reading import Bare

ROWS = [("id-1", None, 3, 2.5, "一九九八"), ("id-2", "", -1, 0.0, "a\x00b")]


def test_rows_come_out_as_they_went_in():
    assert unpack(pack(ROWS)) == ROWS


def test_text_that_was_written_without_quotes_comes_out_as_ordinary_text():
    (row,) = unpack(pack([(Bare("2023-11-17"), 4)]))
    assert row == ("2023-11-17", 4)
    assert type(row[0]) is str


def test_many_rows_are_packed_some_at_a_time_and_keep_their_order():
    rows = [(f"{number:06}", number) for number in range(2 * ROWS_A_PACK + 1)]
    packs, count = pack_all(iter(rows))
    assert (len(packs), count) == (3, len(rows))
    assert list(unpack_all(packs)) == rows


def test_so_few_rows_that_they_make_one_pack_stay_as_they_are():
    assert pack_all(iter(ROWS)) == ([ROWS], 2)
    assert list(unpack_all([ROWS])) == ROWS
    assert pack_all([]) == ([[]], 0)
