"""Sentences about people, made of rows: which posts they held and when, how they left, for where, and why by whose word.

Rows go in as dictionaries, parts of sentences come out: a part is a dictionary with `text`, and where there is one the `href` of the row
behind it and `mark`, what keeps it from being plain. What was only planned, said in jest or refuted is the caller's to leave out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from leadership.schema import CERTAINTIES, FOR_A_TIME, MODES
from leadership.titles import left_to_say
from leadership.when import parse_when

from .showing import end_in_words, show_when, start_in_words
from .speaking import N_, code_words, count_of, is_chinese, joined, named, say, speaking_english, vocabulary
from .wording import date_label, lower_first

Row = dict[str, Any]

PRINCIPAL = ("executive", "board")  # posts at OpenAI with which the introduction of a person begins
HIGH_POSTS = (*PRINCIPAL, "founder")
LAST = "9999"  # what no source dates follows what it does
CATEGORIES = ("founder", "executive", "board", "public_office", "safety", "research", "product", "observer", "adviser", "staff")
BEFORE_TITLE = {"acting": "acting", "interim": "interim", "part_time": "part-time", "designate": "designated"}
AFTER_TITLE = {"joint": "jointly", "observer": "as an observer"}
MODE_WORDS = {
    "plan": N_("planned"),
    "prediction": N_("predicted"),
    "allegation": N_("alleged"),
    "opinion": N_("an opinion"),
    "joke": N_("in jest"),
}
CERTAINTY_WORDS = {"unclear_text": N_("the text is unclear")}
STANDINGS = {"single_origin": N_("single origin"), "open": N_("sources disagree, left open")}
LEFT = {
    "resigned": N_("resigned from %(place)s"),
    "removed": N_("was removed from %(place)s"),
    "stepped_down": N_("stepped down at %(place)s"),
    "laid_off": N_("was laid off by %(place)s"),
    "left_board": N_("left %(place)s"),
    "not_renewed": N_("was not renewed at %(place)s"),
    "poached": N_("was hired away from %(place)s"),
    "retired": N_("retired from %(place)s"),
    "dismissal_reported": N_("was, as is reported, dismissed from %(place)s"),
    "leave_of_absence": N_("took leave from %(place)s"),
}
NEXT = {"founded": N_("and founded"), "returned": N_("and returned to"), "stayed": N_("and stayed with"), "adviser": N_("to advise")}
NEXT_UNNAMED = {
    "founded": N_("to found a firm of their own"),
    "independent": N_("to work independently"),
    "academia": N_("for academia"),
    "public_office": N_("for public office"),
    "several": N_("for several places"),
    "returned": N_("and returned"),
    "joined": N_("to join another"),
}
NEXT_TOLD = re.compile(r" \(next(, as planned or said)?: (.*)\)$")
NEXT_PHRASES = (N_(" (next, as planned or said: %(place)s)"), N_(" (next: %(place)s)"))
RETOLD = {
    " becomes ": N_("%(first)s becomes %(last)s"),
    " ceases to be ": N_("%(first)s ceases to be %(last)s"),
    " takes leave from ": N_("%(first)s takes leave from %(last)s"),
    " is removed from ": N_("%(first)s is removed from %(last)s"),
    " leaves ": N_("%(first)s leaves %(last)s"),
    " gives up a post at ": N_("%(first)s gives up a post at %(last)s"),
}
STAYS = {" and returns": N_(" and returns"), " and stays in another role": N_(" and stays in another role")}  # at the same organisation
UNDER_WAY = re.compile(r"( becomes | ceases to be )(.+)")  # of a post in English
OWN_WORD = ("post", "thread", "letter", "testimony")  # kinds of source in which somebody speaks for themselves
MANY_HOLD = ("director", "member", "co-founder", "independent director")
MANY_ARE = ("employee", "researcher", "adviser", "professor", "engineer", "scientist", "expert", "partner", "observer")
COLLECTIVE = ("board", "team", "committee", "fund", "group")  # OpenAI's own parts have the article: “the OpenAI board of directors”
FEED_COLUMNS = (
    "asserted_as",
    "certainty",
    "date_asserted_as",
    "date_certainty",
)  # of the timeline: how surely an entry and its date are told
PLACED_BY = {"order": "the order of the telling", "publication": "the day on which it was told", "": "nothing"}
NO_REASON = frozenset({"not_told"})  # whose word is that none was given comes after those who give one


def doubts(key: str, *names: str) -> str:
    """Return, as columns of a query, in what mode and how surely some properties of a subject are accepted; `key` is its id there."""
    of = f"FROM accepted a WHERE a.subject_id = {key} AND a.property"
    columns = ("asserted_as", "certainty")
    return ", ".join(f"(SELECT MAX(a.{cell}) {of} = '{name}') AS {name.removesuffix('_id')}_{cell}" for name in names for cell in columns)


# What the sentences need of tenures, of exits and of the claims for their reasons; a page adds which, in the place of {}.
TENURES = f"""SELECT t.*, o.label AS post, o.title, o.category, p.label AS person, g.label AS organisation, g.kind AS organisation_kind,
 (g.id = 'openai' OR g.id LIKE 'openai-%' OR COALESCE(g.parent_id, '') = 'openai') AS is_openai, {doubts("t.id", "started", "ended")}
 FROM tenures t JOIN posts o ON o.id = t.post_id JOIN people p ON p.id = t.person_id JOIN organisations g ON g.id = t.organisation_id
 WHERE {{}} AND t.standing <> 'refuted'
 ORDER BY COALESCE(t.possible_from, t.certain_from, t.possible_to, '9999'), t.label LIMIT :most"""
EXITS = f"""SELECT d.*, p.label AS person, g.label AS organisation, g.kind AS organisation_kind, x.label AS destination,
 e.label AS reversed, c.label AS manner_words, {doubts("d.id", "effective", "announced", "manner", "destination_id")} FROM departures d
 LEFT JOIN people p ON p.id = d.person_id JOIN organisations g ON g.id = d.organisation_id
 LEFT JOIN organisations x ON x.id = d.destination_id LEFT JOIN events e ON e.id = d.reversed_by
 LEFT JOIN codes c ON c.list = 'manner' AND c.code = d.manner WHERE {{}} AND d.standing <> 'refuted' AND d.same_as IS NULL
 ORDER BY COALESCE(d.effective_earliest, d.announced_earliest, d.effective_latest, d.announced_latest, '9999'), d.label LIMIT :most"""
REASONS = """SELECT st.subject_id, st.value, st.rank, c.polarity, c.attribution, c.mode AS asserted_as, c.certainty, r.label,
 a.id AS voice_id, a.label AS voice, a.table_name AS voice_table, v.id AS via_id, v.label AS via, v.table_name AS via_table,
 s.id AS source_id, s.label AS source, s.kind AS source_kind, s.derived_from, COALESCE(u.label, s.byline) AS outlet,
 n.id AS origin_id, n.label AS origin, n.table_name AS origin_table
 FROM statements st JOIN claims c ON c.statement_id = st.id JOIN sources s ON s.id = c.source_id
 JOIN subjects n ON n.id = c.origin_id JOIN codes r ON r.list = 'departure_reason' AND r.code = st.value
 LEFT JOIN organisations u ON u.id = s.publisher_id LEFT JOIN subjects a ON a.id = c.attributed_to_id
 LEFT JOIN subjects v ON v.id = c.via_source
 WHERE st.property = 'reason' AND st.subject_id IN (SELECT value FROM json_each(:ids))
 ORDER BY st.rank <> 'preferred', st.origin_count DESC, st.value, c.id LIMIT :most"""


def doubt_of(row: Row, prefix: str = "") -> str:
    """Return in words what keeps a value from being a certain fact, "" if nothing; `prefix` begins the names of its two columns."""
    return joined(_doubts(row, prefix))


def _doubts(row: Row, prefix: str = "") -> list[str]:
    mode, certainty = row.get(f"{prefix}asserted_as"), row.get(f"{prefix}certainty")
    words = [_word(MODE_WORDS, mode)] if mode not in (None, MODES[0]) else []
    return [*words, _word(CERTAINTY_WORDS, certainty)] if certainty not in (None, CERTAINTIES[0]) else words


def _word(table: Mapping[str, str], code: Any) -> str:
    """Return a code in words: those of the table, or the label that Chinese has for it."""
    codes = vocabulary().codes
    return codes[code] if is_chinese() and code in codes and code not in CERTAINTY_WORDS else say(table.get(code, code))


def mark_of(row: Row) -> str:
    """Return what keeps a row from being plain: planned, possible, of a single origin, left open; "" if nothing."""
    return joined(word for word in (doubt_of(row), say(STANDINGS.get(row["standing"] or "", ""))) if word)


def standing_words(standing: str, origins: int | None = None) -> str:
    """Say how well a row stands, and how many independent origins tell of it: “agreed · 5 origins”.

    Of a single origin it is said that one alone tells it as surely as it stands, and how many more tell less of it.
    """
    if not origins or (standing == "single_origin" and origins == 1):
        return code_words(standing)
    if standing == "single_origin":
        return say("one origin fully, %(n)s more in part", n=origins - 1)
    return f"{code_words(standing)} · {count_of(origins, 'origin')}"


def date_doubt_of(entry: Row) -> str:
    """Return what keeps the date of an entry of the timeline from being as sure as the entry itself, "" if nothing."""
    told = _doubts(entry)
    return joined(word for word in _doubts(entry, "date_") if word not in told)


def feed_mark(*entry: Any) -> str:
    """Return what stands before a title in feeds and the calendar, where it may stand alone: what keeps entry and date from being plain.

    The values are those of the columns FEED_COLUMNS.
    """
    row = dict(zip(FEED_COLUMNS, entry, strict=True))
    with speaking_english():
        date = date_doubt_of(row)
        words = "; ".join(filter(None, (doubt_of(row), date and f"date {date}")))
    return f"[{words}] " if words else ""


def feed_text(what: str, when: str | None, dated: str | None, standing: str, origins: int, *entry: Any) -> str:
    """Return the text of an entry in feeds and the calendar: what happened, when, how well it stands, and what is not plain of it.

    The values behind these five are those of the columns FEED_COLUMNS.
    """
    row = dict(zip(FEED_COLUMNS, entry, strict=True))
    with speaking_english():
        date = date_doubt_of(row)
        zone = show_when(when).doubt if when and "/" not in when else ""
        aside = "; ".join(filter(None, (zone, date and f"date {date}")))
        told = (date_label(when) if when else f"not dated, placed by {PLACED_BY[dated or '']}") + (f" ({aside})" if aside else "")
        doubt = doubt_of(row)
        backing = standing_words(standing, origins)
    return f"{what.rstrip('.')}. When: {told}. Standing: {backing}{f'; only told as {doubt}' if doubt else ''}."


def held_when(tenure: Row) -> str:
    """Say from when to when a post was held, "" if no source dates it; a date that is less than certain has that beside it."""
    parts = []
    started, ended = tenure["started"], tenure["ended"]
    if is_chinese():
        if started:
            parts.append(doubted(say("begun %(day)s", day=start_in_words(started)), doubt_of(tenure, "started_")))
        if ended:
            parts.append(doubted(say("ended %(day)s", day=end_in_words(ended)), doubt_of(tenure, "ended_")))
        return "，".join(parts)
    if started:
        goes_on = (
            tenure["end_state"] == "ongoing" and "end_state" not in (tenure["unsure"] or "") and not ended and not tenure["possible_to"]
        )
        parts.append(doubted(f"{'since' if goes_on else 'from'} {_clocked(start_in_words(started))}", doubt_of(tenure, "started_")))
    if ended:
        parts.append(doubted(f"{'to' if parts else 'until'} {_clocked(end_in_words(ended))}", doubt_of(tenure, "ended_")))
    return " ".join(parts)


def shown_when(tenure: Row) -> str:
    """Say on which days a source shows somebody in the post, the first and the last of them; "" if none does."""
    days = sorted(json.loads(tenure["held_on"] or "[]"), key=lambda day: parse_when(day).earliest or "")
    if not days:
        return ""
    first, last = date_label(days[0]), date_label(days[-1])
    if first == last:
        return say("shown in the post %(day)s", day=first)
    return say("shown in the post %(first)s and %(last)s", first=first, last=last)


def last_shown(tenure: Row) -> str:
    """Say when a source shows the holder last, "" if none does."""
    days = sorted(json.loads(tenure["held_on"] or "[]"), key=lambda day: parse_when(day).latest or "")
    return date_label(days[-1]) if days else ""


def post_words(tenure: Row) -> str:
    """Say which post a tenure is about: “interim chief executive officer of OpenAI”."""
    if is_chinese():
        unusual = tenure["capacity"] in (*BEFORE_TITLE, *AFTER_TITLE) and "capacity" not in (tenure["unsure"] or "")
        return named(tenure["post"]) + (f"（{code_words(tenure['capacity'])}）" if unusual else "")
    title, organisation = lower_first(tenure["title"]), tenure["organisation"]
    capacity = tenure["capacity"] if "capacity" not in (tenure["unsure"] or "") else None
    if capacity in BEFORE_TITLE and BEFORE_TITLE[capacity] not in title:
        title = f"{BEFORE_TITLE[capacity]} {title}"
    if left_to_say(tenure["title"], organisation) == organisation and "OpenAI" not in tenure["title"]:
        kind = tenure["organisation_kind"]
        if kind == "board" and "board" in title:
            return f"{title} of {organisation.removesuffix(' board of directors')}"
        article = "the " if kind in COLLECTIVE and organisation.startswith("OpenAI ") else ""
        title += f" {'on' if kind == 'board' else 'of'} {article}{organisation}"
    title = f"{_article(title)}{title}"
    return f"{title} ({AFTER_TITLE[capacity]})" if capacity in AFTER_TITLE else title


def _article(title: str) -> str:
    """Return the article of a post that several hold at once, “an ” before “employee of …”; a post of one holder has none."""
    head = re.split(r" (?:of|on|in|at|for) |,", title)[0]
    is_one_of_many = head in MANY_HOLD or (head.split()[-1] in MANY_ARE and "chief" not in head.split())
    return "" if not is_one_of_many else "an " if head[0] in "aeiou" else "a "


def capacity_of(tenure: Row) -> str | None:
    """Return how a post is held where that is not as usual: acting, interim, jointly."""
    plain = tenure["capacity"] in (None, "permanent", "founding") or "capacity" in (tenure["unsure"] or "")
    return None if plain else str(tenure["capacity"])


def with_capacity(person: str, capacity: str | None) -> str:
    """Return the name of a holder, and behind it that the post is held for a time only, where it is: “Emmett Shear (interim)”."""
    return named(person) + (say(" (%(what)s)", what=code_words(capacity, "capacity")) if capacity in FOR_A_TIME else "")


def post_part(tenure: Row) -> Row:
    """Return a tenure as a part of a sentence, with when it was held, or when a source shows it."""
    when = held_when(tenure)
    if not when:
        shown = shown_when(tenure)
        when = f"({shown})" if shown else ""
        when = f"（{shown}）" if shown and is_chinese() else when
    elif is_chinese():
        last = last_shown(tenure) if tenure["end_state"] == "ongoing" and not tenure["ended"] else ""
        when = f"（{when}；最近一次见于{last}）" if last else f"（{when}）"
    elif tenure["end_state"] == "ongoing" and not tenure["ended"] and last_shown(tenure):
        when = f"{when} (last shown {last_shown(tenure)})".replace(") (", "; ")
    return {"text": post_words(tenure), "after": when, "table": "tenures", "id": tenure["id"], "mark": mark_of(tenure)}


def is_principal(tenure: Any) -> bool:
    """Tell whether a post is one of OpenAI's executives, or on one of its boards; those of its funds are not."""
    return bool(tenure["is_openai"] and tenure["organisation_kind"] != "fund" and tenure["category"] in PRINCIPAL)


