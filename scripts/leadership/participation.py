"""Who took part in an event, as what, and on whose behalf: one value of the property `participant`, as text and taken apart."""

from __future__ import annotations

from typing import NamedTuple

SEPARATOR = ":"  # no id and no code has one


class Participation(NamedTuple):
    """A subject, its part (a code of the list `part`), and the subject for which it acts, None where it acts for itself."""

    subject: str
    part: str
    on_behalf_of: str | None = None

    @property
    def text(self) -> str:
        """Return the value by which a statement names it: `subject:part` or `subject:part:subject`."""
        return SEPARATOR.join(filter(None, self))


def parse_participation(text: str) -> Participation:
    """Take a value of `participant` apart."""
    return Participation(*text.split(SEPARATOR))
