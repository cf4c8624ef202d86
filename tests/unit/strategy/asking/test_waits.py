"""The wait of each check, read from the journeys."""

from __future__ import annotations

import pytest
from step_lender import step_strategy, treatments

from equipoise.errors import BadInput
from equipoise.strategy.asking import AskingFigures, waits_of
from equipoise.value.treatments import Journey


def journey(name: str, wait: float, *checks: str) -> Journey:
    return Journey(name=name, checks=checks, wait_days=wait)


FAST = journey("fast", 0.0, "identity")
STANDARD = journey("standard", 1.11, "identity", "income")
FULL = journey("full", 2.31, "identity", "income", "bank")


def test_a_check_takes_what_the_journey_with_it_waits_longer() -> None:
    result = waits_of((FAST, STANDARD, FULL), {})
    assert result.of == {"identity": 0.0, "income": 1.11, "bank": 1.2}
    assert result.base == 0.0


def test_what_all_journeys_wait_is_waited_whatever_is_asked() -> None:
    result = waits_of((journey("a", 0.5), journey("b", 2.0, "call")), {})
    assert (result.base, result.of) == (0.5, {"call": 1.5})


def test_two_checks_at_once_are_told_apart_by_one_that_is_said() -> None:
    journeys = (FAST, FULL)
    with pytest.raises(BadInput, match="how long 'income' keeps people waiting") as refused:
        waits_of(journeys, {})
    assert "wait_days: {income: DAYS}" in str(refused.value.mend)
    assert waits_of(journeys, {"income": 1.0}).of["bank"] == pytest.approx(1.31)


def test_waits_that_do_not_add_up_are_refused() -> None:
    other = journey("other", 9.0, "identity", "bank")
    with pytest.raises(BadInput, match="do not add up to that of journey"):
        waits_of((FAST, STANDARD, FULL, other), {})


def test_a_longer_journey_that_waits_less_is_refused() -> None:
    with pytest.raises(BadInput, match="'income' would take -1 days"):
        waits_of((journey("a", 2.0), journey("b", 1.0, "income")), {})


def test_the_figures_of_checks_survive_the_seal_to_the_bit() -> None:
    sealed = step_strategy().content.asking
    assert sealed is not None
    assert AskingFigures.from_dict(sealed).as_dict() == sealed
    assert [each["wait_days"] for each in sealed["requests"]] == [0.5, 1.5, 0.25, 2.5]
    assert sealed["wait_days"] == treatments().journeys[0].wait_days


@pytest.mark.parametrize("damage", [{}, {"requests": [{}]}, {"requests": 3}])
def test_damaged_figures_are_refused(damage: dict) -> None:
    with pytest.raises(BadInput, match="figures of the checks are damaged"):
        AskingFigures.from_dict({"wait_days": 0.5, "stays": 1.0, "start": {}, **damage})
