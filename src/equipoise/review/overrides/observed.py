"""Loans granted against the strategy: their bads against the model's, and the money they made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from equipoise.numeric.arrays import FloatArray
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


def effective(outcomes: Outcomes, horizon: int) -> tuple[float, float] | None:
    """Bads and known loans of the whole window, as many as tell as much (Kish 1965).

    None where no loan was watched for all of it.
    """
    if not np.any(outcomes.whole_months() >= horizon):
        return None
    bad, weights = window_weights(outcomes, horizon)
    worth = float(weights.sum() ** 2 / np.square(weights).sum())
    return worth * float(np.average(bad, weights=weights)), worth


def approved(cases: Cases, ruler: Ruler, rng: np.random.Generator) -> Approved:
    """What came of the loans; counts alone where fewer than the least number are known."""
    outcomes = cases.outcomes
    known = outcomes.mature_in(ruler.horizon)
    counts = Approved(cases.size, int(known.sum()), int(outcomes.bad_in(ruler.horizon).sum()))
    found = effective(outcomes, ruler.horizon)
    if counts.known < ruler.least or found is None:
        return Approved(
            counts.n, counts.known, counts.bad, answer="too_few" if counts.n else "none"
        )
    bads, worth = found
    chances = cases.pd * ruler.shown[cases.follow_up.astype(np.intp)]
    paid = bool(np.isfinite(cases.if_good).all())
    money = _money(cases, ruler, rng) if paid else None
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


def _money(cases: Cases, ruler: Ruler, rng: np.random.Generator) -> Sum:
    _, weights = window_weights(cases.outcomes, ruler.horizon)
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
    if int(known.sum()) < ruler.least or effective(half.outcomes, ruler.horizon) is None:
        return None
    _, weights = window_weights(half.outcomes, ruler.horizon)
    return half.size * float(np.average(_brought(half), weights=weights)), middle
