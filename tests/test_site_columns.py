"""Table pages: the main columns first, the facets folded; what machines read stays whole."""

from __future__ import annotations

import csv
import re
from urllib.parse import quote

import pytest
from leadership import paths
from leadership.descriptions import described_tables, load_metadata
from presentation.headings import heading
from presentation.wording import lower_first
from site_client import Site

TABLES = described_tables(load_metadata(paths.METADATA).data)
MAIN = {name: table["plugins"]["main-columns"] for name, table in TABLES.items() if "main-columns" in table.get("plugins", {})}
SHORT = [name for name, main in MAIN.items() if "columns" in main]


@pytest.fixture(scope="module")
def pages(asked_within: Site) -> Site:
    return asked_within


@pytest.fixture(scope="module")
def few(little_site: Site) -> Site:
    """The site over few rows, for what holds of a table however many it has."""
    return little_site


def page(pages: Site, path: str) -> str:
    """Return the HTML of a table page, its character references resolved."""
    return pages.page(f"/leadership/{path}")


def headings(source: str) -> list[str]:
    """Return the columns of the table on a page."""
    return re.findall(r' scope="col" data-column="([^"]+)"', source)


def first_row(source: str) -> list[tuple[str, str]]:
    """Return column and content of the cells of the first row on a page."""
    row = source.partition("<tbody>")[2].partition("</tr>")[0]
    return re.findall(r'<td class="col-(\S+) [^"]*" data-label="[^"]*">(.*?)</td>', row, re.S)


# columns


@pytest.mark.parametrize("table", SHORT)
def test_a_page_shows_the_main_columns_in_the_order_in_which_they_are_named(few: Site, table: str) -> None:
    source = page(few, table)
    assert headings(source) == MAIN[table]["columns"]
    assert [column for column, _ in first_row(source)] == MAIN[table]["columns"]
    total = len(TABLES[table]["columns"])
    assert f'{len(MAIN[table]["columns"])} of {total} columns: <a href="/leadership/{table}?_columns=all">all columns</a>' in source


@pytest.mark.parametrize("table", SHORT)
def test_one_link_leads_to_all_columns_and_one_back(few: Site, table: str) -> None:
    source = page(few, f"{table}?_columns=all")
    assert sorted(headings(source)) == sorted(TABLES[table]["columns"])
    assert f'columns: <a href="/leadership/{table}">the main ones only</a>' in source


@pytest.mark.parametrize("table", SHORT)
def test_json_and_csv_have_all_columns_in_the_order_of_the_table(few: Site, table: str) -> None:
    columns = [row["name"] for row in few.rows("SELECT name FROM pragma_table_info(:name) ORDER BY cid", name=table)]
    assert list(few.get(f"/leadership/{table}.json?_shape=array&_size=1").json()[0]) == columns
    assert next(csv.reader(few.get(f"/leadership/{table}.csv").text.splitlines())) == columns


def test_the_export_links_of_a_short_page_give_all_columns(pages: Site) -> None:
    source = page(pages, "departures?manner=resigned&_sort=year")
    links = source.partition('<p class="export-links">')[2].partition("</p>")[0]
    named = {name: address for address, name in re.findall(r'href="([^"]+)">([^<]+)<', links)}
    csv_link, json_link = named["CSV"], named["JSON"]
    rows = pages.get(json_link + "&_shape=array").json()
    assert sorted(rows[0]) == sorted(TABLES["departures"]["columns"])
    assert {row["manner"] for row in rows} == {"resigned"}
    exported = next(csv.reader(pages.get(csv_link).text.splitlines()))
    assert set(TABLES["departures"]["columns"]) <= set(exported)  # and the labels of foreign keys
    form = source.partition('<div id="export"')[2].partition("</form>")[0]
    assert 'name="_col"' not in form


def test_a_label_leads_to_its_row_where_the_identifier_is_left_out(pages: Site) -> None:
    cells = dict(first_row(page(pages, "people?id=greg-brockman")))
    assert cells["label"] == '<a href="/leadership/people/greg-brockman">Greg Brockman</a>'
    assert dict(first_row(page(pages, "people?id=greg-brockman&_columns=all")))["label"] == "Greg Brockman"
    assert dict(first_row(page(pages, "decisions")))["id"].startswith('<a href="/leadership/decisions/')


def test_narrow_screens_name_each_cell_by_the_column_that_is_shown(pages: Site) -> None:
    named = re.findall(r'td:nth-of-type\((\d+)\):before \{ content: "([^"]+)"', page(pages, "departures"))
    assert named == [(str(place), column) for place, column in enumerate(MAIN["departures"]["columns"], 1)]


