"""`make verify`: pages are asked for politely, whatever they answer is a finding, and the findings are kept so that a person can read them.

All pages are played by a server on this machine, and time by a clock that stands still.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import httpx
import pytest
from commands import main
from conftest import RawFolder, rows_by_id
from leadership import paths
from leadership.reading import read_document
from leadership.verified import read_verified
from pages_server import Pages, serving_pages
from site_client import in_a_thread_of_its_own
from verifying.fetching import NO_HTTP, Limits
from verifying.pagetext import missing_anchors, tidy, visible_text
from verifying.recording import Verification, verifications_of, write_verifications
from verifying.round import Manner, verify
from verifying.targets import Target, targets_of
from written import read_yaml

TODAY, LATER = "2026-12-01", "2026-12-08"
CONTACT = "data@example.org"
PAGE = "<html><body><p>On 17 November Sam Altman was removed.</p></body></html>"
ANCHORS = ("17 November", "Sam Altman")


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    with serving_pages() as server:
        yield server


def go_round(pages: Pages, *targets: Target, before: list[Verification] = [], today: str = TODAY, **manner) -> list[Verification]:  # noqa: B006
    """Verify targets and return the findings in the order of their sources."""
    found: list[Verification] = []
    manner = {"clock": pages.clock, "limits": Limits(seconds=5, size=100_000)} | manner
    in_a_thread_of_its_own(verify(targets, {f.key: f for f in before}, Manner(CONTACT, **manner), today, found.append))
    return sorted(found, key=lambda finding: finding.key)


def look(pages: Pages, address: str, *anchors: str, before: list[Verification] = [], **manner) -> Verification:  # noqa: B006
    """Verify one address and return what was found."""
    (finding,) = go_round(pages, Target("one", "read", address, anchors or ANCHORS), before=before, **manner)
    return finding


# what stands on the page
def test_a_page_on_which_every_anchor_stands_is_found(pages: Pages):
    address = pages.page("/a", PAGE, ETag='"v1"', Last_Modified="Tue, 01 Dec 2026 00:00:00 GMT")
    finding = look(pages, address)
    assert finding == Verification(
        source="one",
        address_kind="read",
        address=address,
        checked_on=TODAY,
        outcome="found",
        status=200,
        etag='"v1"',
        last_modified="Tue, 01 Dec 2026 00:00:00 GMT",
        anchor_count=2,
        anchors_digest=finding.anchors_digest,
    )


def test_anchors_that_are_not_on_the_page_are_named(pages: Pages):
    finding = look(pages, pages.page("/a", PAGE), "Sam Altman", "Greg Brockman", "18 November")
    assert (finding.outcome, finding.missing) == ("partly", ["Greg Brockman", "18 November"])


def test_a_page_with_none_of_the_anchors_is_another_page(pages: Pages):
    finding = look(pages, pages.page("/a", "<p>Please accept our terms.</p>"))
    assert (finding.outcome, finding.missing) == ("absent", list(ANCHORS))


def test_where_no_anchor_can_be_expected_it_is_enough_that_the_page_answers(pages: Pages):
    (finding,) = go_round(pages, Target("one", "original", pages.page("/a", PAGE), ()))
    assert (finding.outcome, finding.anchor_count) == ("answers", 0)


def test_a_page_that_says_that_only_those_who_pay_may_read_it_is_blocked(pages: Pages):
    paywall = '<script type="application/ld+json">{"isAccessibleForFree": "False"}</script><p>On 17 November</p>'
    finding = look(pages, pages.page("/a", paywall))
    assert (finding.outcome, finding.missing, finding.note) == ("blocked", [], "the page says that only those who pay may read it")
    assert look(pages, pages.address("/a"), "17 November").outcome == "found"


@pytest.mark.parametrize(
    ("html", "anchor"),
    [
        ("<p>Altman&rsquo;s post</p>", "Altman's post"),
        ("<p>Altman's post</p>", "Altman’s post"),
        ("<p>said &#8220;no&#8221; &amp; left</p>", '"no" & left'),
        ("<p>Sam\n   <b>Alt</b>man</p>", "Sam Altman"),
        ("<p>Sam&nbsp;Altman</p>", "Sam Altman"),
        ("<p>ＯｐｅｎＡＩ，11月17日</p>", "OpenAI,11月17日"),
        ("<p>首席\n  执行官</p>", "首席执行官"),
        ("<p>山姆 · 奥特曼</p>", "山姆·奥特曼"),
        ("<p>Alt&shy;man re&#8203;turned</p>", "Altman returned"),
        ("<p>2023–2024</p>", "2023-2024"),
        ("<h1>Altman</h1><p>left</p>", "Altman left"),
        ("<tr><td>CEO</td><td>Murati</td></tr>", "CEO Murati"),
        ("one<br>two", "one two"),
        ("<title>Altman out</title>", "Altman out"),
    ],
)
def test_the_same_words_are_found_however_the_page_writes_them(html: str, anchor: str):
    assert missing_anchors(html.encode(), "text/html; charset=utf-8", [anchor])[0] == []


@pytest.mark.parametrize("tag", ["script", "style", "template"])
def test_what_readers_do_not_see_is_not_the_text(tag: str):
    assert tidy(visible_text(f"<p>before</p><{tag}>Altman</{tag}><p>after</p>")) == "before after"
    assert tidy(visible_text("<p title='Altman'>before</p><!-- Altman -->")) == "before"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("", ""),
        ("no markup at all", "no markup at all"),
        ("<p>one<p>two</b></i></table><td>three", "one two three"),
        ("<p>x</p></html></body>after the end", "x after the end"),
        ("<p>a\0b</p>", "ab"),
        ("<p>a < b & c &bogus; &#xD800; d</p>", "a < b & c &bogus; \ufffd d"),
        ("<<<>>><p <q>x", "<<<>>> x"),
        ("<?xml version='1.0' encoding='utf-16'?><html><p>x</p></html>", "x"),
        ("<div>" * 50_000 + "deep", "deep"),
        ("<script>never closed <p>x</p>", ""),
    ],
)
def test_broken_markup_is_read_as_far_as_it_goes(markup: str, text: str):
    assert tidy(visible_text(markup)) == text


@pytest.mark.parametrize(
    ("written", "said", "meta"),
    [
        ("gb18030", "text/html; charset=utf-8", ""),
        ("gb18030", "text/html", '<meta charset="gb2312">'),
        ("utf-8", "text/html; charset=iso-8859-1", ""),
        ("utf-8", "text/html; charset=no-such-thing", '<meta charset="rot13">'),
        ("big5", "text/html", '<meta http-equiv="Content-Type" content="text/html; charset=utf-8">'),
        ("utf-16", "text/html; charset=utf-8", ""),
        ("utf-8-sig", "text/html; charset=gbk", ""),
        ("shift_jis", "text/html; charset=Shift_JIS", ""),
    ],
)
def test_a_page_is_read_in_the_encoding_in_which_it_is_written_whatever_it_says(pages: Pages, written: str, said: str, meta: str):
    address = pages.page("/a", f"<html><head>{meta}</head><p>人工智能 2023年</p></html>".encode(written), Content_Type=said)
    assert look(pages, address, "人工智能", "2023年").outcome == "found"


def test_text_without_markup_is_taken_as_it_is(pages: Pages):
    assert look(pages, pages.page("/a", "if a <b then Altman", Content_Type="text/plain"), "a <b then").outcome == "found"
    assert look(pages, pages.page("/b", '{"text": "Altman"}', Content_Type="application/json"), "Altman").outcome == "found"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"%PDF-1.7 Sam Altman", "application/pdf"),
        (b"%PDF-1.7 Sam Altman", "text/html"),
        (b"\x89PNG", "image/png"),
        (b"Sam Altman", "application/octet-stream"),
    ],
)
def test_a_pdf_or_a_picture_is_not_text(pages: Pages, body: bytes, said: str):
    finding = look(pages, pages.page("/a", body, Content_Type=said))
    assert (finding.outcome, finding.status, finding.missing) == ("not_text", 200, [])


# where the page is
def test_a_page_that_moved_for_good_is_followed_step_by_step_and_its_address_noted(pages: Pages):
    pages.redirect("/a", "/b")
    pages.redirect("/b", pages.address("/c"), 308)
    pages.page("/c", PAGE)
    finding = look(pages, pages.address("/a"))
    assert (finding.outcome, finding.status, finding.moved_to) == ("moved", 200, pages.address("/c"))


def test_a_page_that_moved_and_lost_its_anchors_says_so(pages: Pages):
    pages.redirect("/a", "/")
    pages.page("/", "<p>Our front page</p>")
    finding = look(pages, pages.address("/a"))
    assert (finding.outcome, finding.moved_to, len(finding.missing)) == ("absent", pages.address("/"), 2)


def test_a_page_that_redirects_for_the_time_being_has_not_moved(pages: Pages):
    pages.redirect("/a", "/b", 302)
    pages.page("/b", PAGE)
    finding = look(pages, pages.address("/a"))
    assert (finding.outcome, finding.moved_to, finding.note) == ("found", pages.address("/b"), "it redirects for the time being")


def test_another_way_to_write_an_address_is_no_other_address(pages: Pages):
    pages.page("/%E5%A5%A5?a=%20b", PAGE)
    finding = look(pages, pages.address("/奥?a= b#part"))
    assert (finding.outcome, finding.moved_to) == ("found", None)


@pytest.mark.parametrize(
    ("to", "note"),
    [
        ("", "it redirects to no address of the web"),
        ("http://x/" + "y" * 3000, "it redirects to no address of the web"),
        ("ftp://127.0.0.1/x", "it redirects to no address of the web"),
        ("http://me:secret@127.0.0.1/", "it redirects to no address of the web"),
        ("http://x:99999/", "it redirects to no address of the web"),
        ("javascript:alert(1)", NO_HTTP),
        ("http://[::1", NO_HTTP),
    ],
)
def test_a_redirect_to_no_address_of_the_web_is_not_followed(pages: Pages, to: str, note: str):
    finding = look(pages, pages.redirect("/a", to))
    assert (finding.outcome, finding.note, finding.moved_to) == ("unreachable", note, None)


def test_redirects_in_a_circle_are_left(pages: Pages):
    pages.redirect("/a", "/b")
    pages.redirect("/b", "/a")
    assert look(pages, pages.redirect("/c", "/c")).note == "redirects lead in a circle"
    finding = look(pages, pages.address("/a"))
    assert (finding.outcome, finding.status, finding.note) == ("unreachable", 301, "redirects lead in a circle")
    assert pages.asked() == ["/c", "/a", "/b"]


@pytest.mark.parametrize("address", ["https:///x", "http://[::1", "http://x:99999/", "http://me:secret@127.0.0.1/"])
def test_what_is_no_address_of_the_web_is_not_asked_for(pages: Pages, address: str):
    finding = look(pages, address)
    assert (finding.outcome, finding.note, finding.moved_to) == ("unreachable", "it is no address of the web", None)


def test_redirects_without_end_are_not_followed_for_ever(pages: Pages):
    for number in range(20):
        pages.redirect(f"/{number}", f"/{number + 1}")
    finding = look(pages, pages.address("/0"), limits=Limits(redirects=3))
    assert (finding.outcome, finding.note) == ("unreachable", "more than 3 redirects")
    assert pages.asked() == ["/0", "/1", "/2", "/3"]


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_no_more_is_gone(pages: Pages, status: int):
    finding = look(pages, pages.page("/a", PAGE, status))
    assert (finding.outcome, finding.status) == ("gone", status)


@pytest.mark.parametrize("status", [401, 402, 403, 451])
def test_a_page_that_may_not_be_read_is_blocked(pages: Pages, status: int):
    finding = look(pages, pages.page("/a", PAGE, status))
    assert (finding.outcome, finding.status) == ("blocked", status)


def test_a_riddle_for_robots_is_blocked_and_no_error_of_the_server(pages: Pages):
    assert look(pages, pages.page("/a", "Are you human?", 503, cf_mitigated="challenge")).outcome == "blocked"


@pytest.mark.parametrize("status", [400, 500, 503])
def test_an_error_of_the_server_is_unreachable(pages: Pages, status: int):
    finding = look(pages, pages.page("/a", PAGE, status))
    assert (finding.outcome, finding.status, finding.note) == ("unreachable", status, f"the server answers {status}")


def test_a_host_that_nobody_answers_at_is_unreachable(pages: Pages):
    with serving_pages() as other:
        address = other.address("/a")
    finding = look(pages, address)
    assert (finding.outcome, finding.status) == ("unreachable", None)
    assert finding.note == "robots.txt could not be fetched, so the host may not be asked"


def test_a_host_that_does_not_answer_is_tried_once_a_round(pages: Pages):
    pages.play("/robots.txt", lambda handler: None)
    found = go_round(pages, *(Target(name, "read", pages.page(f"/{name}", PAGE), ANCHORS) for name in "abc"))
    assert [finding.outcome for finding in found] == ["unreachable"] * 3
    assert pages.asked(robots=True) == ["/robots.txt"]


def test_a_page_that_does_not_come_in_time_is_unreachable(pages: Pages):
    address = pages.play("/a", lambda handler: pages.ended.wait(30))
    finding = look(pages, address, limits=Limits(seconds=0.3))
    assert (finding.outcome, finding.note) == ("unreachable", "no answer within 0.3 seconds")


def test_a_page_that_drips_for_ever_is_unreachable(pages: Pages):
    def drip(handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        while not pages.ended.wait(0.02):
            try:
                handler.wfile.write(b".")
            except OSError:
                return

    finding = look(pages, pages.play("/a", drip), limits=Limits(seconds=0.5))
    assert (finding.outcome, finding.note) == ("unreachable", "no answer within 0.5 seconds")


@pytest.mark.parametrize(
    "sent", [b"", b"what?\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nshort", b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200_000]
)
def test_an_answer_that_breaks_off_or_is_no_http_is_unreachable(pages: Pages, sent: bytes):
    finding = look(pages, pages.play("/a", lambda handler: handler.wfile.write(sent)))
    assert (finding.outcome, finding.note) == ("unreachable", NO_HTTP)


# large and packed pages
def test_of_a_huge_page_only_the_beginning_is_read(pages: Pages):
    address = pages.page("/a", "Sam Altman" + " " * 300_000 + "17 November")
    finding = look(pages, address)
    assert (finding.outcome, finding.missing, finding.note) == ("partly", ["17 November"], "only its first 100,000 bytes were read")
    assert look(pages, address, "Sam Altman").note is None


def test_a_packed_page_is_unpacked(pages: Pages):
    assert look(pages, pages.packed("/a", PAGE.encode())).outcome == "found"
    in_two_parts = gzip.compress(b"On 17 November ") + gzip.compress(b"Sam Altman was removed.")
    assert look(pages, pages.page("/b", in_two_parts, Content_Encoding="gzip")).outcome == "found"


def test_a_small_page_that_unpacks_to_a_huge_one_is_stopped(pages: Pages):
    finding = look(pages, pages.packed("/a", b"Sam Altman" + b" " * 30_000_000))
    assert (finding.outcome, finding.note) == ("partly", "only its first 100,000 bytes were read")


def test_of_a_page_that_is_packed_badly_what_can_be_unpacked_is_read(pages: Pages):
    broken_off = gzip.compress(PAGE.encode())[:-9]
    assert look(pages, pages.page("/b", broken_off, Content_Encoding="gzip")).outcome == "found"
    assert look(pages, pages.page("/c", b"no gzip", Content_Encoding="gzip")).outcome == "absent"


def test_a_page_that_is_packed_as_nobody_asked_is_not_text(pages: Pages):
    finding = look(pages, pages.page("/a", b"\x0b\x02\x80x\x03", Content_Encoding="br"))
    assert (finding.outcome, finding.note) == ("not_text", "it is packed in a way that was not asked for")


# politeness
def test_every_request_names_who_asks_and_keeps_no_cookie(pages: Pages):
    pages.page("/robots.txt", "", Set_Cookie="id=7")
    look(pages, pages.page("/a", PAGE, Set_Cookie="id=8"))
    look(pages, pages.address("/a"))
    assert {request.headers["User-Agent"] for request in pages.requests} == {"leadership-dataset-verify/1.0 (+data@example.org)"}
    assert not any("Cookie" in request.headers for request in pages.requests)


@pytest.mark.parametrize(
    "robots",
    [
        "User-agent: *\nDisallow: /a",
        "User-agent: *\nDisallow: /*/print\nDisallow: /*.html$",
        "User-agent: *\nAllow: /\n\nUser-agent: leadership-dataset-verify\nDisallow: /",
        "\ufeffUser-agent: *\r\nDisallow: /\r\n",
    ],
)
def test_what_robots_txt_forbids_is_never_asked_for(pages: Pages, robots: str):
    pages.page("/robots.txt", robots, Content_Type="text/plain")
    finding = look(pages, pages.page("/a/print/x.html", PAGE))
    assert (finding.outcome, finding.status, finding.note) == ("blocked", None, "robots.txt forbids it")
    assert pages.asked(robots=True) == ["/robots.txt"]


@pytest.mark.parametrize(
    "robots", ["User-agent: GPTBot\nDisallow: /", "User-agent: *\nDisallow: /\nAllow: /a$", "<html>no such file</html>", "\0\xff: ???"]
)
def test_what_robots_txt_does_not_forbid_is_asked_for(pages: Pages, robots: str):
    pages.page("/robots.txt", robots, Content_Type="text/plain")
    assert look(pages, pages.page("/a", PAGE)).outcome == "found"


@pytest.mark.parametrize("status", [403, 429, 500, 503])
def test_a_host_whose_robots_txt_is_locked_or_broken_is_left_alone(pages: Pages, status: int):
    pages.page("/robots.txt", "", status)
    finding = look(pages, pages.page("/a", PAGE))
    assert (finding.outcome, finding.note) == ("blocked", f"robots.txt answers {status}, so the host may not be asked")
    assert pages.asked() == []


def test_the_robots_txt_of_the_host_to_which_a_page_moved_counts_there(pages: Pages):
    with serving_pages() as other:
        other.page("/robots.txt", "User-agent: *\nDisallow: /secret")
        finding = look(pages, pages.redirect("/a", other.address("/secret")))
        assert (finding.outcome, finding.note, finding.moved_to) == ("blocked", "robots.txt forbids it", other.address("/secret"))
        assert other.asked(robots=True) == ["/robots.txt"]


def test_robots_txt_may_be_redirected_and_is_asked_for_once_a_round(pages: Pages):
    pages.redirect("/robots.txt", "/real-robots")
    pages.page("/real-robots", "User-agent: *\nDisallow: /b")
    addresses = {"a": pages.page("/a", PAGE), "b": pages.page("/b", PAGE)}
    found = go_round(pages, *(Target(source, "read", address, ANCHORS) for source, address in addresses.items()))
    assert [finding.outcome for finding in found] == ["found", "blocked"]
    assert pages.asked(robots=True) == ["/robots.txt", "/real-robots", "/a"]


def test_a_host_is_asked_once_a_second_at_the_most_redirects_and_robots_txt_counted(pages: Pages):
    pages.redirect("/b", "/c")
    targets = [Target(name, "read", pages.page(f"/{name}", PAGE) if name != "b" else pages.address("/b"), ANCHORS) for name in "abcd"]
    go_round(pages, *targets)
    times = [request.time for request in pages.requests]
    assert len(times) == 6
    assert all(later - earlier >= 1 for earlier, later in pairwise(times))


@pytest.mark.parametrize("asks", ["Crawl-delay: 7", "Request-rate: 1/7"])
def test_a_host_that_asks_for_more_time_gets_it(pages: Pages, asks: str):
    pages.page("/robots.txt", f"User-agent: *\n{asks}")
    go_round(pages, *(Target(name, "read", pages.page(f"/{name}", PAGE), ANCHORS) for name in "ab"))
    assert [request.time for request in pages.requests] == [0, 7, 14]


def test_a_host_that_asks_for_too_much_time_is_left_alone(pages: Pages):
    pages.page("/robots.txt", "User-agent: *\nCrawl-delay: 86400")
    finding = look(pages, pages.page("/a", PAGE))
    assert (finding.outcome, finding.note) == ("blocked", "robots.txt asks for more than 60 seconds between two requests")
    assert pages.asked() == []


def test_a_host_that_asks_for_fewer_requests_gets_no_more_of_them_in_this_round(pages: Pages):
    busy, fine = pages.page("/a", "", 429, Retry_After="120"), pages.page("/b", PAGE)
    found = go_round(pages, Target("a", "read", busy, ANCHORS), Target("b", "read", fine, ANCHORS))
    assert [(f.outcome, f.status, f.note) for f in found] == [
        ("blocked", 429, "the host asks for fewer requests (retry after 120)"),
        ("blocked", None, "the host asks for fewer requests (retry after 120)"),
    ]
    assert pages.asked() == ["/a"]


def test_hosts_are_asked_at_the_same_time(pages: Pages):
    both = threading.Barrier(2)

    def wait_for_the_other(handler) -> None:
        both.wait(20)  # broken, and so the page, if the other request does not come meanwhile
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE.encode())

    pages.play("/a", wait_for_the_other)
    found = go_round(
        pages,
        Target("a", "read", pages.address("/a"), ANCHORS),
        Target("b", "read", pages.address("/a", "localhost"), ANCHORS),
        limits=Limits(seconds=30),
    )
    assert [finding.outcome for finding in found] == ["found", "found"]


def test_no_more_hosts_are_asked_at_once_than_is_allowed_and_none_is_asked_twice_at_once(pages: Pages):
    open_now: list[str] = []
    most: list[int] = []

    async def body():
        yield PAGE.encode()

    async def answer(request: httpx.Request) -> httpx.Response:
        assert request.url.host not in open_now
        open_now.append(request.url.host)
        most.append(len(open_now))
        for _ in range(20):
            await asyncio.sleep(0)
        open_now.remove(request.url.host)
        return httpx.Response(404 if request.url.path == "/robots.txt" else 200, headers={"Content-Type": "text/html"}, content=body())

    targets = [Target(f"s{n}", "read", f"http://host-{n % 6}.example/{n}", ANCHORS) for n in range(24)]
    found = go_round(pages, *targets, hosts_at_once=3, transport=httpx.MockTransport(answer))
    assert (max(most), {finding.outcome for finding in found}) == (3, {"found"})


# asking for changes only
def test_a_page_that_has_not_changed_keeps_what_was_found_and_gets_a_new_day(pages: Pages):
    def unchanged(handler) -> None:
        handler.wfile.write(b'HTTP/1.1 304 Not Modified\r\nETag: "v2"\r\n\r\n')

    first = look(pages, pages.page("/a", PAGE, ETag='"v1"', Last_Modified="Tue, 01 Dec 2026 00:00:00 GMT"), *ANCHORS, "Brockman")
    pages.play("/a", unchanged)
    second = look(pages, first.address, *ANCHORS, "Brockman", before=[first], today=LATER)
    asked = pages.requests[-1].headers
    assert (asked["If-None-Match"], asked["If-Modified-Since"]) == ('"v1"', "Tue, 01 Dec 2026 00:00:00 GMT")
    assert second == replace(first, checked_on=LATER, status=304, etag='"v2"')
    assert (second.outcome, second.missing) == ("partly", ["Brockman"])


def test_a_moved_page_is_asked_for_changes_where_it_is_now(pages: Pages):
    pages.redirect("/a", "/b")
    pages.page("/b", PAGE, ETag='"v1"')
    first = look(pages, pages.address("/a"))
    pages.page("/b", "", 304)
    second = look(pages, first.address, before=[first], today=LATER)
    assert [request.headers.get("If-None-Match") for request in pages.requests if request.path != "/robots.txt"][-2:] == [None, '"v1"']
    assert (second.outcome, second.moved_to) == ("moved", pages.address("/b"))


@pytest.mark.parametrize("change", ["another anchor", "another address", "was gone"])
def test_the_text_is_asked_for_anew_where_what_was_found_does_not_say_enough(pages: Pages, change: str):
    first = look(pages, pages.page("/a", PAGE, ETag='"v1"'))
    address = pages.page("/b", PAGE) if change == "another address" else first.address
    before = replace(first, outcome="gone") if change == "was gone" else first
    anchors = (*ANCHORS, "removed") if change == "another anchor" else ANCHORS
    assert look(pages, address, *anchors, before=[before]).outcome == "found"
    assert not any("If-None-Match" in request.headers for request in pages.requests)


def test_a_server_that_says_unasked_that_nothing_changed_says_nothing(pages: Pages):
    finding = look(pages, pages.page("/a", "", 304))
    assert (finding.outcome, finding.note) == ("unreachable", "the server answers 304")


def test_a_mark_of_the_version_that_cannot_be_kept_in_a_file_is_not_kept(pages: Pages):
    def odd(handler) -> None:
        handler.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nETag: "\xad\x85"\r\n\r\n' + PAGE.encode())

    assert look(pages, pages.play("/a", odd)).etag is None


# copies in an archive
def archive(pages: Pages, answer: str) -> None:
    pages.replies["/wayback?from=us&url=" + httpx.QueryParams({"u": pages.address("/a")})["u"].replace(":", "%3A").replace("/", "%2F")] = (
        replace(pages.replies["/a"], body=answer.encode(), headers={"Content-Type": "application/json"}, status=200)
    )


COPY = "http://web.archive.org/web/2024/http://x/"


def test_the_archive_is_asked_only_when_told(pages: Pages):
    address = pages.page("/a", PAGE, 404)
    archive(pages, json.dumps({"archived_snapshots": {"closest": {"available": True, "url": COPY}}}))
    assert look(pages, address).archived_at is None
    assert pages.asked() == ["/a"]
    finding = look(pages, address, archive=pages.address("/wayback?from=us"))
    assert (finding.outcome, finding.archived_at) == ("gone", COPY)
    assert look(pages, address, before=[finding]).archived_at == COPY


@pytest.mark.parametrize(
    "answer",
    [
        '{"archived_snapshots": {}}',
        '{"archived_snapshots": {"closest": {"available": false, "url": "http://x/"}}}',
        '{"archived_snapshots": {"closest": {"available": true, "url": "javascript:alert(1)"}}}',
        '{"archived_snapshots": {"closest": {"available": true, "url": ["http://x/"]}}}',
        '{"archived_snapshots": [1]}',
        "[" * 100_000,
        "<html>down for maintenance</html>",
    ],
)
def test_an_archive_that_has_no_copy_or_talks_nonsense_adds_nothing(pages: Pages, answer: str):
    address = pages.page("/a", PAGE)
    archive(pages, answer)
    finding = look(pages, address, archive=pages.address("/wayback?from=us"))
    assert (finding.outcome, finding.archived_at) == ("found", None)
    assert len(pages.asked()) == 2


# what is to be looked up
READ_SHEET = """\
source:
  id: gamma
  kind: report
  title_en: Gamma on the affair
  lang: en
  publisher_id: beta-news
  published: "2023-11-18"
  published_basis: stated
  url: {url}
  read_at: {read_at}
  read_how: {read_how}
  read_on: "2026-12-01"
  text_kind: full
  reliability: A test.

