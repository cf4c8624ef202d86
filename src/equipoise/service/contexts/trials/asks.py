"""Stopping a trial and shipping its challenger, as two people do it: one asks, another answers.

Harm cannot wait: `services.end` ends a trial at one person's word. What is asked here is what can
wait for a second pair of eyes.
"""

from __future__ import annotations

from django.db import IntegrityError, transaction

from equipoise.errors import BadInput, GateRefused
from equipoise.service.contexts.registry import services as registry
from equipoise.service.contexts.registry.reading import summary
from equipoise.service.contexts.trials.events import TrialAnswered, TrialAsked
from equipoise.service.contexts.trials.models import Arm, ArmRole, Ask, AskedFor, Trial
from equipoise.service.contexts.trials.telling import signed, tell
from equipoise.service.platform import clock
from equipoise.service.platform.accounts import reading as accounts
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.accounts.rights import TwoPeople


def ask(
    trial: Trial, what: AskedFor, by: Principal, reason: str, version_id: int | None = None
) -> int:
    """Ask it of a second person; the number of what was asked. `trial` is held and in force.

    Raises GateRefused, naming who asked, where something is asked already, and BadInput where the
    version to ship is no challenger of the trial.
    """
    if what is AskedFor.SHIP:
        challengers = Arm.objects.filter(trial=trial, role=ArmRole.CHALLENGER.value)
        if version_id is None or not challengers.filter(version_id=version_id).exists():
            raise BadInput("that version is no challenger of this trial", field="version")
    else:
        version_id = None
    try:
        with transaction.atomic():
            row = Ask.objects.create(
                trial=trial,
                what=what.value,
                version_id=version_id,
                reason=reason,
                asked_by=by.person,
                asked_at=clock.now(),
            )
    except IntegrityError:
        open_ = Ask.objects.get(trial=trial, answered_at=None)
        raise GateRefused(
            f"{_name(open_.asked_by)} has asked to {open_.what} since "
            f"{open_.asked_at:%Y-%m-%d %H:%M} UTC",
            mend="answer that first",
        ) from None
    asked = TrialAsked(
        **signed(trial, by), ask=row.pk, what=what.value, version_id=version_id, reason=reason
    )
    tell(trial, asked, row)
    return int(row.pk)


def check_answerer(row: Ask, by: Principal) -> None:
    """Raises GateRefused, naming who was first, where it is answered; TwoPeople where whoever
    answers is whoever asked, or has an account that was never handed over; and for the author of
    what is to be shipped, OwnWork."""
    if row.answered_at is not None:
        said = "agreed" if row.agreed else "did not agree"
        raise GateRefused(
            f"{_name(row.answered_by)} {said} at {row.answered_at:%Y-%m-%d %H:%M} UTC already"
        )
    if by.person == row.asked_by:
        raise TwoPeople("nobody answers what they asked for themselves", mend="ask another person")
    if not accounts.has_taken_over(by.person):
        raise TwoPeople("an account that was never handed over is no second person's")
    if row.what == AskedFor.SHIP and row.version_id is not None:
        registry.check_judge(summary(row.version_id).authors, by, "ship")


def answered(row: Ask, by: Principal, *, agreed: bool, reason: str) -> None:
    """Write down what was answered, in the caller's transaction. Raises GateRefused where another
    was first."""
    values = {"answered_by": by.person, "answered_at": clock.now(), "agreed": agreed}
    if not Ask.objects.filter(pk=row.pk, answered_at=None).update(**values):
        row.refresh_from_db()
        check_answerer(row, by)
    row.refresh_from_db()
    trial = row.trial
    event = TrialAnswered(
        **signed(trial, by), ask=row.pk, what=row.what, agreed=agreed, reason=reason
    )
    tell(trial, event, row)


def _name(person: str) -> str:
    return accounts.usernames([person]).get(person, person)
