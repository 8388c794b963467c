"""From a sheet to claims: what is claimed, in whose voice, at which place, and which lines are accounted for."""

from __future__ import annotations

import pytest
from conftest import RawFolder, make_claim
from leadership import pipeline
from leadership.batches import batch
from leadership.claims import Claim, Passage, Reading, expand_ranges, flatten_sheet, with_newsrooms
from leadership.pipeline import Result

BETA = "sources/beta.yml"
SAYS = '      - {figure: openai-headcount, value: "800"}\n'


def reading_of(raw: RawFolder, source: str) -> Reading:
    """Return what a sheet yields, which must be sound."""
    catalogue, sheets = pipeline.read_sheets(raw.folder)
    (sheet,) = (sheet for sheet in sheets if batch.source_id(sheet) == source)
    reading = flatten_sheet(sheet, catalogue)
    assert sheet.faults == []
    return reading


def claims_of(raw: RawFolder, subject: str, prop: str, source: str = "alpha") -> list[Claim]:
    return [claim for claim in reading_of(raw, source).claims if (claim.subject, claim.property) == (subject, prop)]


def said(raw: RawFolder, entry: str, subject: str, prop: str) -> list[Claim]:
    """Return what beta claims once `entry` is added to what it says."""
    raw.change(BETA, SAYS, f"{SAYS}      - {entry}\n")
    return claims_of(raw, subject, prop, "beta")


def test_every_entry_claims_that_its_subject_occurs(raw: RawFolder):
    claim = claims_of(raw, "altman-removed", "occurs")[0]
    assert (claim.value, claim.polarity, claim.passage) == ("yes", "affirms", Passage("alpha", 3, "Nov. 17", 30))


def test_every_property_beside_it_is_a_claim_of_its_own(raw: RawFolder):
    assert [c.value for c in claims_of(raw, "altman-ceo", "ended")] == ["2023-11-17[America/Los_Angeles]"]
    assert [c.value for c in claims_of(raw, "altman-ceo", "end_reason")] == ["removed"]


def test_a_claim_knows_file_and_line_of_its_sheet(raw: RawFolder):
    claim = claims_of(raw, "openai-headcount", "value")[0]
    assert (claim.raw_file, claim.raw_line) == ("raw/sources/alpha.yml", 46)


def test_each_part_of_each_participant_is_a_claim(raw: RawFolder):
    assert [c.value for c in claims_of(raw, "altman-removed", "participant")] == [
        "sam-altman:removed",
        "openai:decider",
        "openai:announcer",
    ]


def test_who_says_that_somebody_held_a_post_says_that_there_is_such_a_post(raw: RawFolder):
    assert {c.passage.line for c in claims_of(raw, "openai-ceo", "occurs")} == {3, 4}


def test_who_denies_that_somebody_held_a_post_does_not_deny_the_post(raw: RawFolder):
    raw.change(BETA, SAYS, SAYS + "      - {tenure: murati-ceo, denies: true}\n")
    assert [fault.split(": ")[1] for fault in raw.faults()] == [
        "occurs yes is denied for murati-ceo; decide in raw/decisions.yml with subject"
    ]


def test_a_date_takes_the_zone_of_its_sheet(raw: RawFolder):
    assert [c.value for c in claims_of(raw, "altman-removed", "started")] == ["2023-11-17T12:00[America/Los_Angeles]"]


def test_a_spelling_is_a_name_and_a_claim_that_the_subject_is_named(raw: RawFolder):
    names = [(n.subject, n.text, n.kind, n.passage.line, n.passage.start) for n in reading_of(raw, "alpha").names]
    assert names[:2] == [("sam-altman", "Sam Altman", None, 3, 0), ("sam-altman", "Sam", "alias", 3, 0)]
    assert [c.as_named for c in claims_of(raw, "sam-altman", "occurs")] == ["Sam Altman", "Sam"]


def test_a_long_spelling_is_anchored_by_its_first_sixteen_characters(raw: RawFolder):
    raw.change("sources/alpha.yml", "Mira Murati: 4:0", "Miramiramiramiramira Murati: 4:0")
    assert [n.passage.find for n in reading_of(raw, "alpha").names if n.subject == "mira-murati"] == ["Miramiramiramira"]


