"""The site in a real Chromium: charts, facets, search, downloads, the timeline, evidence, access, both widths."""

from __future__ import annotations

import csv
import itertools
import json
import re
import urllib.parse
import urllib.request

import pytest
from accessible import serious_findings, thin_out
from playwright.sync_api import expect
from written import METADATA

CHARTS = METADATA["plugins"]["datasette-dashboards"]["overview"]["charts"]
PAGES = (
    "/",
    "/succession",
    "/timeline?zone=beijing&story=board-crisis-2023",
    "/methods",
    "/correct?id=john-schulman-openai-2024&property=destination_id&proposed=a&source=b&place=c",
    "/disagreements",
    "/people/greg-brockman",
    "/organisations/openai",
    "/-/find?q=微软",
    "/leadership",
    "/leadership/events?_size=5",
    "/leadership/who_held_post",
    "/leadership?sql=select+lable+from+people",
    "/leadership/events/altman-dismissal",
    "/leadership/departures/john-schulman-openai-2024",
    "/leadership/posts/openai-ceo",
    "/leadership/sources/newgeek-2023-11-23",
    "/leadership/passages/newgeek-2023-11-23-63-379d9b",
    "/leadership/claims/openai-turmoil-2024-08-c56f43d361d",
    "/leadership/codes/departure-reason-safety-dispute",
    "/leadership/line?source=newgeek-2023-11-23&line=63",
    "/who-went-where?year=2024",
    "/sources-record",
    "/-/dashboards/overview",
    "/no-such-page",
)


# Tables and views with facets and without, wide and narrow, with a description of one line and of several.
WITH_ROWS_IN_SIGHT = (
    "people",
    "departures",
    "events",
    "tenures",
    "claims_flat",
    "timeline",
    "who_left",
)


def rows_of(site: str, path: str, **parameters: str):
    query = urllib.parse.urlencode({**parameters, "_shape": "objects"})
    with urllib.request.urlopen(f"{site}{path}?{query}", timeout=20) as answer:
        return json.load(answer)["rows"]


