"""Which decisions of the strategy a person overrode, what people answered where it left a decision
to them, and what waits for a person."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Override(models.Model):
    """A person's answer to one decision, against the strategy's. `officers` are those who signed,
    in order; it holds once it is `complete`. `begun_by`, `branch` and `region` are the decision's:
    they say whose it is. The words stand sealed in the record alone."""

    decision = models.CharField(max_length=60, primary_key=True)
    application = models.CharField(max_length=60)
    begun_by = models.CharField(max_length=40, default="")
    branch = models.CharField(max_length=60, null=True)
    region = models.CharField(max_length=60, null=True)
    answer = models.CharField(max_length=8)
    reason = models.CharField(max_length=60)
    officers = models.JSONField()
    level = models.CharField(max_length=60)
    signatures = models.PositiveSmallIntegerField()
    complete = models.BooleanField()
    signed_at = models.DateTimeField()

    objects: ClassVar[models.Manager[Override]] = models.Manager()


class WorkKind(models.TextChoices):
    """Why something waits for a person."""

    REFERRED = "referred"  # the strategy left it to one
    SIGNATURE = "signature"  # a person answered, and another has to sign
    REVIEW = "review"  # an applicant asked that a person looks again
    COMPLAINT = "complaint"  # an applicant complained, or asked that a fact is corrected
    CONDITION = "condition"  # what a yes depends on was brought, and is to be looked at


class Work(models.Model):
    """Something that waits for a person, made from the record (see `reactions`).

    `chain` is the one that its own events stand in: its application's, or that of the draft which a
    complaint is about. `about` is what opened it (a decision, a review, a complaint), `decision`
    the newest that it is about. `begun_by`, `branch` and `region` say whose it is. `level` and
    `signatures` are what the strategy wants of people, `why` the codes of its reasons. `amount` is
    what is asked for, `stake` the money between the answers, both in minor units of `currency` and
    to two figures: enough to order by, and no fact of anybody's; null where it is not known.

    `due_at` is by when a person answers, by business hours without those in which the customer had
    the ball (`held`: pairs of moments; `held_since`: it has it now); `last_day` is the law's, by
    `rule`. `news` is what came of asking the customer (`answered` or `lapsed`), since it is a
    person's turn again. A claim holds until `lease_until`. `worth` is its place in the desk's
    order, the highest first, `place` why it stands there and `unknown` which figures were not known
    (see `ordering`). `chance` is that a person's answer is another than without them, drawn from
    `past` cases and what is believed where those are few; null where nothing says it.
    It is open until `closed_at`; `closed` is how it ended.
    """

    id = models.CharField(max_length=80, primary_key=True)
    kind = models.CharField(max_length=12, choices=WorkKind.choices)
    chain = models.CharField(max_length=60)
    application = models.CharField(max_length=60, blank=True, default="")
    decision = models.CharField(max_length=60, blank=True, default="")
    about = models.CharField(max_length=60)
    begun_by = models.CharField(max_length=40)
    branch = models.CharField(max_length=60, null=True)
    region = models.CharField(max_length=60, null=True)
    strategy = models.CharField(max_length=80)
    digest = models.CharField(max_length=80)
    grade = models.CharField(max_length=60, null=True)
    level = models.CharField(max_length=60, blank=True, default="")
    signatures = models.PositiveSmallIntegerField(default=1)
    why = models.JSONField(default=list)
    amount = models.BigIntegerField(null=True)
    stake = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=12, blank=True, default="")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    last_day = models.DateField(null=True)
    rule = models.CharField(max_length=80, blank=True, default="")
    held = models.JSONField(default=list)
    held_since = models.DateTimeField(null=True)
    claimed_by = models.CharField(max_length=40, blank=True, default="")
    claimed_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    snoozed_until = models.DateTimeField(null=True)
    news = models.CharField(max_length=8, blank=True, default="")
    worth = models.FloatField(default=0.0)
    place = models.CharField(max_length=10, blank=True, default="")
    unknown = models.CharField(max_length=60, blank=True, default="")
    chance = models.FloatField(null=True)
    past = models.IntegerField(default=0)
    closed_at = models.DateTimeField(null=True)
    closed = models.CharField(max_length=20, blank=True, default="")

    objects: ClassVar[models.Manager[Work]] = models.Manager()

    class Meta:
        # Of what is open alone: a desk asks for nothing else, and most of what there was is closed.
        indexes: ClassVar = [
            models.Index(
                fields=["-worth", "opened_at", "id"],
                condition=models.Q(closed_at__isnull=True),
                name="cases_desk",
            ),
            models.Index(
                fields=["chain"],
                condition=models.Q(closed_at__isnull=True),
                name="cases_open_chain",
            ),
            models.Index(fields=["application"], name="cases_application"),
        ]


class RulingState(models.TextChoices):
    """How far an answer has come."""

    PASSED = "passed"  # somebody without the authority said what they would answer
    SIGNED = "signed"  # it waits for another signature
    RETURNED = "returned"  # what was signed or passed on counts no more
    DECIDED = "decided"


class AnsweredByPerson(models.Model):
    """A person's answer to a decision of outcome `machine`: `approve`, `decline`, or
    `counter_offer` where the terms are other than those asked for. `reasons` are what the applicant
    is told of a no, and `officers` those who signed, in order. `begun_by`, `branch` and `region`
    are the decision's: they say whose it is. Terms and words stand sealed in the record alone."""

    decision = models.CharField(max_length=60, primary_key=True)
    application = models.CharField(max_length=60)
    begun_by = models.CharField(max_length=40)
    branch = models.CharField(max_length=60, null=True)
    region = models.CharField(max_length=60, null=True)
    machine = models.CharField(max_length=16)
    state = models.CharField(max_length=8, choices=RulingState.choices)
    answer = models.CharField(max_length=16)
    reasons = models.JSONField()
    officers = models.JSONField()
    level = models.CharField(max_length=60)
    signatures = models.PositiveSmallIntegerField()
    signed_at = models.DateTimeField()

    class Meta:
        abstract = True


class Ruling(AnsweredByPerson):
    """The answer where the strategy left it to a person; `passed_by` handed it on with what they
    would answer (empty: nobody). Of checks that are still owed a yes waits for all but the
    `waived`."""

    waived = models.JSONField(default=list)
    passed_by = models.CharField(max_length=40, blank=True, default="")

    objects: ClassVar[models.Manager[Ruling]] = models.Manager()


class Reversal(AnsweredByPerson):
    """The answer in place of one that a person had given (a ruling, or an override): its applicant
    had asked that another looks again. What it replaces stands until it is `decided`."""

    objects: ClassVar[models.Manager[Reversal]] = models.Manager()
