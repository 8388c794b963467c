"""Pages of questions, rows, search and SQL as readers meet them: answers in words, charts, pickers, suggestions, what was meant."""

from __future__ import annotations

import html
import json
import re
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qs, quote

import pytest
from datasette.plugins import pm
from leadership import paths
from leadership.descriptions import described_tables, load_metadata
from leadership.schema import CERTAINTIES, MODES
from presentation.answering import ANSWERS, answer
from presentation.asking import read_question
from presentation.bars import COUNTED, is_sure, make_chart
from presentation.headings import heading, is_plain
from presentation.naming import load_names
from site_client import Site

QUERIES = load_metadata(paths.METADATA).data["databases"]["leadership"]["queries"]
QUESTIONS = [name for name in QUERIES if not name.startswith(("feed_", "calendar"))]
DRAWN = [name for name in QUESTIONS if "fragment" in QUERIES[name]]


@pytest.fixture(scope="module")
def site(asked_within: Site) -> Site:
    return asked_within


def page(site: Site, path: str, status: int = 200) -> str:
    response = site.get(path)
    assert response.status_code == status
    return html.unescape(response.text)


def rows_of(site: Site, name: str, /, **given: str) -> list[dict]:
    parameters = {key: given.get(key, "") for key in QUERIES[name].get("params", ())}
    return site.rows(QUERIES[name]["sql"], **parameters)


def said(source: str) -> str:
    found = re.search(r'<p class="q-answer">(.*?)</p>', source, re.S)
    return found[1] if found else ""


# questions


def test_every_question_has_an_answer_in_words() -> None:
    assert set(ANSWERS) == set(QUESTIONS)


@pytest.mark.parametrize("name", ["exits_by_month", "who_led", "later_contradicted", "cite_row"])
def test_a_page_bears_its_question_as_title_answers_it_first_and_shows_its_sql_last(site: Site, name: str) -> None:
    source = page(site, f"/leadership/{name}")
    assert f"<title>{QUERIES[name]['title']} – OpenAI leadership changes</title>" in source
    assert "Custom SQL query" not in source
    assert said(source) == answer(name, rows_of(site, name), {})
    assert source.index('class="q-answer"') < source.index('<table class="rows-and-columns"') < source.index('<pre id="sql-query"')


def test_the_answer_of_who_led_names_whom_the_rows_name(site: Site) -> None:
    rows = rows_of(site, "who_led", moment="20 November 2023 noon", post="CEO")
    sentence = said(page(site, "/leadership/who_led?moment=20+November+2023+noon&post=CEO"))
    assert sentence == f"On 20 November 2023, 12:00: {rows[0]['post']} – {rows[0]['certainly']}."
    open_one = rows_of(site, "who_led", moment="2023-11-19 21:00", post="openai-ceo")[0]
    sentence = said(page(site, "/leadership/who_led?moment=2023-11-19+21:00&post=openai-ceo"))
    assert f"possibly {open_one['possibly'].replace('; ', ' or ')}; the sources leave it open" in sentence


@pytest.mark.parametrize(
    ("written", "said_as"),
    [
        ("2025", "In 2025: "),
        ("March 2025", "In March 2025: "),
        ("July 2025", "In July 2025: "),
        ("2024-21", "From March 2024 to May 2024: "),
        ("2023 to 2024", "From 2023 to 2024: "),
        ("16 Nov 2023 to 20 Nov 2023", "From 16 November 2023 to 20 November 2023: "),
        ("20 Nov 2023", "On 20 November 2023: "),
        ("1 July 2025", "On 1 July 2025: "),
        ("20 Nov 2023 evening", "On 20 November 2023, 18:00: "),
        ("2023-11-01[Asia/Shanghai]", "From 31 October 2023, 09:00 to 1 November 2023, 09:00: "),
    ],
)
def test_an_answer_says_for_what_time_it_is(site: Site, written: str, said_as: str) -> None:
    assert answer("who_led", rows_of(site, "who_led", moment=written, post="CEO"), {}).startswith(said_as)


