"""Who was asked how it went, and what they tapped. Their words stand sealed in the record alone."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Moment(models.TextChoices):
    """After what somebody is asked."""

    ANSWER = "answer"
    DROP_OFF = "drop_off"
    REVIEW = "review"


class Scale(models.TextChoices):
    """What is tapped. Of drop-offs only the second: there was nothing to be satisfied with."""

    SATISFACTION = "satisfaction"  # 1 to 5, the share of 4 and 5 (CSAT)
    EFFORT = "effort"  # 1 to 7, how far "they made it easy for me" is agreed to (CES 2.0)


HIGHEST = {Scale.SATISFACTION: 5, Scale.EFFORT: 7}


class Ask(models.Model):
    """One person, asked once about one `moment` of their draft, at the `step` where they were.
    `outcome` is the decision's by then, empty before one; scores are null until tapped."""

    id = models.CharField(max_length=60, primary_key=True)
    draft = models.CharField(max_length=60)
    moment = models.CharField(max_length=10, choices=Moment.choices)
    step = models.CharField(max_length=100)
    product = models.CharField(max_length=80)
    channel = models.CharField(max_length=12)
    language = models.CharField(max_length=20)
    outcome = models.CharField(max_length=20, blank=True, default="")
    asked_at = models.DateTimeField()
    satisfaction = models.PositiveSmallIntegerField(null=True)
    effort = models.PositiveSmallIntegerField(null=True)
    said = models.BooleanField(default=False)
    dismissed = models.BooleanField(default=False)

    objects: ClassVar[models.Manager[Ask]] = models.Manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["draft", "moment"], name="feedback_asked_once")
        ]
        indexes: ClassVar = [models.Index(fields=["asked_at"], name="feedback_asked")]
