"""What others may do with asks: ask, answer, take back, and end those that are over.

Each is one transaction, alone with the application's chain: of two who ask at the same moment one
has asked, and the other is told who.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction

from equipoise.errors import BadInput, GateRefused
from equipoise.journey import Answer, read_answer
from equipoise.service.contexts.applications.reading import is_decided, last_step
from equipoise.service.contexts.asks.askable import (
    ANSWERS,
    DOCUMENT,
    currency_of,
    field_of,
    named,
)
from equipoise.service.contexts.asks.events import (
    AskLapsed,
    AskMet,
    AskWithdrawn,
    CaseAnswered,
    CaseAsked,
)
from equipoise.service.contexts.asks.models import Ask, AskOutcome, AskState, What
from equipoise.service.contexts.asks.reading import WAITING, AskView, shown
from equipoise.service.contexts.asks.wording import checked
from equipoise.service.contexts.decisions.reading import DecisionView, opened_for_us, read
from equipoise.service.contexts.registry.reading import lender_day
from equipoise.service.platform import clock
from equipoise.service.platform.accounts import reading as accounts
from equipoise.service.platform.accounts.permissions import Principal, Reach
from equipoise.service.platform.accounts.services import rows_for
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects

_heard: list[Callable[[str, datetime], None]] = []

__all__ = [
    "MOST_ANSWERS",
    "AskedAlready",
    "Given",
    "Wanted",
    "answer",
    "ask",
    "ask_conditions",
    "close_decided",
    "lapse",
    "meet",
    "on_answer",
    "overtake",
    "waive",
    "withdraw",
]
MOST_ANSWERS = 20
"""To one ask."""
BY = "system.asks"


class AskedAlready(GateRefused):
    """Something is asked that has yet to be answered: by `name`, since `since`."""

    def __init__(self, row: Ask) -> None:
        self.name = accounts.usernames([row.asked_by]).get(row.asked_by, row.asked_by)
        self.since = row.asked_at
        super().__init__(
            f"{self.name} asked the applicant something at "
            f"{self.since.isoformat(timespec='minutes')}, and the answer is still to come",
            field="what",
            mend="wait for the answer, or take that back first",
        )


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked: a fact or a document by the name `about`, or a question in words with a kind
    of `answer`; `question` and `why` by language, as the applicant reads them."""

    what: str
    about: str
    answer: str
    question: Mapping[str, str]
    why: Mapping[str, str]
    due_on: date


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as it came: what stood in the boxes (`raw`, in `language`), or documents; by whom
    and over which channel."""

    by: str
    channel: str
    language: str
    raw: Mapping[str, str] = field(default_factory=dict)
    papers: Sequence[str] = ()
    key: str | None = None


def ask(decision: DecisionView, wanted: Wanted, by: Principal) -> AskView:
    """Ask the decision's applicant for one thing more. Within the caller's transaction, if there is
    one.

    Raises AskedAlready, GateRefused where the application was decided anew, BadInput for what
    cannot be asked for and for words that an applicant may not read, Unreadable after an erasure.
    """
    what, about, kind = _what(decision, wanted)
    words = {"question": _question(wanted), "why": checked(wanted.why, "why")}
    of = decision.row
    with transaction.atomic():
        subject = subjects.held(of.application)
        _refuse_second(of.application)
        if last_step(of.application) != of.id:
            raise GateRefused("the application was decided anew meanwhile", mend="read it again")
        named_so = replace(wanted, what=what, about=about, answer=kind)
        return _begin(decision, named_so, words, subject, by)


def ask_conditions(
    decision: DecisionView,
    checks: Mapping[str, Mapping[str, str]],
    why: Mapping[str, str],
    due_on: date,
    by: Principal,
) -> None:
    """Have a person's yes wait for these checks, each with its words by language; `why` is what the
    applicant reads beside. One that another yes to it waited for stays as it is. Within the
    caller's transaction, alone with the application."""
    subject = subjects.held(decision.row.application)
    asked = Ask.objects.filter(decision=decision.row.id, what=What.CHECK)
    known = {*asked.exclude(outcome=AskOutcome.LAPSED).values_list("about", flat=True)}
    for name, label in checks.items():
        if name in known:
            continue
        wanted = Wanted(What.CHECK, name, DOCUMENT, label, why, due_on)
        _begin(decision, wanted, {"question": dict(label), "why": dict(why)}, subject, by)


