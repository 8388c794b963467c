"""Names as people write them: which rows of the database are meant by "Altman", "奧特曼", "CEO", "chief executive" or an id.

`load_names` reads every name once for a database; the `Names` that it returns answer without the database, from any thread.
Nothing is known here of any person: all spellings come from the tables `names` and `subjects`.
"""

from __future__ import annotations

import difflib
import heapq
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from threading import Lock

from leadership.folding import has_cjk, normalize, simplify, split_scripts, tokens
from leadership.opening import open_database
from leadership.schema import KIND_OF_TABLE

LONGEST_NAME = 200  # what is longer names nothing
MOST_FOUND = 100
SAME = 0.72  # closeness of two spellings by difflib: one wrong letter in a short name is above it, another name below …
SAME_CHINESE = 0.6  # … and one wrong character of three
MOST_COMPARED = 40  # spellings that are compared letter by letter
LEAST_COMPARED = 3  # of letters or characters: shorter spellings are close to everything

# Words that only join others.
IDLE = frozenset(["a", "an", "and", "at", "for", "from", "in", "of", "on", "the", "to", "的", "之", "在", "和", "与"])
# How posts are called besides their titles; what they stand for is looked up among the titles.
TITLE_WORDS = {
    "vp": "vice president",
    "svp": "senior vice president",
    "chair": "chair of the board",
    "chairman": "chair",
    "chairwoman": "chair",
    "chairperson": "chair",
    "board member": "director",
    "cofounder": "co founder",
    "董事长": "董事会主席",
    "执行长": "首席执行官",
    "行政总裁": "首席执行官",
    "营运长": "首席运营官",
    "财务长": "首席财务官",
    "技术长": "首席技术官",
}

SUBJECTS = "SELECT id, kind, label, label_zh FROM subjects ORDER BY id"
NAMES = "SELECT subject_id, text FROM names GROUP BY subject_id, text ORDER BY MIN(id)"
OWNERS = "SELECT id, organisation_id FROM posts UNION ALL SELECT id, publisher_id FROM sources WHERE publisher_id IS NOT NULL ORDER BY 1"
WEIGHTS = "SELECT subject_id, SUM(claim_count) FROM statements GROUP BY subject_id"

Key = tuple[str, ...]
EDGES = re.compile(r"^[\W_]+|[\W_]+$")  # signs before and behind a word


