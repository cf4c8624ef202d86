"""The answers of a batch as they are found, and the columns they become."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
import pyarrow as pa

from equipoise.numeric.arrays import BoolArray, FloatArray, IntArray
from equipoise.strategy.answer import TERMS
from equipoise.strategy.decision import MOST_REASONS, OFFERING, OUTCOMES, REFER, Outcome
from equipoise.value.measures import MEASURES

CODE = {outcome: at for at, outcome in enumerate(OUTCOMES)}
NONE = -1
OFFERED = [CODE[outcome] for outcome in OFFERING]


@dataclass(slots=True)
class Answers:
    """What is found row by row: positions in the vocabularies, -1 where there is nothing."""

    outcome: IntArray
    treatment: IntArray
    reasons: IntArray  # (rows, 4) positions in `words`
    words: list[str]
    terms: FloatArray  # (rows, 4): apr, amount, months, instalment; NaN without an offer
    offered: BoolArray
    measures: FloatArray
    net: FloatArray
    level: pl.Series
    signatures: IntArray
    propensity: FloatArray
    explored: BoolArray

    @classmethod
    def empty(cls, rows: int) -> Answers:
        return cls(
            outcome=np.full(rows, CODE[REFER]),
            treatment=np.full(rows, NONE),
            reasons=np.full((rows, MOST_REASONS), NONE),
            words=[],
            terms=np.full((rows, 4), np.nan),
            offered=np.zeros(rows, dtype=bool),
            measures=np.zeros((rows, len(MEASURES))),
            net=np.full(rows, np.nan),
            level=pl.Series([None] * rows, dtype=pl.String),
            signatures=np.zeros(rows, dtype=np.int64),
            propensity=np.ones(rows),
            explored=np.zeros(rows, dtype=bool),
        )

    def word(self, text: str) -> int:
        """The position of a reason code."""
        if text not in self.words:
            self.words.append(text)
        return self.words.index(text)

    def end(self, rows: IntArray, outcome: Outcome, code: str) -> None:
        """These rows end so, for one reason."""
        self.outcome[rows] = CODE[outcome]
        self.reasons[rows] = NONE
        self.reasons[rows, 0] = self.word(code)

    def refer(self, rows: IntArray, code: str) -> None:
        """These rows go to a person, for one reason."""
        self.end(rows, REFER, code)


def lists(words: Sequence[str], positions: IntArray) -> pl.Series:
    """Lists of words from rows of positions, -1 for nothing."""
    kept = positions >= 0
    offsets = np.concatenate([[0], np.cumsum(kept.sum(axis=1))]).astype(np.int32)
    flat = pl.Series(list(words), dtype=pl.String).gather(positions[kept]).to_arrow()
    return pl.Series(
        pl.from_arrow(pa.LargeListArray.from_arrays(pa.array(offsets, pa.int64()), flat))
    )


def offers(menu: pl.Series, answers: Answers) -> pl.Series:
    """Each row's list of offers; empty where there is none."""
    rows = np.flatnonzero(answers.offered)
    offsets = np.concatenate([[0], np.cumsum(answers.offered)]).astype(np.int64)
    terms = answers.terms[rows]
    parts = [menu.gather(answers.treatment[rows]).to_arrow()]
    parts += [pa.array(terms[:, at]) for at in range(4)]
    flat = pa.StructArray.from_arrays(parts, names=["treatment", *TERMS])
    return pl.Series(pl.from_arrow(pa.LargeListArray.from_arrays(pa.array(offsets), flat)))
