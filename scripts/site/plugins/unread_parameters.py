"""Own pages say which parameters of an address they do not know, rather than leave them out silently.

In: the query string of a page of KNOWN. Out: `unread_parameters`, the names in it that mean nothing there, and `known_parameters`. Names
that begin with an underscore are Datasette's, those with `utm_` are put there by others; of neither is anything said.
"""

from __future__ import annotations

from typing import Any

from datasette import hookimpl

KNOWN = {  # by the name of the view: what it reads of the query string
    "timeline": ("from", "to", "year", "who", "story", "entry", "standing", "dated", "zone"),
    "succession": ("at",),
    "who_went_where": ("year", "to"),
    "disagreements": ("about", "kind", "settled", "rule", "page"),
    "sources_record": ("by", "kind", "sort", "newsroom", "source", "page"),
    "profile": ("section", "page"),
    "find": ("q",),
    "methods": (),
}
NOT_OURS = ("_", "utm_")
MOST_NAMED, LONGEST = 3, 40


@hookimpl
def extra_template_vars(request: Any, view_name: str | None) -> dict[str, Any]:
    """Give own pages the names that they did not read."""
    if not request or view_name not in KNOWN:
        return {}
    unread = [name for name in request.args if name not in KNOWN[view_name] and not name.startswith(NOT_OURS)]
    return {"unread_parameters": [name[:LONGEST] for name in unread[:MOST_NAMED]], "known_parameters": KNOWN[view_name]}
