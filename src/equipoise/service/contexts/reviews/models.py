"""Reviews that were asked for, and what became of them. The words stand in the record alone."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class ReviewState(models.TextChoices):
    """Whether a person has looked again."""

    ASKED = "asked"
    SETTLED = "settled"


class ReviewOutcome(models.TextChoices):
    """What a person came to."""

    KEPT = "kept"
    OVERTURNED = "overturned"


class Review(models.Model):
    """The one review of a decision. `begun_by`, `branch` and `region` are the decision's: they say
    whose it is. `due_on` is the lender's day by which it is answered, null where none is set."""

    id = models.CharField(max_length=60, primary_key=True)
    decision = models.CharField(max_length=60, unique=True)
    application = models.CharField(max_length=60)
    begun_by = models.CharField(max_length=40)
    branch = models.CharField(max_length=60, null=True)
    region = models.CharField(max_length=60, null=True)
    state = models.CharField(max_length=8, choices=ReviewState.choices, default=ReviewState.ASKED)
    outcome = models.CharField(max_length=12, choices=ReviewOutcome.choices, blank=True, default="")
    asked_at = models.DateTimeField()
    due_on = models.DateField(null=True)
    settled_by = models.CharField(max_length=40, blank=True, default="")
    settled_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Review]] = models.Manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "id"], name="reviews_waiting")]
