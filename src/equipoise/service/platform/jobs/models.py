"""What the worker keeps beside django-tasks' own table: leases, the schedule, and the clock."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Lease(models.Model):
    """Who works at a job, until when unless they say so again, and the how-manieth attempt it is.

    Between attempts `until` is empty; once the job has ended the row is gone.
    """

    task = models.UUIDField(primary_key=True)
    worker = models.CharField(max_length=80)
    until = models.DateTimeField(null=True, db_index=True)
    attempt = models.IntegerField()
    seconds = models.FloatField()  # its length: `until` lies no further ahead

    objects: ClassVar[models.Manager[Lease]] = models.Manager()


class Due(models.Model):
    """When a scheduled job is due next, and when it last was."""

    name = models.CharField(max_length=200, primary_key=True)
    next = models.DateTimeField()
    last = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Due]] = models.Manager()


class Clock(models.Model):
    """What the clock said when a worker last looked, and by how many seconds it last jumped. Until
    `rests_until` nothing is forgotten by its age. One row."""

    id = models.PositiveSmallIntegerField(primary_key=True)
    seen = models.DateTimeField()
    moved = models.FloatField(default=0.0)
    moved_at = models.DateTimeField(null=True)
    rests_until = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Clock]] = models.Manager()
