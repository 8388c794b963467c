"""Values and claims in words, as the pages say them: what a property is called, what a value means, in whose voice it is claimed.

`read_words` reads once what a page needs of codes, labels and units; the `Words` that it returns answer without the database.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from leadership.amounts import parse_amount, show_number
from leadership.participation import Participation, parse_participation
from leadership.schema import (
    CERTAINTIES,
    HEADER_FIELDS,
    KIND_OF_TABLE,
    KINDS,
    MODES,
    OCCURS,
    PARTICIPANT,
    SOURCES,
    occurrence_of,
    property_of,
    title_of,
)

from .amount_words import say_amount
from .pages import page_links
from .rows import Ask, Row
from .showing import show_when
from .speaking import N_, code_words, is_chinese, named, say

NORMAL_HEADINGS = {
    "finer": N_("Less precise, and true as far as it goes"),
    "same_moment": N_("The same moment, written otherwise"),
    "later_state": N_("An earlier state, true of its day"),
    "compatible": N_("Compatible with it, and true as far as it goes"),
    "open": N_("Undecided"),
}
ACCORDING = N_("according to")
VOICES = {
    "own_voice": N_("in its own voice"),
    "named": ACCORDING,
    "unnamed": N_("according to people it does not name"),
    "other_media": N_("according to other media"),
}
UNMARKED = {"mode": MODES[0], "certainty": CERTAINTIES[0]}
WITHOUT_PREPOSITION = ("about ", "between ", "by ", "not before ")

# What sources disagree on, where the name of the property would not say it to a reader.
POINTS = {
    "value": N_("which figure"),
    "effective": N_("when it took effect"),
    "announced": N_("when it was announced"),
    "started": N_("when it began"),
    "ended": N_("when it ended"),
    "said": N_("when it was said"),
    "as_of": N_("as of when"),
    "founded": N_("when it was founded"),
    "decided": N_("when it was decided"),
    "told": N_("when they were told"),
    "manner": N_("how they left"),
    "destination_id": N_("where to"),
    "destination_kind": N_("what they left for"),
    "destination_joined": N_("when they joined the next"),
    "end_state": N_("whether it ended"),
    "reason": N_("why"),
}

# One row for each claim, with all that `Words.claim` needs; a page adds which.
CLAIMS = """
SELECT c.id, c.statement_id, c.passage_id, c.source_id, c.polarity, c.certainty, c.mode, c.attribution, c.as_named, c.note,
       c.raw_file, c.raw_line, pa.line, pa.find, src.label AS source, src.lang, src.published, src.url, src.read_at, src.read_how,
       st.subject_id, st.property, st.value, st.rank, st.rule, st.deprecated_reason,
       a.id AS voice_id, a.label AS voice, a.table_name AS voice_table, v.id AS via_id, v.label AS via, v.table_name AS via_table
  FROM statements st JOIN claims c ON c.statement_id = st.id
  JOIN passages pa ON pa.id = c.passage_id JOIN sources src ON src.id = c.source_id
  LEFT JOIN subjects a ON a.id = c.attributed_to_id LEFT JOIN subjects v ON v.id = c.via_source
"""
CODES = "SELECT list, code, label, label_zh, definition FROM codes LIMIT :most"
LABELS = "SELECT id, kind, label, table_name FROM subjects WHERE id IN (SELECT value FROM json_each(:ids)) LIMIT :most"
UNITS = "SELECT id, unit FROM figures WHERE id IN (SELECT value FROM json_each(:ids)) LIMIT :most"

# On what decisions `d` rest, where that is another one: of which row and property, and what it says.
RESTS_ON_COLUMNS = """b.subject_id AS basis_subject, b.property AS basis_property, b.rationale AS basis_rationale, bs.label AS basis_label,
       bs.table_name AS basis_table"""
RESTS_ON = """LEFT JOIN decisions b ON d.basis = 'Decision ' || b.id || '.' LEFT JOIN subjects bs ON bs.id = b.subject_id"""


def rests_on(decision: dict[str, Any]) -> dict[str, Any]:
    """Return a decision with what the property is called that its basis decides."""
    table, name = decision["basis_table"], decision["basis_property"]
    return decision | {"basis_title": property_title(table, name).lower() if table else ""}


def property_title(table: str, name: str) -> str:
    """Return what readers call a property: `destination_id` is “Destination”, `occurs` says what occurring means for the table."""
    if name == OCCURS:
        return say(occurrence_of(table))
    prop = property_of(table, name)
    return say(prop.title if prop else title_of(name))


def point_in_words(table: str, name: str) -> str:
    """Return what a disagreement on a property is about, as a part of a title: “when it took effect”, “whether it happened”."""
    if name == OCCURS:
        return say("whether it is so") if table == "interpretations" else say("whether it happened")
    return say(POINTS[name]) if name in POINTS else lower_first(property_title(table, name))


def property_order(table: str) -> list[str]:
    """Return the properties of a table's rows: that it is so first, the others in the order of their columns."""
    names = [OCCURS, *(p.name for p in KINDS[KIND_OF_TABLE[table]].properties)] if table in KIND_OF_TABLE else [OCCURS]
    return [*names, *(HEADER_FIELDS if table == SOURCES else ())]


