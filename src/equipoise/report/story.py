"""The two results that a report tells, in the language of the page."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from equipoise.balance import result_document as results
from equipoise.report.measures import UNREAD, Measure, describe
from equipoise.report.retelling import retelling
from equipoise.review.learning.result_document import LearningResult
from equipoise.risk.fit_result import FitResult
from equipoise.texts import numbers
from equipoise.texts.numbers import in_unit, unit_word
from equipoise.texts.saying import retold, say
from equipoise.value.measures import MONEY, NO_CURRENCY, TABLE

Record = dict[str, Any]
Place = results.Champion | results.Move
T = TypeVar("T")


def without_nan(value: Any) -> Any:
    """The same JSON value with every NaN and infinity turned into None."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {str(key): without_nan(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [without_nan(item) for item in value]
    return value


def foremost(rows: Sequence[T], weight: Callable[[T], float], limit: int) -> list[T]:
    """The `limit` weightiest rows, in their given order: a chart of a hundred bars says nothing."""
    places = sorted(range(len(rows)), key=lambda i: -weight(rows[i]))[:limit]
    return [rows[i] for i in sorted(places)]


def thinned(points: Sequence[T], limit: int = 200) -> list[T]:
    """At most about `limit` of the points, evenly, the first and the last among them."""
    if len(points) <= limit:
        return list(points)
    step = (len(points) - 1) / (limit - 1)
    return [points[round(i * step)] for i in range(limit)]


@dataclass(frozen=True, slots=True)
class Labels:
    """What the contract calls fields, and values of fields, in the language of the page."""

    fields: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis of the frontier."""

    name: str
    label: str
    unit: str
    better: str

    @classmethod
    def of(cls, axis: results.Axis) -> Axis:
        known = describe(axis.measure, axis.unit)
        return cls(axis.measure, axis.label or known.label, known.unit, axis.better)

    @property
    def title(self) -> str:
        """The label with its unit; per cent already stands beside each tick."""
        return self.label if self.unit in {"", "share"} else in_unit(self.label, self.unit)


@dataclass(frozen=True, slots=True)
class Story:
    """What `balance` found, and `fit` and `learn` where they are told too, with the commands that
    made it."""

    balance: results.BalanceResult
    name: str
    fit: FitResult | None = None
    commands: tuple[str, ...] = ()
    labels: Labels = field(default_factory=Labels)
    learning: LearningResult | None = None

    @classmethod
    def of(
        cls,
        balance: results.BalanceResult,
        name: str,
        fit: FitResult | None = None,
        commands: Sequence[str] = (),
        *,
        labels: Labels | None = None,
        learning: LearningResult | None = None,
    ) -> Story:
        """The story with the results' own sentences in the language spoken now."""
        of_fit = None if fit is None else retelling(fit)
        return cls(retelling(balance), name, of_fit, tuple(commands), labels or Labels(), learning)

    @property
    def currency(self) -> str:
        """The contract's currency; empty where it names none."""
        named = self.balance.currency.strip()
        return "" if named in NO_CURRENCY else named

    def head(self, label: str) -> str:
        """A label of amounts with its currency; the page says once that there is none."""
        return in_unit(label, self.currency) if self.currency else label

    @property
    def units(self) -> str:
        """What amounts are in, for a sentence."""
        return self.currency or say("currency units")

    def field(self, name: str) -> str:
        """What the contract calls a field; its name in words where it says nothing."""
        return self.labels.fields.get(name) or name.replace("_", " ")

    def value(self, field: str, value: str) -> str:
        """What the contract calls a value of a field."""
        return self.labels.values.get(field, {}).get(value) or retold(value)

    @property
    def x(self) -> Axis:
        return Axis.of(self.balance.axes.x)

    @property
    def y(self) -> Axis:
        return Axis.of(self.balance.axes.y)

    @property
    def champion(self) -> results.Champion:
        return self.balance.champion

    @property
    def chosen(self) -> results.Move:
        """The recommended move that the answer speaks of, which has a certificate of its own."""
        moves = self.balance.recommended
        if moves.chosen == "same_experience" and moves.same_experience is not None:
            return moves.same_experience
        return moves.same_risk

    @property
    def gain_unit(self) -> str:
        """The unit of the gain, which is that of the vertical axis."""
        return self.balance.gain.unit or self.y.unit

    def money(self, value: Any) -> str:
        return numbers.money(value, self.currency)

    def in_units(self, unit: str) -> str:
        """An input's unit as a page writes it: money by its currency."""
        return unit_word(re.sub(r"^money\b", self.units, unit))

    def quantity(self, value: Any, unit: str) -> str:
        return numbers.quantity(value, unit, self.currency)

    def measure(self, name: str) -> Measure:
        known = describe(name, self.balance.measure_units.get(name))
        plain = known.unit in {self.currency, *NO_CURRENCY}
        unit = MONEY if plain and name in TABLE and TABLE[name].unit == MONEY else None
        label = self.balance.measure_labels.get(name) or known.label
        return Measure(name, label, unit or known.unit)

    @property
    def measures(self) -> list[str]:
        """The measures that a reader is shown, in the order of their table."""
        levels = self.champion.measures
        known = [name for name in TABLE if name in levels]
        return [
            name for name in (*known, *sorted(levels.keys() - set(known))) if name not in UNREAD
        ]

    def level(self, name: str, place: Place) -> float | None:
        """A measure at a place."""
        return place.measures.get(name)
