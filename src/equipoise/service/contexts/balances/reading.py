"""What others may know of balances: runs, what they found, and what a point of one means."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from equipoise.errors import EquipoiseError
from equipoise.service.contexts.balances.appetites import of_workspace
from equipoise.service.contexts.balances.files import CONCERNED, Files
from equipoise.service.contexts.balances.models import (
    RUNNING,
    UNFINISHED,
    Change,
    Run,
    Sending,
    said,
)
from equipoise.service.contexts.balances.observing import Observed, observed
from equipoise.service.contexts.balances.packs import book_packs
from equipoise.service.platform.jobs.faults import fault_of

if TYPE_CHECKING:
    from equipoise.balance.placed import Placed
    from equipoise.balance.result_document import BalanceResult
    from equipoise.review.whom import Side

__all__ = [
    "AFFECTED",
    "Changed",
    "Observed",
    "RunSummary",
    "Sent",
    "affected",
    "book_packs",
    "changed",
    "changes",
    "fault",
    "newest",
    "observed",
    "obstacle",
    "of_workspace",
    "plain",
    "prices",
    "result",
    "run",
    "sent",
    "side",
]
AFFECTED = (
    *("strategy", "application", "treatment", "apr", "amount", "pd", "profit", "expected_loss"),
    "shut_out",
)
_IN_MEMORY = 8  # results read, by their digest: some 100 kB each
_MAPPED = 4  # runs whose arrays are mapped: two that are compared, for two people


@dataclass(frozen=True, slots=True)
class RunSummary:
    """A run and how far it is: `share` of its present `step`, 0..1."""

    id: int
    asked_by: str
    appetite: str
    state: str
    step: str
    share: float
    applicants: int | None
    result: str
    made_at: datetime
    ended_at: datetime | None

    @property
    def open(self) -> bool:
        """Whether it is still to be found."""
        return self.state in (*UNFINISHED, RUNNING)

    @property
    def kept(self) -> bool:
        """Whether what it found is still here."""
        return bool(self.result) and Files(self.id).result.is_file()


@dataclass(frozen=True, slots=True)
class Changed:
    """A run under a change of law or policy: what changes (`review.policy.change`), the run that it
    is held beside (none where it is only about loans already made), what it does
    (`workspace.policy_runs`), None until that is known, and which versions it concerns from its day
    on (`concerned.Concerned`)."""

    run: RunSummary
    base: int | None
    change: Mapping[str, Any]
    effect: Mapping[str, Any] | None
    concerned: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class Sent:
    """A point that was sent to the registry, as which version, or what was in the way."""

    id: int
    point: str
    asked_by: str
    state: str
    version: int | None
    fault: str

    @property
    def open(self) -> bool:
        """Whether it is on its way."""
        return self.state in (*UNFINISHED, RUNNING)


def newest(most: int) -> list[RunSummary]:
    """The newest runs."""
    return [_summary(each) for each in Run.objects.order_by("-pk")[:most]]


def run(run_id: int) -> RunSummary:
    """One run. Raises DoesNotExist."""
    return _summary(Run.objects.get(pk=run_id))


def plain(most: int) -> list[RunSummary]:
    """The newest runs that are under no change of law or policy."""
    rows = Run.objects.filter(change=None).order_by("-pk")
    return [_summary(each) for each in rows[:most]]


def changes(most: int) -> list[Changed]:
    """The newest runs under a change of law or policy."""
    rows = Change.objects.select_related("run").order_by("-pk")[:most]
    return [Changed(_summary(each.run), each.base, each.change, None) for each in rows]


def changed(run_id: int) -> Changed:
    """A run under a change. Raises DoesNotExist."""
    row = Change.objects.select_related("run").get(pk=run_id)
    concerned = _content_of(run_id, CONCERNED) or ()
    return Changed(_summary(row.run), row.base, row.change, _effect(run_id), concerned)


def _effect(run_id: int) -> Mapping[str, Any] | None:
    from equipoise.workspace.policy_runs import CHANGE

    effect: Mapping[str, Any] | None = _content_of(run_id, CHANGE)
    return effect


def _content_of(run_id: int, name: str) -> Any:
    """What a file of a run holds; None where it is not there, or no longer."""
    try:
        return json.loads((Files(run_id).folder / name).read_bytes())
    except (OSError, ValueError):
        return None


def affected(run_id: int) -> Iterator[tuple[Any, ...]]:
    """Whose offers a change takes away, with the columns of AFFECTED. Raises OSError where it is no
    longer kept."""
    import polars as pl

    from equipoise.workspace.policy_runs import AFFECTED_FILE

    frame = pl.read_parquet(Files(run_id).folder / AFFECTED_FILE)
    return frame.select(AFFECTED).iter_rows() if frame.height else iter(())


def fault(run_id: int) -> Mapping[str, Any] | None:
    """What was in the run's way, as an error tells itself; None where nothing is kept."""
    return Files(run_id).fault()


def result(run_id: int) -> BalanceResult | None:
    """What a run found; None where it found nothing, or it is no longer kept."""
    digest = Run.objects.filter(pk=run_id).values_list("result", flat=True).first()
    if not digest:
        return None
    try:
        return _result(run_id, digest)
    except OSError:
        return None


def obstacle() -> str:
    """Why no balance can be found in this service's workspace; empty where one can."""
    from equipoise.workspace.balance_runs import refuse_unfitted
    from equipoise.workspace.folder import Workspace

    try:
        refuse_unfitted(Workspace.open(Path(settings.CONFIGURATION.workspace)))
    except EquipoiseError as error:
        problem = fault_of(error)
        place = f"{problem['file']}: " if problem.get("file") else ""
        return f"{place}{problem['message']}"
    return ""


def prices(run_id: int, place: str) -> list[Mapping[str, Any]]:
    """The shadow prices at a place, each as `balance.result_document.ShadowPrice`."""
    from equipoise.workspace.balance_runs import PRICES

    try:
        by_place = json.loads((Files(run_id).folder / PRICES).read_bytes())
    except (OSError, ValueError):
        return []
    return list(by_place.get(place, ()))


def side(run_id: int, place: str) -> Side:
    """A place's policy for everybody. Raises OSError where it is no longer kept."""
    from equipoise.balance.placed import Placed
    from equipoise.review.whom import Side

    folder = Files(run_id).folder
    return Side(_placed(folder, Placed.written_at(folder)), place)


def sent(run_id: int) -> list[Sent]:
    """What was sent to the registry from a run, the newest first."""
    rows = Sending.objects.filter(run_id=run_id).order_by("-pk")
    return [
        Sent(
            each.pk,
            each.point,
            each.asked_by,
            said(each.state, begun=each.begun),
            each.version,
            each.fault,
        )
        for each in rows[:50]
    ]


@lru_cache(maxsize=_MAPPED)
def _placed(folder: Path, written_at: int) -> Placed:
    from equipoise.balance.placed import Placed

    del written_at  # by which what another run wrote there is another entry
    return Placed.open(folder)


@lru_cache(maxsize=_IN_MEMORY)
def _result(run_id: int, digest: str) -> BalanceResult:
    from equipoise.workspace.balance_runs import read_result

    del digest  # by which another result is another entry
    return read_result(Files(run_id).folder)


def _summary(row: Run) -> RunSummary:
    return RunSummary(
        row.pk,
        row.asked_by,
        row.appetite,
        said(row.state, begun=row.begun),
        row.step,
        row.share,
        row.applicants,
        row.result,
        row.made_at,
        row.ended_at,
    )
