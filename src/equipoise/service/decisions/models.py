"""Where decisions are found. What was decided, and on what facts, stands in the ledger alone."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Decision(models.Model):
    """One decision: whose it is, which strategy made it, and the ledger chain that holds it.

    `application` is that chain; `digest` the strategy's; `way` is how the strategy was assigned
    (champion or challenger) and `propensity` the chance with which it was; `waiting` says that more
    is to come, and `decided_on` is the lender's day.
    """

    id = models.CharField(max_length=60, primary_key=True)
    application = models.CharField(max_length=60)
    subject = models.CharField(max_length=60)
    begun_by = models.CharField(max_length=40)
    branch = models.CharField(max_length=60, blank=True, default="")
    region = models.CharField(max_length=60, blank=True, default="")
    strategy = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    way = models.CharField(max_length=12)
    propensity = models.FloatField(default=1.0)
    outcome = models.CharField(max_length=16)
    waiting = models.BooleanField(default=False)
    decided_on = models.DateField()
    made_at = models.DateTimeField()

    objects: ClassVar[models.Manager[Decision]] = models.Manager()

    class Meta:
        # Each ends with the id, which sorts by time: `listing` reads them from their ends.
        indexes: ClassVar = [
            models.Index(fields=["subject", "id"], name="decisions_by_subject"),
            models.Index(fields=["begun_by", "id"], name="decisions_by_caller"),
            models.Index(fields=["branch", "id"], name="decisions_by_branch"),
            models.Index(fields=["region", "id"], name="decisions_by_region"),
            models.Index(fields=["digest", "id"], name="decisions_by_digest"),
            models.Index(fields=["outcome", "id"], name="decisions_by_outcome"),
            models.Index(fields=["way", "id"], name="decisions_by_way"),
        ]


class Request(models.Model):
    """A request that was answered: `key` is the digest of its Idempotency-Key and its caller, so
    that of two alike one has an effect; `body` is the digest of what was sent."""

    key = models.CharField(max_length=40, primary_key=True)
    body = models.BinaryField()
    decision_id = models.CharField(max_length=60)
    at = models.DateTimeField(db_index=True)

    objects: ClassVar[models.Manager[Request]] = models.Manager()
