"""The title of a post and the name of the organisation that has it, put together so that nothing is said twice."""

from __future__ import annotations

import re

BODY = re.compile(r" (?:team|committee|board of directors)$", re.IGNORECASE)  # what a body is, behind its name
FIRST_WORD = re.compile(r"[\u4e00-\u9fff]{2}|[A-Za-z][A-Za-z ]{4}[A-Za-z]")  # two Chinese characters, or enough letters to be no chance


def left_to_say(title: str, organisation: str) -> str:
    """Return of an organisation's name what the title of a post leaves to be said, "" if it names it: each is said once.

    To “Head of post-training” of the “OpenAI post-training team” it is “OpenAI”, to “Director of the OpenAI Foundation” nothing.
    """
    name = BODY.sub("", organisation)
    own = name.removeprefix("OpenAI ")
    if _has_words(title, name) and name != "OpenAI":
        return ""
    return "OpenAI" if own != name and _has_words(title, own) else organisation


def _has_words(text: str, words: str) -> bool:
    """Tell whether words stand in a text, whole and in any case of letters."""
    return bool(re.search(rf"\b{re.escape(words)}(?!\w)", text, re.IGNORECASE))


def joined_zh(organisation: str, title: str) -> str:
    """Return a post in Chinese: of what, and which; a word in which both meet is said once.

    OpenAI董事会 and 董事会主席 are OpenAI董事会主席. A body that is called after its members goes up in their name (董事 of a 董事会),
    another one does not (司令 of a 司令部).
    """
    word = FIRST_WORD.match(title)
    before, met, after = organisation.partition(word[0]) if word else (organisation, "", "")
    is_in_the_name = (met + after).startswith(title) and after and met + after != f"{title}会"
    if met and not is_in_the_name:
        return before + title
    return organisation + (" " if organisation[-1].isascii() and title[0].isascii() else "") + title
