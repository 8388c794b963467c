"""The image and the hosts, as far as they can be tried without them: no image is built here, for that needs a registry and a daemon.

What the Dockerfile copies is there and is sent, and its commands are the project's. The unit is judged by systemd's own tools.
"""

from __future__ import annotations

import fnmatch
import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from deploy import render
from leadership import paths
from presentation import settings

DOCKERFILE = paths.ROOT / "Dockerfile"


class Step(NamedTuple):
    """An instruction of a Dockerfile, with the name of the stage in which it stands."""

    stage: str
    word: str
    rest: str


def read_dockerfile() -> list[Step]:
    """Return the instructions of the Dockerfile; those that follow FROM … AS name belong to the stage of that name."""
    text = re.sub(r"\\\n", " ", DOCKERFILE.read_text(encoding="utf-8"))
    steps, stage = [], ""
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        word, _, rest = line.partition(" ")
        if word == "FROM":
            stage = rest.partition(" AS ")[2] or "last"
        steps.append(Step(stage, word, rest.strip()))
    return steps


def is_sent(path: str) -> bool:
    """Tell whether .dockerignore lets a path of the project into the image's context; the last line that matches decides."""
    sent = True
    for line in (paths.ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        pattern = line.lstrip("!")
        parts = path.split("/")
        heads = ["/".join(parts[: count + 1]) for count in range(len(parts))]
        below = pattern.removeprefix("**/")
        if any(fnmatch.fnmatchcase(head, pattern) for head in heads) or (
            below != pattern and any(fnmatch.fnmatchcase(part, below) for part in parts)
        ):
            sent = line.startswith("!")
    return sent


def instructions(word: str, stage: str = "last") -> list[str]:
    return [step.rest for step in read_dockerfile() if step.word == word and step.stage == stage]


def test_what_the_image_copies_is_there_and_is_sent_and_what_is_private_is_not() -> None:
    for step in read_dockerfile():
        *sources, _ = shlex.split(step.rest)
        if step.word == "COPY" and not sources[0].startswith("--from="):
            for source in sources:
                assert (paths.ROOT / source).exists(), f"COPY {source}: there is no such thing"
                assert is_sent(source), f"COPY {source}: .dockerignore leaves it out"
    assert is_sent("scripts/commands/serve.py")
    for left_out in (".git/config", ".venv/bin/python", "curated/leadership.db", "dist/release/leadership.db", "tests/conftest.py"):
        assert not is_sent(left_out), left_out


def test_the_image_is_pinned_and_runs_as_nobody() -> None:
    bases = [step.rest.split()[0] for step in read_dockerfile() if step.word == "FROM"]
    assert len(set(bases)) == 1
    assert re.fullmatch(r"python:3\.\d+-slim-[a-z]+", bases[0]), "a tag without a host, and not `latest`"
    assert instructions("USER") == ["10001:10001"]
    installs = [step.rest for step in read_dockerfile() if "pip install" in step.rest]
    assert len(installs) == 1
    assert "--require-hashes -r requirements.txt" in installs[0]


def test_the_images_command_and_health_check_are_commands_of_the_project() -> None:
    (command,) = (json.loads(rest) for rest in instructions("CMD"))
    assert "-m leadership serve --host 0.0.0.0" in command[-1]
    (check,) = (json.loads(rest.partition("CMD ")[2]) for rest in instructions("HEALTHCHECK"))
    assert (paths.ROOT / check[1]).is_file()


def unit(tmp_path: Path, database: Path) -> Path:
    """Write the systemd unit for this machine."""
    out = tmp_path / "leadership@.service"
    out.write_text(render.systemd_unit(paths.ROOT, Path(sys.executable), database), encoding="utf-8")
    return out


def test_the_unit_gives_the_server_the_time_to_stop_that_it_takes(tmp_path: Path, database: Path) -> None:
    text = unit(tmp_path, database).read_text(encoding="utf-8")
    assert f"TimeoutStopSec={settings.LIMITS['stop_seconds'] + 5}\n" in text
    assert f"ExecStart={sys.executable} -m leadership serve --host 127.0.0.1 --port %i --database {database} " in text
    assert "@" not in text.split("[Unit]")[1].replace("@system-service", "").replace("~@privileged @resources", "")


def test_systemd_accepts_the_unit_and_finds_it_well_shut_in(tmp_path: Path, database: Path) -> None:
    tool = shutil.which("systemd-analyze")
    if not tool:
        pytest.skip("no systemd-analyze on this machine")
    template = unit(tmp_path, database)
    verified = subprocess.run([tool, "verify", str(template)], capture_output=True, text=True)
    assert (verified.returncode, verified.stderr) == (0, "")
    template.write_text(template.read_text(encoding="utf-8").replace("ProtectSystem=strict", "ProtectSystem=nearly"), encoding="utf-8")
    assert (
        "Failed to parse protect system value" in subprocess.run([tool, "verify", str(template)], capture_output=True, text=True).stderr
    ), "verify notices nothing"
    template = unit(tmp_path, database)
    judged = subprocess.run([tool, "security", "--offline=yes", "--threshold=20", str(template)], capture_output=True, text=True)
    assert judged.returncode == 0, judged.stdout[-600:] + judged.stderr


def test_systemd_accepts_what_is_added_to_debians_nginx(tmp_path: Path) -> None:
    tool, debians = shutil.which("systemd-analyze"), Path("/lib/systemd/system/nginx.service")
    if not tool or not debians.is_file():
        pytest.skip("no systemd-analyze or no nginx of Debian's on this machine")
    shutil.copy(debians, tmp_path)
    added = tmp_path / "nginx.service.d" / "leadership.conf"
    added.parent.mkdir()
    shutil.copy(paths.ROOT / "scripts" / "deploy" / "nginx.service.conf", added)
    verified = subprocess.run([tool, "verify", str(tmp_path / "nginx.service")], capture_output=True, text=True)
    assert (verified.returncode, verified.stderr) == (0, "")
    added.write_text(added.read_text(encoding="utf-8").replace("ExecStart=\n", ""), encoding="utf-8")
    assert (
        "more than one ExecStart"
        in subprocess.run([tool, "verify", str(tmp_path / "nginx.service")], capture_output=True, text=True).stderr
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nginx", "--release", "{tmp}"), "holds no leadership.db; make a release first"),
        (("nginx", "--release", "{release}", "--listen", "80; return 200"), "cannot be written into a configuration"),
        (("nginx", "--release", "{release}", "--replica", "a:1", "--replica", "a:1"), "name each replica once"),
        (("nginx", "--release", "{release}", "--rate", "0"), "--rate must be 1 or more"),
        (("unit", "--folder", "{tmp}"), "is no script; give the folder in which `make build` was run"),
    ],
)
def test_a_setting_that_cannot_be_used_is_told_in_one_line_and_nothing_is_written(
    arguments: tuple[str, ...],
    message: str,
    tmp_path: Path,
    database: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / "out" / "written"
    out.parent.mkdir()
    filled = [argument.format(tmp=tmp_path, release=database.parent) for argument in arguments]
    monkeypatch.setattr(sys, "argv", ["render.py", *filled, "--out", str(out)])
    assert render.main() == 1
    told = capsys.readouterr()
    assert message in told.err
    assert told.err.count("\n") == 1
    assert told.out == ""
    assert not list(out.parent.iterdir())
