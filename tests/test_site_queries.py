"""Every canned query answers, with empty parameters and with full ones, and its chart names columns that it returns."""

from __future__ import annotations

import csv
import json
import re
import urllib.parse
import urllib.request

import pytest
from leadership import paths
from presentation.answering import answer, retell_spells
from written import METADATA

QUERIES = METADATA["databases"]["leadership"]["queries"]
TABLES = sorted(name for name, table in METADATA["databases"]["leadership"]["tables"].items() if not table.get("hidden"))
MAY_BE_EMPTY = ("changes", "redirects", "verifications")
MAY_FIND_NOTHING = ("later_contradicted",)  # where each later source agrees with those before it
FULL = {
    "post": "openai-ceo",
    "day": "2023-11-24",
    "moment": "2023-11-17 12:00 PST",
    "word": "Altman",
    "subject": "openai-letter-signatories",
    "person": "ilya-sutskever",
    "topic": "why_altman_was_removed",
    "source": "wsj-zh-2024-09",
    "line": "8",
    "name": "微軟",
    "firm": "Anthropic",
}


def fetch(site: str, path: str, /, **parameters: str):
    query = urllib.parse.urlencode({**parameters, "_shape": "objects"})
    with urllib.request.urlopen(f"{site}{path}?{query}", timeout=20) as answer:
        return json.load(answer)


def test_there_are_at_least_twenty_questions_and_most_have_a_chart():
    shown = {name: query for name, query in QUERIES.items() if not name.startswith(("feed_", "calendar"))}
    assert len(shown) >= 20
    assert sum("fragment" in query for query in shown.values()) >= len(shown) / 2 - 2
    assert all(query["title"] and query["description"] for query in QUERIES.values())


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_answers_when_its_parameters_are_left_empty(site, name):
    answer = fetch(site, f"/leadership/{name}.json", **dict.fromkeys(QUERIES[name].get("params", []), ""))
    assert answer["rows"] or name in MAY_FIND_NOTHING, name
    for part in urllib.parse.parse_qsl(QUERIES[name].get("fragment", "")):
        if part[0].endswith("_column"):
            assert part[1] in answer["columns"], f"the chart of {name} draws {part[1]}, which it does not return"


@pytest.mark.parametrize("name", [name for name, query in QUERIES.items() if query.get("params")])
def test_a_query_answers_with_parameters(site, name):
    answer = fetch(site, f"/leadership/{name}.json", **{parameter: FULL[parameter] for parameter in QUERIES[name]["params"]})
    assert answer["rows"], name


def ask(site, name, /, **parameters):
    """Return the rows of a question, as text, and without the order in which equal ones come."""
    return sorted(json.dumps(row, ensure_ascii=False) for row in fetch(site, f"/leadership/{name}.json", **parameters)["rows"])


