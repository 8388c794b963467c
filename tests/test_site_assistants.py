"""The MCP endpoint: it reads and cannot write, keeps no sessions that fill the server, and answers pages of other hosts as JSON does."""

from __future__ import annotations

import http.client
import http.server
import json
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from leadership.schema import KINDS
from mcp import Client
from playwright.sync_api import Page
from site_client import in_a_thread_of_its_own
from trials import attack
from trials.attack import Request, answer

HELLO = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "x", "version": "1"}}
OPENING = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": HELLO}).encode()
SENT = {"content-type": "application/json", "accept": "application/json, text/event-stream"}
MANY = 10_000  # as many sessions as the library keeps; the next was refused
EACH = 1000  # bytes that a beginning may leave behind, on the average; a session that is kept takes forty times as many


@pytest.fixture(scope="module")
def server(database: Path) -> Iterator[tuple[int, int]]:
    """Port and process of a server that only these tests ask."""
    with attack.serving(database) as (port, process):
        yield port, process.pid


def begin(port: int, count: int) -> set[int]:
    """Begin so many conversations on one connection; return the statuses."""
    connection, statuses = http.client.HTTPConnection("127.0.0.1", port, timeout=30), set()
    for _ in range(count):
        connection.request("POST", "/-/mcp", OPENING, SENT)
        response = connection.getresponse()
        response.read()
        statuses.add(response.status)
    connection.close()
    return statuses


def test_beginnings_without_end_take_no_memory_and_shut_nobody_out(server: tuple[int, int]) -> None:
    port, process = server
    assert begin(port, 100) == {200}  # what is made once
    before, statuses = attack.memory(process), set[int]()
    threads = [threading.Thread(target=lambda: statuses.update(begin(port, MANY // 50 // 4))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == {200}
    assert attack.memory(process) - before < 200 * EACH + 4_000_000
    assert answer(port, Request("/leadership/people.json"))[0] == 200


def test_an_assistant_is_given_no_session(server: tuple[int, int]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server[0], timeout=30)
    connection.request("POST", "/-/mcp", OPENING, SENT)
    response = connection.getresponse()
    assert json.loads(response.read())["result"]["serverInfo"]["name"] == "datasette"
    assert response.headers["mcp-session-id"] is None
    connection.close()


def test_who_comes_with_a_session_of_a_former_server_is_answered(server: tuple[int, int]) -> None:
    asked = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/list"}).encode()
    status, _, body = answer(server[0], Request("/-/mcp", "POST", asked, {**SENT, "mcp-session-id": "former"}))
    assert status == 200
    assert "execute_sql" in {tool["name"] for tool in json.loads(body)["result"]["tools"]}


async def _ask(address: str, calls: list[tuple[str, dict[str, Any]]]) -> tuple[list[str], list[Any]]:
    """Return the names of the tools of an MCP endpoint and the results of calls."""
    async with Client(f"{address}/-/mcp") as client:
        tools = [tool.name for tool in (await client.list_tools()).tools]
        return tools, [await client.call_tool(name, arguments) for name, arguments in calls]


def _sql(sql: str) -> tuple[str, dict[str, Any]]:
    return "execute_sql", {"database": "leadership", "sql": sql}


WRITES = (
    "DELETE FROM people",
    "UPDATE people SET label = 'x'",
    "DROP TABLE people",
    "INSERT INTO codes (id) VALUES ('x')",
    "CREATE TABLE x (y)",
    "WITH x AS (SELECT 1) DELETE FROM people",
    "SELECT 1; DROP TABLE people",
    "PRAGMA query_only = 0",
    "ATTACH 'x.db' AS x",
    "VACUUM INTO 'x.db'",
)


def test_an_assistant_lists_tables_selects_and_cannot_write(database: Path, server: tuple[int, int]) -> None:
    before = database.read_bytes()
    match = "subjects_fts MATCH escape_fts('微軟')"
    calls = [
        ("list_databases", {}),
        ("get_database_schema", {"database": "leadership"}),
        _sql("SELECT label FROM people WHERE id = 'mira-murati'"),
        _sql(f"SELECT s.id FROM subjects s JOIN subjects_fts f ON f.rowid = s.rowid WHERE {match} AND s.kind = 'organisation'"),
        *map(_sql, WRITES),
    ]
    tools, results = in_a_thread_of_its_own(_ask(f"http://127.0.0.1:{server[0]}", calls))
    assert {"list_databases", "get_database_schema", "execute_sql"} <= set(tools)
    listed, schema, selected, searched, *writes = results
    assert json.loads(listed.content[0].text) == {"databases": ["leadership"]}
    for kind in KINDS.values():
        assert f'CREATE TABLE \\"{kind.table}\\"' in schema.content[0].text
    assert json.loads(selected.content[0].text)["rows"] == [{"label": "Mira Murati"}]
    assert {"id": "microsoft"} in json.loads(searched.content[0].text)["rows"]
    assert [result.is_error for result in writes] == [True] * len(WRITES)
    assert database.read_bytes() == before


@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE"])
def test_there_is_nothing_to_listen_to_or_to_end(server: tuple[int, int], method: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server[0], timeout=10)
    connection.request(method, "/-/mcp", headers={"accept": "text/event-stream"})
    response = connection.getresponse()
    assert (response.status, response.headers["allow"]) == (405, "POST, OPTIONS")
    assert method == "HEAD" or b"They ask by POST" in response.read()
    connection.close()


def test_a_conversation_goes_on_over_many_calls(server: tuple[int, int]) -> None:
    async def converse(address: str) -> list[str]:
        async with Client(address) as client:
            asked = [{"database": "leadership", "sql": f"SELECT '{n}' AS n"} for n in range(5)]
            return [json.loads((await client.call_tool("execute_sql", sql)).content[0].text)["rows"][0]["n"] for sql in asked]

    assert in_a_thread_of_its_own(converse(f"http://127.0.0.1:{server[0]}/-/mcp")) == list("01234")


def test_a_browser_that_asks_first_is_told_that_it_may(server: tuple[int, int]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server[0], timeout=10)
    asking = {"origin": "https://other.example", "access-control-request-method": "POST", "access-control-request-headers": "content-type"}
    told = {}
    for path in ("/-/mcp", "/leadership/people.json"):
        connection.request("OPTIONS", path, headers=asking)
        response = connection.getresponse()
        told[path] = (response.status, response.read(), response.headers["access-control-allow-origin"])
    assert told["/-/mcp"] == told["/leadership/people.json"] == (200, b"ok", "*")
    connection.close()


def test_a_page_of_another_host_asks_an_assistant_s_question(server: tuple[int, int], page: Page, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<title>other</title>")
    handler = partial(http.server.SimpleHTTPRequestHandler, directory=tmp_path)
    other = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)  # another port is another host to a browser
    threading.Thread(target=other.serve_forever, daemon=True).start()
    page.goto(f"http://127.0.0.1:{other.server_port}/")
    found = page.evaluate(
        """async ([address, body, headers]) => {
            const answer = await fetch(address, {method: "POST", body, headers: {...headers, "mcp-protocol-version": "2025-06-18"}});
            return [answer.status, (await answer.json()).result.serverInfo.name];
        }""",
        [f"http://127.0.0.1:{server[0]}/-/mcp", OPENING.decode(), SENT],
    )
    other.shutdown()
    other.server_close()
    assert found == [200, "datasette"]
