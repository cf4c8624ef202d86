"""A book run off quarter by quarter as the economy goes: losses, allowances, income and capital."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from equipoise.errors import BadInput
from equipoise.numeric.arrays import BoolArray, FloatArray
from equipoise.portfolio.allowance import LoansAhead
from equipoise.portfolio.document import PortfolioDocument
from equipoise.portfolio.irb import IrbLoans, irb_capital
from equipoise.portfolio.losing import (
    LoanLosses,
    OpenLoans,
    loans_ahead,
    measure_losses,
    open_loans,
    pd_at_origination,
    stage_rules,
    structure_of,
)
from equipoise.portfolio.measured import LossesMeasured
from equipoise.portfolio.moving import DEFAULTED, recent_moves
from equipoise.portfolio.roll_shift import Shifts
from equipoise.portfolio.rolling import Rolling
from equipoise.portfolio.rules import BookRules
from equipoise.portfolio.running_off import (
    ALLOWANCE,
    BAD,
    INTEREST,
    LATE,
    LIFE,
    LOSS,
    OWED,
    PD,
    STAGE2,
    StagesAhead,
    run_off,
)
from equipoise.portfolio.tape.reading import TapeReading
from equipoise.portfolio.term_structure import TermStructure
from equipoise.portfolio.tying_up import floors, irb_loans
from equipoise.texts.currencies import decimals


@dataclass(frozen=True)
class Projection:
    """Sums of a book in the currency's major unit, by quarter; nothing new is lent.

    (Q + 1,) at the beginning and at the end of each quarter: `exposure` and `allowance` of loans
    not in default, what of the exposure is in `stage2` then and what is `late` by more days than
    stage 1 allows, and `lifetime` (the allowance if every loan counted over its whole life). (Q,)
    within each quarter: what `defaulted`, `loss`, `interest`, and `shifts`, what is added to the
    log-odds of rolling. Allowances and stages foresee the scenario from its first day on;
    `allowance_before` is the one at the beginning without it. `in_default` is what is expected to
    be lost of loans in default already; `capital_share` the capital asked for by risk-weighted
    assets, which `weigh` gives: they take as long as the run-off, and most limits ask for none.
    """

    exposure: FloatArray
    stage2: FloatArray
    late: FloatArray
    allowance: FloatArray
    lifetime: FloatArray
    defaulted: FloatArray
    loss: FloatArray
    interest: FloatArray
    shifts: Shifts
    allowance_before: float
    in_default: float
    capital_share: float
    weigh: Callable[[], FloatArray]

    @cached_property
    def risk_weighted(self) -> FloatArray:
        """Risk-weighted assets by the internal ratings based approach (Q + 1,)."""
        return self.weigh()

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


@dataclass(frozen=True)
class BookAhead:
    """A book at its last month, ready to be run off as often as scenarios ask.

    Its chances rest on `defaults` seen. `default_months` are the tape's months of loans in default
    whose next one it shows, and `came_back` those after which a loan was less late. Nobody comes
    back in the run-off: LGD is what is lost of all who default, whether they come back or not.
    """

    open: OpenLoans
    ahead: LoansAhead
    losses: LoanLosses
    structure: TermStructure
    stages: StagesAhead
    document: PortfolioDocument
    rules: BookRules
    measured: LossesMeasured
    defaults: int
    default_months: int
    came_back: int

    @property
    def mean_pd(self) -> float:
        """The chance of default within a year, weighted by what is owed, of loans not in default;
        as it is seen, without the scenarios of portfolio.yaml."""
        return self._today[1]

    @cached_property
    def _today(self) -> tuple[float, float]:
        """The allowance of loans not in default, and their mean PD, without a scenario."""
        sums, by_loan, _ = self._walked(np.zeros(1), np.zeros(1))
        owed = by_loan[OWED, 0]
        mean = float(np.average(by_loan[PD, 0], weights=owed)) if owed.sum() > 0 else 0.0
        return float(sums[ALLOWANCE, 0]), mean

    @cached_property
    def _capital(self) -> tuple[IrbLoans, FloatArray]:
        """The loans as IRB takes them, and the floor of each PD."""
        loans = irb_loans(self.open, self.losses, self.document, self.rules)
        return loans, floors(self.rules, "pd_floor", loans.asset_class)

    def run(self, default_odds: FloatArray, loss_odds: FloatArray) -> Projection:
        """Run the book off over Q quarters.

        `default_odds` and `loss_odds` (Q,) are logarithms: what is added in each quarter to the
        log-odds of default within the quarter and of LGD. What the last quarter has goes on after
        it. Loans roll between buckets as `roll_shifts` has it, and move between stages by the rules
        of the book: see `StagesAhead`. Raises BadInput for lengths that differ.
        """
        if default_odds.shape != loss_odds.shape or default_odds.ndim != 1:
            raise BadInput("odds of default and of LGD are for other quarters")
        sums, by_loan, rolled = self._walked(default_odds, loss_odds)
        gone = self._gone
        return Projection(
            exposure=by_loan[OWED].sum(axis=1),
            stage2=sums[STAGE2, :],
            late=sums[LATE, :],
            allowance=sums[ALLOWANCE, :],
            lifetime=sums[LIFE, :],
            defaulted=sums[BAD, 1:],
            loss=sums[LOSS, 1:],
            interest=sums[INTEREST, 1:],
            shifts=rolled.shifts,
            allowance_before=self._today[0],
            in_default=float((self.losses.lgd * self.open.owed)[gone].sum()),
            capital_share=self.rules.parameter("capital_ratio").value,
            weigh=lambda: self._weighed(by_loan),
        )

    def _weighed(self, by_loan: FloatArray) -> FloatArray:
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            return np.array(list(pool.map(self._weighted, by_loan[OWED], by_loan[PD])))

    def _weighted(self, owed: FloatArray, pd: FloatArray) -> float:
        """Risk-weighted assets where loans owe so much at such PDs; those in default as today."""
        gone, (loans, floor) = self._gone, self._capital
        exposure = np.where(gone, self.open.owed, owed)
        stressed = np.where(gone, loans.pd, np.maximum(pd, floor))
        capital = irb_capital(replace(loans, pd=stressed, exposure=exposure))
        return float(capital.risk_weighted.sum())

    @property
    def _gone(self) -> BoolArray:
        return np.asarray(self.losses.in_default)

    def _walked(
        self, default_odds: FloatArray, loss_odds: FloatArray
    ) -> tuple[FloatArray, FloatArray, Rolling]:
        return run_off(self.ahead, self.structure, (default_odds, loss_odds), self.stages)


def book_ahead(reading: TapeReading, document: PortfolioDocument, rules: BookRules) -> BookAhead:
    """A book made ready. Raises BadInput for a tape without balances, or where no loan moves; and
    where none is left to default, or none was ever seen to: no scenario would move it."""
    book = reading.book
    open_ = open_loans(book, decimals(book.currency))
    counts = recent_moves(book, document.losses.window_months)
    if not book.has_balance or not open_.rows.size or not counts.sum():
        raise BadInput(
            "the tape has no balances, or no loan in two of its months that follow one another",
            field="balance",
            mend="a book is run off by what is owed and by how loans moved: give a row for each "
            "loan and month, or quarter, half year or year",
        )
    structure = structure_of(counts, document, book.step)
    measured, by_loan = measure_losses(book, open_, structure, document, rules)
    ahead = loans_ahead(book, open_, structure, document)
    origin = pd_at_origination(open_, ahead, structure)
    stages = StagesAhead.of(by_loan.staged, stage_rules(document, rules), origin)
    moves = counts.sum(axis=0)
    ready = BookAhead(
        open=open_,
        ahead=ahead,
        losses=by_loan,
        structure=structure,
        stages=stages,
        document=document,
        rules=rules,
        measured=measured,
        defaults=int(moves[: DEFAULTED[0], list(DEFAULTED)].sum()),
        default_months=int(moves[DEFAULTED[0]].sum()),
        came_back=int(moves[DEFAULTED[0], : DEFAULTED[0]].sum()),
    )
    _refuse_immovable(ready)
    return ready


def _refuse_immovable(book: BookAhead) -> None:
    if not book.losses.in_default.all() and book.mean_pd > 0:
        return
    if book.losses.in_default.all():
        raise BadInput(
            "every loan that owes something is in default: no scenario changes what is lost of it",
            field="days_late",
            mend="stress a book with loans that still pay",
        )
    raise BadInput(
        f"in the last {book.document.losses.window_months} months of the tape no loan came to "
        "default, from any lateness that loans have today: a scenario cannot move a PD of nothing",
        field="losses.window_months",
        mend="look at more months, or give the tape a `pd` for each loan",
    )
