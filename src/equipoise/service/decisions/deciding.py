"""Deciding an application: the strategy in force answers, and the answer is durable before it is
given. Whatever fails on the way, it ends with a person or with nothing at all, never a yes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from equipoise.contract import identifier_text
from equipoise.errors import BadInput
from equipoise.service.accounts.permissions import Principal
from equipoise.service.decisions import assignment, flights, idempotency
from equipoise.service.decisions.assignment import Assigned
from equipoise.service.decisions.days import lender_day
from equipoise.service.decisions.idempotency import Once
from equipoise.service.decisions.known import gone_on
from equipoise.service.decisions.loaded import Unusable, loaded
from equipoise.service.decisions.models import Decision
from equipoise.service.decisions.reading import Found, read
from equipoise.service.decisions.recorded import (
    FORMAT,
    FORMATS,
    Parts,
    RecordFormat,
    referred,
    with_extras,
)
from equipoise.service.decisions.searchable import search_texts
from equipoise.service.ledger import services as ledger
from equipoise.service.ledger import subjects
from equipoise.service.ledger.writer import Conflict, Write
from equipoise.service.operations.logs import facts, log
from equipoise.service.operations.tracing import span
from equipoise.strategy.codes import NO_SCORE

if TYPE_CHECKING:
    from equipoise.strategy import Strategy

MADE = "decision.made"
_log = log("decisions")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: the facts, by which strategy (empty: the only one), and whose area it is."""

    application: Mapping[str, Any]
    strategy: str = ""
    branch: str = ""
    region: str = ""


def decide(asked: Asked, by: Principal, request: Once) -> Found:
    """Decide and record, once for each request; asked again, the same answer is given.

    Raises BadInput where the application's shape is wrong, InProgress and OtherBody by the key,
    NoneInForce, and Unavailable where the database did not take it.
    """
    with idempotency.held(request):
        before = idempotency.answered(request)
        if before is not None:
            return read(before)
        try:
            with span("decide") as told:
                found = _decide(asked, by, request)
                told.say(strategy=found.row.strategy, outcome=found.row.outcome)
                return found
        except Conflict:  # another process was first with this key
            before = idempotency.answered(request)
            if before is None:
                raise
            return read(before)


@dataclass(frozen=True, slots=True)
class _Case:
    """An application before it is decided: who decides it, and what it goes on from, if it does.

    `application` is what is given, with what its chain already knows; `reference` is the contract's
    identifier and its value, by which the applicant is found again.
    """

    chosen: Assigned
    application: Mapping[str, Any]
    reference: tuple[str, str] | None
    flight: Decision | None
    now: datetime
    found_by: Mapping[str, str]

    @classmethod
    def of(cls, asked: Asked, by: Principal) -> _Case:
        champion = assignment.champion(asked.strategy)
        given = as_named(champion.digest, asked.application)
        reference = reference_of(champion.digest, given)
        flight = flights.last(*reference, by) if reference else None
        if flight is not None:  # it goes on with the strategy that began it
            chosen = Assigned(flight.strategy, flight.digest, flight.way, flight.propensity)
        else:
            chosen = assignment.assigned(champion, reference[1] if reference else "")
        application = given if flight is None else gone_on(flight, given)
        found_by = _found_by(chosen.digest, application)
        return cls(chosen, application, reference, flight, timezone.now(), found_by)

    def sealed(self, parts: Parts) -> tuple[str, subjects.Sealed]:
        """The application's chain, and the facts under the applicant's key."""
        if self.flight is not None:
            sealed = subjects.seal_for(self.flight.subject, parts.sealed, self.found_by)
            return self.flight.application, sealed
        index = {**self.found_by, **dict([self.reference] if self.reference else [])}
        return subjects.new_id("application"), subjects.seal_new(parts.sealed, index)


def _decide(asked: Asked, by: Principal, request: Once) -> Found:
    case = _Case.of(asked, by)
    chosen = case.chosen
    on = lender_day(chosen.digest, case.now)
    parts = parts_by(chosen.digest, case.application, on)
    chain, sealed = case.sealed(parts)
    row = Decision(
        id=subjects.new_id("decision"),
        application=chain,
        subject=sealed.subject,
        begun_by=by.id,
        branch=by.branch or asked.branch,
        region=by.region or asked.region,
        strategy=chosen.strategy,
        digest=chosen.digest,
        way=chosen.way,
        propensity=chosen.propensity,
        outcome=parts.plain["outcome"],
        waiting=flights.waits(parts.plain),
        decided_on=on,
        made_at=case.now,
    )
    told = {
        "decision": row.id,
        **by.signature,
        "strategy": chosen.strategy,
        "way": chosen.way,
        "propensity": chosen.propensity,
        "made": parts.plain,
        "facts": sealed.body,
    }
    if chosen.trial is not None:
        told["trial"] = chosen.trial
    made = ledger.event(chain, MADE, told, begins=case.flight is None)
    rows = (*sealed.rows, row, idempotency.row_for(request, row.id))
    ledger.writer().write(Write(rows, (made,)))
    return Found(row, parts.plain, sealed.body, parts.sealed)


def as_named(digest: str, application: Mapping[str, Any]) -> Mapping[str, Any]:
    """The application by the names of fields, without what the contract says to ignore.

    Raises BadInput for names that may not stand in it.
    """
    try:
        facts = loaded(digest).live.intake.facts
    except Unusable:
        return application
    return facts.kept(facts.named(application, None))


def reference_of(digest: str, application: Mapping[str, Any]) -> tuple[str, str] | None:
    """The contract's identifier and its text here, by which the applicant is found again; None
    where it is missing or empty: nobody is found by that. Raises BadInput where it names nobody.
    """
    try:
        name = loaded(digest).content.contract.id
    except Unusable:
        return None
    if name is None:
        return None
    try:
        text = identifier_text(as_named(digest, application).get(name))
    except BadInput as error:
        raise BadInput(error.message, field=name, mend=error.mend) from None
    return None if text is None else (name, text)


def _found_by(digest: str, application: Mapping[str, Any]) -> Mapping[str, str]:
    """By what the applicant can be searched for, besides the identifier."""
    try:
        return search_texts(loaded(digest).content.contract, application)
    except Unusable:
        return {}


def parts_by(digest: str, application: Mapping[str, Any], on: date) -> Parts:
    """What that version says; where it cannot be had, a person decides."""
    try:
        strategy = loaded(digest)
    except Unusable as error:
        _log.error("strategy cannot decide", exc_info=error, extra=facts(digest=digest))
        return referred("strategy unusable", digest, NO_SCORE, application, on)
    return decided(strategy, application, on)


def decided(
    strategy: Strategy,
    application: Mapping[str, Any],
    on: date,
    record_format: RecordFormat = FORMATS[FORMAT],
) -> Parts:
    """What the strategy says, ready to be recorded in a format; a fault of ours refers.

    Raises BadInput where the application's shape is wrong.
    """
    try:
        parts = record_format.split(strategy.decide(application, at=on), application)
        return with_extras(parts, strategy.live.intake.facts.extras(application))
    except BadInput:
        raise
    except Exception as error:
        _log.error("strategy failed", exc_info=error, extra=facts(digest=strategy.digest))
        return referred("strategy failed", strategy.digest, NO_SCORE, application, on)
