"""The answer to a ready-made question in one sentence, made of its rows alone.

In: the name of the question, its rows as dictionaries, the parameters as asked. Out: plain text, "" where the rows speak for themselves.
What is only possible, planned or denied is said to be so; numbers are counts of the very rows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from .amounts import show_number
from .showing import in_words

Row = Mapping[str, Any]
Asked = Mapping[str, str]
Answer = Callable[[Sequence[Row], Asked], str]
CERTAINLY, GOES_ON, END_NOT_TOLD = "certainly", "in post when last shown", "last shown earlier, end not told"
MOST_NAMED = 12  # names in one sentence


def answer(question: str, rows: Sequence[Row], asked: Asked) -> str:
    """Return the answer in words."""
    if not rows:
        return "Nothing in the record answers this: see whether a name or a day is written as in the hints."
    return ANSWERS[question](rows, asked) if question in ANSWERS else ""


def count(number: int, one: str, many: str = "") -> str:
    """Return a number with its word: 1 exit, 2 exits."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(names: Iterable[str], most: int = MOST_NAMED) -> str:
    """Return names joined by commas and an "and"; of many the first and how many more."""
    unique = list(dict.fromkeys(name for name in names if name))
    if len(unique) > most:
        return f"{', '.join(unique[:most])} and {len(unique) - most} more"
    return " and ".join([", ".join(unique[:-1]), unique[-1]] if len(unique) > 1 else unique)


def tally(values: Iterable[object], most: int = 6) -> str:
    """Return how often each value stands, the most frequent first."""
    counted = Counter("not stated" if value is None else str(value).replace("_", " ") for value in values)
    return listed((f"{value} ({number:,})" for value, number in counted.most_common()), most)


def day(text: object) -> str:
    """Return a date or a moment in words."""
    return (
        in_words(text).removesuffix(", 00:00") if isinstance(text, str) and text[:4].isdecimal() and not text[4:].isdecimal() else str(text)
    )


def short_number(value: float) -> str:
    """Return a number as one reads it in a sentence or beside a bar: 2 trillion, 12.5 billion, 770."""
    for size, word in ((10**12, "trillion"), (10**9, "billion"), (10**6, "million")):
        if abs(value) >= size:
            return f"{value / size:,.4g} {word}"
    return show_number(value).replace("-", "−")


def span(rows: Sequence[Row]) -> str:
    """Return the time for which a question was asked, as it was understood, US Pacific."""
    since, until = rows[0]["asked_from"], rows[0]["asked_to"]
    if since == until:
        return f"On {in_words(since)}"
    if since[11:] == until[11:] or since[:10] != until[:10]:
        first = in_words(since)
        return f"On {first.rpartition(',')[0]}" if first.endswith("00:00") else f"From {first} to {in_words(until)}"
    return f"On {in_words(since)}"


def most(rows: Iterable[Row], label: str, number: str, first: int = 3) -> str:
    """Return the labels with the highest sums."""
    summed: Counter[str] = Counter()
    for row in rows:
        summed[day(row[label])] += row[number] or 0
    return listed(f"{name} ({show_number(total)})" for name, total in summed.most_common(first))


def _holders(rows: Sequence[Row]) -> str:
    """Say for one post who held it: certainly, when last shown, or only possibly."""
    certainly, last, possibly = (rows[0].get(name) for name in ("certainly", "in_post_when_last_shown", "possibly"))
    shown = re.search(r"; (in post when last shown, on [^;]*; no source tells an end)", rows[0].get("why") or "")
    alone = not (certainly or possibly) and last and "; " not in last
    said = [
        certainly and certainly.replace("; ", ", "),
        last and (f"{last}, {shown[1]}" if alone and shown else f"in post when last shown {last.replace('; ', ', ')}"),
        possibly and f"possibly {'also ' if certainly or last else ''}{possibly.replace('; ', ', ' if certainly else ' or ')}",
    ]
    if not any(said):
        return "no source says"
    return "; ".join(part for part in said if part) + (
        "; the sources leave it open" if possibly and "; " in possibly and not certainly else ""
    )