@pytest.mark.parametrize(
    ("name", "by_id", "as_written"),
    [
        (
            "about_person",
            {"person": "sam-altman"},
            [{"person": "Altman"}, {"person": "奥特曼"}, {"person": "奧特曼"}, {"person": "ALTMAN "}],
        ),
        (
            "about_person",
            {"person": "john-schulman"},
            [{"person": "John Schulman"}, {"person": "Schulman"}, {"person": "ｓｃｈｕｌｍａｎ"}],
        ),
        ("evidence_for", {"subject": "openai-ceo"}, [{"subject": "OpenAI CEO"}, {"subject": "OpenAI首席执行官"}]),
        ("cite_row", {"subject": "mira-murati"}, [{"subject": "Mira Murati"}, {"subject": "Murati"}]),
        ("who_held_post", {"post": "openai-ceo", "day": "2023-11-18"}, [{"post": "CEO of OpenAI", "day": "18 Nov 2023"}]),
        ("who_held_post", {"post": "openai-coo", "day": "2023-11-18"}, [{"post": "COO of OpenAI", "day": "2023年11月18日"}]),
        ("board_on_day", {"day": "2023-11-22"}, [{"day": "22 November 2023"}, {"day": "Nov 22, 2023"}, {"day": "2023年11月22日"}]),
        ("known_on_day", {"day": "2023-12-31", "word": "Altman"}, [{"day": "31 Dec 2023", "word": "altman"}]),
        ("who_argues_what", {"topic": "governance"}, [{"topic": "Governance"}, {"topic": "治理"}]),
        ("who_argues_what", {"topic": "why_altman_was_removed"}, [{"topic": "why Altman was removed"}]),
        ("line", {"source": "wsj-zh-2024-09", "line": "8"}, [{"source": "WSJ zh", "line": "8"}]),
        ("succession", {"post": "openai-ceo"}, [{"post": "OpenAI首席执行官"}, {"post": ""}]),
        ("from_and_to", {"firm": "anthropic"}, [{"firm": "Anthropic"}, {"firm": " ANTHROPIC"}, {"firm": ""}]),
        ("who_is", {"name": "微软"}, [{"name": "微軟"}, {"name": " 微软 "}]),
    ],
)
def test_a_question_takes_names_and_dates_as_people_write_them(site, name, by_id, as_written):
    expected = ask(site, name, **by_id)
    assert expected
    for parameters in as_written:
        assert ask(site, name, **parameters) == expected, parameters


def test_the_words_of_a_reader_find_what_is_said_of_whom_they_name(site):
    rows = fetch(site, "/leadership/known_on_day.json", day="2023-12-31", word="奥特曼")["rows"]
    assert "altman-dismissal" in {row["subject_id"] for row in rows}


def test_a_question_for_an_hour_says_how_it_was_understood(site):
    rows = fetch(site, "/leadership/who_held_post.json", post="OpenAI CEO", day="18 Nov 2023, noon PST")["rows"]
    assert [(row["person"], row["held"]) for row in rows] == [("Mira Murati", "certainly")]
    assert (rows[0]["asked_from"], rows[0]["asked_to"]) == ("2023-11-18T20:00Z", "2023-11-18T20:00Z")


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("who_held_post", {"post": "CEO", "day": "some day"}),
        ("who_held_post", {"post": "zzzz", "day": ""}),
        ("board_on_day", {"day": "11/12/2023"}),
        ("about_person", {"person": "Nobody Atall"}),
        ("evidence_for", {"subject": "zzzz"}),
        ("known_on_day", {"day": "", "word": '"'}),
    ],
)
def test_what_is_not_understood_finds_nothing_and_not_something_else(site, name, parameters):
    assert fetch(site, f"/leadership/{name}.json", **parameters)["rows"] == []


def test_murati_was_certainly_chief_executive_on_18_november_2023(site):
    rows = fetch(site, "/leadership/who_held_post.json", post="openai-ceo", day="2023-11-18")["rows"]
    assert [(row["person"], row["held"]) for row in rows] == [("Mira Murati", "certainly")]


def test_the_board_that_was_named_on_22_november_2023_sits_from_the_29th(site):
    named, seated = (
        {(row["person"], row["post"]): row["held"] for row in fetch(site, "/leadership/board_on_day.json", day=day)["rows"]}
        for day in ("2023-11-22", "2023-11-30")
    )
    assert named["Adam D’Angelo", "Director"] == named["Helen Toner", "Director"] == "certainly"
    assert {person for person, _ in named} & {"Bret Taylor", "Larry Summers"} == set()
    assert {person for (person, post), held in seated.items() if (post, held) == ("Director", "certainly")} == {
        "Adam D’Angelo",
        "Bret Taylor",
        "Larry Summers",
    }


def test_who_is_shown_on_one_day_only_is_certain_on_that_day_and_not_ever_after(site):
    founding, later = (
        {(row["person"], row["post"]): row["held"] for row in fetch(site, "/leadership/board_on_day.json", day=day)["rows"]}
        for day in ("2015-12-11", "2016-06-01")
    )
    assert founding["Sam Altman", "Co-chair of the board"] == "certainly"
    assert later["Sam Altman", "Co-chair of the board"] == "possibly"