def test_a_title_that_many_firms_have_is_not_answered_without_openai(site: Site) -> None:
    nobody = "At OpenAI no source shows such a post held then."
    assert said(page(site, "/leadership/who_held_post?post=CTO&day=2025-03-01")).endswith(nobody)  # after Murati
    assert nobody not in said(page(site, "/leadership/who_held_post?post=CTO&day=2024-03-01"))
    assert nobody not in said(page(site, "/leadership/who_held_post?post=Quora+CEO&day=2025-03-01"))


def test_the_answer_of_the_board_draws_certain_and_possible_apart(site: Site) -> None:
    rows = [row for row in rows_of(site, "board_on_day", day="22 November 2023") if row["board"] == "OpenAI board of directors"]
    certain = sorted({row["person"] for row in rows if row["held"] == "certainly"})
    sentence = said(page(site, "/leadership/board_on_day?day=22+November+2023"))
    assert all(name in sentence.partition("possibly")[0] for name in certain)
    assert all(row["person"] in sentence.partition("possibly")[2] for row in rows if row["person"] not in certain)


@pytest.mark.parametrize(
    ("name", "column"),
    [("destinations", "exits"), ("exits_by_month", "exits"), ("single_origin", "rows"), ("set_aside_by_reason", "lines")],
)
def test_the_total_that_an_answer_names_is_the_sum_of_its_rows(site: Site, name: str, column: str) -> None:
    rows = rows_of(site, name)
    assert f"{sum(row[column] for row in rows):,} " in answer(name, rows, {})


def test_nothing_found_is_said_in_words(site: Site) -> None:
    assert said(page(site, "/leadership/about_person?person=Nobody+Atall")).startswith("Person: nothing here is called “Nobody Atall”.")
    assert said(page(site, "/leadership/who_led?post=Quora+CEO")) == "What was asked is understood, and nothing in the record answers it."


def test_what_is_not_understood_is_named_with_the_forms_that_are(site: Site) -> None:
    sentence = said(page(site, "/leadership/who_led?moment=20+Nov&post=CEO"))
    assert sentence.startswith("Day or hour: “20 Nov” is not understood. Write a day as 20 November 2023, ")
    assert "CEO" not in sentence
    assert said(page(site, "/leadership/board_on_day?day=11/12/2023")).startswith("Day or hour: “11/12/2023” may be either of two days")


@pytest.mark.parametrize("name", [name for name in QUESTIONS if QUERIES[name].get("params")])
def test_a_field_shows_what_runs_when_nothing_is_given(site: Site, name: str) -> None:
    plugin = pm.get_plugin("questions.py")
    reach = {row["id"]: row["value"] for row in site.rows("SELECT id, value FROM build_info")}
    default = plugin.defaults(QUERIES[name]["sql"], reach)
    open_ones = [key for key in QUERIES[name]["params"] if key not in default]
    assert len(plugin.hints(QUERIES[name], QUERIES[name]["params"])) == len(QUERIES[name]["params"])
    some = {"word": "Altman"} if name == "known_on_day" else {}  # all of it takes long
    assert rows_of(site, name, **default, **some) == rows_of(site, name, **some)
    assert all(f"COALESCE(TRIM(:{key}), '')" in QUERIES[name]["sql"] for key in open_ones)  # all of them, as the hint in the field says


def test_the_default_day_stands_in_the_field(site: Site) -> None:
    source = page(site, "/leadership/known_on_day")
    assert re.search(r'name="day" value="2023-11-30"', source)
    assert 'placeholder="everything"' in source


@pytest.mark.parametrize(("key", "kind"), [("person", "person"), ("post", "post"), ("firm", "organisation"), ("source", "source")])
def test_what_a_picker_offers_is_understood(site: Site, key: str, kind: str) -> None:
    plugin = pm.get_plugin("questions.py")
    choices = site.rows(plugin.CHOICES[key], most=plugin.MOST_CHOICES)
    assert choices
    values = json.dumps([choice["value"] for choice in choices])
    assert site.rows("SELECT value FROM json_each(:values) WHERE named(value, :kind) = '[]'", values=values, kind=kind) == []


