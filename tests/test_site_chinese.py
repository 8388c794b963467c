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
from leadership.schema import KINDS
from playwright.sync_api import Page
from presentation import speaking, wording
from presentation.headings import in_cell
from presentation.showing import in_words, show_when
from presentation.wording import phrase, property_order, property_title
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


def test_the_language_stands_below_the_prefix_of_the_site(asked_within: Site, little: Path) -> None:
    below = Site(little / "leadership.db", "/data/")
    page = below.get("/data/zh/timeline").text
    below.close()
    assert '<html lang="zh-Hans">' in page
    assert f'<link rel="canonical" href="{HOST}/data/zh/timeline">' in page
    for link in LINK.findall(re.sub(r'<li class="site-lang">.*?</li>', "", page)):
        place = urlsplit(urljoin(f"{HOST}/data/zh/timeline", html.unescape(link)))
        if place.netloc == urlsplit(HOST).netloc:
            assert place.path.startswith("/data/zh/") or (place.path.startswith("/data/") and place.path.endswith(PROGRAMS)), link


def test_two_sites_of_one_process_each_call_things_by_their_own_names(asked_within: Site, little: Path) -> None:
    """The other site learns its names last and has no Sutskever; an answer calls people as its own site has learned it."""
    other = Site(little / "leadership.db")
    try:
        for turn in range(2):  # whoever answered last
            said = text_of(asked_within.get(f"/zh/leadership/who_followed?person=ilya-sutskever&turn={turn}").text)
            assert "伊利亚·苏茨克弗 Ilya Sutskever之后：OpenAI首席科学家" in said
            assert "伊利亚·苏茨克弗" not in text_of(other.get(f"/zh/leadership/people?turn={turn}").text)
    finally:
        other.close()


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
    known = [row for row in found if HAN.search(row["name_zh"])][:4]
    assert known
    for person in known:
        page = asked_within.get(f"/zh/people/{person['id']}").text
        assert re.search(rf"<h1>{person['name_zh']} <span[^>]*>{re.escape(html.escape(person['name']))}</span>", page)


def test_what_is_no_fact_is_marked_in_chinese_as_the_codes_have_it(asked_within: Site) -> None:
    words = {row["code"]: row["label_zh"] for row in asked_within.rows("SELECT code, label_zh FROM codes WHERE list = 'mode'")}
    rows = asked_within.rows(
        "SELECT id, asserted_as FROM events WHERE asserted_as IN ('plan', 'allegation') AND standing <> 'refuted' GROUP BY asserted_as"
    )
    assert len(rows) == 2
    for row in rows:
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


# what is said in whose words


def test_words_of_a_source_and_spellings_stand_as_they_are_written(asked_within: Site) -> None:
    row = asked_within.rows(
        """SELECT p.id, p.find, s.lang FROM passages p JOIN sources s ON s.id = p.source_id
            WHERE p.find = 'Ilya Sutskever' AND s.access = 'read' AND s.lang = 'en' ORDER BY p.id LIMIT 1"""
    )[0]
    for path in (f"/zh/leadership/passages/{row['id']}", f"/zh/leadership/passages?id={row['id']}", "/zh/-/find?q=Ilya+Sutskever"):
        page = asked_within.get(path).text
        assert f">{row['find']}<" in page or f"“{row['find']}”" in page, path
        assert not re.search(r"“(?:<span[^>]*>)?伊利亚·苏茨克弗 Ilya Sutskever", page), path
    names = asked_within.get("/zh/people/ilya-sutskever").text.partition('id="names"')[2]
    assert "<li>Ilya Sutskever <" in names
    assert "伊利亚·苏茨克弗 Ilya Sutskever <" not in names


def test_what_was_asked_stands_in_the_fields_as_it_was_written(asked_within: Site) -> None:
    for path, field in (
        ("/zh/-/find?q=Google", "q"),
        ("/zh/leadership/who_left?destination=Google", "_filter_value_1"),
        ("/zh/leadership/from_and_to?firm=Google", "firm"),
    ):
        found = re.search(rf'<input[^>]*name="{field}"[^>]*value="([^"]*)"', asked_within.get(path).text)
        assert found is not None
        assert found[1] == "Google", path
    assert "没有找到“Google xyzzy”" in text_of(asked_within.get("/zh/-/find?q=Google+xyzzy").text)


