"""Everything that describes the data, written beside them: for catalogues, for tools and for people.

In: a `Contents` and a folder that already holds the data files. Out: the descriptors in their places. Those that stand in the
repository (`curated/`, and `CITATION.cff` at its root) describe the tables only, and no address of a publication.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from leadership.replacing import replace_text

from .annotations import render_annotations
from .badges import render_badges
from .citation import render_citation
from .contents import Contents
from .croissant import describe_croissant
from .csvw import FILE as CSV_METADATA
from .csvw import describe_group
from .datapackage import describe_package
from .dcat import describe_catalogue
from .diagram import render_diagram
from .dictionary import render_dictionary
from .identity import identify, identify_anywhere
from .stopped import ReleaseStopped

CITATION = "CITATION.cff"


def write_descriptors(contents: Contents, folder: Path) -> list[Path]:
    """Write all descriptors of a release into `folder`, which holds its data files; return their paths.

    Raises BadSetting if the address of publication cannot be used, OSError if a data file is missing; then nothing has
    been written.
    """
    return _write(folder, render_descriptors(contents, folder))


def write_kept(contents: Contents, root: Path) -> list[Path]:
    """Write the descriptors that are kept in the repository at `root`; return their paths. Raises ReleaseStopped."""
    try:
        return _write(root, render_kept(contents, root))
    except OSError as error:
        place = Path(error.filename).parent if error.filename else root
        raise ReleaseStopped(
            f"what describes it could not be written ({error.strerror}); make {place} writable or free some space"
        ) from None


def render_descriptors(contents: Contents, folder: Path) -> dict[str, str]:
    """Return the descriptors of a release by their paths within it."""
    identity, tables = identify(contents), contents.tables
    return {
        "datapackage.json": _to_json(describe_package(contents, folder, tables, identity)),
        f"csv/{CSV_METADATA}": _to_json(describe_group(contents, tables, identity)),
        "croissant.json": _to_json(describe_croissant(contents, folder, tables, identity)),
        "dcat.jsonld": _to_json(describe_catalogue(contents, folder, identity)),
        "annotations.jsonld": render_annotations(contents, identity),
        CITATION: render_citation(contents, identity),
        "DICTIONARY.md": render_dictionary(contents),
        "DIAGRAM.md": render_diagram(contents),
    }


def render_kept(contents: Contents, root: Path) -> dict[str, str]:
    """Return the descriptors that are kept in the repository by their paths within it; its CSV files are those of the tables."""
    identity, curated = identify_anywhere(contents), root / "curated"
    tables = [table for table in contents.base_tables if (curated / "csv" / f"{table.name}.csv").is_file()]
    return {
        "curated/datapackage.json": _to_json(describe_package(contents, curated, tables, identity)),
        f"curated/csv/{CSV_METADATA}": _to_json(describe_group(contents, tables, identity)),
        "curated/DICTIONARY.md": render_dictionary(contents),
        "curated/DIAGRAM.md": render_diagram(contents),
        **{f"curated/badges/{name}": text for name, text in render_badges(contents).items()},
        CITATION: render_citation(contents, identity),
    }


def _to_json(described: dict[str, Any]) -> str:
    return json.dumps(described, ensure_ascii=False, indent=1) + "\n"


def _write(folder: Path, texts: dict[str, str]) -> list[Path]:
    """Write texts to their paths within `folder`, each at once."""
    for name, text in texts.items():
        path = folder / name
        if not path.parent.exists():
            path.parent.mkdir()
        replace_text(path, text)
    return [folder / name for name in texts]