def test_what_was_public_on_a_day_are_the_sources_of_that_day_and_before(site):
    november = fetch(site, "/leadership/known_on_day.json", day="2023-11-30", word="letter signatories")["rows"]
    assert all(row["published"] < "2023-12" for row in november)
    assert [row["line"] for row in november if row["value"] == "747" and row["source"].startswith("The OpenAI affair in review")] == [131]
    held = {"on": "2024-08-31", "before": "2024-07-31"}
    exits = {
        when: {row["subject_id"] for row in fetch(site, "/leadership/known_on_day.json", day=day, word="Schulman leaves")["rows"]}
        for when, day in held.items()
    }
    assert "john-schulman-openai-2024" in exits["on"] - exits["before"]


def test_who_is_shown_in_a_post_before_another_is_known_to_have_begun_comes_before_that_one(site):
    rows = fetch(site, "/leadership/succession.json", post="head of safety systems")["rows"]
    assert [row["person"] for row in rows] == ["Lilian Weng", "Johannes Heidecke", "Saachi Jain"]  # shown in May 2024; from 2024; 2026
    rows = fetch(site, "/leadership/succession.json", post="openai-ceo")["rows"]
    assert [row["person"] for row in rows] == ["Sam Altman", "Mira Murati", "Emmett Shear", "Sam Altman"]


def test_the_succession_of_a_post_is_in_order_of_time_and_of_openai_first(site):
    rows = fetch(site, "/leadership/succession.json", post="CEO")["rows"]
    assert [row["person"] for row in rows if row["tenure_id"].endswith(("openai-ceo", "openai-ceo-1", "openai-ceo-2"))] == [
        "Sam Altman",
        "Mira Murati",
        "Emmett Shear",
        "Sam Altman",
    ]
    firms = [row["organisation"] for row in rows]
    assert firms.index("OpenAI") == 0
    assert firms == sorted(firms, key=lambda firm: firm != "OpenAI")


def test_who_went_to_a_firm_is_told_with_whence_and_how_surely(site):
    rows = {row["row_id"]: row for row in fetch(site, "/leadership/from_and_to.json", firm="Anthropic")["rows"]}
    leike = rows["jan-leike-openai-2024"]
    assert (leike["what"], leike["came_from"], leike["went_to"], leike["asserted_as"]) == ("went there", "OpenAI", "Anthropic", "fact")


def test_how_surely_a_destination_is_known_stands_beside_it(site):
    (exit_,) = fetch(site, "/leadership/who_left.json", departure_id="andrea-vallone-openai-2025")["rows"]
    assert (exit_["destination"], exit_["standing"], exit_["destination_standing"]) == ("Anthropic", "agreed", "single_origin")
    rows = {row["row_id"]: row for row in fetch(site, "/leadership/from_and_to.json", firm="Anthropic")["rows"]}
    of_destination = ("destination_standing", "destination_origin_count")
    assert [rows["andrea-vallone-openai-2025"][column] for column in of_destination] == ["single_origin", 1]
    anthropic = next(row for row in fetch(site, "/leadership/destinations.json")["rows"] if row["destination"] == "Anthropic")
    assert anthropic["agreed_or_settled"] + anthropic["single_origin"] == anthropic["exits"]


def test_a_destination_that_is_only_probable_counts_as_in_doubt_as_on_the_page_who_went_where(site):
    rows = {row["destination"]: row for row in fetch(site, "/leadership/destinations.json")["rows"]}
    lyft = rows["Lyft"]  # Vicki Cheung: two origins, both by inference
    assert (lyft["agreed_or_settled"], lyft["single_origin"], lyft["in_doubt"]) == (0, 0, 1)
    named = [row for row in rows.values() if row["in_doubt"] is not None]
    assert all(row["agreed_or_settled"] + row["single_origin"] + row["in_doubt"] == row["exits"] for row in named)


