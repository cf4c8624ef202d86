"""The strategy's rules over all rows, and what a row needs to be priced."""

from __future__ import annotations

import numpy as np

from equipoise.numeric.arrays import BoolArray, IntArray
from equipoise.strategy.compiled import Compiled
from equipoise.strategy.decision import MOST_REASONS, REFER
from equipoise.strategy.program import TIER
from equipoise.strategy.runtimes.frame.answers import CODE
from equipoise.strategy.runtimes.frame.cases import Cases
from equipoise.texts import codes


class Rules:
    """Tier, figures and rules of every row."""

    def __init__(self, compiled: Compiled) -> None:
        self._program, self._rules = compiled.program, compiled.document.rules

    def open(self, cases: Cases, graded: BoolArray) -> IntArray:
        """The rows to choose a treatment for: of those graded, whom no rule ends."""
        cases.add({TIER: self._program.tier})
        cases.add(self._program.figures)
        left = graded & ~self._fired(cases, graded)
        unpriced = cases.mask(self._program.unpriced) & left
        cases.answers.refer(np.flatnonzero(unpriced), codes.NO_TERMS)
        return np.flatnonzero(left & ~unpriced)

    def _fired(self, cases: Cases, graded: BoolArray) -> BoolArray:
        held = np.zeros((len(self._rules), cases.rows), dtype=bool)
        for at, each in enumerate(self._program.rules.values()):
            held[at] = cases.mask(each) & graded
        if not len(held):
            return np.zeros(cases.rows, dtype=bool)
        fired = held.any(axis=0)
        first = held.argmax(axis=0)
        rows = np.flatnonzero(fired)
        outcomes = np.array([CODE[rule.outcome] for rule in self._rules])
        cases.answers.outcome[rows] = outcomes[first[rows]]
        if rows.size:
            self._state(cases, rows, held[:, rows])
        return np.asarray(fired)

    def _state(self, cases: Cases, rows: IntArray, held: BoolArray) -> None:
        """Reasons of the rules that fired: those with the outcome of the first, in order."""
        packed = np.packbits(held, axis=0).T
        patterns, which = np.unique(packed, axis=0, return_inverse=True)
        for at in range(len(patterns)):
            together = rows[which.ravel() == at]
            bits = np.unpackbits(patterns[at], count=len(self._rules)).astype(bool)
            same = [r for r, bit in zip(self._rules, bits, strict=True) if bit]
            alike = [r.reason for r in same if r.outcome == same[0].outcome]
            named = tuple(dict.fromkeys(alike))
            if same[0].outcome == REFER:
                if named not in cases.carried:
                    cases.carried.append(named)
                cases.exceptions[together] = cases.carried.index(named)
            for place, code in enumerate(named[:MOST_REASONS]):
                cases.answers.reasons[together, place] = cases.answers.word(code)
