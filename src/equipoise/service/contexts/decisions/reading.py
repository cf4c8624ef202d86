"""Reading decisions again: the answer, its explanation, a way back, the same decision once more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from equipoise.errors import GateRefused
from equipoise.record.chain import canonical
from equipoise.record.personal import Erased
from equipoise.service.contexts.applications.reading import language_of
from equipoise.service.contexts.decisions.events import DecisionMade
from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.contexts.decisions.opening import (
    Withheld,
    may_read,
    opened_for,
    opened_for_us,
)
from equipoise.service.contexts.decisions.record_format import Parts, format_of
from equipoise.service.contexts.registry.reading import loaded
from equipoise.service.platform.accounts.permissions import Principal, Reach
from equipoise.service.platform.accounts.services import rows_for
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record.subjects import refuse_erased
from equipoise.texts.languages import look_up

if TYPE_CHECKING:
    from equipoise.strategy import Content, Strategy


@dataclass(frozen=True, slots=True)
class Found:
    """A recorded decision: where it is found, its open part, its sealed part as kept; and, where
    it was opened for a reader or was made just now, what stands in that."""

    row: Decision
    plain: Mapping[str, Any]
    sealed: Mapping[str, Any]
    facts: Mapping[str, Any] | None = None

    def answer(self) -> dict[str, Any]:
        """What is told of it, the same at every reading; `offers` and `extra`, where there are
        any, only if it was opened, else None."""
        row, plain = self.row, self.plain
        return {
            "id": row.id,
            "application": row.application,
            "outcome": plain["outcome"],
            "grade": plain["grade"],
            "reasons": [each["code"] for each in plain["reasons"]],
            "offers": self._offers(),
            "journey": plain["journey"],
            "conditions": plain["conditions"],
            "authority": plain["authority"],
            "signatures": plain["signatures"],
            "next_check": plain["trace"].get("next_check"),
            "strategy": row.strategy,
            "digest": row.digest,
            "decided_on": plain["trace"]["decided_on"],
            "made_at": row.made_at.isoformat(timespec="microseconds"),
            "extra": self._extra(),
            "test": False,
        }

    def _offers(self) -> list[dict[str, Any]] | None:
        """The terms offered; that there are none stands open."""
        if self.facts is None:
            return None if self.plain["offers"] else []
        offers: list[dict[str, Any]] = self.facts["offers"]
        return offers

    def _extra(self) -> dict[str, Any] | None:
        """What stood beside the contract's fields."""
        if self.facts is None:
            return None if self.plain["extra"] else {}
        application = self.facts["application"]
        return {name: application.get(name) for name in self.facts["extra"]}

    def seen_by(self, by: Principal) -> Found:
        """The decision as far as the reader may know it. Raises Unreadable where its facts cannot
        be read though nobody was erased."""
        try:
            return replace(self, facts=opened_for(by, self.row, self.sealed))
        except (Withheld, Erased):
            return self

    def parts_for(self, by: Principal) -> Parts:
        """Both parts. Raises Withheld where the reader may not read what is sealed, Unreadable
        where the applicant was erased."""
        return Parts(dict(self.plain), opened_for(by, self.row, self.sealed))

    @property
    def failed(self) -> bool:
        """Whether no strategy decided this, because of a fault of ours."""
        return "failure" in self.plain["trace"]


def visible(decision: str, by: Principal, reach: Reach) -> Found:
    """The decision, if the caller may see it. Raises DoesNotExist: others' are not there."""
    return recorded(Decision.objects.filter(rows_for(by, reach)).get(pk=decision))


def read(decision: str) -> Found:
    """The decision, for the service itself: whole, but after an erasure. It is told as that to
    nobody but to whoever sent the application. Raises Unreadable as above."""
    decided = recorded(Decision.objects.get(pk=decision))
    try:
        return replace(decided, facts=opened_for_us(decided.sealed))
    except Erased:
        return decided


def recorded(row: Decision) -> Found:
    """What the record holds of a decision. Raises DoesNotExist where it does not."""
    for each in record.history(row.application, DecisionMade):
        if each.event.decision == row.id:
            return Found(row, each.event.made, each.event.facts)
    raise Decision.DoesNotExist(row.id)


def explanation(found: Found, by: Principal, audience: str, language: str) -> dict[str, Any]:
    """The decision told to a customer, an underwriter or an auditor, from its own trace.

    To a reader who may not read what is sealed the customer's words and the auditor's trace are
    told without it. Raises Withheld for the underwriter's then, GateRefused where no strategy
    decided, BadInput for a language it does not speak, Unreadable where the applicant was erased.
    """
    from equipoise.strategy import explaining
    from equipoise.strategy.explaining.withheld import without_facts

    strategy = _decider(found)
    content = strategy.content
    told: dict[str, Any] = {"id": found.row.id}
    whole = may_read(by, found.row)
    if whole or audience == "underwriter":
        decision = format_of(found.plain).whole(found.parts_for(by), strategy)
    else:
        refuse_erased(found.row.application)
        decision = format_of(found.plain).open(found.plain)
    if audience == "underwriter":
        return {**told, "lines": explaining.for_underwriter(decision, content)}
    if audience == "auditor":
        trace = explaining.for_auditor if whole else without_facts
        return {**told, "trace": trace(decision, content).as_dict()}
    words = explaining.for_customer(decision, content, language or _spoken(found, content))
    return {**told, **words, "whole": whole}


def _spoken(found: Found, content: Content) -> str:
    """The language of the application, where the strategy speaks it."""
    language = language_of(found.row.application)
    return look_up(language, content.strategy.languages) or "" if language else ""


def recourse(found: Found, by: Principal, most: int) -> list[dict[str, Any]]:
    """What would turn the answer, easiest first; each way was decided by the strategy. It consists
    of facts: raises Withheld where the reader may not read them, Unreadable where they are gone."""
    from equipoise.strategy.recourse import find_recourse

    application = found.parts_for(by).sealed["application"]
    strategy = _decider(found)
    on = date.fromisoformat(found.plain["trace"]["decided_on"])
    return [each.as_dict() for each in find_recourse(strategy, application, at=on, most=most)]


def replay(found: Found, by: Principal) -> dict[str, Any]:
    """Decide it again by the strategy, the facts and the day of then, and hold both together. A
    reader who may not read what is sealed learns where it differs, and not from what to what.

    Raises Unreadable where the applicant was erased, GateRefused where no strategy decided.
    """
    differences = differences_of(_decider(found), found, opened_for_us(found.sealed))
    if not may_read(by, found.row):
        differences = _places(differences)
    return {"id": found.row.id, "identical": not differences, "differences": differences}


def _places(differences: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Where it differs, without values; and of what is sealed no names either, as whoever sent
    something beside the contract's fields chose them."""
    ats = (each["at"].partition(".") for each in differences)
    places = dict.fromkeys(top if top == "facts" else top + dot + rest for top, dot, rest in ats)
    return [{"at": at, "then": None, "now": None} for at in places]


def differences_of(
    strategy: Strategy, found: Found, facts: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Where the decision made again is not the one recorded; empty where it is, to the bit.

    `facts` is the opened sealed part.
    """
    from equipoise.service.contexts.decisions.deciding import decided

    on = date.fromisoformat(found.plain["trace"]["decided_on"])
    now = decided(strategy, facts["application"], on, format_of(found.plain))
    then = {**found.plain, "facts": facts}
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


def _decider(found: Found) -> Strategy:
    if found.failed:
        raise GateRefused(
            "no strategy made this decision: it went to a person because of a fault of ours",
            field="trace.failure",
        )
    return loaded(found.row.digest)
