"""Reading YAML strictly: every scalar stays the text that was written, every value keeps its place.

YAML's implicit types are the enemy of a dataset: `12:30` would become 750, `no` would become False, a bare date a date
object, and the first of two equal keys would vanish. So the C parser composes nodes, and plain Python values are made
from them here, without types, aliases, tags or duplicate keys.
"""

from __future__ import annotations

import errno
import operator
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from sys import intern
from typing import Any

import yaml

from .faults import Fault

BaseLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
TEXT_TAG = "tag:yaml.org,2002:str"
NOTHING = {"~", "null", "Null", "NULL"}  # YAML's words for no value, which would else become names and dates
LOOKS_LIKE_DATE = re.compile(r"[0-9]{4}(?:$|[-~/T\[])|\.\./[0-9]{4}")
MAX_BYTES = 8_000_000
MAX_VALUES = 600_000  # each takes a kilobyte of memory, or two if it is wrong
MOST_FAULTS = 1_000  # noted in one file: to find the place of each takes time, and nobody reads more
MAX_LEVELS = 100  # what is deeper is not composed at all; `_plain` says of what is less deep where it becomes too deep
MAX_DEPTH = 12
SAFE_LEVELS = 5_000  # the C composer recurses, and needs some 20,000 levels to break the stack of a thread
TOO_DEEP = "nested too deeply; a sheet needs no more than six levels"
# What steers the direction of a line, ends it or stands in it without being seen: the file would not say what it seems to say.
# Joiners (U+200C, U+200D) are not among them, because some scripts need them.
HIDDEN = re.compile(
    "[\u0085\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
ESCAPED = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f]|{HIDDEN.pattern}")  # what a file may only hold by way of an escape, and may not either
WRITTEN_OUT = "aliases and deep nesting are not used here; write the value out"
CUT_OFF = re.compile(r" +(#[^\s#]\S*)")  # a comment to YAML, though nobody writes one without a space behind its sign
UNSEEN = "cannot be seen here and is not allowed; remove it"
Location = tuple[str | int, ...]


class Loader(BaseLoader):
    """The C parser without implicit types: a third of the time of parsing went into guesses that are thrown away here.

    It asks three times for every node. Functions of C answer sooner than methods, and say all that there is to say: everything that
    bears no tag is text, and there are no resolvers by path.
    """

    resolve = TEXT_TAG.format
    descend_resolver = operator.is_
    ascend_resolver = staticmethod(bool)


class Bare(str):
    """A scalar that looks like a date and was written without quotes; dates must be quoted."""

    __slots__ = ()


class Map(dict[str, Any]):
    """A map of a document that knows on which line (from 1) it begins, and each of its values."""

    __slots__ = ("later", "line")

    def __init__(self, line: int):
        self.line = line
        self.later: dict[str, int] | None = None  # the lines of values that begin on another line than the map

    def line_of(self, key: str) -> int:
        """Return the line on which the value of a key begins."""
        return self.later.get(key, self.line) if self.later else self.line


@dataclass
class Document:
    """A YAML file as plain data, with the places of its values.

    `data` is made of dicts, lists and str only; it is None where the file could not be read, and then `faults` says why.
    `text` is what was parsed: the places of `root` are counted in it, without byte order mark and with its own line ends.
    """

    file: str
    text: str = ""
    data: Any = None
    faults: list[Fault] = field(default_factory=list)
    is_yaml: bool = False
    path: Path | None = None
    _root: yaml.Node | None = None

    @property
    def root(self) -> yaml.Node | None:
        """The document's node, with all marks; composed anew when it is first asked for, because few documents need it."""
        if self._root is None and self.is_yaml:
            self._root = _compose(self.text or (read_file(self.path, self.file).text if self.path else ""))
        return self._root

    def forget(self, data: Any) -> None:
        """Keep nothing but `data` and the faults; for the place of a further fault the file is read again."""
        self.data, self.text, self._root = data, "", None

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
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(self.file, *self.place(location, at_key), message))
        elif len(self.faults) == MOST_FAULTS:
            self.faults.append(Fault(self.file, *self.place(()), f"has more faults than these {MOST_FAULTS}; mend them first"))

    def fault_at(self, node: yaml.Node, message: str) -> None:
        """Note a fault at a node."""
        self.faults.append(Fault(self.file, *_begin(node), message))


