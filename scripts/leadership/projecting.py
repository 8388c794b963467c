"""From statements to rows: each table as a list of rows whose cells are the accepted values.

In: the catalogue, the readings of all sheets, the ranked statements. Out: rows by table, in order of their ids. Nothing is
decided here: a cell is the value of the preferred statement, several values are a JSON array, and an open cell is None.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain
from operator import attrgetter, itemgetter
from typing import Any

from .amounts import parse_amount
from .batches.batch import Batch, Spelling
from .batches.packs import Cells, pack_all, unpack_all
from .catalogue import Catalogue, Subject, code_id
from .claims import digest
from .folding import fold, has_cjk, is_traditional
from .history import history_rows
from .participation import Participation, parse_participation
from .placing import Place, links_of, place
from .schema import CERTAINTIES, EXIT_DAYS, KINDS, MANY, MODES, NAMED_KINDS, OCCURS, PARTICIPANT, Kind, Property
from .settling import Origins, Said, Statement
from .sheets import access
from .standing import standing_of, standing_of_one
from .tables import BOUNDS, TABLES
from .when import day_of, holding_bounds, parse_when, precision_of

Row = dict[str, Any]
NO_COLUMN_OF_ITS_OWN = {OCCURS, PARTICIPANT, "after", "before"}  # what no cell of a row can be unsure of: an order is only told
ENCODE = json.JSONEncoder(ensure_ascii=False).encode


class Rows:
    """The rows of a table, packed; they are unpacked as bare tuples of cells, and whoever goes through them gets rows."""

    def __init__(self, columns: Iterable[str], count: int, cells: Callable[[], Iterable[Cells]]):
        self.columns = tuple(columns)
        self.count = count
        self.cells = cells

    @classmethod
    def of(cls, table: str, rows: Iterable[Row], *more: str) -> Rows:
        """Keep the cells of rows that have the columns of a table, and `more` columns, in order of the ids."""
        columns = (*_columns(table), *more)
        return cls.packing(columns, sorted(map(itemgetter(*columns), rows), key=itemgetter(0)))

    @classmethod
    def packing(cls, columns: Iterable[str], cells: Iterable[Cells]) -> Rows:
        """Pack rows that come in order."""
        packs, count = pack_all(cells)
        return cls(columns, count, partial(unpack_all, packs))

    def __iter__(self) -> Iterator[Row]:
        return (dict(zip(self.columns, cells, strict=True)) for cells in self.cells())

    def __len__(self) -> int:
        return self.count


Tables = dict[str, list[Row] | Rows]


def project(catalogue: Catalogue, batches: list[Batch], statements: list[Statement]) -> Tables:
    """Return the rows of every table but `build_info` and `findings`, keyed by table name."""
    return _Projector(catalogue, batches, statements).run()


def to_json(values: Iterable[Any]) -> str | None:
    """Return a JSON array, None if there is nothing to list."""
    values = list(values)
    return ENCODE(values) if values else None


class _Projector:
    """Holds the indexes that every table needs: statements by subject, labels, origins and dates of sources."""

    def __init__(self, catalogue: Catalogue, batches: list[Batch], statements: list[Statement]):
        self.catalogue = catalogue
        self.batches = batches
        self.statements = sorted(statements, key=lambda statement: statement.id)
        self.origins = Origins(catalogue)
        self.by_subject: dict[str, list[Statement]] = defaultdict(list)
        self.by_property: dict[tuple[str, str], list[Statement]] = defaultdict(list)
        for statement in self.statements:
            self.by_subject[statement.subject].append(statement)
            self.by_property[statement.subject, statement.property].append(statement)
        self.spells: dict[tuple[str, str], list[str]] = defaultdict(list)
        for subject in catalogue.subjects.values():
            if subject.kind == "tenure":
                self.spells[subject.declared["person"], subject.declared["post"]].append(subject.id)
        self.labels = {subject.id: self._label(subject) for subject in catalogue.subjects.values()}
        self.exits = self._exits()
        self.places = self._places()
        self.spellings: dict[str, list[str]] = defaultdict(list)
        self.blank_counts = {source: count for batch in batches for source, count in batch.blank_counts.items()}

    def run(self) -> Tables:
        tables: Tables = {}
        for kind in KINDS.values():
            make = self._source_row if kind.name == "source" else partial(self._subject_row, kind)
            tables[kind.table] = Rows.of(kind.table, (make(subject) for subject in self.catalogue.of_kind(kind.name)))
        tables["event_participants"] = Rows.of("event_participants", self._participant_rows())
        for table in ("passages", "set_aside"):
            tables[table] = self._gathered(table)
        tables["claims"] = _with_origins(self._gathered("claims"), {s.id: self.origins.of(s.id) for s in self.catalogue.of_kind("source")})
        tables["statements"] = self._statement_rows()
        tables["decisions"] = self._decision_rows()
        tables["names"] = self._name_rows()
        tables["codes"] = self._code_rows()
        tables |= history_rows(self.catalogue)
        tables["subjects"] = Rows.of("subjects", self._hub_rows(tables), "search_text")
        return tables

    def _gathered(self, table: str) -> Rows:
        """Return the rows that the batches have ready."""
        packs = [batch.packed[table] for batch in self.batches]
        return Rows(_columns(table), sum(batch.counts[table] for batch in self.batches), partial(unpack_all, packs))

    def _statement_rows(self) -> Rows:
        columns = _columns("statements")
        return Rows.packing(columns, map(itemgetter(*columns), map(self._statement_row, self.statements)))

    # labels

    def _label(self, subject: Subject) -> tuple[str, str]:
        """Return the English and the Chinese label of a subject; what has no Chinese name keeps its English one."""
        declared = subject.declared
        if declared.get("label"):
            return declared["label"], declared.get("label_zh") or declared["label"]
        if subject.kind == "source":
            title = declared["title_en"]
            return title, declared.get("title") or title
        if subject.kind == "post":
            organisation, organisation_zh = self._name(declared["organisation"])
            return f"{declared['title']}, {organisation}", f"{organisation_zh}{declared['title_zh']}"
        if subject.kind == "tenure":
            person, person_zh = self._name(declared["person"])
            post = self.catalogue.subjects[declared["post"]]
            title, title_zh = self._label(post)
            spell, spell_zh = self._spell(subject)
            return f"{person} – {title}{spell}", f"{person_zh}：{title_zh}{spell_zh}"
        if subject.kind == "departure":
            (person, person_zh), (organisation, organisation_zh) = self._name(declared["person"]), self._name(declared["organisation"])
            return f"{person} leaves {organisation}", f"{person_zh}离开{organisation_zh}"
        return self._name(subject.id)

    def _spell(self, tenure: Subject) -> tuple[str, str]:
        """Return what tells several spells of one person in one post apart: their number, in the order of the catalogue."""
        key = (tenure.declared["person"], tenure.declared["post"])
        spells = self.spells[key]
        number = spells.index(tenure.id) + 1
        return (f" ({number} of {len(spells)})", f"（第{number}次）") if len(spells) > 1 else ("", "")

    def _name(self, subject_id: str) -> tuple[str, str]:
        declared = self.catalogue.subjects[subject_id].declared
        return declared["name"], declared.get("name_zh") or declared["name"]

    # what happened

    def _subject_row(self, kind: Kind, subject: Subject) -> Row:
        label, label_zh = self.labels[subject.id]
        row: Row = {"id": subject.id, "label": label, "label_zh": label_zh}
        for declared in kind.declared:
            value = subject.declared.get(declared.key)
            if declared.key not in ("label", "label_zh"):
                many = declared.type in MANY
                row[declared.name] = to_json([value] if isinstance(value, str) else value or []) if many else value
        for prop in kind.properties:
            if prop.type != "participants":
                row |= self._cells(subject.id, prop)
        row |= self._derived(kind, subject, row)
        return row | self._provenance(kind, subject.id)

    def _stated(self, subject_id: str, name: str) -> list[Statement]:
        return self.by_property.get((subject_id, name), [])

    def _preferred(self, subject_id: str, name: str) -> list[Statement]:
        return [s for s in self._stated(subject_id, name) if s.rank == "preferred"]

    def _cells(self, subject_id: str, prop: Property) -> Row:
        values = sorted(s.value for s in self._preferred(subject_id, prop.name))
        if prop.many:
            return {prop.name: to_json(values)}
        value = values[0] if values else None
        if prop.type == "date":
            return self._date_cells(subject_id, prop, value)
        if prop.type == "amount":
            amount = parse_amount(value) if value else None
            low, high = (amount.value, amount.value_high) if amount else (None, None)
            return {"comparator": amount and amount.comparator, "value": _real(low), "value_high": _real(high)}
        return {prop.name: value}

    def _date_cells(self, subject_id: str, prop: Property, value: str | None) -> Row:
        """Return the cells of a date; the bounds of a main date may rest on order or publication where no source states them."""
        when = parse_when(value) if value else None
        row: Row = {prop.name: value, f"{prop.name}_day": when and day_of(when), f"{prop.name}_precision": when and precision_of(when)}
        if prop.main:
            for name, bound in zip(BOUNDS, self.places.get(subject_id, Place()), strict=True):
                row[f"{prop.name}_{name}"], row[f"{prop.name}_{name}_basis"] = bound
        else:
            row |= {f"{prop.name}_{name}": when and getattr(when, name) for name in BOUNDS}
        return row

    def _derived(self, kind: Kind, subject: Subject, row: Row) -> Row:
        if kind.name == "tenure":
            organisation = self.catalogue.subjects[subject.declared["post"]].declared["organisation"]
            exits = self.exits.get((subject.declared["person"], organisation), []) if row["capacity"] != "founding" else []
            return {"organisation_id": organisation, **self._holding(subject.id, row, exits)}
        if kind.name == "event":
            return _year_and_month(row["started"])
        if kind.name == "departure":
            unknown = [name for name in EXIT_DAYS if row[name] is None]
            person = self._person_who_left(subject)
            return {"person_id": person, "days_unknown": to_json(unknown), **_year_and_month(row["effective"] or row["announced"])}
        if kind.name == "interpretation":
            occurs = self._stated(subject.id, OCCURS)
            return {
                "argued_by": to_json(sorted({_voice(c) for s in occurs for c in s.affirming})),
                "disputed_by": to_json(sorted({_voice(c) for s in occurs for c in s.claims if c.polarity == "denies"})),
            }
        return {}

    def _person_who_left(self, departure: Subject) -> str | None:
        """Return who left; where a source does not name them, whom another source names for the same exit, if any does."""
        same = [s.value for s in self._preferred(departure.id, "same_as")]
        named = [self.catalogue.subjects[key].declared.get("person") for key in (departure.id, *same)]
        return next(filter(None, named), None)

    def _places(self) -> dict[str, Place]:
        """Return the places in time of everything that has a main date."""
        stated: dict[str, tuple[str | None, str | None]] = {}
        told_by: dict[str, str] = {}
        order: list[tuple[str, str, str]] = []
        for kind in KINDS.values():
            for prop in filter(attrgetter("main"), kind.properties):
                for subject in self.catalogue.of_kind(kind.name):
                    when = next((parse_when(s.value) for s in self._preferred(subject.id, prop.name)), None)
                    stated[subject.id] = (when.earliest, when.latest) if when else (None, None)
                    if told := self._told_by(subject.id):
                        told_by[subject.id] = told
                    order += self._order_told(subject.id)
        return place(stated, told_by, links_of(order))

    def _order_told(self, subject_id: str) -> list[tuple[str, str, str]]:
        """Return after and before what something is told, where that is told without reservation."""
        told = (s for name in ("after", "before") for s in self._preferred(subject_id, name))
        return [(subject_id, s.property, s.value) for s in told if s.is_plain]

    def _told_by(self, subject_id: str) -> str | None:
        """Return by when a source had told something as having happened, None if none does so plainly."""
        tellers = {c.source for s in self._preferred(subject_id, OCCURS) if s.is_plain for c in s.affirming if c.is_plain}
        dates = (parse_when(published).latest for source in tellers if (published := self._published(source)))
        return min(filter(None, dates), default=None)

    def _exits(self) -> dict[tuple[str, str], list[str]]:
        """Return, by person and organisation, by when at the latest the person was gone for good; exits without a date are no help."""
        exits: dict[tuple[str, str], list[str]] = defaultdict(list)
        for subject in self.catalogue.of_kind("departure"):
            manner = {s.value for s in self._preferred(subject.id, "manner")}
            gone = [parse_when(s.value).latest for s in self._preferred(subject.id, "effective") if s.is_plain]
            if "leave_of_absence" in manner or self._preferred(subject.id, "reversed_by") or not self._is_plain(subject.id):
                continue
            exits[subject.declared.get("person", ""), subject.declared["organisation"]] += filter(None, gone)
        return exits

    def _is_plain(self, subject_id: str) -> bool:
        return any(s.is_plain for s in self._preferred(subject_id, OCCURS))

    def _holding(self, tenure_id: str, row: Row, exits: list[str]) -> Row:
        """Work out from when to when a tenure was held for certain, and from when to when at the most.

        Certain: from its start, or else the first date at which a source shows the holder in the post – or, when it appeared,
        told that it goes on –, to its end, or else the last such date (`holding_bounds` says what a date makes certain).
        Possible: from the earliest start to the latest end, or else to the holder's exit from the organisation; of several
        exits the first after that start counts, and none where no start is known. Nothing known leaves a side open; who has
        founded an organisation remains its founder after an exit.
        """
        dates = [s.value for s in self._preferred(tenure_id, "held_on") if s.is_plain] + self._told_to_go_on(tenure_id)
        shown = [bounds for date in dates if (bounds := holding_bounds(parse_when(date)))]
        begun, over = row["started_latest"], row["ended_earliest"]
        # A day within which it may have begun or ended does not show that it was held all that day.
        first = min(filter(None, [begun, *(a for a, z in shown if not (begun and a < begun <= z))]), default=None)
        last = max(filter(None, [over or begun, *(z for a, z in shown if not (over and a <= over < z))]), default=None)
        if first and row["started_earliest"]:
            first = max(first, row["started_earliest"])  # of a day on which it was held only what lies within the spell
        if last and row["ended_latest"]:
            last = min(last, row["ended_latest"])
        certain = first is not None and last is not None and first <= last
        after = sorted(gone for gone in exits if first and gone > first) if first or len(exits) > 1 else exits
        return {
            "certain_from": first if certain else None,
            "certain_to": last if certain else None,
            "possible_from": row["started_earliest"],
            "possible_to": row["ended_latest"] or next(iter(after), None),
        }

    def _told_to_go_on(self, tenure_id: str) -> list[str]:
        """Return the days of the sources that tell without reservation that a spell goes on: it was held when they appeared."""
        ongoing = [s for s in self._preferred(tenure_id, "end_state") if s.value == "ongoing" and s.is_plain]
        tellers = {claim.source for s in ongoing for claim in s.affirming if claim.is_plain}
        return sorted(filter(None, map(self._published, tellers)))

    def _provenance(self, kind: Kind, subject_id: str) -> Row:
        statements = self.by_subject.get(subject_id, [])
        backing = [self._stated(subject_id, name) for name in (OCCURS, *(p.name for p in kind.properties if p.core))]
        accepted = [[s for s in group if s.rank == "preferred"] or group for group in backing if group]
        asserted_as, certainty = _weakest(s.surety for group in accepted for s in group)
        unsure = {s.property for s in statements if s.rank == "preferred" and not s.is_plain} - NO_COLUMN_OF_ITS_OWN
        return {
            "asserted_as": asserted_as,
            "certainty": certainty,
            "unsure": to_json(sorted(unsure)),
            "standing": standing_of(statements, self.origins.agree, existence=backing[0], core=accepted[-1]),
            **self._counts([claim for s in statements for claim in s.affirming]),
        }

    def _counts(self, claims: list[Said]) -> Row:
        sources = sorted({c.source for c in claims})
        dates = sorted((d for s in sources if (d := self._published(s))), key=lambda d: parse_when(d).latest or "")
        return {
            "source_count": len(sources),
            "origin_count": len(self.origins.of_claims(claims)),
            "sources": to_json(sources),
            "first_reported": dates[0] if dates else None,
            "last_reported": dates[-1] if dates else None,
        }

    def _published(self, source: str) -> str | None:
        return self.catalogue.subjects[source].declared.get("published")

    def _participant_rows(self) -> list[Row]:
        rows = []
        for statement in self.statements:
            if statement.property != PARTICIPANT or statement.rank != "preferred":
                continue
            who = parse_participation(statement.value)
            part = self.catalogue.codes["part"][who.part]
            asserted_as, certainty = statement.surety
            rows.append(
                {
                    "id": statement.id,
                    "label": self._participant_label(who, 0, "{} ({}{})", part["label"].lower(), " for {}"),
                    "label_zh": self._participant_label(who, 1, "{}（{}{}）", part["zh"], "，代表{}"),
                    "event_id": statement.subject,
                    "subject_id": who.subject,
                    "part": who.part,
                    "on_behalf_of_id": who.on_behalf_of,
                    "asserted_as": asserted_as,
                    "certainty": certainty,
                    "unsure": None,
                    "standing": standing_of([statement], self.origins.agree),
                    **self._counts(statement.affirming),
                }
            )
        return rows

    def _participant_label(self, who: Participation, language: int, form: str, part: str, behalf: str) -> str:
        for_whom = behalf.format(self.labels[who.on_behalf_of][language]) if who.on_behalf_of else ""
        return form.format(self.labels[who.subject][language], part, for_whom)

    # how we know

    def _source_row(self, subject: Subject) -> Row:
        header = subject.declared
        label, label_zh = self.labels[subject.id]
        when = parse_when(header["published"]) if header.get("published") else None
        cites = [s.value for s in self._stated(subject.id, "cites")]
        held = "document" in header
        known_by = access({"source": header}) if "reliability" in header else "cited"  # `cited.yml` does not weigh what is not at hand
        return {
            "id": subject.id,
            "label": label,
            "label_zh": label_zh,
            "kind": header["kind"],
            "title": header.get("title"),
            "title_en": header["title_en"],
            "publisher_id": header.get("publisher_id"),
            "byline": header.get("byline"),
            "lang": header["lang"],
            "published": header.get("published"),
            "published_earliest": when and when.earliest,
            "published_latest": when and when.latest,
            "published_day": when and day_of(when),
            "published_precision": when and precision_of(when),
            "published_basis": header.get("published_basis"),
            "url": header.get("url"),
            "access": known_by,
            "read_at": header.get("read_at"),
            "read_how": header.get("read_how"),
            "read_on": header.get("read_on"),
            "text_kind": header.get("text_kind"),
            "is_primary": int(header.get("primary") == "true"),
            "document": header.get("document"),
            "text_sha256": header.get("text_sha256"),
            "line_count": int(header["line_count"]) if held else None,
            "blank_count": self.blank_counts.get(subject.id) if held else None,
            "derived_from": header.get("derived_from"),
            "derived_how": header.get("derived_how"),
            "cites": to_json(cites),
            "origin_id": self.origins.of(subject.id),
            "reliability": header.get("reliability"),
            "rights": header.get("rights"),
            "note": header.get("note"),
        }

    def _statement_row(self, statement: Statement) -> Row:
        prop = KINDS[statement.kind].property(statement.property)
        when = parse_when(statement.value) if prop and prop.type == "date" else None
        affirming = statement.affirming
        asserted_as, certainty = statement.surety
        return {
            "id": statement.id,
            "label": f"{statement.property}: {statement.value}",
            "subject_id": statement.subject,
            "property": statement.property,
            "value": statement.value,
            "earliest": when and when.earliest,
            "latest": when and when.latest,
            "rank": statement.rank,
            "rule": statement.rule,
            "deprecated_reason": statement.deprecated_reason,
            "standing": standing_of_one(statement, self.origins.agree),
            "asserted_as": asserted_as,
            "certainty": certainty,
            "decision_id": statement.decision,
            "claim_count": len(affirming),
            "denial_count": len(statement.claims) - len(affirming),
            "source_count": len({c.source for c in affirming}),
            "origin_count": len(self.origins.of_claims(affirming)),
        }

    def _decision_rows(self) -> list[Row]:
        rows = []
        for (subject, prop), decision in self.catalogue.decisions.items():
            accept = decision.get("accept") or []
            rows.append(
                {
                    "id": decision["id"],
                    "subject_id": subject,
                    "property": prop,
                    "rule": decision["rule"],
                    "accepted": to_json([accept] if isinstance(accept, str) else accept),
                    "candidates": to_json(decision["expect"]),
                    "accepted_as": decision.get("as"),
                    "rationale": decision["rationale"],
                    "basis": decision.get("basis"),
                    "decided_on": decision["decided_on"],
                    "raw_file": decision["file"],
                    "raw_line": decision["line"],
                }
            )
        return sorted(rows, key=_by_id)

    def _name_rows(self) -> Rows:
        return Rows.of("names", chain(self._declared_names(), self._spelled_names()))

    def _declared_names(self) -> Iterator[Row]:
        for subject in self.catalogue.subjects.values():
            if subject.kind in NAMED_KINDS:  # a name that is the same in both languages is one name
                declared = dict.fromkeys(subject.declared.get(key) for key in ("name", "name_zh", "title", "title_zh"))
                for text in filter(None, declared):
                    self.spellings[subject.id].append(text)
                    yield self._name_row(subject.id, text, "preferred", None, None, None)

    def _spelled_names(self) -> Iterator[Row]:
        """Yield the names that sources use; the batches, which need them no more, let go of them."""
        names = sorted((name for batch in self.batches for name in batch.names), key=attrgetter("source"))
        for batch in self.batches:
            batch.names = []
        for name in names:
            lang = self.catalogue.subjects[name.source].declared["lang"]
            self.spellings[name.subject].append(name.text)
            yield self._name_row(name.subject, name.text, self._name_kind(name), name.source, name.passage, lang)

    def _name_kind(self, name: Spelling) -> str:
        if name.kind:
            return name.kind
        subject = self.catalogue.subjects[name.subject]
        if name.text in (subject.declared.get("name"), subject.declared.get("name_zh"), subject.declared.get("title_zh")):
            return "preferred"
        return "transliteration" if subject.kind == "person" and has_cjk(name.text) else "alias"

    def _name_row(self, subject: str, text: str, kind: str, source: str | None, passage: str | None, lang: str | None) -> Row:
        return {
            "id": f"{subject}-n{digest(text, source)[:8]}",
            "subject_id": subject,
            "text": text,
            "lang": _script(text, lang),
            "kind": kind,
            "source_id": source,
            "passage_id": passage,
        }

    def _code_rows(self) -> list[Row]:
        rows = []
        for list_name, codes in self.catalogue.codes.items():
            for position, (code, entry) in enumerate(codes.items(), start=1):
                rows.append(
                    {
                        "id": code_id(list_name, code, entry),
                        "list": list_name,
                        "code": code,
                        "label": entry["label"],
                        "label_zh": entry["zh"],
                        "definition": entry["means"],
                        "since": entry.get("since"),
                        "until": entry.get("until"),
                        "position": position,
                    }
                )
        return sorted(rows, key=_by_id)

    def _hub_rows(self, tables: Tables) -> Iterator[Row]:
        """Yield the hub's rows; `search_text` is for the full-text index and not a column."""
        for kind in KINDS.values():
            for row in tables[kind.table]:
                summary = row.get("summary") or row.get("gist") or row.get("position") or row.get("reliability")
                texts = [row["label"], row["label_zh"], summary or "", *self.spellings[row["id"]], *self._related_names(row)]
                yield {
                    "id": row["id"],
                    "kind": kind.name,
                    "label": row["label"],
                    "label_zh": row["label_zh"],
                    "summary": summary,
                    "table_name": kind.table,
                    "standing": row.get("standing"),
                    "search_text": fold(" \n".join(dict.fromkeys(texts))),
                }

    def _related_names(self, row: Row) -> list[str]:
        """All spellings of the person or organisation that a tenure, departure, figure or remark is about."""
        related = [row.get(column) for column in ("person_id", "speaker_id")]
        return [text for subject in related if subject for text in self.spellings[subject]]


