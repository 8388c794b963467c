"""The dataset's own history: releases, what they changed, ids that were withdrawn; in the database, the changelog and on the site."""

from __future__ import annotations

import re
import shutil
import tomllib
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from conftest import RawFolder, rows_by_id
from distribution.changelog import render_changelog
from leadership import paths
from leadership.building import build
from leadership.history import dataset_version, order_of
from leadership.pipeline import Result, run, source_texts
from site_client import Site
from written import read_yaml

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def with_history(raw: RawFolder) -> Result:
    raw.add_history()
    return raw.run()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database made from the minimal folder with its history."""
    folder = tmp_path_factory.mktemp("history")
    raw = RawFolder(folder / "raw")
    raw.add_history()
    build(raw.folder, paths.METADATA, folder / "leadership.db")
    return folder / "leadership.db"


@pytest.fixture(scope="module")
def site(built: Path):
    site = Site(built)
    yield site
    site.close()


def test_without_the_files_there_is_no_history_and_no_fault(minimal: Result):
    assert [len(minimal.tables[name]) for name in ("releases", "changes", "redirects")] == [0, 0, 0]
    assert dataset_version(minimal.tables["releases"]) == "0.0.0"


def test_an_empty_list_of_redirects_is_allowed(raw: RawFolder):
    raw.replace("redirects.yml", "# none so far\n[]\n")
    assert raw.faults() == []


@pytest.mark.parametrize("name", ["releases.yml", "redirects.yml"])
def test_a_link_in_the_place_of_a_file_is_a_fault(raw: RawFolder, name: str):
    (raw.folder / name).symlink_to(raw.folder / "nowhere.yml")
    assert raw.faults() == [f"raw/{name}: is a symbolic link; put the file itself in its place"]


def test_a_release_becomes_a_row(with_history: Result):
    assert rows_by_id(with_history, "releases")["release-1-0-1"] == {
        "id": "release-1-0-1",
        "version": "1.0.1",
        "released_on": "2024-02-01",
        "summary": "A correction.",
        "position": 2,
    }


def test_the_last_release_gives_the_dataset_its_version(with_history: Result):
    assert dataset_version(with_history.tables["releases"]) == "1.0.1"


def test_versions_are_ordered_by_their_numbers():
    assert sorted(["1.10.0", "1.9.1", "2.0.0", "1.9.0"], key=order_of) == ["1.9.0", "1.9.1", "1.10.0", "2.0.0"]


def test_a_change_becomes_a_row_that_leads_to_what_it_is_about(with_history: Result):
    assert rows_by_id(with_history, "changes")["release-1-0-1-001"] == {
        "id": "release-1-0-1-001",
        "release_id": "release-1-0-1",
        "kind": "corrected",
        "table_name": "figures",
        "row_id": "openai-headcount",
        "subject_id": "openai-headcount",
        "property": "value",
        "value_before": "800",
        "value_after": "770",
        "decision_id": "headcount-by-alpha",
        "note": "It asked.",
        "position": 1,
    }


def test_a_change_of_a_withdrawn_row_keeps_the_old_id_and_leads_to_the_new_row(with_history: Result):
    change = rows_by_id(with_history, "changes")["release-1-0-1-002"]
    assert (change["row_id"], change["subject_id"], change["table_name"]) == ("samuel-altman", "sam-altman", "people")


def test_a_change_of_a_row_withdrawn_without_successor_leads_nowhere(raw: RawFolder):
    raw.add_history()
    raw.change("releases.yml", "subject: samuel-altman", "subject: altman-on-leave")
    change = rows_by_id(raw.run(), "changes")["release-1-0-1-002"]
    assert (change["row_id"], change["subject_id"], change["table_name"]) == ("altman-on-leave", None, None)


def test_a_change_may_be_of_a_decision_a_code_or_a_table(raw: RawFolder):
    raw.add_history()
    entries = (
        "{kind: added, subject: headcount-by-alpha}",
        "{kind: added, subject: mode-joke}",
        "{kind: added, table: people, property: name_zh}",
    )
    raw.change("releases.yml", "{kind: removed, subject: samuel-altman}", "\n    - ".join(entries))
    changes = rows_by_id(raw.run(), "changes")
    shown = [changes[f"release-1-0-1-00{n}"] for n in (2, 3, 4)]
    assert [(row["table_name"], row["row_id"], row["subject_id"], row["property"]) for row in shown] == [
        ("decisions", "headcount-by-alpha", None, None),
        ("codes", "mode-joke", None, None),
        ("people", None, None, "name_zh"),
    ]


def test_what_an_earlier_release_says_of_tables_may_be_gone_by_now(raw: RawFolder):
    raw.add_history()
    raw.change("releases.yml", "summary: The first release.}", "summary: First., changes: [{kind: added, table: persons, property: nom}]}")
    assert raw.faults() == []


def test_a_redirect_becomes_a_row(with_history: Result):
    redirects = rows_by_id(with_history, "redirects")
    assert redirects["samuel-altman"] == {
        "id": "samuel-altman",
        "to_id": "sam-altman",
        "table_name": "people",
        "reason": "The same person.",
        "release_id": "release-1-0-1",
    }
    assert (redirects["altman-on-leave"]["to_id"], redirects["altman-on-leave"]["table_name"]) == (None, None)


@pytest.mark.parametrize(("old", "new"), [("headcount-by-alpha", "decisions"), ("mode-joke", "codes"), ("alpha", "sources")])
def test_an_id_of_any_table_that_gives_ids_by_hand_can_neither_be_withdrawn_while_it_stands_nor_be_missed(raw: RawFolder, old, new):
    raw.add_history()
    raw.change("redirects.yml", "to: sam-altman,", f"to: {old},")
    assert rows_by_id(raw.run(), "redirects")["samuel-altman"]["table_name"] == new
    raw.change("redirects.yml", "id: altman-on-leave", f"id: {old}")
    assert f"raw/redirects.yml:2:8: {old} stands in {new}; a withdrawn id is never used again, so choose another id there" in raw.faults()


def test_a_release_whose_shape_is_wrong_is_one_fault(raw: RawFolder):
    raw.add_history()
    raw.change("releases.yml", "version: 1.0.1", "version: one")
    assert raw.faults() == ["raw/releases.yml:2:12: version must be a version of three numbers such as 1.2.0"]


def test_the_examples_of_the_readme_are_sound(database: Path, tmp_path: Path):
    shutil.copytree(paths.RAW, tmp_path / "raw")
    guide = (paths.RAW / "README.md").read_text(encoding="utf-8")
    release, redirects = (guide.split(f"## {part}\n")[1].split("```yaml\n")[1].split("```")[0] for part in ("Releases", "Withdrawn ids"))
    releases = tmp_path / "raw" / "releases.yml"
    releases.write_text(releases.read_text(encoding="utf-8") + release, encoding="utf-8")
    (tmp_path / "raw" / "redirects.yml").write_text(redirects, encoding="utf-8")
    tables = run(tmp_path / "raw", source_texts(), keep_in=database.parent / "kept").tables
    changes = [row["kind"] for row in tables["changes"] if row["release_id"] == "release-3-0-0"]
    assert changes == ["added", "corrected", "standing", "added", "removed"]
    assert [row["to_id"] for row in tables["redirects"]] == [None, "sam-altman"]


# the published history
def test_the_version_is_the_same_wherever_it_stands():
    version = read_yaml((paths.RAW / "releases.yml").read_text(encoding="utf-8"))[-1]["version"]
    project = tomllib.loads((paths.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == version
    assert f"(open dataset), version {version}. CC BY 4.0." in (paths.ROOT / "README.md").read_text(encoding="utf-8")


def test_the_changelog_in_the_repository_is_that_of_this_build(database):
    assert paths.CHANGELOG.read_text(encoding="utf-8") == render_changelog(database), "CHANGELOG.md is stale; run make changelog"


def test_the_changelog_tells_each_change_by_kind_the_newest_release_first(built: Path):
    assert (
        render_changelog(built).split("corrected values.\n", 1)[1]
        == """
