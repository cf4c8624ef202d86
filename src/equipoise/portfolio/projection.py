"""A book run off quarter by quarter as the economy goes: losses, allowances, income and capital."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from equipoise.errors import BadInput
from equipoise.numeric.arrays import BoolArray, FloatArray, IntArray
from equipoise.numeric.compiled import kernel
from equipoise.portfolio.allowance import LoansAhead
from equipoise.portfolio.document import PortfolioDocument
from equipoise.portfolio.irb import irb_capital
from equipoise.portfolio.losing import (
    LoanLosses,
    OpenLoans,
    irb_loans,
    loans_ahead,
    measure_losses,
    open_loans,
    structure_of,
)
from equipoise.portfolio.measured import LossesMeasured
from equipoise.portfolio.moving import recent_moves
from equipoise.portfolio.rules import BookRules
from equipoise.portfolio.tape.reading import TapeReading
from equipoise.portfolio.term_structure import TermStructure
from equipoise.texts.currencies import decimals

_MONTHS = 3
_OWED, _PD = 0, 1
_YEAR, _LIFE, _LOSS, _INTEREST = 0, 1, 2, 3


@dataclass(frozen=True, slots=True)
class Projection:
    """Sums of a book in the currency's major unit, by quarter; nothing new is lent.

    (Q + 1,) at the beginning and at the end of each quarter: `exposure` and `allowance` of loans
    not in default, `lifetime` (their allowance if every one counted over its whole life), and
    `risk_weighted` assets by the internal ratings based approach. (Q,) within each quarter: `loss`
    and `interest`. Allowances foresee the scenario from its first day on; `allowance_before` is the
    one at the beginning without it. `in_default` is what is expected to be lost of loans in default
    already;
    `capital_share` the capital asked for by risk-weighted assets.
    """

    exposure: FloatArray
    allowance: FloatArray
    lifetime: FloatArray
    risk_weighted: FloatArray
    loss: FloatArray
    interest: FloatArray
    allowance_before: float
    in_default: float
    capital_share: float

    @property
    def capital(self) -> FloatArray:
        """The capital asked for (Q + 1,)."""
        return self.risk_weighted * self.capital_share

    def income(self, funding: float) -> FloatArray:
        """What each quarter earns before tax (Q,): interest less funding at a rate a year, losses,
        and what the allowance grows by. That the scenario is foreseen falls on the first."""
        funds = funding / 4 * (self.exposure[:-1] + self.exposure[1:]) / 2
        grown = np.diff(np.r_[self.allowance_before, self.allowance[1:]])
        return np.asarray(self.interest - funds - self.loss - grown)


@dataclass(frozen=True, slots=True)
class BookAhead:
    """A book at its last month, ready to be run off as often as scenarios ask."""

    open: OpenLoans
    ahead: LoansAhead
    losses: LoanLosses
    structure: TermStructure
    document: PortfolioDocument
    rules: BookRules
    measured: LossesMeasured

    @property
    def mean_pd(self) -> float:
        """The chance of default within a year, weighted by what is owed, of loans not in default;
        as it is seen, without the scenarios of portfolio.yaml."""
        lives = ~self.losses.in_default
        owed = self.open.owed[lives]
        if owed.sum() <= 0:
            return 0.0
        _, by_loan = self._walked(np.zeros(1), np.zeros(1))
        return float(np.average(by_loan[_PD, 0, lives], weights=owed))

    def run(self, default_odds: FloatArray, loss_odds: FloatArray) -> Projection:
        """Run the book off over Q quarters.

        `default_odds` and `loss_odds` (Q,) are logarithms: what is added in each quarter to the
        log-odds of default and of LGD. What the last quarter has goes on after it. Stages stay
        today's. Raises BadInput for lengths that differ.
        """
        if default_odds.shape != loss_odds.shape or default_odds.ndim != 1:
            raise BadInput("odds of default and of LGD are for other quarters")
        sums, by_loan = self._walked(default_odds, loss_odds)
        gone = self._gone
        return Projection(
            exposure=by_loan[_OWED].sum(axis=1),
            allowance=sums[_YEAR, :],
            lifetime=sums[_LIFE, :],
            risk_weighted=np.array(
                [self._weighted(*each) for each in zip(by_loan[_OWED], by_loan[_PD], strict=True)]
            ),
            loss=sums[_LOSS, 1:],
            interest=sums[_INTEREST, 1:],
            allowance_before=float(self._walked(np.zeros(1), np.zeros(1))[0][_YEAR, 0]),
            in_default=float((self.losses.lgd * self.open.owed)[gone].sum()),
            capital_share=self.rules.parameter("capital_ratio").value,
        )

    def _weighted(self, owed: FloatArray, pd: FloatArray) -> float:
        """Risk-weighted assets where loans owe so much at such PDs; those in default as today."""
        gone = self._gone
        open_ = replace(self.open, owed=np.where(gone, self.open.owed, owed))
        losses = replace(self.losses, pd=np.where(gone, self.losses.pd, pd))
        found = irb_capital(irb_loans(open_, losses, self.document, self.rules))
        return float(found.risk_weighted.sum())

    @property
    def _gone(self) -> BoolArray:
        return np.asarray(self.losses.in_default)

    def _walked(
        self, default_odds: FloatArray, loss_odds: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        quarters = default_odds.size
        sums = np.zeros((4, quarters + 1))
        by_loan = np.zeros((2, quarters + 1, self.ahead.owed.size))
        told = np.minimum(np.where(np.isnan(self.ahead.pd), 0.0, self.ahead.pd), 1 - 1e-12)
        hazard = np.where(np.isnan(self.ahead.pd), np.nan, -np.expm1(np.log1p(-told) / 12))
        facts = np.stack([self.ahead.owed, self.ahead.rate, self.ahead.lgd, hazard])
        months = np.where(self._gone, 0, self.ahead.months)
        places = np.stack([self.ahead.bucket, months, self.losses.stage])
        _run_off(
            facts,
            places,
            (self.structure.default, self.structure.repaid),
            (np.exp(default_odds), np.exp(loss_odds)),
            sums,
            by_loan,
        )
        return sums, by_loan


def book_ahead(reading: TapeReading, document: PortfolioDocument, rules: BookRules) -> BookAhead:
    """A book made ready. Raises BadInput for a tape without balances, or where no loan moves."""
    book = reading.book
    open_ = open_loans(book, decimals(book.currency))
    counts = recent_moves(book, document.losses.window_months)
    if not book.has_balance or not open_.rows.size or not counts.sum():
        raise BadInput(
            "the tape has no balances, or no loan in two months that follow one another",
            field="balance",
            mend="a book is run off by what is owed and by how loans moved; give a monthly tape",
        )
    structure = structure_of(counts, document)
    measured, by_loan = measure_losses(book, open_, structure, document, rules)
    ahead = loans_ahead(book, open_, structure, document)
    return BookAhead(open_, ahead, by_loan, structure, document, rules, measured)


@kernel
def _run_off(  # noqa: PLR0917 - a kernel takes arrays
    facts: FloatArray,
    places: IntArray,
    structure: tuple[FloatArray, FloatArray],
    odds: tuple[FloatArray, FloatArray],
    sums: FloatArray,
    by_loan: FloatArray,
) -> None:
    """Each loan month by month; the same walk as an allowance's, but odds change by quarter."""
    default, repaid = structure
    default_odds, loss_odds = odds
    longest, last = default.shape[1], default_odds.size - 1
    most = places[1].max() if places.shape[1] else 0
    loss, interest, value = np.zeros(most + 1), np.zeros(most + 1), np.ones(most + 1)
    gone, alive_at, owed_at = np.zeros(most + 1), np.zeros(most + 1), np.zeros(most + 1)
    for at in range(facts.shape[1]):
        owed, yearly, lgd, told_hazard = facts[:, at]
        bucket, months, stage = places[0, at], places[1, at], places[2, at]
        rate = np.expm1(np.log1p(yearly) / 12.0)
        growth = -np.expm1(-months * np.log1p(rate))
        pays = owed * rate / growth if growth > 0.0 else owed / max(months, 1)
        alive, worth = 1.0, 1.0
        for month in range(months):
            quarter = min(month // 3, last)
            step = min(month, longest - 1)
            plain = default[bucket, step] if np.isnan(told_hazard) else told_hazard
            by = default_odds[quarter]
            hazard = by * plain / (1.0 - plain + by * plain) if plain < 1.0 else 1.0
            more = loss_odds[quarter]
            lost = more * lgd / (1.0 - lgd + more * lgd) if lgd < 1.0 else lgd
            value[month] = worth
            alive_at[month], owed_at[month] = alive, owed
            gone[month] = alive * hazard
            loss[month] = gone[month] * lost * owed
            interest[month] = alive * owed * rate
            worth /= 1.0 + rate
            alive *= max(1.0 - hazard - repaid[bucket, step], 0.0)
            owed = max(owed * (1.0 + rate) - pays, 0.0)
        for quarter in range(sums.shape[1]):
            begins = quarter * 3
            if begins >= months:
                break
            year = life = defaults = 0.0
            for month in range(begins, months):
                # paid at the month's end, and so discounted a month more than its start
                here = loss[month] * value[month] / (1.0 + rate) / value[begins]
                life += here
                if month < begins + 12:
                    year += here
                    defaults += gone[month]
            sums[0, quarter] += life if stage == 2 else year
            sums[1, quarter] += life
            by_loan[0, quarter, at] = alive_at[begins] * owed_at[begins]
            by_loan[1, quarter, at] = min(defaults / max(alive_at[begins], 1e-300), 1.0)
            if quarter + 1 < sums.shape[1]:
                for month in range(begins, min(begins + 3, months)):
                    sums[2, quarter + 1] += loss[month]
                    sums[3, quarter + 1] += interest[month]
