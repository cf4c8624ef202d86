"""Drafts and who can open them. What was typed lies sealed; what happened stands in the record."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from equipoise.service.platform.accounts.permissions import APPLICANT


class DraftState(models.TextChoices):
    """Where a draft stands. What is being sent can be changed no more."""

    OPEN = "open"
    SENDING = "sending"
    SENT = "sent"
    ENDED = "ended"  # deleted by the applicant, or its time was over


class Draft(models.Model):
    """One draft. `id` is its chain in the record; `reference` is what the person knows it by, and
    the application's identifier. `sealed` is JSON, empty once the draft has ended; `shown` the
    share of the way that was shown last, in thousandths: it never falls. `application` and
    `decision` are there once it is sent. `kept_told` counts the contact points that were told that
    it is kept, `warned_at` is when its end was announced, and `told` what they were told last after
    it was sent (see `notices`); `erasure_asked_at` is when the person asked to be erased. Once that
    is done `language` is empty, and `reference` nothing that anybody knows."""

    id = models.CharField(max_length=60, primary_key=True)
    reference = models.CharField(max_length=12, unique=True)
    product = models.CharField(max_length=80)
    language = models.CharField(max_length=20)
    channel = models.CharField(max_length=12)
    state = models.CharField(max_length=8, choices=DraftState.choices, default=DraftState.OPEN)
    sealed = models.TextField()
    shown = models.PositiveSmallIntegerField(default=0)
    application = models.CharField(max_length=60, blank=True, default="")
    decision = models.CharField(max_length=60, blank=True, default="")
    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    kept_told = models.PositiveSmallIntegerField(default=0)
    warned_at = models.DateTimeField(null=True)
    told = models.CharField(max_length=200, blank=True, default="")
    erasure_asked_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Draft]] = models.Manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "changed_at"], name="drafts_old"),
            models.Index(fields=["application"], name="drafts_application"),
        ]


class Access(models.Model):
    """A browser that can open a draft: the digest of its secret, and whose hands it is in, over
    which channel. One of somebody who helps (`by`) holds while it is in use: `used_at` is when."""

    draft_id: str
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE)
    digest = models.BinaryField(unique=True)
    channel = models.CharField(max_length=12)
    by = models.CharField(max_length=40, default=APPLICANT)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Access]] = models.Manager()
