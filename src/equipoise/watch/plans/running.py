"""A plan that is carried out: what has been done, what is due and who is called; pure.

`command -> happenings`, `after(state, happening) -> state`: a drill, a real emergency and a whole
year of rehearsal go the same way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from equipoise.errors import GateRefused, did_you_mean
from equipoise.experience.calendar import BusinessCalendar
from equipoise.watch.plans.clocks import due
from equipoise.watch.plans.document import Contact, Plan, PlansDocument


class Did(StrEnum):
    """What can happen to a run."""

    OPENED = "opened"
    DONE = "done"
    SKIPPED = "skipped"
    CALLED = "called"  # whoever is next in the contact tree
    SWITCHED_ON = "switched_on"
    SWITCHED_BACK = "switched_back"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened to a run: `what` is the step or the switch it is about, `whom` who
    was called."""

    did: Did
    on: datetime
    by: str
    what: str = ""
    whom: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a step ended: by whom, when, and whether it was done or left out."""

    on: datetime
    by: str
    done: bool
    note: str


@dataclass(frozen=True, slots=True)
class Run:
    """A plan under way; `drill` acts on a copy and turns no switch of the real service."""

    plan: Plan
    opened: datetime
    by: str
    cause: str
    drill: bool
    ended: Mapping[str, Ended] = field(default_factory=lambda: MappingProxyType({}))
    calls: tuple[tuple[str, str, datetime], ...] = ()
    """Step, person, when: in the order of the calls."""
    switched: tuple[str, ...] = ()
    closed: datetime | None = None

    def begins(self, step: str) -> datetime | None:
        """When a step could begin; None while it waits for others."""
        before = self.plan.step(step).after
        if any(each not in self.ended for each in before):
            return None
        return max((self.ended[each].on for each in before), default=self.opened)

    def due(self, step: str, calendar: BusinessCalendar) -> datetime | None:
        """When a step is due; None while it waits for others."""
        begins = self.begins(step)
        return None if begins is None else due(self.plan.step(step), begins, calendar)

    @property
    def open_steps(self) -> tuple[str, ...]:
        """Steps that can be worked on now, in the plan's order."""
        return tuple(
            each.name
            for each in self.plan.steps
            if each.name not in self.ended and self.begins(each.name) is not None
        )


def opened(plan: Plan, happening: Happening, *, drill: bool) -> Run:
    """The run that begins by that happening, whose note is its cause."""
    return Run(plan, happening.on, happening.by, happening.note, drill)


def after(run: Run, happening: Happening) -> Run:
    """The run once that has happened."""
    if happening.did in (Did.DONE, Did.SKIPPED):
        ended = Ended(happening.on, happening.by, happening.did is Did.DONE, happening.note)
        return replace(run, ended=MappingProxyType({**run.ended, happening.what: ended}))
    if happening.did is Did.CALLED:
        return replace(run, calls=(*run.calls, (happening.what, happening.whom, happening.on)))
    if happening.did is Did.SWITCHED_ON:
        return replace(run, switched=(*run.switched, happening.what))
    if happening.did is Did.SWITCHED_BACK:
        left = tuple(each for each in run.switched if each != happening.what)
        return replace(run, switched=left)
    if happening.did is Did.CLOSED:
        return replace(run, closed=happening.on)
    raise ValueError(f"a run is opened once, and '{happening.did}' is not what happens to it")


def folded(run: Run, happenings: Iterable[Happening]) -> Run:
    """The run once all of these have happened, in their order."""
    for each in happenings:
        run = after(run, each)
    return run


def do(run: Run, step: str, on: datetime, by: str, note: str = "") -> tuple[Happening, ...]:
    """A step is done, and the switch it has is turned on. Raises GateRefused where the step cannot
    be worked on."""
    _workable(run, step)
    switch = run.plan.step(step).switch
    turned = () if switch is None or switch in run.switched else (switch,)
    return (
        *(Happening(Did.SWITCHED_ON, on, by, each) for each in turned),
        Happening(Did.DONE, on, by, step, note=note),
    )


