"""The record's tables. Nothing here is written but through `append` and the writer."""

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
            models.UniqueConstraint(fields=["chain", "place"], name="record_event_place")
        ]


class Chain(models.Model):
    """Where each chain stands, so that a cut-off end shows and the next entry is found at once;
    and, of a chain about an applicant, the key to what is sealed in it.

    `wrapped` is that key under the master key of the version `master`; `version` is the key's own.
    Erasure empties it: nothing sealed is readable then. `blind` is the blind index of what the
    applicant is found again by (the contract's identifier); it goes with the key.
    """

    chain = models.CharField(max_length=80, primary_key=True)
    length = models.IntegerField()
    hash = models.BinaryField()
    version = models.PositiveSmallIntegerField(null=True)
    master = models.PositiveSmallIntegerField(null=True)
    wrapped = models.BinaryField(null=True)
    blind = models.BinaryField(null=True)
    erased_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Chain]] = models.Manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["blind", "chain"],
                condition=models.Q(blind__isnull=False),
                name="record_chain_blind",
            )
        ]


class BlindIndex(models.Model):
    """By what else an applicant can be searched for: values that are not kept, each bound to its
    field (`Keyring.blind`). Gone after erasure."""

    # No constraint: chains are never deleted, and checking it would cost each decision.
    chain = models.ForeignKey(Chain, on_delete=models.PROTECT, db_constraint=False)
    digest = models.BinaryField()

    objects: ClassVar[models.Manager[BlindIndex]] = models.Manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["digest", "chain"], name="record_blind_digest")]


class Cursor(models.Model):
    """How far a subscription has come: the last sequence that it was handed what it wants of."""

    name = models.CharField(max_length=80, primary_key=True)
    sequence = models.BigIntegerField()

    objects: ClassVar[models.Manager[Cursor]] = models.Manager()


class Checkpoint(models.Model):
    """A signed checkpoint, as the line a witness keeps."""

    number = models.BigIntegerField(primary_key=True)
    line = models.TextField()

    objects: ClassVar[models.Manager[Checkpoint]] = models.Manager()


class Verification(models.Model):
    """A verification of the whole record that a person asked for: how far it is, in words of ours,
    and what it came to. At most one is under way."""

    asked_by = models.CharField(max_length=40)
    asked_at = models.DateTimeField()
    under_way = models.BooleanField(default=True)
    job = models.UUIDField(null=True)
    step = models.CharField(max_length=40, blank=True, default="")
    share = models.FloatField(default=0.0)  # of the step that is done, 0..1
    failed = models.CharField(max_length=80, blank=True, default="")
    report = models.JSONField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Verification]] = models.Manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["under_way"],
                condition=models.Q(under_way=True),
                name="record_one_verification",
            )
        ]
