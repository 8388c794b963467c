"""Install Chromium by apt where it is missing and may be installed; else say that the tests of the site will skip."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

# The first draws no windows, menus and tabs, which nobody sees in a test, and takes half the time; older systems have only the other.
PROGRAMS = ("chromium-headless-shell", "chromium")


def find_chromium() -> str | None:
    """Return the path of a Chromium, None if this machine has none; the environment variable CHROMIUM may name one."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, PROGRAMS)), None)


def main() -> int:
    if find_chromium():
        return 0
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        print("No Chromium found and none can be installed here: the tests of the site will be skipped.")
        return 0
    print("Installing Chromium for the tests of the site …", flush=True)
    if not _apt_get("update", "-qq") or not any(_install(program) for program in PROGRAMS):
        print("Chromium could not be installed: the tests of the site will be skipped.")
    return 0


def _install(program: str) -> bool:
    return _apt_get("install", "-y", "-qq", "--no-install-recommends", program, "fonts-noto-cjk")


def _apt_get(*arguments: str) -> bool:
    """Call apt-get and tell whether all went well."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(["apt-get", *arguments], env=environment, stdout=subprocess.DEVNULL, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
