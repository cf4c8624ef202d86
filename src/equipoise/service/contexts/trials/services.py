"""Trials begun, changed and ended: each one transaction and one event in the strategy's chain."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from equipoise.authority.lifecycle import State
from equipoise.errors import BadInput, GateRefused
from equipoise.service.contexts.registry import services as registry
from equipoise.service.contexts.registry.reading import VersionSummary, loaded, summaries
from equipoise.service.contexts.trials import asks, guarding
from equipoise.service.contexts.trials.events import ArmTold, ShareChanged, TrialBegun, TrialEnded
from equipoise.service.contexts.trials.guardrails import Guardrail
from equipoise.service.contexts.trials.marks import before
from equipoise.service.contexts.trials.models import Arm, ArmRole, Ask, AskedFor, Trial
from equipoise.service.contexts.trials.telling import close_overtaken, signed, tell
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.strategy.exploring.split import NAME, Split

MOST_ARMS = 8


@dataclass(frozen=True, slots=True)
class Entrant:
    """A version that enters a trial, in which role, and with what share of applicants."""

    version_id: int
    role: ArmRole
    share: float = 0.0


def entrant(version_id: int, share: float, *, serves: bool) -> Entrant:
    """A version that serves its share of applicants, or is only watched."""
    return Entrant(version_id, ArmRole.CHALLENGER if serves else ArmRole.SHADOW, share)


def begin(
    strategy: str,
    experiment: str,
    entrants: Sequence[Entrant],
    by: Principal,
    reason: str,
    *,
    again: bool = False,
    guardrails: Sequence[Guardrail] | None = None,
) -> Trial:
    """Put a trial in force against the champion of now, with these guardrails for its challengers,
    or the usual ones.

    Challengers pass what a publication passes, and nobody begins a trial of what they wrote. A
    version that was rolled back from or taken out of force serves again only where `again` says
    that this is known. Raises BadInput and GateRefused saying what is in the way.
    """
    versions = _entered(strategy, experiment, entrants, by)
    guards = _guards(entrants, guardrails)
    for entrant, version in zip(entrants, versions, strict=True):
        if entrant.role is ArmRole.CHALLENGER:
            registry.check_challenger(version.id, again=again)
        else:
            registry.check_shadow(version.id)
    try:
        with transaction.atomic():
            entered = list(zip(entrants, versions, strict=True))
            trial = _begin(strategy, experiment, entered, by, reason)
            guarding.declare(trial, guards, by)
            return trial
    except IntegrityError:
        raise GateRefused(
            f"there was an experiment '{experiment}' before",
            field="experiment",
            mend="name it otherwise: a name that returns splits people as it did then",
        ) from None


def change_share(trial_id: int, version_id: int, share: float, by: Principal, reason: str) -> Trial:
    """Give a challenger another share. A larger one moves people from the champion alone."""
    with transaction.atomic():
        trial = _in_force(trial_id)
        arm = Arm.objects.get(trial=trial, version_id=version_id, role=ArmRole.CHALLENGER.value)
        lanes = challengers(trial)
        versions = summaries([each.version_id for each in lanes])
        if share > arm.share:
            _not_own(versions[version_id], by)
            guarding.refuse_stopped(arm)
        former, arm.share = arm.share, share
        arms = [arm if each.pk == arm.pk else each for each in lanes]
        shares = [(versions[each.version_id].digest, each.share) for each in arms]
        _split(trial.experiment, shares)
        arm.save(update_fields=["share"])
        changed = ShareChanged(
            **signed(trial, by),
            digest=versions[version_id].digest,
            before=former,
            after=share,
            reason=reason,
        )
        tell(trial, changed)
    return trial


def end(trial_id: int, by: Principal, reason: str) -> Trial:
    """End a trial at once: the champion serves everybody. Its author may, as harm cannot wait."""
    with transaction.atomic():
        trial = _in_force(trial_id)
        registry.name_trial(trial.strategy, None)
        trial.ended_at = clock.now()
        trial.save(update_fields=["ended_at"])
        tell(trial, TrialEnded(**signed(trial, by), reason=reason))
    return trial


def challengers(trial: Trial) -> list[Arm]:
    """A trial's challengers in the order of their lanes."""
    rows = Arm.objects.filter(trial=trial, role=ArmRole.CHALLENGER.value)
    return list(rows.order_by("place"))


def _entered(
    strategy: str, experiment: str, entrants: Sequence[Entrant], by: Principal
) -> list[VersionSummary]:
    if not re.match(NAME, experiment) or len(experiment) > 60:
        raise BadInput(
            "this cannot name an experiment",
            field="experiment",
            mend="use letters, digits and _, a letter first, 60 at most",
        )
    if not 0 < len(entrants) <= MOST_ARMS:
        raise BadInput(f"a trial has 1 to {MOST_ARMS} versions", field="arms")
    numbers = [each.version_id for each in entrants]
    known = summaries(numbers)
    versions = []
    for number in numbers:
        version = known.get(number)
        if version is None or version.strategy != strategy:
            raise BadInput(
                f"the strategy has no version of id {number}",
                field="arms",
                mend="see /v1/strategies",
            )
        if numbers.count(number) > 1:
            raise BadInput(f"version {number} is named twice", field="arms")
        if version.state is not State.APPROVED:
            raise GateRefused(
                f"version {version.number} is {version.state}: only what is approved is tried",
                field="arms",
            )
        _not_own(version, by)
        versions.append(version)
    return versions


