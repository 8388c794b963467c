"""What every subject is called in English and in Chinese, as the catalogue has it or as it follows from what it declares.

In: the catalogue. Out: a pair of labels for each subject; what has no Chinese name keeps its English one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

from .catalogue import Catalogue, Subject
from .typography import set_apostrophes

FIRST_WORD = re.compile(r"[\u4e00-\u9fff]{2}|[A-Za-z][A-Za-z ]{4}[A-Za-z]")  # two Chinese characters, or enough letters to be no chance
BODY = re.compile(r" (?:team|committee|board of directors)$", re.IGNORECASE)  # what a body is, behind its name
Labels = dict[str, tuple[str, str]]  # by the id of a subject
Spells = dict[tuple[str, str], list[str]]  # the tenures of a person in a post, in the order of the catalogue


def labels_of(catalogue: Catalogue) -> Labels:
    """Return the English and the Chinese label of each subject."""
    spells: Spells = defaultdict(list)
    for subject in catalogue.subjects.values():
        if subject.kind == "tenure":
            spells[subject.declared["person"], subject.declared["post"]].append(subject.id)
    labels = {subject.id: _label(subject, catalogue, spells) for subject in catalogue.subjects.values()}
    return {
        key: label if catalogue.subjects[key].kind == "source" else (set_apostrophes(label[0]), set_apostrophes(label[1]))
        for key, label in labels.items()
    }


def _label(subject: Subject, catalogue: Catalogue, spells: Spells) -> tuple[str, str]:
    declared = subject.declared
    if declared.get("label"):
        return declared["label"], declared.get("label_zh") or declared["label"]
    if subject.kind == "source":
        title = declared["title_en"]
        return title, declared.get("title") or title
    if subject.kind == "post":
        organisation, organisation_zh = _name(catalogue, declared["organisation"])
        place = left_to_say(declared["title"], organisation)
        return f"{declared['title']}, {place}" if place else declared["title"], joined_zh(organisation_zh, declared["title_zh"])
    if subject.kind == "tenure":
        person, person_zh = _name(catalogue, declared["person"])
        title, title_zh = _label(catalogue.subjects[declared["post"]], catalogue, spells)
        spell, spell_zh = _spell(subject, spells)
        return f"{person} – {title}{spell}", f"{person_zh}：{title_zh}{spell_zh}"
    if subject.kind == "departure":
        (person, person_zh), (organisation, organisation_zh) = (_name(catalogue, declared[key]) for key in ("person", "organisation"))
        return f"{person} leaves {organisation}", f"{person_zh}离开{organisation_zh}"
    return _name(catalogue, subject.id)


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


def _spell(tenure: Subject, spells: Spells) -> tuple[str, str]:
    """Return what tells several spells of one person in one post apart: their number."""
    same = spells[tenure.declared["person"], tenure.declared["post"]]
    number = same.index(tenure.id) + 1
    return (f" ({number} of {len(same)})", f"（第{number}次）") if len(same) > 1 else ("", "")


def _name(catalogue: Catalogue, subject_id: str) -> tuple[str, str]:
    declared: dict[str, Any] = catalogue.subjects[subject_id].declared
    return declared["name"], declared.get("name_zh") or declared["name"]
