"""Light and dark: every colour stands once, the reader's choice is kept and holds from the first paint, print is light."""

from __future__ import annotations

import re
from typing import Any

import pytest
from accessible import serious_findings
from leadership import paths
from site_client import Site

STYLES = sorted((paths.SITE / "static").glob("*.css"))
PAGES = ("/", "/timeline", "/leadership", "/leadership/people", "/people/sam-altman", "/nowhere", "/-/dashboards/overview")
DARK, LIGHT = "rgb(23, 23, 21)", "rgb(251, 250, 247)"
BACKGROUND = "getComputedStyle(document.body).backgroundColor"


@pytest.fixture(scope="module")
def site(asked_within: Site) -> Site:
    return asked_within


def test_colours_stand_in_one_list_and_each_once_for_both_appearances() -> None:
    palette = re.search(r":root \{(.*?)\n\}", (paths.SITE / "static" / "site.css").read_text(encoding="utf-8"), re.S)
    assert palette
    given = re.findall(r"(--[\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", palette[1])
    assert len(given) > 15
    assert len({name for name, *_ in given}) == len(given)
    for style in STYLES:
        text = style.read_text(encoding="utf-8").replace(palette[1], "")
        text = re.sub(r'\[(fill|stroke)="#[0-9a-f]{6}"\]', "", text)  # what a chart says is named to be replaced
        assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[^{}]*\})", text) == [], style.name


@pytest.mark.parametrize(
    "path", ["/", "/timeline", "/leadership", "/leadership/people", "/people/sam-altman", "/nowhere", "/-/dashboards/overview"]
)
def test_every_page_has_the_choice_and_applies_it_before_the_body(site: Site, path: str) -> None:
    page = site.get(path).text
    assert page.index("showAppearance();") < page.index("<body")
    choice = re.search(r'<li class="appearance" hidden><select id="appearance" aria-label="Appearance".*?</select>', page, re.S)
    assert choice
    assert re.findall(r'<option value="(\w*)">', choice[0]) == ["", "light", "dark"]


def test_a_choice_is_kept_works_by_keyboard_and_paper_stays_light(site: Site, browser: Any) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme="light")
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if "Content Security Policy" in message.text else None)
    page.route("http://site.test/**", lambda route: _answer(site, route))
    page.goto("http://site.test/methods")
    assert page.evaluate(BACKGROUND) == LIGHT
    page.get_by_label("Appearance").focus()
    page.keyboard.press("End")
    assert page.evaluate(BACKGROUND) == DARK
    page.goto("http://site.test/history?id=sam-altman")
    assert page.evaluate(BACKGROUND) == DARK
    assert page.get_by_label("Appearance").input_value() == "dark"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert serious_findings(page) == []
    page.emulate_media(media="print")
    assert page.evaluate(BACKGROUND) == LIGHT
    page.emulate_media(media="screen", color_scheme="dark")
    page.get_by_label("Appearance").select_option("light")
    assert page.evaluate(BACKGROUND) == LIGHT
    page.get_by_label("Appearance").select_option("")
    assert page.evaluate(BACKGROUND) == DARK
    assert errors == []
    context.close()


def test_without_a_script_the_system_decides_and_no_choice_is_offered(site: Site, browser: Any) -> None:
    context = browser.new_context(color_scheme="dark", java_script_enabled=False)
    page = context.new_page()
    page.route("http://site.test/**", lambda route: _answer(site, route))
    page.goto("http://site.test/methods")
    assert not page.locator("#appearance").is_visible()
    context.close()
    style = site.get("/static/site.css").text
    assert "color-scheme: light dark" in style


def _answer(site: Site, route: Any) -> None:
    response = site.get(route.request.url.removeprefix("http://site.test"))
    headers = {name: value for name, value in response.headers.items() if name.lower() not in ("content-length", "content-encoding")}
    route.fulfill(status=response.status_code, headers=headers, body=response.content)
