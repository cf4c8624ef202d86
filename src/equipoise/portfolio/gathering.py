"""Where a book gathers, and how far its limits are used, now and at its present flow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import polars as pl

from equipoise.expression import compile as compile_expression
from equipoise.numeric.arrays import FloatArray, IntArray
from equipoise.portfolio.concentration import concentration
from equipoise.portfolio.document import Dimension, OwnLimit, PortfolioDocument
from equipoise.portfolio.limits import LimitUse, exposure_history, forecast_use
from equipoise.portfolio.losing import OpenLoans
from equipoise.portfolio.measured import ConcentrationRow
from equipoise.portfolio.rule_document import LIMIT_FACTS, ExposureLimit
from equipoise.portfolio.rules import BookRules
from equipoise.portfolio.tape.book import LATE_STATES, Book
from equipoise.portfolio.tape.document import month_text
from equipoise.texts.currencies import decimals

DIMENSIONS: tuple[Dimension, ...] = (
    "customer", "group", "industry", "region", "product", "channel", "grade", "vintage"
)  # fmt: skip
_LARGEST = 10
FLOW_MONTHS = 6  # of history that a flow is taken from
UNTOLD = ""


def measure_concentration(book: Book, open_: OpenLoans) -> tuple[ConcentrationRow, ...]:
    """How the exposure gathers by each dimension that the tape tells; loans that tell none are one
    name of their own each for customers, and one together for segments."""
    rows = []
    for by in DIMENSIONS:
        code, names = names_of(book, by)
        if not names:
            continue
        summed = np.bincount(code[open_.loan], weights=open_.owed, minlength=len(names))
        owed = summed.astype(np.float64)
        if not owed.any():
            continue
        measured = concentration(owed)
        order = np.argsort(-owed, kind="stable")[:_LARGEST]
        largest = tuple((names[each], float(owed[each])) for each in order if owed[each] > 0)
        rows.append(
            ConcentrationRow(
                by=by,
                names=measured.names,
                hhi=measured.hhi,
                hhi_normalised=measured.hhi_normalised,
                effective_number=measured.effective_number,
                gini=measured.gini,
                top10=measured.top_share(_LARGEST),
                largest=largest,
            )
        )
    return tuple(rows)


def names_of(book: Book, by: Dimension) -> tuple[IntArray, list[str]]:
    """Each loan's name in a dimension, as a place among the names; none where nobody tells it."""
    if by == "vintage":
        opened = book.loans["opened"]
        if opened.null_count() == opened.len():
            return np.zeros(0, dtype=np.int64), []
        texts = opened.map_elements(month_text, return_dtype=pl.String)
    elif by in book.loans.columns:
        texts = book.loans[by].cast(pl.String)
    else:
        return np.zeros(0, dtype=np.int64), []
    if by == "customer":  # a loan whose customer nobody tells is nobody else's
        texts = pl.select(pl.coalesce(texts, "loan " + book.loans["id"])).to_series()
    texts = texts.fill_null(UNTOLD)
    names = texts.unique().sort()
    return (texts.rank("dense").to_numpy() - 1).astype(np.int64), names.to_list()


def measure_limits(
    book: Book,
    open_: OpenLoans,
    document: PortfolioDocument,
    rules: BookRules,
    shadow_prices: Mapping[str, float],
) -> tuple[LimitUse, ...]:
    """Use of the lender's own limits and, where its capital is told, of the law's; the most used
    first. `shadow_prices` are those of the appetite's constraints, by name."""
    used = [*_own(book, open_, document.limits, shadow_prices), *_of_law(book, document, rules)]
    return tuple(sorted(used, key=lambda each: -each.use))


def _own(
    book: Book, open_: OpenLoans, limits: tuple[OwnLimit, ...], prices: Mapping[str, float]
) -> Iterator[LimitUse]:
    total = float(open_.owed.sum())
    for limit in limits:
        code, names = names_of(book, limit.by)
        if not names or total <= 0:
            continue
        history = _history(book, code, len(names)) / open_.unit
        chosen = [limit.value] if limit.value else names
        uses = [
            LimitUse(
                name=limit.name,
                source="portfolio.yaml",
                by=limit.by,
                of=name,
                share=limit.at_most,
                exposure=float(history[-1, names.index(name)]),
                limit=limit.at_most * total,
                use=float(history[-1, names.index(name)]) / (limit.at_most * total),
                forecast=forecast_use(
                    history[:, names.index(name)], history.sum(axis=1), limit.at_most
                ),
                constraint=limit.constraint or "",
                shadow_price=prices.get(limit.constraint) if limit.constraint else None,
            )
            for name in chosen
            if name in names
        ]
        yield from sorted(uses, key=lambda each: -each.use)[:_LARGEST]


def _of_law(book: Book, document: PortfolioDocument, rules: BookRules) -> Iterator[LimitUse]:
    funds = document.own_funds
    if funds is None:
        return
    unit = 10.0 ** decimals(book.currency)
    for limit in rules.limits:
        code, names = names_of(book, limit.of)
        if not names or not _asks(limit):
            continue
        history = _history(book, code, len(names)) / unit
        base = funds.net_capital if limit.base == "net_capital" else funds.tier1
        most = limit.at_most * base
        for place in np.argsort(-history[-1], kind="stable")[:3]:
            if names[place] == UNTOLD or history[-1, place] <= 0:
                continue
            yield LimitUse(
                name=limit.id,
                source=limit.source,
                by=limit.of,
                of=names[place],
                share=None,
                exposure=float(history[-1, place]),
                limit=most,
                use=float(history[-1, place]) / most,
                forecast=forecast_use(history[:, place], None, most),
            )


def _asks(limit: ExposureLimit) -> bool:
    """Whether it holds for a customer that is no bank, and of no systemic importance: a tape of
    loans tells of no other."""
    condition = compile_expression(limit.when, LIMIT_FACTS)
    return (
        condition.python({"bank": False, "group": limit.of == "group", "systemic": False}) is True
    )


def _history(book: Book, code: IntArray, names: int) -> FloatArray:
    """Exposure by month and name of the last months (T, names), in minor units."""
    first = max(book.first_month, book.last_month - FLOW_MONTHS)
    owed = np.where(book.state >= 0, book.balance, 0)
    owed = np.where(book.state < LATE_STATES, owed, 0)
    history = exposure_history(book.month, owed, code[book.loan], names, (first, book.last_month))
    return history.astype(np.float64)
