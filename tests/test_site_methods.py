"""The methods page, the form for corrections, citations in four forms, quotes that can be checked, and evidence that stays open."""

from __future__ import annotations

import html
import json
import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest
from distribution.measuring import take_measures
from playwright.sync_api import Page
from presentation.citing import Citation, as_bibtex, as_csl, as_ris, as_text
from presentation.pages import page_links
from presentation.wording import property_order
from site_client import Site

ROW = "john-schulman-openai-2024"
WHOLE = Citation("A dataset", "Its makers", "1.2.3", "2026-02-03", "https://example.org/")
PART = Citation(
    "A dataset",
    "Its makers",
    "1.2.3",
    "2026-02-03",
    "https://example.org/id/a-row",
    "Profits & 50% of $1_000 – 元老",
    "figures/a-row",
    ("agreed",),
    ("after “A {source}” (a-source), lines 1–3",),
)


@pytest.fixture(scope="module")
def pages(asked_within: Site) -> Site:
    return asked_within


@pytest.fixture(scope="module")
def methods(pages: Site) -> str:
    """The methods page as words."""
    response = pages.get("/methods")
    assert response.status_code == 200
    return words_of(response.text)


def words_of(page: str) -> str:
    """Return the words of a page with single spaces between them and none before a full stop or comma."""
    words = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())
    return re.sub(r" (?=[.,;:)])", "", words).replace("( ", "(")


def one(pages: Site, sql: str, **values: object) -> Any:
    """Return the single value of a query."""
    ((value,),) = (tuple(row.values()) for row in pages.rows(sql, **values))
    return value


def source_of(pages: Site, path: str, status: int = 200) -> str:
    """Return the HTML of a page, its character references resolved."""
    response = pages.get(path)
    assert response.status_code == status, path
    return html.unescape(response.text)


def text_made(page: str) -> str:
    """Return the ready text of a correction."""
    found = re.search(r'<textarea id="c-text"[^>]*>([^<]*)</textarea>', page)
    return found[1] if found else ""


# the methods page


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELECT COUNT(*) FROM claims WHERE checked = 'page'", r"{} claims \([\d.]+ %\) were read at the page or text itself"),
        ("SELECT COUNT(*) FROM claims WHERE checked = 'notes'", r"{} \([\d.]+ %\) rest on notes that were taken of the source"),
        ("SELECT COUNT(*) FROM claims", r"Each of these is a row of claims: {},"),
        ("SELECT COUNT(*) FROM claims WHERE polarity = 'denies'", r"of which {} deny what another says"),
        ("SELECT COUNT(*) FROM statements", r"its independent origins: {}\."),
        ("SELECT COUNT(*) FROM accepted", r"What is accepted – {} values – fills the cells"),
        ("SELECT COUNT(*) FROM (SELECT DISTINCT subject_id, property FROM disagreements)", r"On {} points sources give more than one"),
        (
            "SELECT COUNT(*) FROM (SELECT DISTINCT subject_id, property FROM disagreements WHERE settled = 'by rule')",
            r"{} are settled by a rule",
        ),
        (
            "SELECT COUNT(*) FROM (SELECT DISTINCT subject_id, property FROM disagreements WHERE settled = 'by decision')",
            r"{} by a recorded decision",
        ),
        ("SELECT COUNT(*) FROM (SELECT DISTINCT subject_id, property FROM disagreements WHERE settled = 'open')", r"{} are left open"),
        ("SELECT COUNT(*) FROM decisions", r"There are {} such decisions"),
        (
            "SELECT COUNT(*) FROM events WHERE asserted_as = 'fact' AND standing <> 'refuted' AND started IS NULL",
            r"told as facts {} \([\d.]+ %\) are dated by no source",
        ),
        (  # a source that says that none was given gives none
            "SELECT COUNT(*) FROM who_left WHERE reason IS NULL OR reason = '[\"not_told\"]'",
            r"exits and leaves {} have no accepted reason",
        ),
        ("SELECT COUNT(*) FROM statements WHERE rank = 'preferred' AND origin_count = 1", r"{} of [\d,]+ accepted values"),
        ("SELECT COUNT(*) FROM sources WHERE access = 'read' AND text_kind <> 'full'", r"read {} \([\d.]+ %\) were read in part only"),
        ("SELECT COUNT(*) FROM set_aside WHERE reason = 'private_life'", r"{} lines? of the texts at hand (was|were) set aside for that"),
        ("SELECT COUNT(*) FROM findings", r"{} findings of the checks on who succeeded whom"),
    ],
)
def test_a_number_of_the_methods_page_is_that_of_the_database(pages: Site, methods: str, sql: str, said: str) -> None:
    assert re.search(said.replace("{}", f"{one(pages, sql):,}"), methods)


