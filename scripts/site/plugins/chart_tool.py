"""datasette-vega, the tool with which readers draw their own charts of a table, without `unsafe-eval`.

Its code is served as the package has it but for one call: what was chosen in its form is drawn by the Vega of datasette-dashboards, which
interprets expressions (static/chart-tool.js). Another version of the package, in which that call stands otherwise, is served as it is.
Pages in Chinese get it with the words of its form in Chinese.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache, partial
from pathlib import Path
from typing import Any

import datasette_vega
from datasette import Response, hookimpl
from leadership import paths
from presentation.speaking import CHINESE, ENGLISH, N_, SPOKEN, catalogue

DRAWS = 'Object(s.a)(this.chartRef.current,a,{theme:"quartz",tooltip:!0})'
DRAWS_HERE = 'chartTool.draw(this.chartRef.current,a,{theme:"quartz",tooltip:!0})'
PACKAGE = "/-/static-plugins/datasette_vega/"
# The words of its form; they stand in quotes in the code of the form, which is the last of what it has before this many signs.
SHOW = N_("Show charting options")
FORM = 16_000
WORDS = (
    *(SHOW, N_("Charting options"), N_("Bar"), N_("Scatter"), N_("Numeric"), N_("Numeric, binned"), N_("Date/time")),
    *(N_("Date/time, binned"), N_("Label"), N_("Category"), N_("X column"), N_("Y column"), N_("Type"), N_("Swap X and Y"), N_("Color")),
    *(N_("Size"), N_("-- none --")),
)
OTHERWISE = {"Line": N_("Line chart")}  # a word that means something else on other pages


@cache
def code(language: str = ENGLISH) -> str | None:
    """Return the code to be served, None if the package's own code is not the one that is known here."""
    found = [path.read_text(encoding="utf-8") for path in Path(datasette_vega.static_dir).glob("*.js")]
    if [text.count(DRAWS) for text in found] != [1]:
        return None
    ours = (paths.SITE / "static" / "chart-tool.js").read_text(encoding="utf-8")
    theirs = found[0].replace(DRAWS, DRAWS_HERE)
    return f"{ours}((Function) => {{\n{_in_chinese(theirs) if language == CHINESE else theirs}\n}})(chartTool.accessor);\n"


def _in_chinese(text: str) -> str:
    """Return the code with the words of its form in Chinese; some have a space after them, before the field that they name."""
    end = text.find(f'"{SHOW}"') + len(SHOW) + 2
    form = text[end - FORM : end]
    for words, phrase in [*((one, one) for one in WORDS), *OTHERWISE.items()]:
        for space in ("", " "):
            form = form.replace(f'"{words}{space}"', json.dumps(catalogue().gettext(phrase) + space))
    return f"{text[: end - FORM]}{form}{text[end:]}"


@cache
def address(language: str = ENGLISH) -> str:
    """Return the path of the code, whose name changes with it."""
    return f"{PACKAGE}main.{hashlib.sha256((code(language) or '').encode()).hexdigest()[:16]}.js"


@hookimpl(hookwrapper=True)
def extra_js_urls() -> Any:
    """Name the mended code wherever the package names its own."""
    outcome = yield
    named = [list(urls) for urls in outcome.get_result() if isinstance(urls, list)]
    others = [urls for urls in outcome.get_result() if not isinstance(urls, list)]
    if code():
        ours = address(SPOKEN.get())
        named = [[ours if str(url).startswith(PACKAGE) else url for url in urls] for urls in named]
    outcome.force_result([*named, *others])


async def serve(language: str) -> Any:
    """Answer with the mended code."""
    return Response(code(language), content_type="text/javascript; charset=utf-8")


@hookimpl
def register_routes() -> list[Any]:
    """The code stands beside the package's own files, once for each language."""
    if not code():
        return []
    return [(f"^{address(one).replace('.', '[.]')}$", partial(serve, one)) for one in (ENGLISH, CHINESE)]
