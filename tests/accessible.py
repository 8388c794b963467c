"""What axe-core finds on a page: its rules run once for each page that a test looks at, as cheaply as they can be."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# Neither selectors nor stylesheets fetched anew nor frames are needed to know what is wrong and in which element.
OPTIONS = {"resultTypes": ["violations"], "selectors": False, "preload": False, "iframes": False}
RUN = """options => axe.run(document, options).then(({violations}) => violations
    .filter(({impact}) => ['serious', 'critical'].includes(impact))
    .map(({id, nodes}) => [id, nodes[0].html.slice(0, 120)]))"""

# Of brothers and sisters of one kind, which only tell of other rows, those after the third go; what is wrong with one is wrong with all.
THIN = """() => {
    const seen = new Map();
    for (const element of [...document.body.querySelectorAll('*')].filter((element) => element.isConnected)) {
        const kinds = seen.get(element.parentElement) ?? seen.set(element.parentElement, new Map()).get(element.parentElement);
        const kind = `${element.tagName} ${element.getAttribute('class')} ${element.getAttribute('role')}`;
        kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
        if (kinds.get(kind) > 3 && !['OPTION', 'TH', 'TD'].includes(element.tagName)) element.remove();
    }
}"""


def thin_out(page: Page) -> None:
    """Take what is told more than three times in a row out of a page, so that its rules take a third of the time."""
    page.evaluate(THIN)


def serious_findings(page: Page, *rules: str) -> list[list[str]]:
    """Return what is serious or critical on a page by all rules, or by those named: the rule, and the element that breaks it first."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    options: dict[str, Any] = {**OPTIONS, "runOnly": list(rules)} if rules else OPTIONS
    found: list[list[str]] = page.evaluate(RUN, options)
    return found
