"""What the eye meets: nothing is cut without a sign, a row that is no plain fact says so at every width, and paper has all columns."""

from __future__ import annotations

import itertools
import re
from urllib.parse import urlencode

import pytest
from accessible import serious_findings
from site_client import Site

TALLER = "cells => cells.filter(one => one.scrollHeight > one.clientHeight + 2).map(one => getComputedStyle(one).webkitLineClamp)"


@pytest.fixture(scope="module")
def pages(asked_within: Site) -> Site:
    return asked_within


def cards(pages: Site, path: str) -> list[dict[str, str]]:
    """Return the cells of each row that a telephone shows at once, by column, as text."""
    rows = pages.page(path).partition("<tbody>")[2].partition("</tbody>")[0].split("</tr>")
    cells = [re.findall(r'<td class="col-(\S+?)(?: ([^"]*))?" data-label="[^"]*">(.*?)</td>', row, re.S) for row in rows]
    kept = [[(name, value) for name, classes, value in row if not re.search(r"field-(?:more|none)", classes)] for row in cells if row]
    return [{name: re.sub("<[^>]+>", "", value).strip() for name, value in row} for row in kept]


# what a row is


def test_a_card_tells_a_number_with_its_unit_and_date(pages: Site) -> None:
    for card in cards(pages, "/leadership/figures?value__notnull=1&as_of__notnull=1&_size=20"):
        assert {"label", "value", "unit", "as_of"} <= set(card)


def test_a_card_tells_whom_somebody_left(pages: Site) -> None:
    assert {card["organisation"] for card in cards(pages, "/leadership/who_left?organisation=OpenAI&_size=5")} == {"OpenAI"}


@pytest.mark.parametrize(
    ("path", "column", "code"),
    [
        ("/leadership/claims?polarity=denies", "polarity", "denies"),
        ("/leadership/claims?mode=plan", "mode", "plan"),
        ("/leadership/claims_flat?mode=joke", "mode", "joke"),
        ("/leadership/evidence?certainty=possible", "certainty", "possible"),
        ("/leadership/people?standing=single_origin", "standing", "single origin"),
        ("/leadership/who_left?destination_standing=single_origin", "destination_standing", "single origin"),
    ],
)
def test_a_card_tells_what_is_less_than_an_undisputed_fact(pages: Site, path: str, column: str, code: str) -> None:
    found = cards(pages, f"{path}&_size=3")
    assert {card[column] for card in found} == {code}


def test_a_card_keeps_room_by_leaving_out_what_is_usual(pages: Site) -> None:
    (card, *_) = cards(pages, "/leadership/claims?mode=fact&certainty=certain&polarity=affirms&_size=1")
    assert not {"mode", "certainty", "polarity"} & set(card)
    (card, *_) = cards(pages, "/zh/leadership/claims?mode=fact&certainty=certain&polarity=affirms&_size=1")
    assert not {"mode", "certainty", "polarity"} & set(card)


@pytest.mark.parametrize(
    ("table", "code", "words"),
    [("figures", "prediction", "predicted"), ("tenures", "plan", "planned"), ("events", "allegation", "alleged")],
)
def test_a_table_marks_what_is_only_planned_predicted_or_alleged_at_its_name(pages: Site, table: str, code: str, words: str) -> None:
    for card in cards(pages, f"/leadership/{table}?asserted_as={code}&_size=5"):
        assert re.search(rf" {words}\b", card["label"])
    for card in cards(pages, f"/leadership/{table}?asserted_as=fact&certainty=certain&_size=5"):
        assert words not in card["label"]
    assert '<span class="asserted">' not in pages.page(f"/leadership/{table}?asserted_as={code}&_columns=all&_size=5")


@pytest.mark.parametrize(
    ("query", "code", "words"),
    [
        ("SELECT id, label FROM tenures WHERE asserted_as = :code ORDER BY id LIMIT 1", "plan", "planned"),
        (
            "SELECT id, label FROM figures WHERE asserted_as = :code AND certainty = 'certain' ORDER BY id LIMIT 1",
            "prediction",
            "predicted",
        ),
        ("SELECT id, label FROM events WHERE asserted_as = :code ORDER BY id LIMIT 1", "allegation", "alleged"),
    ],
)
def test_a_search_result_and_a_suggestion_say_what_is_only_planned_predicted_or_alleged(
    pages: Site, query: str, code: str, words: str
) -> None:
    (row,) = pages.rows(query, code=code)
    quoted = f'"{row["label"]}"'
    hits = pages.page(f"/-/find?{urlencode({'q': quoted})}").split('<p class="hit-name">')
    (hit,) = [one for one in hits if f'/{row["id"]}"' in one]
    assert f'<span class="asserted">{words}' in hit.partition("</p>")[0]
    suggested = pages.get(f"/-/suggest.json?{urlencode({'q': row['label']})}").json()["suggestions"]
    assert [one["said"].endswith(words) for one in suggested if one["path"].endswith(f"/{row['id']}")] == [True]


