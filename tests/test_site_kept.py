"""Kept answers: made once, the same for everyone but for the nonce, and never one reader's answer to another."""

from __future__ import annotations

import asyncio
import gzip
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from datasette.app import Datasette
from datasette.plugins import pm
from hypothesis import given
from hypothesis import strategies as st
from leadership import paths
from playwright.sync_api import Page
from presentation import settings
from presentation.rows import read_once
from presentation.speaking import CHINESE, SPOKEN
from site_client import Site
from site_client import in_a_thread_of_its_own as run

TABLE = "/leadership/events?_facet=kind"
ROW = "/leadership/events/altman-dismissal"
JSON = "/leadership/people.json"
CSV = "/leadership/people.csv?_stream=on"
POLICY = b"content-security-policy"
GZIP = {"accept-encoding": "br, gzip"}


class Answer(NamedTuple):
    """A response as it is sent, not decompressed."""

    status: int
    headers: dict[bytes, bytes]
    body: bytes

    @property
    def nonce(self) -> bytes:
        found = re.search(rb"'nonce-([^']+)'", self.headers[POLICY])
        assert found
        return found[1]

    @property
    def plain(self) -> bytes:
        return gzip.decompress(self.body) if self.headers.get(b"content-encoding") == b"gzip" else self.body


async def ask(app: Any, path: str, headers: dict[str, str] | None = None, method: str = "GET") -> Answer:
    """Ask an ASGI application as a server would."""
    path, _, query = path.partition("?")
    fields = {"host": "localhost", **(headers or {})}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "client": ("127.0.0.1", 1),
        "server": ("localhost", 80),
        "headers": [(name.encode(), value.encode()) for name, value in fields.items()],
    }
    messages = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        messages.append(message)

    await app(scope, receive, send)
    start, *rest = messages
    body = b"".join(message.get("body", b"") for message in rest)
    return Answer(start["status"], {bytes(name).lower(): bytes(value) for name, value in start["headers"]}, body)


class KeptSite(Site):
    """The site, asked for what is sent; with what it keeps."""

    def ask(self, path: str, headers: dict[str, str] | None = None, method: str = "GET") -> Answer:
        """Return the answer to a request."""
        return self.run(ask(self.datasette.client.app, path, headers, method))

    @property
    def store(self) -> Any:
        """What is kept."""
        return plugin().STORES[self.datasette]


def plugin() -> Any:
    """Return the module, as Datasette loaded it."""
    return pm.get_plugin("kept_responses.py")


@pytest.fixture(scope="module")
def real(database: Path) -> Iterator[KeptSite]:
    real = KeptSite(database)
    yield real
    real.close()


@pytest.fixture
def kept(real: KeptSite) -> KeptSite:
    """The site with nothing kept yet."""
    real.store.clear()
    return real


class App:
    """An application that counts how often it is asked, and answers with its own number and what a test gives it."""

    def __init__(self, body: bytes = b"x", status: int = 200, wait: float = 0, **headers: str):
        self.body, self.status, self.wait, self.calls = body, status, wait, 0
        headers = {"content_type": "text/html", **headers}
        self.headers = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.calls += 1
        mark = b"%d %s?%s " % (self.calls, scope["path"].encode(), scope["query_string"])
        await asyncio.sleep(self.wait)
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": mark, "more_body": True})
        await send({"type": "http.response.body", "body": self.body})


def twice(app: App, headers: dict[str, str] | None = None, path: str = "/page", **options: Any) -> list[Answer]:
    """Return two answers to the same request, asked one after the other, of the application with its answers kept."""
    around = plugin().keep(app, plugin().new_store(), **options)

    async def both() -> list[Answer]:
        return [await ask(around, path, headers), await ask(around, path, headers)]

    return run(both())


# the same answer again


@pytest.mark.parametrize("path", ["/", TABLE, ROW, "/leadership", "/timeline", "/-/find?q=Altman"])
def test_a_page_that_is_asked_for_again_is_the_same_but_for_the_nonce(kept: KeptSite, path: str) -> None:
    first, second = kept.ask(path), kept.ask(path)
    assert first.status == second.status == 200
    assert len(kept.store) == 1
    assert first.nonce != second.nonce
    assert first.body.replace(first.nonce, b"") == second.body.replace(second.nonce, b"")
    assert {**first.headers, POLICY: b""} == {**second.headers, POLICY: b""}


