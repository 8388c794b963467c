"""The record can grow: a person, a post, a text at hand and a page that was read are added to a copy of `raw/`, and all goes on working."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from commands import main
from distribution.contents import read_contents
from distribution.fitness import check_fitness
from distribution.formats import write_csv
from distribution.notes import render_readme
from leadership import paths
from leadership.building import build
from leadership.locating import locate, read_text
from leadership.reading import read_document
from site_client import Site

ADDED = {
    "people.yml": "- {id: ada-quill, name: Ada Quill, name_zh: 阿达·奎尔}\n",
    "organisations.yml": "- {id: harbour-times, name: Harbour Times, kind: outlet}\n- {id: quill-labs, name: Quill Labs, kind: company}\n",
    "posts.yml": "- {id: openai-chief-of-quills, organisation: openai, title: Chief of staff, title_zh: 幕僚长, category: executive}\n",
    "products.yml": "- {id: quillgpt, name: QuillGPT, kind: product}\n",
    "tenures.yml": """\
- {id: ada-quill-openai-chief-of-quills, person: ada-quill, post: openai-chief-of-quills}
- {id: ada-quill-openai-board, person: ada-quill, post: openai-board-seat}
- {id: ada-quill-openai-founder, person: ada-quill, post: openai-founder}
""",
    "departures.yml": "- {id: ada-quill-openai-2025, person: ada-quill, organisation: openai}\n",
    "events.yml": """\
- {id: ada-quill-tells-staff, label: Ada Quill tells the staff, label_zh: 阿达·奎尔告知员工, kind: resignation, story: exodus-2024, summary: She tells them.}
- {id: ada-quill-speaks-up, label: Ada Quill speaks up, label_zh: 阿达·奎尔发言, kind: speech, story: board-crisis-2023, summary: She speaks.}
""",  # noqa: E501
    "figures.yml": """\
- {id: openai-headcount-of-quills, label: Headcount in 2025, label_zh: 2025年员工人数, organisation: openai, metric: headcount, unit: people, scope: All staff}
""",  # noqa: E501
    "remarks.yml": """\
- {id: altman-on-quill, label: Altman on Quill, label_zh: 奥特曼谈奎尔, speaker: sam-altman, gist: He thanks her., about: [ada-quill]}
""",
    "interpretations.yml": """\
- {id: quill-left-over-structure, label: Quill left over the structure, label_zh: 因架构离开, topic: why_people_leave, position: She left because of it.}
""",  # noqa: E501
}
TEXT = """\
Harbour Times, May 5, 2025: Ada Quill leaves OpenAI

Ada Quill, chief of staff, director and founder, said on May 1, 2025 that she leaves for Quill Labs, the maker of QuillGPT.
OpenAI has 3,000 people. Of the letter it is told that 745 had signed it by the evening of Nov. 20.
Mira Murati resigned on Sept. 25, 2024. Altman, who is CEO, was removed on Nov. 17, 2023; in May he thanked her.
Quill spoke up on Nov. 18, 2023; 阿达·奎尔 resigned over the structure.
"""
HELD = """\
source:
  id: harbour-times-2025-05-05
  document: harbour.txt
  text_sha256: ""
  line_count: 1
  kind: report
  title_en: Ada Quill leaves OpenAI
  lang: en
  publisher_id: harbour-times
  published: "2025-05-05"
  published_basis: stated
  reliability: Made up for a trial.
  rights: None.

defaults:
  zone: America/Los_Angeles

names:
  ada-quill: {Ada Quill: 1, Quill: 6, 阿达·奎尔: 6}
  openai: {OpenAI: 1}
  harbour-times: {Harbour Times: 1}
  quill-labs: {Quill Labs: 3}
  quillgpt: {QuillGPT: 3}
  mira-murati: {Mira Murati: 5}
  openai-chief-of-quills: {chief of staff: 3}

