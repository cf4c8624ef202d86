"""Bodies and answers about what applicants are asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Field, Schema
from pydantic import StrictBool, StrictFloat, StringConstraints

from equipoise.service.contexts.asks.askable import Askable
from equipoise.service.contexts.asks.reading import AskAnswer, AskState, AskView, AskWords
from equipoise.service.contexts.asks.wording import MOST_WORDS
from equipoise.service.platform.api.bodies import Refusing

Words = Annotated[
    dict[str, Annotated[str, StringConstraints(max_length=MOST_WORDS)]],
    Field(max_length=2),
]
MOST_TYPED = 500


class AskAnswerOut(Schema):
    """An answer: over which channel, how it was read (a date as text, of a document whether it is
    there), and the ids of the papers that were brought with it."""

    at: datetime
    channel: str
    value: str | float | bool | None
    papers: list[str]


class AskOut(Schema):
    """One thing that the applicant is asked at a `decision`: a `fact` of the contract's or a
    `document` (`about` names it), or a `question` in words, to be answered as `answer` says; or to
    show a `check` (`about` names it) that a person's yes waits for. It is `open` (of a check:
    `due`) until the applicant answers, by `due_on`; then `answered`; and `closed` where it was
    `withdrawn`, `decided` without, `lapsed` or, of a check, `met`. `question` and `why` are what
    the applicant reads, by language, and `answers` what they answered; all three are null to
    readers without the right to personal facts."""

    id: str
    application: str
    decision: str
    what: Literal["fact", "document", "question", "check"]
    about: str
    answer: Literal["text", "number", "yes_no", "date", "document", "choice"]
    asked_by: str
    asked_at: datetime
    due_on: date
    state: AskState
    outcome: Literal["", "withdrawn", "decided", "lapsed", "met"]
    answered_at: datetime | None
    question: dict[str, str] | None
    why: dict[str, str] | None
    answers: list[AskAnswerOut] | None


class AskableOut(Schema):
    """A fact or a document that can be asked for, with its words and the kind of its answer."""

    what: Literal["fact", "document"]
    name: str
    label: dict[str, str]
    answer: str


class AnswerAskIn(Refusing):
    """What the applicant answered: a number, a date as text such as 2030-01-31, a yes or no, a text
    or a value of the contract's; of a document, where it lies with you. It is sealed with the
    applicant's facts. `channel` says over what they answered you."""

    # strict: a text too long is no number because it is all digits
    value: (
        StrictBool
        | StrictFloat
        | Annotated[str, StringConstraints(strict=True, max_length=MOST_TYPED)]
    ) = Field(examples=["Since March."])
    channel: Literal["program", "branch", "telephone", "email", "letter"] = "program"


def ask_out(
    ask: AskView, words: Mapping[str, AskWords] | None, answers: Sequence[AskAnswer] | None
) -> dict[str, Any]:
    """The ask as it is answered; without words and answers where they are None."""
    said = None if words is None else words[ask.id]
    mine = None if answers is None else [each for each in answers if each.ask == ask.id]
    return {
        **asdict(ask),
        "question": None if said is None else said.question,
        "why": None if said is None else said.why,
        "answers": mine,
    }


def askable_out(each: Askable) -> dict[str, Any]:
    """It as it is answered."""
    return {"what": each.what, "name": each.name, "label": each.label, "answer": each.answer}
