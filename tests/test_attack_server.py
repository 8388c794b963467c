"""Hostile requests: nothing is read, changed or given back that should not be, and no reader waits for long because of them.

`make attack` sends 10,000 requests where some hundreds are sent here.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import threading
import time
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from datasette.plugins import pm
from presentation import settings
from site_client import Site, in_a_thread_of_its_own
from trials import attack, soak
from trials.attack import Request, answer

LIMITS = settings.LIMITS
LIMIT = 0.8  # seconds that a query may take here: those without end, of which there are many below, are ended sooner, and not otherwise


@pytest.fixture(scope="module")
def data(little: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of few rows in a folder of its own, because the servers that are attacked log beside it."""
    return Path(shutil.copy(little / "leadership.db", tmp_path_factory.mktemp("attacked")))


@pytest.fixture(scope="module")
def server(data: Path) -> Iterator[tuple[int, int]]:
    """Port and process of a server that only these tests ask."""
    with attack.serving(data, LIMIT) as (port, process):
        yield port, process.pid


def sql(text: str, form: str = ".json") -> Request:
    return Request(f"/leadership{form}?sql={quote(text)}")


# ---------------------------------------------------------------------- at random
def test_hostile_requests_get_no_error_no_secret_and_nothing_as_it_was_sent(data: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(attack, "GROWTH", 1.25)  # so few requests say little about memory; `make attack` holds it to a tenth
    monkeypatch.setattr(attack, "WARM_UP", 40)
    monkeypatch.setattr(attack, "LARGE_ANSWERS", 0)  # and do not fill what the server keeps
    monkeypatch.setattr(attack, "A_LITTLE", 4.0)  # another test shares the machine; `make attack` holds it to its own
    figures = attack.attack(data, seed=20231117, count=60)
    assert sum(figures["outcomes"].values()) == 60
    assert figures["reads"] > 2


def test_the_attack_would_notice_what_it_looks_for(monkeypatch: pytest.MonkeyPatch):
    for told in (
        (500, "text/html", b"x"),
        (200, "text/html; charset=utf-8", b"<p><script>alert(7)</script>"),
        (200, "text/plain", b"root:x:0:0:"),
    ):
        monkeypatch.setattr(attack, "answer", lambda port, request, told=told: told)
        with pytest.raises(attack.Broken):
            attack.hold(1, Request("/"))


# ---------------------------------------------------------------------- SQL
@pytest.mark.parametrize(("form", "text"), [(".json", text) for text in attack.SQL] + [*product(("", ".csv"), attack.SQL[::4])])
def test_sql_that_writes_reads_files_or_asks_for_too_much_is_answered(server: tuple[int, int], form: str, text: str):
    assert attack.hold(server[0], sql(text, form)) in ("200", "400", "404", "302", "414")


@pytest.mark.parametrize("text", ["ATTACH 'x.db' AS x", "DELETE FROM people", "PRAGMA writable_schema = 1", "SELECT load_extension('x')"])
def test_sql_that_writes_attaches_or_loads_is_refused(server: tuple[int, int], text: str):
    assert answer(server[0], sql(text))[0] == 400


@pytest.mark.parametrize("text", attack.ENDLESS[::2])
def test_sql_without_end_is_ended_by_the_limit_of_time(server: tuple[int, int], text: str):
    status, _, body = answer(server[0], sql(text))
    assert (status, b"took too long" in body or b"interrupted" in body or b"too big" in body) == (400, True)


def test_an_answer_of_gigabytes_is_refused_and_takes_no_memory(server: tuple[int, int]):
    before = attack.memory(server[1])
    status, _, body = answer(server[0], sql("SELECT hex(zeroblob(40000)) AS x FROM codes a, codes b"))
    assert status == 400
    assert b"the answer is larger than 32 MB" in body
    assert attack.memory(server[1]) < before + 150_000_000


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("printf('%05d|%s|%.2f|%%', 42, 'x', 1.5)", "00042|x|1.50|%"),
        ("printf('%d', NULL)", "0"),
        ("printf(NULL)", None),
        ("format('%-6s|%,d', 'ab', 1234567)", "ab    |1,234,567"),
        ("printf('%!.3s', '奥特曼董')", "奥特曼"),
    ],
)
def test_printf_does_what_it_did_within_bounds(server: tuple[int, int], text: str, value: str | None):
    assert json.loads(answer(server[0], sql(f"SELECT {text}"))[2])["rows"] == [[value]]