def test_an_accepted_value_rests_on_notes_only_where_none_of_its_claims_was_read_at_the_page(pages: Site, methods: str) -> None:
    sound = {row["statement_id"] for row in pages.rows("SELECT statement_id FROM claims WHERE checked = 'page' AND polarity = 'affirms'")}
    accepted = {row["id"] for row in pages.rows("SELECT id FROM statements WHERE rank = 'preferred' AND claim_count > 0")}
    every = one(pages, "SELECT COUNT(*) FROM accepted")
    assert f"Of {every:,} accepted values {len(accepted - sound):,} (" in methods


def test_the_methods_page_says_until_when_the_record_reaches(pages: Site, methods: str) -> None:
    day = one(pages, "SELECT value FROM build_info WHERE id = 'covers_to'")
    assert re.search(rf"The record covers what was published until {int(day[8:])} \w+ {day[:4]}", methods)


def test_every_code_of_a_mark_stands_with_its_meaning_from_the_table_of_codes(pages: Site, methods: str) -> None:
    codes = pages.rows(
        "SELECT list, label, definition FROM codes WHERE list IN ('standing', 'mode', 'certainty', 'rank', 'deprecated_reason', 'rule')"
    )
    assert len({code["list"] for code in codes}) == 6
    missing = [code for code in codes if " ".join(code["definition"].split()) not in methods]
    assert missing == []


@pytest.mark.parametrize(
    ("code_list", "sql"),
    [
        ("standing", "SELECT standing AS code, COUNT(*) AS n FROM subjects WHERE standing IS NOT NULL GROUP BY 1"),
        ("rank", "SELECT rank AS code, COUNT(*) AS n FROM statements GROUP BY 1"),
        (
            "deprecated_reason",
            "SELECT deprecated_reason AS code, COUNT(*) AS n FROM statements WHERE deprecated_reason IS NOT NULL GROUP BY 1",
        ),
    ],
)
def test_a_mark_says_how_many_rows_or_values_have_it(pages: Site, code_list: str, sql: str) -> None:
    page = source_of(pages, "/methods")
    for row in pages.rows(sql):
        code = one(pages, "SELECT id FROM codes WHERE list = :list AND code = :code", list=code_list, code=row["code"])
        assert re.search(rf'/leadership/codes/{code}">{row["n"]:,} (row|value)', page), code


def test_the_measures_are_those_that_the_script_takes(pages: Site, database: Path) -> None:
    table = source_of(pages, "/methods").partition('id="measures"')[2].partition("</table>")[0]
    shown = [words_of(row) for row in table.split("<tr>")[2:]]
    with closing(sqlite3.connect(database)) as connection:
        taken = take_measures(connection)
    assert len(shown) == len(taken)
    for line, measure in zip(shown, taken, strict=True):
        assert line.startswith(f"{measure.name} {measure.value:,}")
        assert ("does not hold" in line) == (measure.holds is False)
        assert measure.per_cent is None or f" {measure.per_cent} %" in line


