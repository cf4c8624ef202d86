"""How much of the gain rests on assumptions: every range's ends, one by one and all together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from equipoise.documents import Quantity
from equipoise.progress import Progress, Silent
from equipoise.value.measures import Measures
from equipoise.value.model import ValueModel
from equipoise.value.population import Population

SAMPLE = 20_000


@dataclass(frozen=True, slots=True)
class Bar:
    """One quantity's ends and the gain at each."""

    quantity: str
    source: Quantity
    low: float
    high: float
    gain_at_low: float
    gain_at_high: float


@dataclass(frozen=True, slots=True)
class Tornado:
    """Gains at the stated values, at each range's ends, and at the unfavourable end of all.

    `risk_change` is the relative change of the risk axis against today's policy when every
    quantity is at its unfavourable end.
    """

    central: float
    unfavourable: float
    risk_change: float
    bars: tuple[Bar, ...]

    @property
    def survives(self) -> bool:
        """Whether there is still a gain at the unfavourable end of all."""
        return self.unfavourable > 0


def tornado(
    model: ValueModel,
    people: Population,
    chosen: NDArray[np.integer],
    *,
    ranges: Mapping[str, Quantity],
    measure: Callable[[Measures], float],
    risk: Callable[[Measures], float],
    progress: Progress | None = None,
) -> Tornado:
    """Re-value a recommendation and today's policy with each uncertain input at both its ends.

    `measure` and `risk` turn a policy's measures into one figure; the gain is the difference of
    `measure` between the recommendation and today's policy, both re-valued. Runs on an evenly
    spaced sample of at most 20,000 applicants, scaled by the caller's `measure` being a mean.
    """
    rows = np.unique(np.linspace(0, people.size - 1, min(SAMPLE, people.size)).astype(np.intp))
    sample, moved = people.rows(rows), chosen[rows]

    def both(values: Mapping[str, float]) -> tuple[Measures, Measures]:
        changed = model.replaced(values) if values else model
        return changed.of_choice(sample, moved), changed.of_choice(sample, sample.today)

    def gain(values: Mapping[str, float]) -> float:
        new, old = both(values)
        return measure(new) - measure(old)

    bars, worst = [], {}
    with (progress or Silent()).step("Testing assumptions") as step:
        for index, (name, each) in enumerate(ranges.items()):
            low = each.value if each.low is None else each.low
            high = each.value if each.high is None else each.high
            at_low, at_high = gain({name: low}), gain({name: high})
            bars.append(Bar(name, each, low, high, at_low, at_high))
            worst[name] = low if at_low <= at_high else high
            step.advance(index + 1, len(ranges))
    new, old = both(worst)
    bars.sort(key=lambda bar: -abs(bar.gain_at_high - bar.gain_at_low))
    return Tornado(
        gain({}),
        measure(new) - measure(old),
        risk(new) / risk(old) - 1 if risk(old) else 0.0,
        tuple(bars),
    )
