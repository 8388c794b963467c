"""The shape of `raw/`: which keys stand where. Says nothing about whether ids, codes and dates are right.

Shape is checked by pydantic, all faults at once; what it reports is turned into a sentence at the place in the file.
The same models give the JSON Schema by which an editor completes keys and codes.
"""

# mypy: disable-error-code="valid-type, misc, arg-type"
# (the models are made from `schema` at run time)

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Annotated, Any, Literal, NamedTuple, Union

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, TypeAdapter, ValidationError, create_model

from . import schema
from .reading import MOST_FAULTS, Document, Location
from .schema import HEADER_FIELDS, HEADERS, KINDS, VOICE_KEYS, FileKey, Kind
from .typography import set_apostrophes

ID_PATTERN = r"^[a-z0-9]+(?:-[a-z0-9]+)*$"
STATUS_PATTERN = r"^[1-9][0-9]{2}$"
NUMBER_PATTERN = r"^[0-9]{1,7}$"
RANGES_PATTERN = r"^[0-9]{1,7}(-[0-9]{1,7})?(, ?[0-9]{1,7}(-[0-9]{1,7})?)*$"
PLACE_PATTERN = r"^[0-9]{1,7}(:[0-9]{1,7})?$"
DIGEST_PATTERN = r"^[0-9a-f]{64}$"
ADDRESS_PATTERN = r"""^https?://[^\s"<>\[\]\\/?#]+([/?#][^\s"<>]*)?$"""
TEXT_PATTERN = r"^\S([^\r\n\t]*\S)?$"
VERSION_PATTERN = r"^(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})$"

Text = Annotated[str, Field(min_length=1, max_length=2000, pattern=TEXT_PATTERN)]
Id = Annotated[str, Field(pattern=ID_PATTERN, max_length=100)]
Number = Annotated[str, Field(pattern=NUMBER_PATTERN)]
Ranges = Annotated[str, Field(pattern=RANGES_PATTERN)]
Place = Annotated[str, Field(pattern=PLACE_PATTERN)]
Address = Annotated[str, Field(pattern=ADDRESS_PATTERN)]
Version = Annotated[str, Field(pattern=VERSION_PATTERN)]
Flag = Literal["true", "false"]
HELD_ANCHOR = 16
READ_ANCHOR = 32  # a word of Latin letters says less than a Chinese character; `claims` holds Chinese ones to 16 too
Anchor = Annotated[str, Field(min_length=1, max_length=HELD_ANCHOR, pattern=TEXT_PATTERN)]
ReadAnchor = Annotated[str, Field(min_length=1, max_length=READ_ANCHOR, pattern=TEXT_PATTERN)]


CODE_LISTS: set[str] = set()  # every list of which some file of `raw/` may use a code


def code(list_name: str) -> Any:
    """The type of a code of that list; the list itself is filled in for the JSON Schema only."""
    CODE_LISTS.add(list_name)
    return Annotated[str, Field(min_length=1, json_schema_extra={"x-codes": list_name})]


def one_or_many(single: Any, many: Any = None) -> Any:
    """The type of a value or a list of values. Its form says which is meant, so that one mistake in it is one fault."""
    many = many or Annotated[list[single], Field(min_length=1)]
    return Annotated[Annotated[single, Tag("a value")] | Annotated[many, Tag("a list")], Discriminator(_form)]


def _form(value: Any) -> str:
    return "a list" if isinstance(value, list) else "a value"


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


KEY_TYPES: dict[str, Any] = {
    **dict.fromkeys(("text", "prose", "date", "day"), Text),
    **dict.fromkeys(("id", "reference"), Id),
    "address": Address,
    "flag": Flag,
    "count": Number,
    "status": Annotated[str, Field(pattern=STATUS_PATTERN)],
    "texts": Annotated[list[Text], Field(min_length=1)],
    "ranges": Ranges,
    "digest": Annotated[str, Field(pattern=DIGEST_PATTERN)],
}


def _model(name: str, keys: Iterable[FileKey], of: str, doc: str) -> type[BaseModel]:
    """Return the shape of the headers of sheets that are `held` or `read`, or of the entries of a file, such as of what is `cited`."""
    fields: dict[str, Any] = {}
    for key in keys:
        value: Any = code(key.target) if key.type == "code" else KEY_TYPES.get(key.type)
        if of in key.must.split():
            fields[key.key] = (value, ...)
        elif of in key.may.split():
            fields[key.key] = (value | None, None)
    return create_model(name, __base__=Strict, __doc__=doc, **fields)


