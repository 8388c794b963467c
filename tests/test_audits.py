"""Audits stand in a table of their own, with what they told and without what they did not."""

from __future__ import annotations

from conftest import RawFolder, rows_by_id


def test_an_audit_is_a_row_and_what_it_does_not_tell_is_empty(raw: RawFolder):
    raw.add_history()
    rows = rows_by_id(raw.run(), "audits")
    assert list(rows) == ["first-audit", "second-audit"]
    assert rows["first-audit"] == {
        "id": "first-audit",
        "audited_on": "2024-01-15",
        "kind": "claims",
        "how": "at_random",
        "scope": "Both.",
        "drawn_count": 20,
        "right_count": 17,
        "debatable_count": 2,
        "incomplete_count": None,
        "wrong_count": 1,
        "missing_count": None,
        "mended_count": 1,
        "note": None,
    }
    assert rows["second-audit"]["wrong_count"] is None


def test_without_the_file_there_is_no_audit(raw: RawFolder):
    assert raw.run().tables["audits"] == []


def test_an_id_of_an_audit_is_never_used_again(raw: RawFolder):
    raw.add_history()
    raw.change("redirects.yml", "id: samuel-altman", "id: first-audit")
    assert any("first-audit stands in audits" in fault for fault in raw.faults())


def test_a_release_may_tell_of_an_audit(raw: RawFolder):
    raw.add_history()
    raw.change("releases.yml", "{kind: removed, subject: samuel-altman}", "{kind: added, subject: second-audit}")
    changes = rows_by_id(raw.run(), "changes")
    assert changes["release-1-0-1-002"]["table_name"] == "audits"