def test_columns_that_a_reader_asks_for_are_shown_as_asked(pages: Site) -> None:
    assert headings(page(pages, "departures?_col=year&_col=manner")) == ["id", "year", "manner"]
    assert headings(page(pages, "departures?_nocol=manner")) == [name for name in MAIN["departures"]["columns"] if name != "manner"]
    assert headings(page(pages, "departures?_sort_desc=month"))[-1] == "month"


def test_a_narrow_screen_sorts_by_any_column_and_keeps_the_usual_order(pages: Site) -> None:
    offered = page(pages, "departures").partition('<select name="_sort"')[2].partition("</select>")[0]
    assert sorted(re.findall(r'<option value="(\w+)"', offered)) == sorted(TABLES["departures"]["columns"])
    assert '<option value="effective_earliest" selected>' in offered


def test_wide_tables_lead_to_the_view_that_is_made_for_reading(pages: Site) -> None:
    for table, view in (("departures", "who_left"), ("tenures", "tenures_flat"), ("claims", "claims_flat")):
        assert f'For reading: <a href="/leadership/{view}">{TABLES[view]["title"]}</a>' in page(pages, table)
        assert pages.get(f"/leadership/{view}").status_code == 200


@pytest.mark.parametrize("table", [name for name, table in TABLES.items() if name not in SHORT and not table.get("hidden")])
def test_other_tables_and_views_show_all_their_columns(few: Site, table: str) -> None:
    source = page(few, table)
    expected = sorted(TABLES[table]["columns"]) if few.rows(f'SELECT 1 FROM "{table}" LIMIT 1') else []  # an empty table has no head
    assert sorted(set(headings(source)) - {"Link", "rowid"}) == expected
    assert "_columns=all" not in source


def test_a_page_without_rows_is_shown(pages: Site) -> None:
    source = page(pages, "departures?manner=abdicated")
    assert "0 records" in source
    assert "0 rows" in source


# facets


def test_the_facets_are_folded_and_named_in_the_summary(pages: Site) -> None:
    source = page(pages, "departures")
    fold = source.partition('<details class="facets-fold"')[2]
    assert fold.startswith("><summary>Filter by: ")
    summary = fold.partition("</summary>")[0].partition("Filter by: ")[2].split(", ")
    facets = re.findall(r'<div class="facet-info [^>]*data-column="([^"]+)"', fold)
    assert [lower_first(heading(name)) for name in facets] == summary
    assert {"reason", "manner", "year"} <= set(summary)
    assert fold.index("</details>") < fold.index('class="table-wrapper"')


@pytest.mark.parametrize(
    ("address", "is_open"),
    [
        ("departures", False),
        ("departures?_sort=label", False),
        ("departures?label__contains=Altman", False),
        ("departures?manner=resigned", True),
        ("departures?reason__arraycontains=safety_dispute", True),
        ("departures?_facet=month", True),
        ("people?_facet_array=sources", True),
    ],
)
def test_the_facets_stand_open_where_one_is_chosen_or_asked_for(pages: Site, address: str, is_open: bool) -> None:
    (opened,) = re.findall(r'<details class="facets-fold"( open)?>', page(pages, address))
    assert bool(opened) == is_open


def test_a_table_without_facets_has_no_empty_fold(pages: Site) -> None:
    assert "facets-fold" not in page(pages, "build_info")


@pytest.mark.parametrize(
    ("value", "column", "shown"),
    [
        ("'2023-99'", "started", "2023-99"),
        ("'2023-00'", "month", "2023-00"),
        ("'2023-02-30'", "started", "2023-02-30"),
        ("'2023-11-17T25:00[UTC]'", "started", "2023-11-17T25:00[UTC]"),
        ("'2023-11/2023-99'", "started", "2023-11/2023-99"),
        ("9e999", "value", "inf"),
        ("""'["x"]'""", "ids_seen_at", '["x"]'),
        ("""'[5, "http://[x"]'""", "ids_seen_at", '[5, "http://[x"]'),
        ("5", "ids_seen_at", "5"),
        ("""'["a", ["b"]]'""", "x", '["a", ["b"]]'),
        ("replace(hex(zeroblob(3)), '0', '[')", "held_on", "[[[[[["),
        ("replace(hex(zeroblob(4000)), '0', '[')", "held_on", "[" * 2000),
        ("replace(hex(zeroblob(4000)), '0', '[')", "sources", "[" * 2000),
    ],
)
def test_a_value_of_a_readers_own_that_is_none_of_its_column_is_shown_as_it_is(few: Site, value: str, column: str, shown: str) -> None:
    assert shown in few.page(f"/leadership?sql={quote(f'select {value} as {column}')}").partition("<tbody>")[2]
