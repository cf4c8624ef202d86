"""Fitting boosted trees: settings and rounds chosen on folds inside the training rows only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl

from equipoise.contract import commonest_first
from equipoise.errors import BadInput, GateRefused
from equipoise.numeric.arrays import Array, FloatArray
from equipoise.risk.boosted import Boosted
from equipoise.risk.calibration import logistic_recalibration, shift_to_mean
from equipoise.risk.columns import encode
from equipoise.risk.monotone import Certificate, certify
from equipoise.risk.screening import screen
from equipoise.risk.validation import auc

TUNE_ROWS = 100_000  # settings and rounds are chosen on no more rows than this
MAX_CATEGORIES = 200
MANY_ROWS = 200_000  # with so many, larger steps lose next to nothing and need a third of the trees
LARGER_STEPS = 3.0
LEVEL_ROWS = 200_000  # the mean PD of so many is as good as that of all
Fold = tuple[Array, Array]


@dataclass(frozen=True, slots=True)
class BoostedOptions:
    """How the trees are grown.

    `directions` maps a feature to its effect on risk, +1 or -1; `auto_directions` adds those that
    are clear in every fold of the training rows. `leaves` are tried in turn on the folds. From
    200,000 training rows on the fit takes three times `learning_rate`, at most 0.1.
    """

    max_rounds: int = 2000
    learning_rate: float = 0.03
    leaves: tuple[int, ...] = (4, 8, 16)
    min_leaf_share: float = 0.005
    l2: float = 20.0
    feature_fraction: float = 0.3
    bagging_fraction: float = 0.7
    patience: int = 100
    max_features: int = 300
    directions: Mapping[str, int] = field(default_factory=dict)
    auto_directions: bool = False
    seed: int = 0
    threads: int = 1


@dataclass(frozen=True, slots=True)
class BoostedFit:
    """A model, its certificate, how it was chosen, and why each other feature is left out."""

    model: Boosted
    certificate: Certificate
    rounds: int
    leaves: int
    learning_rate: float
    fold_auc: float
    dropped: dict[str, str]
    notes: list[str]


def fit_boosted(
    frame: pl.DataFrame,
    bad: Array,
    folds: Sequence[Fold],
    options: BoostedOptions | None = None,
    *,
    name: str = "boosted",
    weight: FloatArray | None = None,
    window_months: int | None = None,
    advance: Callable[[float, float], None] = lambda *_: None,
) -> BoostedFit:
    """Fit monotone LightGBM on every column of `frame` against `bad` (n,), 1 for a default.

    `folds` are pairs of row numbers (train, valid) inside `frame`, in time order where time is
    known; they choose leaves and rounds and how far the log-odds are drawn together. The model is
    then fitted on all rows, and their bad rate is its level. Raises BadInput when the target has
    one class or no feature can be used, and GateRefused when the fitted trees do not keep a
    declared direction.
    """
    flags = np.asarray(bad, dtype=bool)
    chosen = paced(options or BoostedOptions(), flags.size)
    if flags.all() or not flags.any():
        raise BadInput(
            "the target has only one class in the training rows",
            mend="give both defaults and good payers",
        )
    screened = screen(
        frame,
        frame.columns,
        flags,
        weight=weight,
        keep=chosen.max_features,
        seed=chosen.seed,
    )
    features = [each for each in frame.columns if each in set(screened.kept)]
    if not features:
        raise BadInput(
            "no feature can be used for boosted trees: each is constant, empty or an identifier",
            mend="give features that differ between applicants",
        )
    job = _Job(frame.select(features), flags, weight, chosen)
    small = [_thin(fold, chosen.seed) for fold in folds]
    leaves, rounds, fold_auc, raw, truth, weights = job.choose(small, advance)
    advance(len(chosen.leaves), len(chosen.leaves) + 1)
    slope = logistic_recalibration(truth, raw, weights).slope
    booster = job.train(None, leaves, rounds)
    model = replace(
        job.boosted(booster, rounds),
        name=name,
        slope=slope,
        shift=job.level(booster, slope),
        window_months=window_months,
    )
    certificate = _certified(model)
    notes = []
    if flags.size > TUNE_ROWS:
        notes.append(f"leaves and rounds chosen on {TUNE_ROWS:,} of {flags.size:,} training rows")
    rate = chosen.learning_rate
    if options is not None and rate != options.learning_rate:
        notes.append(f"learning rate {rate:g} for {flags.size:,} training rows")
    return BoostedFit(model, certificate, rounds, leaves, rate, fold_auc, screened.dropped, notes)


def paced(options: BoostedOptions, rows: int) -> BoostedOptions:
    """Larger steps among many rows; a rate above 0.1 stays as it was asked for."""
    if rows < MANY_ROWS:
        return options
    rate = max(options.learning_rate, min(0.1, LARGER_STEPS * options.learning_rate))
    return replace(options, learning_rate=rate)


def refit_boosted(
    model: Boosted,
    frame: pl.DataFrame,
    bad: Array,
    *,
    leaves: int,
    rounds: int,
    weight: FloatArray | None = None,
    options: BoostedOptions | None = None,
) -> Boosted:
    """The same features, directions and settings on other rows; calibration stays the model's."""
    chosen = replace(options or BoostedOptions(), directions=model.directions)
    chosen = replace(chosen, auto_directions=False)
    rows = frame.select(model.features)
    job = _Job(rows, np.asarray(bad, dtype=bool), weight, chosen)
    again = job.boosted(job.train(None, leaves, rounds), rounds)
    return replace(again, name=model.name, slope=model.slope, shift=model.shift)


