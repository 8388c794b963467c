"""Strict YAML: text stays text, every value knows its place, and what is not plain data is refused where it stands."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from leadership import paths
from leadership.reading import MAX_BYTES, Bare, Document, read_document, read_file


def faults(document: Document) -> list[str]:
    return [str(fault) for fault in document.faults]


@pytest.mark.parametrize("text", ["12:30", "no", "1_000", "0x1F", "1e3", "'~'", '"null"', "nullify", "yes", "007", "2023-11-17", ".inf"])
def test_a_scalar_stays_the_text_that_was_written(text: str):
    assert read_document(f"key: {text}", "x.yml").data == {"key": text.strip("'\"")}


@pytest.mark.parametrize("text", ["~", "null", "Null", "NULL", ""])
def test_what_says_in_yaml_that_there_is_no_value_is_empty(text: str):
    assert read_document(f"key: {text}\nlist: [{text or '~'}, x]", "x.yml").data == {"key": "", "list": ["", "x"]}


def test_a_key_may_be_spelled_like_yaml_s_word_for_nothing():
    assert read_document("Null: 3", "x.yml").data == {"Null": "3"}


# The C loader gives a plain scalar the style '', Python's own gives None.
@pytest.mark.parametrize("text", ["2023", "2023-11", "2023-11-17", "2023-11-17T12:00", "2016~", "2018/..", "../2024-08-06", "2023-11[UTC]"])
def test_a_date_without_quotes_is_marked_as_bare(text: str):
    assert isinstance(read_document(f"key: {text}", "x.yml").data["key"], Bare)


@pytest.mark.parametrize("text", ['"2023-11-17"', "'2023'", "20231", "770", "2023x", "gpt-2023", '"../2024"'])
def test_a_quoted_date_and_what_is_no_date_are_not_bare(text: str):
    assert not isinstance(read_document(f"key: {text}", "x.yml").data["key"], Bare)


def test_every_value_knows_its_line_and_column():
    document = read_document("one:\n  - two: three\n    four: five\n", "x.yml")
    assert document.place(("one", 0, "four")) == (3, 11)
    assert document.place(("one", 0, "four"), at_key=True) == (3, 5)
    assert document.place(("one", 0)) == (2, 5)
    assert document.place(()) == (1, 1)


def test_a_value_that_is_missing_has_the_place_of_what_it_should_stand_in():
    document = read_document("one:\n  two: three\n", "x.yml")
    assert document.place(("one", "four")) == (2, 3)
    assert document.place(("one", "two", "five")) == (2, 8)
    assert document.place(("one", 3)) == (2, 3)


def test_columns_count_characters_and_not_bytes():
    assert read_document("奥特曼: [阿尔特曼, x]", "x.yml").place(("奥特曼", 1)) == (1, 13)


def test_the_first_of_two_equal_keys_stays_and_the_second_is_a_fault():
    document = read_document("a: 1\nb: 2\na: 3\n", "x.yml")
    assert document.data == {"a": "1", "b": "2"}
    assert faults(document) == ["x.yml:3:1: key a stands twice; keep one of the two"]


def test_equal_keys_of_different_maps_are_no_fault():
    assert faults(read_document("- {a: 1}\n- {a: 2}\n", "x.yml")) == []


def test_an_alias_is_refused():
    assert faults(read_document("a: &x [1]\nb: *x\n", "x.yml")) == [
        "x.yml:1:4: aliases and deep nesting are not used here; write the value out"
    ]


@pytest.mark.parametrize("text", ["a: &x b\nc: *x\n", "&x a: *x\n", "a: &x b\n*x : c\n"])
def test_an_alias_of_a_word_is_refused_and_leaves_the_word(text: str):
    document = read_document(text, "x.yml")
    assert [fault.message for fault in document.faults] == ["aliases and deep nesting are not used here; write the value out"]
    assert None not in document.data.values()


def test_an_alias_of_itself_ends_in_a_fault_and_not_in_a_loop():
    assert len(read_document("&x [*x, *x]", "x.yml").faults) == 2


def test_aliases_upon_aliases_do_not_blow_up():
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    assert len(read_document("\n".join(lines), "x.yml").faults) == 29 * 9


def test_a_merge_key_is_a_key_like_any_other():
    assert read_document("<<: {a: 1}", "x.yml").data == {"<<": {"a": "1"}}


def test_a_tag_of_one_s_own_is_refused():
    assert faults(read_document("a: !python/object 1", "x.yml")) == ["x.yml:1:4: tag !python/object is not used here; remove it"]


def test_a_key_that_is_a_list_is_refused():
    assert faults(read_document("? [a, b]\n: c\n", "x.yml")) == ["x.yml:1:3: a key must be a plain word; write it as text"]


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing\n", "\ufeff"])
def test_an_empty_file_is_a_fault(tmp_path: Path, text: str):
    (tmp_path / "x.yml").write_text(text, encoding="utf-8")
    assert faults(read_file(tmp_path / "x.yml", "x.yml")) == ["x.yml:1:1: the file is empty; remove it or write what it is for"]


def test_twelve_levels_are_read_and_thirteen_are_too_deep():
    assert faults(read_document("[" * 13 + "]" * 13, "x.yml")) == []
    assert faults(read_document("[" * 14 + "]" * 14, "x.yml")) == [
        "x.yml:1:14: aliases and deep nesting are not used here; write the value out"
    ]


# The C composer recurses without a limit: composing these 2 MB would break the stack and end Python.
def test_a_million_levels_are_a_fault_and_not_a_crash():
    program = "from leadership.reading import read_document; print(len(read_document('[' * 1000000 + ']' * 1000000, 'x').faults))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=paths.ROOT / "scripts", check=False)
    assert (done.returncode, done.stdout) == (0, "1\n")


@pytest.mark.parametrize("text", ["[" * 9000 + "]" * 9000, "- " * 9000 + "x", "\n".join(" " * n + "a:" for n in range(4000))])
def test_what_is_nested_beyond_measure_is_not_composed(text: str):
    (fault,) = read_document(text, "x.yml").faults
    assert fault.message == "nested too deeply; a sheet needs no more than six levels"
    assert max(fault.line, fault.column) > 100


def test_a_long_file_that_is_not_deep_is_read():
    assert read_document("[" + "[a], " * 6000 + "]", "x.yml").faults == []


def test_invalid_yaml_is_a_fault_at_its_place():
    assert faults(read_document("a: 1\nb: 'x\n", "x.yml")) == [
        "x.yml:3:1: not valid YAML: found unexpected end of stream; check quotes, commas and indentation here"
    ]


def test_a_second_document_is_a_fault():
    assert faults(read_document("a: 1\n---\nb: 2\n", "x.yml")) == [
        "x.yml:2:1: not valid YAML: but found another document; check quotes, commas and indentation here"
    ]


def test_a_tab_as_indentation_is_a_fault():
    assert read_document("a:\n\tb: 1\n", "x.yml").faults[0].line == 2


def test_a_nul_byte_is_a_fault():
    assert faults(read_document("a: \0", "x.yml")) == [
        "x.yml:1:4: not valid YAML: character U+0000 is not allowed in YAML; check quotes, commas and indentation here"
    ]


def test_a_character_that_yaml_does_not_allow_is_reported_at_its_line_and_column():
    assert faults(read_document("a: 奥特曼\nb: 董事会\x07\n", "x.yml")) == [
        "x.yml:2:7: not valid YAML: character U+0007 is not allowed in YAML; check quotes, commas and indentation here"
    ]


def test_a_file_that_is_not_utf_8_is_a_fault_at_the_byte(tmp_path: Path):
    (tmp_path / "x.yml").write_bytes(b"a: 1\nb: caf\xe9\n")
    assert faults(read_file(tmp_path / "x.yml", "x.yml")) == ["x.yml:2:7: is not UTF-8 here; save the file as UTF-8"]


def test_a_byte_order_mark_and_windows_line_ends_are_read_over(tmp_path: Path):
    (tmp_path / "x.yml").write_bytes(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n")
    document = read_file(tmp_path / "x.yml", "x.yml")
    assert (document.data, document.place(("b",))) == ({"a": "1", "b": "2"}, (2, 4))


def test_a_file_that_is_missing_or_a_folder_is_a_fault(tmp_path: Path):
    assert faults(read_file(tmp_path / "x.yml", "x.yml")) == [
        "x.yml: cannot be read (No such file or directory); check that it is there and yours to read"
    ]
    assert faults(read_file(tmp_path, "x.yml")) == ["x.yml: cannot be read (Is a directory); check that it is there and yours to read"]


def test_a_file_that_is_too_large_is_a_fault(tmp_path: Path):
    (tmp_path / "x.yml").write_bytes(b"#" * (MAX_BYTES + 1))
    assert faults(read_file(tmp_path / "x.yml", "x.yml")) == ["x.yml: is larger than 8 MB; split the sheet"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title: Episode #3", ["x.yml:1:8: YAML takes #3 for a comment; put the text into quotes, or a space behind # where it is one"]),
        ("- {label: The tag #metoo, kind: x}", None),  # and the brace is part of the comment, too
        (
            "a:\n  - 首席 #OpenAI 说",
            ["x.yml:2:5: YAML takes #OpenAI for a comment; put the text into quotes, or a space behind # where it is one"],
        ),
        ('title: "Episode #3"', []),
        ("title: 'Episode #3'", []),
        ("title: Episode#3", []),
        ("title: Episode  # the third", []),
        ("title: Episode\n  #- {find: x}\n", []),
        ("title: >-\n  Episode #3\n", []),
    ],
)
def test_text_of_which_the_rest_would_be_a_comment_is_a_fault(text: str, said: list[str] | None):
    faults = [str(fault) for fault in read_document(text, "x.yml").faults]
    assert (faults == said) if said is not None else ("not valid YAML" in faults[0])
