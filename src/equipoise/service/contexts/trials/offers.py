"""The offers of a trial whose answers are known: what is learnt from them about take-up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from equipoise.errors import BadInput
from equipoise.service.contexts.decisions.reading import offered
from equipoise.service.contexts.registry.reading import lender_day, summaries
from equipoise.service.contexts.trials.guarding import BOOKED, WATCHABLE
from equipoise.service.contexts.trials.marks import before
from equipoise.service.contexts.trials.models import Arm, ArmRole, Look, Trial
from equipoise.service.contexts.trials.watching import MOST
from equipoise.service.platform import clock

if TYPE_CHECKING:
    from equipoise.review.learning.arms import TrialOffers

_ANSWERED = timedelta(
    days=WATCHABLE[BOOKED].window_days
)  # after so long whoever has not booked said no


@dataclass(frozen=True, slots=True)
class KnownOffers:
    """The offers whose answers are known; `complete` once the trial has ended and no more come."""

    offers: TrialOffers
    complete: bool


def known_offers(trial: Trial) -> KnownOffers:
    """The offers of both arms, from the record. Raises BadInput for a trial of other than one
    challenger, and where its arms are not filled by their shares."""
    import numpy as np

    from equipoise.review.learning.arms import TrialOffers

    challenger = _challenger(trial)
    today = lender_day(trial.champion, clock.now())
    made = offered(
        trial.strategy, before(trial.begun_at), before(trial.ended_at or clock.now()), MOST,
        today - _ANSWERED,
    )  # fmt: skip
    rows = [each for each in made.offers if each.digest in (trial.champion, challenger)]
    if not rows:
        raise BadInput("no offer of this trial is old enough for its answer to be known")
    last = max(each.on for each in rows) + _ANSWERED
    asked = [each.amount / each.asked if each.asked else np.nan for each in rows]
    offers = TrialOffers(
        trial=trial.experiment,
        challenger=np.array([each.digest == challenger for each in rows]),
        apr=np.array([each.apr for each in rows]),
        relative=np.array(asked, dtype=np.float64),
        pd=np.array([each.pd for each in rows]),
        taken=np.array([each.taken for each in rows]),
        served=(made.served.get(trial.champion, 0), made.served.get(challenger, 0)),
        known_on=last,
    )
    ended = trial.ended_at
    complete = ended is not None and lender_day(trial.champion, ended) + _ANSWERED <= today
    return KnownOffers(offers, complete)


def _challenger(trial: Trial) -> str:
    """The digest of the one challenger. Raises BadInput where its figures may not be read."""
    look = Look.objects.filter(trial=trial).first()
    if look is not None and look.result["sample_ratio"]["broken"]:
        raise BadInput(
            "the arms are not filled by their shares: no figure of this trial may be read"
        )
    rows = Arm.objects.filter(trial=trial, role=ArmRole.CHALLENGER.value)
    numbers = [each.version_id for each in rows]
    if len(numbers) != 1:
        raise BadInput("an experiment's trial has one challenger, and this one has not")
    return summaries(numbers)[numbers[0]].digest
