"""What pages do to hand out a file: one call, which writes it and records that it was taken."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction

from equipoise.errors import BadInput
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.exports import files
from equipoise.service.platform.exports.events import ExportMade, export_chain
from equipoise.service.platform.exports.writing import WRITERS, Column, Format, Row
from equipoise.service.platform.operations.deadlines import anew
from equipoise.service.platform.record import services as record

__all__ = ["Column", "Export", "Format", "Made", "make"]

MOST_ROWS = 1_000_000
_LONGEST = 200  # characters of a filter's value in the record
_MEANWHILE = 1_000  # rows after which a request has not been waiting


@dataclass(frozen=True, slots=True)
class Export:
    """What is exported: its name (also the file's), its columns, and by which filters its rows were
    chosen: days, ids and words of our own, never what somebody said."""

    what: str
    columns: Sequence[Column]
    filters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Made:
    """A file that may leave now: where it lies, what it is to be called, and its rows."""

    path: Path
    name: str
    rows: int


def make(export: Export, rows: Iterable[Row], kind: Format, by: Principal) -> Made:
    """Write the rows into a file, piece by piece, and record who takes it.

    Raises BadInput where there are more than a million: nothing has left then.
    """
    files.sweep()
    path = files.new(kind)
    counted = _Counted(rows)
    try:
        WRITERS[kind](path, export.columns, counted)
        _record(export, kind, by, counted.rows, path)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Made(path, f"{export.what}.{kind}", counted.rows)


def _record(export: Export, kind: Format, by: Principal, rows: int, path: Path) -> None:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    event = ExportMade(
        by=by.id,
        key=by.key or None,
        what=export.what,
        format=kind.value,
        filters={name: text[:_LONGEST] for name, text in export.filters.items() if text},
        rows=rows,
        sha256=digest,
    )
    with transaction.atomic():
        record.append(record.event(export_chain(by.id), event))


class _Counted:
    """Rows that are counted as they go by."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._from, self.rows = rows, 0

    def __iter__(self) -> Iterator[Row]:
        for row in self._from:
            if self.rows == MOST_ROWS:
                raise BadInput(
                    f"there are more than {MOST_ROWS:,} rows", mend="choose a shorter time"
                )
            if self.rows % _MEANWHILE == 0:
                anew()
            self.rows += 1
            yield row
