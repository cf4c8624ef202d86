"""Filing looks as the record tells of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from equipoise.record.events import Recorded, Signed
from equipoise.service.platform.looks.models import Look
from equipoise.service.platform.record.subscriptions import Subscription, forward

E = TypeVar("E", bound=Signed)
_ABOUT: dict[type[Signed], Callable[[Recorded[Any]], Iterable[str]]] = {}


def register(type_: type[E], about: Callable[[Recorded[E]], Iterable[str]]) -> None:
    """Have events of the type filed as looks, at the chains that `about` gives."""
    _ABOUT[type_] = about


def follow() -> int:
    """File what has happened since; how many events that were."""
    return forward([Subscription("looks", tuple(_ABOUT), _take)])


def _take(events: Sequence[Recorded[Signed]]) -> None:
    rows = [
        Look(sequence=each.sequence, by=each.event.by, subject=subject, at=each.entry.at)
        for each in events
        for subject in (sorted(set(_ABOUT[type(each.event)](each))) or [""])
    ]
    Look.objects.bulk_create(rows, ignore_conflicts=True)
