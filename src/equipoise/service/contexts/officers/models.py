"""Who has authority over cases, what of it is lent, who is away, and whom they may not decide
about."""

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
        db_table = "cases_appointment"  # as the record has told it since 0.2.0
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(state=state),
                name=f"cases_one_{state}",
            )
            for state in ("asked", "in_force")
        ]


class Delegation(models.Model):
    """Authority that an officer (`lender`) lends another (`borrower`) from one day of the lender's
    to another, both included: asked for by one person, confirmed by another. `revoked` is the
    first day on which it holds no more."""

    lender = models.CharField(max_length=40)
    borrower = models.CharField(max_length=40)
    level = models.CharField(max_length=60)
    up_to = models.FloatField(null=True)
    starts = models.DateField()
    ends = models.DateField()
    revoked = models.DateField(null=True)
    reason = models.TextField()
    state = models.CharField(
        max_length=12, choices=AppointmentState.choices, default=AppointmentState.ASKED
    )
    asked_by = models.CharField(max_length=40)
    asked_at = models.DateTimeField()
    settled_by = models.CharField(max_length=40, blank=True, default="")
    settled_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Delegation]] = models.Manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "ends"], name="officers_delegations")]


class Absence(models.Model):
    """Days on which a person is away, both included; `ended_at` where they were back before."""

    person = models.CharField(max_length=40)
    starts = models.DateField()
    ends = models.DateField()
    told_by = models.CharField(max_length=40)
    told_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Absence]] = models.Manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["ends", "person"], name="officers_absences")]


class Tie(models.Model):
    """Somebody whom a person may not decide about: themselves, a relative, one with whom they have
    dealings. Kept is the blind index of what that one is found by, never the value; or it is a
    `branch` whose cases they keep from, by its name."""

    person = models.CharField(max_length=40, db_index=True)
    kind = models.CharField(max_length=12)
    digest = models.CharField(max_length=80, blank=True, default="")
    branch = models.CharField(max_length=60, blank=True, default="")
    told_by = models.CharField(max_length=40)
    told_at = models.DateTimeField()
    ended_by = models.CharField(max_length=40, blank=True, default="")
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Tie]] = models.Manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "digest", "branch"],
                condition=models.Q(ended_at__isnull=True),
                name="officers_one_tie",
            )
        ]
