"""The code that our documentation shows: found in Markdown, run where a reader would run it, and set beside what it promises.

In: a Markdown file, the folder of a release, the address of a server. Out: blocks of code, and what each printed.
Run as a program it is the process in which the Python blocks run: it reads them as JSON and answers with what each printed.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
import traceback
from collections.abc import Iterable, Sequence
from contextlib import closing, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

ADDRESS = "http://127.0.0.1:8001"  # where `make serve` serves; documents write this one
FENCE = re.compile(r"^(?P<fence>`{3,})(?P<language>[^\n`]*)\n(?P<code>.*?)^(?P=fence)[ ]*$\n?", re.MULTILINE | re.DOTALL)
TABLE = re.compile(r"\s*((?:^\|.*\|[ ]*\n)+)", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A block of code. `printed` is what its document says it prints: a `text` block or a table that follows; None if it says nothing."""

    file: str
    line: int
    language: str
    code: str
    printed: str | None

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"

    @property
    def first_line(self) -> str:
        """The first line of its code, by which a list can name it."""
        return self.code.split("\n", 1)[0]


@dataclass(frozen=True)
class Outcome:
    """What a block printed, and how it failed ("" if it did not)."""

    printed: str
    failure: str = ""


def read_blocks(text: str, file: str) -> list[Block]:
    """Return the blocks of a Markdown text in order; a `text` block right after another block belongs to it."""
    blocks: list[Block] = []
    place = 0
    while found := FENCE.search(text, place):
        line = text.count("\n", 0, found.start()) + 1
        place, printed = found.end(), None
        following = FENCE.search(text, place)
        table = TABLE.match(text, place)
        if following and following["language"].strip() == "text" and not text[place : following.start()].strip():
            place, printed = following.end(), following["code"]
        elif table:
            printed = table[1]
        blocks.append(Block(file, line, found["language"].strip(), found["code"], printed))
    return blocks


def run_sql(block: Block, folder: Path) -> Outcome:
    """Run a query on the database of a release; what it prints is a Markdown table."""
    with closing(sqlite3.connect(f"{(folder / 'leadership.db').resolve().as_uri()}?immutable=1", uri=True)) as connection:
        try:
            cursor = connection.execute(block.code)
        except sqlite3.Error as error:
            return Outcome("", str(error))
        lines: list[Sequence[object]] = [[name for name, *_ in cursor.description], ["---"] * len(cursor.description), *cursor]
    return Outcome("".join(f"| {' | '.join('' if cell is None else str(cell) for cell in line)} |\n" for line in lines))


def run_shell(block: Block, folder: Path, address: str) -> Outcome:
    """Run a block of shell in a folder, the programs of this Python's environment first on the path."""
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}
    code = _at(block.code, address)
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", code], cwd=folder, env=environment, capture_output=True, text=True, timeout=60)
    return Outcome(done.stdout, f"exit code {done.returncode}: {done.stderr}" if done.returncode else "")


def run_r(block: Block, folder: Path, address: str) -> Outcome:
    """Run a block of R in a folder."""
    done = subprocess.run(["Rscript", "-e", _at(block.code, address)], cwd=folder, capture_output=True, text=True, timeout=60)
    return Outcome(done.stdout, f"exit code {done.returncode}: {done.stderr}" if done.returncode else "")


def run_python(blocks: Iterable[Block], folder: Path, address: str) -> dict[Block, Outcome]:
    """Run blocks of Python in a folder, each with names of its own, all in one process so that libraries are loaded once."""
    blocks = list(blocks)
    codes = json.dumps([_at(block.code, address) for block in blocks])
    done = subprocess.run([sys.executable, __file__], cwd=folder, input=codes, capture_output=True, text=True, timeout=120, check=True)
    return {block: Outcome(*outcome) for block, outcome in zip(blocks, json.loads(done.stdout), strict=True)}


def still_prints(promised: str, printed: str) -> bool:
    """Whether what a document shows still stands in a print: each of its lines, in their order.

    New sources add lines, so others may stand between them. Blanks, the width of tables and their rules are set aside. Where
    a document writes … anything may stand, and then lines may break elsewhere.
    """
    shown, there = _plain(promised), _plain(printed)
    if any("…" in line for line in shown):
        pattern = ".*?".join(re.escape(part.strip()) for part in " ".join(shown).split("…"))
        return re.search(pattern, " ".join(there)) is not None
    following = iter(there)
    return bool(shown) and all(line in following for line in shown)


def _plain(text: str) -> list[str]:
    """Return the lines of a print without blank ones and rules of tables, cells parted by one sign."""
    lines = (" ".join(re.sub(r"[|│]", " | ", line).split()).strip("| ") for line in text.split("\n"))
    return [line for line in lines if line and not set(line) <= set("|-: ─┌┬┐├┼┤└┴┘╌╞╪╡═")]


def _at(code: str, address: str) -> str:
    return code.replace(ADDRESS, address)


def _run_one(code: str) -> tuple[str, str]:
    printed = StringIO()
    try:
        with redirect_stdout(printed):
            exec(compile(code, "snippet", "exec"), {"__name__": "__main__"})
    except Exception:
        return printed.getvalue(), traceback.format_exc()
    return printed.getvalue(), ""


if __name__ == "__main__":
    outcomes = [_run_one(code) for code in json.load(sys.stdin)]
    json.dump(outcomes, sys.stdout)