def choose(tenures: Any, most: Any) -> list[Any]:
    """Return the parts of a sentence for the posts that say most of a person, by kind of post, then by origins."""

    def weight(tenure: Any) -> tuple[Any, ...]:
        category = CATEGORIES.index(tenure["category"]) if tenure["category"] in CATEGORIES else len(CATEGORIES)
        return (
            not is_principal(tenure),
            tenure["category"] not in HIGH_POSTS,
            tenure["standing"] == "single_origin",
            category,
            -tenure["origin_count"],
        )

    def begun(tenure: Any) -> tuple[bool, str]:
        return not is_principal(tenure), tenure["possible_from"] or tenure["certain_from"] or LAST

    ranked = sorted(tenures, key=weight)
    return [post_part(tenure) for tenure in sorted(ranked[:most], key=begun)]


def left_part(departure: Row) -> Row:
    """Return an exit or leave as a part of a sentence: how, from where, when; where to stands in `next_part`."""
    unsure = json.loads(departure["unsure"] or "[]")
    manner = departure["manner"] if "manner" not in unsure else None
    verb = LEFT.get(manner or "", N_("left %(place)s"))
    if "manner" in unsure and departure["manner"] == "leave_of_absence":  # a leave is no exit, however it is told
        verb = N_("was to take leave from %(place)s") if departure.get("manner_asserted_as") == "plan" else LEFT["leave_of_absence"]
    days = [(name, departure[name], doubt_of(departure, f"{name}_")) for name in ("effective", "announced") if departure[name]]
    # An exit is told by a day that is certain, where there is one; one that was only planned or possible has that beside it.
    days.sort(key=lambda day: bool(day[2]))
    semicolon = "；" if is_chinese() else "; "
    words = [
        (say("announced %(day)s", day=date_label(date)) if name == "announced" else date_label(date))
        + (f"{semicolon}{doubt}" if doubt else "")
        for name, date, doubt in days[:1]
    ]
    words += [
        say("to take effect %(day)s, %(doubt)s", day=date_label(date), doubt=doubt) for name, date, doubt in days[1:] if name == "effective"
    ]
    when = semicolon.join(words)
    return {
        "text": say(verb, place=_the(departure)),
        "after": say("(%(when)s)", when=when) if when else say("(undated)"),
        "table": "departures",
        "id": departure["id"],
        "mark": mark_of(departure),
    }


