"""The chance that a person changes the machine's answer, fitted from past cases.

A logistic regression on what the case is, never on who applies: grade, reasons and product, and
fields that a contract lets a model use. Each level of a column has a coefficient of its own, drawn
towards the mean of all cases by a normal prior: a level with few cases says little.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.special import expit

from equipoise.contract.document import Contract, forbid_protected
from equipoise.errors import BadInput, did_you_mean
from equipoise.numeric.arrays import FloatArray
from equipoise.numeric.intervals import normal_quantile
from equipoise.risk.newton import maximise, sums_over

OF_THE_CASE = ("grade", "reasons", "product")
Level = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Prior:
    """What is believed of all cases together before there are any: a `chance`, stated, which counts
    as so many `cases`."""

    chance: float = 0.5
    cases: float = 1.0


NOTHING_BELIEVED = Prior()


@dataclass(frozen=True, slots=True)
class ChanceOfChange:
    """A fit: the intercept, then one coefficient per level of each column, in log-odds.

    `covariance` is theirs given the prior, of which `ridge` is the inverse variance; `counts` says
    how many of the `cases` had each level, and `changed` of how many a person changed the answer.
    """

    by: tuple[str, ...]
    levels: tuple[Level, ...]
    coefficients: FloatArray
    covariance: FloatArray
    counts: Mapping[Level, int]
    cases: int
    changed: int
    ridge: float

    def of(self, cases: pl.DataFrame) -> pl.DataFrame:
        """Each case's `chance` with its 95 % interval `low`, `high`; how many past cases its rarest
        known level rests on, `rests_on`; and what was never seen, `unseen` ('column: level').

        An unseen level moves nothing, and widens the interval by the prior's spread. Raises
        BadInput for a column that is missing.
        """
        present = {name: _sets(cases, name) for name in self.by}
        design = _design(present, self.levels, cases.height)
        rests, unseen = [], []
        for row in range(cases.height):
            mine = [(name, level) for name in self.by for level in present[name][row]]
            known = [self.counts[each] for each in mine if each in self.counts]
            rests.append(min(known, default=self.cases))
            unseen.append([": ".join(each) for each in mine if each not in self.counts])
        z = design @ self.coefficients
        variance = np.einsum("ij,jk,ik->i", design, self.covariance, design)
        variance += np.array([len(each) for each in unseen], dtype=np.float64) / self.ridge
        half = normal_quantile() * np.sqrt(np.maximum(variance, 0.0))
        return pl.DataFrame(
            {
                "chance": expit(z),
                "low": expit(z - half),
                "high": expit(z + half),
                "rests_on": pl.Series(rests, dtype=pl.Int64),
                "unseen": pl.Series(unseen, dtype=pl.List(pl.String)),
            }
        )


def fit_chance(
    past: pl.DataFrame,
    *,
    by: Sequence[str] = OF_THE_CASE,
    contract: Contract | None = None,
    ridge: float = 1.0,
    prior: Prior = NOTHING_BELIEVED,
) -> ChanceOfChange:
    """Fit from past cases: `machine` and `person` are the two answers, `by` what the cases were.

    A column may hold words or lists of words; a case that no person answered (null) is left out.
    `ridge` is the inverse variance of a level's log-odds around the mean of all (1: most levels
    within a factor 7 in odds). The `prior` is added as cases without any level: unless said half a
    case of each answer, so that a share is never 0 or 1. Raises GateRefused for a field that the
    contract protects, BadInput for any other that it does not let a model use, and for a past that
    says nothing.
    """
    columns = tuple(dict.fromkeys(by))
    _refuse_who(columns, contract)
    for name in ("machine", "person", *columns):
        if name not in past.columns:
            raise BadInput(
                f"the past cases have no column '{name}'",
                field=name,
                mend=did_you_mean(name, past.columns),
            )
    if not (np.isfinite(ridge) and ridge > 0):
        raise BadInput(f"a ridge of {ridge}", field="ridge", mend="give one above 0")
    seen = past.filter(pl.col("machine").is_not_null() & pl.col("person").is_not_null())
    if not seen.height:
        raise BadInput(
            "no past case has both answers, the machine's and a person's",
            field="person",
            mend="order by a declared chance until some have",
        )
    present = {name: _sets(seen, name) for name in columns}
    counts: dict[Level, int] = {}
    for name in columns:
        for row in present[name]:
            for level in row:
                counts[name, level] = counts.get((name, level), 0) + 1
    levels = tuple(sorted(counts))
    changed = (seen["machine"] != seen["person"]).to_numpy()
    dummies = np.vstack([_design(present, levels, seen.height)[:, 1:], np.zeros((2, len(levels)))])
    target = np.append(changed, [True, False])
    believed = prior.cases * np.array([prior.chance, 1.0 - prior.chance])
    weights = np.append(np.ones(seen.height), believed)
    sums = sums_over(dummies, target, weights)
    beta, _ = maximise(sums, float(np.average(target, weights=weights)), len(levels), ridge)
    penalty = np.diag(np.append(0.0, np.full(len(levels), ridge)))
    covariance: FloatArray = np.linalg.pinv(sums(beta)[1] + penalty).astype(np.float64)
    return ChanceOfChange(
        columns, levels, beta, covariance, counts, seen.height, int(changed.sum()), ridge
    )


def _refuse_who(columns: Sequence[str], contract: Contract | None) -> None:
    if contract is not None:
        forbid_protected(contract, columns, "the chance that a person changes the answer")
    allowed = (*OF_THE_CASE, *(contract.feature_names if contract is not None else ()))
    for name in columns:
        if name not in allowed:
            raise BadInput(
                f"'{name}' is nothing that a case is known by",
                field=name,
                mend=f"learn from {', '.join(OF_THE_CASE)}, or from a contract's features",
            )


def _sets(frame: pl.DataFrame, name: str) -> list[tuple[str, ...]]:
    """The levels that each row has of a column: none, one, or those of its list."""
    if name not in frame.columns:
        raise BadInput(
            f"the cases have no column '{name}'",
            field=name,
            mend=did_you_mean(name, frame.columns),
        )
    column = frame[name]
    if isinstance(column.dtype, pl.List):
        listed = column.cast(pl.List(pl.String)).to_list()
        return [tuple(sorted({each for each in row or () if each is not None})) for row in listed]
    if column.dtype.is_float():
        raise BadInput(
            f"'{name}' is a number, and each value would be a level of its own",
            field=name,
            mend="cut it into bands first",
        )
    return [() if value is None else (value,) for value in column.cast(pl.String).to_list()]


def _design(
    present: Mapping[str, list[tuple[str, ...]]], levels: Sequence[Level], rows: int
) -> FloatArray:
    """(rows, 1 + levels): ones, then whether each row has each level."""
    place = {level: at for at, level in enumerate(levels, start=1)}
    design = np.zeros((rows, len(levels) + 1))
    design[:, 0] = 1.0
    for name, sets in present.items():
        for row, mine in enumerate(sets):
            for level in mine:
                at = place.get((name, level))
                if at is not None:
                    design[row, at] = 1.0
    return design
