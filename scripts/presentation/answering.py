"""The answer to a ready-made question in one sentence, made of its rows alone.

In: the name of the question, its rows as dictionaries, the parameters as asked. Out: plain text, "" where the rows speak for themselves.
What is only possible, planned or denied is said to be so; numbers are counts of the very rows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from leadership.amounts import show_number

from .amount_words import short_amount
from .headings import in_cell
from .moments import read_moment
from .showing import in_words, local_time, say_month, say_year, start_in_words
from .speaking import N_, code_words, is_chinese, joined, joined_last, named, say
from .speaking import count_of as count
from .telling import doubt_of, with_capacity

Row = Mapping[str, Any]
Asked = Mapping[str, str]
Answer = Callable[[Sequence[Row], Asked], str]
# What is said of a parameter that is not understood, by the reason.
UNREAD = {
    "no_day": N_(
        "%(field)s: “%(given)s” is not understood. Write a day as 20 November 2023, 2023-11-20, 20231120, 20.11.2023, 2023年11月20日 "
        "or today, and an hour as 2023-11-20 12:00 PST."
    ),
    "either_day": N_(
        "%(field)s: “%(given)s” may be either of two days, for which number is the month differs from country to country. "
        "Write the month as a word, or the year first: 2023-11-20."
    ),
    "no_name": N_("%(field)s: nothing here is called “%(given)s”. Write it as in the hint, or pick one of the list."),
}
MOST_REPEATED = 60  # characters of what was asked
CERTAINLY, GOES_ON, END_NOT_TOLD = "certainly", N_("in post when last shown"), N_("last shown earlier, end not told")
BEGINNING_NOT_TOLD, UNDATED = N_("beginning not told"), N_("no source dates it")
BEIJING_MIDNIGHT = (8, 9)  # what hour it is in California then, in winter and in summer
MOST_NAMED = 12  # names in one sentence
MOST_FOLLOWED = 2  # posts in which the answer says who came next
NOBODY_SAYS = N_("no source says who held it then")
BEGINNINGS = {
    "from ": N_("begun %(day)s"),
    "first shown in post ": N_("first shown in post %(day)s"),
    "its beginning is not dated": N_("its beginning is not dated"),
}
ENDINGS = {
    ", to ": N_("ended %(day)s"),
    ", over by ": N_("over by %(day)s"),
    "; in post when last shown, ": N_("in post when last shown, %(shown)s; no source tells an end"),
    ", last shown ": N_("last shown %(shown)s"),
    ", its end is not dated": N_("its end is not dated"),
}
SPELL = re.compile(
    rf"(?P<who>[^:;]+): (?P<begun>{'|'.join(BEGINNINGS)})(?P<since>.*?)(?P<ended>{'|'.join(ENDINGS)})(?P<until>.*?)"
    r"(?:; no source tells an end)? \((?P<standing>[a-z ]+)\)(?:; |$)"
)
MONTH_OR_YEAR = re.compile(r"\d{4}(?:-\d\d)?")
ON_NO_DAY = N_("on no day")
EXIT_TOLD = re.compile(
    rf"last shown (?P<shown>.+)|(?P<none>{N_('no exit or leave told')})|(?P<day>.+?): (?P<manner>[a-z ]+)"
    rf"(?P<after>{N_(', and returned')}|{N_(', taken back')})?"
)
QUARTER = re.compile(r"(\d{4}) Q([1-4])")
CLOCK = re.compile(r"(?<=日) \d\d:\d\d")


def answer(question: str, rows: Sequence[Row], asked: Asked) -> str:
    """Return the answer in words."""
    if not rows:
        return say("Nothing in the record answers this: see whether a name or a day is written as in the hints.")
    return ANSWERS[question](rows, asked) if question in ANSWERS else ""


def explain_nothing(unread: Mapping[str, str], asked: Asked, labels: Mapping[str, str]) -> str:
    """Say why a question has no rows: which of its parameters is not understood (`unread`, with the reason), or that all of them are.

    `labels` says what the field of each parameter is called.
    """
    if not unread:
        return say("What was asked is understood, and nothing in the record answers it.")
    told = (say(UNREAD[why], given=asked[name][:MOST_REPEATED], field=labels.get(name) or name) for name, why in unread.items())
    return " ".join(told)


def listed(names: Iterable[str], most: int = MOST_NAMED) -> str:
    """Return names joined by commas and an "and"; of many the first and how many more."""
    unique = [named(name) for name in dict.fromkeys(name for name in names if name)]
    if len(unique) > most:
        return say("%(first)s and %(n)s more", first=joined(unique[:most]), n=len(unique) - most)
    return joined_last(unique)


def tally(values: Iterable[object], most: int = 6) -> str:
    """Return how often each value stands, the most frequent first."""
    counted = Counter(say("not stated") if value is None else _in_words(str(value)) for value in values)
    brackets = "%s（%s）" if is_chinese() else "%s (%s)"
    return listed((brackets % (value, f"{number:,}") for value, number in counted.most_common()), most)


def _in_words(text: str) -> str:
    return (is_chinese() and in_cell(text, "kind")) or named(code_words(say(text)))


def day(text: object) -> str:
    """Return a date, a quarter or a moment in words."""
    if is_chinese() and (found := QUARTER.fullmatch(str(text))):
        return f"{found[1]}年第{found[2]}季度"
    return (
        in_words(text).removesuffix(", 00:00").removesuffix(" 00:00")
        if isinstance(text, str) and text[:4].isdecimal() and not text[4:].isdecimal()
        else str(text)
    )


def span(rows: Sequence[Row], asked: Asked) -> str:
    """Return the time for which a question was asked, as it was understood, US Pacific."""
    moment = read_moment(asked.get("moment") or asked.get("day") or "")
    if moment and MONTH_OR_YEAR.fullmatch(moment.text):  # who held it on its first day need not be who held it on its last
        return say("At some time in %(month)s", month=in_words(moment.text))
    since, until = rows[0]["asked_from"], rows[0]["asked_to"]
    begins, ends = local_time(since), local_time(until)
    assert begins
    assert ends
    next_day = begins + timedelta(days=1)
    if begins.hour in BEIJING_MIDNIGHT and next_day.day == 1 and ends.day == 1:
        begins = next_day.replace(hour=0)  # months and years have no zone: they begin where they begin first
    if since == until or begins.hour or begins.minute or ends.hour or ends.minute:
        if since != until and (since[11:] == until[11:] or since[:10] != until[:10]):
            return say("From %(first)s to %(last)s", first=in_words(since), last=in_words(until))
        return say("On %(day)s", day=in_words(since))
    last = ends - timedelta(days=1)
    if begins.day == ends.day == 1:
        first, final = say_month(begins.year, begins.month), say_month(last.year, last.month)
        if begins.month == ends.month == 1:
            first, final = say_year(begins.year), say_year(last.year)
        return say("In %(day)s", day=first) if first == final else say("From %(first)s to %(last)s", first=first, last=final)
    first, final = (in_words(f"{moment:%Y-%m-%d}") for moment in (begins, last))
    return say("On %(day)s", day=first) if first == final else say("From %(first)s to %(last)s", first=first, last=final)


def most(rows: Iterable[Row], label: str, number: str, first: int = 3) -> str:
    """Return the labels with the highest sums."""
    summed: Counter[str] = Counter()
    for row in rows:
        summed[day(row[label])] += row[number] or 0
    brackets = "%s（%s）" if is_chinese() else "%s (%s)"
    return listed(brackets % (named(say(name)), show_number(total)) for name, total in summed.most_common(first))


def _holders(rows: Sequence[Row]) -> str:
    """Say for one post who held it: certainly, when last shown, or only possibly."""
    certainly, last, possibly = (rows[0].get(name) for name in ("certainly", "in_post_when_last_shown", "possibly"))
    shown = re.search(r"; in post when last shown, ([^;]*); no source tells an end", rows[0].get("why") or "")
    alone = not (certainly or possibly) and last and "; " not in last
    said = [_people(certainly)] if certainly else []
    if last and alone and shown:
        day = CLOCK.sub("", shown[1])
        said.append(say("%(who)s, in post when last shown, %(day)s; no source tells an end", who=_people(last), day=day))
    elif last:
        said.append(say("in post when last shown %(who)s", who=_people(last)))
    if possibly:
        who = _people(possibly, ", " if certainly else " or ")
        said.append(say("possibly also %(who)s", who=who) if certainly or last else say("possibly %(who)s", who=who))
    if not said:
        return say("no source says")
    return say("; ").join(said) + (say("; the sources leave it open") if possibly and "; " in possibly and not certainly else "")


def retell_spells(text: str) -> str:
    """Return what a question says of spells, as its SQL puts it (`Sam Altman: from …, to … (settled)`), in words of the spoken language."""
    if not is_chinese():
        return text
    if text == NOBODY_SAYS:
        return say(NOBODY_SAYS)
    told, end = [], 0
    for found in SPELL.finditer(text):
        if found.start() != end:
            return text
        begins, ends = BEGINNINGS[found["begun"]], ENDINGS[found["ended"]]
        until = found["until"] if found["ended"] == ", to " else CLOCK.sub("", found["until"])  # the last minute of the day that shows it
        begun, ended = say(begins, day=found["since"]), say(ends, day=until, shown=until)
        told.append(f"{named(found['who'])}：{begun}，{ended}（{code_words(found['standing'].replace(' ', '_'))}）")
        end = found.end()
    return "；".join(told) if end == len(text) and told else text


def retell_exits(text: str) -> str:
    """Return what a question says of a founder's exits (`last shown …; 17 November 2023: resigned, taken back`) in the spoken language."""
    if not is_chinese():
        return text
    told = []
    for part in text.split("; "):
        found = EXIT_TOLD.fullmatch(part)
        if not found:
            return text
        if found["shown"]:
            told.append(say("last shown %(shown)s", shown=found["shown"]) if found["shown"] != ON_NO_DAY else say(ON_NO_DAY))
        elif found["none"]:
            told.append(say(found["none"]))
        else:
            manner = say("left") if found["manner"] == "left" else code_words(found["manner"].replace(" ", "_"), "manner")
            told.append(f"{say(found['day'])}{say(': ')}{manner}{say(found['after'] or '')}")
    return say("; ").join(told)


