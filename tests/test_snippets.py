"""Every block of code in our documentation runs, in the folder of a release and beside a server, and still prints what it shows."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from leadership import paths
from leadership.reading import read_document
from leadership.sheets import DECISIONS, SHEET, access, check_shape
from snippets import ADDRESS, Block, Outcome, read_blocks, run_python, run_r, run_shell, run_sql, still_prints

IN_USE = sorted(f"scripts/use/{path.name}" for path in (paths.ROOT / "scripts" / "use").glob("*.md"))
PAGES = ["scripts/ARCHITECTURE.md", "scripts/SPEED.md", "scripts/deploy/README.md"]
DOCUMENTS = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "raw/README.md", *PAGES, *IN_USE]
OUTSIDE = ("curl", "jq", "sqlite3")  # programs that no Python package brings

# Blocks that are not run, by document and how their first line begins, and why. An entry without its block fails.
SERVE = "make serve    # sets itself up, builds the database, serves it on http://127.0.0.1:8001"
DRAWING = "raw/ ── reading ──▶ sheets ── claims ──▶ claims ── settling ──▶ statements "
HOSTS = "what is sent to a host or changes a machine; tests/test_deploy.py, test_container.py and test_publish.py try what can be tried"
SETTING = '{"mcpServers": {"openai-leadership": {"type": "http", "url": "http://127.0.0.1:8001/-/mcp"}}}'
RELEASE = "- version: "
AUDIT = "- id: second-claims-2027            # stays for ever"
REDIRECT = "- {id: samuel-altman, to: sam-altman, "
ENTRIES = '      - {event: altman-removed, started: "2023-11-17", participant: {openai-board: decider}}              # it happened'
NOT_RUN = {
    ("README.md", SERVE): "serves without end, and then runs these tests",
    ("README.md", DRAWING): "a drawing, read by tests/test_architecture.py",
    ("scripts/ARCHITECTURE.md", DRAWING): "a drawing, read by tests/test_architecture.py",
    ("scripts/ARCHITECTURE.md", "flowchart TB"): "a drawing, read by tests/test_architecture.py",
    ("scripts/deploy/README.md", "docker build"): HOSTS,
    ("scripts/deploy/README.md", "gcloud run deploy"): HOSTS,
    ("scripts/deploy/README.md", "make build"): HOSTS,
    ("scripts/deploy/README.md", "apt-get install nginx-light"): HOSTS,
    ("scripts/deploy/README.md", "make build release"): HOSTS,
    ("raw/README.md", "source:"): "fact sheets, read by test_the_annotated_sheets_are_sound",
    ("raw/README.md", ENTRIES): "entries of a sheet, read by test_the_annotated_entries_are_sound",
    ("raw/README.md", "- id: letter-signatories"): "decisions, read by test_the_annotated_decisions_are_sound",
    ("raw/README.md", AUDIT): "an entry, its keys are held to the models by tests of audits",
    ("raw/README.md", RELEASE): "an entry, read by tests/test_releases.py",
    ("raw/README.md", REDIRECT): "entries, read by tests/test_releases.py",
    ("scripts/use/USE.md", SETTING): "a setting of a program, read by test_the_setting_for_assistants_names_the_endpoint",
    ("scripts/use/USE.md", "marimo edit scripts/use/notebook.py"): "opens an editor; tests/test_notebook.py runs the notebook",
}


def read_ours(name: str) -> list[Block]:
    """Return the blocks of one of our documents."""
    return read_blocks((paths.ROOT / name).read_text(encoding="utf-8"), name)


BLOCKS = [block for name in DOCUMENTS for block in read_ours(name)]
RUN = [block for block in BLOCKS if not any(block.file == file and block.first_line.startswith(first) for file, first in NOT_RUN)]


def of_language(language: str) -> list[Any]:
    """Return the blocks of one language that are run, as parameters of a test."""
    return [pytest.param(block, id=str(block)) for block in RUN if block.language == language]


@pytest.fixture(scope="module")
def project(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a copy of a release where the project has it, and with our scripts."""
    folder = tmp_path_factory.mktemp("reader")
    shutil.copytree(release, folder / "dist" / "release")
    (folder / "scripts").symlink_to(paths.ROOT / "scripts")
    return folder


