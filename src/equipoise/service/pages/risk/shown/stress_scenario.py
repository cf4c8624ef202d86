"""What the figures of one scenario are made of: the economy's figures with their rows, the odds,
the book quarter by quarter, and the measured book that it begins with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import exp
from typing import Any

from django.urls import reverse

from equipoise.portfolio import Number, figures_of
from equipoise.report.sections.stress_book import quarter_heads, quarter_texts
from equipoise.report.sections.stress_texts import followed_text, limit_text, odds_text
from equipoise.review.stress.result_document import Quarter, ScenarioTold, StressResult
from equipoise.review.stress.terms import Term
from equipoise.service.pages.risk.rows import Linked, ShownTable, table
from equipoise.service.pages.risk.shown.number import address, title_of
from equipoise.texts.numbers import fixed, money, percent
from equipoise.texts.saying import say

_LATE = ("current", "1-30", "31-60", "61-90")
_DEFAULTED = ("91+", "written_off")


def scenario_address(measuring: int, scenario: int, part: str = "") -> str:
    """Where it stands what the figures of a scenario, by its place, are made of."""
    there = reverse("stress-scenario", args=[measuring, scenario])
    return f"{there}#{part}" if part else there


def shown_scenario(
    result: StressResult, at: int, measured: Mapping[str, Any] | None, measuring: int
) -> Mapping[str, Any]:
    """Everything that the page writes, in the language spoken now. `measured` is the book of the
    same tape, measured as `measuring`; None where nobody has it measured."""
    scenario, currency = result.scenarios[at], result.currency
    return {
        "scenario": scenario,
        "result": result,
        "followed": followed_text(result.link),
        "odds": odds_text(result),
        "terms": table(
            say("What the economy does, and what it asks for"),
            (say("Quarter"), *_term_heads(result), say("Odds of default")),
            (_term_row(each) for each in scenario.quarters if each.terms),
        ),
        "quarters": table(
            say("The book, quarter by quarter"),
            quarter_heads(),
            (quarter_texts(each, currency) for each in scenario.quarters),
        ),
        "figures": _figures(scenario, currency),
        "limits": [_limit(each, currency) for each in result.reverse
                   if each.scenario == scenario.name],
        "access": _access(scenario, result.people_currency),
        "begins": None if measured is None else _begins(measured, measuring),
    }  # fmt: skip


def _term_heads(result: StressResult) -> list[str]:
    adds = result.link.kind == "satellite"
    return [
        head for name in result.link.drivers for head in (name, *([say("It adds")] if adds else []))
    ]


def _term_row(quarter: Quarter) -> list[str]:
    cells = [quarter.quarter]
    for each in quarter.terms:
        cells.append(_term(each))
        if each.adds is not None:
            cells.append(fixed(each.adds, 4))
    return [*cells, f"× {fixed(exp(quarter.log_odds), 3)} = exp({fixed(quarter.log_odds, 4)})"]


def _term(each: Term) -> str:
    place = (
        say("of {quarter}, by the past", quarter=each.quarter)
        if each.row is None
        else say("of {quarter}, row {row}", quarter=each.quarter, row=each.row)
    )
    return say(
        "{value} ({place}); before {before}",
        value=f"{each.value:g}",
        place=place,
        before=f"{each.before:g}",
    )


def _figures(each: ScenarioTold, currency: str) -> list[tuple[str, str, str]]:
    """What each figure of the scenario is called, the figure, and how it is made of quarters."""
    return [
        (say("Loss"), money(each.loss, currency), say("the sum of the quarters' losses")),
        (
            say("Of the exposure"),
            percent(each.loss_rate),
            say("the same by what is owed today by loans not in default"),
        ),
        (
            say("Largest allowance"),
            money(each.allowance, currency),
            say("the largest at a quarter's end, or at the beginning, which foresees it all"),
        ),
        (
            say("Most capital"),
            money(each.capital, currency),
            say("the most at a quarter's end, or at the beginning"),
        ),
        (
            say("Profit"),
            money(each.profit, currency),
            say("the sum of what quarters earn: interest less funding, losses and what the "
                "allowance grows by"),
        ),
        (
            say("Least capital ratio"),
            percent(each.capital_ratio),
            say("own funds with what was earned by then, by risk-weighted assets"),
        ),
    ]  # fmt: skip


def _limit(each: Any, currency: str) -> ShownTable | None:
    rate = each.limit.split(" ")[0].endswith(("rate", "ratio"))
    write: Callable[[float], str] = percent if rate else (lambda value: money(value, currency))
    found = [(each.holds_at, each.figure_holds), (each.breaks_at, each.figure_breaks)]
    looked = sorted({*each.tried, *((a, b) for a, b in found if a is not None)})
    return table(
        limit_text(each, currency),
        (say("Scenario times"), say("Figure there")),
        ((fixed(scale, 3), write(value)) for scale, value in looked),
    )


def _access(scenario: ScenarioTold, currency: str) -> ShownTable | None:
    return table(
        say("Who is still served, of 100"),
        (
            say("Quarter"), say("Offered"), say("Turned away"), say("To a person"), say("Slower"),
            say("Dearer"), say("Less money"), say("Profit"), say("Expected loss"),
        ),
        (
            (
                quarter.quarter,
                *(fixed(each, 1) for each in (
                    there.offered, there.turned_away, there.to_a_person, there.slower,
                    there.dearer, there.less)),
                money(there.profit, currency),
                money(there.expected_loss, currency),
            )
            for quarter, there in zip(scenario.quarters, scenario.access, strict=False)
        ),
    )  # fmt: skip


def _begins(measured: Mapping[str, Any], measuring: int) -> list[tuple[str, str, list[Linked]]]:
    """What the run-off begins with, where it is from, and the numbers of the measured book."""
    known = figures_of(measured)

    def links(*numbers: Number) -> list[Linked]:
        return [Linked(title_of(e), address(measuring, e)) for e in numbers if e in known]

    bad = [Number("move", one, two) for one in _LATE for two in _DEFAULTED]
    moves = [e for e in known if e.kind == "move" and e.of in _LATE and e not in bad]
    living = links(Number("stage", "1"), Number("stage", "2"))
    return [
        (say("Owed today by loans not in default"), say("what stages 1 and 2 owe"), living),
        (
            say("Their allowance today"),
            say("that of stages 1 and 2, without the scenarios and overlays of portfolio.yaml"),
            living,
        ),
        (
            say("In default: expected loss"),
            say("LGD of what stage 3 owes"),
            links(Number("stage", "3")),
        ),
        (
            say("Capital asked for today"),
            say("by internal ratings, at PDs without the scenarios of portfolio.yaml"),
            links(Number("capital", "irb")),
        ),
        (say("Defaults that roll rates rest on"), say("moves into default that were seen"),
         links(*(e for e in bad if known.get(e, {}).get("moved")))),
        (say("Chances of rolling, before the scenario moves them"), say("moves that were seen"),
         links(*(e for e in moves if known[e].get("moved")))),
    ]  # fmt: skip
