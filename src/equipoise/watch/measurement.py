"""Measure a watch: all indicators over all periods of their tables, judged and inhibited."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from equipoise.errors import BadInput
from equipoise.progress import Progress, Silent
from equipoise.watch.inhibition import inhibited
from equipoise.watch.judging.budget import levels
from equipoise.watch.judging.judge import judge
from equipoise.watch.judging.readings import Reading
from equipoise.watch.measuring.passing import measure_table
from equipoise.watch.measuring.sources import Source, all_periods
from equipoise.watch.measuring.sums import Sums
from equipoise.watch.watching import Watch


@dataclass(frozen=True, slots=True)
class Measured:
    """Every reading, in the order of the indicators and then of the periods, and the sums that they
    come from."""

    periods: tuple[date, ...]
    readings: tuple[Reading, ...]
    sums: Mapping[str, Sums]

    def of(self, indicator: str) -> tuple[Reading, ...]:
        """One indicator's readings, oldest first."""
        return tuple(each for each in self.readings if each.indicator == indicator)

    def at(self, period: date) -> tuple[Reading, ...]:
        """All readings of a period."""
        return tuple(each for each in self.readings if each.period == period)


def measure(
    watch: Watch, sources: Mapping[str, Source], progress: Progress | None = None
) -> Measured:
    """Measure every indicator over every period that any table with an indicator has.

    Raises BadInput where no table has rows.
    """
    steps, document = progress or Silent(), watch.document
    read = {name: source for name, source in sources.items() if watch.of_table(name)}
    periods = all_periods(read or sources, document.every)
    if not periods:
        raise BadInput("no table of the watch has any rows", mend="see `tables` in watch.yaml")
    sums: dict[str, Sums] = {}
    for name, source in read.items():
        with steps.step(f"Measuring {name}"):
            sums |= measure_table(watch.of_table(name), periods, source, document.history)
    return judge_sums(watch, periods, sums, {name: each.digest for name, each in sources.items()})


def judge_sums(
    watch: Watch, periods: list[date], sums: Mapping[str, Sums], digests: Mapping[str, str]
) -> Measured:
    """Judge sums that are at hand; `digests` are those of the tables' rows."""
    allowed = levels(watch.document)
    readings: list[Reading] = []
    for compiled in watch.indicators:
        indicator = compiled.indicator
        judged = judge(
            indicator,
            sums[indicator.name],
            periods,
            history=watch.document.history,
            levels=allowed[indicator.name],
        )
        snapshot = _snapshot(watch.digest, digests.get(indicator.table, ""))
        readings += [replace(each, snapshot=snapshot) for each in judged]
    return Measured(tuple(periods), tuple(inhibited(watch, readings)), sums)


def _snapshot(watch: str, rows: str) -> str:
    return hashlib.sha256(f"{watch}:{rows}".encode()).hexdigest()