def _columns(table: str) -> tuple[str, ...]:
    return tuple(column.name for column in TABLES[table].columns)


def _with_origins(claims: Rows, origins: dict[str, str]) -> Rows:
    """Put the origin of each claim in the place of its speaker: claims were packed before all sources were known."""
    place = claims.columns.index("origin_id")

    def cells() -> Iterator[Cells]:
        for row in claims.cells():
            yield (*row[:place], origins.get(row[place], row[place]), *row[place + 1 :])

    return Rows(claims.columns, claims.count, cells)


def _real(number: int | float | None) -> float | None:
    """Return a number as its column has it, so that the digest of the rows is that of the database."""
    return None if number is None else float(number)


def _by_id(row: Row) -> str:
    return str(row["id"])


def _weakest(sureties: Iterable[tuple[str | None, str | None]]) -> tuple[str | None, str | None]:
    """Return the mode that asserts least and the least certainty of some; a row is no surer than what it is made of."""
    known = [(mode, certainty) for mode, certainty in sureties if mode and certainty]
    if not known:
        return None, None
    return max((mode for mode, _ in known), key=MODES.index), max((certainty for _, certainty in known), key=CERTAINTIES.index)


def _voice(claim: Said) -> str:
    """Who argues: the named voice, else the outlet that is cited, else unnamed people, else the source itself."""
    return claim.by or claim.via or (claim.source if claim.attribution == "own_voice" else "unnamed")


def _year_and_month(date: str | None) -> Row:
    """Return year and month for facets; a season has no month, and an interval neither unless both its ends agree."""
    ends = re.sub(r"\[[^\]]*\]", "", date or "").split("/")
    years = {end[:4] for end in ends}
    months = {end[:7] for end in ends}
    year, month = next(iter(years)), next(iter(months))
    is_month = len(months) == 1 and len(month) == 7 and month[5:].isdigit() and int(month[5:]) <= 12
    return {"year": int(year) if len(years) == 1 and year.isdigit() else None, "month": month if is_month else None}


def _script(text: str, lang: str | None) -> str:
    if not has_cjk(text):
        return "en"
    if is_traditional(text):
        return "zh-Hant"
    return lang if lang and lang != "en" else "zh-Hans"
