"""Several replicas behind nginx: the very file that scripts/deploy/render.py writes, on this machine, with few rows.

Two replicas as `make serve` runs them, Debian's nginx before them, and readers. One replica is frozen with requests in its hands and
killed; no reader may notice. Everything goes to 127.0.0.1 and ends by itself.
"""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
from leadership import paths
from presentation import settings
from site_client import in_a_thread_of_its_own

DEPLOY = paths.ROOT / "scripts" / "deploy"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
NONCE = re.compile(rb"nonce(?:=\"|-)([A-Za-z0-9_-]{16,})")
VARYING = re.compile(rb'(?:nonce(?:="|-)[A-Za-z0-9_-]+)|(?:"query_ms": [0-9.]+)|(?:Queries took\s+[0-9.]+(?:&nbsp;|\s)*ms)')
TOLD = re.compile(
    r'"(?P<request>[^"]*)" (?P<status>\d+) \d+ cache=(?P<cache>\S+) replica=(?P<replica>.*) answered=(?P<answered>.*) seconds='
)

PAGES = (
    *("/", "/timeline", "/timeline?zone=beijing", "/people/sam-altman", "/people/mira-murati", "/organisations/openai", "/leadership"),
    *("/leadership/people", "/leadership/events?_facet=story", "/leadership/people/sam-altman", "/leadership/headcount"),
    *("/leadership/events/altman-removed", "/leadership/departures", "/leadership/exits_by_month", "/leadership/who_left"),
)  # fmt: skip
DATA = (
    *("/leadership/people.json", "/leadership/sources.json?_shape=array", "/leadership/codes.csv", "/leadership/feed_timeline.atom"),
    *("/leadership/calendar.ics", "/sitemap.xml", "/llms.txt", "/static/site.css", "/-/static/app.css", "/leadership/codes.json?_size=200"),
)  # fmt: skip
FILES = ("/leadership.db", "/downloads/README.md", "/downloads/parquet/people.parquet")
ONCE_ONLY = (
    *("content-security-policy", "x-content-type-options", "referrer-policy", "x-frame-options", "cross-origin-opener-policy"),
    *("cache-control", "content-type", "etag", "vary", "access-control-allow-origin"),
)  # fmt: skip
FAIL_SECONDS = 1


class Told(NamedTuple):
    """A line of nginx's log: what was asked, how it ended, and which replicas were tried, in order."""

    request: str
    status: int
    cache: str
    replicas: tuple[str, ...]
    answered: tuple[str, ...]


class Farm:
    """nginx before replicas, all of it this test's own."""

    def __init__(self, folder: Path, release: Path, base_url: str = "/", replicas: int = 2):
        self.base_url = base_url
        self.folder, self.database, self.release = folder, release / "leadership.db", release
        self.replicas = [free_port() for _ in range(replicas)]
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.processes: dict[int, subprocess.Popen[bytes]] = {}

    def configure(self, **options: int) -> Path:
        """Write the configuration by the command that the README names."""
        configuration = self.folder / "nginx.conf"
        command = [sys.executable, str(DEPLOY / "render.py"), "nginx", "--listen", f"127.0.0.1:{self.port}", "--out", str(configuration)]
        command += [
            "--base-url",
            self.base_url,
            "--release",
            str(self.release),
            "--user",
            pwd.getpwuid(os.getuid()).pw_name,
            "--fail-seconds",
            str(FAIL_SECONDS),
        ]
        for port in self.replicas:
            command += ["--replica", f"127.0.0.1:{port}"]
        for name, value in options.items():
            command += [f"--{name.replace('_', '-')}", str(value)]
        subprocess.run(command, check=True)
        (self.folder / "tmp").mkdir(exist_ok=True)
        return configuration

    def start(self) -> None:
        """Start everything; return when both replicas and nginx answer."""
        configuration = self.configure(rate=2000, sql_rate=2)
        for port in self.replicas:
            self.start_replica(port)
        command = [str(NGINX), "-p", str(self.folder), "-e", "error.log", "-c", str(configuration), "-g", "daemon off;"]
        self.processes[self.port] = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        for port in self.replicas:
            self.wait_for(port)
        self.wait_for(self.port, self.base_url)

    def start_replica(self, port: int) -> None:
        """Start a replica; do not wait for it."""
        environment = {**os.environ, "PYTHONPATH": str(paths.ROOT / "scripts")}
        command = [sys.executable, "-m", "leadership", "serve", "--port", str(port), "--database", str(self.database)]
        command += ["--base-url", self.base_url]
        self.processes[port] = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def wait_for(self, port: int, base_url: str = "/") -> None:
        """Wait as the systemd unit does; for nginx below the prefix, where alone it answers."""
        command = [sys.executable, str(DEPLOY / "healthy.py"), "--port", str(port), "--wait", "60", "--base-url", base_url]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

    def stop(self) -> None:
        """Stop everything that was started."""
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            process.wait(40)

    def log(self) -> list[Told]:
        """Return what nginx has told so far; it tells of a request after its answer, so that a fast reader must wait until it is silent."""
        told, written = [], self.folder / "access.log"
        size = -1
        while size != (size := written.stat().st_size):
            time.sleep(0.1)
        for line in written.read_text(encoding="utf-8").splitlines():
            found = TOLD.search(line)
            assert found, line
            tried, answered = (tuple(re.split(r"[,:] ", found[name])) for name in ("replica", "answered"))
            told.append(Told(found["request"], int(found["status"]), found["cache"], tried, answered))
        return told


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def farm(tmp_path_factory: pytest.TempPathFactory, little: Path) -> Iterator[Farm]:
    if not NGINX:
        pytest.skip("no nginx on this machine; `apt-get install nginx-light` brings one")
    farm = Farm(tmp_path_factory.mktemp("farm"), little)
    try:
        farm.start()
        yield farm
    finally:
        farm.stop()


