"""The job: assumptions ranked. Killed, it begins anew: nothing stands anywhere before all does."""

from __future__ import annotations

import hashlib
import json
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from equipoise.errors import EquipoiseError
from equipoise.service.contexts.learning.events import (
    LearningFailed,
    LearningRanked,
    chain_of_ranking,
)
from equipoise.service.contexts.learning.models import UNFINISHED, Ranking, State
from equipoise.service.platform import clock
from equipoise.service.platform.jobs.faults import sentence_of
from equipoise.service.platform.jobs.progress import Watched
from equipoise.service.platform.jobs.registering import LONG, job
from equipoise.service.platform.record import services as record


@job(queue=LONG)
def rank(ranking_id: int) -> None:
    """Rank the assumptions that the workspace's balance rests on."""
    from equipoise.workspace.folder import Workspace
    from equipoise.workspace.learning import rank_workspace

    row = Ranking.objects.get(pk=ranking_id)
    if row.state not in UNFINISHED:
        return
    _open(row).update(begun=True)
    try:
        workspace = Workspace.open(Path(settings.CONFIGURATION.workspace))
        ranking = rank_workspace(
            workspace,
            per_day=row.per_day,
            by="decision" if row.by == "decision" else "promise",
            progress=Watched(partial(_say, row)),
        )
    except EquipoiseError as error:
        fail(row, error)
    else:
        text = json.dumps(ranking.as_dict(), ensure_ascii=False, allow_nan=False)
        digest = hashlib.sha256(text.encode()).hexdigest()
        _end(row, LearningRanked(sha256=digest), state=State.DONE, result=text, sha256=digest)


def fail(row: Ranking, error: EquipoiseError) -> None:
    """End it with what was in the way, without where the lender's files lie. The record gets the
    kind: more could repeat what the history holds about people."""
    failed = LearningFailed(error=type(error).__name__)
    _end(row, failed, state=State.FAILED, fault=sentence_of(error))


def _end(row: Ranking, what: LearningRanked | LearningFailed, **changes: Any) -> None:
    with transaction.atomic():
        ended = _open(row).update(ended_at=clock.now(), step="", **changes)
        row.refresh_from_db()
        if ended:
            record.append(record.event(chain_of_ranking(row.pk), what, rows=(row,)))


def _say(row: Ranking, step: str, share: float) -> None:
    _open(row).update(step=step, share=share)


def _open(row: Ranking) -> Any:
    return Ranking.objects.filter(pk=row.pk, state__in=UNFINISHED)
