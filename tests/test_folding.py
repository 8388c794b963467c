"""Search text: both scripts are one, each Chinese character is a word, and no query can break the index."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from leadership.folding import fold, has_cjk, is_traditional, match_expression, normalize, simplify, split_scripts, tokens


@pytest.fixture(scope="module")
def index() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE t USING fts5(text, tokenize='unicode61 remove_diacritics 2')")
    for text in ("奥特曼离开OpenAI董事会", "Sam Altman leaves the board", "GPT-4o 发布", "Mira Murati, 穆拉蒂"):
        connection.execute("INSERT INTO t VALUES (?)", (fold(text),))
    return connection


def found(index: sqlite3.Connection, query: str) -> list[int]:
    return [row[0] for row in index.execute("SELECT rowid FROM t WHERE t MATCH ? ORDER BY rowid", (match_expression(query),))]


def test_traditional_characters_are_folded_one_by_one():
    assert simplify("董事會罷免奧特曼") == "董事会罢免奥特曼"


def test_a_space_is_put_around_every_chinese_character():
    assert fold("OpenAI董事会2023年") == "OpenAI 董 事 会 2023 年"


def test_text_without_chinese_stays_as_it_is():
    assert fold("Sam  Altman, CEO") == "Sam  Altman, CEO"


def test_characters_are_folded_into_their_plain_form_on_both_sides(index: sqlite3.Connection):
    assert [normalize(text) for text in ("ＯｐｅｎＡＩ", "ﬁred", "⾦", "OpenAI")] == ["OpenAI", "fired", "金", "OpenAI"]
    assert fold("ＯｐｅｎＡＩ董事會") == "OpenAI 董 事 会"
    index.execute("INSERT INTO t (rowid, text) VALUES (9, ?)", (fold("ＦＵＬＬＷＩＤＴＨ"),))
    assert found(index, "fullwidth") == [9]


def test_a_word_is_cut_where_two_scripts_meet_and_figures_stay():
    assert split_scripts("ceo是谁") == ["ceo", "是谁"]
    assert split_scripts("微软CEO纳德拉") == ["微软", "CEO", "纳德拉"]
    assert split_scripts("2023年11月") == ["2023年11月"]
    assert split_scripts("Altman") == ["Altman"]


def test_words_are_those_of_the_index():
    assert tokens("D’Angelo, CÉO of 董事會!") == ["d", "angelo", "ceo", "of", "董", "事", "会"]


def test_chinese_is_told_from_other_scripts():
    assert [has_cjk(text) for text in ("奥", "〇", "Sam", "，", "カ")] == [True, True, False, False, False]


def test_traditional_is_told_from_simplified():
    assert [is_traditional(text) for text in ("奧特曼", "奥特曼", "Sam")] == [True, False, False]


@pytest.mark.parametrize(
    ("query", "expression"),
    [
        ("altman", '"altman"*'),
        ("sam altman", '"sam"* "altman"*'),
        ('"sam altman"', '"sam altman"'),
        ('board "sam altman', '"board"* "sam altman"'),
        ("董事會", '"董 事 会"'),
        ("OpenAI董事会", '"OpenAI"* "董 事 会"'),
        ('"OpenAI董事会"', '"OpenAI 董 事 会"'),
        ("ceo是谁", '"ceo"* "是 谁"'),
        ("2023年11月", '"2023 年 11 月"'),
        ("山姆·奧特曼", '"山 姆 奥 特 曼"'),
        ("ＯｐｅｎＡＩ", '"OpenAI"*'),
        ("＂ＳＡＭ＂", '"SAM"'),
        ("GPT-4", '"GPT 4"*'),
        ("", ""),
        ('""', ""),
        ("* - ( )", ""),
        ("AND OR NEAR", '"AND"* "OR"* "NEAR"*'),
        ("label:x", '"label x"*'),
    ],
)
def test_a_query_becomes_phrases(query: str, expression: str):
    assert match_expression(query) == expression


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("特", [1]),
        ("奧特曼", [1]),
        ("特奥", []),
        ("董事", [1]),
        ("altm", [2]),
        ("alt board", [2]),
        ('"the board"', [2]),
        ('"board the"', []),
        ("gpt-4", [3]),
        ("murati 穆拉蒂", [4]),
        ("ＯｐｅｎＡＩ", [1]),
        ("董事会OpenAI", [1]),
        ("ＧＰＴ－４ｏ发布", [3]),
        ("OpenAI", [1]),
    ],
)
def test_a_word_of_any_length_is_found_in_either_script(index: sqlite3.Connection, query: str, rows: list[int]):
    assert found(index, query) == rows


@settings(derandomize=True, max_examples=150, deadline=None, database=None)
@given(query=st.one_of(st.text(max_size=20), st.text(alphabet='ab"*()-:^+AND _董會', max_size=12)))
def test_no_query_breaks_the_index(index: sqlite3.Connection, query: str):
    if match_expression(query):
        found(index, query)
