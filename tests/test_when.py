"""Dates: what they allow, what they contain, how they are published, and what is said of those that cannot be."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from leadership.when import EASTERNMOST, PARTS_OF_DAY, WESTERNMOST, clock_of, day_of, holding_bounds, parse_when, precision_of, sure_part
from presentation import moments, showing

PACIFIC = "America/Los_Angeles"
DETERMINISTIC = settings(derandomize=True, max_examples=200, deadline=None, database=None)

ZONES = st.sampled_from(["", "[America/Los_Angeles]", "[Asia/Shanghai]", "[UTC]"])
DAYS = st.dates(date(1990, 1, 1), date(2060, 1, 1)).map(date.isoformat)
PERIODS = st.builds(lambda day, length: day[:length], DAYS, st.sampled_from([4, 7]))
SEASONS = st.builds(lambda day, code: f"{day[:4]}-{code}", DAYS, st.sampled_from([21, 22, 23, 24, 40, 41]))
CLOCKS = st.sampled_from(["", "T00:00", "T12:30", "T23:59", "Tmorning", "Tevening"])
SINGLE = st.builds(lambda day, clock, zone, about: day + clock + zone + about, DAYS, CLOCKS, ZONES, st.sampled_from(["", "~"]))
DATES = st.one_of(SINGLE, PERIODS, SEASONS, SINGLE.map("../{}".format), SINGLE.map("{}/..".format))
NEARLY_DATES = st.text(alphabet="0123456789-/.T:~[]_+ abmorningUTC二０²", max_size=24)


def bounds(text: str, zone: str = "unknown") -> tuple[str | None, str | None]:
    when = parse_when(text, zone)
    return when.earliest, when.latest


def refusal(text: str, zone: str = "unknown") -> str:
    with pytest.raises(ValueError, match="; ") as error:
        parse_when(text, zone)
    return str(error.value)


def test_a_day_without_zone_reaches_from_beijing_to_pacific():
    assert bounds("2023-11-17") == ("2023-11-16T16:00Z", "2023-11-18T08:00Z")


def test_a_day_takes_the_zone_of_its_sheet():
    assert bounds("2023-11-17", PACIFIC) == ("2023-11-17T08:00Z", "2023-11-18T08:00Z")


def test_a_day_keeps_its_own_zone_against_that_of_its_sheet():
    assert bounds("2023-11-17[Asia/Shanghai]", PACIFIC) == ("2023-11-16T16:00Z", "2023-11-17T16:00Z")


def test_the_zone_that_a_day_takes_is_shown_in_its_text():
    assert parse_when("2023-11-17", PACIFIC).text == "2023-11-17[America/Los_Angeles]"
    assert parse_when("2023-11-17~", PACIFIC).text == "2023-11-17[America/Los_Angeles]~"
    assert parse_when("2023-11-17").text == "2023-11-17"


def test_a_month_and_a_year_take_no_zone_from_their_sheet():
    assert parse_when("2023-11", PACIFIC) == parse_when("2023-11")
    assert bounds("2023", PACIFIC) == ("2022-12-31T16:00Z", "2024-01-01T08:00Z")


def test_a_month_in_a_zone_of_its_own_is_bounded_there():
    assert bounds("2023-12[America/Los_Angeles]") == ("2023-12-01T08:00Z", "2024-01-01T08:00Z")


def test_a_clock_time_with_zone_is_one_instant():
    assert bounds("2023-11-17T12:00[America/Los_Angeles]") == ("2023-11-17T20:00Z", "2023-11-17T20:00Z")


def test_a_clock_time_without_zone_may_be_either_zone_s():
    assert bounds("2023-11-17T12:00") == ("2023-11-17T04:00Z", "2023-11-17T20:00Z")


def test_a_clock_time_in_summer_is_converted_with_summer_time():
    assert bounds("2024-07-01T12:00[America/Los_Angeles]") == ("2024-07-01T19:00Z", "2024-07-01T19:00Z")


@pytest.mark.parametrize(
    ("part", "first", "last"),
    [
        ("early_morning", "2023-11-16T00:00Z", "2023-11-16T06:00Z"),
        ("morning", "2023-11-16T06:00Z", "2023-11-16T12:00Z"),
        ("afternoon", "2023-11-16T12:00Z", "2023-11-16T18:00Z"),
        ("evening", "2023-11-16T18:00Z", "2023-11-17T00:00Z"),
    ],
)
def test_a_part_of_the_day_has_six_hours(part: str, first: str, last: str):
    assert bounds(f"2023-11-16T{part}[UTC]") == (first, last)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024-21", "2024-02-29T16:00Z", "2024-06-01T07:00Z"),
        ("2024-22", "2024-05-31T16:00Z", "2024-09-01T07:00Z"),
        ("2024-23", "2024-08-31T16:00Z", "2024-12-01T08:00Z"),
        ("2024-24", "2024-11-30T16:00Z", "2025-03-01T08:00Z"),
        ("2023-40", "2022-12-31T16:00Z", "2023-07-01T07:00Z"),
        ("2023-41", "2023-06-30T16:00Z", "2024-01-01T08:00Z"),
    ],
)
def test_a_season_has_three_months_and_a_half_year_six(text: str, first: str, last: str):
    assert bounds(text) == (first, last)


def test_about_a_year_allows_the_year_before_and_the_year_after():
    assert bounds("2014~") == ("2012-12-31T16:00Z", "2016-01-01T08:00Z")


def test_about_a_clock_time_allows_half_an_hour_either_way():
    assert bounds("2023-11-17T12:00[UTC]~") == ("2023-11-17T11:30Z", "2023-11-17T12:30Z")


def test_an_interval_reaches_from_the_start_of_the_first_to_the_end_of_the_second():
    assert bounds("2018/2020-03[UTC]") == ("2017-12-31T16:00Z", "2020-04-01T00:00Z")


def test_an_interval_may_be_open_at_one_end():
    assert bounds("../2024-08-06[UTC]") == (None, "2024-08-07T00:00Z")
    assert bounds("2018-01-01[UTC]/..") == ("2018-01-01T00:00Z", None)


def test_both_ends_of_an_interval_take_the_zone_of_the_sheet():
    assert parse_when("2023-11-17/2023-11-21", "UTC").text == "2023-11-17[UTC]/2023-11-21[UTC]"


def test_a_date_within_one_day_of_the_same_zone_is_an_interval_too():
    assert bounds("2023-11-17[UTC]/2023-11-17[UTC]") == ("2023-11-17T00:00Z", "2023-11-18T00:00Z")


def test_a_month_contains_its_days_and_not_those_of_the_next():
    assert parse_when("2023-11[UTC]").contains(parse_when("2023-11-17[UTC]"))
    assert not parse_when("2023-11[UTC]").contains(parse_when("2023-12-01[UTC]"))
    assert not parse_when("2023-11-17[UTC]").contains(parse_when("2023-11[UTC]"))


def test_a_day_without_zone_contains_the_same_day_in_beijing_and_in_california():
    assert parse_when("2023-11-17").contains(parse_when("2023-11-17[Asia/Shanghai]"))
    assert parse_when("2023-11-17").contains(parse_when("2023-11-17[America/Los_Angeles]"))


def test_the_same_moment_in_two_zones_contains_itself_both_ways():
    here, there = parse_when("2023-11-17T12:00[America/Los_Angeles]"), parse_when("2023-11-18T04:00[Asia/Shanghai]")
    assert here.contains(there)
    assert there.contains(here)


def test_an_open_end_contains_every_later_date_and_no_date_contains_an_open_end():
    assert parse_when("2018/..").contains(parse_when("2024"))
    assert not parse_when("2018/..").contains(parse_when("2017"))
    assert not parse_when("2018/2024").contains(parse_when("2018/.."))
    assert not parse_when("2018/..").contains(parse_when("../2020"))


def test_a_day_ends_where_the_next_begins_and_does_not_contain_that_midnight():
    day, midnight = parse_when("2023-11-17[UTC]"), parse_when("2023-11-18T00:00[UTC]")
    assert (day.latest, midnight.earliest) == ("2023-11-18T00:00Z", "2023-11-18T00:00Z")
    assert not day.contains(midnight)
    assert day.contains(parse_when("2023-11-17T00:00[UTC]"))
    assert parse_when("2023-11-17T09:00[UTC]/2023-11-18T00:00[UTC]").contains(midnight)


@pytest.mark.parametrize(
    ("text", "coarse"), [("2023", True), ("2023-11", True), ("2023-11-17/2024", True), ("2023-11-17", False), ("../2023-11-17", False)]
)
def test_what_ends_with_a_month_or_a_year_is_coarse(text: str, coarse: bool):
    assert parse_when(text).is_coarse is coarse


def test_a_date_without_zone_can_be_bounded_as_on_one_calendar_and_one_with_a_zone_stays():
    november = parse_when("2023-11")
    assert november.bounds_in(EASTERNMOST) == ("2023-10-31T16:00Z", "2023-11-30T16:00Z")
    assert november.bounds_in(WESTERNMOST) == ("2023-11-01T07:00Z", "2023-12-01T08:00Z")
    assert parse_when("2023-11-17[UTC]/..").bounds_in(WESTERNMOST) == ("2023-11-17T00:00Z", None)


def test_a_day_of_unknown_zone_in_a_sheet_that_has_one_is_kept_as_a_day_without_zone():
    for text in ("2023-11-17", "2023-11-17Tevening", "2023-11-17~", "2023-11"):
        marked = text.removesuffix("~") + "[unknown]" + "~" * text.endswith("~")
        assert parse_when(marked, PACIFIC) == parse_when(text)
    assert parse_when("2023-11-17[unknown]/2023-11-18", PACIFIC).text == "2023-11-17/2023-11-18[America/Los_Angeles]"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("2023-11-17T12:00[America/Los_Angeles]", "2023-11-17"),
        ("2023-11-17", "2023-11-17"),
        ("2023-11", "2023-11"),
        ("2023", "2023"),
        ("2023-11-17~", "2023-11"),
        ("2023-11~", "2023"),
        ("2023-01~", None),
        ("2023~", None),
        ("2023-21", "2023"),
        ("2023-24", None),
        ("2023-11/2023-11-20", "2023-11"),
        ("2025-12/2026", None),
        ("../2026-11-26", None),
        ("2026-11-26/..", None),
    ],
)
def test_of_year_month_and_day_only_what_is_sure_is_given(text: str, part: str | None):
    assert sure_part(text) == part


@pytest.mark.parametrize("text", ["2023-02-29", "2023-11-31", "2023-11-00"])
def test_a_day_that_does_not_exist_is_refused(text: str):
    assert refusal(text) == f"{text} is not a date: there is no such day; look it up in the source"


@pytest.mark.parametrize("text", ["2023-00", "2023-13", "2023-25", "2023-00-00", "2023-13-05", "2024-21-05"])
def test_a_month_that_does_not_exist_is_refused_as_such(text: str):
    assert refusal(text) == f"{text} is not a date: there is no such month; look it up in the source"


@pytest.mark.parametrize("text", ["2023-11-17T24:00", "2023-11-17T12:60", "2023-11-17T25:00[UTC]"])
def test_a_clock_time_that_does_not_exist_is_refused_as_such(text: str):
    assert refusal(text) == f"{text} is not a date: there is no such time of day; look it up in the source"


@pytest.mark.parametrize(
    "text", ["", "2023-1", "23-11-17", "2023/11/17", "Nov 2023", "2023-11-17 12:00", "2023-11-17T9:00", "2023-11-17[]", "2023~~"]
)
def test_what_is_not_written_as_a_date_is_refused(text: str):
    assert refusal(text).endswith(" is not a date; write YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDTHH:MM[Zone], in quotes")


def test_an_unknown_part_of_the_day_is_refused():
    assert (
        refusal("2023-11-17Tnoon") == "2023-11-17Tnoon is not a date: its clock time must name a part of the day; look it up in the source"
    )


def test_an_unknown_zone_is_refused():
    assert (
        refusal("2023-11-17[America/San_Francisco]") == "America/San_Francisco is not a time zone; write a name such as America/Los_Angeles"
    )
    assert refusal("2023-11-17", "Beijing time") == "Beijing time is not a time zone; write a name such as America/Los_Angeles"


@pytest.mark.parametrize("zone", ["Etc/GMT+8", "Etc/GMT-14", "America/Port-au-Prince", "UTC"])
def test_a_zone_s_name_may_have_digits_and_signs(zone: str):
    assert parse_when(f"2023-11-17T12:00[{zone}]").text == f"2023-11-17T12:00[{zone}]"


@pytest.mark.parametrize("zone", ["/etc/localtime", "zone1970", "", "localtime", "posixrules", "Factory", "EST5EDT"])
def test_what_names_a_file_a_machine_or_nothing_is_not_a_zone(zone: str):
    assert refusal("2023-11-17", zone) == f"{zone} is not a time zone; write a name such as America/Los_Angeles"


# ZoneInfo raises IsADirectoryError for a folder of the time zone database.
def test_a_folder_of_zones_is_not_a_zone():
    assert refusal("2023-11-17[America]") == "America is not a time zone; write a name such as America/Los_Angeles"


def test_an_interval_without_ends_is_refused():
    assert refusal("../..") == "../.. says nothing; give the interval at least one end"


# Also where the two ends touch or overlap: the starts are compared with each other, and the ends.
@pytest.mark.parametrize("text", ["2024/2022", "2024/2023", "2023-12/2023-11", "2023-11-18/2023-11-17", "2023-11-18[UTC]/2023-11-17[UTC]"])
def test_an_interval_that_ends_before_it_starts_is_refused(text: str):
    assert refusal(text) == f"{text} ends before it starts; swap the two"


@pytest.mark.parametrize("text", ["2023/2023-03", "2023-03/2023", "2023-11-17/2023-11-17"])
def test_an_interval_may_begin_or_end_within_its_other_end(text: str):
    assert parse_when(text).text == text


@pytest.mark.parametrize("text", ["2022/2023/2024", "../../2024", "../" * 3000 + "2024"], ids=["years", "dots", "thousands"])
def test_an_interval_has_two_ends_and_no_more(text: str):
    assert "is not a date" in refusal(text)


# A Chinese input method types such digits; `\d` would match them.
def test_digits_of_full_width_are_refused():
    assert "is not a date" in refusal("２０２３-11")


@pytest.mark.parametrize("text", ["0000", "9999", "9999-12-31", "0001-01-01"])
def test_a_year_beyond_the_calendar_is_refused(text: str):
    assert "is not a date" in refusal(text)


# Such a year can only be a slip; its bounds would not sort if they were not padded to four digits.
def test_a_year_before_1000_is_refused_or_sorts_rightly():
    try:
        first, last = bounds("0999")
    except ValueError:
        return
    assert first <= last


@DETERMINISTIC
@given(st.one_of(NEARLY_DATES, st.text(max_size=30)), st.sampled_from(["unknown", "UTC", PACIFIC, "nowhere", ""]))
def test_parsing_raises_nothing_but_value_error(text: str, zone: str):
    try:
        parse_when(text, zone)
    except ValueError as error:
        assert "; " in str(error)  # noqa: PT017 (a date that can be read is as good)


@DETERMINISTIC
@given(DATES)
def test_the_earliest_instant_is_never_after_the_latest(text: str):
    first, last = bounds(text)
    assert first is None or last is None or first <= last


@DETERMINISTIC
@given(DATES, st.sampled_from(["unknown", "UTC", PACIFIC]))
def test_the_published_text_is_read_as_the_same_date_in_any_sheet(text: str, zone: str):
    when = parse_when(text, zone)
    assert parse_when(when.text, zone) == when


@DETERMINISTIC
@given(DATES)
def test_every_date_contains_itself(text: str):
    assert parse_when(text).contains(parse_when(text))


@DETERMINISTIC
@given(DAYS, st.integers(0, 4), st.lists(ZONES, min_size=3, max_size=3))
def test_what_contains_a_container_contains_what_is_in_it(day: str, clock: int, zones: list[str]):
    outer, middle, inner = (
        parse_when(text)
        for text in (
            day[:4] + zones[0],
            day[:7] + zones[1],
            day + ["", "T00:00", "T12:30", "Tmorning", "Tevening"][clock] + zones[2],
        )
    )
    if outer.contains(middle) and middle.contains(inner):
        assert outer.contains(inner)


@DETERMINISTIC
@given(DATES, DATES, DATES)
def test_containment_is_transitive_between_any_dates(one: str, two: str, three: str):
    first, second, third = parse_when(one), parse_when(two), parse_when(three)
    if first.contains(second) and second.contains(third):
        assert first.contains(third)


@DETERMINISTIC
@given(DATES, DATES)
def test_two_dates_contain_each_other_only_if_their_bounds_are_the_same(one: str, two: str):
    if parse_when(one).contains(parse_when(two)) and parse_when(two).contains(parse_when(one)):
        assert bounds(one) == bounds(two)


# days to compute with, precision, and what a date makes certain of a holder


@pytest.mark.parametrize(
    ("text", "precision", "day"),
    [
        ("2023-11-17T12:00[America/Los_Angeles]", "minute", "2023-11-17"),
        ("2023-11-19T09:02[Asia/Shanghai]", "minute", "2023-11-18"),  # a day earlier on the Pacific clock
        ("2023-11-16Tevening[America/Los_Angeles]", "part_of_day", "2023-11-16"),
        ("2023-11-17", "day", "2023-11-17"),  # no zone: as written
        ("2023-11-17[Asia/Shanghai]", "day", "2023-11-16"),  # more of it is the 16th there
        ("2023-11", "month", None),
        ("2024-21", "season", None),
        ("2023-40", "half_year", None),
        ("2024", "year", None),
        ("2023-11-17~", "approximate", None),
        ("2023-11-17/2023-11-19", "interval", None),
        ("2023-11-17T09:00[America/Los_Angeles]/2023-11-17T11:00[America/Los_Angeles]", "interval", "2023-11-17"),
        ("../2023-11-22", "interval", None),
    ],
)
def test_only_what_is_precise_to_a_day_has_a_day_on_the_pacific_calendar(text: str, precision: str, day: str | None):
    when = parse_when(text)
    assert (precision_of(when), day_of(when)) == (precision, day)


def test_a_zone_that_a_day_takes_from_its_sheet_counts_for_its_plain_day_too():
    assert day_of(parse_when("2023-11-17", "Asia/Shanghai")) == "2023-11-16"


def test_a_day_with_a_zone_is_held_whole_and_one_without_on_the_part_that_all_zones_share():
    assert holding_bounds(parse_when("2023-11-17[America/Los_Angeles]")) == ("2023-11-17T08:00Z", "2023-11-18T08:00Z")
    assert holding_bounds(parse_when("2023-11-17")) == ("2023-11-17T08:00Z", "2023-11-17T16:00Z")


def test_a_day_without_zone_makes_certain_neither_beijing_s_morning_nor_california_s_evening():
    first, last = holding_bounds(parse_when("2023-11-17")) or ("", "")
    beijing_morning, noon_in_between, pacific_evening = "2023-11-17T00:00Z", "2023-11-17T12:00Z", "2023-11-18T04:00Z"
    assert not first <= beijing_morning < last
    assert first <= noon_in_between < last
    assert not first <= pacific_evening < last


def test_a_part_of_a_day_without_zone_that_no_two_zones_share_makes_nothing_certain():
    first, last = holding_bounds(parse_when("2023-11-17Tevening")) or ("", "")
    assert first > last


@pytest.mark.parametrize("text", ["2023-11", "2023", "2023-11-17~", "2023-11-17/2023-12-01"])
def test_a_longer_period_makes_certain_only_what_lies_between_two_of_them(text: str):
    when = parse_when(text)
    assert holding_bounds(when) == (when.latest, when.earliest)


def test_an_interval_with_an_open_end_makes_nothing_certain():
    assert holding_bounds(parse_when("2023-11-17/..")) is None


def test_a_clock_time_that_comes_twice_when_summer_time_ends_is_two_bounds():
    when = parse_when("2023-11-05T01:30[America/Los_Angeles]")
    assert (when.earliest, when.latest) == ("2023-11-05T08:30Z", "2023-11-05T09:30Z")
    once = parse_when("2023-11-05T02:30[America/Los_Angeles]")
    assert (once.earliest, once.latest) == ("2023-11-05T10:30Z", "2023-11-05T10:30Z")


def test_a_clock_time_that_is_skipped_when_summer_time_begins_is_refused():
    with pytest.raises(ValueError, match="the clocks of its zone skip that time, when summer time begins; look it up in the source"):
        parse_when("2024-03-10T02:30[America/Los_Angeles]")
    assert parse_when("2024-03-10T03:30[America/Los_Angeles]").earliest == "2024-03-10T10:30Z"


@pytest.mark.parametrize(
    ("date", "clock"),
    [
        ("2023-11-17T12:28[America/Los_Angeles]", "12:28"),
        ("2023-11-17T12:00[America/Los_Angeles]~", "12:00"),
        ("2023-11-19Tevening[America/Los_Angeles]/2023-11-20Tearly_morning[America/Los_Angeles]", "18:00"),
        ("2023-11-20Tearly_morning", "00:00"),
        ("2023-11-20", None),
        ("../2023-11-20Tmorning", None),
        ("2023-11", None),
    ],
)
def test_the_clock_of_a_date_is_its_own_or_that_at_which_its_part_of_the_day_begins(date: str, clock: str | None):
    assert clock_of(date) == clock


def test_each_part_of_the_day_has_its_words_and_is_understood():
    assert list(showing.PARTS) == list(PARTS_OF_DAY)
    assert set(moments.PARTS.values()) == set(PARTS_OF_DAY)
    for part, words in showing.PARTS.items():
        assert moments.read_moment(f"17 November 2023 {words}").text == f"2023-11-17T{part}[America/Los_Angeles]"
        assert showing.amid(f"17 November 2023, {words}") == f"the {words} of 17 November 2023"
