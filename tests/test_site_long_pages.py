"""What is much: a matter that is asked for is shown whole, large views are quick, and tables are short on a telephone."""

from __future__ import annotations

import re

import pytest
from datasette.plugins import pm
from site_client import Site

MATTER = "board-crisis-2023"


@pytest.fixture(scope="module")
def site(asked_within: Site) -> Site:
    return asked_within


def test_every_view_that_is_told_to_have_the_rows_of_a_table_has_as_many(site: Site) -> None:
    for view, table in pm.get_plugin("large_views.py").ROWS_OF.items():
        numbers = site.rows(f'SELECT (SELECT COUNT(*) FROM "{view}") AS of_view, (SELECT COUNT(*) FROM "{table}") AS of_table')[0]
        assert numbers["of_view"] == numbers["of_table"], view
        assert site.get(f"/leadership/{view}.json?_size=0&_nofacet=1").json()["filtered_table_rows_count"] == numbers["of_view"]


def test_facets_of_large_views_are_offered_and_counted_when_asked_for(site: Site) -> None:
    page = site.get("/leadership/claims_flat").text
    assert 'href="/leadership/claims_flat?_facet=kind#facet-kind"' in page
    assert 'class="facet-info' not in page
    counted = site.get("/leadership/claims_flat.json?_facet=kind&_size=0").json()["facet_results"]["kind"]["results"]
    kinds = {row["kind"]: row["n"] for row in site.rows("SELECT kind, COUNT(*) AS n FROM claims_flat GROUP BY kind")}
    assert {found["value"]: found["count"] for found in counted} == kinds


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