class Names:
    """Finds subjects by name. What is never changed after it is made may be asked by any number of threads."""

    def __init__(
        self,
        subjects: Iterable[tuple[str, str, str, str]],
        names: Iterable[tuple[str, str]],
        owners: Iterable[tuple[str, str]] = (),
        weights: Iterable[tuple[str, int]] = (),
    ):
        """Take (id, kind, label, label_zh), (id, name), (id, id of the organisation it belongs to) and (id, number of claims)."""
        self.kinds: dict[str, str] = {}
        self.keys: dict[str, dict[Key, None]] = defaultdict(dict)  # of each subject, all its names in words
        self.spellings: dict[str, str] = {}  # of each name and part of a name, as one word, how it is written
        self.owned: dict[str, list[str]] = defaultdict(list)
        self.weights = dict(weights)
        self._exact: dict[str, dict[str, None]] = defaultdict(dict)
        self._short: dict[str, set[str]] = defaultdict(set)
        self._with: dict[str, set[str]] = defaultdict(set)  # subjects that have a word in one of their names
        for subject, kind, *labels in subjects:
            self.kinds[subject] = kind
            for label in (subject.replace("-", " "), *labels):
                self._add(subject, label)
            if kind == "person" and len(set(labels)) > 1:  # as Chinese pages write both
                self._add(subject, " ".join(reversed(labels)))
        for subject, text in names:
            self._add(subject, text)
            self._add_spelling(text)
        for subject, owner in owners:
            self.owned[owner].append(subject)
        self._fragments: dict[str, list[str]] = defaultdict(list)
        for spelling in self.spellings:
            for fragment in _fragments(spelling):
                self._fragments[fragment].append(spelling)
        # Chinese runs are cut at these; one character alone stands in too many other words.
        self.chinese = frozenset(spelling for spelling in self.spellings if len(spelling) > 1 and all(map(has_cjk, spelling)))
        self.longest_chinese = max(map(len, self.chinese), default=0)

    def _add(self, subject: str, text: str) -> None:
        key = tuple(tokens(text))
        if not key or subject not in self.kinds:
            return
        keys = [key]
        if self.kinds[subject] == "post" and key[-1] == "officer":  # chief executive officer: CEO
            keys.append(("".join(word[0] for word in key),))
        for key in keys:
            self.keys[subject][key] = None
            self._exact["".join(key)][subject] = None
            for word in key:
                self._with[word].add(subject)
        if self.kinds[subject] == "person":
            for part in _parts(text):
                self._short["".join(tokens(part))].add(subject)

    def _add_spelling(self, text: str) -> None:
        for part in (text, *_parts(text)):
            spelling = "".join(tokens(part))
            if len(spelling) > 1:
                self.spellings.setdefault(spelling, normalize(part))

    def find(self, text: str, kinds: Collection[str] = ()) -> list[str]:
        """Return the ids of the subjects of some kinds (of all, if none is given) that a text names, the best match first.

        The first of these that finds anything decides: the id; the very name, of a post also another word for it (a chairman is
        a chair, and a chair that of the board); the only one of whom it is a part of the name;
        names that begin with it; for what belongs to an organisation, both together ("CEO of OpenAI"); names that have all its words.
        """
        key = tuple(tokens(text)) if len(text) <= LONGEST_NAME else ()
        if not key:
            return []
        given = normalize(text).strip().lower()
        if self._is_of(given, kinds):
            return [given]
        begins, contains = self._find_in_words(text, kinds)
        found = self._find_exactly(key, kinds) or begins or self._find_owned(text, kinds) or contains
        if not found and (other := _other_title(key)):
            return self.find(other, kinds)
        return found[:MOST_FOUND]

    def find_nearly(self, text: str, kinds: Collection[str] = ()) -> list[str]:
        """Return what `find` does; where that is nothing, whom the name means that is spelt most nearly so, as a whole or word by word."""
        if found := self.find(text, kinds):
            return found
        words = [(self.nearest(word, 1) or [word])[0] for word in telling_pieces(text)] if len(text) <= LONGEST_NAME else []
        return next((found for meant in (*self.nearest(text, 1), " ".join(words)) if (found := self.find(meant, kinds))), [])

    def bears(self, text: str, kind: str) -> bool:
        """Tell whether something of a kind has a text for one of its whole names."""
        return any(self.kinds[subject] == kind for subject in self._exact.get("".join(tokens(text)), ()))

    def begins(self, subject: str, text: str) -> bool:
        """Tell whether a name of a subject begins with the words of a text, or with what they stand for as a title."""
        key = tuple(tokens(text))
        ways = [way for way in (key, tuple(tokens(_other_title(key)))) if way]
        return any(name[: len(way)] == way for name in self.keys.get(subject, ()) for way in ways)

    def _is_of(self, subject: str, kinds: Collection[str]) -> bool:
        kind = self.kinds.get(subject)
        return kind is not None and (not kinds or kind in kinds)

    def _find_exactly(self, key: Key, kinds: Collection[str]) -> list[str]:
        """Return who bears the very name; or else whom alone a first or last name means."""
        word = "".join(key)
        titles = {word, *("".join(tokens(title)) for title in _other_titles(key))}
        same = [subject for title in titles for subject in self._exact.get(title, ()) if self._is_of(subject, kinds)]
        if same:
            return sorted(set(same), key=self._order)
        short = [subject for subject in self._short.get(word, ()) if self._is_of(subject, kinds)]
        return short if len(short) == 1 else []

    def _find_in_words(self, text: str, kinds: Collection[str], chosen: Collection[str] | None = None) -> tuple[list[str], list[str]]:
        """Return who has a name that begins with the text, and who has another one that has all its words; of `chosen` if given."""
        key = tuple(tokens(text))
        pieces = [tuple(tokens(piece)) for piece in telling_pieces(text)]
        words = {word for piece in pieces for word in piece}
        having = [self._with.get(word, set()) for word in words]
        begins: dict[str, int] = {}
        contains: dict[str, int] = {}
        for subject in set.intersection(*having) if having else ():
            if not self._is_of(subject, kinds) or (chosen is not None and subject not in chosen):
                continue
            for name in self.keys[subject]:
                extra = len(name) - len(key)
                if name[: len(key)] == key:
                    begins[subject] = min(extra, begins.get(subject, extra))
                elif all(_has(name, piece) for piece in pieces):
                    contains[subject] = min(extra, contains.get(subject, extra))
        return self._by_rest(begins), self._by_rest(contains)

    def _by_rest(self, found: dict[str, int]) -> list[str]:
        """Return subjects in the order of how many words their names have besides."""
        return sorted(found, key=lambda subject: (found[subject], *self._order(subject)))

    def _find_owned(self, text: str, kinds: Collection[str]) -> list[str]:
        """Return what belongs to an organisation that some words name, and is called by the others."""
        pieces = self.cut(text)
        known = [self._called(tuple(tokens(piece))) for piece in pieces]
        found: dict[str, int] = {}
        for owner in sorted(set().union(*known)):
            chosen = {subject for subject in self.owned[owner] if self._is_of(subject, kinds)}
            rest = " ".join(piece for piece, owners in zip(pieces, known, strict=True) if owner not in owners)
            if not chosen or not rest:
                continue
            rest_key = tuple(tokens(rest))
            exact = chosen & self._exact.get("".join(rest_key), {}).keys()
            ways = (way for words in (rest, _other_title(rest_key)) for way in self._find_in_words(words, kinds, chosen) if way)
            part: Iterable[str] = exact or next(ways, ())
            found.update((subject, sum(owner in owners for owners in known)) for subject in part)
        best = max(found.values(), default=0)
        return sorted((subject for subject in found if found[subject] == best), key=self._order)

    def _called(self, piece: Key) -> set[str]:
        """Return the organisations to which something belongs and that have a piece, word for word, in one of their names."""
        having = self.owned.keys() & set.intersection(*(self._with.get(word, set()) for word in piece))
        return {subject for subject in having if any(_has(name, piece) for name in self.keys[subject])}

    def _order(self, subject: str) -> tuple[int, str]:
        """What is spoken of most comes first, so that "CEO" begins with the post that the record is about."""
        return (-self.weights.get(subject, 0), subject)

    def cut(self, text: str, others: Collection[str] = (), idle: Collection[str] = IDLE) -> list[str]:
        """Return the telling words of a text: a Chinese run is cut where a known name, one of `others` or an idle word begins or ends."""
        words = normalize(text).split()
        return [piece for word in words for part in split_scripts(word) for piece in self._cut_part(part, others, idle)]

    def _cut_part(self, part: str, others: Collection[str], idle: Collection[str]) -> list[str]:
        if not has_cjk(part):
            word = EDGES.sub("", part)
            return [word] if word and word.lower() not in idle else []
        longest = max([self.longest_chinese, *map(len, others), *map(len, idle)])
        pieces, pending, place, plain = [], "", 0, simplify(part)
        while place < len(plain):
            ahead = [plain[place : place + size] for size in range(min(longest, len(plain) - place), 0, -1)]
            known = next((word for word in ahead if word in self.chinese or word in others), "")
            passed = known or next((word for word in ahead if word in idle), "")
            if passed:
                pieces += [pending, known]
                pending = ""
            else:
                pending += plain[place]
            place += len(passed) or 1
        return [piece for piece in (EDGES.sub("", piece) for piece in (*pieces, pending)) if tokens(piece)]

    def nearest(self, text: str, most: int = 4) -> list[str]:
        """Return known names, or parts of such, that are spelt nearly as a text is, the nearest first."""
        wanted = "".join(tokens(text)) if len(text) <= LONGEST_NAME else ""
        if len(wanted) < LEAST_COMPARED or wanted in self.spellings:
            return []
        least = SAME_CHINESE if has_cjk(wanted) else SAME
        shared = Counter(spelling for fragment in _fragments(wanted) for spelling in self._fragments.get(fragment, ()))
        long_enough = (spelling for spelling in shared if len(spelling) >= LEAST_COMPARED)
        likely = heapq.nlargest(MOST_COMPARED, long_enough, key=lambda known: (shared[known] / (len(known) + len(wanted)), known))
        close = sorted((-difflib.SequenceMatcher(None, known, wanted).ratio(), known) for known in likely)
        return [self.spellings[known] for unlikeness, known in close[:most] if -unlikeness >= least]


