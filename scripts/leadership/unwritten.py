"""What a drafted sheet still lacks: said in one message, while everything else in the sheet is checked in the same run.

`make draft` writes TODO where only a person can say what belongs there, and leaves `passages` empty. The fault that is
noted for it keeps the sheet out of every build; so that no other fault follows from it, what is missing is stood in for.
"""

from __future__ import annotations

import re
from typing import Any

from .claims import expand_ranges
from .locating import to_ranges
from .reading import Document, Location, Map
from .sheets import NUMBER_PATTERN, RANGES_PATTERN

TODO = "TODO"
STAND_INS = {
    "kind": "article",
    "title_en": TODO,
    "lang": "en",
    "published": "2000",
    "published_basis": "not_stated",
    "reliability": TODO,
    "rights": TODO,
    "read_how": "original",
    "read_on": "2999-12-31",  # not before the day of publication, whichever that is
    "derived_how": "summary",
    "text_kind": "full",
}


def complete_draft(document: Document) -> bool:
    """Note in one fault what a sheet still has to be given, and stand in for it; tell whether the rest can be checked."""
    sheet = document.data
    header = sheet.get("source") if isinstance(sheet, dict) else None
    if not isinstance(header, dict):
        return True
    keys = [key for key, value in header.items() if value == TODO]
    is_bare = sheet.get("passages") == ""
    unsaid = [] if is_bare else [index for index, passage in enumerate(sheet.get("passages") or []) if _says_nothing(passage)]
    if not (keys or is_bare or unsaid):
        return True
    places: list[Location] = [("source", key) for key in keys] + [("passages", index) for index in unsaid] + [("passages",)]
    document.fault(places[0], f"the sheet is still a draft; {'; '.join(_wants(header, keys, is_bare, len(unsaid)))}", at_key=True)
    for key in keys:
        if key in STAND_INS:
            header[key] = STAND_INS[key]
        else:
            del header[key]
    for index in unsaid:
        entry = Map(sheet["passages"][index].line)
        entry.update(source=header.get("id"), describes=["lang"])
        sheet["passages"][index]["says"] = [entry]
    return not is_bare


def _says_nothing(passage: Any) -> bool:
    return isinstance(passage, dict) and passage.get("says") in ("", TODO, [TODO])


def _wants(header: dict[str, Any], keys: list[str], is_bare: bool, unsaid: int) -> list[str]:
    """Return what is to be done, one clause for each part of the sheet."""
    wants = [f"write what belongs in the place of TODO at {', '.join(keys)}"] if keys else []
    if unsaid:
        wants.append(f"write what {unsaid} of its passages say" if unsaid > 1 else "write what the passage says")
    if is_bare:
        lines = _filled_lines(header)
        wants.append("write its passages" + (f" and set_aside, which account for lines {lines}" if lines else ""))
    return wants


def _filled_lines(header: dict[str, Any]) -> str:
    """Return the lines of a text at hand that are not blank, as ranges; nothing where the header does not tell."""
    count, blank = str(header.get("line_count")), str(header.get("blank_lines") or "0")
    if not (re.fullmatch(NUMBER_PATTERN, count) and re.fullmatch(RANGES_PATTERN, blank)):
        return ""
    blanks = set(expand_ranges(blank))
    return to_ranges([line for line in range(1, int(count) + 1) if line not in blanks])