def test_the_days_of_the_picker_are_days_on_which_a_post_changed_hands(site: Site) -> None:
    plugin = pm.get_plugin("questions.py")
    days = {choice["value"]: choice["said"] for choice in site.rows(plugin.DAYS, most=plugin.MOST_CHOICES)}
    told = site.rows("SELECT person, post, started_day FROM tenures_flat WHERE post_id = 'openai-ceo' AND started_day IS NOT NULL")
    assert told
    assert all(f"{row['person']}: {row['post']} from" in days[row["started_day"]] for row in told)


def test_a_long_answer_is_shown_by_the_page_and_given_whole_to_machines(site: Site) -> None:
    rows = rows_of(site, "who_argues_what")
    shown = []
    address = "/leadership/who_argues_what"
    for _ in range(2):
        source = page(site, address)
        shown += re.findall(r'<td class="col-label"[^>]*>(.*?)</td>', source)
        following = re.search(r'<a href="([^"]+)" rel="next">', source)
        assert following
        address = following[1].partition("#")[0]
    assert shown == [html.unescape(row["label"]) for row in rows[: len(shown)]]
    assert len(source.encode()) < 300_000
    assert f"of {len(rows):,}" in source
    assert len(site.get("/leadership/who_argues_what.json").json()["rows"]) == len(rows)


@pytest.mark.parametrize("asked", ["x", "-1", "0", "99999", "9" * 30])
def test_a_page_of_rows_that_there_is_not_is_the_nearest(site: Site, asked: str) -> None:
    assert "<tbody>" in page(site, f"/leadership/founders?_page={asked}")


def test_what_was_known_says_that_there_are_more_rows_than_it_shows(site: Site) -> None:
    total = site.rows(f"SELECT COUNT(*) AS n FROM ({QUERIES['known_on_day']['sql']})", day="", word="")[0]["n"]
    source = page(site, "/leadership/known_on_day")
    most = site.datasette.setting("max_returned_rows")
    expected = f"<strong>The first {most:,} rows</strong>; there are more" if total > most else f"<strong>{total:,} rows</strong>"
    assert expected in source
    assert len(site.get("/leadership/known_on_day.csv").text.splitlines()) > total


# charts


@pytest.mark.parametrize("name", DRAWN)
def test_each_mark_of_a_chart_is_the_sum_of_what_its_rows_count_or_what_one_row_measures(site: Site, name: str) -> None:
    rows = rows_of(site, name)
    drawn = {key.removeprefix("g."): values[0] for key, values in parse_qs(QUERIES[name]["fragment"]).items()}
    chart = make_chart(rows, QUERIES[name]["fragment"])
    assert chart
    expected: dict[tuple, float] = defaultdict(float)
    for place, row in enumerate(rows):
        if row[drawn["y_column"]] is not None:
            unit = next((row[column] for column in ("unit", "what") if column in row), None)
            colour = row[drawn["color_column"]] if "color_column" in drawn and chart.by else None
            own = None if drawn["y_column"] in COUNTED else place
            expected[row[drawn["x_column"]], unit, colour, own, row.get("held")] += row[drawn["y_column"]]
    marks = [mark for group in chart.groups for bar in (*group.earlier, *group.shown, *group.folded) for mark in bar.marks]
    assert sorted(mark.value for mark in marks) == pytest.approx(sorted(expected.values()))
    assert all(mark.left + mark.width <= 100.001 for mark in marks)
    assert chart.without == sum(row[drawn["y_column"]] is None for row in rows)


def test_what_is_measured_is_never_added_up(site: Site) -> None:
    rows = rows_of(site, "signatures")
    places = [row["place"] for row in rows]
    assert len(places) > len(set(places))  # a source that gives several counts
    chart = make_chart(rows, QUERIES["signatures"]["fragment"])
    assert chart
    bars = [bar for group in chart.groups for bar in (*group.earlier, *group.shown, *group.folded)]
    assert [len(bar.marks) for bar in bars] == [1] * len(rows)
    assert sorted(bar.marks[0].value for bar in bars) == sorted(row["number"] for row in rows)
    assert sum(bar.text.startswith("more than ") for bar in bars) == sum(row["as_given"].startswith(">") for row in rows)


