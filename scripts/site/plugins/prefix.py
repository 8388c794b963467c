"""The whole site below a path of another host, such as https://example.org/data/: the setting base_url, made to hold everywhere.

A proxy may hand on the prefix or cut it off; here it is put back where it is missing, so that within the server every address is the
one that readers see. `scope["site_path"]` is the address below the prefix, for whoever asks which page it is.

Datasette makes some links from the address of the page and adds the prefix to some of these a second time. So its `urls.path` leaves
an address alone that has the prefix already; scripts/commands/serve.py refuses a prefix that begins like an address of the site itself.
"""

from datasette import app as datasette_app
from datasette import hookimpl
from datasette.url_builder import Urls
from datasette.utils import PrefixedUrlString

LINKS = ("source_url", "about_url")  # in metadata.yml they may be paths of the site


class UrlsPrefixedOnce(Urls):
    """Makes addresses as Datasette does, but never with the prefix twice."""

    def path(self, path, format=None):
        base = self.ds.setting("base_url")
        if base != "/" and path.startswith(base):
            path = PrefixedUrlString(path)
        return super().path(path, format)


@hookimpl(tryfirst=True)  # before tables inherit the links of the metadata
def startup(datasette):
    """Have every plugin and template make its addresses so, and the metadata's own links too; without a prefix nothing changes."""
    datasette_app.Urls = UrlsPrefixedOnce
    look_up = datasette.metadata

    def metadata(key=None, database=None, table=None, fallback=True):
        found = look_up(key, database, table, fallback)
        if key in LINKS:
            return _link(datasette, found)
        return found if key else {**found, **{name: _link(datasette, found[name]) for name in LINKS if name in found}}

    datasette.metadata = metadata


def _link(datasette, link):
    return datasette.urls.path(link) if isinstance(link, str) and link.startswith("/") else link


@hookimpl(hookwrapper=True)  # after all others, whatever their order: the outermost layer
def asgi_wrapper(datasette):
    """Put the prefix back where a proxy has cut it off, and note the address below it."""

    def wrap(app):
        base = datasette.setting("base_url")

        async def with_prefix(scope, receive, send):
            if scope["type"] != "http":
                await app(scope, receive, send)
            elif scope["path"] == base.rstrip("/") != "":
                await _redirect(send, base)
            else:
                await app(_prefixed(scope, base), receive, send)

        return with_prefix

    outcome = yield
    outcome.force_result([*outcome.get_result(), wrap])


def _prefixed(scope, base):
    """Return a scope whose path has the prefix, with its path below the prefix as `site_path`."""
    if scope["path"].startswith(base):
        return {**scope, "site_path": "/" + scope["path"].removeprefix(base)}
    above = base.removesuffix("/")
    raw = scope.get("raw_path")
    return {**scope, "site_path": scope["path"], "path": above + scope["path"], "raw_path": raw and above.encode() + raw}


async def _redirect(send, address):
    await send({"type": "http.response.start", "status": 302, "headers": [(b"location", address.encode())]})
    await send({"type": "http.response.body", "body": b""})
