"""Loans granted against the strategy: their bads against the model's, and the money they made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from equipoise.numeric.arrays import BoolArray, FloatArray
from equipoise.numeric.distributions import poisson_binomial
from equipoise.review.fairness.intervals import share
from equipoise.review.overrides.cases import Cases
from equipoise.review.overrides.money import Sum, total
from equipoise.review.overrides.sides import Approved
from equipoise.risk.maturity import Outcomes, maturity_curve, maturity_share, window_weights

LEAST_BADS = 30  # that tell when in the window loans go bad


@dataclass(frozen=True, slots=True)
class Ruler:
    """What all groups are measured by. `shown` is the share of the window's bads by month 0, 1, ..

    `worse` is how many times as often bad those turned away are taken to be, beside their likes.
    """

    horizon: int
    confidence: float
    least: int
    draws: int
    worse: float
    shown: FloatArray


def when_bads_show(sources: Sequence[Outcomes], horizon: int) -> FloatArray:
    """Share of the window's bads that has shown by month 0, 1, .. `horizon`: (horizon + 1,).

    From the first source with enough bads; from none, they are taken to come evenly.
    """
    for outcomes in sources:
        if int(outcomes.bad_in(horizon).sum()) >= LEAST_BADS:
            return maturity_share(maturity_curve(outcomes, horizon))
    return np.linspace(0.0, 1.0, horizon + 1)


def rate_p_value(bads: int, chances: FloatArray) -> float:
    """Two-sided exact test that loans went bad with these chances (n,): twice the smaller tail."""
    mass = poisson_binomial(chances)
    return min(1.0, 2 * min(float(mass[bads:].sum()), float(mass[: bads + 1].sum())))


def weighed(outcomes: Outcomes, horizon: int) -> tuple[BoolArray, FloatArray] | None:
    """Bad in the window (n,), and weights (n,) that let known loans stand for open ones.

    None where some are open and no loan was watched for the whole window.
    """
    if bool(outcomes.mature_in(horizon).all()) and outcomes.months.size:
        return outcomes.bad_in(horizon), np.ones(outcomes.months.size)
    if not np.any(outcomes.whole_months() >= horizon):
        return None
    return window_weights(outcomes, horizon)


def effective(outcomes: Outcomes, horizon: int) -> tuple[float, float] | None:
    """Bads and known loans of the whole window, as many as tell as much (Kish 1965); or None."""
    pair = weighed(outcomes, horizon)
    if pair is None:
        return None
    bad, weights = pair
    worth = float(weights.sum() ** 2 / np.square(weights).sum())
    return worth * float(np.average(bad, weights=weights)), worth


def approved(cases: Cases, ruler: Ruler, rng: np.random.Generator) -> Approved:
    """What came of the loans; counts alone where fewer than the least number are known."""
    outcomes = cases.outcomes
    known = outcomes.mature_in(ruler.horizon)
    counts = Approved(cases.size, int(known.sum()), int(outcomes.bad_in(ruler.horizon).sum()))
    if counts.known < ruler.least:
        return replace(counts, answer="too_few" if counts.n else "none")
    effect, weighted = effective(outcomes, ruler.horizon), weighed(outcomes, ruler.horizon)
    if effect is None or weighted is None:
        return replace(counts, answer="too_young")
    bads, worth = effect
    chances = cases.pd * ruler.shown[cases.follow_up.astype(np.intp)]
    paid = bool(np.isfinite(cases.if_good).all())
    money = _money(cases, weighted[1], ruler, rng) if paid else None
    safer = _safer_half(cases, ruler) if paid else None
    return Approved(
        n=counts.n,
        known=counts.known,
        bad=counts.bad,
        expected_rate=float(cases.pd.mean()),
        expected_bad=float(chances.sum()),
        bad_rate=share(bads, worth, ruler.confidence),
        break_even=_break_even(cases) if paid else None,
        p_rate=rate_p_value(counts.bad, chances),
        money=money.money if money else None,
        p_money=money.p_value if money else None,
        safer_half=safer[0] if safer else None,
        safer_pd=safer[1] if safer else None,
    )


def _brought(cases: Cases) -> FloatArray:
    """Money of each loan that is known: as given, else by what it is worth."""
    by_worth = np.where(cases.bad, -cases.if_bad, cases.if_good)
    return np.where(np.isfinite(cases.earned), cases.earned, by_worth)


def _money(cases: Cases, weights: FloatArray, ruler: Ruler, rng: np.random.Generator) -> Sum:
    known = weights > 0
    ends = (float(cases.if_good.mean()), -float(cases.if_bad.mean()))
    return total(
        _brought(cases)[known],
        weights[known],
        ends,
        cases.size,
        level=ruler.confidence,
        rng=rng,
        draws=ruler.draws,
    )


def _break_even(cases: Cases) -> float:
    """The bad rate at which loans of these amounts earn nothing."""
    good = float(cases.if_good.sum())
    return good / (good + float(cases.if_bad.sum()))


def _safer_half(cases: Cases, ruler: Ruler) -> tuple[float, float] | None:
    """Money of the half with the lower PD, and the PD that parts the halves."""
    middle = float(np.median(cases.pd))
    half = cases.only(cases.pd < middle)
    known = half.outcomes.mature_in(ruler.horizon)
    weighted = weighed(half.outcomes, ruler.horizon)
    if int(known.sum()) < ruler.least or weighted is None:
        return None
    return half.size * float(np.average(_brought(half), weights=weighted[1])), middle
