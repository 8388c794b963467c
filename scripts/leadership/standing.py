"""How well something stands: one rule for rows, for single properties and for parts in an event.

In: statements as they were settled. Out: a code of the list `standing`. Whoever shows a standing asks here; nobody decides it anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

OPEN_RULE = "open"
PREFERRED = "preferred"


class Settled(NamedTuple):
    """What a standing depends on: rank and rule of a statement, whether a decision settled it, and how many affirm it."""

    rank: str
    rule: str
    is_decided: bool
    source_count: int
    origin_count: int

    @property
    def is_agreed(self) -> bool:
        """Whether two sources of different origin affirm it: one source with two origins is one voice."""
        return self.source_count > 1 and self.origin_count > 1


def standing_of(statements: Iterable[Settled], existence: Sequence[Settled] = (), core: Sequence[Settled] = ()) -> str:
    """Return how well something stands of which `statements` are made.

    `existence` are those that say that there is such a thing, `core` those that it is about; both are all of them unless given.
    """
    statements = list(statements)
    existence, core = existence or statements, core or statements
    if not any(s.rank == PREFERRED or s.rule == OPEN_RULE for s in existence):
        return "refuted"
    if any(s.rule == OPEN_RULE for s in statements):
        return "open"
    if any(s.is_decided for s in statements):
        return "settled"
    return "agreed" if any(s.is_agreed for s in core if s.rank == PREFERRED) else "single_origin"
