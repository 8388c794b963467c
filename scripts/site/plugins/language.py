"""Pages in the language of their address: phrases from the catalogue, names and codes as Chinese writes them.

Templates mark their sentences for Jinja's i18n extension. What a template puts out otherwise is shown in Chinese where it is a phrase of
a table of phrases, or exactly the English name of something that has a Chinese one; for that every output passes `_shown`. Gists and
reasons exist in English only; the filter `english` marks them as such. The names are read once, when the server starts.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from datasette import hookimpl
from jinja2 import pass_context
from jinja2.filters import do_urlencode
from leadership.opening import open_database
from markupsafe import Markup
from presentation import speaking
from presentation.answering import day, retell_exits, retell_spells
from presentation.headings import OURS_IN_ENGLISH, PLANNED, VERBATIM, in_cell
from presentation.patches import replace
from presentation.rows import DATABASE
from presentation.telling import retell

HAN = re.compile(r"[\u4e00-\u9fff]")
IS_CODE = re.compile(r"[a-z]+(?:_[a-z]+)*")
LISTS = ("people", "exits")  # columns of questions that hold names
RETOLD = {"detail": retell_exits, "what": retell}  # columns that hold sentences which SQL puts together
TITLES_OF_SOURCES = ("", "label", "source", "title")  # in whatever language they are
IS_QUARTER = re.compile(r"\d{4} Q[1-4]")
IS_SENTENCE = re.compile(r"\S+(?: \S+){3,}\.")
# A person who has a Chinese name has the Latin one beside it; all else is called by its Chinese name alone.
LABELS = "SELECT DISTINCT label, label_zh, kind FROM subjects WHERE label_zh IS NOT NULL AND label_zh <> label"
# Questions write a holder beside a title without the organisation, which is one of OpenAI's.
HELD = """
SELECT DISTINCT p.label || sign.value || o.title AS label, p.label_zh || '：' || o.title_zh AS label_zh
  FROM tenures t JOIN people p ON p.id = t.person_id JOIN posts o ON o.id = t.post_id, json_each('[" – ", ", "]') sign
 WHERE o.organisation_id LIKE 'openai%'
"""
TITLES = "SELECT DISTINCT title, title_zh FROM posts WHERE title_zh IS NOT NULL"
CODES = """
SELECT code, label, label_zh, list FROM codes
 ORDER BY list NOT IN ('standing', 'mode', 'certainty', 'manner', 'capacity'), list NOT IN ('event_kind', 'subject_kind', 'rank'),
          list = 'part', list
"""


NOT_FOUND = re.compile(r"(Table|Database|Record) not found: (.*)", re.I)
OF_DATASETTE = (  # what it says of mistakes, word for word
    speaking.N_("Table not found"),
    speaking.N_("Statement must be a SELECT"),
    speaking.N_("Page not found"),
    speaking.N_("?_sort= and ?_sort_desc= cannot be used together"),
)
NOTHING_OF = {
    "table": speaking.N_("Table not found: %(name)s"),
    "database": speaking.N_("Database not found: %(name)s"),
    "record": speaking.N_("Record not found: %(name)s"),
}


@hookimpl
def startup(datasette: Any) -> None:
    """Learn what things are called, and call by it whatever a table's cells refer to."""
    replace(datasette, "expand_foreign_keys", _name_in_the_language)
    if DATABASE not in datasette.databases:
        return
    try:
        with closing(open_database(Path(datasette.databases[DATABASE].path))) as connection:
            labels = [(label, _whole(label, chinese, kind)) for label, chinese, kind in connection.execute(LABELS)]
            titles = [*connection.execute(TITLES), *connection.execute(HELD)]
            codes = list(connection.execute(CODES))
    except sqlite3.Error:  # another database of that name
        return
    words = {label: chinese for _, label, chinese, _ in reversed(codes) if label != label.lower() and HAN.search(chinese or "")}
    known = {label for label, _ in labels}
    titles = [(title, chinese) for title, chinese in titles if title not in known and title not in words]
    speaking.learn(
        datasette,
        [*labels, *titles, *((label, chinese) for label, chinese in words.items() if label not in known)],
        {code: zh for code, _, zh, _ in reversed(codes)},
        {(of, word): zh for code, label, zh, of in codes for word in (label.lower(), code)},
    )


