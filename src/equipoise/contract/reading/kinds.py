"""What a file is, by its first bytes: a table, something packed, or something to be named."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from equipoise.errors import BadInput, Span, did_you_mean

Kind = Literal["text", "parquet", "gzip", "bzip2", "xz", "zstd", "zip", "ole"]
ACCEPTED = "CSV or other separated text, Parquet, an Excel or OpenDocument workbook, packed or not"
_HEAD = 1 << 12
_KINDS: tuple[tuple[bytes, Kind], ...] = (
    (b"PAR1", "parquet"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0", "ole"),
)
_SAVE = "save the table as CSV or Parquet"
_FOREIGN = (
    (b"%PDF", "a PDF document", "ask for the table itself, as CSV, Excel or Parquet"),
    (b"ARROW1", "an Arrow (Feather) file", "write it as Parquet"),
    (b"ORC", "an ORC file", "write it as Parquet"),
    (b"Obj\x01", "an Avro file", "write it as Parquet"),
    (b"\x89HDF", "an HDF5 file", _SAVE),
    (b"SQLite format 3", "an SQLite database", "export the table as CSV"),
    (b"$FL2", "an SPSS file", _SAVE),
    (b"$FL3", "an SPSS file", _SAVE),
    (b"<stata_dta>", "a Stata file", _SAVE),
    (b"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xc2\xea\x81\x60", "a SAS file", _SAVE),
    (b"RDX", "an R workspace", "write the data frame with write.csv"),
    (b"RDA", "an R workspace", "write the data frame with write.csv"),
    (b"X\n\x00\x00\x00", "an R object (RDS)", "write the data frame with write.csv"),
    (b"\x80\x02", "a Python pickle, which is never opened", "write the table as CSV or Parquet"),
    (b"\x80\x03", "a Python pickle, which is never opened", "write the table as CSV or Parquet"),
    (b"\x80\x04", "a Python pickle, which is never opened", "write the table as CSV or Parquet"),
    (b"\x80\x05", "a Python pickle, which is never opened", "write the table as CSV or Parquet"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "unpack it first"),
    (b"Rar!", "a RAR archive", "unpack it first"),
    (b"\x1f\x9d", "compressed with compress", "unpack it first"),
    (b"{\\rtf", "a document in rich text", "save the table as CSV"),
    (b"\x89PNG", "a picture", "ask for the table itself"),
    (b"\xff\xd8\xff", "a picture", "ask for the table itself"),
    (
        b"version https://git-lfs.github.com/spec",
        "a Git LFS pointer: it only names the data",
        "fetch the data with `git lfs pull`",
    ),
)
_TAR = (257, b"ustar")
_HTML = re.compile(
    rb"\s*(<!--.*?-->\s*)*<(!doctype html|html|head|body|table|meta|script)\b", re.I | re.S
)
_XML = re.compile(rb"\s*<(\?xml|[A-Za-z][\w:.-]*[\s>])")
_JSON = re.compile(rb'\s*(\[\s*[\[{"\d\-\]]|\{\s*["}])')
_BOM = b"\xef\xbb\xbf"


def kind_of(path: Path, name: str) -> Kind:
    """What the file is. Raises BadInput, calling it `name`, where it can hold no table."""
    head = _head(path, name)
    if not head:
        raise BadInput("the file is empty", where=Span(name), mend="give a header and rows")
    for magic, kind in _KINDS:
        if head.startswith(magic):
            return kind
    _refuse_foreign(head, name)
    return "text"


def is_plain_text(path: Path) -> bool:
    """Whether a file begins as none of the packed and typed kinds do."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    return not any(head.startswith(magic) for magic, _ in _KINDS)


def _refuse_foreign(head: bytes, name: str) -> None:
    for magic, what, mend in _FOREIGN:
        if head.startswith(magic):
            raise BadInput(f"the file is {what}", where=Span(name), mend=mend)
    place, magic = _TAR
    if head[place:].startswith(magic):
        raise BadInput("the file is a tar archive", where=Span(name), mend="unpack it first")
    text = head.removeprefix(_BOM)
    if _HTML.match(text):
        raise BadInput(
            "the file is an HTML page, whatever its name says",
            where=Span(name, 1),
            mend="download the file itself: a page often stands in for a login or an error; if the "
            "page shows the table, open it in a spreadsheet and save it as CSV",
        )
    if _XML.match(text):
        raise BadInput("the file is XML", where=Span(name, 1), mend=_SAVE)
    if _JSON.match(text):
        raise BadInput(
            "the file is JSON, not a table",
            where=Span(name, 1),
            mend="write it as CSV or Parquet, one row to an application",
        )


def _head(path: Path, name: str) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_HEAD)
    except FileNotFoundError:
        files = path.parent.iterdir() if path.parent.is_dir() else iter(())
        beside = [item.name for item in files if item.is_file() and item.name[0] != "."]
        raise BadInput(
            "the file does not exist",
            where=Span(name),
            mend=did_you_mean(path.name, beside)
            if path.parent.is_dir()
            else f"there is no folder '{path.parent}' either",
        ) from None
    except OSError as error:
        raise BadInput(
            f"the file cannot be read: {error.strerror}",
            where=Span(name),
            mend=f"name a file that you may read: {ACCEPTED}",
        ) from None
