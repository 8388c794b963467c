"""The commands of the project, one module each; this module reads the command line and calls the one that is asked for.

`python -m leadership <command>`, or `leadership <command>` where the project is installed. The first line of a command's module is what
`--help` lists, all of its text what `<command> --help` says; its `add_options`, if there is one, adds what may follow its name, and
`READS_TEXTS` says that it reads SOURCE_TEXTS. `run` takes the options that were read and returns an exit status, or raises what has one;
what else it needs is imported there, so that `--help` need not wait.

0    all is well
1    something is wrong, and was said: faults of raw/, or one sentence on what stopped the command; nothing is left half written
2    wrong use: an option, a file or a folder that must be given was not, or does not fit; nothing was changed
130  interrupted by the one who called it; nothing is left half written

After 1 and 130 all is as it was, but for what a command says that it has written.

A project is a folder that holds metadata.yml, and raw/ or what was built from it in curated/. It is the one that `--project` (or
LEADERSHIP_PROJECT) names, else the first of the current folder and those above it, else the folder around this code.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import sys
from importlib import import_module
from pathlib import Path

COMMANDS = (
    "build",
    "check",
    "serve",
    "locate",
    "draft",
    "verify",
    "release",
    "diff",
    "changelog",
    "schema",
    "measure",
)  # as `--help` lists them
PROJECT = "LEADERSHIP_PROJECT"  # read by leadership.paths
TEXTS = "SOURCE_TEXTS"  # read by leadership.pipeline
INTERRUPTED = 130


class WrongUse(Exception):  # noqa: N818 (it says what happened)
    """Something was not given, or does not fit; the message says what to give."""


class Failed(Exception):  # noqa: N818 (it says what happened)
    """Something is wrong; the message says what, and what to do."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command that the arguments name (those of the process if none are given); return its exit status."""
    options = make_parser().parse_args(arguments)
    try:
        _enter(options.project)
        _check_texts(options)
        status: int = options.run(options)
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
    """Return what reads the command line: every command, told of by the text of its module, with the options that this adds."""
    parser = argparse.ArgumentParser(
        prog="leadership",
        description="Check, build, look at and publish the dataset of OpenAI's leadership changes.",
        epilog=f"exit status:\n{_statuses()}\n\n`leadership <command> --help` tells the options of a command.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--project", metavar="FOLDER", help="the folder with raw/ and metadata.yml (the current one, or one above it)")
    commands = parser.add_subparsers(dest="command", required=True, metavar="<command>", title="commands")
    for name in COMMANDS:
        module = import_module(f"{__name__}.{name}")
        text = (module.__doc__ or "").strip()
        made = commands.add_parser(
            name,
            help=text.partition("\n")[0].rstrip("."),
            description=text,
            epilog=f"exit status:\n{_statuses()}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        made.set_defaults(run=module.run, reads_texts=getattr(module, "READS_TEXTS", False))
        if hasattr(module, "add_options"):
            module.add_options(made.add_argument)
    return parser


def _statuses() -> str:
    """Return the lines of this module's own text that tell the exit statuses."""
    lines = (__doc__ or "").splitlines()
    return "\n".join([*(f"  {line}" for line in lines if line[:1].isdigit()), "", *(line for line in lines if line.startswith("After"))])


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
