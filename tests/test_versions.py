"""The version rule, each part of it with a pair of tiny databases; what a difference says in words, as data and as a draft."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import main
from conftest import HISTORY, RawFolder
from distribution.difference import CannotCompare, Difference, compare_databases
from distribution.difference_report import MOST, as_data, draft_release, tell_in_words
from distribution.versions import Version, VersionStep, parse_version, refuse_version, smallest_version
from leadership import paths
from leadership.building import build

ALPHA, BETA = "sources/alpha.yml", "sources/beta.yml"
REMADE_VIEW = [
    "DROP VIEW board_by_date",
    "CREATE VIEW board_by_date AS SELECT id AS board, id AS moment, id AS person, id AS post, id AS held, id AS certainty, id AS standing,"
    " id AS sources, id AS person_id, id AS tenure_id, organisation_id FROM tenures",
]
FIRST = '- {version: 1.0.0, date: "2024-01-01", summary: First.}\n'


def build_release(raw: RawFolder, database: Path, version: str) -> Path:
    """Build a database from the folder as it is now, under a version."""
    later = f'- {{version: {version}, date: "2024-02-01", summary: Later.}}\n' if version != "1.0.0" else ""
    raw.replace("releases.yml", FIRST + later)
    build(raw.folder, paths.METADATA, database)
    return database


@pytest.fixture
def difference(raw: RawFolder, first: Path, tmp_path: Path) -> Callable[..., Difference]:
    """Give a function that changes the folder of the first release, builds the next one and compares the two."""

    def make(change: Callable[[RawFolder], None], version: str = "2.0.0") -> Difference:
        change(raw)
        return compare_databases(first, build_release(raw, tmp_path / "new.db", version))

    return make


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of version 1.0.0; tests copy it."""
    folder = tmp_path_factory.mktemp("first")
    return build_release(RawFolder(folder / "raw"), folder / "first.db", "1.0.0")


def altered(database: Path, target: Path, *statements: str) -> Path:
    """Copy a database and alter the copy."""
    shutil.copy(database, target)
    connection = sqlite3.connect(target)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()
    return target


def texts(found: Difference) -> list[str]:
    return [f"{reason.step.name} {reason.text}" for reason in found.reasons]


# changes of the folder, one for each part of the rule
def correct_a_time(raw: RawFolder) -> None:
    raw.change(ALPHA, "2023-11-17T12:00", "2023-11-17T12:30")


def correct_a_part(raw: RawFolder) -> None:
    raw.change(ALPHA, "participant: {sam-altman: removed,", "participant: {sam-altman: absent,")


def add_a_source(raw: RawFolder) -> None:
    text = (raw.folder / BETA).read_text(encoding="utf-8").replace("id: beta\n", "id: delta\n")
    raw.replace("sources/delta.yml", text)


def add_a_person(raw: RawFolder) -> None:
    raw.change("people.yml", "- {id: mira-murati", "- {id: greg-brockman, name: Greg Brockman}\n- {id: mira-murati")
    raw.change(ALPHA, "  mira-murati: {Mira Murati: 4:0}", "  mira-murati: {Mira Murati: 4:0}\n  greg-brockman: {Brockman: 4:40}")


def add_a_claim(raw: RawFolder) -> None:
    raw.change(BETA, '- {figure: openai-headcount, value: "800"}', '- {figure: openai-headcount, value: "800", as_of: "2023-11"}')


def remove_a_product(raw: RawFolder) -> None:
    raw.replace("products.yml", "[]\n")
    raw.change(ALPHA, "  chatgpt: {ChatGPT: 4:20}\n", "")


def rename_a_product(raw: RawFolder) -> None:
    raw.change("products.yml", "chatgpt", "chat-gpt")
    raw.change(ALPHA, "  chatgpt: {", "  chat-gpt: {")


def take_the_decision_anew(raw: RawFolder) -> None:
    raw.change("decisions.yml", 'accept: "770"', 'accept: "800"')
    raw.change("decisions.yml", 'deprecate: {"800": secondary}', 'deprecate: {"770": secondary}')
    raw.change("decisions.yml", "Alpha asked the firm.", "Beta counted them.")


def leave_it_open(raw: RawFolder) -> None:
    raw.change("decisions.yml", "rule: first_hand\n", "rule: open\n")
    raw.change("decisions.yml", '  accept: "770"\n', "")
    raw.change("decisions.yml", '  deprecate: {"800": secondary}\n', "")


