"""The commands of the project, one module each; this module reads the command line and calls the one that is asked for.

`python -m leadership <command>`, or `leadership <command>` where the project is installed. What a command needs is imported when it is
called, so that `--help` need not wait. A command takes the options that were read here and returns an exit status, or raises what has one:

0    all is well
1    something is wrong, and was said: faults of raw/, or one sentence on what stopped the command; what was there before is unchanged
2    wrong use: an option, a file or a folder that must be given was not, or does not fit
130  interrupted by the one who called it; what was there before is unchanged

A project is a folder that holds metadata.yml, and raw/ or what was built from it in curated/. It is the one that `--project` (or
LEADERSHIP_PROJECT) names, else the first of the current folder and those above it, else the folder around this code.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

PROJECT = "LEADERSHIP_PROJECT"  # read by leadership.paths
TEXTS = "SOURCE_TEXTS"  # read by leadership.pipeline
INTERRUPTED = 130


class WrongUse(Exception):  # noqa: N818 (it says what happened)
    """Something was not given, or does not fit; the message says what to give."""


class Failed(Exception):  # noqa: N818 (it says what happened)
    """Something is wrong, and what was there before is unchanged; the message says what, and what to do."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command that the arguments name (those of the process if none are given); return its exit status."""
    options = make_parser().parse_args(arguments)
    try:
        _enter(options.project)
        _check_texts(options)
        status: int = import_module(f"{__name__}.{options.command}").run(options)
        sys.stdout.flush()  # here, so that it is seen if nobody reads
    except Failed as error:
        print(error, file=sys.stderr)
        return 1
    except WrongUse as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else Python tells of it once more when it ends
        print("Stopped: whoever reads the output reads no further.", file=sys.stderr)
        return 1
    except Exception as error:
        said = _in_words(error)
        if not said:
            raise
        print(said, file=sys.stderr)
        return 1
    return status