names:
  sam-altman: [Altman, Sam Altman]
  mira-murati: [[Mira Muratti, misspelling]]
  openai: OpenAI

passages:
  - find: 17 November
    says:
      - {{event: altman-removed, started: "2023-11-17", participant: {{sam-altman: removed}}}}
"""


def gamma(url: str = "https://gamma.example/a", read_at: str = "https://copies.example/a", read_how: str = "repost") -> str:
    return READ_SHEET.format(url=url, read_at=read_at, read_how=read_how)


@pytest.mark.parametrize(("read_how", "at_original"), [("repost", 5), ("translation", 0), ("summary", 0)])
def test_of_a_read_source_names_and_passages_are_looked_up_where_it_was_read_and_at_the_original(read_how: str, at_original: int):
    original, copy = targets_of([read_document(gamma(read_how=read_how), "x")])
    assert copy == Target("gamma", "read", "https://copies.example/a", ("17 November", "Altman", "Mira Muratti", "OpenAI", "Sam Altman"))
    assert (original.address_kind, original.address, len(original.anchors)) == ("original", "https://gamma.example/a", at_original)


def test_one_address_is_looked_up_once():
    same = gamma(read_at="https://gamma.example/a", read_how="original")
    assert [target.address_kind for target in targets_of([read_document(same, "x")])] == ["read"]
    assert targets_of([read_document("source: {id: x, document: x.txt, url: 'https://x.example/'}", "x")]) == []


# the file
FOUND = Verification("gamma", "read", "https://copies.example/a", TODAY, "partly", 200, anchor_count=3, anchors_digest="0" * 12)


def test_findings_are_written_sorted_and_read_back_as_they_were(tmp_path: Path):
    odd = ["2023-11", "2024", "null", "no", "#1", "- a", "a: b", "“奥特曼”", "'", '"', "1e3", "12:30", "2023-11-17", "~"]
    findings = [FOUND, replace(FOUND, source="alpha", missing=odd, etag="2023-x", note="a; b"), replace(FOUND, address_kind="original")]
    assert write_verifications(findings, tmp_path)
    document = read_verified(tmp_path)
    assert document.faults == []
    assert list(verifications_of(document.data).values()) == [findings[1], findings[2], findings[0]]
    text = (tmp_path / "verified.yml").read_text(encoding="utf-8")
    assert not write_verifications(verifications_of(document.data).values(), tmp_path)
    assert (tmp_path / "verified.yml").read_text(encoding="utf-8") == text
    assert [path.name for path in tmp_path.iterdir()] == ["verified.yml"]


def test_a_person_can_read_the_file(tmp_path: Path):
    write_verifications([replace(FOUND, missing=["奥特曼", "17 November"])], tmp_path)
    assert (tmp_path / "verified.yml").read_text(encoding="utf-8").split("\n", 1)[1] == (
        """\
