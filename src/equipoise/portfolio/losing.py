"""Stages and allowances of a book at its last month."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from equipoise.numeric.arrays import BoolArray, FloatArray, IndexArray, IntArray
from equipoise.portfolio.allowance import Expected, LoansAhead, expected_losses
from equipoise.portfolio.document import Overlay, PortfolioDocument
from equipoise.portfolio.ecl import weighted
from equipoise.portfolio.measured import LossesMeasured, OverlayUse, StageRow
from equipoise.portfolio.moving import DEFAULTED, REPAID
from equipoise.portfolio.rules import BookRules
from equipoise.portfolio.staging import REASONS, StageRules, Stages, stages
from equipoise.portfolio.tape.book import STATES, Book
from equipoise.portfolio.term_structure import TermStructure, term_structure

MOST_MONTHS = 480
"""Months ahead that a loan is looked at, at most."""


@dataclass(frozen=True, slots=True)
class OpenLoans:
    """The loans that owe something at the last month (n,): their rows in the book, what they owe
    in money, and what is told of them."""

    rows: IndexArray
    loan: IntArray
    owed: FloatArray
    state: IntArray
    facts: pl.DataFrame
    unit: float

    def numbers(self, name: str, otherwise: float) -> FloatArray:
        """A column of the loans, with another number where it is not told."""
        if name not in self.facts.columns:
            return np.full(self.rows.size, otherwise)
        return self.facts[name].cast(pl.Float64).fill_null(otherwise).to_numpy()


def open_loans(book: Book, decimals: int) -> OpenLoans:
    """What is owed at the book's last month: nothing of loans repaid or written off. Where the tape
    has no balances, all others are open, and owe nothing that is known."""
    at = book.at(book.last_month)
    stays = (book.state[at] != REPAID) & (book.state[at] != STATES.index("written_off"))
    rows = at[stays & ((book.balance[at] > 0) | (not book.has_balance))]
    unit = 10.0**decimals
    return OpenLoans(
        rows=rows,
        loan=book.loan[rows],
        owed=book.balance[rows] / unit,
        state=book.state[rows],
        facts=book.loans[book.loan[rows]],
        unit=unit,
    )


def structure_of(counts: IntArray, document: PortfolioDocument, step: int) -> TermStructure:
    """The chances of default by bucket and month ahead, as the document's window has them, of moves
    within `step` months."""
    horizon = document.losses.horizon_months
    return term_structure(counts, horizon, defaulted=DEFAULTED, repaid=REPAID, step=step)


@dataclass(frozen=True, slots=True)
class LoanLosses:
    """(n,) by open loan: how it is staged, the losses of a year and of the whole life that
    scenarios expect together, allowance with overlays, PD within a year, LGD, rate, months left."""

    staged: Stages
    year: FloatArray
    life: FloatArray
    allowance: FloatArray
    pd: FloatArray
    lgd: FloatArray
    rate: FloatArray
    months: IntArray
    in_default: BoolArray


def measure_losses(
    book: Book,
    open_: OpenLoans,
    structure: TermStructure,
    document: PortfolioDocument,
    rules: BookRules,
) -> tuple[LossesMeasured, LoanLosses]:
    """Stages and allowances of open loans, by scenario, with the overlays in force on the day."""
    losses = document.losses
    weights = np.array([each.weight for each in losses.scenarios])
    lgd = open_.numbers("lgd", losses.lgd.value)
    ahead = loans_ahead(book, open_, structure, document)
    now = weights @ np.stack([ahead.pd_of_a_year(structure, e.odds) for e in losses.scenarios])
    origin = pd_at_origination(open_, ahead, structure)
    staged = _staged(book, open_, stage_rules(document, rules), now, origin)
    stage, in_default = staged.stage, staged.stage == 3
    lost = lgd * open_.owed
    expected = [expected_losses(ahead, structure, each.odds) for each in losses.scenarios]
    by_scenario = np.stack([_by_stage(each, stage, lost) for each in expected])
    plain = weighted(by_scenario, weights)
    overlays, allowance = _with_overlays(plain, losses.overlays, open_, rules.on)
    life = weighted(np.stack([np.where(in_default, lost, each.life) for each in expected]), weights)
    needed = np.unique(ahead.bucket[~in_default])
    unseen = tuple(STATES[each] for each in needed if structure.seen[each] == 0)
    measured = LossesMeasured(
        stages=tuple(_stage_row(each, staged, open_.owed, allowance) for each in (1, 2, 3)),
        scenarios={e.name: float(by_scenario[at].sum()) for at, e in enumerate(losses.scenarios)},
        overlays=overlays,
        allowance=float(allowance.sum()),
        lifetime=float(life.sum()),
        unseen_buckets=unseen,
    )
    by_loan = LoanLosses(
        staged=staged,
        year=weighted(np.stack([each.year for each in expected]), weights),
        life=life,
        allowance=allowance,
        pd=weighted(np.stack([each.pd_year for each in expected]), weights),
        lgd=lgd,
        rate=ahead.rate,
        months=ahead.months,
        in_default=in_default,
    )
    return measured, by_loan


def stage_rules(document: PortfolioDocument, rules: BookRules) -> StageRules:
    """When loans move between stages: by the packs, and by portfolio.yaml where none sets how long
    cure, probation and forbearance are. A rise of PD is looked for where a pack has a ratio."""
    losses = document.losses
    return StageRules(
        stage2_days=int(rules.parameter("stage2_days").value),
        stage3_days=int(rules.parameter("stage3_days").value),
        pd_ratio=rules.number("stage2_pd_ratio", np.inf),
        pd_rise=rules.number("stage2_pd_rise", 0.0),
        low_pd=rules.number("stage2_low_pd", 0.0),
        cure_months=int(rules.number("cure_months", losses.cure_months)),
        probation_months=int(rules.number("probation_months", losses.probation_months)),
        forborne_months=int(rules.number("restructured_months", losses.forborne_months)),
    )


def pd_at_origination(open_: OpenLoans, ahead: LoansAhead, structure: TermStructure) -> FloatArray:
    """The PD of a year when each loan was made (n,): told by the tape; else that of a loan that is
    not late. NaN where the tape tells today's and not the one of then."""
    otherwise = np.where(np.isnan(ahead.pd), structure.within(12)[0], np.nan)
    origination = open_.numbers("pd_at_origination", np.nan)
    return np.where(np.isnan(origination), otherwise, origination)


