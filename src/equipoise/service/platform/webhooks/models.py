"""Addresses, their secrets, what is to be told to them, and each attempt at it."""

from __future__ import annotations

from typing import ClassVar
from urllib.parse import urlsplit

from django.db import models
from django.utils import timezone

from equipoise.record.personal import Unreadable
from equipoise.service.platform.record.sealing import open_text, seal_text


class State(models.TextChoices):
    """Where a delivery stands. `dead`: given up, and there to be replayed."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD = "dead"


class Webhook(models.Model):
    """An address, and for whom it is: `begun_by` is told what `begun_by` may read, no more.

    What it is told of is its subscription's, under its id. `failures` are those in a row since
    `failing_since`; nothing is sent before `rests_until`, and whoever sends has it alone until
    `leased_until`. `switched_off` says why it is not active; empty while it is.
    """

    id = models.CharField(max_length=60, primary_key=True)
    sealed_url = models.TextField()
    name = models.CharField(max_length=80, blank=True, default="")
    events = models.JSONField(default=list)
    begun_by = models.CharField(max_length=40)
    branch = models.CharField(max_length=60, blank=True, default="")
    region = models.CharField(max_length=60, blank=True, default="")
    made_by = models.CharField(max_length=40)
    made_at = models.DateTimeField(auto_now_add=True)
    switched_off = models.CharField(max_length=80, blank=True, default="")
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    rests_until = models.DateTimeField(default=timezone.now)
    leased_until = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager[Webhook]] = models.Manager()

    @property
    def url(self) -> str:
        """The address: kept sealed, as it may hold a token. Raises Unreadable."""
        return open_text(self.id, self.sealed_url)

    @url.setter
    def url(self, url: str) -> None:
        self.sealed_url = seal_text(self.id, url)

    @property
    def address(self) -> str:
        """The same for the record, which has it blinded: empty where it cannot be read."""
        try:
            return self.url
        except Unreadable:
            return ""

    @property
    def active(self) -> bool:
        """Whether anything is sent to it."""
        return not self.switched_off

    @property
    def host(self) -> str:
        """Where it leads, without what else an address may hold, such as a token."""
        return urlsplit(self.url).hostname or ""


class Secret(models.Model):
    """A secret, wrapped under a master key as applicants' keys are; `ends_at` once it has a
    successor."""

    webhook_id: str
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, db_index=False)
    version = models.PositiveSmallIntegerField()
    master = models.PositiveSmallIntegerField()
    wrapped = models.BinaryField()
    ends_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Secret]] = models.Manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["webhook", "version"], name="webhooks_secret_version")
        ]


class Delivery(models.Model):
    """One event to tell one address: `event` is its sequence in the record, where its content
    stands. `tries` are those of the present round; a replay begins another."""

    id = models.CharField(max_length=60, primary_key=True)
    webhook_id: str
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, db_index=False)
    event = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField(auto_now_add=True)
    next_at = models.DateTimeField(default=timezone.now)

    attempts: models.Manager[Attempt]
    last_attempts: list[Attempt]  # newest first, where `reading` found it
    objects: ClassVar[models.Manager[Delivery]] = models.Manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["webhook", "event"], name="webhooks_told_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["webhook", "state", "next_at"], name="webhooks_due"),
            models.Index(fields=["state", "made_at"], name="webhooks_old"),
        ]


class Attempt(models.Model):
    """One try: when, what HTTP status came back (none where there was no answer), what was wrong,
    and how long it took. What was answered beyond that is not kept."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="attempts")
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    problem = models.CharField(max_length=40, blank=True, default="")
    milliseconds = models.PositiveIntegerField()

    objects: ClassVar[models.Manager[Attempt]] = models.Manager()
