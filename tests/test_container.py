"""The image and the hosts, as far as they can be tried without them: no image is built here, for that needs a registry and a daemon.

Instead a folder is made as the Dockerfile says, step by step: what it copies is copied, what .dockerignore leaves out is left out, the
project's own commands are run, and then the server is started by the image's CMD and asked by its HEALTHCHECK. Only the installation
of packages is left out; this environment has them. The unit is judged by systemd's own tools.
"""

from __future__ import annotations

import fnmatch
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from commands import serve
from deploy import render
from leadership import paths

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


def environment_of(stage: str) -> dict[str, str]:
    """Return what ENV sets."""
    pairs = [pair.partition("=") for rest in instructions("ENV", stage) for pair in shlex.split(rest)]
    return {name: value for name, _, value in pairs}


class Image:
    """A folder with what the image would hold under /app."""

    def __init__(self, folder: Path):
        self.roots = {"build": folder / "build", "last": folder / "last"}
        for root in self.roots.values():
            (root / "app").mkdir(parents=True)
        for step in read_dockerfile():
            if step.word == "COPY":
                self.copy(step)
            elif step.word == "RUN" and "-m leadership" in step.rest:
                self.run(step.stage, shlex.split(step.rest))

    def copy(self, step: Step) -> None:
        """Copy as COPY does."""
        words = shlex.split(step.rest)
        origin, context = paths.ROOT, True
        if words[0].startswith("--from="):
            origin, context = self.roots[words.pop(0).removeprefix("--from=")], False
        *sources, target = words
        for source in sources:
            if source == "/venv":
                continue
            where = origin / source.lstrip("/")
            assert where.exists(), f"COPY {source}: there is no such thing"
            files = [where] if where.is_file() else [file for file in where.rglob("*") if file.is_file()]
            for file in files:
                if context and not is_sent(file.relative_to(paths.ROOT).as_posix()):
                    continue
                root = self.roots[step.stage] / "app" / target
                into = root / file.relative_to(where) if where.is_dir() else root / file.name if target.endswith("/") else root
                into.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(file, into)

    def command(self, words: list[str]) -> list[str]:
        """Return a command of the image as it runs here: by this Python."""
        return [word.replace("/venv/bin/python", sys.executable) for word in words]

    def environment(self, stage: str, **more: str) -> dict[str, str]:
        """Return the image's environment, in this folder instead of /."""
        known = {name: value.replace("/app", str(self.roots[stage] / "app")) for name, value in environment_of(stage).items()}
        return {"PATH": os.environ["PATH"], **known, **more}

    def run(self, stage: str, words: list[str]) -> None:
        """Run a command of the project as RUN does."""
        subprocess.run(
            self.command(words), cwd=self.roots[stage] / "app", env=self.environment(stage), check=True, stdout=subprocess.DEVNULL
        )


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    return Image(tmp_path_factory.mktemp("image"))


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def fetch(port: str, path: str, **headers: str) -> str:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    with urllib.request.urlopen(request, timeout=20) as answer:
        text: str = answer.read().decode()
        return text


def test_the_image_holds_what_it_serves_and_nothing_else(image: Image) -> None:
    app = image.roots["last"] / "app"
    top = sorted(path.name for path in app.iterdir())
    assert top == ["LICENSE", "LICENSE-DATA", "curated", "metadata.yml", "scripts"]
    assert [path.name for path in (app / "curated").iterdir()] == ["leadership.db"]
    assert not [path for path in app.rglob("*") if path.name == "__pycache__" or path.suffix in (".pyc", ".png")]
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


def test_the_images_command_serves_on_the_port_it_is_given_and_its_health_check_sees_it(image: Image) -> None:
    (command,) = (json.loads(rest) for rest in instructions("CMD"))
    assert "--host 0.0.0.0" in command[-1]
    command[-1] = command[-1].replace("--host 0.0.0.0", "--host 127.0.0.1")  # a test is not for the whole network
    (check,) = (json.loads(rest.partition("CMD ")[2]) for rest in instructions("HEALTHCHECK"))
    port = free_port()
    # The host's proxy says by which scheme its readers come.
    environment = image.environment("last", PORT=port, FORWARDED_ALLOW_IPS="*")
    folder = image.roots["last"] / "app"
    held = sorted(folder.rglob("*"))
    asked = image.command(check)
    before = subprocess.run(asked, cwd=folder, env=environment, capture_output=True, text=True)
    assert before.returncode == 1
    assert before.stderr.startswith(f"Port {port} does not answer: ")
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(
        [word.replace("/venv/bin/python", sys.executable) for word in command], cwd=folder, env=environment, **quiet
    ) as server:
        try:
            after = subprocess.run([*asked, "--wait", "60"], cwd=folder, env=environment, capture_output=True, text=True)
            assert after.returncode == 0, after.stderr
            assert after.stdout.startswith(f"Port {port} serves the database with logical digest ")
            assert f"https://127.0.0.1:{port}/" in fetch(port, "/", **{"X-Forwarded-Proto": "https"})
        finally:
            server.terminate()
    assert sorted(folder.rglob("*")) == held, "the image cannot be read-only: the server writes files"
    assert server.returncode in (0, -signal.SIGTERM), "the shell did not hand the signal on"


def unit(tmp_path: Path, database: Path) -> Path:
    """Write the systemd unit for this machine."""
    out = tmp_path / "leadership@.service"
    out.write_text(render.systemd_unit(paths.ROOT, Path(sys.executable), database), encoding="utf-8")
    return out


def test_the_unit_gives_the_server_the_time_to_stop_that_it_takes(tmp_path: Path, database: Path) -> None:
    text = unit(tmp_path, database).read_text(encoding="utf-8")
    assert f"TimeoutStopSec={serve.LIMITS['stop_seconds'] + 5}\n" in text
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