def who_led(rows: Sequence[Row], asked: Asked) -> str:
    if len(rows) > 1:
        chairs = [row for row in rows if row["post_id"].endswith(("board-chair", "board-co-chair"))]
        held = [row for row in chairs if row["certainly"] or row["in_post_when_last_shown"] or row["possibly"]]
        own = [row for row in chairs if row["post_id"] == "openai-board-chair"]
        rows = [row for row in rows if row["post_id"] == "openai-ceo"] + (held or own) or rows[:2]
    return f"{span(rows, asked)}{say(': ')}" + say("; ").join(f"{named(row['post'])} – {_holders([row])}" for row in rows[:3]) + say(".")


def who_held_post(rows: Sequence[Row], asked: Asked) -> str:
    posts = list(dict.fromkeys(row["post"] for row in rows))
    sure = [row for row in rows if row["held"] == "certainly"]
    elsewhere = len(posts) > 1 and not any("OpenAI" in post for post in posts)
    nobody_here = say("At OpenAI no source shows such a post held then.") if elsewhere and asked.get("post") else ""
    nobody_here = nobody_here and ("" if is_chinese() else " ") + nobody_here
    if len(posts) > 2:
        last = {row["post"] for row in rows if row["basis"] == GOES_ON} - {row["post"] for row in sure}
        unsure = len({row["post"] for row in rows} - {row["post"] for row in sure} - last)
        return (
            say(
                "%(span)s sources show %(count)s in %(count2)s; for %(count3)s they last showed a holder and tell no end; "
                "for %(count4)s they leave it open.",
                span=span(rows, asked),
                count=count(len({row["person"] for row in sure}), "person", "people"),
                count2=count(len({row["post"] for row in sure}), "post"),
                count3=count(len(last), "further post"),
                count4=count(unsure, "post"),
            )
            + nobody_here
        )
    said = []
    for post in posts:
        here = [row for row in rows if row["post"] == post]
        said.append(f"{named(post)} – {_by_surety(here, _named)}")
    return f"{span(rows, asked)}{say(': ')}" + say(". ").join(said) + say(".") + nobody_here


