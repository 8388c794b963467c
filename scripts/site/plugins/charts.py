"""What stands at the foot of every chart of the dashboard: what it leaves out, what was read, and until when; and its look.

`what_was_read()` is there for every template, so that other pages say the same. The dashboard's own templates are mended
with those of Datasette, by accessibility.py: a piece of their source is replaced before it is compiled.
"""

import sqlite3

from datasette import hookimpl
from presentation.showing import show_when
from presentation.speaking import say
from presentation.vega import for_browser, say_chart, say_dashboard

DATABASE = "leadership"
REACH = """
SELECT (SELECT COUNT(*) FROM sources WHERE access <> 'cited') AS read, MAX(CASE id WHEN 'covers_to' THEN value END) AS covers_to,
       MAX(CASE id WHEN 'pages_last_read_on' THEN value END) AS last_read
  FROM build_info
"""
FOOT = (
    '<p class="chart-foot">{% if chart.note %}{{ chart.note }} {% endif %}{{ what_was_read() }}'
    '{% if chart.rows_at %} <a href="{{ urls.path(chart.rows_at) }}"'
    """ aria-label="{{ _('Rows of: %(title)s', title=chart.title) }}">{{ _('Rows') }}</a>{% endif %}</p>"""
)
PATH = "{% set at = '/-/dashboards/' ~ request.url_vars.slug ~ '/' ~ (chart_slug or request.url_vars.chart_slug) %}"
# Without a script the picture stands where the chart would.
LINKS = (
    PATH + '{% import "_chart_links.html" as forms with context %}{{ forms.links(at, chart.title) }}'
    '<noscript><img src="{{ urls.path(at) }}.chart.svg" alt="{{ chart.title }}" loading="lazy"></noscript>'
)
STYLE = '<link rel="stylesheet" href="{{ urls.path(\'/static/charts.css\') }}">'
HEAD = "<link href=\"{{ urls.static_plugins('datasette_dashboards', 'dashboards.css') }}\" rel=\"stylesheet\"/>"
EXTENDS = '{% extends "base.html" %}'
# (template, piece of its source, what it becomes)
MENDS = (
    ("dashboard_view.html", EXTENDS, EXTENDS + "{% set dashboard = say_dashboard(dashboard) %}"),
    ("dashboard_chart.html", EXTENDS, EXTENDS + "{% set dashboard = say_dashboard(dashboard) %}{% set chart = say_chart(chart) %}"),
    ("dashboard_view.html", "{{ chart|tojson }}", "{{ for_browser(chart)|tojson }}"),
    ("dashboard_chart.html", "{{ chart|tojson }}", "{{ for_browser(chart)|tojson }}"),
    ("dashboard_chart.html", "View and edit SQL", '{{ _("View and edit SQL") }}'),
    ("dashboard_view.html", '">home</a>', '">{{ _("home") }}</a>'),
    ("dashboard_chart.html", '">home</a>', '">{{ _("home") }}</a>'),
    ("dashboard_view.html", '">dashboards</a>', '">{{ _("Charts") }}</a>'),
    ("dashboard_chart.html", '">dashboards</a>', '">{{ _("Charts") }}</a>'),
    ("dashboard_view.html", HEAD, HEAD + STYLE),
    ("dashboard_chart.html", HEAD, HEAD + STYLE),
    (
        "dashboard_view.html",
        "        </div>\n      </div>\n      {% endfor %}",
        f"        </div>\n{FOOT}{LINKS}      </div>\n      {{% endfor %}}",
    ),
    (
        "dashboard_chart.html",
        "        {% endif %}\n      </div>\n    </div>\n  </div>",
        f"        {{% endif %}}\n      </div>\n{FOOT}{LINKS}    </div>\n  </div>",
    ),
)


@hookimpl
def extra_template_vars(datasette):
    """Give every template a sentence on what was read, and until when."""

    async def describe():
        try:
            row = (await datasette.execute(DATABASE, REACH)).first()
        except (KeyError, sqlite3.Error):  # another database is being served
            return ""
        parts = [say("Scope: %(n)s texts and public pages", n=f"{row['read']:,}")]
        parts += [say("published until %(day)s", day=show_when(row["covers_to"]).label)] if row["covers_to"] else []
        parts += [say("last read on %(day)s", day=show_when(row["last_read"]).label)] if row["last_read"] else []
        return say(", ").join(parts) + say("; whom or what they do not name is missing.")

    return {"what_was_read": describe, "say_dashboard": say_dashboard, "say_chart": say_chart, "for_browser": for_browser}
