"""Pages of people, organisations and posts, and the cards of events and exits: each sentence and each bar against its rows."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from conftest import RawFolder
from presentation.showing import amid
from presentation.spans import apart
from presentation.telling import TENURES, doubt_of, held_when, left_part, mark_of, post_words, reasons
from presentation.wording import date_label
from site_client import Site

LIMIT = 200_000  # bytes of the first view of any of these pages


@pytest.fixture(scope="module")
def pages(asked_within: Site) -> Site:
    return asked_within


def words_of(fragment: str) -> str:
    return re.sub(r" ([,.:;])", r"\1", " ".join(re.sub(r"<[^>]+>", " ", fragment).split()))


def lead(pages: Site, person: str) -> str:
    """Return the sentences that introduce a person."""
    return " ".join(
        words_of(found) for found in re.findall(r'<p class="(?:lead|more)-words">(.*?)</p>', pages.page(f"/people/{person}"), re.S)
    )


def part(source: str, name: str) -> str:
    """Return the section of a page that has an id."""
    return source.partition(f'<section id="{name}">')[2].partition("</section>")[0]


def tenure(**values: Any) -> dict[str, Any]:
    """Return a tenure as a row, plain but for the values given."""
    plain = dict.fromkeys(("started", "ended", "end_state", "end_reason", "held_on", "capacity", "unsure"))
    plain |= dict.fromkeys(("certain_from", "certain_to", "possible_from", "possible_to"))
    plain |= {"asserted_as": "fact", "certainty": "certain", "standing": "agreed", "category": "executive", "id": "t"}
    plain |= {
        "title": "Chief scientist",
        "post": "Chief scientist, OpenAI",
        "person": "A",
        "organisation": "OpenAI",
        "organisation_kind": "company",
    }
    return plain | values


# people in words


def test_a_person_is_introduced_by_the_posts_that_a_source_says_are_held(pages: Site) -> None:
    (now,) = pages.rows("SELECT * FROM tenures WHERE person_id = 'sam-altman' AND post_id = 'openai-ceo' AND end_state = 'ongoing'")
    assert now["asserted_as"] == "fact"
    words = lead(pages, "sam-altman")
    assert words.startswith(f"Sam Altman has been chief executive officer of OpenAI since {amid(date_label(now['started']))} (last shown ")


def test_nobody_is_introduced_by_a_post_that_was_only_planned_or_said(pages: Site) -> None:
    planned = pages.rows(
        "SELECT t.person_id, t.id FROM tenures t WHERE t.asserted_as <> 'fact' AND NOT EXISTS (SELECT 1 FROM tenures u"
        " WHERE u.person_id = t.person_id AND u.post_id = t.post_id AND u.asserted_as = 'fact') ORDER BY t.id"
    )
    assert planned
    for one in planned[::3]:
        source = pages.page(f"/people/{one['person_id']}")
        link = f'/leadership/tenures/{one["id"]}"'
        introduction = "".join(re.findall(r'<p class="(?:lead|more)-words">(.*?)</p>', source, re.S))
        assert link not in introduction
        bars = source.partition('<ul class="bars-list">')[2].partition("</ul>")[0]
        assert link not in bars
        assert link in source.partition("only planned or said, not drawn</summary>")[2]


def test_an_exit_that_was_reversed_is_told_with_what_reversed_it(pages: Site) -> None:
    (gone,) = pages.rows(
        "SELECT d.*, e.label AS reversed FROM departures d JOIN events e ON e.id = d.reversed_by WHERE d.id = 'sam-altman-openai-2023'"
    )
    assert f"was removed from OpenAI ({date_label(gone['effective'])}), which was reversed: {gone['reversed']}" in lead(pages, "sam-altman")


def test_a_leaver_is_told_with_when_for_where_and_why_by_whose_word(pages: Site) -> None:
    (gone,) = pages.rows(
        "SELECT d.*, o.label AS next FROM departures d JOIN organisations o ON o.id = d.destination_id"
        " WHERE d.id = 'john-schulman-openai-2024'"
    )
    words = lead(pages, "john-schulman")
    assert f"John Schulman resigned from OpenAI ({date_label(gone['effective'])}) for {gone['next']}." in words
    why = words.partition("Why, by their own account: ")[2].partition("; by the word of")[0]
    own = pages.rows(
        "SELECT DISTINCT r.label FROM statements s JOIN claims c ON c.statement_id = s.id"
        " JOIN codes r ON r.list = 'departure_reason' AND r.code = s.value"
        " WHERE s.subject_id = 'john-schulman-openai-2024' AND s.property = 'reason'"
        " AND c.attributed_to_id = 'john-schulman' AND c.polarity = 'affirms'"
    )
    assert own
    assert all(row["label"][1:] in why for row in own)
    assert why.endswith("ruled out: dispute over safety")


def test_a_destination_that_was_only_planned_or_possible_is_marked(pages: Site) -> None:
    found = pages.rows(
        "SELECT d.id FROM departures d JOIN accepted a ON a.subject_id = d.id AND a.property = 'destination_id'"
        " WHERE (a.asserted_as <> 'fact' OR a.certainty <> 'certain') AND d.standing <> 'refuted' AND d.same_as IS NULL ORDER BY d.id"
    )
    assert found
    for one in found[:5]:
        card = pages.page(f"/leadership/departures/{one['id']}").partition("<dt>Where to</dt>")[2].partition("</dd>")[0]
        assert 'class="asserted"' in card, one


def test_a_date_is_said_with_what_it_leaves_unknown() -> None:
    assert held_when(tenure(started="2019-03", ended="2023-11-17")) == "from March 2019 to 17 November 2023"
    assert held_when(tenure(started="2019-03", end_state="ongoing")) == "since March 2019"
    assert held_when(tenure(started="2019-03", end_state="ongoing", unsure='["end_state"]')) == "from March 2019"
    left = tenure(started="2019-03", end_state="ongoing", possible_to="2024-05-07T07:00Z")  # shown in post before the exit
    assert held_when(left) == "from March 2019"
    assert held_when(tenure(ended="../2024-08")) == "until August 2024 at the latest"
    assert held_when(tenure(started="2022-05-05", started_certainty="probable")) == "from 5 May 2022 (probable)"
    assert held_when(tenure(ended="2025", ended_asserted_as="plan")) == "until 2025 (planned)"
    assert held_when(tenure()) == ""


def test_a_post_is_named_with_how_it_was_held_unless_that_is_unsure() -> None:
    assert post_words(tenure(capacity="interim")) == "interim chief scientist of OpenAI"
    assert post_words(tenure(capacity="interim", unsure='["capacity"]')) == "chief scientist of OpenAI"
    assert post_words(tenure(title="Employee")) == "an employee of OpenAI"
    board = tenure(title="Director", organisation="OpenAI board of directors", organisation_kind="board")
    assert post_words(board) == "a director on the OpenAI board of directors"


def test_an_exit_is_told_by_its_certain_day_and_a_planned_day_is_said_to_be_one() -> None:
    row = {"unsure": None, "manner": "resigned", "effective": "2024-11-15", "effective_asserted_as": "plan", "announced": "2024-11-08"}
    row |= {
        "organisation": "OpenAI",
        "organisation_kind": "company",
        "id": "d",
        "asserted_as": "fact",
        "certainty": "certain",
        "standing": "agreed",
    }
    assert left_part(row)["after"] == "(announced 8 November 2024; to take effect 15 November 2024, planned)"
    assert left_part(row | {"unsure": '["manner"]'})["text"] == "left OpenAI"
    leave = row | {"manner": "leave_of_absence", "unsure": '["manner"]'}
    assert left_part(leave | {"manner_asserted_as": "plan"})["text"] == "was to take leave from OpenAI"
    assert left_part(leave | {"manner_asserted_as": "fact"})["text"] == "took leave from OpenAI"


def test_reasons_come_with_the_persons_own_word_first_and_an_article_speaks_for_itself() -> None:
    claim = {"value": "rest", "label": "Rest", "rank": "preferred", "polarity": "affirms", "asserted_as": "fact", "certainty": "certain"}
    claim |= {"attribution": "own_voice", "voice_id": None, "via_id": None, "origin": "P", "origin_id": "p", "origin_table": "people"}
    claim |= {"source": "An article", "source_id": "s", "source_kind": "article", "derived_from": None, "outlet": "Paper"}
    own = claim | {"attribution": "named", "voice_id": "p", "voice": "P", "voice_table": "people"}
    guessed = own | {"value": "new_chapter", "label": "New chapter", "certainty": "possible"}
    found = reasons([claim, own, guessed], "p")
    assert [(one["voice"], one["is_own"]) for one in found] == [("P", True), ("Paper", False)]
    assert [(one["text"], one["mark"]) for one in found[0]["given"]] == [("rest", ""), ("new chapter", "possible")]
    assert reasons([claim | {"source_kind": "post"}], "p")[0]["is_own"]


# posts drawn


def test_each_bar_of_a_post_stands_where_its_row_puts_it(pages: Site) -> None:
    rows = pages.rows(TENURES.format("t.post_id = 'openai-ceo'"), most=100)
    drawn = apart(rows, "person")["drawn"]["rows"]
    card = pages.page("/leadership/posts/openai-ceo").partition('aria-label="Who held this post"')[2].partition("</section>")[0]
    bars = re.findall(r'/leadership/tenures/([a-z0-9-]+)".*?<div class="bars-track"[^>]*>(.*?)</div>', card, re.S)
    assert [name for name, _ in bars] == [bar["id"] for bar in drawn]
    for (_, track), bar in zip(bars, drawn, strict=True):
        certain = re.search(r'class="bar-certain [^"]*" style="left: ([\d.]+)%; width: ([\d.]+)%', track)
        assert (float(certain[1]) if certain else None) == bar["c0"]
        assert bar["p0"] <= (bar["c0"] or bar["p0"]) <= (bar["c1"] or bar["p1"]) <= bar["p1"]
    assert all(bar["asserted_as"] == "fact" for bar in drawn)


def test_the_holders_of_a_post_stand_in_order_and_all_of_them(pages: Site) -> None:
    for post in ("openai-ceo", "openai-board-seat"):
        card = pages.page(f"/leadership/posts/{post}").partition('aria-label="Who held this post"')[2].partition("</section>")[0]
        shown = re.findall(r"/leadership/tenures/([a-z0-9-]+)\"", card)
        held = {row["id"] for row in pages.rows("SELECT id FROM tenures WHERE post_id = :post AND standing <> 'refuted'", post=post)}
        assert set(shown) == held
        assert len(shown) == len(held)


# organisations


def test_the_people_who_went_from_one_firm_to_another_are_those_of_its_exits(pages: Site) -> None:
    moves = part(pages.page("/organisations/openai"), "moves").partition("<h3>Came from</h3>")[0]
    anthropic = moves.partition('/organisations/anthropic"')[2].partition("</dd>")[0]
    shown = set(re.findall(r"/leadership/departures/([a-z0-9-]+)\"", anthropic))
    expected = pages.rows(
        "SELECT id FROM departures WHERE organisation_id = 'openai' AND destination_id = 'anthropic' AND asserted_as = 'fact'"
        " AND standing <> 'refuted' AND same_as IS NULL AND reversed_by IS NULL AND COALESCE(manner, '') <> 'leave_of_absence'"
    )
    assert shown == {row["id"] for row in expected}


def test_the_year_of_a_move_is_that_of_the_page_who_went_where_and_a_bound_stays_one(pages: Site) -> None:
    def year_shown(organisation: str, exit_: str) -> str:
        moves = part(pages.page(f"/organisations/{organisation}"), "moves")
        return words_of(moves.partition(f'/leadership/departures/{exit_}"')[2].partition(">")[2])

    assert year_shown("anthropic", "tom-brown-openai").startswith("Tom Brown by 2021")  # not of the next day in UTC
    assert year_shown("openai", "ryan-lowe-openai").startswith("Ryan Lowe by 2024")  # told: between November 2023 and September 2024
    assert "Tom Brown" in pages.page("/who-went-where?year=by-2021")
    assert "Ryan Lowe" in pages.page("/who-went-where?year=by-2024")


def test_the_board_by_date_names_those_who_certainly_sat_on_it(pages: Site) -> None:
    board = part(pages.page("/organisations/openai-board"), "board-by-date")
    states = [(words_of(when), words_of(who.partition("<span")[0])) for when, who in re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", board)]
    assert states
    certain: dict[str, set[str]] = {}
    for row in pages.rows("SELECT moment, person FROM board_by_date WHERE held = 'certainly'"):
        certain.setdefault(row["moment"], set()).add(row["person"])
    sets = [set(who.split(", ")) for _, who in states if who != "nobody for certain"]
    assert all(found in certain.values() for found in sets)
    assert all(one != other for one, other in pairwise(sets))


def test_all_entries_of_a_kind_have_an_address(pages: Site) -> None:
    source, shown = pages.page("/people/sam-altman"), set[str]()
    total = int(re.search(r"<h2>Events <small>\d+ of (\d+)</small>", source)[1])  # type: ignore[index]
    path = "/people/sam-altman?section=events"
    while path:
        source = pages.page(path)
        shown |= set(re.findall(r"/leadership/events/([a-z0-9-]+)\"", part(source, "events")))
        later = re.search(r'rel="next" href="([^"]+)"', source)
        path = f"/people/sam-altman{later[1]}" if later else ""
    events = pages.rows(
        "SELECT DISTINCT e.id FROM events e JOIN event_participants p ON p.event_id = e.id"
        " WHERE p.subject_id = 'sam-altman' AND p.standing <> 'refuted' AND e.standing <> 'refuted'"
    )
    assert shown == {row["id"] for row in events}
    assert len(shown) == total


def test_what_has_no_date_stands_apart(pages: Site) -> None:
    (one,) = pages.rows(
        "SELECT p.subject_id AS person, e.id FROM events e JOIN event_participants p ON p.event_id = e.id"
        " JOIN people o ON o.id = p.subject_id"
        " WHERE e.started IS NULL AND e.standing <> 'refuted' AND p.standing <> 'refuted' ORDER BY e.id LIMIT 1"
    )
    events = part(pages.page(f"/people/{one['person']}?section=events"), "events")
    dated, _, undated = events.partition("<h3>Undated</h3>")
    link = f'/leadership/events/{one["id"]}"'
    assert link in undated
    assert link not in dated


def test_where_nothing_is_drawn_what_has_no_bar_is_not_folded_away(pages: Site) -> None:
    (row, *_) = pages.rows(
        "SELECT person_id FROM tenures WHERE asserted_as = 'fact' GROUP BY person_id"
        " HAVING MAX(certain_from IS NOT NULL OR (possible_from IS NOT NULL AND possible_to IS NOT NULL)) = 0"
    )
    posts = part(pages.page(f"/people/{row['person_id']}"), "posts")
    assert '<details class="fold" open><summary>' in posts
    assert 'class="bar' not in posts


@pytest.mark.parametrize(
    "query", ["?section=nothing", "?section=events&page=0", "?section=events&page=99999", "?page=x&section=events", "?section=<b>"]
)
def test_an_address_that_asks_for_no_section_or_page_still_shows_the_person(pages: Site, query: str) -> None:
    response = pages.get(f"/people/sam-altman{query}")
    assert response.status_code == 200
    assert "<b>" not in response.text


LONGEST = (
    "/people/sam-altman",
    "/organisations/openai",
    "/leadership/people/sam-altman",
    "/leadership/organisations/openai",
    "/leadership/events/altman-dismissal",
    "/leadership/departures/sam-altman-openai-2023",
)


@pytest.mark.parametrize("path", LONGEST)
def test_the_first_view_of_the_longest_pages_is_light(pages: Site, path: str) -> None:
    assert len(pages.get(path).content) < LIMIT


# cards of events and exits


def test_an_event_names_all_who_took_part_with_their_parts_and_doubts(pages: Site) -> None:
    card = pages.page("/leadership/events/altman-dismissal").partition("<h2>Who took part</h2>")[2].partition("</dl>")[0]
    rows = pages.rows(
        "SELECT p.*, c.label AS words FROM event_participants p JOIN codes c ON c.list = 'part' AND c.code = p.part"
        " WHERE p.event_id = 'altman-dismissal' AND p.standing <> 'refuted'"
    )
    groups = dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", card))
    for row in rows:
        found = re.search(rf"/{row['subject_id']}\">(.*?)(?:, <a|$)", groups[row["words"]])
        assert found
        assert mark_of(row) in words_of(found[1])


def test_what_came_before_and_after_an_event_is_dated_before_and_after_it(pages: Site) -> None:
    card = pages.page("/leadership/events/openai-staff-letter-2023").partition("<h2>Before and after</h2>")[2].partition("</dl>")[0]
    (event,) = pages.rows("SELECT * FROM events WHERE id = 'openai-staff-letter-2023'")
    seen = 0
    for title, column, other in (("Before it", "started_latest", "started_earliest"), ("After it", "started_earliest", "started_latest")):
        for name in re.findall(r'/leadership/events/([a-z0-9-]+)"', card.partition(f"<dt>{title}</dt>")[2].partition("</dd>")[0]):
            (near,) = pages.rows("SELECT * FROM events WHERE id = :name", name=name)
            first, last = (near[column], event[other]) if title == "Before it" else (event[other], near[column])
            assert first <= last
            assert near["story"] == event["story"]
            seen += 1
    assert seen >= 2


def test_an_exit_says_that_a_point_is_left_open(pages: Site) -> None:
    rows = pages.rows("SELECT id FROM departures WHERE standing = 'open'")
    assert rows
    for row in rows:
        assert "<dt>Left open</dt>" in pages.page(f"/leadership/departures/{row['id']}")


def test_the_exit_card_shows_every_date_with_its_doubt(pages: Site) -> None:
    (row,) = pages.rows("SELECT * FROM departures WHERE id = 'john-schulman-openai-2024'")
    card = (
        pages.page("/leadership/departures/john-schulman-openai-2024")
        .partition('aria-label="The exit in short"')[2]
        .partition("</section>")[0]
    )
    for name, title in (("announced", "Announced"), ("effective", "Effective"), ("destination_joined", "Destination joined")):
        (accepted,) = pages.rows("SELECT * FROM accepted WHERE subject_id = :id AND property = :name", id=row["id"], name=name)
        shown = words_of(card.partition(f"<dt>{title}</dt>")[2].partition("</dd>")[0])
        assert shown == " ".join(filter(None, (date_label(row[name]), doubt_of(accepted))))
    assert set(re.findall(r"/leadership/posts/([a-z0-9-]+)", card)) == set(json.loads(row["posts"]))


# gists of places


def test_a_line_is_told_in_short_and_what_is_only_named_is_folded(pages: Site) -> None:
    source = pages.page("/leadership/line?source=newgeek-2023-11-23&line=63")
    assert re.search(
        r'<p class="ev-gist-words">In short: “The board removes Altman”: it began on 17 November 2023, 12:00 US Pacific', source
    )
    folded = re.findall(r'<details class="ev-trivial"><summary>That it happened: yes</summary>(.*?)</details>', source, re.S)
    assert folded
    assert all("denies" not in part and 'class="ev-mark"' not in part for part in folded)


def test_a_denial_is_never_folded_as_trivial(pages: Site) -> None:
    (denial,) = pages.rows(
        "SELECT c.passage_id, c.id FROM claims c JOIN statements s ON s.id = c.statement_id"
        " WHERE s.property = 'occurs' AND c.polarity = 'denies' ORDER BY c.id LIMIT 1"
    )
    source = pages.page(f"/leadership/passages/{denial['passage_id']}")
    open_part = re.sub(r'<details class="ev-trivial">.*?</details>', "", source, flags=re.S)
    assert f'/leadership/claims/{denial["id"]}"' in open_part
    assert "(denied" in open_part.partition('<p class="ev-gist-words">')[2].partition("</p>")[0]


# figures, remarks, and dates of events


def card(pages: Site, path: str) -> str:
    """Return the words of the card at the head of a row's page."""
    found = re.search(r'<section class="ev ev-card gist".*?</section>', pages.page(path), re.S)
    assert found, path
    return words_of(found[0])


