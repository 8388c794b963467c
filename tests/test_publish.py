"""What `datasette publish` is told for each host, and that what it would send there serves the site.

The hosts' own tools are replaced by scripts that answer what Datasette asks them before it writes its files; nothing is sent anywhere.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from leadership import paths
from served import _free_port, _wait_for

PUBLISH = paths.ROOT / "scripts" / "deploy" / "publish.py"
TOOLS = {"heroku": "echo heroku-builds 0.0.0", "gcloud": "echo some-project"}


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An environment in which the hosts' tools are there and do nothing, and Datasette starts without plugins, none of which publishes."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name, does in TOOLS.items():
        (folder / name).write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
        (folder / name).chmod(0o755)
    return {**os.environ, "DATASETTE_LOAD_PLUGINS": "", "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


def publish(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, str(PUBLISH), *arguments], env=environment, capture_output=True, text=True)


def test_what_goes_to_heroku_serves_the_site(environment: dict[str, str], little: Path, tmp_path: Path) -> None:
    sent = tmp_path / "sent"
    told = publish(environment, "heroku", "--database", str(little / "leadership.db"), "--name", "leadership", "--generate-dir", str(sent))
    assert told.returncode == 0, told.stderr
    required = (sent / "requirements.txt").read_text(encoding="utf-8").split()
    assert required[0] == "datasette"
    assert required[-1] == "./plugins/lib"
    assert all(re.fullmatch(r"[a-z-]+==[0-9.]+(post[0-9]+)?", line) for line in required[1:-1])
    # As the host does it: install the library, then start what the Procfile says. The other packages are in this environment.
    site = tmp_path / "site"
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--no-build-isolation", "--target", str(site)]
    subprocess.run([*install, required[-1]], cwd=sent, check=True, capture_output=True)
    inspect = [sys.executable, "-m", *shlex.split((sent / "bin" / "post_compile").read_text(encoding="utf-8"))]
    subprocess.run(inspect, cwd=sent, env=environment, check=True)
    port = _free_port()
    line = (sent / "Procfile").read_text(encoding="utf-8").removeprefix("web: ")
    words = [word.replace("$PORT", str(port)).replace("0.0.0.0", "127.0.0.1") for word in shlex.split(line)]
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen([sys.executable, "-m", *words], cwd=sent, env={**clean, "PYTHONPATH": str(site)}, **quiet) as server:
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(address, server)
            for path, holds in (
                ("/people/sam-altman", "Sam Altman"),
                ("/timeline?year=2023", "November 2023"),
                ("/static/site.css", "{"),
                ("/leadership/people/sam-altman", "Evidence"),
                ("/-/settings.json", '"sql_time_limit_ms": 2000'),
            ):
                with urllib.request.urlopen(f"{address}{path}", timeout=20) as answer:
                    assert holds in answer.read().decode(), path
                    assert "content-security-policy" in answer.headers, "the plugins are not at work"
        finally:
            server.terminate()


def test_cloud_run_is_told_the_same(environment: dict[str, str], little: Path) -> None:
    told = publish(
        environment, "cloudrun", "--database", str(little / "leadership.db"), "--service", "leadership", "--memory", "1Gi", "--show-files"
    )
    assert told.returncode == 0, told.stderr
    assert "./plugins/lib" in told.stdout
    assert "--setting sql_time_limit_ms 2000" in told.stdout
    assert "--plugins-dir plugins/" in told.stdout
    assert "-i leadership.db" in told.stdout


def test_without_a_database_nothing_is_published(environment: dict[str, str], tmp_path: Path) -> None:
    told = publish(environment, "heroku", "--database", str(tmp_path / "none.db"))
    assert told.returncode == 1
    assert told.stderr == f"{tmp_path / 'none.db'} is not there; run `make build` first\n"
