"""How a release ends that cannot be made."""

from __future__ import annotations


class ReleaseStopped(Exception):  # noqa: N818 (it says what happened)
    """The release was not written; the message says why and what to do. An earlier release is untouched."""
