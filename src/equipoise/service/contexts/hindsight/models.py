"""Decisions against the strategy and loans as the record tells them, and what was made of them.

All of it can be made again from the record; no fact of an applicant is in it.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Against(models.Model):
    """A person's answer that holds against the strategy's: `officer` is who signed first."""

    decision = models.CharField(max_length=60, primary_key=True)
    application = models.CharField(max_length=60)
    machine = models.CharField(max_length=8)
    person = models.CharField(max_length=8, blank=True, default="")
    reason = models.CharField(max_length=60, blank=True, default="")
    officer = models.CharField(max_length=40)
    level = models.CharField(max_length=60, blank=True, default="")
    on = models.DateField()

    objects: ClassVar[models.Manager[Against]] = models.Manager()


class Loan(models.Model):
    """What became of a decision: since when money was lent, and how and when it ended: `good`,
    `bad`, or `gone` where the applicant did not take it. `machine` is the strategy's answer."""

    decision = models.CharField(max_length=60, primary_key=True)
    machine = models.CharField(max_length=16)
    grade = models.CharField(max_length=60, blank=True, default="")
    booked_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    how = models.CharField(max_length=4, blank=True, default="")

    objects: ClassVar[models.Manager[Loan]] = models.Manager()


class Judged(models.Model):
    """What was made of all overrides, as JSON, for whom: a person, everybody (empty), or those who
    may see everybody's figures (`all`)."""

    viewer = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()
    told = models.TextField()

    objects: ClassVar[models.Manager[Judged]] = models.Manager()
