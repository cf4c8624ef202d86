"""What the priced limits of a balance weigh, and which treatment is the best net of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from equipoise.numeric.arrays import FloatArray
from equipoise.strategy.document import StrategyDocument
from equipoise.value.measures import MEASURES


@dataclass(frozen=True, slots=True)
class Weights:
    """Value per unit of each measure: `base` (measures,) for all, `rows` (limits, measures) more.

    A row counts where its condition holds. Under a table or a cut-off there are no rows, and the
    goal's weight only serves to say what a treatment is worth.
    """

    base: FloatArray
    rows: FloatArray
    names: tuple[str, ...]

    @classmethod
    def of(cls, document: StrategyDocument) -> Weights:
        """The weights of a strategy's balance; the goal alone where it has none."""
        section = document.balance
        base = np.zeros(len(MEASURES))
        if section is None or document.choose != "balance":
            base[MEASURES.index("profit")] = 1.0
            return cls(base, np.zeros((0, len(MEASURES))), ())
        base[MEASURES.index(section.goal)] = section.worth
        rows = np.zeros((len(section.prices), len(MEASURES)))
        for at, row in enumerate(section.prices):
            for name, weight in row.weights.items():
                rows[at, MEASURES.index(name)] = -row.multiplier * weight
        names = tuple(row.name for row in section.prices)
        everybody = np.array([row.where is None for row in section.prices], dtype=bool)
        # what is charged to everybody goes into the base, in the order of the document
        for row in rows[everybody]:
            base = base + row
        return cls(base, rows[~everybody], names)

    def charged(
        self, document: StrategyDocument, measures: FloatArray, held: Sequence[bool]
    ) -> dict[str, float]:
        """What each priced limit took from a treatment with these measures (measures,).

        `held` says of each limit with a condition, in order, whether it held.
        """
        section = document.balance
        if section is None or document.choose != "balance":
            return {}
        charges = {}
        conditions = iter(held)
        for row in section.prices:
            if row.where is not None and not next(conditions):
                continue
            used = sum(w * float(measures[MEASURES.index(n)]) for n, w in row.weights.items())
            charges[row.name] = row.multiplier * used + 0.0  # zero has one sign
        return charges
