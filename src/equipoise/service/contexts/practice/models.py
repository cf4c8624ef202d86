"""What people answered to practise, who shares it, and the lender's own past cases to practise on.

Rows here are no part of the record: see the package.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Source(models.TextChoices):
    """Where cases come from."""

    SIMULATED = "simulated"
    HISTORY = "history"
    DECIDED = "decided"  # here, by the record


class Deck(models.Model):
    """The lender's own past cases, drawn once and kept until they are drawn anew: a row for those
    of its history file, and one for those that were decided here (`DECKS`).

    `edition` tells one drawing from the next; `content` is empty until there is one, `fault` says
    why there is none. Of what was decided here it names decisions alone: their facts stay sealed.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    asked_at = models.DateTimeField()
    waiting = models.BooleanField(default=False)
    edition = models.CharField(max_length=16, blank=True, default="")
    made_at = models.DateTimeField(null=True)
    content = models.TextField(blank=True, default="")
    fault = models.TextField(blank=True, default="")

    objects: ClassVar[models.Manager[Deck]] = models.Manager()


DECKS = {Source.HISTORY: 1, Source.DECIDED: 2}
"""The row of each source that is drawn."""


class Answer(models.Model):
    """What a person answered to one case, as their `place`-th of that source, beside what is
    needed to measure it once the deck is another: the model's PD, the strategy's answer, the
    outcome and the money. `reason` is the first of a no of the strategy's."""

    person = models.CharField(max_length=40)
    source = models.CharField(max_length=12, choices=Source.choices)
    place = models.PositiveIntegerField()
    edition = models.CharField(max_length=16)
    case = models.PositiveIntegerField()
    approves = models.BooleanField()
    stated = models.FloatField()
    model = models.FloatField()
    decides = models.BooleanField()
    lends = models.BooleanField()
    bad = models.BooleanField()
    if_good = models.FloatField(null=True)
    if_bad = models.FloatField(null=True)
    grade = models.CharField(max_length=60, blank=True)
    near = models.BooleanField()
    reason = models.CharField(max_length=200, blank=True)
    answered_at = models.DateTimeField()

    objects: ClassVar[models.Manager[Answer]] = models.Manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "source", "place"], name="practice_place")
        ]
        indexes: ClassVar = [
            models.Index(fields=["source", "edition", "case"], name="practice_by_case"),
            models.Index(fields=["answered_at"], name="practice_answer_age"),
        ]


class Sharing(models.Model):
    """Somebody who lets others see how well they answer, since when. No row: nobody does."""

    person = models.CharField(max_length=40, primary_key=True)
    since = models.DateTimeField()

    objects: ClassVar[models.Manager[Sharing]] = models.Manager()


class Drilled(models.Model):
    """One time that a person did a drill: on which of the lender's days, what they chose at each
    step (`chosen`, a list of places), and the share of what could be had."""

    person = models.CharField(max_length=40)
    drill = models.CharField(max_length=60)
    on = models.DateField()
    chosen = models.JSONField()
    score = models.FloatField()
    done_at = models.DateTimeField()

    objects: ClassVar[models.Manager[Drilled]] = models.Manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["person", "drill"], name="practice_by_drill"),
            models.Index(fields=["done_at"], name="practice_drill_age"),
        ]
