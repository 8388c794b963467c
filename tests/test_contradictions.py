"""What contradicts itself, or another word of the same file, is a fault with its place, though each word of it alone could stand."""

from __future__ import annotations

import pytest
from conftest import SHEET, RawFolder
from read_source import FILE, add_read_source

PAGE = "      - {event: altman-returns, mode: plan}\n"
CHANGE = 'subject: openai-headcount, property: value, from: "800", to: "770"'
REMOVED = "{kind: removed, subject: samuel-altman}"
WORDS = "must be words on one line, without a space at either end"

# (file, what stands there, what is written in its place, what is said of it: without "raw/" before the file)
CASES = [
    (FILE, 'read_on: "2024-01-02"', 'read_on: "2024"', "12:12: 2024 is not a day; write it as YYYY-MM-DD"),
    (
        FILE,
        'read_on: "2024-01-02"',
        'read_on: "2023-11-22"',
        "12:12: 2023-11-22 is before 2023-11-24[America/Los_Angeles], when it was published; correct one of the two",
    ),
    (FILE, "find: 首席执行官奥特慢", 'find: "奥特慢 "', f"28:11: find {WORDS}"),
    (FILE, "title_en: Gamma on the affair", 'title_en: "Gamma\\non the affair"', f"4:13: title_en {WORDS}"),
    (
        FILE,
        "title_en: Gamma on the affair",
        'title_en: "Gamma \\uffff"',
        "4:13: character U+FFFF cannot be seen here and is not allowed; remove it",
    ),
    (
        FILE,
        "url: https://news.example/altman",
        'url: "https://[news.example/altman"',
        "9:8: url must be a web address such as https://example.org/page, without quotes, brackets or spaces",
    ),
    (
        FILE,
        "  read_how: repost",
        "  derived_from: gamma-original\n  read_how: repost",
        "11:17: derived_from says of what it is made, and derived_how how; write both",
    ),
    (
        FILE,
        "  read_how: repost",
        "  derived_how: summary\n  read_how: repost",
        "11:16: derived_from says of what it is made, and derived_how how; write both",
    ),
    (
        FILE,
        "  read_how: repost",
        "  origin: gamma\n  read_how: repost",
        "11:11: origin leads from gamma and back; correct it in one of them",
    ),
    (FILE, PAGE, "      - {organisation: openai, parent_id: openai}\n", "30:43: openai leads to itself; name another"),
    (
        FILE,
        PAGE,
        "      - {departure: altman-openai-2023, same_as: altman-openai-2023}\n",
        "30:50: altman-openai-2023 leads to itself; name another",
    ),
    (
        FILE,
        PAGE,
        "      - {event: altman-returns, participant: {sam-altman: {part: representative, for: sam-altman}}}\n",
        "30:87: sam-altman acts for itself, which goes without saying; write the part alone",
    ),
    (
        FILE,
        PAGE,
        "      - {event: altman-returns, via: gamma}\n",
        "30:38: gamma is this source itself; via names whom it has it from",
    ),
    (
        FILE,
        PAGE,
        "      - {event: altman-returns, attribution: own_voice, by: sam-altman}\n",
        "30:46: own_voice is the word of the source itself, and by names another; remove one of the two",
    ),
    (SHEET, "why: repeats, of: 5", "why: repeats, of: 6", "54:36: line 6 does not repeat itself; name the line that says it first"),
    (
        SHEET,
        "why: repeats, of: 5",
        "why: repeats, of: 2",
        "54:36: line 2 has nothing on it to be repeated; name the line that says it first",
    ),
    ("remarks.yml", "about: [openai]", "about: altman-farewell", "1:116: altman-farewell leads to itself; name another"),
    (
        "interpretations.yml",
        "position: The",
        "opposes: board-lost-trust, position: The",
        "1:93: board-lost-trust leads to itself; name another",
    ),
    (
        "departures.yml",
        "person: sam-altman",
        "label: The chief leaves",
        "1:8: names nobody who leaves; write person, or label and label_zh",
    ),
    (
        "decisions.yml",
        'accept: "770"\n',
        'also_true: ["770"]\n  as: plan\n',
        "6:7: as says for what the accepted value is taken, and none is accepted; remove it or write accept",
    ),
    (
        "releases.yml",
        CHANGE,
        f"table: events, {CHANGE}".replace("property: value", "property: kind"),
        "6:32: openai-headcount stands in figures and not in events; leave out table",
    ),
    (
        "releases.yml",
        "subject: openai-headcount, property: value",
        "subject: sam-altman, property: name",
        "6:96: headcount-by-alpha is a decision about openai-headcount and not about sam-altman; name that one",
    ),
    ("releases.yml", CHANGE, CHANGE.replace("800", "770"), "6:86: 770 is what it was before; correct from or to"),
    (
        "releases.yml",
        REMOVED,
        REMOVED.replace("samuel", "sam"),
        "7:32: sam-altman stands in people and is not removed; name what was, or withdraw the id in raw/redirects.yml",
    ),
    ("releases.yml", "summary: A correction.", 'summary: "A\\n\\n# correction."', f"4:12: summary {WORDS}"),
]


