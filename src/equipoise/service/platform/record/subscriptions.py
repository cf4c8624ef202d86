"""Reactions to what the record tells: each subscription is handed the events of its types, in the
record's order, and has a cursor that says how far it has come.

Whoever appends writes nothing for it, and knows nothing of it. What it is handed is handed in the
transaction that moves its cursor: what it writes into the database is there once, and what it does
besides at least once. Nothing that commits late is passed over (`safe_upto`). It is no fault to
call `forward` from several processes: of two that hand on the same, one is first.

    OVERTAKEN = Subscription("trials.overtaken", (Published, Withdrawn), take)
    subscriptions.forward([OVERTAKEN])
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from equipoise.record.events import Event, Recorded, kinds_of
from equipoise.service.platform.record.events import SubjectErased
from equipoise.service.platform.record.models import Cursor
from equipoise.service.platform.record.models import Event as Row
from equipoise.service.platform.record.reading import read
from equipoise.service.platform.record.safe_upto import settled

WINDOW = 1000  # sequences looked at together
WINDOWS = 50  # of them at most in one go


@dataclass(frozen=True)
class Subscription:
    """Who is handed events of which types, and by what: `take` gets them in order, inside the
    transaction that moves the cursor. One that raises is handed the same again."""

    name: str
    types: tuple[type[Event], ...]
    take: Callable[[Sequence[Recorded[Any]]], None]


def of_erased(name: str, forget: Callable[[Collection[str]], object]) -> Subscription:
    """Has the chains of those who were erased forgotten, by whomever that was."""

    def take(events: Sequence[Recorded[SubjectErased]]) -> None:
        forget({each.entry.chain for each in events})

    return Subscription(name, (SubjectErased,), take)


def begin(name: str, after: int) -> None:
    """Have a subscription begin after that sequence; without it, it begins with the record. Within
    the caller's transaction."""
    Cursor.objects.create(name=name, sequence=after)


def end(name: str) -> None:
    """Forget how far a subscription came."""
    Cursor.objects.filter(name=name).delete()


def came_to(name: str) -> int:
    """The sequence up to which a subscription was handed what is its; 0 before it begins."""
    cursors = Cursor.objects.filter(name=name).values_list("sequence", flat=True)
    return cursors.first() or 0


def is_behind(subscription: Subscription) -> bool:
    """Whether something happened that it was not handed yet."""
    later = Row.objects.filter(sequence__gt=came_to(subscription.name))
    return later.filter(kind__in=kinds_of(*subscription.types)).exists()


def forward(subscriptions: Sequence[Subscription], windows: int = WINDOWS) -> int:
    """Hand each what has happened since; how many events were handed on.

    Looks at so many windows of entries at most, from the one on that is furthest behind. Where one
    raises, the others are handed theirs first. Must be called outside any transaction.
    """
    by_name = {each.name: each for each in subscriptions}
    known = set(Cursor.objects.filter(name__in=by_name).values_list("name", flat=True))
    new = [Cursor(name=name, sequence=0) for name in by_name if name not in known]
    Cursor.objects.bulk_create(new, ignore_conflicts=True)
    handed, failed = 0, list[Exception]()
    for after, upto in _windows([*by_name], windows):
        # Not those behind the window: what they were handed there they have not taken.
        cursors = Cursor.objects.filter(name__in=by_name, sequence__gte=after, sequence__lt=upto)
        waiting = [(by_name[each.name], each.sequence) for each in cursors.order_by("name")]
        types = {type_ for each, _ in waiting for type_ in each.types}
        events = list(read(types, after, upto)) if waiting else []
        for each, since in waiting:
            try:
                handed += _hand(each, since, events, upto)
            except Exception as error:
                failed.append(error)
    if failed:
        raise failed[0]
    return handed


def _hand(
    subscription: Subscription, since: int, events: Sequence[Recorded[Event]], upto: int
) -> int:
    kinds = kinds_of(*subscription.types)
    mine = [each for each in events if each.sequence > since and each.entry.kind in kinds]
    with transaction.atomic():
        rows = Cursor.objects.filter(name=subscription.name, sequence=since)
        if not rows.update(sequence=upto):
            return 0  # another process was first
        if mine:
            subscription.take(mine)
    return len(mine)


def _windows(names: Sequence[str], most: int) -> Iterator[tuple[int, int]]:
    rows = Cursor.objects.filter(name__in=names).order_by("sequence")
    after = rows.values_list("sequence", flat=True).first()
    if after is None or not Row.objects.filter(sequence__gt=after).exists():
        return
    upto = settled()
    for _ in range(most):
        if upto is None or after >= upto:
            return
        end = min(after + WINDOW, upto)
        yield after, end
        after = end
