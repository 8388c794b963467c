"""What there is to say: the kinds of subjects, what a catalogue declares of them and what a source may claim of them.

Everything else follows from these declarations: the keys that a fact sheet may use, its JSON Schema, the columns of the
tables and their foreign keys.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ValueType = Literal["date", "code", "reference", "amount", "text", "participants", "fields"]
DeclaredType = Literal["text", "addresses", "code", "reference", "references", "subject", "subjects"]
KeyType = Literal[
    "id",
    "text",
    "prose",
    "date",
    "day",
    "address",
    "code",
    "reference",
    "references",
    "flag",
    "count",
    "status",
    "ranges",
    "digest",
    "texts",
]  # prose is text of ours
MANY = ("addresses", "references", "subjects", "texts")  # of which the column holds a JSON array


def title_of(name: str) -> str:
    """Return what readers call a key or column that has no title of its own: `end_reason` is “End reason”."""
    return name.removesuffix("_id").replace("_", " ").capitalize()


@dataclass(frozen=True)
class Property:
    """Something that sources claim: its name is the sheet's key and the table's column.

    `target` is the code list of a code, the table of a reference; `also` names further tables to which a reference may
    lead. `many` values may stand side by side. A `state` changes with time, so that a later source's word does not
    contradict an earlier one's. A `main` date is the one under which the thing stands in time: where no source states it,
    it is bounded by the order in which it is told and by the day on which it was told. A `happening` is the date of something that
    happened, not one for which a number holds or for which something was planned. A `core` property is what the row is about, so
    that the row is no surer than it.

    `heading` is what readers call it where its name does not say it, and `phrase` how a sentence goes on after “that”, with {}
    in the place of the value.
    """

    name: str
    type: ValueType
    target: str = ""
    also: tuple[str, ...] = ()
    many: bool = False
    state: bool = False
    main: bool = False
    happening: bool = False
    core: bool = False
    heading: str = ""
    phrase: str = ""

    def __post_init__(self) -> None:
        if self.type == "amount" and self.name != "value":
            raise ValueError(
                f"an amount is a table's one value, whose columns are comparator, value and value_high; {self.name} needs a type of its own"
            )

    @property
    def title(self) -> str:
        """What readers call it."""
        return self.heading or title_of(self.name)


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
class FileKey:
    """What a file of raw/ says under a key, and the column that holds it or what follows from it: of a source, a verification, an audit.

    `must` and `may` name where it has to stand and where it can: in the header of sheets of `held` texts and of `read` pages, in the list
    of what is only `cited`, in the file of that name; a column that is worked out is in none. `filled` says that the column is never
    empty, `-` in the place of its name that there is none. Of what is `shown` lines of the source may be the evidence; `heading` and
    `phrase` are those of the property that it then is.
    """

    key: str
    type: KeyType = "text"
    target: str = ""
    must: str = ""
    may: str = ""
    column: str = ""
    filled: bool = False
    shown: bool = False
    heading: str = ""
    phrase: str = ""

    @property
    def name(self) -> str:
        """The column."""
        return self.column or self.key

    @property
    def property(self) -> Property:
        """What sources claim when lines are the evidence for it."""
        of_type: ValueType = self.type if self.type in ("code", "date", "reference") else "text"
        return Property(self.name, of_type, self.target, heading=self.heading, phrase=self.phrase)


@dataclass(frozen=True)
class Kind:
    """A kind of subject. `derived` columns are worked out from the others: (name, SQL type, referenced table).

    `existence` says what it means that one of them occurs. To what `can_speak` a source may attribute what it says.
    What has a profile has a page that brings together what all tables hold of it.
    """

    name: str
    table: str
    existence: str
    declared: tuple[Declared, ...]
    properties: tuple[Property, ...] = ()
    derived: tuple[tuple[str, str, str], ...] = ()
    can_speak: bool = False
    has_profile: bool = False

    @property
    def title(self) -> str:
        """What readers call all of them."""
        return self.table.capitalize()

    @property
    def is_named(self) -> bool:
        """Whether sources use names for it; other things have a label that describes them."""
        return any(declared.key in NAME_KEYS for declared in self.declared)

    def property(self, name: str) -> Property | None:
        """Return the property of that name, None if sources cannot claim it of this kind."""
        return next((p for p in self.properties if p.name == name), None)


@dataclass(frozen=True)
class PublicId:
    """A list that others keep, in which a subject has an id of its own: the key of it, the list's name, and what an id there looks like.

    `form` is the pattern of an id and `example` one in words; at `address` (with {} in the place of the id, without its dashes) the list
    shows the subject.
    """

    key: str
    title: str
    form: str
    example: str
    address: str

    def address_of(self, value: str) -> str:
        """Return where the list shows the subject that has the id."""
        return self.address.format(value.replace("-", ""))


PUBLIC_IDS: dict[str, PublicId] = {
    one.key: one
    for one in (
        PublicId("wikidata_id", "Wikidata", "Q[1-9][0-9]*", "Q and its number, such as Q1", "https://www.wikidata.org/wiki/{}"),
        PublicId(
            "sec_id",
            "US Securities and Exchange Commission (CIK)",
            "[1-9][0-9]{0,9}",
            "the number without leading noughts, such as 1000",
            "https://www.sec.gov/cgi-bin/browse-edgar?action=getcompany&CIK={}",
        ),
        PublicId(
            "tax_id",
            "US tax number of a non-profit (EIN)",
            "[0-9]{2}-[0-9]{7}",
            "two digits, a dash and seven, such as 12-3456789",
            "https://projects.propublica.org/nonprofits/organizations/{}",
        ),
    )
}
SEEN_AT = "ids_seen_at"  # the addresses at which the ids stand beside the name, one for each id, in the order of PUBLIC_IDS


def _public_ids(*keys: str) -> tuple[Declared, ...]:
    return (*(Declared(key, required=False) for key in keys), Declared(SEEN_AT, "addresses", required=False))


# What a catalogue declares as a name, and of what kind it is (list name_kind of codes).
NAME_KEYS = {**dict.fromkeys(("name", "name_zh", "title", "title_zh"), "preferred"), "called_zh": "transliteration"}
NAME = (Declared("name"), Declared("name_zh", required=False))
LABELS = (Declared("label"), Declared("label_zh"))
OWN_LABELS = (Declared("label", required=False), Declared("label_zh", required=False))
YEAR_AND_MONTH = (("year", "INTEGER", ""), ("month", "TEXT", ""))

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "person",
            "people",
            "That a source names the person",
            (*NAME, Declared("called_zh", required=False), *_public_ids("wikidata_id")),
            can_speak=True,
            has_profile=True,
        ),
        Kind(
            "organisation",
            "organisations",
            "That it exists",
            (*NAME, Declared("kind", "code", "organisation_kind"), *_public_ids(*PUBLIC_IDS)),
            (
                Property("founded", "date", happening=True, phrase="it was founded {}"),
                Property("parent_id", "reference", "organisations", heading="Part of", phrase="it is part of {}"),
            ),
            can_speak=True,
            has_profile=True,
        ),
        Kind(
            "post",
            "posts",
            "That there is such a post",
            (
                Declared("organisation", "reference", "organisations"),
                Declared("title"),
                Declared("title_zh"),
                Declared("category", "code", "post_category"),
            ),
            can_speak=True,
        ),
        Kind(
            "product",
            "products",
            "That it exists",
            (*NAME, Declared("kind", "code", "product_kind")),
            (
                Property("organisation_id", "reference", "organisations", phrase="it belongs to {}"),
                Property("announced", "date", happening=True, phrase="it was announced {}"),
                Property("status", "code", "product_status", state=True),
            ),
        ),
        Kind(
            "tenure",
            "tenures",
            "That the post was held",
            (*OWN_LABELS, Declared("person", "reference", "people"), Declared("post", "reference", "posts")),
            (
                Property("capacity", "code", "capacity"),
                Property("started", "date", happening=True, phrase="it began {}"),
                Property("ended", "date", happening=True, phrase="it ended {}"),
                Property("end_state", "code", "end_state", state=True, heading="How it stands at the end", phrase="it is {}"),
                Property("end_reason", "code", "end_reason", phrase="it came to its end thus: {}"),
                Property("held_on", "date", many=True, heading="Shown in post on", phrase="the post was held {}"),
            ),
            (
                ("organisation_id", "TEXT", "organisations"),
                ("certain_from", "TEXT", ""),
                ("certain_to", "TEXT", ""),
                ("possible_from", "TEXT", ""),
                ("possible_to", "TEXT", ""),
                ("first_shown", "TEXT", ""),
                ("last_shown", "TEXT", ""),
            ),
        ),
        Kind(
            "departure",
            "departures",
            "That the exit took place",
            (
                *OWN_LABELS,
                Declared("person", "reference", "people", required=False),  # a source may name the post and not its holder
                Declared("organisation", "reference", "organisations"),
            ),
            (
                Property("posts", "reference", "posts", many=True, heading="Posts left", phrase="a post that was left is {}"),
                Property("decided", "date", happening=True, phrase="it was decided {}"),
                Property("told", "date", happening=True, heading="Person told", phrase="the person was told {}"),
                Property("announced", "date", main=True, happening=True, phrase="it was announced {}"),
                Property("effective", "date", happening=True, phrase="it took effect {}"),
                Property("planned_return", "date", phrase="the return was planned for {}"),
                Property("manner", "code", "manner"),
                Property("destination_id", "reference", "organisations"),
                Property("destination_kind", "code", "destination_kind"),
                Property("destination_joined", "date", happening=True, phrase="the next employer was joined {}"),
                Property("reason", "code", "departure_reason", many=True, phrase="a reason is {}"),
                Property("reversed_by", "reference", "events", phrase="it was reversed by {}"),
                Property("same_as", "reference", "departures", heading="Same exit as", phrase="it is the same exit as “{}”"),
            ),
            (*YEAR_AND_MONTH, ("placed_by", "TEXT", ""), ("days_unknown", "TEXT", "")),
        ),
        Kind(
            "event",
            "events",
            "That it happened",
            (
                *LABELS,
                Declared("kind", "code", "event_kind"),
                Declared("story", "code", "story"),
                Declared("parent", "reference", "events", required=False),
                Declared("summary"),
            ),
            (
                Property("started", "date", main=True, happening=True, phrase="it began {}"),
                Property("ended", "date", happening=True, phrase="it ended {}"),
                Property("after", "reference", "events", many=True, phrase="it came after “{}”"),
                Property("before", "reference", "events", many=True, phrase="it came before “{}”"),
                Property("place_or_medium", "text"),
                Property("participant", "participants", many=True, heading="Participants", phrase="{} takes part"),
            ),
            YEAR_AND_MONTH,
        ),
        Kind(
            "figure",
            "figures",
            "That such a figure is given",
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
                # A number may hold on many days: what is published is the last on which it is told to.
                Property("as_of", "date", state=True, phrase="it holds {}"),
                Property("members", "reference", "people", many=True, heading="Counted among them", phrase="{} is counted among them"),
            ),
        ),
        Kind(
            "remark",
            "remarks",
            "That it was said",
            (*LABELS, Declared("speaker", "subject"), Declared("gist"), Declared("about", "subjects", required=False)),
            (Property("said", "date", main=True, happening=True, phrase="it was said {}"), Property("medium", "code", "medium")),
        ),
        Kind(
            "interpretation",
            "interpretations",
            "That it is argued",
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
            "That there is such a source",
            (),
            (
                Property("describes", "fields", many=True),
                Property("cites", "reference", "sources", ("organisations",), many=True, phrase="it cites {}"),
            ),
        ),
    )
}

SOURCES = KINDS["source"].table
KIND_OF_TABLE = {kind.table: kind.name for kind in KINDS.values()}
# What subjects are declared to belong to: the person and the post of a tenure, the organisation of a post.
LINKS = tuple(sorted({d.key for kind in KINDS.values() for d in kind.declared if d.type == "reference"}))
NAMED_KINDS = tuple(kind.name for kind in KINDS.values() if kind.is_named)
PROFILES = {kind.table: f"/{kind.table}/" for kind in KINDS.values() if kind.has_profile}  # by table, where the pages stand
VOICES = tuple(kind.name for kind in KINDS.values() if kind.can_speak)

ALL, OF_TEXTS = "held read cited", "held read"  # the lists in which a key of a header may stand
HEADERS: tuple[FileKey, ...] = (
    FileKey("id", "id", must=ALL),
    FileKey("label_zh", may=OF_TEXTS, filled=True),
    FileKey("kind", "code", "source_kind", must=ALL, filled=True, shown=True),
    FileKey("title", may=ALL, shown=True),
    FileKey("title_en", must=ALL, shown=True, heading="Title in English"),
    FileKey("publisher_id", "reference", "organisations", may=ALL, shown=True),
    FileKey("byline", may=ALL, shown=True),
    FileKey("lang", "code", "lang", must=ALL, shown=True, heading="Language"),
    FileKey("published", "date", must=OF_TEXTS, shown=True, phrase="it was published {}"),
    FileKey("published_basis", "code", "published_basis", must=OF_TEXTS),
    FileKey("url", "address", may=ALL, shown=True, heading="Address"),
    FileKey("access", "code", "access", filled=True),
    FileKey("read_at", "address", may="read"),
    FileKey("read_how", "code", "read_how", must="read"),
    FileKey("read_on", "day", must="read"),
    FileKey("text_kind", "code", "text_kind", must="read"),
    FileKey("primary", "flag", may=OF_TEXTS, column="is_primary", filled=True),
    FileKey("document", must="held"),
    FileKey("text_sha256", "digest", must="held"),
    FileKey("line_count", "count", must="held"),
    FileKey("blank_lines", "ranges", may="held", column="blank_count"),
    FileKey("derived_from", "reference", "sources", may=OF_TEXTS, shown=True, phrase="it derives from {}"),
    FileKey("derived_how", "code", "derived_how", may=OF_TEXTS),
    FileKey("cites", "references", "subjects"),
    FileKey("origin", "reference", "subjects", may=OF_TEXTS, column="origin_id"),
    FileKey("reliability", "prose", must=OF_TEXTS),
    FileKey("rights", must="held", may="read", shown=True),
    FileKey("note", "prose", may=ALL),
)
VERIFICATIONS: tuple[FileKey, ...] = (
    FileKey("source", "reference", "sources", must="verified", column="source_id", filled=True),
    FileKey("address_kind", "code", "address_kind", must="verified", filled=True),
    FileKey("address", "address", must="verified", filled=True),
    FileKey("checked_on", "day", must="verified", filled=True),
    FileKey("outcome", "code", "outcome", must="verified", filled=True),
    FileKey("status", "status", may="verified"),
    FileKey("moved_to", "address", may="verified"),
    FileKey("archived_at", "address", may="verified"),
    FileKey("etag", may="verified", column="-"),
    FileKey("last_modified", may="verified", column="-"),
    FileKey("anchor_count", "count", must="verified", filled=True),
    FileKey("anchors_digest", may="verified", column="-"),
    FileKey("missing", "texts", may="verified"),
    FileKey("note", may="verified"),
)
AUDIT_FINDINGS = ("right", "debatable", "incomplete", "wrong", "missing")  # each that was drawn is one of them, if it was told which
AUDITS: tuple[FileKey, ...] = (
    FileKey("id", "id", must="audits"),
    FileKey("day", "day", must="audits", column="audited_on", filled=True),
    FileKey("kind", "code", "audit_kind", must="audits", filled=True),
    FileKey("how", "code", "audit_how", must="audits", filled=True),
    FileKey("scope", "prose", must="audits", filled=True),
    *(FileKey(name, "count", must="audits", column=f"{name}_count", filled=True) for name in ("drawn", AUDIT_FINDINGS[0])),
    *(FileKey(name, "count", may="audits", column=f"{name}_count") for name in (*AUDIT_FINDINGS[1:], "mended")),
    FileKey("note", "prose", may="audits"),
)
# What the header of a sheet says of its source, and lines of the source may be the evidence for.
HEADER: dict[str, Property] = {key.name: key.property for key in HEADERS if key.shown}
HEADER_FIELDS = tuple(HEADER)
HAPPENINGS = tuple((kind.table, prop.name) for kind in KINDS.values() for prop in kind.properties if prop.happening)
PROPERTIES = (*(prop for kind in KINDS.values() for prop in kind.properties), *HEADER.values())
# What readers call columns of the tables whose names do not say it.
HEADINGS = {prop.name: prop.heading for prop in PROPERTIES if prop.heading} | {key: one.title for key, one in PUBLIC_IDS.items()}

VOICE_KEYS = ("by", "via", "attribution", "mode", "certainty", "qualifies", "denies", "as_named", "checked", "note")
QUALIFIERS = ("mode", "certainty", "as_named")  # of what stands beside them; see `Entry` in raw/README.md
EXIT_DAYS = ("decided", "told", "announced", "effective")  # of a departure: separate, each known or not

# From what asserts most to what asserts least.
MODES = ("fact", "plan", "allegation", "opinion", "prediction", "joke")
CERTAINTIES = ("certain", "probable", "possible", "unclear_text")

FOR_A_TIME = ("interim", "acting")  # in what capacity somebody holds a post until another does

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
PARTICIPANT = "participant"


def property_of(table: str, name: str) -> Property | None:
    """Return what a source may claim of the rows of a table under that name, None if nothing of the kind."""
    if table == SOURCES and name in HEADER:
        return HEADER[name]
    return KINDS[KIND_OF_TABLE[table]].property(name) if table in KIND_OF_TABLE else None


def occurrence_of(table: str) -> str:
    """Return what it means that a row of a table occurs."""
    return KINDS[KIND_OF_TABLE[table]].existence if table in KIND_OF_TABLE else "That it is so"
