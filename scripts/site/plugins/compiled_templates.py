"""Each template is compiled once in a process, however many instances of the site it has, as `serve --watch` has one a state.

Compiling takes most of the time of the first answer of an instance: 0.3 of 0.4 seconds.
"""

from __future__ import annotations

from typing import Any

from datasette import hookimpl
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket


class Compiled(BytecodeCache):
    """The code of templates, in memory. Jinja sees by a digest whether a template's source is still the one that was compiled."""

    def __init__(self) -> None:
        self.codes: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket of a template with its code, if that is known."""
        if code := self.codes.get(bucket.key):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of a template."""
        self.codes[bucket.key] = bucket.bytecode_to_string()


COMPILED = Compiled()


@hookimpl
def prepare_jinja2_environment(env: Any) -> None:
    """Let the environment take what another one has compiled; all have the same extensions."""
    env.bytecode_cache = COMPILED
