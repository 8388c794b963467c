"""The search page /-/find: one box over everything the dataset speaks of, and over the places that say so.

Subjects are found by the full-text index, exactly as by Datasette's own search box; evidence by the key words of passages and
the notes of claims. The page is plain HTML; browsers learn of the box by /-/opensearch.xml.
"""

from __future__ import annotations

import asyncio
import html
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from datasette import Response, hookimpl
from datasette.database import QueryInterrupted
from leadership.amounts import join_amount
from leadership.folding import FINDS_NOTHING, has_cjk, match_expression, normalize, simplify, tokens
from leadership.schema import HAPPENINGS, KINDS, NAMED_KINDS, PROFILES
from presentation.amount_words import say_amount
from presentation.answering import answer, retell_spells
from presentation.asking import DAYS, FIRM, asks_who, read_question, take_moment
from presentation.loosening import Step, answering_kinds, asks_why, fold_in, loosen, other_words, telling_words, wide_expression
from presentation.moments import read_moment
from presentation.naming import Names, load_names
from presentation.rows import DATABASE, NAME, Ask, Row, asking, rows_of
from presentation.showing import start_in_words
from presentation.speaking import named, say
from presentation.telling import doubt_of, with_capacity
from presentation.wording import date_label

PATH, DESCRIPTION_PATH = "/-/find", "/-/opensearch.xml"
LONGEST_QUERY = 200
MOST_IN_GROUP, AT_ONCE = 20, 6  # the rest of a group unfolds
MOST_EVIDENCE_WORDS = 8
MOST_NAMES = 5000  # names read to show which alias was meant
LONGEST_GUESSED = 60
HOLDING = ("certainly", "in_post_when_last_shown", "possibly", "held")  # columns that tell that somebody holds a post
ENDS_IN_SIGN = re.compile(r"[^\w\s]$")
PLAIN_DAY = re.compile(r"\d{4}(-\d\d){0,2}")
EXAMPLES = ("Altman", "微软", "山姆·奧特曼", "Schulman", "董", "board", "Superalignment", '"chief scientist"', "Karpathy Tesla", "770")
# The kinds that most readers look for come first, then all others in the order of the schema.
FIRST_KINDS = ("person", "organisation", "departure", "tenure", "event")
TITLES = {name: KINDS[name].title for name in dict.fromkeys((*FIRST_KINDS, *KINDS))}
MOST_QUESTIONS = 5
DATED_KINDS = ("departure", "tenure", "event", "remark")  # of which a feed tells
MOST_SUGGESTED, MOST_OF_A_KIND = 8, 4
MOST_HOLDERS = 6