passages:
  - line: 3
    find: May 1, 2025
    says:
      - {departure: ada-quill-openai-2025, announced: "2025-05-01", manner: resigned, destination_id: quill-labs, destination_kind: founded}
      - {event: ada-quill-tells-staff, started: "2025-05-01", participant: {ada-quill: speaker, openai-staff: addressee}}
      - {event: openai-exodus-2024, participant: {ada-quill: departing}}
      - {tenure: ada-quill-openai-chief-of-quills, ended: "2025-05-01", end_reason: resigned}
      - {tenure: ada-quill-openai-board, held_on: "2025-05-01"}
      - {tenure: ada-quill-openai-founder, capacity: founding}
      - {product: quillgpt, organisation_id: quill-labs}
  - {line: 4, find: "3,000", says: [{figure: openai-headcount-of-quills, value: "3000", as_of: "2025-05"}]}
  - {line: 4, find: "745", says: [{figure: openai-letter-signatories, value: "745"}]}
  - {line: 5, find: "Sept. 25, 2024", says: [{departure: mira-murati-openai-2024, announced: "2024-09-25", manner: resigned}]}
  - line: 5
    find: CEO
    says:
      - {tenure: sam-altman-openai-ceo-2, held_on: "2025-05-05"}
      - {departure: sam-altman-openai-2023, announced: "2023-11-17", manner: removed}
      - {remark: altman-on-quill, said: "2025-05"}
  - {line: 6, find: "Nov. 18, 2023", says: [{event: ada-quill-speaks-up, started: "2023-11-18", participant: {ada-quill: speaker}}]}
  - {line: 6, find: structure, says: [{interpretation: quill-left-over-structure, mode: opinion}]}

set_aside:
  - {lines: "1", why: heading}
"""
READ = """\
source:
  id: quill-labs-2025-05-02
  kind: official
  title_en: Our founder
  lang: en
  publisher_id: quill-labs
  published: "2025-05-02"
  published_basis: stated
  url: https://quill.example/our-founder
  read_how: original
  read_on: "2025-06-01"
  text_kind: full
  primary: "true"
  reliability: Made up for a trial.

defaults:
  zone: America/Los_Angeles

names:
  ada-quill: [Ada Quill, [Ada Quil, misspelling]]
  quill-labs: Quill Labs

passages:
  - find: left OpenAI on May 1
    says:
      - {departure: ada-quill-openai-2025, announced: "2025-05-01", manner: resigned, by: ada-quill}
      - {event: ada-quill-tells-staff, started: "2025-05-01T09:00"}
"""


def grow(raw: Path, texts: Path) -> None:
    """Add to a `raw/` what new sources bring, and to the folder of texts the text of the one that is held."""
    for name, entries in ADDED.items():
        _add(raw / name, entries)
    # The new source brings rivals to values that were decided: the build asks for the decisions to be taken anew.
    take_anew(raw, "letter-signatories", 'deprecate: {"745": superseded, ', "745")
    take_anew(raw, "altman-2023-announced", 'also_true: ["2023-11-17[America/Los_Angeles]", ', "2023-11-17[America/Los_Angeles]")
    (texts / "harbour.txt").write_text(TEXT, encoding="utf-8")
    text = read_text(texts, "harbour.txt")
    assert text
    (raw / "sources" / "harbour-times-2025-05-05.yml").write_text(locate(HELD, read_document(HELD, "x.yml"), text), encoding="utf-8")
    (raw / "sources" / "quill-labs-2025-05-02.yml").write_text(READ, encoding="utf-8")


def take_anew(raw: Path, decision: str, put: str, value: str) -> None:
    """Let a decision expect one value more, and `put` that value first in the list that it begins."""
    files = (raw / "decisions.yml", *sorted((raw / "decisions").glob("*.yml")))
    (path,) = (path for path in files if f"- id: {decision}\n" in path.read_text(encoding="utf-8"))
    before, mark, after = path.read_text(encoding="utf-8").partition(f"- id: {decision}\n")
    entry, blank, others = after.partition("\n\n")
    for begins in (f'expect: ["{value}", ', put):
        key = begins.split('"')[0]
        assert key in entry, f"{decision} has no {key}"
        entry = entry.replace(key, begins, 1)
    path.write_text(before + mark + entry + blank + others, encoding="utf-8")


def _add(path: Path, entries: str) -> None:
    """Add entries to a catalogue, which may be a file or a folder of files."""
    if not path.exists():
        path = path.with_suffix("") / path.name
    path.write_text((path.read_text(encoding="utf-8").rstrip("\n") + "\n" if path.exists() else "") + entries, encoding="utf-8")


@pytest.fixture(scope="module")
def grown(database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a copy of `raw/` to which sources were added, the text of one of them, and the database."""
    folder = tmp_path_factory.mktemp("grown")
    shutil.copytree(paths.RAW, folder / "raw")
    shutil.copytree(database.parent / "kept", folder / "kept")  # as it is where somebody adds a source
    (folder / "texts").mkdir()
    grow(folder / "raw", folder / "texts")
    with pytest.MonkeyPatch.context() as setting:
        setting.setenv("SOURCE_TEXTS", str(folder / "texts"))
        build(folder / "raw", paths.METADATA, folder / "leadership.db", keep_in=folder / "kept")
    return folder


