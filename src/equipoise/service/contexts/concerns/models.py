"""What is unclear, and what became of it. What was said to it stands in the record alone."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class ConcernState(models.TextChoices):
    """Whose turn it is."""

    OPEN = "open"  # the applicant's
    ANSWERED = "answered"  # ours
    CLOSED = "closed"


class ConcernOutcome(models.TextChoices):
    """What a person came to."""

    CLEARED = "cleared"
    STANDS = "stands"
    DECIDED_ANEW = "decided_anew"  # nobody looked: the application was decided without it


class Concern(models.Model):
    """Something that is unclear by the last decision that found it so, `code` is that decision's
    reason. `begun_by`, `branch` and `region` are the decision's: they say whose it is. `due_on` is
    the lender's day by which an answer is read, null where none is set or none was given."""

    id = models.CharField(max_length=60, primary_key=True)
    application = models.CharField(max_length=60)
    decision = models.CharField(max_length=60)
    code = models.CharField(max_length=80)
    begun_by = models.CharField(max_length=40)
    branch = models.CharField(max_length=60, null=True)
    region = models.CharField(max_length=60, null=True)
    state = models.CharField(max_length=8, choices=ConcernState.choices, default=ConcernState.OPEN)
    outcome = models.CharField(
        max_length=12, choices=ConcernOutcome.choices, blank=True, default=""
    )
    raised_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)
    closed_by = models.CharField(max_length=40, blank=True, default="")
    closed_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Concern]] = models.Manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["application"], name="concerns_application"),
            models.Index(fields=["state", "id"], name="concerns_waiting"),
        ]