def next_part(departure: Row) -> Row | None:
    """Return where someone went as a part of a sentence; None where no source says it."""
    kind = departure["destination_kind"]
    if kind == "returned" and departure["reversed_by"]:  # the event that reversed the exit tells it
        return None
    unsure = json.loads(departure["unsure"] or "[]")
    doubt = doubt_of(departure, "destination_") or (say("planned or said") if {"destination_id", "destination_kind"} & set(unsure) else "")
    if departure["destination_id"]:
        word = NEXT.get(kind or "", "")
        return {
            "before": say(word or N_("for")),
            "said": say(word),
            "text": departure["destination"],
            "organisation": departure["destination_id"],
            "mark": doubt,
        }
    if kind not in NEXT_UNNAMED:
        return None
    return {"before": say(NEXT_UNNAMED[kind]), "said": say(NEXT_UNNAMED[kind]), "text": "", "organisation": None, "mark": doubt}


def retell(what: str) -> str:
    """Return what the timeline tells of a tenure or an exit in the language that is spoken, with the names of that language."""
    if not is_chinese():
        return UNDER_WAY.sub(lambda found: found[1] + _in_midst(found[2]), what)
    told, place = NEXT_TOLD.search(what), ""
    if told:
        what = what[: told.start()]
        place = say(NEXT_PHRASES[0] if told[1] else NEXT_PHRASES[1], place=told[2])
    for ending, phrase in STAYS.items():
        if what.endswith(ending):
            what, place = what.removesuffix(ending), say(phrase)
    for between, phrase in RETOLD.items():
        first, found, last = what.partition(between)
        if found:
            return say(phrase, first=first, last=last) + place
    return named(what) + place


