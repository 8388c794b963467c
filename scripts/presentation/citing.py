"""Citations of the dataset and of its rows, in four forms that say the same: plain text, BibTeX, RIS and CSL-JSON.

In: a `Citation`, which names what is cited, on what it rests, and the address at which it stays. Out: the text of each form.
What is not known, such as the day of the release, is left out.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from distribution.identity import CREATOR

from .rows import DATABASE, row_of

LICENCE = "CC BY 4.0"
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")  # BibTeX's own names, unquoted
TEX_SIGNS = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "{}#$%&_"},
}


VERSION = """
SELECT b.value AS version, COALESCE(r.released_on, '') AS released FROM build_info b LEFT JOIN releases r ON r.version = b.value
 WHERE b.id = 'dataset_version'
"""


@dataclass(frozen=True)
class Citation:
    """What is cited. Of the dataset as a whole `label`, `place` and `rests_on` are empty.

    `place` is the row as table/id; `standing` and the marks that go with it are words; `rests_on` are phrases such as “after …”.
    """

    dataset: str
    creator: str
    version: str
    released: str  # ISO day, "" if it is not known
    address: str
    label: str = ""
    place: str = ""
    standing: tuple[str, ...] = ()
    rests_on: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """A key by which bibliographies refer to it: the row's identifier, or a name for the whole."""
        return self.place.rpartition("/")[2] or "openai-leadership-changes"


async def cite_dataset(datasette: Any, request: Any) -> Citation:
    """Return the citation of the dataset as a whole."""
    state = await row_of(datasette, VERSION)
    title = datasette.metadata("title") or DATABASE
    home = datasette.absolute_url(request, datasette.urls.instance())
    return Citation(title, CREATOR, state["version"], state["released"], str(home))


def as_text(cited: Citation) -> str:
    """Return the citation as a sentence: dataset, version, the row with its standing and sources, licence, address."""
    if not cited.label:
        released = f", {cited.released}" if cited.released else ""
        return f"{cited.dataset} (open dataset), version {cited.version}{released}. {LICENCE}. {cited.address}"
    rests_on = "".join(f", {phrase}" for phrase in cited.rests_on)
    row = f"“{cited.label}” ({', '.join((cited.place, *cited.standing))})"
    return f"{cited.dataset}, version {cited.version}: {row}{rests_on}. {LICENCE}. {cited.address}"


def as_bibtex(cited: Citation) -> str:
    """Return an entry `@misc`, which every style of BibTeX knows."""
    fields = {"author": f"{{{_tex(cited.creator)}}}", "title": f"{{{_tex(cited.label or cited.dataset)}}}"}
    fields["howpublished"] = _tex(f"{cited.dataset}, version {cited.version}" if cited.label else f"Open dataset, version {cited.version}")
    written = [f"  {name} = {{{value}}}" for name, value in fields.items()]
    if cited.released:
        written += [f"  year = {{{cited.released[:4]}}}", f"  month = {MONTHS[int(cited.released[5:7]) - 1]}"]
    written += [f"  note = {{{_tex(_note(cited))}}}", f"  url = {{{cited.address}}}"]
    return f"@misc{{{cited.key},\n" + ",\n".join(written) + "\n}\n"


def as_ris(cited: Citation) -> str:
    """Return a record of the type DATA, its lines ended as RIS wants them."""
    tags = [("TY", "DATA"), ("ID", cited.key), ("AU", cited.creator), ("TI", cited.label or cited.dataset)]
    tags += [("T2", cited.dataset)] if cited.label else []
    tags += [("PY", cited.released[:4]), ("DA", cited.released.replace("-", "/"))] if cited.released else []
    tags += [("ET", cited.version), ("N1", _note(cited)), ("UR", cited.address), ("ER", "")]
    return "".join(f"{tag}  - {value}\r\n" for tag, value in tags)


def as_csl(cited: Citation) -> str:
    """Return a list of one item in CSL-JSON."""
    item: dict[str, Any] = {"id": cited.key, "type": "dataset", "title": cited.label or cited.dataset}
    if cited.label:
        item["container-title"] = cited.dataset
    item |= {"author": [{"literal": cited.creator}], "version": cited.version}
    if cited.released:
        item["issued"] = {"date-parts": [[int(part) for part in cited.released.split("-")]]}
    return json.dumps([item | {"note": _note(cited), "URL": cited.address}], ensure_ascii=False, indent=2) + "\n"


class Form(NamedTuple):
    """A form of citation: what it is called, its media type, and what writes it."""

    name: str
    media_type: str
    write: Callable[[Citation], str]


FORMS = {
    "txt": Form("Text", "text/plain", as_text),
    "bib": Form("BibTeX", "application/x-bibtex", as_bibtex),
    "ris": Form("RIS", "application/x-research-info-systems", as_ris),
    "csl.json": Form("CSL-JSON", "application/vnd.citationstyles.csl+json", as_csl),
}


def _note(cited: Citation) -> str:
    """Return what the fields of no form hold: the row with its standing, on what it rests, the licence."""
    if not cited.place:
        return LICENCE
    return f"Row {'; '.join((', '.join((cited.place, *cited.standing)), *cited.rests_on))}. {LICENCE}"


def _tex(text: str) -> str:
    return "".join(TEX_SIGNS.get(sign, sign) for sign in text)
