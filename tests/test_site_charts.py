"""The charts of the dashboard: every mark against its rows, one clock, one palette, the scope at the foot of each."""

from __future__ import annotations

import html
import json
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from leadership import paths
from presentation.showing import show_when
from site_client import Site
from written import METADATA

CHARTS = METADATA["plugins"]["datasette-dashboards"]["overview"]["charts"]
CERTAIN, POSSIBLE = "#4a7d97", "#c3d3db"
STYLE = (paths.SITE / "static" / "charts.css").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def site(asked_within: Site) -> Site:
    return asked_within


def rows_of(site: Site, chart: str) -> list[dict[str, Any]]:
    return site.rows(CHARTS[chart]["query"])


def at(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%MZ")


def test_from_17_to_22_november_there_is_never_an_hour_without_a_chief_executive_and_never_two_for_certain(site: Site) -> None:
    rows = rows_of(site, "ceos")
    hour = datetime(2023, 11, 17)
    while hour < datetime(2023, 11, 23):
        held = [row for row in rows if at(row["held_from"]) <= hour < at(row["held_to"])]
        assert held, hour
        assert len({row["who"] for row in held if row["held"] == "certain"}) <= 1, hour
        hour += timedelta(hours=1)


def test_at_noon_of_20_november_shear_was_chief_executive_for_certain_and_nobody_else_possibly(site: Site) -> None:
    noon = datetime(2023, 11, 20, 12)
    held = {(row["who"], row["held"]) for row in rows_of(site, "ceos") if at(row["held_from"]) <= noon < at(row["held_to"])}
    assert held == {("Emmett Shear (interim)", "certain"), ("Emmett Shear (interim)", "possible")}


def test_each_spell_of_a_chief_executive_is_drawn_in_pacific_time_from_its_row(site: Site) -> None:
    spells = {row["tenure_id"]: row for row in site.rows("SELECT * FROM tenures_flat WHERE post_id = 'openai-ceo'")}
    first, last = datetime(2023, 11, 16), datetime(2023, 11, 24)
    for row in rows_of(site, "ceos"):
        spell = spells[row["tenure_id"]]
        ends = ("certain_from", "certain_to") if row["held"] == "certain" else ("possible_from", "possible_to")
        begun, over = (at(spell[name]) - timedelta(hours=8) if spell[name] else None for name in ends)
        assert at(row["held_from"]) == max(begun or first, first)
        assert at(row["held_to"]) == min(over or last, last)


@pytest.mark.parametrize("chart", ["tenures", "board"])
def test_a_bar_of_a_tenure_is_certain_only_between_the_moments_that_are(site: Site, chart: str) -> None:
    certain = [row for row in rows_of(site, chart) if row["held"] == "certain"]
    held = site.rows("SELECT certain_from, certain_to FROM tenures_flat WHERE certainty = 'certain' AND certain_to > certain_from")
    bounds = {(at(row["certain_from"]) - timedelta(hours=8), at(row["certain_to"]) - timedelta(hours=8)) for row in held}
    assert len(certain) > 5
    assert all((at(row["held_from"]), at(row["held_to"])) in bounds for row in certain)


@pytest.mark.parametrize("chart", ["ceos", "tenures", "board"])
def test_no_bar_reaches_beyond_the_record_or_lacks_an_end(site: Site, chart: str) -> None:
    covers = site.rows("SELECT date(value, '+1 day') || 'T00:00Z' AS last FROM build_info WHERE id = 'covers_to'")[0]["last"]
    for row in rows_of(site, chart):
        assert row["held_from"] <= row["held_to"] <= covers


def test_the_columns_of_exits_stand_for_every_exit_with_a_month_in_its_quarter(site: Site) -> None:
    rows = rows_of(site, "exits")
    held = site.rows("SELECT month, person FROM who_left WHERE organisation = 'OpenAI' AND month IS NOT NULL")
    assert sum(row["exits"] for row in rows) == len(held)
    for row in rows:
        months = {f"{row['quarter'][:5]}{int(row['quarter'][5:7]) + more:02}" for more in range(3)}
        assert set(row["people"].split(", ")) <= {exit["person"] for exit in held if exit["month"] in months}


def test_a_bar_of_a_destination_says_whether_a_single_origin_told_of_it(site: Site) -> None:
    rows = rows_of(site, "destinations")
    query = """SELECT w.person FROM who_left w JOIN statements s ON s.subject_id = w.departure_id AND s.property = 'destination_id'
     WHERE w.organisation = 'OpenAI' AND s.rank = 'preferred' AND s.standing = 'single_origin'"""
    single = {row["person"] for row in site.rows(query)}
    for row in rows:
        if row["told"] == "several origins, or settled":
            assert row["destination"] == "Thinking Machines Lab" or not set(row["people"].split(", ")) & single
    reversed_exits = site.rows(
        "SELECT person FROM who_left WHERE organisation = 'OpenAI' AND destination = 'OpenAI' AND reversed_by IS NOT NULL"
    )
    names = {name for row in rows if row["destination"].startswith("OpenAI") for name in row["people"].split(", ")}
    assert names.isdisjoint(row["person"] for row in reversed_exits)


@pytest.mark.parametrize(("chart", "metric"), [("headcount", "headcount"), ("valuation", "valuation")])
def test_no_figure_is_drawn_without_a_date_or_as_a_fact_when_it_is_none(site: Site, chart: str, metric: str) -> None:
    own = "AND organisation_id = 'openai'" if chart == "headcount" else "AND unit = 'usd'"
    query = f"""SELECT COUNT(*) AS n FROM figures WHERE metric = :metric {own} AND as_of IS NOT NULL AND value IS NOT NULL
     AND asserted_as = 'fact' AND standing <> 'refuted'"""
    rows = rows_of(site, chart)
    assert len(rows) == site.rows(query, metric=metric)[0]["n"] > 5
    assert all(row["told"] and (row.get("counted") or row["as_of"]) for row in rows)


def test_a_count_of_signatures_names_its_day_and_source_and_what_became_of_it(site: Site) -> None:
    rows = rows_of(site, "signatures")
    assert rows
    for row in rows:
        assert re.match(r"(between \d{1,2} and )?\d{1,2} \w+ 20\d\d.*, .+: (\w+ ){0,2}\d+$", row["place"])
        assert row["rank"] in CHARTS["signatures"]["display"]["encoding"]["color"]["scale"]["domain"]


@pytest.mark.parametrize("chart", CHARTS)
def test_every_colour_of_a_chart_is_of_the_palette_and_has_its_like_in_the_dark(site: Site, chart: str) -> None:
    text = json.dumps(CHARTS[chart]["display"]["encoding"])
    colours = set(re.findall(r"#[0-9a-f]{6}", text))
    assert colours
    assert all(f'[fill="{colour}"]' in STYLE for colour in colours - {"#8a857b"})
    if '"certain"' in text:
        scale = CHARTS[chart]["display"]["encoding"]["color"]["scale"]
        assert dict(zip(scale["domain"], scale["range"], strict=True)) == {"certain": CERTAIN, "possible": POSSIBLE}


@pytest.mark.parametrize("path", ["", *(f"/{name}" for name in CHARTS)])
def test_what_was_read_and_until_when_stands_at_the_foot_of_each_chart(site: Site, path: str) -> None:
    page = html.unescape(site.get(f"/-/dashboards/overview{path}").text)
    feet = re.findall(r'<p class="chart-foot">(.*?)</p>', page, re.S)
    until = site.rows("SELECT value FROM build_info WHERE id = 'covers_to'")[0]["value"]
    assert len(feet) == (1 if path else len(CHARTS))
    assert all(f"published until {show_when(until).label}" in foot and ">Rows</a>" in foot for foot in feet)


def test_the_rows_of_a_chart_are_a_page_of_the_site(site: Site) -> None:
    assert {chart["rows_at"]: site.get(chart["rows_at"]).status_code for chart in CHARTS.values()} == {
        c["rows_at"]: 200 for c in CHARTS.values()
    }


def test_the_chart_of_signatures_has_the_counts_of_the_day_too_each_once(site: Site) -> None:
    places = [row["place"] for row in rows_of(site, "signatures")]
    assert len(places) == len(set(places))  # two alike would be drawn as one bar of both
    told = site.rows(
        """SELECT DISTINCT f.source_id FROM claims_flat f JOIN figures g ON g.id = f.subject_id
        WHERE g.event_id = 'openai-staff-letter-2023' AND g.metric = 'signatories' AND f.property = 'value'
        AND f.subject_id LIKE '%2023-11-20%'"""
    )
    assert len(places) > len(told) > 10
    assert any(place.endswith("San Francisco Standard: about 650") for place in places)
