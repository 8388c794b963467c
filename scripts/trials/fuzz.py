"""Feed the build with thousands of damaged files and hold it to what it promises.

Each round takes a small sound `raw/`, damages one or two of its files (bytes, lines, words, encodings, pieces of other files)
and builds. Whatever comes in: no traceback, no hanging, the database in place untouched unless everything passed, and each
fault one printable line that says file and place. The same seed gives the same files, so a failure can be run again alone:
`python -m trials.fuzz --seed 7 --first 4711 --count 1`. Needs the tests beside it, whose minimal folder it damages.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

sys.path.append(str(Path(__file__).parents[2] / "tests"))

from conftest import HISTORY, MINIMAL
from leadership import paths
from leadership.faults import InputFaults
from leadership.pipeline import run
from leadership.writing import BuildStopped, scratch_file, write_database

from . import Broken

LONGEST_ROUND = 20  # seconds; what takes longer hangs
SPARE = ("codes.yml", "decisions.yml", "sources/alpha.yml")  # damaged more often than the others
FAULT = re.compile(r"(?P<file>raw(?:/[^:\n]+)?|metadata\.yml)(?::(?P<line>[1-9]\d*):(?P<column>[1-9]\d*))?: [^\n]+")
WHOLE_FILE = ("cannot be read", "is larger than", "holds no fact sheet", "is a symbolic link", "is no ordinary file")
WORD = re.compile(rb"\"[^\"\n]*\"|[\w.~-]+")

# Words that mean something to YAML, to dates, to numbers, to SQL, to HTML or to a terminal.
WORDS = [
    *("true", "null", "~", "yes", "no", "0", "-1", "00", "1e9", ".nan", "12:30", "2023", "2023-11-17", "<<", "", *"?|>-:#%@`&*!"),
    *('"2023-02-30"', '"2023-11/2022"', '"../.."', '"../2023"', '"0000"', '"2023-11-17T25:00"', '"2023-11-17[Mars/Base]"', '"9999-12-31"'),
    *('"2023-11-17T02:30[America]"', '"2023-11-17[../../etc/passwd]"', '"1000-01-01~"', '"9999~"', '"2023-41"', '"٢٠٢٣-١١-١٧"', '"770-1"'),
    *('"999999999999999999999"', '"~0"', '"<=0.000001"', '"1-2-3"', '"1-9999999"', '"9999999"', '"٧٧٠"', '"³"', '"1, 1, 1"', '"5-3"'),
    *("sam-altman", "openai", "openai-ceo", "alpha", "beta", "altman-removed", "nobody", "sam_altman", "аltman"),
    *("a" * 101, "x" * 5000),
    *("event", "tenure", "source", "figure", "says", "find", "id", "rule", "open", "accept", "expect", "deprecate", "[]", "{}", '""', "''"),
    *("!!python/object:os.system", "!!binary aGk=", "!!set {a}", "&a", "*a", "&a [*a]", "{<<: *a}", "--- ", "..."),
    *("%YAML 9.9\n---\n", "%TAG ! x"),
    *('"\\0"', '"\\u202e"', '"\\e[2J"', '"\\n"', '"\\uD800"', '"\\U00110000"', "'; DROP TABLE people; --", "<script>alert(1)</script>"),
    *("\t", "\r", "\r\n", "\n\n", "\u202e", "\u200b", "\u2028", "\x85", "\ufeff", "\0", "\x1b[2J", "\ud7ff", "\U0001f600", "é"),
    *("e\u0301", "董事會"),
    *("[" * 20, "{a: " * 20, "]" * 5, "- " * 30, "? " * 20, "'", '"', "#", ": ", ", ", "/", "\\", "../../../etc/passwd", "C:\\x"),
    "x" * 100_000,
]  # fmt: skip
TOKENS = [word.encode("utf-8", "surrogatepass") for word in WORDS] + [b"\xff\xfe", b"\xc0\xaf", b"\xed\xa0\x80", b"\xe5\xa5", b"\x80"]
ENCODINGS = ("utf-16", "utf-32", "utf-8-sig", "gb18030", "big5", "latin-1", "cp1252", "utf-7")


class Damage:
    """Makes damaged files from sound ones; all chance comes from one seed."""

    def __init__(self, corpus: dict[str, bytes], seed: int | str):
        self.corpus = corpus
        self.random = random.Random(seed)
        self.kinds = (
            self.flip,
            self.cut,
            self.repeat,
            self.insert,
            self.word,
            self.word,
            self.word,
            self.line,
            self.splice,
            self.encode,
            self.end,
        )

    def files(self) -> dict[str, bytes]:
        """Return one or two damaged files of the corpus."""
        names = self.random.sample([*self.corpus, *SPARE], self.random.choice((1, 1, 1, 2)))
        return {name: self.damaged(self.corpus[name]) for name in names}

    def damaged(self, data: bytes) -> bytes:
        """Return the data with one to four things done to it."""
        for _ in range(self.random.choice((1, 1, 1, 2, 4))):
            data = self.random.choice(self.kinds)(data)
        return data

    def flip(self, data: bytes) -> bytes:
        """Change one bit of one to eight bytes."""
        changed = bytearray(data)
        for _ in range(self.random.randint(1, 8) if data else 0):
            changed[self.random.randrange(len(changed))] ^= 1 << self.random.randrange(8)
        return bytes(changed)

    def cut(self, data: bytes) -> bytes:
        """Take some bytes away."""
        start, end = self._span(data)
        return data[:start] + data[end:]

    def repeat(self, data: bytes) -> bytes:
        """Write some bytes several times."""
        start, end = self._span(data)
        return data[:start] + data[start:end] * self.random.choice((2, 2, 3, 30)) + data[end:]

    def insert(self, data: bytes) -> bytes:
        """Put a word that means something, or any bytes at all, anywhere."""
        place = self.random.randint(0, len(data))
        new = self.random.choice(TOKENS) if self.random.random() < 0.8 else self.random.randbytes(self.random.randint(1, 12))
        return data[:place] + new + data[place:]

    def word(self, data: bytes) -> bytes:
        """Put another word in the place of one: what is still YAML reaches the later stages."""
        words = list(WORD.finditer(data))
        if not words:
            return self.insert(data)
        old = self.random.choice(words)
        new = self.random.choice(words)[0] if self.random.random() < 0.4 else self.random.choice(TOKENS)
        return data[: old.start()] + new + data[old.end() :]

    def line(self, data: bytes) -> bytes:
        """Remove, double, move or indent a line."""
        lines = data.splitlines(keepends=True)
        if not lines:
            return data
        place, other = self.random.randrange(len(lines)), self.random.randrange(len(lines))
        match self.random.randrange(4):
            case 0:
                del lines[place]
            case 1:
                lines.insert(other, lines[place])
            case 2:
                lines[place], lines[other] = lines[other], lines[place]
            case _:
                lines[place] = b" " * self.random.randint(1, 4) + lines[place]
        return b"".join(lines)

    def splice(self, data: bytes) -> bytes:
        """Put a piece of another file anywhere."""
        other = self.corpus[self.random.choice(list(self.corpus))]
        start, end = self._span(other)
        place = self.random.randint(0, len(data))
        return data[:place] + other[start:end] + data[place:]

    def encode(self, data: bytes) -> bytes:
        """Write the file, or its second half, in another encoding."""
        encoding = self.random.choice(ENCODINGS)
        half = self.random.choice((0, len(data) // 2))
        return data[:half] + data[half:].decode("utf-8", "replace").encode(encoding, "replace")

    def end(self, data: bytes) -> bytes:
        """Change all line ends, or end the file anywhere."""
        match self.random.randrange(4):
            case 0:
                return data.replace(b"\n", b"\r\n")
            case 1:
                return data.replace(b"\n", b"\r")
            case _:
                return data[: self.random.randint(0, len(data))]

    def _span(self, data: bytes) -> tuple[int, int]:
        start = self.random.randint(0, len(data))
        return start, min(len(data), start + self.random.choice((1, 1, 4, 20, 200)))


class World:
    """A sound raw folder with a database built from it, in a folder of its own; each round damages it and mends it again."""

    def __init__(self, folder: Path, write_every: int = 1):
        self.raw, self.texts, self.database = folder / "raw", folder / "texts", folder / "built" / "leadership.db"
        self.write_every = write_every
        self.accepted = 0
        self.corpus = {name: text.encode() for name, text in (MINIMAL | HISTORY).items()} | {"codes.yml": _few_codes()}
        for place in (self.raw / "sources", self.texts):
            place.mkdir(parents=True)
        for name, content in self.corpus.items():
            (self.raw / name).write_bytes(content)
        (self.texts / "alpha.txt").write_bytes(b"OpenAI Alpha\r\n\r\nSam Altman\n" * 2 + b"\xff")
        self._write(run(self.raw).tables)

    def round(self, files: dict[str, bytes], with_texts: bool = False) -> str:
        """Build from the folder with these files put into it; return what became of it. Raises Broken."""
        before = self._state()
        try:
            for name, content in files.items():
                (self.raw / name).write_bytes(content)
            with _alarm():
                outcome = self._build(with_texts)
            if outcome != "built" and self._state() != before:
                raise Broken("the database in place was changed though the build failed")
            return outcome
        finally:
            for name in files:
                (self.raw / name).write_bytes(self.corpus[name])

    def _build(self, with_texts: bool) -> str:
        try:
            result = run(self.raw, self.texts if with_texts else None)
        except InputFaults as error:
            for fault in error.faults:
                self._hold(str(fault))
            return "faults" if error.faults else _raise(Broken("it failed without a fault"))
        except Exception:
            raise Broken(traceback.format_exc()) from None
        self.accepted += 1
        if self.accepted % self.write_every:
            return "accepted"
        try:
            self._write(result.tables)
        except BuildStopped as error:
            return f"stopped: {str(error).split('(')[0]}"
        except Exception:
            raise Broken(traceback.format_exc()) from None
        return "built"

    def _write(self, tables: dict[str, Any]) -> None:
        with scratch_file(self.database.parent) as scratch:
            write_database(tables, scratch, self.database, {"dataset_version": "fuzz"})

    def _hold(self, fault: str) -> None:
        match = FAULT.fullmatch(fault)
        if not match or not fault.isprintable():
            raise Broken(f"no printable line with file and place: {fault!r}")
        if not match["line"]:
            if not any(words in fault for words in WHOLE_FILE):
                raise Broken(f"no line: {fault}")
            return
        path = self.raw.parent / match["file"]
        lines = path.read_bytes().decode("utf-8", "replace").splitlines() if path.is_file() else []
        if int(match["line"]) > len(lines) + 1:
            raise Broken(f"that line is not there: {fault}")

    def _state(self) -> tuple[object, ...]:
        names = sorted(path.name for path in self.database.parent.iterdir())
        stat = self.database.stat()
        return (*names, stat.st_ino, stat.st_size, stat.st_mtime_ns)


def attack(folder: Path, seed: int, first: int, count: int, write_every: int = 1, progress: bool = False) -> Counter[str]:
    """Run rounds `first` to `first + count`; return how many ended how. Raises Broken, which names the round."""
    world = World(folder, write_every)
    outcomes: Counter[str] = Counter()
    began = time.monotonic()
    for number in range(first, first + count):
        damage = Damage(world.corpus, f"{seed}/{number}")
        files = damage.files()
        try:
            outcomes[world.round(files, with_texts=number % 10 == 0)] += 1
        except Broken as error:
            for name, content in files.items():
                (folder / f"broken-{name.replace('/', '-')}").write_bytes(content)
            raise Broken(f"seed {seed}, round {number}, files {sorted(files)} (kept in {folder}):\n{error}") from None
        done = number - first + 1
        if progress and done % 500 == 0:
            left = (time.monotonic() - began) / done * (count - done)
            print(f"\r{done:,} of {count:,}; {dict(outcomes)}; {left:.0f} s left ", end="", file=sys.stderr, flush=True)
    return outcomes


@contextmanager
def _alarm() -> Iterator[None]:
    """Raise Broken in what takes longer than a round may."""

    def ring(number: int, frame: FrameType | None) -> None:
        raise Broken(f"not done after {LONGEST_ROUND} s:\n{''.join(traceback.format_stack(frame))}")

    former = signal.signal(signal.SIGALRM, ring)
    signal.alarm(LONGEST_ROUND)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, former)


def _few_codes() -> bytes:
    """Return the project's codes without those that the minimal folder does not need, so that a round takes less time."""
    words = set(re.findall(r"[\w-]+", " ".join((MINIMAL | HISTORY).values())))
    lines = (paths.RAW / "codes.yml").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = []
    for before, line in zip(["", *lines], lines, strict=False):
        if not line.startswith("  ") or not before.startswith("  ") or line.split(":")[0].strip(" \"'") in words:
            kept.append(line)  # heads of lists, the first code of each list, and what is used
    return "".join(kept).encode()


def _raise(error: Exception) -> str:
    raise error


def main() -> int:
    parser = argparse.ArgumentParser(description="Build from damaged files and see that every promise is kept.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--first", type=int, default=0, help="number of the first round")
    parser.add_argument("--write-every", type=int, default=20, help="write a database for every so many accepted folders")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="fuzz-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
    began = time.monotonic()
    try:
        outcomes = attack(folder, options.seed, options.first, options.count, options.write_every, progress=True)
    except Broken as error:
        print(f"\nBroken: {error}", file=sys.stderr)
        return 1
    shutil.rmtree(folder)
    ended = ", ".join(f"{number:,} {name}" for name, number in outcomes.most_common())
    print(f"\nSeed {options.seed}: {options.count:,} rounds in {time.monotonic() - began:.0f} s: {ended}. Every promise kept.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
