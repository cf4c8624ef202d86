"""Outcome, reason and conditions of every way a decision can end."""

from __future__ import annotations

from collections.abc import Iterator

from equipoise.strategy.compiled import Compiled
from equipoise.strategy.decision import APPROVE, COUNTER_OFFER, DECLINE, REFER
from equipoise.strategy.program import NOT_ELIGIBLE, PD
from equipoise.strategy.runtimes.sql.choosing import CHOICE
from equipoise.strategy.runtimes.sql.rules import GAP, RULE
from equipoise.strategy.runtimes.sql.scoring import DOUBTS
from equipoise.strategy.runtimes.sql.signing import Signing
from equipoise.strategy.runtimes.sql.spelling import Spelling
from equipoise.texts import codes
from equipoise.value.treatments import DECLINE as NOTHING

OUTCOME, REASON = "its outcome", "its reason"
End = tuple[str, str, str]


class Ending:
    """The ends of one strategy: condition, outcome and reason, first come first."""

    def __init__(self, compiled: Compiled, spelling: Spelling, signing: Signing) -> None:
        self._program, self._rules = compiled.program, compiled.document.rules
        self._spelling, self._signing = spelling, signing
        self._ends = [*self._before_the_choice(), *self._by_choice()]

    def columns(self) -> dict[str, str]:
        """Outcome and reason, where that is not the model's."""
        text = self._spelling.text
        outcomes = " ".join(f"WHEN {held} THEN {text(end)}" for held, end, _ in self._ends)
        reasons = " ".join(f"WHEN {held} THEN {reason}" for held, _, reason in self._ends)
        return {
            OUTCOME: f"CASE {outcomes} ELSE {text(APPROVE)} END",
            REASON: f"CASE {reasons} ELSE {self._spelling.nothing} END",
        }

    def conditions(self) -> str:
        """What an offer still waits for: no result of a check stands in a table."""
        text, outcome = self._spelling.text, self._spelling.name(OUTCOME)
        journeys = [each.journey for each in self._program.menu]
        checks = [text(",".join(each.checks) if each else "") for each in journeys]
        owed = self._spelling.by_place("treatment", checks)
        offers = f"({text(APPROVE)}, {text(COUNTER_OFFER)})"
        return f"CASE WHEN {outcome} IN {offers} THEN {owed} ELSE '' END"

    def _before_the_choice(self) -> Iterator[End]:
        name, text = self._spelling.name, self._spelling.text
        doubts = name(DOUBTS)
        yield f"{doubts} IS NOT NULL", REFER, self._first_word(doubts)
        yield f"{name(PD)} IS NULL", REFER, text(codes.NO_SCORE)
        for rule in self._rules:
            yield f"{name(RULE)} = {text(rule.name)}", rule.outcome, text(rule.reason)
        yield name(GAP), REFER, text(codes.NO_TERMS)

    def _by_choice(self) -> Iterator[End]:
        name, text, nothing = self._spelling.name, self._spelling.text, self._spelling.nothing
        if self._program.choice is not None:
            choice = name(CHOICE)
            yield f"{choice} = {text(NOT_ELIGIBLE)}", REFER, text(codes.NOT_ELIGIBLE)
            yield f"{choice} = {text(NOTHING)}", DECLINE, nothing
            yield f"treatment = 0 OR {choice} IS NULL", REFER, nothing
        yield "treatment = 0", DECLINE, nothing
        yield self._signing.by_person(), REFER, nothing
        above = self._signing.above()
        if above is not None:
            yield above, REFER, text(codes.ABOVE_AUTHORITY)
        months = f"FLOOR({name('its term_months')} + 0.5)"
        less = f"amount < {name('its amount')} OR months <> {months}"
        yield less, COUNTER_OFFER, nothing

    def _first_word(self, column: str) -> str:
        if self._spelling.dialect == "spark":
            return f"SUBSTRING_INDEX({column}, ' ', 1)"
        if self._spelling.dialect == "sqlite":
            return f"SUBSTR({column}, 1, INSTR({column} || ' ', ' ') - 1)"
        return f"SPLIT_PART({column}, ' ', 1)"
