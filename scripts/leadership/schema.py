"""What there is to say: the kinds of subjects, what a catalogue declares of them and what a source may claim of them.

Everything else follows from these declarations: the keys that a fact sheet may use, its JSON Schema, the columns of the
tables and their foreign keys.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ValueType = Literal["date", "code", "reference", "amount", "text", "participants", "fields"]
DeclaredType = Literal["text", "code", "reference", "references", "subject", "subjects"]


@dataclass(frozen=True)
class Property:
    """Something that sources claim: its name is the sheet's key and the table's column.

    `target` is the code list of a code, the table of a reference; `also` names further tables to which a reference may
    lead. `many` values may stand side by side. A `state` changes with time, so that a later source's word does not
    contradict an earlier one's. A `main` date is the one under which the thing stands in time: where no source states it,
    it is bounded by the order in which it is told and by the day on which it was told. A `core` property is what the row is
    about, so that the row is no surer than it.
    """

    name: str
    type: ValueType
    target: str = ""
    also: tuple[str, ...] = ()
    many: bool = False
    state: bool = False
    main: bool = False
    core: bool = False


@dataclass(frozen=True)
class Declared:
    """Something that a catalogue file declares of a subject: editorial, or what makes the subject what it is."""

    key: str
    type: DeclaredType = "text"
    target: str = ""
    required: bool = True
    column: str = ""

    @property
    def name(self) -> str:
        """The column that carries it."""
        return self.column or (f"{self.key}_id" if self.type in ("reference", "subject") else self.key)


@dataclass(frozen=True)
class Kind:
    """A kind of subject. `derived` columns are worked out from the others: (name, SQL type, referenced table)."""

    name: str
    table: str
    declared: tuple[Declared, ...]
    properties: tuple[Property, ...] = ()
    derived: tuple[tuple[str, str, str], ...] = ()

    def property(self, name: str) -> Property | None:
        """Return the property of that name, None if sources cannot claim it of this kind."""
        return next((p for p in self.properties if p.name == name), None)


NAME = (Declared("name"), Declared("name_zh", required=False))
LABELS = (Declared("label"), Declared("label_zh"))
OWN_LABELS = (Declared("label", required=False), Declared("label_zh", required=False))
YEAR_AND_MONTH = (("year", "INTEGER", ""), ("month", "TEXT", ""))

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("person", "people", (*NAME, Declared("wikidata_id", required=False))),
        Kind(
            "organisation",
            "organisations",
            (*NAME, Declared("kind", "code", "organisation_kind")),
            (Property("founded", "date"), Property("parent_id", "reference", "organisations")),
        ),
        Kind(
            "post",
            "posts",
            (
                Declared("organisation", "reference", "organisations"),
                Declared("title"),
                Declared("title_zh"),
                Declared("category", "code", "post_category"),
            ),
        ),
        Kind(
            "product",
            "products",
            (*NAME, Declared("kind", "code", "product_kind")),
            (
                Property("organisation_id", "reference", "organisations"),
                Property("announced", "date"),
                Property("status", "code", "product_status", state=True),
            ),
        ),
        Kind(
            "tenure",
            "tenures",
            (*OWN_LABELS, Declared("person", "reference", "people"), Declared("post", "reference", "posts")),
            (
                Property("capacity", "code", "capacity"),
                Property("started", "date"),
                Property("ended", "date"),
                Property("end_state", "code", "end_state", state=True),
                Property("end_reason", "code", "end_reason"),
                Property("held_on", "date", many=True),
            ),
            (
                ("organisation_id", "TEXT", "organisations"),
                ("certain_from", "TEXT", ""),
                ("certain_to", "TEXT", ""),
                ("possible_from", "TEXT", ""),
                ("possible_to", "TEXT", ""),
            ),
        ),
        Kind(
            "departure",
            "departures",
            (
                *OWN_LABELS,
                Declared("person", "reference", "people", required=False),  # a source may name the post and not its holder
                Declared("organisation", "reference", "organisations"),
            ),
            (
                Property("posts", "reference", "posts", many=True),
                Property("decided", "date"),
                Property("told", "date"),
                Property("announced", "date", main=True),
                Property("effective", "date"),
                Property("planned_return", "date"),
                Property("manner", "code", "manner"),
                Property("destination_id", "reference", "organisations"),
                Property("destination_kind", "code", "destination_kind"),
                Property("destination_joined", "date"),
                Property("reason", "code", "departure_reason", many=True),
                Property("reversed_by", "reference", "events"),
                Property("same_as", "reference", "departures"),
            ),
            (*YEAR_AND_MONTH, ("days_unknown", "TEXT", "")),
        ),
        Kind(
            "event",
            "events",
            (
                *LABELS,
                Declared("kind", "code", "event_kind"),
                Declared("story", "code", "story"),
                Declared("parent", "reference", "events", required=False),
                Declared("summary"),
            ),
            (
                Property("started", "date", main=True),
                Property("ended", "date"),
                Property("after", "reference", "events", many=True),
                Property("before", "reference", "events", many=True),
                Property("place_or_medium", "text"),
                Property("participant", "participants", many=True),
            ),
            YEAR_AND_MONTH,
        ),
        Kind(
            "figure",
            "figures",
            (
                *LABELS,
                Declared("organisation", "reference", "organisations"),
                Declared("metric", "code", "metric"),
                Declared("unit", "code", "unit"),
                Declared("scope"),
                Declared("from", "subject", required=False),
                Declared("to", "subject", required=False),
                Declared("event", "reference", "events", required=False),
            ),
            (
                Property("value", "amount", core=True),
                Property("as_of", "date", state=True),  # a number may hold on many days: the last on which it is told to
                Property("members", "reference", "people", many=True),
            ),
        ),
        Kind(
            "remark",
            "remarks",
            (*LABELS, Declared("speaker", "subject"), Declared("gist"), Declared("about", "subjects", required=False)),
            (Property("said", "date", main=True), Property("medium", "code", "medium")),
        ),
        Kind(
            "interpretation",
            "interpretations",
            (
                *LABELS,
                Declared("topic", "code", "topic"),
                Declared("position"),
                Declared("about", "subjects", required=False),
                Declared("opposes", "references", "interpretations", required=False),
            ),
            (),
            (("argued_by", "TEXT", ""), ("disputed_by", "TEXT", "")),
        ),
        Kind(
            "source",
            "sources",
            (),
            (Property("describes", "fields", many=True), Property("cites", "reference", "sources", ("organisations",), many=True)),
        ),
    )
}

KIND_OF_TABLE = {kind.table: kind.name for kind in KINDS.values()}

HEADER_FIELDS = (
    "title",
    "title_en",
    "lang",
    "publisher_id",
    "byline",
    "published",
    "derived_from",
    "kind",
    "url",
    "rights",
)

VOICE_KEYS = ("by", "via", "attribution", "mode", "certainty", "qualifies", "denies", "as_named", "checked", "note")
QUALIFIERS = ("mode", "certainty", "as_named")  # of what stands beside them; see `Entry` in raw/README.md
EXIT_DAYS = ("decided", "told", "announced", "effective")  # of a departure: separate, each known or not

# From what asserts most to what asserts least.
MODES = ("fact", "plan", "allegation", "opinion", "prediction", "joke")
CERTAINTIES = ("certain", "probable", "possible", "unclear_text")

PROVENANCE_COLUMNS = (
    ("asserted_as", "TEXT"),
    ("certainty", "TEXT"),
    ("unsure", "TEXT"),
    ("standing", "TEXT"),
    ("source_count", "INTEGER"),
    ("origin_count", "INTEGER"),
    ("sources", "TEXT"),
    ("first_reported", "TEXT"),
    ("last_reported", "TEXT"),
)

OCCURS = "occurs"
SEMANTIC_KINDS = tuple(name for name in KINDS if name != "source")
