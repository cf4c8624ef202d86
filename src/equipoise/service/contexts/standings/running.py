"""The job: where the lender stands, measured. Killed, it begins anew: nothing of it stands anywhere
before all does."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction

from equipoise.errors import EquipoiseError
from equipoise.record.events import Event
from equipoise.service.contexts.decisions.reading import Given
from equipoise.service.contexts.standings import applicants
from equipoise.service.contexts.standings.events import (
    StandingBeyond,
    StandingFailed,
    StandingMeasured,
    chain_of,
)
from equipoise.service.contexts.standings.files import Files, forget_old
from equipoise.service.contexts.standings.models import UNFINISHED, Measurement, State
from equipoise.service.platform import clock
from equipoise.service.platform.jobs.faults import sentence_of
from equipoise.service.platform.jobs.progress import Watched
from equipoise.service.platform.jobs.registering import LONG, job
from equipoise.service.platform.record import services as record

if TYPE_CHECKING:
    from equipoise.review.continuous import StandingResult, Treated
    from equipoise.workspace.standing_runs import Last

# What measures is imported by the job that does: a server asks for it without that.
RECORD, HISTORY = "record", "history"


class _Ended(Exception):
    """Somebody cancelled it."""


@job(queue=LONG)
def measure(number: int) -> None:
    """Measure where the lender stands, beside where it stood when it was last measured."""
    from equipoise.workspace.folder import Workspace
    from equipoise.workspace.standing_runs import digests, run_standing

    row = Measurement.objects.get(pk=number)
    if row.state not in UNFINISHED:
        return
    _open(row).update(begun=True)
    try:
        workspace = Workspace.open(Path(settings.CONFIGURATION.workspace))
        read = digests(workspace)
        given = applicants.of_record(workspace.contract().value.name)
        treated = None if given is None else _treated(given)
        since, last = _last(row.pk)
        files, watched = Files(row.pk), Watched(partial(_say, row))
        result = run_standing(
            workspace, treated, files.folder, at=clock.now(), last=last, progress=watched
        )
        if given is not None:
            files.keep_decisions([each.decision for each in given])
    except _Ended:
        return
    except EquipoiseError as error:
        fail(row, error)
    else:
        _end(row, result, _Basis(RECORD if given else HISTORY, since if last else None, read))


def fail(row: Measurement, error: EquipoiseError) -> None:
    """End it with what was in the way, without where the lender's files lie. The record gets the
    kind: more could repeat what the history holds about people."""
    failed = StandingFailed(error=type(error).__name__)
    _ended(row, [failed], state=State.FAILED, fault=sentence_of(error))


class _Basis:
    """What a measurement rests on: whose applicants, the one before it, and digests of files."""

    def __init__(self, source: str, since: int | None, read: dict[str, str]) -> None:
        self.source, self.since, self.read = source, since, read


def _last(number: int) -> tuple[int | None, Last | None]:
    """The measurement before that one, where it is still kept."""
    from equipoise.workspace.standing_runs import Last

    rows = Measurement.objects.filter(state=State.DONE, pk__lt=number).order_by("-pk")
    before = rows.values_list("pk", flat=True).first()
    if before is None:
        return None, None
    files = Files(before)
    try:
        ids = files.decisions()
    except OSError:
        return None, None
    treated = None if ids is None else _treated(applicants.again(ids))
    return before, Last(files.folder, treated)


def _treated(given: Sequence[Given]) -> list[Treated]:
    from equipoise.review.continuous import Treated

    return [Treated(each.facts, each.treatment, each.apr) for each in given]


def _end(row: Measurement, result: StandingResult, basis: _Basis) -> None:
    text = json.dumps(result.model_dump(mode="json"), ensure_ascii=False, allow_nan=False)
    digest = hashlib.sha256(text.encode()).hexdigest()
    draft = Files(row.pk).draft_digest()
    measured = StandingMeasured(
        source=basis.source,
        applicants=result.applicants,
        goal=result.goal,
        figures=dict(result.figures),
        since=basis.since,
        before=dict(result.before),
        parts={name: dict(parts) for name, parts in result.parts.items()},
        untold=result.untold,
        keep_within=result.keep_within,
        read=basis.read,
        sha256=digest,
    )
    events: list[Event] = [measured]
    if result.is_beyond and result.keep_within is not None:
        events.append(
            StandingBeyond(distance=result.distance, keep_within=result.keep_within, draft=draft)
        )
    _ended(
        row,
        events,
        state=State.DONE,
        source=basis.source,
        since=basis.since,
        read=basis.read,
        result=text,
        sha256=digest,
        draft=draft,
    )
    forget_old()


def _ended(row: Measurement, events: Sequence[Event], **changes: Any) -> None:
    with transaction.atomic():
        ended = _open(row).update(ended_at=clock.now(), step="", **changes)
        row.refresh_from_db()
        if ended:
            chain = chain_of(row.pk)
            record.append(*(record.event(chain, each, rows=(row,)) for each in events))


def _say(row: Measurement, step: str, share: float) -> None:
    """How far it is; ends the work where somebody cancelled it."""
    if not _open(row).update(step=step, share=share):
        raise _Ended


def _open(row: Measurement) -> Any:
    return Measurement.objects.filter(pk=row.pk, state__in=UNFINISHED)
