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
    """Read a source's text; None if it is not there."""
    path = folder / Path(name).name
    if not path.is_file():
        return None
    raw = path.read_bytes()
    return SourceText(hashlib.sha256(raw).hexdigest(), re.split(r"\r\n|\n", raw.decode("utf-8").removesuffix("\n")))


def to_ranges(numbers: list[int]) -> str:
    """Return numbers in rising order as `"1, 3-5"`."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)


def compare(document: Document, text: SourceText) -> None:
    """Note in the document where the sheet does not fit the text: digest, lines, blank lines, anchors."""
    header = document.data["source"]
    for key, value in (("text_sha256", text.sha256), ("line_count", str(len(text.lines))), ("blank_lines", text.blank_lines)):
        if (header.get(key) or "") != value:
            document.fault(("source", key), f"{key} does not fit the text, which gives {value}; run make locate and read the sheet again")
    for location, line, find, start in anchors(document.data):
        on_line = text.lines[line - 1] if 0 < line <= len(text.lines) else ""
        if find not in on_line:
            document.fault(location, f"“{find}” does not stand on line {line} of the text; correct the line or the anchor")
        elif start is None or on_line[start : start + len(find)] != find:
            document.fault(location, f"“{find}” does not begin at character {start} of line {line}; run make locate")


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

    An anchor that stands several times on its line keeps a start that fits and otherwise gets the first.
    """
    edits: list[tuple[int, int, str]] = []
    root = _mapping(document.root)
    header = _mapping(root["source"])
    for key, value in (("text_sha256", text.sha256), ("line_count", str(len(text.lines))), ("blank_lines", f'"{text.blank_lines}"')):
        if key in header:
            edits.append(_replacement(header[key], value))
        elif value != '""':
            edits.append(_line_after(yaml_text, header["document"], f"  {key}: {value}"))
    for subject, spellings in _mapping(root.get("names")).items():
        for spelling, node in _mapping(spellings).items():
            place = node.value[0] if isinstance(node, yaml.SequenceNode) else node
            line, _, start = place.value.partition(":")
            edits.append(_replacement(place, f"{line}:{_start(text, int(line), spelling, start)}"))
    for passage in root["passages"].value:
        keys = _mapping(passage)
        found = _start(text, int(keys["line"].value), keys["find"].value, keys["start"].value if "start" in keys else "")
        if "start" in keys:
            edits.append(_replacement(keys["start"], str(found)))
        elif passage.flow_style:
            end = keys["find"].end_mark.index
            edits.append((end, end, f", start: {found}"))
        else:
            edits.append(_line_after(yaml_text, keys["find"], f"{' ' * passage.start_mark.column}start: {found}"))
    for first, last, new in sorted(edits, key=lambda edit: edit[0], reverse=True):
        yaml_text = yaml_text[:first] + new + yaml_text[last:]
    return yaml_text


def _start(text: SourceText, line: int, find: str, start: str) -> int:
    on_line = text.lines[line - 1] if 0 < line <= len(text.lines) else ""
    if start.isdigit() and on_line[int(start) : int(start) + len(find)] == find:
        return int(start)
    return max(on_line.find(find), 0)


def _mapping(node: yaml.Node | None) -> dict[str, Any]:
    return {key.value: value for key, value in node.value} if isinstance(node, yaml.MappingNode) else {}


def _replacement(node: yaml.Node, new: str) -> tuple[int, int, str]:
    return node.start_mark.index, node.end_mark.index, new


def _line_after(text: str, node: yaml.Node, line: str) -> tuple[int, int, str]:
    end = text.find("\n", node.end_mark.index)
    end = len(text) if end < 0 else end
    return end, end, f"\n{line}"