def _people(text: str, between: str = ", ") -> str:
    """Return the people of a list as the rows have it, each by the name that is spoken."""
    return say(between).join(named(name) for name in dict.fromkeys(text.split("; ")))


def _by_surety(rows: Sequence[Row], name: Callable[[Row], str]) -> str:
    """Return holders by how sure it is that they held it, each once, in the words of the page "who led when"."""
    said: dict[str, list[str]] = {}
    for word in (CERTAINLY, GOES_ON, "possibly", END_NOT_TOLD, UNDATED):
        named = sorted({name(row) for row in rows if _surety(row) == word})
        said[word] = [one for one in named if not any(one in earlier for earlier in said.values())]
    told = {
        word: listed(names)
        if word == CERTAINLY
        else say("possibly %(listed)s", listed=listed(names))
        if word == "possibly"
        else f"{say(word)}{say(': ')}{listed(names)}"
        for word, names in said.items()
        if names
    }
    return say("; ").join(told.values())


def _surety(row: Row) -> str:
    """Return under which word a holder stands."""
    if row["held"] == CERTAINLY:
        return CERTAINLY
    return row["basis"] if row["basis"] in (GOES_ON, END_NOT_TOLD, UNDATED) else "possibly"


def _person(row: Row) -> str:
    return str(row["person"])


