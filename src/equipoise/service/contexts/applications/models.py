"""Applications, as they stand. What was given, decided and told stands in the record alone."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Application(models.Model):
    """One application. `id` is its chain in the record, under whose key its facts are sealed.

    `strategy` and `digest` are what it is pinned to, whatever is published meanwhile; `way` is how
    that was assigned (champion or challenger) and `propensity` the chance with which it was. In
    `language`, where it is given, its applicant is spoken to. `step` is the id of the last step
    (of a decision), and `changed_at` its moment.
    """

    id = models.CharField(max_length=60, primary_key=True)
    begun_by = models.CharField(max_length=40)
    branch = models.CharField(max_length=60, null=True)
    region = models.CharField(max_length=60, null=True)
    language = models.CharField(max_length=20, null=True)
    strategy = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    way = models.CharField(max_length=12)
    propensity = models.FloatField()
    state = models.CharField(max_length=10)
    step = models.CharField(max_length=60)
    changed_at = models.DateTimeField()

    # No index but the key's: every decision of a new applicant writes a row.
    objects: ClassVar[models.Manager[Application]] = models.Manager()
