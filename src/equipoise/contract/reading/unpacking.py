"""Packed files: unpacked into a temporary file, within bounds, whatever their headers claim.

A name inside an archive is only ever shown or compared, never a path on this machine.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, cast

from equipoise.contract.reading.kinds import Kind
from equipoise.errors import BadInput, Span, did_you_mean

MAX_UNPACKED = 8 << 30
MAX_RATIO = 500  # plain tables pack by 3 to 60 times; a megabyte of zeros by 1,000
_RATIO_FROM = 64 << 20
MAX_MEMBERS = 10_000
_PIECE = 1 << 20
_LZMA_MEMORY = 256 << 20
_ENCRYPTED = 0x1
_TABLES = (".csv", ".tsv", ".tab", ".psv", ".parquet", ".xlsx", ".xls", ".xlsb", ".ods")
_PERHAPS = (".txt", ".dat", ".data", "")
_WORKBOOKS = {"xl/workbook.xml": "xlsx", "xl/workbook.bin": "xlsb"}
_BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError)


def located(path: Path) -> tuple[Path, str]:
    """The file on the disk, and the name inside it: FILE.zip/loans.csv or FILE.xlsx/Sheet."""
    if path.exists():
        return path, ""
    for parent in path.parents:
        if parent.is_file():
            return parent, path.relative_to(parent).as_posix()
    return path, ""


def tables_in(path: Path) -> tuple[str, ...]:
    """The names of the tables in a zip archive that is no workbook; none of any other file."""
    if not path.is_file() or not zipfile.is_zipfile(path) or workbook_kind(path, str(path)):
        return ()
    with _archive(path, str(path)) as archive:
        files = [
            e.filename for e in archive.infolist() if not e.is_dir() and not _litter(e.filename)
        ]
    for endings in (_TABLES, _PERHAPS):
        tables = tuple(e for e in files if _ending(e) in endings and not _litter(e))
        if tables:
            return tables
    return ()


def unpacked(path: Path, kind: Kind, target: Path, name: str) -> None:
    """Unpack a file that holds one stream into `target`. Raises BadInput."""
    opener = _OPENERS[kind]
    _copied(lambda: opener(path), target, path.stat().st_size, name)


def workbook_kind(path: Path, name: str) -> str:
    """'xlsx', 'xlsb' or 'ods' for a zip that is a workbook, else ''. Raises BadInput."""
    with _archive(path, name) as archive:
        names = set(archive.namelist())
        for member, kind in _WORKBOOKS.items():
            if member in names:
                return kind
        if "mimetype" in names:
            with archive.open("mimetype") as file:
                mimetype = file.read(100).decode("ascii", "replace")
            if "opendocument.spreadsheet" in mimetype:
                return "ods"
        if "word/document.xml" in names or "ppt/presentation.xml" in names:
            raise BadInput(
                "the file is an office document, not a workbook",
                where=Span(name),
                mend="save its table as CSV or Excel",
            )
    return ""


def unpacked_member(path: Path, wanted: str, target: Path, name: str) -> tuple[str, str]:
    """Unpack the one table of a zip, or the member `wanted`; its name and a remark, or ''."""
    with _archive(path, name) as archive:
        member, remark = _chosen(archive.infolist(), wanted, name)
        if member.flag_bits & _ENCRYPTED:
            raise BadInput(
                f"'{_shown(member.filename)}' in the archive is encrypted",
                where=Span(name),
                mend="unpack it with its password first",
            )
        inside = f"{name}/{_shown(member.filename)}"
        try:
            _copied(lambda: archive.open(member), target, max(member.compress_size, 1), inside)
        except (NotImplementedError, RuntimeError):
            raise BadInput(
                "the archive packs in a way that is not read here",
                where=Span(inside),
                mend="unpack it first",
            ) from None
        return member.filename, remark


def refuse_beyond(path: Path, most: int, name: str) -> None:
    """Refuse a zip whose members unpack to more than `most` bytes, as counted, not as claimed."""
    with _archive(path, name) as archive:
        left = most
        for member in archive.infolist():
            left -= _counted(archive, member, left, name)
            if left < 0:
                raise BadInput(
                    f"the workbook unpacks to more than {most >> 20:,} MB",
                    where=Span(name),
                    mend="save the sheet of applications as CSV or Parquet",
                )


def _counted(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int, name: str) -> int:
    """How many bytes a member really unpacks to, as far as `most`; the claimed size is no bound."""
    if member.file_size > most:
        return most + 1
    try:
        with Path(cast("str", archive.filename)).open("rb") as raw:
            raw.seek(member.header_offset)
            names = struct.unpack("<26xHH", raw.read(30))  # of the name and of what is extra
            raw.seek(sum(names), 1)
            if member.compress_type == zipfile.ZIP_STORED:
                return member.compress_size
            if member.compress_type != zipfile.ZIP_DEFLATED:
                return member.file_size
            inflate, size, left = zlib.decompressobj(-15), 0, member.compress_size
            while left > 0 and size <= most and (piece := raw.read(min(_PIECE, left))):
                left -= len(piece)
                while piece and size <= most:
                    size += len(inflate.decompress(piece, _PIECE))
                    piece = inflate.unconsumed_tail
            return size
    except (*_BROKEN, struct.error):
        raise _damaged(name) from None


def _archive(path: Path, name: str) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(path)
    except (*_BROKEN, ValueError, NotImplementedError):
        raise _damaged(name) from None
    if len(archive.infolist()) > MAX_MEMBERS:
        archive.close()
        raise BadInput(
            f"the archive holds more than {MAX_MEMBERS:,} files",
            where=Span(name),
            mend="give the table by itself",
        )
    return archive


def _chosen(
    members: Sequence[zipfile.ZipInfo], wanted: str, name: str
) -> tuple[zipfile.ZipInfo, str]:
    files = [member for member in members if not member.is_dir() and not _litter(member.filename)]
    if wanted:
        for member in files:
            if member.filename == wanted:
                return member, ""
        raise BadInput(
            f"the archive holds no '{_shown(wanted)}'",
            where=Span(name),
            mend=did_you_mean(wanted, (_shown(member.filename) for member in files)),
        )
    for endings in (_TABLES, _PERHAPS):
        tables = [each for each in files if _ending(each.filename) in endings]
        if len(tables) == 1:
            others = [_shown(each.filename) for each in files if each is not tables[0]]
            taken = _shown(tables[0].filename)
            return tables[0], (
                f"'{taken}' was read from the archive; left out: {_listed(others)}"
                if others
                else ""
            )
        if tables:
            names = [_shown(each.filename) for each in tables]
            raise BadInput(
                f"the archive holds {len(tables)} tables: {_listed(names)}",
                where=Span(name),
                mend=f"say which: {name}/{names[0]}",
            )
    names = [_shown(member.filename) for member in files]
    raise BadInput(
        f"the archive holds no table, but {_listed(names)}" if names else "the archive is empty",
        where=Span(name),
        mend=f"pack the table, or name the file: {name}/{names[0]}" if names else "pack the table",
    )


def _ending(name: str) -> str:
    suffixes = Path(name.lower()).suffixes
    packed = suffixes and suffixes[-1] in (".gz", ".bz2", ".xz", ".zst")
    return "".join(suffixes[-2:-1] if packed else suffixes[-1:])


def _litter(name: str) -> bool:
    """What systems leave in archives beside what was packed."""
    parts = name.split("/")
    return "__MACOSX" in parts or parts[-1].startswith(".") or parts[-1] == "Thumbs.db"


def _shown(name: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in name)[:100]


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def _copied(opened: Callable[[], IO[bytes]], target: Path, packed: int, name: str) -> None:
    size = 0
    try:
        with opened() as source, target.open("wb") as copy:
            while piece := source.read(_PIECE):
                size += len(piece)
                if size > MAX_UNPACKED:
                    raise _too_much(name, f"more than {MAX_UNPACKED >> 30:,} GB")
                if size > _RATIO_FROM and size > MAX_RATIO * packed:
                    raise _too_much(name, f"more than {MAX_RATIO} times its size")
                copy.write(piece)
    except lzma.LZMAError as error:
        if "emory" in str(error):
            raise _too_much(name, "what needs more memory than is allowed") from None
        raise _damaged(name) from None
    except _BROKEN as error:
        if isinstance(error, OSError) and error.errno == 28:  # ENOSPC
            raise BadInput(
                "there is no room on the disk to unpack the file",
                where=Span(name),
                mend="set TMPDIR to a folder with more room",
            ) from None
        raise _damaged(name) from None


def _too_much(name: str, what: str) -> BadInput:
    return BadInput(
        f"the file unpacks to {what}",
        where=Span(name),
        mend="unpack it yourself, if you trust it, and give the table",
    )


def _damaged(name: str) -> BadInput:
    return BadInput(
        "the packed file is cut short or damaged", where=Span(name), mend="copy it again, whole"
    )


def _zstd(path: Path) -> IO[bytes]:
    from pyarrow import CompressedInputStream

    return cast("IO[bytes]", CompressedInputStream(str(path), "zstd"))


class _Xz:
    """An xz file under a bound of memory, which `lzma.open` has no word for."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        self._stream = lzma.LZMADecompressor(memlimit=_LZMA_MEMORY)

    def __enter__(self) -> _Xz:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def read(self, size: int) -> bytes:
        while True:
            if self._stream.eof:
                rest = self._stream.unused_data or self._file.read(_PIECE)
                if not rest.strip(b"\0"):
                    return b""
                self._stream = lzma.LZMADecompressor(memlimit=_LZMA_MEMORY)
                piece = self._stream.decompress(rest, size)
            elif self._stream.needs_input:
                raw = self._file.read(_PIECE)
                if not raw:
                    raise EOFError
                piece = self._stream.decompress(raw, size)
            else:
                piece = self._stream.decompress(b"", size)
            if piece:
                return piece


_OPENERS: dict[str, Callable[[Path], IO[bytes]]] = {
    "gzip": lambda path: cast("IO[bytes]", gzip.GzipFile(path)),
    "bzip2": lambda path: cast("IO[bytes]", bz2.BZ2File(path)),
    "xz": lambda path: cast("IO[bytes]", _Xz(path)),
    "zstd": _zstd,
}
