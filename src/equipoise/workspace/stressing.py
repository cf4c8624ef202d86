"""`stress`: a lender's book, strategy and balance under scenarios of the economy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from equipoise.documents import Loaded, read_document
from equipoise.errors import BadInput, Span
from equipoise.files import near_path, write_json, write_text
from equipoise.numeric.arrays import FloatArray
from equipoise.portfolio import (
    MacroPath,
    TapeReading,
    book_ahead,
    month_text,
    read_macro_paths,
)
from equipoise.progress import Progress, Silent
from equipoise.report import render_stress
from equipoise.review.stress.document import STRESS, STRESS_DRAFT, StressDocument
from equipoise.review.stress.history import default_rates, economy, other_rates
from equipoise.review.stress.limits import read_limit
from equipoise.review.stress.links import Chosen, FactorLink, chosen_link, fitted_link
from equipoise.review.stress.result_document import (
    LinkTold,
    ScenarioTold,
    StressResult,
    told_link,
    told_scenario,
)
from equipoise.review.stress.reverse import Reverse, reverse
from equipoise.review.stress.scenarios import check_scenarios, put_together
from equipoise.review.stress.terms import terms_of
from equipoise.review.stress.under import Lender, Under, under
from equipoise.texts.saying import ENGLISH
from equipoise.workspace.books import portfolio_document, portfolio_rules
from equipoise.workspace.stressing_people import (
    OWN,
    Policy,
    business_of,
    under_stress,
)
from equipoise.workspace.tapes import read_portfolio

SAMPLE = 2_000
T = TypeVar("T")
OWN_RATES = "the lender's own tape"


def stress_workspace(
    folder: Path,
    scenarios: Sequence[Path],
    progress: Progress | None = None,
    *,
    limits: Sequence[str] = (),
    sample: int = SAMPLE,
    policy: Policy = OWN,
) -> StressResult:
    """The folder's book under every scenario of the files; and new business, where it is fitted and
    there is a strategy that answers.

    A limit (`loss_rate <= 8%`) is looked for along each scenario's own path. stress.yaml is drafted
    where there is none. Raises BadInput with file and line.
    """
    steps = progress or Silent()
    wanted = [read_limit(each) for each in limits]
    tables = [(file.name, each) for file in scenarios for each in read_macro_paths(file)]
    paths = put_together([each for _, each in tables])
    loaded = _document(folder)
    past = _told_at(loaded, "history", lambda: _past(folder, loaded.value))
    check_scenarios(paths, [e.name for e in loaded.value.drivers], past)
    reading = read_portfolio(folder, steps)
    with steps.step("Making the book ready"):
        lender, link = _lender(folder, loaded, reading, past)
    business, untold = business_of(folder, sample, steps, policy)
    made: list[ScenarioTold] = []
    reverses: list[Reverse] = []
    with steps.step("Running scenarios") as step:
        for at, path in enumerate(paths, start=1):
            files = " + ".join(file for file, each in tables if each.scenario == path.scenario)
            terms = terms_of(lender.link, path)
            there = under(lender, path)
            more = under_stress(business, there.log_odds) if business else {}
            made.append(told_scenario(there, files, terms, **more))

            def stretched(scale: float, path: MacroPath = path) -> Under:
                return under(lender, path, scale)

            reverses += [reverse(limit, path.scenario, stretched) for limit in wanted]
            step.advance(at, len(paths))
    book, run = lender.book, lender.book.run(np.zeros(1), np.zeros(1))
    return StressResult(
        lender=folder.resolve().name,
        as_of=month_text(reading.book.last_month),
        currency=reading.book.currency,
        tape=tuple(each.sha256 for each in reading.deliveries),
        loans=int((~book.losses.in_default).sum()),
        exposure=float(run.exposure[0]),
        allowance=run.allowance_before,
        capital=float(run.capital[0]),
        in_default=run.in_default,
        defaults=book.defaults,
        step_months=book.structure.step,
        default_months=book.default_months,
        came_back=book.came_back,
        mean_pd=book.mean_pd,
        own_funds=None if np.isnan(lender.own_funds) else lender.own_funds,
        lgd_follows=lender.lgd_follows,
        funding=lender.funding,
        link=link,
        scenarios=tuple(made),
        reverse=tuple(reverses),
        untold=untold,
        refused_rows=sum(each.count for each in reading.faults if each.effect == "refused"),
        **(business.as_today() if business else {}),
    )


def _document(folder: Path) -> Loaded[StressDocument]:
    path = folder / STRESS
    if not path.is_file():
        raise BadInput(
            f"the folder holds no {STRESS}",
            where=Span(str(folder)),
            field="history",
            mend=f"begin with `equipoise stress {folder} --history FILE`, the economy's past",
        )
    return read_document(path, StressDocument)


def draft_stress(folder: Path, history: Path) -> Path | None:
    """Write stress.yaml with that file as the economy's past, where there is none yet."""
    path = folder / STRESS
    if path.is_file():
        return None
    if not history.is_file():
        raise BadInput("there is no such file", where=Span(str(history)), field="--history")
    folder.mkdir(parents=True, exist_ok=True)
    named = f'"{near_path(history, folder)}"'
    write_text(path, STRESS_DRAFT.replace("HISTORY", named))
    return path