## 1.0.1 – 2024-02-01

A correction.

### Removed

- Sam Altman (`samuel-altman`).

### Corrected

- Headcount (`openai-headcount`), `value`: 800 → 770. By decision `headcount-by-alpha`. It asked.

## 1.0.0 – 2024-01-01

The first release.
"""
    )


# the site
@pytest.mark.parametrize(
    ("path", "link"),
    [("redirects", '<a href="/id/sam-altman">sam-altman</a>'), ("changes", '<a href="/id/samuel-altman">samuel-altman</a>')],
)
def test_an_id_that_is_no_foreign_key_is_a_link_all_the_same(site: Site, path: str, link: str):
    assert link in site.get(f"/leadership/{path}").text


def test_the_home_page_says_when_the_last_release_was_given_out(site: Site):
    page = site.get("/").text
    assert "OpenAI leadership changes (open dataset), version 1.0.1, 2024-02-01. CC BY 4.0." in page
    assert "Released 2024-02-01; " in page


def test_the_feed_has_an_entry_for_each_release_and_each_change_the_newest_release_first(site: Site):
    feed = ElementTree.fromstring(site.get("/leadership/feed_changes.atom").content)
    entries = [[entry.find(f"{ATOM}{name}") for name in ("title", "updated", "content", "link")] for entry in feed.findall(f"{ATOM}entry")]
    assert [(title.text, updated.text[:10], link.get("href")) for title, updated, _, link in entries] == [
        ("Version 1.0.1", "2024-02-01", "http://localhost/leadership/releases/release-1-0-1"),
        ("Corrected: Headcount – value: 800 → 770", "2024-02-01", "http://localhost/leadership/figures/openai-headcount"),
        ("Removed: Sam Altman", "2024-02-01", "http://localhost/leadership/people/sam-altman"),
        ("Version 1.0.0", "2024-01-01", "http://localhost/leadership/releases/release-1-0-0"),
    ]
    assert entries[1][2].text == "It asked. Decision: Alpha asked the firm. Version 1.0.1."
    assert [site.get(link.get("href").removeprefix("http://localhost")).status_code for *_, link in entries] == [200] * 4


def test_a_withdrawn_id_answers_with_its_successor_or_with_the_reason(site: Site):
    moved, gone = site.get("/id/samuel-altman"), site.get("/id/altman-on-leave")
    assert (moved.status_code, moved.headers["location"]) == (301, "/leadership/people/sam-altman")
    assert gone.status_code == 410
    assert "was withdrawn with version 1.0.1, and no row took its place. The reason: It was a rumour." in gone.text


@pytest.mark.parametrize("name", ["releases", "changes", "redirects"])
def test_the_page_of_a_table_of_the_history_shows_its_rows(site: Site, name: str):
    page = site.get(f"/leadership/{name}").text
    count = site.rows(f"SELECT COUNT(*) AS n FROM {name}")[0]["n"]
    assert len(re.findall(r"<tr>\s*<td", page)) == count > 0


@pytest.mark.parametrize("name", ["changes", "redirects"])
def test_the_page_of_a_table_without_rows_says_so(asked_within: Site, name: str):
    response = asked_within.get(f"/leadership/{name}")
    count = asked_within.rows(f"SELECT COUNT(*) AS n FROM {name}")[0]["n"]
    assert response.status_code == 200
    assert ("0 records" in response.text) == (count == 0)
