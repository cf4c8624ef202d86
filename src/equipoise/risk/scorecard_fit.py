"""Fitting a scorecard: bins, weights of evidence, selection, logistic regression, points."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl
from scipy.special import expit

from equipoise.errors import BadInput
from equipoise.numeric.arrays import Array, FloatArray
from equipoise.numeric.distributions import chi2_above
from equipoise.risk.binning import Binned, BinOptions, find_bins, rebuilt, with_evidence
from equipoise.risk.characteristic import Attribute, Categorical, Characteristic, on_grid
from equipoise.risk.directions import contradictions
from equipoise.risk.pd_table import tabulate
from equipoise.risk.scorecard import Scaling, Scorecard
from equipoise.risk.screening import screen

BIN_ROWS = 100_000  # optimal bins are found on no more rows than this; their WoE use all rows
SELECT_ROWS = 100_000


@dataclass(frozen=True, slots=True)
class ScorecardOptions:
    """How a scorecard is made.

    `directions` and `special` are by feature: expected effect on risk (+1, -1), special codes.
    `max_p_value` None keeps every characteristic whose coefficient has the right sign.
    """

    max_characteristics: int = 20
    min_information_value: float = 0.01
    max_correlation: float = 0.8
    max_vif: float = 10.0
    max_p_value: float | None = None
    max_bins: int = 8
    min_bin_size: float = 0.05
    directions: Mapping[str, int] = field(default_factory=dict)
    special: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    unseen: str = "other"  # or "refuse": what a category unseen in training gets
    scaling: Scaling = field(default_factory=Scaling)
    seed: int = 0

    def bins_of(self, feature: str) -> BinOptions:
        """The binning options of one feature."""
        return BinOptions(
            direction=self.directions.get(feature, 0),
            special=tuple(float(code) for code in self.special.get(feature, ())),
            max_bins=self.max_bins,
            min_bin_size=self.min_bin_size,
        )


@dataclass(frozen=True, slots=True)
class ScorecardFit:
    """A card, why each other feature is not in it, and notes a reader should see."""

    card: Scorecard
    dropped: dict[str, str]
    notes: list[str]


def fit_scorecard(
    frame: pl.DataFrame,
    bad: Array,
    options: ScorecardOptions | None = None,
    *,
    name: str = "scorecard",
    weight: FloatArray | None = None,
    window_months: int | None = None,
    advance: Callable[[float, float], None] = lambda *_: None,
) -> ScorecardFit:
    """Fit a scorecard on every column of `frame` against `bad` (n,), 1 for a default.

    `weight` (n,) counts a row for more or less than one (outcome maturity). Bins are found on at
    most 100,000 rows; weights of evidence and coefficients use all rows. Raises
    BadInput when the target has one class or no feature can be used.
    """
    chosen = options or ScorecardOptions()
    flags = np.asarray(bad, dtype=bool)
    weights = np.ones(flags.size) if weight is None else np.asarray(weight, dtype=float)
    if flags.all() or not flags.any():
        raise BadInput(
            "the target has only one class in the training rows",
            mend="give both defaults and good payers",
        )
    screened = screen(
        frame,
        frame.columns,
        flags,
        weight=weights,
        keep=max(60, 2 * chosen.max_characteristics),
        seed=chosen.seed,
        advance=lambda done, total: advance(done, 3 * total),
    )
    dropped = dict(screened.dropped)
    binned = _bin_all(
        frame, screened.kept, flags=flags, weights=weights, options=chosen, advance=advance
    )
    against = {
        each.feature: each.text()
        for each in contradictions(
            frame, flags, chosen.directions, special=chosen.special, weight=weights
        )
    }
    ranked = _by_information(binned, chosen, dropped, against)
    if not ranked:
        raise BadInput(
            "no feature can be used for a scorecard: each is constant, empty or an identifier",
            mend="give features that differ between applicants",
        )
    sample = _sample(flags.size, SELECT_ROWS, chosen.seed)
    woes = {each: binned[each].woes for each in ranked}
    matrix = _woe_matrix(frame[sample], [binned[each].characteristic for each in ranked], woes)
    selected = _select(
        ranked,
        matrix,
        good=~flags[sample],
        weights=weights[sample],
        options=chosen,
        dropped=dropped,
    )
    card = _card(frame, binned, selected, flags=flags, weights=weights, options=chosen)
    card = replace(card, name=name, window_months=window_months)
    notes = []
    if flags.size > BIN_ROWS:
        notes.append(f"bins found on a random {BIN_ROWS:,} of {flags.size:,} training rows")
    return ScorecardFit(card, dropped, notes)


def _sample(size: int, at_most: int, seed: int) -> Array:
    if size <= at_most:
        return np.arange(size)
    return np.sort(np.random.default_rng(seed).choice(size, at_most, replace=False))


def _bin_all(
    frame: pl.DataFrame,
    features: list[str],
    *,
    flags: Array,
    weights: FloatArray,
    options: ScorecardOptions,
    advance: Callable[[float, float], None],
) -> dict[str, Binned]:
    rows = _sample(flags.size, BIN_ROWS, options.seed)
    rows = rows[weights[rows] > 0]
    binned = {}
    for done, feature in enumerate(features):
        advance(len(features) + 2 * done, 3 * len(features))
        bins = find_bins(frame[feature][rows], flags[rows], options.bins_of(feature), weights[rows])
        binned[feature] = with_evidence(bins, frame[feature], flags, weights)
    return binned


def _by_information(
    binned: Mapping[str, Binned],
    options: ScorecardOptions,
    dropped: dict[str, str],
    against: Mapping[str, str],
) -> list[str]:
    """Features with enough information, strongest first; `against` words wrong directions."""
    ranked = sorted(binned, key=lambda each: (-binned[each].information_value, each))
    informative = [
        f for f in ranked if binned[f].information_value >= options.min_information_value
    ]
    for feature in ranked:
        if feature not in informative:
            value = binned[feature].information_value
            dropped[feature] = against.get(
                feature,
                f"too little information: its value of {value:.3f} is below "
                f"{options.min_information_value:g}",
            )
    if not informative and ranked:  # a weak card is still a card; validation will say how weak
        informative = ranked[:1]
        del dropped[informative[0]]
    return informative


def _woe_matrix(
    frame: pl.DataFrame, characteristics: list[Characteristic], woes: Mapping[str, FloatArray]
) -> FloatArray:
    columns = [woes[each.name][each.locate(frame[each.name])] for each in characteristics]
    return np.column_stack(columns)


def _select(
    ranked: list[str],
    matrix: FloatArray,
    *,
    good: Array,
    weights: FloatArray,
    options: ScorecardOptions,
    dropped: dict[str, str],
) -> list[str]:
    correlation = correlations(matrix, weights)
    selected = _uncorrelated(ranked, correlation, options, dropped)
    selected = _low_vif(selected, ranked, correlation, options, dropped)
    while len(selected) > 1:
        columns = matrix[:, [ranked.index(each) for each in selected]]
        coefficients, errors = logistic_newton(columns, good, weights)
        z = coefficients / errors
        worst = int(np.argmin(z))
        if coefficients[worst] <= 0:
            dropped[selected[worst]] = (
                "beside the others it would count the wrong way round: they say what it says"
            )
        elif options.max_p_value is not None and _p(z, columns, worst) > options.max_p_value:
            dropped[selected[worst]] = (
                f"not significant beside the others: its p-value is above {options.max_p_value:g}"
            )
        elif len(selected) > options.max_characteristics:
            dropped[selected[worst]] = (
                f"weakest beside the others: the card holds {options.max_characteristics}"
            )
        else:
            break
        selected.pop(worst)
    return selected


def _p(z: FloatArray, columns: FloatArray, at: int) -> float:
    """Chance of a Wald statistic as large: weights of evidence were fitted to the same rows, so it
    has as many degrees of freedom as the characteristic has bins, less one."""
    freedom = max(1, np.unique(columns[:, at]).size - 1)
    return chi2_above(z[at] ** 2, freedom)


def _uncorrelated(
    ranked: list[str], correlation: FloatArray, options: ScorecardOptions, dropped: dict[str, str]
) -> list[str]:
    selected: list[int] = []
    for at, feature in enumerate(ranked):
        twins = [k for k in selected if abs(correlation[at, k]) > options.max_correlation]
        if twins:
            twin = max(twins, key=lambda k: abs(correlation[at, k]))
            value = correlation[at, twin]
            dropped[feature] = f"says the same as {ranked[twin]} (correlation {value:.2f})"
        else:
            selected.append(at)
    return [ranked[at] for at in selected]


def correlations(columns: FloatArray, weight: FloatArray | None = None) -> FloatArray:
    """Correlations of columns; one that is constant in these rows goes with no other."""
    share = np.full(len(columns), 1.0) if weight is None else weight
    share = share / share.sum()
    centred = columns - share @ columns
    spread = np.sqrt(share @ centred**2)
    varies = spread > 1e-12 * (1.0 + np.abs(columns).max(axis=0))
    scaled = np.zeros(columns.shape)
    scaled[:, varies] = centred[:, varies] / spread[varies]
    correlation: FloatArray = scaled.T @ (scaled * share[:, None])
    np.fill_diagonal(correlation, 1.0)
    return correlation


def _low_vif(
    kept: list[str],
    ranked: list[str],
    correlation: FloatArray,
    options: ScorecardOptions,
    dropped: dict[str, str],
) -> list[str]:
    while len(kept) > 1:
        at = [ranked.index(each) for each in kept]
        among = correlation[np.ix_(at, at)] + 1e-9 * np.eye(len(kept))
        factors = np.diag(np.linalg.inv(among))
        worst = int(np.argmax(factors))
        if factors[worst] <= options.max_vif:
            break
        dropped[kept[worst]] = f"the others together say the same (VIF {factors[worst]:.0f})"
        kept = [each for at, each in enumerate(kept) if at != worst]
    return kept


def logistic_newton(
    columns: FloatArray, positive: Array, weights: FloatArray, ridge: float = 1.0
) -> tuple[FloatArray, FloatArray]:
    """Coefficients (without intercept) and their standard errors, by Newton's method.

    `ridge` is the L2 penalty, as C = 1 / ridge in scikit-learn.
    """
    design = np.column_stack([np.ones(len(columns)), columns])
    target = np.asarray(positive, dtype=float)
    penalty = np.full(design.shape[1], ridge)
    penalty[0] = 0.0
    beta = np.zeros(design.shape[1])
    share = float(np.clip(np.average(target, weights=weights), 1e-6, 1 - 1e-6))
    beta[0] = math.log(share / (1 - share))
    hessian = np.eye(design.shape[1])
    for _ in range(50):
        fitted = expit(design @ beta)
        gradient = design.T @ (weights * (target - fitted)) - penalty * beta
        curvature = weights * fitted * (1 - fitted)
        hessian = (design * curvature[:, None]).T @ design + np.diag(penalty)
        step = np.linalg.lstsq(hessian, gradient, rcond=None)[0]
        beta += step * min(1.0, 5.0 / max(1e-12, float(np.abs(step).max())))
        if np.abs(step).max() < 1e-8:
            break
    errors = np.sqrt(np.maximum(np.diag(np.linalg.pinv(hessian)), 1e-300))
    return beta[1:], errors[1:]


def _card(
    frame: pl.DataFrame,
    binned: Mapping[str, Binned],
    selected: list[str],
    *,
    flags: Array,
    weights: FloatArray,
    options: ScorecardOptions,
) -> Scorecard:
    from sklearn.linear_model import LogisticRegression

    characteristics = [binned[each].characteristic for each in selected]
    matrix = _woe_matrix(frame, characteristics, {each: binned[each].woes for each in selected})
    model = LogisticRegression(C=1.0, max_iter=500, tol=1e-8)
    model.fit(matrix, ~flags, sample_weight=weights)
    scaling, intercept = options.scaling, float(model.intercept_[0])
    scored = tuple(
        _with_points(each, binned[each.name], float(coefficient), options)
        for each, coefficient in zip(characteristics, model.coef_[0], strict=True)
    )
    card = Scorecard(
        name="",
        characteristics=scored,
        base_points=on_grid(scaling.offset + scaling.factor * intercept),
        intercept=intercept,
        scaling=scaling,
        pd_table=tabulate(lambda points: np.full(points.shape, 0.5), 0.0, 1.0, scaling.pdo),
    )
    return card.recalibrated(slope=1.0, shift=0.0)


def _with_points(
    each: Characteristic, binned: Binned, coefficient: float, options: ScorecardOptions
) -> Characteristic:
    factor = options.scaling.factor
    ordered = [*each.attributes]
    if isinstance(each, Categorical):
        ordered += [a for a in (each.other, each.missing) if a]
    else:
        ordered += [a for _, a in each.special] + ([each.missing] if each.missing else [])
    attributes = [
        Attribute(a.label, a.woe, on_grid(factor * coefficient * a.woe), a.share, a.bad_rate)
        for a in ordered
    ]
    final = rebuilt(each, attributes, coefficient, binned.information_value)
    if isinstance(final, Categorical) and options.unseen == "refuse":
        return replace(final, other=None)
    return final
