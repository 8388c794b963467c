"""How a search that found nothing is loosened: step by step, and each step says what it looks for."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from leadership.folding import fold
from presentation.loosening import OTHER_WORDS, Step, loosen, telling_words, wide_expression
from presentation.naming import Names

NAMES = Names(
    [("ada-stone", "person", "Ada Stone", "艾达·斯通"), ("acme", "organisation", "Acme", "顶点")],
    [("ada-stone", "Ada Stone"), ("ada-stone", "艾达·斯通"), ("acme", "顶点")],
)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("who fired Stone?", ["fired", "Stone"]),
        ("谁解雇了斯通", ["解雇", "斯通"]),
        ("誰解僱了斯通？", ["解雇", "斯通"]),
        ("ceo是谁", ["ceo"]),
        ("顶点投资", ["顶点", "投资"]),
        ("ＡＣＭＥ的投资", ["ACME", "投资"]),
        ('"Ada Stone" who', ["Ada Stone"]),
        ("斯通有多少投资", ["斯通", "投资"]),
        ("2024年离开斯通的人", ["2024年", "离开", "斯通"]),
        ("who is it", []),
        ("是谁", []),
        ("“”", []),
    ],
)
def test_the_telling_words_of_a_query(typed: str, words: list[str]) -> None:
    assert telling_words(typed, NAMES) == words


def steps(typed: str, *unknown: str) -> list[Step]:
    """Return the steps for a query of whose words all but some are known."""
    words = telling_words(typed, NAMES)
    return list(loosen(words, [word not in unknown for word in words], NAMES))


def test_first_only_the_words_of_the_question_are_left_out() -> None:
    first = steps("who is Ada Stone")[0]
    assert (first.how, first.words, first.expression, first.alone) == ("words", ("Ada", "Stone"), '(("Ada"*)) AND (("Stone"*))', True)


def test_other_words_for_the_same_are_allowed() -> None:
    first = steps("谁解雇了斯通")[0]
    assert first.how == "others"
    assert first.words == ("解雇", *OTHER_WORDS["解雇"], "斯通")
    assert first.expression == '(("解 雇") OR ("罢 免") OR ("解 职")) AND (("斯 通"))'


def test_a_word_that_nothing_has_is_taken_for_the_nearest_name() -> None:
    nearest = next(step for step in steps("Stonne leaves", "Stonne") if step.how == "nearest")
    assert nearest.words == ("Stone", "leaves")
    assert nearest.meant == "Stone leaves"
    assert "nearest" not in {step.how for step in steps("Stonne leaves")}


def test_then_any_word_will_do_and_at_last_characters_that_stand_together() -> None:
    *_, any_word, characters = steps("顶点 投资者", "投资者")
    assert (any_word.how, any_word.expression) == ("any", '(("顶 点")) OR (("投 资 者"))')
    assert (characters.how, characters.words) == ("characters", ("顶点", "投资", "资者"))


def test_a_query_without_a_telling_word_is_not_loosened() -> None:
    assert steps("who is it") == []


@settings(derandomize=True, max_examples=150, deadline=None, database=None)
@given(typed=st.one_of(st.text(max_size=20), st.text(alphabet='ab"*()-:^+AND _斯通顶谁的?', max_size=14)))
def test_every_step_is_sound_syntax_whatever_was_typed(typed: str) -> None:
    index = sqlite3.connect(":memory:")
    index.execute("CREATE VIRTUAL TABLE t USING fts5(text, tokenize='unicode61 remove_diacritics 2')")
    index.execute("INSERT INTO t VALUES (?)", (fold("Ada Stone 斯通"),))
    words = telling_words(typed, NAMES)
    expressions = [step.expression for step in loosen(words, [False] * len(words), NAMES)]
    for expression in (*map(wide_expression, words), *expressions):
        index.execute("SELECT rowid, rank FROM t WHERE t MATCH ?", (expression,)).fetchall()
