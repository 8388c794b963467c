"""Call `datasette publish` for Cloud Run or Heroku with everything that this site needs beside its database.

In: the host and the host's own options, which are handed on. Datasette copies the folder of plugins to the host and installs the
packages that it is told; our plugins also import what stands beside them in `scripts/`. So a folder is made that holds the plugins
and, in `lib/`, those modules as a package that the host can install. Out: the exit status of `datasette publish`.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(SCRIPTS))

from leadership import paths  # noqa: E402
from presentation import settings  # noqa: E402

HOSTS = ("cloudrun", "heroku")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc", "pictures")
PACKAGES = ("leadership", "presentation", "distribution")
LIBRARY = """\
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"

[project]
name = "openai-leadership-changes-library"
version = "0"

[tool.setuptools.packages.find]
namespaces = false

[tool.setuptools.package-data]
"*" = ["**/*"]  # the views' SQL, the phrases
"""


def write_plugins(folder: Path) -> None:
    """Write the site's plugins into a new folder, and into its `lib/` what they import."""
    shutil.copytree(paths.SITE / "plugins", folder, ignore=LEFT_OUT)
    library = folder / "lib"
    for package in PACKAGES:
        shutil.copytree(SCRIPTS / package, library / package, ignore=LEFT_OUT)
    shutil.copytree(paths.SITE, library / "presentation" / "site", ignore=LEFT_OUT)  # some plugins read static files
    (library / "pyproject.toml").write_text(LIBRARY, encoding="utf-8")


def pinned_packages() -> list[str]:
    """Return what pyproject.toml pins for the site."""
    packages: list[str] = tomllib.loads((paths.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    return packages


def arguments(host: str, database: Path, plugins: Path, further: list[str]) -> list[str]:
    """Return the arguments of `datasette` that publish the site."""
    chosen = " ".join(f"--setting {name} {value}" for name, value in settings.SETTINGS.items())
    told = ["publish", host, str(database), "--metadata", str(paths.METADATA), "--plugins-dir", str(plugins)]
    told += ["--template-dir", str(paths.SITE / "templates"), "--static", f"static:{paths.SITE / 'static'}"]
    told += ["--extra-options", chosen]
    for package in (*pinned_packages(), "./plugins/lib"):  # the last as the host sees it
        told += ["--install", package]
    return told + further


def main() -> int:
    parser = argparse.ArgumentParser(
        description="Publish the site by `datasette publish`; options that are not known here are handed on to it.",
        epilog="Example: publish.py cloudrun --service openai-leadership-changes --memory 1Gi",
    )
    parser.add_argument("host", choices=HOSTS)
    parser.add_argument("--database", type=Path, default=paths.DATABASE)
    options, further = parser.parse_known_args()
    if not options.database.is_file():
        print(f"{options.database} is not there; run `make build` first", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="publish-") as folder:
        plugins = Path(folder) / "plugins"
        write_plugins(plugins)
        command = [sys.executable, "-m", "datasette", *arguments(options.host, options.database.resolve(), plugins, further)]
        return subprocess.run(command).returncode


if __name__ == "__main__":
    sys.exit(main())
