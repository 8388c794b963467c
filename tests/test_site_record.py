"""How right was each source: its counts are those of the claims, and what is not accepted stands below."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Callable

import pytest
from conftest import RawFolder
from datasette.plugins import pm
from read_source import GAMMA, add_read_source
from site_client import Site
from written import METADATA

FIRST = METADATA["databases"]["leadership"]["queries"]["first_to_report"]["sql"]
CLAIMS = """
SELECT COUNT(*) AS claims, SUM(s.rule NOT IN ('only_value', 'side_by_side', 'different_things')) AS disputed,
       SUM(s.rank = 'deprecated' AND s.deprecated_reason NOT IN ('imprecise', 'other_zone', 'superseded')) AS contradicted
  FROM claims c JOIN statements s ON s.id = c.statement_id JOIN subjects u ON u.id = s.subject_id JOIN sources o ON o.id = c.source_id
 WHERE o.publisher_id = :newsroom AND c.polarity = 'affirms' AND c.mode = 'fact' AND u.kind <> 'source'
   AND (s.property <> 'occurs' OR u.kind IN ('event', 'departure', 'tenure')) AND (:kind = '' OR u.kind = :kind)
"""


@pytest.fixture(scope="module")
def site(asked_within: Site) -> Site:
    return asked_within


def read(site: Site, query: str = "") -> str:
    response = site.get(f"/sources-record{query}")
    assert response.status_code == 200
    return html.unescape(response.text)


def table(page: str) -> list[dict[str, str]]:
    """Return the rows of the table: key, claims, disputed, contradicted and how often first, as they are written."""
    found = re.findall(
        r'<tr(?: class="is-few")?>\s*<th scope="row"><a href="[^"]*\?(?:newsroom|source)=([a-z0-9-]+)[^>]*>(.*?)</tr>', page, re.S
    )
    return [{"key": key, **dict(zip(("claims", "disputed", "contradicted", "first"), _cells(row), strict=True))} for key, row in found]


def _cells(row: str) -> list[str]:
    cells = re.findall(r'data-name="[^"]*">(.*?)</td>', row, re.S)
    return [re.sub(r"<small>.*?</small>", "", re.sub(r"<span class=\"record-bar.*", "", cell, flags=re.S)) for cell in cells]


def number(cell: str) -> int:
    digits = re.sub(r"<[^>]+>|\D", "", cell)
    return int(digits) if digits else 0


@pytest.mark.parametrize("kind", ["", "departure"])
def test_a_newsroom_has_the_counts_of_its_claims(site: Site, kind: str) -> None:
    rows = table(read(site, f"?kind={kind}"))
    assert len(rows) == pm.get_plugin("sources_record.py").PER_PAGE
    for row in [row for row in rows if row["key"] != "not-stated"][:5]:
        held = site.rows(CLAIMS, newsroom=row["key"], kind=kind)[0]
        assert [number(row[name]) for name in ("claims", "disputed", "contradicted")] == [
            held[n] or 0 for n in ("claims", "disputed", "contradicted")
        ]


def test_the_first_to_report_are_those_of_the_question(site: Site) -> None:
    publisher = {row["id"]: row["publisher_id"] for row in site.rows("SELECT id, publisher_id FROM sources")}
    tellers = [{publisher[source] or source for source in row["source_ids"].split(", ")} for row in site.rows(FIRST) if row["source_ids"]]
    alone = Counter(next(iter(names)) for names in tellers if len(names) == 1)
    counted = {row["key"]: number(row["first"]) for row in table(read(site, "?sort=first")) if row["key"] != "not-stated"}
    assert sum(counted.values()) > 5
    assert counted == {key: alone[key] for key in counted}


def test_the_address_sorts_and_turns_the_page(site: Site) -> None:
    contradicted = [number(row["contradicted"]) for row in table(read(site, "?by=source&sort=contradicted"))]
    assert contradicted == sorted(contradicted, reverse=True)
    assert contradicted[0] > 0
    first, second = (read(site, f"?sort=name&page={page}") for page in (1, 2))
    assert {row["key"] for row in table(first)} & {row["key"] for row in table(second)} == set()
    assert "sort=name&page=2" in first


def test_a_source_alone_lists_every_claim_of_it_that_is_not_accepted(site: Site) -> None:
    query = """SELECT DISTINCT s.id, u.label FROM claims c JOIN statements s ON s.id = c.statement_id
      JOIN subjects u ON u.id = s.subject_id WHERE c.source_id = 'newgeek-2023-11-23'
      AND s.rank = 'deprecated' AND c.polarity = 'affirms' AND c.mode = 'fact' AND u.kind <> 'source'"""
    page = read(site, "?source=newgeek-2023-11-23")
    listed = page.partition('<ul class="record-claims">')[2].partition("</ul>")[0]
    held = site.rows(query)
    assert listed.count("<li>") == len(held) > 5
    assert all(row["label"] in listed for row in held)


def test_the_caveats_are_said_before_the_counts(site: Site) -> None:
    page = read(site)
    caveats = page.index("Not accepted need not mean wrong")
    assert caveats < page.index('<table class="record-rows">')
    assert "first among the pages read here" in page


def test_plans_and_opinions_are_counted_for_nobody(raw: RawFolder, site_of_its_own: Callable[[], Site]) -> None:
    add_read_source(raw, GAMMA.replace("defaults:\n", "defaults:\n  mode: plan\n"))
    site = site_of_its_own()
    assert site.rows("SELECT DISTINCT mode FROM claims WHERE source_id = 'gamma'") == [{"mode": "plan"}]
    assert "<dt>Claims told as facts</dt><dd>0</dd>" in read(site, "?source=gamma")
    assert "<dt>Claims told as facts</dt><dd>0</dd>" not in read(site, "?source=alpha")


@pytest.mark.parametrize("query", ["?newsroom=no-such", "?source=no-such"])
def test_what_was_not_read_is_not_found(site: Site, query: str) -> None:
    assert site.get(f"/sources-record{query}").status_code == 404


@pytest.mark.parametrize("query", ["?page=-1", "?page=99999", "?page=x", "?sort=nothing", "?kind=nothing"])
def test_an_impossible_choice_shows_the_nearest(site: Site, query: str) -> None:
    assert table(read(site, query))