def test_the_end_of_a_post_at_a_firm_is_not_the_day_of_joining_it_and_what_is_probable_says_so(site):
    rows = {row["row_id"]: row for row in fetch(site, "/leadership/from_and_to.json", firm="Anthropic", _size="max")["rows"]}
    scandinaro = rows["dylan-scandinaro-anthropic-employee"]
    assert (scandinaro["joined"], scandinaro["until"]) == (None, "../2026-02-04")
    assert rows["jan-leike-openai-2024"]["joined"] == "2024-05-17/.."
    rows = {row["row_id"]: row for row in fetch(site, "/leadership/from_and_to.json", firm="Safe Superintelligence", _size="max")["rows"]}
    assert [rows[exit_]["certainty"] for exit_ in ("ilya-sutskever-openai-2024", "daniel-levy-openai")] == ["certain", "probable"]


def test_an_exit_that_was_reversed_says_so_among_those_who_left_the_firm(site):
    rows = {row["row_id"]: row for row in fetch(site, "/leadership/from_and_to.json", firm="OpenAI", _size="max")["rows"]}
    assert rows["sam-altman-openai-2023"]["reversed_by"] == "Altman returns as chief executive"
    assert rows["mira-murati-openai-2024"]["reversed_by"] is None


def test_what_is_told_without_a_firm_is_no_firm_and_a_reversed_exit_led_nowhere(site):
    rows = {row["destination"]: row for row in fetch(site, "/leadership/destinations.json")["rows"]}
    assert not {"founded", "independent", "adviser"} & set(rows)
    assert "Leopold Aschenbrenner" in rows["no firm named"]["people"]
    assert not {"Sam Altman", "Greg Brockman"} & set(rows["not stated"]["people"].split(", "))


def test_exits_of_a_quarter_are_those_of_its_months(site):
    by_month = fetch(site, "/leadership/exits_by_month.json")["rows"]
    by_quarter = fetch(site, "/leadership/exits_by_quarter.json")["rows"]
    months = ("2024-07", "2024-08", "2024-09")
    expected = sum(row["exits"] for row in by_month if row["month"] in months and row["manner"] != "leave_of_absence")
    assert sum(row["exits"] for row in by_quarter if row["quarter"] == "2024 Q3") == expected > 0


def test_a_reversed_exit_led_nowhere_in_its_quarter_either(site):
    crisis = [row for row in fetch(site, "/leadership/exits_by_quarter.json")["rows"] if row["quarter"] == "2023 Q4"]
    assert "Jade Leung" in " ".join(row["people"] for row in crisis)
    assert not [row for row in crisis if "Altman" in row["people"] or "Brockman" in row["people"]]


def test_about_a_person_the_day_on_which_a_post_is_last_shown_is_not_its_end(site):
    rows = {row["row_id"]: row["when"] for row in fetch(site, "/leadership/about_person.json", person="Sarah Friar", _size="max")["rows"]}
    assert re.fullmatch(r"2024-06 – 202\d\S* \(last shown\)", rows["sarah-friar-openai-cfo"])
    assert rows["sarah-friar-square-cfo"] == "2012 – 2018-12"


def test_an_exit_that_a_source_tells_without_its_holder_is_one_exit_of_the_holder(site):
    rows = fetch(site, "/leadership/about_person.json", person="Bob McGrew", _size="max")["rows"]
    assert [row["row_id"] for row in rows if row["what"] == "exit"] == ["bob-mcgrew-openai-2024"]


def test_a_question_without_a_day_is_asked_of_the_last_day_that_the_record_covers(site):
    (reach,) = fetch(site, "/leadership/build_info.json", id="covers_to")["rows"]
    for name in ("who_held_post", "board_on_day"):
        assert ask(site, name, day="") == ask(site, name, day=reach["value"]), name
    assert ask(site, "who_led", moment="", post="CEO") == ask(site, "who_led", moment=reach["value"], post="CEO")


