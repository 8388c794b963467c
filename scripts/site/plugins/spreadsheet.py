"""Tables, rows and queries for spreadsheets: the address with `.spreadsheet`, linked on their pages beside JSON and CSV.

It is Datasette's own CSV, whole and with labels, written so that a spreadsheet shows what the dataset says when it opens the file:

- a mark at the beginning says that it is UTF-8; without it Chinese names are mojibake;
- lists are joined by "; ";
- a date with a clock or a zone is its day (US Pacific, where it has a clock), an instant in UTC is `2023-11-17 20:00`; what is
  coarser than a day is no day: a month is written 2023-11-XX, because 2023-11 would become the first of November;
- text that begins like a formula gets an apostrophe, so that nothing of it is computed.

CSV stays exact, for programs.
"""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

from datasette import Response, hookimpl
from leadership.when import DATE, parse_when
from presentation.showing import local_time

ENDING, CSV = ".spreadsheet", ".csv"
MARK = "\ufeff".encode()
FORMULA = tuple("=+-@\t\r\n＝＋－＠")
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?")
INSTANT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}:[0-9]{2})Z")
MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


@hookimpl
def register_output_renderer() -> dict[str, Any]:
    """Have Datasette link it wherever there are rows; the layer below answers before this would."""
    return {"extension": ENDING[1:], "render": lambda request: Response.redirect(request.path.replace(ENDING, CSV))}


@hookimpl
def asgi_wrapper(datasette: Any) -> Any:
    """Answer `.spreadsheet` by what `.csv` answers, rewritten."""

    def wrap(app: Any) -> Any:
        async def for_spreadsheets(scope: dict[str, Any], receive: Any, send: Any) -> None:
            if scope["type"] != "http" or not scope["path"].endswith(ENDING):
                await app(scope, receive, send)
                return
            changed: dict[str, Any] = {name: scope[name].removesuffix(ENDING) + CSV for name in ("path", "site_path") if name in scope}
            raw = (scope.get("raw_path") or scope["path"].encode()).partition(b"?")[0]
            changed["raw_path"] = raw.removesuffix(ENDING.encode()) + CSV.encode()
            changed["query_string"] = b"&".join(part for part in (scope["query_string"], b"_dl=on") if part)
            await app({**scope, **changed}, receive, _Rewriter(send))

        return for_spreadsheets

    return wrap


class _Rewriter:
    """Rewrites the rows of a CSV that passes; each message holds whole rows, and errors pass as they are."""

    def __init__(self, send: Any) -> None:
        self.send, self.is_table, self.begun = send, False, False

    async def __call__(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.is_table = message["status"] == 200
        elif self.is_table and message["type"] == "http.response.body" and message.get("body"):
            rewritten = rewrite(message["body"].decode()).encode()
            message = {**message, "body": rewritten if self.begun else MARK + rewritten}
            self.begun = True
        await self.send(message)


def rewrite(rows: Any) -> Any:
    """Return rows of CSV as a spreadsheet should get them."""
    written = io.StringIO(newline="")
    csv.writer(written).writerows(map(write_cell, row) for row in csv.reader(io.StringIO(rows, newline="")))
    return written.getvalue()


def write_cell(text: str) -> Any:
    """Return one cell: lists and dates in plain words, and nothing that a spreadsheet would compute."""
    plain = _join(text) if text.startswith("[") else _write_date(text) if text[:4].isdecimal() else text
    return f"'{plain}" if plain.startswith(FORMULA) and not NUMBER.fullmatch(plain) else plain


def _join(text: str) -> Any:
    """Return a JSON list of words or numbers joined; anything else as it is."""
    try:
        items = json.loads(text)
    except (ValueError, RecursionError):  # the second where lists stand thousands deep
        return text
    return text if any(isinstance(item, list | dict) for item in items) else "; ".join(map(str, items))


def _write_date(text: str) -> Any:
    """Return a date as a day, an instant as date and clock, a month so that it stays one; anything else as it is."""
    if instant := INSTANT.fullmatch(text):
        return f"{instant[1]} {instant[2]}"
    if MONTH.fullmatch(text):
        return f"{text}-XX"
    found = DATE.fullmatch(text)
    if not found or not found["day"] or found["about"]:
        return text
    if ":" in (found["time"] or "") and found["zone"]:
        try:
            return f"{local_time(parse_when(text).earliest):%Y-%m-%d}"
        except ValueError:  # a clock, zone or day that does not exist
            return text
    return text[:10]
