"""In which order cases are taken, as a declared policy: first come, or by what a minute is worth.

A minute of a person's time on a case saves what waiting would cost meanwhile. Where waiting costs
`c` an hour and a case takes `m` minutes of work, the case with the highest c / m goes first (the
c-mu rule: Cox and Smith 1961, Queues, chapter III); where the cost grows faster the longer a case
has waited, c is what it costs at this moment (the generalised rule: Van Mieghem 1995, Annals of
Applied Probability 5, optimal as queues grow busy for convex costs).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
import polars as pl

from equipoise.errors import BadInput
from equipoise.numeric.arrays import FloatArray
from equipoise.review.casework.queueing import IN_TURN, Turns
from equipoise.review.casework.worktime import OpenTime

HOUR = 3600.0


class Order(Protocol):
    """Whatever says in which order a pool's cases are taken."""

    def turns(self, cases: pl.DataFrame, clock: OpenTime) -> Turns:
        """For cases in order of arrival (`checked_flow`), in the lender's open time."""


@dataclass(frozen=True, slots=True)
class FirstCome:
    """First come, first served."""

    def turns(self, cases: pl.DataFrame, clock: OpenTime) -> Turns:  # noqa: ARG002 - nothing is asked
        """No case is worth more than another."""
        return IN_TURN


class Worth(NamedTuple):
    """What a minute of work on each case is worth, by the case's age in business hours.

    `leaving` + `lateness` * max(0, age - `onset`), money per hour waited and minute of work; from
    the age `overdue` on a case goes before all others.
    """

    leaving: FloatArray
    lateness: FloatArray
    onset: FloatArray
    overdue: FloatArray

    def at(self, age: FloatArray) -> FloatArray:
        """The worth of a minute at an age in business hours; infinite once overdue."""
        worth = self.leaving + self.lateness * np.maximum(0.0, age - self.onset)
        return np.where(age >= self.overdue, np.inf, worth)


@dataclass(frozen=True, slots=True)
class ByValue:
    """The case on which a minute is worth most goes first.

    `leaving` is the share of customers who go elsewhere in an hour of waiting, and with them what
    a person would have gained on the case (money at stake x chance that a person changes the
    answer). `late` is what an hour of waiting costs at the moment that an answer is due, in money;
    it grows from 0 at the share `near` of the promised time, and on at the same pace once that is
    over. A case that has waited `longest` times what was promised goes before all that have not,
    oldest first: nobody starves. All hours are business hours. The values here are a convention:
    measure your own.
    """

    leaving: float = 0.01
    late: float = 5.0
    near: float = 0.5
    longest: float = 4.0

    def __post_init__(self) -> None:
        sound = {
            "leaving": (0 <= self.leaving <= 1, "a share from 0 to 1"),
            "late": (np.isfinite(self.late) and self.late >= 0, "money of 0 or more"),
            "near": (0 <= self.near < 1, "a share from 0 to below 1"),
            "longest": (self.longest >= 1, "1 or more"),
        }
        for name, (holds, mend) in sound.items():
            if not holds:
                raise BadInput(
                    f"`{name}` is {getattr(self, name)}", field=name, mend=f"give {mend}"
                )

    def worth(self, gain: FloatArray, minutes: FloatArray, promised: FloatArray) -> Worth:
        """By case (n,): what a person gains on it, minutes of work, business hours promised."""
        lateness = self.late / (promised * (1 - self.near)) / minutes
        return Worth(
            gain * self.leaving / minutes,
            lateness,
            self.near * promised,
            self.longest * promised,
        )

    def turns(self, cases: pl.DataFrame, clock: OpenTime) -> Turns:
        """By the flow's `stake`, `chance`, `expected` (minutes) and `promised` (hours)."""
        for name in ("stake", "chance", "expected", "promised"):
            if cases[name].null_count():
                raise BadInput(
                    f"the flow does not say the `{name}` of every case, so none can be ordered",
                    field=name,
                    mend=f"give `{name}` to all, or order by FirstCome()",
                )
        stake, chance, minutes, promised = (
            cases[name].to_numpy() for name in ("stake", "chance", "expected", "promised")
        )
        worth = self.worth(stake * chance, minutes, promised)
        came = clock.elapsed(cases["arrived"].to_numpy())
        return Turns(
            worth.leaving,
            worth.lateness / HOUR,
            came + worth.onset * HOUR,
            came + worth.overdue * HOUR,
            clock.opens,
            clock.closes,
            clock.before,
        )
