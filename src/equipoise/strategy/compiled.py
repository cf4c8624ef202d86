"""Deciding one application: microseconds, and the whole trace."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from math import floor
from typing import TYPE_CHECKING, Any

import numpy as np

from equipoise.authority import SYSTEM, Authority
from equipoise.contract.days import today
from equipoise.errors import Span
from equipoise.expression import compile_many
from equipoise.numeric.arrays import BoolArray, FloatArray
from equipoise.risk.model import RiskModel
from equipoise.risk.ranking import Ranker
from equipoise.risk.reasons import AtCutoff
from equipoise.strategy.choosing import Weights
from equipoise.strategy.conditions import conditions_of, owed
from equipoise.strategy.decision import (
    APPROVE,
    ASK_FOR_MORE,
    COUNTER_OFFER,
    DECLINE,
    OFFERING,
    REFER,
    Condition,
    Decision,
    Offer,
    Outcome,
    Reason,
    Trace,
)
from equipoise.strategy.editions import edition_of
from equipoise.strategy.exploring import Explorer
from equipoise.strategy.fact_checks import DAY, code_and_field, not_a_number
from equipoise.strategy.intake import CHECKS, STOPPED, Intake
from equipoise.strategy.program import (
    GRADE,
    NOT_ELIGIBLE,
    PD,
    POINTS,
    TIER,
    Program,
    allowed_name,
    build,
)
from equipoise.strategy.sealing import Sealed
from equipoise.texts import codes
from equipoise.value.compiled import Chosen, Figures, Valuer
from equipoise.value.measures import MEASURES
from equipoise.value.treatments import DECLINE as NOTHING

if TYPE_CHECKING:
    from equipoise.contract.facts import TableReader

MOST_REASONS = 4


class Compiled:
    """A sealed strategy, compiled to decide one application at a time."""

    def __init__(self, sealed: Sealed) -> None:
        content = sealed.content
        self.content, self.digest = content, sealed.digest
        self.document = content.strategy
        self.program: Program = build(content)
        self.model: RiskModel = content.model.load()
        reference = AtCutoff.from_dict(content.reference)
        self.ranker = Ranker(self.model.features, reference, content.concepts, MOST_REASONS)
        self._codes = {name: codes.concept_code(name) for name in self.ranker.concepts}
        self.weights = Weights.of(self.document)
        self.explorer = Explorer.of(self.document)
        self.valuer = Valuer(Figures.from_dict(content.figures), self.program.menu)
        section = self.document.authority
        self.authority = None if section is None else Authority(section)
        self.lowest = None if section is None else section.levels[0].name
        self.conditions = conditions_of(content, self.program.menu)
        self.edition = edition_of(content.edition)
        asked = frozenset(self.conditions)
        self.intake = Intake(self.edition, content.contract, self.program.inputs, asked)
        self._compile()

    @cached_property
    def tables(self) -> TableReader:
        """Reads a table of applications."""
        return self.edition.tables()(self.content.contract, self.program.inputs)

    def _compile(self) -> None:
        program = self.program
        self._facts = tuple(map(compile_many, program.facts))
        self._model_features = compile_many(program.model_features)
        self._grade = program.grade.python
        self._rules = compile_many(program.rules)
        self._tier = program.tier.python
        self._figures = compile_many(program.figures)
        self._unpriced = program.unpriced.python
        limited = {k: e for k, e in enumerate(program.allowed, start=1) if e is not None}
        self._limited = tuple(limited)
        size = len(program.menu)
        self._everything = np.ones(size, dtype=np.bool_)
        self._unlimited = {allowed_name(k): True for k in range(1, size) if k not in limited}
        self._allowed = compile_many({allowed_name(k): each for k, each in limited.items()})
        self._where = tuple(each.python for each in program.where if each is not None)
        self._choice = program.choice.python if program.choice else None
        self._positions = {each.name: k for k, each in enumerate(program.menu)}
        self._outcome_of = {rule.name: rule for rule in self.document.rules}
        self._features = tuple(self.document.features)
        journeys = set(self.document.person)
        self._person = tuple(
            each.journey is not None and each.journey.name in journeys for each in program.menu
        )

    def decide(
        self,
        application: Mapping[str, Any],
        *,
        at: date | None = None,
        where: Span | None = None,
    ) -> Decision:
        """Decide one application.

        `at` is the day of the decision: the application's own date unless given, else today.
        Raises BadInput where the application's shape is wrong; a doubtful value is referred.
        """
        return Run(self, application, at, where).decision()


class Run:
    """One pass through the program; what it finds on the way makes the trace."""

    def __init__(
        self,
        compiled: Compiled,
        application: Mapping[str, Any],
        at: date | None,
        where: Span | None,
    ) -> None:
        self.compiled = compiled
        read = compiled.intake.read(application, where)
        self.record, self.id = read.facts, read.id
        self.doubt = None if read.not_a_number is None else not_a_number(read.not_a_number)
        self.checks = compiled.intake.checks(application, where)
        # whoever sends results, be it none so far, is asked for the next check
        self.asked = application.get(CHECKS) is not None
        self.at = at or read.day or today(compiled.content.contract)
        self.reasons: tuple[Reason, ...] = ()
        self.offers: tuple[Offer, ...] = ()
        self.journey: str | None = None
        self.chosen: Chosen | None = None
        self.treatment: str | None = None
        self.figures: dict[str, Any] = {}
        self.fired: str | None = None
        self.tier: str | None = None
        self.rules: dict[str, Any] = {}
        self.points: float | None = None
        self.pd: float | None = None
        self.grade: str | None = None
        self.level: str | None = None
        self.signatures = 0
        self.next_check: str | None = None
        self.features: dict[str, Any] = {}
        self.held: list[bool] = []
        self.propensity, self.explored = 1.0, False

    def decision(self) -> Decision:
        outcome = self._outcome()
        return Decision(
            self.id, outcome, self.grade, self.reasons, self.offers, self.journey,
            self._conditions(outcome), self.level, self.signatures, self.compiled.digest,
            self._trace(),
        )  # fmt: skip

    def _conditions(self, outcome: Outcome) -> tuple[Condition, ...]:
        """The checks that an offer still waits for; nothing before there is one."""
        if outcome not in OFFERING or self.chosen is None:
            return ()
        journey = self.compiled.program.menu[self.chosen.index].journey
        checks = journey.checks if journey else ()
        names = owed(checks, self.checks, self.next_check)
        return tuple(self.compiled.conditions[name] for name in names)

    def _outcome(self) -> Outcome:
        compiled = self.compiled
        record = self.record
        record[DAY] = self.at
        self.values = {**record, **compiled._facts[0](record)}
        for stage in compiled._facts[1:]:
            self.values.update(stage(self.values))
        for name in compiled.program.doubts:
            self.doubt = self.doubt or self.values[name]
        if self.doubt is not None:
            code, field = code_and_field(self.doubt)
            return self._referred(Reason(code, feature=field))
        self._score(self.values)
        if self.pd is None:
            return self._referred(Reason(codes.NO_SCORE))
        return self._by_rules()

    def _score(self, values: Mapping[str, Any]) -> None:
        compiled, model = self.compiled, self.compiled.model
        features = compiled._model_features(values)
        for name, value in features.items():
            if value is True or value is False:
                features[name] = float(value)
        self.features = features
        self.points, self.pd = model.score(features)
        self.values[POINTS], self.values[PD] = self.points, self.pd
        self.grade = self.values[GRADE] = compiled._grade(self.values)  # type: ignore[assignment]

    def _by_rules(self) -> Outcome:
        compiled = self.compiled
        self.tier = self.values[TIER] = compiled._tier(self.values)  # type: ignore[assignment]
        self.figures = compiled._figures(self.values)
        self.values.update(self.figures)
        self.rules = compiled._rules(self.values)
        for name, held in self.rules.items():
            if held is True:
                return self._fired(name)
        if compiled._unpriced(self.values):
            return self._referred(Reason(codes.NO_TERMS))
        return self._by_choice()

    def _fired(self, name: str) -> Outcome:
        rule = self.compiled._outcome_of[name]
        self.fired = name
        held = [n for n, value in self.rules.items() if value is True]
        same = [self.compiled._outcome_of[n] for n in held]
        found = dict.fromkeys(r.reason for r in same if r.outcome == rule.outcome)
        self.reasons = tuple(Reason(code) for code in list(found)[:MOST_REASONS])
        if rule.outcome == DECLINE:
            return DECLINE
        return self._referred(*self.reasons, exceptions=tuple(found))

    def _by_choice(self) -> Outcome:
        compiled = self.compiled
        stopped = self._stopped()
        if stopped is not None:
            return stopped
        allowed = compiled._everything.copy()
        if compiled._limited:
            for k, (name, held) in zip(
                compiled._limited, compiled._allowed(self.values).items(), strict=True
            ):
                self.values[name] = held
                allowed[k] = held is True
        place = None
        if compiled._choice is not None:
            self.values = {**compiled._unlimited, **self.values}
            given = compiled._choice(self.values)
            if given == NOT_ELIGIBLE:
                return self._referred(Reason(codes.NOT_ELIGIBLE))
            if given == NOTHING:
                return self._declined()
            place = compiled._positions.get(str(given))
            if place is None:
                return self._referred(*self._model_reasons(codes.TO_A_PERSON))
        self.chosen = chosen = self._valued(place, allowed)
        return self._offered(chosen)

    def _stopped(self) -> Outcome | None:
        """A stop is a decline, whichever check it was and whether or not it was asked for."""
        for name, result in self.checks.items():
            if result == STOPPED:
                self.treatment = NOTHING
                self.reasons = (Reason(codes.CHECK_STOPPED, feature=name),)
                return DECLINE
        return None

    def _valued(self, place: int | None, allowed: BoolArray) -> Chosen:
        """The treatment at a place, as a table gives it; the best of those allowed where None."""
        compiled = self.compiled
        if place is not None:
            return compiled.valuer.given(*self._arguments(), self._weights(), place)
        best = compiled.valuer.one(*self._arguments(), self._weights(), allowed)
        return best if compiled.explorer is None else self._explored(best, compiled.explorer)

    def _explored(self, best: Chosen, explorer: Explorer) -> Chosen:
        """The runner-up, where it is nearly as good and the lot falls on the applicant."""
        if self.id is None or not explorer.tied(best.net, best.runner_up, best.runner_up_net):
            return best
        other = self.compiled.valuer.given(
            *self._arguments(), self.compiled.weights.base, best.runner_up
        )
        if not (self._needs_nobody(best) and self._needs_nobody(other)):
            return best
        self.explored = explorer.falls_on(self.id)
        self.propensity = explorer.propensity(explored=self.explored)
        if not self.explored:
            return best
        return other._replace(net=best.runner_up_net, runner_up=best.index, runner_up_net=best.net)

    def _needs_nobody(self, chosen: Chosen) -> bool:
        """Whether the machine may give this alone: no person in its journey, none to sign."""
        compiled = self.compiled
        if compiled._person[chosen.index]:
            return False
        if compiled.authority is None or chosen.index == 0:
            return True
        product = self.figures.get("its product")
        required = compiled.authority.level_for(chosen.terms[1], self.grade, (), product)
        return required.level == SYSTEM

    def _weights(self) -> FloatArray:
        compiled = self.compiled
        weights = compiled.weights.base
        self.held = [where(self.values) is True for where in compiled._where]
        for row, held in zip(compiled.weights.rows, self.held, strict=True):
            if held:
                weights = weights + row
        return weights

    def _arguments(self) -> tuple[float, float, float, float, float, float]:
        """What the valuer needs: pd, lgd, amount, months, income, apr."""
        figures = self.figures
        months = float(floor(figures["its term_months"] + 0.5))
        return (
            self.values[PD], figures["its lgd"], figures["its amount"], months,
            figures["its monthly_income"], figures["its apr"],
        )  # fmt: skip

    def _offered(self, chosen: Chosen) -> Outcome:
        compiled = self.compiled
        treatment = compiled.program.menu[chosen.index]
        self.treatment = treatment.name
        if treatment.journey is None:
            return self._declined()
        apr, amount, months, instalment = chosen.terms
        self.offers = (Offer(treatment.name, apr, amount, months, instalment),)
        self.journey = treatment.journey.name
        if compiled._person[chosen.index]:
            return self._referred(*self._model_reasons(codes.TO_A_PERSON))
        self._sign(amount, ())
        if self.level not in (None, SYSTEM):
            self.reasons = (Reason(codes.ABOVE_AUTHORITY),)
            return REFER
        return self._answered(treatment.journey.checks, amount, months)

    def _answered(self, checks: tuple[str, ...], amount: float, months: float) -> Outcome:
        if self.asked:
            left = owed(checks, self.checks)
            if left:
                self.next_check = left[0]
                return ASK_FOR_MORE
        asked = self.figures["its amount"], float(floor(self.figures["its term_months"] + 0.5))
        if amount < asked[0] or months != asked[1]:
            self.reasons = self._model_reasons()
            return COUNTER_OFFER
        return APPROVE

    def _declined(self) -> Outcome:
        self.treatment = NOTHING
        self.reasons = self._model_reasons(codes.NO_OFFER)
        return DECLINE

    def _referred(self, *why: Reason, exceptions: tuple[str, ...] = ()) -> Outcome:
        """To a person. Only a rule is an exception that a level may or may not accept."""
        self.reasons = why[:MOST_REASONS]
        self._sign(self.figures.get("its amount"), exceptions)
        if self.level == SYSTEM:
            self.level = self.compiled.lowest
        return REFER

    def _sign(self, amount: float | None, exceptions: tuple[str, ...]) -> None:
        compiled = self.compiled
        if compiled.authority is None or self.grade is None:
            return
        product = self.figures.get("its product")
        required = compiled.authority.level_for(amount, self.grade, exceptions, product)
        self.level, self.signatures = required.level, required.signatures

    def _model_reasons(self, otherwise: str = "") -> tuple[Reason, ...]:
        """What keeps the applicant from the cut-off; `otherwise` where nothing does."""
        compiled = self.compiled
        found = compiled.ranker.one(compiled.model.risks_of(self.features))
        if not found:
            return (Reason(otherwise),) if otherwise else ()
        return tuple(
            Reason(compiled._codes[each.concept], each.concept, each.feature, each.shortfall)
            for each in found
        )

    def _trace(self) -> Trace:
        compiled, chosen = self.compiled, self.chosen
        values = self.values
        menu = compiled.program.menu
        used = {name: values[name] for name in compiled.program.inputs}
        extra: dict[str, Any] = {}
        if chosen is not None:
            runner = chosen.runner_up
            extra = {
                "net": chosen.net,
                "runner_up": menu[runner].name if runner >= 0 else None,
                "runner_up_net": chosen.runner_up_net if runner >= 0 else None,
                "measures": dict(zip(MEASURES, chosen.measures.tolist(), strict=True)),
                "prices": compiled.weights.charged(compiled.document, chosen.measures, self.held),
            }
        return Trace(
            used=used,
            decided_on=self.at,
            doubt=self.doubt,
            features={name: values[name] for name in compiled._features},
            model=compiled.content.model.name,
            model_digest=compiled.content.model.digest,
            points=self.points,
            pd=self.pd,
            rules=self.rules,
            fired=self.fired,
            tier=self.tier,
            way=compiled.document.choose,
            treatment=self.treatment,
            terms={name[4:]: value for name, value in self.figures.items()},
            checks=self.checks,
            next_check=self.next_check,
            propensity=self.propensity,
            explored=self.explored,
            **extra,
        )
