"""Faults: what is wrong with the input, where, and what to do. One line each, all of them in one run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

LONGEST_LINE = 600


def _printable(text: str) -> str:
    """Return text as one line of bounded length. It may quote a file, which must not steer the terminal that shows it."""
    if len(text) > LONGEST_LINE:
        text = f"{text[: LONGEST_LINE // 2]} … {text[-LONGEST_LINE // 2 :]}"
    return text if text.isprintable() else "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that is wrong at one place of one file; `line` and `column` count from 1, 0 means the whole file."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return _printable(f"{place}: {self.message}")


class InputFaults(Exception):  # noqa: N818 (it carries faults of the input and is none of the program)
    """Raised once, with every fault that was found, when the input cannot be built."""

    def __init__(self, faults: Iterable[Fault]):
        self.faults = sorted(set(faults))
        super().__init__("\n".join(map(str, self.faults)))

    @property
    def count(self) -> str:
        """How many there are, in words."""
        return f"{len(self.faults)} {'fault' if len(self.faults) == 1 else 'faults'}"


def suggest(word: str, known: Iterable[str], where: str = "", likeness: float = 0.6) -> str:
    """Return “did you mean …” for a word that is nearly one of `known`, and what else to do: declare it, in the file named by `where`."""
    near = get_close_matches(word, list(known), n=1, cutoff=likeness)
    if near:
        return f"did you mean {near[0]}?{f' Else declare it {where}' if where else ''}"
    return f"declare it {where or 'first'} or correct it"


def with_article(noun: str) -> str:
    """Return a noun with “a” or “an” before it."""
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
