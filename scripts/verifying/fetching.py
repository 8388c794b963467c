"""Getting one page over HTTP: robots.txt first, redirects followed, time and size bounded, nothing raised that a page can cause.

httpx is the client: it comes with Datasette, and its streams let a body be refused before it is read. robots.txt is read by
Protego, Scrapy's reader, because Python's own knows neither `*` nor the longest match of RFC 9309 and would ask for what is forbidden.
"""

from __future__ import annotations

import asyncio
import re
import ssl
import zlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

from .hosts import Hosts, Rules

ROBOT = "leadership-dataset-verify"  # the name by which robots.txt may speak of us
REDIRECTS = frozenset((301, 302, 303, 307, 308))
FOR_GOOD = frozenset((301, 308))
TEXT_TYPES = re.compile(r"text/.*|application/(xml|json)|.*\+(xml|json)", re.IGNORECASE)
NO_TEXT = (b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")  # how files begin that some servers call text
PRINTABLE = re.compile(r"[\x20-\x7e]*")
PACKINGS = {"": False, "identity": False, "gzip": True, "x-gzip": True}
GZIP = 31  # as zlib numbers it
ROBOTS_BYTES = 512_000  # RFC 9309 asks for 500 KiB at the least
NO_HTTP = "the connection broke off, or what came is not as HTTP has it"  # so httpx takes redirects whose address cannot be read
LONGEST_ADDRESS = 2_000


@dataclass(frozen=True)
class Limits:
    """How long one request may take, how much of a page is read, and how many redirects are followed."""

    seconds: float = 30.0
    size: int = 5_000_000
    redirects: int = 10


@dataclass(frozen=True)
class Known:
    """A page that was fetched before: where it stood in the end, and the headers that ask whether it has changed since."""

    address: str
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    """What came back. `status` is None where no server answered.

    `problem` says why there is no page, `refused` that we may not have it. `address` is where it came from in the end, after
    redirects; `for_good` tells that all of them were permanent. A `cut` body is larger than is read, or broken off.
    """

    address: str
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    cut: bool = False
    for_good: bool = True
    problem: str = ""
    refused: bool = False

    def header(self, name: str) -> str:
        """Return a header that may be kept in a file: printable and of reasonable length, "" if there is none such."""
        value = self.headers.get(name, "").strip()
        return value if len(value) <= 200 and PRINTABLE.fullmatch(value) else ""

    @property
    def is_text(self) -> bool:
        """Tell whether the body is text, by what the server says and by its first bytes."""
        media = self.headers.get("content-type", "").split(";")[0].strip()
        return not self.body.startswith(NO_TEXT) and bool(TEXT_TYPES.fullmatch(media) if media else b"\0" not in self.body)


class Fetcher:
    """Fetches pages by the rules of their hosts. Use it as an asynchronous context."""

    def __init__(self, hosts: Hosts, contact: str, limits: Limits, transport: httpx.AsyncBaseTransport | None = None):
        self.hosts, self.limits = hosts, limits
        self._rules: dict[str, Rules | None] = {}
        self._reading: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._client = httpx.AsyncClient(
            headers={
                "User-Agent": f"{ROBOT}/1.0 (+{contact})",
                "Accept": "text/html,application/xhtml+xml,text/*;q=0.9,*/*;q=0.5",
                "Accept-Encoding": "gzip",  # unpacked here, where a small body that unpacks to a huge one is stopped in time
            },
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),  # none is kept: no page should know what else we read
            timeout=None,  # the whole of a request is timed here, or a server could send a byte now and then for ever
            transport=transport,
        )

    async def __aenter__(self) -> Fetcher:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def fetch(self, address: str, known: Known | None = None) -> Answer:
        """Return what stands at an address, following redirects; with `known`, whether it has changed is asked first."""
        current, for_good, seen = plain_address(address), True, set[str]()
        while True:
            seen.add(current)
            headers = known.headers if known and current == plain_address(known.address) else {}
            answer = replace(await self._ask(current, headers), for_good=for_good)
            if answer.status not in REDIRECTS:
                return answer
            following = _join(current, answer.headers.get("location", ""))
            if following is None:
                return replace(answer, problem="it redirects to no address of the web")
            if following in seen:
                return replace(answer, problem="redirects lead in a circle")
            if len(seen) > self.limits.redirects:
                return replace(answer, problem=f"more than {self.limits.redirects} redirects")
            for_good = for_good and answer.status in FOR_GOOD
            current = following

    async def _ask(self, address: str, headers: Mapping[str, str]) -> Answer:
        """Ask for one address if its host lets us."""
        url = _parse(address)
        if url is None:
            return Answer(address, problem="it is no address of the web")
        rules = await self._rules_of(url)
        if rules is None:
            return Answer(address, problem="robots.txt could not be fetched, so the host may not be asked")
        if reason := rules.forbids(address, ROBOT) or self.hosts.closed.get(url.host, ""):
            return Answer(address, problem=reason, refused=True)
        answer = await self._get(url, headers, self.limits.size)
        if answer.status == 429:
            after = answer.header("retry-after")
            words = f"the host asks for fewer requests{f' (retry after {after})' if after else ''}"
            self.hosts.closed[url.host] = words
            answer = replace(answer, problem=words, refused=True)
        return answer

    async def _rules_of(self, url: httpx.URL) -> Rules | None:
        """Return what robots.txt of the address's host says, fetched once a round; None if the host does not answer."""
        origin = str(url.copy_with(raw_path=b"/", fragment=None))
        async with self._reading[origin]:
            if origin not in self._rules:
                answer = await self._get_robots(f"{origin}robots.txt")
                self._rules[origin] = rules = None if answer.status is None else _read_rules(answer)
                if rules:
                    self.hosts.gaps[url.host] = max(self.hosts.gaps.get(url.host, 0.0), rules.gap(ROBOT))
        return self._rules[origin]

    async def _get_robots(self, address: str) -> Answer:
        for _ in range(6):  # RFC 9309: five redirects at the least
            url = _parse(address)
            if url is None:
                break
            answer = await self._get(url, {}, ROBOTS_BYTES)
            following = _join(address, answer.headers.get("location", ""))
            if answer.status not in REDIRECTS or following is None:
                return answer
            address = following
        return Answer(address, status=404)  # as if there were none: what cannot be found forbids nothing

    async def _get(self, url: httpx.URL, headers: Mapping[str, str], size: int) -> Answer:
        """Send one request when it is the host's turn, and return its answer or why none came."""
        address = str(url)
        async with self.hosts.turn(url.host):
            try:
                async with asyncio.timeout(self.limits.seconds), self._client.stream("GET", url, headers=dict(headers)) as response:
                    answer = Answer(address, response.status_code, response.headers)
                    packing = response.headers.get("content-encoding", "").strip().lower()
                    if packing not in PACKINGS:
                        return replace(answer, problem="it is packed in a way that was not asked for")
                    if response.is_success and (answer.is_text or url.path == "/robots.txt"):
                        body, cut = await _read_body(response, size, PACKINGS[packing])
                        answer = replace(answer, body=body, cut=cut)
                    return answer
            except TimeoutError:
                return Answer(address, problem=f"no answer within {self.limits.seconds:g} seconds")
            except httpx.ConnectError as error:
                certificate = isinstance(_first_cause(error), ssl.SSLCertVerificationError)
                return Answer(address, problem="its certificate is not valid" if certificate else "the host cannot be reached")
            except (httpx.TransportError, httpx.InvalidURL):
                return Answer(address, problem=NO_HTTP)