def test_a_figure_tells_its_number_its_scope_and_its_day_before_its_evidence(pages: Site) -> None:
    said = card(pages, "/leadership/figures/openai-valuation-2026-03")
    assert said.startswith("852 billion US dollars What is counted Valuation: by the round of 2026 as closed, with the new money Of OpenAI")
    assert "As of 31 March 2026" in said
    assert "Belongs to OpenAI funding round of 2026" in said
    assert "40 to 50 people" in card(pages, "/leadership/figures/openai-headcount-2018")
    assert "8520亿美元" in card(pages, "/zh/leadership/figures/openai-valuation-2026-03")


def test_a_figure_that_is_a_plan_a_jest_or_left_open_says_so_beside_its_number(pages: Site) -> None:
    assert card(pages, "/leadership/figures/altman-mock-bid-for-twitter-2025").startswith("9.74 billion US dollars in jest")
    assert card(pages, "/leadership/figures/openai-board-size-2015-12").startswith("Left open; sources give: 2 people; 4 people")
    rows = pages.rows(
        """SELECT id FROM figures WHERE value IS NOT NULL AND (asserted_as <> 'fact' OR certainty <> 'certain')
        GROUP BY asserted_as, certainty"""
    )
    assert len(rows) > 3
    for row in rows:
        number = card(pages, f"/leadership/figures/{row['id']}").partition("What is counted")[0]
        assert re.search(r"planned|predicted|alleged|in jest|probable|possible", number), row


