"""Rankings of assumptions, the experiments planned from them, and what was measured."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class State(models.TextChoices):
    """Where a ranking stands; the last two are ends."""

    QUEUED = "queued"
    DONE = "done"
    FAILED = "failed"


UNFINISHED = (State.QUEUED,)
RUNNING = "running"  # what is said of what is queued and has begun


def said(state: str, *, begun: bool) -> str:
    """The state as it is shown. That a worker is at it is no event, so no row tells it."""
    return RUNNING if begun and state in UNFINISHED else state


class Ranking(models.Model):
    """A ranking that somebody asked for. `result` is `LearningResult` as JSON text, `sha256` its
    digest; `step` and `share` (0..1) say how far it is; `fault` what was in the way.
    """

    asked_by = models.CharField(max_length=40)
    by = models.CharField(max_length=10)
    per_day = models.FloatField(null=True)
    job = models.UUIDField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    begun = models.BooleanField(default=False)
    step = models.CharField(max_length=80, blank=True, default="")
    share = models.FloatField(default=0.0)
    result = models.TextField(blank=True, default="")
    sha256 = models.CharField(max_length=64, blank=True, default="")
    fault = models.TextField(blank=True, default="")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Ranking]] = models.Manager()


class Plan(models.Model):
    """An experiment of a ranking that somebody plans; `experiment` is the name its trial gets."""

    ranking_id: int
    ranking = models.ForeignKey(Ranking, on_delete=models.PROTECT)
    input = models.CharField(max_length=200)
    experiment = models.CharField(max_length=60, unique=True)
    planned_by = models.CharField(max_length=40)
    planned_at = models.DateTimeField()

    objects: ClassVar[models.Manager[Plan]] = models.Manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ranking", "input"], name="learning_planned_once")
        ]


class Answer(models.TextChoices):
    """What became of a proposal."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class Proposal(models.Model):
    """What was measured of an input, proposed for experience.yaml: read from the arms of that trial
    of the trials', or measured elsewhere."""

    input = models.CharField(max_length=200)
    value = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()
    outcomes = models.BigIntegerField()
    known_on = models.DateField()
    source = models.CharField(max_length=120)
    trial_id = models.BigIntegerField(null=True)  # the trials'
    proposed_by = models.CharField(max_length=40)
    proposed_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=Answer.choices, default=Answer.OPEN)
    answered_by = models.CharField(max_length=40, blank=True, default="")
    answered_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True, default="")

    objects: ClassVar[models.Manager[Proposal]] = models.Manager()
