"""What `equipoise fit` found out about experience: every number resolved, with its source."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import Field, ValidationError

from equipoise.documents import Document, Quantity
from equipoise.errors import BadInput, Span, did_you_mean
from equipoise.experience.checks import Check
from equipoise.experience.friction import UncertainCheck
from equipoise.experience.takeup import COEFFICIENTS, TakeUp
from equipoise.files import write_json

_CHECK_QUANTITIES = ("minutes", "cost", "drop_off", "sensitivity", "false_alarm")


class FittedStep(Document):
    """A step with its drop-off known."""

    name: str
    minutes: float
    questions: int
    activity: str | None
    drop_off: Quantity


class FittedCheck(Document):
    """A check with its figures known."""

    name: str
    minutes: Quantity
    cost: Quantity
    drop_off: Quantity
    sensitivity: Quantity
    false_alarm: Quantity
    questions: int
    underwriter_hours: float
    manual: bool

    def check(self) -> Check:
        """The check at its stated values."""
        return Check(
            name=self.name,
            minutes=self.minutes.value,
            cost=self.cost.value,
            drop_off=self.drop_off.value,
            sensitivity=self.sensitivity.value,
            false_alarm=self.false_alarm.value,
            underwriter_hours=self.underwriter_hours,
            manual=self.manual,
            questions=self.questions,
        )

    def uncertain(self) -> UncertainCheck:
        """The check with its ranges, for the friction table."""
        return UncertainCheck(
            self.check(), self.cost, self.drop_off, self.sensitivity, self.false_alarm
        )


class FittedTakeUp(Document):
    """The take-up logit with its coefficients known."""

    reference_apr: float
    intercept: Quantity
    price: Quantity
    amount: Quantity
    waiting: Quantity
    risk: Quantity

    def model(self) -> TakeUp:
        """The logit at its stated values."""
        values = {name: getattr(self, name).value for name in COEFFICIENTS}
        return TakeUp(**values, reference_apr=self.reference_apr)


class ExperienceFit(Document):
    """Completion, waiting and take-up with every number resolved, and tables for the report.

    `tables` holds plain lists and numbers, by name; it is empty when there is no event log.
    """

    steps: tuple[FittedStep, ...] = ()
    checks: tuple[FittedCheck, ...] = ()
    hazard_per_day: Quantity
    acceptance_per_day: Quantity
    take_up: FittedTakeUp
    tables: dict[str, Any] = Field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def step(self, name: str) -> FittedStep:
        """The step of that name. Raises BadInput with the nearest known name."""
        return _named(self.steps, name, "step")

    def check(self, name: str) -> FittedCheck:
        """The check of that name. Raises BadInput with the nearest known name."""
        return _named(self.checks, name, "check")

    def quantities(self) -> dict[str, Quantity]:
        """Every number that values rest on, by its place: `checks.income_call.drop_off`.

        `acceptance_per_day` acts through `take_up.waiting`, which is here in its stead.
        """
        inputs = {f"steps.{step.name}.drop_off": step.drop_off for step in self.steps}
        for check in self.checks:
            inputs |= {
                f"checks.{check.name}.{part}": getattr(check, part) for part in _CHECK_QUANTITIES
            }
        inputs["waiting.hazard_per_day"] = self.hazard_per_day
        inputs |= {f"take_up.{name}": getattr(self.take_up, name) for name in COEFFICIENTS}
        return inputs

    def replaced(self, values: Mapping[str, float]) -> ExperienceFit:
        """The same fit with some numbers set to other values, named as in `quantities`.

        For asking what an answer would be at the end of a range. Raises BadInput for a name
        that does not exist.
        """
        known = self.quantities()
        for name in values:
            if name not in known:
                raise BadInput(
                    f"there is no quantity '{name}'", field=name, mend=did_you_mean(name, known)
                )
        return self.with_quantities(
            {name: known[name].model_copy(update=_at(value)) for name, value in values.items()}
        )

    def with_quantities(self, new: Mapping[str, Quantity]) -> ExperienceFit:
        """The same fit with other quantities in some places, named as in `quantities`."""
        return self.model_copy(
            update={
                "steps": tuple(
                    step.model_copy(update=_under(new, f"steps.{step.name}."))
                    for step in self.steps
                ),
                "checks": tuple(
                    check.model_copy(update=_under(new, f"checks.{check.name}."))
                    for check in self.checks
                ),
                "take_up": self.take_up.model_copy(update=_under(new, "take_up.")),
                **_under(new, "waiting."),
            }
        )

    def save(self, path: Path) -> None:
        """Write as JSON, whole or not at all."""
        write_json(path, self.model_dump(mode="json"))

    @classmethod
    def load(cls, path: Path) -> ExperienceFit:
        """Read what `save` wrote. Raises BadInput when the file is missing or damaged."""
        try:
            return cls.model_validate(json.loads(path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            raise BadInput(
                "experience has not been fitted",
                where=Span(str(path)),
                mend="run `equipoise fit` first",
            ) from None
        except (json.JSONDecodeError, UnicodeDecodeError, ValidationError):
            raise BadInput(
                "the fitted experience cannot be read",
                where=Span(str(path)),
                mend="delete the file and run `equipoise fit` again",
            ) from None


def _at(value: float) -> dict[str, Any]:
    return {"value": float(value), "low": None, "high": None}


def _under(new: Mapping[str, Quantity], prefix: str) -> dict[str, Quantity]:
    return {
        name.removeprefix(prefix): value for name, value in new.items() if name.startswith(prefix)
    }


_Item = TypeVar("_Item", FittedStep, FittedCheck)


def _named(items: tuple[_Item, ...], name: str, what: str) -> _Item:
    for item in items:
        if item.name == name:
            return item
    raise BadInput(
        f"there is no {what} '{name}' in experience.yaml",
        field=name,
        mend=did_you_mean(name, [item.name for item in items]),
    )
