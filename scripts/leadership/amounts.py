"""Numbers as sources give them: `770`, `~4000000000`, `>700`, `1-2`. The comparator belongs to the value."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from math import inf, isfinite

AMOUNT = re.compile(r"(?P<comparator><=|>=|<|>|~|=)?(?P<value>[0-9]{1,18}(?:\.[0-9]{1,6})?)(?:-(?P<high>[0-9]{1,18}(?:\.[0-9]{1,6})?))?")

MOST_DIGITS = 15  # of a number that tables hold without changing it


@dataclass(frozen=True)
class Amount:
    """A number with its comparator; `low` and `high` bound what it allows (open ends are infinite).

    `text` is its one form: `7.0` and `=7` are `7`.
    """

    text: str
    comparator: str
    value: int | float
    value_high: int | float | None
    low: float
    high: float
    strict: bool = False

    def contains(self, other: Amount) -> bool:
        """Tell whether every number that `other` allows is allowed here too."""
        if self.strict and not other.strict and other.low == self.low != -inf:
            return False
        if self.strict and not other.strict and other.high == self.high != inf:
            return False
        return self.low <= other.low and other.high <= self.high


@lru_cache(maxsize=65536)
def parse_amount(text: str) -> Amount:
    """Read a number with its comparator. Raises ValueError with a sentence that says what to write."""
    match = AMOUNT.fullmatch(text)
    if not match or (match["comparator"] and match["high"]):
        raise ValueError(f"{text} is not a number; write 770, ~770, >700, <=700 or 1-2, without separators or unit")
    for number in filter(None, (match["value"], match["high"])):
        if len(number) > 1 and number[0] == "0" and number[1] != ".":
            raise ValueError(f"{text} begins with a nought that says nothing; leave it out")
        if len(Decimal(number).normalize().as_tuple().digits) > MOST_DIGITS:
            raise ValueError(f"{text} has more than {MOST_DIGITS} digits that are not noughts at its end; round it as the source does")
    value = _number(match["value"])
    comparator = match["comparator"] or "="
    if match["high"]:
        high = _number(match["high"])
        if high <= value:
            raise ValueError(f"{text} does not rise; write the smaller number first")
        return Amount(f"{write_number(value)}-{write_number(high)}", "between", value, high, value, high)
    low, high = _bounds(comparator, Decimal(match["value"]))
    shown = f"{'' if comparator == '=' else comparator}{write_number(value)}"
    return Amount(shown, comparator, value, None, low, high, strict=comparator in "<>")


def join_amount(comparator: str, value: int | float, value_high: int | float | None) -> Amount:
    """Put an amount together again from the cells into which it was taken apart."""
    if value_high is not None:
        return parse_amount(f"{write_number(value)}-{write_number(value_high)}")
    return parse_amount(f"{'' if comparator == '=' else comparator}{write_number(value)}")


def show_number(number: int | float) -> str:
    """Write a number for readers, with separators, and without decimals that say nothing: 4000000000.0 is 4,000,000,000."""
    return f"{_plain(number):,}"


def _plain(number: int | float) -> int | float:
    return int(number) if isfinite(number) and number == int(number) else number  # a column of numbers has 747.0


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)


def write_number(number: int | float) -> str:
    """Write a number as sources' sheets have it: without separators, exponent or decimals that say nothing."""
    return f"{Decimal(str(_plain(number))):f}"  # str alone writes small and large numbers with an exponent


def _bounds(comparator: str, value: Decimal) -> tuple[float, float]:
    """Bounds of an amount. “About” is taken to the last digit that is not a zero: ~4000000000 is 3.5 to 4.5 billion."""
    number = float(value)
    if comparator == "~":
        half = float(Decimal(5).scaleb(int(value.normalize().as_tuple().exponent) - 1)) if value else 0.5
        return number - half, number + half
    return {"=": (number, number), "<": (-inf, number), "<=": (-inf, number), ">": (number, inf), ">=": (number, inf)}[comparator]