@pytest.fixture(scope="module")
def python_outcomes(project: Path, site: str) -> dict[Block, Outcome]:
    """What the Python blocks printed; one process runs all of them."""
    return run_python([block for block in RUN if block.language == "python"], project / "dist" / "release", site)


def check(block: Block, outcome: Outcome) -> None:
    """Fail if a block failed or printed something else than its document says."""
    assert not outcome.failure, f"{block} fails: {outcome.failure}"
    assert block.printed is not None
    assert still_prints(block.printed, outcome.printed), f"{block} prints now:\n{outcome.printed}"


# ---------------------------------------------------------------------- the documents
def test_every_block_runs_or_has_a_reason_not_to() -> None:
    without = [(file, first) for file, first in NOT_RUN if not any(b.file == file and b.first_line.startswith(first) for b in BLOCKS)]
    assert without == []
    assert {block.language for block in RUN} == {"sh", "sql", "python", "r"}
    assert len(RUN) >= 18


def test_every_block_that_runs_says_what_it_prints() -> None:
    assert [str(block) for block in RUN if block.printed is None and block.language != "r"] == []


@pytest.mark.parametrize("block", of_language("sql"))
def test_a_query_returns_the_table_below_it(block: Block, project: Path) -> None:
    check(block, run_sql(block, project / "dist" / "release"))


@pytest.mark.parametrize("block", of_language("sh"))
def test_a_block_of_shell_prints_what_stands_below_it(block: Block, project: Path, site: str) -> None:
    for program in OUTSIDE:
        if re.search(rf"(^|\s|\()({program}) ", block.code) and not shutil.which(program):
            pytest.skip(f"{block} needs {program}, which this machine lacks")
    outcome = run_shell(block, project if "scripts/" in block.code else project / "dist" / "release", site)
    check(block, replace(outcome, printed=outcome.printed.replace(site, ADDRESS)))  # a citation has the address of the site


@pytest.mark.parametrize("block", of_language("python"))
def test_a_block_of_python_prints_what_stands_below_it(block: Block, python_outcomes: dict[Block, Outcome]) -> None:
    check(block, python_outcomes[block])


@pytest.mark.parametrize("block", of_language("r"))
def test_a_block_of_r_runs(block: Block, project: Path, site: str) -> None:
    if not shutil.which("Rscript"):
        pytest.skip(f"{block} needs R, which this machine lacks")
    if subprocess.run(["Rscript", "-e", "library(DBI); library(RSQLite)"], capture_output=True).returncode:
        pytest.skip(f"{block} needs the R packages DBI and RSQLite, which this machine lacks")
    outcome = run_r(block, project / "dist" / "release", site)
    assert not outcome.failure, f"{block} fails: {outcome.failure}"


def test_the_page_that_comes_with_a_release_shows_queries_that_run(little: Path) -> None:
    blocks = [b for b in read_blocks((little / "README.md").read_text(encoding="utf-8"), "README.md of a release") if b.language == "sql"]
    assert blocks
    for block in blocks:
        assert not run_sql(block, little).failure


def annotated(first_line: str) -> list[Block]:
    """Return the blocks of the guide to `raw/` that begin with a line."""
    return [block for block in BLOCKS if (block.file, block.first_line) == ("raw/README.md", first_line)]


@pytest.mark.parametrize("block", annotated("source:"), ids=str)
def test_the_annotated_sheets_are_sound(block: Block) -> None:
    document = read_document(block.code.replace("0000…", "0" * 64), str(block))
    assert check_shape(document, SHEET)
    assert [str(fault) for fault in document.faults] == []


def test_a_sheet_is_annotated_for_a_text_at_hand_and_for_a_page_that_was_read() -> None:
    assert [access(read_document(block.code, "").data) for block in annotated("source:")] == ["held", "read"]


def test_the_annotated_entries_are_sound() -> None:
    (entries,) = annotated(ENTRIES)
    held, _ = annotated("source:")
    sheet = held.code.replace("0000…", "0" * 64).replace("    says:\n", f"    says:\n{entries.code}", 1)
    document = read_document(sheet, str(entries))
    assert check_shape(document, SHEET)
    assert [str(fault) for fault in document.faults] == []


