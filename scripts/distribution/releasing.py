"""From one finished database to the whole folder of a release, which takes the old one's place only when it is complete.

In: a finished database, `metadata.yml`, and the folder's place. Out: the folder; or ReleaseStopped, and then an earlier release is
there as it was. The same database gives the same bytes, file for file.
"""

from __future__ import annotations

import shutil
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from leadership import paths
from leadership.replacing import locked

from .changelog import render_changelog
from .contents import Contents, read_contents
from .descriptors import write_descriptors
from .fitness import check_fitness
from .formats import write_csv, write_gzip, write_jsonl, write_parquet, write_zip
from .inventory import sha256_of
from .notes import citation, render_readme, render_release_note
from .stopped import ReleaseStopped
from .workbook import write_workbook

SUMS = "SHA256SUMS"
LICENCES = ("LICENSE", "LICENSE-DATA")
CHANGELOG = "CHANGELOG.md"


def write_release(database: Path, metadata: Path, target: Path, tell: Callable[[str], object] = lambda step: None) -> list[Path]:
    """Write the release of `database` into the folder `target`; return the paths of its files, SHA256SUMS last. `tell` hears of each step.

    Raises ReleaseStopped, or InputFaults if `metadata` cannot be read; then what was at `target` is still there, untouched.
    """
    with _replacing(target) as folder:
        try:
            _fill(folder, database, metadata, tell)
        except (OSError, sqlite3.Error) as error:
            raise ReleaseStopped(f"{error}; free some space, make {target.parent} writable or build the database anew") from error
    return sorted(_files(target), key=lambda path: (path.name == SUMS, path))


def sums(folder: Path) -> str:
    """Return the text of SHA256SUMS for a folder: a line for each of its files, as `sha256sum -c` reads it."""
    files = (path for path in _files(folder) if path != folder / SUMS)
    return "".join(f"{sha256_of(path)}  {path.relative_to(folder).as_posix()}\n" for path in files)


def _fill(folder: Path, database: Path, metadata: Path, tell: Callable[[str], object]) -> None:
    """Write every file. The database comes first and all else is made of this copy, so that a build in the meantime does no harm."""
    copy = folder / paths.DATABASE.name
    shutil.copyfile(database, copy)
    contents = read_contents(copy, metadata)
    check_fitness(contents)
    for name in LICENCES:
        shutil.copyfile(paths.ROOT / name, folder / name)
    if contents.by_name["releases"].row_count:
        (folder / CHANGELOG).write_text(render_changelog(copy), encoding="utf-8")
    tell("compressed database")
    write_gzip(copy)
    tell("CSV")
    csv_files = write_csv(contents, folder / "csv")
    write_zip(folder / f"{copy.stem}-csv.zip", [*csv_files, folder / "LICENSE-DATA"])
    tell("JSON Lines")
    write_jsonl(contents, folder / "jsonl")
    tell("Parquet")
    write_parquet(contents, folder / "parquet")
    tell("workbook")
    write_workbook(contents, citation(contents), folder / f"{copy.stem}.xlsx")
    tell("descriptors")
    write_descriptors(contents, folder)
    _write_notes(folder, contents)
    (folder / SUMS).write_text(sums(folder), encoding="utf-8")


def _write_notes(folder: Path, contents: Contents) -> None:
    """Write RELEASE.md and README.md; the latter lists every file, also itself and the sums, which are written last."""
    changelog = folder / CHANGELOG
    changes = changelog.read_text(encoding="utf-8") if changelog.exists() else None
    (folder / "RELEASE.md").write_text(render_release_note(contents, changes, _made_with()), encoding="utf-8")
    files = [path.relative_to(folder).as_posix() for path in _files(folder)]
    (folder / "README.md").write_text(render_readme(contents, [*files, "README.md", SUMS]), encoding="utf-8")


def _made_with() -> str:
    """Return on what the bytes of the files depend besides the data."""
    libraries = ", ".join(f"{name} {version(name)}" for name in ("pyarrow", "xlsxwriter"))
    return f"SQLite {sqlite3.sqlite_version}, zlib {zlib.ZLIB_RUNTIME_VERSION}, {libraries}"


@contextmanager
def _replacing(target: Path) -> Iterator[Path]:
    """Yield an empty folder beside `target` that takes its place at the end, unless an error is raised.

    Only one release at a time is written to a place. What one that was killed has left is cleared away first: if it was killed
    between the two renamings, the earlier release is put back.
    """
    if not target.name:
        raise ReleaseStopped(f"{target} is no place for a release; name a folder")
    new, old = (target.with_name(f".{target.name}.{state}") for state in ("new", "old"))
    busy = f"another release is being written to {target.parent}; wait for it to end"
    with locked(target.with_name(f".{target.name}.lock"), ReleaseStopped, busy):
        if old.exists() and not target.exists():
            old.rename(target)
        _check_replaceable(target)
        for leftover in (new, old):
            shutil.rmtree(leftover, ignore_errors=True)
        try:
            new.mkdir()
            yield new
            if target.exists():
                target.rename(old)
            new.rename(target)
        except OSError as error:
            raise ReleaseStopped(f"{target} could not be replaced ({error.strerror}); make {target.parent} writable") from error
        finally:
            if old.exists() and not target.exists():
                old.rename(target)
            for leftover in (new, old):
                shutil.rmtree(leftover, ignore_errors=True)


def _check_replaceable(target: Path) -> None:
    """Refuse to take the place of anything but an earlier release: what was there is removed."""
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise ReleaseStopped(f"{target} is no folder; name another place or remove it")
    if target.exists() and any(target.iterdir()) and not _is_release(target):
        raise ReleaseStopped(f"{target} holds something else than a release; name another place or empty it")
    if foreign := _foreign_files(target):
        raise ReleaseStopped(f"{target} also holds {', '.join(foreign)}, which no release has put there; move it elsewhere")


def _is_release(folder: Path) -> bool:
    listed = folder / SUMS
    return listed.is_file() and f"  {paths.DATABASE.name}\n" in listed.read_text(encoding="utf-8", errors="replace")


def _foreign_files(folder: Path) -> list[str]:
    """Return the names of the files in the folder of a release that are not of it: those that its SHA256SUMS does not list."""
    if not _is_release(folder):
        return []
    listed = {line.partition("  ")[2] for line in (folder / SUMS).read_text(encoding="utf-8", errors="replace").splitlines()}
    found = (path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file() or path.is_symlink())
    return [name for name in found if name not in listed and name != SUMS]


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())
