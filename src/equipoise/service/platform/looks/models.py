"""Where looks are found; what they were stands in the record alone."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Look(models.Model):
    """An event that tells of a look: its sequence in the record, who looked, and at whose chain
    (empty: at nobody's in particular). One event about several people has a row for each."""

    sequence = models.BigIntegerField()
    by = models.CharField(max_length=40)
    subject = models.CharField(max_length=80, blank=True, default="")
    at = models.BigIntegerField()  # microseconds since 1970, as the record has it

    objects: ClassVar[models.Manager[Look]] = models.Manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sequence", "subject"], name="looks_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["by", "sequence"], name="looks_by_person"),
            models.Index(fields=["subject", "sequence"], name="looks_by_subject"),
            models.Index(fields=["at"], name="looks_by_moment"),
        ]