def test_the_chart_of_a_question_is_seen_at_once_and_without_a_script(site, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    rows = rows_of(site, "/leadership/exits_by_month.json")
    page.goto(f"{site}/leadership")
    page.click("text=How many left OpenAI in each month, and how?")
    assert page.locator(".qc-track .qc-mark").count() == len(rows) > 1
    assert page.locator(".qc-track .qc-mark").first.bounding_box()["width"] > 5
    context.close()


def test_suggestions_come_while_one_types_and_are_chosen_by_keyboard(site, page):
    page.goto(f"{site}/-/find")
    page.locator("#q").press_sequentially("Altm")
    page.wait_for_selector(".find-suggestions li")
    page.keyboard.press("ArrowDown")
    assert page.locator("#q").get_attribute("aria-activedescendant") == page.locator(
        ".find-suggestions [aria-selected=true]"
    ).get_attribute("id")
    assert serious_findings(page) == []
    page.keyboard.press("Escape")
    assert not page.locator(".find-suggestions").is_visible()
    page.locator("#q").press_sequentially("a")
    page.wait_for_selector(".find-suggestions li")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/people/sam-altman")


def test_on_a_telephone_a_row_shows_all_its_fields_on_demand(site, telephone):
    telephone.goto(f"{site}/leadership/departures")
    row = telephone.locator("tbody tr").first
    assert not row.locator(".field-more:not(.field-none)").first.is_visible()
    row.locator(".row-more input").focus()
    telephone.keyboard.press("Space")
    assert row.locator(".field-more:not(.field-none)").first.is_visible()


@pytest.fixture(scope="module")
def dashboard(site, browser):
    """The dashboard with every chart drawn; tests only look at it."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(f"{site}/-/dashboards/overview")
    for name in CHARTS:
        page.wait_for_selector(f"#chart-{name} svg .role-mark path", state="attached", timeout=10_000)
    page.wait_for_timeout(300)
    yield page
    context.close()


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_of_the_dashboard_draws_one_mark_for_each_row(site, dashboard, name):
    rows = rows_of(site, "/leadership.json", sql=CHARTS[name]["query"])
    assert dashboard.locator(f"#chart-{name} svg .role-mark path").count() == len(rows) > 1


def axis_labels(page, chart):
    """Return the labels on the axes of a chart: text, and how far to the left and right they reach."""
    page.wait_for_selector(f"#chart-{chart} svg .role-mark path", state="attached", timeout=10_000)
    page.wait_for_timeout(300)
    return page.locator(f"#chart-{chart} svg .role-axis-label text").evaluate_all(
        "texts => texts.map((text) => { const box = text.getBoundingClientRect(); return [text.textContent, box.left, box.right]; })"
    )


def test_on_a_telephone_the_chart_of_tenures_names_each_holder_in_full_over_bars_of_the_whole_width(site, telephone):
    telephone.goto(f"{site}/-/dashboards/overview")
    labels = axis_labels(telephone, "tenures")
    names = [text for text, _, _ in labels if "," in text]
    held = {row["tenure"] for row in rows_of(site, "/leadership.json", sql=CHARTS["tenures"]["query"])}
    assert set(names) == held
    assert "Mira Murati, Chief technology officer" in names
    years = [int(text) for text, _, _ in labels if "," not in text]
    assert years == sorted(set(years))
    assert 2015 <= years[0] < years[-1] <= 2026
    card = telephone.locator("#card-tenures").bounding_box()
    assert all(left >= card["x"] and right <= card["x"] + card["width"] for _, left, right in labels)
    plot = telephone.locator("#chart-tenures svg .role-frame .background").first.bounding_box()
    assert plot["width"] > 0.75 * card["width"]


def test_the_chart_of_directors_names_years_that_do_not_overlap_and_says_from_when_to_when(site, telephone):
    telephone.goto(f"{site}/-/dashboards/overview")
    years = [label for label in axis_labels(telephone, "board") if label[0].isdigit()]
    assert len(years) > 1
    assert all(right < left for (_, _, right), (_, left, _) in itertools.pairwise(years))
    telephone.locator("#chart-board svg .role-mark path").first.hover(force=True)  # others may lie over it
    telephone.wait_for_selector("#vg-tooltip-element.visible")
    assert re.search(r"From \(US Pacific\)\s*\d+ \w+ 20\d\d", telephone.locator("#vg-tooltip-element").inner_text())


def test_a_facet_clicks_through_to_the_rows_that_it_counts(site, page):
    page.goto(f"{site}/leadership/events")
    facet = page.locator(".facet-info[data-column='standing'] li", has_text="agreed").first
    count = int(re.sub(r"\D", "", facet.text_content().replace("agreed", "")))
    page.click(".facets-fold > summary")
    facet.locator("a").first.click()
    assert "standing=agreed" in page.url
    assert f"{count} rows" in page.locator("h3").first.inner_text()


def test_the_facets_open_by_keyboard_and_filter_without_a_script(site, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/leadership/departures")
    facet = page.locator(".facet-info[data-column='manner'] a", has_text="resigned")
    assert not facet.is_visible()
    page.locator(".facets-fold > summary").focus()
    page.keyboard.press("Enter")
    assert facet.is_visible()
    facet.click()
    assert page.url.endswith("manner=resigned")
    assert page.locator(".facet-info[data-column='manner'] a.cross").is_visible()
    context.close()


def test_the_first_row_of_a_table_is_seen_without_scrolling(site, browser):
    context = browser.new_context()
    page = context.new_page()
    hidden = {}
    for table in WITH_ROWS_IN_SIGHT:
        page.goto(f"{site}/leadership/{table}?_size=5")
        page.wait_for_timeout(100)  # the button for charts comes by script
        for width, height in ((1280, 900), (390, 844)):
            page.set_viewport_size({"width": width, "height": height})
            top = page.locator("table.rows-and-columns tbody td").first.bounding_box()["y"]
            if top + 25 > height:  # a line of it
                hidden[table, width] = top
    context.close()
    assert hidden == {}


@pytest.mark.parametrize(("word", "found"), [("Altman", "/people/sam-altman"), ("阿爾特曼", "/people/sam-altman")])
def test_the_search_box_of_the_home_page_finds_a_word_in_either_script(site, page, word, found):
    page.goto(site)
    page.fill("input[name=q]", word)
    page.keyboard.press("Enter")
    page.wait_for_url("**/-/find?q=*")
    assert page.locator(f"a[href$='{found}']").count() >= 1


def test_a_downloaded_csv_has_as_many_rows_as_its_table(site, page):
    page.goto(f"{site}/leadership/tenures")
    page.click("text=Export CSV") if page.locator("input[value='Export CSV']").count() == 0 else page.check("input[name=_dl]")
    page.check("input[name=_stream]") if page.locator("input[name=_stream]").count() else None
    with page.expect_download() as download:
        page.click("input[value='Export CSV']")
    with open(download.value.path(), encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    count = int(re.search(r"\d+", page.locator("h3").first.inner_text()).group())
    assert len(rows) - 1 == count


def test_the_timeline_filters_at_once_and_keeps_the_filter_in_its_address(site, page):
    (leaves,) = rows_of(site, "/leadership.json", sql="SELECT COUNT(*) AS n FROM timeline WHERE entry = 'leave' AND standing <> 'refuted'")
    page.goto(f"{site}/timeline?year=all")
    page.click("text=More: kind")
    page.select_option("#f-entry", "leave")
    page.wait_for_url("**/timeline?entry=leave")
    expect(page).to_have_title(re.compile("^Leaves of absence"))
    assert page.locator(".entry").count() == page.locator(".entry-leave").count() == leaves["n"] > 0
    assert page.url.endswith("/timeline?entry=leave")
    assert page.locator("h1").inner_text() == "Timeline: leaves of absence"


def test_the_timeline_filters_without_a_script(site, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/timeline?year=all")
    page.fill("#f-who", "Emmett Shear")
    page.click(".filter button")
    assert page.locator(".entry").count() > 2
    assert page.locator("h1").inner_text() == "Timeline: Emmett Shear"
    context.close()


def test_the_timeline_prints_without_its_form_and_with_what_is_folded(site, page):
    page.goto(f"{site}/timeline")
    page.emulate_media(media="print")
    assert not page.locator(".filter").is_visible()
    assert not page.locator(".rail").is_visible()
    assert page.locator("details.group:not([open]) .entry h3").first.bounding_box()["height"] > 0


@pytest.mark.parametrize(
    ("row", "texts"),
    [
        ("departures/john-schulman-openai-2024", ["Anthropic", "line 28"]),
        ("figures/openai-letter-signatories", ["747", "line 131", "743", "line 117"]),
        ("events/altman-dismissal", ["17 November 2023, 12:00", "line 63"]),
    ],
)
def test_the_evidence_block_names_the_line_of_a_fact(site, page, row, texts):
    page.goto(f"{site}/leadership/{row}?_evidence=all")
    page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })")
    shown = page.locator("#evidence").inner_text()
    for text in texts:
        assert text in shown, text


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_serious_finding_no_error_asks_nobody_else_and_fits_a_telephone(site, page, path):
    errors: list[str] = []
    foreign: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda request: foreign.append(request.url) if not request.url.startswith((site, "data:", "blob:")) else None)
    page.goto(f"{site}{path}")
    page.wait_for_timeout(200)
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_timeout(100)  # charts draw themselves anew
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    expected = {"/no-such-page": "404", "/leadership?sql=select+lable+from+people": "400"}.get(path, "nothing")
    assert [error for error in errors if expected not in error] == []
    assert foreign == []
    page.set_viewport_size({"width": 1280, "height": 900})
    thin_out(page)
    assert serious_findings(page) == []
    page.emulate_media(color_scheme="dark")
    assert serious_findings(page, "color-contrast") == []  # nothing else depends on the scheme


def test_the_keyboard_reaches_the_content_and_the_search(site, page):
    page.goto(site)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.url.endswith("#content")
    for _ in range(8):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "q":
            break
    assert page.evaluate("document.activeElement.name") == "q"


def test_the_home_page_is_smaller_than_300_kilobytes(site, page):
    sizes: list[int] = []
    page.on("response", lambda response: sizes.append(len(response.body())))
    page.goto(site)
    page.wait_for_timeout(300)
    assert 10_000 < sum(sizes) < 300_000


def test_the_numbers_of_the_home_page_are_those_of_the_database(site, page):
    page.goto(site)
    shown = {line.split("\n")[-1]: line.split("\n")[0] for line in (div.inner_text() for div in page.locator(".numbers > div").all())}
    count = rows_of(site, "/leadership.json", sql="select count(*) as n from claims")[0]["n"]
    labels = {key.strip(): value for key, value in shown.items()}
    assert f"{count:,}" in " ".join([*labels, *labels.values()])


def test_a_slow_query_is_answered_with_advice(site, page):
    page.goto(f"{site}/leadership?sql=WITH+RECURSIVE+c(x)+AS+(SELECT+1+UNION+ALL+SELECT+x%2B1+FROM+c)+SELECT+COUNT(*)+FROM+c")
    assert page.locator("h1").inner_text() == "The query took too long"
    assert "SELECT x+1 FROM c" in page.locator("pre").inner_text()


def test_scripts_run_by_nonce_only_and_nothing_comes_from_elsewhere(site, page):
    for path in ("/", "/timeline", "/leadership/events"):
        policy = page.goto(f"{site}{path}").headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert re.search(r"script-src 'nonce-[\w-]{20,}'", policy)
        assert "unsafe-inline" not in policy.split("style-src")[0]
        assert "unsafe-eval" not in policy


def test_a_script_in_a_parameter_stays_text(site, page):
    alerts: list[str] = []
    page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    attack = urllib.parse.quote("<script>alert(1)</script><img src=x onerror=alert(2)>")
    for path in (
        f"/-/find?q={attack}",
        f"/timeline?who={attack}",
        f"/leadership/who_is?name={attack}",
        f"/leadership/events?label={attack}",
        f"/{attack}",
    ):
        page.goto(f"{site}{path}")
        page.wait_for_timeout(150)
        assert page.locator("img[src=x]").count() == 0, path
    assert alerts == []
