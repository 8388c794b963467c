"""What the site replaces of others' code is as it was when the replacement was written, and nothing else is replaced."""

from __future__ import annotations

import hashlib
import inspect
import re
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

import datasette
import datasette_dashboards
import pytest
from leadership import paths
from presentation.patches import COPIES, MENDS, PATCHES, replace

TEMPLATES = Path(datasette.__file__).parent / "templates"
ADVICE = "see what changed in it, mend what the site has in its place, and write down the new digest in presentation/patches.py"


def digest(source: str) -> str:
    return hashlib.sha256(source.encode()).hexdigest()[:12]


def find(name: str) -> Any:
    """Return what a dotted name of a module and things within it stands for."""
    module, *inner = re.split(r"\.(?=[A-Z]|sqlite_timelimit)", name)
    found = import_module(module)
    for part in ".".join(inner).split("."):
        found = getattr(found, part)
    return found


@pytest.mark.parametrize("name", PATCHES)
def test_what_is_replaced_is_as_it_was_when_it_was_replaced(name: str) -> None:
    assert digest(inspect.getsource(find(name))) == PATCHES[name].digest, ADVICE


@pytest.mark.parametrize("name", COPIES)
def test_what_a_template_of_ours_was_copied_from_is_as_it_was(name: str) -> None:
    assert digest((TEMPLATES / name).read_text(encoding="utf-8")) == COPIES[name], ADVICE
    assert (paths.SITE / "templates" / name).is_file()


def test_a_template_of_ours_that_takes_the_place_of_datasettes_is_known_to_do_so() -> None:
    ours = {path.name for path in (paths.SITE / "templates").glob("*.html") if (TEMPLATES / path.name).is_file()}
    drawn_anew = {"_table.html", "error.html", "index.html"}  # from nothing
    assert ours - drawn_anew == set(COPIES)


@pytest.mark.parametrize("mend", MENDS, ids=lambda mend: mend[0])
def test_every_piece_of_the_dashboard_is_found_once_in_the_one_that_is_installed(mend: tuple[str, str, str]) -> None:
    templates = Path(datasette_dashboards.__file__).parent / "templates"
    assert (templates / mend[0]).read_text(encoding="utf-8").count(mend[1]) == 1, ADVICE


def test_the_versions_that_the_patches_name_are_those_that_run() -> None:
    said = inspect.getdoc(import_module("presentation.patches"))
    assert f"Datasette {version('datasette')}, datasette-dashboards {version('datasette-dashboards')}." in said


def test_no_plugin_replaces_anything_by_itself() -> None:
    assigned = re.compile(r"^\s+(?:datasette|database|datasette_\w+|Database|Datasette)\.\w+ = ", re.M)
    assert [path.name for path in (paths.SITE / "plugins").glob("*.py") if assigned.search(path.read_text(encoding="utf-8"))] == []


def test_what_no_patch_names_is_not_replaced() -> None:
    site = datasette.app.Datasette([])
    with pytest.raises(KeyError):
        replace(site, "permission_allowed", lambda ask: ask)
