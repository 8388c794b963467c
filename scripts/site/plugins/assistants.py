"""The MCP endpoint, for assistants in programs and in web pages of other hosts.

**No sessions.** The tools only read, and no answer depends on the one before, so each request stands alone and nothing is remembered of
who asks: however many begin a conversation, the server holds none, and none is lost when it restarts. So there is nothing that GET
could listen to or DELETE could end; both are answered with 405, as the protocol allows, and clients go on without.

**Pages of other hosts** may ask as they may read JSON. A browser first asks by OPTIONS whether it may send JSON and the protocol's own
headers.
"""

from __future__ import annotations

from typing import Any

from datasette import hookimpl
from presentation.patches import hold_no_sessions

PATH = "/-/mcp"
ALLOWED = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-allow-methods", b"POST, OPTIONS"),
    (b"access-control-allow-headers", b"Authorization, *"),  # the star means all others
    (b"access-control-expose-headers", b"*"),
]
FOR_AN_HOUR = (b"access-control-max-age", b"3600")
TYPE = (b"content-type", b"text/plain; charset=utf-8")
FOR_ASSISTANTS = (
    b"This address answers assistants (MCP, streamable HTTP). They ask by POST; there are no sessions to listen to or to end.\n"
)


@hookimpl
def register_mcp_tools(mcp: Any) -> None:
    """Add no tools, but have the server be made without sessions."""
    hold_no_sessions(mcp)


@hookimpl
def asgi_wrapper(datasette: Any) -> Any:
    """Answer OPTIONS as for JSON, tell of other methods that they lead nowhere, and let pages of other hosts read the answers."""

    def wrap(app: Any) -> Any:
        async def for_assistants(scope: dict[str, Any], receive: Any, send: Any) -> None:
            if scope["type"] != "http" or scope.get("site_path", scope["path"]) != PATH:
                await app(scope, receive, send)
            elif scope["method"] == "OPTIONS":
                await _answer(send, 200, b"ok", FOR_AN_HOUR)
            elif scope["method"] != "POST":
                await _answer(send, 405, FOR_ASSISTANTS, (b"allow", b"POST, OPTIONS"))
            else:

                async def allow(message: dict[str, Any]) -> None:
                    if message["type"] == "http.response.start":
                        message = {**message, "headers": [*_without_cors(message.get("headers", [])), *ALLOWED]}
                    await send(message)

                await app(scope, receive, allow)

        return for_assistants

    return wrap


def _without_cors(headers: Any) -> list[Any]:
    return [(name, value) for name, value in headers if not name.lower().startswith(b"access-control-")]


async def _answer(send: Any, status: Any, body: Any, *headers: Any) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [TYPE, *ALLOWED, *headers]})
    await send({"type": "http.response.body", "body": body})
