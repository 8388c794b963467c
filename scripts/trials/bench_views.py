"""Measure how long a reader waits for the first view of each own page, beside a table page of bare Datasette.

Bare: `datasette serve` with the same database and nothing else: no metadata, plugins, templates or settings of ours. Both run at the same
time and are asked in turn, so that what else the machine does falls on both. Cold: the first request for that page of a server just
started. Fresh: the median of some more, each with a parameter that was never seen and means nothing, so that no kept answer serves it.
A Markdown table is printed: milliseconds by the clock, and the processor time of the server, which other work hardly changes.
"""

from __future__ import annotations

import argparse
import os
import platform
import secrets
import sqlite3
import statistics
import time
from contextlib import closing
from pathlib import Path

from leadership import paths
from leadership.opening import open_database

from trials.bench_site import Server

TABLE = "/leadership/events"
TARGET = 1.1
PAGES = (
    "/",
    "/timeline",
    "/succession",
    "/people/sam-altman",
    "/organisations/openai",
    "/disagreements",
    "/methods",
    "/sources-record",
    "/who-went-where",
    "/correct",
    "/history",
    "/-/find?q=Murati",
    "/-/dashboards/overview",
    "/leadership/events/altman-dismissal",
    "/leadership/departures/{departures}",
    "/leadership/posts/{posts}",
    "/leadership/events",
    "/leadership/evidence",
    "/leadership/claims_flat",
    "/zh/",
)


class BareDatasette(Server):
    """Datasette with nothing but the database."""

    def arguments(self, port: int) -> list[str]:
        return ["-m", "datasette", "serve", "--immutable", str(paths.DATABASE), "--port", str(port)]


def _first_ids() -> dict[str, str]:
    with closing(open_database(paths.DATABASE)) as connection:
        connection.row_factory = sqlite3.Row
        most = "SELECT subject_id FROM statements WHERE subject_id IN (SELECT id FROM {}) GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
        return {table: connection.execute(most.format(table)).fetchone()[0] for table in ("departures", "posts")}


def _ask(server: Server, path: str, token: str) -> tuple[float, float]:
    """Ask once; return the milliseconds by the clock and of the server's processors."""
    used = _worked(server)
    begun = time.perf_counter()
    server.get(f"{path}{'&' if '?' in path else '?'}_nocache={token}" if token else path)
    return 1000 * (time.perf_counter() - begun), _worked(server) - used


def _worked(server: Server) -> float:
    """Return the milliseconds that all threads of a server have worked."""
    assert server.process
    tasks = Path(f"/proc/{server.process.pid}/task").glob("*/schedstat")
    return sum(int(task.read_text().split()[0]) for task in tasks) / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--views", type=int, default=5, help="fresh views of each page")
    parser.add_argument("--pages", nargs="*", default=PAGES, help="what to ask for")
    options = parser.parse_args()
    bare, ours = BareDatasette("bare Datasette", stock=True), Server("the site", stock=False)
    ids = _first_ids()
    rows: list[tuple[str, float, float, float]] = []
    beside: list[tuple[float, float]] = []
    try:
        bare.start()
        ours.start()
        colds = {page: _ask(ours, page.format(**ids), "") for page in options.pages}
        bare_cold = _ask(bare, TABLE, "")
        for page in options.pages:
            fresh = []
            for _ in range(options.views):
                token = secrets.token_hex(6)
                beside.append(_ask(bare, TABLE, token))
                fresh.append(_ask(ours, page.format(**ids), token))
            rows.append((page.format(**ids), colds[page][0], *(statistics.median(each) for each in zip(*fresh, strict=True))))
    finally:
        bare.stop()
        ours.stop()
    clock, work = (statistics.median(each) for each in zip(*beside, strict=True))
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}, {time.strftime('%Y-%m-%d')}.\n")
    print("| page | cold, ms | fresh, ms | processor, ms | times bare, clock | times bare, processor |\n|---|--:|--:|--:|--:|--:|")
    print(f"| bare Datasette, {TABLE} | {bare_cold[0]:.0f} | {clock:.0f} | {work:.0f} | 1.00 | 1.00 |")
    for page, cold, fresh_clock, fresh_work in rows:
        times = fresh_work / work
        mark = "" if times <= TARGET else " *"
        print(f"| {page} | {cold:.0f} | {fresh_clock:.0f} | {fresh_work:.0f} | {fresh_clock / clock:.2f} | {times:.2f}{mark} |")


if __name__ == "__main__":
    main()
