"""The search page: what is typed, in either language and script, is found; nothing that is typed does harm."""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as ElementTree
from urllib.parse import quote

import pytest
from site_client import Site


@pytest.fixture(scope="module")
def site(asked_within: Site) -> Site:
    return asked_within


def search(site: Site, query: str) -> str:
    response = site.get(f"/-/find?q={quote(query)}")
    assert response.status_code == 200
    return response.text


def names(page: str, kind: str) -> list[str]:
    """Return the names in the group of a kind, in order."""
    group = re.search(f'<section aria-labelledby="{kind}">(.*?)</section>', page, re.S)
    return [html.unescape(name) for name in re.findall(r'class="hit-name">\s*<a [^>]*>([^<]*)</a>', group[1])] if group else []


def guesses(page: str) -> list[str]:
    line = re.search("Did you mean(.*)", page)
    return re.findall(">([^<]+)</a>", line[1]) if line else []


def instead(page: str) -> str:
    """Return the sentence that says what is shown instead of what was asked, "" if there is none."""
    said = re.search(r"<p>(Nothing found for .*?)</p>", page, re.S)
    return " ".join(html.unescape(re.sub("<[^>]*>", "", said[1])).split()) if said else ""


def paths(page: str, kind: str) -> list[str]:
    """Return the addresses in the group of a kind, in order."""
    group = re.search(f'<section aria-labelledby="{kind}">(.*?)</section>', page, re.S)
    return re.findall(r'class="hit-name">\s*<a href="([^"]*)"', group[1]) if group else []


@pytest.mark.parametrize("query", ["微软", "微軟", "Microsoft", "microsoft", "MICROSOFT", "Microso"])
def test_microsoft_comes_first_in_either_script_and_in_english(site: Site, query: str) -> None:
    assert names(search(site, query), "organisation")[0] == "Microsoft"


@pytest.mark.parametrize(
    ("query", "kind", "first"),
    [
        ("X", "organisation", "X"),
        ("OpenAI staff", "organisation", "OpenAI staff"),
        ("vice president of product", "post", "Vice president of product, OpenAI"),
    ],
)
def test_what_bears_the_very_name_comes_before_what_only_mentions_it(site: Site, query: str, kind: str, first: str) -> None:
    found = names(search(site, query), kind)
    assert found[0] == first
    assert len(found) > 1


@pytest.mark.parametrize("query", ["Altman", "Sam Altman", "奥特曼", "阿爾特曼", "阿尔特曼", "山姆·奥特曼"])
def test_altman_is_found_under_each_of_his_names(site: Site, query: str) -> None:
    assert names(search(site, query), "person")[0] == "Sam Altman"


def test_one_chinese_character_finds_what_has_it(site: Site) -> None:
    page = search(site, "董")
    assert "OpenAI board of directors" in names(page, "organisation")
    assert '<span class="hit-zh" lang="zh-Hans">OpenAI董事会</span>' in page


def test_the_alias_that_was_meant_is_shown(site: Site) -> None:
    assert "found by the name “阿爾特曼”" in search(site, "阿尔特曼")


def test_no_alias_is_shown_where_the_label_has_the_word(site: Site) -> None:
    assert "found by the name" not in search(site, "Altman").split('id="person"')[1].split("</section>")[0]


def test_a_misspelling_of_a_source_leads_to_the_person(site: Site) -> None:
    page = search(site, "Andrei Karpathy")
    assert names(page, "person") == ["Andrej Karpathy"]
    assert "found by the name “Andrei Karpathy” <small>(misspelling)</small>" in page


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("Schulmann", "Schulman"),
        ("Muratti", "Murati"),
        ("Sutskewer", "Sutskever"),
        ("薩姆·奧爾特曼", "山姆·奥特曼"),
        ("苏茨克维", "苏茨克弗"),
        ("蘇茨克維", "苏茨克弗"),
        ("伊尔亚", "伊利亚"),
        ("奥特慢", "奥特曼"),
    ],
)
def test_a_misspelling_of_the_readers_own_is_guessed_at(site: Site, query: str, meant: str) -> None:
    page = search(site, query)
    assert instead(page) == f"Nothing found for “{query}”; showing results for “{meant}”."
    assert names(page, "person") == names(search(site, meant), "person") != []


