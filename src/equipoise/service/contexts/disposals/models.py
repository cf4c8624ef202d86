"""Disposals and measurements of the watch list: rows that the record's events make."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Disposal(models.Model):
    """A proposal about a loan, and what became of it. Money is in minor units of `currency`.

    `application` is where the loan came of, empty for one of the tape alone; `debt` is a keyed
    digest of the loan's number, by which contacts about one debt are counted together.
    """

    id = models.CharField(max_length=60, primary_key=True)
    application = models.CharField(max_length=60, blank=True, default="")
    debt = models.CharField(max_length=64, blank=True, default="")
    measure = models.CharField(max_length=20)
    state = models.CharField(max_length=10)
    serial = models.PositiveIntegerField(default=0)
    exposure = models.BigIntegerField()
    expected = models.BigIntegerField()
    recovered = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    expires = models.DateField(null=True)
    proposed_at = models.DateTimeField()

    objects: ClassVar[models.Manager[Disposal]] = models.Manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "-proposed_at"], name="disposals_state"),
            models.Index(fields=["debt"], name="disposals_debt"),
            models.Index(fields=["application"], name="disposals_application"),
        ]


class WatchList(models.Model):
    """A measurement of who is likely to be late soon: as of a `period`, so many borrowers."""

    id = models.CharField(max_length=60, primary_key=True)
    period = models.DateField()
    listed = models.PositiveIntegerField()
    measured_at = models.DateTimeField()

    objects: ClassVar[models.Manager[WatchList]] = models.Manager()
