"""What is much: a matter that is asked for is shown whole, large views are quick, and tables are short on a telephone."""

from __future__ import annotations

import html
import re
import sqlite3
import zlib
from contextlib import closing
from pathlib import Path

import pytest
import vl_convert
from datasette.plugins import pm
from presentation import who_went_where as flow
from presentation.charting import pack_png
from presentation.pictures import text_width
from site_client import Site

MATTER = "board-crisis-2023"


@pytest.fixture(scope="module")
def site(asked_within: Site) -> Site:
    return asked_within


def test_every_view_that_is_told_to_have_the_rows_of_a_table_has_as_many(site: Site, database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        for view, table in pm.get_plugin("large_views.py").ROWS_OF.items():
            (of_view,), (of_table,) = (connection.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone() for name in (view, table))
            assert of_view == of_table, view
            assert site.get(f"/leadership/{view}.json?_size=0&_nofacet=1").json()["filtered_table_rows_count"] == of_view


def test_facets_of_large_views_are_offered_and_counted_when_asked_for(site: Site) -> None:
    page = site.get("/leadership/claims_flat?_size=1").text
    assert 'href="/leadership/claims_flat?_size=1&amp;_facet=mode#facet-mode"' in page
    assert 'class="facet-info' not in page
    counted = site.get("/leadership/claims_flat.json?_facet=mode&_size=0").json()["facet_results"]["mode"]["results"]
    modes = {row["mode"]: row["n"] for row in site.rows("SELECT mode, COUNT(*) AS n FROM claims GROUP BY mode")}
    assert {found["value"]: found["count"] for found in counted} == modes


def test_the_fullest_day_of_a_matter_is_shown_whole_to_who_asks_for_the_matter(site: Site) -> None:
    day = site.rows(f"SELECT day, COUNT(*) AS n FROM timeline WHERE story = '{MATTER}' AND day IS NOT NULL GROUP BY day ORDER BY n DESC")[0]
    page = site.get(f"/timeline?story={MATTER}").text
    assert '<details class="rest">' not in page
    section = re.search(rf'<details class="group" data-period="{day["day"]}"(?P<open> open)?>.*?<small>(?P<count>\d+)', page)
    assert section
    assert section["open"]
    assert int(section["count"]) >= day["n"]


def test_a_telephone_is_shown_the_first_rows_of_a_long_table_and_offered_all_of_them(site: Site) -> None:
    assert '<label class="rows-more"><input type="checkbox"> all 100 rows' in site.get("/leadership/tenures_flat?_size=100").text
    assert "rows-more" not in site.get("/leadership/tenures_flat?_size=10").text


def test_bands_that_lead_back_begin_after_the_labels_of_the_places(site: Site) -> None:
    page = site.get("/who-went-where").text
    necks = re.findall(r'<path class="band-reversed" d="M([\d.]+),[\d.]+H([\d.]+)V', page)
    back = re.findall(rf'<rect x="{flow.PLACES[2]}" ', page)
    assert len(back) == 1
    assert necks
    labels = re.findall(rf'<text x="{flow.PLACES[1] + flow.BAR + flow.BESIDE:g}[^>]*>([^<]*) <tspan[^>]*>(\d+)', page)
    longest = max(text_width(f"{html.unescape(label)} {count}", flow.LETTERS) for label, count in labels)
    assert len({after for _, after in necks}) == 1
    assert all(begin <= after for begin, after in ((float(b), float(a)) for b, a in necks))
    assert float(necks[0][1]) >= min(flow.PLACES[1] + longest, flow.PLACES[2] - flow.ROOM)


def test_a_picture_of_a_chart_is_the_same_in_fewer_bytes() -> None:
    raw = vl_convert.svg_to_png('<svg xmlns="http://www.w3.org/2000/svg" width="400" height="300"><circle cx="90" cy="90" r="60"/></svg>')
    packed = pack_png(raw)
    assert len(packed) < len(raw)
    assert rows_of(packed) == rows_of(raw)
    assert [kind for kind, _ in chunks_of(packed)] == list(dict.fromkeys(kind for kind, _ in chunks_of(raw)))


def chunks_of(picture: bytes) -> list[tuple[bytes, bytes]]:
    found, place = [], 8
    while place < len(picture):
        length = int.from_bytes(picture[place : place + 4])
        body = picture[place + 8 : place + 8 + length]
        assert int.from_bytes(picture[place + 8 + length : place + 12 + length]) == zlib.crc32(picture[place + 4 : place + 8] + body)
        found.append((picture[place + 4 : place + 8], body))
        place += 12 + length
    return found


def rows_of(picture: bytes) -> bytes:
    return zlib.decompress(b"".join(body for kind, body in chunks_of(picture) if kind == b"IDAT"))