def property_phrase(text: str) -> str:
    """Return the phrase of a property as a part of a sentence."""
    return f"that {text}"


def phrase(table: str, name: str) -> str:
    """Return how a sentence says a property, with {} in the place of the value: “that it began {}”."""
    if name == OCCURS:
        existence = say(occurrence_of(table))
        return existence[0].lower() + existence[1:]
    prop = property_of(table, name)
    if prop and prop.phrase:
        return say(property_phrase(prop.phrase))
    return say("that its %(what)s is {}", what=property_title(table, name).lower())


def date_label(value: str) -> str:
    """Say a date in plain words; a clock time with its zone."""
    label = show_when(value).label
    return say("%(moment)s US Pacific", moment=label) if ":" in label else label


def at_time(value: str) -> str:
    """Say a date as a part of a sentence: “on 17 November 2023, 12:00 US Pacific”, “in November 2023”, “by 22 November 2023”."""
    label = date_label(value)
    if is_chinese():
        return label
    if label.startswith(WITHOUT_PREPOSITION):
        return label
    if label.startswith(("first half", "second half")):
        return f"in the {label}"
    is_day = label.partition(" ")[0].isdigit() and " " in label
    return f"{'on' if is_day else 'in'} {label}"


def lower_first(label: str) -> str:
    """Return a label for the midst of a sentence: “Dispute over safety” begins small, “X” and “SEC filing” stay."""
    if is_chinese():
        return named(label)
    return label[0].lower() + label[1:] if label[1:2].islower() else label


async def read_words(rows: Ask, statements: Iterable[Row], row_href: Callable[[str, str], str]) -> Words:
    """Read what is needed to say the values of some statements (subject_id, property, value) and whatever claims of them."""
    statements = list(statements)
    values = {s["value"] for s in statements if s["property"] != OCCURS}
    subjects = {s["subject_id"] for s in statements}
    taking_part = [parse_participation(s["value"]) for s in statements if s["property"] == PARTICIPANT]
    values |= {subject for who in taking_part for subject in (who.subject, who.on_behalf_of) if subject}
    ids = json.dumps(sorted(subjects | values))
    codes = {(row["list"], row["code"]): row for row in await rows(CODES)}
    labels = {row["id"]: row for row in await rows(LABELS, ids=ids)}
    if is_chinese():
        codes = {key: {**row, "label": row["label_zh"]} for key, row in codes.items()}
        labels = {key: {**row, "label": named(row["label"])} for key, row in labels.items()}
    units = {row["id"]: row["unit"] for row in await rows(UNITS, ids=json.dumps(sorted(subjects)))}
    return Words(codes, labels, units, row_href)