HeldHeader = _model("HeldHeader", HEADERS, "held", "The head of a sheet whose text is at hand: every line of it is accounted for.")
ReadHeader = _model(
    "ReadHeader",
    HEADERS,
    "read",
    "The head of a sheet made of a public page that was read for facts and is not kept: where, when and how much of it.",
)
Cited = _model("Cited", HEADERS, "cited", "A document that a source renders or cites and that is not at hand.")
Verified = _model(
    "Verified", schema.VERIFICATIONS, "verified", "What was found at one address of one source on the day on which it was last asked."
)
Audit = _model(
    "Audit",
    schema.AUDITS,
    "audits",
    "What was found when a sample of the data was read a second time. Counts that are not told are left out.",
)


def cell_of(key: FileKey, value: Any) -> Any:
    """Return what the column of a key holds where that says `value`, which is None for nothing."""
    if key.type == "flag":
        return int(value == "true")
    if key.type in ("count", "status"):
        return int(value) if value else None
    if key.type == "texts":
        return json.dumps(value, ensure_ascii=False) if value else None
    return set_apostrophes(value) if key.type == "prose" else value


class Defaults(Strict):
    zone: Text | None = None
    attribution: code("attribution") | None = None
    mode: code("mode") | None = None
    certainty: code("certainty") | None = None
    by: Id | None = None
    via: Id | None = None
    checked: code("checked") | None = None


class SetAside(Strict):
    lines: Ranges
    why: code("set_aside_reason")
    of: Number | None = None
    note: Text | None = None


class DecisionEntry(Strict):
    """How rivals were settled. `expect` are the values that stood when it was taken; a change of them is noticed."""

    id: Id
    subject: Id
    property: Text
    rule: code("rule")
    accept: one_or_many(Text, list[Text]) | None = None
    expect: list[Text]
    as_mode: code("mode") | None = Field(None, alias="as")
    also_true: list[Text] | None = None
    deprecate: dict[str, code("deprecated_reason")] | None = None
    rationale: Text
    basis: Text | None = None
    decided_on: Text


class ReleaseChange(Strict):
    """One difference between a release and the one before it that readers should be told."""

    kind: code("change_kind")
    subject: Id | None = None
    table: Text | None = None
    property: Text | None = None
    value_before: Text | None = Field(None, alias="from")
    value_after: Text | None = Field(None, alias="to")
    decision: Id | None = None
    note: Text | None = None


class Release(Strict):
    """A state of the dataset that was given out under a version of its own."""

    version: Version
    date: Text
    summary: Text
    changes: Annotated[list[ReleaseChange], Field(min_length=1)] | None = None


class Redirect(Strict):
    """An id that was withdrawn: which one took its place, if any, why, and since which release."""

    id: Id
    to: Id | None = None
    reason: Text
    since: Version


class CodeEntry(Strict):
    id: Id | None = None
    label: Text
    zh: Text
    means: Text
    since: Text | None = None  # the days between which what bears no code of its own belongs to this one
    until: Text | None = None


VOICE_TYPES = {
    "by": Id,
    "via": Id,
    "attribution": code("attribution"),
    "mode": code("mode"),
    "certainty": code("certainty"),
    "qualifies": Literal["all"],
    "denies": Flag,
    "as_named": Text,
    "checked": code("checked"),
    "note": Text,
}


class Role(Strict):
    """What somebody was in an event, and on whose behalf."""

    part: one_or_many(code("part"))
    on_behalf_of: Id = Field(alias="for")


def _form_of_role(value: Any) -> str:
    return "a map" if isinstance(value, dict) else _form(value)


Parts = Annotated[
    Annotated[code("part"), Tag("a value")]
    | Annotated[Annotated[list[code("part")], Field(min_length=1)], Tag("a list")]
    | Annotated[Role, Tag("a map")],
    Discriminator(_form_of_role),
]


def _value_type(kind: Kind, name: str) -> Any:
    prop = kind.property(name)
    assert prop is not None
    if prop.type == "participants":
        return Annotated[dict[str, Parts], Field(min_length=1)]
    if prop.type == "fields":
        return Annotated[list[Literal[HEADER_FIELDS]], Field(min_length=1)]
    single = code(prop.target) if prop.type == "code" else Id if prop.type == "reference" else Text
    return one_or_many(single) if prop.many else single


def _entry_model(kind: Kind) -> type[BaseModel]:
    fields: dict[str, Any] = {kind.name: (Id, ...)}
    fields |= {p.name: (_value_type(kind, p.name) | None, None) for p in kind.properties}
    fields |= {key: (VOICE_TYPES[key] | None, None) for key in VOICE_KEYS}
    return create_model(f"{kind.name.capitalize()}Entry", __base__=Strict, **fields)


def _first_key(entry: Any) -> str | None:
    return next(iter(entry), None) if isinstance(entry, dict) else None