def _named(row: Row) -> str:
    return with_capacity(row["person"], row["capacity"])


def succession(rows: Sequence[Row], asked: Asked) -> str:
    first = [row for row in rows if row["post"] == rows[0]["post"] and row["organisation"] == rows[0]["organisation"]]
    names = [_named(row) for row in first[:MOST_NAMED]]
    rest = say(", and %(n)s more", n=len(first) - MOST_NAMED) if len(first) > MOST_NAMED else ""
    return say(
        "%(post)s, %(organisation)s: %(names)s%(rest)s, in order of when each is known to have begun.",
        post=first[0]["post"],
        organisation=first[0]["organisation"],
        names=say(", then ").join(names),
        rest=rest,
    )


def who_followed(rows: Sequence[Row], asked: Asked) -> str:
    """Say who came next in each post; of those who hold it still when last shown, and where no source tells it, no more than that."""
    person = rows[0]["person"]
    if rows[0]["post"] is None:
        return say("The record tells of nobody who came after %(person)s in a post that one person at a time holds.", person=person)
    posts: dict[str, list[Row]] = {}
    for row in rows:
        posts.setdefault(row["post"], []).append(row)
    own = {post: here for post, here in posts.items() if "OpenAI" in post} or posts
    said = [f"{named(post)} – {_next_in(here)}" for post, here in own.items() if any(row["successor"] for row in here)]
    still = [
        post
        for post, here in own.items()
        if any(not row["successor"] and row["ended"] is None and row["end_state"] == "ongoing" for row in here)
    ]
    untold = [post for post, here in own.items() if post not in still and not any(row["successor"] for row in here)]
    further = max(len(said) + len(untold) - MOST_FOLLOWED, 0)
    said, untold = said[:MOST_FOLLOWED], untold[: max(MOST_FOLLOWED - len(said), 0)]
    told = [say("After %(person)s: %(said)s.", person=person, said=say(". ").join(said))] if said else []
    for phrase, without in (
        (N_("No source tells who came after %(person)s as %(posts)s."), untold),
        (N_("%(person)s was in post when last shown, and no source tells an end: %(posts)s."), still),
    ):
        told += [say(phrase, person=person, posts=say("; ").join(map(named, without)))] if without else []
    told += [say("The rows have %(count)s.", count=count(further, "further post"))] if further else []
    return ("" if is_chinese() else " ").join(told)


