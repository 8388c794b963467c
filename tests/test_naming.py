"""Names: whom people mean by them, best match first, whatever script, case or width they write in."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from leadership.opening import open_database
from presentation import naming
from presentation.naming import Names, load_names, read_kinds

SUBJECTS = [
    ("ada-stone", "person", "Ada Stone", "艾达·斯通"),
    ("ben-stone", "person", "Ben Stone", "本·斯通"),
    ("cy-dangelo", "person", "Cy D’Angelo", "赛·德安杰洛"),
    ("acme", "organisation", "Acme", "顶点公司"),
    ("acme-board", "organisation", "Acme board of directors", "顶点公司董事会"),
    ("rival", "organisation", "Rival", "对手公司"),
    ("acme-ceo", "post", "Chief executive officer, Acme", "顶点公司首席执行官"),
    ("acme-ceo-assistant", "post", "Assistant to the chief executive officer, Acme", "顶点公司首席执行官助理"),
    ("acme-cto", "post", "Chief technology officer, Acme", "顶点公司首席技术官"),
    ("acme-chair", "post", "Chair of the board, Acme board of directors", "顶点公司董事会主席"),
    ("rival-ceo", "post", "Chief executive officer, Rival", "对手公司首席执行官"),
    ("ada-stone-acme-2024", "departure", "Ada Stone leaves Acme", "艾达·斯通离开顶点公司"),
]
SPELLINGS = [
    ("ada-stone", "Ada Stone"),
    ("ada-stone", "艾達·斯通"),
    ("ben-stone", "Ben Stone"),
    ("cy-dangelo", "Cy D’Angelo"),
    ("acme", "Acme"),
    ("acme", "顶点"),
    ("rival", "Rival"),
    ("acme-ceo", "Chief executive officer"),
    ("acme-ceo", "首席执行官"),
    ("acme-ceo-assistant", "Assistant to the chief executive officer"),
    ("acme-cto", "Chief technology officer"),
    ("acme-cto", "首席技术官"),
    ("acme-chair", "Chair of the board"),
    ("acme-chair", "董事会主席"),
    ("rival-ceo", "Chief executive officer"),
    ("rival-ceo", "首席执行官"),
]
OWNERS = [
    ("acme-ceo", "acme"),
    ("acme-ceo-assistant", "acme"),
    ("acme-cto", "acme"),
    ("acme-chair", "acme-board"),
    ("rival-ceo", "rival"),
]
NAMES = Names(SUBJECTS, SPELLINGS, OWNERS, [("rival-ceo", 9), ("acme-ceo", 3), ("ben-stone", 2)])


@pytest.mark.parametrize(
    ("text", "kind", "meant"),
    [
        ("ada-stone", "", ["ada-stone"]),  # the id
        ("ADA-STONE", "person", ["ada-stone"]),
        ("ada-stone", "post", []),
        ("Ada Stone", "", ["ada-stone"]),  # the very name
        ("ａｄａ　ｓｔｏｎｅ", "person", ["ada-stone"]),
        ("艾达·斯通", "person", ["ada-stone"]),
        ("艾達斯通", "person", ["ada-stone"]),
        ("cy d'angelo", "person", ["cy-dangelo"]),
        ("ada", "person", ["ada-stone"]),  # a part of the name that is one person's alone
        ("D'Angelo", "person", ["cy-dangelo"]),
        ("德安杰洛", "person", ["cy-dangelo"]),
        ("Stone", "person", ["ben-stone", "ada-stone"]),  # two have it: both, of whom more is said first
        ("CEO", "post", ["rival-ceo", "acme-ceo"]),  # the first letters of the title
        ("ceo", "person", []),
        ("CTO", "post", ["acme-cto"]),
        ("首席執行官", "post", ["rival-ceo", "acme-ceo"]),
        ("chief executive", "post", ["rival-ceo", "acme-ceo"]),  # how the title begins, so no assistant
        ("chairman", "post", ["acme-chair"]),
        ("董事长", "post", ["acme-chair"]),
        ("Acme CEO", "post", ["acme-ceo"]),  # with the organisation
        ("CEO of Acme", "post", ["acme-ceo"]),
        ("chief executive of rival", "post", ["rival-ceo"]),
        ("顶点的首席技术官", "post", ["acme-cto"]),
        ("顶点CEO", "post", ["acme-ceo"]),
        ("Acme chairman", "post", ["acme-chair"]),
        ("leaves Stone", "departure", ["ada-stone-acme-2024"]),  # all words
        ("Ada Stone", "departure", ["ada-stone-acme-2024"]),
        ("Ada Brown", "", []),
        ("of the", "", []),
        ("", "", []),
        ("·", "", []),
        ("Ada " * 100, "", []),
    ],
)
def test_a_name_means_these(text: str, kind: str, meant: list[str]) -> None:
    assert NAMES.find(text, read_kinds(kind) or ()) == meant


def test_kinds_are_read_from_their_names_or_those_of_tables() -> None:
    assert read_kinds("person, organisations") == {"person", "organisation"}
    assert read_kinds('["post"]') == {"post"}
    assert read_kinds(" ") == set()
    assert read_kinds("nonsense") is None


@pytest.mark.parametrize(
    ("text", "near"),
    [("Stonne", ["Stone"]), ("Rivall", ["Rival"]), ("德安杰罗", ["德安杰洛"]), ("Stone", []), ("xyz", []), ("ab", []), ("", [])],
)
def test_a_misspelt_name_has_the_nearest_known_ones(text: str, near: list[str]) -> None:
    names = Names(SUBJECTS, [*SPELLINGS, ("cy-dangelo", "赛·德安杰洛")])
    assert names.nearest(text, 1) == near


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("顶点首席执行官是谁", ["顶点", "首席执行官", "是谁"]),
        ("顶点的人", ["顶点", "人"]),
        ("Acme的CEO", ["Acme", "CEO"]),
        ("CEO, of Acme?", ["CEO", "Acme"]),
    ],
)
def test_a_text_is_cut_at_known_names_and_at_words_that_only_join(text: str, pieces: list[str]) -> None:
    assert NAMES.cut(text) == pieces


def make_database(path: Path) -> Path:
    """Write a database of the tables that names are read from."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(
            "CREATE TABLE subjects (id, kind, label, label_zh); CREATE TABLE names (id, subject_id, text);"
            "CREATE TABLE posts (id, organisation_id); CREATE TABLE sources (id, publisher_id);"
            "CREATE TABLE statements (subject_id, claim_count);"
        )
        connection.executemany("INSERT INTO subjects VALUES (?, ?, ?, ?)", SUBJECTS)
        connection.executemany("INSERT INTO names VALUES (?, ?, ?)", [(str(place), *name) for place, name in enumerate(SPELLINGS)])
        connection.executemany("INSERT INTO posts VALUES (?, ?)", OWNERS)
    return path


