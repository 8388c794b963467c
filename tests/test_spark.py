"""A distributed engine reads the Parquet files of a release and gives the rows that the database gives.

Spark, on this machine, in one run, is asked every question of the site. Which it cannot answer as they stand, because they
are written in SQLite's dialect, is listed with the reason; the list is held to be exact, so it cannot rot.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from distribution.contents import connect
from leadership import paths
from leadership.describing import load_metadata
from validators import validators_python

README = paths.ROOT / "scripts" / "deploy" / "README.md"
EXAMPLE = "the example of scripts/deploy/README.md"
SAME_EXAMPLE = """
SELECT p.label AS person, d.effective, d.manner, c.label AS reason
  FROM departures d JOIN people p ON p.id = d.person_id JOIN json_each(d.reason) r
       JOIN codes c ON c.list = 'departure_reason' AND c.code = r.value
 WHERE d.organisation_id = 'openai' AND d.standing <> 'refuted'
"""

# Why Spark refuses a question, with the error that it gives.
NO_GROUP_CONCAT = ("UNRESOLVED_ROUTINE", "GROUP_CONCAT: Spark says LISTAGG")
NO_JULIANDAY = ("UNRESOLVED_ROUTINE", "julianday: Spark says UNIX_TIMESTAMP")
NO_DATETIME = ("UNRESOLVED_ROUTINE", "datetime: Spark says DATE_FORMAT")
NO_BARE_COLUMNS = ("MISSING_AGGREGATION", "a column that is neither grouped by nor aggregated; Spark wants ANY_VALUE")
NO_IS_NOT = ("PARSE_SYNTAX_ERROR", "IS NOT with a value: Spark says IS DISTINCT FROM")
NO_GLOB = ("PARSE_SYNTAX_ERROR", "GLOB: Spark says RLIKE")
NO_NAMES = ("UNRESOLVED_ROUTINE", "named, instant_from and their kin are functions of the site: give ids and instants instead")
NO_MATCH = ("PARSE_SYNTAX_ERROR", "MATCH: the index is SQLite's own")
TRIM_TURNED = ("CAST_INVALID_INPUT", "ltrim(x, y): Spark takes y from x the other way round")
REFUSED = {
    "about_person": NO_NAMES,
    "board_before_and_after": NO_GROUP_CONCAT,
    "board_on_day": NO_NAMES,
    "calendar": NO_GLOB,
    "cite_row": NO_NAMES,
    "destinations": NO_IS_NOT,
    "evidence_for": NO_NAMES,
    "exits_by_month": NO_GROUP_CONCAT,
    "exits_by_quarter": NO_GROUP_CONCAT,
    "feed_decisions": NO_GROUP_CONCAT,
    "feed_person": NO_NAMES,
    "feed_search": NO_MATCH,
    "first_to_report": NO_GROUP_CONCAT,
    "founders": NO_GROUP_CONCAT,
    "from_and_to": NO_NAMES,
    "headcount": NO_GROUP_CONCAT,
    "known_on_day": NO_MATCH,
    "line": NO_NAMES,
    "most_quoted": NO_BARE_COLUMNS,
    "november_2023": NO_DATETIME,
    "origins": NO_GROUP_CONCAT,
    "reasons_given": NO_GROUP_CONCAT,
    "set_aside_by_reason": NO_GROUP_CONCAT,
    "signatures": TRIM_TURNED,
    "succession": NO_NAMES,
    "tenure_lengths": NO_JULIANDAY,
    "undated_november_2023": NO_BARE_COLUMNS,
    "where_sources_disagree": NO_GROUP_CONCAT,
    "who_argues_what": NO_NAMES,
    "who_cites_whom": NO_GROUP_CONCAT,
    "who_led": NO_NAMES,
    "who_held_post": NO_NAMES,
    "who_is": NO_NAMES,
}
# Worse: what Spark answers, and otherwise.
MAY_FIND_NOTHING = ("later_contradicted",)  # where each later source agrees with those before it
OTHERWISE = {"feed_timeline": "rtrim(x, y): Spark takes y from x the other way round"}


def questions() -> dict[str, dict[str, Any]]:
    """Return the SQL of every question of the site, with its parameters left empty, as a reader may."""
    document = load_metadata(paths.METADATA)
    assert not document.faults
    queries = document.data["databases"]["leadership"]["queries"]
    return {name: {"sql": query["sql"], "parameters": dict.fromkeys(query.get("params", ()), "")} for name, query in queries.items()}


def example() -> str:
    """Return the SQL of the README's example."""
    found = re.search(r'spark\.sql\("""\n(.*?)"""', README.read_text(encoding="utf-8"), re.S)
    assert found, "the README has no example any more"
    return found[1]


@pytest.fixture
def spark(release: Path) -> dict[str, dict[str, Any]]:
    """What Spark answers to every question, in one run."""
    if not shutil.which("java") and not os.environ.get("JAVA_HOME"):
        pytest.skip("no Java on this machine; `apt-get install openjdk-17-jre-headless` brings one")
    asked = {**questions(), EXAMPLE: {"sql": example(), "parameters": {}}}
    script = paths.ROOT / "tests" / "spark_queries.py"
    told = subprocess.run(
        [str(validators_python()), str(script), str(release / "parquet")],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert told.returncode == 0, told.stderr[-2000:]
    answers: dict[str, dict[str, Any]] = json.loads(told.stdout)
    return answers


def steady(rows: list[Any]) -> list[str]:
    """Return rows so that two lists of the same rows are equal: whole numbers are whole whatever their type, the order is that of text."""
    whole = [[int(cell) if isinstance(cell, float) and cell.is_integer() else cell for cell in row] for row in rows]
    return sorted(json.dumps(row, ensure_ascii=False) for row in whole)


def ask_sqlite(database: Path, sql: str, parameters: dict[str, str]) -> tuple[list[str], list[str]]:
    """Return columns and rows of a query as the database gives them."""
    with closing(connect(database)) as connection:
        cursor = connection.execute(sql, parameters)
        return [column[0] for column in cursor.description], steady(cursor.fetchall())


def test_spark_answers_as_the_database_does_or_refuses_for_a_listed_reason(spark: dict[str, dict[str, Any]], database: Path) -> None:
    # One test, so that however tests are shared out Spark starts once.
    columns, rows = ask_sqlite(database, SAME_EXAMPLE, {})
    told = spark.pop(EXAMPLE)
    assert "error" not in told, told
    assert (told["columns"], steady(told["rows"])) == (columns, rows)
    assert len(rows) > 10

    refused = {name: answer["error"] for name, answer in spark.items() if "error" in answer}
    assert refused == {name: error for name, (error, _) in REFUSED.items()}

    answered = 0
    for name, question in questions().items():
        if name in REFUSED:
            continue
        columns, rows = ask_sqlite(database, **question)
        assert spark[name]["columns"] == columns, name
        assert rows or name in MAY_FIND_NOTHING, f"{name} has no rows to compare"
        if name in OTHERWISE:
            assert steady(spark[name]["rows"]) != rows, f"{name} gives the same now; take it off the list"
            continue
        assert steady(spark[name]["rows"]) == rows, name
        answered += 1
    assert f"{answered} of the site's {len(questions())} questions" in README.read_text(encoding="utf-8")
