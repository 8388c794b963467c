"""What a reader meets first on a page: what it shows and no more, in words, with the machine's notation no louder than they are."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qs

import pytest
from datasette.plugins import pm
from presentation import evidence
from presentation.bars import NOT_STATED, make_chart
from presentation.pages import known_by
from presentation.pictures import DARK, LIGHT, Palette
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


def text_of(fragment: str) -> str:
    """Return the words of HTML with single spaces between them."""
    return " ".join(re.sub(r"<[^>]+>", " ", fragment).split())


def test_the_first_view_of_a_row_says_only_the_claims_that_it_shows(pages: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    claim = evidence.Words.claim
    monkeypatch.setattr(evidence.Words, "claim", lambda words, row: said.append(row["find"]) or claim(words, row))
    for row in pages.rows(HEAVIEST):
        said.clear()
        source = pages.page(f"/leadership/{row['path']}")
        assert 0 < len(said) < row["claims"] / 2
        assert all(f"“{find}”" in text_of(source) or re.search(r'href="[^"]*/line\?', source) for find in said)
        assert f"{row['claims']:,} claims: first the values" in text_of(source)


def test_a_row_names_its_columns_as_readers_do_and_those_that_are_empty(pages: Site) -> None:
    row: dict[str, Any] = pages.rows("SELECT * FROM departures WHERE id = 'sam-altman-openai-2023'")[0]
    fields = pages.page(f"/leadership/departures/{row['id']}").partition('<table class="row-fields">')[2]
    table, _, rest = fields.partition("</table>")
    shown = re.findall(r'<td class="col-(\w+)">', table)
    assert shown == [name for name, value in row.items() if value not in (None, "")]
    assert re.search(r'<th scope="row"[^>]*>Told as <code class="machine">asserted_as</code></th>', table)
    assert re.search(r'<th scope="row"[^>]*>Manner</th>', table)
    named = re.findall(r'<span title="(\w+)">', rest.partition("</p>")[0])
    assert named == [name for name, value in row.items() if value in (None, "")]


def test_the_page_of_tables_and_sql_begins_with_the_editor_and_folds_what_functions_there_are(pages: Site) -> None:
    source = pages.page("/leadership")
    main = source.partition("<h1>")[2]
    assert main.index("<textarea") < main.index("instant_from(text)")
    folded = main[main.index('<details class="sql-schema sql-more">') :].partition("</details>")[0]
    assert text_of(pages.datasette.metadata("description", database="leadership")) in text_of(folded)
    before = text_of(main.partition("<textarea")[0])
    assert "(text" not in before
    assert len(before) < 400


def test_a_value_is_said_in_words_and_its_notation_is_no_more_than_their_title(pages: Site) -> None:
    dated = pages.rows("SELECT value FROM accepted WHERE subject_id = 'sam-altman-openai-2023' AND property IN ('told', 'announced')")
    source = pages.page("/leadership/departures/sam-altman-openai-2023")
    heads = re.findall(r'<p class="ev-head">(.*?)</p>', source, re.S)
    for row in dated:
        assert any(f'<span class="ev-said" title="{row["value"]}">' in head for head in heads)
    assert [said for said in map(text_of, heads) if re.search(r"\d{4}-\d\d|\[A", said)] == []


def test_the_columns_of_a_row_lead_to_other_rows_by_their_names(pages: Site) -> None:
    fields = pages.page("/leadership/departures/sam-altman-openai-2023").partition('<table class="row-fields">')[2]
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
    fields = pages.page(f"/leadership/{source['path']}").partition('<table class="row-fields">')[2]
    link = f'<a href="/leadership/sources/{source["id"]}">{source["byline"]}, {show_when(source["published"].partition("T")[0]).label}</a>'
    assert link in fields


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG reckons it, from 1 to 21."""

    def light(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    darker, lighter = sorted((light(one), light(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_what_is_not_stated_is_fainter_than_all_that_is_known_and_has_an_outline_that_is_seen(pages: Site, palette: Palette) -> None:
    known = [tone for place, tone in enumerate(palette.tones) if place != NOT_STATED]
    unstated = palette.tones[NOT_STATED]
    assert contrast(unstated, palette.paper) < 1.5 < 2.8 < min(contrast(tone, palette.paper) for tone in known)
    assert contrast(palette.edge, palette.paper) >= 3
    assert contrast(palette.edge, unstated) >= 2.7
    style = pages.get("/static/site.css").text
    found = dict(re.findall(r"--(bar-none|edge): light-dark\((#\w+, #\w+)\)", style))
    assert (unstated, palette.edge) == tuple(found[name].split(", ")[palette is DARK] for name in ("bar-none", "edge"))


def test_not_stated_stands_at_the_end_of_a_bar_and_lends_its_colour_to_nothing_else() -> None:
    manners = ("not_stated", "resigned", *(f"kind {number}" for number in range(9)))
    rows = [{"month": "2024-05", "exits": 1, "manner": manner} for manner in manners]
    chart = make_chart(rows, "g.x_column=month&g.y_column=exits&g.color_column=manner")
    assert chart
    ((bar,),) = (group.shown for group in chart.groups)
    assert [mark.tone == NOT_STATED for mark in bar.marks] == [False] * (len(manners) - 1) + [True]
    assert chart.legend[-1][0] == "not stated"


OWN_PAGES = {
    "timeline": "/timeline",
    "succession": "/succession",
    "who_went_where": "/who-went-where",
    "disagreements": "/disagreements",
    "sources_record": "/sources-record",
    "profile": "/people/sam-altman",
    "find": "/-/find?q=Murati",
    "methods": "/methods",
}


def test_an_own_page_says_which_parameter_it_does_not_know_and_which_it_knows(pages: Site) -> None:
    source = text_of(pages.page("/timeline?stori=board-crisis-2023&year=2023&_nocache=1&utm_source=x"))
    assert "“stori” in the address means nothing to this page" in source
    assert "It knows: from, to, year, who, story, entry, standing, dated, zone." in source
    assert "means nothing to this page" not in pages.page("/timeline?story=board-crisis-2023&_nocache=1&utm_source=x")
    assert "&lt;b&gt;" in pages.get("/methods?%3Cb%3E=1").text


@pytest.mark.parametrize(("view", "path"), OWN_PAGES.items())
def test_an_own_page_knows_all_that_its_own_links_and_fields_ask_for(pages: Site, view: str, path: str) -> None:
    known = pm.get_plugin("unread_parameters.py").KNOWN
    source = pages.page(path)
    own = path.partition("?")[0]
    asked = {name for query in re.findall(rf'href="{own}\?([^"#]*)', source) for name in parse_qs(query)}
    for form in re.findall(rf'<form[^>]*action="{own}"[^>]*>(.*?)</form>', source, re.S):
        asked |= set(re.findall(r'<(?:input|select|textarea)[^>]* name="([^"]+)"', form))
    assert asked <= set(known[view])
    assert "means nothing to this page" not in source


def test_a_person_is_introduced_by_an_executive_or_board_post_at_openai_where_there_is_one(pages: Site) -> None:
    held = pages.rows(
        """SELECT t.person_id AS person, json_group_array(t.id) AS tenures FROM tenures t JOIN posts o ON o.id = t.post_id
         JOIN organisations g ON g.id = t.organisation_id WHERE t.asserted_as = 'fact' AND t.standing <> 'refuted' AND g.kind <> 'fund'
         AND (g.id LIKE 'openai%' OR g.parent_id = 'openai') AND o.category IN ('executive', 'board') GROUP BY 1 ORDER BY 1"""
    )
    chosen = [row for row in held if row["person"] in ("brad-lightcap", "sam-altman", "reid-hoffman")] + held[::9]
    for row in chosen:
        lead = pages.page(f"/people/{row['person']}").partition('<p class="lead-words">')[2].partition("</p>")[0]
        first = re.search(r"/leadership/tenures/([a-z0-9-]+)", lead)
        assert first
        assert first[1] in row["tenures"]


def test_a_count_of_heads_is_headed_as_a_number_in_chinese(pages: Site) -> None:
    assert "<figcaption>员工人数" in pages.page("/zh/leadership/headcount")
    titles = re.findall(r'"title": *("[^"]*")', pages.get("/zh/-/dashboards/overview/headcount").text)
    assert "人数" in map(json.loads, titles)


def test_facets_and_filters_call_columns_as_readers_do_and_name_what_ids_stand_for(pages: Site) -> None:
    source = pages.page("/leadership/departures?_facet=asserted_as&_facet_array=sources&manner=resigned")
    offered = source.partition('<select name="_filter_column"')[2].partition("</select>")[0]
    assert '<option value="asserted_as">Told as (asserted_as)</option>' in offered
    assert '<option value="manner">Manner</option>' in offered
    facet = source.partition('id="facet-asserted_as"')[2].partition("</ul>")[0]
    assert '<strong title="asserted_as">Told as' in facet
    told = source.partition('id="facet-sources"')[2].partition("</ul>")[0]
    chosen = dict(re.findall(r'sources__arraycontains=([a-z0-9-]+)"?[^>]*>([^<]+)</a>', told))
    assert chosen
    outlets = {
        row["id"]: row["outlet"]
        for row in pages.rows("SELECT s.id, o.label AS outlet FROM sources s JOIN organisations o ON o.id = s.publisher_id")
    }
    assert all(name.startswith(outlets[source_id]) for source_id, name in chosen.items() if source_id in outlets)


def test_a_part_that_is_not_certain_is_said_in_the_language_of_the_page(pages: Site) -> None:
    (row,) = pages.rows(
        """SELECT p.subject_id AS person, c.label_zh AS part FROM event_participants p JOIN people n ON n.id = p.subject_id
         JOIN codes c ON c.list = 'part' AND c.code = p.part WHERE p.certainty <> 'certain' AND p.standing <> 'refuted'
         AND (SELECT COUNT(*) FROM event_participants o WHERE o.subject_id = p.subject_id) < 6 ORDER BY 1, 2 LIMIT 1"""
    )
    assert f"{row['part']}（不确定）" in pages.page(f"/zh/people/{row['person']}")
    assert "(not certain)" in pages.page(f"/people/{row['person']}")
