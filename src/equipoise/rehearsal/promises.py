"""What customers were promised, and whether it was kept: by the record of a rehearsal's desk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from equipoise.numeric.intervals import wilson
from equipoise.rehearsal.diary import ACTS, Act, Diary, Disagreement, disagreements
from equipoise.rehearsal.load import Load
from equipoise.rehearsal.load_picture import drawn


@dataclass(frozen=True, slots=True)
class Wait:
    """A case's, in business hours: until its answer, or so far where it `is_open`."""

    hours: float
    is_open: bool = False


@dataclass(frozen=True)
class Kept:
    """Answers of people against what was promised, in business hours."""

    promised: float
    waits: Sequence[Wait]

    @property
    def cases(self) -> int:
        """Those answered, and those that wait for longer than was promised."""
        return len(self._settled)

    @property
    def in_time(self) -> int:
        return sum(each.hours <= self.promised for each in self._settled)

    @property
    def share(self) -> float | None:
        return self.in_time / self.cases if self.cases else None

    @property
    def interval(self) -> tuple[float, float]:
        """95 % of the share kept (Wilson)."""
        low, high = wilson(np.array([float(self.in_time)]), np.array([float(self.cases)]))
        return float(low[0]), float(high[0])

    @property
    def longest(self) -> float:
        return max((each.hours for each in self.waits), default=0.0)

    @property
    def median(self) -> float:
        hours = [each.hours for each in self._settled]
        return float(np.median(hours)) if hours else 0.0

    @property
    def _settled(self) -> list[Wait]:
        return [each for each in self.waits if not each.is_open or each.hours > self.promised]


@dataclass(frozen=True)
class DeskWork:
    """A desk as it was rehearsed: by each underwriter's account and by the record. `planned` says
    how many people keep what is promised, None where that was not reckoned."""

    people: int
    diaries: Sequence[Diary]
    recorded: Mapping[Act, int]
    kept: Kept
    faults: Sequence[str] = ()
    loads: Sequence[Load] = ()
    trouble: Sequence[str] = ()
    planned: int | None = None
    target: float = 0.0
    right: tuple[int, int] = (0, 0)
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def disagreements(self) -> list[Disagreement]:
        return disagreements(self.diaries, self.recorded)

    @property
    def sound(self) -> bool:
        """Whether the record and everybody say the same, and nothing was done that must not be.
        Promises that are broken are no fault of the record."""
        return not (self.disagreements or self.faults or self.trouble)

    @property
    def most_overdue(self) -> int:
        return max((each.overdue for each in self.loads), default=0)

    def acts(self) -> dict[str, tuple[int, int]]:
        """Of each kind, how many by their accounts and by the record."""
        return {
            what: (sum(each.count(what) for each in self.diaries), _count(self.recorded, what))
            for what in ACTS
        }

    def as_dict(self) -> dict[str, Any]:
        """As plain data."""
        low, high = self.kept.interval
        return {
            "people": self.people,
            "planned": self.planned,
            "target": self.target,
            "promised_hours": self.kept.promised,
            "cases": self.kept.cases,
            "kept": self.kept.in_time,
            "kept_share": self.kept.share,
            "kept_low": low,
            "kept_high": high,
            "median_hours": round(self.kept.median, 2),
            "longest_hours": round(self.kept.longest, 2),
            "most_overdue": self.most_overdue,
            "answers_right": self.right[0],
            "answers": self.right[1],
            "acts": [
                {"act": what, "known": known, "recorded": recorded}
                for what, (known, recorded) in self.acts().items()
            ],
            "disagreements": [str(each) for each in self.disagreements],
            "faults": list(self.faults),
            "trouble": list(self.trouble),
            "loads": [
                {"at": each.at.isoformat(), "waits": each.waits, "overdue": each.overdue}
                for each in self.loads
            ],
            "underwriters": [
                {"name": self.names.get(each.who, each.who), "cases": each.cases}
                for each in self.diaries
            ],
        }

    def picture(self) -> str:
        """What waited, hour by hour, as SVG."""
        return drawn(self.loads, self.lines())

    def lines(self) -> Iterable[str]:
        """As a person reads it."""
        kept, (low, high) = self.kept, self.kept.interval
        plan = "" if self.planned is None else f", {self.planned} are planned"
        yield f"desk: {self.people} underwriters{plan}"
        if kept.share is not None:
            yield (
                f"  answered within the promised {kept.promised:g} business hours: "
                f"{100 * kept.share:.0f} % ({kept.in_time}/{kept.cases}) "
                f"[{100 * low:.0f}, {100 * high:.0f}]; median {kept.median:.1f}, longest "
                f"{kept.longest:.1f} hours; {self.most_overdue} overdue at most"
            )
        if self.right[1]:
            yield f"  answers that the truth bears out: {self.right[0]} of {self.right[1]}"
        yield f"  {'act':<20} known  recorded"
        for what, (known, recorded) in self.acts().items():
            yield f"  {what:<20} {known:5}  {recorded:8}"
        for each in self.diaries:
            yield f"  {self.names.get(each.who, each.who)}: {each.cases} cases"
        yield from (f"  {each}" for each in (*self.disagreements, *self.faults, *self.trouble))


def _count(recorded: Mapping[Act, int], what: str) -> int:
    return sum(n for act, n in recorded.items() if act.what == what)