def move_lines(raw: RawFolder) -> None:
    raw.change(BETA, "passages:\n", "# A word to editors.\npassages:\n")


def nothing(raw: RawFolder) -> None:
    pass


@pytest.mark.parametrize(
    ("change", "step", "reason"),
    [
        (nothing, VersionStep.NONE, None),
        (move_lines, VersionStep.PATCH, "PATCH 2 places in raw/ moved"),
        (correct_a_time, VersionStep.PATCH, "PATCH 1 value corrected"),
        (correct_a_part, VersionStep.PATCH, "PATCH 3 rows of evidence in the place of others"),
        (take_the_decision_anew, VersionStep.PATCH, "PATCH 9 values corrected"),
        (add_a_source, VersionStep.MINOR, "MINOR 1 source added"),
        (add_a_person, VersionStep.MINOR, "MINOR 1 row added"),
        (add_a_claim, VersionStep.MINOR, "MINOR 1 row of evidence added, in places of their own"),
        (remove_a_product, VersionStep.MAJOR, "MAJOR 1 id removed"),
        (rename_a_product, VersionStep.MAJOR, "MAJOR 1 id removed"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_each_change_asks_for_its_step(difference, change, step: VersionStep, reason: str | None):
    found = difference(change)
    assert found.step is step
    assert reason in texts(found) if reason else texts(found) == []


def test_an_id_that_is_redirected_counts_as_renamed_and_names_its_successor(difference):
    def rename(raw: RawFolder) -> None:
        rename_a_product(raw)
        raw.replace("redirects.yml", "- {id: chatgpt, to: chat-gpt, reason: Spelt as in its name., since: 2.0.0}\n")

    found = difference(rename)
    assert texts(found)[0] == "MAJOR 1 id renamed (redirected)"
    assert [(row.table, row.id, row.successor) for row in found.ids_removed] == [("products", "chatgpt", "chat-gpt")]
    assert "- `chatgpt` – ChatGPT; its place was taken by `chat-gpt`" in tell_in_words(found)


@pytest.mark.parametrize(
    ("statements", "reason"),
    [
        (['DROP TABLE "findings"'], "MAJOR 1 table removed or renamed"),
        (["DROP VIEW line_coverage"], "MAJOR 1 table removed or renamed"),
        (["ALTER TABLE people DROP COLUMN wikidata_id"], "MAJOR 1 column removed or renamed"),
        (["ALTER TABLE set_aside RENAME COLUMN note TO remark"], "MAJOR 1 column removed or renamed"),
        (
            ["ALTER TABLE people DROP COLUMN wikidata_id", "ALTER TABLE people ADD COLUMN wikidata_id INTEGER"],
            "MAJOR 1 column of another type",
        ),
        (["UPDATE codes SET code = 'jest' WHERE id = 'mode-joke'"], "MAJOR 1 code renamed under the same id"),
        (["DELETE FROM codes WHERE id = 'mode-joke'"], "MAJOR 1 id removed"),
        (["DELETE FROM decisions"], "MAJOR 1 id removed"),
        (["CREATE TABLE places (id TEXT PRIMARY KEY)"], "MINOR 1 table added"),
        (["CREATE VIEW places AS SELECT id FROM people"], "MINOR 1 table added"),
        (["ALTER TABLE people ADD COLUMN name_ja TEXT"], "MINOR 1 column added"),
        (REMADE_VIEW, "PATCH 1 view made otherwise"),
        (["UPDATE people SET label_zh = '奥特曼先生' WHERE id = 'sam-altman'"], "PATCH 1 value corrected"),
        (["UPDATE events SET started_latest = '2024-01-01T00:00Z' WHERE id = 'altman-removed'"], "PATCH 1 value worked out anew"),
        (["UPDATE figures SET value = 771"], "PATCH 1 value corrected"),
        (["UPDATE events SET started_day = '2023-11-18' WHERE id = 'altman-removed'"], "PATCH 1 value worked out anew"),
        (["UPDATE sources SET is_primary = 1 WHERE id = 'alpha'"], "PATCH 1 value corrected"),
        (["DELETE FROM set_aside WHERE line = 6"], "PATCH 1 row of evidence gone"),
        (["INSERT INTO findings VALUES ('f', 'r', 'warning', 'altman-ceo', 'm')"], "PATCH 1 row of evidence in the place of others"),
    ],
    ids=lambda value: value[-1][:50] if isinstance(value, list) else "",
)
def test_each_difference_of_two_files_has_its_reason(first: Path, tmp_path: Path, statements: list[str], reason: str):
    found = compare_databases(first, altered(first, tmp_path / "new.db", *statements))
    assert texts(found)[:1] == [reason]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE build_info SET value = 'x' WHERE id = 'logical_digest'",
        "UPDATE subjects SET summary = 'x'",
        "INSERT INTO changes VALUES ('x', 'release-1-0-0', 'added', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1)",
        "INSERT INTO releases VALUES ('release-1-0-1', '1.0.1', '2024-02-01', 'x', 2)",
        "DROP INDEX idx_claims_source_id",
    ],
)
def test_counts_copies_and_the_record_of_releases_ask_for_no_step(first: Path, tmp_path: Path, statement: str):
    assert compare_databases(first, altered(first, tmp_path / "new.db", statement)).step is VersionStep.NONE


def test_a_table_without_ids_of_a_later_schema_is_no_trouble(first: Path, tmp_path: Path):
    new = altered(first, tmp_path / "new.db", "ALTER TABLE names RENAME COLUMN subject_id TO of_id", "DELETE FROM names WHERE text = 'Sam'")
    found = compare_databases(first, new)
    assert (found.columns_removed, found.columns_added) == (["names.subject_id"], ["names.of_id"])
    assert [row.label for row in found.evidence_removed] == ["sam-altman: Sam"]


# the versions themselves
@pytest.mark.parametrize(
    ("step", "smallest"),
    [(VersionStep.NONE, "1.2.3"), (VersionStep.PATCH, "1.2.4"), (VersionStep.MINOR, "1.3.0"), (VersionStep.MAJOR, "2.0.0")],
)
def test_a_step_leads_to_its_smallest_version(step: VersionStep, smallest: str):
    assert str(smallest_version(Version(1, 2, 3), step)) == smallest


@pytest.mark.parametrize("text", ["1.0", "1.0.0-beta", "v1.0.0", "01.0.0", "", "fuzz", "1.0.0\n"])
def test_what_is_no_version_of_three_numbers_is_refused(text: str):
    with pytest.raises(ValueError, match="is not a version of three numbers"):
        parse_version(text)


@pytest.mark.parametrize(
    ("new", "step", "refusal"),
    [
        ("1.2.3", VersionStep.NONE, None),
        ("1.2.4", VersionStep.NONE, "nothing has changed since 1.2.3, so the version stays 1.2.3 and does not become 1.2.4"),
        ("1.2.2", VersionStep.NONE, "nothing has changed since 1.2.3, so the version stays 1.2.3 and does not become 1.2.2"),
        ("1.2.4", VersionStep.PATCH, None),
        ("1.10.0", VersionStep.MINOR, None),
        ("4.0.0", VersionStep.PATCH, None),
        ("1.2.3", VersionStep.PATCH, "the contents differ and both are called 1.2.3; this is a PATCH step, and 1.2.4 is the smallest"),
        ("1.1.9", VersionStep.PATCH, "version 1.1.9 comes before 1.2.3; this is a PATCH step, and 1.2.4 is the smallest"),
        ("1.2.9", VersionStep.MINOR, "1.2.9 is too small a step from 1.2.3; this is a MINOR step, and 1.3.0 is the smallest"),
        ("1.9.0", VersionStep.MAJOR, "1.9.0 is too small a step from 1.2.3; this is a MAJOR step, and 2.0.0 is the smallest"),
    ],
)
def test_a_version_that_breaks_the_rule_is_refused(new: str, step: VersionStep, refusal: str | None):
    said = refuse_version(Version(1, 2, 3), parse_version(new), step)
    assert said is None if refusal is None else (said or "").startswith(refusal)


# what it says
def test_a_value_and_a_standing_are_told_with_the_decision_that_did_it(difference):
    found = difference(take_the_decision_anew)
    assert """\
- `figures`: 1 row
  - Headcount (`openai-headcount`)
    - `value`: 770 → 800
    - decision `headcount-by-alpha` (first_hand, 2024-01-01, taken anew): Beta counted them.
""" in tell_in_words(found)
    cell = next(cell for cell in found.cells if (cell.table, cell.column) == ("figures", "value"))
    assert (cell.before, cell.after, cell.decisions) == (770, 800, ("headcount-by-alpha",))


def test_a_standing_is_told_apart_from_values_with_its_decision(difference):
    said = tell_in_words(difference(leave_it_open)).split("## Standings")[1]
    assert (
        """\
- `figures`: 1 row
  - Headcount (`openai-headcount`)
    - `standing`: settled → open
    - decision `headcount-by-alpha` (open, 2024-01-01, taken anew): Alpha asked the firm.
"""
        in said
    )


def test_a_decision_that_stands_as_before_does_not_explain_a_standing(first: Path, tmp_path: Path):
    new = altered(first, tmp_path / "new.db", "UPDATE figures SET standing = 'agreed', value = 771")
    cells = {cell.column: cell for cell in compare_databases(first, new).cells}
    assert cells["standing"].decisions == ()
    assert cells["value"].decisions == ("headcount-by-alpha",)


def test_bounds_of_a_date_are_told_apart_from_the_date(difference):
    found = difference(correct_a_time)
    events = {cell.column: cell.sort for cell in found.cells if cell.table == "events"}
    assert events == {"started": "value", "started_earliest": "derived", "started_latest": "derived"}
    assert "- `events`: 2 cells of `started_earliest`, `started_latest`" in tell_in_words(found)


def test_a_corrected_claim_is_evidence_and_neither_a_new_row_nor_a_renamed_id(difference):
    found = difference(correct_a_time)
    assert {row.table for row in found.evidence_removed} == {row.table for row in found.evidence_added} == {"claims", "statements"}
    assert (found.evidence_new, found.ids_removed, found.ids_added) == ({}, [], [])
    assert "- `claims`: 1 came, 1 went" in tell_in_words(found)


def test_long_lists_are_cut_in_words_and_complete_as_data(first: Path, tmp_path: Path):
    many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)"
    new = altered(
        first, tmp_path / "new.db", f"INSERT INTO people (id, label, label_zh, name) {many} SELECT 'p-' || i, 'P', 'P', 'P' FROM n"
    )
    found = compare_databases(first, new)
    words = tell_in_words(found)
    assert words.count("\n  - `p-") == MOST
    assert f"  - and {100 - MOST} more\n" in words
    assert len(json.loads(json.dumps(as_data(found)))["ids_added"]) == 100


