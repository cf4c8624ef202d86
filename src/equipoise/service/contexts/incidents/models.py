"""Incidents: rows that the record's events make, for lists and for who is late."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Learnt(models.TextChoices):
    """How far the post-mortem is: nobody wrote one, it waits for a second person, its actions are
    under way, all of them are done."""

    NOTHING = "nothing"
    WRITTEN = "written"
    ACCEPTED = "accepted"
    DONE = "done"


class Incident(models.Model):
    """An incident. `serial` counts what has happened to it, `alert` is what it was opened from."""

    id = models.CharField(max_length=60, primary_key=True)
    risk = models.CharField(max_length=12)
    severity = models.CharField(max_length=10)
    alert = models.CharField(max_length=80, blank=True, default="")
    serial = models.PositiveIntegerField(default=0)
    reported_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    learnt = models.CharField(max_length=10, choices=Learnt.choices, default=Learnt.NOTHING)

    objects: ClassVar[models.Manager[Incident]] = models.Manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["closed_at", "-reported_at"], name="incidents_open"),
            models.Index(fields=["alert"], name="incidents_alert"),
        ]
