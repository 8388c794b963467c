"""/correct: a form that makes of a reader's correction a text that is ready to copy, mail or send to a tracker.

Where to send it stands in metadata.yml, `plugins: corrections:` with `mail` (an address) and `tracker` (the address of a form for new
entries, in which {title} and {text} are filled in). Nothing is stored here, and nothing needs a script.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from datasette import Response, hookimpl
from datasette.utils.asgi import NotFound
from leadership.metadata import MAIL, TRACKER
from leadership.schema import OCCURS
from presentation.rows import DATABASE, asking, row_of
from presentation.speaking import N_, say, speaking_english
from presentation.wording import property_order, property_title, read_words

SETTINGS = "corrections"
MOST = 500
LONGEST = 2000  # characters of a field
SHOWN_VALUES = 5
EDITORIAL = "label"  # stands for what no source is asked about: names, summaries, kinds
# What an identifier is about. A claim, a statement and a decision are about one property of a row.
ABOUT = """
WITH about AS (
  SELECT id AS subject_id, NULL AS property, NULL AS seen_at FROM subjects WHERE id = :id
  UNION ALL SELECT st.subject_id, st.property, 'claims/' || c.id FROM claims c JOIN statements st ON st.id = c.statement_id WHERE c.id = :id
  UNION ALL SELECT subject_id, property, 'decisions/' || id FROM decisions WHERE id = :id
  UNION ALL SELECT subject_id, property, 'statements/' || id FROM statements WHERE id = :id)
SELECT s.id, s.label, s.table_name, a.property, a.seen_at FROM about a JOIN subjects s ON s.id = a.subject_id LIMIT 1
"""
VALUES = """
SELECT id, subject_id, property, value, standing, asserted_as, certainty FROM statements
 WHERE subject_id = :subject AND rank = 'preferred' ORDER BY property, value LIMIT :most
"""
VERSION = "SELECT value FROM build_info WHERE id = 'dataset_version'"
# (name in the address, line of the text, whether nothing can be done without it)
FIELDS = (
    ("proposed", N_("Value proposed"), True),
    ("source", N_("Source"), True),
    ("place", N_("Place in it"), True),
    ("remark", "Remark", False),  # only in the text, which is English
)


async def correct_page(request: Any, datasette: Any) -> Any:
    """Show the form for the row that the address names, and the text once it says enough."""
    asked = " ".join(request.args.get("id", "").split())[:200].rpartition("/")[2]
    given = {name: request.args.get(name, "").strip()[:LONGEST] for name, _, _ in FIELDS}
    row = await _read_row(datasette, asked) if asked else None
    if asked and not row:
        raise NotFound(
            say("No row has the id %(id)s. Search for it by its name; the page of each row has a link to its correction.", id=asked)
        )
    context = {"row": row, "given": given, "fields": FIELDS, "text": "", "missing": [], "send": [], "host": request.host}
    if row:
        chosen = request.args.get("property", "") or row["property"] or ""
        context["chosen"] = next((one for one in row["properties"] if one["name"] == chosen), None)
        context["address"] = datasette.absolute_url(request, datasette.urls.path(f"/id/{row['id']}"))
        if any(given.values()):
            context["missing"] = ([] if context["chosen"] else [say("Property")]) + [
                say(words) for name, words, needed in FIELDS if needed and not given[name]
            ]
            if not context["missing"]:
                context |= await _write(datasette, asked, context)
    return Response.html(await datasette.render_template("correct.html", context, request=request, view_name="correct"))


async def _read_row(datasette: Any, row_id: str) -> Any:
    """Return the row that an identifier is about, with its properties and their accepted values in words; None if there is none."""
    rows = asking(datasette, most=MOST)

    found = await rows(ABOUT, id=row_id)
    if not found:
        return None
    row = found[0]
    statements = await rows(VALUES, subject=row["id"])
    words = await read_words(rows, statements, lambda table, one: str(datasette.urls.row(DATABASE, table, one)))
    by_property: dict[Any, Any] = {}
    for statement in statements:
        value = words.value(row["table_name"], statement)
        by_property.setdefault(statement["property"], []).append(" – ".join(filter(None, (value["text"], value.get("notation")))))
    names = list(dict.fromkeys([*property_order(row["table_name"]), *by_property]))
    properties = [
        {"name": name, "title": property_title(row["table_name"], name), "now": _in_short(by_property.get(name, []), name)}
        for name in names
    ]
    properties.append({"name": EDITORIAL, "title": say("Name, summary or kind (ours, not a source’s)"), "now": row["label"]})
    return row | {"properties": properties, "href": str(datasette.urls.row(DATABASE, row["table_name"], row["id"]))}


def _in_short(values: Any, name: str) -> Any:
    if not values:
        return say("no accepted value")
    if name == OCCURS:
        return say("yes")
    rest = len(values) - SHOWN_VALUES
    return "; ".join(values[:SHOWN_VALUES]) + (say("; and %(n)s more", n=rest) if rest > 0 else "")


async def _write(datasette: Any, asked: str, context: Any) -> dict[str, Any]:
    """Return the text of a correction, its title, and the links by which it is sent. The text has one language, whatever the page's."""
    with speaking_english():
        row = await _read_row(datasette, asked)
    chosen, given = next(one for one in row["properties"] if one["name"] == context["chosen"]["name"]), context["given"]
    version = next(iter((await row_of(datasette, VERSION)).values()))
    title = f"Correction: {row['label']}, {chosen['title'].lower()}"
    lines = [
        f"Correction to {datasette.metadata('title') or DATABASE}, version {version}",
        f"Row: {row['label']} ({row['table_name']}/{row['id']})",
        f"Address: {context['address']}",
        *([f"Seen at: {row['seen_at']}"] if row["seen_at"] else []),
        f"Property: {chosen['title']} ({chosen['name']})",
        f"Value now: {chosen['now']}",
        *(f"{words}: {' '.join(given[name].split())}" for name, words, _ in FIELDS if given[name]),
    ]
    text = "\n".join(lines) + "\n"
    return {"text": text, "title": title, "send": _ways(datasette.plugin_config(SETTINGS) or {}, title, text)}


def _ways(settings: Any, title: Any, text: str) -> Any:
    """Return the links by which a text is sent, as the settings allow."""
    mail, tracker = (str(settings.get(name) or "").strip() for name in ("mail", "tracker"))
    ways = []
    if MAIL.fullmatch(mail):
        ways.append(
            {
                "words": say("Mail it to %(address)s", address=mail),
                "href": f"mailto:{quote(mail, safe='@+')}?subject={quote(title)}&body={quote(text)}",
            }
        )
    if TRACKER.fullmatch(tracker):
        address = tracker.replace("{title}", quote(title, safe="")).replace("{text}", quote(text, safe=""))
        ways.append({"words": say("Open it in the tracker"), "href": address})
    return ways


@hookimpl
def register_routes() -> list[Any]:
    """The form stands at /correct."""
    return [(r"^/correct$", correct_page)]
