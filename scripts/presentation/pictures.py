"""Pictures as SVG that stand alone: bar charts, spans over time, small cards for links, each with its title and its source line.

In: what is drawn, as plain values. Out: SVG text, which a browser shows as it is and `charting` turns into PNG. In PNG the
typeface is Liberation Sans, which vl-convert brings; a browser takes what it has. So lines are broken here by a table of widths that leaves
room for wider typefaces. The same input gives the same bytes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from .bars import NOT_STATED, Chart, Group
from .speaking import gettext, is_chinese, say

SANS = "Liberation Sans, Arial, Helvetica, Roboto, Noto Sans, sans-serif"
CHINESE_SANS = "Noto Sans CJK SC, Noto Sans SC, PingFang SC, Microsoft YaHei"  # of a text all signs are of the first that there is
WIDE, NARROW = 720, 380  # of a chart, for a page of text and for a telephone
PADDING = 20
ROW, BAR = 34, 12  # of a chart: from one label to the next, height of a bar
CARD = (1200, 630)
BOLD, KNOWN = 1.13, 0.84  # how much wider bold letters are; and of the typeface of cards, which is known, how wide they are at most
NARROW_SIGNS, WIDE_SIGNS = frozenset("fijlrtI.,:;|!'’“”()[]/ -·"), frozenset("mwMW@%—&")


def typeface() -> str:
    """Return the typefaces of a picture in the language that is spoken."""
    return f"{CHINESE_SANS}, {SANS}" if is_chinese() else SANS


class Palette(NamedTuple):
    """Colours by what they are for; `tones` are those of marks, in the order of the pages' own."""

    paper: str
    ink: str
    muted: str
    line: str
    accent: str
    edge: str
    tones: tuple[str, ...]


LIGHT = Palette(
    *("#fbfaf7", "#1d1c1a", "#5c5952", "#dcd8cf", "#1f5673", "#8f897d"),
    ("#4a7d97", "#c08a3e", "#7b6aa8", "#5b8a5a", "#9a3412", "#7c1d3b", "#6b5d18", "#ebe7de"),
)
DARK = Palette(
    *("#171715", "#ece8df", "#b0aa9d", "#3b3933", "#8fc4de", "#857f73"),
    ("#6ea3bd", "#d3a05c", "#a99ad3", "#8bb98a", "#f0a07c", "#eb94b0", "#d9c66b", "#2f2d29"),
)
PALETTES = {"light": LIGHT, "dark": DARK}


class Drawing(NamedTuple):
    """What is drawn, with its size; `text` is SVG without its outermost element."""

    text: str
    width: float
    height: float


class Span(NamedTuple):
    """A line of a drawing over time: its label, a mark in words or "", and parts as (from, to, whether certain, tone) in per cent."""

    label: str
    mark: str
    parts: Sequence[tuple[float, float, bool, int]]


class Fact(NamedTuple):
    """A line of a card: its text, and what keeps it from being a plain fact ("planned", "single origin"), or ""."""

    text: str
    mark: str = ""


class Card(NamedTuple):
    """What a small picture for links shows: facts, and below them `spans` with `ticks`, `bars` or a `drawing`.

    A bar is (label, share from 0 to 1, number, whether sure). Where there is no room for all, the last ones stay if `latest`.
    """

    overline: str
    title: str
    facts: Sequence[Fact]
    spans: Sequence[Span] = ()
    ticks: Sequence[tuple[float, str]] = ()
    bars: Sequence[tuple[str, float, str, bool]] = ()
    latest: bool = False
    drawing: Drawing | None = None


def text_width(text: str, size: float) -> float:
    """Return about how wide a text is, in pixels; rather too wide than too narrow."""
    return size * sum(_width(sign) for sign in text)


def _width(sign: str) -> float:
    if unicodedata.east_asian_width(sign) in "WF":
        return 1.0
    if sign in NARROW_SIGNS:
        return 0.37
    return 0.98 if sign in WIDE_SIGNS else 0.73 if sign.isupper() else 0.61


