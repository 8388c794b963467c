"""What the tests share: a minimal valid `raw/` folder that a test may vary in one thing, and makers of claims and rows."""

from __future__ import annotations

import fcntl
import gc
import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
import served
from ensure_chromium import find_chromium
from leadership import paths
from leadership.building import build
from leadership.catalogue import Catalogue, Subject
from leadership.claims import Claim, Passage
from leadership.faults import Fault, InputFaults
from leadership.pipeline import Result, run
from leadership.settling import Groups, Statement, add_voices, settle, voices_of
from site_client import Site

SHEET = "sources/alpha.yml"
MINIMAL = {
    "people.yml": """\
- {id: sam-altman, name: Sam Altman, name_zh: 奥特曼}
- {id: mira-murati, name: Mira Murati}
""",
    "organisations.yml": """\
- {id: openai, name: OpenAI, kind: company}
- {id: alpha-news, name: Alpha News, kind: outlet}
- {id: beta-news, name: Beta News, kind: outlet}
""",
    "posts.yml": """\
- {id: openai-ceo, organisation: openai, title: CEO, title_zh: 首席执行官, category: executive}
""",
    "products.yml": """\
- {id: chatgpt, name: ChatGPT, kind: product}
""",
    "tenures.yml": """\
- {id: altman-ceo, person: sam-altman, post: openai-ceo}
- {id: murati-ceo, person: mira-murati, post: openai-ceo}
""",
    "departures.yml": """\
- {id: altman-openai-2023, person: sam-altman, organisation: openai}
""",
    "events.yml": """\
- {id: altman-removed, label: Altman removed, label_zh: 奥特曼被免, kind: dismissal, story: board-crisis-2023, summary: The board removes him.}
- {id: altman-returns, label: Altman returns, label_zh: 奥特曼复职, kind: reinstatement, story: board-crisis-2023, parent: altman-removed, summary: He is back.}
""",  # noqa: E501
    "figures.yml": """\
- {id: openai-headcount, label: Headcount, label_zh: 员工人数, organisation: openai, metric: headcount, unit: people, scope: All staff}
""",
    "remarks.yml": """\
- {id: altman-farewell, label: Farewell, label_zh: 告别, speaker: sam-altman, gist: He loved his time there., about: [openai]}
- {id: murati-to-staff, label: To the staff, label_zh: 致员工, speaker: mira-murati, gist: She asks for calm., about: openai}
""",
    "interpretations.yml": """\
- {id: board-lost-trust, label: Trust was lost, label_zh: 失去信任, topic: governance, position: The board had lost its trust.}
""",
    "cited.yml": """\
- {id: gamma-original, kind: report, title_en: The original report, lang: en}
""",
    "decisions.yml": """\
- id: headcount-by-alpha
  subject: openai-headcount
  property: value
  rule: first_hand
  accept: "770"
  expect: ["770", "800"]
  deprecate: {"800": secondary}
  rationale: Alpha asked the firm.
  decided_on: "2024-01-01"
""",
    SHEET: """\
source:
  id: alpha
  document: alpha.txt
  text_sha256: 0000000000000000000000000000000000000000000000000000000000000000
  line_count: 6
  blank_lines: "2"
  kind: article
  title_en: Alpha on the affair
  lang: en
  publisher_id: alpha-news
  published: "2023-11-23"
  published_basis: stated
  reliability: A test.
  rights: None.

defaults:
  zone: America/Los_Angeles

names:
  sam-altman: {Sam Altman: 3:0, Sam: [3:0, alias]}
  mira-murati: {Mira Murati: 4:0}
  openai: {OpenAI: 1:0}
  alpha-news: {Alpha News: 1:10}
  beta-news: {Beta News: 6:0}
  openai-ceo: {chief executive: 3:20}
  chatgpt: {ChatGPT: 4:20}

passages:
  - line: 3
    find: Nov. 17
    start: 30
    says:
      - {event: altman-removed, started: "2023-11-17T12:00", participant: {sam-altman: removed, openai: [decider, announcer]}}
      - {tenure: altman-ceo, ended: "2023-11-17", end_reason: removed}
      - {departure: altman-openai-2023, announced: "2023-11-17", manner: removed, reason: loss_of_board_confidence, by: openai}
  - line: 4
    find: interim
    start: 5
    says:
      - {tenure: murati-ceo, capacity: interim, started: "2023-11-17", end_reason: replaced}
      - {event: altman-returns, started: "2023-11-21"}
  - line: 5
    find: "770"
    start: 0
    says:
      - {figure: openai-headcount, value: "770", as_of: "2023-11"}
      - {remark: altman-farewell, said: "2023-11-17", medium: x, by: sam-altman}
      - {remark: murati-to-staff, by: mira-murati}
      - {interpretation: board-lost-trust, mode: opinion, via: beta-news}
      - {source: alpha, cites: gamma-original}

set_aside:
  - {lines: "1", why: heading}
  - {lines: "6", why: repeats, of: 5}
""",
    "sources/beta.yml": """\
source:
  id: beta
  document: beta.txt
  text_sha256: 1111111111111111111111111111111111111111111111111111111111111111
  line_count: 1
  kind: recap
  title_en: Beta on the affair
  lang: en
  publisher_id: beta-news
  published: "2023-12"
  published_basis: inferred
  reliability: A test.
  rights: None.

names:
  openai: {OpenAI: 1:0}

passages:
  - line: 1
    find: "800"
    start: 7
    says:
      - {figure: openai-headcount, value: "800"}
""",
}
# Files that need not be there, as they look where they are.
HISTORY = {
    "releases.yml": """\
- {version: 1.0.0, date: "2024-01-01", summary: The first release.}
- version: 1.0.1
  date: "2024-02-01"
  summary: A correction.
  changes:
    - {kind: corrected, subject: openai-headcount, property: value, from: "800", to: "770", decision: headcount-by-alpha, note: It asked.}
    - {kind: removed, subject: samuel-altman}
""",
    "redirects.yml": """\
- {id: samuel-altman, to: sam-altman, reason: The same person., since: 1.0.1}
- {id: altman-on-leave, reason: It was a rumour., since: 1.0.1}
""",
    "audits.yml": """\
- {id: first-audit, day: "2024-01-15", kind: claims, how: at_random, scope: Both., drawn: 20, right: 17, debatable: 2, wrong: 1, mended: 1}
- {id: second-audit, day: "2024-02-15", kind: questions, how: blind, scope: Both., drawn: 10, right: 9}
""",
}


