"""Bring the catalogue of Chinese phrases up to date with the source: new phrases wait for their translation, those no longer used go.

Without an argument the catalogue is written anew; with `--missing` the phrases that have no translation yet are listed.
"""

from __future__ import annotations

import ast
import io
import json
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import yaml
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po
from datasette.filters import Filters
from leadership import paths
from leadership.descriptions import add_derived_descriptions
from leadership.opening import open_database
from leadership.replacing import replace_text
from leadership.schema import KINDS, PROPERTIES
from presentation.headings import english_heading
from presentation.speaking import CATALOGUE
from presentation.vega import words_of
from presentation.wording import property_phrase

KEYWORDS: dict[str, Any] = {"say": None, "gettext": None, "N_": None, "_": None, "say_many": (1, 2), "ngettext": (1, 2)}
JINJA = {"extensions": "jinja2.ext.i18n", "trimmed": "true", "newstyle_gettext": "true", "silent": "false"}
COUNTING = ("count", "count_of")  # functions of a number and a noun
# Lists of codes whose meanings are put into Chinese.
EXPLAINED = tuple("access audit_how audit_kind certainty deprecated_reason mode rank read_how rule standing text_kind".split())  # noqa: SIM905
PACKAGES = (paths.CODE / "leadership", paths.CODE / "presentation", paths.SITE / "plugins")

HEAD = r"""msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\n"
"Language: zh_Hans\n"
"Plural-Forms: nplurals=1; plural=0;\n"

"""

Message = str | tuple[str, str]  # or one for one and one for many


def gather_phrases(database: Path = paths.DATABASE) -> list[Message]:
    """Return every phrase that the site shows, in a steady order."""
    found: dict[Message, None] = {}
    for message in (*_templates(), *_python(), *_tables_of_phrases(), *_columns(database)):
        if message:
            found.setdefault(message)
    singular = {message[0] for message in found if isinstance(message, tuple)}
    return [message for message in found if message not in singular]


def _templates() -> Iterator[Message]:
    for file in sorted((paths.SITE / "templates").glob("*.html")):
        for _, message, _, _ in extract_from_file("jinja2", file, keywords=KEYWORDS, options=JINJA):
            yield _plain(message)


def _python() -> Iterator[Message]:
    for folder in PACKAGES:
        for file in sorted(folder.glob("*.py")):
            for _, message, _, _ in extract_from_file("python", file, keywords=KEYWORDS):
                yield _plain(message)
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                yield from _counted(node)
                yield from _marked(node)


def _marked(node: ast.AST) -> Iterator[Message]:
    """Yield a phrase that is marked within another call: tools that read a call as text pass over what stands in its midst."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("N_", "say"):
        yield from (first.value for first in node.args[:1] if isinstance(first, ast.Constant) and isinstance(first.value, str))


def _counted(node: ast.AST) -> Iterator[Message]:
    """Yield the phrase of a number with its noun."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in COUNTING and len(node.args) > 1:
        nouns = [argument.value for argument in node.args[1:] if isinstance(argument, ast.Constant) and isinstance(argument.value, str)]
        if nouns:
            yield f"%(n)s {nouns[0]}", f"%(n)s {nouns[1] if len(nouns) > 1 else nouns[0] + 's'}"


def _plain(message: Any) -> Message:
    return message if isinstance(message, str) else (message[0], message[1])


def _tables_of_phrases() -> Iterator[Message]:
    """Yield what properties and kinds are called, and the titles of tables and questions."""
    for kind in KINDS.values():
        yield kind.title
        yield kind.existence
    for prop in PROPERTIES:
        yield prop.title
        if prop.phrase:
            yield property_phrase(prop.phrase)
    yield from (words for _, words, _ in Filters([]).lookups() if words[0].isalpha())  # how a filter compares
    metadata = yaml.load(paths.METADATA.read_text(encoding="utf-8"), yaml.CSafeLoader)
    yield from (metadata[name] for name in ("title", "license", "source", "about"))
    for dashboard in metadata["plugins"]["datasette-dashboards"].values():
        yield from words_of(dashboard)
    database = metadata["databases"]["leadership"]
    add_derived_descriptions(database["tables"])
    for table in database["tables"].values():
        yield from (table.get("description", ""), *(table.get("columns") or {}).values())
    for entry in (*database["tables"].values(), *database["queries"].values()):
        yield entry.get("title", "")
    for name, query in database["queries"].items():
        yield query.get("group", "")
        if not name.startswith(("feed_", "calendar")):
            yield query.get("description", "")


def _columns(database: Path) -> Iterator[Message]:
    """Yield the headings of the columns of tables and views, and the meanings of codes that the page on methods explains."""
    with closing(open_database(database)) as connection:
        names: Iterable[sqlite3.Row] = connection.execute(
            "SELECT DISTINCT c.name FROM sqlite_master t, pragma_table_info(t.name) c"
            " WHERE t.type IN ('table', 'view') AND t.name NOT LIKE '%\\_fts%' ESCAPE '\\' ORDER BY 1"
        )
        yield from (english_heading(name) for (name,) in names if name == name.lower())
        meanings = """SELECT definition FROM codes WHERE list IN (SELECT value FROM json_each(?)) AND definition <> label
          ORDER BY list, position"""
        yield from (meaning for (meaning,) in connection.execute(meanings, (json.dumps(EXPLAINED),)))


def read_catalogue() -> Catalog:
    """Return the catalogue as it stands."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def write(messages: Iterable[Message]) -> list[Message]:
    """Write the catalogue anew with the translations that it has; return what has none."""
    old, new = read_catalogue(), Catalog(locale="zh_Hans", header_comment="", fuzzy=False)
    missing = []
    for message in messages:
        found = old.get(message[0] if isinstance(message, tuple) else message)
        string = found.string if found and found.string else ""
        if isinstance(message, tuple) and isinstance(string, str):
            string = (string,)
        if not any(string):
            missing.append(message)
        new.add(message, string)
    target = io.BytesIO()
    write_po(target, new, width=0, omit_header=True, sort_output=False)
    replace_text(CATALOGUE, HEAD + target.getvalue().decode())
    return missing


def main() -> None:
    if not paths.DATABASE.is_file():  # without it the headings of columns would be taken for phrases that nobody needs any more
        sys.exit(f"There is no database {paths.DATABASE}, which has the columns; call make build, then again.")
    messages = gather_phrases()
    if "--missing" in sys.argv:
        known = read_catalogue()
        left = [m for m in messages if not (e := known.get(m[0] if isinstance(m, tuple) else m)) or not e.string or not any(e.string)]
        print(*left, sep="\n")
    else:
        print(f"{len(messages)} phrases, {len(write(messages))} of them without a translation.")


if __name__ == "__main__":
    main()
