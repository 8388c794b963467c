"""Apostrophes of our own words: labels, summaries and notes have one kind (’), whichever was typed; titles and quotes keep theirs."""

from __future__ import annotations

import re
from typing import overload

TYPED = re.compile(r"(?<=\w)'(?=\w)|(?<=s)'(?= )")  # OpenAI's, both firms' heads


@overload
def set_apostrophes(text: str) -> str: ...
@overload
def set_apostrophes(text: None) -> None: ...
def set_apostrophes(text: str | None) -> str | None:
    """Return a text of ours with typographic apostrophes; None, where there is no text, for None."""
    return TYPED.sub("’", text) if text else text
