"""What posts are called in Chinese: organisation and title in one, and no word of them twice."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path

import pytest
from leadership import paths
from leadership.opening import open_database
from leadership.titles import joined_zh, left_to_say

TWICE = re.compile(r"([\u4e00-\u9fff]{2,}|[A-Za-z]{3,}(?: [A-Za-z]+)*)\1")


@pytest.mark.parametrize(
    ("organisation", "title", "joined"),
    [
        ("微软", "首席执行官", "微软首席执行官"),
        ("OpenAI董事会", "董事会主席", "OpenAI董事会主席"),
        ("OpenAI董事会", "董事", "OpenAI董事"),
        ("OpenAI对齐研究团队", "对齐团队核心人员", "OpenAI对齐团队核心人员"),
        ("OpenAI基金会董事会", "OpenAI基金会董事", "OpenAI基金会董事"),
        ("美国财政部", "财政部长", "美国财政部长"),
        ("美国网络司令部", "司令", "美国网络司令部司令"),
        ("Facebook", "Facebook应用负责人", "Facebook应用负责人"),
        ("AGI Readiness team", "AGI Readiness主管", "AGI Readiness主管"),
        ("X", "首席执行官", "X首席执行官"),
        ("AI Futures Project", "AI安全主管", "AI Futures Project AI安全主管"),
    ],
)
def test_a_word_in_which_organisation_and_title_meet_is_said_once(organisation: str, title: str, joined: str) -> None:
    assert joined_zh(organisation, title) == joined


@pytest.mark.parametrize(
    ("title", "organisation", "left"),
    [
        ("Chief executive officer", "OpenAI", "OpenAI"),
        ("Head of post-training", "OpenAI post-training team", "OpenAI"),
        ("Lead of Model Behavior", "OpenAI Model Behavior", "OpenAI"),
        ("Director of the OpenAI Foundation", "OpenAI Foundation board of directors", ""),
        ("Director", "OpenAI board of directors", "OpenAI board of directors"),
        ("Leader of Stargate", "OpenAI", "OpenAI"),
        ("Head of the Facebook app", "Facebook", ""),
        ("Head of exercise", "X", "X"),
    ],
)
def test_an_english_post_names_its_organisation_once(title: str, organisation: str, left: str) -> None:
    assert left_to_say(title, organisation) == left


def test_who_is_called_by_a_name_of_ours_is_called_so_in_labels_and_no_source_writes_the_person_in_chinese(database: Path) -> None:
    with closing(open_database(database)) as connection:
        called = connection.execute("SELECT id, called_zh, name_zh FROM people WHERE called_zh IS NOT NULL").fetchall()
        labels = [label for (label,) in connection.execute("SELECT label_zh FROM subjects WHERE kind <> 'source'")]
        ours = connection.execute(
            "SELECT subject_id, text, lang FROM names WHERE kind = 'transliteration' AND source_id IS NULL"
        ).fetchall()
    assert ("greg-brockman", "布罗克曼", None) in called
    assert [name for _, name, _ in called if not any(name.rpartition("·")[2] in label for label in labels)] == []
    assert [person for person, _, name in called if name] == []
    assert sorted(ours) == sorted((person, name, "zh-Hans") for person, name, _ in called)


def test_a_person_is_called_in_one_way() -> None:
    told = "".join(file.read_text(encoding="utf-8") for file in paths.RAW.rglob("*.yml") if "sources" not in file.parts)
    assert [name for name in ("莱特卡普", "阿莫代伊", "弗赖尔", "雷克离开", "权俊灿") if name in told] == []


def test_what_we_describe_in_english_words_is_described_in_chinese_ones(database: Path) -> None:
    with closing(open_database(database)) as connection:
        labels = [
            label
            for (label,) in connection.execute("SELECT label_zh FROM posts UNION SELECT label_zh FROM organisations WHERE kind = 'team'")
        ]
    assert [label for label in labels if re.search(r"\b(team|office|[Oo]ffice of|human resources|University of)\b", label)] == [
        "AGI Readiness team"
    ]


def test_a_held_text_without_a_title_has_a_chinese_label(database: Path) -> None:
    with closing(open_database(database)) as connection:
        labels = dict(connection.execute("SELECT id, label_zh FROM sources WHERE access = 'held'"))
    assert labels["wsj-zh-2024-09"] == "[无标题：华尔街日报OpenAI内部冲突报道的中文编译]"
    assert [label for label in labels.values() if not re.search("[\u4e00-\u9fff]", label)] == []


def test_no_post_and_no_tenure_says_a_word_twice(database: Path) -> None:
    with closing(open_database(database)) as connection:
        labels = [label for (label,) in connection.execute("SELECT label_zh FROM posts UNION SELECT label_zh FROM tenures")]
    assert [label for label in labels if TWICE.search(label)] == []
