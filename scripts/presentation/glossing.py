"""What stands beside words of a source that a reader may not be able to read: what they name, and that they are misspelt or garbled.

In: rows with the words at their place (`find`), the passage and the language. Out: a `Glosses`, which says it in a few words from
the table `names` and from the labels of codes, and nothing where these do not know the words.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from .rows import Ask, Row
from .speaking import N_, is_chinese, named, say

FAULTS = {"garbled": N_("garbled in the text"), "misspelling": N_("so spelt there")}  # kinds of names, and what is said of them
READABLE = "en"  # words in this language are not glossed, nor are Latin letters, nor is Chinese where pages are in Chinese
NAMES = """
SELECT DISTINCT n.text, n.kind, CASE WHEN n.kind IN ('garbled', 'misspelling') THEN n.passage_id END AS passage_id, s.label
  FROM names n JOIN subjects s ON s.id = n.subject_id
 WHERE n.text IN (SELECT value FROM json_each(:texts)) OR n.passage_id IN (SELECT value FROM json_each(:passages))
 ORDER BY 1, 2, 3, 4 LIMIT :most
"""
CODES = """
SELECT DISTINCT label_zh AS text, label FROM codes WHERE label_zh IN (SELECT value FROM json_each(:texts)) AND label_zh <> label
 ORDER BY 1, 2 LIMIT :most
"""


async def read_glosses(rows: Ask, places: Iterable[Row]) -> Glosses:
    """Read what is known of the words at some places (`find`, `passage_id`, `lang`, perhaps `as_named`)."""
    places = list(places)
    texts = {place["find"] for place in places} | {place["as_named"] for place in places if place.get("as_named")}
    asked = {"texts": json.dumps(sorted(texts)), "passages": json.dumps(sorted({place["passage_id"] for place in places}))}
    meanings: dict[str, set[str]] = {}
    faults: dict[tuple[str, str], str] = {}
    sound = set()  # what is a mistake for one may be the right name of another
    for name in await rows(NAMES, **asked):
        meanings.setdefault(name["text"], set()).add(name["label"])
        if name["kind"] in FAULTS:
            faults[name["text"], name["passage_id"] or ""] = FAULTS[name["kind"]]
        else:
            sound.add(name["text"])
    faults = {(text, passage): fault for (text, passage), fault in faults.items() if text not in sound}
    for code in await rows(CODES, texts=asked["texts"]):
        meanings.setdefault(code["text"], set()).add(code["label"].lower())
    return Glosses({text: next(iter(found)) for text, found in meanings.items() if len(found) == 1}, faults)


class Glosses:
    """`meanings` are what words name, `faults` what is wrong with them, by the words and the passage in which they stand so."""

    def __init__(self, meanings: dict[str, str], faults: dict[tuple[str, str], str]):
        self.meanings = meanings
        self.by_text = {text: fault for (text, _), fault in faults.items()}
        self.by_passage: dict[str, list[tuple[str, str]]] = {}
        for (text, passage), fault in faults.items():
            self.by_passage.setdefault(passage, []).append((text, fault))

    def of_place(self, place: Row) -> str:
        """Say what the words at a place mean, if they are not English, and that they are misspelt or garbled; "" for nothing to say."""
        find = place["find"]
        fault = self.by_text.get(find) or next(
            (said for text, said in self.by_passage.get(place["passage_id"], ()) if find in text or text in find), ""
        )
        is_readable = place["lang"] == READABLE or find.isascii() or (is_chinese() and place["lang"].startswith("zh"))
        meaning = "" if is_readable else named(self.meanings.get(find, ""))
        return say(", ").join(part for part in (meaning if meaning != find else "", say(fault)) if part)

    def of_name(self, name: str | None) -> str:
        """Say that a name is misspelt or garbled as a source writes it; "" if it is not."""
        return say(self.by_text.get(name or "", ""))