def read_document(text: str, file: str) -> Document:
    """Parse one YAML document; what is wrong with it stands in the result's `faults`, nothing is raised."""
    document = Document(file, text)
    if hidden := _hidden(file, text):
        document.faults.extend(hidden)
        return document
    if text.count(",") + text.count("\n") > MAX_VALUES:
        document.faults.append(Fault(file, 1, 1, f"holds more than {MAX_VALUES:,} values; split the file"))
        return document
    try:
        if place := _too_deep(text):
            document.faults.append(Fault(file, *place, TOO_DEEP))
            return document
        root = _compose(text)
    except yaml.YAMLError as error:
        document.faults.append(_syntax_fault(file, text, error))
        return document
    except RecursionError:  # only Python's own loader, where the C library is missing
        document.faults.append(Fault(file, 1, 1, TOO_DEEP))
        return document
    if root is None or (isinstance(root, yaml.ScalarNode) and not root.style and root.value in {"", *NOTHING}):
        document.faults.append(Fault(file, 1, 1, "the file is empty; remove it or write what it is for"))
        return document
    document.is_yaml = True
    if "\\" in text:
        document.faults.extend(_escaped(file, root))
    if CUT_OFF.search(text):
        document.faults.extend(_cut_off(file, text, root))
    careful = "&" in text or "!" in text  # without these signs nothing can be an alias or bear a tag
    document.data = _plain(root, _Notes(file, document.faults, set() if careful else None), 0)
    return document


def _compose(text: str) -> yaml.Node | None:
    loader = Loader(text)
    try:
        node: yaml.Node | None = loader.get_single_node()
        return node
    finally:
        loader.dispose()


def read_file(path: Path, name: str) -> Document:
    """Read a file as `read_document` does; unreadable, oversized or wrongly encoded files are faults too."""
    try:
        raw = _read_bytes(path)
    except OSError as error:
        if error.errno == errno.ELOOP:
            return Document(name, faults=[Fault(name, 0, 0, "is a symbolic link; put the file itself in its place")])
        return Document(name, faults=[Fault(name, 0, 0, f"cannot be read ({error.strerror}); check that it is there and yours to read")])
    if raw is None:
        return Document(name, faults=[Fault(name, 0, 0, "is no ordinary file; put a text file in its place")])
    if len(raw) > MAX_BYTES:
        return Document(name, faults=[Fault(name, 0, 0, f"is larger than {MAX_BYTES // 1_000_000} MB; split the sheet")])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        return Document(name, faults=[Fault(name, line, column, "is not UTF-8 here; save the file as UTF-8")])
    document = read_document(text, name)
    document.path = path
    return document


