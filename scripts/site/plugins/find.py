"""The search page /-/find: one box over everything the dataset speaks of, and over the places that say so.

Subjects are found by the full-text index, exactly as by Datasette's own search box; evidence by the key words of passages and
the notes of claims. The page is plain HTML; browsers learn of the box by /-/opensearch.xml.
"""

import difflib
import html
import json
import re
import unicodedata

from datasette import Response, hookimpl
from datasette.database import QueryInterrupted
from leadership import schema
from leadership.amounts import show_number
from leadership.folding import fold, match_expression, simplify
from leadership.showing import show_when

DATABASE = "leadership"
PATH, DESCRIPTION_PATH = "/-/find", "/-/opensearch.xml"
SITE_NAME = "OpenAI leadership changes"
LONGEST_QUERY = 200
MOST_IN_GROUP, AT_ONCE = 20, 6  # the rest of a group unfolds
MOST_EVIDENCE_WORDS = 8
MOST_NAMES = 5000  # names read to show which alias was meant, or to guess at a misspelling
LONGEST_GUESSED = 60
CLOSENESS = 0.72  # of difflib: one wrong letter in a short name is above it, another name below
EXAMPLES = ("Altman", "微软", "山姆·奧特曼", "Schulman", "董", "board", "Superalignment", '"chief scientist"', "Karpathy Tesla", "770")
# The kinds that most readers look for come first, then all others in the order of the schema.
FIRST_KINDS = ("person", "organisation", "departure", "tenure", "event")
KINDS = {name: schema.KINDS[name].title for name in dict.fromkeys((*FIRST_KINDS, *schema.KINDS))}
# Words of a question that find nothing by themselves, and words that readers use where the record has others.
IDLE_WORDS = frozenset(
    re.findall(
        r"\w+",
        "a an and at by did do does for from had has have how in is it many much of on or the them they to was were "
        "what when where which who whom whose why with",
    )
)
OTHER_WORDS = {
    "fired": ("removes", "removed", "dismissal"),
    "sacked": ("removes", "removed", "dismissal"),
    "ousted": ("removes", "removed", "dismissal"),
    "signatures": ("signatories", "letter"),
    "signed": ("signatories", "letter"),
    "ceo": ("chief executive",),
    "quit": ("leaves", "resigns"),
    "left": ("leaves",),
    "disputed": ("denied", "disagree"),
    "salary": ("funding",),
}
MOST_QUESTIONS = 5
PROFILES = {"people": "/people/", "organisations": "/organisations/"}  # tables whose rows have a page of their own

# What bears the very name comes first, then what has the words in its name, then what is only related to it, by relevance.
HITS = """
WITH hits AS MATERIALIZED (SELECT rowid AS place, rank AS distance FROM subjects_fts WHERE subjects_fts MATCH :match),
judged AS (
  SELECT s.id, s.kind, s.label, s.label_zh, s.summary, s.table_name, s.standing, h.distance,
         s.label = :typed COLLATE NOCASE OR simplified(s.label_zh) = :simplified OR EXISTS (
           SELECT 1 FROM names n WHERE n.subject_id = s.id AND simplified(n.text) = :simplified COLLATE NOCASE) AS same,
         instr(lower(s.label), lower(:typed)) > 0 OR instr(simplified(s.label_zh), :simplified) > 0 AS within
    FROM hits h JOIN subjects s ON s.rowid = h.place
), ranked AS (
  SELECT *, COUNT(*) OVER (PARTITION BY kind) AS found,
         ROW_NUMBER() OVER (PARTITION BY kind ORDER BY same DESC, within DESC, distance, id) AS position FROM judged
)
SELECT * FROM ranked WHERE position <= :most ORDER BY position LIMIT 500
"""
BY_ID = """
SELECT id, kind, label, label_zh, summary, table_name, standing FROM subjects WHERE id >= :id AND id < :id || '~' ORDER BY id LIMIT :most
"""
NAMES = """
SELECT subject_id, text, kind FROM names WHERE subject_id IN (SELECT value FROM json_each(:ids)) ORDER BY length(text), id LIMIT :most
"""
ALL_NAMES = "SELECT DISTINCT text FROM names ORDER BY text LIMIT :most"
# One line that tells rows of one name apart: what somebody was, when something was, how much.
DETAILS = """
WITH asked AS (SELECT value AS id FROM json_each(:ids))
SELECT t.person_id AS id, 'posts' AS what, json_group_array(DISTINCT o.label) AS detail
  FROM asked a JOIN tenures t ON t.person_id = a.id JOIN posts o ON o.id = t.post_id WHERE t.standing <> 'refuted' GROUP BY t.person_id
UNION ALL SELECT o.id, 'code', c.label FROM asked a JOIN organisations o ON o.id = a.id
           JOIN codes c ON c.list = 'organisation_kind' AND c.code = o.kind
UNION ALL SELECT e.id, 'when', e.started FROM asked a JOIN events e ON e.id = a.id WHERE e.started IS NOT NULL
UNION ALL SELECT d.id, 'when', COALESCE(d.announced, d.effective) FROM asked a JOIN departures d ON d.id = a.id
           WHERE COALESCE(d.announced, d.effective) IS NOT NULL
UNION ALL SELECT t.id, 'began', t.started FROM asked a JOIN tenures t ON t.id = a.id WHERE t.started IS NOT NULL
UNION ALL SELECT r.id, 'when', r.said FROM asked a JOIN remarks r ON r.id = a.id WHERE r.said IS NOT NULL
UNION ALL SELECT s.id, 'when', s.published FROM asked a JOIN sources s ON s.id = a.id WHERE s.published IS NOT NULL
UNION ALL SELECT f.id, 'amount', json_array(f.comparator, f.value, f.value_high, f.unit) FROM asked a JOIN figures f ON f.id = a.id
           WHERE f.value IS NOT NULL
LIMIT 500
"""
# A passage is found if each word stands in its key word or in the note of one and the same claim that rests on it.
EVIDENCE = r"""
WITH words AS (SELECT value AS pattern FROM json_each(:patterns))
SELECT pa.id, pa.source_id, src.label AS source, pa.line, pa.find, MIN(c.note) AS note, COUNT(*) AS claims,
       json_group_array(DISTINCT sub.label) AS subjects, COUNT(*) OVER () AS found
  FROM claims c JOIN passages pa ON pa.id = c.passage_id JOIN sources src ON src.id = pa.source_id
  JOIN statements st ON st.id = c.statement_id JOIN subjects sub ON sub.id = st.subject_id
 WHERE NOT EXISTS (SELECT 1 FROM words WHERE simplified(pa.find || ' ' || COALESCE(c.note, '')) NOT LIKE pattern ESCAPE '\')
 GROUP BY pa.id ORDER BY pa.source_id, pa.line, pa.start LIMIT :most
"""


