"""A page that was read, as a fact sheet: what tests add to the minimal folder. `GAMMA` is a repost of an article of its outlet."""

from __future__ import annotations

from conftest import RawFolder

FILE = "sources/gamma.yml"
URL, COPY = "https://news.example/altman", "https://copies.example/a?id=1"
GAMMA = f"""\
source:
  id: gamma
  kind: article
  title_en: Gamma on the affair
  lang: zh-Hans
  publisher_id: gamma-news
  published: "2023-11-24"
  published_basis: stated
  url: {URL}
  read_at: {COPY}
  read_how: repost
  read_on: "2024-01-02"
  text_kind: full
  reliability: A test.

defaults:
  zone: America/Los_Angeles

names:
  sam-altman: [Altman, [奥特慢, misspelling]]
  gamma-news: Gamma News

passages:
  - find: "the board, on Nov. 17 - at noon"
    says:
      - {{event: altman-removed, started: "2023-11-17T12:00"}}
      - {{tenure: altman-ceo, ended: "2023-11-17"}}
  - find: 首席执行官奥特慢
    says:
      - {{event: altman-returns, mode: plan}}
"""


def add_read_source(raw: RawFolder, text: str = GAMMA) -> None:
    """Add the page, and the outlet that published it."""
    organisations = (raw.folder / "organisations.yml").read_text(encoding="utf-8")
    if "gamma-news" not in organisations:
        raw.replace("organisations.yml", organisations + "- {id: gamma-news, name: Gamma News, kind: outlet}\n")
    raw.replace(FILE, text)
