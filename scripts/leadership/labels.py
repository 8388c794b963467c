"""What every subject is called in English and in Chinese, as the catalogue has it or as it follows from what it declares.

In: the catalogue. Out: a pair of labels for each subject; what has no Chinese name keeps its English one.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from .catalogue import Catalogue, Subject
from .titles import joined_zh, left_to_say
from .typography import set_apostrophes

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
        return title, declared.get("title") or declared.get("label_zh") or title
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


def _spell(tenure: Subject, spells: Spells) -> tuple[str, str]:
    """Return what tells several spells of one person in one post apart: their number."""
    same = spells[tenure.declared["person"], tenure.declared["post"]]
    number = same.index(tenure.id) + 1
    return (f" ({number} of {len(same)})", f"（第{number}次）") if len(same) > 1 else ("", "")


def _name(catalogue: Catalogue, subject_id: str) -> tuple[str, str]:
    declared: dict[str, Any] = catalogue.subjects[subject_id].declared
    return declared["name"], declared.get("name_zh") or declared["name"]