def _in_midst(post: str) -> str:
    """Return a post for the midst of a sentence; one that begins with the name of its organisation keeps that as it is."""
    first, _, rest = post.partition(" ")
    return post if first in rest.rpartition(", ")[2].split() else lower_first(post)


def reasons(claims: Iterable[Row], person_id: str | None) -> list[Row]:
    """Return the reasons given for an exit by whose word: the person's own first, then others by how many reasons they give.

    Each has `voice`, `is_own`, `given` and `denied`, lists of parts; a reason that is only alleged, an opinion, or not accepted is marked.
    """
    voices: dict[str, Row] = {}
    for claim in claims:
        name, table, row_id = _voice(claim)
        is_own = row_id is not None and row_id == person_id
        voice = voices.setdefault(name, {"voice": name, "table": table, "id": row_id, "is_own": is_own, "given": {}, "denied": {}})
        doubt = doubt_of(claim)
        if claim["rank"] == "deprecated" and claim["polarity"] == "affirms":
            doubt = ", ".join(word for word in (doubt, say("not accepted")) if word)
        heard = voice["given" if claim["polarity"] == "affirms" else "denied"]
        known = heard.get(claim["value"])
        if known is None or (known["mark"] and not doubt):
            heard[claim["value"]] = {"text": lower_first(claim["label"]), "mark": doubt}
    found = sorted(
        voices.values(), key=lambda v: (not v["is_own"], not v["denied"] and set(v["given"]) <= NO_REASON, -len(v["given"]), v["voice"])
    )
    return [voice | {"given": list(voice["given"].values()), "denied": list(voice["denied"].values())} for voice in found]


