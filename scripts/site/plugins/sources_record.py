"""The page /sources-record: for each newsroom, or each source, what became of what it tells as a fact, from whom it has it, and
how often it was the first of the pages read to tell of an exit.

The query string chooses: `by=source` or one newsroom's sources (`newsroom=reuters`), a kind of thing (`kind=departure`), an order
(`sort=first`) and a page. One newsroom or source alone (`source=…`) is shown with the claims that are not accepted.
"""

from __future__ import annotations

import json
from collections import Counter
from functools import partial
from math import ceil
from typing import Any, NamedTuple
from urllib.parse import urlencode

from datasette import NotFound, Response, hookimpl
from presentation.rows import DATABASE, Ask, Row, asking, read_once
from presentation.showing import show_when
from presentation.speaking import N_, say
from presentation.wording import property_title, read_words

PER_PAGE = 25
MOST_LISTED = 60  # claims that are not accepted, of one newsroom
MOST_INSTEAD = 2  # accepted values beside one that is not; of a list the row itself shows them
MOST_ROWS = 10_000
FEW = 20  # points on which sources differ; below it a share says little
# What became of a claim, best first. A point is disputed where sources give more than one value.
OUTCOMES = {
    "accepted": N_("accepted"),
    "less": N_("true as far as it goes, less exact or of an earlier day"),
    "open": N_("undecided"),
    "loose": N_("loose, or of another time zone"),
    "superseded": N_("replaced by its publisher, or by a later count"),
    "contradicted": N_("contradicted: refuted, outvoted, second-hand, or a slip"),
}
ORDERS = {
    "claims": N_("most claims"),
    "disputed": N_("most on disputed points"),
    "contradicted": N_("most contradicted"),
    "share": N_("largest contradicted share (of those with enough disputed)"),
    "first": N_("most often first"),
    "own": N_("most of its own word"),
    "name": N_("name"),
}
KINDS = ("departure", "tenure", "event", "figure", "remark")
KIND_WORDS = {
    "departure": N_("departures"),
    "tenure": N_("tenures"),
    "event": N_("events"),
    "figure": N_("figures"),
    "remark": N_("remarks"),
}

OUTCOME = """CASE s.rank WHEN 'preferred' THEN 'accepted' WHEN 'normal' THEN CASE s.rule WHEN 'open' THEN 'open' ELSE 'less' END
   ELSE CASE s.deprecated_reason WHEN 'imprecise' THEN 'loose' WHEN 'other_zone' THEN 'loose' WHEN 'superseded' THEN 'superseded'
        ELSE 'contradicted' END END"""
DISPUTED = "s.rule NOT IN ('only_value', 'side_by_side', 'different_things')"
# Every claim told as a fact that could be otherwise: that a person, firm or post exists is no such claim.
RECORD = f"""
WITH said AS MATERIALIZED (
  SELECT s.id, u.kind, {OUTCOME} AS outcome, {DISPUTED} AS disputed FROM statements s JOIN subjects u ON u.id = s.subject_id
   WHERE u.kind <> 'source' AND (s.property <> 'occurs' OR u.kind IN ('event', 'departure', 'tenure'))
)
SELECT c.source_id, c.origin_id, t.kind, t.outcome, t.disputed, COUNT(*) AS claims FROM said t JOIN claims c ON c.statement_id = t.id
 WHERE c.polarity = 'affirms' AND c.mode = 'fact' GROUP BY 1, 2, 3, 4, 5
"""
SOURCES = """
SELECT s.id, s.label, s.published, s.origin_id, COALESCE(p.id, 'not-stated') AS newsroom,
       COALESCE(p.label, 'Publisher not stated') AS newsroom_label, p.kind
  FROM sources s LEFT JOIN organisations p ON p.id = s.publisher_id WHERE s.access <> 'cited'
"""
# As the question first_to_report has it: all that may have been the first, by their days of publication, where these are known.
FIRST = """
WITH told AS (
  SELECT DISTINCT s.subject_id, c.source_id FROM statements s JOIN claims c ON c.statement_id = s.id
   WHERE s.property = 'occurs' AND c.polarity = 'affirms' AND s.subject_id IN (SELECT departure_id FROM who_left)
), dated AS (
  SELECT t.subject_id, o.id AS source_id, o.published_day, o.published_earliest,
         MIN(o.published_day) OVER (PARTITION BY t.subject_id) AS first_day,
         MIN(o.published_latest) OVER (PARTITION BY t.subject_id) AS first_latest
    FROM told t JOIN sources o ON o.id = t.source_id WHERE o.published_day IS NOT NULL
)
SELECT d.subject_id AS id, u.label, d.source_id FROM dated d JOIN subjects u ON u.id = d.subject_id
 WHERE d.published_day = d.first_day AND d.published_earliest <= d.first_latest ORDER BY u.label, d.source_id
"""
NOT_ACCEPTED = f"""
SELECT s.subject_id, u.label, u.table_name, s.property, s.value, {OUTCOME} AS outcome, r.label AS why, d.rationale,
       MIN(c.id) AS claim_id, c.source_id, s.id AS statement_id,
       (SELECT json_group_array(a.value) FROM accepted a WHERE a.subject_id = s.subject_id AND a.property = s.property) AS accepted
  FROM claims c JOIN statements s ON s.id = c.statement_id JOIN subjects u ON u.id = s.subject_id
  LEFT JOIN decisions d ON d.id = s.decision_id LEFT JOIN codes r ON r.list = 'deprecated_reason' AND r.code = s.deprecated_reason
 WHERE c.polarity = 'affirms' AND c.mode = 'fact' AND u.kind <> 'source' AND s.rank = 'deprecated' AND (:kind = '' OR u.kind = :kind)
   AND c.source_id IN (SELECT value FROM json_each(:ids))
 GROUP BY s.id, c.source_id
 ORDER BY s.deprecated_reason IN ('imprecise', 'other_zone'), u.label, s.property, c.source_id LIMIT :most
"""
LABELS_OF = "SELECT id, label FROM subjects WHERE id IN (SELECT value FROM json_each(:ids))"
REACH = "SELECT id, value FROM build_info WHERE id IN ('covers_to', 'pages_last_read_on')"

