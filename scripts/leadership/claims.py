"""From a fact sheet to claims: one claim for each thing that a source says at one place.

In: a sheet whose shape has been checked, and the catalogue. Out: a `Reading` (claims, names, lines set aside); whatever
is wrong with ids, codes, dates, numbers, anchors or lines is noted in the sheet's document.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice, pairwise
from typing import Any, NamedTuple

from .amounts import parse_amount
from .catalogue import Catalogue, check_date, check_day
from .faults import with_article
from .folding import has_cjk
from .participation import Participation
from .reading import Document, Location, Map
from .schema import CERTAINTIES, KINDS, MODES, NAMED_KINDS, OCCURS, QUALIFIERS, VOICES, Property
from .sheets import HELD_ANCHOR, READ_ANCHOR, access
from .typography import set_apostrophes
from .when import UNKNOWN_ZONE, parse_when, read_zone

PLACES = {code: number for codes in (MODES, CERTAINTIES) for number, code in enumerate(codes)}
OWN_VOICE = "own_voice"
SAME_AS = "same_as"
WITHOUT_BODY = ("organisation", "post", "product")  # what may be planned, rumoured or invented though it has a name


class Passage(NamedTuple):
    """A place in a source: `line` from 1, `start` in code points from the beginning of the line.

    Of a page that was read both are None, and the words `find` are all that leads to the place.
    """

    source: str
    line: int | None
    find: str
    start: int | None

    @property
    def id(self) -> str:
        """An id that stays the same as long as the place and its anchor do."""
        if self.line is None:
            return f"{self.source}-p{digest(self.find)[:8]}"
        return f"{self.source}-{self.line}-{digest(self.find, self.start)[:6]}"


class Claim(NamedTuple):
    """What one passage affirms or denies of one property of one subject, and in whose voice.

    `speaker` is the outlet or document from which the source has it, else the source: `via`, or the only newsroom that the
    sheet names for the same fact elsewhere where it repeats the fact in its own voice.
    """

    subject: str
    kind: str
    property: str
    value: str
    polarity: str
    mode: str
    certainty: str
    attribution: str
    by: str | None
    via: str | None
    as_named: str | None
    note: str | None
    checked: str
    speaker: str
    passage: Passage
    raw_file: str
    raw_line: int

    def id_at(self, passage_id: str) -> str:
        """Return an id made of what is claimed, by whom, and at the passage of that id, which is worked out once for all its claims."""
        return f"{self.passage.source}-c{digest(passage_id, self.subject, self.property, self.value, self.polarity, self.by)[:10]}"


class Name(NamedTuple):
    """A spelling that a source uses for a subject."""

    subject: str
    text: str
    kind: str | None
    passage: Passage


class LineSetAside(NamedTuple):
    """A line of a source that carries no claim."""

    source: str
    line: int
    why: str
    of: int | None
    note: str | None


@dataclass
class Reading:
    """Everything that one sheet yields."""

    source: str
    claims: list[Claim] = field(default_factory=list)
    names: list[Name] = field(default_factory=list)
    set_aside: list[LineSetAside] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    blank_lines: list[int] = field(default_factory=list)


def digest(*parts: Any) -> str:
    """A hexadecimal digest of some values, for ids that follow from content."""
    return sha256("\x1f".join(map(str, parts)).encode()).hexdigest()


def read_ranges(text: str | None) -> list[tuple[int, int]]:
    """Return first and last line of each range of `"1, 3-5"`."""
    parts = (part.partition("-") for part in (text or "").replace(" ", "").split(",") if part)
    return [(int(first), int(last or first)) for first, _, last in parts]


def expand_ranges(text: str | None) -> list[int]:
    """Return the line numbers that `"1, 3-5"` names. Ranges run upwards and hold at most 100,000 lines."""
    lines = (line for first, last in read_ranges(text) for line in range(first, min(last + 1, first + 100_000)))
    return list(islice(lines, 1_000_000))  # the same range may be written over and over


def _gaps(numbers: set[int], last: int) -> list[tuple[int, int]]:
    """Return first and last number of each run between 1 and `last` that is not among `numbers`."""
    ends = [0, *sorted(number for number in numbers if number <= last), last + 1]
    return [(before + 1, after - 1) for before, after in pairwise(ends) if after - before > 1]


def longest_anchor(text: str) -> int:
    """Return how many characters an anchor on a page may have: a Chinese character says as much as two Latin letters."""
    return HELD_ANCHOR if has_cjk(text) else READ_ANCHOR


def surety_of(claim: Claim) -> tuple[int, int]:
    """Return how much a claim asserts, for comparison: the less, the greater. What is no code, which is a fault, asserts least."""
    return PLACES.get(claim.mode, len(MODES)), PLACES.get(claim.certainty, len(CERTAINTIES))


def existence_of(entry: dict[str, Any], has_properties: bool) -> dict[str, Any]:
    """Return what an entry says of the existence of its subject.

    Its qualifiers belong to the properties beside them: “perhaps he left because of X” makes the reason possible, not the
    exit. They reach the existence where there is no property, or where the entry says that they qualify all.
    """
    if not has_properties or entry.get("qualifies") == "all":
        return entry
    return {key: value for key, value in entry.items() if key not in QUALIFIERS}


def with_newsrooms(claims: list[Claim]) -> list[Claim]:
    """Return the claims of a sheet; what it has from one newsroom in one place it has from there where it only repeats it."""
    newsrooms: dict[tuple[str, str, str], set[str]] = {}
    for claim in claims:
        if claim.via:
            newsrooms.setdefault((claim.subject, claim.property, claim.value), set()).add(claim.via)
    if not newsrooms:
        return claims

    def heard(claim: Claim) -> Claim:
        known = newsrooms.get((claim.subject, claim.property, claim.value), ())
        if len(known) != 1 or claim.attribution != OWN_VOICE:
            return claim
        return claim._replace(speaker=next(iter(known)))

    return [heard(claim) for claim in claims]


def flatten_sheet(document: Document, catalogue: Catalogue) -> Reading:
    """Turn a sheet into claims, names and lines set aside; what cannot be right is noted in `document.faults`."""
    return _Flattener(document, catalogue).run()


class _Flattener:
    """One pass over one sheet. Holds what every step needs: the document, the catalogue and the sheet's defaults."""

    def __init__(self, document: Document, catalogue: Catalogue):
        self.document = document
        self.catalogue = catalogue
        self.sheet: dict[str, Any] = document.data
        self.source: str = self.sheet["source"]["id"]
        self.is_held = access(self.sheet) == "held"
        self.line_count = int(self.sheet["source"].get("line_count", 0))
        self.defaults: dict[str, str] = self.sheet.get("defaults") or {}
        self.zone = self.defaults.get("zone", UNKNOWN_ZONE)
        self.published: str | None = None
        self.reading = Reading(self.source)
        self.seen: dict[tuple[Any, ...], int] = {}  # what is claimed where and by whom, with the place of the claim in the reading
        self.told_at_names: list[Claim] = []
        self.naming = 0  # how many of the first claims say no more than that a name stands there
        self.passages: set[Passage] = set()
        self.cited: set[int] = set()

    def run(self) -> Reading:
        self._check_header()
        self._read_names()
        self.naming = len(self.reading.claims)
        anchors: set[Passage] = set()
        for index, passage in enumerate(self.sheet["passages"]):
            self._read_passage(index, passage, anchors)
        if self.is_held:
            self._read_set_aside()
            self._check_coverage()
        self._weaken_names()
        self.reading.claims = with_newsrooms(self.reading.claims)
        return self.reading

    def _weaken_names(self) -> None:
        """Let a name say no more of the existence of what it names than the passages of the sheet that speak of it."""
        claims = self.reading.claims
        told: dict[str, Claim] = {}
        for claim in [*claims[self.naming :], *self.told_at_names]:
            if claim.property == OCCURS and claim.polarity == "affirms":
                told[claim.subject] = min(told.get(claim.subject, claim), claim, key=surety_of)
        for index, claim in enumerate(claims[: self.naming]):
            if (best := told.get(claim.subject)) and claim.kind in WITHOUT_BODY:
                claims[index] = claim._replace(mode=best.mode, certainty=best.certainty)

    def _check_header(self) -> None:
        try:
            if self.zone != UNKNOWN_ZONE:
                read_zone(self.zone)
        except ValueError as error:
            self.document.fault(("defaults", "zone"), str(error))
            self.zone = UNKNOWN_ZONE
        header = self.sheet["source"]
        self.published = self._date(("source", "published"), header["published"])
        if not self.is_held:
            self._check_reading(header["read_on"])
            if not {"url", "read_at"} & header.keys():
                self.document.fault(("source",), "says neither where the page is nor where it was read; write url or read_at")
        self._check_voice(("defaults",), self.defaults)

    def _check_reading(self, day: str) -> None:
        """Note a day of reading that is none, or that was before there was anything to read."""
        place = ("source", "read_on")
        before = len(self.document.faults)
        check_day(self.document, place, day)
        if self.published and before == len(self.document.faults):
            published, read = parse_when(self.published), parse_when(day)
            if published.earliest and read.latest and read.latest <= published.earliest:
                self.document.fault(place, f"{day} is before {published.text}, when it was published; correct one of the two")

    # names

    def _read_names(self) -> None:
        for subject_id, spellings in self.sheet["names"].items():
            subject = self.catalogue.subjects.get(subject_id)
            if subject and subject.kind in NAMED_KINDS:
                if self.is_held:
                    for text, value in spellings.items():
                        self._read_name(subject_id, subject.kind, text, value)
                else:
                    self._read_spellings(subject_id, subject.kind, spellings)
                continue
            refusal = self.catalogue.refusal(subject_id, "subjects")
            if subject:
                refusal = f"{subject_id} is {with_article(subject.kind)}; names are for persons, organisations, posts and products"
            self._refuse(("names", subject_id), refusal, at_key=True)

    def _read_name(self, subject_id: str, kind: str, text: str, value: str | list[str]) -> None:
        location = ("names", subject_id, text)
        place, name_kind = (value, None) if isinstance(value, str) else (value[0], value[1] if len(value) > 1 else None)
        line, _, start = place.partition(":")
        if not line.isdigit() or not start.isdigit():
            self.document.fault(location, "the place of the name is not filled in; run make locate")
            return
        passage = Passage(self.source, int(line), text[:HELD_ANCHOR], int(start))
        self._check_line(location, int(line))
        self._add_name(location, Name(subject_id, text, name_kind, passage), kind, self.sheet["names"][subject_id].line_of(text))

    def _read_spellings(self, subject_id: str, kind: str, spellings: str | list[Any]) -> None:
        """Read the names that a page uses for a subject, which have no places: the name itself leads to where it stands."""
        seen: set[str] = set()
        for index, spelling in enumerate([spellings] if isinstance(spellings, str) else spellings):
            location = ("names", subject_id) if isinstance(spellings, str) else ("names", subject_id, index)
            text, name_kind = (spelling, None) if isinstance(spelling, str) else spelling
            if text in seen:
                self.document.fault(location, f"the name {text} stands twice; keep one of the two")
                continue
            seen.add(text)
            passage = Passage(self.source, None, text[: longest_anchor(text)], None)
            self._add_name(location, Name(subject_id, text, name_kind, passage), kind, self.sheet["names"].line_of(subject_id))

    def _add_name(self, location: Location, name: Name, kind: str, raw_line: int) -> None:
        if name.kind:
            self._refuse(location, self.catalogue.code_refusal(name.kind, "name_kind"))
        self.reading.names.append(name)
        self._keep_passage(name.passage)
        self._claim(location, name.subject, kind, OCCURS, "yes", {"as_named": name.text}, name.passage, raw_line)

    # passages

    def _read_passage(self, index: int, data: dict[str, Any], anchors: set[Passage]) -> None:
        location: Location = ("passages", index)
        passage = self._passage(location, data)
        if passage in anchors:
            self.document.fault(location, "this anchor stands twice; put what it says into one passage")
        anchors.add(passage)
        self._keep_passage(passage)
        before = len(self.reading.claims), len(self.document.faults)
        for number, entry in enumerate(data["says"]):
            self._read_entry((*location, "says", number), entry, passage)
        if passage.line is not None and before != (len(self.reading.claims), len(self.document.faults)):
            self.cited.add(passage.line)  # a passage that says no more than `names` does accounts for its line as little

    def _passage(self, location: Location, data: dict[str, Any]) -> Passage:
        find = data["find"]
        if self.is_held:
            self._check_line((*location, "line"), int(data["line"]))
            return Passage(self.source, int(data["line"]), find, int(data["start"]))
        if len(find) > longest_anchor(find):
            self.document.fault((*location, "find"), f"find is longer than {HELD_ANCHOR} characters, of which some are Chinese; shorten it")
        return Passage(self.source, None, find, None)

    def _read_entry(self, location: Location, entry: Map, passage: Passage) -> None:
        kind = next(iter(entry))
        subject_id = entry[kind]
        if refusal := self.catalogue.refusal(subject_id, KINDS[kind].table):
            self.document.fault((*location, kind), refusal)
            return
        self._check_voice(location, entry)
        raw_line: int = entry.line
        given = [prop for prop in KINDS[kind].properties if prop.name in entry]
        if kind == "source" and not given:
            self.document.fault(location, "to name a source says nothing; write what the line describes or cites, or remove the entry")
        values = [(prop, value) for prop in given for value in self._values(location, prop, entry)]
        denies = entry.get("denies") == "true"
        if kind != "source" and not (denies and values):
            existence = existence_of(entry, bool(values))
            self._claim(location, subject_id, kind, OCCURS, "yes", existence, passage, raw_line)
            post = self.catalogue.subjects[subject_id].declared.get("post") if kind == "tenure" else None
            if post and not denies:  # whoever says that somebody held a post says that there is such a post, if only in jest
                of_post = {key: value for key, value in existence.items() if key not in ("certainty", "as_named")}
                self._claim(location, post, "post", OCCURS, "yes", of_post, passage, raw_line)
        for prop, (name, value) in values:
            self._claim((*location, prop.name), subject_id, kind, name, value, entry, passage, raw_line)

    def _values(self, location: Location, prop: Property, entry: dict[str, Any]) -> Iterator[tuple[str, str]]:
        """Yield (property, value) for each value that an entry gives to a property, in the form in which it is kept."""
        place = (*location, prop.name)
        given = entry[prop.name]
        if prop.type == "participants":
            for subject_id, role in given.items():
                self._refuse((*place, subject_id), self.catalogue.refusal(subject_id, "subjects"))
                for participation in self._participations((*place, subject_id), subject_id, role):
                    yield prop.name, participation.text
            return
        for value in given if isinstance(given, list) else [given]:
            if prop.type == "fields":
                yield from self._header_field(place, value, entry["source"])
            elif prop.type == "date":
                if text := self._date(place, value):
                    yield prop.name, text
            elif prop.type == "amount":
                if text := self._amount(place, value):
                    yield prop.name, text
            else:
                if prop.type == "code":
                    self._refuse(place, self.catalogue.code_refusal(value, prop.target))
                elif prop.type == "reference":
                    subject_id = next(iter(entry.values()))
                    itself = f"{value} leads to itself; name another" if value == subject_id else None
                    refusal = itself or self.catalogue.refusal(value, prop.target, *prop.also)
                    if prop.name == SAME_AS and not refusal:
                        refusal = self._refuse_same_exit(subject_id, value)
                    self._refuse(place, refusal)
                yield prop.name, value

    def _refuse_same_exit(self, nameless_id: str, named_id: str) -> str | None:
        """Say why an exit cannot be the same as another: such a one stands out of every list, because the other stands there."""
        nameless, named = (self.catalogue.subjects[key].declared for key in (nameless_id, named_id))
        if "organisation" not in nameless or "organisation" not in named:
            return None  # the shape of one is wrong, which is said where it stands
        if "person" in nameless:
            return f"{nameless_id} names who leaves; {SAME_AS} is said of an exit that names nobody"
        if "person" not in named:
            return f"{named_id} names nobody either; name the exit of the person"
        if nameless["organisation"] != named["organisation"]:
            return f"{named_id} is no exit from {nameless['organisation']}; name one from there"
        return None

    def _participations(self, place: Location, subject_id: str, role: Any) -> Iterator[Participation]:
        """Yield the parts of a participant: `role` is a part, a list of them, or a map of both and on whose behalf."""
        parts, on_behalf_of = (role["part"], role["for"]) if isinstance(role, dict) else (role, None)
        if on_behalf_of:
            itself = (
                f"{subject_id} acts for itself, which goes without saying; write the part alone" if on_behalf_of == subject_id else None
            )
            self._refuse((*place, "for"), itself or self.catalogue.refusal(on_behalf_of, "subjects"))
        for part in parts if isinstance(parts, list) else [parts]:
            self._refuse(place, self.catalogue.code_refusal(part, "part"))
            yield Participation(subject_id, part, on_behalf_of)

    def _header_field(self, place: Location, name: str, source: str) -> Iterator[tuple[str, str]]:
        value = self.sheet["source"].get(name)
        if source != self.source or value is None:
            self.document.fault(place, f"the header of this sheet has no {name}; add it or remove it here")
            return
        if name != "published":
            yield name, value
        elif self.published:
            yield name, self.published

    def _date(self, place: Location, value: str) -> str | None:
        return check_date(self.document, place, value, self.zone)

    def _amount(self, place: Location, value: str) -> str | None:
        try:
            return parse_amount(str(value)).text
        except ValueError as error:
            self.document.fault(place, str(error))
            return None

    def _check_voice(self, location: Location, entry: dict[str, Any]) -> None:
        for key in ("attribution", "mode", "certainty", "checked"):
            if key in entry:
                self._refuse((*location, key), self.catalogue.code_refusal(entry[key], key))
        others = [key for key in ("by", "via") if key in entry or key in self.defaults]
        if entry.get("attribution") == OWN_VOICE and others:
            message = f"{OWN_VOICE} is the word of the source itself, and {others[0]} names another; remove one of the two"
            self.document.fault((*location, "attribution"), message)
        if "by" in entry:
            speaker = self.catalogue.subjects.get(entry["by"])
            refusal = self.catalogue.refusal(entry["by"], "subjects")
            if speaker and speaker.kind not in VOICES:
                refusal = f"{entry['by']} is {with_article(speaker.kind)} and cannot speak; name a person, an organisation or a post"
            self._refuse((*location, "by"), refusal)
        if "via" in entry:
            outlet = self.catalogue.subjects.get(entry["via"])
            refusal = self.catalogue.refusal(entry["via"], "subjects")
            if outlet and outlet.kind not in ("organisation", "source"):
                refusal = f"{entry['via']} is {with_article(outlet.kind)}; via names an outlet or a document"
            elif entry["via"] == self.source:
                refusal = f"{entry['via']} is this source itself; via names whom it has it from"
            self._refuse((*location, "via"), refusal)

    def _claim(
        self, location: Location, subject: str, kind: str, prop: str, value: str, entry: dict[str, Any], passage: Passage, raw_line: int
    ) -> None:
        by = entry.get("by", self.defaults.get("by"))
        via = entry.get("via", self.defaults.get("via"))
        inferred = "named" if by else "other_media" if via else self.defaults.get("attribution", OWN_VOICE)
        claim = Claim(
            subject,
            kind,
            prop,
            value,
            "denies" if entry.get("denies") == "true" else "affirms",
            entry.get("mode", self.defaults.get("mode", "fact")),
            entry.get("certainty", self.defaults.get("certainty", "certain")),
            entry.get("attribution", inferred),
            by,
            via,
            entry.get("as_named"),
            set_apostrophes(entry.get("note")),
            entry.get("checked", self.defaults.get("checked", "page")),
            via or self.source,
            passage,
            self.document.file,
            raw_line,
        )
        key = (passage.line, passage.start, passage.find, subject, prop, value, claim.polarity, by)
        if key in self.seen:
            if prop != OCCURS:
                self.document.fault(location, f"{prop} {value} of {subject} is claimed twice at this anchor; remove one")
            elif self.seen[key] < self.naming:  # a name stands at these very words: what is told there says how surely it is so
                claim = claim._replace(as_named=self.reading.claims[self.seen[key]].as_named)
                self.reading.claims[self.seen[key]] = claim
                self.told_at_names.append(claim)
            return
        self.seen[key] = len(self.reading.claims)
        self.reading.claims.append(claim)

    # lines

    def _read_set_aside(self) -> None:
        seen: set[tuple[int, str]] = set()
        blank = set(expand_ranges(self.sheet["source"].get("blank_lines")))
        for index, data in enumerate(self.sheet.get("set_aside") or []):
            location: Location = ("set_aside", index)
            why, of = data["why"], int(data["of"]) if "of" in data else None
            self._refuse((*location, "why"), self.catalogue.code_refusal(why, "set_aside_reason"))
            if (why == "repeats") != (of is not None):
                self.document.fault(location, "repeats, and only repeats, names the line it repeats; write of: <line>")
            if of is not None:
                self._check_line((*location, "of"), of)
            lines = self._lines((*location, "lines"), data["lines"])
            if of in lines or of in blank:
                what = "has nothing on it to be repeated" if of in blank else "does not repeat itself"
                self.document.fault((*location, "of"), f"line {of} {what}; name the line that says it first")
            for line in lines:
                if (line, why) in seen:
                    self.document.fault((*location, "lines"), f"line {line} is set aside as {why} twice; keep one of the two")
                seen.add((line, why))
                self.reading.set_aside.append(LineSetAside(self.source, line, why, of, data.get("note")))

    def _lines(self, location: Location, ranges: str | None) -> list[int]:
        """Return the lines of the source that ranges name; note ranges that fall or lead beyond the end."""
        for first, last in read_ranges(ranges):
            if first > last:
                self.document.fault(location, f"{first}-{last} does not rise; write the smaller line first")
        within = range(1, self.line_count + 1)
        lines = expand_ranges(ranges)
        for line in [line for line in lines if line not in within][:1]:
            self._check_line(location, line)
        return [line for line in lines if line in within]

    def _check_coverage(self) -> None:
        cited = self.cited
        self.reading.blank_lines = self._lines(("source", "blank_lines"), self.sheet["source"].get("blank_lines"))
        blank = set(self.reading.blank_lines)
        for line, times in Counter(self.reading.blank_lines).items():
            if times > 1:
                self.document.fault(("source", "blank_lines"), f"line {line} is called blank twice; run make locate")
        partly = {entry.line for entry in self.reading.set_aside if entry.why == "private_life"}
        aside = {entry.line for entry in self.reading.set_aside if entry.why != "private_life"}
        for line in sorted(cited & aside):
            self.document.fault(("set_aside",), f"line {line} is cited and set aside; keep one of the two", at_key=True)
        for line in sorted((cited | aside) & blank):
            self.document.fault(("source", "blank_lines"), f"line {line} is called blank and accounted for; run make locate")
        if gaps := _gaps(cited | aside | partly | blank, self.line_count):
            lines = ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in gaps)
            one = lines.isdigit()
            message = f"line{'' if one else 's'} {lines} of the source {'is' if one else 'are'} unaccounted for; "
            self.document.fault((), message + ("cite it or set it aside" if one else "cite them or set them aside"))

    def _check_line(self, location: Location, line: int) -> None:
        if not 1 <= line <= self.line_count:
            self.document.fault(location, f"the source has {self.line_count} lines and no line {line}; correct the line")

    def _keep_passage(self, passage: Passage) -> None:
        if passage not in self.passages:
            self.passages.add(passage)
            self.reading.passages.append(passage)

    def _refuse(self, location: Location, refusal: str | None, at_key: bool = False) -> None:
        if refusal:
            self.document.fault(location, refusal, at_key)
