"""The shape of `raw/`: which keys stand where. Says nothing about whether ids, codes and dates are right.

Shape is checked by pydantic, all faults at once; what it reports is turned into a sentence at the place in the file.
The same models give the JSON Schema by which an editor completes keys and codes.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Union

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, TypeAdapter, ValidationError, create_model

from .reading import Document, Location
from .schema import HEADER_FIELDS, KINDS, VOICE_KEYS, Kind

Text = Annotated[str, Field(min_length=1, max_length=2000)]
Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", max_length=100)]
Number = Annotated[str, Field(pattern=r"^\d{1,7}$")]
Ranges = Annotated[str, Field(pattern=r"^\d{1,7}(-\d{1,7})?(, ?\d{1,7}(-\d{1,7})?)*$")]
Place = Annotated[str, Field(pattern=r"^\d{1,7}(:\d{1,7})?$")]
Flag = Literal["true", "false"]
Anchor = Annotated[str, Field(min_length=1, max_length=16)]


def code(list_name: str) -> Any:
    """The type of a code of that list; the list itself is filled in for the JSON Schema only."""
    return Annotated[str, Field(min_length=1, json_schema_extra={"x-codes": list_name})]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Header(Strict):
    """The head of a fact sheet: what the document is."""

    id: Id
    document: Text
    text_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    line_count: Number
    blank_lines: Ranges | None = None
    kind: code("source_kind")
    title: Text | None = None
    title_en: Text
    lang: code("lang")
    publisher_id: Id | None = None
    byline: Text | None = None
    published: Text
    published_basis: code("published_basis")
    url: Annotated[str, Field(pattern=r"^https?://\S+$")] | None = None
    derived_from: Id | None = None
    derived_how: code("derived_how") | None = None
    reliability: Text
    rights: Text
    note: Text | None = None


class Cited(Strict):
    """A document that a source renders or cites and that is not at hand."""

    id: Id
    kind: code("source_kind")
    title: Text | None = None
    title_en: Text
    lang: code("lang")
    publisher_id: Id | None = None
    byline: Text | None = None
    url: Annotated[str, Field(pattern=r"^https?://\S+$")] | None = None
    note: Text | None = None


class Defaults(Strict):
    zone: Text | None = None
    attribution: code("attribution") | None = None
    mode: code("mode") | None = None
    certainty: code("certainty") | None = None
    by: Id | None = None
    via: Id | None = None


class SetAside(Strict):
    lines: Ranges
    why: code("set_aside_reason")
    of: Number | None = None
    note: Text | None = None


class Decision(Strict):
    """How rivals were settled. `expect` are the values that stood when it was taken; a change of them is noticed."""

    id: Id
    subject: Id
    property: Text
    rule: code("rule")
    accept: list[Text] | Text | None = None
    expect: list[Text]
    also_true: list[Text] | None = None
    deprecate: dict[str, code("deprecated_reason")] | None = None
    rationale: Text
    basis: Text | None = None
    decided_on: Text


class Code(Strict):
    id: Id | None = None
    label: Text
    zh: Text
    means: Text


VOICE_TYPES = {
    "by": Id, "via": Id, "attribution": code("attribution"), "mode": code("mode"), "certainty": code("certainty"),
    "denies": Flag, "as_named": Text, "note": Text,
}


def _value_type(kind: Kind, name: str) -> Any:
    prop = kind.property(name)
    assert prop is not None
    if prop.type == "participants":
        return dict[str, list[code("part")] | code("part")]
    if prop.type == "fields":
        return list[Literal[HEADER_FIELDS]]
    single = code(prop.target) if prop.type == "code" else Id if prop.type == "reference" else Text
    return list[single] | single if prop.many else single


def _entry_model(kind: Kind) -> type[BaseModel]:
    fields: dict[str, Any] = {kind.name: (Id, ...)}
    fields |= {p.name: (_value_type(kind, p.name) | None, None) for p in kind.properties}
    fields |= {key: (VOICE_TYPES[key] | None, None) for key in VOICE_KEYS}
    return create_model(f"{kind.name.capitalize()}Entry", __base__=Strict, **fields)


def _first_key(entry: Any) -> str | None:
    return next(iter(entry), None) if isinstance(entry, dict) else None


ENTRY_MODELS = {name: _entry_model(kind) for name, kind in KINDS.items()}
Entry = Annotated[
    Union[tuple(Annotated[model, Tag(name)] for name, model in ENTRY_MODELS.items())],
    Discriminator(_first_key),
]


class Passage(Strict):
    line: Number
    find: Anchor
    start: Number
    says: Annotated[list[Entry], Field(min_length=1)]


class UnlocatedPassage(Passage):
    """A passage before `make locate` has filled in its place."""

    start: Number | None = None


class Sheet(Strict):
    """A fact sheet: one source, what it says at which line, and which lines say nothing."""

    source: Header
    defaults: Defaults | None = None
    names: dict[str, dict[Anchor | Text, Place | list[Text]]]
    passages: Annotated[list[Passage], Field(min_length=1)]
    set_aside: list[SetAside] | None = None


def _catalogue_model(kind: Kind) -> type[BaseModel]:
    types = {"text": Text, "reference": Id, "subject": Id, "subjects": list[Id] | Id}
    fields: dict[str, Any] = {"id": (Id, ...)}
    for declared in kind.declared:
        value = code(declared.target) if declared.type == "code" else types[declared.type]
        fields[declared.key] = (value, ...) if declared.required else (value | None, None)
    return create_model(f"{kind.name.capitalize()}", __base__=Strict, **fields)


CATALOGUES: dict[str, TypeAdapter[Any]] = {
    kind.table: TypeAdapter(list[_catalogue_model(kind)]) for kind in KINDS.values() if kind.name != "source"
}
CITED = TypeAdapter(list[Cited])
DECISIONS = TypeAdapter(list[Decision])
CODES = TypeAdapter(dict[str, dict[str, Code]])
SHEET = TypeAdapter(Sheet)

SENTENCES = {
    "missing": "key {key} is missing; add it",
    "extra_forbidden": "key {key} is not known here; see raw/README.md for the keys that are",
    "string_too_long": "{key} is longer than {max_length} characters; shorten it",
    "string_too_short": "{key} has no value; write one or remove the key",
    "too_short": "{key} is an empty list; write at least one entry or remove it",
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
    r"^[a-z0-9]+(?:-[a-z0-9]+)*$": "{key} must be an id of small letters, digits and hyphens",
    r"^\d{1,7}$": "{key} must be a whole number",
    r"^\d{1,7}(:\d{1,7})?$": "{key} needs the line on which it stands, such as 18 or 18:4",
    r"^[0-9a-f]{64}$": "{key} must be the 64 hexadecimal digits of a SHA-256; run make locate",
    r"^https?://\S+$": "{key} must be a web address that starts with http:// or https://",
}


def check_shape(document: Document, adapter: TypeAdapter[Any]) -> bool:
    """Check a document's keys and the form of its values; note each fault in the document, return whether all is well."""
    try:
        adapter.validate_python(document.data)
    except ValidationError as error:
        noted: set[Location] = set()
        for detail in error.errors(include_url=False, include_input=False):
            location = _location(document, detail["loc"])
            if location in noted and detail["type"] != "missing":
                continue  # one value that fits no member of a union is one fault
            noted.add(location)
            document.fault(location, _sentence(detail, location), at_key=detail["type"] == "extra_forbidden")
        return False
    return True


def _location(document: Document, loc: tuple[str | int, ...]) -> Location:
    """Drop what pydantic puts into a location beyond keys and indices: tags of unions, names of types."""
    location: list[str | int] = []
    data = document.data
    for depth, step in enumerate(loc):
        if location[-2:-1] == ["says"] and step in KINDS and loc[depth - 1] == location[-1]:
            continue  # the tag of the union; a fault of the kind's own key repeats it
        if isinstance(data, dict) and (step in data or depth == len(loc) - 1):
            if step == "[key]":
                continue
            location.append(step)
            data = data.get(step)
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            location.append(step)
            data = data[step]
    return tuple(location)


def _sentence(detail: Any, location: Location) -> str:
    key = next((str(step) for step in reversed(location) if isinstance(step, str)), "the file")
    context = {"key": key, **detail.get("ctx", {})}
    if detail["type"] == "string_pattern_mismatch":
        return PATTERNS.get(context["pattern"], "{key} must be line numbers such as 4, or ranges such as \"1, 3-5\"").format(**context)
    return SENTENCES.get(detail["type"], detail["msg"]).format(**context)


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