def test_more_queries_without_end_than_there_are_threads_keep_no_reader_waiting(server: tuple[int, int]):
    query = Request(f"/leadership.json?%73ql={quote(attack.ENDLESS[1])}")  # “sql”, written as no rule for “sql=” sees it
    threads = [threading.Thread(target=answer, args=(server[0], query)) for _ in range(5 * settings.SETTINGS["num_sql_threads"])]
    for thread in threads:
        thread.start()
    answers = 0
    while any(thread.is_alive() for thread in threads):
        assert answer(server[0], Request(attack.READER))[0] == 200
        answers += 1
    assert answers > len(threads) / 4  # who had to wait for all of them would have one


@pytest.mark.parametrize("query", [b"sql=select+1", b"%73ql=select+1", b"s%71l=select+1", b"_size=1&_wher%65=1", b"_where=1&_where=2"])
def test_more_queries_than_may_wait_are_told_to_come_again(little_site: Site, query: bytes):
    """However the name of the parameter is written.

    Asked of the wrapper itself, with queries that end when this test says so: how fast a machine is does not decide it."""
    at_once, room = LIMITS["own_queries_at_once"], LIMITS["own_queries_at_once"] + LIMITS["own_queries_waiting"]

    async def ask() -> tuple[list[int | None], int, int, list[int]]:
        may_end, started = asyncio.Event(), 0

        async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
            nonlocal started
            if scope["query_string"] == query:
                started += 1
                await may_end.wait()
            await send({"type": "http.response.start", "status": 200, "headers": []})

        site = pm.get_plugin("limits.py").asgi_wrapper(little_site.datasette)(app)
        asked = [asyncio.create_task(status_of(site, query)) for _ in range(room + 3)]
        reader = await asyncio.wait_for(status_of(site, b"_size=1"), 5)  # comes after all of them and waits for none
        before = [task.result() if task.done() else None for task in asked]
        running = started
        may_end.set()
        return before, running, reader, [*await asyncio.gather(*asked), await status_of(site, query)]

    before, running, reader, after = in_a_thread_of_its_own(ask())
    assert before == [None] * room + [429] * 3
    assert (running, reader) == (at_once, 200)
    assert after == [200] * room + [429] * 3 + [200]