def test_the_day_on_which_an_exit_took_effect_is_not_that_of_its_announcement(site):
    rows = {row["departure_id"]: row for row in fetch(site, "/leadership/first_to_report.json", _size="max")["rows"]}
    assert (rows["elon-musk-openai-2018"]["announced"], rows["elon-musk-openai-2018"]["effective"]) == (None, "2018-02")
    assert rows["john-schulman-anthropic-2025"]["announced"] == "2025-02-07T04:44[UTC]"


def test_the_first_to_report_an_exit_is_none_that_was_published_after_another(site):
    rows = fetch(site, "/leadership/first_to_report.json")["rows"]
    sources = {row["id"]: row for row in fetch(site, "/leadership/sources.json", _size="max")["rows"]}
    schulman = next(row for row in rows if row["departure_id"] == "john-schulman-openai-2024")
    told = json.loads(fetch(site, "/leadership/departures.json", id="john-schulman-openai-2024")["rows"][0]["sources"])
    earliest = min(sources[source]["published_latest"] for source in told)
    assert all(sources[source]["published_earliest"] <= earliest for source in schulman["source_ids"].split(", "))


def test_a_source_whose_day_is_not_known_is_no_first_and_stands_beside(site):
    rows = {row["departure_id"]: row for row in fetch(site, "/leadership/first_to_report.json")["rows"]}
    undated = {row["id"] for row in fetch(site, "/leadership/sources.json", published_day__isnull=1, _size="max")["rows"]}
    for row in rows.values():
        firsts, beside = ({*(row[name] or "").split(", ")} - {""} for name in ("source_ids", "may_be_earlier"))
        assert row["may_be_first"] == len(firsts), row["person"]
        assert firsts & undated == set(), row["person"]
        assert beside <= undated, row["person"]
    altman = rows["sam-altman-openai-2023"]
    assert altman["days_after"] == 0
    assert "altmans-new-order-2023-11" in altman["may_be_earlier"]


def test_weighty_facts_of_one_origin_are_facts_and_name_it(site):
    rows = fetch(site, "/leadership/weighty_single_origin.json", _size="max")["rows"]
    assert rows
    assert all(row["asserted_as"] == "fact" and row["origin"] for row in rows)


def test_who_led_gives_one_row_a_post_with_who_and_why(site):
    rows = {row["post_id"]: row for row in fetch(site, "/leadership/who_led.json", moment="18 November 2023 noon", post="")["rows"]}
    assert rows["openai-ceo"]["certainly"] == "Mira Murati (interim)"
    assert "Mira Murati: from the afternoon of 17 November 2023" in rows["openai-ceo"]["why"]
    assert {"openai-cto", "openai-president", "openai-board-chair"} <= rows.keys()


def test_who_led_says_by_when_somebody_was_gone_of_whose_end_no_source_gives_a_day(site):
    (row,) = fetch(site, "/leadership/who_led.json", moment="2025-02-01", post="head of preparedness")["rows"]
    assert (row["possibly"], row["why"]) == (
        "Joaquin Quiñonero Candela",
        "Joaquin Quiñonero Candela: its beginning is not dated, over by 17 April 2025 (single origin)",
    )
    assert retell_spells(row["why"]) == row["why"]  # in English it stays as it is


def test_who_led_takes_a_clock_with_a_zone_and_a_post_as_people_call_it(site):
    before = fetch(site, "/leadership/who_led.json", moment="2023-11-17 11:00 PST", post="CEO")["rows"]
    after = fetch(site, "/leadership/who_led.json", moment="2023-11-18 02:01 UTC", post="首席执行官")["rows"]
    assert [(row["post_id"], row["certainly"]) for row in before] == [("openai-ceo", "Sam Altman")]
    assert [(row["post_id"], row["certainly"]) for row in after] == [("openai-ceo", "Mira Murati (interim)")]


def test_who_led_leaves_open_what_the_sources_leave_open(site):
    night, noon = (
        fetch(site, "/leadership/who_led.json", moment=moment, post="openai-ceo")["rows"]
        for moment in ("2023-11-19 21:00", "2023-11-20 12:00")
    )
    assert [(row["certainly"], row["possibly"]) for row in night] == [(None, "Emmett Shear (interim); Mira Murati (interim)")]
    assert [(row["certainly"], row["possibly"]) for row in noon] == [("Emmett Shear (interim)", None)]


