"""Badges for the head of the README: small pictures of figures that are read from the database, so that they cannot be wrong for long.

In: what the database holds. Out: SVG by file name. They are drawn here and not fetched, because a page that fetches its badges
tells a third party who reads it.
"""

from __future__ import annotations

from contextlib import closing
from html import escape

from leadership.opening import open_database

from .contents import Contents

HEIGHT, PADDING, LETTER = 20, 7, 6.4  # LETTER: mean width of a character at 11 px, on the wide side
GREEN, BLUE, RED = "#1a7f37", "#0b5394", "#b3261e"


def render_badges(contents: Contents) -> dict[str, str]:
    """Return the badges: version, until when, how many sources, people and claims, lines accounted for, licence of the data."""
    with closing(open_database(contents.database)) as connection:
        query = "SELECT COALESCE(sum(lines - blank), 0), COALESCE(sum(unaccounted), 0) FROM line_coverage"
        lines, unaccounted = connection.execute(query).fetchone()
        covers_to = connection.execute("SELECT value FROM build_info WHERE id = 'covers_to'").fetchone()
    return {
        "version.svg": draw_badge("version", contents.version, BLUE),
        "reach.svg": draw_badge("record reaches", covers_to[0] if covers_to else "an unknown day", BLUE),
        **{f"{name}.svg": draw_badge(name, f"{contents.by_name[name].row_count:,}", BLUE) for name in ("sources", "people", "claims")},
        "lines.svg": draw_badge("lines accounted for", f"{lines - unaccounted:,} of {lines:,}", RED if unaccounted else GREEN),
        "licence.svg": draw_badge("data", contents.licence.split(" (")[0], BLUE),
    }


def draw_badge(label: str, value: str, colour: str) -> str:
    """Return a badge of two fields as SVG. White on each of the colours has a contrast of 4.5 or more."""
    widths = [round(2 * PADDING + LETTER * len(text)) for text in (label, value)]
    width, said = sum(widths), escape(f"{label}: {value}")
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{HEIGHT}" role="img" aria-label="{said}">
<title>{said}</title>
<clipPath id="r"><rect width="{width}" height="{HEIGHT}" rx="3"/></clipPath>
<g clip-path="url(#r)"><rect width="{widths[0]}" height="{HEIGHT}" fill="#444"/>
<rect x="{widths[0]}" width="{widths[1]}" height="{HEIGHT}" fill="{colour}"/></g>
<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">
{_text(widths[0] / 2, widths[0], label)}
{_text(widths[0] + widths[1] / 2, widths[1], value)}
</g></svg>
"""


def _text(middle: float, width: int, text: str) -> str:
    return f'<text x="{middle:g}" y="14" textLength="{width - 2 * PADDING}" lengthAdjust="spacingAndGlyphs">{escape(text)}</text>'
