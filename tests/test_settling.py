"""Settling: which rule ranks which rivals, what needs a decision, and who is behind a claim."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import RawFolder, make_catalogue, make_claim, rows_by_id, settle_claims
from leadership.catalogue import Catalogue, Subject
from leadership.claims import Claim
from leadership.settling import Origins, Said, Statement

SOURCES = {"one": {"published": "2023-11-20"}, "two": {"published": "2023-12-01"}, "three": {"published": "2024-01"}, "four": {}}


def settled(*claims: Claim, **decision: Any) -> tuple[dict[str, tuple[str, str]], list[str]]:
    """Settle claims of one property; return rank and rule by value, and the messages of the faults."""
    statements, faults = settle_claims(claims, catalogue_with(claims[0], decision))
    return {s.value: (s.rank, s.rule) for s in statements}, [fault.message for fault in faults]


def catalogue_with(claim: Claim, decision: dict[str, Any]) -> Catalogue:
    catalogue = make_catalogue(**SOURCES)
    if decision:
        catalogue.decisions[claim.subject, claim.property] = {"id": "d", "file": "raw/decisions.yml", "line": 3, **decision}
    return catalogue


def dates(*values: str) -> list[Claim]:
    return [make_claim("started", value, source=source) for value, source in zip(values, SOURCES, strict=False)]


def headcounts(*values: str) -> list[Claim]:
    return [make_claim("value", value, kind="figure", source=source) for value, source in zip(values, SOURCES, strict=False)]


def manners(*values: str) -> list[Claim]:
    return [make_claim("manner", value, kind="departure", source=source) for value, source in zip(values, SOURCES, strict=False)]


def states(*values: str) -> list[Claim]:
    return [make_claim("end_state", value, kind="tenure", source=source) for value, source in zip(values, SOURCES, strict=False)]


# rules that need no decision


def test_the_only_value_is_preferred():
    assert settled(*dates("2023-11-17")) == ({"2023-11-17": ("preferred", "only_value")}, [])


def test_one_value_of_several_sources_is_one_statement_with_all_their_claims():
    (statement,), _ = settle_claims(dates("2023", "2023", "2023"), make_catalogue(**SOURCES))
    assert [claim.source for claim in statement.claims] == ["one", "two", "three"]


def test_properties_with_several_values_stand_side_by_side():
    claims = [make_claim("reason", value, kind="departure") for value in ("rest", "solidarity")]
    assert settled(*claims) == ({"rest": ("preferred", "side_by_side"), "solidarity": ("preferred", "side_by_side")}, [])


def test_what_lines_say_of_a_source_stands_side_by_side():
    claims = [make_claim("title_en", value, kind="source") for value in ("A", "B")]
    assert settled(*claims)[0] == {"A": ("preferred", "side_by_side"), "B": ("preferred", "side_by_side")}


def test_the_later_source_s_word_on_a_state_is_preferred_and_the_earlier_stays_true():
    assert settled(*states("ongoing", "ended")) == ({"ongoing": ("normal", "later_state"), "ended": ("preferred", "later_state")}, [])
    assert settled(*states("ended", "ongoing"))[0]["ongoing"] == ("preferred", "later_state")


def test_a_state_in_a_source_without_date_is_older_than_any():
    claims = [
        make_claim("end_state", "ended", kind="tenure", source="four"),
        make_claim("end_state", "ongoing", kind="tenure", source="one"),
    ]
    assert settled(*claims)[0]["ongoing"] == ("preferred", "later_state")


# "2023" may be any day of that year, and so before 20 November.
@pytest.mark.parametrize("published", ["2023", "2023-11", "../2023-12", "2023-11-20"])
def test_a_source_that_may_be_older_is_no_later_source(published: str):
    claims = states("ongoing", "ended")
    _, faults = settle_claims(claims, make_catalogue(one={"published": "2023-11-20"}, two={"published": published}))
    assert len(faults) == 1


def test_a_source_that_may_be_of_the_last_day_of_an_open_time_is_not_older():
    claims = states("ongoing", "ended")
    _, faults = settle_claims(claims, make_catalogue(one={"published": "2023/.."}, two={"published": "2023-11-20"}))
    assert len(faults) == 1


def test_a_source_of_a_whole_month_is_later_than_one_of_a_day_before_it():
    claims = states("ended", "ongoing")
    statements, _ = settle_claims(claims, make_catalogue(one={"published": "2023-11-20"}, two={"published": "2023-12"}))
    assert {s.value: s.rule for s in statements if s.rank == "preferred"} == {"ongoing": "later_state"}


def test_a_later_source_that_does_not_state_a_state_replaces_none():
    assert settled(*states("ended", "not_stated"))[0]["ended"][0] == "preferred"


def test_two_states_of_the_same_day_need_a_decision():
    claims = [make_claim("end_state", value, kind="tenure", source="one") for value in ("ended", "ongoing")]
    assert len(settled(*claims)[1]) == 1


def test_a_state_that_a_source_of_the_same_day_does_not_state_is_no_conflict():
    claims = [make_claim("end_state", value, kind="tenure", source="one") for value in ("ended", "not_stated")]
    assert settled(*claims) == ({"ended": ("preferred", "finer"), "not_stated": ("normal", "finer")}, [])


def test_the_same_moment_in_two_zones_is_no_conflict():
    here, there = "2023-11-17T12:00[America/Los_Angeles]", "2023-11-18T04:00[Asia/Shanghai]"
    ranks, faults = settled(*dates(here, there))
    assert (sorted(ranks.values()), faults) == ([("normal", "same_moment"), ("preferred", "same_moment")], [])


def test_of_the_same_moment_the_wording_of_more_origins_is_preferred():
    here, there = "2023-11-17T12:00[America/Los_Angeles]", "2023-11-18T04:00[Asia/Shanghai]"
    assert settled(*dates(there, here, here))[0][here] == ("preferred", "same_moment")
    assert settled(*dates(there, here, there))[0][there] == ("preferred", "same_moment")


def test_the_finer_date_is_preferred_and_the_coarser_stays_true():
    assert settled(*dates("2023-11", "2023-11-17", "2023")) == (
        {"2023-11-17": ("preferred", "finer"), "2023-11": ("normal", "finer"), "2023": ("normal", "finer")},
        [],
    )


def test_the_finer_amount_is_preferred_and_the_coarser_stays_true():
    assert settled(*headcounts("~770", "770", ">700")) == (
        {"770": ("preferred", "finer"), "~770": ("normal", "finer"), ">700": ("normal", "finer")},
        [],
    )


def test_not_stated_is_coarser_than_any_code():
    assert settled(*manners("not_stated", "resigned")) == ({"resigned": ("preferred", "finer"), "not_stated": ("normal", "finer")}, [])


# what needs a decision


def test_rivals_need_a_decision():
    assert settled(*manners("resigned", "removed")) == (
        {"removed": ("normal", "open"), "resigned": ("normal", "open")},
        [
            "sources give manner as removed, resigned for some-id; decide in raw/decisions.yml with subject: some-id, "
            'property: manner, expect: ["removed", "resigned"]'
        ],
    )


def test_of_dates_that_overlap_without_contradiction_the_narrowest_is_published():
    assert settled(*dates("2023-11/2024-01", "2023-12/2024-03")) == (
        {"2023-11/2024-01": ("preferred", "compatible"), "2023-12/2024-03": ("normal", "compatible")},
        [],
    )


def test_three_dates_of_which_two_do_not_meet_need_a_decision():
    assert len(settled(*dates("2023-10", "2023-11/2024-01", "2023-12/2024-03"))[1]) == 1


@pytest.mark.parametrize(
    "values",
    [
        ("2023-11-17[America/Los_Angeles]", "2023-11-18[America/Los_Angeles]"),
        ("2023-11-17Tmorning[UTC]", "2023-11-17Tafternoon[UTC]"),
        ("2023-11-17[UTC]", "2023-11-18T00:00[UTC]"),
        ("../2023-11-17[UTC]", "2023-11-18[UTC]/.."),
    ],
)
def test_a_period_does_not_meet_the_one_that_begins_where_it_ends(values: tuple[str, str]):
    ranks, faults = settled(*dates(*values))
    assert ({rank for rank, _ in ranks.values()}, len(faults)) == ({"normal"}, 1)


def test_a_clock_time_belongs_to_the_period_that_begins_with_it():
    assert settled(*dates("2023-11-17Tafternoon[UTC]", "2023-11-17T12:00[UTC]"))[0]["2023-11-17T12:00[UTC]"] == ("preferred", "finer")


def test_numbers_that_share_one_number_are_compatible():
    assert settled(*headcounts(">=770", "<=770", ">=760"))[1] == []


# Each of these overlaps by the hours between Beijing and California, and 2020, a leap year, is the longer.
@pytest.mark.parametrize("values", [("2020", "2021"), ("2023-11", "2023-12"), ("2014", "2014-02", "2014-03"), ("2023-11", "2023-12-01")])
def test_a_month_or_a_year_does_not_meet_the_one_beside_it(values: tuple[str, ...]):
    ranks, faults = settled(*dates(*values))
    assert ({rank for rank, _ in ranks.values()}, len(faults)) == ({"normal"}, 1)


def test_of_neighbouring_years_the_one_that_more_origins_tell_is_accepted_and_the_other_is_outvoted():
    assert settled(*dates("2020", "2021", "2021")) == ({"2020": ("deprecated", "majority"), "2021": ("preferred", "majority")}, [])


def test_a_month_meets_a_day_of_a_zone_that_shares_hours_with_it():
    assert settled(*dates("2023-11", "2023-12-01[Asia/Shanghai]")) == (
        {"2023-11": ("normal", "compatible"), "2023-12-01[Asia/Shanghai]": ("preferred", "compatible")},
        [],
    )


def test_neighbouring_days_of_unknown_zones_may_be_one_day():
    assert settled(*dates("2023-11-17", "2023-11-18"))[1] == []


def test_of_two_open_bounds_the_one_of_more_origins_is_published():
    assert settled(*dates("2023-09/..", "../2023-11-20", "../2023-11-20"))[0]["../2023-11-20"] == ("preferred", "compatible")


def test_a_coarse_value_does_not_settle_two_finer_ones():
    assert len(settled(*dates("2023-11", "2023-11-17", "2023-11-19"))[1]) == 1


def test_amounts_that_exclude_each_other_need_a_decision():
    assert len(settled(*headcounts(">770", "770"))[1]) == 1


def test_a_denial_needs_a_decision_though_there_is_one_value_only():
    denial = make_claim("occurs", "yes", source="two", polarity="denies")
    ranks, faults = settled(make_claim("occurs", "yes"), denial)
    assert ranks == {"yes": ("normal", "open")}
    assert faults == [
        'occurs yes is denied for some-id; decide in raw/decisions.yml with subject: some-id, property: occurs, expect: ["yes"]'
    ]


def test_a_denial_among_values_side_by_side_needs_a_decision():
    claims = [make_claim("reason", "rest", kind="departure"), make_claim("reason", "solidarity", kind="departure", polarity="denies")]
    assert settled(*claims)[1][0].startswith("reason solidarity is denied for some-id; ")


def test_a_missing_decision_is_reported_at_the_denial():
    denial = make_claim("occurs", "yes", source="two", polarity="denies")
    _, (fault,) = settle_claims([make_claim("occurs", "yes"), denial], make_catalogue(**SOURCES))
    assert (fault.file, fault.line) == ("raw/sources/two.yml", 7)


# decisions


def test_a_decision_prefers_what_it_accepts_and_deprecates_with_its_reason():
    claims = manners("resigned", "removed")
    decision = {"rule": "majority", "accept": "resigned", "expect": ["removed", "resigned"], "deprecate": {"removed": "outvoted"}}
    statements, faults = settle_claims(claims, catalogue_with(claims[0], decision))
    assert faults == []
    assert [(s.value, s.rank, s.rule, s.deprecated_reason, s.decision) for s in statements] == [
        ("removed", "deprecated", "majority", "outvoted", "d"),
        ("resigned", "preferred", "majority", None, "d"),
    ]


def test_a_decision_may_leave_a_rival_true():
    assert settled(
        *manners("resigned", "removed"), rule="different_things", accept=["resigned"], expect=["removed", "resigned"], also_true=["removed"]
    ) == ({"removed": ("normal", "different_things"), "resigned": ("preferred", "different_things")}, [])


def test_a_decision_goes_before_every_rule():
    ranks, faults = settled(
        *dates("2023", "2023-11-17"), rule="first_hand", accept="2023", expect=["2023", "2023-11-17"], deprecate={"2023-11-17": "slip"}
    )
    assert (ranks, faults) == ({"2023": ("preferred", "first_hand"), "2023-11-17": ("deprecated", "first_hand")}, [])


def test_a_decision_is_out_of_date_when_a_new_rival_appears():
    ranks, faults = settled(*manners("resigned", "removed"), rule="majority", accept="resigned", expect=["resigned"])
    assert faults == [
        "decision d was taken about ['resigned'] and the claims now are ['removed', 'resigned']; take it anew: "
        "add removed (raw/sources/two.yml:7) to expect, and to accept, also_true or deprecate"
    ]
    assert {rank for rank, _ in ranks.values()} == {"normal"}


def test_a_decision_is_out_of_date_when_a_rival_is_gone():
    _, faults = settled(*manners("resigned"), rule="majority", accept="resigned", expect=["removed", "resigned"])
    assert faults == [
        "decision d was taken about ['removed', 'resigned'] and the claims now are ['resigned']; take it anew: take removed out of it"
    ]


def test_a_decision_that_names_unknown_values_says_which():
    _, faults = settled(
        *manners("resigned", "removed"),
        rule="majority",
        accept="poached",
        expect=["removed", "resigned"],
        also_true=["resigned"],
        deprecate={"removed": "outvoted", "left_board": "slip"},
    )
    assert faults == [
        "decision d speaks of left_board, which nobody claims; correct it",
        "decision d speaks of poached, which nobody claims; correct it",
    ]


def test_a_decision_that_forgets_a_rival_says_which():
    _, faults = settled(*manners("resigned", "removed"), rule="majority", accept="resigned", expect=["removed", "resigned"])
    assert faults == ["decision d does not say what becomes of removed; put it under also_true or deprecate"]


def test_an_open_decision_prefers_nothing():
    assert settled(*manners("resigned", "removed"), rule="open", expect=["removed", "resigned"]) == (
        {"removed": ("normal", "open"), "resigned": ("normal", "open")},
        [],
    )


def test_a_decision_about_something_that_nobody_claims_is_a_fault():
    catalogue = make_catalogue(**SOURCES)
    catalogue.decisions["x", "started"] = {"id": "d", "subject": "x", "property": "started", "file": "raw/decisions.yml", "line": 3}
    _, faults = settle_claims([], catalogue)
    assert [str(fault) for fault in faults] == [
        "raw/decisions.yml:3:1: nothing is claimed of started of x; remove the decision or correct it"
    ]


def test_a_decision_accepts_one_value_of_a_property_that_has_one():
    assert (
        len(settled(*manners("resigned", "removed"), rule="majority", accept=["resigned", "removed"], expect=["removed", "resigned"])[1])
        == 1
    )


def test_a_decision_says_one_thing_of_each_value():
    claims = manners("resigned", "removed")
    decided = {"rule": "majority", "accept": "resigned", "expect": ["removed", "resigned"], "also_true": ["removed"]}
    assert settled(*claims, **decided)[1] == []
    assert settled(*claims, **decided, deprecate={"removed": "outvoted"})[1] == [
        "decision d says two things of removed; leave it under one of accept, also_true and deprecate"
    ]


def test_a_decision_cannot_accept_what_is_only_denied():
    claims = [make_claim("manner", "resigned", kind="departure", polarity="denies"), make_claim("manner", "removed", kind="departure")]
    assert (
        len(settled(*claims, rule="majority", accept="resigned", expect=["removed", "resigned"], deprecate={"removed": "outvoted"})[1]) == 1
    )


def test_a_decision_cannot_accept_and_deprecate_one_value():
    assert (
        len(settled(*manners("resigned"), rule="majority", accept="resigned", expect=["resigned"], deprecate={"resigned": "slip"})[1]) == 1
    )


def test_an_open_decision_leaves_the_cell_empty_and_the_subject_open(raw: RawFolder):
    raw.change("decisions.yml", 'rule: first_hand\n  accept: "770"', "rule: open")
    raw.change("decisions.yml", '  deprecate: {"800": secondary}\n', "")
    row = rows_by_id(raw.run(), "figures")["openai-headcount"]
    assert (row["value"], row["comparator"], row["standing"]) == (None, None, "open")


def test_a_refuted_event_stays_and_is_called_refuted(raw: RawFolder):
    raw.change("sources/beta.yml", "    says:\n", "    says:\n      - {event: altman-returns, denies: true}\n")
    raw.replace(
        "decisions.yml",
        (raw.folder / "decisions.yml").read_text()
        + (
            '- {id: no-return, subject: altman-returns, property: occurs, rule: primary_document, expect: ["yes"],'
            ' deprecate: {"yes": refuted}, rationale: Beta shows it., decided_on: "2024-01-01"}\n'
        ),
    )
    result = raw.run()
    assert rows_by_id(result, "events")["altman-returns"]["standing"] == "refuted"
    statement = next(row for row in result.tables["statements"] if (row["subject_id"], row["property"]) == ("altman-returns", "occurs"))
    assert (statement["rank"], statement["deprecated_reason"], statement["claim_count"], statement["denial_count"]) == (
        "deprecated",
        "refuted",
        1,
        1,
    )


# statements


def test_statements_come_in_the_same_order_whatever_the_order_of_claims():
    claims = dates("2023", "2023-11") + manners("resigned") + [make_claim("occurs", "yes", subject="another-id")]
    forwards, backwards = (settle_claims(order, make_catalogue(**SOURCES))[0] for order in (claims, claims[::-1]))
    assert [s.id for s in forwards] == [s.id for s in backwards]


def test_the_id_of_a_statement_follows_from_what_it_states():
    assert Statement("openai", "organisation", "parent_id", "x").id.startswith("openai-parent-id-")
    assert Statement("a", "event", "started", "2023").id != Statement("a", "event", "started", "2024").id


# origins

ORIGINAL = {"publisher_id": "wsj"}
TRANSLATION = {"publisher_id": "huxiu", "derived_from": "original"}


def origin(claim: Claim, **headers: dict[str, Any]) -> str:
    (found,) = Origins(make_catalogue(**headers)).of_claims([Said.of(claim)])
    return found


def test_a_source_with_a_publisher_has_it_as_origin_and_one_without_is_its_own():
    assert origin(make_claim("occurs", "yes", source="a"), a={"publisher_id": "p"}) == "p"
    assert origin(make_claim("occurs", "yes", source="a"), a={}) == "a"


def test_a_translation_and_its_original_are_one_origin():
    headers = {"original": ORIGINAL, "translation": TRANSLATION}
    assert {origin(make_claim("occurs", "yes", source=source), **headers) for source in headers} == {"wsj"}


def test_a_copy_of_a_translation_has_the_origin_of_the_original():
    assert (
        origin(make_claim("occurs", "yes", source="copy"), copy={"derived_from": "translation"}, translation=TRANSLATION, original=ORIGINAL)
        == "wsj"
    )


def test_two_articles_that_retell_one_outlet_are_one_origin():
    headers = {"a": {"publisher_id": "p"}, "b": {"publisher_id": "q"}}
    claims = [make_claim("occurs", "yes", source=source, via="the-information") for source in headers]
    assert {origin(claim, **headers) for claim in claims} == {"the-information"}


def test_a_claim_via_a_document_has_the_origin_of_that_document():
    assert (
        origin(make_claim("occurs", "yes", source="a", via="report"), a={"publisher_id": "p"}, report={"publisher_id": "bloomberg"})
        == "bloomberg"
    )


def test_two_articles_of_one_publisher_are_one_origin():
    headers = {"a": {"publisher_id": "p"}, "b": {"publisher_id": "p"}}
    assert {origin(make_claim("occurs", "yes", source=source), **headers) for source in headers} == {"p"}


def test_sources_derived_from_each_other_do_not_hang():
    assert origin(make_claim("occurs", "yes", source="a"), a={"derived_from": "b"}, b={"derived_from": "a"}) in ("a", "b")


@pytest.mark.parametrize(
    ("header", "standing", "origins"),
    [
        ("  derived_from: gamma-original\n  derived_how: translation\n", "single_origin", 1),
        ("", "agreed", 2),
    ],
)
def test_agreement_takes_two_origins_and_not_two_sources(raw: RawFolder, header: str, standing: str, origins: int):
    for sheet in ("alpha", "beta"):
        raw.change(f"sources/{sheet}.yml", "  rights: None.\n", f"  rights: None.\n{header}")
    raw.change("sources/beta.yml", "    says:\n", "    says:\n      - {event: altman-returns}\n")
    row = rows_by_id(raw.run(), "events")["altman-returns"]
    assert (row["standing"], row["origin_count"], row["source_count"], row["sources"]) == (standing, origins, 2, '["alpha", "beta"]')


def test_an_organisation_is_the_end_of_every_chain():
    catalogue = make_catalogue()
    catalogue.subjects["p"] = Subject("p", "organisation", {"id": "p", "publisher_id": "q"}, "x", 1)
    assert Origins(catalogue).of("p") == "p"


# rules by what the sheets say of their sources


def settled_by(headers: dict[str, dict[str, Any]], *claims: Claim) -> dict[str, tuple[str, str, str | None]]:
    """Return rank, rule and reason of deprecation by value; all rivals must be settled without a decision."""
    statements, faults = settle_claims(claims, make_catalogue(**headers))
    assert [fault.message for fault in faults] == []
    return {s.value: (s.rank, s.rule, s.deprecated_reason) for s in statements}


def resigned_or_removed(**sources: str) -> list[Claim]:
    return [make_claim("manner", value, kind="departure", source=source) for source, value in sources.items()]


def test_rule_4_a_primary_document_goes_before_reports():
    headers = {"one": {"primary": "true", "kind": "letter"}, "two": {"kind": "report"}}
    assert settled_by(headers, *resigned_or_removed(one="resigned", two="removed")) == {
        "resigned": ("preferred", "primary_document", None),
        "removed": ("deprecated", "primary_document", "secondary"),
    }


def test_what_a_primary_document_only_cites_or_plans_goes_before_nothing():
    headers = {"one": {"primary": "true", "kind": "letter"}, "two": {"kind": "recap"}}
    cited = make_claim("manner", "resigned", kind="departure", source="one", via="two")
    planned = make_claim("manner", "resigned", kind="departure", source="one", mode="plan")
    for claim in (cited, planned):
        rival = make_claim("manner", "removed", kind="departure", source="two")
        assert len(settle_claims([claim, rival], make_catalogue(**headers))[1]) == 1


def test_rule_5_the_own_reporting_of_a_source_goes_before_what_others_retell():
    headers = {"one": {"kind": "report", "publisher_id": "p"}, "two": {"kind": "recap", "publisher_id": "q"}}
    assert settled_by(headers, *resigned_or_removed(one="resigned", two="removed"))["resigned"] == ("preferred", "first_hand", None)


def test_a_repost_of_a_report_is_not_first_hand():
    headers = {"one": {"kind": "report", "publisher_id": "p", "derived_from": "three"}, "two": {"kind": "recap"}, "three": {}}
    assert len(settle_claims(resigned_or_removed(one="resigned", two="removed"), make_catalogue(**headers))[1]) == 1


def test_rule_7_the_majority_of_independent_origins_decides():
    headers = {name: {"kind": "recap", "publisher_id": name} for name in ("one", "two", "three")}
    assert settled_by(headers, *resigned_or_removed(one="resigned", two="resigned", three="removed")) == {
        "resigned": ("preferred", "majority", None),
        "removed": ("deprecated", "majority", "outvoted"),
    }


def test_three_copies_of_one_report_are_no_majority():
    headers = {name: {"kind": "recap", "publisher_id": "p"} for name in ("one", "two", "three")} | {"four": {"publisher_id": "q"}}
    claims = resigned_or_removed(one="resigned", two="resigned", three="resigned", four="removed")
    assert len(settle_claims(claims, make_catalogue(**headers))[1]) == 1


def test_what_is_only_coarser_than_the_chosen_value_stays_true():
    headers = {"one": {"primary": "true"}, "two": {}, "three": {}}
    told = (("one", "2023-11-17[UTC]"), ("two", "2023-11"), ("three", "2023-11-19[UTC]"))
    claims = [make_claim("started", value, source=source) for source, value in told]
    assert settled_by(headers, *claims)["2023-11"] == ("normal", "primary_document", None)


def test_a_decision_overrides_what_the_script_would_choose():
    claims = resigned_or_removed(one="resigned", two="removed")
    catalogue = make_catalogue(one={"primary": "true"}, two={})
    decision = {"rule": "later_correction", "accept": "removed", "expect": ["removed", "resigned"], "deprecate": {"resigned": "superseded"}}
    catalogue.decisions["some-id", "manner"] = {"id": "d", "file": "raw/decisions.yml", "line": 3, **decision}
    statements, _ = settle_claims(claims, catalogue)
    assert {s.value: (s.rank, s.rule) for s in statements}["removed"] == ("preferred", "later_correction")


# how surely


def statement(*claims: Claim) -> Statement:
    (found,), _ = settle_claims(claims, make_catalogue(**SOURCES))
    return found


def test_a_statement_is_as_sure_as_the_claim_that_asserts_most():
    planned, possible = make_claim("occurs", "yes", mode="plan"), make_claim("occurs", "yes", source="two", certainty="possible")
    assert statement(planned, possible).surety == ("fact", "possible")
    assert statement(planned).surety == ("plan", "certain")
    assert not statement(planned, possible).is_plain


def test_what_is_only_denied_is_as_nothing():
    assert statement(make_claim("occurs", "yes", polarity="denies")).surety == (None, None)


def test_a_decision_may_take_an_accepted_value_for_a_plan_or_a_joke_only():
    claim = make_claim("occurs", "yes")
    decided = {"rule": "majority", "accept": "yes", "expect": ["yes"], "as": "joke"}
    (found,), faults = settle_claims([claim], catalogue_with(claim, decided))
    assert (faults, found.surety, found.is_plain) == ([], ("joke", "certain"), False)


def test_who_only_supposes_what_another_tells_as_a_fact_does_not_agree_with_it():
    headers = {"one": {"publisher_id": "p"}, "two": {"publisher_id": "q"}}
    for certainty, agrees in (("certain", True), ("possible", False)):
        (found,), _ = settle_claims(
            [make_claim("occurs", "yes"), make_claim("occurs", "yes", source="two", certainty=certainty)], make_catalogue(**headers)
        )
        assert Origins(make_catalogue(**headers)).agree(found) is agrees


def test_one_source_that_cites_a_newsroom_in_one_place_and_speaks_itself_in_another_does_not_agree_with_itself():
    (found,), _ = settle_claims([make_claim("occurs", "yes"), make_claim("occurs", "yes", via="bloomberg")], make_catalogue(**SOURCES))
    assert not Origins(make_catalogue(**SOURCES)).agree(found)


def test_who_first_reported_what_a_page_tells_is_its_origin():
    claim = make_claim("occurs", "yes", source="copy")
    assert origin(claim, copy={"publisher_id": "p", "origin": "bloomberg"}) == "bloomberg"
    assert origin(claim, copy={"publisher_id": "p", "origin": "report"}, report={"publisher_id": "wsj"}) == "wsj"


def test_a_figure_is_no_surer_than_its_value(raw: RawFolder):
    raw.change(
        "sources/alpha.yml", '{figure: openai-headcount, value: "770", ', '{figure: openai-headcount, value: "770", mode: prediction, '
    )
    row = rows_by_id(raw.run(), "figures")["openai-headcount"]
    assert (row["asserted_as"], row["certainty"], row["unsure"]) == ("prediction", "certain", '["as_of", "value"]')


def test_a_row_names_what_is_unsure_of_it_and_is_itself_as_sure_as_its_happening(raw: RawFolder):
    raw.change(
        "sources/beta.yml", "    says:\n", "    says:\n      - {event: altman-returns, place_or_medium: Zoom, certainty: possible}\n"
    )
    row = rows_by_id(raw.run(), "events")["altman-returns"]
    assert (row["asserted_as"], row["certainty"], row["unsure"]) == ("fact", "certain", '["place_or_medium"]')


def test_a_statement_says_how_well_it_stands(raw: RawFolder):
    standings = {row["value"]: row["standing"] for row in raw.run().tables["statements"] if row["subject_id"] == "openai-headcount"}
    assert standings == {"yes": "agreed", "770": "settled", "800": None, "2023-11": "single_origin"}
