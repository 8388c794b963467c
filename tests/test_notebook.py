"""The notebook of scripts/use/: what it draws and says is what SQL finds in the database, and no cell fails, in a browser either."""

from __future__ import annotations

import re
import runpy
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from threading import Thread
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from leadership import paths

NOTEBOOK = paths.ROOT / "scripts" / "use" / "notebook.py"
FRONTEND = Path(find_spec("marimo").origin).parent / "_static"  # without importing it, which takes a second
FACTS = "organisation_id = 'openai' AND asserted_as = 'fact' AND standing <> 'refuted' AND person_id IS NOT NULL AND same_as IS NULL"
FINAL = "organisation_id = 'openai' AND id IN (SELECT departure_id FROM who_left WHERE for_good)"


@pytest.fixture(scope="module")
def values(release: Path) -> dict[str, Any]:
    """What the cells define, run over a release."""
    _, defined = runpy.run_path(str(NOTEBOOK), run_name="notebook")["app"].run(defs={"release": release})
    return dict(defined)


@pytest.fixture(scope="module")
def sql(database: Path) -> Iterator[Any]:
    """A function that returns the rows of a query."""
    with closing(sqlite3.connect(f"{database.as_uri()}?immutable=1", uri=True)) as connection:
        yield lambda query: connection.execute(query).fetchall()


def on_pacific_clocks(instant: str) -> datetime:
    """Return an instant of the data as a Pacific clock shows it."""
    return datetime.fromisoformat(instant).astimezone(ZoneInfo("America/Los_Angeles")).replace(tzinfo=None)


def drawn(chart: Any) -> list[dict[str, Any]]:
    """Return the rows that a chart carries."""
    return next(iter(chart.to_dict()["datasets"].values()))


# ---------------------------------------------------------------------- the values behind each chart
def test_the_chair_is_drawn_from_the_tenures_of_the_chief_executive(values: dict[str, Any], sql: Any) -> None:
    found = sql(
        "SELECT id, certain_from, certain_to FROM tenures WHERE post_id = 'openai-ceo' AND asserted_as = 'fact' ORDER BY certain_from"
    )
    expected = [(tenure, on_pacific_clocks(start), on_pacific_clocks(end)) for tenure, start, end in found]
    assert values["chair"].select("tenure_id", "certain_from", "certain_to").rows() == expected
    bars = drawn(values["chair_chart"])
    assert {bar["person"] for bar in bars} == {"Sam Altman", "Mira Murati", "Emmett Shear"}
    assert all(bar["start"] <= bar["end"] for bar in bars)
    certain = [bar for bar in bars if bar["person"] == "Mira Murati" and bar["shown"] == "beyond doubt"]
    ((start, end),) = [(start, end) for tenure, start, end in expected if tenure == "mira-murati-openai-ceo"]
    assert [(bar["start"], bar["end"]) for bar in certain] == [(start.isoformat(), end.isoformat())]


def test_the_hours_without_altman_are_counted_as_sqlite_counts_them(values: dict[str, Any], sql: Any) -> None:
    ((gap,),) = sql(
        "SELECT (julianday(back.certain_from) - julianday(gone.certain_to)) * 24 FROM tenures back, tenures gone"
        " WHERE back.id = 'sam-altman-openai-ceo-2' AND gone.id = 'sam-altman-openai-ceo-1'"
    )
    shown = dict(
        sql(
            "SELECT p.label, (julianday(certain_to) - julianday(certain_from)) * 24 FROM tenures t JOIN people p ON p.id = t.person_id"
            " WHERE t.id IN ('mira-murati-openai-ceo', 'emmett-shear-openai-ceo')"
        )
    )
    assert values["gap_hours"] == pytest.approx(gap)
    assert values["shown"] == pytest.approx(shown)
    said = values["chair_conclusion"]
    assert f"lie {gap:.0f} hours" in said
    assert f"Mira Murati for {shown['Mira Murati']:.0f}" in said
    assert f"the other {gap - sum(shown.values()):.0f} they" in said


