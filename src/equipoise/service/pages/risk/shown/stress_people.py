"""New business under stress as its page shows it: who is served, and what switches would change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from equipoise.report.sections.stress_people import switch_text, untold_text
from equipoise.review.stress.access import Access, Action
from equipoise.review.stress.result_document import ScenarioTold, StressResult
from equipoise.service.pages.charts.axes import Axis
from equipoise.service.pages.charts.figures import Bar, Bars, Cell
from equipoise.service.pages.risk.rows import Linked, Said, table
from equipoise.texts.numbers import fixed, money, signed
from equipoise.texts.saying import say

_BESIDE = 3  # scenarios that one picture tells apart: those that lose most


def people(result: StressResult, link: Callable[[str, str, str], Linked]) -> Mapping[str, Any]:
    """What the page writes of new business; `link` leads from a text to a part of what a scenario's
    figures are made of."""
    if result.today is None:
        return {"untold": untold_text(result.untold), "served": None, "actions": None}
    by_loss = sorted(result.scenarios, key=lambda each: -each.loss)
    beside = [each for each in result.scenarios if each in by_loss[:_BESIDE]]
    hardest = by_loss[0]
    return {
        "changed": _changed(beside),
        "served": table(
            say("Who is still served"),
            (
                say("Scenario"), say("Offered"), say("Turned away"), say("To a person"),
                say("Slower"), say("Dearer"), say("Less money"), say("Profit"),
                say("Expected loss"),
            ),
            _served(result, link),
        ),
        "switched": _switched(hardest, result.people_currency) if hardest.actions else None,
        "actions": table(
            say("What the switches of plans would do"),
            (
                say("Scenario"), say("Switch"), say("Stands"), say("Offered"), say("Turned away"),
                say("To a person"), say("Profit"), say("Expected loss"),
            ),
            (
                _action(each, action, result.people_currency)
                for each in result.scenarios
                for action in each.actions
            ),
        ),
    }  # fmt: skip


def _changed(scenarios: list[ScenarioTold]) -> Bars:
    """Of 100 applicants in each scenario's worst quarter, how many are served worse than today."""
    there = [each.access[each.worst] for each in scenarios]
    kinds = (
        (say("Turned away"), [each.turned_away for each in there]),
        (say("To a person"), [each.to_a_person for each in there]),
        (say("Slower"), [each.slower for each in there]),
        (say("Dearer"), [each.dearer for each in there]),
        (say("Less money"), [each.less for each in there]),
    )
    return Bars(
        title=say("Served worse than today, of 100"),
        described=say("In each scenario's worst quarter, beside today"),
        axis=Axis(say("Applicants, of 100"), zero=True),
        names=tuple(each.name for each in scenarios),
        rows=tuple(
            Bar(name, tuple(Cell(each, text=fixed(each, 1)) for each in values))
            for name, values in kinds
        ),
    )


def _switched(hardest: ScenarioTold, currency: str) -> Bars:
    """What each switch changes beside the strategy under the same stress."""
    without = hardest.access[hardest.worst]
    title = say("What each switch would change, {scenario}", scenario=hardest.name)
    return Bars(
        title=title,
        described=say("Beside the same strategy in that scenario's worst quarter."),
        axis=Axis(say("More or less, of 100 applicants"), "money", currency, zero=True),
        names=(say("Profit"), say("Expected loss")),
        rows=tuple(
            Bar(
                switch_text(action),
                tuple(
                    Cell(value, text=signed(money(value, currency)))
                    for value in (
                        action.access.profit - without.profit,
                        action.access.expected_loss - without.expected_loss,
                    )
                ),
            )
            for action in hardest.actions
        ),
    )


def _served(
    result: StressResult, link: Callable[[str, str, str], Linked]
) -> list[tuple[Said, ...]]:
    """Today, and each scenario's worst quarter."""
    currency, rows = result.people_currency, list[tuple[Said, ...]]()
    if result.today is not None:
        rows.append(_access(say("Today"), result.today, currency))
    for each in result.scenarios:
        name = f"{each.name}, {each.quarters[each.worst].quarter}"
        _, *figures = _access(name, each.access[each.worst], currency)
        rows.append((name, *(link(said, each.name, "people") for said in figures)))
    return rows


def _access(name: str, there: Access, currency: str) -> tuple[str, ...]:
    return (
        name,
        fixed(there.offered, 1),
        fixed(there.turned_away, 1),
        fixed(there.to_a_person, 1),
        fixed(there.slower, 1),
        fixed(there.dearer, 1),
        fixed(there.less, 1),
        money(there.profit, currency),
        money(there.expected_loss, currency),
    )


def _action(each: ScenarioTold, action: Action, currency: str) -> tuple[str, ...]:
    there = action.access
    return (
        each.name,
        switch_text(action),
        say("approved") if action.approved else say("not approved yet"),
        fixed(there.offered, 1),
        fixed(there.turned_away, 1),
        fixed(there.to_a_person, 1),
        money(there.profit, currency),
        money(there.expected_loss, currency),
    )