def wrap(text: str, size: float, width: float, most: int = 99) -> list[str]:
    """Break a text into at most so many lines that fit the width; what is left out is said by “…”."""
    lines: list[str] = []
    line = ""
    for word in _words(text):
        if text_width((line + word).rstrip(), size) <= width:
            line += word
            continue
        if line.strip():
            lines.append(line.rstrip())
        line = word.lstrip()
        while text_width(line.rstrip(), size) > width:  # a word that is wider than the line
            kept = cut(line, size, width, "")
            lines.append(kept)
            line = line[len(kept) :]
    lines += [line.rstrip()] if line.strip() else []
    if len(lines) > most:
        lines[most - 1 :] = [
            cut(lines[most - 1] + " …", size, width, "…") if text_width(f"{lines[most - 1]} …", size) > width else f"{lines[most - 1]} …"
        ]
    return lines


def _words(text: str) -> list[str]:
    """Return the pieces between which a line may be broken: words with the blank after them, Chinese characters one by one."""
    words: list[str] = []
    for sign in text:
        if words and not words[-1].endswith(" ") and unicodedata.east_asian_width(sign) not in "WF":
            words[-1] += sign
        else:
            words.append(sign)
    return words


def cut(text: str, size: float, width: float, end: str = "…") -> str:
    """Return as much of a text as fits the width."""
    if text_width(text, size) <= width:
        return text
    kept = text
    while len(kept) > 1 and text_width(kept + end, size) > width:
        kept = kept[:-1]
    return kept.rstrip() + end


def words_at(x: float, y: float, text: str, size: float, fill: str, *, bold: bool = False, anchor: str = "start") -> str:
    """Return a line of text."""
    more = (' font-weight="bold"' if bold else "") + (f' text-anchor="{anchor}"' if anchor != "start" else "")
    return f'<text x="{_n(x)}" y="{_n(y)}" font-size="{_n(size)}" fill="{fill}"{more}>{escape(text)}</text>'


def box(x: float, y: float, width: float, height: float, fill: str, more: str = "") -> str:
    """Return a rectangle."""
    return f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(max(width, 0))}" height="{_n(height)}" fill="{fill}"{more}/>'


def _n(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")


def _mark(x: float, y: float, width: float, height: float, tone: int, sure: bool, palette: Palette, says: str = "") -> str:
    """Return a mark: full where it is told as a certain fact, hatched with an outline where not; tones beyond the eighth are striped."""
    colour = palette.tones[tone % len(palette.tones)]
    fill = colour if sure and tone < len(palette.tones) else f"url(#{'s' if sure else 'h'}{tone % len(palette.tones)})"
    edge = palette.edge if tone == NOT_STATED else colour
    more = "" if sure and tone != NOT_STATED else f' stroke="{edge}"'
    shape = box(x, y, width, height, fill, more)
    return shape if not says else shape[:-2] + f"><title>{escape(says)}</title></rect>"


def _patterns(body: str, palette: Palette) -> str:
    """Return the definitions of the hatchings and stripes that a drawing names."""
    made = []
    for tone, own in enumerate(palette.tones):
        colour = palette.edge if tone == NOT_STATED else own
        if f"url(#h{tone})" in body:
            made.append(
                f'<pattern id="h{tone}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">'
                f'<rect width="6" height="6" fill="{palette.paper}"/><rect width="6" height="2" fill="{colour}"/></pattern>'
            )
        if f"url(#s{tone})" in body:
            made.append(
                f'<pattern id="s{tone}" width="5" height="5" patternUnits="userSpaceOnUse">'
                f'<rect width="5" height="5" fill="{palette.paper}"/><rect width="3" height="5" fill="{colour}"/></pattern>'
            )
    return f"<defs>{''.join(made)}</defs>" if made else ""


def document(drawing: Drawing, palette: Palette, title: str, says: str) -> str:
    """Return a whole SVG file; `title` and `says` are what a screen reader tells of it."""
    size = f'width="{_n(drawing.width)}" height="{_n(drawing.height)}" viewBox="0 0 {_n(drawing.width)} {_n(drawing.height)}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {size} role="img" aria-labelledby="t d"'
        f' font-family={quoteattr(typeface())}><title id="t">{escape(title)}</title><desc id="d">{escape(says)}</desc>'
        f"{_patterns(drawing.text, palette)}{box(0, 0, drawing.width, drawing.height, palette.paper)}{drawing.text}</svg>\n"
    )


