"""What others may know of cases: the answer of a person that holds in place of a decision's, how a
case may be decided, and what waits for a person."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from equipoise.service.contexts.asks.reading import AskState, AskView, conditions_of
from equipoise.service.contexts.cases.at_hand import Deciding, Waiting, deciding
from equipoise.service.contexts.cases.conflicts import deciders
from equipoise.service.contexts.cases.deciding import LEFT
from equipoise.service.contexts.cases.listing import (
    Counts,
    Wanted,
    When,
    Whose,
    counted,
    listed,
)
from equipoise.service.contexts.cases.models import (
    AnsweredByPerson,
    Override,
    Reversal,
    Ruling,
    RulingState,
    Work,
    WorkKind,
)
from equipoise.service.contexts.cases.notes import Note, notes_of
from equipoise.service.contexts.cases.promised import promised_hours
from equipoise.service.contexts.cases.promises_told import (
    Colleague,
    Promise,
    colleagues,
    local,
    promises_of,
)
from equipoise.service.contexts.cases.said import Said, offer_that_holds, said_about
from equipoise.service.contexts.cases.terms import (
    Weighed,
    limits_of,
    terms_of,
    weighed,
    with_answers,
)
from equipoise.service.contexts.cases.work import WorkView, view
from equipoise.service.contexts.decisions.reading import DecisionView, opened_for_us
from equipoise.service.contexts.registry.reading import lender_day, loaded
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import Principal, Reach
from equipoise.service.platform.accounts.services import rows_for
from equipoise.strategy.decision import DECLINE

__all__ = [
    "ByPerson",
    "Colleague",
    "Counts",
    "Deciding",
    "Note",
    "Promise",
    "Said",
    "Waiting",
    "Wanted",
    "Weighed",
    "When",
    "Whose",
    "WorkKind",
    "WorkView",
    "by_person",
    "colleagues",
    "counted",
    "deciders",
    "deciding",
    "declined_by_person",
    "has_lapsed",
    "limits_of",
    "listed",
    "local",
    "notes_of",
    "offer_of",
    "promise_to",
    "promised_hours",
    "promises_of",
    "read_work",
    "said_about",
    "standing_answer",
    "stands_until",
    "terms_of",
    "unmet",
    "weighed",
    "with_answers",
    "work_of",
    "works_of",
]
# Which of an application's is looked at first: what a person answered and another has to sign.
_FIRST = (
    WorkKind.SIGNATURE, WorkKind.REFERRED, WorkKind.CONDITION, WorkKind.REVIEW, WorkKind.COMPLAINT,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ByPerson:
    """A person's answer that holds in place of a decision's, by which `reasons`, in codes, and
    since when. It is `against` the strategy where that had given an answer of its own; else the
    strategy had left it to a person. Once it stands in place of another person's, as its applicant
    asked for that, it is `reviewed`."""

    answer: str
    reasons: Sequence[str]
    at: datetime
    against: bool
    application: str
    officers: Sequence[str]
    reviewed: bool = False


def by_person(decision: str) -> ByPerson | None:
    """What a person decided in place of the decision, if one did: the last whose answer holds."""
    again = Reversal.objects.filter(decision=decision, state=RulingState.DECIDED).first()
    if again is not None:
        against = again.machine not in LEFT
        return replace(_by(again, against=against), reviewed=True)
    row = Override.objects.filter(decision=decision, complete=True).first()
    if row is not None:
        return ByPerson(
            row.answer, (row.reason,), row.signed_at, True, row.application, tuple(row.officers)
        )
    ruled = Ruling.objects.filter(decision=decision, state=RulingState.DECIDED).first()
    return None if ruled is None else _by(ruled, against=False)


def _by(row: AnsweredByPerson, *, against: bool) -> ByPerson:
    reasons, signers = tuple(row.reasons), tuple(row.officers)
    return ByPerson(row.answer, reasons, row.signed_at, against, row.application, signers)


def standing_answer(decision: DecisionView, by: ByPerson | None) -> str:
    """The answer that stands: of the person who decided in place of the strategy, where one did,
    else the strategy's."""
    return str(decision.plain["outcome"]) if by is None else by.answer