def who_led(rows: Sequence[Row], asked: Asked) -> str:
    if len(rows) > 1:
        chairs = [row for row in rows if row["post_id"].endswith("board-chair")]
        held = [row for row in chairs if row["certainly"] or row["in_post_when_last_shown"] or row["possibly"]]
        own = [row for row in chairs if row["post_id"] == "openai-board-chair"]
        rows = [row for row in rows if row["post_id"] == "openai-ceo"] + (held or own) or rows[:2]
    return f"{span(rows)}: " + "; ".join(f"{row['post']} – {_holders([row])}" for row in rows[:3]) + "."


def who_held_post(rows: Sequence[Row], asked: Asked) -> str:
    posts = list(dict.fromkeys(row["post"] for row in rows))
    sure = [row for row in rows if row["held"] == "certainly"]
    if len(posts) > 2:
        last = {row["post"] for row in rows if row["basis"] == GOES_ON} - {row["post"] for row in sure}
        unsure = len({row["post"] for row in rows} - {row["post"] for row in sure} - last)
        return (
            f"{span(rows)} sources show {count(len({row['person'] for row in sure}), 'person', 'people')} in "
            f"{count(len({row['post'] for row in sure}), 'post')}; for {count(len(last), 'further post')} they last showed a holder and "
            f"tell no end; for {count(unsure, 'post')} they leave it open."
        )
    said = []
    for post in posts:
        here = [row for row in rows if row["post"] == post]
        said.append(f"{post} – {_by_surety(here, _named)}")
    return f"{span(rows)}: " + ". ".join(said) + "."


def _by_surety(rows: Sequence[Row], name: Callable[[Row], str]) -> str:
    """Return holders by how sure it is that they held it, each once, in the words of the page "who led when"."""
    said: dict[str, list[str]] = {}
    for word in (CERTAINLY, GOES_ON, "possibly", END_NOT_TOLD):
        named = sorted({name(row) for row in rows if (CERTAINLY if row["held"] == CERTAINLY else row["basis"] or "possibly") == word})
        said[word] = [one for one in named if not any(one in earlier for earlier in said.values())]
    lead = {CERTAINLY: "", "possibly": "possibly "}
    return "; ".join(f"{lead.get(word, word + ': ')}{listed(names)}" for word, names in said.items() if names)


def _named(row: Row) -> str:
    return f"{row['person']} ({row['capacity']})" if row["capacity"] in ("interim", "acting") else str(row["person"])


def succession(rows: Sequence[Row], asked: Asked) -> str:
    first = [row for row in rows if row["post"] == rows[0]["post"] and row["organisation"] == rows[0]["organisation"]]
    names = [_named(row) for row in first[:MOST_NAMED]]
    rest = f", and {len(first) - MOST_NAMED} more" if len(first) > MOST_NAMED else ""
    return f"{first[0]['post']}, {first[0]['organisation']}: {', then '.join(names)}{rest}, in order of when each began."


def board_on_day(rows: Sequence[Row], asked: Asked) -> str:
    said = []
    for board in dict.fromkeys(row["board"] for row in rows):
        said.append(f"{board} – {_by_surety([row for row in rows if row['board'] == board], lambda row: str(row['person']))}")
    return f"{span(rows)}: {'. '.join(said)}."


def board_before_and_after(rows: Sequence[Row], asked: Asked) -> str:
    moments = sorted({row["moment"] for row in rows})
    return (
        f"Sources show {count(len(moments), 'moment')} at which a board changed or a member is seen on it, "
        f"from {day(moments[0])} to {day(moments[-1])}."
    )


def exits_by_month(rows: Sequence[Row], asked: Asked) -> str:
    total = sum(row["exits"] for row in rows)
    first, last = day(rows[0]["month"]), day(rows[-1]["month"])
    return f"{total:,} exits and leaves from {first} to {last}; most in {most(rows, 'month', 'exits')}."


def exits_by_quarter(rows: Sequence[Row], asked: Asked) -> str:
    total = sum(row["exits"] for row in rows)
    return f"{count(total, 'exit')} from {rows[0]['quarter']} to {rows[-1]['quarter']}; most in {most(rows, 'quarter', 'exits')}."


def destinations(rows: Sequence[Row], asked: Asked) -> str:
    total = sum(row["exits"] for row in rows)
    unsaid = sum(row["exits"] for row in rows if row["destination"] == "not stated")
    named = [row for row in rows if row["destination"] != "not stated" and not row["destination"].startswith("only planned")]
    top = most(named, "destination", "exits", 4)
    return f"For {unsaid:,} of {count(total, 'exit')} no source says where to; of the others most went to {top}."


