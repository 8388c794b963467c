"""Measure how fast the site answers against stock Datasette: the same database, metadata, settings and installed plugins.

Stock is Datasette without our plugins and templates. Both run at the same time on free ports of this machine, and wrk asks them in
turn, so that what else the machine does falls on both. First view: each request has a query parameter that was never seen, so
nothing that is kept can serve it, on either side. Repeated view: the same address again and again, after one request.

A Markdown table and a JSON file are written at the end.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from commands import serving
from leadership import paths

PAGES = {
    "home": "/",
    "faceted table": "/leadership/events?_facet=kind",
    "row with evidence": "/leadership/events/altman-dismissal",
    "search": "/leadership/subjects?_search=Altman",
    "canned query": "/leadership/headcount",
    "CSV stream": "/leadership/events.csv?_stream=on",
    "timeline": "/timeline",
}
TABLES_AND_QUERIES = {"faceted table", "search", "canned query", "CSV stream"}  # where both show the same
OURS_ALONE = {"timeline"}  # stock Datasette has no such page
TARGETS = {"first view, times stock's": 1.1, "repeated view": 20.0, "home and timeline": 150.0, "p99 / p50": 10.0}
VIEWS = ("first", "repeated")
CLIENTS = (1, 8, 64)
SECONDS, MOST_SECONDS = 2, 60
ROUNDS = 1.5  # a measurement lasts until each client has had so many answers, if MOST_SECONDS allow
OURS_ONLY = ("--plugins-dir", "--template-dir", "--static")
ACCEPT_ENCODING = "gzip"  # as every browser asks; stock does not compress
TIMEOUT_SECONDS = 60
STARTED_WITHIN = 60.0
IDLE_WITHIN, QUIET_LOOKS = 1.5, 10  # work left over from a measurement that lasts longer is ended by starting the server anew

# wrk calls `init` and `request` in each of its threads, of which there is one, and `done` at the end.
LUA = """
local count = 0
function init(args)
  path, token = args[1], args[2]
  mark = path:find("?", 1, true) and "&" or "?"
  fixed = token == nil and wrk.format("GET", path) or nil
end
function request()
  if fixed then return fixed end
  count = count + 1
  return wrk.format("GET", path .. mark .. "_nocache=" .. token .. count)
end
function done(summary, latency)
  local e = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d\\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), e.connect + e.read + e.write + e.timeout + e.status))
end
"""


@dataclass
class Throughput:
    """What wrk saw: answers, seconds, answers a second, latencies in milliseconds, errors of any kind.

    With the bytes of one answer, and the processor time of the server for one in milliseconds, which other work on the machine
    hardly changes.
    """

    answers: int
    seconds: float
    rate: float
    bytes_each: int
    p50: float
    p99: float
    errors: int
    cpu: float


class Server:
    """A Datasette on a free port of this machine."""

    def __init__(self, name: str, stock: bool):
        self.name, self.stock = name, stock
        self.process: subprocess.Popen[bytes] | None = None
        self.address = ""

    def arguments(self, port: int) -> list[str]:
        """Return the arguments of Python with which it runs."""
        if not self.stock:
            return ["-m", "leadership", "serve", "--port", str(port), "--database", str(paths.DATABASE)]
        arguments = ["-m", "datasette", *serving.datasette_arguments("127.0.0.1", port)]
        for option in OURS_ONLY:
            place = arguments.index(option)
            del arguments[place : place + 2]
        return arguments

    def start(self) -> None:
        """Start it and wait until it answers."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(
            [sys.executable, *self.arguments(port)],
            env={**os.environ, "PYTHONPATH": str(paths.ROOT / "scripts")},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        end = time.monotonic() + STARTED_WITHIN
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise SystemExit(f"{self.name} stopped before it answered; run `make serve` to see why")
            try:
                self.get("/-/versions.json")
                return
            except OSError:
                time.sleep(0.1)
        raise SystemExit(f"{self.name} did not answer within {STARTED_WITHIN:.0f} seconds")

    def stop(self) -> None:
        """End it, if it runs."""
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def get(self, path: str) -> int:
        """Ask for a page; return the length of the answer as it was sent."""
        request = urllib.request.Request(self.address + path, headers={"Accept-Encoding": ACCEPT_ENCODING})
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:
            return len(response.read())

    def settle(self) -> None:
        """Wait until what it still works on, for clients that have gone, is done; if that takes long, start it anew."""
        end, quiet = time.monotonic() + IDLE_WITHIN, 0
        while time.monotonic() < end:
            quiet = quiet + 1 if self._rests() else 0
            if quiet == QUIET_LOOKS:
                return
            time.sleep(IDLE_WITHIN / 50)
        self.stop()
        self.start()

    def _rests(self) -> bool:
        """Tell whether none of its threads runs or waits for a processor; time used says little on a busy machine."""
        assert self.process
        states = [path.read_text().rpartition(")")[2].split()[0] for path in Path(f"/proc/{self.process.pid}/task").glob("*/stat")]
        return "R" not in states

    def _worked(self) -> float:
        """Return the processor time that it has used, in seconds."""
        assert self.process
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def measure(self, path: str, view: str, clients: int, seconds: int, script: Path) -> Throughput:
        """Let so many clients ask for a page, each as soon as it has its answer."""
        size = self.get(path)
        token = [f"{secrets.token_hex(6)}-"] if view == "first" else []
        command = [
            "wrk",
            "--threads",
            "1",
            "--connections",
            str(clients),
            "--duration",
            f"{seconds}s",
            "--timeout",
            f"{TIMEOUT_SECONDS}s",
            "--script",
            str(script),
            "--header",
            f"Accept-Encoding: {ACCEPT_ENCODING}",
            self.address,
            "--",
            path,
            *token,
        ]
        worked = self._worked()
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        worked = self._worked() - worked
        found = re.search(r"RESULT (\d+) (\d+) (-?\d+) (-?\d+) (\d+)", done.stdout)
        if not found:
            raise SystemExit(f"wrk gave no result:\n{done.stdout}{done.stderr}")
        answers, microseconds, p50, p99, errors = map(int, found.groups())
        seconds_taken = microseconds / 1e6
        cpu = 1000 * worked / answers if answers else 0.0
        return Throughput(answers, seconds_taken, answers / seconds_taken, size, p50 / 1000, p99 / 1000, errors, cpu)


