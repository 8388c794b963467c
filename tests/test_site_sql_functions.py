"""The functions of the site's SQL: there on every connection, told of where readers look, bounded, and asking no connection themselves."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

import pytest
from site_client import Site

FUNCTIONS = ("search_words", "fold", "named", "instant_from", "instant_to")


@pytest.fixture(scope="module")
def site(asked_within: Site) -> Site:
    return asked_within


def value(site: Site, sql: str, **parameters: Any) -> Any:
    """Return the only value that a query gives."""
    ((answer,),) = [tuple(row.values()) for row in site.rows(f"SELECT {sql}", **parameters)]
    return answer


@pytest.mark.parametrize("words", ["奥特曼", "奧特曼", "Altman", "ａｌｔｍａｎ"])
def test_the_index_is_asked_with_words_as_people_write_them(site: Site, words: str) -> None:
    sql = "SELECT s.id FROM subjects_fts JOIN subjects s ON s.rowid = subjects_fts.rowid WHERE subjects_fts MATCH search_words(:words)"
    assert "sam-altman" in {row["id"] for row in site.rows(sql, words=words)}


@pytest.mark.parametrize("words", ["", '"', "*", "zzqx AND (", None, 7, "NEAR(zzqx zqqx)", "text:x", "a" * 5000])
def test_no_words_are_read_as_syntax(site: Site, words: Any) -> None:
    assert site.rows("SELECT rowid FROM subjects_fts WHERE subjects_fts MATCH search_words(:words)", words=words) == []


@pytest.mark.parametrize("typed", ['"', "*", "( )", "“”"])
def test_the_box_of_a_table_finds_nothing_where_no_word_was_typed(site: Site, typed: str) -> None:
    response = site.get(f"/leadership/subjects.json?_search={quote(typed)}")
    assert (response.status_code, response.json()["filtered_table_rows_count"]) == (200, 0)


def test_text_is_folded_as_in_the_index(site: Site) -> None:
    assert value(site, "fold(:text)", text="ＯｐｅｎＡＩ董事會") == "OpenAI 董 事 会"
    assert value(site, "simplified(:text)", text="ＯｐｅｎＡＩ董事會") == "OpenAI董事会"
    assert value(site, "fold(NULL)") is None


@pytest.mark.parametrize(
    ("text", "kind", "first"),
    [
        ("John Schulman", "person", "john-schulman"),
        ("Altman", "person", "sam-altman"),
        ("altman", "", "sam-altman"),
        ("奥特曼", "person", "sam-altman"),
        ("奧特曼", "people", "sam-altman"),
        ("CEO", "post", "openai-ceo"),
        ("chief executive", "post", "openai-ceo"),
        ("首席执行官", "post", "openai-ceo"),
        ("COO", "post", "openai-coo"),
        ("CFO", "post", "openai-cfo"),
        ("CTO", "post", "openai-cto"),
        ("president", "post", "openai-president"),
        ("微软CEO", "post", "microsoft-ceo"),
        ("sam-altman", "", "sam-altman"),
        ("John Schulman", "departure", "john-schulman-openai-2024"),
    ],
)
def test_a_name_gives_the_id_that_it_means(site: Site, text: str, kind: str, first: str) -> None:
    assert json.loads(value(site, "named(:text, :kind)", text=text, kind=kind))[0] == first


@pytest.mark.parametrize(
    ("text", "kind"), [("", ""), (None, None), ("Altman", "nonsense"), ("Altman", "post"), (3, "person"), ("x" * 9000, "")]
)
def test_what_names_nothing_gives_an_empty_array(site: Site, text: Any, kind: Any) -> None:
    assert value(site, "named(:text, :kind)", text=text, kind=kind) == "[]"


def test_the_kind_may_be_left_out(site: Site) -> None:
    assert value(site, "named('Murati')") == '["mira-murati"]'


def test_a_date_gives_its_instants_as_the_tables_write_them(site: Site) -> None:
    assert value(site, "instant_from(:text)", text="20 November 2023 noon") == "2023-11-20T20:00Z"
    assert value(site, "instant_to(:text)", text="2023-11-20") == "2023-11-21T08:00Z"
    assert value(site, "instant_from(:text)", text="some day") is None
    (dated,) = site.rows("SELECT started, started_earliest, started_latest FROM events WHERE id = 'altman-dismissal'")
    assert value(site, "instant_from(:text)", text=dated["started"]) == dated["started_earliest"]
    assert value(site, "instant_to(:text)", text=dated["started"]) == dated["started_latest"]


def test_every_connection_has_them_also_those_without_names(site: Site) -> None:
    for database in site.datasette.databases.values():
        answer = site.run(database.execute("SELECT fold('董'), search_words('a'), named('Altman', 'person'), instant_from('2023-11-20')"))
        named = '["sam-altman"]' if database.name == "leadership" else "[]"
        assert tuple(answer.rows[0]) == ("董", '"a"*', named, "2023-11-20T08:00Z")


def test_many_may_ask_at_once_while_a_query_runs(site: Site) -> None:
    # A name for every row: SQLite calls the function in the midst of a query, on each of several connections.
    sql = "SELECT COUNT(*) AS n FROM people WHERE json_extract(named(label, 'person'), '$[0]') = id"
    people = site.rows("SELECT COUNT(*) AS n FROM people")[0]["n"]
    with ThreadPoolExecutor(8) as threads:
        counts = list(threads.map(lambda _: site.rows(sql)[0]["n"], range(24)))
    assert counts == [people] * 24


def test_a_costly_use_of_them_ends_at_the_time_limit(site: Site) -> None:
    sql = "SELECT SUM(length(named(a.note || b.id || c.id))) FROM claims a, claims b, claims c"
    response = site.get(f"/leadership.json?sql={quote(sql)}")
    assert response.status_code == 400
    assert "took too long" in response.text


@pytest.mark.parametrize("path", ["/leadership/llms.txt", "/leadership"])
def test_they_are_told_of_where_readers_of_sql_look(site: Site, path: str) -> None:
    page = site.get(path).text
    assert [name for name in FUNCTIONS if f"{name}(text" not in page] == []


def test_the_example_of_the_description_runs(site: Site) -> None:
    description = site.datasette.metadata("description", database="leadership")
    example = description[description.index("SELECT ") :].rstrip(". ")
    assert "Sam Altman" in {row["label"] for row in site.rows(example)}


def test_every_question_with_a_parameter_shows_what_is_asked_if_it_is_left_empty(site: Site) -> None:
    queries = site.run(site.datasette.get_canned_queries("leadership", None))
    asked = {name: query["description"] for name, query in queries.items() if query.get("params")}
    assert [name for name, description in asked.items() if description.count("(empty: ") < len(queries[name]["params"])] == []
