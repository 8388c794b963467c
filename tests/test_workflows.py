"""The workflows name only what exists, ask for no right that they do not use, and refuse a tag that is not the version."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from leadership import paths
from validators import run_validator

FOLDER = paths.ROOT / ".github" / "workflows"
WORKFLOWS = sorted(FOLDER.glob("*.yml"))
RIGHTS = {"test.yml": {}, "release.yml": {"release": {"contents": "write", "id-token": "write", "attestations": "write"}}}


def read(path: Path) -> dict[str, Any]:
    """Return a workflow with all values as text: to YAML 1.1 `on` would be true and 3.10 a number."""
    document: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
    return document


def steps(path: Path) -> list[dict[str, Any]]:
    return [step for job in read(path)["jobs"].values() for step in job.get("steps", [])]


def shell(path: Path) -> list[str]:
    """Return the commands of a workflow, one a line."""
    return [line.strip() for step in steps(path) for line in step.get("run", "").splitlines()]


def test_both_workflows_are_there() -> None:
    assert [path.name for path in WORKFLOWS] == ["release.yml", "test.yml"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_target_script_and_workflow_that_is_called_exists(path: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (paths.ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    called = [word for line in shell(path) for word in re.findall(r"(?:^|&& )make ([a-z-]+)", line)]
    scripts = [word for line in shell(path) for word in re.findall(r"(?:bash|sh|python3?) ([\w.][\w./-]*)", line)]
    reused = [job["uses"] for job in read(path)["jobs"].values() if "uses" in job]
    assert called + scripts + reused, "the workflow calls nothing of the project"
    assert set(called) <= targets
    for name in (*scripts, *reused):
        assert (paths.ROOT / name).is_file(), name


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned_and_rights_are_few(path: Path) -> None:
    document = read(path)
    for step in steps(path):
        if "uses" in step:
            assert re.fullmatch(r"actions/[a-z-]+@(v\d+|[0-9a-f]{40})", step["uses"]), step["uses"]
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] == "false"
    assert document["permissions"] == {"contents": "read"}
    assert {name: job["permissions"] for name, job in document["jobs"].items() if "permissions" in job} == RIGHTS[path.name]
    # What others write (titles, branches) never becomes part of a command.
    assert not [line for line in shell(path) if "${{" in line]


def test_the_schema_of_workflows_accepts_them() -> None:
    judged = run_validator("-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", *WORKFLOWS)
    assert judged.returncode == 0, judged.stdout + judged.stderr


def test_the_tests_run_with_the_oldest_python_that_is_promised() -> None:
    promised = tomllib.loads((paths.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["requires-python"]
    versions = read(FOLDER / "test.yml")["jobs"]["test"]["strategy"]["matrix"]["python"]
    assert promised.removeprefix(">=") == versions[0]


def test_nothing_is_released_before_the_tests_have_passed() -> None:
    jobs = read(FOLDER / "release.yml")["jobs"]
    assert jobs["release"]["needs"] == "test"
    assert jobs["test"]["uses"] == "./.github/workflows/test.yml"
    assert "workflow_call" in read(FOLDER / "test.yml")["on"]


def test_a_tag_that_is_not_the_version_is_refused() -> None:
    version = tomllib.loads((paths.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    (script,) = (step["run"] for step in steps(FOLDER / "release.yml") if step.get("name") == "The tag names the version")
    codes = [
        subprocess.run(
            ["bash", "-e", "-c", script], cwd=paths.ROOT, env={**os.environ, "GITHUB_REF_NAME": tag}, capture_output=True
        ).returncode
        for tag in (f"v{version}", f"v{version}.1", version)
    ]
    assert codes == [0, 1, 1]


def test_a_release_whose_files_were_changed_is_not_attached(little: Path, tmp_path: Path) -> None:
    (script,) = (step["run"] for step in steps(FOLDER / "release.yml") if "make release" in step.get("run", ""))
    assert script.startswith("make release\n")
    check = script.removeprefix("make release\n")  # the release is there already
    named = re.findall(r"dist/release/([\w.]+)", "\n".join(shell(FOLDER / "release.yml")))
    assert named, "the release has no note"
    for name in named:
        assert (little / name).is_file(), name
    shutil.copytree(little, tmp_path / "dist" / "release")
    assert subprocess.run(["bash", "-e", "-c", check], cwd=tmp_path, capture_output=True).returncode == 0
    with (tmp_path / "dist" / "release" / "csv" / "people.csv").open("a", encoding="utf-8") as file:
        file.write("x\n")
    assert subprocess.run(["bash", "-e", "-c", check], cwd=tmp_path, capture_output=True).returncode != 0
