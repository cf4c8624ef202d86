"""Guardrails of a trial: declared as it begins, heeded at every look, and never moved meanwhile.

A broken one is written down once, with what was seen then. Where it stops, its challenger serves
nobody new from that moment on: the champion does, and the trial's other challengers go on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from equipoise.errors import GateRefused
from equipoise.service.contexts.registry import services as registry
from equipoise.service.contexts.registry.reading import summaries
from equipoise.service.contexts.trials.calling import call
from equipoise.service.contexts.trials.events import (
    GuardrailBroken,
    GuardrailTold,
    ShareChanged,
    TrialGuarded,
)
from equipoise.service.contexts.trials.guardrails import (
    Guardrail,
    Then,
    Watchable,
    check_guardrails,
)
from equipoise.service.contexts.trials.models import (
    Arm,
    ArmRole,
    Breach,
    DeclaredGuardrail,
    Trial,
)
from equipoise.service.contexts.trials.telling import SYSTEM, signed, tell
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import Principal

OFFERED, BOOKED, BAD = "offered", "booked", "bad"
WATCHABLE = {
    OFFERED: Watchable(higher_is_better=True, window_days=0),
    BOOKED: Watchable(higher_is_better=True, window_days=30),
    BAD: Watchable(higher_is_better=False, window_days=365),
}
# Where nobody declares any: what was never allowed to a challenger.
USUAL = (
    Guardrail(OFFERED, -0.05, 100, Then.STOP),
    Guardrail(BOOKED, -0.05, 100, Then.STOP),
    Guardrail(BAD, 0.01, 100, Then.STOP),
)


def checked(guardrails: Sequence[Guardrail] | None) -> tuple[Guardrail, ...]:
    """Those that a trial begins with: the usual ones unless others are declared. Raises
    BadInput."""
    return USUAL if guardrails is None else check_guardrails(guardrails, WATCHABLE)


def declare(trial: Trial, guardrails: Sequence[Guardrail], by: Principal) -> None:
    """Write them down in the transaction that begins the trial."""
    if not guardrails:
        return
    rows = [
        DeclaredGuardrail.objects.create(
            trial=trial, measure=each.measure, bound=each.bound, least=each.least, then=each.then
        )
        for each in guardrails
    ]
    limits = [
        GuardrailTold(each.measure, each.bound, each.least, each.then.value) for each in guardrails
    ]
    tell(trial, TrialGuarded(**signed(trial, by), guardrails=limits), *rows)


def declared(trial: Trial) -> tuple[Guardrail, ...]:
    """The guardrails that the trial was begun with; none where it had none."""
    rows = DeclaredGuardrail.objects.filter(trial=trial).order_by("pk")
    return tuple(Guardrail(row.measure, row.bound, row.least, Then(row.then)) for row in rows)


def heed(trial_id: int, look: Mapping[str, Any]) -> int:
    """Write down what a look (`review.trials.trial_result`) found broken, and do what was declared;
    how many were broken that were not before.

    Where the arms are not filled by their shares no figure may be read, and none is heeded.
    """
    if look["sample_ratio"]["broken"]:
        return 0
    with transaction.atomic():
        trial = Trial.objects.get(pk=trial_id)
        registry.hold_champion(trial.strategy)  # first, as whoever ends a trial takes it
        trial = Trial.objects.select_for_update().get(pk=trial_id)
        guardrails = {each.measure: each for each in declared(trial)}
        count = 0
        for challenger, arm in _challengers(trial, look):
            for measure in challenger["measures"]:
                guardrail = guardrails.get(measure["name"])
                if guardrail is not None and measure["found"] == "harm":
                    count += _broken(trial, arm, guardrail, measure)
    return count


def refuse_stopped(arm: Arm) -> None:
    """Raises GateRefused where a guardrail of the arm was broken that stops it."""
    broken = Breach.objects.filter(arm=arm, then=Then.STOP.value).order_by("pk").first()
    if broken is not None:
        raise GateRefused(
            f"the guardrail on '{broken.measure}' was broken at {broken.at:%Y-%m-%d %H:%M} UTC, "
            "and nobody new is served by this version",
            mend="begin another trial, with guardrails that say why",
        )


def _challengers(trial: Trial, look: Mapping[str, Any]) -> list[tuple[Mapping[str, Any], Arm]]:
    arms = Arm.objects.filter(trial=trial, role=ArmRole.CHALLENGER.value)
    versions = summaries([each.version_id for each in arms])
    named = {arm_name(versions[each.version_id].number): each for each in arms}
    pairs = [(each, named.get(each["challenger"])) for each in look["challengers"]]
    return [(each, arm) for each, arm in pairs if arm is not None]


def arm_name(number: int) -> str:
    """What the arm of a version is called in a look."""
    return f"version {number}"


def _broken(trial: Trial, arm: Arm, guardrail: Guardrail, seen: Mapping[str, Any]) -> bool:
    if Breach.objects.filter(arm=arm, measure=guardrail.measure).exists():
        return False
    row = Breach.objects.create(
        arm=arm,
        measure=guardrail.measure,
        then=guardrail.then.value,
        bound=guardrail.bound,
        difference=seen["difference"],
        low=seen["low"],
        high=seen["high"],
        since=date.fromisoformat(seen["since"]),
        at=clock.now(),
    )
    version = summaries([arm.version_id])[arm.version_id]
    broken = GuardrailBroken(
        trial=trial.pk,
        by=SYSTEM,
        digest=version.digest,
        measure=row.measure,
        bound=row.bound,
        then=row.then,
        difference=row.difference,
        low=row.low,
        high=row.high,
        outcomes=[seen["champion"]["outcomes"], seen["challenger"]["outcomes"]],
        since=seen["since"],
    )
    tell(trial, broken, row)
    if guardrail.then is Then.STOP and trial.ended_at is None and arm.share:
        _stop(trial, arm, version.digest, row)
    call(trial, version, row)
    return True


def _stop(trial: Trial, arm: Arm, digest: str, broken: Breach) -> None:
    former, arm.share = arm.share, 0.0
    arm.save(update_fields=["share"])
    changed = ShareChanged(
        trial=trial.pk,
        by=SYSTEM,
        digest=digest,
        before=former,
        after=0.0,
        reason=f"the guardrail on {broken.measure} was broken",
    )
    tell(trial, changed)