def test_a_table_in_chinese_calls_its_rows_by_their_chinese_names(pages: Site) -> None:
    for table in ("tenures", "events", "figures"):
        (row,) = pages.rows(f"SELECT id, label, label_zh FROM {table} WHERE label_zh <> label ORDER BY id LIMIT 1")
        (card,) = cards(pages, f"/zh/leadership/{table}?id={row['id']}")
        assert card["label"].startswith(row["label_zh"].split("：")[0])
        assert row["label"] not in card["label"]
        (card,) = cards(pages, f"/leadership/{table}?id={row['id']}")
        assert card["label"].startswith(row["label"])


def test_codes_are_told_in_the_words_of_legends(pages: Site) -> None:
    found = pages.page("/leadership/who_left?manner=poached&_size=3").partition("<tbody>")[2]
    assert ">hired away<" in found
    assert ">poached<" not in found
    assert ">US dollars<" in pages.page("/leadership/figures?unit=usd&_size=3")
    assert ">only value<" in pages.page("/leadership/evidence_for?subject=alan-kay")


def test_who_argues_something_is_called_by_name_and_linked(pages: Site) -> None:
    path = "/leadership/interpretations?argued_by__contains=ilya-sutskever&disputed_by__contains=helen-toner"
    found = pages.page(path).partition("<tbody>")[2]
    assert re.search(r'<td class="col-argued_by[^>]*><a href="/id/ilya-sutskever">Ilya Sutskever</a>', found)
    assert '<a href="/id/helen-toner">Helen Toner</a><br>' in found
    unnamed = pages.page("/leadership/interpretations?argued_by=%5B%22unnamed%22%5D&_size=1").partition("<tbody>")[2]
    assert re.search(r'<td class="col-argued_by[^>]*>unnamed<', unnamed)


def test_no_view_shows_a_code_by_its_underscores(pages: Site) -> None:
    found = pages.page("/leadership/timeline?kind=not_stated&_size=3").partition("<tbody>")[2]
    assert ">not stated<" in found
    assert ">not_stated<" not in found


def test_the_evidence_counts_sources_and_not_their_titles(pages: Site) -> None:
    (row,) = pages.rows(
        """SELECT subject_id, COUNT(DISTINCT source_id) AS sources FROM evidence GROUP BY subject_id
            HAVING COUNT(DISTINCT source) < COUNT(DISTINCT source_id) AND COUNT(*) < 900 ORDER BY COUNT(*) DESC LIMIT 1"""
    )
    assert f"from {row['sources']:,} sources." in pages.page(f"/leadership/evidence_for?subject={row['subject_id']}")


def test_the_evidence_begins_with_what_is_said_and_where(pages: Site) -> None:
    found = pages.get("/leadership/evidence_for.json?subject=alan-kay&_shape=array").json()
    assert list(found[0])[:6] == ["subject", "property", "value", "source", "line", "find"]
    assert {"value", "source"} <= set(cards(pages, "/leadership/evidence_for?subject=alan-kay")[0])


def test_feeds_are_no_questions(pages: Site) -> None:
    _, questions, feeds = re.split(r'<ul class="db-questions">', pages.page("/leadership"))
    assert "/leadership/who_led" in questions.partition("</ul>")[0]
    assert "/leadership/feed_" not in questions.partition("</ul>")[0]
    assert set(re.findall(r"/leadership/(feed_timeline|calendar)\"", feeds.partition("</ul>")[0])) == {"feed_timeline", "calendar"}


def test_the_legend_names_the_colour_of_bars_that_are_all_of_one_kind(pages: Site) -> None:
    legend = pages.page("/people/alan-kay").partition('class="legend span-legend"')[2].partition("</ul>")[0]
    assert '<span class="tone-3"></span>other posts' in legend


def test_an_address_that_leads_nowhere_is_called_a_page(pages: Site) -> None:
    told = {path: pages.get(path).text for path in ("/nowhere/at/all", "/zh/nowhere/at/all")}
    assert "There is no such page." in told["/nowhere/at/all"]
    assert "Database not found" not in told["/nowhere/at/all"] + told["/zh/nowhere/at/all"]


@pytest.mark.parametrize("path", ["/leadership/tenures/adam-dangelo-openai-board", "/leadership/codes/departure-reason-safety-dispute"])
def test_a_page_of_a_row_has_one_heading_above_all_others(pages: Site, path: str) -> None:
    assert pages.page(path).count("<h1") == 1


# what is seen of it


@pytest.mark.parametrize("path", ["/leadership/tenures", "/leadership/who_led?moment=2025-12-01&post=chair", "/leadership/remarks"])
def test_what_is_cut_of_a_cell_on_a_telephone_ends_in_a_sign_of_it(site, telephone, path):
    telephone.goto(f"{site}{path}")
    clamped = telephone.eval_on_selector_all("td[data-label]:not(.field-more, .field-none)", TALLER)
    assert clamped
    assert set(clamped) <= {"2", "4"}