@pytest.mark.parametrize("path", [JSON, CSV, "/static/site.css", "/leadership/people.json?_shape=array"])
def test_data_and_files_that_are_asked_for_again_are_the_same_to_the_byte(kept: KeptSite, path: str) -> None:
    first, second = kept.ask(path), kept.ask(path)
    assert (first.status, first.body) == (200, second.body)
    assert len(kept.store) == 1


def test_a_kept_page_is_the_page_that_datasette_makes(kept: KeptSite) -> None:
    kept.ask(ROW)
    again, bypassing = kept.ask(ROW), kept.ask(ROW, {"cookie": "a=b"})
    took = re.compile(rb"Queries took [0-9.]+ms")
    assert took.sub(b"", again.body.replace(again.nonce, b"")) == took.sub(b"", bypassing.body.replace(bypassing.nonce, b""))


@pytest.mark.parametrize("path", ["/", TABLE, ROW])
@pytest.mark.parametrize("headers", [{}, GZIP])
def test_every_script_of_a_kept_page_has_the_nonce_of_its_policy(kept: KeptSite, path: str, headers: dict[str, str]) -> None:
    for _ in range(3):
        answer = kept.ask(path, headers)
        scripts = re.findall(rb"<script\b[^>]*>", answer.plain)
        assert scripts
        assert all(b'nonce="%s"' % answer.nonce in script for script in scripts)
        assert answer.headers[POLICY].count(b"'nonce-") == 1


def test_the_security_headers_are_on_kept_answers(kept: KeptSite) -> None:
    headers = pm.get_plugin("headers.py")
    for path in ("/", TABLE, JSON, "/static/site.css"):
        kept.ask(path)
        again = kept.ask(path).headers
        assert {name.encode() for name in headers.HEADERS} <= set(again)
        assert again[POLICY].startswith(b"default-src 'none'; script-src 'nonce-")
    assert kept.ask(JSON).headers[b"access-control-allow-origin"] == b"*"


def test_what_the_data_says_is_never_taken_for_the_place_of_a_nonce() -> None:
    body = b'<script nonce="N0NCE"></script> a placeholder: NONCE {{ csp_nonce() }} \x00 nonce="" ' * 30
    answers = twice(App(body, content_security_policy="script-src 'nonce-N0NCE'"))
    assert b"N0NCE" not in answers[1].body
    assert answers[1].body.replace(answers[1].nonce, b"N0NCE").endswith(body)


# ETag and 304


def test_a_reader_who_has_the_page_gets_304_and_no_policy_with_another_nonce(kept: KeptSite) -> None:
    page = kept.ask(TABLE)
    assert page.headers[b"etag"].startswith(b'W/"')
    again = kept.ask(TABLE, {"if-none-match": page.headers[b"etag"].decode()})
    assert (again.status, again.body) == (304, b"")
    assert again.headers[b"etag"] == page.headers[b"etag"]
    assert again.headers[b"cache-control"] == page.headers[b"cache-control"]
    assert not {POLICY, b"content-length", b"content-type", b"content-encoding"} & set(again.headers)


def test_the_etag_of_data_is_strong_and_another_for_each_form(kept: KeptSite) -> None:
    plain, packed = kept.ask(JSON), kept.ask(JSON, GZIP)
    tags = [answer.headers[b"etag"].decode() for answer in (plain, packed)]
    assert tags[0] != tags[1]
    assert not any(tag.startswith("W/") for tag in tags)
    for tag in (*tags, f'"other", {tags[0]}', f"W/{tags[1]}", "*"):
        assert kept.ask(JSON, {"if-none-match": tag}).status == 304
    for tag in ('"other"', tags[0].strip('"'), ""):
        assert kept.ask(JSON, {"if-none-match": tag}).status == 200


def test_a_page_with_other_content_has_another_etag(kept: KeptSite) -> None:
    assert kept.ask("/leadership/people").headers[b"etag"] != kept.ask("/leadership/posts").headers[b"etag"]


