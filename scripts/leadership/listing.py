"""Which files of `raw/` are read as what, and which are read by nobody: what lies there unread would be taken for part of the dataset.

A catalogue may stand in one file (`events.yml`), in a folder (`events/*.yml`), or in both. Files that editors and systems
leave behind are passed over, as are folders that hold nothing else.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from difflib import get_close_matches
from pathlib import Path

from .faults import Fault

SHEETS = "sources"
NAMED = f"raw/{SHEETS}"
ENDING = ".yml"
READ_ELSEWHERE = ("README.md", "sheet.schema.json", "verified.yml")  # by people, by editors, and as `make verify` writes it
LEFT_BY_SYSTEMS = ("Thumbs.db", "desktop.ini")
LEFT_BY_EDITORS = ("~", ".swp", ".swo")


def is_left_behind(name: str) -> bool:
    """Tell whether a file of that name was left by an editor or a system: .DS_Store, .x.yml.swp, x.yml~, #x.yml#."""
    return name.startswith((".", "#")) or name.endswith(LEFT_BY_EDITORS) or name in LEFT_BY_SYSTEMS


def sheet_files(raw: Path) -> list[Path]:
    """Return the fact sheets below `raw` in order of their names."""
    return [raw / SHEETS / name for name in _yaml_names(raw / SHEETS)]


def name_of(sheet: Path) -> str:
    """Return how the file of a sheet is named in faults, from `raw/` on."""
    return f"{NAMED}/{sheet.name}"


def part_files(raw: Path, name: str) -> list[str]:
    """Return the files in which the catalogue `name` (events.yml) stands, named from `raw` on: itself, and those of its folder.

    Where there is none, it is the file itself that is missing.
    """
    folder = Path(name).stem
    split = [f"{folder}/{file}" for file in _yaml_names(raw / folder)]
    return [name, *split] if os.path.lexists(raw / name) or not split else split


def is_part(file: str, name: str) -> bool:
    """Tell whether `file` (raw/events/2024.yml) is one of those in which the catalogue `name` (events.yml) may stand."""
    return file == f"raw/{name}" or file.startswith(f"raw/{Path(name).stem}/")


def unread_files(raw: Path, files: Collection[str], split: Collection[str]) -> list[Fault]:
    """Return a fault for all below `raw` that nobody reads. `files` are read at the top, those of `split` from folders too."""
    folders = {SHEETS, *(Path(name).stem for name in split)}
    faults: list[Fault] = []
    for entry in _entries(raw):
        if entry.name in files or entry.name in READ_ELSEWHERE:
            continue
        if entry.is_dir() and entry.name in folders:
            faults += _unread_in_folder(entry)
        elif not entry.is_dir():
            faults.append(Fault(f"raw/{entry.name}", 0, 0, _refuse_file(entry.name, files)))
        elif _holds_something(entry):
            faults.append(Fault(f"raw/{entry.name}", 0, 0, _refuse_name("folder", entry.name, folders)))
    return faults


def _unread_in_folder(folder: os.DirEntry[str]) -> Iterator[Fault]:
    """Yield a fault for all in a folder of YAML files that nobody reads; such a folder must be no link, which could lead anywhere."""
    name = f"raw/{folder.name}"
    if folder.is_symlink():
        yield Fault(name, 0, 0, "is a symbolic link; put the folder itself in its place")
        return
    seen: dict[str, str] = {}
    for entry in _entries(Path(folder)):
        other = seen.setdefault(entry.name.lower(), entry.name)
        if other != entry.name:
            message = f"differs from {other} in nothing but capitals, which some systems do not tell apart; rename one of the two"
        elif entry.name.endswith(ENDING):
            continue
        elif not entry.is_dir():
            message = _refuse_ending(entry.name) or f"only *{ENDING} is read here; move the file out of raw/"
        elif _holds_something(entry):
            message = f"nothing is read from a folder within {name}; move its files up into {name}"
        else:
            continue
        yield Fault(f"{name}/{entry.name}", 0, 0, message)


def _refuse_file(name: str, files: Collection[str]) -> str:
    """Say what is wrong with a file at the top of `raw/` that is none of `files`."""
    is_known = f"{Path(name).stem}{ENDING}" in files
    return (is_known and _refuse_ending(name)) or _refuse_name("file", name, files)


def _refuse_ending(name: str) -> str | None:
    path = Path(name)
    if path.suffix != ENDING and path.suffix.lower() in (".yml", ".yaml"):
        return f"only *{ENDING} is read; rename it to {path.stem}{ENDING}"
    return None


def _refuse_name(what: str, name: str, known: Collection[str]) -> str:
    near = get_close_matches(name, known, n=1, cutoff=0.6)
    advice = f"did you mean {near[0]}? Else move it out of raw/" if near else "rename it as raw/README.md shows, or move it out of raw/"
    return f"nothing is read from a {what} of this name; {advice}"


def _yaml_names(folder: Path) -> list[str]:
    return [entry.name for entry in _entries(folder) if entry.name.endswith(ENDING)]


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    """Return what lies in a folder in order of the names, without what was left behind; nothing where there is no folder."""
    try:
        with os.scandir(folder) as entries:
            return sorted((entry for entry in entries if not is_left_behind(entry.name)), key=lambda entry: entry.name)
    except OSError:  # it is missing, no folder, or not ours to read: then its files are missing too, and that is said
        return []


def _holds_something(folder: os.DirEntry[str]) -> bool:
    """Tell whether any file below a folder is more than left behind: an empty folder, which Git does not keep, hides nothing."""
    return folder.is_symlink() or any(not entry.is_dir() or _holds_something(entry) for entry in _entries(Path(folder)))