def make_parser() -> argparse.ArgumentParser:
    """Return what reads the command line: every command with its options."""
    parser = argparse.ArgumentParser(
        prog="leadership",
        description="Check, build, look at and publish the dataset of OpenAI's leadership changes.",
        epilog="exit status:\n" + _statuses() + "\n\n`leadership <command> --help` tells the options of a command.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--project", metavar="FOLDER", help="the folder with raw/ and metadata.yml (the current one, or one above it)")
    commands = parser.add_subparsers(dest="command", required=True, metavar="<command>", title="commands")

    def command(name: str, brief: str, more: str = "", *, reads_texts: bool = False) -> Callable[..., Any]:
        made = commands.add_parser(
            name,
            help=brief,
            description=f"{brief[0].upper()}{brief[1:]}. {more}".strip(),
            epilog=f"exit status:\n{_statuses()}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        made.set_defaults(reads_texts=reads_texts)
        return made.add_argument

    command(
        "build", "raw/ to curated/: leadership.db, csv/ and what describes them", "If anything is wrong, nothing changes.", reads_texts=True
    )
    command(
        "check",
        "every fault of raw/ in one run",
        "Where SOURCE_TEXTS names the folder of the texts, anchors are held against them, too.",
        reads_texts=True,
    )

    option = command("serve", "build if raw/ has changed, then serve the site", reads_texts=True)
    option("--host", default="127.0.0.1", help="the address to listen at (127.0.0.1)")
    option("--port", default="8001", help="the port to listen at (8001)")
    option("--database", type=Path, metavar="FILE", help="serve this file as it is, and build nothing")
    option("--base-url", default="/", help="the path below which the site stands, such as /data/")
    option("--watch", action="store_true", help="build whenever raw/ or metadata.yml changes, and have open pages show it, or the faults")

    command(
        "locate",
        "fill in digests and places of anchors from the texts",
        "The texts are in the folder that SOURCE_TEXTS names.",
        reads_texts=True,
    )

    option = command(
        "draft",
        "the skeleton of a sheet",
        "Of a text at hand (--text), or of a page that was read (--url or --read-at). Never overwrites.",
        reads_texts=True,
    )
    option("--text", default="", metavar="FILE", help="the text of a source that is held: a file of SOURCE_TEXTS, or a path")
    option("--page", default="", metavar="FILE", help="the text of the page that was read, to look names and numbers up in")
    for name, what in {
        "id": "of the source; made of publisher and date if not given",
        "url": "address of the page that was read",
        "read-at": "address at which it was read, if it is another",
        "read-how": "a code, such as original",
        "publisher": "id or name of the publisher",
        "date": "when it was published",
        "title": "its title",
        "lang": "its language, such as en",
    }.items():
        option(f"--{name}", default="", help=what)

    option = command(
        "verify", "look addresses and anchors of read sources up on the web", "Asks politely, and writes what it finds to raw/verified.yml."
    )
    option("--only", default="", metavar="SOURCE", help="verify the addresses of one source")
    option("--contact", default=os.environ.get("VERIFY_CONTACT", ""), help="mail address or web page of the one who asks (VERIFY_CONTACT)")
    option("--today", metavar="DAY", help="the day to be noted (today)")
    option("--archive", action="store_true", help="ask a web archive for copies of the pages, too")
    option("--archive-api", default=os.environ.get("VERIFY_ARCHIVE_API"), metavar="URL", help="which archive to ask (VERIFY_ARCHIVE_API)")

    option = command("release", "the data in every format, with what describes them", "Builds first if raw/ has changed.", reads_texts=True)
    option("--out", type=Path, metavar="FOLDER", help="the folder of the release (dist/release)")

    option = command(
        "diff", "what differs between two databases", "Refuses (1) if the newer one bears a version that is too small for what differs."
    )
    option("old", nargs="?", type=Path, help="database of the older release")
    option("new", nargs="?", type=Path, help="database of the newer one (curated/leadership.db)")
    option("--json", type=Path, metavar="FILE", help="write everything that differs into a file as JSON")
    option("--yaml", action="store_true", help="print a draft for raw/releases.yml instead of the words")

    command("changelog", "write CHANGELOG.md from the releases in raw/releases.yml", "Reads the database, so build first.")
    command("schema", "write raw/sheet.schema.json, by which editors complete sheets, and the tables of keys in raw/README.md")
    command("measure", "what the record amounts to, in numbers", "Reads the database, so build first.")
    return parser


def _statuses() -> str:
    """Return the lines of this module's own text that tell the exit statuses."""
    return "\n".join(f"  {line}" for line in (__doc__ or "").splitlines() if line[:1].isdigit())


def _in_words(error: Exception) -> str:
    """Return what there is to say of an error that any command may meet, "" of one that is ours."""
    from leadership.faults import InputFaults  # here, because `--help` need not wait for it

    if isinstance(error, InputFaults):
        return f"{error}\n{error.count}; nothing was changed."
    if isinstance(error, sqlite3.DatabaseError):
        return f"The database cannot be read ({error}); run make build to make it anew."
    return ""


def _check_texts(options: argparse.Namespace) -> None:
    """Raise WrongUse if SOURCE_TEXTS, where a command reads it, names no folder; who serves a finished database reads no text."""
    finished = options.command == "serve" and options.database
    if os.environ.get(TEXTS) and options.reads_texts and not finished:
        from leadership.faults import InputFaults  # here, because whoever names no texts need not wait for it
        from leadership.pipeline import source_texts

        try:
            source_texts()
        except InputFaults as error:
            raise WrongUse(str(error)) from None


def _enter(named: str | None) -> None:
    """Have `leadership.paths`, unless it is imported already, take the project that is meant. Raises WrongUse if there is none."""
    if named and not _is_project(Path(named)):
        raise WrongUse(f"{named} holds no raw/ with metadata.yml beside it; let --project name the folder of a project")
    if "leadership.paths" in sys.modules:
        if named and Path(named).resolve() != sys.modules["leadership.paths"].ROOT:
            raise WrongUse(f"another project than {named} is at work in this process")
        return
    here = Path.cwd()
    places = [Path(named)] if named else [here, *here.parents, Path(__file__).resolve().parents[2]]
    if not named and os.environ.get(PROJECT):
        places = [Path(os.environ[PROJECT])]
    found = next(filter(_is_project, places), None)
    if not found:
        raise WrongUse("There is no project here: no folder with raw/ and metadata.yml; go to it, or name it by --project FOLDER")
    os.environ[PROJECT] = str(found.resolve())


def _is_project(folder: Path) -> bool:
    return (folder / "metadata.yml").is_file() and any((folder / name).is_dir() for name in ("raw", "curated"))
