"""What a drill showed: each step's time beside its target, the gaps, and when the next is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from equipoise.experience.calendar import BusinessCalendar
from equipoise.watch.plans.clocks import open_minutes
from equipoise.watch.plans.document import Plan
from equipoise.watch.plans.running import Run

RETEST_DAYS = 30


@dataclass(frozen=True, slots=True)
class Timed:
    """A step of a drill: minutes it was given and took, by the step's own clock (`took` is None
    where it was left out or never ended), and by whom it was ended."""

    step: str
    role: str
    target_minutes: float
    took_minutes: float | None
    by: str

    @property
    def kept(self) -> bool:
        """Whether it was done within its target."""
        return self.took_minutes is not None and self.took_minutes <= self.target_minutes


@dataclass(frozen=True, slots=True)
class DrillResult:
    """A drill's steps; `gaps` are those not done in time, and a gap is tested again by `retest`."""

    plan: str
    on: datetime
    steps: tuple[Timed, ...]

    @property
    def gaps(self) -> tuple[Timed, ...]:
        """The steps that were late, left out or never ended."""
        return tuple(each for each in self.steps if not each.kept)

    @property
    def retest(self) -> date | None:
        """The day by which the gaps are to be drilled again; None where there are none."""
        return (self.on + timedelta(days=RETEST_DAYS)).date() if self.gaps else None


def drilled(run: Run, calendar: BusinessCalendar) -> DrillResult:
    """What a run of a drill showed. Raises ValueError for a run that was none."""
    if not run.drill:
        raise ValueError("this run was no drill")
    return DrillResult(
        run.plan.name,
        run.opened,
        tuple(_timed(run, each.name, calendar) for each in run.plan.steps),
    )


def next_drill(plan: Plan, last: DrillResult | None, since: date) -> date | None:
    """The day by which a plan is to be drilled: in turn, or sooner where the last left gaps.
    `since` is when the plan came into force; None for a plan without drills."""
    if plan.drill is None:
        return None
    turn = timedelta(days=plan.drill.every_days)
    if last is None:
        return since + turn
    in_turn = last.on.date() + turn
    return min(in_turn, last.retest) if last.retest else in_turn


def _timed(run: Run, name: str, calendar: BusinessCalendar) -> Timed:
    step, ended, begins = run.plan.step(name), run.ended.get(name), run.begins(name)
    took = None
    if ended is not None and ended.done and begins is not None:
        took = _minutes(begins, ended.on, step.clock, calendar)
    return Timed(name, step.role, step.within_minutes, took, ended.by if ended else "")


def _minutes(start: datetime, end: datetime, clock: str, calendar: BusinessCalendar) -> float:
    if clock == "always":
        return (end - start).total_seconds() / 60
    return open_minutes(start, end, calendar)
