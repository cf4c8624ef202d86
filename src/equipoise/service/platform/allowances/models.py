"""What was taken of allowances, as the database may know it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Taken(models.Model):
    """How much was taken of one allowance in the span of time whose number is `span`.

    `key` is a digest of whose it is: no address stands in the table.
    """

    key = models.CharField(max_length=64, primary_key=True)
    span = models.BigIntegerField()
    amount = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)

    objects: ClassVar[models.Manager[Taken]] = models.Manager()
