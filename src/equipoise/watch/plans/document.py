"""plans.yaml: what is done when trouble comes, by whom, by when, and with which switches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from equipoise.documents import Document, Loaded, read_document
from equipoise.errors import BadInput, EquipoiseError, Faults, Span, did_you_mean
from equipoise.experience.document import CalendarSection
from equipoise.texts.wording import Text

PLANS = "plans.yaml"
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Code = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$", max_length=60)]
Words = Annotated[dict[str, Text], Field(min_length=1)]
RiskClass = Literal["credit", "market", "operational", "policy"]
A_YEAR_DAYS = 366


class Contact(Document):
    """A role of the contact tree: who is called, in this order, and the role that is called when
    nobody of them answers within `answer_minutes`."""

    role: Name
    title: Words
    people: tuple[Text, ...] = Field(min_length=1)
    answer_minutes: float = Field(default=15, gt=0, le=1440)
    then: Name | None = None

    @model_validator(mode="after")
    def _different_people(self) -> Contact:
        if len(set(self.people)) < len(self.people):
            raise ValueError("somebody is named twice; a deputy is somebody else")
        return self


class Trigger(Document):
    """An indicator at a severity starts the plan: by itself where `starts`, else it is proposed."""

    indicator: Name
    at: Literal["amber", "red"] = "red"
    starts: bool = False


class Step(Document):
    """One thing to do: what, by which role, and within how long of when it can begin.

    A step can begin once every step of `after` is done, at once where there is none. Minutes are
    counted around the clock, or while the calendar is open where `clock` says so. `switch` is a
    switch of the plan that this step turns on; `hook` is what the system does by itself.
    """

    name: Name
    does: Words
    role: Name
    within_minutes: float = Field(gt=0, le=60 * 24 * 90)
    clock: Literal["always", "open"] = "always"
    after: tuple[Name, ...] = ()
    switch: Name | None = None
    hook: Literal["tell_contacts", "tell_customers", "tell_regulator"] | None = None

    @model_validator(mode="after")
    def _one_deed(self) -> Step:
        if self.switch and self.hook:
            raise ValueError("a step has a switch or a hook, not both; make two steps of it")
        return self


class Switch(Document):
    """What a plan may change in what decides, prepared and approved in advance.

    `freeze` declines everybody of the strategy (`reason`), `tighten` declines where `when` holds,
    `people` leaves every yes to a person. These three can only tighten. `relief` puts another
    version in force that may give more: it names the version and needs an approval of its own.
    """

    name: Name
    does: Words
    kind: Literal["freeze", "tighten", "people", "relief"]
    strategy: Text
    when: Text | None = None
    reason: Code | None = None
    texts: dict[str, Text] = Field(default_factory=dict)
    version: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _parts_fit_the_kind(self) -> Switch:
        wanted = {
            "freeze": {"reason", "texts"},
            "tighten": {"when", "reason", "texts"},
            "people": set(),
            "relief": {"version"},
        }[self.kind]
        for part in ("when", "reason", "texts", "version"):
            present = getattr(self, part) not in (None, {})
            if present and part not in wanted:
                raise ValueError(f"a switch of kind {self.kind} has no `{part}`; leave it out")
            if not present and part in wanted:
                raise ValueError(f"a switch of kind {self.kind} needs `{part}`")
        return self


class Injected(Document):
    """A reading that a drill injects, so many minutes after it begins."""

    minutes: float = Field(default=0, ge=0)
    indicator: Name
    value: float


class Drill(Document):
    """How often the plan is practised against a copy, and with which readings."""

    every_days: int = Field(default=180, ge=1, le=A_YEAR_DAYS)
    scenario: tuple[Injected, ...] = Field(min_length=1)


class Resource(Document):
    """What the plan counts on: so many of it, last checked by whom and when, and how often anew."""

    name: Name
    kind: Literal["people", "substitute", "system", "cash"]
    needed: float = Field(gt=0)
    unit: Text
    role: Name
    check_every_days: int = Field(default=90, ge=1, le=A_YEAR_DAYS)


class Regulator(Document):
    """To whom a notice is owed, and within how many hours of the plan's start."""

    whom: Text
    within_hours: float = Field(gt=0)
    source: Text