def test_links_of_the_chinese_home_page_ask_for_what_the_tables_have(asked_within: Site) -> None:
    asked = [
        html.unescape(link)
        for link in re.findall(r'href="(/zh/leadership/who_left\?[^"]*destination[^"]*)"', asked_within.get("/zh/").text)
    ]
    assert "/zh/leadership/who_left?organisation=OpenAI&destination=Google" in asked
    for link in asked:
        assert asked_within.get(link.removeprefix("/zh").replace("?", ".json?") + "&_shape=array").json(), link


def test_whoever_a_field_of_a_question_offers_is_found_by_what_it_offers(asked_within: Site) -> None:
    page = asked_within.get("/zh/leadership/about_person").text
    offered = re.findall(r'<option value="([^"]*)"', page.partition('id="q-list-person"')[2].partition("</datalist>")[0])
    both = [name for name in offered if HAN.search(name) and re.search("[A-Za-z]", name)]
    assert "山姆·奥特曼 Sam Altman" in both
    for name in both:
        assert "这里没有叫" not in asked_within.get("/zh/leadership/about_person", params={"person": html.unescape(name)}).text, name


# what questions, charts and codes say


def test_what_questions_say_in_their_cells_and_charts_is_said_in_chinese(asked_within: Site) -> None:
    for name, english, chinese in (
        ("who_held_post?moment=2026-01-01", "in post when last shown", "最近一次见到时在任"),
        ("tenure_lengths", "goes on, when last told of", "最近一次提到时仍在任"),
        ("tenure_lengths", "Ilya Sutskever – Chief scientist", "伊利亚·苏茨克弗：首席科学家"),
        ("exits_by_quarter", "2024 Q3", "2024年第3季度"),
        ("where_sources_disagree", "by decision", "由裁定解决"),
        ("weighty_single_origin", "event of the crisis", "危机中的事件"),
        ("single_origin", "2 or more", "2个以上"),
    ):
        page = text_of(asked_within.get(f"/zh/leadership/{name}").text.partition('<pre id="sql-query"')[0])
        assert chinese in page, name
        assert english not in page, name
    drawn = asked_within.get("/zh/leadership/tenure_lengths.chart.svg").text
    assert "最近一次提到时仍在任" in drawn
    assert "伊利亚·苏茨克弗：首席科学家" in drawn


@pytest.mark.parametrize(("table", "name"), [(kind.table, name) for kind in KINDS.values() for name in property_order(kind.table)])
def test_what_pages_call_a_property_and_say_of_it_is_chinese(table: str, name: str, chinese: None) -> None:
    assert HAN.search(property_title(table, name))
    assert not re.search(r"[A-Za-z]{3}", phrase(table, name))


def test_every_property_and_every_table_that_a_cell_names_has_a_chinese_word(chinese: None) -> None:
    for name in {"occurs", *(prop.name for kind in KINDS.values() for prop in kind.properties)}:
        assert HAN.search(in_cell(name, "property")), name
    for name in {kind.table for kind in KINDS.values()}:
        assert HAN.search(in_cell(name, "table_name")), name


@pytest.mark.parametrize("table", [kind.table for kind in KINDS.values()])
def test_every_property_has_a_title_and_a_phrase_in_either_language(table: str) -> None:
    def words() -> dict[str, tuple[str, str]]:
        return {name: (wording.property_title(table, name), wording.phrase(table, name)) for name in wording.property_order(table)}

    english = words()
    token = speaking.SPOKEN.set(speaking.CHINESE)
    chinese = words()
    speaking.SPOKEN.reset(token)
    assert [said for said in english.values() if HAN.search("".join(said))] == []
    assert {name: said for name, said in chinese.items() if not all(map(HAN.search, said))} == {}


