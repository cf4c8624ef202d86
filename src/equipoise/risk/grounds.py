"""What a fit stands on: known outcomes and a split with enough of both kinds on either side.

`check` asks this before `fit` does, so that it never passes what `fit` would refuse.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from equipoise.contract import Contract
from equipoise.errors import BadInput, Span
from equipoise.numeric.arrays import IntArray
from equipoise.risk.customers import first_rows
from equipoise.risk.document import RiskDocument
from equipoise.risk.features import Where
from equipoise.risk.outcome import KnownOutcomes, known_outcomes
from equipoise.risk.split import TrainTest, require_enough, split_rows


@dataclass(frozen=True, slots=True)
class Ground:
    """Outcomes, the split, and, where customers are known, the row of each one's first loan."""

    outcomes: KnownOutcomes
    split: TrainTest
    customers: IntArray | None


def learning_ground(
    document: RiskDocument, contract: Contract, frame: pl.DataFrame, where: Where | None = None
) -> Ground:
    """Outcomes and split of checked applications. Raises BadInput where they are too few to fit."""
    place = where or (lambda *_: Span("risk.yaml"))
    outcomes = known_outcomes(document, contract, frame, place)
    dates = frame[contract.date] if contract.date else None
    customers = first_rows(contract, frame)
    split = split_rows(document.split, outcomes.judged, dates, place("split"), customers)
    try:
        for what, rows, known in (
            ("training", split.train, outcomes.known),
            ("test", split.test, outcomes.judged),
        ):
            require_enough(outcomes.bad[rows & known], what, contract.target.field)
    except BadInput as error:
        raise BadInput(
            error.message, where=place("split"), field=error.field, mend=error.mend
        ) from None
    return Ground(outcomes, split, customers)
