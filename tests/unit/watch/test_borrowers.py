"""The watch list: found before they are late, for reasons, and by no more than what is known."""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import polars as pl
import pytest
from benchmarks.watch_lenders import knows_everything
from watches import months

from equipoise.errors import BadInput
from equipoise.simulation import Borrowers, borrower_parameters, borrowers
from equipoise.watch import (
    Panel,
    fit_behaviour,
    found_ahead,
    panel,
    signs_of,
    top,
    watch_list,
)
from equipoise.watch.borrowers.listing import ACTIONS
from equipoise.watch.borrowers.signs import FAMILIES

SIGNS = {
    name: name
    for name in ("days", "inflow", "utilisation", "minimum_only", "enquiries", "unemployment")
}
TRUTH = borrower_parameters().truth
SEED = 9100  # neither tuned on nor of the published figures
UNTIL = 24


@cache
def lives(seed: int) -> tuple[Borrowers, Panel]:
    made = borrowers(seed)
    return made, panel(made.table, "month", "borrower", SIGNS)


def found(seed: int, value: np.ndarray) -> float:
    hit, events = found_ahead(
        lives(seed)[1], value, ahead=TRUTH.ahead, share=TRUTH.listed, since=UNTIL
    )
    assert events > 300
    return hit / events


def days_alone(of: Panel) -> np.ndarray:
    last = np.stack([of.days[max(0, at - 5) : at + 1].max(axis=0) for at in range(len(of.days))])
    return np.where(of.days > 0, of.days + 100, last)


def scored(seed: int) -> np.ndarray:
    signs = signs_of(lives(seed)[1])
    return fit_behaviour(signs, horizon=3, until=UNTIL).rank(signs)


def test_the_list_finds_what_it_has_to_between_days_late_and_who_knows_everything() -> None:
    made, of = lives(SEED)
    low, high = TRUTH.knows_everything
    best, plain, ours = found(SEED, knows_everything(made)), found(SEED, days_alone(of)), 0.0
    assert low <= best <= high
    assert plain < TRUTH.days_late_alone + 0.03  # of one lender
    ours = found(SEED, scored(SEED))
    assert TRUTH.list <= ours < best


@pytest.mark.slow
def test_over_thirty_unseen_lenders_the_list_finds_what_it_has_to() -> None:
    seeds = range(TRUTH.unseen.first, TRUTH.unseen.last + 1)
    told = [
        (found(seed, knows_everything(lives(seed)[0])), found(seed, days_alone(lives(seed)[1])),
         found(seed, scored(seed)))
        for seed in seeds
    ]  # fmt: skip
    best, plain, ours = np.mean(told, axis=0)
    assert TRUTH.knows_everything[0] <= best <= TRUTH.knows_everything[1]
    assert plain < TRUTH.days_late_alone
    assert ours >= TRUTH.list


def test_chances_are_what_comes_of_them_in_months_that_nothing_was_learnt_from() -> None:
    of = lives(SEED)[1]
    signs = signs_of(of)
    chance = fit_behaviour(signs, horizon=3, until=UNTIL).chance(signs)
    late = of.late_within(3)
    known = np.isfinite(late)
    known[:UNTIL] = False
    # later months have another economy than those that were learnt from
    assert chance[known].mean() == pytest.approx(late[known].mean(), rel=0.25)
    high = known & (chance > 0.2)
    assert chance[high].mean() == pytest.approx(late[high].mean(), abs=0.1)


def test_nothing_is_learnt_from_what_came_after() -> None:
    of = lives(SEED)[1]
    values = {name: each.copy() for name, each in of.values.items()}
    values["days"][UNTIL:] = 0.0
    values["utilisation"][UNTIL:] = 0.99
    changed = Panel(of.periods, of.who, values)
    one, other = (fit_behaviour(signs_of(each), horizon=3, until=UNTIL) for each in (of, changed))
    assert one == other