def test_people_come_first_and_every_kind_has_its_group(site: Site) -> None:
    kinds = re.findall(r'<h2 id="([a-z]+)">', search(site, "Altman"))
    assert kinds[0] == "person"
    assert {"departure", "tenure", "event", "figure", "remark", "interpretation", "source", "evidence"} <= set(kinds)


def test_an_identifier_leads_to_its_row(site: Site) -> None:
    page = search(site, "altman-dismissal")
    first = page.split('id="named"')[1].split("</li>")[0]
    assert 'href="/leadership/events/altman-dismissal"' in first
    assert "The board removes Altman" in first


def test_the_identifier_of_a_claim_is_pointed_to_its_permalink(site: Site) -> None:
    claim = site.rows("SELECT id FROM claims ORDER BY id LIMIT 1")[0]["id"]
    assert f'href="/id/{claim}"' in search(site, claim)


def test_counts_agree_with_the_full_list(site: Site) -> None:
    page = search(site, "Altman")
    for kind in ("event", "remark", "interpretation"):
        shown = int(re.search(rf'<h2 id="{kind}">[^<]*<span class="count">([\d,]+)', page)[1].replace(",", ""))
        link = html.unescape(re.search(rf'href="(/leadership/subjects\?[^"]*kind={kind})"', page)[1])
        listed = site.get(link.replace("?", ".json?") + "&_size=max").json()["filtered_table_rows_count"]
        assert shown == listed
        assert len(names(page, kind)) == min(shown, 20)


def test_every_result_opens(site: Site) -> None:
    page = search(site, "Schulman")
    links = [html.unescape(link) for link in re.findall(r'class="hit-name">\s*<a href="([^"]*)"', page)]
    assert len(links) > 10
    assert {link: site.status(link) for link in links} == dict.fromkeys(links, 200)


def test_key_words_of_passages_are_evidence(site: Site) -> None:
    place = site.rows("SELECT pa.source_id, pa.line FROM passages pa WHERE pa.find = 'Google Meet'")[0]
    evidence = search(site, "google meet").split('id="evidence"')[1]
    assert f'href="/leadership/line?source={place["source_id"]}&amp;line={place["line"]}"' in evidence


def test_notes_of_claims_are_evidence_in_either_script(site: Site) -> None:
    assert search(site, "集体拥戴").count("“集体拥戴”") >= 1
    assert search(site, "集體擁戴").count("“集体拥戴”") >= 1
    note = site.rows("SELECT note FROM claims WHERE length(note) > 20 AND note NOT LIKE '%\"%' ORDER BY id LIMIT 1")[0]["note"]
    assert html.escape(note, quote=False) in html.unescape(search(site, f'"{note}"')).replace("&", "&amp;")


def test_signs_that_like_reads_otherwise_stand_for_themselves(site: Site) -> None:
    per_cent = site.rows(
        "SELECT COUNT(DISTINCT pa.id) AS n FROM passages pa JOIN claims c ON c.passage_id = pa.id"
        " WHERE instr(pa.find || ' ' || COALESCE(c.note, ''), '95%') > 0"
    )[0]["n"]
    page = search(site, "95%")
    assert per_cent > 0
    assert re.search(r'<h2 id="evidence">Evidence <span class="count">(\d+)', page)[1] == str(per_cent)
    assert 'id="evidence"' not in search(site, "A_tman")


