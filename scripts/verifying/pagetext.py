"""The text of a page as a reader sees it, and which anchors stand in it.

lxml reads the markup, because it is installed with the feeds already, mends broken markup much as browsers do, and can hand on
what it reads without building a tree, so that no page is too deep for it. Text and anchors are brought into one form, because
the same words are written with one quotation mark here and another there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

import webencodings
from leadership.folding import CJK
from lxml import etree

UNSEEN = frozenset(("script", "style", "template", "svg"))
INLINE = frozenset(
    re.findall(
        r"\w+",
        "a abbr b bdi bdo big cite code data del dfn em font i ins kbd mark q s samp small span strike strong sub sup time tt u var wbr",
    )
)
SIGNS = str.maketrans(
    dict.fromkeys("‘’‚‛′`´", "'")
    | dict.fromkeys("“”„‟″«»", '"')
    | dict.fromkeys("‐‑‒–—―−", "-")
    | dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", None)  # not seen: soft hyphens, joiners, marks without width
)
NEXT_TO_CHINESE = re.compile(rf"(?<=[{CJK}]) | (?=[{CJK}])")
DECLARED = re.compile(rb"<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16le"), (b"\xfe\xff", "utf-16be"))
USUAL = ("utf-8", "gb18030", "big5")
PAID = re.compile(r'"isAccessibleForFree"\s*:\s*"?false', re.IGNORECASE)  # by which schema.org has pages declare a paywall


def missing_anchors(body: bytes, content_type: str, anchors: Iterable[str]) -> tuple[list[str], bool]:
    """Return the anchors that do not stand on a page, and whether it says of itself that not all may read it.

    A page may be written in another encoding than it says. It is read in each that is likely, and the reading counts in which
    most anchors stand.
    """
    wanted, fewest, paid = list(anchors), None, False
    for encoding in likely_encodings(body, content_type):
        markup = encoding.codec_info.decode(body, "replace")[0]
        text = tidy(markup if is_plain_text(content_type) else visible_text(markup))
        missing = [anchor for anchor in wanted if tidy(anchor) not in text]
        if fewest is None or len(missing) < len(fewest):
            fewest, paid = missing, bool(PAID.search(markup))
        if not missing:
            break
    return wanted if fewest is None else fewest, paid


def likely_encodings(body: bytes, content_type: str) -> list[webencodings.Encoding]:
    """Return the encodings in which a page may be written, the likeliest first: as its first bytes, its server, itself or habit say."""
    labels = [name for mark, name in MARKS if body.startswith(mark)]
    labels += re.findall(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", content_type, re.IGNORECASE)
    labels += [label.decode("ascii", "replace") for label in DECLARED.findall(body[:4096])]
    known = (webencodings.lookup(label) for label in (*labels, *USUAL))
    return list({encoding.name: encoding for encoding in known if encoding}.values())


def is_plain_text(content_type: str) -> bool:
    """Tell whether a page is text as it is, without markup."""
    media = content_type.split(";")[0].strip().lower()
    return media.endswith("json") or (media.startswith("text/") and media not in ("text/html", "text/xml"))


def visible_text(markup: str) -> str:
    """Return the text of a page without scripts and styles; blocks are set apart, and what stands in one line stays together."""
    collector = _Collector()
    parser = etree.HTMLParser(target=collector, encoding="utf-8", huge_tree=True)
    try:
        parser.feed(markup.replace("\0", "").encode("utf-8", "replace"))
        parser.close()
    except etree.LxmlError:
        pass  # nothing to read, or not to the end: what was collected is the text
    return "".join(collector.parts)


def tidy(text: str) -> str:
    """Return text in the form in which it is compared: NFKC, plain quotes and hyphens, single spaces, none beside Chinese."""
    spaced = " ".join(unicodedata.normalize("NFKC", text.translate(SIGNS)).translate(SIGNS).split())
    return NEXT_TO_CHINESE.sub("", spaced)


class _Collector:
    """Takes what the parser reads and keeps the text that readers see."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._unseen = 0

    def start(self, tag: str, _: object) -> None:
        self._unseen += tag in UNSEEN
        self._set_apart(tag)

    def end(self, tag: str) -> None:
        self._unseen -= tag in UNSEEN and self._unseen > 0
        self._set_apart(tag)

    def data(self, text: str) -> None:
        if not self._unseen:
            self.parts.append(text)

    def close(self) -> None:
        """Do nothing: the text is kept in `parts`."""

    def _set_apart(self, tag: str) -> None:
        if tag not in INLINE:
            self.parts.append(" ")