def test_the_bars_of_one_group_have_one_scale(site: Site) -> None:
    chart = make_chart(rows_of(site, "reasons_given"), QUERIES["reasons_given"]["fragment"])
    assert chart
    marks = [mark for bar in (*chart.groups[0].shown, *chart.groups[0].folded) for mark in bar.marks]
    scale = marks[0].width / abs(marks[0].value)
    assert [mark.width / abs(mark.value) for mark in marks] == pytest.approx([scale] * len(marks))
    assert all((mark.left + 0.01 < chart.groups[0].zero) == (mark.value < 0) for mark in marks)


def test_what_is_only_planned_or_possible_is_drawn_otherwise(site: Site) -> None:
    for colour in ("possibly", *MODES[1:], *(f"fact, {certainty}" for certainty in CERTAINTIES[1:]), "only planned or said: Meta"):
        assert not is_sure(colour), colour
    assert is_sure(MODES[0])
    rows = rows_of(site, "board_before_and_after")
    chart = make_chart(rows, QUERIES["board_before_and_after"]["fragment"])
    assert chart
    marks = [mark for group in chart.groups for bar in (*group.earlier, *group.shown, *group.folded) for mark in bar.marks]
    for sure, held in ((True, "certainly"), (False, "possibly")):
        assert sum(mark.value for mark in marks if mark.sure is sure) == sum(row["directors"] for row in rows if row["held"] == held) > 0
    assert any(not sure for _, _, sure in chart.legend)


def test_a_chart_names_dates_as_readers_write_them_and_needs_no_script(site: Site) -> None:
    source = page(site, "/leadership/headcount")
    figure = source.partition('<figure class="qc"')[2].partition("</figure>")[0]
    assert not re.search(r"\d{4}-\d{2}|\[America|~", figure)
    assert "datasette_vega" not in source


# columns


def test_columns_have_names_in_words_beside_those_for_sql(site: Site) -> None:
    source = page(site, "/leadership/departures")
    assert re.search(r'Destination</a>\s*<code class="machine">destination_id</code>', source)
    assert re.search(r'data-column="manner".*?Manner</a>\s*</th>', source, re.S)  # which is its own name
    assert (heading("origin_count"), is_plain("origin_count"), is_plain("manner")) == ("Independent origins", False, True)
    described = described_tables(load_metadata(paths.METADATA).data)
    for name, table in described.items():
        names = [heading(column) for column in table.get("columns", {}) if not column.endswith("_id")]
        assert len(names) == len(set(names)), name


def test_codes_stand_in_words_and_amounts_with_their_thousands(site: Site) -> None:
    row = site.rows("SELECT id, value FROM figures WHERE value > 1000000 AND standing = 'single_origin' LIMIT 1")[0]
    source = page(site, f"/leadership/figures?id={row['id']}")
    assert f">{int(row['value']):,}<" in source
    assert "single_origin</td>" not in source
    assert site.get(f"/leadership/figures.json?id={row['id']}&_shape=array").json()[0]["standing"] == "single_origin"


def test_a_long_list_in_a_cell_shows_its_first_and_all_on_demand(site: Site) -> None:
    row = site.rows("SELECT id, sources FROM people WHERE id = 'sam-altman'")[0]
    sources = json.loads(row["sources"])
    cell = re.search(r'<td class="col-sources[^>]*>(.*?)</td>', page(site, "/leadership/people?id=sam-altman"), re.S)
    assert cell
    assert re.findall(r'href="/leadership/sources/([a-z0-9-]+)">', cell[1]) == sources
    assert f"<summary>{len(sources) - 3} more</summary>" in cell[1]


