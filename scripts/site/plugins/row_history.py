"""The history of a row: what each release changed of it, which ids it took over, what was decided about it, and when its sources were read.

In: an id, of a row that there is or of one that was withdrawn. Out: `row_history` for the page of the row (folded), the page
/history?id=… and the same as /history.json?id=….

Everything comes from the tables `releases`, `changes`, `redirects`, `decisions` and `sources`. The notes of a release tell what is worth
telling, so a row that they do not name may still differ from what it was; where the notes of a release name no row at all, nothing is
said of its rows but that.
"""

from __future__ import annotations

import sqlite3
from itertools import pairwise
from typing import Any

from datasette import NotFound, Response, hookimpl
from datasette.database import QueryInterrupted
from datasette.utils import tilde_decode
from leadership.roles import has_made_ids, tables_beside_the_hub
from leadership.tables import TABLES
from presentation.headings import heading
from presentation.rows import DATABASE, asking
from presentation.showing import in_words
from presentation.speaking import count_of, say

ADDRESS = "/history"
NEW = "added"  # a code of change_kind
GIVEN = tuple(name for name in tables_beside_the_hub() if not has_made_ids(name))  # ids of others are made of what their rows say
LABELLED = {table for table in GIVEN if any(column.name == "label" for column in TABLES[table].columns)}
ROW = " UNION ALL ".join(
    (
        "SELECT table_name, label FROM subjects WHERE id = :id",
        *(f"SELECT '{table}', {'label' if table in LABELLED else 'id'} FROM {table} WHERE id = :id" for table in GIVEN),
    )
)
RELEASES = """
SELECT r.id, r.version, r.released_on, r.summary,
       (SELECT COUNT(*) FROM changes c WHERE c.release_id = r.id AND c.row_id IS NOT NULL) AS noted
  FROM releases r ORDER BY r.position
"""
CHANGES = """
SELECT c.release_id, c.kind, k.label, c.row_id, c.property, c.value_before, c.value_after, c.decision_id, c.note
  FROM changes c JOIN codes k ON k.list = 'change_kind' AND k.code = c.kind
 WHERE c.row_id = :id OR c.row_id IN (SELECT id FROM redirects WHERE to_id = :id) ORDER BY c.position
"""
TAKEN_OVER = "SELECT id, reason, release_id FROM redirects WHERE to_id = :id ORDER BY id"
WITHDRAWN = "SELECT id, to_id, reason, release_id FROM redirects WHERE id = :id"
DECIDED = """
SELECT d.id, d.property, d.decided_on, d.rationale, k.label AS rule
  FROM decisions d JOIN codes k ON k.list = 'rule' AND k.code = d.rule
 WHERE d.subject_id = :id OR d.id = :id ORDER BY d.decided_on, d.property
"""
READ = """
SELECT read_on, COUNT(*) AS sources FROM sources
 WHERE id = :id OR id IN (SELECT c.source_id FROM claims c JOIN statements s ON s.id = c.statement_id WHERE s.subject_id = :id)
 GROUP BY read_on
"""
PARTS = {"changes": CHANGES, "taken_over": TAKEN_OVER, "decided": DECIDED, "read": READ}


async def read_history(datasette: Any, row_id: str) -> Any:
    """Return the history of a row as a dictionary; None for an id that no row has or had, or that is made of what its row says."""
    rows = asking(datasette, id=row_id)

    found, withdrawn = (await rows(ROW))[:1], (await rows(WITHDRAWN))[:1]
    if not found and not withdrawn:
        return None
    releases = await rows(RELEASES)
    parts = {name: await rows(sql) for name, sql in PARTS.items()}
    parts["decided"] = [{**one, "day": in_words(one["decided_on"]), "what": _what(one["property"])} for one in parts["decided"]]
    told = [_release(release, before, parts) for before, release in pairwise([None, *releases])]
    versions = {release["id"]: release["version"] for release in releases}
    history = {
        "id": row_id,
        "table": found[0]["table_name"] if found else None,
        "label": found[0]["label"] if found else row_id,
        "withdrawn": {**withdrawn[0], "version": versions[withdrawn[0]["release_id"]]} if withdrawn else None,
        "since": [decision for decision in parts["decided"] if not releases or decision["decided_on"] > releases[-1]["released_on"]],
        "releases": told[::-1],
    }
    return history | state_of(history)


