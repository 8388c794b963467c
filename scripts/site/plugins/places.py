"""Cards at the head of pages about how we know: what is claimed at a passage or on a line of a source, what one claim says,
and where a code is used. The templates `_card_*.html` only lay them out.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Awaitable, Callable
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from datasette import hookimpl
from datasette.database import QueryInterrupted
from datasette.utils import tilde_decode
from leadership.roles import columns_with_codes, properties_with_codes
from leadership.schema import OCCURS
from leadership.tables import Column
from presentation.charting import defaults
from presentation.glossing import Glosses, read_glosses
from presentation.rows import DATABASE, LINE_QUERY, asking, line_address
from presentation.speaking import N_, count_of, joined, named, say
from presentation.wording import (
    CLAIMS,
    Row,
    Words,
    date_label,
    lower_first,
    property_order,
    property_title,
    read_words,
)

MOST = 2000
MOST_IN_GIST = 3  # things that a gist says, and statements of each
NAMED_TABLES = ("people", "organisations", "posts", "products")  # what a text may name without saying anything of it

SOURCE = """
SELECT s.id, s.label, s.published, s.lang, s.line_count, s.access, s.url, s.read_at, s.read_how, s.read_on,
       o.id AS outlet_id, o.label AS outlet FROM sources s
  LEFT JOIN organisations o ON o.id = s.publisher_id WHERE s.id = :id
"""
HELD = "SELECT id, label, line_count FROM sources WHERE access = 'held' ORDER BY published_latest, id LIMIT :most"
PASSAGE = 'SELECT id, id AS passage_id, source_id, line, find, start, "end" FROM passages WHERE id = :id'
PASSAGES_ON_LINE = """
SELECT id, id AS passage_id, line, find, start, "end" FROM passages
 WHERE source_id = :source AND line = :line ORDER BY start, id LIMIT :most
"""
AT_PASSAGE = f"{CLAIMS} WHERE c.passage_id = :id LIMIT :most"
ON_LINE = f"{CLAIMS} WHERE pa.source_id = :source AND pa.line = :line LIMIT :most"
ONE_CLAIM = f"{CLAIMS} WHERE c.id = :id LIMIT :most"
NEIGHBOURS = """
SELECT (SELECT MAX(line) FROM passages WHERE source_id = :source AND line < :line) AS previous,
       (SELECT MIN(line) FROM passages WHERE source_id = :source AND line > :line) AS next
"""
ASIDE = "SELECT reason, repeats_line, note FROM set_aside WHERE source_id = :source AND line = :line ORDER BY reason LIMIT :most"
NAMES = """
SELECT n.text, n.lang, n.passage_id, s.id AS subject_id, s.label, s.table_name FROM names n JOIN subjects s ON s.id = n.subject_id
 WHERE n.passage_id IN (SELECT value FROM json_each(:ids)) ORDER BY s.label, n.text LIMIT :most
"""
ASKED = """
SELECT COALESCE(NULLIF(TRIM(:source), ''), :first_source) AS source,
       CAST(COALESCE(NULLIF(TRIM(:line), ''), :first_line) AS INTEGER) AS line
