"""The evidence block of row pages: for each property the accepted value, its standing, and every claim for and against it.

Where there are many claims the page first shows the values with a few of their claims; `?_evidence=<property>` shows all claims
on one property, `?_evidence=all` all of the row, CLAIMS_ON_A_PAGE at a time (`&_page=2`).

A source's page shows what became of each of its lines. Rows of statements, decisions and participants show the one property
that they are about. All of it is read from the database; the template `_evidence.html` only lays it out.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from datasette.utils import tilde_encode
from leadership.schema import KIND_OF_TABLE, OCCURS, PROFILES, property_of
from leadership.standing import PREFERRED, RANKS, standing_of

from .citing import FORMS, Citation, as_text, cite_dataset
from .glossing import Glosses, read_glosses
from .rows import DATABASE, Ask, asking, line_address
from .speaking import code_words, count_of, is_chinese, joined, say, speaking_english
from .wording import CLAIMS, RESTS_ON, RESTS_ON_COLUMNS, Row, Words, property_order, property_title, read_words, rests_on

MOST_STATEMENTS = 500
MOST_CLAIMS = 2000
MOST_LINES = 5000
LONG = 6  # a value with more claims than this first shows them as lists of lines
OPEN_SECTIONS = 3  # so many sections stand open when the page arrives; those in dispute always do
SHOWN_IN_SUMMARY = 3
BRIEF = 5  # sources of such a value that are listed at once, those that say the most of it
SIDES = ("brief", "for", "against")  # lists of sources that a value has; the first has its groups in common with the second
SHADES = 4  # of lines in a source's strip, from one claim to the most
MANY = 80  # claims; a row with more of them first shows some, and leads to all
CLAIMS_ON_A_PAGE = 150  # of all evidence
OPEN_CUT_DOWN = 3  # sections of such a row that stand open
FIRST_VALUES = 8  # of a property
ALL_EVIDENCE = "all"
MOST_CITED = 5  # sources that a citation names, those that say the most of the row first

SUBJECT = "SELECT id, kind, label, label_zh, summary, table_name, standing FROM subjects WHERE id = :id"
# What a row's page is about: (subject, property or None for all, the one statement or None for all). By table.
FOCUS = {
    "event_participants": "SELECT subject_id, property, id AS statement_id FROM statements WHERE id = :id",
    "statements": "SELECT subject_id, property, CASE rule WHEN 'side_by_side' THEN id END AS statement_id FROM statements WHERE id = :id",
    "decisions": "SELECT subject_id, property, NULL AS statement_id FROM decisions WHERE id = :id",
}
STATEMENTS = """
SELECT id, subject_id, property, value, rank, rule, deprecated_reason, standing, asserted_as, certainty, decision_id,
       claim_count, denial_count, source_count, origin_count
  FROM statements
 WHERE subject_id = :subject AND (:property IS NULL OR property = :property) AND (:statement IS NULL OR id = :statement)
 ORDER BY property, value LIMIT :most
"""
CLAIMS_ABOUT = f"""{CLAIMS}
 WHERE st.subject_id = :subject AND (:property IS NULL OR st.property = :property) AND (:statement IS NULL OR st.id = :statement)
 ORDER BY c.source_id, pa.line, pa.start, c.id LIMIT :most
"""
DECISIONS = f"""
SELECT d.id, d.property, d.rule, d.rationale, d.basis, d.decided_on, d.raw_file, d.raw_line, {RESTS_ON_COLUMNS} FROM decisions d {RESTS_ON}
 WHERE d.subject_id = :subject ORDER BY d.id LIMIT :most
"""
PROVENANCE = 'SELECT standing, asserted_as, certainty, source_count, origin_count FROM "{table}" WHERE id = :id'
COVERAGE = "SELECT lines, blank, cited, set_aside, unaccounted, claims, passages FROM line_coverage WHERE source_id = :id"
CITED_LINES = """
SELECT pa.line, COUNT(*) AS claims FROM claims c JOIN passages pa ON pa.id = c.passage_id
 WHERE c.source_id = :id GROUP BY pa.line ORDER BY pa.line LIMIT :most
"""
PAGE = "SELECT url, read_at, read_how, read_on, text_kind, lang FROM sources WHERE id = :id AND access = 'read'"
PLACES = """
SELECT pa.id AS passage_id, pa.find, s.lang, COUNT(c.id) AS claims
  FROM passages pa JOIN sources s ON s.id = pa.source_id LEFT JOIN claims c ON c.passage_id = pa.id
 WHERE pa.source_id = :id GROUP BY pa.id ORDER BY claims DESC, pa.find LIMIT :most
