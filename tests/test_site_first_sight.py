"""What a reader meets first on a page: what it shows and no more, in words, with the machine's notation no louder than they are."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from datasette.plugins import pm
from presentation.pages import known_by
from presentation.showing import show_when
from site_client import Site

HEAVIEST = """SELECT u.table_name || '/' || u.id AS path, COUNT(*) AS claims FROM claims c JOIN statements s ON s.id = c.statement_id
 JOIN subjects u ON u.id = s.subject_id GROUP BY u.id ORDER BY claims DESC, u.id LIMIT 2"""

# A row with a source that has no outlet and is signed.
SIGNED = """SELECT r.table_name || '/' || r.id AS path, s.id, s.byline, s.published
 FROM sources s, statements t JOIN subjects r ON r.id = t.subject_id
 WHERE s.publisher_id IS NULL AND s.byline IS NOT NULL AND s.published_precision = 'day' AND r.table_name = 'departures'
 AND EXISTS (SELECT 1 FROM claims c WHERE c.statement_id = t.id AND c.source_id = s.id) ORDER BY 1, 2 LIMIT 1"""


@pytest.fixture(scope="module")
def pages(asked_within: Site) -> Site:
    return asked_within


def page(pages: Site, path: str) -> str:
    """Return the HTML of a page, its character references resolved."""
    response = pages.get(path)
    assert response.status_code == 200
    return html.unescape(response.text)


def text_of(fragment: str) -> str:
    """Return the words of HTML with single spaces between them."""
    return " ".join(re.sub(r"<[^>]+>", " ", fragment).split())


def test_the_first_view_of_a_row_says_only_the_claims_that_it_shows(pages: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    evidence = pm.get_plugin("evidence.py")
    said: list[str] = []
    claim = evidence.Words.claim
    monkeypatch.setattr(evidence.Words, "claim", lambda words, row: said.append(row["find"]) or claim(words, row))
    for row in pages.rows(HEAVIEST):
        said.clear()
        source = page(pages, f"/leadership/{row['path']}")
        assert 0 < len(said) < row["claims"] / 2
        assert all(f"“{find}”" in text_of(source) or re.search(r'href="[^"]*/line\?', source) for find in said)
        assert f"{row['claims']:,} claims: first the values" in text_of(source)


def test_a_row_names_its_columns_as_readers_do_and_those_that_are_empty(pages: Site) -> None:
    row: dict[str, Any] = pages.rows("SELECT * FROM departures WHERE id = 'sam-altman-openai-2023'")[0]
    fields = page(pages, f"/leadership/departures/{row['id']}").partition('<table class="row-fields">')[2]
    table, _, rest = fields.partition("</table>")
    shown = re.findall(r'<td class="col-(\w+)">', table)
    assert shown == [name for name, value in row.items() if value not in (None, "")]
    assert re.search(r'<th scope="row"[^>]*>Told as <code class="machine">asserted_as</code></th>', table)
    assert re.search(r'<th scope="row"[^>]*>Manner</th>', table)
    named = re.findall(r'<span title="(\w+)">', rest.partition("</p>")[0])
    assert named == [name for name, value in row.items() if value in (None, "")]


def test_the_page_of_tables_and_sql_begins_with_the_editor_and_folds_what_functions_there_are(pages: Site) -> None:
    source = page(pages, "/leadership")
    main = source.partition("<h1>")[2]
    assert main.index("<textarea") < main.index("instant_from(text)")
    folded = main[main.index('<details class="sql-schema sql-more">') :].partition("</details>")[0]
    assert text_of(pages.datasette.metadata("description", database="leadership")) in text_of(folded)
    before = text_of(main.partition("<textarea")[0])
    assert "(text" not in before
    assert len(before) < 400


def test_a_value_is_said_in_words_and_its_notation_is_no_more_than_their_title(pages: Site) -> None:
    dated = pages.rows("SELECT value FROM accepted WHERE subject_id = 'sam-altman-openai-2023' AND property IN ('told', 'announced')")
    source = page(pages, "/leadership/departures/sam-altman-openai-2023")
    heads = re.findall(r'<p class="ev-head">(.*?)</p>', source, re.S)
    for row in dated:
        assert any(f'<span class="ev-said" title="{row["value"]}">' in head for head in heads)
    assert [said for said in map(text_of, heads) if re.search(r"\d{4}-\d\d|\[A", said)] == []


def test_the_columns_of_a_row_lead_to_other_rows_by_their_names(pages: Site) -> None:
    fields = page(pages, "/leadership/departures/sam-altman-openai-2023").partition('<table class="row-fields">')[2]
    person, event = re.findall(r'<td class="col-(?:person_id|reversed_by)">(.*?)</td>', fields)
    assert person == '<a href="/leadership/people/sam-altman">Sam Altman</a>'
    assert event == '<a href="/leadership/events/altman-reinstated">{label}</a>'.format(
        **pages.rows("SELECT label FROM events WHERE id = 'altman-reinstated'")[0]
    )


@pytest.mark.parametrize(
    ("outlet", "byline", "url", "read_at", "words"),
    [
        ("The Verge", "A. Writer", "https://www.theverge.com/a", None, "The Verge"),
        (None, "Sam Altman", "https://blog.samaltman.com/greg", None, "Sam Altman"),
        (None, None, "https://www.chatgptglobal.news/a", None, "chatgptglobal.news"),
        (None, None, None, "https://ru24.net/english/1", "copy at ru24.net"),
        (None, None, None, None, ""),
    ],
)
def test_a_source_is_known_by_its_outlet_its_author_or_the_host_of_its_page(
    outlet: str | None, byline: str | None, url: str | None, read_at: str | None, words: str
) -> None:
    assert known_by(outlet, byline, url, read_at) == words


def test_a_cell_calls_a_source_without_outlet_by_who_signs_it_and_its_day(pages: Site) -> None:
    (source,) = pages.rows(SIGNED)
    fields = page(pages, f"/leadership/{source['path']}").partition('<table class="row-fields">')[2]
    link = f'<a href="/leadership/sources/{source["id"]}">{source["byline"]}, {show_when(source["published"].partition("T")[0]).label}</a>'
    assert link in fields