def _name_in_the_language(look_up: Any) -> Any:
    async def expand_foreign_keys(*asked: Any) -> Any:
        found = await look_up(*asked)
        return {key: speaking.named(label) for key, label in found.items()} if speaking.is_chinese() else found

    return expand_foreign_keys


def _whole(label: Any, chinese: Any, kind: Any) -> Any:
    return f"{chinese} {label}" if kind == "person" and HAN.search(chinese) else chinese


@pass_context
def _shown(context: Any, value: Any) -> Any:
    """Return what a template puts out in the language that is spoken. Taking the context keeps it from being settled beforehand."""
    if not speaking.is_chinese():
        return value
    if type(value) is str:
        return speaking.vocabulary().names.get(value, value)
    return speaking.gettext(value) if type(value) is speaking.Phrase else value


def _with_values(found: Any, values: Any) -> Any:
    shown = {
        name: value
        if not isinstance(value, str) or isinstance(value, Markup)
        else (speaking.gettext(value) if isinstance(value, speaking.Phrase) else speaking.named(value))
        for name, value in values.items()
    }
    return Markup(found) % shown


def _counted(number: Any, values: Any) -> dict[str, Any]:
    """Return the values of a phrase that depends on a number, that number with its thousands apart."""
    apart = {name: f"{value:,}" for name, value in values.items() if type(value) is int and value == number}
    return {"num": f"{number:,}", **values, **apart}


def _gettext(message: str, **values: Any) -> Any:
    return _with_values(speaking.gettext(message), values)


def _ngettext(one: Any, many: Any, number: Any, **values: Any) -> Any:
    return _with_values(speaking.ngettext(one, many, number), _counted(number, values))


def _pgettext(context: Any, message: str, **values: Any) -> Any:
    return _with_values(speaking.pgettext(context, message), values)


def _npgettext(context: Any, one: Any, many: Any, number: Any, **values: Any) -> Any:
    return _with_values(speaking.npgettext(context, one, many, number), _counted(number, values))


def _lower(value: Any) -> Any:
    """Return text for the midst of a sentence; Chinese has no small letters, but what has a Chinese name gets it."""
    if speaking.is_chinese():
        if isinstance(value, speaking.Phrase):
            return speaking.gettext(value)
        return speaking.vocabulary().names.get(str(value)) or str(value).lower()
    return value.lower() if isinstance(value, Markup) else str(value).lower()


def _english(text: str) -> Any:
    """Mark text that exists in English only."""
    if not text or not speaking.is_chinese() or isinstance(text, Markup):
        return text
    found = speaking.gettext(speaking.named(str(text)))
    return found if HAN.search(found) else Markup('<span lang="en">{}</span>').format(found)


def _cell(value: Any, column: str = "") -> Any:
    """Return what a cell holds in the language that is spoken: a name, a code, a phrase, or a list of these.

    The very words of sources stay as they are; what we wrote in English only is marked as such.
    """
    if type(value) is not str or not value:
        return value
    if not speaking.is_chinese():
        return retell_spells(value)
    if column in VERBATIM:
        return Markup.escape(value)
    if column in OURS_IN_ENGLISH or (column not in TITLES_OF_SOURCES and IS_SENTENCE.fullmatch(value)):
        return _english(value)
    found = in_cell(value, column) or speaking.vocabulary().names.get(value) or _retell(value, column) or _of_parts(value, column)
    if found:
        return found
    told = retell_spells(value)
    return told if told != value else speaking.named(value)


