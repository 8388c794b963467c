"""The evidence block of row pages: each value with who says so and where, each source with what became of its lines."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from presentation.evidence import CLAIMS_ON_A_PAGE, line_ranges
from presentation.showing import show_when
from presentation.wording import property_order
from site_client import Site

SUBJECT_TABLES = (
    "people",
    "organisations",
    "posts",
    "products",
    "tenures",
    "departures",
    "events",
    "figures",
    "remarks",
    "interpretations",
    "sources",
)
PLACE_OF_A_CLAIM = '<code class="ev-raw" title='


@pytest.fixture(scope="module")
def pages(asked_within: Site) -> Site:
    return asked_within


def row_page(pages: Site, path: str) -> str:
    """Return the HTML of a row page, its character references resolved."""
    response = pages.get(f"/leadership/{path}")
    assert response.status_code == 200
    return html.unescape(response.text)


def ask(pages: Site, sql: str, **parameters: object) -> list[tuple[Any, ...]]:
    """Return the rows of a query as tuples."""
    return [tuple(row.values()) for row in pages.rows(sql, **parameters)]


def text_of(fragment: str) -> str:
    """Return the words of HTML with single spaces between them."""
    return " ".join(re.sub(r"<[^>]+>", " ", fragment).split())


def section(source: str, name: str) -> str:
    """Return the part of a page that is about one property."""
    _, found, rest = source.partition(f'id="evidence-{name}"')
    assert found, f"the page has no section on {name}"
    return re.split(r'<details class="ev-property"|</section>', rest.partition(">")[2])[0]


def value(source: str, name: str, shown: str) -> str:
    """Return the part of a section that is about one value."""
    said = re.compile(rf'class="ev-said"[^>]*>{re.escape(shown)}<')
    found = [part for part in section(source, name).split('<div class="ev-value ')[1:] if said.search(part)]
    assert len(found) == 1, f"{len(found)} values of {name} are shown as {shown}"
    return found[0]


def line_link(source: str, line: int) -> str:
    return f'href="/leadership/line?source={source}&line={line}"'


# facts chosen by hand


def test_schulman_went_to_anthropic_as_several_origins_say(pages: Site) -> None:
    source = row_page(pages, "departures/john-schulman-openai-2024")
    assert text_of(section(source, "destination-id")).startswith("Destination Anthropic agreed ")
    accepted = value(source, "destination-id", "Anthropic")
    assert accepted.startswith("ev-preferred")
    assert 'href="/leadership/organisations/anthropic"' in accepted
    assert line_link("byteailab-2024-08-09", 18) in accepted


def test_of_the_signatures_747_is_accepted_and_743_superseded(pages: Site) -> None:
    source = row_page(pages, "figures/openai-letter-signatories")
    accepted, superseded = value(source, "value", "747 people"), value(source, "value", "743 people")
    assert accepted.startswith("ev-preferred")
    assert "raw/sources/newgeek-2023-11-23.yml:" in accepted
    assert line_link("newgeek-2023-11-23", 131) in accepted
    assert line_link("newgeek-2023-11-23", 117) not in accepted
    assert superseded.startswith("ev-deprecated")
    assert "Not accepted" in source[: source.index(superseded) + len(superseded)]  # said once, over all that are not
    assert "Superseded: The same publisher or a later state of the same count replaced it." in superseded
    assert line_link("newgeek-2023-11-23", 117) in superseded
    assert ">743人</span>”" in superseded
    assert source.index(accepted) < source.index(superseded)


def test_the_decision_on_the_signatures_stands_with_its_rule_reason_and_basis(pages: Site) -> None:
    decided = section(row_page(pages, "figures/openai-letter-signatories"), "value")
    ((rationale, basis, day),) = ask(pages, "SELECT rationale, basis, decided_on FROM decisions WHERE id = 'letter-signatories'")
    assert "settled by a decision" in decided
    assert f"{show_when(day).label}</time>: Later correction." in decided
    assert rationale in decided
    assert basis.partition(" https:")[0] in decided
    assert 'href="/leadership/decisions/letter-signatories"' in decided


def test_the_dismissal_began_at_noon_as_line_63_says(pages: Site) -> None:
    source = row_page(pages, "events/altman-dismissal")
    noon = value(source, "started", "17 November 2023, 12:00 US Pacific")
    assert noon.startswith("ev-preferred")
    assert "2023-11-17T12:00[America/Los_Angeles]" in noon
    assert line_link("newgeek-2023-11-23", 63) in noon
    assert '<span class="ev-find">“<span lang="zh-Hant">中午12點</span>”</span>' in noon
    assert "in its own voice" in noon
    assert value(source, "started", "November 2023").startswith("ev-normal")
    assert "Less precise, and true as far as it goes" in section(source, "started")


def test_a_reason_that_the_person_rules_out_is_shown_as_denied_by_them(pages: Site) -> None:
    denied = value(row_page(pages, "departures/john-schulman-openai-2024"), "reason", "Dispute over safety")
    assert denied.startswith("ev-deprecated")
    assert "nobody at hand affirms it" in denied
    against = denied.partition("Denied by")[2]
    assert line_link("openai-turmoil-2024-08", 12) in against
    assert 'according to <a href="/leadership/people/john-schulman">John Schulman</a>' in against


def test_an_open_point_shows_both_voices_and_no_accepted_value(pages: Site) -> None:
    argued = section(row_page(pages, "interpretations/openai-behaves-as-monopolist"), "occurs")
    assert re.match(r"That it is argued no accepted value open \d+ claims Left open", text_of(argued))
    assert 'according to <a href="/leadership/people/elon-musk">Elon Musk</a>' in argued
    assert '<span class="ev-mark">allegation</span>' in argued
    assert 'according to <a href="/leadership/organisations/openai">OpenAI</a>' in argued.partition("Denied by")[2]


def test_a_claim_taken_from_another_outlet_names_the_outlet(pages: Site) -> None:
    posts = value(row_page(pages, "departures/john-schulman-openai-2024"), "posts", "Head of alignment, OpenAI")
    assert 'according to <a href="/leadership/organisations/the-information">The Information</a>' in posts


# completeness


@pytest.mark.parametrize("table", SUBJECT_TABLES)
def test_the_busiest_row_of_each_table_shows_every_claim_about_it(pages: Site, table: str) -> None:
    ((subject, claims),) = ask(
        pages,
        "SELECT s.subject_id, COUNT(*) FROM statements s JOIN claims c ON c.statement_id = s.id JOIN subjects t ON t.id = s.subject_id"
        " WHERE t.table_name = :table GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1",
        table=table,
    )
    source = row_page(pages, f"{table}/{subject}?_evidence=all")
    for number in range(2, -(-claims // CLAIMS_ON_A_PAGE) + 1):
        source += row_page(pages, f"{table}/{subject}?_evidence=all&_page={number}")
    assert source.count(PLACE_OF_A_CLAIM) == claims
    for raw_file, raw_line in ask(
        pages,
        "SELECT DISTINCT raw_file, raw_line FROM claims c JOIN statements s ON s.id = c.statement_id WHERE s.subject_id = :subject",
        subject=subject,
    ):
        assert f">{raw_file}:{raw_line}</code>" in source


def test_the_sections_stand_in_the_order_of_the_columns_with_the_happening_first(pages: Site) -> None:
    names = re.findall(r'class="ev-property" id="evidence-([a-z-]+)"', row_page(pages, "departures/john-schulman-openai-2024"))
    columns = [name.replace("_", "-") for name in property_order("departures")]
    assert names == [name for name in columns if name in names]
    assert {"occurs", "posts", "announced", "destination-id", "destination-joined", "reason"} <= set(names)


def test_the_first_sections_and_those_in_dispute_stand_open(pages: Site) -> None:
    opened = re.findall(
        r'class="ev-property" id="evidence-([a-z-]+)" open', row_page(pages, "departures/john-schulman-openai-2024?_evidence=all")
    )
    assert opened == ["occurs", "posts", "announced", "reason"]
    opened = re.findall(r'class="ev-property" id="evidence-([a-z-]+)" open', row_page(pages, "events/altman-dismissal?_evidence=all"))
    assert opened[:2] == ["occurs", "started"]
    opened = re.findall(r'class="ev-property" id="evidence-([a-z-]+)" open', row_page(pages, "departures/john-schulman-openai-2024"))
    assert opened == ["occurs", "announced", "reason"]  # of many claims only the first section and what is in dispute


def test_a_row_with_many_claims_first_shows_some_and_leads_to_all_of_each_property(pages: Site) -> None:
    source = row_page(pages, "events/altman-dismissal")
    ((claims,),) = ask(
        pages, "SELECT COUNT(*) FROM claims c JOIN statements s ON s.id = c.statement_id WHERE s.subject_id = 'altman-dismissal'"
    )
    assert source.count(PLACE_OF_A_CLAIM) < claims
    assert 'href="/leadership/events/altman-dismissal?_evidence=all#evidence"' in source
    ((happened,),) = ask(
        pages,
        "SELECT COUNT(*) FROM claims c JOIN statements s ON s.id = c.statement_id"
        " WHERE s.subject_id = 'altman-dismissal' AND s.property = 'occurs'",
    )
    assert 'href="/leadership/events/altman-dismissal?_evidence=occurs#evidence-occurs"' in source
    asked = row_page(pages, "events/altman-dismissal?_evidence=occurs")
    assert section(asked, "occurs").count(PLACE_OF_A_CLAIM) == happened
    assert re.findall(r'class="ev-property" id="evidence-([a-z-]+)" open', asked) == ["occurs"]


def test_evidence_that_is_asked_for_by_a_word_that_is_no_property_is_that_of_the_first_view(pages: Site) -> None:
    for word in ("nothing", "<b>", ""):
        source = row_page(pages, f"events/altman-dismissal?_evidence={word}")
        assert 'id="evidence-occurs" open' in source
        assert "<b>" not in source


def test_many_claims_for_one_value_are_listed_by_source_with_their_lines(pages: Site) -> None:
    happened = section(row_page(pages, "events/altman-dismissal?_evidence=all"), "occurs")
    short, _, full = happened.partition('<details class="ev-full">')
    lines = [
        line
        for (line,) in ask(
            pages,
            "SELECT DISTINCT p.line FROM claims c JOIN passages p ON p.id = c.passage_id JOIN statements s ON s.id = c.statement_id"
            " WHERE s.subject_id = 'altman-dismissal' AND s.property = 'occurs' AND c.source_id = 'newgeek-2023-11-23' ORDER BY 1",
        )
    ]
    shown = [int(line) for line in re.findall(r"line\?source=newgeek-2023-11-23&line=(\d+)", short)]
    assert shown == lines
    assert {63, 69} <= set(shown)
    assert PLACE_OF_A_CLAIM not in short
    assert PLACE_OF_A_CLAIM in full


# pages about one property


def test_a_participant_shows_the_claims_for_that_part_alone(pages: Site) -> None:
    ((participant, claims),) = ask(
        pages, "SELECT id, claim_count FROM statements WHERE subject_id = 'altman-dismissal' AND value = 'greg-brockman:absent'"
    )
    source = row_page(pages, f"event_participants/{participant}")
    assert source.count('<details class="ev-property"') == 1
    assert source.count(PLACE_OF_A_CLAIM) == claims
    assert '<a class="ev-said" href="/leadership/people/greg-brockman">Greg Brockman</a>' in source
    assert 'About <a href="/leadership/events/altman-dismissal">' in source


@pytest.mark.parametrize("path", ["decisions/letter-signatories", "statements/{}"])
def test_a_decision_and_a_statement_show_the_rivals_of_their_property(pages: Site, path: str) -> None:
    ((statement,),) = ask(pages, "SELECT id FROM statements WHERE subject_id = 'openai-letter-signatories' AND value = '743'")
    source = row_page(pages, path.format(statement))
    assert source.count('<details class="ev-property"') == 1
    assert value(source, "value", "747 people").startswith("ev-preferred")
    assert value(source, "value", "743 people").startswith("ev-deprecated")


@pytest.mark.parametrize("path", ["codes/mode-fact", "build_info/dataset_version"])
def test_rows_about_no_subject_have_no_evidence(pages: Site, path: str) -> None:
    source = row_page(pages, path)
    assert 'id="evidence"' not in source
    assert 'id="cite"' not in source


@pytest.mark.parametrize("row_id", ["nobody", "a'b", "%27;--", "~00", "~", "%00", "x,y", "é", "a" * 3000])
@pytest.mark.parametrize("table", ["people", "statements", "decisions", "event_participants", "sources"])
def test_an_unknown_row_is_not_found(pages: Site, table: str, row_id: str) -> None:
    response = pages.get(f"/leadership/{table}/{row_id}", follow_redirects=True)
    assert response.status_code == 404
    assert "Traceback" not in response.text


# sources


def test_a_source_shows_what_became_of_each_of_its_lines(pages: Site) -> None:
    source = row_page(pages, "sources/newgeek-2023-11-23")
    ((lines, cited, aside, blank),) = ask(
        pages, "SELECT lines, cited, set_aside, blank FROM line_coverage WHERE source_id = 'newgeek-2023-11-23'"
    )
    strip = source.partition('<ol class="ev-strip">')[2].partition("</ol>")[0]
    cells = re.findall(r'class="ev-cell ev-(cited|aside|blank)[^>]*title="line (\d+): ([^"]*)"', strip)
    assert [int(number) for _, number, _ in cells] == list(range(1, lines + 1))
    assert [sum(state == wanted for state, _, _ in cells) for wanted in ("cited", "aside", "blank")] == [cited, aside, blank]
    ((claims,),) = ask(
        pages,
        "SELECT COUNT(*) FROM claims c JOIN passages p ON p.id = c.passage_id WHERE c.source_id = 'newgeek-2023-11-23' AND p.line = 63",
    )
    assert ("cited", "63", f"{claims} claims") in cells
    assert line_link("newgeek-2023-11-23", 63) in strip
    assert ("aside", "45", "set aside: heading") in cells
    assert ("aside", "2", "set aside: navigation") in cells
    assert ("blank", "64", "blank") in cells


def test_a_source_says_why_lines_were_set_aside(pages: Site) -> None:
    reasons = text_of(row_page(pages, "sources/newgeek-2023-11-23").partition('<dl class="ev-reasons">')[2].partition("</dl>")[0])
    assert "Heading 4 A heading inside the text. Lines 45, 141, 229, 279." in reasons


def test_a_document_that_is_not_held_shows_who_retells_it(pages: Site) -> None:
    source = row_page(pages, "sources/wsj-openai-2024")
    assert "We do not hold this document" in source
    assert "ev-strip" not in source


# use


def test_a_row_can_be_cited_with_version_standing_lines_licence_and_link(pages: Site) -> None:
    source = row_page(pages, "figures/openai-letter-signatories")
    ((version,),) = ask(pages, "SELECT value FROM build_info WHERE id = 'dataset_version'")
    citation = re.search(r'<textarea id="ev-citation" readonly[^>]*>([^<]*)</textarea>', source)
    assert citation
    row = "“Signatories of the staff letter” (figures/openai-letter-signatories, settled)"
    assert citation[1].startswith(f"OpenAI leadership changes, version {version}: {row}, after ")
    assert "“The OpenAI affair in review: course, cause and effect” (newgeek-2023-11-23), lines 117, 131" in citation[1]
    assert citation[1].endswith(". CC BY 4.0. http://localhost/id/openai-letter-signatories")
    assert '<button type="button" data-copies="ev-citation" hidden>Copy</button>' in source


def test_a_statement_is_cited_with_its_subject_property_and_accepted_value(pages: Site) -> None:
    ((statement,),) = ask(pages, "SELECT id FROM statements WHERE subject_id = 'openai-letter-signatories' AND value = '747'")
    source = row_page(pages, f"statements/{statement}")
    assert f"“Signatories of the staff letter – value: 747 people” (statements/{statement}, settled by a decision)" in source
    assert f"CC BY 4.0. http://localhost/leadership/statements/{statement}<" in source


def test_a_citation_names_the_lines_that_deny(pages: Site) -> None:
    citation = row_page(pages, "departures/john-schulman-openai-2024").partition("disputed in ")[2].partition("CC BY 4.0")[0]
    assert "“Untitled commentary on the turmoil at OpenAI” (openai-turmoil-2024-08), line 12" in citation


def test_a_row_says_how_to_correct_it_and_where_it_stays(pages: Site) -> None:
    page = row_page(pages, "departures/john-schulman-openai-2024")
    source = page.partition('<div id="correct">')[2]
    assert 'href="/correct?id=john-schulman-openai-2024"' in source
    assert "Its id is <code>john-schulman-openai-2024</code>" in source
    assert 'href="/correct?id=john-schulman-openai-2024&property=destination_id"' in page
    assert 'href="http://localhost/id/john-schulman-openai-2024"' in page


def test_scripts_of_a_row_page_carry_the_nonce_of_its_policy(pages: Site) -> None:
    response = pages.get("/leadership/people/sam-altman")
    nonce = re.search(r"'nonce-([^']+)'", response.headers["content-security-policy"])
    assert nonce
    assert f'<script nonce="{nonce[1]}" src="/static/evidence.js" defer>' in response.text
    for name in ("evidence.js", "evidence.css"):
        assert pages.get(f"/static/{name}").status_code == 200


def test_no_link_of_the_evidence_is_broken(pages: Site) -> None:
    block = row_page(pages, "departures/john-schulman-openai-2024").partition('id="evidence"')[2].partition('id="cite"')[0]
    links = set(re.findall(r'href="(/[^"]+)"', block))
    assert len(links) > 20
    assert {link: status for link in links if (status := pages.status(link)) != 200} == {}


@pytest.mark.parametrize(
    ("lines", "written"),
    [
        ([63], "63"),
        ([2, 1], "1, 2"),
        ([1, 2, 3], "1–3"),
        ([9, 7, 3, 8, 8, 1], "1, 3, 7–9"),
        ([], ""),
    ],
)
def test_runs_of_three_lines_and_more_are_written_as_a_range(pages: Site, lines: list[int], written: str) -> None:
    assert line_ranges(lines) == written