@pytest.mark.parametrize(
    ("day", "tenure", "held"),
    [
        ("2017-01-01", "noam-shazeer-openai-architecture-research-lead", None),  # told to have begun by June 2026
        ("2026-10-01", "noam-shazeer-openai-architecture-research-lead", ("possibly", "last shown earlier, end not told")),
        ("2026-10-01", "reid-hoffman-openai-adviser", ("possibly", "last shown earlier, end not told")),  # he began in 2015
        ("2017-01-01", "zoe-hitzig-openai-researcher", ("possibly", "beginning not told")),
        ("2017-01-01", "tejal-patwardhan-openai-researcher", ("possibly", "no source dates it")),
        ("2024-12-15", "lilian-weng-openai-vp-research-safety", None),  # she had left
        ("2024-10-15", "lilian-weng-openai-vp-research-safety", None),
        ("2024-11-09", "lilian-weng-openai-vp-research-safety", ("possibly", None)),
    ],
)
def test_who_is_possibly_in_post_says_on_what_day_that_rests(site, day, tenure, held):
    rows = {row["tenure_id"]: row for row in fetch(site, "/leadership/who_held_post.json", post="", day=day)["rows"]}
    assert (held and (rows[tenure]["held"], rows[tenure]["basis"])) == held
    assert held or tenure not in rows


def test_who_had_left_by_a_day_stands_at_that_day_and_not_where_it_was_published(site):
    left = [row["person"] for row in fetch(site, "/leadership/who_left.json", organisation="OpenAI", _size="max")["rows"]]
    assert left.index("Ian Goodfellow") < left.index("Durk Kingma") < left.index("Vicki Cheung")  # by March 2017; 2018; by 2018
    went = fetch(site, "/leadership/from_and_to.json", firm="Anthropic")["rows"]
    people = [row["person"] for row in went if row["what"] == "went there"]
    assert people.index("Tom Brown") < people.index("Jan Leike")  # by 2021; 2024


def test_at_noon_of_17_november_2023_every_director_whom_the_sources_name_is_certain(site):
    rows = fetch(site, "/leadership/board_on_day.json", day="2023-11-17 12:00 PST")["rows"]
    held = {row["person"]: row["held"] for row in rows if row["post"] == "Director"}
    for name in ("Adam D’Angelo", "Greg Brockman", "Helen Toner", "Ilya Sutskever", "Sam Altman", "Tasha McCauley"):
        assert held[name] == "certainly", name


def test_the_question_how_to_cite_leads_to_the_one_citation_which_has_lines_and_places(site):
    row = fetch(site, "/leadership/cite_row.json", subject="Lilian Weng leaves OpenAI")["rows"][0]

    def read(path: str) -> str:
        with urllib.request.urlopen(f"{site}{path}", timeout=20) as answer:  # an error raises
            return answer.read().decode()

    citation = read(row["citation"])
    assert "“Lilian Weng leaves OpenAI” (departures/lilian-weng-openai-2024, agreed), after " in citation
    assert "(huxiu-2024-12), line 13" in citation
    assert "(x-lilianweng-2024-11-08-a), at “" in citation
    assert all(read(row[form]) for form in ("bibtex", "ris", "csl_json", "path"))


def test_a_dispute_shows_every_value_with_its_sources_whether_they_have_lines_or_not(site):
    rows = fetch(site, "/leadership/where_sources_disagree.json")["rows"]
    (schulman,) = [row for row in rows if (row["subject_id"], row["point"]) == ("john-schulman-openai-2024", "announced")]
    assert {"2024-08-05 – wsj-zh-2024-09 line 26", "2024-08-06 – byteailab-2024-08-09 line 28"} <= set(
        schulman["values_and_lines"].split("\n")
    )
    assert not any(row["values_and_lines"] is None for row in rows)


