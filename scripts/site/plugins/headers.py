"""Security headers on every response, with a Content-Security-Policy that lets only our own templates' scripts run.

Scripts that stand in a template's source get a nonce when the template is compiled; what a reader or the data put into a
page does not. Vega compiles its expressions at run time and so needs `unsafe-eval`; only pages that draw with it have it.
"""

import secrets

from datasette import hookimpl
from jinja2.ext import Extension

DRAWING_PATHS = ("/leadership/", "/-/dashboards/")
DRAWING_EXACT = ("/leadership",)

HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "SAMEORIGIN",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), interest-cohort=()",
    "cross-origin-opener-policy": "same-origin",
}


class ScriptNonce(Extension):
    """Puts `nonce="{{ csp_nonce }}"` into each script tag of a template's source, before the template is compiled."""

    def preprocess(self, source, name, filename=None):
        return source.replace("<script", '<script nonce="{{ csp_nonce }}"')


def content_security_policy(path, nonce):
    """Return the policy for a page: everything from this host only, scripts by nonce only."""
    drawing = path in DRAWING_EXACT or path.startswith(DRAWING_PATHS)
    scripts = f"'nonce-{nonce}'" + (" 'unsafe-eval'" if drawing else "")
    return "; ".join((
        "default-src 'none'", f"script-src {scripts}", "style-src 'self' 'unsafe-inline'", "img-src 'self' data: blob:",
        "font-src 'self' data:", "connect-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'self'",
        "manifest-src 'self'", "worker-src 'self' blob:",
    ))


@hookimpl
def prepare_jinja2_environment(env):
    """Compile templates with nonces."""
    env.add_extension(ScriptNonce)


@hookimpl
def extra_template_vars(request):
    """Give templates the nonce of this response."""
    return {"csp_nonce": request.scope.get("csp_nonce", "") if request else ""}


@hookimpl
def asgi_wrapper(datasette):
    """Add the headers to whatever the application answers."""

    def wrap(app):
        async def with_headers(scope, receive, send):
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            nonce = secrets.token_urlsafe(16)
            scope = {**scope, "csp_nonce": nonce}

            async def send_with_headers(message):
                if message["type"] == "http.response.start":
                    known = {name.lower() for name, _ in message.get("headers", [])}
                    added = {**HEADERS, "content-security-policy": content_security_policy(scope["path"], nonce)}
                    extra = [(name.encode(), value.encode()) for name, value in added.items() if name.encode() not in known]
                    message = {**message, "headers": [*message.get("headers", []), *extra]}
                await send(message)

            await app(scope, receive, send_with_headers)

        return with_headers

    return wrap
