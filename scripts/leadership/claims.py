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
UNSAID = {"attribution": OWN_VOICE, "mode": MODES[0], "certainty": CERTAINTIES[0], "checked": "page"}
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
    sheet = _Sheet(document, catalogue)
    sheet.check_header()
    claims = _Claims(sheet)
    _Names(sheet, claims).read()
    claims.end_names()
    cited = _Passages(sheet, claims).read()
    if sheet.is_held:
        _Lines(sheet).account(cited)
    claims.weaken_names()
    sheet.reading.claims = with_newsrooms(sheet.reading.claims)
    return sheet.reading


class _Sheet:
    """One sheet, and what is made of it: what every part of it needs, and where its faults are noted."""

    def __init__(self, document: Document, catalogue: Catalogue):
        self.document = document
        self.catalogue = catalogue
        self.fault = document.fault
        self.data: dict[str, Any] = document.data
        self.header: dict[str, Any] = self.data["source"]
        self.source: str = self.header["id"]
        self.is_held = access(self.data) == "held"
        self.line_count = int(self.header.get("line_count", 0))
        self.defaults: dict[str, str] = self.data.get("defaults") or {}
        self.zone = self.defaults.get("zone", UNKNOWN_ZONE)
        self.published: str | None = None
        self.reading = Reading(self.source)

    def refuse(self, location: Location, refusal: str | None, at_key: bool = False) -> None:
        """Note a refusal, if it is one."""
        if refusal:
            self.fault(location, refusal, at_key)

    def read_date(self, location: Location, value: str) -> str | None:
        """Return a date in the form in which it is kept; note what is wrong with it, and then return None."""
        return check_date(self.document, location, value, self.zone)

    def check_line(self, location: Location, line: int) -> None:
        """Note a line that the source does not have."""
        if not 1 <= line <= self.line_count:
            self.fault(location, f"the source has {self.line_count} lines and no line {line}; correct the line")

    def check_header(self) -> None:
        """Note what cannot be right of the source itself and of what holds for all of its entries."""
        try:
            if self.zone != UNKNOWN_ZONE:
                read_zone(self.zone)
        except ValueError as error:
            self.fault(("defaults", "zone"), str(error))
            self.zone = UNKNOWN_ZONE
        self.published = self.read_date(("source", "published"), self.header["published"])
        if not self.is_held:
            self._check_reading(self.header["read_on"])
            if not {"url", "read_at"} & self.header.keys():
                self.fault(("source",), "says neither where the page is nor where it was read; write url or read_at")
        self.check_voice(("defaults",), self.defaults)

    def _check_reading(self, day: str) -> None:
        """Note a day of reading that is none, or that was before there was anything to read."""
        place = ("source", "read_on")
        before = len(self.document.faults)
        check_day(self.document, place, day)
        if self.published and before == len(self.document.faults):
            published, read = parse_when(self.published), parse_when(day)
            if published.earliest and read.latest and read.latest <= published.earliest:
                self.fault(place, f"{day} is before {published.text}, when it was published; correct one of the two")

    def check_voice(self, location: Location, entry: dict[str, Any]) -> None:
        """Note what cannot be right of who says something, and how."""
        for key in ("attribution", "mode", "certainty", "checked"):
            if key in entry:
                self.refuse((*location, key), self.catalogue.code_refusal(entry[key], key))
        others = [key for key in ("by", "via") if key in entry or key in self.defaults]
        if entry.get("attribution") == OWN_VOICE and others:
            message = f"{OWN_VOICE} is the word of the source itself, and {others[0]} names another; remove one of the two"
            self.fault((*location, "attribution"), message)
        if "by" in entry:
            speaker = self.catalogue.subjects.get(entry["by"])
            refusal = self.catalogue.refusal(entry["by"], "subjects")
            if speaker and speaker.kind not in VOICES:
                refusal = f"{entry['by']} is {with_article(speaker.kind)} and cannot speak; name a person, an organisation or a post"
            self.refuse((*location, "by"), refusal)
        if "via" in entry:
            outlet = self.catalogue.subjects.get(entry["via"])
            refusal = self.catalogue.refusal(entry["via"], "subjects")
            if outlet and outlet.kind not in ("organisation", "source"):
                refusal = f"{entry['via']} is {with_article(outlet.kind)}; via names an outlet or a document"
            elif entry["via"] == self.source:
                refusal = f"{entry['via']} is this source itself; via names whom it has it from"
            self.refuse((*location, "via"), refusal)


