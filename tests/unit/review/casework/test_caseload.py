"""Decisions as cases: on their own days or drawn, and limits and staff in absolute terms."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from equipoise.authority import AuthoritySection
from equipoise.errors import BadInput
from equipoise.review.casework.caseload import Caseload, moved
from equipoise.review.casework.whatif import changed

SECTION = AuthoritySection.model_validate(
    {
        "levels": [{"name": "officer", "staff": 3}, {"name": "board", "staff": 2}],
        "matrix": [
            {"up_to": 10_000, "level": "system"},
            {"up_to": 5_000, "grades": ["C"], "level": "officer"},
            {"up_to": 20_000, "level": "officer"},
            {"level": "board"},
        ],
    }
)
DECISIONS = pl.DataFrame(
    {
        "outcome": ["approve", "refer", "decline", "refer"],
        "amount": [1000.0, 2000.0, 3000.0, 4000.0],
        "grade": ["A", "B", "C", "A"],
        "reasons": [[], ["DTI_HIGH"], ["DTI_HIGH"], ["ABOVE_AUTHORITY"]],
        "day": [date(2026, 1, 5)] * 2 + [date(2026, 1, 6)] * 2,
    }
)


def drawn(load: Caseload, seed: int = 0) -> pl.DataFrame:
    return load.draw(SECTION.calendar.calendar(), np.random.default_rng(seed))


def test_cases_come_on_their_own_days_and_the_declined_do_not():
    found = drawn(Caseload(DECISIONS))
    assert found["amount"].to_list() == [1000.0, 2000.0, 4000.0]
    zone = SECTION.calendar.calendar().time_zone
    days = found["arrived_at"].dt.convert_time_zone(zone).dt.date().to_list()
    assert days == [date(2026, 1, 5), date(2026, 1, 5), date(2026, 1, 6)]


def test_above_the_machines_amount_is_no_exception():
    found = drawn(Caseload(DECISIONS))
    assert found["exceptions"].to_list() == [[], ["DTI_HIGH"], []]
    assert found["person"].to_list() == [False, True, False]


def test_arrivals_a_day_are_drawn_from_the_file_in_its_proportions():
    found = drawn(Caseload(DECISIONS, per_day=200.0))
    amounts = dict(found["amount"].value_counts().iter_rows())
    assert set(amounts) == {1000.0, 2000.0, 4000.0}
    assert max(amounts.values()) / min(amounts.values()) < 1.2
    assert found.equals(drawn(Caseload(DECISIONS, per_day=200.0)))


def test_a_limit_and_a_staff_are_what_was_asked_for():
    section = changed(SECTION, moved(SECTION, {"officer": 40_000}, {"board": 5}))
    assert [row.up_to for row in section.matrix] == [10_000, 10_000, 40_000, None]
    assert [level.people for level in section.levels] == [3, 5]


@pytest.mark.parametrize(
    ("limits", "staff", "said"),
    [
        ({"oficer": 1.0}, {}, "officer"),
        ({"board": 1.0}, {}, "without a limit"),
        ({}, {"system": 2}, "no level 'system'"),
    ],
)
def test_a_move_of_what_is_not_there_is_refused(limits, staff, said):
    with pytest.raises(BadInput, match=said):
        moved(SECTION, limits, staff)
