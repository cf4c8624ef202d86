"""Where erasures stand."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class State(models.TextChoices):
    """Being done, until nothing is left; or done."""

    RUNNING = "running"
    DONE = "done"


class Erasure(models.Model):
    """One erasure: who asked, on which ground, and of which applicants, by ids that tell nothing.

    `needles` is what must be found nowhere once it is done, sealed under a key that stands in a
    file beside the database and goes at the end; `report` is what was done so far and what it
    waits for.
    """

    id = models.CharField(max_length=60, primary_key=True)
    by = models.CharField(max_length=40)
    reason = models.CharField(max_length=20)
    subjects = models.JSONField(default=list)
    needles = models.BinaryField(null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.RUNNING)
    report = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Erasure]] = models.Manager()