ENTRY_MODELS = {name: _entry_model(kind) for name, kind in KINDS.items()}
Entry = Annotated[
    Union[tuple(Annotated[model, Tag(name)] for name, model in ENTRY_MODELS.items())],  # noqa: UP007 (made of a tuple)
    Discriminator(_first_key),
]


class Spelling(NamedTuple):
    """Where a spelling first stands, and of which kind it is where the usual guess is wrong."""

    place: Place
    kind: code("name_kind") | None = None


Names = dict[str, Annotated[dict[Text, one_or_many(Place, Spelling)], Field(min_length=1)]]


class SpellingOfKind(NamedTuple):
    """A spelling of a read source, with its kind where the usual guess is wrong."""

    text: Text
    kind: code("name_kind")


ReadNames = dict[str, one_or_many(Text, Annotated[list[one_or_many(Text, SpellingOfKind)], Field(min_length=1)])]


class HeldPassage(Strict):
    line: Number
    find: Anchor
    start: Number
    says: Annotated[list[Entry], Field(min_length=1)]


class ReadPassage(Strict):
    find: ReadAnchor
    says: Annotated[list[Entry], Field(min_length=1)]


class HeldSheet(Strict):
    """A fact sheet of a text at hand: what it says at which line, and which lines say nothing."""

    source: HeldHeader
    defaults: Defaults | None = None
    names: Names
    passages: Annotated[list[HeldPassage], Field(min_length=1)]
    set_aside: list[SetAside] | None = None


class ReadSheet(Strict):
    """A fact sheet of a page that was read: what it says of the matter, and at which words."""

    source: ReadHeader
    defaults: Defaults | None = None
    names: ReadNames
    passages: Annotated[list[ReadPassage], Field(min_length=1)]


def access(sheet: Any) -> str:
    """Tell of a sheet, whatever is wrong with it, whether its text is `held` or was only `read`."""
    header = sheet.get("source") if isinstance(sheet, dict) else None
    is_read = isinstance(header, dict) and "document" not in header and bool({"read_at", "read_how", "read_on", "url"} & header.keys())
    return "read" if is_read else "held"


Sheet = Annotated[Annotated[HeldSheet, Tag("held")] | Annotated[ReadSheet, Tag("read")], Discriminator(access)]


class UnlocatedHeader(BaseModel):
    document: Text


class UnlocatedPassage(BaseModel):
    line: Number
    find: Anchor
    start: Number | None = None


class UnlocatedSheet(BaseModel):
    """A sheet as far as `make locate` needs it: what it fills in may be missing, and the rest is for `make check` to judge."""

    source: UnlocatedHeader
    names: Names | None = None
    passages: list[UnlocatedPassage]


def _catalogue_model(kind: Kind) -> type[BaseModel]:
    ids = one_or_many(Id)
    types = {"text": Text, "addresses": one_or_many(Address), "reference": Id, "references": ids, "subject": Id, "subjects": ids}
    fields: dict[str, Any] = {"id": (Id, ...)}
    for declared in kind.declared:
        value = code(declared.target) if declared.type == "code" else types[declared.type]
        fields[declared.key] = (value, ...) if declared.required else (value | None, None)
    return create_model(f"{kind.name.capitalize()}", __base__=Strict, **fields)


CATALOGUES: dict[str, TypeAdapter[Any]] = {
    kind.table: TypeAdapter(list[_catalogue_model(kind)]) for kind in KINDS.values() if kind.name != "source"
}
CITED = TypeAdapter(list[Cited])
DECISIONS = TypeAdapter(list[DecisionEntry])
RELEASES = TypeAdapter(Annotated[list[Release], Field(min_length=1)])
REDIRECTS = TypeAdapter(list[Redirect])
AUDITS: TypeAdapter[Any] = TypeAdapter(Annotated[list[Audit], Field(min_length=1)])
VERIFIED = TypeAdapter(list[Verified])
CODES = TypeAdapter(dict[str, dict[str, CodeEntry]])
SHEET = TypeAdapter(Sheet)
UNLOCATED_SHEET = TypeAdapter(UnlocatedSheet)