def skip(run: Run, step: str, on: datetime, by: str, reason: str) -> tuple[Happening, ...]:
    """A step is left out, for a reason. Raises GateRefused without one."""
    _workable(run, step)
    if not reason.strip():
        raise GateRefused(
            f"'{step}' is left out without a reason", field="reason", mend="say why it is not done"
        )
    return (Happening(Did.SKIPPED, on, by, step, note=reason),)


def switch_back(run: Run, switch: str, on: datetime, by: str) -> tuple[Happening, ...]:
    """A switch is turned off. Raises GateRefused where it is not on."""
    _going_on(run)
    if switch not in run.switched:
        mend = f"on: {', '.join(run.switched)}" if run.switched else "no switch is on"
        raise GateRefused(f"'{switch}' is not on", field="switch", mend=mend)
    return (Happening(Did.SWITCHED_BACK, on, by, switch),)


def close(run: Run, on: datetime, by: str, note: str) -> tuple[Happening, ...]:
    """The run ends. Raises GateRefused while a step is open or a switch is on, and where whoever
    closes it is the only one who did anything in it: an end takes two people."""
    _going_on(run)
    left = [each.name for each in run.plan.steps if each.name not in run.ended]
    if left:
        raise GateRefused(
            f"not done yet: {', '.join(left)}", field="steps", mend="do them, or say why not"
        )
    if run.switched:
        raise GateRefused(
            f"still on: {', '.join(run.switched)}",
            field="switches",
            mend="turn them back first",
        )
    if {each.by for each in run.ended.values()} == {by}:
        raise GateRefused(
            "nobody ends what they did alone", field="by", mend="ask somebody else to end it"
        )
    return (Happening(Did.CLOSED, on, by, note=note),)


def calls_due(run: Run, document: PlansDocument, now: datetime) -> tuple[Happening, ...]:
    """Who is to be called now, for every step that is open: the first of its role at once, the next
    each time nobody answered within the role's minutes, the role that follows after the last.

    Each person is called once for a step; who has already been called stays called. Time that
    passed unseen (no worker ran) is caught up: the calls that were due are all made now.
    """
    if run.closed is not None:
        return ()
    calls: list[Happening] = []
    for step in run.open_steps:
        begins = run.begins(step) or run.opened
        made = [whom for name, whom, _ in run.calls if name == step]
        for whom, minutes in call_tree(document, run.plan.step(step).role):
            waited = (now - begins).total_seconds() / 60
            if waited >= minutes and whom not in made:
                made.append(whom)
                calls.append(Happening(Did.CALLED, now, "", step, whom))
    return tuple(calls)


def late(run: Run, calendar: BusinessCalendar, now: datetime) -> tuple[str, ...]:
    """Steps whose time is over and that are not ended, in the plan's order."""
    return tuple(
        step
        for step in run.open_steps
        if (limit := run.due(step, calendar)) is not None and now > limit
    )


def call_tree(document: PlansDocument, role: str) -> Iterable[tuple[str, float]]:
    """Who is called after how many minutes, for a role."""
    minutes = 0.0
    contact: Contact | None = document.contact(role)
    while contact is not None:
        for person in contact.people:
            yield person, minutes
            minutes += contact.answer_minutes
        contact = document.contact(contact.then) if contact.then else None


def _going_on(run: Run) -> None:
    if run.closed is not None:
        raise GateRefused(
            f"this run of '{run.plan.name}' ended on {run.closed:%Y-%m-%d %H:%M} UTC",
            field="run",
            mend="start the plan anew",
        )


def _workable(run: Run, step: str) -> None:
    _going_on(run)
    names = [each.name for each in run.plan.steps]
    if step not in names:
        raise GateRefused(
            f"'{step}' is no step of '{run.plan.name}'",
            field="step",
            mend=did_you_mean(step, names),
        )
    if step in run.ended:
        raise GateRefused(
            f"'{step}' was ended on {run.ended[step].on:%Y-%m-%d %H:%M} UTC",
            field="step",
            mend="nothing is left to do in it",
        )
    waits = [each for each in run.plan.step(step).after if each not in run.ended]
    if waits:
        raise GateRefused(
            f"'{step}' waits for {', '.join(waits)}", field="step", mend="end these first"
        )
