"""What one applicant may be given, and what a table or a cut-off gives."""

from __future__ import annotations

import numpy as np

from equipoise.expression import compile_many
from equipoise.numeric.arrays import BoolArray
from equipoise.strategy.compiled import Compiled
from equipoise.strategy.program import allowed_name
from equipoise.strategy.runtimes.record.case import Case


class Eligibility:
    """Conditions of the menu's treatments, and the choice of a table or a cut-off over them."""

    def __init__(self, compiled: Compiled) -> None:
        program = compiled.program
        size = len(program.menu)
        limited = {k: e for k, e in enumerate(program.allowed, start=1) if e is not None}
        self._limited = tuple((k, allowed_name(k)) for k in limited)
        self._conditions = compile_many({allowed_name(k): each for k, each in limited.items()})
        self._everything = np.ones(size, dtype=np.bool_)
        self._unlimited = {allowed_name(k): True for k in range(1, size) if k not in limited}
        self._choice = program.choice.python if program.choice else None

    def allowed(self, case: Case) -> BoolArray:
        """(treatments,) which of the menu the applicant may have."""
        allowed = self._everything.copy()
        if self._limited:
            conditions = self._conditions(case.values)
            case.values.update(conditions)
            for k, name in self._limited:
                allowed[k] = conditions[name] is True
        return allowed

    def given(self, case: Case) -> str | None:
        """What the table or cut-off gives: a treatment's name, decline, refer, `not eligible`.

        None where the best of the balance is to be chosen.
        """
        if self._choice is None:
            return None
        case.values.update(self._unlimited)
        return str(self._choice(case.values))
