"""Runs of the balance, the points that are sent on from them, and what a month came to."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class State(models.TextChoices):
    """Where a run or a sending stands; the last three are ends."""

    QUEUED = "queued"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


UNFINISHED = (State.QUEUED,)
RUNNING = "running"  # what is said of what is queued and has begun


def said(state: str, *, begun: bool) -> str:
    """The state as it is shown. That a worker is at it is no event, so no row tells it."""
    return RUNNING if begun and state in UNFINISHED else state


class Run(models.Model):
    """A balance that somebody asked for. `appetite` is the document as they gave it, `digest` its
    SHA-256; `step` and `share` (0..1) say how far it is, `result` is the SHA-256 of balance.json.
    """

    asked_by = models.CharField(max_length=40)
    appetite = models.TextField()
    digest = models.CharField(max_length=64)
    job = models.UUIDField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    begun = models.BooleanField(default=False)
    step = models.CharField(max_length=80, blank=True, default="")
    share = models.FloatField(default=0.0)
    applicants = models.BigIntegerField(null=True)
    result = models.CharField(max_length=64, blank=True, default="")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Run]] = models.Manager()


class Change(models.Model):
    """The change of law or policy (`review.policy.change`) that a run is found under, and the run
    `base` that it is held beside: none where it is only about loans already made."""

    run_id: int
    run = models.OneToOneField(Run, on_delete=models.PROTECT, primary_key=True)
    base = models.BigIntegerField(null=True)
    change = models.JSONField()

    objects: ClassVar[models.Manager[Change]] = models.Manager()


class Sending(models.Model):
    """A point on its way to the registry: `version` is the registry's, once it is there, and
    `fault` what was in the way."""

    run_id: int
    run = models.ForeignKey(Run, on_delete=models.PROTECT)
    point = models.CharField(max_length=20)
    asked_by = models.CharField(max_length=40)
    job = models.UUIDField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    begun = models.BooleanField(default=False)
    version = models.BigIntegerField(null=True)
    fault = models.TextField(blank=True, default="")
    made_at = models.DateTimeField()

    objects: ClassVar[models.Manager[Sending]] = models.Manager()


class Month(models.Model):
    """What the decisions of a lender's month came to, as the strategies expected it: worked out
    from the record, and made anew whenever there are more of them.

    `people` applications were decided; of `unread` more the facts are gone. `sums` are totals by
    measure and `products` those of each pair, from which intervals follow; `until` is the last
    decision that is in it.
    """

    strategy = models.CharField(max_length=80)
    first = models.DateField()
    people = models.BigIntegerField()
    unread = models.BigIntegerField()
    sums = models.JSONField()
    products = models.JSONField()
    until = models.CharField(max_length=60)
    made_at = models.DateTimeField()

    objects: ClassVar[models.Manager[Month]] = models.Manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["strategy", "first"], name="balances_month_once")
        ]
