"""How pages speak of dates, in sentences and in lists, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from presentation.answering import retell_spells
from presentation.showing import amid, show_when
from presentation.speaking import SPOKEN
from site_client import Site


@pytest.fixture
def pages(asked_within: Site) -> Site:
    return asked_within


@pytest.fixture
def chinese() -> Iterator[None]:
    token = SPOKEN.set("zh")
    yield
    SPOKEN.reset(token)


def test_an_interval_says_month_and_year_once() -> None:
    assert show_when("2026-08-16/2026-08-23").label == "between 16 and 23 August 2026"
    assert show_when("2026-08-30/2026-09-02").label == "between 30 August and 2 September 2026"
    assert show_when("2025-12-30/2026-01-02").label == "between 30 December 2025 and 2 January 2026"
    assert show_when("2023-08/2023-09").label == "between August and September 2023"
    assert show_when("2020/2021").label == "between 2020 and 2021"


def test_an_interval_in_chinese_says_them_once_too(chinese: None) -> None:
    assert show_when("2026-08-16/2026-08-23").label == "2026年8月16日至23日之间"
    assert show_when("2026-08-30/2026-09-02").label == "2026年8月30日至9月2日之间"


def test_in_a_sentence_a_part_of_a_day_or_year_comes_first() -> None:
    assert amid(show_when("2023-11-21Tevening[America/Los_Angeles]").label) == "the evening of 21 November 2023"
    assert amid(show_when("2017-41").label) == "the second half of 2017"
    assert amid(show_when("2023-11-21").label) == "21 November 2023"


def test_about_a_clock_time_is_not_told_as_its_bounds() -> None:
    assert show_when("2023-11-17T12:00[America/Los_Angeles]~").label == "about 17 November 2023, 12:00"


def test_why_somebody_led_is_told_in_chinese_alone(pages: Site) -> None:
    page = pages.get("/zh/leadership/who_led?moment=2026-10-07").text
    why = re.findall(r'<td class="col-why[^>]*>(.*?)</td>', page, re.S)
    assert why
    assert not any(re.search(r"in post when|no source tells|\bfrom\b|日 \d\d:\d\d时", cell) for cell in why)


def test_a_beginning_that_is_only_bounded_has_one_preposition() -> None:
    told = "Cynthia Gaylor: from by January 2026; in post when last shown, on 31 January 2026; no source tells an end (agreed)"
    assert retell_spells(told).startswith("Cynthia Gaylor: by January 2026; ")
    assert retell_spells("news from by the sea") == "news from by the sea"


def test_the_succession_speaks_one_language(pages: Site) -> None:
    page = pages.get("/zh/succession?at=2023-11-20T12:00").text
    assert "last shown" not in page.partition('id="state"')[2].partition('id="drawn"')[0]
