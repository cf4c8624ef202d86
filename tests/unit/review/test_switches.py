"""A plan's switch as a strategy: who gets less by it, and that nobody gets more."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest
from corner_lender import TODAY, content

from equipoise.errors import BadInput, GateRefused
from equipoise.review.switches import check_tighter, switched
from equipoise.strategy.engine import Strategy
from equipoise.strategy.sealing import seal
from equipoise.watch.plans import Switch

CHOOSES = ["table", "cutoff", "balance"]


def switch(kind: str, **parts: Any) -> Switch:
    given: dict[str, Any] = {"name": "stop", "does": {"en": "Stop"}, "strategy": "corner"}
    if kind in ("freeze", "tighten"):
        given |= {"reason": "PAUSED", "texts": {"en": "We take no applications at the moment."}}
    return Switch(kind=kind, **{**given, **parts})


def applicants() -> pl.DataFrame:
    draw = np.random.default_rng(7)
    n = 400
    return pl.DataFrame(
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


def outcomes(strategy: Strategy) -> dict[str, int]:
    counts = strategy.decide_frame(applicants()).group_by("outcome").len()
    return dict(counts.iter_rows())


@pytest.mark.parametrize("choose", CHOOSES)
def test_a_freeze_declines_everybody_with_its_own_words(choose: str) -> None:
    before = content(choose=choose)
    after = Strategy(switched(before, switch("freeze"), 2))
    assert outcomes(after) == {"decline": 400}
    assert check_tighter(Strategy(seal(before)), after, applicants()) > 0
    decision = after.decide(applicants().row(0, named=True))
    assert decision.reasons[0].code == "PAUSED"


@pytest.mark.parametrize("when", ["dti + 1", "employment", "5"])
def test_what_is_never_true_tightens_nothing_and_is_refused(when: str) -> None:
    with pytest.raises(BadInput, match="is never true") as refused:
        switched(content(choose="table"), switch("tighten", when=when), 2)
    assert refused.value.field == "when"


@pytest.mark.parametrize(
    ("when", "told"),
    [
        ("pd > 2", "can never hold"),
        ("pd < 0 OR pd > 1", "can never hold"),
        ("employment = 'Permanent'", "can never hold"),
        ("dti < 0", "can never hold"),
        ("grade = 'Z'", "can never hold"),
        ("pd <= 1", "always holds"),
        ("pd >= 0 OR amount > 5", "always holds"),
    ],
)
def test_what_nobody_or_everybody_within_the_contract_meets_is_refused(
    when: str, told: str
) -> None:
    with pytest.raises(BadInput, match=told) as refused:
        switched(content(choose="table"), switch("tighten", when=when), 2)
    assert refused.value.field == "when"


@pytest.mark.parametrize("choose", CHOOSES)
def test_people_decide_what_the_machine_would_have_granted(choose: str) -> None:
    before = content(choose=choose)
    one, two = Strategy(seal(before)), Strategy(switched(before, switch("people"), 2))
    answers = (
        one.decide_frame(applicants())
        .select("id", "outcome")
        .join(two.decide_frame(applicants()).select("id", after="outcome"), on="id")
    )
    assert set(answers.filter(pl.col("outcome").is_in(["approve", "counter_offer"]))["after"]) == {
        "refer"
    }
    others = answers.filter(~pl.col("outcome").is_in(["approve", "counter_offer"]))
    assert others["outcome"].to_list() == others["after"].to_list()
    assert check_tighter(one, two, applicants()) > 0


@pytest.mark.parametrize("choose", CHOOSES)
def test_a_tightened_rule_declines_those_it_names(choose: str) -> None:
    before = content(choose=choose)
    two = Strategy(switched(before, switch("tighten", when="amount > 20000"), 2))
    answers = two.decide_frame(applicants()).with_columns(applicants()["amount"])
    assert set(answers.filter(pl.col("amount") > 20000)["outcome"]) == {"decline"}
    assert check_tighter(Strategy(seal(before)), two, applicants()) > 0


def test_what_gives_more_is_refused_by_name() -> None:
    before = content(choose="table")
    tighter = Strategy(switched(before, switch("tighten", when="amount > 20000"), 2))
    with pytest.raises(GateRefused, match=r"would give more to \d+ of 400 applicants \(A"):
        check_tighter(tighter, Strategy(seal(before)), applicants())


def test_relief_is_no_switch_that_is_made_of_the_strategy_in_force() -> None:
    with pytest.raises(BadInput, match="is relief"):
        switched(content(), switch("relief", version=3), 2)


def test_a_switch_speaks_every_language_of_the_strategy() -> None:
    before = content()
    in_two = before.model_copy(
        update={"strategy": before.strategy.model_copy(update={"languages": ("en", "zh")})}
    )
    with pytest.raises(BadInput, match="no text in zh"):
        switched(in_two, switch("freeze"), 2)


def test_a_condition_that_cannot_be_read_is_told_before_anybody_needs_it() -> None:
    with pytest.raises(BadInput):
        switched(content(), switch("tighten", when="amuont > 20000"), 2)
