"""Who went where: every exit is drawn once and as sure as it is; each band leads to its rows."""

from __future__ import annotations

import html
import re
from collections import Counter
from typing import Any

import pytest
from accessible import serious_findings
from presentation import who_went_where
from presentation.sankey import Flow, lay_out
from site_client import Site

FIRM_EXITS = """
SELECT d.destination_id AS firm, COUNT(*) AS n FROM who_left w JOIN departures d ON d.id = w.departure_id
 WHERE d.organisation_id = 'openai' AND d.destination_id IS NOT NULL AND d.destination_id <> 'openai' AND w.reversed_by IS NULL
   AND w.manner IS NOT 'leave_of_absence' GROUP BY 1
"""


@pytest.fixture(scope="module")
def site(asked_within: Site) -> Site:
    return asked_within


@pytest.fixture(scope="module")
def whole(site: Site) -> str:
    """The page of all years."""
    return read(site, "/who-went-where")


def read(site: Site, path: str) -> str:
    response = site.get(path)
    assert response.status_code == 200
    return html.unescape(response.text)


def rows_of(page: str) -> list[str]:
    """Return the exits whose rows a page lists."""
    return re.findall(r'<a href="/leadership/departures/([a-z0-9-]+)" aria-label="The evidence', page)


def groups_of(page: str) -> dict[str, list[str]]:
    """Return the exits that a page lists, by the place to which they lead."""
    return {key: rows_of(rows) for key, rows in re.findall(r'<details class="flow-group" id="to-([a-z0-9-]+)"(.*?)</details>', page, re.S)}


def bands_of(page: str) -> list[dict[str, Any]]:
    """Return each band: where it leads, its state, how many exits it stands for, and what it says."""
    found = re.findall(r'<a href="([^"]+)"[^>]*><path class="band-(\w+)"[^>]*><title>(.*?: (\d+) \(.*?)</title>', page)
    return [{"href": href, "state": state, "says": says, "count": int(count)} for href, state, says, count in found]


def test_every_exit_that_is_told_as_a_fact_stands_once_among_the_rows(site: Site, whole: str) -> None:
    exits = site.rows("SELECT departure_id FROM who_left WHERE organisation = 'OpenAI'")
    assert sorted(rows_of(whole)) == sorted(row["departure_id"] for row in exits)


def test_a_firm_has_as_many_exits_as_the_record_and_small_ones_stand_together(site: Site, whole: str) -> None:
    groups = groups_of(whole)
    counts = {row["firm"]: row["n"] for row in site.rows(FIRM_EXITS)}
    named = {key: len(rows) for key, rows in groups.items() if key in counts}
    assert named == {firm: counts[firm] for firm in named}
    assert len(named) > 3
    assert len(groups["others"]) == sum(counts.values()) - sum(named.values())


def test_the_bands_from_the_years_stand_for_every_exit_once(whole: str) -> None:
    going = [band for band in bands_of(whole) if "→ Back at OpenAI" not in band["says"]]
    assert sum(band["count"] for band in going) == len(rows_of(whole))


def test_each_band_of_a_year_leads_to_as_many_rows_as_it_stands_for(site: Site) -> None:
    bands = bands_of(read(site, "/who-went-where?year=2024"))
    told = Counter[str]()
    for band in bands:
        told[band["href"].partition("#")[0]] += band["count"]
    assert len(told) > 4
    assert {path: len(rows_of(read(site, path))) for path in told} == dict(told)


def test_what_only_one_origin_says_is_drawn_otherwise_than_what_is_agreed(site: Site, whole: str) -> None:
    standing = "SELECT COUNT(*) AS n FROM who_left w JOIN statements s ON s.subject_id = w.departure_id AND s.property = 'destination_id'"
    facts = "AND s.rank = 'preferred' WHERE w.organisation = 'OpenAI' AND w.reversed_by IS NULL AND w.manner IS NOT 'leave_of_absence'"
    sure = "AND w.destination IS NOT NULL AND w.destination_certainty = 'certain'"
    agreed = site.rows(f"{standing} {facts} {sure} AND s.standing IN ('agreed', 'settled')")[0]["n"]
    drawn = Counter[str]()
    for band in bands_of(whole):
        drawn[band["state"]] += band["count"]
    of_no_firm = (
        "SELECT COUNT(*) AS n FROM who_left w JOIN statements s ON s.subject_id = w.departure_id AND s.property = 'destination_kind'"
    )
    told = "AND w.destination IS NULL AND s.asserted_as = 'fact' AND s.certainty = 'certain'"
    agreed += site.rows(f"{of_no_firm} {facts} {told} AND s.standing IN ('agreed', 'settled')")[0]["n"]
    assert drawn["agreed"] == agreed
    assert drawn["single"] > 0