def _lender(
    folder: Path, loaded: Loaded[StressDocument], reading: TapeReading, past: MacroPath
) -> tuple[Lender, LinkTold]:
    document = loaded.value
    portfolio = portfolio_document(folder)
    rules = portfolio_rules(portfolio, folder, reading.book.last_month)
    book = book_ahead(reading, portfolio.value, rules)
    drivers = tuple(each.driver for each in document.drivers)
    factor = FactorLink(drivers, past, document.rho.value, book.mean_pd)
    rates, source = _rates(folder, document, reading, past)

    def chosen() -> Chosen:
        return chosen_link(
            lambda: fitted_link(
                drivers, past, rates, most_lag=document.most_lag, held_out=document.held_out
            ),
            factor,
        )

    link = _told_at(loaded, "drivers", chosen)
    funds = portfolio.value.own_funds
    lender = Lender(
        book=book,
        link=link.link,
        lgd_follows=document.lgd_follows.value,
        funding=document.funding.value,
        own_funds=funds.net_capital if funds else float("nan"),
    )
    return lender, told_link(link, source, document.rho.source)


def _past(folder: Path, document: StressDocument) -> MacroPath:
    parts = [each for file in document.history for each in read_macro_paths(folder / file)]
    return economy(parts, document.names)


def _rates(
    folder: Path, document: StressDocument, reading: TapeReading, past: MacroPath
) -> tuple[FloatArray, str]:
    if document.rates is None:
        return default_rates(reading.book, past.quarters), OWN_RATES
    (series,) = read_macro_paths(folder / document.rates.file)
    return other_rates(series, past.quarters), document.rates.source


def _told_at(loaded: Loaded[StressDocument], part: str, make: Callable[[], T]) -> T:
    """What is made, its faults told at the part of stress.yaml that they come from."""
    try:
        return make()
    except BadInput as error:
        if error.where is not None:
            raise
        raise BadInput(
            error.message, where=loaded.span(part), field=error.field or part, mend=error.mend
        ) from None


@dataclass(frozen=True, slots=True)
class StressReported:
    """A stress test, and where its page and its figures were written."""

    result: StressResult
    page: Path
    figures: Path


def report_stress(
    folder: Path,
    scenarios: Sequence[Path],
    again: Sequence[str],
    progress: Progress | None = None,
    *,
    limits: Sequence[str] = (),
    sample: int = SAMPLE,
    language: str = ENGLISH,
) -> StressReported:
    """As `stress_workspace`, written as stress/stress.html and stress/stress.json.

    `again` are the commands that make it again.
    """
    steps = progress or Silent()
    result = stress_workspace(folder, scenarios, steps, limits=limits, sample=sample)
    ending = "" if language == ENGLISH else f".{language}"
    page, figures = folder / f"stress/stress{ending}.html", folder / "stress/stress.json"
    with steps.step("Drawing the page"):
        write_text(page, render_stress(result, again, language))
        write_json(figures, result.as_dict())
    return StressReported(result, page, figures)
