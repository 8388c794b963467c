"""Security headers on every response, with a Content-Security-Policy that lets only our own templates' scripts run; and CORS.

Scripts that stand in a template's source get a nonce when the template is compiled; what a reader or the data put into a
page does not. No page compiles code at run time: Vega's expressions are interpreted (metadata.yml, chart_tool.py). What may be framed by
pages of other hosts says so by a header of its own (pictures.py), and is the only such thing.
"""

from __future__ import annotations

import secrets
from contextvars import ContextVar
from typing import Any

from datasette import hookimpl
from jinja2.ext import Extension

HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "SAMEORIGIN",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), interest-cohort=()",
    "cross-origin-opener-policy": "same-origin",
}


NONCE: ContextVar[str] = ContextVar("csp_nonce", default="")  # of the response that is being made


class ScriptNonce(Extension):
    """Puts `nonce="{{ csp_nonce() }}"` into each script tag of a template's source, before the template is compiled."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return source.replace("<script", '<script nonce="{{ csp_nonce() }}"')


def content_security_policy(nonce: Any) -> str:
    """Return the policy for a page: everything from this host only, scripts by nonce only."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'nonce-{nonce}'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'self'",
            "manifest-src 'self'",
            "worker-src 'self' blob:",
        )
    )


@hookimpl
def prepare_jinja2_environment(env: Any) -> None:
    """Compile templates with nonces; a global, because Datasette's error pages know nothing of template variables."""
    env.add_extension(ScriptNonce)
    env.globals["csp_nonce"] = NONCE.get


@hookimpl
def asgi_wrapper(datasette: Any) -> Any:
    """Add the headers to whatever the application answers."""

    def wrap(app: Any) -> Any:
        async def with_headers(scope: dict[str, Any], receive: Any, send: Any) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            nonce = secrets.token_urlsafe(16)
            NONCE.set(nonce)

            async def send_with_headers(message: dict[str, Any]) -> None:
                if message["type"] == "http.response.start":
                    known = {name.lower() for name, _ in message.get("headers", [])}
                    added = {**HEADERS, "content-security-policy": content_security_policy(nonce)}
                    if datasette.cors:  # Datasette has it on tables and rows only; a browser needs it on redirects and all data
                        added["access-control-allow-origin"] = "*"
                    policies = [value for name, value in message.get("headers", []) if name.lower() == b"content-security-policy"]
                    if any(b"frame-ancestors *" in value for value in policies):
                        del added["x-frame-options"]  # which can only forbid
                    extra = [(name.encode(), value.encode()) for name, value in added.items() if name.encode() not in known]
                    message = {**message, "headers": [*message.get("headers", []), *extra]}
                await send(message)

            await app(scope, receive, send_with_headers)

        return with_headers

    return wrap
