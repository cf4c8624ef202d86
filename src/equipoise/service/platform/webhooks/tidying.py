"""What an address's log and secrets no longer need, removed in small pieces; run now and then."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from equipoise.service.platform.webhooks import keys
from equipoise.service.platform.webhooks.models import Delivery, State

KEPT = {State.DELIVERED: timedelta(days=30), State.DEAD: timedelta(days=90)}
_PIECE = 1000


def tidy() -> int:
    """Remove what is old, and wrap secrets and seal addresses under the newest master key; how many
    deliveries went."""
    keys.forget_ended()
    while keys.rewrap():
        pass
    keys.seal_addresses_anew()
    return sum(_remove(state, age) for state, age in KEPT.items())


def _remove(state: State, age: timedelta) -> int:
    before, gone = timezone.now() - age, 0
    old = Delivery.objects.filter(state=state, made_at__lt=before).order_by("made_at")
    while piece := list(old.values_list("pk", flat=True)[:_PIECE]):
        Delivery.objects.filter(pk__in=piece).delete()
        gone += len(piece)
    return gone
