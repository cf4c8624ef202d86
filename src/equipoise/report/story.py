"""The two results a report tells, read tolerantly: absent keys are absent, never errors."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from equipoise.report.measures import UNREAD, Measure, describe
from equipoise.report.retelling import retelling
from equipoise.texts import numbers
from equipoise.texts.numbers import in_unit, real, unit_word
from equipoise.texts.saying import retold, say
from equipoise.value.measures import MONEY, NO_CURRENCY, TABLE

Record = dict[str, Any]


def without_nan(value: Any) -> Any:
    """The same JSON value with every NaN and infinity turned into None."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {str(key): without_nan(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [without_nan(item) for item in value]
    return value


def complete(rows: Any, *names: str) -> list[Record]:
    """The rows in which every named value is a finite number."""
    if not isinstance(rows, list):
        return []
    kept = [row for row in rows if isinstance(row, dict)]
    return [row for row in kept if all(numbers.real(row.get(name)) is not None for name in names)]


def foremost(rows: list[Record], weight: Callable[[Record], float], limit: int) -> list[Record]:
    """The `limit` weightiest rows, in their given order: a chart of a hundred bars says nothing."""
    kept = sorted(range(len(rows)), key=lambda i: -weight(rows[i]))[:limit]
    return [rows[i] for i in sorted(kept)]


def thinned(points: list[Any], limit: int = 200) -> list[Any]:
    """At most about `limit` of the points, evenly, the first and the last among them."""
    if len(points) <= limit:
        return points
    step = (len(points) - 1) / (limit - 1)
    return [points[round(i * step)] for i in range(limit)]


def records(parent: Any, name: str) -> list[Record]:
    """The named list of objects, empty where absent."""
    rows = parent.get(name) if isinstance(parent, dict) else None
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def record(parent: Any, name: str) -> Record:
    """The named object, empty where absent."""
    named = parent.get(name) if isinstance(parent, dict) else None
    return named if isinstance(named, dict) else {}


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis of the frontier."""

    name: str
    label: str
    unit: str
    better: str

    @property
    def title(self) -> str:
        """The label with its unit; per cent already stands beside each tick."""
        return self.label if self.unit in {"", "share"} else in_unit(self.label, self.unit)


@dataclass(frozen=True, slots=True)
class Gain:
    """What the move gains, and what is left where every assumption is at its unfavourable end.

    `survives` and `risk_change` (relative) are None where no range was given.
    """

    central: float | None
    unfavourable: float | None
    unit: str
    survives: bool | None
    risk_change: float | None


@dataclass(frozen=True, slots=True)
class Certificate:
    """How much better a policy could still be, and how far a limit is passed; both relative."""

    gap: float | None
    violation: float | None


@dataclass(frozen=True, slots=True)
class Story:
    """What `fit` and `balance` found, with the commands that made it."""

    fit: Record
    balance: Record
    commands: list[str]
    name: str

    @classmethod
    def of(cls, fit: Record, balance: Record, commands: list[str], name: str) -> Story:
        return cls(
            retelling(without_nan(fit or {})),
            retelling(without_nan(balance or {})),
            list(commands),
            name,
        )

    @property
    def currency(self) -> str:
        """The contract's currency; empty where it names none."""
        named = str(self.balance.get("currency") or "").strip()
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
        labels = record(self.fit, "field_labels")
        return str(labels.get(name) or name.replace("_", " "))

    def value(self, field: str, value: str) -> str:
        """What the contract calls a value of a field."""
        labels = record(record(self.fit, "value_labels"), field)
        return str(labels.get(value) or retold(value))

    @property
    def x(self) -> Axis:
        return self._axis("x", say("Risk"), "lower")

    @property
    def y(self) -> Axis:
        return self._axis("y", say("Experience"), "higher")

    @property
    def champion(self) -> Record:
        return record(self.balance, "champion")

    @property
    def certificate(self) -> Certificate:
        """The recommended move's own gap and violation; the frontier's where it has none."""
        frontier, move = record(self.balance, "certificate"), self.chosen
        gap, violation = (
            real(frontier.get(key) if move.get(key) is None else move[key])
            for key in ("gap", "violation")
        )
        return Certificate(gap, violation)

    @property
    def gain(self) -> Gain | None:
        """The gain of the move; None where the balance was not re-valued."""
        gain = record(self.balance, "gain")
        if not gain:
            return None
        central, unfavourable, change = (
            real(gain.get(key)) for key in ("central", "unfavourable", "risk_change")
        )
        survives = None if gain.get("survives") is None else bool(gain["survives"])
        return Gain(central, unfavourable, str(gain.get("unit") or ""), survives, change)

    @property
    def chosen(self) -> Record:
        """The recommended point the answer speaks of."""
        recommended = record(self.balance, "recommended")
        chosen = record(recommended, str(recommended.get("chosen") or "same_risk"))
        return chosen or record(recommended, "same_risk") or record(recommended, "same_experience")

    @property
    def gain_unit(self) -> str:
        """The unit of the gain, which is that of the vertical axis."""
        return (self.gain.unit if self.gain else "") or self.y.unit

    def money(self, value: Any) -> str:
        return numbers.money(value, self.currency)

    def in_units(self, unit: Any) -> str:
        """An input's unit as a page writes it: money by its currency."""
        return unit_word(re.sub(r"^money\b", self.units, str(unit or "")))

    def quantity(self, value: Any, unit: Any) -> str:
        return numbers.quantity(value, str(unit or ""), self.currency)

    def measure(self, name: str) -> Measure:
        units = record(self.balance, "measure_units")
        labels = record(self.balance, "measure_labels")
        known = describe(name, units.get(name))
        plain = known.unit in {self.currency, *NO_CURRENCY}
        unit = MONEY if plain and name in TABLE and TABLE[name].unit == MONEY else None
        return Measure(name, str(labels.get(name) or known.label), unit or known.unit)

    @property
    def measures(self) -> list[str]:
        """The measures that a reader is shown, in the order of their table."""
        levels = record(self.champion, "measures")
        known = [name for name in TABLE if name in levels]
        return [
            name for name in (*known, *sorted(levels.keys() - set(known))) if name not in UNREAD
        ]

    def level(self, name: str, point: Record) -> float | None:
        """A measure at a place."""
        return real(record(point, "measures").get(name))

    def _axis(self, key: str, label: str, better: str) -> Axis:
        axis = record(record(self.balance, "axes"), key)
        name = str(axis.get("measure") or key)
        known = describe(name, axis.get("unit"))
        text = str(axis.get("label") or (known.label if name != key else label))
        return Axis(name, text, known.unit, str(axis.get("better") or better))
