"""Ask the server on this machine for a row of its database, and tell by the exit status whether it answers.

In: the port and how many seconds to wait for a server that is just starting. Out: 0, or 1 with one sentence on standard error.
The image's HEALTHCHECK, the systemd unit and whoever restarts replicas one after the other ask by it.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import sys
import time

PATH = "leadership/build_info.json?_shape=array"


def ask(port: int, seconds: float = 4, base_url: str = "/") -> str:
    """Return the logical digest of the database that is served on `port` below `base_url`. Raises OSError, HTTPException or ValueError."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    try:
        connection.request("GET", base_url + PATH)
        response = connection.getresponse()
        body = response.read()
    finally:
        connection.close()
    if response.status != 200:
        raise ValueError(f"status {response.status}")
    info = {row["id"]: row["value"] for row in json.loads(body)}
    if "logical_digest" not in info:
        raise ValueError("the database says nothing of its build")
    digest: str = info["logical_digest"]
    return digest


def main() -> int:
    parser = argparse.ArgumentParser(description="Tell by the exit status whether the server on this machine answers.")
    parser.add_argument("--port", type=int, default=os.environ.get("PORT", "8001"), help="PORT if it is set")
    parser.add_argument("--wait", type=float, default=0, help="seconds to wait for a server that is just starting")
    parser.add_argument("--base-url", default="/", help="the path below which a proxy serves it; the server itself answers without it")
    options = parser.parse_args()
    until = time.monotonic() + options.wait
    while True:
        try:
            print(f"Port {options.port} serves the database with logical digest {ask(options.port, base_url=options.base_url)}.")
            return 0
        except (OSError, http.client.HTTPException, ValueError) as error:
            if time.monotonic() >= until:
                print(f"Port {options.port} does not answer: {error}", file=sys.stderr)
                return 1
        time.sleep(0.2)


if __name__ == "__main__":
    sys.exit(main())
