"""Check everything under raw/, and whether metadata.yml describes what would be built; report every fault in one run.

Where SOURCE_TEXTS names the folder of the texts, anchors are held against them, too.
"""

from __future__ import annotations

import argparse
import sqlite3
import time
from pathlib import Path
from typing import TYPE_CHECKING

from . import Failed
from .progress import Progress

if TYPE_CHECKING:
    from leadership.pipeline import Result

READS_TEXTS = True


def run(options: argparse.Namespace) -> int:
    """Check; return the exit status."""
    from leadership import paths
    from leadership.batches.cores import WorkerLost
    from leadership.descriptions import check_metadata
    from leadership.faults import InputFaults
    from leadership.opening import refuse_sqlite
    from leadership.pipeline import Stages, source_texts
    from leadership.pipeline import run as run_pipeline

    if refusal := refuse_sqlite():
        raise Failed(f"Check stopped: {refusal}.")
    began = time.perf_counter()
    try:
        found = check_metadata(paths.METADATA)
        texts = source_texts()
        with Progress() as progress:
            result = run_pipeline(paths.RAW, texts, Stages(tell=progress), keep_in=paths.KEPT)
    except InputFaults as error:
        found += error.faults
    except WorkerLost as error:
        raise Failed(f"Check stopped: {error}.") from None
    except sqlite3.OperationalError as error:
        raise Failed(f"Check stopped: SQLite refused a statement of the build ({error}); correct it in scripts/leadership/.") from None
    if found:
        faults = InputFaults(found)
        raise Failed(f"{faults}\n{faults.count}; nothing was changed.")
    claims, passages, statements, findings = (len(result.tables[name]) for name in ("claims", "passages", "statements", "findings"))
    print(
        f"{result.sheets:,} sheets, {claims:,} claims at {passages:,} places, {statements:,} statements; "
        f"{describe_comparison(result, texts)}; {findings:,} findings to publish. {time.perf_counter() - began:.2f} s"
    )
    return 0


def describe_comparison(result: Result, texts: Path | None) -> str:
    """Say how much was held against the texts, and no more than that: without a text nothing is known of any anchor."""
    compared = f"{result.compared:,} of {result.held:,} held texts compared"
    if texts is None:
        return f"{compared} (SOURCE_TEXTS is not set)"
    return f"{compared}, {result.fitting:,} anchors found" if result.compared else f"{compared} (none of them is in {texts})"