def test_a_code_of_several_lists_is_called_as_in_its_own(asked_within: Site) -> None:
    of = {(row["list"], row["code"]): row["label_zh"] for row in asked_within.rows("SELECT list, code, label_zh FROM codes")}
    assert of["rank", "preferred"] != of["name_kind", "preferred"]
    statements = text_of(asked_within.get("/zh/leadership/statements?rank=preferred&_size=3").text)
    assert of["rank", "preferred"] in statements
    assert of["name_kind", "preferred"] not in statements
    names = text_of(asked_within.get("/zh/leadership/names?kind=preferred&_size=3").text)
    assert of["name_kind", "preferred"] in names
    about = text_of(asked_within.get("/zh/leadership/about_person").text)
    assert of["source_kind", "post"] not in about.partition("。")[0]
    paper = asked_within.rows(
        "SELECT id FROM events WHERE kind = 'publication' AND asserted_as = 'fact' AND started_day IS NOT NULL LIMIT 1"
    )[0]["id"]
    page = text_of(asked_within.get(f"/zh/leadership/events/{paper}").text)
    assert f"· {of['event_kind', 'publication']}" in page


def test_what_screen_readers_hear_of_the_exits_is_chinese(asked_within: Site) -> None:
    heard = re.findall(r'<li class="column"><a[^>]*title="([^"]*)"><span class="unseen">([^<]*)</span>', asked_within.get("/zh/").text)
    assert heard
    assert not [words for pair in heard for words in pair if re.search(r"resigned|removed|not stated|leave", words)]


def test_what_stands_there_in_english_only_is_marked_as_english(asked_within: Site) -> None:
    row = asked_within.rows("SELECT id, rationale FROM decisions WHERE id = 'letter-signatories'")[0]
    marked = f'<span lang="en">{html.escape(row["rationale"], quote=False)}'
    for path in ("/zh/leadership/decisions?id=letter-signatories", "/zh/leadership/decisions/letter-signatories"):
        assert marked in asked_within.get(path).text.replace("&#39;", "'").replace("&#34;", '"'), path
    assert '<td class="col-summary' in (page := asked_within.get("/zh/leadership/events?id=altman-dismissal&_columns=all").text)
    assert re.search(r'<td class="col-summary[^>]*><span lang="en">', page)


@pytest.mark.parametrize("path", ["/zh/-/dashboards", "/zh/sources-record?page=2"])
def test_pages_that_lead_on_speak_chinese(asked_within: Site, path: str) -> None:
    page = text_of(asked_within.get(path).text.partition("<main")[2] or asked_within.get(path).text)
    assert not re.search(r"\b(Dashboards|home|Charts over|previous|next|page \d)\b", page)


def test_the_day_of_a_source_that_is_known_by_bounds_is_whole(asked_within: Site) -> None:
    for prefix, said in (("", "between August and September 2024"), ("/zh", "2024年8月至9月之间")):
        page = text_of(asked_within.get(f"{prefix}/leadership/departures/ilya-sutskever-openai-2024").text)
        assert "2024-08/20" not in page
        assert said in page


def test_amounts_are_written_as_chinese_writes_them(asked_within: Site) -> None:
    found = text_of(asked_within.get("/zh/-/find?q=签名").text)
    assert not re.search(r"[<>~] ?\d|\d (人|百分比|美元)|百分比", found)
    assert re.search(r"超过\d+人", found)
    assert re.search(r"\d%", found)
    told = re.findall(r"<strong>([^<]*(?:美元|人))</strong>", asked_within.get("/zh/organisations/openai").text)
    assert "66亿美元" in told
    assert [amount for amount in told if " " in amount] == []


def test_a_label_of_ours_names_an_untitled_text_on_chinese_pages(asked_within: Site) -> None:
    home = re.sub(r"<script.*?</script>", "", asked_within.get("/zh/").text, flags=re.S)
    assert "[无标题：关于OpenAI动荡的评论]" in home
    assert "<small>评论，2024年8月至9月之间</small>" in home
    assert "Untitled commentary" not in home


