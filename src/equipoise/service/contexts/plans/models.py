"""Versions of the plans, switches prepared, and runs: rows that the record's events make."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class PlansVersion(models.Model):
    """plans.yaml as somebody brought it in, `digest` its SHA-256; in force once somebody else has
    approved it, until a later one is."""

    text = models.TextField()
    digest = models.CharField(max_length=64, unique=True)
    brought_by = models.CharField(max_length=40)
    brought_at = models.DateTimeField()
    approved_by = models.CharField(max_length=40, blank=True, default="")
    approved_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[PlansVersion]] = models.Manager()


class Prepared(models.Model):
    """A switch made a strategy: of `base`, the digest of what was in force then, as the version
    `version_id` of the registry's with its `digest`. It gives `fewer` of `applicants` less."""

    plan = models.CharField(max_length=60)
    switch = models.CharField(max_length=60)
    strategy = models.CharField(max_length=80)
    base = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    version_id = models.BigIntegerField()  # the registry's
    fewer = models.BigIntegerField()
    applicants = models.BigIntegerField()
    made_by = models.CharField(max_length=40)
    made_at = models.DateTimeField()

    objects: ClassVar[models.Manager[Prepared]] = models.Manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["plan", "switch", "base", "digest"], name="plans_prepared_once"
            )
        ]


class ResourceCheck(models.Model):
    """How much of a plan's resource somebody found."""

    plan = models.CharField(max_length=60)
    resource = models.CharField(max_length=60)
    amount = models.FloatField()
    checked_by = models.CharField(max_length=40)
    checked_at = models.DateTimeField()

    objects: ClassVar[models.Manager[ResourceCheck]] = models.Manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["plan", "resource", "-checked_at"], name="plans_checks")
        ]


class PlanRun(models.Model):
    """A plan under way, as of a version of the plans. `serial` counts what has happened to it."""

    id = models.CharField(max_length=60, primary_key=True)
    version_id: int
    version = models.ForeignKey(PlansVersion, on_delete=models.PROTECT)
    plan = models.CharField(max_length=60)
    drill = models.BooleanField()
    serial = models.PositiveIntegerField(default=0)
    began_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[PlanRun]] = models.Manager()
