"""One round: every target is asked for, several hosts at once and one page of a host after the other."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

import httpx

from .archives import archived_copy
from .fetching import Fetcher, Limits
from .hosts import Clock, Hosts, WallClock
from .judging import judge, known_page
from .recording import Verification
from .targets import Target

Key = tuple[str, str]


@dataclass(frozen=True)
class Manner:
    """How to ask: with which contact in the user agent, how long and how much, of how many hosts at once, by which clock.

    With `archive`, the address of an API, copies of the pages are asked for there. `transport` is for tests that need no server.
    """

    contact: str
    limits: Limits = field(default_factory=Limits)
    hosts_at_once: int = 8
    clock: Clock = field(default_factory=WallClock)
    archive: str = ""
    transport: httpx.AsyncBaseTransport | None = None


async def verify(
    targets: Iterable[Target], before: Mapping[Key, Verification], manner: Manner, today: str, keep: Callable[[Verification], None]
) -> None:
    """Ask for every target and hand each verification to `keep` as soon as it is there: a round that is broken off loses none."""
    by_host: dict[str, list[Target]] = defaultdict(list)
    for target in targets:
        by_host[_host(target.address)].append(target)
    places = asyncio.Semaphore(manner.hosts_at_once)

    async def ask_host(of_host: list[Target]) -> None:
        async with places:
            for target in of_host:
                keep(await _verify_one(fetcher, target, before.get(target.key), manner.archive, today))

    async with Fetcher(Hosts(manner.clock), manner.contact, manner.limits, manner.transport) as fetcher, asyncio.TaskGroup() as tasks:
        for of_host in by_host.values():
            tasks.create_task(ask_host(of_host))


async def _verify_one(fetcher: Fetcher, target: Target, before: Verification | None, archive: str, today: str) -> Verification:
    answer = await fetcher.fetch(target.address, known_page(target, before))
    verification = judge(target, answer, before, today)
    copy = await archived_copy(fetcher, archive, target.address) if archive else None
    return replace(verification, archived_at=copy or verification.archived_at)


def _host(address: str) -> str:
    """Return the host of an address; what has none is a host of its own, about which the fetcher will say what is wrong."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return address
