"""What to look for when all words of a search together find nothing.

In: what was typed. Out: steps, each looser than the one before, as FTS5 expressions with the words that a page shows for them.
The lists of words that only make a question, and of words that readers use where the record has others, stand here; words that only join
others, and what posts are called besides their titles, in `naming`.
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
        "are current currently new now present today reason reasons cause causes "
        "原因 理由 谁 什么 为什么 为何 为啥 怎么 怎样 如何 哪 哪些 哪个 哪里 哪儿 何时 什么时候 多少 几 请问 现任 现在 目前 当前 "
        "有多少 有几个 有哪些 有哪些人 有谁 的人 哪些人 什么人 哪位 是 是否 有没有 了 吗 呢 吧 被 把 过 们 又 都 就 他 她 它 这 那",
    )
)
# Words that tell what kind of row would answer: what readers say, what the record says for it, and the kinds that answer, best first.
REMOVED = ("removes", "removed", "removal", "dismissal", "dismisses")
LEFT = ("leaves", "leave", "left", "gives up", "resigns", "steps down")
COMPANY = ("founder", "co-founder", "founds", "founded", "start-up")
MEANINGS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("fire fired fires sacked oust ousted removed dismissed firing ouster removal", REMOVED, ("departure", "event")),
    ("quit quits resign resigned resigns resignation left leave leaves leaving departure departed", LEFT, ("departure", "event")),
    ("join joins joined hired hires", ("joins", "for", "appoints", "hires"), ("departure", "event", "tenure")),
    ("company startup start-up firm founded founds founder", COMPANY, ("tenure", "event", "departure")),
    ("signatures signed", ("signatories", "letter"), ()),
    ("ceo", ("chief executive",), ()),
    ("disputed", ("denied", "disagree"), ()),
    ("go goes went", ("leaves", "left", "for", "joins"), ("departure", "tenure")),
    ("lawsuit lawsuits sue sued sues", ("suit", "lawsuit", "sues"), ("event",)),
    ("verdict", ("jury", "ruling"), ("event",)),
    ("ipo", ("listing", "listed"), ("event", "figure")),
    ("worth valued", ("valuation", "valued"), ("figure",)),
    ("loss losses lose loses lost", ("loss", "losses"), ("figure",)),
    ("stake stakes equity", ("share", "stake", "equity"), ("figure",)),
    ("employees employee workforce", ("headcount", "staff", "employees"), ("figure",)),
    ("raise raises raised", ("raised", "raises", "funding", "round"), ("figure", "event")),
    ("invest invests invested", ("investment", "invests"), ("figure", "event")),
    ("spending spend spends cost costs burn", ("cost", "costs", "spending", "cash"), ("figure",)),
    ("compute", ("computing",), ("figure",)),
    ("merge merger merging", ("merger", "merge", "merging"), ("event",)),
    ("vote votes voted", ("vote", "votes"), ("event", "figure")),
    ("salary", ("funding",), ()),
    ("解雇 开除 炒掉 赶走 撤职 踢出", ("罢免", "解雇", "解职"), ("departure", "event")),
    ("辞职 离职 离开 出走", ("离开", "离职", "辞职", "卸任"), ("departure", "event")),
    ("跳槽", ("离开", "加入"), ("departure", "event")),
    ("加入", ("前往",), ("departure", "event", "tenure")),
    ("新公司 创办 创立 创业", ("创始人", "创办", "创立", "成立"), ("tenure", "event", "departure")),
    ("老板", ("首席执行官",), ()),
    ("接替", ("接任", "出任"), ()),
    ("融资", ("投资",), ()),
    ("官司 诉讼 起诉", ("诉讼", "起诉", "诉"), ("event",)),
    ("员工", ("员工人数",), ("figure",)),
    ("签署 签名 签字", ("签署", "签名", "公开信"), ("figure", "event")),
    ("股份 股权 持股", ("持股", "持股比例"), ("figure",)),
    ("亏损 亏", ("亏损",), ("figure",)),
    ("市值", ("估值", "市值"), ("figure",)),
    ("薪水", ("融资",), ()),
)
OTHER_WORDS = {word: tuple(other for other in others if other != word) for words, others, _ in MEANINGS for word in words.split()}
ANSWERING_KINDS = {word: kinds for words, _, kinds in MEANINGS for word in words.split()}
WHY = re.compile(r"\bwhy\b|\breasons?\b|\bcauses?\b|为什么|为何|为啥|原因|理由")
ASKED_FOR = ("interpretation", "departure")  # what tells of causes


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


def other_words(word: str, names: Names | None = None) -> tuple[str, ...]:
    """Return a word and what the record may say for it: for a person's whole name the last one, if it means nobody else sooner."""
    others = OTHER_WORDS.get(simplify(word).lower(), ())
    if names and " " in word and (person := names.find(word, ("person",))[:1]):
        last = word.split()[-1]
        others += (last,) if names.find(last, ("person",))[:1] == person else ()
    return (word, *others)


def answering_kinds(typed: str, words: Iterable[str]) -> tuple[str, ...]:
    """Return the kinds of row that answer what was typed, best first; `words` are its telling words."""
    asked = ASKED_FOR if asks_why(typed) else ()
    return tuple(dict.fromkeys((*asked, *(kind for word in words for kind in ANSWERING_KINDS.get(simplify(word).lower(), ())))))


def asks_why(typed: str) -> bool:
    """Tell whether a search is for a cause."""
    return bool(WHY.search(simplify(normalize(typed)).lower()))


def wide_expression(word: str, names: Names | None = None) -> str:
    """Return the FTS5 expression that asks for a word or for what the record may say for it."""
    return _any(other_words(word, names))


def fold_in(words: Sequence[str], names: Names) -> Step | None:
    """Return the search for telling words and others for the same, whole names of people as one word; None if there are no others."""
    if not any(simplify(word).lower() in OTHER_WORDS for word in words):
        return None
    joined = _join_names(words, names)
    others = tuple(other for word in joined for other in other_words(word, names))
    if len(others) == len(joined):
        return None
    return Step("others", others, " AND ".join(wide_expression(word, names) for word in joined), _typed(words))


def _join_names(words: Sequence[str], names: Names) -> list[str]:
    """Return words with every two that follow one another and are a person's name made one."""
    joined: list[str] = []
    for word in words:
        if joined and " " not in joined[-1] and not has_cjk(word) and names.bears(f"{joined[-1]} {word}", "person"):
            joined[-1] += f" {word}"
        else:
            joined.append(word)
    return joined


def loosen(words: Sequence[str], is_known: Sequence[bool], names: Names) -> Iterator[Step]:
    """Yield the steps for the telling words of a query that found nothing as it stands; of each word it is told whether anything has it.

    Only the question's own words are left out, and others for the same allowed; a word that nothing has is taken for the name
    that is spelt most nearly so; any of the words will do; and of Chinese words any two characters that stand together.
    """
    if not words:
        return
    wide = [wide_expression(word) for word in words]
    yield fold_in(words, names) or Step("words", tuple(words), " AND ".join(wide), _typed(words), alone=True)
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
