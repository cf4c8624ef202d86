"""What may be said of a trial by now: its applications by arm and day, watched as `equipoise
challenge monitor` does, off the request path.

What is watched of every challenger are its guardrails (`guarding`): offered to fewer, booked by
fewer, or gone bad more often than was declared to be borne. A broken one is heeded at once.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from equipoise.errors import BadInput
from equipoise.service.contexts.applications.reading import chances
from equipoise.service.contexts.decisions.reading import Followed, followed
from equipoise.service.contexts.registry.reading import lender_day, summaries
from equipoise.service.contexts.trials.guarding import (
    BAD,
    BOOKED,
    OFFERED,
    USUAL,
    WATCHABLE,
    arm_name,
    declared,
    heed,
)
from equipoise.service.contexts.trials.marks import before
from equipoise.service.contexts.trials.models import Arm, ArmRole, Look, Trial
from equipoise.service.platform import clock
from equipoise.strategy.decision import LENT
from equipoise.strategy.exploring.split import CHAMPION

MOST = 50_000  # decisions of a trial that are read
PLANNED = 1_000  # outcomes of a challenger at which intervals are narrowest
_LONGEST = timedelta(days=max(each.window_days for each in WATCHABLE.values()) + 1)


def look_anew() -> int:
    """Work out what may be said of each trial that has gone on since the last look; how many."""
    count = 0
    for trial in Trial.objects.all():
        seen = Look.objects.filter(trial=trial).first()
        if seen is not None and _is_over(trial, seen.at):
            continue
        count += look(trial)
    return count


def _is_over(trial: Trial, seen: datetime) -> bool:
    """Whether a look that was taken then still says all: of a trial that has ended, what becomes of
    those it served comes in for a year, and is looked at once a day."""
    if trial.ended_at is None or seen <= trial.ended_at:
        return False
    now, last = clock.now(), trial.ended_at + _LONGEST
    return seen > last or now - seen < timedelta(days=1)


def look(trial: Trial) -> bool:
    """Work it out anew, and keep it; False where there is nothing to say yet."""
    until = before(trial.ended_at or clock.now())
    people, reached = followed(trial.strategy, before(trial.begun_at), until, MOST)
    result = _watched(trial, people)
    if result is None:
        return False
    kept = {"result": result, "reached": reached, "at": clock.now()}
    with transaction.atomic():
        Look.objects.update_or_create(trial=trial, defaults=kept)
        heed(trial.pk, result)
    return True


def _watched(trial: Trial, people: list[Followed]) -> dict[str, Any] | None:
    import polars as pl

    from equipoise.review.trials.monitoring import watch
    from equipoise.review.trials.trial import read_trial

    arms = _arms(trial)
    served = [each for each in people if each.digest in arms]
    chance = chances([each.application for each in served])
    today = lender_day(trial.champion, clock.now())
    rows = [
        {
            "arm": arms[each.digest],
            "day": each.on,
            "propensity": chance[each.application],
            **_outcomes(each),
        }
        for each in served
        if chance.get(each.application, 0.0) > 0
    ]
    kinds = {"arm": pl.String, "day": pl.Date} | dict.fromkeys(
        ("propensity", *WATCHABLE), pl.Float64
    )
    measures = [each.measured(WATCHABLE[each.measure]) for each in declared(trial) or USUAL]
    try:
        read = read_trial(pl.DataFrame(rows, schema=kinds), measures, until=today)
        return watch(read, measures, planned=PLANNED).result("").as_dict()
    except BadInput:  # one arm has nobody yet
        return None


def _arms(trial: Trial) -> dict[str, str]:
    """What each version's arm is called, by its digest."""
    rows = list(Arm.objects.filter(trial=trial, role=ArmRole.CHALLENGER.value))
    versions = summaries([each.version_id for each in rows])
    return {trial.champion: CHAMPION} | {
        each.digest: arm_name(each.number) for each in versions.values()
    }


def _outcomes(each: Followed) -> dict[str, float | None]:
    """What became of one application; None where it is no question, as of a bad loan unbooked."""
    booked = each.recorded.get("booked")
    bad = None if booked is None else float("defaulted" in each.recorded)
    return {
        OFFERED: float(each.outcome in LENT),
        BOOKED: float(booked is not None),
        BAD: bad,
    }