class _Claims:
    """The claims of a sheet, each once: first those of names, which say no more than that a name stands there, then what passages tell."""

    def __init__(self, sheet: _Sheet):
        self.sheet = sheet
        self.file = sheet.document.file
        self.all = sheet.reading.claims
        self.unsaid: dict[str, str] = UNSAID | sheet.defaults
        self.seen: dict[tuple[Any, ...], int] = {}  # what is claimed where and by whom, with the place of the claim among all
        self.passages: set[Passage] = set()
        self.naming = 0  # how many of the first claims are those of names
        self.told_at_names: list[Claim] = []

    def keep_passage(self, passage: Passage) -> None:
        """Keep a passage, once."""
        if passage not in self.passages:
            self.passages.add(passage)
            self.sheet.reading.passages.append(passage)

    def end_names(self) -> None:
        """Take all that is claimed from here on for what passages tell."""
        self.naming = len(self.all)

    def add(
        self, location: Location, subject: str, kind: str, prop: str, value: str, entry: dict[str, Any], passage: Passage, raw_line: int
    ) -> None:
        """Add what an entry claims of one property of its subject; note what it claims twice."""
        said = self.unsaid
        by, via = entry.get("by", said.get("by")), entry.get("via", said.get("via"))
        inferred = "named" if by else "other_media" if via else said["attribution"]
        claim = Claim(
            subject,
            kind,
            prop,
            value,
            "denies" if entry.get("denies") == "true" else "affirms",
            entry.get("mode", said["mode"]),
            entry.get("certainty", said["certainty"]),
            entry.get("attribution", inferred),
            by,
            via,
            entry.get("as_named"),
            set_apostrophes(entry.get("note")),
            entry.get("checked", said["checked"]),
            via or passage.source,
            passage,
            self.file,
            raw_line,
        )
        key = (passage.line, passage.start, passage.find, subject, prop, value, claim.polarity, by)
        if key in self.seen:
            self._add_again(location, claim, self.seen[key])
            return
        self.seen[key] = len(self.all)
        self.all.append(claim)

    def _add_again(self, location: Location, claim: Claim, place: int) -> None:
        """Let a claim say how surely it is so where a name stands at these very words; note another that is there already."""
        if claim.property != OCCURS:
            self.sheet.fault(location, f"{claim.property} {claim.value} of {claim.subject} is claimed twice at this anchor; remove one")
        elif place < self.naming:
            self.all[place] = claim._replace(as_named=self.all[place].as_named)
            self.told_at_names.append(self.all[place])

    def weaken_names(self) -> None:
        """Let a name say no more of the existence of what it names than the passages of the sheet that speak of it."""
        told: dict[str, Claim] = {}
        for claim in [*self.all[self.naming :], *self.told_at_names]:
            if claim.property == OCCURS and claim.polarity == "affirms":
                told[claim.subject] = min(told.get(claim.subject, claim), claim, key=surety_of)
        for index, claim in enumerate(self.all[: self.naming]):
            if (best := told.get(claim.subject)) and claim.kind in WITHOUT_BODY:
                self.all[index] = claim._replace(mode=best.mode, certainty=best.certainty)


