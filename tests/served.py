"""The site as readers get it: one server a test process, on a free port, with the real data; and a browser to look at it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from leadership import paths

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--renderer-process-limit=1",  # a process for each page would read and compile the same scripts and fonts again
]


@contextmanager
def serving(database: Path, *arguments: str) -> Iterator[str]:
    """Serve a database as `make serve` does, with further arguments; yield the address without a path."""
    port = _free_port()
    environment = {**os.environ, "PYTHONPATH": str(paths.ROOT / "scripts")}
    with subprocess.Popen(
        [sys.executable, "-m", "leadership", "serve", "--port", str(port), "--database", str(database), *arguments],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        address = f"http://127.0.0.1:{port}"
        try:
            _wait_for(address, process)
            yield address
        finally:
            process.terminate()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(900):
        if process.poll() is not None:
            raise RuntimeError("the server stopped before it answered; run `make serve` to see why")
        try:
            with urllib.request.urlopen(f"{address}/-/versions.json", timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not answer within 90 seconds")
