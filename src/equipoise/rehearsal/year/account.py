"""What is true of a rehearsed year at its end, and what is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

_ENDS = frozenset({"resolved", "false_positive", "accepted", "cleared"})
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class AlertEnd:
    """An alert at the end: its stage, and how it was closed, empty where it was not."""

    id: str
    indicator: str
    stage: str
    ending: str
    opened: datetime
    closed: datetime | None


@dataclass(frozen=True, slots=True)
class Deed:
    """A step that somebody did, by their own watch: they began after `before`, and were done by
    `after`."""

    run: str
    step: str
    before: datetime
    after: datetime


@dataclass(frozen=True, slots=True)
class RunClock:
    """A plan's run as the record has it: when it began, when each step ended, in their order, how
    many minutes each had, when it was closed, and which steps it calls late."""

    run: str
    began: datetime
    ended: Mapping[str, datetime]
    minutes: Mapping[str, float]
    closed: datetime | None
    late: frozenset[str]


def undefined(alerts: Iterable[AlertEnd]) -> list[str]:
    """Which alerts did not come to a defined end."""
    sentences = []
    for each in alerts:
        if each.stage != "closed" or each.closed is None:
            sentences.append(f"the alert of '{each.indicator}' is {each.stage}")
        elif each.ending not in _ENDS:
            sentences.append(f"the alert of '{each.indicator}' ended as '{each.ending}'")
        elif each.closed < each.opened:
            sentences.append(f"the alert of '{each.indicator}' was closed before it was raised")
    return sentences


def dishonest(runs: Iterable[RunClock], deeds: Sequence[Deed]) -> list[str]:
    """Where a plan's clock does not say what whoever did the steps saw on their own, or calls late
    what was not, or not late what was. Steps follow one another."""
    sentences = []
    for run in runs:
        begins = run.began
        seen = {each.step: each for each in deeds if each.run == run.run}
        for step, ended in run.ended.items():
            deed = seen.get(step)
            if deed is None or not deed.before <= ended <= deed.after:
                sentences.append(f"{run.run}: nobody did '{step}' at {ended:%Y-%m-%d %H:%M}")
            due = begins + timedelta(minutes=run.minutes[step])
            if (ended > due) != (step in run.late):
                sentences.append(f"{run.run}: '{step}' is told late wrongly")
            begins = max(begins, ended)
        sentences += [
            f"{run.run}: '{step}' was done and is not there" for step in seen.keys() - run.ended
        ]
        if run.closed is None or run.closed < begins:
            sentences.append(f"{run.run}: it did not end after its steps")
    return sentences


@dataclass(frozen=True)
class YearAccount:
    """The year: how many months, what was decided, alerts and runs of plans with the `deeds` of
    those who did their steps, `faults` of the record, and exposures by month in cents, as the
    workspace's book and the simulation have them. `trouble` is what ended it early."""

    months: int
    seed: int
    seconds: float
    decided: int
    alerts: Sequence[AlertEnd]
    runs: Sequence[RunClock]
    deeds: Sequence[Deed]
    events: int
    faults: Sequence[str]
    book: Mapping[str, int]
    truth: Mapping[str, int]
    trouble: str = ""

    @property
    def wrong(self) -> list[str]:
        """All that is not as it should be; empty where everything is."""
        differing = [
            f"{month}: the book says {self.book.get(month)} cents, the truth is {cents}"
            for month, cents in self.truth.items()
            if self.book.get(month) != cents
        ]
        return [
            *([self.trouble] if self.trouble else []),
            *undefined(self.alerts),
            *dishonest(self.runs, self.deeds),
            *self.faults,
            *differing,
        ]

    @property
    def passed(self) -> bool:
        return not self.wrong

    def lines(self) -> list[str]:
        """The account for a person."""
        ends = Counter(each.ending or each.stage for each in self.alerts)
        endings = ", ".join(f"{n} {name.replace('_', ' ')}" for name, n in sorted(ends.items()))
        steps = sum(len(each.ended) for each in self.runs)
        late = sum(len(each.late) for each in self.runs)
        return [
            f"{self.months} months in {self.seconds:.0f} s (seed {self.seed})",
            f"{self.decided} applications decided; {self.events:,} entries of the record",
            f"{len(self.alerts)} alerts: {endings or 'none'}",
            f"{len(self.runs)} runs of plans, {steps} steps, {late} of them late",
            f"{len(self.truth)} months of exposures held against the simulation's",
            *([f"WRONG: {each}" for each in self.wrong[:_SHOWN]] or ["all of it holds"]),
        ]

    def as_dict(self) -> dict[str, Any]:
        """The account as plain data."""
        return {
            "months": self.months,
            "seed": self.seed,
            "seconds": self.seconds,
            "decided": self.decided,
            "alerts": [
                {"indicator": each.indicator, "stage": each.stage, "ending": each.ending}
                for each in self.alerts
            ],
            "runs": [{"run": each.run, "late": sorted(each.late)} for each in self.runs],
            "events": self.events,
            "exposures": dict(self.book),
            "wrong": self.wrong,
            "passed": self.passed,
        }
