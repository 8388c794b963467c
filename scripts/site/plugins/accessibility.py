"""Mends what keeps Datasette's own pages from readers who cannot see or point: a language, and names for form fields; and from
those who know spreadsheets only. What a reader has opened stays open.

Each mend replaces an exact piece of a template's source before it is compiled; a test holds every piece against the
templates of the Datasette that is installed, so that a mend which no longer fits is noticed.
"""

from datasette import hookimpl
from jinja2.ext import Extension

# (template, piece of its source, what it becomes)
MENDS = (
    ("base.html", "<html>", '<html lang="en">'),
    ("base.html", '<section class="content">', '<section class="content" id="content" tabindex="-1">'),
    (  # the workbook beside the database, for those who have no use for the latter
        "database.html",
        "<em>{{ format_bytes(size) }}</em></p>",
        "<em>{{ format_bytes(size) }}</em>{% if workbook %}, or all tables as an Excel workbook: "
        '<a href="{{ workbook }}">{{ database }}.xlsx</a>{% endif %}</p>',
    ),
    (
        "table.html",
        '<dl class="column-descriptions">',
        '<details class="columns-fold"><summary>What the columns mean</summary><dl class="column-descriptions">',
    ),
    ("table.html", "    {% endfor %}\n</dl>", "    {% endfor %}\n</dl></details>"),
    (  # downloads by plain names
        "table.html",
        '<p class="export-links">This data as {% for name, url in renderers.items() %}<a href="{{ url }}">{{ name }}</a>'
        '{{ ", " if not loop.last }}{% endfor %}'
        '{% if display_rows %}, <a href="{{ url_csv }}">CSV</a> (<a href="#export">advanced</a>){% endif %}</p>',
        '{% include "_downloads.html" %}',
    ),
    (
        "row.html",
        '<p>This data as {% for name, url in renderers.items() %}<a href="{{ url }}">{{ name }}</a>'
        '{{ ", " if not loop.last }}{% endfor %}</p>',
        '{% include "_downloads.html" %}',
    ),
    (  # how a table is made is long, and few ask for it
        "table.html",
        '<pre class="wrapped-sql">{{ table_definition }}</pre>',
        '<details class="columns-fold"><summary>How the table is declared</summary>'
        '<pre class="wrapped-sql">{{ table_definition }}</pre></details>',
    ),
    (
        "table.html",
        '<pre class="wrapped-sql">{{ view_definition }}</pre>',
        '<details class="columns-fold"><summary>How the view is made</summary>'
        '<pre class="wrapped-sql">{{ view_definition }}</pre></details>',
    ),
    (
        "table.html",
        '<select name="_filter_column_{{ loop.index }}">',
        '<select name="_filter_column_{{ loop.index }}" aria-label="Column of filter {{ loop.index }}">',
    ),
    (
        "table.html",
        '<select name="_filter_op_{{ loop.index }}">',
        '<select name="_filter_op_{{ loop.index }}" aria-label="Comparison of filter {{ loop.index }}">',
    ),
    (
        "table.html",
        '<input type="text" name="_filter_value_{{ loop.index }}" class="filter-value"',
        '<input type="text" name="_filter_value_{{ loop.index }}" class="filter-value" aria-label="Value of filter {{ loop.index }}"',
    ),
    (  # where only the main columns are shown, a narrow screen still sorts by any
        "table.html",
        "{% for column in display_columns %}\n                        {% if column.sortable %}",
        "{% for column in all_columns or display_columns %}\n                        {% if column.sortable %}",
    ),
    ("table.html", '<select name="_filter_column">', '<select name="_filter_column" aria-label="Column to filter by">'),
    ("table.html", '<select name="_filter_op">', '<select name="_filter_op" aria-label="Comparison">'),
    (
        "table.html",
        '<input type="text" name="_filter_value" class="filter-value">',
        '<input type="text" name="_filter_value" class="filter-value" aria-label="Value to filter by">',
    ),
    (  # a click elsewhere closes menus; evidence and whatever else is folded out stays as the reader left it
        "_close_open_menus.html",
        "(details) => details.open && details != detailsClickedWithin",
        "(details) => details.open && details != detailsClickedWithin && details.matches('.nav-menu, .actions-menu-links')",
    ),
    (
        "_codemirror_foot.html",
        "cmResize(editor, {resizableWidth: false});",
        'cmResize(editor, {resizableWidth: false}); editor.getInputField().setAttribute("aria-label", "SQL query");',
    ),
)


class Mends(Extension):
    """Applies the mends to the templates that they are for."""

    priority = 90

    def preprocess(self, source, name, filename=None):
        short = (name or "").removeprefix("default:")
        for template, old, new in MENDS:
            if short == template:
                source = source.replace(old, new)
        return source


@hookimpl
def prepare_jinja2_environment(env):
    """Compile templates with the mends."""
    env.add_extension(Mends)
