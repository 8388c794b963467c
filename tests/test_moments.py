"""Dates as readers write them: what is understood gives the instants of the tables, what is not gives nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from presentation.moments import instant_from, instant_to, is_ambiguous, unless_now

DAY = ("2023-11-20T08:00Z", "2023-11-21T08:00Z")  # of US Pacific
NOON = ("2023-11-20T20:00Z", "2023-11-20T20:00Z")


@pytest.mark.parametrize(
    "text",
    [
        "2023-11-20",
        " 2023-11-20 ",
        "2023/11/20",
        "2023.11.20",
        "20231120",
        "20.11.2023",
        "20/11/2023",
        "11/20/2023",
        "20 Nov 2023",
        "20 nov. 2023",
        "20th of November 2023",
        "November 20, 2023",
        "Nov 20th 2023",
        "Monday, 20 November 2023",
        "2023年11月20日",
        "星期一2023年11月20日",
        "星期一2023-11-20",
        "2023 年 11 月 20 号",
        "２０２３－１１－２０",
        "2023-11-20[America/Los_Angeles]",
        "2023-11-20 US Pacific",
    ],
)
def test_a_day_is_one_of_us_pacific(text: str) -> None:
    assert (instant_from(text), instant_to(text)) == DAY


@pytest.mark.parametrize(
    "text",
    [
        "2023-11-20 12:00",
        "2023-11-20T12:00",
        "2023-11-20T12:00:30",
        "20 November 2023 noon",
        "noon on 20 November 2023",
        "20 Nov 2023, 12 pm",
        "12 p.m. on Nov 20, 2023",
        "2023-11-20 12:00 PST",
        "2023-11-20 12:00 PT",
        "2023-11-20 12:00 Pacific time",
        "2023-11-20 3 PM ET",
        "2023-11-20 12:00 [America/Los_Angeles]",
        "2023-11-20T12:00[America/Los_Angeles]",
        "2023-11-20 15:00 America/New_York",
        "2023-11-20T20:00Z",
        "2023-11-20 20:00 UTC",
        "2023-11-20T12:00-08:00",
        "2023-11-20 12:00 -0800",
        "2023-11-20 23:00 UTC+3",
        "2023-11-21 04:00 Beijing time",
        "2023年11月21日凌晨4点 北京时间",
        "2023年11月20日中午12点",
        "2023年11月20日正午",
    ],
)
def test_a_clock_is_one_instant(text: str) -> None:
    assert (instant_from(text), instant_to(text)) == NOON


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("2024-07-01", ("2024-07-01T07:00Z", "2024-07-02T07:00Z")),  # summer time
        ("2024-11-03 01:30", ("2024-11-03T08:30Z", "2024-11-03T09:30Z")),  # comes twice, as summer time ends …
        ("2024-11-03 01:30 PDT", ("2024-11-03T08:30Z", "2024-11-03T08:30Z")),  # … and letters tell which
        ("2024-11-03 01:30 PST", ("2024-11-03T09:30Z", "2024-11-03T09:30Z")),
        ("2024-07-01 12:00 PST", ("2024-07-01T19:00Z", "2024-07-01T19:00Z")),  # the clock on the wall
        ("2023-11-20 evening", ("2023-11-21T02:00Z", "2023-11-21T08:00Z")),
        ("2023年11月20日下午3点半", ("2023-11-20T23:30Z", "2023-11-20T23:30Z")),
        ("2023-11-20 UTC", ("2023-11-20T00:00Z", "2023-11-21T00:00Z")),
        ("November 2023", ("2023-10-31T16:00Z", "2023-12-01T08:00Z")),  # a month has no zone, as in the tables
        ("2023年11月", ("2023-10-31T16:00Z", "2023-12-01T08:00Z")),
        ("2023", ("2022-12-31T16:00Z", "2024-01-01T08:00Z")),
        ("2024-21", ("2024-02-29T16:00Z", "2024-06-01T07:00Z")),
        ("16 Nov 2023 to 20 Nov 2023", ("2023-11-16T08:00Z", "2023-11-21T08:00Z")),
        ("20 Nov 2023 to 20 Nov 2023", DAY),
        ("20 Nov 2023 to November 2023", ("2023-11-20T08:00Z", "2023-12-01T08:00Z")),
        ("2023-11-16/2023-11-20", ("2023-11-16T08:00Z", "2023-11-21T08:00Z")),
        ("../2024-12", (None, "2025-01-01T08:00Z")),
    ],
)
def test_longer_and_shorter_periods_have_both_ends(text: str, bounds: tuple[str | None, str]) -> None:
    assert (instant_from(text), instant_to(text)) == bounds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "now",
        "11/12/2023",  # which is the month?
        "2023-11-20 12:00 CST",  # China or Chicago?
        "2023-02-30",
        "2024-03-10 02:30",  # skipped as summer time begins
        "30 February 2023",
        "2023-11-20 25:00",
        "2023-11-20 13 pm",
        "2023-11-20 12:00 +25",
        "2023-11-20 12:00[Nowhere/City]",
        "2023-11-20 or so",
        "20 Nov 2023 to 16 Nov 2023",
        "20 Nov 2023 to 19 Nov 2023",  # the days touch
        "../2020 to 2021",
        "2020 to 2021/..",
        "12:00",
        "November 2023 noon",
        "mayor 2023",
        "9999-12-31",
        "2023-11-20" * 50,
        None,
        20231120,
    ],
)
def test_what_is_not_wholly_understood_is_no_date(text: object) -> None:
    assert (instant_from(text), instant_to(text)) == (None, None)


@settings(derandomize=True, max_examples=300, deadline=None, database=None)
@given(text=st.one_of(st.text(max_size=30), st.text(alphabet="0123456789-:/ TZ[]+~apmnovdec年月日点半", max_size=24)))
def test_no_text_breaks_it(text: str) -> None:
    first, last = instant_from(text), instant_to(text)
    assert first is None or last is None or first <= last


@pytest.mark.parametrize(
    ("text", "is_open"),
    [("11/12/2023", True), ("1.2.2023 noon", True), ("11/11/2023", False), ("20/11/2023", False), ("2023-11-12", False)],
)
def test_a_date_is_ambiguous_if_either_number_may_be_the_month(text: str, is_open: bool) -> None:
    assert is_ambiguous(text) == is_open
    assert (instant_from(text) is None) == is_open


@pytest.mark.parametrize(
    ("text", "given"),
    [("", None), (" Today ", None), ("now", None), ("今天", None), ("現在", None), (" 2023-11-20 ", "2023-11-20"), (None, None)],
)
def test_nothing_today_and_now_are_left_to_whoever_asks(text: object, given: object) -> None:
    assert unless_now(text) == given
