"""Where readers find the words of a page that was read: at the original first, and at a copy only as one.

A browser that knows text fragments opens the page at the words. A translation or a summary has not the words of the original, so
that this one is opened at its beginning.
"""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote, urlsplit

from .speaking import say

ORIGINAL = "original"  # codes of `read_how`
OTHER_WORDS = ("translation", "summary")


class PageLink(NamedTuple):
    """An address, and whether it is that of a copy and not of the original."""

    href: str
    is_copy: bool


def page_links(url: str | None, read_at: str | None, read_how: str | None, text: str | None = None) -> list[PageLink]:
    """Return the addresses of a page that was read, opened at `text` if it stands there.

    `url` is the original's own address, `read_at` where it was read and `read_how` (a code) in which form.
    """
    if read_how == ORIGINAL or not read_at:
        own = url or read_at
        return [PageLink(_at(own, text), False)] if own else []
    copy = PageLink(_at(read_at, text), True)
    return [PageLink(_at(url, None if read_how in OTHER_WORDS else text), False), copy] if url else [copy]


def known_by(outlet: str | None, byline: str | None, url: str | None, read_at: str | None) -> str:
    """Return by what readers know a source, in short: its outlet, else whoever signs it, else the host of its page or of a copy; or ""."""
    if outlet or byline:
        return outlet or byline or ""
    host = urlsplit(url or read_at or "").netloc.removeprefix("www.")
    return say("copy at %(host)s", host=host) if host and not url else host


def _at(address: str, text: str | None) -> str:
    return link_to_text(address, text) if text else address


def link_to_text(url: str, text: str) -> str:
    """Return the address at which a browser opens a page and shows `text` (a text fragment).

    A dash, a comma and an ampersand have a meaning of their own in such a link and are encoded like all that is not ASCII.
    """
    encoded = quote(text, safe="").replace("-", "%2D")
    page, _, fragment = url.partition("#")
    return f"{page}#{fragment}:~:text={encoded}"
