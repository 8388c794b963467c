"""What describes a release agrees with the database, and independent tools accept it, read the data by it, and notice faults in it."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import pytest
from commands import main
from distribution.annotations import render_annotations
from distribution.badges import GREEN, RED, render_badges
from distribution.citation import render_citation
from distribution.contents import read_contents
from distribution.croissant import describe_croissant
from distribution.csvw import describe_group
from distribution.datapackage import describe_package
from distribution.dcat import describe_catalogue
from distribution.descriptors import render_descriptors, render_kept, write_descriptors, write_kept
from distribution.diagram import render_diagram
from distribution.dictionary import render_dictionary
from distribution.identity import BadSetting, Identity, identify, identify_anywhere
from distribution.sources import Source, latest, read_coverage
from leadership import paths
from leadership.descriptions import check_descriptions, load_metadata
from leadership.pipeline import source_texts
from presentation.pages import link_to_text
from validators import judge, run_validator
from written import read_yaml

DESCRIPTORS = [
    "CITATION.cff",
    "DIAGRAM.md",
    "DICTIONARY.md",
    "annotations.jsonld",
    "croissant.json",
    "csv/csv-metadata.json",
    "datapackage.json",
    "dcat.jsonld",
]
FEW = ("people", "organisations", "posts", "departures", "events")
ADDRESS = "https://example.org/data/"


@pytest.mark.parametrize(
    ("published", "day"),
    [
        ("2025-12-02T11:43[America/New_York]", "2025-12-02"),
        ("2024-06-20[UTC]", "2024-06-20"),
        ("2025-11", "2025-11"),
        ("2025-11~", "2025"),
        ("2025-12/2026", None),
        ("../2026-11-26", None),
        (None, None),
    ],
)
def test_descriptors_give_of_the_date_of_a_source_what_is_sure_in_the_form_of_a_date(published: str | None, day: str | None):
    assert Source("id", "Title", None, published, None, None, None).day == day


@pytest.fixture(autouse=True)
def _without_settings(monkeypatch):
    monkeypatch.delenv("DATASET_URL", raising=False)


@pytest.fixture(scope="module")
def release(little):
    """A release with every table and few rows, because the tools take minutes for many."""
    return little


@pytest.fixture(scope="module")
def contents(release):
    return read_contents(release / "leadership.db", paths.METADATA)


@pytest.fixture(scope="module")
def real(database):
    """The contents of the real data."""
    return read_contents(database, paths.METADATA)


@pytest.fixture(scope="module")
def connection(release):
    with closing(sqlite3.connect(f"file:{release / 'leadership.db'}?mode=ro", uri=True)) as connection:
        yield connection


def load(path):
    return json.loads(path.read_text(encoding="utf-8"))


def dump(path, value):
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Small:
    """A release of five tables, described, in a folder of its own; a test of a fault spoils one thing in it."""

    def __init__(self, contents, release, folder):
        self.contents, self.folder, self.identity = contents, folder, identify_anywhere(contents)
        self.tables = [contents.by_name[name] for name in FEW]
        (folder / "csv").mkdir(parents=True)
        for name in FEW:
            shutil.copyfile(release / "csv" / f"{name}.csv", folder / "csv" / f"{name}.csv")
        self.describe()

    def describe(self):
        self.package = dump(self.folder / "datapackage.json", describe_package(self.contents, self.folder, self.tables, self.identity))
        self.group = dump(self.folder / "csv" / "csv-metadata.json", describe_group(self.contents, self.tables, self.identity))
        self.croissant = dump(self.folder / "croissant.json", describe_croissant(self.contents, self.folder, self.tables, self.identity))

    def change_data(self, table, old, new):
        path = self.folder / "csv" / f"{table}.csv"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return self

    def change_croissant(self, field, **values):
        described = load(self.croissant)
        (found,) = [f for record_set in described["recordSet"] for f in record_set["field"] if f["@id"] == field]
        found.update(values)
        dump(self.croissant, described)
        return self


@pytest.fixture(scope="module")
def verdicts(contents, release, tmp_path_factory):
    """What the tools say of the release, and of small ones with one fault each; all asked in one process, whose start is slow."""
    folder = tmp_path_factory.mktemp("small")

    def small(name):
        return Small(contents, release, folder / name)

    sound, hashed, dangling, coded = small("sound"), small("hash"), small("dangling"), small("code")
    hashed.change_data("people", "Sam Altman", "Sam Altmam")
    dangling.change_data("departures", ",sam-altman,openai,", ",sam-altman,no-such-firm,").describe()
    coded.change_data("departures", ",removed,", ",vanished,").describe()
    column = small("column").change_croissant("departures/manner", source=_extract("departures", "no_such_column"))
    source = small("source").change_croissant("departures/manner", source=_extract("no_such_table", "manner"))
    published = Identity(contents.digest, ADDRESS, "2026-11-21")
    addressed_croissant = dump(folder / "addressed.json", describe_croissant(contents, sound.folder, sound.tables, published))
    addressed = dump(folder / "addressed.jsonld", describe_catalogue(contents, release, published))
    tasks = {
        "package": ("judge_package", release / "datapackage.json"),
        "group": ("judge_csvw", release / "csv" / "csv-metadata.json"),
        "croissant": ("read_croissant", release / "croissant.json"),
        "provenance": ("judge_provenance", release / "croissant.json"),
        "catalogue": ("judge_catalogue", release / "dcat.jsonld"),
        "annotations": ("judge_annotations", release / "annotations.jsonld"),
        "addressed croissant": ("judge_croissant", addressed_croissant),
        "addressed catalogue": ("judge_catalogue", addressed),
        "sound package": ("judge_package", sound.package),
        "sound group": ("judge_csvw", sound.group),
        "sound croissant": ("read_croissant", sound.croissant),
        "package with a wrong hash": ("judge_package", hashed.package),
        "package with a dangling reference": ("judge_package", dangling.package),
        "group with a dangling reference": ("judge_csvw", dangling.group),
        "package with a code of no list": ("judge_package", coded.package),
        "group with a code of no list": ("judge_csvw", coded.group),
        "croissant with a wrong column": ("read_croissant", column.croissant),
        "croissant with a wrong file": ("judge_croissant", source.croissant),
    }
    return dict(zip(tasks, judge(*tasks.values()), strict=True))


def _extract(table, column):
    return {"fileObject": {"@id": f"csv/{table}.csv"}, "extract": {"column": column}}


# What the tools say


def test_frictionless_finds_every_row_of_the_package_valid(verdicts, connection, contents):
    rows = sum(connection.execute(f'SELECT count(*) FROM "{table.name}"').fetchone()[0] for table in contents.tables)
    assert verdicts["package"] == {"errors": [], "warnings": [], "rows": rows}
    assert verdicts["sound package"]["errors"] == []


def test_frictionless_notices_a_file_that_is_not_the_one_described(verdicts):
    assert [error[:2] for error in verdicts["package with a wrong hash"]["errors"]] == [["hash-count", "people"]]


def test_frictionless_notices_a_reference_that_leads_nowhere(verdicts):
    (error,) = verdicts["package with a dangling reference"]["errors"]
    assert error[:2] == ["foreign-key", "departures"]
    assert "no-such-firm" in error[2]


def test_frictionless_notices_a_code_that_no_list_has(verdicts):
    (error,) = verdicts["package with a code of no list"]["errors"]
    assert error[:2] == ["constraint-error", "departures"]
    assert "vanished" in error[2]


def test_csvw_finds_the_table_group_and_its_data_valid_in_its_strict_mode(verdicts, contents):
    assert verdicts["group"] == {"valid": True, "warnings": [], "tables": len(contents.tables)}
    assert verdicts["sound group"]["valid"]


@pytest.mark.parametrize(("fault", "said"), [("a dangling reference", "no-such-firm"), ("a code of no list", "vanished")])
def test_csvw_notices_what_is_wrong_with_the_data(verdicts, fault, said):
    verdict = verdicts[f"group with {fault}"]
    assert not verdict["valid"]
    assert any(said in warning for warning in verdict["warnings"])


def test_mlcroissant_takes_the_description_for_version_1_1_and_misses_nothing(verdicts, contents):
    verdict = verdicts["croissant"]
    assert verdict["errors"] == verdict["warnings"] == []
    assert verdict["version"] == "http://mlcommons.org/croissant/1.1"
    assert {table.name for table in contents.tables} | {"codes-standing", "codes-manner"} <= set(verdict["record_sets"])


def test_mlcroissant_misses_nothing_once_the_address_is_known(verdicts):
    assert verdicts["addressed croissant"]["errors"] == verdicts["addressed croissant"]["warnings"] == []


def test_mlcroissant_reads_a_table_and_a_list_of_codes_as_they_are(verdicts, contents, release):
    records = verdicts["croissant"]["records"]
    read = [{key: "" if value is None else str(value).removesuffix(".0") for key, value in row.items()} for row in records["departures"]]
    written = [{f"departures/{key}": value for key, value in row.items()} for row in rows_of(release / "csv" / "departures.csv")]
    assert read == written != []
    assert [(row["codes-standing/code"], row["codes-standing/name_zh"]) for row in records["codes-standing"]] == [
        (code.code, code.label_zh) for code in contents.codes["standing"]
    ]


def test_mlcroissant_notices_a_field_of_a_column_or_a_file_that_there_is_not(verdicts):
    assert verdicts["sound croissant"]["errors"] == []
    assert any("no_such_column" in error for error in verdicts["croissant with a wrong column"]["errors"])
    assert any("no_such_table" in error for error in verdicts["croissant with a wrong file"]["errors"])


def test_the_croissant_description_derives_the_dataset_from_every_source_that_was_read(verdicts, connection):
    held = [
        f"urn:openai-leadership-changes:sources:{key}"
        for (key,) in connection.execute("SELECT id FROM sources WHERE access <> 'cited' ORDER BY id")
    ]
    assert verdicts["provenance"]["sources"] == held != []


def test_the_catalogue_has_every_property_that_dcat_ap_wants(verdicts, contents, release):
    found = verdicts["catalogue"]
    files = {path.relative_to(release).as_posix() for place in ("csv", "jsonl", "parquet") for path in (release / place).iterdir()}
    files = files - {"csv/csv-metadata.json"} | {path.name for path in release.glob("leadership*")}
    assert len(found["catalogues"]) == 1
    assert found["datasets"] == found["identifiers"] == [f"urn:sha256:{contents.digest}"]
    assert len(found["sources"]) == len(verdicts["provenance"]["sources"])
    assert len(found["distributions"]) == len(files) > 90
    assert found["addresses"] == sorted(f"file:///release/{file}" for file in files)


def test_with_an_address_the_catalogue_leads_there(verdicts):
    found = verdicts["addressed catalogue"]
    assert found["identifiers"] == [ADDRESS]
    assert f"{ADDRESS}csv/people.csv" in found["addresses"]
    assert all(address.startswith(ADDRESS) for address in found["addresses"])
    assert all(identifier.startswith(f"{ADDRESS}#") for name in ("catalogues", "distributions", "sources") for identifier in found[name])


def test_the_annotations_are_the_passages_and_their_bodies_the_claims(verdicts, connection, release):
    rows = connection.execute(
        "SELECT 'urn:openai-leadership-changes:passages:' || p.id, 'urn:sha256:' || s.text_sha256,"
        " 'line=' || (p.line - 1) || ',' || p.line,"
        ' p.start, p."end", p.find FROM passages p JOIN sources s ON s.id = p.source_id WHERE p.line IS NOT NULL'
    ).fetchall()
    assert verdicts["annotations"]["annotations"] == sorted(map(list, rows)) != []
    assert verdicts["annotations"]["claims"] == connection.execute("SELECT count(*) FROM claims").fetchone()[0]
    annotated = {item["id"].split(":")[-1] for item in load(release / "annotations.jsonld")["first"]["items"]}
    assert annotated == {row[0] for row in connection.execute("SELECT id FROM passages")}


def test_the_citation_is_valid_and_cites_this_version(release, contents):
    done = run_validator("-m", "check_jsonschema", "--builtin-schema", "vendor.citation-file-format", release / "CITATION.cff")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    cited = read_yaml((release / "CITATION.cff").read_text(encoding="utf-8"))
    assert (cited["title"], cited["version"], cited["type"]) == (contents.title, contents.version, "dataset")


# What is said agrees with the database


def test_a_release_holds_every_descriptor(release, contents):
    assert sorted(render_descriptors(contents, release)) == DESCRIPTORS
    assert all((release / name).stat().st_size > 500 for name in DESCRIPTORS)


def foreign_keys(package):
    return {
        (resource["name"], key["fields"][0], key["reference"]["resource"] or resource["name"], key["reference"]["fields"][0])
        for resource in package["resources"]
        for key in resource["schema"].get("foreignKeys", ())
    }


def test_the_foreign_keys_of_the_package_are_those_of_the_database_and_a_missing_one_is_seen(release, contents, connection):
    declared = {
        (table.name, column, target, key)
        for table in contents.base_tables
        for _, _, target, column, key, *_ in connection.execute(f'PRAGMA foreign_key_list("{table.name}")')
    }
    package = load(release / "datapackage.json")
    assert foreign_keys(package) == declared
    (claims,) = [resource["schema"] for resource in package["resources"] if resource["name"] == "claims"]
    claims["foreignKeys"] = [key for key in claims["foreignKeys"] if key["fields"] != ["passage_id"]]
    assert declared - foreign_keys(package) == {("claims", "passage_id", "passages", "id")}


def test_in_csvw_a_reference_is_a_foreign_key_or_if_it_may_be_empty_a_relation(release, contents):
    for described in load(release / "csv" / "csv-metadata.json")["tables"]:
        table, schema = contents.by_name[described["url"].removesuffix(".csv")], described["tableSchema"]
        keys = {key["columnReference"]: key["reference"]["resource"] for key in schema.get("foreignKeys", ())}
        related = {column["name"]: column["dc:relation"]["@id"] for column in schema["columns"] if "dc:relation" in column}
        assert not keys.keys() & related.keys()
        assert {**keys, **related} == {c.name: f"{c.references}.csv" for c in table.columns if c.is_foreign_key}


def test_primary_keys_types_and_codes_of_the_package_are_those_of_the_database(release, contents):
    resources = {resource["name"]: resource["schema"] for resource in load(release / "datapackage.json")["resources"]}
    assert set(resources) == set(contents.by_name)
    assert {name for name, schema in resources.items() if schema.get("primaryKey") == ["id"]} == {t.name for t in contents.base_tables}
    fields = {(name, field["name"]): field for name, schema in resources.items() for field in schema["fields"]}
    assert fields["departures", "manner"]["constraints"]["enum"] == [code.code for code in contents.codes["manner"]]
    assert fields["departures", "reason"]["arrayItem"]["constraints"]["enum"] == [code.code for code in contents.codes["departure_reason"]]
    assert fields["departures", "announced_earliest"]["type"] == "datetime"
    assert fields["departures", "announced"]["type"] == "string"
    assert fields["decisions", "decided_on"]["type"] == "date"
    assert fields["figures", "value"]["type"] == "number"
    assert fields["people", "id"]["constraints"] == {"required": True, "unique": True}


def test_every_column_is_described_in_every_descriptor_as_in_metadata(release, contents):
    told = {(table.name, column.name): column.description for table in contents.tables for column in table.columns}
    assert all(told.values())
    package = load(release / "datapackage.json")["resources"]
    assert {(r["name"], field["name"]): field["description"] for r in package for field in r["schema"]["fields"]} == told
    group = load(release / "csv" / "csv-metadata.json")["tables"]
    assert {(t["url"][:-4], c["name"]): c["dc:description"] for t in group for c in t["tableSchema"]["columns"]} == told
    sets = [record_set for record_set in load(release / "croissant.json")["recordSet"] if not record_set["@id"].startswith("codes-")]
    assert {(s["name"], field["name"]): field["description"] for s in sets for field in s["field"]} == told


def test_a_column_without_a_description_stops_the_build(connection, tmp_path):
    text = paths.METADATA.read_text(encoding="utf-8")
    spoilt = tmp_path / "metadata.yml"
    spoilt.write_text(re.sub(r"^ +find: \"Key word or figure .*\n", "", text, flags=re.MULTILINE), encoding="utf-8")
    assert spoilt.read_text(encoding="utf-8") != text
    faults = [str(fault) for fault in check_descriptions(connection, load_metadata(spoilt))]
    assert [fault.split(": ", 1)[1] for fault in faults] == ["column find of passages has no description; write one"]
    assert check_descriptions(connection, load_metadata(paths.METADATA)) == []


def test_every_data_file_is_listed_with_its_size_and_digest(release):
    described = load(release / "croissant.json")["distribution"]
    assert len(described) > 90
    for file in described:
        content = (release / file["contentUrl"]).read_bytes()
        assert (file["contentSize"], file["sha256"]) == (f"{len(content)} B", hashlib.sha256(content).hexdigest())
    for resource in load(release / "datapackage.json")["resources"]:
        content = (release / resource["path"]).read_bytes()
        assert (resource["bytes"], resource["hash"]) == (len(content), f"sha256:{hashlib.sha256(content).hexdigest()}")


def test_an_annotation_finds_its_key_word_in_the_text(real):
    texts = source_texts()
    if not texts:
        pytest.skip("SOURCE_TEXTS is not set: the texts are not published")
    by_digest = {f"urn:sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}": path for path in texts.glob("*.txt")}
    lines = {name: re.split(r"\r?\n", path.read_bytes().decode("utf-8", "replace")) for name, path in by_digest.items()}
    for annotation in json.loads(render_annotations(real, identify_anywhere(real)))["first"]["items"]:
        if not annotation["target"]["source"].startswith("urn:sha256:"):  # a page that was read
            continue
        by_place, by_quote = annotation["target"]["selector"]
        first, last = map(int, by_place["value"].removeprefix("line=").split(","))
        (line,) = lines[annotation["target"]["source"]][first:last]
        place = by_place["refinedBy"]
        assert line[place["start"] : place["end"]] == by_quote["refinedBy"]["exact"]


def test_a_claim_in_an_annotation_says_what_its_statement_says(release, connection):
    bodies = {body["id"]: body for item in load(release / "annotations.jsonld")["first"]["items"] for body in item["body"]}
    rows = connection.execute(
        "SELECT c.id, u.table_name, s.subject_id, s.property, s.value, c.polarity, c.mode, c.certainty, c.attribution, s.rank FROM claims c"
        " JOIN statements s ON s.id = c.statement_id JOIN subjects u ON u.id = s.subject_id"
    ).fetchall()
    prefix = "urn:openai-leadership-changes:"
    expected = {f"{prefix}claims:{claim}": (f"{prefix}{table}:{subject}", *said) for claim, table, subject, *said in rows}
    said = ("about", "property", "value", "polarity", "mode", "certainty", "attribution", "rank")
    assert {key: tuple(body[name] for name in said) for key, body in bodies.items()} == expected


def test_the_passages_of_a_source_with_an_address_link_to_the_words_on_the_page(contents, tmp_path):
    copy = tmp_path / "leadership.db"
    shutil.copyfile(contents.database, copy)
    with closing(sqlite3.connect(copy)) as changing, changing:
        changing.execute("UPDATE sources SET url = 'https://news.example/a?b=1' WHERE id = 'alpha'")
    annotated = json.loads(render_annotations(replace(contents, database=copy), identify_anywhere(contents)))["first"]["items"]
    annotated = [item for item in annotated if item["target"]["source"].startswith("urn:sha256:")]
    linked = {item["target"]["via"]: item["target"]["selector"][1]["refinedBy"]["exact"] for item in annotated if "via" in item["target"]}
    assert len(linked) > 2
    assert all(unquote(link.removeprefix("https://news.example/a?b=1#:~:text=")) == exact for link, exact in linked.items())
    assert {item["target"]["scope"].split(":")[-1] for item in annotated if "via" in item["target"]} == {"alpha"}


@pytest.mark.parametrize(
    ("text", "encoded"),
    [("743人", "743%E4%BA%BA"), ("GPT-4, o1 & Co", "GPT%2D4%2C%20o1%20%26%20Co"), ("100%", "100%25"), ("a/b#c", "a%2Fb%23c")],
)
def test_what_has_a_meaning_in_a_text_fragment_is_encoded(text, encoded):
    assert link_to_text("https://news.example/", text) == f"https://news.example/#:~:text={encoded}"
    assert link_to_text("https://news.example/#top", text) == f"https://news.example/#top:~:text={encoded}"


def test_the_dictionary_has_every_table_column_and_code_once(contents):
    text = render_dictionary(contents)
    parts = dict(re.findall(r"^### (.+?)\n\n(.*?)(?=^##|\Z)", text, re.MULTILINE | re.DOTALL))
    assert set(parts) == {table.name for table in contents.tables} | {f"List {name}" for name in contents.codes}
    for table in contents.tables:
        assert re.findall(r"^\| `(\w+)` \|", parts[table.name], re.MULTILINE) == [column.name for column in table.columns]
    for name, codes in contents.codes.items():
        assert re.findall(r"^\| `(\S+)` \|", parts[f"List {name}"], re.MULTILINE) == [code.code for code in codes]
        assert all(code.label_zh in parts[f"List {name}"] for code in codes)
    assert "| `manner` | text |  | list [`manner`](#list-manner) |" in parts["departures"]
    assert "| `person_id` | text |  | [`people`](#people) |" in parts["departures"]
    assert "| `organisation_id` | text | yes | [`organisations`](#organisations) |" in parts["departures"]
    assert all(len(re.findall(r"(?<!\\)\|", line)) in (5, 6) for line in text.splitlines() if line.startswith("|"))


def test_every_link_within_the_dictionary_and_the_diagram_leads_to_a_heading(contents):
    text = render_dictionary(contents)
    headings = {heading.lower().replace(" ", "-") for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= headings
    assert set(re.findall(r"\]\(DICTIONARY\.md#([^)]+)\)", render_diagram(contents))) <= headings


def test_the_diagram_draws_every_foreign_key_once_and_nothing_else(contents, connection):
    drawn = re.findall(r"^  (\w+) (\|\||\|o)--o\{ (\w+) : (\w+)$", render_diagram(contents), re.MULTILINE)
    declared = {
        (target, "||" if not_null else "|o", table.name, column)
        for table in contents.base_tables
        for _, _, target, column, *_ in connection.execute(f'PRAGMA foreign_key_list("{table.name}")')
        for (not_null,) in connection.execute('SELECT "notnull" FROM pragma_table_info(?) WHERE name = ?', (table.name, column))
    }
    assert set(drawn) == declared
    assert len(drawn) == len(declared)


# What is kept in the repository is current


def stale(texts, root):
    """Return the names of those files under `root` that say something else than these texts."""
    return [name for name, text in texts.items() if not (root / name).is_file() or (root / name).read_text(encoding="utf-8") != text]


def test_the_descriptors_in_the_repository_are_those_of_this_build(real):
    assert stale(render_kept(real, paths.ROOT), paths.ROOT) == [], "run make build"


def test_a_stale_descriptor_is_seen_and_made_current(real, tmp_path):
    shutil.copytree(paths.CSV, tmp_path / "curated" / "csv")
    written = [path.relative_to(tmp_path).as_posix() for path in write_kept(real, tmp_path)]
    assert written == [
        "curated/datapackage.json",
        "curated/csv/csv-metadata.json",
        "curated/DICTIONARY.md",
        "curated/DIAGRAM.md",
        "curated/badges/version.svg",
        "curated/badges/reach.svg",
        "curated/badges/sources.svg",
        "curated/badges/people.svg",
        "curated/badges/claims.svg",
        "curated/badges/lines.svg",
        "curated/badges/licence.svg",
        "CITATION.cff",
    ]
    (tmp_path / "CITATION.cff").write_text(render_citation(replace(real, version="0.0.9"), identify_anywhere(real)), encoding="utf-8")
    (tmp_path / "curated" / "DIAGRAM.md").unlink()
    assert stale(render_kept(real, tmp_path), tmp_path) == ["curated/DIAGRAM.md", "CITATION.cff"]
    write_kept(real, tmp_path)
    assert stale(render_kept(real, tmp_path), tmp_path) == []
    assert list(tmp_path.rglob("*.tmp")) == []


def test_what_is_kept_in_the_repository_does_not_depend_on_where_it_is_published(contents, monkeypatch):
    before = render_kept(contents, paths.ROOT)
    monkeypatch.setenv("DATASET_URL", ADDRESS)
    assert render_kept(contents, paths.ROOT) == before


def test_descriptors_that_cannot_be_written_are_told_in_one_line(contents, tmp_path, monkeypatch, capsys):
    (tmp_path / "curated").write_text("a file where the folder should be", encoding="utf-8")
    monkeypatch.setattr("leadership.building.build", lambda *arguments: "the report")
    monkeypatch.setattr("distribution.contents.read_contents", lambda *arguments: contents)
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    assert main(["build"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == (
        "The database was built, but what describes it could not be written (Not a directory);"
        f" make {tmp_path / 'curated'} writable or free some space. Then build again.\n"
    )


def test_the_badges_say_what_the_database_holds_and_warn_of_lines_that_nobody_accounted_for(contents, tmp_path):
    badges = render_badges(contents)
    said = {name: ElementTree.fromstring(svg).find("{http://www.w3.org/2000/svg}title").text for name, svg in badges.items()}
    assert said["version.svg"] == f"version: {contents.version}"
    for name in ("sources", "people", "claims"):
        assert said[f"{name}.svg"] == f"{name}: {contents.by_name[name].row_count:,}"
    with closing(sqlite3.connect(contents.database)) as database:
        ((day,),) = database.execute("SELECT value FROM build_info WHERE id = 'covers_to'")
    assert said["reach.svg"] == f"record reaches: {day}"
    with closing(sqlite3.connect(contents.database)) as database:
        ((lines, gone),) = database.execute(
            "SELECT sum(lines - blank), sum(set_aside) FILTER (WHERE source_id = 'alpha') FROM line_coverage"
        )
    assert said["lines.svg"] == f"lines accounted for: {lines:,} of {lines:,}"
    assert GREEN in badges["lines.svg"]
    copy = shutil.copy(contents.database, tmp_path / "copy.db")
    with closing(sqlite3.connect(copy)) as database, database:
        database.execute("DELETE FROM set_aside WHERE source_id = 'alpha'")
    lacking = render_badges(replace(contents, database=copy))["lines.svg"]
    assert f"{lines - gone:,} of {lines:,}" in lacking
    assert RED in lacking


# The day and the address


def test_without_a_setting_no_address_is_made_up(release, connection):
    known = ("www.w3.org", "w3id.org", "purl.org", "schema.org", "mlcommons.org", "xmlns.com", "spdx.org", "datapackage.org", "id.loc.gov")
    known += ("creativecommons.org", "publications.europa.eu", "www.iana.org", "tools.ietf.org")
    addresses = [row for row in connection.execute("SELECT url FROM sources UNION SELECT read_at FROM sources") if row[0]]
    of_sources = {urlsplit(address).netloc for (address,) in addresses}
    for name in DESCRIPTORS:
        text = (release / name).read_text(encoding="utf-8")
        assert set(re.findall(r"https?://([^/\"\s]+)", text)) <= {*known, *of_sources}, name
    assert "url" not in load(release / "croissant.json")
    assert "homepage" not in load(release / "datapackage.json")
    (dataset,) = [node for node in load(release / "dcat.jsonld")["@graph"] if node["@type"] == "dcat:Dataset"]
    assert "dcat:landingPage" not in dataset
    assert "url" not in read_yaml((release / "CITATION.cff").read_text(encoding="utf-8"))


def test_the_day_of_the_release_stands_in_every_descriptor_and_nowhere_if_none_is_recorded(contents, release, connection):
    (day,) = connection.execute("SELECT released_on FROM releases ORDER BY position DESC LIMIT 1").fetchone()
    for dated, expected in ((contents, day), (replace(contents, released_on=""), None)):
        texts = render_descriptors(dated, release)
        (dataset,) = [node for node in json.loads(texts["dcat.jsonld"])["@graph"] if node["@type"] == "dcat:Dataset"]
        assert dataset.get("dct:issued", {}).get("@value") == expected
        assert json.loads(texts["croissant.json"]).get("datePublished") == expected
        assert json.loads(texts["datapackage.json"]).get("created") == (expected and f"{expected}T00:00:00Z")
        cited = read_yaml(texts["CITATION.cff"]).get("date-released")
        assert (str(cited) if cited else None) == expected


def test_what_was_refuted_does_not_widen_the_years_that_are_covered(contents, tmp_path):
    copy = tmp_path / "leadership.db"
    shutil.copyfile(contents.database, copy)
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("UPDATE events SET year = 1999 WHERE id = 'altman-removed'")
        connection.execute("UPDATE departures SET year = 2031 WHERE id = 'altman-openai-2023'")
    wide = read_coverage(replace(contents, database=copy))
    assert (wide.first_year, wide.last_year) == (1999, 2031)
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("UPDATE events SET standing = 'refuted' WHERE year = 1999")
        connection.execute("UPDATE departures SET standing = 'refuted' WHERE year = 2031")
    narrow = read_coverage(replace(contents, database=copy))
    assert (narrow.first_year, narrow.last_year) == (2023, 2023)


@pytest.mark.parametrize(("decided", "released"), [("2026-11-21", "2026-11-22"), ("2026-11-22", "2026-11-21"), (None, "2026-11-22")])
def test_the_day_of_the_last_change_is_never_before_that_of_the_release(decided, released):
    assert latest(decided, released) == "2026-11-22"
    assert latest(None, "") is None


def test_the_address_stands_in_every_descriptor(contents, release, monkeypatch):
    monkeypatch.setenv("DATASET_URL", "https://example.org/data")
    assert identify(contents) == Identity(contents.digest, ADDRESS, contents.released_on)
    texts = render_descriptors(contents, release)
    assert all(ADDRESS in text for name, text in texts.items() if not name.endswith(".md"))
    assert json.loads(texts["croissant.json"])["distribution"][0]["contentUrl"] == f"{ADDRESS}leadership.db"
    assert json.loads(texts["datapackage.json"])["homepage"] == ADDRESS
    assert read_yaml(texts["CITATION.cff"])["url"] == ADDRESS


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATASET_URL", "example.org/data"),
        ("DATASET_URL", "ftp://example.org/"),
        ("DATASET_URL", "https://"),
        ("DATASET_URL", "https://example.org/a b/"),
        ("DATASET_URL", 'https://example.org/"onclick'),
        ("DATASET_URL", "https://example.org/?page=1"),
        ("DATASET_URL", "https://example.org/#top"),
        ("DATASET_URL", "https://me:secret@example.org/"),
        ("DATASET_URL", "https://example.org:port/"),
        ("DATASET_URL", "https://[example.org/"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_and_nothing_is_written(contents, tmp_path, monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSetting, match=rf"^{name} is .*, which is no .*; .* or leave it unset$"):
        write_descriptors(contents, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["dcat.jsonld", "CITATION.cff", "README.md", "datapackage.json", "croissant.json"])
def test_a_description_promises_a_place_of_each_claim_and_not_its_line(little, name):
    text = " ".join((little / name).read_text(encoding="utf-8").split())
    assert "at a given place" in text
    assert "at a given line" not in text
