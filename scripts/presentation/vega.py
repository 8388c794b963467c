"""Charts of the dashboard in the language that is spoken: titles, notes, and the words of axes and legends.

What the rows say – names of people and firms – stays as the database has it; where it stands on an axis or in a legend and has a
Chinese name, the label shows that.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .speaking import gettext, is_chinese

SAID = ("title", "description", "note")
ERRORS_ONLY = 1  # of the library's log: it warns of any height by rows that its frame does not rule it, which is meant so
# What the library of the pages expects: it has a newer version than the plugin's own script names, and rows of a given height fit no frame.
EXPECTED = {"$schema": "https://vega.github.io/schema/vega-lite/v6.json", "autosize": {"type": "fit-x", "contains": "padding"}}
SHOWN = "%s[datum.label] || datum.label"  # an expression of Vega, which is interpreted


def say_dashboard(dashboard: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a dashboard with its charts in the language that is spoken."""
    if not is_chinese():
        return dashboard
    return {**_said(dashboard), "charts": {name: say_chart(chart) for name, chart in dashboard.get("charts", {}).items()}}


def say_chart(chart: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a chart in the language that is spoken."""
    if not is_chinese() or not isinstance(chart.get("display"), dict):
        return chart
    display = chart["display"]
    encoding = {name: _channel(channel) for name, channel in display.get("encoding", {}).items()}
    return {**_said(chart), "display": {**display, "encoding": encoding}}


def for_browser(chart: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a chart as the script of the page draws it without a warning."""
    if not isinstance(chart.get("display"), dict):
        return chart
    told = chart["display"].get("usermeta", {})
    usermeta = {**told, "embedOptions": {**told.get("embedOptions", {}), "logLevel": ERRORS_ONLY}}
    return {**chart, "display": {**EXPECTED, **chart["display"], "usermeta": usermeta}}


def _said(what: Mapping[str, Any]) -> dict[str, Any]:
    return {name: gettext(value) if name in SAID and isinstance(value, str) else value for name, value in what.items()}


def _channel(channel: Any) -> Any:
    """Return how a field is shown, with the title of its axis and the words of its legend."""
    if isinstance(channel, list):
        return [_channel(one) for one in channel]
    if not isinstance(channel, dict):
        return channel
    found = _said(channel)
    words = {word: said for word in channel.get("scale", {}).get("domain", ()) if isinstance(word, str) and (said := gettext(word)) != word}
    if words and "legend" in channel and channel["legend"] is not None:
        found["legend"] = {**channel["legend"], "labelExpr": SHOWN % json.dumps(words, ensure_ascii=False)}
    return found


def words_of(dashboard: Mapping[str, Any]) -> list[str]:
    """Return every phrase of a dashboard that `say_dashboard` looks up."""
    found = [dashboard.get(name) for name in SAID]
    for chart in dashboard.get("charts", {}).values():
        found += [chart.get(name) for name in SAID]
        for channel in chart.get("display", {}).get("encoding", {}).values():
            for one in channel if isinstance(channel, list) else [channel]:
                found += [one.get(name) for name in SAID]
                found += one.get("scale", {}).get("domain", ()) if isinstance(one.get("scale", {}).get("domain"), list) else ()
    return list(dict.fromkeys(word for word in found if isinstance(word, str) and not word.isdecimal()))
