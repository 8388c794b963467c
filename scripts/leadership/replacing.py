"""Writing a text in the place of another, whole or not at all."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def replace_text(path: Path, text: str) -> None:
    """Write a file to the last sign as `text` has it; one that is there keeps its mode. Raises OSError, and then all is as it was."""
    waiting = path.with_name(f".{path.name}.tmp")
    try:
        waiting.write_text(text, encoding="utf-8", newline="")
        if path.exists():
            shutil.copymode(path, waiting)
        os.replace(waiting, path)
    finally:
        waiting.unlink(missing_ok=True)
