"""Holding sheets against the texts they were made from. The texts are not published; `SOURCE_TEXTS` names their folder.

`compare` says where a sheet and its text differ. `locate` writes into a sheet what only the text can tell: digest, number
of lines, blank lines, and at which character of its line each anchor begins.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from .reading import Document, Location

LINE_END = re.compile(r"\r?\n")
Edit = tuple[int, int, str]  # from where to where in the sheet's text, and what is put there


@dataclass(frozen=True)
class SourceText:
    """A source's text: its digest and its lines, without line ends."""

    sha256: str
    lines: list[str]

    @property
    def blank_lines(self) -> str:
        """The numbers of the lines with nothing on them, as ranges."""
        return to_ranges([number for number, line in enumerate(self.lines, 1) if not line.strip()])


def read_text(folder: Path, name: str) -> SourceText | None:
    """Read a source's text; None if it is not there. Bytes that are not UTF-8 stand as U+FFFD, so that no anchor fits them."""
    try:
        raw = (folder / Path(name).name).read_bytes()
    except (OSError, ValueError):  # ValueError: no name of a file
        return None
    *lines, last = re.split(r"\r?\n", raw.decode("utf-8", "replace"))
    return SourceText(hashlib.sha256(raw).hexdigest(), [*lines, last] if last or not lines else lines)


def to_ranges(numbers: list[int]) -> str:
    """Return numbers in rising order as `"1, 3-5"`."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)


def compare(document: Document, text: SourceText) -> int:
    """Note in the document where the sheet does not fit the text: digest, lines, blank lines, anchors and names.

    Returns at how many places one that fits stands.
    """
    header = document.data["source"]
    for key, value in (("text_sha256", text.sha256), ("line_count", str(len(text.lines))), ("blank_lines", text.blank_lines)):
        if (header.get(key) or "") != value:
            document.fault(("source", key), f"{key} does not fit the text, which gives {value}; run make locate and read the sheet again")
    fitting = set()
    unfilled: list[Location] = []
    for location, line, find, start in anchors(document.data):
        on_line = text.lines[line - 1] if 0 < line <= len(text.lines) else ""
        if find not in on_line:
            document.fault(location, f"“{find}” does not stand on line {line} of the text; correct the line or the anchor")
        elif start is None:
            unfilled.append(location)
        elif on_line[start : start + len(find)] != find:
            document.fault(location, f"“{find}” does not begin at character {start} of line {line}; run make locate")
        else:
            fitting.add((line, find, start))
    if unfilled:
        document.fault(unfilled[0], f"the start of {len(unfilled)} anchors is not filled in yet; run make locate once")
    return len(fitting)


def anchors(sheet: dict[str, Any]) -> Iterator[tuple[Location, int, str, int | None]]:
    """Yield location in the sheet, line, text and start (None if not filled in) of every anchor: names and passages."""
    for subject, spellings in (sheet.get("names") or {}).items():
        for spelling, value in spellings.items():
            place = value if isinstance(value, str) else value[0]
            line, _, start = place.partition(":")
            yield ("names", subject, spelling), int(line), spelling, int(start) if start else None
    for index, passage in enumerate(sheet["passages"]):
        start = passage.get("start")
        yield ("passages", index, "find"), int(passage["line"]), passage["find"], int(start) if start else None


def locate(yaml_text: str, document: Document, text: SourceText) -> str:
    """Return the sheet's text with digest, line count, blank lines and the start of every anchor filled in.

    `yaml_text` is what `document` was parsed from. An anchor that stands several times on its line keeps a start that fits
    and otherwise gets the first.
    """
    edits: list[Edit] = []
    root = _mapping(document.root)
    header = _mapping(root["source"])
    blank_lines = f'"{text.blank_lines}"' if text.blank_lines else None
    for key, value in (("text_sha256", text.sha256), ("line_count", str(len(text.lines))), ("blank_lines", blank_lines)):
        if key in header:
            edits.append(_replacement(header[key], value) if value else _removal(yaml_text, root["source"], key))
        elif value:
            edits.append(_insertion(yaml_text, root["source"], "document", f"{key}: {value}"))
    for spellings in _mapping(root.get("names")).values():
        for spelling, node in _mapping(spellings).items():
            place = node.value[0] if isinstance(node, yaml.SequenceNode) else node
            line, _, start = place.value.partition(":")
            edits.append(_replacement(place, f"{line}:{_start(text, int(line), spelling, start)}"))
    for passage in root["passages"].value:
        keys = _mapping(passage)
        found = _start(text, int(keys["line"].value), keys["find"].value, keys["start"].value if "start" in keys else "")
        if "start" in keys:
            edits.append(_replacement(keys["start"], str(found)))
        else:
            edits.append(_insertion(yaml_text, passage, "find", f"start: {found}"))
    for first, last, new in sorted(edits, key=lambda edit: edit[:2], reverse=True):
        yaml_text = yaml_text[:first] + new + yaml_text[last:]
    return yaml_text


def _start(text: SourceText, line: int, find: str, start: str) -> int:
    on_line = text.lines[line - 1] if 0 < line <= len(text.lines) else ""
    if start.isdigit() and on_line[int(start) : int(start) + len(find)] == find:
        return int(start)
    return max(on_line.find(find), 0)


def _mapping(node: yaml.Node | None) -> dict[str, Any]:
    return {key.value: value for key, value in node.value} if isinstance(node, yaml.MappingNode) else {}


def _replacement(node: yaml.Node, new: str) -> Edit:
    return node.start_mark.index, node.end_mark.index, new


def _insertion(text: str, mapping: yaml.MappingNode, after: str, pair: str) -> Edit:
    """Put a key and its value behind the key `after`: within the braces, or on a line of their own with the file's line end."""
    end = _mapping(mapping)[after].end_mark.index
    if mapping.flow_style:
        return end, end, f", {pair}"
    line_end = LINE_END.search(text, end)
    place, mark = (line_end.start(), line_end[0]) if line_end else (len(text), "\n")
    return place, place, f"{mark}{' ' * mapping.start_mark.column}{pair}"


def _removal(text: str, mapping: yaml.MappingNode, key: str) -> Edit:
    """Take away a key, which is not the only one, and its value: with a comma, or with its line."""
    pairs = mapping.value
    index = next(i for i, (name, _) in enumerate(pairs) if name.value == key)
    name, value = pairs[index]
    if mapping.flow_style and index:
        return pairs[index - 1][1].end_mark.index, value.end_mark.index, ""
    if mapping.flow_style:
        return name.start_mark.index, pairs[1][0].start_mark.index, ""
    line_end = LINE_END.search(text, value.end_mark.index)
    return name.start_mark.index - name.start_mark.column, line_end.end() if line_end else len(text), ""