NO_SOURCE, NO_NEWSROOM = N_("There is no source %(name)s that was read"), N_("There is no newsroom %(name)s that was read")


class _Choice(NamedTuple):
    """What the query string asks for, by newsroom or source."""

    by: str
    kind: str
    sort: str
    newsroom: str
    source: str

    @property
    def alone(self) -> str:
        """The one newsroom or source that is asked for."""
        return self.source or self.newsroom

    def address(self, **changes: Any) -> str:
        """Return the address of this choice with something changed."""
        chosen = self._asdict() | {"by": "" if self.alone or self.by == "newsroom" else self.by}
        chosen |= {"sort": self.sort if self.sort != "claims" else "", "newsroom": self.newsroom if not self.source else ""}
        query = urlencode({name: value for name, value in {**chosen, **changes}.items() if value})
        return f"/sources-record{'?' if query else ''}{query}"


def _read_choice(args: Any) -> _Choice:
    """Return what a query string asks for; what is no choice counts as not asked for."""
    by, kind, sort, newsroom, source = (args.get(name, "") for name in _Choice._fields)
    by = "source" if by == "source" or newsroom or source else "newsroom"
    return _Choice(by, kind if kind in KINDS else "", sort if sort in ORDERS else "claims", newsroom, source)


def _choose(sources: list[Row], choice: _Choice) -> dict[str, Row]:
    """Return the sources that are asked for, by id. Raises NotFound where there are none."""
    name, wanted = ("id", choice.source) if choice.source else ("newsroom", choice.newsroom)
    chosen = {row["id"]: row for row in sources if not wanted or row[name] == wanted}
    if not chosen:
        raise NotFound(say(NO_SOURCE if choice.source else NO_NEWSROOM, name=wanted))
    return chosen


def _order(records: list[Row], sort: str) -> list[Row]:
    """Return records in an order; what is alike by name, and what is no newsroom last."""
    ordered = sorted(records, key=lambda r: r["label"].lower())
    ordered.sort(key=_sorter(sort), reverse=sort != "name")
    return sorted(ordered, key=lambda r: r["key"] == "not-stated")


async def sources_record(request: Any, datasette: Any) -> Any:
    """Show the records that the query string asks for."""
    rows, choice = asking(datasette, most=MOST_ROWS), _read_choice(request.args)
    sources = _choose(await rows(SOURCES), choice)
    record, first, labels = await _read(datasette)
    record = [row for row in record if choice.kind in ("", row["kind"])]
    records = _order(_records(sources, choice.by, record, first, labels), choice.sort)
    pages = max(1, ceil(len(records) / PER_PAGE))
    page = request.args.get("page", "1")
    page = min(max(int(page), 1), pages) if page.isascii() and page.isdigit() and len(page) < 5 else 1
    context = {
        "records": records[(page - 1) * PER_PAGE : page * PER_PAGE],
        "total": len(records),
        "page": page,
        "pages": pages,
        "by": choice.by,
        "kind": choice.kind,
        "kinds": KINDS,
        "kind_words": KIND_WORDS,
        "sort": choice.sort,
        "orders": ORDERS,
        "outcomes": OUTCOMES,
        "few": FEW,
        "alone": choice.alone,
        "is_source": bool(choice.source),
        "most_listed": MOST_LISTED,
        "reach": {row["id"]: row["value"] for row in await rows(REACH)},
        "address": choice.address,
        "when": show_when,
    }
    if choice.alone:
        context["subject"] = _records(sources, "source" if choice.source else "newsroom", record, first, labels)[0]
        context["not_accepted"] = await _not_accepted(rows, sources, choice.kind, partial(_row_href, datasette))
        context["firsts"] = _firsts(first, set(sources))
    return Response.html(await datasette.render_template("sources_record.html", context, request=request, view_name="sources_record"))


def _row_href(datasette: Any, table: str, row_id: str) -> Any:
    return datasette.urls.path(f"/{DATABASE}/{table}/{row_id}")


