"""What posts are called in Chinese: organisation and title in one, and no word of them twice."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path

import pytest
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


def test_no_post_and_no_tenure_says_a_word_twice(database: Path) -> None:
    with closing(open_database(database)) as connection:
        labels = [label for (label,) in connection.execute("SELECT label_zh FROM posts UNION SELECT label_zh FROM tenures")]
    assert [label for label in labels if TWICE.search(label)] == []