def test_a_draft_of_the_release_is_accepted_once_its_day_and_summary_are_written(raw: RawFolder, difference):
    def change(raw: RawFolder) -> None:
        take_the_decision_anew(raw)
        add_a_person(raw)
        correct_a_time(raw)

    draft = draft_release(difference(change, "1.0.0"))
    assert draft.startswith('- version: 1.1.0\n  date: "YYYY-MM-DD"\n  summary: \n  changes:\n')
    assert (
        '- {kind: corrected, subject: openai-headcount, property: value, from: "770", to: "800", decision: headcount-by-alpha}\n' in draft
    )
    assert "- {kind: added, subject: greg-brockman}\n" in draft
    raw.replace("releases.yml", FIRST + draft.replace("YYYY-MM-DD", "2024-02-01").replace("summary: ", "summary: More."))
    assert raw.faults() == []
    assert len(raw.run().tables["changes"]) == draft.count("kind: ")


# the command
def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    status = main(["diff", *map(str, arguments)])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def test_the_command_accepts_a_version_that_follows_the_rule(raw: RawFolder, first: Path, tmp_path: Path, capsys):
    add_a_source(raw)
    new = build_release(raw, tmp_path / "new.db", "1.1.0")
    status, out, err = run(capsys, first, new, "--json", tmp_path / "diff.json")
    data = json.loads((tmp_path / "diff.json").read_text(encoding="utf-8"))
    assert (status, err, out.splitlines()[0]) == (0, f"wrote {tmp_path}/diff.json\n", "# From 1.0.0 to 1.1.0")
    assert (data["step"], data["smallest_version"], data["refusal"]) == ("minor", "1.1.0", None)
    assert [path.name for path in tmp_path.glob(".*")] == [".build.lock"]


