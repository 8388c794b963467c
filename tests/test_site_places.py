"""The cards of passages, lines, claims and codes: what is said at a place, what a claim says, where a code is used."""

from __future__ import annotations

import html
import json
import re
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from leadership.schema import HEADER_FIELDS, KINDS, OCCURS
from presentation.charting import defaults
from presentation.wording import at_time, lower_first, phrase
from site_client import Site
from written import METADATA

NOON = "newgeek-2023-11-23-63-379d9b"  # “中午12點” on line 63
# Of each kind of voice and mode, and each property, one claim.
ONE_OF_EACH = """
SELECT MIN(c.id) AS id FROM claims c JOIN statements s ON s.id = c.statement_id JOIN subjects t ON t.id = s.subject_id
 GROUP BY t.table_name, s.property
 UNION SELECT MIN(id) FROM claims GROUP BY polarity, mode, certainty, attribution
"""


@pytest.fixture(scope="module")
def pages(asked_within: Site) -> Site:
    return asked_within


def card(pages: Site, path: str) -> str:
    """Return the HTML of the card of a page, its character references resolved."""
    response = pages.get(f"/leadership/{path}")
    assert response.status_code == 200
    _, found, rest = html.unescape(response.text).partition('<section class="ev ev-card"')
    assert found, "the page has no card"
    return rest.partition('<details class="ev-columns"')[0].partition(">")[2]


def text_of(fragment: str) -> str:
    """Return the words of HTML with single spaces between them, none before punctuation."""
    words = " ".join(re.sub(r"<[^>]+>", " ", fragment).split())
    return re.sub(r" ([,.:;”)])", r"\1", re.sub(r"([“(]) ", r"\1", words))


def one(pages: Site, sql: str, **parameters: object) -> Any:
    """Return the only value of a query."""
    (row,) = pages.rows(sql, **parameters)
    (value,) = row.values()
    return value


def claim_of(pages: Site, subject: str, prop: str, value: str, source: str) -> str:
    """Return the id of the first claim that a source makes of a value."""
    return str(
        one(
            pages,
            "SELECT MIN(c.id) FROM claims c JOIN statements s ON s.id = c.statement_id"
            " WHERE s.subject_id = :subject AND s.property = :prop AND s.value = :value AND c.source_id = :source",
            subject=subject,
            prop=prop,
            value=value,
            source=source,
        )
    )


# passages


def test_a_passage_names_its_source_outlet_date_line_and_key_word(pages: Site) -> None:
    place, said = card(pages, f"passages/{NOON}").split("<h2>")
    assert text_of(place).partition(" In short: ")[0] == (
        "The OpenAI affair in review: course, cause and effect, New Silicon NewGeek, 23 November 2023, 07:16 US Pacific"
        " Line 63 of 303, characters 12 to 17: “中午12點”"
    )
    assert 'href="/leadership/line?source=newgeek-2023-11-23&line=63"' in place
    assert text_of(said).startswith("What is claimed here 8 claims The board removes Altman event affirms, in its own voice")


def test_a_passage_says_each_of_its_claims_in_words(pages: Site) -> None:
    said = card(pages, f"passages/{NOON}")
    words = text_of(said)
    assert "That it happened yes" in words
    assert "Started 17 November 2023, 12:00 US Pacific" in words
    assert 'title="2023-11-17T12:00[America/Los_Angeles]">17 November 2023, 12:00 US Pacific<' in said
    assert "Place or medium Google Meet" in words
    assert "OpenAI board of directors decider" in words
    assert '<a href="/leadership/events/altman-dismissal">The board removes Altman</a>' in said
    assert '<a class="ev-said" href="/leadership/people/sam-altman">Sam Altman</a>' in said
    claims = [row["id"] for row in pages.rows("SELECT id FROM claims WHERE passage_id = :id ORDER BY id", id=NOON)]
    assert sorted(re.findall(r'href="/leadership/claims/([^"]+)"', said)) == claims


