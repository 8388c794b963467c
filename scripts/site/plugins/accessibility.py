"""Mends what keeps Datasette's own pages from readers who cannot see or point: a language, and names for form fields; and from
those who know spreadsheets only. What a reader has opened stays open.

Each mend replaces an exact piece of a template's source before it is compiled; a test holds every piece against the
templates of the Datasette that is installed, so that a mend which no longer fits is noticed.
"""

from datasette import hookimpl
from datasette.plugins import pm
from jinja2.ext import Extension

# (template, piece of its source, what it becomes)
MENDS = (
    ("base.html", "<html>", '<html lang="{{ html_lang() }}">'),
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
        '<details class="columns-fold"><summary>{{ _("What the columns mean") }}</summary><dl class="column-descriptions">',
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
        '<details class="columns-fold"><summary>{{ _("How the table is declared") }}</summary>'
        '<pre class="wrapped-sql">{{ table_definition }}</pre></details>',
    ),
    (
        "table.html",
        '<pre class="wrapped-sql">{{ view_definition }}</pre>',
        '<details class="columns-fold"><summary>{{ _("How the view is made") }}</summary>'
        '<pre class="wrapped-sql">{{ view_definition }}</pre></details>',
    ),
    (
        "table.html",
        '<select name="_filter_column_{{ loop.index }}">',
        '<select name="_filter_column_{{ loop.index }}" aria-label="{{ _("Column of filter %(n)s", n=loop.index) }}">',
    ),
    (
        "table.html",
        '<select name="_filter_op_{{ loop.index }}">',
        '<select name="_filter_op_{{ loop.index }}" aria-label="{{ _("Comparison of filter %(n)s", n=loop.index) }}">',
    ),
    (
        "table.html",
        '<input type="text" name="_filter_value_{{ loop.index }}" class="filter-value"',
        '<input type="text" name="_filter_value_{{ loop.index }}" class="filter-value"'
        ' aria-label="{{ _("Value of filter %(n)s", n=loop.index) }}"',
    ),
    (  # where only the main columns are shown, a narrow screen still sorts by any
        "table.html",
        "{% for column in display_columns %}\n                        {% if column.sortable %}",
        "{% for column in all_columns or display_columns %}\n                        {% if column.sortable %}",
    ),
    ("table.html", '<select name="_filter_column">', '<select name="_filter_column" aria-label="{{ _("Column to filter by") }}">'),
    ("table.html", '<select name="_filter_op">', '<select name="_filter_op" aria-label="{{ _("Comparison") }}">'),
    (
        "table.html",
        '<input type="text" name="_filter_value" class="filter-value">',
        '<input type="text" name="_filter_value" class="filter-value" aria-label="{{ _("Value to filter by") }}">',
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

# What Datasette's own pages say, said in the language of the page.
ROWS = '{{ "{:,}".format(filtered_table_rows_count) }} row{% if filtered_table_rows_count == 1 %}{% else %}s{% endif %}'
SAID_ROWS = "{% trans n=filtered_table_rows_count %}{{ n }} row{% pluralize n %}{{ n }} rows{% endtrans %}"
SAID = (
    ("base.html", "{{ link.label }}", '{{ _("Dashboards") if link.label == "Dashboards" else link.label }}'),
    ("_crumbs.html", "{{ item.label }}", "{{ crumb_words(item.label) }}"),
    ("base.html", '<title id="nav-menu-svg-title">Menu</title>', '<title id="nav-menu-svg-title">{{ _("Menu") }}</title>'),
    ("table.html", ROWS, SAID_ROWS),
    (
        "table.html",
        "{{ metadata.title or table }}{% if is_view %} (view){% endif %}",
        '{{ (metadata.title or table)|phrase }}{% if is_view %}{{ _(" (view)") }}{% endif %}',
    ),
    (
        "table.html",
        "<dt>{{ column_name }}</dt><dd>{{ column_description }}</dd>",
        "<dt>{{ column_name }}</dt><dd>{{ column_description|english }}</dd>",
    ),
    (
        "table.html",
        "        {% if human_description_en %}{{ human_description_en }}{% endif %}\n    </h3>",
        "        {% if human_description_en %}{{ human_description_en|english }}{% endif %}\n    </h3>",
    ),
    ("table.html", '<label for="_search">Search:</label>', '<label for="_search">{{ _("Search:") }}</label>'),
    ("table.html", "- remove filter -", '{{ _("- remove filter -") }}'),
    ("table.html", "- column -", '{{ _("- column -") }}'),
    ("table.html", '<option value="">Sort...</option>', '<option value="">{{ _("Sort …") }}</option>'),
    ("table.html", "Sort by {{ column.name }}", '{{ _("Sort by %(column)s", column=column.name) }}'),
    ("table.html", "> descending</label>", '> {{ _("descending") }}</label>'),
    ("table.html", '<input type="submit" value="Apply">', '<input type="submit" value="{{ _("Apply") }}">'),
    ("table.html", "View and edit SQL", '{{ _("View and edit SQL") }}'),
    ("table.html", '<p><a href="{{ next_url }}">Next page</a></p>', '<p><a href="{{ next_url }}">{{ _("Next page") }}</a></p>'),
    ("table.html", "<h3>Advanced export</h3>", '<h3>{{ _("Advanced export") }}</h3>'),
    ("table.html", "<p>JSON shape:", '<p>{{ _("JSON shape:") }}'),
    ("table.html", '">default</a>', '">{{ _("default") }}</a>'),
    ("table.html", '">array</a>', '">{{ _("array") }}</a>'),
    ("table.html", '">newline-delimited</a>', '">{{ _("newline-delimited") }}</a>'),
    ("table.html", '">object</a>', '">{{ _("object") }}</a>'),
    ("table.html", "                CSV options:", '                {{ _("CSV options:") }}'),
    ("table.html", "> download file</label>", '> {{ _("download file") }}</label>'),
    ("table.html", "> expand labels</label>", '> {{ _("expand labels") }}</label>'),
    ("table.html", "> stream all rows</label>", '> {{ _("stream all rows") }}</label>'),
    ("table.html", 'value="Export CSV"', 'value="{{ _("Export CSV") }}"'),
    ("table.html", "These facets timed out:", '{{ _("These facets timed out:") }}'),
    ("row.html", "<h2>Links from other tables</h2>", '<h2>{{ _("Links from other tables") }}</h2>'),
    (
        "row.html",
        '{{ "{:,}".format(other.count) }} row{% if other.count == 1 %}{% else %}s{% endif %}</a>\n                '
        "from {{ other.other_column }} in {{ other.other_table }}",
        "{% trans n=other.count %}{{ n }} row{% pluralize n %}{{ n }} rows{% endtrans %}</a>\n                "
        "{% trans column=other.other_column, table=other.other_table %}from {{ column }} in {{ table }}{% endtrans %}",
    ),
    (
        "_description_source_license.html",
        "            {{ metadata.description }}\n",
        "            {{ metadata.description|phrase|english }}\n",
    ),
    ("_description_source_license.html", "Data license:", '{{ _("Data license:") }}'),
    ("_description_source_license.html", "Data source:", '{{ _("Data source:") }}'),
    ("_description_source_license.html", "About:", '{{ _("About:") }}'),
    ("_description_source_license.html", "{{ metadata.source_url }}", "{{ in_language(metadata.source_url) }}"),
    ("_description_source_license.html", "{{ metadata.about_url }}", "{{ in_language(metadata.about_url) }}"),
    ("_footer.html", "{{ metadata.source_url }}", "{{ in_language(metadata.source_url) }}"),
    ("_footer.html", "{{ metadata.about_url }}", "{{ in_language(metadata.about_url) }}"),
    ("_footer.html", "Powered by <a", '{{ _("Powered by") }} <a'),
    ("_footer.html", "Queries took {{ query_ms|round(3) }}ms", "{% trans ms=query_ms|round(3) %}Queries took {{ ms }}ms{% endtrans %}"),
    ("_footer.html", "Data license:", '{{ _("Data license:") }}'),
    ("_footer.html", "Data source:", '{{ _("Data source:") }}'),
    ("_footer.html", "About:", '{{ _("About:") }}'),
    ("_facet_results.html", "<strong>{{ facet_info.name }}", "<strong>{{ heading_of(facet_info.name) }}"),
    ("_facet_results.html", '{{ (facet_value.label | string()) or "-" }}', "{{ facet_words(facet_value.label) }}"),
    ("_facet_results.html", '<li>{{ facet_value.label or "-" }}', "<li>{{ facet_words(facet_value.label) }}"),
)


class Mends(Extension):
    """Applies the mends to the templates that they are for."""

    priority = 90

    def preprocess(self, source, name, filename=None):
        short = (name or "").removeprefix("default:")
        for template, old, new in (*MENDS, *SAID, *pm.get_plugin("charts.py").MENDS):
            if short == template:
                source = source.replace(old, new)
        return source


@hookimpl
def prepare_jinja2_environment(env):
    """Compile templates with the mends."""
    env.add_extension(Mends)
