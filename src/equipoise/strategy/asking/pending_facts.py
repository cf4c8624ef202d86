"""Facts that a later step of the contract asks for, and may still be missing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from equipoise.contract import Contract
from equipoise.value.treatments import Journey


@dataclass(frozen=True, slots=True)
class PendingFacts:
    """The step that asks for each fact that must be in before anything can be decided.

    That is every fact the strategy reads and the contract gives a `step`, but for those that may
    be missing and that a check asks for: whether to ask for these is what the plan weighs.
    `order` ranks the steps.
    """

    steps: Mapping[str, str]
    order: Mapping[str, int]

    @classmethod
    def of(
        cls, contract: Contract, inputs: Iterable[str], journeys: Iterable[Journey]
    ) -> PendingFacts:
        """Of the fields that a strategy reads; steps in the order of its journeys."""
        journeys = tuple(journeys)
        checks = {name for each in journeys for name in each.checks}
        steps = {}
        for name in inputs:
            field = contract.field(name)
            if field.step and (field.missing == "refuse" or field.step not in checks):
                steps[name] = field.step
        ranked = [name for each in journeys for name in each.steps]
        ranked += [name for each in journeys for name in each.checks]
        every = dict.fromkeys([*ranked, *steps.values()])
        return cls(steps, {name: at for at, name in enumerate(every)})

    @property
    def fields(self) -> frozenset[str]:
        """The fields that may be left out for now."""
        return frozenset(self.steps)

    def lacking(self, given: Collection[str]) -> tuple[str, ...]:
        """The fields left out of those given; null is an answer, that nobody knows."""
        return tuple(name for name in self.steps if name not in given)

    def step(self, lacking: Iterable[str]) -> str:
        """The first step that asks for one of the fields."""
        return min((self.steps[name] for name in lacking), key=self.order.__getitem__)
