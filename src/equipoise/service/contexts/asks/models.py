"""What applicants are asked, and what became of it. Questions and answers stand in the record
alone, sealed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class AskState(models.TextChoices):
    """Whose turn it is."""

    OPEN = "open"  # the applicant's
    DUE = "due"  # theirs too: a yes waits for it
    ANSWERED = "answered"  # ours; they may still add to it
    CLOSED = "closed"


class AskOutcome(models.TextChoices):
    """How it ended."""

    WITHDRAWN = "withdrawn"  # a person took it back
    DECIDED = "decided"  # the application was decided, with the answer or without
    LAPSED = "lapsed"  # nobody answered by its day
    MET = "met"  # a person saw that a condition is


class What(models.TextChoices):
    """What is asked for."""

    FACT = "fact"  # a field of the contract
    DOCUMENT = "document"  # one that the contract or a check of the strategy's names
    QUESTION = "question"  # in words
    CHECK = "check"  # one that is still owed, and that a person's yes waits for


class Ask(models.Model):
    """One thing that an application's applicant is asked, at `decision`. `about` names the fact or
    the document (empty for a question in words), `answer` is the kind of the answer. `begun_by`,
    `branch` and `region` are the decision's: they say whose it is. It is answered by `due_on`, a
    day of the lender's. Of an application at most one is open; the checks that a yes waits for
    stand beside it, each `due`."""

    id = models.CharField(max_length=60, primary_key=True)
    application = models.CharField(max_length=60)
    decision = models.CharField(max_length=60)
    what = models.CharField(max_length=8, choices=What.choices)
    about = models.CharField(max_length=80, blank=True, default="")
    answer = models.CharField(max_length=8)
    begun_by = models.CharField(max_length=40)
    branch = models.CharField(max_length=60, null=True)
    region = models.CharField(max_length=60, null=True)
    asked_by = models.CharField(max_length=40)
    asked_at = models.DateTimeField()
    due_on = models.DateField()
    state = models.CharField(max_length=8, choices=AskState.choices, default=AskState.OPEN)
    outcome = models.CharField(max_length=9, choices=AskOutcome.choices, blank=True, default="")
    answered_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=40, blank=True, default="")
    closed_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Ask]] = models.Manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["application", "id"], name="asks_application"),
            models.Index(fields=["state", "due_on"], name="asks_waiting"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["application"], condition=models.Q(state="open"), name="asks_one_open"
            )
        ]
