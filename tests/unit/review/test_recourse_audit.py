"""The share with no way back: of whom it is a share, by segment, and how sure it is."""

from __future__ import annotations

from itertools import cycle, islice

import polars as pl
import pytest
from corner_lender import application
from tests.unit.strategy.recourse.changeable import CHANGES, changeable

from equipoise.errors import BadInput
from equipoise.numeric.intervals import wilson
from equipoise.review.fairness import audit_fairness
from equipoise.review.recourse_audit import audit_recourse

WORK_ONLY = changeable({"employment": CHANGES["employment"]}, choose="table")
APPROVED = {"sex": "female"}
CAN = {"score": 650.0, "dti": 0.4, "employment": "own", "sex": "female"}
CANNOT = {"score": 520.0, "dti": 0.4, "employment": "permanent", "sex": "male"}
SICK = {"on_sick_leave": True, "sex": "male"}


def people(*facts: dict) -> pl.DataFrame:
    return pl.DataFrame(
        [application(application_id=str(at), **each) for at, each in enumerate(facts)]
    )


FRAME = people(*islice(cycle([APPROVED, CAN, CANNOT, SICK]), 80))


def level(found, column, group):
    (side,) = [s.side for s in found.segments if (s.column, s.side.group) == (column, group)]
    return side.people, side.level.value


def test_the_share_is_of_those_turned_down():
    found = audit_recourse(WORK_ONLY, FRAME, by=["sex"])
    assert (found.applicants, found.turned_down, found.sampled) == (80, 60, 60)
    assert found.without.value == pytest.approx(40 / 60)
    low, high = wilson(40.0, 60.0, 0.95)
    assert (found.without.low, found.without.high) == (pytest.approx(low), pytest.approx(high))


def test_each_segment_has_its_own_share_and_referrals_stand_apart():
    found = audit_recourse(WORK_ONLY, FRAME, by=["sex"])
    assert level(found, "sex", "female") == (20, 0.0)
    assert level(found, "sex", "male") == (40, 1.0)
    assert level(found, "outcome", "decline") == (40, 0.5)
    assert level(found, "outcome", "refer") == (20, 1.0)


def test_everyone_is_answered_in_order_and_the_approved_not_at_all():
    found = audit_recourse(WORK_ONLY, FRAME)
    assert found.has_way_back.to_list() == [None, True, False, False] * 20


def test_a_sample_is_drawn_by_its_seed():
    one, again, other = (
        audit_recourse(WORK_ONLY, FRAME, sample=15, seed=seed) for seed in (3, 3, 4)
    )
    assert one.sampled == 15 == one.has_way_back.drop_nulls().len()
    assert one.as_dict() == again.as_dict()
    assert one.has_way_back.to_list() != other.has_way_back.to_list()


def test_segments_may_come_as_a_frame_of_their_own():
    halves = pl.DataFrame({"half": ["first"] * 40 + ["second"] * 40})
    found = audit_recourse(WORK_ONLY, FRAME, by=halves)
    assert level(found, "half", "first") == (30, pytest.approx(2 / 3))


def test_the_fairness_audit_reads_what_was_found():
    answers = WORK_ONLY.decide_frame(FRAME)
    found = audit_recourse(WORK_ONLY, FRAME)
    fairness = audit_fairness(answers.with_columns(found.has_way_back), FRAME.select("sex"))
    shares = {
        each.side.group: each.side.level.value
        for each in fairness.segments
        if each.measure == "no way back"
    }
    assert shares == {"female": 0.0, "male": 1.0}


def test_where_nobody_is_turned_down_nothing_is_claimed():
    found = audit_recourse(WORK_ONLY, people(APPROVED, APPROVED))
    assert (found.turned_down, found.without.known, found.segments) == (0, False, ())


def test_a_column_that_is_not_there_is_refused():
    with pytest.raises(BadInput, match="no column 'sx'"):
        audit_recourse(WORK_ONLY, FRAME, by=["sx"])
    with pytest.raises(BadInput, match="3 rows of segments"):
        audit_recourse(WORK_ONLY, FRAME, by=pl.DataFrame({"half": [1, 2, 3]}))
