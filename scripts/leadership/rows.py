"""Rows of tables on their way to the file: as maps from column to cell, and packed, for tables may have millions of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from operator import itemgetter
from typing import Any

from .batches.packs import Cells, pack_all, unpack_all
from .schema import MODES
from .tables import TABLES, Row

ENCODE = json.JSONEncoder(ensure_ascii=False).encode


class Rows:
    """The rows of a table, packed; they are unpacked as bare tuples of cells, and whoever goes through them gets rows."""

    def __init__(self, columns: Iterable[str], count: int, cells: Callable[[], Iterable[Cells]]):
        self.columns = tuple(columns)
        self.count = count
        self.cells = cells

    @classmethod
    def of(cls, table: str, rows: Iterable[Row], *more: str) -> Rows:
        """Keep the cells of rows that have the columns of a table, and `more` columns, in order of the ids."""
        columns = (*TABLES[table].column_names, *more)
        return cls.packing(columns, sorted(map(itemgetter(*columns), rows), key=itemgetter(0)))

    @classmethod
    def packing(cls, columns: Iterable[str], cells: Iterable[Cells]) -> Rows:
        """Pack rows that come in order."""
        packs, count = pack_all(cells)
        return cls(columns, count, partial(unpack_all, packs))

    def __iter__(self) -> Iterator[Row]:
        return (dict(zip(self.columns, cells, strict=True)) for cells in self.cells())

    def pick(self, *columns: str) -> Iterator[Cells]:
        """Yield of each row the cells of some columns, None for a column that the table has not."""
        places = [self.columns.index(name) if name in self.columns else len(self.columns) for name in columns]
        return map(itemgetter(*places), ((*cells, None) for cells in self.cells()))

    def __len__(self) -> int:
        return self.count


def by_id(row: Row) -> str:
    """Return what rows are ordered by."""
    return str(row["id"])


def stands(row: Row) -> bool:
    """Tell whether no source at hand shows that it is not so."""
    return bool(row["standing"] != "refuted")


def is_fact(row: Row) -> bool:
    """Tell whether something is told as a fact, and not only planned or predicted, and stands."""
    return stands(row) and bool(row["asserted_as"] == MODES[0])


def to_json(values: Iterable[Any]) -> str | None:
    """Return a JSON array, None if there is nothing to list."""
    values = list(values)
    return ENCODE(values) if values else None
