"""Complaints, and how far each is. What was said stands sealed in the record alone."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models

NO_DAY = date.max
"""The last day of what nobody sets one for: it sorts after all others."""


class Matter(models.TextChoices):
    """What is asked for."""

    COMPLAINT = "complaint"  # something is wrong with how a person is dealt with
    CORRECTION = "correction"  # a fact that is held about them is


class ComplaintState(models.TextChoices):
    """Whether a person has answered."""

    OPEN = "open"
    ANSWERED = "answered"


class ComplaintOutcome(models.TextChoices):
    """What the answer comes to: of a correction, whether the fact was corrected."""

    UPHELD = "upheld"
    PARTLY = "partly_upheld"
    NOT_UPHELD = "not_upheld"


class Complaint(models.Model):
    """One complaint about a draft, at its `step` (the page's address below the draft's).
    `reference` is what the person knows it by, `digest` names the strategy by whose time zone days
    are counted. `last_day` is the lender's day by which it is answered, by `rule` of the law
    (empty: the lender's own days)."""

    id = models.CharField(max_length=60, primary_key=True)
    draft = models.CharField(max_length=60)
    reference = models.CharField(max_length=20, unique=True)
    matter = models.CharField(max_length=12, choices=Matter.choices)
    product = models.CharField(max_length=80)
    digest = models.CharField(max_length=80)
    language = models.CharField(max_length=20)
    channel = models.CharField(max_length=12)
    step = models.CharField(max_length=100, blank=True, default="")
    state = models.CharField(
        max_length=10, choices=ComplaintState.choices, default=ComplaintState.OPEN
    )
    outcome = models.CharField(
        max_length=16, choices=ComplaintOutcome.choices, blank=True, default=""
    )
    received_at = models.DateTimeField()
    last_day = models.DateField(default=NO_DAY)
    rule = models.CharField(max_length=80, blank=True, default="")
    overdue_told_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=40, blank=True, default="")
    answered_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Complaint]] = models.Manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "last_day", "id"], name="complaints_waiting"),
            models.Index(fields=["draft"], name="complaints_draft"),
        ]
