"""An appetite's limits as weights on measures, for the solver and for a live strategy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from equipoise.balance.appetite import AppetiteDocument
from equipoise.balance.limits import Held, Masks
from equipoise.balance.problem import Row
from equipoise.errors import Span
from equipoise.numeric.arrays import FloatArray
from equipoise.strategy.document import PricedRow
from equipoise.value.measures import RATES, Measures

SMALL = 1e-12


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `at_most` of a weighted sum of measures; a part counts where its condition holds."""

    name: str
    at_most: float
    parts: tuple[tuple[dict[str, float], str | None], ...]
    parity: bool = False

    def row(self, table: Measures, masks: Masks) -> Row:
        """The limit as a row of a problem over `table`, (applicants, treatments)."""
        shape = table.booked.shape
        usage: FloatArray = np.zeros(shape)
        for weights, where in self.parts:
            part: FloatArray = np.zeros(shape)
            for name, weight in weights.items():
                part += weight * getattr(table, name)
            mask = masks.of(where, Span("appetite.yaml"))
            usage += part if mask is None else np.where(mask[:, None], part, 0.0)
        return Row(self.name, usage, self.at_most)

    def priced(self, multiplier: float) -> Iterator[PricedRow]:
        """The limit at its multiplier; nothing where it is free."""
        if multiplier <= SMALL:
            return
        for at, (weights, where) in enumerate(self.parts):
            yield PricedRow(
                name=self.name if at == 0 else f"{self.name}, the others",
                multiplier=multiplier,
                weights=weights,
                where=where,
                parity=self.parity,
            )


def axis_limit(measure: str, level: float) -> Limit:
    """The frontier's axis at a level: a measure, or a rate's numerator less level x denominator."""
    if measure in RATES:
        top, bottom = RATES[measure]
        return Limit(measure, 0.0, (({top: 1.0, bottom: -level}, None),))
    return Limit(measure, level, (({measure: 1.0}, None),))


def appetite_limits(
    appetite: AppetiteDocument, held: Sequence[Held], sizes: Mapping[str, tuple[int, int]]
) -> list[Limit]:
    """The appetite's limits; `sizes` are applicants inside and outside of each parity's group."""
    where = {each.name: each.where for each in appetite.constraints}
    groups = {each.name: each.group for each in appetite.parity}
    limits = []
    for each in held:
        name = each.row.name
        if name in where:
            at_most = each.level if each.per is None else 0.0
            sign = -1.0 if each.floor else 1.0
            parts = tuple(_parts(each, sign, where[name]))
            limits.append(Limit(name, sign * at_most, parts))
            continue
        base, _, side = name.rpartition(" ")
        sign = 1.0 if side == "(above)" else -1.0
        inside, outside = sizes[base]
        group = groups[base]
        parity = (
            ({each.measure: sign / inside}, group),
            ({each.measure: -sign / outside}, f"({group}) IS NOT TRUE"),
        )
        limits.append(Limit(name, each.level, parity, parity=True))
    return limits


def _parts(
    held: Held, sign: float, where: str | None
) -> Iterator[tuple[dict[str, float], str | None]]:
    """What a constraint uses: sign x (measure - level x per)."""
    if held.per is None:
        yield {held.measure: sign}, where
    elif held.share and where is not None:
        yield {held.measure: sign}, where
        yield {held.measure: -sign * held.level}, None
    else:
        weights = {held.measure: sign}
        weights[held.per] = weights.get(held.per, 0.0) - sign * held.level
        yield weights, where