def test_on_a_telephone_the_first_fields_of_a_row_are_shown_and_the_others_on_demand(site: Site) -> None:
    row = page(site, "/leadership/departures").partition("<tbody>")[2].partition("</tr>")[0]
    cells = re.findall(r'<td class="([^"]*)" data-label', row)
    first = [cell for cell in cells if "col-standing" not in cell]  # which is shown where it is less than agreed
    assert ["field-more" in cell for cell in first] == [place >= 4 for place in range(len(first))]
    assert f"all {len(cells)} fields" in row


def test_downloads_bear_plain_names(site: Site) -> None:
    for path in ("/leadership/departures", "/leadership/headcount", "/leadership?sql=select+1+as+n"):
        links = page(site, path).partition('<p class="export-links">')[2].partition("</p>")[0]
        named = {name: address for address, name in re.findall(r'href="([^"]+)">([^<]+)<', links)}
        assert {"CSV", "CSV for spreadsheets", "JSON"} <= set(named), path
        assert named["CSV"].partition("?")[0].endswith(".csv")
        assert named["CSV for spreadsheets"].partition("?")[0].endswith(".spreadsheet")


def test_parquet_and_excel_are_offered_where_they_were_made_of_this_very_database(site: Site, tmp_path: Path, monkeypatch) -> None:
    plugin = pm.get_plugin("workbook.py")
    monkeypatch.setattr(plugin, "RELEASE", tmp_path)
    assert site.get("/downloads/parquet/people.parquet").status_code == 404
    (tmp_path / "parquet").mkdir()
    (tmp_path / "parquet" / "people.parquet").write_bytes(b"PAR1")
    (tmp_path / "SHA256SUMS").write_text(f"{site.datasette.get_database('leadership').hash}  leadership.db\n")
    assert 'href="/downloads/parquet/people.parquet">Parquet<' in page(site, "/leadership/people?_size=2")
    assert site.get("/downloads/parquet/people.parquet").content == b"PAR1"
    assert site.get("/downloads/parquet/posts.parquet").status_code == 404


# search


@pytest.mark.parametrize(
    ("typed", "name", "parameters"),
    [
        ("who is CEO", "who_led", {"moment": "", "post": "openai-ceo"}),
        ("CEO 20 Nov 2023", "who_led", {"moment": "20 Nov 2023", "post": "openai-ceo"}),
        ("谁是首席执行官", "who_led", {"moment": "", "post": "openai-ceo"}),
        ("誰是首席執行官", "who_led", {"moment": "", "post": "openai-ceo"}),
        ("2023年11月20日的首席执行官是谁", "who_led", {"moment": "2023年11月20日", "post": "openai-ceo"}),
        ("who led OpenAI on 18 November 2023 noon", "who_led", {"moment": "18 November 2023 noon", "post": "openai-ceo"}),
        ("board 22 Nov 2023", "board_on_day", {"day": "22 Nov 2023"}),
        ("who replaced Sutskever", "who_followed", {"person": "Sutskever", "post": ""}),
        ("Who succeeded Ilya Sutskever as chief scientist?", "who_followed", {"person": "Ilya Sutskever", "post": "chief scientist"}),
        ("successor of Murati", "who_followed", {"person": "Murati", "post": ""}),
        ("Murati’s successor at OpenAI", "who_followed", {"person": "Murati", "post": ""}),
        ("who took over after Altman was fired in November 2023", "who_followed", {"person": "Altman", "post": ""}),
        ("谁接替了苏茨克弗", "who_followed", {"person": "苏茨克弗", "post": ""}),
        ("誰接替了穆拉提擔任首席技術官", "who_followed", {"person": "穆拉提", "post": "首席技术官"}),
        ("奥特曼被罢免后由谁接任？", "who_followed", {"person": "奥特曼", "post": ""}),
        ("苏茨克弗的继任者是谁", "who_followed", {"person": "苏茨克弗", "post": ""}),
        ("谁接任首席执行官", "succession", {"post": "首席执行官"}),
        ("who succeeded the CEO", "succession", {"post": "CEO"}),
    ],
)
def test_a_search_for_who_held_a_post_is_read_as_that_question(database: Path, typed: str, name: str, parameters: dict) -> None:
    question = read_question(typed, load_names(database))
    assert question
    assert (question.name, {key: value.removeprefix("on ") for key, value in question.parameters.items()}) == (name, parameters)


