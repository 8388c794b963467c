"""The version rule: which version a release may bear, given how far it differs from the one before it.

Of X.Y.Z, X rises (MAJOR) when a table, column or id is renamed or removed, Y (MINOR) for new rows, columns, tables or sources,
Z (PATCH) for corrected values. The same contents keep their version, so that a version names one content. A greater step
than the rule asks for is allowed.
"""

from __future__ import annotations

import re
from enum import IntEnum
from typing import NamedTuple

from leadership.sheets import VERSION_PATTERN


class VersionStep(IntEnum):
    """How far two releases differ."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3


class Version(NamedTuple):
    """A version; versions are ordered by their numbers."""

    major: int
    minor: int
    patch: int

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"


def parse_version(text: str) -> Version:
    """Return a version as numbers. Raises ValueError where it is not three of them."""
    found = re.fullmatch(VERSION_PATTERN, text)
    if not found:
        raise ValueError(f"{text} is not a version of three numbers such as 1.2.0")
    return Version(*map(int, found.groups()))


def smallest_version(old: Version, step: VersionStep) -> Version:
    """Return the smallest version that may follow `old` by such a step."""
    if step is VersionStep.MAJOR:
        return Version(old.major + 1, 0, 0)
    if step is VersionStep.MINOR:
        return Version(old.major, old.minor + 1, 0)
    return Version(old.major, old.minor, old.patch + 1) if step is VersionStep.PATCH else old


def refuse_version(old: Version, new: Version, step: VersionStep) -> str | None:
    """Say why `new` may not follow `old`, None if it may."""
    smallest = smallest_version(old, step)
    if step is VersionStep.NONE:
        return None if new == old else f"nothing has changed since {old}, so the version stays {old} and does not become {new}"
    if new >= smallest:
        return None
    wanted = f"this is a {step.name} step, and {smallest} is the smallest version that the rule allows"
    if new == old:
        return f"the contents differ and both are called {old}; {wanted}"
    if new < old:
        return f"version {new} comes before {old}; {wanted}"
    return f"{new} is too small a step from {old}; {wanted}"