def test_a_voice_that_all_claims_share_is_said_once(pages: Site) -> None:
    passage = one(pages, "SELECT passage_id FROM claims WHERE id = 'openai-turmoil-2024-08-c56f43d361d'")
    about = text_of(card(pages, f"passages/{passage}")).partition("John Schulman leaves OpenAI departure ")[2]
    assert about.startswith("denies, according to John Schulman Reason Dispute over safety not accepted claim He rules out")


def test_claims_of_different_voices_each_say_their_own(pages: Site) -> None:
    about = text_of(card(pages, "passages/huxiu-2024-12-13-0fad77")).partition("Lilian Weng leaves OpenAI departure ")[2]
    assert "Effective 15 November 2024 affirms, according to Lilian Weng plan" in about
    assert "Manner Resigned affirms, in its own voice" in about


def test_the_columns_of_a_passage_follow_its_card(pages: Site) -> None:
    source = pages.get(f"/leadership/passages/{NOON}").text
    assert source.index("ev-card") < source.index('<details class="ev-columns"') < source.index('class="col-find')
    assert "<title>“中午12點”, line 63 – Passages: OpenAI leadership changes</title>" in html.unescape(source)


def test_the_passage_with_most_claims_shows_them_all(pages: Site) -> None:
    (busiest,) = pages.rows("SELECT passage_id AS id, COUNT(*) AS n FROM claims GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1")
    assert card(pages, f"passages/{busiest['id']}").count('href="/leadership/claims/') == busiest["n"] > 10


# lines


def test_unasked_the_line_is_shown_that_the_question_gives_by_itself(pages: Site) -> None:
    usual = defaults(METADATA["databases"]["leadership"]["queries"]["line"]["sql"], {})
    assert usual.keys() == {"source", "line"}
    assert card(pages, "line") == card(pages, f"line?{urlencode(usual)}")


def test_a_line_shows_each_place_on_it_in_order_with_all_that_is_said_there(pages: Site) -> None:
    shown = card(pages, "line?source=newgeek-2023-11-23&line=63")
    passages = pages.rows("SELECT id, find FROM passages WHERE source_id = 'newgeek-2023-11-23' AND line = 63 ORDER BY start, id")
    headings = re.findall(r'<h2><a[^>]*href="/leadership/passages/([^"]+)">“<span lang="zh-Hant">([^<]+)</span>”</a>', shown)
    assert headings == [(row["id"], row["find"]) for row in passages]
    claims = one(
        pages,
        "SELECT COUNT(*) FROM claims c JOIN passages p ON p.id = c.passage_id WHERE p.source_id = 'newgeek-2023-11-23' AND p.line = 63",
    )
    assert shown.count('href="/leadership/claims/') == claims
    assert f"Line 63 of 303: {claims} claims at {len(passages)} places." in text_of(shown)


def test_a_line_leads_to_the_lines_before_and_after_it_that_say_something(pages: Site) -> None:
    said = [row["line"] for row in pages.rows("SELECT DISTINCT line FROM passages WHERE source_id = 'wsj-zh-2024-09' ORDER BY line")]
    around = {line: dict(re.findall(r'rel="(\w+)" href="[^"]*&line=(\d+)"', card(pages, f"line?source=wsj-zh-2024-09&line={line}")))
              for line in (said[0], said[1], said[-1])}  # fmt: skip
    assert around == {
        said[0]: {"next": str(said[1])},
        said[1]: {"prev": str(said[0]), "next": str(said[2])},
        said[-1]: {"prev": str(said[-2])},
    }


def test_left_empty_the_card_of_a_line_shows_what_its_table_shows(pages: Site) -> None:
    (line,) = {row["line"] for row in pages.get("/leadership/line.json?_shape=array").json()}
    assert text_of(card(pages, "line")).startswith("The OpenAI affair in review: course, cause and effect")
    assert f"Line {line} of 303" in text_of(card(pages, "line?source=&line="))


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("line?line=45", "Set aside: heading. A heading inside the text."),
        ("line?line=64", "Nothing stands on this line."),
        ("line?line=9999", "The document has 303 lines; 9999 is none of them."),
        ("line?line=-1", "The document has 303 lines; -1 is none of them."),
        ("line?line=abc", "The document has 303 lines; 0 is none of them."),
        ("line?source=wsj-openai-2024&line=1", "We do not hold this document"),
        ("line?source=no-such<b>&line=1", "There is no source with the identifier “no-such<b>”."),
    ],
)
def test_a_line_that_says_nothing_says_why(pages: Site, address: str, words: str) -> None:
    response = pages.get(f"/leadership/{address}")
    assert "<b>" not in response.text
    shown = html.unescape(re.sub(r"<[^>]+>", " ", response.text))
    assert words in re.sub(r" ([.:])", r"\1", " ".join(shown.split()))