@pytest.fixture
def reader(farm: Farm) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=farm.address, trust_env=False) as client:
        yield client


def steady(body: bytes) -> bytes:
    """Return a body without what may differ between two answers to one question: nonces and times of queries."""
    return VARYING.sub(b"", body)


def test_data_and_static_files_are_cached_in_both_forms_and_pages_are_not(reader: httpx.Client) -> None:
    for path in DATA:
        bodies = []
        for form in ("gzip, deflate, br", "identity", "gzip;q=0"):
            first = reader.get(path, headers={"accept-encoding": form})
            # Another spelling of the same wish is another request to a browser, and the same to the cache.
            again = reader.get(path, headers={"accept-encoding": form.replace("gzip,", "br, gzip,")})
            assert (first.status_code, again.status_code) == (200, 200), path
            assert first.headers["x-cache-status"] == ("HIT" if form == "gzip;q=0" else "MISS"), (path, form)
            assert again.headers["x-cache-status"] == "HIT", (path, form)
            assert (first.headers.get("content-encoding") == "gzip") == form.startswith("gzip, "), (path, form)
            assert again.headers.get("content-encoding") == first.headers.get("content-encoding")
            bodies += [first.content, again.content]
        assert len({steady(body) for body in bodies}) == 1, path
    for path in PAGES[:4]:
        nonces = set()
        for _ in range(3):
            page = reader.get(path)
            assert "x-cache-status" not in page.headers, path
            found = NONCE.findall(page.content)
            assert found, path
            assert {nonce.decode() for nonce in found} == set(re.findall(r"'nonce-([^']+)'", page.headers["content-security-policy"]))
            nonces.update(found)
        assert len(nonces) == 3, f"{path}: a nonce was given twice"


