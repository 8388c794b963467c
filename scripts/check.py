"""Check everything under raw/ and report every fault in one run. Exit status 1 if there is any."""

from __future__ import annotations

import sys
import time

from leadership import paths
from leadership.faults import InputFaults
from leadership.parallel import WorkerLost
from leadership.pipeline import run, source_texts


def main() -> int:
    began = time.perf_counter()
    texts = source_texts()
    try:
        result = run(paths.RAW, texts, keep_readings=False)
    except InputFaults as error:
        print(error, file=sys.stderr)
        print(f"{len(error.faults)} faults; nothing was changed.", file=sys.stderr)
        return 1
    except WorkerLost as error:
        print(f"Check stopped: {error}.", file=sys.stderr)
        return 1
    claims, passages = (len(result.tables[name]) for name in ("claims", "passages"))
    anchors = "every anchor found on its line" if texts else "anchors not held against the texts (SOURCE_TEXTS is not set)"
    print(
        f"{result.sheets} sheets, {claims} claims at {passages} places, {len(result.tables['statements'])} statements; {anchors}; "
        f"{len(result.tables['findings'])} findings to publish. {time.perf_counter() - began:.2f} s"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
