"""The friction table: each check's two prices in money, bad loans avoided and good ones lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from equipoise.documents import Quantity
from equipoise.experience.checks import Check
from equipoise.numeric.arrays import FloatArray


@dataclass(frozen=True, slots=True)
class Range:
    """A figure at the stated values, and its least and greatest over the stated ranges."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class UncertainCheck:
    """A check whose cost, drop-off, sensitivity and false alarm are known only within ranges."""

    check: Check
    cost: Quantity
    drop_off: Quantity
    sensitivity: Quantity
    false_alarm: Quantity

    def corners(self) -> Iterator[Check]:
        """The check at every combination of the ends of its ranges."""
        uncertain = (self.cost, self.drop_off, self.sensitivity, self.false_alarm)
        for cost, drop_off, sensitivity, false_alarm in product(*map(_ends, uncertain)):
            yield replace(
                self.check,
                cost=cost,
                drop_off=drop_off,
                sensitivity=sensitivity,
                false_alarm=false_alarm,
            )


@dataclass(frozen=True, slots=True)
class Meeting:
    """The applicants who meet a check; arrays of shape (applicants,), money in one currency.

    `reach` is the weight or probability with which each comes to the check, `booking` the
    probability that one who stays and passes is booked, `loss_if_bad` what a default costs,
    `value_if_good` what a good customer brings.
    """

    reach: FloatArray
    booking: FloatArray
    pd: FloatArray
    loss_if_bad: FloatArray
    value_if_good: FloatArray


@dataclass(frozen=True, slots=True)
class FrictionRow:
    """One check's row of the table.

    Counts are expected loans, money is the contract's currency. `net` is losses avoided
    (by the check and by bad applicants leaving) less good customers' value lost (by false
    alarm and by drop-off) less the cost of the check and of underwriters' time.
    """

    check: str
    applicants: float
    minutes: float
    underwriter_hours: float
    cost: Range
    bad_loans_avoided: Range
    losses_avoided: Range
    bad_loans_left: Range
    losses_left: Range
    good_stopped: Range
    good_stopped_value: Range
    good_left: Range
    good_left_value: Range
    net: Range


_COLUMNS = (
    "cost", "bad_loans_avoided", "losses_avoided", "bad_loans_left", "losses_left",
    "good_stopped", "good_stopped_value", "good_left", "good_left_value", "net",
)  # fmt: skip


def friction_table(
    entries: Sequence[tuple[UncertainCheck, Meeting]], underwriter_hour_cost: float = 0.0
) -> list[FrictionRow]:
    """The table, one row per check, in the order given.

    Every figure is linear in each uncertain quantity, so its extremes over the ranges are at
    their corners and `low` and `high` are exact. Those who leave do so before the check stops
    anyone. Source of the split: design section 6, by Bayes over good and bad.
    """
    return [_row(check, meeting, underwriter_hour_cost) for check, meeting in entries]


def _row(uncertain: UncertainCheck, meeting: Meeting, hour_cost: float) -> FrictionRow:
    check = uncertain.check
    applicants = float(meeting.reach.sum())
    hours = applicants * check.underwriter_hours
    time_cost = hours * hour_cost
    base = _Base.of(meeting)
    at_value = base.split(check, time_cost)
    at_corners = np.array([base.split(corner, time_cost) for corner in uncertain.corners()])
    low = np.minimum(at_corners.min(axis=0), at_value)
    high = np.maximum(at_corners.max(axis=0), at_value)
    ranges = {
        name: Range(float(at_value[i]), float(low[i]), float(high[i]))
        for i, name in enumerate(_COLUMNS)
    }
    return FrictionRow(
        check=check.name,
        applicants=applicants,
        minutes=applicants * check.minutes,
        underwriter_hours=hours,
        **ranges,
    )


@dataclass(frozen=True, slots=True)
class _Base:
    """What would be booked if the check were not there: good and bad, counts and money."""

    reach: float
    bad: float
    bad_money: float
    good: float
    good_money: float

    @classmethod
    def of(cls, meeting: Meeting) -> _Base:
        bad = meeting.reach * meeting.booking * meeting.pd
        good = meeting.reach * meeting.booking * (1 - meeting.pd)
        return cls(
            float(meeting.reach.sum()),
            float(bad.sum()),
            float((bad * meeting.loss_if_bad).sum()),
            float(good.sum()),
            float((good * meeting.value_if_good).sum()),
        )

    def split(self, check: Check, time_cost: float) -> FloatArray:
        """The table's columns, in their order."""
        left = check.drop_off
        caught = (1 - left) * check.sensitivity
        stopped = (1 - left) * check.false_alarm
        cost = self.reach * check.cost + time_cost
        net = self.bad_money * (caught + left) - self.good_money * (stopped + left) - cost
        return np.array(
            [
                cost,
                self.bad * caught, self.bad_money * caught,
                self.bad * left, self.bad_money * left,
                self.good * stopped, self.good_money * stopped,
                self.good * left, self.good_money * left,
                net,
            ]
        )  # fmt: skip


def _ends(quantity: Quantity) -> tuple[float, float]:
    low = quantity.value if quantity.low is None else quantity.low
    high = quantity.value if quantity.high is None else quantity.high
    return low, high
