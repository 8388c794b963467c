"""Events of a person stand in the order of the timeline."""

from __future__ import annotations

import re

import pytest
from site_client import Site

ENTRY = re.compile(r'/leadership/events/([a-z0-9-]+)"')


@pytest.fixture(scope="module")
def site(asked_within: Site) -> Site:
    return asked_within


@pytest.mark.parametrize("person", ["sam-altman", "ilya-sutskever", "mira-murati"])
def test_events_of_a_person_stand_in_the_order_of_the_timeline(site: Site, person: str) -> None:
    dated = {row["id"] for row in site.rows("SELECT id FROM events WHERE started IS NOT NULL")}
    page = site.get(f"/people/{person}?section=events").text
    here = [event for event in dict.fromkeys(ENTRY.findall(page)) if event in dated]
    name = site.rows("SELECT label FROM people WHERE id = :id", id=person)[0]["label"]
    there = list(dict.fromkeys(ENTRY.findall(site.get(f"/timeline?year=all&entry=event&who={name}").text)))
    shown = [event for event in there if event in set(here)]
    assert len(shown) > 5
    assert [event for event in here if event in set(shown)] == shown
