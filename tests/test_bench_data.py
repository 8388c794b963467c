"""The bench's generated `raw/`: sound whatever the real one holds, pages that were read among it."""

from __future__ import annotations

from pathlib import Path

from conftest import RawFolder
from leadership.pipeline import run
from read_source import add_read_source
from trials import bench_data

WHO = """\
- {id: who, subject: altman-returns, property: participant, rule: first_hand, accept: ["mira-murati:speaker:sam-altman"],
   expect: ["mira-murati:speaker:sam-altman"], rationale: X., decided_on: "2024-01-01"}
- {id: how, subject: altman-farewell, property: medium, rule: first_hand, accept: x, expect: [x], rationale: X., decided_on: "2024-01-01"}
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