def test_conditional_requests_get_304_from_cache_disk_and_replica(farm: Farm, reader: httpx.Client) -> None:
    for path in ("/leadership/people.json", "/static/site.css", *FILES):
        whole = reader.get(path)
        assert whole.status_code == 200
        again = reader.get(path, headers={"if-none-match": whole.headers["etag"]})
        assert (again.status_code, again.content) == (304, b""), path
        assert again.headers["etag"].removeprefix("W/") == whole.headers["etag"].removeprefix("W/"), path
    page = reader.get("/people/sam-altman")
    again = reader.get("/people/sam-altman", headers={"if-none-match": page.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    # The browser keeps the policy with which its page came; another nonce would stop the page's scripts.
    assert "content-security-policy" not in again.headers
    last = [told for told in farm.log() if "/people/sam-altman " in told.request][-1]
    assert last.answered == ("304",), "the replica was not asked conditionally"


def test_no_header_is_sent_twice_and_data_needs_no_nonce(reader: httpx.Client) -> None:
    for path in (*PAGES, *DATA, *FILES, "/no-such-page", "/leadership/nothing.json", "/downloads/nothing"):
        for _ in range(2):  # the second from the cache
            answer = reader.get(path)
            names = Counter(name.lower() for name, _ in answer.headers.multi_items())
            doubled = [name for name in ONCE_ONLY if names[name] > 1]
            assert not doubled, (path, answer.headers.multi_items())
            if answer.status_code == 200:
                for name in ONCE_ONLY[:5]:
                    assert names[name] == 1, f"{path} lacks {name}"
            if "x-cache-status" in answer.headers:
                policy = answer.headers["content-security-policy"]
                assert "script-src 'none'" in policy or "script-src" not in policy, (path, policy)
                assert "frame-ancestors 'self'" in policy
                assert "nonce-" not in policy


def test_hashed_addresses_are_kept_for_ever_and_readers_with_cookies_are_let_through(reader: httpx.Client) -> None:
    hashed = re.search(r"/-/static/app\.css\?[0-9a-f]+", reader.get("/").text)
    assert hashed
    assert reader.get(hashed[0]).headers["cache-control"] == "public, max-age=31536000, immutable"
    assert reader.get(hashed[0]).headers["x-cache-status"] == "HIT"
    assert reader.get("/leadership/people.json").headers["x-cache-status"] in ("MISS", "HIT")
    for private in ({"cookie": "ds_actor=x"}, {"authorization": "Bearer x"}):
        assert reader.get("/leadership/people.json", headers=private).headers["x-cache-status"] == "BYPASS"
    for live in ("/-/actor.json", "/-/threads.json"):
        assert [reader.get(live).headers["x-cache-status"] for _ in range(2)] == ["MISS", "MISS"], live


def test_the_database_comes_from_disk_whole_in_parts_and_gzipped(farm: Farm, reader: httpx.Client) -> None:
    digest = hashlib.sha256(farm.database.read_bytes()).hexdigest()
    for form in ("identity", "gzip"):
        answer = reader.get("/leadership.db", headers={"accept-encoding": form})
        assert hashlib.sha256(answer.content).hexdigest() == digest
        assert answer.headers.get("content-encoding", "identity") == form
        assert answer.headers["content-type"] == "application/vnd.sqlite3"
        assert answer.headers["content-disposition"] == 'attachment; filename="leadership.db"'
    part = reader.get("/leadership.db", headers={"accept-encoding": "identity", "range": "bytes=0-15"})
    assert (part.status_code, part.content) == (206, b"SQLite format 3\0")
    assert reader.get("/downloads/README.md").headers["content-type"] == "text/markdown; charset=utf-8"
    assert "README.md" in reader.get("/downloads/").text
    for outside in ("/downloads/%2e%2e/nginx.conf", "/downloads../nginx.conf", "/downloads/..%2fnginx.conf", "/downloads//../nginx.conf"):
        assert "worker_processes" not in reader.get(outside, follow_redirects=True).text
    assert all(told.replicas == ("-",) for told in farm.log() if told.request.startswith("GET /leadership.db "))


def test_who_writes_sql_is_limited_and_who_reads_is_not(farm: Farm, reader: httpx.Client) -> None:
    async def at_once() -> list[httpx.Response]:
        async with httpx.AsyncClient(base_url=farm.address, trust_env=False, timeout=30) as client:
            return await asyncio.gather(
                *(client.get(f"/leadership.json?{('sql', '%73ql')[number % 2]}=select+{number}") for number in range(20))
            )

    answers = in_a_thread_of_its_own(at_once())
    refused = [answer for answer in answers if answer.status_code == 429]
    assert {answer.status_code for answer in answers} == {200, 429}
    assert len(refused) >= 5
    assert any("%73ql" in str(answer.request.url) for answer in refused)
    assert refused[0].text == "Too many requests at once; wait a second.\n"
    assert refused[0].headers["retry-after"] == "1"
    assert refused[0].headers["x-content-type-options"] == "nosniff"
    assert [reader.get(PAGES[3]).status_code for _ in range(20)] == [200] * 20
    # What is too long for the server is told so by the server, not by the proxy in other words.
    assert reader.get("/leadership?" + "a" * (settings.LIMITS["address_bytes"] + 1)).status_code == 414
    assert reader.post("/-/mcp", content=b"x" * (settings.LIMITS["body_bytes"] + 1)).text.startswith("This body is longer")


def test_replicas_give_the_same_page_whatever_was_read_there_before(farm: Farm) -> None:
    row, table = "/leadership/sources/alpha", "/leadership/sources"
    asked = {"headers": {"host": "example"}, "trust_env": False}
    bodies = []
    for port, paths_in_order in zip(farm.replicas, ((row, table), (table, row)), strict=True):
        answers = {path: httpx.get(f"http://127.0.0.1:{port}{path}", **asked).content for path in paths_in_order}
        bodies.append({path: steady(answers[path]) for path in (row, table)})
    assert bodies[0] == bodies[1]
    assert b"CC BY 4.0" in bodies[0][row]


class Load:
    """Readers who keep asking; every answer is held against what the replicas gave when nothing had happened yet."""

    def __init__(self, farm: Farm, expected: dict[str, bytes]):
        self.farm, self.expected = farm, expected
        self.lost: list[str] = []
        self.answers = 0
        self.asking: dict[int, int] = {}  # by reader: how many answers there were when it asked for what it waits for
        self.answered_at = time.monotonic()
        self.stopping = False

    def is_held_up(self) -> bool:
        """Tell whether a question was overtaken by many others, or nobody gets an answer: then it is in the hands of one who is frozen."""
        overtaken = any(self.answers - asked > 16 for asked in self.asking.values())
        return overtaken or (bool(self.asking) and time.monotonic() - self.answered_at > 0.5)

    async def read(self, client: httpx.AsyncClient, start: int) -> None:
        """Be one reader."""
        every = list(self.expected)
        for path in itertools.islice(itertools.cycle(every), start, None):
            if self.stopping:
                return
            self.asking[start] = self.answers
            try:
                answer = await client.get(path)
            except httpx.HTTPError as error:
                self.lost.append(f"{path}: {error!r}")
                continue
            finally:
                del self.asking[start]
            self.answers, self.answered_at = self.answers + 1, time.monotonic()
            if answer.status_code != 200 or steady(answer.content) != self.expected[path]:
                self.lost.append(f"{path}: {answer.status_code}, {len(answer.content)} bytes")
            await asyncio.sleep(0.02)


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not is_so():
            await asyncio.sleep(0.01)


def test_a_killed_replica_loses_no_request_and_is_used_again_when_it_is_back(farm: Farm, reader: httpx.Client) -> None:
    victim, other = farm.replicas
    expected = {path: steady(reader.get(path).content) for path in (*PAGES, *DATA)}
    # Addresses that are new to the cache and to the memories of the replicas, so that the replicas have something to do.
    for number in range(1, 41):
        path = f"/leadership/claims.json?_shape=array&_size={number}"
        direct = httpx.get(f"http://127.0.0.1:{other}{path}", headers={"host": f"127.0.0.1:{farm.port}"}, trust_env=False)
        expected[path] = steady(direct.content)
    before = len(farm.log())

    async def scenario() -> Load:
        load = Load(farm, expected)
        async with httpx.AsyncClient(base_url=farm.address, trust_env=False, timeout=20) as client:
            readers = [asyncio.create_task(load.read(client, number * 9)) for number in range(8)]
            await until(lambda: load.answers > 20)
            os.kill(farm.processes[victim].pid, signal.SIGSTOP)  # frozen, so that requests are surely in its hands …
            await until(load.is_held_up)
            os.kill(farm.processes[victim].pid, signal.SIGKILL)  # … when it dies
            farm.processes[victim].wait(10)
            before = load.answers
            await until(lambda: load.answers > before + 50)
            load.stopping = True
            await asyncio.gather(*readers)
        return load

    load = in_a_thread_of_its_own(scenario())
    assert load.lost == []
    told = farm.log()[before:]
    retried = [line for line in told if len(line.replicas) > 1]
    assert retried, "no request was in the hands of the killed replica"
    assert all(line.replicas == (f"127.0.0.1:{victim}", f"127.0.0.1:{other}") for line in retried)
    assert all(line.status == 200 for line in told)
    assert "HIT" in {line.cache for line in told}

    farm.start_replica(victim)
    farm.wait_for(victim)
    before = len(farm.log())
    answered: set[str] = set()
    end = time.monotonic() + 30
    while f"127.0.0.1:{victim}" not in answered and time.monotonic() < end:  # nginx leaves it alone for FAIL_SECONDS
        for path in PAGES:
            assert steady(reader.get(path).content) == expected[path]
        answered |= {replica for line in farm.log()[before:] for replica in line.replicas}
    assert answered == {f"127.0.0.1:{victim}", f"127.0.0.1:{other}"}, "the replica that came back is not used"


def test_nginx_and_a_replica_serve_the_whole_below_a_path(tmp_path: Path, little: Path) -> None:
    if not NGINX:
        pytest.skip("no nginx on this machine; `apt-get install nginx-light` brings one")
    farm = Farm(tmp_path, little, "/data/", replicas=1)
    try:
        farm.start()
        with httpx.Client(base_url=f"{farm.address}/data", trust_env=False) as reader:
            for path in (*PAGES[:4], *DATA, *FILES):
                assert reader.get(path).status_code == 200, path
            for path in DATA:
                assert reader.get(path).headers["x-cache-status"] == "HIT", path
            assert reader.get("/leadership.db").content[:15] == b"SQLite format 3"
            assert reader.options("/-/mcp").status_code != 404
            assert reader.get(f"{farm.address}/leadership/people").status_code == 404
            assert reader.get(f"{farm.address}/data").headers["location"].endswith("/data/")
    finally:
        farm.stop()
