"""Lists that are kept by hand are whole: who adds a page, a table or a code is told where it is to be named, or named as left out."""

from __future__ import annotations

import html
import re

import pytest
from datasette.plugins import pm
from leadership import paths
from leadership.schema import KINDS, PROFILES
from leadership.tables import TABLES
from presentation.bars import MANNERS
from presentation.gisting import LOADERS
from presentation.settings import OWN_PATHS, PREFIX_PART
from site_client import Site
from written import METADATA

README = (paths.ROOT / "README.md").read_text(encoding="utf-8")
CALLED = re.compile(r"`([a-z_]+)`")
# Pages of the site's own whose links show no picture, and tables whose rows begin with no words on what the row tells.
WITHOUT_PICTURE = {"correct", "disagreements", "history", "methods", "sources-record"}
ROWS_WITHOUT_PICTURE = {"tenures"}
WITHOUT_GIST = {"interpretations", "products", "sources"}


@pytest.fixture(scope="module")
def routes(asked_within: Site) -> list[str]:
    """The patterns of all addresses, without the signs at their ends."""
    return [pattern.pattern.strip("^$") for pattern, _ in asked_within.datasette._routes()]


def test_the_readme_names_every_table_and_every_view(asked_within: Site) -> None:
    cells = re.findall(r"^\| (`[^|]*`) \|", README.partition("## Tables at a glance")[2].partition("\n## ")[0], re.MULTILINE)
    assert sorted(name for cell in cells for name in CALLED.findall(cell)) == sorted(TABLES)
    named = README.partition("Views with names joined in:")[2].partition(". ")[0]
    views = [row["name"] for row in asked_within.rows("SELECT name FROM sqlite_master WHERE type = 'view'")]
    assert sorted(CALLED.findall(named)) == sorted(views)


def test_every_word_with_which_an_address_of_the_site_begins_is_no_place_for_the_whole_site(routes: list[str]) -> None:
    words = {re.split(r"[/.\\(]", pattern.lstrip("/"))[0] for pattern in routes}
    with_choice = {word for pattern in routes for word in re.findall(r"^/\(\?P<own>([a-z|-]+)\)", pattern) for word in word.split("|")}
    begins = {word for word in words | with_choice if PREFIX_PART.fullmatch(word)}
    assert set(OWN_PATHS) == {*begins, "leadership", "zh"} - {"favicon", "llms", "robots", "sitemap"}


def test_every_page_of_the_site_s_own_has_a_picture_or_is_known_to_have_none(routes: list[str]) -> None:
    pages = {path for pattern in routes if re.fullmatch(r"[a-z-]+", path := re.sub(r"\(.*", "", pattern.lstrip("/")))}
    pictured = [pattern for pattern, _, _ in pm.get_plugin("previews.py").PAGES]
    without = {page for page in pages if not any(pattern.fullmatch(page) for pattern in pictured)}
    assert without - {"cite"} == WITHOUT_PICTURE


def test_every_table_of_the_record_says_what_a_row_tells_or_is_known_not_to(asked_within: Site) -> None:
    told = set(LOADERS)
    assert {kind.table for kind in KINDS.values()} == told | WITHOUT_GIST | set(PROFILES)
    assert not told & (WITHOUT_GIST | set(PROFILES))
    pictured = [pattern for pattern, _, _ in pm.get_plugin("previews.py").PAGES]
    assert {table for table in told if not any(p.fullmatch(f"leadership/{table}/x") for p in pictured)} == ROWS_WITHOUT_PICTURE


def test_what_codes_mean_is_nowhere_in_english_on_the_chinese_page_of_methods(asked_within: Site) -> None:
    codes = asked_within.rows("SELECT list, definition FROM codes WHERE definition <> label")
    english, chinese = (html.unescape(asked_within.get(f"{prefix}/methods").text) for prefix in ("", "/zh"))
    explained = {code["list"] for code in codes if code["definition"] in english}
    assert explained >= {"standing", "mode", "certainty", "rank", "deprecated_reason", "rule"}
    assert {code["list"] for code in codes if code["definition"] in chinese} == set()


def test_manners_of_leaving_have_the_colours_that_the_chart_of_exits_gives_them(asked_within: Site) -> None:
    charts = METADATA["plugins"]["datasette-dashboards"]["overview"]["charts"]
    ((order,),) = [
        re.findall(r"manner IN \(([^)]*'resigned'[^)]*)\)", chart["query"]) for chart in charts.values() if "'resigned'" in chart["query"]
    ]
    named = re.findall(r"'(\w+)'", order)
    assert {*named, "not_stated"} <= set(MANNERS)
    codes = {row["code"] for row in asked_within.rows("SELECT code FROM codes WHERE list = 'manner'")}
    assert set(MANNERS) <= codes
    assert len(set(MANNERS.values())) == len(MANNERS)
