"""Capital and grades of a book at its last month."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from equipoise.numeric.arrays import Array, BoolArray, FloatArray, IntArray
from equipoise.portfolio.concentration import granularity_adjustment
from equipoise.portfolio.document import PortfolioDocument
from equipoise.portfolio.grading import GRADES, Graded, debtors_bad_share, grade_loans
from equipoise.portfolio.irb import IrbCapital, IrbLoans, by_class, irb_capital
from equipoise.portfolio.losing import LoanLosses, OpenLoans
from equipoise.portfolio.measured import CapitalMeasured, GradeRow, GradeRule, GradesMeasured
from equipoise.portfolio.rules import BookRules
from equipoise.portfolio.standardised import split_loan, weight_by_ltv
from equipoise.portfolio.tape.book import Book
from equipoise.risk import AssetClass


def irb_loans(
    open_: OpenLoans, losses: LoanLosses, document: PortfolioDocument, rules: BookRules
) -> IrbLoans:
    """The open loans as IRB takes them, with the packs' floors of PD and LGD."""
    classes = _classes(open_, document.asset_class)
    n = open_.rows.size
    return IrbLoans(
        asset_class=classes,
        pd=np.maximum(losses.pd, floors(rules, "pd_floor", classes)),
        lgd=np.maximum(losses.lgd, floors(rules, "lgd_floor", classes)),
        exposure=open_.owed,
        maturity=np.full(n, 2.5),
        sales=np.full(n, np.nan),
        defaulted=losses.in_default,
        best_estimate=losses.lgd,
    )


@dataclass(frozen=True, slots=True)
class LoanCapital:
    """By open loan: what IRB takes and gives, and the standardised risk-weighted assets (n,)."""

    loans: IrbLoans
    irb: IrbCapital
    standardised: FloatArray


def loan_capital(
    open_: OpenLoans, losses: LoanLosses, document: PortfolioDocument, rules: BookRules
) -> LoanCapital:
    """Capital loan by loan by both approaches, with the packs' floors and weights."""
    loans = irb_loans(open_, losses, document, rules)
    standardised = _standardised(open_, loans.asset_class, losses.in_default, rules)
    return LoanCapital(loans, irb_capital(loans), standardised)


def measure_capital(open_: OpenLoans, by_loan: LoanCapital, rules: BookRules) -> CapitalMeasured:
    """Risk-weighted assets by both approaches, and what few names ask for beside them."""
    irb, loans = by_loan.irb, by_loan.loans
    who = _debtors(open_)
    ratio = rules.parameter("capital_ratio")
    expected = loans.pd * loans.lgd
    return CapitalMeasured(
        irb=float(irb.risk_weighted.sum()),
        irb_expected_loss=float(irb.expected_loss.sum()),
        standardised=float(by_loan.standardised.sum()),
        ratio=ratio.value,
        granularity=_granularity(who, open_.owed, irb.k, expected, loans.lgd),
        sources=(ratio.source,),
    )


def _classes(open_: OpenLoans, otherwise: AssetClass) -> np.ndarray[tuple[int], np.dtype[np.str_]]:
    if "asset_class" not in open_.facts.columns:
        return np.full(open_.rows.size, otherwise)
    return open_.facts["asset_class"].cast(pl.String).fill_null(otherwise).to_numpy().astype(str)


def floors(rules: BookRules, name: str, classes: Array) -> FloatArray:
    """The packs' floor of each loan's class (n,). Raises BadInput for a class unknown."""
    least = np.zeros(classes.size)
    for each, here in by_class(classes):
        least[here] = _floor(rules, name, each)
    return least


def _floor(rules: BookRules, name: str, asset_class: str) -> float:
    of = [e for e in rules.parameters if e.name == name and e.of in (asset_class, "")]
    own = [e for e in of if e.of]
    return (own or of)[0].value if of else 0.0


