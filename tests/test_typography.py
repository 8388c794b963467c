"""One kind of apostrophe in our own words; titles and quotes of sources keep theirs."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from leadership.opening import open_database
from leadership.typography import set_apostrophes
from presentation.speaking import CATALOGUE

OURS = {
    **dict.fromkeys(("people", "organisations", "posts", "tenures", "departures"), ("label",)),
    "events": ("label", "summary"),
    "figures": ("label", "scope"),
    "remarks": ("label", "gist"),
    "interpretations": ("label", "position"),
    "codes": ("label", "definition"),
    "decisions": ("rationale", "basis"),
    "claims": ("note",),
    "sources": ("reliability", "note"),
}
TYPED = re.compile(r"\w'\w")


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("OpenAI's board", "OpenAI’s board"),
        ("both firms' heads", "both firms’ heads"),
        ("he 'left'", "he 'left'"),
        ("D’Angelo", "D’Angelo"),
    ],
)
def test_an_apostrophe_is_set_whichever_was_typed(typed: str, printed: str) -> None:
    assert set_apostrophes(typed) == printed


def test_what_is_not_told_stays_untold() -> None:
    assert set_apostrophes(None) is None


def test_our_own_words_have_one_kind_of_apostrophe(database: Path) -> None:
    with closing(open_database(database)) as connection:
        for table, columns in OURS.items():
            for column in columns:
                rows = connection.execute(f'SELECT "{column}" FROM "{table}" WHERE "{column}" LIKE ?', ("%'%",))
                assert [text for (text,) in rows if TYPED.search(text)] == []


def test_titles_of_sources_and_the_words_at_a_place_keep_theirs(database: Path) -> None:
    with closing(open_database(database)) as connection:
        connection.row_factory = sqlite3.Row
        for sql in ("SELECT label FROM sources", "SELECT find FROM passages"):
            assert {"'" in text for (text,) in connection.execute(sql)} == {True, False}


def test_so_have_the_phrases_of_pages_and_of_the_metadata() -> None:
    with CATALOGUE.open("rb") as file:  # it has all of them and no other, as `test_site_chinese.py` sees
        phrases = [message.id for message in read_po(file, locale="zh_Hans") if message.id]
    assert phrases
    assert [phrase for phrase in phrases if TYPED.search(phrase if isinstance(phrase, str) else phrase[0])] == []