def duration(rate: float | None, clients: int, seconds: int, most: int) -> int:
    """Return how long to measure: `seconds`, or longer where a client would hardly get an answer in that time."""
    if rate == 0:
        return max(seconds, most)
    wanted = ROUNDS * clients / rate if rate else seconds
    return math.ceil(min(max(seconds, wanted), max(seconds, most)))


def run(options: argparse.Namespace) -> list[dict[str, Any]]:
    """Measure everything; return a row for each page, view and number of clients."""
    stock, ours = Server("stock Datasette", stock=True), Server("the site", stock=False)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # so that the servers are stopped in that case too
    rows: list[dict[str, Any]] = []
    rates: dict[tuple[str, str, str], float] = {}
    total = len(options.pages) * len(VIEWS) * len(options.clients)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "ask.lua")
        script.write_text(LUA, encoding="utf-8")
        try:
            stock.start()
            ours.start()
            for page in options.pages:
                for view in VIEWS:
                    for clients in options.clients:
                        row: dict[str, Any] = {"page": page, "path": PAGES[page], "view": view, "clients": clients}
                        servers = {"ours": ours} if page in OURS_ALONE else {"stock": stock, "ours": ours}
                        for key, server in servers.items():
                            seconds = duration(rates.get((page, view, key)), clients, options.seconds, options.most_seconds)
                            measured = server.measure(PAGES[page], view, clients, seconds, script)
                            rates[page, view, key] = measured.rate
                            row[key] = asdict(measured)
                            server.settle()
                        rows.append(row)
                        speeds = ", ".join(f"{key} {row[key]['rate']:.1f}/s" for key in servers)
                        head = f"[{len(rows):2}/{total}] {time.monotonic() - began:4.0f} s  {page}, {view} view, {clients} clients"
                        print(f"{head}: {speeds}{_times(row)}", flush=True)
        finally:
            stock.stop()
            ours.stop()
    return rows


def _times(row: dict[str, Any]) -> str:
    return f" (× {row['ours']['rate'] / row['stock']['rate']:.2f})" if "stock" in row and row["stock"]["rate"] else ""


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 1 else f"{value:.2f}"


def markdown(rows: list[dict[str, Any]], about: dict[str, Any]) -> str:
    """Return the results as a Markdown table and a line for each target. Latencies are in ms, sizes in kB as sent.

    CPU is the server's processor time for one answer, in ms.
    """
    both = ("/s", " p50", " p99", " CPU", " kB", " errors")
    columns = ("page", "view", "clients", "times", *(f"{who}{what}" for what in both for who in ("stock", "ours")))
    lines = [", ".join(f"{name} {value}" for name, value in about.items()), ""]
    lines += [f"| {' | '.join(columns)} |", "|---|---|" + "--:|" * (len(columns) - 2)]
    for row in rows:
        times = _times(row).strip(" (×)") or "–"
        shown = [_shown(row.get(who)) for who in ("stock", "ours")]
        cells = [row["page"], row["view"], str(row["clients"]), times, *(cell for pair in zip(*shown, strict=True) for cell in pair)]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, "", *judged(rows)]) + "\n"