def _release(release: Any, before: Any, parts: Any) -> dict[str, Any]:
    """Return what belongs to one release: changes that its notes name, ids taken over, and what was decided and read for it."""
    since, until = (before or {}).get("released_on") or "", release["released_on"]
    changes = [_change(change) for change in parts["changes"] if change["release_id"] == release["id"]]
    return {
        **release,
        "day": in_words(until),
        "is_first": before is None,
        "changes": changes,
        "taken_over": [one for one in parts["taken_over"] if one["release_id"] == release["id"]],
        "decided": [one for one in parts["decided"] if since < one["decided_on"] <= until],
        "sources_read": sum(one["sources"] for one in parts["read"] if one["read_on"] and since < one["read_on"] <= until),
        "sources": sum(one["sources"] for one in parts["read"]),
    }


def _change(change: Any) -> dict[str, Any]:
    """Return a change with what it was about in words."""
    return {
        **change,
        "what": _what(change["property"]),
        "has_values": change["value_before"] is not None or change["value_after"] is not None,
    }


def _what(name: str) -> Any:
    return heading(name).lower() if name else ""


def state_of(history: Any) -> dict[str, Any]:
    """Return the code of how a row stands since the last release, and a sentence that says so and no more than the tables do.

    withdrawn, new, changed, as_before (the notes name rows, and not this one), not_told (the notes name no row).
    """
    last = history["releases"][0] if history["releases"] else None
    if history["withdrawn"]:
        gone = history["withdrawn"]
        after = say("another row took its place") if gone["to_id"] else say("no row took its place")
        return {
            "state": "withdrawn",
            "sentence": say("Withdrawn with release %(version)s; %(after)s.", version=gone["version"], after=after),
        }
    if not last:
        return {"state": "not_told", "sentence": say("No release has been given out yet.")}
    name = say("release %(version)s of %(in_words)s", version=last["version"], in_words=in_words(last["released_on"]))
    if any(change["kind"] == NEW and not change["property"] and change["row_id"] == history["id"] for change in last["changes"]):
        return {"state": "new", "sentence": say("New in %(name)s: the release before did not have it.", name=name)}
    told = [count_of(len(last["changes"]), "change")] if last["changes"] else []
    told += [say("it took the place of %(ids)s", ids=count_of(len(last["taken_over"]), "withdrawn id"))] if last["taken_over"] else []
    if told:
        return {"state": "changed", "sentence": say("Changed in %(name)s: %(told)s.", name=name, told=say("; ").join(told))}
    if last["noted"]:
        sentence = say(
            "The notes of %(name)s name %(count_of)s of rows, none of them of this one.",
            name=name,
            count_of=count_of(last["noted"], "change"),
        )
        return {
            "state": "as_before",
            "sentence": say("%(sentence)s They tell what is worth telling, so a small change may be missing.", sentence=sentence),
        }
    sentence = say("In the dataset as of %(name)s; no change has been released since.", name=name)
    if len(history["releases"]) > 1:
        before = say("Whether release %(version)s had it, and how, is not recorded here.", version=history["releases"][1]["version"])
        sentence = say("%(first)s %(then)s", first=sentence, then=before)
    return {"state": "not_told", "sentence": sentence}


async def history_page(request: Any, datasette: Any) -> Any:
    """Show the history of the row whose id is asked for, as a page or as JSON."""
    asked = (request.args.get("id") or "").strip()
    history = await read_history(datasette, asked) if asked else None
    if asked and not history:
        raise NotFound(
            say("No row has, or had, the identifier %(id)s, or it is made of what its row says and changes with that", id=asked[:100])
        )
    if request.url_vars["form"]:
        return Response.json(history or {"id": None, "releases": []}, default=str)
    return Response.html(
        await datasette.render_template("row_history.html", {"history": history}, request=request, view_name="row_history")
    )


@hookimpl
def extra_template_vars(datasette: Any, request: Any, database: str | None, table: str | None, view_name: str | None) -> Any:
    """Give the page of a row its history, None where there is none."""
    pks = request.url_vars.get("pks") if request and view_name == "row" else None
    if not pks or database != DATABASE or table not in TABLES or has_made_ids(table):
        return {}

    async def load() -> Any:
        try:
            return {"history": await read_history(datasette, tilde_decode(pks))}
        except (QueryInterrupted, sqlite3.Error):  # too slow, or another database of that name: the page still shows its row
            return {"history": None}

    return load()


@hookimpl
def register_routes() -> list[Any]:
    """The history of any row has one address."""
    return [(rf"^{ADDRESS}(?P<form>\.json)?$", history_page)]