def frame(title: str, inner: Drawing, notes: Iterable[str], palette: Palette) -> Drawing:
    """Put a title above a drawing and notes below it, the last of which is its source line."""
    width = inner.width + 2 * PADDING
    parts, y = [], PADDING + 16.0
    for line in wrap(title, 18 * BOLD, inner.width):
        parts.append(words_at(PADDING, y, line, 18, palette.ink, bold=True))
        y += 23
    y -= 5
    parts.append(f'<g transform="translate({PADDING},{_n(y)})">{inner.text}</g>')
    y += inner.height + 22
    parts.append(box(PADDING, y - 14, inner.width, 1, palette.line))
    for note in notes:
        for line in wrap(note, 11, inner.width):
            parts.append(words_at(PADDING, y + 3, line, 11, palette.muted))
            y += 15
    return Drawing("".join(parts), width, y + PADDING - 10)


def draw_bars(chart: Chart, width: float, palette: Palette) -> Drawing:
    """Draw a bar chart of a question as its page shows it: a label above each bar, its number at its end."""
    parts, y = [], 10.0
    by = say(", by %(what)s", what=gettext(chart.by).lower()) if chart.by else ""
    for line in wrap(f"{gettext(chart.measure)}{by}", 12, width):
        parts.append(words_at(0, y, line, 12, palette.muted))
        y += 17
    legend = legend_of([(text, tone, sure) for text, tone, sure in chart.legend], width, palette)
    parts.append(f'<g transform="translate(0,{_n(y)})">{legend.text}</g>')
    y += legend.height
    for group in chart.groups:
        drawn = _draw_group(group, width, palette)
        parts.append(f'<g transform="translate(0,{_n(y)})">{drawn.text}</g>')
        y += drawn.height
    return Drawing("".join(parts), width, y)


def _draw_group(group: Group, width: float, palette: Palette) -> Drawing:
    parts, y = [], 4.0
    if group.title:
        parts.append(words_at(0, y + 14, group.title, 13, palette.ink, bold=True))
        y += 22
    room = max(text_width(bar.text, 11) for bar in group.shown) + 6
    scale = (width - room) / 100
    top = y
    for bar in group.shown:
        parts.append(words_at(0, y + 13, cut(bar.label, 12, width), 12, palette.ink))
        end = max(((mark.left + mark.width) for mark in bar.marks), default=0) * scale
        for mark in bar.marks:
            number = bar.text if len(bar.marks) == 1 else f"{mark.value:,g}"  # which says whether it is a bound
            says = f"{bar.label}: {f'{mark.colour}, {number}' if mark.colour else bar.text}"
            says += "" if mark.sure else " (not a certain fact)"
            parts.append(
                _mark(mark.left * scale, y + 18, max(mark.width * scale, 1) if mark.value else 0, BAR, mark.tone, mark.sure, palette, says)
            )
        parts.append(words_at(end + 5, y + 28, bar.text, 11, palette.muted))
        y += ROW
    if group.zero:
        parts.append(box(group.zero * scale, top + 4, 1, y - top - 6, palette.muted))
    return Drawing("".join(parts), width, y)


def legend_of(entries: Sequence[tuple[str, int, bool]], width: float, palette: Palette) -> Drawing:
    """Draw a legend of (text, tone, whether sure), broken into lines."""
    parts, x, y = [], 0.0, 0.0
    for text, tone, sure in entries:
        needed = text_width(text, 11) + 30
        if x and x + needed > width:
            x, y = 0, y + 18
        parts.append(_mark(x, y, 12, 12, tone, sure, palette))
        parts.append(words_at(x + 17, y + 10, text, 11, palette.ink))
        x += needed
    return Drawing("".join(parts), width, y + 22 if entries else 0)