def _next_in(rows: Sequence[Row]) -> str:
    """Return who came next in one post, each as surely as it is told, with when."""
    said: dict[str, list[str]] = {}
    for row in rows:
        if row["successor"]:
            said.setdefault(row["held"], []).append(_since_when(row))
    sure = say("; ").join(said.pop(CERTAINLY, []))
    words = {"possibly": N_("possibly %(who)s"), "planned": N_("planned: %(who)s")}
    return say("; ").join(filter(None, (sure, *(say(words[held], who=say(" or ").join(names)) for held, names in said.items()))))


def _since_when(row: Row) -> str:
    """Return a successor with the beginning, or with when a source first shows them in the post."""
    who, doubt = with_capacity(row["successor"], row["capacity"]), doubt_of(dict(row), "date_")
    if row["started"]:
        who += say(", begun %(day)s", day=start_in_words(row["started"]))
        return who + (say(" (%(what)s)", what=doubt) if doubt else "")
    return who + (say(", first shown in post %(day)s", day=in_words(row["first_shown"])) if row["first_shown"] else "")


def board_on_day(rows: Sequence[Row], asked: Asked) -> str:
    said = []
    for board in dict.fromkeys(row["board"] for row in rows):
        here = [row for row in rows if row["board"] == board]
        members, observers = ([row for row in here if row["seat"] == seat] for seat in ("member", "observer"))
        watching = say("observing: %(who)s", who=_by_surety(observers, _person)) if observers else ""
        said.append(f"{named(board)} – {say('; ').join(filter(None, (_by_surety(members, _person), watching)))}")
    return f"{span(rows, asked)}{say(': ')}{say('. ').join(said)}{say('.')}"


def board_before_and_after(rows: Sequence[Row], asked: Asked) -> str:
    moments = sorted({row["moment"] for row in rows})
    return say(
        "Sources show %(count)s at which a board changed or a member is seen on it, from %(day)s to %(day2)s.",
        count=count(len(moments), "moment"),
        day=day(moments[0]),
        day2=day(moments[-1]),
    )


def exits_by_month(rows: Sequence[Row], asked: Asked) -> str:
    total = sum(row["exits"] for row in rows)
    first, last = day(rows[0]["month"]), day(rows[-1]["month"])
    return say(
        "%(total)s exits and leaves from %(first)s to %(last)s; most in %(most)s.",
        total=f"{total:,}",
        first=first,
        last=last,
        most=most(rows, "month", "exits"),
    )


def exits_by_quarter(rows: Sequence[Row], asked: Asked) -> str:
    total = sum(row["exits"] for row in rows)
    return say(
        "%(count)s from %(quarter)s to %(quarter2)s; most in %(most)s.",
        count=count(total, "exit"),
        quarter=day(rows[0]["quarter"]),
        quarter2=day(rows[-1]["quarter"]),
        most=most(rows, "quarter", "exits"),
    )


def destinations(rows: Sequence[Row], asked: Asked) -> str:
    total = sum(row["exits"] for row in rows)
    unsaid = sum(row["exits"] for row in rows if row["destination"] == "not stated")
    unnamed = ("not stated", "no firm named")
    named = [row for row in rows if row["destination"] not in unnamed and not row["destination"].startswith("only planned")]
    top = most(named, "destination", "exits", 4)
    return say(
        "For %(unsaid)s of %(count)s no source says where to; of the others most went to %(top)s.",
        unsaid=f"{unsaid:,}",
        count=count(total, "exit"),
        top=top,
    )