async def status_of(site: Any, query: bytes) -> int:
    """Ask an ASGI application for `/leadership.json` and return the status it begins its answer with."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await site({"type": "http", "method": "GET", "path": "/leadership.json", "query_string": query, "headers": []}, receive, send)
    return int(sent[0]["status"])


# ---------------------------------------------------------------------- addresses, bodies, methods
def test_addresses_parameters_and_bodies_are_bounded(server: tuple[int, int]):
    port = server[0]
    assert answer(port, Request(f"/-/find?q={'x' * (LIMITS['address_bytes'] + 1)}"))[0] == 414
    assert answer(port, Request(f"/leadership/people?{'&'.join(f'a{n}=1' for n in range(200))}"))[0] == 400
    assert answer(port, Request("/-/mcp", "POST", b"x" * (LIMITS["body_bytes"] + 1)))[0] == 413
    assert answer(port, Request("/-/mcp", "POST", b"x" * 1000, {"content-type": "application/json"}))[0] < 500


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "BREW"])
@pytest.mark.parametrize("path", ["/", "/leadership", "/leadership/people", "/-/messages", "/-/logout", "/static/site.css"])
def test_methods_that_change_something_are_refused(server: tuple[int, int], path: str, method: str):
    assert answer(server[0], Request(path, method))[0] == 405


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/leadership/people?_sort=nope",
            "/leadership/people?_where=1;drop",
            "/leadership/people?id__in=[",
            "/leadership/people?_through=[]",
        ),
        *("/leadership/people?_timelimit=zz", "/leadership/people?_through=%7B%22table%22:%22x%22%7D", "/leadership/people?_size=abc"),
        *("/leadership/people?_facet=nope", "/leadership/subjects?_search=*&_searchmode=raw", "/leadership/people?_col=nope"),
    ],
)
def test_a_mistaken_parameter_is_told_as_one(server: tuple[int, int], path: str):
    status, _, body = answer(server[0], Request(path))
    assert status == 400
    assert b"Traceback" not in body


@pytest.mark.parametrize(
    "path", ["//evil.example/", "//evil.example/%2e%2e", "///evil.example/", "//evil.example/%zz", "/\\evil.example/", "/%5cevil.example/"]
)
def test_no_address_leads_to_another_host(server: tuple[int, int], path: str):
    answer(server[0], Request(path))  # it raises Broken where one does


@pytest.mark.parametrize("place", attack.PLACES)
def test_no_way_leads_out_of_the_folders_that_are_served(server: tuple[int, int], place: str):
    for climb in attack.CLIMBS:
        attack.hold(server[0], Request(place + climb))


@pytest.mark.parametrize(("number", "path"), [*enumerate(attack.PAGES)])
def test_html_in_a_parameter_is_given_back_as_text(server: tuple[int, int], number: int, path: str):
    names = ("q", "who", "story", "zone", "person", "_search", "_facet", "_where", "_sort", "label__contains", "_next", "_shape")
    for name in names[number % 2 :: 2]:  # `make attack` mixes all of them
        attack.hold(server[0], Request(f"{path}?{name}={quote(attack.MARKUP[1])}"))


# ---------------------------------------------------------------------- machines
def test_an_assistant_that_opens_sessions_without_end_takes_little_memory(server: tuple[int, int]):
    hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "x", "version": "1"}}
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello}).encode()
    opening = Request("/-/mcp", "POST", body, {"content-type": "application/json", "accept": "application/json, text/event-stream"})
    assert answer(server[0], opening)[0] == 200
    for _ in range(20):
        answer(server[0], opening)
    before = attack.memory(server[1])
    for _ in range(100):
        assert answer(server[0], opening)[0] == 200
    assert attack.memory(server[1]) - before < 30_000_000


# ---------------------------------------------------------------------- load and stop
def test_a_stop_under_load_ends_the_server_and_cuts_no_answer(data: Path):
    figures = soak.soak(data, minutes=0.03, clients=12)
    assert figures["answers"] > 0
    assert figures["errors"] == figures["cut by the stop"] == []
    assert figures["seconds to stop"] < 20


def spent(pid: int) -> float:
    """Return how many seconds a process has computed."""
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def test_a_query_that_runs_when_the_server_is_stopped_gets_its_answer(data: Path):
    told: list[tuple[int, str, bytes]] = []
    with attack.serving(data) as (port, process):
        thread = threading.Thread(target=lambda: told.append(answer(port, sql(attack.ENDLESS[1]))))
        before = spent(process.pid)
        thread.start()
        while spent(process.pid) < before + 0.2:  # until it runs
            time.sleep(0.01)
        process.terminate()
        thread.join()
        process.wait(20)
    assert told[0][0] == 400
    assert b"took too long" in told[0][2]


def test_the_server_keeps_no_log_of_what_was_read(data: Path, server: tuple[int, int]):
    port, _ = server
    assert answer(port, Request("/leadership/people/sam-altman?mark=told-nobody"))[0] == 200
    log = data.with_suffix(".log").read_text(encoding="utf-8")
    assert "Application startup complete" in log
    assert "told-nobody" not in log
    assert "GET /" not in log
