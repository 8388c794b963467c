"""What tries the build and the site out: how fast they are, and what they stand. `make help` lists how each is called; what came of it
stands in scripts/SPEED.md.
"""


class Broken(AssertionError):  # noqa: N818 (it says what happened)
    """A promise was not kept; the text says which."""
