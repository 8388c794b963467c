"""The bench's generated `raw/`: sound whatever the real one holds, pages that were read among it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from conftest import SHEET, RawFolder
from leadership.pipeline import read_sheets, run
from leadership.schema import VOICE_KEYS
from leadership.sheets import Defaults, HeldHeader, ReadHeader
from read_source import FILE, add_read_source
from trials import bench_data

WHO = """\
- {id: who, subject: altman-returns, property: participant, rule: first_hand, accept: ["mira-murati:speaker:sam-altman"],
   expect: ["mira-murati:speaker:sam-altman"], rationale: X., decided_on: "2024-01-01"}
- {id: how, subject: altman-farewell, property: medium, rule: first_hand, accept: x, expect: [x], rationale: X., decided_on: "2024-01-01"}
"""
# Every field that the header of either kind of sheet, and its defaults, may have, and every key of a voice.
DESCRIBED = """\
  title: A title
  label_zh: 一篇文章
  byline: A. Writer
  derived_from: gamma-original
  derived_how: summary
  origin: beta-news
  primary: "true"
  note: A note.
"""
DEFAULTS = """\
defaults:
  attribution: unnamed
  mode: fact
  certainty: probable
  by: sam-altman
  via: beta-news
  checked: page
"""
VOICED = """\
      - {event: altman-returns, started: "2023-11-21", by: sam-altman, via: beta-news, mode: plan, certainty: probable, qualifies: all,
         as_named: Sam, checked: page, note: A note.}
      - {interpretation: board-lost-trust, attribution: unnamed, denies: "false"}
"""
KNOWN = '{id: sam-altman, name: Sam Altman, name_zh: 奥特曼, wikidata_id: Q7407093, ids_seen_at: "https://example.com/sam"}'


def test_what_is_generated_has_no_fault(raw: RawFolder, tmp_path: Path) -> None:
    add_read_source(raw)
    raw.change("organisations.yml", "- {id: openai,", "- {id: x, name: X, kind: company}\n- {id: openai,")  # spelled like a code of media
    raw.change("sources/beta.yml", "names:\n", "names:\n  x: {X: 1:0}\n")
    said = "      - {event: altman-returns, participant: {mira-murati: {part: speaker, for: sam-altman}}}\n"
    raw.change("sources/beta.yml", "    says:\n", f"    says:\n{said}")
    raw.replace("decisions.yml", (raw.folder / "decisions.yml").read_text(encoding="utf-8") + WHO)
    assert raw.faults() == []
    bench_data.generate(raw.folder, tmp_path / "generated", 12)
    result = run(tmp_path / "generated")
    assert result.sheets == 12
    assert {row["access"] for row in result.tables["sources"]} == {"held", "read", "cited"}
    decided = {row["value"]: row["rank"] for row in result.tables["statements"] if row["subject_id"] == "altman-farewell-0"}
    assert decided["x"] == "preferred"
    bench_data.generate(raw.folder, tmp_path / "again", 12)
    generated, again = ({path.name: path.read_bytes() for path in (tmp_path / name).rglob("*.yml")} for name in ("generated", "again"))
    assert generated == again


def test_worlds_beside_one_another_do_not_share_an_id_that_others_gave(raw: RawFolder, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(bench_data, "SHEETS_A_WORLD", 1)
    raw.change("people.yml", "{id: sam-altman, name: Sam Altman, name_zh: 奥特曼}", KNOWN)
    bench_data.generate(raw.folder, tmp_path / "generated", 6)
    people = {row["id"]: row["wikidata_id"] for row in run(tmp_path / "generated").tables["people"]}
    assert people["sam-altman-0"] == "Q7407093"
    assert people["sam-altman-1"] is None


def test_the_sheet_that_is_changed_claims_something_else_and_is_put_back(raw: RawFolder, tmp_path: Path) -> None:
    add_read_source(raw)
    bench_data.generate(raw.folder, tmp_path / "generated", 12)
    before = run(tmp_path / "generated").tables["passages"]
    put_back = bench_data.change_one_sheet(tmp_path / "generated")
    assert {row["find"] for row in run(tmp_path / "generated").tables["passages"]} - {row["find"] for row in before}
    put_back()
    assert list(run(tmp_path / "generated").tables["passages"]) == list(before)


def test_whatever_a_sheet_may_have_is_in_those_that_are_made_of_it(raw: RawFolder, tmp_path: Path) -> None:
    add_read_source(raw)
    for file, more in ((SHEET, "  url: https://news.example/alpha\n"), (FILE, "  rights: None.\n")):
        raw.change(file, "source:\n", f"source:\n{DESCRIBED}{more}")
        raw.change(file, "defaults:\n", DEFAULTS)
        place = "    line: 3\n    start: 2\n" if file == SHEET else ""
        raw.change(file, "passages:\n", f"passages:\n  - find: x\n{place}    says:\n{VOICED}")
    assert raw.faults() == []
    bench_data.generate(raw.folder, tmp_path / "generated", 12)
    real, made = keys_of(raw.folder), keys_of(tmp_path / "generated")
    assert real["held", "source"] == {*HeldHeader.model_fields}
    assert real["read", "source"] == {*ReadHeader.model_fields}
    assert all(real[kind, "defaults"] == {*Defaults.model_fields} and real[kind, "says"] >= {*VOICE_KEYS} for kind in ("held", "read"))
    assert made == real
    assert run(tmp_path / "generated").sheets == 12


def keys_of(raw: Path) -> dict[tuple[str, str], set[str]]:
    """Return the keys that stand in the sheets of a folder, by the kind of the sheet and their place in it."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for document in read_sheets(raw)[1]:
        kind = "held" if "document" in document.data["source"] else "read"
        for place, part in parts_of(document.data):
            found[kind, place] |= part.keys()
    return found


def parts_of(sheet: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield "sheet", sheet
    yield "source", sheet["source"]
    yield "defaults", sheet.get("defaults", {})
    for passage in sheet["passages"]:
        yield "passages", passage
        yield from (("says", entry) for entry in passage["says"])


def test_a_sheet_that_derives_from_another_is_made_without_that_other(raw: RawFolder, tmp_path: Path) -> None:
    add_read_source(raw)
    raw.change(FILE, "source:\n", "source:\n  derived_from: alpha\n  derived_how: translation\n")
    assert raw.faults() == []
    bench_data.generate(raw.folder, tmp_path / "generated", 12)
    sources = run(tmp_path / "generated").tables["sources"]
    assert {row["derived_how"] for row in sources if row["access"] == "read"} == {None}
