"""The tools that judge a release as its users would. They live in an environment of their own; where it is missing, tests skip."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from leadership import paths

JUDGING = Path(__file__).with_name("judging.py")


def validators_python() -> str:
    """Return the Python of the validators: VALIDATORS, or that of `.venv-validators`; skip the test if there is none."""
    found = os.environ.get("VALIDATORS") or str(paths.ROOT / ".venv-validators" / "bin" / "python")
    if not Path(found).exists():
        pytest.skip("the validators are not installed; `make test` installs them into .venv-validators")
    return found


def run_validator(*arguments: str | Path, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the validators' Python with these arguments, in `folder` if one is given."""
    return subprocess.run([validators_python(), *map(str, arguments)], cwd=folder, capture_output=True, text=True, timeout=300, check=False)


def judge(*tasks: tuple[str, Path]) -> list[dict[str, Any]]:
    """Have each file or folder judged by the function of that name in judging.py, all in one process; return what they say."""
    done = run_validator(JUDGING, json.dumps([[name, str(path)] for name, path in tasks]))
    assert done.returncode == 0, done.stderr
    judged: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return judged
