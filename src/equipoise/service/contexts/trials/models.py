"""Trials, their arms, and what shadows would have said."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.db import models


class ArmRole(StrEnum):
    """What an arm does: it serves its share, or is only watched."""

    CHALLENGER = "challenger"
    SHADOW = "shadow"


class Trial(models.Model):
    """A trial of a strategy's versions against the champion of then.

    `experiment` is what the hash that splits applicants is keyed by: another name draws anew.
    `begun_by` is the person who put it in force.
    """

    strategy = models.CharField(max_length=80)
    experiment = models.CharField(max_length=60, unique=True)
    champion = models.CharField(max_length=64)
    begun_by = models.CharField(max_length=40, blank=True, default="")
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Trial]] = models.Manager()


class Arm(models.Model):
    """A version on trial. `place` orders the challengers' lanes and never changes; `reached` is the
    last decision that a shadow was held against."""

    trial_id: int
    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="arms")
    version_id = models.BigIntegerField()  # the registry's
    role = models.CharField(max_length=12)
    place = models.PositiveIntegerField()
    share = models.FloatField(default=0.0)
    reached = models.CharField(max_length=60, default="")

    objects: ClassVar[models.Manager[Arm]] = models.Manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["trial", "version_id"], name="trials_version_once"),
            models.UniqueConstraint(fields=["trial", "place"], name="trials_place"),
        ]


class DeclaredGuardrail(models.Model):
    """A guardrail of a trial, as it was declared (`guardrails.Guardrail`)."""

    trial_id: int
    trial = models.ForeignKey(Trial, on_delete=models.PROTECT)
    measure = models.CharField(max_length=20)
    bound = models.FloatField()
    least = models.PositiveIntegerField()
    then = models.CharField(max_length=8)

    objects: ClassVar[models.Manager[DeclaredGuardrail]] = models.Manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["trial", "measure"], name="trials_guardrail_once")
        ]


class Breach(models.Model):
    """A guardrail that a challenger broke, with the difference and its interval as they were then.
    Once broken it stays broken: the interval holds on every day together."""

    arm_id: int
    arm = models.ForeignKey(Arm, on_delete=models.PROTECT)
    measure = models.CharField(max_length=20)
    then = models.CharField(max_length=8)
    bound = models.FloatField()
    difference = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()
    since = models.DateField()
    at = models.DateTimeField()

    objects: ClassVar[models.Manager[Breach]] = models.Manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["arm", "measure"], name="trials_breach_once")
        ]


class Shadowed(models.Model):
    """What a shadow would have said where another version decided; it holds nothing about a person.

    `outcome` is empty where nothing could be said, and `failure` then says why.
    """

    arm_id: int
    arm = models.ForeignKey(Arm, on_delete=models.PROTECT)
    decision = models.CharField(max_length=60)
    served = models.CharField(max_length=16)
    outcome = models.CharField(max_length=16, blank=True, default="")
    grade = models.CharField(max_length=20, blank=True, default="")
    treatment = models.CharField(max_length=120, blank=True, default="")
    failure = models.CharField(max_length=40, blank=True, default="")

    objects: ClassVar[models.Manager[Shadowed]] = models.Manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["arm", "decision"], name="trials_shadowed_once")
        ]


class AskedFor(StrEnum):
    """What takes two people: a trial's end, or one of its challengers as the champion."""

    STOP = "stop"
    SHIP = "ship"


class Ask(models.Model):
    """What one person asked of a trial and another answers: `agreed` is empty until then."""

    trial_id: int
    trial = models.ForeignKey(Trial, on_delete=models.PROTECT)
    what = models.CharField(max_length=8)
    version_id = models.BigIntegerField(null=True)  # to ship, the registry's
    reason = models.TextField()
    asked_by = models.CharField(max_length=40)
    asked_at = models.DateTimeField()
    answered_by = models.CharField(max_length=40, blank=True, default="")
    answered_at = models.DateTimeField(null=True)
    agreed = models.BooleanField(null=True)

    objects: ClassVar[models.Manager[Ask]] = models.Manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["trial"],
                condition=models.Q(answered_at__isnull=True),
                name="trials_one_open_ask",
            )
        ]


class Look(models.Model):
    """What may be said of a trial by now (`review.trials.trial_result`), worked out off the request
    path; `reached` is the last decision that is in it. It holds nothing about a person."""

    trial = models.OneToOneField(Trial, on_delete=models.PROTECT, primary_key=True)
    result = models.JSONField()
    reached = models.CharField(max_length=60)
    at = models.DateTimeField()

    objects: ClassVar[models.Manager[Look]] = models.Manager()
