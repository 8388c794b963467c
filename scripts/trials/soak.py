"""Keep many readers reading for minutes, then stop the server in the middle of it: no error, no growth of memory, no answer cut.

The load is mixed: pages, tables, rows, searches, questions, streams and feeds, each address with a part of its own so that
answers differ. All of it stays on this machine.
"""

from __future__ import annotations

import argparse
import random
import signal
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from trials.attack import Broken, Request, answer, memory, serving, try_on_a_database

GROWTH = 1.05  # of memory after the warm-up
WARM_UP = 0.1  # share of the time after which memory is first looked at: under load answers that are being made take room, too
NUMBERS = range(1, 91)  # what stands for {n} in an address, so that answers differ
SHORTEST = 1.0  # minutes after which growth of memory says something
LOAD = (
    *("/", "/timeline", "/timeline?zone=beijing", "/people/sam-altman", "/organisations/openai", "/leadership", "/leadership/people"),
    *("/leadership/claims?_size={n}", "/leadership/events?_facet=story&_size={n}", "/leadership/statements?_facet=rank&_offset={n}"),
    *("/leadership/people/sam-altman", "/leadership/people/mira-murati.json", "/leadership/sources.json?_shape=array&n={n}"),
    *("/-/find?q=altman+{n}", "/-/find?q=董", "/leadership/headcount", "/leadership/headcount.json?n={n}", "/leadership/exits_by_month"),
    *("/leadership/claims.csv?_stream=on", "/leadership/feed_timeline.atom", "/leadership/calendar.ics", "/sitemap.xml", "/llms.txt"),
    *("/leadership.json?sql=select+{n}", "/-/dashboards/overview", "/static/site.css", "/id/sam-altman", "/leadership/people?_search=mira"),
)  # fmt: skip


def addresses() -> list[str]:
    """Return every address that readers may ask for, each once."""
    return list(dict.fromkeys(pattern.format(n=n) for pattern in LOAD for n in NUMBERS))


class Client(threading.Thread):
    """One reader who asks for page after page until told to stop."""

    def __init__(self, port: int, seed: int, stopping: threading.Event, closing: threading.Event):
        super().__init__(daemon=True)
        self.port, self.random, self.stopping = port, random.Random(seed), stopping
        self.closing = closing
        self.answers, self.refused, self.errors = 0, 0, list[str]()

    def run(self) -> None:
        while not self.stopping.is_set():
            path = self.random.choice(LOAD).format(n=self.random.choice(NUMBERS))
            try:
                status, _, _ = answer(self.port, Request(path))
            except ConnectionRefusedError:  # nobody listens any more: this reader was not let in, and not cut
                self.refused += 1
                return
            except ConnectionResetError as error:
                if self.closing.is_set():  # the system had taken the connection, the server had not: reset before any byte of an answer
                    self.refused += 1
                    return
                self.errors.append(f"{path}: {error!r}")
                continue
            except OSError as error:
                self.errors.append(f"{path}: {error!r}")
                continue
            self.answers += 1
            if status not in (200, 302):
                self.errors.append(f"{path}: {status}")


def warm_up(port: int, clients: int) -> None:
    """Ask for each address once, many at a time, so that all is kept that the server means to keep."""
    with ThreadPoolExecutor(clients) as readers:
        list(readers.map(lambda path: answer(port, Request(path)), addresses()))


def soak(database: Path, minutes: float, clients: int, progress: bool = False) -> dict[str, Any]:
    """Read with so many clients for so long, stop the server under load, return figures. Raises Broken."""
    with serving(database) as (port, process):
        stopping, closing = threading.Event(), threading.Event()
        readers = [Client(port, number, stopping, closing) for number in range(clients)]
        if minutes >= SHORTEST:
            warm_up(port, clients)
        warm = most = 0
        began = time.monotonic()
        for reader in readers:
            reader.start()
        while (passed := time.monotonic() - began) < minutes * 60:
            time.sleep(0.5)
            held = memory(process.pid)
            if passed >= minutes * 60 * WARM_UP:
                warm = warm or held
                most = max(most, held)
            if progress:
                done = sum(reader.answers for reader in readers)
                print(f"\r{passed:.0f} s, {done:,} answers, {held / 1e6:.0f} MB ", end="", file=sys.stderr, flush=True)
        at_last = min(memory(process.pid) for _ in range(5))
        errors = [error for reader in readers for error in reader.errors]
        answers = sum(reader.answers for reader in readers)
        stopped = time.monotonic()
        closing.set()
        process.send_signal(signal.SIGTERM)
        code = process.wait(60)
        took = time.monotonic() - stopped
        stopping.set()
        for reader in readers:
            reader.join(30)
        cut = [error for reader in readers for error in reader.errors][len(errors) :]
    figures = {
        "minutes": minutes,
        "clients": clients,
        "answers": answers,
        "answers a second": round(answers / (minutes * 60), 1),
        "memory after warm-up": f"{warm / 1e6:.1f} MB",
        "memory at the most": f"{most / 1e6:.1f} MB",
        "memory at the end": f"{at_last / 1e6:.1f} MB",
        "growth": f"{(at_last / max(warm, 1) - 1) * 100:.1f} %",
        "seconds to stop": round(took, 2),
        "exit status": code,
        "errors": errors[:5],
        "cut by the stop": cut[:5],
    }
    if errors or cut:
        raise Broken(f"{len(errors)} errors, {len(cut)} answers cut: {figures}")
    if minutes >= SHORTEST and at_last > warm * GROWTH:
        raise Broken(f"memory grew: {figures}")
    return figures


def main() -> int:
    parser = argparse.ArgumentParser(description="Keep many readers reading for minutes, then stop the server in the middle of it.")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--clients", type=int, default=32)
    options = parser.parse_args()
    return try_on_a_database(lambda database: soak(database, options.minutes, options.clients, progress=True))


if __name__ == "__main__":
    sys.exit(main())
