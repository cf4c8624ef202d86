"""Guardrails: what may be declared, and from how many outcomes on one is heeded."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from equipoise.errors import BadInput
from equipoise.review.trials.monitoring import watch
from equipoise.review.trials.trial import read_trial
from equipoise.service.contexts.trials.guardrails import (
    Guardrail,
    Then,
    Watchable,
    check_guardrails,
)

SHARES = {"offered": Watchable(True, 0), "bad": Watchable(False, 365)}


def offered(bound: float = -0.05, least: int = 100) -> Guardrail:
    return Guardrail("offered", bound, least, Then.STOP)


@pytest.mark.parametrize(
    ("guardrails", "said"),
    [
        ([offered(0.05)], "lies on its better side"),
        ([Guardrail("bad", -0.01, 100, Then.TELL)], "lies on its better side"),
        ([offered(-1.5)], "no difference of two shares"),
        ([offered(float("nan"))], "no difference of two shares"),
        ([offered(least=0)], "is heeded from 0 outcomes on"),
        ([offered(least=60_000)], "is heeded from 60000 outcomes on"),
        ([offered(), offered(-0.1)], "has two guardrails"),
    ],
)
def test_what_cannot_be_heeded_is_refused_by_its_measure(
    guardrails: list[Guardrail], said: str
) -> None:
    with pytest.raises(BadInput, match=said) as refused:
        check_guardrails(guardrails, SHARES)
    assert refused.value.field == "guardrails"


def test_a_measure_that_nobody_watches_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(BadInput, match="nothing called 'offerd'") as refused:
        check_guardrails([Guardrail("offerd", -0.05, 100, Then.STOP)], SHARES)
    assert "did you mean 'offered'?" in refused.value.mend


def test_what_makes_sense_stands_as_declared() -> None:
    bounds = [offered(), Guardrail("bad", 0.01, 10, Then.TELL)]
    assert check_guardrails(bounds, SHARES) == tuple(bounds)
    assert check_guardrails([offered(0.0)], SHARES)  # no worse at all


def test_nothing_is_found_before_each_arm_has_the_declared_outcomes() -> None:
    """A challenger that offers to nobody: harm by the first look that is allowed, and not before.
    Each day brings ten outcomes to each arm, so 200 stand at the end of the twentieth."""
    begun = date(2026, 1, 1)
    rows = pl.DataFrame({
        "arm": ["champion" if at % 2 else "new" for at in range(800)],
        "day": [begun + timedelta(days=at // 20) for at in range(800)],
        "propensity": [0.5] * 800,
        "offered": [float(at % 6 > 1 if at % 2 else at % 10 == 0) for at in range(800)],
    })  # fmt: skip

    def since(least: int) -> str | None:
        measured = [offered(least=least).measured(SHARES["offered"])]
        result = watch(read_trial(rows, measured), measured, planned=400).result("")
        (measure,) = result.challengers[0].measures
        assert measure.found == "harm"
        assert measure.tolerated == 0.05
        return measure.since

    assert since(200) == (begun + timedelta(days=19)).isoformat()
    early = since(10)
    assert early is not None
    assert early < (begun + timedelta(days=19)).isoformat()