def answer(ask: str, application: str, given: Given) -> AskView:
    """The applicant answers; once more, until a person has decided.

    Raises DoesNotExist where it is none of the application's, NotRead for what cannot be read as
    the answer, BadInput where nothing is brought, GateRefused where it is closed, Unreadable where
    the applicant was erased.
    """
    with transaction.atomic():
        subject = subjects.held(application)
        row = Ask.objects.get(pk=ask, application=application)
        _refuse_closed(row)
        value = _read(row, given)
        row.state, row.answered_at = AskState.ANSWERED, clock.now()
        row.save(update_fields=["state", "answered_at"])
        plain = value.isoformat() if isinstance(value, date) else value
        words = {"raw": dict(given.raw), "language": given.language, "value": plain}
        event = CaseAnswered(
            ask=row.id,
            decision=row.decision,
            channel=given.channel,
            words=subjects.seal_for(subject, words).body,
            papers=list(given.papers),
            at=row.answered_at.isoformat(),
            by=given.by,
            key=given.key,
        )
        record.append(record.event(application, event, rows=(row,)))
        for act in () if row.what == What.CHECK else _heard:
            act(application, row.answered_at)
    return shown(row)


def on_answer(act: Callable[[str, datetime], None]) -> None:
    """Have this called as an answer is recorded that a case waits for, with the application and the
    moment, within the answer's transaction; once, at the start."""
    _heard.append(act)


def withdraw(ask: str, by: Principal, over: Reach) -> AskView:
    """Take back what was not answered yet. Raises DoesNotExist for one that is not within `over`,
    GateRefused where it was answered or is closed."""
    row = Ask.objects.filter(rows_for(by, over)).exclude(what=What.CHECK).get(pk=ask)
    with transaction.atomic():
        subjects.held(row.application)
        row.refresh_from_db()
        if row.state != AskState.OPEN:
            raise GateRefused("it waits for no answer any more", mend="read the case again")
        _withdraw(row, AskOutcome.WITHDRAWN, by.id, by.key or None)
    return shown(row)


def close_decided(application: str) -> None:
    """The application is decided, or looked at again: nothing that was asked waits any more, but
    for what a yes depends on. Within the caller's transaction, alone with the application's
    chain."""
    for row in Ask.objects.filter(application=application, state=AskState.OPEN):
        _withdraw(row, AskOutcome.DECIDED, BY, None)


def overtake(application: str, decision: str) -> None:
    """That decision stands by now: what was asked at a former one is not needed any more."""
    former = Ask.objects.filter(application=application, state__in=WAITING)
    if not former.exclude(decision=decision).exists():
        return
    with transaction.atomic():
        subjects.held(application)
        for row in former.exclude(decision=decision):
            _withdraw(row, AskOutcome.DECIDED, BY, None)


def lapse(most: int = 500) -> int:
    """End what nobody answered by its day; how many. Nothing is decided by that."""
    waiting = Ask.objects.filter(state__in=WAITING).order_by("due_on", "id")
    return sum(_lapsed(row) for row in waiting[:most])


def meet(ask: str, words: str, by: Principal) -> AskView:
    """A person saw that a condition is met; `words` are what they saw, sealed. Within the caller's
    transaction, alone with the application. Raises GateRefused where it waits no more, Unreadable
    after an erasure."""
    row = _condition(ask)
    subject = subjects.held(row.application)
    _close(row, AskOutcome.MET, by.id)
    sealed = subjects.seal_for(subject, {"words": words}).body
    event = AskMet(ask=row.id, decision=row.decision, words=sealed, by=by.id, key=by.key or None)
    record.append(record.event(row.application, event, rows=(row,)))
    return shown(row)


def waive(ask: str, words: str, by: Principal) -> AskView:
    """The yes stands without a condition; `words` say why, sealed. As above."""
    row = _condition(ask)
    subject = subjects.held(row.application)
    sealed = subjects.seal_for(subject, {"words": words}).body
    _withdraw(row, AskOutcome.WITHDRAWN, by.id, by.key or None, sealed)
    return shown(row)


def _condition(ask: str) -> Ask:
    row = Ask.objects.get(pk=ask, what=What.CHECK)
    if row.state == AskState.CLOSED:
        raise GateRefused(f"the condition is settled: {row.outcome}", mend="read the case again")
    return row


