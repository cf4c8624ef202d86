"""Fitting a scorecard: bins, weights of evidence, selection, logistic regression, points."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl

from equipoise.errors import BadInput
from equipoise.numeric.arrays import Array, BoolArray, FloatArray
from equipoise.numeric.distributions import chi2_above
from equipoise.risk.binning import (
    Binned,
    BinOptions,
    bins_of,
    candidate_edges,
    cut,
    evidence_of,
    rebuilt,
)
from equipoise.risk.characteristic import Attribute, Categorical, Characteristic, on_grid
from equipoise.risk.directions import contradictions
from equipoise.risk.newton import logistic_newton, maximise
from equipoise.risk.pd_table import tabulate
from equipoise.risk.scorecard import Scaling, Scorecard
from equipoise.risk.screening import Kind, screened, screening_rows
from equipoise.risk.training import (
    MANY_VALUES,
    SAMPLE_ROWS,
    FrameRows,
    TrainingRows,
    counted,
    woe_matrix,
)


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

    `weight` (n,) counts a row for more or less than one (outcome maturity). Bins, weights of
    evidence and coefficients use all rows; which characteristics enter is chosen on at most
    100,000, and so are the points at which one of more different values may be cut. Raises
    BadInput when the target has one class or no feature can be used.
    """
    flags = np.asarray(bad, dtype=bool)
    weights = np.ones(flags.size) if weight is None else np.asarray(weight, dtype=float)
    return fit_scorecard_on(
        FrameRows(frame, flags, weights),
        options,
        name=name,
        window_months=window_months,
        advance=advance,
    )


def fit_scorecard_on(
    rows: TrainingRows,
    options: ScorecardOptions | None = None,
    *,
    name: str = "scorecard",
    window_months: int | None = None,
    advance: Callable[[float, float], None] = lambda *_: None,
) -> ScorecardFit:
    """The same of rows wherever they lie."""
    chosen = options or ScorecardOptions()
    flags, weights = rows.flags, rows.weights
    if flags.all() or not flags.any():
        raise BadInput(
            "the target has only one class in the training rows",
            mend="give both defaults and good payers",
        )
    kinds = rows.kinds()
    seen = screening_rows(flags.size, chosen.seed)
    kept = screened(
        kinds,
        rows.some(seen),
        flags[seen],
        weights[seen],
        keep=max(60, 2 * chosen.max_characteristics),
        advance=lambda done, total: advance(done, 3 * total),
    )
    dropped = dict(kept.dropped)
    numbers = _sample(flags.size, SAMPLE_ROWS, chosen.seed)
    sample = _Sample(rows.some(numbers), flags[numbers], weights[numbers])
    many = [n for n in kept.kept if _has_many(kinds[n])]
    binned = _bin_all(rows, kept.kept, many, sample, options=chosen, advance=advance)
    against = {
        each.feature: each.text()
        for each in contradictions(
            sample.frame,
            sample.flags,
            chosen.directions,
            special=chosen.special,
            weight=sample.weights,
        )
    }
    ranked = _by_information(binned, chosen, dropped, against)
    if not ranked:
        raise BadInput(
            "no feature can be used for a scorecard: each is constant, empty or an identifier",
            mend="give features that differ between applicants",
        )
    matrix = woe_matrix(
        sample.frame,
        [binned[each].characteristic for each in ranked],
        [binned[each].woes for each in ranked],
    )
    selected = _select(
        ranked,
        matrix,
        good=~sample.flags,
        weights=sample.weights,
        options=chosen,
        dropped=dropped,
    )
    card = _card(rows, binned, selected, options=chosen)
    card = replace(card, name=name, window_months=window_months)
    return ScorecardFit(card, dropped, _sampled(flags.size, many))


@dataclass(frozen=True, slots=True)
class _Sample:
    """Some of the rows, whole."""

    frame: pl.DataFrame
    flags: BoolArray
    weights: FloatArray


def _sampled(size: int, many: list[str]) -> list[str]:
    if size <= SAMPLE_ROWS:
        return []
    notes = [f"characteristics chosen on a random {SAMPLE_ROWS:,} of {size:,} training rows"]
    if many:
        notes.append(
            f"cuts of {len(many)} characteristics with over {MANY_VALUES:,} different values each "
            "sought at quantile points of those rows"
        )
    return notes


def _has_many(kind: Kind) -> bool:
    return kind.dtype != pl.String and kind.different > MANY_VALUES


def _sample(size: int, at_most: int, seed: int) -> Array:
    if size <= at_most:
        return np.arange(size)
    return np.sort(np.random.default_rng(seed).choice(size, at_most, replace=False))


def _bin_all(
    rows: TrainingRows,
    features: list[str],
    many: list[str],
    sample: _Sample,
    *,
    options: ScorecardOptions,
    advance: Callable[[float, float], None],
) -> dict[str, Binned]:
    """Bins of each feature, from distinct values of all rows, or, of `many`, at quantile points."""
    binning = {feature: options.bins_of(feature) for feature in features}
    weight = float(rows.weights.sum())
    few = {feature: binning[feature].special for feature in features if feature not in many}
    bins = {
        feature: bins_of(feature, values, binning[feature], weight)
        for feature, values in rows.counted(few).items()
    }
    advance(len(features) + 1, 3 * len(features))
    edges = {}
    for feature in many:
        points = counted(
            sample.frame[feature], sample.flags, sample.weights, binning[feature].special
        )
        edges[feature] = np.array(candidate_edges(points.values, points.rows))
    for feature, cells in rows.between(edges, {f: binning[f].special for f in many}).items():
        bins[feature] = cut(feature, edges[feature], cells, binning[feature], weight)
    advance(2 * len(features), 3 * len(features))
    counts = rows.tallies([bins[feature] for feature in features])
    return {
        feature: evidence_of(bins[feature], each)
        for feature, each in zip(features, counts, strict=True)
    }


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


def _card(
    rows: TrainingRows,
    binned: Mapping[str, Binned],
    selected: list[str],
    *,
    options: ScorecardOptions,
) -> Scorecard:
    characteristics = [binned[each].characteristic for each in selected]
    sums = rows.logistic(characteristics, [binned[each].woes for each in selected])
    share = float(np.average(~rows.flags, weights=rows.weights))
    beta, _ = maximise(sums, share, len(selected))
    scaling, intercept = options.scaling, float(beta[0])
    scored = tuple(
        _with_points(each, binned[each.name], float(coefficient), options)
        for each, coefficient in zip(characteristics, beta[1:], strict=True)
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