def _other_title(key: Key) -> str:
    """Return what a word for a post stands for, "" if it is none of those."""
    return TITLE_WORDS.get("".join(key)) or TITLE_WORDS.get(" ".join(key)) or ""


def _other_titles(key: Key) -> list[str]:
    """Return what a word for a post stands for, and what that stands for in turn."""
    titles: list[str] = []
    while (title := _other_title(key)) and title not in titles:
        titles.append(title)
        key = tuple(tokens(title))
    return titles


def telling_pieces(text: str) -> list[str]:
    """Return the words of a text, one script each, without those that only join others."""
    pieces = [part for word in normalize(text).split() for part in split_scripts(word)]
    words = [EDGES.sub("", piece) for piece in pieces]
    return [word for word in words if tokens(word) and word.lower() not in IDLE]


def _parts(text: str) -> list[str]:
    """Return the first and the last of several names; the ones between are seldom used alone."""
    words = [word for word in re.split(r"[\s·•‧・]+", normalize(text)) if word]
    return [words[0], words[-1]] if len(words) > 1 else []


def _fragments(spelling: str) -> set[str]:
    """Return the pairs of letters of a spelling, or its Chinese characters: what nearly the same spellings share."""
    if has_cjk(spelling):
        return set(spelling)
    edged = f"^{spelling}$"
    return {edged[place : place + 2] for place in range(len(edged) - 1)}


def _has(name: Key, piece: Key) -> bool:
    """Tell whether the words of a piece follow one another in a name."""
    return any(name[start : start + len(piece)] == piece for start in range(len(name) - len(piece) + 1))


def read_kinds(text: str) -> set[str] | None:
    """Return the kinds that a text lists, by kind or by table (`person`, `people`); an empty set for all, None if it names none."""
    words = re.findall(r"[a-z_]+", text.lower())
    kinds = {KIND_OF_TABLE.get(word, word) for word in words}
    return kinds & set(KIND_OF_TABLE.values()) or (None if words else set())


_loading = Lock()


def load_names(database: Path) -> Names:
    """Return the names of a database. It is read once, over a connection of its own; whoever comes meanwhile waits."""
    with _loading:
        return _read_names(database)


@lru_cache(maxsize=8)
def _read_names(database: Path) -> Names:
    with closing(open_database(database)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not {"subjects", "names", "posts", "sources", "statements"} <= tables:
            return Names((), ())
        subjects, names, owners, weights = (connection.execute(sql).fetchall() for sql in (SUBJECTS, NAMES, OWNERS, WEIGHTS))
        return Names(subjects, names, owners, weights)