def test_an_exit_that_was_reversed_is_drawn_as_such_and_leads_back(site: Site, whole: str) -> None:
    query = (
        "SELECT departure_id FROM who_left WHERE organisation = 'OpenAI' AND reversed_by IS NOT NULL AND manner IS NOT 'leave_of_absence'"
    )
    assert sorted(groups_of(whole)["reversed"]) == sorted(row["departure_id"] for row in site.rows(query))
    back = rows_of(read(site, "/who-went-where?to=back"))
    assert set(groups_of(whole)["reversed"]) < set(back)


TOLD = {
    "manner": "resigned",
    "reversed_by": None,
    "planned": None,
    "destination": "Meta",
    "destination_kind": "joined",
    "certainty": "certain",
    "to_standing": "agreed",
    "rivals": 0,
}


@pytest.mark.parametrize(
    ("told", "state"),
    [
        ({}, "agreed"),
        ({"to_standing": "single_origin"}, "single"),
        ({"certainty": "probable"}, "doubt"),
        ({"rivals": 1}, "doubt"),
        ({"to_standing": "open"}, "doubt"),
        ({"destination": None, "planned": "Meta"}, "planned"),
        ({"reversed_by": "altman-reinstated"}, "reversed"),
        ({"manner": "leave_of_absence"}, "leave"),
        ({"destination": None, "destination_kind": "not_stated"}, "unstated"),
    ],
)
def test_a_band_is_as_sure_as_what_is_told_of_the_destination(site: Site, told: dict[str, Any], state: str) -> None:
    assert who_went_where._state({**TOLD, **told}) == state


def test_who_came_back_from_a_firm_is_drawn_back_unless_they_had_come_from_it_before(site: Site) -> None:
    query = """SELECT x.id, COALESCE(r.effective_latest, '9999') < x.effective_latest AS was_before
     FROM departures r JOIN departures x ON x.person_id = r.person_id AND x.organisation_id = 'openai'
     AND x.destination_id = r.organisation_id WHERE r.organisation_id <> 'openai'
     AND r.destination_id = 'openai' AND r.asserted_as = 'fact' AND r.standing <> 'refuted'
     AND EXISTS (SELECT 1 FROM accepted a WHERE a.subject_id = r.id AND a.property = 'destination_id' AND a.asserted_as = 'fact')"""
    rows = site.rows(query)
    drawn = set(rows_of(read(site, "/who-went-where?to=back")))
    came_back = {row["id"] for row in rows if not row["was_before"]}
    assert came_back
    assert came_back <= drawn
    assert "ian-goodfellow-openai-2017" in {row["id"] for row in rows if row["was_before"]} - drawn


def test_who_is_said_to_have_joined_a_firm_and_elsewhere_to_have_founded_it_is_marked_so(site: Site) -> None:
    page = read(site, "/who-went-where?to=thinking-machines-lab")
    marked = re.findall(r'<a href="/leadership/tenures/([a-z0-9-]+)">also told: a founder of it</a>', page)
    assert "barret-zoph-thinking-machines-lab-founder" in marked
    assert "mira-murati-thinking-machines-lab-founder" not in marked  # that she founded it stands in the row itself


def test_who_is_shown_at_openai_after_an_exit_is_back_though_no_source_tells_a_return(site: Site, whole: str) -> None:
    madry = next(row for row in re.findall(r"<tr.*?</tr>", whole, re.S) if "/leadership/departures/aleksander-madry-openai-2023" in row)
    assert '/leadership/tenures/aleksander-madry-openai-head-of-preparedness">shown at OpenAI again, 18 December 2023</a>' in madry
    karpathy = next(row for row in re.findall(r"<tr.*?</tr>", whole, re.S) if "/leadership/departures/andrej-karpathy-openai-1" in row)
    assert "shown at OpenAI again" not in karpathy  # his return is told


