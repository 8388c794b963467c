"""From statements to rows: each table as a list of rows whose cells are the accepted values.

In: the catalogue, the batches of sheets, the ranked statements. Out: rows by table, in order of their ids. Nothing is
decided here: a cell is the value of the preferred statement, several values are a JSON array, and an open cell is None.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import chain
from operator import attrgetter, itemgetter

from .accepted import Accepted
from .batches.batch import Batch, SpelledName
from .batches.cores import beside, cores
from .batches.packs import Cells, unpack_all
from .catalogue import Catalogue
from .folding import fold
from .happened import participant_rows, subject_rows
from .history import history_rows
from .known import NameRow, code_rows, decision_rows, name_rows, source_rows, statement_rows
from .labels import Labels, labels_of
from .rows import Row, Rows
from .schema import KINDS
from .settling import Origins, Statement
from .tables import TABLES

STATEMENTS_TO_FORK_FOR = 5_000
SUMMARIES = ("summary", "gist", "position", "reliability")  # the column that says in a sentence what something is
ABOUT = ("person_id", "speaker_id")  # whose names lead to a row as well

Tables = dict[str, list[Row] | Rows]
Spellings = dict[str, list[str]]  # by the id of a subject


def project(catalogue: Catalogue, batches: list[Batch], statements: list[Statement]) -> Tables:
    """Return the rows of every table but `build_info` and `findings`, keyed by table name.

    What no row of a subject is made from is made by a process beside where it is so much that this pays. Raises WorkerLost if that ends too
    early.
    """
    accepted, labels = Accepted(catalogue, statements), labels_of(catalogue)
    blank_counts = {source: count for batch in batches for source, count in batch.blank_counts.items()}
    spelled = _take_names(batches)
    fork = cores() > 1 and len(statements) >= STATEMENTS_TO_FORK_FOR
    with beside(partial(_make_the_rest, accepted, labels, blank_counts, spelled), fork) as made:
        subjects = {kind.table: Rows.of(kind.table, rows) for kind, rows in subject_rows(accepted, labels)}
        tables: Tables = {
            "passages": _gathered("passages", batches),
            "set_aside": _gathered("set_aside", batches),
            "claims": _with_origins(_gathered("claims", batches), accepted.origins, catalogue),
            "decisions": decision_rows(catalogue),
            "codes": code_rows(catalogue),
            **history_rows(catalogue),
        }
        rest = made()
    hub = _hub_rows(subjects | rest, _spellings(rest["names"]))
    return {**subjects, **rest, **tables, "subjects": Rows.of("subjects", hub, "search_text")}


def _make_the_rest(accepted: Accepted, labels: Labels, blank_counts: dict[str, int], spelled: list[SpelledName]) -> dict[str, Rows]:
    return {
        "event_participants": Rows.of("event_participants", participant_rows(accepted, labels)),
        "sources": Rows.of("sources", source_rows(accepted, labels, blank_counts)),
        "statements": _in_order("statements", statement_rows(accepted)),
        "names": Rows.packing(NameRow._fields, map(tuple, sorted(name_rows(accepted.catalogue, spelled), key=attrgetter("id")))),
    }


def _in_order(table: str, rows: Iterable[Row]) -> Rows:
    """Pack rows that come in order of their ids."""
    columns = TABLES[table].column_names
    return Rows.packing(columns, map(itemgetter(*columns), rows))


def _gathered(table: str, batches: list[Batch]) -> Rows:
    """Return the rows that the batches have ready."""
    packs = [batch.packed[table] for batch in batches]
    return Rows(TABLES[table].column_names, sum(batch.counts[table] for batch in batches), partial(unpack_all, packs))


def _with_origins(claims: Rows, origins: Origins, catalogue: Catalogue) -> Rows:
    """Put the origin of each claim in the place of its speaker: claims were packed before all sources were known."""
    place = claims.columns.index("origin_id")
    known = {source.id: origins.of(source.id) for source in catalogue.of_kind("source")}

    def cells() -> Iterator[Cells]:
        for row in claims.cells():
            origin = known.get(row[place], row[place])
            yield row if origin == row[place] else (*row[:place], origin, *row[place + 1 :])

    return Rows(claims.columns, claims.count, cells)


def _take_names(batches: list[Batch]) -> list[SpelledName]:
    """Return the names that sources use, in order of the sources; the batches, which need them no more, let go of them."""
    names = sorted(chain.from_iterable(batch.names for batch in batches), key=attrgetter("source"))
    for batch in batches:
        batch.names = []
    return names


def _spellings(names: Rows) -> Spellings:
    spellings: Spellings = defaultdict(list)
    for subject, text in names.pick("subject_id", "text"):
        spellings[subject].append(text)
    return spellings


def _hub_rows(subjects: dict[str, Rows], spellings: Spellings) -> Iterator[Row]:
    """Yield the hub's rows; `search_text` is for the full-text index and not a column."""
    for kind in KINDS.values():
        for key, label, label_zh, standing, *more in subjects[kind.table].pick("id", "label", "label_zh", "standing", *SUMMARIES, *ABOUT):
            summary = next(filter(None, more[: len(SUMMARIES)]), None)
            # A tenure, departure, figure or remark is also found by every name of the person or organisation that it is about.
            about = filter(None, (key, *more[len(SUMMARIES) :]))
            names = [text for subject in about for text in spellings.get(subject, ())]
            yield {
                "id": key,
                "kind": kind.name,
                "label": label,
                "label_zh": label_zh,
                "summary": summary,
                "table_name": kind.table,
                "standing": standing,
                "search_text": fold(" \n".join(dict.fromkeys([label, label_zh, summary or "", *names]))),
            }
