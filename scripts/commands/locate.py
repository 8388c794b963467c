"""Fill in what only the texts can tell: digest, line count, blank lines and the start of every anchor of each sheet.

Needs SOURCE_TEXTS, the folder of the texts. A sheet with other faults is left as it is.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from . import Failed, WrongUse
from .progress import Progress

if TYPE_CHECKING:
    from leadership.faults import Fault

READS_TEXTS = True


def run(options: argparse.Namespace) -> int:
    """Fill in every sheet; return the exit status."""
    from leadership import paths
    from leadership.listing import sheet_files
    from leadership.pipeline import source_texts

    texts = source_texts()
    if not texts:
        raise WrongUse("SOURCE_TEXTS must name the folder of the texts, for example SOURCE_TEXTS=../texts")
    files = sheet_files(paths.RAW)
    faults = []
    with Progress() as progress:
        for number, path in enumerate(files):
            progress("sheets", number, len(files))
            faults += fill_in(path, texts, progress)
    if faults:
        raise Failed("\n".join(map(str, faults)))
    return 0


def fill_in(path: Path, texts: Path, progress: Progress) -> list[Fault]:
    """Fill in a sheet from its text and say what was done; return what is wrong with it, and then it is as it was."""
    from leadership.faults import Fault
    from leadership.listing import name_of
    from leadership.locating import locate, read_text
    from leadership.reading import read_file
    from leadership.replacing import replace_text
    from leadership.sheets import UNLOCATED_SHEET, access, check_shape

    document = read_file(path, name_of(path))
    if document.data is not None and access(document.data) == "read":
        return document.faults  # its page is not at hand
    if document.faults or not check_shape(document, UNLOCATED_SHEET):
        return document.faults
    text = read_text(texts, document.data["source"]["document"])
    if text is None:
        progress.say(f"{path.name}: its text is not in {texts}; left as it is")
        return []
    new = locate(document.text, document, text)
    try:
        if new != document.text:
            replace_text(path, new)
    except OSError as error:
        return [Fault(document.file, 0, 0, f"cannot be written ({error.strerror}); make its folder writable or free some space")]
    progress.say(f"{path.name}: {'filled in' if new != document.text else 'nothing to do'}")
    return []