class Words:
    """Says codes, values and claims. `row_href` gives the address of a row's page from its table and id."""

    def __init__(
        self, codes: dict[tuple[str, str], Row], labels: dict[str, Row], units: dict[str, str], row_href: Callable[[str, str], str]
    ):
        self.codes, self.labels, self.units, self.row_href = codes, labels, units, row_href

    def code(self, list_name: str, code: str) -> str:
        """Return the label of a code, its own letters if the list has no such code."""
        found = self.codes.get((list_name, code))
        return found["label"] if found else code_words(code)

    def value(self, table: str, statement: Row) -> Row:
        """Return a value as readers see it: `text`, `href` if it is another row, `aside` for what stands behind it.

        Of a date `aside` is what is not known about it, and `notation` how the dataset writes it, "" where its words are that.
        """
        name, value = statement["property"], statement["value"]
        prop = property_of(table, name)
        if name == OCCURS:
            return {"text": say("yes"), "href": None, "aside": ""}
        if prop is None:
            return {"text": value, "href": None, "aside": ""}
        if prop.type == "participants":
            return self._participant(parse_participation(value))
        if prop.type == "reference" and value in self.labels:
            label = self.labels[value]
            return {"text": label["label"], "link": label["label"], "href": self.row_href(label["table_name"], value), "aside": ""}
        if prop.type == "date":
            said = date_label(value)
            return {"text": said, "href": None, "aside": show_when(value).doubt, "notation": value if said != value else ""}
        if prop.type == "amount":
            return {"text": self._amount(value, self.units.get(statement["subject_id"], "")), "href": None, "aside": ""}
        return {"text": self.code(prop.target, value) if prop.type == "code" else value, "href": None, "aside": ""}

    def _participant(self, who: Participation) -> Row:
        """Return who takes part, with the part and on whose behalf as what stands behind it."""
        part = self.code("part", who.part).lower()
        aside = say("%(part)s, for %(whom)s", part=part, whom=self._label(who.on_behalf_of)) if who.on_behalf_of else part
        label = self._label(who.subject)
        known = self.labels.get(who.subject)
        href = self.row_href(known["table_name"], who.subject) if known else None
        return {"text": label + say(" (%(what)s)", what=aside), "link": label, "href": href, "aside": aside}

    def _label(self, subject_id: str) -> str:
        return str(self.labels[subject_id]["label"]) if subject_id in self.labels else subject_id

    def _amount(self, value: str, unit: str) -> str:
        return say_amount(parse_amount(value), unit, self.code("unit", unit) if unit else "", show_number)

    def sentence(self, table: str, statement: Row) -> Row:
        """Return what a statement says of its subject as a part of a sentence: `before`, `text` (with `href` or not), `after`."""
        shown = self.value(table, statement)
        before, _, after = phrase(table, statement["property"]).partition("{}")
        if statement["property"] == OCCURS:
            return {"before": before, "text": "", "href": None, "after": after}
        prop = property_of(table, statement["property"])
        kind = prop.type if prop else "text"
        text = shown.get("link") or shown["text"]
        if kind == "date" and is_chinese():
            text = date_label(statement["value"])
        elif kind == "date":
            text = date_label(statement["value"]) if before.endswith(" for ") else at_time(statement["value"])
        elif kind == "code":
            text = lower_first(text)
        elif kind == "text":
            text = f"“{text}”"
        elif kind == "participants":
            after = after + say(" (%(what)s)", what=shown["aside"])
        return {"before": before, "text": text, "href": shown["href"], "after": after}

    def page_links(self, source: Row, text: str | None = None) -> list[Row]:
        """Return the links to a page that was read, `source` having its addresses; that to a copy says what sort of copy it is."""
        found = page_links(source["url"], source["read_at"], source["read_how"], text)
        copy = self.code("read_how", source["read_how"] or "").lower()
        return [{"href": link.href, "words": copy if link.is_copy else say("the page"), "is_copy": link.is_copy} for link in found]

    def rank(self, statement: Row) -> str:
        """Return the rank of a statement in words."""
        if statement["rank"] == "normal":
            return say(NORMAL_HEADINGS.get(statement["rule"], N_("Also true, of something else")))
        return say("Accepted") if statement["rank"] == "preferred" else say("Not accepted")

    def marks(self, row: Row, **columns: str) -> list[str]:
        """Return in words what is not plain of a row: a plan, a joke, possible. `columns` give the list of each column's codes."""
        return [
            self.code(name, row[column]).lower() for column, name in columns.items() if row[column] and row[column] != UNMARKED.get(name)
        ]

    def claim(self, claim: Row) -> Row:
        """Return in whose voice a row of CLAIMS is spoken (`said`, `people`, `via_link`) and how it is `marks`ed if it is not plain."""
        marks = self.marks(claim, mode="mode", certainty="certainty")
        people = [{"label": claim["voice"], "href": self.row_href(claim["voice_table"], claim["voice_id"])}] if claim["voice_id"] else []
        via = [{"label": claim["via"], "href": self.row_href(claim["via_table"], claim["via_id"])}] if claim["via_id"] else []
        said = VOICES.get(claim["attribution"]) or code_words(claim["attribution"])
        if claim["attribution"] == "other_media" and via:
            said = ACCORDING
        via_word = "" if said == ACCORDING and not people else say("via")
        return {"said": say(said), "people": people, "via_link": via, "via_word": via_word, "marks": marks}
