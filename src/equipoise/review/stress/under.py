"""A book under one scenario: what each quarter brings, and the figures that limits are set on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from equipoise.numeric.arrays import FloatArray, IntArray
from equipoise.portfolio import BookAhead, MacroPath, Projection
from equipoise.review.stress.links import FactorLink, SatelliteLink


@dataclass(frozen=True, slots=True)
class Lender:
    """What a stress rests on: the book, how it follows the economy, and what stands behind it.

    `lgd_follows` is how much the log-odds of LGD move with those of default, `funding` a rate a
    year, `own_funds` money (NaN: not told).
    """

    book: BookAhead
    link: SatelliteLink | FactorLink
    lgd_follows: float
    funding: float
    own_funds: float


@dataclass(frozen=True, slots=True)
class Under:
    """A book under a scenario. `log_odds` (Q,) is what is added to the log-odds of default;
    `income` (Q,) what each quarter earns."""

    scenario: str
    quarters: IntArray
    log_odds: FloatArray
    projection: Projection
    income: FloatArray
    own_funds: float

    @property
    def loss(self) -> float:
        """All that is lost over the scenario, in money."""
        return float(self.projection.loss.sum())

    @property
    def loss_rate(self) -> float:
        """The same as a share of what is owed at the beginning."""
        return self.loss / max(float(self.projection.exposure[0]), 1e-300)

    @property
    def allowance(self) -> float:
        """The largest allowance of loans not in default, in money."""
        return float(self.projection.allowance.max())

    @property
    def allowance_rate(self) -> float:
        """The same as a share of what is owed at the beginning."""
        return self.allowance / max(float(self.projection.exposure[0]), 1e-300)

    @property
    def capital(self) -> float:
        """The most capital that is asked for, in money."""
        return float(self.projection.capital.max())

    @property
    def profit(self) -> float:
        """What the book earns over the scenario, before tax, in money."""
        return float(self.income.sum())

    @property
    def capital_ratios(self) -> FloatArray:
        """Own funds, with what was earned, by risk-weighted assets (Q + 1,); NaN if not told."""
        funds = self.own_funds + np.r_[0.0, np.cumsum(self.income)]
        return np.asarray(funds / np.maximum(self.projection.risk_weighted, 1e-300))

    @property
    def capital_ratio(self) -> float:
        """The least of them."""
        return float(self.capital_ratios.min())


def under(lender: Lender, path: MacroPath, scale: float = 1.0) -> Under:
    """The book under a scenario, stretched along its own path by `scale`; see `Link.log_odds`."""
    log_odds = lender.link.log_odds(path, scale)
    run = lender.book.run(log_odds, lender.lgd_follows * log_odds)
    return Under(
        scenario=path.scenario,
        quarters=path.quarters,
        log_odds=log_odds,
        projection=run,
        income=run.income(lender.funding),
        own_funds=lender.own_funds,
    )
