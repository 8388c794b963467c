"""Every answer is whole or says that it is not, in every format; what breaks off midway is an error and is never kept."""

from __future__ import annotations

import asyncio
import csv
import http.client
import json
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import uvicorn
from datasette.plugins import pm
from mcp import Client
from presentation import settings
from site_client import Site, in_a_thread_of_its_own

MANY = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {}) SELECT i FROM n"
MOST = settings.SETTINGS["max_returned_rows"]
# The first pages of a hundred rows come at once; what stands after the five hundredth row takes longer than it may.
CUT = "/leadership/claims.csv?_stream=on&_size=100&_timelimit=300&_where=" + quote(
    "id < (SELECT id FROM claims ORDER BY id LIMIT 1 OFFSET 500) OR (SELECT count(*) FROM claims a, claims b, claims c) > 0"
)


@pytest.fixture(scope="module", autouse=True)  # it loads the plugins
def pages(database: Path) -> Iterator[Site]:
    pages = Site(database)
    yield pages
    pages.close()


def sql(text: str, form: str, more: str = "") -> str:
    return f"/leadership{form}?sql={quote(text)}{more}"


def rows_of(text: str) -> list[list[str]]:
    return list(csv.reader(text.splitlines()))


def messages_of(site: Site, path: str) -> list[dict[str, Any]]:
    """Return what the site sends for a path, message by message."""
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    path, _, query = path.partition("?")
    scope = {"type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": query.encode()}
    scope |= {"headers": [(b"host", b"localhost")], "scheme": "http", "http_version": "1.1", "client": ("127.0.0.1", 1)}
    site.run(site.datasette.client.app(scope, receive, send))
    return sent


# what fails midway
def test_a_csv_that_fails_midway_is_an_error_with_a_sentence_and_is_asked_anew_each_time(pages: Site) -> None:
    store = pm.get_plugin("kept_responses.py").STORES[pages.datasette]
    store.clear()
    for _ in range(2):
        answer = pages.get(CUT)
        assert answer.status_code == 400
        assert answer.text.startswith("This table could not be given whole, so nothing of it is given")
        assert answer.text.count("\n") == 1
        assert "etag" not in answer.headers
        assert answer.headers["cache-control"] == "no-store"
    assert len(store) == 0


def test_what_is_out_already_when_a_csv_fails_has_no_end_and_is_not_kept(pages: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings.LIMITS, "held_bytes", 10_000)
    kept = pm.get_plugin("kept_responses.py")
    monkeypatch.setattr(kept, "MOST_BYTES", 20_000)
    start, *bodies = messages_of(pages, CUT)
    assert start["status"] == 200
    assert bodies
    assert all(message["more_body"] for message in bodies)
    assert b"".join(message["body"] for message in bodies).endswith(b"\r\n")
    assert not any(b"claims.csv" in key[2] for key in kept.STORES[pages.datasette])