def test_the_day_of_a_return_is_that_of_joining_and_never_that_of_leaving_the_other_firm(site: Site) -> None:
    back = read(site, "/who-went-where?to=back")
    told = dict(re.findall(r'<a href="/leadership/departures/([a-z0-9-]+)">(back at OpenAI[^<]*)</a>', back))
    assert told["andrej-karpathy-tesla-2022"] == "back at OpenAI, February 2023"
    assert told["kyle-kosic-xai-2024"] == "back at OpenAI; left xAI: April 2024"


def test_a_jest_and_a_destination_that_was_not_accepted_are_told_apart_and_not_drawn(site: Site, whole: str) -> None:
    apart = whole.partition('<details class="flow-apart">')[2].partition("</details>")[0]
    drawn = " ".join(band["says"] for band in bands_of(whole))
    said = site.rows("SELECT label FROM departures WHERE organisation_id = 'openai' AND asserted_as <> 'fact' AND same_as IS NULL")
    assert said
    assert all(row["label"] in apart and row["label"] not in drawn for row in said)
    rivals = site.rows(
        "SELECT o.label FROM statements s JOIN departures d ON d.id = s.subject_id JOIN organisations o ON o.id = s.value"
        " WHERE d.organisation_id = 'openai' AND s.property = 'destination_id' AND s.rank = 'deprecated'"
    )
    assert rivals
    assert all(f"{row['label']} was told as the destination" in apart for row in rivals)


def test_the_page_says_of_how_many_no_source_tells_where_they_went(site: Site, whole: str) -> None:
    query = """SELECT COUNT(*) AS n FROM who_left WHERE organisation = 'OpenAI' AND destination IS NULL
     AND destination_planned_or_said IS NULL
     AND COALESCE(destination_kind, 'not_stated') = 'not_stated' AND reversed_by IS NULL AND manner IS NOT 'leave_of_absence'"""
    assert f"Of {site.rows(query)[0]['n']} no source that was read says where they led" in whole


@pytest.mark.parametrize("query", ["year=1066", "to=nowhere", "year=%3Cscript%3E&to=%22"])
def test_a_choice_that_does_not_exist_shows_all(site: Site, whole: str, query: str) -> None:
    assert rows_of(read(site, f"/who-went-where?{query}")) == rows_of(whole)


def test_the_year_is_in_the_title_and_only_its_rows_are_shown(site: Site) -> None:
    page = read(site, "/who-went-where?year=2025")
    assert "<title>Who left OpenAI in 2025, and where they went</title>" in page
    query = """SELECT COALESCE(year, CAST(substr(announced_day, 1, 4) AS INTEGER)) AS year FROM departures
        WHERE id IN (SELECT value FROM json_each(:ids))"""  # of some it is known only by when they left, and when they said so
    assert {row["year"] for row in site.rows(query, ids=_json(page))} == {2025}


def _json(page: str) -> str:
    return "[" + ",".join(f'"{key}"' for key in rows_of(page)) + "]"


def test_nodes_are_as_high_as_what_comes_or_goes_and_none_lies_over_another() -> None:
    flows = [
        Flow("a", "x", "agreed", ("1", "2")),
        Flow("b", "x", "single", ("3",)),
        Flow("a", "y", "agreed", ("4",)),
        Flow("x", "z", "reversed", ("1",)),
    ]
    drawing = lay_out((("a", "b"), ("x", "y"), ("z",)), flows, (0, 100, 200), 10)
    nodes = {node.key: node for node in drawing.nodes}
    assert {key: node.height for key, node in nodes.items()} == {"a": 30, "b": 10, "x": 30, "y": 10, "z": 10}
    assert nodes["a"].y + 30 < nodes["b"].y
    assert nodes["x"].y + 30 < nodes["y"].y
    assert nodes["y"].y + 10 <= drawing.height
    assert len(drawing.bands) == len(flows)


def test_on_a_telephone_a_list_of_bars_stands_for_the_flow_and_nothing_keeps_a_reader_out(site: Site, browser: Any) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme="dark")
    page = context.new_page()
    page.route("http://site.test/**", lambda route: _answer(site, route))
    assert page.goto("http://site.test/who-went-where?to=meta").status == 200
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator(".flow-narrow").is_visible()
    assert not page.locator(".flow-wide").is_visible()
    assert serious_findings(page) == []
    context.close()


def _answer(site: Site, route: Any) -> None:
    response = site.get(route.request.url.removeprefix("http://site.test"))
    headers = {name: value for name, value in response.headers.items() if name.lower() not in ("content-length", "content-encoding")}
    route.fulfill(status=response.status_code, headers=headers, body=response.content)
