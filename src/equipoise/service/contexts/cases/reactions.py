"""Work for people follows from what the record tells: each room says how its events open it and end
it, and one subscription hands them on, in the record's order.

    @react_to(ReviewAsked)                      # in the room's `desk.py`
    def asked(each: Recorded[ReviewAsked]) -> None: ...

Every room's `desk.py` is imported as the record is followed, and not before. Nothing of it is asked
of whoever appends: an automatic decision writes what it wrote before. What people do with work
(claim it, put it off) is there at once, with an event of its own, and is not handed on: only
`rebuild`, which makes all work anew from the record, reads those too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction
from django.utils.module_loading import autodiscover_modules

from equipoise.record.events import Event, Recorded
from equipoise.service.contexts.cases.events import WorkEvent
from equipoise.service.contexts.cases.models import Work
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subscriptions
from equipoise.service.platform.record.safe_upto import settled
from equipoise.service.platform.record.subscriptions import Subscription

NAME = "cases.work"
Reaction = Callable[[Recorded[Any]], None]
_reactions: dict[type[Event], Reaction] = {}


def react_to(*types: type[Event]) -> Callable[[Reaction], Reaction]:
    """Have events of these types open or end work. It is called in the record's order, inside a
    transaction, and anew in every rebuilding."""

    def register(reaction: Reaction) -> Reaction:
        _reactions.update(dict.fromkeys(types, reaction))
        return reaction

    return register


def followed() -> Subscription:
    """What hands them on."""
    autodiscover_modules("desk")
    types = tuple(each for each in _reactions if not issubclass(each, WorkEvent))
    return Subscription(NAME, types, take)


def is_behind() -> bool:
    """Whether the desk has yet to hear of something that happened."""
    return subscriptions.is_behind(followed())


def rebuild() -> int:
    """Forget all work and make it anew from the record; how much there is.

    Claims, what is put off and what is held stand again as they did, as far as the record tells: a
    claim that was gone on with for longer than it was first taken for is free. Must be called
    outside any transaction.
    """
    autodiscover_modules("desk")
    upto = settled() or 0
    with transaction.atomic():
        Work.objects.all().delete()
        take(record.read(tuple(_reactions), 0, upto))
        take(record.read([WorkEvent], upto))  # nobody hands those on later
        subscriptions.end(NAME)
        subscriptions.begin(NAME, upto)
        return Work.objects.count()


def take(events: Iterable[Recorded[Any]]) -> None:
    """Have them open and end work, on the shelf that it stands on here."""
    for each in events:
        _reactions[type(each.event)](each)
