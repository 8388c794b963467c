"""What stands before an address: the path of another host below which the whole site may stand, and the language.

The first is the setting base_url, such as https://example.org/data/, made to hold everywhere. A proxy may hand on the prefix or cut it
off; here it is put back where it is missing, so that within the server every address is the one that readers see. The second is `zh/`
for pages in Chinese; English has none. To Datasette both together are the base_url of the request, so every link of a page in Chinese
leads to one in Chinese. What programs read (JSON, CSV, feeds, static files, permanent addresses) has one address, without a language.
`scope["site_path"]` is the address below both, for whoever asks which page it is.

Datasette makes some links from the address of the page and adds the prefix to some of these a second time. So its `urls.path` leaves
an address alone that has the prefix already; presentation/settings.py refuses a prefix that begins like an address of the site itself.
"""

from __future__ import annotations

import re
from contextvars import ContextVar
from functools import partial
from typing import Any

from datasette import hookimpl
from datasette.url_builder import Urls
from datasette.utils import PrefixedUrlString
from markupsafe import Markup
from presentation import patches
from presentation.speaking import CHINESE, ENGLISH, LANGUAGES, LEARNED, SPOKEN, TAGS, VOCABULARY

LINKS = ("source_url", "about_url")  # in metadata.yml they may be paths of the site
FOR_PROGRAMS = re.compile(
    r"/?(?:-/)?(?:static|static-plugins|downloads|id|cite\.[a-z.]+|mcp)(?:/|\?|$)"
    r"|(?!/?preview/|[^?]*\.chart\.)[^?]*\.(?:json|csv|db|xlsx|atom|ics|spreadsheet|jsonld|parquet|bib|ris|txt|xml|css|js|svg|png|html|blob)(?:\?|#|$)"
)
HERE: ContextVar[tuple[str, str]] = ContextVar("here", default=("/", ""))  # path below the prefixes, and query string


class UrlsPrefixedOnce(Urls):
    """Makes addresses as Datasette does, but never with the prefix twice, and those of what programs read without a language."""

    def path(self, path: str, format: Any = None) -> Any:
        base, plain = self.ds.setting("base_url"), _plain_base(self.ds)
        if base != "/" and path.startswith(base):
            path = PrefixedUrlString(path)
        made = str(super().path(path, format))
        if base != plain and made.startswith(base) and FOR_PROGRAMS.match(made.removeprefix(base)):
            made = plain + made.removeprefix(base)
        return PrefixedUrlString(made)


def _plain_base(datasette: Any) -> Any:
    return datasette._settings["base_url"]


@hookimpl(tryfirst=True)  # before tables inherit the links of the metadata
def startup(datasette: Any) -> None:
    """Have every plugin and template make its addresses so, and the metadata's own links too; without a prefix nothing changes."""
    patches.make_addresses_by(UrlsPrefixedOnce)
    patches.replace(datasette, "setting", _add_the_language)
    patches.replace(datasette, "_metadata_sources", partial(_prefix_links, datasette))
    patches.keep_context_in_threads(datasette)


def _add_the_language(set_to: Any) -> Any:
    def setting(key: Any) -> Any:
        found = set_to(key)
        return f"{found}{CHINESE}/" if key == "base_url" and SPOKEN.get() == CHINESE else found

    return setting


def _prefix_links(datasette: Any, look_up: Any) -> Any:
    def sources(*asked: Any) -> Any:
        for source in look_up(*asked):
            yield {**source, **{name: _link(datasette, source[name]) for name in LINKS if name in source}}

    return sources


def _link(datasette: Any, link: Any) -> Any:
    return datasette.urls.path(link) if isinstance(link, str) and link.startswith("/") else link


@hookimpl
def prepare_jinja2_environment(env: Any, datasette: Any) -> None:
    """Let pages name the same page in each language."""

    def languages(request: Any = None) -> Any:
        path, query = HERE.get()
        rest = path.lstrip("/") + (f"?{query}" if query else "")
        base = _plain_base(datasette)
        found = []
        for language, name in LANGUAGES.items():
            href = base + (f"{language}/" if language != ENGLISH else "") + rest
            whole = datasette.absolute_url(request, href) if request else href
            found.append({"name": Markup(name), "tag": TAGS[language], "href": href, "whole": whole, "is_here": language == SPOKEN.get()})
        return found

    def in_language(link: Any) -> Any:
        """Return a path that the metadata names, in the language of the page."""
        plain = _plain_base(datasette)
        is_foreign = not isinstance(link, str) or not link.startswith(plain) or SPOKEN.get() == ENGLISH
        # As plain text: what is marked as having its prefix would be left as it is, without its first slash.
        return link if is_foreign or link.startswith(datasette.setting("base_url")) else datasette.urls.path(str(link).removeprefix(plain))

    env.globals["in_language"] = in_language
    env.globals["languages"] = languages
    env.globals["html_lang"] = lambda: TAGS[SPOKEN.get()]


@hookimpl(hookwrapper=True)  # after all others, whatever their order: the outermost layer
def asgi_wrapper(datasette: Any) -> Any:
    """Put the prefix back where a proxy has cut it off, note the address below it, and speak the language of the address."""

    def wrap(app: Any) -> Any:
        base = _plain_base(datasette)

        async def with_prefix(scope: dict[str, Any], receive: Any, send: Any) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
            elif scope["path"] == base.rstrip("/") != "":
                await _redirect(send, base)
            else:
                scope = _prefixed(scope, base)
                if scope["site_path"] == f"/{CHINESE}":
                    await _redirect(send, f"{base}{CHINESE}/")
                    return
                language, scope = _spoken(scope, base)
                SPOKEN.set(language)
                VOCABULARY.set(LEARNED.get(datasette))
                raw = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1").partition("?")[0]
                raw = raw.removeprefix(base).removeprefix(f"{CHINESE}/") if language == CHINESE else raw.removeprefix(base)
                HERE.set(("/" + raw, scope.get("query_string", b"").decode("latin-1")))
                await app(scope, receive, send)

        return with_prefix

    outcome = yield
    outcome.force_result([*outcome.get_result(), wrap])


def _prefixed(scope: dict[str, Any], base: Any) -> dict[str, Any]:
    """Return a scope whose path has the prefix, with its path below the prefix as `site_path`."""
    if scope["path"].startswith(base):
        return {**scope, "site_path": "/" + scope["path"].removeprefix(base)}
    above = base.removesuffix("/")
    raw = scope.get("raw_path")
    return {**scope, "site_path": scope["path"], "path": above + scope["path"], "raw_path": raw and above.encode() + raw}


def _spoken(scope: dict[str, Any], base: Any) -> tuple[Any, ...]:
    """Return the language of an address, and its scope: what programs read is found at its one address, in no language."""
    path, language = scope["site_path"], f"/{CHINESE}/"
    if not path.startswith(language):
        return ENGLISH, scope
    rest = "/" + path.removeprefix(language)
    if not FOR_PROGRAMS.match(rest):
        return CHINESE, {**scope, "site_path": rest}
    raw = scope.get("raw_path")
    raw = raw and raw.replace(f"{base}{CHINESE}/".encode(), base.encode(), 1)
    return ENGLISH, {**scope, "site_path": rest, "path": base.removesuffix("/") + rest, "raw_path": raw}


async def _redirect(send: Any, address: Any) -> None:
    await send({"type": "http.response.start", "status": 302, "headers": [(b"location", address.encode())]})
    await send({"type": "http.response.body", "body": b""})
