"""The whole site below a path of its host: every link leads on, every plugin knows its pages, and a proxy may cut the path off."""

from __future__ import annotations

import argparse
import asyncio
import html
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from datasette.plugins import pm
from playwright.sync_api import Page
from presentation import settings
from served import serving
from site_client import Site

BASE = "/data/"
HOST = "http://site.example"
LINK = re.compile(r'(?:href|src|action)="([^"]*)"')
MOST_PAGES = 90


@pytest.fixture(scope="module")
def below(little: Path) -> Iterator[Site]:
    """The site below /data/."""
    below = Site(little / "leadership.db", BASE)
    yield below
    below.close()


def ask(site: Site, path: str) -> httpx.Response:
    """Return the answer to a path exactly as it is asked, without the prefix that Datasette's own client adds."""

    async def get() -> httpx.Response:
        transport = httpx.ASGITransport(app=site.datasette.client.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=HOST) as client:
            return await client.get(path)

    answer: httpx.Response = site.run(get())
    return answer


def links_of(address: str, page: str) -> set[str]:
    """Return the paths on this host to which a page links, with their query strings."""
    found = (urlsplit(urljoin(HOST + address, html.unescape(link))) for link in LINK.findall(page))
    return {f"{place.path}?{place.query}".rstrip("?") for place in found if place.netloc == urlsplit(HOST).netloc}


@pytest.mark.parametrize("cut", [False, True], ids=["handed on", "cut off"])
def test_every_link_of_the_site_stays_below_the_prefix_and_leads_to_a_page(below: Site, cut: bool) -> None:
    seen, kinds, waiting = set[str](), set[str](), [BASE, f"{BASE}timeline", f"{BASE}leadership/events?_next=&_facet=kind"]
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        seen.add(path)
        answer = ask(below, "/" + path.removeprefix(BASE) if cut else path)
        assert answer.status_code in (200, 302), path
        if answer.status_code == 302:
            assert answer.headers["location"].startswith(BASE), path
        if "html" not in answer.headers.get("content-type", ""):
            continue
        for link in sorted(links_of(path, answer.text)):
            assert link.startswith(BASE), f"{path} links to {link}"
            assert not link.startswith(BASE + BASE[1:]), f"{path} links to {link}"
            kind = re.sub(r"[^/?=&]+", lambda word: word[0][:3], link)  # one of each kind of address is enough
            if kind not in kinds:
                kinds.add(kind)
                waiting.append(link)
    assert len(seen) == MOST_PAGES


@pytest.mark.parametrize(
    "path", ["leadership/feed_timeline.atom", "leadership/feed_changes.atom", "leadership/calendar.ics", "sitemap.xml"]
)
def test_feeds_calendar_and_sitemap_name_addresses_below_the_prefix(below: Site, path: str) -> None:
    text = ask(below, BASE + path).text.replace("\r\n ", "")
    addresses = re.findall(rf"{HOST}([^\s<\"']*)", text)
    assert addresses
    assert [address for address in addresses if not address.startswith(BASE)] == []
    for address in addresses[:3]:
        assert ask(below, html.unescape(address)).status_code == 200, address


def test_the_description_for_search_engines_and_llms_txt_name_the_prefix(below: Site) -> None:
    assert f'"url": "{HOST}{BASE}"' in ask(below, BASE).text
    links = re.findall(r"\]\((/[^)]*)\)", ask(below, f"{BASE}llms.txt").text)
    assert links
    assert all(link.startswith(BASE) for link in links)


def test_pages_that_draw_compile_nothing_below_a_prefix_either(below: Site) -> None:
    for path in ("-/dashboards/overview", "leadership/events", "leadership"):
        assert "'unsafe-eval'" not in ask(below, BASE + path).headers["content-security-policy"], path


def test_answers_are_kept_below_a_prefix_and_live_pages_are_not(below: Site) -> None:
    store = pm.get_plugin("kept_responses.py").STORES[below.datasette]
    store.clear()
    for path in ("leadership/people.json", "static/site.css", "-/mcp", "-/actor.json"):
        ask(below, BASE + path)
    assert {key[2] for key in store} == {b"/data/leadership/people.json", b"/data/static/site.css"}
    style = re.search(r'"(/data/-/static/app\.css\?[^"]*)"', ask(below, BASE).text)
    assert style
    assert "immutable" in ask(below, style[1]).headers["cache-control"]


def test_limits_hold_below_a_prefix(below: Site) -> None:
    assert ask(below, f"{BASE}static/{'x' * 300}").status_code == 404
    assert ask(below, f"{BASE}leadership/people?{'&'.join(f'a{n}=1' for n in range(200))}").status_code == 400


def test_the_prefix_without_its_slash_leads_to_the_site(below: Site) -> None:
    answer = ask(below, "/data")
    assert (answer.status_code, answer.headers["location"]) == (302, BASE)


@pytest.mark.parametrize(("text", "read"), [("/", "/"), ("", "/"), ("data", "/data/"), ("/a/b-c/", "/a/b-c/")])
def test_a_prefix_is_read_with_and_without_its_slashes(text: str, read: str) -> None:
    assert settings.read_base_url(text) == read


@pytest.mark.parametrize("text", ["/leadership/", "people", "/id/x", "/-/", "/a b/", "/a?b/", "http://site.example/", "/../"])
def test_a_prefix_that_could_be_taken_for_a_page_is_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="give"):
        settings.read_base_url(text)


def test_charts_are_drawn_and_an_assistant_is_answered_below_a_prefix(little: Path, page: Page) -> None:
    from mcp import Client
    from site_client import in_a_thread_of_its_own

    async def tools(address: str) -> list[str]:
        async with Client(f"{address}/-/mcp") as client:
            return [tool.name for tool in (await client.list_tools()).tools]

    with serving(little / "leadership.db", "--base-url", BASE) as address:
        page.goto(f"{address}{BASE}-/dashboards/overview")
        page.locator("svg.marks").nth(7).wait_for(state="attached", timeout=20_000)
        assert "execute_sql" in in_a_thread_of_its_own(asyncio.wait_for(tools(f"{address}{BASE.rstrip('/')}"), 20))
