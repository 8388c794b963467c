"""Where the bars of tenures stand on one axis: a bar for what is certain, a wider one for what is possible, and the ticks of the axis."""

from __future__ import annotations

from typing import Any

from .showing import MONTHS, hours_between
from .speaking import code_words, is_chinese, joined, named
from .telling import capacity_of, held_when, mark_of, shown_when
from .wording import lower_first

Row = dict[str, Any]
BOUNDS = ("certain_from", "certain_to", "possible_from", "possible_to")
TONES = {"executive": "tone-0", "board": "tone-1", "founder": "tone-2"}
MOST_TICKS = 10
SHORT_SPAN = 48  # hours; a span that is shorter than this shows the year around it


def apart(tenures: list[Row], words: str) -> Row:
    """Return tenures drawn on one axis (`drawn`), those without a span (`undated`), and those only planned or said (`said`).

    `words` says what stands beside a bar: the `post`, the `person`, or the `holder`, a person with the post's title.
    """
    for tenure in tenures:
        holder = f"{tenure['person']}, {lower_first(tenure['title'])}"
        if is_chinese():
            holder = f"{named(tenure['person'])}，{named(tenure['post'])}"
        tenure["words"] = {"post": tenure["post"], "person": tenure["person"], "holder": holder}[words]
        extra = [code_words(word, of) for word, of in ((capacity_of(tenure), "capacity"), (tenure["end_reason"], "end_reason")) if word]
        told = held_when(tenure).removeprefix(", ") or shown_when(tenure), joined(extra)
        tenure["dates"] = ("；" if is_chinese() else "; ").join(filter(None, told))
        tenure["mark"] = mark_of(tenure)
    drawn, undated = place_tenures([t for t in tenures if t["asserted_as"] == "fact"])
    return {"drawn": drawn, "undated": undated, "said": [t for t in tenures if t["asserted_as"] != "fact"], "count": len(tenures)}


def place_tenures(tenures: list[Row]) -> tuple[Row, list[Row]]:
    """Return tenures with their places from 0 to 100 on one axis and its ticks; and those without a bar, of which only one bound is known.

    `p0` to `p1` is where the post may have been held, `c0` to `c1` where it certainly was; None where there is no such bar.
    """
    dated = [t for t in tenures if _is_drawn(t)]
    undated = [t for t in tenures if not _is_drawn(t)]
    if not dated:
        return {"rows": [], "ticks": []}, undated
    instants = [t[name] for t in dated for name in BOUNDS if t[name]]
    first, last = min(instants), max(instants)
    if hours_between(first, last) < SHORT_SPAN:
        first, last = f"{int(first[:4])}-01-01T00:00Z", f"{int(first[:4]) + 1}-01-01T00:00Z"
    span = hours_between(first, last)

    def place(instant: str) -> float:
        return round(hours_between(first, instant) / span * 100, 2)

    rows = []
    for t in dated:
        known = [t[name] for name in BOUNDS if t[name]]
        bar = {"p0": place(t["possible_from"] or min(known)), "p1": place(t["possible_to"] or max(known)), "c0": None, "c1": None}
        bar |= {"c0": place(t["certain_from"]), "c1": place(t["certain_to"])} if t["certain_from"] else {}
        rows.append({**t, **bar, "tone": TONES.get(t["category"], "tone-3")})
    return {"rows": rows, "ticks": _ticks(first, last, place)}, undated


def _is_drawn(tenure: Row) -> bool:
    return bool(tenure["certain_from"] or (tenure["possible_from"] and tenure["possible_to"]))


def _ticks(first: str, last: str, place: Any) -> list[tuple[float, str]]:
    """Return at most MOST_TICKS years, or about six months, between two instants, with their places."""
    years = list(range(int(first[:4]) + 1, int(last[:4]) + 1))
    if len(years) >= 3:
        step = -(-len(years) // MOST_TICKS)
        return [(place(f"{year}-01-01T00:00Z"), str(year)) for year in years[::step]]
    months = [(year, month) for year in range(int(first[:4]), int(last[:4]) + 1) for month in range(1, 13)]
    inside = [(year, month) for year, month in months if first[:7] < f"{year}-{month:02}" <= last[:7]]
    step = max(1, -(-len(inside) // 6))
    return [
        (place(f"{year}-{month:02}-01T00:00Z"), f"{year}年{month}月" if is_chinese() else f"{MONTHS[month - 1][:3]} {year}")
        for year, month in inside[::step]
    ]
