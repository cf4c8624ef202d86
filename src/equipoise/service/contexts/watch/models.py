"""Versions of watch.yaml, readings, alerts and notices: rows that the record's events make."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class WatchVersion(models.Model):
    """watch.yaml as somebody brought it in, `digest` its SHA-256; in force once somebody else has
    approved it, until a later one is."""

    text = models.TextField()
    digest = models.CharField(max_length=64, unique=True)
    brought_by = models.CharField(max_length=40)
    brought_at = models.DateTimeField()
    approved_by = models.CharField(max_length=40, blank=True, default="")
    approved_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[WatchVersion]] = models.Manager()


class Reading(models.Model):
    """A reading of an indicator in a period. Where a table was delivered again both stand here: of
    a period the newest counts."""

    indicator = models.CharField(max_length=120)
    period = models.DateField()
    value = models.FloatField(null=True)
    n = models.BigIntegerField()
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    baseline = models.FloatField(null=True)
    chance = models.FloatField(null=True)
    verdict = models.CharField(max_length=12)
    fault = models.CharField(max_length=16, blank=True, default="")
    inhibited_by = models.CharField(max_length=120, blank=True, default="")
    snapshot = models.CharField(max_length=64, blank=True, default="")
    detail = models.TextField(blank=True, default="")
    digest = models.CharField(max_length=64)  # of the watch
    measured_at = models.DateTimeField()

    objects: ClassVar[models.Manager[Reading]] = models.Manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["indicator", "period"], name="watch_reading_of")]


class Alert(models.Model):
    """An indicator's alert as its events make it. `version` counts them."""

    id = models.CharField(max_length=60, primary_key=True)
    indicator = models.CharField(max_length=120, unique=True)
    severity = models.CharField(max_length=8)
    stage = models.CharField(max_length=16)
    group = models.CharField(max_length=200)
    owner = models.CharField(max_length=120)
    version = models.PositiveIntegerField()
    episode = models.PositiveIntegerField()
    since = models.DateTimeField()
    raised_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True)
    silenced_until = models.DateTimeField(null=True)
    inhibited_by = models.CharField(max_length=120, blank=True, default="")

    objects: ClassVar[models.Manager[Alert]] = models.Manager()


class Notice(models.Model):
    """That somebody is to be told of an alert, once, whoever makes it. `bundle` is what it went out
    with, by `message` where one could go."""

    id = models.CharField(max_length=32, primary_key=True)
    alert = models.ForeignKey(Alert, on_delete=models.PROTECT)
    alert_id: str
    to = models.CharField(max_length=120)
    cause = models.CharField(max_length=20)
    at = models.DateTimeField()
    bundle = models.CharField(max_length=32, blank=True, default="")
    message = models.CharField(max_length=60, blank=True, default="")
    told_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Notice]] = models.Manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["told_at"], name="watch_notice_waits")]


class Injected(models.Model):
    """A value that a drill's run injected, as the indicator reads it."""

    run = models.CharField(max_length=60)
    indicator = models.CharField(max_length=120)
    value = models.FloatField()
    verdict = models.CharField(max_length=12)
    at = models.DateTimeField()

    objects: ClassVar[models.Manager[Injected]] = models.Manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["run", "indicator", "value"], name="watch_injected_once"
            )
        ]


class Backtest(models.Model):
    """What indicators would have been worth on the history of a day, as `watch.backtested` tells
    it."""

    digest = models.CharField(max_length=64)  # of the watch
    asked_by = models.CharField(max_length=40)
    data = models.CharField(max_length=500)
    snapshot = models.CharField(max_length=64)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    against = models.JSONField()
    tests = models.JSONField()
    fault = models.TextField(blank=True, default="")
    measured_at = models.DateTimeField()

    objects: ClassVar[models.Manager[Backtest]] = models.Manager()
