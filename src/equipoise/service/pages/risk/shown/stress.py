"""A stress test as its page shows it: pictures of the quarters, and tables beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate
from typing import Any

from equipoise.report.sections.stress_texts import (
    book_today,
    breaks_text,
    followed_text,
    limit_text,
    no_return_text,
    share_of,
    step_texts,
    unmet_text,
    warning_texts,
    why_text,
)
from equipoise.review.stress.result_document import Quarter, ScenarioTold, StressResult
from equipoise.review.stress.reverse import Reverse
from equipoise.service.pages.charts.axes import Axis
from equipoise.service.pages.charts.figures import Lines, Reading, Series
from equipoise.service.pages.risk.rows import Linked, Said, table
from equipoise.service.pages.risk.shown.stress_people import people
from equipoise.service.pages.risk.shown.stress_scenario import scenario_address
from equipoise.texts.numbers import fixed, money, percent
from equipoise.texts.saying import joined, say


def shown_stress(result: StressResult, measuring: int) -> Mapping[str, Any]:
    """Everything that the page writes, in the language spoken now; its figures lead to what they
    are made of."""

    def link(text: str, scenario: str, part: str) -> Linked:
        at = next(at for at, each in enumerate(result.scenarios) if each.name == scenario)
        return Linked(text, scenario_address(measuring, at, part))

    money_axis = {"currency": result.currency, "unit": "money"}
    share = {"unit": "share", "zero": True}
    late, second = say("Late, of what is owed"), say("In stage 2, of what is owed")
    rates = say("Come to default in the quarter, of what was owed")
    figures = [
        _lines(result, rates, lambda each: each.default_rates(result.exposure), share),
        _lines(result, say("Losses so far"), _so_far, money_axis),
        _lines(result, late, _each(lambda q: share_of(q.late, q)), share),
        _lines(result, second, _each(lambda q: share_of(q.stage2, q)), share),
        _lines(result, say("Allowance"), _each(lambda q: q.allowance), money_axis),
        _lines(result, say("Capital asked for"), _each(lambda q: q.capital), money_axis),
        _lines(result, say("Earned in the quarter"), _each(lambda q: q.income), money_axis),
    ]
    offered = None
    if result.today is not None:
        offered = _lines(result, say("Offered a loan, of 100"), _offered, {"zero": True})
    return {
        "result": result,
        "today": [
            (name, Linked(said, scenario_address(measuring, 0, "book")))
            for name, said in book_today(result)
        ],
        "figures": [each for each in figures if _is_told(each)],
        "scenarios": table(
            say("The book under each scenario"),
            (
                say("Scenario"), say("Loss"), say("Of the exposure"), say("Largest allowance"),
                say("Most capital"), say("Profit"), say("Least capital ratio"),
            ),
            (_scenario(each, result.currency, link) for each in result.scenarios),
        ),
        "offered": offered,
        "people": people(result, link),
        "reverse": table(
            say("What would break a limit"),
            (
                say("Limit"), say("Scenario"), say("Still holds at"), say("Breaks at"),
                say("How sure"),
            ),
            (_reverse(each, result.currency, link) for each in result.reverse),
        ),
        "broken": [
            f"{limit_text(each, result.currency)} ({each.scenario})"
            for each in result.reverse
            if each.breaks_at is not None and each.breaks_at <= 1
        ],
        "followed": followed_text(result.link),
        "no_return": no_return_text(result),
        "steps": step_texts(result),
        "warnings": [joined(each) for each in warning_texts(result)],
        "unmet": [
            link(joined(unmet_text(each)), each.name, "quarters")
            for each in result.scenarios
            if each.unmet
        ],
        "why": why_text(result.link.why) if result.link.why else "",
        "error": percent(result.link.error),
        "naive": percent(result.link.naive_error),
        "tape": [each[:12] for each in result.tape],
    }  # fmt: skip


def _is_told(figure: Lines) -> bool:
    """Whether it has a value at all: results of former versions lack some."""
    return any(each.y is not None for line in figure.series for each in line.readings)


def _so_far(each: ScenarioTold) -> list[float]:
    return list(accumulate(quarter.loss for quarter in each.quarters))


def _each(
    of: Callable[[Quarter], float | None],
) -> Callable[[ScenarioTold], list[float | None]]:
    return lambda each: [of(quarter) for quarter in each.quarters]


def _offered(each: ScenarioTold) -> list[float]:
    return [there.offered for there in each.access]


def _lines(
    result: StressResult,
    title: str,
    values: Callable[[ScenarioTold], Sequence[float | None]],
    axis: Mapping[str, Any],
) -> Lines:
    series = tuple(
        Series(
            each.name,
            tuple(
                Reading(at + 1, value, tip=quarter.quarter)
                for at, (quarter, value) in enumerate(zip(each.quarters, values(each), strict=True))
            ),
            look="both",
        )
        for each in result.scenarios
    )
    quarters, values_ = Axis(say("quarters"), whole=True), Axis(title, **axis)
    ends = "; ".join(f"{e.name}: {values_.write(e.readings[-1].y)}" for e in series)
    return Lines(title, ends, quarters, values_, series)


Leading = Callable[[str, str, str], Linked]
"""A text that leads to a part of what a scenario's figures are made of."""


def _scenario(each: ScenarioTold, currency: str, link: Leading) -> tuple[Said, ...]:
    figures = (
        money(each.loss, currency),
        percent(each.loss_rate),
        money(each.allowance, currency),
        money(each.capital, currency),
        money(each.profit, currency),
        percent(each.capital_ratio),
    )
    return (each.name, *(link(said, each.name, "figures") for said in figures))


def _reverse(each: Reverse, currency: str, link: Leading) -> tuple[Said, ...]:
    return (
        limit_text(each, currency),
        each.scenario,
        "–"
        if each.holds_at is None
        else link(f"× {fixed(each.holds_at, 3)}", each.scenario, "figures"),
        link(breaks_text(each), each.scenario, "figures"),
        say("only got worse on the way")
        if each.monotone
        else say("did not only get worse on the way: this is the first breach seen"),
    )
