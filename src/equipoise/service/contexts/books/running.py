"""The job: a book measured. Killed, it begins anew: nothing stands anywhere before all does."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from equipoise.errors import EquipoiseError, Faults, Span
from equipoise.service.contexts.books.answering import strategy_in_force, switches_in_force
from equipoise.service.contexts.books.events import BookFailed, BookMeasured, chain_of
from equipoise.service.contexts.books.keeping import kept_tables
from equipoise.service.contexts.books.models import Measuring, Of, State
from equipoise.service.platform import clock
from equipoise.service.platform.jobs.progress import Watched
from equipoise.service.platform.jobs.registering import LONG, job
from equipoise.service.platform.record import services as record

SCENARIOS = "scenarios"
"""The folder of the workspace whose files are scenarios."""
_PEOPLE = ("customer", "group")


@job(queue=LONG)
def measure(measuring_id: int) -> None:
    """Measure what was asked for."""
    row = Measuring.objects.get(pk=measuring_id)
    if row.state != State.QUEUED:
        return
    try:
        result = _measured(row)
    except EquipoiseError as error:
        fail(row, error)
    else:
        text = json.dumps(result, ensure_ascii=False, allow_nan=False)
        digest = hashlib.sha256(text.encode()).hexdigest()
        _end(row, BookMeasured(sha256=digest), state=State.DONE, result=text, sha256=digest)


def _measured(row: Measuring) -> dict[str, Any]:
    folder = Path(settings.CONFIGURATION.workspace)
    watched = Watched(partial(_say, row))
    if row.of == Of.PORTFOLIO:
        from equipoise.portfolio import measured_shape
        from equipoise.workspace.books import read_book

        read = read_book(folder, watched)
        measured = read.measured(watched)
        kept_tables().keep(read, watched, of=str(row.pk))
        return _without_people(measured.as_dict()) | {"shape": measured_shape()}
    from equipoise.workspace.stressing import stress_workspace
    from equipoise.workspace.stressing_people import Policy

    files = [folder / SCENARIOS / name for name in row.scenarios.splitlines()]
    limits = row.limits.splitlines()
    policy = Policy(strategy_in_force, switches_in_force)
    return stress_workspace(folder, files, watched, limits=limits, policy=policy).as_dict()


def _without_people(result: dict[str, Any]) -> dict[str, Any]:
    """What is kept of a measured book: not who its largest customers are, and not what stood in a
    cell that could not be read. A limit names whom it is about."""
    for row in result["concentration"]:
        if row["by"] in _PEOPLE:
            row["largest"] = []
    for fault in result["faults"]:
        fault.pop("what", None)
    return result


def fail(row: Measuring, error: EquipoiseError) -> None:
    """End it with what was in the way, without where the lender's files lie. The record gets the
    kind: more could repeat what the tape holds about people."""
    failed = BookFailed(error=type(error).__name__)
    told = "; ".join(part for part in (_place(error.where), without_where(error)) if part)
    _end(row, failed, state=State.FAILED, fault=told)


def _place(where: Span | None) -> str:
    """The file's own name with line or row; empty for a folder."""
    if where is None or not Path(where.file).suffix:
        return ""
    return str(replace(where, file=Path(where.file).name))


def without_where(error: EquipoiseError) -> str:
    """What was in the way and what mends it, without where the lender's files lie."""
    fault = f"{error.message}; {error.mend}" if error.mend else error.message
    if isinstance(error, Faults):
        fault = str(error)
    return fault.replace(str(settings.CONFIGURATION.workspace), "DIR")


def _end(row: Measuring, what: BookMeasured | BookFailed, **changes: Any) -> None:
    with transaction.atomic():
        ended = _open(row).update(ended_at=clock.now(), step="", **changes)
        row.refresh_from_db()
        if ended:
            record.append(record.event(chain_of(row.pk), what, rows=(row,)))


def _say(row: Measuring, step: str, share: float) -> None:
    _open(row).update(step=step, share=share)


def _open(row: Measuring) -> Any:
    return Measuring.objects.filter(pk=row.pk, state=State.QUEUED)
