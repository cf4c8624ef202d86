"""Which products fit what somebody looks for, and on what grounds."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Literal

from equipoise.strategy.offering.portrait import Portrait

Ground = Literal["whom", "need", "least", "most", "days"]


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody looks for; empty or None where they did not say. `days` is within how many
    they need an answer."""

    whom: str = ""
    need: str = ""
    amount: float | None = None
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Fit:
    """A ground on which a product fits, or does not."""

    ground: Ground
    fits: bool


def fit(portrait: Portrait, wish: Wish) -> tuple[Fit, ...]:
    """Each thing that was wished for and that the product's documents answer."""
    section, fits = portrait.section, []
    if section is not None and wish.whom:
        fits.append(Fit("whom", section.whom == wish.whom))
    if section is not None and wish.need:
        fits.append(Fit("need", wish.need in section.needs))
    if portrait.amounts is not None and wish.amount is not None:
        least, most = portrait.amounts
        fits.append(Fit("least" if wish.amount < least else "most", least <= wish.amount <= most))
    if portrait.days is not None and wish.days is not None:
        fits.append(Fit("days", ceil(portrait.days[0]) <= wish.days))
    return tuple(fits)
