"""What is known of one application on its way through the program, and how it is answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from math import floor
from typing import TYPE_CHECKING, Any, NamedTuple

from equipoise.strategy.decision import Offer, Outcome, Reason
from equipoise.strategy.program import PD
from equipoise.value.compiled import Chosen

if TYPE_CHECKING:
    from equipoise.strategy.asking.trace import Weighing

_NOTHING: Mapping[str, Any] = {}
Person = tuple[float, float, float, float, float, float]


class Case:
    """One application: its facts, and what each stage makes of them as it is reached.

    `values` are facts and all that was made of them, by name; `checks` results of checks, which
    whoever `sends_results`, be it none so far, is asked for one by one. `lacking` are facts that a
    later step asks for. What no stage has reached is as the class says.
    """

    sends_results: bool = False
    lacking: tuple[str, ...] = ()
    features: Mapping[str, Any] = _NOTHING
    points: float | None = None
    pd: float | None = None
    grade: str | None = None
    tier: str | None = None
    figures: Mapping[str, Any] = _NOTHING
    rules: Mapping[str, Any] = _NOTHING
    fired: str | None = None

    def __init__(
        self,
        name: str | None,
        day: date,
        values: dict[str, Any],
        doubt: str | None,
        checks: Mapping[str, str],
    ) -> None:
        self.id, self.day, self.values = name, day, values
        self.doubt, self.checks = doubt, checks

    def person(self) -> Person:
        """What the valuer needs: pd, lgd, amount, months, income, apr."""
        figures = self.figures
        return (
            self.values[PD], figures["its lgd"], figures["its amount"], self.months(),
            figures["its monthly_income"], figures["its apr"],
        )  # fmt: skip

    def months(self) -> float:
        """The whole months asked for."""
        return float(floor(self.figures["its term_months"] + 0.5))


class Choice(NamedTuple):
    """A treatment and how it was chosen.

    `held` says of each priced limit with a condition whether it held; `propensity` is the chance
    of being served so, `explored` whether the runner-up stood in for the best; `weighing` what was
    weighed where checks are asked for step by step.
    """

    chosen: Chosen
    held: Sequence[bool] = ()
    propensity: float = 1.0
    explored: bool = False
    weighing: Weighing | None = None


class Verdict(NamedTuple):
    """How a case ends: what a decision says, and the `choice` that it rests on."""

    outcome: Outcome
    reasons: tuple[Reason, ...] = ()
    level: str | None = None
    signatures: int = 0
    treatment: str | None = None
    choice: Choice | None = None
    offers: tuple[Offer, ...] = ()
    journey: str | None = None
    next_check: str | None = None
