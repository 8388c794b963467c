"""Copies in a web archive: what the availability API of the Wayback Machine, or one that answers as it does, knows of an address."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx

from .fetching import Fetcher

WAYBACK = "https://archive.org/wayback/available"
ADDRESS = re.compile(r"https?://[\x21-\x7e]{1,1990}")


async def archived_copy(fetcher: Fetcher, api: str, address: str) -> str | None:
    """Return the address of a copy that the archive has of a page, None if it has none or does not say."""
    answer = await fetcher.fetch(str(httpx.URL(api).copy_merge_params({"url": address})))
    if answer.status != 200:
        return None
    try:
        closest: Any = json.loads(answer.body)["archived_snapshots"]["closest"]
        copy = closest["url"] if closest["available"] is True else None
    except (ValueError, KeyError, TypeError, RecursionError):  # nothing known, or no answer of this kind
        return None
    return copy if isinstance(copy, str) and ADDRESS.fullmatch(copy) else None
