"""Write the skeleton of a fact sheet to raw/sources/: of a text at hand (--text), or of a page that was read (--url or --read-at).

Never overwrites a sheet. What only a person can write stands as TODO, and `make check` says what is left.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from . import Failed, WrongUse
from .progress import Progress

if TYPE_CHECKING:
    from leadership.locating import SourceText

READS_TEXTS = True
OPTIONS = {
    "id": "of the source; made of publisher and date if not given",
    "url": "address of the page that was read",
    "read-at": "address at which it was read, if it is another",
    "read-how": "a code, such as original",
    "publisher": "id or name of the publisher",
    "date": "when it was published",
    "title": "its title",
    "lang": "its language, such as en",
}


def add_options(option: Callable[..., object]) -> None:
    """Add the options of the command."""
    option("--text", default="", metavar="FILE", help="the text of a source that is held: a file of SOURCE_TEXTS, or a path")
    option("--page", default="", metavar="FILE", help="the text of the page that was read, to look names and numbers up in")
    for name, what in OPTIONS.items():
        option(f"--{name}", default="", help=what)


def run(given: argparse.Namespace) -> int:
    """Write the skeleton; return the exit status."""
    from leadership import paths
    from leadership.drafting import CannotDraft, DraftRequest, draft_file
    from leadership.listing import name_of

    try:
        if bool(given.text) == bool(given.url or given.read_at):
            raise CannotDraft("give --text for a text at hand, or --url (or --read-at) for a page that was read")
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
        with Progress() as progress:
            path, sheet = draft_file(paths.RAW, asked, text, progress)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(sheet)
    except CannotDraft as error:
        option = {"published": "date"}.get(error.field, error.field.replace("_", "-"))
        raise WrongUse(f"Nothing was drafted: {f'--{option}: ' if option else ''}{error}.") from None
    except OSError as error:
        raise Failed(f"Nothing was drafted: {error}.") from None
    print(f"wrote {name_of(path)}; write what stands as TODO and its passages, then make check says what is left")
    return 0


def _text(name: str) -> SourceText:
    """Read a text by its path, or by its name in the folder of the texts."""
    from leadership.drafting import CannotDraft
    from leadership.locating import read_text
    from leadership.pipeline import source_texts

    path = Path(name)
    texts = source_texts()
    folder = path.parent if path.is_file() or not texts else texts
    text = read_text(folder, path.name)
    if text is None:
        raise CannotDraft(f"{name} is not there; give a path, or set SOURCE_TEXTS to the folder of the texts")
    return text
