"""Every chart as a picture: SVG and PNG with a source line, a page that may be framed by pages of other hosts, and the code for that.

The chart of a question stands at /leadership/<question>.chart.svg, that of the dashboard at /-/dashboards/<dashboard>/<chart>.chart.svg,
with the parameters of the question; .png, .html (may be framed) and .embed (how to) stand beside it. `theme=dark` and `size=narrow`
choose the look. What is not whole is not drawn: the answer is then a sentence.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from datasette import Response, hookimpl
from presentation.charting import (
    OWN,
    PAINTER,
    NotDrawnError,
    make_dashboard,
    make_question,
    picture_language,
    render,
    to_png,
)
from presentation.pictures import (
    NARROW,
    PALETTES,
    WIDE,
)
from presentation.replies import answer_with
from presentation.rows import DATABASE
from presentation.speaking import SPOKEN

FRAMED = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors *"


async def answer_chart(request: Any, datasette: Any) -> Any:
    """Answer with a chart in the form that the address names."""
    parts, form = request.url_vars, request.url_vars["form"]
    try:
        if form == "png":
            SPOKEN.set(await picture_language())
        if "own" in parts:
            made = await OWN[parts["own"]](datasette, request)
        elif "query" in parts:
            made = await make_question(datasette, request, parts["query"])
        else:
            made = await make_dashboard(datasette, request, parts["slug"], parts["chart"])
        return await FORMS[form](datasette, request, made)
    except NotDrawnError as error:
        headers = {"content-security-policy": FRAMED} if form == "html" else {}
        return Response.text(f"{error}\n", status=error.status, headers=headers)


def _look(request: Any, made: Any) -> tuple[Any, ...]:
    theme = request.args.get("theme", "")
    return (NARROW if request.args.get("size") == "narrow" else made.wide), (theme if theme in PALETTES else "light")


async def _svg(datasette: Any, request: Any, made: Any) -> Any:
    svg, _, _ = await PAINTER.run(render, made, *_look(request, made))
    return answer_with(datasette, svg, "image/svg+xml; charset=utf-8")


async def _png(datasette: Any, request: Any, made: Any) -> Any:
    def paint() -> Any:
        svg, width, _ = render(made, *_look(request, made))
        return to_png(svg, 2 if width <= WIDE else 1.5)

    return answer_with(datasette, await PAINTER.run(paint), "image/png")


def address_of(datasette: Any, made: Any, form: Any, **look: Any) -> Any:
    """Return the path of a chart in a form."""
    query = urlencode({**made.query, **{name: value for name, value in look.items() if value}})
    return datasette.urls.path(f"{made.path}.chart.{form}") + (f"?{query}" if query else "")


async def _framed(datasette: Any, request: Any, made: Any) -> Any:
    """Answer with the page that may be framed: the chart as one picture for each width and scheme, and a link back."""
    theme = request.args.get("theme", "")
    context = {
        "made": made,
        "theme": theme if theme in PALETTES else "",
        "at": lambda form, **look: address_of(datasette, made, form, **look),
        "page": datasette.absolute_url(request, datasette.urls.path(made.page)),
        "narrow_below": made.wide - 120,
    }
    html = await datasette.render_template("embed.html", context, request=request, view_name="embed")
    return Response.html(html, headers={"content-security-policy": FRAMED})


async def _how_to(datasette: Any, request: Any, made: Any) -> Any:
    """Answer with a page of the site that has the code by which another page shows the chart."""
    _, _, height = await PAINTER.run(render, made, made.wide, "light")
    framed = datasette.absolute_url(request, address_of(datasette, made, "html"))
    context = {
        "made": made,
        "at": lambda form, **look: address_of(datasette, made, form, **look),
        "framed": framed,
        "width": made.wide,
        "height": round(height) + 44,  # of the line below the picture
        "absolute": lambda path: datasette.absolute_url(request, path),
    }
    return Response.html(await datasette.render_template("embedding.html", context, request=request, view_name="embedding"))


FORMS = {"svg": _svg, "png": _png, "html": _framed, "embed": _how_to}


@hookimpl
def register_routes() -> list[Any]:
    """Pictures stand beside the page of their chart."""
    forms = f"(?P<form>{'|'.join(FORMS)})"
    return [
        (rf"^/(?P<own>{'|'.join(OWN)})\.chart\.{forms}$", answer_chart),
        (rf"^/{DATABASE}/(?P<query>[a-z0-9_]{{1,60}})\.chart\.{forms}$", answer_chart),
        (rf"^/-/dashboards/(?P<slug>[a-z0-9_-]{{1,60}})/(?P<chart>[a-z0-9_-]{{1,60}})\.chart\.{forms}$", answer_chart),
    ]