@pytest.mark.parametrize(
    ("keys", "voice"),
    [
        ("", ("own_voice", None, None)),
        (", by: openai", ("named", "openai", None)),
        (", by: openai-ceo", ("named", "openai-ceo", None)),
        (", via: alpha-news", ("other_media", None, "alpha-news")),
        (", via: gamma-original, by: openai", ("named", "openai", "gamma-original")),
        (", attribution: unnamed", ("unnamed", None, None)),
        (", attribution: unnamed, via: alpha-news", ("unnamed", None, "alpha-news")),
    ],
)
def test_attribution_follows_from_by_and_via_unless_it_is_written(raw: RawFolder, keys: str, voice: tuple[str | None, ...]):
    (claim,) = said(raw, f"{{event: altman-returns{keys}}}", "altman-returns", "occurs")
    assert (claim.attribution, claim.by, claim.via) == voice


def test_a_claim_is_a_certain_fact_unless_it_says_otherwise(raw: RawFolder):
    (claim,) = said(raw, "{event: altman-returns}", "altman-returns", "occurs")
    assert (claim.mode, claim.certainty, claim.note) == ("fact", "certain", None)


def test_mode_certainty_and_note_belong_to_every_claim_of_an_entry(raw: RawFolder):
    (claim,) = said(
        raw, '{event: altman-returns, started: "2023-11", mode: plan, certainty: possible, note: N.}', "altman-returns", "started"
    )
    assert (claim.mode, claim.certainty, claim.note) == ("plan", "possible", "N.")


def test_defaults_are_inherited_and_an_entry_goes_before_them(raw: RawFolder):
    raw.change(BETA, "\nnames:", "\ndefaults:\n  mode: prediction\n  attribution: unnamed\n  certainty: probable\n\nnames:")
    (claim,) = claims_of(raw, "openai-headcount", "value", "beta")
    assert (claim.mode, claim.attribution, claim.certainty) == ("prediction", "unnamed", "probable")
    (claim,) = said(raw, "{event: altman-returns, mode: joke, by: openai}", "altman-returns", "occurs")
    assert (claim.mode, claim.attribution, claim.certainty) == ("joke", "named", "probable")


def test_a_denied_property_does_not_deny_its_subject(raw: RawFolder):
    raw.change(BETA, SAYS, SAYS + '      - {event: altman-returns, started: "2023-11-21", denies: true}\n')
    assert [fault.split(": ")[1] for fault in raw.faults()] == [
        "started 2023-11-21 is denied for altman-returns; decide in raw/decisions.yml with subject"
    ]


def test_several_reasons_may_stand_in_a_list(raw: RawFolder):
    claims = said(raw, "{departure: altman-openai-2023, reason: [rest, new_chapter]}", "altman-openai-2023", "reason")
    assert [claim.value for claim in claims] == ["rest", "new_chapter"]


def test_a_line_may_prove_fields_of_the_header(raw: RawFolder):
    raw.change(BETA, SAYS, SAYS + "      - {source: beta, describes: [title_en, published]}\n")
    assert [c.value for c in claims_of(raw, "beta", "title_en", "beta")] == ["Beta on the affair"]
    assert [c.value for c in claims_of(raw, "beta", "published", "beta")] == ["2023-12"]


def test_the_same_thing_said_by_two_voices_at_one_anchor_is_two_claims(raw: RawFolder):
    raw.change(BETA, SAYS, SAYS + "      - {event: altman-returns, by: openai}\n")
    assert {c.by for c in said(raw, "{event: altman-returns, by: sam-altman}", "altman-returns", "occurs")} == {"openai", "sam-altman"}


def test_ids_of_claims_and_passages_do_not_depend_on_the_place_in_the_sheet(raw: RawFolder):
    before = {row["id"]: row["passage_id"] for row in raw.run().tables["claims"]}
    raw.change(BETA, "source:\n", "# A remark.\nsource:\n")
    assert {row["id"]: row["passage_id"] for row in raw.run().tables["claims"]} == before


