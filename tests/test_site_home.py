"""The home page and the succession page: each sentence and each mark is held against the rows that it stands for."""

from __future__ import annotations

import html
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from leadership import paths
from presentation import home as front
from presentation import incumbents
from presentation.showing import amid, hours_between, show_when
from presentation.speaking import CHINESE, ENGLISH, SPOKEN, say
from site_client import Site
from written import METADATA

QUERIES = METADATA["databases"]["leadership"]["queries"]
STRIP = ("2023-11-17T00:00Z", "2023-11-22T12:00Z")
BOARDS = "('openai-board', 'openai-foundation-board', 'openai-group-board')"
NOON = "2023-11-20T12:00"


@pytest.fixture(scope="module")
def pages(asked_within: Site) -> Site:
    return asked_within


@pytest.fixture(scope="module")
def home(pages: Site) -> str:
    page: str = pages.get("/").text
    return page


def text_of(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", markup)).split())


def answer(page: str, heading: str) -> str:
    """Return the markup of one of the answers at the top of the page."""
    return page.split(f"<h2>{heading}</h2>")[1].split("</div>")[0]


def bars(page: str, class_name: str, key: str) -> dict[str, dict[str, str]]:
    """Return, by id, the attributes of the bars of a drawing; each id stands once."""
    found = {}
    for tag, inside in re.findall(rf'(<a class="{class_name}[^>]*>)(.*?)</a>', page, re.S):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        assert attributes[key] not in found
        found[attributes[key]] = {**attributes, "inside": inside}
    return found


def percent(style: str, name: str) -> float:
    return float(re.search(rf"{name}: ([\d.]+)%", style)[1])  # type: ignore[index]


# ---------------------------------------------------------------------- home: answers
def test_home_names_who_leads_and_says_since_when_and_when_last_shown(pages: Site, home: str) -> None:
    (row,) = pages.rows("SELECT * FROM tenures_flat WHERE post_id = 'openai-ceo' AND possible_to IS NULL")
    told = text_of(answer(home, "Who leads OpenAI now"))
    assert told.startswith(f"{row['person']}, chief executive since {amid(show_when(row['started']).label)}.")
    assert f"Last shown in post {incumbents.day_in_words(row['last_shown'])}; no source tells an end" in told
    assert f"settled · {row['origin_count']} origins" in told


def test_home_names_each_director_of_whom_no_end_is_known(pages: Site, home: str) -> None:
    told = answer(home, "Who sits on its boards")
    rows = pages.rows(f"SELECT DISTINCT person_id FROM tenures_flat WHERE organisation_id IN {BOARDS} AND possible_to IS NULL")
    assert set(re.findall(r'href="/people/([^"]+)"', told)) == {row["person_id"] for row in rows}


def test_home_names_who_observes_a_board_also_where_no_source_tells_that_it_goes_on(pages: Site) -> None:
    shown = {"organisation": "Acme board of directors", "organisation_id": incumbents.BOARDS[2], "last_shown": "2026-09-09"}
    member = {**shown, "person": "Ada", "person_id": "ada", "post_id": "seat", "category": "board", "basis": incumbents.GOES_ON}
    observer = {**shown, "person": "Ben", "person_id": "ben", "post_id": "observer", "category": "observer", "basis": incumbents.NOT_TOLD}
    closed = {**observer, "organisation_id": incumbents.BOARDS[0], "category": "board"}
    boards = front._boards([member, observer, closed])
    assert boards == [("Acme", [("Ada", "ada", False, "")], [("Ben", "ben", "9 September 2026")])]


def test_home_names_the_last_exits_and_no_leave(pages: Site, home: str) -> None:
    told = answer(home, "Who left last")
    shown = re.findall(r'href="/leadership/departures/([^"]+)"', told)
    rows = {
        row["departure_id"]: row["at"]
        for row in pages.rows(
            "SELECT w.departure_id, COALESCE(d.effective_earliest, d.announced_earliest) AS at FROM who_left w"
            " JOIN departures d ON d.id = w.departure_id WHERE w.organisation = 'OpenAI' AND w.for_good AND at IS NOT NULL"
        )
    }
    assert [rows[key] for key in shown] == sorted(rows.values())[: -len(shown) - 1 : -1]


def test_a_post_that_had_ended_before_the_exit_is_none_that_was_left(pages: Site) -> None:
    query = "SELECT departure_id, posts_left FROM who_left WHERE person_id = 'brad-lightcap'"
    assert {row["departure_id"]: row["posts_left"] for row in pages.rows(query)} == {
        "brad-lightcap-openai-2026": '["Lead of special projects, OpenAI"]',
        "brad-lightcap-openai-coo-2026": '["Chief operating officer, OpenAI"]',
    }


def test_home_names_the_post_that_was_held_at_the_exit(pages: Site) -> None:
    rows = pages.rows(front.LAST_EXITS.replace("LIMIT 3", ""), reach="2026-12")
    told = {row["departure_id"]: front._told_exit(row)["post"] for row in rows}
    assert told["brad-lightcap-openai-2026"] == "lead of special projects"


def test_home_lists_each_open_dispute_once(pages: Site, home: str) -> None:
    told = answer(home, "What is disputed")
    shown = re.findall(r'href="/leadership/\w+/([^"]+)"', told)
    rows = pages.rows("SELECT DISTINCT subject_id, property FROM disagreements WHERE settled = 'open'")
    assert sorted(shown) == sorted(row["subject_id"] for row in rows)
    assert f"<strong>{len(rows)}</strong> of them are open" in told
    total = pages.rows("SELECT COUNT(*) AS n FROM (SELECT DISTINCT subject_id, property FROM disagreements)")[0]["n"]
    assert f">{total} points</a>" in told


def test_home_says_until_which_day_the_record_reaches(pages: Site, home: str) -> None:
    built = {row["id"]: row["value"] for row in pages.rows("SELECT id, value FROM build_info")}
    told = text_of(home.split('id="reach">')[1].split("</p>")[0])
    for name in ("covers_to", "latest_fact_on", "pages_last_read_on"):
        assert show_when(built[name]).label in told
    assert "Times are US Pacific" in told


# ---------------------------------------------------------------------- home: drawings
def test_each_bar_of_the_crisis_stands_between_the_bounds_of_its_tenure(pages: Site, home: str) -> None:
    drawn = bars(home, "spell strip-leader", "data-tenure")
    place = incumbents.placer(*STRIP)
    rows = {row["tenure_id"]: row for row in pages.rows("SELECT * FROM tenures_flat WHERE post_id = 'openai-ceo'")}
    assert drawn.keys() == {
        key for key, row in rows.items() if row["possible_from"] < STRIP[1] and (row["possible_to"] or "9999") > STRIP[0]
    }
    for key, bar in drawn.items():
        row = rows[key]
        left, width = (percent(bar["style"], name) for name in ("left", "width"))
        assert (left, left + width) == pytest.approx((place(row["possible_from"]), place(row["possible_to"] or STRIP[1])), abs=0.01)
        certain = [left + width * percent(bar["inside"], name) / 100 for name in ("left", "width")]
        certain[1] -= left
        assert certain == pytest.approx([place(row["certain_from"]), place(row["certain_to"]) - place(row["certain_from"])], abs=0.02)
        assert bar["href"] == f"/leadership/tenures/{key}"


def test_each_step_of_the_crisis_stands_where_it_is_dated_and_says_if_it_is_of_single_origin_or_planned(pages: Site, home: str) -> None:
    drawn = bars(home, "strip-mark", "data-event")
    place = incumbents.placer(*STRIP)
    rows = {
        row["id"]: row
        for row in pages.rows(
            "SELECT * FROM events WHERE story = 'board-crisis-2023' AND started IS NOT NULL AND standing <> 'refuted'"
            " AND started_earliest >= '2023-11-16T20:00Z' AND started_latest <= '2023-11-23T00:00Z' AND id <> 'openai-board-crisis-2023'"
        )
        if hours_between(row["started_earliest"], row["started_latest"]) <= 36
    }
    assert drawn.keys() == rows.keys()
    for key, mark in drawn.items():
        assert percent(mark["style"], "left") == pytest.approx(place(rows[key]["started_earliest"]), abs=0.01)
        assert ("strip-single" in mark["class"]) == (rows[key]["standing"] == "single_origin")
        assert ("strip-planned" in mark["class"]) == (rows[key]["asserted_as"] != "fact")


def test_each_step_stands_under_its_own_day(pages: Site, home: str) -> None:
    days = {row["id"]: row["started_day"] for row in pages.rows("SELECT id, started_day FROM events WHERE started_day IS NOT NULL")}
    listed = re.findall(r'<div class="day"><h3>(\d+) November</h3><ol>(.*?)</ol>', home, re.S)
    assert [int(day) for day, _ in listed] == sorted({int(day) for day, _ in listed})
    shown = [(key, day) for day, steps in listed for key in re.findall(r"/leadership/events/([^\"]+)", steps)]
    assert [(key, day) for key, day in shown if key in days and int(days[key][8:]) != int(day)] == []


def test_each_spell_of_the_succession_is_drawn_once_and_certain_only_where_it_is(pages: Site, home: str) -> None:
    drawn = bars(home, "spell spell-", "data-tenure")
    rows = {row["tenure_id"]: row for row in pages.rows(incumbents.SPELLS)}
    scope = {key: row for key, row in rows.items() if row["post_id"] == "openai-ceo" or row["organisation_id"] in incumbents.BOARDS}
    assert drawn.keys() == {key for key, row in scope.items() if row["possible_from"] or row["certain_from"]}
    reach = pages.rows("SELECT value FROM build_info WHERE id = 'covers_to'")[0]["value"]
    place = incumbents.placer(incumbents.FIRST, incumbents.read_now(reach))
    for key, bar in drawn.items():
        row = scope[key]
        assert percent(bar["style"], "left") == pytest.approx(place(row["possible_from"] or row["certain_from"]), abs=0.01)
        if row["possible_to"]:
            assert percent(bar["style"], "left") + percent(bar["style"], "width") == pytest.approx(place(row["possible_to"]), abs=0.01)
        assert ("<i" in bar["inside"]) == (row["certain_from"] is not None)


def test_the_columns_of_exits_hold_every_exit_that_has_a_quarter_and_set_apart_what_was_taken_back(pages: Site, home: str) -> None:
    rows = pages.rows("SELECT * FROM who_left WHERE organisation = 'OpenAI' AND month IS NOT NULL")
    shown = [(kind, int(count)) for kind, count in re.findall(r'<i class="manner-(\d)" data-exits="(\d+)"', home)]
    assert sum(count for _, count in shown) == len(rows)
    leaves = [row for row in rows if row["manner"] == "leave_of_absence" and not row["reversed_by"]]
    assert sum(count for kind, count in shown if kind == "3") == len(leaves)
    apart = [row for row in rows if not row["for_good"] and row not in leaves]
    assert sum(count for kind, count in shown if kind == "4") == len(apart)


def test_an_exit_counts_once_and_none_that_was_said_in_jest(pages: Site, home: str) -> None:
    (shown,) = re.findall(r'href="/leadership/who_left">[^<]*</a></dt><dd>([\d,]+)</dd>', home)
    facts = pages.rows("SELECT COUNT(*) AS n FROM departures WHERE asserted_as = 'fact' AND standing <> 'refuted' AND same_as IS NULL")
    assert shown.replace(",", "") == str(facts[0]["n"])


def test_a_column_leads_to_the_rows_that_it_counts(pages: Site, home: str) -> None:
    link, inside = re.findall(r'<li class="column"><a href="([^"]+)"[^>]*>(.*?)</a>', home)[-1]
    path = html.unescape(link).replace("who_left?", "who_left.json?") + "&_shape=array"
    assert len(pages.get(path).json()) == sum(map(int, re.findall(r'data-exits="(\d+)"', inside)))


def test_each_destination_counts_its_rows_and_planned_ones_apart(pages: Site, home: str) -> None:
    went = re.search(r'<ul class="went">(.*?)</ul>', home, re.S)[1]  # type: ignore[index]
    shown = [text_of(item) for item in re.findall(r"<li>(.*?)</li>", went)]
    rows = pages.rows("SELECT * FROM who_left WHERE organisation = 'OpenAI' AND for_good")
    assert shown
    for line in shown:
        place, count, kinds = re.fullmatch(r"(.+?)\s*(\d+): (.+)", line).groups()  # type: ignore[union-attr]
        here = [row for row in rows if place in (row["destination"], row["destination_planned_or_said"])]
        assert len(here) == int(count), line
        told = dict(reversed(part.split(" ")) for part in kinds.split(", "))
        assert int(told.get("planned", 0)) == sum(row["destination"] is None for row in here), line


def test_the_newest_entries_are_facts_in_order_and_none_is_newer(pages: Site, home: str) -> None:
    newest = re.search(r'<ol class="newest">(.*?)</ol>', home, re.S)[1]  # type: ignore[index]
    shown = re.findall(r"/leadership/(\w+)/([^\"]+)", newest)
    places = {
        row["subject_id"]: row
        for row in pages.rows(
            'SELECT subject_id, "day", asserted_as, certainty, standing FROM timeline WHERE dated = \'stated\' AND "day" IS NOT NULL'
            " AND entry <> 'end' AND \"day\" <= (SELECT value FROM build_info WHERE id = 'covers_to')"
        )
    }
    days = [places[key]["day"] for _, key in shown]
    facts = [
        row["day"]
        for row in places.values()
        if (row["asserted_as"], row["certainty"]) == ("fact", "certain") and row["standing"] != "refuted"
    ]
    assert days == sorted(facts, reverse=True)[: len(days)]


def test_a_founder_without_a_told_exit_is_not_called_there(pages: Site, home: str) -> None:
    founders = re.search(r'<ul class="founders">(.*?)</ul>', home, re.S)[1]  # type: ignore[index]
    rows = {row["person_id"]: row for row in pages.rows("SELECT * FROM founders_now")}
    for key, said in re.findall(r'href="/people/([^"]+)">.*?</a> <span>(.*?)</span>', founders):
        row = rows.pop(key)
        assert said == (f"no exit told, last shown {row['last_shown'][:4]}" if row["state"] == "no exit told" else row["state"])
    assert rows == {}


# ---------------------------------------------------------------------- succession
def ask(pages: Site, at: str) -> dict[str, Any]:
    answer = pages.get("/succession.json", params={"at": at})
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json()
    return told


def test_at_noon_of_20_november_2023_emmett_shear_is_interim_chief_executive_for_certain(pages: Site) -> None:
    (row,) = pages.rows("SELECT * FROM tenures WHERE id = 'emmett-shear-openai-ceo'")
    (chief,) = [holder for holder in ask(pages, NOON)["holders"] if holder["post_id"] == "openai-ceo"]
    assert (chief["person"], chief["capacity"], chief["held"]) == ("Emmett Shear", "interim", "certainly")
    assert (chief["standing"], chief["origin_count"]) == (row["standing"], row["origin_count"])
    page = pages.get(f"/succession?at={NOON}").text
    section = text_of(page.split("<h3>Chief executive</h3>")[1].split("</section>")[0])
    assert section.startswith(
        f"Emmett Shear Interim chief executive officer certain {row['standing']} · {row['origin_count']} originsBegan"
    )
    assert "20 November 2023, 12:00 US Pacific" in text_of(page)


def test_on_the_evening_of_the_change_nobody_is_chief_for_certain_after_the_earliest_end(pages: Site) -> None:
    chiefs = {holder["person"]: holder["held"] for holder in ask(pages, "2023-11-21T23:00")["holders"] if holder["post_id"] == "openai-ceo"}
    assert chiefs == {"Sam Altman": "certainly", "Emmett Shear": "possibly"}


def test_every_question_stands_once_in_the_group_that_it_names(pages: Site) -> None:
    named = {name: query.get("group") for name, query in QUERIES.items() if not name.startswith(("feed_", "calendar"))}
    assert [name for name, group in named.items() if not group] == []
    for prefix, language in (("", ENGLISH), ("/zh", CHINESE)):
        listed = pages.get(f"{prefix}/").text.partition('<div class="questions">')[2].partition("</section>")[0]
        groups = re.findall(r"<h3>([^<]*)</h3><ul>(.*?)</ul>", listed)
        found = [(html.unescape(title), name) for title, names in groups for name in re.findall(r'/leadership/(\w+)["#]', names)]
        token = SPOKEN.set(language)
        assert sorted(found) == sorted((say(group), name) for name, group in named.items())
        SPOKEN.reset(token)


@pytest.fixture(scope="module")
def moments(pages: Site) -> list[str]:
    """Moments between two changes, spread over the years, in the notation of the address."""
    steps = incumbents.changes(pages.rows(incumbents.SPELLS))
    after = [datetime.strptime(step.instant, incumbents.INSTANT) + timedelta(minutes=7) for step in steps]
    return [incumbents.to_local(moment.strftime(incumbents.INSTANT)) for moment in after[::9]]


def test_the_view_says_of_each_post_what_the_question_says(pages: Site, moments: list[str]) -> None:
    for at in moments:
        holders = ask(pages, at)["holders"]
        for row in pages.rows(QUERIES["who_led"]["sql"], moment=at, post=""):
            for held in ("certainly", "possibly"):
                named = [row[held], row["in_post_when_last_shown"] if held == "possibly" else None]
                asked = sorted(re.sub(r" \(\w+\)$", "", name) for names in named for name in (names or "").split("; ") if name)
                shown = sorted(h["person"] for h in holders if h["post_id"] == row["post_id"] and h["held"] == held)
                assert shown == asked, (at, row["post"], held)


def test_every_board_is_named_with_its_own_directors(pages: Site) -> None:
    at = "2026-02-04T06:00"
    shown = {
        (h["organisation_id"], h["person_id"])
        for h in ask(pages, at)["holders"]
        if h["held"] == "certainly" and "board" in h["organisation_id"]
    }
    rows = pages.rows(
        f"SELECT organisation_id, person_id FROM tenures_flat WHERE organisation_id IN {BOARDS} AND certain_from <= '2026-02-04T14:00Z'"
        " AND certain_to > '2026-02-04T14:00Z' AND certainty = 'certain'"
    )
    assert shown == {(row["organisation_id"], row["person_id"]) for row in rows}
    assert {board for board, _ in shown} == {"openai-foundation-board", "openai-group-board"}


def test_nothing_that_is_only_planned_or_refuted_is_ever_held(pages: Site) -> None:
    unsure = pages.rows(
        "SELECT id, started_latest, started_earliest, ended_latest FROM tenures WHERE asserted_as <> 'fact' OR standing = 'refuted'"
    )
    assert unsure
    known = {row["tenure_id"] for row in pages.rows(incumbents.SPELLS)}
    assert known & {row["id"] for row in unsure} == set()


def test_steps_lead_to_the_nearest_moments_at_which_something_changes(pages: Site) -> None:
    told = ask(pages, NOON)
    steps = [step.instant for step in incumbents.changes(pages.rows(incumbents.SPELLS))]
    assert told["previous_change"]["at_utc"] == max(step for step in steps if step < told["at_utc"])
    assert told["next_change"]["at_utc"] == min(step for step in steps if step > told["at_utc"])
    assert ask(pages, told["next_change"]["at"])["previous_change"]["at_utc"] < told["next_change"]["at_utc"]
    page = pages.get(f"/succession?at={NOON}").text
    for rel, step in (("prev", told["previous_change"]), ("next", told["next_change"])):
        assert f'<a rel="{rel}" href="/succession?at={step["at"]}">' in page


@pytest.mark.parametrize("asked", ["2023-11-20", "20 November 2023", "20 Nov 2023, noon PST", "2023年11月20日"])
def test_a_day_means_its_noon_however_it_is_written(pages: Site, asked: str) -> None:
    assert ask(pages, asked)["at"] == NOON


@pytest.mark.parametrize("asked", ["", "?at=now", "?at=today"])
def test_the_present_is_the_last_day_that_the_record_covers(pages: Site, asked: str) -> None:
    told = pages.get(f"/succession.json{asked}").json()
    reach = pages.rows("SELECT value FROM build_info WHERE id = 'covers_to'")[0]["value"]
    assert (told["record_covers_to"], told["at"], told["beyond_the_record"]) == (reach, f"{reach}T12:00", False)
    assert "the last day that the record covers" in pages.get(f"/succession{asked}").text


def test_of_a_later_moment_it_is_said_how_far_the_record_reaches(pages: Site) -> None:
    reach = pages.rows("SELECT value FROM build_info WHERE id = 'covers_to'")[0]["value"]
    assert pages.get("/succession.json?at=2099-01-01").json()["beyond_the_record"]
    assert f"The record reaches to {show_when(reach).label}" in pages.get("/succession?at=2099-01-01").text
    assert "The record reaches to" not in pages.get(f"/succession?at={NOON}").text


@pytest.mark.parametrize("asked", ["yesterday", "2023", "2023-11", "<script>", "9" * 500])
def test_what_is_no_day_or_hour_is_refused_with_advice(pages: Site, asked: str) -> None:
    for path in ("/succession", "/succession.json"):
        answer = pages.get(path, params={"at": asked})
        assert answer.status_code == 400
        assert "write 2023-11-20T12:00" in answer.text
        assert f"“{asked[:40]}”" not in answer.text or "<" not in asked


def test_pages_of_other_hosts_may_read_the_view(pages: Site) -> None:
    assert pages.get("/succession.json").headers["access-control-allow-origin"] == "*"


def test_the_history_of_the_boards_names_each_board_and_mixes_none(pages: Site) -> None:
    rows = pages.rows(
        "SELECT b.organisation_id, b.board, t.organisation_id AS own, t.organisation"
        " FROM board_by_date b JOIN tenures_flat t ON t.tenure_id = b.tenure_id"
    )
    assert {(row["organisation_id"], row["board"]) for row in rows} == {(row["own"], row["organisation"]) for row in rows}
    assert {row["organisation_id"] for row in rows} == {"openai-board", "openai-foundation-board", "openai-group-board"}
    assert {row["board"] for row in pages.rows(QUERIES["board_before_and_after"]["sql"])} == {row["board"] for row in rows}


def test_the_chooser_needs_no_script(pages: Site) -> None:
    page = pages.get(f"/succession?at={NOON}").text
    form = re.search(r'<form class="moment" action="/succession" method="get">(.*?)</form>', page, re.S)[1]  # type: ignore[index]
    assert f'<input type="datetime-local" id="at" name="at" value="{NOON}"' in form
    assert 'id="slide" hidden' in page


# ---------------------------------------------------------------------- in a browser
def test_the_slider_leads_to_the_change_before_and_into_the_address(site: str, page: Any, pages: Site) -> None:
    steps = [step for step in incumbents.changes(pages.rows(incumbents.SPELLS)) if step.instant <= "2023-11-20T20:00Z"]
    at = incumbents.to_local(steps[-2].instant)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{site}/succession?at={NOON}")
    page.locator("#slider").press("ArrowLeft")
    page.wait_for_selector(f'#state[data-at="{at}"]')
    assert page.url.endswith(f"?at={at}")
    assert page.locator("#at").input_value() == at
    for path in (f"/succession?at={NOON}", "/"):
        page.goto(f"{site}{path}")
        width, height = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
        assert (width, height < 12_000) == (390, True)
        assert len(page.content()) < 300_000


def test_the_boards_of_the_pages_are_those_of_the_view(pages: Site) -> None:
    posts = pages.rows("SELECT organisation_id, post_id FROM openai_boards")
    assert {post["organisation_id"] for post in posts} == set(incumbents.BOARDS)
    later = incumbents.BOARDS[1:]
    drawn = set(re.findall(r"\.spell-([a-z-]+)", (paths.SITE / "static" / "succession.css").read_text(encoding="utf-8")))
    assert {post["post_id"] for post in posts if post["organisation_id"] in later} <= drawn  # on the first board they have the usual colour
    assert {post["post_id"] for post in posts if post["post_id"].endswith("chair")} <= drawn


def test_which_boards_are_openai_s_stands_in_one_view_alone(pages: Site) -> None:
    named = [view["name"] for view in pages.rows("SELECT name FROM sqlite_master WHERE sql LIKE '%openai-foundation-board%'")]
    assert named == ["openai_boards"]
    assert "-foundation-board" not in paths.METADATA.read_text(encoding="utf-8")


@pytest.mark.parametrize("question", ["who_led", "who_held_post", "succession"])
def test_who_asks_for_the_chair_of_the_first_board_is_told_of_all_chairs(pages: Site, question: str) -> None:
    rows = pages.get(f"/leadership/{question}.json?_shape=array&post=openai-board-chair&day=2025-12-01&moment=2025-12-01").json()
    assert "Chair of the board of the OpenAI Foundation" in " ".join(str(row["post"]) for row in rows)


def test_home_adds_up_the_second_readings_of_each_kind_on_its_last_day_and_leads_to_them(pages: Site, home: str) -> None:
    last = """SELECT kind, how, audited_on, COUNT(*) AS readings, SUM(drawn_count) AS drawn, MIN(id) AS id FROM audits a WHERE audited_on =
        (SELECT MAX(audited_on) FROM audits b WHERE b.kind = a.kind AND b.how = a.how) GROUP BY kind, how, audited_on"""
    told = dict(re.findall(r'<tr><td><a href="(/leadership/audits[^"]+)">.*?</td><td>(\d+)</td>', home))
    wanted = {
        f"/leadership/audits/{row['id']}" if row["readings"] == 1 else
        f"/leadership/audits?kind={row['kind']}&amp;how={row['how']}&amp;audited_on={row['audited_on']}": str(row["drawn"])
        for row in pages.rows(last)
    }  # fmt: skip
    assert told == wanted
    for address in (html.unescape(address) for address in told if "?" in address):
        assert sum(row["drawn_count"] for row in pages.get(address.replace("?", ".json?_shape=array&")).json()) == int(
            told[html.escape(address)]
        )


def test_the_exits_that_home_counts_are_those_of_the_question_and_of_the_rows(pages: Site, home: str) -> None:
    page = re.sub(r"<[^>]+>", "", home)
    gone = int(re.search(r"Of ([\d,]+) exits, ", page)[1])  # type: ignore[index]
    asked = sum(row["exits"] for row in pages.get("/leadership/destinations.json?_shape=array").json())
    held = pages.rows("SELECT COUNT(*) AS n FROM who_left WHERE organisation = 'OpenAI' AND for_good")[0]["n"]
    assert gone == asked == held
    assert "posts given up for another one at OpenAI are not counted" in page


def test_the_steps_of_a_day_stand_in_the_order_of_its_hours(home: str) -> None:
    days = re.findall(r'<div class="day"><h3>[^<]*</h3><ol>(.*?)</ol>', home, re.S)
    assert len(days) > 4
    hours = {"early morning": 0.0, "morning": 6.0, "afternoon": 12.0, "evening": 18.0, "": 24.0}
    for day in days:
        clocks = [(re.findall(r"<time>([^<]*)</time>", step) or [""])[0] for step in re.findall(r"<li>(.*?)</li>", day, re.S)]
        told = [int(clock[:2]) + int(clock[3:]) / 60 if ":" in clock else hours[clock] for clock in clocks]
        assert told == sorted(told), clocks
    assert any("01:17" in day and "afternoon" in day for day in days)