def test_a_remark_tells_who_said_it_and_when(pages: Site) -> None:
    row = pages.rows(
        """SELECT r.id, s.label AS speaker, r.said FROM remarks r JOIN subjects s ON s.id = r.speaker_id
        WHERE r.said_day IS NOT NULL AND r.said LIKE '____-__-__' AND r.asserted_as = 'fact' LIMIT 1"""
    )[0]
    said = card(pages, f"/leadership/remarks/{row['id']}")
    assert said.startswith(f"Who said it {row['speaker']}")
    assert f"When {date_label(row['said'])}" in said


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("remarks/openai-on-three-dismissals-2026", "OpenAI: They handled sensitive information"),
        ("interpretations/dismissals-chill-safety-work", "It is argued: The dismissals make colleagues afraid"),
    ],
)
def test_what_was_said_or_argued_is_never_said_in_our_voice(pages: Site, path: str, words: str) -> None:
    """A charge against people stands at the head of its page as the words of who makes it."""
    lead = re.search(r'<p class="ev-lead">(.*?)</p>', pages.page(f"/leadership/{path}"), re.S)
    assert lead
    assert words_of(lead[1]).startswith(words)


def test_a_date_that_is_less_sure_than_its_event_says_so_at_the_head_of_its_page(pages: Site) -> None:
    """The listing is told as put off; that it was so by that day is but a plan that one page tells as possible."""
    assert card(pages, "/leadership/events/openai-ipo-put-off-2026").startswith("by 25 June 2026 planned, possible · delay")
    assert card(pages, "/leadership/events/karpathy-joins-anthropic-2026").startswith("19 May 2026, 08:05 US Pacific · hire")


