"""The row that the bare endpoint keeps."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Kept(models.Model):
    """What was sent, under its number."""

    name = models.CharField(max_length=80)
    body = models.BinaryField()

    objects: ClassVar[models.Manager[Kept]] = models.Manager()

    class Meta:
        app_label = "bare"
        db_table = "bare_kept"
