"""Pages that were read and are not kept: what their sheets hold, the rows that become of them, and where the site sends readers."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import pytest
from conftest import RawFolder, rows_by_id
from leadership import paths
from leadership.building import build
from leadership.pipeline import Result
from presentation.pages import page_links
from read_source import COPY, GAMMA, URL, add_read_source
from site_client import Site

FIRST = "the%20board%2C%20on%20Nov.%2017%20%2D%20at%20noon"


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    raw = RawFolder(tmp_path_factory.mktemp("pages") / "raw")
    add_read_source(raw)
    return raw.run()


def faults(raw: RawFolder, old: str, new: str) -> list[str]:
    """Return what is said of the sheet once `new` stands in it in the place of `old`, without the place."""
    assert GAMMA.count(old) == 1
    add_read_source(raw, GAMMA.replace(old, new))
    return [fault.partition(": ")[2] for fault in raw.faults()]


# sheets


def test_a_page_is_a_source_that_is_read_and_has_no_lines(result: Result):
    row = rows_by_id(result, "sources")["gamma"]
    names = ("access", "url", "read_at", "read_how", "read_on", "text_kind", "is_primary", "line_count", "blank_count", "document")
    assert [row[name] for name in names] == ["read", URL, COPY, "repost", "2024-01-02", "full", 0, None, None, None]


def test_its_passages_have_words_and_no_place(result: Result):
    passages = [p for p in result.tables["passages"] if p["source_id"] == "gamma"]
    assert {(p["line"], p["start"], p["end"]) for p in passages} == {(None, None, None)}
    assert {p["find"] for p in passages} == {"the board, on Nov. 17 - at noon", "首席执行官奥特慢", "Altman", "奥特慢", "Gamma News"}
    assert len({p["id"] for p in passages}) == len(passages)


def test_its_names_are_names_with_their_kinds(result: Result):
    names = {(n["subject_id"], n["text"], n["kind"]) for n in result.tables["names"] if n["source_id"] == "gamma"}
    assert names == {
        ("sam-altman", "Altman", "alias"),
        ("sam-altman", "奥特慢", "misspelling"),
        ("gamma-news", "Gamma News", "preferred"),
    }


def test_what_it_says_agrees_with_what_others_say(result: Result):
    row = rows_by_id(result, "events")["altman-removed"]
    assert (row["standing"], row["sources"]) == ("agreed", '["alpha", "gamma"]')


def test_an_anchor_has_at_most_sixteen_characters_if_some_are_chinese_and_else_thirty_two(raw: RawFolder):
    assert faults(raw, "首席执行官奥特慢", "首席执行官奥特慢离开了开放人工智能") == [
        "find is longer than 16 characters, of which some are Chinese; shorten it"
    ]
    assert faults(raw, '"the board, on Nov. 17 - at noon"', f'"{"a" * 32}"') == []
    assert faults(raw, '"the board, on Nov. 17 - at noon"', f'"{"a" * 33}"') == ["find is longer than 32 characters; shorten it"]


@pytest.mark.parametrize("missing", ["read_how: repost", 'read_on: "2024-01-02"', "text_kind: full", "reliability: A test."])
def test_what_a_page_must_say_of_itself(raw: RawFolder, missing: str):
    assert faults(raw, f"  {missing}\n", "") == [f"key {missing.partition(':')[0]} is missing; add it"]


def test_a_page_has_an_address(raw: RawFolder):
    sheet = GAMMA.replace(f"  url: {URL}\n", "")
    add_read_source(raw, sheet)
    assert raw.faults() == []
    add_read_source(raw, sheet.replace(f"  read_at: {COPY}\n", ""))
    (fault,) = raw.faults()
    assert fault.endswith("says neither where the page is nor where it was read; write url or read_at")


def test_a_page_has_no_lines_and_no_places_of_names(raw: RawFolder):
    assert faults(raw, "  - find: 首席执行官奥特慢", "  - line: 4\n    find: 首席执行官奥特慢") == [
        "key line is not known here; see raw/README.md for the keys that are"
    ]
    assert len(faults(raw, "gamma-news: Gamma News", "gamma-news: {Gamma News: 4}")) == 1


def test_one_name_and_one_anchor_stand_once(raw: RawFolder):
    assert faults(raw, "[Altman, ", "[Altman, Altman, ") == ["the name Altman stands twice; keep one of the two"]
    assert faults(raw, "find: 首席执行官奥特慢", 'find: "the board, on Nov. 17 - at noon"')[0].startswith("this anchor stands twice")


# where readers are sent


def test_readers_are_sent_to_the_original_and_to_a_copy_only_as_one():
    assert page_links(URL, COPY, "repost", "noon") == [(f"{URL}#:~:text=noon", False), (f"{COPY}#:~:text=noon", True)]
    assert page_links(URL, None, "original", "noon") == [(f"{URL}#:~:text=noon", False)]
    assert page_links(None, COPY, "search_copy", "noon") == [(f"{COPY}#:~:text=noon", True)]
    assert page_links(None, None, None) == []


@pytest.mark.parametrize("how", ["translation", "summary"])
def test_the_original_of_a_translation_or_a_summary_is_opened_at_its_beginning(how: str):
    assert page_links(URL, COPY, how, "noon") == [(URL, False), (f"{COPY}#:~:text=noon", True)]


# the site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("pages_site")
    raw = RawFolder(folder / "raw")
    add_read_source(raw)
    build(raw.folder, paths.METADATA, folder / "leadership.db")
    site = Site(folder / "leadership.db")
    yield site
    site.close()


def page(site: Site, path: str) -> str:
    response = site.get(f"/leadership/{path}")
    assert response.status_code == 200
    return html.unescape(response.text)


def words(fragment: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", fragment).split())


def test_a_claim_of_a_page_leads_to_the_original_at_its_words_and_to_the_copy_as_one(site: Site):
    source = page(site, "events/altman-removed")
    assert f'<a href="{URL}#:~:text={FIRST}" rel="noopener">the page</a>' in source
    assert f'copy: <a href="{COPY}#:~:text={FIRST}" rel="noopener">in a repost</a>' in source
    assert "line None" not in source
    assert 'href="/leadership/line?source=alpha&line=3"' in source


def test_a_citation_names_lines_of_texts_and_words_of_pages(site: Site):
    source = page(site, "events/altman-removed")
    assert "“Alpha on the affair” (alpha), line 3; “Gamma on the affair” (gamma), at “the board, on Nov. 17 - at noon”" in source


def test_the_page_of_a_read_source_says_what_was_read_and_at_which_words_something_is_claimed(site: Site):
    source = page(site, "sources/gamma")
    shown = words(source.partition('id="evidence"')[2])
    assert "What was read there A public page that was read for facts about leadership on 2 January 2024 and is not kept." in shown
    assert "Where: in a repost. How much of it: whole text. No account of its lines is given." in shown
    assert "“首席执行官奥特慢” : 1 claim" in shown
    assert "ev-strip" not in source
    assert "We do not hold this document" not in source


def test_a_passage_of_a_page_has_a_card_with_the_links_and_without_a_line(site: Site):
    (passage,) = [row["id"] for row in site.rows("SELECT id FROM passages WHERE find LIKE 'the board%'")]
    card = page(site, f"passages/{passage}").partition('class="ev ev-card"')[2].partition("<details")[0]
    assert "A page that was read on 2 January 2024 , at the words" in words(card)
    assert f'href="{URL}#:~:text={FIRST}"' in card
    assert "None" not in words(card)


def test_a_claim_of_a_page_is_told_in_one_sentence_with_its_words(site: Site):
    (claim,) = [
        row["id"]
        for row in site.rows(
            "SELECT c.id FROM claims c JOIN statements s ON s.id = c.statement_id WHERE c.source_id = 'gamma' AND s.property = 'started'"
        )
    ]
    lead = page(site, f"claims/{claim}").partition('class="ev ev-card"')[2].partition("<dl")[0]
    assert words(lead.partition(">")[2]).startswith(
        "At “the board, on Nov. 17 - at noon” , “ Gamma on the affair ” affirms , in its own voice, of “ Altman removed ” that it began"
    )


def test_the_page_of_a_line_says_that_a_read_page_has_none(site: Site):
    source = page(site, "line?source=gamma&line=3")
    assert "its lines have no numbers" in source
    assert 'href="/leadership/sources/gamma"' in source


def test_a_search_finds_the_words_of_a_page_and_leads_to_their_place(site: Site):
    source = html.unescape(site.get("/-/find?q=首席执行官奥特慢").text)
    (passage,) = [row["id"] for row in site.rows("SELECT id FROM passages WHERE find = '首席执行官奥特慢'")]
    assert f'href="/leadership/passages/{passage}"' in source
    assert "line None" not in source


@pytest.mark.parametrize("path", ["passages", "claims_flat", "evidence", "claims", "sources", "line_coverage"])
def test_tables_and_views_show_rows_without_lines(site: Site, path: str):
    assert "line=None" not in page(site, path)


def test_a_planned_return_is_marked_wherever_its_row_is_shown(site: Site):
    source = page(site, "events/altman-returns")
    assert '<span class="ev-mark">plan</span>' in source
