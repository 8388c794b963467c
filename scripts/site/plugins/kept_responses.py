"""Keeps answers in memory and gives them again: the database is immutable, so the same question has the same answer.

It is the outermost layer around Datasette, so what the other layers add (the security headers) is kept with each answer. An
answer is kept as long as its Cache-Control allows, and no longer: a reader's own SQL may ask for the time or for chance. What is
least used goes first once the bound is reached. Every kept answer has an ETag, and a gzipped form that is made once.

**Nonces.** Pages name the nonce of their Content-Security-Policy. It is cut out of the kept page and of the kept header, and each
answer gets a fresh one in both. A nonce that stays would be no risk for what the server writes (what an attacker adds to the
address makes another page, with another nonce), but anyone could read it and use it where a page's own scripts write what the
server never sees, such as the fragment in which charts are configured. Cut out, never marked by a placeholder: nothing in the
data can be taken for the place of a nonce. Two answers thus differ in bytes, so the ETag of a page with nonces is a weak one. A
304 carries no policy: the browser's stored page keeps the policy, and the nonce, with which it came.

What is never kept: answers to anything but GET (HEAD is answered from the kept GET), to requests with cookies or credentials, errors,
answers that set cookies or forbid keeping, live pages, what breaks off before its end, and what is larger than MOST_BYTES, which is
streamed as it comes. Other hosts' names are other keys, because pages hold absolute addresses.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import secrets
import struct
import time
import zlib
from collections.abc import Awaitable, Callable, Iterable
from functools import lru_cache
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from cachetools import TLRUCache
from datasette import hookimpl
from presentation.replies import names_any
from presentation.settings import FILES

MOST_KEPT = 64 * 1024 * 1024  # bytes, both forms of all answers together
MOST_BYTES = 2 * 1024 * 1024  # of one answer
OVERHEAD = 4096  # what an entry takes beside its bodies: headers, key, objects
LEAST_GZIPPED = 1024
GZIP_LEVEL = 6
YEAR = 365 * 24 * 3600
FOREVER = b"public, max-age=%d, immutable" % YEAR

# These show the state of the server or of one reader.
LIVE_PATHS = ("/-/mcp", "/-/actor", "/-/threads", "/-/permissions", "/-/allow-debug", "/-/messages", "/-/auth-token", "/-/logout")
OWN_DATABASES = {"_internal", "_memory"}  # of Datasette; readers cannot change them
KNOWN_VARIATIONS = {b"cookie", b"authorization", b"accept-encoding"}  # an answer that varies by anything else is not kept
REPLACED = {b"cache-control", b"content-length", b"content-security-policy", b"vary"}
NOT_IN_304 = {b"content-type", b"content-disposition"}  # neither are length, encoding and policy, which are added below
TEXT_TYPES = re.compile(rb"text/|application/(?:[a-z.+-]*\+)?(?:json|xml|javascript)|image/svg\+xml")
FORBIDDING = re.compile(rb"no-store|no-cache|private", re.I)
MAX_AGE = re.compile(rb"max-age=(\d{1,9})", re.I)
NONCE = re.compile(rb"'nonce-([^']+)'")
# A build puts a digest into the names of its files; Datasette and templates may give one as the whole query string.
DIGEST_IN_NAME = re.compile(rb"\.[0-9a-f]{8,64}\.(?:js|css)$")
DIGEST_IN_QUERY = re.compile(rb"[0-9a-f]{6,64}")
# Facets that took too long under load are missing from a page; the next reader may be luckier.
UNFINISHED = (b'<p class="facets-timed-out">', b'"facets_timed_out": ["')

GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"

App = Callable[..., Awaitable[None]]
Headers = list[tuple[bytes, bytes]]
Store = TLRUCache  # from (scheme, host, path, query string) to Kept


class Kept(NamedTuple):
    """An answer without its nonces: the pieces between them, as they are and deflated."""

    headers: Headers  # those that do not depend on the form or the nonce
    policy: tuple[bytes, ...]  # the Content-Security-Policy in pieces; empty if there is none
    body: tuple[bytes, ...]
    packed: tuple[bytes, ...]  # deflated, for bodies of one piece the whole gzip file; empty if it is not worth it
    digest: bytes
    seconds: int

    @property
    def size(self) -> int:
        """How much of the bound it takes."""
        return sum(map(len, (*self.body, *self.packed))) + OVERHEAD

    def tag(self, gzipped: bool) -> bytes:
        """Return the ETag: weak where answers differ by their nonce, else one for each form."""
        if len(self.body) > 1:
            return b'W/"%s"' % self.digest
        return b'"%s-gzip"' % self.digest if gzipped else b'"%s"' % self.digest

    def is_meant_by(self, if_none_match: bytes) -> bool:
        """Tell whether a reader already has it, in whichever form."""
        return names_any(if_none_match, {b'"%s"' % self.digest, b'"%s-gzip"' % self.digest})

    def render(self, gzipped: bool, nonce: bytes) -> bytes:
        """Return the body with the nonce in its places.

        The gzipped form is put together from pieces that were deflated independently of each other; the nonce stands between
        them as a block that is stored as it is. Only the checksum is made anew.
        """
        plain = nonce.join(self.body)
        if not gzipped:
            return plain
        if len(self.body) == 1:
            return self.packed[0]
        stored = struct.pack("<BHH", 0, len(nonce), len(nonce) ^ 0xFFFF) + nonce
        return GZIP_HEADER + stored.join(self.packed) + _trailer(plain)


def _trailer(plain: bytes) -> bytes:
    return struct.pack("<II", zlib.crc32(plain), len(plain) & 0xFFFFFFFF)


def _pack(pieces: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """Deflate the pieces so that none refers to another and each but the last ends at a whole byte."""
    deflate = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = [deflate.compress(piece) + deflate.flush(zlib.Z_FULL_FLUSH) for piece in pieces[:-1]]
    packed.append(deflate.compress(pieces[-1]) + deflate.flush())
    return tuple(packed) if len(pieces) > 1 else (GZIP_HEADER + packed[0] + _trailer(pieces[0]),)


def new_store(most: int = MOST_KEPT, timer: Callable[[], float] = time.monotonic) -> Store:
    """Return an empty store that never holds more than so many bytes."""
    return TLRUCache(most, ttu=lambda _, kept, now: now + kept.seconds, timer=timer, getsizeof=lambda kept: kept.size)


@lru_cache(maxsize=256)
def takes_gzip(accept_encoding: bytes) -> bool:
    """Tell whether a reader takes gzip, by the weights of its Accept-Encoding."""
    weights = {}
    for part in accept_encoding.lower().split(b","):
        name, _, weight = part.replace(b" ", b"").partition(b";q=")
        weights[name] = not weight or weight.strip(b"0.") != b""
    return weights.get(b"gzip", weights.get(b"*", False))


def may_be_kept(status: int, headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Tell by the start of an answer whether it may be kept."""
    if status != 200:
        return False
    for name, value in headers:
        if name in (b"set-cookie", b"etag", b"content-encoding", b"content-range"):  # the last three: somebody else's business
            return False
        if name == b"cache-control" and FORBIDDING.search(value):
            return False
        if name == b"vary" and not {part.strip().lower() for part in value.split(b",")} <= KNOWN_VARIATIONS:
            return False
        if name == b"content-length" and int(value) > MOST_BYTES:
            return False
    return True


