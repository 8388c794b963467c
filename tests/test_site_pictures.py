"""Charts as pictures, embedding in pages of other hosts, previews of links, and scripts that compile nothing."""

from __future__ import annotations

import html
import re
import struct
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from datasette.plugins import pm
from presentation import charting
from presentation.bars import make_chart
from presentation.pictures import LIGHT, Card, Fact, draw_card, text_width, wrap
from presentation.showing import show_when
from site_client import Site
from written import METADATA

QUERIES = METADATA["databases"]["leadership"]["queries"]
DRAWN = {name: query["fragment"] for name, query in QUERIES.items() if query.get("fragment")}
KINDS = [
    ("/", "home"),
    ("/timeline?who=Ilya+Sutskever&from=2023", "timeline"),
    ("/people/mira-murati", "people/mira-murati"),
    ("/organisations/anthropic", "organisations/anthropic"),
    ("/leadership/events/altman-dismissal", "leadership/events/altman-dismissal"),
    ("/leadership/posts/openai-ceo", "leadership/posts/openai-ceo"),
    ("/succession?at=2023-11-20T12:00", "succession"),
    ("/who-went-where?year=2024", "who-went-where"),
    ("/leadership/headcount", "leadership/headcount"),
]


@pytest.fixture(scope="module")
def within(asked_within: Site) -> Site:
    return asked_within


def plugin(name: str) -> Any:
    return pm.get_plugin(f"{name}.py")


def text_of(within: Site, path: str) -> str:
    answer = within.get(path)
    assert answer.status_code == 200, (path, answer.text[:300])
    return html.unescape(answer.text)


def size_of(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">II", png[16:24])


def words_of(svg: str) -> str:
    return " ".join(re.findall(r"<text[^>]*>([^<]*)</text>", svg))


def meta(page: str) -> dict[str, str]:
    found = re.findall(r'<meta (?:property|name)="((?:og|twitter):[\w:]+)" content="([^"]*)"', page)
    return {name: html.unescape(content) for name, content in found}


# charts


def test_the_picture_of_a_question_has_the_label_and_number_of_each_bar_that_its_rows_make(within: Site) -> None:
    svg = text_of(within, "/leadership/headcount.chart.svg")
    rows = within.rows(QUERIES["headcount"]["sql"])
    chart = make_chart(rows, DRAWN["headcount"])
    assert chart
    bars = chart.groups[0].shown
    assert len(bars) == len(rows)
    told = re.findall(r"<title>([^<]*)</title></rect>", svg)
    assert told == [f"{bar.label}: {bar.marks[0].colour}, {bar.text}" for bar in bars]
    assert any(", more than " in text for text in told)
    widths = [float(width) for width in re.findall(r'width="([\d.]+)" height="12" fill="[^"]*"><title>', svg)]
    assert widths == pytest.approx([bar.marks[0].width * max(widths) / 100 for bar in bars], abs=0.1)


def test_what_is_only_possible_or_denied_is_hatched_on_the_picture_too(within: Site) -> None:
    svg = text_of(within, "/leadership/money.chart.svg")
    rows = within.rows(QUERIES["money"]["sql"])
    chart = make_chart(rows, DRAWN["money"])
    assert chart
    unsure = sum(not mark.sure for group in chart.groups for bar in group.shown for mark in bar.marks)
    assert unsure
    assert svg.count("(not a certain fact)</title>") == unsure == len(re.findall(r'fill="url\(#h\d\)"[^>]*><title>', svg))


def test_the_source_line_says_how_many_rows_of_which_version_until_which_day_and_under_which_licence(within: Site) -> None:
    built = {row["id"]: row["value"] for row in within.rows("SELECT id, value FROM build_info")}
    for path, count in (
        ("/leadership/succession.chart.svg?post=chief+scientist", len(within.rows(QUERIES["succession"]["sql"], post="chief scientist"))),
        ("/who-went-where.chart.svg?year=2024", None),
        ("/succession.chart.svg", None),
    ):
        said = words_of(text_of(within, path))
        version = f"OpenAI leadership changes {built['dataset_version']}"
        assert version in said, path
        assert f"until {show_when(built['covers_to']).label}" in said
        assert "CC BY 4.0" in said
        assert path.split(".chart")[0] in said
        assert count is None or f"Source: {count} rows of {version}" in said