@pytest.mark.parametrize("table", TABLES)
def test_every_table_and_view_is_served_as_json_and_csv(little_site, table):
    count = little_site.get(f"/leadership/{table}.json?_size=1").json()["filtered_table_rows_count"]
    rows = list(csv.reader(little_site.get(f"/leadership/{table}.csv?_stream=on").text.splitlines(keepends=True)))
    assert len(rows) - 1 == count


@pytest.mark.parametrize("table", TABLES)
def test_no_table_or_view_is_empty_that_has_no_reason_to_be(asked_within, table):
    assert asked_within.rows(f'SELECT EXISTS (SELECT 1 FROM "{table}") AS has_rows')[0]["has_rows"] or table in MAY_BE_EMPTY


@pytest.mark.parametrize("facet", ["standing", "origin_count", "sources"])
def test_the_tables_of_what_happened_have_their_facets_at_first_sight(little_site, facet):
    for table in ("people", "organisations", "events", "departures", "tenures", "figures"):
        told = {entry["name"] for entry in little_site.get(f"/leadership/{table}.json?_size=1").json()["facet_results"].values()}
        assert facet in told, f"{table}: {sorted(told)}"


# metadata.yml, in which questions stand


def test_the_table_of_contents_of_metadata_names_its_sections_in_their_order() -> None:
    text = paths.METADATA.read_text(encoding="utf-8")
    told = re.findall(r"^#   +(\d+\. .*)$", text, re.M)
    assert re.findall(r"^ *# == (\d+\. .*?) =+$", text, re.M) == told
    assert [int(line.split(".")[0]) for line in told] == list(range(1, len(told) + 1))


@pytest.mark.parametrize(
    ("day", "chair", "holder"),
    [
        ("2023-11-16", "openai-board-chair", "Greg Brockman"),
        ("2023-12-15", "openai-board-chair", "Bret Taylor"),
        ("2026-02-15", "openai-foundation-board-chair", "Bret Taylor"),
    ],
)
@pytest.mark.parametrize("post", ["chair", "chairman", "董事长", "chair of the board", "openai-board-chair"])
def test_the_chair_is_that_of_the_board_that_sits_at_the_time(site, post, day, chair, holder):
    first = fetch(site, "/leadership/who_led.json", moment=day, post=post)["rows"][0]
    assert (first["post_id"], first["certainly"]) == (chair, holder)


@pytest.mark.parametrize("post", ["", "chair", "董事长"])
def test_those_who_chaired_the_first_board_together_are_its_chair(site, post):
    rows = {row["post_id"]: row for row in fetch(site, "/leadership/who_led.json", moment="2016-06-01", post=post)["rows"]}
    chair = rows["openai-board-co-chair"]
    assert (chair["certainly"], chair["possibly"]) == ("Elon Musk", "Sam Altman")
    assert answer("who_led", list(rows.values()), {}).endswith(
        "Co-chair of the board, OpenAI board of directors – Elon Musk; possibly also Sam Altman."
    )


def test_who_follows_whom_in_the_chair_goes_on_at_the_foundation(site):
    rows = fetch(site, "/leadership/succession.json", post="chair")["rows"]
    assert [row["person"] for row in rows[:3]] == ["Greg Brockman", "Bret Taylor", "Bret Taylor"]


def test_the_chief_scientist_and_the_chief_research_officer_are_executives(site):
    posts = [row["post_id"] for row in fetch(site, "/leadership/who_led.json", moment="2024-06-30", post="")["rows"]]
    assert {"openai-chief-scientist", "openai-chief-research-officer"} <= {*posts}
    assert posts.index("openai-chief-scientist") < posts.index("openai-vp-engineering")


def test_for_a_time_only_are_interim_and_acting_holders_at_openai(site):
    rows = fetch(site, "/leadership/interim_leaders.json")["rows"]
    assert {"Mira Murati", "Emmett Shear"} <= {row["person"] for row in rows}
    assert {row["capacity"] for row in rows} <= {"interim", "acting"}
    assert "Sam Altman" not in {row["person"] for row in rows}


