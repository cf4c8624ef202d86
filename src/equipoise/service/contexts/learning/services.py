"""What others may do: have assumptions ranked, plan an experiment, propose and answer."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TypedDict
from uuid import UUID

from django.db import IntegrityError, transaction

from equipoise.errors import BadInput, GateRefused
from equipoise.review.learning.proposing import Measurement, digest_of
from equipoise.service.contexts.learning import document
from equipoise.service.contexts.learning.events import (
    AssumptionAccepted,
    AssumptionProposed,
    AssumptionRefused,
    ExperimentPlanned,
    LearningAsked,
    chain_of_proposal,
    chain_of_ranking,
)
from equipoise.service.contexts.learning.measuring import in_arms
from equipoise.service.contexts.learning.models import UNFINISHED, Answer, Plan, Proposal, Ranking
from equipoise.service.contexts.learning.reading import measurement_of, result
from equipoise.service.contexts.learning.running import rank
from equipoise.service.platform import clock
from equipoise.service.platform.accounts import reading as accounts
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.jobs.registering import queued
from equipoise.service.platform.record import services as record

SYSTEM = "system.learning"
ORDERS = ("promise", "decision")
_LONGEST_SOURCE, _LONGEST_REASON, _LONGEST_NAME = 100, 500, 60


def ask(order: str, per_day: float | None, by: Principal) -> int:
    """Queue a ranking; its number. Raises BadInput, and GateRefused while another is under way."""
    if order not in ORDERS:
        raise BadInput(f"there is no order '{order[:20]}'", mend="say promise or decision")
    if per_day is not None and not 0 < per_day < 1e7:
        raise BadInput("applications a day are a number above zero", field="per_day")
    with transaction.atomic():
        if Ranking.objects.filter(state__in=UNFINISHED).exists():
            raise GateRefused("a ranking is under way", mend="wait until it is done")
        row = Ranking.objects.create(asked_by=by.id, by=order, per_day=per_day, made_at=clock.now())
        job = queued(rank, row.pk)
        job.save()
        row.job = UUID(str(job.pk))
        row.save(update_fields=["job"])
        asked = LearningAsked(by=by.id, key=by.key or None, order=order)
        record.append(record.event(chain_of_ranking(row.pk), asked, begins=True, rows=(row,)))
    return int(row.pk)


def plan(ranking_id: int, name: str, by: Principal) -> str:
    """Plan the experiment that a ranking names for an input; the name its trial gets.

    Raises DoesNotExist, BadInput where the ranking names none, and GateRefused where it is planned
    already.
    """
    row = Ranking.objects.get(pk=ranking_id)
    ranking = result(ranking_id)
    if ranking is None:
        raise BadInput("the ranking is not done")
    try:
        each = ranking.assumption(name)
    except LookupError:
        raise BadInput(f"the ranking has no input '{name[:80]}'") from None
    if each.experiment is None:
        raise BadInput("the menu has nothing to try it with")
    letters = re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_")
    experiment = f"learn_{row.pk}_{letters}"[:_LONGEST_NAME]
    try:
        with transaction.atomic():
            made = Plan.objects.create(
                ranking=row,
                input=name,
                experiment=experiment,
                planned_by=by.id,
                planned_at=clock.now(),
            )
            planned = ExperimentPlanned(
                by=by.id, key=by.key or None, input=name, experiment=experiment
            )
            record.append(record.event(chain_of_ranking(row.pk), planned, rows=(made,)))
    except IntegrityError:
        raise GateRefused("this experiment is planned already") from None
    return experiment


def propose(measurement: Measurement, by: Principal) -> int:
    """Propose what was measured elsewhere for experience.yaml; the proposal's number. It says
    that of itself, as nothing here has seen it.

    Raises BadInput where it cannot stand there, and GateRefused where one for this input is open.
    """
    _checked(measurement)
    elsewhere = replace(measurement, by=f"measured elsewhere: {measurement.by.strip()}")
    signed = AssumptionSigned(by=by.id, key=by.key or None)
    return _proposed(elsewhere, signed, person=by.person, trial=None)


def propose_from_trial(experiment: str, by: Principal) -> int:
    """Propose what the arms of a planned experiment's trial say; the proposal's number.

    Raises DoesNotExist, BadInput where they cannot say or it cannot stand in the document, and
    GateRefused where a proposal for its input is open.
    """
    measured = in_arms(Plan.objects.get(experiment=experiment))
    signed = AssumptionSigned(by=by.id, key=by.key or None)
    return _proposed(measured.measurement, signed, person=by.person, trial=measured.trial)


def propose_ended() -> int:
    """Propose what trials say that have ended and whose last answers are known, each once, in the
    name of whoever planned them; how many there were. What they cannot say, their page tells."""
    count = 0
    for plan in Plan.objects.order_by("pk"):
        if Proposal.objects.filter(input=plan.input, state=Answer.OPEN).exists():
            continue
        try:
            measured = in_arms(plan)
        except BadInput:
            continue
        mine = Proposal.objects.filter(input=plan.input, trial_id=measured.trial)
        if measured.complete and not mine.exists():
            signed = AssumptionSigned(by=SYSTEM, key=None)
            _proposed(measured.measurement, signed, person=plan.planned_by, trial=measured.trial)
            count += 1
    return count


class AssumptionSigned(TypedDict):
    """Who proposes: a person or a program, or the service itself."""

    by: str
    key: str | None


def _proposed(
    measurement: Measurement, signed: AssumptionSigned, *, person: str, trial: int | None
) -> int:
    document.proposed(measurement)
    with transaction.atomic():
        if Proposal.objects.filter(input=measurement.input, state=Answer.OPEN).exists():
            raise GateRefused("a proposal for this input is open", mend="answer it first")
        row = Proposal.objects.create(
            input=measurement.input,
            value=measurement.value,
            low=measurement.low,
            high=measurement.high,
            outcomes=measurement.outcomes,
            known_on=measurement.on,
            source=measurement.by,
            trial_id=trial,
            proposed_by=person,
            proposed_at=clock.now(),
        )
        proposed = AssumptionProposed(
            **signed,
            input=row.input,
            value=row.value,
            low=row.low,
            high=row.high,
            outcomes=row.outcomes,
            known_on=row.known_on.isoformat(),
            source=row.source,
            trial=row.trial_id,
        )
        record.append(record.event(chain_of_proposal(row.pk), proposed, begins=True, rows=(row,)))
    return int(row.pk)


def accept(proposal_id: int, by: Principal) -> None:
    """Write it into experience.yaml, as somebody else proposed it.

    It is made anew on the document of now. Raises DoesNotExist, GateRefused for one's own and where
    it was answered (by whom), BadInput where it cannot stand in the document any more.
    """
    row = Proposal.objects.get(pk=proposal_id)
    if row.proposed_by == by.person:
        raise GateRefused(
            "nobody accepts what they proposed themselves", mend="ask another person to"
        )
    with transaction.atomic():
        _answer(row, Answer.ACCEPTED, by, "")
        made = document.proposed(measurement_of(row))
        accepted = AssumptionAccepted(
            by=by.id, key=by.key or None, before=made.digest, after=digest_of(made.text)
        )
        record.append(record.event(chain_of_proposal(row.pk), accepted, rows=(row,)))
        # last: what fails before leaves the document as it was
        document.write(made)


def refuse(proposal_id: int, reason: str, by: Principal) -> None:
    """Refuse it, or take one's own back, with a reason. Raises as `accept`, one's own apart."""
    reason = reason.strip()
    if not 0 < len(reason) <= _LONGEST_REASON:
        raise BadInput("say why", field="reason", mend=f"in 1 to {_LONGEST_REASON} letters")
    row = Proposal.objects.get(pk=proposal_id)
    with transaction.atomic():
        _answer(row, Answer.REFUSED, by, reason)
        refused = AssumptionRefused(by=by.id, key=by.key or None, reason=reason)
        record.append(record.event(chain_of_proposal(row.pk), refused, rows=(row,)))


def _answer(row: Proposal, state: Answer, by: Principal, reason: str) -> None:
    """Of two who answer, one does; the other is told by whom it was."""
    open_ = Proposal.objects.filter(pk=row.pk, state=Answer.OPEN)
    done = open_.update(state=state, answered_by=by.person, answered_at=clock.now(), reason=reason)
    row.refresh_from_db()
    if not done:
        name = accounts.usernames([row.answered_by]).get(row.answered_by, row.answered_by)
        raise GateRefused(f"{name} has answered it already: {row.state}")


def _checked(measurement: Measurement) -> None:
    if not 0 < len(measurement.by.strip()) <= _LONGEST_SOURCE:
        raise BadInput("say by what it was measured", field="source")
    if not 0 < measurement.outcomes < 10**12:
        raise BadInput("say of how many outcomes", field="outcomes")
    if measurement.on > clock.now().date() or measurement.on < date(2000, 1, 1):
        raise BadInput("that day has not come", field="known_on")
