"""The jobs: a balance found, and a point of one sent to the registry. Both may be told to end.

A job that is killed begins anew: nothing of a run stands anywhere before all of it does.
"""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from equipoise.errors import EquipoiseError, GateRefused
from equipoise.service.contexts.balances.concerned import concerned
from equipoise.service.contexts.balances.events import (
    BalanceFailed,
    BalanceSent,
    BalanceSolved,
    chain_of,
)
from equipoise.service.contexts.balances.files import CONCERNED, KEPT, RESULT, Files, kept
from equipoise.service.contexts.balances.models import UNFINISHED, Change, Run, Sending, State
from equipoise.service.contexts.registry import services as registry
from equipoise.service.platform import clock
from equipoise.service.platform.accounts import reading as accounts
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.jobs.faults import fault_of
from equipoise.service.platform.jobs.progress import Watched
from equipoise.service.platform.jobs.registering import LONG, job
from equipoise.service.platform.record import services as record

# What finds a balance is imported by the job that finds one: a server asks for it without that.


class _Ended(Exception):
    """Somebody cancelled it."""


@job(queue=LONG)
def solve(run_id: int) -> None:
    """Find the balance that was asked for."""
    from equipoise.workspace.balance_runs import run_balance
    from equipoise.workspace.folder import Workspace

    run = Run.objects.get(pk=run_id)
    if run.state not in UNFINISHED:
        return
    _open(run).update(begun=True)
    files = Files(run.pk)
    try:
        folder = files.make(run.appetite)
        lender = Path(settings.CONFIGURATION.workspace)
        changed = Change.objects.filter(run=run).first()
        watched = Watched(partial(_say, run))
        if changed is None:
            balance = run_balance(Workspace.open(lender), files.appetite, folder, watched)
            applicants, kept_as = balance.applicants, RESULT
        else:
            applicants, kept_as = _under(changed, lender, folder, watched)
    except _Ended:
        files.remove()
    except EquipoiseError as error:
        fail(run, error)
    else:
        _solved(run, files, applicants, kept_as)


def _under(changed: Change, lender: Path, folder: Path, watched: Watched) -> tuple[int, str]:
    """The balance under a change, with every version in force on its day held against it; of one
    that is only about loans already made what it moves of them. For how many applicants, and the
    file that tells it."""
    from equipoise.review.policy.change import PolicyChange
    from equipoise.workspace.folder import Workspace
    from equipoise.workspace.policy_runs import CHANGE, run_book_change, run_change

    change = PolicyChange.model_validate(changed.change)
    if change.rule is None:
        run_book_change(lender, change, folder, watched)
        return 0, CHANGE
    held = concerned(change.on)
    strategies = {each.name: each.compiled() for each in held}
    (folder / CONCERNED).write_text(json.dumps([each.as_dict() for each in held]), "utf-8")
    appetite = Files(changed.run_id).appetite
    workspace = Workspace.open(lender)
    balance = run_change(workspace, appetite, change, folder, strategies, watched)
    return balance.applicants, RESULT


@job(queue=LONG)
def send(sending_id: int) -> None:
    """Take the point into the workspace's strategy, seal it, and send it to the registry as a
    draft whose author is whoever asked for it."""
    from equipoise.workspace.balance_runs import sealed_from
    from equipoise.workspace.folder import Workspace

    sending = Sending.objects.select_related("run").get(pk=sending_id)
    if sending.state not in UNFINISHED:
        return
    Sending.objects.filter(pk=sending.pk).update(begun=True)
    try:
        by = accounts.principal(sending.asked_by)
        if by is None or by.reach(Action.WRITE_STRATEGY) is None:
            raise GateRefused("whoever asked for it may write strategies no more")
        workspace = Workspace.open(Path(settings.CONFIGURATION.workspace))
        sealed, _ = sealed_from(workspace, Files(sending.run_id).folder, sending.point)
        with transaction.atomic():
            version = registry.add_draft(sealed.text().encode(), by)
            sent = BalanceSent(
                by=by.id,
                key=by.key or None,
                point=sending.point,
                strategy=version.strategy,
                number=version.number,
                digest=version.digest,
            )
            Sending.objects.filter(pk=sending.pk).update(state=State.DONE, version=version.pk)
            record.append(record.event(chain_of(sending.run_id), sent))
    except EquipoiseError as error:
        refusal = fault_of(error)
        fault = "; ".join(str(refusal[name]) for name in ("message", "mend") if refusal.get(name))
        Sending.objects.filter(pk=sending.pk).update(state=State.FAILED, fault=fault)
    except OSError:
        fault = "what was found is no longer kept; solve it again"
        Sending.objects.filter(pk=sending.pk).update(state=State.FAILED, fault=fault)


def fail(run: Run, error: EquipoiseError) -> None:
    """End it with what was in the way. The record gets the kind and the line: more could repeat
    what the history holds about people."""
    Files(run.pk).tell(error)
    line = error.where.line if error.where else None
    with transaction.atomic():
        if _end(run, State.FAILED):
            failed = BalanceFailed(error=type(error).__name__, line=line)
            record.append(record.event(chain_of(run.pk), failed, rows=(run,)))


def _solved(run: Run, files: Files, applicants: int, kept_as: str) -> None:
    digest = files.digest(kept_as)
    with transaction.atomic():
        if _end(run, State.DONE, applicants=applicants, result=digest, share=1.0, step=""):
            solved = BalanceSolved(applicants=applicants, sha256=digest)
            record.append(record.event(chain_of(run.pk), solved, rows=(run,)))
    forget_old()
    run.refresh_from_db()
    if run.state == State.CANCELLED:
        files.remove()


def forget_old() -> None:
    """Remove what all but the newest runs found: their rows and the record stay."""
    for old in kept()[:-KEPT]:
        Files(old).remove()


def _end(run: Run, state: State, **more: Any) -> bool:
    """Whether it was still open, and so ends now."""
    ended = _open(run).update(state=state, ended_at=clock.now(), **more)
    run.refresh_from_db()
    return bool(ended)


def _say(run: Run, step: str, share: float) -> None:
    """How far it is; where the run was cancelled, it ends the work."""
    if not _open(run).update(step=step, share=share):
        raise _Ended


def _open(run: Run) -> Any:
    return Run.objects.filter(pk=run.pk, state__in=UNFINISHED)
