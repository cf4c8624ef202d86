"""What each check costs and reveals, sealed with a strategy that asks step by step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from math import exp, isfinite, prod
from typing import TYPE_CHECKING, Any

from equipoise.errors import BadInput
from equipoise.strategy.asking.waits import journeys_used, waits_of
from equipoise.strategy.document import StrategyDocument
from equipoise.strategy.program import offered_of
from equipoise.value.treatments import Journey

if TYPE_CHECKING:
    from equipoise.value.model import ValueModel


@dataclass(frozen=True, slots=True)
class Request:
    """One check as it is asked for: `stays` is the share who neither leave nor tire of waiting.

    Minutes and questions are the applicant's, hours an underwriter's, `cost` money to the lender
    with the hours in it; all of whoever reaches the check.
    """

    name: str
    stays: float
    wait_days: float
    sensitivity: float
    false_alarm: float
    minutes: float
    questions: float
    underwriter_hours: float
    cost: float


@dataclass(frozen=True, slots=True)
class Start:
    """What comes before the first check: share who stay, burdens, money to the lender.

    Whoever can be asked for a check has it behind them; it counts for those who start alone.
    """

    stays: float
    minutes: float
    questions: float
    cost: float


@dataclass(frozen=True, slots=True)
class AskingFigures:
    """The checks that a strategy may ask for; `wait_days` and `stays` are of all else."""

    wait_days: float
    stays: float
    start: Start
    requests: tuple[Request, ...]

    def as_dict(self) -> dict[str, Any]:
        """As plain JSON values; `from_dict` gives the same figures back, to the bit."""
        return {**asdict(self), "requests": [asdict(each) for each in self.requests]}

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> AskingFigures:
        """Read back what `as_dict` gave. Raises BadInput where a part is missing or no number."""
        try:
            requests = tuple(_request(each) for each in given["requests"])
            start = Start(**{f.name: _number(given["start"][f.name]) for f in fields(Start)})
            return cls(_number(given["wait_days"]), _number(given["stays"]), start, requests)
        except (KeyError, TypeError, ValueError, AttributeError) as fault:
            raise BadInput(
                f"the figures of the checks are damaged: {fault}",
                field="asking",
                mend="seal the strategy again",
            ) from fault


def asking_figures(model: ValueModel, document: StrategyDocument) -> AskingFigures | None:
    """The figures of a strategy that asks step by step; None of one that does not.

    Raises BadInput where the journeys do not tell how long a check takes.
    """
    if document.asking is None:
        return None
    journeys = journeys_used(document, offered_of(model.menu, document))
    waits = waits_of(journeys, document.asking.wait_days)
    hazard = float(model.experience.hazard_per_day.value)
    hour = float(model.quantities["lender.underwriter_hour_cost"].value)
    requests = []
    for name, wait in waits.of.items():
        check = model.experience.check(name).check()
        requests.append(
            Request(
                name=name,
                stays=_rounded((1 - check.drop_off) * exp(-hazard * wait)),
                wait_days=wait,
                sensitivity=float(check.sensitivity),
                false_alarm=float(check.false_alarm),
                minutes=float(check.minutes),
                questions=float(check.questions),
                underwriter_hours=float(check.underwriter_hours),
                cost=_rounded(check.cost + check.underwriter_hours * hour),
            )
        )
    stays = _rounded(exp(-hazard * waits.base))
    return AskingFigures(waits.base, stays, _start(model, journeys[0]), tuple(requests))


def _start(model: ValueModel, journey: Journey) -> Start:
    steps = [model.experience.step(name) for name in journey.steps]
    return Start(
        stays=_rounded(prod(1 - float(each.drop_off.value) for each in steps)),
        minutes=float(sum(each.minutes for each in steps)),
        questions=float(sum(each.questions for each in steps)),
        cost=float(journey.cost),
    )


def _rounded(value: float) -> float:
    """Ten digits: the libraries behind it differ in the last bits, and the seal must not."""
    return float(f"{value:.10g}")


def _request(given: Mapping[str, Any]) -> Request:
    rest = {f.name: _number(given[f.name]) for f in fields(Request) if f.name != "name"}
    return Request(name=str(given["name"]), **rest)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise ValueError(f"{value!r} is not a finite number")
    return float(value)
