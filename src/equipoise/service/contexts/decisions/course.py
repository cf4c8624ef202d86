"""One application on its way: who decides it, from what it goes on, and what is to be written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from typing import Any

from equipoise.errors import GateRefused
from equipoise.service.contexts.applications import services as applications
from equipoise.service.contexts.applications.services import (
    Assigned,
    Assigner,
    Flight,
    Standing,
    as_named,
    found_by,
    reference_of,
)
from equipoise.service.contexts.decisions.deciding import Asked, parts_by
from equipoise.service.contexts.decisions.events import ChecksRecorded, DecisionMade, state_after
from equipoise.service.contexts.decisions.idempotency import Once
from equipoise.service.contexts.decisions.models import decision_row
from equipoise.service.contexts.decisions.reading import DecisionView, read
from equipoise.service.contexts.decisions.record_format import Parts
from equipoise.service.contexts.registry.reading import lender_day
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.operations.tracing import Span, span
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects
from equipoise.service.platform.record.store import Append
from equipoise.service.platform.record.writer import Write


@dataclass(frozen=True, slots=True)
class Brought:
    """Results of these checks that somebody else brought to an application in flight."""

    application: str
    checks: tuple[str, ...]
    by: Principal


@dataclass(frozen=True, slots=True)
class Ask:
    """An application to decide, who asks, and by what the request is told from another.

    With results `brought` it goes on with that application, or not at all.
    What is done for it alone is done in its `context`: log lines and spans are its request's.
    It goes on from the application `further`, decided or not, where that is named; else from the
    one that its applicant has in flight.
    """

    by: Principal
    asked: Asked
    once: Once
    brought: Brought | None = None
    further: str = ""
    context: Context = field(default_factory=copy_context, compare=False, repr=False)


class Course:
    """Goes through `begin`, `decide` and `end`; `answer` is there as soon as it is known.

    `applicant` is the blind index of the contract's identifier, by which the applicant is found
    again, and the caller; None where the application has none. `write` is what must become durable
    before `made` may be the answer.
    """

    def __init__(self, ask: Ask) -> None:
        self.ask = ask
        self.answer: DecisionView | Exception | None = None
        self.applicant: tuple[bytes, str] | None = None
        self.write: Write | None = None
        self.made: DecisionView | None = None
        self._span = span("decide")
        self._telling: Span = ask.context.run(self._span.__enter__)

    def read(self, decision: str) -> DecisionView | Exception:
        """What was decided before."""
        try:
            return self.ask.context.run(read, decision)
        except Exception as error:
            return error

    def begin(self, assigner: Assigner) -> None:
        """Find out by which strategy it is read, and whose it is."""
        self._alone(self._begin, assigner)

    def decide(self, assigner: Assigner, flight: Flight | None) -> None:
        """Decide it, going on from `flight`, and make what is to be written."""
        self._alone(self._decide, assigner, flight)

    def end(self) -> None:
        """Close its span, and tell there what came of it."""
        if isinstance(self.answer, DecisionView):
            row = self.answer.row
            self._telling.say(strategy=row.strategy, outcome=row.outcome)
        error = self.answer if isinstance(self.answer, Exception) else None
        raised = (type(error), error, error.__traceback__) if error else (None, None, None)
        try:
            self.ask.context.run(self._span.__exit__, *raised)
        except Exception as same:
            if same is not error:
                raise

    def _alone(self, step: Callable[..., None], *given: Any) -> None:
        try:
            self.ask.context.run(step, *given)
        except Exception as error:
            self.answer = error

    def _begin(self, assigner: Assigner) -> None:
        asked = self.ask.asked
        self._champion = assigner.champion(asked.strategy)
        self._application = as_named(self._champion.digest, asked.application)
        self._identifier = reference_of(self._champion.digest, self._application)
        if self._identifier is not None:
            self.applicant = (subjects.keyring().blind(*self._identifier), self.ask.by.id)

    def _decide(self, assigner: Assigner, flight: Flight | None) -> None:
        self._refuse_to_begin(flight)
        now = clock.now()
        if flight is None:
            key = self._identifier[1] if self._identifier else ""
            chosen = assigner.assigned(self._champion, key)
            application = self._application
        else:  # it goes on with the strategy that began it
            chosen = flight.pinned
            application = flight.with_what_it_knows(self._application)
        on = lender_day(chosen.digest, now)
        parts = parts_by(chosen.digest, application, on)
        sealed = self._sealed(chosen, application, parts, flight)
        ask = self.ask
        row = decision_row(
            id=subjects.new_id("decision"),
            application=sealed.chain,
            request=ask.once.key,
            sent=ask.once.body,
            begun_by=ask.by.id,
            branch=ask.by.branch or ask.asked.branch or None,
            region=ask.by.region or ask.asked.region or None,
            strategy=chosen.strategy,
            digest=chosen.digest,
            way=chosen.way,
            outcome=parts.plain["outcome"],
            decided_on=on,
            made_at=now,
        )
        by = ask.by
        decided = DecisionMade(
            decision=row.id,
            by=by.id,
            key=by.key or None,
            strategy=chosen.strategy,
            way=chosen.way,
            propensity=chosen.propensity,
            made=parts.plain,
            facts=sealed.body,
            made_at=now.isoformat(),
            request=ask.once.key.hex(),
            branch=row.branch,
            region=row.region,
            language=ask.asked.language or (flight and flight.application.language) or None,
            trial=chosen.trial,
        )
        standing = Standing(
            row.id, now, state_after(parts.plain), row.branch, row.region, decided.language
        )
        if flight is None:
            begun = applications.begun(sealed.chain, by.id, chosen, standing)
            self.write = Write((begun, row), (sealed.event(decided),))
        else:
            further = applications.taken_further(flight.application, standing)
            events = (sealed.event(decided), *self._brought(sealed.chain, row.id))
            self.write = Write((row,), events, changed=(further,))
        self.made = DecisionView(row, parts.plain, sealed.body, parts.sealed)

    def _refuse_to_begin(self, flight: Flight | None) -> None:
        brought = self.ask.brought
        if brought is None or (flight and flight.application.id == brought.application):
            return
        raise GateRefused(
            "the application is not in flight: nothing waits for results of checks",
            mend="read where it stands; after its last answer, decide it anew",
        )

    def _brought(self, chain: str, decision: str) -> tuple[Append, ...]:
        """What tells who brought the results."""
        brought = self.ask.brought
        if brought is None:
            return ()
        event = ChecksRecorded(
            by=brought.by.id, key=brought.by.key or None, decision=decision, checks=brought.checks
        )
        return (record.event(chain, event),)

    def _sealed(
        self,
        chosen: Assigned,
        application: Mapping[str, Any],
        parts: Parts,
        flight: Flight | None,
    ) -> subjects.Sealed:
        """The facts under the applicant's key."""
        index = found_by(chosen.digest, application)
        if flight is not None:
            return subjects.seal_for(flight.subject, parts.sealed, index)
        chain = subjects.new_id("application")
        blind = None if self.applicant is None else self.applicant[0]
        return subjects.seal_new(chain, parts.sealed, blind, index)
