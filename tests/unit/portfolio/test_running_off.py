"""Stages of loans in quarters to come, against a plain walk of each loan."""

from __future__ import annotations

import numpy as np
import pytest

from equipoise.portfolio import (
    REASONS,
    LoansAhead,
    StageRules,
    Stages,
    TermStructure,
    term_structure,
)
from equipoise.portfolio.running_off import (
    ALLOWANCE,
    BAD,
    LATE,
    LIFE,
    LOSS,
    STAGE2,
    StagesAhead,
    run_off,
)

# current, 1-30, 31-60, 61-90, default, repaid
MOVES = np.array(
    [
        [90, 6, 1, 0, 1, 2],
        [40, 30, 25, 0, 5, 0],
        [20, 10, 20, 40, 10, 0],
        [5, 5, 5, 25, 60, 0],
        [0, 0, 0, 0, 10, 0],
        [0, 0, 0, 0, 0, 10],
    ]
)
RULES = StageRules(pd_ratio=3.0)


def structure() -> TermStructure:
    return term_structure(MOVES, 24, defaulted=(4,), repaid=5)


def loan(bucket: int = 0, pd: float = np.nan, months: int = 24) -> LoansAhead:
    """1,200 without interest; half is lost in default."""
    one = np.ones(1)
    return LoansAhead(
        np.array([bucket]), 1200 * one, 0 * one, np.array([months]), one / 2, pd * one
    )


def staged(reason: str = "performing", watched: int = 0, again: int = 12) -> Stages:
    one = np.ones(1, dtype=np.int64)
    return Stages(one, REASONS.index(reason) * one, watched * one, again * one)


def ran(ahead: LoansAhead, odds: list[float], rises_to: float, today: Stages | None = None):
    stages = StagesAhead.of(today or staged(), RULES, np.array([rises_to / 3]))
    by_quarter = np.log(odds)
    return run_off(ahead, structure(), (by_quarter, np.zeros(by_quarter.size)), stages)[0]


def test_a_told_pd_that_triples_is_stage_2_while_it_does_worked_by_hand():
    """Monthly chances of 1 %, at odds of 3 they are 3 of 102. PDs of a year at the quarters' starts
    are 25.8 %, 30.1 %, 25.8 % and 11.4 %; the loan's rises to stage 2 at 28 %."""
    told = 1 - 0.99**12
    stays = np.array([[1.0, 0, 0]])
    plain = TermStructure(np.zeros((1, 24)), np.zeros((1, 24)), stays, np.ones(1))
    odds = np.array([1, 3, 3, 3, 3, 1, 1])
    stages = StagesAhead.of(staged(), RULES, np.array([0.28 / 3]))
    sums, by_loan, _ = run_off(loan(pd=told), plain, (np.log(odds), np.zeros(7)), stages)
    chance = np.where(np.repeat(odds, 3) == 1, 0.01, 3 / 102)
    chance = np.r_[chance, [0.01] * 3]
    survive = np.r_[1, np.cumprod(1 - chance)]
    lost = -np.diff(survive) * (1200 - 50 * np.arange(24)) / 2
    year = [lost[at : at + 12].sum() for at in range(0, 24, 3)]
    life = [lost[at:].sum() for at in range(0, 24, 3)]
    second = np.array([False, True, False, False, False, False, False, False])
    assert by_loan[1, :2, 0] == pytest.approx([0.2583, 0.3011], abs=1e-4)
    assert sums[ALLOWANCE] == pytest.approx(np.where(second, life, year))
    assert sums[ALLOWANCE, 1] > 1.05 * year[1]
    owed = survive[:24:3] * (1200 - 150 * np.arange(8))
    assert sums[STAGE2] == pytest.approx(np.where(second, owed, 0.0))


def test_those_who_come_to_be_late_are_stage_2_by_as_much_as_loans_were_seen_to():
    chance = MOVES / MOVES.sum(axis=1, keepdims=True)
    chance[4:] = np.eye(6)[4:]
    sums = ran(loan(), [1.0] * 4, np.inf)
    for quarter in range(5):
        begins = 3 * quarter
        there = np.linalg.matrix_power(chance, begins)[0]
        allowance = late = 0.0
        for bucket in range(4):
            at, lost = np.eye(6)[bucket], []
            for month in range(begins, 24):
                after = at @ chance
                lost.append((after[4] - at[4]) * (1200 - 50 * month) / 2)
                at = after
            second = bucket >= 2  # more than 30 days late
            allowance += there[bucket] * sum(lost if second else lost[:12])
            late += there[bucket] * second * (1200 - 50 * begins)
        assert sums[ALLOWANCE, quarter] == pytest.approx(allowance)
        assert sums[STAGE2, quarter] == pytest.approx(late)


def test_where_every_part_is_stage_2_the_parts_add_up_to_the_whole_life():
    sums = ran(loan(bucket=1), [1.0, 1.0, 1.0], 1e-9)
    assert sums[ALLOWANCE] == pytest.approx(sums[LIFE])