def offer_of(by: ByPerson | None, decision: str) -> Mapping[str, Any] | None:
    """The offer of a person's yes, for the service itself: to be told to nobody but whoever asked
    for the decision. None where it has no terms. Raises Unreadable after an erasure."""
    return None if by is None else offer_that_holds(by.application, decision)


def stands_until(by: ByPerson | None, decision: DecisionView) -> date | None:
    """The last of the lender's days on which a person's offer can be taken: as one of the
    strategy's own, it stands while the facts that it was made by are not too old, and where it
    depends on something, that is there by its day. None where there is no offer, or no end to it.
    Raises Unreadable after an erasure."""
    from equipoise.strategy.offering import fresh_until

    if by is None or decision.failed or offer_of(by, decision.row.id) is None:
        return None
    digest, facts = decision.row.digest, opened_for_us(decision.sealed)["application"]
    last: date | None = fresh_until(loaded(digest), facts, lender_day(digest, by.at))
    due = [each.due_on for each in unmet(decision.row.id) if each.state != AskState.ANSWERED]
    return min((each for each in (last, *due) if each is not None), default=None)


def unmet(decision: str) -> Sequence[AskView]:
    """What a person's yes to the decision waits for: neither met nor waived, in the strategy's
    order. Until there is none of it nothing can be signed."""
    return [each for each in conditions_of(decision) if not each.is_settled]


def has_lapsed(by: ByPerson | None, decision: DecisionView) -> bool:
    """Whether that day is over. Raises as above."""
    last = stands_until(by, decision)
    return last is not None and bool(lender_day(decision.row.digest, clock.now()) > last)


def declined_by_person(decisions: Collection[str]) -> set[str]:
    """Those of the decisions to which a person said no."""
    named = list(decisions)
    over = Override.objects.filter(pk__in=named, complete=True, answer=DECLINE)
    ruled = Ruling.objects.filter(pk__in=named, state=RulingState.DECIDED, answer=DECLINE)
    again = Reversal.objects.filter(pk__in=named, state=RulingState.DECIDED)
    declined = {*over.values_list("pk", flat=True), *ruled.values_list("pk", flat=True)}
    return declined - {*again.values_list("pk", flat=True)}


def promise_to(application: str, kinds: Collection[WorkKind]) -> tuple[datetime, bool] | None:
    """By when, by the lender's clock, its applicant was promised that a person does work of these
    kinds, and whether that moment is past; None where none waits, or for the applicant."""
    rows = Work.objects.filter(application=application, kind__in=kinds, closed_at__isnull=True)
    row = rows.filter(held_since__isnull=True, due_at__isnull=False).order_by("due_at").first()
    if row is None or row.due_at is None:
        return None
    now = clock.now()
    return local(view(row, now), row.due_at), row.due_at < now


def works_of(application: str, by: Principal, over: Reach) -> list[WorkView]:
    """What waits for a person about the application, as far as the caller may see it."""
    now = clock.now()
    rows = Work.objects.filter(rows_for(by, over), application=application, closed_at__isnull=True)
    works = [view(row, now) for row in rows.order_by("opened_at", "id")]
    return sorted(works, key=lambda work: _FIRST.index(work.kind))


def work_of(application: str, by: Principal, over: Reach) -> WorkView | None:
    """The first of them; None where nothing waits."""
    return next(iter(works_of(application, by, over)), None)


def read_work(work: str, by: Principal, over: Reach) -> WorkView:
    """One by its id, also once it has ended. Raises DoesNotExist: others' is not there."""
    return view(Work.objects.filter(rows_for(by, over)).get(pk=work), clock.now())
