"""Notices that are owed, and what became of them. The letters stand sealed in the record alone."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class NoticeState(models.TextChoices):
    """How far a notice came."""

    DUE = "due"
    LACKING = "lacking"  # it cannot be made: something is missing
    MADE = "made"  # it is there, and nobody could be written to
    SENT = "sent"  # the applicant was written to that it is there
    OPENED = "opened"
    GONE = "gone"  # the applicant was erased before it was made
    DROPPED = "dropped"  # it is not owed any more


class Notice(models.Model):
    """A notice about a decision, one of each kind at most. `begun_by`, `branch` and `region` are
    the decision's: they say whose it is. `letter` is its kind, `due_on` the law's last day (null:
    none), `lacks` what it cannot be made without, and `digest` the SHA-256 of the letter."""

    id = models.CharField(max_length=60, primary_key=True)
    decision = models.CharField(max_length=60)
    application = models.CharField(max_length=60)
    begun_by = models.CharField(max_length=40)
    branch = models.CharField(max_length=60, null=True)
    region = models.CharField(max_length=60, null=True)
    letter = models.CharField(max_length=16)
    state = models.CharField(max_length=8, choices=NoticeState.choices, default=NoticeState.DUE)
    lacks = models.CharField(max_length=400, blank=True, default="")
    due_on = models.DateField(null=True)
    tried_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    digest = models.CharField(max_length=64, blank=True, default="")

    objects: ClassVar[models.Manager[Notice]] = models.Manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "id"], name="notices_state")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["decision", "letter"], name="notices_once")
        ]