def _shown(measured: dict[str, Any] | None) -> list[str]:
    """Return the cells of one server: answers a second, p50, p99, processor time, size, errors."""
    if measured is None:
        return ["–"] * 6
    latencies = [_number(measured[name]) if measured["answers"] else "none" for name in ("p50", "p99", "cpu")]
    return [_number(measured["rate"]), *latencies, _number(measured["bytes_each"] / 1000), str(measured["errors"])]


def judged(rows: list[dict[str, Any]]) -> list[str]:
    """Return a line for each target: the worst that was measured, where, and whether the target is met."""
    compared = [row for row in rows if "stock" in row and row["stock"]["answers"] and row["ours"]["answers"]]
    alone = [row for row in compared if row["clients"] == 1 and row["view"] == "first" and row["page"] in TABLES_AND_QUERIES]
    slowest = {_place(row): row["ours"]["p50"] / row["stock"]["p50"] for row in alone}
    gains = {_place(row): row["ours"]["rate"] / row["stock"]["rate"] for row in compared if row["view"] == "repeated"}
    own = {_place(row): row["ours"]["p50"] for row in rows if row["page"] in ("home", "timeline") and row["view"] == "first"}
    own = {place: p50 for place, p50 in own.items() if place.endswith(", 1")}
    spread = {_place(row): row["ours"]["p99"] / row["ours"]["p50"] for row in rows if row["clients"] == 64 and row["ours"]["answers"]}
    errors = sum(row["ours"]["errors"] for row in rows)
    verdicts = [
        _verdict("first view of a table or query by one client, p50 times stock's", slowest, TARGETS["first view, times stock's"]),
        _verdict("repeated view, answers a second times stock's", gains, TARGETS["repeated view"], at_least=True),
        _verdict("home and timeline, first view by one client, p50 in ms", own, TARGETS["home and timeline"]),
        _verdict("p99 times p50 with 64 clients", spread, TARGETS["p99 / p50"]),
    ]
    return [line for line in verdicts if line] + [f"- errors: {errors} (target: none) – {'missed' if errors else 'met'}"]


def _place(row: dict[str, Any]) -> str:
    return f"{row['page']}, {row['view']}, {row['clients']}"


def _verdict(what: str, values: dict[str, float], target: float, at_least: bool = False) -> str:
    if not values:
        return ""
    place = (min if at_least else max)(values, key=lambda key: values[key])
    met = values[place] >= target if at_least else values[place] <= target
    missed = [f"{key}: {_number(value)}" for key, value in values.items() if (value < target if at_least else value > target)]
    more = f"; missed at {'; '.join(missed)}" if missed else ""
    measured = f"{'at least' if at_least else 'at most'} {_number(values[place])} ({place}; target {target:g})"
    return f"- {what}: {measured} – {'met' if met else 'missed'}{more}"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=int, default=SECONDS, help="of one measurement; more makes the percentiles steadier")
    parser.add_argument("--most-seconds", type=int, default=MOST_SECONDS, help="of one measurement in which answers are slow")
    parser.add_argument("--clients", type=int, nargs="+", default=list(CLIENTS))
    parser.add_argument("--pages", nargs="+", choices=list(PAGES), default=list(PAGES))
    parser.add_argument("--out", type=Path, default=Path("dist"), help="folder for bench-site.md and bench-site.json")
    options = parser.parse_args()
    if not shutil.which("wrk"):
        print("wrk is not installed; on Debian: apt-get install wrk", file=sys.stderr)
        return 1
    if not paths.DATABASE.is_file():
        print(f"{paths.DATABASE} is missing: run `make build`", file=sys.stderr)
        return 1
    load = round(os.getloadavg()[0], 1)
    if load > (os.cpu_count() or 1) / 2:
        print(f"Other work keeps this machine busy (load {load}); do not trust the numbers.", file=sys.stderr)
    about = {
        "Date": time.strftime("%Y-%m-%d"),
        "command": "`make bench-site`",
        "Datasette": version("datasette"),
        "Python": platform.python_version(),
        "cores": os.cpu_count(),
        "load before": load,
    }
    rows = run(options)
    table = markdown(rows, about)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "bench-site.md").write_text(table, encoding="utf-8")
    (options.out / "bench-site.json").write_text(json.dumps({"about": about, "rows": rows}, indent=1) + "\n", encoding="utf-8")
    print(f"\n{table}\nWritten to {options.out / 'bench-site.md'} and bench-site.json.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
