"""What to look for when all words of a search together find nothing.

In: what was typed. Out: steps, each looser than the one before, as FTS5 expressions with the words that a page shows for them.
The lists of words that only make a question, and of words that readers use where the record has others, stand here and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from leadership.folding import has_cjk, match_expression, normalize, simplify, tokens

from .naming import IDLE, Names

MOST_WORDS = 8
MOST_PAIRS = 16

# Words of a question that find nothing by themselves.
IDLE_WORDS = IDLE | frozenset(
    re.findall(
        r"\w+",
        "by did do does had has have how is it many much or them they was were what when where which who whom whose why with "
        "谁 什么 为什么 为何 怎么 怎样 如何 哪 哪些 哪个 哪里 哪儿 何时 什么时候 多少 几 请问 "
        "是 是否 有没有 了 吗 呢 吧 被 把 过 们 又 都 就 他 她 它 这 那",
    )
)
# Words that readers use where the record has others.
OTHER_WORDS: dict[str, tuple[str, ...]] = {
    "fired": ("removes", "removed", "dismissal"),
    "sacked": ("removes", "removed", "dismissal"),
    "ousted": ("removes", "removed", "dismissal"),
    "signatures": ("signatories", "letter"),
    "signed": ("signatories", "letter"),
    "ceo": ("chief executive",),
    "quit": ("leaves", "resigns"),
    "left": ("leaves",),
    "disputed": ("denied", "disagree"),
    "salary": ("funding",),
    "解雇": ("罢免", "解职"),
    "开除": ("罢免", "解雇"),
    "炒掉": ("罢免", "解雇"),
    "赶走": ("罢免", "解雇"),
    "辞职": ("离开", "离职"),
    "跳槽": ("离开", "加入"),
    "老板": ("首席执行官",),
    "接替": ("接任", "出任"),
    "融资": ("投资",),
    "薪水": ("融资",),
}


@dataclass(frozen=True)
class Step:
    """One search: `how` it was loosened, the `words` that a page names, the FTS5 `expression`, and what is meant as one may type it.

    `alone` tells whether what is meant, typed into the search box, gives the same.
    """

    how: str
    words: tuple[str, ...]
    expression: str
    meant: str
    alone: bool = False


def telling_words(typed: str, names: Names | None = None) -> list[str]:
    """Return the words of a query that can find something, without those that only make it a question; text in quotes is one word.

    A Chinese run is cut where a known name, an idle word or a word of our lists begins or ends.
    """
    names = names or Names((), ())
    words = []
    for position, piece in enumerate(normalize(typed).split('"')):
        if position % 2:
            words.append(piece.strip())
        else:
            words += names.cut(piece, OTHER_WORDS, IDLE_WORDS)
    return [word for word in dict.fromkeys(words) if match_expression(word)][:MOST_WORDS]


def other_words(word: str) -> tuple[str, ...]:
    """Return a word and what the record may say for it."""
    return (word, *OTHER_WORDS.get(simplify(word).lower(), ()))


def wide_expression(word: str) -> str:
    """Return the FTS5 expression that asks for a word or for what the record may say for it."""
    return _any(other_words(word))


def loosen(words: Sequence[str], is_known: Sequence[bool], names: Names) -> Iterator[Step]:
    """Yield the steps for the telling words of a query that found nothing as it stands; of each word it is told whether anything has it.

    Only the question's own words are left out, and others for the same allowed; a word that nothing has is taken for the name
    that is spelt most nearly so; any of the words will do; and of Chinese words any two characters that stand together.
    """
    if not words:
        return
    wide = [wide_expression(word) for word in words]
    others = [other for word in words for other in other_words(word)]
    if len(others) > len(words):
        yield Step("others", tuple(others), " AND ".join(wide), _typed(words))
    else:
        yield Step("words", tuple(words), " AND ".join(wide), _typed(words), alone=True)
    meant = [word if known else (names.nearest(word, 1) or [word])[0] for word, known in zip(words, is_known, strict=True)]
    if meant != list(words):
        wide = [wide_expression(word) for word in meant]
        yield Step("nearest", tuple(meant), " AND ".join(wide), _typed(meant), alone=True)
    if len(words) > 1 and not any(is_known) and (whole := names.nearest(" ".join(words), 1)):
        yield Step("nearest", tuple(whole), _expression(whole[0]), _typed(whole), alone=True)
    if len(meant) > 1:
        yield Step("any", tuple(meant), " OR ".join(wide), _typed(meant))
    pairs = [word[start : start + 2] for word in words if has_cjk(word) for start in range(len(word) - 1)]
    pairs = [pair for pair in dict.fromkeys(pairs) if len(tokens(pair)) == 2][:MOST_PAIRS]
    if pairs:
        yield Step("characters", tuple(pairs), " OR ".join(map(_expression, pairs)), _typed(words))


def _typed(words: Iterable[str]) -> str:
    """Return words as one types them into a search box that looks for each as it stands."""
    return " ".join(f'"{word}"' if " " in word else word for word in words)


def _expression(word: str) -> str:
    """Return the FTS5 expression for one word, or for several that follow one another."""
    return f"({match_expression(_typed([word]))})"


def _any(words: Iterable[str]) -> str:
    return f"({' OR '.join(map(_expression, words))})"