ODDITIES = (
    '"',
    '""',
    '"Altman',
    'Altman"',
    "'",
    "a'b\"c",
    "Altman NOT OpenAI",
    "AND",
    "OR OR",
    "NEAR(Altman OpenAI, 5)",
    "text:Altman",
    "Altman*",
    "*",
    "^Altman",
    "{text}: x",
    "(",
    ")",
    "-Altman",
    "+",
    "_",
    "%",
    "\\",
    "a\x00b",
    "\u200b",
    "💥",
    "\ufffd",
    "x" * 5000,
    "董 " * 400,
    "; DROP TABLE subjects; --",
    "<script>alert(1)</script>",
    "{{ 7 * 7 }}",
)


@pytest.mark.parametrize("query", ODDITIES)
def test_operators_quotes_and_oddities_do_no_harm(little_site: Site, query: str) -> None:
    page = search(little_site, query)
    assert '<input id="q"' in page
    assert "<script>alert" not in page
    assert "49" not in page.split('id="q"')[1].split(">")[0]
    assert len(page) < 400_000


def test_operators_are_words_like_others(site: Site) -> None:
    assert names(search(site, "Altman NOT"), "person") == []
    assert names(search(site, "Altman*"), "person") == ["Sam Altman"]


def test_bytes_that_are_no_text_do_no_harm(site: Site) -> None:
    assert site.get("/-/find?q=%ff%fe%00").status_code == 200
    assert site.get("/-/find?q=a&q=b").status_code == 200


@pytest.mark.parametrize("path", ["/-/find", "/-/find?q=", "/-/find?q=%20%20"])
def test_an_empty_search_shows_the_box_and_searches_that_find_something(site: Site, path: str) -> None:
    page = site.get(path).text
    examples = re.findall(r'<a href="(/-/find\?q=[^"]*)">', page)
    assert '<input id="q" name="q" type="search" value=""' in page
    assert len(examples) >= 5
    for example in examples:
        assert 'class="hits"' in site.get(html.unescape(example)).text, example


def test_nothing_found_says_what_to_try(site: Site) -> None:
    page = search(site, "zzzzqqqq")
    assert "Nothing found for “zzzzqqqq”" in page
    assert "Try fewer words" in page
    assert 'class="hits"' not in page


def test_what_was_typed_stays_in_the_box(site: Site) -> None:
    assert '<input id="q" name="q" type="search" value="a&#34;b&lt;c"' in search(site, 'a"b<c')


def test_browsers_are_told_of_the_box(site: Site) -> None:
    assert '<link rel="search" type="application/opensearchdescription+xml"' in site.get("/-/find").text
    response = site.get("/-/opensearch.xml")
    assert response.headers["content-type"].startswith("application/opensearchdescription+xml")
    root = ElementTree.fromstring(response.text)
    name = "{http://a9.com/-/spec/opensearch/1.1/}"
    assert len(root.find(f"{name}ShortName").text) <= 16
    template = root.find(f"{name}Url[@type='text/html']").get("template")
    assert template == "http://localhost/-/find?q={searchTerms}"
    assert site.get(template.replace("http://localhost", "").replace("{searchTerms}", "Altman")).status_code == 200


def test_a_question_in_plain_words_finds_what_answers_it(site: Site) -> None:
    page = search(site, "who fired Altman")
    assert instead(page).startswith("Nothing found for “who fired Altman”; showing results for its words and others for the same: “fired”,")
    assert "/leadership/events/altman-dismissal" in paths(page, "event")


def test_a_question_in_chinese_finds_what_answers_it(site: Site) -> None:
    page = search(site, "谁解雇了奥特曼")
    assert instead(page).startswith(
        "Nothing found for “谁解雇了奥特曼”; showing results for its words and others for the same: “解雇”, “罢免”"
    )
    assert "/leadership/events/altman-dismissal" in paths(page, "event")
    assert paths(search(site, "誰解雇了奧特曼？"), "event") == paths(page, "event")


def test_a_question_of_two_scripts_is_cut_where_they_meet(site: Site) -> None:
    page = search(site, "ceo是谁")
    assert "Chief executive officer, OpenAI – " in page
    assert paths(page, "post")[0] == "/leadership/posts/openai-ceo"