def draw_spans(spans: Sequence[Span], ticks: Sequence[tuple[float, str]], width: float, palette: Palette, size: float = 12) -> Drawing:
    """Draw lines over time, a label above each: full where certain, hatched where only possible; ticks above."""
    parts, y = [], size + 2
    row, bar = size * 2.7, size
    height = len(spans) * row
    for place, text in ticks:
        x = place / 100 * width
        parts.append(box(x, y + 4, 1, height + 2, palette.line))
        anchor = "end" if place > 90 else "start"
        parts.append(words_at(x + (0 if anchor == "end" else 3), y, text, size * 0.92, palette.muted, anchor=anchor))
    y += 6
    for span in spans:
        mark = f" ({span.mark})" if span.mark else ""
        parts.append(words_at(0, y + size, cut(span.label + mark, size, width), size, palette.ink))
        for first, last, sure, tone in span.parts:
            left = first / 100 * width
            parts.append(_mark(left, y + size * 1.4, max((last - first) / 100 * width, 2), bar, tone, sure, palette))
        y += row
    return Drawing("".join(parts), width, y + 4)


def draw_sections(
    sections: Sequence[tuple[str, Sequence[Span]]], ticks: Sequence[tuple[float, str]], legend: Drawing, width: float, palette: Palette
) -> Drawing:
    """Draw groups of lines over time below each other on one axis, each with its name, and a legend above them."""
    parts, y = [legend.text], legend.height
    for name, spans in sections:
        parts.append(words_at(0, y + 14, name, 13, palette.ink, bold=True))
        drawn = draw_spans(spans, ticks, width, palette)
        parts.append(f'<g transform="translate(0,{_n(y + 20)})">{drawn.text}</g>')
        y += drawn.height + 30
    return Drawing("".join(parts), width, y)


# How a band of a flow is drawn, by how sure it is where it leads: tone, whether filled, whether hatched, how strong.
BANDS = {
    "agreed": (0, True, False, 0.72),
    "single": (0, True, True, 0.72),
    "doubt": (4, True, True, 0.72),
    "planned": (4, False, False, 1.0),
    "reversed": (2, True, False, 0.72),
    "leave": (1, True, False, 0.72),
    "unstated": (NOT_STATED, True, False, 1.0),
}


def draw_flow(
    bands: Iterable[tuple[str, str, str]],
    nodes: Iterable[tuple[str, int, int, float, float, float]],
    legend: Sequence[tuple[str, str]],
    size: tuple[float, float, float],
    palette: Palette,
) -> Drawing:
    """Draw a flow. Bands are (path, state, what it says), nodes (label, count, column, x, y, height), the legend (state, words).

    `size` is the width, the height, and the width of a node's bar.
    """
    width, height, bar = size
    parts, x, y = [], 0.0, 0.0
    for state, text in legend:
        needed = text_width(text, 12) + 34
        if x and x + needed > width:
            x, y = 0, y + 20
        parts.append(_band(f"M{_n(x)} {_n(y)}h14v12h-14z", state, palette, ""))
        parts.append(words_at(x + 19, y + 10, text, 12, palette.ink))
        x += needed
    y += 40
    parts.append(f'<g transform="translate(0,{_n(y)})">')
    parts += [_band(path, state, palette, says) for path, state, says in bands]
    for label, count, column, left, top, tall in nodes:
        parts.append(box(left, top, bar, max(tall, 1), palette.ink))
        at, anchor = (left - 8, "end") if column == 0 else (left + bar + 7, "start")
        text = words_at(at, top + tall / 2 + 5, f"{label}  {count}", 14, palette.ink, anchor=anchor)
        halo = f' paint-order="stroke" stroke="{palette.paper}" stroke-width="5" stroke-linejoin="round"'
        parts.append(text.replace("<text", f"<text{halo}", 1))
    return Drawing("".join(parts) + "</g>", width, y + height)


def _band(path: str, state: str, palette: Palette, says: str) -> str:
    tone, filled, hatched, strength = BANDS[state]
    colour = palette.tones[tone]
    fill = f"url(#h{tone})" if hatched else colour if filled else "none"
    edge = palette.edge if tone == NOT_STATED else colour if state == "doubt" else ""
    more = f' stroke="{colour}" stroke-dasharray="4 3"' if not filled else f' stroke="{edge}"' if edge else ""
    return f'<path d="{path}" fill="{fill}" opacity="{strength}"{more}>' + (f"<title>{escape(says)}</title>" if says else "") + "</path>"


