"""The data in the formats that people work with: SQLite, CSV, JSON Lines, Parquet, Excel.

In: what the database holds, and a folder. Out: files whose every cell is that of the database; each function returns the paths
that it wrote. The same database gives the same bytes (with the same versions of the libraries): no file holds a time.
"""

from __future__ import annotations

import csv
import gzip
import json
import shutil
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from io import BytesIO
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from leadership.opening import open_database

from .contents import Contents, DescribedColumn, DescribedTable, Row, Type, read_rows

ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip can give
ROWS_AT_ONCE = 50_000
ARROW_TYPES: dict[Type, pa.DataType] = {"text": pa.string(), "integer": pa.int64(), "number": pa.float64()}


def write_gzip(path: Path) -> list[Path]:
    """Compress a file beside itself."""
    target = path.with_name(path.name + ".gz")
    with path.open("rb") as plain, target.open("wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        shutil.copyfileobj(plain, packed)
    return [target]


def write_zip(target: Path, files: Iterable[Path]) -> list[Path]:
    """Pack files into a zip, without their folders, in order of their names; in memory, lest a full disk is told of twice."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for path in sorted(files, key=lambda path: path.name):
            entry = zipfile.ZipInfo(path.name, ZIP_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, whatever the machine: it decides how the next line is read
            entry.external_attr = 0o100644 << 16
            packed.writestr(entry, path.read_bytes())
    target.write_bytes(buffer.getbuffer())
    return [target]


def write_csv(contents: Contents, folder: Path) -> list[Path]:
    """Write each table and view as CSV: UTF-8, a header, line feeds; NULL is an empty field."""
    folder.mkdir()
    paths = []
    for table, rows in _tables(contents):
        paths.append(folder / f"{table.name}.csv")
        with paths[-1].open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(column.name for column in table.columns)
            writer.writerows(rows)
    return paths


def write_jsonl(contents: Contents, folder: Path) -> list[Path]:
    """Write each table and view as JSON Lines: one object a row with every column, null where NULL; arrays stay text."""
    folder.mkdir()
    paths = []
    for table, rows in _tables(contents):
        paths.append(folder / f"{table.name}.jsonl")
        names = [column.name for column in table.columns]
        with paths[-1].open("w", encoding="utf-8", newline="") as file:
            for row in rows:
                file.write(json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False, allow_nan=False) + "\n")
    return paths


def write_parquet(contents: Contents, folder: Path) -> list[Path]:
    """Write each table and view as Parquet, described within: text as string, integers as int64, numbers as double."""
    folder.mkdir()
    paths = []
    for table, rows in _tables(contents):
        paths.append(folder / f"{table.name}.parquet")
        schema = arrow_schema(contents, table)
        with pq.ParquetWriter(paths[-1], schema, compression="zstd", compression_level=9) as writer:
            for batch in _batches(rows, schema):
                writer.write_batch(batch)
    return paths


def arrow_schema(contents: Contents, table: DescribedTable) -> pa.Schema:
    """Return the schema of a table, with what there is to say of it and of its columns as metadata."""
    about = {
        "title": table.title,
        "description": table.description,
        "dataset": contents.title,
        "version": contents.version,
        "logical_digest": contents.digest,
        "licence": contents.licence,
    }
    if table.key:
        about["primary_key"] = table.key
    return pa.schema([_arrow_field(column) for column in table.columns], about)


def _arrow_field(column: DescribedColumn) -> pa.Field:
    about = {"description": column.description, "references": column.references, "codes": column.codes, "form": column.form}
    return pa.field(column.name, ARROW_TYPES[column.type], not column.required, {key: text for key, text in about.items() if text})


def _batches(rows: Iterator[Row], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    while chunk := list(islice(rows, ROWS_AT_ONCE)):
        columns = zip(*chunk, strict=True)
        yield pa.record_batch([_arrow_array(cells, field.type) for cells, field in zip(columns, schema, strict=True)], schema=schema)


def _arrow_array(cells: Row, type_: pa.DataType) -> pa.Array:
    """Make a column. Arrow itself would refuse a whole number beyond 2 ** 53 as a double, also where the double is exact."""
    if type_ == pa.float64():
        cells = tuple(None if cell is None else float(cell) for cell in cells)
    return pa.array(cells, type_)


def _tables(contents: Contents) -> Iterator[tuple[DescribedTable, Iterator[Row]]]:
    """Yield each table and view with its rows."""
    with closing(open_database(contents.database)) as connection:
        for table in contents.tables:
            yield table, read_rows(connection, table)