def test_no_two_claims_have_one_id(minimal: Result):
    ids = [row["id"] for row in minimal.tables["claims"]]
    assert len(ids) == len(set(ids)) == 40


def test_ranges_of_lines_are_expanded():
    assert expand_ranges("1, 3-5,9") == [1, 3, 4, 5, 9]
    assert expand_ranges(None) == []


def test_a_range_without_end_in_sight_is_cut_off():
    assert len(expand_ranges("1-9999999")) == 100_000


def test_a_falling_range_of_lines_is_a_fault(raw: RawFolder):
    raw.change("sources/alpha.yml", 'lines: "6", why: repeats', 'lines: "6, 5-4", why: repeats')
    assert len(raw.faults()) == 1


def test_a_long_range_beyond_the_end_is_one_fault(raw: RawFolder):
    raw.change("sources/alpha.yml", 'lines: "6", why: repeats', 'lines: "6-99999", why: repeats')
    assert [fault.split(": ", 1)[1] for fault in raw.faults()] == ["the source has 6 lines and no line 7; correct the line"]


def test_a_header_whose_date_is_wrong_is_one_fault_also_where_a_line_proves_it(raw: RawFolder):
    raw.change(BETA, 'published: "2023-12"', 'published: "2023-13"')
    raw.change(BETA, SAYS, SAYS + "      - {source: beta, describes: [published]}\n")
    assert len(raw.faults()) == 1


def test_an_unknown_zone_of_the_sheet_is_one_fault_and_not_one_for_each_date(raw: RawFolder):
    raw.change("sources/alpha.yml", "zone: America/Los_Angeles", "zone: Beijing time")
    (fault,) = raw.faults()
    assert fault.endswith(": Beijing time is not a time zone; write a name such as America/Los_Angeles")


def test_lines_set_aside_are_kept_with_their_reason(raw: RawFolder):
    assert [(s.line, s.why, s.of) for s in reading_of(raw, "alpha").set_aside] == [(1, "heading", None), (6, "repeats", 5)]


def test_private_life_may_stand_beside_claims_of_the_same_line(raw: RawFolder):
    raw.replace(BETA, (raw.folder / BETA).read_text() + '\nset_aside:\n  - {lines: "1", why: private_life}\n')
    assert raw.faults() == []


def test_lines_that_nothing_accounts_for_are_told_in_one_message(raw: RawFolder):
    raw.change("sources/alpha.yml", "line_count: 6", "line_count: 9999999")
    raw.change("sources/alpha.yml", '  - {lines: "1", why: heading}\n', "")
    assert raw.faults() == ["raw/sources/alpha.yml:1:1: lines 1, 7-9999999 of the source are unaccounted for; cite them or set them aside"]


def test_private_life_alone_accounts_for_a_line(raw: RawFolder):
    raw.change("sources/alpha.yml", '  - {lines: "1", why: heading}', '  - {lines: "1", why: private_life}')
    assert raw.faults() == []


def test_a_passage_that_says_no_more_than_a_name_does_not_account_for_a_line(raw: RawFolder):
    raw.change("sources/alpha.yml", "passages:\n", "passages:\n  - {line: 1, find: OpenAI, start: 0, says: [{organisation: openai}]}\n")
    assert raw.faults() == []
    raw.change("sources/alpha.yml", '  - {lines: "1", why: heading}\n', "")
    assert raw.faults() == ["raw/sources/alpha.yml:1:1: line 1 of the source is unaccounted for; cite it or set it aside"]


def test_a_name_alone_does_not_account_for_a_line(raw: RawFolder):
    raw.change("sources/alpha.yml", '  - {lines: "1", why: heading}\n', "")
    assert raw.faults() == ["raw/sources/alpha.yml:1:1: line 1 of the source is unaccounted for; cite it or set it aside"]


# Two such rows of set_aside would share an id.
def test_a_line_set_aside_twice_for_one_reason_is_a_fault(raw: RawFolder):
    raw.change("sources/alpha.yml", '  - {lines: "1", why: heading}', '  - {lines: "1, 1", why: heading}')
    assert len(raw.faults()) == 1