def test_each_listed_borrower_has_a_reason_and_something_proposed() -> None:
    signs = signs_of(lives(SEED)[1])
    score = fit_behaviour(signs, horizon=3, until=UNTIL)
    listed = watch_list(signs, score, 30)
    assert 0 < len(listed) <= 0.1 * signs.panel.at_risk()[30].sum()
    assert all(each.reasons and set(each.reasons) <= set(FAMILIES) for each in listed)
    assert all(each.action == ACTIONS[each.reasons[0]] for each in listed)
    chances = [each.chance for each in listed]
    assert chances == sorted(chances, reverse=True)
    late_now = set(signs.panel.who.filter(pl.Series(~signs.panel.at_risk()[30])).to_list())
    assert not late_now & {each.who for each in listed}


def small(days: list[list[float | None]], inflow: list[list[float | None]]) -> Panel:
    rows = [
        {"month": months(len(life))[at], "who": f"B{who}", "days": life[at], "inflow": money[at]}
        for who, (life, money) in enumerate(zip(days, inflow, strict=True))
        for at in range(len(life))
        if life[at] is not None
    ]
    return panel(pl.DataFrame(rows), "month", "who", {"days": "days", "inflow": "inflow"})


def test_labels_know_what_is_not_known_yet() -> None:
    of = small([[0, 0, 45, 0, 0], [0, 0, 0, 0, 0]], [[1.0] * 5, [1.0] * 5])
    label = of.late_within(2)
    assert label[:, 0].tolist()[:2] == [1.0, 1.0]
    assert np.isnan(label[2:, 0]).all()  # late already
    assert label[:3, 1].tolist() == [0.0, 0.0, 0.0]
    assert np.isnan(label[3:, 1]).all()  # two months later is not here yet


def test_a_borrower_whose_months_are_missing_has_signs_of_those_that_are_there() -> None:
    lives_ = [[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], [None] * 10 + [0, 0, 0, 0]]
    money = [[2000.0] * 12 + [600.0, 500.0], [1000.0] * 14]
    signs = signs_of(small(lives_, money))
    assert signs.values["inflow_below_usual"][-1].tolist() == pytest.approx([0.75, 0.0])
    assert signs.values["without_two_in_a_row"][-1].tolist() == [1.0, 0.0]
    assert np.isnan(signs.panel.days[5, 1])
    assert not signs.panel.at_risk()[5, 1]


def test_two_rows_of_one_borrower_in_a_month_are_told_with_the_row() -> None:
    rows = pl.DataFrame(
        {"month": [date(2022, 1, 1)] * 3, "who": ["a", "b", "a"], "days": [0.0, 0.0, 45.0]}
    )
    with pytest.raises(BadInput, match=r"row 1 .*'a' has two rows"):
        panel(rows, "month", "who", {"days": "days"})


def test_too_few_events_are_no_lesson() -> None:
    of = small([[0, 0, 45, 0, 0], [0, 0, 0, 0, 0]], [[1.0] * 5, [1.0] * 5])
    with pytest.raises(BadInput, match="it takes 50"):
        fit_behaviour(signs_of(of), horizon=1, until=4)


def test_the_top_is_of_those_asked_and_no_more_than_the_share() -> None:
    value, among = np.array([5.0, 9, 1, 7, 3]), np.array([True, False, True, True, True])
    assert top(value, among, 0.5).tolist() == [True, False, False, True, False]


def test_signs_that_tell_nobody_apart_are_told_and_not_fitted() -> None:
    """Full months late: nobody is a little late before being 30 days late, and no more is told."""
    rows = [
        {
            "month": date(2024 + at // 12, at % 12 + 1, 1),
            "borrower": f"b{who}",
            "days": 31.0 if who % 2 and at == 10 + who % 5 else 0.0,
        }
        for who in range(400)
        for at in range(24)
    ]
    made = panel(pl.DataFrame(rows), "month", "borrower", {"days": "days"})
    with pytest.raises(BadInput, match="tells those who became late from others"):
        fit_behaviour(signs_of(made), horizon=3, until=20)