class RawFolder:
    """A raw folder of its own for one test; `change`, `replace` and `remove` vary it before it is run."""

    def __init__(self, folder: Path):
        self.folder = folder
        (folder / "sources").mkdir(parents=True)
        shutil.copy(paths.RAW / "codes.yml", folder / "codes.yml")
        for name, text in MINIMAL.items():
            self.replace(name, text)

    def add_history(self) -> None:
        """Add the files that need not be there."""
        for name, text in HISTORY.items():
            self.replace(name, text)

    def replace(self, name: str, content: str | bytes) -> None:
        """Give a file another content."""
        (self.folder / name).write_bytes(content.encode() if isinstance(content, str) else content)

    def change(self, name: str, old: str, new: str) -> None:
        """Put `new` in the place of `old`, which must stand exactly once in the file."""
        text = (self.folder / name).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        self.replace(name, text.replace(old, new))

    def remove(self, name: str) -> None:
        """Delete a file."""
        (self.folder / name).unlink()

    def run(self, texts: Path | None = None) -> Result:
        """Run the whole pipeline; raises InputFaults."""
        return run(self.folder, texts)

    def faults(self, texts: Path | None = None) -> list[str]:
        """Return all faults as they are printed, an empty list if there are none."""
        try:
            self.run(texts)
        except InputFaults as error:
            return [str(fault) for fault in error.faults]
        return []


@pytest.fixture
def raw(tmp_path: Path) -> RawFolder:
    return RawFolder(tmp_path / "raw")


