"""The drawings in scripts/ARCHITECTURE.md and README.md are true: no module imports against their arrows, none is left out."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from leadership import paths
from presentation.citing import LICENCE
from presentation.rows import NAME
from written import METADATA

PAGE = paths.ROOT / "scripts" / "ARCHITECTURE.md"
# Of scripts/, all that is drawn.
FOLDERS = (
    "leadership",
    "leadership/batches",
    "presentation",
    "distribution",
    "verifying",
    "site/plugins",
    ".",
    "commands",
    "trials",
    "deploy",
    "use",
)
BOX = re.compile(r'^(\w+)\["([^"<]+)<br>([^"]+)"\]$')
SUBGRAPH = re.compile(r'^subgraph \w+\["([^"]+)"\]$')
STEP = re.compile(r"── (\w+) ──▶")


@dataclass(frozen=True)
class Drawing:
    """Boxes with the modules in them, as paths from the root, and arrows from the box that is used to the one that uses it."""

    boxes: dict[str, list[str]]
    arrows: set[tuple[str, str]]

    def box_of(self, module: str) -> str | None:
        """Return the box in which a module stands."""
        return next((box for box, modules in self.boxes.items() if module in modules), None)

    def before(self, box: str) -> set[str]:
        """Return the boxes from which arrows lead to a box, directly or through others."""
        found: set[str] = set()
        waiting = [box]
        while waiting:
            user = waiting.pop()
            new = {used for used, by in self.arrows if by == user} - found
            found |= new
            waiting += new
        return found


def read_drawing(text: str, root: Path) -> Drawing:
    """Read the Mermaid drawing of a page: boxes, `box["title<br>modules"]`, and arrows.

    In a subgraph the modules are those of the folder after which it is named; elsewhere patterns of files stand for them.
    """
    boxes: dict[str, list[str]] = {}
    arrows: set[tuple[str, str]] = set()
    folder = ""
    for line in map(str.strip, text.split("```mermaid\n")[1].split("```")[0].splitlines()[1:]):
        if box := BOX.match(line):
            names = box[3].split(" · ")
            boxes[box[1]] = [f"{folder}{name}.py" for name in names] if folder else [m for name in names for m in modules_of(root, name)]
        elif subgraph := SUBGRAPH.match(line):
            folder = subgraph[1]
        elif line == "end":
            folder = ""
        elif "-->" in line:
            groups = [re.findall(r"\w+", part) for part in line.split("-->")]
            arrows |= {(used, by) for one, other in pairwise(groups) for used in one for by in other}
        else:
            assert not line, f"what this line of the drawing says is not known to the test: {line}"
    assert {end for arrow in arrows for end in arrow} <= set(boxes)
    return Drawing(boxes, arrows)


def modules_of(root: Path, pattern: str) -> list[str]:
    """Return the modules of a folder as paths from the root; a package's own file, which imports nothing, is none."""
    return sorted(path.relative_to(root).as_posix() for path in root.glob(pattern) if path.name != "__init__.py")


@cache
def imports_of(root: Path, module: str) -> frozenset[str]:
    """Return what a module imports of ours, wherever in it the import stands."""
    return frozenset(_imports(root, module))


