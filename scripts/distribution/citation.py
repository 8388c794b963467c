"""How to cite the dataset, in the Citation File Format (CFF 1.2.0).

In: a `Contents`. Out: the text of `CITATION.cff`.
"""

from __future__ import annotations

from typing import Any

import yaml

from .contents import Contents
from .identity import CREATOR, KEYWORDS, LICENCE_ID, Identity


def render_citation(contents: Contents, identity: Identity) -> str:
    """Return `CITATION.cff`. Day and address are in it only where they are known."""
    citation: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": "If you use this dataset, please cite it as below.",
        "type": "dataset",
        "title": contents.title,
        "abstract": contents.description,
        "authors": [{"name": CREATOR}],
        "version": contents.version,
        "license": LICENCE_ID,
        "license-url": contents.licence_url,
        "keywords": list(KEYWORDS),
    }
    if identity.day:
        citation["date-released"] = identity.day
    if identity.address:
        citation["url"] = identity.address
    return yaml.safe_dump(citation, sort_keys=False, allow_unicode=True, width=140)
