"""A web server on this machine that plays whatever a test tells it to, and remembers who asked for what and when."""

from __future__ import annotations

import asyncio
import gzip
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class PlayedClock:
    """A clock that stands still until somebody sleeps."""

    def __init__(self) -> None:
        self.time = 0.0

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.time += seconds
        await asyncio.sleep(0)


@dataclass
class Request:
    """A request as the server saw it; `time` is that of the test's clock."""

    path: str
    headers: dict[str, str]
    time: float


@dataclass
class Reply:
    """What is answered: a status, headers and bytes, or whatever `play` does with the handler."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "text/html; charset=utf-8"})
    play: Callable[[BaseHTTPRequestHandler], None] | None = None


@dataclass
class Pages:
    """The pages of the server by path. A path that has none answers 404, robots.txt among them."""

    port: int
    clock: PlayedClock
    replies: dict[str, Reply] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def address(self, path: str, host: str = "127.0.0.1") -> str:
        """Return the address of a path."""
        return f"http://{host}:{self.port}{path}"

    def page(self, path: str, html: str | bytes, status: int = 200, **headers: str) -> str:
        """Put a page at a path and return its address. Headers are written with underscores."""
        body = html.encode() if isinstance(html, str) else html
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.replies[path] = Reply(body, status, {"Content-Type": "text/html; charset=utf-8"} | named)
        return self.address(path)

    def packed(self, path: str, body: bytes, **headers: str) -> str:
        """Put a page that is packed by gzip at a path."""
        return self.page(path, gzip.compress(body), Content_Encoding="gzip", **headers)

    def redirect(self, path: str, to: str, status: int = 301) -> str:
        """Have a path lead elsewhere; return its address."""
        return self.page(path, "", status, Location=to)

    def play(self, path: str, play: Callable[[BaseHTTPRequestHandler], None]) -> str:
        """Have a path answered by a function."""
        self.replies[path] = Reply(play=play)
        return self.address(path)

    def asked(self, *, robots: bool = False) -> list[str]:
        """Return the paths that were asked for, in order."""
        return [request.path for request in self.requests if robots or request.path != "/robots.txt"]


@contextmanager
def serving_pages() -> Iterator[Pages]:
    """Serve on a free port of 127.0.0.1 until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            pages.requests.append(Request(self.path, dict(self.headers), pages.clock.now()))
            reply = pages.replies.get(self.path, Reply(b"Not here.", 404))
            if reply.play:
                self.close_connection = True
                reply.play(self)
                return
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    pages = Pages(server.server_address[1], PlayedClock())
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield pages
    finally:
        pages.ended.set()
        server.shutdown()
        server.server_close()
        thread.join()
