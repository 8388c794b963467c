"""Drafting a fact sheet: everything about it that a script can tell, so that a person writes only what a source says.

In: what is known of a source (`DraftRequest`), its text, and `raw/`. Out: the text of a sheet that `make check` reads, with every
known name at its first place, and numbers and dates as anchors to choose from. What is ambiguous stands in comments, and
what only a person can say is TODO, which `unwritten` turns into one message.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from .catalogue import Catalogue
from .claims import longest_anchor
from .folding import HAS_CJK, is_traditional, simplify
from .listing import ENDING, SHEETS, name_of
from .locating import SourceText
from .pipeline import Tell, read_sheets, untold
from .reading import HIDDEN
from .sheets import ADDRESS_PATTERN, HELD_ANCHOR, READ_ANCHOR, access, is_id
from .unwritten import TODO
from .when import parse_when

RIGHTS = "Text not published; facts and short anchors only."
SET_ASIDE = """\
# Lines that say nothing of the matter, each range with a reason of the list set_aside_reason in codes.yml:
# set_aside:
#   - {lines: "1, 3-5", why: boilerplate}
"""
CANDIDATES = "Numbers and dates of the text. Take away the sign before one that is needed, and write what the source says there."
MONTHS = "(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\\.?"
CHINESE_NUMBER = "[〇零一二三四五六七八九十百千万亿萬億两兩]"
COUNTED = "(?:名|位|人|家|票|个|個|次|天|日|周|年|小时|小時|分钟|分鐘|美元|亿|億|万|萬|%|％)"
ANCHORS = re.compile(
    "|".join(
        (
            r"\d{4}年(?:\d{1,2}月(?:\d{1,2}日)?)?",
            r"\d{1,2}月(?:\d{1,2}日)?",
            r"\d{1,2}[日号號](?!线)",
            r"\d{4}-\d{2}-\d{2}",
            rf"{MONTHS} \d{{1,2}}(?:, \d{{4}})?(?!\d)",
            rf"\d{{1,2}} {MONTHS}(?: \d{{4}})?",
            rf"{MONTHS} \d{{4}}",
            r"(?<![A-Za-z0-9/_=.-])[$€£¥￥]?\d+(?:[.,:]\d+)*(?: ?(?:million|billion|trillion|percent|per cent)"
            rf"|[{CHINESE_NUMBER[1:-1]}多余餘]*{COUNTED})?(?![A-Za-z0-9/_])",
            rf"(?!一[个個次家位天日年人]){CHINESE_NUMBER}{{1,8}}(?:多|余|餘)?{COUNTED}",
        )
    )
)
PLAIN = re.compile(r"[A-Za-z\u3400-\u9fff][\w·.’\u2019 -]*[\w.]|[A-Za-z\u3400-\u9fff]")  # what YAML takes for text without quotes
RESERVED = {"null", "true", "false", "yes", "no", "on", "off"}


class CannotDraft(ValueError):  # noqa: N818 (it is a sentence for whoever asked, and no fault of the program)
    """Why no sheet can be drafted of what was asked for, and by which field of the request if by one."""

    def __init__(self, message: str, field: str = ""):
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class DraftRequest:
    """What whoever asks for a draft knows of the source. `document` is the name of a text at hand, None of a page that was read."""

    id: str = ""
    document: str | None = None
    url: str = ""
    read_at: str = ""
    read_how: str = ""
    read_on: str = ""
    publisher: str = ""
    published: str = ""
    title: str = ""
    lang: str = ""


class KnownSpelling(NamedTuple):
    """A spelling that may stand in a text, in simplified script: the subjects for which it is known, its kind where a sheet says so."""

    text: str
    subjects: tuple[str, ...]
    kind: str | None = None
    is_person: bool = False


class Found(NamedTuple):
    """Where a spelling first stands, as the text has it: line from 1, start in characters of the line."""

    line: int
    start: int
    text: str
    spelling: KnownSpelling


class Anchor(NamedTuple):
    """A number or date that may be the anchor of a passage."""

    line: int
    start: int
    text: str


def draft_file(raw: Path, asked: DraftRequest, text: SourceText | None, tell: Tell = untold) -> tuple[Path, str]:
    """Return the file in which the sheet belongs, and its text. Raises CannotDraft, also where the file is there."""
    for key, address in (("url", asked.url), ("read_at", asked.read_at)):
        if address and not re.fullmatch(ADDRESS_PATTERN, address):
            raise CannotDraft(f"{address} is no web address; give one such as https://example.org/page", key)
    catalogue, sheets = read_sheets(raw, tell)
    publisher = _publisher(catalogue, asked.publisher)
    source = _source_id(catalogue, asked, publisher)
    path = raw / SHEETS / f"{source}{ENDING}"
    if path.exists():
        raise CannotDraft(f"{name_of(path)} is there already and is never overwritten; give another", "id")
    lines = text.lines if text else []
    names = find_names(lines, known_spellings(catalogue, [sheet.data for sheet in sheets]))
    is_held = asked.document is not None
    parts = [_header(asked, source, publisher, text), "defaults:\n  zone: unknown\n", _names(names, is_held), _passages(lines, is_held)]
    return path, "\n".join([*parts, SET_ASIDE] if is_held else parts)


def known_spellings(catalogue: Catalogue, sheets: Iterable[dict[str, Any]]) -> list[KnownSpelling]:
    """Return every spelling that catalogues and sheets know; of a spelling all subjects that bear it."""
    subjects: dict[str, set[str]] = defaultdict(set)
    kinds: dict[str, str] = {}
    for subject in catalogue.subjects.values():
        for text in subject.names:
            subjects[simplify(text)].add(subject.id)
    for sheet in sheets:
        for subject_id, text, name_kind in _spellings_of(sheet):
            subjects[simplify(text)].add(subject_id)
            if name_kind:
                kinds[simplify(text)] = name_kind
    people = {subject.id for subject in catalogue.of_kind("person")}
    return [KnownSpelling(text, tuple(sorted(ids)), kinds.get(text), ids <= people) for text, ids in sorted(subjects.items())]


def _spellings_of(sheet: dict[str, Any]) -> Iterator[tuple[str, str, str | None]]:
    """Yield subject, spelling and kind of each name of a sheet, whether its text is held or was read."""
    is_held = access(sheet) == "held"
    for subject_id, spellings in sheet["names"].items():
        if is_held:
            for text, value in spellings.items():
                yield subject_id, text, value[1] if isinstance(value, list) and len(value) > 1 else None
            continue
        for spelling in [spellings] if isinstance(spellings, str) else spellings:
            text, kind = (spelling, None) if isinstance(spelling, str) else spelling
            yield subject_id, text, kind


def find_names(lines: list[str], known: list[KnownSpelling]) -> list[Found]:
    """Return the first place of each known spelling in a text, in the order of the places.

    Where several would fit, the longest is meant: “Sam Altman” is no place of “Altman”. Latin spellings are whole words;
    Chinese ones are found in either script, and kept as the text has them.
    """
    by_text = {spelling.text: spelling for spelling in known}
    pattern = re.compile("|".join(map(_whole, sorted(by_text, key=len, reverse=True))) or r"(?!)")
    first: dict[str, Found] = {}
    for number, line in enumerate(lines, 1):
        for match in pattern.finditer(_simplified(line)):
            text = line[match.start() : match.end()]
            first.setdefault(text, Found(number, match.start(), text, by_text[match[0]]))
    if surnames := _surnames([found.spelling for found in first.values()], by_text):
        return find_names(lines, [*known, *surnames])
    return sorted(first.values(), key=lambda found: found[:2])


def _surnames(found: list[KnownSpelling], known: dict[str, KnownSpelling]) -> list[KnownSpelling]:
    """Return the last words of the Latin names of people that stand in a text, where no sheet spells anybody so."""
    bearers: dict[str, set[str]] = defaultdict(set)
    for spelling in found:
        words = spelling.text.split(" ")
        if spelling.is_person and len(words) > 1 and re.fullmatch(r"[A-Z][\w’.-]+", words[-1]):
            bearers[words[-1]].update(spelling.subjects)
    return [KnownSpelling(word, tuple(sorted(ids))) for word, ids in bearers.items() if word not in known]


def _whole(text: str) -> str:
    """Return the pattern of a spelling: a Latin letter or digit at its ends must not go on into another, and “GPT-4” not into “GPT-4.5”."""
    before = r"(?<![A-Za-z0-9])" if text[0].isascii() and text[0].isalnum() else ""
    after = r"(?![A-Za-z0-9]|\.[0-9])" if text[-1].isascii() and text[-1].isalnum() else ""
    return f"{before}{re.escape(text)}{after}"


def _simplified(line: str) -> str:
    """Return a line in simplified script, character for character, so that places in it are places in the line."""
    folded = simplify(line)
    return folded if len(folded) == len(line) else line


def find_anchors(lines: list[str], longest: int = HELD_ANCHOR) -> list[Anchor]:
    """Return the numbers and dates of a text that can be anchors, each once a line."""
    found: dict[tuple[int, str], Anchor] = {}
    for number, line in enumerate(lines, 1):
        for match in ANCHORS.finditer(line):
            if len(match[0]) <= min(longest, longest_anchor(match[0])):
                found.setdefault((number, match[0]), Anchor(number, match.start(), match[0]))
    return list(found.values())


# what is written


def _header(asked: DraftRequest, source: str, publisher: str | None, text: SourceText | None) -> str:
    is_held = asked.document is not None
    outlet = " ".join(asked.publisher.split()) or "it"
    lang = asked.lang or _language(text)
    pairs: list[tuple[str, str, str]] = [("id", source, "")]
    if is_held and text:
        pairs += [("document", str(asked.document), ""), ("text_sha256", text.sha256, ""), ("line_count", str(len(text.lines)), "")]
        pairs += [("blank_lines", text.blank_lines, "")] if text.blank_lines else []
    pairs += [
        ("kind", TODO, "source_kind of codes.yml"),
        *([("title", asked.title, "")] if asked.title else []),
        ("title_en", asked.title if asked.title and lang == "en" else TODO, "in English, in our words"),
        ("lang", lang, ""),
        ("publisher_id", publisher or TODO, f"an organisation of organisations.yml: add {outlet} there and under names, or remove the key"),
        ("published", _day(asked.published) if asked.published else TODO, '"2024-08-09", or as much of it as is known'),
        ("published_basis", "stated" if asked.published else TODO, "published_basis of codes.yml"),
    ]
    pairs += [("url", asked.url, "")] if asked.url else []
    if not is_held:
        how = asked.read_how or ("original" if not asked.read_at else TODO)
        pairs += [("read_at", asked.read_at, "")] if asked.read_at else []
        pairs += [
            ("read_how", how, "read_how of codes.yml"),
            ("read_on", asked.read_on or TODO, "the day on which the page was read"),
            ("text_kind", TODO, "text_kind of codes.yml: the whole text, a part, or its beginning"),
        ]
    pairs += [("reliability", TODO, "one sentence: how far to trust it, and why"), *([("rights", RIGHTS, "")] if is_held else [])]
    lines = [f"  {key}: {_quoted(value)}" + (f"  # {why}" if why and value == TODO else "") for key, value, why in pairs]
    return "\n".join(["source:", *lines]) + "\n"


def _names(found: list[Found], is_held: bool) -> str:
    """Return the part `names`: a subject a line, in the order in which the text names them; what is ambiguous in comments."""
    certain: dict[str, list[Found]] = defaultdict(list)
    doubtful = []
    for place in found:
        if HIDDEN.search(place.text):
            continue
        if len(place.spelling.subjects) > 1 or len(place.text) < 2:
            doubtful.append(place)
        else:
            certain[place.spelling.subjects[0]].append(place)
    lines = [f"  {subject}: {_spellings(places, is_held)}" for subject, places in certain.items()]
    if doubtful:
        lines.append("  # Not written as a name, because more than one is known by it or because it is so short:")
    for place in doubtful:
        where = f" ({place.line}:{place.start})" if is_held else ""
        lines.append(f"  # {_quoted(place.text)}{where}: {' or '.join(place.spelling.subjects)}")
    return "\n".join(["names:" if certain else "names: {}", *lines]) + "\n"


def _spellings(places: list[Found], is_held: bool) -> str:
    if is_held:
        pairs = []
        for place in places:
            at, kind = f"{place.line}:{place.start}", place.spelling.kind
            pairs.append(f"{_quoted(place.text)}: " + (f"[{at}, {kind}]" if kind else at))
        return f"{{{', '.join(pairs)}}}"
    texts = [f"[{_quoted(p.text)}, {p.spelling.kind}]" if p.spelling.kind else _quoted(p.text) for p in places]
    return f"[{', '.join(texts)}]"


def _passages(lines: list[str], is_held: bool) -> str:
    """Return the part `passages`: nothing but anchors to choose from, in comments that become passages without their signs."""
    parts = ["passages:", f"  # {CANDIDATES}"]
    line = 0
    for anchor in find_anchors(lines, HELD_ANCHOR if is_held else READ_ANCHOR):
        if is_held and anchor.line != line:
            line = anchor.line
            parts.append(f"  # {line}")
        place = f"line: {anchor.line}, find: {json.dumps(anchor.text, ensure_ascii=False)}, start: {anchor.start}"
        find = place if is_held else f"find: {json.dumps(anchor.text, ensure_ascii=False)}"
        candidate = f"  #- {{{find}, says: [{TODO}]}}"
        if candidate not in parts:
            parts.append(candidate)
    return "\n".join(parts) + "\n"


def _quoted(text: str) -> str:
    """Return a text as YAML has it, in quotes where it could be taken for something else."""
    return text if PLAIN.fullmatch(text) and text.lower() not in RESERVED else json.dumps(text, ensure_ascii=False)


def _day(text: str) -> str:
    try:
        return parse_when(text).text
    except ValueError as error:
        raise CannotDraft(f"{error}", "published") from None


def _language(text: SourceText | None) -> str:
    """Return the language that a text is in, by its script; TODO where there is no text to tell by."""
    whole = "".join(text.lines) if text else ""
    if not whole.strip():
        return TODO
    chinese = "".join(HAS_CJK.findall(whole))
    if len(chinese) < len(whole) / 10:
        return "en"
    return "zh-Hant" if sum(is_traditional(character) for character in set(chinese)) > len(set(chinese)) / 10 else "zh-Hans"


def _publisher(catalogue: Catalogue, asked: str) -> str | None:
    """Return the id of an organisation that is given by its id or a name of it, None if there is no such."""
    for subject in catalogue.of_kind("organisation"):
        if asked and asked in (subject.id, *subject.names):
            return subject.id
    return None


def _source_id(catalogue: Catalogue, asked: DraftRequest, publisher: str | None) -> str:
    """Return the id of the source: as it was given, else of publisher and date."""
    slug = publisher or re.sub(r"[^a-z0-9]+", "-", asked.publisher.lower()).strip("-")
    date = _day(asked.published).split("T")[0].split("[")[0] if asked.published else ""
    source = asked.id or (f"{slug}-{date}" if slug and date else "")
    if not source:
        raise CannotDraft("it is made of publisher and date; give both of them, or an id", "id")
    if not is_id(source):
        raise CannotDraft(f"{source} is no id of small letters, digits and hyphens; give one that is", "id")
    if known := catalogue.subjects.get(source):
        raise CannotDraft(f"{source} is taken by {known.file}:{known.line}; give another", "id")
    return source