def test_every_question_that_has_a_chart_has_its_picture_and_no_other_question(within: Site) -> None:
    for name in QUERIES:
        answer = within.get(f"/leadership/{name}.chart.svg")
        assert answer.status_code == (200 if name in DRAWN else 404), (name, answer.text[:200])
        assert "<" not in answer.text or answer.headers["content-type"].startswith("image/svg+xml")
        if name in DRAWN:
            page = text_of(within, f"/leadership/{name}")
            assert f'href="/leadership/{name}.chart.png"' in page
            assert f'href="/leadership/{name}.chart.embed"' in page


def test_the_flow_and_the_succession_are_drawn_with_all_their_rows(within: Site) -> None:
    left = within.rows("SELECT COUNT(*) AS n FROM who_left w JOIN departures d ON d.id = w.departure_id WHERE d.organisation_id = 'openai'")
    assert f"Source: {left[0]['n']} rows" in words_of(text_of(within, "/who-went-where.chart.svg"))
    said = words_of(text_of(within, "/succession.chart.svg"))
    chiefs = within.rows("SELECT DISTINCT person FROM tenures_flat WHERE post_id = 'openai-ceo' AND certain_from IS NOT NULL")
    assert all(row["person"] in said for row in chiefs)
    assert "Mira Murati (interim)" in said


def test_a_chart_of_the_dashboard_is_drawn_without_a_browser_with_a_mark_for_each_row(within: Site) -> None:
    chart = METADATA["plugins"]["datasette-dashboards"]["overview"]["charts"]["ceos"]
    rows = within.rows(chart["query"])
    svg = text_of(within, "/-/dashboards/overview/ceos.chart.svg?theme=dark")
    assert svg.count('aria-roledescription="bar"') == len(rows)
    assert chart["title"] in svg
    assert "#171715" in svg
    assert f"Source: {len(rows)} rows" in words_of(svg)
    page = text_of(within, "/-/dashboards/overview")
    assert 'href="/-/dashboards/overview/ceos.chart.png"' in page


