"""Measure the build side by side with the least that anybody could do, and with tools that do less.

For each size it generates a `raw/` (see bench_data.py) and measures, in turn within each round so that a busy machine
hits all alike: our full build, our build after one sheet was changed with what is kept between builds, our check, and the
*floor*: the same files through the C YAML parser and the same final rows written by executemany in one transaction,
nothing else. The floor comes twice:
`yaml.load`, as everybody calls it, and composing nodes only, the least that keeps the lines. Peers get the same claims,
passages and subjects, already flat, and need neither check nor settle anything. Prints progress; the table (Markdown) and all
numbers (JSON) go to the path given.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from leadership import paths
from leadership.opening import open_database
from leadership.tables import TABLES

from trials import bench_data

HERE = Path(__file__)
TARGETS = {"build": 1.5, "rebuild": 0.05, "exponent": 1.05, "megabytes": 600.0, "megabytes_a_sheet": 0.1}
PEER_SECONDS = 300  # a peer that takes longer is stopped


@dataclass
class Measured:
    """Seconds and peak megabytes of every run of one task at one size."""

    seconds: list[float] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)
    stopped: bool = False

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def peak(self) -> float:
        return max(self.megabytes)


Results = dict[str, Measured]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", nargs="*", type=int, default=[1500, 3000], help="numbers of sheets (default: 1500 3000)")
    parser.add_argument("--out", type=Path, default=Path("dist/bench"), help="where to write <out>.md and <out>.json")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", type=Path, default=Path("dist/bench-work"), help="folder for generated sheets and databases")
    parser.add_argument("--peers", default=sys.executable, help="a Python that has the packages of bench-requirements.txt")
    parser.add_argument("--peer-seconds", type=float, default=PEER_SECONDS, help="stop a peer that takes longer")
    parser.add_argument("--task", nargs=3, metavar=("NAME", "RAW", "FOLDER"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.task:
        name, raw, folder = options.task
        print(json.dumps(TASKS[name](Path(raw), Path(folder))))
        return 0
    results = {size: _measure_size(size, options) for size in options.sizes}
    table = render(results)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.with_suffix(".md").write_text(table, encoding="utf-8")
    options.out.with_suffix(".json").write_text(json.dumps(_plain(results), indent=1) + "\n", encoding="utf-8")
    print(table)
    return 0


# tasks: each runs in a process of its own and returns the seconds that count


def _build(raw: Path, folder: Path) -> float:
    """Build from nothing, and keep what is made of catalogue and sheets, as `make build` does."""
    shutil.rmtree(folder / "kept", ignore_errors=True)
    return _rebuild(raw, folder)


def _rebuild(raw: Path, folder: Path) -> float:
    """Build with what the build before has kept."""
    from leadership.building import build

    began = time.perf_counter()
    build(raw, paths.METADATA, folder / "leadership.db", folder / "csv", folder / "kept")
    return time.perf_counter() - began


def _check(raw: Path, folder: Path) -> float:
    from leadership.pipeline import run

    began = time.perf_counter()
    run(raw)
    return time.perf_counter() - began


def _floor(raw: Path, folder: Path, parse: Callable[[str], Any]) -> float:
    """Parse all files and write the rows of the finished database; reading those rows beforehand does not count."""
    source = open_database(folder / "leadership.db", "mode=ro")
    began = time.perf_counter()
    for path in raw.rglob("*.yml"):
        parse(path.read_text(encoding="utf-8"))
    seconds = time.perf_counter() - began
    target = folder / "floor.db"
    target.unlink(missing_ok=True)
    connection = sqlite3.connect(target, isolation_level=None)
    for pragma in ("journal_mode=OFF", "synchronous=OFF"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("BEGIN")
    for name, table in TABLES.items():
        connection.execute(table.create_sql())
        cursor = source.execute(f'SELECT * FROM "{name}" ORDER BY rowid')
        while rows := cursor.fetchmany(50_000):
            began = time.perf_counter()
            connection.executemany(table.insert_sql(), rows)
            seconds += time.perf_counter() - began
    began = time.perf_counter()
    connection.execute("COMMIT")
    return seconds + time.perf_counter() - began


def _load(text: str) -> Any:
    return yaml.load(text, Loader=yaml.CSafeLoader)


def _compose(text: str) -> Any:
    return yaml.compose(text, Loader=yaml.CSafeLoader)


def _rewrite(raw: Path, folder: Path) -> float:
    """Have SQLite itself write the finished database anew: what a rebuild with the bytes of a full one takes at the least."""
    target = folder / "rewritten.db"
    target.unlink(missing_ok=True)
    connection = open_database(folder / "leadership.db", "mode=ro")
    began = time.perf_counter()
    connection.execute("VACUUM INTO ?", (str(target),))
    seconds = time.perf_counter() - began
    target.unlink()
    return seconds


REBUILD = "rebuild after one changed sheet"
REWRITE = "nothing but the finished file written anew (VACUUM INTO)"
TASKS: dict[str, Callable[[Path, Path], float]] = {
    REWRITE: _rewrite,
    "build": _build,
    REBUILD: _rebuild,
    "check": _check,
    "floor": lambda raw, folder: _floor(raw, folder, _load),
    "floor, nodes only": lambda raw, folder: _floor(raw, folder, _compose),
}


# running them


def _measure_size(size: int, options: argparse.Namespace) -> Results:
    work = options.work / str(size)
    raw, folder = work / "raw", work / "built"
    _say(f"{size} sheets: generating …")
    bench_data.generate(paths.RAW, raw, size, options.seed)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    results: Results = {}
    for number in range(1, options.runs + 1):
        _run_task("build", raw, folder, results, number)
        put_back = bench_data.change_one_sheet(raw)
        _run_task(REBUILD, raw, folder, results, number)
        put_back()
        for task in ("floor", "floor, nodes only", "check", REWRITE):
            _run_task(task, raw, folder, results, number)
    _say(f"{size} sheets: the same bytes after a change as from scratch: {_same_bytes(raw, folder)}")
    for name, command in _peers(options.peers, folder, work / "peers"):
        for number in range(1, (options.runs if size <= 100 else 1) + 1):
            (work / "peers" / "peer.db").unlink(missing_ok=True)
            _run(command, name, results, number, options.peer_seconds)
    return results


def _run_task(task: str, raw: Path, folder: Path, results: Results, number: int) -> None:
    _run([sys.executable, str(HERE), "--task", task, str(raw), str(folder)], task, results, number)


def _run(command: list[str], name: str, results: Results, number: int, at_most: float | None = None) -> None:
    """Run a command; keep the seconds that it prints, or else those that it took, and the peak memory of all its processes.

    A command that takes longer than `at_most` seconds is stopped and counts as having taken so long.
    """
    began = time.perf_counter()
    environment = {**os.environ, "PYTHONPATH": str(HERE.parents[1])}
    stopped = False
    pipes: Any = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, env=environment, start_new_session=True, **pipes) as process:
        peak = _Peak(process.pid)
        try:
            out, error = process.communicate(timeout=at_most)
        except subprocess.TimeoutExpired:
            stopped = True
            os.killpg(process.pid, signal.SIGKILL)
            out, error = process.communicate()
    took = time.perf_counter() - began
    if process.returncode and not stopped:
        _say(f"  {name}: failed and left out: {error.strip().splitlines()[-1:]}")
        return
    measured = results.setdefault(name, Measured())
    measured.seconds.append(json.loads(out) if "--task" in command else took)
    measured.megabytes.append(peak.megabytes)
    measured.stopped |= stopped
    _say(f"  {name}, run {number}: {measured.seconds[-1]:.2f} s, {measured.megabytes[-1]:.0f} MB")


class _Peak:
    """The most memory that a process and all its children held at once, looked at four times a second.

    Pages that processes share are counted once (PSS); where the system does not tell, each time (RSS).
    """

    def __init__(self, pid: int):
        self.megabytes = 0.0
        self.pid = pid
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while Path(f"/proc/{self.pid}/stat").exists():
            self.megabytes = max(self.megabytes, sum(map(_kilobytes, _tree(self.pid))) / 1024)
            time.sleep(0.25)


def _tree(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(below for child in children for below in _tree(int(child)))]


def _kilobytes(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    except (OSError, StopIteration):
        return 0


def _same_bytes(raw: Path, folder: Path) -> bool:
    """Tell whether a build after a change, beside an older database, gives the bytes of a build from scratch."""
    put_back = bench_data.change_one_sheet(raw)
    try:
        _run_here(REBUILD, raw, folder)
        after_change = (folder / "leadership.db").read_bytes()
        (folder / "leadership.db").unlink()
        _run_here("build", raw, folder)
        return after_change == (folder / "leadership.db").read_bytes()
    finally:
        put_back()


def _run_here(task: str, raw: Path, folder: Path) -> None:
    command = [sys.executable, str(HERE), "--task", task, str(raw), str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": str(HERE.parents[1])})


# peers

PEERS = {"sqlite-utils insert": "sqlite_utils", "yaml-to-sqlite": "yaml_to_sqlite", "cldf createdb": "pycldf"}  # and their packages


def _peers(python: str, folder: Path, work: Path) -> Iterable[tuple[str, list[str]]]:
    """Yield name and command of each peer whose package is there, and write the files that it reads."""
    work.mkdir(parents=True, exist_ok=True)
    database = str(work / "peer.db")
    tables = {name: _dicts(folder / "leadership.db", name) for name in ("claims", "passages", "subjects")}
    for name, module in PEERS.items():
        if not shutil.which(python) or subprocess.run([python, "-c", f"import {module}"], capture_output=True, check=False).returncode:
            _say(f"  {name}: left out, {module} is not installed in {python}; pip install -r bench-requirements.txt")
            continue
        yield name, PREPARE[module](python, work, database, tables)


def _dicts(database: Path, table: str) -> list[dict[str, Any]]:
    connection = open_database(database, "mode=ro")
    connection.row_factory = sqlite3.Row
    try:
        return [dict(row) for row in connection.execute(f'SELECT * FROM "{table}"')]
    finally:
        connection.close()


Prepare = Callable[[str, Path, str, dict[str, list[dict[str, Any]]]], list[str]]


def _prepare_sqlite_utils(python: str, work: Path, database: str, tables: dict[str, list[dict[str, Any]]]) -> list[str]:
    commands = []
    for name, rows in tables.items():
        (work / f"{name}.json").write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
        commands.append(f"'{python}' -m sqlite_utils insert '{database}' {name} '{work / name}.json' --pk id")
    return ["sh", "-ec", " && ".join(commands)]


def _prepare_yaml_to_sqlite(python: str, work: Path, database: str, tables: dict[str, list[dict[str, Any]]]) -> list[str]:
    commands = []
    for name, rows in tables.items():
        with (work / f"{name}.yml").open("w", encoding="utf-8") as file:
            for row in rows:  # JSON is YAML
                file.write(f"- {json.dumps(row, ensure_ascii=False)}\n")
        run = "from yaml_to_sqlite.cli import cli; cli()"
        commands.append(f"'{python}' -c '{run}' '{database}' {name} '{work / name}.yml' --pk id")
    return ["sh", "-ec", " && ".join(commands)]


def _prepare_cldf(python: str, work: Path, database: str, tables: dict[str, list[dict[str, Any]]]) -> list[str]:
    """Write the facts as a CLDF dataset: subjects as languages, properties as parameters, claims as values with their source."""
    folder = work / "cldf"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    rows = work / "cldf.json"
    statements = [(claim["id"], claim["statement_id"], claim["passage_id"], claim["source_id"]) for claim in tables["claims"]]
    subjects = [(subject["id"], subject["label"]) for subject in tables["subjects"]]
    rows.write_text(json.dumps({"claims": statements, "subjects": subjects}), encoding="utf-8")
    subprocess.run([python, "-c", WRITE_CLDF, str(rows), str(folder)], check=True, capture_output=True)
    return [python, "-m", "pycldf", "createdb", str(folder / "StructureDataset-metadata.json"), database]


WRITE_CLDF = """
import json, sys
from pycldf import StructureDataset
from pycldf.sources import Source
data = json.load(open(sys.argv[1]))
dataset = StructureDataset.in_dir(sys.argv[2])
dataset.add_component("LanguageTable")
dataset.add_component("ParameterTable")
dataset.add_sources(*[Source("misc", key, title=key) for key in sorted({claim[3] for claim in data["claims"]})])
known = [key for key, _ in data["subjects"]]
parameters = sorted({claim[1] for claim in data["claims"]})
dataset.write(
    LanguageTable=[{"ID": key, "Name": label} for key, label in data["subjects"]],
    ParameterTable=[{"ID": key, "Name": key} for key in parameters],
    ValueTable=[{"ID": claim[0], "Language_ID": known[0], "Parameter_ID": claim[1], "Value": claim[2], "Source": [claim[3]]}
                for claim in data["claims"]],
)
"""
PREPARE: dict[str, Prepare] = {"sqlite_utils": _prepare_sqlite_utils, "yaml_to_sqlite": _prepare_yaml_to_sqlite, "pycldf": _prepare_cldf}


# the report


def render(results: dict[int, Results]) -> str:
    """Return the table: seconds (median), how many times the floor, and peak memory, for each task and size; then the targets."""
    sizes = " ".join(map(str, results))
    lines = [f'Machine: {_machine()}. Date: {time.strftime("%Y-%m-%d")}. Command: `make bench SIZES="{sizes}"`.', ""]
    lines += ["| sheets | task | seconds (median) | times the floor | peak MB |", "|---|---|---|---|---|"]
    for size, tasks in results.items():
        floor = tasks["floor"].median
        for name, measured in tasks.items():
            more = "more than " if measured.stopped else ""
            times = f"{more}{measured.median / floor:.2f}"
            lines.append(f"| {size:,} | {name} | {more}{measured.median:.2f} | {times} | {measured.peak:.0f} |")
    return "\n".join([*lines, "", *_judged(results)]) + "\n"


def _judged(results: dict[int, Results]) -> Iterable[str]:
    """Yield a line for each target: what was measured, and whether it is met."""
    largest = max(results)
    tasks = results[largest]
    build, rebuild = tasks["build"], tasks[REBUILD]
    yield _verdict(f"full build at {largest:,} sheets, times the floor", build.median / tasks["floor"].median, TARGETS["build"])
    yield _verdict("rebuild after one changed sheet, share of a full build", rebuild.median / build.median, TARGETS["rebuild"])
    anew = tasks[REWRITE].median / build.median
    yield _verdict("of which nothing but writing the finished file anew, share of a full build", anew, TARGETS["rebuild"])
    for name in PEERS:
        if name in tasks:
            yield _verdict(f"full build, times {name}", build.median / tasks[name].median, 1.0)
    yield _verdict("peak memory of a build, MB", build.peak, TARGETS["megabytes"])
    if len(results) > 1:
        smaller = sorted(results)[-2]
        exponent = math.log(build.median / results[smaller]["build"].median) / math.log(largest / smaller)
        yield _verdict(f"growth of the build from {smaller:,} to {largest:,} sheets, exponent", exponent, TARGETS["exponent"])
        more = (build.peak - results[smaller]["build"].peak) / (largest - smaller)
        yield _verdict(f"memory for each sheet beyond {smaller:,}, MB", more, TARGETS["megabytes_a_sheet"])


def _verdict(what: str, value: float, target: float) -> str:
    return f"- {what}: {value:.3f} (target: at most {target:g}) – {'met' if value <= target else 'missed'}"


def _machine() -> str:
    gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{len(os.sched_getaffinity(0))} cores, {gigabytes:.0f} GB, {platform.platform()}, Python {platform.python_version()}"


def _plain(results: dict[int, Results]) -> dict[str, Any]:
    return {
        "machine": _machine(),
        "sizes": {size: {name: vars(measured) for name, measured in tasks.items()} for size, tasks in results.items()},
    }


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
