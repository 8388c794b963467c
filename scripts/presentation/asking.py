"""Which ready-made question a search asks: "who is CEO", "CEO 20 Nov 2023", "谁是首席执行官", "board on 22 November 2023".

In: what was typed, and the names of the dataset. Out: the question, its parameters, and the words that are left to search for; None where
nobody's post at a time is asked for. Nothing is guessed: a post must be one of OpenAI's by name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from leadership.folding import normalize, simplify

from .loosening import telling_words
from .moments import DATES, is_ambiguous, read_moment, says_now
from .naming import Names

LONGEST_ASKED = 120
MOST_WORDS = 14
WHO = re.compile(r"\b(?:who|whose|current|currently|present)\b|谁|哪位|哪个人|现任|目前|当前")
# Who came after somebody: `who` is whom they followed, or the post; `post` in which, where that is said.
LED_ON = r"(?:replace[sd]?|succeed(?:s|ed)?|follow(?:s|ed)?|(?:takes?|took) over (?:from|for)|(?:comes?|came) after)"
GONE = r"(?:left|leaves|quits?|resign(?:s|ed)|stepped down|(?:was|is|were) (?:fired|removed|ousted|dismissed)|departed)"
AS_POST = r"(?:,? (?:as|in the post of|in the role of) (?P<post>.+?))?"
NEXT_ONE = r"(?:successors?|replacements?)"
GONE_ZH = r"(?:辞职|离职|离开|卸任|下台|被罢免|被解雇|被免职|离任)"
LED_ON_ZH = r"(?:接替|接任|继任|取代|顶替|接手|接班)"
NEXT_ONE_ZH = r"(?:继任者|接任者|接替者|接班人|继任人)"
AS_POST_ZH = r"(?: ?(?:担任|出任|任|成为|当) ?(?P<post>.+?))?"
FOLLOWED = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"who (?:has |had |will |is to |was to |would )?{LED_ON} (?P<who>.+?){AS_POST}",
        rf"who (?:took over|came next|was next)(?P<post>) (?:after|when) (?P<who>.+?) {GONE}",
        rf"(?:who (?:is|was|are|were|became) )?(?:the )?{NEXT_ONE} (?:of|to|for) (?P<who>.+?){AS_POST}",
        rf"(?:who (?:is|was|are|were|became) )?(?P<who>.+?)(?:['’]s?)? {NEXT_ONE}{AS_POST}",
        rf"(?:who was |by whom was )?(?P<who>.+?) (?:was )?(?:replaced|succeeded)(?: by(?: who(?:m)?)?){AS_POST}",
        rf"(?:谁|哪位)(?:会|将|来)?{LED_ON_ZH}了? ?(?P<who>.+?)(?:的(?:职位|职务|位置|工作))?{AS_POST_ZH}",
        rf"(?:谁是|谁成了) ?(?P<who>.+?) ?的?{NEXT_ONE_ZH}(?P<post>)",
        rf"(?P<who>.+?) ?的?{NEXT_ONE_ZH}(?:是谁|是哪位|为谁)?(?P<post>)",
        rf"(?P<who>.+?) ?{GONE_ZH}(?:之|以)?后 ?,? ?(?:由|是)?谁(?:来)?{LED_ON_ZH}了?(?:他|她|其)?(?:的(?:职位|职务|位置))?{AS_POST_ZH}",
        rf"(?P<who>.+?) ?(?:的(?:职位|职务|位置) ?)?(?:由|被)(?:谁|哪位) ?{LED_ON_ZH}了?(?P<post>)",
        rf"{LED_ON_ZH} ?(?P<who>.+?) ?的(?:人)?是谁(?P<post>)",
    )
)
AROUND = re.compile(r"^(?:the|former|openai['’]s)\s+|^openai的|\s+(?:at|of|from) openai$", re.IGNORECASE)
HOW_MANY = re.compile(r"\bhow (?:many|much)\b|多少|几个|几位|几人")
LEADING = frozenset("led leads lead leading leader leaders ran runs run head heads headed boss 领导 掌管 老板 openai".split())  # noqa: SIM905
BOARD = frozenset("board boards directors director members member 董事会 董事 董事会成员 成员 openai sat sits".split())  # noqa: SIM905
FIRM = frozenset(("openai", "openai's", "openai’s"))
MEMBERS = frozenset("director directors member members 董事 成员".split())  # noqa: SIM905
WHOLE = frozenset(["董事会成员"])
BOARD_ITSELF = frozenset("board boards directors 董事会 董事 董事会成员".split())  # noqa: SIM905
# What the parameters of ready-made questions take: a day, or a name of something of these kinds (of any, where none stands here).
DAYS = ("day", "moment")
KINDS_NAMED: dict[str, tuple[str, ...]] = {
    "post": ("post",),
    "person": ("person", "organisation"),
    "firm": ("organisation",),
    "source": ("source",),
    "subject": (),
    "name": (),
}
NO_DAY, EITHER_DAY, NO_NAME = "no_day", "either_day", "no_name"
MOST_POSTS = 3  # that a name may mean without a day and without "who"


class Question(NamedTuple):
    """A ready-made question with its parameters, and the words that are left to look for."""

    name: str
    parameters: dict[str, str]
    rest: str


def read_question(typed: str, names: Names) -> Question | None:
    """Return what a search asks for."""
    text = normalize(typed)
    if len(text) > LONGEST_ASKED or '"' in text or HOW_MANY.search(simplify(text).lower()):
        return None
    moment, rest = take_moment(text)
    if (followed := _read_followed(rest)) and (question := _ask_next(*followed, names)):
        return question
    words = telling_words(rest, names)[:MOST_WORDS]
    plain = {simplify(word).lower() for word in words}
    who = bool(WHO.search(simplify(text).lower()))
    if not words:
        return None
    if plain & BOARD_ITSELF and plain <= BOARD and (who or moment or plain & WHOLE or (plain & MEMBERS and len(plain) > 1)):
        return Question("board_on_day", {"day": moment}, " ".join(words))
    if plain <= BOARD:
        return None
    if plain <= LEADING:
        return (
            Question("who_led", {"moment": moment, "post": "openai-ceo"}, " ".join(words))
            if (who or moment) and plain != {"openai"}
            else None
        )
    meant = " ".join(word for word in words if simplify(word).lower() not in ("was", "were"))
    found = names.find(meant, ("post",))
    own = [post for post in found if post.startswith("openai")]
    if not own or found[0] != own[0] or not (who or moment or len(own) <= MOST_POSTS):
        return None
    told = " ".join(word for word in words if word.lower() not in FIRM)
    if not who and len(told.split()) == 1 and not names.bears(told, "post") and not names.begins(own[0], told):  # “OpenAI revenue 2025”
        return None
    return Question("who_led", {"moment": moment, "post": own[0]}, meant)


def _read_followed(text: str) -> tuple[str, str] | None:
    """Return whom somebody came after, and in which post if that is said, of a text that asks who did; None of any other."""
    asked = simplify(" ".join(text.split())).strip(" ?？。.!！")
    asked = re.sub(r"[ ,]+(?:in|on|at|(?:at|of|from) openai)$", "", asked, flags=re.IGNORECASE)  # “in” of a day that is taken out
    found = next((found for form in FOLLOWED if (found := form.fullmatch(asked))), None)
    if not found:
        return None
    who, post = (_without(part or "") for part in (found["who"], found["post"]))
    return who, post


def _without(name: str) -> str:
    """Return a name without what only stands around it."""
    shorter = AROUND.sub("", name.strip())
    return shorter if shorter == name else _without(shorter)


def _ask_next(who: str, post: str, names: Names) -> Question | None:
    """Return the question who came after somebody, or who held a post one after another; None if that is nobody's name and no post's."""
    if names.find(who, ("person",)):
        return Question("who_followed", {"person": who, "post": post}, who)
    own = names.find(who, ("post",))[:1] if {simplify(word).lower() for word in who.split()} - BOARD else []
    is_post = own and own[0].startswith("openai") and (names.bears(who, "post") or names.begins(own[0], who))
    return Question("succession", {"post": who}, who) if is_post else None


def find_unread(given: Mapping[str, str], names: Names) -> dict[str, str]:
    """Return the parameters of a ready-made question whose text is not understood, each with why.

    It is no day (NO_DAY), may be either of two (EITHER_DAY), or names nothing (NO_NAME).
    """
    unread = {}
    for parameter, text in given.items():
        if not text:
            continue
        if parameter in DAYS and not says_now(text) and not read_moment(text):
            unread[parameter] = EITHER_DAY if is_ambiguous(text) else NO_DAY
        elif parameter in KINDS_NAMED and not names.find(text, KINDS_NAMED[parameter]):
            unread[parameter] = NO_NAME
    return unread


def asks_who(typed: str) -> bool:
    """Tell whether a search is a question for somebody, or names a day."""
    text = normalize(typed)
    if WHO.search(simplify(text).lower()):
        return True
    return len(text) <= LONGEST_ASKED and bool(take_moment(text)[0] or _read_followed(text))


def take_moment(text: str) -> tuple[str, str]:
    """Return the longest run of words that is a day or an hour, and what is left; of a run of Chinese the date within it."""
    words = text.split()[:MOST_WORDS]
    for size in range(len(words), 0, -1):
        for start in range(len(words) - size + 1):
            part = " ".join(words[start : start + size])
            if any(sign.isdecimal() for sign in part) and read_moment(part):
                return part, " ".join(words[:start] + words[start + size :])
    for form in DATES:
        if (found := form.search(text.lower())) and read_moment(found[0]):
            return found[0], f"{text[: found.start()]} {text[found.end() :]}"
    return "", text
