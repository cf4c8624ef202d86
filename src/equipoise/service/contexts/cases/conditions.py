"""What a person's yes depends on: the checks that the strategy still wanted, but for those waived.

Each is asked of the applicant as one thing more (`asks`), stands on their page with its day, and
waits at the desk once they brought something. Nothing is signed before all are met or waived; what
is not there by its day ends the offer.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction

from equipoise.errors import BadInput, GateRefused, did_you_mean
from equipoise.service.contexts.applications import CHECKS
from equipoise.service.contexts.asks import services as asks
from equipoise.service.contexts.asks.reading import AskView
from equipoise.service.contexts.cases.conflicts import check_ties
from equipoise.service.contexts.cases.promised import office
from equipoise.service.contexts.cases.signing import (
    at_stake,
    case_of,
    check_words,
    exceptions_of,
    granted,
    section_of,
)
from equipoise.service.contexts.cases.terms import facts_of, today
from equipoise.service.contexts.decisions.reading import DecisionView, visible
from equipoise.service.contexts.officers import reading as officers
from equipoise.service.contexts.registry.reading import loaded
from equipoise.service.platform.accounts.permissions import Principal, Reach
from equipoise.service.platform.record import subjects
from equipoise.strategy.decision import DECLINE
from equipoise.texts.saying import marked, our_languages, say, speaking

DAYS = 20
"""Business days in which what a yes depends on is brought."""
_WHY = marked("Our offer waits for this: bring a document that shows it.")


def owed(decision: DecisionView, facts: Mapping[str, Any]) -> Mapping[str, Mapping[str, str]]:
    """The checks that the strategy still wanted, in its order: by name, with their words by
    language. `facts` are the decision's, opened. None where no strategy decided."""
    from equipoise.strategy.offering import owed_of_journey

    if decision.failed:
        return {}
    labels = {each["name"]: each["label"] for each in decision.plain["conditions"]}
    if not labels:
        strategy, results = loaded(decision.row.digest), facts["application"].get(CHECKS) or {}
        left = owed_of_journey(strategy, decision.plain["journey"], results)
        labels = {each.name: each.label for each in left}
    return {name: label or _named(name) for name, label in labels.items()}


def check_waived(
    waived: Mapping[str, str], known: Mapping[str, Mapping[str, str]], *, said_yes: bool
) -> None:
    """Raises BadInput where a no waives something, or a yes what is not `known` to be owed or
    without a reason."""
    for name, why in waived.items():
        if not said_yes or name not in known:
            raise BadInput(
                f"'{name:.60}' is no check that is still owed",
                field="waived",
                mend=did_you_mean(name, known) or "leave it out",
            )
        if not why.strip():
            raise BadInput("say why it is not needed", field="waived", mend="write a sentence")


def depend(
    decision: DecisionView,
    facts: Mapping[str, Any],
    answer: str,
    waived: Collection[str],
    by: Principal,
) -> None:
    """Have a yes wait for all that is owed and not waived. Within the caller's transaction."""
    checks = {name: label for name, label in owed(decision, facts).items() if name not in waived}
    if answer == DECLINE or not checks:
        return
    due = office(decision.row.digest).day_after(today(decision), DAYS)
    asks.ask_conditions(decision, checks, _why(), due, by)


def meet(ask: AskView, words: str, by: Principal, over: Reach) -> AskView:
    """Say that it is met, and by what one saw that. Raises BadInput without words, Away,
    SelfDealing and ConflictOfInterest as for who decides, GateRefused where it waits no more,
    Unreadable after an erasure."""
    check_words(words)
    decision = visible(ask.decision, by, over)
    with transaction.atomic():
        subjects.held(ask.application)
        check_ties(decision, by)
        return asks.meet(ask.id, words, by)


def waive(ask: AskView, words: str, by: Principal, over: Reach) -> AskView:
    """Have the yes stand without it, and say why. Raises as `meet`; AuthorityExceeded where `by`
    may not sign the case, GateRefused where it takes more than one to sign it, Withheld."""
    check_words(words)
    decision = visible(ask.decision, by, over)
    with transaction.atomic():
        subject = subjects.held(ask.application)
        facts = facts_of(decision, by)
        case = case_of(decision, facts, subject, at_stake(facts), exceptions_of(decision))
        directory = officers.directory(section_of(decision))
        if granted(directory, case, (), by, today(decision)).signatures_left:
            raise GateRefused(
                "more than one has to sign this case: a condition of it is met, not waived",
                mend="waive it as the answer is signed",
            )
        return asks.waive(ask.id, words, by)


def _why() -> dict[str, str]:
    said = {}
    for language in our_languages():
        with speaking(language):
            said[language] = say(_WHY)
    return said


def _named(name: str) -> Mapping[str, str]:
    return {"en": name.replace("_", " ")}
