"""Deciding one application: microseconds, and the whole trace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from equipoise.contract.days import today
from equipoise.errors import Span
from equipoise.strategy.compiled import Compiled
from equipoise.strategy.conditions import owed
from equipoise.strategy.decision import ASK_FOR_MORE, OFFERING, Condition, Decision, Reason
from equipoise.strategy.fact_checks import not_a_number
from equipoise.strategy.intake import CHECKS
from equipoise.strategy.program import NOT_ELIGIBLE
from equipoise.strategy.runtimes.record.case import Case, Verdict
from equipoise.strategy.runtimes.record.choosing import Choosing, WholeJourneys
from equipoise.strategy.runtimes.record.eligibility import Eligibility
from equipoise.strategy.runtimes.record.rules import Rules
from equipoise.strategy.runtimes.record.scoring import Scoring
from equipoise.strategy.runtimes.record.tracing import Tracing
from equipoise.strategy.runtimes.record.verdicts import Verdicts
from equipoise.texts import codes
from equipoise.value.treatments import DECLINE as NOTHING

if TYPE_CHECKING:
    import polars as pl


class RecordRuntime:
    """Decides one application at a time, by parts that each know one stage."""

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        self._intake, self._pending = compiled.intake, None
        if compiled.asking is not None:
            self._pending = compiled.asking.pending
        self._menu, self._digest = compiled.program.menu, compiled.digest
        self._places = {each.name: k for k, each in enumerate(self._menu)}
        self._scoring, self._rules = Scoring(compiled), Rules(compiled)
        self._eligibility, self._choosing = Eligibility(compiled), choosing_of(compiled)
        self._verdicts, self._tracing = Verdicts(compiled, self._choosing), Tracing(compiled)

    def decide_one(
        self,
        application: Mapping[str, Any],
        *,
        at: date | None = None,
        where: Span | None = None,
    ) -> Decision:
        """Decide one application; see `Strategy.decide`."""
        case = self._case(application, at, where)
        verdict = self._wanting(case) if case.lacking else self._verdict(case)
        return Decision(
            case.id, verdict.outcome, case.grade, verdict.reasons, verdict.offers, verdict.journey,
            self._conditions(case, verdict), verdict.level, verdict.signatures, self._digest,
            self._tracing.trace(case, verdict),
        )  # fmt: skip

    def terms_of(
        self, application: Mapping[str, Any], *, at: date | None = None
    ) -> tuple[float, ...] | None:
        """What each of the model's terms adds to the application's log-odds of default; see
        `Strategy.terms_of`."""
        case = self._case(application, at, None)
        if self._scoring.unfit(case) is not None:
            return None
        return tuple(self.compiled.model.risks_of(case.features))

    def decide(self, frame: pl.DataFrame, *, at: date | None = None) -> pl.DataFrame:
        """Decide the rows of a frame one by one; see `Runtime`."""
        from equipoise.strategy.runtimes.record.rows import applications_in

        return self.decide_many(list(applications_in(self.compiled, frame)), at=at)

    def decide_many(
        self,
        applications: Sequence[Mapping[str, Any]],
        *,
        at: date | None = None,
        wheres: Sequence[Span] = (),
        beside: Sequence[str] | None = None,
    ) -> pl.DataFrame:
        """One row to an application, in order; see `Strategy.decide_records`."""
        from equipoise.strategy.runtimes.record.rows import answers_in

        places: Sequence[Span | None] = wheres or [None] * len(applications)
        decisions = [
            self.decide_one(each, at=at, where=where)
            for each, where in zip(applications, places, strict=True)
        ]
        return answers_in(self.compiled, applications, decisions, places, beside)

    def _case(self, application: Mapping[str, Any], at: date | None, where: Span | None) -> Case:
        intake = self._intake
        read = intake.read(application, where)
        case = Case(
            read.id,
            at or read.day or today(self.compiled.content.contract),
            read.facts,
            None if read.not_a_number is None else not_a_number(read.not_a_number),
            intake.checks(application, where),
        )
        case.sends_results = application.get(CHECKS) is not None
        if self._pending is not None:
            case.lacking = self._pending.lacking(intake.facts.named(application, where))
        return case

    def _wanting(self, case: Case) -> Verdict:
        """The step that asks for what is lacking comes next."""
        case.values = {**dict.fromkeys(self.compiled.document.features), **case.values}
        step = None if self._pending is None else self._pending.step(case.lacking)
        return self._verdicts.stopped(case) or Verdict(ASK_FOR_MORE, next_check=step)

    def _verdict(self, case: Case) -> Verdict:
        verdicts, rules = self._verdicts, self._rules
        unfit = self._scoring.unfit(case)
        if unfit is not None:
            return verdicts.referred(case, (unfit,))
        rule = rules.first(case)
        if rule is not None:
            return verdicts.ruled(case, rule, rules.reasons(case, rule))
        if rules.unpriced(case):
            return verdicts.referred(case, (Reason(codes.NO_TERMS),))
        return verdicts.stopped(case) or self._chosen(case)

    def _chosen(self, case: Case) -> Verdict:
        """The best of what the applicant may have, or what the table or the cut-off gives."""
        allowed = self._eligibility.allowed(case)
        given = self._eligibility.given(case)
        place = None
        if given is not None:
            if given == NOT_ELIGIBLE:
                return self._verdicts.referred(case, (Reason(codes.NOT_ELIGIBLE),))
            if given == NOTHING:
                return self._verdicts.declined(case)
            place = self._places.get(given)
            if place is None:
                return self._verdicts.to_a_person(case)
        return self._verdicts.chosen(case, self._choosing.choice(case, place, allowed))

    def _conditions(self, case: Case, verdict: Verdict) -> tuple[Condition, ...]:
        """The checks that an offer still waits for; nothing before there is one."""
        if verdict.outcome not in OFFERING or verdict.choice is None:
            return ()
        journey = self._menu[verdict.choice.chosen.index].journey
        checks = journey.checks if journey else ()
        conditions = self.compiled.conditions
        return tuple(conditions[name] for name in owed(checks, case.checks, verdict.next_check))


def choosing_of(compiled: Compiled) -> Choosing:
    """The part that chooses as the strategy says."""
    if compiled.asking is not None:
        from equipoise.strategy.runtimes.record.step_by_step import Planned

        return Planned(compiled, compiled.asking)
    if compiled.explorer is not None:
        from equipoise.strategy.runtimes.record.exploring import Exploring

        return Exploring(compiled, compiled.explorer)
    return WholeJourneys(compiled)
