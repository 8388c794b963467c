"""Charts as they are drawn for readers, from what is asked to SVG or PNG: of questions, of the dashboard, of pages of their own.

In: a request, and which chart. Out: a `Made`, which `render` draws; or NotDrawnError, which says in a sentence why there is none: what
is not whole is not drawn. Charts of questions are drawn as their pages draw them, those of the dashboard by Vega-Lite without a browser.
"""

from __future__ import annotations

import asyncio
import contextvars
import copy
import json
import re
import sqlite3
import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlencode

from datasette.database import QueryInterrupted

from . import incumbents, offices, who_went_where
from .answering import answer
from .bars import Bar, Chart, Group, Mark, make_chart
from .citing import LICENCE
from .pictures import (
    BANDS,
    CHINESE_SANS,
    NARROW,
    PADDING,
    PALETTES,
    WIDE,
    Drawing,
    Span,
    document,
    draw_bars,
    draw_flow,
    draw_sections,
    frame,
    legend_of,
    nest,
    typeface,
)
from .rows import DATABASE, asking, row_of
from .showing import show_when
from .speaking import ENGLISH, N_, SPOKEN, count_of, named, say
from .speaking import gettext as spoken
from .vega import say_chart

MOST_WAITING = 30  # pictures; one is drawn at a time, in some hundredths of a second
PNG_LEVEL = 7  # of deflating; the highest gains a twentieth and takes thrice as long
MOST_ASKED = 300  # letters of a parameter
STATE = """
SELECT MAX(CASE id WHEN 'dataset_version' THEN value END) AS version, MAX(CASE id WHEN 'covers_to' THEN value END) AS covers_to,
       (SELECT MAX(released_on) FROM releases) AS released,
       (SELECT COUNT(*) FROM sources WHERE access <> 'cited') AS sources FROM build_info
"""
# What the colours of the dashboard's charts become on dark paper: what is faint stays faint.
DARK_COLOURS = {
    "#4a7d97": "#6ea3bd",
    "#c3d3db": "#35505e",
    "#9dbac7": "#46728a",
    "#729fb3": "#5b8ea8",
    "#1f5673": "#b5dbee",
    "#dcd8cf": "#3b3933",
    "#8a857b": "#8a857b",
    "#ebe7de": "#2f2d29",
    "#8f897d": "#857f73",
    "#7b6aa8": "#a99ad3",
    "#5b8a5a": "#8bb98a",
    "#9a3412": "#f0a07c",
    "#c08a3e": "#d3a05c",
}
SIZE = re.compile(r'<svg[^>]*? width="([\d.]+)" height="([\d.]+)"')
DEFAULT = re.compile(
    r"COALESCE\((?:NULLIF\(TRIM\(|unless_now\():(\w+)\)(?:, ''\))?, (?:'([^']*)'|\(SELECT value FROM build_info WHERE id = '(\w+)'\))\)"
)
FIELDS = {
    "day": N_("Day or hour"),
    "moment": N_("Day or hour"),
    "firm": N_("Firm or body"),
    "subject": N_("Row, by name or identifier"),
    "word": N_("What to look for"),
    "line": N_("Number of the line"),
    "post": N_("Post"),
    "person": N_("Person"),
    "name": N_("Name"),
    "topic": N_("Topic"),
    "source": N_("Source"),
}

LABELS = "SELECT id, label FROM subjects WHERE id IN (SELECT value FROM json_each(:ids))"
REACH = "SELECT id, value FROM build_info WHERE id IN ('covers_to', 'latest_fact_on')"


