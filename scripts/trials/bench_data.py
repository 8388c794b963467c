"""Generate a large `raw/` for the bench: realistic fact sheets of about 100 claims each, always the same from one seed.

The real sheets are the pattern. Each generated *world* is another company: every subject and every decision of the real
`raw/` under ids of its own, and the real passages dealt out among the world's sheets, so that languages, kinds of
entries, notes, long lines, names, lines set aside, rivals and decisions come in their real shares. Each passage is dealt
once in a first round, so that all subjects are claimed and every decision meets its rivals; the further sheets of a world
retell lines drawn by lot.
"""

from __future__ import annotations

import json
import random
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from leadership.catalogue import Catalogue
from leadership.locating import to_ranges
from leadership.participation import Participation, parse_participation
from leadership.pipeline import read_sheets
from leadership.schema import KINDS, PUBLIC_IDS, SEEN_AT
from leadership.sheets import access

CLAIMS_A_SHEET = 100
SHEETS_A_WORLD = 87  # three times as many as one round of the real passages fills
PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_-]*(?: [A-Za-z][A-Za-z0-9_-]*)*")
YAML_WORDS = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}
CODE_KEYS = {
    *(prop.name for kind in KINDS.values() for prop in kind.properties if prop.type == "code"),
    *(declared.key for kind in KINDS.values() for declared in kind.declared if declared.type == "code"),
}  # their values are never ids, even where a code is spelled like one
MODEL_KEYS = {
    *(prop.name for kind in KINDS.values() for prop in kind.properties),
    *(declared.key for kind in KINDS.values() for declared in kind.declared),
}  # nor are these, even where a subject is spelled like one
Data = dict[str, Any]