@pytest.fixture(scope="module")
def site(grown: Path) -> Iterator[Site]:
    site = Site(grown / "leadership.db")
    yield site
    site.close()


def ask(grown: Path, sql: str) -> list[tuple]:
    with closing(sqlite3.connect(f"{(grown / 'leadership.db').as_uri()}?mode=ro", uri=True)) as connection:
        return connection.execute(sql).fetchall()


def test_check_finds_no_fault_and_holds_the_new_anchors_against_their_text(
    grown: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr("leadership.paths.RAW", grown / "raw")
    monkeypatch.setattr("leadership.paths.KEPT", grown / "kept")
    monkeypatch.setenv("SOURCE_TEXTS", str(grown / "texts"))
    assert main(["check"]) == 0, capsys.readouterr().err
    assert re.search(r"; 1 of \d+ held texts compared, 16 anchors found; ", capsys.readouterr().out)


def test_check_would_have_noticed_a_wrong_anchor(grown: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    shutil.copytree(grown / "raw", tmp_path / "raw")
    sheet = tmp_path / "raw" / "sources" / "harbour-times-2025-05-05.yml"
    sheet.write_text(sheet.read_text(encoding="utf-8").replace('find: "745"', 'find: "746"'), encoding="utf-8")
    monkeypatch.setattr("leadership.paths.RAW", tmp_path / "raw")
    monkeypatch.setattr("leadership.paths.KEPT", shutil.copytree(grown / "kept", tmp_path / "kept"))
    monkeypatch.setenv("SOURCE_TEXTS", str(grown / "texts"))
    assert main(["check"]) == 1


def test_what_was_added_stands_in_the_tables_and_nothing_is_broken(grown: Path):
    assert ask(grown, "PRAGMA foreign_key_check") == []
    assert ask(grown, "SELECT id, access FROM sources WHERE publisher_id IN ('harbour-times', 'quill-labs') ORDER BY id") == [
        ("harbour-times-2025-05-05", "held"),
        ("quill-labs-2025-05-02", "read"),
    ]
    assert ask(grown, "SELECT announced_day, manner, standing FROM departures WHERE id = 'ada-quill-openai-2025'") == [
        ("2025-05-01", "resigned", "agreed")
    ]
    assert ask(grown, "SELECT source_id, line, start FROM passages WHERE find = 'left OpenAI on May 1'") == [
        ("quill-labs-2025-05-02", None, None)
    ]


def test_lines_are_accounted_for_of_the_held_source_only(grown: Path):
    coverage = ask(grown, "SELECT source_id, lines, unaccounted FROM line_coverage WHERE source_id LIKE '%2025-05%'")
    assert coverage == [("harbour-times-2025-05-05", 6, 0)]


def test_every_source_that_was_there_is_there_still_with_all_that_it_says(grown: Path, database: Path):
    old = f"ATTACH '{database}' AS old"
    with closing(sqlite3.connect(grown / "leadership.db")) as connection:
        connection.execute(old)
        for table in ("claims", "passages", "subjects", "people"):
            assert connection.execute(f"SELECT id FROM old.{table} EXCEPT SELECT id FROM main.{table}").fetchall() == []


def test_a_release_of_it_can_be_written(grown: Path, tmp_path: Path):
    contents = read_contents(grown / "leadership.db", paths.METADATA)
    with_entries = {"sources", *(name.removesuffix(".yml") for name in ADDED)}  # what stands beside them is the same record as elsewhere
    grew = replace(contents, tables=tuple(table for table in contents.tables if table.name in with_entries))
    check_fitness(grew)
    files = write_csv(grew, tmp_path / "csv")
    assert "ada-quill" in (tmp_path / "csv" / "people.csv").read_text(encoding="utf-8")
    readme = render_readme(contents, [path.relative_to(tmp_path).as_posix() for path in files])
    assert "`harbour-times-2025-05-05`" in readme
    assert "`quill-labs-2025-05-02`" in readme


@pytest.mark.parametrize(
    ("path", "texts"),
    [
        ("/", []),
        ("/timeline?year=all", ["Ada Quill tells the staff", "Ada Quill speaks up"]),
        ("/people/ada-quill", ["Ada Quill", "阿达·奎尔", "Chief of staff", "Quill Labs"]),
        ("/organisations/quill-labs", ["Quill Labs"]),
        ("/leadership/people", ["Ada Quill"]),
        ("/leadership/people/ada-quill", ["Ada Quill", "harbour-times-2025-05-05"]),
        ("/leadership/posts/openai-chief-of-quills", ["Chief of staff"]),
        ("/leadership/departures/ada-quill-openai-2025", ["Quill Labs", "left OpenAI on May 1", "line 3"]),
        ("/leadership/figures/openai-headcount-of-quills", ["3,000"]),
        ("/leadership/events/ada-quill-tells-staff", ["Ada Quill tells the staff"]),
        ("/leadership/interpretations/quill-left-over-structure", ["Quill left over the structure"]),
        ("/leadership/sources?publisher_id__in=harbour-times,quill-labs", ["Ada Quill leaves OpenAI", "Our founder"]),
        ("/leadership/sources/harbour-times-2025-05-05", ["Ada Quill leaves OpenAI"]),
        ("/leadership/sources/quill-labs-2025-05-02", ["Our founder", "https://quill.example/our-founder"]),
        ("/leadership/line?source=harbour-times-2025-05-05&line=3", ["May 1, 2025"]),
        ("/-/find?q=Quill", ["Ada Quill"]),
        ("/-/find?q=奎尔", ["Ada Quill"]),
        ("/leadership/who_held_post?post=openai-chief-of-quills&day=2025-04-30", []),
        ("/leadership/board_on_day?day=2025-05-01", ["Ada Quill"]),
        ("/leadership/exits_by_month", ["2025-05"]),
        ("/-/dashboards/overview", []),
    ],
)
def test_a_page_of_the_site_answers_and_has_what_is_new(site: Site, path: str, texts: list[str]):
    response = site.get(path)
    assert response.status_code == 200, path
    page = re.sub(r"\s+", " ", response.text)
    assert [text for text in texts if text not in page] == []


def test_places_of_a_page_that_was_read_have_pages_too(site: Site):
    for table in ("passages", "claims"):
        rows = site.rows(f"SELECT id FROM {table} WHERE source_id = 'quill-labs-2025-05-02'")
        assert rows
        for row in rows:
            assert site.get(f"/leadership/{table}/{row['id']}").status_code == 200


def test_every_ready_made_question_answers(site: Site):
    names = list(site.run(site.datasette.get_canned_queries("leadership", None)))
    assert names
    answers = {name: site.get(f"/leadership/{name}.json?_shape=array") for name in names}
    assert {name: answer.status_code for name, answer in answers.items() if answer.status_code != 200} == {}
    assert any("ada-quill" in json.dumps(answer.json()) or "Ada Quill" in json.dumps(answer.json()) for answer in answers.values())