"""
ASIDE_LINES = "SELECT line, reason, repeats_line, note FROM set_aside WHERE source_id = :id ORDER BY line, reason LIMIT :most"
SECOND_HAND = """
SELECT c.source_id AS id, s.label, COUNT(*) AS claims FROM claims c JOIN sources s ON s.id = c.source_id
 WHERE c.via_source = :id GROUP BY c.source_id ORDER BY c.source_id LIMIT :most
"""


async def read_evidence(datasette: Any, request: Any, table: str, row_id: str) -> Row | None:
    """Return all that the block of a row shows, its citation with it; None for a row that is about no subject."""
    return await _Page(datasette, request, table, row_id).build()


def line_ranges(lines: Iterable[int]) -> str:
    """Write line numbers in order, runs of three and more as ranges: `1, 2, 5–9`."""
    parts = []
    for _, run in groupby(enumerate(sorted(set(lines))), key=lambda pair: pair[1] - pair[0]):
        numbers = [number for _, number in run]
        parts.append(f"{numbers[0]}–{numbers[-1]}" if len(numbers) > 2 else ", ".join(map(str, numbers)))
    return ", ".join(parts)


class _Found(NamedTuple):
    """The rows of which a page is made: what it is about, whether all of that, and what is claimed and decided of it."""

    subject: Row
    whole: bool
    statements: list[Row]
    claims: list[Row]
    decisions: dict[str, Row]

    @property
    def is_source(self) -> bool:
        """Tell whether this is the page of a source."""
        return self.whole and self.subject["table_name"] == "sources"


class _Page:
    """Reads what the page of a row needs, and has each part of it made."""

    def __init__(self, datasette: Any, request: Any, table: str, row_id: str):
        self.datasette, self.request, self.table, self.row_id = datasette, request, table, row_id
        self.asked = request.args.get("_evidence") or ""  # a property, "all", or nothing
        self.links = _Links(datasette, request, table, row_id)
        self.excerpt = _Excerpt(self.links, self.asked, request.args.get("_page") or "1")
        self.rows = asking(datasette, most=MOST_CLAIMS)

    async def build(self) -> Row | None:
        """Return everything that the block shows; None for rows that are about no subject."""
        found = await self._read()
        if not found:
            return None
        page, words, in_words = await self._begin(found)
        citing = _Citing(self.datasette, self.request, self.links)
        is_translated = is_chinese()
        with speaking_english():  # a citation has one form
            said = [] if found.is_source else found.claims  # what a source says of itself is no ground on which its row rests
            cited = await citing.cite((await self._begin(found))[0] if is_translated else page, said)
        sections, subject = page["sections"], found.subject
        cut_down = len(found.claims) > MANY and self.asked != ALL_EVIDENCE
        if cut_down:
            self.excerpt.begin(sections)
        paging = self.excerpt.turn([section for section in sections if self.asked in (ALL_EVIDENCE, section["name"])])
        if paging and self.asked == ALL_EVIDENCE:
            sections = [section for section in sections if section["values"]]
        in_words.say_claims(sections, await read_glosses(self.rows, _claims_of(sections)))
        return page | {
            "sections": sections,
            "paging": paging,
            "claim_count": len(found.claims),
            "all_href": f"{self.links.here(ALL_EVIDENCE)}#evidence" if cut_down else None,
            "short_href": self.links.row(self.table, self.row_id) if self.asked else None,
            "profile": self.datasette.urls.path(PROFILES[self.table] + self.row_id) if self.table in PROFILES else None,
            "subject_href": self.links.row(subject["table_name"], subject["id"]),
            "cut": len(found.claims) == MOST_CLAIMS,
            "source": await _Reading(self.rows, words, self.links).of(subject["id"]) if found.is_source else None,
            "cite": as_text(cited),
            "cited": cited,
            "forms": citing.forms(cited),
            "correct": citing.correct(page),
        }

    async def _read(self) -> _Found | None:
        """Read the rows of which the page is made."""
        focus = await self._focus()
        found = await self.rows(SUBJECT, id=focus["subject_id"]) if focus else []
        if not focus or not found:
            return None
        scope = {"subject": found[0]["id"], "property": focus["property"], "statement": focus["statement_id"]}
        statements = await self.rows(STATEMENTS, most=MOST_STATEMENTS, **scope)
        claims = await self.rows(CLAIMS_ABOUT, **scope)
        decisions = {row["property"]: row for row in await self.rows(DECISIONS, subject=found[0]["id"])}
        return _Found(found[0], focus["property"] is None, statements, claims, decisions)

    async def _begin(self, found: _Found) -> tuple[Row, Words, _Sections]:
        """Say in the language that is spoken what the page and its citation have in common."""
        words = await read_words(self.rows, found.statements, self.links.row)
        in_words = _Sections(self.datasette, self.links, words)
        sections = in_words.of(found.subject["table_name"], found.statements, found.claims, found.decisions)
        standing = await self._standing(words, found.subject, sections, found.whole)
        return {"subject": found.subject, "whole": found.whole, "sections": sections, "row": standing}, words, in_words

    async def _focus(self) -> Row | None:
        if self.table in FOCUS:
            return next(iter(await self.rows(FOCUS[self.table], id=self.row_id)), None)
        if self.table in KIND_OF_TABLE or self.table == "subjects":
            return {"subject_id": self.row_id, "property": None, "statement_id": None}
        return None

    async def _standing(self, words: Words, subject: Row, sections: list[Row], whole: bool) -> Row:
        """Return the row's standing with its counts: from its own columns, or from the one property that it is about."""
        if whole and subject["table_name"] != "sources":
            # The name of the table is one of ours, it is not a reader's word.
            assert subject["table_name"] in KIND_OF_TABLE
            row = (await self.rows(PROVENANCE.format(table=subject["table_name"]), id=subject["id"]))[0]
            code = words.codes.get(("standing", row["standing"])) or {"label": row["standing"], "definition": ""}
            counts = joined((count_of(row["source_count"], "source"), count_of(row["origin_count"], "independent origin")))
            marks = words.marks(row, asserted_as="mode", certainty="certainty")
            return {"standing": row["standing"], "label": code["label"], "means": code["definition"], "counts": counts, "marks": marks}
        if whole or not sections:
            return {"standing": "", "label": "", "means": "", "counts": "", "marks": []}
        return {"standing": sections[0]["standing"], "label": sections[0]["words"], "means": "", "counts": "", "marks": []}


