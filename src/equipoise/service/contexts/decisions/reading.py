"""What others may know of decisions: the answer, its explanation, a way back, the same
decision once more, and past ones made again by another version.

What is personal is opened for a reader by `opened_for`, where they may read it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from equipoise.errors import GateRefused
from equipoise.record.chain import canonical
from equipoise.record.personal import Erased
from equipoise.service.contexts.applications.reading import language_of
from equipoise.service.contexts.decisions.comparing import Pair, compared, newest_applications
from equipoise.service.contexts.decisions.ended import Ended, ended, opened_to
from equipoise.service.contexts.decisions.examples import (
    application_schema,
    example_application,
    example_files,
)
from equipoise.service.contexts.decisions.for_applicants import (
    Used,
    asked_back,
    facts_used,
    how_to_settle,
    other_ways,
    told_reasons,
)
from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.contexts.decisions.offered import Offered, OffersMade, offered
from equipoise.service.contexts.decisions.opening import (
    Withheld,
    may_read,
    opened_for,
    opened_for_us,
)
from equipoise.service.contexts.decisions.reading_many import (
    Expected,
    Followed,
    Past,
    applications_on,
    expected_of,
    followed,
    past,
)
from equipoise.service.contexts.decisions.record_format import format_of
from equipoise.service.contexts.decisions.recorded import DecisionView, recorded
from equipoise.service.contexts.decisions.similar import Nearest, Share, Similar, similar
from equipoise.service.contexts.decisions.terms import (
    Choice,
    NotOffered,
    choice_of,
    offer_of,
    said_to,
    stands,
)
from equipoise.service.contexts.decisions.traced import (
    Decided,
    Kept,
    Traced,
    Wanted,
    decided,
    recent,
    traced,
)
from equipoise.service.contexts.decisions.treated import (
    Given,
    Treatments,
    treated,
    treated_since,
)
from equipoise.service.contexts.registry.reading import loaded
from equipoise.service.platform.accounts.permissions import Principal, Reach
from equipoise.service.platform.accounts.services import rows_for
from equipoise.service.platform.record.subjects import refuse_erased
from equipoise.strategy.decision import DECLINE, REFER
from equipoise.texts.languages import look_up

if TYPE_CHECKING:
    from equipoise.strategy import Content, Strategy

__all__ = [
    "Choice",
    "Decided",
    "DecisionView",
    "Ended",
    "Expected",
    "Followed",
    "Given",
    "Kept",
    "Nearest",
    "NotOffered",
    "Offered",
    "OffersMade",
    "Pair",
    "Past",
    "Share",
    "Similar",
    "Traced",
    "Treatments",
    "Used",
    "Wanted",
    "Withheld",
    "application_schema",
    "applications_on",
    "asked_back",
    "choice_of",
    "compared",
    "decided",
    "declined",
    "differences_of",
    "ended",
    "ever_referred",
    "example_application",
    "example_files",
    "expected_of",
    "explanation",
    "facts_used",
    "followed",
    "how_to_settle",
    "may_read",
    "newest_applications",
    "number_on",
    "offer_of",
    "offered",
    "opened_for",
    "opened_for_us",
    "opened_to",
    "other_ways",
    "past",
    "read",
    "recent",
    "recourse",
    "replay",
    "said_to",
    "sent_for",
    "similar",
    "stands",
    "told_reasons",
    "traced",
    "treated",
    "treated_since",
    "visible",
]


def visible(decision: str, by: Principal, reach: Reach) -> DecisionView:
    """The decision, if the caller may see it. Raises DoesNotExist: others' are not there."""
    return recorded(Decision.objects.filter(rows_for(by, reach)).get(pk=decision))


def read(decision: str) -> DecisionView:
    """The decision, for the service itself: whole, but after an erasure. It is told as that to
    nobody but to whoever sent the application. Raises Unreadable as above."""
    decided = recorded(Decision.objects.get(pk=decision))
    try:
        return replace(decided, facts=opened_for_us(decided.sealed))
    except Erased:
        return decided


def number_on(applications: Collection[str]) -> int:
    """How many decisions were made on these applications."""
    return Decision.objects.filter(application__in=applications).count()


def declined(decisions: Collection[str]) -> set[str]:
    """Which of these decisions are a no."""
    rows = Decision.objects.filter(pk__in=list(decisions), outcome=DECLINE)
    return set(rows.values_list("id", flat=True))


def ever_referred() -> Iterator[str]:
    """Applications of which a decision was left to a person; some more than once."""
    yield from Decision.objects.filter(outcome=REFER).values_list("application", flat=True)


