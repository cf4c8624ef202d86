"""Where batches stand. What came of them is in the record and in their files."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class State(models.TextChoices):
    """Where a batch stands; the last three are ends."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


UNFINISHED = (State.QUEUED, State.RUNNING)


class Batch(models.Model):
    """A file of applications and how far it is decided: `rows` of `total`, where that is known.

    `given` and `wanted` are the kinds of the files, `identifier` the column taken for the id where
    it is not the contract's, `digest` the strategy's, `sha256` the given file's; `job` is its place
    on the queue; `files_until` is when the files go, empty once gone.
    """

    id = models.CharField(max_length=60, primary_key=True)
    begun_by = models.CharField(max_length=40)
    branch = models.CharField(max_length=60, blank=True, default="")
    region = models.CharField(max_length=60, blank=True, default="")
    strategy = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    decided_on = models.DateField()
    given = models.CharField(max_length=8)
    wanted = models.CharField(max_length=8)
    identifier = models.CharField(max_length=200, blank=True, default="")
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    job = models.UUIDField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    rows = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    outcomes = models.JSONField(default=dict)
    result_size = models.BigIntegerField(null=True)
    result_sha256 = models.CharField(max_length=64, blank=True, default="")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    files_until = models.DateTimeField(null=True, db_index=True)

    objects: ClassVar[models.Manager[Batch]] = models.Manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["begun_by", "state"], name="batches_by_caller")]