def _read_bytes(path: Path) -> bytes | None:
    """Return a file's bytes, one more than are allowed at the most; None if it is a pipe or device, which may never end.

    A link is not followed, because it could lead out of `raw/` and put into the database what nobody reviewed.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(descriptor, "rb") as file:
        return file.read(MAX_BYTES + 1) if stat.S_ISREG(os.fstat(descriptor).st_mode) else None


def _hidden(file: str, text: str) -> list[Fault]:
    """Return a fault for each character that readers of the file cannot see."""
    return [Fault(file, *_place(text, match.start()), f"character U+{ord(match[0]):04X} {UNSEEN}") for match in HIDDEN.finditer(text)]


def _escaped(file: str, root: yaml.Node) -> Iterator[Fault]:
    """Yield a fault for each text that holds such a character by way of an escape, as in "\\u202e"."""
    for node in scalars(root):
        if node.style == '"' and (found := ESCAPED.search(node.value)):
            yield Fault(file, *_begin(node), f"character U+{ord(found[0]):04X} {UNSEEN}")


def _cut_off(file: str, text: str, root: yaml.Node) -> Iterator[Fault]:
    """Yield a fault for each text without quotes of which YAML takes the rest for a comment, as in `title: Episode #3`."""
    for node in scalars(root):
        if not node.style and (found := CUT_OFF.match(text, node.end_mark.index)):
            message = f"YAML takes {found[1]} for a comment; put the text into quotes, or a space behind # where it is one"
            yield Fault(file, *_begin(node), message)


def scalars(root: yaml.Node | None) -> Iterator[yaml.ScalarNode]:
    """Yield every scalar below a node once, keys included, in no order."""
    seen: set[int] = set()
    nodes = [root]
    while nodes:
        node = nodes.pop()
        if node is None or id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            nodes += [part for pair in node.value for part in pair]
        elif isinstance(node, yaml.SequenceNode):
            nodes += node.value
        elif isinstance(node, yaml.ScalarNode):
            yield node


def _begin(node: yaml.Node) -> tuple[int, int]:
    """Return line and column (from 1) at which a node begins."""
    return node.start_mark.line + 1, node.start_mark.column + 1


def _place(text: str, index: int) -> tuple[int, int]:
    """Return line and column (from 1) of a character."""
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


def _too_deep(text: str) -> tuple[int, int] | None:
    """Return line and column at which lists and maps are nested beyond all measure, None if they are not.

    The levels are counted only in a text that could have so many: a level needs a bracket, or a column on some line.
    """
    longest = max(map(len, text.splitlines()), default=0)
    if text.count("[") + text.count("{") + 2 * longest < SAFE_LEVELS:
        return None
    levels = 0
    for event in yaml.parse(text, Loader=Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            levels += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            levels -= 1
        if levels > MAX_LEVELS:
            mark = event.start_mark
            return (mark.line + 1, mark.column + 1) if mark else (1, 1)
    return None


def _syntax_fault(file: str, text: str, error: yaml.YAMLError) -> Fault:
    mark = getattr(error, "problem_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    problem = getattr(error, "problem", None) or str(error).split("\n")[0]
    if isinstance(error, yaml.reader.ReaderError):  # it has no mark, but stopped at the first such character
        character = error.character if isinstance(error.character, str) else chr(error.character)
        problem = f"character U+{ord(character):04X} is not allowed in YAML"
        line, column = _place(text, text.index(character))
    return Fault(file, line, column, f"not valid YAML: {problem}; check quotes, commas and indentation here")


@dataclass
class _Notes:
    """Where `_plain` notes faults, and the nodes that it has met, None where none can be met twice or bear a tag."""

    file: str
    faults: list[Fault]
    seen: set[int] | None

    def add(self, node: yaml.Node, message: str) -> None:
        self.faults.append(Fault(self.file, *_begin(node), message))


def _plain(node: yaml.Node, notes: _Notes, depth: int) -> Any:
    """Make plain data of a node. A node that is met twice is an alias: refused, so that nothing can blow up.

    A refused list or map is None, and a map does without it; text that is refused keeps its value. What says in YAML that there is
    no value is empty text, which no key may have.
    """
    if (depth > MAX_DEPTH or notes.seen is not None) and _refused(node, notes, depth):
        return None
    if type(node) is yaml.ScalarNode:
        value: str = node.value
        if node.style:
            return value
        return "" if value in NOTHING else Bare(value) if LOOKS_LIKE_DATE.match(value) else value
    if type(node) is yaml.SequenceNode:
        return [_plain(child, notes, depth + 1) for child in node.value]
    line = node.start_mark.line + 1
    data = Map(line)
    for key, child in node.value:
        if type(key) is not yaml.ScalarNode:
            notes.add(key, "a key must be a plain word; write it as text")
            continue
        name = _plain(key, notes, depth + 1) or key.value  # a name may be spelled Null
        if type(name) is str:
            name = intern(name)  # the same few keys stand in every entry
        if name in data:
            notes.add(key, f"key {name} stands twice; keep one of the two")
            continue
        if (value := _plain(child, notes, depth + 1)) is not None:
            data[name] = value
            if (begins := child.start_mark.line + 1) != line:
                data.later = data.later or {}
                data.later[name] = begins
    return data


def _refused(node: yaml.Node, notes: _Notes, depth: int) -> bool:
    """Note aliases, tags and deep nesting; tell whether nothing can be made of the node."""
    is_text = isinstance(node, yaml.ScalarNode)
    is_alias = notes.seen is not None and id(node) in notes.seen
    if is_alias or (depth > MAX_DEPTH and not is_text):
        notes.add(node, WRITTEN_OUT)
        if not is_text:
            return True
    if notes.seen is not None:
        notes.seen.add(id(node))
        if node.tag != TEXT_TAG:
            notes.add(node, f"tag {node.tag} is not used here; remove it")
    return False
