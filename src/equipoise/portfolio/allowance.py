"""The allowance of every loan of a book, by scenario: one walk over the months ahead of each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from equipoise.numeric.arrays import FloatArray, IntArray
from equipoise.numeric.compiled import kernel
from equipoise.portfolio.term_structure import TermStructure, at_odds

_YEAR = 12


@dataclass(frozen=True, slots=True)
class LoansAhead:
    """What lies ahead of loans (n,): `bucket` of lateness now (a row of the term structure),
    `owed` now in money, the effective `rate` a year, `months` left, `lgd`, and `pd` within a year
    where somebody told it (NaN: by the bucket)."""

    bucket: IntArray
    owed: FloatArray
    rate: FloatArray
    months: IntArray
    lgd: FloatArray
    pd: FloatArray

    @property
    def hazard(self) -> FloatArray:
        """The constant chance a month that gives each told PD (n,); NaN where none is told."""
        given = np.minimum(np.where(np.isnan(self.pd), 0.0, self.pd), 1 - 1e-12)
        return np.where(np.isnan(self.pd), np.nan, -np.expm1(np.log1p(-given) / _YEAR))

    def pd_of_a_year(self, structure: TermStructure, odds: float = 1.0) -> FloatArray:
        """The chance to default within twelve months (n,), of loans that last so long."""
        by_bucket = structure.within(_YEAR, odds)[self.bucket]
        hazard = self.hazard
        pd = -np.expm1(_YEAR * np.log1p(-at_odds(hazard, odds)))
        return np.where(np.isnan(hazard), by_bucket, pd)


@dataclass(frozen=True, slots=True)
class Expected:
    """(n,) by loan: losses expected within 12 months and over the whole life, discounted, in
    money; and the chances to default in them."""

    year: FloatArray
    life: FloatArray
    pd_year: FloatArray
    pd_life: FloatArray


def expected_losses(ahead: LoansAhead, structure: TermStructure, odds: float = 1.0) -> Expected:
    """Losses of loans repaid in level instalments; `odds` multiplies the odds of default.

    Default in a month loses LGD of what is owed at its start, at the month's end. A loan whose PD
    is told has the constant hazard that gives it. Source: as `ecl.period_losses`, months for years.
    """
    losses = np.empty((4, ahead.owed.size))
    facts = np.stack([ahead.owed, ahead.rate, ahead.lgd, ahead.hazard])
    places = np.stack([ahead.bucket, ahead.months])
    _walk(facts, places, structure.default, structure.repaid, odds, losses)
    return Expected(*losses)


@kernel
def _walk(  # noqa: PLR0917 - a kernel takes arrays
    facts: FloatArray,
    places: IntArray,
    default: FloatArray,
    repaid: FloatArray,
    odds: float,
    losses: FloatArray,
) -> None:
    longest = default.shape[1]
    for at in range(facts.shape[1]):
        owed, yearly, lgd, told_hazard = facts[:, at]
        bucket, months = places[0, at], places[1, at]
        rate = np.expm1(np.log1p(yearly) / 12.0)
        growth = -np.expm1(-months * np.log1p(rate))
        pays = owed * rate / growth if growth > 0.0 else owed / months
        alive, value = 1.0, 1.0
        year = life = pd_year = pd_life = 0.0
        for month in range(months):
            step = min(month, longest - 1)
            plain = default[bucket, step] if np.isnan(told_hazard) else told_hazard
            hazard = odds * plain / (1.0 - plain + odds * plain) if plain < 1.0 else 1.0
            value /= 1.0 + rate
            defaults = alive * hazard
            loss = defaults * lgd * owed * value
            life += loss
            pd_life += defaults
            if month < 12:
                year += loss
                pd_year += defaults
            alive *= max(1.0 - hazard - repaid[bucket, step], 0.0)
            owed = max(owed * (1.0 + rate) - pays, 0.0)
        losses[0, at], losses[1, at], losses[2, at], losses[3, at] = year, life, pd_year, pd_life
