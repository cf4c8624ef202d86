"""A limit that a stress is held against: one figure of a book under a scenario, and its level."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite

from equipoise.errors import BadInput, did_you_mean
from equipoise.review.stress.under import Under

FIGURES: dict[str, Callable[[Under], float]] = {
    "loss": lambda under: under.loss,
    "loss_rate": lambda under: under.loss_rate,
    "allowance": lambda under: under.allowance,
    "allowance_rate": lambda under: under.allowance_rate,
    "capital": lambda under: under.capital,
    "profit": lambda under: under.profit,
    "capital_ratio": lambda under: under.capital_ratio,
}
WORST_IS_LEAST = ("profit", "capital_ratio")
_LIMIT = re.compile(r"^\s*(\w+)\s*(<=|>=)\s*(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)\s*(%?)\s*$")


@dataclass(frozen=True, slots=True)
class StressLimit:
    """`figure` at most or at least `level`; what `of` gives is the figure's worst under a
    scenario."""

    figure: str
    at_most: bool
    level: float

    def of(self, under: Under) -> float:
        """The figure."""
        return FIGURES[self.figure](under)

    def broken(self, value: float) -> bool:
        """Whether the figure breaks it."""
        return value > self.level if self.at_most else value < self.level

    @property
    def text(self) -> str:
        """As it is written: `loss_rate <= 0.08`."""
        return f"{self.figure} {'<=' if self.at_most else '>='} {self.level:g}"


def _plain(text: str) -> str:
    """With signs and digits as a keyboard has them: `loss ≤ 1,000,000` is `loss <= 1000000`."""
    plain = text.replace("≤", "<=").replace("≥", ">=").replace("％", "%").lower()
    return re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", plain)


def read_limit(text: str) -> StressLimit:
    """`loss_rate <= 8%`. Raises BadInput with what may be written."""
    match = _LIMIT.match(_plain(text))
    if match is None or not isfinite(float(match[3])):
        raise BadInput(
            f"'{text}' is no limit",
            field="--reverse",
            mend="write a figure, <= or >=, and a number, as `loss_rate <= 0.08`",
        )
    figure, direction, number, percent = match.groups()
    if figure not in FIGURES:
        raise BadInput(
            f"there is no figure '{figure}'",
            field="--reverse",
            mend=did_you_mean(figure, FIGURES),
        )
    wanted = ">=" if figure in WORST_IS_LEAST else "<="
    if direction != wanted:
        raise BadInput(
            f"a stress breaks '{figure}' from the other side",
            field="--reverse",
            mend=f"write `{figure} {wanted} {number}{percent}`",
        )
    return StressLimit(figure, direction == "<=", float(number) / (100 if percent else 1))
