"""Numbers with comparators: their value, what they allow, and which contains which."""

from __future__ import annotations

from math import inf

import pytest
from leadership.amounts import join_amount, parse_amount


def contains(outer: str, inner: str) -> bool:
    return parse_amount(outer).contains(parse_amount(inner))


@pytest.mark.parametrize(
    ("text", "comparator", "value", "high", "bounds"),
    [
        ("770", "=", 770, None, (770, 770)),
        ("=770", "=", 770, None, (770, 770)),
        (">700", ">", 700, None, (700, inf)),
        (">=95", ">=", 95, None, (95, inf)),
        ("<700", "<", 700, None, (-inf, 700)),
        ("<=700", "<=", 700, None, (-inf, 700)),
        ("1-2", "between", 1, 2, (1, 2)),
        ("1.5-2.25", "between", 1.5, 2.25, (1.5, 2.25)),
    ],
)
def test_a_number_is_read_with_its_comparator_and_bounds(
    text: str, comparator: str, value: float, high: float | None, bounds: tuple[float, float]
):
    amount = parse_amount(text)
    assert (amount.comparator, amount.value, amount.value_high, (amount.low, amount.high)) == (comparator, value, high, bounds)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("~4000000000", 3.5e9, 4.5e9),
        ("~770", 765, 775),
        ("~100", 50, 150),
        ("~7", 6.5, 7.5),
        ("~1.5", 1.45, 1.55),
        ("~0", -0.5, 0.5),
    ],
)
def test_about_reaches_half_a_unit_of_the_last_digit_that_is_not_nought(text: str, low: float, high: float):
    amount = parse_amount(text)
    assert (amount.low, amount.high) == (low, high)


def test_whole_numbers_stay_whole_and_others_are_fractions():
    assert [type(parse_amount(text).value) for text in ("770", "3.0", "~4000000000")] == [int, float, int]


def test_a_plain_number_is_published_without_its_sign_of_equality():
    assert parse_amount("=770").text == "770"
    assert parse_amount("~770").text == "~770"


@pytest.mark.parametrize(
    ("text", "kept"),
    [("7.0", "7"), ("=7.00", "7"), ("~1.50", "~1.5"), (">0.0", ">0"), ("1.0-2.50", "1-2.5"), ("500000000000000000", "500000000000000000")],
)
def test_a_number_is_kept_in_one_form(text: str, kept: str):
    assert parse_amount(text).text == kept


@pytest.mark.parametrize(
    ("outer", "inner"),
    [
        ("~770", "770"),
        ("~770", "765-775"),
        (">700", "770"),
        (">700", ">=701"),
        (">700", ">700"),
        (">=700", ">700"),
        (">=700", "700"),
        ("<=700", "<700"),
        ("700-800", "770"),
        ("700-800", "~750"),
        ("770", "770"),
        ("1.50", "1.5"),
    ],
)
def test_the_wider_number_contains_the_narrower(outer: str, inner: str):
    assert contains(outer, inner)


@pytest.mark.parametrize(
    ("outer", "inner"),
    [
        ("770", "~770"),
        (">700", "700"),
        (">700", ">=700"),
        (">700", "700-800"),
        ("<700", "700"),
        ("<700", "<=700"),
        ("<700", "600-700"),
        ("700-800", ">700"),
        ("700-800", "801"),
        ("~770", "776"),
        ("770", "771"),
    ],
)
def test_a_number_does_not_contain_what_it_does_not_allow(outer: str, inner: str):
    assert not contains(outer, inner)


@pytest.mark.parametrize(
    "text", ["", "seven", "1,000", "1 000", "$5", "5%", "-5", "1.", ".5", ">=5-6", "~1-2", ">", "1-2-3", "1e9", "1234567890123456789"]
)
def test_what_is_not_a_number_is_refused(text: str):
    with pytest.raises(ValueError, match="; ") as error:
        parse_amount(text)
    assert str(error.value) == f"{text} is not a number; write 770, ~770, >700, <=700 or 1-2, without separators or unit"


@pytest.mark.parametrize("text", ["2-1", "1-1", "1-1.0"])
def test_a_range_that_does_not_rise_is_refused(text: str):
    with pytest.raises(ValueError, match="; ") as error:
        parse_amount(text)
    assert str(error.value) == f"{text} does not rise; write the smaller number first"


@pytest.mark.parametrize("text", ["007", "~00", "1-02", "00.5"])
def test_a_number_that_begins_with_a_nought_that_says_nothing_is_refused(text: str):
    with pytest.raises(ValueError, match="; ") as error:
        parse_amount(text)
    assert str(error.value) == f"{text} begins with a nought that says nothing; leave it out"


# A column of numbers would hold 123456789012345678 as …680.
@pytest.mark.parametrize("text", ["123456789012345678", "1-1234567890.123456", "~1234567890123456"])
def test_a_number_that_tables_would_change_is_refused(text: str):
    with pytest.raises(ValueError, match="; ") as error:
        parse_amount(text)
    assert str(error.value) == f"{text} has more than 15 digits that are not noughts at its end; round it as the source does"


# A Chinese input method types such digits; published as they are they would stand beside a rival 770.
def test_digits_of_full_width_are_refused():
    with pytest.raises(ValueError, match="is not a number"):
        parse_amount("７７０")


@pytest.mark.parametrize("text", ["770", "~4000000000", ">700", "<=0.000001", "1-2", "0.5-1.25", "123456789012345", "123456789012345000"])
def test_an_amount_can_be_put_together_again_from_its_cells(text: str):
    amount = parse_amount(text)
    assert join_amount(amount.comparator, amount.value, amount.value_high) == amount