@pytest.mark.parametrize(
    "typed",
    [
        *("Altman", "Altman 2023", "board", "who is Chris Olah", "OpenAI", "微软", '"CEO" 2023', "x" * 300, ""),
        *("who did Murati replace", "successor to GPT-4", "who replaced the board", "who followed up", "谁接任", "穆拉提接替了谁"),
    ],
)
def test_other_searches_are_not(database: Path, typed: str) -> None:
    assert read_question(typed, load_names(database)) is None


def test_the_answer_on_top_of_a_search_is_that_of_the_question(site: Site) -> None:
    source = page(site, "/-/find?q=CEO+20+Nov+2023")
    rows = rows_of(site, "who_led", moment="20 Nov 2023", post="openai-ceo")
    assert f'<p class="find-answer-words">{answer("who_led", rows, {})}</p>' in source
    assert rows[0]["certainly"] in source
    assert re.search(r'href="/leadership/who_led\?moment=20\+Nov\+2023&post=openai-ceo"', source)
    assert "Nothing found" not in source


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (
            "who replaced Sutskever as chief scientist",
            "After Ilya Sutskever: Chief scientist, OpenAI – Jakub Pachocki, begun 14 May 2024 (probable).",
        ),
        ("who succeeded Murati as CTO", "No source tells who came after Mira Murati as Chief technology officer, OpenAI."),
        (
            "who replaced Jan Leike",
            "After Jan Leike: Head of alignment, OpenAI – possibly John Schulman. Lead of Superalignment, OpenAI – planned: John Schulman.",
        ),
        ("who replaced Hannah Wong", "After Hannah Wong: Chief communications officer, OpenAI – planned: Lindsey Held (acting)."),
        (
            "who replaced Lightcap",
            "After Brad Lightcap: Chief financial officer, OpenAI – Sarah Friar, begun June 2024. No source tells who came after"
            " Brad Lightcap as Chief operating officer, OpenAI. Brad Lightcap was in post when last shown, and no source tells an end:"
            " Manager of the fund, OpenAI Startup Fund. The rows have 1 further post.",
        ),
        ("Alec Radford's successor", "The record tells of nobody who came after Alec Radford in a post that one person at a time holds."),
    ],
)
def test_a_search_for_a_successor_is_answered_as_surely_as_the_sources_tell_it(site: Site, typed: str, told: str) -> None:
    source = page(site, f"/-/find?q={quote(typed)}")
    assert f'<p class="find-answer-words">{told}</p>' in source
    assert re.search(r'href="/leadership/who_followed\?person=[^"]+">The rows behind this<', source)


def test_who_is_asked_for_in_chinese_is_answered_in_chinese(site: Site) -> None:
    source = page(site, f"/zh/-/find?q={quote('谁接替了苏茨克弗担任首席科学家')}")
    sentence = source.partition('class="find-answer-words">')[2].partition("</p>")[0]
    assert sentence == "伊利亚·苏茨克弗 Ilya Sutskever之后：OpenAI首席科学家 – Jakub Pachocki，2024年5月14日起（很可能）。"


def test_every_interim_chief_of_november_2023_follows_whom_the_rows_show_before(site: Site) -> None:
    chiefs = [row for row in rows_of(site, "who_followed", person="Altman", post="CEO") if row["post"] == "Chief executive officer, OpenAI"]
    assert [(row["successor"], row["held"]) for row in chiefs] == [
        ("Mira Murati", "certainly"),
        ("Emmett Shear", "certainly"),
        (None, None),
    ]
    assert [row["event_id"] for row in chiefs] == [None, "shear-named-ceo", None]


