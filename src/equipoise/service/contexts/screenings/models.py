"""Rounds of screening: rows that the record's events make."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Screening(models.Model):
    """A duty asked of its `owner` (as watch.yaml names them) from a day on, to be answered by
    another; `residual` is the grade that the answer leaves of its `risk`."""

    id = models.CharField(max_length=60, primary_key=True)
    duty = models.CharField(max_length=80)
    owner = models.CharField(max_length=80)
    begins = models.DateField()
    due = models.DateField()
    asks = models.JSONField()
    risk = models.CharField(max_length=80, blank=True, default="")
    residual = models.PositiveSmallIntegerField(null=True)
    answered_by = models.CharField(max_length=40, blank=True, default="")
    answered_at = models.DateTimeField(null=True)
    chased_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Screening]] = models.Manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["duty", "begins"], name="screenings_once_a_round")
        ]
        indexes: ClassVar = [
            models.Index(fields=["answered_at", "due"], name="screenings_open"),
            models.Index(fields=["risk", "answered_at"], name="screenings_risk"),
        ]
