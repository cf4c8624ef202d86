"""Waits, as the record tells them, and what they sum up to."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Wait(models.Model):
    """An application's wait from entering a stage until its answer, or until its applicant `left`
    without one; `ended_at` is null while it lasts."""

    application = models.CharField(max_length=60)
    stage = models.CharField(max_length=100)
    entered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    left = models.BooleanField(default=False)

    objects: ClassVar[models.Manager[Wait]] = models.Manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["stage", "entered_at"], name="arrivals_stage"),
            models.Index(
                fields=["application"],
                condition=models.Q(ended_at__isnull=True),
                name="arrivals_open",
            ),
        ]


class Summed(models.Model):
    """The newest waits of all stages when they were summed up last: `waits` is JSON, by stage the
    minutes of each and how it stood: `answered`, `left` or `waiting`. One row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    at = models.DateTimeField()
    waits = models.TextField()

    objects: ClassVar[models.Manager[Summed]] = models.Manager()
