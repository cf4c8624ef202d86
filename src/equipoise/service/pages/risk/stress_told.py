"""A stress test as its page shows it: pictures of the quarters, and tables beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate
from typing import Any

from equipoise.report.sections.stress_book import limit_text, why_text
from equipoise.report.sections.stress_people import untold_text
from equipoise.review.stress.access import Access, Action
from equipoise.review.stress.result_document import Quarter, ScenarioTold, StressResult
from equipoise.review.stress.reverse import Reverse
from equipoise.service.pages.charts.axes import Axis
from equipoise.service.pages.charts.figures import Lines, Reading, Series
from equipoise.service.pages.risk.rows import table
from equipoise.texts.numbers import fixed, money, percent
from equipoise.texts.saying import joined, say


def shown_stress(result: StressResult) -> Mapping[str, Any]:
    """Everything that the page writes, in the language spoken now."""
    money_axis = {"currency": result.currency, "unit": "money"}
    figures = [
        _lines(result, say("Losses so far"), _so_far, money_axis),
        _lines(result, say("Late, beyond stage 1"), _each(lambda q: q.late), money_axis),
        _lines(result, say("In stage 2"), _each(lambda q: q.stage2), money_axis),
        _lines(result, say("Allowance"), _each(lambda q: q.allowance), money_axis),
        _lines(result, say("Capital asked for"), _each(lambda q: q.capital), money_axis),
        _lines(result, say("Earned in the quarter"), _each(lambda q: q.income), money_axis),
    ]
    if result.today is not None:
        figures.append(_lines(result, say("Offered a loan, of 100"), _offered, {"zero": True}))
    return {
        "result": result,
        "exposure": money(result.exposure, result.currency),
        "allowance": money(result.allowance, result.currency),
        "capital": money(result.capital, result.currency),
        "figures": figures,
        "scenarios": table(
            say("The book under each scenario"),
            (
                say("Scenario"), say("Loss"), say("Of the exposure"), say("Largest allowance"),
                say("Most capital"), say("Profit"), say("Least capital ratio"),
            ),
            (_scenario(each, result.currency) for each in result.scenarios),
        ),
        "people": table(
            say("Who is still served"),
            (
                say("Scenario"), say("Offered"), say("Turned away"), say("To a person"),
                say("Slower"), say("Dearer"), say("Profit"), say("Expected loss"),
            ),
            _people(result),
        ),
        "untold": untold_text(result.untold),
        "reverse": table(
            say("What would break a limit"),
            (
                say("Limit"), say("Scenario"), say("Still holds at"), say("Breaks at"),
                say("How sure"),
            ),
            (_reverse(each, result.currency) for each in result.reverse),
        ),
        "broken": [
            limit_text(each, result.currency)
            for each in result.reverse
            if each.breaks_at is not None and each.breaks_at <= 1
        ],
        "drivers": joined(result.link.drivers, ", "),
        "why": why_text(result.link.why) if result.link.why else "",
        "rho": "" if result.link.rho is None else fixed(result.link.rho, 2),
        "error": percent(result.link.error),
        "naive": percent(result.link.naive_error),
        "tape": [each[:12] for each in result.tape],
    }  # fmt: skip


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
    ends = "; ".join(f"{e.name}: {fixed(e.readings[-1].y or 0.0, 1)}" for e in series)
    quarters = Axis(say("quarters"), whole=True)
    return Lines(title, ends, quarters, Axis(title, **axis), series)


def _scenario(each: ScenarioTold, currency: str) -> tuple[str, ...]:
    return (
        each.name,
        money(each.loss, currency),
        percent(each.loss_rate),
        money(each.allowance, currency),
        money(each.capital, currency),
        money(each.profit, currency),
        percent(each.capital_ratio),
    )


def _people(result: StressResult) -> list[tuple[str, ...]]:
    """Today, each scenario's worst quarter, and each switch in it."""
    if result.today is None:
        return []
    rows = [_access(say("Today"), result.today, result.people_currency)]
    for each in result.scenarios:
        there = each.quarters[each.worst].quarter
        rows.append(
            _access(f"{each.name}, {there}", each.access[each.worst], result.people_currency)
        )
        rows += [
            _access(_switched(action), action.access, result.people_currency)
            for action in each.actions
        ]
    return rows


def _switched(action: Action) -> str:
    """A switch, and whether it could be turned on today."""
    if action.approved:
        return say("with {switch} of {plan}", switch=action.switch, plan=action.plan)
    return say("with {switch} of {plan}, not approved yet", switch=action.switch, plan=action.plan)


def _access(name: str, there: Access, currency: str) -> tuple[str, ...]:
    return (
        name,
        fixed(there.offered, 1),
        fixed(there.turned_away, 1),
        fixed(there.to_a_person, 1),
        fixed(there.slower, 1),
        fixed(there.dearer, 1),
        money(there.profit, currency),
        money(there.expected_loss, currency),
    )


def _reverse(each: Reverse, currency: str) -> tuple[str, ...]:
    return (
        limit_text(each, currency),
        each.scenario,
        "–" if each.holds_at is None else f"× {fixed(each.holds_at, 3)}",
        say("not within the range") if each.breaks_at is None else f"× {fixed(each.breaks_at, 3)}",
        say("only got worse on the way")
        if each.monotone
        else say("did not only get worse on the way: this is the first breach seen"),
    )
