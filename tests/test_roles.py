"""One list of everything: what a column is for is asked of the schema, and a property that is added there is known everywhere."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from conftest import MINIMAL, RawFolder
from leadership import paths, roles, schema
from leadership.audits import audit_rows
from leadership.catalogue import Catalogue
from leadership.schema import KINDS
from leadership.tables import TABLES
from presentation import headings
from verifying.recording import Verification

ADDED = """\
                Property("offered", "date", phrase="it was offered {}"),
                Property("advisers", "reference", "people", many=True, heading="Advised by"),
                Property("venue", "code", "venue"),
"""
IN_HEADER = '    FileKey("seen_on", "day", may="held", shown=True, phrase="it was seen {}"),\n'
AFTER = '    FileKey("document", must="held"),\n'
BEFORE = '                Property("planned_return", "date"'
DESCRIPTIONS = "          offered: When it was offered.\n          advisers: Who advised.\n          venue: Where.\n"
DOCUMENT = "          document: File name of the text, which is not published.\n"
CODES = "\nvenue:\n  office: {label: Office, zh: 办公室, means: In the office.}\n"


# what a column is for


def test_a_view_s_column_means_what_its_name_means_in_the_tables() -> None:
    assert roles.column_in("who_left", "announced") == roles.column_in("departures", "announced")
    assert roles.column_in("who_left", "person_id").references == "people"
    assert roles.column_in("timeline", "when").form == "edtf"


def test_the_id_of_a_row_is_known_by_the_name_of_its_table_though_no_table_refers_to_it() -> None:
    assert (roles.meaning_of("tenure_id").references, roles.meaning_of("claim_id").references) == ("tenures", "claims")


def test_a_name_that_means_different_things_in_different_tables_means_nothing_elsewhere() -> None:
    assert TABLES["departures"].columns != TABLES["set_aside"].columns
    assert roles.column_in("departures", "reason").form == "array"
    assert roles.column_in("who_left", "reason") is None
    assert roles.meaning_of("no_such_column") is None


def test_dates_within_an_array_are_dates() -> None:
    held_on = roles.column_in("tenures", "held_on")
    assert (held_on.form, held_on.items) == ("array", "edtf")


def test_bounds_days_precision_and_basis_of_a_date_follow_from_it() -> None:
    for suffix in ("earliest", "latest", "day", "precision", "earliest_basis", "latest_basis"):
        assert roles.sort_of("events", f"started_{suffix}") == "derived"
        assert roles.property_behind("events", f"started_{suffix}") == "started"
    assert [roles.property_behind("figures", name) for name in ("comparator", "value", "value_high")] == ["value"] * 3
    assert [roles.property_behind("tenures", name) for name in ("organisation_id", "source_count", "label")] == ["", "", ""]


def test_what_is_declared_or_worked_out_is_not_claimed() -> None:
    claimed = [
        name
        for name in ("label", "organisation_id", "reason", "announced", "announced_day", "standing")
        if roles.is_claimed("departures", name)
    ]
    assert claimed == ["reason", "announced"]
    assert [roles.is_claimed("event_participants", name) for name in ("event_id", "part", "on_behalf_of_id")] == [False, True, True]


def test_rows_that_stand_in_no_hub_are_looked_up_in_their_tables_with_parts_before_their_statements() -> None:
    beside = roles.tables_beside_the_hub()
    assert beside.index("event_participants") < beside.index("statements")
    assert not {kind.table for kind in KINDS.values()} & set(beside)
    assert not {"subjects", "build_info", "redirects"} & set(beside)


def test_ids_of_subjects_and_decisions_are_given_and_those_of_evidence_made() -> None:
    assert [table for table in ("people", "sources", "decisions", "codes", "redirects") if roles.has_made_ids(table)] == []
    made = ("passages", "statements", "claims", "names", "set_aside", "event_participants", "findings", "changes")
    assert [table for table in made if not roles.has_made_ids(table)] == []
    for table in TABLES.values():
        assert set(table.about or ()) <= {column.name for column in table.columns}


def test_a_column_is_called_as_the_property_whose_value_it_shows() -> None:
    for prop in schema.PROPERTIES:
        assert headings.english_heading(prop.name) == prop.title
    assert headings.english_heading("sec_id") == schema.PUBLIC_IDS["sec_id"].title
    assert schema.HEADINGS.keys() & headings.HEADINGS.keys() == set()


def test_what_a_round_of_verifying_writes_are_the_keys_of_its_file() -> None:
    assert [field.name for field in fields(Verification)] == [key.key for key in schema.VERIFICATIONS]


def test_the_columns_of_an_audit_follow_from_the_keys_of_its_file_and_what_is_not_told_is_empty() -> None:
    entry = {
        "id": "an-audit",
        "day": "2027-01-10",
        "kind": "claims",
        "how": "blind",
        "scope": "All",
        "drawn": "9",
        "right": "8",
        "wrong": "0",
    }
    (row,) = audit_rows(Catalogue(audits=[entry]))
    assert list(row) == list(TABLES["audits"].column_names)
    assert [row[name] for name in ("audited_on", "drawn_count", "wrong_count", "mended_count")] == ["2027-01-10", 9, 0, None]


# a property that is added


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What everything knows of three properties of departures and a key of headers that only the schema, the codes and the
    descriptions were told of.
    """
    folder = tmp_path_factory.mktemp("one_list")
    shutil.copytree(paths.ROOT / "scripts", folder / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
    change(folder / "scripts" / "leadership" / "schema.py", BEFORE, ADDED + BEFORE)
    change(folder / "scripts" / "leadership" / "schema.py", AFTER, AFTER + IN_HEADER)
    raw = RawFolder(folder / "raw")
    raw.replace("codes.yml", (raw.folder / "codes.yml").read_text(encoding="utf-8") + CODES)
    departure = "{departure: altman-openai-2023, "
    assert departure in MINIMAL["sources/alpha.yml"]
    more = 'offered: "2023-11-15", advisers: mira-murati, venue: office, '
    raw.change("sources/alpha.yml", departure, departure + more)
    raw.change("sources/alpha.yml", "  line_count: 6\n", '  line_count: 6\n  seen_on: "2023-11-24"\n')
    shutil.copy(paths.METADATA, folder / "metadata.yml")
    change(folder / "metadata.yml", DOCUMENT, DOCUMENT + "          seen_on: The day on which it was seen.\n")
    place = "          planned_return: For a leave, until when it was to last (claimed).\n"
    change(folder / "metadata.yml", place, DESCRIPTIONS + place)
    script = Path(__file__).with_name("one_list.py")
    command = [sys.executable, str(script), str(raw.folder), str(folder / "metadata.yml"), str(folder)]
    done = subprocess.run(command, env={"PYTHONPATH": str(folder / "scripts")}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_sheets_may_claim_it_and_its_table_has_its_columns(known: dict[str, Any]) -> None:
    assert {"offered", "advisers", "venue"} <= set(known["sheet keys"])
    assert known["row"] == {
        "offered": "2023-11-16[America/Los_Angeles]",
        "offered_earliest": "2023-11-16T08:00Z",
        "offered_latest": "2023-11-17T08:00Z",
        "offered_day": "2023-11-16",
        "offered_precision": "day",
        "advisers": '["mira-murati"]',
    }


def test_headers_may_say_it_of_their_source_whose_row_has_it(known: dict[str, Any]) -> None:
    assert known["header"] == ["seen_on", "2023-11-24", "day", "that it was seen {}"]


def test_pages_say_it_in_words_and_in_the_order_of_the_columns(known: dict[str, Any]) -> None:
    assert known["titles"] == ["Offered", "that it was offered {}"]
    order = known["order"]
    assert order.index("effective") < order.index("offered") < order.index("planned_return")


def test_cells_show_its_date_in_words_and_its_ids_as_links(known: dict[str, Any]) -> None:
    date, people = known["cells"]
    assert ">16 November 2023</span>" in date
    assert people == '<a href="/leadership/people/mira-murati">mira-murati</a>'


def test_a_comparison_tells_its_value_from_what_follows_from_it(known: dict[str, Any]) -> None:
    assert known["diff"]["offered"] == "value"
    assert {known["diff"][name] for name in ("offered_earliest", "offered_latest", "offered_day")} == {"derived"}


def test_descriptions_and_descriptors_know_its_form(known: dict[str, Any]) -> None:
    assert known["derived"] == ["offered_day", "offered_earliest", "offered_latest", "offered_precision"]
    assert known["forms"] == ["edtf", "day", "array", "people"]
    assert known["fields"] == ["string", "datetime", "array"]


def test_it_is_known_as_claimed_and_its_codes_lead_back_to_it(known: dict[str, Any]) -> None:
    assert known["claimed"] == [True, True, False]
    assert known["coded"] == ["departures"]
    assert known["claimed codes"] == [["venue", False]]