def is_whole(body: bytes) -> bool:
    """Tell whether a page is all that it should be."""
    return not any(mark in body for mark in UNFINISHED)


def carries_digest(path: bytes, query: bytes, body: bytes) -> bool:
    """Tell whether the address of a static file changes with the file. A digest in a query string must be the file's."""
    if not path.startswith(tuple(prefix.encode() for prefix in FILES)):
        return False
    if not query:
        return bool(DIGEST_IN_NAME.search(path))
    named = DIGEST_IN_QUERY.fullmatch(query) is not None
    return named and any(hashlib.new(kind, body).hexdigest().startswith(query.decode()) for kind in ("sha1", "sha256"))


def kept_from(headers: Headers, body: bytes, path: bytes, query: bytes, seconds: int) -> Kept:
    """Make of a whole answer what is kept of it. `seconds`: how long, where the answer does not say."""
    known = dict(headers)
    cache_control = known.get(b"cache-control") or b"max-age=%d" % seconds
    if carries_digest(path, query, body):
        cache_control = FOREVER
    elif b"public" not in cache_control:
        cache_control = b"public, " + cache_control
    age = MAX_AGE.search(cache_control)
    vary = [value for name, value in headers if name == b"vary"]
    common = [(name, value) for name, value in headers if name not in REPLACED]
    common += [(b"cache-control", cache_control), (b"vary", b", ".join((*vary, b"Accept-Encoding")))]
    policy = known.get(b"content-security-policy", b"")
    nonce = NONCE.search(policy)
    pieces = tuple(body.split(nonce[1])) if nonce else (body,)
    worth = len(body) >= LEAST_GZIPPED and TEXT_TYPES.match(known.get(b"content-type", b""))
    return Kept(
        headers=common,
        policy=tuple(policy.split(nonce[1])) if nonce else (policy,) if policy else (),
        body=pieces,
        packed=_pack(pieces) if worth else (),
        digest=hashlib.sha256(b"\0".join(pieces)).hexdigest()[:32].encode(),
        seconds=min(int(age[1]), YEAR) if age else seconds,
    )