def test_the_table_of_a_line_stays_below_its_card_and_its_json_as_it_was(pages: Site) -> None:
    source = pages.get("/leadership/line?source=newgeek-2023-11-23&line=63").text
    assert source.index("ev-card") < source.index('<details class="ev-columns"') < source.index('class="rows-and-columns"')
    columns = list(pages.get("/leadership/line.json?_shape=array").json()[0])
    assert columns[:6] == ["line", "find", "kind", "subject", "property", "value"]


# claims


@pytest.mark.parametrize(
    ("claimed", "sentence"),
    [
        (
            ("altman-dismissal", "started", "2023-11-17T12:00[America/Los_Angeles]", "newgeek-2023-11-23"),
            "Line 63 of “The OpenAI affair in review: course, cause and effect” affirms, in its own voice, of “The board removes Altman”"
            " that it began on 17 November 2023, 12:00 US Pacific.",
        ),
        (
            ("john-schulman-openai-2024", "reason", "safety_dispute", "openai-turmoil-2024-08"),
            "Line 12 of “Untitled commentary on the turmoil at OpenAI” denies, according to John Schulman, of “John Schulman leaves OpenAI”"
            " that a reason is dispute over safety.",
        ),
        (
            ("openai-letter-signatories", "value", "743", "newgeek-2023-11-23"),
            "Line 117 of “The OpenAI affair in review: course, cause and effect” affirms, in its own voice, of"
            " “Signatories of the staff letter” that its value is 743 people.",
        ),
    ],
)
def test_a_claim_says_in_one_sentence_who_says_what_where(pages: Site, claimed: tuple[str, str, str, str], sentence: str) -> None:
    lead = card(pages, f"claims/{claim_of(pages, *claimed)}").partition("<dl")[0]
    assert text_of(lead) == sentence


def test_a_claim_that_is_not_accepted_shows_the_reason_and_the_decision(pages: Site) -> None:
    claim = claim_of(pages, "openai-letter-signatories", "value", "743", "newgeek-2023-11-23")
    shown = card(pages, f"claims/{claim}")
    rationale = one(pages, "SELECT rationale FROM decisions WHERE id = 'letter-signatories'")
    assert "Not accepted – superseded:" in text_of(shown)
    assert 'href="/leadership/decisions/letter-signatories"' in shown
    assert rationale in shown
    assert 'href="/leadership/figures/openai-letter-signatories#evidence-value"' in shown


def test_a_plan_is_said_to_be_one_and_an_uncertain_claim_uncertain(pages: Site) -> None:
    plan = one(pages, "SELECT MIN(id) FROM claims WHERE mode = 'plan' AND certainty = 'unclear_text'")
    words = text_of(card(pages, f"claims/{plan}"))
    assert "affirms as a plan, according to" in words
    assert "How affirms, as a plan, unclear text" in words


def test_claims_of_every_kind_have_a_card_whose_links_lead_somewhere(pages: Site) -> None:
    links = set()
    for row in pages.rows(ONE_OF_EACH):
        shown = card(pages, f"claims/{row['id']}")
        lead = text_of(shown.partition("<dl")[0])
        assert re.match(r"(Line \d+ of “.+”|At “.+”, “.+”) (affirms|denies)( as an? \w+)?, .+ of “.+” that .+\.$", lead), lead
        assert "_" not in lead, lead
        links |= set(re.findall(r'href="(/[^"#]+)', shown))
    sample = sorted(links)[::7]
    assert len(sample) > 20
    assert {link: status for link in sample if (status := pages.status(link)) != 200} == {}


