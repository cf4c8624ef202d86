"""Applications where a session finds them: files of its formats, or a table of its catalogue."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from equipoise.cluster.places import Place
from equipoise.errors import BadInput, Span

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

FORMATS = {".parquet": "parquet", ".csv": "csv", ".orc": "orc"}
# cells as they are written, a quote within quotes written twice; a file whose header is another one
# is refused by Spark itself
_CSV = {
    "header": "true",
    "inferSchema": "false",
    "enforceSchema": "false",
    "nullValue": "",
    "escape": '"',
}


def applications_at(session: SparkSession, source: str) -> DataFrame:
    """The applications of a file, of a folder of files of one format, or of a table by its name.

    Cells of CSV come as text, which the contract reads. Raises BadInput where there is no such
    source, where a folder's files are of several formats, or lack a column that others have.
    """
    return rows_at(session, source, kind_of(session, source, "applications"))


def rows_at(session: SparkSession, source: str, kind: str | None) -> DataFrame:
    """The rows of a source whose kind is known. Raises as `applications_at` does."""
    if kind is None:
        return session.table(source)
    reader = session.read.options(**_CSV) if kind == "csv" else session.read
    frame = reader.format(kind).load(source)
    if kind != "csv":
        _refuse_uneven(session, frame, kind)
    return frame


def kind_of(session: SparkSession, source: str, what: str) -> str | None:
    """The format of files that hold `what`; None for a table. Raises BadInput."""
    ending = PurePosixPath(source.rstrip("/")).suffix.lower()
    is_path = "/" in source or ending in FORMATS
    if not is_path and session.catalog.tableExists(source):
        return None
    names = Place(session, source).files_below()
    if names is None:
        raise BadInput(
            "there is no such file, folder or table",
            where=Span(source),
            mend="give a path or a URL that the session reads, or the name of a table",
        )
    if not names:
        raise BadInput(f"the folder holds no {what}", where=Span(source))
    kinds = {FORMATS.get(PurePosixPath(name).suffix.lower(), "") for name in names}
    if len(kinds) != 1 or "" in kinds:
        raise BadInput(
            "these are not files of one format",
            where=Span(source),
            mend=f"give a folder of files that all end in one of {', '.join(FORMATS)}",
        )
    return kinds.pop()


def _refuse_uneven(session: SparkSession, frame: DataFrame, kind: str) -> None:
    """Raises BadInput where a file has not the columns that others have: Spark would read nulls."""
    files = frame.inputFiles()
    if len(files) < 2:
        return
    columns = {path: _columns_of(session, path, kind) for path in files}
    every = dict.fromkeys(name for names in columns.values() for name in names)
    for path, names in columns.items():
        lacking = [name for name in every if name not in names]
        if lacking:
            raise BadInput(
                f"column '{lacking[0]}' is missing in this file, and others of the source have it",
                where=Span(path),
                field=lacking[0],
                mend="write the file again with it, or take the file out",
            )


def _columns_of(session: SparkSession, path: str, kind: str) -> list[str]:
    if kind != "parquet":
        return list(session.read.format(kind).load(path).columns)
    jvm: Any = session.sparkContext._jvm
    conf = session._jsparkSession.sessionState().newHadoopConf()
    place = jvm.org.apache.parquet.hadoop.util.HadoopInputFile.fromPath(
        jvm.org.apache.hadoop.fs.Path(jvm.java.net.URI(path)), conf
    )
    reader = jvm.org.apache.parquet.hadoop.ParquetFileReader.open(place)
    try:
        schema = reader.getFileMetaData().getSchema()
        return [field.getName() for field in schema.getFields()]
    finally:
        reader.close()