def _standardised(
    open_: OpenLoans,
    classes: np.ndarray[tuple[int], np.dtype[np.str_]],
    in_default: BoolArray,
    rules: BookRules,
) -> FloatArray:
    weight = np.zeros(open_.rows.size)
    value = open_.numbers("collateral", 0.0) / open_.unit
    for name in np.unique(classes):
        here = classes == name
        rule = rules.weighting(str(name))
        ltv = np.where(value[here] > 0, open_.owed[here] / np.maximum(value[here], 1e-9), np.inf)
        weight[here] = weight_by_ltv(ltv, np.array(rule.ltv_up_to), np.array(rule.weights))
    weighted_assets = weight * open_.owed
    split = (classes == "mortgage") & (value > 0)
    if split.any() and any(e.asset_class == "mortgage_secured" for e in rules.weightings):
        parts = split_loan(
            open_.owed[split], value[split], share=rules.parameter("loan_split_share").value
        )
        safe = rules.weighting("mortgage_secured").weights[0]
        rest = rules.weighting("other_retail").weights[0]
        weighted_assets[split] = parts.risk_weighted(np.full(1, safe), np.full(1, rest))
    bad = rules.weighting("defaulted").weights[0]
    return np.asarray(np.where(in_default, bad * open_.owed, weighted_assets))


def _debtors(open_: OpenLoans) -> IntArray:
    """Who owes each loan, as a number: the customer, or the loan itself where none is told."""
    if "customer" not in open_.facts.columns:
        return np.arange(open_.rows.size)
    names = open_.facts["customer"].cast(pl.String)
    own = pl.select(pl.coalesce(names, "loan " + open_.facts["id"])).to_series()
    return (own.rank("dense").to_numpy() - 1).astype(np.int64)


def _granularity(
    who: IntArray, owed: FloatArray, k: FloatArray, loss: FloatArray, lgd: FloatArray
) -> float:
    """The adjustment in money, of debtors with their loans put together."""
    total = np.bincount(who, weights=owed).astype(np.float64)
    if total.sum() <= 0:
        return 0.0
    mean = [np.bincount(who, weights=owed * each) / total for each in (k, loss, lgd)]
    share = granularity_adjustment(total, k=mean[0], expected_loss=mean[1], lgd=mean[2])
    return share * float(total.sum())


@dataclass(frozen=True, slots=True)
class LoanGrades:
    """The facts that rules of grades ask of each open loan, and the grades they give (n,)."""

    facts: pl.DataFrame
    graded: Graded


def loan_grades(
    book: Book,
    open_: OpenLoans,
    losses: LoanLosses,
    document: PortfolioDocument,
    rules: BookRules,
) -> LoanGrades | None:
    """The five grades of open loans; None where no pack has rules of grades."""
    if not rules.gradings:
        return None
    share = losses.allowance / np.where(open_.owed > 0, open_.owed, 1.0)
    facts = pl.DataFrame(
        {
            "days_past_due": book.days[open_.rows],
            "credit_impaired": book.impaired[open_.rows],
            "loss_share": share,
            "retail": np.full(open_.rows.size, document.retail),
        }
    )
    first = grade_loans(facts, rules.gradings)
    who = _debtors(open_)
    minor = book.balance[open_.rows]
    bad = debtors_bad_share(who, minor, first.grade, int(who.max()) + 1 if who.size else 0)
    whole = facts.with_columns(pl.Series("debtor_bad_share", bad))
    return LoanGrades(whole, grade_loans(whole, rules.gradings))


def measure_grades(open_: OpenLoans, grades: LoanGrades, rules: BookRules) -> GradesMeasured:
    """Loans and exposure by grade, and by which rules."""
    grade = grades.graded.grade
    rows = tuple(
        GradeRow(name, int((grade == at).sum()), float(open_.owed[grade == at].sum()))
        for at, name in enumerate(GRADES)
    )
    asked = tuple(GradeRule(each.id, each.at_least, each.when) for each in rules.gradings)
    return GradesMeasured(rows, grades.graded.not_told, asked)