@pytest.mark.parametrize(("file", "old", "new", "said"), CASES, ids=[f"{file}: {new.strip()}" for file, _, new, _ in CASES])
def test_what_contradicts_itself_is_said_once_and_at_its_place(raw: RawFolder, file: str, old: str, new: str, said: str):
    raw.add_history()
    add_read_source(raw)
    raw.change(file, old, new)
    assert raw.faults() == [f"raw/{file}:{said}"]


def test_a_day_of_reading_may_be_that_of_publication_in_whichever_zone(raw: RawFolder):
    add_read_source(raw)
    raw.change(FILE, 'read_on: "2024-01-02"', 'read_on: "2023-11-24"')
    assert raw.faults() == []


NAMELESS = "- {id: chief-openai-2023, organisation: openai, label: The chief leaves, label_zh: 主管离开}\n"
ELSEWHERE = "- {id: murati-alpha-2023, person: mira-murati, organisation: alpha-news}\n"


@pytest.mark.parametrize(
    ("exits", "entry", "said"),
    [
        (NAMELESS, "{departure: chief-openai-2023, same_as: altman-openai-2023}", []),
        (
            NAMELESS,
            "{departure: altman-openai-2023, same_as: chief-openai-2023}",
            ["50: altman-openai-2023 names who leaves; same_as is said of an exit that names nobody"],
        ),
        (
            NAMELESS + NAMELESS.replace("chief", "head"),
            "{departure: head-openai-2023, same_as: chief-openai-2023}",
            ["48: chief-openai-2023 names nobody either; name the exit of the person"],
        ),
        (
            NAMELESS + ELSEWHERE,
            "{departure: chief-openai-2023, same_as: murati-alpha-2023}",
            ["49: murati-alpha-2023 is no exit from openai; name one from there"],
        ),
    ],
    ids=["an exit that names nobody", "one that names somebody", "both name nobody", "another organisation"],
)
def test_an_exit_is_the_same_as_another_only_where_that_names_who_leaves_the_same_organisation(
    raw: RawFolder, exits: str, entry: str, said: list[str]
):
    add_read_source(raw)
    declared = (raw.folder / "departures.yml").read_text(encoding="utf-8")
    raw.replace("departures.yml", declared + exits)
    others = [one for one in ("chief-openai-2023", "head-openai-2023", "murati-alpha-2023") if f"id: {one}" in exits]
    raw.change(FILE, PAGE, "".join(f"      - {one}\n" for one in (entry, *(f"{{departure: {other}}}" for other in others))))
    assert raw.faults() == [f"raw/{FILE}:30:{one}" for one in said]


def test_sources_that_have_it_from_one_another_are_a_fault_by_whichever_keys(raw: RawFolder):
    add_read_source(raw)
    raw.change(FILE, "  read_how: repost", "  derived_from: alpha\n  derived_how: summary\n  read_how: repost")
    raw.change(SHEET, "  kind: article", "  kind: article\n  origin: gamma")
    assert raw.faults() == ["raw/sources/alpha.yml:8:11: origin leads from alpha to gamma and back; correct it in one of them"]


def test_organisations_that_are_parts_of_one_another_are_a_fault(raw: RawFolder):
    add_read_source(raw)
    raw.change(FILE, PAGE, "      - {organisation: openai, parent_id: beta-news}\n      - {organisation: beta-news, parent_id: openai}\n")
    assert raw.faults() == [f"raw/{FILE}:31:1: beta-news and openai are parts of one another; correct one parent_id or write a decision"]


@pytest.mark.parametrize("key", ["read_on", "published"])
def test_a_day_that_a_draft_does_not_give_yet_contradicts_nothing(raw: RawFolder, key: str):
    add_read_source(raw)
    raw.change(FILE, *{"read_on": ('"2024-01-02"', "TODO"), "published": ('"2023-11-24"', "TODO")}[key])
    assert raw.faults() == [
        f"raw/{FILE}:{7 if key == 'published' else 12}:3: the sheet is still a draft; write what belongs in the place of TODO at {key}"
    ]


CODES = "manner:\n"
NEW = "  sent_off: {{label: Sent off, zh: 送走, means: Sent off.{}}}\n"


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (NEW.format("").replace("sent_off", "sent off"), "sent off is no code; write letters, digits, _ and - without spaces"),
        (NEW.format(", since: soon"), "soon is not a date; write YYYY"),
        (NEW.format(', since: "2024"'), "2024 is not a day; write it as YYYY-MM-DD"),
        (NEW.format(', since: "2024-02-01", until: "2024-01-31"'), "2024-01-31 is before 2024-02-01; swap the two"),
    ],
    ids=["a space", "a word", "a year", "an end before its start"],
)
def test_a_code_is_a_word_that_counts_from_day_to_day(raw: RawFolder, code: str, message: str):
    raw.change("codes.yml", f"\n{CODES}", f"\n{CODES}{code}")
    (fault,) = raw.faults()
    assert message in fault
    assert fault.startswith("raw/codes.yml:")
