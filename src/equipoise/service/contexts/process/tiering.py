"""Everybody's tier, by how tiers are declared now: once that changes, the record is read anew.

A tier that is declared today so has a history: whoever was decided about before is judged by what
that decision rested on, and told apart as judged afterwards. Of whoever was erased stays what was
judged before.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from equipoise.record.events import Recorded
from equipoise.service.contexts.decisions.events import DecisionMade
from equipoise.service.contexts.process.models import TiersDeclared, Way
from equipoise.service.contexts.process.tiers import Tiers
from equipoise.service.platform import clock
from equipoise.service.platform.record import subscriptions
from equipoise.service.platform.record.subscriptions import Subscription

_NAME = "process.tiers"
_MICROS = 1_000_000
_COLUMNS = ("tier", "price_kept", "judged_after")


def follow() -> int:
    """Judge who was decided about since, by the tiers as they are declared now; how many events.

    Comes after the ways were followed, which it finds by their application.
    """
    tiers = Tiers()
    digest = tiers.digest()
    if not digest:
        return 0
    declared = _declared(digest)

    def take(events: Sequence[Recorded[Any]]) -> None:
        _judge(events, tiers, int(declared.at.timestamp() * _MICROS))

    name = f"{_NAME}.{digest[:16]}"
    return subscriptions.forward([Subscription(name, (DecisionMade,), take)])


def _declared(digest: str) -> TiersDeclared:
    """Since when tiers are declared like that; what was declared before has no reader any more."""
    row = TiersDeclared.objects.filter(digest=digest).first()
    if row is not None:
        return row
    for before in TiersDeclared.objects.all():
        subscriptions.end(f"{_NAME}.{before.digest[:16]}")
        before.delete()
    return TiersDeclared.objects.create(digest=digest, at=_written())


def _written() -> datetime:
    """When desks.yaml was written, at the latest now."""
    from equipoise.workspace.desks import DESKS  # which no server loads

    path = settings.CONFIGURATION.workspace / DESKS
    return min(datetime.fromtimestamp(path.stat().st_mtime, UTC), clock.now())


def _judge(events: Sequence[Recorded[Any]], tiers: Tiers, declared: int) -> None:
    """The ways of these decisions, in the record's order; `declared` in microseconds since 1970."""
    chains = {each.entry.chain for each in events}
    ways = {str(each.application): each for each in Way.objects.filter(application__in=chains)}
    before = {chain: (way.tier, way.price_kept) for chain, way in ways.items()}
    last: dict[str, int] = {}
    for each in events:
        way = ways.get(each.entry.chain)
        judged = None if way is None else tiers.of(each.event)
        if way is None or judged is None:
            continue
        tier, kept = judged
        stays = kept is None and tier == way.tier  # what was offered before is still its offer
        way.tier, way.price_kept = tier, way.price_kept if stays else kept
        last[each.entry.chain] = each.entry.at
    changed = [
        chain for chain in last if before[chain] != (ways[chain].tier, ways[chain].price_kept)
    ]
    for chain in changed:
        ways[chain].judged_after = last[chain] < declared
    Way.objects.bulk_update([ways[each] for each in changed], _COLUMNS)
