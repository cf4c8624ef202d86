"""Versions of strategies, the pointer to the one in force, and which strategy is the default."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from equipoise.authority.lifecycle import Move, State
from equipoise.service.platform import clock


class Version(models.Model):
    """One sealed strategy: its file's bytes, their digest, and where it stands.

    `authors` are the persons who wrote or submitted it; none of them may approve it.
    """

    strategy = models.CharField(max_length=80)
    number = models.PositiveIntegerField()
    label = models.CharField(max_length=80, blank=True, default="")
    digest = models.CharField(max_length=64)
    content = models.BinaryField()
    state = models.CharField(max_length=12, default=State.DRAFT.value)
    authors = models.JSONField(default=list)
    made_at = models.DateTimeField(default=clock.now, editable=False)

    objects: ClassVar[models.Manager[Version]] = models.Manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["strategy", "number"], name="registry_number"),
            models.UniqueConstraint(fields=["strategy", "digest"], name="registry_digest"),
        ]
        indexes: ClassVar = [models.Index(fields=["digest"], name="registry_by_digest")]


class Pointer(models.Model):
    """Which version of a strategy is in force; there is none where it was taken out of force.

    `trial` is the trial that is in force against that version: it ends where the pointer moves.
    """

    strategy = models.CharField(max_length=80, primary_key=True)
    version_id: int
    version = models.ForeignKey(Version, on_delete=models.PROTECT)
    serial = models.PositiveIntegerField(default=1)
    trial = models.BigIntegerField(null=True)

    objects: ClassVar[models.Manager[Pointer]] = models.Manager()


class Publication(models.Model):
    """Each time the pointer moved. Its serial is taken once: of two at once, one publishes.

    `version` was put in force, or by a withdrawal taken out of it; `gates` is what each gate said.
    """

    strategy = models.CharField(max_length=80)
    serial = models.PositiveIntegerField()
    move = models.CharField(max_length=12, choices=[(each.value, each.value) for each in Move])
    version_id: int
    version = models.ForeignKey(Version, on_delete=models.PROTECT)
    by = models.CharField(max_length=40)
    reason = models.TextField(blank=True, default="")
    gates = models.JSONField(default=list)
    at = models.DateTimeField(default=clock.now, editable=False)

    objects: ClassVar[models.Manager[Publication]] = models.Manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["strategy", "serial"], name="registry_serial")
        ]


class Default(models.Model):
    """The strategy that answers where none is named: one row, set by the first publication and
    from then on by people only."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    strategy = models.CharField(max_length=80)
    by = models.CharField(max_length=40)
    reason = models.TextField(blank=True, default="")
    at = models.DateTimeField(default=clock.now, editable=False)

    objects: ClassVar[models.Manager[Default]] = models.Manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(id=1), name="registry_one_default")
        ]


class Source(models.Model):
    """The text that a version was written as on a page, comments and all. What decides is the
    sealed file."""

    version = models.OneToOneField(Version, on_delete=models.PROTECT, primary_key=True)
    text = models.TextField()

    objects: ClassVar[models.Manager[Source]] = models.Manager()