def _voice(claim: Row) -> tuple[str, str, str | None]:
    """Return whose word a claim is: name, table and id; people who are not named, and media that are not, have no id."""
    if claim["attribution"] == "named" and claim["voice_id"]:
        return claim["voice"], claim["voice_table"], claim["voice_id"]
    if claim["attribution"] == "other_media" and claim["via_id"]:
        return claim["via"], claim["via_table"], claim["via_id"]
    if claim["attribution"] == "unnamed":
        return say("people not named"), "", None
    if claim["attribution"] == "other_media":
        return say("other media"), "", None
    # A post of one's own is one's own word, not that of the network; whom an article draws on, it does not speak for.
    if claim["source_kind"] in OWN_WORD and not claim["derived_from"] and claim["origin_table"] != "sources":
        return claim["origin"], claim["origin_table"], claim["origin_id"]
    return claim["outlet"] or f"“{named(claim['source'])}”", "sources", claim["source_id"]


def _clocked(label: str) -> str:
    """Return the words for a date, with the zone of the clock where they tell one."""
    return say("%(moment)s US Pacific", moment=label) if ":" in label else label


def doubted(text: str, doubt: str) -> str:
    """Return words with the doubt about them behind, in brackets, if there is one."""
    if is_chinese():
        return f"{text}（{doubt}）" if doubt else text
    return f"{text} ({doubt})" if doubt else text


def _the(departure: Row) -> str:
    organisation = departure["organisation"]
    if is_chinese():
        return named(organisation)
    is_part = departure["organisation_kind"] in COLLECTIVE and organisation.startswith("OpenAI ")
    return f"the {organisation}" if is_part else str(organisation)