def test_nobody_follows_somebody_who_came_later_or_holds_the_post_beside_them(site: Site) -> None:
    people = [
        row["label"] for row in site.rows("SELECT DISTINCT p.label FROM tenures_flat t JOIN people p ON p.id = t.person_id ORDER BY 1")
    ]
    rows = [row for name in people for row in rows_of(site, "who_followed", person=name) if row["successor"]]
    assert len(rows) > 20
    own = {row["tenure_id"]: row for row in site.rows("SELECT * FROM tenures_flat")}
    for row in rows:
        if row["held"] != "planned":
            assert own[row["tenure_id"]]["person"] == row["successor"] != row["person"], row
        if row["held"] == "certainly":
            assert own[row["tenure_id"]]["certainty"] == "certain", row
            assert row["started"] or row["first_shown"], row


def test_a_post_is_found_with_those_who_held_it_in_order(site: Site) -> None:
    holders = site.rows("SELECT person FROM tenures_flat WHERE post_id = 'openai-ceo' AND certainty = 'certain' ORDER BY certain_from")
    detail = re.search(r"Held by ([^<]*)</p>", page(site, "/-/find?q=chief+executive+officer+OpenAI"))
    assert detail
    assert [re.sub(r" \(.*", "", name) for name in detail[1].split(", then ")] == [row["person"] for row in holders]


def test_nobody_is_introduced_by_a_post_that_was_only_planned_or_told_in_jest(site: Site) -> None:
    planned = site.rows("""
        SELECT p.label AS person, o.label AS post FROM tenures t JOIN people p ON p.id = t.person_id JOIN posts o ON o.id = t.post_id
         WHERE t.asserted_as <> 'fact' AND NOT EXISTS (SELECT 1 FROM tenures_flat f WHERE f.person_id = p.id AND f.post_id = o.id)
         ORDER BY t.id LIMIT 6""")
    assert planned
    for row in planned:
        source = page(site, f"/-/find?q={quote(row['person'])}")
        person = source.partition('<section aria-labelledby="person">')[2].partition("</section>")[0]
        assert row["post"] not in re.findall(r'<p class="hit-detail">(.*?)</p>', person.partition("</li>")[0])[:1], row


@pytest.mark.parametrize(
    ("typed", "first"), [("Altm", "Sam Altman"), ("奥特曼", "Sam Altman"), ("奧特曼", "Sam Altman"), ("Brokman", "Greg Brockman")]
)
def test_suggestions_begin_with_who_is_meant(site: Site, typed: str, first: str) -> None:
    answer_given = site.get(f"/-/suggest.json?q={quote(typed)}").json()
    assert first in [suggestion["label"] for suggestion in answer_given["suggestions"][:2]]
    assert all(site.get(suggestion["path"]).status_code == 200 for suggestion in answer_given["suggestions"][:1])


@pytest.mark.parametrize("typed", ["", "%22", "*", "NEAR(", "a" * 500])
def test_suggestions_for_oddities_are_few_or_none(site: Site, typed: str) -> None:
    response = site.get(f"/-/suggest.json?q={typed}")
    assert response.status_code == 200
    assert len(response.json()["suggestions"]) <= 8


# SQL


@pytest.mark.parametrize(
    ("sql", "meant"),
    [
        ("select * from departure", "departures"),
        ("select * from person", "people"),
        ("select * from Tenure", "tenures"),
        ("select lable from people", "label"),
        ("select destination from departures", "destination_id"),
        ("select instant_form('2023')", "instant_from"),
    ],
)
def test_a_mistaken_name_is_met_with_what_was_meant_and_a_query_that_runs(site: Site, sql: str, meant: str) -> None:
    source = page(site, f"/leadership?sql={quote(sql)}", status=400)
    links = re.findall(r'<a href="/leadership\?sql=([^"]*)">\w+ <code>(\w+)</code>', source)
    assert meant in [name for _, name in links]
    better = next(address for address, name in links if name == meant)
    assert site.get(f"/leadership?sql={better}").status_code == 200


def test_a_name_that_is_close_to_nothing_is_met_with_the_error_alone(site: Site) -> None:
    source = page(site, "/leadership?sql=select+*+from+zzzzzz", status=400)
    assert "no such table: zzzzzz" in source
    assert "Did you mean" not in source


