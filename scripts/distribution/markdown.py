"""Pages in Markdown, made of the templates beside this module.

In: the name of a template, and what it is to hold. Out: the page as text.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

SIGNS = {sign: f"\\{sign}" for sign in "\\|*_`["} | {"&": "&amp;", "<": "&lt;"}  # that mean something in Markdown


def render_page(name: str, **values: Any) -> str:
    """Return a page, which ends with a line feed. Raises jinja2.UndefinedError if the template names what is not given."""
    return PAGES.get_template(name).render(**values)


def cell(value: object) -> str:
    """Return a value so that it stands in one cell of a table; what is Markdown in it stays Markdown."""
    return str("" if value is None else value).replace("|", "\\|")


def plain(text: str) -> str:
    """Return text so that it stands in one cell of a table as it is."""
    return " ".join("".join(SIGNS.get(sign, sign) for sign in text).split())


PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
    undefined=StrictUndefined,
)
PAGES.filters |= {"cell": cell, "plain": plain, "number": lambda number: f"{number:,}"}
