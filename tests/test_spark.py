"""A distributed engine reads the Parquet files of a release and answers the example of the documentation as the database does."""

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
from validators import validators_python

README = paths.ROOT / "scripts" / "deploy" / "README.md"
SAME_EXAMPLE = """
SELECT p.label AS person, d.effective, d.manner, c.label AS reason
  FROM departures d JOIN people p ON p.id = d.person_id JOIN json_each(d.reason) r
       JOIN codes c ON c.list = 'departure_reason' AND c.code = r.value
 WHERE d.organisation_id = 'openai' AND d.standing <> 'refuted'
"""


def steady(rows: list[Any]) -> list[str]:
    """Return rows so that two lists of the same rows are equal: whole numbers are whole whatever their type, the order is that of text."""
    whole = [[int(cell) if isinstance(cell, float) and cell.is_integer() else cell for cell in row] for row in rows]
    return sorted(json.dumps(row, ensure_ascii=False) for row in whole)


def test_spark_reads_tables_and_views_and_answers_the_example_as_the_database_does(little: Path) -> None:
    # One test, because Spark takes seconds to start.
    if not shutil.which("java") and not os.environ.get("JAVA_HOME"):
        pytest.skip("no Java on this machine; `apt-get install openjdk-17-jre-headless` brings one")
    example = re.search(r'spark\.sql\("""\n(.*?)"""', README.read_text(encoding="utf-8"), re.S)
    assert example, "the page has no example any more"
    with closing(connect(little / "leadership.db")) as connection:
        same = {"the example": SAME_EXAMPLE, **{name: f"SELECT * FROM {name}" for name in ("figures", "timeline", "claims")}}
        expected = {name: steady(connection.execute(sql).fetchall()) for name, sql in same.items()}
    asked = {**same, "the example": example[1]}
    told = subprocess.run(
        [str(validators_python()), str(paths.ROOT / "tests" / "spark_queries.py"), str(little / "parquet")],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert told.returncode == 0, told.stderr[-2000:]
    answers = json.loads(told.stdout)
    assert len(expected["the example"]) >= 1
    assert {name: steady(rows) for name, rows in answers.items()} == expected