"""
CHECKED = "SELECT checked FROM claims WHERE id = :id"
ORIGIN = "SELECT s.id, s.label, s.table_name FROM claims c JOIN subjects s ON s.id = c.origin_id WHERE c.id = :id"
STATEMENT = "SELECT claim_count, denial_count, source_count, origin_count, decision_id FROM statements WHERE id = :id"
DECISION = "SELECT id, rule, rationale, decided_on FROM decisions WHERE id = :id"
CODE = "SELECT id, list, code, label, label_zh, definition FROM codes WHERE id = :id"
USED = 'SELECT COUNT(*) AS "rows" FROM "{table}" WHERE "{column}" = :code'
USED_IN_LIST = 'SELECT COUNT(*) AS "rows" FROM "{table}" WHERE EXISTS (SELECT 1 FROM json_each("{column}") item WHERE item.value = :code)'
CLAIMED = 'SELECT COUNT(*) AS "rows" FROM statements WHERE property = :property AND value = :code'
CLAIMED_AS_PART = "SELECT COUNT(*) AS \"rows\" FROM statements WHERE property = :property AND value LIKE '%:' || :code"


@hookimpl
def extra_template_vars(datasette: Any, request: Any, database: str | None, table: str | None, view_name: str) -> Any:
    """Give row pages of passages, claims and codes, and the page of a line, the variable `card`: None where there is none."""
    if not request or database != DATABASE:
        return {}
    read = _Reader(datasette)
    pks = request.url_vars.get("pks") if view_name == "row" else None
    by_table: dict[str, Callable[[str], Awaitable[Row | None]]] = {
        "passages": _PlaceCards(read).passage,
        "claims": _ClaimCards(read).claim,
        "codes": _CodeCards(read).code,
    }
    if pks and table in by_table:
        work = by_table[table](tilde_decode(pks))
    elif view_name in ("query", "table") and request.url_vars.get("table") == LINE_QUERY:
        work = _PlaceCards(read).line(request.args.get("source") or "", request.args.get("line") or "")
    else:
        return {}

    async def load() -> dict[str, Any]:
        try:
            return {"card": await work}
        except (QueryInterrupted, sqlite3.Error):  # too slow, or another database of that name: the page still shows its rows
            return {"card": None}

    return load()


def _is_plain(claim: Row) -> bool:
    """Tell whether a claim plainly affirms, as a certain fact, what is accepted."""
    return (claim["polarity"], claim["mode"], claim["certainty"], claim["rank"]) == ("affirms", "fact", "certain", "preferred")


def _gists(subjects: list[Row]) -> list[str]:
    """Return the gists of the things of which most is said at a place, at most three; of things only named, which they are."""
    told = sorted((s for s in subjects if s["gist"]), key=lambda s: -sum(len(p["claims"]) for p in s["properties"]))
    found = [subject["gist"] for subject in told[:MOST_IN_GIST]]
    rest = len(told) - len(found)
    if rest:
        found.append(say("And something of %(count_of)s.", count_of=count_of(rest, "more thing")))
    if not found and subjects:
        labels = [subject["label"] for subject in subjects]
        more = say(" and %(n)s more", n=len(labels) - MOST_IN_GIST) if len(labels) > MOST_IN_GIST else ""
        found.append(say("It names %(labels)s%(more)s.", labels=joined(named(label) for label in labels[:MOST_IN_GIST]), more=more))
    return found


class _Reader:
    """Reads rows for cards, and knows the addresses to which they lead."""

    def __init__(self, datasette: Any):
        self.datasette = datasette
        self.rows = asking(datasette, most=MOST)

    async def one(self, sql: str, **values: Any) -> Row | None:
        """Return the first row of a query, None if there is none."""
        return next(iter(await self.rows(sql, **values)), None)

    async def source(self, source_id: str) -> Row | None:
        """Return a source with its outlet and its day in words, None if there is none."""
        source = await self.one(SOURCE, id=source_id)
        if not source:
            return None
        published = date_label(source["published"]) if source["published"] else ""
        outlet = {"label": source["outlet"], "href": self.row("organisations", source["outlet_id"])} if source["outlet_id"] else None
        return source | {"href": self.row("sources", source_id), "published_words": published, "outlet": outlet}

    def row(self, table: str, row_id: str) -> str:
        """Return the page of a row."""
        return str(self.datasette.urls.row(DATABASE, table, row_id))

    def line(self, source_id: str, line: int | None) -> str | None:
        """Return the address of the page of a line; None for a place on a page, which has no lines."""
        if line is None:
            return None
        return line_address(self.datasette, source_id, line)


class _Told:
    """What is claimed, by what it is about, in self.words."""

    def __init__(self, read: _Reader, words: Words, glosses: Glosses):
        self.read, self.words, self.glosses = read, words, glosses

    def by_subject(self, claims: list[Row]) -> list[Row]:
        """Return claims by what they are about and by property, in the order of columns; a voice or note that all share is said once."""

        def place(claim: Row) -> tuple[Any, ...]:
            subject = self.words.labels[claim["subject_id"]]
            order = property_order(subject["table_name"])
            known = claim["property"] in order
            position = order.index(claim["property"]) if known else len(order)
            return subject["label"], subject["id"], position, claim["property"], claim["value"], claim["id"]

        groups = []
        for subject_id, grouped in groupby(sorted(claims, key=place), key=lambda claim: claim["subject_id"]):
            subject = self.words.labels[subject_id]
            said = [self.said(subject["table_name"], claim) for claim in grouped]
            voices = {(claim["polarity"], str(claim["voice"]), str(claim["via"]), claim["said"], *claim["marks"]) for claim in said}
            properties: list[Row] = [
                {"title": property_title(subject["table_name"], name), "claims": list(same)}
                for name, same in groupby(said, key=lambda claim: claim["property"])
            ]
            # That something is so needs no line of its own where more is said of it; a denial, a plan or a doubt always has one.
            folded = [p for p in properties if p["claims"][0]["property"] == OCCURS and all(_is_plain(claim) for claim in p["claims"])]
            only_named = len(folded) == len(properties) and subject["table_name"] in NAMED_TABLES
            if len(folded) == len(properties):
                folded = []
            groups.append(
                {
                    "only_named": only_named,
                    "folded": folded,
                    "gist": self._gist(subject, said),
                    "label": subject["label"],
                    "kind": self.words.code("subject_kind", subject["kind"]).lower(),
                    "href": self.read.row(subject["table_name"], subject_id),
                    "voice": said[0] if len(voices) == 1 else None,
                    "note": said[0]["note"] if len(said) > 1 and len({claim["note"] for claim in said}) == 1 else None,
                    "properties": [p for p in properties if p not in folded],
                }
            )
        return groups

    def _gist(self, subject: Row, claims: list[Row]) -> str:
        """Say in a sentence what is affirmed or denied of one thing at a place: “The board removes Altman”: it began on …; …."""
        told = []
        for claim in claims:
            if claim["property"] == OCCURS and _is_plain(claim) and (len(claims) > 1 or subject["table_name"] in NAMED_TABLES):
                continue
            part = self.words.sentence(subject["table_name"], claim)
            sentence = f"{part['before']}{part['text']}{part['after']}".removeprefix("that ").strip()
            doubts = [say("denied")] if claim["polarity"] == "denies" else []
            if claim["attribution"] != "own_voice":
                doubts.append(" ".join([claim["said"], *(named(one["label"]) for one in claim["people"] or claim["via_link"])]))
            doubts += claim["marks"] + ([say("not accepted")] if claim["rank"] == "deprecated" and claim["polarity"] != "denies" else [])
            told.append(sentence + (say(" (%(what)s)", what=say(", ").join(doubts)) if doubts else ""))
        told = list(dict.fromkeys(told))
        rest = len(told) - MOST_IN_GIST
        if not told:
            return ""
        more = say("; and %(rest)s more", rest=rest) if rest > 0 else ""
        return f"“{subject['label']}”{say(': ')}{say('; ').join(told[:MOST_IN_GIST])}{more}{say('.')}"

    def said(self, table: str, claim: Row) -> Row:
        """Return a claim with its value, voice and rank in words, and its links."""
        return (
            claim
            | self.words.claim(claim)
            | {
                "gloss": self.glosses.of_place(claim),
                "naming": self.glosses.of_name(claim["as_named"]),
                "shown": self.words.value(table, claim),
                "rank_words": "" if claim["rank"] == "preferred" else self.words.rank(claim),
                "href": self.read.row("claims", claim["id"]),
            }
        )


class _PlaceCards:
    """The cards of a passage and of a line."""

    def __init__(self, read: _Reader):
        self.read = read

    async def passage(self, passage_id: str) -> Row | None:
        """Return the card of one passage: its place, and what is claimed there."""
        passage = await self.read.one(PASSAGE, id=passage_id)
        if not passage:
            return None
        claims = await self.read.rows(AT_PASSAGE, id=passage_id)
        words = await read_words(self.read.rows, claims, self.read.row)
        source = await self.read.source(passage["source_id"])
        passage["lang"] = source["lang"] if source else None
        glosses = await read_glosses(self.read.rows, [passage, *claims])
        passage["gloss"] = glosses.of_place(passage)
        return {
            "template": "_card_passage.html",
            "heading": f"“{passage['find']}”" + ("" if passage["line"] is None else say(", line %(line)s", line=passage["line"])),
            "source": source,
            "passage": passage,
            "line_href": self.read.line(passage["source_id"], passage["line"]),
            "page_links": words.page_links(source, passage["find"]) if source else [],
            "subjects": (subjects := _Told(self.read, words, glosses).by_subject(claims)),
            "gist": _gists(subjects),
            "count": count_of(len(claims), "claim"),
            "names": await self._names([passage_id]),
        }

    async def line(self, source_id: str, line: str) -> Row | None:
        """Return the card of one line: its passages with what is claimed at each, or why nothing is, and the lines around it."""
        query = (await self.read.datasette.get_canned_queries(DATABASE, None)).get(LINE_QUERY) or {}
        first = defaults(query.get("sql", ""), {})
        asked = await self.read.one(ASKED, source=source_id, line=line, first_source=first.get("source"), first_line=first.get("line"))
        assert asked
        source = await self.read.source(asked["source"])
        held = await self.read.rows(HELD)
        card: Row = {"template": "_card_line.html", "asked": asked, "held": held, "source": source, "passages": [], "names": []}
        card["last_line"] = max((document["line_count"] or 0 for document in held), default=0)
        if not source:
            return card | {"heading": say("No such source"), "count": "", "aside": [], "around": []}
        place = {"source": source["id"], "line": asked["line"]}
        claims = await self.read.rows(ON_LINE, **place)
        words = await read_words(self.read.rows, claims, self.read.row)
        at = {passage["id"]: passage for passage in await self.read.rows(PASSAGES_ON_LINE, **place)}
        for passage in at.values():
            passage["lang"] = source["lang"]
        glosses = await read_glosses(self.read.rows, [*at.values(), *claims])
        told = _Told(self.read, words, glosses)
        for passage_id, passage in at.items():
            here = [claim for claim in claims if claim["passage_id"] == passage_id]
            passage |= {"href": self.read.row("passages", passage_id), "subjects": told.by_subject(here)}
            passage["gloss"] = glosses.of_place(passage)
            passage["count"] = count_of(len(here), "claim")
        neighbours = await self.read.one(NEIGHBOURS, **place)
        assert neighbours
        around = [
            {"rel": rel, "words": say(text, n=neighbours[name]), "href": self.read.line(source["id"], neighbours[name])}
            for rel, name, text in (("previous", "previous", N_("Previous: line %(n)s")), ("next", "next", N_("Next: line %(n)s")))
            if neighbours[name] is not None
        ]
        return card | {
            "heading": say("A page without lines") if source["access"] == "read" else say("Line %(line)s", line=asked["line"]),
            "exists": 1 <= asked["line"] <= (source["line_count"] or 0),
            "passages": list(at.values()),
            "gist": _gists(told.by_subject(claims)),
            "count": count_of(len(claims), "claim"),
            "aside": [self._aside(words, source["id"], row) for row in await self.read.rows(ASIDE, **place)],
            "around": around,
            "names": await self._names(list(at)),
        }

    def _aside(self, words: Words, source_id: str, row: Row) -> Row:
        code = words.codes.get(("set_aside_reason", row["reason"])) or {"label": row["reason"], "definition": ""}
        repeats = row["repeats_line"]
        return row | {
            "label": code["label"],
            "definition": code["definition"],
            "href": self.read.line(source_id, repeats) if repeats else None,
        }

    async def _names(self, passage_ids: list[str]) -> list[Row]:
        """Return the names that are first written at the passages."""
        return [
            row | {"href": self.read.row(row["table_name"], row["subject_id"])}
            for row in await self.read.rows(NAMES, ids=json.dumps(passage_ids))
        ]


class _ClaimCards:
    """The card of a claim."""

    def __init__(self, read: _Reader):
        self.read = read

    async def claim(self, claim_id: str) -> Row | None:
        """Return the card of one claim: what it says in a sentence, where, in whose voice, and what became of its statement."""
        claim = await self.read.one(ONE_CLAIM, id=claim_id)
        if not claim:
            return None
        words = await read_words(self.read.rows, [claim], self.read.row)
        subject = words.labels[claim["subject_id"]]
        table = subject["table_name"]
        statement, origin = await self.read.one(STATEMENT, id=claim["statement_id"]), await self.read.one(ORIGIN, id=claim_id)
        checked = await self.read.one(CHECKED, id=claim_id)
        assert statement
        assert origin
        assert checked
        decision = await self.read.one(DECISION, id=statement["decision_id"]) if statement["decision_id"] else None
        said = _Told(self.read, words, await read_glosses(self.read.rows, [claim])).said(table, claim)
        mode = words.code("mode", claim["mode"]).lower()
        value = "" if said["shown"]["text"] == say("yes") else say(": ") + said["shown"]["text"]
        denied = say("Denied: ") if claim["polarity"] == "denies" else ""
        reason = words.codes.get(("deprecated_reason", claim["deprecated_reason"] or ""))
        return {
            "template": "_card_claim.html",
            "heading": f"{denied}{subject['label']} – {lower_first(property_title(table, claim['property']))}{value}",
            "claim": said,
            "as_mode": ""
            if claim["mode"] == "fact"
            else say("as an %(mode)s", mode=mode)
            if mode[0] in "aeiou"
            else say("as a %(mode)s", mode=mode),
            "certainty": "" if claim["certainty"] == "certain" else words.code("certainty", claim["certainty"]).lower(),
            "subject": subject | {"href": self.read.row(table, subject["id"])},
            "sentence": words.sentence(table, claim),
            "source": await self.read.source(claim["source_id"]),
            "passage_href": self.read.row("passages", claim["passage_id"]),
            "line_href": self.read.line(claim["source_id"], claim["line"]),
            "page_links": words.page_links(claim, claim["find"]),
            "origin": origin | {"href": self.read.row(origin["table_name"], origin["id"])},
            "checked": words.codes.get(("checked", checked["checked"])) or {"label": checked["checked"], "definition": ""},
            "rank": words.rank(claim),
            "rule": words.codes.get(("rule", claim["rule"])),
            "reason": reason,
            "statement": self._statement(claim["statement_id"], statement),
            "decision": decision | {"href": self.read.row("decisions", decision["id"])} if decision else None,
            "evidence_href": f"{self.read.row(table, subject['id'])}#evidence-{claim['property'].replace('_', '-')}",
        }

    def _statement(self, statement_id: str, counts: Row) -> Row:
        against = say(", %(count_of)s against", count_of=count_of(counts["denial_count"], "claim")) if counts["denial_count"] else ""
        behind = f", {count_of(counts['origin_count'], 'independent origin')}" if counts["origin_count"] else ""
        return {
            "href": self.read.row("statements", statement_id),
            "words": say(
                "%(count_of)s for it%(against)s%(behind)s",
                count_of=count_of(counts["claim_count"], "claim"),
                against=against,
                behind=behind,
            ),
        }


class _CodeCards:
    """The card of a code."""

    def __init__(self, read: _Reader):
        self.read = read

    async def code(self, code_id: str) -> Row | None:
        """Return the card of one code: what it means, and in how many rows of which columns it is used."""
        code = await self.read.one(CODE, id=code_id)
        if not code:
            return None
        uses = [await self._use(table, column, code["code"]) for table, column in columns_with_codes(code["list"])]
        uses += [await self._claimed(name, is_part, code["code"]) for name, is_part in properties_with_codes(code["list"])]
        return {
            "template": "_card_code.html",
            "heading": code["label"],
            "code": code,
            "uses": uses,
            "list_href": f"{self.read.datasette.urls.table(DATABASE, 'codes')}?{urlencode({'list': code['list'], '_sort': 'position'})}",
        }

    async def _use(self, table: str, column: Column, code: str) -> Row:
        many = column.form == "array"
        # The names of table and column are ours, not a reader's.
        found = await self.read.one((USED_IN_LIST if many else USED).format(table=table, column=column.name), code=code)
        assert found
        column_name = f"{column.name}__arraycontains" if many else column.name
        metadata = self.read.datasette.table_metadata(DATABASE, table)
        means = (metadata.get("columns") or {}).get(column.name, "")
        return self._counted(
            table, {column_name: code}, found["rows"], say(metadata.get("title") or table), say("column %(name)s", name=column.name), means
        )

    async def _claimed(self, name: str, is_part: bool, code: str) -> Row:
        found = await self.read.one(CLAIMED_AS_PART if is_part else CLAIMED, property=name, code=code)
        assert found
        condition = {"property": name} | ({"value__endswith": f":{code}"} if is_part else {"value": code})
        means = say("Values that a source gives, accepted or not.")
        return self._counted("statements", condition, found["rows"], say("Statements"), say("values of %(name)s", name=name), means)

    def _counted(self, table: str, condition: dict[str, str], rows: int, title: str, place: str, means: str) -> Row:
        href = f"{self.read.datasette.urls.table(DATABASE, table)}?{urlencode(condition)}" if rows else None
        return {"table": title, "place": place, "means": means, "rows": rows, "count": count_of(rows, "row"), "href": href}