def test_the_command_refuses_a_version_that_breaks_the_rule_and_says_what_differs_all_the_same(
    raw: RawFolder, first: Path, tmp_path: Path, capsys
):
    add_a_source(raw)
    new = build_release(raw, tmp_path / "new.db", "1.0.1")
    status, out, err = run(capsys, first, new, "--json", tmp_path / "diff.json")
    assert status == 1
    assert err == (
        f"wrote {tmp_path}/diff.json\n"
        "Refused: 1.0.1 is too small a step from 1.0.0; this is a MINOR step, and 1.1.0 is the smallest version that the rule allows.\n"
    )
    assert "MINOR: 1 source added" in out


def test_a_draft_is_given_whatever_version_the_newer_one_bears(raw: RawFolder, first: Path, tmp_path: Path, capsys):
    status, out, err = run(capsys, first, altered(first, tmp_path / "new.db", "ALTER TABLE people ADD COLUMN name_ja TEXT"), "--yaml")
    assert (status, err) == (0, "")
    assert "    - {kind: added, table: people, property: name_ja}\n" in out


def test_an_equal_file_is_said_to_be_equal(first: Path, capsys):
    assert run(capsys, first, first) == (0, "# From 1.0.0 to 1.0.0\n\nNothing differs.\n", "")


def other_schema(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE people (id TEXT)")
    connection.close()


def without_version(path: Path) -> None:
    other_schema(path)
    connection = sqlite3.connect(path)
    for table in ("build_info", "subjects", "statements", "decisions"):
        connection.execute(f"CREATE TABLE {table} (id TEXT, value TEXT)")
    connection.close()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: None, " is no file; name a database such as leadership.db of a release"),
        (Path.mkdir, " is no file; name a database such as leadership.db of a release"),
        (
            lambda path: path.write_bytes(b""),
            " is no database of this dataset: it has no table build_info, decisions, statements, subjects",
        ),
        (lambda path: path.write_bytes(b"x" * 5000), " cannot be read as an SQLite database (file is not a database); if it is packed"),
        (other_schema, " is no database of this dataset: it has no table build_info, decisions, statements, subjects"),
        (without_version, " does not say which version it is: nothing is not a version of three numbers such as 1.2.0"),
    ],
    ids=["missing", "folder", "empty", "no-database", "other-schema", "no-version"],
)
@pytest.mark.parametrize("place", ["old", "new"])
def test_what_is_no_release_gives_one_clear_message(first: Path, tmp_path: Path, capsys, make, message: str, place: str):
    bad = tmp_path / "bad.db"
    make(bad)
    status, out, err = run(capsys, *((bad, first) if place == "old" else (first, bad)))
    assert (status, out) == (1, "")
    assert err.startswith(f"{bad}{message}")
    assert err.count("\n") == 1


