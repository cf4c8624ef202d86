"""Stages month by month: presumptions, rise of PD, cure and probation, and why."""

from __future__ import annotations

import numpy as np
import pytest

from equipoise.portfolio import REASONS, StageRules, stages

RULES = StageRules(cure_months=3, probation_months=4)


def _one_loan(days, rules=RULES, **more):
    loan = np.zeros(len(days), dtype=np.int64)
    found = stages(loan, np.array(days), rules, **more)
    return found.stage.tolist(), [REASONS[each] for each in found.reason]


@pytest.mark.parametrize(("days", "stage"), [(0, 1), (30, 1), (31, 2), (90, 2), (91, 3)])
def test_presumptions_hold_from_the_day_after(days, stage):
    assert _one_loan([days])[0] == [stage]


def test_a_loan_cures_after_three_clean_months_and_is_watched_for_four():
    stage, reason = _one_loan([0, 120, 0, 0, 0, 0, 0, 0, 0])
    assert stage == [1, 3, 3, 3, 2, 2, 2, 2, 1]
    assert reason[1:5] == ["default", "curing", "curing", "probation"]
    assert reason[-1] == "performing"


def test_lateness_while_curing_begins_the_cure_again():
    assert _one_loan([120, 0, 0, 45, 0, 0, 0])[0] == [3, 3, 3, 3, 3, 3, 2]


def test_lateness_in_probation_begins_it_again():
    stage, _ = _one_loan([120, 0, 0, 0, 45, 0, 0, 0, 0])
    assert stage == [3, 3, 3, 2, 2, 2, 2, 2, 1]


def test_how_long_a_watch_still_goes_on_is_told_and_begins_again_where_the_loan_is_late():
    loan = np.zeros(9, dtype=np.int64)
    found = stages(loan, np.array([120, 0, 0, 0, 0, 45, 0, 0, 0]), RULES)
    assert found.watched[3:].tolist() == [4, 3, 4, 3, 2, 1]
    assert found.again[3:].tolist() == [4] * 6


def test_a_forborne_loan_is_watched_from_when_it_was_so_first_or_was_last_late():
    rules = StageRules(forborne_months=6)
    loan = np.zeros(7, dtype=np.int64)
    forborne = np.array([0, 1, 1, 1, 1, 1, 0])
    found = stages(loan, np.array([0, 0, 0, 40, 0, 0, 0]), rules, forborne=forborne)
    assert found.watched.tolist() == [0, 6, 5, 6, 5, 4, 0]
    assert found.again[1:6].tolist() == [6] * 5
    assert found.stage.tolist() == [1, 2, 2, 2, 2, 2, 1]


def test_one_loan_s_default_does_not_stick_to_the_next():
    found = stages(np.array([0, 0, 1, 1]), np.array([0, 200, 0, 0]), RULES)
    assert found.stage.tolist() == [1, 3, 1, 1]


def test_a_pd_that_rose_by_ratio_and_by_points_is_stage_2():
    rules = StageRules(pd_ratio=2.0, pd_rise=0.02)
    origin = np.array([0.01, 0.001, 0.05])
    now = np.array([0.031, 0.004, 0.08])  # both; the ratio alone; the points alone
    found = stages(
        np.arange(3), np.zeros(3, dtype=np.int64), rules, pd=now, pd_at_origination=origin
    )
    assert found.stage.tolist() == [2, 1, 1]
    assert REASONS[found.reason[0]] == "pd_rose"


def test_a_pd_that_rose_and_is_still_low_or_was_not_told_before_moves_nobody():
    rules = StageRules(pd_ratio=3.0, low_pd=0.003)
    origin = np.array([0.0005, 0.001, np.nan])
    assert rules.rises_to(origin) == pytest.approx([0.003, 0.003, np.inf])
    found = stages(
        np.arange(3),
        np.zeros(3, dtype=np.int64),
        rules,
        pd=np.array([0.0029, 0.003, 0.5]),
        pd_at_origination=origin,
    )
    assert found.stage.tolist() == [1, 2, 1]


def test_impaired_and_forborne_are_told_apart_from_days():
    days = [0, 0]
    assert _one_loan(days, impaired=np.array([0, 1]))[0] == [1, 3]
    assert _one_loan(days, forborne=np.array([0, 1])) == ([1, 2], ["performing", "forborne"])
