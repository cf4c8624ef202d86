"""plans.yaml of a folder: checked, and a plan's drill as a sheet to work through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from equipoise.watch import WATCH, read_watch
from equipoise.watch.plans import Plan, PlansDocument, Step, call_tree, due, read_plans


@dataclass(frozen=True, slots=True)
class Line:
    """A step of a drill: the latest it can begin and is due where every step before takes all of
    its time, and who is called after how many minutes."""

    step: Step
    begins: datetime
    due: datetime
    called: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A drill that begins at a moment, its steps in the plan's order."""

    plan: Plan
    begins: datetime
    lines: tuple[Line, ...]

    @property
    def ends(self) -> datetime:
        """When the last step is due."""
        return max(each.due for each in self.lines)

    @property
    def injected(self) -> tuple[tuple[datetime, str, float], ...]:
        """When which indicator is given which value."""
        scenario = self.plan.drill.scenario if self.plan.drill else ()
        return tuple(
            (self.begins + timedelta(minutes=each.minutes), each.indicator, each.value)
            for each in scenario
        )


def checked_plans(folder: Path) -> PlansDocument:
    """plans.yaml, held against watch.yaml where there is one. Raises BadInput or Faults, with line
    and mend."""
    watched = folder / WATCH
    indicators = None
    if watched.is_file():
        indicators = [each.name for each in read_watch(watched).document.indicators]
    return read_plans(folder, indicators=indicators).value


def drill_sheet(folder: Path, name: str, begins: datetime) -> Sheet:
    """The sheet of a plan's drill that begins then, UTC. plans.yaml is checked as `checked_plans`
    does. Raises BadInput or Faults, with line and mend."""
    document = checked_plans(folder)
    plan = document.plan(name)
    lines: dict[str, Line] = {}
    while len(lines) < len(plan.steps):  # no circle: the document is checked
        for step in plan.steps:
            if step.name not in lines and all(each in lines for each in step.after):
                lines[step.name] = _line(step, lines, begins, document)
    return Sheet(plan, begins, tuple(lines[each.name] for each in plan.steps))


def _line(step: Step, before: dict[str, Line], begins: datetime, document: PlansDocument) -> Line:
    starts = max((before[each].due for each in step.after), default=begins)
    called = tuple(call_tree(document, step.role))
    return Line(step, starts, due(step, starts, document.calendar.calendar()), called)