def test_what_is_shown_on_one_day_only_has_no_length(site):
    rows = {row["tenure_id"]: row for row in fetch(site, "/leadership/tenure_lengths.json")["rows"]}
    assert rows["emmett-shear-openai-ceo"]["days"] > 1
    lead = next(row for row in rows.values() if row["tenure"] == "Adam D’Angelo – Lead independent director")
    chair = next(row for row in rows.values() if row["tenure"] == "Sam Altman – Co-chair of the board")
    assert (lead["days"], lead["measured"]) == (None, "shown on one day only")
    assert (chair["days"], chair["measured"]) == (None, "beginning or end is dated too loosely, or not for certain")
    probable = rows["adebayo-ogunlesi-openai-board"]  # its beginning and its end are told with reservation, and no source shows him there
    assert (probable["days"], probable["measured"]) == (None, "beginning or end is dated too loosely, or not for certain")
    assert all(row["days"] is None or row["days"] > 0 for row in rows.values())


@pytest.mark.parametrize("moment", ["2023-11-17T11:00", "2025-01-10T12:00", "2025-12-01T12:00", "2026-02-04T06:00"])
def test_a_question_the_succession_and_the_table_call_the_same_seats_certain(site, moment):
    """Of 2025 few seats are: that they ended or began with the new structure is told with reservation."""
    asked = fetch(site, "/leadership/board_on_day.json", day=f"{moment.replace('T', ' ')} PST")["rows"]
    led = fetch(site, "/succession.json", at=moment)
    table = fetch(
        site, "/leadership/tenures.json", _size="max", post_id__contains="openai-", certain_from__lte=led["at_utc"], _shape="objects"
    )["rows"]
    certain = {row["tenure_id"] for row in asked if row["held"] == "certainly"}
    of_boards = {row["tenure_id"] for row in asked}
    assert certain == {row["tenure_id"] for row in led["holders"] if row["held"] == "certainly" and row["tenure_id"] in of_boards}
    assert certain == {row["id"] for row in table if row["id"] in of_boards and row["certain_to"] > led["at_utc"]}


def test_who_sits_with_a_board_as_an_observer_is_listed_as_one(site):
    rows = fetch(site, "/leadership/board_on_day.json", day="2026-09-10")["rows"]
    seats = {(row["person"], row["board"]): row["seat"] for row in rows}
    assert seats["Paul Christiano", "OpenAI Group PBC board of directors"] == "observer"
    assert seats["Zico Kolter", "OpenAI Group PBC board of directors"] == "observer"
    assert seats["Zico Kolter", "OpenAI Foundation board of directors"] == "member"


@pytest.mark.parametrize(
    ("written", "meant"), [("Altmann", "sam-altman"), ("Ilya Sutskevar", "ilya-sutskever"), ("伊尔亚", "ilya-sutskever")]
)
def test_who_is_meant_by_a_misspelt_name(site, written, meant):
    assert {row["id"] for row in fetch(site, "/leadership/who_is.json", name=written)["rows"]} == {meant}


@pytest.mark.parametrize("written", ["20.11.2023", "20/11/2023", "11/20/2023", "20231120", "20 Nov 2023"])
def test_a_day_may_be_written_in_many_ways(site, written):
    assert ask(site, "who_led", moment=written, post="CEO") == ask(site, "who_led", moment="2023-11-20", post="CEO")


def test_today_and_now_are_the_last_day_that_the_record_covers(site):
    for name in ("who_held_post", "board_on_day"):
        assert ask(site, name, day="today") == ask(site, name, day="") != [], name
    assert ask(site, "who_led", moment="Now", post="CEO") == ask(site, "who_led", moment="", post="CEO")
    (reach,) = fetch(site, "/leadership/build_info.json", id="covers_to")["rows"]
    assert ask(site, "known_on_day", day="今天", word="Christiano") == ask(site, "known_on_day", day=reach["value"], word="Christiano")