def _certified(model: Boosted) -> Certificate:
    certificate = certify(model.model_text, model.directions, model.features)
    if not certificate.holds:
        feature = certificate.counterexample.feature if certificate.counterexample else ""
        raise GateRefused(
            f"the boosted trees break the declared direction of '{feature}'",
            field=feature,
            mend="fit again with fewer leaves, or withdraw the direction",
        )
    return certificate


def _thin(fold: Fold, seed: int) -> Fold:
    """At most TUNE_ROWS rows of a fold, train and valid in the same proportion."""
    train, valid = fold
    share = TUNE_ROWS / max(train.size + valid.size, 1)
    if share >= 1:
        return fold
    rng = np.random.default_rng(seed)
    parts = [
        np.sort(rng.choice(p, max(1, int(share * p.size)), replace=False)) for p in (train, valid)
    ]
    return parts[0], parts[1]


class _Job:
    """One fit: the encoded matrix and what LightGBM is told about it."""

    def __init__(
        self,
        frame: pl.DataFrame,
        flags: Array,
        weight: FloatArray | None,
        options: BoostedOptions,
    ) -> None:
        self.options, self.flags = options, flags.astype(float)
        self.weight = np.ones(flags.size) if weight is None else np.asarray(weight, dtype=float)
        self.names = frame.columns
        self.categories = {
            name: _categories(frame[name]) for name in self.names if frame[name].dtype == pl.String
        }
        numeric = [name for name in self.names if name not in self.categories]
        self.fills = {
            name: float(np.median(frame[name].cast(pl.Float64).to_numpy()))
            for name in numeric
            if frame[name].null_count() == 0
        }
        self.matrix = np.column_stack([self._encoded(frame[name]) for name in self.names])
        self.directions = {
            name: sign for name, sign in options.directions.items() if sign and name in numeric
        }
        if options.auto_directions:
            columns = {name: self.matrix[:, self.names.index(name)] for name in numeric}
            self.directions = {**clear_directions(columns, flags), **self.directions}

    def _encoded(self, column: pl.Series) -> FloatArray:
        if column.name in self.categories:
            return encode(column, {c: i for i, c in enumerate(self.categories[column.name])})
        return column.cast(pl.Float64).to_numpy()

    def level(self, booster: Any, slope: float) -> float:
        """The shift that brings the log-odds, times `slope`, to the bad rate of all rows.

        Not the level of the folds: they hold a part of the defaults, on which a model of other
        months is tried, and chance in either would move every PD.
        """
        some = np.unique(np.linspace(0, self.flags.size - 1, LEVEL_ROWS).astype(np.intp))
        raw = slope * np.asarray(booster.predict(self.matrix[some], raw_score=True))
        bad_rate = float(np.average(self.flags, weights=self.weight))
        return shift_to_mean(raw, bad_rate, self.weight[some])

    def boosted(self, booster: Any, rounds: int) -> Boosted:
        """The trees as our own model, not yet calibrated."""
        return Boosted(
            name="",
            model_text=booster.model_to_string(num_iteration=rounds),
            features=tuple(self.names),
            categories=self.categories,
            fills=self.fills,
            directions=self.directions,
        )

    def choose(
        self, folds: Sequence[Fold], advance: Callable[[float, float], None]
    ) -> tuple[int, int, float, FloatArray, FloatArray, FloatArray]:
        """Leaves, rounds, AUC on the folds, and the folds' raw scores, outcomes and weights."""
        usable = [fold for fold in folds if self._has_both(fold[0]) and self._has_both(fold[1])]
        if not usable:
            small = self.train(None, 4, 50)
            raw = np.asarray(small.predict(self.matrix, raw_score=True))
            return 4, 50, float("nan"), raw, self.flags, self.weight
        best: tuple[float, Any] | None = None
        for done, leaves in enumerate(self.options.leaves):
            advance(done, len(self.options.leaves) + 1)
            trained = [self._on_fold(fold, leaves) for fold in usable]
            score = float(np.mean([each[0] for each in trained]))
            if best is not None and score <= best[0]:
                break  # more leaves only fit closer from here on
            best = (score, (leaves, trained))
        score, (leaves, trained) = best if best is not None else (0.0, (4, []))
        growth = [self.flags.size / max(fold[0].size, 1) for fold in usable]
        rounds = int(
            np.mean([each[1] * min(1.5, g) for each, g in zip(trained, growth, strict=True)])
        )
        raw = np.concatenate([each[2] for each in trained])
        rows = np.concatenate([fold[1] for fold in usable])
        return leaves, max(rounds, 20), score, raw, self.flags[rows], self.weight[rows]

    def _has_both(self, rows: Array) -> bool:
        return bool(rows.size) and 0 < self.flags[rows].sum() < rows.size

    def _on_fold(self, fold: Fold, leaves: int) -> tuple[float, int, FloatArray]:
        train, valid = fold
        booster = self.train(train, leaves, self.options.max_rounds, valid)
        raw = np.asarray(booster.predict(self.matrix[valid], raw_score=True))
        score = auc(self.flags[valid], raw, self._uneven(valid))
        return score, booster.best_iteration, raw

    def _uneven(self, rows: Array) -> FloatArray | None:
        """Weights of rows, None where all are alike."""
        weights = self.weight[rows]
        return None if np.all(weights == weights[0]) else weights

    def train(
        self, rows: Array | None, leaves: int, rounds: int, valid: Array | None = None
    ) -> Any:
        """One LightGBM fit; with `valid` rows it stops when they no longer gain."""
        import lightgbm

        options = self.options
        size = self.flags.size if rows is None else rows.size
        signs = [self.directions.get(name, 0) for name in self.names]
        parameters = {
            "objective": "binary",
            "learning_rate": options.learning_rate,
            "num_leaves": leaves,
            "min_data_in_leaf": int(max(10, min(500, options.min_leaf_share * size))),
            "lambda_l2": options.l2,
            "feature_fraction": options.feature_fraction,
            "bagging_fraction": options.bagging_fraction,
            "bagging_freq": 1,
            "max_bin": 127,
            "cat_smooth": 50.0,
            "min_data_per_group": int(max(10, min(200, 0.01 * size))),
            "seed": options.seed,
            "deterministic": True,
            "force_row_wise": True,
            "num_threads": options.threads,
            "verbose": -1,
        }
        if any(signs):
            # LightGBM's 'intermediate' and 'advanced' both break their promise now and then (our
            # certificate found it with 4.7.0 on real data); 'basic' has kept it
            parameters |= {
                "monotone_constraints": signs,
                "monotone_constraints_method": "basic",
            }
        data = self._dataset(rows)
        if valid is None:
            return lightgbm.train(parameters, data, rounds)
        return lightgbm.train(
            {**parameters, "metric": "binary_logloss"},
            data,
            rounds,
            valid_sets=[self._dataset(valid, data)],
            callbacks=[lightgbm.early_stopping(options.patience, verbose=False)],
        )

    def _dataset(self, rows: Array | None, reference: Any = None) -> Any:
        import lightgbm

        every = slice(None) if rows is None else rows
        return lightgbm.Dataset(
            self.matrix[every],
            self.flags[every],
            weight=self.weight[every],
            feature_name=[f"f{at}" for at in range(len(self.names))],
            categorical_feature=[self.names.index(name) for name in self.categories],
            reference=reference,
            params={"verbose": -1},
        )


