"""Names of columns for readers, and what cells hold. In: the name of a column in a table, a view or the answer to a question. Out: words.

What sources claim is called as `schema` has it, in evidence and in tables alike. What neither it nor this module lists is its own name
in words: `place_or_medium` is "Place or medium".
"""

from __future__ import annotations

from leadership import schema
from leadership.tables import TABLES

from .speaking import N_, is_chinese, say

HEADINGS = {
    "id": N_("Identifier"),
    "label": N_("Name"),
    "name": N_("Name given"),
    "label_zh": N_("Name in Chinese"),
    "called_zh": N_("Name in our Chinese labels"),
    "asserted_as": N_("Told as"),
    "date_asserted_as": N_("Date told as"),
    "origin_count": N_("Independent origins"),
    "source_count": N_("Number of sources"),
    "claim_count": N_("Claims for"),
    "denial_count": N_("Claims against"),
    "certain_from": N_("Shown in post from"),
    "certain_to": N_("Shown in post to"),
    "possible_from": N_("In post at the earliest from"),
    "possible_to": N_("In post at the latest to"),
    "as_given": N_("As the source gives it"),
    "usd": N_("US dollars"),
    "speaker_id": N_("Who said it"),
    "value_high": N_("Value, upper end"),
    "find": N_("Words at the place"),
    "polarity": N_("For or against"),
    "mode": N_("Kind of speech"),
    "via": N_("Through"),
    "rank": N_("Accepted or not"),
    "rule": N_("Rule that settled it"),
    "went": N_("Kind of destination"),
    "asked_from": N_("Asked from"),
    "asked_to": N_("Asked to"),
    "pacific_from": N_("From (US Pacific)"),
    "pacific_to": N_("To (US Pacific)"),
    "beijing_from": N_("From (Beijing)"),
    "days": N_("Days, at least"),
    "days_at_most": N_("Days, at most"),
    "days_after": N_("Days after"),
    "values_and_lines": N_("Each value, with its sources and lines"),
    "point": N_("What about it"),
    "as_told": N_("Was told"),
    "staff": N_("Number of staff"),
    "per_cent": N_("Per cent"),
    "may_be_earlier": N_("May be earlier, day not known"),
    "may_be_first": N_("How many may be first"),
    "bibtex": N_("BibTeX"),
    "ris": N_("RIS"),
    "csl_json": N_("CSL-JSON"),
    "path": N_("The row"),
    "in_post_when_last_shown": N_("When last shown"),
    "said_by": N_("By whose word"),
    "ids_seen_at": N_("Where the ids were seen"),
    "table_name": N_("Table"),
    "kind_of_name": N_("Kind of name"),
}

# Columns of answers alone, whose headings are their names.
ANSWERS = (
    *(N_("Agreed or settled"), N_("Balance"), N_("Certainly"), N_("Citation"), N_("Contradicted by"), N_("Contradicted on"), N_("Detail")),
    *(N_("Directors"), N_("Ending"), N_("Exits"), N_("First line"), N_("First to report"), N_("First told"), N_("Joined")),
    *(N_("Measured"), N_("Number"), N_("Origins"), N_("Path"), N_("Places"), N_("Possibly"), N_("Put forward as")),
    *(N_("Quarter"), N_("Seat"), N_("Source ids"), N_("Successor"), N_("Told by"), N_("Told on"), N_("Voice"), N_("Which")),
    *(N_("Why"), N_("Occurs")),
)

# What questions and views put into cells where there is neither a name nor a code to give.
SAID = frozenset(
    (
        *(
            N_("certainly"),
            N_("possibly"),
            N_("planned"),
            N_("in post when last shown"),
            N_("last shown earlier, end not told"),
            N_("member"),
        ),
        *(N_("start"), N_("end"), N_("exit"), N_("undated"), N_("yes"), N_("none"), N_("one"), N_("2 or more"), N_("name")),
        *(N_("had a post there"), N_("went there"), N_("left it"), N_("said of them"), N_("not named"), N_("no firm named")),
        *(
            N_("left"),
            N_("on leave"),
            N_("is to leave"),
            N_("no exit told"),
            N_("no exit or leave told"),
            N_("not told"),
            N_("not stated"),
            N_("denied"),
            N_("warning"),
        ),
        *(N_("by rule"), N_("by decision"), N_("another value"), N_("a denial"), N_("for claims"), N_("in general")),
        *(N_("the source itself"), N_("people not named"), N_("share of staff, per cent"), N_("told as a fact")),
        *(
            N_("from the first to the last moment shown"),
            N_("beginning or end is dated too loosely, or not for certain"),
            N_("shown on one day only"),
        ),
        *(N_("goes on, when last told of"), N_("end not told"), N_("ended, day not known"), N_("only possible, planned or said")),
        *(N_("event of the crisis"), N_("executive post"), N_("board post")),
    )
)
PLANNED = "only planned or said: "  # before a name
OF_COLUMNS = frozenset(("property", "point", "unsure", "days_unknown", "placed_by"))  # what they hold are names of columns
OF_TABLES = frozenset(("table_name", "kind"))
VERBATIM = frozenset(("find", "text", "as_named", "as_given"))  # the very words of sources, which no other words may stand for
OURS_IN_ENGLISH = frozenset(("summary", "gist", "position", "rationale", "basis", "note", "definition", "scope", "place_or_medium"))


def heading(name: str) -> str:
    """Return the name of a column in words."""
    words = english_heading(name)
    return say(words) if is_chinese() else words


def english_heading(name: str) -> str:
    """Return the name of a column in English words."""
    words = schema.HEADINGS.get(name) or HEADINGS.get(name) or name.removesuffix("_id").replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def is_plain(name: str) -> bool:
    """Tell whether the name of a column is the very word that its heading is, so that it need not stand beside it."""
    return english_heading(name).lower() == name and not is_chinese()


def in_cell(text: str, column: str = "") -> str:
    """Return in words what a cell holds that is no name and no code: a column, a table, or a phrase of a question; "" for all else."""
    if column in OF_COLUMNS and text.replace("_", "").replace(" ", "").isalpha():
        return heading(text.replace(" ", "_")) if is_chinese() else text.replace("_", " ")
    if column in OF_TABLES and text in TABLES:
        return say(text.replace("_", " ").capitalize())
    return say(text) if text in SAID else ""
