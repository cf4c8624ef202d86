"""What is not to be believed: readings of columns that a data alarm says are broken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from equipoise.watch.judging.readings import Reading
from equipoise.watch.watching import Compiled, Watch


def inhibited(watch: Watch, readings: Sequence[Reading]) -> list[Reading]:
    """The readings, those marked that rest on a column whose guard is red in the same period.

    Inhibition is no silence and no merging of duplicates: the reading stands, and says by what it
    is inhibited. Indicators of data inhibit, and are not inhibited; but where a table's own volume
    is silent, that is why all its others are.
    """
    by_name = {each.indicator.name: each for each in watch.indicators}
    broken: dict[tuple[date, str], dict[str, str]] = defaultdict(dict)
    empty: dict[tuple[date, str], str] = {}
    for reading in readings:
        compiled = by_name[reading.indicator]
        if reading.fault == "silent" and compiled.indicator.kind == "volume" and not compiled.where:
            empty.setdefault((reading.period, compiled.indicator.table), reading.indicator)
        for column in _unbelievable(compiled, reading):
            broken[reading.period, compiled.indicator.table].setdefault(column, reading.indicator)
    return list(_marked(by_name, readings, broken, empty))


def _unbelievable(compiled: Compiled, reading: Reading) -> tuple[str, ...]:
    return compiled.indicator.guards if reading.is_alarm else ()


def _marked(
    by_name: dict[str, Compiled],
    readings: Sequence[Reading],
    broken: dict[tuple[date, str], dict[str, str]],
    empty: dict[tuple[date, str], str],
) -> Iterator[Reading]:
    for reading in readings:
        compiled = by_name[reading.indicator]
        place = (reading.period, compiled.indicator.table)
        if reading.fault == "silent" and empty.get(place, reading.indicator) != reading.indicator:
            yield replace(reading, inhibited_by=empty[place])
            continue
        causes = broken.get(place)
        if not causes or compiled.indicator.about == "data":
            yield reading
            continue
        resting = sorted(causes[column] for column in compiled.reads & causes.keys())
        yield replace(reading, inhibited_by=resting[0]) if resting else reading
