"""What messages and codes leave in the database."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Code(models.Model):
    """The newest one-time code of one purpose, and how often one was asked for of late.

    `key` is a digest of the purpose, `digest` a keyed one of the code: neither can be read back.
    `digest` is empty where there is no code to be typed: none was made, or it was used. `tries`
    are the guesses at this one, `made` how many were made since `counted_since`.
    """

    key = models.CharField(max_length=64, primary_key=True)
    digest = models.CharField(max_length=64, blank=True, default="")
    tries = models.PositiveSmallIntegerField(default=0)
    made = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    counted_since = models.DateTimeField(db_index=True)

    objects: ClassVar[models.Manager[Code]] = models.Manager()
