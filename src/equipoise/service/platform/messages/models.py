"""What messages and codes leave in the database."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Code(models.Model):
    """The newest one-time code of one purpose, and how often one was asked for of late.

    `key` is a digest of the purpose, `digest` a keyed one of the code: neither can be read back.
    `digest` is empty where there is no code to be typed: none was made, or it was used. `tries`
    are the guesses at this one, `made` how many were made since `counted_since`.
    """

    key = models.CharField(max_length=64, primary_key=True)
    digest = models.CharField(max_length=64, blank=True, default="")
    tries = models.PositiveSmallIntegerField(default=0)
    made = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    counted_since = models.DateTimeField(db_index=True)

    objects: ClassVar[models.Manager[Code]] = models.Manager()


class State(models.TextChoices):
    """Where a message stands. `suppressed`: it was not sent, as the person or their mailbox does
    not want it; `kept`: it was not sent, as none is here."""

    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    FAILED = "failed"
    SUPPRESSED = "suppressed"
    KEPT = "kept"


class Message(models.Model):
    """One message. What it says and where it goes stand in `sealed`, under the key of the applicant
    whose chain is `subject`; empty once it is over. `chain` is where its events stand.

    `text` is the text's name and version, `contact` a keyed digest of where it goes, `tries` how
    often it was refused for the time being; until `next_at` nobody sends it.
    """

    id = models.CharField(max_length=60, primary_key=True)
    subject = models.CharField(max_length=80, db_index=True)
    chain = models.CharField(max_length=80)
    channel = models.CharField(max_length=10)
    text = models.CharField(max_length=60)
    language = models.CharField(max_length=20)
    purpose = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    problem = models.CharField(max_length=40, blank=True, default="")
    tries = models.PositiveSmallIntegerField(default=0)
    contact = models.CharField(max_length=32, blank=True, default="")
    sealed = models.TextField(blank=True, default="")
    made_at = models.DateTimeField()
    next_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects: ClassVar[models.Manager[Message]] = models.Manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "channel", "next_at"], name="outbox_message_due"),
            models.Index(fields=["state", "changed_at"], name="outbox_message_old"),
        ]


class Refusal(models.Model):
    """A contact point that is not written to: for one purpose, as the person wished, or for none
    at all, as their mailbox is not there. `contact` is the keyed digest of it."""

    contact = models.CharField(max_length=32)
    purpose = models.CharField(max_length=20, blank=True, default="")
    message = models.CharField(max_length=60)
    since = models.DateTimeField()

    objects: ClassVar[models.Manager[Refusal]] = models.Manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contact", "purpose"], name="outbox_refused_once")
        ]