def _categories(column: pl.Series) -> tuple[str, ...]:
    """The commonest categories, at most 200, in byte order; any other is taken for missing."""
    commonest = commonest_first(column)[column.name].head(MAX_CATEGORIES)
    return tuple(sorted(commonest.to_list()))


def clear_directions(
    columns: Mapping[str, FloatArray], bad: Array, parts: int = 4
) -> dict[str, int]:
    """Directions that are plain in the data: the same sign in every part, in nearly every decile.

    A direction is clear when |Gini| is above three standard errors in each of `parts` consecutive
    parts of the rows and bad rates by decile follow it with a rank correlation of 0.9 or more.
    """
    flags = np.asarray(bad, dtype=bool)
    bounds = np.linspace(0, flags.size, parts + 1).astype(int)
    directions = {}
    for name, values in columns.items():
        signs = {_sign(values[a:b], flags[a:b]) for a, b in pairwise(bounds)}
        sign = signs.pop() if len(signs) == 1 else 0
        if sign and sign * _decile_trend(values, flags) >= 0.9:
            directions[name] = sign
    return directions


def _sign(values: FloatArray, flags: Array) -> int:
    present = ~np.isnan(values)
    bads = int(flags[present].sum())
    goods = int(present.sum()) - bads
    if min(bads, goods) < 20:
        return 0
    excess = auc(flags[present], values[present]) - 0.5
    error = np.sqrt((bads + goods + 1) / (12 * bads * goods))
    return int(np.sign(excess)) if abs(excess) > 3 * error else 0


def _decile_trend(values: FloatArray, flags: Array) -> float:
    present = ~np.isnan(values)
    edges = np.unique(np.quantile(values[present], np.linspace(0, 1, 11)[1:-1]))
    codes = np.searchsorted(edges, values[present], side="right")
    rows = np.bincount(codes)
    rates = np.bincount(codes, weights=flags[present])[rows > 0] / rows[rows > 0]
    if rates.size < 2:
        return 0.0
    from scipy.stats import spearmanr  # large, and only a fit needs it

    return float(spearmanr(np.arange(rates.size), rates).statistic)
