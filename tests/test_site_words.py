"""How pages speak of dates, in sentences and in lists, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from leadership import paths
from leadership.amounts import parse_amount, show_number
from presentation.amount_words import COMPARATORS, in_millions, say_amount, short_amount
from presentation.answering import answer
from presentation.bars import make_chart
from presentation.headings import in_cell
from presentation.showing import amid, end_in_words, show_when, start_in_words
from presentation.speaking import SPOKEN, speaking_english
from presentation.telling import with_capacity
from presentation.wording import date_label
from site_client import Site


@pytest.fixture
def pages(asked_within: Site) -> Site:
    return asked_within


@pytest.fixture
def chinese() -> Iterator[None]:
    token = SPOKEN.set("zh")
    yield
    SPOKEN.reset(token)


def test_an_interval_says_month_and_year_once() -> None:
    assert show_when("2026-08-16/2026-08-23").label == "between 16 and 23 August 2026"
    assert show_when("2026-08-30/2026-09-02").label == "between 30 August and 2 September 2026"
    assert show_when("2025-12-30/2026-01-02").label == "between 30 December 2025 and 2 January 2026"
    assert show_when("2023-08/2023-09").label == "between August and September 2023"
    assert show_when("2020/2021").label == "between 2020 and 2021"


def test_an_interval_in_chinese_says_them_once_too(chinese: None) -> None:
    assert show_when("2026-08-16/2026-08-23").label == "2026年8月16日至23日之间"
    assert show_when("2026-08-30/2026-09-02").label == "2026年8月30日至9月2日之间"


def test_in_a_sentence_a_part_of_a_day_or_year_comes_first() -> None:
    assert amid(show_when("2023-11-21Tevening[America/Los_Angeles]").label) == "the evening of 21 November 2023"
    assert amid(show_when("2017-41").label) == "the second half of 2017"
    assert amid(show_when("2023-11-21").label) == "21 November 2023"


def test_about_a_clock_time_is_not_told_as_its_bounds() -> None:
    assert show_when("2023-11-17T12:00[America/Los_Angeles]~").label == "about 17 November 2023, 12:00"


def test_why_somebody_led_is_told_in_chinese_alone(pages: Site) -> None:
    page = pages.get("/zh/leadership/who_led?moment=2026-10-07").text
    why = re.findall(r'<td class="col-why[^>]*>(.*?)</td>', page, re.S)
    assert why
    assert not any(re.search(r"in post when|no source tells|\bfrom\b|日 \d\d:\d\d时", cell) for cell in why)


@pytest.mark.parametrize(
    ("date", "start", "end"),
    [
        ("../2026-01", "January 2026 or earlier", "January 2026 at the latest"),
        ("2024-05/..", "May 2024 at the earliest", "May 2024 at the earliest"),
        ("2018/2019", "some time between 2018 and 2019", "some time between 2018 and 2019"),
        ("2023-11-21Tevening", "the evening of 21 November 2023", "the evening of 21 November 2023"),
        ("2023-11-17T20:00Z", "17 November 2023, 12:00", "17 November 2023, 12:00"),
    ],
)
def test_a_date_behind_a_preposition_has_none_of_its_own(date: str, start: str, end: str) -> None:
    assert (start_in_words(date), end_in_words(date)) == (start, end)


def test_why_somebody_led_never_has_two_prepositions(pages: Site) -> None:
    spells = pages.get("/leadership/who_led.json?_shape=array&moment=2026-10-07").json()
    assert any("or earlier" in row["why"] for row in spells)
    assert not [row["why"] for row in spells if re.search(r"\b(?:from|to|since|until) (?:by|between|not before) ", row["why"])]


def test_the_meanings_of_codes_and_the_ways_to_filter_are_in_chinese(pages: Site) -> None:
    methods = pages.page("/zh/methods")
    assert "手头有全文" in methods
    assert "The text is at hand" not in methods
    assert ">开头为</option>" in pages.page("/zh/leadership/tenures")


def test_a_seat_on_a_board_has_its_title_in_chinese(pages: Site) -> None:
    assert "Director 始于" not in pages.page("/zh/")
    assert not re.search(r">\s*(?:Director|President)\s*<", pages.page("/zh/succession"))


def test_a_reversed_exit_is_not_told_as_a_return_that_was_reversed(pages: Site) -> None:
    lead = " ".join(re.sub("<[^>]*>", "", pages.page("/people/jakub-pachocki")).split())
    assert "which was reversed" in lead
    assert "and returned to OpenAI, which was reversed" not in lead


def test_the_succession_speaks_one_language(pages: Site) -> None:
    page = pages.get("/zh/succession?at=2023-11-20T12:00").text
    assert "last shown" not in page.partition('id="state"')[2].partition('id="drawn"')[0]


def test_a_tenure_begins_with_who_held_what_and_when(pages: Site) -> None:
    (row,) = pages.rows("SELECT * FROM tenures WHERE id = 'greg-brockman-openai-board-chair'")
    page = pages.get(f"/leadership/tenures/{row['id']}").text
    card = page.partition('aria-label="The tenure in short"')[2].partition("</section>")[0]
    assert f'href="/people/{row["person_id"]}"' in card
    assert f"<dt>Ended</dt><dd>{date_label(row['ended'])}" in card
    assert page.index("The tenure in short") < page.index('id="evidence"')
    if not row["started"]:
        assert "<dt>Began</dt><dd>Not dated by any source" in card


def test_sources_in_a_cell_are_called_by_outlet_and_day(pages: Site) -> None:
    page = pages.get("/leadership/founders").text
    (source,) = pages.rows(
        """SELECT s.id, o.label AS outlet, s.published FROM sources s JOIN organisations o ON o.id = s.publisher_id
        WHERE s.id = 'openai-2015-12-11'"""
    )
    shown = f"{source['outlet']}, {show_when(source['published'][:10]).label}"
    assert f'<a href="/leadership/sources/{source["id"]}">{shown}</a>' in page


def test_a_table_says_how_it_is_sorted_in_words(pages: Site) -> None:
    page = pages.get("/leadership/departures").text
    assert re.search(r"<title>Departures: [\d,]+ rows sorted by effective, latest first – OpenAI leadership changes</title>", page)
    assert "sorted by effective_earliest" not in page
    assert page.count("Data license:") == 1


@pytest.mark.parametrize(
    ("sorted_by", "words"),
    [
        ("departures?_sort_desc=destination_joined", "sorted by destination joined, latest first"),
        ("organisations?_sort_desc=founded", "sorted by founded, latest first"),
        ("decisions?_sort_desc=decided_on", "sorted by decided on, latest first"),
        ("people?_sort_desc=first_reported", "sorted by first reported, latest first"),
        ("who_left?_sort_desc=month", "sorted by month, latest first"),
        ("timeline?_sort_desc=when", "sorted by when, latest first"),
        ("departures?_sort_desc=origin_count", "sorted by independent origins, descending"),
        ("departures?_sort=decided", "sorted by decided"),
    ],
)
def test_whatever_holds_dates_is_sorted_by_the_latest(pages: Site, sorted_by: str, words: str) -> None:
    assert f"rows {words} –" in pages.get(f"/leadership/{sorted_by}").text


def test_the_succession_answers_before_its_controls(pages: Site) -> None:
    page = pages.get("/succession?at=2023-11-20T12:00").text
    (chief,) = [one for one in pages.get("/succession.json?at=2023-11-20T12:00").json()["holders"] if one["post_id"] == "openai-ceo"]
    answer = re.search(r'<p class="answer" id="answer">(.*?)</p>', page)
    assert answer
    assert chief["person"] in answer[1]
    assert ("certain:" in answer[1]) == (chief["held"] == "certainly")
    assert page.index('id="answer"') < page.index('id="at"')


def test_large_numbers_are_told_in_words_where_that_loses_nothing() -> None:
    assert in_millions(4_000_000_000) == "4 billion"
    assert in_millions(124_000_000) == "124 million"
    assert in_millions(2_000_000_000_000) == "2 trillion"
    assert in_millions(1_234_567_890) == "1,234,567,890"
    assert in_millions(770) == "770"


def test_large_numbers_in_chinese_count_by_ten_thousands(chinese: None) -> None:
    assert in_millions(4_000_000_000) == "40亿"
    assert in_millions(2_000_000_000_000) == "2万亿"


def test_who_says_that_no_reason_was_given_comes_after_those_who_give_one(pages: Site) -> None:
    page = pages.get("/people/ilya-sutskever").text
    why = page.partition("Why, by the word of")[2].partition("</p>")[0]
    assert why
    assert not why.partition("</a>: ")[2].startswith("not told")


def test_what_may_have_become_of_a_founder_is_said_in_chinese_too(chinese: None) -> None:
    view = (paths.ROOT / "scripts" / "leadership" / "views.sql").read_text(encoding="utf-8").partition("CREATE VIEW founders_now")[2]
    states = re.findall(r"(?:THEN|ELSE) '([a-z ]+)'", view.partition(" END AS state")[0])
    assert len(states) == 4
    assert not [state for state in states if in_cell(state) in ("", state)]


def test_who_holds_a_post_for_a_time_has_that_behind_the_name(chinese: None) -> None:
    assert with_capacity("Some One", "acting").endswith("）")
    assert with_capacity("Some One", "permanent") == "Some One"
    with speaking_english():
        assert [with_capacity("Some One", code) for code in ("interim", "acting", "joint", None)] == [
            "Some One (interim)",
            "Some One (acting)",
            "Some One",
            "Some One",
        ]


def test_one_list_says_which_capacities_are_for_a_time() -> None:
    files = [*(paths.ROOT / "scripts").rglob("*.py"), *(paths.ROOT / "scripts").rglob("*.html")]
    own = [file.name for file in files if re.search(r"""["']interim["'], ["']acting["']""", file.read_text(encoding="utf-8"))]
    assert own == ["schema.py"]


