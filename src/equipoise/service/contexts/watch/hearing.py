"""What readings do to alerts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from equipoise.service.contexts.watch.changing import add, raise_alert
from equipoise.service.contexts.watch.folding import follow
from equipoise.service.contexts.watch.keeping import Delivered
from equipoise.service.contexts.watch.models import Alert as Row
from equipoise.service.contexts.watch.models import Reading as Kept
from equipoise.service.platform import clock

if TYPE_CHECKING:
    from equipoise.watch import Reading, Rules

Duties = Mapping[str, tuple[str, tuple[str, ...]]]
"""Of each indicator its owner, and the group that is told together."""


def hear(new: Sequence[Delivered], before: Mapping[str, Kept], duties: Duties, rules: Rules) -> int:
    """Have alerts follow from new readings, inside the caller's transaction; how many changed.

    `before` are the newest that were known of each indicator. A period after it is heard; of one
    that was delivered again only that it rings otherwise; of an indicator that was never read, its
    last period alone: what rang before anybody watched is history.
    """
    by_indicator: dict[str, list[Reading]] = defaultdict(list)
    for each in sorted(new, key=lambda each: each.reading.period):
        by_indicator[each.reading.indicator].append(each.reading)
    return sum(
        _heard(reading, duties[name], rules)
        for name, readings in by_indicator.items()
        for reading in _to_hear(readings, before.get(name))
    )


def _to_hear(readings: list[Reading], before: Kept | None) -> list[Reading]:
    if before is None:
        return readings[-1:]
    return [
        each
        for each in readings
        if each.period > before.period
        or (each.period == before.period and _rings(each) != _rings(before))
    ]


def _rings(reading: Reading | Kept) -> tuple[str, bool, str]:
    return reading.verdict, reading.fault != "", reading.inhibited_by


def _heard(reading: Reading, duty: tuple[str, tuple[str, ...]], rules: Rules) -> bool:
    from equipoise.watch import heard

    row = Row.objects.select_for_update().filter(indicator=reading.indicator).first()
    alert = None if row is None else follow(row).alert
    owner, group = duty
    happened = heard(alert, reading, owner=owner, group=group, rules=rules, at=clock.now())
    if not happened:
        return False
    if row is None or alert is None:
        raise_alert(happened)
    else:
        add(row, alert, happened)
    return True