class _Names:
    """The spellings that a sheet lists, each of which claims that there is what it names."""

    def __init__(self, sheet: _Sheet, claims: _Claims):
        self.sheet = sheet
        self.claims = claims

    def read(self) -> None:
        """Add the names of all subjects; note what has none."""
        read = self._read_places if self.sheet.is_held else self._read_spellings
        for subject_id, spellings in self.sheet.data["names"].items():
            subject = self.sheet.catalogue.subjects.get(subject_id)
            if subject and subject.kind in NAMED_KINDS:
                read(subject_id, subject.kind, spellings)
                continue
            refusal = self.sheet.catalogue.refusal(subject_id, "subjects")
            if subject:
                refusal = f"{subject_id} is {with_article(subject.kind)}; names are for persons, organisations, posts and products"
            self.sheet.refuse(("names", subject_id), refusal, at_key=True)

    def _read_places(self, subject_id: str, kind: str, spellings: Map) -> None:
        """Read the names that a text uses for a subject, each with its place and perhaps its kind."""
        for text, value in spellings.items():
            location = ("names", subject_id, text)
            place, name_kind = (value, None) if isinstance(value, str) else (value[0], value[1] if len(value) > 1 else None)
            line, _, start = place.partition(":")
            if not line.isdigit() or not start.isdigit():
                self.sheet.fault(location, "the place of the name is not filled in; run make locate")
                continue
            passage = Passage(self.sheet.source, int(line), text[:HELD_ANCHOR], int(start))
            self.sheet.check_line(location, int(line))
            self._add(location, Name(subject_id, text, name_kind, passage), kind, spellings.line_of(text))

    def _read_spellings(self, subject_id: str, kind: str, spellings: str | list[Any]) -> None:
        """Read the names that a page uses for a subject, which have no places: the name itself leads to where it stands."""
        seen: set[str] = set()
        for index, spelling in enumerate([spellings] if isinstance(spellings, str) else spellings):
            location = ("names", subject_id) if isinstance(spellings, str) else ("names", subject_id, index)
            text, name_kind = (spelling, None) if isinstance(spelling, str) else spelling
            if text in seen:
                self.sheet.fault(location, f"the name {text} stands twice; keep one of the two")
                continue
            seen.add(text)
            passage = Passage(self.sheet.source, None, text[: longest_anchor(text)], None)
            self._add(location, Name(subject_id, text, name_kind, passage), kind, self.sheet.data["names"].line_of(subject_id))

    def _add(self, location: Location, name: Name, kind: str, raw_line: int) -> None:
        if name.kind:
            self.sheet.refuse(location, self.sheet.catalogue.code_refusal(name.kind, "name_kind"))
        self.sheet.reading.names.append(name)
        self.claims.keep_passage(name.passage)
        self.claims.add(location, name.subject, kind, OCCURS, "yes", {"as_named": name.text}, name.passage, raw_line)


