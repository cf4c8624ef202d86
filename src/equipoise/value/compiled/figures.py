"""What a sealed value model consists of: numbers only, plain enough for JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from math import exp, isfinite, log
from typing import TYPE_CHECKING, Any

import numpy as np

from equipoise.errors import BadInput

if TYPE_CHECKING:
    from equipoise.value.model import ValueModel

STEPS_PER_UNIT = 64
_HIGHEST = log(999.0)  # log-odds of the booked PD, which is 0.999 at most
_UNITS = 22


@dataclass(frozen=True, slots=True)
class WayFigures:
    """A journey: share who complete it, burdens, and (sensitivity, false alarm) of its checks."""

    stays: float
    minutes: float
    questions: float
    underwriter_hours: float
    cost: float
    wait_days: float
    checks: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class TakeUpFigures:
    """Coefficients of the take-up logit; prices in fractions a year."""

    intercept: float
    price: float
    amount: float
    waiting: float
    risk: float
    reference_apr: float


@dataclass(frozen=True, slots=True)
class UnitCapital:
    """IRB capital per unit of exposure at an LGD of 1, over log-odds of the booked PD.

    Entries stand at `start`, `start + step`, ... with straight lines between them.
    """

    start: float
    step: float
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """A value model in numbers. `check_shift` is what passing today's checks took off log-odds."""

    ways: Mapping[str, WayFigures]
    take_up: TakeUpFigures
    funding_rate: float
    operating_cost: float
    cost_of_capital: float
    underwriter_hour_cost: float
    price_response: float
    burden_response: float
    lgd_scale: float
    window_months: float
    check_shift: float
    unit_capital: UnitCapital

    def as_dict(self) -> dict[str, Any]:
        """As plain JSON values; `from_dict` gives the same figures back, to the bit."""
        plain = asdict(self)
        for way in plain["ways"].values():
            way["checks"] = [list(pair) for pair in way["checks"]]
        plain["unit_capital"]["values"] = list(self.unit_capital.values)
        return plain

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> Figures:
        """Read back what `as_dict` gave. Raises BadInput where a part is missing or no number."""
        try:
            plain = {f.name: given[f.name] for f in fields(cls)}
            ways = {name: _way(each) for name, each in plain.pop("ways").items()}
            take_up = TakeUpFigures(**{k: _number(v) for k, v in plain.pop("take_up").items()})
            table = plain.pop("unit_capital")
            unit = UnitCapital(
                _number(table["start"]),
                _number(table["step"]),
                tuple(_number(value) for value in table["values"]),
            )
            rest = {name: _number(value) for name, value in plain.items()}
        except (KeyError, TypeError, ValueError, AttributeError) as fault:
            raise BadInput(
                f"the value model's figures are damaged: {fault}",
                field="figures",
                mend="seal the strategy again",
            ) from fault
        return cls(ways=ways, take_up=take_up, unit_capital=unit, **rest)


def figures_of(model: ValueModel, check_shift: float) -> Figures:
    """The figures of a value model at its stated values.

    Raises BadInput where take-up does not fall with price: customer surplus has no meaning then.
    """
    take_up = model.take_up()
    take_up.customer_surplus(np.zeros(1))
    journeys = {each.journey.name: each.journey for each in model.menu if each.journey}
    ways = {}
    for name, journey in journeys.items():
        way = model.way(journey)
        ways[name] = WayFigures(
            stays=_rounded(way.stays),
            minutes=float(way.minutes),
            questions=float(way.questions),
            underwriter_hours=float(way.underwriter_hours),
            cost=float(way.cost),
            wait_days=float(way.wait_days),
            checks=tuple((float(c.sensitivity), float(c.false_alarm)) for c in way.checks),
        )
    value = {name: float(each.value) for name, each in model.quantities.items()}
    return Figures(
        ways=ways,
        take_up=TakeUpFigures(
            **{f.name: float(getattr(take_up, f.name)) for f in fields(TakeUpFigures)}
        ),
        funding_rate=value["lender.funding_rate"],
        operating_cost=value["lender.operating_cost"],
        cost_of_capital=value["lender.cost_of_capital"],
        underwriter_hour_cost=value["lender.underwriter_hour_cost"],
        price_response=value["pd_response.price"],
        burden_response=value["pd_response.burden"],
        lgd_scale=value["lgd_scale"],
        window_months=float(model.window_months),
        check_shift=float(check_shift),
        unit_capital=_unit_capital(float(model.window_months)),
    )


def _unit_capital(window_months: float) -> UnitCapital:
    """K is LGD times a function of PD alone, so one table serves every LGD."""
    from equipoise.risk import capital_requirement

    start, step = _rounded(_HIGHEST) - _UNITS, 1.0 / STEPS_PER_UNIT
    values = []
    for at in range(_UNITS * STEPS_PER_UNIT + 1):
        odds = exp(start + at * step)
        pd = np.array([odds / (1 + odds)])
        yearly = -np.expm1(np.log1p(-pd) * 12 / window_months)
        values.append(_rounded(float(capital_requirement(yearly, 1.0)[0])))
    return UnitCapital(start, step, tuple(values))


def _rounded(value: float) -> float:
    """Ten digits: the libraries behind it differ in the last bits, and the seal must not."""
    return float(f"{value:.10g}")


def _way(given: Mapping[str, Any]) -> WayFigures:
    plain = dict(given)
    checks = tuple((_number(se), _number(fa)) for se, fa in plain.pop("checks"))
    return WayFigures(**{name: _number(value) for name, value in plain.items()}, checks=checks)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise ValueError(f"{value!r} is not a finite number")
    return float(value)
