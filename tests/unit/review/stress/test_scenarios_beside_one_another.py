"""What a scenario is refused for before a stress begins, and what it is not refused for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from equipoise.errors import BadInput
from equipoise.portfolio import MacroPath
from equipoise.review.stress.scenarios import check_scenarios, put_together

FIRST, RATE = 2000 * 4, "Policy rate"
PAST = MacroPath("past", np.arange(FIRST, FIRST + 40), (RATE,), np.linspace(2.0, 5.0, 40)[:, None])


def scenario(*rates: float) -> MacroPath:
    quarters = np.arange(FIRST + 40, FIRST + 40 + len(rates))
    return MacroPath("adverse", quarters, (RATE,), np.array(rates)[:, None], "adverse.csv")


def test_a_rate_may_fall_to_nothing_and_below() -> None:
    check_scenarios([scenario(4.0, 1.0, 0.1, 0.0, -0.5)], [RATE], PAST)


@pytest.mark.parametrize("rates", [(0.04, 0.01, 0.001), (4.0, 0.03, 3.0), (400.0, 100.0, 10.0)])
def test_another_unit_than_the_past_s_is_told(rates: tuple[float, ...]) -> None:
    with pytest.raises(BadInput, match=r"in the past 2 to 5"):
        check_scenarios([scenario(*rates)], [RATE], PAST)


def test_a_scenario_of_centuries_is_refused_before_it_is_run() -> None:
    with pytest.raises(BadInput, match="has 4000 quarters; at most 120"):
        check_scenarios([scenario(*[4.0] * 4000)], [RATE], PAST)


def table(name: str, *values: float, begins: int = FIRST + 40, file: str = "a.csv") -> MacroPath:
    quarters = np.arange(begins, begins + len(values))
    return MacroPath("severe", quarters, (name,), np.array(values)[:, None], file, (1, 2))


def test_two_tables_of_one_scenario_are_one() -> None:
    """As the Federal Reserve publishes domestic and international variables."""
    home, abroad = table(RATE, 3.0, 4.0), table("Euro area growth", -1.0, 0.0, file="b.csv")
    other = replace(scenario(4.0, 4.0), file="c.csv")
    severe, adverse = put_together([home, other, abroad])
    assert severe.names == (RATE, "Euro area growth")
    assert severe.values.tolist() == [[3.0, -1.0], [4.0, 0.0]]
    assert str(severe.place(1)) == "a.csv + b.csv: row 2"
    assert adverse is other
    check_scenarios([severe, adverse], [RATE], PAST)


@pytest.mark.parametrize(
    "again", [table(RATE, 3.0, 4.0), table("GDP", 1.0, 2.0, begins=FIRST + 39)]
)
def test_what_tells_a_variable_twice_or_other_quarters_is_another_scenario(again: MacroPath):
    tables = put_together([table(RATE, 3.0, 4.0), again])
    assert len(tables) == 2
    with pytest.raises(BadInput, match="two scenarios are called 'severe'"):
        check_scenarios(tables, [], PAST)
