"""The job: assumptions ranked. Killed, it begins anew: nothing stands anywhere before all does."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from equipoise.errors import EquipoiseError
from equipoise.progress import Step
from equipoise.service.contexts.learning.events import (
    LearningFailed,
    LearningRanked,
    chain_of_ranking,
)
from equipoise.service.contexts.learning.models import UNFINISHED, Ranking, State
from equipoise.service.platform import clock
from equipoise.service.platform.jobs.registering import LONG, Again, job, stopping
from equipoise.service.platform.record import services as record

_BETWEEN = 1.0  # seconds between two words of how far it is


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
        found = rank_workspace(
            workspace,
            per_day=row.per_day,
            by="decision" if row.by == "decision" else "promise",
            progress=_Watched(row),
        )
    except EquipoiseError as error:
        fail(row, error)
    else:
        text = json.dumps(found.as_dict(), ensure_ascii=False, allow_nan=False)
        digest = hashlib.sha256(text.encode()).hexdigest()
        _end(row, LearningRanked(sha256=digest), state=State.DONE, result=text, sha256=digest)


def fail(row: Ranking, error: EquipoiseError) -> None:
    """End it with what was in the way, without where the lender's files lie. The record gets the
    kind: more could repeat what the history holds about people."""
    told = f"{error.message}; {error.mend}" if error.mend else error.message
    folder = str(settings.CONFIGURATION.workspace)
    failed = LearningFailed(error=type(error).__name__)
    _end(row, failed, state=State.FAILED, fault=told.replace(folder, "DIR"))


class _Watched:
    """Progress of a ranking, said once a second at most; where the worker stops it begins anew."""

    def __init__(self, row: Ranking) -> None:
        self._row = row
        self._said = 0.0

    @contextmanager
    def step(self, title: str) -> Iterator[Step]:
        """Say that a step begins."""
        self.say(title, 0.0)
        yield _Step(self, title)

    def far(self, title: str, share: float) -> None:
        """Say how far it is, if the last word was a while ago."""
        if time.monotonic() - self._said >= _BETWEEN:
            self.say(title, share)

    def say(self, title: str, share: float) -> None:
        """Say it now."""
        if stopping():
            raise Again
        self._said = time.monotonic()
        _open(self._row).update(step=title[:80], share=min(max(share, 0.0), 1.0))


class _Step:
    def __init__(self, watched: _Watched, title: str) -> None:
        self._watched, self._title = watched, title

    def advance(self, done: float, total: float) -> None:
        self._watched.far(self._title, done / total if total else 0.0)


def _end(row: Ranking, what: LearningRanked | LearningFailed, **changes: Any) -> None:
    with transaction.atomic():
        ended = _open(row).update(ended_at=clock.now(), step="", **changes)
        row.refresh_from_db()
        if ended:
            record.append(record.event(chain_of_ranking(row.pk), what, rows=(row,)))


def _open(row: Ranking) -> Any:
    return Ranking.objects.filter(pk=row.pk, state__in=UNFINISHED)
