"""Deciding a batch: piece by piece, each durable before the next, so that it can be gone on with.

The answers of a piece are on the disk before its event is in the record; a job that is killed goes
on after the last event. Of two that work at one batch, the event of one is refused, and it stops.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.db import transaction

from equipoise.errors import BadInput, EquipoiseError
from equipoise.service.contexts.batches.events import BatchDone, BatchFailed, BatchPiece
from equipoise.service.contexts.batches.files import Files, digest_of, settled
from equipoise.service.contexts.batches.models import UNFINISHED, Batch, State
from equipoise.service.contexts.batches.room import NoRoom, refuse_answers, refuse_full, refuse_rows
from equipoise.service.contexts.registry.reading import Unusable, loaded
from equipoise.service.platform import clock
from equipoise.service.platform.jobs.faults import fault_of
from equipoise.service.platform.jobs.registering import LONG, Again, job, stopping
from equipoise.service.platform.record import services as record

if TYPE_CHECKING:
    import polars as pl

    from equipoise.strategy.files.tables import Format

# What decides tables is imported by the job that decides one: a server takes batches without it.


class _Ended(Exception):
    """The batch was cancelled, or another worker has it."""


@job(queue=LONG)
def decide_batch(batch_id: str) -> dict[str, int]:
    """Decide the batch from where it stands; what came out."""
    batch = Batch.objects.get(pk=batch_id)
    if batch.state not in UNFINISHED:
        clear(batch)
        return {}
    try:
        _decide(batch)
        _finish(batch)
    except _Ended:
        clear(batch)
        return {}
    except (BadInput, NoRoom) as error:
        fail(batch, error)
    except Exception:
        if _open(batch).exists():
            raise
        clear(batch)  # whoever cancelled it took the file away meanwhile
        return {}
    return dict(batch.outcomes)


def fail(batch: Batch, error: EquipoiseError) -> None:
    """End it with what is wrong. The record gets the kind and the place: more could repeat what
    the file holds about people."""
    files = Files(batch.pk)
    files.drop_answers()
    if files.folder.is_dir():
        files.tell(fault_of(error))
    where = error.where
    failed = BatchFailed(
        error=type(error).__name__,
        line=where.line if where else None,
        row=where.row if where else None,
    )
    with transaction.atomic():
        if _open(batch).update(state=State.FAILED, **end()):
            record.append(record.event(batch.pk, failed))


def _decide(batch: Batch) -> None:
    from equipoise.strategy.files.decisions import decided_pieces, no_application

    files = Files(batch.pk)
    source = files.given(_kind(batch.given))
    if digest_of(source) != batch.sha256:  # raises where this machine does not have it
        raise BadInput("the file is not the one that was sent", mend="send it again")
    if batch.state == State.QUEUED:
        _open(batch).update(state=State.RUNNING)
    try:
        strategy = loaded(batch.digest)
    except Unusable as error:
        raise RuntimeError("the strategy cannot be had") from error
    pieces = decided_pieces(
        strategy, source, at=batch.decided_on, after=batch.rows, identifier=batch.identifier
    )
    try:
        for _, answers in pieces:
            if stopping():
                raise Again
            refuse_rows(batch.rows + answers.height)
            refuse_full(batch.begun_by)
            _record(batch, files, answers)
    finally:
        pieces.close()
    if not batch.rows:
        raise no_application(source)


def _record(batch: Batch, files: Files, answers: pl.DataFrame) -> None:
    from equipoise.strategy.files.answer_files import answers_digest

    first = batch.rows + 1
    _write(batch, files, answers)
    by_outcome = answers["outcome"].value_counts().iter_rows()
    counts = {str(name): int(count) for name, count in by_outcome}
    piece = BatchPiece(
        first=first, rows=answers.height, outcomes=counts, answers=answers_digest(answers)
    )
    rows, outcomes = batch.rows + answers.height, dict(Counter(batch.outcomes) + Counter(counts))
    with transaction.atomic():
        if not _open(batch).update(rows=rows, outcomes=outcomes):
            raise _Ended
        record.append(record.event(batch.pk, piece))
    batch.rows, batch.outcomes = rows, outcomes


def _write(batch: Batch, files: Files, answers: pl.DataFrame) -> None:
    from equipoise.strategy.files.answer_files import answer_part

    try:
        part = files.part(batch.rows + 1)
        answer_part(part, answers, _kind(batch.wanted), first=batch.rows == 0)
        settled(part)
        refuse_answers(files.parts_size())
    except OSError:
        if not _open(batch).exists():  # whoever cancelled it took the folder away
            raise _Ended from None
        raise


def clear(batch: Batch) -> None:
    """Remove the files that a batch has ended without; of one that goes on by another worker all
    stay."""
    batch.refresh_from_db()
    files = Files(batch.pk)
    if batch.state == State.DONE:
        files.drop_parts()
    elif batch.state == State.CANCELLED:
        files.remove()
    elif batch.state not in UNFINISHED:
        files.drop_answers()


def _finish(batch: Batch) -> None:
    from equipoise.strategy.files.answer_files import join_parts

    files, kind = Files(batch.pk), _kind(batch.wanted)
    result = files.result(kind)
    refuse_full(batch.begun_by, files.parts_size())
    join_parts(files.parts(), result, kind)
    settled(result)
    size, digest = result.stat().st_size, digest_of(result)
    done = BatchDone(rows=batch.rows, outcomes=batch.outcomes, size=size, sha256=digest)
    columns = {
        "state": State.DONE,
        "total": batch.rows,
        "result_size": size,
        "result_sha256": digest,
    }
    with transaction.atomic():
        if not _open(batch).update(**columns, **end()):
            raise _Ended
        record.append(record.event(batch.pk, done))
    files.drop_parts()


def _open(batch: Batch) -> Any:
    """The batch as this job knows it: no row of it is recorded twice."""
    return Batch.objects.filter(pk=batch.pk, state__in=UNFINISHED, rows=batch.rows)


def end() -> dict[str, Any]:
    """What an end sets: when it was, and until when the files are kept."""
    now = clock.now()
    return {"ended_at": now, "files_until": now + timedelta(days=settings.CONFIGURATION.batch_days)}


def _kind(name: str) -> Format:
    return cast("Format", name)