def test_a_mark_is_never_what_is_cut(site, telephone):
    telephone.goto(f"{site}/leadership/figures?asserted_as=prediction")
    marks = telephone.locator("td .asserted")
    assert marks.count() > 5
    for mark in marks.all()[:10]:
        cell = mark.locator("xpath=..").bounding_box()
        box = mark.bounding_box()
        assert box["y"] + box["height"] <= cell["y"] + cell["height"]


def test_a_table_without_rows_is_readable_in_the_dark_and_breaks_no_script(site, page):
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.emulate_media(color_scheme="dark")
    page.goto(f"{site}/leadership/departures?manner=abdicated")
    page.wait_for_timeout(100)
    assert page.locator(".zero-results").is_visible()
    assert serious_findings(page, "color-contrast") == []
    assert errors == []


@pytest.mark.parametrize("path", ["/leadership/tenures", "/leadership/who_led?moment=2025-12-01&post=chair"])
def test_a_telephone_finds_every_field_named_and_every_part_reachable(site, telephone, path):
    telephone.goto(f"{site}{path}")
    telephone.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })")
    assert serious_findings(telephone, "select-name", "label", "scrollable-region-focusable") == []


def test_all_columns_of_a_row_fit_a_telephone(site, telephone):
    telephone.goto(f"{site}/leadership/departures/sam-altman-openai-2023")
    telephone.evaluate("document.querySelector('#columns').open = true")
    assert telephone.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_word_refuted_is_not_struck_through(site, page):
    page.goto(f"{site}/methods")
    badge = page.locator(".standing-refuted").first
    assert badge.evaluate("badge => getComputedStyle(badge).textDecorationLine") == "none"


def test_numbers_stand_in_one_line_whatever_their_captions_take(site, page):
    page.set_viewport_size({"width": 800, "height": 900})
    page.goto(site)
    tops = page.eval_on_selector_all(".numbers dd", "all => all.map(one => Math.round(one.getBoundingClientRect().top))")
    rows = page.eval_on_selector_all(".numbers > div", "all => all.map(one => Math.round(one.getBoundingClientRect().top))")
    assert len(set(rows)) == len(set(tops))


def test_years_below_the_columns_of_a_telephone_do_not_run_into_each_other(site, telephone):
    telephone.goto(site)
    spans = telephone.evaluate(
        """() => [...document.querySelectorAll('.column small')]
            .filter(one => one.textContent && getComputedStyle(one).visibility != 'hidden')
            .map(one => { const range = document.createRange(); range.selectNodeContents(one); const box = range.getBoundingClientRect();
                          return [box.left, box.right]; })"""
    )
    assert len(spans) > 3
    assert all(left[1] < right[0] for left, right in itertools.pairwise(spans))


def test_a_printed_table_has_all_its_columns_and_nothing_to_press(site, page):
    page.set_viewport_size({"width": 1047, "height": 740})  # a sheet across, within its margins
    page.goto(f"{site}/leadership/who_left")
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= 1047
    assert page.locator("thead th").last.is_visible()
    for what in ("form.filters", "#appearance", ".export-links", ".datasette-vega", ".dropdown-menu-icon", ".facets-fold"):
        assert not any(one.is_visible() for one in page.locator(what).all()), what
    assert page.locator("header").inner_text().strip() == "OpenAI leadership changes"


def test_the_charting_tool_speaks_the_language_of_its_page(site, page):
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{site}/zh/leadership/who_left")
    page.get_by_role("button", name="显示制图选项").click()
    page.locator("label[value=bar]").click()
    page.locator(".vega-embed canvas, .vega-embed svg.marks").first.wait_for(timeout=30_000)
    form = page.locator(".datasette-vega").inner_text()
    assert {"制图选项", "折线", "X轴列", "交换X与Y"} <= set(re.split(r"\s+", form))
    assert not re.search(r"Charting|column|Type|Color|Size|none", form)
    assert errors == []


def test_a_manner_of_leaving_has_one_colour_wherever_it_is_drawn(site, page):
    colour = "mark => getComputedStyle(mark).backgroundColor"
    page.goto(site)
    home = {li.inner_text(): li.locator("span").evaluate(colour) for li in page.locator(".legend li:has([class^=manner])").all()}
    page.goto(f"{site}/leadership/exits_by_month")
    answer = {li.inner_text(): li.locator(".qc-mark").evaluate(colour) for li in page.locator(".qc-legend li").all()}
    assert home["removed or laid off"] == answer["removed"]
    assert home["leave of absence"] == answer["leave of absence"]
    assert home["resigned or hired away"] == answer["resigned"]


def test_the_keyboard_sees_in_the_dark_which_field_of_a_filter_it_is_in(site, page):
    page.emulate_media(color_scheme="dark")
    page.goto(f"{site}/leadership/tenures")
    page.locator("select[name=_filter_column]").focus()
    page.keyboard.press("Tab")
    field = page.locator(".select-wrapper:has(select[name=_filter_op])")
    assert page.evaluate("document.activeElement.name") == "_filter_op"
    assert field.evaluate("field => getComputedStyle(field).outlineWidth") == "3px"
    assert field.evaluate("field => getComputedStyle(field).borderTopColor") != "rgb(0, 0, 0)"