def nest(svg: str, width: float, height: float) -> Drawing:
    """Return a whole SVG as a drawing."""
    return Drawing(svg[svg.index("<svg") :].replace("<svg ", '<svg x="0" y="0" ', 1), width, height)


def draw_card(card: Card, foot: str, palette: Palette = LIGHT) -> str:
    """Return the SVG of a small picture for links: 1200 by 630, few words, large letters."""
    width, height = CARD
    edge, inner = 64, CARD[0] - 2 * 64
    parts = [box(0, 0, 18, height, palette.accent), words_at(edge, 84, cut(card.overline, 28, inner), 28, palette.accent, bold=True)]
    size = 64 if len(wrap(card.title, 64 * KNOWN * BOLD, inner)) == 1 else 50
    y = 96.0
    for line in wrap(card.title, size * KNOWN * BOLD, inner, 2):
        y += size * 1.1
        parts.append(words_at(edge, y, line, size, palette.ink, bold=True))
    y += 22
    bottom = height - 84
    drawn = bool(card.spans or card.bars or card.drawing)
    for fact in card.facts:
        lines = wrap(f"[{fact.mark}] {fact.text}" if fact.mark else fact.text, 30 * KNOWN, inner - 34, 2)
        if y + 38 * len(lines) > bottom - (150 if drawn else 0):
            break
        centre = y + 28
        fill = "none" if fact.mark else palette.accent
        parts.append(f'<circle cx="{edge + 9}" cy="{_n(centre)}" r="8" fill="{fill}" stroke="{palette.accent}" stroke-width="3"/>')
        for line in lines:
            y += 38
            parts.append(words_at(edge + 34, y, line, 30, palette.ink))
        y += 8
    room = bottom - y - 6
    if card.spans and room > 90:
        letters = min(24.0, max(17, (room - 36) / (2.7 * len(card.spans))))
        shown = card.spans[: max(1, int((room - 36) / (letters * 2.7)))]
        parts.append(f'<g transform="translate({edge},{_n(y + 8)})">{draw_spans(shown, card.ticks, inner, palette, letters).text}</g>')
    elif card.drawing and room > 90:
        inside = card.drawing
        scale = min(inner / inside.width, (room - 10) / inside.height)
        parts.append(f'<g transform="translate({edge},{_n(y + 14)}) scale({_n(scale)})">{inside.text}</g>')
    elif card.bars and room > 60:
        parts.append(f'<g transform="translate({edge},{_n(y + 12)})">{_card_bars(card, inner, room - 12, palette)}</g>')
    parts.append(box(edge, height - 74, inner, 2, palette.line))
    parts.append(words_at(edge, height - 34, cut(foot, 25, inner), 25, palette.muted))
    says = ". ".join((card.overline, *(f"[{fact.mark}] {fact.text}" if fact.mark else fact.text for fact in card.facts), foot))
    return document(Drawing("".join(parts), width, height), palette, card.title, says)


def _card_bars(card: Card, width: float, room: float, palette: Palette) -> str:
    """Draw as many bars as there is room for, the label before each and its number after it."""
    parts, row = [], 42
    most = max(1, int(room / row))
    shown = card.bars[-most:] if card.latest else card.bars[:most]
    label = min(max(text_width(text, 24) for text, *_ in shown) + 16, width * 0.5)
    number = max(text_width(text, 24) for _, _, text, _ in shown) + 16
    for place, (text, share, said, sure) in enumerate(shown):
        y = place * row
        parts.append(words_at(0, y + 24, cut(text, 24, label - 12), 24, palette.ink))
        length = max(share * (width - label - number), 3)
        parts.append(_mark(label, y + 4, length, 26, 0, sure, palette))
        parts.append(words_at(label + length + 10, y + 24, said, 24, palette.ink))
    return "".join(parts)
