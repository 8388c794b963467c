"""What `metadata.yml` says of the database can be used, or is refused with its place before anything is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from leadership import paths
from leadership.building import build
from leadership.descriptions import check_metadata, load_metadata
from leadership.faults import InputFaults

PEOPLE = "        title: People\n"
FACETS = "facets: [standing, origin_count, {array: sources}]"
FIRST_QUERY = "      exits_by_month:\n"
FIRST_SQL = "          SELECT month, COALESCE(manner, 'not_stated') AS manner, COUNT(*) AS exits,\n"
CORRECTIONS = 'corrections: {mail: "", tracker: ""}'
QUERY = "databases.leadership.queries.mine"
TEXT = "https://example.org/new?title={title}&body={text}"

# (what stands there, what is written in its place, what is said of it after the file, line and column)
DAMAGES = [
    ("title: OpenAI leadership changes\n", "", "key title of the file is missing; add it"),
    ("\nlicense_url: https://creativecommons.org/licenses/by/4.0/", "", "key license_url of the file is missing; add it"),
    ("title: OpenAI leadership changes\n", "title: 2026\n", "title must be text; put it into quotes"),
    (PEOPLE, "", "table people has no title; write one"),
    (PEOPLE, "        title:\n", "title has no value; write one or remove the key"),
    (PEOPLE, "        title: 2023-02-30\n", 'date 2023-02-30 is not quoted; write "2023-02-30"'),
    (PEOPLE, "        title: !!python/name:os.system x\n", "tag tag:yaml.org,2002:python/name:os.system is not used here; remove it"),
    (PEOPLE, '        title: "Peo\\u202eple"\n', "character U+202E cannot be seen here and is not allowed; remove it"),
    (PEOPLE, '        title: People\n        hidden: "no"\n', "hidden must be true or false"),
    (PEOPLE, "        title: People\n        label_colum: label\n", "key label_colum is not known here; did you mean label_column?"),
    (PEOPLE, "        title: People\n        title: Persons\n", "key title stands twice; keep one of the two"),
    ("          kind: What kind of organisation it is (", "          kind: 5  # (", "kind must be text; put it into quotes"),
    (FACETS, "facets: standing", "facets must be a list; start each entry with a dash"),
    (FACETS, "facets: [standnig, origin_count]", "people has no column standnig; did you mean standing?"),
    (FACETS, "facets: [{array: source}]", "people has no column source; did you mean sources?"),
    ("        sort: label\n", "        sort: lable\n", "people has no column lable; did you mean label?"),
    (
        "main-columns: {columns: [label, label_zh,",
        "main-columns: {columns: [lable, label_zh,",
        "people has no column lable; did you mean label?",
    ),
    (", view: who_left}", ", view: who_leaves}", "there is no view who_leaves; did you mean who_left?"),
    ("    queries:\n", "    queries: []\n    former:\n", "databases.leadership.queries must be a map of keys and values"),
    (FIRST_QUERY, f"      mine: SELECT 1\n{FIRST_QUERY}", f"{QUERY} must be a map of keys and values"),
    (FIRST_QUERY, f"      mine: {{title: Mine}}\n{FIRST_QUERY}", f"key sql of {QUERY} is missing; add it"),
    (
        FIRST_QUERY,
        f"      mine: {{title: Mine, sql: DELETE FROM people}}\n{FIRST_QUERY}",
        "sql must be one SELECT; the database is only read",
    ),
    (FIRST_SQL, FIRST_SQL.replace("month", "monht", 1), "SQLite refuses this: no such column: monht; correct it"),
    (FIRST_SQL, FIRST_SQL.replace("exits", "FROM", 1), 'SQLite refuses this: near "FROM": syntax error; correct it'),
    ("WITH spells AS (SELECT person", "WITH spells AS (SELECT persno", "SQLite refuses this: no such column: persno; correct it"),
    ("        - [ceos, ceos]\n", "        - [ceos, ceo]\n", "there is no chart ceo; did you mean ceos?"),
    (
        "          title: Who was chief executive, 16 to 23 November 2023, hour by hour\n",
        "",
        "key title of plugins.datasette-dashboards.overview.charts.ceos is missing; add it",
    ),
    (CORRECTIONS, "corrections: me@example.org", "plugins.corrections must be a map of keys and values"),
    (
        CORRECTIONS,
        "corrections: {mail: at the desk}",
        "at the desk is no address for mail; write one such as data@example.org, or leave it empty",
    ),
    (
        CORRECTIONS,
        'corrections: {tracker: "https://example.org/{tilte}"}',
        f"https://example.org/{{tilte}} is no address with {{text}} in it; write one such as {TEXT}, or leave it empty",
    ),
]


def damaged(folder: Path, old: str, new: str) -> Path:
    """Return a copy of the metadata in which `new` stands in the first place of `old`."""
    text = paths.METADATA.read_text(encoding="utf-8")
    assert old in text
    path = folder / "metadata.yml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


@pytest.mark.parametrize(("old", "new", "message"), DAMAGES, ids=[message for *_, message in DAMAGES])
def test_what_cannot_be_used_is_said_once_and_at_its_place(tmp_path: Path, old: str, new: str, message: str):
    (fault,) = check_metadata(damaged(tmp_path, old, new))
    assert (fault.file, fault.message) == ("metadata.yml", message)
    text = paths.METADATA.read_text(encoding="utf-8")
    first = text.count("\n", 0, text.index(old)) + 1
    assert fault.line in (1, first - 1, first, first + 1, 24)  # 24: where the file's own map begins


def test_the_place_is_that_of_the_value(tmp_path: Path):
    (fault,) = check_metadata(damaged(tmp_path, "        sort: label\n", "        sort: lable\n"))
    line = (tmp_path / "metadata.yml").read_text(encoding="utf-8").splitlines()[fault.line - 1]
    assert line[fault.column - 1 :] == "lable"


def test_functions_of_the_site_and_parameters_of_readers_are_no_fault(tmp_path: Path):
    query = '{title: Mine, sql: "SELECT in_words(started), search_words(:who) FROM events WHERE id = :id"}'
    assert check_metadata(damaged(tmp_path, FIRST_QUERY, f"      mine: {query}\n{FIRST_QUERY}")) == []


def test_anchors_and_merge_keys_are_no_fault():
    assert load_metadata(paths.METADATA).faults == []


@pytest.mark.parametrize(("old", "new"), [DAMAGES[0][:2], DAMAGES[3][:2], DAMAGES[11][:2]])
def test_a_build_that_could_not_be_described_leaves_the_database_as_it_is(raw, tmp_path: Path, old: str, new: str):
    database = tmp_path / "leadership.db"
    build(raw.folder, paths.METADATA, database)
    before = database.read_bytes()
    raw.change("people.yml", "Mira Murati", "Ermira Murati")
    with pytest.raises(InputFaults):
        build(raw.folder, damaged(tmp_path, old, new), database)
    assert database.read_bytes() == before