def test_what_would_not_be_whole_is_answered_by_a_sentence(within: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = within.get("/leadership/succession.chart.png?post=no+such+post")
    assert (nothing.status_code, nothing.text.count("\n")) == (400, 1)
    assert nothing.text.startswith("Not drawn: nothing")
    monkeypatch.setattr(within.datasette, "max_returned_rows", 3)
    cut = within.get("/leadership/headcount.chart.svg?anew=1")
    assert cut.status_code == 400
    assert "more than 3 rows" in cut.text
    assert "<svg" not in cut.text


def test_a_picture_is_the_same_bytes_each_time_and_is_kept_with_an_etag(within: Site) -> None:
    first, second = (within.get(f"/leadership/headcount.chart.png?anew={number}") for number in (1, 2))
    assert first.content == second.content
    width, _ = size_of(first.content)
    assert width == 1440
    again = within.get("/leadership/headcount.chart.png?anew=1", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304


def test_no_more_pictures_wait_than_the_bound(within: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(charting.PAINTER, "waiting", charting.MOST_WAITING)
    answer = within.get("/leadership/headcount.chart.png?anew=3")
    assert answer.status_code == 503
    assert "ask again" in answer.text


def test_lines_break_where_they_fit_in_latin_and_chinese() -> None:
    for text in ("The board removes Altman and says why", "董事会罢免奥特曼，并说明了理由", "x" * 90):
        lines = wrap(text, 12, 100)
        assert len(lines) > 1
        assert all(text_width(line, 12) <= 100 for line in lines)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert wrap("one two three four five six seven", 12, 60, 2)[-1].endswith("…")


# embedding


def test_only_the_page_for_embedding_may_be_framed_by_pages_of_other_hosts(within: Site) -> None:
    framed = within.get("/leadership/headcount.chart.html")
    assert "frame-ancestors *" in framed.headers["content-security-policy"]
    assert "x-frame-options" not in framed.headers
    assert "script" not in framed.text
    for path in (
        "/",
        "/leadership/headcount",
        "/leadership/headcount.chart.embed",
        "/-/dashboards/overview/exits",
        "/timeline",
        "/nowhere",
    ):
        answer = within.get(path)
        assert "frame-ancestors 'self'" in answer.headers["content-security-policy"], path
        assert answer.headers["x-frame-options"] == "SAMEORIGIN"


def test_the_code_for_embedding_names_the_chart_and_its_absolute_address(within: Site) -> None:
    page = text_of(within, "/leadership/succession.chart.embed?post=chief+scientist")
    code = html.unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.S)[1])  # type: ignore[index]
    assert re.search(r'src="http://localhost/leadership/succession\.chart\.html\?post=chief\+scientist"', code)
    assert 'title="Who held a post, one after another? – Post: chief scientist"' in code
    assert re.search(r'width="\d+" height="\d+" loading="lazy"', code)


# scripts


def test_no_page_may_compile_code_and_the_charting_tool_needs_none(within: Site) -> None:
    for path in (
        "/",
        "/leadership",
        "/leadership/people",
        "/leadership?sql=select+1",
        "/-/dashboards/overview",
        "/-/dashboards/overview/ceos",
    ):
        assert "unsafe-eval" not in within.get(path).headers["content-security-policy"], path
    tool = plugin("chart_tool")
    assert tool.code(), "datasette-vega draws otherwise than it did: see plugins/chart_tool.py"
    page = text_of(within, "/leadership/people")
    assert f'src="{tool.address()}"' in page
    answer = within.get(tool.address())
    assert answer.text == tool.code()
    assert "immutable" in answer.headers["cache-control"]


# previews of links


@pytest.mark.parametrize(("path", "picture"), KINDS)
def test_a_page_says_what_a_link_to_it_shows_and_its_picture_is_there(within: Site, path: str, picture: str) -> None:
    said = meta(within.get(path).text)
    assert said["og:title"]
    assert said["og:description"]
    assert said["twitter:card"] == "summary_large_image"
    assert said["og:image"].startswith(f"http://localhost/preview/{picture}.png")
    image = within.get(said["og:image"].removeprefix("http://localhost"))
    assert image.headers["content-type"] == "image/png"
    assert size_of(image.content) == (1200, 630)


def test_the_title_and_picture_of_the_timeline_say_its_filters(within: Site) -> None:
    said = meta(within.get("/timeline?who=Ilya+Sutskever&from=2023").text)
    assert "Ilya Sutskever" in said["og:title"]
    assert "2023" in said["og:title"]
    card = card_of(within, "timeline", said["og:image"].partition("?")[2])
    assert "Ilya Sutskever" in card.title


def card_of(within: Site, path: str, query: str = "") -> Card:
    """Return the card of a page as its picture shows it."""
    from datasette.utils.asgi import Request

    previews = plugin("previews")
    scope = {"type": "http", "method": "GET", "path": f"/{path}", "query_string": query.encode(), "headers": [], "scheme": "http"}
    request = Request(scope, None)

    async def make() -> Card:
        maker, parts, _ = await previews.find_card(within.datasette, request, path)
        return await maker(previews.asked_of(within.datasette, request, parts))

    return within.run(make())


@pytest.mark.parametrize("table", ["events", "departures"])
def test_what_is_planned_alleged_or_told_in_jest_is_so_called_beside_every_line_of_its_picture(within: Site, table: str) -> None:
    rows = within.rows(f"SELECT id, asserted_as FROM {table} WHERE asserted_as <> 'fact' AND standing <> 'refuted' GROUP BY asserted_as")
    assert rows
    for row in rows:
        card = card_of(within, f"leadership/{table}/{row['id']}")
        assert "," in card.overline, row
        assert card.facts
        assert all(fact.mark for fact in card.facts), row
        svg = draw_card(card, "foot")
        assert svg.count('r="8" fill="none"') == svg.count('r="8"') > 0


def test_a_reversed_exit_and_rival_words_are_said_on_its_picture(within: Site) -> None:
    row = within.rows("SELECT id FROM departures WHERE reversed_by IS NOT NULL AND asserted_as = 'fact' LIMIT 1")[0]
    assert "reversed" in card_of(within, f"leadership/departures/{row['id']}").facts[0].text


def test_who_led_at_noon_of_20_november_is_certain_and_who_is_only_possible_is_marked(within: Site) -> None:
    facts = {fact.text: fact.mark for fact in card_of(within, "succession", "at=2023-11-20T12:00").facts}
    assert facts["Emmett Shear, interim chief executive officer"] == ""
    later = card_of(within, "succession", "at=2023-11-21T20:00").facts
    assert all(fact.mark for fact in later if "chief executive" in fact.text)


def test_the_mark_of_a_line_stands_before_its_words_so_that_it_is_never_cut_off() -> None:
    svg = draw_card(Card("Exit", "Title", [Fact("word " * 60, "planned")]), "foot", LIGHT)
    assert "[planned] word" in svg
    assert "…" in svg


# a real browser


class Elsewhere(BaseHTTPRequestHandler):
    """A page of another origin that frames what its address names."""

    def do_GET(self) -> None:
        body = f'<!DOCTYPE html><iframe id="f" src="{self.path[1:]}" width="720" height="600"></iframe>'.encode()
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


def test_a_page_of_another_origin_may_frame_a_chart_and_no_other_page(site: str, page: Any) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        other = f"http://127.0.0.1:{server.server_port}"
        page.goto(f"{other}/{site}/leadership/headcount.chart.html")
        picture = page.frame_locator("#f").locator("img")
        picture.wait_for(timeout=20_000)
        assert picture.evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 300
        refused: list[str] = []
        page.on("console", lambda message: refused.append(message.text))
        page.goto(f"{other}/{site}/leadership/headcount")
        page.wait_for_timeout(500)
        assert any("frame" in text.lower() for text in refused)
        assert page.frames[-1].url.startswith("chrome-error") or "How many" not in page.frames[-1].content()
        server.shutdown()


def test_readers_draw_their_own_charts_without_an_error_in_the_console(site: str, page: Any) -> None:
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{site}/leadership/who_left")
    page.get_by_role("button", name="Show charting options").click()
    page.locator("label[value=bar]").click()
    page.locator(".vega-embed canvas, .vega-embed svg.marks").first.wait_for(timeout=30_000)
    page.goto(f"{site}/leadership/headcount.chart.embed")
    assert page.locator(".embedded img").evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 300
    page.goto(f"{site}/-/dashboards/overview/ceos")
    page.locator(".vega-embed svg.marks").first.wait_for(timeout=30_000)
    assert errors == []


def test_a_link_to_a_figure_shows_the_figure_and_how_sure_it_is(within: Site) -> None:
    said = meta(within.get("/leadership/figures/openai-valuation-2026-03").text)["og:description"]
    assert said == "852 billion US dollars. OpenAI: Valuation, by the round of 2026 as closed, with the new money. As of: 31 March 2026."
    plan = card_of(within, "leadership/figures/openai-headcount-planned-2026-12")
    assert plan.overline == "Figure, planned"
    assert all(fact.mark for fact in plan.facts)
    assert plan.facts[0].text == "8,000 people"


def test_the_picture_of_a_chart_says_that_it_has_a_part_of_the_lines_and_shows_the_latest(within: Site) -> None:
    card = card_of(within, "leadership/valuation")
    assert card.overline == "Chart: US dollars"
    assert card.latest
    assert card.bars[-1][0].startswith("Anthropic valuation as told in September 2026")
    assert re.fullmatch(r"Some of \d+ lines, the last; the page has all", card.facts[1].text)
    assert "the first; the page has all" in card_of(within, "leadership/destinations").facts[1].text


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("valuation", "talked of is left out"),
        ("exits_by_quarter", "another one at OpenAI are left out"),
        ("headcount", "only planned is left out"),
    ],
)
def test_the_picture_of_a_chart_says_below_it_what_it_leaves_out(within: Site, question: str, words: str) -> None:
    svg = within.get(f"/leadership/{question}.chart.svg").text
    said = " ".join(re.sub(r"<[^>]+>", " ", svg.replace("</text>", " ")).split())
    assert words in said


@pytest.mark.parametrize("question", ["valuation", "headcount"])
def test_a_number_of_a_single_origin_is_told_apart_on_the_chart_of_its_question(within: Site, question: str) -> None:
    page = within.get(f"/leadership/{question}").text
    rows = within.get(f"/leadership/{question}.json?_shape=array").json()
    assert any(row["standing"] == "single_origin" for row in rows)
    assert re.search(r'<ul class="qc-legend">.*?single origin.*?</ul>', page, re.S)