class Plan(Document):
    """An emergency plan."""

    name: Name
    title: Words
    risk: RiskClass
    triggers: tuple[Trigger, ...] = ()
    steps: tuple[Step, ...] = Field(min_length=1, max_length=60)
    switches: tuple[Switch, ...] = ()
    customers: dict[str, Text] = Field(default_factory=dict)
    regulator: Regulator | None = None
    drill: Drill | None = None
    resources: tuple[Resource, ...] = ()

    def step(self, name: str) -> Step:
        """The step of that name. Raises KeyError where there is none."""
        return {each.name: each for each in self.steps}[name]

    def switch(self, name: str) -> Switch:
        """The switch of that name. Raises KeyError where there is none."""
        return {each.name: each for each in self.switches}[name]


class PlansDocument(Document):
    """plans.yaml."""

    begun_by: ClassVar[str] = "write one; docs/howto/answer-by-a-plan.md has one to begin with"

    calendar: CalendarSection = CalendarSection()
    contacts: tuple[Contact, ...] = Field(min_length=1)
    plans: tuple[Plan, ...] = Field(min_length=1, max_length=100)

    def plan(self, name: str) -> Plan:
        """The plan of that name. Raises BadInput naming the nearest."""
        named = {each.name: each for each in self.plans}
        if name not in named:
            raise BadInput(
                f"there is no plan '{name}'",
                where=Span(PLANS),
                field="plan",
                mend=did_you_mean(name, named),
            )
        return named[name]

    def contact(self, role: str) -> Contact:
        """Whoever has that role. Raises KeyError where nobody has."""
        return {each.role: each for each in self.contacts}[role]


def read_plans(
    folder: Path,
    *,
    indicators: Sequence[str] | None = None,
    strategies: Sequence[str] | None = None,
) -> Loaded[PlansDocument]:
    """plans.yaml of a workspace; its triggers are held against the `indicators` of watch.yaml and
    its switches against the `strategies` where these are given. Raises BadInput or Faults, with
    file, line, field and mend."""
    loaded = read_document(folder / PLANS, PlansDocument)
    check_plans(loaded, indicators=indicators, strategies=strategies)
    return loaded


def check_plans(
    loaded: Loaded[PlansDocument],
    *,
    indicators: Sequence[str] | None = None,
    strategies: Sequence[str] | None = None,
) -> None:
    """The same of a document at hand. Raises Faults, all at once."""
    faults = [
        *_twice(loaded),
        *_roles(loaded),
        *_steps(loaded),
        *(_triggers(loaded, indicators) if indicators is not None else ()),
        *(_strategies(loaded, strategies) if strategies is not None else ()),
    ]
    if faults:
        raise Faults(faults)


def _fault(loaded: Loaded[PlansDocument], says: str, mend: str, *at: str | int) -> BadInput:
    field = ".".join(str(each) for each in at)
    return BadInput(says, where=loaded.span(*at), field=field, mend=mend)


def _twice(loaded: Loaded[PlansDocument]) -> Iterator[EquipoiseError]:
    document = loaded.value
    yield from _names_twice(loaded, [each.role for each in document.contacts], "contacts")
    yield from _names_twice(loaded, [each.name for each in document.plans], "plans")
    for at, plan in enumerate(document.plans):
        for part in ("steps", "switches", "resources"):
            names = [each.name for each in getattr(plan, part)]
            yield from _names_twice(loaded, names, "plans", at, part)


def _names_twice(
    loaded: Loaded[PlansDocument], names: Sequence[str], *at: str | int
) -> Iterator[EquipoiseError]:
    for place, name in enumerate(names):
        if name in names[:place]:
            yield _fault(loaded, f"'{name}' is there twice", "give it another name", *at, place)


