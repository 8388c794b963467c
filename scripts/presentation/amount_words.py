"""Numbers in words: with their comparator and unit, and large ones in millions, billions or trillions (in Chinese in 万, 亿 and 万亿)."""

from __future__ import annotations

from collections.abc import Callable

from leadership.amounts import Amount, show_number

from .speaking import N_, code_words, is_chinese, say

COMPARATORS = {
    "~": N_("about "),
    "<": N_("less than "),
    ">": N_("more than "),
    "<=": N_("at most "),
    ">=": N_("at least "),
    "between": N_("from "),  # the lower number of a range, where the upper one is not at hand
}
SIZES = ((1e12, " trillion"), (1e9, " billion"), (1e6, " million"))
SIZES_ZH = ((1e12, "万亿"), (1e8, "亿"), (1e4, "万"))


def short_number(value: float) -> str:
    """Return a number as one reads it in a sentence or beside a bar, rounded if it is large: 2 trillion, 12.5 billion, 770."""
    for size, word in SIZES_ZH if is_chinese() else SIZES:
        if abs(value) >= size:
            return f"{value / size:,.{6 if is_chinese() else 4}g}{word}"
    return show_number(value).replace("-", "−")


def in_millions(number: float) -> str:
    """Write a number for readers, a large one in words where that loses nothing."""
    for size, word in SIZES_ZH if is_chinese() else SIZES:
        share = f"{number / size:.4g}"
        if abs(number) >= size and "e" not in share and float(share) * size == number:
            return f"{share}{word}"
    return show_number(number)


def short_amount(comparator: str | None, value: float, value_high: float | None = None) -> str:
    """Say a number that may be rounded, with its comparator; of a range both ends, if they are at hand."""
    if value_high is not None:
        return f"{short_number(value)}{say(' to ')}{short_number(value_high)}"
    return say(COMPARATORS.get(comparator or "", "")) + short_number(value)


def say_amount(amount: Amount, unit: str, unit_words: str, write: Callable[[float], str] = in_millions) -> str:
    """Say a number with its comparator and unit: “more than 1.4 trillion US dollars”, “15 billion to 25 billion US dollars”, “1 hour”.

    `unit` is its code, `unit_words` what the code is called in English; `write` says how the number is written.
    """
    numbers = [write(part) for part in (amount.value, amount.value_high) if part is not None]
    compared = COMPARATORS.get(amount.comparator) if len(numbers) == 1 else None
    number = (say(compared) if compared else "") + say(" to ").join(numbers)
    if is_chinese():
        return number + ("%" if unit == "percent" else code_words(unit, "unit") if unit else "")
    words = unit_words or code_words(unit)
    return f"{number} {words.removesuffix('s') if numbers == ['1'] and words.islower() else words}".rstrip()
