"""Who has authority over cases, and which decisions of the strategy a person overrode."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class AppointmentState(models.TextChoices):
    """What became of it."""

    ASKED = "asked"
    IN_FORCE = "in_force"
    REFUSED = "refused"
    ENDED = "ended"


class Appointment(models.Model):
    """Authority for one person: a level by name, in some products and grades (null: in all).

    One person asks for it and another confirms it. Of a person at most one is asked for, and at
    most one is in force.
    """

    person = models.CharField(max_length=40)
    level = models.CharField(max_length=60)
    products = models.JSONField(null=True)
    grades = models.JSONField(null=True)
    state = models.CharField(
        max_length=12, choices=AppointmentState.choices, default=AppointmentState.ASKED
    )
    asked_by = models.CharField(max_length=40)
    asked_at = models.DateTimeField()
    settled_by = models.CharField(max_length=40, blank=True, default="")
    settled_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Appointment]] = models.Manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(state=state),
                name=f"cases_one_{state}",
            )
            for state in ("asked", "in_force")
        ]


class Override(models.Model):
    """A person's answer to one decision, against the strategy's. `officers` are those who signed,
    in order; it holds once it is `complete`. The words stand sealed in the record alone."""

    decision = models.CharField(max_length=60, primary_key=True)
    application = models.CharField(max_length=60)
    answer = models.CharField(max_length=8)
    reason = models.CharField(max_length=60)
    officers = models.JSONField()
    level = models.CharField(max_length=60)
    signatures = models.PositiveSmallIntegerField()
    complete = models.BooleanField()
    signed_at = models.DateTimeField()

    objects: ClassVar[models.Manager[Override]] = models.Manager()
