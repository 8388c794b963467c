"""The published data itself: facts checked by hand are frozen, and the promises of the design hold for every row."""

from __future__ import annotations

import csv
import json
import sqlite3
from functools import cache
from pathlib import Path

import pytest
from leadership import paths
from leadership.amounts import parse_amount
from leadership.building import build
from leadership.folding import has_cjk
from leadership.keytables import with_tables
from leadership.pipeline import run, source_texts
from leadership.schema import KINDS
from leadership.tables import TABLES

LEAVES_OUT_BY_ITSELF = {"primary_document": "secondary", "first_hand": "secondary", "majority": "outvoted"}  # rule and the reason it gives
QUESTIONS = json.loads(Path(__file__).with_name("questions.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def connection(database):
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    yield connection
    connection.close()


@pytest.fixture(scope="module")
def answer(connection):
    """A function that returns columns and rows of a query, which is run once however often it is asked."""

    @cache
    def run_once(sql):
        cursor = connection.execute(sql)
        return [column for column, *_ in cursor.description], [list(row) for row in cursor]

    return run_once


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda asked: asked["question"])
def test_a_question_of_a_journalist_has_the_answer_found_by_hand(answer, asked):
    """New sources add rows to an answer; those found by hand stay in it. `answer`, `pages`: what readers of pages wrote."""
    _, rows = answer(asked["sql"])
    assert asked["rows"]
    assert [row for row in asked["rows"] if row not in rows] == []


@pytest.mark.parametrize("asked", [asked for asked in QUESTIONS if "pages" in asked], ids=lambda asked: asked["question"])
def test_an_answer_from_the_larger_record_names_a_source_with_an_address(connection, answer, asked):
    columns, rows = answer(asked["sql"])
    sources = {dict(zip(columns, row, strict=True))["source_id"]: dict(zip(columns, row, strict=True))["url"] for row in rows}
    held = {source for (source,) in connection.execute("SELECT id FROM sources WHERE access = 'held'")}
    assert {source for source, address in sources.items() if not (address or "").startswith("http")} <= held
    assert sources.keys() - held


def test_every_line_of_every_source_is_accounted_for(connection):
    rows = connection.execute(
        "SELECT source_id, lines, blank, cited, set_aside, unaccounted FROM line_coverage ORDER BY source_id"
    ).fetchall()
    assert {
        ("byteailab-2024-08-09", 42),
        ("huxiu-2024-12", 25),
        ("newgeek-2023-11-23", 303),
        ("openai-turmoil-2024-08", 66),
        ("wsj-zh-2024-09", 78),
    } <= {(source, lines) for source, lines, *_ in rows}
    assert [source for source, *_, unaccounted in rows if unaccounted] == []
    assert all(lines == blank + cited + aside for _, lines, blank, cited, aside, _ in rows)


def test_no_foreign_key_is_broken_and_the_file_is_sound(connection):
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.parametrize("kind", [kind for kind in KINDS.values() if kind.properties and kind.name != "source"], ids=lambda kind: kind.name)
def test_every_published_cell_is_a_preferred_statement_with_a_claim(connection, kind):
    seen = set()
    for prop in kind.properties:
        if prop.type == "participants" or prop.type == "amount":
            continue
        for subject, cell in connection.execute(f'SELECT id, "{prop.name}" FROM "{kind.table}" WHERE "{prop.name}" IS NOT NULL'):
            for value in json.loads(cell) if prop.many else [cell]:
                found = connection.execute(
                    "SELECT claim_count FROM statements WHERE subject_id = ? AND property = ? AND value = ? AND rank = 'preferred'",
                    (subject, prop.name, value),
                ).fetchone()
                assert found, f"{subject} {prop.name} {value}"
                assert found[0] > 0, f"{subject} {prop.name} {value}"
                seen.add(prop.name)
    assert seen


def test_every_figure_shows_the_number_of_its_preferred_statement(connection):
    rows = connection.execute(
        "SELECT f.comparator, f.value, f.value_high, s.value FROM figures f"
        " JOIN statements s ON s.subject_id = f.id AND s.property = 'value' AND s.rank = 'preferred'"
    ).fetchall()
    assert len(rows) == connection.execute("SELECT COUNT(*) FROM figures WHERE value IS NOT NULL").fetchone()[0] > 50
    for comparator, value, high, text in rows:
        amount = parse_amount(text)
        assert (amount.comparator, amount.value, amount.value_high) == (comparator, value, high)


def test_every_property_has_at_most_one_preferred_value_unless_many_may_stand(connection):
    many = {prop.name for kind in KINDS.values() for prop in kind.properties if prop.many}
    rows = connection.execute(
        "SELECT subject_id, property FROM statements WHERE rank = 'preferred' GROUP BY 1, 2 HAVING COUNT(*) > 1"
    ).fetchall()
    sources = {row[0] for row in connection.execute("SELECT id FROM sources")}
    assert [row for row in rows if row[1] not in many and row[0] not in sources] == []


def test_a_deprecated_statement_always_has_its_reason_and_its_decision_or_the_rule_of_evidence_that_chose_another(connection):
    """Rules 4, 5 and 7 need no decision, but a rival that they accept; no other rule leaves a value out by itself."""
    rows = connection.execute(
        "SELECT s.id, s.rule, s.deprecated_reason, s.decision_id, (SELECT COUNT(*) FROM statements a WHERE a.rank = 'preferred'"
        " AND (a.subject_id, a.property, a.rule) = (s.subject_id, s.property, s.rule)) FROM statements s WHERE s.rank = 'deprecated'"
    ).fetchall()
    assert len([row for row in rows if row[3]]) > 5
    assert [statement for statement, _, reason, *_ in rows if not reason] == []
    by_rule = [(rule, reason, rivals) for _, rule, reason, decision, rivals in rows if not decision]
    assert set(by_rule) <= {(rule, reason, 1) for rule, reason in LEAVES_OUT_BY_ITSELF.items()}


LEFT_AND_STILL_IN_POST = """
SELECT t.tenure_id FROM tenures_flat t JOIN organisations o ON o.id = t.organisation_id JOIN departures d ON d.person_id = t.person_id
 WHERE t.possible_to IS NULL AND t.capacity IS NOT 'founding' AND (o.id = 'openai' OR (o.id LIKE 'openai-%' AND o.kind = 'team'))
   AND d.organisation_id = 'openai' AND d.asserted_as = 'fact' AND d.certainty = 'certain' AND d.standing <> 'refuted'
   AND d.manner IS NOT 'leave_of_absence' AND d.destination_id IS NOT 'openai' AND COALESCE(d.effective, '') NOT LIKE '%/..'
   AND COALESCE(t.possible_from, t.first_shown, t.started, '') < COALESCE(d.effective_latest, d.announced_latest)
   AND NOT EXISTS (SELECT 1 FROM departures b WHERE b.person_id = d.person_id AND b.destination_id = 'openai' AND b.id <> d.id)
"""


def test_who_left_the_firm_for_good_is_possibly_in_no_post_of_it_or_of_a_team_of_it_for_ever(connection):
    assert connection.execute(LEFT_AND_STILL_IN_POST).fetchall() == []


def test_every_post_that_an_exit_names_is_one_that_a_tenure_of_the_same_person_has(connection):
    """But where another tenure has the same work under a title told otherwise."""
    told_otherwise = {
        ("barret-zoph", "openai-researcher"),
        ("barret-zoph", "openai-vp-post-training"),
        ("liam-fedus", "openai-vp-post-training"),
    }
    named = connection.execute(
        "SELECT d.person_id, p.value FROM departures d, json_each(d.posts) p WHERE d.person_id IS NOT NULL AND d.asserted_as = 'fact'"
        " AND NOT EXISTS (SELECT 1 FROM tenures t WHERE t.person_id = d.person_id AND t.post_id = p.value)"
    )
    assert set(named) - told_otherwise == set()


def test_no_anchor_is_a_sentence(connection):
    """Sixteen characters of a text at hand; of a page that was read twice as many, where none of them is Chinese."""
    held = connection.execute('SELECT find, "end" - start FROM passages WHERE line IS NOT NULL').fetchall()
    assert [find for find, length in held if length != len(find) or length > 16] == []
    read = [find for (find,) in connection.execute("SELECT find FROM passages WHERE line IS NULL")]
    assert [find for find in read if len(find) > (16 if has_cjk(find) else 32)] == []


def test_the_differences_that_a_reader_would_look_for_are_listed(connection):
    listed = {row[0] + " " + row[1] for row in connection.execute("SELECT DISTINCT subject_id, property FROM disagreements")}
    assert {
        "john-schulman-openai-2024 announced",
        "openai-letter-signatories value",
        "anthropic founded",
        "openai-founders-remaining-2024-08 value",
        "altman-reinstated started",
        "greg-brockman-openai-2023 manner",
        "altman-detached-from-daily-business occurs",
        "openai-headcount-2023-11 value",
    } <= listed


def test_a_stated_length_is_found_where_the_accepted_dates_contradict_it_and_only_there(connection):
    findings = " ".join(row[0] for row in connection.execute("SELECT message FROM findings"))
    assert "stated as 3 days" in findings  # the length of an interim chief executive's time
    ((stated, given),) = connection.execute(
        "SELECT f.value, (julianday(back.started_earliest) - julianday(gone.started_latest)) * 24"
        " FROM figures f JOIN events gone ON gone.id = f.from_id JOIN events back ON back.id = f.to_id"
        " WHERE f.id = 'openai-board-crisis-hours'"
    )
    assert (stated, round(given)) == (106, 106)  # from the company's post of the removal to its post of the return
    assert "106 hours" not in findings


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ("阿爾特曼", "sam-altman"),
        ("山姆·奥特曼", "sam-altman"),
        ("Altman", "sam-altman"),
        ("Iiya", "ilya-sutskever"),
        ("伊利亚·苏茨克弗", "ilya-sutskever"),
        ("微軟", "microsoft"),
        ("微软", "microsoft"),
        ("納德拉", "satya-nadella"),
        ("馬斯克", "elon-musk"),
        ("马斯克", "elon-musk"),
        ("Andrei Karpathy", "andrej-karpathy"),
        ("M(fèi)ira Murati", "mira-murati"),
        ("Twich", "twitch"),
    ],
)
def test_every_spelling_of_a_source_leads_to_its_subject(connection, name, subject):
    assert {row[0] for row in connection.execute("SELECT subject_id FROM names WHERE text = ?", (name,))} == {subject}


