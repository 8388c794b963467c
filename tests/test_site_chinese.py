"""The site in Chinese: every phrase has its translation, addresses keep the language, and what programs read has none."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import phrases
import pytest
from accessible import serious_findings
from babel.messages.pofile import read_po
from playwright.sync_api import Page
from presentation import speaking
from presentation.showing import in_words, show_when
from site_client import Site
from written import METADATA

HOST = "http://localhost"
HAN = re.compile(r"[\u4e00-\u9fff]")
PLACE = re.compile(r"%\((\w+)\)s")
LINK = re.compile(r'<(?:a|form)\b[^>]*?(?:href|action)="([^"]*)"[^>]*>')
PAGES = ("/", "/timeline", "/people/mira-murati", "/leadership/who_led", "/leadership/tenures", "/leadership/events/altman-dismissal")
PROGRAMS = (".json", ".csv", ".atom", ".ics", ".spreadsheet", ".jsonld", ".txt", ".db", ".xlsx", ".parquet", ".bib", ".ris", "/mcp")


@pytest.fixture
def chinese() -> Iterator[None]:
    """Chinese is spoken."""
    token = speaking.SPOKEN.set(speaking.CHINESE)
    yield
    speaking.SPOKEN.reset(token)


def text_of(page: str) -> str:
    """Return the words of a page."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.S))).split())


def test_every_phrase_of_the_source_has_a_translation_and_the_catalogue_has_no_other(database: Path) -> None:
    wanted = {message if isinstance(message, str) else message[0]: message for message in phrases.gather_phrases(database)}
    with speaking.CATALOGUE.open("rb") as file:
        known = {m.id if isinstance(m.id, str) else m.id[0]: m for m in read_po(file, locale="zh_Hans") if m.id}
    assert sorted(set(wanted) - set(known)) == []
    assert sorted(set(known) - set(wanted)) == []
    assert [key for key, message in known.items() if message.fuzzy or not message.string or not all(message.string)] == []
    for key, message in known.items():
        said = message.string if isinstance(message.string, str) else message.string[0]
        allowed = set(PLACE.findall(key if isinstance(message.id, str) else message.id[1]))
        assert set(PLACE.findall(said)) <= allowed, key
        assert said.count("{}") == key.count("{}"), key
        assert sorted(re.findall(r"</?[a-z]+", said)) == sorted(re.findall(r"</?[a-z]+", key)), key


def test_a_phrase_that_the_catalogue_lacks_stays_english(chinese: None) -> None:
    assert speaking.say("no such %(thing)s", thing="phrase") == "no such phrase"
    assert speaking.count_of(2, "unicorn") == "2 unicorns"


def test_dates_are_in_chinese_where_chinese_is_spoken(chinese: None) -> None:
    assert in_words("2023-11-17T20:00Z") == "2023年11月17日 12:00"
    assert show_when("2023-11").label == "2023年11月"
    assert show_when("../2024-01").label == "2024年1月或之前"
    assert show_when("2023-11-17T12:00[America/Los_Angeles]", "beijing").label == "2023年11月18日 04:00"
    token = speaking.SPOKEN.set(speaking.ENGLISH)
    assert in_words("2023-11-17T20:00Z") == "17 November 2023, 12:00"
    speaking.SPOKEN.reset(token)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_says_its_language_and_where_it_stands_in_the_other(asked_within: Site, path: str) -> None:
    for prefix, tag in (("", "en"), ("/zh", "zh-Hans")):
        page = asked_within.get(prefix + path).text
        assert f'<html lang="{tag}">' in page
        assert f'<link rel="canonical" href="{HOST}{prefix}{path}">' in page
        assert f'<link rel="alternate" hreflang="en" href="{HOST}{path}">' in page
        assert f'<link rel="alternate" hreflang="zh-Hans" href="{HOST}/zh{path}">' in page
    assert f'<a href="{path}" hreflang="en" lang="en">English</a>' in asked_within.get("/zh" + path).text
    assert f'<a href="/zh{path}" hreflang="zh-Hans" lang="zh-Hans">中文</a>' in asked_within.get(path).text


@pytest.mark.parametrize("path", PAGES)
def test_links_of_a_chinese_page_stay_in_chinese_and_those_for_programs_have_no_language(asked_within: Site, path: str) -> None:
    for link in LINK.findall(re.sub(r'<li class="site-lang">.*?</li>', "", asked_within.get("/zh" + path).text)):
        place = urlsplit(urljoin(f"{HOST}/zh{path}", html.unescape(link)))
        if place.netloc == urlsplit(HOST).netloc:
            for_programs = place.path.endswith(PROGRAMS) or place.path.startswith("/id/")
            assert place.path.startswith("/zh/") != for_programs, link
            assert link.startswith(("/", "#", "?", HOST)), f"{link} leads elsewhere from each page"


def test_the_switch_keeps_what_was_asked(asked_within: Site) -> None:
    page = asked_within.get("/zh/timeline?from=2023-11-17&to=2023-11-17&zone=beijing").text
    assert '<a href="/timeline?from=2023-11-17&amp;to=2023-11-17&amp;zone=beijing" hreflang="en"' in page


def test_the_language_stands_below_the_prefix_of_the_site(little: Path) -> None:
    below = Site(little / "leadership.db", "/data/")
    page = below.get("/data/zh/timeline").text
    below.close()
    assert '<html lang="zh-Hans">' in page
    assert f'<link rel="canonical" href="{HOST}/data/zh/timeline">' in page
    for link in LINK.findall(re.sub(r'<li class="site-lang">.*?</li>', "", page)):
        place = urlsplit(urljoin(f"{HOST}/data/zh/timeline", html.unescape(link)))
        if place.netloc == urlsplit(HOST).netloc:
            assert place.path.startswith("/data/zh/") or (place.path.startswith("/data/") and place.path.endswith(PROGRAMS)), link


