"""DiCE and optbinning's Counterfactual, asked for the same people what would turn the answer.

Both are given every help they can take: the fields that may change and, where the library knows
ranges, how far and which way each person may go. DiCE searches our own card; optbinning needs a
scorecard of its own, fitted here to the same applicants. Neither knows a strategy: both are asked
for a PD under the cut-off.
"""

from __future__ import annotations

import contextlib
import io
import logging
import math
import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import polars as pl

from equipoise.strategy.engine import Strategy
from equipoise.strategy.recourse.moves import Move, moves_of

MISSING = -1.0
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Shown:
    """One answer of a peer: new values by field, and whether its own model agrees."""

    changes: Mapping[str, Any]
    own: bool


def reach(strategy: Strategy, record: Mapping[str, Any]) -> dict[str, list[Move]]:
    """The moves open to one person, by field."""
    typed, _ = strategy.compiled.intake.read(record)
    by_field: dict[str, list[Move]] = {}
    for move in moves_of(strategy, typed):
        by_field.setdefault(move.field.name, []).append(move)
    return by_field


class Dice:
    """DiCE over our card: a black box that says how probable a PD under the cut-off is."""

    name = "DiCE"

    def __init__(self, strategy: Strategy, frame: pl.DataFrame, cutoff: float, method: str) -> None:
        import dice_ml

        logging.disable(logging.WARNING)
        self._strategy, self._cutoff = strategy, cutoff
        inputs = strategy.compiled.program.inputs
        self._numbers = [n for n, kind in inputs.items() if kind in ("number", "integer")]
        self._texts = [n for n in inputs if n not in self._numbers]
        known = self._filled(frame)
        known["offered"] = (self.predict_proba(known)[:, 1] > 0.5).astype(int)
        data = dice_ml.Data(
            dataframe=known, continuous_features=self._numbers, outcome_name="offered"
        )
        model = dice_ml.Model(model=self, backend="sklearn")
        self._dice = dice_ml.Dice(data, model, method=method)
        self._seed = {"random_seed": 0} if method == "random" else {}  # the genetic takes none

    def predict_proba(self, rows: pd.DataFrame) -> np.ndarray:
        """Logistic in the distance of the PD's log-odds from the cut-off's."""
        frame = pl.DataFrame(
            {
                **{n: rows[n].astype(float).tolist() for n in self._numbers},
                **{n: rows[n].astype(str).tolist() for n in self._texts},
            }
        ).with_columns(pl.when(pl.col(n) != MISSING).then(pl.col(n)) for n in self._numbers)
        whole = [
            n for n, kind in self._strategy.compiled.program.inputs.items() if kind == "integer"
        ]
        scored = self._strategy.decide_frame(frame.with_columns(pl.col(whole).round(0)))["pd"]
        pds = np.clip(scored.fill_null(1.0).to_numpy(), 1e-6, 1 - 1e-6)
        gap = np.log(pds / (1 - pds)) - math.log(self._cutoff / (1 - self._cutoff))
        good = 1 / (1 + np.exp(gap))
        return np.column_stack([1 - good, good])

    def predict(self, rows: pd.DataFrame) -> np.ndarray:
        return (self.predict_proba(rows)[:, 1] > 0.5).astype(int)

    def ways(self, record: Mapping[str, Any]) -> list[Shown]:
        """At most SHOWN answers; none where DiCE finds none."""
        person = self._filled(pl.DataFrame([record], schema_overrides=_types(self._strategy)))
        ranges = {}
        for name, moves in reach(self._strategy, record).items():
            ends = [float(move.to(move.reach)) for move in moves] + [float(moves[0].start)]
            ranges[name] = [min(ends), max(ends)]
        try:
            with (
                contextlib.redirect_stderr(io.StringIO()),
                contextlib.redirect_stdout(io.StringIO()),
            ):
                result = self._dice.generate_counterfactuals(
                    person,
                    total_CFs=SHOWN,
                    desired_class=1,
                    features_to_vary=list(ranges),
                    permitted_range=ranges,
                    **self._seed,
                )
        except Exception as error:  # DiCE says "none found" by an error of its own
            if "No counterfactuals found" in str(error):
                return []
            raise
        rows = result.cf_examples_list[0].final_cfs_df
        if rows is None:
            return []
        start = person.iloc[0]
        return [
            Shown(
                {n: float(row[n]) for n in ranges if float(row[n]) != float(start[n])},
                bool(row["offered"] == 1),
            )
            for _, row in rows.iterrows()
        ]

    def _filled(self, frame: pl.DataFrame) -> pd.DataFrame:
        """Every field of the strategy; a missing number as -1, which no field can be."""
        return pd.DataFrame(
            {
                **{
                    n: frame[n].cast(pl.Float64).fill_null(MISSING).to_list() for n in self._numbers
                },
                **{n: frame[n].fill_null("").to_list() for n in self._texts},
            }
        )


