"""Disagreements as cards: every dispute of the view, who says and denies what and where, what is accepted and why."""

from __future__ import annotations

import html
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from site_client import Site

CARD = re.compile(r'<article class="card card-(?P<settled>[a-z-]+)">(?P<body>.*?)</article>', re.S)
HEADING = re.compile(r'<h2><a href="/leadership/(?P<table>[a-z_]+)/(?P<id>[a-z0-9-]+)#evidence-(?P<property>[a-z-]+)">')
ORDER = {"open": 0, "by decision": 1, "by rule": 2}


@pytest.fixture(scope="module")
def site(asked_within: Site) -> Site:
    return asked_within


def rows_of(database: Path, sql: str) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(f"file:{database}?immutable=1", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(sql)]


@pytest.fixture(scope="module")
def disputes(database: Path) -> dict[tuple[str, str], dict[str, Any]]:
    """All disputes by subject and property, with how each was settled and its kind."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows_of(database, "SELECT subject_id, property, settled, kind, rationale FROM disagreements"):
        key = (row["subject_id"], row["property"])
        if key not in found or ORDER[row["settled"]] < ORDER[found[key]["settled"]]:
            found[key] = row
    return found


def cards(site: Site, query: str = "") -> list[dict[str, str]]:
    page = site.get(f"/disagreements{query}").text
    found = []
    for match in CARD.finditer(page):
        heading = HEADING.search(match["body"])
        assert heading
        property_name = heading["property"].replace("-", "_")
        found.append({"id": heading["id"], "property": property_name, "settled": match["settled"].replace("-", " "), "body": match["body"]})
    return found


def test_the_pages_hold_all_disputes_the_open_ones_first_and_none_twice(
    site: Site, disputes: dict[tuple[str, str], dict[str, Any]]
) -> None:
    first = site.get("/disagreements").text
    pages, last = re.search(r"page 1 of (\d+)", first), re.search(r"1–(\d+) of (\d+)", first)
    assert pages
    assert last
    size, total = int(last[1]), int(last[2])
    assert total == len(disputes)
    assert int(pages[1]) == -(-total // size)
    looked_at = [*range(1, int(pages[1]), 12), int(pages[1])]
    found = [card for number in looked_at for card in cards(site, f"?page={number}")]
    keys = [(card["id"], card["property"]) for card in found]
    assert len(keys) == len(set(keys)) == size * (len(looked_at) - 1) + (total - 1) % size + 1
    assert [ORDER[disputes[key]["settled"]] for key in keys] == sorted(ORDER[card["settled"]] for card in found)


def test_the_summary_counts_what_the_view_holds(site: Site, disputes: dict[tuple[str, str], dict[str, Any]]) -> None:
    page = site.get("/disagreements").text
    for kind, title in (("event", "Events"), ("figure", "Figures"), ("tenure", "Tenures")):
        row = re.search(rf'<tr><th scope="row"><a [^>]*>{title}</a></th>(.*?)</tr>', page)
        assert row
        numbers = [int(number or 0) for number in re.findall(r"<td>(?:<a [^>]*>)?(?:(\d+)|–)", row[1])]
        of_kind = [dispute["settled"] for dispute in disputes.values() if dispute["kind"] == kind]
        assert numbers == [*(of_kind.count(way) for way in ORDER), len(of_kind)]


def test_a_card_shows_every_value_who_says_it_and_who_denies_it_at_which_place(site: Site) -> None:
    for card in cards(site, "?settled=open"):
        claims = site.rows(
            """SELECT DISTINCT st.id, c.polarity, c.source_id, c.passage_id, pa.line
                 FROM statements st JOIN claims c ON c.statement_id = st.id JOIN passages pa ON pa.id = c.passage_id
                WHERE st.subject_id = :id AND st.property = :property""",
            id=card["id"],
            property=card["property"],
        )
        assert card["body"].count('<div class="value ') == len({claim["id"] for claim in claims})
        for claim in claims:
            assert f'href="/leadership/sources/{claim["source_id"]}"' in card["body"]
        assert ("Denied by" in card["body"]) == any(claim["polarity"] == "denies" for claim in claims)
        held = [claim for claim in claims if claim["line"] is not None]
        linked = html.unescape(card["body"])
        assert not held or any(f"/leadership/line?source={claim['source_id']}&line={claim['line']}" in linked for claim in held)


def test_a_card_says_what_was_decided_and_why_and_an_open_one_accepts_nothing(
    site: Site, disputes: dict[tuple[str, str], dict[str, Any]]
) -> None:
    for query in ("?settled=open", "?settled=by+decision", "?settled=by+rule"):
        for card in cards(site, query):
            text = html.unescape(re.sub(r"<[^>]*>", "", card["body"]))
            accepted = site.rows(
                "SELECT value FROM statements WHERE subject_id = :id AND property = :property AND rank = 'preferred'",
                id=card["id"],
                property=card["property"],
            )
            if card["settled"] == "open":
                assert "Left open." in text
                assert "We accept" not in text
            else:
                assert ("We accept none of them." in text) == (not accepted)
                assert (text.count("Accepted") >= 1) == bool(accepted)
            rationale = disputes[card["id"], card["property"]]["rationale"]
            assert rationale is None or rationale in text


def test_filters_are_in_the_address_and_the_title(site: Site, disputes: dict[tuple[str, str], dict[str, Any]]) -> None:
    assert "<title>Events, settled by a decision – Disagreements: OpenAI" in site.get("/disagreements?kind=event&settled=by+decision").text
    for card in cards(site, "?kind=event&settled=by+decision"):
        dispute = disputes[card["id"], card["property"]]
        assert (dispute["kind"], dispute["settled"]) == ("event", "by decision")


@pytest.mark.parametrize("query", ["?page=0", "?page=-3", "?page=x", "?page=99999999999999999999", "?kind=<b>", "?settled=%00", "?rule='"])
def test_a_mistaken_address_is_answered(site: Site, query: str) -> None:
    response = site.get(f"/disagreements{query}")
    assert response.status_code == 200
    assert "<b>" not in response.text


def test_no_page_is_large(site: Site) -> None:
    for query in ("", "?settled=by+decision", "?kind=event&settled=by+rule"):
        assert len(site.get(f"/disagreements{query}").content) < 300_000