def test_the_names_of_a_database_are_read_once_however_many_ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = make_database(tmp_path / "names#1.db")
    opened = []

    def opening(path: Path) -> sqlite3.Connection:
        opened.append(path)
        return open_database(path)

    monkeypatch.setattr(naming, "open_database", opening)
    with ThreadPoolExecutor(8) as threads:
        loaded = list(threads.map(load_names, [database] * 32))
    assert len({id(names) for names in loaded}) == len(opened) == 1
    assert loaded[0].find("Acme CEO", {"post"}) == ["acme-ceo"]


def test_a_database_without_names_names_nothing(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "other.db")) as connection, connection:
        connection.execute("CREATE TABLE subjects (id)")
    assert load_names(tmp_path / "other.db").find("Altman") == []


@pytest.mark.parametrize("text", ["chair", "chairman", "董事长"])
def test_another_word_for_a_post_means_it_also_where_a_post_elsewhere_has_that_word_for_a_title(text: str) -> None:
    elsewhere = ("rival-chair", "post", "Chair, Rival", "对手公司董事长")
    spellings = [*SPELLINGS, ("rival-chair", "Chair"), ("rival-chair", "董事长")]
    assert set(Names([*SUBJECTS, elsewhere], spellings, OWNERS).find(text, ("post",))) == {"acme-chair", "rival-chair"}


@pytest.mark.parametrize(
    ("text", "meant"), [("Ada Stone", "ada-stone"), ("Ada Stoen", "ada-stone"), ("D’Angello", "cy-dangelo"), ("艾大·斯通", "ada-stone")]
)
def test_a_misspelt_name_means_the_one_that_is_spelt_most_nearly_so(text: str, meant: str) -> None:
    assert Names(SUBJECTS, SPELLINGS, OWNERS).find_nearly(text, ("person",)) == [meant]


@pytest.mark.parametrize("text", ["", "Xyzzy", "x" * 500])
def test_what_is_close_to_no_name_means_nobody(text: str) -> None:
    assert Names(SUBJECTS, SPELLINGS, OWNERS).find_nearly(text) == []
