"""Measurings of the book: asked for, under way, done."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Of(models.TextChoices):
    """What is measured: the book as it stands, or the book under scenarios."""

    PORTFOLIO = "portfolio"
    STRESS = "stress"


class State(models.TextChoices):
    """Where a measuring stands; the last two are ends."""

    QUEUED = "queued"
    DONE = "done"
    FAILED = "failed"


class Measuring(models.Model):
    """What somebody asked for. `scenarios` and `limits` are lines; `result` is JSON text, `sha256`
    its digest; `step` and `share` (0..1) say how far it is; `fault` what was in the way.
    """

    of = models.CharField(max_length=10, choices=Of.choices)
    scenarios = models.TextField(blank=True, default="")
    limits = models.TextField(blank=True, default="")
    asked_by = models.CharField(max_length=40)
    job = models.UUIDField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    step = models.CharField(max_length=80, blank=True, default="")
    share = models.FloatField(default=0.0)
    result = models.TextField(blank=True, default="")
    sha256 = models.CharField(max_length=64, blank=True, default="")
    fault = models.TextField(blank=True, default="")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Measuring]] = models.Manager()
