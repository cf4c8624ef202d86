"""Ways through an application as the record tells them, and what they come to.

All of it can be made again from the record. Moments are microseconds since 1970, as the record has
them: a million of them are read at once.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Way(models.Model):
    """One person's way through one application: its draft, its application or both, and the groups
    it counts in, each empty where nobody knows. `version` is what was in force when it began, until
    a decision says which one decides; `journey` the lender's process that was gone through, and
    `waits` the step that the last decision opened; `tier` the lender's, and `price_kept` whether
    what was offered was within the price promised to it, `judged_after` whether that was told of a
    decision older than the tier. The draft's and application's names go
    where their applicant is erased."""

    draft = models.CharField(max_length=60, null=True, unique=True)
    application = models.CharField(max_length=60, null=True, unique=True)
    product = models.CharField(max_length=80)
    version = models.CharField(max_length=100, blank=True, default="")
    channel = models.CharField(max_length=12, blank=True, default="")
    language = models.CharField(max_length=20, blank=True, default="")
    region = models.CharField(max_length=60, blank=True, default="")
    grade = models.CharField(max_length=60, blank=True, default="")
    tier = models.CharField(max_length=60, blank=True, default="")
    price_kept = models.BooleanField(null=True)
    judged_after = models.BooleanField(default=False)
    journey = models.CharField(max_length=80, blank=True, default="")
    waits = models.CharField(max_length=12, blank=True, default="")
    began = models.BigIntegerField()

    objects: ClassVar[models.Manager[Way]] = models.Manager()


class Happening(models.Model):
    """What happened on a way: an `activity` that began (`schedule`) or was done (`complete`)."""

    way = models.BigIntegerField()
    activity = models.CharField(max_length=100)
    lifecycle = models.CharField(max_length=8)
    at = models.BigIntegerField()

    objects: ClassVar[models.Manager[Happening]] = models.Manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["way"], name="process_happening_way")]


class KnownVersion(models.Model):
    """Which version of which strategy a digest is, and whether it is in force."""

    digest = models.CharField(max_length=64, primary_key=True)
    strategy = models.CharField(max_length=80)
    number = models.PositiveIntegerField()
    in_force = models.BooleanField(default=False)

    objects: ClassVar[models.Manager[KnownVersion]] = models.Manager()


class TiersDeclared(models.Model):
    """Since when the lender's tiers are declared as they are, by a digest of them."""

    digest = models.CharField(max_length=64, primary_key=True)
    at = models.DateTimeField()

    objects: ClassVar[models.Manager[TiersDeclared]] = models.Manager()


class Picture(models.Model):
    """What a log came to, as JSON: of the record's own events, or of the log that the workspace
    names (`source`); and, as `friction`, its ledger. `fault` says why there is none."""

    source = models.CharField(max_length=12, primary_key=True)
    at = models.DateTimeField()
    told = models.TextField(blank=True, default="")
    fault = models.TextField(blank=True, default="")

    objects: ClassVar[models.Manager[Picture]] = models.Manager()


class Lost(models.Model):
    """Who left at a step and may be won back: `case` is their draft or application, or what the
    workspace's log calls them; `turn` who had to act, `by_clock` that they just fell silent."""

    source = models.CharField(max_length=12)
    case = models.CharField(max_length=80)
    step = models.CharField(max_length=100)
    left_at = models.DateTimeField()
    turn = models.CharField(max_length=8, blank=True, default="")
    by_clock = models.BooleanField()
    channel = models.CharField(max_length=60, blank=True, default="")

    objects: ClassVar[models.Manager[Lost]] = models.Manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "case", "step"], name="process_lost_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["source", "step", "-left_at"], name="process_lost_by_step")
        ]
