"""Where agreements stand. What was shown and signed stands sealed in the record alone."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class AgreementState(models.TextChoices):
    """How far it came."""

    ACCEPTED = "accepted"  # an offer was taken; it binds nobody yet
    SIGNED = "signed"
    WITHDRAWN = "withdrawn"


class Agreement(models.Model):
    """The one agreement of an application, on the offer of `decision`. `begun_by`, `branch` and
    `region` are the decision's: they say whose it is. `withdraw_until` is the lender's last day on
    which the person may withdraw; null where they may not, or have not signed."""

    id = models.CharField(max_length=60, primary_key=True)
    application = models.CharField(max_length=60, unique=True)
    decision = models.CharField(max_length=60)
    begun_by = models.CharField(max_length=40)
    branch = models.CharField(max_length=60, null=True)
    region = models.CharField(max_length=60, null=True)
    state = models.CharField(max_length=10, choices=AgreementState.choices)
    accepted_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)
    withdraw_until = models.DateField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Agreement]] = models.Manager()
