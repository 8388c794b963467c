"""Send thousands of hostile requests to the site on this machine and hold it to what it promises.

While they come, a reader of an ordinary page must not wait longer than the time limit of a query; afterwards the server must
have given back its memory. No answer may be an error of the server, hold what stands outside the project's public files, or give
back HTML as it was sent. The same seed gives the same requests.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from leadership import paths
from leadership.building import build
from presentation import settings

from . import Broken

READER = "/leadership/people/sam-altman"
LIMIT = settings.SETTINGS["sql_time_limit_ms"] / 1000
A_LITTLE = 1.5  # seconds more than the limit that a reader of another page may wait, on a machine with other work
GROWTH = 1.10  # of memory, from after the warm-up to after the attack
PAUSE = 0.05  # seconds between two readings of that page
LARGE = "/leadership/claims_flat.json?_size=1000"  # half a megabyte
WARM_UP = 200  # requests at the least, before memory is looked at
LARGE_ANSWERS = 140  # more than the server keeps; what it keeps is bounded, and so no loss of memory
RARE = 0.01  # share of the requests that keep a thread busy to the limit
SECRETS = (b"root:x:0:0", b"root:*:0:0", b"Build the database if its inputs have changed", b"PYTHONPATH", b"[core]\n", b"MALLOC_ARENA")

WITH_A_LIMIT = """
import sys
from presentation import settings
settings.SETTINGS["sql_time_limit_ms"] = int(sys.argv.pop(1))
from commands import main
sys.exit(main())
"""

# The codes are many in whatever data are served.
ENDLESS = (
    "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT max(x) FROM c",
    "SELECT count(*) FROM codes a, codes b, codes c, codes d",
    "SELECT group_concat(a.definition || b.definition) FROM codes a, codes b, codes c, codes d",
    "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT sum(instr(hex(zeroblob(40000 + x % 9)), 'x')) FROM c",
    "SELECT a.id FROM codes a, codes b, codes c, codes d ORDER BY random()",
)
SQL = (
    *("ATTACH 'x.db' AS x", "SELECT 1; DROP TABLE people", "DELETE FROM people", "UPDATE people SET label = 'x'"),
    "VACUUM INTO '/tmp/x.db'",
    *("PRAGMA query_only = 0", "PRAGMA writable_schema = 1", "CREATE TABLE x (y)", "WITH x AS (SELECT 1) DELETE FROM people"),
    "DETACH leadership",
    *("SELECT load_extension('/tmp/x.so')", "SELECT readfile('/etc/passwd')", "SELECT writefile('/tmp/x', 'y')", "SELECT edit('x')"),
    "SELECT \0",
    *("SELECT zeroblob(1000000000)", "SELECT randomblob(2000000000)", "SELECT hex(zeroblob(400000000))"),
    "SELECT printf('%.*c', 1000000000, 'x')",
    *("SELECT printf('%1000000000d', 1)", "SELECT replace(hex(zeroblob(49000)), '0', 'aaaaaaaaaa')"),
    "SELECT json_group_array(note) FROM claims",
    *("SELECT zeroblob(90000), * FROM claims a, claims b", "SELECT hex(zeroblob(40000)) FROM claims, codes", f"SELECT {'1,' * 500}1"),
    *(f"SELECT {'(' * 500}1{')' * 500}", " UNION ".join(["SELECT 1"] * 300), f"SELECT 1 WHERE 'a' LIKE '{'%a' * 2000}'"),
    "EXPLAIN SELECT 1",
    *("SELECT * FROM sqlite_master", "SELECT * FROM pragma_database_list", "SELECT * FROM dbstat", "SELECT fts5(1)"),
    "SELECT 1 /* </script> */",
    *("SELECT * FROM subjects_fts WHERE subjects_fts MATCH 'NEAR('"),
    "SELECT '<script>alert(7)</script>' AS '<img src=x onerror=alert(7)>'",
    *("SELECT 'x' AS atom_id, 'x' AS atom_title, 'x' AS atom_updated", "SELECT '2023' AS event_dtstart, '\r\nX:y' AS event_name"),
    "SELECT :a",
    *("SELECT '{\"href\": \"javascript:alert(7)\", \"label\": \"x\"}' AS x", "SELECT x'ff00' AS y"),
    "SELECT 1e999, -1e999, 9223372036854775808",
    *(f"SELECT replace(hex(zeroblob(4000)), '0', '[') AS {column}" for column in ("held_on", "people", "ids_seen_at", "x")),
)  # fmt: skip
MARKUP = (
    *("<script>alert(7)</script>", '"><script>alert(7)</script>', "'><img src=x onerror=alert(7)>", "</title><script>alert(7)</script>"),
    *("</textarea><script>alert(7)</script>", "</script><script>alert(7)</script>", "<svg/onload=alert(7)>"),
    '" autofocus onfocus=alert(7) x="',
    *("--><img src=x onerror=alert(7)>", "{{7*7}}<img src=x onerror=alert(7)>", "javascript:alert(7)//<img src=x onerror=alert(7)>"),
)  # fmt: skip
# What must not stand in a page as it was sent: a tag of the attacker's, or an attribute out of its quotes.
REFLECTED = re.compile(rb"<script>alert\(7\)|<img src=x|<svg/onload|\" autofocus onfocus=alert")
RUBBISH = (
    "%00",
    "%",
    "%zz",
    "%ff%fe",
    "%c0%af",
    "%ed%a0%80",
    "%u0041",
    "%0d%0aX-Evil:%20yes",
    "%2500",
    "+",
    "~",
    "~zz",
    "~00",
    "[",
    "{}",
    "[]",
    "-1",
)
CLIMBS = (
    *("../../../../etc/passwd", "..%2f..%2f..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/%2e%2e/etc/passwd", "....//....//etc/passwd"),
    "/etc/passwd",
    *("..%5c..%5cserve.py", "..%252f..%252fserve.py", "..~2F..~2Fserve.py", "%2fetc%2fpasswd", "../serve.py", "../plugins/limits.py"),
    "..;/serve.py",
    *("../../../raw/people.yml", "../../../.git/config", "/proc/self/environ", "..%00/serve.py", "....", ".", "..", "%2e%2e"),
    "file:///etc/passwd",
)  # fmt: skip
PLACES = (
    *("/", "/static/", "/-/static/", "/-/static-plugins/", "/-/static-plugins/datasette_vega/", "/people/", "/organisations/", "/id/"),
    *("/-/", "//"),
    *("/-/dashboards/", "/-/dashboards/overview/", "/leadership/", "/leadership/people/", "/leadership/claims_flat/", "/timeline/"),
    "/-/mcp/",
)  # fmt: skip
PAGES = (
    *("/", "/timeline", "/people/sam-altman", "/organisations/openai", "/-/find", "/id/sam-altman", "/-/dashboards"),
    "/-/dashboards/overview",
    *("/leadership", "/leadership/people", "/leadership/claims", "/leadership/who_left", "/leadership/timeline"),
    "/leadership/about_person",
    *("/leadership/people/sam-altman", "/leadership/headcount", "/leadership/line", "/sitemap.xml", "/robots.txt", "/llms.txt"),
    "/-/opensearch.xml",
    *("/leadership/feed_timeline.atom", "/leadership/calendar.ics", "/leadership/people.json", "/leadership/people.csv"),
    "/leadership/people.md",
    *("/-/versions", "/-/settings", "/-/plugins", "/-/metadata", "/-/threads", "/-/actor", "/-/messages", "/-/allow-debug", "/-/patterns"),
    "/-/logout",
)  # fmt: skip
PARAMETERS = (
    *("q", "story", "entry", "who", "standing", "zone", "person", "day", "id", "source", "line", "sql", "_sort", "_sort_desc", "_facet"),
    "_facet_date",
    *("_facet_array", "_search", "_search_label", "_where", "_next", "_size", "_col", "_nocol", "_shape", "_labels", "_json", "_through"),
    "_nl",
    *("_timelimit", "_ttl", "_trace", "_extra", "_stream", "_header", "_dl", "_hide_sql", "_filter_column", "_filter_op", "_filter_value"),
    "_hash",
    *("id__in", "id__like", "label__contains", "sources__arraycontains", "id__nope", "label__glob", "started__date"),
    *("<script>alert(7)</script>", "_"),
)  # fmt: skip


@dataclass
class Request:
    """One hostile request; `cut` allows the server to hang up on it, `slow` keeps a thread busy."""

    path: str
    method: str = "GET"
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False


class Attacker:
    """Makes hostile requests out of one seed."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)
        self.kinds = (self.sql, self.parameter, self.parameter, self.parameter, self.climb, self.rubbish, self.mcp, self.size, self.method)

    def request(self) -> Request:
        """Return the next request."""
        if self.random.random() < RARE:
            return Request(self._query(self.random.choice(ENDLESS)))
        return self.random.choice(self.kinds)()

    def _query(self, sql: str) -> str:
        return f"/leadership{self.random.choice(('', '.json', '.csv', '.atom', '.ics'))}?sql={quote(sql)}"

    def sql(self) -> Request:
        """SQL that writes, reads files, loads code, or asks for too much."""
        return Request(self._query(self.random.choice(SQL)))

    def parameter(self) -> Request:
        """HTML, rubbish or far too much in any parameter of any page."""
        names = self.random.sample(PARAMETERS, self.random.randint(1, 3))
        values = (self.random.choice((*map(quote, MARKUP), *RUBBISH, quote("'" + " OR 1=1 --"), "9" * 40, "x" * 3000)) for _ in names)
        return Request(
            self.random.choice(PAGES) + "?" + "&".join(f"{quote(name)}={value}" for name, value in zip(names, values, strict=True))
        )

    def climb(self) -> Request:
        """A way out of every folder that files are served from."""
        return Request(self.random.choice(PLACES) + self.random.choice(CLIMBS))

    def rubbish(self) -> Request:
        """Broken encodings and HTML within the path."""
        piece = self.random.choice(
            (*RUBBISH, *map(quote, MARKUP), "a" * 5000, "奥特曼".encode().hex("%"), "", "//evil.example/", "\\evil.example")
        )
        ending = self.random.choice(("", ".json", ".csv", ".atom", ".ics", ".blob", ".md", "/", "/../x"))
        return Request(self.random.choice(PLACES) + piece + ending)

    def mcp(self) -> Request:
        """What an assistant would not ask."""
        tool = {
            "name": "execute_sql",
            "arguments": {"database": self.random.choice(("leadership", "_internal", "../x")), "sql": self.random.choice(SQL)},
        }
        calls: tuple[Any, ...] = (
            {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": tool},
            {"jsonrpc": "2.0", "id": "<script>alert(7)</script>", "method": self.random.choice(MARKUP)},
            *([], {}, None, [[]] * 100, {"jsonrpc": "9"}, "x" * 1000, {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {}}),
        )
        body = self.random.choice((json.dumps(self.random.choice(calls)).encode(), b"{" * 5000, b"\xff\xfe", b"[" * 50_000, b""))
        accept = self.random.choice(("application/json, text/event-stream", "*/*", "text/html"))
        kind = self.random.choice(("application/json", "text/plain", "multipart/form-data; boundary=x"))
        return Request(
            "/-/mcp",
            "POST",
            body,
            {"content-type": kind, "accept": accept, "mcp-session-id": self.random.choice(("x", "../..", "0" * 300))},
        )

    def size(self) -> Request:
        """Megabytes in addresses, parameters, headers and bodies."""
        path = self.random.choice(("/", "/leadership", "/-/mcp", "/-/find", "/leadership/people", "/-/messages", "/-/logout"))
        match self.random.randrange(4):
            case 0:
                return Request(f"{path}?q={'x' * self.random.choice((20_000, 60_000, 2_000_000))}", cut=True)
            case 1:
                return Request(
                    path, "POST", b"x" * self.random.choice((300_000, 3_000_000)), {"content-type": "application/json"}, cut=True
                )
            case 2:
                return Request(path, headers={"x-long": "x" * self.random.choice((30_000, 300_000))}, cut=True)
            case _:
                return Request(f"{path}?" + "&".join(f"a{number}={number}" for number in range(1500)))

    def method(self) -> Request:
        """Methods and headers that nobody expects."""
        headers = self.random.choice(
            ({"host": "evil.example<script>alert(7)</script>"}, {"range": "bytes=0-0,-1"}, {"cookie": "ds_actor=x; ds_messages=x"}, {})
        )
        method = self.random.choice(("PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE", "CONNECT", "BREW", "POST"))
        return Request(self.random.choice(PAGES), method, None, headers)


@contextmanager
def serving(database: Path, seconds: float | None = None) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """Serve a database as `make serve` does, on a free port of this machine only; yield the port and the process.

    With `seconds` a query of a reader's own is ended after so many, and not after those of the settings.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    environment = {**os.environ, "PYTHONPATH": str(paths.ROOT / "scripts")}
    program = ["-m", "leadership"] if seconds is None else ["-c", WITH_A_LIMIT, str(int(seconds * 1000))]
    command = [sys.executable, *program, "serve", "--port", str(port), "--database", str(database)]
    log = database.with_suffix(".log").open("wb")
    with log, subprocess.Popen(command, env=environment, stdout=log, stderr=log) as process:
        try:
            for _ in range(300):
                if process.poll() is not None:
                    raise Broken(f"the server did not start; see {log.name}")
                try:
                    answer(port, Request("/-/versions.json"))
                    break
                except OSError:
                    time.sleep(0.1)
            yield port, process
        finally:
            process.terminate()


def answer(port: int, request: Request, timeout: float = 60) -> tuple[int, str, bytes]:
    """Send a request and return status, type and body of its answer. Raises OSError where there is none."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        path = "".join(sign if "!" <= sign <= "~" else quote(sign) for sign in request.path)
        connection.putrequest(request.method, path, skip_host="host" in request.headers, skip_accept_encoding=True)
        for name, value in {**({"content-length": str(len(request.body))} if request.body is not None else {}), **request.headers}.items():
            connection.putheader(name, value)
        connection.endheaders(request.body)
        response = connection.getresponse()
        location = response.getheader("location") or ""
        if location.startswith(("//", "/\\")) or (":" in location.split("/")[0]):
            raise Broken(f"{request.path[:200]} leads to another host: {location}")
        if response.getheader("x-evil"):
            raise Broken(f"{request.path[:200]} writes a header of its own")
        return response.status, response.getheader("content-type") or "", response.read()
    except http.client.HTTPException as error:
        raise ConnectionError(repr(error)) from None
    finally:
        connection.close()


def hold(port: int, request: Request) -> str:
    """Send a request and hold the answer to the promises; return its status."""
    shown = f"{request.method} {request.path[:300]} {(request.body or b'')[:200]!r} {str(request.headers)[:200]}"
    try:
        status, kind, body = answer(port, request)
    except OSError as error:
        if request.cut:
            return "cut"
        raise Broken(f"no answer ({error!r}): {shown}") from None
    if status >= 500:
        raise Broken(f"{status}: {shown}\n{body[:500]!r}")
    if "html" in kind and (found := REFLECTED.search(body)):
        raise Broken(f"given back as it was sent: {shown}\n{body[max(0, found.start() - 100) : found.end() + 50]!r}")
    for secret in SECRETS:
        if secret in body:
            raise Broken(f"{secret!r} was read: {shown}")
    return str(status)


def memory(pid: int) -> int:
    """Return how many bytes of memory a process holds."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


class Reader(threading.Thread):
    """Reads an ordinary page over and over and keeps the longest time that it waited."""

    def __init__(self, port: int):
        super().__init__(daemon=True)
        self.port, self.stopped, self.longest, self.reads, self.error = port, threading.Event(), 0.0, 0, ""

    def run(self) -> None:
        while not self.stopped.wait(PAUSE):
            began = time.monotonic()
            try:
                status, _, _ = answer(self.port, Request(READER))
            except OSError as error:
                self.error = repr(error)
                continue
            self.longest = max(self.longest, time.monotonic() - began)
            self.reads += 1
            if status != 200:
                self.error = f"status {status}"


def attack(database: Path, seed: int, count: int, at_once: int = 8, progress: bool = False) -> dict[str, Any]:
    """Send `count` requests, so many at once; return figures. Raises Broken with the first promise that was not kept."""
    before = database.read_bytes()
    with serving(database) as (port, process), ThreadPoolExecutor(at_once) as pool:
        warm = Attacker(seed - 1)
        list(pool.map(lambda request: hold(port, request), [warm.request() for _ in range(max(WARM_UP, count // 10))]))
        list(pool.map(lambda number: answer(port, Request(f"{LARGE}&_n={number}")), range(LARGE_ANSWERS)))
        at_first = memory(process.pid)
        reader = Reader(port)
        reader.start()
        attacker = Attacker(seed)
        outcomes: Counter[str] = Counter()
        began = time.monotonic()
        for done, status in enumerate(pool.map(lambda request: hold(port, request), [attacker.request() for _ in range(count)]), 1):
            outcomes[status] += 1
            if progress and done % 200 == 0:
                print(f"\r{done:,} of {count:,}, {time.monotonic() - began:.0f} s ", end="", file=sys.stderr, flush=True)
        seconds = time.monotonic() - began
        reader.stopped.set()
        reader.join()
        for _ in range(30):
            at_last = memory(process.pid)
            if at_last <= at_first * GROWTH:
                break
            time.sleep(0.2)
        if process.poll() is not None:
            raise Broken("the server died")
    figures = {
        "requests": count,
        "seconds": round(seconds, 1),
        "outcomes": dict(sorted(outcomes.items())),
        "reads": reader.reads,
        "longest wait of a reader": round(reader.longest, 2),
        "memory before": f"{at_first / 1e6:.0f} MB",
        "memory after": f"{at_last / 1e6:.0f} MB",
    }
    if reader.error or reader.longest > LIMIT + A_LITTLE:
        raise Broken(f"a reader was kept waiting or out: {reader.error} {figures}")
    if at_last > at_first * GROWTH:
        raise Broken(f"memory was not given back: {figures}")
    if database.read_bytes() != before:
        raise Broken("the database was changed")
    return figures


def try_on_a_database(trial: Callable[[Path], dict[str, Any]]) -> int:
    """Build a database for a trial, print the figures that it returns or the promise that was broken; return the exit status."""
    with tempfile.TemporaryDirectory(prefix="trial-") as folder:
        database = Path(folder) / "leadership.db"
        build(paths.RAW, paths.METADATA, database)
        try:
            figures = trial(database)
        except Broken as error:
            print(f"\nBroken: {error}", file=sys.stderr)
            return 1
    print("\n" + "\n".join(f"{name}: {value}" for name, value in figures.items()))
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description="Attack the site on this machine.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=10_000)
    options = parser.parse_args()
    return try_on_a_database(lambda database: attack(database, options.seed, options.count, progress=True))


if __name__ == "__main__":
    sys.exit(main())