def test_what_the_timeline_tells_of_tenures_and_exits_is_told_in_chinese_in_its_table_too(asked_within: Site) -> None:
    told = re.findall(r'<td class="col-what[^>]*>([^<]*)', asked_within.get("/zh/leadership/timeline?entry=end&_size=20").text)
    assert told
    assert [words for words in told if "不再担任" not in words] == []
    lists = re.findall(r'<td class="col-exits[^>]*>([^<]*)', asked_within.get("/zh/leadership/reasons_given").text)
    assert [words for words in lists if re.search(r",| leaves ", words)] == []
    labels = asked_within.get("/zh/leadership/event_participants?_size=1").text
    assert re.search(r'<td class="col-label[^>]*><a href="[^"]*" lang="en">', labels)


def test_words_in_chinese_are_not_explained_in_english_to_who_reads_chinese(asked_within: Site) -> None:
    path = "/leadership/departures/ilya-sutskever-openai-2024"
    assert re.search(r'class="ev-gloss">– [A-Za-z]', asked_within.get("/leadership/products/rlhf").text)
    for page in (asked_within.get(f"/zh{path}").text, asked_within.get("/zh/leadership/products/rlhf").text):
        assert not re.search(r'class="ev-gloss">– [A-Za-z]', page)
    place = asked_within.rows("SELECT passage_id FROM names WHERE kind = 'misspelling' AND passage_id IS NOT NULL ORDER BY 1 LIMIT 1")[0]
    told = [text_of(asked_within.get(f"{prefix}/leadership/passages/{place['passage_id']}").text) for prefix in ("", "/zh")]
    assert ["so spelt there" in page for page in told] == [True, False]
    assert ["原文如此书写" in page for page in told] == [False, True]


def test_what_became_of_founders_is_told_in_chinese(asked_within: Site) -> None:
    told = re.findall(r'<td class="col-detail[^>]*>([^<]+)', asked_within.get("/zh/leadership/founders").text)
    brockman = re.compile(r"最近一次见于20\d\d年\d+月\d+日；2023年11月17日：辞职，后撤销；2024年8月5日 19:14：休假，后回归")
    assert len([words for words in told if brockman.fullmatch(words)]) == 1
    assert [words for words in told if re.search(r"last shown|taken back|returned|resigned|; ", words)] == []


def test_signs_between_words_are_those_of_chinese(asked_within: Site) -> None:
    exit_page = asked_within.get("/zh/leadership/departures/ilya-sutskever-openai-2024").text
    assert "互不矛盾。规则1" in text_of(exit_page)
    assert ">CSV</a>，<a" in asked_within.get("/zh/leadership/who_led").text
    assert re.search(r"裁定， ?2026年11月26日 ?（[^）]+） ?：", text_of(asked_within.get("/zh/history?id=sam-altman-openai-2023").text))


def test_a_profile_says_what_chinese_labels_call_the_person(asked_within: Site) -> None:
    assert re.search(r"<h1>Emmett Shear <span[^>]*>希尔</span></h1>", asked_within.get("/zh/people/emmett-shear").text)
    assert "希尔" not in asked_within.get("/people/emmett-shear").text.partition("<h1>")[2].partition("</h1>")[0]


def test_as_what_somebody_took_part_and_whose_word_a_reason_is_are_said_in_chinese(asked_within: Site) -> None:
    shear = text_of(asked_within.get("/zh/people/emmett-shear").text)
    assert "作为谈判者（不确定）、代表（代表OpenAI董事会）" in shear
    assert "作为赞成" in text_of(asked_within.get("/zh/people/ilya-sutskever?section=events").text)
    assert "representative for OpenAI board of directors" in text_of(asked_within.get("/people/emmett-shear").text)
    for path in ("/zh/people/greg-brockman", "/zh/who-went-where"):
        assert "Untitled" not in re.sub(r"\[Untitled[^]]*\]?", "", text_of(asked_within.get(path).text)), path


def test_without_a_database_the_catalogue_of_phrases_stays_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = speaking.CATALOGUE.read_bytes()
    monkeypatch.setattr(phrases.paths, "DATABASE", tmp_path / "leadership.db")
    with pytest.raises(SystemExit, match="call make build, then again"):
        phrases.main()
    assert speaking.CATALOGUE.read_bytes() == before
