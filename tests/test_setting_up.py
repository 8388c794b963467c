"""What `make` does before anything runs: a .venv that is whole, or one sentence on what is missing."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from leadership import paths

# A pip that does nothing takes the place of the real one, which takes seconds to unpack.
WHOLE = f"""#!/bin/sh
if [ "$2" = venv ]; then
  {sys.executable} -m venv --without-pip --clear .venv
  cd .venv/lib/python*/site-packages
  mkdir pip && touch pip/__init__.py pip/__main__.py
else
  exec {sys.executable} "$@"
fi
"""
NO_ENSUREPIP = WHOLE.replace("  cd", '  echo "ensurepip is not available" >&2\n  exit 1\n  cd')
OLD_SQLITE = """import sqlite3
sqlite3.sqlite_version_info = (3, 31, 1)
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that needs no package, in a folder of its own."""
    shutil.copy(paths.ROOT / "Makefile", tmp_path)
    (tmp_path / "requirements.txt").write_text("# none\n")
    return tmp_path


def make(project: Path, python: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Call make, with a Python made of a script, for what every command needs first."""
    path = project / "python"
    path.write_text(python)
    path.chmod(0o755)
    environment = {**{key: value for key, value in os.environ.items() if not key.startswith("MAKE")}, **environment}
    command = ["make", ".venv/.runs", f"PYTHON={path}"]
    return subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, timeout=120)


def has_pip(project: Path) -> bool:
    return subprocess.run([project / ".venv/bin/python", "-m", "pip", "--version"], capture_output=True).returncode == 0


def test_a_venv_that_was_broken_off_half_way_is_made_anew_and_a_whole_one_is_kept(project: Path):
    assert make(project, NO_ENSUREPIP).returncode != 0
    assert (project / ".venv/bin/python").exists()
    assert not has_pip(project)
    assert make(project, WHOLE).returncode == 0
    assert has_pip(project)
    (project / ".venv/kept").touch()
    assert make(project, WHOLE).returncode == 0
    assert (project / ".venv/kept").exists()


def test_a_venv_whose_python_is_gone_is_made_anew_and_everything_installed_again(project: Path):
    assert make(project, WHOLE).returncode == 0
    (project / ".venv/kept").touch()
    (project / ".venv/bin/python").unlink()
    (project / ".venv/bin/python").symlink_to("/nowhere/python3.9")
    assert make(project, WHOLE).returncode == 0
    assert has_pip(project)
    assert (project / ".venv/.runs").exists()
    assert not (project / ".venv/kept").exists()


def test_a_python_with_an_sqlite_that_is_too_old_is_told_apart_before_anything_is_made(project: Path):
    (project / "sitecustomize.py").write_text(OLD_SQLITE)
    done = make(project, WHOLE, PYTHONPATH=str(project))
    assert done.returncode != 0
    assert "SQLite 3.37 or newer is needed; call make PYTHON=<a Python that has it>" in done.stderr
    assert not (project / ".venv").exists()


@pytest.mark.parametrize("target", ["test", "lint"])
def test_formatting_rules_are_held_by_whatever_says_that_it_holds_them(target: str):
    steps = subprocess.run(["make", "-n", target], cwd=paths.ROOT, capture_output=True, text=True, check=True).stdout
    assert re.search(r"^\S*ruff format --quiet --check scripts tests", steps, re.MULTILINE)
    assert re.search(r"^\S*ruff check scripts tests$", steps, re.MULTILINE)
