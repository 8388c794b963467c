"""What answers have in common: whether pages of other hosts may read them, whether a reader has one already, and JSON within a page."""

from __future__ import annotations

import json
import re
from typing import Any

from datasette import Response
from datasette.utils import add_cors_headers
from markupsafe import Markup

ENTITY_TAG = re.compile(rb'(?:W/)?("[^"]*")')
# What a page could read as the end of the script, or older parsers as the end of a line, stands as an escape of JSON.
UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def cors_headers(datasette: Any) -> dict[str, str]:
    """Return the headers that let pages of other hosts read an answer, none where the server does not let them."""
    headers: dict[str, str] = {}
    if datasette.cors:
        add_cors_headers(headers)
    return headers


def answer_with(datasette: Any, body: Any, content_type: str) -> Response:
    """Return an answer that pages of other hosts may read."""
    return Response(body, content_type=content_type, headers=cors_headers(datasette))


def names_any(if_none_match: bytes, tags: set[bytes]) -> bool:
    """Tell whether an If-None-Match, which may be a list, names one of these entity tags, be it as a weak one; `*` names all."""
    return if_none_match.strip() == b"*" or not tags.isdisjoint(ENTITY_TAG.findall(if_none_match))


def to_script(value: Any) -> Markup:
    """Return a value as JSON that may stand within a script element of a page."""
    return Markup(re.sub("[<>&\u2028\u2029]", lambda sign: UNSAFE[sign[0]], json.dumps(value, ensure_ascii=False)))
