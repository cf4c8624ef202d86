"""The strategy's rules over one application, and what it needs to be priced."""

from __future__ import annotations

from equipoise.expression import compile_many
from equipoise.strategy.compiled import Compiled
from equipoise.strategy.document import Rule
from equipoise.strategy.program import TIER
from equipoise.strategy.runtimes.record.case import Case


class Rules:
    """Tier, figures and rules of one application."""

    def __init__(self, compiled: Compiled) -> None:
        program = compiled.program
        self._tier = program.tier.python
        self._figures = compile_many(program.figures)
        self._conditions = compile_many(program.rules)
        self._unpriced = program.unpriced.python
        self._by_name = {rule.name: rule for rule in compiled.document.rules}

    def first(self, case: Case) -> Rule | None:
        """The first rule that holds; the case learns its tier and figures on the way."""
        values = case.values
        case.tier = values[TIER] = self._tier(values)  # type: ignore[assignment]
        case.figures = figures = self._figures(values)
        values.update(figures)
        case.rules = rules = self._conditions(values)
        for name, held in rules.items():
            if held is True:
                case.fired = name
                return self._by_name[name]
        return None

    def reasons(self, case: Case, rule: Rule) -> tuple[str, ...]:
        """Codes of all rules that hold and end as this one does, in their order."""
        same = (self._by_name[name] for name, held in case.rules.items() if held is True)
        return tuple(dict.fromkeys(each.reason for each in same if each.outcome == rule.outcome))

    def unpriced(self, case: Case) -> bool:
        """Whether the figures are none to work with."""
        return bool(self._unpriced(case.values))
