"""The tables of keys in `raw/README.md`, made of `schema`, so that what is written there is what `make check` takes.

In: a Markdown text with markers. Out: the same text, with the table between each pair of markers as it has to be now.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from .schema import CERTAINTIES, KINDS, MANY, MODES, VOICE_KEYS, Declared, Property
from .sheets import VOICE_TYPES

BEGIN, END = "<!-- make schema writes: {} -->", "<!-- end of what make schema writes -->"
PARTICIPANTS = "(a map of subjects to `part`s)"
HEADER = "(fields of the header for which this line is the evidence)"

# What each key beside a property says, and what holds where it is not written.
VOICES = {
    "by": ("the person, organisation or group to whom the source attributes it (attribution becomes `named`)", "the source's own voice"),
    "via": ("the outlet or document that the source cites for it (attribution becomes `other_media` unless `by` is given too)", "none"),
    "attribution": ("write `unnamed` where it is “insiders”, “netizens”, “it is said”", "own_voice"),
    "mode": (f"{', '.join(MODES)}: of the properties beside it", MODES[0]),
    "certainty": (f"{', '.join(CERTAINTIES)} (garbled; cannot be read for certain): of the properties beside it", CERTAINTIES[0]),
    "qualifies": ("`all`: `mode`, `certainty` and `as_named` hold for the existence of the subject as well", "the properties only"),
    "denies": (
        "`true`: the source (or whoever `by` names) denies what stands here. Without a property, denies that the subject occurs",
        "false",
    ),
    "as_named": ("the name that the source uses, where it is unusual", "none"),
    "checked": ("`notes`: the value stands in notes of the page and could not be read there once more", "page"),
    "note": ("anything a reader needs to know about this claim, in our words", "none"),
}


def with_tables(text: str) -> str:
    """Return a text with its tables as they are now. Raises ValueError if one of them has no place in it."""
    for name, render in TABLES.items():
        begin = BEGIN.format(name)
        pattern = re.compile(f"({re.escape(begin)}\n).*?({re.escape(END)})", re.DOTALL)
        if not pattern.search(text):
            raise ValueError(f"no place for the table of {name}; write {begin} and {END} around it")
        text = pattern.sub(lambda found, render=render: f"{found[1]}\n{render()}\n\n{found[2]}", text, count=1)  # type: ignore[misc]
    return text


def kinds_table() -> str:
    """Return the table of kinds: what is declared of each, what may be claimed."""
    rows = []
    for kind in KINDS.values():
        declared = ", ".join(["`id`", *map(_declared, kind.declared)])
        if kind.name == "source":
            declared = "the header of its sheet, or `cited.yml`"
        claimed = ", ".join(map(_claimed, kind.properties)) or "(that there is such a thing)"
        rows.append((f"`{kind.name}`", declared, claimed))
    return _table(("kind", "declared in the catalogue", "may be claimed in a sheet"), rows)


def voices_table() -> str:
    """Return the table of the keys that say how the source says it."""
    return _table(("key", "meaning", "default"), [(f"`{key}`{_codes(key)}", *VOICES[key]) for key in VOICE_KEYS])


TABLES: dict[str, Callable[[], str]] = {"kinds": kinds_table, "voices": voices_table}


def _declared(declared: Declared) -> str:
    leads = {"code": declared.target, "reference": declared.target, "references": declared.target, "subject": "any", "subjects": "any"}
    many = "*" if declared.type in MANY else ""
    text = _key(declared.key, many, leads.get(declared.type, ""), declared.type == "code")
    return text if declared.required else f"[{text}]"


def _claimed(prop: Property) -> str:
    if prop.type in ("participants", "fields"):
        return f"`{prop.name}`* {PARTICIPANTS if prop.type == 'participants' else HEADER}"
    target = " or ".join((prop.target, *prop.also)) if prop.target else {"date": "date", "amount": "number"}.get(prop.type, "")
    return _key(prop.name, "*" if prop.many else "", target, prop.type == "code")


def _key(key: str, many: str, target: str, is_code: bool) -> str:
    """Return a key, with what its value is in brackets: a code (and of which list), or a row of which table."""
    kind = (f"code: {target}" if target != key else "code") if is_code else target
    return f"`{key}`{many}" + (f" ({kind})" if kind else "")


def _codes(key: str) -> str:
    extra = getattr(VOICE_TYPES[key], "__metadata__", ())
    return " (code)" if any((getattr(field, "json_schema_extra", None) or {}).get("x-codes") for field in extra) else ""


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *rows))
