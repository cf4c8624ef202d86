"""Keys that end soon, and programs nobody answers for: what readiness and the metrics say."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Min, QuerySet
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from equipoise.service.platform.accounts.key_ends import WARNED
from equipoise.service.platform.accounts.models import ApiKey, Program
from equipoise.service.platform.accounts.owners import is_here
from equipoise.service.platform.operations.health import Amiss


def ending() -> QuerySet[ApiKey]:
    """The keys in force that end within the time in which one is warned."""
    now = timezone.now()
    return ApiKey.objects.filter(
        revoked_at=None, expires_at__gt=now, expires_at__lte=now + WARNED
    ).order_by("expires_at")


def left_by_their_makers() -> QuerySet[ApiKey]:
    """The keys in force whose maker, who has seen the token, is not here any more."""
    return ApiKey.objects.filter(
        revoked_at=None, expires_at__gt=timezone.now(), made_by__is_active=False
    )


def without_owner() -> list[Program]:
    """The programs with a key in force for which nobody who is here answers."""
    keys = ApiKey.objects.filter(revoked_at=None, expires_at__gt=timezone.now())
    programs = Program.objects.filter(pk__in=keys.values("program"))
    here: dict[str, bool] = {}
    for owner in set(programs.values_list("owner", flat=True)):
        here[owner] = is_here(owner)
    return [each for each in programs if not here[each.owner]]


def keys_amiss() -> Amiss | None:
    """What is to be done about keys, in words that name none of them; else nothing."""
    soon, left, orphans = ending(), left_by_their_makers().count(), len(without_owner())
    families = []
    if count := soon.count():
        first = soon[0].expires_at
        families.append(
            f"{count} API keys end within {WARNED.days} days, the first on {first:%Y-%m-%d}"
        )
    if left:
        families.append(f"{left} API keys were made by people who left: renew them")
    if orphans:
        families.append(f"{orphans} programs have no owner who is here: name one")
    return Amiss("; ".join(families)) if families else None


class Keys(Collector):
    """How many keys end soon, and when the first of all does."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Read when asked for."""
        yield GaugeMetricFamily(
            "equipoise_keys_ending",
            f"API keys in force that end within {WARNED.days} days",
            value=ending().count(),
        )
        first = ApiKey.objects.filter(revoked_at=None, expires_at__gt=timezone.now()).aggregate(
            first=Min("expires_at")
        )["first"]
        if first is not None:
            yield GaugeMetricFamily(
                "equipoise_keys_first_end_seconds",
                "When the first API key in force ends, in seconds since 1970",
                value=first.timestamp(),
            )