@contextmanager
def listening(app: Any) -> Iterator[int]:
    """Have uvicorn serve an application on a free port."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield door.getsockname()[1]
        server.should_exit = True
        thread.join(10)


def test_a_client_is_told_by_http_itself_that_a_long_csv_broke_off() -> None:
    guard = pm.get_plugin("whole_answers.py")._Guard

    async def app(scope: Any, receive: Any, send: Any) -> None:
        send = guard(send, b"")
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for row in [b"a,b\r\n"] * 1_000_000 + [b"interrupted"]:
            await send({"type": "http.response.body", "body": row, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    with listening(app) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", "/")
        response = connection.getresponse()
        assert response.status == 200
        with pytest.raises(http.client.IncompleteRead):
            response.read()
        connection.close()


def test_readers_are_answered_while_a_long_csv_is_written() -> None:
    guard = pm.get_plugin("whole_answers.py")._Guard
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    async def swallow(message: Any) -> None:
        pass

    async def write() -> None:
        send = guard(swallow, b"")
        other = asyncio.ensure_future(others())
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(10_000):
            await send({"type": "http.response.body", "body": b"1\r\n", "more_body": True})
        other.cancel()

    in_a_thread_of_its_own(write())
    assert turns >= 10


def test_an_error_of_the_server_s_own_says_when_to_come_again(pages: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    database = pages.datasette.get_database("leadership")
    ask, asked = database.execute, []

    async def failing(sql: str, *arguments: Any, **options: Any) -> Any:
        if options.get("truncate") and "from claims" in sql:
            asked.append(sql)
            if len(asked) > 1:
                raise MemoryError("no room")
        return await ask(sql, *arguments, **options)

    monkeypatch.setattr(database, "execute", failing)
    answer = pages.get("/leadership/claims.csv?_stream=on&_size=50")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "no room" in answer.text


def test_a_condition_with_or_gives_each_row_once(pages: Site) -> None:
    rows = pages.rows("SELECT id FROM claims ORDER BY id LIMIT 900")
    condition = quote(f"id <= '{rows[450]['id']}' OR id = '{rows[-1]['id']}'")
    found = [row[0] for row in rows_of(pages.get(f"/leadership/claims.csv?_stream=on&_size=100&_where={condition}").text)]
    assert found[1:] == [row["id"] for row in [*rows[:451], rows[-1]]]


# rows that are left out
@pytest.mark.parametrize(
    ("table", "query"),
    [
        *(("names", query) for query in ("", "?_size=max", "?_stream=on", "?_labels=on&_size=max")),
        *(("people", query) for query in ("", "?_size=max", "?_labels=on&_size=max")),
        ("claims_flat", ""),
    ],
)
def test_the_csv_of_a_table_or_view_is_the_whole_of_it(pages: Site, database: Path, table: str, query: str) -> None:
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:  # the site would end a count that takes long
        count = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    rows = rows_of(pages.get(f"/leadership/{table}.csv{query}").text)
    assert len(rows) == count + 1
    assert len({tuple(row) for row in rows}) == count + 1


def test_the_csv_that_a_table_s_page_links_to_is_whole(pages: Site) -> None:
    count = pages.rows("SELECT count(*) AS n FROM statements")[0]["n"]
    assert count > MOST, "this test needs a table that is longer than a page may be"
    link = pages.get("/leadership/statements").text.split('">CSV</a>')[0].rsplit('href="', 1)[1].replace("&amp;", "&")
    assert len(rows_of(pages.get(link).text)) == count + 1


def test_who_asks_for_a_number_of_rows_gets_that_number(pages: Site) -> None:
    assert len(rows_of(pages.get("/leadership/claims.csv?_size=7").text)) == 8


def test_the_csv_of_a_query_has_every_row(pages: Site) -> None:
    rows = rows_of(pages.get(sql(MANY.format(MOST + 500), ".csv")).text)
    assert (rows[0], rows[-1], len(rows)) == (["i"], [str(MOST + 500)], MOST + 501)


def test_a_query_whose_csv_would_be_without_end_is_refused(pages: Site) -> None:
    answer = pages.get(sql(MANY.format(1_000_000), ".csv", "&_timelimit=2000"))
    assert answer.status_code == 400
    assert any(words in answer.text for words in ("larger than", "took longer", "took too long"))


@pytest.mark.parametrize("text", ["SELECT nope FROM claims", "DELETE FROM people", "SELEC"])
def test_a_query_that_fails_is_an_error_as_csv_too_and_no_empty_table(pages: Site, text: str) -> None:
    assert pages.get(sql(text, ".csv")).status_code == 400


@pytest.mark.parametrize("shape", ["", "&_shape=arrays", "&_shape=objects"])
def test_json_with_a_frame_says_that_rows_are_missing(pages: Site, shape: str) -> None:
    answer = pages.get(sql(MANY.format(MOST + 1), ".json", shape)).json()
    assert (answer["truncated"], len(answer["rows"])) == (True, MOST)
    assert pages.get(sql(MANY.format(MOST), ".json", shape)).json()["truncated"] is False


@pytest.mark.parametrize("shape", ["&_shape=array", "&_shape=arrayfirst", "&_shape=array&_nl=on"])
def test_json_without_a_frame_has_every_row_or_is_refused(pages: Site, shape: str) -> None:
    answer = pages.get(sql(MANY.format(MOST + 1), ".json", shape))
    found = answer.text.splitlines() if "_nl" in shape else answer.json()
    assert len(found) == MOST + 1
    refused = pages.get(sql(MANY.format(settings.LIMITS["bare_rows"] + 1), ".json", shape))
    assert refused.status_code == 400
    assert "more than 20,000 rows" in refused.text


def test_a_list_of_a_table_that_goes_on_links_to_its_next_page(pages: Site) -> None:
    answer = pages.get("/leadership/claims.json?_shape=array&_size=5")
    assert 'rel="next"' in answer.headers["link"]


def test_a_page_says_that_rows_are_missing(pages: Site) -> None:
    assert f"The first {MOST:,} rows</strong>; there are more" in pages.get(sql(MANY.format(MOST + 1), "")).text
    assert f"<strong>{MOST:,} rows</strong>" in pages.get(sql(MANY.format(MOST), "")).text


def test_an_assistant_is_told_that_rows_are_missing(site: str) -> None:
    async def asked() -> list[bool]:
        async with Client(f"{site}/-/mcp") as client:
            asked = [{"database": "leadership", "sql": MANY.format(count)} for count in (MOST, MOST + 1)]
            return [json.loads((await client.call_tool("execute_sql", query)).content[0].text)["truncated"] for query in asked]

    assert in_a_thread_of_its_own(asked()) == [False, True]