def _begin(
    decision: DecisionView,
    wanted: Wanted,
    words: Mapping[str, Any],
    subject: subjects.Subject,
    by: Principal,
) -> AskView:
    of = decision.row
    row = Ask.objects.create(
        id=subjects.new_id("ask"),
        application=of.application,
        decision=of.id,
        what=wanted.what,
        about=wanted.about,
        answer=wanted.answer,
        begun_by=of.begun_by,
        branch=of.branch,
        region=of.region,
        asked_by=by.id,
        asked_at=clock.now(),
        due_on=wanted.due_on,
        state=AskState.DUE if wanted.what == What.CHECK else AskState.OPEN,
    )
    event = CaseAsked(
        ask=row.id,
        decision=row.decision,
        what=row.what,
        about=row.about,
        answer=row.answer,
        due_on=row.due_on.isoformat(),
        words=subjects.seal_for(subject, dict(words)).body,
        by=by.id,
        key=by.key or None,
    )
    record.append(record.event(row.application, event, rows=(row,)))
    return shown(row)


def _lapsed(row: Ask) -> bool:
    if not _is_over(row):
        return False
    with transaction.atomic():
        subjects.held(row.application)
        row.refresh_from_db()
        if row.state not in WAITING:
            return False  # answered or taken back a moment ago
        _close(row, AskOutcome.LAPSED, BY)
        event = AskLapsed(ask=row.id, decision=row.decision, by=BY)
        record.append(record.event(row.application, event, rows=(row,)))
    return True


def _is_over(row: Ask) -> bool:
    return bool(lender_day(read(row.decision).row.digest, clock.now()) > row.due_on)


def _what(decision: DecisionView, wanted: Wanted) -> tuple[str, str, str]:
    """What is asked for, its name, and the kind of the answer."""
    if wanted.what == What.QUESTION:
        if wanted.answer not in ANSWERS:
            raise BadInput("say how it is to be answered", field="answer", mend=", ".join(ANSWERS))
        return wanted.what, "", wanted.answer
    if wanted.what not in (What.FACT, What.DOCUMENT):
        raise BadInput("say what is asked for", field="what", mend="take one of the list")
    asked = named(decision, wanted.what, wanted.about)
    return asked.what, asked.name, asked.answer


def _question(wanted: Wanted) -> dict[str, str]:
    """The words of the question; a fact and a document have words of their own."""
    if wanted.what != What.QUESTION and not any(map(str.strip, wanted.question.values())):
        return {}
    return checked(wanted.question, "question")


def _refuse_second(application: str) -> None:
    row = Ask.objects.filter(application=application, state=AskState.OPEN).first()
    if row is not None:
        raise AskedAlready(row)


def _refuse_closed(row: Ask) -> None:
    answered = row.state == AskState.ANSWERED and row.what != What.CHECK
    over = answered and is_decided(row.application)
    if over or row.state == AskState.CLOSED:
        raise GateRefused("this is not asked any more", mend="ask us")
    answers = record.history(row.application, CaseAnswered)
    if sum(each.event.ask == row.id for each in answers) >= MOST_ANSWERS:
        raise GateRefused("this was answered many times", mend="ask us")


def _read(row: Ask, given: Given) -> Answer:
    """The answer as it is read; of a document, that it is there. Raises NotRead, BadInput."""
    if row.answer == DOCUMENT:
        if not given.papers and not given.raw.get("", "").strip():
            raise BadInput("no document was brought", field="papers", mend="bring it first")
        return True
    decision = read(row.decision)
    asked = next(
        e.event for e in record.history(row.application, CaseAsked) if e.event.ask == row.id
    )
    question: Mapping[str, Any] = opened_for_us(asked.words)["question"]
    field = field_of(decision, row.what, row.about, row.answer, question)
    return read_answer(field, given.raw, given.language, currency_of(decision))


def _withdraw(
    row: Ask,
    why: AskOutcome,
    by: str,
    key: str | None,
    words: Mapping[str, Any] | None = None,
) -> None:
    _close(row, why, by)
    event = AskWithdrawn(
        ask=row.id, decision=row.decision, why=why.value, words=words, by=by, key=key
    )
    record.append(record.event(row.application, event, rows=(row,)))


def _close(row: Ask, outcome: AskOutcome, by: str) -> None:
    row.state, row.outcome = AskState.CLOSED, outcome
    row.closed_by, row.closed_at = by, clock.now()
    row.save(update_fields=["state", "outcome", "closed_by", "closed_at"])