async def give(kept: Kept, asked: dict[bytes, bytes], head: bool, send: App) -> None:
    """Answer a request with what is kept, with a fresh nonce: whole, without its body, or as 304 if the reader has it."""
    gzipped = bool(kept.packed) and takes_gzip(asked.get(b"accept-encoding", b""))
    headers = [*kept.headers, (b"etag", kept.tag(gzipped))]
    if b"if-none-match" in asked and kept.is_meant_by(asked[b"if-none-match"]):
        status, body = 304, b""
        headers = [(name, value) for name, value in headers if name not in NOT_IN_304]
    else:
        nonce = secrets.token_urlsafe(16).encode()
        status, body = 200, kept.render(gzipped, nonce)
        headers.append((b"content-length", b"%d" % len(body)))
        if kept.policy:
            headers.append((b"content-security-policy", nonce.join(kept.policy)))
        if gzipped:
            headers.append((b"content-encoding", b"gzip"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if head else body})


class _Catcher:
    """Holds back what the application sends until it is clear whether it may be kept; if not, lets it all through."""

    def __init__(self, send: App, head: bool, given_up: asyncio.Event):
        self.send, self.head, self.given_up = send, head, given_up
        self.start: dict[str, Any] | None = None
        self.headers: Headers = []
        self.chunks: list[bytes] = []
        self.length = 0
        self.complete = False

    async def __call__(self, message: dict[str, Any]) -> None:
        if not self.given_up.is_set():
            if message["type"] == "http.response.start" and self.start is None:
                self.start = message
                self.headers = [(bytes(name).lower(), bytes(value)) for name, value in message.get("headers", [])]
                if not may_be_kept(message["status"], self.headers):
                    await self.let_through()
                return
            if message["type"] == "http.response.body":
                self.chunks.append(message.get("body", b""))
                self.length += len(self.chunks[-1])
                self.complete = not message.get("more_body", False)
                if self.length > MOST_BYTES:
                    await self.let_through()
                return
            await self.let_through()
        if self.head and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await self.send(message)

    async def let_through(self) -> None:
        """Send what was held back; from now on everything goes straight on."""
        self.given_up.set()
        if self.start is not None:
            await self.send(self.start)
        if self.chunks:
            body = b"" if self.head else b"".join(self.chunks)
            await self.send({"type": "http.response.body", "body": body, "more_body": not self.complete})
            self.chunks = []


def keep(app: App, store: Store, seconds: int = 300, may_keep: Callable[[str], bool] = lambda path: True) -> App:
    """Return the application with its answers kept in `store`. `may_keep` tells for a path whether its answers may be."""
    making: dict[tuple[Any, ...], asyncio.Event] = {}

    async def with_kept_responses(scope: dict[str, Any], receive: App, send: App) -> None:
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await app(scope, receive, send)
            return
        asked = dict(scope["headers"])
        if b"cookie" in asked or b"authorization" in asked:
            await app(scope, receive, send)
            return
        head = scope["method"] == "HEAD"
        path = (scope.get("raw_path") or scope["path"].encode()).partition(b"?")[0]
        query = scope.get("query_string", b"")
        key = (scope.get("scheme"), asked.get(b"host"), path, query)
        anew = b"no-cache" in asked.get(b"cache-control", b"") or b"no-cache" in asked.get(b"pragma", b"")  # a forced reload
        kept = None if anew else store.get(key)
        if kept is None and key in making and not anew:
            # The same page is just being made for another reader: many who come at once wait for one answer.
            await making[key].wait()
            kept = store.get(key)
        if kept is None:
            site_path = scope.get("site_path", scope["path"])  # without the prefix below which the site may stand
            if not may_keep(site_path):
                await app(scope, receive, send)
                return
            given_up = making[key] = asyncio.Event()
            catcher = _Catcher(send, head, given_up)
            try:
                await app({**scope, "method": "GET"}, receive, catcher)
                if given_up.is_set():
                    return
                body = b"".join(catcher.chunks)
                if not catcher.complete or not is_whole(body):
                    await catcher.let_through()
                    return
                kept = kept_from(catcher.headers, body, site_path.encode(), query, seconds)
                if kept.size <= store.maxsize:
                    store[key] = kept
            finally:
                given_up.set()
                if making.get(key) is given_up:
                    del making[key]
        await give(kept, asked, head, send)

    return with_kept_responses


STORES: WeakKeyDictionary[Any, Store] = WeakKeyDictionary()  # one for each instance, which may be wrapped more than once


@hookimpl(trylast=True)  # the last wrapper is the outermost
def asgi_wrapper(datasette: Any) -> Callable[[App], App]:
    """Keep the answers of an instance, provided that all of its databases are immutable."""
    store = STORES.setdefault(datasette, new_store())

    def may_keep(path: str) -> bool:
        mutable = any(database.is_mutable for name, database in datasette.databases.items() if name not in OWN_DATABASES)
        return not mutable and not path.startswith(LIVE_PATHS)

    return lambda app: keep(app, store, datasette.setting("default_cache_ttl"), may_keep)
