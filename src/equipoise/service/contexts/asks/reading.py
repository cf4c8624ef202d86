"""What others may know of what applicants are asked: where it stands, its words, the answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from equipoise.service.contexts.asks.askable import (
    ANSWERS,
    Askable,
    askable,
    currency_of,
    field_of,
)
from equipoise.service.contexts.asks.events import CaseAnswered, CaseAsked
from equipoise.service.contexts.asks.models import Ask, AskOutcome, AskState, What
from equipoise.service.contexts.asks.wording import MOST_WORDS
from equipoise.service.contexts.decisions.reading import opened_for
from equipoise.service.platform.accounts.permissions import Principal, Reach
from equipoise.service.platform.accounts.services import rows_for
from equipoise.service.platform.record import services as record

WAITING = (AskState.OPEN, AskState.DUE)

__all__ = [
    "ANSWERS",
    "MOST_WORDS",
    "AskAnswer",
    "AskOutcome",
    "AskState",
    "AskView",
    "AskWords",
    "Askable",
    "What",
    "answers_in",
    "askable",
    "conditions_of",
    "currency_of",
    "facts_in",
    "field_of",
    "in_application",
    "is_condition",
    "open_in",
    "shown",
    "visible",
    "words_in",
]


@dataclass(frozen=True, slots=True)
class AskView:
    """An ask as it stands (see `models.Ask`); `outcome` is empty until it is closed."""

    id: str
    application: str
    decision: str
    what: What
    about: str
    answer: str
    begun_by: str
    branch: str
    region: str
    asked_by: str
    asked_at: datetime
    due_on: date
    state: AskState
    outcome: str
    answered_at: datetime | None
    closed_by: str
    closed_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether its applicant has yet to answer."""
        return self.state in WAITING

    @property
    def is_settled(self) -> bool:
        """Of a condition: whether it is met, or waived."""
        return self.outcome in (AskOutcome.MET, AskOutcome.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class AskWords:
    """What the applicant reads, by language: the question, empty where a fact's or a document's own
    words say it, and why it is asked."""

    question: Mapping[str, str]
    why: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class AskAnswer:
    """An answer to an ask: when and over which channel, what was typed (`raw`, in `language`), how
    it was read (`value`: a date as text), and by which papers."""

    ask: str
    at: datetime
    channel: str
    raw: Mapping[str, str]
    language: str
    value: Any
    papers: Sequence[str]


def in_application(application: str) -> Sequence[AskView]:
    """All that its applicant was asked, the first first."""
    return [shown(row) for row in Ask.objects.filter(application=application).order_by("id")]


def open_in(application: str) -> AskView | None:
    """What its applicant has yet to answer; None where that is nothing."""
    row = Ask.objects.filter(application=application, state=AskState.OPEN).first()
    return None if row is None else shown(row)


def conditions_of(decision: str) -> Sequence[AskView]:
    """What a person's yes to the decision waits for or waited for, in the strategy's order."""
    rows = Ask.objects.filter(decision=decision, what=What.CHECK).order_by("id")
    return [shown(row) for row in rows]


def is_condition(ask: str) -> bool:
    """Whether it is one of these."""
    return Ask.objects.filter(pk=ask, what=What.CHECK).exists()


def visible(ask: str, by: Principal, over: Reach) -> AskView:
    """The ask, if the reader may see it. Raises DoesNotExist: others' are not there."""
    return shown(Ask.objects.filter(rows_for(by, over)).get(pk=ask))


def words_in(application: str, by: Principal) -> Mapping[str, AskWords]:
    """The words of each ask of the application, by its id. Raises Withheld for readers without the
    right to personal facts, Unreadable after an erasure."""
    rows = Ask.objects.filter(application=application).in_bulk()
    asked = (each.event for each in record.history(application, CaseAsked)) if rows else ()
    return {each.ask: _words(opened_for(by, rows[each.ask], each.words)) for each in asked}


def answers_in(application: str, by: Principal) -> Sequence[AskAnswer]:
    """All that was answered, in order, as above."""
    rows = Ask.objects.filter(application=application).in_bulk()
    events = (each.event for each in record.history(application, CaseAnswered)) if rows else ()
    return [_answer(each, opened_for(by, rows[each.ask], each.words)) for each in events]


def facts_in(application: str, by: Principal) -> Mapping[str, Any]:
    """The contract's facts that were answered, the newest answer of each; not of what was taken
    back. Raises as above."""
    rows = Ask.objects.filter(application=application, what=What.FACT).in_bulk()
    counting = {id_: row for id_, row in rows.items() if row.outcome != AskOutcome.WITHDRAWN}
    if not counting:
        return {}
    return {
        counting[each.ask].about: each.value
        for each in answers_in(application, by)
        if each.ask in counting
    }


def shown(row: Ask) -> AskView:
    """The row as others see it."""
    return AskView(
        id=row.id,
        application=row.application,
        decision=row.decision,
        what=What(row.what),
        about=row.about,
        answer=row.answer,
        begun_by=row.begun_by,
        branch=row.branch or "",
        region=row.region or "",
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        due_on=row.due_on,
        state=AskState(row.state),
        outcome=row.outcome,
        answered_at=row.answered_at,
        closed_by=row.closed_by,
        closed_at=row.closed_at,
    )


def _words(opened: Mapping[str, Any]) -> AskWords:
    return AskWords(opened["question"], opened["why"])


def _answer(event: CaseAnswered, opened: Mapping[str, Any]) -> AskAnswer:
    return AskAnswer(
        event.ask,
        datetime.fromisoformat(event.at),
        event.channel,
        opened["raw"],
        opened["language"],
        opened["value"],
        tuple(event.papers),
    )