def test_odds_that_triple_move_a_loan_that_is_not_late_and_back():
    seen = float(structure().within(12)[0])
    flat = ran(loan(), [1.0] * 6, 2 * seen)
    storm = ran(loan(), [1.0, 4.0, 4.0, 4.0, 4.0, 1.0], 2 * seen)
    owed = 1200 - 150 * np.arange(7)
    assert flat[STAGE2, 0] == 0
    assert storm[STAGE2, 1] > 0.85 * owed[1]  # all that are left
    assert storm[STAGE2, 6] < 0.5 * owed[6]
    assert storm[ALLOWANCE, 1] > flat[ALLOWANCE, 1]


@pytest.mark.parametrize(
    ("reason", "now"),
    [("past_due", 1.0), ("forborne", 1.0), ("probation", 1.0), ("default", 0.0), ("pd_rose", 0.0)],
)
def test_what_a_loan_is_in_stage_2_for_today(reason, now):
    watched = 5 if reason in ("forborne", "probation") else 0
    sums = ran(loan(bucket=2 * (reason == "past_due")), [1.0], np.inf, staged(reason, watched))
    assert sums[STAGE2, 0] == pytest.approx(1200 * now)


def test_probation_ends_after_its_months_unless_the_loan_is_late_meanwhile():
    """Nobody is ever late: five months are over by the second quarter's start."""
    sure = np.array([[1.0, 0.0, 0.0]])
    well = TermStructure(np.zeros((1, 24)), np.zeros((1, 24)), sure, np.ones(1))
    stages = StagesAhead.of(staged("probation", 5), RULES, np.array([np.inf]))
    sums = run_off(loan(), well, (np.zeros(4), np.zeros(4)), stages)[0]
    owed = 1200 - 150 * np.arange(5)
    assert sums[STAGE2] == pytest.approx(np.where(np.arange(5) < 2, owed, 0))


def walked(watched: int, again: int, quarters: int) -> list[float]:
    """What share of those left of one current loan is in stage 2, one path after another."""
    chance = MOVES / MOVES.sum(axis=1, keepdims=True)
    now, told = {(0, watched): 1.0}, []
    for month in range(3 * quarters + 1):
        if month % 3 == 0:
            held = sum(share for (at, left), share in now.items() if left or at >= 2)
            told.append(held / sum(now.values()))
        then: dict[tuple[int, int], float] = {}
        for (at, left), share in now.items():
            for to in range(4):
                still = 0 if not left else again if to >= 2 else left - 1
                then[to, still] = then.get((to, still), 0.0) + share * chance[at, to]
        now = then
    return told


@pytest.mark.parametrize(("watched", "again"), [(5, 12), (12, 12), (20, 24), (1, 3)])
def test_a_watch_begins_again_for_as_many_as_come_to_be_late(watched, again):
    sums = ran(loan(), [1.0] * 6, np.inf, staged("forborne", watched, again))
    chance = MOVES / MOVES.sum(axis=1, keepdims=True)
    left = [np.linalg.matrix_power(chance[:4, :4], 3 * at)[0].sum() for at in range(7)]
    owed = np.array(left) * (1200 - 150 * np.arange(7))
    assert sums[STAGE2] == pytest.approx(owed * walked(watched, again, 6))


def test_as_many_are_late_as_the_scenario_rolls_there():
    flat, storm = (ran(loan(), [each] * 4, np.inf) for each in (1.0, 3.0))
    assert flat[LATE, 0] == storm[LATE, 0] == 0
    assert np.all(storm[LATE, 1:] > 1.25 * flat[LATE, 1:])
    assert np.all(storm[STAGE2, 1:] == storm[LATE, 1:])


def test_a_loan_with_a_told_pd_is_late_by_as_much_as_its_bucket():
    sums = ran(loan(pd=0.05), [1.0, 1.0], np.inf)
    chance = MOVES / MOVES.sum(axis=1, keepdims=True)
    there = np.linalg.matrix_power(chance, 3)[0, :4]
    late = there[2:].sum() / there.sum()
    year, life = sums[ALLOWANCE, 1], sums[LIFE, 1]
    safe = ran(loan(pd=0.05), [1.0, 1.0], 0.04)[ALLOWANCE, 1]
    assert safe == pytest.approx(life)
    assert sums[STAGE2, 1] > 0
    lives = sums[STAGE2, 1] / late
    assert 0 < lives < 1050
    assert year < life


def test_what_comes_to_default_is_what_was_owed_then_and_half_of_it_is_lost():
    sums = ran(loan(), [1.0] * 4, np.inf)
    chance = MOVES / MOVES.sum(axis=1, keepdims=True)
    chance[4:] = np.eye(6)[4:]
    dead = [np.linalg.matrix_power(chance, month)[0, 4] for month in range(13)]
    by_month = np.diff(dead) * (1200 - 50 * np.arange(12))
    assert sums[BAD, 1:] == pytest.approx(by_month.reshape(4, 3).sum(axis=1))
    assert sums[LOSS] == pytest.approx(sums[BAD] / 2)