class Optbinning:
    """optbinning's scorecard of its own and its Counterfactual; bins are read at their near end."""

    name = "optbinning"

    def __init__(self, strategy: Strategy, frame: pl.DataFrame, bad: pl.Series, cutoff: float):
        from optbinning import BinningProcess, Scorecard
        from optbinning.scorecard import Counterfactual
        from sklearn.linear_model import LogisticRegression

        self._strategy, self._cutoff = strategy, cutoff
        inputs = strategy.compiled.program.inputs
        self._names = list(inputs)
        self._texts = [n for n, kind in inputs.items() if kind == "string"]
        known = bad.is_not_null()
        rows = self._rows(frame.filter(known))
        process = BinningProcess(self._names, categorical_variables=self._texts)
        card = Scorecard(process, LogisticRegression(max_iter=500))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            card.fit(rows, bad.filter(known).cast(pl.Int64).to_numpy())
        self._finder = Counterfactual(card, special_missing=False)
        self._finder.fit(rows)

    def ways(self, record: Mapping[str, Any]) -> list[Shown]:
        """At most SHOWN answers; none where the problem has no solution."""
        moves = reach(self._strategy, record)
        frame = pl.DataFrame([record], schema_overrides=_types(self._strategy))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._finder.generate(
                self._rows(frame),
                y=self._cutoff,
                outcome_type="probability",
                n_cf=SHOWN,
                max_changes=3,
                actionable_features=list(moves),
                hard_constraints=["max_outcome", "diversity_features"],
            )
            if self._finder.status not in ("OPTIMAL", "FEASIBLE"):
                return []
            rows = self._finder.display(show_only_changes=True, show_outcome=True)
        return [
            Shown(
                {n: _near(row[n], moves[n][0]) for n in moves if n in row and row[n] != "-"},
                bool(row["outcome"] <= self._cutoff + 1e-9),
            )
            for _, row in rows.iterrows()
        ]

    def _rows(self, frame: pl.DataFrame) -> pd.DataFrame:
        return pd.DataFrame(
            {
                n: np.array(frame[n].fill_null("").to_list(), dtype=object)
                if n in self._texts
                else frame[n].cast(pl.Float64).fill_null(float("nan")).to_numpy()
                for n in self._names
            }
        )


def _near(text: Any, move: Move) -> Any:
    """The value of a bin that is nearest to where the person stands."""
    ends = re.findall(r"-?inf|-?\d+\.?\d*(?:e-?\d+)?", str(text))
    if len(ends) != 2:
        return str(text)
    low, high = (float(each) for each in ends)
    if move.start < low:
        return math.ceil(low) if move.field.type == "integer" else low
    if move.start >= high:
        step = abs(move.step)
        return math.ceil(high) - 1 if move.field.type == "integer" else round(high - step, 10)
    return move.start


def _types(strategy: Strategy) -> dict[str, Any]:
    kinds = {"number": pl.Float64, "integer": pl.Float64, "string": pl.String}
    return {n: kinds[k] for n, k in strategy.compiled.program.inputs.items() if k in kinds}


def declared(moves: Mapping[str, Sequence[Move]], changes: Mapping[str, Any]) -> bool:
    """Whether the contract lets this person make these changes: way, whole steps, and how far."""
    return bool(changes) and all(
        any(
            abs(move.to(steps) - value) < 1e-9
            for move in moves[name]
            if move.step and 0.5 <= (steps := round((value - move.start) / move.step)) <= move.reach
        )
        for name, value in changes.items()
    )
