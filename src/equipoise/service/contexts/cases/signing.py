"""What a signature needs, of an override and of a ruling alike: the strategy's section about
authority, the case as that sees it, and the grant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from equipoise.authority import (
    AuthorityExceeded,
    AuthoritySection,
    Case,
    Directory,
    Grant,
    Signature,
    may_decide,
)
from equipoise.errors import BadInput, GateRefused
from equipoise.service.contexts.cases.models import AnsweredByPerson
from equipoise.service.contexts.decisions.reading import DecisionView
from equipoise.service.contexts.registry.reading import loaded
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.record import subjects

T = TypeVar("T", bound=AnsweredByPerson)


def check_words(words: str) -> None:
    """Whoever signs says why, by whatever way they came. Raises BadInput."""
    if not words.strip():
        raise BadInput("say why, for colleagues", field="words", mend="write a sentence")


def section_of(decision: DecisionView) -> AuthoritySection:
    """Who may decide, by the strategy that did. Raises GateRefused where it gives nobody
    authority."""
    section = loaded(decision.row.digest).content.strategy.authority
    if section is None:
        raise GateRefused(
            "the strategy that decided gives nobody authority",
            mend="declare `authority` in strategy.yaml, and publish that version",
        )
    return section


def case_of(
    decision: DecisionView,
    facts: Mapping[str, Any],
    subject: subjects.Subject,
    amount: float | None,
    exceptions: Sequence[str],
) -> Case:
    """The case with so much at stake; people are compared by blind index."""
    return Case(
        amount=amount,
        grade=decision.plain["grade"],
        applicant_id=decision.row.application if subject.blind is None else subject.blind.hex(),
        author_id=decision.row.begun_by,
        exceptions=tuple(exceptions),
        product=facts["trace"]["terms"].get("product"),
        branch=decision.row.branch or None,
    )


def at_stake(facts: Mapping[str, Any]) -> float | None:
    """What was offered, else what was asked for; None where neither is known."""
    asked: float | None = facts["trace"]["terms"].get("amount")
    return max((each["amount"] for each in facts["offers"]), default=asked)


def exceptions_of(decision: DecisionView) -> tuple[str, ...]:
    """The exceptions that a referred case carries: only a rule is one that a level may or may not
    accept."""
    if not decision.plain["trace"]["fired"]:
        return ()
    return tuple(each["code"] for each in decision.plain["reasons"])


def granted(
    directory: Directory, case: Case, signed: Sequence[str], by: Principal, on: date
) -> Grant:
    """The next signature, after those who `signed`. Raises Away, AuthorityExceeded, SelfDealing,
    ConflictOfInterest or AlreadySigned."""
    if by.person not in directory.officers:
        raise AuthorityExceeded(
            "you have no authority over cases of this strategy",
            mend="an administrator asks for it, and a second person confirms it: /v1/officers",
        )
    return may_decide(directory, by.person, case, tuple(map(Signature, signed)), on)


def new_answer(kind: type[T], decision: DecisionView) -> T:
    """A person's answer to the decision that nobody has signed yet."""
    of = decision.row
    return kind(
        decision=of.id,
        application=of.application,
        begun_by=of.begun_by,
        branch=of.branch,
        region=of.region,
        machine=decision.plain["outcome"],
    )