@read_once
async def _read(datasette: Any) -> Any:
    """Return counts of claims, exits with who was first, and labels of origins."""
    rows = asking(datasette, most=MOST_ROWS)
    record = await rows(RECORD)
    ids = json.dumps(sorted({row["origin_id"] for row in record}))
    return record, await rows(FIRST), {row["id"]: row["label"] for row in await rows(LABELS_OF, ids=ids)}


def _records(sources: Any, by: Any, record: Any, first: Any, labels: Any) -> Any:
    """Return one record for each newsroom or source: counts by outcome, origins, and exits of which it may have been the first to tell."""
    found: dict[Any, Any] = {}
    for source in sources.values():
        key = source["newsroom"] if by == "newsroom" else source["id"]
        entry = found.setdefault(key, _empty(key, source, by))
        entry["sources"] += 1
    for row in record:
        source = sources.get(row["source_id"])
        if source is None:
            continue
        entry = found[source["newsroom"] if by == "newsroom" else source["id"]]
        entry["claims"] += row["claims"]
        entry["all"][row["outcome"]] += row["claims"]
        if row["disputed"]:
            entry["disputed"] += row["claims"]
            entry["on_disputed"][row["outcome"]] += row["claims"]
        own = row["origin_id"] in (source["newsroom"], source["id"])
        entry["own"] += row["claims"] if own else 0
        entry["origins"].update({} if own else {labels[row["origin_id"]]: row["claims"]})
    tellers: dict[
        Any, Any
    ] = {}  # of each exit, by what stands for one teller: a newsroom, else the source, which is no newsroom's with another
    for row in first:
        source = sources.get(row["source_id"])
        newsroom = by == "newsroom" and source and source["newsroom"] != "not-stated" and source["newsroom"]
        key = (source["newsroom"] if by == "newsroom" else source["id"]) if source else None
        tellers.setdefault(row["id"], {})[newsroom or row["source_id"]] = key
    for keys in tellers.values():
        for key in {key for key in keys.values() if key in found}:
            found[key]["first_alone" if len(keys) == 1 else "first_shared"] += 1
    for entry in found.values():
        entry["takes_from"] = entry["origins"].most_common(3)
        entry["contradicted"] = entry["all"]["contradicted"]
        entry["share"] = entry["on_disputed"]["contradicted"] / entry["disputed"] if entry["disputed"] else 0
    return [entry for entry in found.values() if entry["claims"]] or list(found.values())


def _empty(key: Any, source: Any, by: Any) -> dict[str, Any]:
    label = source["newsroom_label"] if by == "newsroom" else source["label"]
    entry = {"key": key, "label": label, "sources": 0, "claims": 0, "disputed": 0, "own": 0, "first_alone": 0, "first_shared": 0}
    entry |= {"newsroom": source["newsroom"], "newsroom_label": source["newsroom_label"], "published": source["published"]}
    entry["is_platform"] = source["kind"] == "platform"
    return {**entry, "all": Counter(), "on_disputed": Counter(), "origins": Counter()}


def _sorter(sort: Any) -> Any:
    """Return what records are ordered by; whoever has few disputed points comes last where a share decides."""
    return {
        "claims": lambda r: r["claims"],
        "disputed": lambda r: r["disputed"],
        "contradicted": lambda r: r["contradicted"],
        "share": lambda r: (r["disputed"] >= FEW, r["share"]),
        "first": lambda r: (r["first_alone"], r["first_shared"]),
        "own": lambda r: r["own"],
        "name": lambda r: r["label"].lower(),
    }[sort]


async def _not_accepted(rows: Ask, sources: Any, kind: Any, row_href: Any) -> Any:
    """Return the claims of some sources that are not accepted, in words, with what is accepted where that is a value or two."""
    found = await rows(NOT_ACCEPTED, ids=json.dumps(sorted(sources)), kind=kind, most=MOST_LISTED + 1)
    accepted = {row["statement_id"]: json.loads(row["accepted"]) for row in found}
    values = [{**row, "value": value} for row in found for value in (row["value"], *accepted[row["statement_id"]])]
    words = await read_words(rows, values, row_href)

    def shown(row: Row, value: Any) -> Any:
        return words.value(row["table_name"], {**row, "value": value})["text"]

    for row in found:
        others = accepted[row["statement_id"]]
        row["point"] = property_title(row["table_name"], row["property"])
        row["told"] = shown(row, row["value"])
        row["instead"] = [shown(row, value) for value in others] if len(others) <= MOST_INSTEAD else []
        row["has_more"] = len(others) > MOST_INSTEAD
    return found


def _firsts(first: Any, ids: Any) -> list[Any]:
    """Return the exits of which some sources may have been the first to tell, and whether another may have been."""
    tellers: dict[Any, Any] = {}
    for row in first:
        tellers.setdefault((row["id"], row["label"]), set()).add(row["source_id"])
    return [{"id": key, "label": label, "alone": found <= ids} for (key, label), found in tellers.items() if found & ids]


@hookimpl
def register_routes() -> list[Any]:
    """The page stands at /sources-record."""
    return [(r"^/sources-record$", sources_record)]
