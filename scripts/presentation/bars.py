"""A bar chart of the answer to a question, drawn without a script: one bar for each category, parts of it by colour.

In: rows as dictionaries, and what to draw as metadata.yml says it (`g.x_column=month&g.y_column=exits&g.color_column=manner`). Out: groups
of bars in per cent of the width. What is counted is added up: a mark is the sum of the rows of its category and colour. What is measured,
such as a headcount, is never added up: each row has its own bar. What is only possible, planned or said has `sure` false and is drawn
otherwise. Values of different units are drawn in groups of their own, each with its own scale.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import parse_qs

from leadership.schema import CERTAINTIES, MODES

from .amount_words import COMPARATORS, short_amount, short_number
from .answering import day
from .headings import heading, in_cell
from .speaking import N_, PLAIN_WORDS, code_words, gettext, is_chinese, named, say, vocabulary

Row = Mapping[str, Any]
TONES = 16
# The manners of leaving, each in the colour that it has in the overview of charts.
NOT_STATED = 7  # the faint one with an outline, which stands for nothing else
MANNERS = {"resigned": 0, "leave_of_absence": 1, "poached": 2, "stepped_down": 3, "removed": 4, "laid_off": 5, "not_stated": NOT_STATED}
MOST_COLOURS = 12  # more cannot be told apart
AT_ONCE, A_FEW = 24, 8  # bars of a group; the rest unfolds if it is more than a few
SAYS_HOW_SURE = ("held", "asserted_as")  # columns of a row that tell facts from what is possible, planned or said
COUNTED = frozenset(("exits", "claims", "balance", "rows", "lines", "directors"))  # numbers of things, which add up
UNIT_COLUMNS = ("unit", "what")  # of a row whose numbers are not all of one unit
UNITS = {"usd": N_("US dollars"), "cny": N_("Chinese yuan"), "unspecified_currency": N_("currency not stated")}
UNSURE = frozenset(("possibly", *MODES[1:]))


class Mark(NamedTuple):
    """A part of a bar: where it lies in per cent, its colour, whether it is a fact, what it stands for."""

    left: float
    width: float
    tone: int
    sure: bool
    colour: str
    value: float


class Bar(NamedTuple):
    """One category with its parts and the number to write beside it."""

    label: str
    marks: list[Mark]
    text: str


class Group(NamedTuple):
    """Bars of one unit: those shown, and those that unfold, `earlier` ones before them; `zero` is where bars begin, in per cent."""

    title: str
    earlier: list[Bar]
    shown: list[Bar]
    folded: list[Bar]
    zero: float


class Chart(NamedTuple):
    """All groups, the legend as (colour, tone, sure), how many rows have no number, and what the lengths are."""

    groups: list[Group]
    legend: list[tuple[str, int, bool]]
    without: int
    measure: str
    by: str


def make_chart(rows: Sequence[Row], fragment: str, labels: Mapping[str, str] | None = None) -> Chart | None:
    """Return the chart, None if there is nothing to draw. `labels` says what ids among the categories and colours are called."""
    asked = {name.removeprefix("g."): values[0] for name, values in parse_qs(fragment).items()}
    x, y, by = asked.get("x_column", ""), asked.get("y_column", ""), asked.get("color_column", "")
    drawn = [row for row in rows if isinstance(row.get(y), int | float)] if rows and {x, y} <= rows[0].keys() else []
    if not drawn:
        return None
    names = labels or {}
    unit = next((column for column in UNIT_COLUMNS if column in rows[0] and len({row[column] for row in drawn}) > 1), "")
    colours = _order_colours(str(row[by]) for row in drawn) if by and by != unit else []
    columns = (x, y, by if colours else "")
    groups = [_group(title, of_unit, columns, colours, names) for title, of_unit in _by_unit(drawn, unit)]
    legend = _make_legend(groups, {colour: (_words(colour, names, by), tone) for colour, tone in _tones(colours).items()})
    return Chart(groups, legend, len(rows) - len(drawn), heading(y), heading(by) if colours else "")


def _order_colours(given: Iterable[str]) -> list[str]:
    """Return what has a colour of its own, what is not stated last; nothing where it is too much to be told apart."""
    colours = dict.fromkeys(given)
    return sorted(colours, key=lambda c: MANNERS.get(c.replace(" ", "_")) == NOT_STATED) if len(colours) <= MOST_COLOURS else []


def _by_unit(rows: Sequence[Row], unit: str) -> list[tuple[str, list[Row]]]:
    """Return rows by their unit in words, all together where there is no column of units."""
    found: dict[Any, list[Row]] = {}
    for row in rows:
        found.setdefault(row[unit] if unit else None, []).append(row)
    return [(_unit_words(value) if unit else "", of_unit) for value, of_unit in found.items()]


def _unit_words(value: Any) -> str:
    return gettext(UNITS[value]) if value in UNITS else in_cell(str(value)) or code_words(str(value))


def _make_legend(groups: Sequence[Group], colours: Mapping[str, tuple[str, int]]) -> list[tuple[str, int, bool]]:
    """Return what each colour stands for if there are several, and what is drawn otherwise if no colour says it."""
    legend = [(words, tone, is_sure(colour)) for colour, (words, tone) in colours.items()] if len(colours) > 1 else []
    bars = [bar for group in groups for bar in (*group.earlier, *group.shown, *group.folded)]
    if all(sure for _, _, sure in legend) and any(not mark.sure for bar in bars for mark in bar.marks):
        legend = legend or [(say("told as a fact"), 0, True)]
        legend = [*legend, (say("only possible, planned or said"), 0 if len(legend) == 1 else NOT_STATED, False)]
    return legend


def is_sure(text: str) -> bool:
    """Tell whether a category or colour stands for facts, and not for what is only possible, planned, said or denied."""
    first = text.split(",")[0]
    return not (first in UNSURE or text.startswith("only planned") or any(word in text for word in CERTAINTIES[1:]))


def _tones(colours: Sequence[str]) -> dict[str, int]:
    """Return the colour of each group: that of a manner of leaving is the same on every chart, the others take what is left."""
    fixed = {colour: MANNERS[colour.replace(" ", "_")] for colour in colours if colour.replace(" ", "_") in MANNERS}
    free = [tone for tone in range(TONES) if tone not in fixed.values() and tone % 8 != NOT_STATED]
    others = [colour for colour in colours if colour not in fixed]
    given = fixed | {colour: free[place % len(free)] for place, colour in enumerate(others)}
    return {colour: given[colour] for colour in colours}


def _group(title: str, rows: Sequence[Row], columns: tuple[str, str, str], colours: Sequence[str], names: Mapping[str, str]) -> Group:
    x, y, by = columns
    tones = _tones(colours)
    sums: dict[tuple[str, int], dict[tuple[str, bool], float]] = {}
    texts: dict[tuple[str, int], str] = {}
    ranges: dict[tuple[str, int], str] = {}
    for place, row in enumerate(rows):
        key = (str(row[x]), 0 if y in COUNTED else place)
        parts = sums.setdefault(key, {})
        part = (str(row[by]) if by else "", all(is_sure(str(row.get(column) or "")) for column in SAYS_HOW_SURE))
        parts[part] = parts.get(part, 0) + row[y]
        if _comparator(row) == "between" and isinstance(row.get("value_high"), int | float):  # both ends of a range
            ranges[key] = short_amount("between", row[y], row["value_high"])
        else:
            texts[key] = gettext(COMPARATORS.get(_comparator(row), ""))
    top = max((_sum(parts.values(), 1) for parts in sums.values()), default=0)
    bottom = max((_sum(parts.values(), -1) for parts in sums.values()), default=0)
    scale = 100 / ((top + bottom) or 1)
    bars = []
    for key, parts in sums.items():
        category = key[0]
        ahead, behind, marks = bottom, bottom, []
        for (colour, told), value in sorted(parts.items(), key=lambda part: tones.get(part[0][0]) == NOT_STATED):  # which comes last
            behind -= -min(value, 0)
            left = ahead if value >= 0 else behind
            ahead += max(value, 0)
            tone = tones[colour] if colours else 0
            sure = told and is_sure(colour) and is_sure(category)
            marks.append(Mark(left * scale, abs(value) * scale, tone, sure, _words(colour, names, by) if colour else "", value))
        text = ranges.get(key) or _number(
            sum(value for value in parts.values() if value > 0), sum(value for value in parts.values() if value < 0)
        )
        bars.append(Bar(_words(category, names, x), marks, texts.get(key, "") + text))
    if len(bars) <= AT_ONCE + A_FEW:
        return Group(title, [], bars, [], bottom * scale)
    if all(category[:4].isdecimal() for category, _ in sums):  # in order of time: the latest are what is asked for first
        return Group(title, bars[:-AT_ONCE], bars[-AT_ONCE:], [], bottom * scale)
    return Group(title, [], bars[:AT_ONCE], bars[AT_ONCE:], bottom * scale)


def _comparator(row: Row) -> str:
    """Return the comparator of a number, which is a column of its own or stands before it as the source gives it."""
    given = str(row.get("as_given") or "")
    return str(row.get("comparator") or given[: len(given) - len(given.lstrip("<>=~"))])


def _sum(values: Iterable[float], sign: int) -> float:
    return sum(abs(value) for value in values if value * sign > 0)


def _number(above: float, below: float) -> str:
    return " / ".join(short_number(value) for value in (above, below) if value) or "0"


def _words(text: str, names: Mapping[str, str], column: str) -> str:
    """Return a category in words: an id by its label, a date as readers write it, a code without its signs."""
    if text == "None":
        return say("not stated")
    head, _, line = text.partition(" line ")
    if head in names:
        return named(names[head]) + (say(", line %(line)s", line=line) if line else "")
    if text[:4].isdecimal():
        return day(text)
    if is_chinese():
        return in_cell(text, column) or (code_words(text) if text in vocabulary().codes else named(text))
    return PLAIN_WORDS.get(text) or text.replace("_", " ")
