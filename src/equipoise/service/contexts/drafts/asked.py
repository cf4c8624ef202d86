"""What is asked of a draft's applicant by now: at first what everybody is asked, and once it was
sent what the checks need that its last decision wants.

Whoever is spared a check is not asked for what that check alone needs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from equipoise.contract import Contract
from equipoise.journey import pages_of
from equipoise.service.contexts.applications.reading import visible as application_of
from equipoise.service.contexts.cases.reading import by_person
from equipoise.service.contexts.decisions.reading import visible as decision_of
from equipoise.service.contexts.drafts.hands import FOR_APPLICANTS, Closed
from equipoise.service.contexts.drafts.models import Draft, DraftState
from equipoise.service.contexts.drafts.typed import Typed, opened_text
from equipoise.service.contexts.registry.reading import champions, loaded
from equipoise.service.platform.accounts.permissions import Reach
from equipoise.service.platform.record import subjects
from equipoise.strategy.decision import OFFERING


@dataclass(frozen=True, slots=True)
class Asked:
    """`contract` holds the fields that are asked now, of every source, and `whole` is all of it.
    Once the draft was sent, `checks` are those wanted by the decision `after`, and `answered` says
    that all they need of the applicant is there: it is the lender's turn."""

    contract: Contract
    whole: Contract
    checks: tuple[str, ...] = ()
    after: str = ""
    answered: bool = False

    @property
    def names(self) -> frozenset[str]:
        """The fields that the applicant answers."""
        return frozenset(page.field.name for page in pages_of(self.contract))


def at_first(digest: str) -> Asked:
    """What everybody is asked by that strategy before it decides."""
    compiled = loaded(digest).compiled
    whole, later = compiled.content.contract, compiled.facts_of_checks
    return Asked(_only(whole, {each.name for each in whole.fields} - later.keys()), whole)


def asked_next(application: str, typed: Typed) -> Asked:
    """What is asked after the application's last decision; `typed` is its draft, opened."""
    last = application_of(application, FOR_APPLICANTS, Reach.OWN).decision
    decision = decision_of(last, FOR_APPLICANTS, Reach.OWN)
    compiled = loaded(decision.row.digest).compiled
    wanted = () if by_person(decision.row.id) else _wanted(decision.plain)
    of_checks = compiled.facts_of_checks
    needed = {name for name, check in of_checks.items() if check in wanted}
    whole = compiled.content.contract
    asked = Asked(_only(whole, needed - typed.given.keys()), whole, wanted, decision.row.id)
    all_ask = all(check in of_checks.values() for check in wanted)
    return replace(asked, answered=bool(wanted) and all_ask and not asked.names)


def asked_of(row: Draft, typed: Typed) -> Asked:
    """What is asked as the draft stands. Raises LookupError where its product is not in force."""
    if row.state == DraftState.SENT:
        return asked_next(row.application, typed)
    first = at_first(digest_of(row.product))
    return first if row.state == DraftState.OPEN else Asked(_only(first.whole, ()), first.whole)


def asked_row(draft: str, page: str) -> tuple[Draft, subjects.Subject]:
    """The draft, alone with it until the commit, while it is open or that page is asked. Raises
    Closed."""
    subject = subjects.held(draft)
    row = Draft.objects.get(pk=draft)
    if row.state == DraftState.OPEN:
        return row, subject
    if row.state != DraftState.SENT:
        raise Closed
    if page not in asked_next(row.application, opened_text(subject, row.sealed)).names:
        raise Closed
    return row, subject


def digest_of(product: str) -> str:
    """Of the strategy in force. Raises LookupError."""
    digests = {each.strategy: each.digest for each in champions()}
    if product not in digests:
        raise LookupError(product)
    return digests[product]


def _wanted(plain: Mapping[str, Any]) -> tuple[str, ...]:
    """The check that is asked for now; all that are owed where none is asked for first."""
    if plain["outcome"] not in OFFERING:
        return ()
    first = plain["trace"].get("next_check")
    return (first,) if first else tuple(each["name"] for each in plain["conditions"])


def _only(contract: Contract, names: Collection[str]) -> Contract:
    """The contract as far as these fields."""
    kept = tuple(field for field in contract.fields if field.name in names)
    return (
        contract
        if len(kept) == len(contract.fields)
        else contract.model_copy(update={"fields": kept})
    )