# line_coverage would count less than nothing as unaccounted for.
@pytest.mark.parametrize("blank", ["2, 9", "2, 2"])
def test_a_blank_line_beyond_the_end_or_told_twice_is_a_fault(raw: RawFolder, blank: str):
    raw.change("sources/alpha.yml", 'blank_lines: "2"', f'blank_lines: "{blank}"')
    assert len(raw.faults()) == 1


# It would claim nothing, and yet its line would count as cited.
def test_an_entry_on_a_source_that_says_nothing_is_a_fault(raw: RawFolder):
    raw.change("sources/alpha.yml", "{source: alpha, cites: gamma-original}", "{source: gamma-original}")
    assert any(fault.startswith("raw/sources/alpha.yml:50:") for fault in raw.faults())


def test_a_source_cannot_cite_a_person(raw: RawFolder):
    raw.change("sources/alpha.yml", "cites: gamma-original", "cites: [gamma-original, sam-altman]")
    assert any(fault.startswith("raw/sources/alpha.yml:50:") for fault in raw.faults())


def test_sheets_spread_over_processes_give_the_same_tables(raw: RawFolder, minimal: Result, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(batch, "SHEETS_A_BATCH", 1)
    monkeypatch.setattr(pipeline, "SHEETS_TO_FORK_FOR", 1)
    spread = raw.run()
    assert {name: list(rows) for name, rows in spread.tables.items()} == {name: list(rows) for name, rows in minimal.tables.items()}


def test_faults_of_sheets_spread_over_processes_keep_their_places(raw: RawFolder, monkeypatch: pytest.MonkeyPatch):
    raw.change("sources/beta.yml", "lang: en", "lang: tlh")
    raw.change("sources/beta.yml", "  id: beta\n", "  id: gamma\n")
    raw.change("sources/alpha.yml", "via: beta-news", "via: gamma")
    before = raw.faults()
    monkeypatch.setattr(batch, "SHEETS_A_BATCH", 1)
    monkeypatch.setattr(pipeline, "SHEETS_TO_FORK_FOR", 1)
    assert raw.faults() == before
    assert [fault.split(": ")[0] for fault in before] == ["raw/sources/beta.yml:2:7", "raw/sources/beta.yml:8:9"]


# qualifiers belong to what they qualify


def surety(raw: RawFolder, entry: str, subject: str, prop: str) -> list[tuple[str, str]]:
    """Return mode and certainty of what beta claims of a property once `entry` is added."""
    return [(claim.mode, claim.certainty) for claim in said(raw, entry, subject, prop)]


LEAVES = "departure: altman-openai-2023, reason: rest, certainty: possible"


def test_a_doubtful_reason_does_not_make_the_exit_doubtful(raw: RawFolder):
    assert surety(raw, f"{{{LEAVES}}}", "altman-openai-2023", "occurs") == [("fact", "certain")]


def test_the_doubt_stays_with_the_reason(raw: RawFolder):
    assert surety(raw, f"{{{LEAVES}}}", "altman-openai-2023", "reason") == [("fact", "possible")]


def test_a_qualifier_without_a_property_beside_it_qualifies_the_happening(raw: RawFolder):
    assert surety(raw, "{event: altman-returns, mode: plan}", "altman-returns", "occurs") == [("plan", "certain")]


def test_an_entry_may_say_that_its_qualifiers_are_of_all(raw: RawFolder):
    entry = f"{{{LEAVES}, mode: prediction, qualifies: all}}"
    assert surety(raw, entry, "altman-openai-2023", "occurs") == [("prediction", "possible")]


def test_the_name_that_a_source_uses_belongs_to_the_part_beside_it(raw: RawFolder):
    entry = "{event: altman-returns, participant: {sam-altman: returns}, as_named: Sam}"
    raw.change(BETA, SAYS, f"{SAYS}      - {entry.replace('returns}', 'speaker}')}\n")
    assert [c.as_named for c in claims_of(raw, "altman-returns", "occurs", "beta")] == [None]
    assert [c.as_named for c in claims_of(raw, "altman-returns", "participant", "beta")] == ["Sam"]


def test_whose_word_it_is_goes_with_both(raw: RawFolder):
    entry = f"{{{LEAVES}, by: mira-murati, via: alpha-news}}"
    (happening,) = said(raw, entry, "altman-openai-2023", "occurs")
    assert (happening.by, happening.via, happening.attribution) == ("mira-murati", "alpha-news", "named")


def test_of_two_entries_at_one_anchor_the_first_says_how_surely_it_happened(raw: RawFolder):
    raw.change(BETA, SAYS, f"{SAYS}      - {{departure: altman-openai-2023}}\n      - {{{LEAVES}, qualifies: all}}\n")
    found = claims_of(raw, "altman-openai-2023", "occurs", "beta")
    assert [(claim.mode, claim.certainty) for claim in found] == [("fact", "certain")]


@pytest.mark.parametrize("mode", ["plan", "joke"])
def test_a_post_that_is_only_planned_or_made_up_takes_over_the_mode(raw: RawFolder, mode: str):
    assert surety(raw, f"{{tenure: murati-ceo, mode: {mode}, certainty: possible}}", "openai-ceo", "occurs") == [(mode, "certain")]


# relations


def test_who_acts_for_another_is_one_value_with_both(raw: RawFolder):
    entry = "{event: altman-returns, participant: {mira-murati: {part: [speaker, negotiator], for: sam-altman}}}"
    assert [c.value for c in said(raw, entry, "altman-returns", "participant")] == [
        "mira-murati:speaker:sam-altman",
        "mira-murati:negotiator:sam-altman",
    ]


def test_one_for_whom_somebody_acts_must_be_known(raw: RawFolder):
    raw.change(BETA, SAYS, f"{SAYS}      - {{event: altman-returns, participant: {{mira-murati: {{part: speaker, for: sam-altmann}}}}}}\n")
    (fault,) = raw.faults()
    assert "there is no sam-altmann; did you mean sam-altman" in fault


def test_a_value_that_was_not_read_again_at_the_page_says_so(raw: RawFolder):
    (claim,) = said(raw, "{event: altman-returns, place_or_medium: Zoom, checked: notes}", "altman-returns", "place_or_medium")
    assert claim.checked == "notes"


def test_what_is_read_at_the_page_is_the_rule(minimal: Result):
    assert {row["checked"] for row in minimal.tables["claims"]} == {"page"}


# newsrooms


def test_what_a_sheet_cites_a_newsroom_for_comes_from_there_where_it_only_repeats_it(raw: RawFolder):
    raw.change("sources/alpha.yml", "{event: altman-returns, ", "{event: altman-returns, via: beta-news}\n      - {event: altman-returns, ")
    raw.change(
        "sources/alpha.yml",
        "{remark: murati-to-staff, by: mira-murati}",
        "{event: altman-returns}\n      - {remark: murati-to-staff, by: mira-murati}",
    )
    speakers = {claim.passage.line: claim.speaker for claim in claims_of(raw, "altman-returns", "occurs")}
    assert speakers == {4: "beta-news", 5: "beta-news"}


def test_what_somebody_else_says_of_it_keeps_its_own_voice(raw: RawFolder):
    raw.change("sources/alpha.yml", "{event: altman-returns, ", "{event: altman-returns, via: beta-news}\n      - {event: altman-returns, ")
    raw.change(
        "sources/alpha.yml",
        "{remark: murati-to-staff, by: mira-murati}",
        "{event: altman-returns, by: mira-murati}\n      - {remark: murati-to-staff, by: mira-murati}",
    )
    speakers = [claim.speaker for claim in claims_of(raw, "altman-returns", "occurs") if claim.by]
    assert speakers == ["alpha"]


def test_where_a_sheet_cites_two_newsrooms_for_a_thing_what_it_says_itself_is_its_own() -> None:
    told = [make_claim("occurs", "yes", via=via) for via in ("the-information", "bloomberg", None)]
    assert [claim.speaker for claim in with_newsrooms(told)] == ["the-information", "bloomberg", "one"]
