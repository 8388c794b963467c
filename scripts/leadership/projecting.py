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
from .labels import labels_of
from .rows import Row, Rows
from .schema import KINDS
from .settling import Origins, Statement
from .tables import TABLES

STATEMENTS_TO_FORK_FOR = 5_000

Tables = dict[str, list[Row] | Rows]
Spellings = dict[str, list[str]]  # by the id of a subject


def project(catalogue: Catalogue, batches: list[Batch], statements: list[Statement]) -> Tables:
    """Return the rows of every table but `build_info` and `findings`, keyed by table name.

    Statements and names, which no row of a subject is made from, are made by a process beside where they are so many that this pays.
    Raises WorkerLost if it ends too early.
    """
    accepted, labels = Accepted(catalogue, statements), labels_of(catalogue)
    blank_counts = {source: count for batch in batches for source, count in batch.blank_counts.items()}
    spelled = _take_names(batches)
    with beside(partial(_statements_and_names, accepted, spelled), fork=cores() > 1 and len(statements) >= STATEMENTS_TO_FORK_FOR) as made:
        tables: Tables = {
            **{kind.table: Rows.of(kind.table, rows) for kind, rows in subject_rows(accepted, labels)},
            "event_participants": Rows.of("event_participants", participant_rows(accepted, labels)),
            "sources": Rows.of("sources", source_rows(accepted, labels, blank_counts)),
            "passages": _gathered("passages", batches),
            "set_aside": _gathered("set_aside", batches),
            "claims": _with_origins(_gathered("claims", batches), accepted.origins, catalogue),
            "decisions": decision_rows(catalogue),
            "codes": code_rows(catalogue),
            **history_rows(catalogue),
        }
        tables |= made()
    tables["subjects"] = Rows.of("subjects", _hub_rows(tables, _spellings(tables["names"])), "search_text")
    return tables


def _statements_and_names(accepted: Accepted, spelled: list[SpelledName]) -> Tables:
    return {
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
            yield (*row[:place], known.get(row[place], row[place]), *row[place + 1 :])

    return Rows(claims.columns, claims.count, cells)


def _take_names(batches: list[Batch]) -> list[SpelledName]:
    """Return the names that sources use, in order of the sources; the batches, which need them no more, let go of them."""
    names = sorted(chain.from_iterable(batch.names for batch in batches), key=attrgetter("source"))
    for batch in batches:
        batch.names = []
    return names


def _spellings(names: Iterable[Row]) -> Spellings:
    spellings: Spellings = defaultdict(list)
    for name in names:
        spellings[name["subject_id"]].append(name["text"])
    return spellings


def _hub_rows(tables: Tables, spellings: Spellings) -> Iterator[Row]:
    """Yield the hub's rows; `search_text` is for the full-text index and not a column."""
    for kind in KINDS.values():
        for row in tables[kind.table]:
            summary = row.get("summary") or row.get("gist") or row.get("position") or row.get("reliability")
            # A tenure, departure, figure or remark is also found by every name of the person or organisation that it is about.
            about = [row["id"], row.get("person_id"), row.get("speaker_id")]
            names = [text for subject in about if subject for text in spellings.get(subject, ())]
            yield {
                "id": row["id"],
                "kind": kind.name,
                "label": row["label"],
                "label_zh": row["label_zh"],
                "summary": summary,
                "table_name": kind.table,
                "standing": row.get("standing"),
                "search_text": fold(" \n".join(dict.fromkeys([row["label"], row["label_zh"], summary or "", *names]))),
            }