def test_a_damaged_database_gives_one_clear_message(first: Path, tmp_path: Path):
    damaged = tmp_path / "damaged.db"
    content = bytearray(first.read_bytes())
    content[4096 * 3 :] = b"\xff" * (len(content) - 4096 * 3)
    damaged.write_bytes(content)
    with pytest.raises(CannotCompare, match=r"cannot be (compared|read)"):
        compare_databases(first, damaged)


def test_without_a_database_the_command_says_how_it_is_called(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["diff"])
    assert stopped.value.code == 2
    said = (
        "usage: leadership diff [-h] [--json FILE] [--yaml] old [new]\nleadership diff: error: the following arguments are required: old\n"
    )
    assert capsys.readouterr().err == said


def test_make_asks_for_the_older_database_and_takes_no_other_for_it():
    done = subprocess.run(["make", "-n", "diff", "NEW=new.db"], cwd=paths.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "OLD=<database of the older release>" in done.stderr


def test_a_file_that_cannot_be_written_gives_one_clear_message(first: Path, tmp_path: Path, capsys):
    status, out, err = run(capsys, first, first, "--json", tmp_path / "nowhere" / "x.json")
    assert (status, out) == (1, "")
    assert err.endswith("x.json cannot be written (No such file or directory); make its folder writable or name another.\n")


def test_the_history_of_the_minimal_folder_is_a_release_and_its_changes(raw: RawFolder, first: Path, tmp_path: Path):
    move_lines(raw)
    raw.replace("releases.yml", HISTORY["releases.yml"].replace("    - {kind: removed, subject: samuel-altman}\n", ""))
    build(raw.folder, paths.METADATA, tmp_path / "new.db")
    found = compare_databases(first, tmp_path / "new.db")
    assert sorted(row.id for row in found.history_added) == ["release-1-0-1", "release-1-0-1-001"]
    assert found.refusal is None
