"""Bodies and answers about complaints, what people are asked, the conversation with the helper, and
whoever helps in person."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Field, Schema
from pydantic import StringConstraints, model_validator

from equipoise.service.contexts.complaints.reading import ComplaintState, Matter
from equipoise.service.contexts.complaints.schemas import Words
from equipoise.service.contexts.conversations.schemas import TurnOut
from equipoise.service.contexts.conversations.services import MOST
from equipoise.service.contexts.feedback.reading import Moment, Scale
from equipoise.service.contexts.feedback.services import MOST_WORDS
from equipoise.service.pages.applicant.places import STEP
from equipoise.service.platform.api.bodies import Refusing
from equipoise.service.platform.api.short_text import OptionalName, Place

_Answer = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MOST_WORDS)
]


class ComplaintIn(Refusing):
    """What is wrong, in the person's words, and at which step of your front end they were, such
    as `offers` or `q/income`."""

    words: Words = Field(examples=["You asked me twice for the same letter."])
    step: Annotated[str, StringConstraints(max_length=100, pattern=f"^({STEP})?$")] = Field(
        "", examples=["offers"]
    )


class CorrectionIn(Refusing):
    """What is right in the person's words, and which fact is wrong: its field, as the facts that
    are held name it; empty for something else."""

    words: Words = Field(examples=["I earn 3,400 a month since May, as my payslip shows."])
    field: OptionalName = Field("", examples=[""])


class OwnComplaintOut(Schema):
    """A complaint, or the wish that a fact is corrected (`matter`). It is answered by `due_on`
    where a day is set, by that `rule` of the law (empty: the lender's own days), counted as
    `counted` says. `overdue`: the person was told that it is late. `answer` and `outcome` are
    empty until there is one."""

    reference: str
    matter: Matter
    state: ComplaintState
    outcome: Literal["", "upheld", "partly_upheld", "not_upheld"]
    received_at: datetime
    due_on: date | None
    rule: str
    counted: str
    overdue: bool
    answered_at: datetime | None
    words: str
    answer: str


class ElsewhereOut(Schema):
    """Whom else a person can turn to, and how they are reached."""

    name: str
    reach: str


class OwnComplaintsOut(Schema):
    """Those so far, the newest first; by when a complaint of today would be answered, where a day
    is set; and whom else the person can turn to."""

    complaints: list[OwnComplaintOut]
    due_on: date | None
    elsewhere: list[ElsewhereOut]


class AskedOut(Schema):
    """What a person is asked: after what, on which `scale` now, from 1 to `highest`; both null once
    all is tapped, when they may still add words, unless they have `said` something."""

    moment: Moment
    scale: Scale | None
    highest: int | None
    said: bool


class FeedbackAskedOut(Schema):
    """What may be asked now; null where that is nothing."""

    ask: AskedOut | None


class FeedbackIn(Refusing):
    """One of these: a `score` on the `scale` that is asked, the person's `words`, or `dismiss`,
    where they would rather not say."""

    scale: Scale | None = Field(None, examples=["satisfaction"])
    score: Annotated[int, Field(ge=1, le=7, strict=True)] | None = Field(None, examples=[4])
    words: _Answer | None = None
    dismiss: bool = Field(False, strict=True)

    @model_validator(mode="after")
    def _one(self) -> FeedbackIn:
        given = [self.score is not None, self.words is not None, self.dismiss]
        if sum(given) != 1 or (self.score is None) != (self.scale is None):
            raise ValueError("give a score with its scale, or words, or dismiss")
        return self


class HelpOut(Schema):
    """Over which channels somebody helps now: `branch`, `telephone`."""

    over: list[str]


class HelpCodeOut(Schema):
    """What the person reads out to whoever helps."""

    reference: str
    code: str


class OptionOut(Schema):
    """An answer that can be chosen from a menu."""

    name: str
    title: str


class OwnConversationOut(Schema):
    """All that was said so far, and what can be chosen now. `person`: a person has the
    conversation, and the helper is silent."""

    turns: list[TurnOut]
    menu: list[OptionOut]
    person: bool


class TurnIn(Refusing):
    """One of these: a `question` in words, a `choice` from the menu, or `person`, where the person
    wants one."""

    question: (
        Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MOST)]
        | None
    ) = Field(None, examples=["How long does it take?"])
    choice: Place | None = None
    person: bool = Field(False, strict=True)

    @model_validator(mode="after")
    def _one(self) -> TurnIn:
        if sum([self.question is not None, bool(self.choice), self.person]) != 1:
            raise ValueError("give a question, or a choice, or person")
        return self