def test_every_audit_is_published_with_what_was_drawn_and_found(pages: Site, methods: str) -> None:
    audits = pages.rows("SELECT * FROM audits")
    assert audits
    for audit in audits:
        counts = ((audit[f"{name}_count"], name) for name in ("right", "debatable", "incomplete", "wrong", "missing"))
        found = r"(?: \([\d.]+ %\))?, ".join(f"{count:,} {name}" for count, name in counts if count)
        assert re.search(rf"Of {audit['drawn_count']:,} {found}", methods), audit["id"]
        assert audit["scope"] in methods


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/timeline",
        "/people/sam-altman",
        f"/leadership/departures/{ROW}",
        "/leadership/events?_size=1",
        "/leadership/who_led",
        "/leadership",
        "/-/find",
        "/-/dashboards/overview",
        "/correct",
    ],
)
def test_the_footer_of_every_page_leads_to_the_methods_page(pages: Site, path: str) -> None:
    assert 'href="/methods"' in source_of(pages, path).partition('<footer class="ft">')[2]


def test_an_error_page_leads_to_the_methods_page_too(pages: Site) -> None:
    assert 'href="/methods"' in source_of(pages, "/no-such-page", 404)


def test_no_link_of_the_methods_page_is_broken(pages: Site) -> None:
    content = source_of(pages, "/methods").partition('<section class="content"')[2].partition("<footer")[0]
    links = {link for link in re.findall(r'href="(/[^"#]+)', content) if not link.startswith("/leadership/codes/")}
    known = {row["name"] for row in pages.rows("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")}
    known |= set(pages.run(pages.datasette.get_canned_queries("leadership", None)))
    lists = {link for link in links if link.startswith("/leadership/") and link.count("/") == 2}
    assert {link.split("/")[2].partition("?")[0] for link in lists} <= known
    assert len(links) > len(lists) > 5
    assert {link: answer.status_code for link in sorted(links - lists) if (answer := pages.get(link)).status_code != 200} == {}


# corrections


def test_a_row_leads_to_its_correction_and_so_does_each_of_its_properties(pages: Site) -> None:
    page = source_of(pages, f"/leadership/departures/{ROW}")
    properties = {row["property"] for row in pages.rows("SELECT DISTINCT property FROM statements WHERE subject_id = :id", id=ROW)}
    assert f'href="/correct?id={ROW}">Correct</a>' in page
    assert set(re.findall(rf'href="/correct\?id={ROW}&property=([a-z_]+)"', page)) == properties


def test_the_form_offers_each_property_with_its_accepted_value(pages: Site) -> None:
    page = source_of(pages, f"/correct?id={ROW}&property=destination_id")
    offered = re.findall(r'<option value="([a-z_]+)"', page.partition('class="correct-form"')[2])
    assert offered[: len(property_order("departures"))] == property_order("departures")
    label = one(
        pages,
        "SELECT o.label FROM accepted a JOIN organisations o ON o.id = a.value WHERE a.subject_id = :id AND property = 'destination_id'",
        id=ROW,
    )
    assert f'<option value="destination_id" selected>Destination – now: {label}</option>' in page
    assert '<form class="correct-form" action="/correct" method="get">' in page


def test_a_filled_form_makes_a_text_with_row_property_both_values_source_and_place(pages: Site) -> None:
    asked = {"id": ROW, "property": "destination_id", "proposed": "Another firm", "source": "https://example.org/a", "place": "page 3"}
    text = text_made(source_of(pages, f"/correct?{urlencode(asked)}"))
    label = one(pages, "SELECT label FROM subjects WHERE id = :id", id=ROW)
    for line in (
        f"Row: {label} (departures/{ROW})",
        f"Address: http://localhost/id/{ROW}",
        "Property: Destination (destination_id)",
        "Value now: Anthropic",
        "Value proposed: Another firm",
        "Source: https://example.org/a",
        "Place in it: page 3",
    ):
        assert f"{line}\n" in text


