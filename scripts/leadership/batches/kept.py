"""What was made of files, kept from one build to the next, each under the digest of all that it was made of.

A file of the catalogue, or a batch of sheets, whose files and code are what they were is not read again, so that a build after a change in
one sheet reads twenty sheets and not all. What was kept can be deleted at any time; what is broken off or spoiled is taken for missing.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import stat
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from ..reading import MAX_BYTES
from ..replacing import in_place_of

DIGEST_BYTES = hashlib.sha256().digest_size


class KeptFiles:
    """What is kept in a folder for files that are read in one and the same way: `way` tells it, beside this code and this Python."""

    def __init__(self, folder: Path, way: str):
        self.folder = folder
        self._way = hashlib.sha256(f"{sys.version}\n{CODE_DIGEST}\n{way}".encode()).digest()
        self._used: set[str] = set()

    def key_of(self, files: Iterable[Path], part: str = "") -> str:
        """Return the name under which what is made of some files is kept; `part` tells those apart that are read in two ways."""
        digest = hashlib.sha256(self._way + part.encode())
        for path in files:
            digest.update(path.name.encode() + b"\0" + _content(path))
        key = digest.hexdigest()
        self._used.add(key)
        return key

    def load(self, key: str) -> Any | None:
        """Return what is kept under a key, None if there is nothing or it is not whole."""
        try:
            content = (self.folder / key).read_bytes()
        except OSError:
            return None
        digest, packed = content[:DIGEST_BYTES], content[DIGEST_BYTES:]
        return pickle.loads(packed) if hashlib.sha256(packed).digest() == digest else None

    def has(self, key: str) -> bool:
        """Tell whether something is kept under a key; whether it is whole is seen when it is loaded."""
        return (self.folder / key).is_file()

    def save(self, key: str, made: Any, files: Iterable[Path], part: str = "") -> None:
        """Keep what was made of some files under the key that they had before they were read.

        One that was saved meanwhile has another by now, and what was made may be of neither. Where the folder cannot be written, nothing is
        kept.
        """
        if self.key_of(files, part) != key:
            return
        packed = pickle.dumps(made, protocol=pickle.HIGHEST_PROTOCOL)
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            with in_place_of(self.folder / key) as scratch:
                scratch.write_bytes(hashlib.sha256(packed).digest() + packed)

    def forget_the_rest(self) -> None:
        """Remove what was not asked for since this began, also what a build that was killed had half written."""
        for path in self.folder.glob("*"):
            if path.name not in self._used:
                with suppress(OSError):
                    path.unlink()


def _content(path: Path) -> bytes:
    """Return the digest of a file, and of nothing where it cannot be read, which whoever reads it will say.

    Links, pipes and what is too large are refused whatever they hold: they are known by what they are, and not read here either.
    """
    try:
        known = path.lstat()
        if not stat.S_ISREG(known.st_mode) or known.st_size > MAX_BYTES:
            return hashlib.sha256(f"{known.st_mode} {known.st_size}".encode()).digest()
        return hashlib.sha256(path.read_bytes()).digest()
    except OSError:
        return bytes(DIGEST_BYTES)


def _digest_code() -> str:
    """Return a SHA-256 over this package: its modules, and the SQL of its views."""
    package = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for path in sorted(path for path in package.rglob("*") if path.suffix in (".py", ".sql")):
        digest.update(os.fsencode(path.relative_to(package)) + b"\0" + _content(path))
    return digest.hexdigest()


CODE_DIGEST = _digest_code()  # of what this process began with: that is the code it runs, whatever is saved meanwhile
