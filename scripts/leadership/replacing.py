"""Writing in the place of another file, whole or not at all, and by one process at a time."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def replace_text(path: Path, text: str) -> None:
    """Write a file to the last sign as `text` has it; one that is there keeps its mode. Raises OSError, and then all is as it was."""
    with in_place_of(path) as waiting:
        waiting.write_text(text, encoding="utf-8", newline="")
        if path.exists():
            shutil.copymode(path, waiting)


@contextmanager
def in_place_of(path: Path) -> Iterator[Path]:
    """Yield where to write a file that takes the place of `path` at the end, unless an error is raised."""
    waiting = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        yield waiting
        os.replace(waiting, path)
    finally:
        waiting.unlink(missing_ok=True)


@contextmanager
def locked(path: Path, stopped: type[Exception], busy: str) -> Iterator[None]:
    """Let nobody else hold this lock until the block ends. Raises `stopped`: with `busy` if another process holds it."""
    folder = path.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = path.open("w")
    except OSError as error:
        raise stopped(f"{folder} cannot be written ({error.strerror}); make it writable or free some space") from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise stopped(busy) from None
        yield
