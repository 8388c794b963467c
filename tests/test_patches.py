"""What the site replaces of others' code is as it was when the replacement was written, and nothing else is replaced."""

from __future__ import annotations

import ast
import hashlib
import inspect
import re
from collections.abc import Callable
from contextlib import suppress
from functools import reduce
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

import datasette
import datasette.app
import datasette.database
import datasette_dashboards
import pytest
from leadership import paths
from mcp.server.mcpserver import MCPServer
from presentation.patches import (
    COPIES,
    MENDS,
    PATCHES,
    VERSIONS,
    hold_no_sessions,
    keep_context_in_threads,
    know_rows,
    limit_time_by,
    make_addresses_by,
    replace,
)

TEMPLATES = Path(datasette.__file__).parent / "templates"
ADVICE = "see what changed in it, mend what the site has in its place, and write down the new digest in presentation/patches.py"


def digest(source: str) -> str:
    return hashlib.sha256(source.encode()).hexdigest()[:12]


def find(name: str) -> Any:
    """Return what a dotted name of a module and things within it stands for."""
    parts = name.split(".")
    for inner in range(len(parts) - 1, 0, -1):
        with suppress(ImportError):
            return reduce(getattr, parts[inner:], import_module(".".join(parts[:inner])))
    raise AssertionError(f"there is no {name}")


@pytest.mark.parametrize("name", PATCHES)
def test_what_is_replaced_is_as_it_was_when_it_was_replaced(name: str) -> None:
    assert digest(inspect.getsource(find(PATCHES[name].source or name))) == PATCHES[name].digest, ADVICE


@pytest.mark.parametrize("name", PATCHES)
def test_every_patch_says_of_which_package_and_why(name: str) -> None:
    assert PATCHES[name].package in VERSIONS
    assert name.startswith(f"{PATCHES[name].package}.")
    assert len(PATCHES[name].reason) > 20


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


@pytest.mark.parametrize("package", VERSIONS)
def test_the_versions_that_the_patches_name_are_those_that_run(package: str) -> None:
    assert VERSIONS[package] == version(package), ADVICE


def test_what_no_patch_names_is_not_replaced() -> None:
    site = datasette.app.Datasette([])
    with pytest.raises(KeyError):
        replace(site, "permission_allowed", lambda ask: ask)
    with pytest.raises(KeyError):
        replace(datasette.app, "Datasette", lambda kind: kind)


@pytest.mark.parametrize(
    ("function", "name"),
    [
        (lambda site: make_addresses_by(datasette.app.Urls), "datasette.app.Urls"),
        (lambda site: limit_time_by(datasette.database.sqlite_timelimit), "datasette.database.sqlite_timelimit"),
        (lambda site: know_rows(site, "_memory", {}), "datasette.app.Datasette.inspect_data"),
        (keep_context_in_threads, "datasette.app.Datasette.executor"),
        (lambda site: hold_no_sessions(MCPServer("x")), "mcp.server.mcpserver.server.MCPServer.streamable_http_app"),
    ],
)
def test_each_function_replaces_what_its_patch_names_and_nothing_without_it(
    function: Callable[[Any], None], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = datasette.app.Datasette([], memory=True)
    function(site)
    monkeypatch.delitem(PATCHES, name)
    with pytest.raises(KeyError, match=re.escape(name)):
        function(site)


# What the owner of a thing gives a plugin to be set, and says so.
OPEN_TO_ALL = {
    ("compiled_templates.py", "env.bytecode_cache"),  # Jinja: until an environment has a template
    ("language.py", "env.finalize"),
    ("language.py", "env.newstyle_gettext"),
    ("limits.py", "conn.row_factory"),
    ("whole_answers.py", "self.cursor.row_factory"),
    ("mistaken_requests.py", "exception.status"),  # the hook is there for this
}


def replaced_in(code: str) -> set[str]:
    """Return what code sets or deletes of other things than `self`: attributes, and entries of what is not public."""
    found = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("setattr", "delattr", "setattr__", "delattr__", "setitem")):
            found.add(ast.unparse(node))
        elif isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del):
            of = ast.unparse(node.value)
            if (isinstance(node, ast.Attribute) and of != "self") or re.search(r"\._|__dict__|\bvars\(", of.removeprefix("self._")):
                found.add(ast.unparse(node))
    return found


def test_no_plugin_replaces_anything_by_itself() -> None:
    plugins = (paths.SITE / "plugins").glob("*.py")
    assert {(path.name, what) for path in plugins for what in replaced_in(path.read_text(encoding="utf-8"))} == OPEN_TO_ALL


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ("def f(mcp):\n    mcp.streamable_http_app = 1", "mcp.streamable_http_app"),
        ("import x\nx.y: int = 1", "x.y"),
        ("import x\nx.y += 1", "x.y"),
        ("import x\na, x.y = 1, 2", "x.y"),
        ("import x\nfor x.y in (): pass", "x.y"),
        ("import x\nwith open('z') as x.y: pass", "x.y"),
        ("import x\ndel x.y", "x.y"),
        ("import x\nsetattr(x, 'y', 1)", "setattr(x, 'y', 1)"),
        ("import x\nobject.__setattr__(x, 'y', 1)", "object.__setattr__(x, 'y', 1)"),
        ("import x\nvars(x)['y'] = 1", "vars(x)['y']"),
        ("import x\nx._settings['y'] = 1", "x._settings['y']"),
        ("class A:\n    def f(self):\n        self.datasette.y = 1", "self.datasette.y"),
    ],
)
def test_a_replacement_is_seen_in_whatever_way_it_is_written(code: str, what: str) -> None:
    assert replaced_in(code) == {what}


@pytest.mark.parametrize(
    "code", ["x = 1", "def f(env):\n    env.globals['x'] = 1", "class A:\n    def f(self):\n        self._x[1] = self.y = 1"]
)
def test_what_replaces_nothing_is_not_taken_for_it(code: str) -> None:
    assert replaced_in(code) == set()
