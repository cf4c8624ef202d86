"""Applications as a DataFrame: Parquet by the session, anything else by the contract's reading."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from equipoise.cluster.telling import told_plainly
from equipoise.contract import Contract, read_table
from equipoise.progress import Progress, Silent

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

FILE, AT = "__file", "__at"  # of a row of Parquet: which file holds it, and where in it


@contextmanager
def read_applications(
    session: SparkSession, folder: Path, contract: Contract, progress: Progress | None = None
) -> Iterator[DataFrame]:
    """What the contract calls `data`, as a DataFrame of columns as written.

    A Parquet file or a folder of them, or an address that the session knows (as s3a://...), is
    read by the session; rows then carry their file and place, so that their order is that of the
    data, however Spark hands them out. Any other file is read on this machine as `fit` reads it.
    """
    where = contract.data if "://" in contract.data else str(contract.data_path(folder))
    if "://" in where or Path(where).is_dir() or _is_parquet(Path(where)):
        with told_plainly("reading the data"):
            yield session.read.parquet(where).selectExpr(
                "*", f"_metadata.file_path AS {FILE}", f"_metadata.row_index AS {AT}"
            )
        return
    with (progress or Silent()).step("Reading the data"):
        frame, _ = read_table(where, contract.layout)
        applications = session.createDataFrame(frame.to_arrow())
    yield applications


def _is_parquet(path: Path) -> bool:
    return path.is_file() and path.open("rb").read(4) == b"PAR1"
