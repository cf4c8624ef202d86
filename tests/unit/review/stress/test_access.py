"""Who is still served under stress: the same strategy, the same people, the PDs of then."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest
from corner_lender import TODAY
from corner_lender import content as corner

from equipoise.review.applicants import Applicants
from equipoise.review.stress.access import (
    Planned,
    access,
    access_by_quarter,
    actions,
    answers,
    moved_content,
)
from equipoise.review.switches import switched
from equipoise.strategy.content import Content
from equipoise.watch.plans import Switch

CHOOSES = ["table", "cutoff", "balance"]
PART: dict[str, Any] = {"does": {"en": "Stop"}, "strategy": "corner"}
WORDS: dict[str, Any] = {"reason": "PAUSED", "texts": {"en": "We take no applications now."}}


def content(choose: str = "table") -> Content:
    """The corner lender with a card whose PDs are those of its points' own line: its table of two
    knots is no line of log-odds."""
    return moved_content(corner(choose=choose), 0.0)


def people() -> Applicants:
    draw = np.random.default_rng(11)
    n = 300
    frame = pl.DataFrame(
        {
            "application_id": [f"A{i}" for i in range(n)],
            "applied_on": [TODAY] * n,
            "amount": draw.uniform(1000, 40000, n).round(2),
            "term": draw.integers(12, 72, n),
            "income": draw.uniform(1000, 9000, n).round(2),
            "dti": draw.uniform(0, 0.7, n).round(3),
            "score": draw.integers(400, 840, n).astype(float),
            "score_date": [TODAY] * n,
            "employment": draw.choice(["permanent", "temporary", "own"], n),
            "on_sick_leave": [False] * n,
        }
    )
    return Applicants(frame, pl.DataFrame(), None)


@pytest.mark.parametrize("choose", CHOOSES)
def test_without_stress_everybody_is_answered_as_before(choose: str) -> None:
    (still,) = access_by_quarter(content(choose=choose), people(), np.zeros(1))
    changes = (still.turned_away, still.to_a_person, still.slower, still.dearer, still.less)
    assert changes == (0, 0, 0, 0, 0)
    assert still.offered > 0


@pytest.mark.parametrize("choose", CHOOSES)
def test_the_model_s_pd_moves_by_the_odds_and_fewer_are_offered_a_loan(choose: str) -> None:
    before = answers(content(choose=choose), people())
    after = answers(moved_content(content(choose=choose), float(np.log(4))), people())
    both = before["pd"].is_not_null() & after["pd"].is_not_null()
    one, two = (each.filter(both)["pd"].to_numpy() for each in (before, after))
    assert two / (1 - two) == pytest.approx(4 * one / (1 - one), rel=2e-3)
    found = access(before, after)
    assert found.offered < access(before, before).offered
    lost = found.turned_away + found.to_a_person
    assert found.offered + lost >= access(before, before).offered - 1e-9


def test_a_switch_under_stress_is_held_against_the_strategy_under_the_same_stress() -> None:
    switches = [
        Planned("halt", Switch(name="stop", kind="freeze", **PART, **WORDS)),
        Planned("halt", Switch(name="people", kind="people", **PART)),
        Planned(
            "calm", Switch(name="large", kind="tighten", when="amount > 20000", **PART, **WORDS)
        ),
    ]
    odds = float(np.log(1.5))
    stressed = answers(moved_content(content(), odds), people())
    offered = access(stressed, stressed).offered
    stop, hands, large = actions(content(), people(), odds, switches)
    assert (stop.access.offered, stop.access.profit) == (0, 0)
    assert stop.access.turned_away == pytest.approx(offered)
    assert (hands.access.offered, hands.access.turned_away) == (0, 0)
    assert hands.access.to_a_person == pytest.approx(offered)
    big = stressed.filter(people().frame["amount"] > 20000)["outcome"]
    had = big.is_in(["approve", "counter_offer"]).sum() / 3
    assert large.access.turned_away == pytest.approx(had)
    assert large.plan == "calm"


def test_a_switch_that_was_approved_answers_as_it_was_approved() -> None:
    """What stands in the plan now is another thing: those above 20,000 alone are turned away."""
    large = Switch(name="large", kind="tighten", when="amount > 20000", **PART, **WORDS)
    approved = switched(content(), large, 2).content
    stop = large.model_copy(update={"when": "amount > 0"})
    odds = float(np.log(1.5))
    made, ready = actions(
        content(),
        people(),
        odds,
        [Planned("calm", large), Planned("calm", stop, approved, is_approved=True)],
    )
    assert ready.access == made.access
    assert (made.approved, ready.approved) == (None, True)


def test_figures_are_counted_by_what_each_applicant_had() -> None:
    def told(*rows: tuple[str, float | None, float | None, float | None]) -> pl.DataFrame:
        names = ("outcome", "apr", "amount", "wait_days")
        frame = pl.DataFrame(list(rows), schema=names, orient="row", infer_schema_length=None)
        return frame.with_columns(
            profit=pl.lit(10.0), expected_loss=pl.lit(2.0), capital=pl.lit(None, pl.Float64)
        )

    before = told(
        ("approve", 0.1, 100.0, 0.0),
        ("approve", 0.1, 100.0, 0.0),
        ("approve", 0.1, 100.0, 0.0),
        ("decline", None, None, None),
        ("refer", None, None, 2.0),
    )
    after = told(
        ("approve", 0.12, 80.0, 0.0),
        ("decline", None, None, None),
        ("refer", None, None, 2.0),
        ("decline", None, None, None),
        ("counter_offer", 0.2, 50.0, 3.0),
    )
    found = access(before, after)
    assert found.offered == pytest.approx(40)
    assert found.turned_away == pytest.approx(20)
    assert found.to_a_person == pytest.approx(20)
    assert (found.dearer, found.less, found.slower) == pytest.approx((20, 20, 0))
    assert found.apr == pytest.approx(0.16)
    assert found.wait_days == pytest.approx(1.5)
    assert (found.profit, found.expected_loss, found.capital) == pytest.approx((1000, 200, 0))