@pytest.mark.parametrize("table", [kind.table for kind in KINDS.values()])
def test_a_sentence_can_be_made_of_every_property(table: str) -> None:
    kind = next(kind for kind in KINDS.values() if kind.table == table)
    names = [p.name for p in kind.properties if p.type != "fields"] + (list(HEADER_FIELDS) if table == "sources" else [])
    assert phrase(table, OCCURS).startswith("that ")
    assert {name: phrase(table, name) for name in names if not re.fullmatch(r"that [^_{}]*\{\}[^_{}]*", phrase(table, name))} == {}


@pytest.mark.parametrize(
    ("date", "words"),
    [
        ("2023-11-17T12:00[America/Los_Angeles]", "on 17 November 2023, 12:00 US Pacific"),
        ("2023-11-19T09:02[Asia/Shanghai]", "on 18 November 2023, 17:02 US Pacific"),
        ("2023-11", "in November 2023"),
        ("2015", "in 2015"),
        ("2024-40", "in the first half of 2024"),
        ("../2023-11-22", "by 22 November 2023"),
        ("2023-11-22/..", "not before 22 November 2023"),
        ("2018~", "about 2018"),
    ],
)
def test_a_date_has_the_preposition_that_its_precision_asks_for(date: str, words: str) -> None:
    assert at_time(date) == words


def test_a_label_begins_small_in_a_sentence_unless_it_is_an_abbreviation() -> None:
    assert [lower_first(label) for label in ("Dispute over safety", "X", "SEC filing")] == ["dispute over safety", "X", "SEC filing"]


# codes


def test_a_code_shows_what_it_means_and_its_list(pages: Site) -> None:
    shown = card(pages, "codes/departure-reason-safety-dispute")
    assert text_of(shown).startswith(one(pages, "SELECT definition FROM codes WHERE id = 'departure-reason-safety-dispute'"))
    assert 'href="/leadership/codes?list=departure_reason&_sort=position"' in shown


def test_the_rows_that_use_a_code_are_as_many_as_its_links_show(pages: Site) -> None:
    followed = []
    for code in ("departure-reason-safety-dispute", "part-decider", "mode-plan", "lang-zh-hant", "rank-deprecated", "product-kind-model"):
        uses = re.findall(r'<li><a href="([^"]+)">([\d,]+) rows?</a> of (\w+)', card(pages, f"codes/{code}"))
        assert uses, code
        for link, count, _ in uses:
            path, query = urlsplit(link)[2:4]
            answer = json.loads(pages.get(f"{path}.json?{query}&_size=1").text)
            assert answer["filtered_table_rows_count"] == int(count.replace(",", "")), link
            followed.append((code, path, *parse_qs(query)))
    assert ("departure-reason-safety-dispute", "/leadership/departures", "reason__arraycontains") in followed
    assert ("part-decider", "/leadership/statements", "property", "value__endswith") in followed


def test_a_code_that_no_row_uses_says_so(pages: Site) -> None:
    assert "no row of Claims, column mode" not in text_of(card(pages, "codes/mode-plan"))
    unused = one(
        pages,
        "SELECT MIN(c.id) FROM codes c WHERE c.list = 'destination_kind'"
        " AND NOT EXISTS (SELECT 1 FROM departures d WHERE d.destination_kind = c.code)",
    )
    assert "no row of Departures, column destination_kind" in text_of(card(pages, f"codes/{unused}"))


@pytest.mark.parametrize("table", ["passages", "claims", "codes"])
def test_an_unknown_place_claim_or_code_is_not_found(pages: Site, table: str) -> None:
    for row_id in ("nothing", "a'b", "~00", "é"):
        assert pages.get(f"/leadership/{table}/{row_id}", follow_redirects=True).status_code == 404


def test_scripts_stay_text_in_the_card_of_a_line(pages: Site) -> None:
    assert "<script>alert" not in pages.get("/leadership/line?source=<script>alert(1)</script>&line=<script>alert(2)</script>").text