def test_a_revalidated_page_still_runs_its_scripts(site: str, page: Page) -> None:
    refused = []
    page.on("console", lambda message: refused.append(message.text) if "Content Security Policy" in message.text else None)
    for _ in range(3):
        page.goto(site + ROW)
        page.reload()
    with page.expect_response(lambda response: response.url == site + ROW) as seen:
        page.reload()
    assert seen.value.status in (200, 304)
    assert "if-none-match" in seen.value.request.all_headers()
    assert refused == []


# gzip


@pytest.mark.parametrize("path", ["/", TABLE, ROW, JSON, CSV, "/static/site.css"])
def test_gzip_unpacks_to_what_is_sent_without_it(kept: KeptSite, path: str) -> None:
    plain, packed = kept.ask(path), kept.ask(path, GZIP)
    assert b"content-encoding" not in plain.headers
    assert packed.headers[b"content-encoding"] == b"gzip"
    assert len(packed.body) < len(plain.body) / 2
    assert packed.plain.replace(packed.nonce, b"") == plain.body.replace(plain.nonce, b"")
    for answer in (plain, packed):
        assert int(answer.headers[b"content-length"]) == len(answer.body)
        assert b"Accept-Encoding" in answer.headers[b"vary"]
    assert len(kept.store) == 1


@given(pieces=st.lists(st.binary(max_size=5000), min_size=1, max_size=6), copies=st.integers(1, 40))
def test_gzip_around_any_nonces_unpacks(real: KeptSite, pieces: list[bytes], copies: int) -> None:
    body = b"!old-nonce!".join([piece * copies for piece in pieces] + [b" " * 1024])
    headers = [(b"content-type", b"text/plain"), (POLICY, b"script-src 'nonce-!old-nonce!'")]
    made = plugin().kept_from(headers, body, b"/", b"", 1)
    assert gzip.decompress(made.render(True, b"!new-nonce!")) == body.replace(b"!old-nonce!", b"!new-nonce!")


@pytest.mark.parametrize(
    ("accepts", "takes"),
    [
        ("gzip", True),
        ("GZIP, br", True),
        ("gzip;q=0.5", True),
        ("br, gzip; q=1.0", True),
        ("*", True),
        ("deflate, *;q=0.1", True),
        ("", False),
        ("br", False),
        ("identity", False),
        ("gzip;q=0", False),
        ("gzip;q=0.000, *", False),
        ("*;q=0", False),
    ],
)
def test_gzip_is_sent_to_those_who_take_it(real: KeptSite, accepts: str, takes: bool) -> None:
    assert plugin().takes_gzip(accepts.encode()) is takes
    assert (b"content-encoding" in real.ask(JSON, {"accept-encoding": accepts}).headers) is takes


def test_small_answers_and_pictures_are_not_packed(real: KeptSite) -> None:
    assert b"content-encoding" not in twice(App(b"y" * 900), GZIP)[1].headers
    assert b"content-encoding" not in twice(App(b"y" * 9000, content_type="image/png"), GZIP)[1].headers


# HEAD


def test_head_has_the_headers_of_the_kept_page_and_no_body(kept: KeptSite) -> None:
    head, page = kept.ask(JSON, GZIP, "HEAD"), kept.ask(JSON, GZIP)
    assert len(kept.store) == 1
    assert (head.status, head.body) == (200, b"")
    assert {**head.headers, POLICY: b""} == {**page.headers, POLICY: b""}
    assert int(head.headers[b"content-length"]) == len(page.body) > 0


def test_head_of_what_is_not_kept_has_no_body_either(kept: KeptSite, monkeypatch: pytest.MonkeyPatch) -> None:
    assert kept.ask("/leadership/no-such-table", method="HEAD")[::2] == (404, b"")
    monkeypatch.setattr(plugin(), "MOST_BYTES", 1000)
    assert kept.ask(CSV, method="HEAD")[::2] == (200, b"")


# never one answer for another


