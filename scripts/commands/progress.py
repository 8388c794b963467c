"""One line on the terminal that says how far a long command is; nothing where output goes to a file or another program."""

from __future__ import annotations

import sys
import time
from types import TracebackType

CLEAR = "\r\x1b[K"
SECONDS = 0.1  # between two counts of one step


class Progress:
    """Called with a step, how much of it is done and how much there is; the line is gone when the block ends."""

    def __init__(self) -> None:
        self.shown = sys.stderr.isatty() and sys.stdout.isatty()
        self.step, self.told = "", 0.0

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._clear()

    def say(self, line: str) -> None:
        """Print a line that stays."""
        self._clear()
        print(line, flush=True)

    def _clear(self) -> None:
        if self.shown:
            print(CLEAR, end="", file=sys.stderr, flush=True)

    def __call__(self, step: str, done: int = 0, of: int = 0) -> None:
        now = time.monotonic()
        if not self.shown or (step == self.step and done < of and now - self.told < SECONDS):
            return
        self.step, self.told = step, now
        print(f"{CLEAR}{step}{f' {done:,} of {of:,}' if of else ''} …", end="", file=sys.stderr, flush=True)
