"""Where decisions are found. What was decided, and on what facts, stands in the record alone."""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar

from django.db import models


class Decision(models.Model):
    """One decision: whose it is, which strategy made it, and the record chain that holds it.

    `application` is that chain, under whose key the applicant's facts are sealed; `digest` the
    strategy's; `way` is how the strategy was assigned (champion or challenger), and `decided_on` is
    the lender's day. What stays the same over an application's decisions, and where it stands, is
    the application's own row; here stands what lists are limited to, as of then. `request` is the
    digest of the Idempotency-Key and its caller, so that of two alike one has
    an effect, and `sent` that of what was sent; both are forgotten after a day.
    """

    id = models.CharField(max_length=60, primary_key=True)
    application = models.CharField(max_length=60)
    request = models.BinaryField(null=True)
    sent = models.BinaryField(null=True)
    begun_by = models.CharField(max_length=40)
    branch = models.CharField(max_length=60, null=True)
    region = models.CharField(max_length=60, null=True)
    strategy = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    way = models.CharField(max_length=12)
    outcome = models.CharField(max_length=16)
    decided_on = models.DateField()
    made_at = models.DateTimeField()

    objects: ClassVar[models.Manager[Decision]] = models.Manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["request"],
                condition=models.Q(request__isnull=False),
                name="decisions_once",
            )
        ]
        # Each ends with the id, which sorts by time: `listing` reads them from their ends. A page
        # more to write for each of them is what a decision costs, so what is seldom there is left
        # out of them.
        indexes: ClassVar = [
            models.Index(fields=["application", "id"], name="decisions_by_application"),
            models.Index(fields=["begun_by", "id"], name="decisions_by_caller"),
            models.Index(
                fields=["branch", "id"],
                condition=models.Q(branch__isnull=False),
                name="decisions_by_branch",
            ),
            models.Index(
                fields=["region", "id"],
                condition=models.Q(region__isnull=False),
                name="decisions_by_region",
            ),
            models.Index(fields=["digest", "id"], name="decisions_by_digest"),
            models.Index(fields=["outcome", "id"], name="decisions_by_outcome"),
            models.Index(
                fields=["id"], condition=models.Q(way="challenger"), name="decisions_challengers"
            ),
        ]


def decision_row(**values: Any) -> Decision:
    """An unsaved decision of all these values. Django takes them by position in a third of the time
    that it takes for names, and every decision comes by here."""
    return Decision(*map(values.__getitem__, _columns()))


@cache
def _columns() -> tuple[str, ...]:
    return tuple(field.attname for field in Decision._meta.concrete_fields)


class Request(models.Model):
    """A request that was answered otherwise than by a decision (`answer_id` says by what): `key`
    is the digest of its Idempotency-Key and its caller, so that of two alike one has an effect;
    `body` is the digest of what was sent."""

    key = models.CharField(max_length=40, primary_key=True)
    body = models.BinaryField()
    answer_id = models.CharField(max_length=60)
    at = models.DateTimeField(db_index=True)

    objects: ClassVar[models.Manager[Request]] = models.Manager()


class Compared(models.Model):
    """Two versions of a strategy, by digest, on the applications decided last: what came of it, in
    counts and money of groups."""

    before = models.CharField(max_length=64)
    after = models.CharField(max_length=64)
    asked_by = models.CharField(max_length=40)
    asked_at = models.DateTimeField()
    under_way = models.BooleanField(default=False)
    job = models.UUIDField(null=True)
    failed = models.CharField(max_length=80, blank=True, default="")
    report = models.JSONField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Compared]] = models.Manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["before", "after"], name="decisions_one_comparison")
        ]
