"""What happens to plans and to their runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from equipoise.record.events import Signed, event


@event("plans.brought", 1)
class PlansBrought(Signed, frozen=True, kw_only=True):
    """Somebody brought plans.yaml in, of that SHA-256."""

    digest: str
    person: str


@event("plans.approved", 1)
class PlansApproved(Signed, frozen=True, kw_only=True):
    """Somebody else approved these plans: they are in force from now on."""

    digest: str
    person: str


@event("plans.prepared", 1)
class SwitchPrepared(Signed, frozen=True, kw_only=True):
    """A switch of a plan was made a draft strategy of the registry's, from the version in force,
    which has the digest `base`. Of `applicants` it gives `fewer` less and nobody more."""

    plan: str
    switch: str
    strategy: str
    base: str
    digest: str
    fewer: int
    applicants: int


@event("plans.resource_checked", 1)
class ResourceChecked(Signed, frozen=True, kw_only=True):
    """A person looked how much there is of what a plan counts on."""

    plan: str
    resource: str
    amount: float
    person: str


class RunEvent(Signed, frozen=True, kw_only=True):
    """Something in a run of a plan: `what` is the step or the switch that it is about."""

    plan: str
    drill: bool
    what: str


@event("plan_run.begun", 1)
class RunBegun(Signed, frozen=True, kw_only=True):
    """A run of a plan began, of the plans with that digest; its cause stands sealed in `words`."""

    plan: str
    drill: bool
    digest: str
    words: Mapping[str, Any]


@event("plan_run.done", 1)
class StepDone(RunEvent, frozen=True, kw_only=True):
    """A step was done; what was noted about it stands sealed in `words`."""

    words: Mapping[str, Any] | None = None


@event("plan_run.skipped", 1)
class StepSkipped(RunEvent, frozen=True, kw_only=True):
    """A step was left out; why stands sealed in `words`."""

    words: Mapping[str, Any]


@event("plan_run.called", 1)
class PersonCalled(RunEvent, frozen=True, kw_only=True):
    """Somebody of the contact tree was called for a step, by that message (empty: none could be
    sent, and they see it on the pages)."""

    whom: str
    message: str


@event("plan_run.switched_on", 1)
class SwitchedOn(RunEvent, frozen=True, kw_only=True):
    """A switch was turned on: its strategy went from the digest `before` to `after`. In a drill
    nothing did."""

    strategy: str
    before: str
    after: str


@event("plan_run.switched_back", 1)
class SwitchedBack(RunEvent, frozen=True, kw_only=True):
    """A switch was turned back: its strategy went from the digest `before` to `after`."""

    strategy: str
    before: str
    after: str


@event("plan_run.closed", 1)
class RunClosed(RunEvent, frozen=True, kw_only=True):
    """The run ended; what was said of it stands sealed in `words`."""

    words: Mapping[str, Any] | None = None


def chain_of_version(version: int) -> str:
    """The chain of a version of the plans."""
    return f"plans.{version}"