# What is meant by the name comes first, then what the day or the cause asked for leads to (`near`), then what has the words in its label,
# then what is only related to it, by relevance.
HITS = """
WITH meant AS MATERIALIZED (SELECT value AS id, MIN(key) AS place FROM json_each(:meant) GROUP BY value),
near AS MATERIALIZED (SELECT value AS id, MIN(key) AS place FROM json_each(:near) GROUP BY value),
found AS MATERIALIZED (SELECT rowid AS place, rank AS distance FROM subjects_fts WHERE subjects_fts MATCH :match),
hits AS (
  SELECT place, distance FROM found
  UNION ALL SELECT s.rowid, 0 FROM (SELECT id FROM meant UNION SELECT id FROM near) m JOIN subjects s ON s.id = m.id
   WHERE s.rowid NOT IN (SELECT place FROM found)
), judged AS (
  SELECT s.id, s.kind, s.label, s.label_zh, s.summary, s.table_name, s.standing, h.distance, COALESCE(m.place, 1e9) AS named,
         COALESCE(n.place, 1e9) AS near,
         s.label = :typed COLLATE NOCASE OR simplified(s.label_zh) = :simplified AS same,
         instr(lower(s.label), lower(:typed)) > 0 OR instr(simplified(s.label_zh), :simplified) > 0 AS within
    FROM hits h JOIN subjects s ON s.rowid = h.place LEFT JOIN meant m ON m.id = s.id LEFT JOIN near n ON n.id = s.id
), ranked AS (
  SELECT *, COUNT(*) OVER (PARTITION BY kind) AS found,
         ROW_NUMBER() OVER (PARTITION BY kind ORDER BY named, same DESC, near, within DESC, distance, id) AS position FROM judged
)
SELECT * FROM ranked WHERE position <= :most ORDER BY position LIMIT 500
"""
# What is of a day, a month or a year, as precise as that, in order of time; of those all, or what has some words.
DATES = " UNION ALL ".join(
    f"SELECT id, {name}_day AS day, {name} AS date, {name}_earliest AS earliest FROM {table}"
    + " WHERE same_as IS NULL" * (table == "departures")
    for table, name in (*HAPPENINGS, ("figures", "as_of"))
)
DATED = f"""
WITH dated AS ({DATES})
SELECT id FROM dated WHERE COALESCE(day, date) LIKE :day || '%' AND date NOT LIKE '%/%'
   AND (:is_whole OR id IN (SELECT s.id FROM subjects_fts f JOIN subjects s ON s.rowid = f.rowid WHERE subjects_fts MATCH :words))
 GROUP BY id ORDER BY MIN(earliest), id LIMIT 500
"""
# Why people left or were removed, as sources argue it: accounts of events, exits or people, those of most origins first.
CAUSES = """
SELECT i.id FROM interpretations i WHERE i.topic LIKE 'why\\_%' ESCAPE '\\' AND i.standing <> 'refuted'
   AND EXISTS (SELECT 1 FROM json_each(i.about) a JOIN json_each(:ids) f ON f.value = a.value)
 ORDER BY i.origin_count DESC, i.id LIMIT :most
"""
BEARS = "SELECT 1 FROM subjects WHERE label = :typed COLLATE NOCASE LIMIT 1"
BY_ID = """
SELECT id, kind, label, label_zh, summary, table_name, standing FROM subjects WHERE id >= :id AND id < :id || '~' ORDER BY id LIMIT :most
"""
NAMES = """
SELECT subject_id, text, kind FROM names WHERE subject_id IN (SELECT value FROM json_each(:ids)) ORDER BY length(text), id LIMIT :most
"""
KNOWN = """
SELECT w.key, EXISTS (SELECT 1 FROM subjects_fts WHERE subjects_fts MATCH w.value) AS known FROM json_each(:expressions) w ORDER BY w.key
"""
# One line that tells rows of one name apart: what somebody was, who held a post, when something was, how much. What was only planned,
# told in jest or perhaps so introduces nobody.
DETAILS = """
WITH asked AS (SELECT value AS id FROM json_each(:ids))
SELECT id, 'posts' AS what, json_group_array(label) AS detail FROM (
         SELECT t.person_id AS id, o.label FROM asked a JOIN tenures_flat t ON t.person_id = a.id JOIN posts o ON o.id = t.post_id
          WHERE t.certainty = 'certain' GROUP BY t.person_id, o.id
          ORDER BY o.organisation_id NOT LIKE 'openai%',
                   CASE WHEN o.category IN ('executive', 'board') THEN 1 WHEN o.category = 'founder' THEN 2
                        WHEN o.category = 'staff' THEN 4 ELSE 3 END,
                   MAX(t.origin_count) DESC, o.label
       ) GROUP BY id
UNION ALL SELECT id, 'holders', json_group_array(json_array(person, capacity, category)) FROM (
         SELECT t.post_id AS id, t.person, t.capacity, t.category FROM asked a JOIN tenures_flat t ON t.post_id = a.id
          WHERE t.certainty = 'certain'
          ORDER BY COALESCE(t.possible_from, t.certain_from, t.possible_to, '9999'), t.person) GROUP BY id
UNION ALL SELECT o.id, 'code', c.label FROM asked a JOIN organisations o ON o.id = a.id
           JOIN codes c ON c.list = 'organisation_kind' AND c.code = o.kind
UNION ALL SELECT e.id, 'when', e.started FROM asked a JOIN events e ON e.id = a.id WHERE e.started IS NOT NULL
UNION ALL SELECT d.id, 'when', COALESCE(d.announced, d.effective) FROM asked a JOIN departures d ON d.id = a.id
           WHERE COALESCE(d.announced, d.effective) IS NOT NULL
UNION ALL SELECT t.id, 'began', t.started FROM asked a JOIN tenures t ON t.id = a.id WHERE t.started IS NOT NULL
UNION ALL SELECT r.id, 'when', r.said FROM asked a JOIN remarks r ON r.id = a.id WHERE r.said IS NOT NULL
UNION ALL SELECT s.id, 'when', s.published FROM asked a JOIN sources s ON s.id = a.id WHERE s.published IS NOT NULL
UNION ALL SELECT f.id, 'amount', json_array(f.comparator, f.value, f.value_high, f.unit, COALESCE(c.label, f.unit))
            FROM asked a JOIN figures f ON f.id = a.id
           LEFT JOIN codes c ON c.list = 'unit' AND c.code = f.unit
           WHERE f.value IS NOT NULL
LIMIT 500
"""
# What is only planned, alleged, told in jest, probable …
DOUBTS = """SELECT subject_id AS id, asserted_as, certainty FROM standings
 WHERE subject_id IN (SELECT value FROM json_each(:ids)) AND (asserted_as <> 'fact' OR certainty <> 'certain')"""