def reasons_given(rows: Sequence[Row], asked: Asked) -> str:
    given = [row for row in rows if row["put_forward_as"] != "denied"]
    denied = sum(row["claims"] for row in rows if row["put_forward_as"] == "denied")
    return say(
        "Most often given: %(most)s – each by the voice in the table, not by us; %(count)s %(value)s a reason.",
        most=most(given, "reason", "claims"),
        count=count(denied, "claim"),
        value=say("denies") if denied == 1 else say("deny"),
    )


def known_on_day(rows: Sequence[Row], asked: Asked) -> str:
    return say("By %(day)s sources had published what stands here, the latest first.", day=day(asked.get("day") or "2023-11-30"))


def where_sources_disagree(rows: Sequence[Row], asked: Asked) -> str:
    return say(
        "Of %(count)s on which sources differ: %(tally)s.", count=count(len(rows), "point"), tally=tally(row["settled"] for row in rows)
    )


def evidence_for(rows: Sequence[Row], asked: Asked) -> str:
    against = sum(row["polarity"] == "denies" for row in rows)
    return say(
        "%(subject)s: %(count)s for and %(against)s against, from %(count2)s.",
        subject=rows[0]["subject"],
        count=count(len(rows) - against, "claim"),
        against=f"{against:,}",
        count2=count(len({row["source_id"] for row in rows}), "source"),
    )


def cite_row(rows: Sequence[Row], asked: Asked) -> str:
    return say(
        "The citation of “%(label)s” stands at %(citation)s; its page has the same, ready to copy.",
        label=rows[0]["label"],
        citation=rows[0]["citation"],
    )


def from_and_to(rows: Sequence[Row], asked: Asked) -> str:
    facts = [row for row in rows if row["asserted_as"] == "fact"]
    rest = len(rows) - len(facts)
    further = say("; %(count)s only planned or said", count=count(rest, "further row")) if rest else ""
    return say("Told as facts: %(tally)s%(further)s.", tally=tally(row["what"] for row in facts), further=further)


def about_person(rows: Sequence[Row], asked: Asked) -> str:
    return say("What the record has: %(tally)s.", tally=tally(row["what"] for row in rows))


def november_2023(rows: Sequence[Row], asked: Asked) -> str:
    single = sum(row["origin_count"] == 1 for row in rows)
    grounds = tally(row["dated"] for row in rows)
    return say(
        "%(count)s; their time rests on: %(grounds)s; %(single)s rest on a single origin.",
        count=count(len(rows), "step"),
        grounds=grounds,
        single=f"{single:,}",
    )


def undated_november_2023(rows: Sequence[Row], asked: Asked) -> str:
    return say("%(count)s of the board crisis: no source gives a day or a clock for any of them.", count=count(len(rows), "event"))


def signatures(rows: Sequence[Row], asked: Asked) -> str:
    people = [row for row in rows if row["what"] == "people" and row["rank"] == "preferred" and not row["as_given"].startswith("<")]
    if not people:
        return ""
    top = max(people, key=lambda row: row["number"])
    return say(
        "%(n)s counts and shares, in order of publication; the highest accepted count of people is %(as_given)s (%(place)s).",
        n=f"{len(rows):,}",
        as_given=top["as_given"],
        place=top["place"],
    )


def headcount(rows: Sequence[Row], asked: Asked) -> str:
    return say("The figure for the latest date: %(figure)s people, %(as_of)s.", figure=_figure(rows[-1], "staff"), as_of=_as_of(rows[-1]))


