"""The strategy's rules as columns."""

from __future__ import annotations

from equipoise.strategy.compiled import Compiled
from equipoise.strategy.decision import REFER
from equipoise.strategy.program import PD
from equipoise.strategy.runtimes.sql.spelling import Spelling

RULE, GAP = "its rule", "its gap"


class Rules:
    """Which rule fired, whether the figures are none to work with, and which codes are carried."""

    def __init__(self, compiled: Compiled, spelling: Spelling) -> None:
        self._program, self._spelling = compiled.program, spelling
        self._rules = compiled.document.rules
        referring = dict.fromkeys(r.reason for r in self._rules if r.outcome == REFER)
        # the column that says whether an application carries a code, by code
        self.exceptions = {code: f"its code {at}" for at, code in enumerate(referring)}

    def columns(self) -> dict[str, str]:
        """All of them, by name."""
        unpriced = f"({self._spelling.of(self._program.unpriced)})"
        return {RULE: self._fired(), GAP: unpriced, **self._carried()}

    def _fired(self) -> str:
        spelling = self._spelling
        if not self._program.rules:
            return spelling.nothing
        arms = " ".join(
            f"WHEN {spelling.name(PD)} IS NOT NULL AND ({spelling.of(each)})"
            f" THEN {spelling.text(name)}"
            for name, each in self._program.rules.items()
        )
        return f"CASE {arms} END"

    def _carried(self) -> dict[str, str]:
        """For each code of a rule that refers, whether one of its rules holds."""
        conditions: dict[str, list[str]] = {name: [] for name in self.exceptions.values()}
        for rule in self._rules:
            if rule.outcome == REFER:
                held = self._spelling.held(self._program.rules[rule.name])
                conditions[self.exceptions[rule.reason]].append(held)
        return {name: f"({' OR '.join(held)})" for name, held in conditions.items()}