@hookimpl
def prepare_connection(conn):
    """Register `simplified(text)`, which writes Chinese in simplified characters, so that both scripts compare equal."""
    conn.create_function("simplified", 1, lambda text: simplify(text) if isinstance(text, str) else text, deterministic=True)


@hookimpl
def register_routes():
    """The page, and its description for browsers."""
    return [(rf"^{PATH}$", find_page), (r"^/-/opensearch\.xml$", search_description)]


async def find_page(request, datasette):
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
        "searched": False,
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


async def _search(datasette, typed, match):
    """Return what the template shows for a query that holds at least one word."""

    async def rows(sql, **parameters):
        return [dict(row) for row in (await datasette.execute(DATABASE, sql, parameters)).rows]

    found = await rows(HITS, match=match, typed=typed, simplified=simplify(typed), most=MOST_IN_GROUP)
    id_like = bool(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", typed))
    loosened = not found and not id_like and (match := loosen(typed)) != ""
    if loosened:
        found = await rows(HITS, match=match, typed=typed, simplified=simplify(typed), most=MOST_IN_GROUP)
    named = await rows(BY_ID, id=typed, most=MOST_IN_GROUP) if id_like else []
    ids = json.dumps([row["id"] for row in found + named])
    spellings = {}
    for name in await rows(NAMES, ids=ids, most=MOST_NAMES):
        spellings.setdefault(name["subject_id"], []).append(name)
    details = {row["id"]: _detail(row["what"], row["detail"]) for row in await rows(DETAILS, ids=ids)}
    phrases = _phrases(match)
    for row in found + named:
        row["path"] = PROFILES.get(row["table_name"], f"/{DATABASE}/{row['table_name']}/") + row["id"]
        row["detail"] = details.get(row["id"])
        row["alias"] = _alias(row, spellings.get(row["id"], []), phrases)
    groups = [
        {"kind": kind, "title": title, "rows": hits, "found": hits[0]["found"]}
        for kind, title in KINDS.items()
        if (hits := [row for row in found if row["kind"] == kind])
    ]
    evidence = await rows(EVIDENCE, patterns=json.dumps(_patterns(typed)), most=MOST_IN_GROUP)
    for place in evidence:
        place["subjects"] = json.loads(place["subjects"])
    guesses = [] if found or named else _guess(typed, [row["text"] for row in await rows(ALL_NAMES, most=MOST_NAMES)])
    return {
        "searched": True,
        "loosened": loosened and bool(found),
        "questions": _questions(typed, await datasette.get_canned_queries(DATABASE, None)),
        "groups": groups,
        "named": named,
        "id_like": id_like,
        "guesses": guesses,
        "evidence": {"rows": evidence, "found": evidence[0]["found"]} if evidence else None,
    }


def telling_words(typed):
    """Return the words of a query that can find something, in small letters, without those that only make it a question."""
    return [word for word in re.findall(r"\w+", typed.lower()) if word not in IDLE_WORDS]


def loosen(typed):
    """Return an FTS5 query that asks for any telling word or another word for it, "" if there is none."""
    words = [other for word in telling_words(typed) for other in (word, *OTHER_WORDS.get(word, ()))]
    return " OR ".join(f"({expression})" for word in words[:MOST_EVIDENCE_WORDS] if (expression := match_expression(word)))


def _questions(typed, queries):
    """Return the canned questions whose title or description has the most telling words, as (name, title, fragment)."""
    stems = {other[:6] for word in telling_words(typed) for other in (word, *OTHER_WORDS.get(word, ())) if len(other) > 3}
    scored = []
    for name, query in queries.items():
        text = f"{query.get('title', '')} {query.get('description', '')}".lower()
        score = sum(stem in text for stem in stems)
        if score and not name.startswith(("feed_", "calendar")):
            scored.append((-score, name, query["title"], query.get("fragment")))
    return [entry[1:] for entry in sorted(scored)[:MOST_QUESTIONS]]


def _patterns(typed):
    """Return a LIKE pattern for each word or quoted phrase; the signs that LIKE reads otherwise stand for themselves."""
    pieces = typed.split('"')
    words = [word for position, piece in enumerate(pieces) for word in ([piece.strip()] if position % 2 else piece.split()) if word]
    return ["%" + re.sub(r"([%_\\])", r"\\\1", simplify(word)) + "%" for word in words[:MOST_EVIDENCE_WORDS]]


def _tokens(text):
    """Return the words of a text as the index cuts them: small letters, no accents, one Chinese character each."""
    plain = "".join(sign for sign in unicodedata.normalize("NFD", fold(text).lower()) if not unicodedata.combining(sign))
    return re.findall(r"[^\W_]+", plain)


def _phrases(match):
    """Return (words, whether the last one may go on) for each phrase of a match expression."""
    return [(_tokens(text), star == "*") for text, star in re.findall(r'"([^"]*)"(\*?)', match)]


def _has(text, phrase):
    """Tell whether the words of a phrase follow one another in a text."""
    words, open_ended = phrase
    there = _tokens(text)
    for start in range(len(there) - len(words) + 1):
        part = there[start : start + len(words)]
        if part[:-1] == words[:-1] and part and (part[-1] == words[-1] or (open_ended and part[-1].startswith(words[-1]))):
            return True
    return False


def _alias(row, names, phrases):
    """Return the name that was meant, with its kind, where it is not one of the row's two labels; else None."""
    missing = [phrase for phrase in phrases if phrase[0] and not _has(row["label"], phrase) and not _has(row["label_zh"], phrase)]
    if not missing:
        return None
    fitting = [name for name in names if any(_has(name["text"], phrase) for phrase in missing)]
    return max(fitting, key=lambda name: sum(_has(name["text"], phrase) for phrase in missing), default=None)


def _detail(what, value):
    """Return a row's detail in words."""
    if what == "posts":
        posts = json.loads(value)
        return "; ".join(posts[:3]) + (f" and {len(posts) - 3} more" if len(posts) > 3 else "")
    if what == "amount":
        comparator, low, high, unit = json.loads(value)
        number = " to ".join(show_number(part) for part in (low, high) if part is not None)
        sign = "" if comparator in ("=", "between", None) else f"{comparator} "
        words = (unit or "").replace("_", " ")
        words = words.removesuffix("s") if low == 1 and high is None else words
        return f"{sign}{number} {words}".strip()
    if what in ("when", "began"):
        shown = show_when(value).label
        return ("began " if what == "began" else "") + shown + (", US Pacific" if ":" in shown else "")
    return value


def _guess(typed, names):
    """Return spellings of known names that are close to what was typed."""
    if len(typed) > LONGEST_GUESSED:
        return []
    known = {}
    for name in names:
        for text in (name, *name.split()):
            if len(text) > 1:
                known.setdefault(simplify(text).lower(), text)
    wanted = " ".join(simplify(typed).replace('"', " ").lower().split())
    guesses = [known[text] for text in difflib.get_close_matches(wanted, known, n=4, cutoff=CLOSENESS)]
    words = wanted.split()
    if len(words) > 1:  # each word on its own, so that one slip in a longer query is found too
        nearest = [difflib.get_close_matches(word, known, n=1, cutoff=CLOSENESS) for word in words]
        corrected = " ".join(known[near[0]] if near else word for near, word in zip(nearest, words, strict=True))
        guesses.append(corrected)
    return [guess for guess in dict.fromkeys(guesses) if guess.lower() != wanted]


async def search_description(request, datasette):
    """Describe the search box to browsers, which may then offer it in their address bar."""
    address = datasette.absolute_url(request, datasette.urls.path(PATH))
    own = datasette.absolute_url(request, datasette.urls.path(DESCRIPTION_PATH))
    icon = datasette.absolute_url(request, datasette.urls.path("/static/icon.svg"))
    body = f"""<?xml version="1.0" encoding="UTF-8"?>
<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">
  <ShortName>OpenAI changes</ShortName>
  <LongName>{html.escape(SITE_NAME)}</LongName>
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
