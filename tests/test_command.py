"""The one command: what it offers, which project it takes, with which status it ends, and that it is whole where it is installed."""

from __future__ import annotations

import importlib
import io
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from commands import main, make_parser
from commands.progress import Progress
from conftest import RawFolder
from leadership import paths
from leadership.faults import Fault, InputFaults

COMMANDS = ("build", "check", "serve", "locate", "draft", "verify", "release", "diff", "changelog", "schema", "measure")
MAKEFILE = (paths.ROOT / "Makefile").read_text(encoding="utf-8")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of its own, with one fault that names it."""
    folder = tmp_path / "mine"
    raw = RawFolder(folder / "raw")
    raw.replace("people.yml", (raw.folder / "people.yml").read_text(encoding="utf-8") + "- {id: nobody}\n")
    shutil.copy(paths.METADATA, folder)
    return folder


def call(*arguments: str, cwd: Path, code: Path = paths.CODE) -> subprocess.CompletedProcess[str]:
    """Call the command in a folder, by the code in another."""
    environment = {name: value for name, value in os.environ.items() if name not in ("LEADERSHIP_PROJECT", "SOURCE_TEXTS")}
    command = [sys.executable, "-m", "leadership", *arguments]
    return subprocess.run(command, cwd=cwd, env={**environment, "PYTHONPATH": str(code)}, capture_output=True, text=True, check=False)


# What it offers


def test_the_help_names_every_command_and_every_exit_status(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as stopped:
        main(["--help"])
    said = capsys.readouterr().out
    assert stopped.value.code == 0
    assert tuple(re.findall(r"^    ([a-z]+) ", said, re.MULTILINE)) == COMMANDS
    assert re.findall(r"^  (\d+) ", said, re.MULTILINE) == ["0", "1", "2", "130"]


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_tells_every_option_and_can_be_called(name: str, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as stopped:
        main([name, "--help"])
    said = capsys.readouterr().out
    assert stopped.value.code == 0
    options = [line for line in said.partition("options:")[2].partition("exit status:")[0].splitlines() if line.startswith("  -")]
    following = said.splitlines()
    assert all(len(line.split("  ")) > 2 or following[following.index(line) + 1].startswith("    ") for line in options), options
    assert callable(importlib.import_module(f"commands.{name}").run)


def test_a_command_is_its_module_alone(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    module = ModuleType("commands.sing", "Sing a song.\n\nLoudly, if asked to.\n")
    module.run = lambda options: len(options.song)  # type: ignore[attr-defined]
    module.add_options = lambda option: option("--song", help="which song")  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "commands.sing", module)
    monkeypatch.setattr("commands.COMMANDS", ("sing",))
    assert main(["sing", "--song", "abc"]) == 3
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "    sing            Sing a song\n" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["sing", "--help"])
    assert capsys.readouterr().out.startswith("usage: leadership sing [-h] [--song SONG]\n\nSing a song.\n\nLoudly, if asked to.\n")


def test_the_help_waits_for_nothing_that_a_command_needs():
    asked = "import sys; from commands import make_parser; make_parser().parse_args(['serve']); "
    heavy = "'leadership', 'distribution', 'presentation', 'verifying', 'datasette', 'yaml', 'pydantic'"
    program = asked + f"print(*{{{heavy}}} & {{*sys.modules}})"
    done = subprocess.run([sys.executable, "-c", program], env={"PYTHONPATH": str(paths.CODE)}, capture_output=True, text=True, check=True)
    assert done.stdout == "\n"


def test_make_calls_every_command_and_lists_its_targets():
    assert set(re.findall(r"-m leadership ([a-z]+)", MAKEFILE)) == set(COMMANDS)
    listed = subprocess.run(["make", "help"], cwd=paths.ROOT, capture_output=True, text=True, check=True).stdout
    told = dict(re.findall(r"^  ([a-z-]+) +(\S.*)$", listed, re.MULTILINE))
    assert set(COMMANDS) <= set(told)
    phony = re.search(r"^\.PHONY: unsound (.*)$", MAKEFILE, re.MULTILINE)
    assert phony
    assert set(told) == set(phony[1].split())


# Which project


def test_the_project_is_that_of_the_current_folder_or_of_one_above_it(project: Path):
    done = call("check", cwd=project / "raw" / "sources")
    assert done.returncode == 1
    assert done.stderr.startswith("raw/people.yml:3:3: key name is missing")


def test_a_folder_that_is_no_project_is_wrong_use_and_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["--project", str(tmp_path), "check"]) == 2
    assert capsys.readouterr().err == (
        f"{tmp_path} holds no raw/ with metadata.yml beside it; let --project name the folder of a project\n"
    )


def test_installed_it_has_its_site_and_its_data_and_takes_the_project_that_is_named(project: Path, tmp_path: Path):
    source, site = tmp_path / "source", tmp_path / "installed"
    shutil.copytree(paths.CODE, source / "scripts", ignore=shutil.ignore_patterns("__pycache__", "pictures", "use"))
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(paths.ROOT / name, source)
    quick = ["--verbose", "--no-index", "--no-deps", "--no-build-isolation", "--no-compile", "--disable-pip-version-check"]
    command = [sys.executable, "-m", "pip", "install", *quick, "--target", str(site), str(source)]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout
    assert "Package would be ignored" not in told
    shutil.rmtree(source)
    for ours in ("plugins", "templates", "static"):
        names = sorted(path.name for path in (site / "presentation" / "site" / ours).iterdir() if path.name != "__pycache__")
        assert names == sorted(path.name for path in (paths.SITE / ours).iterdir() if path.name != "__pycache__")
    needed = {path.relative_to(paths.CODE) for name in ("commands", "leadership", "presentation", "distribution", "verifying")
              for path in (paths.CODE / name).rglob("*") if path.is_file() and "__pycache__" not in path.parts}  # fmt: skip
    assert {name for name in needed if not (site / name).is_file()} == set()
    assert (site / "bin" / "leadership").is_file()
    done = call("--project", str(project), "check", cwd=tmp_path, code=site)
    assert done.returncode == 1
    assert done.stderr.startswith("raw/people.yml:3:3: key name is missing")


# How it ends


WRONG = (
    [],
    ["bild"],
    ["serve", "--port", "http"],
    ["serve", "--watch", "--database", "leadership.db"],
    ["verify", "--today", "x"],
    ["diff"],
)


@pytest.mark.parametrize("arguments", WRONG, ids=" ".join)
def test_wrong_use_ends_with_2_and_says_what_is_wrong(arguments: list[str], capsys: pytest.CaptureFixture[str]):
    try:
        status = main(arguments)
    except SystemExit as stopped:
        status = stopped.code  # type: ignore[assignment]
    assert status == 2
    assert capsys.readouterr().err


def test_who_interrupts_a_command_is_told_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    def interrupted(options: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("commands.measure.run", interrupted)
    assert main(["measure"]) == 130
    assert capsys.readouterr().err == "Interrupted.\n"


def test_a_fault_that_no_command_expects_is_one_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    def faulty(options: object) -> int:
        raise InputFaults([Fault("raw/x.yml", 1, 2, "is wrong; correct it")])

    monkeypatch.setattr("commands.measure.run", faulty)
    assert main(["measure"]) == 1
    assert capsys.readouterr().err == "raw/x.yml:1:2: is wrong; correct it\n1 fault; nothing was changed.\n"


@pytest.mark.parametrize("name", ["measure", "changelog"])
def test_a_damaged_database_is_one_sentence(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setattr("leadership.paths.DATABASE", tmp_path / "leadership.db")
    (tmp_path / "leadership.db").write_text("no database" * 1000)
    assert main([name]) == 1
    assert capsys.readouterr().err == "The database cannot be read (file is not a database); run make build to make it anew.\n"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("codes.yml", None, "raw/codes.yml: "),
        ("codes.yml", "- [", "raw/codes.yml:"),
        ("codes.yml", "[]", "raw/codes.yml:1:1: "),
        ("README.md", None, "raw/README.md cannot be read (No such file or directory)"),
        ("README.md", "nothing", "raw/README.md: no place for the table of kinds"),
    ],
)
def test_what_the_schema_is_made_of_is_missed_in_one_sentence(project: Path, name: str, content: str | None, said: str):
    (project / "raw" / "README.md").write_text("", encoding="utf-8")
    file = project / "raw" / name
    file.unlink() if content is None else file.write_text(content, encoding="utf-8")
    done = call("schema", cwd=project)
    assert done.returncode == 1
    assert done.stderr.startswith(said)
    assert "Traceback" not in done.stderr
    assert not (project / "raw" / "sheet.schema.json").exists()


def test_who_reads_no_further_gets_no_traceback(project: Path):
    (project / "raw" / "README.md").write_text("", encoding="utf-8")
    reader, writer = os.pipe()
    os.close(reader)
    program = "import sys; from commands import main, measure; measure.run = lambda options: print('x') or 0; sys.exit(main(['measure']))"
    command = [sys.executable, "-c", program]
    done = subprocess.run(
        command, cwd=project, env={"PYTHONPATH": str(paths.CODE)}, stdout=writer, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, "Stopped: whoever reads the output reads no further.\n")


@pytest.mark.parametrize("arguments", [["build"], ["check"], ["locate"], ["draft", "--text", "x"], ["release"], ["serve"]], ids=" ".join)
def test_a_folder_of_texts_that_is_none_is_wrong_use_of_every_command_that_reads_it(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("SOURCE_TEXTS", "/nowhere")
    assert main(arguments) == 2
    assert capsys.readouterr().err == "/nowhere: is no folder; let SOURCE_TEXTS name the folder of the texts, or unset it\n"


def test_who_serves_a_finished_database_needs_no_texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setenv("SOURCE_TEXTS", "/nowhere")
    assert main(["serve", "--database", f"{tmp_path}/leadership.db"]) == 1
    missing = f"there is no database {tmp_path}/leadership.db; call make build, or name another with --database"
    assert capsys.readouterr().err == f"Not served: {missing}.\n"


def test_a_release_without_its_libraries_says_how_to_install_them(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    for name in ("releasing", "formats"):
        monkeypatch.delitem(sys.modules, f"distribution.{name}", raising=False)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert main(["release"]) == 1
    assert "pip install '.[release]'" in capsys.readouterr().err


# How far it is


class Terminal(io.StringIO):
    """What a terminal is given."""

    def isatty(self) -> bool:
        return True


def test_on_a_terminal_long_work_says_how_far_it_is(monkeypatch: pytest.MonkeyPatch):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(sys, "stdout", terminal)
    with Progress() as progress:
        progress("sheets", 40, 1124)
        progress("sheets", 80, 1124)  # too soon to be read
        progress("sheets", 1124, 1124)
        progress("write")
    assert terminal.getvalue().split("\r\x1b[K") == ["", "sheets 40 of 1,124 …", "sheets 1,124 of 1,124 …", "write …", ""]


def test_a_check_counts_its_sheets_on_a_terminal_and_nowhere_else(
    raw: RawFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(paths, "RAW", raw.folder)
    monkeypatch.setattr(paths, "KEPT", tmp_path / "kept")
    monkeypatch.delenv("SOURCE_TEXTS", raising=False)
    assert main(["check"]) == 0
    assert capsys.readouterr().err == ""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(sys, "stdout", terminal)
    assert main(["check"]) == 0
    assert "sheets 2 of 2 …" in terminal.getvalue()


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (["draft", "--url", "https://example.org/a", "--id", "new"], 0, "sheets 0 of 2 …"),
        (["verify", "--only", "nobody"], 2, "sheets 0 of 2 …"),
        (["locate"], 0, "sheets 0 of 2 …"),
        (["diff", "old.db", "new.db"], 1, "compare …"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_whatever_one_waits_for_says_so_on_a_terminal(
    raw: RawFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], status: int, told: str
):
    monkeypatch.setattr(paths, "RAW", raw.folder)
    monkeypatch.setenv("SOURCE_TEXTS", str(tmp_path))
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(sys, "stdout", terminal)
    assert main(arguments) == status
    assert told in terminal.getvalue().split("\r\x1b[K")


def test_what_a_command_says_on_the_way_stays_on_a_line_of_its_own(monkeypatch: pytest.MonkeyPatch):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(sys, "stdout", terminal)
    with Progress() as progress:
        progress("sheets", 1, 2)
        progress.say("x.yml: filled in")
    assert terminal.getvalue() == "\r\x1b[Ksheets 1 of 2 …\r\x1b[Kx.yml: filled in\n\r\x1b[K"


def test_options_that_an_environment_gives_need_not_be_given_again(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("VERIFY_CONTACT", "me@example.org")
    assert make_parser().parse_args(["verify"]).contact == "me@example.org"


def test_a_check_tells_faults_of_the_sheets_and_of_the_descriptions_in_one_run(
    raw: RawFolder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    metadata = raw.folder.parent / "metadata.yml"
    text = paths.METADATA.read_text(encoding="utf-8")
    metadata.write_text(re.sub(r"^( +)manner: .*\n", r"\1colour: Of what colour it is.\n", text, count=1, flags=re.M), encoding="utf-8")
    raw.change("sources/beta.yml", "openai-headcount", "openai-head-count")
    monkeypatch.setattr(paths, "RAW", raw.folder)
    monkeypatch.setattr(paths, "KEPT", raw.folder.parent / "kept")
    monkeypatch.setattr(paths, "METADATA", metadata)
    assert main(["check"]) == 1
    told = capsys.readouterr().err
    assert "raw/sources/beta.yml:" in told
    assert "there is no openai-head-count; did you mean openai-headcount?" in told
    assert "column manner of departures has no description; write one" in told
    assert "departures has no column colour; remove its description" in told
    assert told.rstrip().endswith("3 faults; nothing was changed.")


def test_one_fault_is_counted_as_one(raw: RawFolder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    raw.change("sources/beta.yml", "openai-headcount", "openai-head-count")
    monkeypatch.setattr(paths, "RAW", raw.folder)
    monkeypatch.setattr(paths, "KEPT", raw.folder.parent / "kept")
    assert main(["check"]) == 1
    assert capsys.readouterr().err.rstrip().endswith("\n1 fault; nothing was changed.")
