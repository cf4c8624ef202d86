"""The ways in which one case ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from equipoise.authority import SYSTEM
from equipoise.strategy.compiled import Compiled
from equipoise.strategy.decision import (
    APPROVE,
    ASK_FOR_MORE,
    COUNTER_OFFER,
    DECLINE,
    MOST_REASONS,
    REFER,
    Offer,
    Reason,
)
from equipoise.strategy.document import Rule
from equipoise.strategy.intake import STOPPED
from equipoise.strategy.runtimes.record.case import Case, Choice, Verdict
from equipoise.strategy.runtimes.record.choosing import Choosing
from equipoise.strategy.runtimes.record.signing import Signing
from equipoise.texts import codes
from equipoise.value.treatments import DECLINE as NOTHING


class ModelReasons:
    """What keeps an applicant from the cut-off, by the model."""

    def __init__(self, compiled: Compiled) -> None:
        self._model, self._ranker = compiled.model, compiled.ranker
        self._codes = {name: codes.concept_code(name) for name in self._ranker.concepts}

    def of(self, features: Mapping[str, Any], otherwise: str = "") -> tuple[Reason, ...]:
        """The heaviest first; `otherwise` where nothing keeps them."""
        ranked = self._ranker.one(self._model.risks_of(features))
        if not ranked:
            return (Reason(otherwise),) if otherwise else ()
        return tuple(
            Reason(self._codes[each.concept], each.concept, each.feature, each.shortfall)
            for each in ranked
        )


class Verdicts:
    """Ends a case: each way with its reasons, its signatures and what it offers."""

    def __init__(self, compiled: Compiled, choosing: Choosing) -> None:
        self._menu, self._by_person = compiled.program.menu, compiled.by_person
        self._choosing, self._signing = choosing, Signing(compiled)
        self._reasons = ModelReasons(compiled)

    def referred(
        self, case: Case, reasons: tuple[Reason, ...], exceptions: tuple[str, ...] = ()
    ) -> Verdict:
        """To a person. Only a rule is an exception that a level may or may not accept."""
        level, signatures = self._signing.referred(case, exceptions)
        return Verdict(REFER, reasons, level, signatures)

    def ruled(self, case: Case, rule: Rule, named: tuple[str, ...]) -> Verdict:
        """By a rule; `named` are the codes of all rules that hold and end alike."""
        reasons = tuple(Reason(code) for code in named[:MOST_REASONS])
        if rule.outcome == DECLINE:
            return Verdict(DECLINE, reasons)
        return self.referred(case, reasons, named)

    def stopped(self, case: Case) -> Verdict | None:
        """A stop is a decline, whichever check it was and whether or not it was asked for."""
        for name, result in case.checks.items():
            if result == STOPPED:
                reasons = (Reason(codes.CHECK_STOPPED, feature=name),)
                return Verdict(DECLINE, reasons, treatment=NOTHING)
        return None

    def declined(self, case: Case, choice: Choice | None = None) -> Verdict:
        """Nothing of the menu is worth giving."""
        reasons = self._reasons.of(case.features, codes.NO_OFFER)
        return Verdict(DECLINE, reasons, treatment=NOTHING, choice=choice)

    def to_a_person(self, case: Case) -> Verdict:
        """The table gives the case to a person, with the model's reasons."""
        return self.referred(case, self._reasons.of(case.features, codes.TO_A_PERSON))

    def chosen(self, case: Case, choice: Choice) -> Verdict:
        """A treatment was chosen: offered, asked for, signed for, or none at all."""
        index, terms = choice.chosen.index, choice.chosen.terms
        treatment = self._menu[index]
        journey = treatment.journey
        if journey is None:
            return self.declined(case, choice)
        apr, amount, months, instalment = terms
        offers = (Offer(treatment.name, apr, amount, months, instalment),)
        rest = (treatment.name, choice, offers, journey.name)
        if self._by_person[index]:
            return Verdict(*self.to_a_person(case)[:4], *rest)
        level, signatures = self._signing.offered(case, amount)
        if level is not None and level != SYSTEM:
            return Verdict(REFER, (Reason(codes.ABOVE_AUTHORITY),), level, signatures, *rest)
        check = self._choosing.next_check(case, choice, journey.checks)
        if check is not None:
            return Verdict(ASK_FOR_MORE, (), level, signatures, *rest, check)
        if amount < case.figures["its amount"] or months != case.months():
            reasons = self._reasons.of(case.features)
            return Verdict(COUNTER_OFFER, reasons, level, signatures, *rest)
        return Verdict(APPROVE, (), level, signatures, *rest)