@pytest.fixture(scope="session")
def minimal(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """What becomes of the minimal folder as it is; tests must not change it."""
    return RawFolder(tmp_path_factory.mktemp("minimal") / "raw").run()


def rows_by_id(result: Result, table: str) -> dict[str, dict]:
    """Return the rows of a table by their ids."""
    return {row["id"]: row for row in result.tables[table]}


def make_claim(
    prop: str,
    value: str,
    *,
    subject: str = "some-id",
    kind: str = "event",
    source: str = "one",
    polarity: str = "affirms",
    mode: str = "fact",
    certainty: str = "certain",
    by: str | None = None,
    via: str | None = None,
) -> Claim:
    """Make a claim that line 1 of `source` makes, at line 7 of its sheet."""
    return Claim(
        subject=subject,
        kind=kind,
        property=prop,
        value=value,
        polarity=polarity,
        mode=mode,
        certainty=certainty,
        attribution="own_voice",
        by=by,
        via=via,
        as_named=None,
        note=None,
        checked="page",
        speaker=via or source,
        passage=Passage(source, 1, value[:16] or "x", 0),
        raw_file=f"raw/sources/{source}.yml",
        raw_line=7,
    )


def settle_claims(claims: Iterable[Claim], catalogue: Catalogue) -> tuple[list[Statement], list[Fault]]:
    """Settle claims as a build does that finds them in the sheets of one batch."""
    groups: Groups = {}
    add_voices(groups, voices_of(claims))
    return settle(groups, catalogue)


def make_catalogue(**headers: dict) -> Catalogue:
    """Make a catalogue that holds nothing but sources with the given headers."""
    catalogue = Catalogue()
    for source, header in headers.items():
        key = source.replace("_", "-")
        catalogue.subjects[key] = Subject(key, "source", {"id": key, **header}, f"raw/sources/{key}.yml", 1)
    return catalogue


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have tests of the browser and of the served site come first: the process that begins with them starts both, and no other has to."""

    def needs_both(item: pytest.Item) -> bool:
        asks = getattr(item, "fixturenames", ())
        return "browser" in asks or ("site" in asks and not hasattr(getattr(item, "module", None), "site"))  # some modules have their own

    items.sort(key=lambda item: not needs_both(item))


def pytest_collection_finish() -> None:
    """Have the garbage collector leave alone what lives as long as the run does: modules, and thousands of tests.

    Else it looks rarely: at its own pace it takes a sixth of the time of tests that make releases, pages and databases in this process.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def pytest_sessionfinish() -> None:
    """Give back what was left alone, so that libraries which count what they made find nothing missing."""
    gc.unfreeze()


@pytest.fixture(scope="session")
def once(tmp_path_factory):
    """A maker of what all test processes of a run share: `once(name, make)` has `make` fill a folder, and gives the folder to all."""
    own = tmp_path_factory.getbasetemp()
    root = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own

    def share(name: str, make: Callable[[Path], object]) -> Path:
        folder = root / name
        with (root / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not folder.exists():
                being_made = root / f"{name}.new"
                shutil.rmtree(being_made, ignore_errors=True)
                being_made.mkdir()
                make(being_made)
                being_made.rename(folder)
        return folder

    return share


@pytest.fixture(scope="session")
def database(once):
    """The database built from the real `raw/`, once a run; tests must not change it."""
    return (
        once("built", lambda folder: build(paths.RAW, paths.METADATA, folder / "leadership.db", keep_in=folder / "kept")) / "leadership.db"
    )


@pytest.fixture(scope="session")
def release(database, once):
    """The real data as a release has them in SQLite, CSV and Parquet, once a run; tests must not change it.

    What else a release has, and that it is whole, is asked of the little one.
    """
    from distribution.contents import read_contents  # here, because its libraries take time that most tests need not spend
    from distribution.formats import write_csv, write_parquet

    def make(folder: Path) -> None:
        shutil.copyfile(database, folder / "leadership.db")
        contents = read_contents(database, paths.METADATA)
        write_csv(contents, folder / "csv")
        write_parquet(contents, folder / "parquet")

    return once("released", make)


@pytest.fixture(scope="session")
def little(once):
    """A whole release with every table and few rows, held sources and a read one, as `make release` writes it; tests must not change it.

    Beside it lie the database and the CSV files of its build.
    """
    from distribution.releasing import write_release
    from read_source import add_read_source

    def make(folder: Path) -> None:
        raw = RawFolder(folder / "raw")
        raw.add_history()
        add_read_source(raw)
        build(raw.folder, paths.METADATA, folder / "leadership.db", folder / "csv")
        write_release(folder / "leadership.db", paths.METADATA, folder / "release")

    return once("little", make) / "release"


@pytest.fixture(scope="session")
def site(database):
    """The address of a server that serves the real data as `make serve` does."""
    with served.serving(database) as address:
        yield address


@pytest.fixture(scope="session")
def asked_within(database):
    """The site over the real data, asked in this very process: one for all modules that only ask, because its start takes seconds."""
    within = Site(database)
    yield within
    within.close()


@pytest.fixture(scope="session")
def little_site(little):
    """The site over few rows, asked in this very process: for what does not depend on how many there are."""
    within = Site(little / "leadership.db")
    yield within
    within.close()


@pytest.fixture
def site_of_its_own(raw, tmp_path):
    """A maker of the site over the test's own raw folder as it then is, asked in this very process: for rows that the record may lack."""
    made = []

    def make() -> Site:
        build(raw.folder, paths.METADATA, tmp_path / "leadership.db")
        made.append(Site(tmp_path / "leadership.db"))
        return made[-1]

    yield make
    for within in made:
        within.close()


@pytest.fixture(scope="session")
def browser():
    """A Chromium; without one the tests of the site are skipped."""
    chromium = find_chromium()
    if not chromium:
        pytest.skip("no Chromium on this machine and none could be installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=served.CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def context(browser):
    """What the pages of a run share: with a context of their own each would need processes and caches of its own, for a third more time."""
    shared = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    shared.new_page()  # keeps the process of the pages alive
    yield shared
    shared.close()


@pytest.fixture
def page(context):
    """A new page, 1280 wide, that remembers nothing of pages before it."""
    context.clear_cookies()
    opened = context.new_page()
    yield opened
    if opened.url.startswith("http"):
        opened.evaluate("localStorage.clear()")
    opened.close()


@pytest.fixture
def telephone(browser):
    """A new page as narrow as a telephone, in a zone that is neither UTC nor that of the events."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, timezone_id="Asia/Tokyo")
    yield context.new_page()
    context.close()