def test_exits_are_drawn_once_each_in_their_month_with_what_came_of_them(values: dict[str, Any], sql: Any) -> None:
    expected = sql(
        f"""
        SELECT month, p.label, CASE WHEN reversed_by IS NOT NULL THEN 'Came back' ELSE c.label END
          FROM (SELECT * FROM departures WHERE {FACTS}) d JOIN people p ON p.id = d.person_id
          JOIN codes c ON c.list = 'destination_kind' AND c.code = COALESCE(d.destination_kind, 'not_stated') WHERE month IS NOT NULL
        """
    )
    tiles = drawn(values["exits_chart"])
    assert sorted((tile["month"], tile["person"], tile["outcome"]) for tile in tiles) == sorted(expected)
    assert len({(tile["month"], tile["place"]) for tile in tiles}) == len(tiles), "two tiles lie on one another"
    ((months, years),) = sql(f"SELECT count(month), count(*) FROM departures WHERE {FACTS} AND person_id IS NOT NULL")
    outcomes = [outcome for *_, outcome in expected]
    year = max(month for month, *_ in expected)[:4]
    assert re.findall(r"\d+", values["exits_conclusion"]) == [
        str(number)
        for number in (
            months,
            sum(month.startswith(year) for month, *_ in expected),
            year,
            outcomes.count("Came back"),
            months - outcomes.count("Came back"),
            outcomes.count("Founded"),
            outcomes.count("Joined"),
            outcomes.count("Not stated"),
            years - months,
        )
    ]


def test_the_founders_step_down_at_the_last_exit_of_each_who_left(values: dict[str, Any], sql: Any) -> None:
    states = dict(sql("SELECT founder, state FROM founders_now"))
    exits = sql(
        f"""
        SELECT p.label, max(COALESCE(announced_latest, effective_latest)) FROM (SELECT * FROM departures WHERE {FINAL}) d
          JOIN people p ON p.id = d.person_id JOIN founders_now f ON f.person_id = p.id
         WHERE COALESCE(announced_latest, effective_latest) IS NOT NULL GROUP BY p.id ORDER BY 2
        """
    )
    assert {name for name, _ in exits} == {name for name, state in states.items() if state == "left"}
    steps = drawn(values["founders_chart"])
    assert [step["founders"] for step in steps] == [*range(len(states), len(states) - len(exits) - 1, -1), len(states) - len(exits)]
    assert [(step["label"].split(",")[0], step["when"]) for step in steps[1:-1]] == [
        (name, on_pacific_clocks(latest).isoformat()) for name, latest in exits
    ]
    assert values["there"] == sorted(name for name, state in states.items() if state == "no exit told")
    assert f"Of the {len(states)} founders whom the sources name, {len(exits)} have left" in values["founders_conclusion"]
    assert ", ".join(values["there"]) in values["founders_conclusion"]


# ---------------------------------------------------------------------- as a program, and as a page
def test_without_a_release_the_program_says_how_to_make_one(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, NOTEBOOK, "--release", tmp_path], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("No tenures_flat.parquet in ")
    assert "make release" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture(scope="module")
def exported(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the notebook as a page; marimo's status is not 0 if a cell failed.

    What the page would take from marimo's network is taken from the files of its package, by a server that has both.
    """
    folder = tmp_path_factory.mktemp("notebook")
    notebook, out = shutil.copy(NOTEBOOK, folder), folder / "notebook.html"  # a copy, because marimo leaves notes beside what it exports
    export = ["--yes", "export", "html", notebook, "--no-include-code", "-o", out, "--", "--release", release]
    done = subprocess.run([sys.executable, "-m", "marimo", *export], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    html, replaced = re.subn(r"https://[^\"\s]*/@marimo-team/frontend@[^/\"]*/dist/", "/frontend/", out.read_text(encoding="utf-8"))
    assert replaced
    out.write_text(html, encoding="utf-8")
    (folder / "frontend").symlink_to(FRONTEND)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(folder))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/{out.name}"
        server.shutdown()


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves a folder and says nothing of it."""

    def log_message(self, *_: Any) -> None:
        pass


def test_the_page_draws_three_charts_and_says_three_sentences(exported: str, page: Any, values: dict[str, Any]) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.route("https://**", lambda route: route.abort())
    page.goto(exported)
    page.locator(".vega-embed .marks").nth(2).wait_for(timeout=30_000)
    assert page.locator(".vega-embed .marks").count() == 3
    assert [heading.inner_text() for heading in page.locator("h2").all()] == [
        "Who was chief executive, hour by hour?",
        "Who left in which month, and for what?",
        "How many founders are left?",
    ]
    text = page.locator("body").inner_text()
    for name in ("chair_conclusion", "exits_conclusion", "founders_conclusion"):
        assert values[name] in text
    for chart in page.locator(".vega-embed .marks").all():
        box = chart.bounding_box()
        assert box["width"] > 300
        assert box["x"] + box["width"] <= 1280
        assert box["height"] > 100
    assert errors == []
