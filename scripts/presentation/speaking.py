"""The language in which pages speak: phrases from one catalogue, and names of things as that language writes them.

English stands in the source: `say("%(n)s claims", n=3)`. The other language is looked up in the catalogue of phrases
(`locale/zh_Hans/LC_MESSAGES/site.po`), which is compiled when it is first needed, so that it is never older than its text. A phrase that
is missing there stays English. `SPOKEN` holds the language for the request that is being answered; without one it is English.
"""

from __future__ import annotations

import gettext as _gettext
import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

ENGLISH, CHINESE = "en", "zh"
LANGUAGES = {ENGLISH: "English", CHINESE: "中文"}  # by the beginning of their addresses; English has none
TAGS = {ENGLISH: "en", CHINESE: "zh-Hans"}  # as HTML names them
CATALOGUE = Path(__file__).parent / "locale" / "zh_Hans" / "LC_MESSAGES" / "site.po"
SPOKEN: ContextVar[str] = ContextVar("language", default=ENGLISH)

# Codes whose own letters say it less well than the label of the code.
PLAIN_WORDS = {"poached": "hired away", "usd": "US dollars", "cny": "renminbi", "eur": "euros", "gbp": "pounds sterling"}


class Vocabulary(NamedTuple):
    """What the things of one dataset are called in Chinese."""

    names: dict[str, str]  # by what they are called in English: people, bodies, posts, events, codes in words
    originals: dict[str, str]  # the way back
    codes: dict[str, str]  # by code
    codes_of: dict[tuple[str, str], str]  # the same by list and code: a `post` is one thing among sources and another among subjects


LEARNED: WeakKeyDictionary[object, Vocabulary] = WeakKeyDictionary()  # by site, because one process may have several
# The vocabulary of the site whose request is being answered; outside of requests that of the last one that was learned.
VOCABULARY: ContextVar[Vocabulary | None] = ContextVar("vocabulary", default=None)
_latest = Vocabulary({}, {}, {}, {})


class Phrase(str):
    """A phrase that stands in a table of phrases and is put into the reader's language where it is shown."""

    __slots__ = ()


def N_(text: str) -> Phrase:  # noqa: N802 (the name by which tools find phrases)
    """Mark a phrase that is shown later."""
    return Phrase(text)


@contextmanager
def speaking_english() -> Iterator[None]:
    """Speak English for a while, where words are read again by a program."""
    token = SPOKEN.set(ENGLISH)
    try:
        yield
    finally:
        SPOKEN.reset(token)


def is_chinese() -> bool:
    """Tell whether Chinese is spoken."""
    return SPOKEN.get() == CHINESE


@lru_cache(maxsize=1)
def catalogue() -> _gettext.NullTranslations:
    """Return the phrases in Chinese, compiled from the catalogue."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with CATALOGUE.open("rb") as file:
        phrases = read_po(file, locale="zh_Hans")
    compiled = io.BytesIO()
    write_mo(compiled, phrases)
    compiled.seek(0)
    return _gettext.GNUTranslations(compiled)


def gettext(text: str) -> str:
    """Return a phrase in the language that is spoken."""
    return catalogue().gettext(text) if is_chinese() and text else str(text)


def ngettext(one: str, many: str, number: int) -> str:
    """Return a phrase that depends on a number."""
    if is_chinese():
        return catalogue().ngettext(one, many, number)
    return one if number == 1 else many


def pgettext(context: str, text: str) -> str:
    """Return a phrase whose meaning depends on where it stands."""
    return catalogue().pgettext(context, text) if is_chinese() else text


def npgettext(context: str, one: str, many: str, number: int) -> str:
    """Return a phrase that depends on a number and on where it stands."""
    if is_chinese():
        return catalogue().npgettext(context, one, many, number)
    return one if number == 1 else many


def say(text: str, **values: Any) -> str:
    """Return a phrase with values in the places that it names: “%(name)s left”."""
    found = gettext(text)
    return found % {name: _shown(value) for name, value in values.items()} if values else found


def _shown(value: Any) -> Any:
    if isinstance(value, Phrase):
        return gettext(value)
    return named(value) if isinstance(value, str) else value


def say_many(one: str, many: str, number: int, **values: Any) -> str:
    """Return a phrase that depends on a number, which stands in it as `%(n)s`."""
    return ngettext(one, many, number) % {"n": f"{number:,}", **values}


def count_of(number: int, noun: str, many: str = "") -> str:
    """Return a number with its noun: `1 claim`, `2 claims`; the catalogue has each noun that is counted so."""
    return say_many(f"%(n)s {noun}", f"%(n)s {many or noun + 's'}", number)


def learn(
    site: object, names: Iterable[tuple[str, str]], codes: dict[str, str], codes_of: dict[tuple[str, str], str] | None = None
) -> None:
    """Take up what a site's things are called: (English, Chinese); a name of several things that Chinese tells apart stays English."""
    global _latest
    found: dict[str, set[str]] = {}
    for english, chinese in names:
        found.setdefault(english, set()).add(chinese)
    known = {english: next(iter(ways)) for english, ways in found.items() if len(ways) == 1 and ways != {english}}
    _latest = LEARNED[site] = Vocabulary(known, {chinese: english for english, chinese in known.items()}, codes, codes_of or {})


def vocabulary() -> Vocabulary:
    """Return what things are called where words are looked for now."""
    return VOCABULARY.get() or _latest


def named(label: str) -> str:
    """Return what something is called in the language that is spoken, its label if that is the same."""
    if not is_chinese() or not label:
        return label
    names, codes = vocabulary().names, vocabulary().codes
    if label in names:
        return names[label]
    name, opened, rest = label.partition(" (")
    capacity = codes.get(rest.removesuffix(")")) if opened and rest.endswith(")") else None  # “Mira Murati (interim)”
    return f"{names.get(name, name)}（{capacity}）" if capacity else label


def original(text: str) -> str:
    """Return the English label of what a reader wrote in either language."""
    return vocabulary().originals.get(text, text)


def code_words(code: str | None, of: str = "") -> str:
    """Return a code in words; `of` names its list where that is known, because several lists may have one code."""
    codes = vocabulary().codes
    if is_chinese() and code in codes:
        return vocabulary().codes_of.get((of, code), codes[code])
    return PLAIN_WORDS.get(code or "") or (code or "").replace("_", " ")


def joined(words: Iterable[str]) -> str:
    """Join words of a list that goes on: “a, b”."""
    return ("、" if is_chinese() else ", ").join(words)


def joined_last(words: Iterable[str]) -> str:
    """Join words of a list that is complete: “a, b and c”."""
    *most, last = list(words) or [""]
    if is_chinese():
        return f"{'、'.join(most)}和{last}" if most else last
    return f"{', '.join(most)} and {last}" if most else last