def _imports(root: Path, module: str) -> Iterator[str]:
    here = Path(module).parent
    for node in ast.walk(ast.parse((root / module).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            asked = [(Path("scripts"), alias.name.split("."), "") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            start = here.parents[node.level - 2] if node.level > 1 else here if node.level else Path("scripts")
            asked = [(start, (node.module or "").split("."), alias.name) for alias in node.names]
        else:
            continue
        for start, parts, name in asked:
            place = start.joinpath(*parts)
            for candidate in (place / f"{name}.py", place.with_suffix(".py") if place.name else place):
                if (root / candidate).is_file():
                    yield candidate.as_posix()
                    break


def against(drawing: Drawing, root: Path) -> list[str]:
    """Return the imports that go against the arrows of a drawing, in words."""
    told = []
    for box, modules in drawing.boxes.items():
        allowed = {box, *drawing.before(box)}
        for module in modules:
            for used in sorted(imports_of(root, module)):
                home = drawing.box_of(used) or "no box"
                if home not in allowed:
                    told.append(f"{module} ({box}) imports {used} ({home}), but no arrow leads from {home} to {box}")
    return told


@pytest.fixture(scope="module")
def drawing() -> Drawing:
    return read_drawing(PAGE.read_text(encoding="utf-8"), paths.ROOT)


def test_every_module_stands_in_one_box_and_every_box_has_modules_that_are_there(drawing: Drawing) -> None:
    drawn = [module for modules in drawing.boxes.values() for module in modules]
    there = [module for folder in FOLDERS for module in modules_of(paths.ROOT, f"scripts/{folder}/*.py")]
    assert sorted(set(there) - set(drawn)) == [], "put them into a box of scripts/ARCHITECTURE.md"
    assert sorted(set(drawn) - set(there)) == [], "take them out of scripts/ARCHITECTURE.md"
    assert len(drawn) == len(set(drawn))
    assert all(drawing.boxes.values())


def test_no_import_goes_against_the_arrows(drawing: Drawing) -> None:
    told = against(drawing, paths.ROOT)
    assert not told, "\n".join(told)


# Ways to another module that no import statement shows.
PAST_IMPORTS = re.compile(r"get_plugins?|list_name_plugin|list_plugin_distinfo|import_module|__import__|module_from_path|modules|runpy")
BY_NAME = {"import_module", "modules"}  # in this way the commands have one another


def reached_past_imports(code: str) -> set[str]:
    """Return by which ways other than import statements a module comes to others."""
    nodes = list(ast.walk(ast.parse(code)))
    used = {node.attr for node in nodes if isinstance(node, ast.Attribute)} | {node.id for node in nodes if isinstance(node, ast.Name)}
    used |= {alias.name for node in nodes if isinstance(node, ast.Import | ast.ImportFrom) for alias in node.names}
    return {name for name in used if PAST_IMPORTS.fullmatch(name)}


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_module_and_no_plugin_comes_to_another_past_its_imports(folder: str) -> None:
    allowed = BY_NAME if folder == "commands" else set()
    files = sorted((paths.ROOT / "scripts" / folder).glob("*.py"))
    found = {file.name: reached_past_imports(file.read_text(encoding="utf-8")) - allowed for file in files}
    assert {name: ways for name, ways in found.items() if ways} == {}, "move what two plugins need to scripts/presentation/"


def test_no_plugin_imports_another() -> None:
    plugins = modules_of(paths.ROOT, "scripts/site/plugins/*.py")
    assert {module: used for module in plugins if (used := imports_of(paths.ROOT, module) & set(plugins))} == {}


def places_of(code: str) -> list[str]:
    """Return the modules whose code holds a piece of text, once for each time."""
    files = sorted((paths.ROOT / "scripts").rglob("*.py"))
    return [file.relative_to(paths.CODE).as_posix() for file in files for _ in range(file.read_text(encoding="utf-8").count(code))]


@pytest.mark.parametrize(
    ("code", "module"),
    [
        ('"OpenAI leadership changes"', "presentation/rows.py"),
        ('"CC BY 4.0"', "presentation/citing.py"),
        ('= (PREFERRED, "normal", DEPRECATED)', "leadership/standing.py"),
        ('"preferred", "normal"', ""),
        ("def count_of(", "presentation/speaking.py"),
        ("hashlib.file_digest(", "distribution/inventory.py"),
        ("urls.query(DATABASE, LINE_QUERY)", "presentation/rows.py"),
        ('("/static/", "/-/static/", "/-/static-plugins/")', "presentation/settings.py"),
        ("newgeek-2023-11-23", ""),  # the line that is shown unasked stands in the SQL of its question
    ],
)
def test_what_several_modules_need_stands_in_one(code: str, module: str) -> None:
    assert places_of(code) == ([module] if module else [])


def test_name_and_licence_are_those_of_the_metadata() -> None:
    assert METADATA["title"] == NAME
    assert METADATA["license"].startswith(f"{LICENCE} (data)")
    assert f"`{NAME}, " in (paths.SITE / "static" / "chart-tool.js").read_text(encoding="utf-8")


def test_every_arrow_is_borne_out_by_an_import(drawing: Drawing) -> None:
    modules = [(box, module) for box, modules in drawing.boxes.items() for module in modules]
    assert drawing.arrows - {(drawing.box_of(used), box) for box, module in modules for used in imports_of(paths.ROOT, module)} == set()


def test_the_arrows_never_lead_back(drawing: Drawing) -> None:
    assert [box for box in drawing.boxes if box in drawing.before(box)] == []


@pytest.mark.parametrize("page", [PAGE, paths.ROOT / "README.md"], ids=lambda page: page.name)
def test_each_step_imports_the_one_before_and_none_a_later_one(page: Path) -> None:
    (line,) = [line for line in page.read_text(encoding="utf-8").splitlines() if STEP.search(line)]
    steps = [f"scripts/leadership/{name}.py" for name in STEP.findall(line)]
    assert len(steps) == 5
    for place, step in enumerate(steps):
        reached = set(modules_reached(step))
        assert set(steps[:place]) <= reached, f"{step} does not build on what stands before it in the drawing"
        assert not reached & set(steps[place + 1 :]), f"{step} reaches forward"


def modules_reached(module: str) -> Iterator[str]:
    """Return all that a module imports, itself or through others."""
    seen: set[str] = set()
    waiting = [module]
    while waiting:
        for used in imports_of(paths.ROOT, waiting.pop()):
            if used not in seen:
                seen.add(used)
                waiting.append(used)
                yield used


# ---------------------------------------------------------------------- that it can fail
LITTLE = """
```mermaid
flowchart TB
  subgraph work["scripts/leadership/"]
    first["what is first<br>one · two"]
    second["what is second<br>three"]
  end
  last["the rest<br>scripts/*.py"]

  first --> second --> last
```
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of four modules that import as LITTLE draws them."""
    (tmp_path / "scripts" / "leadership").mkdir(parents=True)
    codes = {
        "leadership/__init__": "",
        "leadership/one": "import ast\nfrom .two import a\n",
        "leadership/two": "",
        "leadership/three": "from . import one, two\n",
        "run": "from leadership import three\nfrom leadership.one import a\nimport json\n",
    }
    for name, code in codes.items():
        (tmp_path / "scripts" / f"{name}.py").write_text(code, encoding="utf-8")
    return tmp_path


def test_a_drawing_is_read_with_its_modules_and_arrows(project: Path) -> None:
    drawing = read_drawing(LITTLE, project)
    assert drawing.boxes == {
        "first": ["scripts/leadership/one.py", "scripts/leadership/two.py"],
        "second": ["scripts/leadership/three.py"],
        "last": ["scripts/run.py"],
    }
    assert drawing.arrows == {("first", "second"), ("second", "last")}
    assert drawing.before("last") == {"first", "second"}
    assert against(drawing, project) == []


@pytest.mark.parametrize(
    "code",
    [
        "from .three import a",
        "from . import three",
        "import leadership.three",
        "from leadership import three",
        "def f():\n    from .three import a",
    ],
)
def test_an_import_against_the_arrows_is_told(project: Path, code: str) -> None:
    (project / "scripts" / "leadership" / "two.py").write_text(code, encoding="utf-8")
    assert against(read_drawing(LITTLE, project), project) == [
        "scripts/leadership/two.py (first) imports scripts/leadership/three.py (second), but no arrow leads from second to first"
    ]


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("from datasette.plugins import pm\npm.get_plugin('home.py').home_of", "get_plugin"),
        ("import importlib\nimportlib.import_module('x')", "import_module"),
        ("from importlib import import_module as load\nload('x')", "import_module"),
        ("import sys\nsys.modules['x']", "modules"),
    ],
)
def test_a_way_past_the_imports_is_told(code: str, name: str) -> None:
    assert reached_past_imports(code) == {name}


def test_a_command_that_a_module_of_the_package_imports_is_told(project: Path) -> None:
    (project / "scripts" / "leadership" / "two.py").write_text("import run", encoding="utf-8")
    assert len(against(read_drawing(LITTLE, project), project)) == 1