def test_a_run_of_chinese_is_cut_at_known_names(site: Site) -> None:
    page = search(site, "微软投资")
    assert instead(page) == "Nothing found for “微软投资”; showing results for “微软 投资”."
    assert "/leadership/events/microsoft-invests-2019" in paths(page, "event")


@pytest.mark.parametrize("query", ["ＯｐｅｎＡＩ", "ｏｐｅｎａｉ", "OpenAI"])
def test_fullwidth_letters_are_the_same_letters(site: Site, query: str) -> None:
    page = search(site, query)
    assert names(page, "organisation")[0] == "OpenAI"
    assert instead(page) == ""


def test_one_slip_among_several_words_is_mended(site: Site) -> None:
    page = search(site, "Altmann fired")
    assert instead(page) == "Nothing found for “Altmann fired”; showing results for “Altman fired”."
    assert "/leadership/events/altman-dismissal" in paths(page, "event")


def test_what_has_most_of_the_words_comes_first_where_nothing_has_all(site: Site) -> None:
    page = search(site, "微软 奥特曼 火星")
    assert instead(page) == "Nothing found for “微软 奥特曼 火星”; showing results for any of “微软”, “奥特曼”, “火星”."
    assert paths(page, "person")[0] == "/people/sam-altman"
    assert paths(page, "organisation")[0] == "/organisations/microsoft"


def test_characters_that_stand_together_are_the_last_resort(site: Site) -> None:
    page = search(site, "火星人投资热")
    assert "showing results for some of its characters, such as “火星”, “星人”, “人投”, the nearest first." in instead(page)
    assert "/leadership/events/microsoft-invests-2019" in paths(page, "event")


def test_a_post_is_found_by_its_abbreviation(site: Site) -> None:
    assert paths(search(site, "CFO"), "post")[0] == "/leadership/posts/openai-cfo"


@pytest.mark.parametrize(
    "query", ["谁", "who is it", "是谁的", '"谁" OR', "NEAR(谁解雇了奥特曼)", "解雇* AND -奥特曼 火星", '"奥特曼 火星']
)
def test_a_query_that_is_loosened_is_never_read_as_syntax(site: Site, query: str) -> None:
    assert '<input id="q"' in search(site, query)


def test_a_question_that_is_ready_is_offered(site: Site) -> None:
    page = search(site, "signatures")
    assert "How did the signatures on the staff letter grow?" in page
    assert 'href="/leadership/signatures"' in page
    assert "Signatories of the staff letter" in names(search(site, "signatories"), "figure")


def test_a_question_for_a_number_is_no_question_for_who_holds_a_post(site: Site) -> None:
    page = html.unescape(site.get("/zh/-/find", params={"q": "OpenAI有多少员工"}).text)
    assert 'href="/zh/leadership/headcount"' in page
    assert 'class="find-answer"' not in page


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("布罗克曼", "/people/greg-brockman"),
        ("托納", "/people/helen-toner"),
        ("希尔", "/people/emmett-shear"),
        ("布洛克曼", "/people/greg-brockman"),
    ],
)
def test_whom_chinese_labels_call_by_a_name_is_found_by_it_and_comes_first(site: Site, query: str, path: str) -> None:
    page = search(site, query)
    assert kinds(page)[0] == "person"
    assert paths(page, "person")[0] == path


def kinds(page: str) -> list[str]:
    """Return the kinds of what is found, in order."""
    return [kind for kind in re.findall(r'<h2 id="([a-z]+)">', page) if kind not in ("answer", "day", "asked")]