# A passage is found if each word stands in its key word or in the note of one and the same claim that rests on it.
# Text of plain Latin letters alone is compared as it stands; only what has others is brought to one script first, which takes longer.
EVIDENCE = r"""
WITH words AS MATERIALIZED (SELECT value AS pattern FROM json_each(:patterns)),
told AS (SELECT c.passage_id, c.statement_id, c.note, pa.find || ' ' || COALESCE(c.note, '') AS text
           FROM claims c JOIN passages pa ON pa.id = c.passage_id)
SELECT pa.id, pa.source_id, src.label AS source, pa.line, pa.find, MIN(c.note) AS note, COUNT(*) AS claims,
       json_group_array(DISTINCT sub.label) AS subjects, COUNT(*) OVER () AS found
  FROM told c JOIN passages pa ON pa.id = c.passage_id JOIN sources src ON src.id = pa.source_id
  JOIN statements st ON st.id = c.statement_id JOIN subjects sub ON sub.id = st.subject_id
 WHERE NOT EXISTS (SELECT 1 FROM words
                    WHERE text NOT LIKE pattern ESCAPE '\'
                      AND (length(text) = length(CAST(text AS BLOB)) OR simplified(text) NOT LIKE pattern ESCAPE '\'))
 GROUP BY pa.id ORDER BY pa.source_id, pa.line, pa.start LIMIT :most
"""


@hookimpl
def register_routes() -> list[Any]:
    """The page, its suggestions, and its description for browsers."""
    return [(rf"^{PATH}$", find_page), (r"^/-/suggest\.json$", suggest), (r"^/-/opensearch\.xml$", search_description)]


async def find_page(request: Any, datasette: Any) -> Any:
    """Show the search box, and what is found for `q`."""
    typed = " ".join((request.args.get("q") or "").split())[:LONGEST_QUERY]
    context = {
        "query": typed,
        "longest": LONGEST_QUERY,
        "examples": EXAMPLES,
        "most": MOST_IN_GROUP,
        "at_once": AT_ONCE,
        "groups": [],
        "named": [],
        "evidence": None,
        "guesses": [],
        "answered": None,
        "is_asked": False,
        "followed": "",
        "searched": False,
        "literal": True,
        "day": "",
        "too_slow": False,
        "id_like": False,
    }
    match = match_expression(typed)
    if match:
        try:
            context.update(await _search(datasette, typed, match))
        except QueryInterrupted:
            context["too_slow"] = True
    return Response.html(await datasette.render_template("find.html", context, request=request, view_name="find"))


class _Found(NamedTuple):
    """Rows, the expression that found them, how the words were loosened for it, and whether the words as typed find something, too."""

    rows: list[Row]
    match: str
    step: Step | None = None
    literal: bool = True

    @property
    def only_sources(self) -> bool:
        """Whether nothing but sources was found: they have the words in their titles, and answer nothing themselves."""
        return all(row["kind"] == "source" for row in self.rows)


