"""What `make check` says that it did: no more than it compared."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from commands import main
from conftest import RawFolder

BETA = b"OpenAI 800\n"


@pytest.fixture
def texts(raw: RawFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of texts, which SOURCE_TEXTS names, for a folder of facts that `make check` reads."""
    folder = tmp_path / "texts"
    folder.mkdir()
    monkeypatch.setattr("leadership.paths.RAW", raw.folder)
    monkeypatch.setenv("SOURCE_TEXTS", str(folder))
    raw.change("sources/beta.yml", "1" * 64, hashlib.sha256(BETA).hexdigest())
    return folder


def said(capsys: pytest.CaptureFixture[str]) -> str:
    """Return what is said of the comparison, which is the second part of the line."""
    assert main(["check"]) == 0
    return capsys.readouterr().out.split("; ")[1]


def test_of_an_empty_folder_nothing_is_claimed(texts: Path, capsys: pytest.CaptureFixture[str]):
    assert said(capsys) == f"0 of 2 held texts compared (none of them is in {texts})"


def test_without_texts_nothing_is_claimed(texts: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("SOURCE_TEXTS")
    assert said(capsys) == "0 of 2 held texts compared (SOURCE_TEXTS is not set)"


def test_the_texts_that_are_there_are_counted_and_the_anchors_found_in_them(texts: Path, capsys: pytest.CaptureFixture[str]):
    (texts / "beta.txt").write_bytes(BETA)
    assert said(capsys) == "1 of 2 held texts compared, 2 anchors found"


def test_a_page_that_was_only_read_is_no_text_to_be_compared(texts: Path, raw: RawFolder, capsys: pytest.CaptureFixture[str]):
    (texts / "beta.txt").write_bytes(BETA)
    raw.replace(
        "sources/delta.yml",
        """\
source:
  id: delta
  kind: report
  title_en: Delta on the affair
  lang: en
  url: https://example.org/delta
  read_how: original
  read_on: "2024-01-02"
  text_kind: full
  published: "2023-12"
  published_basis: stated
  reliability: A test.
names:
  openai: [OpenAI]
passages:
  - find: OpenAI
    says:
      - {organisation: openai}
""",
    )
    assert said(capsys) == "1 of 2 held texts compared, 2 anchors found"


def test_a_folder_of_texts_that_is_none_is_one_sentence(texts: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SOURCE_TEXTS", str(texts / "nowhere"))
    assert main(["check"]) == 2
    assert capsys.readouterr().err == f"{texts}/nowhere: is no folder; let SOURCE_TEXTS name the folder of the texts, or unset it\n"
