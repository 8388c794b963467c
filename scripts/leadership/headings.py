"""Names of columns and codes for readers. In: the name of a column in a table, a view or the answer to a question. Out: words.

What is not listed is its own name in words: `place_or_medium` is "Place or medium".
"""

from __future__ import annotations

HEADINGS = {
    "id": "Identifier",
    "label": "Name",
    "name": "Name given",
    "label_zh": "Name in Chinese",
    "asserted_as": "Told as",
    "origin_count": "Independent origins",
    "source_count": "Number of sources",
    "claim_count": "Claims for",
    "denial_count": "Claims against",
    "certain_from": "Shown in post from",
    "certain_to": "Shown in post to",
    "possible_from": "In post at the earliest from",
    "possible_to": "In post at the latest to",
    "held_on": "Shown in post on",
    "as_of": "As of",
    "as_given": "As the source gives it",
    "lang": "Language",
    "url": "Address",
    "usd": "US dollars",
    "parent_id": "Part of",
    "speaker_id": "Who said it",
    "argued_by": "Argued by",
    "disputed_by": "Disputed by",
    "value_high": "Value, upper end",
    "find": "Words at the place",
    "polarity": "For or against",
    "mode": "Kind of speech",
    "via": "Through",
    "rank": "Accepted or not",
    "rule": "Rule that settled it",
    "when": "When",
    "went": "Kind of destination",
    "asked_from": "Asked from",
    "asked_to": "Asked to",
    "pacific_from": "From (US Pacific)",
    "pacific_to": "To (US Pacific)",
    "beijing_from": "From (Beijing)",
    "days": "Days, at least",
    "days_at_most": "Days, at most",
    "days_after": "Days after",
    "values_and_lines": "Each value, with its sources and lines",
    "point": "What about it",
    "told": "Was told",
    "per_cent": "Per cent",
    "may_be_first": "How many may be first",
    "bibtex": "BibTeX",
    "ris": "RIS",
    "csl_json": "CSL-JSON",
    "path": "The row",
    "in_post_when_last_shown": "When last shown",
    "said_by": "By whose word",
    "end_state": "How it stands at the end",
    "wikidata_id": "Wikidata",
    "sec_id": "US SEC (CIK)",
    "tax_id": "US tax number (EIN)",
    "ids_seen_at": "Where the ids were seen",
    "table_name": "Table",
    "kind_of_name": "Kind of name",
}


def heading(name: str) -> str:
    """Return the name of a column in words."""
    words = HEADINGS.get(name) or name.removesuffix("_id").replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def is_plain(name: str) -> bool:
    """Tell whether the name of a column is the very word that its heading is, so that it need not stand beside it."""
    return heading(name).lower() == name