FILLED_IN = ("text_sha256", "line_count", "start")  # of a sheet whose text is at hand: by `make locate`, never by hand
UNFILLED = "not filled in yet: {keys}; run SOURCE_TEXTS=<folder of the text> make locate once"
SENTENCES = {
    "missing": "key {key} is missing; add it",
    "extra_forbidden": "key {key} is not known here; see raw/README.md for the keys that are",
    "string_too_long": "{key} is longer than {max_length} characters; shorten it",
    "string_too_short": "{key} has no value; write one or remove the key",
    "too_short": "{key} is empty; write at least one entry or remove it",
    "too_long": "{key} has too many entries; write {max_length} at the most",
    "string_type": "{key} must be a single value, not a list or a map",
    "list_type": "{key} must be a list; start each entry with a dash",
    "dict_type": "{key} must be a map of keys and values",
    "model_type": "{key} must be a map of keys and values",
    "model_attributes_type": "{key} must be a map of keys and values",
    "literal_error": "{key} must be {expected}",
    "union_tag_invalid": "an entry starts with its kind and not with {tag}; write one of " + ", ".join(KINDS) + " first",
    "union_tag_not_found": "an entry is a map that starts with its kind; write for example {{event: some-id}}",
}
PATTERNS = {
    ID_PATTERN: "{key} must be an id of small letters, digits and hyphens",
    NUMBER_PATTERN: "{key} must be a whole number",
    RANGES_PATTERN: '{key} must be line numbers such as 4, or ranges such as "1, 3-5"',
    PLACE_PATTERN: "{key} needs the line on which it stands, such as 18 or 18:4",
    DIGEST_PATTERN: "{key} must be the 64 hexadecimal digits of a SHA-256; run make locate",
    ADDRESS_PATTERN: "{key} must be a web address such as https://example.org/page, without quotes, brackets or spaces",
    TEXT_PATTERN: "{key} must be words on one line, without a space at either end",
    VERSION_PATTERN: "{key} must be a version of three numbers such as 1.2.0",
}


def is_id(value: Any) -> bool:
    """Tell whether a value has the form of an id."""
    return isinstance(value, str) and len(value) <= 100 and re.fullmatch(ID_PATTERN, value) is not None


def check_shape(document: Document, adapter: TypeAdapter[Any]) -> bool:
    """Check a document's keys and the form of its values; note each fault in the document, return whether all is well."""
    return not shape_faults(document, adapter)


def shape_faults(document: Document, adapter: TypeAdapter[Any]) -> set[Location]:
    """Check as `check_shape` does, and return the keys or indices of the file under which the faults stand.

    They are locations of one step, or of none for a fault of the whole file; an empty set means that all is well.
    """
    try:
        adapter.validate_python(document.data)
    except ValidationError as error:
        noted: set[Location] = set()
        unfilled: list[Location] = []
        for detail in error.errors(include_url=False, include_input=False):
            if len(document.faults) > MOST_FAULTS:
                noted.add(detail["loc"][:1])
                continue
            location = _location(document, detail["loc"])
            if detail["type"] == "missing":
                location = (*location, detail["loc"][-1])
            noted.add(location)
            if detail["type"] == "missing" and location[-1] in FILLED_IN:
                unfilled.append(location)
                continue
            document.fault(
                location, _sentence(detail, location, _is_empty(document.data, location)), at_key=detail["type"] == "extra_forbidden"
            )
        if unfilled:
            document.fault(unfilled[0], UNFILLED.format(keys=", ".join(sorted({str(location[-1]) for location in unfilled}))))
        return {location[:1] for location in noted}
    return set()


def _location(document: Document, loc: tuple[str | int, ...]) -> Location:
    """Drop what pydantic puts into a location beyond keys and indices of the data: tags of unions, marks of keys."""
    location: list[str | int] = []
    data = document.data
    for depth, step in enumerate(loc):
        if location[-2:-1] == ["says"] and step in KINDS and loc[depth - 1] == location[-1]:
            continue  # the tag of the union; a fault of the kind's own key repeats it
        if step in (data if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ()):
            location.append(step)
            data = data[step]
    return tuple(location)


def _is_empty(data: Any, location: Location) -> bool:
    """Tell whether a value stands at the location and is empty text; whatever the type, what is wrong then is that it says nothing."""
    for step in location:
        if step not in (data if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ()):
            return False
        data = data[step]
    return data == ""


def _sentence(detail: Any, location: Location, is_empty: bool) -> str:
    key = next((str(step) for step in reversed(location) if isinstance(step, str)), "the file")
    context = {"key": key, **detail.get("ctx", {})}
    if is_empty and detail["type"] != "extra_forbidden":
        return SENTENCES["string_too_short"].format(**context)
    if detail["type"] == "string_pattern_mismatch":
        return PATTERNS[context["pattern"]].format(**context)
    if detail["type"] == "missing" and isinstance(location[-1], int):  # what is missing is the first item of a list
        return SENTENCES["too_short"].format(**context)
    sentence = SENTENCES.get(detail["type"])
    return sentence.format(**context) if sentence else detail["msg"]


def sheet_schema(codes: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a fact sheet with the codes of each list filled in."""
    schema = SHEET.json_schema()

    def fill(node: Any) -> None:
        if isinstance(node, dict):
            if (name := node.pop("x-codes", None)) in codes:
                node["enum"] = list(codes[name])
            for child in node.values():
                fill(child)
        elif isinstance(node, list):
            for child in node:
                fill(child)

    fill(schema)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Fact sheet", **schema}