def test_an_exit_of_which_one_point_is_left_open_names_that_point_and_does_not_doubt_the_exit(pages: Site) -> None:
    """Why Jasmine Wang was dismissed is disputed; that she was is not."""
    said = card(pages, "/leadership/departures/jasmine-wang-openai-2026")
    sentence, _, rest = said.partition(" From ")
    assert sentence == "Jasmine Wang was removed from OpenAI (between 30 September and 1 October 2026)."
    assert "Left open reason : sources disagree" in rest.replace("reason:", "reason :")


def test_events_of_a_person_stand_in_the_order_of_the_timeline(raw: RawFolder, site_of_its_own: Callable[[], Site]) -> None:
    declared, said = [], []
    for number, day in enumerate(("2023-11-20", "2023-11-18T22:00", "2023-11-18", "2023-11-19", "2023-11-18T09:00", "2024"), 1):
        called = f"label: Meeting {number}, label_zh: 会议{number}, summary: They met."
        declared.append(f"- {{id: meeting-{number}, {called}, kind: meeting, story: background}}\n")
        said.append(f'      - {{event: meeting-{number}, started: "{day}", participant: {{sam-altman: participant}}}}\n')
    raw.replace("events.yml", (raw.folder / "events.yml").read_text(encoding="utf-8") + "".join(declared))
    raw.change(
        "sources/alpha.yml", "    find: interim\n    start: 5\n    says:\n", "    find: interim\n    start: 5\n    says:\n" + "".join(said)
    )
    site = site_of_its_own()
    here, there = (
        list(dict.fromkeys(re.findall(r'/leadership/events/(meeting-\d)"', site.page(path))))
        for path in ("/people/sam-altman?section=events", "/timeline?year=all&entry=event&who=Sam+Altman")
    )
    assert sorted(here) == [f"meeting-{number}" for number in range(1, 7)]
    assert here == there