def test_beside_the_editor_stand_every_table_and_queries_that_find_something(site: Site) -> None:
    source = page(site, "/leadership")
    for table in site.rows("SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'subjects_fts%'"):
        assert f"<summary><code>{table['name']}</code>" in source
    for title, sql in pm.get_plugin("sql_help.py").SAMPLES:
        assert title in source
        assert site.rows(sql), title
    assert "<title>Tables and SQL – OpenAI leadership changes</title>" in source


def test_signatures_are_those_of_the_staff_letter_alone_and_the_highest_is_an_accepted_count(site: Site) -> None:
    rows = rows_of(site, "signatures")
    letters = {row["event_id"] for row in site.rows("SELECT event_id FROM figures WHERE metric IN ('signatories', 'signatory_share')")}
    assert len(letters) > 2  # the record tells of other letters too
    told = json.dumps(sorted({row["subject_id"] for row in rows}))
    events = site.rows("SELECT DISTINCT event_id FROM figures WHERE id IN (SELECT value FROM json_each(:told))", told=told)
    assert [row["event_id"] for row in events] == ["openai-staff-letter-2023"]
    exact = [row for row in rows if row["what"] == "people" and row["as_given"].isdecimal()]
    assert max(row["number"] for row in exact) > (accepted := max(row["number"] for row in exact if row["rank"] == "preferred"))
    assert f"is {accepted:.0f} (" in answer("signatures", rows, {})


@pytest.mark.parametrize(("question", "kind"), [("valuation", {}), ("money", {"organisation": "OpenAI", "metric": "revenue_annualised"})])
def test_sums_stand_in_the_order_of_their_dates_also_where_these_have_no_beginning(site: Site, question: str, kind: dict[str, str]) -> None:
    rows = [row for row in rows_of(site, question) if kind.items() <= row.items() and row["as_of"]]
    dated = "SELECT id, COALESCE(as_of_latest, as_of_earliest) AS latest, COALESCE(as_of_earliest, as_of_latest) AS earliest FROM figures"
    days = {row["id"]: row for row in site.rows(dated)}
    assert any(row["as_of"].startswith("../") for row in rows)
    places = [days[row["id"]] for row in rows]
    assert not [later for first, later in pairwise(places) if later["latest"] < first["earliest"]]


def test_a_range_is_written_beside_its_bar_with_both_ends() -> None:
    rows = [
        {"as_of": "2018", "staff": 40, "value_high": 50, "comparator": "between", "standing": "settled"},
        {"as_of": "2019", "staff": 60, "value_high": None, "comparator": ">", "standing": "settled"},
    ]
    chart = make_chart(rows, QUERIES["headcount"]["fragment"])
    assert chart
    assert [bar.text for bar in chart.groups[0].shown] == ["40 to 50", "more than 60"]


def test_november_2023_stands_in_the_order_of_its_hours(site: Site) -> None:
    """What is dated by a day in no stated zone may have been a day earlier, and yet does not stand before the evening of that day."""
    labels = [row["label"] for row in rows_of(site, "november_2023")]
    told = [
        "Sutskever asks Altman for a talk",
        "The board removes Altman",
        "Sutskever asks Brockman for a call",
        "OpenAI announces Altman’s removal",
        "Uproar inside OpenAI",
        "Three senior researchers resign",
        "Altman at headquarters with a guest badge",
        "Shear is named chief executive",
        "Brockman names first leaders of the planned Microsoft group",
        "Open letter of the staff to the board",
        "Nadella is interviewed by Bloomberg",
        "Altman returns as chief executive",
    ]
    places = [labels.index(label) for label in told]
    assert places == sorted(places)
    when = {row["label"]: row["when"] for row in rows_of(site, "november_2023")}
    assert when["Sutskever asks Brockman for a call"] == "17 November 2023, 12:19 in no stated zone"
    assert when["Altman returns as chief executive"] == "21 November 2023, 22:01"
