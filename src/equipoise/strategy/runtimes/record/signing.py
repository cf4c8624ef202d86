"""Who signs one decision."""

from __future__ import annotations

from equipoise.authority import SYSTEM
from equipoise.strategy.compiled import Compiled
from equipoise.strategy.runtimes.record.case import Case
from equipoise.value.compiled import Chosen


class Signing:
    """The level and the number of signatures by the strategy's authority; none without one."""

    def __init__(self, compiled: Compiled) -> None:
        self._authority, self._lowest = compiled.authority, compiled.lowest
        self._by_person = compiled.by_person

    def offered(self, case: Case, amount: float) -> tuple[str | None, int]:
        """For a loan of that amount."""
        if self._authority is None or case.grade is None:
            return None, 0
        product = case.figures.get("its product")
        required = self._authority.level_for(amount, case.grade, (), product)
        return required.level, required.signatures

    def referred(self, case: Case, exceptions: tuple[str, ...]) -> tuple[str | None, int]:
        """For what a person decides: the amount asked for, with the rules' codes as exceptions."""
        if self._authority is None or case.grade is None:
            return None, 0
        figures = case.figures
        required = self._authority.level_for(
            figures.get("its amount"), case.grade, exceptions, figures.get("its product")
        )
        level = self._lowest if required.level == SYSTEM else required.level
        return level, required.signatures

    def needs_nobody(self, case: Case, chosen: Chosen) -> bool:
        """Whether the machine may give this alone: no person in its journey, none to sign."""
        if self._by_person[chosen.index]:
            return False
        if chosen.index == 0 or self._authority is None:
            return True
        product = case.figures.get("its product")
        return self._authority.level_for(chosen.terms[1], case.grade, (), product).level == SYSTEM