def _retell(value: str, column: str) -> Any:
    """Return in Chinese what a question puts together in English, "" of anything else."""
    if value.startswith(PLANNED):
        return f"{speaking.say('only planned or said')}{speaking.say(': ')}{speaking.named(value.removeprefix(PLANNED))}"
    if IS_QUARTER.fullmatch(value):
        return day(value)
    told = RETOLD[column](value) if column in RETOLD else value
    return told if told != value else ""


def _of_parts(value: str, column: str) -> Any:
    """Return names and codes, one or a list of them, in Chinese; "" of anything else."""
    if column in LISTS and "," in value:
        return speaking.joined(speaking.named(name) for name in re.split(r", ?", value))
    parts = value.split(", ")
    items = [speaking.vocabulary().names.get(part) or speaking.vocabulary().codes.get(part.replace(" ", "_")) for part in parts]
    if len(items) == 1 or not any(items):
        return items[0] or ""
    return speaking.joined(shown or part for shown, part in zip(items, parts, strict=True))


def _facet_words(label: Any, column: str = "") -> str:
    """Return what a value is called by which rows can be chosen."""
    text = str(label or "-")
    if speaking.is_chinese() and (said := in_cell(text, column)):
        return said
    return speaking.named(speaking.code_words(text) if IS_CODE.fullmatch(text) else text)


def _missing(error: Any) -> Any:
    """Say what Datasette has not found; what our own plugins say is said already."""
    if isinstance(error, Markup):
        return error
    if error == "Database not found":  # so Datasette takes the first word of any address that it does not know
        return speaking.say("There is no such page.")
    found = NOT_FOUND.fullmatch(str(error or ""))
    return speaking.say(NOTHING_OF[found[1].lower()], name=found[2]) if found else speaking.gettext(str(error or ""))


def _parts(text: str) -> str:
    """Say as what somebody took part: “announcer, in charge (not certain)”."""
    parts = [one.partition(" (") for one in text.split(", ")]
    unsure = speaking.say(" (%(what)s)", what=speaking.say("not certain"))
    return speaking.joined(_part(code) + (unsure if mark else "") for code, mark, _ in parts)


def _part(text: str) -> str:
    """Say a part, and for whom it was taken if for another: “representative for OpenAI board of directors”."""
    code, acts_for, whom = text.partition(" for ")  # the code by its label, as SQL puts it
    part = speaking.vocabulary().codes_of.get(("part", code), code) if speaking.is_chinese() else code
    return speaking.say("%(part)s for %(whom)s", part=part, whom=whom) if acts_for else part


@hookimpl(tryfirst=True)
def prepare_jinja2_environment(env: Any) -> None:
    """Let templates speak."""
    env.policies["ext.i18n.trimmed"] = True
    env.add_extension("jinja2.ext.i18n")
    env.newstyle_gettext = True
    env.globals.update(gettext=_gettext, ngettext=_ngettext, pgettext=_pgettext, npgettext=_npgettext, _=_gettext)
    env.globals.update(is_chinese=speaking.is_chinese, joined=speaking.joined, joined_last=speaking.joined_last)
    env.finalize = _shown
    env.filters.update(lower=_lower, english=_english, named=lambda text: speaking.named(text or ""))
    env.filters["words"] = speaking.code_words
    env.filters["count"] = lambda number: f"{number:,}"
    env.globals.update(
        facet_words=_facet_words,
    )
    env.filters["cell"] = _cell
    env.filters["missing"] = _missing
    env.filters["latin"] = lambda text: Markup.escape(text)  # as it is written
    env.filters["urlencode"] = lambda value: Markup.escape(do_urlencode(value))  # an address asks for what the tables have, in no language
    env.filters["phrase"] = lambda text: speaking.gettext(str(text or ""))
    env.filters["parts_in_words"] = _parts
    env.filters["listed"] = lambda words: speaking.joined(_shown(None, word) for word in words)
