"""How well something stands: one rule for rows, single properties, parts in an event and single statements.

In: statements as they were settled. Out: a code of the list `standing`. Whoever shows a standing asks here; nobody decides it anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

OPEN_RULE = "open"
PREFERRED, DEPRECATED = "preferred", "deprecated"


class Settled(NamedTuple):
    """What a standing depends on: rank and rule of a statement, whether a decision settled it, and whether sources agree on it."""

    rank: str
    rule: str
    is_decided: bool
    is_agreed: bool


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


def standing_of_one(statement: Settled) -> str | None:
    """Return how well one statement stands, also one that is true beside the accepted value; None if it is deprecated."""
    return None if statement.rank == DEPRECATED else standing_of([statement._replace(rank=PREFERRED)])