def test_the_annotated_decisions_are_sound() -> None:
    (block,) = annotated("- id: letter-signatories")
    document = read_document(block.code, str(block))
    assert check_shape(document, DECISIONS)
    assert [str(fault) for fault in document.faults] == []


def test_the_setting_for_assistants_names_the_endpoint() -> None:
    (block,) = [block for block in BLOCKS if block.language == "json"]
    asked = {address for b in BLOCKS if b.language in ("python", "sh") for address in re.findall(r"http\S*/-/mcp", b.code)}
    assert {server["url"] for server in json.loads(block.code)["mcpServers"].values()} == asked == {f"{ADDRESS}/-/mcp"}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_of_a_document_lead_to_files_and_headings_that_are_there(name: str) -> None:
    document = paths.ROOT / name
    for link in re.findall(r"\]\(([^)\s]+)\)", document.read_text(encoding="utf-8")):
        if "://" in link:
            continue
        place, _, heading = link.partition("#")
        target = document.parent / place if place else document
        assert target.is_file(), f"{name} links to {link}"
        assert not heading or heading in headings(target), f"{place or name} has no heading for {link}"


def headings(document: Path) -> set[str]:
    """Return the anchors that GitHub gives to the headings of a document."""
    found = re.findall(r"^#+ (.*)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in found}


# ---------------------------------------------------------------------- the reader of blocks, and that it can fail
DOCUMENT = """\
Text.

```python
print("a")
```

```text
a
```

```sql
SELECT 1 AS one
```

| one |
|---|
| 1 |

```sh
echo b
```

Between them stands prose, so this is nobody's print:

```text
c
```
"""


def test_blocks_are_read_with_what_is_said_to_be_their_print() -> None:
    blocks = read_blocks(DOCUMENT, "a.md")
    assert [(b.language, b.line, b.code, b.printed) for b in blocks] == [
        ("python", 3, 'print("a")\n', "a\n"),
        ("sql", 11, "SELECT 1 AS one\n", "| one |\n|---|\n| 1 |\n"),
        ("sh", 19, "echo b\n", None),
        ("text", 25, "c\n", None),
    ]


@pytest.fixture
def blocks(request: pytest.FixtureRequest) -> list[Block]:
    return [Block("a.md", 1, language, code, None) for language, code in request.param]


@pytest.mark.parametrize("blocks", [[("python", "x = 1\nprint(x)"), ("python", "print('y')\nprint(x)")]], indirect=True)
def test_a_failing_block_of_python_is_told_and_none_sees_the_names_of_another(blocks: list[Block], tmp_path: Path) -> None:
    first, second = run_python(blocks, tmp_path, ADDRESS).values()
    assert first == Outcome("1\n")
    assert second.printed == "y\n"
    assert "NameError: name 'x' is not defined" in second.failure


def test_a_failing_block_of_shell_is_told_wherever_in_it_the_fault_stands(tmp_path: Path) -> None:
    assert run_shell(Block("a.md", 1, "sh", "echo x; false | cat; echo y", None), tmp_path, ADDRESS).failure.startswith("exit code 1")
    assert run_shell(Block("a.md", 1, "sh", "echo http://127.0.0.1:8001/x", None), tmp_path, "http://other") == Outcome("http://other/x\n")


@pytest.mark.parametrize(
    ("promised", "printed", "same"),
    [
        ("a\nb\n", "a  \nb\n\n", True),
        ("a\nb\n", "a\nc\n", False),
        ("a\nb\n", "a\n", False),
        ("| a |\n|---|\n| 1 |\n", "| a |\n| --- |\n| 1 |\n", True),
        ("| a |\n|---|\n| 1 |\n", "| a |\n| --- |\n| 2 |\n", False),
        ("| a |\n|---|\n| 1 |\n", "| a    |\n|------|\n| 1000 |\n| 1    |\n", True),  # a new row, which makes the column wider
        ("│ 1 │ 2 │\n", "┌───┐\n│ 1  │  2 │\n└───┘\n", True),
        ("a\nb\n", "b\na\n", False),
        ("there are … hours.\nSome", "first there are 106\nhours. Some more", True),
        ("there are … hours.", "there are 106 days.", False),
        ("\n", "a\n", False),
    ],
)
def test_a_print_may_have_more_than_is_shown_and_not_less(promised: str, printed: str, same: bool) -> None:
    assert still_prints(promised, printed) is same
