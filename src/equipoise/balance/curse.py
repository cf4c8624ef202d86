"""The optimiser's curse: choosing by estimates favours whoever is estimated too low."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from equipoise.numeric.arrays import FloatArray

CONFIDENCE = 0.95
FEWEST_DEFAULTS = 20


@dataclass(frozen=True, slots=True)
class Curse:
    """Losses that came over losses foretold, among the chosen, out of fold.

    `ratio` is the estimate, `upper` its one-sided bound, `tightening` what the loss budget is
    divided by. `outcomes` counts the loans it rests on; `inputs` is the standard error that the
    other measured inputs add, as a share of the loss.
    """

    ratio: float
    upper: float
    tightening: float
    outcomes: int
    inputs: float
    note: str


def measure_curse(
    foretold: FloatArray,
    bad: FloatArray,
    weight: FloatArray,
    central_tendency: float | None = None,
    inputs: float = 0.0,
) -> Curse:
    """Compare outcomes with out-of-fold PDs, weighted by the loss each chosen loan would bring.

    Arrays (applicants,): `foretold` are PDs fitted without the applicant's own outcome, `bad` is
    1, 0 or NaN where unknown, `weight` is money lost on default under the chosen treatment times
    its chance of being booked (0 where nothing is offered). The bound is one-sided, 95 %, from
    the binomial variance of the weighted sum and, independent of it, `inputs`: the standard error
    that prices, take-up and checks measured on samples add (`spread_of_inputs`). Outcomes under
    today's terms say nothing of those. The budget is never loosened.

    Where PDs were set to a declared `central_tendency` that differs from the share of bad loans at
    hand, outcomes are weighted to it first, bads and goods apart (Saerens, Latinne and Decaestecker
    2002, Neural Computation 14(1)): otherwise the declared level itself would pass for a curse.
    """
    known = ~np.isnan(bad) & (weight > 0)
    w, p, outcome = weight[known], foretold[known], bad[known]
    if central_tendency is not None:
        w = w * _to_level(outcome, float(np.nanmean(bad)), central_tendency)
    if outcome.sum() < FEWEST_DEFAULTS or not (w * p).sum() > 0:
        return Curse(
            1.0,
            1.0,
            1.0,
            int(known.sum()),
            inputs,
            "too few known defaults among the chosen to measure it: budget not tightened",
        )
    expected = float((w * p).sum())
    ratio = float((w * outcome).sum()) / expected
    spread = float(np.sqrt((w**2 * p * (1 - p)).sum())) / expected
    upper = ratio + NormalDist().inv_cdf(CONFIDENCE) * float(np.hypot(spread, inputs))
    return Curse(
        ratio,
        upper,
        max(1.0, upper),
        int(known.sum()),
        inputs,
        f"losses came to {ratio:.3f} of those foretold out of fold on {int(known.sum()):,} loans, "
        f"and inputs measured on samples leave them uncertain by {inputs:.1%}; "
        f"the budget is divided by the one-sided 95 % bound {max(1.0, upper):.3f}",
    )


def _to_level(outcome: FloatArray, share: float, level: float) -> FloatArray:
    """Weights that turn a population with `share` bad loans into one with `level`."""
    share = min(max(share, 1e-9), 1 - 1e-9)
    return np.where(outcome > 0, level / share, (1 - level) / (1 - share))


def known_outcomes(bad: NDArray[np.float64] | None, size: int) -> FloatArray:
    """Outcomes as 1, 0 or NaN; all NaN where none are given."""
    return np.full(size, np.nan) if bad is None else bad