def reasons_given(rows: Sequence[Row], asked: Asked) -> str:
    given = [row for row in rows if row["put_forward_as"] != "denied"]
    denied = sum(row["claims"] for row in rows if row["put_forward_as"] == "denied")
    return (
        f"Most often given: {most(given, 'reason', 'claims')} – each by the voice in the table, not by us; "
        f"{count(denied, 'claim')} {'denies' if denied == 1 else 'deny'} a reason."
    )


def known_on_day(rows: Sequence[Row], asked: Asked) -> str:
    return f"By {day(asked.get('day') or '2023-11-30')} sources had published what stands here, the latest first."


def where_sources_disagree(rows: Sequence[Row], asked: Asked) -> str:
    return f"Of {count(len(rows), 'point')} on which sources differ: {tally(row['settled'] for row in rows)}."


def evidence_for(rows: Sequence[Row], asked: Asked) -> str:
    against = sum(row["polarity"] == "denies" for row in rows)
    return (
        f"{rows[0]['subject']}: {count(len(rows) - against, 'claim')} for and {against:,} against, "
        f"from {count(len({row['source'] for row in rows}), 'source')}."
    )


def cite_row(rows: Sequence[Row], asked: Asked) -> str:
    return f"“{rows[0]['label']}” is cited as {rows[0]['citation']} gives it; its page has the same, ready to copy."


def from_and_to(rows: Sequence[Row], asked: Asked) -> str:
    facts = [row for row in rows if row["asserted_as"] == "fact"]
    rest = len(rows) - len(facts)
    further = f"; {count(rest, 'further row')} only planned or said" if rest else ""
    return f"Told as facts: {tally(row['what'] for row in facts)}{further}."


def about_person(rows: Sequence[Row], asked: Asked) -> str:
    return f"What the record has: {tally(row['what'] for row in rows)}."


def november_2023(rows: Sequence[Row], asked: Asked) -> str:
    single = sum(row["origin_count"] == 1 for row in rows)
    grounds = tally(row["dated"] for row in rows)
    return f"{count(len(rows), 'step')}; their time rests on: {grounds}; {single:,} rest on a single origin."


def undated_november_2023(rows: Sequence[Row], asked: Asked) -> str:
    return f"{count(len(rows), 'event')} of the board crisis: no source gives a day or a clock for any of them."


def signatures(rows: Sequence[Row], asked: Asked) -> str:
    people = [row for row in rows if row["what"] == "people" and not row["as_given"].startswith("<")]
    if not people:
        return ""
    top = max(people, key=lambda row: row["number"])
    return f"{len(rows):,} counts and shares, in order of publication; the highest count of people is {top['as_given']} ({top['place']})."


def headcount(rows: Sequence[Row], asked: Asked) -> str:
    return f"The figure for the latest date: {_figure(rows[-1], 'people')} people, {_as_of(rows[-1])}."


def valuation(rows: Sequence[Row], asked: Asked) -> str:
    own = [row for row in rows if row["organisation"] == "OpenAI"] or rows
    return f"{own[-1]['organisation']}, for the latest date: {_figure(own[-1], 'usd')} US dollars, {_as_of(own[-1])}."


def _as_of(row: Row) -> str:
    return f"as of {day(row['as_of'])} ({row['standing'].replace('_', ' ')})"


def _figure(row: Row, column: str) -> str:
    sign = {"~": "about ", "<": "less than ", ">": "more than ", "<=": "at most ", ">=": "at least "}.get(row["comparator"], "")
    return f"{sign}{short_number(row[column])}"


def money(rows: Sequence[Row], asked: Asked) -> str:
    bodies = len({row["organisation"] for row in rows})
    return (
        f"{count(len(rows), 'figure')} of {count(bodies, 'body', 'bodies')}, put forward as: {tally(row['asserted_as'] for row in rows)}."
    )