def plain_address(address: str) -> str:
    """Return an address as it is asked for: without fragment, and escaped in one way; what is no address as it is."""
    try:
        return str(httpx.URL(address).copy_with(fragment=None))
    except (httpx.InvalidURL, ValueError):
        return address


async def _read_body(response: httpx.Response, size: int, packed: bool) -> tuple[bytes, bool]:
    """Return the body, unpacked and no longer than `size`, and whether something of it is left out."""
    unpack = zlib.decompressobj(GZIP) if packed else None
    body = bytearray()
    async for chunk in response.aiter_raw():
        while chunk:
            if unpack is None:
                body += chunk
                break
            try:
                body += unpack.decompress(chunk, size + 1 - len(body))
            except zlib.error:
                return bytes(body[:size]), True
            if len(body) > size:
                break
            chunk = unpack.unused_data if unpack.eof else unpack.unconsumed_tail
            if unpack.eof and chunk:
                unpack = zlib.decompressobj(GZIP)  # a packed body may consist of several parts
        if len(body) > size:
            return bytes(body[:size]), True
    return bytes(body), unpack is not None and not unpack.eof


def _read_rules(answer: Answer) -> Rules:
    """Return what an answer to a request for robots.txt means: no file, no rule; a host in trouble or behind a lock is left alone."""
    assert answer.status is not None
    if answer.status in (401, 403, 429) or answer.status >= 500:
        return Rules(refusal=f"robots.txt answers {answer.status}, so the host may not be asked")
    return Rules(answer.body.decode("utf-8-sig", "replace") if answer.status < 300 else "")


def _parse(address: str) -> httpx.URL | None:
    """Return an address of the web in its parts, None if it is none."""
    try:
        url = httpx.URL(address)
        return url if url.scheme in ("http", "https") and url.host and (url.port or 80) < 65536 and not url.userinfo else None
    except (httpx.InvalidURL, ValueError):  # ValueError: a host that no name can be
        return None


def _join(address: str, location: str) -> str | None:
    """Return where a redirect leads, without its fragment; None if it does not say, or leads to no address of the web."""
    if not location:
        return None
    try:
        joined = plain_address(str(httpx.URL(address).join(location)))
    except (httpx.InvalidURL, ValueError):
        return None
    return joined if len(joined) <= LONGEST_ADDRESS and PRINTABLE.fullmatch(joined) and _parse(joined) else None


def _first_cause(error: BaseException) -> BaseException:
    while following := error.__cause__ or error.__context__:
        error = following
    return error
