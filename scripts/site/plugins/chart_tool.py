"""datasette-vega, the tool with which readers draw their own charts of a table, without `unsafe-eval`.

Its code is served as the package has it but for one call: what was chosen in its form is drawn by the Vega of datasette-dashboards, which
interprets expressions (static/chart-tool.js). Another version of the package, in which that call stands otherwise, is served as it is.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import datasette_vega
from datasette import Response, hookimpl
from leadership import paths

DRAWS = 'Object(s.a)(this.chartRef.current,a,{theme:"quartz",tooltip:!0})'
DRAWS_HERE = 'chartTool.draw(this.chartRef.current,a,{theme:"quartz",tooltip:!0})'
PACKAGE = "/-/static-plugins/datasette_vega/"


@cache
def code() -> str | None:
    """Return the code to be served, None if the package's own code is not the one that is known here."""
    found = [path.read_text(encoding="utf-8") for path in Path(datasette_vega.static_dir).glob("*.js")]
    if [text.count(DRAWS) for text in found] != [1]:
        return None
    ours = (paths.SITE / "static" / "chart-tool.js").read_text(encoding="utf-8")
    return f"{ours}((Function) => {{\n{found[0].replace(DRAWS, DRAWS_HERE)}\n}})(chartTool.accessor);\n"


@cache
def address() -> str:
    """Return the path of the code, whose name changes with it."""
    return f"{PACKAGE}main.{hashlib.sha256((code() or '').encode()).hexdigest()[:16]}.js"


@hookimpl(hookwrapper=True)
def extra_js_urls() -> Any:
    """Name the mended code wherever the package names its own."""
    outcome = yield
    named = [list(urls) for urls in outcome.get_result() if isinstance(urls, list)]
    others = [urls for urls in outcome.get_result() if not isinstance(urls, list)]
    if code():
        named = [[address() if str(url).startswith(PACKAGE) else url for url in urls] for urls in named]
    outcome.force_result([*named, *others])


async def serve() -> Any:
    """Answer with the code."""
    return Response(code(), content_type="text/javascript; charset=utf-8")


@hookimpl
def register_routes() -> list[Any]:
    """The code stands beside the package's own files."""
    return [(f"^{address().replace('.', '[.]')}$", serve)] if code() else []