def test_addresses_and_hosts_are_never_mixed(kept: KeptSite) -> None:
    asked = [f"/leadership/people.json?_size={n}" for n in (1, 2)] + ["/leadership/people.json", "/leadership/posts.json?_size=1"]
    for _ in range(2):
        bodies = [json.loads(kept.ask(path).body) for path in asked]
        assert [len(body["rows"]) for body in bodies[:2]] == [1, 2]
        assert bodies[3]["table"] == "posts"
    assert len(kept.store) == len(asked)
    for _ in range(2):
        for host in ("one.example", "two.example"):
            assert f"http://{host}/".encode() in kept.ask("/sitemap.xml", {"host": host}).body
            assert b"localhost" not in kept.ask("/sitemap.xml", {"host": host}).body


def test_the_order_of_parameters_and_escapes_makes_another_address(kept: KeptSite) -> None:
    for path in ("/leadership/people.json?_size=1&_nocount=1", "/leadership/people.json?_nocount=1&_size=1", "/leadership/p%65ople.json"):
        kept.ask(path)
    assert len({key[2:] for key in kept.store}) >= 2


@pytest.mark.parametrize("headers", [{"cookie": "ds_actor=x"}, {"cookie": ""}, {"authorization": "Bearer x"}])
def test_requests_with_cookies_or_credentials_are_neither_kept_nor_served_from_what_is(kept: KeptSite, headers: dict[str, str]) -> None:
    kept.ask(JSON, headers)
    assert len(kept.store) == 0
    kept.ask(JSON)
    answer = kept.ask(JSON, headers)
    assert answer.status == 200
    assert b"etag" not in answer.headers
    assert answer.headers[b"cache-control"] == b"private, no-store"
    app = App()
    assert [answer.body[:2] for answer in twice(app, headers)] == [b"1 ", b"2 "]


@pytest.mark.parametrize("app", [
    App(set_cookie="a=b"), App(status=404), App(status=302), App(status=500), App(status=206), App(cache_control="private"),
    App(cache_control="max-age=9, no-store"), App(cache_control="no-cache"), App(vary="Accept-Language"), App(vary="*"),
    App(etag='"theirs"'), App(content_encoding="br"),
    App(body=b'<p class="facets-timed-out">These facets timed out: kind</p>'), App(body=b'{"facets_timed_out": ["kind"]}'),
    App(cache_control="max-age=0"),
])  # fmt: skip
def test_what_must_not_be_kept_is_made_anew_each_time_and_sent_as_it_is(real: KeptSite, app: App) -> None:
    calls = app.calls
    answers = twice(app)
    assert app.calls == calls + 2
    assert answers[1].status == app.status
    assert answers[1].body.endswith(app.body)
    assert dict(app.headers).items() - {(b"cache-control", b"max-age=0")} <= answers[1].headers.items()


@pytest.mark.parametrize("method", ["POST", "OPTIONS", "PUT", "DELETE"])
def test_other_methods_go_straight_through(real: KeptSite, method: str) -> None:
    app, store = App(), plugin().new_store()
    around = plugin().keep(app, store)
    for _ in range(2):
        run(ask(around, "/", method=method))
    assert (app.calls, len(store)) == (2, 0)


@pytest.mark.parametrize(
    "path",
    [
        "/-/mcp",
        "/-/threads.json",
        "/-/actor.json",
        "/-/permissions",
        "/-/messages",
        "/leadership/none",
        "/id/openai",
    ],
)
def test_live_pages_errors_and_redirects_are_not_kept(kept: KeptSite, path: str) -> None:
    answer = kept.ask(path)
    assert b"etag" not in answer.headers
    assert len(kept.store) == 0


def test_nothing_is_kept_of_a_database_that_may_change(real: KeptSite, tmp_path: Path) -> None:
    database = tmp_path / "leadership.db"
    shutil.copy(real.datasette.get_database("leadership").path, database)
    datasette = Datasette([str(database)], plugins_dir=str(paths.SITE / "plugins"))

    async def both() -> None:
        for _ in range(2):
            assert (await datasette.client.get(JSON)).status_code == 200

    run(both())
    assert len(plugin().STORES[datasette]) == 0


# bounds