def _begin(
    strategy: str,
    experiment: str,
    entered: Sequence[tuple[Entrant, VersionSummary]],
    by: Principal,
    reason: str,
) -> Trial:
    champion = registry.hold_champion(strategy)
    if champion is None:
        raise GateRefused("there is no champion", mend="publish a version first")
    if champion.trial is not None:
        raise GateRefused("a trial of this strategy is in force", mend="end it first")
    _same_contract(champion.digest, [version for _, version in entered])
    serving = [(v.digest, e.share) for e, v in entered if e.role is ArmRole.CHALLENGER]
    _split(experiment, serving)
    if any(e.share for e, _ in entered if e.role is ArmRole.SHADOW):
        raise BadInput("a shadow serves nobody", field="share", mend="leave its share out")
    now = clock.now()
    trial = Trial.objects.create(
        strategy=strategy,
        experiment=experiment,
        champion=champion.digest,
        begun_by=by.person,
        begun_at=now,
    )
    for place, (entrant, version) in enumerate(entered):
        Arm.objects.create(
            trial=trial,
            version_id=version.id,
            role=entrant.role.value,
            place=place,
            share=entrant.share,
            reached=before(now),
        )
    registry.name_trial(strategy, trial.pk)
    arms = [
        ArmTold(version.number, version.digest, entrant.role.value, entrant.share)
        for entrant, version in entered
    ]
    begun = TrialBegun(
        **signed(trial, by),
        experiment=experiment,
        champion=champion.digest,
        arms=arms,
        reason=reason,
    )
    tell(trial, begun)
    return trial


def _guards(
    entrants: Sequence[Entrant], guardrails: Sequence[Guardrail] | None
) -> tuple[Guardrail, ...]:
    if any(each.role is ArmRole.CHALLENGER for each in entrants):
        return guarding.checked(guardrails)
    if guardrails:
        raise BadInput(
            "a shadow serves nobody and breaks no guardrail",
            field="guardrails",
            mend="leave the guardrails out",
        )
    return ()


def _split(experiment: str, shares: Sequence[tuple[str, float]]) -> None:
    """Refuse shares that do not fit."""
    if shares:
        Split.of(experiment, dict(shares))


def _same_contract(champion: str, others: Sequence[VersionSummary]) -> None:
    """Applicants are asked for the champion's facts: another contract would ask for others."""
    own = loaded(champion).content.contract
    for version in others:
        other = loaded(version.digest).content.contract
        if other != own:
            raise GateRefused(
                f"version {version.number} is for contract {other.name} v{other.version}, and the "
                f"champion's is {own.name} v{own.version}, or reads otherwise",
                field="arms",
                mend="try it by a pilot of its own: its applicants must be asked for other facts",
            )


def _not_own(version: VersionSummary, by: Principal) -> None:
    registry.check_judge(version.authors, by, "put on trial")


def _in_force(trial_id: int) -> Trial:
    """The trial, with its champion and itself held. Raises GateRefused where it has ended."""
    trial = Trial.objects.get(pk=trial_id)
    champion = registry.hold_champion(trial.strategy)
    trial = Trial.objects.select_for_update().get(pk=trial_id)
    if trial.ended_at is not None or champion is None or champion.trial != trial.pk:
        raise GateRefused("the trial has ended")
    return trial


def ask(trial_id: int, what: str, by: Principal, reason: str, version_id: int | None = None) -> int:
    """Ask a second person to `stop` the trial, or to `ship` its challenger; see `asks.ask`. Raises
    BadInput where it is asked for something else."""
    if what not in set(AskedFor):
        raise BadInput(f"a trial is stopped or shipped, and not '{what[:20]}'", field="what")
    with transaction.atomic():
        return asks.ask(_in_force(trial_id), AskedFor(what), by, reason, version_id)


def answer(ask_id: int, by: Principal, *, agreed: bool, reason: str) -> Trial:
    """Agree to what another asked, which is then done, or do not.

    Raises DoesNotExist, what `asks.check_answerer` raises, and what stands in the way of a
    publication: then nothing is answered.
    """
    row = Ask.objects.select_related("trial").get(pk=ask_id)
    asks.check_answerer(row, by)
    if not agreed:
        with transaction.atomic():
            _in_force(row.trial_id)
            asks.answered(row, by, agreed=False, reason=reason)
        return Trial.objects.get(pk=row.trial_id)
    if row.what == AskedFor.SHIP and row.version_id is not None:
        registry.publish(row.version_id, by, reason)  # its gates may take long: before the rest
        with transaction.atomic():
            asks.answered(row, by, agreed=True, reason=reason)
        close_overtaken()
    else:
        with transaction.atomic():
            asks.answered(row, by, agreed=True, reason=reason)
            end(row.trial_id, by, reason)
    return Trial.objects.get(pk=row.trial_id)