def _staged(
    book: Book, open_: OpenLoans, rules: StageRules, now: FloatArray, origin: FloatArray
) -> Stages:
    """How open loans (n,) are staged; PDs are known of the last month alone, and no stage
    rests on an earlier one."""
    pd = before = None
    if np.isfinite(rules.pd_ratio):
        pd, before = np.full((2, len(book)), np.nan)
        pd[open_.rows], before[open_.rows] = now, origin
    whole = stages(
        book.loan,
        book.days,
        rules.in_steps(book.step),
        impaired=book.impaired.astype(np.int64),
        forborne=book.forborne.astype(np.int64),
        pd=pd,
        pd_at_origination=before,
    )
    at, months = open_.rows, book.step
    return Stages(
        whole.stage[at], whole.reason[at], whole.watched[at] * months, whole.again[at] * months
    )


def loans_ahead(
    book: Book, open_: OpenLoans, structure: TermStructure, document: PortfolioDocument
) -> LoansAhead:
    """What lies ahead of the open loans: told by the tape, or as the document has it."""
    losses = document.losses
    return LoansAhead(
        bucket=np.clip(open_.state, 0, structure.default.shape[0] - 1),
        owed=open_.owed,
        rate=open_.numbers("rate", losses.discount.value),
        months=months_left(book, open_, losses.horizon_months),
        lgd=open_.numbers("lgd", losses.lgd.value),
        pd=open_.numbers("pd", np.nan),
    )


def months_left(book: Book, open_: OpenLoans, horizon: int) -> IntArray:
    """Months to the end of the term; those of the horizon where no term or beginning is told, and
    one at least, where the term is over and something is owed."""
    term = open_.numbers("term", np.nan)
    opened = open_.numbers("opened", np.nan)
    left = term - (book.last_month - opened)
    return np.where(np.isnan(left), horizon, np.clip(left, 1, MOST_MONTHS)).astype(np.int64)


def _by_stage(expected: Expected, stage: IntArray, lost: FloatArray) -> FloatArray:
    return np.asarray(
        np.where(stage == 1, expected.year, np.where(stage == 2, expected.life, lost))
    )


def _with_overlays(
    plain: FloatArray, overlays: tuple[Overlay, ...], open_: OpenLoans, on: date
) -> tuple[tuple[OverlayUse, ...], FloatArray]:
    """Allowances with overlays one after another, and what each of them adds."""
    now, used = plain.copy(), []
    for each in overlays:
        applied = each.holds(on)
        whom = _whom(each, open_) if applied else np.zeros(now.size, dtype=bool)
        more = np.where(whom, np.minimum(now * each.factor, open_.owed) - now, 0.0)
        now = now + more
        used.append(
            OverlayUse(each.id, each.owner, each.reason, str(each.until), applied,
                       float(more.sum()))
        )  # fmt: skip
    return tuple(used), now


def _whom(overlay: Overlay, open_: OpenLoans) -> BoolArray:
    if overlay.by is None:
        return np.ones(open_.rows.size, dtype=bool)
    if overlay.by not in open_.facts.columns:
        return np.zeros(open_.rows.size, dtype=bool)
    same = open_.facts[overlay.by].cast(pl.String) == overlay.value
    return same.fill_null(value=False).to_numpy()


def _stage_row(which: int, staged: Stages, owed: FloatArray, allowance: FloatArray) -> StageRow:
    here = staged.stage == which
    counted = Counter(REASONS[each] for each in staged.reason[here])
    return StageRow(
        which,
        int(here.sum()),
        float(owed[here].sum()),
        float(allowance[here].sum()),
        dict(sorted(counted.items())),
    )