def test_the_form_speaks_chinese_and_the_text_that_it_makes_english(pages: Site) -> None:
    asked = {"id": ROW, "property": "announced", "proposed": "x", "source": "y", "place": "z"}
    english, chinese = (source_of(pages, f"{language}/correct?{urlencode(asked)}") for language in ("", "/zh"))
    assert text_made(chinese).replace("/zh/id/", "/id/") == text_made(english)
    assert "名称、摘要或类别（由本数据集撰写，并非来源所述）" in chinese
    assert "Name, summary or kind" not in chinese
    empty = source_of(pages, f"/zh/correct?id={ROW}&proposed=x")
    assert "属性、来源、出处中的位置" in empty.replace(", ", "、")


def test_a_form_that_lacks_a_source_says_so_and_makes_no_text(pages: Site) -> None:
    page = source_of(pages, f"/correct?id={ROW}&property=destination_id&proposed=Another+firm")
    assert "Still missing: source, place in it." in page
    assert text_made(page) == ""


def test_a_claim_is_corrected_at_the_row_and_property_that_it_is_about(pages: Site) -> None:
    claim = pages.rows(
        "SELECT c.id, st.subject_id, st.property FROM claims c JOIN statements st ON st.id = c.statement_id"
        " WHERE st.subject_id = :id AND st.property = 'announced' ORDER BY c.id LIMIT 1",
        id=ROW,
    )[0]
    assert f'href="/correct?id={claim["id"]}"' in source_of(pages, f"/leadership/claims/{claim['id']}")
    page = source_of(pages, f"/correct?id={claim['id']}")
    assert '<option value="announced" selected>' in page
    assert f"seen at <code>claims/{claim['id']}</code>" in page


def test_a_property_without_an_accepted_value_says_that_it_has_none(pages: Site) -> None:
    given = {row["property"] for row in pages.rows("SELECT property FROM accepted WHERE subject_id = :id", id=ROW)}
    empty = next(name for name in property_order("departures") if name not in given)
    assert re.search(rf'<option value="{empty}">[^<]* – now: no accepted value</option>', source_of(pages, f"/correct?id={ROW}"))


def test_what_a_reader_writes_stays_text(pages: Site) -> None:
    attack = "</textarea><script>alert(1)</script>"
    asked = {"id": ROW, "property": "occurs", "proposed": attack, "source": attack, "place": attack, "remark": attack}
    assert "<script>alert" not in pages.get(f"/correct?{urlencode(asked)}").text


@pytest.mark.parametrize("row_id", ["nobody", "a'b", "<b>", "x" * 3000])
def test_an_unknown_row_cannot_be_corrected(pages: Site, row_id: str) -> None:
    answer = pages.get(f"/correct?id={quote(row_id)}")
    assert answer.status_code == 404
    assert "<b>" not in answer.text


def test_the_page_says_whom_to_ask_where_no_address_is_set(pages: Site) -> None:
    page = source_of(pages, f"/correct?id={ROW}&property=occurs&proposed=no&source=s&place=p&remark=nowhere")
    assert "This copy names no address for corrections." in page
    assert "mailto:" not in page


