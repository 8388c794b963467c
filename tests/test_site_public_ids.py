"""Ids in public lists: each is one subject's, was seen somewhere, and leads from its page and from what machines read to the list."""

from __future__ import annotations

import json
import re
from urllib.parse import urlsplit

import pytest
from leadership.schema import PUBLIC_IDS, SEEN_AT
from leadership.tables import TABLES
from site_client import Site

COLUMNS = {table: {column.name for column in TABLES[table].columns} for table in ("people", "organisations")}
KEYS = {table: [key for key in PUBLIC_IDS if key in columns] for table, columns in COLUMNS.items()}


@pytest.fixture(scope="module")
def site(asked_within: Site) -> Site:
    return asked_within


def with_ids(site: Site, table: str) -> list[dict[str, str]]:
    return site.rows(f"SELECT * FROM {table} WHERE {' OR '.join(f'{key} IS NOT NULL' for key in KEYS[table])} ORDER BY id")


@pytest.mark.parametrize("table", KEYS)
def test_every_id_has_its_form_is_one_subjects_and_was_seen_at_an_address(site: Site, table: str) -> None:
    rows = with_ids(site, table)
    assert rows
    for row in rows:
        ids = {key: row[key] for key in KEYS[table] if row[key]}
        assert all(re.fullmatch(PUBLIC_IDS[key].form, value) for key, value in ids.items())
        seen = json.loads(row[SEEN_AT])
        assert len(seen) == len(ids)
        assert all(urlsplit(address).scheme == "https" for address in seen)
    for key in KEYS[table]:
        values = [row[key] for row in rows if row[key]]
        assert len(values) == len(set(values))


@pytest.mark.parametrize("table", KEYS)
def test_a_page_links_each_id_and_says_the_same_to_machines(site: Site, table: str) -> None:
    rows = with_ids(site, table)
    for row in (rows[0], max(rows, key=lambda row: len(json.loads(row[SEEN_AT])))):
        page = site.get(f"/{table}/{row['id']}").text
        addresses = [PUBLIC_IDS[key].address_of(row[key]) for key in KEYS[table] if row[key]]
        described = json.loads(re.search(r'<script[^>]*type="application/ld\+json">(.*?)</script>', page, re.S)[1])
        assert described["sameAs"] == addresses
        assert [one["value"] for one in described["identifier"]] == [row[key] for key in KEYS[table] if row[key]]
        assert (described["@type"], described["name"]) == ({"people": "Person", "organisations": "Organization"}[table], row["label"])
        for address in addresses:
            assert f'href="{address.replace("&", "&amp;")}"' in page


def test_a_page_without_an_id_says_nothing_of_lists(site: Site) -> None:
    row = site.rows("SELECT id FROM people WHERE wikidata_id IS NULL ORDER BY source_count DESC LIMIT 1")[0]
    page = site.get(f"/people/{row['id']}").text
    assert "In public lists" not in page
    assert "sameAs" not in page


def test_a_cell_with_an_id_leads_to_the_list_and_the_download_keeps_the_bare_id(site: Site) -> None:
    row = site.rows("SELECT id, wikidata_id FROM people WHERE wikidata_id IS NOT NULL ORDER BY id LIMIT 1")[0]
    assert f'href="https://www.wikidata.org/wiki/{row["wikidata_id"]}"' in site.get(f"/leadership/people/{row['id']}").text
    assert site.get(f"/leadership/people/{row['id']}.json?_shape=objects").json()["rows"][0]["wikidata_id"] == row["wikidata_id"]
