"""The ledger's tables. Nothing here is written but through `append` and the writer."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Event(models.Model):
    """One entry of one chain; see `chain.Entry`. `place` is its index in the chain, from 0."""

    sequence = models.BigAutoField(primary_key=True)
    chain = models.CharField(max_length=80)
    place = models.IntegerField()
    at = models.BigIntegerField()
    kind = models.CharField(max_length=80)
    body = models.BinaryField()
    prev = models.BinaryField()
    hash = models.BinaryField()

    objects: ClassVar[models.Manager[Event]] = models.Manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["chain", "place"], name="ledger_event_place")
        ]


class ChainHead(models.Model):
    """Where each chain stands, so that a cut-off end shows and the next entry is found at once."""

    chain = models.CharField(max_length=80, primary_key=True)
    length = models.IntegerField()
    hash = models.BinaryField()

    objects: ClassVar[models.Manager[ChainHead]] = models.Manager()


class Checkpoint(models.Model):
    """A signed checkpoint, as the line a witness keeps."""

    number = models.BigIntegerField(primary_key=True)
    line = models.TextField()

    objects: ClassVar[models.Manager[Checkpoint]] = models.Manager()


class Subject(models.Model):
    """An applicant's key, wrapped. Erasure empties `wrapped`: nothing is readable then."""

    id = models.CharField(max_length=40, primary_key=True)
    version = models.PositiveSmallIntegerField(default=1)
    master = models.PositiveSmallIntegerField()
    wrapped = models.BinaryField(null=True)
    erased_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Subject]] = models.Manager()


class SubjectIndex(models.Model):
    """Blind index: finds an applicant by a value that is not kept. Gone after erasure."""

    # No constraint: applicants are never deleted, and checking it would cost each decision.
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, db_constraint=False)
    field = models.CharField(max_length=63)
    digest = models.BinaryField()

    objects: ClassVar[models.Manager[SubjectIndex]] = models.Manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["digest", "field", "id"], name="ledger_subject_last")
        ]