def test_json_is_the_same_whatever_the_language(asked_within: Site) -> None:
    for path in ("/leadership/people.json?_shape=array&_size=5", "/succession.json?at=2023-11-20T12:00", "/leadership/who_led.csv"):
        assert asked_within.get("/zh" + path).text == asked_within.get(path).text


def test_kept_answers_are_kept_for_each_language(asked_within: Site) -> None:
    chinese, english = asked_within.get("/zh/people/mira-murati"), asked_within.get("/people/mira-murati")
    assert chinese.headers["etag"] != english.headers["etag"]
    assert asked_within.get("/zh/people/mira-murati", headers={"if-none-match": chinese.headers["etag"]}).status_code == 304
    assert "曾任" in chinese.text
    assert "曾任" not in english.text


def test_who_has_a_chinese_name_is_called_by_it_with_the_latin_one_beside(asked_within: Site) -> None:
    found = asked_within.rows("SELECT id, name, name_zh FROM people WHERE name_zh <> name LIMIT 20")
    for person in [row for row in found if HAN.search(row["name_zh"])][:4]:
        page = asked_within.get(f"/zh/people/{person['id']}").text
        assert re.search(rf"<h1>{person['name_zh']} <span[^>]*>{re.escape(html.escape(person['name']))}</span>", page)


def test_what_is_no_fact_is_marked_in_chinese_as_the_codes_have_it(asked_within: Site) -> None:
    words = {row["code"]: row["label_zh"] for row in asked_within.rows("SELECT code, label_zh FROM codes WHERE list = 'mode'")}
    for row in asked_within.rows(
        "SELECT id, asserted_as FROM events WHERE asserted_as IN ('plan', 'allegation') AND standing <> 'refuted' GROUP BY asserted_as"
    ):
        assert words[row["asserted_as"]] in text_of(asked_within.get(f"/zh/leadership/events/{row['id']}").text)


def test_a_gist_that_exists_in_english_only_is_marked_as_english(asked_within: Site) -> None:
    row = asked_within.rows("SELECT id, summary FROM events WHERE id = 'altman-dismissal'")[0]
    assert (
        f'<span lang="en">{html.escape(row["summary"], quote=False)}</span>' in asked_within.get(f"/zh/leadership/events/{row['id']}").text
    )


def test_a_citation_has_one_form(asked_within: Site) -> None:
    pages = [asked_within.get(f"{prefix}/leadership/departures/john-schulman-openai-2024").text for prefix in ("", "/zh")]
    cited = [re.search(r'<textarea id="ev-citation"[^>]*>(.*?)</textarea>', page, re.S) for page in pages]
    assert cited[0] is not None
    assert cited[1] is not None
    assert cited[0][1] == cited[1][1]


def test_what_was_answered_in_chinese_changes_nothing_in_english(asked_within: Site) -> None:
    before = text_of(asked_within.get("/timeline?from=2023-11-16").text)
    asked_within.get("/zh/timeline?from=2023-11-16")
    assert text_of(asked_within.get("/timeline?from=2023-11-16&year=").text) == before
    assert not HAN.search(before.replace("中文", "").partition("Timeline:")[0])


def test_chinese_pages_are_sound_for_those_who_cannot_see_and_fit_a_telephone(site: str, page: Page) -> None:
    for path in ("/zh/", "/zh/leadership/who_led"):
        page.goto(f"{site}{path}")
        assert serious_findings(page) == []
        page.set_viewport_size({"width": 390, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.set_viewport_size({"width": 1280, "height": 900})


def test_what_tables_and_columns_mean_is_said_in_chinese(asked_within: Site) -> None:
    tables = METADATA["databases"]["leadership"]["tables"]
    for name in ("evidence", "departures", "tenures_flat"):
        page = asked_within.get(f"/zh/leadership/{name}?_size=1").text
        assert tables[name]["description"] not in page
        told = re.findall(r"<dt>.*?</dt><dd>([^<]*)</dd>", page)
        assert told
        assert all(HAN.search(meaning) for meaning in told), name


def test_charts_and_link_previews_speak_chinese(asked_within: Site) -> None:
    board = asked_within.get("/zh/-/dashboards/overview").text
    assert "OpenAI的离职与休假，按季度与方式" in board
    assert "Exits and leaves from OpenAI by quarter" not in board
    for path in ("/", "/timeline", "/people/mira-murati", "/who-went-where", "/leadership/posts/openai-ceo"):
        told = re.findall(r'og:description" content="([^"]*)', asked_within.get(f"/zh{path}").text)
        assert len(HAN.findall(told[0])) > 5, path
    assert "OpenAI的离职与休假" in asked_within.get("/zh/-/dashboards/overview/exits.chart.svg").text
    assert "OpenAI的离职与休假" not in asked_within.get("/-/dashboards/overview/exits.chart.svg").text


def test_why_somebody_led_and_what_is_missing_is_said_in_chinese(asked_within: Site) -> None:
    why = re.findall(r'data-label="为什么">([^<]+)<', asked_within.get("/zh/leadership/who_led").text)
    assert why
    assert not [told for told in why if re.search(r"\b(from|shown|post|tells)\b", told)]
    assert "没有这个表格" in asked_within.get("/zh/leadership/nope").text
