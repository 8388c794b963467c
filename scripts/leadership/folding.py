"""Text as the full-text index and the search box both see it.

SQLite's tokenizers split Chinese badly: unicode61 takes a whole run of characters for one word. So a space is put around
every Chinese character, and traditional characters are folded into simplified ones with OpenCC's character table, on both
sides of the search; then a word of one, two or more characters is found as a phrase, in either script. Characters that
Unicode holds for forms of others (fullwidth letters, ligatures) are those others: NFKC.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from opencc import OpenCC

RANGES = ((0x2E80, 0x2FFF), (0x3005, 0x3007), (0x3021, 0x3029), (0x31C0, 0x31EF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF))
CJK = "".join(f"{chr(first)}-{chr(last)}" for first, last in RANGES)
HAS_CJK = re.compile(f"[{CJK}]")
RUN = re.compile(f"[{CJK}]+|[^{CJK}]+")
LETTER = re.compile(r"[^\W\d_]")
WORD = re.compile(r"[^\W_]+")
FINDS_NOTHING = '""'
ACCENTS = re.compile("[\u0300-\u036f]+")


@lru_cache(maxsize=1)
def _simplified() -> dict[int, str]:
    """Return the table from traditional to simplified characters, one character at a time."""
    characters = [chr(code) for first, last in RANGES for code in range(first, last + 1)]
    folded = OpenCC("t2s").convert("\n".join(characters)).split("\n")
    return {ord(old): new for old, new in zip(characters, folded, strict=True) if old != new}


@lru_cache(maxsize=1)
def _spaced() -> dict[int, str]:
    """Return the table that simplifies every Chinese character and puts a space on either side of it."""
    simplified = _simplified()
    return {code: f" {simplified.get(code, chr(code))} " for first, last in RANGES for code in range(first, last + 1)}


@lru_cache(maxsize=1)
def _traditional() -> re.Pattern[str]:
    return re.compile(f"[{''.join(map(chr, _simplified()))}]")


def normalize(text: str) -> str:
    """Write each character in its plain form (NFKC): `ＯｐｅｎＡＩ` becomes `OpenAI`."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def simplify(text: str) -> str:
    """Write characters in their plain form, and traditional ones as simplified ones, one by one."""
    return text if text.isascii() else normalize(text).translate(_simplified())


def fold(text: str) -> str:
    """Return text for the index: in plain characters, simplified, with a space around every Chinese character."""
    text = normalize(text)
    return " ".join(text.translate(_spaced()).split()) if HAS_CJK.search(text) else text


def tokens(text: str) -> list[str]:
    """Return the words of a text as the index cuts them: small letters, no accents, one Chinese character each."""
    if not text.isascii():
        text = ACCENTS.sub("", unicodedata.normalize("NFKD", fold(text)))
    return WORD.findall(text.lower())


def split_scripts(word: str) -> list[str]:
    """Cut a word where Chinese and other letters meet: `ceo是谁` into `ceo` and `是谁`. Figures stay where they stand: `2023年11月`."""
    parts: list[str] = []
    was_letters = False
    for run in RUN.findall(normalize(word)):
        is_letters = bool(LETTER.search(run))
        if parts and not (is_letters and was_letters):
            parts[-1] += run
        else:
            parts.append(run)
        was_letters = is_letters
    return parts


def has_cjk(text: str) -> bool:
    """Tell whether any character of the text is Chinese."""
    return bool(HAS_CJK.search(text))


def is_traditional(text: str) -> bool:
    """Tell whether the text has characters that simplified script writes otherwise."""
    return bool(_traditional().search(text))


def search_words(query: object) -> str:
    """Return the MATCH expression for what a reader typed; where there is nothing to look for, one that finds nothing.

    An empty expression would be an error of syntax.
    """
    return (match_expression(query) if isinstance(query, str) else "") or FINDS_NOTHING


def match_expression(query: str) -> str:
    """Turn what a person typed into an FTS5 query: every word must occur, text in double quotes as a phrase.

    A Chinese word becomes a phrase of its characters, an English word also finds the words that begin with it, and a word in
    two scripts is two words. Nothing of the input is read as FTS5 syntax, so no input can break the query. Returns `""` if
    there is nothing to look for.
    """
    words: list[str] = []
    for position, piece in enumerate(normalize(query).split('"')):
        phrases = [piece] if position % 2 else [part for word in piece.split() for part in split_scripts(word)]
        for phrase in phrases:
            found = re.findall(r"\w+", fold(phrase))
            if found:
                prefix = "" if position % 2 or has_cjk(found[-1]) else "*"
                words.append('"' + " ".join(found) + '"' + prefix)
    return " ".join(words)