def test_a_correction_is_mailed_and_taken_to_the_tracker_where_addresses_are_set(pages: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = {"mail": "us@example.org", "tracker": "https://example.org/new?title={title}&body={text}"}
    look_up = pages.datasette.plugin_config
    monkeypatch.setattr(
        pages.datasette, "plugin_config", lambda name, *rest, **more: settings if name == "corrections" else look_up(name, *rest, **more)
    )
    page = source_of(pages, f"/correct?id={ROW}&property=occurs&proposed=no&source=s&place=50%25+%26+more&remark=sent")
    mail, tracker = re.findall(r'href="([^"]+)"', page.partition('<ul class="correct-ways">')[2].partition("</ul>")[0])
    assert mail.startswith("mailto:us@example.org?")
    for link, body in ((mail, "body"), (tracker, "body")):
        assert parse_qs(urlsplit(link).query)[body] == [text_made(page)]
    assert "no address for corrections" not in page


# citations


def test_the_forms_of_a_citation_have_the_same_row_version_and_address(pages: Site) -> None:
    answers = {form: pages.get(f"/cite/{ROW}.{form}") for form in ("txt", "bib", "ris", "csl.json")}
    assert {form: answer.status_code for form, answer in answers.items()} == dict.fromkeys(answers, 200)
    version = one(pages, "SELECT value FROM build_info WHERE id = 'dataset_version'")
    label = one(pages, "SELECT label FROM subjects WHERE id = :id", id=ROW)
    for form, answer in answers.items():
        assert f"http://localhost/id/{ROW}" in answer.text, form
        assert version in answer.text, form
        assert label in answer.text, form
        assert f"departures/{ROW}" in answer.text, form


def test_a_citation_is_the_same_on_the_page_of_the_row_and_at_its_own_address(pages: Site) -> None:
    page = source_of(pages, f"/leadership/departures/{ROW}")
    for form in ("txt", "bib", "csl.json"):
        assert pages.get(f"/cite/{ROW}.{form}").text in page
    for form in ("bib", "ris", "csl.json"):
        assert f'href="/cite/{ROW}.{form}"' in page


@pytest.mark.parametrize("path", ["/", "/methods"])
def test_the_dataset_is_cited_in_the_same_words_everywhere(pages: Site, path: str) -> None:
    text = pages.get("/cite.txt").text
    assert text.endswith(". CC BY 4.0. http://localhost/")
    page = source_of(pages, path)
    assert text in page
    assert 'href="/cite.ris"' in page


def test_a_citation_of_a_row_with_many_sources_names_those_that_say_the_most_and_counts_the_rest(pages: Site) -> None:
    counts = pages.rows(
        "SELECT c.source_id AS id, COUNT(*) AS n FROM claims c JOIN statements s ON s.id = c.statement_id"
        " WHERE s.subject_id = 'sam-altman' AND c.polarity = 'affirms' GROUP BY 1 ORDER BY n DESC, 1"
    )
    text = pages.get("/cite/sam-altman.txt").text
    named = re.findall(r"” \(([a-z0-9-]+)\), ", text.partition(" after ")[2].partition(", disputed in ")[0])
    assert set(named) == {row["id"] for row in counts[: len(named)]}
    assert f"; and {len(counts) - len(named):,} more source" in text


def test_what_has_no_citation_is_not_found(pages: Site) -> None:
    assert [pages.get(path).status_code for path in ("/cite/nobody.bib", "/cite/nobody.csl.json", f"/cite/{ROW}.pdf")] == [404] * 3


def test_the_text_of_a_citation_names_what_is_cited_and_on_what_it_rests() -> None:
    assert as_text(WHOLE) == "A dataset (open dataset), version 1.2.3, 2026-02-03. CC BY 4.0. https://example.org/"
    assert as_text(PART) == (
        "A dataset, version 1.2.3: “Profits & 50% of $1_000 – 元老” (figures/a-row, agreed), after “A {source}” (a-source), lines 1–3."
        " CC BY 4.0. https://example.org/id/a-row"
    )


def test_bibtex_takes_the_signs_that_mean_something_to_tex_as_they_are() -> None:
    entry = as_bibtex(PART)
    assert entry.startswith("@misc{a-row,\n")
    assert r"title = {{Profits \& 50\% of \$1\_000 – 元老}}" in entry
    assert r"“A \{source\}”" in entry
    assert "month = feb,\n" in entry
    assert re.sub(r"\\.", "", entry).count("{") == re.sub(r"\\.", "", entry).count("}")


def test_ris_has_a_tag_on_each_line_and_an_end() -> None:
    lines = as_ris(PART).split("\r\n")
    assert lines.pop() == ""
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*", line) for line in lines)
    assert (lines[0], lines[-1]) == ("TY  - DATA", "ER  - ")
    assert {"DA  - 2026/02/03", "UR  - https://example.org/id/a-row", "T2  - A dataset"} <= set(lines)


def test_csl_json_is_a_list_of_one_dataset() -> None:
    (item,) = json.loads(as_csl(PART))
    assert (item["type"], item["container-title"], item["URL"]) == ("dataset", "A dataset", "https://example.org/id/a-row")
    assert item["issued"] == {"date-parts": [[2026, 2, 3]]}


def test_a_citation_without_a_day_leaves_it_out() -> None:
    undated = replace(WHOLE, released="")
    assert "year" not in as_bibtex(undated)
    assert "PY" not in as_ris(undated)
    assert "issued" not in as_csl(undated)


# quotes


def test_every_garbled_or_misspelt_name_is_called_so_where_it_is_quoted(pages: Site) -> None:
    names = pages.rows("SELECT text, kind, passage_id FROM names WHERE kind IN ('garbled', 'misspelling') AND passage_id IS NOT NULL")
    assert names
    said = {"garbled": "garbled in the text", "misspelling": "so spelt there"}
    right = {row["text"] for row in pages.rows("SELECT text FROM names WHERE kind NOT IN ('garbled', 'misspelling')")}
    for name in names:
        if name["text"] not in right:
            assert said[name["kind"]] in source_of(pages, f"/leadership/passages/{name['passage_id']}"), name


def test_a_chinese_key_word_that_names_one_thing_has_its_english_name_beside_it(pages: Site) -> None:
    word = pages.rows(
        "SELECT p.id, p.find, s.label FROM passages p JOIN names n ON n.text = p.find JOIN subjects s ON s.id = n.subject_id"
        " JOIN sources o ON o.id = p.source_id WHERE o.lang LIKE 'zh%' AND p.find GLOB '[一-龥]*' AND s.label <> p.find"
        " GROUP BY p.id HAVING COUNT(DISTINCT s.label) = 1 AND p.find NOT IN (SELECT label_zh FROM codes) ORDER BY p.id LIMIT 1"
    )[0]
    page = source_of(pages, f"/leadership/passages/{word['id']}")
    assert f'{word["find"]}</span>”</span> <span class="ev-gloss">– {word["label"]}' in page


def test_a_page_that_was_read_is_opened_at_each_of_its_words(pages: Site) -> None:
    source = pages.rows(
        "SELECT s.id, s.url, s.read_at, s.read_how FROM sources s JOIN passages p ON p.source_id = s.id"
        " WHERE s.access = 'read' AND s.url IS NOT NULL AND s.read_how = 'repost' GROUP BY s.id ORDER BY COUNT(*) DESC, s.id LIMIT 1"
    )[0]
    page = source_of(pages, f"/leadership/sources/{source['id']}")
    for passage in pages.rows("SELECT find FROM passages WHERE source_id = :id", id=source["id"]):
        for link in page_links(source["url"], source["read_at"], source["read_how"], passage["find"]):
            assert f'href="{link.href}"' in page
            assert "#:~:text=" in link.href


def test_a_claim_says_whether_it_was_read_at_its_page(pages: Site) -> None:
    for checked in ("page", "notes"):
        claim = one(pages, "SELECT MIN(id) FROM claims WHERE checked = :checked", checked=checked)
        definition = one(pages, "SELECT definition FROM codes WHERE list = 'checked' AND code = :code", code=checked)
        if claim:
            assert definition in source_of(pages, f"/leadership/claims/{claim}")


# in a browser


def test_what_a_reader_has_opened_stays_open_when_they_click_elsewhere(site: str, page: Page) -> None:
    page.goto(f"{site}/leadership/departures/{ROW}")
    count = "document.querySelectorAll('details[open]').length"
    page.click(".cite-forms > summary")
    opened = page.evaluate(count)
    page.click("h1")
    page.click("footer", position={"x": 2, "y": 2})
    assert page.evaluate(count) == opened > 2