class _Links:
    """The addresses to which the page of a row leads."""

    def __init__(self, datasette: Any, request: Any, table: str, row_id: str):
        self.datasette, self.request, self.table, self.row_id = datasette, request, table, row_id
        self.tables: dict[str, str] = {}  # their addresses: a page leads to hundreds of rows

    def row(self, table: str, row_id: str) -> str:
        """Return the page of a row."""
        if table not in self.tables:
            self.tables[table] = str(self.datasette.urls.table(DATABASE, table))
        return f"{self.tables[table]}/{tilde_encode(row_id)}"

    def here(self, evidence: str) -> str:
        """Return the address of this page with all the evidence, or all on one property."""
        return f"{self.row(self.table, self.row_id)}?{urlencode({'_evidence': evidence})}"

    def line(self, source_id: str, line: int) -> str:
        """Return the page of a line of a text."""
        return line_address(self.datasette, source_id, line)

    def permalink(self, whole: bool) -> str:
        """Return the address that stays: /id/… for what has an id of its own in the hub, else the row's page."""
        path = self.datasette.urls.path(f"/id/{self.row_id}") if whole else self.row(self.table, self.row_id)
        return str(self.datasette.absolute_url(self.request, path))


class _Sections:
    """Puts properties, their values and the claims on each into the shape in which the template shows them."""

    def __init__(self, datasette: Any, links: _Links, words: Words):
        self.datasette, self.links, self.words = datasette, links, words

    def of(self, table: str, statements: list[Row], claims: list[Row], decisions: dict[str, Row]) -> list[Row]:
        """Return a section for each property, in the order of the model; those in dispute stand open."""
        by_statement: dict[str, list[Row]] = {}
        for claim in claims:
            by_statement.setdefault(claim["statement_id"], []).append(claim)
        by_property: dict[str, list[Row]] = {}
        for statement in statements:
            by_property.setdefault(statement["property"], []).append(statement)
        order = property_order(table)
        names = sorted(by_property, key=lambda name: (order.index(name) if name in order else len(order), name))
        sections = [self._section(table, name, by_property[name], by_statement, decisions.get(name)) for name in names]
        for position, section in enumerate(sections):
            section["open"] = section["disputed"] or (position < OPEN_SECTIONS and table != "sources") or len(sections) == 1
        return sections

    def _section(self, table: str, name: str, statements: list[Row], by_statement: dict[str, list[Row]], decision: Row | None) -> Row:
        prop = property_of(table, name)
        dated = prop is not None and prop.type == "date"
        statements = sorted(
            statements,
            key=lambda s: (RANKS.index(s["rank"]), 0 if dated else -s["origin_count"], 0 if dated else -s["claim_count"], s["value"]),
        )
        values = [self._value(table, s, by_statement.get(s["id"], [])) for s in statements]
        accepted = [value for value in values if value["rank"] == "preferred"]
        standing, words = _standing(statements)
        description = (self.datasette.table_metadata(DATABASE, table).get("columns") or {}).get(name, "")
        counted = sum(s["claim_count"] + s["denial_count"] for s in statements)
        said = list(dict.fromkeys(" ".join([value["text"], *(f"({mark})" for mark in value["marks"])]) for value in accepted))
        shown, rest = said[:SHOWN_IN_SUMMARY], len(said[SHOWN_IN_SUMMARY:])
        rule = statements[0]["rule"]
        return {
            "name": name,
            "title": property_title(table, name),
            "description": description,
            "values": values,
            "gist": _gist(name, statements, shown, rest),
            "standing": standing,
            "words": words,
            "count": count_of(counted, "claim"),
            "value_count": len(values),
            "disputed": bool(decision) or any(s["rank"] == "deprecated" or s["denial_count"] for s in statements),
            "decision": self._decision(decision) if decision else None,
            # The trivial rules need no saying, and a decision says its own.
            "rule": self.words.codes.get(("rule", rule)) if not decision and rule not in ("only_value", "side_by_side") else None,
        }

    def _value(self, table: str, statement: Row, claims: list[Row]) -> Row:
        shown = self.words.value(table, statement)
        reason = self.words.codes.get(("deprecated_reason", statement["deprecated_reason"] or ""))
        against = [claim for claim in claims if claim["polarity"] == "denies"]
        for_it = [claim for claim in claims if claim["polarity"] != "denies"]
        by_source = _by_source(for_it)
        most = (
            {group["id"] for group in sorted(by_source, key=lambda group: -len(group["claims"]))[:BRIEF]} if len(for_it) > LONG else set()
        )
        return shown | {
            "rank": statement["rank"],
            "heading": self.words.rank(statement),
            "statement_href": self.links.row("statements", statement["id"]),
            "reason": reason,
            "marks": self.words.marks(statement, asserted_as="mode", certainty="certainty"),
            "origins": _origin_words(statement),
            "for_count": count_of(len(for_it), "claim"),
            "for": by_source,
            "brief": [group for group in by_source if group["id"] in most],
            "others": count_of(len(by_source) - len(most), "more source") if len(by_source) > len(most) else "",
            "against": _by_source(against),
            "long": len(for_it) > LONG,
        }

    def _decision(self, decision: Row) -> Row:
        rule = self.words.codes.get(("rule", decision["rule"])) or {"label": decision["rule"]}
        return rests_on(decision) | {"href": self.links.row("decisions", decision["id"]), "rule": rule}

    def say_claims(self, sections: list[Row], glosses: Glosses) -> None:
        """Put into words the claims that the sections still hold once what a page cannot show is cut from them."""
        for value in (value for section in sections for value in section["values"]):
            said = {id(group): self._group(group, glosses) for side in SIDES for group in value[side]}
            value.update({side: [said[id(group)] for group in value[side]] for side in SIDES})

    def _group(self, group: Row, glosses: Glosses) -> Row:
        """Return a source with its claims on one value in words, and the places where they stand."""
        found = [self._claim(claim, glosses) for claim in group["claims"]]
        lines = [self._place_of_claims(list(same)) for _, same in groupby(found, key=itemgetter("line", "passage_words"))]
        return {
            "label": found[0]["source"],
            "href": self.links.row("sources", group["id"]),
            "published": found[0]["published"],
            "claims": found,
            "places": lines,
            "noun": say("at") if found[0]["line"] is None else say("line") if len(lines) == 1 else say("lines"),
            "count": count_of(len(found), "claim"),
        }

    @staticmethod
    def _place_of_claims(claims: list[Row]) -> Row:
        """Return a place for a list of places; it is marked as planned, alleged, possible and so on if no claim there is plain."""
        marks = [] if any(not claim["marks"] for claim in claims) else sorted({mark for claim in claims for mark in claim["marks"]})
        first = claims[0]
        words = first["passage_words"] if first["line"] is None else str(first["line"])
        return {"words": words, "href": first["links"][0]["href"], "marks": ", ".join(marks)}

    def _claim(self, claim: Row, glosses: Glosses) -> Row:
        """Return a claim with its voice in words, and the links to its place: a line of a text, or the page itself at the words."""
        said = claim | self.words.claim(claim) | {"gloss": glosses.of_place(claim), "naming": glosses.of_name(claim["as_named"])}
        if claim["line"] is None:
            return said | {"links": self._page_links(claim), "passage_words": f"“{claim['find']}”"}
        link = {"href": self.links.line(claim["source_id"], claim["line"]), "words": say("line %(n)s", n=claim["line"]), "is_copy": False}
        return said | {"links": [link], "passage_words": ""}

    def _page_links(self, claim: Row) -> list[Row]:
        passage = {"href": self.links.row("passages", claim["passage_id"]), "words": say("read there"), "is_copy": False}
        return self.words.page_links(claim, claim["find"]) or [passage]


