"""The history of a row says what the tables say of it: new, changed, withdrawn, not named, or that nothing is recorded."""

from __future__ import annotations

import html
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from site_client import Site

NEW, CHANGED, UNTOUCHED = "mira-murati", "ilya-sutskever", "sam-altman"
NOTES = (
    ("added", "people", NEW, None, None, None, None),
    ("corrected", "people", CHANGED, "name", "Sutskever", "Ilya Sutskever", "He signs with both names."),
    ("standing", "organisations", "anthropic", "standing", "single_origin", "agreed", None),
)


@pytest.fixture(scope="module")
def site(asked_within: Site) -> Site:
    return asked_within


@pytest.fixture(scope="module")
def noted(database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site over a copy whose last release names rows in its notes."""
    copy = tmp_path_factory.mktemp("noted") / "leadership.db"
    shutil.copy(database, copy)
    with closing(sqlite3.connect(copy)) as connection, connection:
        (last,) = connection.execute("SELECT id FROM releases ORDER BY position DESC LIMIT 1").fetchone()
        connection.execute("DELETE FROM changes WHERE release_id = ?", (last,))
        for number, (kind, table, row, name, before, after, note) in enumerate(NOTES, 1):
            connection.execute(
                "INSERT INTO changes (id, release_id, kind, table_name, row_id, subject_id, property, value_before, value_after, note,"
                " position) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (f"{last}-{number:03}", last, kind, table, row, row, name, before, after, note, number),
            )
    served = Site(copy)
    yield served
    served.close()


def history(site: Site, row_id: str) -> Any:
    response = site.get(f"/history.json?id={row_id}")
    assert response.status_code == 200
    return response.json()


def words(site: Site, path: str) -> str:
    response = site.get(path)
    assert response.status_code == 200
    text = re.sub(r"<(script|style).*?</\1>", " ", response.text, flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def test_a_row_that_the_last_release_added_is_new(noted: Site) -> None:
    assert history(noted, NEW)["state"] == "new"
    assert "New in release" in words(noted, f"/history?id={NEW}")


def test_a_changed_row_shows_the_value_before_and_after_and_the_note(noted: Site) -> None:
    found = history(noted, CHANGED)
    assert found["state"] == "changed"
    assert found["releases"][0]["changes"][0]["value_before"] == "Sutskever"
    shown = words(noted, f"/history?id={CHANGED}")
    assert "Corrected : name given Sutskever → Ilya Sutskever" in shown
    assert "He signs with both names." in shown


def test_a_row_that_the_notes_do_not_name_is_not_said_to_be_unchanged(noted: Site) -> None:
    found = history(noted, UNTOUCHED)
    assert found["state"] == "as_before"
    assert "a small change may be missing" in found["sentence"]


def test_where_the_notes_of_the_last_release_name_no_row_nothing_is_said_of_any(site: Site) -> None:
    last = site.rows("SELECT id, version FROM releases ORDER BY position DESC LIMIT 1")[0]
    noted = site.rows("SELECT COUNT(*) AS n FROM changes WHERE release_id = :id AND row_id IS NOT NULL", id=last["id"])[0]["n"]
    taken_over = site.rows("SELECT COUNT(*) AS n FROM redirects WHERE to_id = :id AND release_id = :last", id=UNTOUCHED, last=last["id"])
    found = history(site, UNTOUCHED)
    assert found["releases"][0]["version"] == last["version"]
    expected = "as_before" if noted else "not_told"
    if found["state"] == "not_told":
        assert f"In the dataset as of release {last['version']}" in found["sentence"]
        assert "no change has been released since" in found["sentence"]
    assert found["state"] in ({"changed"} if taken_over[0]["n"] else {expected, "new", "changed"} if noted else {expected})


def test_a_withdrawn_id_has_a_history_with_its_reason_and_who_took_its_place(site: Site) -> None:
    for row in site.rows("SELECT w.*, r.version FROM redirects w JOIN releases r ON r.id = w.release_id LIMIT 60")[::12]:
        found = history(site, row["id"])
        assert found["state"] == "withdrawn"
        assert (found["withdrawn"]["to_id"], found["withdrawn"]["version"]) == (row["to_id"], row["version"])
        shown = words(site, f"/history?id={row['id']}")
        assert " ".join(row["reason"].split()) in shown
        if row["to_id"] and (successor := site.get(f"/history.json?id={row['to_id']}")).status_code == 200:
            assert row["id"] in {one["id"] for release in successor.json()["releases"] for one in release["taken_over"]}


def test_every_decision_about_a_row_stands_under_the_release_for_which_it_was_taken(site: Site) -> None:
    subject = site.rows("SELECT subject_id, COUNT(*) AS n FROM decisions GROUP BY 1 ORDER BY n DESC LIMIT 1")[0]
    found = history(site, subject["subject_id"])
    days = [release["released_on"] for release in reversed(found["releases"])]
    told = {one["id"]: release["released_on"] for release in found["releases"] for one in release["decided"]}
    told |= {one["id"]: "" for one in found["since"]}
    rows = site.rows("SELECT id, decided_on FROM decisions WHERE subject_id = :id", id=subject["subject_id"])
    assert told == {row["id"]: next((day for day in days if row["decided_on"] <= day), "") for row in rows}


def test_the_sources_read_for_each_release_are_counted_by_their_days(site: Site) -> None:
    found = history(site, "altman-dismissal")
    rows = site.rows(
        "SELECT DISTINCT s.id, s.read_on FROM sources s JOIN claims c ON c.source_id = s.id JOIN statements t ON t.id = c.statement_id"
        " WHERE t.subject_id = 'altman-dismissal'"
    )
    assert {release["sources"] for release in found["releases"]} == {len(rows)}
    read = [row["read_on"] for row in rows if row["read_on"] and row["read_on"] <= found["releases"][0]["released_on"]]
    assert sum(release["sources_read"] for release in found["releases"]) == len(read)


@pytest.mark.parametrize("path", ["/leadership/people/sam-altman", "/leadership/codes/rule-primary", "/leadership/releases/release-1-0-0"])
def test_the_page_of_a_row_has_its_history_folded_and_leads_to_its_address(site: Site, path: str) -> None:
    table, row_id = path.split("/")[2:]
    if not site.rows(f'SELECT id FROM "{table}" WHERE id = :id', id=row_id):
        row_id = site.rows(f'SELECT id FROM "{table}" LIMIT 1')[0]["id"]
    page = site.get(f"/leadership/{table}/{row_id}").text
    fold = re.search(r'<details class="ev-columns row-history" id="history">(.*?)</details>', page, re.S)
    assert fold
    assert history(site, row_id)["sentence"] in html.unescape(fold[1])
    assert f"/history?id={row_id}" in fold[1]


def test_an_id_that_nothing_has_or_that_is_made_of_its_content_has_no_history(site: Site) -> None:
    claim = site.rows("SELECT id FROM claims LIMIT 1")[0]["id"]
    for row_id in ("nobody-at-all", claim):
        assert site.get(f"/history?id={row_id}").status_code == 404
    assert "row-history" not in site.get(f"/leadership/claims/{claim}").text
    assert site.get("/history").status_code == 200