def generate(real: Path, target: Path, sheets: int, seed: int = 1) -> None:
    """Write into the folder `target` a `raw/` with that many sheets, made in the likeness of `real`.

    Raises ValueError if they are too few.
    """
    shutil.rmtree(target, ignore_errors=True)
    (target / "sources").mkdir(parents=True)
    shutil.copy(real / "codes.yml", target / "codes.yml")
    catalogue, documents = read_sheets(real)
    held = {document.data["source"]["id"] for document in documents}
    deck = [hand for document in documents for hand in _deal(_alone(document.data, held), catalogue)]
    if sheets < len(deck):
        raise ValueError(f"{sheets} sheets are too few: the real ones fill {len(deck)}, and decisions rest on all of them")
    worlds = max(1, sheets // max(SHEETS_A_WORLD, len(deck)))  # each has all that the real sheets say, so that its decisions fit
    with _Catalogues(target, catalogue, held) as catalogues:
        for world in range(worlds):
            rename = _renamer(set(catalogue.subjects), world)
            catalogues.write(rename, known_elsewhere=world == 0)
            count = sheets * (world + 1) // worlds - sheets * world // worlds
            draw = random.Random(f"{seed} {world}")
            hands = deck[:count] + [_draw_hand(deck, draw) for _ in range(count - len(deck))]
            for number, hand in enumerate(hands):
                _write_sheet(target / "sources", hand, rename, f"w{world}-{number}")


class _Hand:
    """What one generated sheet says: the header and defaults of a real sheet, some of its passages and names."""

    def __init__(self, sheet: Data, passages: list[Data], names: Data):
        self.sheet = sheet
        self.passages = passages
        self.names = names


def _alone(sheet: Data, held: set[str]) -> Data:
    """Return a sheet without what it says of other sheets, because each hand becomes a sheet with an id of its own."""
    others = held - {sheet["source"]["id"]}

    def without(entry: Data) -> Data:
        return {key: value for key, value in entry.items() if others.isdisjoint(_words(value))}

    says = [[without(entry) for entry in passage["says"] if entry.get("source") not in others] for passage in sheet["passages"]]
    passages = [passage | {"says": said} for passage, said in zip(sheet["passages"], says, strict=True) if said]
    header = without(sheet["source"])
    if "derived_from" not in header:
        header.pop("derived_how", None)  # which says nothing without it
    return sheet | {"source": header, "passages": passages}


def _deal(sheet: Data, catalogue: Catalogue) -> list[_Hand]:
    """Cut a real sheet into hands of about 100 claims, each with the names of the subjects that it speaks of."""
    hands: list[_Hand] = []
    passages: list[Data] = []
    claims = 0.0
    named: set[str] = set()
    per_passage = sum(1 if isinstance(names, str) else len(names) for names in sheet["names"].values()) / len(sheet["passages"])
    for passage in sheet["passages"]:
        passages.append(passage)
        claims += sum(map(_claim_count, passage["says"])) + per_passage
        if claims >= CLAIMS_A_SHEET:
            hands.append(_Hand(sheet, passages, _names_of(passages, sheet, catalogue)))
            named |= set(hands[-1].names)
            passages, claims = [], 0
    if passages:
        hands.append(_Hand(sheet, passages, _names_of(passages, sheet, catalogue)))
        named |= set(hands[-1].names)
    for index, subject in enumerate(key for key in sheet["names"] if key not in named):
        hands[index % len(hands)].names[subject] = sheet["names"][subject]
    return hands


def _draw_hand(deck: list[_Hand], draw: random.Random) -> _Hand:
    """Draw whole lines, with about as many passages as a hand has, from the real sheet of which some hand is made."""
    hand = draw.choice(deck)
    sheet = hand.sheet
    lines = sorted({_place(sheet, passage) for passage in sheet["passages"]})
    chosen = set(draw.sample(lines, max(1, round(len(lines) * len(hand.passages) / len(sheet["passages"])))))
    names = draw.choice([other.names for other in deck if other.sheet is sheet])
    return _Hand(sheet, [passage for passage in sheet["passages"] if _place(sheet, passage) in chosen], names)


def _place(sheet: Data, passage: Data) -> int:
    """Return what passages are drawn by: the line of a text at hand, of a page each passage for itself."""
    return int(passage["line"]) if "line" in passage else sheet["passages"].index(passage)


def _claim_count(entry: Data) -> int:
    kind = next(iter(entry))
    return 1 + sum(len(value) if isinstance(value, dict) else 1 for key, value in entry.items() if KINDS[kind].property(key))


def _names_of(passages: list[Data], sheet: Data, catalogue: Catalogue) -> Data:
    """Return the names of the subjects that some passages speak of, directly or by what the catalogue says of them."""
    spoken = set(_words(passages))
    for subject in list(spoken & set(catalogue.subjects)):
        spoken |= set(_words(catalogue.subjects[subject].declared))
    return {key: value for key, value in sheet["names"].items() if key in spoken}


def _words(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield key
            yield from _words(value)
    elif isinstance(data, list):
        for value in data:
            yield from _words(value)
    else:
        yield data


def _renamer(ids: set[str], world: int) -> Callable[[Any], Any]:
    """Return a function that gives every id within some data the world's own form."""

    def rename(data: Any) -> Any:
        if isinstance(data, dict):
            return {key if key in MODEL_KEYS else rename(key): value if key in CODE_KEYS else rename(value) for key, value in data.items()}
        if isinstance(data, list):
            return [rename(value) for value in data]
        if data in ids:
            return f"{data}-{world}"
        subject, colon, _ = data.partition(":")  # the value of a participant, as decisions write it
        if not colon or subject not in ids:
            return data
        return Participation(*(f"{piece}-{world}" if piece in ids else piece for piece in parse_participation(data) if piece)).text

    return rename


class _Catalogues:
    """The files of `raw/` but for sheets and codes, to which each world adds its share."""

    def __init__(self, target: Path, catalogue: Catalogue, held: set[str]):
        self.entries: dict[str, list[Data]] = {f"{kind.table}.yml": [] for kind in KINDS.values() if kind.name != "source"}
        self.entries |= {"cited.yml": [], "decisions.yml": []}
        self.kinds = {subject.id: subject.kind for subject in catalogue.subjects.values()}
        for subject in catalogue.subjects.values():
            if subject.id not in held:
                name = "cited" if subject.kind == "source" else KINDS[subject.kind].table  # whatever file of its folder it stands in
                self.entries[f"{name}.yml"].append(subject.declared)
        decisions = [decision for decision in catalogue.decisions.values() if held.isdisjoint(_words(decision))]
        self.entries["decisions.yml"] = [{key: value for key, value in d.items() if key not in ("file", "line")} for d in decisions]
        self.files = {name: (target / name).open("w", encoding="utf-8") for name in self.entries}

    def __enter__(self) -> _Catalogues:
        return self

    def __exit__(self, *_: object) -> None:
        for file in self.files.values():
            file.close()

    def write(self, rename: Callable[[Any], Any], known_elsewhere: bool) -> None:
        """Add one world's entries; only in one world are they `known_elsewhere`, because an id that others gave is that of one subject."""
        for name, entries in self.entries.items():
            for whole in entries:
                entry = whole if known_elsewhere else {key: value for key, value in whole.items() if key not in (*PUBLIC_IDS, SEEN_AT)}
                renamed = self._rename_decision(entry, rename) if name == "decisions.yml" else rename(entry)
                self.files[name].write(f"- {_flow(renamed)}\n")

    def _rename_decision(self, decision: Data, rename: Callable[[Any], Any]) -> Data:
        """Rename a decision and its subject, and of its values those that are ids: a code may be spelled like one."""
        prop = KINDS[self.kinds[decision["subject"]]].property(decision["property"])
        renamed = rename(decision) if prop and prop.type in ("reference", "participants") else dict(decision)
        subject = rename(decision["subject"])
        return renamed | {"subject": subject, "id": subject.replace(decision["subject"], decision["id"])}


def _write_sheet(folder: Path, hand: _Hand, rename: Callable[[Any], Any], suffix: str) -> None:
    """Write a hand as a sheet. Lines are numbered anew, so that each is cited, set aside or blank as in the real sheet."""
    old_id = hand.sheet["source"]["id"]
    new_id = f"{old_id}-{suffix}"
    if access(hand.sheet) == "read":
        _write_page(folder / f"{new_id}.yml", hand, rename, new_id)
        return
    cited = sorted({int(passage["line"]) for passage in hand.passages})
    of_old, aside, blank, count = _number_lines(hand, cited)
    source = {key: value for key, value in hand.sheet["source"].items() if key not in ("blank_lines", "line_count")}
    source = {**rename(source), "id": new_id, "document": f"{new_id}.txt", "line_count": str(count)}
    if blank:
        source["blank_lines"] = to_ranges(blank)
    lines = ["source:", *(f"  {key}: {_scalar(value)}" for key, value in source.items())]
    if hand.sheet.get("defaults"):
        lines += ["", "defaults:", *(f"  {key}: {_scalar(value)}" for key, value in rename(hand.sheet["defaults"]).items())]
    lines += ["", "names:"]
    for subject, spellings in hand.names.items():
        moved = {text: _moved(place, of_old, cited) for text, place in spellings.items()}
        lines.append(f"  {rename(subject)}: {_flow(moved)}")
    lines += ["", "passages:"]
    for passage in hand.passages:
        lines += [f"  - line: {of_old[int(passage['line'])]}", f"    find: {json.dumps(passage['find'], ensure_ascii=False)}"]
        lines += [f"    start: {passage['start']}", "    says:"]
        lines += [f"      - {_flow(_said(entry, old_id, new_id, rename))}" for entry in passage["says"]]
    if aside:
        lines += ["", "set_aside:", f'  - {{lines: "{to_ranges(aside)}", why: heading}}']
    (folder / f"{new_id}.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _write_page(path: Path, hand: _Hand, rename: Callable[[Any], Any], new_id: str) -> None:
    """Write a hand of a page that was read as a sheet, which has no lines."""
    old_id = hand.sheet["source"]["id"]
    lines = ["source:", *(f"  {key}: {_scalar(value)}" for key, value in {**rename(hand.sheet["source"]), "id": new_id}.items())]
    if hand.sheet.get("defaults"):
        lines += ["", "defaults:", *(f"  {key}: {_scalar(value)}" for key, value in rename(hand.sheet["defaults"]).items())]
    lines += ["", "names:", *(f"  {rename(subject)}: {_flow(spellings)}" for subject, spellings in hand.names.items()), "", "passages:"]
    for passage in hand.passages:
        lines += [f"  - find: {json.dumps(passage['find'], ensure_ascii=False)}", "    says:"]
        lines += [f"      - {_flow(_said(entry, old_id, new_id, rename))}" for entry in passage["says"]]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _number_lines(hand: _Hand, cited: list[int]) -> tuple[dict[int, int], list[int], list[int], int]:
    """Return the new number of each cited line, the lines set aside, the blank lines and how many lines there are in all."""
    real = len({int(passage["line"]) for passage in hand.sheet["passages"]})
    others = int(hand.sheet["source"]["line_count"]) - real
    asides = sum(len(str(entry["lines"]).split(",")) for entry in hand.sheet.get("set_aside") or [])
    extra = round(others * len(cited) / real)
    set_aside = min(extra, round(asides * len(cited) / real))
    of_old = {old: new for new, old in enumerate(cited, start=1)}
    first = len(cited) + 1
    return of_old, list(range(first, first + set_aside)), list(range(first + set_aside, first + extra)), len(cited) + extra


def _moved(place: Any, of_old: dict[int, int], cited: list[int]) -> Any:
    """Move the place of a name to the nearest line that the sheet still has."""
    if isinstance(place, list):
        return [_moved(place[0], of_old, cited), *place[1:]]
    line, _, start = place.partition(":")
    nearest = min(cited, key=lambda old: abs(old - int(line)))
    return f"{of_old[nearest]}:{start}"


def _said(entry: Data, old_id: str, new_id: str, rename: Callable[[Any], Any]) -> Data:
    return {**rename(entry), "source": new_id} if entry.get("source") == old_id else rename(entry)


def _flow(data: Any) -> str:
    """Write data as a flow collection, as the real sheets do."""
    if isinstance(data, dict):
        return f"{{{', '.join(f'{_scalar(key)}: {_flow(value)}' for key, value in data.items())}}}"
    if isinstance(data, list):
        return f"[{', '.join(map(_flow, data))}]"
    return _scalar(data)


def _scalar(text: str) -> str:
    is_plain = (PLAIN.fullmatch(text) and text.lower() not in YAML_WORDS) or re.fullmatch(r"[0-9]{1,7}:[0-9]{1,7}|[0-9a-f]{64}", text)
    return text if is_plain else json.dumps(text, ensure_ascii=False)


def sheet_paths(raw: Path) -> list[Path]:
    """Return the sheets of a generated folder in order of their names."""
    return sorted((raw / "sources").glob("*.yml"))


def change_one_sheet(raw: Path) -> Callable[[], None]:
    """Change claims of the sheet in the middle (the anchor of its first passage); return a function that puts it back.

    Raises ValueError if it has no passage.
    """
    paths = sheet_paths(raw)
    path = paths[len(paths) // 2]
    old = path.read_text(encoding="utf-8")
    new, changed = re.subn(r'^(  (?:- |  )find: ")', r"\1…", old, count=1, flags=re.M)
    if not changed:
        raise ValueError(f"{path} has no passage to change")
    path.write_text(new, encoding="utf-8")

    def put_back() -> None:
        path.write_text(old, encoding="utf-8")

    return put_back
