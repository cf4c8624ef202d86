"""plans.yaml of a folder: checked, and a plan's drill as a sheet to work through."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from equipoise.documents import Loaded
from equipoise.errors import BadInput, EquipoiseError, Faults
from equipoise.expression import ExpressionError
from equipoise.review.switches import switched
from equipoise.strategy.content import Content
from equipoise.watch import WATCH, read_watch
from equipoise.watch.plans import (
    Plan,
    PlansDocument,
    Step,
    Switch,
    call_tree,
    due,
    gaps,
    read_plans,
)
from equipoise.workspace.fitting import FIT
from equipoise.workspace.folder import CONTRACT, Workspace
from equipoise.workspace.strategies import (
    STRATEGY,
    fitted_parts,
    read_strategy,
    strategy_content,
)

Keys = tuple[str | int, ...]


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


@dataclass(frozen=True, slots=True)
class CheckedPlans:
    """A sound plans.yaml, and what is to be looked at: gaps, and switches that no strategy of the
    folder was at hand for, each with its line."""

    document: PlansDocument
    notes: tuple[str, ...]


def checked_plans(folder: Path) -> CheckedPlans:
    """plans.yaml, held against watch.yaml where there is one, and its switches against the folder's
    strategy where it is fitted. Raises BadInput or Faults, with line and mend."""
    watched = folder / WATCH
    indicators = None
    if watched.is_file():
        indicators = [each.name for each in read_watch(watched).document.indicators]
    loaded = read_plans(folder, indicators=indicators)
    content, lacking = _content(folder)
    faults: list[EquipoiseError] = []
    untried: list[str] = []
    for keys, switch in _tightening(loaded.value):
        if content is None or switch.strategy != content.strategy.name:
            untried.append(
                f"{loaded.span(*keys)}  '{switch.name}' of the strategy '{switch.strategy}' was "
                f"not tried: {lacking}"
            )
        else:
            faults += _switch_faults(loaded, keys, switch, content)
    if faults:
        raise Faults(faults)
    return CheckedPlans(loaded.value, (*gaps(loaded), *untried))


def _tightening(document: PlansDocument) -> Iterator[tuple[Keys, Switch]]:
    """Switches that are made of a strategy, and where they are written."""
    for at, plan in enumerate(document.plans):
        for place, switch in enumerate(plan.switches):
            if switch.kind != "relief":
                yield ("plans", at, "switches", place), switch


def _content(folder: Path) -> tuple[Content | None, str]:
    """The folder's strategy with its models, or none; and what a switch of another lacks."""
    if not all((folder / name).is_file() for name in (CONTRACT, STRATEGY, f"build/{FIT}")):
        return None, "the folder has no fitted strategy"
    workspace = Workspace.open(folder)
    try:
        strategy = read_strategy(workspace).value
        content = strategy_content(workspace, strategy, *fitted_parts(workspace))
    except EquipoiseError as error:  # a fault of the strategy or of its fit, and none of the plans
        return None, f"the folder's strategy cannot be read ({error.message})"
    return content, f"the folder's strategy is '{strategy.name}'"


def _switch_faults(
    loaded: Loaded[PlansDocument], keys: Keys, switch: Switch, content: Content
) -> Iterator[EquipoiseError]:
    """What keeps a switch from being made of the strategy."""
    try:
        switched(content, switch, content.strategy.version + 1)
    except EquipoiseError as error:
        part = "when" if switch.when and isinstance(error, ExpressionError) else error.field
        yield BadInput(
            f"'{switch.name}' cannot be made: {error.message}",
            where=loaded.span(*keys, part),
            field=".".join(map(str, (*keys, part))),
            mend=error.mend,
        )


def drill_sheet(folder: Path, name: str, begins: datetime) -> Sheet:
    """The sheet of a plan's drill that begins then, UTC. plans.yaml is checked as `checked_plans`
    does. Raises BadInput or Faults, with line and mend."""
    document = checked_plans(folder).document
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
