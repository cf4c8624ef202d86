"""Both kinds of database give the same picture."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from service_records import BEGIN, Records

from equipoise.service.contexts.process import following, picturing, reading
from equipoise.service.contexts.process.models import Way


def test_a_picture_is_the_same_on_either_database(database: Any) -> None:
    events = Records(seed=5, people=60).told()
    for start in range(0, len(events), 100):
        following.FOLLOWED.take(events[start : start + 100])
    Way.objects.filter(pk__lte=Way.objects.order_by("id")[30].pk).update(price_kept=True)
    assert picturing.draw(BEGIN + timedelta(days=200)) == 60
    kept = reading.kept("record")
    assert kept is not None
    assert kept.picture is not None
    steps = {row.step: row.came for row in kept.picture.steps if row.by is None}
    assert steps["page.amount"] == 60
    begun = {each.entry.chain for each in events if each.entry.kind == "decision.made"}
    assert steps["person"] + sum(
        each.event.made["outcome"] == "approve"
        for each in events
        if each.entry.kind == "decision.made"
    ) == len(begun)
    assert sum(reading.lost_counts("record").values()) == len(
        [each for step in kept.picture.order for each in reading.lost("record", step, 1000)]
    )