class _Passages:
    """The passages of a sheet with what is said there."""

    def __init__(self, sheet: _Sheet, claims: _Claims):
        self.sheet = sheet
        self.claims = claims
        self.values = _Values(sheet)

    def read(self) -> set[int]:
        """Add what all passages say; return the lines that this accounts for."""
        anchors: set[Passage] = set()
        cited: set[int] = set()
        for index, data in enumerate(self.sheet.data["passages"]):
            location: Location = ("passages", index)
            passage = self._passage(location, data)
            if passage in anchors:
                self.sheet.fault(location, "this anchor stands twice; put what it says into one passage")
            anchors.add(passage)
            self.claims.keep_passage(passage)
            before = len(self.claims.all), len(self.sheet.document.faults)
            for number, entry in enumerate(data["says"]):
                self._read_entry((*location, "says", number), entry, passage)
            if passage.line is not None and before != (len(self.claims.all), len(self.sheet.document.faults)):
                cited.add(passage.line)  # a passage that says no more than `names` does accounts for its line as little
        return cited

    def _passage(self, location: Location, data: dict[str, Any]) -> Passage:
        find = data["find"]
        if self.sheet.is_held:
            self.sheet.check_line((*location, "line"), int(data["line"]))
            return Passage(self.sheet.source, int(data["line"]), find, int(data["start"]))
        if len(find) > longest_anchor(find):
            self.sheet.fault((*location, "find"), f"find is longer than {HELD_ANCHOR} characters, of which some are Chinese; shorten it")
        return Passage(self.sheet.source, None, find, None)

    def _read_entry(self, location: Location, entry: Map, passage: Passage) -> None:
        kind = next(iter(entry))
        subject_id = entry[kind]
        if refusal := self.sheet.catalogue.refusal(subject_id, KINDS[kind].table):
            self.sheet.fault((*location, kind), refusal)
            return
        self.sheet.check_voice(location, entry)
        given = [prop for prop in KINDS[kind].properties if prop.name in entry]
        if kind == "source" and not given:
            self.sheet.fault(location, "to name a source says nothing; write what the line describes or cites, or remove the entry")
        values = [(prop, value) for prop in given for value in self.values.of(location, prop, entry)]
        if kind != "source" and not (entry.get("denies") == "true" and values):
            self._claim_existence(location, kind, entry, existence_of(entry, bool(values)), passage)
        for prop, (name, value) in values:
            self.claims.add((*location, prop.name), subject_id, kind, name, value, entry, passage, entry.line)

    def _claim_existence(self, location: Location, kind: str, entry: Map, existence: dict[str, Any], passage: Passage) -> None:
        """Claim that there is what an entry speaks of; whoever says that somebody held a post says that there is one, if only in jest."""
        self.claims.add(location, entry[kind], kind, OCCURS, "yes", existence, passage, entry.line)
        post = self.sheet.catalogue.subjects[entry[kind]].declared.get("post") if kind == "tenure" else None
        if post and entry.get("denies") != "true":
            of_post = {key: value for key, value in existence.items() if key not in ("certainty", "as_named")}
            self.claims.add(location, post, "post", OCCURS, "yes", of_post, passage, entry.line)


class _Values:
    """The values that entries give to properties, in the form in which they are kept."""

    def __init__(self, sheet: _Sheet):
        self.sheet = sheet
        self.catalogue = sheet.catalogue

    def of(self, location: Location, prop: Property, entry: dict[str, Any]) -> Iterator[tuple[str, str]]:
        """Yield (property, value) for each value that an entry gives to a property; note what cannot be right of it."""
        place = (*location, prop.name)
        given = entry[prop.name]
        if prop.type == "participants":
            for subject_id, role in given.items():
                self.sheet.refuse((*place, subject_id), self.catalogue.refusal(subject_id, "subjects"))
                for participation in self._participations((*place, subject_id), subject_id, role):
                    yield prop.name, participation.text
            return
        for value in given if isinstance(given, list) else [given]:
            if prop.type == "fields":
                yield from self._header_field(place, value, entry["source"])
            elif (text := self._text(place, prop, value, entry)) is not None:
                yield prop.name, text

    def _text(self, place: Location, prop: Property, value: str, entry: dict[str, Any]) -> str | None:
        """Return a value as it is kept, None if it cannot be read."""
        if prop.type == "date":
            return self.sheet.read_date(place, value)
        if prop.type == "amount":
            return self._amount(place, value)
        if prop.type == "code":
            self.sheet.refuse(place, self.catalogue.code_refusal(value, prop.target))
        elif prop.type == "reference":
            self.sheet.refuse(place, self._refuse_reference(prop, value, next(iter(entry.values()))))
        return value

    def _amount(self, place: Location, value: str) -> str | None:
        try:
            return parse_amount(str(value)).text
        except ValueError as error:
            self.sheet.fault(place, str(error))
            return None

    def _refuse_reference(self, prop: Property, value: str, subject_id: str) -> str | None:
        """Say why a subject cannot lead to another, None if it can."""
        if value == subject_id:
            return f"{value} leads to itself; name another"
        refusal = self.catalogue.refusal(value, prop.target, *prop.also)
        return self._refuse_same_exit(subject_id, value) if prop.name == SAME_AS and not refusal else refusal

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
            self.sheet.refuse((*place, "for"), itself or self.catalogue.refusal(on_behalf_of, "subjects"))
        for part in parts if isinstance(parts, list) else [parts]:
            self.sheet.refuse(place, self.catalogue.code_refusal(part, "part"))
            yield Participation(subject_id, part, on_behalf_of)

    def _header_field(self, place: Location, name: str, source: str) -> Iterator[tuple[str, str]]:
        value = self.sheet.header.get(name)
        if source != self.sheet.source or value is None:
            self.sheet.fault(place, f"the header of this sheet has no {name}; add it or remove it here")
            return
        if name != "published":
            yield name, value
        elif self.sheet.published:
            yield name, self.sheet.published


