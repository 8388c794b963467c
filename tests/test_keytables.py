"""The tables of keys in the guide: made of the schema, between their markers, and nothing else of the text is touched."""

from __future__ import annotations

import pytest
from leadership.keytables import BEGIN, END, TABLES, VOICES, kinds_table, voices_table, with_tables
from leadership.schema import KINDS, VOICE_KEYS

EMPTY = "\n".join(["before", *(f"{BEGIN.format(name)}\n\n{END}\nbetween" for name in TABLES), "after\n"])


def cells(table: str, first: str) -> list[str]:
    """Return the cells of the row that begins with a key."""
    (row,) = [line for line in table.split("\n") if line.startswith(f"| `{first}`")]
    return [cell.strip() for cell in row.strip("|").split("|")]


def test_every_kind_has_its_keys_with_what_they_lead_to():
    table = kinds_table()
    assert [line.split("`")[1] for line in table.split("\n")[2:]] == list(KINDS)
    _, declared, claimed = cells(table, "figure")
    assert "`organisation` (organisations)" in declared
    assert "[`event` (events)]" in declared
    assert "`unit` (code)" in declared
    assert "`members`* (people)" in claimed
    assert "`reason`* (code: departure_reason)" in cells(table, "departure")[2]


def test_every_property_of_every_kind_stands_in_the_table():
    table = kinds_table()
    for kind in KINDS.values():
        row = cells(table, kind.name)
        assert [d.key for d in kind.declared if f"`{d.key}`" not in row[1]] == []
        assert [p.name for p in kind.properties if f"`{p.name}`" not in row[2]] == []


def test_every_voice_has_its_meaning():
    assert list(VOICES) == list(VOICE_KEYS)
    assert cells(voices_table(), "mode")[0] == "`mode` (code)"
    assert cells(voices_table(), "denies")[2] == "false"


def test_tables_are_written_between_their_markers_and_once_only():
    text = with_tables(EMPTY)
    assert text == with_tables(text)
    assert text.startswith(f"before\n{BEGIN.format('kinds')}\n\n| kind |")
    assert text.endswith(f"\n\n{END}\nbetween\nafter\n")
    assert text.count("\nbetween\n") == len(TABLES)


def test_a_text_without_a_place_for_a_table_is_refused():
    with pytest.raises(ValueError, match="no place for the table of voices; write <!-- make schema writes: voices --> and"):
        with_tables(EMPTY.replace("voices", "voice"))