def valuation(rows: Sequence[Row], asked: Asked) -> str:
    own = [row for row in rows if row["organisation"] == "OpenAI"] or rows
    return say(
        "%(organisation)s, for the latest date: %(figure)s US dollars, %(as_of)s.",
        organisation=own[-1]["organisation"],
        figure=_figure(own[-1], "usd"),
        as_of=_as_of(own[-1]),
    )


def _as_of(row: Row) -> str:
    return say("as of %(day)s (%(standing)s)", day=day(row["as_of"]), standing=code_words(row["standing"]))


def _figure(row: Row, column: str) -> str:
    return short_amount(row["comparator"], row[column], row["value_high"])


def money(rows: Sequence[Row], asked: Asked) -> str:
    bodies = len({row["organisation"] for row in rows})
    return say(
        "%(count)s of %(count2)s, put forward as: %(tally)s.",
        count=count(len(rows), "figure"),
        count2=count(bodies, "body", "bodies"),
        tally=tally(row["asserted_as"] for row in rows),
    )


def founders(rows: Sequence[Row], asked: Asked) -> str:
    people = [row for row in rows if row["what"] == "founder"]
    left = sum(row["value"] == "left" for row in people)
    rest = [say("%(name)s (last shown %(day)s)", name=row["name"], day=day(row["when"])) for row in people if row["value"] != "left"]
    counts = [row for row in rows if row["what"] == "count" and "remaining" in row["name"]]
    said = say(
        "Of %(count)s whom sources name %(left)s left, as accepted here. No source tells an exit of %(rest)s.",
        count=count(len(people), "founder"),
        left=left,
        rest=listed(rest),
    )
    if not counts:
        return said
    latest = max(counts, key=lambda row: row["when"] or "")
    numbers = listed(sorted({row["value"] for row in counts})).replace(" and ", " or ").replace("和", "或")
    return said + say(
        " Sources count %(numbers)s who remain; the latest, for %(day)s: %(value)s, by %(by)s.",
        numbers=numbers,
        day=day(latest["when"]),
        value=latest["value"],
        by=_of_day(latest["said_by"]),
    )


def _of_day(outlet: str) -> str:
    """Return an outlet and the day that stands behind it in brackets, in the spoken language."""
    name, opened, rest = outlet.partition(" (")
    return f"{named(name)}（{rest.removesuffix(')')}）" if is_chinese() and opened else outlet


def interim_leaders(rows: Sequence[Row], asked: Asked) -> str:
    for_a_time = [f"{_named(row)}{say(', ')}{named(row['post'])}" for row in rows]
    return say("For a time only: %(fromkeys)s.", fromkeys=say("; ").join(dict.fromkeys(for_a_time))) if for_a_time else ""


def tenure_lengths(rows: Sequence[Row], asked: Asked) -> str:
    longest = listed(
        say("%(tenure)s (%(show_number)s days)", tenure=named(row["tenure"]), show_number=show_number(round(row["days"])))
        for row in rows[:3]
        if row["days"] is not None
    )
    return say("The longest that sources show: %(longest)s, each at least so long.", longest=longest)


def who_argues_what(rows: Sequence[Row], asked: Asked) -> str:
    disputed = sum(bool(row["disputed_by"]) for row in rows)
    topics = len({row["topic"] for row in rows})
    return say(
        "%(count)s on %(count2)s, each by who argues it; %(disputed)s are disputed by name.",
        count=count(len(rows), "account"),
        count2=count(topics, "topic"),
        disputed=f"{disputed:,}",
    )


def denied(rows: Sequence[Row], asked: Asked) -> str:
    return say(
        "%(count)s that something is not so, about %(count2)s.",
        count=count(len(rows), "claim"),
        count2=count(len({row["subject_id"] for row in rows}), "subject"),
    )


def not_fact(rows: Sequence[Row], asked: Asked) -> str:
    return say("Not put forward as facts: %(tally)s.", tally=tally(row["mode"] for row in rows))


