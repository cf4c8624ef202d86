"""A request's body as a file on the disk: streamed, within bounds, never whole in memory."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import HttpRequest
from ninja.errors import HttpError

from equipoise.contract.reading.kinds import is_plain_text
from equipoise.errors import BadInput
from equipoise.service.contexts.batches.files import Files, settled
from equipoise.service.contexts.batches.room import refuse_full_disk, refuse_rows

if TYPE_CHECKING:
    from equipoise.strategy.files.tables import Format

FIELD = "file"  # of a form
KINDS: dict[str, Format] = {
    "text/csv": "csv",
    "application/vnd.apache.parquet": "parquet",
    "application/x-ndjson": "jsonl",
    "application/jsonl": "jsonl",
}
_FORM = "multipart/form-data"
_PIECE = 1 << 20
_LOOK = 64 << 20  # bytes after which the disk is looked at again
_NAMES: Mapping[Format, str] = {"csv": "CSV", "parquet": "Parquet", "jsonl": "JSON lines"}
_SECONDS = 900.0  # in which a body must have come


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that is on the disk; `total` its applications, as far as that is cheap to know."""

    kind: Format
    size: int
    sha256: str
    total: int | None


def received(request: HttpRequest, files: Files) -> Upload:
    """Put the body into the batch's folder.

    Raises BadInput where it is none of the kinds or is cut off, RequestDataTooBig beyond the limit,
    NoRoom where the disk fills meanwhile.
    """
    if request.content_type == _FORM:
        from equipoise.strategy.files.tables import format_of

        given = _of_form(request)
        kind = KINDS.get(given.content_type or "") or format_of(given.name or "")
        return _written(files.given(kind), kind, given.chunks(_PIECE))
    kind_ = KINDS.get(request.content_type or "")
    if kind_ is None:
        mend = f"send {', '.join(KINDS)}, or a form with the file in '{FIELD}'"
        raise HttpError(415, f"the Content-Type says no kind of file; {mend}")
    return _written(files.given(kind_), kind_, _body(request))


def _of_form(request: HttpRequest) -> TemporaryUploadedFile:
    upload = request.FILES.get(FIELD)
    if not isinstance(upload, TemporaryUploadedFile):
        raise BadInput(f"the form holds no file '{FIELD}'", field=FIELD, mend="add it")
    return upload


def _body(request: HttpRequest) -> Iterator[bytes]:
    source: Any = request.META["wsgi.input"]
    length = request.META.get("CONTENT_LENGTH")
    left = int(length) if length else 0
    end = time.monotonic() + _SECONDS
    while piece := source.read(_PIECE):
        if time.monotonic() > end:
            raise BadInput("the body came too slowly", mend="send it again")
        left -= len(piece)
        yield piece
    if left > 0:
        raise BadInput("the body was cut off", mend="send it again")


def _written(path: Path, kind: Format, pieces: Iterator[bytes]) -> Upload:
    most = settings.CONFIGURATION.max_batch
    path.parent.mkdir(mode=0o700)
    digest, size, lines, last, looked_at = hashlib.sha256(), 0, 0, b"\n", 0
    with path.open("wb") as file:
        for piece in pieces:
            size += len(piece)
            if size - looked_at > _LOOK:
                refuse_full_disk()
                looked_at = size
            if size > most:
                raise RequestDataTooBig(f"a batch may have {most} bytes at most")
            digest.update(piece)
            lines += piece.count(b"\n") if kind != "parquet" else 0
            last = piece[-1:] or last
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    if is_plain_text(path) == (kind == "parquet"):
        raise BadInput(
            f"the file is not {_NAMES[kind]}, but packed, or of another kind",
            mend="send the table itself, under its own Content-Type",
        )
    if kind == "parquet":
        _refuse_packed(path)
    settled(path)
    total = _rows(path) if kind == "parquet" else lines + (last != b"\n") - (kind == "csv")
    if kind == "parquet":
        refuse_rows(total or 0)
    return Upload(kind, size, digest.hexdigest(), total)


def _refuse_packed(path: Path) -> None:
    from equipoise.strategy.files.parquet_pieces import is_parquet

    if not is_parquet(path):
        raise BadInput("the file is packed", mend="send the Parquet file itself")


def _rows(path: Path) -> int | None:
    # large, and only a Parquet file needs it
    import pyarrow as pa
    import pyarrow.parquet as pq

    from equipoise.strategy.files.parquet_pieces import refuse_long_footer

    refuse_long_footer(path, path.name)
    try:
        return int(pq.read_metadata(path).num_rows)
    except (pa.ArrowException, OSError):
        return None  # that it is broken, the job says
