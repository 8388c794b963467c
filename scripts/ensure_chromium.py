"""Install Chromium by apt where it is missing and may be installed; else say that the tests of the site will skip."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys


def main() -> int:
    if shutil.which("chromium") or os.environ.get("CHROMIUM"):
        return 0
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        print("No Chromium found and none can be installed here: the tests of the site will be skipped.")
        return 0
    print("Installing Chromium for the tests of the site …", flush=True)
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-noto-cjk"],
    ):
        result = subprocess.run(command, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, stdout=subprocess.DEVNULL, check=False)
        if result.returncode:
            print("Chromium could not be installed: the tests of the site will be skipped.")
            break
    return 0


if __name__ == "__main__":
    sys.exit(main())