def test_what_is_least_used_makes_room_and_the_bound_holds(real: KeptSite) -> None:
    overhead = plugin().OVERHEAD
    app, store = App(b"z" * 6000, content_type="image/png"), plugin().new_store(10 * (6100 + overhead))
    around = plugin().keep(app, store)

    async def fill() -> None:
        for number in range(50):
            await ask(around, f"/?{number}")
            await ask(around, "/?0")
            assert store.currsize <= store.maxsize

    run(fill())
    assert {key[3] for key in store} == {b"0", *(b"%d" % number for number in range(41, 50))}
    assert app.calls == 50


def test_both_forms_count_towards_the_bound(kept: KeptSite) -> None:
    page, packed = kept.ask(JSON), kept.ask(JSON, GZIP)
    assert kept.store.currsize == len(page.body) + len(packed.body) + plugin().OVERHEAD


def test_an_answer_that_is_too_large_streams_through_unkept(real: KeptSite) -> None:
    most = plugin().MOST_BYTES
    held: list[int] = []
    seen: list[int] = []

    async def stream(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/csv")]})
        for _ in range(40):
            await send({"type": "http.response.body", "body": b"x" * (most // 10), "more_body": True})
            held.append(sum(seen))
        await send({"type": "http.response.body", "body": b""})

    store = plugin().new_store()

    async def streaming() -> None:
        async def send(message: dict[str, Any]) -> None:
            seen.append(len(message.get("body", b"")))

        scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": []}
        await plugin().keep(stream, store)(scope, None, send)

    run(streaming())
    assert sum(seen) == 40 * (most // 10)
    assert held[:9] == [0] * 9
    assert held[20:] == [number * (most // 10) for number in range(21, 41)]
    assert len(store) == 0


def test_a_large_csv_of_the_site_is_whole_and_unkept(kept: KeptSite, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = kept.ask("/leadership/statements.csv?_stream=on").plain
    kept.store.clear()
    monkeypatch.setattr(plugin(), "MOST_BYTES", 100_000)
    streamed = kept.ask("/leadership/statements.csv?_stream=on", GZIP)
    assert streamed.body == whole
    assert len(whole) > 500_000
    assert b"etag" not in streamed.headers
    assert len(kept.store) == 0


def test_the_database_itself_is_sent_and_not_kept(kept: KeptSite) -> None:
    assert kept.ask("/leadership.db").body[:16] == b"SQLite format 3\x00"
    assert len(kept.store) == 0


# how long


def test_an_answer_is_kept_no_longer_than_readers_are_told(real: KeptSite) -> None:
    now = [0.0]
    app, store = App(cache_control="max-age=60"), plugin().new_store(timer=lambda: now[0])
    around = plugin().keep(app, store)
    for now[0], calls in ((0, 1), (59, 1), (61, 2), (120, 2), (122, 3)):
        assert run(ask(around, "/")).headers[b"cache-control"] == b"public, max-age=60"
        assert app.calls == calls


@pytest.mark.parametrize("headers", [{"cache-control": "no-cache"}, {"pragma": "no-cache"}])
def test_a_forced_reload_is_answered_anew(real: KeptSite, headers: dict[str, str]) -> None:
    app = App()
    assert [answer.body[:2] for answer in twice(app, headers)] == [b"1 ", b"2 "]


@pytest.mark.parametrize(("path", "expected"), [
    ("/", f"public, max-age={settings.SETTINGS['default_cache_ttl']}"),
    (TABLE, f"public, max-age={settings.SETTINGS['default_cache_ttl']}"),
    (TABLE + "&_ttl=7", "public, max-age=7"),
    ("/static/site.css", f"public, max-age={settings.SETTINGS['default_cache_ttl']}"),
    ("/static/site.css?0123456789ab", f"public, max-age={settings.SETTINGS['default_cache_ttl']}"),
    ("/timeline?0123456789ab", f"public, max-age={settings.SETTINGS['default_cache_ttl']}"),
])  # fmt: skip
def test_readers_are_told_how_long_a_page_holds(kept: KeptSite, path: str, expected: str) -> None:
    for _ in range(2):
        assert kept.ask(path).headers[b"cache-control"].decode() == expected


def test_an_address_with_the_digest_of_its_file_holds_for_ever(kept: KeptSite) -> None:
    linked = re.findall(r'(?:href|src)="(/-/static[^"]*)"', kept.ask(TABLE).body.decode())
    assert any("app.css?" in path for path in linked)
    assert any("datasette_vega" in path for path in linked)
    for path in linked:
        if "app.css?" in path or "datasette_vega" in path:
            assert kept.ask(path).headers[b"cache-control"] == b"public, max-age=31536000, immutable"


# many at once


def test_many_who_ask_at_once_wait_for_one_answer(real: KeptSite) -> None:
    app, store = App(wait=0.05), plugin().new_store()
    around = plugin().keep(app, store)

    async def all_at_once() -> list[Answer]:
        return await asyncio.gather(*(ask(around, "/page") for _ in range(30)))

    assert {answer.body for answer in run(all_at_once())} == {b"1 /page? x"}
    assert app.calls == 1


@pytest.mark.parametrize("app", [App(wait=0.01, status=404), App(wait=0.01, set_cookie="a=b")])
def test_many_who_ask_at_once_for_what_is_not_kept_are_each_answered(real: KeptSite, app: App) -> None:
    around = plugin().keep(app, plugin().new_store())

    async def all_at_once() -> list[Answer]:
        return await asyncio.gather(*(ask(around, "/page") for _ in range(30)))

    assert len({answer.body for answer in run(all_at_once())}) == 30


def test_a_failure_is_not_kept_and_holds_nobody_up(real: KeptSite) -> None:
    class Failing(App):
        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            if self.calls == 0:
                self.calls = 1
                await asyncio.sleep(0.02)
                raise RuntimeError("no")
            await super().__call__(scope, receive, send)

    around = plugin().keep(Failing(), plugin().new_store())

    async def all_at_once() -> list[Answer | BaseException]:
        return await asyncio.gather(*(ask(around, "/page") for _ in range(5)), return_exceptions=True)

    failed, *answers = run(all_at_once())
    assert isinstance(failed, RuntimeError)
    assert all(isinstance(answer, Answer) and answer.status == 200 for answer in answers)


# metadata that is derived once


def test_who_may_see_a_table_and_what_is_configured_is_as_datasette_says(real: KeptSite) -> None:
    site, names = real.datasette, ("datasette-dashboards", "datasette-render-markdown", "datasette-mcp")
    for table in ("people", "claims_flat", "no-such-table") * 2:
        assert site._table_permission_allows("leadership", table) == Datasette._table_permission_allows(site, "leadership", table)
        for name in names:
            assert site.plugin_config(name, "leadership", table) == Datasette.plugin_config(site, name, "leadership", table)


def test_a_table_that_is_closed_in_metadata_stays_closed(real: KeptSite) -> None:
    path = real.datasette.get_database("leadership").path
    metadata = {"databases": {"leadership": {"tables": {"posts": {"allow": False}}}}}
    datasette = Datasette([], immutables=[str(path)], metadata=metadata, plugins_dir=str(paths.SITE / "plugins"))

    async def statuses() -> list[int]:
        asked = ("posts.json", "people.json", "posts.json")
        return [(await datasette.client.get(f"/leadership/{name}")).status_code for name in asked]

    assert run(statuses()) == [403, 200, 403]


def test_what_is_configured_is_a_copy_for_each_request(real: KeptSite) -> None:
    first = real.datasette.plugin_config("datasette-dashboards")
    first["overview"]["title"] = "changed"
    assert real.datasette.plugin_config("datasette-dashboards")["overview"]["title"] != "changed"


def test_what_pages_read_once_is_read_once_for_each_instance_language_and_argument():
    asked: list[tuple[str, ...]] = []

    class Instance:
        pass

    @read_once
    async def read(datasette: Instance, *further: str) -> int:
        asked.append((SPOKEN.get(), *further))
        return len(asked)

    async def ask(one: Instance, other: Instance) -> list[int]:
        found = [await read(one), await read(one), await read(one, "a"), await read(other)]
        SPOKEN.set(CHINESE)
        return [*found, await read(one), await read(one, "a"), await read(one)]

    assert run(ask(Instance(), Instance())) == [1, 1, 2, 3, 4, 5, 4]
    assert asked == [("en",), ("en", "a"), ("en",), ("zh",), ("zh", "a")]
