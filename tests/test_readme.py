"""What README.md says of the data is so, and it stays short enough to be read."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from leadership import paths

README = (paths.ROOT / "README.md").read_text(encoding="utf-8")
MOST_LINES = 200
READ = "FROM sources WHERE access = 'read'"
STANDS = "asserted_as = 'fact' AND standing <> 'refuted'"

# What it says of the record without a number, and by what the database bears it out; an entry without its words fails.
SAID = {
    "Most sources are of 2023 and later": "SELECT avg(published_latest >= '2023') > 0.5 FROM sources WHERE access <> 'cited'",
    "Most accepted values go back to one origin": "SELECT avg(origin_count = 1) > 0.5 FROM statements WHERE rank = 'preferred'",
    "Many pages were read in part": f"SELECT avg(text_kind IN ('excerpt', 'part')) > 0.3 {READ}",
    "or in a repost or an archive": f"SELECT count(DISTINCT read_how) = 2 {READ} AND read_how IN ('repost', 'archive')",
    "Some claims rest on notes of a page": "SELECT avg(checked = 'notes') BETWEEN 0.001 AND 0.3 FROM claims",
    "Many exits have no reason": f"SELECT avg(reason IS NULL) > 0.3 FROM departures WHERE {STANDS} AND same_as IS NULL",
    "or no destination": f"SELECT avg(destination_id IS NULL) > 0.3 FROM departures WHERE {STANDS} AND same_as IS NULL",
    "Some events are dated by no source": f"SELECT avg(started IS NULL) BETWEEN 0.001 AND 0.3 FROM events WHERE {STANDS}",
    "Nearly all sources are in English": "SELECT avg(lang = 'en') > 0.9 FROM sources WHERE access <> 'cited'",
    "A few texts are *held*": "SELECT count(*) BETWEEN 3 AND 20 FROM sources WHERE access = 'held'",
    "with what led to the founding in December 2015": "SELECT count(*) > 0 FROM events WHERE started_day BETWEEN '2015' AND '2015-12-31'",
}


@pytest.fixture(scope="module")
def record(database: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(database)) as connection:
        yield connection


def test_it_is_short_enough_to_be_read() -> None:
    assert README.count("\n") <= MOST_LINES, "figures of speed, deployment and use at length have pages of their own"


def test_there_is_as_much_as_it_says(record: sqlite3.Connection) -> None:
    said = {table: int(number.replace(",", "")) for number, table in re.findall(r"[Mm]ore than ([\d,]+) ([a-z]+)", README)}
    assert set(said) == {"sources", "people", "departures"}
    there = {table: record.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in said}
    assert {table: count for table, count in there.items() if count <= said[table]} == {}


def test_the_site_has_as_many_questions_as_it_says() -> None:
    from leadership.descriptions import load_metadata

    assert "more than thirty such questions ready, many with a chart" in README
    queries = load_metadata(paths.METADATA).data["databases"]["leadership"]["queries"]
    questions = [query for name, query in queries.items() if not name.startswith(("feed_", "calendar"))]
    assert len(questions) > 30
    assert sum("fragment" in query for query in questions) > len(questions) / 3


def test_as_much_is_attacked_as_the_page_on_security_says() -> None:
    page = (paths.ROOT / "SECURITY.md").read_text(encoding="utf-8")
    said = {words: re.search(rf"`tests/test_attack_(\w+)\.py`: ([\d,]+) {words} ", page) for words in ("damaged files", "builds killed")}
    tried = {"damaged files": r"fuzz\.attack\(.*count=(\d+)", "builds killed": r'^KILLS = .*"(\d+)"'}
    for words, found in said.items():
        assert found, words
        test = (paths.ROOT / "tests" / f"test_attack_{found[1]}.py").read_text(encoding="utf-8")
        assert re.findall(tried[words], test, re.MULTILINE) == [found[2].replace(",", "")], words


@pytest.mark.parametrize("words", SAID)
def test_what_it_says_of_the_record_in_words_is_so(record: sqlite3.Connection, words: str) -> None:
    assert words in README
    assert record.execute(SAID[words]).fetchone() == (1,)


def test_its_badges_are_made_by_the_build() -> None:
    shown = re.findall(r"\(curated/(badges/[a-z]+\.svg)\)", README)
    assert sorted(shown) == sorted(path.relative_to(paths.CURATED).as_posix() for path in (paths.CURATED / "badges").glob("*.svg"))