@pytest.mark.parametrize(
    ("query", "first", "path"),
    [
        ("sam altman fired", "departure", "/leadership/departures/sam-altman-openai-2023"),
        ("sam altman fired", "event", "/leadership/events/altman-dismissal"),
        ("why was altman fired", "interpretation", "/leadership/interpretations/altman-not-candid-with-board"),
        ("why was altman fired", "departure", "/leadership/departures/sam-altman-openai-2023"),
        ("mira murati resign", "departure", "/leadership/departures/mira-murati-openai-2024"),
        ("Ilya Sutskever new company", "tenure", "/leadership/tenures/ilya-sutskever-safe-superintelligence-founder"),
        ("revenue 2025", "figure", "/leadership/figures/openai-revenue-2025"),
        ("q*", "product", "/leadership/products/q-star"),
        ("为什么解雇奥特曼", "interpretation", "/leadership/interpretations/altman-not-candid-with-board"),
        ("穆拉提 辞职", "departure", "/leadership/departures/mira-murati-openai-2024"),
    ],
)
def test_what_answers_a_query_in_plain_words_stands_above_sources_and_evidence(site: Site, query: str, first: str, path: str) -> None:
    page = search(site, query)
    assert path in paths(page, first)[:2]
    assert first in kinds(page)[:2]
    assert kinds(page)[-1] == "evidence" or "source" not in kinds(page)[:-1]


@pytest.mark.parametrize(
    "query", ["who left openai 2024", "2024年离开OpenAI的人", "谁在2024年离开了OpenAI", "2024年有哪些人离开了OpenAI？"]
)
def test_exits_of_a_year_come_first_where_a_year_is_asked_for(site: Site, query: str) -> None:
    page = search(site, query)
    years = {
        site.rows("SELECT year FROM departures WHERE id = :id", id=path.rsplit("/", 1)[1])[0]["year"] for path in paths(page, "departure")
    }
    assert kinds(page)[0] == "departure"
    assert years == {2024}


@pytest.mark.parametrize("query", ["2023-11-17", "17 Nov 2023", "2023年11月17日"])
def test_a_bare_day_leads_to_the_timeline_and_to_what_is_of_that_day(site: Site, query: str) -> None:
    page = search(site, query)
    assert 'href="/timeline?from=2023-11-17&amp;to=2023-11-17"' in page
    assert kinds(page)[:2] == ["event", "departure"]
    assert "/leadership/departures/sam-altman-openai-2023" in paths(page, "departure")


@pytest.mark.parametrize(
    ("day", "kind", "path"),
    [
        ("2024-05-28", "organisation", "/organisations/openai-safety-and-security-committee"),
        ("2023-11-07", "product", "/leadership/products/gpt-store"),
    ],
)
def test_a_day_leads_to_what_was_founded_or_announced_on_it_too(site: Site, day: str, kind: str, path: str) -> None:
    assert path in paths(search(site, day), kind)


@pytest.mark.parametrize(
    ("query", "said"), [("current cfo", "Chief financial officer, OpenAI – "), ("openai board members", "OpenAI Foundation board")]
)
def test_who_holds_a_post_or_sits_on_the_board_now_is_answered_first(site: Site, query: str, said: str) -> None:
    page = search(site, query)
    assert said in page.partition('class="find-answer-words"')[2].partition("</p>")[0]


def test_a_word_of_a_title_is_no_question_for_its_holder(site: Site) -> None:
    assert 'id="answer"' not in search(site, "revenue 2025")
    assert 'id="answer"' in search(site, "CEO 2025")


def test_a_sign_at_the_end_belongs_to_the_name_that_has_it(site: Site) -> None:
    assert names(search(site, "q*"), "product") == ["Q*"]
    assert names(search(site, "q*"), "person") == []


def test_search_says_amounts_in_words_of_the_spoken_language(site: Site) -> None:
    assert "852 billion US dollars" in site.page("/-/find?q=OpenAI+valuation+March+2026")
    assert "8520亿美元" in site.page("/zh/-/find?q=OpenAI+valuation+March+2026")


@pytest.mark.parametrize("typed", ["openai revenue 2025", "OpenAI revenue 2024", "OpenAI’s revenue 2025"])
def test_a_question_for_revenue_is_not_answered_by_the_chief_revenue_officer(site: Site, typed: str) -> None:
    page = site.page(f"/-/find?q={quote(typed)}")
    assert "find-answer" not in page
    assert "OpenAI’s revenue of" in page
    assert "Sarah Friar" in site.page("/-/find?q=openai+cfo+2026")