class _Lines:
    """The lines of a text that is held, each of which is cited, set aside or blank."""

    def __init__(self, sheet: _Sheet):
        self.sheet = sheet
        self.reading = sheet.reading
        self.blank: str | None = sheet.header.get("blank_lines")

    def account(self, cited: set[int]) -> None:
        """Add what is set aside; note which lines are accounted for twice or not at all."""
        self._read_set_aside()
        self._check_coverage(cited)

    def _read_set_aside(self) -> None:
        seen: set[tuple[int, str]] = set()
        blank = set(expand_ranges(self.blank))
        for index, data in enumerate(self.sheet.data.get("set_aside") or []):
            location: Location = ("set_aside", index)
            why, of = data["why"], int(data["of"]) if "of" in data else None
            self.sheet.refuse((*location, "why"), self.sheet.catalogue.code_refusal(why, "set_aside_reason"))
            if (why == "repeats") != (of is not None):
                self.sheet.fault(location, "repeats, and only repeats, names the line it repeats; write of: <line>")
            if of is not None:
                self.sheet.check_line((*location, "of"), of)
            lines = self._lines((*location, "lines"), data["lines"])
            if of in lines or of in blank:
                what = "has nothing on it to be repeated" if of in blank else "does not repeat itself"
                self.sheet.fault((*location, "of"), f"line {of} {what}; name the line that says it first")
            for line in lines:
                if (line, why) in seen:
                    self.sheet.fault((*location, "lines"), f"line {line} is set aside as {why} twice; keep one of the two")
                seen.add((line, why))
                self.reading.set_aside.append(LineSetAside(self.sheet.source, line, why, of, data.get("note")))

    def _lines(self, location: Location, ranges: str | None) -> list[int]:
        """Return the lines of the source that ranges name; note ranges that fall or lead beyond the end."""
        for first, last in read_ranges(ranges):
            if first > last:
                self.sheet.fault(location, f"{first}-{last} does not rise; write the smaller line first")
        within = range(1, self.sheet.line_count + 1)
        lines = expand_ranges(ranges)
        for line in [line for line in lines if line not in within][:1]:
            self.sheet.check_line(location, line)
        return [line for line in lines if line in within]

    def _check_coverage(self, cited: set[int]) -> None:
        self.reading.blank_lines = self._lines(("source", "blank_lines"), self.blank)
        blank = set(self.reading.blank_lines)
        for line, times in Counter(self.reading.blank_lines).items():
            if times > 1:
                self.sheet.fault(("source", "blank_lines"), f"line {line} is called blank twice; run make locate")
        partly = {entry.line for entry in self.reading.set_aside if entry.why == "private_life"}
        aside = {entry.line for entry in self.reading.set_aside if entry.why != "private_life"}
        for line in sorted(cited & aside):
            self.sheet.fault(("set_aside",), f"line {line} is cited and set aside; keep one of the two", at_key=True)
        for line in sorted((cited | aside) & blank):
            self.sheet.fault(("source", "blank_lines"), f"line {line} is called blank and accounted for; run make locate")
        if gaps := _gaps(cited | aside | partly | blank, self.sheet.line_count):
            lines = ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in gaps)
            one = lines.isdigit()
            message = f"line{'' if one else 's'} {lines} of the source {'is' if one else 'are'} unaccounted for; "
            self.sheet.fault((), message + ("cite it or set it aside" if one else "cite them or set them aside"))