class NotDrawnError(Exception):
    """There is no chart, or it would not be whole; the message says why in a sentence. `status` is that of the answer."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


class Made(NamedTuple):
    """A chart before it is drawn: `chart` is one of bars.make_chart, (display, rows) of a Vega-Lite chart, or draws itself."""

    title: str
    notes: list
    chart: object
    page: str  # path of the page on which readers find it
    path: str  # path of the pictures, without what comes from `.chart.` on
    query: dict
    wide: int = WIDE
    answered: bool = False  # whether the first note is the answer to a question


class Painter:
    """Draws one picture at a time in a thread of its own; the library is loaded when the first one is asked for."""

    def __init__(self) -> None:
        self.pool: ThreadPoolExecutor | None = None
        self.waiting = 0

    async def run(self, work: Any, *values: Any) -> Any:
        """Return the result of some work in the thread. Raises NotDrawnError if too many wait."""
        if self.waiting >= MOST_WAITING:
            raise NotDrawnError(say("Too many pictures are being drawn; ask again in a minute."), 503)
        self.pool = self.pool or ThreadPoolExecutor(1, thread_name_prefix="pictures")
        self.waiting += 1
        try:
            spoken = contextvars.copy_context()
            return await asyncio.get_running_loop().run_in_executor(self.pool, lambda: spoken.run(work, *values))
        finally:
            self.waiting -= 1


PAINTER = Painter()


def to_png(svg: Any, scale: float = 2) -> Any:
    """Return a picture as PNG."""
    import vl_convert  # here, because most readers never ask for a picture

    return pack_png(vl_convert.svg_to_png(svg, scale=scale))


@lru_cache(maxsize=1)
def knows_chinese() -> bool:
    """Tell whether this machine has a typeface with Chinese signs: without one all of them look alike."""
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><text y="30" font-size="30" font-family="{}">{}</text></svg>'
    signs = [drawing.format(CHINESE_SANS, sign) for sign in "中文"]
    return len({to_png(sign, 1) for sign in signs}) > 1


async def picture_language() -> str:
    """Return in which language a PNG speaks: that of its address, English where no typeface here has Chinese signs."""
    return SPOKEN.get() if SPOKEN.get() == ENGLISH or await PAINTER.run(knows_chinese) else ENGLISH


def pack_png(picture: bytes) -> bytes:
    """Return the same picture in a third of the bytes: its rows are deflated as well as zlib can, and they were in haste."""
    head, rows, place = picture[:8], [], 8
    chunks = []
    while place < len(picture):
        (length,) = struct.unpack(">I", picture[place : place + 4])
        kind, body = picture[place + 4 : place + 8], picture[place + 8 : place + 8 + length]
        if kind == b"IDAT":
            rows.append(body)
        else:
            chunks.append((kind, body))
        place += 12 + length
    packed = zlib.compress(zlib.decompress(b"".join(rows)), PNG_LEVEL)
    chunks.insert(-1, (b"IDAT", packed))  # before the end
    return head + b"".join(struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks)


def draw_vega(display: Any, rows: Any, width: Any, theme: Any, height: Any = None) -> Any:
    """Return the chart of the dashboard that `display` specifies, as a drawing."""
    import vl_convert

    palette = PALETTES[theme]
    spec = copy.deepcopy({name: part for name, part in display.items() if name != "usermeta"})
    if theme == "dark":
        spec = json.loads(re.sub(r"#[0-9a-f]{6}", lambda found: DARK_COLOURS.get(found[0], found[0]), json.dumps(spec)))
    look = spec.setdefault("config", {})
    look |= {"font": typeface(), "background": "transparent"}
    look["axis"] = {**look.get("axis", {}), "labelColor": palette.ink, "titleColor": palette.muted}
    look["legend"] = {**look.get("legend", {}), "labelColor": palette.ink, "titleColor": palette.muted}
    fits = {"autosize": {"type": "fit-x", "contains": "padding"}, "padding": 0}
    spec |= {"data": {"values": rows}, "width": width, **fits}
    if height and not isinstance(spec.get("height"), dict):
        spec["height"] = height
    svg = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    wide, high = re.findall(SIZE, svg)[0]
    return nest(svg, float(wide), float(high))


def render(made: Any, width: Any, theme: Any) -> tuple[Any, ...]:
    """Return a whole SVG file with title and notes, and its size."""
    palette = PALETTES[theme]
    inner = width - 2 * PADDING
    if isinstance(made.chart, Chart):
        drawing = draw_bars(made.chart, inner, palette)
    else:
        drawing = (
            made.chart(inner, palette) if callable(made.chart) else draw_vega(made.chart[0], made.chart[1], inner, theme, *made.chart[2:])
        )
    framed = frame(made.title, drawing._replace(width=inner), made.notes, palette)
    return document(framed, palette, made.title, " ".join(made.notes)), framed.width, framed.height


async def source_line(datasette: Any, request: Any, rows: int, page: Any) -> str:
    """Return from how many rows of which state of the dataset a chart is, under which licence, and where it stands."""
    state = await row_of(datasette, STATE)
    address = datasette.absolute_url(request, datasette.urls.path(page)).partition("://")[2]
    title = spoken(datasette.metadata("title") or DATABASE)
    version = f"{title} {state['version'] or ''}".strip()
    released = say(" of %(day)s", day=show_when(state["released"]).label) if state["released"] else ""
    reach = say(", sources published until %(day)s", day=show_when(state["covers_to"]).label) if state["covers_to"] else ""
    values = {
        "rows": count_of(rows, "row"),
        "version": version,
        "released": released,
        "reach": reach,
        "licence": LICENCE,
        "address": address,
    }
    return say("Source: %(rows)s of %(version)s%(released)s%(reach)s; %(licence)s; %(address)s", **values)


async def _rows(datasette: Any, sql: str, parameters: Any) -> list[Any]:
    """Return all rows of a query. Raises NotDrawnError where they are not all, or none."""
    try:
        found = await datasette.execute(DATABASE, sql, parameters, truncate=True)
    except QueryInterrupted:
        raise NotDrawnError(say("Not drawn: the question took too long to answer.")) from None
    except sqlite3.Error as error:
        raise NotDrawnError(say("Not drawn: the question could not be answered (%(error)s).", error=str(error))) from None
    if found.truncated:
        raise NotDrawnError(
            say(
                "Not drawn: the answer has more than %(n)s rows, and a chart of a part would mislead; ask for less.",
                n=f"{len(found.rows):,}",
            )
        )
    return [dict(row) for row in found.rows]


async def names_of(ask: Any, found: Any, fragment: Any) -> dict[str, Any]:
    """Return the labels of the ids that a chart of these rows names."""
    columns_drawn = re.findall(r"g\.(?:x|color)_column=(\w+)", fragment)
    drawn = {str(row[column]).partition(" line ")[0] for row in found for column in columns_drawn if row.get(column)}
    ids = [one for one in drawn if "-" in one and one == one.lower()]
    return {row["id"]: row["label"] for row in await ask(LABELS, ids=json.dumps(ids))}


def defaults(sql: str, reach: Any) -> dict[str, Any]:
    """Return what runs for each parameter that is left empty, as far as the SQL of a question says it."""
    return {name: text if text else reach.get(entry, "") for name, text, entry in DEFAULT.findall(sql)}


async def make_question(datasette: Any, request: Any, name: str) -> Any:
    """Return the chart of a ready-made question. Raises NotDrawnError."""
    queries = await datasette.get_canned_queries(DATABASE, None)
    setting = queries.get(name)
    if not setting or not setting.get("fragment"):
        raise NotDrawnError(say("There is no such chart: only questions whose page shows a chart have one."), 404)
    asked = {key: (request.args.get(key) or "").strip()[:MOST_ASKED] for key in setting.get("params") or ()}
    rows = await _rows(datasette, setting["sql"], asked)
    ask = asking(datasette)
    chart = make_chart(rows, setting["fragment"], await names_of(ask, rows, setting["fragment"]))
    if chart is None:
        raise NotDrawnError(say("Not drawn: nothing in the answer can be drawn; see whether a name or a day is written as the page hints."))
    given = {key: value for key, value in asked.items() if value}
    reach = {row["id"]: row["value"] for row in await ask(REACH)}
    left_out = sum(len(group.earlier) + len(group.folded) for group in chart.groups)
    page = f"/{DATABASE}/{name}"
    shown_at = page + (f"?{urlencode(given)}" if given else "")
    answered = answer(name, rows, {**defaults(setting["sql"], reach), **given})
    notes = [answered]
    notes += [spoken(setting.get("description") or "")] if not setting.get("params") else []  # what it shows and what it leaves out
    notes += [say("%(n)s further bars stand on the page.", n=f"{left_out:,}") if left_out else ""]
    notes += [say("%(rows)s without a number not drawn.", rows=count_of(chart.without, "row")) if chart.without else ""]
    notes += [
        say("Only what sources that were read tell is counted. Times are US Pacific."),
        await source_line(datasette, request, len(rows), shown_at),
    ]
    said = say("; ").join(f"{spoken(FIELDS.get(key) or key.capitalize())}{say(': ')}{named(value)}" for key, value in given.items())
    title = spoken(setting.get("title") or name)
    notes = [note for note in notes if note]
    return Made(f"{title} – {said}" if said else title, notes, chart, shown_at, page, given, answered=bool(answered))


async def make_dashboard(datasette: Any, request: Any, slug: Any, name: str) -> Any:
    """Return a chart of the dashboard. Raises NotDrawnError."""
    charts = ((datasette.plugin_config("datasette-dashboards") or {}).get(slug) or {}).get("charts", {})
    setting = say_chart(charts.get(name) or {})
    if setting.get("library") != "vega-lite":
        raise NotDrawnError(say("There is no such chart on the dashboard."), 404)
    rows = await _rows(datasette, setting["query"], {})
    if not rows:
        raise NotDrawnError(say("Not drawn: there are no rows."))
    page = f"/-/dashboards/{slug}/{name}"
    notes = [setting.get("note", ""), await source_line(datasette, request, len(rows), page)]
    return Made(setting["title"], [note for note in notes if note], (setting["display"], rows), page, page, {})


async def make_succession(datasette: Any, request: Any) -> Any:
    """Return the chart of chief executives and boards over time."""
    known = await offices.what_is_known(datasette)
    chart = incumbents.draw_succession(known["spells"], known["reach"])
    sections, bars = [], []
    for tone, body in enumerate((incumbents.EXECUTIVES, *incumbents.BOARDS)):  # one below the other, as many sit on two boards at once
        spans, name = [], ""
        for person, _, spells in (row for _, rows in chart["sections"] for row in rows):
            here = [bar for bar in spells if bar["organisation_id"] == body]
            kinds = {bar["capacity"] for bar in here}
            kind = next((kind for kind in ("interim", "observer") if kinds == {kind}), "")
            parts = [(bar["p0"], bar["p1"], False, tone) for bar in here]
            parts += [(bar["c0"], bar["c1"], True, tone) for bar in here if bar["c0"] is not None]
            spans += [Span(named(person), say(kind) if kind else "", parts)] if here else []
            name = here[0]["organisation"] if here else name
            bars += here
        sections += [(say("Chief executive") if body == incumbents.EXECUTIVES else named(name), spans)] if spans else []
    entries = [(say("certain"), 7, True), (say("possible, not certain"), 7, False)]

    def drawn(width: Any, palette: Any) -> Any:
        return draw_sections(sections, chart["ticks"], legend_of(entries, width, palette), width, palette)

    reach = show_when(known["reach"][:10]).label
    notes = [say("Full, from the first to the last moment at which a source shows them; hatched, as far as start and end are bounded.")]
    notes += [say("%(n)s not drawn, because no source dates the beginning.", n=len(chart["undrawn"]))] if chart["undrawn"] else []
    notes += [
        say("Whom no source names is missing. Times are US Pacific."),
        await source_line(datasette, request, len(bars), "/succession"),
    ]
    return Made(say("Chief executives and boards of OpenAI, to %(day)s", day=reach), notes, drawn, "/succession", "/succession", {})


async def make_flow(datasette: Any, request: Any) -> Any:
    """Return the chart of who went where. Raises NotDrawnError."""
    view = await who_went_where.view_of(request, datasette)
    if not view["drawing"]:
        raise NotDrawnError(say("Not drawn: there are no exits in that year."))
    flow = view["drawing"]
    bands = [(band["path"], band["state"], band["says"]) for band in flow["bands"]]
    nodes = [(named(spoken(n["label"])), n["count"], n["node"].column, n["node"].x, n["node"].y, n["node"].height) for n in flow["nodes"]]
    size = (who_went_where.WIDTH, flow["height"] + 10, flow["bar"])

    def drawn(width: Any, palette: Any) -> Any:
        if width < NARROW:  # a flow would be too small to read
            return draw_bars(_flow_bars(view), width, palette)
        drawing = draw_flow(bands, nodes, [(state, spoken(text)) for state, text in view["state_labels"].items()], size, palette)
        scale = width / who_went_where.WIDTH
        return Drawing(f'<g transform="scale({scale:.4f})">{drawing.text}</g>', width, drawing.height * scale)

    given = {"year": view["year"]} if view["year"] else {}
    page = "/who-went-where"
    shown_at = page + (f"?{urlencode(given)}" if given else "")
    said = f"{say(', ')}{view['year_label']}" if view["year"] else ""
    notes = [
        say(
            "By the year of the exit, else of its announcement; not stated for %(n)s in what was read. Days are US Pacific.",
            n=view["unstated"],
        ),
        await source_line(datasette, request, view["count"], shown_at),
    ]
    return Made(
        say("Who left OpenAI%(year)s, for where, and who came back", year=said),
        notes,
        drawn,
        shown_at,
        page,
        given,
        who_went_where.WIDTH + 2 * PADDING,
    )


def _flow_bars(view: Any) -> Any:
    """Return the places of a flow as bars, the parts of each by how sure it is."""

    def looks(state: str) -> tuple[int, bool]:
        tone, filled, hatched, _ = BANDS[state]
        return tone, filled and not hatched

    bars = []
    for group in view["groups"]:
        marks, left = [], 0.0
        for state, number in group["states"]:
            tone, is_sure = looks(state)
            marks.append(Mark(left, number / view["most"] * 100, tone, is_sure, spoken(view["state_labels"][state]), number))
            left += marks[-1].width
        bars.append(Bar(named(spoken(group["label"])), marks, str(group["count"])))
    legend = [(spoken(text), *looks(state)) for state, text in view["state_labels"].items()]
    return Chart([Group("", [], bars, [], 0)], legend, 0, say("Exits"), "")


OWN = {"succession": make_succession, "who-went-where": make_flow}