def founders(rows: Sequence[Row], asked: Asked) -> str:
    people = [row for row in rows if row["what"] == "founder"]
    left = sum(row["value"] == "left" for row in people)
    rest = [f"{row['name']} (last shown {day(row['when'])})" for row in people if row["value"] != "left"]
    counts = [row for row in rows if row["what"] == "count" and "remaining" in row["name"]]
    said = f"Of {count(len(people), 'founder')} whom sources name {left} left, as accepted here. No source tells an exit of {listed(rest)}."
    if not counts:
        return said
    latest = max(counts, key=lambda row: row["when"] or "")
    numbers = listed(sorted({row["value"] for row in counts})).replace(" and ", " or ")
    return f"{said} Sources count {numbers} who remain; the latest, for {day(latest['when'])}: {latest['value']}, by {latest['said_by']}."


def interim_leaders(rows: Sequence[Row], asked: Asked) -> str:
    named = [f"{_named(row)}, {row['post']}" for row in rows if row["capacity"] in ("interim", "acting")]
    return f"For a time only: {'; '.join(dict.fromkeys(named))}." if named else ""


def tenure_lengths(rows: Sequence[Row], asked: Asked) -> str:
    longest = listed(f"{row['tenure']} ({show_number(round(row['days']))} days)" for row in rows[:3])
    return f"The longest that sources show: {longest}, each at least so long."


def who_argues_what(rows: Sequence[Row], asked: Asked) -> str:
    disputed = sum(bool(row["disputed_by"]) for row in rows)
    topics = len({row["topic"] for row in rows})
    return f"{count(len(rows), 'account')} on {count(topics, 'topic')}, each by who argues it; {disputed:,} are disputed by name."


def denied(rows: Sequence[Row], asked: Asked) -> str:
    return f"{count(len(rows), 'claim')} that something is not so, about {count(len({row['subject_id'] for row in rows}), 'subject')}."


def not_fact(rows: Sequence[Row], asked: Asked) -> str:
    return f"Not put forward as facts: {tally(row['mode'] for row in rows)}."


def claims_per_source(rows: Sequence[Row], asked: Asked) -> str:
    return f"Most claims: {most(rows, 'source', 'claims')}."


def single_origin(rows: Sequence[Row], asked: Asked) -> str:
    total, single = sum(row["rows"] for row in rows), sum(row["rows"] for row in rows if row["origins"] == "one")
    return f"{single:,} of {total:,} rows, {100 * single / total:.0f} per cent, rest on one origin."


def weighty_single_origin(rows: Sequence[Row], asked: Asked) -> str:
    return f"{count(len(rows), 'weighty fact')} with one origin each: {tally(row['kind'] for row in rows)}."


def first_to_report(rows: Sequence[Row], asked: Asked) -> str:
    alone = [row["first_to_report"] for row in rows if row["may_be_first"] == 1]
    return f"Of {count(len(rows), 'exit')} and leaves {len(alone):,} have one source that was first; most often {tally(alone, 3)}."


def later_contradicted(rows: Sequence[Row], asked: Asked) -> str:
    return f"{count(len(rows), 'value')} told and later contradicted: by {tally(row['contradicted_by'] for row in rows)}."


def origins(rows: Sequence[Row], asked: Asked) -> str:
    return f"{count(len(rows), 'origin')}; most claims go back to {most(rows, 'origin', 'claims')}."


def who_cites_whom(rows: Sequence[Row], asked: Asked) -> str:
    return f"{count(len({row['source'] for row in rows}), 'source')} name others; most claims rest on {most(rows, 'cites', 'claims')}."


def most_quoted(rows: Sequence[Row], asked: Asked) -> str:
    return f"Most often: {most(rows, 'voice', 'claims')} claims."


def line(rows: Sequence[Row], asked: Asked) -> str:
    return f"Line {rows[0]['line']} makes {count(len(rows), 'claim')} about {count(len({row['subject_id'] for row in rows}), 'subject')}."


def who_is(rows: Sequence[Row], asked: Asked) -> str:
    meant = {row["id"]: row for row in rows}.values()
    said = [f"{row['label']} ({row['kind'].replace('_', ' ')})" for row in meant]
    return f"It may mean {listed(said, 5)}."


def set_aside_by_reason(rows: Sequence[Row], asked: Asked) -> str:
    worded = [{**row, "reason": row["reason"].replace("_", " ")} for row in rows]
    return f"{count(sum(row['lines'] for row in rows), 'line')} of texts at hand: {most(worded, 'reason', 'lines')}."


ANSWERS: dict[str, Answer] = {
    function.__name__: function
    for function in (
        who_led,
        who_held_post,
        succession,
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