@pytest.mark.parametrize("typed", ["openai raised 122 billions", "did openai try to merge with anthropic", "murati interim ceo dates"])
def test_no_word_is_taken_for_a_misspelt_name_if_what_comes_out_finds_nothing(site: Site, typed: str) -> None:
    page = site.page(f"/-/find?q={quote(typed)}")
    guessed = re.findall(r'\?q=([^"]*)"', page.partition("Did you mean")[2].partition("</p>")[0])
    assert all("Nothing found for" not in site.page(f"/-/find?q={guess}") for guess in guessed)
    assert not re.search(r"Clinton|Verge|Gates", page.partition("find-kinds")[0])
    assert "Schulman" in site.page("/-/find?q=Schulmann+leaves").partition("find-kinds")[0]  # a slip in a name is still mended


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("openai losses", "OpenAI’s net loss of 2025"),
        ("how much did openai lose in 2024", "OpenAI’s operating loss of 2024"),
        ("did openai file for ipo", "OpenAI files for a listing in confidence"),
        ("who went to meta", "leaves OpenAI"),
        ("where did mira murati go", "Mira Murati leaves OpenAI"),
        ("musk lawsuit verdict", "Trial of Musk’s suit"),
        ("altman equity", "Altman’s own share of OpenAI"),
        ("OpenAI亏损", "OpenAI’s net loss of 2025"),
        ("微软持股", "Microsoft’s share of OpenAI"),
    ],
)
def test_what_readers_call_otherwise_than_the_record_is_found(site: Site, typed: str, found: str) -> None:
    page = site.page(f"/-/find?q={quote(typed)}")
    first = page.partition('<ul class="hits">')[2].partition("</section>")[0]
    assert found in first, typed


@pytest.mark.parametrize(
    ("typed", "question"),
    [
        ("hour by hour november 2023", "november_2023"),
        ("openai valuation", "valuation"),
        ("how many employees does openai have", "headcount"),
        ("OpenAI有多少员工", "headcount"),
    ],
)
def test_a_question_that_is_ready_stands_before_what_has_its_words(site: Site, typed: str, question: str) -> None:
    page = site.page(f"{'' if typed.isascii() else '/zh'}/-/find?q={quote(typed)}")
    before = page.partition('class="find-kinds"')[0]
    assert re.search(r'<h2 id="asked">.*?<li><a href="(?:/zh)?/leadership/(\w+)"', before, re.S)[1] == question  # type: ignore[index]
    assert '<h2 id="asked">' not in site.page("/-/find?q=Altman").partition('class="find-kinds"')[0]


def test_who_held_a_post_in_a_month_is_said_as_of_some_time_in_it(site: Site) -> None:
    page = site.page("/-/find?q=board+members+in+November+2023")
    assert "At some time in November 2023: OpenAI board of directors" in page
    assert (
        "At some time in 2023: Chief executive officer, OpenAI – Emmett Shear (interim), Mira Murati (interim), Sam Altman."
        in site.page("/-/find?q=OpenAI+ceo+2023")
    )


@pytest.mark.parametrize(
    "typed", ["Altman", "why was sam altman fired", "where did mira murati go", "openai losses", "openai headcount", "who is ceo"]
)
def test_a_feed_of_a_search_that_is_offered_has_entries(site: Site, typed: str) -> None:
    page = html.unescape(site.page(f"/-/find?q={quote(typed)}"))
    offered = re.findall(r'href="(/leadership/feed_search\.atom\?[^"]*)"', page)
    assert bool(offered) == (typed in ("Altman", "who is ceo"))
    for path in offered:
        assert site.status(path) == 200, path


def test_who_asks_for_the_reason_is_told_what_is_argued(site: Site) -> None:
    page = site.page("/-/find?q=reason+for+altman+firing")
    assert re.search(r'<h2 id="interpretation">.*?not candid with the board', page, re.S)
    assert page.index('<h2 id="interpretation">') < page.index('<h2 id="departure">')
