"""A first idea of an answer, held against the answers that people get: the lender is synthetic, so
that everybody's whole application is known."""

from __future__ import annotations

import pytest
from first_ideas import DAY, inside

from equipoise.simulation import simulate
from equipoise.strategy import Strategy
from equipoise.strategy.estimating import UNLIKELY, estimate
from equipoise.workspace.folder import Workspace
from equipoise.workspace.strategies import seal_workspace

PEOPLE = 100


@pytest.fixture(scope="module")
def strategy(fitted: Workspace) -> Strategy:
    return Strategy(seal_workspace(fitted)[0])


def test_nine_in_ten_people_get_an_answer_within_what_they_were_shown(strategy: Strategy) -> None:
    product = strategy.content.strategy.product
    assert product is not None
    names = [*product.asks_first, "channel"]
    people = simulate(PEOPLE, 99).applications().select([*strategy.compiled.program.inputs])
    shown = [
        (estimate(strategy, {name: row[name] for name in names}, at=DAY), row)
        for row in people.to_dicts()
    ]
    held = [each is not None and inside(each, strategy, row) for each, row in shown]
    assert sum(held) >= 0.9 * PEOPLE
    verdicts = [each.verdict for each, _ in shown if each is not None]
    assert verdicts.count("depends") < 0.6 * PEOPLE, "most are told something"


def test_the_more_is_known_the_narrower_the_range(strategy: Strategy) -> None:
    row = simulate(1, 5).applications().select([*strategy.compiled.program.inputs]).to_dicts()[0]
    little = estimate(strategy, {"amount_asked": row["amount_asked"]}, at=DAY)
    all_of_it = estimate(strategy, row, at=DAY)
    answer = strategy.decide(row, at=DAY)
    assert little is not None
    assert all_of_it is not None
    assert all_of_it.offered == float(answer.outcome in ("approve", "counter_offer"))
    assert all_of_it.depends_on == ()
    assert little.instalment is not None
    if all_of_it.instalment is not None:
        width = all_of_it.instalment[1] - all_of_it.instalment[0]
        assert width == 0 < little.instalment[1] - little.instalment[0]


def test_it_names_what_it_depends_on_and_nothing_that_was_said(strategy: Strategy) -> None:
    known = {"amount_asked": 8000.0, "term_asked": 36, "monthly_income": 2400.0}
    shown = estimate(strategy, known, at=DAY)
    assert shown is not None
    assert shown.depends_on[0] == "bureau_score"
    assert not known.keys() & set(shown.depends_on)


def test_debts_that_a_rule_forbids_are_told_at_once(strategy: Strategy) -> None:
    """The demo declines above 60 % of income; the ratio is worked out of what was typed."""
    known = {"monthly_income": 2000.0, "debt_payments": 1500.0, "amount_asked": 8000.0}
    shown = estimate(strategy, known, at=DAY)
    assert shown is not None
    assert (shown.offered, shown.verdict, shown.apr) == (0.0, UNLIKELY, None)
