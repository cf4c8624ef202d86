"""Which papers there are. What they show lies in encrypted files, what they are called stands
sealed in the record alone."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class PaperState(models.TextChoices):
    """Whether a paper can be opened."""

    HELD = "held"  # until the scanner has looked at it
    CLEAR = "clear"
    REFUSED = "refused"  # by the scanner; its file is gone


class Paper(models.Model):
    """A paper that was brought with the application of `draft`. `about` is what it was brought for:
    the name of a check that was asked for, what is unclear, a question of the contract's that it
    answers, or empty. `kind` is the kind of the file that is kept, `size` its bytes, `pages` its
    pages, and `digest` the SHA-256 of the file as it lies there, encrypted."""

    id = models.CharField(max_length=60, primary_key=True)
    draft = models.CharField(max_length=60)
    about = models.CharField(max_length=80, blank=True, default="")
    kind = models.CharField(max_length=20)
    size = models.PositiveIntegerField()
    pages = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=PaperState.choices)
    brought_at = models.DateTimeField()

    objects: ClassVar[models.Manager[Paper]] = models.Manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["draft", "id"], name="papers_draft"),
            models.Index(fields=["state", "id"], name="papers_state"),
        ]
