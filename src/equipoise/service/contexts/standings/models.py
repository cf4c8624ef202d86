"""Measurements of where the lender stands, and drafts that were sent on from them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class State(models.TextChoices):
    """Where a measurement stands; the last three are ends."""

    QUEUED = "queued"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


UNFINISHED = (State.QUEUED,)
RUNNING = "running"  # what is said of what is queued and has begun


def said(state: str, *, begun: bool) -> str:
    """The state as it is shown. That a worker is at it is no event, so no row tells it."""
    return RUNNING if begun and state in UNFINISHED else state


class Measurement(models.Model):
    """A measurement. `occasion` is what it was due for, so that of two workers one has it measured;
    `asked_by` is empty where nobody asked. `read` are digests of what it is read from, `result` is
    `StandingResult` as JSON text and `sha256` its digest; `draft` is the draft strategy's.
    """

    occasion = models.CharField(max_length=80, unique=True)
    asked_by = models.CharField(max_length=40, blank=True, default="")
    job = models.UUIDField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    begun = models.BooleanField(default=False)
    step = models.CharField(max_length=80, blank=True, default="")
    share = models.FloatField(default=0.0)
    source = models.CharField(max_length=10, blank=True, default="")
    since = models.BigIntegerField(null=True)
    read = models.JSONField(default=dict)
    result = models.TextField(blank=True, default="")
    sha256 = models.CharField(max_length=64, blank=True, default="")
    draft = models.CharField(max_length=64, blank=True, default="")
    fault = models.TextField(blank=True, default="")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Measurement]] = models.Manager()


class Sending(models.Model):
    """A draft that was sent to the registry: `version` is the registry's."""

    measurement_id: int
    measurement = models.OneToOneField(Measurement, on_delete=models.PROTECT)
    version = models.BigIntegerField()
    sent_by = models.CharField(max_length=40)
    sent_at = models.DateTimeField()

    objects: ClassVar[models.Manager[Sending]] = models.Manager()
