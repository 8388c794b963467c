"""What an answer means for a source: found, moved, gone, blocked …, and which of its anchors are missing."""

from __future__ import annotations

from dataclasses import replace

from .fetching import Answer, Known, plain_address
from .pagetext import missing_anchors
from .recording import Verification
from .targets import Target

GONE = (404, 410)
BLOCKED = (401, 402, 403, 407, 429, 451)
READABLE = ("found", "partly", "absent", "answers", "moved")  # outcomes that say what stands on the page
UNCHANGED = 304


def known_page(target: Target, before: Verification | None) -> Known | None:
    """Return by what to ask whether a page has changed; None where its text is needed: the sheet has other anchors now, or an address."""
    if before is None or before.address != target.address or before.outcome not in READABLE or before.anchors_digest != target.digest:
        return None
    asked = {"If-None-Match": before.etag, "If-Modified-Since": before.last_modified}
    headers = {name: value for name, value in asked.items() if value}
    return Known(before.moved_to or before.address, headers) if headers else None


def judge(target: Target, answer: Answer, before: Verification | None, today: str) -> Verification:
    """Return what was found at a target's address. `before` is what was found last time."""
    same = before if before and before.address == target.address else None
    verification = Verification(
        source=target.source,
        address_kind=target.address_kind,
        address=target.address,
        checked_on=today,
        outcome="unreachable",
        status=answer.status,
        moved_to=_elsewhere(target.address, answer.address),
        archived_at=same.archived_at if same else None,
        anchor_count=len(target.anchors),
        note=answer.problem or None,
    )
    status = answer.status
    if answer.refused or status in BLOCKED or answer.headers.get("cf-mitigated"):  # the last by which Cloudflare marks its riddles
        return replace(verification, outcome="blocked")
    if status in GONE:
        return replace(verification, outcome="gone")
    if status == UNCHANGED and same and known_page(target, same):
        kept = replace(same, checked_on=today, status=status, note=same.note)
        return replace(kept, etag=answer.header("etag") or same.etag, last_modified=answer.header("last-modified") or same.last_modified)
    if status is None or not 200 <= status < 300:
        return replace(verification, note=verification.note or f"the server answers {status}")
    if answer.problem or not answer.is_text:
        return replace(verification, outcome="not_text")
    return _judge_text(target, answer, verification)


def _judge_text(target: Target, answer: Answer, verification: Verification) -> Verification:
    """Complete a verification about a page whose text came."""
    missing, paid = missing_anchors(answer.body, answer.headers.get("content-type", ""), target.anchors)
    if missing and paid:
        return replace(verification, outcome="blocked", note="the page says that only those who pay may read it")
    notes = []
    if missing and answer.cut:
        notes.append(f"only its first {len(answer.body):,} bytes were read")
    if verification.moved_to and not answer.for_good:
        notes.append("it redirects for the time being")
    return replace(
        verification,
        outcome=_outcome(target, missing, moved=bool(verification.moved_to) and answer.for_good),
        etag=answer.header("etag") or None,
        last_modified=answer.header("last-modified") or None,
        anchors_digest=target.digest,
        missing=missing,
        note="; ".join(notes) or None,
    )


def _outcome(target: Target, missing: list[str], moved: bool) -> str:
    if missing:
        return "absent" if len(missing) == len(target.anchors) else "partly"
    return "moved" if moved else "found" if target.anchors else "answers"


def _elsewhere(asked: str, answered: str) -> str | None:
    """Return the address that answered if it is another one than was asked; a fragment, and how an address is escaped, make no other."""
    return answered if answered != plain_address(asked) else None
