"""When a host may be asked, and for what: one request at a time, a second or more between two, and nothing that robots.txt forbids."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

from protego import Protego

GAP = 1.0  # seconds between the beginnings of two requests to a host
LONGEST_GAP = 60.0  # robots.txt may ask for more time than this between two requests; then the page is left alone


class Clock(Protocol):
    """What tells and passes the time, so that tests need not wait."""

    def now(self) -> float:
        """Return the seconds since some moment."""

    async def sleep(self, seconds: float) -> None:
        """Return when so many seconds have passed."""


class WallClock:
    """The time that really passes."""

    def now(self) -> float:
        """Return the seconds since some moment."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Return when so many seconds have passed."""
        await asyncio.sleep(seconds)


class Hosts:
    """The hosts that are asked in one round: when each was asked last, how long it wants to be left alone, and what it forbids."""

    def __init__(self, clock: Clock):
        self.clock = clock
        self.gaps: dict[str, float] = {}
        self.closed: dict[str, str] = {}  # hosts that asked for no more requests, with what they said
        self._last: dict[str, float] = {}
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait until the host may be asked, and keep others waiting until the block is done."""
        async with self._turns[host]:
            if host in self._last:
                wait = self._last[host] + max(GAP, self.gaps.get(host, GAP)) - self.clock.now()
                if wait > 0:
                    await self.clock.sleep(wait)
            self._last[host] = self.clock.now()
            yield


class Rules:
    """What a robots.txt says to us. `refusal` holds for all pages of the host, where the file itself could not be had."""

    def __init__(self, text: str = "", refusal: str = ""):
        self.refusal = refusal
        self._rules = Protego.parse(text)

    def forbids(self, address: str, robot: str) -> str:
        """Say why the address may not be fetched by a robot of that name, "" if it may."""
        if self.refusal:
            return self.refusal
        if not self._rules.can_fetch(address, robot):
            return "robots.txt forbids it"
        if self.gap(robot) > LONGEST_GAP:
            return f"robots.txt asks for more than {LONGEST_GAP:.0f} seconds between two requests"
        return ""

    def gap(self, robot: str) -> float:
        """Return how many seconds should lie between two requests of that robot."""
        rate = self._rules.request_rate(robot)
        return max(self._rules.crawl_delay(robot) or 0.0, rate.seconds / rate.requests if rate else 0.0, GAP)