def claims_per_source(rows: Sequence[Row], asked: Asked) -> str:
    return say("Most claims: %(most)s.", most=most(rows, "source", "claims"))


def single_origin(rows: Sequence[Row], asked: Asked) -> str:
    total, single = sum(row["rows"] for row in rows), sum(row["rows"] for row in rows if row["origins"] == "one")
    return say(
        "%(single)s of %(total)s rows, %(value)s per cent, rest on one origin.",
        single=f"{single:,}",
        total=f"{total:,}",
        value=f"{100 * single / total:.0f}",
    )


def weighty_single_origin(rows: Sequence[Row], asked: Asked) -> str:
    return say(
        "%(count)s with one origin each: %(tally)s.", count=count(len(rows), "weighty fact"), tally=tally(row["kind"] for row in rows)
    )


def first_to_report(rows: Sequence[Row], asked: Asked) -> str:
    alone = [row["first_to_report"] for row in rows if row["may_be_first"] == 1 and not row["may_be_earlier"]]
    return say(
        "Of %(count)s and leaves %(n)s have one source that was first; most often %(tally)s.",
        count=count(len(rows), "exit"),
        n=f"{len(alone):,}",
        tally=tally(alone, 3),
    )


def later_contradicted(rows: Sequence[Row], asked: Asked) -> str:
    return say(
        "%(count)s told and later contradicted: by %(tally)s.",
        count=count(len(rows), "value"),
        tally=tally(row["contradicted_by"] for row in rows),
    )


def origins(rows: Sequence[Row], asked: Asked) -> str:
    return say("%(count)s; most claims go back to %(most)s.", count=count(len(rows), "origin"), most=most(rows, "origin", "claims"))


def who_cites_whom(rows: Sequence[Row], asked: Asked) -> str:
    return say(
        "%(count)s name others; most claims rest on %(most)s.",
        count=count(len({row["source"] for row in rows}), "source"),
        most=most(rows, "cites", "claims"),
    )


def most_quoted(rows: Sequence[Row], asked: Asked) -> str:
    return say("Most often: %(most)s claims.", most=most(rows, "voice", "claims"))


def line(rows: Sequence[Row], asked: Asked) -> str:
    return say(
        "Line %(line)s makes %(count)s about %(count2)s.",
        line=rows[0]["line"],
        count=count(len(rows), "claim"),
        count2=count(len({row["subject_id"] for row in rows}), "subject"),
    )


def who_is(rows: Sequence[Row], asked: Asked) -> str:
    meant = {row["id"]: row for row in rows}.values()
    said = [f"{named(row['label'])} ({code_words(row['kind'], 'subject_kind')})" for row in meant]
    return say("It may mean %(listed)s.", listed=listed(said, 5))


def set_aside_by_reason(rows: Sequence[Row], asked: Asked) -> str:
    worded = [{**row, "reason": code_words(row["reason"], "set_aside_reason")} for row in rows]
    return say(
        "%(count)s of texts at hand: %(most)s.",
        count=count(sum(row["lines"] for row in rows), "line"),
        most=most(worded, "reason", "lines"),
    )


ANSWERS: dict[str, Answer] = {
    function.__name__: function
    for function in (
        who_led,
        who_held_post,
        succession,
        who_followed,
        board_on_day,
        board_before_and_after,
        exits_by_month,
        exits_by_quarter,
        destinations,
        reasons_given,
        known_on_day,
        where_sources_disagree,
        evidence_for,
        cite_row,
        from_and_to,
        about_person,
        november_2023,
        undated_november_2023,
        signatures,
        headcount,
        valuation,
        money,
        founders,
        interim_leaders,
        tenure_lengths,
        who_argues_what,
        denied,
        not_fact,
        claims_per_source,
        single_origin,
        weighty_single_origin,
        first_to_report,
        later_contradicted,
        origins,
        who_cites_whom,
        most_quoted,
        line,
        who_is,
        set_aside_by_reason,
    )
}
