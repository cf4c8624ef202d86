"""Readings: every indicator in every period, with its verdict."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

Verdict = Literal["green", "amber", "red", "insufficient"]
Fault = Literal["", "silent", "divides_by_zero", "unreadable"]


@dataclass(frozen=True, slots=True)
class Reading:
    """One indicator in one period.

    `value` on `n` rows, with its own 95 % interval; `baseline` is what it is held against, and
    `chance` that of a reading as bad if nothing changed. `insufficient` is not green: too few rows
    or events, or too short a history. `fault` is a fault of the data and never a risk: the
    indicator stopped reporting, divides by zero, or its table cannot be read. `inhibited_by` names
    the alarm that makes this reading unbelievable. `snapshot` is the digest of the rows it was read
    from, and of the watch.
    """

    indicator: str
    period: date
    value: float | None
    n: int
    low: float | None
    high: float | None
    baseline: float | None
    chance: float | None
    verdict: Verdict
    fault: Fault = ""
    inhibited_by: str = ""
    snapshot: str = ""

    @property
    def is_alarm(self) -> bool:
        """Red, or a fault of the data, and believable."""
        return (self.verdict == "red" or self.fault != "") and not self.inhibited_by

    def as_dict(self) -> dict[str, Any]:
        """The reading as plain data."""
        return {name: getattr(self, name) for name in self.__slots__} | {
            "period": self.period.isoformat()
        }