def test_no_sheet_holds_a_sentence_of_its_source():
    """Notes, gists and summaries are ours: none shares a long run of characters with a text."""
    texts = source_texts()
    if not texts:
        pytest.skip("SOURCE_TEXTS is not set: the texts are not published")
    lines = "\n".join(path.read_text(encoding="utf-8") for path in sorted(texts.glob("*.txt")))
    for path in sorted(paths.RAW.rglob("*.yml")):
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            for start in range(0, max(len(line) - 30, 0), 5):
                piece = line[start : start + 30]
                if any("\u4e00" <= character <= "\u9fff" for character in piece):
                    assert piece not in lines, f"{path.name}:{number}: {piece}"


def test_every_anchor_stands_where_the_sheet_says(database):
    texts = source_texts()
    if not texts:
        pytest.skip("SOURCE_TEXTS is not set: the texts are not published")
    result = run(paths.RAW, texts, keep_in=database.parent / "kept")  # raises what differs, of sheets that are kept too
    assert result.compared == len(list(texts.glob("*.txt"))) > 0
    assert result.fitting > 0


def test_a_build_from_what_was_kept_is_the_same_byte_for_byte(database, connection, tmp_path):
    second = build(paths.RAW, paths.METADATA, tmp_path / "leadership.db", keep_in=database.parent / "kept")
    assert (tmp_path / "leadership.db").read_bytes() == database.read_bytes()
    assert connection.execute("SELECT value FROM build_info WHERE id = 'logical_digest'").fetchone() == (second.digest,)


def test_the_csv_files_in_the_repository_are_those_of_this_build(connection):
    names = sorted(path.stem for path in paths.CSV.glob("*.csv"))
    assert names == sorted(name for name in TABLES if name != "build_info")
    for name in names:
        with (paths.CSV / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        expected = [["" if cell is None else str(cell) for cell in row] for row in connection.execute(f'SELECT * FROM "{name}" ORDER BY 1')]
        assert rows[1:] == expected, f"{name}.csv is stale; run make build"


def test_the_json_schema_in_the_repository_is_that_of_the_models():
    from commands import schema

    assert paths.SHEET_SCHEMA.read_text(encoding="utf-8") == schema.render()


def test_the_tables_of_keys_in_the_guide_are_those_of_the_schema():
    guide = (paths.RAW / "README.md").read_text(encoding="utf-8")
    assert with_tables(guide) == guide, "run make schema"
