"""Write the skeleton of a fact sheet to raw/sources/: of a text at hand (--text), or of a page that was read (--url or --read-at).

Never overwrites a sheet. What only a person can write stands as TODO, and `make check` says what is left.
"""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from leadership import paths
from leadership.drafting import CannotDraft, DraftRequest, draft_file
from leadership.locating import SourceText, read_text
from leadership.pipeline import source_texts

from . import Failed, WrongUse


def run(given: argparse.Namespace) -> int:
    """Write the skeleton; return the exit status."""
    try:
        if bool(given.text) == bool(given.url or given.read_at):
            raise CannotDraft("give TEXT= for a text at hand, or URL= (or READ_AT=) for a page that was read")
        text = _text(given.text or given.page) if given.text or given.page else None
        asked = DraftRequest(
            given.id,
            Path(given.text).name if given.text else None,
            given.url,
            given.read_at,
            given.read_how,
            "" if given.text else date.today().isoformat(),
            given.publisher,
            given.date,
            given.title,
            given.lang,
        )
        path, sheet = draft_file(paths.RAW, asked, text)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(sheet)
    except CannotDraft as error:
        raise WrongUse(f"Nothing was drafted: {error}.") from None
    except OSError as error:
        raise Failed(f"Nothing was drafted: {error}.") from None
    print(f"wrote raw/sources/{path.name}; write what stands as TODO and its passages, then make check says what is left")
    return 0


def _text(name: str) -> SourceText:
    """Read a text by its path, or by its name in the folder of the texts."""
    path = Path(name)
    texts = source_texts()
    folder = path.parent if path.is_file() or not texts else texts
    text = read_text(folder, path.name)
    if text is None:
        raise CannotDraft(f"{name} is not there; give a path, or set SOURCE_TEXTS to the folder of the texts")
    return text
