"""Which conversations wait for a person. What was said stands in the record alone."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class HandedOver(models.Model):
    """A conversation that a person has, by its draft: since when, why, and how grave it is. `topic`
    names urgent words; empty where there were none."""

    draft = models.CharField(max_length=60, primary_key=True)
    product = models.CharField(max_length=80)
    language = models.CharField(max_length=20)
    why = models.CharField(max_length=20)
    topic = models.CharField(max_length=20, blank=True, default="")
    since = models.DateTimeField()

    objects: ClassVar[models.Manager[HandedOver]] = models.Manager()
