"""How uncertain a policy's loss rate is because its inputs were measured on samples."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from equipoise.documents import Quantity
from equipoise.value.measures import Measures
from equipoise.value.model import ValueModel
from equipoise.value.population import Population

SAMPLE = 20_000
_ENDS = 2 * 1.959963984540054  # standard errors between the ends of a 95 % interval


def spread_of_inputs(
    model: ValueModel,
    people: Population,
    chosen: NDArray[np.integer],
    ranges: Mapping[str, Quantity],
    risk: Callable[[Measures], float],
) -> float:
    """The standard error of a policy's risk, as a share of it, by the delta method.

    Each measured quantity is moved to both ends of its 95 % interval, the others left, and the
    errors are added as independent. What is assumed is no sample: it is told as a range. Runs on
    an evenly spaced sample of at most 20,000 applicants.
    """
    rows = np.unique(np.linspace(0, people.size - 1, min(SAMPLE, people.size)).astype(np.intp))
    sample, moved = people.rows(rows), chosen[rows]
    central = risk(model.of_choice(sample, moved))
    if not central > 0:
        return 0.0
    variance = 0.0
    for name, each in ranges.items():
        if each.provenance != "measured" or each.low is None or each.high is None:
            continue
        low, high = (
            risk(model.replaced({name: end}).of_choice(sample, moved))
            for end in (each.low, each.high)
        )
        variance += ((high - low) / _ENDS / central) ** 2
    return float(np.sqrt(variance))