class _Excerpt:
    """Leaves of the sections what a page can hold: the beginning of each, or one page of what is asked for."""

    def __init__(self, links: _Links, asked: str, page: str):
        self.links, self.asked, self.page = links, asked, page  # asked: a property, "all", or nothing

    def begin(self, sections: list[Row]) -> None:
        """Cut down all sections; the first stands open, and those in dispute as far as a page can be read; one that is asked for alone."""
        disputed = [section["name"] for section in sections[1:] if section["disputed"]]
        asked_for = [section["name"] for section in sections if section["name"] == self.asked]
        opened = asked_for or [sections[0]["name"], *disputed][:OPEN_CUT_DOWN]
        for section in sections:
            self._cut_down(section, section["name"] in opened)

    def _cut_down(self, section: Row, is_open: bool) -> None:
        """Leave of a section what its first view shows; of one that is asked for nothing is left out."""
        section["open"] = is_open
        if self.asked == section["name"]:
            return
        href = f"{self.links.here(section['name'])}#evidence-{section['name'].replace('_', '-')}"
        for value in section["values"]:
            value["rest"] = {"href": href, "count": value["for_count"]} if value["long"] else None
            value["more_sources"] = len(value["for"]) - len(value["brief"]) if value["long"] else 0
            if value["long"]:
                value["for"] = []
        if len(section["values"]) > FIRST_VALUES:
            section["rest"] = {"href": href, "values": len(section["values"]) - FIRST_VALUES}
            section["values"] = section["values"][:FIRST_VALUES]

    def turn(self, sections: list[Row]) -> Row | None:
        """Leave of sections that are shown whole what stands on the page that is asked for; None if it is all on one.

        A source's claims on one value stay together.
        """
        groups = [group["claims"] for section in sections for value in section["values"] for group in value["for"] + value["against"]]
        total = sum(map(len, groups))
        if total <= CLAIMS_ON_A_PAGE:
            return None
        pages = -(-total // CLAIMS_ON_A_PAGE)
        is_number = self.page.isdecimal() and len(self.page) < len(str(MOST_CLAIMS))
        number = min(max(int(self.page), 1), pages) if is_number else 1
        before = 0
        for section in sections:
            for value in section["values"]:
                for side in ("for", "against"):
                    kept = []
                    for group in value[side]:
                        if before // CLAIMS_ON_A_PAGE == number - 1:
                            kept.append(group)
                        before += len(group["claims"])
                    value[side] = kept
            section["values"] = [value for value in section["values"] if value["for"] or value["against"]]
            section["open"] = bool(section["values"])
        href = self.links.here(self.asked)
        return {
            "number": number,
            "pages": pages,
            "before": f"{href}&_page={number - 1}#evidence" if number > 1 else "",
            "after": f"{href}&_page={number + 1}#evidence" if number < pages else "",
        }


class _Reading:
    """What the page of a source shows besides its evidence: what was read of it, and what became of that."""

    def __init__(self, rows: Ask, words: Words, links: _Links):
        self.rows, self.words, self.links = rows, words, links

    async def of(self, source_id: str) -> Row:
        """Return what became of each line of a text; of a page what was read of it; of a document not at hand who retells it."""
        coverage = next(iter(await self.rows(COVERAGE, id=source_id)), None)
        second_hand = [
            {**row, "href": self.links.row("sources", row["id"]), "count": count_of(row["claims"], "claim")}
            for row in await self.rows(SECOND_HAND, id=source_id)
        ]
        if not coverage:
            return {"coverage": None, "second_hand": second_hand, "page": await self._page(source_id)}
        cited = {row["line"]: row["claims"] for row in await self.rows(CITED_LINES, most=MOST_LINES, id=source_id)}
        aside = {row["line"]: row for row in await self.rows(ASIDE_LINES, most=MOST_LINES, id=source_id)}
        most = max(cited.values(), default=1)
        lines = [
            self._covered(source_id, number, cited.get(number, 0), most, aside.get(number))
            for number in range(1, min(coverage["lines"], MOST_LINES) + 1)
        ]
        by_reason: dict[str, list[int]] = {}
        for line in lines:
            if line["state"] == "aside":
                by_reason.setdefault(line["reason"], []).append(line["line"])
        reasons = [
            {**self.words.codes[("set_aside_reason", reason)], "lines": line_ranges(numbers), "count": len(numbers)}
            for reason, numbers in sorted(by_reason.items())
        ]
        return {"coverage": coverage, "lines": lines, "reasons": reasons, "second_hand": second_hand}

    async def _page(self, source_id: str) -> Row | None:
        """Return when, how and how much of a page was read, and at which words something is claimed; None if it was not read."""
        page = next(iter(await self.rows(PAGE, id=source_id)), None)
        if not page:
            return None
        found = await self.rows(PLACES, most=MOST_LINES, id=source_id)
        glosses = await read_glosses(self.rows, found)
        places = [
            {
                "words": f"“{row['find']}”",
                "gloss": glosses.of_place(row),
                "href": self.links.row("passages", row["passage_id"]),
                "links": [
                    {"href": link["href"], "words": say("copy") if link["is_copy"] else say("the page"), "is_copy": False}
                    for link in self.words.page_links(page, row["find"])
                ],
                "count": count_of(row["claims"], "claim"),
            }
            for row in found
        ]
        how, kind = (self.words.codes.get((name, page[name])) or {"label": page[name]} for name in ("read_how", "text_kind"))
        links = [
            link | {"words": say("%(page)s at %(host)s", page=link["words"], host=urlsplit(link["href"]).netloc)}
            for link in self.words.page_links(page)
        ]
        return {"links": links, "lang": page["lang"], "read_on": page["read_on"], "how": how, "text_kind": kind, "places": places}

    def _covered(self, source_id: str, number: int, claims: int, most: int, aside: Row | None) -> Row:
        if claims and (not aside or aside["reason"] == "private_life"):
            shade = 1 + SHADES * (claims - 1) // most
            href = self.links.line(source_id, number)
            return {"line": number, "state": "cited", "href": href, "words": count_of(claims, "claim"), "shade": shade}
        if aside:
            why = self.words.code("set_aside_reason", aside["reason"]).lower()
            words = say("set aside: %(why)s", why=why)
            if aside["repeats_line"]:
                words = say("set aside: %(why)s line %(n)s", why=why, n=aside["repeats_line"])
            return {"line": number, "state": "aside", "reason": aside["reason"], "words": words}
        return {"line": number, "state": "blank", "words": say("blank")}


class _Citing:
    """The citation of a row, and where it is corrected."""

    def __init__(self, datasette: Any, request: Any, links: _Links):
        self.datasette, self.request, self.links = datasette, request, links

    async def cite(self, page: Row, said: list[Row]) -> Citation:
        """Return the citation of the row, with its standing and the sources that bear it out or deny it by the claims that are given."""
        label = page["subject"]["label"]
        if not page["whole"] and page["sections"]:
            section = page["sections"][0]
            label += f" – {section['title'].lower()}" + (f": {section['gist']}" if section["gist"] else "")
        rests_on = [
            f"{word} {_sources_in_words([claim for claim in said if claim['polarity'] == polarity])}"
            for polarity, word in (("affirms", "after"), ("denies", "disputed in"))
            if any(claim["polarity"] == polarity for claim in said)
        ]
        standing = [words for words in (page["row"]["label"].lower(), *page["row"]["marks"]) if words]
        whole = await cite_dataset(self.datasette, self.request)
        return Citation(
            whole.dataset,
            whole.creator,
            whole.version,
            whole.released,
            self.links.permalink(page["whole"]),
            label,
            f"{self.links.table}/{self.links.row_id}",
            tuple(standing),
            tuple(rests_on),
        )

    def forms(self, cited: Citation) -> list[Row]:
        """Return the forms of the citation other than plain text, each with the address at which programs find it."""
        return [
            {"name": form.name, "text": form.write(cited), "href": self.datasette.urls.path(f"/cite/{self.links.row_id}.{ending}")}
            for ending, form in FORMS.items()
            if ending != "txt"
        ]

    def correct(self, page: Row) -> Row:
        """Return where the row is corrected, for the whole of it and for each property, and its address that stays."""
        path = f"{self.datasette.urls.path('/correct')}?{urlencode({'id': self.links.row_id})}"
        return {"id": self.links.row_id, "href": path, "permalink": self.links.permalink(page["whole"])}


def _by_source(claims: list[Row]) -> list[Row]:
    """Return claims in the order of their sources as groups of one source each."""
    return [{"id": source_id, "claims": list(found)} for source_id, found in groupby(claims, key=itemgetter("source_id"))]


def _claims_of(sections: list[Row]) -> list[Row]:
    """Return the claims that sections show."""
    values = [value for section in sections for value in section["values"]]
    return [claim for value in values for side in SIDES for group in value[side] for claim in group["claims"]]


class _Settled:
    """What a standing depends on."""

    def __init__(self, statement: Row):
        self.rank, self.rule, self.decision = statement["rank"], statement["rule"], statement["decision_id"]
        self.is_agreed = statement["standing"] == "agreed"


def _standing(statements: list[Row]) -> tuple[str, str]:
    """Return the standing of a property, and words for it that say on how many of its accepted values sources agree."""
    settled = [_Settled(statement) for statement in statements]
    standing = standing_of(settled, lambda statement: statement.is_agreed)
    if standing == "settled":
        return standing, say("settled by a decision")
    accepted = [s for s in settled if s.rank == PREFERRED]
    agreed = sum(s.is_agreed for s in accepted)
    if standing != "agreed" or len(accepted) == 1:
        return standing, code_words(standing)
    if agreed == len(accepted):
        return standing, say("each agreed by two or more origins")
    return standing, say("%(n)s of %(all)s agreed", n=agreed, all=len(accepted))


def _places_in_words(claims: list[Row]) -> str:
    """Return the lines of a text at which claims stand, or the words of a page."""
    lines = sorted({c["line"] for c in claims if c["line"] is not None})
    if lines:
        return f"{'line' if len(lines) == 1 else 'lines'} {line_ranges(lines)}"
    words = list(dict.fromkeys(c["find"] for c in claims))
    more = f" and {len(words) - SHOWN_IN_SUMMARY} more" if len(words) > SHOWN_IN_SUMMARY else ""
    return "at " + ", ".join(f"“{word}”" for word in words[:SHOWN_IN_SUMMARY]) + more


def _sources_in_words(claims: list[Row]) -> str:
    """Return the sources of claims with their places; of many, those that say the most, and how many more there are."""
    by_source = {key: list(found) for key, found in groupby(claims, key=lambda c: (c["source_id"], c["source"]))}
    chosen = set(sorted(by_source, key=lambda key: (-len(by_source[key]), key))[:MOST_CITED])
    named = [f"“{key[1]}” ({key[0]}), {_places_in_words(found)}" for key, found in by_source.items() if key in chosen]
    rest = len(by_source) - len(named)
    return "; ".join(named) + (f"; and {count_of(rest, 'more source')}" if rest else "")


def _origin_words(statement: Row) -> str:
    if not statement["claim_count"]:
        return say("nobody at hand affirms it")
    return joined((count_of(statement["origin_count"], "independent origin"), count_of(statement["source_count"], "source")))


def _gist(name: str, statements: list[Row], shown: list[str], rest: int) -> str:
    """Return the accepted values in short, for the head of a section."""
    if name == OCCURS and shown:
        return shown[0]
    if not shown:
        return say("no accepted value") if any(s["rule"] == "open" for s in statements) else say("not so")
    return say("; ").join(shown) + (say("; and %(rest)s more", rest=rest) if rest else "")
