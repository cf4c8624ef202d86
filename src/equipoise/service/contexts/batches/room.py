"""How much batches may fill: rows, bytes of answers, the disk of one caller, of all, and what must
be left of it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings

from equipoise.errors import BadInput, GateRefused
from equipoise.files import files_below, present
from equipoise.service.contexts.batches.files import Files, folder, folders
from equipoise.service.contexts.batches.models import UNFINISHED, Batch
from equipoise.service.platform.operations.disk import left


class NoRoom(GateRefused):
    """There is no room for it now; `limit` is the setting that says so."""

    def __init__(self, message: str, limit: str, mend: str) -> None:
        super().__init__(f"{message} ({limit})", mend=mend)
        self.limit = limit


def refuse_rows(rows: int) -> None:
    """Raises BadInput where a file has more applications than are taken."""
    most = settings.CONFIGURATION.batch_rows
    if rows > most:
        raise BadInput(
            f"the file holds more than {most:,} applications (EQUIPOISE_BATCH_ROWS)",
            mend=f"send it in parts of at most {most:,}",
        )


def refuse_answers(size: int) -> None:
    """Raises BadInput where a batch's answers are larger than are kept."""
    most = settings.CONFIGURATION.max_result
    if size > most:
        raise BadInput(
            f"the answers have more than {most:,} bytes (EQUIPOISE_MAX_RESULT)",
            mend="send the file in parts, without columns that only stand beside the contract's, "
            "or ask for Parquet",
        )


def refuse_full(begun_by: str, more: int = 0) -> None:
    """Raises NoRoom where `more` bytes do not fit: into the caller's share of the folder, into the
    folder, or on the disk."""
    configuration = settings.CONFIGURATION
    own = Batch.objects.filter(begun_by=begun_by, files_until__isnull=False) | _open(begun_by)
    if _used(Files(each).folder for each in own.values_list("pk", flat=True)) + more > (
        configuration.batch_share
    ):
        raise NoRoom(
            f"the files of your batches fill {configuration.batch_share:,} bytes",
            "EQUIPOISE_BATCH_SHARE",
            "have an administrator remove those of batches you are done with, or wait: they go "
            f"{configuration.batch_days} days after the end",
        )
    if _used(folders()) + more > configuration.batch_room:
        raise NoRoom(
            f"the files of all batches fill {configuration.batch_room:,} bytes",
            "EQUIPOISE_BATCH_ROOM",
            "tell the operator: files of old batches can be removed, or the limit raised",
        )
    refuse_full_disk(more)


def refuse_full_disk(more: int = 0) -> None:
    """Raises NoRoom where `more` bytes would leave less of the disk than must be left."""
    if left(folder()) - more < settings.CONFIGURATION.least_disk:
        raise NoRoom(
            "the disk is nearly full",
            "EQUIPOISE_LEAST_DISK",
            "tell the operator, and send it later",
        )


def _open(begun_by: str) -> Any:
    return Batch.objects.filter(begun_by=begun_by, state__in=UNFINISHED)


def _used(folders: Iterable[Path]) -> int:
    """Bytes of the files below, as far as they are still there."""
    files = (path for each in folders for path in files_below(each))
    return sum(status.st_size for _, status in present(files))
