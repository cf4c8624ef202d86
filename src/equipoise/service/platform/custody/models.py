"""The fingerprints of the secrets that the database was begun with, and of those added since."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Fingerprint(models.Model):
    """What tells a secret from another, and gives nothing of it away; also in the record."""

    name = models.CharField(max_length=40, primary_key=True)
    digest = models.CharField(max_length=64)

    objects: ClassVar[models.Manager[Fingerprint]] = models.Manager()


class FirstCredentials(models.Model):
    """What the first start made, wrapped under a master key until the administrator logs in."""

    user = models.BigIntegerField(primary_key=True)
    master = models.PositiveSmallIntegerField()
    wrapped = models.BinaryField()

    objects: ClassVar[models.Manager[FirstCredentials]] = models.Manager()