def test_a_sign_before_a_number_is_said_alike_in_answers_charts_and_evidence() -> None:
    for sign, words in COMPARATORS.items():
        if sign != "between":
            assert short_amount(sign, 2e9) == f"{words}2 billion"
            for write, number in ((in_millions, "2 billion"), (show_number, "2,000,000,000")):
                assert say_amount(parse_amount(f"{sign}2000000000"), "usd", "US dollars", write) == f"{words}{number} US dollars"
    bar = make_chart([{"what": "a", "usd": 2e9, "comparator": "<"}], "g.x_column=what&g.y_column=usd")
    assert bar
    assert bar.groups[0].shown[0].text == "less than 2 billion"


def test_of_a_range_both_ends_are_said(pages: Site) -> None:
    assert short_amount("between", 40, 50) == "40 to 50"
    assert say_amount(parse_amount("40-50"), "people", "people") == "40 to 50 people"
    figure = {"staff": 40.0, "value_high": 50.0, "comparator": "between", "as_of": "2018", "standing": "agreed"}
    assert "40 to 50 people" in answer("headcount", [figure], {})


def test_no_page_of_a_firm_shows_a_comparator_as_a_sign(pages: Site) -> None:
    figures = pages.page("/organisations/openai?section=figures")
    assert not re.search(r"<strong>[<>~]", figures)
    assert "<strong>more than " in figures


def test_large_numbers_in_chinese_are_said_alike_in_sentences_and_beside_bars(chinese: None) -> None:
    assert short_amount(">", 40_000) == f"超过{in_millions(40_000)}" == "超过4万"