- source: gamma
  address_kind: read
  address: https://copies.example/a
  checked_on: '2026-12-01'
  outcome: partly
  status: 200
  anchor_count: 3
  anchors_digest: '000000000000'
  missing:
  - 奥特曼
  - 17 November
"""
    )


def test_where_there_is_nothing_to_keep_no_file_is_made_and_an_old_one_becomes_empty(tmp_path: Path):
    assert not write_verifications([], tmp_path)
    assert list(tmp_path.iterdir()) == []
    write_verifications([FOUND], tmp_path)
    assert write_verifications([], tmp_path)
    assert read_verified(tmp_path).data == []


# the command
@pytest.fixture
def project(raw: RawFolder, monkeypatch: pytest.MonkeyPatch) -> RawFolder:
    """A `raw/` that the command takes for the project's."""
    monkeypatch.setattr(paths, "RAW", raw.folder)
    monkeypatch.setattr("verifying.hosts.GAP", 0.0)
    monkeypatch.delenv("VERIFY_CONTACT", raising=False)
    return raw


def call(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    with ThreadPoolExecutor(1) as thread:  # a browser that another test opened keeps a loop running in this one
        return thread.submit(main, ["verify", *arguments]).result()


def test_where_no_page_was_read_there_is_nothing_to_fetch(project: RawFolder, monkeypatch, capsys):
    assert call(monkeypatch) == 0
    assert capsys.readouterr().out == (
        "Nothing to fetch: no sheet is of a page that was read; texts at hand are held against their files by make check.\n"
    )
    assert not (project.folder / "verified.yml").exists()


@pytest.mark.parametrize("contact", ["", "me", "a b@example.org", "x)@example.org\r\nCookie: 1", "ä@example.org"])
def test_nobody_is_asked_without_a_contact(project: RawFolder, monkeypatch, capsys, contact: str):
    project.replace("sources/gamma.yml", gamma())
    assert call(monkeypatch, "--contact", contact) == 2
    assert capsys.readouterr().err.startswith("Nobody is named who asks; give --contact ")


@pytest.mark.parametrize("archive", ["http://[", "archive.example", "ftp://archive.example"])
def test_an_archive_without_an_address_is_not_asked(project: RawFolder, monkeypatch, capsys, archive: str):
    project.replace("sources/gamma.yml", gamma())
    assert call(monkeypatch, "--contact", CONTACT, "--archive", "--archive-api", archive) == 2
    assert capsys.readouterr().err.startswith(f"{archive} is no address of an archive; give one such as https://")


def test_a_round_from_the_sheet_to_the_table(project: RawFolder, pages: Pages, monkeypatch, capsys):
    copy = pages.page("/copy", "<p>Altman, Sam Altman, Mira Muratti and OpenAI</p>", ETag='"v1"')
    original = pages.page("/original", "", 410)
    project.replace("sources/gamma.yml", gamma(original, copy))
    assert call(monkeypatch, "--contact", CONTACT, "--today", TODAY) == 0
    assert capsys.readouterr().out == (
        f"gamma: gone ({original})\ngamma: partly ({copy}): 1 of 5 anchors missing: 17 November\n"
        "2 of 2 addresses asked: 1 gone, 1 partly.\nraw/verified.yml written.\n"
    )
    rows = rows_by_id(project.run(), "verifications")
    assert rows["verification-gamma-read"] == {
        "id": "verification-gamma-read",
        "source_id": "gamma",
        "address_kind": "read",
        "address": copy,
        "checked_on": TODAY,
        "outcome": "partly",
        "status": 200,
        "moved_to": None,
        "archived_at": None,
        "anchor_count": 5,
        "missing": '["17 November"]',
        "note": None,
    }
    assert (rows["verification-gamma-original"]["outcome"], rows["verification-gamma-original"]["status"]) == ("gone", 410)
    before = (project.folder / "verified.yml").read_bytes()
    assert call(monkeypatch, "--contact", CONTACT, "--today", TODAY) == 0
    assert (project.folder / "verified.yml").read_bytes() == before
    assert "written" not in capsys.readouterr().out
    assert pages.requests[-1].headers.get("If-None-Match") == '"v1"'


def test_one_source_may_be_verified_and_the_others_keep_what_was_found(project: RawFolder, pages: Pages, monkeypatch, capsys):
    address = pages.page("/a", "<p>nothing</p>")
    project.replace("sources/gamma.yml", gamma(address, address, "original"))
    project.replace("sources/delta.yml", gamma(address, address, "original").replace("id: gamma", "id: delta"))
    project.replace("sources/broken.yml", "source: {id: broken}\n")
    kept = [replace(FOUND, source=source, address=address, checked_on="2026-01-01") for source in ("gamma", "broken", "gone-by-now")]
    write_verifications(kept, project.folder)
    assert call(monkeypatch, "--contact", CONTACT, "--today", TODAY, "--only", "delta") == 0
    assert "sheets have faults (make check lists them): broken." in capsys.readouterr().err
    days = {entry["source"]: entry["checked_on"] for entry in read_yaml((project.folder / "verified.yml").read_text(encoding="utf-8"))}
    assert days == {"broken": "2026-01-01", "delta": TODAY, "gamma": "2026-01-01"}
    assert call(monkeypatch, "--contact", CONTACT, "--only", "alpha") == 2
    assert capsys.readouterr().err.endswith("alpha is no read source that has an address; give the id of one, or none to verify all.\n")


def test_what_was_found_before_an_interruption_is_kept(project: RawFolder, pages: Pages, monkeypatch, capsys):
    async def broken_off(targets, before, manner, today, keep) -> None:
        keep(replace(FOUND, checked_on=today))
        raise KeyboardInterrupt

    project.replace("sources/gamma.yml", gamma())
    monkeypatch.setattr("verifying.round.verify", broken_off)
    assert call(monkeypatch, "--contact", CONTACT, "--today", TODAY) == 130
    assert [entry["source"] for entry in read_verified(project.folder).data] == ["gamma"]
    assert capsys.readouterr().out.endswith("1 of 2 addresses asked: 1 partly.\nraw/verified.yml written.\n")


def test_a_file_that_cannot_be_read_is_left_as_it_is(project: RawFolder, monkeypatch, capsys):
    project.replace("verified.yml", "- {source: [")
    assert call(monkeypatch, "--contact", CONTACT) == 1
    assert capsys.readouterr().err.endswith("raw/verified.yml was left as it is; mend it, or remove it and verify anew.\n")
    assert (project.folder / "verified.yml").read_text(encoding="utf-8") == "- {source: ["


# the build
def entry(**changes: str) -> str:
    values = {
        "source": "gamma",
        "address_kind": "read",
        "address": "https://copies.example/a",
        "checked_on": '"2026-12-01"',
        "outcome": "found",
        "anchor_count": "5",
    }
    return "- {" + ", ".join(f"{key}: {value}" for key, value in (values | changes).items()) + "}\n"


def test_without_the_file_there_are_no_rows_and_no_fault(minimal):
    assert len(minimal.tables["verifications"]) == 0


def test_what_was_found_at_an_address_that_the_sheet_names_no_longer_has_no_row(raw: RawFolder):
    raw.replace("sources/gamma.yml", gamma())
    raw.replace("verified.yml", entry() + entry(address_kind="original", address="https://old.example/"))
    assert list(rows_by_id(raw.run(), "verifications")) == ["verification-gamma-read"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (entry(source="gama"), "1:12: there is no source gama; run make verify, or remove the entry"),
        (entry(source="alpha"), "1:12: alpha is a text at hand and is read at no address; run make verify, or remove the entry"),
        (
            entry(source="gamma-original"),
            "1:12: gamma-original is a cited source, of which nothing was read; run make verify, or remove the entry",
        ),
        (entry(source="sam-altman"), "1:12: sam-altman is a person and no source; run make verify, or remove the entry"),
        (entry() + entry(), "2:12: gamma stands twice with this address_kind; remove one of the two"),
        (entry(outcome="lost"), "1:109: lost is not a code of outcome; declare it first or correct it (raw/codes.yml)"),
        (entry(checked_on='"2026-12"'), "1:86: 2026-12 is not a day; write it as YYYY-MM-DD"),
        (entry(checked_on="2026-12-01"), '1:86: date 2026-12-01 is not quoted; write "2026-12-01"'),
        (
            entry(address="copies"),
            "1:48: address must be a web address such as https://example.org/page, without quotes, brackets or spaces",
        ),
    ],
)
def test_an_entry_that_cannot_be_true_is_a_fault_with_its_place(raw: RawFolder, text: str, fault: str):
    raw.replace("sources/gamma.yml", gamma())
    raw.replace("verified.yml", text)
    assert raw.faults() == [f"raw/verified.yml:{fault}"]
