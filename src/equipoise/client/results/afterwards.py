"""What becomes of an application: agreement, letter, second look, outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Application:
    """Where an application stands: `open` while more is to come, else `decided`. It goes on with
    the strategy of `digest`; `decision` is its last one, and `language` the one in which the
    customer is spoken to, empty where none was said."""

    id: str
    state: str
    strategy: str
    digest: str
    language: str
    decision: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Agreement:
    """The agreement on a decision's offer: accepted, signed or withdrawn. `digest` is that of what
    the person was shown last; until `withdraw_until` they may withdraw."""

    id: str
    application: str
    decision: str
    state: str
    language: str
    channel: str
    digest: str
    accepted_at: datetime
    signed_at: datetime | None
    withdraw_until: date | None
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class Notice:
    """A letter that an applicant is owed, by `due_on` where the law sets a day: due, lacking what
    `lacks` says, made, sent, opened or gone. `digest` is the letter's SHA-256, empty until it is
    made."""

    id: str
    decision: str
    application: str
    letter: str
    state: str
    lacks: str
    due_on: date | None
    made_at: datetime | None
    opened_at: datetime | None
    digest: str


@dataclass(frozen=True, slots=True)
class Review:
    """A person looks again at a decision: `asked` until it is `settled`, by `due_on` where a day is
    set. `outcome` is then kept or overturned."""

    id: str
    decision: str
    application: str
    state: str
    outcome: str
    asked_at: datetime
    due_on: date | None
    settled_by: str
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReviewWithWords(Review):
    """The same with what the applicant said, None where the key may not read personal facts."""

    words: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a decision, and on which day."""

    decision: str
    outcome: str
    on: date
    amount: float | None


@dataclass(frozen=True, slots=True)
class AskAnswer:
    """An answer: over which channel, and how it was read."""

    at: datetime
    channel: str
    value: str | float | bool | None
    papers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing that an applicant is asked: a fact or a document (`about`), or a question in words;
    open until `due_on`, answered, or closed with an `outcome`. The words by language, and the
    answers, are None where the key may not read personal facts."""

    id: str
    application: str
    decision: str
    what: str
    about: str
    answer: str
    asked_by: str
    asked_at: datetime
    due_on: date
    state: str
    outcome: str
    answered_at: datetime | None
    question: Mapping[str, str] | None
    why: Mapping[str, str] | None
    answers: tuple[AskAnswer, ...] | None
