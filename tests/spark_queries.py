"""Run queries over the Parquet files of a release with Spark on this machine, and print what each gives.

Run by the Python that has pyspark. In: the folder with one `<table>.parquet` for each table or view, and on standard input a JSON
object from a query's name to its SQL. Out, on standard output: a JSON object from the name to its rows, decimal numbers as floating
ones. One process, two threads, no web interface, bound to 127.0.0.1.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
os.environ.setdefault("PYSPARK_PYTHON", sys.executable)

from pyspark.sql import SparkSession


def start(scratch: str) -> SparkSession:
    """Start Spark in this process; what it must write goes to `scratch`."""
    return (
        SparkSession.builder.master("local[2]")
        .appName("openai-leadership-changes")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.memory", "768m")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "1")
        .config("spark.sql.warehouse.dir", scratch)
        .config("spark.local.dir", scratch)
        # The tables are small: to compile a query would take longer than to run it.
        .config("spark.sql.codegen.wholeStage", "false")
        .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
        .config("spark.sql.adaptive.enabled", "false")
        .config("spark.driver.extraJavaOptions", "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto")
        # "when" is a column of the timeline: read double quotes as SQL does.
        .config("spark.sql.ansi.enabled", "true")
        .config("spark.sql.ansi.doubleQuotedIdentifiers", "true")
        .getOrCreate()
    )


def register(spark: SparkSession, folder: Path) -> None:
    """Make a view of each Parquet file, under the name of its table."""
    for file in sorted(folder.glob("*.parquet")):
        spark.read.parquet(str(file)).createOrReplaceTempView(file.stem)


def main() -> None:
    queries = json.load(sys.stdin)
    with tempfile.TemporaryDirectory(prefix="spark-") as scratch:
        spark = start(scratch)
        spark.sparkContext.setLogLevel("OFF")
        register(spark, Path(sys.argv[1]))
        json.dump({name: [list(row) for row in spark.sql(sql).collect()] for name, sql in queries.items()}, sys.stdout, default=float)
        spark.stop()


if __name__ == "__main__":
    main()
