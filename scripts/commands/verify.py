"""Look the addresses and anchors of read sources up on the web and write what was found into raw/verified.yml.

Asks politely: robots.txt first, at most one request a second a host, with a user agent that names a contact. Whatever a page
answers is written down and no error.
"""

from __future__ import annotations

import argparse
import datetime
import os
import re
import sys
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

from . import Failed, WrongUse
from .progress import Progress

if TYPE_CHECKING:
    from verifying.recording import Verification
    from verifying.round import Key
    from verifying.targets import Target

CONTACT = re.compile(r"(?=.*@|https?://)[\x21-\x27\x2a-\x7e]{5,200}")


def add_options(option: Callable[..., object]) -> None:
    """Add the options of the command."""
    option("--only", default="", metavar="SOURCE", help="verify the addresses of one source")
    option("--contact", default=os.environ.get("VERIFY_CONTACT", ""), help="mail address or web page of the one who asks (VERIFY_CONTACT)")
    option("--today", metavar="DAY", help="the day to be noted (today)")
    option("--archive", action="store_true", help="ask a web archive for copies of the pages, too")
    option("--archive-api", default=os.environ.get("VERIFY_ARCHIVE_API"), metavar="URL", help="which archive to ask (VERIFY_ARCHIVE_API)")


def run(arguments: argparse.Namespace) -> int:
    """Go the round; return the exit status."""
    from leadership import paths
    from leadership.pipeline import read_sheets
    from leadership.verified import read_verified
    from verifying.archives import WAYBACK
    from verifying.recording import verifications_of
    from verifying.targets import targets_of

    try:
        arguments.today = read_day(arguments.today or f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}")
    except ValueError:
        raise WrongUse(f"{arguments.today} is no day; write it as YYYY-MM-DD.") from None
    arguments.archive_api = arguments.archive_api or WAYBACK
    with Progress() as progress:
        catalogue, sheets = read_sheets(paths.RAW, progress)
    document = read_verified(paths.RAW)
    if document.faults:
        faults = "\n".join(map(str, sorted(document.faults)))
        raise Failed(f"{faults}\nraw/verified.yml was left as it is; mend it, or remove it and verify anew.")
    targets = targets_of(sheets)
    wanted = [target for target in targets if arguments.only in ("", target.source)]
    if refusal := refuse(arguments, wanted):
        raise WrongUse(refusal)
    unusable = {source.id for source in catalogue.of_kind("source") if not source.declared}
    if unusable:
        print(f"Left out, because their sheets have faults (make check lists them): {', '.join(sorted(unusable))}.", file=sys.stderr)
    before = verifications_of(document.data)
    known = {target.key for target in targets}
    kept = {key: found for key, found in before.items() if key in known or found.source in unusable}
    return run_and_record(wanted, before, kept, arguments)


def read_day(text: str) -> str:
    """Return a day as it is written down; raise ValueError if it is none."""
    return datetime.date.fromisoformat(text).isoformat()


def refuse(arguments: argparse.Namespace, wanted: list[Target]) -> str | None:
    """Say what was not given that is needed, None if all is there."""
    from leadership.sheets import ADDRESS_PATTERN
    from verifying.archives import WAYBACK

    if arguments.only and not wanted:
        return f"{arguments.only} is no read source that has an address; give the id of one, or none to verify all."
    if arguments.archive and not re.fullmatch(ADDRESS_PATTERN, arguments.archive_api):
        return f"{arguments.archive_api} is no address of an archive; give one such as {WAYBACK}, or none for that."
    if wanted and not CONTACT.fullmatch(arguments.contact):
        return "Nobody is named who asks; give --contact <mail address or web page>, which the user agent names to the hosts."
    return None


def run_and_record(
    wanted: list[Target], before: dict[Key, Verification], kept: dict[Key, Verification], arguments: argparse.Namespace
) -> int:
    """Go the round, write what was found even if it is broken off, and say so. `kept` is what stays of before."""
    import asyncio

    from leadership import paths
    from verifying.recording import write_verifications
    from verifying.round import Manner, verify

    found: list[Verification] = []
    manner = Manner(arguments.contact, archive=arguments.archive_api if arguments.archive else "")
    status = 0
    try:
        with Progress() as progress:

            def keep(verification: Verification) -> None:
                found.append(verification)
                progress("addresses", len(found), len(wanted))

            progress("addresses", 0, len(wanted))
            asyncio.run(verify(wanted, before, manner, arguments.today, keep))
    except KeyboardInterrupt:
        print("Interrupted; what was found so far is kept.", file=sys.stderr)
        status = 130
    try:
        written = write_verifications((kept | {one.key: one for one in found}).values(), paths.RAW)
    except OSError as error:
        raise Failed(f"raw/verified.yml cannot be written ({error.strerror}); make its folder writable or free some space.") from None
    print(report(wanted, found, written))
    return status


def report(wanted: list[Target], found: list[Verification], written: bool) -> str:
    """Return what was found: a line for each address that is not simply found, then the counts."""
    if not wanted:
        lines = ["Nothing to fetch: no sheet is of a page that was read; texts at hand are held against their files by make check."]
    else:
        told = sorted((f for f in found if f.outcome not in ("found", "answers")), key=lambda verification: verification.key)
        counts = ", ".join(f"{count} {outcome}" for outcome, count in sorted(Counter(f.outcome for f in found).items()))
        lines = [*map(describe, told), f"{len(found)} of {len(wanted)} addresses asked: {counts or 'nothing found'}."]
    return "\n".join([*lines, *(["raw/verified.yml written."] if written else [])])


def describe(verification: Verification) -> str:
    """Return one line on what was found at an address."""
    parts = [verification.note, f"now at {verification.moved_to}" if verification.moved_to else None]
    if verification.missing:
        parts.append(f"{len(verification.missing)} of {verification.anchor_count} anchors missing: {', '.join(verification.missing)}")
    details = "; ".join(part for part in parts if part)
    return f"{verification.source}: {verification.outcome.replace('_', ' ')} ({verification.address}){f': {details}' if details else ''}"