async def _search(datasette: Any, typed: Any, match: Any) -> dict[str, Any]:
    """Return what the template shows for a query that holds at least one word."""
    rows, names, asked = asking(datasette), await _names(datasette), typed
    answered = await _answer(datasette, typed, names)
    if answered and answered["rest"] and match_expression(answered["rest"]):  # the day was for the answer, the words are for the search
        typed, match = answered["rest"], match_expression(answered["rest"])
    given, words = normalize(typed), telling_words(typed, names)
    if ENDS_IN_SIGN.search(given) and await rows(BEARS, typed=given):  # “Q*” is a name; no word that begins with Q is meant
        match = match_expression(f'"{given}"')
    id_like = bool(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", given))
    named = await rows(BY_ID, id=given, most=MOST_IN_GROUP) if id_like else []
    day, near = ("", []) if answered else await _dated(rows, typed, names)
    found = await _find(rows, names, match, given, words, near, loosely=not id_like)
    if asks_why(typed):
        found = await _find_causes(rows, names, given, found, near)
    await _dress(rows, found.rows + named, found.match)
    first = (*(["post"] if answered else []), *answering_kinds(typed, words), *(["event", "departure"] if day else []))
    groups = _groups(found.rows, first, words)
    step = found.step
    listed = step.meant if step and step.alone else "" if step else typed
    guesses = _guess(typed, words, names, step) if not named and (step or not found.rows) else []
    are_known = await _are_known(rows, map(match_expression, guesses))  # a guess must find something
    questions, is_asked = _questions(asked, names, await datasette.get_canned_queries(DATABASE, None))
    return {
        "searched": True,
        "answered": answered,
        "loosened": step,
        "literal": found.literal,
        "day": day,
        "listed": listed,
        "followed": listed if any(group["kind"] in DATED_KINDS for group in groups) else "",
        "questions": questions,
        "is_asked": is_asked,
        "groups": groups,
        "named": named,
        "id_like": id_like,
        "guesses": [guess for guess, known in zip(guesses, are_known, strict=True) if known],
        "evidence": await _find_evidence(rows, typed, words),
    }


async def _hits(rows: Ask, names: Names, match: str, plain: str, near: Sequence[str] = (), most: int = MOST_IN_GROUP) -> list[Row]:
    """Return the subjects that an expression finds, so many of each kind; first what is called so, then what is `near`."""
    meant = json.dumps([subject for kind in NAMED_KINDS for subject in names.find(plain, (kind,))])
    asked = {"match": match, "meant": meant, "near": json.dumps(list(near)), "typed": plain, "simplified": simplify(plain), "most": most}
    return await rows(HITS, **asked)


async def _find(rows: Ask, names: Names, match: str, given: str, words: list[str], near: list[str], *, loosely: bool) -> _Found:
    """Return what has the words; `loosely`, what has others for the same, too, or comes nearest where nothing answers."""
    found = _Found(await _hits(rows, names, match, given, near), match)
    folded = fold_in(words, names) if loosely and (len(words) > 1 or found.only_sources) else None
    if folded and (wider := await _hits(rows, names, folded.expression, given, near)):
        return _Found(wider, folded.expression, folded, bool(found.rows))
    if not loosely or not found.only_sources:
        return found
    for step in loosen(words, await _are_known(rows, map(wide_expression, words)), names):
        if found.rows and step.how not in ("words", "others"):  # sources that have all the words are nearer than what has some
            break
        nearest = _Found(await _hits(rows, names, step.expression, normalize(step.meant), near), step.expression, step, bool(found.rows))
        if nearest.rows and not (found.rows and nearest.only_sources):
            return nearest
    return found


async def _find_causes(rows: Ask, names: Names, given: str, found: _Found, near: list[str]) -> _Found:
    """Return what was found with what sources argue of why it happened before all else."""
    told = json.dumps([row["id"] for row in found.rows if row["kind"] in ("event", "departure")])
    near = [row["id"] for row in await rows(CAUSES, ids=told, most=MOST_IN_GROUP)] + near
    return found._replace(rows=await _hits(rows, names, found.match, given, near)) if near else found


async def _dress(rows: Ask, found: list[Row], match: str) -> None:
    """Give each row its address, a line that tells it apart, what is in doubt of it, and the name by which it was found."""
    ids = json.dumps([row["id"] for row in found])
    spellings: dict[Any, Any] = {}
    for name in await rows(NAMES, ids=ids, most=MOST_NAMES):
        spellings.setdefault(name["subject_id"], []).append(name)
    details = {row["id"]: _detail(row["what"], row["detail"]) for row in await rows(DETAILS, ids=ids)}
    doubts = await _doubts(rows, ids)
    phrases = _phrases(match)
    for row in found:
        row["doubt"] = doubts.get(row["id"], "")
        row["path"] = _path_of(row)
        row["detail"] = details.get(row["id"])
        row["alias"] = _alias(row, spellings.get(row["id"], []), phrases)


async def _doubts(rows: Ask, ids: str) -> dict[str, str]:
    """Return by id what is only planned, alleged, told in jest or probable of some rows, in words."""
    return {row["id"]: doubt_of(row) for row in await rows(DOUBTS, ids=ids)}


def _path_of(row: Row) -> str:
    """Return the address of a subject's own page."""
    return PROFILES.get(row["table_name"], f"/{DATABASE}/{row['table_name']}/") + row["id"]


async def _are_known(rows: Ask, expressions: Iterable[str]) -> list[bool]:
    """Tell of each expression whether it finds anything."""
    return [bool(row["known"]) for row in await rows(KNOWN, expressions=json.dumps(list(expressions)))]


def _groups(found: list[Row], first: Sequence[str], words: Sequence[str]) -> list[Row]:
    """Return rows by kind, `first` those of the kinds that answer."""
    groups = [
        {"kind": kind, "title": say(title), "rows": of_kind, "found": of_kind[0]["found"]}
        for kind, title in TITLES.items()
        if (of_kind := [row for row in found if row["kind"] == kind])
    ]
    return sorted(groups, key=lambda group: _place(group, first, words))


async def _find_evidence(rows: Ask, typed: str, words: list[str]) -> dict[str, Any] | None:
    """Return the places that have every word typed, or else every telling one; None if there are none."""
    for some in (_words(typed), words):
        if some and (places := await rows(EVIDENCE, patterns=json.dumps(_patterns(some)), most=MOST_IN_GROUP)):
            for place in places:
                place["subjects"] = json.loads(place["subjects"])
            return {"rows": places, "found": places[0]["found"]}
    return None


async def _dated(rows: Any, typed: str, names: Names) -> tuple[str, list[str]]:
    """Return the day, month or year that is typed, "" if none, and what is of it; of that only what has the other words."""
    written, rest = take_moment(normalize(typed))
    moment = read_moment(written) if written else None
    day = moment.text.partition("[")[0] if moment else ""  # without the zone
    if not PLAIN_DAY.fullmatch(day):
        return "", []
    words = telling_words(rest, names)
    step = fold_in(words, names)
    match = step.expression if step else match_expression(" ".join(words))
    if rest.strip() and not match:
        return "", []
    found = await rows(DATED, day=day, is_whole=not match, words=match or FINDS_NOTHING)
    return day if not match else "", [row["id"] for row in found]


def _place(group: Row, first: Sequence[str], words: Sequence[str]) -> tuple[Any, ...]:
    """Return what puts groups in order: kinds that answer, what bears the very name, what has every word in its label; sources last."""
    rows, kind = group["rows"], group["kind"]
    borne = any(row["same"] or (row["alias"] and [tokens(row["alias"]["text"])] == [*map(tokens, words)]) for row in rows)
    phrases = [_phrases(match_expression(word)) for word in words]
    covers = any(all(all(_has(row["label"], part) or _has(row["label_zh"], part) for part in parts) for parts in phrases) for row in rows)
    return (kind == "source", first.index(kind) if kind in first else len(first), not borne, not covers)


async def _answer(datasette: Any, typed: Any, names: Any) -> dict[str, Any] | None:
    """Return the answer to who held a post or sat on the board at a time, if that is what was typed, with the page that gives it."""
    question = read_question(typed, names)
    query = await datasette.get_canned_query(DATABASE, question.name, None) if question else None
    if not question or not query:
        return None
    rows = await rows_of(datasette, query["sql"], **question.parameters)
    if not rows or not (asks_who(typed) or any(row.get(name) for row in rows for name in HOLDING)):
        return None
    return {
        "words": answer(question.name, rows, question.parameters),
        "why": say("; ").join(retell_spells(row["why"]) for row in rows if row.get("certainly") or row.get("possibly")),
        "title": say(query["title"]),
        "path": f"/{DATABASE}/{question.name}",
        "parameters": question.parameters,
        "rest": question.rest,
        "dated": all(question.parameters[name] for name in DAYS if name in question.parameters),
    }


async def suggest(request: Any, datasette: Any) -> Any:
    """Return a few things that what is typed may mean, as JSON: label, what kind of thing it is, and its address."""
    typed = " ".join((request.args.get("q") or "").split())[:LONGEST_QUERY]
    match = match_expression(typed)
    return Response.json({"query": typed, "suggestions": await _suggestions(datasette, typed, match) if match else []})


async def _suggestions(datasette: Any, typed: Any, match: Any) -> list[Any]:
    rows, names = asking(datasette), await _names(datasette)
    places = {kind: place for place, kind in enumerate(TITLES)}
    try:
        found = await _hits(rows, names, match, normalize(typed), most=MOST_OF_A_KIND)
        if not found and (near := names.nearest(typed, 2)):
            nearly = [await _hits(rows, names, match_expression(name), name, most=MOST_OF_A_KIND) for name in near]
            found = [row for hits in nearly for row in hits if row["named"] < 1e9]
    except QueryInterrupted:
        return []
    found.sort(key=lambda row: (row["named"] >= 1e9, -row["same"], -row["within"], places[row["kind"]], row["position"]))
    unique = list({row["id"]: row for row in found}.values())[:MOST_SUGGESTED]
    doubts = await _doubts(rows, json.dumps([row["id"] for row in unique]))
    return [
        {
            "label": row["label"],
            "said": " · ".join(
                filter(
                    None, [row["label_zh"] if row["label_zh"] != row["label"] else "", row["kind"].replace("_", " "), doubts.get(row["id"])]
                )
            ),
            "path": datasette.urls.path(_path_of(row)),
        }
        for row in unique
    ]


async def _names(datasette: Any) -> Any:
    """Return the names of the database; the first time they are read from it, while others are served."""
    path = datasette.get_database(DATABASE).path
    return await asyncio.to_thread(load_names, Path(path)) if path else Names((), ())


def _questions(typed: Any, names: Any, queries: Any) -> tuple[list[Any], bool]:
    """Return the canned questions that have the most telling words, as (name, title), and whether the first one has all of them.

    A word in the title counts for more than one in the description, and the firm that all are about for nothing; a word that names
    somebody or something is answered by a row, not by a question.
    """
    asked = [word for word in telling_words(typed, names) if word.lower() not in FIRM]
    stems = [{other.lower()[:6] for other in other_words(word) if len(other) > (1 if has_cjk(other) else 3)} for word in asked]
    counted = [known for known in stems if known]
    scored = []
    for name, query in queries.items():
        if name.startswith(("feed_", "calendar")):
            continue
        titles = [str(query.get("title") or ""), str(query.get("description") or "")]
        title, text = (" ".join((part, say(part))).lower() for part in titles)
        within = sum(any(stem in title for stem in known) for known in counted)
        told = sum(any(stem in title or stem in text for stem in known) for known in counted)
        if within or told == len(counted) > 0:
            scored.append((-within - told, told < len(counted), name, query["title"]))
    best = sorted(scored)[:MOST_QUESTIONS]
    plain = not any(names.bears(word, kind) for word in asked for kind in ("person", "organisation"))
    return [(name, say(title)) for _, _, name, title in best], bool(best) and plain and not best[0][1]


def _words(typed: Any) -> list[Any]:
    """Return each word, and each text in double quotes, as it was typed."""
    pieces = normalize(typed).split('"')
    return [word for position, piece in enumerate(pieces) for word in ([piece.strip()] if position % 2 else piece.split()) if word]


def _patterns(words: Any) -> list[Any]:
    """Return a LIKE pattern for each word; the signs that LIKE reads otherwise stand for themselves."""
    return ["%" + re.sub(r"([%_\\])", r"\\\1", simplify(word)) + "%" for word in words[:MOST_EVIDENCE_WORDS]]


def _phrases(match: Any) -> list[Any]:
    """Return (words, whether the last one may go on) for each phrase of a match expression."""
    return [(tokens(text), star == "*") for text, star in re.findall(r'"([^"]*)"(\*?)', match)]


def _has(text: str, phrase: Any) -> bool:
    """Tell whether the words of a phrase follow one another in a text."""
    words, open_ended = phrase
    there = tokens(text)
    for start in range(len(there) - len(words) + 1):
        part = there[start : start + len(words)]
        if part[:-1] == words[:-1] and part and (part[-1] == words[-1] or (open_ended and part[-1].startswith(words[-1]))):
            return True
    return False


def _alias(row: Row, names: Any, phrases: Any) -> Any:
    """Return the name that was meant, with its kind, where it is not one of the row's two labels; else None."""
    missing = [phrase for phrase in phrases if phrase[0] and not _has(row["label"], phrase) and not _has(row["label_zh"], phrase)]
    if not missing:
        return None
    fitting = [name for name in names if any(_has(name["text"], phrase) for phrase in missing)]
    return max(fitting, key=lambda name: sum(_has(name["text"], phrase) for phrase in missing), default=None)


def _detail(what: Any, value: Any) -> Any:
    """Return a row's detail in words."""
    if what == "posts":
        posts = json.loads(value)
        return say("; ").join(named(post) for post in posts[:3]) + (say(" and %(n)s more", n=len(posts) - 3) if len(posts) > 3 else "")
    if what == "holders":
        told = json.loads(value)
        holders = [with_capacity(person, capacity) for person, capacity, _ in told]
        holders = [name for place, name in enumerate(holders) if not place or holders[place - 1] != name]
        more = say(" and %(n)s more", n=len(holders) - MOST_HOLDERS) if len(holders) > MOST_HOLDERS else ""
        one_by_one = all(category == "executive" for *_, category in told)  # founders, staff and directors hold a post beside each other
        return say("Held by %(holders)s", holders=(say(", then ") if one_by_one else say(", ")).join(holders[:MOST_HOLDERS]) + more)
    if what == "amount":
        comparator, low, high, unit, words = json.loads(value)
        return say_amount(join_amount(comparator, low, high), unit, words or "")
    if what in ("when", "began"):
        return say("began %(start)s", start=start_in_words(value)) if what == "began" else date_label(value)
    return value


def _guess(typed: Any, words: Any, names: Any, loosened: Any) -> list[Any]:
    """Return spellings of known names that are close to what was typed, or to its words, and are not what is shown already."""
    if len(typed) > LONGEST_GUESSED or (loosened and loosened.how in ("words", "others")):
        return []
    shown = loosened.meant.lower() if loosened else ""
    guesses = names.nearest(typed.replace('"', " "))
    if len(words) > 1:  # each word on its own, so that one slip in a longer query is found too
        corrected = [(names.nearest(word, 1) or [word])[0] for word in words]
        guesses += [" ".join(corrected)] if corrected != words else []
    return [guess for guess in dict.fromkeys(guesses) if guess.lower() not in (typed.lower(), shown)]


async def search_description(request: Any, datasette: Any) -> Any:
    """Describe the search box to browsers, which may then offer it in their address bar."""
    address = datasette.absolute_url(request, datasette.urls.path(PATH))
    own = datasette.absolute_url(request, datasette.urls.path(DESCRIPTION_PATH))
    icon = datasette.absolute_url(request, datasette.urls.path("/static/icon.svg"))
    body = f"""<?xml version="1.0" encoding="UTF-8"?>
<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">
  <ShortName>OpenAI changes</ShortName>
  <LongName>{html.escape(NAME)}</LongName>
  <Description>People, organisations, posts, exits, events, figures and remarks, in English and Chinese.</Description>
  <InputEncoding>UTF-8</InputEncoding>
  <OutputEncoding>UTF-8</OutputEncoding>
  <Language>en</Language>
  <Language>zh</Language>
  <Image type="image/svg+xml">{html.escape(icon)}</Image>
  <Url type="text/html" method="get" template="{html.escape(address)}?q={{searchTerms}}"/>
  <Url type="application/opensearchdescription+xml" rel="self" template="{html.escape(own)}"/>
</OpenSearchDescription>
"""
    return Response(body, content_type="application/opensearchdescription+xml; charset=utf-8")
