"""Asking a case's applicant for one thing more: their clock at the desk stands still meanwhile, and
the law's goes on. What they answer is a fact beside those that the strategy decided by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction

from equipoise.errors import BadInput, GateRefused
from equipoise.service.contexts.asks import services as asks
from equipoise.service.contexts.asks.reading import AskView
from equipoise.service.contexts.cases.conflicts import Conflicts
from equipoise.service.contexts.cases.holds import hold
from equipoise.service.contexts.cases.models import Work, WorkKind
from equipoise.service.contexts.cases.promised import office
from equipoise.service.contexts.cases.repeated import refuse_repeated
from equipoise.service.contexts.cases.work import workable
from equipoise.service.contexts.decisions.reading import DecisionView, Withheld, may_read
from equipoise.service.contexts.registry.reading import lender_day
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import Principal

USUAL_DAYS, MOST_DAYS = 5, 60
"""Business days that an applicant has to answer."""
_KINDS = (WorkKind.REFERRED, WorkKind.SIGNATURE, WorkKind.REVIEW)


@dataclass(frozen=True, slots=True)
class Asking:
    """One thing more: a fact or a document of the list by its name (`about`), or a question in
    words with a kind of answer; why, as the applicant reads it, by language; and within how many
    business days."""

    what: str
    about: str = ""
    answer: str = ""
    question: Mapping[str, str] = field(default_factory=dict)
    why: Mapping[str, str] = field(default_factory=dict)
    days: int = USUAL_DAYS


def ask(decision: DecisionView, wanted: Asking, by: Principal) -> AskView:
    """Ask, and hold the case.

    Raises GateRefused where nothing of the application waits for a person, or it was decided anew;
    AskedAlready where another's ask waits for its answer, Taken where another has the case, and as
    `claim` where it is not for `by`;
    BadInput for what cannot be asked for, and for words that an applicant may not read; Repeated
    for those that were written for colleagues; Withheld
    for readers without the right to personal facts, Unreadable after an erasure.
    """
    if not may_read(by, decision.row):
        raise Withheld
    if not 1 <= wanted.days <= MOST_DAYS:
        raise BadInput(f"give 1 to {MOST_DAYS} days", field="days", mend="name business days")
    refuse_repeated(decision, _texts(wanted), by)
    desk = office(decision.row.digest)
    today = lender_day(decision.row.digest, clock.now())
    asked = asks.Wanted(
        wanted.what,
        wanted.about,
        wanted.answer,
        wanted.question,
        wanted.why,
        desk.day_after(today, wanted.days),
    )
    with transaction.atomic():
        made = asks.ask(decision, asked, by)
        hold(_waiting(decision.row.application, by), _words(wanted), by)
    return made


def _waiting(application: str, by: Principal) -> str:
    """The id of what waits for a person about the application. Raises GateRefused where that is
    nothing, or it is not for `by`."""
    rows = Work.objects.filter(workable(by), chain=application, closed_at__isnull=True)
    waiting = {WorkKind(row.kind): row for row in rows}
    for kind in _KINDS:
        if kind in waiting:
            Conflicts(by.person).check(waiting[kind])
            return str(waiting[kind].id)
    raise GateRefused(
        "nothing of this application waits for a person",
        field="work",
        mend="ask once it waits at the desk",
    )


def _texts(wanted: Asking) -> dict[str, str]:
    """What the applicant would read, by field."""
    said = {"question": wanted.question, "why": wanted.why}
    return {field: " ".join(texts.values()) for field, texts in said.items()}


def _words(wanted: Asking) -> str:
    """What colleagues read of it in the queue."""
    said = wanted.question or {"": wanted.about}
    return next(filter(None, said.values()), wanted.about)
