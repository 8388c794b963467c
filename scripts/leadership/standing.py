"""How well something stands: one rule for rows, single properties, parts in an event and single statements.

In: statements as they were settled. Out: a code of the list `standing`. Whoever shows a standing asks here; nobody decides it anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

OPEN_RULE = "open"
PREFERRED, DEPRECATED = "preferred", "deprecated"
RANKS = (PREFERRED, "normal", DEPRECATED)  # in the order in which values are shown


class Settled(Protocol):
    """What a standing depends on: rank and rule of a statement, and the decision that settled it, None if none did."""

    rank: Any
    rule: Any
    decision: Any


S = TypeVar("S", bound=Settled)


def standing_of(
    statements: Sequence[S], agree: Callable[[S], bool], existence: Sequence[S] | None = None, core: Sequence[S] | None = None
) -> str:
    """Return how well something stands of which `statements` are made; `agree` tells of one whether sources agree on it.

    `existence` are those that say that there is such a thing, `core` those that it is about; both are all of them unless given.
    """
    if not any(s.rank == PREFERRED or s.rule == OPEN_RULE for s in (statements if existence is None else existence)):
        return "refuted"
    if any(s.rule == OPEN_RULE for s in statements):
        return "open"
    if any(s.decision for s in statements):
        return "settled"
    return "agreed" if any(agree(s) for s in (statements if core is None else core) if s.rank == PREFERRED) else "single_origin"


def standing_of_one(statement: S, agree: Callable[[S], bool]) -> str | None:
    """Return how well one statement stands, also one that is true beside the accepted value; None if it is deprecated."""
    if statement.rank == DEPRECATED:
        return None
    if statement.rule == OPEN_RULE:
        return "open"
    return "settled" if statement.decision else "agreed" if agree(statement) else "single_origin"
