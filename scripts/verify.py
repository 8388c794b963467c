"""Look the addresses and anchors of read sources up on the web and write what was found into raw/verified.yml.

Asks politely: robots.txt first, at most one request a second a host, with a user agent that names a contact. Whatever a page
answers is a finding and no error: exit status 1 means that raw/ could not be read or written, 2 that something was not given.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime
import os
import re
import sys
from collections import Counter

from leadership import paths
from leadership.faults import Fault
from leadership.pipeline import read_sheets
from leadership.verified import read_verified
from verifying.archives import WAYBACK
from verifying.recording import Finding, findings_of, write_findings
from verifying.round import Manner, verify
from verifying.targets import Target, targets_of

CONTACT = re.compile(r"(?=.*@|https?://)[\x21-\x27\x2a-\x7e]{5,200}")


def main() -> int:
    arguments = parse_arguments()
    _, sheets = read_sheets(paths.RAW)
    kept = read_verified(paths.RAW)
    if kept.faults:
        return stop(kept.faults, "raw/verified.yml was left as it is; mend it, or remove it and verify anew.")
    targets = targets_of(sheets)
    wanted = [target for target in targets if arguments.only in ("", target.source)]
    if arguments.only and not wanted:
        print(f"There is no read source {arguments.only} with an address; give the id of one, or no id to verify all.", file=sys.stderr)
        return 2
    if wanted and not CONTACT.fullmatch(arguments.contact):
        print("Say who is asking: CONTACT must be a mail address or a web page, which the user agent names to the hosts.", file=sys.stderr)
        return 2
    manner = Manner(arguments.contact, archive=arguments.archive_api if arguments.archive else "")
    before = findings_of(kept.data)
    now = {target: before[key] for target in targets if (key := (target.source, target.address_kind)) in before}
    return run(wanted, now, manner, arguments.today)


