"""An axis: what it measures, where its ticks stand and how they are written."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum

from equipoise.service.pages.charts.days import day_ticks, written_tick
from equipoise.texts.dates import written_day
from equipoise.texts.numbers import fixed, in_unit, quantity, written

Value = float | date
_STEPS = (1.0, 2.0, 5.0, 10.0)
_FAR = 1e4  # how many times the least the largest tick is where each has decimals of its own
_SHARES = frozenset({"share", "fraction", "rate", "ratio", "proportion", "probability", "apr"})


class Kind(Enum):
    """How values are laid along an axis."""

    LINEAR = "linear"
    LOG = "log"  # of positive values
    DAYS = "days"  # of dates


@dataclass(frozen=True, slots=True)
class Axis:
    """What an axis measures. `zero` keeps zero in view; `whole` puts ticks on whole numbers only.

    `unit` is a unit of `texts.numbers` (`share` reads as per cent, `money` with the currency).
    """

    label: str
    unit: str = ""
    currency: str = ""
    kind: Kind = Kind.LINEAR
    zero: bool = False
    whole: bool = False

    @property
    def title(self) -> str:
        """The label with the unit that its ticks leave out."""
        if self.unit == "money":
            return in_unit(self.label, self.currency) if self.currency else self.label
        return (
            self.label if not self.unit or self.unit in _SHARES else in_unit(self.label, self.unit)
        )

    def write(self, value: Value | None) -> str:
        """A value in full, as a table or a tip says it."""
        if isinstance(value, date):
            return written_day(value)
        return quantity(value, self.unit, self.currency)


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on an axis and what is written there."""

    value: float
    text: str


@dataclass(frozen=True, slots=True)
class Scale:
    """Values laid out from `start` to `end`, in units of the drawing; `ticks` within them."""

    low: float
    high: float
    start: float
    end: float
    log: bool
    ticks: tuple[Tick, ...]

    def place(self, value: Value) -> float:
        """Where a value stands; one outside is held at the edge."""
        low, high, x = self.low, self.high, number(value)
        if self.log:
            low, high, x = math.log10(low), math.log10(high), math.log10(max(x, low))
        share = 0.5 if high == low else (min(max(x, low), high) - low) / (high - low)
        return self.start + share * (self.end - self.start)


def number(value: Value) -> float:
    """The value as a number; a date as its ordinal day."""
    return float(value.toordinal()) if isinstance(value, date) else float(value)


def laid(axis: Axis, values: Iterable[Value | None], start: float, end: float, most: int) -> Scale:
    """The scale that shows all values, with at most about `most` ticks."""
    numbers = [number(value) for value in values if value is not None]
    known = [x for x in numbers if math.isfinite(x) and (axis.kind is not Kind.LOG or x > 0)]
    low, high = min(known, default=1.0), max(known, default=1.0)
    if axis.kind is Kind.LOG:
        places = log_ticks(low, high, most)
        edges = min(low, places[0]), max(high, places[-1])
        return Scale(*edges, start, end, True, _ticks(axis, places))
    if axis.kind is Kind.DAYS:
        ticks = tuple(
            Tick(day.toordinal(), written_tick(day)) for day in day_ticks(low, high, most)
        )
        return Scale(low, high, start, end, False, ticks)
    if axis.zero:
        low, high = min(low, 0.0), max(high, 0.0)
    places = linear_ticks(low, high, most, whole=axis.whole)
    return Scale(places[0], places[-1], start, end, False, _ticks(axis, places))


def linear_ticks(low: float, high: float, most: int, *, whole: bool = False) -> list[float]:
    """Round numbers that enclose low to high, 1, 2 or 5 times a power of ten apart."""
    if high == low:
        room = abs(low) or 1.0
        low, high = (low, low + room) if low >= 0 else (low - room, low)
    raw = (high - low) / max(most - 1, 1)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(each * power for each in _STEPS if each * power >= raw * (1 - 1e-9))
    step = max(step, 1.0) if whole else step
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    digits = max(0, 2 - math.floor(math.log10(step)))
    return [round(each * step, digits) for each in range(first, max(last, first + 1) + 1)]


def log_ticks(low: float, high: float, most: int) -> list[float]:
    """Powers of ten that enclose low to high; 2 and 5 times them too where there is room."""
    first, last = math.floor(math.log10(low) + 1e-9), math.ceil(math.log10(high) - 1e-9)
    last = max(last, first + 1)
    powers = [10.0**each for each in range(first, last + 1)]
    between = [m * p for p in powers[:-1] for m in (1.0, 2.0, 5.0)] + powers[-1:]
    kept = _enclosing(between, low, high)
    if len(kept) <= most:
        return kept
    return powers[:: max(1, math.ceil(len(powers) / most))]


def _enclosing(places: list[float], low: float, high: float) -> list[float]:
    first = max(at for at, place in enumerate(places) if place <= low * (1 + 1e-9))
    last = min(at for at, place in enumerate(places) if place >= high * (1 - 1e-9))
    return places[first : max(last, first + 1) + 1]


def _ticks(axis: Axis, places: list[float]) -> tuple[Tick, ...]:
    """Ticks in one format: as many decimals as tell neighbours apart, large ones in words."""
    factor = 100.0 if axis.unit in _SHARES else 1.0
    mark = written().percent if axis.unit in _SHARES else ""
    most = max(abs(place) for place in places) * factor
    for size, word, least in written().sizes:
        if most >= least * size:
            factor, mark = factor / size, word + mark
            break
    scaled = [place * factor for place in places]
    sizes = [abs(x) for x in scaled if x]
    apart = len(sizes) > 1 and max(sizes) / min(sizes) >= _FAR
    return tuple(
        Tick(place, "0" if x == 0 else fixed(x, _decimals([abs(x)] if apart else sizes)) + mark)
        for place, x in zip(places, scaled, strict=True)
    )


def _decimals(sizes: list[float]) -> int:
    """The fewest decimals that write each exactly."""
    exact = (d for d in range(9) if all(abs(round(x, d) - x) <= 1e-9 * x for x in sizes))
    return next(exact, 9)