def sent_for(applications: Collection[str]) -> Iterator[bytes]:
    """Digests of what was sent for these: whoever guesses all of it could tell by them."""
    made = Decision.objects.filter(application__in=applications, sent__isnull=False)
    yield from (bytes(each) for each in made.values_list("sent", flat=True) if each)


def explanation(
    decision: DecisionView, by: Principal, audience: str, language: str
) -> dict[str, Any]:
    """The decision told to a customer, an underwriter or an auditor, from its own trace.

    To a reader who may not read what is sealed the customer's words and the auditor's trace are
    told without it. Raises Withheld for the underwriter's then, GateRefused where no strategy
    decided, BadInput for a language it does not speak, Unreadable where the applicant was erased.
    """
    from equipoise.strategy import explaining
    from equipoise.strategy.explaining.withheld import without_facts

    strategy = _decider(decision)
    content = strategy.content
    answer: dict[str, Any] = {"id": decision.row.id}
    whole = may_read(by, decision.row)
    if whole or audience == "underwriter":
        rebuilt = format_of(decision.plain).whole(decision.parts_for(by), strategy)
    else:
        refuse_erased(decision.row.application)
        rebuilt = format_of(decision.plain).open(decision.plain)
    if audience == "underwriter":
        return {**answer, "lines": explaining.for_underwriter(rebuilt, content)}
    if audience == "auditor":
        trace = explaining.for_auditor if whole else without_facts
        return {**answer, "trace": trace(rebuilt, content).as_dict()}
    words = explaining.for_customer(rebuilt, content, language or _spoken(decision, content))
    return {**answer, **words, "whole": whole}


def _spoken(decision: DecisionView, content: Content) -> str:
    """The language of the application, where the strategy speaks it."""
    language = language_of(decision.row.application)
    return look_up(language, content.strategy.languages) or "" if language else ""


def recourse(decision: DecisionView, by: Principal, most: int) -> list[dict[str, Any]]:
    """What would turn the answer, easiest first; each way was decided by the strategy. It consists
    of facts: raises Withheld where the reader may not read them, Unreadable where they are gone."""
    from equipoise.strategy.recourse import find_recourse

    application = decision.parts_for(by).sealed["application"]
    strategy = _decider(decision)
    on = date.fromisoformat(decision.plain["trace"]["decided_on"])
    return [each.as_dict() for each in find_recourse(strategy, application, at=on, most=most)]


def replay(decision: DecisionView, by: Principal) -> dict[str, Any]:
    """Decide it again by the strategy, the facts and the day of then, and hold both together. A
    reader who may not read what is sealed learns where it differs, and not from what to what.

    Raises Unreadable where the applicant was erased, GateRefused where no strategy decided.
    """
    differences = differences_of(_decider(decision), decision, opened_for_us(decision.sealed))
    if not may_read(by, decision.row):
        differences = _places(differences)
    return {"id": decision.row.id, "identical": not differences, "differences": differences}


def _places(differences: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Where it differs, without values; and of what is sealed no names either, as whoever sent
    something beside the contract's fields chose them."""
    ats = (each["at"].partition(".") for each in differences)
    places = dict.fromkeys(top if top == "facts" else top + dot + rest for top, dot, rest in ats)
    return [{"at": at, "then": None, "now": None} for at in places]


def differences_of(
    strategy: Strategy, decision: DecisionView, facts: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Where the decision made again is not the one recorded; empty where it is, to the bit.

    `facts` is the opened sealed part.
    """
    from equipoise.service.contexts.decisions.deciding import decided

    on = date.fromisoformat(decision.plain["trace"]["decided_on"])
    now = decided(strategy, facts["application"], on, format_of(decision.plain))
    then = {**decision.plain, "facts": facts}
    again = {**now.plain, "facts": now.sealed}
    return [] if canonical(then) == canonical(again) else _differences(then, again)


def _differences(then: Any, now: Any, path: str = "") -> list[dict[str, Any]]:
    if isinstance(then, Mapping) and isinstance(now, Mapping):
        return [
            each
            for name in sorted({*then, *now})
            for each in _differences(
                then.get(name), now.get(name), f"{path}.{name}" if path else name
            )
        ]
    return [] if then == now else [{"at": path, "then": then, "now": now}]


def _decider(decision: DecisionView) -> Strategy:
    if decision.failed:
        raise GateRefused(
            "no strategy made this decision: it went to a person because of a fault of ours",
            field="trace.failure",
        )
    return loaded(decision.row.digest)