def _roles(loaded: Loaded[PlansDocument]) -> Iterator[EquipoiseError]:
    document = loaded.value
    known = [each.role for each in document.contacts]
    for at, contact in enumerate(document.contacts):
        if contact.then is not None and contact.then not in known:
            yield _unknown_role(loaded, contact.then, known, "contacts", at, "then")
        elif _rings(document, contact.role):
            yield _fault(
                loaded,
                f"calls that '{contact.role}' does not answer come back to '{contact.role}'",
                "let `then` lead to somebody who is the last",
                *("contacts", at, "then"),
            )
    for at, plan in enumerate(document.plans):
        for part in ("steps", "resources"):
            for place, each in enumerate(getattr(plan, part)):
                if each.role not in known:
                    yield _unknown_role(loaded, each.role, known, "plans", at, part, place, "role")


def _unknown_role(
    loaded: Loaded[PlansDocument], role: str, known: Sequence[str], *at: str | int
) -> BadInput:
    return _fault(loaded, f"nobody has the role '{role}'", did_you_mean(role, known), *at)


def _rings(document: PlansDocument, role: str) -> bool:
    leads = {each.role: each.then for each in document.contacts}
    at = leads[role]
    for _ in leads:
        if at is None or at == role:
            break
        at = leads.get(at)
    return at == role


def _steps(loaded: Loaded[PlansDocument]) -> Iterator[EquipoiseError]:
    for at, plan in enumerate(loaded.value.plans):
        names = [each.name for each in plan.steps]
        switches = [each.name for each in plan.switches]
        for place, step in enumerate(plan.steps):
            here: tuple[str | int, ...] = ("plans", at, "steps", place)
            for before in step.after:
                if before not in names[:place]:
                    yield _fault(
                        loaded,
                        f"'{step.name}' waits for '{before}', which is no step above it",
                        did_you_mean(before, names[:place]) if names[:place] else "leave it out",
                        *(*here, "after"),
                    )
            if step.switch is not None and step.switch not in switches:
                yield _fault(
                    loaded,
                    f"'{step.switch}' is no switch of this plan",
                    did_you_mean(step.switch, switches),
                    *(*here, "switch"),
                )
            needs, present = {
                "tell_regulator": ("regulator", plan.regulator),
                "tell_customers": ("customers", plan.customers),
            }.get(step.hook or "", ("", True))
            if not present:
                yield _fault(
                    loaded,
                    f"'{step.name}' has the hook {step.hook}, and the plan has no `{needs}`",
                    f"write `{needs}` into the plan, or leave the hook out",
                    *(*here, "hook"),
                )


def _triggers(loaded: Loaded[PlansDocument], indicators: Sequence[str]) -> Iterator[EquipoiseError]:
    for at, plan in enumerate(loaded.value.plans):
        named = [("triggers", place, each.indicator) for place, each in enumerate(plan.triggers)]
        for part, place, indicator in named:
            if indicator not in indicators:
                yield _fault(
                    loaded,
                    f"'{indicator}' is no indicator of watch.yaml",
                    did_you_mean(indicator, indicators),
                    *("plans", at, part, place, "indicator"),
                )
        for place, injected in enumerate(plan.drill.scenario if plan.drill else ()):
            if injected.indicator not in indicators:
                yield _fault(
                    loaded,
                    f"'{injected.indicator}' is no indicator of watch.yaml",
                    did_you_mean(injected.indicator, indicators),
                    *("plans", at, "drill", "scenario", place, "indicator"),
                )


def _strategies(
    loaded: Loaded[PlansDocument], strategies: Sequence[str]
) -> Iterator[EquipoiseError]:
    for at, plan in enumerate(loaded.value.plans):
        for place, switch in enumerate(plan.switches):
            if switch.strategy not in strategies:
                yield _fault(
                    loaded,
                    f"there is no strategy '{switch.strategy}'",
                    did_you_mean(switch.strategy, strategies),
                    *("plans", at, "switches", place, "strategy"),
                )
