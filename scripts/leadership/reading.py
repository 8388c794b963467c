"""Reading YAML strictly: every scalar stays the text that was written, every value keeps its place.

YAML's implicit types are the enemy of a dataset: `12:30` would become 750, `no` would become False, a bare date a date
object, and the first of two equal keys would vanish. So the C parser composes nodes, and plain Python values are made
from them here, without types, aliases, tags or duplicate keys.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from .faults import Fault

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
LOOKS_LIKE_DATE = re.compile(r"\d{4}(?:$|[-~/T\[])|\.\./\d{4}")
MAX_BYTES = 8_000_000
Location = tuple[str | int, ...]


class Bare(str):
    """A scalar that looks like a date and was written without quotes; dates must be quoted."""

    __slots__ = ()


@dataclass
class Document:
    """A YAML file as plain data, with the places of its values.

    `data` is made of dicts, lists and str only; it is None where the file could not be read, and then `faults` says why.
    """

    file: str
    data: Any = None
    root: yaml.Node | None = None
    faults: list[Fault] = field(default_factory=list)

    def place(self, location: Location, at_key: bool = False) -> tuple[int, int]:
        """Return line and column (from 1) of the value at `location`, or of the nearest value above it that exists."""
        node = self.root
        mark = node.start_mark if node else None
        for depth, step in enumerate(location):
            last = depth == len(location) - 1
            if isinstance(node, yaml.MappingNode):
                pair = next(((k, v) for k, v in node.value if k.value == step), None)
                if pair is None:
                    break
                node = pair[0] if last and at_key else pair[1]
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
                node = node.value[step]
            else:
                break
            mark = node.start_mark
        return (mark.line + 1, mark.column + 1) if mark else (0, 0)

    def fault(self, location: Location, message: str, at_key: bool = False) -> None:
        """Note a fault at the value (or, with `at_key`, at the key) that `location` leads to."""
        self.faults.append(Fault(self.file, *self.place(location, at_key), message))


def read_document(text: str, file: str) -> Document:
    """Parse one YAML document; what is wrong with it stands in the result's `faults`, nothing is raised."""
    document = Document(file)
    try:
        loader = Loader(text)
        try:
            document.root = loader.get_single_node()
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        document.faults.append(_syntax_fault(file, error))
        return document
    except RecursionError:
        document.faults.append(Fault(file, 1, 1, "nested too deeply; a sheet needs no more than six levels"))
        return document
    if document.root is None:
        document.faults.append(Fault(file, 1, 1, "the file is empty; remove it or write what it is for"))
        return document
    document.data = _plain(document.root, file, document.faults, set(), 0)
    return document


def read_file(path: Path, name: str) -> Document:
    """Read a file as `read_document` does; unreadable, oversized or wrongly encoded files are faults too."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        return Document(name, faults=[Fault(name, 0, 0, f"cannot be read ({error.strerror}); check that it is there and yours to read")])
    if len(raw) > MAX_BYTES:
        return Document(name, faults=[Fault(name, 0, 0, f"is larger than {MAX_BYTES // 1_000_000} MB; split the sheet")])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        return Document(name, faults=[Fault(name, line, column, "is not UTF-8 here; save the file as UTF-8")])
    return read_document(text, name)


def _syntax_fault(file: str, error: yaml.YAMLError) -> Fault:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error).split("\n")[0]
    if isinstance(error, yaml.reader.ReaderError):
        problem = f"character U+{ord(error.character) if isinstance(error.character, str) else error.character:04X} is not allowed in YAML"
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    return Fault(file, line, column, f"not valid YAML: {problem}; check quotes, commas and indentation here")


def _plain(node: yaml.Node, file: str, faults: list[Fault], seen: set[int], depth: int) -> Any:
    """Make plain data of a node. A node that is met twice is an alias: refused, so nothing can blow up."""
    if not isinstance(node, yaml.ScalarNode):
        if id(node) in seen or depth > 12:
            _note(faults, file, node, "aliases and deep nesting are not used here; write the value out")
            return None
        seen.add(id(node))
    if not node.tag.startswith("tag:yaml.org,2002:"):
        _note(faults, file, node, f"tag {node.tag} is not used here; remove it")
    if isinstance(node, yaml.ScalarNode):
        value = node.value
        if node.style is None and LOOKS_LIKE_DATE.match(value):
            return Bare(value)
        return value
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child, file, faults, seen, depth + 1) for child in node.value]
    data: dict[str, Any] = {}
    for key, child in node.value:
        if not isinstance(key, yaml.ScalarNode):
            _note(faults, file, key, "a key must be a plain word; write it as text")
            continue
        if key.value in data:
            _note(faults, file, key, f"key {key.value} stands twice; keep one of the two")
            continue
        data[key.value] = _plain(child, file, faults, seen, depth + 1)
    return data


def _note(faults: list[Fault], file: str, node: yaml.Node, message: str) -> None:
    faults.append(Fault(file, node.start_mark.line + 1, node.start_mark.column + 1, message))
